/* xml-read.c: from XML that plan.xsd agrees with to a plan.
 *
 * The schema has seen every attribute's form, so that parsing here cannot fail for it; what is
 * checked besides is what a schema cannot know: days that exist, numbers that occur twice. The
 * first refusal is kept with its line.
 */
#include "plan-schema.h"
#include "xml.h"

#include <string.h>

typedef struct {
  const char *name; /* of the file */
  GError *error;    /* the first */
} Reader;

static G_GNUC_PRINTF (3, 4) void refuse (Reader *r, const xmlNode *node, const char *format,
                                         ...)
{
  va_list args;
  if (r->error)
    return;
  va_start (args, format);
  g_autofree char *reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (&r->error, MW_PLAN_ERROR, MW_PLAN_ERROR_CONTENT, "%s, line %ld, <%s>: %s",
               r->name, xmlGetLineNo (node), (const char *) node->name, reason);
}

/* ---- over the tree ---- */

static gboolean
is (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0;
}

/* Borrowed of the tree; "" when absent. */
static const char *
attr (const xmlNode *node, const char *name)
{
  const xmlAttr *a = xmlHasProp (node, (const xmlChar *) name);
  return a && a->children && a->children->content ? (const char *) a->children->content : "";
}

static guint
attr_uint (const xmlNode *node, const char *name)
{
  return (guint) g_ascii_strtoull (attr (node, name), NULL, 10);
}

/* Place of the attribute's text among WORDS, ended by NULL; the schema knows the words. */
static guint
attr_word (const xmlNode *node, const char *name, const char *const *words)
{
  const char *text = attr (node, name);
  guint i = 0;
  while (words[i] && strcmp (words[i], text) != 0)
    i++;
  return words[i] ? i : 0;
}

#define FOR_EACH(c, node, tag)                                                                 \
  for (const xmlNode *c = (node)->children; c; c = c->next)                                    \
    if (is (c, tag))

/* ---- texts ---- */

static int
parse_time (const char *text)
{
  return (int) (g_ascii_strtoull (text, NULL, 10) * 60 + g_ascii_strtoull (text + 3, NULL, 10));
}

static MwMonthDay
parse_month_day (const char *text)
{
  return (MwMonthDay){ (guint8) g_ascii_strtoull (text, NULL, 10),
                       (guint8) g_ascii_strtoull (text + 3, NULL, 10) };
}

static MwDay
parse_date (Reader *r, const xmlNode *node, const char *text)
{
  int year = (int) g_ascii_strtoull (text, NULL, 10);
  MwMonthDay d = parse_month_day (text + 5);
  if (d.day > mw_days_of_month (year, d.month))
    refuse (r, node, "there is no %.10s", text);
  return mw_day (year, d.month, d.day);
}

static guint8
parse_weekday (const char *text)
{
  for (guint i = 0; i < 7; i++)
    if (strcmp (text, mw_plan_weekdays[i]) == 0)
      return (guint8) (i + 1);
  return MW_PLAN_ANY;
}

static MwPlanDate
parse_pattern (const xmlNode *node, const char *name)
{
  MwPlanDate d = { MW_PLAN_ANY_YEAR, MW_PLAN_ANY, MW_PLAN_ANY, MW_PLAN_ANY, 0 };
  g_auto (GStrv) parts = g_strsplit (attr (node, name), "-", 3);
  if (*parts[0] != '*')
    d.year = (guint16) g_ascii_strtoull (parts[0], NULL, 10);
  if (*parts[1] != '*')
    d.month = (guint8) g_ascii_strtoull (parts[1], NULL, 10);
  if (strcmp (parts[2], "last") == 0)
    d.day = MW_PLAN_LAST;
  else if (strcmp (parts[2], "second-last") == 0)
    d.day = MW_PLAN_SECOND_LAST;
  else if (*parts[2] != '*')
    d.day = (guint8) g_ascii_strtoull (parts[2], NULL, 10);
  if (*attr (node, "weekday"))
    d.weekday = parse_weekday (attr (node, "weekday"));
  return d;
}

