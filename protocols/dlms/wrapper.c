/* wrapper.c: see wrapper.h. */
#include "dlms/wrapper.h"

#include <string.h>

mw_wrapper_header
mw_wrapper_header_decode (mw_cur *c)
{
  mw_wrapper_header h;
  h.version = mw_cur_u16 (c);
  h.source = mw_cur_u16 (c);
  h.destination = mw_cur_u16 (c);
  h.length = mw_cur_u16 (c);
  return h;
}

void
mw_wrapper_header_encode (mw_wr *w, const mw_wrapper_header *h)
{
  mw_wr_u16 (w, h->version);
  mw_wr_u16 (w, h->source);
  mw_wr_u16 (w, h->destination);
  mw_wr_u16 (w, h->length);
}

static mw_wrapper *
wrapper (mw_transport *t)
{
  return (mw_wrapper *) t;
}

static void
post (mw_wrapper *w, enum mw_transport_event event)
{
  w->events |= (uint8_t) (1u << event);
}

static void
arm (mw_wrapper *w, uint32_t ms)
{
  w->timer = ms ? w->now + ms : MW_NEVER;
}

static void
set_now (mw_wrapper *w, mw_ms now)
{
  if (now > w->now)
    w->now = now;
}

static void
begin (mw_wrapper *w)
{
  mw_transport *t = &w->transport;
  t->up = true;
  t->err = MW_OK;
  t->client = w->config.client;
  t->server = w->config.servers[0];
  w->head_len = 0;
  w->rx_len = w->tx_len = w->tx_done = 0;
  w->waiting = false;
  w->events = 0;
  post (w, MW_TRANSPORT_UP);
  arm (w, t->role == MW_SERVER ? w->config.inactivity_ms : 0);
}

static void
end (mw_wrapper *w, enum mw_transport_event event, enum mw_err err)
{
  w->transport.up = false;
  w->transport.err = err;
  w->timer = MW_NEVER;
  w->tx_len = w->tx_done = 0;
  w->waiting = false;
  post (w, event);
}

static enum mw_err
wrapper_open (mw_transport *t, mw_ms now)
{
  mw_wrapper *w = wrapper (t);
  if (t->up)
    return MW_ERR_STATE;
  set_now (w, now);
  begin (w);
  return MW_OK;
}

static void
wrapper_shut (mw_transport *t, mw_ms now)
{
  mw_wrapper *w = wrapper (t);
  set_now (w, now);
  if (t->up)
    end (w, MW_TRANSPORT_DOWN, MW_OK);
}

static mw_wr
wrapper_room (mw_transport *t)
{
  mw_wrapper *w = wrapper (t);
  mw_wr room;
  size_t cap = w->config.tx_cap - MW_WRAPPER_HEADER;
  bool free = t->up && !w->tx_len;
  mw_wr_init (&room, w->config.tx_buf + MW_WRAPPER_HEADER,
              !free               ? 0
              : cap > MW_APDU_MAX ? MW_APDU_MAX
                                  : cap);
  return room;
}

static enum mw_err
wrapper_send (mw_transport *t, mw_span apdu, bool expects_answer, mw_ms now)
{
  mw_wrapper *w = wrapper (t);
  set_now (w, now);
  if (!t->up || w->tx_len)
    return MW_ERR_STATE;
  if (!apdu.len)
    return MW_ERR_VALUE;
  if (apdu.len > MW_APDU_MAX || apdu.len > w->config.tx_cap - MW_WRAPPER_HEADER)
    return MW_ERR_SPACE;
  memmove (w->config.tx_buf + MW_WRAPPER_HEADER, apdu.ptr, apdu.len);
  bool client = t->role == MW_CLIENT;
  mw_wrapper_header h = { MW_WRAPPER_VERSION, client ? t->client : t->server,
                          client ? t->server : t->client, (uint16_t) apdu.len };
  mw_wr out;
  mw_wr_init (&out, w->config.tx_buf, MW_WRAPPER_HEADER);
  mw_wrapper_header_encode (&out, &h);
  w->tx_len = MW_WRAPPER_HEADER + apdu.len;
  w->tx_done = 0;
  if (client) {
    w->waiting = expects_answer;
    arm (w, expects_answer ? w->config.response_ms : 0);
  }
  return MW_OK;
}

/* Is the APDU of this header ours? A server learns from it whom to answer. */
static bool
is_ours (mw_wrapper *w, const mw_wrapper_header *h)
{
  mw_transport *t = &w->transport;
  if (t->role == MW_CLIENT)
    return h->source == t->server && h->destination == t->client;
  for (unsigned i = 0; i < w->config.n_servers; i++)
    if (h->destination == w->config.servers[i])
      return true;
  return false;
}

