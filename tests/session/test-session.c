/* test-session.c: the session object as the window uses it, against the reference meter inside
 * the process: states, signals, results, cancel, errors, and that it is finalised on this
 * thread.
 */
#include <string.h>

#include "link/reference.h"
#include "session/session.h"

#define METER "ref:mt381?history=3d&seed=5"

typedef struct {
  MwStore *store;
  MwSession *session;
  GMainLoop *loop;
  GAsyncResult *result;
  GThread *thread;
  GString *states; /* a letter per state that was entered */
  guint n_readings, n_meter_changed, n_trace;
  int top_percent;
} Fixture;

static void
on_state (GObject *session, GParamSpec *pspec, gpointer data)
{
  Fixture *f = data;
  g_assert_true (g_thread_self () == f->thread);
  g_string_append_c (f->states, "-crbf"[mw_session_get_state (f->session)]);
}

static void
on_percent (GObject *session, GParamSpec *pspec, gpointer data)
{
  Fixture *f = data;
  int percent;
  g_object_get (session, "percent", &percent, NULL);
  g_assert_cmpint (percent, >=, -1);
  g_assert_cmpint (percent, <=, 100);
  f->top_percent = MAX (f->top_percent, percent);
}

static void
on_reading (MwSession *session, MwReading *reading, Fixture *f)
{
  g_assert_true (g_thread_self () == f->thread);
  g_assert_nonnull (reading->obis);
  f->n_readings++;
}

static void
on_meter_changed (MwSession *session, Fixture *f)
{
  f->n_meter_changed++;
}

static void
on_trace (MwSession *session, MwTraceItem *item, Fixture *f)
{
  g_assert_true (item->bytes || item->note);
  f->n_trace++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->store = mw_store_open (":memory:", &error);
  g_assert_no_error (error);
  f->session = mw_session_new (f->store);
  f->loop = g_main_loop_new (NULL, FALSE);
  f->thread = g_thread_self ();
  f->states = g_string_new (NULL);
  g_signal_connect (f->session, "notify::state", G_CALLBACK (on_state), f);
  g_signal_connect (f->session, "notify::percent", G_CALLBACK (on_percent), f);
  g_signal_connect (f->session, "reading", G_CALLBACK (on_reading), f);
  g_signal_connect (f->session, "meter-changed", G_CALLBACK (on_meter_changed), f);
  g_signal_connect (f->session, "trace", G_CALLBACK (on_trace), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (f->session), (gpointer *) &f->session);
  g_object_unref (f->session);
  g_assert_null (f->session); /* nobody else holds it: finalised here */
  mw_store_unref (f->store);
  g_main_loop_unref (f->loop);
  g_string_free (f->states, TRUE);
}

static void
ready (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;
  g_assert_true (g_thread_self () == f->thread);
  f->result = g_object_ref (result);
  g_main_loop_quit (f->loop);
}

static GAsyncResult *
wait_for (Fixture *f)
{
  g_main_loop_run (f->loop);
  return g_steal_pointer (&f->result);
}

static gboolean
connect_to (Fixture *f, const char *uri, GError **error)
{
  const MwConnectOptions options = { .save = TRUE };
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_connect_async (f->session, uri, &options, NULL, ready, f);
  result = wait_for (f);
  return mw_session_connect_finish (f->session, result, error);
}

