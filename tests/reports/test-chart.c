/* The chart: what it looks at, what stands under the pointer, and that ink is where values are.
 */
#include <math.h>

#include "chart-private.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600) /* 2026-01-01T00:00Z */
#define DAY 86400.0

static MwChart *
sample_chart (guint n_rows, MwQuantity quantity)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, n_rows);
  MwChart *chart = mw_chart_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  g_assert_nonnull (zone);
  mw_chart_set_zone (chart, zone);
  for (guint c = 0; c < series->n_columns; c++)
    g_assert_cmpint (mw_chart_add (chart, series, c, quantity, NULL, 0x80), ==, (int) c);
  return chart;
}

static void
test_views (void)
{
  g_autoptr (MwChart) chart = sample_chart (96 * 30 + 1, MW_QUANTITY_ENERGY);
  MwChartView all, view;

  g_assert_true (mw_chart_get_extent (chart, &all));
  g_assert_cmpfloat (all.t1, ==, START + 30 * DAY);
  view = mw_chart_zoom (chart, all, all.t0 + 10 * DAY, 0.5);
  g_assert_cmpfloat_with_epsilon (view.t1 - view.t0, (all.t1 - all.t0) / 2, 1);
  /* The time under the pointer stays under the pointer. */
  g_assert_cmpfloat_with_epsilon ((all.t0 + 10 * DAY - view.t0) / (view.t1 - view.t0),
                                  (all.t0 + 10 * DAY - all.t0) / (all.t1 - all.t0), 1e-9);
  view = mw_chart_pan (chart, view, -100 * DAY);
  g_assert_cmpfloat (view.t0, ==, all.t0);
  for (int i = 0; i < 40; i++)
    view = mw_chart_zoom (chart, view, view.t0, 0.5);
  g_assert_cmpfloat_with_epsilon (view.t1 - view.t0, 3600, 1); /* four capture periods */
  for (int i = 0; i < 40; i++)
    view = mw_chart_zoom (chart, view, view.t0, 2);
  g_assert_cmpfloat (view.t0, ==, all.t0);
  g_assert_cmpfloat (view.t1, ==, all.t1);
  view = mw_chart_zoom_to (chart, START + 3 * DAY, START + 2 * DAY);
  g_assert_cmpfloat (view.t0, ==, START + 2 * DAY);
}

/* Days of local time: 23 hours long in spring, 25 in autumn. */
static void
test_snap (void)
{
  g_autoptr (MwChart) chart = sample_chart (10, MW_QUANTITY_ENERGY);
  double spring = 1774742400 + 43200,
         autumn = 1792886400 + 43200; /* 29 Mar, 25 Oct 2026, noon */
  MwChartView day = mw_chart_snap (chart, spring, MW_CHART_SPAN_DAY, 0);

  g_assert_cmpfloat (day.t1 - day.t0, ==, 23 * 3600);
  day = mw_chart_snap (chart, autumn, MW_CHART_SPAN_DAY, 0);
  g_assert_cmpfloat (day.t1 - day.t0, ==, 25 * 3600);
  day = mw_chart_snap (chart, START, MW_CHART_SPAN_YEAR, 0);
  g_assert_cmpfloat (day.t0, ==, START - 3600);
  g_assert_cmpfloat (day.t1 - day.t0, ==, 365 * DAY);
  day = mw_chart_snap (chart, START, MW_CHART_SPAN_MONTH, -1);
  g_assert_cmpfloat (day.t1, ==, START - 3600);
  g_assert_cmpfloat (day.t1 - day.t0, ==, 31 * DAY);
  day = mw_chart_snap (chart, START, MW_CHART_SPAN_WEEK, 1); /* Thursday: the Monday after */
  g_assert_cmpfloat (day.t0, ==, START - 3600 + 4 * DAY);
}

