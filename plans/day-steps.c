/* day-steps.c: each kind of plan, read for one day. */
#include "day-steps.h"

#include "simulate.h"

static void
put (MwDaySteps *out, int minute, MwTrack track, int value)
{
  if (out->n < MW_DAY_STEPS)
    out->step[out->n++] = (MwTrackStep){ (guint16) minute, (guint8) track, (guint16) value };
}

static void
put_day (MwDaySteps *out, int minute, int season, int kind, int id)
{
  put (out, minute, MW_TRACK_SEASON, season);
  put (out, minute, MW_TRACK_DAY_KIND, kind);
  put (out, minute, MW_TRACK_DAY_ID, id);
}

static void
put_tariff (MwDaySteps *out, int minute, int tariff)
{
  put (out, minute, MW_TRACK_TARIFF, tariff);
  put (out, minute, MW_TRACK_DEMAND, tariff);
}

/* ---- tariff plan (METERTOOL manual 3.5.6) ---- */

static void
tariff_steps (const MwTariffPlan *t, MwDay day, MwDaySteps *out)
{
  int year = mw_day_year (day), of_year = mw_day_of_year (day), weekday = mw_day_weekday (day);
  int y = year - t->first_year;
  if (y < 0 || y >= t->years) {
    put_day (out, 0, MW_SIM_NOTHING, MW_SIM_DAY_NONE, 0);
    put_tariff (out, 0, MW_SIM_NOTHING);
    return;
  }
  MwTariffSeason season =
      mw_year_days_get (&t->summer[y], of_year) ? MW_SEASON_SUMMER : MW_SEASON_WINTER;
  gboolean holiday = weekday == 7 || mw_year_days_get (&t->holiday[y], of_year);
  MwTariffDay kind = holiday ? MW_DAY_HOLIDAY : weekday == 6 ? MW_DAY_SATURDAY : MW_DAY_WEEKDAY;
  const guint8 *slots = t->tariff[season][kind];
  put_day (out, 0, season,
           kind == MW_DAY_HOLIDAY    ? MW_SIM_HOLIDAY
           : kind == MW_DAY_SATURDAY ? MW_SIM_SATURDAY
                                     : MW_SIM_WEEKDAY,
           0);
  for (int i = 0; i < MW_TARIFF_PLAN_SLOTS; i++)
    if (i == 0 || slots[i] != slots[i - 1])
      put_tariff (out, i * MW_MINUTES_PER_DAY / MW_TARIFF_PLAN_SLOTS, slots[i]);
}

/* ---- period plan (METERTOOL manual 3.5.8) ---- */

static int
month_day (MwMonthDay d)
{
  return d.month * 32 + d.day;
}

/* Period A runs from its start to that of period B, also across the turn of the year. */
static MwPeriod
period_of (const MwPeriodControl *c, MwDay day)
{
  int year, month, dom;
  mw_day_split (day, &year, &month, &dom);
  int today = month * 32 + dom, a = month_day (c->start[MW_PERIOD_A]),
      b = month_day (c->start[MW_PERIOD_B]);
  gboolean in_a = a < b ? today >= a && today < b : today >= a || today < b;
  return in_a ? MW_PERIOD_A : MW_PERIOD_B;
}

static void
period_steps (const MwPeriodPlan *p, MwDay day, MwDaySteps *out)
{
  int weekday = mw_day_weekday (day);
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    const MwPeriodControl *c = &p->control[i];
    if (!c->used)
      continue;
    gboolean exception = mw_day_list_has (&c->exceptions, day);
    MwPeriodDay kind =
        exception || c->non_working[weekday - 1] ? MW_DAY_NON_WORKING : MW_DAY_WORKING;
    MwPeriod period = period_of (c, day);
    const MwPlanProgram *program = &c->program[period][kind];
    if (i == MW_CONTROL_TARIFF)
      put_day (out, 0, period,
               exception                    ? MW_SIM_EXCEPTION
               : kind == MW_DAY_NON_WORKING ? MW_SIM_NON_WORKING
                                            : MW_SIM_WORKING,
               0);
    for (guint k = 0; k < program->n; k++)
      if (i == MW_CONTROL_TARIFF)
        put_tariff (out, program->step[k].minute, program->step[k].value);
      else
        put (out, program->step[k].minute,
             i == MW_CONTROL_LOAD_1 ? MW_TRACK_OUTPUT_1 : MW_TRACK_OUTPUT_2,
             program->step[k].value);
  }
}

