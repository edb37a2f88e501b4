/* Energy, power and register of a column: differences, gaps, overflow, reset, set-back clocks.
 */
#include "derive.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600)

/* A series of one column of N values a quarter of an hour apart. */
static MwSeries *
one_column (const char *obis, guint8 unit, gint8 exponent, const gint64 *values, guint n)
{
  MwSeries *s = mw_series_new (1, n);

  s->period_s = 900;
  s->columns[0] =
      (MwColumn){ MW_COLUMN_DECIMAL, g_strdup (obis), 3, 2, g_strdup ("x"), exponent, unit };
  for (guint r = 0; r < n; r++) {
    s->time[r] = START + 900 * (gint64) r;
    s->values[r] = values[r];
  }
  return s;
}

static void
assert_track (const MwSeries *s, MwQuantity quantity, int exponent, int unit,
              const gint64 *expected)
{
  g_autoptr (MwTrack) track = mw_track_new (s, 0, quantity, 0x84);

  g_assert_nonnull (track);
  g_assert_cmpint (track->exponent, ==, exponent);
  g_assert_cmpint (track->unit, ==, unit);
  g_assert_cmpuint (track->n, ==, s->n_rows);
  for (guint i = 0; i < track->n; i++)
    if (expected[i] == MW_NULL_VALUE) {
      g_assert_true (track->flags[i] & MW_POINT_NULL);
    } else {
      g_assert_false (track->flags[i] & MW_POINT_NULL);
      g_assert_cmpint (track->value[i], ==, expected[i]);
    }
}

#define N MW_NULL_VALUE

static void
test_counter (void)
{
  const gint64 values[] = { 1000, 1310, 1310, 1635 };
  const gint64 energy[] = { N, 310, 0, 325 }, power[] = { N, 1240, 0, 1300 };
  g_autoptr (MwSeries) s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 4);

  assert_track (s, MW_QUANTITY_REGISTER, 0, MW_UNIT_WH, values);
  assert_track (s, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, energy);
  assert_track (s, MW_QUANTITY_POWER, 0, MW_UNIT_W, power); /* 310 Wh in 15 minutes: 1240 W */
}

static void
test_interval_and_average (void)
{
  const gint64 energies[] = { 31, 0, N }, powers[] = { 1240, 0, N };
  const gint64 times4[] = { 124, 0, N }, quarters[] = { 310, 0, N };
  g_autoptr (MwSeries) e = one_column ("1-0:1.29.0.255", MW_UNIT_WH, 1, energies, 3);
  g_autoptr (MwSeries) p = one_column ("1-0:1.5.0.255", MW_UNIT_W, 0, powers, 3);
  g_autoptr (MwSeries) sample = one_column ("1-0:1.7.0.255", MW_UNIT_W, 0, powers, 3);
  g_autoptr (MwSeries) volt = one_column ("1-0:32.7.0.255", MW_UNIT_V, -1, powers, 3);

  assert_track (e, MW_QUANTITY_ENERGY, 1, MW_UNIT_WH, energies);
  assert_track (e, MW_QUANTITY_POWER, 1, MW_UNIT_W, times4);
  assert_track (p, MW_QUANTITY_POWER, 0, MW_UNIT_W, powers);
  assert_track (p, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, quarters);
  assert_track (sample, MW_QUANTITY_POWER, 0, MW_UNIT_W, powers);
  g_assert_false (mw_series_has_quantity (sample, 0, MW_QUANTITY_ENERGY));
  g_assert_null (mw_track_new (volt, 0, MW_QUANTITY_ENERGY, 0));
  g_assert_null (mw_track_new (volt, 0, MW_QUANTITY_POWER, 0));
}

/* A period that does not divide the hour: three digits more, rounded. */
static void
test_rounding (void)
{
  const gint64 values[] = { 0, 100 }, power[] = { N, 514286 }; /* 100 Wh in 700 s */
  g_autoptr (MwSeries) s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 2);

  s->period_s = 700;
  s->time[1] = s->time[0] + 700;
  assert_track (s, MW_QUANTITY_POWER, -3, MW_UNIT_W, power);
}

