/* day.c: see day.h. */
#include "day.h"

/* Years that begin with March put the leap day at their end (the days of March … are then
 * always counted alike). */
MwDay
mw_day (int year, int month, int day)
{
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int of_era = y - era * 400;
  int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void
mw_day_split (MwDay day, int *year, int *month, int *dom)
{
  int z = day + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int of_era = z - era * 146097;
  int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int of_year = of_era - (365 * y + y / 4 - y / 100);
  int m = (5 * of_year + 2) / 153;
  *dom = of_year - (153 * m + 2) / 5 + 1;
  *month = m < 10 ? m + 3 : m - 9;
  *year = y + era * 400 + (*month <= 2);
}

int
mw_day_year (MwDay day)
{
  int year, month, dom;
  mw_day_split (day, &year, &month, &dom);
  return year;
}

int
mw_day_of_year (MwDay day)
{
  return day - mw_day (mw_day_year (day), 1, 1);
}

int
mw_day_weekday (MwDay day)
{
  return (int) (((gint64) day + 3) % 7 + 7) % 7 + 1; /* 1970-01-01 was a Thursday */
}

int
mw_days_of_year (int year)
{
  return mw_day (year + 1, 1, 1) - mw_day (year, 1, 1);
}

int
mw_days_of_month (int year, int month)
{
  return month == 12 ? 31 : mw_day (year, month + 1, 1) - mw_day (year, month, 1);
}

/* The anonymous Gregorian algorithm (Nature, 20 April 1876). */
MwDay
mw_day_easter (int year)
{
  int a = year % 19, b = year / 100, c = year % 100;
  int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  int m = (a + 11 * h + 22 * l) / 451;
  int sum = h + l - 7 * m + 114;
  return mw_day (year, sum / 31, sum % 31 + 1);
}

MwDay
mw_day_nth_weekday (int year, int month, int weekday, int n)
{
  MwDay first = mw_day (year, month, 1);
  MwDay day = first + (weekday - mw_day_weekday (first) + 7) % 7;
  int last = mw_days_of_month (year, month);
  int weeks = MIN (n - 1, (first + last - 1 - day) / 7);
  return day + 7 * MAX (weeks, 0);
}
