/* jobs.c: the requests of a session: each is a pair (async, finish) on the session's main
 * context and a function that runs in the worker.  What they share is ask() and done().
 */
#include "session/session-private.h"

/* Between two questions for the signal strength of a call: each pauses it for some seconds. */
#define SIGNAL_S 60

/* ---- in the main context ---- */

static void
forget_progress (MwSession *self)
{
  mw_session_set_progress (self, -1, -1);
  mw_session_set_step (self, NULL);
}

/* After any job but connect and disconnect: a link that broke and could not be mended ends in
 * FAILED, everything else leaves the session as it was. */
static void
on_job_done (gpointer owner, const MwRequest *request, const GError *error)
{
  MwSession *self = owner;
  gboolean broken = g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_LINK);
  self->waiting--;
  forget_progress (self);
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mw_session_set_failure (self, error->message);
  else if (error == NULL)
    mw_session_set_failure (self, NULL);
  if (self->state != MW_SESSION_BUSY)
    return;
  mw_session_set_state (self, broken ? MW_SESSION_FAILED : MW_SESSION_READY);
}

static void
on_connect_done (gpointer owner, const MwRequest *request, const GError *error)
{
  MwSession *self = owner;
  self->waiting--;
  forget_progress (self);
  if (error == NULL) {
    mw_session_set_failure (self, NULL);
    mw_session_set_state (self, MW_SESSION_READY);
    return;
  }
  mw_session_set_found (self, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    mw_session_set_state (self, MW_SESSION_CLOSED);
    return;
  }
  mw_session_set_failure (self, error->message);
  mw_session_set_state (self, MW_SESSION_FAILED);
}

static void
on_disconnect_done (gpointer owner, const MwRequest *request, const GError *error)
{
  MwSession *self = owner;
  self->waiting--;
  forget_progress (self);
  mw_session_set_failure (self, NULL);
  mw_session_set_found (self, NULL);
  mw_session_set_state (self, MW_SESSION_CLOSED);
}

/* Takes REQUEST. */
static void
ask (MwSession *self, MwRequest *request, MwJobRun run, GDestroyNotify result_free,
     MwJobDone done, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tag);
  /* The job decides what a cancel means: an answer that has come is an answer. */
  g_task_set_check_cancellable (task, FALSE);
  self->waiting++;
  mw_worker_push (self->worker, task, request, run, result_free, done);
}

