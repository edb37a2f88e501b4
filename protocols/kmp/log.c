/* log.c: requests for logs, and reading their answers; see log.h. */
#include "kmp/log.h"

#include <string.h>

#include "kmp/log_parts.h"

static const struct {
  uint16_t flag, narrow, wide;
} infos[] = {
  { MW_KMP_INFO_EMPTY, 0x01, 0x0001 },  { MW_KMP_INFO_RANGE, 0x04, 0x0002 },
  { MW_KMP_INFO_LENGTH, 0x08, 0x0010 }, { MW_KMP_INFO_END, 0x10, 0x0040 },
  { MW_KMP_INFO_INTERVAL, 0, 0x0004 },  { MW_KMP_INFO_UNSUPPORTED, 0, 0x0008 },
  { MW_KMP_INFO_FORMAT, 0, 0x0020 },    { MW_KMP_INFO_OLDEST, 0, 0x0080 },
  { MW_KMP_INFO_MEMORY, 0, 0x0100 },    { MW_KMP_INFO_REQUEST, 0, 0x0200 },
  { MW_KMP_INFO_INTERNAL, 0, 0x0400 },
};

static uint16_t
info_from_wire (bool wide, uint16_t bits)
{
  uint16_t info = 0;
  for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
    if (bits & (wide ? infos[i].wide : infos[i].narrow))
      info = (uint16_t) (info | infos[i].flag);
  return info;
}

uint16_t
mw_kmp_info_to_wire (bool wide, uint16_t info)
{
  uint16_t bits = 0;
  for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
    if (info & infos[i].flag)
      bits = (uint16_t) (bits | (wide ? infos[i].wide : infos[i].narrow));
  return bits;
}

/* --- requests --- */

static uint32_t
seconds_of (const mw_civil *t)
{
  int64_t s;
  if (mw_civil_to_local_seconds (t, &s))
    return 0;
  s -= (int64_t) mw_days_from_date (2000, 1, 1) * 86400;
  return s < 0 ? 0 : s > UINT32_MAX ? UINT32_MAX : (uint32_t) s;
}

static void
put_time (mw_wr *w, const mw_civil *t)
{
  uint8_t bytes[8] = { 0, 1, 1, 0, 0, 0, 0, 0 }; /* weekday and info are not used (4.3) */
  if (mw_civil_is_complete (t) && t->year >= 2000 && t->year <= 2099) {
    bytes[0] = (uint8_t) (t->year - 2000);
    bytes[1] = t->month;
    bytes[2] = t->day;
    bytes[3] = t->hour;
    bytes[4] = t->minute;
    bytes[5] = t->second == MW_FIELD_ANY ? 0 : t->second;
  }
  mw_wr_bytes (w, bytes, sizeof bytes);
}

static const uint8_t sub_of[] = { [MW_KMP_FROM_TIME] = MW_KMP_SUB_TIME_PRESENT,
                                  [MW_KMP_FROM_ID] = MW_KMP_SUB_ID_PRESENT,
                                  [MW_KMP_PAST_TIME] = MW_KMP_SUB_TIME_PAST };

uint8_t
mw_kmp_log_cid (const mw_kmp_log_request *r)
{
  return r->wide ? MW_KMP_LOGGER : (uint8_t) (MW_KMP_LOG_TIME_PRESENT + r->by);
}

void
mw_kmp_log_request_encode (mw_wr *w, const mw_kmp_log_request *r)
{
  mw_wr_u8 (w, mw_kmp_log_cid (r));
  if (r->wide)
    mw_wr_u8 (w, sub_of[r->by]);
  mw_wr_u8 (w, r->log);
  mw_wr_u8 (w, r->n);
  for (unsigned i = 0; i < r->n; i++)
    mw_wr_u16 (w, r->ids[i]);
  if (r->wide) {
    mw_wr_u16 (w, r->records);
    mw_wr_u32 (w, r->by == MW_KMP_FROM_ID ? r->record : seconds_of (&r->time));
    return;
  }
  mw_wr_u8 (w, (uint8_t) r->records);
  mw_wr_u8 (w, r->max_apdu);
  if (r->by == MW_KMP_FROM_TIME || r->by == MW_KMP_PAST_TIME)
    put_time (w, &r->time);
  if (r->by == MW_KMP_FROM_ID)
    mw_wr_u16 (w, (uint16_t) r->record);
  if (r->by == MW_KMP_PAST_TIME)
    mw_wr_u16 (w, r->offset);
}