/* ---- calendar plan (OMNIPOWER technical description 4.4.6.3) ---- */

/* The last shift of the year before goes on into the new year. */
static guint
season_of (const MwCalendarTrack *t, MwDay day)
{
  if (t->shifts == 0)
    return 0;
  int year, month, dom;
  mw_day_split (day, &year, &month, &dom);
  guint season = t->shift[t->shifts - 1].season;
  for (guint i = 0; i < t->shifts && month_day (t->shift[i].from) <= month * 32 + dom; i++)
    season = t->shift[i].season;
  return MIN (season, (guint) t->seasons - 1);
}

static const MwPlanProgram *
program_of (const MwCalendarPlan *c, const MwCalendarTrack *t, MwDay day, guint *season,
            MwCalendarDay *kind)
{
  *season = season_of (t, day);
  *kind = mw_day_list_has (&c->exceptions, day)
              ? MW_CAL_HOLIDAY
              : (MwCalendarDay) t->season[*season].week[mw_day_weekday (day) - 1];
  return &t->season[*season].program[*kind];
}

static void
load_steps (const MwCalendarPlan *c, guint load, MwDay day, const MwPlanProgram *tariffs,
            MwDaySteps *out)
{
  const MwCalendarLoad *l = &c->load[load];
  MwTrack track = load == 0 ? MW_TRACK_OUTPUT_1 : MW_TRACK_OUTPUT_2;
  const MwPlanProgram *program = tariffs;
  guint season;
  MwCalendarDay kind;
  if (l->mode == MW_LOAD_OWN && l->track.seasons > 0)
    program = program_of (c, &l->track, day, &season, &kind);
  else if (l->mode != MW_LOAD_FOLLOW)
    return;
  for (guint k = 0; program && k < program->n; k++) {
    int value = program->step[k].value;
    put (out, program->step[k].minute, track,
         l->mode == MW_LOAD_OWN ? value
                                : (value >= 1 && (l->on_tariffs >> (value - 1) & 1) != 0));
  }
}

static void
calendar_steps (const MwCalendarPlan *c, MwDay day, MwDaySteps *out)
{
  static const guint8 kinds[MW_N_CAL_DAYS] = { MW_SIM_WORKING, MW_SIM_NON_WORKING,
                                               MW_SIM_HOLIDAY };
  const MwCalendarTrack *t = &c->plan[MIN (c->selected, MW_CALENDAR_PLANS - 1)];
  const MwPlanProgram *tariffs = NULL;
  if (t->seasons > 0) {
    guint season;
    MwCalendarDay kind;
    tariffs = program_of (c, t, day, &season, &kind);
    put_day (out, 0, (int) season,
             mw_day_list_has (&c->exceptions, day) ? MW_SIM_EXCEPTION : kinds[kind], 0);
    for (guint k = 0; k < tariffs->n; k++)
      put_tariff (out, tariffs->step[k].minute, tariffs->step[k].value);
  }
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++)
    load_steps (c, i, day, tariffs, out);
}

/* ---- activity plan (Mx381 manual 5.4; Blue Book, class 20) ---- */

#define LOOK_BACK_DAYS (8 * 366 + 1) /* 29 February, across 1900 and 2100 */

static gboolean
is_any (const MwPlanDate *d)
{
  return d->day == MW_PLAN_ANY && d->weekday == MW_PLAN_ANY && d->month == MW_PLAN_ANY
         && d->year == MW_PLAN_ANY_YEAR; /* not specified at all: not in use */
}

/* The season that holds just before DAY begins: the one that began last; of two that began
 * together the first in the list. */