static gpointer
finish (MwSession *self, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- in the worker ---- */

static gboolean
is_open (MwMeter **meter, GError **error)
{
  return *meter
         || mw_fail (error, MW_SESSION_ERROR_USAGE,
                     "No meter is connected. Connect to one first.");
}

/* A job that answers yes or no answers with this address; nobody looks behind it. */
static int yes;

static void
found_apply (gpointer owner, gpointer data)
{
  mw_session_set_found (owner, data);
}

static MwSessionFound *
find_out (MwMeter *meter, MwMonitor *monitor, GError **error)
{
  MwSessionFound *found = g_new0 (MwSessionFound, 1);
  found->meter = mw_meter_info_ref (mw_meter_get_info (meter));
  found->uri = g_strdup (mw_meter_get_uri (meter));
  found->port_text = g_strdup (mw_meter_get_port_text (meter));
  found->protocol = mw_meter_get_protocol (meter);
  found->note = mw_meter_dup_note (meter);
  found->iec_refusal = mw_meter_dup_iec_refusal (meter);
  found->plan_kinds = mw_meter_get_plan_kinds (meter);
  found->clock_drift = mw_meter_get_clock_drift (meter);
  if (!mw_meter_get_signal (meter, FALSE, monitor, &found->signal_local, &found->signal_remote,
                            error)) {
    mw_session_found_free (found);
    return NULL;
  }
  found->registers = mw_meter_list_registers (meter, monitor, error);
  if (found->registers)
    found->loggers = mw_meter_list_loggers (meter, monitor, error);
  if (found->loggers)
    return found;
  mw_session_found_free (found);
  return NULL;
}

typedef struct {
  int local, remote;
} Signals;

static void
signals_apply (gpointer owner, gpointer data)
{
  const Signals *s = data;
  mw_session_set_signal (owner, s->local, s->remote);
}

static gpointer
run_signal (MwMeter **meter, const MwRequest *request, MwMonitor *monitor, GError **error)
{
  Signals s;
  if (!is_open (meter, error)
      || !mw_meter_get_signal (*meter, TRUE, monitor, &s.local, &s.remote, error))
    return NULL;
  mw_worker_post (mw_worker_of (monitor), signals_apply, g_memdup2 (&s, sizeof s), g_free);
  return &yes;
}

static void
close_meter (MwMeter **meter, MwMonitor *monitor)
{
  if (*meter)
    mw_meter_close (g_steal_pointer (meter), monitor);
}

static gpointer
run_connect (MwMeter **meter, const MwRequest *request, MwMonitor *monitor, GError **error)
{
  MwMeterOptions options = {
    .uri = request->uri,
    .password = request->password,
    .pin = request->pin,
    .trace_file = request->trace_file,
    .save = request->save,
    .store = request->store,
  };
  MwSessionFound *found;

  close_meter (meter, monitor);
  *meter = mw_meter_open (&options, monitor, error);
  if (*meter == NULL)
    return NULL;
  found = find_out (*meter, monitor, error);
  if (found == NULL) {
    close_meter (meter, monitor);
    return NULL;
  }
  mw_worker_post (mw_worker_of (monitor), found_apply, found,
                  (GDestroyNotify) mw_session_found_free);
  return &yes;
}

static gpointer
run_disconnect (MwMeter **meter, const MwRequest *request, MwMonitor *monitor, GError **error)
{
  close_meter (meter, monitor);
  return &yes;
}

static gpointer
run_objects (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  return is_open (meter, error) ? mw_meter_list_objects (*meter, r->refresh, monitor, error)
                                : NULL;
}

static gpointer
run_read (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  if (!is_open (meter, error))
    return NULL;
  return mw_meter_read (*meter, (const char *const *) r->registers, r->profile, monitor, error);
}

static gpointer
run_get (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  if (!is_open (meter, error))
    return NULL;
  return mw_meter_get (*meter, r->class_id, r->obis, r->attribute, monitor, error);
}

static gpointer
run_set (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  if (!is_open (meter, error))
    return NULL;
  return mw_meter_set (*meter, r->class_id, r->obis, r->attribute, r->value, monitor, error)
             ? &yes
             : NULL;
}

static gpointer
run_action (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  if (!is_open (meter, error))
    return NULL;
  return mw_meter_action (*meter, r->class_id, r->obis, r->attribute, r->value, monitor, error);
}

static gpointer
run_log (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  return is_open (meter, error) ? mw_meter_log (*meter, r->logger, &r->window, monitor, error)
                                : NULL;
}

static gpointer
run_iec_request (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  return is_open (meter, error) ? mw_meter_iec_request (*meter, monitor, error) : NULL;
}

static gpointer
run_logger_status (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  return is_open (meter, error) ? mw_meter_logger_status (*meter, r->logger, monitor, error)
                                : NULL;
}

static gpointer
run_plan_read (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  return is_open (meter, error) ? mw_meter_plan_read (*meter, r->plan_kind, monitor, error)
                                : NULL;
}

/* The outcome counts when it failed, too: it and the error are one result. */
typedef struct {
  MwPlanOutcome outcome;
  GError *error;
} Programmed;

static void
programmed_free (gpointer data)
{
  Programmed *p = data;
  g_clear_error (&p->error);
  g_free (p);
}

static gpointer
run_plan_program (MwMeter **meter, const MwRequest *r, MwMonitor *monitor, GError **error)
{
  Programmed *p;
  if (!is_open (meter, error))
    return NULL;
  p = g_new0 (Programmed, 1);
  mw_meter_plan_program (*meter, r->plan, &p->outcome, monitor, &p->error);
  return p;
}

/* ---- the public pairs ---- */

/* Open the link of URI, find out what meter it is, associate.  Connecting again closes first.
 */
void
mw_session_connect_async (MwSession *self, const char *uri, const MwConnectOptions *options,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->uri = g_strdup (uri);
  r->save = options == NULL || options->save;
  r->password = options ? g_strdup (options->password) : NULL;
  r->pin = options ? g_strdup (options->pin) : NULL;
  r->trace_file = options ? g_strdup (options->trace_file) : NULL;
  r->store = self->store ? mw_store_ref (self->store) : NULL;
  mw_session_set_found (self, NULL);
  mw_session_set_failure (self, NULL);
  mw_session_set_uri (self, uri);
  mw_session_set_state (self, MW_SESSION_CONNECTING);
  ask (self, r, run_connect, NULL, on_connect_done, mw_session_connect_async, cancellable,
       callback, user_data);
}

gboolean
mw_session_connect_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_connect_async, error) != NULL;
}

void
mw_session_disconnect_async (MwSession *self, GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, mw_request_new (), run_disconnect, NULL, on_disconnect_done,
       mw_session_disconnect_async, NULL, callback, user_data);
}

gboolean
mw_session_disconnect_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_disconnect_async, error) != NULL;
}

void
mw_session_objects_async (MwSession *self, gboolean refresh, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->refresh = refresh;
  ask (self, r, run_objects, (GDestroyNotify) g_ptr_array_unref, on_job_done,
       mw_session_objects_async, cancellable, callback, user_data);
}

GPtrArray *
mw_session_objects_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_objects_async, error);
}

void
mw_session_read_async (MwSession *self, const char *const *registers, const char *profile,
                       GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->registers = g_strdupv ((char **) registers);
  r->profile = g_strdup (profile);
  ask (self, r, run_read, (GDestroyNotify) mw_readout_unref, on_job_done, mw_session_read_async,
       cancellable, callback, user_data);
}

