/* plan.c: making, comparing and tidying plans. */
#include "plan.h"

#include <string.h>

static const char *const kinds[MW_N_PLAN_KINDS] = { "tariff", "period", "calendar", "activity",
                                                    "dst" };

const char *
mw_plan_kind_name (MwPlanKind kind)
{
  return kind < MW_N_PLAN_KINDS ? kinds[kind] : "unknown";
}

gboolean
mw_plan_kind_parse (const char *name, MwPlanKind *kind)
{
  for (guint i = 0; i < MW_N_PLAN_KINDS; i++)
    if (strcmp (name, kinds[i]) == 0) {
      *kind = (MwPlanKind) i;
      return TRUE;
    }
  return FALSE;
}

/* ---- parts ---- */

gboolean
mw_year_days_get (const MwYearDays *days, int day_of_year)
{
  return (days->bits[day_of_year / 8] >> (day_of_year % 8) & 1) != 0;
}

void
mw_year_days_set (MwYearDays *days, int day_of_year, gboolean on)
{
  guint8 bit = (guint8) (1u << (day_of_year % 8));
  if (on)
    days->bits[day_of_year / 8] |= bit;
  else
    days->bits[day_of_year / 8] &= (guint8) ~bit;
}

int
mw_plan_program_at (const MwPlanProgram *program, int minute)
{
  int value = -1;
  for (guint i = 0; i < program->n && program->step[i].minute <= minute; i++)
    value = program->step[i].value;
  return value;
}

gboolean
mw_plan_program_put (MwPlanProgram *program, int minute, int value, int max)
{
  guint i = 0;
  while (i < program->n && program->step[i].minute < minute)
    i++;
  if (i == program->n || program->step[i].minute != minute) {
    if (program->n >= MIN (max, MW_PLAN_STEPS))
      return FALSE;
    memmove (&program->step[i + 1], &program->step[i],
             (program->n - i) * sizeof program->step[0]);
    program->n++;
  }
  program->step[i] = (MwPlanStep){ (guint16) minute, (guint16) value };
  return TRUE;
}

