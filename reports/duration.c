/* duration.c: values sorted by radix, for ten years of quarter hours must not make anybody
 * wait; and the curves drawn, a point for each pixel column. */
#include "duration.h"

#include <math.h>
#include <string.h>

#include "chart-private.h"

#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)
#define HOUR_S 3600.0

/* A line's points in falling order of value. until[i]: seconds that the points up to i take. */
typedef struct {
  const MwLine *line;
  guint number; /* of the chart */
  guint n;
  guint32 *point;
  gint64 *until;
} Curve;

struct _MwDuration {
  const MwChart *chart;
  GArray *curves; /* of Curve */
};

/* ---- sorting ---- */

typedef struct {
  guint64 key; /* greatest value - value */
  guint32 point;
} Item;

/* Least key first; points of one key stay in order of time. */
static void
sort_items (Item *items, guint n, guint64 greatest_key)
{
  g_autofree Item *other = g_new (Item, MAX (n, 1));
  Item *from = items, *to = other;

  for (guint shift = 0; shift < 64 && greatest_key >> shift; shift += DIGIT_BITS) {
    guint count[N_DIGITS] = { 0 }, sum = 0;
    Item *swap = from;
    for (guint i = 0; i < n; i++)
      count[from[i].key >> shift & (N_DIGITS - 1)]++;
    for (guint d = 0; d < N_DIGITS; d++) {
      guint here = count[d];
      count[d] = sum;
      sum += here;
    }
    for (guint i = 0; i < n; i++)
      to[count[from[i].key >> shift & (N_DIGITS - 1)]++] = from[i];
    from = to;
    to = swap;
  }
  if (from != items)
    memcpy (items, from, n * sizeof *items);
}

static gint64
point_seconds (const MwLine *line, guint i)
{
  gint64 s = line->track->to[i] - line->track->from[i];

  return s > 0 ? s : line->series->period_s ? line->series->period_s : 1;
}

/* Those with a value whose middle lies in VIEW. */
static guint
collect (const MwLine *line, MwChartView view, Item *items, guint first, guint end,
         guint64 *greatest_key)
{
  const MwTrack *t = line->track;
  gint64 greatest = mw_pyramid_range (&line->pyramid, first, end).greatest;
  guint n = 0;

  *greatest_key = 0;
  for (guint i = first; i < end; i++) {
    double middle = ((double) t->from[i] + (double) t->to[i]) / 2;
    if ((t->flags[i] & MW_POINT_NULL) || middle < view.t0 || middle > view.t1)
      continue;
    items[n] = (Item){ (guint64) greatest - (guint64) t->value[i], i };
    *greatest_key = MAX (*greatest_key, items[n].key);
    n++;
  }
  return n;
}

static Curve
curve_new (const MwLine *line, guint number, MwChartView view)
{
  guint first = mw_line_first_ending_after (line, view.t0 - 1);
  guint end = MIN (mw_line_first_beginning_at (line, view.t1) + 1, line->track->n);
  g_autofree Item *items = g_new (Item, end > first ? end - first : 1);
  Curve curve = { .line = line, .number = number };
  guint64 greatest_key;
  gint64 sum = 0;

  if (end > first)
    curve.n = collect (line, view, items, first, end, &greatest_key);
  if (curve.n > 0)
    sort_items (items, curve.n, greatest_key);
  curve.point = g_new (guint32, MAX (curve.n, 1));
  curve.until = g_new (gint64, MAX (curve.n, 1));
  for (guint i = 0; i < curve.n; i++) {
    sum += point_seconds (line, items[i].point);
    curve.point[i] = items[i].point;
    curve.until[i] = sum;
  }
  return curve;
}

static void
curve_clear (Curve *curve)
{
  g_free (curve->point);
  g_free (curve->until);
}

MwDuration *
mw_duration_new (const MwChart *chart, MwChartView view)
{
  MwDuration *duration = g_new0 (MwDuration, 1);

  duration->chart = chart;
  duration->curves = g_array_new (FALSE, FALSE, sizeof (Curve));
  g_array_set_clear_func (duration->curves, (GDestroyNotify) curve_clear);
  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    if (line->visible) {
      Curve curve = curve_new (line, i, view);
      g_array_append_val (duration->curves, curve);
    }
  }
  return duration;
}

