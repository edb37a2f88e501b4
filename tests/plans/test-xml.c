/* Plans as files: what is saved is what is read, and what is refused says where and why. */
#include "check.h"
#include "random-plan.h"
#include "xml.h"

#include <glib/gstdio.h>
#include <string.h>

static void
round_trip (void)
{
  for (guint kind = 0; kind < MW_N_PLAN_KINDS; kind++)
    for (guint32 seed = 0; seed < 200; seed++) {
      g_autoptr (MwPlan) plan = random_plan ((MwPlanKind) kind, seed);
      g_autoptr (GPtrArray) problems = mw_plan_check (plan, NULL);
      const MwPlanProblem *wrong = mw_plan_first_error (problems);
      if (wrong)
        g_error ("%s %u: %s: %s", mw_plan_kind_name (plan->kind), seed, wrong->field,
                 wrong->reason);
      g_autofree char *text = mw_plan_to_xml (plan);
      g_autoptr (GError) error = NULL;
      g_autoptr (MwPlan) back = mw_plan_from_xml (text, strlen (text), "a.xml", &error);
      g_assert_no_error (error);
      g_assert_true (mw_plan_equal (plan, back));
      g_assert_cmpstr (plan->title, ==, back->title);
      g_autofree char *again = mw_plan_to_xml (back);
      g_assert_cmpstr (text, ==, again);
    }
}

static char *
refusal (const char *text, gsize len, int code)
{
  g_autoptr (GError) error = NULL;
  MwPlan *plan = mw_plan_from_xml (text, len, "a.xml", &error);
  g_assert_null (plan);
  g_assert_nonnull (error);
  if (code >= 0)
    g_assert_error (error, MW_PLAN_ERROR, code);
  return g_strdup (error->message);
}

/* Replaces the first FROM of a good plan's text by TO; expects WORDS in the refusal. */
static void
spoil (MwPlanKind kind, guint32 seed, const char *from, const char *to, int code,
       const char *words)
{
  g_autoptr (MwPlan) plan = random_plan (kind, seed);
  g_autofree char *good = mw_plan_to_xml (plan);
  char *at = strstr (good, from);
  g_assert_nonnull (at);
  g_autofree char *bad =
      g_strdup_printf ("%.*s%s%s", (int) (at - good), good, to, at + strlen (from));
  g_autofree char *message = refusal (bad, strlen (bad), code);
  if (!strstr (message, words) || !strstr (message, "a.xml"))
    g_error ("\"%s\" does not say \"%s\"", message, words);
}

