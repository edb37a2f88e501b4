/* check.c: what a schema cannot say of a plan, kind by kind. */
#include "check.h"

#include "xml.h"

#include <string.h>

typedef struct {
  GPtrArray *problems;
  const MwPlanLimits *limits;
  GString *where; /* the field in hand */
} Check;

/* ---- limits ---- */

MwPlanLimits
mw_plan_limits (MwPlanKind kind)
{
  MwPlanLimits l = { .tariffs = MW_PLAN_TARIFFS, .step = 1 };
  switch (kind) {
  case MW_PLAN_TARIFF:
    l.years = MW_TARIFF_PLAN_YEARS;
    l.step = 15;
    l.changes = MW_TARIFF_PLAN_SLOTS;
    break;
  case MW_PLAN_PERIOD:
    l.changes = MW_PERIOD_CHANGES;
    l.exceptions = MW_EXCEPTION_DAYS;
    l.loads = 2;
    break;
  case MW_PLAN_CALENDAR:
    l.changes = MW_CALENDAR_CHANGES;
    l.exceptions = MW_CALENDAR_EXCEPTIONS;
    l.years_ahead = MW_CALENDAR_YEARS;
    l.seasons = MW_CALENDAR_SEASONS;
    l.shifts = MW_CALENDAR_SHIFTS;
    l.plans = MW_CALENDAR_PLANS;
    l.loads = MW_CALENDAR_LOADS;
    break;
  case MW_PLAN_ACTIVITY:
    l.changes = MW_ACTIVITY_ACTIONS;
    l.seasons = MW_ACTIVITY_SEASONS;
    l.weeks = MW_ACTIVITY_WEEKS;
    l.days = MW_ACTIVITY_DAYS;
    l.specials = MW_ACTIVITY_SPECIALS;
    l.loads = 2;
    break;
  case MW_PLAN_DST:
  default:
    l.years = MW_DST_YEARS;
    break;
  }
  return l;
}

void
mw_plan_problem_free (MwPlanProblem *problem)
{
  g_free (problem->field);
  g_free (problem->reason);
  g_free (problem);
}

const MwPlanProblem *
mw_plan_first_error (const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++) {
    const MwPlanProblem *p = problems->pdata[i];
    if (!p->warning)
      return p;
  }
  return NULL;
}

/* ---- helpers ---- */

static G_GNUC_PRINTF (3, 4) void report (Check *c, gboolean warning, const char *format, ...)
{
  va_list args;
  MwPlanProblem *p = g_new0 (MwPlanProblem, 1);
  va_start (args, format);
  p->reason = g_strdup_vprintf (format, args);
  va_end (args);
  p->warning = warning;
  p->field = g_strdup (c->where->str);
  g_ptr_array_add (c->problems, p);
}

#define wrong(c, ...) report (c, FALSE, __VA_ARGS__)
#define warn(c, ...) report (c, TRUE, __VA_ARGS__)

/* Append to the field's name; the returned length restores it. */
static G_GNUC_PRINTF (2, 3) gsize enter (Check *c, const char *format, ...)
{
  gsize at = c->where->len;
  va_list args;
  if (at > 0)
    g_string_append (c->where, ", ");
  va_start (args, format);
  g_string_append_vprintf (c->where, format, args);
  va_end (args);
  return at;
}

static void
leave (Check *c, gsize at)
{
  g_string_truncate (c->where, at);
}

static gboolean
is_month_day (MwMonthDay d)
{
  return d.month >= 1 && d.month <= 12 && d.day >= 1
         && d.day <= mw_days_of_month (2024, d.month);
}

static void
check_month_day (Check *c, MwMonthDay d, const char *what)
{
  if (!is_month_day (d))
    wrong (c, "%s %02u-%02u is no day of a year", what, d.month, d.day);
  else if (d.month == 2 && d.day == 29)
    warn (c, "%s 29 February comes every fourth year only", what);
}

