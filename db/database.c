/* database.c: the connection: opening, migrations, statements, transactions, errors. */
#include "database.h"

#include <errno.h>
#include <glib/gstdio.h>

/* ---- errors ---- */

static MwStoreError
code_of (MwStore *store, int rc)
{
  int cause = store->db ? sqlite3_system_errno (store->db) : 0;

  switch (rc & 0xff) {
  case SQLITE_IOERR: /* a full disk, where SQLite does not call it one */
    if (rc == SQLITE_IOERR_SHMSIZE || cause == ENOSPC || cause == EDQUOT || cause == EFBIG)
      return MW_STORE_ERROR_FULL;
    return MW_STORE_ERROR_FAILED;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return MW_STORE_ERROR_BUSY;
  case SQLITE_FULL:
    return MW_STORE_ERROR_FULL;
  case SQLITE_CORRUPT:
    return MW_STORE_ERROR_DAMAGED;
  case SQLITE_NOTADB:
    return MW_STORE_ERROR_NOT_A_DATABASE;
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return MW_STORE_ERROR_ACCESS;
  default:
    return MW_STORE_ERROR_FAILED;
  }
}

static const char *
sentence_of (MwStoreError code)
{
  switch (code) {
  case MW_STORE_ERROR_BUSY:
    return "The database %s is held by another program. Close the other window or wait until "
           "its work is done, then try again; nothing was stored.";
  case MW_STORE_ERROR_FULL:
    return "The disk is full: the database %s cannot grow. Free some space and try again; "
           "nothing was stored.";
  case MW_STORE_ERROR_DAMAGED:
    return "The database %s is damaged. Keep the file, restore a copy of it or start with "
           "another file.";
  case MW_STORE_ERROR_NOT_A_DATABASE:
    return "%s is not a database of this program. Choose another file.";
  case MW_STORE_ERROR_ACCESS:
    return "The database %s cannot be opened or written. See that the folder exists and that "
           "you may write there.";
  default:
    return "The database %s could not be read or written. Check the disk and try again; "
           "nothing "
           "was stored.";
  }
}

void
mw_db_set_error (MwStore *store, GError **error)
{
  int rc = store->db ? sqlite3_extended_errcode (store->db) : SQLITE_NOMEM;
  MwStoreError code = code_of (store, rc);
  g_autofree char *sentence = NULL;

  if ((rc & 0xff) == SQLITE_INTERRUPT) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                         "Cancelled; nothing was stored.");
    return;
  }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  sentence = g_strdup_printf (sentence_of (code), store->path);
#pragma GCC diagnostic pop
  g_set_error (error, MW_STORE_ERROR, code, "%s (SQLite: %s)", sentence,
               store->db ? sqlite3_errmsg (store->db) : "out of memory");
}

/* ---- statements ---- */

sqlite3_stmt *
mw_db_prepare (MwStore *store, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = g_hash_table_lookup (store->statements, sql);

  if (stmt)
    return stmt;
  if (sqlite3_prepare_v3 (store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL)
      != SQLITE_OK) {
    mw_db_set_error (store, error);
    return NULL;
  }
  g_hash_table_insert (store->statements, (gpointer) sql, stmt);
  return stmt;
}

void
mw_db_bind (sqlite3_stmt *stmt, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  for (int i = 1; *format; i++, format++) {
    if (*format == 'i') {
      sqlite3_bind_int64 (stmt, i, va_arg (args, gint64));
    } else if (*format == 'd') {
      sqlite3_bind_int (stmt, i, va_arg (args, int));
    } else if (*format == 't') {
      sqlite3_bind_text (stmt, i, va_arg (args, const char *), -1, SQLITE_STATIC);
    } else if (*format == 'b') {
      GBytes *bytes = va_arg (args, GBytes *);
      gsize len = 0;
      const void *data = bytes ? g_bytes_get_data (bytes, &len) : NULL;
      if (!bytes)
        sqlite3_bind_null (stmt, i);
      else
        sqlite3_bind_blob64 (stmt, i, data ? data : "", len, SQLITE_STATIC);
    } else {
      g_assert (*format == 'n');
      sqlite3_bind_null (stmt, i);
    }
  }
  va_end (args);
}