/* Rows are missing: no difference over the hole, and the hole is marked. */
static void
test_gap (void)
{
  const gint64 values[] = { 100, 200, 900, 1000 }, energy[] = { N, 100, N, 100 };
  g_autoptr (MwSeries) s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 4);
  g_autoptr (MwTrack) track = NULL;

  s->time[2] += 3600;
  s->time[3] += 3600;
  s->status[3] = 0x04;
  assert_track (s, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, energy);
  track = mw_track_new (s, 0, MW_QUANTITY_ENERGY, 0x84);
  g_assert_cmpint (track->flags[1], ==, 0);
  g_assert_true (track->flags[2] & MW_POINT_GAP);
  g_assert_cmpint (track->flags[3], ==, MW_POINT_DOUBTFUL);
  g_assert_cmpint (track->from[3], ==, s->time[2]);
}

/* A null value takes its own difference and the next one with it. */
static void
test_null (void)
{
  const gint64 values[] = { 100, N, 300, 400 }, energy[] = { N, N, N, 100 };
  g_autoptr (MwSeries) s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 4);

  assert_track (s, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, energy);
}

static void
test_overflow (void)
{
  const gint64 digits[] = { 99999500, 99999800, 150, 450 }, by_digits[] = { N, 300, 350, 300 };
  const gint64 bits[] = { 4294967000, 4294967200, 104, 304 }, by_bits[] = { N, 200, 200, 200 };
  g_autoptr (MwSeries) a = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, digits, 4);
  g_autoptr (MwSeries) b = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, bits, 4);

  assert_track (a, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, by_digits);
  assert_track (b, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, by_bits);
}

/* Set to zero: the interval is not known, and says so. */
static void
test_reset (void)
{
  const gint64 values[] = { 123456, 123756, 20, 320 }, energy[] = { N, 300, N, 300 };
  g_autoptr (MwSeries) s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 4);
  g_autoptr (MwTrack) track = mw_track_new (s, 0, MW_QUANTITY_ENERGY, 0);

  assert_track (s, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, energy);
  g_assert_true (track->flags[2] & MW_POINT_DOUBTFUL);
}

/* The capture period was changed from 30 to 15 minutes: the rows before it count as well. */
static void
test_period_changed (void)
{
  gint64 values[40];
  g_autoptr (MwSeries) s = NULL;
  g_autoptr (MwTrack) energy = NULL;
  g_autoptr (MwTrack) power = NULL;

  for (guint r = 0; r < 40; r++)
    values[r] = r < 20 ? 200 * r : 200 * 19 + 100 * (r - 19);
  s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 40);
  for (guint r = 1; r < 40; r++)
    s->time[r] = s->time[r - 1] + (r < 20 ? 1800 : 900);
  energy = mw_track_new (s, 0, MW_QUANTITY_ENERGY, 0);
  power = mw_track_new (s, 0, MW_QUANTITY_POWER, 0);
  for (guint r = 1; r < 40; r++) {
    g_assert_cmpint (energy->flags[r], ==, 0);
    g_assert_cmpint (energy->value[r], ==, r < 20 ? 200 : 100);
    g_assert_cmpint (energy->from[r], ==, s->time[r - 1]);
    g_assert_cmpint (power->value[r], ==, 400);
  }
}

/* The clock was set back: the rows of both passes each follow their own. */
static void
test_clock_set_back (void)
{
  /* 0:00 0:15 0:30 | set back | 0:15 0:30 0:45, as the store gives them */
  const gint64 values[] = { 100, 200, 400, 300, 500, 600 };
  const gint64 quarter[] = { 0, 1, 1, 2, 2, 3 };
  const guint32 sequence[] = { 0, 0, 1, 0, 1, 0 };
  const gint64 energy[] = { N, 100, N, 100, 100, 100 };
  g_autoptr (MwSeries) s = one_column ("1-0:1.8.0.255", MW_UNIT_WH, 0, values, 6);

  for (guint r = 0; r < 6; r++) {
    s->time[r] = START + 900 * quarter[r];
    s->sequence[r] = sequence[r];
  }
  assert_track (s, MW_QUANTITY_ENERGY, 0, MW_UNIT_WH, energy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/derive/counter", test_counter);
  g_test_add_func ("/derive/interval-and-average", test_interval_and_average);
  g_test_add_func ("/derive/rounding", test_rounding);
  g_test_add_func ("/derive/gap", test_gap);
  g_test_add_func ("/derive/null", test_null);
  g_test_add_func ("/derive/overflow", test_overflow);
  g_test_add_func ("/derive/reset", test_reset);
  g_test_add_func ("/derive/period-changed", test_period_changed);
  g_test_add_func ("/derive/clock-set-back", test_clock_set_back);
  return g_test_run ();
}
