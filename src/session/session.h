/* session.h: one connection to one meter, and all that can be wished of it.
 *
 * One session = one connection = one worker thread.
 *
 *   main thread                      worker thread
 *   read_async -- GTask --> jobs --> run_job: pump engine <-> link
 *   callback        <-- idle ------- answer
 *   notify::percent <-- idle ------- progress
 *
 * The engine and the link belong to the worker and are touched by nobody else.  Properties and
 * signals belong to the thread-default main context in which the session was made.  Jobs run
 * one after the other in the order in which they were asked for; a GCancellable stops a waiting
 * job at once and a running one within 100 ms, and the association survives where the protocol
 * allows.
 *
 * Results are stored in the MwStore given at the start, whole or not at all, unless save is
 * FALSE. Errors: MW_SESSION_ERROR, whose codes are the exit statuses of the command line, with
 * a message that names cause and next step; G_IO_ERROR_CANCELLED when cancelled.
 */
#ifndef MW_SESSION_H
#define MW_SESSION_H

#include <gio/gio.h>

#include "meter/error.h" /* MW_SESSION_ERROR, its codes are the exit statuses */
#include "meter/types.h"
#include "plan.h"
#include "records.h"
#include "store.h"

G_BEGIN_DECLS

typedef enum {
  MW_SESSION_CLOSED,
  MW_SESSION_CONNECTING, /* property step says what is tried */
  MW_SESSION_READY,
  MW_SESSION_BUSY,   /* a job runs: percent, step, seconds-left */
  MW_SESSION_FAILED, /* property failure says why; connect again */
} MwSessionState;

#define MW_TYPE_SESSION (mw_session_get_type ())
G_DECLARE_FINAL_TYPE (MwSession, mw_session, MW, SESSION, GObject)

/* Properties (read only, notify on the session's main context):
 *   state        MwSessionState
 *   uri          the link URI of the last connect, without secrets
 *   port-text    "ttyUSB0 · 9600 · DLMS": what the status bar shows
 *   step         "Opening at 300 baud…": what is being done now, or NULL
 *   percent      0-100 while a job runs, -1 when unknown or idle
 *   seconds-left estimate, -1 when unknown
 *   failure      the last error's sentence, or NULL
 *   signal-local, signal-remote  0-31 (3GPP TS 27.007 8.5): of a call, at our modem and at the
 *                meter; -1 not known or no call.  Asked at the start of a call and then every
 *                minute while nothing else is done; below 12 a call is doubtful
 * Signals:
 *   meter-changed ()                         mw_session_get_meter has a new answer
 *   reading (MwReading *)                    a value has come, while a read-out runs
 *   trace (MwTraceItem *)                    a piece of the conversation
 *   (both G_TYPE_POINTER, borrowed for the time of the emission)
 */

/* A piece of the conversation. */
typedef struct {
  gint64 time_us; /* g_get_real_time of its first byte */
  gboolean sent;  /* by us */
  GBytes *bytes;
  const char *note; /* NULL, or words: "line 9600 8N1" (then bytes is NULL) */
} MwTraceItem;

/* STORE may be NULL: nothing is kept then. */
MwSession *mw_session_new (MwStore *store);

MwSessionState mw_session_get_state (MwSession *self);
/* Borrowed; NULL when no meter is known. */
MwMeterInfo *mw_session_get_meter (MwSession *self);
const char *mw_session_get_uri (MwSession *self);
/* The estimated drift of the meter's clock against this machine's, seconds; G_MININT64 unknown.
 */
gint64 mw_session_get_clock_drift (MwSession *self);
/* What this connection speaks: "dlms", "kmp" or "iec"; NULL when no meter is known. */
const char *mw_session_get_protocol (MwSession *self);
/* Why the connected meter gives no IEC1107 request (generation, revision), as a sentence for a
 * tooltip; NULL: it may be asked, or no meter is known. */
const char *mw_session_get_iec_refusal (MwSession *self);
/* A sentence on a meter that is known by name alone; NULL: nothing to be said. */
const char *mw_session_get_note (MwSession *self);
/* Seconds of UTC of the last answer of the meter, 0 never. */
gint64 mw_session_get_last_answer (MwSession *self);

/* Options of a connection beyond its URI. */
typedef struct {
  const char *password;   /* NULL: the family's default; never logged */
  const char *pin;        /* of the modem's SIM card; NULL: none; never logged */
  const char *trace_file; /* NULL: none */
  gboolean save;          /* store identity and results */
} MwConnectOptions;

