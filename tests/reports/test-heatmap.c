/* The heat map: which value stands in which cell, on days of 23 and 25 hours too; gaps are no
 * zeros; the colours are even; and the ink is where the values are. */
#include <math.h>

#include "heatmap.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600)  /* 2026-01-01T00:00Z */
#define SPRING G_GINT64_CONSTANT (1774652400) /* 2026-03-28T00:00+01:00 */
#define AUTUMN G_GINT64_CONSTANT (1792792800) /* 2026-10-24T00:00+02:00 */
#define QUARTER 900

/* Energies of intervals, VALUE (row) Wh each. */
static MwChart *
chart_of (gint64 from, guint n_rows, guint32 period_s, gint64 (*value) (guint row))
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = mw_series_new (1, n_rows);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  MwChart *chart = mw_chart_new ();

  series->meter = mw_meter_info_ref (meter);
  series->logger = g_strdup ("load-profile");
  series->obis = g_strdup ("1-0:99.1.0.255");
  series->period_s = period_s;
  series->columns[0] =
      (MwColumn){ MW_COLUMN_DECIMAL, g_strdup ("1-0:1.29.0.255"), 3, 2, g_strdup ("A+"), 0,
                  MW_UNIT_WH };
  for (guint r = 0; r < n_rows; r++) {
    series->time[r] = from + (gint64) period_s * (r + 1);
    series->deviation[r] = 60;
    series->status[r] = r == 3 ? 0x80 : 0;
    series->values[r] = value (r);
  }
  g_assert_nonnull (zone);
  mw_chart_set_zone (chart, zone);
  g_assert_cmpint (mw_chart_add (chart, series, 0, MW_QUANTITY_ENERGY, NULL, 0x80), ==, 0);
  return chart;
}

static gint64
row_number (guint row)
{
  return row;
}

static gint64
with_gap (guint row)
{
  return row >= 40 && row < 44 ? MW_NULL_VALUE : row >= 44 && row < 48 ? 0 : 1000;
}

static gint64
with_spikes (guint row)
{
  return row % 500 == 7 ? 90000 : 100 + row % 100;
}

static guint
count (const MwHeatmap *map, int day, MwHeatKind kind, gboolean second)
{
  guint n = 0;

  for (guint slot = 0; slot < mw_heatmap_get_n_slots (map); slot++) {
    MwHeatCell cell = mw_heatmap_get_cell (map, day, slot, second);
    n += cell.kind == kind && (!second || cell.second);
  }
  return n;
}

static void
test_cells (void)
{
  g_autoptr (MwChart) chart = chart_of (START, 96 * 30, QUARTER, row_number);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);
  MwHeatCell cell;

  g_assert_cmpuint (mw_heatmap_get_n_slots (map), ==, 96);
  g_assert_cmpuint (mw_heatmap_get_n_days (map), ==, 31); /* midnight UTC is one in Berlin */
  g_assert_cmpuint (count (map, 0, MW_HEAT_OUTSIDE, FALSE), ==, 4);
  g_assert_cmpuint (count (map, 0, MW_HEAT_VALUE, FALSE), ==, 92);
  g_assert_cmpuint (count (map, 30, MW_HEAT_VALUE, FALSE), ==, 4);
  g_assert_cmpuint (count (map, -1, MW_HEAT_OUTSIDE, FALSE), ==, 96);
  g_assert_cmpuint (count (map, 31, MW_HEAT_OUTSIDE, FALSE), ==, 96);
  cell = mw_heatmap_get_cell (map, 2, 50, FALSE);
  g_assert_cmpint (cell.kind, ==, MW_HEAT_VALUE);
  g_assert_cmpint (cell.from, ==, START - 3600 + 2 * 86400 + 50 * QUARTER);
  g_assert_cmpint (cell.value.from, ==, cell.from);
  g_assert_cmpint (cell.value.to, ==, cell.to);
  g_assert_cmpfloat (mw_decimal_to_double (cell.value.value), ==, 2 * 96 + 50 - 4);
  cell = mw_heatmap_get_cell (map, 0, 7, FALSE);
  g_assert_true (cell.value.doubtful);
  g_assert_cmpuint (cell.value.status, ==, 0x80);
}

/* Every cell says what the chart says of that time. */
static void
test_agrees_with_chart (void)
{
  g_autoptr (MwChart) chart = chart_of (AUTUMN, 96 * 3, QUARTER, row_number);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);
  guint n = 0;

  for (int day = 0; day < (int) mw_heatmap_get_n_days (map); day++)
    for (guint slot = 0; slot < 96; slot++)
      for (int second = 0; second < 2; second++) {
        MwHeatCell cell = mw_heatmap_get_cell (map, day, slot, second);
        MwChartValue value = mw_chart_lookup (chart, 0, (double) cell.from + 1);
        if (cell.kind != MW_HEAT_VALUE || (second && !cell.second))
          continue;
        g_assert_true (value.valid);
        g_assert_cmpint (value.from, ==, cell.value.from);
        g_assert_cmpint (value.value.mantissa, ==, cell.value.value.mantissa);
        n++;
      }
  g_assert_cmpuint (n, ==, 96 * 3);
}

