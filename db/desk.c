/* desk.c: what the person at the desk keeps: register profiles, recent connections, settings;
 * and the object lists of known meters. */
#include "database.h"

#include <string.h>

/* Run STMT, bound, as a transaction of its own. */
static gboolean
run_alone (MwStore *store, sqlite3_stmt *stmt, GError **error)
{
  gboolean ok;

  if (!mw_db_begin (store, error)) {
    mw_db_reset (&stmt);
    return FALSE;
  }
  ok = mw_db_run (store, stmt, error);
  return mw_db_end (store, ok, error);
}

/* ---- register profiles ---- */

void
mw_register_profile_free (MwRegisterProfile *profile)
{
  if (!profile)
    return;
  g_free (profile->family);
  g_free (profile->name);
  g_strfreev (profile->registers);
  g_free (profile);
}

static gboolean
delete_profile (MwStore *store, const char *family, const char *name, GError **error)
{
  static const char sql[] = "DELETE FROM register_profile WHERE family = ? AND name = ?";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "tt", family, name);
  return mw_db_run (store, stmt, error);
}

static gboolean
insert_profile (MwStore *store, const MwRegisterProfile *profile, GError **error)
{
  static const char head[] = "INSERT INTO register_profile (family, name) VALUES (?, ?)";
  static const char item[] = "INSERT INTO register_profile_item VALUES (?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (store, head, error);
  gboolean ok;
  gint64 id;

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "tt", profile->family, profile->name);
  ok = mw_db_run (store, stmt, error);
  id = sqlite3_last_insert_rowid (store->db);
  for (guint i = 0; ok && profile->registers && profile->registers[i]; i++) {
    stmt = mw_db_prepare (store, item, error);
    if (!stmt)
      return FALSE;
    mw_db_bind (stmt, "idt", id, (int) i, profile->registers[i]);
    ok = mw_db_run (store, stmt, error);
  }
  return ok;
}

gboolean
mw_store_save_register_profile (MwStore *store, const MwRegisterProfile *profile,
                                GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  gboolean ok;

  if (!profile->family || !profile->name || !*profile->name) {
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID,
                         "A register profile needs a name.");
    return FALSE;
  }
  if (!mw_db_begin (store, error))
    return FALSE;
  ok = delete_profile (store, profile->family, profile->name, error)
       && insert_profile (store, profile, error);
  return mw_db_end (store, ok, error);
}

static gboolean
load_items (MwStore *store, gint64 id, MwRegisterProfile *profile, GError **error)
{
  static const char sql[] = "SELECT obis FROM register_profile_item "
                            "WHERE register_profile_id = ? ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    g_ptr_array_add (items, mw_db_dup_text (stmt, 0));
  g_ptr_array_add (items, NULL);
  profile->registers = (char **) g_ptr_array_free (g_steal_pointer (&items), FALSE);
  return step == 0;
}

/* FAMILY or NAME NULL: any. */
static GPtrArray *
load_profiles (MwStore *store, const char *family, const char *name, GError **error)
{
  static const char sql[] = "SELECT id, family, name FROM register_profile "
                            "WHERE (?1 IS NULL OR family = ?1) AND (?2 IS NULL OR name = ?2) "
                            "ORDER BY name, family";
  g_autoptr (GPtrArray) profiles =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_register_profile_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "tt", family, name);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwRegisterProfile *profile = g_new0 (MwRegisterProfile, 1);
    g_ptr_array_add (profiles, profile);
    profile->family = mw_db_dup_text (stmt, 1);
    profile->name = mw_db_dup_text (stmt, 2);
    if (!load_items (store, sqlite3_column_int64 (stmt, 0), profile, error))
      return NULL;
  }
  return step == 0 ? g_steal_pointer (&profiles) : NULL;
}

static void
set_no_profile (const char *name, GError **error)
{
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
               "There is no register profile “%s” for this kind of meter.", name);
}

MwRegisterProfile *
mw_store_load_register_profile (MwStore *store, const char *family, const char *name,
                                GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) profiles = load_profiles (store, family, name, error);

  if (profiles && profiles->len == 0)
    set_no_profile (name, error);
  return profiles && profiles->len > 0 ? g_ptr_array_steal_index (profiles, 0) : NULL;
}

