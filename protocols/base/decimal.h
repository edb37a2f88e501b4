/* decimal.h: exact numbers: mantissa × 10^exponent, with a unit.
 *
 * A reading never passes through floating point.  Text is always with "." and without grouping;
 * what a locale does to it is the window's business.
 */
#ifndef MW_DECIMAL_H
#define MW_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errors.h"
#include "unit.h"

typedef struct mw_decimal {
  int64_t mantissa;
  int8_t exponent; /* -18 ... +18 */
  uint8_t unit;    /* enum mw_unit; MW_UNIT_NONE when it has none */
} mw_decimal;

/* Longest text of mw_decimal_format, with its NUL. */
#define MW_DECIMAL_TEXT 48

static inline mw_decimal
mw_decimal_of (int64_t mantissa, int exponent, unsigned unit)
{
  mw_decimal d = { mantissa, (int8_t) exponent, (uint8_t) unit };
  return d;
}

/* Write D without its unit to BUF ("-12.340", "1200"): as many decimals as the exponent says,
 * so that the resolution of the meter stays visible.  Returns the length, 0 when CAP is too
 * small. */
size_t mw_decimal_format (mw_decimal d, char *buf, size_t cap);

/* Read TEXT of LEN bytes ("-12.340") into *OUT with as many decimals as it shows; the unit
 * becomes MW_UNIT_NONE.  MW_ERR_VALUE when it is no decimal number or does not fit 18 digits.
 */
enum mw_err mw_decimal_parse (const char *text, size_t len, mw_decimal *out);

/* D with EXPONENT instead of its own.  MW_ERR_VALUE when digits would be lost or do not fit. */
enum mw_err mw_decimal_rescale (mw_decimal d, int exponent, mw_decimal *out);

/* -1, 0, 1 as A is less than, equal to or greater than B; units are not looked at. */
int mw_decimal_compare (mw_decimal a, mw_decimal b);

/* A - B in the finer exponent of the two, with A's unit.  MW_ERR_VALUE on overflow. */
enum mw_err mw_decimal_subtract (mw_decimal a, mw_decimal b, mw_decimal *out);

/* For charts alone. */
double mw_decimal_to_double (mw_decimal d);

#endif
