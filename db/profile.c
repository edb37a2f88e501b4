/* profile.c: versions of a logger, and the SQL of the entry tables by width. */
#include "profile.h"

#include <string.h>

const guint mw_profile_widths[MW_N_WIDTHS] = { 4, 8, 16, 32, 64 };

/* clang-format off */
#define V(n) "v" #n
#define V4(a, b, c, d) V (a) ", " V (b) ", " V (c) ", " V (d)
#define C4 V4 (0, 1, 2, 3)
#define C8 C4 ", " V4 (4, 5, 6, 7)
#define C16 C8 ", " V4 (8, 9, 10, 11) ", " V4 (12, 13, 14, 15)
#define C32 C16 ", " V4 (16, 17, 18, 19) ", " V4 (20, 21, 22, 23) ", " V4 (24, 25, 26, 27) \
  ", " V4 (28, 29, 30, 31)
#define C64 C32 ", " V4 (32, 33, 34, 35) ", " V4 (36, 37, 38, 39) ", " V4 (40, 41, 42, 43) \
  ", " V4 (44, 45, 46, 47) ", " V4 (48, 49, 50, 51) ", " V4 (52, 53, 54, 55) \
  ", " V4 (56, 57, 58, 59) ", " V4 (60, 61, 62, 63)
#define Q4 "?, ?, ?, ?"
#define Q8 Q4 ", " Q4
#define Q16 Q8 ", " Q8
#define Q32 Q16 ", " Q16
#define Q64 Q32 ", " Q32

#define EACH_WIDTH(ROW) ROW (4), ROW (8), ROW (16), ROW (32), ROW (64)

#define INSERT_SQL(w) \
  "INSERT INTO entry" #w " (profile_id, time, sequence, deviation, status, " C##w ") " \
  "VALUES (?, ?, ?, ?, ?, " Q##w ") ON CONFLICT DO NOTHING"
#define SELECT_SQL(w) \
  "SELECT time, sequence, deviation, status, " C##w " FROM entry" #w " WHERE profile_id = ? "
#define AT_TIME_SQL(w) SELECT_SQL (w) "AND time = ? ORDER BY sequence"
#define WINDOW_SQL(w) SELECT_SQL (w) "AND time BETWEEN ? AND ? ORDER BY time, sequence"
#define NEWEST_SQL(w) SELECT_SQL (w) "ORDER BY time DESC, sequence DESC LIMIT 1"
#define COUNT_SQL(w) \
  "SELECT count (*) FROM entry" #w " WHERE profile_id = ? AND time BETWEEN ? AND ?"
#define STATE_SQL(w) \
  "SELECT count (*), min (time), max (time) FROM entry" #w " WHERE profile_id = ?"
#define TIMES_SQL(w) "SELECT time FROM entry" #w " WHERE profile_id = ? ORDER BY time"

const char *const mw_profile_insert_sql[MW_N_WIDTHS] = { EACH_WIDTH (INSERT_SQL) };
const char *const mw_profile_at_time_sql[MW_N_WIDTHS] = { EACH_WIDTH (AT_TIME_SQL) };
const char *const mw_profile_window_sql[MW_N_WIDTHS] = { EACH_WIDTH (WINDOW_SQL) };
const char *const mw_profile_count_sql[MW_N_WIDTHS] = { EACH_WIDTH (COUNT_SQL) };
const char *const mw_profile_state_sql[MW_N_WIDTHS] = { EACH_WIDTH (STATE_SQL) };
const char *const mw_profile_newest_sql[MW_N_WIDTHS] = { EACH_WIDTH (NEWEST_SQL) };
const char *const mw_profile_times_sql[MW_N_WIDTHS] = { EACH_WIDTH (TIMES_SQL) };
/* clang-format on */

void
mw_profile_free (MwProfile *profile)
{
  if (!profile)
    return;
  for (guint c = 0; c < profile->n_columns; c++) {
    g_free (profile->columns[c].obis);
    g_free (profile->columns[c].name);
  }
  g_free (profile->obis);
  g_free (profile);
}

gboolean
mw_column_equal (const MwColumn *a, const MwColumn *b)
{
  return a->kind == b->kind && g_strcmp0 (a->obis, b->obis) == 0 && a->class_id == b->class_id
         && a->attribute == b->attribute && a->exponent == b->exponent && a->unit == b->unit;
}

gboolean
mw_series_has_texts (const MwSeries *series)
{
  for (guint c = 0; c < series->n_columns; c++)
    if (series->columns[c].kind == MW_COLUMN_TEXT)
      return series->texts != NULL;
  return FALSE;
}

