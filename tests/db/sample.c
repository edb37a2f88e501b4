#include "sample.h"

#include <glib/gstdio.h>
#include <string.h>

MwMeterInfo *
sample_meter (const char *serial)
{
  MwMeterInfo *meter = mw_meter_info_new ();

  meter->serial = g_strdup (serial);
  meter->manufacturer = g_strdup ("Iskraemeco");
  meter->family = g_strdup ("iskraemeco-mx381");
  meter->type = g_strdup ("MT381-D1");
  meter->logical_name = g_strdup ("ISK1030700000001");
  meter->firmware = g_strdup ("1.23");
  meter->reference = TRUE;
  meter->first_seen = meter->last_seen = 1767225600;
  meter->last_link = g_strdup ("ref:mt381");
  return meter;
}

static void
add (MwReadout *readout, MwReadingKind kind, const char *obis, const char *name,
     const char *group, mw_decimal value, const char *text)
{
  MwReading *reading = mw_reading_new ();
  static const guint8 raw[] = { 0x06, 0x00, 0x00, 0x30, 0x39 };

  reading->kind = kind;
  reading->obis = g_strdup (obis);
  reading->class_id = 3;
  reading->attribute = 2;
  reading->name = g_strdup (name);
  reading->group = g_strdup (group);
  reading->value = value;
  reading->text = g_strdup (text);
  reading->raw = g_bytes_new (raw, sizeof raw);
  if (kind == MW_READING_TIME)
    reading->civil = mw_civil_from_utc (1767225600, 60, 0);
  if (strstr (name, "Maximum")) {
    reading->has_captured = TRUE;
    reading->captured = mw_civil_from_utc (1767139200, 60, MW_CLOCK_DST);
    reading->captured.second = MW_FIELD_ANY;
  }
  if (kind == MW_READING_REFUSED)
    reading->result = 3;
  g_ptr_array_add (readout->readings, reading);
}

MwReadout *
sample_readout (MwMeterInfo *meter)
{
  MwReadout *readout = mw_readout_new ();
  mw_decimal none = mw_decimal_of (0, 0, MW_UNIT_NONE);

  readout->meter = mw_meter_info_ref (meter);
  readout->at = 1767225700;
  readout->link = g_strdup ("tcp:127.0.0.1:4059");
  readout->profile = g_strdup ("Monthly");
  readout->meter_clock = 1767225698;
  add (readout, MW_READING_DECIMAL, "1-0:1.8.0.255", "Active energy A+", "energy",
       mw_decimal_of (12345678, 0, MW_UNIT_WH), NULL);
  add (readout, MW_READING_DECIMAL, "1-0:32.7.0.255", "Voltage L1", "per phase",
       mw_decimal_of (2312, -1, MW_UNIT_V), NULL);
  add (readout, MW_READING_DECIMAL, "1-0:1.6.0.255", "Maximum active demand A+", "maxima",
       mw_decimal_of (4321, 0, MW_UNIT_W), NULL);
  add (readout, MW_READING_TEXT, "0-0:96.1.0.255", "Device number, \"own\"", "identity", none,
       "REF00000001");
  add (readout, MW_READING_TIME, "0-0:1.0.0.255", "Clock", "clock", none, NULL);
  add (readout, MW_READING_BYTES, "0-0:97.97.0.255", "Error register", "alarms", none,
       "00000000");
  add (readout, MW_READING_STRUCT, "0-0:13.0.0.255", "Activity calendar", "tariff plan", none,
       "array\n  structure");
  add (readout, MW_READING_REFUSED, "0-0:94.0.0.255", "Hidden", "identity", none,
       "read-write denied");
  return readout;
}

