/* pending.c: functions that are being written. */
#include "csv.h"
#include "json.h"
#include "outfile.h"
#include "report.h"

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
