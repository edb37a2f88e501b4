/* Widgets and models by themselves, without a window manager or a meter.  Needs a display: it
 * is in the suite ui and runs under the same wrapper as the scripts.  Every test of an object
 * ends with the proof that it is finalised. */
#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#include "chart-area.h"
#include "coverage-bar.h"
#include "event-timeline.h"
#include "palette.h"
#include "phasor-diagram.h"
#include "profile-sources.h"
#include "register-item.h"
#include "renderer.h"
#include "series-list.h"
#include "source-line.h"
#include "status-bar.h"
#include "store.h"
#include "trace-file.h"
#include "trace-list.h"
#include "trace-panel.h"

#define T0 G_GINT64_CONSTANT (1767225600) /* 2026-01-01T00:00:00Z */

static void
assert_finalised (gpointer object)
{
  gpointer watched = object;
  g_object_add_weak_pointer (object, &watched);
  g_object_unref (object);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (watched);
}

static MwSeries *
make_series (guint n, guint hole)
{
  MwSeries *series = mw_series_new (1, n);
  series->meter = mw_meter_info_new ();
  series->meter->serial = g_strdup ("REF1");
  series->meter->family = g_strdup ("iskraemeco-mx381");
  series->logger = g_strdup ("load-profile");
  series->period_s = 900;
  series->columns[0] = (MwColumn){
    MW_COLUMN_DECIMAL, g_strdup ("1-0:1.8.0.255"), 3, 2, g_strdup ("Active energy A+"), 0,
    MW_UNIT_WH
  };
  for (guint i = 0; i < n; i++) {
    series->time[i] = T0 + 900 * (gint64) (i < hole ? i : i + 4);
    series->deviation[i] = 60;
    series->values[i] = 1000 + 250 * (gint64) i;
  }
  series->status[2] = 1u << 2;
  return series;
}

static const MwEventLane *
lane_at (GPtrArray *lanes, guint i)
{
  g_assert_cmpuint (i, <, lanes->len);
  return lanes->pdata[i];
}

/* A column of bits: each lasts from the row that sets it to the row that clears it. */
static void
test_lanes_of_bits (void)
{
  static const gint64 values[] = { 0, 1, 3, 2, 0, 1 };
  MwStatusBit bits[] = { { 0, NULL, (char *) "L1 too low", MW_SEVERITY_WARNING },
                         { 1, NULL, (char *) "L2 too low", MW_SEVERITY_WARNING } };
  g_autoptr (MwSeries) series = make_series (6, 6);
  MwValueRule rule = { .bits = g_ptr_array_new () };
  MwSeriesWords words = { .rules = g_ptr_array_new () };
  for (gsize i = 0; i < G_N_ELEMENTS (bits); i++)
    g_ptr_array_add (rule.bits, &bits[i]);
  g_ptr_array_add (words.rules, &rule);
  series->columns[0].kind = MW_COLUMN_CODE;
  memcpy (series->values, values, sizeof values);
  g_autoptr (GPtrArray) lanes = mw_event_lanes_new (series, &words, "Voltage quality");
  g_assert_cmpuint (lanes->len, ==, 2);
  const MwEventLane *low1 = lane_at (lanes, 0), *low2 = lane_at (lanes, 1);
  g_assert_cmpstr (low1->name, ==, "L1 too low");
  g_assert_cmpuint (low1->spans->len, ==, 2);
  g_assert_cmpint (g_array_index (low1->spans, MwEventSpan, 0).from, ==, T0 + 900);
  g_assert_cmpint (g_array_index (low1->spans, MwEventSpan, 0).to, ==, T0 + 3 * 900);
  g_assert_cmpint (g_array_index (low1->spans, MwEventSpan, 1).from, ==, T0 + 5 * 900);
  g_assert_cmpint (g_array_index (low2->spans, MwEventSpan, 0).to, ==, T0 + 4 * 900);
  g_ptr_array_unref (rule.bits);
  g_ptr_array_unref (words.rules);
}

