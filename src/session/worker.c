/* worker.c: see worker.h.
 *
 * A job has one state that decides who answers its task: QUEUED -> RUNNING -> the worker, or
 * QUEUED -> CANCELLED -> whoever cancelled.  The struct of the worker is shared by the owner
 * and the thread and goes with the last of them.
 */
#include "session/worker.h"

/* Posts of progress closer together than this are left out. */
#define PROGRESS_INTERVAL_US 50000
/* Pieces of the trace that wait for the owner.  A line that floods, with an owner that is busy,
 * must not fill the memory: what is more than this is left out, and said to be. */
#define TRACE_WAITING_MAX 4096

enum { JOB_QUEUED, JOB_RUNNING, JOB_CANCELLED, JOB_QUIT };

typedef struct {
  gatomicrefcount refs;
  int state; /* atomic */
  GTask *task;
  GCancellable *cancellable;
  gulong cancelled_id;
  MwRequest *request;
  MwJobRun run;
  GDestroyNotify result_free;
  MwJobDone done;
  MwWorker *worker; /* borrowed: the owner keeps it while tasks are out */
  gpointer result;
  GError *error;
} Job;

struct MwWorker {
  gatomicrefcount refs;
  const MwWorkerClass *class;
  gpointer owner;
  GMainContext *context;
  GAsyncQueue *queue; /* of Job */
  int traces_waiting; /* atomic */
  /* The thread's own: */
  MwMeter *meter;
  gint64 last_progress;
  guint traces_left_out;
};

MwRequest *
mw_request_new (void)
{
  MwRequest *r = g_new0 (MwRequest, 1);
  r->window.from = G_MININT64;
  r->window.to = G_MAXINT64;
  return r;
}

void
mw_request_free (MwRequest *r)
{
  if (r == NULL)
    return;
  if (r->password)
    memset (r->password, 0, strlen (r->password));
  if (r->pin)
    memset (r->pin, 0, strlen (r->pin));
  g_free (r->uri);
  g_free (r->password);
  g_free (r->pin);
  g_free (r->trace_file);
  g_clear_pointer (&r->store, mw_store_unref);
  g_strfreev (r->registers);
  g_free (r->profile);
  g_free (r->obis);
  g_free (r->value);
  g_free (r->logger);
  mw_plan_free (r->plan);
  g_free (r);
}

static void
job_unref (Job *job)
{
  if (!g_atomic_ref_count_dec (&job->refs))
    return;
  g_clear_object (&job->task);
  g_clear_object (&job->cancellable);
  mw_request_free (job->request);
  g_clear_error (&job->error);
  g_free (job);
}

static Job *
job_ref (Job *job)
{
  g_atomic_ref_count_inc (&job->refs);
  return job;
}

static void
worker_unref (MwWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_async_queue_unref (self->queue);
  g_main_context_unref (self->context);
  g_free (self);
}

/* ---- posts ---- */

typedef struct {
  gpointer owner;
  void (*function) (gpointer owner, gpointer data);
  gpointer data;
  GDestroyNotify destroy;
} Post;

static gboolean
post_dispatch (gpointer data)
{
  Post *post = data;
  post->function (post->owner, post->data);
  return G_SOURCE_REMOVE;
}

static void
post_free (gpointer data)
{
  Post *post = data;
  if (post->destroy)
    post->destroy (post->data);
  g_free (post);
}

/* An idle source on the owner's context, never g_main_context_invoke: that may run the function
 * in this very thread. */
static void
attach (GMainContext *context, GSourceFunc function, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, destroy);
  g_source_attach (source, context);
}

void
mw_worker_post (MwWorker *self, void (*function) (gpointer owner, gpointer data), gpointer data,
                GDestroyNotify destroy)
{
  Post *post = g_new (Post, 1);
  *post = (Post){ self->owner, function, data, destroy };
  attach (self->context, post_dispatch, post, post_free);
}

/* ---- the monitor: what a running job says ---- */

/* The monitor's data; the job it speaks for is alive for as long. */
typedef struct {
  MwMonitor monitor;
  MwWorker *worker;
} Voice;

