#include "workspace-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "trace-file.h"

G_DEFINE_FINAL_TYPE (MwWorkspace, mw_workspace, G_TYPE_OBJECT)

enum { STATE_CHANGED, METER_CHANGED, VALUES_CHANGED, STORED, TOAST, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
value_free (MwValue *value)
{
  g_clear_pointer (&value->reading, mw_reading_unref);
  g_clear_pointer (&value->before, mw_reading_unref);
  g_free (value);
}

static void
emit (MwWorkspace *self, guint signal)
{
  g_signal_emit (self, signals[signal], 0);
}

static gboolean
on_values_idle (gpointer data)
{
  MwWorkspace *self = data;
  self->values_idle = 0;
  emit (self, VALUES_CHANGED);
  return G_SOURCE_REMOVE;
}

/* Readings come in bursts; those who show them are told once. */
static void
values_changed (MwWorkspace *self)
{
  if (!self->values_idle)
    self->values_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_values_idle, self, NULL);
}

static void
set_failure (MwWorkspace *self, const char *sentence)
{
  g_free (self->failure);
  self->failure = g_strdup (sentence);
  emit (self, STATE_CHANGED);
}

static gboolean
same_value (const MwReading *a, const MwReading *b)
{
  if (a->kind != b->kind)
    return FALSE;
  if (a->kind == MW_READING_DECIMAL)
    return mw_decimal_compare (a->value, b->value) == 0;
  g_autofree char *ta = mw_reading_dup_text (a);
  g_autofree char *tb = mw_reading_dup_text (b);
  return g_str_equal (ta, tb);
}

void
mw_workspace_take_reading (MwWorkspace *self, MwReading *reading, gint64 at, gboolean live)
{
  MwValue *old = g_hash_table_lookup (self->values, reading->obis);
  if (old && old->at > at)
    return;
  MwValue *value = g_new0 (MwValue, 1);
  value->reading = mw_reading_ref (reading);
  value->at = at;
  value->live = live;
  if (old && old->at == at && old->before) /* the same reading told twice */
    value->before = mw_reading_ref (old->before);
  else if (old && live && !same_value (old->reading, reading))
    value->before = mw_reading_ref (old->reading);
  g_hash_table_replace (self->values, g_strdup (reading->obis), value);
}

/* ---- what the store knows of the meter that is shown ---- */

typedef struct {
  gint64 meter_id;
  MwMeterInfo *meter;
  GPtrArray *registers, *loggers;
  GPtrArray *readouts; /* of MwReadout, oldest first */
} Loaded;

static void
loaded_free (Loaded *l)
{
  g_clear_pointer (&l->meter, mw_meter_info_unref);
  g_clear_pointer (&l->registers, g_ptr_array_unref);
  g_clear_pointer (&l->loggers, g_ptr_array_unref);
  g_clear_pointer (&l->readouts, g_ptr_array_unref);
  g_free (l);
}

#define READOUTS_SHOWN 12 /* of earlier ones, so that each register has its newest value */

static gboolean
load_meter (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Loaded *l = data;
  l->meter = mw_store_get_meter (store, l->meter_id, error);
  if (!l->meter)
    return FALSE;
  MwMeterKind kind = mw_meter_kind_of (l->meter);
  l->registers = mw_store_list_kind_registers (store, &kind, NULL);
  l->loggers = mw_store_list_kind_loggers (store, &kind, FALSE, NULL);
  l->readouts = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_readout_unref);
  g_autoptr (GPtrArray) infos = mw_store_list_readouts (store, l->meter_id, NULL);
  for (guint i = MIN (infos ? infos->len : 0, READOUTS_SHOWN); i-- > 0;) {
    MwReadoutInfo *info = infos->pdata[i];
    MwReadout *readout = mw_store_load_readout (store, info->id, NULL);
    if (readout)
      g_ptr_array_add (l->readouts, readout);
  }
  return TRUE;
}

