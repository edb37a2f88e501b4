#include "format.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <string.h>

static const struct {
  unsigned unit;
  const char *text;
} kilo_units[] = {
  { MW_UNIT_W, "kW" },   { MW_UNIT_VA, "kVA" },   { MW_UNIT_VAR, "kvar" },
  { MW_UNIT_WH, "kWh" }, { MW_UNIT_VAH, "kVAh" }, { MW_UNIT_VARH, "kvarh" },
};

int
mw_format_kilo (unsigned unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kilo_units); i++)
    if (kilo_units[i].unit == unit)
      return 3;
  return 0;
}

static const char *
shown_unit (unsigned unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kilo_units); i++)
    if (kilo_units[i].unit == unit)
      return kilo_units[i].text;
  return mw_unit_text (unit);
}

char *
mw_format_decimal_plain (mw_decimal d, const char **unit)
{
  char text[MW_DECIMAL_TEXT];
  int exponent = d.exponent - mw_format_kilo (d.unit);
  if (unit)
    *unit = shown_unit (d.unit);
  d.exponent = (gint8) CLAMP (exponent, -18, 18);
  if (mw_decimal_format (d, text, sizeof text) == 0)
    return g_strdup ("");
  return g_strdup (text);
}

char *
mw_format_decimal (mw_decimal d, const char **unit)
{
  g_autofree char *plain = mw_format_decimal_plain (d, unit);
  const char *digits = plain + (plain[0] == '-');
  gsize whole = strspn (digits, "0123456789");
  GString *out = g_string_new (plain[0] == '-' ? "−" : NULL);
  for (gsize i = 0; i < whole; i++) {
    if (i > 0 && whole > 4 && (whole - i) % 3 == 0)
      g_string_append (out, "\u202f");
    g_string_append_c (out, digits[i]);
  }
  if (digits[whole] == '.') {
    const char *radix = nl_langinfo (RADIXCHAR);
    g_string_append (out, radix && *radix ? radix : ".");
    g_string_append (out, digits + whole + 1);
  }
  return g_string_free (out, FALSE);
}

static char *
format_civil (const mw_civil *c)
{
  gint64 utc;
  if (!mw_civil_is_complete (c)) {
    char text[MW_CIVIL_TEXT];
    return g_strdup (mw_civil_format (c, text, sizeof text) ? text : "");
  }
  gint16 deviation = c->deviation == MW_DEVIATION_ANY ? 0 : c->deviation;
  if (mw_civil_to_utc (c, deviation, &utc) != MW_OK)
    return g_strdup ("");
  return mw_format_meter_time (utc, deviation);
}

char *
mw_format_reading (const MwReading *r, const char **unit)
{
  *unit = "";
  switch (r->kind) {
  case MW_READING_DECIMAL:
    return mw_format_decimal (r->value, unit);
  case MW_READING_TIME:
    return format_civil (&r->civil);
  case MW_READING_REFUSED:
    return g_strdup (_ ("refused"));
  default:
    return mw_reading_dup_text (r);
  }
}

char *
mw_format_raw (const MwReading *r)
{
  if (r->kind != MW_READING_DECIMAL)
    return NULL;
  const char *unit = mw_unit_text (r->value.unit);
  g_autofree char *mantissa = g_strdup_printf ("%" G_GINT64_FORMAT, r->value.mantissa);
  return g_strdup_printf (_ ("raw %s, scaler %d%s%s"), mantissa, r->value.exponent,
                          *unit ? ", " : "", unit);
}

static char *
format_local (gint64 utc, const char *pattern)
{
  g_autoptr (GDateTime) t = g_date_time_new_from_unix_local (utc);
  return t ? g_date_time_format (t, pattern) : g_strdup ("");
}

char *
mw_format_time (gint64 utc)
{
  return format_local (utc, _ ("%-d %b %Y %H:%M"));
}

char *
mw_format_time_near (gint64 utc)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) t = g_date_time_new_from_unix_local (utc);
  if (!t)
    return g_strdup ("");
  gboolean today = g_date_time_get_year (now) == g_date_time_get_year (t)
                   && g_date_time_get_day_of_year (now) == g_date_time_get_day_of_year (t);
  return g_date_time_format (t, today ? "%H:%M:%S" : _ ("%-d %b %Y %H:%M:%S"));
}

char *
mw_format_meter_time (gint64 utc, gint16 deviation)
{
  if (deviation == MW_DEVIATION_ANY)
    return format_local (utc, _ ("%-d %b %Y %H:%M:%S"));
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (deviation * 60);
  g_autoptr (GDateTime) u = g_date_time_new_from_unix_utc (utc);
  g_autoptr (GDateTime) t = u ? g_date_time_to_timezone (u, zone) : NULL;
  return t ? g_date_time_format (t, _ ("%-d %b %Y %H:%M:%S")) : g_strdup ("");
}

char *
mw_format_period (guint32 seconds)
{
  if (seconds == 0)
    return g_strdup (_ ("by event"));
  if (seconds % 86400 == 0)
    return g_strdup_printf (g_dngettext (NULL, "%u day", "%u days", seconds / 86400),
                            seconds / 86400);
  if (seconds % 3600 == 0)
    return g_strdup_printf (_ ("%u h"), seconds / 3600);
  if (seconds % 60 == 0)
    return g_strdup_printf (_ ("%u min"), seconds / 60);
  return g_strdup_printf (_ ("%u s"), seconds);
}

char *
mw_format_duration (gint64 seconds)
{
  gint64 s = ABS (seconds);
  if (s < 60)
    return g_strdup_printf (_ ("%d s"), (int) s);
  if (s < 3600)
    return s % 60 ? g_strdup_printf (_ ("%d min %d s"), (int) (s / 60), (int) (s % 60))
                  : g_strdup_printf (_ ("%d min"), (int) (s / 60));
  if (s < 2 * 86400)
    return g_strdup_printf (_ ("%d h %d min"), (int) (s / 3600), (int) (s % 3600 / 60));
  int days = (int) MIN (s / 86400, G_MAXINT);
  return g_strdup_printf (g_dngettext (NULL, "%d day", "%d days", days), days);
}

char *
mw_format_age (gint64 utc)
{
  gint64 s = g_get_real_time () / G_USEC_PER_SEC - utc;
  if (s >= 0 && s < 60)
    return g_strdup (_ ("just now"));
  if (s >= 0 && s < 3600)
    return g_strdup_printf (
        g_dngettext (NULL, "%d minute ago", "%d minutes ago", (int) (s / 60)), (int) (s / 60));
  if (s >= 0 && s < 86400)
    return g_strdup_printf (g_dngettext (NULL, "%d hour ago", "%d hours ago", (int) (s / 3600)),
                            (int) (s / 3600));
  if (s >= 0 && s < 14 * 86400)
    return g_strdup_printf (g_dngettext (NULL, "%d day ago", "%d days ago", (int) (s / 86400)),
                            (int) (s / 86400));
  return format_local (utc, _ ("%-d %b %Y"));
}