static void
test_ticks (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  MwChartView spring = { 1774738800, 1774738800 + 23 * 3600 }; /* 29 March, local midnights */
  g_autoptr (GArray) hours = mw_time_ticks (zone, spring, 3000);
  g_autoptr (GArray) quarters = mw_time_ticks (zone, spring, 3 * 3600);
  g_autoptr (GArray) months =
      mw_time_ticks (zone, (MwChartView){ START - 1000, START + 365 * DAY }, 20 * DAY);

  g_assert_cmpuint (hours->len, ==, 24); /* 0:00 1:00 3:00 … 23:00 0:00 */
  g_assert_cmpstr (g_array_index (hours, MwTimeTick, 2).label, ==, "03:00");
  g_assert_cmpint (g_array_index (hours, MwTimeTick, 2).t, ==, 1774738800 + 2 * 3600);
  g_assert_true (g_array_index (hours, MwTimeTick, 23).major);
  g_assert_cmpuint (quarters->len, ==, 9);
  g_assert_cmpuint (months->len, ==, 12);
  g_assert_cmpint (g_array_index (months, MwTimeTick, 11).t, ==,
                   START + (365 * 86400 - 3600)); /* 1 January, local */
  g_assert_true (g_array_index (months, MwTimeTick, 11).major);
}

static void
test_axis (void)
{
  MwAxis energy = { .unit = MW_UNIT_WH, .steps = TRUE, .least = 100, .greatest = 730 };
  MwAxis volts = { .unit = MW_UNIT_V, .least = 228.3, .greatest = 233.1 };
  MwAxis flat = { .unit = MW_UNIT_V, .least = 230, .greatest = 230 };

  mw_axis_settle (&energy, 8);
  g_assert_cmpfloat (energy.low, ==, 0);
  g_assert_cmpfloat (energy.high, ==, 800);
  g_assert_cmpint (energy.prefix, ==, 3);
  g_assert_cmpint (energy.decimals, ==, 1);
  mw_axis_settle (&volts, 8);
  g_assert_cmpfloat (volts.low, ==, 228);
  g_assert_cmpfloat (volts.high, ==, 234);
  mw_axis_settle (&flat, 8);
  g_assert_cmpfloat (flat.high, >, flat.low);
}

/* Every stretch of every length: the pyramid agrees with looking at each point. */
static void
test_pyramid (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, 700);
  g_autoptr (MwTrack) track = NULL;
  MwPyramid p;

  for (guint r = 0; r < 700; r += 13)
    series->values[r * 4] = MW_NULL_VALUE;
  track = mw_track_new (series, 0, MW_QUANTITY_ENERGY, 0x80);
  mw_pyramid_init (&p, track);
  for (guint first = 0; first < 700; first += 3)
    for (guint end = first; end <= 700; end += 7) {
      MwRange r = mw_pyramid_range (&p, first, end);
      gint64 least = G_MAXINT64, greatest = G_MININT64;
      guint8 flags = 0;
      for (guint i = first; i < end; i++) {
        flags |= track->flags[i];
        if (track->flags[i] & MW_POINT_NULL)
          continue;
        least = MIN (least, track->value[i]);
        greatest = MAX (greatest, track->value[i]);
      }
      g_assert_cmpint (r.least, ==, least);
      g_assert_cmpint (r.greatest, ==, greatest);
      g_assert_cmpint (r.flags, ==, flags);
    }
  mw_pyramid_clear (&p);
}

static void
test_lookup (void)
{
  g_autoptr (MwChart) energy = sample_chart (100, MW_QUANTITY_ENERGY);
  g_autoptr (MwChart) registers = sample_chart (100, MW_QUANTITY_REGISTER);
  MwChartValue v = mw_chart_lookup (energy, 0, START + 900 * 5 - 1);
  g_autofree char *text = mw_chart_dup_value_text (energy, &v);
  g_autofree char *time = mw_chart_dup_time_text (energy, START);
  MwChartValue none = mw_chart_lookup (energy, 0, START - 5000);
  MwChartValue near = mw_chart_lookup (registers, 1, START + 900 * 7 + 400);
  char expected[64];

  g_assert_true (v.valid);
  g_assert_true (v.doubtful); /* row 5 has the status 0x80 */
  g_assert_cmpint (v.from, ==, START + 900 * 4);
  g_assert_cmpint (v.to, ==, START + 900 * 5);
  g_assert_cmpint (v.value.unit, ==, MW_UNIT_WH);
  g_snprintf (expected, sizeof expected, "0.%03d\u202fkWh", (int) v.value.mantissa);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (time, ==, "Thu 1 Jan 2026, 01:00");
  g_assert_false (none.valid);
  g_assert_cmpint (near.to, ==, START + 900 * 7);
  g_assert_cmpint (near.from, ==, near.to);
}