static void
take_time (mw_cur *c, mw_civil *t)
{
  mw_span s = mw_cur_bytes (c, 8);
  *t = mw_civil_any ();
  if (!s.len)
    return;
  t->year = (uint16_t) (2000 + s.ptr[0]);
  t->month = s.ptr[1];
  t->day = s.ptr[2];
  t->hour = s.ptr[3];
  t->minute = s.ptr[4];
  t->second = s.ptr[5];
  if (t->year > 2099 || !mw_civil_is_complete (t))
    mw_cur_fail (c, MW_ERR_VALUE);
}

/* What follows the registers of B8. */
static void
take_wide (mw_cur *c, mw_kmp_log_request *out)
{
  out->records = mw_cur_u16 (c);
  uint32_t last = mw_cur_u32 (c);
  out->record = last;
  out->time = mw_civil_from_utc ((int64_t) mw_days_from_date (2000, 1, 1) * 86400 + last, 0, 0);
  out->time.deviation = MW_DEVIATION_ANY;
}

static bool
choose (uint8_t cid, mw_cur *c, mw_kmp_log_request *out)
{
  out->wide = cid == MW_KMP_LOGGER;
  if (!out->wide) {
    out->by = (uint8_t) (cid - MW_KMP_LOG_TIME_PRESENT);
    return cid >= MW_KMP_LOG_TIME_PRESENT && cid <= MW_KMP_LOG_TIME_PAST;
  }
  uint8_t sub = mw_cur_u8 (c);
  out->by = sub == MW_KMP_SUB_ID_PRESENT  ? MW_KMP_FROM_ID
            : sub == MW_KMP_SUB_TIME_PAST ? MW_KMP_PAST_TIME
                                          : MW_KMP_FROM_TIME;
  return !c->err && sub == sub_of[out->by];
}

enum mw_err
mw_kmp_log_request_decode (uint8_t cid, mw_span data, mw_kmp_log_request *out)
{
  mw_cur c = mw_cur_of (data);
  memset (out, 0, sizeof *out);
  out->time = mw_civil_any ();
  if (!choose (cid, &c, out))
    return c.err ? c.err : MW_ERR_UNSUPPORTED;
  out->log = mw_cur_u8 (&c);
  out->n = mw_cur_u8 (&c);
  if (out->n > (out->wide ? MW_KMP_LOG_REGISTERS : MW_KMP_LOG_REGISTERS_A))
    mw_cur_fail (&c, MW_ERR_VALUE);
  for (unsigned i = 0; i < out->n && !c.err; i++)
    out->ids[i] = mw_cur_u16 (&c);
  if (out->wide) {
    take_wide (&c, out);
    return mw_cur_end (&c);
  }
  out->records = mw_cur_u8 (&c);
  out->max_apdu = mw_cur_u8 (&c);
  if (out->by == MW_KMP_FROM_TIME || out->by == MW_KMP_PAST_TIME)
    take_time (&c, &out->time);
  if (out->by == MW_KMP_FROM_ID)
    out->record = mw_cur_u16 (&c);
  if (out->by == MW_KMP_PAST_TIME)
    out->offset = mw_cur_u16 (&c);
  return mw_cur_end (&c);
}

/* --- numbers that differences are added to --- */

bool
mw_kmp_log_counts (const mw_kmp_log_format *f)
{
  enum mw_kmp_kind kind = mw_kmp_unit_kind (f->unit);
  if (kind == MW_KMP_KIND_DATE_TIME)
    return f->octets == 5;
  bool number = kind == MW_KMP_KIND_NUMBER || kind == MW_KMP_KIND_TIME
                || kind == MW_KMP_KIND_DATE || kind == MW_KMP_KIND_BITS;
  return number && f->octets >= 1 && f->octets <= 7;
}

static bool
has_flags (const mw_kmp_log_format *f)
{
  return mw_kmp_unit_kind (f->unit) == MW_KMP_KIND_DATE_TIME;
}

