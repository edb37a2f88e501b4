/* store.c: opening and counting a store, and its thread.
 *
 *   caller's thread                  the store's thread
 *   run_async -- GTask --> pool -->  func (store, data)
 *   callback  <-- idle source -----  g_task_return
 *
 * A task holds a reference to the store, so the store closes after its last task; that may be
 * on its own thread, which is why freeing the pool never waits.
 */
#include "database.h"

#include <errno.h>
#include <string.h>

/* clang-format off */
G_DEFINE_QUARK (mw-store-error-quark, mw_store_error)
/* clang-format on */
G_DEFINE_BOXED_TYPE (MwStore, mw_store, mw_store_ref, mw_store_unref)

/* ---- tasks ---- */

typedef struct {
  MwStore *store;
  MwStoreFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Job;

static void
job_free (Job *job)
{
  if (job->destroy)
    job->destroy (job->data);
  mw_store_unref (job->store);
  g_free (job);
}

static void
set_cancellable (MwStore *store, GCancellable *cancellable)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);

  store->cancellable = cancellable;
  store->worker = g_thread_self ();
}

/* What a job came to, on its way to the thread that asked for it. */
typedef struct {
  GTask *task;
  gboolean ok;
  GError *error;
} Outcome;

static gboolean
deliver (gpointer data)
{
  Outcome *outcome = data;

  if (outcome->ok)
    g_task_return_boolean (outcome->task, TRUE);
  else if (outcome->error)
    g_task_return_error (outcome->task, g_steal_pointer (&outcome->error));
  else
    g_task_return_boolean (outcome->task, FALSE);
  return G_SOURCE_REMOVE;
}

static void
outcome_free (Outcome *outcome)
{
  g_object_unref (outcome->task);
  g_clear_error (&outcome->error);
  g_free (outcome);
}

/* The worker hands over its only reference with the outcome, so that the task and the caller's
 * data are let go in the caller's thread. */
static void
run_job (gpointer data, gpointer unused)
{
  Outcome *outcome = g_new0 (Outcome, 1);
  Job *job = g_task_get_task_data (data);
  GCancellable *cancellable = g_task_get_cancellable (data);
  g_autoptr (GSource) source = g_idle_source_new ();

  outcome->task = data;
  if (!g_cancellable_set_error_if_cancelled (cancellable, &outcome->error)) {
    set_cancellable (job->store, cancellable);
    outcome->ok = job->func (job->store, job->data, cancellable, &outcome->error);
    set_cancellable (job->store, NULL);
  }
  g_source_set_priority (source, g_task_get_priority (data));
  g_source_set_callback (source, deliver, outcome, (GDestroyNotify) outcome_free);
  g_source_attach (source, g_task_get_context (data));
}

void
mw_store_run_async (MwStore *store, MwStoreFunc func, gpointer data, GDestroyNotify destroy,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){ mw_store_ref (store), func, data, destroy };
  g_task_set_source_tag (task, mw_store_run_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  /* What was stored was stored, even when the cancelling came just after. */
  g_task_set_check_cancellable (task, FALSE);
  g_thread_pool_push (store->pool, task, NULL);
}

gboolean
mw_store_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, mw_store_run_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gpointer
mw_store_run_get_data (GAsyncResult *result)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  return job->data;
}

/* ---- opening ---- */

char *
mw_store_dup_default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "meterwright", "meterwright.db", NULL);
}

static gboolean
make_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_ACCESS,
               "The folder %s for the database could not be made: %s.", folder,
               g_strerror (errno));
  return FALSE;
}

MwStore *
mw_store_open (const char *path, GError **error)
{
  g_autofree char *default_path = mw_store_dup_default_path ();
  g_autoptr (MwStore) store = g_new0 (MwStore, 1);

  g_atomic_ref_count_init (&store->refs);
  g_rec_mutex_init (&store->lock);
  if (!path && !make_folder (default_path, error))
    return NULL;
  if (!mw_db_open (store, path ? path : default_path, 0, error)
      || !mw_catalogue_load (store, error))
    return NULL;
  store->pool = g_thread_pool_new (run_job, NULL, 1, FALSE, error);
  return store->pool ? g_steal_pointer (&store) : NULL;
}

MwStore *
mw_store_ref (MwStore *store)
{
  g_atomic_ref_count_inc (&store->refs);
  return store;
}

void
mw_store_unref (MwStore *store)
{
  if (!store || !g_atomic_ref_count_dec (&store->refs))
    return;
  if (store->pool)
    g_thread_pool_free (store->pool, FALSE, FALSE);
  mw_db_close (store);
  g_rec_mutex_clear (&store->lock);
  g_free (store);
}

const char *
mw_store_get_path (MwStore *store)
{
  return store->path;
}

guint
mw_store_get_generation (MwStore *store)
{
  return (guint) g_atomic_int_get (&store->generation);
}
