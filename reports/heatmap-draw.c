/* heatmap-draw.c: a heat map as pixels: one image of cells, scaled without smoothing, so that a
 * frame costs what the cells in sight cost. Days or slots finer than a pixel are averaged. */
#include "heatmap-private.h"

#include <math.h>
#include <string.h>

#define DAY_S 86400
#define BAR_WIDTH 14.0
#define BAR_GAP 16.0

/* Cividis (Nuñez, Anderton and Renslow 2018) at ten even places. */
/* clang-format off */
static const guint8 cividis[][3] = {
  { 0, 32, 77 }, { 0, 51, 111 }, { 57, 72, 107 }, { 87, 92, 109 }, { 112, 113, 115 },
  { 138, 135, 121 }, { 166, 157, 117 }, { 196, 181, 108 }, { 228, 207, 91 }, { 255, 234, 70 },
};
/* clang-format on */

MwChartColour
mw_heatmap_colour (double share)
{
  double at = CLAMP (share, 0, 1) * (G_N_ELEMENTS (cividis) - 1);
  guint i = MIN ((guint) at, (guint) G_N_ELEMENTS (cividis) - 2);
  double part = at - i;
  double c[3];

  for (int k = 0; k < 3; k++)
    c[k] = (cividis[i][k] + part * (cividis[i + 1][k] - cividis[i][k])) / 255;
  return (MwChartColour){ c[0], c[1], c[2], 1 };
}

/* ---- where things are ---- */

typedef struct {
  const MwHeatmap *map;
  cairo_t *cr;
  const MwChartStyle *style;
  PangoLayout *layout;
  double text_height, pixel;
  MwChartGeometry plot;
  int first_day, n_days; /* in sight */
  guint n_columns, n_rows;
  guint halves; /* 2: a column can show both passes of an hour */
} Painting;

static int
day_at (const MwHeatmap *map, double t)
{
  gint64 s = (gint64) floor (t);

  return (int) floor ((double) (s + mw_zone_offset (map->chart->zone, s)) / DAY_S)
         - map->first_day;
}

/* The days of a geometry, whose view begins and ends at midnight. */
static int
days_of (const MwHeatmap *map, const MwChartGeometry *g, int *first)
{
  *first = day_at (map, g->view.t0);
  return MAX (day_at (map, g->view.t1 - 1) - *first + 1, 1);
}

static MwAxis
scale_axis (const MwHeatmap *map, double height, double text_height)
{
  MwAxis axis = { .unit = map->line->track->unit,
                  .steps = map->line->steps,
                  .used = TRUE,
                  .least = map->low,
                  .greatest = map->high };

  mw_axis_settle (&axis, (guint) CLAMP (height / (text_height * 3), 2, 8));
  return axis;
}

static void
place (Painting *p, MwChartView view, double width, double height)
{
  MwAxis axis = scale_axis (p->map, height, p->text_height);
  double left = mw_chart_text_width (p->layout, "00:00", NULL) + 10;
  double right = BAR_GAP + BAR_WIDTH + mw_axis_width (&axis, p->layout)
                 + mw_chart_text_width (p->layout, "≥ ", NULL);
  MwHeatDay begin, end;

  p->first_day = day_at (p->map, view.t0);
  p->n_days = MAX (day_at (p->map, view.t1 - 1) - p->first_day + 1, 1);
  begin = mw_heat_day (p->map, p->first_day);
  end = mw_heat_day (p->map, p->first_day + p->n_days - 1);
  p->plot = (MwChartGeometry){ ceil (left),
                               ceil (p->text_height * 1.6 + 4),
                               floor (MAX (width - left - right, 8)),
                               floor (MAX (height - p->text_height * 4.1 - 12, 8)),
                               { (double) begin.start, (double) end.end } };
  p->n_columns = MIN ((guint) p->n_days, (guint) (p->plot.width / p->pixel));
  p->n_rows = MIN (p->map->n_slots, (guint) (p->plot.height / p->pixel));
  p->halves = 2.0 * p->n_days <= p->plot.width / p->pixel ? 2 : 1;
}

