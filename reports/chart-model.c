/* chart-model.c: lines, views and values of a chart; nothing is drawn here. */
#include "chart-private.h"

#include <math.h>
#include <string.h>

/* ---- pyramid ----
 *
 * Level k holds one range per 8^k points; level 0 is the track.  Invariant: level[k][i] covers
 * level[k-1][8 i … 8 i + 7], as many of them as there are.
 */

static MwRange
empty_range (void)
{
  return (MwRange){ G_MAXINT64, G_MININT64, 0 };
}

static void
add_range (MwRange *to, MwRange r)
{
  to->least = MIN (to->least, r.least);
  to->greatest = MAX (to->greatest, r.greatest);
  to->flags |= r.flags;
}

static MwRange
point_range (const MwTrack *t, guint i)
{
  MwRange r = { t->value[i], t->value[i], t->flags[i] };

  if (t->flags[i] & MW_POINT_NULL)
    r.least = G_MAXINT64, r.greatest = G_MININT64;
  return r;
}

static MwRange
node (const MwPyramid *p, guint level, guint i)
{
  return level == 0 ? point_range (p->track, i) : p->level[level][i];
}

void
mw_pyramid_init (MwPyramid *p, const MwTrack *track)
{
  *p = (MwPyramid){ .track = track, .n_levels = 1, .n = { track->n } };
  while (p->n[p->n_levels - 1] > MW_PYRAMID_FAN && p->n_levels < MW_PYRAMID_LEVELS) {
    guint k = p->n_levels++;
    p->n[k] = (p->n[k - 1] + MW_PYRAMID_FAN - 1) / MW_PYRAMID_FAN;
    p->level[k] = g_new (MwRange, p->n[k]);
    for (guint i = 0; i < p->n[k]; i++) {
      MwRange r = empty_range ();
      for (guint j = i * MW_PYRAMID_FAN; j < MIN ((i + 1) * MW_PYRAMID_FAN, p->n[k - 1]); j++)
        add_range (&r, node (p, k - 1, j));
      p->level[k][i] = r;
    }
  }
}

void
mw_pyramid_clear (MwPyramid *p)
{
  for (guint k = 0; k < MW_PYRAMID_LEVELS; k++)
    g_free (p->level[k]);
  memset (p, 0, sizeof *p);
}

MwRange
mw_pyramid_range (const MwPyramid *p, guint first, guint end)
{
  MwRange r = empty_range ();

  /* Climb while the stretch is wide: the ragged ends are taken on each level. */
  for (guint k = 0; first < end; k++) {
    gboolean top = k + 1 >= p->n_levels;
    while (first < end && (top || first % MW_PYRAMID_FAN != 0))
      add_range (&r, node (p, k, first++));
    while (first < end && end % MW_PYRAMID_FAN != 0)
      add_range (&r, node (p, k, --end));
    first /= MW_PYRAMID_FAN;
    end /= MW_PYRAMID_FAN;
  }
  return r;
}

/* ---- lines ---- */

static void
line_free (MwLine *line)
{
  mw_pyramid_clear (&line->pyramid);
  mw_track_free (line->track);
  mw_series_unref (line->series);
  g_free (line->label);
  g_free (line);
}

MwChart *
mw_chart_new (void)
{
  MwChart *chart = g_new0 (MwChart, 1);

  chart->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  chart->zone = g_time_zone_new_local ();
  return chart;
}

void
mw_chart_free (MwChart *chart)
{
  if (!chart)
    return;
  g_ptr_array_unref (chart->lines);
  g_time_zone_unref (chart->zone);
  g_free (chart);
}

int
mw_chart_add (MwChart *chart, MwSeries *series, guint column, MwQuantity quantity,
              const char *label, guint32 doubtful_mask)
{
  MwTrack *track;
  MwLine *line;

  g_return_val_if_fail (column < series->n_columns, -1);
  track = mw_track_new (series, column, quantity, doubtful_mask);
  if (!track)
    return -1;
  line = g_new0 (MwLine, 1);
  line->series = mw_series_ref (series);
  line->track = track;
  line->quantity = quantity;
  line->label = g_strdup (label ? label : series->columns[column].name);
  line->factor = pow (10, track->exponent);
  line->colour = chart->lines->len % MW_CHART_N_COLOURS;
  line->visible = TRUE;
  line->steps =
      quantity != MW_QUANTITY_REGISTER || (track->n > 0 && track->from[0] != track->to[0]);
  mw_pyramid_init (&line->pyramid, track);
  g_ptr_array_add (chart->lines, line);
  return (int) chart->lines->len - 1;
}

