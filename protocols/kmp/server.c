/* server.c: see server.h.
 *
 * Invariants: at most one answer is under way, in TX; while it waits for the reaction time
 * (HOLDING) or goes out, what comes in is dropped, for the line is half duplex.  DUE is when a
 * held answer may go, GAP when a request begun has broken off.
 */
#include "kmp/server.h"

#include <string.h>

#include "kmp/server_parts.h"

void
mw_kmp_server_init (mw_kmp_server *s, const mw_kmp_server_config *config, const mw_kmp_ops *ops,
                    void *ctx)
{
  memset (s, 0, sizeof *s);
  s->config = *config;
  s->ops = ops;
  s->ctx = ctx;
  mw_kmp_server_config *k = &s->config;
  k->gap_ms = k->gap_ms ? k->gap_ms : MW_KMP_METER_GAP_MS;
  k->registers = k->registers ? k->registers : MW_KMP_REGISTERS_MAX;
  k->max_apdu = k->max_apdu ? k->max_apdu : MW_KMP_LOG_APDU_MAX;
  mw_kmp_framer_init (&s->rx, s->in, sizeof s->in);
  mw_kmp_server_reset (s);
}

void
mw_kmp_server_reset (mw_kmp_server *s)
{
  s->due = s->gap = MW_NEVER;
  s->holding = false;
  s->tx_len = s->tx_sent = 0;
  mw_kmp_framer_reset (&s->rx);
}

/* --- commands: each writes its answer, CID first, to W; false: silence --- */

static bool
on_type (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  uint16_t type = 0, revision = 0;
  if (!s->ops->type || mw_cur_end (c))
    return false;
  s->ops->type (s->ctx, &type, &revision);
  mw_wr_u16 (w, type);
  mw_wr_u16 (w, revision);
  return true;
}

static bool
on_serial (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  uint32_t serial = 0;
  if (!s->ops->serial || mw_cur_end (c) || !s->ops->serial (s->ctx, &serial))
    return false;
  mw_wr_u32 (w, serial);
  return true;
}

static bool
on_get_register (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  uint8_t n = mw_cur_u8 (c);
  mw_cur ids = mw_cur_of (mw_cur_bytes (c, 2u * n));
  if (!s->ops->get_register || mw_cur_end (c) || n < 1 || n > s->config.registers)
    return false;
  while (mw_cur_left (&ids)) {
    mw_kmp_value *v = &s->values[0];
    mw_wr before = *w;
    v->id = mw_cur_u16 (&ids);
    v->octets = 0;
    if (!s->ops->get_register (s->ctx, v->id, v))
      continue; /* left out (6.2.4) */
    mw_kmp_value_encode (w, v);
    if (w->err)
      *w = before; /* what does not fit is left out as well */
  }
  return true;
}

static bool
on_put_register (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  (void) w;
  uint16_t password = mw_cur_u16 (c);
  mw_kmp_value_decode (c, &s->values[0]);
  return s->ops->put_register && !mw_cur_end (c)
         && s->ops->put_register (s->ctx, password, &s->values[0]);
}

/* 6.2.3: the date as YYMMDD and the time as hhmmss in decimal digits; both must be possible. */
static bool
on_set_clock (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  (void) w;
  mw_kmp_value date = { .unit = MW_KMP_UNIT_DATE, .octets = 4 };
  mw_kmp_value time = { .unit = MW_KMP_UNIT_TIME, .octets = 4 };
  mw_span d = mw_cur_bytes (c, 4), t = mw_cur_bytes (c, 4);
  mw_civil day, clock;
  if (!s->ops->set_clock || mw_cur_end (c))
    return false;
  memcpy (date.data, d.ptr, 4);
  memcpy (time.data, t.ptr, 4);
  if (mw_kmp_value_civil (&date, &day) || mw_kmp_value_civil (&time, &clock))
    return false;
  clock.year = day.year;
  clock.month = day.month;
  clock.day = day.day;
  return s->ops->set_clock (s->ctx, &clock);
}

static bool
on_login (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  uint16_t pin = mw_cur_u16 (c);
  if (!s->ops->login || mw_cur_end (c))
    return false;
  mw_wr_u8 (w, s->ops->login (s->ctx, pin) ? MW_KMP_LOGGED_IN : MW_KMP_NOT_LOGGED_IN);
  return true;
}

static bool
on_get_cut_off (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  mw_kmp_cut_off state = { 0, 0 };
  if (!s->ops->get_cut_off || mw_cur_end (c) || !s->ops->get_cut_off (s->ctx, &state))
    return false;
  mw_wr_u8 (w, state.state);
  mw_wr_u8 (w, state.feedback);
  return true;
}

static bool
on_set_cut_off (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  uint8_t what = mw_cur_u8 (c);
  bool known = what >= MW_KMP_CUT_DISCONNECT && what <= MW_KMP_CUT_RECONNECT;
  return s->ops->set_cut_off && !mw_cur_end (c) && known && s->ops->set_cut_off (s->ctx, what)
         && on_get_cut_off (s, c, w);
}

static bool
on_event_status (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  uint8_t status[4] = { 0 };
  if (!s->ops->event_status || mw_cur_end (c) || !s->ops->event_status (s->ctx, status))
    return false;
  mw_wr_bytes (w, status, sizeof status);
  return true;
}

/* 6.3.6: it answers as GetEventStatus does, with that CID too. */
static bool
on_clear_event_status (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  mw_span conditional = mw_cur_bytes (c, 4), unconditional = mw_cur_bytes (c, 4);
  if (!s->ops->clear_event_status || mw_cur_end (c)
      || !s->ops->clear_event_status (s->ctx, conditional.ptr, unconditional.ptr))
    return false;
  *w->start = MW_KMP_GET_EVENT_STATUS;
  return on_event_status (s, c, w);
}