/* ---- cells ---- */

typedef struct {
  double sum;
  guint n;
  gboolean gap;
} Bin;

/* What DAY adds to the bins of one column. */
static void
add_day (const Painting *p, int day, gboolean second, Bin *bins)
{
  const MwHeatmap *map = p->map;
  const MwTrack *track = map->line->track;
  MwHeatDay d;

  if (day < 0 || day >= (int) map->n_days)
    return;
  d = mw_heat_day (map, day);
  for (guint slot = 0; slot < map->n_slots; slot++) {
    Bin *bin = &bins[(guint64) slot * p->n_rows / map->n_slots];
    gint64 t;
    gboolean twice;
    guint32 i;
    mw_heat_instant (&d, slot * map->slot_s, FALSE, &t, &twice);
    i = mw_heat_point (map, day, slot, second && twice);
    if (i != MW_HEAT_NONE) {
      bin->sum += (double) track->value[i];
      bin->n++;
    } else {
      bin->gap = bin->gap || mw_heat_is_gap (map, &d, slot);
    }
  }
}

static guint32
argb (double share)
{
  MwChartColour c = mw_heatmap_colour (share);

  return 0xff000000u | (guint32) (c.red * 255 + 0.5) << 16
         | (guint32) (c.green * 255 + 0.5) << 8 | (guint32) (c.blue * 255 + 0.5);
}

/* Fill the image of colours and the mask of gaps, both halves * n_columns by n_rows. */
static void
fill_images (const Painting *p, cairo_surface_t *colours, cairo_surface_t *gaps)
{
  guint8 *to = cairo_image_surface_get_data (colours);
  guint8 *mask = cairo_image_surface_get_data (gaps);
  int stride = cairo_image_surface_get_stride (colours);
  int mask_stride = cairo_image_surface_get_stride (gaps);
  double span = p->map->high - p->map->low;
  g_autofree Bin *bins = g_new (Bin, p->n_rows);
  guint32 palette[256];

  for (guint i = 0; i < G_N_ELEMENTS (palette); i++)
    palette[i] = argb (i / 255.0);
  for (guint c = 0; c < p->n_columns * p->halves; c++) {
    guint column = c / p->halves;
    int day = (int) ((guint64) column * (guint) p->n_days / p->n_columns);
    int end = (int) ((guint64) (column + 1) * (guint) p->n_days / p->n_columns);
    memset (bins, 0, sizeof *bins * p->n_rows);
    for (; day < end; day++)
      add_day (p, p->first_day + day, c % p->halves == 1, bins);
    for (guint r = 0; r < p->n_rows; r++) {
      double value = bins[r].n ? bins[r].sum / bins[r].n * p->map->line->factor : 0;
      double share = CLAMP ((value - p->map->low) / span, 0, 1);
      if (bins[r].n)
        ((guint32 *) (gpointer) (to + (gsize) r * (gsize) stride))[c] =
            palette[(guint) (share * 255 + 0.5)];
      else if (bins[r].gap)
        mask[(gsize) r * (gsize) mask_stride + c] = 255;
    }
  }
}

/* SURFACE stretched over the plot. */
static cairo_pattern_t *
over_plot (const Painting *p, cairo_surface_t *surface)
{
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface (surface);
  cairo_matrix_t m;

  cairo_matrix_init_scale (&m, p->n_columns * p->halves / p->plot.width,
                           p->n_rows / p->plot.height);
  cairo_matrix_translate (&m, -p->plot.x, -p->plot.y);
  cairo_pattern_set_matrix (pattern, &m);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  return pattern;
}

