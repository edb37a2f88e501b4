/* readouts.c: register read-outs: a read-out, its readings and their raw answers are one
 * transaction. */
#include "database.h"

#include <string.h>

#define CIVIL_OCTETS 12

/* A civil time with all that may be unspecified in it, big endian as in a COSEM date-time. */
static GBytes *
civil_to_bytes (const mw_civil *c)
{
  const guint16 deviation = (guint16) c->deviation;
  const guint8 octets[CIVIL_OCTETS] = {
    (guint8) (c->year >> 8),
    (guint8) c->year,
    c->month,
    c->day,
    c->weekday,
    c->hour,
    c->minute,
    c->second,
    c->hundredths,
    (guint8) (deviation >> 8),
    (guint8) deviation,
    c->status,
  };

  return g_bytes_new (octets, sizeof octets);
}

static gboolean
civil_of_column (sqlite3_stmt *stmt, int column, mw_civil *c)
{
  const guint8 *o = sqlite3_column_blob (stmt, column);

  if (!o || sqlite3_column_bytes (stmt, column) != CIVIL_OCTETS)
    return FALSE;
  *c = (mw_civil){ (uint16_t) (o[0] << 8 | o[1]), o[2], o[3], o[4], o[5], o[6], o[7], o[8],
                   (int16_t) (o[9] << 8 | o[10]), o[11] };
  return TRUE;
}

/* ---- saving ---- */

static gboolean
save_raw (MwStore *store, const MwReadout *readout, gint64 meter_id, gint64 readout_id,
          guint position, GBytes *raw, GError **error)
{
  static const char sql[] =
      "INSERT INTO raw_answer (meter_id, at, readout_id, position, deflated, bytes) "
      "VALUES (?, ?, ?, ?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "iiidib", meter_id, readout->at, readout_id, (int) position, (gint64) 0,
              raw);
  return mw_db_run (store, stmt, error);
}

static gboolean
save_reading (MwStore *store, gint64 readout_id, guint position, const MwReading *reading,
              GError **error)
{
  static const char sql[] =
      "INSERT INTO reading (readout_id, position, kind, obis, class_id, attribute, name, "
      "\"group\", text, civil, captured, status, result, mantissa, exponent, unit) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  g_autoptr (GBytes) civil = NULL;
  g_autoptr (GBytes) captured = NULL;
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  if (reading->kind == MW_READING_TIME)
    civil = civil_to_bytes (&reading->civil);
  if (reading->has_captured)
    captured = civil_to_bytes (&reading->captured);
  mw_db_bind (stmt, "iddtddtttbbid", readout_id, (int) position, (int) reading->kind,
              reading->obis ? reading->obis : "", (int) reading->class_id,
              (int) reading->attribute, reading->name, reading->group, reading->text, civil,
              captured, (gint64) reading->status, reading->result);
  if (reading->kind == MW_READING_DECIMAL) {
    sqlite3_bind_int64 (stmt, 14, reading->value.mantissa);
    sqlite3_bind_int (stmt, 15, reading->value.exponent);
    sqlite3_bind_int (stmt, 16, reading->value.unit);
  }
  return mw_db_run (store, stmt, error);
}

static gint64
save_head (MwStore *store, const MwReadout *readout, gint64 meter_id, GError **error)
{
  static const char sql[] = "INSERT INTO readout (meter_id, at, link, profile, meter_clock) "
                            "VALUES (?, ?, ?, ?, nullif (?, -9223372036854775807 - 1))";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return 0;
  mw_db_bind (stmt, "iitti", meter_id, readout->at, readout->link, readout->profile,
              readout->meter_clock);
  return mw_db_run (store, stmt, error) ? sqlite3_last_insert_rowid (store->db) : 0;
}

gint64
mw_store_save_readout (MwStore *store, const MwReadout *readout, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  gint64 meter_id, id = 0;
  gboolean ok;

  if (!mw_db_begin (store, error))
    return 0;
  meter_id = readout->meter && readout->meter->id
                 ? readout->meter->id
                 : mw_db_keep_meter (store, readout->meter, error);
  ok = meter_id != 0 && (id = save_head (store, readout, meter_id, error)) != 0;
  for (guint i = 0; ok && i < readout->readings->len; i++) {
    const MwReading *reading = g_ptr_array_index (readout->readings, i);
    ok = save_reading (store, id, i, reading, error)
         && (!reading->raw || save_raw (store, readout, meter_id, id, i, reading->raw, error));
  }
  return mw_db_end (store, ok, error) ? id : 0;
}

/* ---- listing ---- */

void
mw_readout_info_free (MwReadoutInfo *info)
{
  if (!info)
    return;
  g_free (info->link);
  g_free (info->profile);
  g_free (info);
}

