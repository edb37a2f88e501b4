/* Loggers: what is new is added once, nothing is lost when clock or columns change. */
#include <string.h>

#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600)

typedef struct {
  MwStore *store;
  MwMeterInfo *meter; /* stored */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF00000001");

  f->store = mw_store_open (":memory:", &error);
  g_assert_no_error (error);
  f->meter = mw_store_save_meter (f->store, meter, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mw_meter_info_unref (f->meter);
  mw_store_unref (f->store);
}

static guint
save (Fixture *f, const MwSeries *series)
{
  g_autoptr (GError) error = NULL;
  guint n_new = 0;

  g_assert_true (mw_store_save_series (f->store, series, NULL, &n_new, &error));
  g_assert_no_error (error);
  return n_new;
}

static MwSeries *
load_all (Fixture *f, const char *logger)
{
  g_autoptr (GError) error = NULL;
  MwSeries *series =
      mw_store_load_series (f->store, f->meter->id, logger, G_MININT64, G_MAXINT64, &error);

  g_assert_no_error (error);
  return series;
}

static void
test_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) first = sample_profile (f->meter, START, 100);
  g_autoptr (MwSeries) longer = sample_profile (f->meter, START, 150);
  g_autoptr (MwSeries) back = NULL;
  g_autoptr (MwSeries) window = NULL;
  g_autoptr (GPtrArray) states = NULL;
  const MwLoggerState *state;
  MwNewestRow newest;
  g_autoptr (GError) error = NULL;

  g_assert_false (
      mw_store_get_newest_row (f->store, f->meter->id, "load-profile", &newest, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_assert_cmpuint (save (f, first), ==, 100);
  g_assert_cmpuint (save (f, first), ==, 0);
  g_assert_cmpuint (save (f, longer), ==, 50);
  back = load_all (f, "load-profile");
  sample_assert_same_rows (longer, back);

  window = mw_store_load_series (f->store, f->meter->id, "load-profile", START + 900,
                                 START + 1800, NULL);
  g_assert_cmpuint (window->n_rows, ==, 2); /* both ends belong to it */
  states = mw_store_list_loggers (f->store, f->meter->id, NULL);
  g_assert_cmpuint (states->len, ==, 1);
  state = states->pdata[0];
  g_assert_cmpuint (state->n_rows, ==, 150);
  g_assert_cmpint (state->first, ==, START);
  g_assert_cmpint (state->last, ==, START + 149 * 900);
  g_assert_true (
      mw_store_get_newest_row (f->store, f->meter->id, "load-profile", &newest, NULL));
  g_assert_cmpint (newest.time, ==, START + 149 * 900);
  g_assert_cmpuint (newest.n_columns, ==, 4);
  g_assert_cmpint (newest.values[3], ==, longer->values[149 * 4 + 3]);
}

static void
test_never_read (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) none = load_all (f, "load-profile");

  g_assert_cmpuint (none->n_rows, ==, 0);
  g_assert_cmpuint (none->n_columns, ==, 0);
}

/* The clock was set back: one time, two rows, both stay, in the meter's order. */
static void
test_clock_set_back (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) series = sample_profile (f->meter, START, 8);
  g_autoptr (MwSeries) only_second = NULL;
  g_autoptr (MwSeries) back = NULL;

  for (guint r = 4; r < 8; r++)
    series->time[r] -= 4 * 900;
  g_assert_cmpuint (save (f, series), ==, 8);
  g_assert_cmpuint (save (f, series), ==, 0);
  back = load_all (f, "load-profile");
  g_assert_cmpuint (back->n_rows, ==, 8);
  for (guint r = 0; r < 8; r++) {
    g_assert_cmpint (back->time[r], ==, START + 900 * (r / 2));
    g_assert_cmpuint (back->sequence[r], ==, r % 2);
    g_assert_cmpint (back->values[r * 4], ==, series->values[(r / 2 + (r % 2) * 4) * 4]);
  }
  /* The first rows have left the meter's buffer: the second are known all the same. */
  only_second = mw_series_new (4, 4);
  only_second->meter = mw_meter_info_ref (f->meter);
  only_second->logger = g_strdup ("load-profile");
  only_second->obis = g_strdup (series->obis);
  only_second->period_s = 900;
  for (guint c = 0; c < 4; c++) {
    only_second->columns[c] = series->columns[c];
    only_second->columns[c].obis = g_strdup (series->columns[c].obis);
    only_second->columns[c].name = g_strdup (series->columns[c].name);
  }
  memcpy (only_second->values, series->values + 16, 16 * sizeof (gint64));
  memcpy (only_second->time, series->time + 4, 4 * sizeof (gint64));
  memcpy (only_second->status, series->status + 4, 4 * sizeof (guint32));
  g_assert_cmpuint (save (f, only_second), ==, 0);
}

