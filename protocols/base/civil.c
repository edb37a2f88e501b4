/* civil.c: see civil.h.  The day arithmetic is the well-known one over 400-year eras that begin
 * on the first of March, so that the leap day is the last of its year. */
#include "civil.h"

#include <string.h>

mw_civil
mw_civil_any (void)
{
  mw_civil c = {
    MW_YEAR_ANY,  MW_FIELD_ANY, MW_FIELD_ANY, MW_FIELD_ANY,     MW_FIELD_ANY,
    MW_FIELD_ANY, MW_FIELD_ANY, MW_FIELD_ANY, MW_DEVIATION_ANY, MW_CLOCK_STATUS_ANY
  };
  return c;
}

int32_t
mw_days_from_date (int year, int month, int day)
{
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (int32_t) (era * 146097 + day_of_era - 719468);
}

void
mw_date_from_days (int32_t days, int *year, int *month, int *day)
{
  int z = days + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int doe = z - era * 146097;
  int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int mp = (5 * doy + 2) / 153;
  *day = doy - (153 * mp + 2) / 5 + 1;
  *month = mp < 10 ? mp + 3 : mp - 9;
  *year = yoe + era * 400 + (*month <= 2);
}

int
mw_weekday_from_days (int32_t days)
{
  int32_t r = (days + 3) % 7; /* 1970-01-01 was a Thursday */
  return (int) (r < 0 ? r + 7 : r) + 1;
}

int
mw_days_in_month (int year, int month)
{
  static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month < 1 || month > 12)
    return 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

bool
mw_civil_is_complete (const mw_civil *c)
{
  return c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1
         && c->day <= mw_days_in_month (c->year, c->month) && c->hour <= 23 && c->minute <= 59
         && (c->second <= 59 || c->second == MW_FIELD_ANY);
}

enum mw_err
mw_civil_to_local_seconds (const mw_civil *c, int64_t *out)
{
  if (!mw_civil_is_complete (c))
    return MW_ERR_VALUE;
  *out = (int64_t) mw_days_from_date (c->year, c->month, c->day) * 86400 + c->hour * 3600
         + c->minute * 60 + (c->second == MW_FIELD_ANY ? 0 : c->second);
  return MW_OK;
}

enum mw_err
mw_civil_to_utc (const mw_civil *c, int16_t fallback_min, int64_t *out)
{
  int64_t local;
  enum mw_err e = mw_civil_to_local_seconds (c, &local);
  int16_t deviation = c->deviation == MW_DEVIATION_ANY ? fallback_min : c->deviation;
  if (e)
    return e;
  *out = local - (int64_t) deviation * 60;
  return MW_OK;
}

mw_civil
mw_civil_from_utc (int64_t utc, int16_t deviation_min, uint8_t status)
{
  int64_t local = utc + (int64_t) deviation_min * 60;
  int64_t day_number = local >= 0 ? local / 86400 : (local - 86399) / 86400;
  int32_t second = (int32_t) (local - day_number * 86400);
  int year, month, day;
  mw_civil c = mw_civil_any ();

  mw_date_from_days ((int32_t) day_number, &year, &month, &day);
  c.year = (uint16_t) year;
  c.month = (uint8_t) month;
  c.day = (uint8_t) day;
  c.weekday = (uint8_t) mw_weekday_from_days ((int32_t) day_number);
  c.hour = (uint8_t) (second / 3600);
  c.minute = (uint8_t) (second / 60 % 60);
  c.second = (uint8_t) (second % 60);
  c.hundredths = 0;
  c.deviation = deviation_min;
  c.status = status;
  return c;
}

static bool
field_matches (unsigned pattern, unsigned value)
{
  return pattern == MW_FIELD_ANY || pattern == value;
}

bool
mw_civil_matches (const mw_civil *p, const mw_civil *t)
{
  unsigned day = p->day;
  if (day == MW_DAY_LAST)
    day = (unsigned) mw_days_in_month (t->year, t->month);
  else if (day == MW_DAY_SECOND_LAST)
    day = (unsigned) mw_days_in_month (t->year, t->month) - 1;
  return (p->year == MW_YEAR_ANY || p->year == t->year) && field_matches (p->month, t->month)
         && field_matches (day, t->day) && field_matches (p->weekday, t->weekday)
         && field_matches (p->hour, t->hour) && field_matches (p->minute, t->minute)
         && field_matches (p->second, t->second);
}

static char *
put (char *p, unsigned v, int width, unsigned any)
{
  for (int i = width - 1; i >= 0; i--) {
    p[i] = v == any ? '*' : (char) ('0' + v % 10);
    if (v != any)
      v /= 10;
  }
  return p + width;
}

