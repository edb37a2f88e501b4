/* monitor.h: how work with a meter tells how far it is, and learns that it is no longer wanted.
 *
 * Everything in src/meter/ blocks and runs in one worker thread; the monitor's functions are
 * called in that thread.  A NULL function means that nobody listens.
 */
#ifndef MW_METER_MONITOR_H
#define MW_METER_MONITOR_H

#include <gio/gio.h>

#include "records.h"

G_BEGIN_DECLS

typedef struct MwMonitor {
  GCancellable *cancellable;
  gpointer data;
  /* What is being done now, in words. */
  void (*step) (gpointer data, const char *text);
  /* 0..1 done, or a negative number when not known; seconds left or -1. */
  void (*progress) (gpointer data, double fraction, int seconds_left);
  void (*reading) (gpointer data, MwReading *reading);
  /* Borrowed bytes of the conversation; NOTE alone when BYTES is NULL. */
  void (*trace) (gpointer data, gint64 time_us, gboolean sent, const void *bytes, gsize len,
                 const char *note);
  /* The meter has answered now. */
  void (*alive) (gpointer data);
} MwMonitor;

void mw_monitor_step (MwMonitor *monitor, const char *format, ...) G_GNUC_PRINTF (2, 3);
void mw_monitor_progress (MwMonitor *monitor, double fraction, int seconds_left);
void mw_monitor_reading (MwMonitor *monitor, MwReading *reading);
/* TRUE and G_IO_ERROR_CANCELLED when it is to stop. */
gboolean mw_monitor_is_cancelled (MwMonitor *monitor, GError **error);

G_END_DECLS

#endif