/* Codes are moments, the rare ones stand together; a logger without codes is one lane. */
static void
test_lanes_of_codes (void)
{
  g_autoptr (MwSeries) series = make_series (12, 12);
  MwSeriesWords words = { NULL };
  series->columns[0].kind = MW_COLUMN_CODE;
  for (guint i = 0; i < 12; i++)
    series->values[i] = i < 2 ? 7 : i;
  g_autoptr (GPtrArray) lanes = mw_event_lanes_new (series, &words, "Events");
  g_assert_cmpuint (lanes->len, ==, MW_EVENT_LANES_MAX);
  g_assert_cmpstr (lane_at (lanes, 0)->name, ==, "7");
  g_assert_cmpuint (lane_at (lanes, 0)->spans->len, ==, 3);
  g_assert_cmpstr (lane_at (lanes, MW_EVENT_LANES_MAX - 1)->name, ==, "2 others");
  g_assert_cmpuint (lane_at (lanes, MW_EVENT_LANES_MAX - 1)->spans->len, ==, 2);
  series->columns[0].kind = MW_COLUMN_DECIMAL;
  g_autoptr (GPtrArray) one = mw_event_lanes_new (series, &words, "Neutral fault");
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (lane_at (one, 0)->name, ==, "Neutral fault");

  MwEventTimeline *timeline = g_object_ref_sink (g_object_new (MW_TYPE_EVENT_TIMELINE, NULL));
  int height, none;
  gtk_widget_measure (GTK_WIDGET (timeline), GTK_ORIENTATION_VERTICAL, -1, NULL, &none, NULL,
                      NULL);
  mw_event_timeline_take_lanes (timeline, g_steal_pointer (&lanes));
  gtk_widget_measure (GTK_WIDGET (timeline), GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL,
                      NULL);
  g_assert_cmpint (none, ==, 0);
  g_assert_cmpint (height, >, 100);
  assert_finalised (timeline);
}

/* What is saved is read again; what was hidden stays hidden. */
static void
test_trace_file (void)
{
  g_autoptr (MwTraceList) list = mw_trace_list_new ();
  g_autoptr (GBytes) secret = g_bytes_new_static ("\x7e********\x2a\x01", 11);
  g_autoptr (GBytes) answer = g_bytes_new_static ("\x7e\x2a\x2a", 3);
  g_autoptr (GError) error = NULL;
  mw_trace_list_append (list,
                        &(MwTraceItem){ T0 * G_USEC_PER_SEC, FALSE, NULL, "line 300 7E1" });
  mw_trace_list_append (list, &(MwTraceItem){ T0 * G_USEC_PER_SEC + 5, TRUE, secret, NULL });
  mw_trace_list_append (list, &(MwTraceItem){ T0 * G_USEC_PER_SEC + 9, FALSE, answer, NULL });
  g_autofree char *text = mw_trace_file_dup_text (list, "tcp:h:1");
  g_assert_nonnull (strstr (text, "0.000000 = 300 7E1\n"));
  g_assert_nonnull (strstr (text, "0.000005 > 7E ** ** ** ** ** ** ** ** ** 01\n"));
  g_assert_nonnull (strstr (text, "0.000009 < 7E 2A 2A\n"));
  g_autoptr (MwTraceFile) file = mw_trace_file_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file->link, ==, "tcp:h:1");
  g_assert_cmpint (file->started_us, ==, T0 * G_USEC_PER_SEC);
  g_assert_cmpuint (file->items->len, ==, 3);
  const MwTraceItem *last = file->items->pdata[2];
  g_assert_true (g_bytes_equal (last->bytes, answer));
  g_assert_cmpint (last->time_us, ==, T0 * G_USEC_PER_SEC + 9);
  g_assert_null (mw_trace_file_parse ("# meterwright trace 1\n0.0 > 7", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "line 2"));
}

/* Lines of two meters, one with a hole, become one table. */
static void
test_merge (void)
{
  g_autoptr (MwSeries) a = make_series (10, 6), b = make_series (4, 4);
  g_autoptr (MwMeterInfo) other = mw_meter_info_dup (a->meter);
  other->id = 2;
  other->label = g_strdup ("Cellar");
  MwProfileSource first = { .meter = a->meter, .rows = a },
                  second = { .meter = other, .rows = b };
  MwProfileLine lines[] = { { &first, 0 }, { &second, 0 } };
  g_autoptr (MwSeries) alone = mw_profile_lines_merge (lines, 1, T0, G_MAXINT64);
  g_assert_cmpuint (alone->n_rows, ==, 10);
  g_assert_cmpstr (alone->columns[0].name, ==, "Active energy A+");
  b->time[3] += 450; /* a time that the other does not have */
  g_autoptr (MwSeries) both = mw_profile_lines_merge (lines, 2, T0 + 900, T0 + 6 * 900);
  g_assert_cmpuint (both->n_columns, ==, 2);
  g_assert_cmpuint (both->n_rows, ==, 6); /* five of the first, and that one */
  g_assert_cmpstr (both->columns[0].name, ==, "REF1 · Active energy A+");
  g_assert_cmpstr (both->columns[1].name, ==, "Cellar · Active energy A+");
  g_assert_cmpint (both->values[0], ==, 1250);
  g_assert_cmpint (both->values[1], ==, 1250);
  g_assert_cmphex (both->status[1], ==, 1u << 2);
  g_assert_cmpint (both->time[3], ==, T0 + 3 * 900 + 450);
  g_assert_true (both->values[3 * 2] == MW_NULL_VALUE);
  g_assert_cmpint (both->values[3 * 2 + 1], ==, 1750);
  g_assert_true (both->values[5 * 2 + 1] == MW_NULL_VALUE);
}

