/* xml-write.c: a plan as XML text. */
#include "xml.h"

#include <string.h>

const char *const mw_plan_weekdays[7] = { "monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday" };

void
mw_plan_time_text (int minute, char out[6])
{
  minute = CLAMP (minute, 0, MW_MINUTES_PER_DAY - 1);
  g_snprintf (out, 6, "%02d:%02d", minute / 60, minute % 60);
}

void
mw_plan_day_text (MwDay day, char out[12])
{
  int year, month, dom;
  mw_day_split (day, &year, &month, &dom);
  g_snprintf (out, 12, "%04d-%02d-%02d", year, month, dom);
}

char *
mw_plan_name_text (const MwPlanName *name)
{
  gboolean plain = name->len > 0;
  for (guint i = 0; i < name->len; i++)
    plain &= g_ascii_isgraph (name->octets[i]);
  if (plain && !(name->len >= 4 && memcmp (name->octets, "hex:", 4) == 0))
    return g_strndup ((const char *) name->octets, name->len);
  GString *text = g_string_new ("hex:");
  for (guint i = 0; i < name->len; i++)
    g_string_append_printf (text, "%02x", name->octets[i]);
  return g_string_free (text, FALSE);
}

/* ---- small parts ---- */

static void
put_days (GString *x, const char *tag, const char *indent, const MwDayList *days)
{
  if (days->n == 0)
    return;
  g_string_append_printf (x, "%s<%s>", indent, tag);
  for (guint i = 0; i < days->n; i++) {
    char text[12];
    mw_plan_day_text (days->day[i], text);
    g_string_append_printf (x, "%s%s", i % 8 == 0 ? i ? "\n      " : "" : " ", text);
  }
  g_string_append_printf (x, "</%s>\n", tag);
}

static void
put_changes (GString *x, const char *indent, const MwPlanProgram *p)
{
  for (guint i = 0; i < p->n; i++) {
    char at[6];
    mw_plan_time_text (p->step[i].minute, at);
    g_string_append_printf (x, "%s<change at=\"%s\" value=\"%u\"/>\n", indent, at,
                            p->step[i].value);
  }
}

static void
put_weekdays (GString *x, const char *attr, const guint8 on[7])
{
  g_string_append_printf (x, " %s=\"", attr);
  const char *gap = "";
  for (guint i = 0; i < 7; i++)
    if (on[i]) {
      g_string_append_printf (x, "%s%s", gap, mw_plan_weekdays[i]);
      gap = " ";
    }
  g_string_append_c (x, '"');
}

static void
put_name (GString *x, const char *attr, const MwPlanName *name)
{
  g_autofree char *text = mw_plan_name_text (name);
  g_autofree char *safe = g_markup_escape_text (text, -1);
  g_string_append_printf (x, " %s=\"%s\"", attr, safe);
}

static void
put_pattern (GString *x, const char *attr, const MwPlanDate *d)
{
  g_string_append_printf (x, " %s=\"", attr);
  if (d->year == MW_PLAN_ANY_YEAR)
    g_string_append (x, "*-");
  else
    g_string_append_printf (x, "%04u-", d->year);
  if (d->month == MW_PLAN_ANY)
    g_string_append (x, "*-");
  else
    g_string_append_printf (x, "%02u-", d->month);
  if (d->day == MW_PLAN_ANY)
    g_string_append (x, "*");
  else if (d->day >= MW_PLAN_SECOND_LAST)
    g_string_append (x, d->day == MW_PLAN_LAST ? "last" : "second-last");
  else
    g_string_append_printf (x, "%02u", d->day);
  g_string_append_c (x, '"');
  if (d->weekday >= 1 && d->weekday <= 7)
    g_string_append_printf (x, " weekday=\"%s\"", mw_plan_weekdays[d->weekday - 1]);
}

/* ---- the kinds ---- */

