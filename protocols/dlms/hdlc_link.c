/* hdlc_link.c: what a frame means in a state: the table state x message x role.
 *
 * A frame arrives here whole and with good checks.  First it is asked whether it is for us
 * (IEC 62056-46 6.4.2), then the table says what happens.  A hole in the table is a violation
 * of the protocol: a client gives the connection up, a server answers FRMR (ISO/IEC
 * 13239 5.5.3.4.2) and waits for SNRM or DISC.
 *
 * Two rules keep a half-duplex line from talking past itself:
 *
 *   A frame with P/F = 1 is a checkpoint: all that we sent before has been seen, so what its
 * N(R) does not acknowledge is lost and is sent again (ISO/IEC 13239 5.6.2.1).
 *
 *   A client that asked twice because the answer was late gets two answers.  The second brings
 *   nothing new; if it were answered, every exchange from then on would run twice.  It is let
 * go
 *   (`stale`), unless we are in the middle of recovering, where nothing new means "say it
 * again".
 */
#include "dlms/hdlc_priv.h"

#include <string.h>

typedef void handler (mw_hdlc *h, const mw_hdlc_frame *f);

static const uint8_t llc[MW_N_ROLES][MW_HDLC_LLC] = {
  [MW_CLIENT] = { 0xe6, 0xe6, 0x00 }, /* what a client sends: a command */
  [MW_SERVER] = { 0xe6, 0xe7, 0x00 }, /* what a server sends: a response */
};

static uint16_t
least (uint16_t a, uint16_t b)
{
  return a < b ? a : b;
}

/* --- receiving APDUs --- */

/* Append INFO to the APDU under way; false when it does not fit. */
static bool
append (mw_hdlc *h, mw_span info, bool ui)
{
  if (!h->rx_started)
    h->rx_len = 0;
  if (info.len > h->config.rx_cap - h->rx_len)
    return false;
  if (info.len)
    memcpy (h->config.rx_buf + h->rx_len, info.ptr, info.len);
  h->rx_len += info.len;
  h->rx_started = true;
  h->rx_ui = ui;
  return true;
}

/* The last segment is there: check the LLC bytes and post EVENT. */
static void
complete (mw_hdlc *h, enum mw_transport_event event)
{
  const uint8_t *want = llc[h->transport.role == MW_CLIENT ? MW_SERVER : MW_CLIENT];
  h->rx_started = false;
  bool llc_there = h->rx_len > MW_HDLC_LLC && memcmp (h->config.rx_buf, want, MW_HDLC_LLC) == 0;
  size_t skip = llc_there ? MW_HDLC_LLC : 0;
  if (h->rx_len <= skip)
    return;
  if (!llc_there && event == MW_TRANSPORT_APDU) {
    /* Another LSAP (IEC 62056-46 5.3.2): the LLC sublayer discards it.  (Meters that push leave
     * the LLC bytes out of UI frames after the first: Landis+Gyr E450.) */
    if (h->transport.role == MW_CLIENT)
      mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_PROTOCOL);
    return;
  }
  h->transport.apdu = (mw_span){ h->config.rx_buf + skip, h->rx_len - skip };
  if (event == MW_TRANSPORT_APDU) {
    h->waiting = false;
    h->answer = MW_NEVER;
    if (h->transport.role == MW_SERVER)
      h->response = h->now + MW_HDLC_HOLD_MS; /* the application may answer until then */
  }
  mw_hdlc_post (h, event);
}

/* --- violations --- */

enum { FRMR_W = 1, FRMR_X = 2, FRMR_Y = 4, FRMR_Z = 8 };