MwSeries *
sample_profile (MwMeterInfo *meter, gint64 from, guint n_rows)
{
  static const struct {
    const char *obis, *name;
    guint8 unit;
    int step;
  } columns[] = { { "1-0:1.8.0.255", "Active energy A+", MW_UNIT_WH, 310 },
                  { "1-0:2.8.0.255", "Active energy A-", MW_UNIT_WH, 7 },
                  { "1-0:3.8.0.255", "Reactive energy Q+", MW_UNIT_VARH, 60 },
                  { "1-0:4.8.0.255", "Reactive energy Q-", MW_UNIT_VARH, 11 } };
  MwSeries *series = mw_series_new (G_N_ELEMENTS (columns), n_rows);
  guint32 random = 12345;

  series->meter = mw_meter_info_ref (meter);
  series->logger = g_strdup ("load-profile");
  series->obis = g_strdup ("1-0:99.1.0.255");
  series->period_s = 900;
  for (guint c = 0; c < series->n_columns; c++)
    series->columns[c] = (MwColumn){
      MW_COLUMN_DECIMAL, g_strdup (columns[c].obis), 3, 2, g_strdup (columns[c].name), 0,
      columns[c].unit
    };
  for (guint r = 0; r < n_rows; r++) {
    series->time[r] = from + 900 * (gint64) r;
    series->deviation[r] = 60;
    series->status[r] = r % 97 == 5 ? 0x80 : 0;
    for (guint c = 0; c < series->n_columns; c++) {
      gint64 *cell = &series->values[r * series->n_columns + c];
      random = random * 1664525u + 1013904223u;
      *cell = r == 0 ? 1000000 : cell[-(int) series->n_columns];
      *cell += columns[c].step + (gint64) (random >> 16) % (columns[c].step + 1);
    }
  }
  return series;
}

MwSeries *
sample_events (MwMeterInfo *meter, gint64 from, guint n_rows)
{
  MwSeries *series = mw_series_new (1, n_rows);

  series->meter = mw_meter_info_ref (meter);
  series->logger = g_strdup ("events-standard");
  series->obis = g_strdup ("0-0:99.98.0.255");
  series->columns[0] = (MwColumn){
    MW_COLUMN_CODE, g_strdup ("0-0:96.11.0.255"), 1, 2, g_strdup ("Event code"), 0, MW_UNIT_NONE
  };
  for (guint r = 0; r < n_rows; r++) {
    series->time[r] = from + 60 * (gint64) r;
    series->deviation[r] = 60;
    series->values[r] = 1 + r % 19;
  }
  return series;
}

void
sample_assert_same_rows (const MwSeries *a, const MwSeries *b)
{
  g_assert_cmpuint (a->n_rows, ==, b->n_rows);
  g_assert_cmpuint (a->n_columns, ==, b->n_columns);
  g_assert_cmpuint (a->period_s, ==, b->period_s);
  g_assert_cmpstr (a->obis, ==, b->obis);
  for (guint c = 0; c < a->n_columns; c++) {
    g_assert_cmpint (a->columns[c].kind, ==, b->columns[c].kind);
    g_assert_cmpstr (a->columns[c].obis, ==, b->columns[c].obis);
    g_assert_cmpstr (a->columns[c].name, ==, b->columns[c].name);
    g_assert_cmpint (a->columns[c].exponent, ==, b->columns[c].exponent);
    g_assert_cmpint (a->columns[c].unit, ==, b->columns[c].unit);
  }
  for (guint r = 0; r < a->n_rows; r++) {
    g_assert_cmpint (a->time[r], ==, b->time[r]);
    g_assert_cmpint (a->deviation[r], ==, b->deviation[r]);
    g_assert_cmpuint (a->status[r], ==, b->status[r]);
    g_assert_cmpuint (a->sequence[r], ==, b->sequence[r]);
  }
  for (gsize i = 0; i < (gsize) a->n_rows * a->n_columns; i++) {
    g_assert_cmpint (a->values[i], ==, b->values[i]);
    g_assert_cmpstr (a->texts ? a->texts[i] : NULL, ==, b->texts ? b->texts[i] : NULL);
  }
}

char *
sample_folder (void)
{
  char *folder = g_dir_make_tmp ("mw-test-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

void
sample_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      sample_remove (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}
