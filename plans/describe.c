/* describe.c: see describe.h. */
#include "describe.h"

#include "xml.h"

#include <string.h>

typedef struct {
  GPtrArray *lines;
} Out;

void
mw_plan_line_free (MwPlanLine *line)
{
  g_free (line->field);
  g_free (line->text);
  g_free (line);
}

void
mw_plan_change_free (MwPlanChange *change)
{
  g_free (change->field);
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

/* Takes FIELD and TEXT. */
static void
line (Out *out, char *field, char *text, gboolean list)
{
  MwPlanLine *l = g_new (MwPlanLine, 1);
  *l = (MwPlanLine){ field, text, list };
  g_ptr_array_add (out->lines, l);
}

/* ---- parts ---- */

typedef enum { AS_TARIFF, AS_RELAY, AS_SCRIPT } ValueKind;

static void
put_value (GString *s, int minute, int value, ValueKind kind)
{
  char at[6];
  mw_plan_time_text (minute, at);
  g_string_append_printf (s, "%s%s ", s->len ? ", " : "", at);
  if (kind == AS_RELAY)
    g_string_append (s, value ? "on" : "off");
  else
    g_string_append_printf (s, kind == AS_TARIFF ? "tariff %d" : "script %d", value);
}

static char *
program_text (const MwPlanProgram *p, ValueKind kind)
{
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < p->n; i++)
    put_value (s, p->step[i].minute, p->step[i].value, kind);
  if (p->n == 0)
    g_string_append (s, "no change");
  return g_string_free (s, FALSE);
}

static char *
days_text (const MwDayList *list)
{
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < list->n; i++) {
    char day[12];
    mw_plan_day_text (list->day[i], day);
    g_string_append_printf (s, "%s%s", i ? " " : "", day);
  }
  return g_string_free (s, FALSE);
}

static const char *
month_name (guint month)
{
  static const char *const names[] = { "January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December" };
  return month >= 1 && month <= 12 ? names[month - 1] : "?";
}

static char *
month_day_text (MwMonthDay d)
{
  return g_strdup_printf ("%u %s", d.day, month_name (d.month));
}

static const char *
weekday_name (guint weekday)
{
  static const char *const names[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday" };
  return weekday >= 1 && weekday <= 7 ? names[weekday - 1] : "?";
}

/* ---- tariff plan ---- */

static char *
ranges_text (const MwTariffPlan *t, guint i)
{
  GString *s = g_string_new (NULL);
  int year = t->first_year + (int) i, days = mw_days_of_year (year);
  MwDay first = mw_day (year, 1, 1);
  for (int d = 0; d < days; d++) {
    int end = d, y, m, dom;
    if (!mw_year_days_get (&t->summer[i], d))
      continue;
    while (end + 1 < days && mw_year_days_get (&t->summer[i], end + 1))
      end++;
    mw_day_split (first + d, &y, &m, &dom);
    g_string_append_printf (s, "%s%d %s", s->len ? ", " : "", dom, month_name ((guint) m));
    mw_day_split (first + end, &y, &m, &dom);
    if (end > d)
      g_string_append_printf (s, " to %d %s", dom, month_name ((guint) m));
    d = end;
  }
  if (s->len == 0)
    g_string_append (s, "none");
  return g_string_free (s, FALSE);
}

static void
describe_tariff (Out *out, const MwTariffPlan *t)
{
  static const char *const days[] = {
    "Winter, weekday", "Winter, Saturday", "Winter, holiday",
    "Summer, weekday", "Summer, Saturday", "Summer, holiday"
  };
  line (out, g_strdup ("Years"),
        g_strdup_printf ("%u to %u", t->first_year, t->first_year + t->years - 1u), FALSE);
  for (guint k = 0; k < 6; k++) {
    const guint8 *slots = t->tariff[k / 3][k % 3];
    GString *s = g_string_new (NULL);
    for (int i = 0; i < MW_TARIFF_PLAN_SLOTS; i++)
      if (i == 0 || slots[i] != slots[i - 1])
        put_value (s, i * 15, slots[i], AS_TARIFF);
    line (out, g_strdup (days[k]), g_string_free (s, FALSE), FALSE);
  }
  for (guint i = 0; i < t->years; i++) {
    int year = t->first_year + (int) i;
    MwDayList *holidays = g_new0 (MwDayList, 1);
    line (out, g_strdup_printf ("Summer %d", year), ranges_text (t, i), FALSE);
    for (int d = 0; d < mw_days_of_year (year); d++)
      if (mw_year_days_get (&t->holiday[i], d))
        mw_day_list_add (holidays, mw_day (year, 1, 1) + d, MW_EXCEPTION_DAYS);
    line (out, g_strdup_printf ("Holidays %d", year), days_text (holidays), TRUE);
    g_free (holidays);
  }
}

/* ---- period plan ---- */

static void
describe_period (Out *out, const MwPeriodPlan *p)
{
  static const char *const names[] = { "Tariff control", "Load control 1", "Load control 2" };
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    const MwPeriodControl *c = &p->control[i];
    if (!c->used)
      continue;
    GString *off = g_string_new (NULL);
    for (guint d = 0; d < 7; d++)
      if (c->non_working[d])
        g_string_append_printf (off, "%s%s", off->len ? " " : "", weekday_name (d + 1));
    line (out, g_strdup_printf ("%s, non-working days", names[i]), g_string_free (off, FALSE),
          TRUE);
    for (guint k = 0; k < MW_N_PERIODS; k++) {
      line (out, g_strdup_printf ("%s, period %c starts", names[i], "AB"[k]),
            month_day_text (c->start[k]), FALSE);
      for (guint d = 0; d < MW_N_PERIOD_DAYS; d++)
        line (out,
              g_strdup_printf ("%s, period %c, %s day", names[i], "AB"[k],
                               d == MW_DAY_WORKING ? "working" : "non-working"),
              program_text (&c->program[k][d], i == 0 ? AS_TARIFF : AS_RELAY), FALSE);
    }
    line (out, g_strdup_printf ("%s, exception days", names[i]), days_text (&c->exceptions),
          TRUE);
  }
}