/* The frame F broke the protocol: REASON is a set of FRMR_ bits (IEC 62056-46 6.4.3.8). */
static void
refuse (mw_hdlc *h, const mw_hdlc_frame *f, unsigned reason)
{
  if (h->transport.role == MW_CLIENT) {
    mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_PROTOCOL);
    return;
  }
  h->frmr[0] = f->control;
  h->frmr[1] = (uint8_t) (h->v_send << 1 | h->v_recv << 5); /* bit 4 is 0: it was a command */
  h->frmr[2] = (uint8_t) reason;
  h->state = MW_HDLC_REFUSING;
  h->tx_active = h->rx_started = false;
  if (!mw_hdlc_poll_final (f->control))
    return;
  h->my_turn = true;
  h->tx_after = h->now + h->config.turn_ms;
  mw_hdlc_say (h, MW_HDLC_FRMR);
}

/* --- acknowledgements --- */

/* All before NR has arrived. False when NR is impossible. */
static bool
acknowledge (mw_hdlc *h, unsigned nr)
{
  unsigned step = mw_hdlc_distance (h->v_ack, nr);
  if (step > mw_hdlc_distance (h->v_ack, h->v_high))
    return false;
  if (!step)
    return true;
  if (mw_hdlc_distance (h->v_ack, h->stale_mark) < step)
    h->stale = 0;
  if (mw_hdlc_distance (h->v_ack, h->v_send) < step) { /* it came after we had gone back */
    const mw_hdlc_sent *last = &h->sent[(nr - 1) & 7u];
    h->v_send = (uint8_t) nr;
    h->tx_next = last->offset + last->len;
  }
  h->v_ack = (uint8_t) nr;
  h->news = true;
  h->clean = (uint8_t) (h->clean + step);
  if (h->clean >= MW_HDLC_CLEAN) { /* the line is good: longer pieces again */
    h->clean = 0;
    h->piece = least ((uint16_t) (2 * h->piece), h->limits.info_tx);
  }
  if (h->tx_active && h->v_ack == h->v_high && h->tx_next == h->tx_len) {
    h->tx_active = false;
    mw_hdlc_post (h, MW_TRANSPORT_SENT);
  }
  return true;
}

/* Send again from the first frame that is not acknowledged. */
static void
go_back (mw_hdlc *h)
{
  if (h->v_send == h->v_ack)
    return;
  h->counts.repeated += mw_hdlc_distance (h->v_ack, h->v_send);
  h->clean = 0;
  if (h->piece / 2 >= MW_HDLC_PIECE_MIN) /* a bad line carries short frames better */
    h->piece /= 2;
  h->v_send = h->v_ack;
  h->tx_next = h->sent[h->v_ack].offset;
}

/* --- whose turn it is --- */

/* Client: the server's turn is over and brought nothing. False when it is time to give up. */
static bool
bear_with (mw_hdlc *h)
{
  bool recovering = h->rx_started || h->v_ack != h->v_high || h->info_seen;
  if (recovering)
    return ++h->fruitless <= MW_HDLC_FRUITLESS;
  return true;
}

/* Client: the server gave the line back. */
static void
on_final (mw_hdlc *h)
{
  bool late = h->my_turn; /* an answer to a poll that we gave up */
  if (late || (!h->news && !h->enquire && h->stale)) {
    if (h->stale)
      h->stale--;
    return;
  }
  if (!h->news && !h->remote_busy && !bear_with (h)) {
    mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_TIMEOUT);
    return;
  }
  if (h->news)
    h->fruitless = 0;
  bool more = h->rx_started || h->v_ack != h->v_high;
  bool not_ready = h->waiting && !more && !h->info_seen;
  if (!not_ready)
    h->answer = MW_NEVER;
  else if (h->answer == MW_NEVER)
    h->answer = h->now + h->config.answer_ms;
  h->poll = h->now + (more && h->news && !h->remote_busy ? 0 : h->config.poll_ms);
  h->my_turn = true;
  h->enquire = false;
  h->response = MW_NEVER;
  h->tx_after = h->now + h->config.turn_ms;
  if (h->v_ack != h->v_high)
    go_back (h);
}

