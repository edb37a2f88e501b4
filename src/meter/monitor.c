/* monitor.c: see monitor.h. */
#include "meter/monitor.h"

void
mw_monitor_step (MwMonitor *monitor, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;
  if (monitor->step == NULL)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  monitor->step (monitor->data, text);
}

void
mw_monitor_progress (MwMonitor *monitor, double fraction, int seconds_left)
{
  if (monitor->progress)
    monitor->progress (monitor->data, fraction, seconds_left);
}

void
mw_monitor_reading (MwMonitor *monitor, MwReading *reading)
{
  if (monitor->reading)
    monitor->reading (monitor->data, reading);
}

gboolean
mw_monitor_is_cancelled (MwMonitor *monitor, GError **error)
{
  return g_cancellable_set_error_if_cancelled (monitor->cancellable, error);
}