static void
schema_violations (void)
{
  const struct {
    MwPlanKind kind;
    const char *from, *to;
  } cases[] = {
    { MW_PLAN_TARIFF, "<tariff ", "<water/><tariff " }, /* an element that is not known */
    { MW_PLAN_TARIFF, "first-year=", "year-one=" },     /* an attribute that is not known */
    { MW_PLAN_TARIFF, "years=\"", "years=\"-" },        /* out of range */
    { MW_PLAN_TARIFF, "value=\"", "value=\"x" },        /* not a number */
    { MW_PLAN_TARIFF, "at=\"00:00\"", "at=\"24:00\"" }, /* not a time */
    { MW_PLAN_TARIFF, "season=\"winter\"", "season=\"monsoon\"" },
    { MW_PLAN_PERIOD, "id=\"A\"", "id=\"C\"" },
    { MW_PLAN_PERIOD, "id=\"A\" from=\"", "id=\"A\" from=\"9" },
    { MW_PLAN_PERIOD, "<control of=\"tariff\"", "<control of=\"water\"" },
    { MW_PLAN_PERIOD, "non-working=\"", "non-working=\"someday " },
    { MW_PLAN_CALENDAR, "selected=\"", "selected=\"9" },
    { MW_PLAN_CALENDAR, "kind=\"working\"", "" }, /* a missing attribute */
    { MW_PLAN_ACTIVITY, "<week name=", "text<week name=" },
    { MW_PLAN_ACTIVITY, "days=\"", "days=\"1 2 3 4 5 6 7 8 " },
    { MW_PLAN_ACTIVITY, "activation=\"at-once\"", "activation=\"soon\"" },
    { MW_PLAN_DST, "mode=\"", "mode=\"moon " },
    { MW_PLAN_DST, "shift=\"", "shift=\"9999" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    spoil (cases[i].kind, 3, cases[i].from, cases[i].to, MW_PLAN_ERROR_SCHEMA, ", line ");
}

static char *
tariff_text (const char *inside)
{
  return g_strdup_printf ("<plan version=\"1\">\n<tariff first-year=\"2024\" years=\"2\">\n%s\n"
                          "</tariff>\n</plan>\n",
                          inside);
}

/* What the schema lets pass: line, field and reason all the same. */
static void
content (void)
{
  const struct {
    const char *inside, *words;
  } cases[] = {
    { "<year n=\"2024\"/><year n=\"2024\"/>", "line 3, <year>: 2024 is there twice" },
    { "<year n=\"2026\"/>", "2026 is not among the plan's 2 years" },
    { "<year n=\"2025\"><holidays>02-29</holidays></year>", "2025 has no 02-29" },
    { "<year n=\"2024\"><summer from=\"10-01\" to=\"04-01\"/></year>", "before it begins" },
    { "<day season=\"winter\" kind=\"weekday\"><change at=\"00:10\" value=\"1\"/></day>",
      "00:10 is not a quarter" },
    { "<day season=\"winter\" kind=\"weekday\"><change at=\"01:00\" value=\"1\"/></day>",
      "begins with a change at 00:00" },
    { "<day season=\"winter\" kind=\"weekday\"><change at=\"00:00\" value=\"1\"/>\n"
      "<change at=\"00:00\" value=\"2\"/></day>",
      "line 4, <change>: 00:00 does not come after" },
    { "<day season=\"winter\" kind=\"weekday\"><change at=\"00:00\" value=\"1\"/></day>",
      "the winter saturday is missing" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = tariff_text (cases[i].inside);
    g_autofree char *message = refusal (text, strlen (text), MW_PLAN_ERROR_CONTENT);
    if (!strstr (message, cases[i].words))
      g_error ("\"%s\" does not say \"%s\"", message, cases[i].words);
  }
}

static void
from_outside (void)
{
  GString *bomb = g_string_new ("<!DOCTYPE plan [<!ENTITY a \"lol\">");
  for (char c = 'b'; c <= 'j'; c++) {
    g_string_append_printf (bomb, "<!ENTITY %c \"", c);
    for (int i = 0; i < 10; i++)
      g_string_append_printf (bomb, "&%c;", c - 1);
    g_string_append (bomb, "\">");
  }
  g_string_append (bomb, "]><plan version=\"1\" title=\"&j;\"><dst mode=\"none\" shift=\"0\"/>"
                         "</plan>");
  g_autofree char *exploded = refusal (bomb->str, bomb->len, MW_PLAN_ERROR_XML);
  g_assert_true (*exploded);
  g_string_free (bomb, TRUE);

  const char *outside = "<!DOCTYPE plan SYSTEM \"http://127.0.0.1/x.dtd\"><plan version=\"1\">"
                        "<dst mode=\"none\" shift=\"0\"/></plan>";
  g_autofree char *dtd = refusal (outside, strlen (outside), MW_PLAN_ERROR_XML);
  g_assert_nonnull (strstr (dtd, "document type"));

  const char *newer = "<plan version=\"2\"><dst mode=\"moon\"/></plan>";
  g_autofree char *update = refusal (newer, strlen (newer), MW_PLAN_ERROR_NEWER);
  g_assert_nonnull (strstr (update, "newer version (format 2"));

  const char *other = "<catalogue/>";
  g_autofree char *kind = refusal (other, strlen (other), MW_PLAN_ERROR_XML);
  g_assert_nonnull (strstr (kind, "<catalogue>"));

  g_autofree char *large = g_malloc (10 * 1024 * 1024);
  memset (large, ' ', 10 * 1024 * 1024);
  g_autofree char *size = refusal (large, 10 * 1024 * 1024, MW_PLAN_ERROR_FILE);
  g_assert_nonnull (strstr (size, "10485760 octets"));
}

/* Every shorter file is refused, and says so; no bit that flips brings the program down. */
static void
damaged (void)
{
  g_autoptr (MwPlan) plan = mw_plan_new (MW_PLAN_PERIOD, 2024);
  g_autofree char *text = mw_plan_to_xml (plan);
  gsize len = strlen (text);
  for (gsize n = 0; n + 2 < len; n++) {
    g_autofree char *message = refusal (text, n, -1);
    g_assert_true (*message);
  }
  for (gsize i = 0; i < len * 8; i += 3) {
    g_autoptr (GError) error = NULL;
    text[i / 8] ^= (char) (1 << (i % 8));
    g_autoptr (MwPlan) read = mw_plan_from_xml (text, len, "a.xml", &error);
    g_assert_true ((read != NULL) != (error != NULL));
    text[i / 8] ^= (char) (1 << (i % 8));
  }
}

static void
files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("mw-plan-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a plan.xml", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = random_plan (MW_PLAN_CALENDAR, 7);
  g_assert_true (mw_plan_save (plan, path, &error));
  g_autoptr (MwPlan) back = mw_plan_load (path, &error);
  g_assert_no_error (error);
  g_assert_true (mw_plan_equal (plan, back));
  g_remove (path);
  g_assert_null (mw_plan_load (path, &error));
  g_assert_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_FILE);
  g_clear_error (&error);
  g_autofree char *nowhere = g_build_filename (folder, "no", "plan.xml", NULL);
  g_assert_false (mw_plan_save (plan, nowhere, &error));
  g_assert_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_FILE);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plans/xml/round-trip", round_trip);
  g_test_add_func ("/plans/xml/schema", schema_violations);
  g_test_add_func ("/plans/xml/content", content);
  g_test_add_func ("/plans/xml/from-outside", from_outside);
  g_test_add_func ("/plans/xml/damaged", damaged);
  g_test_add_func ("/plans/xml/files", files);
  return g_test_run ();
}
