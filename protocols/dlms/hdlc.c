/* hdlc.c: the verbs of the HDLC link, what is sent when, and time; see hdlc.h. */
#include "dlms/hdlc.h"

#include <string.h>

#include "dlms/hdlc_priv.h"

/* While bytes come, the response timer waits: a window whose headers are all damaged is still
 * the other side's turn.  It does not wait for a line that babbles more than that, or for
 * longer than that takes: noise that drips in would hold it for ever.  A network does not tell
 * the speed of the line behind it; before the link is up there is no window to wait for. */
#define BABBLE ((MW_HDLC_WINDOW_MAX + 1u) * MW_HDLC_FRAME_MAX)
#define BABBLE_NETWORK_MS 20000u
#define BABBLE_CALLING_MS 2000u
/* So many bytes that were no good frame, and then a pause: the answer was there and is damaged.
 * The shortest frame between its flags has 7. */
#define DAMAGED 7u
#define STALE_MAX 7u
/* The response time doubles with every silence, up to four times: a meter that is slow once is
 * asked more patiently. */
#define BACKOFF_MAX 2u

static mw_hdlc *
hdlc (mw_transport *t)
{
  return (mw_hdlc *) t;
}

static void
set_now (mw_hdlc *h, mw_ms now)
{
  if (now > h->now)
    h->now = now;
}

static mw_ms
earlier (mw_ms a, mw_ms b)
{
  return a < b ? a : b;
}

static mw_ms
later (mw_ms a, mw_ms b)
{
  return a > b ? a : b;
}

/* --- shared with hdlc_link.c --- */

void
mw_hdlc_post (mw_hdlc *h, enum mw_transport_event event)
{
  if (h->n_events == sizeof h->events) /* nobody listens: the end is what matters */
    h->n_events--;
  h->events[h->n_events++] = (uint8_t) event;
}

void
mw_hdlc_reset_link (mw_hdlc *h)
{
  h->v_ack = h->v_send = h->v_high = h->v_recv = 0;
  h->my_turn = h->remote_busy = h->busy = h->waiting = h->enquire = h->news = h->info_seen =
      false;
  h->tx_active = h->rx_started = h->ua_limits = false;
  h->command = 0;
  h->silences = h->fruitless = h->stale = h->stale_mark = 0;
  h->response = h->answer = h->idle = MW_NEVER;
  h->poll = h->tx_after = h->quiet = 0;
  h->out_len = h->out_done = 0;
}

void
mw_hdlc_end (mw_hdlc *h, enum mw_transport_event event, enum mw_err err)
{
  mw_hdlc_reset_link (h);
  h->state = MW_HDLC_DOWN;
  h->transport.up = false;
  h->transport.err = err;
  mw_hdlc_post (h, event);
}

void
mw_hdlc_say (mw_hdlc *h, enum mw_hdlc_kind kind)
{
  h->command = mw_hdlc_control (kind, true, 0, 0);
}

void
mw_hdlc_arm_response (mw_hdlc *h)
{
  unsigned shift = h->state != MW_HDLC_UP      ? 0
                   : h->silences < BACKOFF_MAX ? h->silences
                                               : BACKOFF_MAX;
  h->response = later (h->now, h->wire) + ((mw_ms) h->config.response_ms << shift);
}

/* --- what is sent next --- */

/* Client: something is owed to us or by us, so the server must be polled. */
static bool
must_poll (const mw_hdlc *h)
{
  return h->enquire || h->waiting || h->remote_busy || h->v_ack != h->v_high
         || (h->rx_started && !h->rx_ui);
}

/* When a supervisory frame is due, the line being ours and no I frame to be sent. */
static mw_ms
supervisory_due (const mw_hdlc *h)
{
  if (h->transport.role == MW_SERVER)
    return h->response == MW_NEVER ? 0 : h->response;
  if (h->enquire)
    return 0;
  if (must_poll (h))
    return h->poll;
  return h->config.keepalive_ms ? h->poll + h->config.keepalive_ms : MW_NEVER;
}

static bool
may_send_info (const mw_hdlc *h)
{
  return h->tx_active && !h->remote_busy && !h->enquire && h->tx_next < h->tx_len
         && mw_hdlc_distance (h->v_ack, h->v_send) < h->limits.window_tx;
}

/* Fill F with the next I frame of the APDU under way.  A frame that was sent before is sent
 * again with the same bytes: the other side may have it, and only its acknowledgement may be
 * lost. */