/* Server: the client gave us the line. */
static void
on_poll (mw_hdlc *h)
{
  if (h->my_turn) { /* it asks again while we still had the line */
    if (!h->tx_active)
      h->response = h->now;
    return;
  }
  h->my_turn = true;
  h->tx_after = h->now + h->config.turn_ms;
  if (h->v_ack != h->v_high)
    go_back (h);
}

static void
turn (mw_hdlc *h, const mw_hdlc_frame *f)
{
  if (!mw_hdlc_poll_final (f->control) || !h->transport.up)
    return;
  if (h->transport.role == MW_CLIENT)
    on_final (h);
  else
    on_poll (h);
}

/* --- both roles, connected --- */

/* A client takes whatever fits; a server holds the client to what was negotiated. */
static bool
info_too_long (const mw_hdlc *h, const mw_hdlc_frame *f)
{
  return h->transport.role == MW_SERVER && f->info.len > h->limits.info_rx;
}

static void
on_info (mw_hdlc *h, const mw_hdlc_frame *f)
{
  if (!acknowledge (h, mw_hdlc_nr (f->control))) {
    refuse (h, f, FRMR_Z);
    return;
  }
  h->remote_busy = false;
  h->info_seen = true;
  /* A server whose answer is still under way cannot take the next request: it is not
   * acknowledged, and the client repeats it. */
  bool full = h->busy || (h->transport.role == MW_SERVER && h->tx_active);
  if (mw_hdlc_ns (f->control) != h->v_recv || full) {
    h->counts.duplicates++;
    turn (h, f);
    return;
  }
  if (h->rx_started && h->rx_ui)
    h->rx_started = false;
  if (info_too_long (h, f) || !append (h, f->info, false)) {
    if (h->transport.role == MW_CLIENT)
      mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_SPACE);
    else
      refuse (h, f, FRMR_Y);
    return;
  }
  h->v_recv = (h->v_recv + 1) & 7u;
  h->news = true;
  if (!f->segmented)
    complete (h, MW_TRANSPORT_APDU);
  turn (h, f);
}

static void
on_supervisory (mw_hdlc *h, const mw_hdlc_frame *f)
{
  enum mw_hdlc_kind kind = mw_hdlc_kind_of (f->control);
  if (f->info.len) {
    refuse (h, f, FRMR_W | FRMR_X);
    return;
  }
  if (!acknowledge (h, mw_hdlc_nr (f->control))) {
    refuse (h, f, FRMR_Z);
    return;
  }
  h->remote_busy = kind == MW_HDLC_RNR;
  if (kind == MW_HDLC_REJ)
    go_back (h);
  turn (h, f);
}

static void
on_ui (mw_hdlc *h, const mw_hdlc_frame *f)
{
  /* It breaks into no APDU of I frames: there is one receive buffer. */
  if (!(h->rx_started && !h->rx_ui)) {
    if (!append (h, f->info, true))
      h->rx_started = false;
    else if (!f->segmented)
      complete (h, MW_TRANSPORT_NOTICE);
  }
  bool to_us_alone = !mw_hdlc_is_all (f->destination.upper, f->destination.bytes);
  if (h->transport.role == MW_SERVER && to_us_alone)
    turn (h, f);
}

static void
ignore (mw_hdlc *h, const mw_hdlc_frame *f)
{
  (void) h;
  (void) f;
}

/* --- client --- */

/* What both sides can do: what we offered, and what the other side says from its point of view
 * (IEC 62056-46 6.4.4.4.3.2: each value is the smaller one). */
static void
agree (mw_hdlc *h, const mw_hdlc_limits *theirs)
{
  const mw_hdlc_limits *ours = &h->config.limits;
  h->limits.info_tx = least (ours->info_tx, theirs->info_rx);
  h->limits.info_rx = least (ours->info_rx, theirs->info_tx);
  h->limits.window_tx = (uint8_t) least (ours->window_tx, theirs->window_rx);
  h->limits.window_rx = (uint8_t) least (ours->window_rx, theirs->window_tx);
  h->piece = h->limits.info_tx;
}