/* Thin diagonals on a veil: nothing that a colour of the scale looks like. */
static void
draw_hatching (const Painting *p, double x, double y, double width, double height)
{
  cairo_t *cr = p->cr;

  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  mw_chart_set_colour (cr, &p->style->dim, 0.2);
  cairo_paint (cr);
  for (double at = floor ((x - height) / 6) * 6; at < x + width; at += 6) {
    cairo_move_to (cr, at, y + height);
    cairo_line_to (cr, at + height, y);
  }
  mw_chart_set_colour (cr, &p->style->dim, 0.55);
  cairo_set_line_width (cr, MAX (p->pixel, 0.5) * 0.8);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static gboolean
any_gap (cairo_surface_t *gaps, const Painting *p)
{
  const guint8 *mask = cairo_image_surface_get_data (gaps);
  int stride = cairo_image_surface_get_stride (gaps);

  for (guint r = 0; r < p->n_rows; r++)
    for (guint c = 0; c < p->n_columns * p->halves; c++)
      if (mask[(gsize) r * (gsize) stride + c])
        return TRUE;
  return FALSE;
}

static void
draw_cells (const Painting *p)
{
  int columns = (int) (p->n_columns * p->halves);
  cairo_surface_t *colours =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, columns, (int) p->n_rows);
  cairo_surface_t *gaps =
      cairo_image_surface_create (CAIRO_FORMAT_A8, columns, (int) p->n_rows);
  cairo_pattern_t *pattern;

  fill_images (p, colours, gaps);
  cairo_surface_mark_dirty (colours);
  cairo_surface_mark_dirty (gaps);
  if (any_gap (gaps, p)) {
    cairo_push_group (p->cr);
    draw_hatching (p, p->plot.x, p->plot.y, p->plot.width, p->plot.height);
    cairo_pop_group_to_source (p->cr);
    pattern = over_plot (p, gaps);
    cairo_mask (p->cr, pattern);
    cairo_pattern_destroy (pattern);
  }
  pattern = over_plot (p, colours);
  cairo_save (p->cr);
  cairo_rectangle (p->cr, p->plot.x, p->plot.y, p->plot.width, p->plot.height);
  cairo_clip (p->cr);
  cairo_set_source (p->cr, pattern);
  cairo_paint (p->cr);
  cairo_restore (p->cr);
  cairo_pattern_destroy (pattern);
  cairo_surface_destroy (colours);
  cairo_surface_destroy (gaps);
}

/* A stroke through doubtful values, where cells are large enough to bear one. */
static void
draw_doubtful (const Painting *p)
{
  const MwHeatmap *map = p->map;
  double w = p->plot.width / p->n_days, h = p->plot.height / map->n_slots;

  if (w < 8 || h < 3)
    return;
  cairo_save (p->cr);
  cairo_set_line_width (p->cr, 1);
  for (int d = 0; d < p->n_days; d++)
    for (guint slot = 0; slot < map->n_slots; slot++) {
      guint32 i = mw_heat_point (map, p->first_day + d, slot, FALSE);
      double x = p->plot.x + d * w, y = p->plot.y + slot * h, share;
      if (i == MW_HEAT_NONE || !(map->line->track->flags[i] & MW_POINT_DOUBTFUL))
        continue;
      share = ((double) map->line->track->value[i] * map->line->factor - map->low)
              / (map->high - map->low);
      cairo_move_to (p->cr, x + 1, y + h - 0.5);
      cairo_line_to (p->cr, x + MIN (w - 1, 3 * h), y + 0.5);
      cairo_set_source_rgba (p->cr, share < 0.5, share < 0.5, share < 0.5, 0.8);
      cairo_stroke (p->cr);
    }
  cairo_restore (p->cr);
}

/* ---- axes ---- */

static void
draw_hours (const Painting *p)
{
  double per_hour = p->plot.height / 24;
  int step = per_hour * 2 > p->text_height * 1.7   ? 2
             : per_hour * 3 > p->text_height * 1.5 ? 3
                                                   : 6;

  for (int hour = 0; hour <= 24; hour += step) {
    double y = p->plot.y + hour * per_hour;
    g_autofree char *label = g_strdup_printf ("%02d:00", hour);
    mw_chart_set_colour (p->cr, &p->style->dim, 0.6);
    mw_chart_hairline (p->cr, p->pixel, p->plot.x - 4, MIN (y, p->plot.y + p->plot.height - 1),
                       4, 0);
    mw_chart_set_colour (p->cr, &p->style->dim, 1);
    mw_chart_put_text (p->cr, p->layout, label, p->plot.x - 7, y, 1, 0.5);
  }
}

