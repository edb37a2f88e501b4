/* random-plan.c: see random-plan.h.  Everything that a plan may hold occurs: no changes at all,
 * as many as allowed, changes at the last minute, seasons that wrap around the year. */
#include "random-plan.h"

#include <string.h>

static int
between (GRand *r, int low, int high)
{
  return g_rand_int_range (r, low, high + 1);
}

static gboolean
chance (GRand *r, int percent)
{
  return between (r, 1, 100) <= percent;
}

static void
random_program (GRand *r, MwPlanProgram *p, int max, int low, int high)
{
  memset (p, 0, sizeof *p);
  int n = chance (r, 10) ? 0 : chance (r, 15) ? max : between (r, 1, max);
  for (int i = 0; i < n; i++)
    mw_plan_program_put (p,
                         chance (r, 20)   ? 0
                         : chance (r, 10) ? MW_MINUTES_PER_DAY - 1
                                          : between (r, 0, MW_MINUTES_PER_DAY - 1),
                         between (r, low, high), max);
}

static void
random_days (GRand *r, MwDayList *list, int max)
{
  int n = chance (r, 20) ? 0 : chance (r, 10) ? max : between (r, 0, 40);
  memset (list, 0, sizeof *list);
  for (int i = 0; i < n; i++)
    mw_day_list_add (list, mw_day (2024, 1, 1) + between (r, 0, 19 * 365), max);
}

static MwMonthDay
random_month_day (GRand *r)
{
  int month = between (r, 1, 12);
  return (MwMonthDay){ (guint8) month,
                       (guint8) between (r, 1, mw_days_of_month (2023, month)) };
}

static void
random_tariff (GRand *r, MwTariffPlan *t)
{
  memset (t, 0, sizeof *t);
  t->first_year = (guint16) between (r, 2000, 2030);
  t->years = (guint16) between (r, 1, MW_TARIFF_PLAN_YEARS);
  for (int y = 0; y < t->years; y++) {
    int days = mw_days_of_year (t->first_year + y);
    for (int n = between (r, 0, 3); n > 0; n--) {
      int first = between (r, 0, days - 1), last = between (r, first, days - 1);
      for (int d = first; d <= last; d++)
        mw_year_days_set (&t->summer[y], d, TRUE);
    }
    for (int n = between (r, 0, 20); n > 0; n--)
      mw_year_days_set (&t->holiday[y], between (r, 0, days - 1), TRUE);
  }
  for (int k = 0; k < 6; k++)
    for (int i = 0, value = 1; i < MW_TARIFF_PLAN_SLOTS; i++) {
      if (i == 0 || chance (r, 12))
        value = between (r, 1, MW_PLAN_TARIFFS);
      t->tariff[k / 3][k % 3][i] = (guint8) value;
    }
}

static void
random_period (GRand *r, MwPeriodPlan *p)
{
  memset (p, 0, sizeof *p);
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    MwPeriodControl *c = &p->control[i];
    c->used = i == 0 || chance (r, 60);
    if (!c->used)
      continue;
    for (guint d = 0; d < 7; d++)
      c->non_working[d] = chance (r, 30);
    c->start[0] = random_month_day (r);
    do
      c->start[1] = random_month_day (r);
    while (c->start[0].month == c->start[1].month && c->start[0].day == c->start[1].day);
    for (guint k = 0; k < 4; k++)
      random_program (r, &c->program[k / 2][k % 2], MW_PERIOD_CHANGES, i == 0,
                      i == 0 ? MW_PLAN_TARIFFS : 1);
    random_days (r, &c->exceptions, MW_EXCEPTION_DAYS);
  }
}

static void
random_track (GRand *r, MwCalendarTrack *t, int low, int high)
{
  memset (t, 0, sizeof *t);
  t->seasons = (guint16) between (r, 1, MW_CALENDAR_SEASONS);
  for (guint s = 0; s < t->seasons; s++) {
    for (guint d = 0; d < 7; d++)
      t->season[s].week[d] = (guint16) between (r, 0, MW_N_CAL_DAYS - 1);
    for (guint k = 0; k < MW_N_CAL_DAYS; k++)
      random_program (r, &t->season[s].program[k], MW_CALENDAR_CHANGES, low, high);
  }
  int month = 0;
  for (int n = between (r, 0, MW_CALENDAR_SHIFTS); n > 0 && month < 12; n--) {
    MwMonthDay day = random_month_day (r);
    day.month = (guint8) (month = between (r, month + 1, 12));
    day.day = (guint8) MIN (day.day, mw_days_of_month (2023, day.month));
    t->shift[t->shifts++] = (MwSeasonShift){ day, (guint8) between (r, 0, t->seasons - 1) };
  }
}

static void
random_calendar (GRand *r, MwCalendarPlan *c)
{
  memset (c, 0, sizeof *c);
  c->selected = (guint32) between (r, 0, MW_CALENDAR_PLANS - 1);
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++)
    if (i == c->selected || chance (r, 50))
      random_track (r, &c->plan[i], 1, MW_PLAN_TARIFFS);
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    c->load[i].mode = (MwLoadMode) between (r, MW_LOAD_NONE, MW_LOAD_FOLLOW);
    if (c->load[i].mode == MW_LOAD_OWN)
      random_track (r, &c->load[i].track, 0, 1);
    if (c->load[i].mode == MW_LOAD_FOLLOW)
      c->load[i].on_tariffs = (guint32) between (r, 1, 255);
  }
  random_days (r, &c->exceptions, MW_CALENDAR_EXCEPTIONS);
}