static guint
width_index_of (guint n_columns)
{
  guint i = 0;

  while (mw_profile_widths[i] < n_columns)
    i++;
  return i;
}

/* ---- loading ---- */

static gboolean
load_columns (MwStore *store, MwProfile *profile, GError **error)
{
  static const char sql[] =
      "SELECT kind, obis, class_id, attribute, name, exponent, unit FROM profile_column "
      "WHERE profile_id = ? ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", profile->id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1
         && profile->n_columns < MW_STORE_MAX_COLUMNS)
    profile->columns[profile->n_columns++] = (MwColumn){
      .kind = (MwColumnKind) sqlite3_column_int (stmt, 0),
      .obis = mw_db_dup_text (stmt, 1),
      .class_id = (guint16) sqlite3_column_int (stmt, 2),
      .attribute = (gint8) sqlite3_column_int (stmt, 3),
      .name = mw_db_dup_text (stmt, 4),
      .exponent = (gint8) sqlite3_column_int (stmt, 5),
      .unit = (guint8) sqlite3_column_int (stmt, 6),
    };
  return step >= 0;
}

GPtrArray *
mw_profile_list (MwStore *store, gint64 meter_id, const char *logger, GError **error)
{
  static const char sql[] = "SELECT id, version, obis, period_s, width FROM profile "
                            "WHERE meter_id = ? AND logger = ? ORDER BY version";
  g_autoptr (GPtrArray) profiles =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_profile_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "it", meter_id, logger);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwProfile *profile = g_new0 (MwProfile, 1);
    g_ptr_array_add (profiles, profile);
    profile->id = sqlite3_column_int64 (stmt, 0);
    profile->version = (guint) sqlite3_column_int (stmt, 1);
    profile->obis = mw_db_dup_text (stmt, 2);
    profile->period_s = (guint32) sqlite3_column_int64 (stmt, 3);
    profile->width_index = width_index_of ((guint) sqlite3_column_int (stmt, 4));
    if (!load_columns (store, profile, error))
      return NULL;
  }
  return step == 0 ? g_steal_pointer (&profiles) : NULL;
}

/* ---- keeping ---- */

static gboolean
is_version_of (const MwProfile *profile, const MwSeries *series)
{
  if (profile->n_columns != series->n_columns || profile->period_s != series->period_s
      || g_strcmp0 (profile->obis, series->obis) != 0)
    return FALSE;
  for (guint c = 0; c < profile->n_columns; c++)
    if (!mw_column_equal (&profile->columns[c], &series->columns[c]))
      return FALSE;
  return TRUE;
}

static gboolean
insert_columns (MwStore *store, gint64 profile_id, const MwSeries *series, GError **error)
{
  static const char sql[] = "INSERT INTO profile_column (profile_id, position, kind, obis, "
                            "class_id, attribute, name, exponent, unit) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);
  gboolean ok = stmt != NULL;

  for (guint i = 0; ok && i < series->n_columns; i++) {
    const MwColumn *c = &series->columns[i];
    mw_db_bind (stmt, "iddtddtdd", profile_id, (int) i, (int) c->kind, c->obis ? c->obis : "",
                (int) c->class_id, (int) c->attribute, c->name, (int) c->exponent,
                (int) c->unit);
    ok = mw_db_run (store, stmt, error);
  }
  return ok;
}

static gboolean
insert_version (MwStore *store, gint64 meter_id, const MwSeries *series, guint version,
                GError **error)
{
  static const char sql[] = "INSERT INTO profile (meter_id, logger, version, obis, period_s, "
                            "width) VALUES (?, ?, ?, ?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "itdtid", meter_id, series->logger, (int) version, series->obis,
              (gint64) series->period_s,
              (int) mw_profile_widths[width_index_of (series->n_columns)]);
  return mw_db_run (store, stmt, error)
         && insert_columns (store, sqlite3_last_insert_rowid (store->db), series, error);
}

MwProfile *
mw_profile_keep (MwStore *store, gint64 meter_id, const MwSeries *series, GError **error)
{
  g_autoptr (GPtrArray) profiles = mw_profile_list (store, meter_id, series->logger, error);

  if (!profiles)
    return NULL;
  /* A meter whose capture objects were changed back goes on with the old version. */
  for (guint i = 0; i < profiles->len; i++)
    if (is_version_of (g_ptr_array_index (profiles, i), series))
      return g_ptr_array_steal_index (profiles, i);
  if (!insert_version (store, meter_id, series, profiles->len + 1, error))
    return NULL;
  g_ptr_array_unref (profiles);
  profiles = mw_profile_list (store, meter_id, series->logger, error);
  return profiles ? g_ptr_array_steal_index (profiles, profiles->len - 1) : NULL;
}