static void
disconnect (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_disconnect_async (f->session, ready, f);
  result = wait_for (f);
  g_assert_true (mw_session_disconnect_finish (f->session, result, NULL));
}

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) registers = NULL;
  g_autoptr (GPtrArray) loggers = NULL;
  g_autofree char *port = NULL;

  g_assert_cmpint (mw_session_get_state (f->session), ==, MW_SESSION_CLOSED);
  g_assert_true (connect_to (f, METER, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (f->states->str, ==, "cr");
  g_assert_cmpstr (mw_session_get_meter (f->session)->serial, ==, "REF00001");
  g_assert_true (mw_session_get_meter (f->session)->reference);
  g_assert_cmpint (mw_session_get_meter (f->session)->id, >, 0);
  g_assert_cmpint (ABS (mw_session_get_clock_drift (f->session)), <, 60);
  g_assert_cmpint (mw_session_get_last_answer (f->session), >, 0);
  g_assert_cmpuint (f->n_meter_changed, ==, 1);
  g_assert_cmpuint (f->n_trace, >, 0);
  g_object_get (f->session, "port-text", &port, NULL);
  g_assert_nonnull (strstr (port, "DLMS"));
  registers = mw_session_list_registers (f->session);
  loggers = mw_session_list_loggers (f->session);
  g_assert_cmpuint (registers->len, >, 100);
  g_assert_cmpuint (loggers->len, >, 8);
  disconnect (f);
  g_assert_cmpstr (f->states->str, ==, "crb-");
  g_assert_null (mw_session_get_meter (f->session));
}

static void
test_read (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "1-0:1.8.0.255", "1-0:32.7.0.255", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MwReadout) readout = NULL;
  g_autoptr (MwReadout) stored = NULL;

  g_assert_true (connect_to (f, METER, NULL));
  mw_session_read_async (f->session, names, NULL, NULL, ready, f);
  result = wait_for (f);
  readout = mw_session_read_finish (f->session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (readout->readings->len, ==, 2);
  g_assert_cmpuint (f->n_readings, ==, 2);
  g_assert_cmpint (readout->id, >, 0);
  g_assert_cmpstr (f->states->str, ==, "crbr");
  g_assert_cmpint (f->top_percent, ==, 100);
  stored = mw_store_load_readout (f->store, readout->id, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++) {
    MwReading *a = readout->readings->pdata[i], *b = stored->readings->pdata[i];
    g_assert_cmpint (a->kind, ==, MW_READING_DECIMAL);
    g_assert_cmpint (a->value.mantissa, ==, b->value.mantissa);
    g_assert_cmpint (a->value.unit, ==, b->value.unit);
  }
  disconnect (f);
}

static MwSeries *
read_log (Fixture *f, MwLogWindow window, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  mw_session_log_async (f->session, "load-profile", &window, NULL, ready, f);
  result = wait_for (f);
  return mw_session_log_finish (f->session, result, error);
}

static void
test_log (Fixture *f, gconstpointer data)
{
  MwLogWindow all = MW_LOG_WINDOW_ALL, new = MW_LOG_WINDOW_ALL, part = MW_LOG_WINDOW_ALL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwSeries) series = NULL;
  g_autoptr (MwSeries) again = NULL;
  g_autoptr (MwSeries) window = NULL;
  gint64 id;

  new.only_new = TRUE;
  g_assert_true (connect_to (f, METER, NULL));
  id = mw_session_get_meter (f->session)->id;
  series = read_log (f, all, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (series->n_rows, >=, 3 * 96 - 1);
  g_assert_cmpuint (series->period_s, ==, 900);
  again = read_log (f, new, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->n_rows, <=, 1);
  part.from = series->time[series->n_rows - 5];
  part.to = series->time[series->n_rows - 2];
  window = read_log (f, part, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (window->n_rows, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (window->values[i * window->n_columns], ==,
                     series->values[(series->n_rows - 5 + i) * series->n_columns]);
  {
    g_autoptr (MwSeries) stored =
        mw_store_load_series (f->store, id, "load-profile", G_MININT64, G_MAXINT64, NULL);
    g_assert_cmpuint (stored->n_rows, >=, series->n_rows);
  }
  disconnect (f);
}

static void
test_errors (Fixture *f, gconstpointer data)
{
  MwLogWindow all = MW_LOG_WINDOW_ALL;
  g_autoptr (GError) error = NULL;
  g_autofree char *failure = NULL;
  MwSeries *series;

  g_assert_false (connect_to (f, "nonsense", &error));
  g_assert_error (error, MW_SESSION_ERROR, MW_SESSION_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (connect_to (f, "tcp:127.0.0.1:1", &error));
  g_assert_error (error, MW_SESSION_ERROR, MW_SESSION_ERROR_LINK);
  g_object_get (f->session, "failure", &failure, NULL);
  g_assert_cmpstr (failure, ==, error->message);
  g_assert_cmpint (mw_session_get_state (f->session), ==, MW_SESSION_FAILED);
  g_clear_error (&error);
  series = read_log (f, all, &error); /* nobody is connected */
  g_assert_null (series);
  g_assert_error (error, MW_SESSION_ERROR, MW_SESSION_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_true (connect_to (f, METER, &error)); /* a failure is not for ever */
  g_assert_no_error (error);
  disconnect (f);
}

/* A job that waits is cancelled at once, the one before it goes on. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  MwLogWindow all = MW_LOG_WINDOW_ALL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwSeries) series = NULL;
  Fixture other = *f;

  g_assert_true (connect_to (f, METER, NULL));
  other.loop = g_main_loop_new (NULL, FALSE);
  mw_session_log_async (f->session, "load-profile", &all, NULL, ready, &other);
  mw_session_read_async (f->session, NULL, NULL, cancellable, ready, f);
  g_cancellable_cancel (cancellable);
  second = wait_for (f);
  g_assert_null (mw_session_read_finish (f->session, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  first = other.result ? other.result : wait_for (&other);
  series = mw_session_log_finish (f->session, first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (series->n_rows, >, 200);
  g_main_loop_unref (other.loop);
  disconnect (f);
}

/* A read-out that is cancelled leaves the session usable. */
static void
test_cancel_running (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MwLogWindow all = MW_LOG_WINDOW_ALL;
  g_autoptr (MwSeries) series = NULL;
  MwReadout *readout;

  g_assert_true (connect_to (f, METER, NULL));
  g_signal_connect_swapped (f->session, "reading", G_CALLBACK (g_cancellable_cancel),
                            cancellable);
  mw_session_read_async (f->session, NULL, NULL, cancellable, ready, f);
  result = wait_for (f);
  readout = mw_session_read_finish (f->session, result, &error);
  if (readout) { /* it may have been faster than the cancel */
    mw_readout_unref (readout);
  } else {
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&error);
  }
  g_assert_cmpint (mw_session_get_state (f->session), ==, MW_SESSION_READY);
  series = read_log (f, all, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (series->n_rows, >, 200);
  disconnect (f);
}

static void
test_write (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) set = NULL;
  g_autoptr (GAsyncResult) get = NULL;
  g_autoptr (MwReading) reading = NULL;
  g_autoptr (GPtrArray) records = NULL;

  g_assert_true (connect_to (f, METER, NULL));
  mw_session_set_async (f->session, 1, "0-0:96.1.3.255", 2, "octet:58595A", NULL, ready, f);
  set = wait_for (f);
  g_assert_true (mw_session_set_finish (f->session, set, &error));
  g_assert_no_error (error);
  mw_session_get_async (f->session, 1, "0-0:96.1.3.255", 2, NULL, ready, f);
  get = wait_for (f);
  reading = mw_session_get_finish (f->session, get, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reading->text, ==, "XYZ");
  records = mw_store_list_audit (f->store, NULL, 0, NULL);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_cmpstr (((MwAuditRecord *) records->pdata[0])->result, ==, "written and read back");
  disconnect (f);
}

/* Unreferenced in the middle of a life: the worker closes the link by itself. */
static void
test_dropped (Fixture *f, gconstpointer data)
{
  g_assert_true (connect_to (f, METER, NULL));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/session/life", test_life },
    { "/session/read", test_read },
    { "/session/log", test_log },
    { "/session/errors", test_errors },
    { "/session/cancel-waiting", test_cancel },
    { "/session/cancel-running", test_cancel_running },
    { "/session/write", test_write },
    { "/session/dropped", test_dropped },
  };
  g_test_init (&argc, &argv, NULL);
  mw_reference_link_register ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