/* Open the link of URI, find out what meter it is, associate.  Connecting again closes first.
 */
void mw_session_connect_async (MwSession *self, const char *uri,
                               const MwConnectOptions *options, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean mw_session_connect_finish (MwSession *self, GAsyncResult *result, GError **error);

void
mw_session_disconnect_async (MwSession *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean mw_session_disconnect_finish (MwSession *self, GAsyncResult *result, GError **error);

/* The registers and loggers that this meter has: the catalogue's for a known family, else those
 * of its object list.  Only after connect.  (transfer full) arrays of MwRegisterInfo,
 * MwLoggerInfo. */
GPtrArray *mw_session_list_registers (MwSession *self);
GPtrArray *mw_session_list_loggers (MwSession *self);

/* (transfer full) array of MwObjectInfo; from the store when this meter and firmware were seen.
 */
void mw_session_objects_async (MwSession *self, gboolean refresh, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *mw_session_objects_finish (MwSession *self, GAsyncResult *result, GError **error);

/* Read REGISTERS: OBIS codes, catalogue names, or single attributes of any object as
 * CLASS:OBIS:ATTRIBUTE; NULL reads all.  Values that the meter refuses
 * are readings of kind MW_READING_REFUSED.  PROFILE is the register profile's name or NULL. */
void mw_session_read_async (MwSession *self, const char *const *registers, const char *profile,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
MwReadout *mw_session_read_finish (MwSession *self, GAsyncResult *result, GError **error);

/* Attribute ATTRIBUTE (or method) of any COSEM object. VALUE texts are as mw_value_parse takes
 * them
 * ("u32:5", "octet:0102", "visible:abc", "struct{...}"); NULL for a method without parameter.
 */
void mw_session_get_async (MwSession *self, guint16 class_id, const char *obis, int attribute,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
MwReading *mw_session_get_finish (MwSession *self, GAsyncResult *result, GError **error);
void mw_session_set_async (MwSession *self, guint16 class_id, const char *obis, int attribute,
                           const char *value, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
gboolean mw_session_set_finish (MwSession *self, GAsyncResult *result, GError **error);
void mw_session_action_async (MwSession *self, guint16 class_id, const char *obis, int method,
                              const char *value, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* The returned value as a reading, or one of kind TEXT with "" when the method returns nothing.
 */
MwReading *mw_session_action_finish (MwSession *self, GAsyncResult *result, GError **error);

/* Read LOGGER ("load-profile") and store it; with only_new just the missing part travels. The
 * result holds what was read now. */
void mw_session_log_async (MwSession *self, const char *logger, const MwLogWindow *window,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
MwSeries *mw_session_log_finish (MwSession *self, GAsyncResult *result, GError **error);

/* The IEC1107 request (METERTOOL manual 3.5.5): the data readout of IEC 62056-21, beside the
 * protocol that the connection speaks.  A reading per line, as text where it is no number;
 * `raw` is the line as it came ("1.8.0(0036886*kWh)").  Stored as a read-out "IEC1107 request".
 */
void mw_session_iec_request_async (MwSession *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
MwReadout *
mw_session_iec_request_finish (MwSession *self, GAsyncResult *result, GError **error);

/* ---- plans ---- */

/* The kinds of plan that the connected meter follows, a bit 1 << MwPlanKind each; 0: none, or
 * no meter is known. */
guint mw_session_get_plan_kinds (MwSession *self);

/* The plan of KIND that the meter holds.  MW_SESSION_ERROR_REFUSED: this meter follows no such
 * plan, or holds none. */
void mw_session_plan_read_async (MwSession *self, MwPlanKind kind, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
MwPlan *mw_session_plan_read_finish (MwSession *self, GAsyncResult *result, GError **error);

/* Put PLAN (copied) into the meter in place of what it follows: checked, written, read back,
 * compared, one audit record.  A plan is replaced whole or not at all.  FALSE: the sentence
 * says which plan the meter follows now, and OUTCOME (may be NULL) says it in short. */
void mw_session_plan_program_async (MwSession *self, const MwPlan *plan,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean mw_session_plan_program_finish (MwSession *self, GAsyncResult *result,
                                         MwPlanOutcome *outcome, GError **error);

/* What a logger of the meter holds, without reading it. */
void
mw_session_logger_status_async (MwSession *self, const char *logger, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
MwLoggerStatus *
mw_session_logger_status_finish (MwSession *self, GAsyncResult *result, GError **error);

G_END_DECLS

#endif
