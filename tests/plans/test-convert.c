/* Conversions: what is said to be without loss does the same at every minute; what cannot be is
 * said; whatever comes out is a plan that passes the checks. */
#include "check.h"
#include "convert.h"
#include "random-plan.h"
#include "simulate.h"

#include <string.h>

static gint64
utc (int year, int month, int day)
{
  return (gint64) mw_day (year, month, day) * 86400;
}

/* An independent comparison: minute by minute over two years, by state alone. */
static guint
minutes_that_differ (const MwPlan *a, const MwPlan *b, guint tracks)
{
  MwSimClock clock = { 0, NULL };
  gint64 from = utc (2025, 1, 1), until = utc (2027, 1, 1);
  g_autoptr (MwSim) x = mw_sim_new (a, &clock, from, until);
  g_autoptr (MwSim) y = mw_sim_new (b, &clock, from, until);
  guint differ = 0;
  for (gint64 at = from; at < until; at += 60) {
    const MwSimState *s = mw_sim_at (x, at), *t = mw_sim_at (y, at);
    differ += s->tariff != t->tariff;
    for (guint o = 0; o + 1 < tracks; o++)
      differ += s->output[o] != MW_SIM_NOTHING && s->output[o] != t->output[o];
  }
  return differ;
}

static MwPlan *
simple_period (void)
{
  MwPlan *plan = mw_plan_new (MW_PLAN_PERIOD, 2024);
  MwPeriodControl *c = &plan->u.period.control[MW_CONTROL_TARIFF];
  c->start[MW_PERIOD_A] = (MwMonthDay){ 4, 1 };
  c->start[MW_PERIOD_B] = (MwMonthDay){ 11, 1 };
  memset (c->non_working, 0, sizeof c->non_working);
  c->non_working[6] = TRUE;
  mw_plan_program_put (&c->program[MW_PERIOD_B][MW_DAY_WORKING], 0, 1, 8);
  mw_plan_program_put (&c->program[MW_PERIOD_B][MW_DAY_WORKING], 7 * 60, 2, 8);
  mw_plan_program_put (&c->program[MW_PERIOD_B][MW_DAY_WORKING], 22 * 60, 1, 8);
  mw_day_list_add (&c->exceptions, mw_day (2025, 12, 25), 100);
  return plan;
}

static void
nothing_lost (void)
{
  g_autoptr (MwPlan) plan = simple_period ();
  for (guint kind = 0; kind < MW_PLAN_DST; kind++) {
    g_autoptr (GPtrArray) losses = NULL;
    g_autoptr (MwPlan) made = mw_plan_convert (plan, (MwPlanKind) kind, 2024, 4, &losses);
    g_assert_nonnull (made);
    if (losses->len)
      g_error ("%s: %s", mw_plan_kind_name ((MwPlanKind) kind), (char *) losses->pdata[0]);
    g_assert_cmpint (made->kind, ==, kind);
    g_assert_cmpuint (minutes_that_differ (plan, made, 1), ==, 0);
  }
}

/* Seven minutes past seven is no quarter of an hour, and a load has no place in a tariff plan.
 */
static void
losses_are_said (void)
{
  g_autoptr (MwPlan) plan = simple_period ();
  MwPeriodControl *c = plan->u.period.control;
  c[0].program[MW_PERIOD_B][MW_DAY_WORKING].step[1].minute = 7 * 60 + 7;
  c[1].used = TRUE;
  g_autoptr (GPtrArray) losses = NULL;
  g_autoptr (MwPlan) made = mw_plan_convert (plan, MW_PLAN_TARIFF, 2025, 2, &losses);
  g_assert_cmpuint (losses->len, ==, 2);
  g_assert_nonnull (strstr (losses->pdata[0], "the tariff differs for"));
  g_assert_nonnull (strstr (losses->pdata[0], "2025-01-01 07:07"));
  g_assert_nonnull (strstr (losses->pdata[1], "load control 1 is not controlled any more"));
}

/* By chance: sound plans come out, and an empty list of losses is the truth. */
static void
by_chance (void)
{
  guint kept = 0;
  for (guint from = 0; from < MW_PLAN_DST; from++)
    for (guint to = 0; to < MW_PLAN_DST; to++)
      for (guint32 seed = 0; seed < 6; seed++) {
        g_autoptr (MwPlan) plan = random_plan ((MwPlanKind) from, seed);
        g_autoptr (GPtrArray) losses = NULL;
        if (from == MW_PLAN_TARIFF)
          plan->u.tariff.first_year = 2024, plan->u.tariff.years = 4;
        mw_plan_tidy (plan);
        g_autoptr (MwPlan) made = mw_plan_convert (plan, (MwPlanKind) to, 2024, 4, &losses);
        g_autoptr (GPtrArray) problems = mw_plan_check (made, NULL);
        const MwPlanProblem *wrong = mw_plan_first_error (problems);
        if (wrong)
          g_error ("%u to %u, %u: %s: %s", from, to, seed, wrong->field, wrong->reason);
        if (losses->len == 0 && from != to) {
          kept++;
          g_assert_cmpuint (minutes_that_differ (plan, made, 3), ==, 0);
        }
        if (from == to)
          g_assert_true (mw_plan_equal (plan, made));
      }
  g_test_message ("%u conversions without loss", kept);
}

static void
no_sense (void)
{
  g_autoptr (MwPlan) dst = mw_plan_new (MW_PLAN_DST, 2024);
  g_autoptr (MwPlan) plan = simple_period ();
  GPtrArray *losses = NULL;
  g_assert_null (mw_plan_convert (dst, MW_PLAN_PERIOD, 2024, 1, &losses));
  g_assert_null (losses);
  g_assert_null (mw_plan_convert (plan, MW_PLAN_DST, 2024, 1, &losses));
  g_assert_null (losses);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plans/convert/nothing-lost", nothing_lost);
  g_test_add_func ("/plans/convert/losses", losses_are_said);
  g_test_add_func ("/plans/convert/by-chance", by_chance);
  g_test_add_func ("/plans/convert/no-sense", no_sense);
  return g_test_run ();
}