/* ---- calendar plan ---- */

static void
describe_track (Out *out, const char *name, const MwCalendarTrack *t, ValueKind kind)
{
  static const char *const kinds[] = { "working day", "non-working day", "holiday" };
  for (guint s = 0; s < t->seasons; s++) {
    GString *week = g_string_new (NULL);
    for (guint d = 0; d < 7; d++)
      g_string_append_printf (week, "%s%s %s", d ? ", " : "", weekday_name (d + 1),
                              kinds[MIN (t->season[s].week[d], MW_N_CAL_DAYS - 1)]);
    line (out, g_strdup_printf ("%s, season %u, week", name, s + 1),
          g_string_free (week, FALSE), FALSE);
    for (guint k = 0; k < MW_N_CAL_DAYS; k++)
      line (out, g_strdup_printf ("%s, season %u, %s", name, s + 1, kinds[k]),
            program_text (&t->season[s].program[k], kind), FALSE);
  }
  GString *shifts = g_string_new (NULL);
  for (guint i = 0; i < t->shifts; i++) {
    g_autofree char *from = month_day_text (t->shift[i].from);
    g_string_append_printf (shifts, "%s%s season %u", i ? ", " : "", from,
                            t->shift[i].season + 1u);
  }
  if (t->shifts == 0)
    g_string_append (shifts, "season 1 all year");
  if (t->seasons > 0)
    line (out, g_strdup_printf ("%s, season shifts", name), g_string_free (shifts, FALSE),
          FALSE);
  else
    g_string_free (shifts, TRUE);
}

static void
describe_calendar (Out *out, const MwCalendarPlan *c)
{
  line (out, g_strdup ("Selected plan"), g_strdup_printf ("%u", c->selected + 1), FALSE);
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++) {
    g_autofree char *name = g_strdup_printf ("Tariff plan %u", i + 1);
    describe_track (out, name, &c->plan[i], AS_TARIFF);
  }
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    const MwCalendarLoad *l = &c->load[i];
    g_autofree char *name = g_strdup_printf ("Load control %u", i + 1);
    if (l->mode == MW_LOAD_FOLLOW) {
      GString *on = g_string_new ("on during tariff");
      for (guint t = 0; t < MW_PLAN_TARIFFS; t++)
        if (l->on_tariffs >> t & 1)
          g_string_append_printf (on, " %u", t + 1);
      line (out, g_strdup (name), g_string_free (on, FALSE), FALSE);
    } else if (l->mode == MW_LOAD_OWN)
      describe_track (out, name, &l->track, AS_RELAY);
  }
  line (out, g_strdup ("Exception days"), days_text (&c->exceptions), TRUE);
}

/* ---- activity plan ---- */