/* Dates as a clock without summer time would have them: a day is a column is a day. */
static void
draw_days (const Painting *p)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  double first = ((double) p->map->first_day + p->first_day) * DAY_S;
  MwChartGeometry g = p->plot;
  double gap_s = MAX (p->text_height * 4.2 * p->n_days * DAY_S / p->plot.width, DAY_S);
  double column = p->plot.width / p->n_days, free_from = -INFINITY;
  double below = p->plot.y + p->plot.height;
  g_autoptr (GArray) ticks = NULL;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc ((gint64) first);
  g_autofree char *context =
      date ? g_date_time_format (date, gap_s <= 7 * DAY_S ? "%B %Y" : "%Y") : g_strdup ("");

  g.view = (MwChartView){ first, first + (double) p->n_days * DAY_S - 1 };
  ticks = mw_time_ticks (utc, g.view, gap_s);
  g.view.t1 += 1;
  for (guint i = 0; i < ticks->len; i++) {
    const MwTimeTick *tick = &g_array_index (ticks, MwTimeTick, i);
    double edge = mw_chart_geometry_x (&g, (double) tick->t);
    double half = mw_chart_text_width (p->layout, tick->label, NULL) / 2;
    double x = edge + column / 2;
    mw_chart_set_colour (p->cr, &p->style->dim, 0.6);
    mw_chart_hairline (p->cr, p->pixel, edge, below, 0, 4);
    if (x - half < free_from || x + half > p->plot.x + p->plot.width + 4)
      continue;
    mw_chart_set_colour (p->cr, tick->major ? &p->style->text : &p->style->dim, 1);
    mw_chart_put_text (p->cr, p->layout, tick->label, x, below + 4, 0.5, 0);
    free_from = x + half + 6;
  }
  mw_chart_set_colour (p->cr, &p->style->text, 1);
  mw_chart_put_text (p->cr, p->layout, context, p->plot.x, below + 4 + p->text_height * 1.1, 0,
                     0);
}

/* ---- the legend ---- */

static double
bar_x (const MwChartGeometry *plot)
{
  return plot->x + plot->width + BAR_GAP;
}

static double
bar_y (const MwHeatmap *map, const MwChartGeometry *plot, double value)
{
  double share = CLAMP ((value - map->low) / (map->high - map->low), 0, 1);

  return plot->y + plot->height * (1 - share);
}

static void
draw_bar (const Painting *p)
{
  cairo_pattern_t *colours =
      cairo_pattern_create_linear (0, p->plot.y + p->plot.height, 0, p->plot.y);

  for (guint i = 0; i < G_N_ELEMENTS (cividis); i++) {
    double share = (double) i / (G_N_ELEMENTS (cividis) - 1);
    MwChartColour c = mw_heatmap_colour (share);
    cairo_pattern_add_color_stop_rgb (colours, share, c.red, c.green, c.blue);
  }
  cairo_rectangle (p->cr, bar_x (&p->plot), p->plot.y, BAR_WIDTH, p->plot.height);
  cairo_set_source (p->cr, colours);
  cairo_fill (p->cr);
  cairo_pattern_destroy (colours);
}