static void
set_lists (MwWorkspace *self, GPtrArray *registers, GPtrArray *loggers)
{
  g_clear_pointer (&self->registers, g_ptr_array_unref);
  g_clear_pointer (&self->loggers, g_ptr_array_unref);
  self->registers = registers;
  self->loggers = loggers;
}

static void
on_meter_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  if (!mw_store_run_finish (result, &error)) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      set_failure (self, error->message);
    return;
  }
  Loaded *l = mw_store_run_get_data (result);
  if (!self->own_meter) {
    g_clear_pointer (&self->meter, mw_meter_info_unref);
    self->meter = mw_meter_info_ref (l->meter);
    set_lists (self, g_steal_pointer (&l->registers), g_steal_pointer (&l->loggers));
  }
  for (guint i = 0; i < l->readouts->len; i++) {
    MwReadout *readout = l->readouts->pdata[i];
    for (guint k = 0; k < readout->readings->len; k++)
      mw_workspace_take_reading (self, readout->readings->pdata[k], readout->at, FALSE);
  }
  mw_workspace_load_facts (self);
  emit (self, METER_CHANGED);
  values_changed (self);
}

static void
load_from_store (MwWorkspace *self, gint64 meter_id)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (!self->store || meter_id == 0)
    return;
  self->loading = g_cancellable_new ();
  Loaded *l = g_new0 (Loaded, 1);
  l->meter_id = meter_id;
  mw_store_run_async (self->store, load_meter, l, (GDestroyNotify) loaded_free, self->loading,
                      on_meter_loaded, g_object_ref (self));
}

/* ---- the session ---- */

gint64
mw_workspace_now (MwWorkspace *self)
{
  return self->played_at ? self->played_at : g_get_real_time () / G_USEC_PER_SEC;
}

static void
on_session_notify (GObject *session, GParamSpec *pspec, MwWorkspace *self)
{
  emit (self, STATE_CHANGED);
}

static gboolean
same_meter (const MwMeterInfo *a, const MwMeterInfo *b)
{
  return a && b && g_strcmp0 (a->serial, b->serial) == 0;
}

static void
on_session_meter (MwSession *session, MwWorkspace *self)
{
  MwMeterInfo *info = mw_session_get_meter (session);
  if (!info)
    return;
  gboolean another = !same_meter (info, self->meter);
  gint64 known = self->meter ? self->meter->id : 0;
  if (another) {
    g_hash_table_remove_all (self->values);
    g_clear_pointer (&self->facts, mw_meter_facts_free);
    g_clear_pointer (&self->iec_readout, mw_readout_unref);
  }
  g_clear_pointer (&self->meter, mw_meter_info_unref);
  self->meter = mw_meter_info_ref (info);
  self->own_meter = TRUE;
  mw_workspace_load_facts (self);
  if ((another || known != info->id) && !self->played_at)
    load_from_store (self, info->id);
  emit (self, METER_CHANGED);
}

static void
on_session_reading (MwSession *session, MwReading *reading, MwWorkspace *self)
{
  mw_workspace_take_reading (self, reading, mw_workspace_now (self), TRUE);
  values_changed (self);
}

static void
on_session_trace (MwSession *session, MwTraceItem *item, MwWorkspace *self)
{
  if (!self->played_at) /* a recording stands there whole already */
    mw_trace_list_append (self->trace, item);
}

void
mw_workspace_set_store (MwWorkspace *self, MwStore *store, const char *problem)
{
  g_return_if_fail (!self->session);
  self->store = store ? mw_store_ref (store) : NULL;
  self->session = mw_session_new (store);
  g_signal_connect_object (self->session, "notify", G_CALLBACK (on_session_notify), self, 0);
  g_signal_connect_object (self->session, "meter-changed", G_CALLBACK (on_session_meter), self,
                           0);
  g_signal_connect_object (self->session, "reading", G_CALLBACK (on_session_reading), self, 0);
  g_signal_connect_object (self->session, "trace", G_CALLBACK (on_session_trace), self, 0);
  if (problem)
    set_failure (self, problem);
  if (self->pending) {
    self->pending = FALSE;
    mw_workspace_reconnect (self);
  }
  emit (self, STATE_CHANGED);
}