void
mw_duration_free (MwDuration *duration)
{
  if (!duration)
    return;
  g_array_unref (duration->curves);
  g_free (duration);
}

/* ---- values ---- */

static const Curve *
find_curve (const MwDuration *duration, guint line)
{
  for (guint i = 0; i < duration->curves->len; i++) {
    const Curve *curve = &g_array_index (duration->curves, Curve, i);
    if (curve->number == line && curve->n > 0)
      return curve;
  }
  return NULL;
}

/* The first point that is still there at SHARE of the time. */
static guint32
point_at (const Curve *curve, double share)
{
  double s = share * (double) curve->until[curve->n - 1];
  guint low = 0, high = curve->n - 1;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if ((double) curve->until[middle] >= s)
      high = middle;
    else
      low = middle + 1;
  }
  return curve->point[low];
}

gint64
mw_duration_get_total (const MwDuration *duration, guint line)
{
  const Curve *curve = find_curve (duration, line);

  return curve ? curve->until[curve->n - 1] : 0;
}

gboolean
mw_duration_lookup (const MwDuration *duration, guint line, double share, MwChartValue *value)
{
  const Curve *curve = find_curve (duration, line);
  guint32 i;

  *value = (MwChartValue){ .line = line };
  if (!curve)
    return FALSE;
  i = point_at (curve, CLAMP (share, 0, 1));
  value->valid = TRUE;
  value->doubtful = (curve->line->track->flags[i] & MW_POINT_DOUBTFUL) != 0;
  value->from = curve->line->track->from[i];
  value->to = curve->line->track->to[i];
  value->value = mw_track_value (curve->line->track, i);
  value->status = curve->line->series->status[curve->line->track->row[i]];
  return TRUE;
}

/* ---- drawing ---- */

static double
value_of (const Curve *curve, guint32 point)
{
  return (double) curve->line->track->value[point] * curve->line->factor;
}

static void
build_axes (const MwDuration *duration, double height, double text_height, MwAxis *axes)
{
  memset (axes, 0, sizeof (MwAxis) * MW_CHART_MAX_AXES);
  for (guint i = 0; i < duration->curves->len; i++) {
    const Curve *curve = &g_array_index (duration->curves, Curve, i);
    int a = mw_axis_of (axes, curve->line);
    if (a < 0 || curve->n == 0)
      continue;
    axes[a].least = MIN (axes[a].least, value_of (curve, curve->point[curve->n - 1]));
    axes[a].greatest = MAX (axes[a].greatest, value_of (curve, curve->point[0]));
  }
  for (int a = 0; a < MW_CHART_MAX_AXES && axes[a].used; a++)
    mw_axis_settle (&axes[a], (guint) CLAMP (height / (text_height * 2.5), 2, 10));
}

static double
value_y (const MwAxis *axis, const MwChartGeometry *plot, double value)
{
  return plot->y + plot->height * (1 - (value - axis->low) / (axis->high - axis->low));
}

