/* chart-axis.c: nice numbers on the vertical axes and local time on the horizontal one. */
#include "chart-private.h"

#include <math.h>
#include <string.h>

/* ---- numbers ---- */

const char *
mw_prefix_text (int prefix)
{
  return prefix == 3 ? "k" : prefix == 6 ? "M" : prefix == 9 ? "G" : "";
}

int
mw_prefix_for (guint8 unit, double greatest)
{
  switch (unit) {
  case MW_UNIT_WH:
  case MW_UNIT_VARH:
  case MW_UNIT_VAH:
  case MW_UNIT_W:
  case MW_UNIT_VAR:
  case MW_UNIT_VA:
    /* People think in kWh, however little it is. */
    return greatest >= 1e10 ? 9 : greatest >= 1e7 ? 6 : 3;
  case MW_UNIT_V:
  case MW_UNIT_A:
    return greatest >= 1e4 ? 3 : 0;
  default:
    return 0;
  }
}

void
mw_axis_settle (MwAxis *axis, guint max_ticks)
{
  double low = axis->least, high = axis->greatest, raw, power;

  if (!(low <= high))
    low = 0, high = 1;
  if (axis->steps) {
    low = MIN (low, 0);
    high = MAX (high, 0);
  }
  if (high - low < 1e-9 * MAX (fabs (high), 1e-6))
    high = low + (axis->unit == MW_UNIT_WH || axis->unit == MW_UNIT_W ? 1000 : 1);
  raw = (high - low) / MAX (max_ticks, 1);
  power = pow (10, floor (log10 (raw)));
  axis->step = raw <= power       ? power
               : raw <= 2 * power ? 2 * power
               : raw <= 5 * power ? 5 * power
                                  : 10 * power;
  axis->low = floor (low / axis->step + 1e-9) * axis->step;
  axis->high = ceil (high / axis->step - 1e-9) * axis->step;
  axis->prefix = mw_prefix_for (axis->unit, MAX (fabs (axis->low), fabs (axis->high)));
  axis->decimals = MAX (0, (int) -floor (log10 (axis->step / pow (10, axis->prefix)) + 1e-9));
}

/* ---- local time ---- */

gint64
mw_zone_offset (GTimeZone *zone, gint64 t)
{
  return g_time_zone_get_offset (zone,
                                 g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, t));
}

gint64
mw_zone_to_utc (GTimeZone *zone, gint64 local)
{
  gint64 adjusted = local;
  int interval = g_time_zone_adjust_time (zone, G_TIME_TYPE_STANDARD, &adjusted);

  return adjusted - g_time_zone_get_offset (zone, interval);
}

/* Steps of the axis, seconds; months and years below. */
static const int steps_s[] = { 60,    300,   900,   1800,  3600,   7200,
                               10800, 21600, 43200, 86400, 172800, 604800 };
static const int steps_months[] = { 1, 2, 3, 6, 12, 24, 60, 120 };
#define MONTH_S (30.4 * 86400)

/* Label T; WHOLE is what it begins: 'y' a year, 'd' a day, 'h' nothing of that. */
static void
label_tick (MwTimeTick *tick, GTimeZone *zone, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (tick->t);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  g_autofree char *text = local ? g_date_time_format (local, format) : NULL;

  g_strlcpy (tick->label, text ? text : "", sizeof tick->label);
}

static void
add_tick (GArray *ticks, GTimeZone *zone, gint64 t, gboolean major, const char *format)
{
  MwTimeTick tick = { .t = t, .major = major };

  label_tick (&tick, zone, format);
  g_array_append_val (ticks, tick);
}

/* Hours and minutes: every instant whose local time is a multiple of STEP.  Offsets of zones
 * are multiples of 15 minutes, so walking by the smaller of both meets them all; the hour that
 * is missing in spring has no tick, the one that comes twice has two. */
static void
add_hours (GArray *ticks, GTimeZone *zone, MwChartView view, int step)
{
  gint64 walk = MIN (step, 900);

  for (gint64 t = (gint64) ceil (view.t0 / (double) walk) * walk; (double) t <= view.t1;
       t += walk) {
    gint64 local = t + mw_zone_offset (zone, t);
    gint64 of_day = ((local % 86400) + 86400) % 86400;
    if (of_day % step == 0)
      add_tick (ticks, zone, t, of_day == 0, of_day == 0 ? "%a %-d %b" : "%H:%M");
  }
}

static void
add_days (GArray *ticks, GTimeZone *zone, MwChartView view, int step_days)
{
  gint64 start = (gint64) view.t0 + mw_zone_offset (zone, (gint64) view.t0);
  int32_t day = (int32_t) floor ((double) start / 86400);

  for (; day < 4000000; day++) {
    gint64 t = mw_zone_to_utc (zone, (gint64) day * 86400);
    int year, month, dom;
    gboolean wanted;
    if ((double) t > view.t1)
      break;
    mw_date_from_days (day, &year, &month, &dom);
    /* Weeks begin on Monday, other steps with the month, so that labels do not wander. */
    wanted = step_days == 7 ? mw_weekday_from_days (day) == 1
                            : (dom - 1) % step_days == 0 && (step_days == 1 || dom < 31);
    if ((double) t >= view.t0 && wanted)
      add_tick (ticks, zone, t, dom == 1, dom == 1 ? "%-d %b %Y" : "%-d %b");
  }
}

static void
add_months (GArray *ticks, GTimeZone *zone, MwChartView view, int step)
{
  gint64 start = (gint64) view.t0 + mw_zone_offset (zone, (gint64) view.t0);
  int year, month, dom;

  mw_date_from_days ((int32_t) floor ((double) start / 86400), &year, &month, &dom);
  for (int m = (year * 12 + month - 1) / step * step; m < 12 * 9999; m += step) {
    gint64 t =
        mw_zone_to_utc (zone, 86400 * (gint64) mw_days_from_date (m / 12, m % 12 + 1, 1));
    if ((double) t > view.t1)
      break;
    if ((double) t >= view.t0)
      add_tick (ticks, zone, t, m % 12 == 0, m % 12 == 0 ? "%Y" : "%b");
  }
}

GArray *
mw_time_ticks (GTimeZone *zone, MwChartView view, double gap_s)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (MwTimeTick));

  for (guint i = 0; i < G_N_ELEMENTS (steps_s); i++)
    if (steps_s[i] >= gap_s) {
      if (steps_s[i] < 86400)
        add_hours (ticks, zone, view, steps_s[i]);
      else
        add_days (ticks, zone, view, steps_s[i] / 86400);
      return ticks;
    }
  for (guint i = 0; i < G_N_ELEMENTS (steps_months); i++)
    if (steps_months[i] * MONTH_S >= gap_s || i + 1 == G_N_ELEMENTS (steps_months)) {
      add_months (ticks, zone, view, steps_months[i]);
      break;
    }
  return ticks;
}
