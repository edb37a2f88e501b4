/* test-plan.c: plans by chance, programmed into the reference meter through its protocol and
 * read back; the audit record of each; what is refused. */
#include <string.h>

#include "../plans/random-plan.h"
#include "link/reference.h"
#include "session/session.h"
#include "simulate.h"
#include "xml.h"

#ifndef SEEDS
#define SEEDS 3
#endif

typedef struct {
  MwStore *store;
  MwSession *session;
  GMainLoop *loop;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->store = mw_store_open (":memory:", NULL);
  f->session = mw_session_new (f->store);
  f->loop = g_main_loop_new (NULL, FALSE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->session);
  mw_store_unref (f->store);
  g_main_loop_unref (f->loop);
}

static void
ready (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;
  f->result = g_object_ref (result);
  g_main_loop_quit (f->loop);
}

static GAsyncResult *
wait_for (Fixture *f)
{
  g_main_loop_run (f->loop);
  return g_steal_pointer (&f->result);
}

static void
connect_to (Fixture *f, const char *uri)
{
  const MwConnectOptions options = { .save = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_connect_async (f->session, uri, &options, NULL, ready, f);
  result = wait_for (f);
  mw_session_connect_finish (f->session, result, &error);
  g_assert_no_error (error);
}

static MwPlan *
read_plan (Fixture *f, MwPlanKind kind, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_plan_read_async (f->session, kind, NULL, ready, f);
  result = wait_for (f);
  return mw_session_plan_read_finish (f->session, result, error);
}

static gboolean
program (Fixture *f, const MwPlan *plan, MwPlanOutcome *outcome, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_plan_program_async (f->session, plan, NULL, ready, f);
  result = wait_for (f);
  return mw_session_plan_program_finish (f->session, result, outcome, error);
}

static guint
audited (Fixture *f, const char *result)
{
  g_autoptr (GPtrArray) list = mw_store_list_audit (f->store, NULL, 0, NULL);
  guint n = 0;
  for (guint i = 0; i < list->len; i++) {
    const MwAuditRecord *r = list->pdata[i];
    n += strcmp (r->action, "plan") == 0 && g_str_has_prefix (r->result, result)
         && r->new_value != NULL;
  }
  return n;
}

typedef struct {
  const char *name, *uri;
  MwPlanKind kind;
} Case;

static const Case cases[] = {
  { "activity", "ref:mt381?seed=71", MW_PLAN_ACTIVITY },
  { "activity-one-phase", "ref:me381?seed=72", MW_PLAN_ACTIVITY },
  { "period", "ref:k382?generation=L&seed=73&framing=kmp", MW_PLAN_PERIOD },
  { "tariff-j", "ref:k382?generation=J&seed=74&framing=kmp", MW_PLAN_TARIFF },
  { "tariff-351b", "ref:k351b?seed=75&framing=kmp", MW_PLAN_TARIFF },
  { "calendar", "ref:omnipower-3p?seed=76&framing=kmp", MW_PLAN_CALENDAR },
  { "dst", "ref:omnipower-1p?seed=77&framing=kmp", MW_PLAN_DST },
};

/* A rule is kept as the list of its years. */
static gboolean
comes_back_as_it_is (const MwPlan *plan)
{
  return plan->kind != MW_PLAN_DST || plan->u.dst.mode != MW_DST_RULE;
}

static void
test_round (Fixture *f, gconstpointer data)
{
  const Case *c = data;
  connect_to (f, c->uri);
  g_assert_cmpuint (mw_session_get_plan_kinds (f->session) >> c->kind & 1, ==, 1);
  for (guint seed = 0; seed < SEEDS; seed++) {
    g_autoptr (MwPlan) plan = random_plan (c->kind, seed * 31 + 5);
    g_autoptr (GError) error = NULL;
    g_autoptr (MwPlan) found = NULL;
    MwPlanOutcome outcome;
    program (f, plan, &outcome, &error);
    g_assert_no_error (error);
    g_assert_cmpint (outcome, ==, MW_PLAN_OUTCOME_NEW);
    found = read_plan (f, c->kind, &error);
    g_assert_no_error (error);
    g_assert_true (mw_plan_equal (found, plan) == comes_back_as_it_is (plan));
    g_assert_cmpuint (audited (f, "programmed and read back"), ==, seed + 1);
  }
}

/* A calendar that becomes active later: the meter follows the old one until then. */
static void
test_later (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = random_plan (MW_PLAN_ACTIVITY, 4);
  g_autoptr (MwPlan) found = NULL;
  MwPlanOutcome outcome;
  connect_to (f, "ref:mt381?seed=78");
  plan->u.activity.at_once = FALSE;
  plan->u.activity.activation = mw_day (2090, 1, 1) * G_GINT64_CONSTANT (86400);
  program (f, plan, &outcome, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, MW_PLAN_OUTCOME_NEW);
  found = read_plan (f, MW_PLAN_ACTIVITY, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (found->u.activity.name.octets, found->u.activity.name.len, "DEFAULT", 7);
}

/* What cannot be is said before anything is written. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unsound = NULL;
  g_autoptr (MwPlan) period = random_plan (MW_PLAN_PERIOD, 1);
  g_autoptr (MwPlan) activity = random_plan (MW_PLAN_ACTIVITY, 1);
  MwPlanOutcome outcome;
  connect_to (f, "ref:mt381?seed=79");
  g_assert_false (program (f, period, &outcome, &error));
  g_assert_error (error, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "activity calendar"));
  g_assert_cmpint (outcome, ==, MW_PLAN_OUTCOME_OLD);
  activity->u.activity.season[0].week = mw_plan_name ("nowhere");
  g_assert_false (program (f, activity, &outcome, &unsound));
  g_assert_error (unsound, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED);
  g_assert_cmpuint (audited (f, ""), ==, 0);
}

static gint64
minute (int year, int month, int day, int hour, int min)
{
  return ((gint64) mw_day (year, month, day) * 24 + hour) * 3600 + min * 60;
}

/* The example of the METERTOOL manual, Figures 47 to 51: as printed, and into a meter. */
static void
test_figures (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "figures-47-51.xml", NULL);
  g_autoptr (MwPlan) plan = mw_plan_load (path, &error);
  g_autoptr (MwPlan) found = NULL;
  const MwSimClock clock = { 0, NULL };
  MwPlanOutcome outcome;
  g_assert_no_error (error);
  g_assert_cmpuint (plan->u.period.control[0].exceptions.n, ==, 23);
  g_autoptr (MwSim) sim =
      mw_sim_new (plan, &clock, minute (2011, 12, 1, 0, 0), minute (2014, 1, 1, 0, 0));
  g_assert_cmpint (mw_sim_at (sim, minute (2011, 12, 27, 6, 59))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, minute (2011, 12, 27, 7, 0))->tariff, ==, 2);
  g_assert_cmpint (mw_sim_at (sim, minute (2011, 12, 26, 12, 0))->tariff, ==, 1);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 2, 12, 0))->tariff, ==, 1);
  /* Figure 50: Wednesday of period A, Sunday of it, Monday of period B. */
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 2, 2, 22))->output[0], ==, 0);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 2, 2, 23))->output[0], ==, 1);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 2, 8, 58))->output[0], ==, 0);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 6, 10, 59))->output[0], ==, 1);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 12, 3, 9, 58))->output[0], ==, 0);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 12, 3, 9, 59))->output[0], ==, 1);
  /* Figure 51. */
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 2, 12, 0))->output[1], ==, 0);
  g_assert_cmpint (mw_sim_at (sim, minute (2012, 5, 2, 22, 0))->output[1], ==, 1);
  connect_to (f, "ref:k382?generation=L&seed=70&framing=kmp");
  program (f, plan, &outcome, &error);
  g_assert_no_error (error);
  found = read_plan (f, MW_PLAN_PERIOD, &error);
  g_assert_no_error (error);
  g_assert_true (mw_plan_equal (found, plan));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mw_reference_link_register ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/session/plan/%s", cases[i].name);
    g_test_add (path, Fixture, &cases[i], set_up, test_round, tear_down);
  }
  g_test_add ("/session/plan/figures-47-51", Fixture, NULL, set_up, test_figures, tear_down);
  g_test_add ("/session/plan/later", Fixture, NULL, set_up, test_later, tear_down);
  g_test_add ("/session/plan/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
