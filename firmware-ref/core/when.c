/* when.c: the dates of Blue Book 4.1.6.1: matched day by day, which is always right and fast
 * enough for what happens a few times a day. */
#include "core/when.h"

#include <string.h>

#define DAY_S 86400
#define SEARCH_DAYS (9 * 366) /* a 29 February may be eight years away */

/* The first WEEKDAY of the month on or after FIRST, or 0. */
static int
weekday_from (int year, int month, int first, int weekday)
{
  int at = mw_weekday_from_days (mw_days_from_date (year, month, first));
  int day = first + (weekday - at + 7) % 7;
  return day <= mw_days_in_month (year, month) ? day : 0;
}

static int
last_weekday (int year, int month, int weekday)
{
  int days = mw_days_in_month (year, month);
  int at = mw_weekday_from_days (mw_days_from_date (year, month, days));
  return days - (at - weekday + 7) % 7;
}

static bool
day_fits (const mw_civil *p, int year, int month, int day)
{
  int days = mw_days_in_month (year, month);
  if (p->weekday == MW_FIELD_ANY) {
    if (p->day == MW_DAY_LAST)
      return day == days;
    if (p->day == MW_DAY_SECOND_LAST)
      return day == days - 1;
    return p->day == MW_FIELD_ANY || p->day == day;
  }
  if (p->weekday < 1 || p->weekday > 7)
    return false;
  if (p->day == MW_DAY_LAST)
    return day == last_weekday (year, month, p->weekday);
  if (p->day == MW_DAY_SECOND_LAST)
    return day == last_weekday (year, month, p->weekday) - 7;
  if (p->day == MW_FIELD_ANY)
    return mw_weekday_from_days (mw_days_from_date (year, month, day)) == p->weekday;
  if (p->day < 1 || p->day > days)
    return false;
  /* A complete date that names its weekday means that date. */
  if (p->year != MW_YEAR_ANY && p->month != MW_FIELD_ANY)
    return day == p->day;
  return day == weekday_from (year, month, p->day, p->weekday);
}

bool
mw_when_date_fits (const mw_civil *p, int32_t days)
{
  int year, month, day;
  mw_date_from_days (days, &year, &month, &day);
  if (p->year != MW_YEAR_ANY && p->year != year)
    return false;
  if (p->month != MW_FIELD_ANY && p->month != month)
    return false;
  return day_fits (p, year, month, day);
}

void
mw_when_keep (mw_civil *to, const mw_civil *from)
{
  memset (to, 0, sizeof *to);
  to->year = from->year;
  to->month = from->month;
  to->day = from->day;
  to->weekday = from->weekday;
  to->hour = from->hour;
  to->minute = from->minute;
  to->second = from->second;
  to->hundredths = from->hundredths;
  to->deviation = from->deviation;
  to->status = from->status;
}

void
mw_when_any_midnight (mw_civil *to)
{
  mw_civil c = mw_civil_any ();
  mw_when_keep (to, &c);
  to->hour = to->minute = to->second = 0;
}

bool
mw_when_repeats (const mw_civil *p)
{
  return p->year == MW_YEAR_ANY || p->month == MW_FIELD_ANY || p->day == MW_FIELD_ANY
         || p->hour == MW_FIELD_ANY || p->minute == MW_FIELD_ANY;
}

bool
mw_when_empty (const mw_civil *p)
{
  return p->year == MW_YEAR_ANY && p->month == MW_FIELD_ANY && p->day == MW_FIELD_ANY
         && p->weekday == MW_FIELD_ANY && p->hour == MW_FIELD_ANY && p->minute == MW_FIELD_ANY
         && (p->second == MW_FIELD_ANY || p->second == 0);
}

/* The first second of a day, ≥ FROM, that fits the time of P; DAY_S when there is none. */
static int32_t
time_from (const mw_civil *p, int32_t from)
{
  int32_t second = p->second == MW_FIELD_ANY ? 0 : p->second;
  for (int32_t hour = from / 3600; hour < 24; hour++) {
    if (p->hour != MW_FIELD_ANY && p->hour != hour)
      continue;
    for (int32_t minute = 0; minute < 60; minute++) {
      int32_t at = hour * 3600 + minute * 60 + second;
      if ((p->minute == MW_FIELD_ANY || p->minute == minute) && at >= from)
        return at;
    }
  }
  return DAY_S;
}

static int32_t
day_of (int64_t local)
{
  return (int32_t) ((local >= 0 ? local : local - (DAY_S - 1)) / DAY_S);
}

/* Days to hop when the month does not fit: to the next month's first, or the last one's end. */
static int32_t
hop (const mw_civil *p, int32_t days, bool back)
{
  int year, month, day;
  if (p->month == MW_FIELD_ANY)
    return 1;
  mw_date_from_days (days, &year, &month, &day);
  if (p->month == month)
    return 1;
  return back ? day : mw_days_in_month (year, month) - day + 1;
}

int64_t
mw_when_next (const mw_civil *p, int64_t after)
{
  int32_t day = day_of (after + 1);
  int32_t from = (int32_t) (after + 1 - (int64_t) day * DAY_S);
  int32_t end = day + SEARCH_DAYS;
  if (mw_when_empty (p))
    return MW_WHEN_NEVER;
  if (p->year != MW_YEAR_ANY && mw_days_from_date (p->year, 1, 1) > day) {
    day = mw_days_from_date (p->year, 1, 1); /* however far that is */
    end = day + 366;
    from = 0;
  }
  for (; day < end; day += hop (p, day, false), from = 0) {
    int32_t at;
    if (!mw_when_date_fits (p, day))
      continue;
    at = time_from (p, from);
    if (at < DAY_S)
      return (int64_t) day * DAY_S + at;
  }
  return MW_WHEN_NEVER;
}

int64_t
mw_when_last (const mw_civil *p, int64_t now)
{
  int32_t day = day_of (now);
  int32_t at = time_from (p, 0);
  int32_t end;
  if (at >= DAY_S)
    return INT64_MIN;
  if (p->year != MW_YEAR_ANY && mw_days_from_date (p->year, 12, 31) < day)
    day = mw_days_from_date (p->year, 12, 31);
  for (end = day - SEARCH_DAYS; day > end; day -= hop (p, day, true)) {
    int64_t when = (int64_t) day * DAY_S + at;
    if (when <= now && mw_when_date_fits (p, day))
      return when;
  }
  return INT64_MIN;
}
