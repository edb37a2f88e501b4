#include "plan-text.h"

#include <stdio.h>
#include <string.h>

/* ---- days ---- */

static void
append_step (GString *text, int minute, int value)
{
  g_string_append_printf (text, "%s%02d:%02d %d", text->len ? ", " : "", minute / 60,
                          minute % 60, value);
}

char *
mw_plan_text_program (const MwPlanProgram *program)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < program->n; i++)
    append_step (text, program->step[i].minute, program->step[i].value);
  return g_string_free (text, FALSE);
}

/* One "07:00 2" of a line; its time must be after LAST. */
static gboolean
parse_step (const char *word, int last, int *minute, int *value)
{
  int hour, min, end = 0;
  if (sscanf (word, " %2d:%2d %2d %n", &hour, &min, value, &end) != 3 || word[end])
    return FALSE;
  *minute = hour * 60 + min;
  return hour >= 0 && min >= 0 && min < 60 && *minute<MW_MINUTES_PER_DAY && * minute> last;
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " ")] == '\0';
}

gboolean
mw_plan_text_parse_program (const char *text, int low, int high, int step, int max,
                            MwPlanProgram *program)
{
  MwPlanProgram out = { 0 };
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  int minute = -1, value;
  for (guint i = 0; words[i] && !is_blank (text); i++) {
    if (!parse_step (words[i], minute, &minute, &value) || value < low || value > high
        || minute % step || out.n >= max)
      return FALSE;
    out.step[out.n++] = (MwPlanStep){ (guint16) minute, (guint16) value };
  }
  *program = out;
  return TRUE;
}

char *
mw_plan_text_slots (const guint8 slots[MW_TARIFF_PLAN_SLOTS])
{
  GString *out = g_string_new (NULL);
  for (int i = 0; i < MW_TARIFF_PLAN_SLOTS; i++)
    if (i == 0 || slots[i] != slots[i - 1])
      append_step (out, i * 15, slots[i]);
  return g_string_free (out, FALSE);
}

gboolean
mw_plan_text_parse_slots (const char *text, guint8 slots[MW_TARIFF_PLAN_SLOTS])
{
  guint8 out[MW_TARIFF_PLAN_SLOTS] = { 0 };
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  int minute = -1, value;
  for (guint i = 0; words[i]; i++) {
    if (!parse_step (words[i], minute, &minute, &value) || value < 1 || value > MW_PLAN_TARIFFS
        || minute % 15)
      return FALSE;
    memset (out + minute / 15, value, (gsize) (MW_TARIFF_PLAN_SLOTS - minute / 15));
  }
  if (out[0] == 0) /* the day must begin with a tariff */
    return FALSE;
  memcpy (slots, out, sizeof out);
  return TRUE;
}

gboolean
mw_plan_text_paint (MwPlanProgram *program, int from, int until, int value, int max)
{
  MwPlanProgram out = { 0 };
  int last = -1; /* what was reached */
  for (int minute = 0; minute < MW_MINUTES_PER_DAY; minute++) {
    int now = minute >= from && minute < until ? value : mw_plan_program_at (program, minute);
    if (now == last || now < 0)
      continue;
    if (out.n >= max)
      return FALSE;
    out.step[out.n++] = (MwPlanStep){ (guint16) minute, (guint16) now };
    last = now;
  }
  *program = out;
  return TRUE;
}

/* ---- days of a year ---- */

static void
append_day (GString *text, const char *before, int year, int day)
{
  int y, month, dom;
  mw_day_split (mw_day (year, 1, 1) + day, &y, &month, &dom);
  g_string_append_printf (text, "%s%02d-%02d", before, month, dom);
}

char *
mw_plan_text_days (const MwYearDays *days, int year)
{
  GString *text = g_string_new (NULL);
  int n = mw_days_of_year (year);
  for (int first = 0; first < n; first++) {
    int last = first;
    if (!mw_year_days_get (days, first))
      continue;
    while (last + 1 < n && mw_year_days_get (days, last + 1))
      last++;
    append_day (text, text->len ? ", " : "", year, first);
    if (last > first)
      append_day (text, "..", year, last);
    first = last;
  }
  return g_string_free (text, FALSE);
}

static gboolean
parse_day (const char **at, int year, int *day)
{
  int month, dom, used = 0;
  if (sscanf (*at, " %2d-%2d %n", &month, &dom, &used) != 2 || month < 1 || month > 12
      || dom < 1 || dom > mw_days_of_month (year, month))
    return FALSE;
  *at += used;
  *day = mw_day_of_year (mw_day (year, month, dom));
  return TRUE;
}

gboolean
mw_plan_text_parse_days (const char *text, int year, MwYearDays *days)
{
  MwYearDays out = { 0 };
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  for (guint i = 0; words[i] && !is_blank (text); i++) {
    const char *at = words[i];
    int first, last;
    if (!parse_day (&at, year, &first))
      return FALSE;
    last = first;
    if (g_str_has_prefix (at, "..")) {
      at += 2;
      if (!parse_day (&at, year, &last) || last < first)
        return FALSE;
    }
    if (*at)
      return FALSE;
    for (int day = first; day <= last; day++)
      mw_year_days_set (&out, day, TRUE);
  }
  *days = out;
  return TRUE;
}
