/* series-load.c: the rows of a logger, by version or merged into one set of columns. */
#include "profile.h"

#include <string.h>

/* ---- filling a series from a version ---- */

/* How a version's columns lie in the series that is filled. */
typedef struct {
  guint to[MW_STORE_MAX_COLUMNS];
  gint64 factor[MW_STORE_MAX_COLUMNS]; /* the series' finer exponent */
} Placing;

static gint64
scaled (gint64 value, gint64 factor)
{
  gint64 product;

  return value == MW_NULL_VALUE || __builtin_mul_overflow (value, factor, &product)
             ? MW_NULL_VALUE
             : product;
}

static void
fill_row (MwSeries *series, guint row, sqlite3_stmt *stmt, guint n_columns,
          const Placing *placing)
{
  gint64 *values = series->values + (gsize) row * series->n_columns;

  series->time[row] = sqlite3_column_int64 (stmt, 0);
  series->sequence[row] = (guint32) sqlite3_column_int64 (stmt, 1);
  if (sqlite3_column_type (stmt, 2) != SQLITE_NULL)
    series->deviation[row] = (gint16) sqlite3_column_int (stmt, 2);
  series->status[row] = (guint32) sqlite3_column_int64 (stmt, 3);
  for (guint c = 0; c < n_columns; c++) {
    int column = MW_ENTRY_FIRST_VALUE + (int) c;
    if (sqlite3_column_type (stmt, column) != SQLITE_NULL)
      values[placing->to[c]] = scaled (sqlite3_column_int64 (stmt, column), placing->factor[c]);
  }
}

/* Put the texts of PROFILE into rows FIRST … FIRST + N of SERIES, which are in key order. */
static gboolean
fill_texts (MwStore *store, const MwProfile *profile, gint64 from, gint64 to, MwSeries *series,
            guint first, guint n, const Placing *placing, GError **error)
{
  static const char sql[] =
      "SELECT time, sequence, position, text FROM entry_text WHERE profile_id = ? "
      "AND time BETWEEN ? AND ? ORDER BY time, sequence, position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  guint row = first;
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "iii", profile->id, from, to);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    gint64 time = sqlite3_column_int64 (stmt, 0);
    guint32 sequence = (guint32) sqlite3_column_int64 (stmt, 1);
    guint position = (guint) sqlite3_column_int (stmt, 2);
    gsize cell;
    while (row < first + n
           && (series->time[row] < time
               || (series->time[row] == time && series->sequence[row] < sequence)))
      row++;
    if (row == first + n || series->time[row] != time || position >= profile->n_columns)
      continue;
    cell = (gsize) row * series->n_columns + placing->to[position];
    g_free (series->texts[cell]);
    series->texts[cell] = mw_db_dup_text (stmt, 3);
  }
  return step == 0;
}

static gboolean
fill (MwStore *store, const MwProfile *profile, gint64 from, gint64 to, MwSeries *series,
      guint first, guint n, const Placing *placing, GError **error)
{
  MW_STMT *stmt = mw_db_prepare (store, mw_profile_window_sql[profile->width_index], error);
  guint row = first;
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "iii", profile->id, from, to);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1 && row < first + n)
    fill_row (series, row++, stmt, profile->n_columns, placing);
  if (step < 0)
    return FALSE;
  for (guint c = 0; c < profile->n_columns; c++)
    if (profile->columns[c].kind == MW_COLUMN_TEXT)
      return fill_texts (store, profile, from, to, series, first, n, placing, error);
  return TRUE;
}

static gboolean
count_rows (MwStore *store, const MwProfile *profile, gint64 from, gint64 to, guint *n,
            GError **error)
{
  MW_STMT *stmt = mw_db_prepare (store, mw_profile_count_sql[profile->width_index], error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "iii", profile->id, from, to);
  if (mw_db_step (store, stmt, error) != 1)
    return FALSE;
  *n = (guint) sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

/* ---- merging columns ---- */

/* Where COLUMN lies among the N of COLUMNS; N when it is new. */
static guint
find_column (const MwColumn *columns, guint n, const MwColumn *column)
{
  for (guint i = 0; i < n; i++) {
    MwColumn same = *column;
    same.exponent = columns[i].exponent;
    if (mw_column_equal (&columns[i], &same))
      return i;
  }
  return n;
}

/* The union of the versions' columns, the newest's first; texts are borrowed. */
static GArray *
merge_columns (GPtrArray *profiles)
{
  GArray *merged = g_array_new (FALSE, TRUE, sizeof (MwColumn));

  for (guint p = profiles->len; p-- > 0;) {
    const MwProfile *profile = g_ptr_array_index (profiles, p);
    for (guint c = 0; c < profile->n_columns; c++) {
      const MwColumn *column = &profile->columns[c];
      guint at = find_column ((const MwColumn *) (gpointer) merged->data, merged->len, column);
      if (at == merged->len)
        g_array_append_val (merged, *column);
      else if (column->exponent < g_array_index (merged, MwColumn, at).exponent)
        g_array_index (merged, MwColumn, at).exponent = column->exponent;
    }
  }
  return merged;
}

static Placing
place (const MwProfile *profile, const MwSeries *series)
{
  Placing placing = { 0 };

  for (guint c = 0; c < profile->n_columns; c++) {
    guint to = find_column (series->columns, series->n_columns, &profile->columns[c]);
    int shift = profile->columns[c].exponent - series->columns[to].exponent;
    placing.to[c] = to;
    placing.factor[c] = 1;
    for (; shift > 0 && placing.factor[c] < G_GINT64_CONSTANT (1000000000000000000); shift--)
      placing.factor[c] *= 10;
  }
  return placing;
}

static MwSeries *
new_series (MwMeterInfo *meter, const char *logger, GPtrArray *profiles, guint n_rows)
{
  g_autoptr (GArray) columns = merge_columns (profiles);
  MwSeries *series = mw_series_new (columns->len, n_rows);
  const MwProfile *newest =
      profiles->len ? g_ptr_array_index (profiles, profiles->len - 1) : NULL;
  gboolean texts = FALSE;

  series->meter = mw_meter_info_ref (meter);
  series->logger = g_strdup (logger);
  if (newest) {
    series->obis = g_strdup (newest->obis);
    series->period_s = newest->period_s;
  }
  for (guint c = 0; c < columns->len; c++) {
    series->columns[c] = g_array_index (columns, MwColumn, c);
    series->columns[c].obis = g_strdup (series->columns[c].obis);
    series->columns[c].name = g_strdup (series->columns[c].name);
    texts = texts || series->columns[c].kind == MW_COLUMN_TEXT;
  }
  if (texts)
    series->texts = g_new0 (char *, MAX ((gsize) columns->len * n_rows, 1));
  return series;
}

/* ---- order ---- */

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  const MwSeries *s = data;
  guint i = *(const guint *) a, k = *(const guint *) b;

  if (s->time[i] != s->time[k])
    return s->time[i] < s->time[k] ? -1 : 1;
  return i < k ? -1 : i > k;
}

