/* The n-th write fails, for n = 1, 2, … until all goes well; the n-th step of a statement is
 * stopped; the process is killed in the middle: each time the file holds what it held before or
 * all of the new, is sound, and goes on working. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "database.h"
#include "fault-vfs.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1767225600)
#define N_ROWS 200

static const char *program;

/* ---- what is in the store ---- */

typedef struct {
  guint readouts;
  guint readings;
  guint rows;
  guint raws;
  guint64 audit;
} Content;

static gint64
count (MwStore *store, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  gint64 n;

  g_assert_cmpint (sqlite3_prepare_v2 (store->db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  return n;
}

static Content
look (MwStore *store)
{
  g_autoptr (GError) error = NULL;
  Content c = { 0 };

  c.readouts = (guint) count (store, "SELECT count (*) FROM readout");
  c.readings = (guint) count (store, "SELECT count (*) FROM reading");
  c.rows = (guint) count (store, "SELECT count (*) FROM entry4");
  c.raws = (guint) count (store, "SELECT count (*) FROM raw_answer");
  mw_store_verify_audit (store, &c.audit, &error);
  g_assert_no_error (error);
  return c;
}

static void
assert_sound (MwStore *store)
{
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (store->db, "PRAGMA integrity_check", -1, &stmt, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (stmt, 0), ==, "ok");
  sqlite3_finalize (stmt);
  g_assert_cmpint (count (store, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
}

/* ---- what is done ---- */

static MwStore *
open_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  MwStore *store = mw_store_open (path, &error);

  g_assert_no_error (error);
  return store;
}

/* One thing that is done to a store, and what it adds when it succeeds. */
typedef struct {
  const char *name;
  gboolean (*run) (MwStore *store, GError **error);
  Content adds;
} Scenario;

static gboolean
save_readout (MwStore *store, GError **error)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwReadout) readout = sample_readout (meter);

  return mw_store_save_readout (store, readout, error) != 0;
}

static gboolean
save_series (MwStore *store, GError **error)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  static gint64 n_saved; /* each time, and in each process, other rows */
  gint64 from = START + 900 * N_ROWS * (n_saved++ + G_GINT64_CONSTANT (100000) * getpid ());
  g_autoptr (MwSeries) series = sample_profile (meter, from, N_ROWS);
  g_autoptr (GBytes) raw = g_bytes_new (series->values, N_ROWS * 4 * sizeof (gint64));
  guint n_new = 0;
  gboolean ok = mw_store_save_series (store, series, raw, &n_new, error);

  g_assert_cmpuint (n_new, ==, ok ? N_ROWS : 0);
  return ok;
}

static gboolean
append_audit (MwStore *store, GError **error)
{
  MwAuditRecord record = { .at = START, .who = (char *) "anna", .action = (char *) "set" };

  return mw_store_append_audit (store, &record, error) != 0;
}

static const Scenario scenarios[] = {
  { "read-out", save_readout, { 1, 8, 0, 8, 0 } },
  { "series", save_series, { 0, 0, N_ROWS, 1, 0 } },
  { "audit", append_audit, { 0, 0, 0, 0, 1 } },
};

/* ADDED is what SCENARIO adds, or nothing. */
static void
assert_whole_or_nothing (const Scenario *s, Content before, Content after)
{
  gboolean nothing = memcmp (&before, &after, sizeof before) == 0;

  g_assert_true (nothing
                 || (after.readouts == before.readouts + s->adds.readouts
                     && after.readings == before.readings + s->adds.readings
                     && after.rows == before.rows + s->adds.rows
                     && after.raws == before.raws + s->adds.raws
                     && after.audit == before.audit + s->adds.audit));
}

/* ---- the disk fails ---- */

/* Run S with the N-th change of a file going wrong; FALSE when it was not reached. */
static gboolean
fail_once (const Scenario *s, const char *path, int n, int code, int sticky)
{
  MwStore *store = open_store (path);
  g_autoptr (GError) error = NULL;
  Content before = look (store), after;
  gboolean ok, hit;

  fault_vfs_arm (n, code, sticky);
  ok = s->run (store, &error);
  hit = fault_vfs_count () > 0;
  fault_vfs_arm (0, 0, 0);
  after = look (store);
  if (ok) {
    g_assert_no_error (error);
    g_assert_false (memcmp (&before, &after, sizeof before) == 0);
  } else {
    g_assert_true (hit);
    g_assert_nonnull (error);
    g_assert_cmpint (error->domain, ==, MW_STORE_ERROR);
    g_assert_false (error->code == MW_STORE_ERROR_DAMAGED);
    if (code == SQLITE_FULL)
      g_assert_cmpint (error->code, ==, MW_STORE_ERROR_FULL);
    /* An error says that nothing was stored. */
    g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  }
  assert_whole_or_nothing (s, before, after);
  g_clear_error (&error);
  /* The same connection goes on. */
  g_assert_true (s->run (store, &error));
  before = look (store);
  mw_store_unref (store);

  store = open_store (path);
  assert_sound (store);
  after = look (store);
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  mw_store_unref (store);
  return hit;
}

static void
test_disk (gconstpointer data)
{
  const Scenario *s = data;
  static const int codes[] = { SQLITE_FULL, SQLITE_IOERR_WRITE };

  for (guint c = 0; c < G_N_ELEMENTS (codes); c++)
    for (int sticky = 0; sticky < 2; sticky++) {
      g_autofree char *folder = sample_folder ();
      g_autofree char *path = g_build_filename (folder, "x.db", NULL);
      int n = 1;
      while (fail_once (s, path, n, codes[c], sticky))
        n++;
      g_assert_cmpint (n, >, 3); /* something did fail */
      g_test_message ("%s: %d changes of files, each failed once", s->name, n - 1);
      sample_remove (folder);
    }
}

