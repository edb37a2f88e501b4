/* worker.h: one thread that does one job after the other and reports to its owner's context.
 *
 *   owner's main context                      worker's thread
 *   mw_worker_push --> queue ---------------> run (request, monitor)
 *   post's function <-- idle source --------- mw_worker_post
 *   GTask's callback <-- idle source -------- the result, with the only reference to the task
 *
 * A job that still waits is cancelled at once by its GCancellable; a running one looks at it.
 * Whoever pushes owns the GTask's source object for as long as the job lasts, and posts are
 * dispatched before the job's result: a post may use the owner without a reference.
 */
#ifndef MW_SESSION_WORKER_H
#define MW_SESSION_WORKER_H

#include "meter/meter.h"

G_BEGIN_DECLS

typedef struct MwWorker MwWorker;

/* What a job is asked for; each kind uses some of the fields. All owned. */
typedef struct {
  char *uri;
  char *password;
  char *pin;
  char *trace_file;
  gboolean save;
  MwStore *store;
  char **registers;
  char *profile;
  guint16 class_id;
  char *obis;
  int attribute;
  char *value;
  char *logger;
  MwLogWindow window;
  gboolean refresh;
  MwPlan *plan;
  MwPlanKind plan_kind;
} MwRequest;

MwRequest *mw_request_new (void);
void mw_request_free (MwRequest *request);

/* Runs in the worker's thread. METER is the worker's connection, to be opened, used or closed.
 * NULL with ERROR set is a failure. */
typedef gpointer (*MwJobRun) (MwMeter **meter, const MwRequest *request, MwMonitor *monitor,
                              GError **error);
/* Runs in the owner's context before the task returns, with ERROR NULL on success. */
typedef void (*MwJobDone) (gpointer owner, const MwRequest *request, const GError *error);

/* What a worker tells its owner, each in the owner's context. */
typedef struct {
  void (*started) (gpointer owner);
  void (*step) (gpointer owner, const char *text);
  void (*progress) (gpointer owner, int percent, int seconds_left);
  void (*reading) (gpointer owner, MwReading *reading);
  void (*trace) (gpointer owner, gint64 time_us, gboolean sent, GBytes *bytes,
                 const char *note);
  void (*alive) (gpointer owner, gint64 time_utc);
} MwWorkerClass;

/* CONTEXT is the owner's; OWNER is borrowed. */
MwWorker *mw_worker_new (const MwWorkerClass *class, gpointer owner, GMainContext *context);
/* Ends the thread after the job that runs and closes the connection there; does not wait. */
void mw_worker_free (MwWorker *worker);

/* Takes TASK and REQUEST. RESULT_FREE frees what RUN returned when nobody takes it. */
void mw_worker_push (MwWorker *worker, GTask *task, MwRequest *request, MwJobRun run,
                     GDestroyNotify result_free, MwJobDone done);

/* From the worker's thread: call FUNCTION (owner, data) in the owner's context. */
void mw_worker_post (MwWorker *worker, void (*function) (gpointer owner, gpointer data),
                     gpointer data, GDestroyNotify destroy);
/* The worker that MONITOR belongs to. */
MwWorker *mw_worker_of (MwMonitor *monitor);

G_END_DECLS

#endif
