/* CSV and JSON: exact numbers, times with offset, quoting; files that appear whole or not. */
#include <glib/gstdio.h>
#include <string.h>

#include "csv.h"
#include "json.h"
#include "outfile.h"
#include "sample.h"
#include "textbuf.h"

#define START G_GINT64_CONSTANT (1767225600) /* 2026-01-01T00:00Z */

static char *
take_text (GOutputStream *out)
{
  g_assert_true (g_output_stream_write_all (out, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (out, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (out));
}

static char *
csv_of (const MwSeries *series, const MwCsvOptions *options)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_assert_true (mw_csv_write_series (series, options, out, NULL, NULL));
  return take_text (out);
}

/* The formatting by hand agrees with that of decimal.h and civil.h. */
static void
test_numbers (void)
{
  static const gint64 values[] = {
    0, 1, -1, 9, 10, 99, 100, 101, 12345, -1234567, 999999999999, G_MAXINT64, G_MININT64 + 1
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (int exponent = -5; exponent <= 3; exponent++) {
      g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
      MwTextbuf *b = mw_textbuf_new (out, zone, NULL);
      g_autofree char *text = NULL;
      char expected[MW_DECIMAL_TEXT];
      mw_textbuf_decimal (b, values[i], exponent, '.');
      g_assert_true (mw_textbuf_finish (b, NULL));
      text = take_text (out);
      mw_decimal_format (mw_decimal_of (values[i], exponent, 0), expected, sizeof expected);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_times (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  MwTextbuf *b = mw_textbuf_new (out, zone, NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *text = NULL;

  /* Every 5 h 17 min over two years, both changes of the clock in it, forth and back. */
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < 3300; i++) {
      gint64 t = START + 19020 * (gint64) (pass ? 3299 - i : i);
      int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, t);
      mw_civil civil = mw_civil_from_utc (
          t, (int16_t) (g_time_zone_get_offset (zone, interval) / 60), MW_CLOCK_STATUS_ANY);
      char one[MW_CIVIL_TEXT];
      mw_civil_format (&civil, one, sizeof one);
      g_string_append (expected, one);
      mw_textbuf_time (b, t, MW_DEVIATION_ANY);
    }
  mw_textbuf_time (b, -1, -210);
  g_string_append (expected, "1969-12-31T20:29:59-03:30");
  g_assert_true (mw_textbuf_finish (b, NULL));
  text = take_text (out);
  g_assert_cmpstr (text, ==, expected->str);
}

static void
test_csv (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, 3);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("America/New_York");
  MwCsvOptions comma = { .decimal_comma = TRUE, .normal_time = TRUE, .crlf = TRUE };
  MwCsvOptions odd = { .decimal_comma = TRUE, .separator = ',', .normal_time = TRUE };
  MwCsvOptions local = { .zone = zone };
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;

  series->columns[0].exponent = -3;
  for (guint i = 0; i < 12; i++)
    series->values[i] = 1000 * i;
  series->values[5] = MW_NULL_VALUE;
  series->status[1] = 0x84;
  g_free (series->columns[1].name);
  series->columns[1].name = g_strdup ("A-, \"export\"");
  a = csv_of (series, &comma);
  g_assert_cmpstr (a, ==,
                   "Time;Status;Active energy A+ (Wh);\"A-, \"\"export\"\" (Wh)\";"
                   "Reactive energy Q+ (varh);Reactive energy Q- (varh)\r\n"
                   "2026-01-01T01:00:00+01:00;0;0,000;1000;2000;3000\r\n"
                   "2026-01-01T01:15:00+01:00;132;4,000;;6000;7000\r\n"
                   "2026-01-01T01:30:00+01:00;0;8,000;9000;10000;11000\r\n");
  b = csv_of (series, &odd);
  g_assert_nonnull (strstr (b, "\n2026-01-01T01:30:00+01:00,0,\"8,000\",9000,"));
  c = csv_of (series, &local);
  g_assert_nonnull (strstr (c, "\n2025-12-31T19:30:00-05:00,0,8.000,9000,"));
}

static void
test_csv_readout (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwReadout) readout = sample_readout (meter);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autofree char *text = NULL;

  g_assert_true (mw_csv_write_readout (readout, NULL, out, NULL, NULL));
  text = take_text (out);
  g_assert_true (g_str_has_prefix (text, "OBIS code,Name,Value,Unit,At,Refused\n"
                                         "1-0:1.8.0.255,Active energy A+,12345678,Wh,,\n"
                                         "1-0:32.7.0.255,Voltage L1,231.2,V,,\n"));
  g_assert_nonnull (strstr (text, "\"Device number, \"\"own\"\"\",REF00000001,,,\n"));
  g_assert_nonnull (strstr (text, "Hidden,,,,read-write denied\n"));
}

/* ---- JSON ---- */

static void
test_json (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, 2);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *json = NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  series->columns[0].exponent = -2;
  for (guint i = 0; i < 8; i++)
    series->values[i] = 1234 + i;
  series->values[7] = MW_NULL_VALUE;
  g_assert_true (mw_json_write_series (series, zone, out, NULL, NULL));
  json = take_text (out);
  g_assert_true (g_str_has_prefix (json, "{\"meter\":{\"serial\":\"REF1\","));
  g_assert_nonnull (strstr (json, "\"logger\":\"load-profile\",\"obis\":\"1-0:99.1.0.255\","
                                  "\"period_s\":900,\"columns\":[{\"obis\":\"1-0:1.8.0.255\","
                                  "\"name\":\"Active energy A+\",\"unit\":\"Wh\"},"));
  g_assert_true (g_str_has_suffix (
      json, "\"entries\":[{\"time\":\"2026-01-01T01:00:00+01:00\",\"status\":0,"
            "\"values\":[\"12.34\",\"1235\",\"1236\",\"1237\"]},"
            "{\"time\":\"2026-01-01T01:15:00+01:00\",\"status\":0,"
            "\"values\":[\"12.38\",\"1239\",\"1240\",null]}]}\n"));
  mw_json_append_string (text, "a\"b\\c\n\x01ü");
  g_assert_cmpstr (text->str, ==, "\"a\\\"b\\\\c\\n\\u0001ü\"");
}