static MwPlanName
parse_name (Reader *r, const xmlNode *node, const char *name)
{
  const char *text = attr (node, name);
  MwPlanName out = { 0 };
  if (strncmp (text, "hex:", 4) != 0) {
    if (strlen (text) > MW_PLAN_NAME)
      refuse (r, node, "%s \"%s\" is longer than %d octets", name, text, MW_PLAN_NAME);
    return mw_plan_name (text);
  }
  text += 4;
  gsize n = strlen (text);
  if (n % 2 != 0 || n / 2 > MW_PLAN_NAME || strspn (text, "0123456789abcdefABCDEF") != n) {
    refuse (r, node, "%s \"hex:%s\" is not one to %d octets in hexadecimal", name, text,
            MW_PLAN_NAME);
    return out;
  }
  out.len = (guint8) (n / 2);
  for (guint i = 0; i < out.len; i++)
    out.octets[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4
                              | g_ascii_xdigit_value (text[2 * i + 1]));
  return out;
}

/* A list of words in an element or attribute; free with g_strfreev. */
static char **
words_of (const char *text)
{
  g_auto (GStrv) raw = g_strsplit_set (text, " \t\r\n", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (char **w = raw; *w; w++)
    if (**w)
      g_ptr_array_add (words, g_strdup (*w));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

static char **
words_in (const xmlNode *node)
{
  return words_of (
      node->children && node->children->content ? (const char *) node->children->content : "");
}

static void
read_changes (Reader *r, const xmlNode *node, MwPlanProgram *p, guint max)
{
  memset (p, 0, sizeof *p);
  FOR_EACH (c, node, "change")
  {
    int minute = parse_time (attr (c, "at"));
    if (p->n > 0 && minute <= p->step[p->n - 1].minute)
      refuse (r, c, "%s does not come after the change before it", attr (c, "at"));
    else if (p->n >= max)
      refuse (r, c, "more than %u changes a day", max);
    else
      mw_plan_program_put (p, minute, (int) attr_uint (c, "value"), (int) max);
  }
}

static void
read_days (Reader *r, const xmlNode *node, MwDayList *list, guint max)
{
  FOR_EACH (e, node, "exceptions")
  {
    g_auto (GStrv) words = words_in (e);
    for (char **w = words; *w; w++) {
      MwDay day = parse_date (r, e, *w);
      if (mw_day_list_has (list, day))
        refuse (r, e, "%s is there twice", *w);
      else if (!mw_day_list_add (list, day, (int) max))
        refuse (r, e, "more than %u exception days", max);
    }
  }
}

/* ---- tariff plan ---- */

static int
day_of_year (Reader *r, const xmlNode *node, int year, const char *text)
{
  MwMonthDay d = parse_month_day (text);
  if (d.day > mw_days_of_month (year, d.month)) {
    refuse (r, node, "%d has no %.5s", year, text);
    return 0;
  }
  return mw_day_of_year (mw_day (year, d.month, d.day));
}

static void
read_year (Reader *r, const xmlNode *node, MwTariffPlan *t, guint seen[])
{
  int year = (int) attr_uint (node, "n"), i = year - t->first_year;
  if (i < 0 || i >= t->years) {
    refuse (r, node, "%d is not among the plan's %u years from %u on", year, t->years,
            t->first_year);
    return;
  }
  if (seen[i]++)
    refuse (r, node, "%d is there twice", year);
  FOR_EACH (s, node, "summer")
  {
    int from = day_of_year (r, s, year, attr (s, "from"));
    int to = day_of_year (r, s, year, attr (s, "to"));
    if (to < from)
      refuse (r, s, "it ends on %s, before it begins on %s", attr (s, "to"), attr (s, "from"));
    for (int d = from; d <= to; d++)
      mw_year_days_set (&t->summer[i], d, TRUE);
  }
  FOR_EACH (h, node, "holidays")
  {
    g_auto (GStrv) words = words_in (h);
    for (char **w = words; *w; w++)
      mw_year_days_set (&t->holiday[i], day_of_year (r, h, year, *w), TRUE);
  }
}

static void
read_tariff_day (Reader *r, const xmlNode *node, guint8 slots[MW_TARIFF_PLAN_SLOTS])
{
  int before = -1, value = 0;
  FOR_EACH (c, node, "change")
  {
    int minute = parse_time (attr (c, "at"));
    if (minute % 15 != 0)
      refuse (r, c, "%s is not a quarter of an hour", attr (c, "at"));
    if (minute <= before)
      refuse (r, c, "%s does not come after the change before it", attr (c, "at"));
    if (before < 0 && minute != 0)
      refuse (r, c, "a day of a tariff plan begins with a change at 00:00");
    before = minute;
    value = (int) attr_uint (c, "value");
    for (int i = minute / 15; i < MW_TARIFF_PLAN_SLOTS; i++)
      slots[i] = (guint8) value;
  }
}

static void
read_tariff (Reader *r, const xmlNode *node, MwTariffPlan *t)
{
  static const char *const seasons[] = { "winter", "summer", NULL };
  static const char *const kinds[] = { "weekday", "saturday", "holiday", NULL };
  guint years[MW_TARIFF_PLAN_YEARS] = { 0 }, days[6] = { 0 };
  memset (t->tariff, 0, sizeof t->tariff);
  t->first_year = (guint16) attr_uint (node, "first-year");
  t->years = (guint16) attr_uint (node, "years");
  FOR_EACH (y, node, "year")
  read_year (r, y, t, years);
  FOR_EACH (d, node, "day")
  {
    guint season = attr_word (d, "season", seasons), kind = attr_word (d, "kind", kinds);
    if (days[season * 3 + kind]++)
      refuse (r, d, "the %s %s is there twice", seasons[season], kinds[kind]);
    read_tariff_day (r, d, t->tariff[season][kind]);
  }
  for (guint k = 0; k < 6; k++)
    if (!days[k])
      refuse (r, node, "the %s %s is missing", seasons[k / 3], kinds[k % 3]);
}

/* ---- period plan ---- */

static void
read_control (Reader *r, const xmlNode *node, MwPeriodControl *c)
{
  static const char *const kinds[] = { "working", "non-working", NULL };
  g_auto (GStrv) off = words_of (attr (node, "non-working"));
  guint seen = 0;
  if (c->used)
    refuse (r, node, "the control of %s is there twice", attr (node, "of"));
  memset (c, 0, sizeof *c);
  c->used = TRUE;
  for (char **w = off; *w; w++)
    c->non_working[parse_weekday (*w) - 1] = TRUE;
  FOR_EACH (p, node, "period")
  {
    guint period = *attr (p, "id") == 'B';
    if (seen >> period & 1)
      refuse (r, p, "period %s is there twice", attr (p, "id"));
    seen |= 1u << period;
    c->start[period] = parse_month_day (attr (p, "from"));
    FOR_EACH (d, p, "day")
    read_changes (r, d, &c->program[period][attr_word (d, "kind", kinds)], MW_PERIOD_CHANGES);
  }
  read_days (r, node, &c->exceptions, MW_EXCEPTION_DAYS);
}

static void
read_period (Reader *r, const xmlNode *node, MwPeriodPlan *p)
{
  static const char *const of[] = { "tariff", "load-1", "load-2", NULL };
  memset (p, 0, sizeof *p);
  FOR_EACH (c, node, "control")
  read_control (r, c, &p->control[attr_word (c, "of", of)]);
}

/* ---- calendar plan ---- */

static void
read_season (Reader *r, const xmlNode *node, MwCalendarSeason *s)
{
  static const char *const kinds[] = { "working", "non-working", "holiday", NULL };
  g_auto (GStrv) off = words_of (attr (node, "non-working"));
  g_auto (GStrv) holiday = words_of (attr (node, "holiday"));
  for (char **w = off; *w; w++)
    s->week[parse_weekday (*w) - 1] = MW_CAL_NON_WORKING;
  for (char **w = holiday; *w; w++) {
    if (s->week[parse_weekday (*w) - 1] == MW_CAL_NON_WORKING)
      refuse (r, node, "%s is both a non-working day and a holiday", *w);
    s->week[parse_weekday (*w) - 1] = MW_CAL_HOLIDAY;
  }
  FOR_EACH (d, node, "day")
  read_changes (r, d, &s->program[attr_word (d, "kind", kinds)], MW_CALENDAR_CHANGES);
}

static void
read_track (Reader *r, const xmlNode *node, MwCalendarTrack *t)
{
  memset (t, 0, sizeof *t);
  FOR_EACH (s, node, "season")
  read_season (r, s, &t->season[t->seasons++]);
  FOR_EACH (s, node, "shift")
  t->shift[t->shifts++] = (MwSeasonShift){ parse_month_day (attr (s, "from")),
                                           (guint8) (attr_uint (s, "season") - 1) };
}

static void
read_calendar (Reader *r, const xmlNode *node, MwCalendarPlan *c)
{
  static const char *const modes[] = { "none", "own", "follow", NULL };
  memset (c, 0, sizeof *c);
  c->selected = attr_uint (node, "selected") - 1;
  FOR_EACH (p, node, "plan")
  {
    guint i = attr_uint (p, "n") - 1;
    if (c->plan[i].seasons > 0)
      refuse (r, p, "plan %u is there twice", i + 1);
    read_track (r, p, &c->plan[i]);
  }
  FOR_EACH (l, node, "load")
  {
    MwCalendarLoad *load = &c->load[attr_uint (l, "n") - 1];
    g_auto (GStrv) on = words_of (attr (l, "on"));
    if (load->mode != MW_LOAD_NONE)
      refuse (r, l, "load %s is there twice", attr (l, "n"));
    load->mode = (MwLoadMode) attr_word (l, "mode", modes);
    read_track (r, l, &load->track);
    for (char **w = on; *w; w++)
      load->on_tariffs |= 1u << (g_ascii_strtoull (*w, NULL, 10) - 1);
    if (load->mode == MW_LOAD_FOLLOW && load->track.seasons > 0)
      refuse (r, l, "a load that follows the tariff has no seasons of its own");
  }
  read_days (r, node, &c->exceptions, MW_CALENDAR_EXCEPTIONS);
}

/* ---- activity plan ---- */

static void
read_script (const xmlNode *node, MwActivityScript *s)
{
  static const char *const what[] = { "nothing", "energy-tariff",  "demand-tariff",
                                      "relay",   "service-output", NULL };
  s->id = (guint16) attr_uint (node, "id");
  FOR_EACH (d, node, "do")
  s->action[s->n++] =
      (MwScriptAction){ (guint8) attr_word (d, "what", what), (guint8) attr_uint (d, "value") };
}

static void
read_day_profile (Reader *r, const xmlNode *node, MwActivityDay *day)
{
  day->id = (guint16) attr_uint (node, "id");
  FOR_EACH (s, node, "action")
  {
    int minute = parse_time (attr (s, "at"));
    MwPlanProgram *p = &day->program;
    if (p->n > 0 && minute <= p->step[p->n - 1].minute)
      refuse (r, s, "%s does not come after the action before it", attr (s, "at"));
    else
      mw_plan_program_put (p, minute, (int) attr_uint (s, "script"), MW_ACTIVITY_ACTIONS);
  }
}

static void
read_activation (Reader *r, const xmlNode *node, MwActivityPlan *a)
{
  const char *when = attr (node, "activation");
  a->at_once = strcmp (when, "at-once") == 0;
  a->activation = 0;
  if (!a->at_once && strcmp (when, "never") != 0)
    a->activation = (gint64) parse_date (r, node, when) * 86400 + parse_time (when + 11) * 60;
}

static void
read_activity (Reader *r, const xmlNode *node, MwActivityPlan *a)
{
  memset (a, 0, sizeof *a);
  a->name = parse_name (r, node, "name");
  read_activation (r, node, a);
  FOR_EACH (s, node, "season")
  a->season[a->seasons++] =
      (MwActivitySeason){ parse_name (r, s, "name"), parse_pattern (s, "start"),
                          (guint16) parse_time (attr (s, "at")), parse_name (r, s, "week") };
  FOR_EACH (w, node, "week")
  {
    g_auto (GStrv) days = words_of (attr (w, "days"));
    MwActivityWeek *week = &a->week[a->weeks++];
    week->name = parse_name (r, w, "name");
    for (guint i = 0; i < 7 && days[i]; i++)
      week->day[i] = (guint8) g_ascii_strtoull (days[i], NULL, 10);
  }
  FOR_EACH (d, node, "day")
  read_day_profile (r, d, &a->day[a->days++]);
  FOR_EACH (s, node, "special")
  a->special[a->specials++] =
      (MwActivitySpecial){ (guint16) attr_uint (s, "index"), parse_pattern (s, "date"),
                           (guint16) attr_uint (s, "day") };
  FOR_EACH (s, node, "script")
  read_script (s, &a->script[a->scripts++]);
}

/* ---- DST plan ---- */

static void
read_rule (Reader *r, const xmlNode *node, MwDstRule *rule)
{
  gboolean day = *attr (node, "day") != 0, week = *attr (node, "week") != 0,
           weekday = *attr (node, "weekday") != 0;
  if (day == (week || weekday) || week != weekday)
    refuse (r, node, "either a day of the month, or a week and a weekday");
  *rule =
      (MwDstRule){ (guint8) attr_uint (node, "month"), (guint8) attr_uint (node, "week"),
                   weekday ? parse_weekday (attr (node, "weekday")) : 0,
                   (guint8) attr_uint (node, "day"), (guint16) parse_time (attr (node, "at")) };
}

static MwDstMoment
parse_moment (Reader *r, const xmlNode *node, const char *name)
{
  const char *text = attr (node, name);
  return (MwDstMoment){ parse_date (r, node, text), (guint32) parse_time (text + 11) };
}

static void
read_dst (Reader *r, const xmlNode *node, MwDstPlan *d)
{
  static const char *const modes[] = { "none", "eu", "rule", "list", NULL };
  gboolean rules = FALSE;
  memset (d, 0, sizeof *d);
  d->mode = (MwDstMode) attr_word (node, "mode", modes);
  d->shift = (gint16) g_ascii_strtoll (attr (node, "shift"), NULL, 10);
  FOR_EACH (b, node, "begin")
  {
    read_rule (r, b, &d->begin);
    rules = TRUE;
  }
  FOR_EACH (e, node, "end")
  read_rule (r, e, &d->end);
  if (rules != (d->mode == MW_DST_RULE))
    refuse (r, node,
            rules ? "begin and end belong to the mode rule alone"
                  : "the mode rule needs begin and end");
  FOR_EACH (s, node, "summer-time")
  {
    if (d->mode != MW_DST_LIST)
      refuse (r, s, "summer times belong to the mode list alone");
    d->from[d->years] = parse_moment (r, s, "from");
    d->until[d->years++] = parse_moment (r, s, "until");
  }
}

/* ---- a plan ---- */

MwPlan *
mw_plan_from_tree (const xmlNode *root, const char *name, GError **error)
{
  Reader r = { name, NULL };
  g_autoptr (MwPlan) plan = NULL;
  for (const xmlNode *c = root->children; c && !plan; c = c->next) {
    MwPlanKind kind;
    if (c->type != XML_ELEMENT_NODE || !mw_plan_kind_parse ((const char *) c->name, &kind))
      continue;
    plan = mw_plan_new (kind, 2000);
    g_strlcpy (plan->title, attr (root, "title"), sizeof plan->title);
    if (kind == MW_PLAN_TARIFF)
      read_tariff (&r, c, &plan->u.tariff);
    else if (kind == MW_PLAN_PERIOD)
      read_period (&r, c, &plan->u.period);
    else if (kind == MW_PLAN_CALENDAR)
      read_calendar (&r, c, &plan->u.calendar);
    else if (kind == MW_PLAN_ACTIVITY)
      read_activity (&r, c, &plan->u.activity);
    else
      read_dst (&r, c, &plan->u.dst);
  }
  if (r.error) {
    g_propagate_error (error, r.error);
    return NULL;
  }
  return g_steal_pointer (&plan);
}