/* The very first opening: schema and catalogue come whole or not at all. */
static void
test_opening (void)
{
  int n = 1, hit = 1;

  for (; hit; n += 1 + n / 3) {
    g_autofree char *folder = sample_folder ();
    g_autofree char *path = g_build_filename (folder, "x.db", NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) families = NULL;
    MwStore *store;
    fault_vfs_arm (n, SQLITE_FULL, TRUE);
    store = mw_store_open (path, &error);
    hit = fault_vfs_count ();
    g_assert_true (store || error);
    if (error)
      g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FULL);
    mw_store_unref (store);
    fault_vfs_arm (0, 0, 0);
    store = open_store (path);
    assert_sound (store);
    families = mw_store_list_families (store, NULL);
    g_assert_cmpuint (families->len, >=, 2);
    mw_store_unref (store);
    sample_remove (folder);
  }
  g_assert_cmpint (n, >, 50);
}

/* ---- a statement is stopped ---- */

static int ops_left;

static int
stop (void *data)
{
  return ops_left > 0 && --ops_left == 0;
}

static void
test_statements (gconstpointer data)
{
  const Scenario *s = data;
  MwStore *store = open_store (":memory:");
  guint n_stopped = 0;

  for (int n = 1;; n += 1 + n / 20) {
    g_autoptr (GError) error = NULL;
    Content before = look (store), after;
    gboolean ok;
    ops_left = n;
    sqlite3_progress_handler (store->db, 1, stop, NULL);
    ok = s->run (store, &error);
    sqlite3_progress_handler (store->db, 0, NULL, NULL);
    after = look (store);
    assert_whole_or_nothing (s, before, after);
    if (ok)
      break;
    n_stopped++;
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  }
  g_assert_cmpuint (n_stopped, >, 20);
  mw_store_unref (store);
}

/* ---- the process is killed ---- */

/* The child: one transaction after the other until it is killed; it says when it has begun. */
static int
child_main (const char *path)
{
  MwStore *store = mw_store_open (path, NULL);

  for (guint n = 0;; n++)
    for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++) {
      if (!store || !scenarios[i].run (store, NULL))
        return 1;
      if (n == 0 && write (STDOUT_FILENO, "x", 1) != 1)
        return 2;
    }
}

/* The other child: opens, and is done. */
static int
opening_main (const char *path)
{
  g_autoptr (GError) error = NULL;
  MwStore *store = mw_store_open (path, &error);

  if (!store)
    g_printerr ("%s\n", error->message);
  mw_store_unref (store);
  return store ? 0 : 1;
}

static GPid
spawn_child (const char *mode, const char *path, int *out)
{
  char *argv[] = { (char *) program, (char *) mode, (char *) path, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            out, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

static void
test_killed (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  guint rows_before = 0;

  for (guint i = 0; i < 25; i++) {
    int out, status;
    GPid pid = spawn_child ("--child", path, &out);
    MwStore *store;
    Content c;
    char x;
    g_assert_cmpint (read (out, &x, 1), ==, 1);
    g_usleep (i * 1777 % 20000);
    kill (pid, SIGKILL);
    g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
    g_assert_true (WIFSIGNALED (status));
    close (out);
    store = open_store (path);
    assert_sound (store);
    c = look (store);
    g_assert_cmpuint (c.readings, ==, 8 * c.readouts);
    g_assert_cmpuint (c.rows % N_ROWS, ==, 0);
    g_assert_cmpuint (c.raws, ==, c.readings + c.rows / N_ROWS);
    g_assert_cmpuint (c.readouts, >, i); /* it was killed at work, not before */
    g_assert_cmpuint (c.rows, >=, rows_before);
    rows_before = c.rows;
    mw_store_unref (store);
  }
  sample_remove (folder);
}

/* Several programs open a database that is not there yet: each finds it whole. */
static void
test_opened_at_once (void)
{
  for (guint round = 0; round < 5; round++) {
    g_autofree char *folder = sample_folder ();
    g_autofree char *path = g_build_filename (folder, "x.db", NULL);
    GPid pids[4];
    int out[4], status;
    MwStore *store;
    for (guint i = 0; i < 4; i++)
      pids[i] = spawn_child ("--open", path, &out[i]);
    for (guint i = 0; i < 4; i++) {
      g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
      close (out[i]);
      g_assert_cmpint (status, ==, 0);
    }
    store = open_store (path);
    assert_sound (store);
    mw_store_unref (store);
    sample_remove (folder);
  }
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--child"))
    return child_main (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--open"))
    return opening_main (argv[2]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  fault_vfs_install ();
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++) {
    g_autofree char *disk = g_strconcat ("/faults/disk/", scenarios[i].name, NULL);
    g_autofree char *stopped = g_strconcat ("/faults/statement/", scenarios[i].name, NULL);
    g_test_add_data_func (disk, &scenarios[i], test_disk);
    g_test_add_data_func (stopped, &scenarios[i], test_statements);
  }
  g_test_add_func ("/faults/opening", test_opening);
  g_test_add_func ("/faults/killed", test_killed);
  g_test_add_func ("/faults/opened-at-once", test_opened_at_once);
  return g_test_run ();
}