void
mw_kmp_log_keep (mw_kmp_log_format *f, const mw_kmp_value *v)
{
  uint64_t n = 0;
  f->id = v->id;
  f->unit = v->unit;
  f->octets = v->octets;
  f->siex = v->siex;
  if (!mw_kmp_log_counts (f))
    return;
  for (unsigned i = has_flags (f) ? 1 : 0; i < v->octets; i++)
    n = n << 8 | v->data[i];
  f->flags = has_flags (f) ? v->data[0] : 0;
  f->number = v->siex & 0x80 ? -(int64_t) n : (int64_t) n;
}

/* The value that F's number is now. */
static void
rebuild (mw_cur *c, const mw_kmp_log_format *f, mw_kmp_value *out)
{
  uint64_t n = (uint64_t) (f->number < 0 ? -f->number : f->number);
  unsigned from = has_flags (f) ? 1 : 0;
  if (n >> 8 * (f->octets - from) || (from && f->number < 0)) {
    mw_cur_fail (c, MW_ERR_VALUE);
    return;
  }
  out->siex = (uint8_t) ((f->siex & 0x7f) | (f->number < 0 ? 0x80 : 0));
  out->data[0] = f->flags;
  for (unsigned i = from; i < f->octets; i++)
    out->data[i] = (uint8_t) (n >> 8 * (f->octets - 1 - i));
}

/* --- answers --- */

static void
take_full (mw_kmp_log_answer *a, mw_kmp_log_format *f, mw_kmp_value *out)
{
  f->full = mw_cur_bytes (&a->body, f->octets);
  if (f->full.len)
    memcpy (out->data, f->full.ptr, f->full.len);
  if (!a->body.err)
    mw_kmp_log_keep (f, out);
}

static void
take_difference (mw_kmp_log_answer *a, mw_kmp_log_format *f, mw_kmp_value *out, uint8_t nibble)
{
  mw_span s = mw_cur_bytes (&a->body, nibble & 7u);
  int64_t step = 0; /* six octets at most */
  for (size_t i = 0; i < s.len; i++)
    step = step * 256 + s.ptr[i];
  if (!mw_kmp_log_counts (f)) { /* the same again, or nothing that is known */
    if (s.len)
      mw_cur_fail (&a->body, MW_ERR_VALUE);
    else if (f->octets)
      memcpy (out->data, f->full.ptr, f->octets);
    return;
  }
  if (!s.len && f->id == a->interval)
    step = a->step;
  f->number += nibble & 8u ? -step : step;
  rebuild (&a->body, f, out);
}

/* B8: after the first record stands which register steps by itself, and by how much. */
static void
take_interval (mw_kmp_log_answer *a)
{
  a->interval = MW_KMP_NO_INTERVAL;
  if (!mw_cur_left (&a->body))
    return;
  uint16_t id = mw_cur_u16 (&a->body);
  for (unsigned i = 0; i < a->n; i++)
    if (a->format[i].id == id && id != MW_KMP_NO_INTERVAL
        && mw_kmp_log_counts (&a->format[i])) {
      mw_span s = mw_cur_bytes (&a->body, a->format[i].octets);
      uint64_t step = 0;
      for (size_t k = has_flags (&a->format[i]) ? 1 : 0; k < s.len; k++)
        step = step << 8 | s.ptr[k];
      if (step > UINT32_MAX)
        mw_cur_fail (&a->body, MW_ERR_VALUE);
      a->interval = id;
      a->step = (uint32_t) step;
      return;
    }
  if (id != MW_KMP_NO_INTERVAL)
    mw_cur_fail (&a->body, MW_ERR_VALUE);
}

/* The id, and with B8 the lengths, that a record begins with. */
static void
begin_record (mw_kmp_log_answer *a)
{
  if (!a->wide) {
    a->record = mw_cur_u16 (&a->body);
  } else if (!a->begun) {
    a->record = a->first;
  } else {
    a->record += a->past ? UINT32_MAX : 1;
    for (unsigned i = 0; i < (a->n + 1u) / 2; i++)
      a->nibbles[i] = mw_cur_u8 (&a->body);
  }
}