typedef struct {
  const MwWorkerClass *class;
  MwWorker *counted; /* a piece of the trace: a reference to the worker that counts it */
  char *text;
  int percent, seconds_left;
  MwReading *reading;
  gint64 time;
  gboolean sent;
  GBytes *bytes;
} Word;

static void
word_free (gpointer data)
{
  Word *word = data;
  if (word->counted) {
    g_atomic_int_add (&word->counted->traces_waiting, -1);
    worker_unref (word->counted);
  }
  g_free (word->text);
  g_clear_pointer (&word->reading, mw_reading_unref);
  g_clear_pointer (&word->bytes, g_bytes_unref);
  g_free (word);
}

static Word *
word_new (MwWorker *worker)
{
  Word *word = g_new0 (Word, 1);
  word->class = worker->class;
  return word;
}

static void
say_started (gpointer owner, gpointer data)
{
  ((Word *) data)->class->started (owner);
}

static void
say_step (gpointer owner, gpointer data)
{
  Word *word = data;
  word->class->step (owner, word->text);
}

static void
say_progress (gpointer owner, gpointer data)
{
  Word *word = data;
  word->class->progress (owner, word->percent, word->seconds_left);
}

static void
say_reading (gpointer owner, gpointer data)
{
  Word *word = data;
  word->class->reading (owner, word->reading);
}

static void
say_trace (gpointer owner, gpointer data)
{
  Word *word = data;
  word->class->trace (owner, word->time, word->sent, word->bytes, word->text);
}

static void
say_alive (gpointer owner, gpointer data)
{
  Word *word = data;
  word->class->alive (owner, word->time);
}

static void
voice_step (gpointer data, const char *text)
{
  MwWorker *worker = ((Voice *) data)->worker;
  Word *word = word_new (worker);
  word->text = g_strdup (text);
  mw_worker_post (worker, say_step, word, word_free);
}

static void
voice_progress (gpointer data, double fraction, int seconds_left)
{
  MwWorker *worker = ((Voice *) data)->worker;
  gint64 now = g_get_monotonic_time ();
  int percent = fraction < 0 ? -1 : (int) (CLAMP (fraction, 0, 1) * 100);
  Word *word;
  if (now - worker->last_progress < PROGRESS_INTERVAL_US && fraction > 0 && fraction < 1)
    return;
  worker->last_progress = now;
  word = word_new (worker);
  word->percent = percent;
  word->seconds_left = seconds_left;
  mw_worker_post (worker, say_progress, word, word_free);
}

static void
voice_reading (gpointer data, MwReading *reading)
{
  MwWorker *worker = ((Voice *) data)->worker;
  Word *word = word_new (worker);
  word->reading = mw_reading_ref (reading);
  mw_worker_post (worker, say_reading, word, word_free);
}

/* Takes BYTES. */
static void
post_trace (MwWorker *worker, gint64 time_us, gboolean sent, GBytes *bytes, const char *note)
{
  Word *word = word_new (worker);
  g_atomic_ref_count_inc (&worker->refs);
  g_atomic_int_inc (&worker->traces_waiting);
  word->counted = worker;
  word->time = time_us;
  word->sent = sent;
  word->bytes = bytes;
  word->text = g_strdup (note);
  mw_worker_post (worker, say_trace, word, word_free);
}

static void
voice_trace (gpointer data, gint64 time_us, gboolean sent, const void *bytes, gsize len,
             const char *note)
{
  MwWorker *worker = ((Voice *) data)->worker;
  if (g_atomic_int_get (&worker->traces_waiting) >= TRACE_WAITING_MAX) {
    worker->traces_left_out++;
    return;
  }
  if (worker->traces_left_out) {
    g_autofree char *gap = g_strdup_printf ("%u pieces left out here", worker->traces_left_out);
    worker->traces_left_out = 0;
    post_trace (worker, time_us, FALSE, NULL, gap);
  }
  post_trace (worker, time_us, sent, bytes ? g_bytes_new (bytes, len) : NULL, note);
}

static void
voice_alive (gpointer data)
{
  MwWorker *worker = ((Voice *) data)->worker;
  Word *word = word_new (worker);
  word->time = g_get_real_time () / G_USEC_PER_SEC;
  mw_worker_post (worker, say_alive, word, word_free);
}

