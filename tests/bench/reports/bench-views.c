/* Frames of the heat map and of the duration curve: 10 years of 15-minute values. */
#include <stdio.h>
#include <stdlib.h>

#include "duration.h"
#include "heatmap.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1262304000)
#define N_ROWS 350640
#define N_FRAMES 120
#define WANTED_MS 16.0
#define WIDTH 940
#define HEIGHT 520

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
ms_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static void
report (const char *name, double *ms)
{
  qsort (ms, N_FRAMES, sizeof *ms, compare);
  printf (
      "%s: median frame %.2f ms, %.2f of the %.0f ms that are wanted; 95 %% within %.2f ms\n",
      name, ms[N_FRAMES / 2], ms[N_FRAMES / 2] / WANTED_MS, WANTED_MS, ms[N_FRAMES * 95 / 100]);
}

static void
run_heatmap (MwChart *chart, const MwHeatmap *map, const char *name, double days)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  double ms[N_FRAMES];
  MwChartView view;

  mw_chart_get_extent (chart, &view);
  if (days > 0)
    view.t1 = view.t0 + days * 86400;
  for (int i = 0; i < N_FRAMES; i++) {
    cairo_t *cr = cairo_create (surface);
    gint64 start = g_get_monotonic_time ();
    MwChartGeometry g;
    view = mw_chart_pan (chart, view, 86400.0 * days / 20);
    mw_heatmap_draw (map, cr, &mw_chart_style_light, view, WIDTH, HEIGHT, &g);
    mw_heatmap_draw_cursor (map, cr, &mw_chart_style_light, &g, WIDTH / 2, HEIGHT / 2);
    cairo_surface_flush (surface);
    ms[i] = ms_since (start);
    cairo_destroy (cr);
  }
  cairo_surface_destroy (surface);
  report (name, ms);
}

static void
run_duration (const MwDuration *duration)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  double ms[N_FRAMES];

  for (int i = 0; i < N_FRAMES; i++) {
    cairo_t *cr = cairo_create (surface);
    gint64 start = g_get_monotonic_time ();
    MwChartGeometry g;
    mw_duration_draw (duration, cr, &mw_chart_style_light, WIDTH, HEIGHT, &g);
    mw_duration_draw_cursor (duration, cr, &mw_chart_style_light, &g, i / (double) N_FRAMES);
    cairo_surface_flush (surface);
    ms[i] = ms_since (start);
    cairo_destroy (cr);
  }
  cairo_surface_destroy (surface);
  report ("duration curves of 4 lines", ms);
}

int
main (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF00000001");
  g_autoptr (MwSeries) series = sample_profile (meter, START, N_ROWS);
  g_autoptr (MwChart) chart = mw_chart_new ();
  g_autoptr (MwHeatmap) map = NULL;
  g_autoptr (MwDuration) duration = NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  MwChartView all;
  gint64 start;

  mw_chart_set_zone (chart, zone);
  for (guint c = 0; c < 4; c++)
    mw_chart_add (chart, series, c, MW_QUANTITY_ENERGY, NULL, 0x80);
  mw_chart_get_extent (chart, &all);
  start = g_get_monotonic_time ();
  map = mw_heatmap_new (chart, 0);
  printf ("heat map of 10 years made in %.0f ms\n", ms_since (start));
  run_heatmap (chart, map, "heat map, all ten years", 0);
  run_heatmap (chart, map, "heat map, a year", 365);
  run_heatmap (chart, map, "heat map, a month", 31);
  start = g_get_monotonic_time ();
  duration = mw_duration_new (chart, all);
  printf ("duration of 10 years x 4 lines made in %.0f ms\n", ms_since (start));
  run_duration (duration);
  return 0;
}
