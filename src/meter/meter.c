/* meter.c: see meter.h. */
#include "meter/meter.h"

static gpointer
unsupported (GError **error)
{
  mw_fail (error, MW_SESSION_ERROR_PROTOCOL, "%s.", mw_err_text (MW_ERR_UNSUPPORTED));
  return NULL;
}

MwMeter *
mw_meter_open (const MwMeterOptions *options, MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

void
mw_meter_close (MwMeter *self, MwMonitor *monitor)
{
}

MwMeterInfo *
mw_meter_get_info (MwMeter *self)
{
  return NULL;
}

const char *
mw_meter_get_uri (MwMeter *self)
{
  return NULL;
}

const char *
mw_meter_get_port_text (MwMeter *self)
{
  return NULL;
}

gint64
mw_meter_get_clock_drift (MwMeter *self)
{
  return G_MININT64;
}

GPtrArray *
mw_meter_list_registers (MwMeter *self, MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

GPtrArray *
mw_meter_list_loggers (MwMeter *self, MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

GPtrArray *
mw_meter_list_objects (MwMeter *self, gboolean refresh, MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

MwReadout *
mw_meter_read (MwMeter *self, const char *const *registers, const char *profile,
               MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

MwReading *
mw_meter_get (MwMeter *self, guint16 class_id, const char *obis, int attribute,
              MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

gboolean
mw_meter_set (MwMeter *self, guint16 class_id, const char *obis, int attribute,
              const char *value, MwMonitor *monitor, GError **error)
{
  return unsupported (error) != NULL;
}

MwReading *
mw_meter_action (MwMeter *self, guint16 class_id, const char *obis, int method,
                 const char *value, MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}

MwSeries *
mw_meter_log (MwMeter *self, const char *logger, const MwLogWindow *window, MwMonitor *monitor,
              GError **error)
{
  return unsupported (error);
}

MwLoggerStatus *
mw_meter_logger_status (MwMeter *self, const char *logger, MwMonitor *monitor, GError **error)
{
  return unsupported (error);
}
