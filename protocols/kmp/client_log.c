/* client_log.c: reading a log from its first record to its last; see client.h and log.h.
 *
 * An answer is checked whole before its first value is handed out.  EXPECTED is the id of the
 * record that comes next: an answer that goes on behind it is an old one and refused; one that
 * goes on further ahead has a GAP.  Towards the past the search by time finds a later record
 * when the meter has added some meanwhile: what was had before is skipped and the offset
 * corrected.
 */
#include <string.h>

#include "kmp/client_parts.h"

/* From A to B in the ids of this log, towards the present or the past. */
static uint32_t
ahead (const mw_kmp_client *c, uint32_t a, uint32_t b)
{
  uint32_t d = c->request.by == MW_KMP_PAST_TIME ? a - b : b - a;
  return c->request.wide ? d : (uint16_t) d;
}

static bool
is_behind (const mw_kmp_client *c, uint32_t distance)
{
  return distance > (c->request.wide ? UINT32_MAX / 2 : UINT16_MAX / 2);
}

static uint32_t
next_id (const mw_kmp_client *c, uint32_t id)
{
  id += c->request.by == MW_KMP_PAST_TIME ? UINT32_MAX : 1;
  return c->request.wide ? id : (uint16_t) id;
}

static void
ask (mw_kmp_client *c, mw_ms now)
{
  uint32_t most = c->config.max_records;
  mw_wr w;
  c->request.records = (uint16_t) (c->wanted < most ? c->wanted : most);
  c->request.max_apdu = c->config.max_apdu;
  mw_wr_init (&w, c->apdu, sizeof c->apdu);
  mw_kmp_log_request_encode (&w, &c->request);
  mw_kmp_client_begin (c, &w, now);
}

enum mw_err
mw_kmp_client_read_log (mw_kmp_client *c, const mw_kmp_log_query *q, mw_ms now)
{
  mw_kmp_log_request *r = &c->request;
  if (c->state != MW_KMP_IDLE || c->event.kind)
    return MW_ERR_STATE;
  if (q->n < 1 || q->n > (q->wide ? MW_KMP_LOG_REGISTERS : MW_KMP_LOG_REGISTERS_A)
      || q->by > MW_KMP_PAST_TIME || (q->wide && q->by == MW_KMP_FROM_LAST)
      || (!q->wide && q->record > UINT16_MAX))
    return MW_ERR_VALUE;
  memset (r, 0, sizeof *r);
  r->wide = q->wide;
  r->by = q->by;
  r->log = q->log;
  r->n = q->n;
  memcpy (r->ids, q->ids, sizeof *r->ids * q->n);
  r->time = q->time;
  r->record = q->record;
  c->wanted = q->count ? q->count : UINT32_MAX;
  c->expecting = q->by == MW_KMP_FROM_ID;
  c->expected = q->record;
  c->ours = c->told = c->complete = false;
  c->newest = 0;
  c->info = 0;
  c->absent = c->pending = 0;
  ask (c, now);
  return MW_OK;
}

/* --- an answer --- */

/* Are its registers among those asked, in their order? */
static bool
registers_fit (const mw_kmp_client *c, const mw_kmp_log_answer *a)
{
  mw_kmp_log_answer copy = *a;
  mw_kmp_value v;
  bool starts;
  unsigned at = 0;
  for (unsigned i = 0; i < a->n && mw_kmp_log_answer_next (&copy, &v, &starts); i++) {
    while (at < c->request.n && c->request.ids[at] != v.id)
      at++;
    if (at++ >= c->request.n)
      return false;
  }
  return true;
}

/* Do its records follow one another, and are they where the reading stands? */
static bool
records_fit (const mw_kmp_client *c, const mw_kmp_log_answer *a)
{
  mw_kmp_log_answer copy = *a;
  mw_kmp_value v;
  bool starts;
  uint32_t last = a->first, n = 0;
  bool past = c->request.by == MW_KMP_PAST_TIME;
  while (mw_kmp_log_answer_next (&copy, &v, &starts)) {
    if (!starts)
      continue;
    uint32_t step = ahead (c, last, copy.record);
    if (n++ && (!step || is_behind (c, step)))
      return false;
    last = copy.record;
  }
  if (a->records > c->request.records)
    return false;
  if (!c->ours || !a->records || past)
    return true;
  return !is_behind (c, ahead (c, c->expected, a->first));
}

/* The id of the newest record only grows; a meter that was reset counts anew. */
static bool
is_reset (const mw_kmp_client *c, const mw_kmp_log_answer *a)
{
  uint32_t on = a->newest - c->newest;
  return c->ours && !a->brief && is_behind (c, c->request.wide ? on : (uint16_t) on);
}