/* ---- ink ---- */

static cairo_surface_t *
draw (MwChart *chart, MwChartView view, MwChartGeometry *g)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 400);
  cairo_t *cr = cairo_create (image);

  mw_chart_draw (chart, cr, &mw_chart_style_light, view, 800, 400, g);
  cairo_destroy (cr);
  cairo_surface_flush (image);
  return image;
}

/* Pixels of the colour of line LINE within columns X0 … X1. */
static guint
ink (cairo_surface_t *image, guint line, double x0, double x1)
{
  const MwChartColour *c = &mw_chart_style_light.palette[line];
  guint32 wanted = 0xff000000u | (guint32) (c->red * 255 + 0.5) << 16
                   | (guint32) (c->green * 255 + 0.5) << 8 | (guint32) (c->blue * 255 + 0.5);
  const guint8 *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);
  guint n = 0;

  for (int y = 0; y < 400; y++)
    for (int x = (int) x0; x < (int) x1; x++)
      n += ((const guint32 *) (gconstpointer) (data + y * stride))[x] == wanted;
  return n;
}

static void
test_ink (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, 96 * 3);
  g_autoptr (MwChart) chart = mw_chart_new ();
  cairo_surface_t *image;
  MwChartGeometry g;
  MwChartView all;

  /* The second of three days is missing. */
  for (guint r = 96 * 2; r < 96 * 3; r++)
    series->time[r] += 86400;
  mw_chart_add (chart, series, 0, MW_QUANTITY_ENERGY, NULL, 0);
  mw_chart_get_extent (chart, &all);
  image = draw (chart, all, &g);
  g_assert_cmpfloat (g.width, >, 600);
  g_assert_cmpuint (ink (image, 0, g.x, mw_chart_geometry_x (&g, START + 1.9 * DAY)), >, 300);
  g_assert_cmpuint (ink (image, 0, mw_chart_geometry_x (&g, START + 2.05 * DAY),
                         mw_chart_geometry_x (&g, START + 2.95 * DAY)),
                    ==, 0); /* a gap stays empty */
  g_assert_cmpuint (ink (image, 0, mw_chart_geometry_x (&g, START + 3.05 * DAY), g.x + g.width),
                    >, 100);
  cairo_surface_destroy (image);

  mw_chart_set_line_visible (chart, 0, FALSE);
  image = draw (chart, all, &g);
  g_assert_cmpuint (ink (image, 0, 0, 800), ==, 0);
  cairo_surface_destroy (image);
}

/* Nothing, one row, no width: nothing of it breaks. */
static void
test_edges (void)
{
  g_autoptr (MwChart) empty = mw_chart_new ();
  g_autoptr (MwChart) one = sample_chart (1, MW_QUANTITY_REGISTER);
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 10, 10);
  cairo_t *cr = cairo_create (image);
  MwChartView view;

  g_assert_false (mw_chart_get_extent (empty, &view));
  mw_chart_draw (empty, cr, &mw_chart_style_dark, view, 300, 200, NULL);
  g_assert_true (mw_chart_get_extent (one, &view));
  mw_chart_draw (one, cr, &mw_chart_style_dark, view, 300, 200, NULL);
  mw_chart_draw (one, cr, &mw_chart_style_dark, view, 1, 1, NULL);
  mw_chart_draw_overview (one, cr, &mw_chart_style_dark, view, 300, 40, NULL);
  g_assert_cmpfloat (mw_chart_draw_legend (one, NULL, &mw_chart_style_dark, 100), >, 20);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (image);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/views", test_views);
  g_test_add_func ("/chart/snap", test_snap);
  g_test_add_func ("/chart/ticks", test_ticks);
  g_test_add_func ("/chart/axis", test_axis);
  g_test_add_func ("/chart/pyramid", test_pyramid);
  g_test_add_func ("/chart/lookup", test_lookup);
  g_test_add_func ("/chart/ink", test_ink);
  g_test_add_func ("/chart/edges", test_edges);
  return g_test_run ();
}
