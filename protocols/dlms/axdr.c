/* axdr.c: COSEM data: types, single values read and written, dates.  See axdr.h; the readers of
 * whole values are axdr_scan.c, axdr_walk.c and axdr_table.c. */
#include "dlms/axdr.h"

#include "dlms/axdr_value.h"

const char *
mw_axdr_type_name (unsigned tag)
{
  switch (tag) {
#define MW_AXDR_ROW(number, symbol, name, size)                                                \
  case number:                                                                                 \
    return name;
    MW_AXDR_TYPES (MW_AXDR_ROW)
#undef MW_AXDR_ROW
  default:
    return NULL;
  }
}

int
mw_axdr_type_size (unsigned tag)
{
  switch (tag) {
#define MW_AXDR_ROW(number, symbol, name, size)                                                \
  case number:                                                                                 \
    return size;
    MW_AXDR_TYPES (MW_AXDR_ROW)
#undef MW_AXDR_ROW
  default:
    return -3;
  }
}

/* --- values as numbers -------------------------------------------------------------------- */

enum mw_err
mw_axdr_to_int (const mw_axdr_value *value, int64_t *out)
{
  switch (value->type) {
  case MW_AXDR_BOOLEAN:
  case MW_AXDR_UNSIGNED:
  case MW_AXDR_LONG_UNSIGNED:
  case MW_AXDR_DOUBLE_LONG_UNSIGNED:
  case MW_AXDR_LONG64_UNSIGNED:
  case MW_AXDR_DELTA_UNSIGNED:
  case MW_AXDR_DELTA_LONG_UNSIGNED:
  case MW_AXDR_DELTA_DOUBLE_LONG_UNSIGNED:
  case MW_AXDR_ENUM:
    *out = (int64_t) value->u;
    return value->u > INT64_MAX ? MW_ERR_VALUE : MW_OK;
  case MW_AXDR_BCD:
  case MW_AXDR_INTEGER:
  case MW_AXDR_LONG:
  case MW_AXDR_DOUBLE_LONG:
  case MW_AXDR_LONG64:
  case MW_AXDR_DELTA_INTEGER:
  case MW_AXDR_DELTA_LONG:
  case MW_AXDR_DELTA_DOUBLE_LONG:
    *out = value->i;
    return MW_OK;
  default:
    *out = 0;
    return MW_ERR_VALUE;
  }
}

/* F to as many decimals as bring the same F back, at most MOST. */
static enum mw_err
float_to_decimal (double f, bool single, int most, mw_decimal *out)
{
  double scale = 1;
  for (int decimals = 0;; decimals++, scale *= 10) {
    double scaled = f * scale;
    int64_t mantissa;
    double back;
    if (!(scaled > -9e17 && scaled < 9e17)) /* also refuses what is no number */
      return MW_ERR_VALUE;
    mantissa = (int64_t) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    back = (double) mantissa / scale;
    if (decimals == most || back == f || (single && (float) back == (float) f)) {
      out->mantissa = mantissa;
      out->exponent = (int8_t) -decimals;
      return MW_OK;
    }
  }
}

enum mw_err
mw_axdr_to_decimal (const mw_axdr_value *value, int exponent, unsigned unit, mw_decimal *out)
{
  enum mw_err err;
  mw_decimal d = { 0, 0, (uint8_t) unit };
  if (value->type == MW_AXDR_FLOAT64)
    err = float_to_decimal (value->f, false, 9, &d);
  else if (value->type == MW_AXDR_FLOAT32 || value->type == MW_AXDR_FLOATING_POINT)
    err = float_to_decimal (value->f, true, 6, &d);
  else
    err = mw_axdr_to_int (value, &d.mantissa);
  exponent += d.exponent;
  if (err)
    return err;
  if (exponent < -18 || exponent > 18)
    return MW_ERR_VALUE;
  d.exponent = (int8_t) exponent;
  *out = d;
  return MW_OK;
}

/* --- reading ------------------------------------------------------------------------------ */

uint32_t
mw_axdr_length (mw_cur *c)
{
  uint32_t len = 0;
  enum mw_err err = MW_ERR_SHORT;
  const uint8_t *next;
  if (c->err)
    return 0;
  next = axdr_load_length (c->at, c->end, &len, &err);
  if (!next) {
    mw_cur_fail (c, err);
    return 0;
  }
  c->at = next;
  return len;
}

void
mw_axdr_get_as (mw_cur *c, unsigned type, mw_axdr_value *out)
{
  enum mw_err err = MW_ERR_SHORT;
  const uint8_t *next;
  memset (out, 0, sizeof *out);
  out->type = (uint8_t) type;
  if (c->err)
    return;
  next = axdr_load (c->at, c->end, type, out, &err);
  if (next) {
    c->at = next;
    return;
  }
  memset (out, 0, sizeof *out);
  mw_cur_fail (c, err);
}

