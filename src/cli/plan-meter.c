/* plan-meter.c: mw plan read and program: plans of a meter. */
#include <string.h>
#include <unistd.h>

#include "cli/plan.h"
#include "describe.h"
#include "json.h"
#include "xml.h"

/* ---- read ---- */

static MwPlan *
read_plan (MwCli *cli, MwPlanKind kind, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_plan_read_async (cli->session, kind, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  return mw_session_plan_read_finish (cli->session, result, error);
}

/* The kind that was asked for, or the first that this meter follows: the tariffs come before
 * the clock. */
static gboolean
choose_kind (MwCli *cli, const MwPlanWish *wish, MwPlanKind *kind, GError **error)
{
  guint kinds = mw_session_get_plan_kinds (cli->session);
  if (wish->kind)
    return mw_plan_kind_parse (wish->kind, kind)
           || mw_fail (error, MW_SESSION_ERROR_USAGE,
                       "“%s” is no kind of plan. Kinds: tariff, period, calendar, activity, "
                       "dst.",
                       wish->kind);
  for (guint i = 0; i < MW_N_PLAN_KINDS; i++)
    if (kinds >> i & 1) {
      *kind = (MwPlanKind) i;
      return TRUE;
    }
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "This meter has no plan that is known here.");
}

static int
put_plan (MwCli *cli, const MwPlan *plan, const char *file)
{
  g_autoptr (GError) error = NULL;
  if (file == NULL) {
    g_autofree char *xml = mw_plan_to_xml (plan);
    fputs (xml, stdout);
    return MW_EXIT_DONE;
  }
  if (!mw_plan_save (plan, file, &error))
    return mw_cli_complain (MW_EXIT_STORE, "%s", error->message);
  if (cli->json) {
    GString *json = g_string_new ("{\"kind\":");
    mw_json_append_string (json, mw_plan_kind_name (plan->kind));
    g_string_append (json, ",\"file\":");
    mw_json_append_string (json, file);
    g_string_append_c (json, '}');
    mw_cli_print_json (json);
    g_string_free (json, TRUE);
  } else {
    printf ("The %s plan of the meter is in %s.\n", mw_plan_kind_name (plan->kind), file);
  }
  return MW_EXIT_DONE;
}

int
mw_plan_read_meter (MwCli *cli, const MwPlanWish *wish, const char *uri)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = NULL;
  MwPlanKind kind;
  if (!mw_cli_connect (cli, uri, &error))
    return mw_cli_fail (error);
  if (choose_kind (cli, wish, &kind, &error))
    plan = read_plan (cli, kind, &error);
  mw_cli_disconnect (cli);
  return plan ? put_plan (cli, plan, wish->file) : mw_cli_fail (error);
}

/* ---- program ---- */

static const char *
outcome_word (MwPlanOutcome outcome)
{
  return outcome == MW_PLAN_OUTCOME_NEW   ? "new"
         : outcome == MW_PLAN_OUTCOME_OLD ? "old"
                                          : "unknown";
}

static void
print_json (GPtrArray *changes, const char *result, const char *follows)
{
  GString *json = g_string_new ("{\"result\":");
  mw_json_append_string (json, result);
  g_string_append_printf (json, ",\"follows\":\"%s\",\"changes\":", follows);
  mw_plan_append_changes (json, changes);
  g_string_append_c (json, '}');
  mw_cli_print_json (json);
  g_string_free (json, TRUE);
}

/* Nobody is asked who does not sit there. */
static gboolean
agreed (const MwPlanWish *wish, GError **error)
{
  char line[16] = "";
  if (wish->yes)
    return TRUE;
  if (!isatty (STDIN_FILENO))
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "Nothing was written. Add --yes to program the meter.");
  fputs ("Program the meter? [y/N] ", stderr);
  if (fgets (line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y'))
    return TRUE;
  return mw_fail (error, MW_SESSION_ERROR_REFUSED, "Nothing was written.");
}

static int
program (MwCli *cli, const MwPlan *plan, GPtrArray *changes)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MwPlanOutcome outcome;
  gboolean good;
  mw_session_plan_program_async (cli->session, plan, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  good = mw_session_plan_program_finish (cli->session, result, &outcome, &error);
  if (cli->json)
    print_json (changes, good ? "programmed and read back" : error->message,
                outcome_word (outcome));
  else if (good)
    puts ("Programmed, read back and compared: the meter follows the new plan.");
  return good ? MW_EXIT_DONE : mw_cli_fail (error);
}

/* A meter without a plan differs in all of it. */
static GPtrArray *
changes_from (const MwPlan *old, const MwPlan *plan)
{
  g_autoptr (MwPlan) empty = NULL;
  if (old)
    return mw_plan_compare (old, plan);
  empty =
      mw_plan_new (plan->kind, plan->kind == MW_PLAN_TARIFF ? plan->u.tariff.first_year : 0);
  return mw_plan_compare (empty, plan);
}

int
mw_plan_program_meter (MwCli *cli, const MwPlanWish *wish, const char *uri, const MwPlan *plan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) old = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  int status = MW_EXIT_DONE;
  if (!mw_cli_connect (cli, uri, &error))
    return mw_cli_fail (error);
  old = read_plan (cli, plan->kind, &error);
  if (error && !g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED)) {
    mw_cli_disconnect (cli);
    return mw_cli_fail (error);
  }
  if (error && !cli->json)
    fprintf (stderr, "%s\n", error->message);
  g_clear_error (&error);
  changes = changes_from (old, plan);
  if (!cli->json)
    mw_plan_print_changes (changes);
  if (wish->dry_run) {
    if (cli->json)
      print_json (changes, "nothing was written", "old");
    else
      puts (changes->len ? "Nothing was written." : "The meter has this plan already.");
  } else if (agreed (wish, &error)) {
    status = program (cli, plan, changes);
  } else {
    status = mw_cli_fail (error);
  }
  mw_cli_disconnect (cli);
  return status;
}