static void
on_header (mw_wrapper *w)
{
  mw_cur c;
  mw_cur_init (&c, w->head, sizeof w->head);
  w->header = mw_wrapper_header_decode (&c);
  w->rx_len = 0;
  w->skipping = !is_ours (w, &w->header);
  if (w->header.version != MW_WRAPPER_VERSION)
    end (w, MW_TRANSPORT_FAILED, MW_ERR_PROTOCOL);
  else if (!w->skipping && w->header.length > w->config.rx_cap)
    end (w, MW_TRANSPORT_FAILED, MW_ERR_SPACE);
}

static void
on_apdu (mw_wrapper *w)
{
  mw_transport *t = &w->transport;
  w->head_len = 0;
  if (w->skipping || !w->header.length)
    return;
  if (t->role == MW_SERVER) {
    t->client = w->header.source;
    t->server = w->header.destination;
    arm (w, w->config.inactivity_ms);
  } else {
    w->waiting = false;
    arm (w, 0);
  }
  t->apdu = (mw_span){ w->config.rx_buf, w->rx_len };
  post (w, MW_TRANSPORT_APDU);
}

static size_t
take (mw_wrapper *w, const uint8_t *data, size_t len)
{
  if (w->head_len < MW_WRAPPER_HEADER) {
    w->head[w->head_len++] = data[0];
    if (w->head_len == MW_WRAPPER_HEADER)
      on_header (w);
    return 1;
  }
  size_t n = w->header.length - w->rx_len;
  if (n > len)
    n = len;
  if (!w->skipping)
    memcpy (w->config.rx_buf + w->rx_len, data, n);
  w->rx_len += n;
  return n;
}

static size_t
wrapper_feed (mw_transport *t, const uint8_t *data, size_t len, mw_ms now)
{
  mw_wrapper *w = wrapper (t);
  size_t at = 0;
  set_now (w, now);
  if (at < len && w->waiting)
    arm (w, w->config.response_ms); /* a slow answer is an answer */
  while (at < len && t->up && !w->events) {
    at += take (w, data + at, len - at);
    if (t->up && w->head_len == MW_WRAPPER_HEADER && w->rx_len == w->header.length)
      on_apdu (w);
  }
  return t->up || w->events ? at : len; /* what comes on a dead connection is thrown away */
}

static mw_span
wrapper_tx (mw_transport *t)
{
  mw_wrapper *w = wrapper (t);
  mw_span s = { w->config.tx_buf + w->tx_done, w->tx_len - w->tx_done };
  return s;
}

static void
wrapper_tx_ack (mw_transport *t, size_t n, mw_ms now)
{
  mw_wrapper *w = wrapper (t);
  set_now (w, now);
  if (!w->tx_len)
    return;
  w->tx_done += n;
  if (w->waiting)
    arm (w, w->config.response_ms);
  if (w->tx_done < w->tx_len)
    return;
  w->tx_len = w->tx_done = 0;
  post (w, MW_TRANSPORT_SENT);
}

static mw_ms
wrapper_deadline (const mw_transport *t)
{
  return ((const mw_wrapper *) t)->timer;
}

static void
wrapper_tick (mw_transport *t, mw_ms now)
{
  mw_wrapper *w = wrapper (t);
  set_now (w, now);
  if (w->now < w->timer)
    return;
  bool server = t->role == MW_SERVER;
  end (w, server ? MW_TRANSPORT_DOWN : MW_TRANSPORT_FAILED, MW_ERR_TIMEOUT);
}

static enum mw_transport_event
wrapper_take_event (mw_transport *t)
{
  mw_wrapper *w = wrapper (t);
  /* In the order of the life of a connection: what was sent is said before what came. */
  static const uint8_t order[] = { MW_TRANSPORT_UP, MW_TRANSPORT_SENT, MW_TRANSPORT_APDU,
                                   MW_TRANSPORT_DOWN, MW_TRANSPORT_FAILED };
  for (unsigned i = 0; i < sizeof order; i++)
    if (w->events & 1u << order[i]) {
      w->events &= (uint8_t) ~(1u << order[i]);
      return (enum mw_transport_event) order[i];
    }
  return MW_TRANSPORT_NONE;
}

static const mw_transport_class wrapper_class = {
  .name = "wrapper",
  .open = wrapper_open,
  .shut = wrapper_shut,
  .room = wrapper_room,
  .send = wrapper_send,
  .feed = wrapper_feed,
  .tx = wrapper_tx,
  .tx_ack = wrapper_tx_ack,
  .deadline = wrapper_deadline,
  .tick = wrapper_tick,
  .take_event = wrapper_take_event,
};

void
mw_wrapper_init (mw_wrapper *w, const mw_wrapper_config *config)
{
  *w = (mw_wrapper){ .transport = { .verbs = &wrapper_class, .role = config->role },
                     .config = *config,
                     .timer = MW_NEVER };
  if (!w->config.response_ms)
    w->config.response_ms = MW_WRAPPER_RESPONSE_MS;
  if (w->config.role == MW_SERVER)
    begin (w);
}
