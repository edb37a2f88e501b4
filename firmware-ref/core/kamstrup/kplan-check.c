/* kplan-check.c: is what came a plan (kplan.h)?  Every octet is read and every rule of the
 * layout asked, so that those who execute a plan need not ask again. */
#include "base/crc.h"
#include "base/cursor.h"
#include "core/kamstrup/kmeter.h"

#define VERSION 1
#define YEARS_MAX 25
#define YEAR_OCTETS (2 * 46)
#define DAY_PLANS_OCTETS (6 * 48)
#define PERIOD_EXCEPTIONS 250
#define PERIOD_CHANGES 8
#define CALENDAR_EXCEPTIONS 200
#define CALENDAR_CHANGES 10
#define CALENDAR_PLANS 3
#define DST_YEARS 20
#define MINUTES 1440

static void
demand_that (mw_cur *c, bool right)
{
  if (!right)
    mw_cur_fail (c, MW_ERR_VALUE);
}

static void
check_list (mw_cur *c, unsigned most, unsigned least_value, unsigned most_value)
{
  unsigned n = mw_cur_u8 (c);
  int last = -1;
  demand_that (c, n <= most);
  for (unsigned i = 0; i < n && !c->err; i++) {
    int minute = mw_cur_u16 (c);
    unsigned value = mw_cur_u8 (c);
    demand_that (c, minute > last && minute < MINUTES);
    demand_that (c, value >= least_value && value <= most_value);
    last = minute;
  }
}

static void
check_days (mw_cur *c, unsigned most)
{
  unsigned n = mw_cur_u16 (c);
  long last = -1;
  demand_that (c, n <= most);
  for (unsigned i = 0; i < n && !c->err; i++) {
    long day = mw_cur_u16 (c);
    demand_that (c, day > last);
    last = day;
  }
}

/* Month and day; returns them as one number that grows through the year. */
static unsigned
check_date (mw_cur *c)
{
  unsigned month = mw_cur_u8 (c), day = mw_cur_u8 (c);
  demand_that (c, month >= 1 && month <= 12);
  if (!c->err) /* of a leap year */
    demand_that (c, day >= 1 && day <= (unsigned) mw_days_in_month (2000, (int) month));
  return month * 32 + day;
}

static void
check_tariff_plan (mw_cur *c)
{
  unsigned years;
  mw_cur_u8 (c);
  years = mw_cur_u8 (c);
  demand_that (c, years >= 1 && years <= YEARS_MAX);
  mw_cur_skip (c, (size_t) years * YEAR_OCTETS);
  for (unsigned i = 0; i < DAY_PLANS_OCTETS && !c->err; i++)
    demand_that (c, (mw_cur_u8 (c) & 0x88) == 0);
}

static void
check_period_plan (mw_cur *c)
{
  for (unsigned part = 0; part < MW_KPLAN_CHANNELS; part++) {
    demand_that (c, mw_cur_u8 (c) < 0x80);
    check_date (c);
    check_date (c);
    for (unsigned i = 0; i < 4; i++)
      check_list (c, PERIOD_CHANGES, part == 0, part == 0 ? MW_TARIFFS : 1);
    check_days (c, PERIOD_EXCEPTIONS);
  }
}

static void
check_year (mw_cur *c, unsigned least_value, unsigned most_value)
{
  unsigned seasons = mw_cur_u8 (c), shifts, last = 0;
  if (seasons == 0)
    return;
  shifts = mw_cur_u8 (c);
  demand_that (c, seasons <= 4 && shifts <= 8);
  for (unsigned i = 0; i < shifts && !c->err; i++) {
    unsigned date = check_date (c), season = mw_cur_u8 (c);
    demand_that (c, date > last && season >= 1 && season <= seasons);
    last = date;
  }
  for (unsigned s = 0; s < seasons && !c->err; s++) {
    unsigned week = mw_cur_u16 (c);
    for (unsigned d = 0; d < 7; d++)
      demand_that (c, (week >> (2 * d) & 3) <= MW_KDAY_HOLIDAY);
    demand_that (c, week >> 14 == 0);
    for (unsigned i = 0; i < 3; i++)
      check_list (c, CALENDAR_CHANGES, least_value, most_value);
  }
}

static void
check_load (mw_cur *c)
{
  switch (mw_cur_u8 (c)) {
  case 0:
    break;
  case 1:
    check_year (c, 0, 1);
    break;
  case 2:
    demand_that (c, mw_cur_u8 (c) <= CALENDAR_PLANS);
    mw_cur_u8 (c);
    break;
  default:
    demand_that (c, false);
    break;
  }
}

static void
check_calendar_plan (mw_cur *c)
{
  check_days (c, CALENDAR_EXCEPTIONS);
  for (unsigned i = 0; i < CALENDAR_PLANS && !c->err; i++)
    check_year (c, 1, MW_TARIFFS);
  for (unsigned i = 0; i < MW_KLOADS && !c->err; i++)
    check_load (c);
}

/* A day and a minute of it, as minutes. */
static long
check_moment (mw_cur *c)
{
  long day = mw_cur_u16 (c), minute = mw_cur_u16 (c);
  demand_that (c, minute < MINUTES);
  return day * MINUTES + minute;
}

static void
check_dst_plan (mw_cur *c)
{
  long shift = mw_cur_u8 (c), last = -1;
  unsigned n = mw_cur_u8 (c);
  demand_that (c, shift >= 1 && shift <= 120 && n <= DST_YEARS);
  for (unsigned i = 0; i < n && !c->err; i++) {
    long begin = check_moment (c), end = check_moment (c) - shift; /* in normal time */
    demand_that (c, begin > last && end > begin);
    last = end;
  }
}

enum mw_err
mw_kplan_check (unsigned kind, const uint8_t *data, size_t len)
{
  mw_cur c;
  uint16_t crc;
  if (len < 4 || len > MW_KPLAN_MAX)
    return MW_ERR_SHORT;
  crc = mw_crc_x25 (data, len - 2);
  if (data[len - 2] != crc >> 8 || data[len - 1] != (crc & 0xff))
    return MW_ERR_CHECK;
  mw_cur_init (&c, data, len - 2);
  demand_that (&c, mw_cur_u8 (&c) == kind);
  demand_that (&c, mw_cur_u8 (&c) == VERSION);
  switch (kind) {
  case MW_KPLAN_TARIFF:
    check_tariff_plan (&c);
    break;
  case MW_KPLAN_PERIOD:
    check_period_plan (&c);
    break;
  case MW_KPLAN_CALENDAR:
    check_calendar_plan (&c);
    break;
  case MW_KPLAN_DST:
    check_dst_plan (&c);
    break;
  default:
    return MW_ERR_UNSUPPORTED;
  }
  return mw_cur_end (&c);
}