static int
season_before (const MwActivityPlan *a, MwDay day)
{
  int found = -1;
  gint64 newest = G_MININT64;
  for (guint i = 0; i < a->seasons; i++) {
    const MwActivitySeason *s = &a->season[i];
    for (MwDay d = day - 1; !is_any (&s->start) && d > day - LOOK_BACK_DAYS; d--)
      if (mw_plan_date_matches (&s->start, d)) {
        gint64 began = (gint64) d * MW_MINUTES_PER_DAY + s->minute;
        if (began > newest) {
          newest = began;
          found = (int) i;
        }
        break;
      }
  }
  return found;
}

static void
find_starts (const MwPlan *plan, int year, MwSeasonStarts *out)
{
  const MwActivityPlan *a = &plan->u.activity;
  MwDay first = mw_day (year, 1, 1), next = mw_day (year + 1, 1, 1);
  out->plan = plan;
  out->year = year;
  out->n = 0;
  out->before = season_before (a, first);
  for (MwDay day = first; day < next; day++) {
    MwSplitDay split = mw_plan_split (day);
    for (guint i = a->seasons; i > 0; i--) { /* so that the first of equals comes last */
      const MwActivitySeason *s = &a->season[i - 1];
      if (is_any (&s->start) || !mw_plan_date_matches_split (&s->start, &split)
          || out->n == MW_SEASON_STARTS)
        continue;
      gint64 minute = (gint64) day * MW_MINUTES_PER_DAY + s->minute;
      guint k = out->n++;
      for (; k > 0 && out->at[k - 1].minute > minute; k--)
        out->at[k] = out->at[k - 1];
      out->at[k].minute = minute;
      out->at[k].season = (int) i - 1;
    }
  }
}

/* The season that holds at MINUTE of DAY, -1: none; *UNTIL: when the next begins that day. */
static int
season_at (const MwSeasonStarts *s, MwDay day, int minute, int *until)
{
  gint64 midnight = (gint64) day * MW_MINUTES_PER_DAY;
  int season = s->before;
  guint low = 0, high = s->n; /* the first start after MINUTE */
  while (low < high) {
    guint middle = (low + high) / 2;
    if (s->at[middle].minute <= midnight + minute)
      low = middle + 1;
    else
      high = middle;
  }
  if (low > 0)
    season = s->at[low - 1].season;
  *until = low < s->n && s->at[low].minute < midnight + MW_MINUTES_PER_DAY
               ? (int) (s->at[low].minute - midnight)
               : MW_MINUTES_PER_DAY;
  return season;
}

static const MwActivityDay *
find_day (const MwActivityPlan *a, guint id)
{
  for (guint i = 0; i < a->days; i++)
    if (a->day[i].id == id)
      return &a->day[i];
  return NULL;
}

/* The first special day that matches, by its place in the list (Mx381 manual 5.4.3). */
static const MwActivitySpecial *
find_special (const MwActivityPlan *a, MwDay day)
{
  MwSplitDay split = mw_plan_split (day);
  for (guint i = 0; i < a->specials; i++)
    if (mw_plan_date_matches_split (&a->special[i].date, &split))
      return &a->special[i];
  return NULL;
}

static const guint8 script_tracks[MW_N_SCRIPT_KINDS] = {
  [MW_SCRIPT_ENERGY_TARIFF] = MW_TRACK_TARIFF,
  [MW_SCRIPT_DEMAND_TARIFF] = MW_TRACK_DEMAND,
  [MW_SCRIPT_RELAY] = MW_TRACK_OUTPUT_1,
  [MW_SCRIPT_SERVICE] = MW_TRACK_OUTPUT_2
};

static void
script_steps (const MwActivityPlan *a, int minute, guint script, MwDaySteps *out)
{
  for (guint i = 0; i < a->scripts; i++)
    for (guint k = 0; a->script[i].id == script && k < a->script[i].n; k++)
      if (a->script[i].action[k].kind != MW_SCRIPT_NOTHING)
        put (out, minute, script_tracks[a->script[i].action[k].kind],
             a->script[i].action[k].value);
}