static void
come_up (mw_hdlc *h)
{
  mw_transport *t = &h->transport;
  const mw_hdlc_address *server = t->role == MW_CLIENT ? &h->remote : &h->local;
  const mw_hdlc_address *client = t->role == MW_CLIENT ? &h->local : &h->remote;
  h->state = MW_HDLC_UP;
  t->up = true;
  t->err = MW_OK;
  t->client = client->upper;
  t->server = server->upper;
  mw_hdlc_post (h, MW_TRANSPORT_UP);
}

static void
on_ua (mw_hdlc *h, const mw_hdlc_frame *f)
{
  mw_hdlc_limits theirs;
  if (mw_hdlc_limits_decode (f->info, &theirs) != MW_OK)
    mw_hdlc_limits_decode ((mw_span){ NULL, 0 }, &theirs);
  agree (h, &theirs);
  /* Called as "whoever is there", it tells its own address. */
  if (mw_hdlc_is_calling (h->remote.lower, h->remote.bytes))
    h->remote = f->source;
  h->my_turn = true;
  h->response = MW_NEVER;
  h->poll = h->now;
  h->tx_after = h->now + h->config.turn_ms;
  come_up (h);
}

static void
on_rejected (mw_hdlc *h, const mw_hdlc_frame *f)
{
  (void) f;
  mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_REJECTED);
}

/* DM while connected: the server has forgotten the connection. */
static void
on_lost (mw_hdlc *h, const mw_hdlc_frame *f)
{
  (void) f;
  mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_CLOSED);
}

static void
on_frmr (mw_hdlc *h, const mw_hdlc_frame *f)
{
  (void) f;
  mw_hdlc_end (h, MW_TRANSPORT_FAILED, MW_ERR_PROTOCOL);
}

static void
on_gone (mw_hdlc *h, const mw_hdlc_frame *f)
{
  (void) f;
  mw_hdlc_end (h, MW_TRANSPORT_DOWN, MW_OK);
}

/* A second UA: the first SNRM was answered late, and so was its repetition. */
static void
on_second_ua (mw_hdlc *h, const mw_hdlc_frame *f)
{
  (void) f;
  if (h->stale)
    h->stale--;
}

/* Client, hanging up: whatever still comes, its final bit lets DISC go out. */
static void
on_leftover (mw_hdlc *h, const mw_hdlc_frame *f)
{
  if (!mw_hdlc_poll_final (f->control) || !h->command)
    return;
  h->my_turn = true;
  h->response = MW_NEVER;
  h->tx_after = h->now + h->config.turn_ms;
}

/* --- server --- */

/* Answer to the sender of F in the form of address that it used. */
static void
answer_to (mw_hdlc *h, const mw_hdlc_frame *f)
{
  h->remote = f->source;
  h->local = f->destination;
  if (h->local.bytes > 1)
    h->local.lower = h->config.physical;
  h->my_turn = true;
  h->tx_after = h->now + h->config.turn_ms;
}

static void
on_snrm (mw_hdlc *h, const mw_hdlc_frame *f)
{
  mw_hdlc_limits theirs;
  bool good = mw_hdlc_limits_decode (f->info, &theirs) == MW_OK;
  if (h->transport.up)
    mw_hdlc_end (h, MW_TRANSPORT_DOWN, MW_OK); /* the association above is gone as well */
  mw_hdlc_reset_link (h);
  h->state = MW_HDLC_DOWN;
  answer_to (h, f);
  if (!good) {
    mw_hdlc_say (h, MW_HDLC_DM);
    return;
  }
  agree (h, &theirs);
  mw_hdlc_say (h, MW_HDLC_UA);
  /* Without parameters in SNRM there are none in UA: both sides use the defaults. */
  if (f->info.len)
    h->ua_limits = true;
  come_up (h);
  h->idle = h->config.inactivity_ms == MW_HDLC_NO_TIMEOUT ? MW_NEVER
                                                          : h->now + h->config.inactivity_ms;
}