bool
mw_kmp_log_answer_next (mw_kmp_log_answer *a, mw_kmp_value *out, bool *starts)
{
  if (a->at == 0 && (!a->n || !mw_cur_left (&a->body)))
    return false;
  *starts = a->at == 0;
  if (*starts)
    begin_record (a);
  mw_kmp_log_format *f = &a->format[a->at];
  if (!a->begun) {
    mw_kmp_value_decode (&a->body, out);
    f->full = (mw_span){ a->body.at - out->octets, out->octets };
    mw_kmp_log_keep (f, out);
  } else {
    uint8_t nibble = (uint8_t) (a->nibbles[a->at / 2] >> (a->at % 2 ? 0 : 4) & 15);
    out->id = f->id;
    out->unit = f->unit;
    out->octets = f->octets;
    out->siex = f->siex;
    if (a->wide && (nibble & 7u) < 7)
      take_difference (a, f, out, nibble);
    else
      take_full (a, f, out);
  }
  if (++a->at == a->n) {
    a->at = 0;
    if (!a->begun && a->wide)
      take_interval (a);
    a->begun = true;
  }
  return !a->body.err;
}

/* Run through the answer once, so that nothing false is handed out. */
static enum mw_err
check (mw_kmp_log_answer *a)
{
  mw_kmp_log_answer copy = *a;
  mw_kmp_value v;
  bool starts;
  while (mw_kmp_log_answer_next (&copy, &v, &starts)) {
    a->records = (uint16_t) (a->records + starts);
    if (starts && a->records == 1)
      a->first = copy.record;
  }
  if (!copy.body.err && copy.at)
    return MW_ERR_SHORT;
  return copy.body.err;
}

/* Log, registers, body and tail; SHORTEST without a record. */
static enum mw_err
split (mw_kmp_log_answer *a, mw_span data, size_t head, size_t tail)
{
  if (data.len < head + tail) { /* an error: INFO is always the last there is (6.3.1) */
    a->brief = true;
    size_t octets = a->wide ? 2 : 1;
    if (data.len < octets)
      return MW_ERR_SHORT;
    mw_cur end = mw_cur_of ((mw_span){ data.ptr + data.len - octets, octets });
    a->info = info_from_wire (a->wide, a->wide ? mw_cur_u16 (&end) : mw_cur_u8 (&end));
    return MW_OK;
  }
  mw_cur c = mw_cur_of (data);
  a->log = mw_cur_u8 (&c);
  a->n = mw_cur_u8 (&c);
  if (a->n > MW_KMP_LOG_REGISTERS)
    return MW_ERR_VALUE;
  if (a->wide)
    a->first = mw_cur_u32 (&c);
  a->body = mw_cur_of (mw_cur_bytes (&c, mw_cur_left (&c) - tail));
  if (!a->wide)
    a->last = mw_cur_u16 (&c);
  a->newest = a->wide ? mw_cur_u32 (&c) : mw_cur_u16 (&c);
  a->info = info_from_wire (a->wide, a->wide ? mw_cur_u16 (&c) : mw_cur_u8 (&c));
  if (a->info & (MW_KMP_INFO_EMPTY | MW_KMP_INFO_RANGE) && !a->n)
    a->body.at = a->body.end; /* what else stands there may vary */
  return mw_cur_end (&c);
}

enum mw_err
mw_kmp_log_answer_decode (uint8_t cid, mw_span data, mw_kmp_log_answer *out)
{
  memset (out, 0, sizeof *out);
  out->body = mw_cur_of (data);
  out->wide = cid == MW_KMP_LOGGER;
  out->past = cid == MW_KMP_LOG_TIME_PAST;
  out->interval = MW_KMP_NO_INTERVAL;
  if (out->wide) {
    if (!data.len)
      return MW_ERR_SHORT;
    out->sub = data.ptr[0];
    out->past = out->sub == MW_KMP_SUB_TIME_PAST;
    if (out->sub != MW_KMP_SUB_TIME_PRESENT && out->sub != MW_KMP_SUB_ID_PRESENT && !out->past)
      return MW_ERR_UNSUPPORTED;
    data.ptr++;
    data.len--;
  } else if (cid < MW_KMP_LOG_TIME_PRESENT || cid > MW_KMP_LOG_TIME_PAST) {
    return MW_ERR_UNSUPPORTED;
  }
  enum mw_err e = split (out, data, out->wide ? 6 : 2, out->wide ? 6 : 5);
  if (e || out->brief)
    return e;
  e = out->n || out->body.at == out->body.end ? check (out) : MW_ERR_VALUE;
  if (out->info & (MW_KMP_INFO_EMPTY | MW_KMP_INFO_RANGE) && e) {
    out->body.at = out->body.end; /* with an error the rest may be anything (6.3.1) */
    out->records = 0;
    e = MW_OK;
  }
  return e;
}
