/* series.c: keeping the rows of a logger: what is there already stays, what is new is added.
 *
 * A row is the same as a stored one when time, status, values and texts agree; the deviation is
 * how the meter writes the time, not what it says.  Rows of one time in one answer are matched
 * one to one: an answer with two equal events of one second makes two rows, and reading it
 * again makes none.
 */
#include "profile.h"

#include <string.h>

/* ---- one row ---- */

static int
insert_row (MwStore *store, sqlite3_stmt *stmt, const MwProfile *profile,
            const MwSeries *series, guint row, guint32 sequence, GError **error)
{
  const gint64 *values = series->values + (gsize) row * series->n_columns;

  sqlite3_bind_int64 (stmt, 1, profile->id);
  sqlite3_bind_int64 (stmt, 2, series->time[row]);
  sqlite3_bind_int64 (stmt, 3, sequence);
  if (series->deviation[row] == MW_DEVIATION_ANY)
    sqlite3_bind_null (stmt, 4);
  else
    sqlite3_bind_int (stmt, 4, series->deviation[row]);
  sqlite3_bind_int64 (stmt, 5, series->status[row]);
  /* The columns beyond n_columns were never bound and stay null. */
  for (guint c = 0; c < series->n_columns; c++)
    if (values[c] == MW_NULL_VALUE || series->columns[c].kind == MW_COLUMN_TEXT)
      sqlite3_bind_null (stmt, 6 + (int) c);
    else
      sqlite3_bind_int64 (stmt, 6 + (int) c, values[c]);
  if (mw_db_step (store, stmt, error) != 0)
    return -1;
  sqlite3_reset (stmt);
  return sqlite3_changes (store->db);
}

static gboolean
insert_texts (MwStore *store, const MwProfile *profile, const MwSeries *series, guint row,
              guint32 sequence, GError **error)
{
  static const char sql[] =
      "INSERT INTO entry_text (profile_id, time, sequence, position, text) "
      "VALUES (?, ?, ?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);
  gboolean ok = stmt != NULL;

  for (guint c = 0; ok && c < series->n_columns; c++) {
    const char *text = series->texts[(gsize) row * series->n_columns + c];
    if (!text || series->columns[c].kind != MW_COLUMN_TEXT)
      continue;
    mw_db_bind (stmt, "iiidt", profile->id, series->time[row], (gint64) sequence, (int) c,
                text);
    ok = mw_db_run (store, stmt, error);
  }
  return ok;
}

/* ---- rows of one time ---- */

typedef struct {
  guint32 sequence;
  guint32 status;
  gint64 values[MW_STORE_MAX_COLUMNS];
  char *texts[MW_STORE_MAX_COLUMNS];
  gboolean matched; /* by a row of this answer */
} Stored;

static void
stored_clear (gpointer data)
{
  Stored *stored = data;

  for (guint c = 0; c < MW_STORE_MAX_COLUMNS; c++)
    g_free (stored->texts[c]);
}

static gboolean
load_texts_at (MwStore *store, const MwProfile *profile, gint64 time, GArray *rows,
               GError **error)
{
  static const char sql[] = "SELECT sequence, position, text FROM entry_text "
                            "WHERE profile_id = ? AND time = ?";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "ii", profile->id, time);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    for (guint i = 0; i < rows->len; i++) {
      Stored *stored = &g_array_index (rows, Stored, i);
      int position = sqlite3_column_int (stmt, 1);
      if (stored->sequence == (guint32) sqlite3_column_int64 (stmt, 0) && position >= 0
          && position < MW_STORE_MAX_COLUMNS && !stored->texts[position])
        stored->texts[position] = mw_db_dup_text (stmt, 2);
    }
  return step == 0;
}

static GArray *
load_rows_at (MwStore *store, const MwProfile *profile, gint64 time, gboolean with_texts,
              GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (Stored));
  MW_STMT *stmt = mw_db_prepare (store, mw_profile_at_time_sql[profile->width_index], error);
  int step = -1;

  g_array_set_clear_func (rows, stored_clear);
  if (stmt)
    mw_db_bind (stmt, "ii", profile->id, time);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    Stored stored = { 0 };
    stored.sequence = (guint32) sqlite3_column_int64 (stmt, 1);
    stored.status = (guint32) sqlite3_column_int64 (stmt, 3);
    for (guint c = 0; c < profile->n_columns; c++) {
      int column = MW_ENTRY_FIRST_VALUE + (int) c;
      stored.values[c] = sqlite3_column_type (stmt, column) == SQLITE_NULL
                             ? MW_NULL_VALUE
                             : sqlite3_column_int64 (stmt, column);
    }
    g_array_append_val (rows, stored);
  }
  if (step != 0 || (with_texts && !load_texts_at (store, profile, time, rows, error)))
    return NULL;
  return g_steal_pointer (&rows);
}