static bool
on_get_quality (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  mw_kmp_quality q = { 0, 0, 0 };
  if (!s->ops->get_quality || mw_cur_end (c) || !s->ops->get_quality (s->ctx, &q))
    return false;
  mw_wr_u16 (w, q.low);
  mw_wr_u16 (w, q.high);
  mw_wr_u8 (w, q.tens);
  return true;
}

static bool
on_set_quality (mw_kmp_server *s, mw_cur *c, mw_wr *w)
{
  (void) w;
  mw_kmp_quality q;
  q.low = mw_cur_u16 (c);
  q.high = mw_cur_u16 (c);
  q.tens = mw_cur_u8 (c);
  return s->ops->set_quality && !mw_cur_end (c) && s->ops->set_quality (s->ctx, &q);
}

/* clang-format off */
static const struct {
  uint8_t cid;
  bool (*handle) (mw_kmp_server *s, mw_cur *c, mw_wr *w);
} commands[] = {
  { MW_KMP_GET_TYPE,           on_type },
  { MW_KMP_GET_SERIAL,         on_serial },
  { MW_KMP_SET_CLOCK,          on_set_clock },
  { MW_KMP_GET_REGISTER,       on_get_register },
  { MW_KMP_PUT_REGISTER,       on_put_register },
  { MW_KMP_LOGIN,              on_login },
  { MW_KMP_SET_CUT_OFF,        on_set_cut_off },
  { MW_KMP_GET_CUT_OFF,        on_get_cut_off },
  { MW_KMP_GET_EVENT_STATUS,   on_event_status },
  { MW_KMP_CLEAR_EVENT_STATUS, on_clear_event_status },
  { MW_KMP_SET_QUALITY,        on_set_quality },
  { MW_KMP_GET_QUALITY,        on_get_quality },
};
/* clang-format on */

static bool
carry_out (mw_kmp_server *s, const mw_kmp_frame *f, mw_wr *w)
{
  mw_cur c = mw_cur_of (f->data);
  mw_wr_u8 (w, f->cid);
  if ((f->cid >= MW_KMP_LOG_TIME_PRESENT && f->cid <= MW_KMP_LOG_TIME_PAST)
      || f->cid == MW_KMP_LOGGER)
    return mw_kmp_server_on_log (s, f, w);
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (commands[i].cid == f->cid)
      return commands[i].handle (s, &c, w);
  return s->ops->command && s->ops->command (s->ctx, f->cid, f->data, w);
}

static void
on_request (mw_kmp_server *s, const mw_kmp_frame *f, mw_ms now)
{
  mw_wr w, tx;
  bool ours =
      f->address == s->config.address || (s->config.also && f->address == s->config.also);
  if (!ours)
    return;
  s->requests++;
  s->heard = now;
  mw_wr_init (&w, s->apdu, sizeof s->apdu);
  if (!carry_out (s, f, &w) || w.err) {
    s->refused++;
    return;
  }
  mw_wr_init (&tx, s->tx, sizeof s->tx);
  if (mw_wr_len (&w) > 1 || f->cid == MW_KMP_GET_REGISTER)
    mw_kmp_frame_encode (&tx, MW_KMP_FROM_METER, f->address, mw_wr_done (&w));
  else
    mw_wr_u8 (&tx, MW_KMP_ACK);
  s->tx_len = mw_wr_len (&tx);
  s->tx_sent = 0;
  s->holding = s->config.reaction_ms > 0;
  s->due = s->holding ? now + s->config.reaction_ms : MW_NEVER;
}

size_t
mw_kmp_server_feed (mw_kmp_server *s, const void *data, size_t len, mw_ms now)
{
  const uint8_t *p = data;
  mw_kmp_frame f;
  if (now >= s->gap)
    mw_kmp_framer_reset (&s->rx);
  for (size_t i = 0; i < len && s->tx_sent == s->tx_len; i++) {
    enum mw_kmp_msg msg = mw_kmp_framer_byte (&s->rx, p[i], &f);
    if (msg == MW_KMP_MSG_REQUEST)
      on_request (s, &f, now);
    else if (msg == MW_KMP_MSG_DAMAGED && f.start == MW_KMP_TO_METER)
      s->damaged++;
  }
  s->gap = mw_kmp_framer_busy (&s->rx) ? now + s->config.gap_ms + mw_line_ms (s->config.line, 1)
                                       : MW_NEVER;
  return len;
}

mw_span
mw_kmp_server_tx (const mw_kmp_server *s)
{
  mw_span out = { s->tx + s->tx_sent, s->holding ? 0 : s->tx_len - s->tx_sent };
  return out;
}

void
mw_kmp_server_tx_ack (mw_kmp_server *s, size_t n, mw_ms now)
{
  (void) now;
  size_t left = s->tx_len - s->tx_sent;
  s->tx_sent += n < left ? n : left;
  if (s->tx_sent == s->tx_len)
    mw_kmp_framer_reset (&s->rx);
}

mw_ms
mw_kmp_server_deadline (const mw_kmp_server *s)
{
  return s->gap < s->due ? s->gap : s->due;
}

void
mw_kmp_server_tick (mw_kmp_server *s, mw_ms now)
{
  if (now >= s->gap) {
    s->gap = MW_NEVER;
    mw_kmp_framer_reset (&s->rx);
  }
  if (now >= s->due) {
    s->due = MW_NEVER;
    s->holding = false;
  }
}
