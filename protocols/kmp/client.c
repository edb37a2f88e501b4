/* client.c: sending, waiting, repeating; see client.h.
 *
 * Invariants: APDU holds the request under way for a repetition.  In REGISTERS_OUT and LOG_OUT
 * the answer in IN becomes events one by one, and nothing is taken in.  DUE is the one timer of
 * a state; GAP ends a frame that broke off, which by itself is nothing: the time for an answer
 * runs on (it may have been noise), but a frame that is coming in is not cut off by it.
 */
#include "kmp/client.h"

#include <string.h>

#include "kmp/client_parts.h"

enum { SETTLE_MS = 100 };

void
mw_kmp_client_init (mw_kmp_client *c, const mw_kmp_client_config *config)
{
  memset (c, 0, sizeof *c);
  c->config = *config;
  mw_kmp_client_config *k = &c->config;
  k->answer_ms = k->answer_ms ? k->answer_ms : MW_KMP_ANSWER_MS;
  k->gap_ms = k->gap_ms ? k->gap_ms : MW_KMP_CLIENT_GAP_MS;
  k->settle_ms = k->settle_ms ? k->settle_ms : SETTLE_MS;
  if (!k->repeats && !k->no_repeats)
    k->repeats = MW_KMP_REPEATS;
  if (!k->registers || k->registers > MW_KMP_REGISTERS_MAX)
    k->registers = MW_KMP_REGISTERS_MAX;
  k->max_apdu = k->max_apdu ? k->max_apdu : MW_KMP_LOG_APDU_MAX;
  k->max_records = k->max_records ? k->max_records : UINT8_MAX;
  mw_kmp_framer_init (&c->rx, c->in, sizeof c->in);
  c->due = c->gap = MW_NEVER;
}

static void
rest (mw_kmp_client *c)
{
  c->state = MW_KMP_IDLE;
  c->due = c->gap = MW_NEVER;
  c->tx_len = c->tx_sent = 0;
  c->probing = false;
}

void
mw_kmp_client_done (mw_kmp_client *c, enum mw_err err)
{
  rest (c);
  c->event = (mw_kmp_event){ .kind = MW_KMP_DONE, .err = err };
}

static void
fail (mw_kmp_client *c, enum mw_err err)
{
  rest (c);
  c->event = (mw_kmp_event){ .kind = MW_KMP_FAILED, .err = err };
}

/* The line is quiet: the request goes out. */
static void
release (mw_kmp_client *c, mw_ms now)
{
  static const uint8_t probe[] = { MW_KMP_GET_TYPE };
  mw_span apdu = { c->probing ? probe : c->apdu, c->probing ? sizeof probe : c->apdu_len };
  mw_wr w;
  mw_wr_init (&w, c->tx, sizeof c->tx);
  mw_kmp_frame_encode (&w, MW_KMP_TO_METER, c->config.address, apdu);
  c->tx_len = mw_wr_len (&w);
  c->tx_sent = 0;
  c->state = MW_KMP_WAITING;
  c->gap = MW_NEVER;
  c->due = now + mw_line_ms (c->config.line, c->tx_len) + c->config.answer_ms;
  mw_kmp_framer_reset (&c->rx);
}

static void
send (mw_kmp_client *c, mw_ms now)
{
  c->state = MW_KMP_HOLDING;
  c->gap = MW_NEVER;
  c->due = c->quiet > now ? c->quiet : now;
  if (c->due == now)
    release (c, now);
}

void
mw_kmp_client_begin (mw_kmp_client *c, mw_wr *apdu, mw_ms now)
{
  c->apdu_len = mw_wr_len (apdu);
  c->cid = c->apdu[0];
  c->tries = 0;
  c->probing = c->broken = false;
  c->violation = MW_KMP_RIGHT;
  send (c, now);
}

/* Is there another try? */
static bool
again (mw_kmp_client *c)
{
  bool may = c->probing || mw_kmp_cid_repeats (c->cid);
  if (!may || c->tries >= c->config.repeats)
    return false;
  c->tries++;
  c->repeated++;
  return true;
}

/* No answer, or none that can be used, and no more tries.  A meter is silent on what it
 * refuses; whether it is there at all shows with GetType (6.2.1), which every meter answers. */
static void
give_up (mw_kmp_client *c, mw_ms now)
{
  if (c->violation) {
    mw_kmp_client_done (c, MW_ERR_PROTOCOL);
  } else if (c->broken) {
    fail (c, MW_ERR_CHECK);
  } else if (c->probing || c->cid == MW_KMP_GET_TYPE) {
    fail (c, MW_ERR_TIMEOUT);
  } else {
    c->cause = mw_kmp_cid_repeats (c->cid) ? MW_ERR_REFUSED : MW_ERR_TIMEOUT;
    c->probing = true;
    c->tries = 0;
    send (c, now);
  }
}

