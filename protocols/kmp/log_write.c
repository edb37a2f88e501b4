/* log_write.c: making the answer to a request for a log; see log.h. */
#include <string.h>

#include "kmp/log_parts.h"

enum { NARROW_TAIL = 5, WIDE_TAIL = 6 };

void
mw_kmp_log_writer_begin (mw_kmp_log_writer *l, const mw_kmp_log_request *r, uint8_t *buf,
                         size_t cap, uint16_t interval, uint32_t step)
{
  static const uint8_t subs[] = { [MW_KMP_FROM_TIME] = MW_KMP_SUB_TIME_PRESENT,
                                  [MW_KMP_FROM_ID] = MW_KMP_SUB_ID_PRESENT,
                                  [MW_KMP_PAST_TIME] = MW_KMP_SUB_TIME_PAST };
  memset (l, 0, sizeof *l);
  l->request = *r;
  l->interval = r->wide && interval ? interval : MW_KMP_NO_INTERVAL;
  l->step = step;
  mw_wr_init (&l->w, buf, cap);
  mw_wr_u8 (&l->w, mw_kmp_log_cid (r));
  if (r->wide)
    mw_wr_u8 (&l->w, subs[r->by]);
  mw_wr_u8 (&l->w, r->log);
  l->count = mw_wr_take (&l->w, 1);
  if (l->count)
    *l->count = 0;
  if (r->wide)
    mw_wr_u32 (&l->w, 0);
}

/* Octets that V needs without its leading zeros. */
static unsigned
length_of (uint64_t v)
{
  unsigned n = 0;
  for (; v; v >>= 8)
    n++;
  return n;
}

static void
put_first (mw_kmp_log_writer *l, const mw_kmp_value *values)
{
  bool stepping = false;
  for (unsigned i = 0; i < l->n; i++) {
    mw_kmp_value_encode (&l->w, &values[i]);
    mw_kmp_log_keep (&l->format[i], &values[i]);
    stepping = stepping
               || (values[i].id == l->interval && mw_kmp_log_counts (&l->format[i])
                   && length_of (l->step) < values[i].octets);
  }
  if (!l->request.wide)
    return;
  if (!stepping)
    l->interval = MW_KMP_NO_INTERVAL;
  mw_wr_u16 (&l->w, l->interval);
  for (unsigned i = 0; i < l->n && stepping; i++)
    if (values[i].id == l->interval)
      for (unsigned k = values[i].octets; k--;)
        mw_wr_u8 (&l->w, k < 4 ? (uint8_t) (l->step >> 8 * k) : 0);
}

static bool
same_but_sign (const mw_kmp_log_format *f, const mw_kmp_value *v)
{
  return f->id == v->id && f->unit == v->unit && f->octets == v->octets
         && (f->siex & 0x7f) == (v->siex & 0x7f);
}

/* The half octet for V after F, and the difference it stands for; 7: the value itself. */
static uint8_t
compact (const mw_kmp_log_writer *l, const mw_kmp_log_format *f, const mw_kmp_value *v,
         uint64_t *difference)
{
  mw_kmp_log_format now = *f;
  if (!mw_kmp_log_counts (f))
    return 7;
  mw_kmp_log_keep (&now, v);
  if (now.flags != f->flags)
    return 7;
  int64_t step = now.number - f->number;
  *difference = (uint64_t) (step < 0 ? -step : step);
  uint8_t sign = step < 0 ? 8 : 0;
  if (f->id == l->interval && *difference == l->step && l->step)
    return sign;
  if (f->id == l->interval && !step)
    return 7; /* no octets would mean a step */
  unsigned n = length_of (*difference);
  return n < 7 ? (uint8_t) (sign | n) : 7;
}

static bool
put_compact (mw_kmp_log_writer *l, const mw_kmp_value *values)
{
  uint8_t *nibbles = mw_wr_take (&l->w, (l->n + 1u) / 2);
  if (!nibbles)
    return false;
  memset (nibbles, 0, (l->n + 1u) / 2);
  for (unsigned i = 0; i < l->n; i++) {
    mw_kmp_log_format *f = &l->format[i];
    uint64_t difference = 0;
    uint8_t nibble = compact (l, f, &values[i], &difference);
    if (nibble == 7 && (f->siex ^ values[i].siex) & 0x80)
      return false; /* the value itself has the sign of the first record */
    if (nibble == 7)
      mw_wr_bytes (&l->w, values[i].data, values[i].octets);
    else
      for (unsigned k = nibble & 7u; k--;)
        mw_wr_u8 (&l->w, (uint8_t) (difference >> 8 * k));
    nibbles[i / 2] = (uint8_t) (nibbles[i / 2] | nibble << (i % 2 ? 0 : 4));
  }
  return true;
}

static bool
put_next (mw_kmp_log_writer *l, uint32_t record, const mw_kmp_value *values)
{
  for (unsigned i = 0; i < l->n; i++) {
    const mw_kmp_log_format *f = &l->format[i];
    if (!same_but_sign (f, &values[i]) || (!l->request.wide && f->siex != values[i].siex))
      return false;
  }
  if (l->request.wide)
    return put_compact (l, values);
  mw_wr_u16 (&l->w, (uint16_t) record);
  for (unsigned i = 0; i < l->n; i++)
    mw_wr_bytes (&l->w, values[i].data, values[i].octets);
  return true;
}

static void
keep_all (mw_kmp_log_writer *l, const mw_kmp_value *values)
{
  for (unsigned i = 0; i < l->n; i++) {
    uint8_t siex = l->format[i].siex;
    mw_kmp_log_keep (&l->format[i], &values[i]);
    l->format[i].siex = siex; /* stays that of the first record */
  }
}

bool
mw_kmp_log_writer_add (mw_kmp_log_writer *l, uint32_t record, const mw_kmp_value *values,
                       unsigned n)
{
  mw_wr before = l->w;
  size_t tail = l->request.wide ? WIDE_TAIL : NARROW_TAIL;
  if (n < 1 || n > MW_KMP_LOG_REGISTERS || (l->records && n != l->n))
    return false;
  bool fits;
  if (!l->records) {
    l->n = (uint8_t) n;
    if (!l->request.wide)
      mw_wr_u16 (&l->w, (uint16_t) record);
    put_first (l, values);
    fits = true;
  } else {
    fits = put_next (l, record, values);
  }
  if (!fits || l->w.err || mw_wr_left (&l->w) < tail) {
    l->w = before;
    return false;
  }
  keep_all (l, values);
  if (!l->records)
    l->first = record;
  l->last = record;
  l->records++;
  *l->count = (uint8_t) n;
  return true;
}

mw_span
mw_kmp_log_writer_end (mw_kmp_log_writer *l, uint32_t newest, uint16_t info)
{
  uint16_t bits = mw_kmp_info_to_wire (l->request.wide, info);
  uint32_t last = l->records ? l->last : newest;
  if (!l->request.wide) {
    mw_wr_u16 (&l->w, (uint16_t) last);
    mw_wr_u16 (&l->w, (uint16_t) newest);
    mw_wr_u8 (&l->w, (uint8_t) bits);
    return mw_wr_done (&l->w);
  }
  mw_wr id;
  if (!l->w.err) {
    mw_wr_init (&id, l->count + 1, 4);
    mw_wr_u32 (&id, l->records ? l->first : 0);
  }
  mw_wr_u32 (&l->w, newest);
  mw_wr_u16 (&l->w, bits);
  return mw_wr_done (&l->w);
}
