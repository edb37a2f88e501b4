/* loggers.c: what is held of the loggers of a meter: counts, newest rows, stretches, raw
 * answers. */
#include "profile.h"

#include <string.h>

/* ---- state ---- */

static gboolean
add_state (MwStore *store, const MwProfile *profile, MwLoggerState *state, GError **error)
{
  MW_STMT *stmt = mw_db_prepare (store, mw_profile_state_sql[profile->width_index], error);
  guint64 n;

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "i", profile->id);
  if (mw_db_step (store, stmt, error) != 1)
    return FALSE;
  n = (guint64) sqlite3_column_int64 (stmt, 0);
  if (n == 0)
    return TRUE;
  state->first = MIN (state->first, sqlite3_column_int64 (stmt, 1));
  state->last = MAX (state->last, sqlite3_column_int64 (stmt, 2));
  state->n_rows += n;
  state->period_s = profile->period_s;
  g_free (state->obis);
  state->obis = g_strdup (profile->obis);
  return TRUE;
}

static MwLoggerState *
load_state (MwStore *store, gint64 meter_id, const char *logger, GError **error)
{
  g_autoptr (GPtrArray) profiles = mw_profile_list (store, meter_id, logger, error);
  MwLoggerState *state;

  if (!profiles)
    return NULL;
  state = g_new0 (MwLoggerState, 1);
  state->logger = g_strdup (logger);
  state->first = G_MAXINT64;
  state->last = G_MININT64;
  for (guint p = 0; p < profiles->len; p++)
    if (!add_state (store, g_ptr_array_index (profiles, p), state, error)) {
      mw_logger_state_free (state);
      return NULL;
    }
  return state;
}

GPtrArray *
mw_store_list_loggers (MwStore *store, gint64 meter_id, GError **error)
{
  static const char sql[] =
      "SELECT DISTINCT logger FROM profile WHERE meter_id = ? ORDER BY logger";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) states =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_logger_state_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", meter_id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwLoggerState *state = load_state (store, meter_id, mw_db_text (stmt, 0), error);
    if (!state)
      return NULL;
    if (state->n_rows > 0)
      g_ptr_array_add (states, state);
    else
      mw_logger_state_free (state);
  }
  return step == 0 ? g_steal_pointer (&states) : NULL;
}

/* ---- newest row ---- */

/* TRUE without a row: *FOUND stays as it is. */
static gboolean
look_at_newest (MwStore *store, const MwProfile *profile, MwNewestRow *row, gboolean *found,
                GError **error)
{
  MW_STMT *stmt = mw_db_prepare (store, mw_profile_newest_sql[profile->width_index], error);
  int step;

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "i", profile->id);
  step = mw_db_step (store, stmt, error);
  if (step != 1)
    return step == 0;
  /* A later version counts at the same time. */
  if (*found && sqlite3_column_int64 (stmt, 0) < row->time)
    return TRUE;
  *found = TRUE;
  row->time = sqlite3_column_int64 (stmt, 0);
  row->sequence = (guint32) sqlite3_column_int64 (stmt, 1);
  row->deviation = sqlite3_column_type (stmt, 2) == SQLITE_NULL
                       ? MW_DEVIATION_ANY
                       : (gint16) sqlite3_column_int (stmt, 2);
  row->status = (guint32) sqlite3_column_int64 (stmt, 3);
  row->period_s = profile->period_s;
  row->n_columns = profile->n_columns;
  for (guint c = 0; c < profile->n_columns; c++) {
    int column = MW_ENTRY_FIRST_VALUE + (int) c;
    row->values[c] = sqlite3_column_type (stmt, column) == SQLITE_NULL
                         ? MW_NULL_VALUE
                         : sqlite3_column_int64 (stmt, column);
  }
  return TRUE;
}

gboolean
mw_store_get_newest_row (MwStore *store, gint64 meter_id, const char *logger, MwNewestRow *row,
                         GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) profiles = mw_profile_list (store, meter_id, logger, error);
  gboolean found = FALSE;

  if (!profiles)
    return FALSE;
  for (guint p = 0; p < profiles->len; p++)
    if (!look_at_newest (store, g_ptr_array_index (profiles, p), row, &found, error))
      return FALSE;
  if (!found)
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                 "The database holds nothing of the logger %s of this meter yet.", logger);
  return found;
}

