/* workspace-private.h: what the files of the workspace share: workspace.c (store, session, what
 * is known of the meter) and workspace-overview.c (what the Overview reads). */
#ifndef MW_WORKSPACE_PRIVATE_H
#define MW_WORKSPACE_PRIVATE_H

#include "workspace.h"

G_BEGIN_DECLS

struct _MwWorkspace {
  GObject parent_instance;

  /* owned */
  MwStore *store;
  MwSession *session;
  MwTraceList *trace;
  MwMeterInfo *meter;
  GPtrArray *registers;
  GPtrArray *loggers;
  GHashTable *values; /* OBIS -> MwValue */
  GCancellable *job;  /* of the running job */
  GCancellable *loading;
  char *failure;
  char *last_uri;
  char *last_password; /* of this run; never written anywhere */
  char *pin;           /* of the modem's SIM card; likewise */
  gboolean pending;    /* connect to it when the store is open */

  MwMeterFacts *facts;       /* NULL: not known */
  MwReadout *iec_readout;    /* of this meter, or NULL */
  GHashTable *logger_status; /* logger -> MwLoggerStatus, of this connection */

  guint jobs;          /* running or waiting */
  guint asked_loggers; /* how many were asked for in this connection */
  guint values_idle;
  gboolean connecting;
  gboolean refused;    /* the failure is the meter's refusal of the password */
  gboolean own_meter;  /* the session's meter is the one shown */
  gint64 played_at;    /* a recording is played back: seconds of its beginning, else 0 */
  gboolean lists_kept; /* the display lists were read and stored in this connection */
};

/* Another name of OBIS in other families: the I-th from 0, FALSE when there is none. */
gboolean mw_workspace_other_name (const char *obis, guint i, char *name, gsize size);
/* Asks the catalogue about the shown meter; "meter-changed" tells when it is known. */
void mw_workspace_load_facts (MwWorkspace *self);
void mw_meter_facts_free (MwMeterFacts *facts);
void mw_workspace_emit_meter_changed (MwWorkspace *self);
/* READING is the newest of its register unless a newer one is known. */
void
mw_workspace_take_reading (MwWorkspace *self, MwReading *reading, gint64 at, gboolean live);
/* Seconds of UTC; those of the recording that is played back. */
gint64 mw_workspace_now (MwWorkspace *self);
/* A job that a person asked for begins: what failed before is forgotten.  Its cancellable. */
GCancellable *mw_workspace_begin_job (MwWorkspace *self);
/* TRUE when the job went well. */
gboolean mw_workspace_end_job (MwWorkspace *self, GError *error);

G_END_DECLS

#endif
