/* kplan-run.c: what a plan says at an instant of local time (kplan.h).
 *
 * Only plans that mw_kplan_check has passed are here.  Period and calendar plans are the same
 * thing once the day's list of changes is found; the tariff plan is a table of quarters.
 */
#include "core/kamstrup/kmeter.h"

#define DAY_S 86400
#define QUARTER_S 900
#define YEAR_OCTETS 46
#define EPOCH_DAYS 10957 /* 2000-01-01 since 1970 */
#define BACK_DAYS 730
#define CHANGE_LEN 3u
#define BODY 2u

enum { LOAD_SILENT, LOAD_OWN, LOAD_FOLLOWS };

/* A day as plans see it. */
typedef struct when {
  int32_t days; /* since 2000-01-01 */
  int year, month, day, weekday;
  int second; /* of the day */
} when;

static when
when_of_day (int32_t days)
{
  when w = { .days = days };
  mw_date_from_days (days + EPOCH_DAYS, &w.year, &w.month, &w.day);
  w.weekday = mw_weekday_from_days (days + EPOCH_DAYS);
  return w;
}

static when
when_of (int64_t local)
{
  when w = when_of_day ((int32_t) (local / DAY_S) - EPOCH_DAYS);
  w.second = (int) (local % DAY_S);
  return w;
}

static unsigned
get16 (const uint8_t *p)
{
  return (unsigned) p[0] << 8 | p[1];
}

/* Changes of a day. */
typedef struct day_list {
  const uint8_t *change; /* n × CHANGE_LEN; NULL: nothing is said of this day */
  unsigned n;
  uint8_t season, kind;
} day_list;

/* Go to list I from the one at P. */
static const uint8_t *
skip_lists (const uint8_t *p, unsigned i)
{
  for (; i; i--)
    p += 1 + CHANGE_LEN * p[0];
  return p;
}