static MwStatusBit *
make_bit (void)
{
  MwStatusBit *bit = g_new0 (MwStatusBit, 1);
  bit->bit = 2;
  bit->name = g_strdup ("Measurement value disturbed");
  return bit;
}

static MwSeriesRow *
row_at (MwSeriesList *list, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (list), position);
}

static void
test_series_list (void)
{
  MwSeriesWords words = {
    .status_bits = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_status_bit_free),
    .doubtful_mask = 1u << 2,
  };
  g_ptr_array_add (words.status_bits, make_bit ());
  g_autoptr (MwSeries) series = make_series (10, 6);
  MwSeriesList *list = mw_series_list_new (series, words);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==,
                    11); /* ten rows and a gap */
  g_assert_cmpuint (mw_series_list_get_n_gaps (list), ==, 1);
  mw_series_list_set_order (list, MW_SERIES_OLDEST_FIRST);
  g_autoptr (MwSeriesRow) doubtful = row_at (list, 2);
  g_autofree char *time = mw_series_row_dup_time (doubtful);
  g_autofree char *status = mw_series_row_dup_status (doubtful);
  g_autofree char *cell = mw_series_row_dup_cell (doubtful, 0);
  g_assert_cmpstr (time, ==, "1 Jan 2026 01:30:00"); /* as the meter keeps it */
  g_assert_cmpstr (status, ==, "Measurement value disturbed");
  g_assert_cmpstr (cell, ==, "1.500");
  g_assert_true (mw_series_row_is_doubtful (doubtful));
  g_autoptr (MwSeriesRow) gap = row_at (list, 6);
  g_assert_true (mw_series_row_is_gap (gap));
  g_autofree char *missing = mw_series_row_dup_time (gap);
  g_assert_cmpstr (missing, ==, "4 missing");
  mw_series_list_set_order (list, MW_SERIES_DOUBTFUL_FIRST);
  g_autoptr (MwSeriesRow) first = row_at (list, 0);
  g_autoptr (MwSeriesRow) second = row_at (list, 1);
  g_assert_true (mw_series_row_is_gap (first));
  g_assert_true (mw_series_row_is_doubtful (second));
  mw_series_list_set_order (list, MW_SERIES_NEWEST_FIRST);
  g_autoptr (MwSeriesRow) newest = row_at (list, 0);
  g_autofree char *newest_cell = mw_series_row_dup_cell (newest, 0);
  g_assert_cmpstr (newest_cell, ==, "3.250");
  g_clear_object (&doubtful);
  g_clear_object (&gap);
  g_clear_object (&first);
  g_clear_object (&second);
  g_clear_object (&newest);
  assert_finalised (list);
}

static void
test_coverage (void)
{
  double stored, in_meter, lost;
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (MwLoggerSpan));
  MwLoggerSpan early = { T0, T0 + 100 * 900, 101 },
               late = { T0 + 200 * 900, T0 + 300 * 900, 101 };
  g_array_append_val (spans, early);
  g_array_append_val (spans, late);
  GtkWidget *bar = g_object_ref_sink (mw_coverage_bar_new ());
  /* The meter's memory goes back to 150 periods and on to 400: 50 lost, 50 + 100 only there. */
  mw_coverage_bar_set (MW_COVERAGE_BAR (bar), spans, T0 + 150 * 900, T0 + 400 * 900, 900);
  mw_coverage_bar_get_shares (MW_COVERAGE_BAR (bar), &stored, &in_meter, &lost);
  g_assert_cmpfloat_with_epsilon (stored, 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (in_meter, 0.375, 1e-9);
  g_assert_cmpfloat_with_epsilon (lost, 0.125, 1e-9);
  mw_coverage_bar_set (MW_COVERAGE_BAR (bar), NULL, G_MININT64, G_MININT64, 900);
  mw_coverage_bar_get_shares (MW_COVERAGE_BAR (bar), &stored, &in_meter, &lost);
  g_assert_cmpfloat (stored + in_meter + lost, ==, 0);
  assert_finalised (bar);
}

