/* The audit: append only, chained; a record changed, taken out or cut off shows. */
#include <sqlite3.h>
#include <string.h>

#include "sample.h"

static gint64
append (MwStore *store, const char *serial, const char *value)
{
  g_autoptr (GError) error = NULL;
  MwAuditRecord record = { .at = 1767225600,
                           .who = (char *) "anna",
                           .serial = (char *) serial,
                           .type = (char *) "MT381-D1",
                           .reference = TRUE,
                           .action = (char *) "set",
                           .object = (char *) "8:0-0:1.0.0.255:3",
                           .old_value = NULL,
                           .new_value = (char *) value,
                           .result = (char *) "written and read back" };
  gint64 id = mw_store_append_audit (store, &record, &error);

  g_assert_no_error (error);
  return id;
}

static void
test_append (void)
{
  g_autoptr (MwStore) store = mw_store_open (":memory:", NULL);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) one = NULL;
  guint64 n = 99;

  g_assert_true (mw_store_verify_audit (store, &n, NULL));
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpint (append (store, "REF1", "60"), ==, 1);
  g_assert_cmpint (append (store, "REF2", "120"), ==, 2);
  g_assert_cmpint (append (store, "REF1", NULL), ==, 3);
  g_assert_true (mw_store_verify_audit (store, &n, NULL));
  g_assert_cmpuint (n, ==, 3);
  all = mw_store_list_audit (store, NULL, 2, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpint (((MwAuditRecord *) all->pdata[0])->id, ==, 3);
  one = mw_store_list_audit (store, "REF2", 0, NULL);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (((MwAuditRecord *) one->pdata[0])->new_value, ==, "120");
  g_assert_null (((MwAuditRecord *) one->pdata[0])->old_value);
}

/* Five records, SQL done behind the program's back, and the record that verify names. */
static void
assert_shows (const char *sql, const char *named)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  g_autoptr (MwStore) store = mw_store_open (path, NULL);
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  for (int i = 0; i < 5; i++)
    append (store, "REF1", "60");
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_false (mw_store_verify_audit (store, NULL, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_AUDIT);
  g_assert_nonnull (strstr (error->message, named));
  sample_remove (folder);
}

static void
test_tampering (void)
{
#define OPEN "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks; "
  assert_shows (OPEN "UPDATE audit SET new_value = '61' WHERE id = 3",
                "record 3: it was changed");
  assert_shows (OPEN "UPDATE audit SET old_value = '' WHERE id = 4",
                "record 4: it was changed");
  assert_shows (OPEN "DELETE FROM audit WHERE id = 2", "record 2: it is missing");
  assert_shows (OPEN "DELETE FROM audit WHERE id = 5", "record 5: records were cut off");
  assert_shows (OPEN "UPDATE audit SET who = 'anna' || 'R', serial = 'EF1' WHERE id = 1",
                "record 1: it was changed");
}

/* Without dropping the triggers not even that is possible. */
static void
test_append_only (void)
{
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  g_autoptr (MwStore) store = mw_store_open (path, NULL);
  sqlite3 *db;

  append (store, "REF1", "60");
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM audit", NULL, NULL, NULL), !=, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "UPDATE audit SET at = 0", NULL, NULL, NULL), !=,
                   SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (mw_store_verify_audit (store, NULL, NULL));
  sample_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/append", test_append);
  g_test_add_func ("/audit/tampering", test_tampering);
  g_test_add_func ("/audit/append-only", test_append_only);
  return g_test_run ();
}