/* The changes of a day: in order, within the day, with allowed values. */
static void
check_program (Check *c, const MwPlanProgram *p, guint max_value, guint min_value)
{
  if (p->n > c->limits->changes)
    wrong (c, "%u changes; this meter takes %u a day", p->n, c->limits->changes);
  for (guint i = 0; i < MIN (p->n, MW_PLAN_STEPS); i++) {
    gsize at = enter (c, "change %u", i + 1);
    const MwPlanStep *s = &p->step[i];
    if (s->minute >= MW_MINUTES_PER_DAY)
      wrong (c, "minute %u is past the end of the day", s->minute);
    else if (s->minute % c->limits->step != 0)
      wrong (c, "%02u:%02u is not a multiple of %u minutes", s->minute / 60, s->minute % 60,
             c->limits->step);
    if (i > 0 && s->minute <= p->step[i - 1].minute)
      wrong (c, "%02u:%02u does not come after the change before it", s->minute / 60,
             s->minute % 60);
    if (s->value < min_value || s->value > max_value)
      wrong (c, max_value == 1 ? "%u is neither 0 (off) nor 1 (on)" : "there is no tariff %u",
             s->value);
    leave (c, at);
  }
}

static void
check_day_list (Check *c, const MwDayList *list)
{
  gsize at = enter (c, "exception days");
  if (list->n > c->limits->exceptions)
    wrong (c, "%u days; this meter takes %u", list->n, c->limits->exceptions);
  for (guint i = 1; i < MIN (list->n, MW_EXCEPTION_DAYS); i++)
    if (list->day[i] <= list->day[i - 1]) {
      char day[12];
      mw_plan_day_text (list->day[i], day);
      wrong (c, "%s is there twice or out of order", day);
    }
  if (list->n > 1 && c->limits->years_ahead
      && list->day[list->n - 1] - list->day[0] > (MwDay) (c->limits->years_ahead * 366))
    wrong (c, "the days span more than %u years", c->limits->years_ahead);
  leave (c, at);
}

/* ---- the kinds ---- */

static void
check_tariff (Check *c, const MwTariffPlan *t)
{
  static const char *const days[] = { "winter weekday", "winter Saturday", "winter holiday",
                                      "summer weekday", "summer Saturday", "summer holiday" };
  if (t->years < 1 || t->years > c->limits->years)
    wrong (c, "%u years; this meter takes 1 to %u", t->years, c->limits->years);
  if (t->first_year < 1970 || t->first_year + t->years > 2100)
    wrong (c, "the years %u to %u are not between 1970 and 2099", t->first_year,
           t->first_year + t->years - 1u);
  for (guint k = 0; k < G_N_ELEMENTS (days); k++) {
    gsize at = enter (c, "%s", days[k]);
    for (guint i = 0; i < MW_TARIFF_PLAN_SLOTS; i++) {
      guint8 value = t->tariff[k / 3][k % 3][i];
      if (value < 1 || value > c->limits->tariffs) {
        wrong (c, "there is no tariff %u at %02u:%02u", value, i / 4, i % 4 * 15);
        break;
      }
    }
    leave (c, at);
  }
}

static void
check_period (Check *c, const MwPeriodPlan *p)
{
  static const char *const controls[] = { "tariff control", "load control 1",
                                          "load control 2" };
  gboolean any = FALSE;
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    const MwPeriodControl *control = &p->control[i];
    gsize at = enter (c, "%s", controls[i]);
    any |= control->used;
    if (control->used && i > c->limits->loads)
      wrong (c, "this meter has no such output");
    for (guint k = 0; k < MW_N_PERIODS && control->used; k++) {
      gsize period = enter (c, "period %c", "AB"[k]);
      check_month_day (c, control->start[k], "the start");
      for (guint d = 0; d < MW_N_PERIOD_DAYS; d++) {
        gsize day = enter (c, d == MW_DAY_WORKING ? "working day" : "non-working day");
        check_program (c, &control->program[k][d],
                       i == MW_CONTROL_TARIFF ? c->limits->tariffs : 1,
                       i == MW_CONTROL_TARIFF ? 1 : 0);
        if (control->program[k][d].n == 0)
          warn (c, "nothing changes on such a day: what held the day before goes on");
        leave (c, day);
      }
      leave (c, period);
    }
    if (control->used && control->start[0].month == control->start[1].month
        && control->start[0].day == control->start[1].day)
      wrong (c, "both periods start on the same day");
    if (control->used)
      check_day_list (c, &control->exceptions);
    leave (c, at);
  }
  if (!any)
    wrong (c, "no control is used: this plan does nothing");
}