GPtrArray *
mw_store_list_register_profiles (MwStore *store, const char *family, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);

  return load_profiles (store, family, NULL, error);
}

gboolean
mw_store_delete_register_profile (MwStore *store, const char *family, const char *name,
                                  GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  gboolean ok;

  if (!mw_db_begin (store, error))
    return FALSE;
  ok = delete_profile (store, family, name, error);
  if (ok && sqlite3_changes (store->db) == 0) {
    set_no_profile (name, error);
    ok = FALSE;
  }
  return mw_db_end (store, ok, error);
}

/* ---- recent connections ---- */

void
mw_recent_link_free (MwRecentLink *link)
{
  if (!link)
    return;
  g_free (link->uri);
  g_free (link->serial);
  g_free (link->type);
  g_free (link);
}

gboolean
mw_store_note_link (MwStore *store, const char *uri, gint64 meter_id, gint64 at, GError **error)
{
  static const char sql[] =
      "INSERT INTO recent_link (uri, at, meter_id) VALUES (?1, ?2, nullif (?3, 0)) "
      "ON CONFLICT (uri) DO UPDATE SET at = ?2, meter_id = coalesce (nullif (?3, 0), meter_id)";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "tii", uri, at, meter_id);
  return run_alone (store, stmt, error);
}

GPtrArray *
mw_store_list_recent_links (MwStore *store, guint limit, GError **error)
{
  static const char sql[] =
      "SELECT uri, at, coalesce (meter_id, 0), serial, type FROM recent_link "
      "LEFT JOIN meter ON meter.id = meter_id ORDER BY at DESC, uri LIMIT ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) links =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_recent_link_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", (gint64) limit);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwRecentLink *link = g_new0 (MwRecentLink, 1);
    link->uri = mw_db_dup_text (stmt, 0);
    link->at = sqlite3_column_int64 (stmt, 1);
    link->meter_id = sqlite3_column_int64 (stmt, 2);
    link->serial = mw_db_dup_text (stmt, 3);
    link->type = mw_db_dup_text (stmt, 4);
    g_ptr_array_add (links, link);
  }
  return step == 0 ? g_steal_pointer (&links) : NULL;
}

gboolean
mw_store_forget_link (MwStore *store, const char *uri, GError **error)
{
  static const char sql[] = "DELETE FROM recent_link WHERE uri = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "t", uri);
  return run_alone (store, stmt, error);
}

/* ---- object lists ---- */

gboolean
mw_store_save_object_list (MwStore *store, gint64 meter_id, const char *firmware,
                           const char *view, GBytes *data, GError **error)
{
  static const char sql[] =
      "INSERT INTO object_list (meter_id, firmware, view, at, data) VALUES (?1, ?2, ?3, ?4, "
      "?5) ON CONFLICT DO UPDATE SET at = ?4, data = ?5";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "ittib", meter_id, firmware ? firmware : "", view ? view : "",
              g_get_real_time () / G_USEC_PER_SEC, data);
  return run_alone (store, stmt, error);
}

GBytes *
mw_store_load_object_list (MwStore *store, gint64 meter_id, const char *firmware,
                           const char *view, GError **error)
{
  static const char sql[] = "SELECT data FROM object_list "
                            "WHERE meter_id = ? AND firmware = ? AND view = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "itt", meter_id, firmware ? firmware : "", view ? view : "");
  step = mw_db_step (store, stmt, error);
  if (step == 0)
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                         "The object list of this meter has not been read yet.");
  return step == 1 ? mw_db_dup_bytes (stmt, 0) : NULL;
}

/* ---- settings ---- */

char *
mw_store_dup_setting (MwStore *store, const char *key, GError **error)
{
  static const char sql[] = "SELECT value FROM setting WHERE key = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "t", key);
  return mw_db_step (store, stmt, error) == 1 ? mw_db_dup_text (stmt, 0) : NULL;
}

gboolean
mw_store_set_setting (MwStore *store, const char *key, const char *value, GError **error)
{
  static const char put[] = "INSERT INTO setting (key, value) VALUES (?1, ?2) "
                            "ON CONFLICT DO UPDATE SET value = ?2";
  static const char drop[] = "DELETE FROM setting WHERE key = ?1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, value ? put : drop, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, value ? "tt" : "t", key, value);
  return run_alone (store, stmt, error);
}
