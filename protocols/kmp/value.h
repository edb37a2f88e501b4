/* value.h: values of KMP registers: unit, number of octets, sign and exponent, octets.
 *
 *   unit   octets n   SiEx                                       n octets
 *                     bit 7 sign, bit 6 sign of the exponent,    high octet first
 *                     bits 5-0 exponent
 *
 * What the octets mean depends on the unit: a number (mantissa × 10^exponent), a time or date
 * written in decimal digits, a real-time clock, text, bits.  Numbers become mw_decimal exactly
 * and back: "kWh" is Wh with three more in the exponent.  Kamstrup document 5512-447 4.2
 * to 5.1.
 */
#ifndef MW_KMP_VALUE_H
#define MW_KMP_VALUE_H

#include "base/civil.h"
#include "base/cursor.h"
#include "base/decimal.h"

/* Units that are not plain numbers (units.def has them all). */
enum {
  MW_KMP_UNIT_NUMBER = 51,
  MW_KMP_UNIT_TIME = 47,      /* hhmmss in decimal digits */
  MW_KMP_UNIT_DATE = 48,      /* yymmdd */
  MW_KMP_UNIT_LONG_DATE = 49, /* yyyymmdd */
  MW_KMP_UNIT_MONTH_DAY = 50, /* mmdd */
  MW_KMP_UNIT_RTC = 53,       /* flags wd ss mm hh DD MM YY */
  MW_KMP_UNIT_ASCII = 54,
  MW_KMP_UNIT_BITS = 59,
  MW_KMP_UNIT_RTC_Q = 63,     /* like RTC */
  MW_KMP_UNIT_DATE_TIME = 72, /* flags, seconds since 2000-01-01 local time */
  MW_KMP_UNIT_CALENDAR = 79   /* flags YY MM DD hh mm ss */
};

enum mw_kmp_kind {
  MW_KMP_KIND_NUMBER,
  MW_KMP_KIND_TIME,
  MW_KMP_KIND_DATE,
  MW_KMP_KIND_RTC,
  MW_KMP_KIND_DATE_TIME,
  MW_KMP_KIND_CALENDAR,
  MW_KMP_KIND_TEXT,
  MW_KMP_KIND_BITS,
  MW_KMP_KIND_OCTETS /* not known: octets as they are */
};

/* Flags of the clock formats 53, 63, 72 and 79. */
#define MW_KMP_CLOCK_DST 0x01u
#define MW_KMP_CLOCK_VALID 0x02u

/* Longest value that is taken. */
#define MW_KMP_VALUE_MAX 240u

typedef struct mw_kmp_value {
  uint16_t id; /* of the register */
  uint8_t unit;
  uint8_t siex;
  uint8_t octets; /* of data */
  uint8_t data[MW_KMP_VALUE_MAX];
} mw_kmp_value;

/* "kWh"; NULL for a unit that is not known here. UTF-8, static storage. */
const char *mw_kmp_unit_text (unsigned unit);
enum mw_kmp_kind mw_kmp_unit_kind (unsigned unit);
/* The KMP unit for UNIT of base/unit.h with PREFIX (0, 3, 6, 9): MW_UNIT_WH and 3 is 2 (kWh).
 * 0: there is none. */
uint8_t mw_kmp_unit_for (unsigned unit, int prefix);

/* The name of register ID in words ("A14, active energy import"); NULL when it is not known
 * here.  The catalogue knows more and says for which meters. Static storage. */
const char *mw_kmp_register_name (unsigned id);
/* The name of log ID ("load profile"); NULL when it is not known. */
const char *mw_kmp_log_name (unsigned log);
/* The meter of a type word ("382 generation J"); NULL when it is not known. */
const char *mw_kmp_type_name (unsigned type);

/* Format and octets (id, unit, n, SiEx, octets) as GetRegister and PutRegister have them.
 * Decode leaves the cursor failed when the value is longer than MW_KMP_VALUE_MAX
 * (MW_ERR_SPACE). */
void mw_kmp_value_decode (mw_cur *c, mw_kmp_value *out);
/* The same for a meter that says a wrong number of octets for clock and date (units 47 and 48):
 * it sends four, as readers of such meters know. */
void mw_kmp_value_decode_four (mw_cur *c, mw_kmp_value *out);
void mw_kmp_value_encode (mw_wr *w, const mw_kmp_value *v);
/* Is B written in the same way as A (all but the octets)? */
bool mw_kmp_same_format (const mw_kmp_value *a, const mw_kmp_value *b);

/* A number as it stands: ± MANTISSA × 10^EXPONENT in the value's own unit; 1 to 8 octets, else
 * MW_ERR_VALUE. Any kind but text may be read so. */
typedef struct mw_kmp_number {
  bool negative;
  uint64_t mantissa;
  int exponent; /* -63 … 63 */
} mw_kmp_number;
enum mw_err mw_kmp_value_raw (const mw_kmp_value *v, mw_kmp_number *out);
/* ... as an exact decimal with a unit of base/unit.h.  MW_ERR_VALUE when it is no number or
 * does not fit a mw_decimal; the digits are never rounded. */
enum mw_err mw_kmp_value_number (const mw_kmp_value *v, mw_decimal *out);
/* Kinds TIME, DATE, RTC, DATE_TIME and CALENDAR; what they do not say is unspecified.  The
 * clock status has MW_CLOCK_DST and MW_CLOCK_INVALID.  MW_ERR_VALUE when it is no possible
 * time. */
enum mw_err mw_kmp_value_civil (const mw_kmp_value *v, mw_civil *out);
/* Kind BITS (and numbers): up to 8 octets. */
enum mw_err mw_kmp_value_bits (const mw_kmp_value *v, uint64_t *out);

/* Longest text of mw_kmp_value_text, with its NUL. */
#define MW_KMP_TEXT 128
/* What V says, in words, without its register: "36886.0 kWh", "2012-03-01 00:15:00 summer
 * time", "bits 0, 3".  Always ended by NUL; returns the length. */
size_t mw_kmp_value_text (const mw_kmp_value *v, char *buf, size_t cap);

/* The encoders set all of V but its id. OCTETS 1 to 8; MW_ERR_VALUE when the value does not
 * fit.
 *
 * Number: in UNIT with exponent EXPONENT (what a meter's table says for the register), exact:
 * D is scaled to it and refused when digits would be lost. */
enum mw_err
mw_kmp_put_number (mw_kmp_value *v, mw_decimal d, uint8_t unit, int exponent, unsigned octets);
/* ... as it stands, without scaling. */
enum mw_err mw_kmp_put_raw (mw_kmp_value *v, uint8_t unit, mw_kmp_number n, unsigned octets);
/* Time, date or clock, in any of the units that hold one. */
enum mw_err mw_kmp_put_civil (mw_kmp_value *v, uint8_t unit, const mw_civil *t);
/* Text (unit 54); at most MW_KMP_VALUE_MAX characters. */
enum mw_err mw_kmp_put_text (mw_kmp_value *v, const char *text, size_t len);
enum mw_err mw_kmp_put_bits (mw_kmp_value *v, uint64_t bits, unsigned octets);
/* Octets as they are, under UNIT. */
enum mw_err mw_kmp_put_octets (mw_kmp_value *v, uint8_t unit, const void *data, size_t len);

#endif
