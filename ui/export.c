#include "export.h"

#include <glib/gi18n.h>
#include <string.h>

#include "csv.h"
#include "dialogs.h"

/* Belongs to whoever holds the task; the worker only reads it. */
typedef struct {
  MwWorkspace *workspace;
  MwStore *store;
  MwReadout *readout;
  MwSeries *series; /* the first of them */
  GPtrArray *more;  /* of MwSeries, each into a file of its own; or NULL */
  gboolean events;
  MwQuantity quantity;
  MwReportPicture picture;
  MwExportFormat format;
  char *path;
} Job;

static void
job_free (Job *job)
{
  g_clear_object (&job->workspace);
  g_clear_pointer (&job->store, mw_store_unref);
  g_clear_pointer (&job->readout, mw_readout_unref);
  g_clear_pointer (&job->series, mw_series_unref);
  g_clear_pointer (&job->more, g_ptr_array_unref);
  g_free (job->path);
  g_free (job);
}

static gboolean
write_series (Job *job, MwSeries *series, const char *path, GError **error)
{
  MwReportOptions options = { .quantity = job->quantity,
                              .picture = job->picture,
                              .store = job->store };
  if (job->format == MW_EXPORT_CSV)
    return mw_csv_save_series (series, NULL, path, NULL, error);
  if (job->store)
    options.doubtful_mask =
        mw_store_get_doubtful_mask (job->store, series->meter->family, series->logger);
  if (job->events)
    return mw_report_save_events ((const MwSeries *const[]){ series }, 1, &options, path,
                                  error);
  return mw_report_save_profile (series, &options, path, error);
}

/* "profile.pdf", and for the meters after the first "profile-REF00002.pdf". */
static char *
dup_path (const Job *job, const MwSeries *series)
{
  const char *dot = strrchr (job->path, '.');
  const char *slash = strrchr (job->path, G_DIR_SEPARATOR);
  int stem =
      dot && (!slash || dot > slash) ? (int) (dot - job->path) : (int) strlen (job->path);
  return g_strdup_printf ("%.*s-%s%s", stem, job->path, series->meter->serial,
                          job->path + stem);
}

static gboolean
write_all_series (Job *job, GError **error)
{
  if (!write_series (job, job->series, job->path, error))
    return FALSE;
  for (guint i = 0; job->more && i < job->more->len; i++) {
    g_autofree char *path = dup_path (job, job->more->pdata[i]);
    if (!write_series (job, job->more->pdata[i], path, error))
      return FALSE;
  }
  return TRUE;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  gboolean ok;
  if (job->series)
    ok = write_all_series (job, &error);
  else if (job->format == MW_EXPORT_CSV)
    ok = mw_csv_save_readout (job->readout, NULL, job->path, NULL, &error);
  else
    ok = mw_report_save_readout (job->readout, NULL, job->path, &error);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (job->path);
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);
  guint n = 1 + (job->more ? job->more->len : 0);
  g_autofree char *text =
      !ok     ? g_strdup_printf (_ ("%s was not written: %s"), name, error->message)
      : n > 1 ? g_strdup_printf (_ ("%u files saved, the first as %s"), n, name)
              : g_strdup_printf (_ ("Saved as %s"), name);
  mw_workspace_toast (job->workspace, text);
}

static void
on_file (GFile *file, gpointer data)
{
  Job *job = *(Job **) data;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_done, NULL);
  job->path = g_file_get_path (file);
  *(Job **) data = NULL; /* the task's from here */
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, run);
}

static void
holder_free (Job **holder)
{
  g_clear_pointer (holder, job_free);
  g_free (holder);
}

static void
ask (GtkWidget *parent, Job *job, const char *serial, const char *what)
{
  Job **holder = g_new (Job *, 1);
  const char *suffix = job->format == MW_EXPORT_CSV ? "csv" : "pdf";
  g_autofree char *name = g_strdup_printf ("%s-%s.%s", serial, what, suffix);
  *holder = job;
  mw_dialogs_save_file (parent,
                        job->format == MW_EXPORT_CSV ? _ ("Save as CSV") : _ ("Report as PDF"),
                        name, on_file, holder, (GDestroyNotify) holder_free);
}

static Job *
job_new (MwWorkspace *workspace, MwExportFormat format)
{
  Job *job = g_new0 (Job, 1);
  job->workspace = g_object_ref (workspace);
  job->format = format;
  if (mw_workspace_get_store (workspace))
    job->store = mw_store_ref (mw_workspace_get_store (workspace));
  return job;
}

void
mw_export_readout (GtkWidget *parent, MwWorkspace *workspace, MwReadout *readout,
                   MwExportFormat format)
{
  Job *job = job_new (workspace, format);
  job->readout = mw_readout_ref (readout);
  ask (parent, job, readout->meter->serial, "readings");
}

void
mw_export_series (GtkWidget *parent, MwWorkspace *workspace, MwSeries *series, gboolean events,
                  MwQuantity quantity, MwExportFormat format)
{
  Job *job = job_new (workspace, format);
  job->series = mw_series_ref (series);
  job->events = events;
  job->quantity = quantity;
  ask (parent, job, series->meter->serial, series->logger);
}

void
mw_export_profile (GtkWidget *parent, MwWorkspace *workspace, GPtrArray *series,
                   MwQuantity quantity, MwReportPicture picture, MwExportFormat format)
{
  Job *job = job_new (workspace, format);
  g_return_if_fail (series->len > 0);
  job->series = mw_series_ref (series->pdata[0]);
  job->more = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_series_unref);
  for (guint i = 1; i < series->len; i++)
    g_ptr_array_add (job->more, mw_series_ref (series->pdata[i]));
  job->quantity = quantity;
  job->picture = picture;
  ask (parent, job, job->series->meter->serial, job->series->logger);
}
