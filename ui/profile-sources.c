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

const char *
mw_profile_meter_name (const MwMeterInfo *meter)
{
  return meter->label && *meter->label ? meter->label : meter->serial;
}

/* Row of a source: equal times keep their order by sequence. */
typedef struct {
  gint64 time;
  guint32 sequence;
} Stamp;

static int
compare_stamps (gconstpointer a, gconstpointer b)
{
  const Stamp *x = a, *y = b;
  return x->time != y->time ? (x->time < y->time ? -1 : 1)
                            : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

/* The times of all LINES within FROM and TO, each once, in order. */
static GArray *
collect_stamps (const MwProfileLine *lines, guint n, gint64 from, gint64 to)
{
  GArray *stamps = g_array_new (FALSE, FALSE, sizeof (Stamp));
  guint kept = 0;
  for (guint i = 0; i < n; i++) {
    const MwSeries *rows = lines[i].source->rows;
    if (i > 0 && lines[i].source == lines[i - 1].source)
      continue;
    for (guint r = 0; r < rows->n_rows; r++)
      if (rows->time[r] >= from && rows->time[r] <= to) {
        Stamp stamp = { rows->time[r], rows->sequence[r] };
        g_array_append_val (stamps, stamp);
      }
  }
  g_array_sort (stamps, compare_stamps);
  for (guint i = 0; i < stamps->len; i++) {
    Stamp *s = &g_array_index (stamps, Stamp, i);
    if (kept == 0 || compare_stamps (s, &g_array_index (stamps, Stamp, kept - 1)) != 0)
      g_array_index (stamps, Stamp, kept++) = *s;
  }
  g_array_set_size (stamps, kept);
  return stamps;
}

static void
fill_column (MwSeries *out, guint column, const GArray *stamps, const MwProfileLine *line)
{
  const MwSeries *rows = line->source->rows;
  guint r = 0;
  for (guint i = 0; i < stamps->len; i++) {
    Stamp at = g_array_index (stamps, Stamp, i);
    while (r < rows->n_rows
           && compare_stamps (&(Stamp){ rows->time[r], rows->sequence[r] }, &at) < 0)
      r++;
    if (r >= rows->n_rows || rows->time[r] != at.time || rows->sequence[r] != at.sequence)
      continue;
    out->values[(gsize) i * out->n_columns + column] =
        rows->values[(gsize) r * rows->n_columns + line->column];
    out->deviation[i] = rows->deviation[r];
    out->status[i] |= rows->status[r];
  }
}

MwSeries *
mw_profile_lines_merge (const MwProfileLine *lines, guint n, gint64 from, gint64 to)
{
  g_autoptr (GArray) stamps = collect_stamps (lines, n, from, to);
  MwSeries *out = mw_series_new (n, stamps->len);
  gboolean several = FALSE;
  const MwSeries *first = lines[0].source->rows;
  out->meter = mw_meter_info_ref (first->meter);
  out->logger = g_strdup (first->logger);
  out->obis = g_strdup (first->obis);
  out->period_s = first->period_s;
  for (guint i = 0; i < stamps->len; i++) {
    out->time[i] = g_array_index (stamps, Stamp, i).time;
    out->sequence[i] = g_array_index (stamps, Stamp, i).sequence;
    out->status[i] = 0;
  }
  for (guint i = 1; i < n; i++)
    several = several || lines[i].source->meter->id != lines[0].source->meter->id;
  for (guint i = 0; i < n; i++) {
    copy_column (&out->columns[i], &lines[i].source->rows->columns[lines[i].column]);
    if (several) {
      g_autofree char *name = out->columns[i].name;
      out->columns[i].name =
          g_strdup_printf ("%s · %s", mw_profile_meter_name (lines[i].source->meter), name);
    }
    fill_column (out, i, stamps, &lines[i]);
  }
  return out;
}