/* UA when connected, DM when not (IEC 62056-46 6.4.4.6). */
static void
on_disc (mw_hdlc *h, const mw_hdlc_frame *f)
{
  bool was_up = h->transport.up;
  if (was_up)
    mw_hdlc_end (h, MW_TRANSPORT_DOWN, MW_OK);
  mw_hdlc_reset_link (h);
  answer_to (h, f);
  mw_hdlc_say (h, was_up ? MW_HDLC_UA : MW_HDLC_DM);
}

static void
on_idle (mw_hdlc *h, const mw_hdlc_frame *f)
{
  if (!mw_hdlc_poll_final (f->control))
    return;
  answer_to (h, f);
  mw_hdlc_say (h, MW_HDLC_DM);
}

static void
on_refusing (mw_hdlc *h, const mw_hdlc_frame *f)
{
  if (!mw_hdlc_poll_final (f->control))
    return;
  h->my_turn = true;
  mw_hdlc_say (h, MW_HDLC_FRMR);
}

/* --- the table --- */

/* clang-format off */
static handler *const table[MW_HDLC_N_STATES][MW_HDLC_N_KINDS][MW_N_ROLES] = {
  /*                                               client          server          */
  [MW_HDLC_DOWN]     = { [MW_HDLC_I]       = { ignore,         on_idle         },
                         [MW_HDLC_RR]      = { ignore,         on_idle         },
                         [MW_HDLC_RNR]     = { ignore,         on_idle         },
                         [MW_HDLC_REJ]     = { ignore,         on_idle         },
                         [MW_HDLC_SNRM]    = { ignore,         on_snrm         },
                         [MW_HDLC_DISC]    = { ignore,         on_disc         },
                         [MW_HDLC_UA]      = { ignore,         on_idle         },
                         [MW_HDLC_DM]      = { ignore,         on_idle         },
                         [MW_HDLC_FRMR]    = { ignore,         on_idle         },
                         [MW_HDLC_UI]      = { on_ui,          on_ui           },
                         [MW_HDLC_UNKNOWN] = { ignore,         on_idle         } },
  [MW_HDLC_CALLING]  = { [MW_HDLC_I]       = { ignore,         NULL            },
                         [MW_HDLC_RR]      = { ignore,         NULL            },
                         [MW_HDLC_RNR]     = { ignore,         NULL            },
                         [MW_HDLC_REJ]     = { ignore,         NULL            },
                         [MW_HDLC_UA]      = { on_ua,          NULL            },
                         [MW_HDLC_DM]      = { on_rejected,    NULL            },
                         [MW_HDLC_FRMR]    = { on_rejected,    NULL            },
                         [MW_HDLC_UI]      = { on_ui,          NULL            } },
  [MW_HDLC_UP]       = { [MW_HDLC_I]       = { on_info,        on_info         },
                         [MW_HDLC_RR]      = { on_supervisory, on_supervisory  },
                         [MW_HDLC_RNR]     = { on_supervisory, on_supervisory  },
                         [MW_HDLC_REJ]     = { on_supervisory, on_supervisory  },
                         [MW_HDLC_SNRM]    = { NULL,           on_snrm         },
                         [MW_HDLC_DISC]    = { NULL,           on_disc         },
                         [MW_HDLC_UA]      = { on_second_ua,   NULL            },
                         [MW_HDLC_DM]      = { on_lost,        NULL            },
                         [MW_HDLC_FRMR]    = { on_frmr,        NULL            },
                         [MW_HDLC_UI]      = { on_ui,          on_ui           } },
  [MW_HDLC_SHUTTING] = { [MW_HDLC_I]       = { on_leftover,    NULL            },
                         [MW_HDLC_RR]      = { on_leftover,    NULL            },
                         [MW_HDLC_RNR]     = { on_leftover,    NULL            },
                         [MW_HDLC_REJ]     = { on_leftover,    NULL            },
                         [MW_HDLC_UA]      = { on_gone,        NULL            },
                         [MW_HDLC_DM]      = { on_gone,        NULL            },
                         [MW_HDLC_FRMR]    = { on_leftover,    NULL            },
                         [MW_HDLC_UI]      = { ignore,         NULL            } },
  [MW_HDLC_REFUSING] = { [MW_HDLC_I]       = { NULL,           on_refusing     },
                         [MW_HDLC_RR]      = { NULL,           on_refusing     },
                         [MW_HDLC_RNR]     = { NULL,           on_refusing     },
                         [MW_HDLC_REJ]     = { NULL,           on_refusing     },
                         [MW_HDLC_SNRM]    = { NULL,           on_snrm         },
                         [MW_HDLC_DISC]    = { NULL,           on_disc         },
                         [MW_HDLC_UA]      = { NULL,           on_refusing     },
                         [MW_HDLC_DM]      = { NULL,           on_refusing     },
                         [MW_HDLC_FRMR]    = { NULL,           on_refusing     },
                         [MW_HDLC_UI]      = { NULL,           ignore          },
                         [MW_HDLC_UNKNOWN] = { NULL,           on_refusing     } },
};
/* clang-format on */

