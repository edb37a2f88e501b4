/* times.c: times as people write them on a command line. */
#include <string.h>

#include "cli/cli.h"

static gint64
now_utc (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Midnight of today, DAYS later, in local time. */
static gint64
midnight (int days)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days);
  g_autoptr (GDateTime) start =
      g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                             g_date_time_get_day_of_month (day), 0, 0, 0);
  return g_date_time_to_unix (start);
}

/* "-30d", "-12h", "-2w", "-90m": so long before now. */
static gboolean
parse_ago (const char *text, gint64 *utc)
{
  static const struct {
    char unit;
    gint64 seconds;
  } units[] = { { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 } };
  char *end;
  gint64 n;
  if (*text != '-')
    return FALSE;
  n = g_ascii_strtoll (text + 1, &end, 10);
  if (end == text + 1 || n < 0 || n > 100000 || *end == 0 || end[1] != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].unit == *end) {
      *utc = now_utc () - n * units[i].seconds;
      return TRUE;
    }
  return FALSE;
}

/* Local time of this machine, with the daylight saving of that day. */
static gint64
local_to_utc (const mw_civil *t)
{
  g_autoptr (GDateTime) when =
      g_date_time_new_local (t->year, t->month, t->day, t->hour, t->minute, t->second);
  return when ? g_date_time_to_unix (when) : 0;
}

gboolean
mw_cli_parse_time (const char *text, gint64 *utc, GError **error)
{
  mw_civil t;
  int64_t seconds;
  if (strcmp (text, "now") == 0) {
    *utc = now_utc ();
    return TRUE;
  }
  if (strcmp (text, "today") == 0 || strcmp (text, "yesterday") == 0) {
    *utc = midnight (*text == 'y' ? -1 : 0);
    return TRUE;
  }
  if (parse_ago (text, utc))
    return TRUE;
  if (mw_civil_parse (text, strlen (text), &t) != MW_OK || !mw_civil_is_complete (&t))
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "“%s” is no time. Write 2026-01-31, 2026-01-31T12:00, "
                    "2026-01-31T12:00:00+01:00, yesterday or -30d.",
                    text);
  if (t.deviation == MW_DEVIATION_ANY)
    *utc = local_to_utc (&t);
  else if (mw_civil_to_utc (&t, 0, &seconds) == MW_OK)
    *utc = seconds;
  return TRUE;
}

char *
mw_cli_dup_time (gint64 utc, gint16 deviation_min)
{
  char text[MW_CIVIL_TEXT];
  mw_civil t;
  if (utc == G_MININT64)
    return g_strdup ("");
  if (deviation_min == MW_DEVIATION_ANY) {
    g_autoptr (GDateTime) here = g_date_time_new_from_unix_local (utc);
    deviation_min = (gint16) (g_date_time_get_utc_offset (here) / G_TIME_SPAN_MINUTE);
  }
  t = mw_civil_from_utc (utc, deviation_min, 0);
  mw_civil_format (&t, text, sizeof text);
  return g_strdup (text);
}