/* A job that nobody asked for: what failed before stays said. */
static GCancellable *
begin_quiet_job (MwWorkspace *self)
{
  if (self->jobs++ == 0) {
    g_clear_object (&self->job);
    self->job = g_cancellable_new ();
  }
  emit (self, STATE_CHANGED);
  return self->job;
}

GCancellable *
mw_workspace_begin_job (MwWorkspace *self)
{
  g_clear_pointer (&self->failure, g_free);
  return begin_quiet_job (self);
}

/* TRUE when the job went well. */
gboolean
mw_workspace_end_job (MwWorkspace *self, GError *error)
{
  self->jobs--;
  if (error && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mw_workspace_toast (self, _ ("Cancelled"));
  else if (error)
    set_failure (self, error->message);
  emit (self, STATE_CHANGED);
  return error == NULL;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  mw_session_connect_finish (MW_SESSION (source), result, &error);
  self->connecting = FALSE;
  self->refused = g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_ACCESS);
  if (!error) {
    on_session_meter (self->session, self);
    set_lists (self, mw_session_list_registers (self->session),
               mw_session_list_loggers (self->session));
  }
  if (!mw_workspace_end_job (self, error))
    return;
  emit (self, METER_CHANGED);
  if (mw_workspace_get_meter_id (self))
    g_signal_emit (self, signals[STORED], 0, NULL);
  mw_workspace_read_overview (self);
}

static void
open_connection (MwWorkspace *self, const char *uri, const char *password)
{
  char *last_uri = g_strdup (uri), *last_password = g_strdup (password);
  g_free (self->last_uri); /* may be what URI points to */
  g_free (self->last_password);
  self->last_uri = last_uri;
  self->last_password = last_password;
  if (!self->session) {
    self->pending = TRUE;
    return;
  }
  mw_workspace_cancel (self);
  g_hash_table_remove_all (self->logger_status);
  self->asked_loggers = 0;
  self->lists_kept = FALSE;
  MwConnectOptions options = { .password =
                                   last_password && *last_password ? last_password : NULL,
                               .pin = self->pin,
                               .save = self->store != NULL && !self->played_at };
  self->connecting = TRUE;
  mw_session_connect_async (self->session, last_uri, &options, mw_workspace_begin_job (self),
                            on_connected, g_object_ref (self));
}

static void
leave_connection (MwWorkspace *self)
{
  GHashTableIter iter;
  gpointer value;
  self->own_meter = FALSE;
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((MwValue *) value)->live = FALSE;
  values_changed (self);
}

void
mw_workspace_set_pin (MwWorkspace *self, const char *pin)
{
  if (!*pin)
    return;
  g_free (self->pin);
  self->pin = g_strdup (pin);
}

void
mw_workspace_connect (MwWorkspace *self, const char *uri, const char *password)
{
  g_autofree char *path =
      g_str_has_prefix (uri, "replay:") ? g_uri_unescape_string (uri + 7, NULL) : NULL;
  if (path && self->session) { /* never to be taken for a meter that answers now */
    g_autoptr (GFile) file = g_file_new_for_path (path);
    mw_workspace_open_trace (self, file);
    return;
  }
  self->played_at = 0;
  open_connection (self, uri, password);
}