/* SERIES, whose rows stand version by version, as one in order of time; consumed. */
static MwSeries *
in_order (MwSeries *series, MwMeterInfo *meter, GPtrArray *profiles)
{
  g_autofree guint *order = g_new (guint, MAX (series->n_rows, 1));
  gboolean sorted = TRUE;
  MwSeries *out;

  for (guint r = 0; r < series->n_rows; r++) {
    order[r] = r;
    sorted = sorted && (r == 0 || series->time[r - 1] <= series->time[r]);
  }
  if (sorted)
    return series;
  g_qsort_with_data (order, (int) series->n_rows, sizeof *order, compare_keys, series);
  out = new_series (meter, series->logger, profiles, series->n_rows);
  for (guint r = 0; r < out->n_rows; r++) {
    gsize from = (gsize) order[r] * series->n_columns, to = (gsize) r * series->n_columns;
    out->time[r] = series->time[order[r]];
    out->deviation[r] = series->deviation[order[r]];
    out->status[r] = series->status[order[r]];
    out->sequence[r] = series->sequence[order[r]];
    memcpy (out->values + to, series->values + from, sizeof (gint64) * series->n_columns);
    for (guint c = 0; series->texts && c < series->n_columns; c++)
      out->texts[to + c] = g_steal_pointer (&series->texts[from + c]);
  }
  mw_series_unref (series);
  return out;
}

/* ---- loading ---- */

/* The rows of PROFILES in the window as one series; in the lock. */
static MwSeries *
load (MwStore *store, MwMeterInfo *meter, const char *logger, GPtrArray *profiles, gint64 from,
      gint64 to, GError **error)
{
  g_autofree guint *counts = g_new0 (guint, profiles->len + 1);
  g_autoptr (MwSeries) series = NULL;
  guint total = 0, first = 0;

  for (guint p = 0; p < profiles->len; p++) {
    if (!count_rows (store, g_ptr_array_index (profiles, p), from, to, &counts[p], error))
      return NULL;
    total += counts[p];
  }
  series = new_series (meter, logger, profiles, total);
  for (guint p = 0; p < profiles->len; p++) {
    const MwProfile *profile = g_ptr_array_index (profiles, p);
    Placing placing = place (profile, series);
    if (counts[p] > 0
        && !fill (store, profile, from, to, series, first, counts[p], &placing, error))
      return NULL;
    first += counts[p];
  }
  return in_order (g_steal_pointer (&series), meter, profiles);
}

MwSeries *
mw_store_load_series (MwStore *store, gint64 meter_id, const char *logger, gint64 from,
                      gint64 to, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (MwMeterInfo) meter = mw_store_get_meter (store, meter_id, error);
  g_autoptr (GPtrArray) profiles = NULL;
  MwSeries *series = NULL;

  if (!meter || !mw_db_begin_reading (store, error))
    return NULL;
  profiles = mw_profile_list (store, meter_id, logger, error);
  if (profiles)
    series = load (store, meter, logger, profiles, from, to, error);
  mw_db_end_reading (store);
  return series;
}

static gboolean
load_versions (MwStore *store, MwMeterInfo *meter, const char *logger, GPtrArray *profiles,
               gint64 from, gint64 to, GPtrArray *versions, GError **error)
{
  for (guint p = 0; p < profiles->len; p++) {
    g_autoptr (GPtrArray) one = g_ptr_array_new ();
    g_autoptr (MwSeries) series = NULL;
    g_ptr_array_add (one, g_ptr_array_index (profiles, p));
    series = load (store, meter, logger, one, from, to, error);
    if (!series)
      return FALSE;
    if (series->n_rows > 0)
      g_ptr_array_add (versions, g_steal_pointer (&series));
  }
  return TRUE;
}

GPtrArray *
mw_store_load_series_versions (MwStore *store, gint64 meter_id, const char *logger, gint64 from,
                               gint64 to, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (MwMeterInfo) meter = mw_store_get_meter (store, meter_id, error);
  g_autoptr (GPtrArray) versions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_series_unref);
  g_autoptr (GPtrArray) profiles = NULL;
  gboolean ok;

  if (!meter || !mw_db_begin_reading (store, error))
    return NULL;
  profiles = mw_profile_list (store, meter_id, logger, error);
  ok = profiles && load_versions (store, meter, logger, profiles, from, to, versions, error);
  mw_db_end_reading (store);
  return ok ? g_steal_pointer (&versions) : NULL;
}
