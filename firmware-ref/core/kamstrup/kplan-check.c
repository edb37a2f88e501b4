/* kplan-check.c: is what came a plan (kplan.h)?  Every octet is read and every rule of the
 * layout asked, so that those who execute a plan need not ask again. */
#include "base/crc.h"
#include "base/cursor.h"
#include "core/kamstrup/kmeter.h"

#define VERSION 1
#define YEARS_MAX 25
#define RANGES_MAX 100
#define HOLIDAY_OCTETS 46
#define DAY_PLANS_OCTETS (6 * 48)
#define PERIOD_EXCEPTIONS 250
#define PERIOD_CHANGES 8
#define CALENDAR_EXCEPTIONS 200
#define CALENDAR_CHANGES 10
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
  unsigned years, ranges;
  long last = 0;
  mw_cur_u8 (c);
  years = mw_cur_u8 (c);
  ranges = mw_cur_u8 (c);
  demand_that (c, years >= 1 && years <= YEARS_MAX && ranges <= RANGES_MAX);
  for (unsigned i = 0; i < ranges && !c->err; i++) {
    long from = mw_cur_u16 (c), until = mw_cur_u16 (c);
    demand_that (c, from >= last && until > from);
    last = until;
  }
  for (unsigned y = 0; y < years && !c->err; y++)
    mw_cur_skip (c, HOLIDAY_OCTETS);
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
  unsigned seasons = mw_cur_u8 (c), shifts = mw_cur_u8 (c), last = 0;
  demand_that (c, seasons >= 1 && seasons <= 4 && shifts >= 1 && shifts <= 8);
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
check_calendar_plan (mw_cur *c)
{
  unsigned plans, loads;
  check_days (c, CALENDAR_EXCEPTIONS);
  plans = mw_cur_u8 (c);
  demand_that (c, plans >= 1 && plans <= 3);
  for (unsigned i = 0; i < plans && !c->err; i++)
    check_year (c, 1, MW_TARIFFS);
  loads = mw_cur_u8 (c);
  demand_that (c, loads <= MW_KLOADS);
  for (unsigned i = 0; i < loads && !c->err; i++) {
    unsigned follows = mw_cur_u8 (c);
    demand_that (c, follows <= plans);
    if (follows == 0)
      check_year (c, 0, 1);
    else
      mw_cur_u8 (c);
  }
}

static void
check_dst_plan (mw_cur *c)
{
  unsigned n = mw_cur_u8 (c);
  long last = -1;
  demand_that (c, n <= DST_YEARS);
  for (unsigned i = 0; i < 2 * n && !c->err; i++) {
    long hours = (long) mw_cur_u16 (c) * 24;
    unsigned hour = mw_cur_u8 (c);
    demand_that (c, hour < 24);
    hours += (long) hour;
    demand_that (c, hours > last + 1); /* an end is named in summer time */
    last = hours;
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