static void
next_info (mw_hdlc *h, mw_hdlc_frame *f)
{
  unsigned ns = h->v_send;
  mw_hdlc_sent *row = &h->sent[ns];
  if (h->v_send == h->v_high) {
    size_t len = h->tx_len - h->tx_next;
    *row =
        (mw_hdlc_sent){ (uint32_t) h->tx_next, (uint16_t) (len < h->piece ? len : h->piece) };
    h->v_high = (h->v_high + 1) & 7u;
  }
  f->info = (mw_span){ h->config.tx_buf + row->offset, row->len };
  h->tx_next = row->offset + row->len;
  h->v_send = (h->v_send + 1) & 7u;
  f->segmented = h->tx_next < h->tx_len;
  f->control = mw_hdlc_control (MW_HDLC_I, !may_send_info (h), h->v_recv, ns);
}

/* The information field of the unnumbered frame that is due. */
static mw_span
command_info (mw_hdlc *h, mw_wr *w)
{
  static const mw_hdlc_limits defaults = { MW_HDLC_INFO_DEFAULT, MW_HDLC_INFO_DEFAULT,
                                           MW_HDLC_WINDOW_DEFAULT, MW_HDLC_WINDOW_DEFAULT };
  enum mw_hdlc_kind kind = mw_hdlc_kind_of (h->command);
  const mw_hdlc_limits *l = &h->config.limits;
  bool all_default = l->info_tx == defaults.info_tx && l->info_rx == defaults.info_rx
                     && l->window_tx == defaults.window_tx
                     && l->window_rx == defaults.window_rx;
  if (kind == MW_HDLC_SNRM && !all_default)
    mw_hdlc_limits_encode (w, l);
  else if (kind == MW_HDLC_UA && h->ua_limits)
    mw_hdlc_limits_encode (w, &h->limits);
  else if (kind == MW_HDLC_FRMR)
    mw_wr_bytes (w, h->frmr, sizeof h->frmr);
  h->ua_limits = false;
  return mw_wr_done (w);
}

static void
put_frame (mw_hdlc *h, const mw_hdlc_frame *f)
{
  mw_wr w;
  mw_wr_init (&w, h->out, sizeof h->out);
  mw_hdlc_frame_encode (&w, f);
  h->out_len = mw_wr_done (&w).len;
  h->out_done = 0;
  h->counts.frames_out++;
}

/* Make the next frame, if one is due now. */
static void
compose (mw_hdlc *h)
{
  uint8_t parameters[32];
  mw_wr w;
  mw_hdlc_frame f = { .destination = h->remote, .source = h->local };
  if (!h->my_turn || h->now < h->tx_after)
    return;
  if (h->command) {
    mw_wr_init (&w, parameters, sizeof parameters);
    f.info = command_info (h, &w);
    f.control = h->command;
    h->command = 0;
  } else if (h->state != MW_HDLC_UP) {
    return;
  } else if (may_send_info (h)) {
    next_info (h, &f);
  } else if (h->now >= supervisory_due (h)) {
    f.control = mw_hdlc_control (h->busy ? MW_HDLC_RNR : MW_HDLC_RR, true, h->v_recv, 0);
  } else {
    return;
  }
  if (mw_hdlc_poll_final (f.control)) {
    h->my_turn = h->news = h->info_seen = false;
    h->rx_noise = 0;
  }
  put_frame (h, &f);
}

/* --- verbs --- */

static enum mw_err
hdlc_open (mw_transport *t, mw_ms now)
{
  mw_hdlc *h = hdlc (t);
  if (h->state != MW_HDLC_DOWN)
    return MW_ERR_STATE;
  set_now (h, now);
  t->err = MW_OK;
  if (t->role == MW_SERVER)
    return MW_OK;
  uint8_t probe[8];
  mw_wr w;
  h->remote =
      (mw_hdlc_address){ h->config.servers[0], h->config.physical, h->config.address_bytes };
  mw_wr_init (&w, probe, sizeof probe);
  mw_hdlc_address_encode (&w, &h->local);
  mw_hdlc_address_encode (&w, &h->remote);
  if (w.err != MW_OK)
    return w.err;
  mw_hdlc_reset_link (h);
  h->rx_size = 0;
  h->rx_header = h->rx_blocked = false;
  h->gap = MW_NEVER;
  h->wire = 0;
  h->state = MW_HDLC_CALLING;
  h->my_turn = true;
  mw_hdlc_say (h, MW_HDLC_SNRM);
  return MW_OK;
}

