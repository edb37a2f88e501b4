/* chart-draw.c: the chart with its axes, the overview, the crosshair and the legend. */
#include "chart-private.h"

#include <math.h>
#include <string.h>

/* clang-format off */
#define RGB(r, g, b) { (r) / 255.0, (g) / 255.0, (b) / 255.0, 1 }
/* Okabe and Ito's colours, in the order in which they are told apart best on the background. */
#define ON_LIGHT { RGB (0, 114, 178), RGB (213, 94, 0), RGB (0, 158, 115), RGB (204, 121, 167), \
                   RGB (230, 159, 0), RGB (86, 180, 233), RGB (0, 0, 0), RGB (184, 174, 20) }
#define ON_DARK { RGB (86, 180, 233), RGB (230, 159, 0), RGB (0, 178, 130), RGB (221, 148, 188), \
                  RGB (240, 228, 66), RGB (233, 118, 36), RGB (255, 255, 255), RGB (64, 148, 204) }

const MwChartStyle mw_chart_style_light = {
  .background = { 1, 1, 1, 0 }, .text = RGB (46, 52, 54), .dim = RGB (119, 118, 123),
  .grid = RGB (224, 224, 226), .accent = RGB (28, 113, 216), .palette = ON_LIGHT,
  .font = "Sans 9", .line_width = 1.6,
};
const MwChartStyle mw_chart_style_dark = {
  .background = { 0, 0, 0, 0 }, .text = RGB (238, 238, 236), .dim = RGB (154, 153, 150),
  .grid = RGB (66, 66, 70), .accent = RGB (120, 174, 237), .palette = ON_DARK,
  .font = "Sans 9", .line_width = 1.6,
};
const MwChartStyle mw_chart_style_high_contrast = {
  .background = { 1, 1, 1, 1 }, .text = RGB (0, 0, 0), .dim = RGB (0, 0, 0),
  .grid = RGB (150, 150, 150), .accent = RGB (0, 60, 160), .palette = ON_LIGHT,
  .font = "Sans Bold 9", .line_width = 2.5,
};
const MwChartStyle mw_chart_style_high_contrast_dark = {
  .background = { 0, 0, 0, 1 }, .text = RGB (255, 255, 255), .dim = RGB (255, 255, 255),
  .grid = RGB (130, 130, 130), .accent = RGB (150, 200, 255), .palette = ON_DARK,
  .font = "Sans Bold 9", .line_width = 2.5,
};
const MwChartStyle mw_chart_style_paper = {
  .background = { 1, 1, 1, 0 }, .text = RGB (20, 20, 20), .dim = RGB (90, 90, 90),
  .grid = RGB (215, 215, 215), .accent = RGB (28, 113, 216), .palette = ON_LIGHT,
  .font = "Sans 6", .line_width = 0.9,
};
/* clang-format on */

/* ---- vertical axes ---- */

/* The axes for what is seen in VIEW of a plot HEIGHT high. */
static void
build_axes (const MwChart *chart, MwChartView view, double height, double text_height,
            MwAxis axes[MW_CHART_MAX_AXES])
{
  memset (axes, 0, sizeof (MwAxis) * MW_CHART_MAX_AXES);
  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    int a = line->visible ? mw_axis_of (axes, line) : -1;
    guint first, end;
    MwRange r;
    if (a < 0)
      continue;
    first = mw_line_first_ending_after (line, view.t0);
    end = mw_line_first_beginning_at (line, view.t1);
    r = mw_pyramid_range (&line->pyramid, first > 0 && !line->steps ? first - 1 : first,
                          line->steps ? end : MIN (end + 1, line->track->n));
    if (r.least > r.greatest)
      continue;
    axes[a].least = MIN (axes[a].least, (double) r.least * line->factor);
    axes[a].greatest = MAX (axes[a].greatest, (double) r.greatest * line->factor);
  }
  for (int a = 0; a < MW_CHART_MAX_AXES && axes[a].used; a++)
    mw_axis_settle (&axes[a], (guint) CLAMP (height / (text_height * 2.5), 2, 10));
}

/* ---- the time axis ---- */

/* What the labels leave out: the day of hours, the month of days, the year of months. */
static const char *
context_format (double gap_s)
{
  return gap_s <= 43200 ? "%A %-d %B %Y" : gap_s <= 604800 ? "%B %Y" : "%Y";
}