static char *
pattern_text (const MwPlanDate *d)
{
  GString *s = g_string_new (NULL);
  gboolean complete = d->year != MW_PLAN_ANY_YEAR && d->month <= 12 && d->day <= 31;
  gboolean weekday = d->weekday >= 1 && d->weekday <= 7 && !complete;
  if (d->day == MW_PLAN_LAST || d->day == MW_PLAN_SECOND_LAST)
    g_string_append_printf (s, "%s %s", d->day == MW_PLAN_LAST ? "last" : "second last",
                            weekday ? weekday_name (d->weekday) : "day");
  else if (weekday && d->day != MW_PLAN_ANY)
    g_string_append_printf (s, "first %s from %u on", weekday_name (d->weekday), d->day);
  else if (weekday)
    g_string_append_printf (s, "every %s", weekday_name (d->weekday));
  else if (d->day != MW_PLAN_ANY)
    g_string_append_printf (s, "%u", d->day);
  else
    g_string_append (s, "every day");
  if (d->month != MW_PLAN_ANY)
    g_string_append_printf (s, weekday || d->day >= MW_PLAN_SECOND_LAST ? " of %s" : " %s",
                            month_name (d->month));
  else
    g_string_append (s, " of every month");
  if (d->year != MW_PLAN_ANY_YEAR)
    g_string_append_printf (s, " %u", d->year);
  return g_string_free (s, FALSE);
}

static void
describe_scripts (Out *out, const MwActivityPlan *a)
{
  static const char *const what[] = { "nothing", "energy tariff", "demand tariff", "relay",
                                      "service output" };
  for (guint i = 0; i < a->scripts; i++) {
    GString *s = g_string_new (NULL);
    for (guint k = 0; k < a->script[i].n; k++) {
      const MwScriptAction *action = &a->script[i].action[k];
      gboolean relay = action->kind == MW_SCRIPT_RELAY || action->kind == MW_SCRIPT_SERVICE;
      g_string_append_printf (s, "%s%s", k ? ", " : "", what[action->kind]);
      if (relay)
        g_string_append (s, action->value ? " on" : " off");
      else if (action->kind != MW_SCRIPT_NOTHING)
        g_string_append_printf (s, " %u", action->value);
    }
    line (out, g_strdup_printf ("Script %u", a->script[i].id), g_string_free (s, FALSE), FALSE);
  }
}

static void
describe_activation (Out *out, const MwActivityPlan *a)
{
  char day[12], at[6];
  mw_plan_day_text ((MwDay) (a->activation / 86400), day);
  mw_plan_time_text ((int) (a->activation % 86400 / 60), at);
  line (out, g_strdup ("Calendar name"), mw_plan_name_text (&a->name), FALSE);
  line (out, g_strdup ("Activation"),
        a->at_once           ? g_strdup ("at once")
        : a->activation == 0 ? g_strdup ("never")
                             : g_strdup_printf ("%s %s", day, at),
        FALSE);
}

static void
describe_activity (Out *out, const MwActivityPlan *a)
{
  describe_activation (out, a);
  for (guint i = 0; i < a->seasons; i++) {
    char at[6];
    g_autofree char *name = mw_plan_name_text (&a->season[i].name);
    g_autofree char *week = mw_plan_name_text (&a->season[i].week);
    g_autofree char *start = pattern_text (&a->season[i].start);
    mw_plan_time_text (a->season[i].minute, at);
    line (out, g_strdup_printf ("Season %s", name),
          g_strdup_printf ("from %s, %s: week %s", start, at, week), FALSE);
  }
  for (guint i = 0; i < a->weeks; i++) {
    g_autofree char *name = mw_plan_name_text (&a->week[i].name);
    GString *s = g_string_new (NULL);
    for (guint d = 0; d < 7; d++)
      g_string_append_printf (s, "%s%s day %u", d ? ", " : "", weekday_name (d + 1),
                              a->week[i].day[d]);
    line (out, g_strdup_printf ("Week %s", name), g_string_free (s, FALSE), FALSE);
  }
  for (guint i = 0; i < a->days; i++)
    line (out, g_strdup_printf ("Day %u", a->day[i].id),
          program_text (&a->day[i].program, AS_SCRIPT), FALSE);
  for (guint i = 0; i < a->specials; i++) {
    g_autofree char *date = pattern_text (&a->special[i].date);
    line (out, g_strdup_printf ("Special day %u", a->special[i].index),
          g_strdup_printf ("%s: day %u", date, a->special[i].day_id), FALSE);
  }
  describe_scripts (out, a);
}

/* ---- DST plan ---- */

static char *
rule_text (const MwDstRule *r)
{
  static const char *const which[] = { "first", "second", "third", "fourth", "last" };
  char at[6];
  mw_plan_time_text (r->minute, at);
  if (!r->weekday)
    return g_strdup_printf ("%u %s, %s", r->day, month_name (r->month), at);
  return g_strdup_printf ("%s %s of %s, %s", which[CLAMP (r->week, 1, 5) - 1],
                          weekday_name (r->weekday), month_name (r->month), at);
}