void
mw_axdr_get (mw_cur *c, mw_axdr_value *out)
{
  unsigned type = mw_cur_u8 (c);
  if (type != MW_AXDR_ARRAY && type != MW_AXDR_STRUCTURE) {
    mw_axdr_get_as (c, type, out);
    return;
  }
  memset (out, 0, sizeof *out);
  out->type = (uint8_t) type;
  out->len = mw_axdr_length (c);
}

uint32_t
mw_axdr_get_array (mw_cur *c)
{
  if (mw_cur_peek (c) != MW_AXDR_ARRAY)
    mw_cur_fail (c, mw_cur_left (c) ? MW_ERR_VALUE : MW_ERR_SHORT);
  mw_cur_u8 (c);
  return mw_axdr_length (c);
}

void
mw_axdr_get_structure (mw_cur *c, uint32_t elements)
{
  if (mw_cur_peek (c) != MW_AXDR_STRUCTURE)
    mw_cur_fail (c, mw_cur_left (c) ? MW_ERR_VALUE : MW_ERR_SHORT);
  mw_cur_u8 (c);
  if (mw_axdr_length (c) != elements)
    mw_cur_fail (c, MW_ERR_VALUE);
}

mw_span
mw_axdr_get_octets (mw_cur *c)
{
  mw_axdr_value v;
  mw_axdr_get (c, &v);
  if (v.type != MW_AXDR_OCTET_STRING)
    mw_cur_fail (c, MW_ERR_VALUE);
  return c->err ? (mw_span){ NULL, 0 } : (mw_span){ v.ptr, v.len };
}

int64_t
mw_axdr_get_int (mw_cur *c)
{
  mw_axdr_value v;
  int64_t n = 0;
  mw_axdr_get (c, &v);
  if (!c->err && mw_axdr_to_int (&v, &n))
    mw_cur_fail (c, MW_ERR_VALUE);
  return c->err ? 0 : n;
}

mw_obis
mw_axdr_get_obis (mw_cur *c)
{
  mw_obis o = { { 0 } };
  mw_span s = mw_axdr_get_octets (c);
  if (s.len != sizeof o.v) {
    mw_cur_fail (c, MW_ERR_VALUE);
    return o;
  }
  memcpy (o.v, s.ptr, sizeof o.v);
  return o;
}

mw_span
mw_axdr_take (mw_cur *c)
{
  mw_axdr_scan scan;
  size_t n;
  mw_axdr_scan_init (&scan);
  n = mw_axdr_scan_feed (&scan, c->at, mw_cur_left (c));
  if (!scan.done) {
    mw_cur_fail (c, scan.err ? scan.err : MW_ERR_SHORT);
    return (mw_span){ NULL, 0 };
  }
  return mw_cur_bytes (c, n);
}

/* --- date and time ------------------------------------------------------------------------ */

static bool
in_range (unsigned v, unsigned from, unsigned to)
{
  return v == MW_FIELD_ANY || (v >= from && v <= to);
}

static bool
date_is_possible (const mw_civil *t)
{
  bool month = in_range (t->month, 1, 12) || t->month == MW_MONTH_DST_BEGIN
               || t->month == MW_MONTH_DST_END;
  bool day = in_range (t->day, 1, 31) || t->day == MW_DAY_LAST || t->day == MW_DAY_SECOND_LAST;
  return month && day && in_range (t->weekday, 1, 7);
}

static void
read_date (mw_cur *c, mw_civil *t)
{
  t->year = mw_cur_u16 (c);
  t->month = mw_cur_u8 (c);
  t->day = mw_cur_u8 (c);
  t->weekday = mw_cur_u8 (c);
  if (!date_is_possible (t))
    mw_cur_fail (c, MW_ERR_VALUE);
}

static void
read_time (mw_cur *c, mw_civil *t)
{
  t->hour = mw_cur_u8 (c);
  t->minute = mw_cur_u8 (c);
  t->second = mw_cur_u8 (c);
  t->hundredths = mw_cur_u8 (c);
  if (!in_range (t->hour, 0, 23) || !in_range (t->minute, 0, 59) || !in_range (t->second, 0, 59)
      || !in_range (t->hundredths, 0, 99))
    mw_cur_fail (c, MW_ERR_VALUE);
}

/* Blue Book 4.1.6.1: minutes from local time to UTC, -720...+840; 8000h unspecified.  Both ends
 * are taken, whichever sign a meter means. */
static void
read_deviation (mw_cur *c, mw_civil *t)
{
  int deviation = (int16_t) mw_cur_u16 (c);
  t->deviation = MW_DEVIATION_ANY;
  if (deviation == INT16_MIN)
    return;
  if (deviation < -840 || deviation > 840)
    mw_cur_fail (c, MW_ERR_VALUE);
  else
    t->deviation = (int16_t) -deviation;
}