static void
settle (mw_kmp_client *c, mw_ms now)
{
  c->state = MW_KMP_SETTLING;
  c->gap = MW_NEVER;
  c->due = now + c->config.settle_ms;
}

static void
on_damaged (mw_kmp_client *c, mw_ms now)
{
  c->damaged++;
  c->broken = true;
  settle (c, now);
}

static void
on_answer (mw_kmp_client *c, const mw_kmp_frame *f, mw_ms now)
{
  if (f && f->address != c->config.address)
    return; /* another meter on the bus */
  if (c->probing) {
    if (f && f->cid == MW_KMP_GET_TYPE)
      mw_kmp_client_done (c, c->cause);
    return;
  }
  switch (mw_kmp_client_answer (c, f)) {
  case MW_KMP_TAKE:
    if (c->state == MW_KMP_WAITING)
      rest (c);
    c->violation = MW_KMP_RIGHT;
    c->due = c->gap = MW_NEVER;
    break;
  case MW_KMP_WRONG:
    c->broken = false;
    settle (c, now);
    break;
  case MW_KMP_AWAIT:
    break;
  }
}

/* --- the verbs --- */

static bool
deaf (const mw_kmp_client *c)
{
  return c->event.kind || c->state == MW_KMP_REGISTERS_OUT || c->state == MW_KMP_LOG_OUT;
}

static void
take_byte (mw_kmp_client *c, uint8_t byte, mw_ms now)
{
  mw_kmp_frame f;
  enum mw_kmp_msg msg = mw_kmp_framer_byte (&c->rx, byte, &f);
  if (c->state != MW_KMP_WAITING)
    return; /* nothing is asked: what comes belongs to nothing */
  if (msg == MW_KMP_MSG_ANSWER)
    on_answer (c, &f, now);
  else if (msg == MW_KMP_MSG_ACK)
    on_answer (c, NULL, now);
  else if (msg == MW_KMP_MSG_DAMAGED && f.start == MW_KMP_FROM_METER)
    on_damaged (c, now);
}

size_t
mw_kmp_client_feed (mw_kmp_client *c, const void *data, size_t len, mw_ms now)
{
  const uint8_t *p = data;
  size_t taken = 0;
  while (taken < len && !deaf (c))
    take_byte (c, p[taken++], now);
  if (taken)
    c->quiet = now + mw_line_ms (c->config.line, 1);
  bool coming = c->state == MW_KMP_WAITING && c->rx.start == MW_KMP_FROM_METER;
  c->gap = coming ? now + c->config.gap_ms : MW_NEVER;
  return taken;
}

mw_span
mw_kmp_client_tx (const mw_kmp_client *c)
{
  return (mw_span){ c->tx + c->tx_sent, c->tx_len - c->tx_sent };
}

void
mw_kmp_client_tx_ack (mw_kmp_client *c, size_t n, mw_ms now)
{
  (void) now;
  size_t left = c->tx_len - c->tx_sent;
  c->tx_sent += n < left ? n : left;
}

mw_ms
mw_kmp_client_deadline (const mw_kmp_client *c)
{
  return c->gap != MW_NEVER ? c->gap : c->due;
}

void
mw_kmp_client_tick (mw_kmp_client *c, mw_ms now)
{
  if (now >= c->gap) {
    mw_kmp_framer_reset (&c->rx);
    c->gap = MW_NEVER;
    c->broken = true;
  }
  if (c->gap != MW_NEVER || now < c->due || deaf (c))
    return;
  if (c->state == MW_KMP_HOLDING)
    release (c, now);
  else if (again (c))
    send (c, now);
  else
    give_up (c, now);
}

mw_kmp_event
mw_kmp_client_take_event (mw_kmp_client *c, mw_ms now)
{
  if (!c->event.kind && c->state == MW_KMP_REGISTERS_OUT)
    mw_kmp_client_next_register (c, now);
  else if (!c->event.kind && c->state == MW_KMP_LOG_OUT)
    mw_kmp_client_next_value (c, now);
  mw_kmp_event event = c->event;
  c->event = (mw_kmp_event){ .kind = MW_KMP_NOTHING };
  return event;
}

void
mw_kmp_client_cancel (mw_kmp_client *c)
{
  rest (c);
  c->event = (mw_kmp_event){ .kind = MW_KMP_NOTHING };
  mw_kmp_framer_reset (&c->rx);
}

/* --- requests without more than one answer --- */

static bool
start (mw_kmp_client *c, mw_wr *w, uint8_t cid)
{
  mw_wr_init (w, c->apdu, sizeof c->apdu);
  if (c->state != MW_KMP_IDLE || c->event.kind)
    return false;
  mw_wr_u8 (w, cid);
  return true;
}

