/* decimal.c: see decimal.h. */
#include "decimal.h"

#include <string.h>

#define MAX_EXPONENT 18

static const int64_t powers[MAX_EXPONENT + 1] = {
  1,
  10,
  100,
  1000,
  10000,
  100000,
  1000000,
  10000000,
  100000000,
  1000000000,
  10000000000,
  100000000000,
  1000000000000,
  10000000000000,
  100000000000000,
  1000000000000000,
  10000000000000000,
  100000000000000000,
  1000000000000000000,
};

static uint64_t
magnitude (int64_t v)
{
  return v < 0 ? (uint64_t) - (v + 1) + 1 : (uint64_t) v;
}

/* The digits of V, least significant first; at least one. */
static size_t
digits_of (uint64_t v, char *out)
{
  size_t n = 0;
  do {
    out[n++] = (char) ('0' + v % 10);
    v /= 10;
  } while (v);
  return n;
}

size_t
mw_decimal_format (mw_decimal d, char *buf, size_t cap)
{
  char digits[24];
  size_t n = digits_of (magnitude (d.mantissa), digits);
  size_t decimals = d.exponent < 0 ? (size_t) -d.exponent : 0;
  size_t zeros = d.exponent > 0 && d.mantissa ? (size_t) d.exponent : 0;
  size_t whole = n > decimals ? n - decimals : 1;
  size_t len = (d.mantissa < 0) + whole + zeros + (decimals ? 1 + decimals : 0);
  char *p = buf;

  if (d.exponent < -MAX_EXPONENT || d.exponent > MAX_EXPONENT || len + 1 > cap)
    return 0;
  if (d.mantissa < 0)
    *p++ = '-';
  for (size_t i = whole; i-- > 0;)
    *p++ = i + decimals < n ? digits[i + decimals] : '0';
  for (size_t i = 0; i < zeros; i++)
    *p++ = '0';
  if (decimals)
    *p++ = '.';
  for (size_t i = decimals; i-- > 0;)
    *p++ = i < n ? digits[i] : '0';
  *p = 0;
  return len;
}

enum mw_err
mw_decimal_parse (const char *text, size_t len, mw_decimal *out)
{
  int64_t v = 0;
  int decimals = -1;
  size_t i = 0, seen = 0;
  bool minus = len && text[0] == '-';

  if (len && (text[0] == '-' || text[0] == '+'))
    i = 1;
  for (; i < len; i++) {
    if (text[i] == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (text[i] < '0' || text[i] > '9' || v > (INT64_MAX - 9) / 10)
      return MW_ERR_VALUE;
    v = v * 10 + (text[i] - '0');
    seen++;
    if (decimals >= 0)
      decimals++;
  }
  if (!seen || decimals > MAX_EXPONENT)
    return MW_ERR_VALUE;
  *out = mw_decimal_of (minus ? -v : v, decimals > 0 ? -decimals : 0, MW_UNIT_NONE);
  return MW_OK;
}

enum mw_err
mw_decimal_rescale (mw_decimal d, int exponent, mw_decimal *out)
{
  int shift = d.exponent - exponent;
  int64_t p;

  *out = d;
  if (d.mantissa == 0)
    shift = 0;
  if (shift < -MAX_EXPONENT || shift > MAX_EXPONENT || exponent < -MAX_EXPONENT
      || exponent > MAX_EXPONENT)
    return MW_ERR_VALUE;
  p = powers[shift < 0 ? -shift : shift];
  if (shift < 0 && d.mantissa % p)
    return MW_ERR_VALUE;
  if (shift > 0 && (d.mantissa > INT64_MAX / p || d.mantissa < INT64_MIN / p))
    return MW_ERR_VALUE;
  out->mantissa = shift < 0 ? d.mantissa / p : d.mantissa * p;
  out->exponent = (int8_t) exponent;
  return MW_OK;
}

int
mw_decimal_compare (mw_decimal a, mw_decimal b)
{
  int finer = a.exponent < b.exponent ? a.exponent : b.exponent;
  mw_decimal x, y;

  if (mw_decimal_rescale (a, finer, &x) == MW_OK && mw_decimal_rescale (b, finer, &y) == MW_OK)
    return (x.mantissa > y.mantissa) - (x.mantissa < y.mantissa);
  /* One of them is too large for the other's resolution: the sign and the coarser one decide.
   */
  if ((a.mantissa < 0) != (b.mantissa < 0))
    return a.mantissa < 0 ? -1 : 1;
  if (a.exponent > b.exponent)
    return a.mantissa > 0 ? 1 : a.mantissa < 0 ? -1 : b.mantissa > 0 ? -1 : 1;
  return b.mantissa > 0 ? -1 : b.mantissa < 0 ? 1 : a.mantissa > 0 ? 1 : -1;
}

enum mw_err
mw_decimal_subtract (mw_decimal a, mw_decimal b, mw_decimal *out)
{
  int finer = a.exponent < b.exponent ? a.exponent : b.exponent;
  mw_decimal x, y;

  if (mw_decimal_rescale (a, finer, &x) || mw_decimal_rescale (b, finer, &y))
    return MW_ERR_VALUE;
  if ((y.mantissa > 0 && x.mantissa < INT64_MIN + y.mantissa)
      || (y.mantissa < 0 && x.mantissa > INT64_MAX + y.mantissa))
    return MW_ERR_VALUE;
  *out = mw_decimal_of (x.mantissa - y.mantissa, finer, a.unit);
  return MW_OK;
}

double
mw_decimal_to_double (mw_decimal d)
{
  int e = d.exponent < -MAX_EXPONENT  ? -MAX_EXPONENT
          : d.exponent > MAX_EXPONENT ? MAX_EXPONENT
                                      : d.exponent;
  return e < 0 ? (double) d.mantissa / (double) powers[-e]
               : (double) d.mantissa * (double) powers[e];
}