void
mw_chart_remove_all (MwChart *chart)
{
  g_ptr_array_set_size (chart->lines, 0);
}

guint
mw_chart_get_n_lines (const MwChart *chart)
{
  return chart->lines->len;
}

static MwLine *
get_line (const MwChart *chart, guint line)
{
  g_return_val_if_fail (line < chart->lines->len, NULL);
  return g_ptr_array_index (chart->lines, line);
}

const char *
mw_chart_get_label (const MwChart *chart, guint line)
{
  return get_line (chart, line)->label;
}

guint
mw_chart_get_colour (const MwChart *chart, guint line)
{
  return get_line (chart, line)->colour;
}

void
mw_chart_set_line_visible (MwChart *chart, guint line, gboolean visible)
{
  get_line (chart, line)->visible = visible;
}

gboolean
mw_chart_get_line_visible (const MwChart *chart, guint line)
{
  return get_line (chart, line)->visible;
}

void
mw_chart_set_zone (MwChart *chart, GTimeZone *zone)
{
  GTimeZone *kept = zone ? g_time_zone_ref (zone) : g_time_zone_new_local ();

  g_time_zone_unref (chart->zone);
  chart->zone = kept;
}

/* ---- views ---- */

#define DAY_S 86400.0

gboolean
mw_chart_get_extent (const MwChart *chart, MwChartView *extent)
{
  MwChartView e = { INFINITY, -INFINITY };

  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    const MwTrack *t = line->track;
    if (!line->visible || t->n == 0)
      continue;
    e.t0 = MIN (e.t0, (double) t->from[0]);
    e.t1 = MAX (e.t1, (double) t->to[t->n - 1]);
  }
  if (e.t0 > e.t1) {
    *extent = (MwChartView){ 0, DAY_S };
    return FALSE;
  }
  if (e.t1 - e.t0 < 60)
    e.t1 = e.t0 + 60;
  *extent = e;
  return TRUE;
}

/* The narrowest view: four of the shortest capture periods. */
static double
least_width (const MwChart *chart)
{
  double period = INFINITY;

  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    if (line->visible && line->series->period_s)
      period = MIN (period, line->series->period_s);
  }
  return isinf (period) ? 60 : 4 * period;
}

/* VIEW moved into the extent, its width kept within what is allowed. */
static MwChartView
clamp (const MwChart *chart, MwChartView view)
{
  MwChartView extent;
  double width;

  mw_chart_get_extent (chart, &extent);
  width = CLAMP (view.t1 - view.t0, MIN (least_width (chart), extent.t1 - extent.t0),
                 extent.t1 - extent.t0);
  if (width != view.t1 - view.t0) {
    double middle = (view.t0 + view.t1) / 2;
    view.t0 = middle - width / 2;
  }
  view.t0 = CLAMP (view.t0, extent.t0, extent.t1 - width);
  view.t1 = view.t0 + width;
  return view;
}

MwChartView
mw_chart_zoom (const MwChart *chart, MwChartView view, double at, double factor)
{
  double width = view.t1 - view.t0, share = (at - view.t0) / width;
  MwChartView extent;

  mw_chart_get_extent (chart, &extent);
  width = CLAMP (width * factor, MIN (least_width (chart), extent.t1 - extent.t0),
                 extent.t1 - extent.t0);
  view.t0 = at - share * width;
  view.t1 = view.t0 + width;
  return clamp (chart, view);
}

MwChartView
mw_chart_pan (const MwChart *chart, MwChartView view, double seconds)
{
  view.t0 += seconds;
  view.t1 += seconds;
  return clamp (chart, view);
}

MwChartView
mw_chart_zoom_to (const MwChart *chart, double from, double to)
{
  return clamp (chart, (MwChartView){ MIN (from, to), MAX (from, to) });
}