/* Index of the first day that is not before DAY. */
static guint
day_list_find (const MwDayList *list, MwDay day)
{
  guint low = 0, high = list->n;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (list->day[middle] < day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
mw_day_list_has (const MwDayList *list, MwDay day)
{
  guint i = day_list_find (list, day);
  return i < list->n && list->day[i] == day;
}

gboolean
mw_day_list_add (MwDayList *list, MwDay day, int max)
{
  guint i = day_list_find (list, day);
  if (i < list->n && list->day[i] == day)
    return TRUE;
  if ((int) list->n >= MIN (max, MW_EXCEPTION_DAYS))
    return FALSE;
  memmove (&list->day[i + 1], &list->day[i], (list->n - i) * sizeof list->day[0]);
  list->day[i] = day;
  list->n++;
  return TRUE;
}

void
mw_day_list_remove (MwDayList *list, MwDay day)
{
  guint i = day_list_find (list, day);
  if (i == list->n || list->day[i] != day)
    return;
  list->n--;
  memmove (&list->day[i], &list->day[i + 1], (list->n - i) * sizeof list->day[0]);
  list->day[list->n] = 0;
}

MwSplitDay
mw_plan_split (MwDay day)
{
  int year, month, dom;
  mw_day_split (day, &year, &month, &dom);
  return (MwSplitDay){ year, month, dom, mw_day_weekday (day), mw_days_of_month (year, month) };
}

/* Blue Book 4.1.6.1: with a day of the week, a day of the month is the first day from which on
 * that weekday is looked for; "last" with a weekday is the last such weekday of the month. */
gboolean
mw_plan_date_matches_split (const MwPlanDate *date, const MwSplitDay *d)
{
  int left = d->days - d->dom;
  if ((date->year != MW_PLAN_ANY_YEAR && date->year != d->year)
      || (date->month != MW_PLAN_ANY && date->month != d->month))
    return FALSE;
  /* A complete date that names its weekday means that date. */
  if (date->year != MW_PLAN_ANY_YEAR && date->month <= 12 && date->day <= 31)
    return date->day == d->dom;
  if (date->weekday == MW_PLAN_ANY || date->weekday == 0)
    return date->day == MW_PLAN_ANY || date->day == d->dom
           || (date->day == MW_PLAN_LAST && left == 0)
           || (date->day == MW_PLAN_SECOND_LAST && left == 1);
  if (d->weekday != date->weekday)
    return FALSE;
  if (date->day == MW_PLAN_ANY)
    return TRUE;
  if (date->day == MW_PLAN_LAST)
    return left < 7;
  if (date->day == MW_PLAN_SECOND_LAST)
    return left >= 7 && left < 14;
  return d->dom >= date->day && d->dom < date->day + 7;
}

gboolean
mw_plan_date_matches (const MwPlanDate *date, MwDay day)
{
  MwSplitDay split = mw_plan_split (day);
  return mw_plan_date_matches_split (date, &split);
}

gboolean
mw_plan_name_equal (const MwPlanName *a, const MwPlanName *b)
{
  return a->len == b->len && memcmp (a->octets, b->octets, a->len) == 0;
}

MwPlanName
mw_plan_name (const char *text)
{
  MwPlanName name = { 0 };
  name.len = (guint8) MIN (strlen (text), MW_PLAN_NAME);
  memcpy (name.octets, text, name.len);
  return name;
}

/* ---- new plans ---- */

static void
new_tariff (MwTariffPlan *t, int first_year)
{
  t->first_year = (guint16) first_year;
  t->years = MW_TARIFF_PLAN_YEARS;
  memset (t->tariff, 1, sizeof t->tariff);
}

static void
new_period (MwPeriodPlan *p)
{
  MwPeriodControl *c = &p->control[MW_CONTROL_TARIFF];
  c->used = TRUE;
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    p->control[i].non_working[5] = p->control[i].non_working[6] = TRUE;
    p->control[i].start[MW_PERIOD_A] = (MwMonthDay){ 4, 1 };
    p->control[i].start[MW_PERIOD_B] = (MwMonthDay){ 10, 1 };
    for (guint period = 0; period < MW_N_PERIODS; period++)
      for (guint day = 0; day < MW_N_PERIOD_DAYS; day++)
        mw_plan_program_put (&p->control[i].program[period][day], 0, i == MW_CONTROL_TARIFF,
                             MW_PERIOD_CHANGES);
  }
}

static void
new_track (MwCalendarTrack *t, int value)
{
  t->seasons = 1;
  t->season[0].week[5] = MW_CAL_NON_WORKING;
  t->season[0].week[6] = MW_CAL_HOLIDAY;
  for (guint i = 0; i < MW_N_CAL_DAYS; i++)
    mw_plan_program_put (&t->season[0].program[i], 0, value, MW_CALENDAR_CHANGES);
}

/* The default of the reference meter: eight scripts that switch both tariffs. */
static void
new_activity (MwActivityPlan *a)
{
  a->name = mw_plan_name ("1");
  a->seasons = a->weeks = a->days = 1;
  a->season[0].name = mw_plan_name ("1");
  a->season[0].start = (MwPlanDate){ MW_PLAN_ANY_YEAR, 1, 1, MW_PLAN_ANY };
  a->season[0].week = a->week[0].name = mw_plan_name ("1");
  memset (a->week[0].day, 1, sizeof a->week[0].day);
  a->day[0].id = 1;
  mw_plan_program_put (&a->day[0].program, 0, 1, MW_ACTIVITY_ACTIONS);
  a->scripts = MW_PLAN_TARIFFS;
  for (guint i = 0; i < a->scripts; i++) {
    guint8 tariff = (guint8) (i + 1);
    a->script[i] = (MwActivityScript){
      tariff, 2, { { MW_SCRIPT_ENERGY_TARIFF, tariff }, { MW_SCRIPT_DEMAND_TARIFF, tariff } }
    };
  }
  a->at_once = TRUE;
}

static void
new_dst (MwDstPlan *d)
{
  d->mode = MW_DST_EU;
  d->shift = 60;
}

MwPlan *
mw_plan_new (MwPlanKind kind, int first_year)
{
  g_return_val_if_fail (kind < MW_N_PLAN_KINDS, NULL);
  MwPlan *plan = g_new0 (MwPlan, 1);
  plan->kind = kind;
  switch (kind) {
  case MW_PLAN_TARIFF:
    new_tariff (&plan->u.tariff, first_year);
    break;
  case MW_PLAN_PERIOD:
    new_period (&plan->u.period);
    break;
  case MW_PLAN_CALENDAR:
    new_track (&plan->u.calendar.plan[0], 1);
    break;
  case MW_PLAN_ACTIVITY:
    new_activity (&plan->u.activity);
    break;
  case MW_PLAN_DST:
  default:
    new_dst (&plan->u.dst);
    break;
  }
  return plan;
}

MwPlan *
mw_plan_copy (const MwPlan *plan)
{
  return g_memdup2 (plan, sizeof *plan);
}

void
mw_plan_free (MwPlan *plan)
{
  g_free (plan);
}

/* ---- order ---- */

#define CLEAR_REST(array, n) memset ((array) + (n), 0, sizeof (array) - (n) * sizeof (array)[0])

static void
tidy_program (MwPlanProgram *p)
{
  MwPlanProgram old = *p;
  memset (p, 0, sizeof *p);
  for (guint i = 0; i < MIN (old.n, MW_PLAN_STEPS); i++)
    mw_plan_program_put (p, old.step[i].minute, old.step[i].value, MW_PLAN_STEPS);
}

static void
tidy_days (MwDayList *list)
{
  MwDayList old = *list;
  memset (list, 0, sizeof *list);
  for (guint i = 0; i < MIN (old.n, MW_EXCEPTION_DAYS); i++)
    mw_day_list_add (list, old.day[i], MW_EXCEPTION_DAYS);
}

static int
by_shift (gconstpointer a, gconstpointer b, gpointer data)
{
  const MwSeasonShift *x = a, *y = b;
  return (x->from.month * 32 + x->from.day) - (y->from.month * 32 + y->from.day);
}

static void
tidy_track (MwCalendarTrack *t)
{
  t->seasons = MIN (t->seasons, MW_CALENDAR_SEASONS);
  t->shifts = MIN (t->shifts, MW_CALENDAR_SHIFTS);
  g_qsort_with_data (t->shift, t->shifts, sizeof t->shift[0], by_shift, NULL);
  CLEAR_REST (t->season, t->seasons);
  CLEAR_REST (t->shift, t->shifts);
  for (guint i = 0; i < t->seasons; i++)
    for (guint day = 0; day < MW_N_CAL_DAYS; day++)
      tidy_program (&t->season[i].program[day]);
}

static void
tidy_calendar (MwCalendarPlan *c)
{
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++)
    tidy_track (&c->plan[i]);
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    if (c->load[i].mode != MW_LOAD_OWN)
      memset (&c->load[i].track, 0, sizeof c->load[i].track);
    if (c->load[i].mode != MW_LOAD_FOLLOW)
      c->load[i].on_tariffs = 0;
    tidy_track (&c->load[i].track);
  }
  tidy_days (&c->exceptions);
}