static void
hdlc_shut (mw_transport *t, mw_ms now)
{
  mw_hdlc *h = hdlc (t);
  set_now (h, now);
  if (h->state == MW_HDLC_DOWN || h->state == MW_HDLC_SHUTTING)
    return;
  if (t->role == MW_SERVER || h->state == MW_HDLC_CALLING) {
    mw_hdlc_end (h, MW_TRANSPORT_DOWN, MW_OK);
    return;
  }
  t->up = false;
  h->state = MW_HDLC_SHUTTING;
  h->tx_active = h->rx_started = h->waiting = false;
  h->answer = MW_NEVER;
  h->silences = 0;
  mw_hdlc_say (h, MW_HDLC_DISC);
  if (!h->my_turn) /* hear the server out, or a pause */
    h->response = later (h->now, h->wire) + h->config.inter_octet_ms;
}

static mw_wr
hdlc_room (mw_transport *t)
{
  mw_hdlc *h = hdlc (t);
  size_t cap = h->config.tx_cap - MW_HDLC_LLC;
  mw_wr room;
  if (!t->up || h->tx_active)
    cap = 0;
  mw_wr_init (&room, h->config.tx_buf + MW_HDLC_LLC, cap < MW_APDU_MAX ? cap : MW_APDU_MAX);
  return room;
}

static void
write_llc (mw_hdlc *h, uint8_t *at)
{
  /* Destination LSAP E6, source LSAP E6 (command) or E7 (response), quality 0 (IEC 62056-46
   * 5.3.2). */
  at[0] = 0xe6;
  at[1] = h->transport.role == MW_CLIENT ? 0xe6 : 0xe7;
  at[2] = 0;
}

static enum mw_err
hdlc_send (mw_transport *t, mw_span apdu, bool expects_answer, mw_ms now)
{
  mw_hdlc *h = hdlc (t);
  set_now (h, now);
  if (!t->up || h->tx_active)
    return MW_ERR_STATE;
  if (!apdu.len)
    return MW_ERR_VALUE;
  if (apdu.len > h->config.tx_cap - MW_HDLC_LLC || apdu.len > MW_APDU_MAX)
    return MW_ERR_SPACE;
  memmove (h->config.tx_buf + MW_HDLC_LLC, apdu.ptr, apdu.len);
  write_llc (h, h->config.tx_buf);
  h->tx_len = MW_HDLC_LLC + apdu.len;
  h->tx_next = 0;
  h->tx_active = true;
  if (t->role == MW_CLIENT) {
    h->waiting = expects_answer;
    h->answer = MW_NEVER;
  } else {
    h->response = MW_NEVER;
  }
  return MW_OK;
}

static size_t
hdlc_feed (mw_transport *t, const uint8_t *data, size_t len, mw_ms now)
{
  mw_hdlc *h = hdlc (t);
  set_now (h, now);
  if (h->now >= h->gap)
    mw_hdlc_rx_gap (h);
  if (len)
    h->quiet = h->now + h->config.inter_octet_ms;
  return mw_hdlc_rx_feed (h, data, len);
}

static mw_span
hdlc_tx (mw_transport *t)
{
  mw_hdlc *h = hdlc (t);
  if (h->out_done == h->out_len) {
    h->out_done = h->out_len = 0;
    compose (h);
  }
  return (mw_span){ h->out + h->out_done, h->out_len - h->out_done };
}

static void
hdlc_tx_ack (mw_transport *t, size_t n, mw_ms now)
{
  mw_hdlc *h = hdlc (t);
  set_now (h, now);
  if (n > h->out_len - h->out_done)
    n = h->out_len - h->out_done;
  h->out_done += n;
  h->wire = later (h->wire, h->now) + ((mw_ms) n * h->config.byte_us + 999) / 1000;
  if (h->idle != MW_NEVER)
    h->idle = h->wire + h->config.inactivity_ms;
  if (!n || h->out_done < h->out_len || h->my_turn || t->role == MW_SERVER
      || h->state == MW_HDLC_DOWN)
    return;
  mw_hdlc_arm_response (h);
}

/* --- time --- */

/* How long bytes may hold the response timer behind its time. */
static mw_ms
babble_ms (const mw_hdlc *h)
{
  mw_ms window = (mw_ms) BABBLE * h->config.byte_us / 1000;
  if (h->state == MW_HDLC_CALLING)
    return BABBLE_CALLING_MS;
  return window ? window : BABBLE_NETWORK_MS;
}