size_t
mw_civil_format (const mw_civil *c, char *buf, size_t cap)
{
  char *p = buf;
  if (cap < MW_CIVIL_TEXT)
    return 0;
  p = put (p, c->year, 4, MW_YEAR_ANY);
  *p++ = '-';
  p = put (p, c->month, 2, MW_FIELD_ANY);
  *p++ = '-';
  p = put (p, c->day, 2, MW_FIELD_ANY);
  *p++ = 'T';
  p = put (p, c->hour, 2, MW_FIELD_ANY);
  *p++ = ':';
  p = put (p, c->minute, 2, MW_FIELD_ANY);
  *p++ = ':';
  p = put (p, c->second, 2, MW_FIELD_ANY);
  if (c->hundredths && c->hundredths != MW_FIELD_ANY) {
    *p++ = '.';
    p = put (p, c->hundredths, 2, MW_FIELD_ANY);
  }
  if (c->deviation != MW_DEVIATION_ANY) {
    unsigned minutes = (unsigned) (c->deviation < 0 ? -c->deviation : c->deviation);
    *p++ = c->deviation < 0 ? '-' : '+';
    p = put (p, minutes / 60, 2, MW_FIELD_ANY);
    *p++ = ':';
    p = put (p, minutes % 60, 2, MW_FIELD_ANY);
  }
  *p = 0;
  return (size_t) (p - buf);
}

/* A reader over TEXT; FAILED sticks. */
struct scan {
  const char *at, *end;
  bool failed;
};

static bool
accept (struct scan *s, char c)
{
  if (s->failed || s->at == s->end || *s->at != c)
    return false;
  s->at++;
  return true;
}

static void
expect (struct scan *s, char c)
{
  if (!accept (s, c))
    s->failed = true;
}

static unsigned
number (struct scan *s, int width, unsigned any)
{
  unsigned v = 0;
  int stars = 0;
  if (s->end - s->at < width) {
    s->failed = true;
    return 0;
  }
  for (int i = 0; i < width; i++) {
    char ch = *s->at++;
    if (ch == '*')
      stars++;
    else if (ch >= '0' && ch <= '9')
      v = v * 10 + (unsigned) (ch - '0');
    else
      s->failed = true;
  }
  if (stars && stars != width)
    s->failed = true;
  return stars ? any : v;
}

static void
scan_offset (struct scan *s, mw_civil *c)
{
  bool minus;
  unsigned minutes;
  if (accept (s, 'Z')) {
    c->deviation = 0;
    return;
  }
  minus = accept (s, '-');
  if (!minus && !accept (s, '+'))
    return;
  minutes = number (s, 2, 99) * 60;
  expect (s, ':');
  minutes += number (s, 2, 99);
  if (minutes > 15 * 60)
    s->failed = true;
  c->deviation = (int16_t) (minus ? -(int) minutes : (int) minutes);
}

enum mw_err
mw_civil_parse (const char *text, size_t len, mw_civil *out)
{
  struct scan s = { text, text + len, false };
  mw_civil c = mw_civil_any ();

  c.year = (uint16_t) number (&s, 4, MW_YEAR_ANY);
  expect (&s, '-');
  c.month = (uint8_t) number (&s, 2, MW_FIELD_ANY);
  expect (&s, '-');
  c.day = (uint8_t) number (&s, 2, MW_FIELD_ANY);
  c.hour = c.minute = c.second = c.hundredths = 0;
  if (accept (&s, 'T') || accept (&s, ' ')) {
    c.hour = (uint8_t) number (&s, 2, MW_FIELD_ANY);
    expect (&s, ':');
    c.minute = (uint8_t) number (&s, 2, MW_FIELD_ANY);
    if (accept (&s, ':'))
      c.second = (uint8_t) number (&s, 2, MW_FIELD_ANY);
    if (accept (&s, '.'))
      c.hundredths = (uint8_t) number (&s, 2, MW_FIELD_ANY);
    scan_offset (&s, &c);
  }
  if (s.failed || s.at != s.end)
    return MW_ERR_VALUE;
  if ((c.month != MW_FIELD_ANY && (c.month < 1 || c.month > 12))
      || (c.day != MW_FIELD_ANY && (c.day < 1 || c.day > 31))
      || (c.hour != MW_FIELD_ANY && c.hour > 23) || (c.minute != MW_FIELD_ANY && c.minute > 59)
      || (c.second != MW_FIELD_ANY && c.second > 59))
    return MW_ERR_VALUE;
  if (c.year != MW_YEAR_ANY && c.month <= 12 && c.day <= 31) {
    if (c.day > mw_days_in_month (c.year, c.month))
      return MW_ERR_VALUE;
    c.weekday = (uint8_t) mw_weekday_from_days (mw_days_from_date (c.year, c.month, c.day));
  }
  *out = c;
  return MW_OK;
}
