/* client_answer.c: what the answers of a meter say; see client.h. */
#include <string.h>

#include "kmp/client_parts.h"

const char *
mw_kmp_violation_text (unsigned violation)
{
  static const char *const texts[MW_KMP_N_VIOLATIONS] = {
    [MW_KMP_RIGHT] = "the answer was as it should be",
    [MW_KMP_OTHER_COMMAND] = "the meter answered to another command than it was given",
    [MW_KMP_OTHER_REGISTER] = "the meter answered with a register that was not asked for",
    [MW_KMP_OTHER_LOG] = "the meter answered with another log than asked",
    [MW_KMP_OTHER_RECORD] = "the meter answered with other log records than asked",
    [MW_KMP_LOG_RESET] = "the log of the meter began anew while it was being read",
    [MW_KMP_MALFORMED] = "the answer is shorter or longer than it says",
    [MW_KMP_NO_DATA] = "the meter acknowledged where it should have answered with data",
  };
  return violation < MW_KMP_N_VIOLATIONS ? texts[violation] : "the answer was not understood";
}

const char *
mw_kmp_cut_off_text (unsigned state)
{
  switch (state) {
  case 0x01:
    return "disconnected by command";
  case 0x04:
    return "connected";
  case 0x05:
    return "warning before cut-off";
  case 0x06:
    return "cut off";
  case 0x07:
    return "cut off, prepayment used up";
  case 0x08:
    return "released for reconnection";
  case 0x09:
    return "cut off, time of low prepayment over";
  case 0x0b:
    return "disconnected by push button";
  default:
    return NULL;
  }
}

/* --- registers --- */

void
mw_kmp_client_ask_registers (mw_kmp_client *c, mw_ms now)
{
  size_t left = c->n_ids - c->at_id;
  mw_wr w;
  c->batch = (uint8_t) (left < c->config.registers ? left : c->config.registers);
  c->seen = c->absent = 0;
  mw_wr_init (&w, c->apdu, sizeof c->apdu);
  mw_wr_u8 (&w, MW_KMP_GET_REGISTER);
  mw_wr_u8 (&w, c->batch);
  for (unsigned i = 0; i < c->batch; i++)
    mw_wr_u16 (&w, c->ids[c->at_id + i]);
  mw_kmp_client_begin (c, &w, now);
}

/* The first of the ids asked that is ID and has no value yet; -1: none. */
static int
which (const mw_kmp_client *c, uint16_t id)
{
  for (int i = 0; i < c->batch; i++)
    if (c->ids[c->at_id + (size_t) i] == id && !(c->seen >> i & 1))
      return i;
  return -1;
}

static void
take_value (mw_kmp_client *c, mw_cur *cur)
{
  if (c->four)
    mw_kmp_value_decode_four (cur, &c->value);
  else
    mw_kmp_value_decode (cur, &c->value);
}

/* Is it whole, and are these registers that were asked for? */
static enum mw_kmp_violation
look_through (mw_kmp_client *c, mw_cur list)
{
  c->seen = 0;
  while (mw_cur_left (&list)) {
    take_value (c, &list);
    int at = list.err ? -1 : which (c, c->value.id);
    if (list.err)
      return MW_KMP_MALFORMED;
    if (at < 0)
      return MW_KMP_OTHER_REGISTER;
    c->seen |= (uint8_t) (1u << at);
  }
  return MW_KMP_RIGHT;
}

/* All of the answer is looked at before the first value is handed out. */
static enum mw_kmp_taken
on_registers (mw_kmp_client *c, mw_cur *cur)
{
  c->four = false;
  enum mw_kmp_violation v = look_through (c, *cur);
  if (v) {
    c->four = true; /* some meters count wrong */
    if (look_through (c, *cur))
      return mw_kmp_client_wrong (c, v);
  }
  c->list = *cur;
  c->state = MW_KMP_REGISTERS_OUT;
  return MW_KMP_TAKE;
}

void
mw_kmp_client_next_register (mw_kmp_client *c, mw_ms now)
{
  if (mw_cur_left (&c->list)) {
    take_value (c, &c->list);
    c->event = (mw_kmp_event){ .kind = MW_KMP_VALUE, .id = c->value.id, .value = &c->value };
    return;
  }
  for (; c->absent < c->batch; c->absent++)
    if (!(c->seen >> c->absent & 1)) {
      uint16_t id = c->ids[c->at_id + c->absent++];
      c->event = (mw_kmp_event){ .kind = MW_KMP_ABSENT, .id = id };
      return;
    }
  c->at_id += c->batch;
  if (c->at_id < c->n_ids)
    mw_kmp_client_ask_registers (c, now);
  else
    mw_kmp_client_done (c, MW_OK);
}

/* --- the others: the cursor stands behind the CID; what follows the fields is left --- */

static enum mw_kmp_taken
finished (mw_kmp_client *c, const mw_cur *cur)
{
  if (cur->err)
    return mw_kmp_client_wrong (c, MW_KMP_MALFORMED);
  mw_kmp_client_done (c, MW_OK);
  return MW_KMP_TAKE;
}

