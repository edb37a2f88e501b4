/* Duration curves: in falling order, by time and not by rows, without what is missing. */
#include <stdlib.h>

#include "duration.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600)
#define QUARTER 900

/* Rows of one voltage or energy; VALUES with MW_NULL_VALUE where there is none. */
static MwChart *
chart_of (const gint64 *values, guint n, const char *obis, guint8 unit)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = mw_series_new (1, n);
  MwChart *chart = mw_chart_new ();
  MwQuantity quantity = unit == MW_UNIT_WH ? MW_QUANTITY_ENERGY : MW_QUANTITY_REGISTER;

  series->meter = mw_meter_info_ref (meter);
  series->logger = g_strdup ("load-profile");
  series->obis = g_strdup ("1-0:99.1.0.255");
  series->period_s = QUARTER;
  series->columns[0] =
      (MwColumn){ MW_COLUMN_DECIMAL, g_strdup (obis), 3, 2, g_strdup ("x"), 0, unit };
  for (guint r = 0; r < n; r++) {
    series->time[r] = START + QUARTER * (gint64) (r + 1);
    series->values[r] = values[r];
  }
  g_assert_cmpint (mw_chart_add (chart, series, 0, quantity, NULL, 0), ==, 0);
  return chart;
}

static gint64
at (const MwDuration *duration, double share)
{
  MwChartValue value;

  g_assert_true (mw_duration_lookup (duration, 0, share, &value));
  g_assert_true (value.valid);
  return value.value.mantissa;
}

static void
test_order (void)
{
  static const gint64 values[] = { 3, 1, MW_NULL_VALUE, 4, 1, 5, 9, 2, 6, 5, 3 };
  g_autoptr (MwChart) chart =
      chart_of (values, G_N_ELEMENTS (values), "1-0:1.29.0.255", MW_UNIT_WH);
  MwChartView all;
  g_autoptr (MwDuration) duration = NULL;
  MwChartValue value;

  mw_chart_get_extent (chart, &all);
  duration = mw_duration_new (chart, all);
  g_assert_cmpint (mw_duration_get_total (duration, 0), ==, 10 * QUARTER);
  g_assert_cmpint (at (duration, 0), ==, 9);
  g_assert_cmpint (at (duration, 0.1), ==, 9);
  g_assert_cmpint (at (duration, 0.11), ==, 6);
  g_assert_cmpint (at (duration, 0.35), ==, 5);
  g_assert_cmpint (at (duration, 0.5), ==, 4);
  g_assert_cmpint (at (duration, 0.95), ==, 1);
  g_assert_cmpint (at (duration, 1), ==, 1);
  g_assert_cmpint (at (duration, 7), ==, 1);
  g_assert_true (mw_duration_lookup (duration, 0, 0, &value));
  g_assert_cmpint (value.to, ==, START + 7 * QUARTER); /* when the greatest was */
  g_assert_false (mw_duration_lookup (duration, 1, 0, &value));
}

static void
test_view (void)
{
  static const gint64 values[] = { 10, 20, 30, 40, 50, 60 };
  g_autoptr (MwChart) chart =
      chart_of (values, G_N_ELEMENTS (values), "1-0:1.29.0.255", MW_UNIT_WH);
  g_autoptr (MwDuration) part =
      mw_duration_new (chart, (MwChartView){ START + QUARTER, START + 3 * QUARTER });
  g_autoptr (MwDuration) none =
      mw_duration_new (chart, (MwChartView){ START - 90000, START - 80000 });
  MwChartValue value;

  g_assert_cmpint (mw_duration_get_total (part, 0), ==, 2 * QUARTER);
  g_assert_cmpint (at (part, 0), ==, 30);
  g_assert_cmpint (at (part, 1), ==, 20);
  g_assert_cmpint (mw_duration_get_total (none, 0), ==, 0);
  g_assert_false (mw_duration_lookup (none, 0, 0.5, &value));
  mw_chart_set_line_visible (chart, 0, FALSE);
  {
    g_autoptr (MwDuration) hidden = mw_duration_new (chart, (MwChartView){ 0, START * 2.0 });
    g_assert_false (mw_duration_lookup (hidden, 0, 0.5, &value));
  }
}

static int
falling (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? 1 : x > y ? -1 : 0;
}

/* Against the library's sort, over every width of numbers and both signs. */
static void
test_sorting (void)
{
  enum { N = 3000 };
  static gint64 values[N];
  guint64 random = 88172645463325252u;

  for (int bits = 1; bits <= 62; bits += 6) {
    g_autoptr (MwChart) chart = NULL;
    g_autoptr (MwDuration) duration = NULL;
    for (int i = 0; i < N; i++) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      values[i] = (gint64) (random >> (64 - bits)) - (bits > 1 ? (gint64) 1 << (bits - 2) : 0);
    }
    chart = chart_of (values, N, "1-0:32.7.0.255", MW_UNIT_V);
    duration = mw_duration_new (chart, (MwChartView){ START, START + 2.0 * N * QUARTER });
    qsort (values, N, sizeof *values, falling);
    for (int i = 0; i < N; i++)
      g_assert_cmpint (at (duration, (i + 0.5) / N), ==, values[i]);
  }
}

static guint
ink (cairo_surface_t *s)
{
  guint n = 0;

  cairo_surface_flush (s);
  for (int y = 0; y < cairo_image_surface_get_height (s); y++) {
    const guint8 *row = cairo_image_surface_get_data (s)
                        + (gsize) y * (gsize) cairo_image_surface_get_stride (s);
    for (int x = 0; x < cairo_image_surface_get_width (s); x++)
      n += ((const guint32 *) (gconstpointer) row)[x] != 0;
  }
  return n;
}

static void
test_drawing (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, 96 * 400);
  g_autoptr (MwChart) chart = mw_chart_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 700, 400);
  cairo_t *cr = cairo_create (surface);
  MwChartGeometry g;
  MwChartView all;
  guint before;

  for (guint c = 0; c < 4; c++)
    mw_chart_add (chart, series, c, MW_QUANTITY_ENERGY, NULL, 0);
  mw_chart_get_extent (chart, &all);
  {
    g_autoptr (MwDuration) duration = mw_duration_new (chart, all);
    mw_duration_draw (duration, cr, &mw_chart_style_light, 700, 400, &g);
    g_assert_cmpfloat (g.view.t0, ==, 0);
    g_assert_cmpfloat (g.view.t1, ==, 1);
    g_assert_cmpfloat (g.x + g.width, <, 700);
    before = ink (surface);
    g_assert_cmpuint (before, >, 4 * 600);
    mw_duration_draw_cursor (duration, cr, &mw_chart_style_light, &g, 0.37);
    g_assert_cmpuint (ink (surface), >, before);
    mw_duration_draw (duration, cr, &mw_chart_style_dark, 5, 5, NULL);
  }
  mw_chart_remove_all (chart);
  {
    g_autoptr (MwDuration) empty = mw_duration_new (chart, all);
    mw_duration_draw (empty, cr, &mw_chart_style_dark, 700, 400, &g);
  }
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/duration/order", test_order);
  g_test_add_func ("/duration/view", test_view);
  g_test_add_func ("/duration/sorting", test_sorting);
  g_test_add_func ("/duration/drawing", test_drawing);
  return g_test_run ();
}