static MwPlanName
numbered (const char *prefix, guint i)
{
  g_autofree char *text = g_strdup_printf ("%s%u", prefix, i);
  return mw_plan_name (text);
}

static MwPlanDate
random_pattern (GRand *r, gboolean season)
{
  MwPlanDate d = { MW_PLAN_ANY_YEAR, (guint8) between (r, 1, 12), 0, MW_PLAN_ANY, 0 };
  if (!season && chance (r, 50))
    d.year = (guint16) between (r, 2020, 2040);
  d.day = chance (r, 10)  ? MW_PLAN_LAST
          : chance (r, 8) ? MW_PLAN_SECOND_LAST
                          : (guint8) between (r, 1, 28);
  if (chance (r, 20))
    d.weekday = (guint8) between (r, 1, 7);
  return d;
}

static void
random_scripts (GRand *r, MwActivityPlan *a)
{
  a->scripts = (guint16) between (r, 1, 16);
  for (guint i = 0; i < a->scripts; i++) {
    MwActivityScript *s = &a->script[i];
    guint8 tariff = (guint8) between (r, 1, MW_PLAN_TARIFFS);
    s->id = (guint16) (i + 1);
    s->action[s->n++] = (MwScriptAction){ MW_SCRIPT_ENERGY_TARIFF, tariff };
    if (chance (r, 80))
      s->action[s->n++] = (MwScriptAction){ MW_SCRIPT_DEMAND_TARIFF, tariff };
    if (chance (r, 30))
      s->action[s->n++] = (MwScriptAction){ MW_SCRIPT_RELAY, (guint8) between (r, 0, 1) };
    if (chance (r, 20))
      s->action[s->n++] = (MwScriptAction){ MW_SCRIPT_SERVICE, (guint8) between (r, 0, 1) };
  }
}

static void
random_activity (GRand *r, MwActivityPlan *a)
{
  memset (a, 0, sizeof *a);
  a->at_once = TRUE;
  a->name = numbered ("cal", (guint) between (r, 0, 99));
  random_scripts (r, a);
  a->days = (guint16) between (r, 1, MW_ACTIVITY_DAYS);
  for (guint i = 0; i < a->days; i++) {
    a->day[i].id = (guint16) (i + 1);
    random_program (r, &a->day[i].program, MW_ACTIVITY_ACTIONS, 1, a->scripts);
  }
  a->weeks = (guint16) between (r, 1, MW_ACTIVITY_WEEKS);
  for (guint i = 0; i < a->weeks; i++) {
    a->week[i].name = numbered ("w", i);
    for (guint d = 0; d < 7; d++)
      a->week[i].day[d] = (guint8) between (r, 1, a->days);
  }
  a->seasons = (guint16) between (r, 1, MW_ACTIVITY_SEASONS);
  for (guint i = 0; i < a->seasons; i++) {
    a->season[i].name = numbered ("s", i);
    a->season[i].start = random_pattern (r, TRUE);
    a->season[i].minute = (guint16) (chance (r, 70) ? 0 : between (r, 0, 1439));
    a->season[i].week = a->week[between (r, 0, a->weeks - 1)].name;
  }
  a->specials = (guint16) between (r, 0, chance (r, 10) ? MW_ACTIVITY_SPECIALS : 12);
  for (guint i = 0; i < a->specials; i++) {
    a->special[i].index = (guint16) i;
    a->special[i].date = random_pattern (r, FALSE);
    a->special[i].day_id = (guint16) between (r, 1, a->days);
  }
}

static void
random_dst (GRand *r, MwDstPlan *d)
{
  memset (d, 0, sizeof *d);
  d->mode = (MwDstMode) between (r, MW_DST_NONE, MW_DST_LIST);
  if (d->mode == MW_DST_NONE)
    return;
  d->shift = d->mode == MW_DST_EU ? 60 : (gint16) (30 * between (r, 1, 4));
  if (d->mode == MW_DST_RULE) {
    gboolean south = chance (r, 50);
    d->begin = (MwDstRule){ south ? 10 : 3, (guint8) between (r, 1, 5),
                            (guint8) between (r, 1, 7), 0, (guint16) between (r, 0, 300) };
    d->end = (MwDstRule){ south ? 4 : 10, 0, 0, (guint8) between (r, 1, 28),
                          (guint16) between (r, 180, 400) };
  }
  if (d->mode == MW_DST_LIST)
    for (d->years = 0; d->years < between (r, 1, MW_DST_YEARS) || d->years == 0; d->years++) {
      int year = 2024 + d->years;
      d->from[d->years] =
          (MwDstMoment){ mw_day (year, 3, between (r, 1, 31)), (guint32) between (r, 0, 300) };
      d->until[d->years] = (MwDstMoment){ mw_day (year, 10, between (r, 1, 31)),
                                          (guint32) between (r, 180, 400) };
    }
}

MwPlan *
random_plan (MwPlanKind kind, guint32 seed)
{
  GRand *r = g_rand_new_with_seed (seed);
  MwPlan *plan = mw_plan_new (kind, 2024);
  g_snprintf (plan->title, sizeof plan->title, "by chance & <%u> \"ø\"", seed);
  if (kind == MW_PLAN_TARIFF)
    random_tariff (r, &plan->u.tariff);
  else if (kind == MW_PLAN_PERIOD)
    random_period (r, &plan->u.period);
  else if (kind == MW_PLAN_CALENDAR)
    random_calendar (r, &plan->u.calendar);
  else if (kind == MW_PLAN_ACTIVITY)
    random_activity (r, &plan->u.activity);
  else
    random_dst (r, &plan->u.dst);
  g_rand_free (r);
  return plan;
}