static void
draw_legend (const Painting *p)
{
  const MwHeatmap *map = p->map;
  MwAxis axis = scale_axis (map, p->plot.height, p->text_height);
  double x = bar_x (&p->plot) + BAR_WIDTH + 5, below = p->plot.y + p->plot.height;
  g_autofree char *unit = mw_axis_dup_unit (&axis);
  char number[48];

  draw_bar (p);
  mw_chart_set_colour (p->cr, &p->style->dim, 1);
  for (double v = axis.low; v <= axis.high + axis.step / 2; v += axis.step) {
    if (v < map->low - axis.step / 100 || v > map->high + axis.step / 100)
      continue;
    mw_axis_format (&axis, v, number, sizeof number);
    mw_chart_put_text (p->cr, p->layout, number, x, bar_y (map, &p->plot, v), 0, 0.5);
  }
  mw_chart_set_colour (p->cr, &p->style->text, 1);
  mw_chart_put_text (p->cr, p->layout, unit, bar_x (&p->plot), p->plot.y - 4, 0, 1.35);
  if (map->clipped) {
    g_autofree char *above = NULL;
    axis.decimals++;
    mw_axis_format (&axis, map->high, number, sizeof number);
    above = g_strconcat ("≥\u202f", number, NULL);
    mw_chart_put_text (p->cr, p->layout, above,
                       bar_x (&p->plot) + mw_chart_text_width (p->layout, unit, NULL) + 8,
                       p->plot.y - 4, 0, 1.35);
  }
  draw_hatching (p, bar_x (&p->plot), below + 8, BAR_WIDTH, p->text_height * 0.8);
  mw_chart_set_colour (p->cr, &p->style->dim, 1);
  mw_chart_put_text (p->cr, p->layout, "none", x, below + 8 + p->text_height * 0.4, 0, 0.5);
}

/* ---- drawing ---- */

static void
begin_painting (Painting *p, const MwHeatmap *map, cairo_t *cr, const MwChartStyle *style)
{
  *p = (Painting){ .map = map, .cr = cr, .style = style };
  p->layout = mw_chart_layout_new (cr, style);
  p->pixel = mw_chart_device_pixel (cr);
  mw_chart_text_width (p->layout, "0", &p->text_height);
}

void
mw_heatmap_draw (const MwHeatmap *map, cairo_t *cr, const MwChartStyle *style, MwChartView view,
                 double width, double height, MwChartGeometry *geometry)
{
  Painting p;

  begin_painting (&p, map, cr, style);
  place (&p, view, width, height);
  mw_chart_paint_background (cr, style, width, height);
  draw_cells (&p);
  draw_doubtful (&p);
  draw_hours (&p);
  draw_days (&p);
  draw_legend (&p);
  if (geometry)
    *geometry = p.plot;
  g_object_unref (p.layout);
}

gboolean
mw_heatmap_at (const MwHeatmap *map, const MwChartGeometry *g, double x, double y,
               MwHeatCell *cell)
{
  int first, n_days = days_of (map, g, &first), day;
  double at = (x - g->x) / MAX (g->width, 1) * n_days;
  double slot = (y - g->y) / MAX (g->height, 1) * map->n_slots;

  if (at < 0 || at >= n_days || slot < 0 || slot >= map->n_slots)
    return FALSE;
  day = (int) at;
  *cell = mw_heatmap_get_cell (map, first + day, (guint) slot, at - day >= 0.5);
  return TRUE;
}

void
mw_heatmap_draw_cursor (const MwHeatmap *map, cairo_t *cr, const MwChartStyle *style,
                        const MwChartGeometry *g, double x, double y)
{
  MwHeatCell cell;
  int first, n_days = days_of (map, g, &first);
  double w = g->width / n_days, h = g->height / map->n_slots, left, at;

  if (!mw_heatmap_at (map, g, x, y, &cell))
    return;
  left = g->x + (cell.day - first) * w + (cell.second ? w / 2 : 0);
  cairo_rectangle (cr, left - 1, g->y + cell.slot * h - 1, (cell.twice ? w / 2 : w) + 2, h + 2);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.9);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 1);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
  if (cell.kind != MW_HEAT_VALUE)
    return;
  at = bar_y (map, g, mw_decimal_to_double (cell.value.value));
  cairo_move_to (cr, bar_x (g), at);
  cairo_rel_line_to (cr, -7, -4);
  cairo_rel_line_to (cr, 0, 8);
  cairo_close_path (cr);
  mw_chart_set_colour (cr, &style->text, 1);
  cairo_fill (cr);
}