GPtrArray *
mw_store_list_readouts (MwStore *store, gint64 meter_id, GError **error)
{
  static const char sql[] = "SELECT id, at, link, profile, meter_clock, "
                            "(SELECT count (*) FROM reading WHERE readout_id = id) "
                            "FROM readout WHERE meter_id = ? ORDER BY at DESC, id DESC";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) infos =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_readout_info_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", meter_id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwReadoutInfo *info = g_new0 (MwReadoutInfo, 1);
    info->id = sqlite3_column_int64 (stmt, 0);
    info->at = sqlite3_column_int64 (stmt, 1);
    info->link = mw_db_dup_text (stmt, 2);
    info->profile = mw_db_dup_text (stmt, 3);
    info->meter_clock = sqlite3_column_type (stmt, 4) == SQLITE_NULL
                            ? G_MININT64
                            : sqlite3_column_int64 (stmt, 4);
    info->n_readings = (guint) sqlite3_column_int (stmt, 5);
    g_ptr_array_add (infos, info);
  }
  return step == 0 ? g_steal_pointer (&infos) : NULL;
}

/* ---- loading ---- */

static MwReading *
reading_of_row (sqlite3_stmt *stmt)
{
  MwReading *reading = mw_reading_new ();

  reading->kind = (MwReadingKind) sqlite3_column_int (stmt, 0);
  reading->obis = mw_db_dup_text (stmt, 1);
  reading->class_id = (guint16) sqlite3_column_int (stmt, 2);
  reading->attribute = (gint8) sqlite3_column_int (stmt, 3);
  reading->name = mw_db_dup_text (stmt, 4);
  reading->group = mw_db_dup_text (stmt, 5);
  if (reading->kind == MW_READING_DECIMAL)
    reading->value =
        mw_decimal_of (sqlite3_column_int64 (stmt, 6), sqlite3_column_int (stmt, 7),
                       (unsigned) sqlite3_column_int (stmt, 8));
  reading->text = mw_db_dup_text (stmt, 9);
  civil_of_column (stmt, 10, &reading->civil);
  reading->has_captured = civil_of_column (stmt, 11, &reading->captured);
  reading->status = (guint32) sqlite3_column_int64 (stmt, 12);
  reading->result = sqlite3_column_int (stmt, 13);
  reading->raw = mw_db_dup_bytes (stmt, 14);
  return reading;
}

static gboolean
load_readings (MwStore *store, MwReadout *readout, GError **error)
{
  static const char sql[] =
      "SELECT kind, obis, class_id, attribute, name, \"group\", mantissa, exponent, unit, "
      "text, civil, captured, status, result, bytes FROM reading r "
      "LEFT JOIN raw_answer a ON a.readout_id = r.readout_id AND a.position = r.position "
      "WHERE r.readout_id = ? ORDER BY r.position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", readout->id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    g_ptr_array_add (readout->readings, reading_of_row (stmt));
  return step == 0;
}

MwReadout *
mw_store_load_readout (MwStore *store, gint64 readout_id, GError **error)
{
  static const char sql[] =
      "SELECT meter_id, at, link, profile, meter_clock FROM readout WHERE id = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (MwReadout) readout = mw_readout_new ();
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "i", readout_id);
  step = mw_db_step (store, stmt, error);
  if (step == 0)
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                         "The database holds no such read-out.");
  if (step != 1)
    return NULL;
  readout->id = readout_id;
  readout->at = sqlite3_column_int64 (stmt, 1);
  readout->link = mw_db_dup_text (stmt, 2);
  readout->profile = mw_db_dup_text (stmt, 3);
  if (sqlite3_column_type (stmt, 4) != SQLITE_NULL)
    readout->meter_clock = sqlite3_column_int64 (stmt, 4);
  readout->meter = mw_store_get_meter (store, sqlite3_column_int64 (stmt, 0), error);
  if (!readout->meter || !load_readings (store, readout, error))
    return NULL;
  return g_steal_pointer (&readout);
}

MwReadout *
mw_store_load_newest_readout (MwStore *store, gint64 meter_id, const char *profile,
                              GError **error)
{
  static const char sql[] =
      "SELECT id FROM readout WHERE meter_id = ?1 AND (?2 IS NULL OR profile = ?2) "
      "ORDER BY at DESC, id DESC LIMIT 1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "it", meter_id, profile);
  step = mw_db_step (store, stmt, error);
  if (step == 0)
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                         "The database holds no read-out of this meter yet. Connect to it and "
                         "read it once.");
  return step == 1 ? mw_store_load_readout (store, sqlite3_column_int64 (stmt, 0), error)
                   : NULL;
}

gboolean
mw_store_delete_readout (MwStore *store, gint64 readout_id, GError **error)
{
  static const char sql[] = "DELETE FROM readout WHERE id = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);
  gboolean ok;

  if (!stmt || !mw_db_begin (store, error))
    return FALSE;
  mw_db_bind (stmt, "i", readout_id);
  ok = mw_db_run (store, stmt, error);
  if (ok && sqlite3_changes (store->db) == 0) {
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                         "The database holds no such read-out.");
    ok = FALSE;
  }
  return mw_db_end (store, ok, error);
}