MwWorker *
mw_worker_of (MwMonitor *monitor)
{
  return ((Voice *) monitor->data)->worker;
}

static void
voice_init (Voice *voice, MwWorker *worker, GCancellable *cancellable)
{
  voice->worker = worker;
  voice->monitor = (MwMonitor){
    .cancellable = cancellable,
    .data = voice,
    .step = voice_step,
    .progress = voice_progress,
    .reading = voice_reading,
    .trace = voice_trace,
    .alive = voice_alive,
  };
}

/* ---- jobs ---- */

/* In the owner's context: the task's only reference ends here, so that the owner can be
 * finalised in its own thread. */
static gboolean
job_return (gpointer data)
{
  Job *job = data;
  GTask *task = g_steal_pointer (&job->task);
  if (job->cancelled_id)
    g_cancellable_disconnect (job->cancellable, job->cancelled_id);
  if (job->done)
    job->done (g_task_get_source_object (task), job->request, job->error);
  if (job->error)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&job->result), job->result_free);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

static void
job_post_return (Job *job)
{
  attach (job->worker->context, job_return, job_ref (job), (GDestroyNotify) job_unref);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Job *job = data;
  if (!g_atomic_int_compare_and_exchange (&job->state, JOB_QUEUED, JOB_CANCELLED))
    return;
  job->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled.");
  job_post_return (job);
}

static void
job_run (MwWorker *self, Job *job)
{
  Voice voice;
  voice_init (&voice, self, job->cancellable);
  self->last_progress = 0;
  mw_worker_post (self, say_started, word_new (self), word_free);
  job->result = job->run (&self->meter, job->request, &voice.monitor, &job->error);
  if (job->result == NULL && job->error == NULL)
    job->error = g_error_new_literal (MW_SESSION_ERROR, MW_SESSION_ERROR_PROTOCOL,
                                      "The job ended without a result.");
  job_post_return (job);
}

static gpointer
worker_thread (gpointer data)
{
  MwWorker *self = data;
  MwMonitor silent = { 0 };
  for (;;) {
    Job *job = g_async_queue_pop (self->queue);
    gboolean quit = g_atomic_int_get (&job->state) == JOB_QUIT;
    if (g_atomic_int_compare_and_exchange (&job->state, JOB_QUEUED, JOB_RUNNING))
      job_run (self, job);
    job_unref (job);
    if (quit)
      break;
  }
  if (self->meter)
    mw_meter_close (self->meter, &silent);
  worker_unref (self);
  return NULL;
}

static Job *
job_new (MwWorker *worker, int state)
{
  Job *job = g_new0 (Job, 1);
  g_atomic_ref_count_init (&job->refs);
  job->state = state;
  job->worker = worker;
  return job;
}

MwWorker *
mw_worker_new (const MwWorkerClass *class, gpointer owner, GMainContext *context)
{
  MwWorker *self = g_new0 (MwWorker, 1);
  g_atomic_ref_count_init (&self->refs);
  self->class = class;
  self->owner = owner;
  self->context = g_main_context_ref (context);
  self->queue = g_async_queue_new_full ((GDestroyNotify) job_unref);
  g_atomic_ref_count_inc (&self->refs); /* the thread's */
  g_thread_unref (g_thread_new ("meter", worker_thread, self));
  return self;
}

void
mw_worker_free (MwWorker *self)
{
  if (self == NULL)
    return;
  g_async_queue_push (self->queue, job_new (self, JOB_QUIT));
  worker_unref (self);
}

void
mw_worker_push (MwWorker *self, GTask *task, MwRequest *request, MwJobRun run,
                GDestroyNotify result_free, MwJobDone done)
{
  Job *job = job_new (self, JOB_QUEUED);
  GCancellable *cancellable = g_task_get_cancellable (task);
  job->task = task;
  job->request = request;
  job->run = run;
  job->result_free = result_free;
  job->done = done;
  if (cancellable) {
    job->cancellable = g_object_ref (cancellable);
    job->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                               job_ref (job), (GDestroyNotify) job_unref);
  }
  g_async_queue_push (self->queue, job);
}