enum mw_err
mw_axdr_civil (const uint8_t *octets, size_t len, mw_civil *out)
{
  mw_cur c;
  mw_civil t = mw_civil_any ();
  mw_cur_init (&c, octets, len);
  if (len != 12 && len != 5 && len != 4)
    return MW_ERR_VALUE;
  if (len != 4)
    read_date (&c, &t);
  if (len != 5)
    read_time (&c, &t);
  if (len == 12) {
    read_deviation (&c, &t);
    t.status = mw_cur_u8 (&c);
  }
  if (!c.err)
    *out = t;
  return c.err;
}

enum mw_err
mw_axdr_to_civil (const mw_axdr_value *value, mw_civil *out)
{
  switch (value->type) {
  case MW_AXDR_OCTET_STRING:
  case MW_AXDR_DATE_TIME:
  case MW_AXDR_DATE:
  case MW_AXDR_TIME:
    return mw_axdr_civil (value->ptr, value->len, out);
  default:
    return MW_ERR_VALUE;
  }
}

void
mw_axdr_civil_octets (const mw_civil *t, uint8_t octets[12])
{
  mw_wr w;
  bool any = t->deviation == MW_DEVIATION_ANY;
  mw_wr_init (&w, octets, 12);
  mw_wr_u16 (&w, t->year);
  mw_wr_u8 (&w, t->month);
  mw_wr_u8 (&w, t->day);
  mw_wr_u8 (&w, t->weekday);
  mw_wr_u8 (&w, t->hour);
  mw_wr_u8 (&w, t->minute);
  mw_wr_u8 (&w, t->second);
  mw_wr_u8 (&w, t->hundredths);
  mw_wr_u16 (&w, (uint16_t) (any ? INT16_MIN : -t->deviation));
  mw_wr_u8 (&w, t->status);
}

/* --- writing ------------------------------------------------------------------------------ */

void
mw_axdr_put_length (mw_wr *w, uint32_t n)
{
  if (n < 0x80) {
    mw_wr_u8 (w, (uint8_t) n);
  } else if (n < 0x100) {
    mw_wr_u8 (w, 0x81);
    mw_wr_u8 (w, (uint8_t) n);
  } else if (n < 0x10000) {
    mw_wr_u8 (w, 0x82);
    mw_wr_u16 (w, (uint16_t) n);
  } else {
    mw_wr_u8 (w, 0x84);
    mw_wr_u32 (w, n);
  }
}

void
mw_axdr_put_null (mw_wr *w)
{
  mw_wr_u8 (w, MW_AXDR_NULL_DATA);
}

void
mw_axdr_put_array (mw_wr *w, uint32_t elements)
{
  mw_wr_u8 (w, MW_AXDR_ARRAY);
  mw_axdr_put_length (w, elements);
}

void
mw_axdr_put_structure (mw_wr *w, uint32_t elements)
{
  mw_wr_u8 (w, MW_AXDR_STRUCTURE);
  mw_axdr_put_length (w, elements);
}

void
mw_axdr_put_int (mw_wr *w, unsigned type, int64_t v)
{
  int size = mw_axdr_type_size (type);
  uint8_t *p;
  if (size < 0 || size > 8) {
    mw_wr_fail (w, MW_ERR_VALUE);
    return;
  }
  p = mw_wr_take (w, (size_t) size + 1);
  if (!p)
    return;
  *p = (uint8_t) type;
  for (int i = size; i > 0; i--, v >>= 8)
    p[i] = (uint8_t) v;
}

void
mw_axdr_put_bool (mw_wr *w, bool v)
{
  mw_axdr_put_int (w, MW_AXDR_BOOLEAN, v);
}

void
mw_axdr_put_u8 (mw_wr *w, uint8_t v)
{
  mw_axdr_put_int (w, MW_AXDR_UNSIGNED, v);
}

void
mw_axdr_put_u16 (mw_wr *w, uint16_t v)
{
  mw_axdr_put_int (w, MW_AXDR_LONG_UNSIGNED, v);
}

void
mw_axdr_put_u32 (mw_wr *w, uint32_t v)
{
  mw_axdr_put_int (w, MW_AXDR_DOUBLE_LONG_UNSIGNED, v);
}

void
mw_axdr_put_u64 (mw_wr *w, uint64_t v)
{
  mw_axdr_put_int (w, MW_AXDR_LONG64_UNSIGNED, (int64_t) v);
}

void
mw_axdr_put_i8 (mw_wr *w, int8_t v)
{
  mw_axdr_put_int (w, MW_AXDR_INTEGER, v);
}

void
mw_axdr_put_i16 (mw_wr *w, int16_t v)
{
  mw_axdr_put_int (w, MW_AXDR_LONG, v);
}