static void
tidy_activity (MwActivityPlan *a)
{
  CLEAR_REST (a->season, a->seasons);
  CLEAR_REST (a->week, a->weeks);
  CLEAR_REST (a->day, a->days);
  CLEAR_REST (a->special, a->specials);
  CLEAR_REST (a->script, a->scripts);
  for (guint i = 0; i < a->days; i++)
    tidy_program (&a->day[i].program);
  for (guint i = 0; i < a->scripts; i++)
    CLEAR_REST (a->script[i].action, a->script[i].n);
  if (a->at_once)
    a->activation = 0;
}

static void
tidy_tariff (MwTariffPlan *t)
{
  CLEAR_REST (t->summer, t->years);
  CLEAR_REST (t->holiday, t->years);
  for (guint y = 0; y < t->years; y++)
    for (int d = mw_days_of_year (t->first_year + (int) y); d < 8 * 46; d++) {
      mw_year_days_set (&t->summer[y], d, FALSE);
      mw_year_days_set (&t->holiday[y], d, FALSE);
    }
}

static void
tidy_dst (MwDstPlan *d)
{
  static const MwDstRule none;
  if (d->mode != MW_DST_LIST)
    d->years = 0;
  if (d->mode != MW_DST_RULE)
    d->begin = d->end = none;
  if (d->mode == MW_DST_NONE)
    d->shift = 0;
  else if (d->mode == MW_DST_EU)
    d->shift = 60;
  CLEAR_REST (d->from, d->years);
  CLEAR_REST (d->until, d->years);
}

void
mw_plan_tidy (MwPlan *plan)
{
  gsize title = strlen (plan->title);
  memset (plan->title + title, 0, sizeof plan->title - title);
  switch (plan->kind) {
  case MW_PLAN_TARIFF:
    tidy_tariff (&plan->u.tariff);
    break;
  case MW_PLAN_PERIOD:
    for (guint i = 0; i < MW_N_CONTROLS; i++) {
      for (guint k = 0; k < MW_N_PERIODS * MW_N_PERIOD_DAYS; k++)
        tidy_program (
            &plan->u.period.control[i].program[k / MW_N_PERIOD_DAYS][k % MW_N_PERIOD_DAYS]);
      tidy_days (&plan->u.period.control[i].exceptions);
    }
    break;
  case MW_PLAN_CALENDAR:
    tidy_calendar (&plan->u.calendar);
    break;
  case MW_PLAN_ACTIVITY:
    tidy_activity (&plan->u.activity);
    break;
  case MW_PLAN_DST:
  default:
    tidy_dst (&plan->u.dst);
    break;
  }
}

gboolean
mw_plan_equal (const MwPlan *a, const MwPlan *b)
{
  if (a->kind != b->kind)
    return FALSE;
  MwPlan x = *a, y = *b;
  memset (x.title, 0, sizeof x.title);
  memset (y.title, 0, sizeof y.title);
  mw_plan_tidy (&x);
  mw_plan_tidy (&y);
  return memcmp (&x.u, &y.u, sizeof x.u) == 0;
}
