/* Plans in words, and differences: whatever differs is said, and nothing else. */
#include "describe.h"
#include "random-plan.h"

#include <string.h>

static char *
all_changes (const MwPlan *a, const MwPlan *b)
{
  g_autoptr (GPtrArray) changes = mw_plan_compare (a, b);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < changes->len; i++) {
    g_autofree char *one = mw_plan_change_text (changes->pdata[i]);
    g_string_append_printf (text, "%s\n", one);
  }
  return g_string_free (text, FALSE);
}

static void
words (void)
{
  g_autoptr (MwPlan) a = mw_plan_new (MW_PLAN_PERIOD, 2024);
  g_autoptr (MwPlan) b = mw_plan_copy (a);
  MwPeriodControl *c = &b->u.period.control[MW_CONTROL_TARIFF];
  mw_plan_program_put (&c->program[MW_PERIOD_B][MW_DAY_WORKING], 420, 2, 8);
  c->start[MW_PERIOD_A].day = 15;
  mw_day_list_add (&c->exceptions, mw_day (2024, 12, 24), MW_EXCEPTION_DAYS);
  g_autofree char *text = all_changes (a, b);
  g_assert_cmpstr (text, ==,
                   "Tariff control, period A starts: 1 April → 15 April\n"
                   "Tariff control, period B, working day: 00:00 tariff 1 → 00:00 tariff 1, "
                   "07:00 tariff 2\n"
                   "Tariff control, exception days: also 2024-12-24\n");
  g_autofree char *back = all_changes (b, a);
  g_assert_nonnull (strstr (back, "Tariff control, exception days: without 2024-12-24\n"));
}

static void
years (void)
{
  g_autoptr (MwPlan) a = mw_plan_new (MW_PLAN_TARIFF, 2024);
  a->u.tariff.years = 2;
  g_autoptr (MwPlan) b = mw_plan_copy (a);
  for (int d = 90; d < 100; d++)
    mw_year_days_set (&b->u.tariff.summer[0], d, TRUE);
  memset (&b->u.tariff.tariff[MW_SEASON_WINTER][MW_DAY_SATURDAY][40], 3, 4);
  g_autofree char *text = all_changes (a, b);
  g_assert_cmpstr (text, ==,
                   "Winter, Saturday: 00:00 tariff 1 → 00:00 tariff 1, 10:00 tariff 3, "
                   "11:00 tariff 1\n"
                   "Summer 2024: none → 31 March to 9 April\n");
}

/* Equal plans have no difference, unequal ones have one. */
static void
complete (void)
{
  for (guint kind = 0; kind < MW_N_PLAN_KINDS; kind++)
    for (guint32 seed = 0; seed < 60; seed++) {
      g_autoptr (MwPlan) a = random_plan ((MwPlanKind) kind, seed);
      g_autoptr (MwPlan) b = random_plan ((MwPlanKind) kind, seed + 1);
      g_autoptr (GPtrArray) same = mw_plan_compare (a, a);
      g_autoptr (GPtrArray) other = mw_plan_compare (a, b);
      g_assert_cmpuint (same->len, ==, 0);
      g_assert_true (mw_plan_equal (a, b) == (other->len == 0));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plans/describe/words", words);
  g_test_add_func ("/plans/describe/years", years);
  g_test_add_func ("/plans/describe/complete", complete);
  return g_test_run ();
}