/* Two equal events of one second are two; read again, they are still two. */
static void
test_equal_events (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) events = sample_events (f->meter, START, 6);
  g_autoptr (MwSeries) back = NULL;

  for (guint r = 2; r < 5; r++) {
    events->time[r] = START + 60;
    events->values[r] = 4;
  }
  g_assert_cmpuint (save (f, events), ==, 6);
  g_assert_cmpuint (save (f, events), ==, 0);
  back = load_all (f, "events-standard");
  g_assert_cmpuint (back->n_rows, ==, 6);
  g_assert_cmpuint (back->sequence[4], ==, 3);
  g_assert_cmpint (back->columns[0].kind, ==, MW_COLUMN_CODE);
}

/* Other capture objects: a new version; both stay, and are loaded apart or as one. */
static void
test_columns_change (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) first = sample_profile (f->meter, START, 10);
  g_autoptr (MwSeries) second = sample_profile (f->meter, START + 10 * 900, 5);
  g_autoptr (MwSeries) third = sample_profile (f->meter, START + 15 * 900, 5);
  g_autoptr (MwSeries) all = NULL;
  g_autoptr (GPtrArray) versions = NULL;

  /* The second counts in 0.1 Wh and has a voltage where Q- was. */
  second->columns[0].exponent = -1;
  second->columns[3].unit = MW_UNIT_V;
  g_free (second->columns[3].obis);
  second->columns[3].obis = g_strdup ("1-0:32.7.0.255");
  g_assert_cmpuint (save (f, first), ==, 10);
  g_assert_cmpuint (save (f, second), ==, 5);
  g_assert_cmpuint (save (f, third), ==, 5); /* back to the first columns */
  g_assert_cmpuint (save (f, second), ==, 0);

  versions = mw_store_load_series_versions (f->store, f->meter->id, "load-profile", G_MININT64,
                                            G_MAXINT64, NULL);
  g_assert_cmpuint (versions->len, ==, 2);
  g_assert_cmpuint (((MwSeries *) versions->pdata[0])->n_rows, ==, 15);
  sample_assert_same_rows (versions->pdata[1], second);

  all = load_all (f, "load-profile");
  g_assert_cmpuint (all->n_rows, ==, 20);
  g_assert_cmpuint (all->n_columns, ==, 5);
  for (guint r = 0; r < 20; r++) {
    const MwSeries *from = r < 10 ? first : r < 15 ? second : third;
    guint row = r < 10 ? r : r < 15 ? r - 10 : r - 15;
    mw_decimal x, y;
    g_assert_cmpint (all->time[r], ==, from->time[row]);
    for (guint c = 0; c < 4; c++) {
      guint at = 0;
      while (g_strcmp0 (all->columns[at].obis, from->columns[c].obis) != 0)
        at++;
      g_assert_true (mw_series_get_decimal (all, r, at, &x));
      g_assert_true (mw_series_get_decimal (from, row, c, &y));
      g_assert_cmpint (mw_decimal_compare (x, y), ==, 0); /* exact, whatever the exponent */
    }
  }
}