static bool
is_line_busy (const mw_hdlc *h)
{
  return h->now < h->quiet && h->rx_noise < BABBLE && h->now < h->response + babble_ms (h);
}

static bool
is_answer_damaged (const mw_hdlc *h)
{
  return h->state == MW_HDLC_UP && h->rx_noise >= DAMAGED;
}

/* Client: when it stops waiting for an answer: after the response time; soon, when what came is
 * damaged; never in the middle of bytes. */
static mw_ms
response_at (const mw_hdlc *h)
{
  mw_ms at = h->response;
  if (at == MW_NEVER)
    return MW_NEVER;
  if (is_answer_damaged (h))
    at = earlier (at, h->quiet + h->config.inter_octet_ms);
  return is_line_busy (h) ? later (at, h->quiet) : at;
}

/* When the next frame of our own is due; MW_NEVER when it is not our turn or nothing is. */
static mw_ms
tx_due (const mw_hdlc *h)
{
  mw_ms due = MW_NEVER;
  if (!h->my_turn || h->out_done < h->out_len)
    return MW_NEVER;
  if (h->command || (h->state == MW_HDLC_UP && may_send_info (h)))
    due = 0;
  else if (h->state == MW_HDLC_UP)
    due = supervisory_due (h);
  return due == MW_NEVER ? due : later (due, h->tx_after);
}

static mw_ms
hdlc_deadline (const mw_transport *t)
{
  const mw_hdlc *h = (const mw_hdlc *) t;
  if (h->rx_blocked && !h->n_events)
    return h->now;
  mw_ms at = earlier (earlier (h->gap, h->idle), earlier (h->answer, tx_due (h)));
  return t->role == MW_CLIENT ? earlier (at, response_at (h)) : at;
}

/* Client: nothing came after our poll. */
static void
on_silence (mw_hdlc *h)
{
  unsigned retries = h->config.retries;
  bool babble =
      h->now < h->quiet; /* it goes on: a line that only makes noise is a silent one */
  bool damaged = is_answer_damaged (h) && !babble;
  h->response = MW_NEVER;
  h->my_turn = true;
  if (h->command)
    return; /* only waiting for a pause to hang up in */
  h->counts.timeouts++;
  if (h->state == MW_HDLC_SHUTTING && retries > 1)
    retries = 1;
  bool fruitless = h->state == MW_HDLC_UP && !h->news && ++h->fruitless > MW_HDLC_FRUITLESS;
  h->silences = (uint8_t) (h->silences + !damaged);
  if (h->silences > retries || fruitless) {
    bool shutting = h->state == MW_HDLC_SHUTTING;
    mw_hdlc_end (h, shutting ? MW_TRANSPORT_DOWN : MW_TRANSPORT_FAILED, MW_ERR_TIMEOUT);
    return;
  }
  if (h->stale < STALE_MAX)
    h->stale++;
  h->stale_mark = h->v_high;
  if (h->state == MW_HDLC_CALLING)
    mw_hdlc_say (h, MW_HDLC_SNRM);
  else if (h->state == MW_HDLC_SHUTTING)
    mw_hdlc_say (h, MW_HDLC_DISC);
  else
    h->enquire = true; /* ask what it has before anything is repeated */
}

static void
hdlc_tick (mw_transport *t, mw_ms now)
{
  mw_hdlc *h = hdlc (t);
  set_now (h, now);
  mw_hdlc_rx_resume (h);
  if (h->now >= h->gap)
    mw_hdlc_rx_gap (h);
  if (t->role == MW_CLIENT && h->now >= response_at (h))
    on_silence (h);
  if (h->now >= h->answer)
    mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_TIMEOUT);
  if (h->now >= h->idle)
    mw_hdlc_end (h, MW_TRANSPORT_DOWN, MW_ERR_TIMEOUT);
}

static enum mw_transport_event
hdlc_take_event (mw_transport *t)
{
  mw_hdlc *h = hdlc (t);
  if (!h->n_events)
    return MW_TRANSPORT_NONE;
  enum mw_transport_event event = (enum mw_transport_event) h->events[0];
  h->n_events--;
  memmove (h->events, h->events + 1, h->n_events);
  return event;
}

static const mw_transport_class hdlc_class = {
  .name = "hdlc",
  .open = hdlc_open,
  .shut = hdlc_shut,
  .room = hdlc_room,
  .send = hdlc_send,
  .feed = hdlc_feed,
  .tx = hdlc_tx,
  .tx_ack = hdlc_tx_ack,
  .deadline = hdlc_deadline,
  .tick = hdlc_tick,
  .take_event = hdlc_take_event,
};