void
mw_workspace_open_trace (MwWorkspace *self, GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwTraceFile) trace = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = g_file_get_basename (file);
  if (g_file_load_contents (file, NULL, &text, NULL, NULL, &error))
    trace = mw_trace_file_parse (text, &error);
  if (!trace) {
    g_autofree char *said =
        g_strdup_printf (_ ("%s cannot be opened: %s"), name, error->message);
    mw_workspace_toast (self, said);
    return;
  }
  mw_workspace_cancel (self);
  leave_connection (self);
  g_hash_table_remove_all (self->values);
  g_clear_pointer (&self->meter, mw_meter_info_unref);
  mw_trace_list_clear (self->trace);
  for (guint i = 0; i < trace->items->len; i++)
    mw_trace_list_append (self->trace, trace->items->pdata[i]);
  self->played_at = MAX (1, trace->started_us / G_USEC_PER_SEC);
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *escaped = g_uri_escape_string (path ? path : "", "/", TRUE);
  g_autofree char *uri = g_strconcat ("replay:", escaped, NULL);
  emit (self, METER_CHANGED);
  open_connection (self, uri, NULL);
}

gboolean
mw_workspace_is_played (MwWorkspace *self)
{
  return self->played_at != 0;
}

void
mw_workspace_reconnect (MwWorkspace *self)
{
  if (self->last_uri)
    mw_workspace_connect (self, self->last_uri, self->last_password);
}

const char *
mw_workspace_get_last_uri (MwWorkspace *self)
{
  return self->last_uri;
}

static void
on_disconnected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  mw_session_disconnect_finish (MW_SESSION (source), result, &error);
  emit (self, STATE_CHANGED);
}

void
mw_workspace_disconnect (MwWorkspace *self)
{
  if (!self->session || mw_session_get_state (self->session) == MW_SESSION_CLOSED)
    return;
  mw_workspace_cancel (self);
  leave_connection (self);
  mw_session_disconnect_async (self->session, on_disconnected, g_object_ref (self));
}

void
mw_workspace_open_meter (MwWorkspace *self, gint64 meter_id)
{
  if (meter_id == mw_workspace_get_meter_id (self))
    return;
  mw_workspace_disconnect (self);
  self->own_meter = FALSE;
  self->refused = FALSE;
  self->played_at = 0;
  g_clear_pointer (&self->failure, g_free);
  g_hash_table_remove_all (self->values);
  g_clear_pointer (&self->facts, mw_meter_facts_free);
  g_clear_pointer (&self->iec_readout, mw_readout_unref);
  load_from_store (self, meter_id);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwReadout) readout = mw_session_read_finish (MW_SESSION (source), result, &error);
  if (readout) {
    for (guint i = 0; i < readout->readings->len; i++)
      mw_workspace_take_reading (self, readout->readings->pdata[i],
                                 self->played_at ? self->played_at : readout->at, TRUE);
    values_changed (self);
  }
  if (!mw_workspace_end_job (self, error))
    return;
  guint n = readout ? readout->readings->len : 0;
  g_autofree char *text = g_strdup_printf (
      self->store && !self->played_at
          ? g_dngettext (NULL, "%u value read and stored", "%u values read and stored", n)
          : g_dngettext (NULL, "%u value read", "%u values read", n),
      n);
  mw_workspace_toast (self, text);
  g_signal_emit (self, signals[STORED], 0, NULL);
}

void
mw_workspace_read (MwWorkspace *self, const char *const *registers, const char *profile)
{
  if (!mw_workspace_is_connected (self))
    return;
  mw_session_read_async (self->session, registers, profile, mw_workspace_begin_job (self),
                         on_read, g_object_ref (self));
}

typedef struct {
  MwWorkspace *self;
  char *logger;
} LogJob;

static void
on_log (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree LogJob *job = user_data;
  g_autoptr (MwWorkspace) self = job->self;
  g_autofree char *logger = job->logger;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwSeries) series = mw_session_log_finish (MW_SESSION (source), result, &error);
  if (!mw_workspace_end_job (self, error))
    return;
  guint n = series ? series->n_rows : 0;
  g_autofree char *text =
      n == 0 ? g_strdup (_ ("Nothing new in the meter"))
             : g_strdup_printf (g_dngettext (NULL, "%u entry read", "%u entries read", n), n);
  mw_workspace_toast (self, text);
  g_signal_emit (self, signals[STORED], 0, logger);
}