static MwReading *
make_reading (gint64 mantissa)
{
  MwReading *reading = mw_reading_new ();
  reading->kind = MW_READING_DECIMAL;
  reading->obis = g_strdup ("1-0:1.8.0.255");
  reading->value = mw_decimal_of (mantissa, 0, MW_UNIT_WH);
  return reading;
}

static void
count (gpointer object, guint *n)
{
  ++*n;
}

static void
test_register_item (void)
{
  MwRegisterInfo info = { .obis = (char *) "1-0:1.8.0.255",
                          .name = (char *) "Active energy A+",
                          .group = (char *) "energy" };
  MwRegisterItem *item = mw_register_item_new (&info);
  g_autoptr (MwReading) before = make_reading (1000);
  g_autoptr (MwReading) now = make_reading (2500);
  MwValue value = { now, before, T0, TRUE };
  guint n = 0;
  g_signal_connect (item, "changed", G_CALLBACK (count), &n);
  g_assert_cmpstr (mw_register_item_get_text (item), ==, "");
  mw_register_item_set_value (item, &value);
  mw_register_item_set_value (item, &value); /* the same: nothing is said */
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (mw_register_item_get_text (item), ==, "2.500");
  g_assert_cmpstr (mw_register_item_get_unit (item), ==, "kWh");
  g_assert_cmpstr (mw_register_item_get_before (item), ==, "1.000");
  g_assert_true (mw_register_item_matches (item, "active 1.8"));
  g_assert_true (mw_register_item_matches (item, "ENERGY"));
  g_assert_false (mw_register_item_matches (item, "voltage"));
  mw_register_item_set_value (item, NULL);
  g_assert_cmpuint (n, ==, 2);
  assert_finalised (item);
}

static void
test_source_line (void)
{
  GtkWidget *line = g_object_ref_sink (g_object_new (MW_TYPE_SOURCE_LINE, NULL));
  for (int kind = MW_SOURCE_NONE; kind <= MW_SOURCE_FILE; kind++)
    mw_source_line_set (MW_SOURCE_LINE (line), (MwSourceKind) kind, T0, kind % 2, "12 entries");
  GtkWidget *box = adw_bin_get_child (ADW_BIN (line));
  g_assert_true (gtk_widget_has_css_class (box, "source-file"));
  g_assert_false (gtk_widget_has_css_class (box, "source-live"));
  assert_finalised (line);
}