static void
fill_defaults (mw_hdlc_config *c)
{
  mw_hdlc_limits *l = &c->limits;
  l->info_tx = l->info_tx ? l->info_tx : MW_HDLC_INFO_DEFAULT;
  l->info_rx = l->info_rx ? l->info_rx : MW_HDLC_INFO_DEFAULT;
  l->info_tx = l->info_tx < MW_HDLC_INFO_MAX ? l->info_tx : MW_HDLC_INFO_MAX;
  l->info_rx = l->info_rx < MW_HDLC_INFO_MAX ? l->info_rx : MW_HDLC_INFO_MAX;
  l->window_tx = l->window_tx ? l->window_tx : MW_HDLC_WINDOW_DEFAULT;
  l->window_rx = l->window_rx ? l->window_rx : MW_HDLC_WINDOW_DEFAULT;
  l->window_tx = l->window_tx < MW_HDLC_WINDOW_MAX ? l->window_tx : MW_HDLC_WINDOW_MAX;
  l->window_rx = l->window_rx < MW_HDLC_WINDOW_MAX ? l->window_rx : MW_HDLC_WINDOW_MAX;
  c->address_bytes = c->address_bytes ? c->address_bytes : 1;
  c->response_ms = c->response_ms ? c->response_ms : MW_HDLC_RESPONSE_MS;
  c->answer_ms = c->answer_ms ? c->answer_ms : MW_HDLC_ANSWER_MS;
  c->inter_octet_ms = c->inter_octet_ms ? c->inter_octet_ms : MW_HDLC_INTER_OCTET_MS;
  c->inactivity_ms = c->inactivity_ms ? c->inactivity_ms : MW_HDLC_INACTIVITY_MS;
  c->poll_ms = c->poll_ms ? c->poll_ms : MW_HDLC_POLL_MS;
  if (c->retries == MW_HDLC_NO_RETRIES)
    c->retries = 0;
  else if (!c->retries)
    c->retries = MW_HDLC_RETRIES;
}

void
mw_hdlc_init (mw_hdlc *h, const mw_hdlc_config *config)
{
  memset (h, 0, sizeof *h);
  h->config = *config;
  fill_defaults (&h->config);
  h->transport.verbs = &hdlc_class;
  h->transport.role = config->role;
  mw_hdlc_address client = { h->config.client, 0, 1 };
  mw_hdlc_address server = { h->config.servers[0],
                             h->config.address_bytes == 1 ? 0 : h->config.physical,
                             h->config.address_bytes };
  h->local = config->role == MW_CLIENT ? client : server;
  h->remote = config->role == MW_CLIENT ? server : client;
  mw_hdlc_reset_link (h);
  h->gap = MW_NEVER;
}

void
mw_hdlc_pass (mw_hdlc *h, mw_ms now)
{
  set_now (h, now);
  h->response = h->now;
}

void
mw_hdlc_set_busy (mw_hdlc *h, bool busy)
{
  h->busy = busy;
}

enum mw_err
mw_hdlc_send_ui (mw_hdlc *h, mw_span apdu, bool to_all, mw_ms now)
{
  size_t limit = h->state == MW_HDLC_UP ? h->limits.info_tx : MW_HDLC_INFO_DEFAULT;
  bool line_free = h->state == MW_HDLC_DOWN || (h->state == MW_HDLC_UP && h->my_turn);
  set_now (h, now);
  if (h->out_done < h->out_len || h->tx_active || !line_free)
    return MW_ERR_STATE;
  if (!apdu.len)
    return MW_ERR_VALUE;
  if (apdu.len + MW_HDLC_LLC > limit || apdu.len + MW_HDLC_LLC > h->config.tx_cap)
    return MW_ERR_SPACE;
  memmove (h->config.tx_buf + MW_HDLC_LLC, apdu.ptr, apdu.len);
  write_llc (h, h->config.tx_buf);
  mw_hdlc_frame f = { .destination = h->remote, .source = h->local };
  if (to_all)
    f.destination = (mw_hdlc_address){ MW_HDLC_ADDR_ALL, 0, 1 };
  f.control = mw_hdlc_control (MW_HDLC_UI, false, 0, 0);
  f.info = (mw_span){ h->config.tx_buf, MW_HDLC_LLC + apdu.len };
  put_frame (h, &f);
  return MW_OK;
}