/* Is DAYS among the days at P (count, days)? */
static bool
is_listed (const uint8_t *p, int32_t days)
{
  unsigned low = 0, high = get16 (p);
  while (low < high) {
    unsigned middle = (low + high) / 2, day = get16 (p + 2 + 2 * middle);
    if ((int32_t) day == days)
      return true;
    if ((int32_t) day < days)
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

static unsigned
date_number (unsigned month, unsigned day)
{
  return month * 32 + day;
}

/* Period plan. */

static const uint8_t *
part_of (const uint8_t *plan, unsigned channel)
{
  const uint8_t *p = plan + BODY;
  for (; channel; channel--) {
    p = skip_lists (p + 5, 4);
    p += 2 + 2 * get16 (p);
  }
  return p;
}

static bool
is_period_b (const uint8_t *part, const when *w)
{
  unsigned a = date_number (part[1], part[2]), b = date_number (part[3], part[4]);
  unsigned now = date_number ((unsigned) w->month, (unsigned) w->day);
  if (a < b)
    return now >= b || now < a;
  return now >= b && now < a;
}

static day_list
period_day (const uint8_t *part, const when *w)
{
  const uint8_t *exceptions = skip_lists (part + 5, 4), *list;
  bool b = is_period_b (part, w);
  bool working = (part[0] >> (w->weekday - 1) & 1) && !is_listed (exceptions, w->days);
  list = skip_lists (part + 5, (b ? 2u : 0u) + (working ? 0u : 1u));
  return (day_list){ list + 1, list[0], b ? 2 : 1,
                     working ? MW_KDAY_WORKING : MW_KDAY_NON_WORKING };
}

/* Calendar plan. */

static const uint8_t *
skip_season (const uint8_t *p)
{
  return skip_lists (p + 2, 3);
}

static const uint8_t *
skip_year (const uint8_t *p)
{
  unsigned seasons = p[0];
  if (seasons == 0)
    return p + 1;
  p += 2 + 3 * p[1];
  for (; seasons; seasons--)
    p = skip_season (p);
  return p;
}

static unsigned
season_of (const uint8_t *year, const when *w)
{
  unsigned n = year[1], now = date_number ((unsigned) w->month, (unsigned) w->day);
  const uint8_t *shift = year + 2;
  unsigned season = n ? shift[3 * (n - 1) + 2] : 1; /* of the last shift, last year */
  for (unsigned i = 0; i < n; i++)
    if (date_number (shift[3 * i], shift[3 * i + 1]) <= now)
      season = shift[3 * i + 2];
  return season;
}

static day_list
calendar_day (const uint8_t *plan, const uint8_t *year, const when *w)
{
  unsigned season = season_of (year, w), kind;
  const uint8_t *p = year + 2 + 3 * year[1];
  for (unsigned i = 1; i < season; i++)
    p = skip_season (p);
  kind = get16 (p) >> (2 * (w->weekday - 1)) & 3;
  if (is_listed (plan + BODY, w->days))
    kind = MW_KDAY_HOLIDAY;
  p = skip_lists (p + 2, kind);
  return (day_list){ p + 1, p[0], (uint8_t) season, (uint8_t) kind };
}

/* Tariff plan NUMBER, 1 … 3. */
static const uint8_t *
tariff_year (const uint8_t *plan, unsigned number)
{
  const uint8_t *p = plan + BODY;
  for (p += 2 + 2 * get16 (p); number > 1; number--)
    p = skip_year (p);
  return p;
}

/* Load 0 or 1. */
static const uint8_t *
load_plan (const uint8_t *plan, unsigned load)
{
  const uint8_t *p = skip_year (tariff_year (plan, 3));
  if (load)
    p = p[0] == LOAD_OWN ? skip_year (p + 1) : p[0] == LOAD_FOLLOWS ? p + 3 : p + 1;
  return p;
}

/* What a list of changes says. */

typedef day_list (*day_fn) (const uint8_t *plan, const uint8_t *part, const when *w);

static day_list
day_of_period (const uint8_t *plan, const uint8_t *part, const when *w)
{
  (void) plan;
  return period_day (part, w);
}

static mw_kplan_say
say (const uint8_t *plan, const uint8_t *part, day_fn list_of, int64_t local)
{
  when w = when_of (local);
  day_list l = list_of (plan, part, &w);
  int64_t midnight = local - w.second;
  mw_kplan_say s = { MW_KPLAN_SILENT, l.season, l.kind, 0, midnight + DAY_S };
  for (unsigned i = 0; i < l.n; i++) {
    int64_t at = midnight + (int64_t) get16 (l.change + CHANGE_LEN * i) * 60;
    if (at > local) {
      s.next = at;
      break;
    }
    s.since = at;
    s.value = l.change[CHANGE_LEN * i + 2];
  }
  for (int back = 1; s.value == MW_KPLAN_SILENT && back <= BACK_DAYS; back++) {
    when before = when_of_day (w.days - back);
    l = list_of (plan, part, &before);
    if (l.n == 0)
      continue;
    s.value = l.change[CHANGE_LEN * (l.n - 1) + 2];
    s.since = midnight - (int64_t) back * DAY_S
              + (int64_t) get16 (l.change + CHANGE_LEN * (l.n - 1)) * 60;
  }
  return s;
}

/* Tariff plan. */

static bool
has_bit (const uint8_t *days, int day)
{
  return days[day / 8] >> (day % 8) & 1;
}

static mw_kplan_say
say_tariff_plan (const uint8_t *plan, int64_t local)
{
  when w = when_of (local);
  unsigned first = 2000u + plan[BODY], years = plan[BODY + 1], n = (unsigned) w.year - first;
  const uint8_t *year = plan + BODY + 2 + 2 * YEAR_OCTETS * n;
  const uint8_t *day_plans = plan + BODY + 2 + 2 * YEAR_OCTETS * years;
  unsigned quarter = (unsigned) w.second / QUARTER_S, kind = MW_KDAY_WORKING;
  int day = w.days + EPOCH_DAYS - mw_days_from_date (w.year, 1, 1);
  bool summer;
  mw_kplan_say s = { MW_KPLAN_SILENT, 0, 0, 0, local - w.second + DAY_S };
  if (n >= years)
    return s;
  summer = has_bit (year, day);
  if (w.weekday == 7 || has_bit (year + YEAR_OCTETS, day))
    kind = MW_KDAY_HOLIDAY;
  else if (w.weekday == 6)
    kind = MW_KDAY_NON_WORKING;
  day_plans += 48 * (kind + (summer ? 3u : 0u));
  s.value = (uint8_t) (1 + (day_plans[quarter / 2] >> (quarter % 2 * 4) & 7));
  s.season = summer ? 2 : 1;
  s.day = (uint8_t) kind;
  s.since = local - w.second % QUARTER_S;
  s.next = s.since + QUARTER_S;
  return s;
}

static mw_kplan_say
say_year (const uint8_t *plan, const uint8_t *year, int64_t local)
{
  if (year[0] == 0)
    return (mw_kplan_say){ MW_KPLAN_SILENT, 0, 0, 0, MW_WHEN_NEVER };
  return say (plan, year, calendar_day, local);
}

static mw_kplan_say
say_calendar (const uint8_t *plan, unsigned chosen, unsigned channel, int64_t local)
{
  const uint8_t *load;
  mw_kplan_say s = { MW_KPLAN_SILENT, 0, 0, 0, MW_WHEN_NEVER };
  if (channel == 0)
    return say_year (plan, tariff_year (plan, chosen), local);
  load = load_plan (plan, channel - 1);
  if (load[0] == LOAD_OWN)
    return say_year (plan, load + 1, local);
  if (load[0] == LOAD_FOLLOWS) {
    s = say_year (plan, tariff_year (plan, load[1] ? load[1] : chosen), local);
    if (s.value != MW_KPLAN_SILENT)
      s.value = load[2] >> (s.value - 1) & 1;
  }
  return s;
}

mw_kplan_say
mw_kplan_at (const mw_kmeter *k, unsigned channel, int64_t local)
{
  const uint8_t *plan = k->plan.data;
  mw_kplan_say silent = { MW_KPLAN_SILENT, 0, 0, 0, MW_WHEN_NEVER };
  if (k->plan.len == 0)
    return silent;
  switch (plan[0]) {
  case MW_KPLAN_TARIFF:
    return channel == 0 ? say_tariff_plan (plan, local) : silent;
  case MW_KPLAN_PERIOD:
    return say (plan, part_of (plan, channel), day_of_period, local);
  case MW_KPLAN_CALENDAR:
    return say_calendar (plan, (unsigned) mw_kset (k, MW_KV_TARIFF_PLAN), channel, local);
  default:
    return silent;
  }
}