int
mw_db_step (MwStore *store, sqlite3_stmt *stmt, GError **error)
{
  int rc = sqlite3_step (stmt);

  if (rc == SQLITE_ROW)
    return 1;
  if (rc == SQLITE_DONE)
    return 0;
  mw_db_set_error (store, error);
  return -1;
}

gboolean
mw_db_run (MwStore *store, sqlite3_stmt *stmt, GError **error)
{
  int step;

  do
    step = mw_db_step (store, stmt, error);
  while (step == 1);
  mw_db_reset (&stmt);
  return step == 0;
}

gboolean
mw_db_exec (MwStore *store, const char *sql, GError **error)
{
  if (sqlite3_exec (store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  mw_db_set_error (store, error);
  return FALSE;
}

char *
mw_db_dup_text (sqlite3_stmt *stmt, int column)
{
  return g_strdup (mw_db_text (stmt, column));
}

GBytes *
mw_db_dup_bytes (sqlite3_stmt *stmt, int column)
{
  if (sqlite3_column_type (stmt, column) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (sqlite3_column_blob (stmt, column),
                      (gsize) sqlite3_column_bytes (stmt, column));
}

/* ---- transactions ---- */

static void
roll_back (MwStore *store)
{
  /* Some errors (disk full) have rolled back already. */
  if (!sqlite3_get_autocommit (store->db))
    sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
}

/* A BEGIN that is stopped may have begun all the same. */
static gboolean
begin (MwStore *store, const char *sql, GError **error)
{
  if (store->depth > 0 || mw_db_exec (store, sql, error))
    return TRUE;
  roll_back (store);
  return FALSE;
}

gboolean
mw_db_begin (MwStore *store, GError **error)
{
  if (!begin (store, "BEGIN IMMEDIATE", error))
    return FALSE;
  store->depth++;
  return TRUE;
}

gboolean
mw_db_end (MwStore *store, gboolean ok, GError **error)
{
  g_assert (store->depth > 0);
  if (--store->depth > 0)
    return ok;
  if (ok && mw_db_exec (store, "COMMIT", error)) {
    g_atomic_int_inc (&store->generation);
    return TRUE;
  }
  roll_back (store);
  return FALSE;
}

gboolean
mw_db_begin_reading (MwStore *store, GError **error)
{
  return begin (store, "BEGIN", error);
}

void
mw_db_end_reading (MwStore *store)
{
  if (store->depth == 0)
    roll_back (store);
}

/* ---- opening ---- */

static gboolean
query_int (MwStore *store, const char *sql, gint64 *value, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  gboolean ok = sqlite3_prepare_v2 (store->db, sql, -1, &stmt, NULL) == SQLITE_OK
                && sqlite3_step (stmt) == SQLITE_ROW;

  if (ok)
    *value = sqlite3_column_int64 (stmt, 0);
  else
    mw_db_set_error (store, error);
  sqlite3_finalize (stmt);
  return ok;
}

int
mw_db_newest_version (void)
{
  int n = 0;

  while (mw_embedded_migrations[n].name)
    n++;
  return n;
}

/* Refuse what is not ours before anything is written to it. */
static gboolean
check_identity (MwStore *store, gint64 *version, GError **error)
{
  gint64 application, tables;

  gboolean ok;

  /* In one transaction: another program may be making this very database. */
  if (!mw_db_begin_reading (store, error))
    return FALSE;
  ok = query_int (store, "PRAGMA user_version", version, error)
       && query_int (store, "PRAGMA application_id", &application, error)
       && query_int (store, "SELECT count (*) FROM sqlite_schema", &tables, error);
  mw_db_end_reading (store);
  if (!ok)
    return FALSE;
  if (tables > 0 && application != MW_DB_APPLICATION_ID) {
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_A_DATABASE,
                 "%s is the database of another program. Choose another file; it was left as "
                 "it is.",
                 store->path);
    return FALSE;
  }
  if (*version > mw_db_newest_version ()) {
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NEWER,
                 "The database %s was written by a newer version of this program (format %d, "
                 "this one knows %d). Update the program or choose another file; it was left "
                 "as it is.",
                 store->path, (int) *version, mw_db_newest_version ());
    return FALSE;
  }
  return TRUE;
}

/* A copy of the database as it is, beside it, before a migration touches it. */
static gboolean
back_up (MwStore *store, int version, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.before-v%d", store->path, version + 1);
  g_autofree char *temporary = g_strconcat (path, ".part", NULL);
  sqlite3 *copy = NULL;
  sqlite3_backup *backup = NULL;
  gboolean ok;

  ok = sqlite3_open (temporary, &copy) == SQLITE_OK
       && (backup = sqlite3_backup_init (copy, "main", store->db, "main")) != NULL
       && sqlite3_backup_step (backup, -1) == SQLITE_DONE;
  ok = (!backup || sqlite3_backup_finish (backup) == SQLITE_OK) && ok;
  ok = sqlite3_close (copy) == SQLITE_OK && ok;
  if (ok && g_rename (temporary, path) == 0)
    return TRUE;
  g_unlink (temporary);
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_ACCESS,
               "A copy of the database could not be written to %s, so it was not brought up to "
               "date. See that there is space and that you may write there.",
               path);
  return FALSE;
}