/* DAY from minute FROM until UNTIL, during which SEASON holds. */
static void
activity_part (const MwActivityPlan *a, MwDay day, int from, int until, int season,
               MwDaySteps *out)
{
  const MwActivitySpecial *special = find_special (a, day);
  guint id = special ? special->day_id : 0;
  for (guint i = 0; !special && season >= 0 && i < a->weeks; i++)
    if (mw_plan_name_equal (&a->week[i].name, &a->season[season].week)) {
      id = a->week[i].day[mw_day_weekday (day) - 1];
      break;
    }
  put_day (out, from, season < 0 ? MW_SIM_NOTHING : season,
           special ? MW_SIM_EXCEPTION : MW_SIM_PROFILE, (int) id);
  const MwActivityDay *profile = find_day (a, id);
  int before = -1;
  for (guint k = 0; profile && k < profile->program.n; k++) {
    const MwPlanStep *step = &profile->program.step[k];
    if (step->minute <= from)
      before = (int) k;
    else if (step->minute < until) {
      if (before >= 0)
        script_steps (a, from, profile->program.step[before].value, out);
      before = -1;
      script_steps (a, step->minute, step->value, out);
    }
  }
  if (before >= 0)
    script_steps (a, from, profile->program.step[before].value, out);
}

static void
activity_steps (const MwPlan *plan, MwDay day, MwDaySteps *out)
{
  int year = mw_day_year (day);
  if (out->starts.plan != plan || out->starts.year != year)
    find_starts (plan, year, &out->starts);
  for (int from = 0, until; from < MW_MINUTES_PER_DAY; from = until) {
    int season = season_at (&out->starts, day, from, &until);
    activity_part (&plan->u.activity, day, from, until, season, out);
  }
}

/* ---- any plan ---- */

guint
mw_plan_tracks (const MwPlan *plan)
{
  guint day = 1u << MW_TRACK_SEASON | 1u << MW_TRACK_DAY_KIND | 1u << MW_TRACK_DAY_ID;
  guint tariff = 1u << MW_TRACK_TARIFF | 1u << MW_TRACK_DEMAND;
  guint tracks = 0;
  switch (plan->kind) {
  case MW_PLAN_TARIFF:
    return day | tariff;
  case MW_PLAN_PERIOD:
    for (guint i = 0; i < MW_N_CONTROLS; i++)
      if (plan->u.period.control[i].used)
        tracks |= i == MW_CONTROL_TARIFF   ? day | tariff
                  : i == MW_CONTROL_LOAD_1 ? 1u << MW_TRACK_OUTPUT_1
                                           : 1u << MW_TRACK_OUTPUT_2;
    return tracks;
  case MW_PLAN_CALENDAR:
    tracks = day | tariff;
    for (guint i = 0; i < MW_CALENDAR_LOADS; i++)
      if (plan->u.calendar.load[i].mode != MW_LOAD_NONE)
        tracks |= 1u << (i == 0 ? MW_TRACK_OUTPUT_1 : MW_TRACK_OUTPUT_2);
    return tracks;
  case MW_PLAN_ACTIVITY:
    tracks = day;
    for (guint i = 0; i < plan->u.activity.scripts; i++)
      for (guint k = 0; k < plan->u.activity.script[i].n; k++)
        if (plan->u.activity.script[i].action[k].kind != MW_SCRIPT_NOTHING)
          tracks |= 1u << script_tracks[plan->u.activity.script[i].action[k].kind];
    return tracks;
  case MW_PLAN_DST:
  default:
    return 0;
  }
}

/* Steps of one minute stay in the order in which they were put: the later one holds. */
static void
sort_steps (MwDaySteps *s)
{
  for (guint i = 1; i < s->n; i++) {
    MwTrackStep step = s->step[i];
    guint k = i;
    for (; k > 0 && s->step[k - 1].minute > step.minute; k--)
      s->step[k] = s->step[k - 1];
    s->step[k] = step;
  }
}

void
mw_plan_day_steps (const MwPlan *plan, MwDay day, MwDaySteps *out)
{
  out->n = 0;
  if (plan->kind == MW_PLAN_TARIFF)
    tariff_steps (&plan->u.tariff, day, out);
  else if (plan->kind == MW_PLAN_PERIOD)
    period_steps (&plan->u.period, day, out);
  else if (plan->kind == MW_PLAN_CALENDAR)
    calendar_steps (&plan->u.calendar, day, out);
  else if (plan->kind == MW_PLAN_ACTIVITY)
    activity_steps (plan, day, out);
  sort_steps (out);
}
