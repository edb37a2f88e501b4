/* The simulation of each kind of plan, against what a person reads off the plan. */
#include "simulate.h"

#include <string.h>

static gint64
utc (int year, int month, int day, int hour, int minute)
{
  return ((gint64) mw_day (year, month, day) * 24 + hour) * 3600 + minute * 60;
}

static const MwSimClock no_dst = { 0, NULL };

static MwSim *
year_of (const MwPlan *plan, const MwSimClock *clock, int year)
{
  return mw_sim_new (plan, clock, utc (year, 1, 1, 0, 0), utc (year + 1, 1, 1, 0, 0));
}

/* A summer from April to September with tariff 2 from 07:00 to 22:00 on weekdays. */
static void
tariff_plan (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_TARIFF, 2024);
  MwTariffPlan *t = &plan->u.tariff;
  for (int d = mw_day_of_year (mw_day (2024, 4, 1)); d <= mw_day_of_year (mw_day (2024, 9, 30));
       d++)
    mw_year_days_set (&t->summer[0], d, TRUE);
  mw_year_days_set (&t->holiday[0], mw_day_of_year (mw_day (2024, 6, 5)), TRUE);
  memset (&t->tariff[MW_SEASON_SUMMER][MW_DAY_WEEKDAY][28], 2, 60);
  memset (&t->tariff[MW_SEASON_SUMMER][MW_DAY_HOLIDAY][0], 3, 96);
  g_autoptr (MwSim) sim = year_of (plan, &no_dst, 2024);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 6, 4, 6, 59))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 6, 4, 7, 0))->tariff, ==, 2);
  g_assert_cmpint (mw_sim_next_change (sim, utc (2024, 6, 4, 7, 0)), ==,
                   utc (2024, 6, 4, 22, 0));
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 6, 5, 12, 0))->tariff, ==, 3); /* holiday */
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 6, 9, 12, 0))->tariff, ==, 3); /* Sunday */
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 6, 9, 12, 0))->day_kind, ==, MW_SIM_HOLIDAY);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 6, 8, 12, 0))->day_kind, ==, MW_SIM_SATURDAY);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 29, 12, 0))->tariff, ==, 1); /* winter */
  gint64 seconds[MW_PLAN_TARIFFS + 1];
  mw_sim_year (sim, 2024, seconds);
  /* 1 April to 30 September 2024: 183 days, of them 26 Sundays, 26 Saturdays, one holiday. */
  g_assert_cmpint (seconds[2], ==, (183 - 26 - 26 - 1) * 15 * 3600);
  g_assert_cmpint (seconds[3], ==, 27 * 86400);
  g_assert_cmpint (seconds[1], ==, 366 * 86400 - seconds[2] - seconds[3]);
  gint64 from, until;
  mw_sim_span (plan, &no_dst, 0, &from, &until);
  g_assert_cmpint (from, ==, utc (2024, 1, 1, 0, 0));
  g_assert_cmpint (until, ==, utc (2049, 1, 1, 0, 0));
}

static void
program (MwPlanProgram *p, const int *steps)
{
  memset (p, 0, sizeof *p);
  for (; *steps >= 0; steps += 2)
    g_assert_true (mw_plan_program_put (p, steps[0], steps[1], MW_PERIOD_CHANGES));
}

#define PROGRAM(p, ...) program (p, (const int[]){ __VA_ARGS__, -1 })

