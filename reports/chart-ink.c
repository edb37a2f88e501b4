/* chart-ink.c: what everything drawn has in common: colours, text, crisp lines, vertical axes.
 */
#include "chart-private.h"

#include <math.h>

void
mw_chart_set_colour (cairo_t *cr, const MwChartColour *c, double alpha)
{
  cairo_set_source_rgba (cr, c->red, c->green, c->blue, c->alpha * alpha);
}

double
mw_chart_device_pixel (cairo_t *cr)
{
  double x = 1, y = 1;
  cairo_surface_t *target = cairo_get_target (cr);

  /* On paper a column is half a point. */
  if (cairo_surface_get_type (target) == CAIRO_SURFACE_TYPE_PDF)
    return 0.5;
  cairo_surface_get_device_scale (target, &x, &y);
  return 1 / MAX (x, 0.25);
}

void
mw_chart_paint_background (cairo_t *cr, const MwChartStyle *style, double width, double height)
{
  if (style->background.alpha <= 0)
    return;
  mw_chart_set_colour (cr, &style->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
}

/* ---- text ---- */

PangoLayout *
mw_chart_layout_new (cairo_t *cr, const MwChartStyle *style)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (style->font);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_font_description_free (font);
  return layout;
}

double
mw_chart_text_width (PangoLayout *layout, const char *text, double *height)
{
  int w, h;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &w, &h);
  if (height)
    *height = (double) h / PANGO_SCALE;
  return (double) w / PANGO_SCALE;
}

/* TEXT with the point (X_SHARE, Y_SHARE) of its box at X, Y. */
void
mw_chart_put_text (cairo_t *cr, PangoLayout *layout, const char *text, double x, double y,
                   double x_share, double y_share)
{
  double height, width = mw_chart_text_width (layout, text, &height);

  cairo_move_to (cr, x - x_share * width, y - y_share * height);
  pango_cairo_show_layout (cr, layout);
}

/* ---- vertical axes ---- */

/* The axis of LINE among AXES, made when there is room for one more; -1 without. */
int
mw_axis_of (MwAxis *axes, const MwLine *line)
{
  for (int i = 0; i < MW_CHART_MAX_AXES; i++) {
    if (!axes[i].used) {
      axes[i] = (MwAxis){ .unit = line->track->unit,
                          .steps = line->steps,
                          .used = TRUE,
                          .least = INFINITY,
                          .greatest = -INFINITY };
      return i;
    }
    if (axes[i].unit == line->track->unit && axes[i].steps == line->steps)
      return i;
  }
  return -1;
}

void
mw_axis_format (const MwAxis *axis, double value, char *buf, gsize cap)
{
  double shown = value / pow (10, axis->prefix);

  if (fabs (shown) < axis->step / pow (10, axis->prefix) / 1000)
    shown = 0; /* no "-0" */
  g_snprintf (buf, (gulong) cap, "%.*f", axis->decimals, shown);
}

/* "kWh" */
char *
mw_axis_dup_unit (const MwAxis *axis)
{
  return g_strconcat (mw_prefix_text (axis->prefix), mw_unit_text (axis->unit), NULL);
}

/* Width that the labels of AXIS take. */
double
mw_axis_width (const MwAxis *axis, PangoLayout *layout)
{
  char low[48], high[48];
  g_autofree char *unit = mw_axis_dup_unit (axis);

  mw_axis_format (axis, axis->low, low, sizeof low);
  mw_axis_format (axis, axis->high, high, sizeof high);
  return MAX (MAX (mw_chart_text_width (layout, low, NULL),
                   mw_chart_text_width (layout, high, NULL)),
              mw_chart_text_width (layout, unit, NULL))
         + 8;
}

/* A crisp line of one device pixel. */
void
mw_chart_hairline (cairo_t *cr, double pixel, double x, double y, double width, double height)
{
  cairo_rectangle (cr, floor (x / pixel) * pixel, floor (y / pixel) * pixel, MAX (width, pixel),
                   MAX (height, pixel));
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  cairo_fill (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
}

/* AXIS number N: the first left of the plot with the grid, the others right of it. X is where
 * its labels end or begin. */
void
mw_axis_draw (const MwAxis *axis, int n, double x, const MwPlotting *p, PangoLayout *layout)
{
  const MwChartGeometry *plot = &p->plot;
  int n_ticks = (int) floor ((axis->high - axis->low) / axis->step + 0.5);
  char label[48];
  g_autofree char *unit = mw_axis_dup_unit (axis);

  for (int i = 0; i <= n_ticks; i++) {
    double value = axis->low + i * axis->step;
    double y = plot->y + plot->height * (1 - (double) i / MAX (n_ticks, 1));
    if (n == 0) {
      mw_chart_set_colour (
          p->cr, fabs (value) < axis->step / 1000 ? &p->style->dim : &p->style->grid, 1);
      mw_chart_hairline (p->cr, p->pixel, plot->x, y, plot->width, 0);
    }
    mw_axis_format (axis, value, label, sizeof label);
    mw_chart_set_colour (p->cr, &p->style->dim, 1);
    mw_chart_put_text (p->cr, layout, label, x, y, n == 0 ? 1 : 0, 0.5);
  }
  mw_chart_set_colour (p->cr, &p->style->text, 1);
  mw_chart_put_text (p->cr, layout, unit, x, plot->y - 4, n == 0 ? 1 : 0, 1.35);
}