static void
draw_time_axis (const MwChart *chart, const MwPlotting *p, PangoLayout *layout,
                double text_height, gboolean grid)
{
  const MwChartGeometry *plot = &p->plot;
  double gap_s = text_height * 5.5 * (plot->view.t1 - plot->view.t0) / MAX (plot->width, 1);
  g_autoptr (GArray) ticks = mw_time_ticks (chart->zone, plot->view, gap_s);
  double free_from = -INFINITY;
  gint64 left = (gint64) ceil (plot->view.t0);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (left);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, chart->zone) : NULL;
  g_autofree char *context =
      local ? g_date_time_format (local, context_format (gap_s)) : g_strdup ("");

  for (guint i = 0; i < ticks->len; i++) {
    const MwTimeTick *tick = &g_array_index (ticks, MwTimeTick, i);
    double x = mw_chart_geometry_x (plot, (double) tick->t);
    double half = mw_chart_text_width (layout, tick->label, NULL) / 2;
    mw_chart_set_colour (p->cr, tick->major ? &p->style->dim : &p->style->grid,
                         tick->major ? 0.6 : 1);
    mw_chart_hairline (p->cr, p->pixel, x, grid ? plot->y : plot->y + plot->height, 0,
                       grid ? plot->height : 3);
    if (x - half < free_from || x + half > plot->x + plot->width + 8)
      continue;
    mw_chart_set_colour (p->cr, tick->major ? &p->style->text : &p->style->dim, 1);
    mw_chart_put_text (p->cr, layout, tick->label, x, plot->y + plot->height + 4, 0.5, 0);
    free_from = x + half + 6;
  }
  if (!grid)
    return;
  mw_chart_set_colour (p->cr, &p->style->text, 1);
  mw_chart_put_text (p->cr, layout, context, plot->x,
                     plot->y + plot->height + 4 + text_height * 1.1, 0, 0);
}

/* ---- hatching and gaps ---- */

static void
hatch (const MwPlotting *p, double x, double width, double y, double height)
{
  cairo_t *cr = p->cr;
  double spacing = 6;

  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  for (double at = floor ((x - height) / spacing) * spacing; at < x + width; at += spacing) {
    cairo_move_to (cr, at, y + height);
    cairo_line_to (cr, at + height, y);
  }
  mw_chart_set_colour (cr, &p->style->text, 0.35);
  cairo_set_line_width (cr, MAX (p->pixel, 0.5));
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Doubtful stretches over the whole height; a foot line where a column holds many values, for
 * one doubtful quarter of an hour says little of a week. */
static void
draw_doubtful (const MwPlotting *p, gboolean many)
{
  double foot = 4;

  for (guint i = 0, n; i < p->n_marks; i += n) {
    double x = p->plot.x + i * p->pixel;
    for (n = 1; i + n < p->n_marks && p->marks[i + n].doubtful == p->marks[i].doubtful;)
      n++;
    if (!p->marks[i].doubtful)
      continue;
    if (many) {
      mw_chart_set_colour (p->cr, &p->style->text, 0.6);
      cairo_rectangle (p->cr, x, p->plot.y + p->plot.height - foot, n * p->pixel, foot);
      cairo_fill (p->cr);
    } else {
      hatch (p, x, MAX (n * p->pixel, 2), p->plot.y, p->plot.height);
    }
  }
}

/* Where no line has a value, between the first and the last that any has. */
static void
draw_gaps (const MwChart *chart, const MwPlotting *p, PangoLayout *layout)
{
  MwChartView extent;

  mw_chart_get_extent (chart, &extent);
  for (guint i = 0, n; i < p->n_marks; i += n) {
    double x0 = p->plot.x + i * p->pixel, x1;
    for (n = 1; i + n < p->n_marks && p->marks[i + n].any == p->marks[i].any;)
      n++;
    x0 = MAX (x0, mw_chart_geometry_x (&p->plot, extent.t0));
    x1 = MIN (p->plot.x + (i + n) * p->pixel, mw_chart_geometry_x (&p->plot, extent.t1));
    if (p->marks[i].any || x1 <= x0)
      continue;
    mw_chart_set_colour (p->cr, &p->style->dim, 0.13);
    cairo_rectangle (p->cr, x0, p->plot.y, x1 - x0, p->plot.height);
    cairo_fill (p->cr);
    if (x1 - x0 < mw_chart_text_width (layout, "no values", NULL) + 8)
      continue;
    mw_chart_set_colour (p->cr, &p->style->dim, 1);
    mw_chart_put_text (p->cr, layout, "no values", (x0 + x1) / 2,
                       p->plot.y + p->plot.height / 2, 0.5, 0.5);
  }
}

/* ---- the plot ---- */

static gboolean
has_many_per_column (const MwChart *chart, const MwPlotting *p)
{
  double per_column = (p->plot.view.t1 - p->plot.view.t0) / MAX (p->n_marks, 1);

  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    if (line->visible && per_column > MAX (line->series->period_s, 60))
      return TRUE;
  }
  return FALSE;
}