/* METERTOOL manual, Figures 47 to 51. */
static void
period_plan (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_PERIOD, 2012);
  MwPeriodControl *c = plan->u.period.control;
  memset (c[0].non_working, 0, sizeof c[0].non_working);
  c[0].non_working[6] = TRUE; /* Figure 47 */
  c[0].start[MW_PERIOD_A] = (MwMonthDay){ 4, 1 };
  c[0].start[MW_PERIOD_B] = (MwMonthDay){ 11, 1 };
  PROGRAM (&c[0].program[MW_PERIOD_A][MW_DAY_WORKING], 0, 1);
  PROGRAM (&c[0].program[MW_PERIOD_A][MW_DAY_NON_WORKING], 0, 1);
  PROGRAM (&c[0].program[MW_PERIOD_B][MW_DAY_WORKING], 7 * 60, 2, 22 * 60, 1);
  PROGRAM (&c[0].program[MW_PERIOD_B][MW_DAY_NON_WORKING], 0, 1);
  mw_day_list_add (&c[0].exceptions, mw_day (2011, 12, 26), MW_EXCEPTION_DAYS);
  c[2] = c[0];
  for (guint i = 0; i < 4; i++)
    PROGRAM (&c[2].program[i / 2][i % 2], 7 * 60, 0, 22 * 60, 1); /* Figure 51 */
  g_autoptr (MwSim) sim =
      mw_sim_new (plan, &no_dst, utc (2011, 10, 1, 0, 0), utc (2012, 10, 1, 0, 0));
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 10, 31, 12, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 11, 1, 6, 59))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 11, 1, 7, 0))->tariff, ==, 2);
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 11, 1, 22, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 12, 26, 12, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 12, 26, 12, 0))->day_kind, ==, MW_SIM_EXCEPTION);
  g_assert_cmpint (mw_sim_at (sim, utc (2011, 12, 24, 12, 0))->tariff, ==, 2); /* a Saturday */
  g_assert_cmpint (mw_sim_at (sim, utc (2012, 3, 30, 12, 0))->tariff, ==, 2);
  g_assert_cmpint (mw_sim_at (sim, utc (2012, 4, 2, 12, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2012, 5, 2, 3, 0))->output[1], ==, 1); /* since 22:00 */
  g_assert_cmpint (mw_sim_at (sim, utc (2012, 5, 2, 7, 0))->output[1], ==, 0);
  g_assert_cmpint (mw_sim_at (sim, utc (2012, 5, 2, 7, 0))->output[0], ==, MW_SIM_NOTHING);
}

/* The hour that comes twice, and the one that does not come. */
static void
daylight_saving (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_CALENDAR, 2024);
  MwCalendarTrack *t = &plan->u.calendar.plan[0];
  for (guint i = 0; i < MW_N_CAL_DAYS; i++)
    PROGRAM (&t->season[0].program[i], 0, 1, 150, 2, 200, 3);
  MwDstPlan eu = { .mode = MW_DST_EU, .shift = 60 };
  MwSimClock clock = { 60, &eu };
  g_autoptr (MwSim) sim =
      mw_sim_new (plan, &clock, utc (2023, 12, 31, 23, 0), utc (2024, 12, 31, 23, 0));
  /* 31 March: 02:00 becomes 03:00 (01:00 UTC); the change of 02:30 has been when it is 03:00.
   */
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 0, 59))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 1, 0))->tariff, ==, 2);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 1, 20))->tariff, ==, 3);
  /* 27 October: 03:00 becomes 02:00 (01:00 UTC); 02:30 comes twice. */
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 10, 27, 0, 29))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 10, 27, 0, 30))->tariff, ==, 2);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 10, 27, 1, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 10, 27, 1, 30))->tariff, ==, 2);
  gint64 seconds[MW_PLAN_TARIFFS + 1];
  mw_sim_year (sim, 2024, seconds);
  g_assert_cmpint (seconds[1], ==, 366 * 150 * 60);
}

static void
calendar_plan (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_CALENDAR, 2024);
  MwCalendarPlan *c = &plan->u.calendar;
  MwCalendarTrack *t = &c->plan[0];
  t->seasons = 2;
  t->season[1] = t->season[0];
  PROGRAM (&t->season[1].program[MW_CAL_WORKING], 0, 4, 61, 5);
  t->shifts = 2;
  t->shift[0] = (MwSeasonShift){ { 3, 15 }, 1 };
  t->shift[1] = (MwSeasonShift){ { 9, 15 }, 0 };
  mw_day_list_add (&c->exceptions, mw_day (2024, 5, 8), MW_CALENDAR_EXCEPTIONS);
  c->load[0] = (MwCalendarLoad){ .mode = MW_LOAD_FOLLOW, .on_tariffs = 1u << 4 };
  g_autoptr (MwSim) sim = year_of (plan, &no_dst, 2024);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 1, 2, 12, 0))->season, ==, 0);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 14, 23, 59))->season, ==, 0);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 15, 0, 0))->tariff, ==, 4);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 15, 0, 0))->output[0], ==, 0);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 15, 1, 1))->tariff, ==, 5);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 15, 1, 1))->output[0], ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 5, 8, 12, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 5, 8, 12, 0))->day_kind, ==, MW_SIM_EXCEPTION);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 12, 31, 12, 0))->season, ==, 0);
}

