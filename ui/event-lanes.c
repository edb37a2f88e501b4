#include "event-lanes.h"

#include <glib/gi18n.h>

static void
lane_free (gpointer data)
{
  MwEventLane *lane = data;
  g_free (lane->name);
  g_array_unref (lane->spans);
  g_free (lane);
}

static MwEventLane *
find_lane (GPtrArray *lanes, const char *name)
{
  for (guint i = 0; i < lanes->len; i++)
    if (g_str_equal (((MwEventLane *) lanes->pdata[i])->name, name))
      return lanes->pdata[i];
  MwEventLane *lane = g_new0 (MwEventLane, 1);
  lane->name = g_strdup (name);
  lane->spans = g_array_new (FALSE, FALSE, sizeof (MwEventSpan));
  g_ptr_array_add (lanes, lane);
  return lane;
}

static void
add_span (GPtrArray *lanes, const char *name, gint64 from, gint64 to)
{
  MwEventSpan span = { from, to };
  g_array_append_val (find_lane (lanes, name)->spans, span);
}

static gint64
value_of (const MwSeries *s, guint row, guint column)
{
  return s->values[(gsize) row * s->n_columns + column];
}

/* A bit is set from the row that sets it to the row that clears it, or to the last. */
static void
add_bits (GPtrArray *lanes, const MwSeries *s, guint column, GPtrArray *bits)
{
  for (guint b = 0; b < bits->len; b++) {
    const MwStatusBit *bit = bits->pdata[b];
    gint64 since = G_MININT64;
    for (guint r = 0; r < s->n_rows; r++) {
      gint64 value = value_of (s, r, column);
      gboolean set = value != MW_NULL_VALUE && bit->bit < 63 && (value >> bit->bit & 1);
      if (set && since == G_MININT64)
        since = s->time[r];
      if (since != G_MININT64 && (!set || r + 1 == s->n_rows)) {
        add_span (lanes, bit->name, since, s->time[r]);
        since = G_MININT64;
      }
    }
  }
}

/* What row R tells: the words of all its codes, "L1 · Undervoltage". */
static char *
dup_words (const MwSeries *s, const MwSeriesWords *words, guint r)
{
  GString *text = g_string_new (NULL);
  for (guint c = 0; c < s->n_columns; c++) {
    gint64 value = value_of (s, r, c);
    if (s->columns[c].kind != MW_COLUMN_CODE || value == MW_NULL_VALUE)
      continue;
    const char *word = mw_series_words_lookup (words, c, value);
    if (text->len)
      g_string_append (text, " · ");
    if (word)
      g_string_append (text, word);
    else
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
  }
  return g_string_free (text, FALSE);
}

static int
compare_lanes (gconstpointer a, gconstpointer b)
{
  const MwEventLane *x = *(MwEventLane *const *) a, *y = *(MwEventLane *const *) b;
  return (int) y->spans->len - (int) x->spans->len;
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const MwEventSpan *) a)->from, y = ((const MwEventSpan *) b)->from;
  return (x > y) - (x < y);
}

/* The rare ones together. */
static void
gather (GPtrArray *lanes)
{
  if (lanes->len <= MW_EVENT_LANES_MAX)
    return;
  guint n = lanes->len - MW_EVENT_LANES_MAX + 1;
  g_autofree char *name = g_strdup_printf (g_dngettext (NULL, "%u other", "%u others", n), n);
  MwEventLane *rest = find_lane (lanes, name);
  for (guint i = MW_EVENT_LANES_MAX - 1; i + 1 < lanes->len; i++) {
    const MwEventLane *lane = lanes->pdata[i];
    g_array_append_vals (rest->spans, lane->spans->data, lane->spans->len);
  }
  g_ptr_array_remove_range (lanes, MW_EVENT_LANES_MAX - 1, n);
  g_array_sort (rest->spans, compare_spans);
}

GPtrArray *
mw_event_lanes_new (const MwSeries *series, const MwSeriesWords *words, const char *name)
{
  GPtrArray *lanes = g_ptr_array_new_with_free_func (lane_free);
  gboolean has_bits = FALSE;
  for (guint c = 0; c < series->n_columns; c++) {
    GPtrArray *bits = mw_series_words_get_bits (words, c);
    if (bits)
      add_bits (lanes, series, c, bits);
    has_bits = has_bits || bits;
  }
  for (guint r = 0; !has_bits && r < series->n_rows; r++) {
    g_autofree char *text = dup_words (series, words, r);
    add_span (lanes, *text ? text : name, series->time[r], series->time[r]);
  }
  g_ptr_array_sort (lanes, compare_lanes);
  gather (lanes);
  return lanes;
}