static void
check_shifts (Check *c, const MwCalendarTrack *t)
{
  if (t->shifts > c->limits->shifts)
    wrong (c, "%u season shifts; this meter takes %u a year", t->shifts, c->limits->shifts);
  for (guint i = 0; i < MIN (t->shifts, MW_CALENDAR_SHIFTS); i++) {
    const MwSeasonShift *s = &t->shift[i];
    gsize at = enter (c, "season shift %u", i + 1);
    check_month_day (c, s->from, "the day");
    if (s->season >= t->seasons)
      wrong (c, "there is no season %u", s->season + 1u);
    if (i > 0
        && s->from.month * 32 + s->from.day
               <= t->shift[i - 1].from.month * 32 + t->shift[i - 1].from.day)
      wrong (c, "the day does not come after that of the shift before it");
    leave (c, at);
  }
}

static void
check_track (Check *c, const MwCalendarTrack *t, guint max_value, guint min_value)
{
  static const char *const kinds[] = { "working day", "non-working day", "holiday" };
  if (t->seasons > c->limits->seasons)
    wrong (c, "%u seasons; this meter takes %u", t->seasons, c->limits->seasons);
  for (guint s = 0; s < MIN (t->seasons, MW_CALENDAR_SEASONS); s++) {
    gsize at = enter (c, "season %u", s + 1);
    for (guint d = 0; d < 7; d++)
      if (t->season[s].week[d] >= MW_N_CAL_DAYS)
        wrong (c, "%s is no kind of day", mw_plan_weekdays[d]);
    for (guint k = 0; k < MW_N_CAL_DAYS; k++) {
      gsize day = enter (c, "%s", kinds[k]);
      check_program (c, &t->season[s].program[k], max_value, min_value);
      leave (c, day);
    }
    leave (c, at);
  }
  check_shifts (c, t);
}

static void
check_calendar (Check *c, const MwCalendarPlan *p)
{
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++) {
    gsize at = enter (c, "tariff plan %u", i + 1);
    if (p->plan[i].seasons > 0 && i >= c->limits->plans)
      wrong (c, "this meter takes %u tariff plans", c->limits->plans);
    check_track (c, &p->plan[i], c->limits->tariffs, 1);
    leave (c, at);
  }
  if (p->selected >= MW_CALENDAR_PLANS || p->plan[p->selected].seasons == 0)
    wrong (c, "tariff plan %u is selected, but it is empty", p->selected + 1);
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    const MwCalendarLoad *l = &p->load[i];
    gsize at = enter (c, "load control %u", i + 1);
    if (l->mode != MW_LOAD_NONE && i >= c->limits->loads)
      wrong (c, "this meter has no such output");
    if (l->mode == MW_LOAD_OWN && l->track.seasons == 0)
      wrong (c, "it has no season");
    if (l->mode == MW_LOAD_FOLLOW && l->on_tariffs == 0)
      warn (c, "it is never on: no tariff is chosen");
    check_track (c, &l->track, 1, 0);
    leave (c, at);
  }
  check_day_list (c, &p->exceptions);
}

static void
check_pattern (Check *c, const MwPlanDate *d)
{
  if (d->month != MW_PLAN_ANY && (d->month < 1 || d->month > 12))
    wrong (c, "there is no month %u", d->month);
  else if (d->day < MW_PLAN_SECOND_LAST
           && (d->day < 1
               || d->day > (d->month == MW_PLAN_ANY
                                ? 31
                                : mw_days_of_month (
                                    d->year == MW_PLAN_ANY_YEAR ? 2024 : d->year, d->month))))
    wrong (c, "that month has no day %u", d->day);
}

static gboolean
has_day (const MwActivityPlan *a, guint id)
{
  for (guint i = 0; i < a->days; i++)
    if (a->day[i].id == id)
      return TRUE;
  return FALSE;
}