static enum mw_kmp_taken
on_type (mw_kmp_client *c, mw_cur *cur)
{
  uint16_t type = mw_cur_u16 (cur), revision = mw_cur_u16 (cur);
  if (!cur->err) {
    c->type = type;
    c->revision = revision;
  }
  return finished (c, cur);
}

static enum mw_kmp_taken
on_serial (mw_kmp_client *c, mw_cur *cur)
{
  uint32_t serial = mw_cur_u32 (cur);
  c->serial = cur->err ? c->serial : serial;
  return finished (c, cur);
}

static enum mw_kmp_taken
on_login (mw_kmp_client *c, mw_cur *cur)
{
  uint8_t status = mw_cur_u8 (cur);
  if (cur->err)
    return mw_kmp_client_wrong (c, MW_KMP_MALFORMED);
  mw_kmp_client_done (c, status == MW_KMP_LOGGED_IN ? MW_OK : MW_ERR_ACCESS);
  return MW_KMP_TAKE;
}

static enum mw_kmp_taken
on_cut_off (mw_kmp_client *c, mw_cur *cur)
{
  mw_kmp_cut_off s = { mw_cur_u8 (cur), 0 };
  s.feedback = mw_cur_u8 (cur);
  c->cut_off = cur->err ? c->cut_off : s;
  return finished (c, cur);
}

static enum mw_kmp_taken
on_event_status (mw_kmp_client *c, mw_cur *cur)
{
  mw_span s = mw_cur_bytes (cur, 4);
  if (s.len)
    memcpy (c->event_status, s.ptr, 4);
  return finished (c, cur);
}

static enum mw_kmp_taken
on_quality (mw_kmp_client *c, mw_cur *cur)
{
  mw_kmp_quality q;
  q.low = mw_cur_u16 (cur);
  q.high = mw_cur_u16 (cur);
  q.tens = mw_cur_u8 (cur);
  c->quality = cur->err ? c->quality : q;
  return finished (c, cur);
}

/* clang-format off */
/* What a command is answered with: data, an acknowledgement, or either. A command that is not
 * here may have any answer. */
static const struct {
  uint8_t cid;
  bool acknowledged;
  enum mw_kmp_taken (*on_data) (mw_kmp_client *, mw_cur *);
} answers[] = {
  { MW_KMP_GET_TYPE,           false, on_type },
  { MW_KMP_GET_SERIAL,         false, on_serial },
  { MW_KMP_GET_REGISTER,       false, on_registers },
  { MW_KMP_SET_CLOCK,          true,  NULL },
  { MW_KMP_PUT_REGISTER,       true,  NULL },
  { MW_KMP_LOGIN,              true,  on_login },
  { MW_KMP_SET_CUT_OFF,        true,  on_cut_off },
  { MW_KMP_GET_CUT_OFF,        false, on_cut_off },
  { MW_KMP_GET_EVENT_STATUS,   false, on_event_status },
  { MW_KMP_CLEAR_EVENT_STATUS, true,  on_event_status },
  { MW_KMP_SET_QUALITY,        true,  on_quality },
  { MW_KMP_GET_QUALITY,        false, on_quality },
};
/* clang-format on */

static bool
is_log (uint8_t cid)
{
  return (cid >= MW_KMP_LOG_TIME_PRESENT && cid <= MW_KMP_LOG_TIME_PAST)
         || cid == MW_KMP_LOGGER;
}

/* The answer has the CID of the request (3.3), but for two that Kamstrup document 5512-447
 * prints otherwise: ClearEventStatus answers as GetEventStatus (6.3.6), and the example of
 * GetLogTimePast with the CID of GetLogTimePresent (6.3.4). */
static bool
is_ours (const mw_kmp_client *c, uint8_t cid)
{
  return cid == c->cid
         || (c->cid == MW_KMP_CLEAR_EVENT_STATUS && cid == MW_KMP_GET_EVENT_STATUS)
         || (c->cid == MW_KMP_LOG_TIME_PAST && cid == MW_KMP_LOG_TIME_PRESENT);
}

static enum mw_kmp_taken
acknowledged (mw_kmp_client *c, bool expected)
{
  if (!expected) {
    c->violation = MW_KMP_NO_DATA; /* a byte of noise may look like one: the answer may come */
    return MW_KMP_AWAIT;
  }
  mw_kmp_client_done (c, MW_OK);
  return MW_KMP_TAKE;
}

enum mw_kmp_taken
mw_kmp_client_answer (mw_kmp_client *c, const mw_kmp_frame *f)
{
  size_t i = 0;
  while (i < sizeof answers / sizeof *answers && answers[i].cid != c->cid)
    i++;
  bool known = i < sizeof answers / sizeof *answers;
  if (!f)
    return acknowledged (c, known ? answers[i].acknowledged : !is_log (c->cid));
  if (!is_ours (c, f->cid))
    return mw_kmp_client_wrong (c, MW_KMP_OTHER_COMMAND);
  if (is_log (c->cid))
    return mw_kmp_client_log_answer (c, f);
  mw_cur cur = mw_cur_of (f->data);
  if (known && !answers[i].on_data)
    return mw_kmp_client_wrong (c, MW_KMP_MALFORMED);
  if (known)
    return answers[i].on_data (c, &cur);
  c->answer = f->data;
  mw_kmp_client_done (c, MW_OK);
  return MW_KMP_TAKE;
}