static void
put_year (GString *x, const MwTariffPlan *t, guint i)
{
  int year = t->first_year + (int) i, days = mw_days_of_year (year);
  g_string_append_printf (x, "    <year n=\"%d\">\n", year);
  for (int d = 0; d < days; d++) {
    int end = d, m, dom, y;
    if (!mw_year_days_get (&t->summer[i], d))
      continue;
    while (end + 1 < days && mw_year_days_get (&t->summer[i], end + 1))
      end++;
    mw_day_split (mw_day (year, 1, 1) + d, &y, &m, &dom);
    g_string_append_printf (x, "      <summer from=\"%02d-%02d\"", m, dom);
    mw_day_split (mw_day (year, 1, 1) + end, &y, &m, &dom);
    g_string_append_printf (x, " to=\"%02d-%02d\"/>\n", m, dom);
    d = end;
  }
  gboolean any = FALSE;
  for (int d = 0; d < days; d++)
    if (mw_year_days_get (&t->holiday[i], d)) {
      int m, dom, y;
      mw_day_split (mw_day (year, 1, 1) + d, &y, &m, &dom);
      g_string_append_printf (x, "%s%02d-%02d", any ? " " : "      <holidays>", m, dom);
      any = TRUE;
    }
  g_string_append (x, any ? "</holidays>\n    </year>\n" : "    </year>\n");
}

static void
put_tariff (GString *x, const MwTariffPlan *t)
{
  static const char *const seasons[] = { "winter", "summer" };
  static const char *const kinds[] = { "weekday", "saturday", "holiday" };
  g_string_append_printf (x, "  <tariff first-year=\"%u\" years=\"%u\">\n", t->first_year,
                          t->years);
  for (guint i = 0; i < t->years; i++)
    put_year (x, t, i);
  for (guint k = 0; k < 6; k++) {
    const guint8 *slots = t->tariff[k / 3][k % 3];
    g_string_append_printf (x, "    <day season=\"%s\" kind=\"%s\">\n", seasons[k / 3],
                            kinds[k % 3]);
    for (int i = 0; i < MW_TARIFF_PLAN_SLOTS; i++)
      if (i == 0 || slots[i] != slots[i - 1]) {
        char at[6];
        mw_plan_time_text (i * 15, at);
        g_string_append_printf (x, "      <change at=\"%s\" value=\"%u\"/>\n", at, slots[i]);
      }
    g_string_append (x, "    </day>\n");
  }
  g_string_append (x, "  </tariff>\n");
}

static void
put_period (GString *x, const MwPeriodPlan *p)
{
  static const char *const of[] = { "tariff", "load-1", "load-2" };
  g_string_append (x, "  <period>\n");
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    const MwPeriodControl *c = &p->control[i];
    guint8 off[7];
    if (!c->used)
      continue;
    for (guint d = 0; d < 7; d++)
      off[d] = c->non_working[d] != 0;
    g_string_append_printf (x, "    <control of=\"%s\"", of[i]);
    put_weekdays (x, "non-working", off);
    g_string_append (x, ">\n");
    for (guint k = 0; k < MW_N_PERIODS; k++) {
      g_string_append_printf (x, "      <period id=\"%c\" from=\"%02u-%02u\">\n", "AB"[k],
                              c -> start[k].month, c->start[k].day);
      for (guint d = 0; d < MW_N_PERIOD_DAYS; d++) {
        g_string_append_printf (x, "        <day kind=\"%s\">\n",
                                d == MW_DAY_WORKING ? "working" : "non-working");
        put_changes (x, "          ", &c->program[k][d]);
        g_string_append (x, "        </day>\n");
      }
      g_string_append (x, "      </period>\n");
    }
    put_days (x, "exceptions", "      ", &c->exceptions);
    g_string_append (x, "    </control>\n");
  }
  g_string_append (x, "  </period>\n");
}