enum mw_kmp_taken
mw_kmp_client_log_answer (mw_kmp_client *c, const mw_kmp_frame *f)
{
  mw_kmp_log_answer *a = &c->log;
  enum mw_err e = mw_kmp_log_answer_decode (f->cid, f->data, a);
  a->past = c->request.by == MW_KMP_PAST_TIME;
  if (e == MW_ERR_UNSUPPORTED)
    return mw_kmp_client_wrong (c, MW_KMP_OTHER_LOG);
  if (e)
    return mw_kmp_client_wrong (c, MW_KMP_MALFORMED);
  if (!a->brief && (a->log != c->request.log || (a->wide && a->sub != c->apdu[1])))
    return mw_kmp_client_wrong (c, MW_KMP_OTHER_LOG);
  if (!registers_fit (c, a))
    return mw_kmp_client_wrong (c, MW_KMP_OTHER_REGISTER);
  if (is_reset (c, a))
    return mw_kmp_client_wrong (c, MW_KMP_LOG_RESET);
  if (!records_fit (c, a))
    return mw_kmp_client_wrong (c, MW_KMP_OTHER_RECORD);
  c->info = a->info;
  c->newest = a->brief ? c->newest : a->newest;
  c->state = MW_KMP_LOG_OUT;
  return MW_KMP_TAKE;
}

/* --- out of it, value by value --- */

/* An id asked for that the answer has not; it is said once. */
static bool
tell_absent (mw_kmp_client *c)
{
  mw_kmp_log_answer copy = c->log;
  mw_kmp_value v;
  bool starts;
  uint16_t has[MW_KMP_LOG_REGISTERS];
  unsigned n = 0;
  if (c->told || c->log.brief || c->log.begun || c->log.at)
    return false;
  if (!c->log.records && !(c->info & MW_KMP_INFO_UNSUPPORTED))
    return false; /* no record: nothing is known of the registers */
  while (n < copy.n && mw_kmp_log_answer_next (&copy, &v, &starts))
    has[n++] = v.id;
  for (; c->absent < c->request.n; c->absent++) {
    bool there = false;
    for (unsigned i = 0; i < n; i++)
      there = there || has[i] == c->request.ids[c->absent];
    if (!there) {
      uint16_t id = c->request.ids[c->absent++];
      c->event = (mw_kmp_event){ .kind = MW_KMP_ABSENT, .id = id };
      return true;
    }
  }
  c->told = true;
  return false;
}

/* The record that begins: had before, after a gap, or the next. True: an event of its own. */
static bool
begin_record (mw_kmp_client *c, uint32_t record)
{
  uint32_t distance = c->expecting ? ahead (c, c->expected, record) : 0;
  c->skipping = c->ours && is_behind (c, distance);
  if (c->skipping)
    return false;
  bool lost = distance != 0;
  uint32_t many = is_behind (c, distance) ? 0 : distance; /* ids went back: a new log */
  c->expecting = c->ours = true;
  c->expected = next_id (c, record);
  c->wanted -= c->wanted != UINT32_MAX;
  if (!lost)
    return false;
  c->event = (mw_kmp_event){ .kind = MW_KMP_GAP, .record = record, .lost = many };
  return true;
}

/* The answer is used up: what now? */
static void
go_on (mw_kmp_client *c, mw_ms now)
{
  mw_kmp_log_answer *a = &c->log;
  bool past = c->request.by == MW_KMP_PAST_TIME;
  bool end = a->info & (MW_KMP_INFO_END | MW_KMP_INFO_EMPTY | MW_KMP_INFO_RANGE)
             || (past && a->info & MW_KMP_INFO_OLDEST)
             || (!past && a->records && a->record == a->newest);
  if (a->info & (MW_KMP_INFO_MEMORY | MW_KMP_INFO_REQUEST | MW_KMP_INFO_INTERNAL)) {
    mw_kmp_client_done (c, MW_ERR_REFUSED);
    return;
  }
  if (!a->records && a->info & MW_KMP_INFO_LENGTH) {
    mw_kmp_client_done (c, MW_ERR_SPACE); /* not one record fits an answer */
    return;
  }
  if (end || !a->records || !c->wanted) {
    c->complete = true;
    mw_kmp_client_done (c, MW_OK);
    return;
  }
  if (past && c->request.wide) {
    mw_kmp_client_done (c, MW_OK); /* no request continues this one: not complete */
    return;
  }
  if (past) /* the search finds FIRST with the present offset */
    c->request.offset = (uint16_t) (c->request.offset + ahead (c, a->first, c->expected));
  else
    c->request.by = MW_KMP_FROM_ID;
  c->request.record = c->expected;
  ask (c, now);
}

static void
say_value (mw_kmp_client *c)
{
  c->event = (mw_kmp_event){
    .kind = MW_KMP_VALUE, .record = c->log.record, .id = c->value.id, .value = &c->value
  };
}

/* What of a record's beginning is still to be said: RECORD, then its first value. */
static bool
say_pending (mw_kmp_client *c)
{
  if (!c->pending)
    return false;
  if (c->pending-- == 2)
    c->event = (mw_kmp_event){ .kind = MW_KMP_RECORD, .record = c->log.record };
  else
    say_value (c);
  return true;
}

void
mw_kmp_client_next_value (mw_kmp_client *c, mw_ms now)
{
  bool starts;
  if (say_pending (c) || tell_absent (c))
    return;
  while (mw_kmp_log_answer_next (&c->log, &c->value, &starts)) {
    bool gap = starts && begin_record (c, c->log.record);
    if (c->skipping)
      continue;
    if (starts) {
      c->pending = 2;
      if (!gap)
        say_pending (c);
    } else {
      say_value (c);
    }
    return;
  }
  go_on (c, now);
}
