/* pending.c: functions that are being written. */
#include "chart.h"
#include "csv.h"
#include "json.h"
#include "outfile.h"
#include "report.h"

const MwChartStyle mw_chart_style_light;
const MwChartStyle mw_chart_style_dark;
const MwChartStyle mw_chart_style_high_contrast;
const MwChartStyle mw_chart_style_paper;

MwTrack *
mw_track_new (const MwSeries *series, guint column, MwQuantity quantity, guint32 doubtful_mask)
{
  return NULL;
}

void
mw_track_free (MwTrack *track)
{
}

MwChart *
mw_chart_new (void)
{
  return NULL;
}

void
mw_chart_free (MwChart *chart)
{
}

int
mw_chart_add (MwChart *chart, MwSeries *series, guint column, MwQuantity quantity,
              const char *label, guint32 doubtful_mask)
{
  return 0;
}

void
mw_chart_remove_all (MwChart *chart)
{
}

guint
mw_chart_get_n_lines (const MwChart *chart)
{
  return 0;
}

const char *
mw_chart_get_label (const MwChart *chart, guint line)
{
  return NULL;
}

guint
mw_chart_get_colour (const MwChart *chart, guint line)
{
  return 0;
}

void
mw_chart_set_line_visible (MwChart *chart, guint line, gboolean visible)
{
}

gboolean
mw_chart_get_line_visible (const MwChart *chart, guint line)
{
  return 0;
}

void
mw_chart_set_zone (MwChart *chart, GTimeZone *zone)
{
}

gboolean
mw_chart_get_extent (const MwChart *chart, MwChartView *extent)
{
  return 0;
}

MwChartView
mw_chart_pan (const MwChart *chart, MwChartView view, double seconds)
{
  return (MwChartView){ 0 };
}

MwChartView
mw_chart_zoom_to (const MwChart *chart, double from, double to)
{
  return (MwChartView){ 0 };
}

void
mw_chart_draw (MwChart *chart, cairo_t *cr, const MwChartStyle *style, MwChartView view,
               double width, double height, MwChartGeometry *geometry)
{
}

void
mw_chart_draw_overview (MwChart *chart, cairo_t *cr, const MwChartStyle *style,
                        MwChartView view, double width, double height,
                        MwChartGeometry *geometry)
{
}

void
mw_chart_draw_crosshair (MwChart *chart, cairo_t *cr, const MwChartStyle *style,
                         const MwChartGeometry *geometry, double t)
{
}

void
mw_chart_draw_selection (cairo_t *cr, const MwChartStyle *style,
                         const MwChartGeometry *geometry, double from, double to)
{
}

double
mw_chart_draw_legend (MwChart *chart, cairo_t *cr, const MwChartStyle *style, double width)
{
  return 0;
}

MwChartValue
mw_chart_lookup (const MwChart *chart, guint line, double t)
{
  return (MwChartValue){ 0 };
}

char *
mw_chart_dup_value_text (const MwChart *chart, const MwChartValue *value)
{
  return NULL;
}

char *
mw_chart_dup_time_text (const MwChart *chart, double t)
{
  return NULL;
}

gboolean
mw_csv_write_series (const MwSeries *series, const MwCsvOptions *options, GOutputStream *out,
                     GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

gboolean
mw_csv_write_readout (const MwReadout *readout, const MwCsvOptions *options, GOutputStream *out,
                      GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

gboolean
mw_csv_save_series (const MwSeries *series, const MwCsvOptions *options, const char *path,
                    GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

gboolean
mw_csv_save_readout (const MwReadout *readout, const MwCsvOptions *options, const char *path,
                     GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

MwOutfile *
mw_outfile_open (const char *path, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return NULL;
}

GOutputStream *
mw_outfile_get_stream (MwOutfile *file)
{
  return NULL;
}

gboolean
mw_outfile_commit (MwOutfile *file, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

void
mw_outfile_discard (MwOutfile *file)
{
}

gboolean
mw_json_write_series (const MwSeries *series, GTimeZone *zone, GOutputStream *out,
                      GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

gboolean
mw_json_write_readout (const MwReadout *readout, GTimeZone *zone, GOutputStream *out,
                       GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

void
mw_json_append_meter (GString *json, const MwMeterInfo *meter, GTimeZone *zone)
{
}

void
mw_json_append_string (GString *json, const char *text)
{
}

void
mw_json_append_time (GString *json, gint64 utc, GTimeZone *zone)
{
}

void
mw_json_append_reading (GString *json, const MwReading *reading)
{
}

gboolean
mw_report_save_profile (const MwSeries *series, const MwReportOptions *options,
                        const char *path, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

gboolean
mw_report_save_readout (const MwReadout *readout, const MwReportOptions *options,
                        const char *path, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}

gboolean
mw_report_save_events (const MwSeries *const *series, guint n_series,
                       const MwReportOptions *options, const char *path, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not in this build");
  return 0;
}