static void
activity_plan (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_ACTIVITY, 2024);
  MwActivityPlan *a = &plan->u.activity;
  a->seasons = a->weeks = 2;
  a->days = 3;
  a->season[1].name = mw_plan_name ("summer");
  a->season[1].start = (MwPlanDate){ MW_PLAN_ANY_YEAR, 3, MW_PLAN_LAST, 7 };
  a->season[1].minute = 120;
  a->season[1].week = a->week[1].name = mw_plan_name ("w2");
  memset (a->week[1].day, 2, 7);
  a->day[1].id = 2;
  PROGRAM (&a->day[1].program, 0, 3, 360, 4);
  a->day[2].id = 3;
  PROGRAM (&a->day[2].program, 0, 8);
  a->specials = 2;
  a->special[0] = (MwActivitySpecial){ 1, { MW_PLAN_ANY_YEAR, 12, 25, MW_PLAN_ANY }, 3 };
  a->special[1] = (MwActivitySpecial){ 2, { MW_PLAN_ANY_YEAR, 12, 25, MW_PLAN_ANY }, 1 };
  g_autoptr (MwSim) sim = year_of (plan, &no_dst, 2024);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 1, 59))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 2, 0))->tariff, ==, 3);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 6, 0))->tariff, ==, 4);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 3, 31, 6, 0))->demand_tariff, ==, 4);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 12, 25, 12, 0))->tariff, ==, 8);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 12, 25, 12, 0))->day_id, ==, 3);
  g_assert_cmpint (mw_sim_at (sim, utc (2024, 12, 26, 0, 0))->tariff, ==, 3);
}

/* An interval across a change is divided; the sum is kept to the last unit. */
static void
energy_per_tariff (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_TARIFF, 2024);
  for (guint k = 0; k < 6; k++)
    memset (&plan->u.tariff.tariff[k / 3][k % 3][28], 2, 60);
  g_autoptr (MwSim) sim = year_of (plan, &no_dst, 2024);
  gint64 time[] = { utc (2024, 1, 2, 7, 0), utc (2024, 1, 2, 7, 20), utc (2024, 1, 2, 8, 20),
                    utc (2024, 1, 2, 9, 20), utc (2030, 1, 1, 0, 0) };
  gint64 value[] = { 100, 100, 7, G_MININT64, 5 };
  MwSimUse use;
  mw_sim_use (sim, time, value, 5, 3600, &use);
  g_assert_cmpint (use.intervals, ==, 3);
  g_assert_cmpint (use.split, ==, 1);
  g_assert_cmpint (use.missing, ==, 1);
  g_assert_cmpint (use.outside, ==, 1);
  g_assert_cmpint (use.per_tariff[1], ==, 100 + 66);
  g_assert_cmpint (use.per_tariff[2], ==, 34 + 7);
}

static void
plans_are_values (void)
{
  for (guint kind = 0; kind < MW_N_PLAN_KINDS; kind++) {
    g_autoptr (MwPlan) plan = mw_plan_new ((MwPlanKind) kind, 2024);
    g_autoptr (MwPlan) copy = mw_plan_copy (plan);
    g_strlcpy (copy->title, "another", sizeof copy->title);
    g_assert_true (mw_plan_equal (plan, copy));
    MwPlanKind parsed;
    g_assert_true (mw_plan_kind_parse (mw_plan_kind_name ((MwPlanKind) kind), &parsed));
    g_assert_cmpint (parsed, ==, kind);
  }
  g_autoptr (MwPlan) a = mw_plan_new (MW_PLAN_PERIOD, 2024);
  g_autoptr (MwPlan) b = mw_plan_copy (a);
  MwDayList *list = &a->u.period.control[0].exceptions;
  g_assert_true (mw_day_list_add (list, 20000, 2));
  g_assert_true (mw_day_list_add (list, 19000, 2));
  g_assert_false (mw_day_list_add (list, 21000, 2));
  g_assert_true (mw_day_list_has (list, 19000));
  g_assert_false (mw_plan_equal (a, b));
  mw_day_list_remove (list, 19000);
  mw_day_list_remove (list, 20000);
  g_assert_true (mw_plan_equal (a, b));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plans/simulate/tariff", tariff_plan);
  g_test_add_func ("/plans/simulate/period", period_plan);
  g_test_add_func ("/plans/simulate/daylight-saving", daylight_saving);
  g_test_add_func ("/plans/simulate/calendar", calendar_plan);
  g_test_add_func ("/plans/simulate/activity", activity_plan);
  g_test_add_func ("/plans/simulate/use", energy_per_tariff);
  g_test_add_func ("/plans/values", plans_are_values);
  return g_test_run ();
}