MwChartView
mw_chart_snap (const MwChart *chart, double at, MwChartSpan span, int steps)
{
  gint64 t = (gint64) floor (at);
  gint64 local = t + mw_zone_offset (chart->zone, t);
  int32_t day = (int32_t) ((local - (((local % 86400) + 86400) % 86400)) / 86400);
  int32_t first = day, last;
  int year, month, dom;

  mw_date_from_days (day, &year, &month, &dom);
  if (span == MW_CHART_SPAN_DAY) {
    first = day + steps;
    last = first + 1;
  } else if (span == MW_CHART_SPAN_WEEK) {
    first = day - (mw_weekday_from_days (day) - 1) + 7 * steps;
    last = first + 7;
  } else if (span == MW_CHART_SPAN_MONTH) {
    int months = year * 12 + month - 1 + steps;
    first = mw_days_from_date (months / 12, months % 12 + 1, 1);
    last = mw_days_from_date ((months + 1) / 12, (months + 1) % 12 + 1, 1);
  } else {
    first = mw_days_from_date (year + steps, 1, 1);
    last = mw_days_from_date (year + steps + 1, 1, 1);
  }
  return (MwChartView){ (double) mw_zone_to_utc (chart->zone, (gint64) first * 86400),
                        (double) mw_zone_to_utc (chart->zone, (gint64) last * 86400) };
}

/* ---- values ---- */

guint
mw_line_first_ending_after (const MwLine *line, double t)
{
  guint low = 0, high = line->track->n;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if ((double) line->track->to[middle] > t)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

guint
mw_line_first_beginning_at (const MwLine *line, double t)
{
  guint low = 0, high = line->track->n;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if ((double) line->track->from[middle] >= t)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* The point of LINE at T, track->n when there is none. */
static guint
point_at (const MwLine *line, double t)
{
  const MwTrack *track = line->track;
  guint i = mw_line_first_ending_after (line, t);
  double reach = line->series->period_s ? line->series->period_s / 2.0 : INFINITY;

  if (line->steps)
    return i < track->n && (double) track->from[i] <= t ? i : track->n;
  if (i > 0 && (i == track->n || t - (double) track->to[i - 1] < (double) track->to[i] - t))
    i--;
  return i < track->n && fabs ((double) track->to[i] - t) <= reach ? i : track->n;
}

MwChartValue
mw_chart_lookup (const MwChart *chart, guint line, double t)
{
  const MwLine *l = get_line (chart, line);
  MwChartValue value = { .line = line };
  guint i = point_at (l, t);

  if (i == l->track->n)
    return value;
  value.from = l->track->from[i];
  value.to = l->track->to[i];
  value.status = l->series->status[l->track->row[i]];
  value.doubtful = (l->track->flags[i] & MW_POINT_DOUBTFUL) != 0;
  value.valid = !(l->track->flags[i] & MW_POINT_NULL);
  if (value.valid)
    value.value = mw_track_value (l->track, i);
  return value;
}

char *
mw_chart_dup_value_text (const MwChart *chart, const MwChartValue *value)
{
  const MwLine *line = get_line (chart, value->line);
  MwRange all = mw_pyramid_range (&line->pyramid, 0, line->track->n);
  char number[MW_DECIMAL_TEXT];
  mw_decimal d = value->value;
  int prefix;

  if (!value->valid)
    return g_strdup ("–");
  prefix = mw_prefix_for (line->track->unit,
                          MAX (fabs ((double) all.least), fabs ((double) all.greatest))
                              * line->factor);
  /* Moving the point is exact: 310 Wh are 0.310 kWh. */
  d.exponent = (int8_t) (d.exponent - prefix);
  number[mw_decimal_format (d, number, sizeof number)] = '\0';
  return g_strdup_printf ("%s%s%s%s", number,
                          *mw_unit_text (line->track->unit) || prefix ? "\u202f" : "",
                          mw_prefix_text (prefix), mw_unit_text (line->track->unit));
}

char *
mw_chart_dup_time_text (const MwChart *chart, double t)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc ((gint64) floor (t));
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, chart->zone) : NULL;

  return local ? g_date_time_format (local, "%a %-d %b %Y, %H:%M") : g_strdup ("");
}
