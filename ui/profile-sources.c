#include "profile-sources.h"

static void
source_free (gpointer data)
{
  MwProfileSource *source = data;
  g_clear_pointer (&source->meter, mw_meter_info_unref);
  g_clear_pointer (&source->columns, mw_series_unref);
  g_clear_pointer (&source->rows, mw_series_unref);
  g_free (source->logger);
  g_free (source);
}

GPtrArray *
mw_profile_sources_copy (GPtrArray *sources)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (source_free);
  for (guint i = 0; i < sources->len; i++) {
    const MwProfileSource *from = sources->pdata[i];
    MwProfileSource *to = g_memdup2 (from, sizeof *from);
    to->meter = mw_meter_info_ref (from->meter);
    to->logger = g_strdup (from->logger);
    to->columns = mw_series_ref (from->columns);
    to->rows = from->rows ? mw_series_ref (from->rows) : NULL;
    g_ptr_array_add (copy, to);
  }
  return copy;
}

static void
add_loggers (MwStore *store, MwMeterInfo *meter, GPtrArray *sources)
{
  g_autoptr (GPtrArray) states = mw_store_list_loggers (store, meter->id, NULL);
  for (guint i = 0; states && i < states->len; i++) {
    const MwLoggerState *state = states->pdata[i];
    if (state->period_s == 0 || state->n_rows == 0)
      continue;
    g_autoptr (MwSeries) columns =
        mw_store_load_series (store, meter->id, state->logger, state->last, state->last, NULL);
    if (!columns || columns->n_columns == 0)
      continue;
    MwProfileSource *source = g_new0 (MwProfileSource, 1);
    source->meter = mw_meter_info_ref (meter);
    source->logger = g_strdup (state->logger);
    source->columns = g_steal_pointer (&columns);
    source->doubtful_mask = mw_store_get_doubtful_mask (store, meter->family, state->logger);
    g_ptr_array_add (sources, source);
  }
}

GPtrArray *
mw_profile_sources_list (MwStore *store, GError **error)
{
  g_autoptr (GPtrArray) meters = mw_store_list_meters (store, error);
  if (!meters)
    return NULL;
  GPtrArray *sources = g_ptr_array_new_with_free_func (source_free);
  for (guint i = 0; i < meters->len; i++)
    add_loggers (store, meters->pdata[i], sources);
  return sources;
}

char *
mw_profile_source_dup_key (const MwProfileSource *source, guint column)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT "/%s/%s", source->meter->id, source->logger,
                          source->columns->columns[column].obis);
}

gboolean
mw_profile_sources_load (MwStore *store, GPtrArray *sources, GHashTable *keys, GError **error)
{
  for (guint i = 0; i < sources->len; i++) {
    MwProfileSource *source = sources->pdata[i];
    gboolean wanted = FALSE;
    for (guint c = 0; !wanted && c < source->columns->n_columns; c++) {
      g_autofree char *key = mw_profile_source_dup_key (source, c);
      wanted = g_hash_table_contains (keys, key);
    }
    if (!wanted || source->rows)
      continue;
    source->rows = mw_store_load_series (store, source->meter->id, source->logger, G_MININT64,
                                         G_MAXINT64, error);
    if (!source->rows)
      return FALSE;
  }
  return TRUE;
}

static void
copy_column (MwColumn *to, const MwColumn *from)
{
  *to = *from;
  to->obis = g_strdup (from->obis);
  to->name = g_strdup (from->name);
}

MwSeries *
mw_series_slice (const MwSeries *series, gint64 from, gint64 to)
{
  guint first = 0, n = 0;
  while (first < series->n_rows && series->time[first] < from)
    first++;
  while (first + n < series->n_rows && series->time[first + n] <= to)
    n++;
  MwSeries *slice = mw_series_new (series->n_columns, n);
  slice->meter = mw_meter_info_ref (series->meter);
  slice->logger = g_strdup (series->logger);
  slice->obis = g_strdup (series->obis);
  slice->period_s = series->period_s;
  for (guint c = 0; c < series->n_columns; c++)
    copy_column (&slice->columns[c], &series->columns[c]);
  for (guint r = 0; r < n; r++) {
    slice->time[r] = series->time[first + r];
    slice->deviation[r] = series->deviation[first + r];
    slice->status[r] = series->status[first + r];
    slice->sequence[r] = series->sequence[first + r];
    for (guint c = 0; c < series->n_columns; c++)
      slice->values[(gsize) r * series->n_columns + c] =
          series->values[(gsize) (first + r) * series->n_columns + c];
  }
  return slice;
}