static void
test_json_readout (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwReadout) readout = sample_readout (meter);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *json = NULL;

  g_assert_true (mw_json_write_readout (readout, zone, out, NULL, NULL));
  json = take_text (out);
  g_assert_nonnull (strstr (json, "\"time\":\"2026-01-01T00:01:40+00:00\""));
  g_assert_nonnull (strstr (json, "\"name\":\"Voltage L1\",\"group\":\"per phase\","
                                  "\"value\":\"231.2\",\"unit\":\"V\"}"));
  g_assert_nonnull (
      strstr (json, "\"value\":null,\"result\":3,\"refused\":\"read-write denied\""));
}

/* ---- files ---- */

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

static void
test_replace (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "a.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  MwOutfile *file;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  file = mw_outfile_open (path, &error);
  g_assert_true (mw_outfile_write (file, "half", 4, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old"); /* not before it is whole */
  mw_outfile_discard (file);
  g_assert_cmpuint (count_entries (folder), ==, 1);

  file = mw_outfile_open (path, &error);
  g_assert_true (mw_outfile_write (file, "new", 3, &error));
  g_assert_true (mw_outfile_commit (file, &error));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_assert_cmpuint (count_entries (folder), ==, 1);
  sample_remove (folder);
}

static void
test_failures (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, START, 5000);
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "no", "a.csv", NULL);
  g_autofree char *kept = g_build_filename (folder, "kept.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (mw_csv_save_series (series, NULL, "/dev/full", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "disk is full"));
  g_clear_error (&error);
  g_assert_false (mw_csv_save_series (series, NULL, path, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (kept, "old", -1, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (mw_csv_save_series (series, NULL, kept, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpuint (count_entries (folder), ==, 1); /* no half file stays */
  sample_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/files/numbers", test_numbers);
  g_test_add_func ("/files/times", test_times);
  g_test_add_func ("/files/csv", test_csv);
  g_test_add_func ("/files/csv-readout", test_csv_readout);
  g_test_add_func ("/files/json", test_json);
  g_test_add_func ("/files/json-readout", test_json_readout);
  g_test_add_func ("/files/replace", test_replace);
  g_test_add_func ("/files/failures", test_failures);
  return g_test_run ();
}