void
mw_axdr_put_i32 (mw_wr *w, int32_t v)
{
  mw_axdr_put_int (w, MW_AXDR_DOUBLE_LONG, v);
}

void
mw_axdr_put_i64 (mw_wr *w, int64_t v)
{
  mw_axdr_put_int (w, MW_AXDR_LONG64, v);
}

void
mw_axdr_put_enum (mw_wr *w, uint8_t v)
{
  mw_axdr_put_int (w, MW_AXDR_ENUM, v);
}

void
mw_axdr_put_float32 (mw_wr *w, float v)
{
  uint32_t bits;
  memcpy (&bits, &v, sizeof bits);
  mw_axdr_put_int (w, MW_AXDR_FLOAT32, bits);
}

void
mw_axdr_put_float64 (mw_wr *w, double v)
{
  int64_t bits;
  memcpy (&bits, &v, sizeof bits);
  mw_axdr_put_int (w, MW_AXDR_FLOAT64, bits);
}

void
mw_axdr_put_string (mw_wr *w, unsigned type, const void *data, size_t len)
{
  if (len > UINT32_MAX) {
    mw_wr_fail (w, MW_ERR_SPACE);
    return;
  }
  mw_wr_u8 (w, (uint8_t) type);
  mw_axdr_put_length (w, (uint32_t) len);
  mw_wr_bytes (w, data, len);
}

void
mw_axdr_put_octets (mw_wr *w, const void *data, size_t len)
{
  mw_axdr_put_string (w, MW_AXDR_OCTET_STRING, data, len);
}

void
mw_axdr_put_visible (mw_wr *w, const char *text)
{
  mw_axdr_put_string (w, MW_AXDR_VISIBLE_STRING, text, strlen (text));
}

void
mw_axdr_put_bits (mw_wr *w, const uint8_t *bytes, uint32_t bits)
{
  mw_wr_u8 (w, MW_AXDR_BIT_STRING);
  mw_axdr_put_length (w, bits);
  mw_wr_bytes (w, bytes, bits / 8 + (bits % 8 != 0));
}

void
mw_axdr_put_obis (mw_wr *w, mw_obis o)
{
  mw_axdr_put_octets (w, o.v, sizeof o.v);
}

void
mw_axdr_put_civil (mw_wr *w, const mw_civil *t)
{
  mw_axdr_put_civil_as (w, MW_AXDR_OCTET_STRING, 12, t);
}

void
mw_axdr_put_civil_as (mw_wr *w, unsigned type, size_t octets, const mw_civil *t)
{
  uint8_t all[12];
  int size = mw_axdr_type_size (type);
  mw_axdr_civil_octets (t, all);
  if (size > 0)
    octets = (size_t) size;
  if ((size <= 0 && type != MW_AXDR_OCTET_STRING)
      || (octets != 12 && octets != 5 && octets != 4)) {
    mw_wr_fail (w, MW_ERR_VALUE);
    return;
  }
  mw_wr_u8 (w, (uint8_t) type);
  if (size <= 0)
    mw_wr_u8 (w, (uint8_t) octets);
  mw_wr_bytes (w, octets == 4 ? all + 5 : all, octets);
}

static void
put_number (mw_wr *w, unsigned octets, uint64_t v)
{
  uint8_t *p = mw_wr_take (w, octets);
  for (unsigned i = octets; p && i > 0; i--, v >>= 8)
    p[i - 1] = (uint8_t) v;
}

void
mw_axdr_put_bare (mw_wr *w, const mw_axdr_value *v)
{
  int size = mw_axdr_type_size (v->type);
  uint32_t octets, bits;
  float f = (float) (size == 4 ? v->f : 0);
  if (size < -1) {
    mw_wr_fail (w, MW_ERR_VALUE);
  } else if (axdr_points (v, &octets)) {
    if (size < 0)
      mw_axdr_put_length (w, v->len);
    mw_wr_bytes (w, v->ptr, octets);
  } else if (v->type == MW_AXDR_FLOAT32 || v->type == MW_AXDR_FLOATING_POINT) {
    memcpy (&bits, &f, sizeof bits);
    put_number (w, 4, bits);
  } else {
    put_number (w, (unsigned) size, v->u); /* a float64's bits are those of u */
  }
}

void
mw_axdr_put (mw_wr *w, const mw_axdr_value *v)
{
  mw_wr_u8 (w, v->type);
  if (v->type == MW_AXDR_ARRAY || v->type == MW_AXDR_STRUCTURE)
    mw_axdr_put_length (w, v->len);
  else
    mw_axdr_put_bare (w, v);
}

void
mw_axdr_put_compact (mw_wr *w, const uint8_t *description, size_t octets, uint32_t contents)
{
  mw_wr_u8 (w, MW_AXDR_COMPACT_ARRAY);
  mw_wr_bytes (w, description, octets);
  mw_axdr_put_length (w, contents);
}
