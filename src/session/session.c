/* session.c: the state of a session that its main context sees: properties, signals, and what
 * becomes of them when the worker speaks.  The requests are in jobs.c, the thread in worker.c.
 *
 * State:  CLOSED --connect--> CONNECTING --> READY <--> BUSY
 *                                  |           ^  the link failed and could not be mended
 *                                  +-> FAILED <+--connect--> CONNECTING
 */
#include "session/session-private.h"

G_DEFINE_FINAL_TYPE (MwSession, mw_session, G_TYPE_OBJECT)

enum {
  PROP_STATE = 1,
  PROP_URI,
  PROP_PORT_TEXT,
  PROP_STEP,
  PROP_PERCENT,
  PROP_SECONDS_LEFT,
  PROP_FAILURE,
  PROP_SIGNAL_LOCAL,
  PROP_SIGNAL_REMOTE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum { SIGNAL_METER_CHANGED, SIGNAL_READING, SIGNAL_TRACE, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- setters: compare, act, notify ---- */

static void
set_text (MwSession *self, char **field, const char *text, guint prop)
{
  if (g_strcmp0 (*field, text) == 0)
    return;
  g_free (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_number (MwSession *self, int *field, int value, guint prop)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

void
mw_session_set_state (MwSession *self, MwSessionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
mw_session_set_step (MwSession *self, const char *step)
{
  set_text (self, &self->step, step, PROP_STEP);
}

void
mw_session_set_failure (MwSession *self, const char *failure)
{
  set_text (self, &self->failure, failure, PROP_FAILURE);
}

void
mw_session_set_progress (MwSession *self, int percent, int seconds_left)
{
  set_number (self, &self->percent, percent, PROP_PERCENT);
  set_number (self, &self->seconds_left, seconds_left, PROP_SECONDS_LEFT);
}

void
mw_session_set_signal (MwSession *self, int local, int remote)
{
  set_number (self, &self->signal_local, local, PROP_SIGNAL_LOCAL);
  set_number (self, &self->signal_remote, remote, PROP_SIGNAL_REMOTE);
}

void
mw_session_set_uri (MwSession *self, const char *uri)
{
  set_text (self, &self->uri, uri, PROP_URI);
}

void
mw_session_found_free (MwSessionFound *found)
{
  if (found == NULL)
    return;
  g_clear_pointer (&found->meter, mw_meter_info_unref);
  g_clear_pointer (&found->registers, g_ptr_array_unref);
  g_clear_pointer (&found->loggers, g_ptr_array_unref);
  g_free (found->uri);
  g_free (found->port_text);
  g_free (found->iec_refusal);
  g_free (found->note);
  g_free (found);
}

void
mw_session_set_found (MwSession *self, MwSessionFound *found)
{
  gboolean changed = self->meter != NULL || found != NULL;
  g_clear_pointer (&self->meter, mw_meter_info_unref);
  g_clear_pointer (&self->registers, g_ptr_array_unref);
  g_clear_pointer (&self->loggers, g_ptr_array_unref);
  g_clear_pointer (&self->iec_refusal, g_free);
  g_clear_pointer (&self->note, g_free);
  self->plan_kinds = 0;
  self->protocol = NULL;
  self->clock_drift = G_MININT64;
  if (found) {
    self->protocol = found->protocol;
    self->iec_refusal = g_steal_pointer (&found->iec_refusal);
    self->note = g_steal_pointer (&found->note);
    self->plan_kinds = found->plan_kinds;
    self->meter = g_steal_pointer (&found->meter);
    self->registers = g_steal_pointer (&found->registers);
    self->loggers = g_steal_pointer (&found->loggers);
    self->clock_drift = found->clock_drift;
    mw_session_set_uri (self, found->uri);
  }
  mw_session_set_signal (self, found ? found->signal_local : -1,
                         found ? found->signal_remote : -1);
  if (self->signal_local >= 0)
    mw_session_watch_signal (self);
  set_text (self, &self->port_text, found ? found->port_text : NULL, PROP_PORT_TEXT);
  if (changed)
    g_signal_emit (self, signals[SIGNAL_METER_CHANGED], 0);
}

/* ---- what the worker says ---- */

static void
on_started (gpointer owner)
{
  MwSession *self = owner;
  gboolean mended = self->state == MW_SESSION_FAILED && self->meter;
  if (self->state == MW_SESSION_READY || mended) /* a job connects again by itself */
    mw_session_set_state (self, MW_SESSION_BUSY);
}

static void
on_step (gpointer owner, const char *text)
{
  mw_session_set_step (owner, text);
}

static void
on_progress (gpointer owner, int percent, int seconds_left)
{
  mw_session_set_progress (owner, percent, seconds_left);
}

static void
on_reading (gpointer owner, MwReading *reading)
{
  g_signal_emit (owner, signals[SIGNAL_READING], 0, reading);
}

static void
on_trace (gpointer owner, gint64 time_us, gboolean sent, GBytes *bytes, const char *note)
{
  MwTraceItem item = { time_us, sent, bytes, note };
  g_signal_emit (owner, signals[SIGNAL_TRACE], 0, &item);
}

static void
on_alive (gpointer owner, gint64 time_utc)
{
  ((MwSession *) owner)->last_answer = time_utc;
}

static const MwWorkerClass worker_class = {
  .started = on_started,
  .step = on_step,
  .progress = on_progress,
  .reading = on_reading,
  .trace = on_trace,
  .alive = on_alive,
};

/* ---- the object ---- */

static void
mw_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MwSession *self = MW_SESSION (object);
  switch (id) {
  case PROP_STATE:
    g_value_set_int (value, (int) self->state);
    break;
  case PROP_URI:
    g_value_set_string (value, self->uri);
    break;
  case PROP_PORT_TEXT:
    g_value_set_string (value, self->port_text);
    break;
  case PROP_STEP:
    g_value_set_string (value, self->step);
    break;
  case PROP_PERCENT:
    g_value_set_int (value, self->percent);
    break;
  case PROP_SECONDS_LEFT:
    g_value_set_int (value, self->seconds_left);
    break;
  case PROP_FAILURE:
    g_value_set_string (value, self->failure);
    break;
  case PROP_SIGNAL_LOCAL:
    g_value_set_int (value, self->signal_local);
    break;
  case PROP_SIGNAL_REMOTE:
    g_value_set_int (value, self->signal_remote);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
mw_session_finalize (GObject *object)
{
  MwSession *self = MW_SESSION (object);
  mw_session_unwatch_signal (self);
  mw_worker_free (self->worker);
  g_clear_pointer (&self->meter, mw_meter_info_unref);
  g_clear_pointer (&self->registers, g_ptr_array_unref);
  g_clear_pointer (&self->loggers, g_ptr_array_unref);
  g_clear_pointer (&self->store, mw_store_unref);
  g_main_context_unref (self->context);
  g_free (self->uri);
  g_free (self->port_text);
  g_free (self->iec_refusal);
  g_free (self->note);
  g_free (self->step);
  g_free (self->failure);
  G_OBJECT_CLASS (mw_session_parent_class)->finalize (object);
}

static void
mw_session_class_init (MwSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GSignalFlags run = G_SIGNAL_RUN_LAST;

  object_class->get_property = mw_session_get_property;
  object_class->finalize = mw_session_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, MW_SESSION_CLOSED,
                                        MW_SESSION_FAILED, MW_SESSION_CLOSED, flags);
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);
  props[PROP_PORT_TEXT] = g_param_spec_string ("port-text", NULL, NULL, NULL, flags);
  props[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  props[PROP_PERCENT] = g_param_spec_int ("percent", NULL, NULL, -1, 100, -1, flags);
  props[PROP_SECONDS_LEFT] =
      g_param_spec_int ("seconds-left", NULL, NULL, -1, G_MAXINT, -1, flags);
  props[PROP_FAILURE] = g_param_spec_string ("failure", NULL, NULL, NULL, flags);
  props[PROP_SIGNAL_LOCAL] = g_param_spec_int ("signal-local", NULL, NULL, -1, 31, -1, flags);
  props[PROP_SIGNAL_REMOTE] = g_param_spec_int ("signal-remote", NULL, NULL, -1, 31, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_METER_CHANGED] =
      g_signal_new ("meter-changed", MW_TYPE_SESSION, run, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_READING] = g_signal_new ("reading", MW_TYPE_SESSION, run, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_TRACE] = g_signal_new ("trace", MW_TYPE_SESSION, run, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
mw_session_init (MwSession *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->worker = mw_worker_new (&worker_class, self, self->context);
  self->percent = -1;
  self->seconds_left = -1;
  self->clock_drift = G_MININT64;
  self->signal_local = self->signal_remote = -1;
}

/* A session that keeps what it reads in STORE, which may be NULL: nothing is kept then. */
MwSession *
mw_session_new (MwStore *store)
{
  MwSession *self = g_object_new (MW_TYPE_SESSION, NULL);
  self->store = store ? mw_store_ref (store) : NULL;
  return self;
}

MwSessionState
mw_session_get_state (MwSession *self)
{
  return self->state;
}

MwMeterInfo *
mw_session_get_meter (MwSession *self)
{
  return self->meter;
}

const char *
mw_session_get_uri (MwSession *self)
{
  return self->uri;
}

const char *
mw_session_get_protocol (MwSession *self)
{
  return self->protocol;
}

const char *
mw_session_get_iec_refusal (MwSession *self)
{
  return self->iec_refusal;
}

const char *
mw_session_get_note (MwSession *self)
{
  return self->note;
}

guint
mw_session_get_plan_kinds (MwSession *self)
{
  return self->plan_kinds;
}

gint64
mw_session_get_clock_drift (MwSession *self)
{
  return self->clock_drift;
}

gint64
mw_session_get_last_answer (MwSession *self)
{
  return self->last_answer;
}

/* ---- copies of what the family has ---- */

typedef gpointer (*CopyFunc) (gconstpointer from);

/* The lists know their free functions, a plain g_ptr_array_copy would lose them. */
static GPtrArray *
copy_list (GPtrArray *from, CopyFunc copy, GDestroyNotify destroy)
{
  GPtrArray *to = g_ptr_array_new_with_free_func (destroy);
  for (guint i = 0; from && i < from->len; i++)
    g_ptr_array_add (to, copy (g_ptr_array_index (from, i)));
  return to;
}

GPtrArray *
mw_session_list_registers (MwSession *self)
{
  return copy_list (self->registers, (CopyFunc) mw_register_info_copy,
                    (GDestroyNotify) mw_register_info_free);
}

GPtrArray *
mw_session_list_loggers (MwSession *self)
{
  return copy_list (self->loggers, (CopyFunc) mw_logger_info_copy,
                    (GDestroyNotify) mw_logger_info_free);
}
