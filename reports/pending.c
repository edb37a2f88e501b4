/* pending.c: functions that are being written. */
#include "report.h"

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
