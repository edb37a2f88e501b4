/* meters.c: meters: one row per serial number and family. */
#include "database.h"

#include <string.h>

#define METER_COLUMNS                                                                          \
  "id, serial, family, manufacturer, type, logical_name, firmware, reference, first_seen, "    \
  "last_seen, last_link, label, model, generation "

/* The present row of a statement that selects METER_COLUMNS. */
static MwMeterInfo *
meter_of_row (sqlite3_stmt *stmt)
{
  MwMeterInfo *info = mw_meter_info_new ();

  info->id = sqlite3_column_int64 (stmt, 0);
  info->serial = mw_db_dup_text (stmt, 1);
  info->family = mw_db_dup_text (stmt, 2);
  info->manufacturer = mw_db_dup_text (stmt, 3);
  info->type = mw_db_dup_text (stmt, 4);
  info->logical_name = mw_db_dup_text (stmt, 5);
  info->firmware = mw_db_dup_text (stmt, 6);
  info->reference = sqlite3_column_int (stmt, 7);
  info->first_seen = sqlite3_column_int64 (stmt, 8);
  info->last_seen = sqlite3_column_int64 (stmt, 9);
  info->last_link = mw_db_dup_text (stmt, 10);
  info->label = mw_db_dup_text (stmt, 11);
  info->model = mw_db_dup_text (stmt, 12);
  info->generation = mw_db_dup_text (stmt, 13);
  return info;
}

/* The first row of STMT or NULL and NOT_FOUND. */
static MwMeterInfo *
take_one (MwStore *store, sqlite3_stmt *stmt, const char *what, GError **error)
{
  int step = mw_db_step (store, stmt, error);

  if (step == 1)
    return meter_of_row (stmt);
  if (step == 0)
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                 "The database holds no meter %s. “mw meters” lists those that it holds.",
                 what);
  return NULL;
}

gint64
mw_db_keep_meter (MwStore *store, const MwMeterInfo *meter, GError **error)
{
  /* A field that is not known now leaves what was known; the label is the user's. */
  static const char sql[] =
      "INSERT INTO meter (serial, family, manufacturer, type, logical_name, firmware, "
      "reference, first_seen, last_seen, last_link, label, model, generation) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
      "ON CONFLICT (serial, family) DO UPDATE SET "
      "manufacturer = coalesce (?3, manufacturer), type = coalesce (?4, type), "
      "logical_name = coalesce (?5, logical_name), firmware = coalesce (?6, firmware), "
      "reference = ?7, last_seen = max (last_seen, ?9), "
      "last_link = coalesce (?10, last_link), label = coalesce (label, ?11), "
      "model = coalesce (?12, model), generation = coalesce (?13, generation) "
      "RETURNING id";
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  MW_STMT *stmt = NULL;
  gint64 id;

  if (!meter || !meter->serial || !*meter->serial) {
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID,
                         "The meter has not told its serial number, so nothing can be stored "
                         "for it.");
    return 0;
  }
  stmt = mw_db_prepare (store, sql, error);
  if (!stmt)
    return 0;
  mw_db_bind (stmt, "ttttttdiitttt", meter->serial, meter->family ? meter->family : "dlms",
              meter->manufacturer, meter->type, meter->logical_name, meter->firmware,
              meter->reference != FALSE, meter->first_seen ? meter->first_seen : now,
              meter->last_seen ? meter->last_seen : now, meter->last_link, meter->label,
              meter->model, meter->generation);
  if (mw_db_step (store, stmt, error) != 1)
    return 0;
  id = sqlite3_column_int64 (stmt, 0);
  return mw_db_run (store, stmt, error) ? id : 0;
}

MwMeterInfo *
mw_store_save_meter (MwStore *store, const MwMeterInfo *info, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (MwMeterInfo) kept = NULL;
  gint64 id;

  if (!mw_db_begin (store, error))
    return NULL;
  id = mw_db_keep_meter (store, info, error);
  if (id)
    kept = mw_store_get_meter (store, id, error);
  return mw_db_end (store, kept != NULL, error) ? g_steal_pointer (&kept) : NULL;
}

GPtrArray *
mw_store_list_meters (MwStore *store, GError **error)
{
  static const char sql[] =
      "SELECT " METER_COLUMNS "FROM meter ORDER BY last_seen DESC, serial, family";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) meters =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_meter_info_unref);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    g_ptr_array_add (meters, meter_of_row (stmt));
  return step == 0 ? g_steal_pointer (&meters) : NULL;
}

MwMeterInfo *
mw_store_get_meter (MwStore *store, gint64 meter_id, GError **error)
{
  static const char sql[] = "SELECT " METER_COLUMNS "FROM meter WHERE id = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autofree char *what = g_strdup_printf ("number %" G_GINT64_FORMAT, meter_id);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "i", meter_id);
  return take_one (store, stmt, what, error);
}

MwMeterInfo *
mw_store_find_meter (MwStore *store, const char *serial, const char *family, GError **error)
{
  static const char sql[] =
      "SELECT " METER_COLUMNS "FROM meter WHERE serial = ?1 AND (?2 IS NULL OR family = ?2) "
      "ORDER BY last_seen DESC LIMIT 1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "tt", serial, family);
  return take_one (store, stmt, serial, error);
}

/* Run STMT, which concerns the one meter METER_ID, in a transaction. */
static gboolean
change_one (MwStore *store, sqlite3_stmt *stmt, gint64 meter_id, GError **error)
{
  gboolean ok;

  if (!mw_db_begin (store, error)) {
    mw_db_reset (&stmt);
    return FALSE;
  }
  ok = mw_db_run (store, stmt, error);
  if (ok && sqlite3_changes (store->db) == 0) {
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                 "The database holds no meter number %" G_GINT64_FORMAT ".", meter_id);
    ok = FALSE;
  }
  return mw_db_end (store, ok, error);
}

gboolean
mw_store_set_meter_label (MwStore *store, gint64 meter_id, const char *label, GError **error)
{
  static const char sql[] = "UPDATE meter SET label = nullif (?2, '') WHERE id = ?1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "it", meter_id, label);
  return change_one (store, stmt, meter_id, error);
}

gboolean
mw_store_forget_meter (MwStore *store, gint64 meter_id, GError **error)
{
  static const char sql[] = "DELETE FROM meter WHERE id = ?1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "i", meter_id);
  return change_one (store, stmt, meter_id, error);
}
