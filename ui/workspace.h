/* workspace.h: what all pages look at: the store, the session, the meter that is shown, the
 * newest value of each of its registers, and what failed last.
 *
 *   pages ── read, log, connect, cancel ──► MwWorkspace ──► MwSession (one worker thread)
 *     ▲                                        │  └───────► MwStore   (one database thread)
 *     └──────────────── signals ───────────────┘
 *
 * Belongs to the main thread, which never waits: the store is asked through mw_store_run_async,
 * the meter through the session's jobs.
 */
#ifndef MW_WORKSPACE_H
#define MW_WORKSPACE_H

#include <gio/gio.h>

#include "session/session.h"
#include "trace-list.h"

G_BEGIN_DECLS

/* Where what is shown comes from. */
typedef enum {
  MW_SOURCE_NONE,
  MW_SOURCE_LIVE,   /* read in this connection */
  MW_SOURCE_STORED, /* read earlier, from the store */
  MW_SOURCE_FILE,
} MwSourceKind;

/* The newest value that is known of a register. */
typedef struct {
  MwReading *reading;
  MwReading *before; /* the value before it when that was another, or NULL */
  gint64 at;
  gboolean live;
} MwValue;

#define MW_TYPE_WORKSPACE (mw_workspace_get_type ())
G_DECLARE_FINAL_TYPE (MwWorkspace, mw_workspace, MW, WORKSPACE, GObject)

/* Signals:
 *   state-changed ()              the connection, the job, its progress, the last failure
 *   meter-changed ()              another meter is shown, or more is known of it
 *   values-changed ()             mw_workspace_get_value has new answers
 *   stored (const char *logger)   the store has more of this meter; logger NULL: a read-out
 *   toast (const char *text)      something to say in passing
 */
MwWorkspace *mw_workspace_new (void);

/* STORE NULL with PROBLEM: nothing can be kept, and why. */
void mw_workspace_set_store (MwWorkspace *self, MwStore *store, const char *problem);
MwStore *mw_workspace_get_store (MwWorkspace *self);     /* NULL until it is open */
MwSession *mw_workspace_get_session (MwWorkspace *self); /* NULL until the store is open */
MwTraceList *mw_workspace_get_trace (MwWorkspace *self);

MwMeterInfo *mw_workspace_get_meter (MwWorkspace *self); /* shown; NULL: none */
gint64 mw_workspace_get_meter_id (MwWorkspace *self);    /* row of the store, 0: none */
gboolean mw_workspace_is_connected (MwWorkspace *self);  /* to the meter that is shown */
gboolean mw_workspace_is_connecting (MwWorkspace *self);
gboolean mw_workspace_is_busy (MwWorkspace *self); /* connecting, or a job runs */
const char *mw_workspace_get_failure (MwWorkspace *self);
/* TRUE when the failure is that the meter refused the password. */
gboolean mw_workspace_is_refused (MwWorkspace *self);
void mw_workspace_dismiss_failure (MwWorkspace *self);
void mw_workspace_toast (MwWorkspace *self, const char *text);

/* (element MwRegisterInfo), (element MwLoggerInfo): what the shown meter has. NULL: not known.
 */
GPtrArray *mw_workspace_get_registers (MwWorkspace *self);
GPtrArray *mw_workspace_get_loggers (MwWorkspace *self);
const MwRegisterInfo *mw_workspace_find_register (MwWorkspace *self, const char *obis);

/* What the catalogue says of the shown meter; lists are NULL until they are known. */
typedef struct {
  GPtrArray *functions;   /* of MwFunctionInfo */
  GPtrArray *positions;   /* of MwTypePosition: the type number taken apart */
  char *shape;            /* the type number as it is printed on the meter */
  GPtrArray *status_bits; /* of MwStatusBit, of its status register */
} MwMeterFacts;

const MwMeterFacts *mw_workspace_get_facts (MwWorkspace *self); /* never NULL */
/* Why the shown meter does not have FUNCTION ("load-profile"), a sentence; NULL: it has it, or
 * may. */
const char *mw_workspace_get_missing_reason (MwWorkspace *self, const char *function);

/* NULL when not known.  OBIS is the code that electricity meters share ("1-0:1.8.0.255"): what
 * stands behind it in this family is found. */
const MwValue *mw_workspace_get_value (MwWorkspace *self, const char *obis);
/* As mw_decimal_to_double, NAN when not known or no number. */
double mw_workspace_get_number (MwWorkspace *self, const char *obis);
/* Where the values of OBIS (NULL-terminated; NULL: all) come from, and the oldest's time. */
MwSourceKind mw_workspace_get_source (MwWorkspace *self, const char *const *obis, gint64 *at);

/* PASSWORD NULL: the family's default. */
/* Of the SIM card in the modem that is used from now on; "": none, keep that of last time. */
void mw_workspace_set_pin (MwWorkspace *self, const char *pin);
void mw_workspace_connect (MwWorkspace *self, const char *uri, const char *password);
/* With the address and password of last time. */
void mw_workspace_reconnect (MwWorkspace *self);
const char *mw_workspace_get_last_uri (MwWorkspace *self); /* NULL: none */
/* Shows the recording of a conversation and plays it back, as far as the window's own questions
 * are those of the recording: nothing is stored. */
void mw_workspace_open_trace (MwWorkspace *self, GFile *file);
gboolean mw_workspace_is_played (MwWorkspace *self); /* what is shown comes from a recording */
void mw_workspace_disconnect (MwWorkspace *self);
/* Show a meter of the store; a connection to another meter is closed. */
void mw_workspace_open_meter (MwWorkspace *self, gint64 meter_id);
/* REGISTERS NULL: all. */
void mw_workspace_read (MwWorkspace *self, const char *const *registers, const char *profile);
/* The registers of the Overview that this meter has, those of its display included; (transfer
 * full) strings. */
char **mw_workspace_dup_overview_registers (MwWorkspace *self);
/* What the loggers of the connected meter hold: asked once for each connection, one after the
 * other; "stored" tells of each answer. */
void mw_workspace_ask_loggers (MwWorkspace *self);
/* NULL: not known. */
const MwLoggerStatus *mw_workspace_get_logger_status (MwWorkspace *self, const char *logger);
/* Those, the state of the switch, and once in a connection the lists of the display. */
void mw_workspace_read_overview (MwWorkspace *self);
void mw_workspace_log (MwWorkspace *self, const char *logger, const MwLogWindow *window);
/* The data readout of IEC 62056-21: METERTOOL's IEC1107 request. */
void mw_workspace_request_iec (MwWorkspace *self);
/* What it gave last, of the shown meter; NULL: nothing yet. */
MwReadout *mw_workspace_get_iec_readout (MwWorkspace *self);
/* What runs, or waits, is stopped. */
void mw_workspace_cancel (MwWorkspace *self);

G_END_DECLS

#endif
