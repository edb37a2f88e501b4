/* channel.h: the link of a meter, opened and pumped: what every conversation stands on.
 *
 *   MwMeter ─► a conversation (dlms/wire.h, kmp/kmp-wire.h, iec/iec-wire.h) ─► MwChannel ─►
 * link
 *
 * The channel knows the URI, the trace, the line's setting and the monitor of the call that
 * runs; it knows no protocol.  One conversation uses it at a time.  Everything blocks and
 * belongs to the worker's thread.
 */
#ifndef MW_METER_CHANNEL_H
#define MW_METER_CHANNEL_H

#include "link/link.h"
#include "link/pump.h"
#include "meter/error.h"
#include "meter/monitor.h"

G_BEGIN_DECLS

typedef struct MwChannel {
  /* what was asked for; owned */
  MwUri *uri;
  char *uri_text;
  char *password; /* NULL: the protocol's default */
  char *trace_file;

  mw_link *link; /* owned; NULL while closed */
  mw_line line;  /* as set; baud 0: there is no line */
  mw_pump pump;
  gboolean traced;       /* the trace file was begun: a further link appends no second one */
  gint64 last_answer_us; /* g_get_monotonic_time of the last byte; a conversation sets it */
  guint64 strays;        /* bytes that came since the link was opened and belonged to nothing */

  MwMonitor *monitor; /* of the job that runs; borrowed */
} MwChannel;

/* MW_SESSION_ERROR_USAGE when URI is none. */
MwChannel *
mw_channel_new (const char *uri, const char *password, const char *trace_file, GError **error);
void mw_channel_free (MwChannel *self);
/* A fresh link; the one before is closed. */
gboolean mw_channel_open (MwChannel *self, GError **error);
void mw_channel_close (MwChannel *self);
/* To be opened again at once: a call through a modem stays up meanwhile. */
void mw_channel_close_for_now (MwChannel *self);
/* No link has a line that has none: then `line` stays 0 baud. */
gboolean mw_channel_set_line (MwChannel *self, mw_line line, GError **error);
/* ENGINE takes the link over.  Its bytes are counted on. */
void mw_channel_start (MwChannel *self, const mw_pump_ops *ops, void *engine);
/* Until the engine's next event, which is returned (> 0); 0: it waits for nothing; -1: ERROR.
 */
int mw_channel_run (MwChannel *self, GError **error);
/* What is still on its way from a conversation that was given up comes to its end. */
gboolean mw_channel_wait_quiet (MwChannel *self, GError **error);
/* May LEN bytes of DATA be the next that are sent?  A recording takes only its own. */
gboolean mw_channel_expects (MwChannel *self, const void *data, gsize len);
/* The meter has answered now. */
void mw_channel_note_alive (MwChannel *self);
/* Is the port begun with the IEC 62056-21 opening? */
gboolean mw_channel_is_optical (MwChannel *self);
/* "ttyUSB0 · 9600 · DLMS" with PROTOCOL at the end; free with g_free. */
char *mw_channel_dup_port_text (MwChannel *self, const char *protocol);

/* ---- words; all return FALSE and set ERROR ---- */

/* Nothing answered: STEP is what was tried ("HDLC at 9600 baud").  Says so when there was noise
 * instead of silence. */
gboolean mw_channel_silent (MwChannel *self, const char *step, GError **error);
/* The meter answered before, and does no longer. */
gboolean mw_channel_stopped (MwChannel *self, GError **error);
/* Turn an error of the link into one of ours. */
void mw_channel_adopt (GError **error);
/* Is ERROR one after which the same request may be tried again on a new connection? */
gboolean mw_channel_may_retry (const GError *error);
gboolean mw_channel_is_cancelled (const GError *error);

G_END_DECLS

#endif