/* --- for whom a frame is --- */

/* Is F from the server that we called? The length of its address is its own business. */
static bool
for_client (const mw_hdlc *h, const mw_hdlc_frame *f)
{
  bool ui = mw_hdlc_kind_of (f->control) == MW_HDLC_UI;
  bool to_all = mw_hdlc_is_all (f->destination.upper, f->destination.bytes);
  if (f->destination.upper != h->local.upper && !(ui && to_all))
    return false;
  if (ui && h->state == MW_HDLC_DOWN)
    return true;
  if (mw_hdlc_is_calling (h->remote.lower, h->remote.bytes) || h->remote.bytes == 1
      || f->source.bytes == 1)
    return f->source.upper == h->remote.upper;
  return f->source.upper == h->remote.upper && f->source.lower == h->remote.lower;
}

static bool
for_server (const mw_hdlc *h, const mw_hdlc_frame *f)
{
  const mw_hdlc_address *to = &f->destination;
  enum mw_hdlc_kind kind = mw_hdlc_kind_of (f->control);
  bool all_upper = mw_hdlc_is_all (to->upper, to->bytes) && kind == MW_HDLC_UI;
  bool all_lower = mw_hdlc_is_all (to->lower, to->bytes) && kind == MW_HDLC_UI;
  bool upper = all_upper;
  for (unsigned i = 0; i < h->config.n_servers; i++)
    upper = upper || to->upper == h->config.servers[i];
  bool lower = to->bytes == 1 || to->lower == h->config.physical || all_lower
               || mw_hdlc_is_calling (to->lower, to->bytes);
  if (!upper || !lower)
    return false;
  /* Connected, we listen to one client and as one logical device; SNRM begins anew. */
  bool open = h->state == MW_HDLC_DOWN || kind == MW_HDLC_SNRM || all_upper || all_lower;
  return open || (f->source.upper == h->remote.upper && to->upper == h->local.upper);
}

void
mw_hdlc_on_frame (mw_hdlc *h, const mw_hdlc_frame *f)
{
  enum mw_role role = h->transport.role;
  if (role == MW_CLIENT ? !for_client (h, f) : !for_server (h, f)) {
    h->counts.foreign++;
    return;
  }
  h->counts.frames_in++;
  h->silences = 0;
  if (h->response != MW_NEVER && role == MW_CLIENT)
    mw_hdlc_arm_response (h); /* more of its turn follows */
  if (h->idle != MW_NEVER)
    h->idle = h->now + h->config.inactivity_ms;
  handler *on = table[h->state][mw_hdlc_kind_of (f->control)][role];
  if (on)
    on (h, f);
  else
    refuse (h, f, FRMR_W);
}