static void
describe_dst (Out *out, const MwDstPlan *d)
{
  static const char *const modes[] = { "none", "as in the European Union", "by rule",
                                       "by a list of years" };
  line (out, g_strdup ("Summer time"), g_strdup (modes[d->mode]), FALSE);
  if (d->mode != MW_DST_NONE)
    line (out, g_strdup ("Shift"), g_strdup_printf ("%d minutes", d->shift), FALSE);
  if (d->mode == MW_DST_RULE) {
    line (out, g_strdup ("Begins"), rule_text (&d->begin), FALSE);
    line (out, g_strdup ("Ends"), rule_text (&d->end), FALSE);
  }
  for (guint i = 0; i < d->years; i++) {
    char from[12], until[12], at[6], end[6];
    mw_plan_day_text (d->from[i].day, from);
    mw_plan_day_text (d->until[i].day, until);
    mw_plan_time_text ((int) d->from[i].minute, at);
    mw_plan_time_text ((int) d->until[i].minute, end);
    line (out, g_strdup_printf ("Summer time %d", mw_day_year (d->from[i].day)),
          g_strdup_printf ("%s %s to %s %s", from, at, until, end), FALSE);
  }
}

GPtrArray *
mw_plan_describe (const MwPlan *plan)
{
  Out out = { g_ptr_array_new_with_free_func ((GDestroyNotify) mw_plan_line_free) };
  if (plan->kind == MW_PLAN_TARIFF)
    describe_tariff (&out, &plan->u.tariff);
  else if (plan->kind == MW_PLAN_PERIOD)
    describe_period (&out, &plan->u.period);
  else if (plan->kind == MW_PLAN_CALENDAR)
    describe_calendar (&out, &plan->u.calendar);
  else if (plan->kind == MW_PLAN_ACTIVITY)
    describe_activity (&out, &plan->u.activity);
  else
    describe_dst (&out, &plan->u.dst);
  return out.lines;
}

/* ---- difference ---- */

static const MwPlanLine *
find_line (const GPtrArray *lines, const char *field)
{
  for (guint i = 0; i < lines->len; i++) {
    const MwPlanLine *l = lines->pdata[i];
    if (strcmp (l->field, field) == 0)
      return l;
  }
  return NULL;
}

/* The words of A that B does not have; NULL: none. */
static char *
words_missing (const char *a, const char *b)
{
  g_auto (GStrv) words = g_strsplit (a, " ", -1);
  g_auto (GStrv) others = g_strsplit (b, " ", -1);
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);
  GString *missing = g_string_new (NULL);
  for (char **w = others; *w; w++)
    g_hash_table_add (set, *w);
  for (char **w = words; *w; w++)
    if (**w && !g_hash_table_contains (set, *w))
      g_string_append_printf (missing, "%s%s", missing->len ? " " : "", *w);
  char *text = g_string_free (missing, FALSE);
  if (*text)
    return text;
  g_free (text);
  return NULL;
}

static void
add_change (GPtrArray *changes, const char *field, char *before, char *after, gboolean list)
{
  MwPlanChange *c = g_new (MwPlanChange, 1);
  *c = (MwPlanChange){ g_strdup (field), before, after, list };
  g_ptr_array_add (changes, c);
}

GPtrArray *
mw_plan_compare (const MwPlan *before, const MwPlan *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_plan_change_free);
  g_autoptr (GPtrArray) a = mw_plan_describe (before);
  g_autoptr (GPtrArray) b = mw_plan_describe (after);
  if (before->kind != after->kind) {
    add_change (changes, "Kind of plan", g_strdup (mw_plan_kind_name (before->kind)),
                g_strdup (mw_plan_kind_name (after->kind)), FALSE);
    return changes;
  }
  for (guint i = 0; i < a->len; i++) {
    const MwPlanLine *x = a->pdata[i], *y = find_line (b, x->field);
    if (!y)
      add_change (changes, x->field, g_strdup (x->text), NULL, FALSE);
    else if (strcmp (x->text, y->text) != 0)
      add_change (changes, x->field,
                  x->list ? words_missing (x->text, y->text) : g_strdup (x->text),
                  x->list ? words_missing (y->text, x->text) : g_strdup (y->text), x->list);
  }
  for (guint i = 0; i < b->len; i++) {
    const MwPlanLine *y = b->pdata[i];
    if (!find_line (a, y->field))
      add_change (changes, y->field, NULL, g_strdup (y->text), FALSE);
  }
  return changes;
}

char *
mw_plan_change_text (const MwPlanChange *c)
{
  if (c->list && c->before && c->after)
    return g_strdup_printf ("%s: without %s, with %s", c->field, c->before, c->after);
  if (c->list)
    return g_strdup_printf ("%s: %s %s", c->field, c->before ? "without" : "also",
                            c->before ? c->before : c->after);
  if (c->before && c->after)
    return g_strdup_printf ("%s: %s → %s", c->field, c->before, c->after);
  return c->before ? g_strdup_printf ("%s: no longer there (%s)", c->field, c->before)
                   : g_strdup_printf ("%s: new (%s)", c->field, c->after);
}