static void
test_spring (void)
{
  g_autoptr (MwChart) chart = chart_of (SPRING, 96 * 3 - 4, QUARTER, row_number);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);
  MwHeatCell before, after;

  g_assert_cmpuint (mw_heatmap_get_n_days (map), ==, 3);
  g_assert_cmpuint (count (map, 1, MW_HEAT_VALUE, FALSE), ==, 92);
  g_assert_cmpuint (count (map, 1, MW_HEAT_NO_TIME, FALSE), ==, 4);
  g_assert_cmpuint (count (map, 2, MW_HEAT_VALUE, FALSE), ==, 96);
  before = mw_heatmap_get_cell (map, 1, 7, FALSE); /* 01:45 */
  after = mw_heatmap_get_cell (map, 1, 12, FALSE); /* 03:00 */
  g_assert_cmpint (before.to, ==, after.from);
  g_assert_cmpint (mw_heatmap_get_cell (map, 1, 8, FALSE).kind, ==, MW_HEAT_NO_TIME);
}

static void
test_autumn (void)
{
  g_autoptr (MwChart) chart = chart_of (AUTUMN, 96 * 3 + 4, QUARTER, row_number);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);
  MwHeatCell first, second;

  g_assert_cmpuint (mw_heatmap_get_n_days (map), ==, 3);
  g_assert_cmpuint (count (map, 1, MW_HEAT_VALUE, FALSE), ==, 96);
  g_assert_cmpuint (count (map, 1, MW_HEAT_VALUE, TRUE), ==, 4);
  g_assert_cmpuint (count (map, 0, MW_HEAT_VALUE, TRUE), ==, 0);
  first = mw_heatmap_get_cell (map, 1, 9, FALSE); /* 02:15 */
  second = mw_heatmap_get_cell (map, 1, 9, TRUE);
  g_assert_true (first.twice && second.twice && second.second);
  g_assert_cmpint (second.from - first.from, ==, 3600);
  g_assert_cmpfloat (mw_decimal_to_double (second.value.value)
                         - mw_decimal_to_double (first.value.value),
                     ==, 4);
}

/* A missing value is a gap, a zero is a value. */
static void
test_gap (void)
{
  g_autoptr (MwChart) chart = chart_of (SPRING, 96, QUARTER, with_gap);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);

  g_assert_cmpuint (count (map, 0, MW_HEAT_GAP, FALSE), ==, 4);
  g_assert_cmpint (mw_heatmap_get_cell (map, 0, 40, FALSE).kind, ==, MW_HEAT_GAP);
  g_assert_cmpint (mw_heatmap_get_cell (map, 0, 44, FALSE).kind, ==, MW_HEAT_VALUE);
  g_assert_cmpint (mw_heatmap_get_cell (map, 0, 44, FALSE).value.value.mantissa, ==, 0);
}

static void
test_other_periods (void)
{
  g_autoptr (MwChart) hours = chart_of (SPRING, 48, 3600, row_number);
  g_autoptr (MwChart) sevens = chart_of (SPRING, 400, 420, row_number); /* not of a day */
  g_autoptr (MwHeatmap) map = mw_heatmap_new (hours, 0);
  g_autoptr (MwHeatmap) odd = mw_heatmap_new (sevens, 0);

  g_assert_cmpuint (mw_heatmap_get_n_slots (map), ==, 24);
  g_assert_cmpuint (count (map, 0, MW_HEAT_VALUE, FALSE), ==, 24);
  g_assert_cmpuint (86400 % mw_heatmap_get_n_slots (odd), ==, 0);
  g_assert_cmpuint (count (odd, 0, MW_HEAT_VALUE, FALSE), ==, mw_heatmap_get_n_slots (odd));
}

/* Few values far above all others do not make the rest one colour. */
static void
test_scale (void)
{
  g_autoptr (MwChart) even = chart_of (START, 96 * 30, QUARTER, row_number);
  g_autoptr (MwChart) spiky = chart_of (START, 96 * 30, QUARTER, with_spikes);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (even, 0);
  g_autoptr (MwHeatmap) cut = mw_heatmap_new (spiky, 0);
  double low, high;
  gboolean clipped;

  mw_heatmap_get_scale (map, &low, &high, &clipped);
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat (high, ==, 96 * 30 - 1);
  g_assert_false (clipped);
  mw_heatmap_get_scale (cut, &low, &high, &clipped);
  g_assert_true (clipped);
  g_assert_cmpfloat (high, >=, 199);
  g_assert_cmpfloat (high, <, 400);
}

static double
linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

