/* verb-plan.c: mw plan: plans on the desk and in the meter. */
#include <string.h>

#include "check.h"
#include "cli/plan.h"
#include "describe.h"
#include "holidays.h"
#include "json.h"
#include "xml.h"

/* ---- files ---- */

static int
status_of_load (const GError *error)
{
  if (error->domain != MW_PLAN_ERROR || error->code == MW_PLAN_ERROR_FILE)
    return MW_EXIT_STORE;
  return MW_EXIT_REFUSED;
}

MwPlan *
mw_plan_verb_load (const char *path, int *status)
{
  g_autoptr (GError) error = NULL;
  MwPlan *plan = mw_plan_load (path, &error);
  if (plan == NULL)
    *status = mw_cli_complain (status_of_load (error), "%s", error->message);
  return plan;
}

/* ---- check ---- */

/* What is allowed and hardly meant. */
static void
print_warnings (MwCli *cli, const MwPlan *plan)
{
  g_autoptr (GPtrArray) problems = mw_plan_check (plan, NULL);
  GString *json = g_string_new ("{\"kind\":");
  mw_json_append_string (json, mw_plan_kind_name (plan->kind));
  g_string_append (json, ",\"good\":true,\"warnings\":[");
  for (guint i = 0; i < problems->len; i++) {
    const MwPlanProblem *p = problems->pdata[i];
    if (!cli->json)
      printf ("Note: %s: %s.\n", p->field, p->reason);
    g_string_append (json, i ? ",{\"field\":" : "{\"field\":");
    mw_json_append_string (json, p->field);
    g_string_append (json, ",\"reason\":");
    mw_json_append_string (json, p->reason);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  if (cli->json)
    mw_cli_print_json (json);
  else
    printf ("The plan is right: %s.\n", mw_plan_kind_name (plan->kind));
  g_string_free (json, TRUE);
}

static int
run_check (MwCli *cli, const MwPlanWish *wish, char **words)
{
  int status = MW_EXIT_DONE;
  g_autoptr (MwPlan) plan = mw_plan_verb_load (words[0], &status);
  if (plan)
    print_warnings (cli, plan);
  return status;
}

/* ---- show ---- */

static int
run_show (MwCli *cli, const MwPlanWish *wish, char **words)
{
  int status = MW_EXIT_DONE;
  g_autoptr (MwPlan) plan = mw_plan_verb_load (words[0], &status);
  if (plan == NULL)
    return status;
  g_autoptr (GPtrArray) lines = mw_plan_describe (plan);
  GString *json = g_string_new ("{\"kind\":");
  mw_json_append_string (json, mw_plan_kind_name (plan->kind));
  g_string_append (json, ",\"title\":");
  mw_json_append_string (json, plan->title);
  g_string_append (json, ",\"lines\":[");
  MwTable *table = mw_table_new_empty ("ll");
  for (guint i = 0; i < lines->len; i++) {
    const MwPlanLine *line = lines->pdata[i];
    mw_table_add (table, line->field, line->text, NULL);
    g_string_append (json, i ? ",{\"field\":" : "{\"field\":");
    mw_json_append_string (json, line->field);
    g_string_append (json, ",\"text\":");
    mw_json_append_string (json, line->text);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  if (cli->json) {
    mw_cli_print_json (json);
  } else {
    if (plan->title[0])
      printf ("%s\n", plan->title);
    mw_table_print (table);
  }
  g_string_free (json, TRUE);
  return MW_EXIT_DONE;
}

/* ---- diff ---- */

void
mw_plan_print_changes (GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++) {
    g_autofree char *text = mw_plan_change_text (changes->pdata[i]);
    printf ("%s\n", text);
  }
}

void
mw_plan_append_changes (GString *json, GPtrArray *changes)
{
  g_string_append_c (json, '[');
  for (guint i = 0; i < changes->len; i++) {
    const MwPlanChange *c = changes->pdata[i];
    g_string_append (json, i ? ",{\"field\":" : "{\"field\":");
    mw_json_append_string (json, c->field);
    g_string_append (json, ",\"before\":");
    mw_json_append_string (json, c->before);
    g_string_append (json, ",\"after\":");
    mw_json_append_string (json, c->after);
    g_string_append_c (json, '}');
  }
  g_string_append_c (json, ']');
}

static int
run_diff (MwCli *cli, const MwPlanWish *wish, char **words)
{
  int status = MW_EXIT_DONE;
  g_autoptr (MwPlan) a = mw_plan_verb_load (words[0], &status);
  g_autoptr (MwPlan) b = a ? mw_plan_verb_load (words[1], &status) : NULL;
  if (b == NULL)
    return status;
  g_autoptr (GPtrArray) changes = mw_plan_compare (a, b);
  if (cli->json) {
    GString *json = g_string_new ("{\"changes\":");
    mw_plan_append_changes (json, changes);
    g_string_append_c (json, '}');
    mw_cli_print_json (json);
    g_string_free (json, TRUE);
  } else if (changes->len == 0) {
    puts ("Both plans are the same.");
  } else {
    mw_plan_print_changes (changes);
  }
  return MW_EXIT_DONE;
}

/* ---- holidays ---- */

static gboolean
parse_year (const char *text, int *year)
{
  gint64 n;
  if (!g_ascii_string_to_signed (text, 10, 1970, 2200, &n, NULL)) {
    mw_cli_complain (MW_EXIT_USAGE, "“%s” is no year between 1970 and 2200.", text);
    return FALSE;
  }
  *year = (int) n;
  return TRUE;
}

static int
unknown_country (const char *code)
{
  guint n;
  const MwHolidayCountry *countries = mw_holiday_countries (&n);
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (list, "%s%s", i ? ", " : "", countries[i].code);
  return mw_cli_complain (MW_EXIT_USAGE, "The holidays of “%s” are not known. There are: %s.",
                          code, list->str);
}

static int
run_holidays (MwCli *cli, const MwPlanWish *wish, char **words)
{
  int first, last;
  g_autofree char *code = g_ascii_strup (words[0], -1);
  if (!parse_year (words[1], &first) || !parse_year (words[2] ? words[2] : words[1], &last))
    return MW_EXIT_USAGE;
  g_autoptr (GArray) days = mw_holidays (code, first, last);
  if (days == NULL)
    return unknown_country (words[0]);
  GString *json = g_string_new ("{\"holidays\":[");
  for (guint i = 0; i < days->len; i++) {
    const MwHoliday *h = &g_array_index (days, MwHoliday, i);
    char day[12];
    mw_plan_day_text (h->day, day);
    if (!cli->json)
      printf ("%s  %.3s  %s\n", day, mw_plan_weekdays[mw_day_weekday (h->day) - 1], h->name);
    g_string_append_printf (json, "%s{\"day\":\"%s\",\"name\":", i ? "," : "", day);
    mw_json_append_string (json, h->name);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  if (cli->json)
    mw_cli_print_json (json);
  g_string_free (json, TRUE);
  return MW_EXIT_DONE;
}

/* ---- new ---- */

/* The kind that WORD names; complains when it is none. */
static gboolean
parse_kind (const char *word, MwPlanKind *kind)
{
  if (mw_plan_kind_parse (word, kind))
    return TRUE;
  mw_cli_complain (MW_EXIT_USAGE,
                   "“%s” is no kind of plan. Kinds: tariff, period, calendar, activity, dst.",
                   word);
  return FALSE;
}

static int
run_new (MwCli *cli, const MwPlanWish *wish, char **words)
{
  MwPlanKind kind;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  if (!parse_kind (words[0], &kind))
    return MW_EXIT_USAGE;
  g_autoptr (MwPlan) plan =
      mw_plan_new (kind, wish->year ? wish->year : g_date_time_get_year (now));
  if (wish->file && !mw_plan_save (plan, wish->file, &error))
    return mw_cli_complain (MW_EXIT_STORE, "%s", error->message);
  if (wish->file == NULL) {
    g_autofree char *xml = mw_plan_to_xml (plan);
    fputs (xml, stdout);
  }
  return MW_EXIT_DONE;
}

/* ---- the rest ---- */

static int
run_simulate (MwCli *cli, const MwPlanWish *wish, char **words)
{
  int status = MW_EXIT_DONE;
  g_autoptr (MwPlan) plan = mw_plan_verb_load (words[0], &status);
  return plan ? mw_plan_simulate (cli, wish, plan) : status;
}

static int
run_read (MwCli *cli, const MwPlanWish *wish, char **words)
{
  return mw_plan_read_meter (cli, wish, words[0]);
}

static int
run_program (MwCli *cli, const MwPlanWish *wish, char **words)
{
  int status = MW_EXIT_DONE;
  g_autoptr (MwPlan) plan = mw_plan_verb_load (words[1], &status);
  return plan ? mw_plan_program_meter (cli, wish, words[0], plan) : status;
}

static const struct {
  const char *name;
  int min, max; /* words behind the name */
  int (*run) (MwCli *cli, const MwPlanWish *wish, char **words);
} parts[] = {
  { "check", 1, 1, run_check },       { "show", 1, 1, run_show },
  { "simulate", 1, 1, run_simulate }, { "diff", 2, 2, run_diff },
  { "holidays", 2, 3, run_holidays }, { "new", 1, 1, run_new },
  { "read", 1, 1, run_read },         { "program", 2, 2, run_program },
};

static void
wish_clear (MwPlanWish *w)
{
  g_free (w->at);
  g_free (w->from);
  g_free (w->to);
  g_free (w->meter);
  g_free (w->logger);
  g_strfreev (w->prices);
  g_free (w->dst);
  g_free (w->zone);
  g_free (w->file);
  g_free (w->kind);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MwPlanWish, wish_clear)

int
mw_verb_plan (MwCli *cli, int argc, char **argv)
{
  g_auto (MwPlanWish) w = { 0 };
  const GOptionEntry entries[] = {
    { "at", 0, 0, G_OPTION_ARG_STRING, &w.at, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &w.from, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &w.to, NULL, NULL },
    { "year", 0, 0, G_OPTION_ARG_INT, &w.year, NULL, NULL },
    { "meter", 0, 0, G_OPTION_ARG_STRING, &w.meter, NULL, NULL },
    { "logger", 0, 0, G_OPTION_ARG_STRING, &w.logger, NULL, NULL },
    { "price", 0, 0, G_OPTION_ARG_STRING_ARRAY, &w.prices, NULL, NULL },
    { "dst", 0, 0, G_OPTION_ARG_FILENAME, &w.dst, NULL, NULL },
    { "zone", 0, 0, G_OPTION_ARG_STRING, &w.zone, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &w.file, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &w.kind, NULL, NULL },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &w.yes, NULL, NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &w.dry_run, NULL, NULL },
    { NULL },
  };
  if (!mw_cli_parse (cli, entries, &argc, &argv) || !mw_cli_want (argc, argv, 1, 4))
    return MW_EXIT_USAGE;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (strcmp (parts[i].name, argv[1]) != 0)
      continue;
    if (argc - 2 < parts[i].min || argc - 2 > parts[i].max)
      break;
    return parts[i].run (cli, &w, argv + 2);
  }
  return mw_cli_complain (MW_EXIT_USAGE,
                          "“mw help plan” says what can be done with plans, and how.");
}