static void
check_counts (Check *c, const MwActivityPlan *a)
{
  const struct {
    const char *what;
    guint n, most;
  } counts[] = { { "seasons", a->seasons, c->limits->seasons },
                 { "weeks", a->weeks, c->limits->weeks },
                 { "day profiles", a->days, c->limits->days },
                 { "special days", a->specials, c->limits->specials },
                 { "scripts", a->scripts, MW_ACTIVITY_SCRIPTS } };
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i].n > counts[i].most)
      wrong (c, "%u %s; this meter takes %u", counts[i].n, counts[i].what, counts[i].most);
}

static void
check_seasons (Check *c, const MwActivityPlan *a)
{
  for (guint i = 0; i < a->seasons; i++) {
    const MwActivitySeason *s = &a->season[i];
    g_autofree char *name = mw_plan_name_text (&s->name);
    g_autofree char *week = mw_plan_name_text (&s->week);
    gsize at = enter (c, "season %s", name);
    gboolean found = FALSE;
    for (guint k = 0; k < a->weeks; k++)
      found |= mw_plan_name_equal (&s->week, &a->week[k].name);
    if (!found)
      wrong (c, "there is no week %s", week);
    for (guint k = 0; k < i; k++)
      if (mw_plan_name_equal (&s->name, &a->season[k].name))
        wrong (c, "another season has that name");
    if (s->minute >= MW_MINUTES_PER_DAY)
      wrong (c, "minute %u is past the end of the day", s->minute);
    check_pattern (c, &s->start);
    leave (c, at);
  }
}

static void
check_weeks (Check *c, const MwActivityPlan *a)
{
  for (guint i = 0; i < a->weeks; i++) {
    g_autofree char *name = mw_plan_name_text (&a->week[i].name);
    gsize at = enter (c, "week %s", name);
    for (guint d = 0; d < 7; d++)
      if (!has_day (a, a->week[i].day[d]))
        wrong (c, "%s refers to day profile %u, which is missing", mw_plan_weekdays[d],
               a->week[i].day[d]);
    for (guint k = 0; k < i; k++)
      if (mw_plan_name_equal (&a->week[i].name, &a->week[k].name))
        wrong (c, "another week has that name");
    leave (c, at);
  }
}

static void
check_actions (Check *c, const MwActivityPlan *a, const MwActivityDay *day)
{
  check_program (c, &day->program, G_MAXUINT16, 0);
  for (guint k = 0; k < MIN (day->program.n, MW_PLAN_STEPS); k++) {
    gboolean found = FALSE;
    for (guint s = 0; s < a->scripts; s++)
      found |= a->script[s].id == day->program.step[k].value;
    if (!found)
      wrong (c, "change %u starts script %u, which is missing", k + 1,
             day->program.step[k].value);
  }
}

static void
check_days (Check *c, const MwActivityPlan *a)
{
  for (guint i = 0; i < a->days; i++) {
    gsize at = enter (c, "day profile %u", a->day[i].id);
    for (guint k = 0; k < i; k++)
      if (a->day[k].id == a->day[i].id)
        wrong (c, "another day profile has that number");
    check_actions (c, a, &a->day[i]);
    leave (c, at);
  }
  for (guint i = 0; i < a->specials; i++) {
    gsize at = enter (c, "special day %u", a->special[i].index);
    if (!has_day (a, a->special[i].day_id))
      wrong (c, "it refers to day profile %u, which is missing", a->special[i].day_id);
    for (guint k = 0; k < i; k++)
      if (a->special[k].index == a->special[i].index)
        wrong (c, "another special day has that index");
    check_pattern (c, &a->special[i].date);
    leave (c, at);
  }
}

