/* describe_kmp_log.c: requests for KMP logs and their answers in words (kmp/log.h). */
#include "decode/describe_kmp.h"

static const char *const ways[] = { "from a time towards the present",
                                    "from the last one read towards the present",
                                    "from a record towards the present",
                                    "from a time towards the past" };

static void
say_log (mw_say_out *d, mw_cur *c)
{
  unsigned log = mw_cur_u8 (c);
  const char *name = mw_kmp_log_name (log);
  if (!c->err)
    mw_say (d, c, "log %u: %s", log, name ? name : "not known here");
}

static void
say_sub (mw_say_out *d, mw_cur *c, unsigned way)
{
  unsigned sub = mw_cur_u8 (c);
  mw_say (d, c, "sub-code %02X: %s", sub, ways[way]);
}

static void
say_time (mw_say_out *d, mw_cur *c, const mw_civil *t)
{
  char text[MW_CIVIL_TEXT];
  mw_civil_format (t, text, sizeof text);
  mw_say (d, c, "time %s", text);
}

/* What follows the registers. */
static void
say_limits (mw_say_out *d, mw_cur *c, const mw_kmp_log_request *r)
{
  if (r->wide) {
    mw_cur_u16 (c);
    mw_say (d, c, "%u records at most", r->records);
    mw_cur_u32 (c);
    if (r->by == MW_KMP_FROM_ID)
      mw_say (d, c, "record %" PRIu32, r->record);
    else
      say_time (d, c, &r->time);
    return;
  }
  mw_cur_u8 (c);
  mw_say (d, c, "%u records at most", r->records);
  mw_cur_u8 (c);
  mw_say (d, c, "answer of %u octets at most", r->max_apdu);
  if (r->by == MW_KMP_FROM_TIME || r->by == MW_KMP_PAST_TIME) {
    mw_cur_skip (c, 8);
    say_time (d, c, &r->time);
  }
  if (r->by == MW_KMP_FROM_ID) {
    mw_cur_u16 (c);
    mw_say (d, c, "record %" PRIu32, r->record);
  }
  if (r->by == MW_KMP_PAST_TIME) {
    mw_cur_u16 (c);
    mw_say (d, c, "%u records further in the past", r->offset);
  }
}

bool
mw_kmp_say_log_request (mw_say_out *d, mw_cur *c, unsigned cid)
{
  mw_kmp_log_request r;
  enum mw_err e =
      mw_kmp_log_request_decode ((uint8_t) cid, (mw_span){ c->at, mw_cur_left (c) }, &r);
  if (e == MW_ERR_UNSUPPORTED)
    return false;
  if (r.wide && mw_cur_left (c))
    say_sub (d, c, r.by);
  say_log (d, c);
  unsigned n = mw_cur_u8 (c);
  if (!c->err)
    mw_say (d, c, "registers: %u", n);
  for (unsigned i = 0; i < r.n && !c->err; i++)
    mw_kmp_say_id (d, c);
  if (e)
    mw_cur_fail (c, e);
  else
    say_limits (d, c, &r);
  return true;
}

static void
say_info (mw_say_out *d, mw_cur *c, bool wide, uint16_t info)
{
  mw_cur_skip (c, wide ? 2 : 1);
  mw_say (d, c, "INFO:%s%s%s%s%s%s%s%s%s%s", info ? "" : " all is well",
          info & MW_KMP_INFO_EMPTY ? " the log is empty;" : "",
          info & MW_KMP_INFO_RANGE ? " outside the log;" : "",
          info & MW_KMP_INFO_LENGTH ? " more records follow;" : "",
          info & MW_KMP_INFO_END ? " the end was reached;" : "",
          info & MW_KMP_INFO_OLDEST ? " the oldest is among these;" : "",
          info & MW_KMP_INFO_UNSUPPORTED ? " a register is not logged;" : "",
          info & MW_KMP_INFO_INTERVAL ? " the interval changed;" : "",
          info & MW_KMP_INFO_FORMAT ? " the format changed;" : "",
          info & (MW_KMP_INFO_MEMORY | MW_KMP_INFO_REQUEST | MW_KMP_INFO_INTERNAL)
              ? " an error in the meter;"
              : "");
}

/* Every value: those of the first record with their formats, the others as what they come to.
 */
static void
say_records (mw_say_out *d, mw_cur *c, mw_kmp_log_answer *a)
{
  mw_kmp_value v;
  char text[MW_KMP_TEXT];
  bool starts, first = true;
  unsigned depth = d->depth;
  while (mw_kmp_log_answer_next (a, &v, &starts)) {
    if (starts) {
      d->depth = depth;
      if (!a->wide)
        mw_cur_u16 (c);
      else if (!first)
        mw_cur_skip (c, (a->n + 1u) / 2);
      mw_say_head (d, c, 0, "record %" PRIu32, a->record);
      if (c->at > d->said)
        mw_say (d, c, a->wide ? "lengths of the differences" : "record id");
    }
    if (!a->begun || (first && a->at == 0)) {
      mw_kmp_say_value (d, c);
      first = a->at != 0;
    } else {
      const char *name = mw_kmp_register_name (v.id);
      mw_cur_skip (c, (size_t) (a->body.at - c->at));
      mw_kmp_value_text (&v, text, sizeof text);
      mw_say (d, c, "%s%s%04X = %s", name ? name : "register", name ? ", " : " ",
              (unsigned) v.id, text);
    }
    if (a->body.at > c->at) { /* B8: behind the first record */
      mw_cur_skip (c, (size_t) (a->body.at - c->at));
      if (a->interval == 0xffff)
        mw_say (d, c, "no register steps by itself");
      else
        mw_say (d, c, "register %04X steps by %" PRIu32 " unless said otherwise", a->interval,
                a->step);
    }
  }
  d->depth = depth;
}

bool
mw_kmp_say_log_answer (mw_say_out *d, mw_cur *c, unsigned cid)
{
  mw_kmp_log_answer a;
  enum mw_err e =
      mw_kmp_log_answer_decode ((uint8_t) cid, (mw_span){ c->at, mw_cur_left (c) }, &a);
  if (e == MW_ERR_UNSUPPORTED)
    return false;
  size_t tail = a.wide ? 2 : 1;
  if (a.wide)
    say_sub (d, c,
             a.past                           ? MW_KMP_PAST_TIME
             : a.sub == MW_KMP_SUB_ID_PRESENT ? MW_KMP_FROM_ID
                                              : MW_KMP_FROM_TIME);
  if (!a.brief) {
    say_log (d, c);
    unsigned n = mw_cur_u8 (c);
    mw_say (d, c, "registers: %u", n);
    tail += 4;
  }
  if (e) {
    mw_cur_fail (c, e);
    return true;
  }
  if (a.wide && !a.brief) {
    mw_cur_u32 (c);
    mw_say (d, c, "first record %" PRIu32, a.first);
  }
  say_records (d, c, &a);
  size_t more = mw_cur_left (c) - tail;
  if (more) {
    mw_cur_skip (c, more);
    mw_say (d, c, "no records, what stands here has no meaning");
  }
  if (!a.brief && !a.wide) {
    mw_cur_u16 (c);
    mw_say (d, c, "last of these: record %" PRIu32, a.last);
  }
  if (!a.brief) {
    mw_cur_skip (c, a.wide ? 4 : 2);
    mw_say (d, c, "newest: record %" PRIu32, a.newest);
  }
  say_info (d, c, a.wide, a.info);
  return true;
}