/* ---- stretches ---- */

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const MwLoggerSpan *x = a, *y = b;

  return x->from < y->from ? -1 : x->from > y->from;
}

static gboolean
add_spans (MwStore *store, const MwProfile *profile, GArray *spans, GError **error)
{
  MW_STMT *stmt = mw_db_prepare (store, mw_profile_times_sql[profile->width_index], error);
  MwLoggerSpan *span = NULL;
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "i", profile->id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    gint64 time = sqlite3_column_int64 (stmt, 0);
    if (!span || (profile->period_s && time - span->to > profile->period_s)) {
      MwLoggerSpan fresh = { time, time, 0 };
      g_array_append_val (spans, fresh);
      span = &g_array_index (spans, MwLoggerSpan, spans->len - 1);
    }
    span->to = time;
    span->n_rows++;
  }
  return step == 0;
}

GArray *
mw_store_list_spans (MwStore *store, gint64 meter_id, const char *logger, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) profiles = mw_profile_list (store, meter_id, logger, error);
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (MwLoggerSpan));

  if (!profiles)
    return NULL;
  for (guint p = 0; p < profiles->len; p++)
    if (!add_spans (store, g_ptr_array_index (profiles, p), spans, error))
      return NULL;
  g_array_sort (spans, compare_spans);
  return g_steal_pointer (&spans);
}

/* ---- raw answers ---- */

static GBytes *
convert (GBytes *bytes, GConverter *converter)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, converter);
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  if (!g_output_stream_write_all (out, data, len, NULL, NULL, NULL)
      || !g_output_stream_close (out, NULL, NULL))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

GBytes *
mw_db_deflate (GBytes *bytes, gboolean *deflated)
{
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1);
  g_autoptr (GBytes) packed = convert (bytes, G_CONVERTER (zlib));

  *deflated = packed && g_bytes_get_size (packed) < g_bytes_get_size (bytes);
  return *deflated ? g_steal_pointer (&packed) : g_bytes_ref (bytes);
}

GBytes *
mw_db_inflate (GBytes *bytes)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);

  return convert (bytes, G_CONVERTER (zlib));
}

void
mw_raw_answer_free (MwRawAnswer *answer)
{
  if (!answer)
    return;
  g_clear_pointer (&answer->bytes, g_bytes_unref);
  g_free (answer);
}

static MwRawAnswer *
raw_answer_of_row (MwStore *store, sqlite3_stmt *stmt, GError **error)
{
  g_autoptr (GBytes) bytes = mw_db_dup_bytes (stmt, 5);
  MwRawAnswer *answer = g_new0 (MwRawAnswer, 1);

  answer->id = sqlite3_column_int64 (stmt, 0);
  answer->at = sqlite3_column_int64 (stmt, 1);
  answer->from = sqlite3_column_int64 (stmt, 2);
  answer->to = sqlite3_column_int64 (stmt, 3);
  answer->bytes = sqlite3_column_int (stmt, 4) ? mw_db_inflate (bytes) : g_bytes_ref (bytes);
  if (answer->bytes)
    return answer;
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED,
               "A raw answer in %s is damaged; the values made of it are not.", store->path);
  mw_raw_answer_free (answer);
  return NULL;
}

GPtrArray *
mw_store_list_raw_answers (MwStore *store, gint64 meter_id, const char *logger, GError **error)
{
  static const char sql[] =
      "SELECT a.id, a.at, first_time, last_time, deflated, bytes FROM raw_answer a "
      "JOIN profile p ON p.id = a.profile_id WHERE p.meter_id = ? AND p.logger = ? "
      "ORDER BY a.id";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) answers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_raw_answer_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "it", meter_id, logger);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwRawAnswer *answer = raw_answer_of_row (store, stmt, error);
    if (!answer)
      return NULL;
    g_ptr_array_add (answers, answer);
  }
  return step == 0 ? g_steal_pointer (&answers) : NULL;
}