static enum mw_err
finish (mw_kmp_client *c, mw_wr *w, mw_ms now)
{
  if (w->err)
    return MW_ERR_VALUE;
  c->answer = (mw_span){ NULL, 0 };
  mw_kmp_client_begin (c, w, now);
  return MW_OK;
}

enum mw_err
mw_kmp_client_command (mw_kmp_client *c, uint8_t cid, mw_span data, mw_ms now)
{
  mw_wr w;
  if (!start (c, &w, cid))
    return MW_ERR_STATE;
  mw_wr_span (&w, data);
  return finish (c, &w, now);
}

static enum mw_err
bare (mw_kmp_client *c, uint8_t cid, mw_ms now)
{
  return mw_kmp_client_command (c, cid, (mw_span){ NULL, 0 }, now);
}

enum mw_err
mw_kmp_client_get_type (mw_kmp_client *c, mw_ms now)
{
  return bare (c, MW_KMP_GET_TYPE, now);
}

enum mw_err
mw_kmp_client_get_serial (mw_kmp_client *c, mw_ms now)
{
  return bare (c, MW_KMP_GET_SERIAL, now);
}

enum mw_err
mw_kmp_client_get_cut_off (mw_kmp_client *c, mw_ms now)
{
  return bare (c, MW_KMP_GET_CUT_OFF, now);
}

enum mw_err
mw_kmp_client_get_event_status (mw_kmp_client *c, mw_ms now)
{
  return bare (c, MW_KMP_GET_EVENT_STATUS, now);
}

enum mw_err
mw_kmp_client_get_quality (mw_kmp_client *c, mw_ms now)
{
  return bare (c, MW_KMP_GET_QUALITY, now);
}

enum mw_err
mw_kmp_client_set_cut_off (mw_kmp_client *c, uint8_t what, mw_ms now)
{
  return mw_kmp_client_command (c, MW_KMP_SET_CUT_OFF, (mw_span){ &what, 1 }, now);
}

enum mw_err
mw_kmp_client_login (mw_kmp_client *c, uint16_t pin, mw_ms now)
{
  const uint8_t data[] = { (uint8_t) (pin >> 8), (uint8_t) pin };
  return mw_kmp_client_command (c, MW_KMP_LOGIN, (mw_span){ data, 2 }, now);
}

enum mw_err
mw_kmp_client_clear_event_status (mw_kmp_client *c, const uint8_t conditional[4],
                                  const uint8_t unconditional[4], mw_ms now)
{
  uint8_t data[8];
  memcpy (data, conditional, 4);
  memcpy (data + 4, unconditional, 4);
  return mw_kmp_client_command (c, MW_KMP_CLEAR_EVENT_STATUS, (mw_span){ data, 8 }, now);
}

enum mw_err
mw_kmp_client_set_quality (mw_kmp_client *c, const mw_kmp_quality *q, mw_ms now)
{
  const uint8_t data[] = { (uint8_t) (q->low >> 8), (uint8_t) q->low, (uint8_t) (q->high >> 8),
                           (uint8_t) q->high, q->tens };
  return mw_kmp_client_command (c, MW_KMP_SET_QUALITY, (mw_span){ data, 5 }, now);
}

enum mw_err
mw_kmp_client_put_register (mw_kmp_client *c, uint16_t password, const mw_kmp_value *value,
                            mw_ms now)
{
  mw_wr w;
  if (!start (c, &w, MW_KMP_PUT_REGISTER))
    return MW_ERR_STATE;
  mw_wr_u16 (&w, password);
  mw_kmp_value_encode (&w, value);
  return finish (c, &w, now);
}

enum mw_err
mw_kmp_client_set_clock (mw_kmp_client *c, const mw_civil *t, mw_ms now)
{
  mw_kmp_value date, time;
  mw_wr w;
  if (!start (c, &w, MW_KMP_SET_CLOCK))
    return MW_ERR_STATE;
  if (!mw_civil_is_complete (t) || mw_kmp_put_civil (&date, MW_KMP_UNIT_DATE, t)
      || mw_kmp_put_civil (&time, MW_KMP_UNIT_TIME, t))
    return MW_ERR_VALUE;
  mw_wr_bytes (&w, date.data, date.octets);
  mw_wr_bytes (&w, time.data, time.octets);
  return finish (c, &w, now);
}

enum mw_err
mw_kmp_client_get_registers (mw_kmp_client *c, const uint16_t *ids, size_t n, mw_ms now)
{
  if (c->state != MW_KMP_IDLE || c->event.kind)
    return MW_ERR_STATE;
  if (!n)
    return MW_ERR_VALUE;
  c->ids = ids;
  c->n_ids = n;
  c->at_id = 0;
  mw_kmp_client_ask_registers (c, now);
  return MW_OK;
}
