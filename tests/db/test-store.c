/* The store: meters, read-outs, the desk, opening what is not ours, the thread. */
#include <glib/gstdio.h>
#include <string.h>

#include "database.h"
#include "sample.h"

static MwStore *
open_memory (void)
{
  g_autoptr (GError) error = NULL;
  MwStore *store = mw_store_open (":memory:", &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

static void
test_meters (void)
{
  g_autoptr (MwStore) store = open_memory ();
  g_autoptr (MwMeterInfo) info = sample_meter ("REF00000001");
  g_autoptr (GError) error = NULL;
  g_autoptr (MwMeterInfo) kept = mw_store_save_meter (store, info, &error);
  g_autoptr (MwMeterInfo) again = NULL;
  g_autoptr (MwMeterInfo) found = NULL;
  g_autoptr (MwMeterInfo) gone = NULL;
  g_autoptr (GPtrArray) list = NULL;
  guint generation = mw_store_get_generation (store);

  g_assert_no_error (error);
  g_assert_cmpint (kept->id, >, 0);
  g_assert_cmpstr (kept->type, ==, "MT381-D1");
  g_assert_true (kept->reference);

  g_assert_true (mw_store_set_meter_label (store, kept->id, "Cellar", &error));
  g_assert_cmpuint (mw_store_get_generation (store), >, generation);
  g_clear_pointer (&info->firmware, g_free);
  g_free (info->type);
  info->type = g_strdup ("MT381-D2");
  info->last_seen += 100;
  info->first_seen += 100;
  again = mw_store_save_meter (store, info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->id, ==, kept->id);
  g_assert_cmpstr (again->label, ==, "Cellar");
  g_assert_cmpstr (again->firmware, ==, "1.23"); /* not known now: kept */
  g_assert_cmpstr (again->type, ==, "MT381-D2");
  g_assert_cmpint (again->first_seen, ==, kept->first_seen);
  g_assert_cmpint (again->last_seen, ==, kept->last_seen + 100);

  found = mw_store_find_meter (store, "REF00000001", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found->id, ==, kept->id);
  gone = mw_store_find_meter (store, "REF00000001", "dlms", &error);
  g_assert_null (gone);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (mw_store_forget_meter (store, kept->id, &error));
  g_assert_false (mw_store_forget_meter (store, kept->id, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  list = mw_store_list_meters (store, NULL);
  g_assert_cmpuint (list->len, ==, 0);

  g_clear_error (&error);
  g_clear_pointer (&info->serial, g_free);
  g_assert_null (mw_store_save_meter (store, info, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID);
}

static void
assert_same_civil (const mw_civil *a, const mw_civil *b)
{
  char x[MW_CIVIL_TEXT], y[MW_CIVIL_TEXT];

  mw_civil_format (a, x, sizeof x);
  mw_civil_format (b, y, sizeof y);
  g_assert_cmpstr (x, ==, y);
  g_assert_cmpint (a->weekday, ==, b->weekday);
  g_assert_cmpint (a->status, ==, b->status);
}

static void
test_readouts (void)
{
  g_autoptr (MwStore) store = open_memory ();
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF00000001");
  g_autoptr (MwReadout) readout = sample_readout (meter);
  g_autoptr (MwReadout) back = NULL;
  g_autoptr (MwReadout) newest = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = mw_store_save_readout (store, readout, &error);
  gint64 second;

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  back = mw_store_load_readout (store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->meter->serial, ==, "REF00000001");
  g_assert_cmpint (back->meter_clock, ==, readout->meter_clock);
  g_assert_cmpstr (back->profile, ==, "Monthly");
  g_assert_cmpuint (back->readings->len, ==, readout->readings->len);
  for (guint i = 0; i < back->readings->len; i++) {
    const MwReading *a = g_ptr_array_index (readout->readings, i);
    const MwReading *b = g_ptr_array_index (back->readings, i);
    g_autofree char *x = mw_reading_dup_text (a);
    g_autofree char *y = mw_reading_dup_text (b);
    g_assert_cmpint (a->kind, ==, b->kind);
    g_assert_cmpstr (a->obis, ==, b->obis);
    g_assert_cmpstr (a->group, ==, b->group);
    g_assert_cmpstr (x, ==, y);
    g_assert_cmpint (a->value.unit, ==, b->value.unit);
    g_assert_cmpint (a->result, ==, b->result);
    g_assert_cmpint (a->has_captured, ==, b->has_captured);
    assert_same_civil (&a->captured, &b->captured);
    assert_same_civil (&a->civil, &b->civil);
    g_assert_true (g_bytes_equal (a->raw, b->raw));
  }

  readout->at += 60;
  readout->meter_clock = G_MININT64;
  second = mw_store_save_readout (store, readout, &error);
  newest = mw_store_load_newest_readout (store, back->meter->id, "Monthly", &error);
  g_assert_cmpint (newest->id, ==, second);
  g_assert_cmpint (newest->meter_clock, ==, G_MININT64);
  list = mw_store_list_readouts (store, back->meter->id, &error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (((MwReadoutInfo *) list->pdata[0])->id, ==, second);
  g_assert_cmpuint (((MwReadoutInfo *) list->pdata[1])->n_readings, ==, readout->readings->len);
  g_assert_true (mw_store_delete_readout (store, second, &error));
  g_assert_null (mw_store_load_readout (store, second, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
}

static void
test_desk (void)
{
  g_autoptr (MwStore) store = open_memory ();
  g_autoptr (GError) error = NULL;
  char *registers[] = { (char *) "1-0:1.8.0.255", (char *) "1-0:2.8.0.255", NULL };
  MwRegisterProfile profile = { (char *) "dlms", (char *) "Monthly", registers };
  MwRegisterProfile *back;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) links = NULL;
  g_autofree char *value = NULL;
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwMeterInfo) kept = mw_store_save_meter (store, meter, NULL);
  g_autoptr (GBytes) objects = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) cached = NULL;

  g_assert_true (mw_store_save_register_profile (store, &profile, &error));
  registers[1] = NULL;
  g_assert_true (mw_store_save_register_profile (store, &profile, &error)); /* replaced */
  back = mw_store_load_register_profile (store, "dlms", "Monthly", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (back->registers), ==, 1);
  g_assert_cmpstr (back->registers[0], ==, "1-0:1.8.0.255");
  mw_register_profile_free (back);
  list = mw_store_list_register_profiles (store, NULL, &error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_true (mw_store_delete_register_profile (store, "dlms", "Monthly", &error));
  g_assert_null (mw_store_load_register_profile (store, "dlms", "Monthly", &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (mw_store_note_link (store, "tcp:a:1", 0, 10, &error));
  g_assert_true (mw_store_note_link (store, "ref:mt381", kept->id, 20, &error));
  g_assert_true (mw_store_note_link (store, "tcp:a:1", 0, 30, &error));
  links = mw_store_list_recent_links (store, 10, &error);
  g_assert_cmpuint (links->len, ==, 2);
  g_assert_cmpstr (((MwRecentLink *) links->pdata[0])->uri, ==, "tcp:a:1");
  g_assert_cmpstr (((MwRecentLink *) links->pdata[1])->serial, ==, "REF1");
  g_assert_true (mw_store_forget_link (store, "tcp:a:1", &error));

  g_assert_null (mw_store_dup_setting (store, "window.width", NULL));
  g_assert_true (mw_store_set_setting (store, "window.width", "1180", &error));
  g_assert_true (mw_store_set_setting (store, "window.width", "960", &error));
  value = mw_store_dup_setting (store, "window.width", NULL);
  g_assert_cmpstr (value, ==, "960");
  g_assert_true (mw_store_set_setting (store, "window.width", NULL, &error));
  g_assert_null (mw_store_dup_setting (store, "window.width", NULL));

  g_assert_null (mw_store_load_object_list (store, kept->id, "1.23", "client 1", NULL));
  g_assert_true (
      mw_store_save_object_list (store, kept->id, "1.23", "client 1", objects, &error));
  cached = mw_store_load_object_list (store, kept->id, "1.23", "client 1", &error);
  g_assert_true (g_bytes_equal (objects, cached));
  g_assert_null (mw_store_load_object_list (store, kept->id, "1.24", "client 1", NULL));
}

/* ---- opening what is there ---- */

static void
assert_refused (const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before = 0, n_after = 0;

  g_file_get_contents (path, &before, &n_before, NULL);
  g_assert_null (mw_store_open (path, &error));
  g_assert_error (error, MW_STORE_ERROR, code);
  g_assert_nonnull (strstr (error->message, path)); /* says which file */
  g_file_get_contents (path, &after, &n_after, NULL);
  g_assert_cmpmem (before, n_before, after, n_after); /* and leaves it alone */
}

static void
exec (const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_foreign_files (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *text = g_build_filename (folder, "text.db", NULL);
  g_autofree char *other = g_build_filename (folder, "other.db", NULL);
  g_autofree char *newer = g_build_filename (folder, "newer.db", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "such", "x.db", NULL);
  g_autoptr (GString) words = g_string_new (NULL);

  for (int i = 0; i < 500; i++)
    g_string_append (words, "this is a letter, not a database. ");
  g_assert_true (g_file_set_contents (text, words->str, -1, NULL));
  assert_refused (text, MW_STORE_ERROR_NOT_A_DATABASE);
  exec (other, "CREATE TABLE recipes (name)");
  assert_refused (other, MW_STORE_ERROR_NOT_A_DATABASE);
  mw_store_unref (mw_store_open (newer, NULL));
  exec (newer, "PRAGMA user_version = 999");
  assert_refused (newer, MW_STORE_ERROR_NEWER);
  assert_refused (nowhere, MW_STORE_ERROR_ACCESS);
  sample_remove (folder);
}

/* A page in the middle is overwritten: reading says "damaged". */
static void
test_damaged (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwSeries) series = sample_profile (meter, 1767225600, 5000);
  g_autoptr (MwSeries) back = NULL;
  g_autoptr (GError) error = NULL;
  MwStore *store = mw_store_open (path, &error);
  g_autofree char *bytes = NULL;
  gsize len;

  g_assert_no_error (error);
  g_assert_true (mw_store_save_series (store, series, NULL, NULL, &error));
  mw_store_unref (store);
  g_assert_true (g_file_get_contents (path, &bytes, &len, NULL));
  memset (bytes + len - 60000, 0x5a, 50000);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) len, NULL));
  store = mw_store_open (path, &error);
  g_assert_no_error (error);
  back = mw_store_load_series (store, 1, "load-profile", G_MININT64, G_MAXINT64, &error);
  g_assert_null (back);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED);
  mw_store_unref (store);
  sample_remove (folder);
}

/* A database of format 1 is brought up to date; a copy of it stays beside. */
static void
test_migration (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  g_autofree char *copy = g_strconcat (path, ".before-v2", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwMeterInfo) meter = NULL;
  MwStore *old = g_new0 (MwStore, 1);
  MwStore *store;

  g_rec_mutex_init (&old->lock);
  g_assert_true (mw_db_open (old, path, 1, &error));
  g_assert_no_error (error);
  mw_db_close (old);
  g_rec_mutex_clear (&old->lock);
  g_free (old);
  exec (path, "INSERT INTO meter VALUES (7, 'REF7', 'dlms', NULL, NULL, NULL, NULL, 1, 5, 6, "
              "NULL, NULL)");
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));

  store = mw_store_open (path, &error);
  g_assert_no_error (error);
  meter = mw_store_get_meter (store, 7, &error);
  g_assert_cmpstr (meter->serial, ==, "REF7");
  g_assert_true (mw_store_set_setting (store, "a", "b", &error)); /* a table of format 2 */
  mw_store_unref (store);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  exec (copy, "SELECT serial FROM meter WHERE id = 7");
  sample_remove (folder);
}

/* Two programs on one file: both read and write; a long lock is said in a sentence. */
static void
test_second_instance (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  g_autoptr (MwStore) first = mw_store_open (path, NULL);
  g_autoptr (MwStore) second = mw_store_open (path, NULL);
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  g_assert_true (mw_store_set_setting (first, "from", "first", &error));
  g_assert_true (mw_store_set_setting (second, "from", "second", &error));
  value = mw_store_dup_setting (first, "from", &error);
  g_assert_cmpstr (value, ==, "second");

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (first->db, 50);
  g_assert_false (mw_store_set_setting (first, "from", "first", &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "another program"));
  g_clear_pointer (&value, g_free);
  value = mw_store_dup_setting (first, "from", NULL); /* reading goes on */
  g_assert_cmpstr (value, ==, "second");
  sqlite3_close (db);
  sample_remove (folder);
}

/* ---- the thread ---- */

typedef struct {
  GMainLoop *loop;
  MwStore *store;
  GThread *ran_on;
  guint n_meters;
  gboolean destroyed;
  GError *error;
} Work;

static gboolean
count_meters (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;
  g_autoptr (GPtrArray) meters = mw_store_list_meters (store, error);

  work->ran_on = g_thread_self ();
  work->n_meters = meters ? meters->len : 0;
  return meters != NULL;
}

static void
work_destroyed (gpointer data)
{
  ((Work *) data)->destroyed = TRUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;

  g_assert_false (work->destroyed);
  g_assert_true (mw_store_run_get_data (result) == work);
  mw_store_run_finish (result, &work->error);
  g_main_loop_quit (work->loop);
}

static void
test_async (void)
{
  Work work = { g_main_loop_new (NULL, FALSE), open_memory () };
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (MwMeterInfo) kept = mw_store_save_meter (work.store, meter, NULL);

  g_assert_nonnull (kept);
  mw_store_run_async (work.store, count_meters, &work, work_destroyed, NULL, on_done, &work);
  g_main_loop_run (work.loop);
  g_assert_no_error (work.error);
  g_assert_cmpuint (work.n_meters, ==, 1);
  g_assert_true (work.ran_on != g_thread_self ());

  work.ran_on = NULL;
  work.destroyed = FALSE;
  g_cancellable_cancel (cancellable);
  mw_store_run_async (work.store, count_meters, &work, work_destroyed, cancellable, on_done,
                      &work);
  mw_store_unref (work.store); /* the task keeps it */
  g_main_loop_run (work.loop);
  g_assert_error (work.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (work.ran_on);
  g_clear_error (&work.error);
  g_main_loop_unref (work.loop);
}

/* Cancelled in the middle of a long transaction: nothing of it stays. */
static gboolean
save_and_be_cancelled (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF2");
  g_autoptr (MwSeries) series = sample_profile (meter, 0, 50000);

  work->ran_on = g_thread_self ();
  g_cancellable_cancel (cancellable);
  return mw_store_save_series (store, series, NULL, &work->n_meters, error);
}

static void
test_cancel (void)
{
  Work work = { g_main_loop_new (NULL, FALSE), open_memory () };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) meters = NULL;
  g_autofree char *value = NULL;

  mw_store_run_async (work.store, save_and_be_cancelled, &work, work_destroyed, cancellable,
                      on_done, &work);
  g_main_loop_run (work.loop);
  g_assert_nonnull (work.ran_on);
  g_assert_error (work.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  meters = mw_store_list_meters (work.store, NULL);
  g_assert_cmpuint (meters->len, ==, 0);
  g_assert_true (mw_store_set_setting (work.store, "a", "b", NULL)); /* and it goes on */
  g_clear_error (&work.error);
  mw_store_unref (work.store);
  g_main_loop_unref (work.loop);
}

/* ---- many threads ---- */

static gpointer
hammer (gpointer data)
{
  MwStore *store = data;

  for (int i = 0; i < 50; i++) {
    g_autofree char *key = g_strdup_printf ("k%d", i % 7);
    g_autofree char *value = NULL;
    g_assert_true (mw_store_set_setting (store, key, "v", NULL));
    value = mw_store_dup_setting (store, key, NULL);
    g_assert_cmpstr (value, ==, "v");
  }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (MwStore) store = open_memory ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("hammer", hammer, store);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (mw_store_get_generation (store), >=, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/meters", test_meters);
  g_test_add_func ("/store/readouts", test_readouts);
  g_test_add_func ("/store/desk", test_desk);
  g_test_add_func ("/store/foreign-files", test_foreign_files);
  g_test_add_func ("/store/damaged", test_damaged);
  g_test_add_func ("/store/migration", test_migration);
  g_test_add_func ("/store/second-instance", test_second_instance);
  g_test_add_func ("/store/async", test_async);
  g_test_add_func ("/store/cancel", test_cancel);
  g_test_add_func ("/store/threads", test_threads);
  return g_test_run ();
}