static gboolean
is_same_row (const Stored *stored, const MwSeries *series, guint row)
{
  gsize first = (gsize) row * series->n_columns;

  if (stored->status != series->status[row])
    return FALSE;
  for (guint c = 0; c < series->n_columns; c++) {
    if (series->columns[c].kind != MW_COLUMN_TEXT) {
      if (stored->values[c] != series->values[first + c])
        return FALSE;
    } else if (series->texts && g_strcmp0 (stored->texts[c], series->texts[first + c]) != 0) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Keep the N rows of ORDER, all of one time, against what is stored of that time. */
static gboolean
keep_group (MwStore *store, sqlite3_stmt *insert, const MwProfile *profile,
            const MwSeries *series, const guint *order, guint n, guint *n_new, GError **error)
{
  gboolean with_texts = mw_series_has_texts (series);
  g_autoptr (GArray) rows =
      load_rows_at (store, profile, series->time[order[0]], with_texts, error);
  guint32 next = 0;

  if (!rows)
    return FALSE;
  if (rows->len > 0)
    next = g_array_index (rows, Stored, rows->len - 1).sequence + 1;
  for (guint i = 0; i < n; i++) {
    gboolean found = FALSE;
    for (guint k = 0; k < rows->len && !found; k++) {
      Stored *stored = &g_array_index (rows, Stored, k);
      if (!stored->matched && is_same_row (stored, series, order[i]))
        found = stored->matched = TRUE;
    }
    if (found)
      continue;
    if (insert_row (store, insert, profile, series, order[i], next, error) != 1
        || (with_texts && !insert_texts (store, profile, series, order[i], next, error)))
      return FALSE;
    next++;
    (*n_new)++;
  }
  return TRUE;
}

/* ---- all rows ---- */

static int
compare_times (gconstpointer a, gconstpointer b, gpointer data)
{
  const MwSeries *series = data;
  guint i = *(const guint *) a, k = *(const guint *) b;

  if (series->time[i] != series->time[k])
    return series->time[i] < series->time[k] ? -1 : 1;
  return i < k ? -1 : i > k; /* the meter's order within one time */
}

/* The rows by time; the meter's order within one time.  Most meters give them so already. */
static guint *
order_rows (const MwSeries *series)
{
  guint *order = g_new (guint, MAX (series->n_rows, 1));
  gboolean sorted = TRUE;

  for (guint r = 0; r < series->n_rows; r++) {
    order[r] = r;
    sorted = sorted && (r == 0 || series->time[r - 1] <= series->time[r]);
  }
  if (!sorted)
    g_qsort_with_data (order, (int) series->n_rows, sizeof *order, compare_times,
                       (gpointer) series);
  return order;
}

static gboolean
keep_rows (MwStore *store, const MwProfile *profile, const MwSeries *series, guint *n_new,
           GError **error)
{
  g_autofree guint *order = order_rows (series);
  gboolean with_texts = mw_series_has_texts (series);
  MW_STMT *insert = mw_db_prepare (store, mw_profile_insert_sql[profile->width_index], error);

  if (!insert)
    return FALSE;
  for (guint i = 0, n; i < series->n_rows; i += n) {
    for (n = 1; i + n < series->n_rows && series->time[order[i + n]] == series->time[order[i]];)
      n++;
    if (n == 1 && !with_texts) {
      /* The common case: one row, and nothing stored under its key. */
      int changed = insert_row (store, insert, profile, series, order[i], 0, error);
      if (changed < 0)
        return FALSE;
      *n_new += (guint) changed;
      if (changed == 1)
        continue;
    }
    if (!keep_group (store, insert, profile, series, order + i, n, n_new, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
keep_raw (MwStore *store, gint64 meter_id, const MwProfile *profile, const MwSeries *series,
          GBytes *raw, GError **error)
{
  static const char sql[] =
      "INSERT INTO raw_answer (meter_id, at, profile_id, first_time, last_time, deflated, "
      "bytes) VALUES (?, ?, ?, ?, ?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (store, sql, error);
  gint64 first = G_MAXINT64, last = G_MININT64;
  g_autoptr (GBytes) packed = NULL;
  gboolean deflated;

  if (!stmt)
    return FALSE;
  for (guint r = 0; r < series->n_rows; r++) {
    first = MIN (first, series->time[r]);
    last = MAX (last, series->time[r]);
  }
  packed = mw_db_deflate (raw, &deflated);
  mw_db_bind (stmt, "iiiiidb", meter_id, g_get_real_time () / G_USEC_PER_SEC, profile->id,
              series->n_rows ? first : (gint64) 0, series->n_rows ? last : (gint64) 0, deflated,
              packed);
  return mw_db_run (store, stmt, error);
}

static gboolean
check (const MwSeries *series, GError **error)
{
  if (series->n_columns > MW_STORE_MAX_COLUMNS) {
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID,
                 "The logger has %u columns; the database keeps at most %d. Read it with fewer "
                 "columns.",
                 series->n_columns, MW_STORE_MAX_COLUMNS);
    return FALSE;
  }
  if (!series->logger || !*series->logger) {
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID,
                         "The rows name no logger, so they cannot be stored.");
    return FALSE;
  }
  return TRUE;
}

gboolean
mw_store_save_series (MwStore *store, const MwSeries *series, GBytes *raw, guint *n_new,
                      GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (MwProfile) profile = NULL;
  guint count = 0;
  gint64 meter_id;
  gboolean ok;

  if (!check (series, error) || !mw_db_begin (store, error))
    return FALSE;
  meter_id = series->meter && series->meter->id
                 ? series->meter->id
                 : mw_db_keep_meter (store, series->meter, error);
  if (meter_id)
    profile = mw_profile_keep (store, meter_id, series, error);
  ok = profile && keep_rows (store, profile, series, &count, error)
       && (!raw || keep_raw (store, meter_id, profile, series, raw, error));
  ok = mw_db_end (store, ok, error);
  if (n_new)
    *n_new = ok ? count : 0;
  return ok;
}