/* All missing migrations in one transaction: the schema is the old or the new one. */
static gboolean
migrate (MwStore *store, int to, GError **error)
{
  gint64 from;
  gboolean ok;

  if (!mw_db_begin (store, error))
    return FALSE;
  /* Another instance may have done it while we waited. */
  ok = query_int (store, "PRAGMA user_version", &from, error);
  for (gint64 v = from; ok && v < to; v++) {
    g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %d", (int) v + 1);
    ok = mw_db_exec (store, mw_embedded_migrations[v].text, error)
         && mw_db_exec (store, mark, error);
  }
  return mw_db_end (store, ok, error);
}

/* SQLite calls this every thousand operations: non-zero stops the statement. */
static int
is_cancelled (void *data)
{
  MwStore *store = data;

  return store->cancellable && store->worker == g_thread_self ()
         && g_cancellable_is_cancelled (store->cancellable);
}

static gboolean
try_set_up (MwStore *store, GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d", MW_DB_APPLICATION_ID);

  return mw_db_exec (store, "PRAGMA journal_mode = WAL", error)
         && mw_db_exec (store, "PRAGMA synchronous = FULL", error)
         && mw_db_exec (store, "PRAGMA foreign_keys = ON", error)
         && mw_db_exec (store, "PRAGMA trusted_schema = OFF", error)
         && mw_db_exec (store, mark, error);
}

/* Two programs that turn a new file to WAL at once would wait for each other: SQLite tells one
 * of them to let go, without the usual patience.  It comes back. */
static gboolean
set_up (MwStore *store, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + MW_STORE_BUSY_MS * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GError) failure = NULL;

  while (!try_set_up (store, &failure)) {
    if (!g_error_matches (failure, MW_STORE_ERROR, MW_STORE_ERROR_BUSY)
        || g_get_monotonic_time () > deadline) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    g_clear_error (&failure);
    g_usleep (20 * G_TIME_SPAN_MILLISECOND);
  }
  return TRUE;
}

static void
finalize (gpointer stmt)
{
  sqlite3_finalize (stmt);
}

gboolean
mw_db_open (MwStore *store, const char *path, int version, GError **error)
{
  gint64 found;

  store->path = g_strdup (path);
  store->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  if (sqlite3_open_v2 (path, &store->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)
      != SQLITE_OK) {
    mw_db_set_error (store, error);
    return FALSE;
  }
  sqlite3_extended_result_codes (store->db, 1);
  sqlite3_busy_timeout (store->db, MW_STORE_BUSY_MS);
  sqlite3_progress_handler (store->db, 1000, is_cancelled, store);
  if (!check_identity (store, &found, error))
    return FALSE;
  if (version == 0)
    version = mw_db_newest_version ();
  if (found > 0 && found < version && !back_up (store, (int) found, error))
    return FALSE;
  return set_up (store, error) && (found >= version || migrate (store, version, error));
}

void
mw_db_close (MwStore *store)
{
  g_clear_pointer (&store->statements, g_hash_table_unref);
  sqlite3_close_v2 (store->db);
  store->db = NULL;
  g_clear_pointer (&store->path, g_free);
}