MwReadout *
mw_session_read_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_read_async, error);
}

static MwRequest *
attribute_request (guint16 class_id, const char *obis, int attribute, const char *value)
{
  MwRequest *r = mw_request_new ();
  r->class_id = class_id;
  r->obis = g_strdup (obis);
  r->attribute = attribute;
  r->value = g_strdup (value);
  return r;
}

void
mw_session_get_async (MwSession *self, guint16 class_id, const char *obis, int attribute,
                      GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  ask (self, attribute_request (class_id, obis, attribute, NULL), run_get,
       (GDestroyNotify) mw_reading_unref, on_job_done, mw_session_get_async, cancellable,
       callback, user_data);
}

MwReading *
mw_session_get_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_get_async, error);
}

void
mw_session_set_async (MwSession *self, guint16 class_id, const char *obis, int attribute,
                      const char *value, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, attribute_request (class_id, obis, attribute, value), run_set, NULL, on_job_done,
       mw_session_set_async, cancellable, callback, user_data);
}

gboolean
mw_session_set_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_set_async, error) != NULL;
}

void
mw_session_action_async (MwSession *self, guint16 class_id, const char *obis, int method,
                         const char *value, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, attribute_request (class_id, obis, method, value), run_action,
       (GDestroyNotify) mw_reading_unref, on_job_done, mw_session_action_async, cancellable,
       callback, user_data);
}

MwReading *
mw_session_action_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_action_async, error);
}

void
mw_session_log_async (MwSession *self, const char *logger, const MwLogWindow *window,
                      GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->logger = g_strdup (logger);
  if (window)
    r->window = *window;
  ask (self, r, run_log, (GDestroyNotify) mw_series_unref, on_job_done, mw_session_log_async,
       cancellable, callback, user_data);
}

MwSeries *
mw_session_log_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_log_async, error);
}

void
mw_session_iec_request_async (MwSession *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, mw_request_new (), run_iec_request, (GDestroyNotify) mw_readout_unref, on_job_done,
       mw_session_iec_request_async, cancellable, callback, user_data);
}

MwReadout *
mw_session_iec_request_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_iec_request_async, error);
}

/* Nobody waits for the answer: what it says is in the properties. */
static void
on_signal_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  finish (MW_SESSION (source), result, mw_session_watch_signal, NULL);
}

static gboolean
on_signal_timer (gpointer data)
{
  MwSession *self = data;
  if (self->signal_local < 0) { /* the call has ended */
    mw_session_unwatch_signal (self);
    return G_SOURCE_REMOVE;
  }
  if (self->state == MW_SESSION_READY)
    ask (self, mw_request_new (), run_signal, NULL, on_job_done, mw_session_watch_signal, NULL,
         on_signal_done, NULL);
  return G_SOURCE_CONTINUE;
}

void
mw_session_unwatch_signal (MwSession *self)
{
  if (self->signal_timer)
    g_source_destroy (self->signal_timer);
  g_clear_pointer (&self->signal_timer, g_source_unref);
}

void
mw_session_watch_signal (MwSession *self)
{
  if (self->signal_timer)
    return;
  self->signal_timer = g_timeout_source_new_seconds (SIGNAL_S);
  g_source_set_callback (self->signal_timer, on_signal_timer, self, NULL);
  g_source_attach (self->signal_timer, self->context);
}

void
mw_session_logger_status_async (MwSession *self, const char *logger, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->logger = g_strdup (logger);
  ask (self, r, run_logger_status, (GDestroyNotify) mw_logger_status_free, on_job_done,
       mw_session_logger_status_async, cancellable, callback, user_data);
}

MwLoggerStatus *
mw_session_logger_status_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_logger_status_async, error);
}

void
mw_session_plan_read_async (MwSession *self, MwPlanKind kind, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->plan_kind = kind;
  ask (self, r, run_plan_read, (GDestroyNotify) mw_plan_free, on_job_done,
       mw_session_plan_read_async, cancellable, callback, user_data);
}

MwPlan *
mw_session_plan_read_finish (MwSession *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, mw_session_plan_read_async, error);
}

void
mw_session_plan_program_async (MwSession *self, const MwPlan *plan, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  MwRequest *r = mw_request_new ();
  r->plan = mw_plan_copy (plan);
  ask (self, r, run_plan_program, programmed_free, on_job_done, mw_session_plan_program_async,
       cancellable, callback, user_data);
}

gboolean
mw_session_plan_program_finish (MwSession *self, GAsyncResult *result, MwPlanOutcome *outcome,
                                GError **error)
{
  Programmed *p = finish (self, result, mw_session_plan_program_async, error);
  gboolean good = p && p->error == NULL;
  if (outcome)
    *outcome = p ? p->outcome : MW_PLAN_OUTCOME_OLD;
  if (p && p->error)
    g_propagate_error (error, g_steal_pointer (&p->error));
  if (p)
    programmed_free (p);
  return good;
}