static void
check_scripts (Check *c, const MwActivityPlan *a)
{
  for (guint i = 0; i < a->scripts; i++) {
    gsize at = enter (c, "script %u", a->script[i].id);
    for (guint k = 0; k < i; k++)
      if (a->script[k].id == a->script[i].id)
        wrong (c, "another script has that number");
    for (guint k = 0; k < MIN (a->script[i].n, MW_ACTIVITY_SCRIPT_ACTIONS); k++) {
      const MwScriptAction *s = &a->script[i].action[k];
      gboolean tariff =
          s->kind == MW_SCRIPT_ENERGY_TARIFF || s->kind == MW_SCRIPT_DEMAND_TARIFF;
      if (tariff && (s->value < 1 || s->value > c->limits->tariffs))
        wrong (c, "there is no tariff %u", s->value);
      else if (!tariff && s->kind != MW_SCRIPT_NOTHING && s->value > 1)
        wrong (c, "%u is neither 0 (off) nor 1 (on)", s->value);
    }
    leave (c, at);
  }
}

static void
check_activity (Check *c, const MwActivityPlan *a)
{
  check_counts (c, a);
  if (c->problems->len > 0)
    return;
  if (a->seasons == 0 && a->specials == 0)
    warn (c, "there is no season: this calendar switches nothing");
  check_seasons (c, a);
  check_weeks (c, a);
  check_days (c, a);
  check_scripts (c, a);
}

static void
check_rule (Check *c, const MwDstRule *r, const char *what)
{
  gsize at = enter (c, "%s", what);
  if (r->month < 1 || r->month > 12)
    wrong (c, "there is no month %u", r->month);
  else if (r->weekday > 7 || (r->weekday && (r->week < 1 || r->week > 5)))
    wrong (c, "the week is not 1 to 4, or 5 for the last");
  else if (!r->weekday && (r->day < 1 || r->day > mw_days_of_month (2023, r->month)))
    wrong (c, "that month has no day %u in every year", r->day);
  if (r->minute >= MW_MINUTES_PER_DAY)
    wrong (c, "minute %u is past the end of the day", r->minute);
  leave (c, at);
}

static void
check_dst (Check *c, const MwDstPlan *d)
{
  if (d->mode != MW_DST_NONE && (d->shift == 0 || d->shift < -120 || d->shift > 120))
    wrong (c, "the shift of %d minutes is not between -120 and 120, or is 0", d->shift);
  if (d->mode == MW_DST_RULE) {
    check_rule (c, &d->begin, "begin of summer time");
    check_rule (c, &d->end, "end of summer time");
    if (d->begin.month == d->end.month)
      warn (c, "summer time begins and ends in the same month");
  }
  if (d->mode == MW_DST_LIST && (d->years < 1 || d->years > c->limits->years))
    wrong (c, "%u years; this meter takes 1 to %u", d->years, c->limits->years);
  gint64 before = G_MININT64;
  for (guint i = 0; i < MIN (d->years, MW_DST_YEARS) && d->mode == MW_DST_LIST; i++) {
    gsize at = enter (c, "summer time %u", i + 1);
    gint64 from = (gint64) d->from[i].day * MW_MINUTES_PER_DAY + d->from[i].minute;
    gint64 until = (gint64) d->until[i].day * MW_MINUTES_PER_DAY + d->until[i].minute;
    if (from <= before)
      wrong (c, "it begins before the one before it has ended");
    if (until <= from + d->shift)
      wrong (c, "it ends before it begins");
    before = until;
    leave (c, at);
  }
}

GPtrArray *
mw_plan_check (const MwPlan *plan, const MwPlanLimits *limits)
{
  MwPlanLimits widest = mw_plan_limits (plan->kind);
  Check c = { g_ptr_array_new_with_free_func ((GDestroyNotify) mw_plan_problem_free),
              limits ? limits : &widest, g_string_new (NULL) };
  switch (plan->kind) {
  case MW_PLAN_TARIFF:
    check_tariff (&c, &plan->u.tariff);
    break;
  case MW_PLAN_PERIOD:
    check_period (&c, &plan->u.period);
    break;
  case MW_PLAN_CALENDAR:
    check_calendar (&c, &plan->u.calendar);
    break;
  case MW_PLAN_ACTIVITY:
    check_activity (&c, &plan->u.activity);
    break;
  case MW_PLAN_DST:
  default:
    check_dst (&c, &plan->u.dst);
    break;
  }
  g_string_free (c.where, TRUE);
  return c.problems;
}
