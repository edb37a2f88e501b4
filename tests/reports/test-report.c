/* Reports as PDF: pages, identity, and that a failure leaves what was there.  With
 * MW_KEEP_REPORTS set to a folder the files stay there, to be looked at. */
#include <glib/gstdio.h>
#include <string.h>

#include "report.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600) /* 2026-01-01T00:00Z */

typedef struct {
  MwStore *store;
  MwMeterInfo *meter;
  char *folder;
  char *path;
  GTimeZone *zone;
  MwReportOptions options;
} Fixture;

static void
set_up (Fixture *f, gconstpointer name)
{
  f->store = mw_store_open (":memory:", NULL);
  f->meter = sample_meter ("REF00000001");
  f->folder = sample_folder ();
  f->path = g_build_filename (f->folder, name, NULL);
  f->zone = g_time_zone_new_identifier ("Europe/Berlin");
  f->options = (MwReportOptions){ .zone = f->zone,
                                  .store = f->store,
                                  .made_at = START,
                                  .author = "anna",
                                  .quantity = MW_QUANTITY_ENERGY,
                                  .doubtful_mask = 0x87 };
}

static void
tear_down (Fixture *f, gconstpointer name)
{
  const char *keep = g_getenv ("MW_KEEP_REPORTS");

  if (keep) {
    g_autofree char *to = g_build_filename (keep, name, NULL);
    g_rename (f->path, to);
  }
  sample_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_time_zone_unref (f->zone);
  mw_meter_info_unref (f->meter);
  mw_store_unref (f->store);
}

/* What pdftotext makes of the file, NULL when there is no such program. */
static char *
text_of (Fixture *f)
{
  char *argv[] = { (char *) "pdftotext", (char *) "-layout", f->path, (char *) "-", NULL };
  g_autofree char *bytes = NULL;
  char *text = NULL;
  gsize len = 0;
  int status = 1;

  g_assert_true (g_file_get_contents (f->path, &bytes, &len, NULL));
  g_assert_cmpuint (len, >, 1000);
  g_assert_true (g_str_has_prefix (bytes, "%PDF-1."));
  g_assert_nonnull (memmem (bytes + len - 64, 64, "%%EOF", 5));
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, &status,
                     NULL)
      || status != 0) {
    g_test_message ("no pdftotext: the words are not looked at");
    return NULL;
  }
  return text;
}

static void
assert_says (const char *text, const char *words)
{
  if (text && !strstr (text, words))
    g_error ("the report does not say “%s”:\n%s", words, text);
}

static void
test_profile (Fixture *f, gconstpointer name)
{
  g_autoptr (MwSeries) series = sample_profile (f->meter, START, 96 * 4);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (guint r = 96 * 2; r < series->n_rows; r++)
    series->time[r] += 7200;
  g_assert_true (mw_report_save_profile (series, &f->options, f->path, &error));
  g_assert_no_error (error);
  text = text_of (f);
  assert_says (text, "Load profile");
  assert_says (text, "REFERENCE METER");
  assert_says (text, "REF00000001");
  assert_says (text, "MT381-D1");
  assert_says (text, "1 of 8");
  assert_says (text, "8 of 8");
  assert_says (text, "Active energy A+");
  assert_says (text, "1.8.0 kWh");
  assert_says (text, "2026-01-01 01:15"); /* local time */
  assert_says (text, "No values from 2026-01-03 00:45 on");
  assert_says (text, "PDN: Power failure");
  assert_says (text, "Each day");
  assert_says (text, "2026-01-02 Fri");
  assert_says (text, "incomplete");
}

static void
test_readout (Fixture *f, gconstpointer name)
{
  g_autoptr (MwReadout) readout = sample_readout (f->meter);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (mw_report_save_readout (readout, &f->options, f->path, &error));
  g_assert_no_error (error);
  text = text_of (f);
  assert_says (text, "Register read-out");
  assert_says (text, "12345678");
  assert_says (text, "231.2");
  assert_says (text, "refused: read-write denied");
  assert_says (text, "(-2 s)");
  assert_says (text, "1 of 1");
}

static void
test_events (Fixture *f, gconstpointer name)
{
  g_autoptr (MwSeries) events = sample_events (f->meter, START, 60);
  g_autoptr (MwSeries) none = sample_events (f->meter, START, 0);
  const MwSeries *both[] = { events, none };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (mw_report_save_events (both, 2, &f->options, f->path, &error));
  g_assert_no_error (error);
  text = text_of (f);
  assert_says (text, "Power down");
  assert_says (text, "No events.");
  assert_says (text, "2 of 2");
}

/* The picture that was seen stands above the same tables. */
static void
test_pictures (Fixture *f, gconstpointer name)
{
  g_autoptr (MwSeries) series = sample_profile (f->meter, START, 96 * 10);
  g_autofree char *heat = NULL, *duration = NULL;

  f->options.picture = MW_REPORT_HEAT_MAP;
  f->options.column = 1;
  g_assert_true (mw_report_save_profile (series, &f->options, f->path, NULL));
  heat = text_of (f);
  assert_says (heat, "Active energy A-");
  assert_says (heat, "none"); /* the legend */
  assert_says (heat, "18:00");
  f->options.picture = MW_REPORT_DURATION;
  g_assert_true (mw_report_save_profile (series, &f->options, f->path, NULL));
  duration = text_of (f);
  assert_says (duration, "median");
  assert_says (duration, "240"); /* hours */
  assert_says (duration, "REF00000001");
}

/* A real meter is not called a reference meter; no rows are said to be none. */
static void
test_real_and_empty (Fixture *f, gconstpointer name)
{
  g_autoptr (MwMeterInfo) real = mw_meter_info_dup (f->meter);
  g_autoptr (MwSeries) series = NULL;
  g_autofree char *text = NULL;

  real->reference = FALSE;
  series = sample_profile (real, START, 0);
  g_assert_true (mw_report_save_profile (series, &f->options, f->path, NULL));
  text = text_of (f);
  assert_says (text, "There are no values in this period.");
  g_assert_true (!text || !strstr (text, "REFERENCE"));
}

static void
test_full_disk (Fixture *f, gconstpointer name)
{
  g_autoptr (MwSeries) series = sample_profile (f->meter, START, 96);
  g_autoptr (GError) error = NULL;

  g_assert_false (mw_report_save_profile (series, &f->options, "/dev/full", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (mw_report_save_profile (series, &f->options, f->path, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
  g_test_add ("/report/" name, Fixture, name ".pdf", set_up, func, tear_down)
  ADD ("profile", test_profile);
  ADD ("readout", test_readout);
  ADD ("events", test_events);
  ADD ("pictures", test_pictures);
  ADD ("empty", test_real_and_empty);
  ADD ("full-disk", test_full_disk);
  return g_test_run ();
}