/* CIE lightness. */
static double
lightness (MwChartColour c)
{
  double y = 0.2126 * linear (c.red) + 0.7152 * linear (c.green) + 0.0722 * linear (c.blue);

  return y > 0.008856 ? 116 * cbrt (y) - 16 : 903.3 * y;
}

/* Brighter in even steps from end to end: readable without any sense of hue. */
static void
test_colours (void)
{
  double first = lightness (mw_heatmap_colour (0)), last = lightness (mw_heatmap_colour (1));
  double even = (last - first) / 16;

  g_assert_cmpfloat (last - first, >, 70);
  for (int i = 0; i < 16; i++) {
    double step = lightness (mw_heatmap_colour ((i + 1) / 16.0))
                  - lightness (mw_heatmap_colour (i / 16.0));
    g_assert_cmpfloat (step, >, 0.7 * even);
    g_assert_cmpfloat (step, <, 1.3 * even);
  }
}

static guint32
pixel_at (cairo_surface_t *s, double x, double y)
{
  const guint8 *row =
      cairo_image_surface_get_data (s) + (gsize) y * (gsize) cairo_image_surface_get_stride (s);

  return ((const guint32 *) (gconstpointer) row)[(int) x];
}

static guint32
wanted (const MwHeatmap *map, double value)
{
  double low, high;
  gboolean clipped;
  MwChartColour c;

  mw_heatmap_get_scale (map, &low, &high, &clipped);
  c = mw_heatmap_colour (rint ((value - low) / (high - low) * 255) / 255);
  return 0xff000000u | (guint32) (c.red * 255 + 0.5) << 16
         | (guint32) (c.green * 255 + 0.5) << 8 | (guint32) (c.blue * 255 + 0.5);
}

static void
test_ink (void)
{
  g_autoptr (MwChart) chart = chart_of (SPRING, 96 * 4 - 4, QUARTER, with_gap);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 500);
  cairo_t *cr = cairo_create (surface);
  MwChartGeometry g;
  MwHeatCell cell;
  MwChartView view;

  mw_chart_get_extent (chart, &view);
  mw_heatmap_draw (map, cr, &mw_chart_style_light, view, 800, 500, &g);
  cairo_surface_flush (surface);
  g_assert_cmpfloat (g.view.t0, ==, SPRING);
  g_assert_cmpfloat (g.view.t1, ==, SPRING + 4 * 86400 - 3600);
  for (double fx = 0.03; fx < 1; fx += 0.11)
    for (double fy = 0.005; fy < 1; fy += 0.0833) {
      double x = floor (g.x + fx * g.width), y = floor (g.y + fy * g.height);
      guint32 have = pixel_at (surface, x, y);
      g_assert_true (mw_heatmap_at (map, &g, x + 0.5, y + 0.5, &cell));
      if (cell.kind == MW_HEAT_VALUE && !cell.value.doubtful)
        g_assert_cmphex (have, ==, wanted (map, mw_decimal_to_double (cell.value.value)));
      else if (cell.kind == MW_HEAT_GAP) /* veiled, not covered */
        g_assert_cmpuint (have >> 24, <, 0xf0);
      else if (cell.kind == MW_HEAT_NO_TIME)
        g_assert_cmphex (have, ==, 0);
    }
  g_assert_false (mw_heatmap_at (map, &g, g.x - 1, g.y + 5, &cell));
  g_assert_false (mw_heatmap_at (map, &g, g.x + 5, g.y + g.height + 1, &cell));
  mw_heatmap_draw_cursor (map, cr, &mw_chart_style_light, &g, g.x + 20, g.y + 20);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Sizes and views that nobody chose: nothing breaks. */
static void
test_odd_drawings (void)
{
  static const double sizes[][2] = { { 1, 1 }, { 40, 30 }, { 300, 90 }, { 1200, 700 } };
  g_autoptr (MwChart) chart = chart_of (START, 96 * 800, QUARTER, with_spikes);
  g_autoptr (MwHeatmap) map = mw_heatmap_new (chart, 0);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1200, 700);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int days = 1; days < 4000; days *= 3) {
      MwChartView view = { START - 86400.0 * days / 2, START + 86400.0 * days };
      mw_heatmap_draw (map, cr, &mw_chart_style_dark, view, sizes[i][0], sizes[i][1], NULL);
    }
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heatmap/cells", test_cells);
  g_test_add_func ("/heatmap/agrees-with-chart", test_agrees_with_chart);
  g_test_add_func ("/heatmap/spring", test_spring);
  g_test_add_func ("/heatmap/autumn", test_autumn);
  g_test_add_func ("/heatmap/gap", test_gap);
  g_test_add_func ("/heatmap/other-periods", test_other_periods);
  g_test_add_func ("/heatmap/scale", test_scale);
  g_test_add_func ("/heatmap/colours", test_colours);
  g_test_add_func ("/heatmap/ink", test_ink);
  g_test_add_func ("/heatmap/odd-drawings", test_odd_drawings);
  return g_test_run ();
}
