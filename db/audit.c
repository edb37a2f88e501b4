/* audit.c: who changed what in which meter; append only.
 *
 * hash (n) = SHA-256 over hash (n - 1) and the fields of record n, each field as its length, a
 * colon and its octets (a missing one as "-"), so that no two records read the same.
 * audit_head holds the number and hash of the last one: cutting records off the end shows too.
 * The chain proves that nothing was changed by chance or by another program in passing; who may
 * write the file may forge all of it.
 */
#include "database.h"

#include <string.h>

MwAuditRecord *
mw_audit_record_new (void)
{
  return g_new0 (MwAuditRecord, 1);
}

void
mw_audit_record_free (MwAuditRecord *record)
{
  if (!record)
    return;
  g_free (record->who);
  g_free (record->serial);
  g_free (record->type);
  g_free (record->action);
  g_free (record->object);
  g_free (record->old_value);
  g_free (record->new_value);
  g_free (record->result);
  g_free (record->hash);
  g_free (record);
}

static void
add_field (GChecksum *sum, const char *text)
{
  g_autofree char *head = text ? g_strdup_printf ("%zu:", strlen (text)) : g_strdup ("-");

  g_checksum_update (sum, (const guchar *) head, -1);
  if (text)
    g_checksum_update (sum, (const guchar *) text, -1);
}

static char *
hash_of (const MwAuditRecord *record, const char *before)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *head = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d",
                                           record->id, record->at, record->reference != FALSE);
  const char *fields[] = {
    before,         head,           record->who,       record->serial,    record->type,
    record->action, record->object, record->old_value, record->new_value, record->result
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    add_field (sum, fields[i]);
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
load_head (MwStore *store, gint64 *id, char **hash, GError **error)
{
  static const char sql[] = "SELECT id, hash FROM audit_head";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return FALSE;
  step = mw_db_step (store, stmt, error);
  if (step == 0)
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_AUDIT,
                 "The head of the audit in %s is gone.", store->path);
  if (step != 1)
    return FALSE;
  *id = sqlite3_column_int64 (stmt, 0);
  *hash = mw_db_dup_text (stmt, 1);
  return TRUE;
}

static gboolean
insert (MwStore *store, const MwAuditRecord *r, gint64 id, const char *hash, GError **error)
{
  static const char record[] =
      "INSERT INTO audit (id, at, who, serial, type, reference, action, object, old_value, "
      "new_value, result, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  static const char head[] = "UPDATE audit_head SET id = ?, hash = ?";
  sqlite3_stmt *stmt = mw_db_prepare (store, record, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "iitttdtttttt", id, r->at, r->who, r->serial, r->type,
              r->reference != FALSE, r->action, r->object, r->old_value, r->new_value,
              r->result, hash);
  if (!mw_db_run (store, stmt, error) || !(stmt = mw_db_prepare (store, head, error)))
    return FALSE;
  mw_db_bind (stmt, "it", id, hash);
  return mw_db_run (store, stmt, error);
}

gint64
mw_store_append_audit (MwStore *store, const MwAuditRecord *record, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autofree char *before = NULL;
  g_autofree char *hash = NULL;
  MwAuditRecord numbered = *record;
  gint64 last = 0;
  gboolean ok;

  if (!mw_db_begin (store, error))
    return 0;
  ok = load_head (store, &last, &before, error);
  if (ok) {
    numbered.id = last + 1;
    hash = hash_of (&numbered, before);
    ok = insert (store, record, last + 1, hash, error);
  }
  return mw_db_end (store, ok, error) ? last + 1 : 0;
}

static MwAuditRecord *
record_of_row (sqlite3_stmt *stmt)
{
  MwAuditRecord *record = mw_audit_record_new ();

  record->id = sqlite3_column_int64 (stmt, 0);
  record->at = sqlite3_column_int64 (stmt, 1);
  record->who = mw_db_dup_text (stmt, 2);
  record->serial = mw_db_dup_text (stmt, 3);
  record->type = mw_db_dup_text (stmt, 4);
  record->reference = sqlite3_column_int (stmt, 5);
  record->action = mw_db_dup_text (stmt, 6);
  record->object = mw_db_dup_text (stmt, 7);
  record->old_value = mw_db_dup_text (stmt, 8);
  record->new_value = mw_db_dup_text (stmt, 9);
  record->result = mw_db_dup_text (stmt, 10);
  record->hash = mw_db_dup_text (stmt, 11);
  return record;
}

#define AUDIT_COLUMNS                                                                          \
  "id, at, who, serial, type, reference, action, object, old_value, new_value, result, hash "

GPtrArray *
mw_store_list_audit (MwStore *store, const char *serial, guint limit, GError **error)
{
  static const char sql[] =
      "SELECT " AUDIT_COLUMNS "FROM audit WHERE ?1 IS NULL OR serial = ?1 "
      "ORDER BY id DESC LIMIT ?2";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_audit_record_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "ti", serial, limit ? (gint64) limit : (gint64) -1);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    g_ptr_array_add (records, record_of_row (stmt));
  return step == 0 ? g_steal_pointer (&records) : NULL;
}

static void
set_broken (MwStore *store, gint64 id, const char *what, GError **error)
{
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_AUDIT,
               "The audit in %s is broken at record %" G_GINT64_FORMAT
               ": %s. The records before it are as they were written.",
               store->path, id, what);
}

/* Walk the chain; *ID and *HASH are those of the last record. */
static gboolean
walk (MwStore *store, gint64 *id, char **hash, GError **error)
{
  static const char sql[] = "SELECT " AUDIT_COLUMNS "FROM audit ORDER BY id";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    g_autoptr (MwAuditRecord) record = record_of_row (stmt);
    g_autofree char *expected = hash_of (record, *hash);
    if (record->id != *id + 1 || g_strcmp0 (record->hash, expected) != 0) {
      set_broken (store, *id + 1, record->id != *id + 1 ? "it is missing" : "it was changed",
                  error);
      return FALSE;
    }
    *id = record->id;
    g_free (*hash);
    *hash = g_steal_pointer (&expected);
  }
  return step == 0;
}

gboolean
mw_store_verify_audit (MwStore *store, guint64 *n_records, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autofree char *hash = g_strdup ("");
  g_autofree char *head_hash = NULL;
  gint64 id = 0, head = 0;
  gboolean ok;

  if (!mw_db_begin_reading (store, error))
    return FALSE;
  ok = walk (store, &id, &hash, error) && load_head (store, &head, &head_hash, error);
  mw_db_end_reading (store);
  if (!ok)
    return FALSE;
  if (head != id || g_strcmp0 (hash, head_hash) != 0) {
    set_broken (store, id + 1, "records were cut off the end", error);
    return FALSE;
  }
  if (n_records)
    *n_records = (guint64) id;
  return TRUE;
}