static void
draw_lines (const MwChart *chart, const MwAxis *axes, MwPlotting *p)
{
  MwAxis scratch[MW_CHART_MAX_AXES];

  memcpy (scratch, axes, sizeof scratch);
  cairo_save (p->cr);
  cairo_rectangle (p->cr, p->plot.x, p->plot.y - 2, p->plot.width, p->plot.height + 4);
  cairo_clip (p->cr);
  /* The first line is the most important one: it lies on top. */
  for (guint i = chart->lines->len; i-- > 0;) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    int a = line->visible ? mw_axis_of (scratch, line) : -1;
    if (a >= 0)
      mw_line_draw (line, &axes[a], p);
  }
  cairo_restore (p->cr);
}

static void
begin_plot (MwPlotting *p, cairo_t *cr, const MwChartStyle *style, MwChartGeometry plot)
{
  p->cr = cr;
  p->style = style;
  p->pixel = mw_chart_device_pixel (cr);
  plot.x = floor (plot.x / p->pixel) * p->pixel;
  plot.width = floor (MAX (plot.width, p->pixel) / p->pixel) * p->pixel;
  p->plot = plot;
  p->n_marks = (guint) MAX (plot.width / p->pixel + 0.5, 1);
  p->marks = g_new0 (MwColumnMark, p->n_marks);
}

void
mw_chart_draw (MwChart *chart, cairo_t *cr, const MwChartStyle *style, MwChartView view,
               double width, double height, MwChartGeometry *geometry)
{
  g_autoptr (PangoLayout) layout = mw_chart_layout_new (cr, style);
  MwAxis axes[MW_CHART_MAX_AXES];
  MwPlotting p;
  MwChartView extent;
  double text_height, widths[MW_CHART_MAX_AXES] = { 0 }, right = 8, x;

  mw_chart_text_width (layout, "0", &text_height);
  build_axes (chart, view, height - 4 * text_height, text_height, axes);
  for (int a = 0; a < MW_CHART_MAX_AXES && axes[a].used; a++) {
    widths[a] = mw_axis_width (&axes[a], layout);
    right += a > 0 ? widths[a] : 0;
  }
  widths[0] = MAX (widths[0], 24);
  begin_plot (&p, cr, style,
              (MwChartGeometry){ widths[0], text_height * 1.6 + 4, width - widths[0] - right,
                                 MAX (height - text_height * 4.1 - 12, 8), view });
  mw_chart_paint_background (cr, style, width, height);
  draw_time_axis (chart, &p, layout, text_height, TRUE);
  x = p.plot.x + p.plot.width + 6;
  for (int a = 0; a < MW_CHART_MAX_AXES && axes[a].used; a++) {
    mw_axis_draw (&axes[a], a, a == 0 ? p.plot.x - 6 : x, &p, layout);
    x += a > 0 ? widths[a] : 0;
  }
  draw_lines (chart, axes, &p);
  draw_doubtful (&p, has_many_per_column (chart, &p));
  if (mw_chart_get_extent (chart, &extent)) {
    draw_gaps (chart, &p, layout);
  } else {
    mw_chart_set_colour (cr, &style->dim, 1);
    mw_chart_put_text (cr, layout, "No values to show", p.plot.x + p.plot.width / 2,
                       p.plot.y + p.plot.height / 2, 0.5, 0.5);
  }
  if (geometry)
    *geometry = p.plot;
  g_free (p.marks);
}

void
mw_chart_draw_overview (MwChart *chart, cairo_t *cr, const MwChartStyle *style,
                        MwChartView view, double width, double height,
                        MwChartGeometry *geometry)
{
  g_autoptr (PangoLayout) layout = mw_chart_layout_new (cr, style);
  MwAxis axes[MW_CHART_MAX_AXES];
  MwChartView extent;
  MwPlotting p;
  double text_height, x0, x1;

  mw_chart_get_extent (chart, &extent);
  mw_chart_text_width (layout, "0", &text_height);
  build_axes (chart, extent, height, text_height, axes);
  begin_plot (&p, cr, style,
              (MwChartGeometry){ 0, 2, width, MAX (height - text_height - 8, 4), extent });
  mw_chart_paint_background (cr, style, width, height);
  draw_time_axis (chart, &p, layout, text_height, FALSE);
  draw_lines (chart, axes, &p);
  /* What is not seen is veiled; the window has an edge to be dragged. */
  x0 = CLAMP (mw_chart_geometry_x (&p.plot, view.t0), 0, width);
  x1 = MAX (CLAMP (mw_chart_geometry_x (&p.plot, view.t1), 0, width), x0 + 2);
  mw_chart_set_colour (cr, &style->dim, 0.18);
  cairo_rectangle (cr, 0, 0, x0, p.plot.height + 4);
  cairo_rectangle (cr, x1, 0, width - x1, p.plot.height + 4);
  cairo_fill (cr);
  mw_chart_set_colour (cr, &style->accent, 1);
  cairo_rectangle (cr, x0 + 0.5, 0.5, MAX (x1 - x0 - 1, 1), p.plot.height + 3);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  if (geometry)
    *geometry = p.plot;
  g_free (p.marks);
}