static void
test_nulls_texts_width (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) wide = mw_series_new (40, 3);
  g_autoptr (MwSeries) back = NULL;
  g_autoptr (MwSeries) too_wide = mw_series_new (MW_STORE_MAX_COLUMNS + 1, 1);
  g_autoptr (GError) error = NULL;

  wide->meter = mw_meter_info_ref (f->meter);
  wide->logger = g_strdup ("certification");
  wide->texts = g_new0 (char *, 40 * 3);
  for (guint c = 0; c < 40; c++) {
    wide->columns[c].kind = c == 39 ? MW_COLUMN_TEXT : MW_COLUMN_DECIMAL;
    wide->columns[c].obis = g_strdup_printf ("1-0:%u.8.0.255", c);
  }
  for (guint r = 0; r < 3; r++) {
    wide->time[r] = START + r;
    for (guint c = 0; c < 39; c += 2)
      wide->values[r * 40 + c] = c == 0 ? G_MAXINT64 : -(gint64) c;
  }
  wide->texts[0 * 40 + 39] = g_strdup ("old “ü”");
  wide->texts[2 * 40 + 39] = g_strdup ("");
  g_assert_cmpuint (save (f, wide), ==, 3);
  g_assert_cmpuint (save (f, wide), ==, 0);
  back = load_all (f, "certification");
  sample_assert_same_rows (wide, back);
  g_free (wide->texts[0 * 40 + 39]);
  wide->texts[0 * 40 + 39] = g_strdup ("another");
  g_assert_cmpuint (save (f, wide), ==, 1); /* another text is another row */

  too_wide->meter = mw_meter_info_ref (f->meter);
  too_wide->logger = g_strdup ("x");
  g_assert_false (mw_store_save_series (f->store, too_wide, NULL, NULL, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID);
}

static void
test_spans_and_raw (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) first = sample_profile (f->meter, START, 10);
  g_autoptr (MwSeries) later = sample_profile (f->meter, START + 20 * 900, 5);
  g_autofree char *noise = g_strnfill (10000, 'x');
  g_autoptr (GBytes) raw = g_bytes_new (noise, 10000);
  g_autoptr (GBytes) small = g_bytes_new ("\1\2", 2);
  g_autoptr (GArray) spans = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  const MwLoggerSpan *span;
  const MwRawAnswer *answer;

  g_assert_true (mw_store_save_series (f->store, first, raw, NULL, NULL));
  g_assert_true (mw_store_save_series (f->store, later, small, NULL, NULL));
  spans = mw_store_list_spans (f->store, f->meter->id, "load-profile", NULL);
  g_assert_cmpuint (spans->len, ==, 2);
  span = &g_array_index (spans, MwLoggerSpan, 1);
  g_assert_cmpint (span->from, ==, START + 20 * 900);
  g_assert_cmpint (span->to, ==, START + 24 * 900);
  g_assert_cmpuint (span->n_rows, ==, 5);
  answers = mw_store_list_raw_answers (f->store, f->meter->id, "load-profile", NULL);
  g_assert_cmpuint (answers->len, ==, 2);
  answer = answers->pdata[0];
  g_assert_true (g_bytes_equal (answer->bytes, raw));
  g_assert_cmpint (answer->from, ==, START);
  g_assert_cmpint (answer->to, ==, START + 9 * 900);
  answer = answers->pdata[1];
  g_assert_true (g_bytes_equal (answer->bytes, small));
}

/* Forgetting a meter takes everything of it along. */
static void
test_forget (Fixture *f, gconstpointer data)
{
  g_autoptr (MwSeries) series = sample_profile (f->meter, START, 10);
  g_autoptr (MwReadout) readout = sample_readout (f->meter);
  g_autoptr (MwMeterInfo) again = NULL;
  g_autoptr (GPtrArray) states = NULL;

  save (f, series);
  g_assert_cmpint (mw_store_save_readout (f->store, readout, NULL), >, 0);
  g_assert_true (mw_store_forget_meter (f->store, f->meter->id, NULL));
  again = mw_store_save_meter (f->store, f->meter, NULL);
  states = mw_store_list_loggers (f->store, again->id, NULL);
  g_assert_cmpuint (states->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/series/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("twice", test_twice);
  ADD ("never-read", test_never_read);
  ADD ("clock-set-back", test_clock_set_back);
  ADD ("equal-events", test_equal_events);
  ADD ("columns-change", test_columns_change);
  ADD ("nulls-texts-width", test_nulls_texts_width);
  ADD ("spans-and-raw", test_spans_and_raw);
  ADD ("forget", test_forget);
  return g_test_run ();
}