static void
test_trace (void)
{
  static const guint8 opening[] = "/?!\r\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (opening, 5);
  MwTraceList *list = mw_trace_list_new ();
  MwTraceItem sent = { T0 * G_USEC_PER_SEC, TRUE, bytes, NULL };
  MwTraceItem more = { T0 * G_USEC_PER_SEC + 10000, TRUE, bytes, NULL };
  MwTraceItem answer = { T0 * G_USEC_PER_SEC + 500000, FALSE, bytes, NULL };
  MwTraceItem note = { T0 * G_USEC_PER_SEC + 900000, FALSE, NULL, "9600 8N1" };
  mw_trace_list_append (list, &sent);
  mw_trace_list_append (list, &more); /* joins */
  mw_trace_list_append (list, &answer);
  mw_trace_list_append (list, &note);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  g_autoptr (MwTraceRow) second = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_autofree char *hex = mw_trace_row_dup_text (second);
  g_autofree char *words = mw_trace_row_dup_words (second);
  g_assert_cmpstr (hex, ==, "2F 3F 21 0D 0A");
  g_assert_nonnull (strstr (words, "request"));
  g_autofree char *all = mw_trace_list_dup_text (list);
  g_assert_nonnull (strstr (all, "# 9600 8N1"));
  g_clear_object (&second);
  mw_trace_list_clear (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  assert_finalised (list);
}

static void
test_workspace_widgets (void)
{
  MwWorkspace *workspace = mw_workspace_new ();
  GtkWidget *bar = g_object_ref_sink (g_object_new (MW_TYPE_STATUS_BAR, NULL));
  GtkWidget *panel = g_object_ref_sink (g_object_new (MW_TYPE_TRACE_PANEL, NULL));
  mw_status_bar_set_workspace (MW_STATUS_BAR (bar), workspace);
  mw_trace_panel_set_workspace (MW_TRACE_PANEL (panel), workspace);
  mw_workspace_set_store (workspace, NULL, "The disk is full.");
  g_assert_cmpstr (mw_workspace_get_failure (workspace), ==, "The disk is full.");
  g_assert_false (mw_workspace_is_connected (workspace));
  mw_workspace_dismiss_failure (workspace);
  g_assert_null (mw_workspace_get_failure (workspace));
  assert_finalised (bar);
  assert_finalised (panel);
  assert_finalised (workspace);
}

static void
test_chart_area (void)
{
  g_autoptr (MwSeries) series = make_series (96 * 7, G_MAXUINT);
  GtkWidget *area = g_object_ref_sink (mw_chart_area_new ());
  MwChart *chart = mw_chart_area_get_chart (MW_CHART_AREA (area));
  guint views = 0;
  g_signal_connect (area, "view-changed", G_CALLBACK (count), &views);
  g_assert_cmpint (mw_chart_add (chart, series, 0, MW_QUANTITY_ENERGY, NULL, 0), ==, 0);
  mw_chart_area_refresh (MW_CHART_AREA (area), FALSE);
  MwChartView whole = mw_chart_area_get_view (MW_CHART_AREA (area));
  g_assert_cmpfloat (whole.t1 - whole.t0, >=, 6.9 * 86400);
  g_assert_false (mw_chart_area_can_go_back (MW_CHART_AREA (area)));
  mw_chart_area_set_view (MW_CHART_AREA (area),
                          mw_chart_zoom_to (chart, T0 + 86400, T0 + 2 * 86400), TRUE);
  g_assert_true (mw_chart_area_can_go_back (MW_CHART_AREA (area)));
  mw_chart_area_back (MW_CHART_AREA (area));
  MwChartView back = mw_chart_area_get_view (MW_CHART_AREA (area));
  g_assert_cmpfloat (back.t0, ==, whole.t0);
  g_assert_cmpfloat (back.t1, ==, whole.t1);
  g_assert_cmpuint (views, ==, 3);
  assert_finalised (area);
}

static void
test_phasors (void)
{
  GtkWidget *diagram = g_object_ref_sink (mw_phasor_diagram_new ());
  mw_wiring wiring = mw_wiring_unknown (3);
  wiring.phase[0].u = 230;
  mw_phasor_diagram_set_wiring (MW_PHASOR_DIAGRAM (diagram), &wiring);
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (diagram), "L1 230 V"));
  assert_finalised (diagram);
}

static void
test_palette (void)
{
  g_assert_cmpint (mw_palette_match ("load", "Load profile"), ==, 0);
  g_assert_cmpint (mw_palette_match ("prof", "Load profile"), ==, 1);
  g_assert_cmpint (mw_palette_match ("lp", "Load profile"), >, 2);
  g_assert_cmpint (mw_palette_match ("xyz", "Load profile"), ==, -1);
  g_assert_cmpint (mw_palette_match ("", "Load profile"), ==, 0);
}

static void
test_renderer (void)
{
  g_autofree char *dri = g_dir_make_tmp ("dri-XXXXXX", NULL);
  g_assert_true (mw_renderer_is_software (dri, dri));
  g_autofree char *node = g_build_filename (dri, "renderD128", NULL);
  g_assert_true (g_file_set_contents (node, "", 0, NULL));
  g_assert_false (mw_renderer_is_software (dri, dri)); /* a driver that is not known draws */
  g_assert_cmpint (g_remove (node), ==, 0);
  g_assert_cmpint (g_rmdir (dri), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_setenv ("TZ", "Europe/Copenhagen", TRUE);
  adw_init ();
  g_test_add_func ("/widgets/series-list", test_series_list);
  g_test_add_func ("/widgets/coverage", test_coverage);
  g_test_add_func ("/widgets/register-item", test_register_item);
  g_test_add_func ("/widgets/source-line", test_source_line);
  g_test_add_func ("/widgets/trace", test_trace);
  g_test_add_func ("/widgets/workspace", test_workspace_widgets);
  g_test_add_func ("/widgets/chart-area", test_chart_area);
  g_test_add_func ("/widgets/phasors", test_phasors);
  g_test_add_func ("/widgets/palette", test_palette);
  g_test_add_func ("/widgets/renderer", test_renderer);
  g_test_add_func ("/widgets/merge", test_merge);
  g_test_add_func ("/widgets/lanes-of-bits", test_lanes_of_bits);
  g_test_add_func ("/widgets/lanes-of-codes", test_lanes_of_codes);
  g_test_add_func ("/widgets/trace-file", test_trace_file);
  return g_test_run ();
}