/* ---- what lies over a chart ---- */

void
mw_chart_draw_crosshair (MwChart *chart, cairo_t *cr, const MwChartStyle *style,
                         const MwChartGeometry *geometry, double t)
{
  g_autoptr (PangoLayout) layout = mw_chart_layout_new (cr, style);
  MwAxis axes[MW_CHART_MAX_AXES], scratch[MW_CHART_MAX_AXES];
  double text_height, x = mw_chart_geometry_x (geometry, t);

  if (x < geometry->x || x > geometry->x + geometry->width)
    return;
  mw_chart_text_width (layout, "0", &text_height);
  build_axes (chart, geometry->view, geometry->height + 0.1 * text_height + 12, text_height,
              axes);
  memcpy (scratch, axes, sizeof scratch);
  mw_chart_set_colour (cr, &style->text, 0.6);
  mw_chart_hairline (cr, mw_chart_device_pixel (cr), x, geometry->y, 0, geometry->height);
  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    MwChartValue value = mw_chart_lookup (chart, i, t);
    int a = line->visible ? mw_axis_of (scratch, line) : -1;
    double y;
    if (a < 0 || !value.valid)
      continue;
    y = geometry->y
        + geometry->height
              * (1
                 - (mw_decimal_to_double (value.value) - axes[a].low)
                       / (axes[a].high - axes[a].low));
    cairo_arc (cr, line->steps ? x : mw_chart_geometry_x (geometry, (double) value.to), y, 4, 0,
               2 * G_PI);
    mw_chart_set_colour (cr, &style->palette[line->colour], 1);
    cairo_fill_preserve (cr);
    mw_chart_set_colour (cr, &style->text, 1);
    cairo_set_line_width (cr, 1);
    cairo_stroke (cr);
  }
}

void
mw_chart_draw_selection (cairo_t *cr, const MwChartStyle *style,
                         const MwChartGeometry *geometry, double from, double to)
{
  double x0 = mw_chart_geometry_x (geometry, MIN (from, to));
  double x1 = mw_chart_geometry_x (geometry, MAX (from, to));

  x0 = CLAMP (x0, geometry->x, geometry->x + geometry->width);
  x1 = CLAMP (x1, geometry->x, geometry->x + geometry->width);
  cairo_rectangle (cr, x0, geometry->y, x1 - x0, geometry->height);
  mw_chart_set_colour (cr, &style->accent, 0.2);
  cairo_fill_preserve (cr);
  mw_chart_set_colour (cr, &style->accent, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

double
mw_chart_draw_legend (MwChart *chart, cairo_t *cr, const MwChartStyle *style, double width)
{
  cairo_surface_t *none =
      cr ? NULL : cairo_recording_surface_create (CAIRO_CONTENT_ALPHA, NULL);
  cairo_t *to = cr ? cairo_reference (cr) : cairo_create (none);
  g_autoptr (PangoLayout) layout = mw_chart_layout_new (to, style);
  double x = 0, y = 0, text_height;

  mw_chart_text_width (layout, "0", &text_height);
  for (guint i = 0; i < chart->lines->len; i++) {
    const MwLine *line = g_ptr_array_index (chart->lines, i);
    double w =
        mw_chart_text_width (layout, line->label ? line->label : "", NULL) + text_height * 1.4;
    if (!line->visible)
      continue;
    if (x > 0 && x + w > width) {
      x = 0;
      y += text_height * 1.3;
    }
    mw_chart_set_colour (to, &style->palette[line->colour], 1);
    cairo_rectangle (to, x, y + text_height * 0.25, text_height * 0.8, text_height * 0.5);
    cairo_fill (to);
    mw_chart_set_colour (to, &style->text, 1);
    mw_chart_put_text (to, layout, line->label ? line->label : "", x + text_height * 1.1, y, 0,
                       0);
    x += w + text_height;
  }
  cairo_destroy (to);
  if (none)
    cairo_surface_destroy (none);
  return y + (x > 0 ? text_height * 1.3 : 0);
}
