/* register.c: values of the core as registers show them, and registers being written. */
#include "models/kamstrup/kamstrup.h"

#include <string.h>

/* --- numbers --------------------------------------------------------------------------------
 */

int
mw_kamstrup_prefix (uint8_t unit, unsigned *base)
{
  mw_kmp_value one;
  mw_decimal d = mw_decimal_of (1, 0, MW_UNIT_NONE);
  (void) mw_kmp_put_raw (&one, unit, (mw_kmp_number){ false, 1, 0 }, 1);
  if (mw_kmp_value_number (&one, &d) != MW_OK)
    d = mw_decimal_of (1, 0, MW_UNIT_NONE);
  if (base)
    *base = d.unit;
  return d.exponent;
}

/* N × 10^-DOWN, cut off towards zero. */
static uint64_t
shifted (uint64_t n, int down)
{
  for (; down > 0 && n; down--)
    n /= 10;
  for (; down < 0; down++)
    n *= 10;
  return n;
}

static uint64_t
magnitude (int64_t n)
{
  return n < 0 ? (uint64_t) - (n + 1) + 1 : (uint64_t) n;
}

/* What does not fit begins at zero again, as the digits of a counter do. */
static uint64_t
wrapped (uint64_t n, unsigned octets)
{
  return octets < 8 ? n & ((UINT64_C (1) << 8 * octets) - 1) : n;
}

static enum mw_err
show_number (const mw_kregister *r, const mw_kvalue *v, mw_kmp_value *out)
{
  int down = r->exponent + mw_kamstrup_prefix (r->unit, NULL) - v->exponent;
  uint64_t n = wrapped (shifted (magnitude (v->number), down), r->octets);
  mw_kmp_number raw = { v->number < 0 && n, n, r->exponent };
  return mw_kmp_put_raw (out, r->unit, raw, r->octets);
}

/* --- times ----------------------------------------------------------------------------------
 */

/* The local time of the meter now has its daylight saving; what is logged is normal time. */
static mw_civil
civil_of (const mw_kamstrup *m, const mw_kvalue *v, bool normal)
{
  mw_stamp stamp = { .utc = v->number, .status = v->status };
  const mw_clock *clock = &m->k->m.st.clock;
  if (!normal)
    return mw_clock_civil (&m->k->m, stamp);
  return mw_civil_from_utc (v->number, clock->zone_min, (uint8_t) (v->status & ~MW_CLOCK_DST));
}

static bool
never (const mw_kvalue *v)
{
  return v->kind == MW_KVALUE_RTC && v->status == MW_CLOCK_STATUS_ANY;
}

static enum mw_err
show_clock (const mw_kamstrup *m, const mw_kregister *r, const mw_kvalue *v, bool normal,
            mw_kmp_value *out)
{
  static const uint8_t zeros[16];
  if (v->kind != MW_KVALUE_RTC)
    return MW_ERR_UNSUPPORTED;
  if (never (v))
    return mw_kmp_put_octets (out, r->unit, zeros, r->octets < 16 ? r->octets : 16);
  mw_civil t = civil_of (m, v, normal);
  return mw_kmp_put_civil (out, r->unit, &t);
}

/* hhmmss or yymmdd as decimal digits, of a clock or of a number that has them already. */
static enum mw_err
show_digits (const mw_kamstrup *m, const mw_kregister *r, const mw_kvalue *v, bool normal,
             mw_kmp_value *out)
{
  uint64_t n = magnitude (v->number);
  bool date = r->kind == MW_KKIND_DATE;
  if (v->kind == MW_KVALUE_RTC) {
    mw_civil t = civil_of (m, v, normal);
    n = never (v) ? 0
        : date    ? t.year * UINT64_C (10000) + t.month * 100u + t.day
                  : t.hour * UINT64_C (10000) + t.minute * 100u + t.second;
  }
  if (date && r->unit == MW_KMP_UNIT_DATE)
    n %= 1000000; /* two digits of the year */
  return mw_kmp_put_raw (out, r->unit, (mw_kmp_number){ false, n, 0 }, r->octets);
}

/* --- texts ----------------------------------------------------------------------------------
 */

static enum mw_err
show_octets (const mw_kregister *r, const mw_kvalue *v, mw_kmp_value *out)
{
  uint8_t octets[MW_KMP_VALUE_MAX];
  unsigned n = v->len < r->octets ? v->len : r->octets;
  if (v->kind != MW_KVALUE_TEXT && v->kind != MW_KVALUE_OCTETS)
    return MW_ERR_UNSUPPORTED;
  memset (octets, r->kind == MW_KKIND_TEXT ? ' ' : 0, sizeof octets);
  memcpy (octets, v->octets, n);
  return mw_kmp_put_octets (out, r->unit, octets, r->octets);
}

