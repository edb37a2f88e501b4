/* Frames of the chart: 10 years of 15-minute values x 4 registers, panned and zoomed. */
#include <stdio.h>
#include <stdlib.h>

#include "chart.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1262304000)
#define N_ROWS 350640
#define N_FRAMES 300
#define WANTED_MS 16.0
#define WIDTH 1180
#define HEIGHT 560

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Zoom in, pan about, zoom out: the views of a restless hand. */
static MwChartView
next_view (MwChart *chart, MwChartView view, int frame)
{
  double width = view.t1 - view.t0;

  if (frame % 60 < 20)
    return mw_chart_zoom (chart, view, view.t0 + 0.37 * width, 0.8);
  if (frame % 60 < 40)
    return mw_chart_pan (chart, view, width * (frame % 120 < 60 ? 0.13 : -0.11));
  return mw_chart_zoom (chart, view, view.t0 + 0.6 * width, 1.25);
}

static void
run (MwChart *chart, const char *name, gboolean whole)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  double ms[N_FRAMES];
  MwChartView view;

  mw_chart_get_extent (chart, &view);
  for (int i = 0; i < N_FRAMES; i++) {
    cairo_t *cr = cairo_create (surface);
    gint64 start = g_get_monotonic_time ();
    MwChartGeometry g;
    view = whole ? mw_chart_pan (chart, view, 86400.0 * (i % 2 ? 1 : -1))
                 : next_view (chart, view, i);
    mw_chart_draw (chart, cr, &mw_chart_style_light, view, WIDTH, HEIGHT - 60, &g);
    mw_chart_draw_crosshair (chart, cr, &mw_chart_style_light, &g, (view.t0 + view.t1) / 2);
    cairo_surface_flush (surface);
    ms[i] = (double) (g_get_monotonic_time () - start) / 1000;
    cairo_destroy (cr);
  }
  cairo_surface_destroy (surface);
  qsort (ms, N_FRAMES, sizeof *ms, compare);
  printf (
      "%s: median frame %.2f ms, %.2f of the %.0f ms that are wanted; 95 %% within %.2f ms\n",
      name, ms[N_FRAMES / 2], ms[N_FRAMES / 2] / WANTED_MS, WANTED_MS, ms[N_FRAMES * 95 / 100]);
}

int
main (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF00000001");
  g_autoptr (MwSeries) series = sample_profile (meter, START, N_ROWS);
  g_autoptr (MwChart) energy = mw_chart_new ();
  g_autoptr (MwChart) registers = mw_chart_new ();
  gint64 start = g_get_monotonic_time ();

  for (guint c = 0; c < 4; c++)
    mw_chart_add (energy, series, c, MW_QUANTITY_ENERGY, NULL, 0x80);
  printf ("10 years x 4 registers prepared in %.0f ms\n",
          (double) (g_get_monotonic_time () - start) / 1000);
  for (guint c = 0; c < 4; c++)
    mw_chart_add (registers, series, c, MW_QUANTITY_REGISTER, NULL, 0x80);
  run (energy, "energy, zoom and pan", FALSE);
  run (energy, "energy, all ten years", TRUE);
  run (registers, "registers, zoom and pan", FALSE);
  return 0;
}
