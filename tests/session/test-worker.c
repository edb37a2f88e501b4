/* A worker whose owner is slower than its job: what waits for the owner has a limit, and what
 * was left out is said. */
#include "session/worker.h"

#define FLOOD 20000

typedef struct {
  GMainLoop *loop;
  guint pieces, notes;
  guint left_out;
  int flooded; /* atomic: the job has said all it had to say */
  int heard;   /* atomic: the owner has heard it */
  gboolean done;
} Owner;

static void
on_started (gpointer owner)
{
}

static void
on_alive (gpointer owner, gint64 time_utc)
{
  g_atomic_int_set (&((Owner *) owner)->heard, 1); /* posted behind the flood */
}

static void
on_trace (gpointer data, gint64 time_us, gboolean sent, GBytes *bytes, const char *note)
{
  Owner *owner = data;
  if (bytes) {
    g_assert_cmpuint (g_bytes_get_size (bytes), ==, 4);
    owner->pieces++;
    return;
  }
  owner->notes++;
  owner->left_out = (guint) g_ascii_strtoull (note, NULL, 10);
}

static Owner *the_owner; /* for the job, which knows its worker alone */
static int yes;

static gpointer
run_flood (MwMeter **meter, const MwRequest *request, MwMonitor *monitor, GError **error)
{
  for (guint i = 0; i < FLOOD; i++)
    monitor->trace (monitor->data, i, FALSE, "abcd", 4, NULL);
  monitor->alive (monitor->data);
  g_atomic_int_set (&the_owner->flooded, 1);
  while (!g_atomic_int_get (&the_owner->heard))
    g_usleep (1000);
  monitor->trace (monitor->data, FLOOD, FALSE, "abcd", 4, NULL);
  return &yes;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Owner *owner = data;
  g_assert_nonnull (g_task_propagate_pointer (G_TASK (result), NULL));
  owner->done = TRUE;
  g_main_loop_quit (owner->loop);
}

static void
test_flood (void)
{
  static const MwWorkerClass class = { .started = on_started,
                                       .trace = on_trace,
                                       .alive = on_alive };
  Owner owner = { .loop = g_main_loop_new (NULL, FALSE) };
  MwWorker *worker = mw_worker_new (&class, &owner, g_main_context_default ());
  the_owner = &owner;
  mw_worker_push (worker, g_task_new (NULL, NULL, on_answer, &owner), mw_request_new (),
                  run_flood, NULL, NULL);
  while (!g_atomic_int_get (&owner.flooded)) /* the owner is busy and hears nothing */
    g_usleep (1000);
  g_main_loop_run (owner.loop);
  g_assert_true (owner.done);
  g_assert_cmpuint (owner.pieces, >=, 1000);
  g_assert_cmpuint (owner.pieces, <, FLOOD / 2);
  g_assert_cmpuint (owner.notes, ==, 1);
  g_assert_cmpuint (owner.pieces + owner.left_out, ==, FLOOD + 1);
  mw_worker_free (worker);
  g_main_loop_unref (owner.loop);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/flood", test_flood);
  return g_test_run ();
}