/* A number as text: so many digits as there is room. */
static enum mw_err
show_number_as_text (const mw_kregister *r, const mw_kvalue *v, mw_kmp_value *out)
{
  uint8_t digits[MW_KMP_VALUE_MAX];
  uint64_t n = magnitude (v->number);
  for (unsigned i = r->octets; i > 0; i--, n /= 10)
    digits[i - 1] = (uint8_t) ('0' + n % 10);
  return mw_kmp_put_octets (out, r->unit, digits, r->octets);
}

/* --- reading --------------------------------------------------------------------------------
 */

enum mw_err
mw_kamstrup_show (const mw_kamstrup *m, const mw_kregister *r, const mw_kvalue *v, bool logged,
                  mw_kmp_value *out)
{
  enum mw_err err = MW_ERR_UNSUPPORTED;
  bool numeric = v->kind != MW_KVALUE_TEXT && v->kind != MW_KVALUE_OCTETS;
  bool normal = logged || r->bind != MW_KV_RTC;
  switch (r->kind) {
  case MW_KKIND_NUMBER:
  case MW_KKIND_ENUM:
    if (numeric && v->kind != MW_KVALUE_RTC)
      err = show_number (r, v, out);
    break;
  case MW_KKIND_BITS:
    if (numeric)
      err = mw_kmp_put_raw (
          out, r->unit, (mw_kmp_number){ false, wrapped ((uint64_t) v->number, r->octets), 0 },
          r->octets);
    break;
  case MW_KKIND_TIME:
  case MW_KKIND_DATE:
    if (numeric)
      err = show_digits (m, r, v, normal, out);
    break;
  case MW_KKIND_RTC:
    err = show_clock (m, r, v, normal, out);
    break;
  case MW_KKIND_TEXT:
    err = numeric ? show_number_as_text (r, v, out) : show_octets (r, v, out);
    break;
  default:
    err = show_octets (r, v, out);
  }
  out->id = r->id;
  return err;
}

/* Properties of a log: how many entries it can hold, and its columns besides the clock. */
static enum mw_err
log_property (const mw_kamstrup *m, uint16_t bind, mw_kvalue *out)
{
  enum mw_klog log = (enum mw_klog) (bind & 0xffu);
  const mw_klogger *logger = mw_klogger_of_id (m->p, log);
  if (!logger || mw_klog_n (m->k, log) == 0)
    return MW_ERR_UNSUPPORTED;
  *out = (mw_kvalue){ .kind = MW_KVALUE_NUMBER, .unit = MW_UNIT_NONE };
  if (bind == MW_KBIND_DEPTH (log)) {
    out->number = mw_klog_depth (m->k, log);
    return MW_OK;
  }
  out->kind = MW_KVALUE_OCTETS;
  for (unsigned i = 0; i < mw_klog_n (m->k, log) && out->len + 2u <= MW_KOCTETS_MAX; i++) {
    const mw_kregister *r = mw_kamstrup_log_register (m, logger, i);
    if (!r || r->bind == MW_KV_RTC)
      continue;
    out->octets[out->len++] = (uint8_t) (r->id >> 8);
    out->octets[out->len++] = (uint8_t) r->id;
  }
  return MW_OK;
}

enum mw_err
mw_kamstrup_value (const mw_kamstrup *m, const mw_kregister *r, mw_kvalue *out)
{
  if (r->bind >= MW_KBIND_DEPTH (0))
    return log_property (m, r->bind, out);
  return mw_kmeter_value (m->k, r->bind, out);
}

enum mw_err
mw_kamstrup_read (const mw_kamstrup *m, const mw_kregister *r, mw_kmp_value *out)
{
  mw_kvalue v;
  enum mw_err err = mw_kamstrup_value (m, r, &v);
  return err ? err : mw_kamstrup_show (m, r, &v, false, out);
}

/* 2000-01-01T00:00:00Z to 2099-12-31T00:00:00Z: what a record's time and two digits of a year
 * hold in every time zone. */
#define CLOCK_FIRST INT64_C (946684800)
#define CLOCK_LAST INT64_C (4102358400)

/* --- writing --------------------------------------------------------------------------------
 */

bool
mw_kamstrup_password_is (const mw_kamstrup *m, uint32_t password)
{
  return (int64_t) password == mw_kmeter_number (m->k, MW_KV_PASSWORD);
}

bool
mw_kamstrup_password_text (const mw_kamstrup *m, mw_span text)
{
  uint32_t n = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9' || i >= 8)
      return false;
    n = n * 10 + (uint32_t) (text.ptr[i] - '0');
  }
  return text.len > 0 && mw_kamstrup_password_is (m, n);
}

bool
mw_kamstrup_set_utc (mw_kamstrup *m, int64_t utc)
{
  if (utc < CLOCK_FIRST || utc > CLOCK_LAST)
    return false;
  mw_kmeter_set_clock (m->k, utc);
  return true;
}

bool
mw_kamstrup_set_clock (mw_kamstrup *m, const mw_civil *local)
{
  int64_t seconds;
  return mw_civil_to_local_seconds (local, &seconds) == MW_OK
         && mw_kamstrup_set_utc (m, mw_clock_utc_of_local (&m->k->m, seconds));
}

