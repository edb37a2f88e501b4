/* value_text.c: what values, registers, logs and types are in words; see value.h. */
#include "kmp/value.h"

#include <string.h>

static const struct name {
  uint16_t number;
  const char *text;
} registers[] = {
#define MW_KMP_REGISTER_ROW(number, text) { number, text },
#include "kmp/registers.def"
}, types[] = {
#define MW_KMP_TYPE_ROW(number, text) { number, text },
#include "kmp/types.def"
};

/* Rows are in ascending order. */
static const char *
find (const struct name *rows, size_t n, unsigned number)
{
  size_t low = 0;
  while (low < n) {
    size_t middle = low + (n - low) / 2;
    if (rows[middle].number == number)
      return rows[middle].text;
    if (rows[middle].number < number)
      low = middle + 1;
    else
      n = middle;
  }
  return NULL;
}

const char *
mw_kmp_register_name (unsigned id)
{
  return find (registers, sizeof registers / sizeof *registers, id);
}

const char *
mw_kmp_type_name (unsigned type)
{
  return find (types, sizeof types / sizeof *types, type);
}

const char *
mw_kmp_log_name (unsigned log)
{
  static const char *const names[] = {
    NULL,
    "debiting",
    "status events",
    "clock events",
    "voltage quality",
    "disconnect",
    "load profile",
    "debiting of the 351B",
    "debiting 2",
    NULL,
    "load profile events",
    "analysis",
    "neutral fault",
    "successful software uploads",
    "failed software uploads",
    NULL,
    "voltage quality 1",
    "voltage quality 2",
  };
  return log < sizeof names / sizeof *names ? names[log] : NULL;
}

/* --- text --- */

typedef struct text {
  char *buf;
  size_t cap, len;
} text;

static void
put (text *t, const char *s, size_t n)
{
  size_t room = t->cap - t->len - 1;
  if (n > room)
    n = room;
  memcpy (t->buf + t->len, s, n);
  t->len += n;
  t->buf[t->len] = 0;
}

static void
put_str (text *t, const char *s)
{
  put (t, s, strlen (s));
}

static void
put_unsigned (text *t, uint64_t v)
{
  char digits[20];
  size_t n = sizeof digits;
  do {
    digits[--n] = (char) ('0' + v % 10);
    v /= 10;
  } while (v);
  put (t, digits + n, sizeof digits - n);
}

static void
put_hex (text *t, const uint8_t *p, size_t n)
{
  static const char digits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < n; i++) {
    char pair[2] = { digits[p[i] >> 4], digits[p[i] & 15] };
    put (t, pair, 2);
  }
}

/* A number too large for a decimal: mantissa and power as they are. */
static void
put_raw (text *t, const mw_kmp_value *v)
{
  mw_kmp_number n;
  if (mw_kmp_value_raw (v, &n)) {
    put_hex (t, v->data, v->octets);
    return;
  }
  put_str (t, n.negative ? "-" : "");
  put_unsigned (t, n.mantissa);
  put_str (t, n.exponent < 0 ? "E-" : "E+");
  put_unsigned (t, (uint64_t) (n.exponent < 0 ? -n.exponent : n.exponent));
}

static void
put_number (text *t, const mw_kmp_value *v)
{
  char digits[MW_DECIMAL_TEXT];
  const char *unit = mw_kmp_unit_text (v->unit);
  mw_kmp_number n;
  size_t len = 0;
  if (!mw_kmp_value_raw (v, &n) && n.mantissa <= INT64_MAX && n.exponent >= -18
      && n.exponent <= 18)
    len = mw_decimal_format (
        mw_decimal_of (n.negative ? -(int64_t) n.mantissa : (int64_t) n.mantissa, n.exponent,
                       MW_UNIT_NONE),
        digits, sizeof digits);
  if (len)
    put (t, digits, len);
  else
    put_raw (t, v);
  if (unit && *unit) {
    put_str (t, " ");
    put_str (t, unit);
  }
}

static void
put_civil (text *t, const mw_kmp_value *v, enum mw_kmp_kind kind)
{
  mw_civil c;
  char buf[MW_CIVIL_TEXT];
  if (mw_kmp_value_civil (v, &c)) {
    put_str (t, "no possible time: ");
    put_hex (t, v->data, v->octets);
    return;
  }
  mw_civil_format (&c, buf, sizeof buf);
  if (kind == MW_KMP_KIND_TIME) {
    put (t, buf + 11, 8);
  } else if (kind == MW_KMP_KIND_DATE) {
    put (t, v->unit == MW_KMP_UNIT_MONTH_DAY ? buf + 5 : buf,
         v->unit == MW_KMP_UNIT_MONTH_DAY ? 5 : 10);
  } else {
    put (t, buf, 10);
    put_str (t, " ");
    put (t, buf + 11, 8);
    put_str (t, c.status & MW_CLOCK_DST ? " summer time" : "");
    put_str (t, c.status & MW_CLOCK_INVALID ? ", clock not valid" : "");
  }
}

static void
put_bits (text *t, const mw_kmp_value *v)
{
  bool any = false;
  put_hex (t, v->data, v->octets);
  put_str (t, "h");
  for (unsigned i = 0; i < 8u * v->octets && i < 64; i++)
    if (v->data[v->octets - 1 - i / 8] >> i % 8 & 1) {
      put_str (t, any ? ", " : ": bits ");
      put_unsigned (t, i);
      any = true;
    }
}

static void
put_characters (text *t, const mw_kmp_value *v)
{
  size_t n = v->octets;
  while (n && (v->data[n - 1] == 0 || v->data[n - 1] == ' '))
    n--; /* filled up to the length of the register */
  put_str (t, "\"");
  for (size_t i = 0; i < n; i++) {
    char ch = v->data[i] >= 0x20 && v->data[i] < 0x7f ? (char) v->data[i] : '?';
    put (t, &ch, 1);
  }
  put_str (t, "\"");
}

size_t
mw_kmp_value_text (const mw_kmp_value *v, char *buf, size_t cap)
{
  text t = { buf, cap, 0 };
  enum mw_kmp_kind kind = mw_kmp_unit_kind (v->unit);
  if (!cap)
    return 0;
  *buf = 0;
  switch (kind) {
  case MW_KMP_KIND_NUMBER:
    put_number (&t, v);
    break;
  case MW_KMP_KIND_TEXT:
    put_characters (&t, v);
    break;
  case MW_KMP_KIND_BITS:
    put_bits (&t, v);
    break;
  case MW_KMP_KIND_OCTETS:
    put_hex (&t, v->data, v->octets);
    break;
  default:
    put_civil (&t, v, kind);
  }
  return t.len;
}
