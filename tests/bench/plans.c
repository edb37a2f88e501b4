/* plans.c: 25 years of a plan simulated, and a plan of 25 years loaded: a line of milliseconds
 * each, the worst of ten random plans. */
#include <stdio.h>
#include <string.h>

#include "../plans/random-plan.h"
#include "simulate.h"
#include "xml.h"

#define PLANS 10

static double
since (gint64 begun)
{
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

static double
simulate (const MwPlan *plan)
{
  const MwDstPlan eu = { .mode = MW_DST_EU, .shift = 60 };
  const MwSimClock clock = { 60, &eu };
  gint64 from, until, begun = g_get_monotonic_time ();
  mw_sim_span (plan, &clock, 2026, &from, &until);
  g_autoptr (MwSim) sim = mw_sim_new (plan, &clock, from, until);
  return since (begun);
}

static double
load (const MwPlan *plan)
{
  g_autofree char *xml = mw_plan_to_xml (plan);
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) read = mw_plan_from_xml (xml, strlen (xml), "bench", &error);
  double ms = since (begun);
  g_assert_no_error (error);
  return ms;
}

int
main (void)
{
  for (guint kind = 0; kind < MW_PLAN_DST; kind++) {
    double worst_sim = 0, worst_load = 0;
    for (guint seed = 0; seed < PLANS; seed++) {
      g_autoptr (MwPlan) plan = random_plan ((MwPlanKind) kind, seed + 1);
      worst_sim = MAX (worst_sim, simulate (plan));
      worst_load = MAX (worst_load, load (plan));
    }
    printf ("%s plan: 25 years simulated in %.1f ms, a file loaded in %.1f ms\n",
            mw_plan_kind_name ((MwPlanKind) kind), worst_sim, worst_load);
  }
  return 0;
}