static void
put_track (GString *x, const MwCalendarTrack *t)
{
  static const char *const kinds[] = { "working", "non-working", "holiday" };
  for (guint s = 0; s < t->seasons; s++) {
    guint8 off[7], holiday[7];
    for (guint d = 0; d < 7; d++) {
      off[d] = t->season[s].week[d] == MW_CAL_NON_WORKING;
      holiday[d] = t->season[s].week[d] == MW_CAL_HOLIDAY;
    }
    g_string_append (x, "      <season");
    put_weekdays (x, "non-working", off);
    put_weekdays (x, "holiday", holiday);
    g_string_append (x, ">\n");
    for (guint d = 0; d < MW_N_CAL_DAYS; d++) {
      g_string_append_printf (x, "        <day kind=\"%s\">\n", kinds[d]);
      put_changes (x, "          ", &t->season[s].program[d]);
      g_string_append (x, "        </day>\n");
    }
    g_string_append (x, "      </season>\n");
  }
  for (guint i = 0; i < t->shifts; i++)
    g_string_append_printf (x, "      <shift from=\"%02u-%02u\" season=\"%u\"/>\n",
                            t->shift[i].from.month, t->shift[i].from.day,
                            t->shift[i].season + 1u);
}

static void
put_calendar (GString *x, const MwCalendarPlan *c)
{
  g_string_append_printf (x, "  <calendar selected=\"%u\">\n", c->selected + 1);
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++) {
    if (c->plan[i].seasons == 0)
      continue;
    g_string_append_printf (x, "    <plan n=\"%u\">\n", i + 1);
    put_track (x, &c->plan[i]);
    g_string_append (x, "    </plan>\n");
  }
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    const MwCalendarLoad *l = &c->load[i];
    if (l->mode == MW_LOAD_NONE)
      continue;
    g_string_append_printf (x, "    <load n=\"%u\" mode=\"%s\"", i + 1,
                            l->mode == MW_LOAD_OWN ? "own" : "follow");
    if (l->mode == MW_LOAD_FOLLOW) {
      g_string_append (x, " on=\"");
      for (guint t = 0, n = 0; t < MW_PLAN_TARIFFS; t++)
        if (l->on_tariffs >> t & 1)
          g_string_append_printf (x, "%s%u", n++ ? " " : "", t + 1);
      g_string_append_c (x, '"');
    }
    g_string_append (x, ">\n");
    put_track (x, &l->track);
    g_string_append (x, "    </load>\n");
  }
  put_days (x, "exceptions", "    ", &c->exceptions);
  g_string_append (x, "  </calendar>\n");
}

static void
put_moment (GString *x, const char *attr, MwDay day, int minute)
{
  char date[12], at[6];
  mw_plan_day_text (day, date);
  mw_plan_time_text (minute, at);
  g_string_append_printf (x, " %s=\"%sT%s\"", attr, date, at);
}

static void
put_activity_head (GString *x, const MwActivityPlan *a)
{
  g_string_append (x, "  <activity");
  put_name (x, "name", &a->name);
  if (a->at_once)
    g_string_append (x, " activation=\"at-once\">\n");
  else if (a->activation == 0)
    g_string_append (x, " activation=\"never\">\n");
  else {
    put_moment (x, "activation", (MwDay) (a->activation / 86400),
                (int) (a->activation % 86400 / 60));
    g_string_append (x, ">\n");
  }
}

static void
put_activity_scripts (GString *x, const MwActivityPlan *a)
{
  static const char *const what[] = { "nothing", "energy-tariff", "demand-tariff", "relay",
                                      "service-output" };
  for (guint i = 0; i < a->scripts; i++) {
    g_string_append_printf (x, "    <script id=\"%u\">\n", a->script[i].id);
    for (guint k = 0; k < a->script[i].n; k++)
      g_string_append_printf (x, "      <do what=\"%s\" value=\"%u\"/>\n",
                              what[a->script[i].action[k].kind], a->script[i].action[k].value);
    g_string_append (x, "    </script>\n");
  }
}

