/* civil.h: calendar time, with fields that may be unspecified, and its relation to UTC seconds.
 *
 * UTC seconds are counted from 1970-01-01T00:00:00Z without leap seconds (POSIX).
 * A deviation here is LOCAL - UTC in minutes (+60 for Central European Time).  COSEM counts the
 * other way round (Blue Book 4.1.6.1: deviation of local time to GMT, CET = -60); the A-XDR
 * codec turns the sign, nobody else does.
 */
#ifndef MW_CIVIL_H
#define MW_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errors.h"

#define MW_YEAR_ANY 0xffffu
#define MW_FIELD_ANY 0xffu
#define MW_DEVIATION_ANY INT16_MIN
/* Month (Blue Book 4.1.6.1): daylight saving begins / ends. */
#define MW_MONTH_DST_END 0xfdu
#define MW_MONTH_DST_BEGIN 0xfeu
/* Day of month: second last and last day. */
#define MW_DAY_SECOND_LAST 0xfdu
#define MW_DAY_LAST 0xfeu

/* Clock status bits (Blue Book, class 8 Clock). */
#define MW_CLOCK_INVALID 0x01u
#define MW_CLOCK_DOUBTFUL 0x02u
#define MW_CLOCK_OTHER_BASE 0x04u
#define MW_CLOCK_BAD_STATUS 0x08u
#define MW_CLOCK_DST 0x80u
#define MW_CLOCK_STATUS_ANY 0xffu

typedef struct mw_civil {
  uint16_t year;      /* 0-9999 or MW_YEAR_ANY */
  uint8_t month;      /* 1-12, MW_FIELD_ANY or a MW_MONTH_ value */
  uint8_t day;        /* 1-31, MW_FIELD_ANY or a MW_DAY_ value */
  uint8_t weekday;    /* 1 Monday ... 7 Sunday, or MW_FIELD_ANY */
  uint8_t hour;       /* 0-23 or MW_FIELD_ANY */
  uint8_t minute;     /* 0-59 or MW_FIELD_ANY */
  uint8_t second;     /* 0-59 or MW_FIELD_ANY */
  uint8_t hundredths; /* 0-99 or MW_FIELD_ANY */
  int16_t deviation;  /* local - UTC, minutes, -720..+840, or MW_DEVIATION_ANY */
  uint8_t status;     /* MW_CLOCK_ bits, or MW_CLOCK_STATUS_ANY */
} mw_civil;

/* A civil time with every field unspecified. */
mw_civil mw_civil_any (void);

/* Are year, month, day, hour and minute (and day of month for that month) all given and
 * possible? */
bool mw_civil_is_complete (const mw_civil *c);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. MONTH 1-12. */
int32_t mw_days_from_date (int year, int month, int day);
void mw_date_from_days (int32_t days, int *year, int *month, int *day);
/* 1 Monday ... 7 Sunday. */
int mw_weekday_from_days (int32_t days);
int mw_days_in_month (int year, int month);

/* The seconds of C as if it stood in UTC (its deviation is not applied); an unspecified second
 * counts as 0.  MW_ERR_VALUE unless mw_civil_is_complete. */
enum mw_err mw_civil_to_local_seconds (const mw_civil *c, int64_t *out);

/* The instant of C. When the deviation is unspecified, FALLBACK_MIN (local - UTC) stands in. */
enum mw_err mw_civil_to_utc (const mw_civil *c, int16_t fallback_min, int64_t *out);

/* The civil time of UTC at DEVIATION_MIN, weekday filled in, hundredths 0. */
mw_civil mw_civil_from_utc (int64_t utc, int16_t deviation_min, uint8_t status);

/* Does the complete time T match PATTERN, whose unspecified fields match anything and whose
 * last / second-last day are resolved in T's month?  Deviation and status are not looked at. */
bool mw_civil_matches (const mw_civil *pattern, const mw_civil *t);

/* Longest text of mw_civil_format, with its NUL. */
#define MW_CIVIL_TEXT 40
/* ISO 8601 ("2026-01-01T00:15:00+01:00", hundredths only when not 0, the offset only when
 * given); an unspecified field is written as "*" in every place.  Returns the length or 0. */
size_t mw_civil_format (const mw_civil *c, char *buf, size_t cap);
/* Reads what mw_civil_format writes, a date alone too (hour, minute, second 0), and a final Z.
 * Seconds may be absent. */
enum mw_err mw_civil_parse (const char *text, size_t len, mw_civil *out);

#endif