static bool
in_range (const mw_kregister *r, int64_t mantissa)
{
  const mw_klimit *limit = &mw_klimits[r->limit];
  bool chosen = limit->n_choices == 0;
  if (r->limit == 0)
    return true;
  for (unsigned i = 0; i < limit->n_choices; i++)
    chosen = chosen || mw_kchoices[limit->choices + i] == mantissa;
  return mantissa >= limit->least && mantissa <= limit->most && chosen;
}

/* A number in any exponent in which it can be said exactly. */
static enum mw_err
write_number (mw_kamstrup *m, const mw_kregister *r, const mw_kmp_value *v)
{
  const mw_kvalue_info *info = mw_kvalue_info_of (r->bind);
  mw_kmp_number n;
  mw_decimal d, own;
  enum mw_err err = v->unit == r->unit ? mw_kmp_value_raw (v, &n) : MW_ERR_VALUE;
  if (err || !info || n.mantissa > INT64_MAX || n.exponent < -18 || n.exponent > 18)
    return err ? err : MW_ERR_VALUE;
  int64_t mantissa = n.negative ? -(int64_t) n.mantissa : (int64_t) n.mantissa;
  d = mw_decimal_of (mantissa, n.exponent, MW_UNIT_NONE);
  err = mw_decimal_rescale (d, r->exponent, &own);
  if (err || !in_range (r, own.mantissa))
    return err ? err : MW_ERR_VALUE;
  own.exponent = (int8_t) (own.exponent + mw_kamstrup_prefix (r->unit, NULL));
  err = mw_decimal_rescale (own, info->exponent, &d);
  return err ? err : mw_kmeter_set (m->k, r->bind, d.mantissa);
}

static enum mw_err
write_text (mw_kamstrup *m, const mw_kregister *r, const mw_kmp_value *v)
{
  size_t n = v->octets;
  if (v->unit != r->unit || v->octets > r->octets)
    return MW_ERR_VALUE;
  while (r->kind == MW_KKIND_TEXT && n > 0 && (v->data[n - 1] == ' ' || v->data[n - 1] == 0))
    n--;
  enum mw_err err = mw_kmeter_set_text (m->k, r->bind, v->data, n);
  return err == MW_ERR_UNSUPPORTED ? mw_kmeter_set_octets (m->k, r->bind, v->data, n) : err;
}

/* The columns of a log as register ids; the clock stays the first. 0 and 0xffff end the list.
 */
static enum mw_err
write_columns (mw_kamstrup *m, const mw_kregister *r, const mw_kmp_value *v)
{
  enum mw_klog log = (enum mw_klog) (r->bind & 0xffu);
  uint16_t column[MW_KLOG_COLUMNS_MOVABLE] = { MW_KV_RTC };
  int64_t minutes = mw_kmeter_number (m->k, MW_KV_ANALYSIS_INTERVAL);
  unsigned n = 1;
  mw_cur c = mw_cur_of ((mw_span){ v->data, v->octets });
  if (v->unit != r->unit || v->octets > r->octets)
    return MW_ERR_VALUE;
  while (mw_cur_left (&c) >= 2) {
    uint16_t id = mw_cur_u16 (&c);
    const mw_kregister *shown = mw_kregister_find (m->p, id);
    if (id == 0 || id == 0xffff)
      break;
    if (!shown || n == MW_KLOG_COLUMNS_MOVABLE)
      return MW_ERR_VALUE;
    column[n++] = shown->bind;
  }
  if (log == MW_KLOG_ANALYSIS)
    return mw_kanalysis_configure (m->k, (unsigned) minutes, column + 1, n - 1);
  return mw_klog_configure (m->k, log, column, n, 0);
}

/* May R be written through PORT? */
static bool
allowed (const mw_kregister *r, unsigned port)
{
  if (r->access & MW_KACCESS_MODULE)
    return port == MW_KPORT_MODULE;
  return r->access & MW_KACCESS_WRITE;
}

enum mw_err
mw_kamstrup_write (mw_kamstrup *m, const mw_kregister *r, unsigned port, const mw_kmp_value *v)
{
  mw_civil t;
  enum mw_err err;
  if (!allowed (r, port))
    return MW_ERR_ACCESS;
  if (r->bind >= MW_KBIND_DEPTH (0))
    err = r->bind >= MW_KBIND_COLUMNS (0) ? write_columns (m, r, v) : MW_ERR_ACCESS;
  else if (r->kind == MW_KKIND_RTC && r->bind == MW_KV_RTC)
    err = mw_kmp_value_civil (v, &t) == MW_OK && mw_kamstrup_set_clock (m, &t) ? MW_OK
                                                                               : MW_ERR_VALUE;
  else if (r->kind == MW_KKIND_TEXT || r->kind == MW_KKIND_OCTETS)
    err = write_text (m, r, v);
  else
    err = write_number (m, r, v);
  return err ? err : mw_meter_commit (&m->k->m);
}
