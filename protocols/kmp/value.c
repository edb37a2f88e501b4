/* value.c: see value.h. */
#include "kmp/value.h"

#include <string.h>

static const struct unit_row {
  uint8_t number;
  uint8_t kind;
  uint8_t unit;
  int8_t prefix;
  const char *text;
} units[] = {
#define MW_KMP_UNIT_ROW(number, text, kind, unit, prefix)                                      \
  { number, MW_KMP_KIND_##kind, MW_UNIT_##unit, prefix, text },
#include "kmp/units.def"
};

#define N_UNITS (sizeof units / sizeof *units)

static const struct unit_row *
unit_row (unsigned unit)
{
  for (size_t i = 0; i < N_UNITS; i++)
    if (units[i].number == unit)
      return &units[i];
  return NULL;
}

const char *
mw_kmp_unit_text (unsigned unit)
{
  const struct unit_row *row = unit_row (unit);
  return row ? row->text : NULL;
}

enum mw_kmp_kind
mw_kmp_unit_kind (unsigned unit)
{
  const struct unit_row *row = unit_row (unit);
  return row ? (enum mw_kmp_kind) row->kind : MW_KMP_KIND_OCTETS;
}

uint8_t
mw_kmp_unit_for (unsigned unit, int prefix)
{
  for (size_t i = 0; i < N_UNITS; i++)
    if (units[i].kind == MW_KMP_KIND_NUMBER && units[i].unit == unit
        && units[i].prefix == prefix && unit != MW_UNIT_OTHER)
      return units[i].number;
  return 0;
}

/* --- the octets --- */

static void
decode (mw_cur *c, mw_kmp_value *out, bool four)
{
  out->id = mw_cur_u16 (c);
  out->unit = mw_cur_u8 (c);
  out->octets = mw_cur_u8 (c);
  if (four && (out->unit == MW_KMP_UNIT_TIME || out->unit == MW_KMP_UNIT_DATE))
    out->octets = 4;
  out->siex = mw_cur_u8 (c);
  mw_span data = mw_cur_bytes (c, out->octets);
  if (data.len > MW_KMP_VALUE_MAX)
    mw_cur_fail (c, MW_ERR_SPACE);
  if (c->err)
    out->octets = 0;
  else if (data.len)
    memcpy (out->data, data.ptr, data.len);
}

void
mw_kmp_value_decode (mw_cur *c, mw_kmp_value *out)
{
  decode (c, out, false);
}

void
mw_kmp_value_decode_four (mw_cur *c, mw_kmp_value *out)
{
  decode (c, out, true);
}

void
mw_kmp_value_encode (mw_wr *w, const mw_kmp_value *v)
{
  mw_wr_u16 (w, v->id);
  mw_wr_u8 (w, v->unit);
  mw_wr_u8 (w, v->octets);
  mw_wr_u8 (w, v->siex);
  mw_wr_bytes (w, v->data, v->octets);
}

bool
mw_kmp_same_format (const mw_kmp_value *a, const mw_kmp_value *b)
{
  return a->id == b->id && a->unit == b->unit && a->octets == b->octets && a->siex == b->siex;
}

enum mw_err
mw_kmp_value_bits (const mw_kmp_value *v, uint64_t *out)
{
  if (v->octets < 1 || v->octets > 8)
    return MW_ERR_VALUE;
  *out = 0;
  for (unsigned i = 0; i < v->octets; i++)
    *out = *out << 8 | v->data[i];
  return MW_OK;
}

static enum mw_err
put_integer (mw_kmp_value *v, uint64_t n, unsigned octets)
{
  if (octets < 1 || octets > 8 || (octets < 8 && n >> 8 * octets))
    return MW_ERR_VALUE;
  v->octets = (uint8_t) octets;
  for (unsigned i = 0; i < octets; i++)
    v->data[i] = (uint8_t) (n >> 8 * (octets - 1 - i));
  return MW_OK;
}

/* --- numbers --- */

enum { SIGN = 0x80, EXPONENT_SIGN = 0x40, EXPONENT = 0x3f };

enum mw_err
mw_kmp_value_raw (const mw_kmp_value *v, mw_kmp_number *out)
{
  int exponent = v->siex & EXPONENT;
  out->negative = v->siex & SIGN;
  out->exponent = v->siex & EXPONENT_SIGN ? -exponent : exponent;
  return mw_kmp_value_bits (v, &out->mantissa);
}

enum mw_err
mw_kmp_value_number (const mw_kmp_value *v, mw_decimal *out)
{
  const struct unit_row *row = unit_row (v->unit);
  mw_kmp_number n;
  if ((row && row->kind != MW_KMP_KIND_NUMBER) || mw_kmp_value_raw (v, &n))
    return MW_ERR_VALUE;
  int exponent = n.exponent + (row ? row->prefix : 0);
  if (n.mantissa > INT64_MAX || exponent < -18 || exponent > 18)
    return MW_ERR_VALUE;
  int64_t m = n.negative ? -(int64_t) n.mantissa : (int64_t) n.mantissa;
  *out = mw_decimal_of (m, exponent, row ? row->unit : MW_UNIT_NONE);
  return MW_OK;
}

enum mw_err
mw_kmp_put_raw (mw_kmp_value *v, uint8_t unit, mw_kmp_number n, unsigned octets)
{
  int amount = n.exponent < 0 ? -n.exponent : n.exponent;
  if (amount > EXPONENT)
    return MW_ERR_VALUE;
  v->unit = unit;
  v->siex = (uint8_t) ((n.negative ? SIGN : 0) | (n.exponent < 0 ? EXPONENT_SIGN : 0) | amount);
  return put_integer (v, n.mantissa, octets);
}

enum mw_err
mw_kmp_put_number (mw_kmp_value *v, mw_decimal d, uint8_t unit, int exponent, unsigned octets)
{
  const struct unit_row *row = unit_row (unit);
  int prefix = row ? row->prefix : 0;
  if (row && row->kind != MW_KMP_KIND_NUMBER)
    return MW_ERR_VALUE;
  enum mw_err e = mw_decimal_rescale (d, exponent + prefix, &d);
  if (e || d.mantissa == INT64_MIN)
    return MW_ERR_VALUE;
  bool negative = d.mantissa < 0;
  mw_kmp_number n = { negative, (uint64_t) (negative ? -d.mantissa : d.mantissa), exponent };
  return mw_kmp_put_raw (v, unit, n, octets);
}

/* --- times --- */

static bool
take_time (mw_civil *t, uint64_t hhmmss)
{
  if (hhmmss > 235959)
    return false;
  t->hour = (uint8_t) (hhmmss / 10000);
  t->minute = (uint8_t) (hhmmss / 100 % 100);
  t->second = (uint8_t) (hhmmss % 100);
  t->hundredths = 0;
  return t->minute < 60 && t->second < 60;
}

static bool
take_date (mw_civil *t, unsigned unit, uint64_t digits)
{
  uint64_t year = digits / 10000;
  if (year > (unit == MW_KMP_UNIT_LONG_DATE ? 9999 : unit == MW_KMP_UNIT_DATE ? 99 : 0))
    return false;
  t->month = (uint8_t) (digits / 100 % 100);
  t->day = (uint8_t) (digits % 100);
  if (unit != MW_KMP_UNIT_MONTH_DAY)
    t->year = (uint16_t) (unit == MW_KMP_UNIT_DATE ? 2000 + year : year);
  return t->month >= 1 && t->month <= 12 && t->day >= 1
         && t->day
                <= mw_days_in_month (unit == MW_KMP_UNIT_MONTH_DAY ? 2000 : t->year, t->month);
}

/* Flags of a clock: summer time, and whether it was ever set. */
static uint8_t
status_of (uint8_t flags)
{
  return (uint8_t) ((flags & MW_KMP_CLOCK_DST ? MW_CLOCK_DST : 0)
                    | (flags & MW_KMP_CLOCK_VALID ? 0 : MW_CLOCK_INVALID));
}

static uint8_t
flags_of (uint8_t status)
{
  if (status == MW_CLOCK_STATUS_ANY)
    return MW_KMP_CLOCK_VALID;
  return (uint8_t) ((status & MW_CLOCK_DST ? MW_KMP_CLOCK_DST : 0)
                    | (status & MW_CLOCK_INVALID ? 0 : MW_KMP_CLOCK_VALID));
}

/* flags wd ss mm hh DD MM YY, or flags YY MM DD hh mm ss. */
static bool
take_clock (mw_civil *t, const mw_kmp_value *v, bool calendar)
{
  const uint8_t *d = v->data;
  if (v->octets != (calendar ? 7 : 8))
    return false;
  *t = mw_civil_any ();
  t->status = status_of (d[0]);
  t->year = (uint16_t) (2000 + (calendar ? d[1] : d[7]));
  t->month = calendar ? d[2] : d[6];
  t->day = calendar ? d[3] : d[5];
  t->hour = d[4];
  t->minute = calendar ? d[5] : d[3];
  t->second = calendar ? d[6] : d[2];
  t->hundredths = 0;
  if (!calendar && d[1] >= 1 && d[1] <= 7)
    t->weekday = d[1];
  return t->year <= 2099 && mw_civil_is_complete (t);
}

static bool
take_date_time (mw_civil *t, const mw_kmp_value *v)
{
  if (v->octets != 5)
    return false;
  uint32_t s = (uint32_t) v->data[1] << 24 | (uint32_t) v->data[2] << 16
               | (uint32_t) v->data[3] << 8 | v->data[4];
  int64_t start = (int64_t) mw_days_from_date (2000, 1, 1) * 86400;
  *t = mw_civil_from_utc (start + s, 0, status_of (v->data[0]));
  t->deviation = MW_DEVIATION_ANY;
  return true;
}

enum mw_err
mw_kmp_value_civil (const mw_kmp_value *v, mw_civil *out)
{
  uint64_t digits = 0;
  bool possible = false;
  *out = mw_civil_any ();
  switch (mw_kmp_unit_kind (v->unit)) {
  case MW_KMP_KIND_TIME:
    possible = !mw_kmp_value_bits (v, &digits) && take_time (out, digits);
    break;
  case MW_KMP_KIND_DATE:
    possible = !mw_kmp_value_bits (v, &digits) && take_date (out, v->unit, digits);
    break;
  case MW_KMP_KIND_RTC:
    possible = take_clock (out, v, false);
    break;
  case MW_KMP_KIND_CALENDAR:
    possible = take_clock (out, v, true);
    break;
  case MW_KMP_KIND_DATE_TIME:
    possible = take_date_time (out, v);
    break;
  default:
    break;
  }
  return possible ? MW_OK : MW_ERR_VALUE;
}

static void
put_clock (mw_kmp_value *v, const mw_civil *t, bool calendar)
{
  uint8_t second = t->second == MW_FIELD_ANY ? 0 : t->second;
  uint8_t weekday =
      (uint8_t) mw_weekday_from_days (mw_days_from_date (t->year, t->month, t->day));
  uint8_t year = (uint8_t) (t->year - 2000);
  const uint8_t clock[8] = {
    flags_of (t->status), weekday, second, t->minute, t->hour, t->day, t->month, year
  };
  const uint8_t rows[7] = {
    flags_of (t->status), year, t->month, t->day, t->hour, t->minute, second
  };
  v->octets = calendar ? 7 : 8;
  memcpy (v->data, calendar ? rows : clock, v->octets);
}

static enum mw_err
put_date_time (mw_kmp_value *v, const mw_civil *t)
{
  int64_t s;
  enum mw_err e = mw_civil_to_local_seconds (t, &s);
  s -= (int64_t) mw_days_from_date (2000, 1, 1) * 86400;
  if (e || s < 0 || s > UINT32_MAX)
    return MW_ERR_VALUE;
  put_integer (v, (uint64_t) s, 5);
  v->data[0] = flags_of (t->status);
  return MW_OK;
}

enum mw_err
mw_kmp_put_civil (mw_kmp_value *v, uint8_t unit, const mw_civil *t)
{
  enum mw_kmp_kind kind = mw_kmp_unit_kind (unit);
  uint32_t date = t->month * 100u + t->day;
  unsigned second = t->second == MW_FIELD_ANY ? 0 : t->second;
  bool this_century = t->year >= 2000 && t->year <= 2099;
  v->unit = unit;
  v->siex = 0;
  if (kind == MW_KMP_KIND_TIME && t->hour <= 23 && t->minute <= 59 && second <= 59)
    return put_integer (v, t->hour * 10000u + t->minute * 100u + second, 4);
  if (kind == MW_KMP_KIND_DATE) {
    mw_civil check;
    if (unit == MW_KMP_UNIT_DATE && !this_century)
      return MW_ERR_VALUE;
    if (unit != MW_KMP_UNIT_MONTH_DAY && t->year > 9999)
      return MW_ERR_VALUE;
    if (unit != MW_KMP_UNIT_MONTH_DAY)
      date += (unit == MW_KMP_UNIT_DATE ? t->year - 2000u : t->year) * 10000u;
    put_integer (v, date, 4);
    return mw_kmp_value_civil (v, &check);
  }
  if (!mw_civil_is_complete (t) || !this_century)
    return MW_ERR_VALUE;
  if (kind == MW_KMP_KIND_RTC || kind == MW_KMP_KIND_CALENDAR) {
    put_clock (v, t, kind == MW_KMP_KIND_CALENDAR);
    return MW_OK;
  }
  return kind == MW_KMP_KIND_DATE_TIME ? put_date_time (v, t) : MW_ERR_VALUE;
}

/* --- the rest --- */

enum mw_err
mw_kmp_put_octets (mw_kmp_value *v, uint8_t unit, const void *data, size_t len)
{
  if (len > MW_KMP_VALUE_MAX)
    return MW_ERR_VALUE;
  v->unit = unit;
  v->siex = 0;
  v->octets = (uint8_t) len;
  if (len)
    memcpy (v->data, data, len);
  return MW_OK;
}

enum mw_err
mw_kmp_put_text (mw_kmp_value *v, const char *text, size_t len)
{
  return mw_kmp_put_octets (v, MW_KMP_UNIT_ASCII, text, len);
}

enum mw_err
mw_kmp_put_bits (mw_kmp_value *v, uint64_t bits, unsigned octets)
{
  v->unit = MW_KMP_UNIT_BITS;
  v->siex = 0;
  return put_integer (v, bits, octets);
}