void
mw_workspace_log (MwWorkspace *self, const char *logger, const MwLogWindow *window)
{
  if (!mw_workspace_is_connected (self))
    return;
  LogJob *job = g_new (LogJob, 1);
  job->self = g_object_ref (self);
  job->logger = g_strdup (logger);
  mw_session_log_async (self->session, logger, window, mw_workspace_begin_job (self), on_log,
                        job);
}

static void
on_logger_status (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  MwLoggerStatus *status =
      mw_session_logger_status_finish (MW_SESSION (source), result, &error);
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean refused = g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED);
  if (status) {
    g_hash_table_replace (self->logger_status, status->logger, status);
    g_signal_emit (self, signals[STORED], 0, status->logger);
  }
  if (refused) /* this meter does not have that logger: no failure */
    g_clear_error (&error);
  if (mw_workspace_end_job (self, error) && !cancelled)
    mw_workspace_ask_loggers (self);
}

void
mw_workspace_ask_loggers (MwWorkspace *self)
{
  if (!mw_workspace_is_connected (self) || !self->loggers || self->jobs > 0
      || self->asked_loggers >= self->loggers->len)
    return;
  const MwLoggerInfo *info = self->loggers->pdata[self->asked_loggers++];
  mw_session_logger_status_async (self->session, info->logger, begin_quiet_job (self),
                                  on_logger_status, g_object_ref (self));
}

const MwLoggerStatus *
mw_workspace_get_logger_status (MwWorkspace *self, const char *logger)
{
  return g_hash_table_lookup (self->logger_status, logger);
}

void
mw_workspace_cancel (MwWorkspace *self)
{
  if (self->loggers) /* nor ask for more */
    self->asked_loggers = self->loggers->len;
  if (self->job)
    g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
  if (self->jobs)
    self->job = g_cancellable_new (); /* for jobs asked for from now on */
}

/* ---- questions ---- */

MwStore *
mw_workspace_get_store (MwWorkspace *self)
{
  return self->store;
}

MwSession *
mw_workspace_get_session (MwWorkspace *self)
{
  return self->session;
}

MwTraceList *
mw_workspace_get_trace (MwWorkspace *self)
{
  return self->trace;
}

MwMeterInfo *
mw_workspace_get_meter (MwWorkspace *self)
{
  return self->meter;
}

gint64
mw_workspace_get_meter_id (MwWorkspace *self)
{
  return self->meter ? self->meter->id : 0;
}

gboolean
mw_workspace_is_connected (MwWorkspace *self)
{
  if (!self->session || !self->own_meter || self->connecting)
    return FALSE;
  MwSessionState state = mw_session_get_state (self->session);
  return state == MW_SESSION_READY || state == MW_SESSION_BUSY;
}

gboolean
mw_workspace_is_connecting (MwWorkspace *self)
{
  return self->connecting;
}

gboolean
mw_workspace_is_busy (MwWorkspace *self)
{
  return self->jobs > 0;
}

const char *
mw_workspace_get_failure (MwWorkspace *self)
{
  return self->failure;
}

gboolean
mw_workspace_is_refused (MwWorkspace *self)
{
  return self->failure && self->refused;
}

void
mw_workspace_dismiss_failure (MwWorkspace *self)
{
  set_failure (self, NULL);
}

void
mw_workspace_toast (MwWorkspace *self, const char *text)
{
  g_signal_emit (self, signals[TOAST], 0, text);
}

GPtrArray *
mw_workspace_get_registers (MwWorkspace *self)
{
  return self->registers;
}

GPtrArray *
mw_workspace_get_loggers (MwWorkspace *self)
{
  return self->loggers;
}

static const MwRegisterInfo *
find_register (MwWorkspace *self, const char *obis)
{
  for (guint i = 0; self->registers && i < self->registers->len; i++) {
    const MwRegisterInfo *info = self->registers->pdata[i];
    if (g_strcmp0 (info->obis, obis) == 0)
      return info;
  }
  return NULL;
}