static void
put_activity (GString *x, const MwActivityPlan *a)
{
  put_activity_head (x, a);
  for (guint i = 0; i < a->seasons; i++) {
    char at[6];
    mw_plan_time_text (a->season[i].minute, at);
    g_string_append (x, "    <season");
    put_name (x, "name", &a->season[i].name);
    put_pattern (x, "start", &a->season[i].start);
    g_string_append_printf (x, " at=\"%s\"", at);
    put_name (x, "week", &a->season[i].week);
    g_string_append (x, "/>\n");
  }
  for (guint i = 0; i < a->weeks; i++) {
    const guint8 *d = a->week[i].day;
    g_string_append (x, "    <week");
    put_name (x, "name", &a->week[i].name);
    g_string_append_printf (x, " days=\"%u %u %u %u %u %u %u\"/>\n", d[0], d[1], d[2], d[3],
                            d[4], d[5], d[6]);
  }
  for (guint i = 0; i < a->days; i++) {
    const MwPlanProgram *p = &a->day[i].program;
    g_string_append_printf (x, "    <day id=\"%u\">\n", a->day[i].id);
    for (guint k = 0; k < p->n; k++) {
      char at[6];
      mw_plan_time_text (p->step[k].minute, at);
      g_string_append_printf (x, "      <action at=\"%s\" script=\"%u\"/>\n", at,
                              p->step[k].value);
    }
    g_string_append (x, "    </day>\n");
  }
  for (guint i = 0; i < a->specials; i++) {
    g_string_append_printf (x, "    <special index=\"%u\"", a->special[i].index);
    put_pattern (x, "date", &a->special[i].date);
    g_string_append_printf (x, " day=\"%u\"/>\n", a->special[i].day_id);
  }
  put_activity_scripts (x, a);
  g_string_append (x, "  </activity>\n");
}

static void
put_rule (GString *x, const char *tag, const MwDstRule *r)
{
  char at[6];
  mw_plan_time_text (r->minute, at);
  g_string_append_printf (x, "    <%s month=\"%u\"", tag, r->month);
  if (r->weekday)
    g_string_append_printf (x, " week=\"%u\" weekday=\"%s\"", r->week,
                            mw_plan_weekdays[(r->weekday - 1) % 7]);
  else
    g_string_append_printf (x, " day=\"%u\"", r->day);
  g_string_append_printf (x, " at=\"%s\"/>\n", at);
}

static void
put_dst (GString *x, const MwDstPlan *d)
{
  static const char *const modes[] = { "none", "eu", "rule", "list" };
  g_string_append_printf (x, "  <dst mode=\"%s\" shift=\"%d\">\n", modes[d->mode], d->shift);
  if (d->mode == MW_DST_RULE) {
    put_rule (x, "begin", &d->begin);
    put_rule (x, "end", &d->end);
  }
  for (guint i = 0; i < d->years; i++) {
    g_string_append (x, "    <summer-time");
    put_moment (x, "from", d->from[i].day, (int) d->from[i].minute);
    put_moment (x, "until", d->until[i].day, (int) d->until[i].minute);
    g_string_append (x, "/>\n");
  }
  g_string_append (x, "  </dst>\n");
}

char *
mw_plan_to_xml (const MwPlan *plan)
{
  MwPlan *tidy = mw_plan_copy (plan);
  GString *x = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plan version=\"1\"");
  g_autofree char *title = g_markup_escape_text (plan->title, -1);
  mw_plan_tidy (tidy);
  if (*title)
    g_string_append_printf (x, " title=\"%s\"", title);
  g_string_append (x, ">\n");
  if (plan->kind == MW_PLAN_TARIFF)
    put_tariff (x, &tidy->u.tariff);
  else if (plan->kind == MW_PLAN_PERIOD)
    put_period (x, &tidy->u.period);
  else if (plan->kind == MW_PLAN_CALENDAR)
    put_calendar (x, &tidy->u.calendar);
  else if (plan->kind == MW_PLAN_ACTIVITY)
    put_activity (x, &tidy->u.activity);
  else
    put_dst (x, &tidy->u.dst);
  g_string_append (x, "</plan>\n");
  mw_plan_free (tidy);
  return g_string_free (x, FALSE);
}