static void
draw_curve (const Curve *curve, const MwAxis *axis, const MwPlotting *p)
{
  cairo_new_path (p->cr); /* text leaves a point behind */
  for (guint x = 0; x <= p->n_marks; x++) {
    double share = CLAMP ((x - 0.5) / p->n_marks, 0, 1);
    double y = value_y (axis, &p->plot, value_of (curve, point_at (curve, share)));
    cairo_line_to (p->cr, p->plot.x + x * p->pixel, y);
  }
  mw_chart_set_colour (p->cr, &p->style->palette[curve->line->colour], 1);
  cairo_set_line_width (p->cr, p->style->line_width);
  cairo_set_line_join (p->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (p->cr);
}

/* The hours of the whole, when all lines were measured equally long (to one in 500); else 0. */
static double
common_hours (const MwDuration *duration)
{
  double least = INFINITY, greatest = 0;

  for (guint i = 0; i < duration->curves->len; i++) {
    const Curve *curve = &g_array_index (duration->curves, Curve, i);
    double total = curve->n > 0 ? (double) curve->until[curve->n - 1] : 0;
    if (curve->n == 0)
      continue;
    least = MIN (least, total);
    greatest = MAX (greatest, total);
  }
  return greatest > 0 && greatest - least <= greatest / 500 ? greatest / HOUR_S : 0;
}

/* Tenths where the WHOLE is short. */
static char *
dup_hours (double hours, double whole)
{
  return g_strdup_printf ("%.*f", whole < 100 && hours > 0 ? 1 : 0, hours);
}

/* Per cent, and below them the hours. */
static void
draw_shares (const MwDuration *duration, const MwPlotting *p, PangoLayout *layout,
             double text_height)
{
  double hours = common_hours (duration), below = p->plot.y + p->plot.height + 4;
  int step = p->plot.width > text_height * 45 ? 10 : p->plot.width > text_height * 20 ? 20 : 50;

  for (int percent = 0; percent <= 100; percent += step) {
    double x = p->plot.x + p->plot.width * percent / 100;
    g_autofree char *share = g_strdup_printf (percent == 100 ? "100\u202f%%" : "%d", percent);
    g_autofree char *number = dup_hours (hours * percent / 100, hours);
    g_autofree char *spent = g_strconcat (number, percent == 100 ? "\u202fh" : "", NULL);
    mw_chart_set_colour (p->cr, &p->style->grid, 1);
    mw_chart_hairline (p->cr, p->pixel, MIN (x, p->plot.x + p->plot.width - p->pixel),
                       p->plot.y, 0, p->plot.height);
    mw_chart_set_colour (p->cr, &p->style->text, 1);
    mw_chart_put_text (p->cr, layout, share, x, below, percent == 100 ? 0.8 : 0.5, 0);
    mw_chart_set_colour (p->cr, &p->style->dim, 1);
    if (hours > 0)
      mw_chart_put_text (p->cr, layout, spent, x, below + text_height * 1.15,
                         percent == 100 ? 0.8 : 0.5, 0);
  }
}

static void
draw_dot (const MwPlotting *p, const Curve *curve, const MwAxis *axis, double share,
          double radius)
{
  double y = value_y (axis, &p->plot, value_of (curve, point_at (curve, share)));

  cairo_new_sub_path (p->cr);
  cairo_arc (p->cr, mw_chart_geometry_x (&p->plot, share), y, radius, 0, 2 * G_PI);
  mw_chart_set_colour (p->cr, &p->style->palette[curve->line->colour], 1);
  cairo_fill_preserve (p->cr);
  mw_chart_set_colour (p->cr, &p->style->text, 1);
  cairo_set_line_width (p->cr, radius / 4);
  cairo_stroke (p->cr);
}

/* A dot on every curve at SHARE. */
static void
draw_dots (const MwDuration *duration, const MwAxis *axes, const MwPlotting *p, double share,
           double radius)
{
  MwAxis scratch[MW_CHART_MAX_AXES];

  memcpy (scratch, axes, sizeof scratch);
  for (guint i = 0; i < duration->curves->len; i++) {
    const Curve *curve = &g_array_index (duration->curves, Curve, i);
    int a = mw_axis_of (scratch, curve->line);
    if (a >= 0 && curve->n > 0)
      draw_dot (p, curve, &axes[a], share, radius);
  }
}

static void
draw_mark (const MwDuration *duration, const MwAxis *axes, const MwPlotting *p,
           PangoLayout *layout, double share, const char *name)
{
  static const double dashes[] = { 3, 4 };
  double x = floor (mw_chart_geometry_x (&p->plot, share)) + p->pixel / 2;

  cairo_save (p->cr);
  cairo_set_dash (p->cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (p->cr, p->pixel);
  mw_chart_set_colour (p->cr, &p->style->dim, 0.9);
  cairo_move_to (p->cr, x, p->plot.y);
  cairo_line_to (p->cr, x, p->plot.y + p->plot.height);
  cairo_stroke (p->cr);
  cairo_restore (p->cr);
  mw_chart_set_colour (p->cr, &p->style->dim, 1);
  mw_chart_put_text (p->cr, layout, name, x, p->plot.y - 4, 0.5, 1);
  draw_dots (duration, axes, p, share, p->style->line_width * 1.6);
}

static void
draw_curves (const MwDuration *duration, const MwAxis *axes, const MwPlotting *p)
{
  MwAxis scratch[MW_CHART_MAX_AXES];

  memcpy (scratch, axes, sizeof scratch);
  /* The first line lies on top, as in the chart. */
  for (guint i = duration->curves->len; i-- > 0;) {
    const Curve *curve = &g_array_index (duration->curves, Curve, i);
    int a = mw_axis_of (scratch, curve->line);
    if (a >= 0 && curve->n > 0)
      draw_curve (curve, &axes[a], p);
  }
}

static gboolean
has_values (const MwDuration *duration)
{
  for (guint i = 0; i < duration->curves->len; i++)
    if (g_array_index (duration->curves, Curve, i).n > 0)
      return TRUE;
  return FALSE;
}

/* Everything inside and around a plot whose axes are settled. */
static void
draw_all (const MwDuration *duration, const MwAxis *axes, const double *widths,
          const MwPlotting *p, PangoLayout *layout, double text_height)
{
  double x = p->plot.x + p->plot.width + 6;

  draw_shares (duration, p, layout, text_height);
  for (int a = 0; a < MW_CHART_MAX_AXES && axes[a].used; a++) {
    mw_axis_draw (&axes[a], a, a == 0 ? p->plot.x - 6 : x, p, layout);
    x += a > 0 ? widths[a] : 0;
  }
  if (!has_values (duration)) {
    mw_chart_set_colour (p->cr, &p->style->dim, 1);
    mw_chart_put_text (p->cr, layout, "No values to show", p->plot.x + p->plot.width / 2,
                       p->plot.y + p->plot.height / 2, 0.5, 0.5);
    return;
  }
  draw_curves (duration, axes, p);
  draw_mark (duration, axes, p, layout, 0.5, "median");
  draw_mark (duration, axes, p, layout, 0.95, "95\u202f%");
}

static MwPlotting
plotting_of (cairo_t *cr, const MwChartStyle *style, MwChartGeometry plot)
{
  MwPlotting p = { .cr = cr, .style = style, .plot = plot };

  p.pixel = mw_chart_device_pixel (cr);
  p.n_marks = (guint) MAX (plot.width / p.pixel + 0.5, 1);
  return p;
}

void
mw_duration_draw (const MwDuration *duration, cairo_t *cr, const MwChartStyle *style,
                  double width, double height, MwChartGeometry *geometry)
{
  g_autoptr (PangoLayout) layout = mw_chart_layout_new (cr, style);
  double text_height, widths[MW_CHART_MAX_AXES] = { 0 }, right = 16;
  MwAxis axes[MW_CHART_MAX_AXES];
  MwPlotting p;

  mw_chart_text_width (layout, "0", &text_height);
  build_axes (duration, height - text_height * 4.1 - 12, text_height, axes);
  for (int a = 0; a < MW_CHART_MAX_AXES && axes[a].used; a++) {
    widths[a] = mw_axis_width (&axes[a], layout);
    right += a > 0 ? widths[a] : 0;
  }
  widths[0] = MAX (widths[0], 24);
  p = plotting_of (cr, style,
                   (MwChartGeometry){ ceil (widths[0]),
                                      ceil (text_height * 1.6 + 4),
                                      MAX (floor (width - widths[0] - right), 8),
                                      MAX (floor (height - text_height * 4.1 - 12), 8),
                                      { 0, 1 } });
  mw_chart_paint_background (cr, style, width, height);
  draw_all (duration, axes, widths, &p, layout, text_height);
  if (geometry)
    *geometry = p.plot;
}

void
mw_duration_draw_cursor (const MwDuration *duration, cairo_t *cr, const MwChartStyle *style,
                         const MwChartGeometry *geometry, double share)
{
  g_autoptr (PangoLayout) layout = mw_chart_layout_new (cr, style);
  MwPlotting p = plotting_of (cr, style, *geometry);
  MwAxis axes[MW_CHART_MAX_AXES];
  double text_height, x = mw_chart_geometry_x (geometry, share);

  if (share < 0 || share > 1)
    return;
  mw_chart_text_width (layout, "0", &text_height);
  build_axes (duration, geometry->height, text_height, axes);
  mw_chart_set_colour (cr, &style->text, 0.6);
  mw_chart_hairline (cr, p.pixel, x, geometry->y, 0, geometry->height);
  draw_dots (duration, axes, &p, share, 4);
}