const MwRegisterInfo *
mw_workspace_find_register (MwWorkspace *self, const char *obis)
{
  char other[32];
  const MwRegisterInfo *info = find_register (self, obis);
  for (guint i = 0; !info && mw_workspace_other_name (obis, i, other, sizeof other); i++)
    info = find_register (self, other);
  return info;
}

const MwValue *
mw_workspace_get_value (MwWorkspace *self, const char *obis)
{
  char other[32];
  const MwValue *value = g_hash_table_lookup (self->values, obis);
  for (guint i = 0; !value && mw_workspace_other_name (obis, i, other, sizeof other); i++)
    value = g_hash_table_lookup (self->values, other);
  return value;
}

void
mw_workspace_emit_meter_changed (MwWorkspace *self)
{
  emit (self, METER_CHANGED);
}

double
mw_workspace_get_number (MwWorkspace *self, const char *obis)
{
  const MwValue *value = mw_workspace_get_value (self, obis);
  return value && value->reading->kind == MW_READING_DECIMAL
             ? mw_decimal_to_double (value->reading->value)
             : NAN;
}

MwSourceKind
mw_workspace_get_source (MwWorkspace *self, const char *const *obis, gint64 *at)
{
  MwSourceKind kind = MW_SOURCE_NONE;
  GHashTableIter iter;
  gpointer key, data;
  gint64 oldest = G_MAXINT64;
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, &data)) {
    const MwValue *value = data;
    if (obis && !g_strv_contains (obis, key))
      continue;
    oldest = MIN (oldest, value->at);
    kind = value->live && kind != MW_SOURCE_STORED ? MW_SOURCE_LIVE : MW_SOURCE_STORED;
  }
  *at = kind == MW_SOURCE_NONE ? 0 : oldest;
  return kind == MW_SOURCE_LIVE && self->played_at ? MW_SOURCE_FILE : kind;
}

/* ---- object ---- */

static void
mw_workspace_dispose (GObject *object)
{
  MwWorkspace *self = MW_WORKSPACE (object);
  if (self->job)
    g_cancellable_cancel (self->job);
  g_cancellable_cancel (self->loading);
  g_clear_handle_id (&self->values_idle, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->loading);
  g_clear_object (&self->session);
  g_clear_pointer (&self->store, mw_store_unref);
  g_clear_pointer (&self->meter, mw_meter_info_unref);
  g_clear_pointer (&self->facts, mw_meter_facts_free);
  g_clear_pointer (&self->iec_readout, mw_readout_unref);
  set_lists (self, NULL, NULL);
  g_hash_table_remove_all (self->values);
  G_OBJECT_CLASS (mw_workspace_parent_class)->dispose (object);
}

static void
mw_workspace_finalize (GObject *object)
{
  MwWorkspace *self = MW_WORKSPACE (object);
  g_clear_object (&self->trace);
  g_hash_table_unref (self->values);
  g_hash_table_unref (self->logger_status);
  g_free (self->failure);
  g_free (self->last_uri);
  g_free (self->pin);
  g_free (self->last_password);
  G_OBJECT_CLASS (mw_workspace_parent_class)->finalize (object);
}

static void
mw_workspace_class_init (MwWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const plain[] = { "state-changed", "meter-changed", "values-changed" };
  object_class->dispose = mw_workspace_dispose;
  object_class->finalize = mw_workspace_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    signals[i] = g_signal_new (plain[i], MW_TYPE_WORKSPACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  signals[STORED] = g_signal_new ("stored", MW_TYPE_WORKSPACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TOAST] = g_signal_new ("toast", MW_TYPE_WORKSPACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mw_workspace_init (MwWorkspace *self)
{
  self->trace = mw_trace_list_new ();
  self->logger_status = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                               (GDestroyNotify) mw_logger_status_free);
  self->values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) value_free);
}

MwWorkspace *
mw_workspace_new (void)
{
  return g_object_new (MW_TYPE_WORKSPACE, NULL);
}
