#include "series-list.h"

#include <glib/gi18n.h>

#include "format.h"
#include "store.h"

#define GAP 0x80000000u /* in the map: the gap before this row */

struct _MwSeriesRow {
  GObject parent_instance;
  MwSeriesList *list; /* owned */
  guint32 at;         /* row of the series, with GAP */
};

struct _MwSeriesList {
  GObject parent_instance;
  MwSeries *series;
  MwSeriesWords words;
  guint32 *map; /* position -> row */
  guint n;
  guint n_gaps;
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (MwSeriesRow, mw_series_row, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (MwSeriesList, mw_series_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
mw_series_row_finalize (GObject *object)
{
  g_clear_object (&MW_SERIES_ROW (object)->list);
  G_OBJECT_CLASS (mw_series_row_parent_class)->finalize (object);
}

static void
mw_series_row_class_init (MwSeriesRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_series_row_finalize;
}

static void
mw_series_row_init (MwSeriesRow *self)
{
}

gboolean
mw_series_row_is_gap (MwSeriesRow *self)
{
  return (self->at & GAP) != 0;
}

static guint32
status_of (const MwSeries *series, guint row)
{
  return series->status ? series->status[row] : 0;
}

gboolean
mw_series_row_is_doubtful (MwSeriesRow *self)
{
  return !mw_series_row_is_gap (self)
         && (status_of (self->list->series, self->at) & self->list->words.doubtful_mask) != 0;
}

static char *
gap_text (const MwSeries *series, guint row)
{
  gint64 missing = (series->time[row] - series->time[row - 1]) / MAX (series->period_s, 1) - 1;
  return g_strdup_printf (g_dngettext (NULL, "%d missing", "%d missing", (gulong) missing),
                          (int) missing);
}

char *
mw_series_row_dup_time (MwSeriesRow *self)
{
  const MwSeries *series = self->list->series;
  guint row = self->at & ~GAP;
  if (self->at & GAP)
    return gap_text (series, row);
  return mw_format_meter_time (series->time[row],
                               series->deviation ? series->deviation[row] : MW_DEVIATION_ANY);
}

char *
mw_series_row_dup_status (MwSeriesRow *self)
{
  MwSeriesList *list = self->list;
  if (self->at & GAP)
    return g_strdup ("");
  guint32 status = status_of (list->series, self->at), left = status;
  GString *text = g_string_new (NULL);
  for (guint i = 0; list->words.status_bits && i < list->words.status_bits->len; i++) {
    const MwStatusBit *bit = list->words.status_bits->pdata[i];
    if (!(status >> bit->bit & 1u))
      continue;
    left &= ~(1u << bit->bit);
    g_string_append_printf (text, "%s%s", text->len ? ", " : "", bit->name);
  }
  if (left)
    g_string_append_printf (text, "%s0x%X", text->len ? ", " : "", left);
  return g_string_free (text, FALSE);
}

static const MwValueRule *
rule_of (const MwSeriesWords *words, guint column)
{
  return words->rules && column < words->rules->len ? words->rules->pdata[column] : NULL;
}

const char *
mw_series_words_lookup (const MwSeriesWords *words, guint column, gint64 code)
{
  const MwValueRule *rule = rule_of (words, column);
  for (guint i = 0; rule && rule->words && i < rule->words->len; i++) {
    const MwValueWord *word = rule->words->pdata[i];
    if (word->value == code)
      return word->name;
  }
  return words->codes ? g_hash_table_lookup (words->codes, &code) : NULL;
}

GPtrArray *
mw_series_words_get_bits (const MwSeriesWords *words, guint column)
{
  const MwValueRule *rule = rule_of (words, column);
  return rule && rule->bits && rule->bits->len ? rule->bits : NULL;
}

static char *
bits_text (const GPtrArray *bits, gint64 value)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < bits->len; i++) {
    const MwStatusBit *bit = bits->pdata[i];
    if (bit->bit < 63 && (value >> bit->bit & 1))
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", bit->name);
  }
  return g_string_free (text, FALSE);
}

static char *
code_text (MwSeriesList *list, guint column, gint64 code)
{
  GPtrArray *bits = mw_series_words_get_bits (&list->words, column);
  const char *name = bits ? NULL : mw_series_words_lookup (&list->words, column, code);
  if (bits)
    return bits_text (bits, code);
  return name ? g_strdup_printf ("%" G_GINT64_FORMAT "  %s", code, name)
              : g_strdup_printf ("%" G_GINT64_FORMAT, code);
}

char *
mw_series_row_dup_cell (MwSeriesRow *self, guint column)
{
  const MwSeries *series = self->list->series;
  mw_decimal d;
  if (self->at & GAP || column >= series->n_columns)
    return g_strdup ("");
  gsize cell = (gsize) self->at * series->n_columns + column;
  if (series->columns[column].kind == MW_COLUMN_TEXT)
    return g_strdup (series->texts && series->texts[cell] ? series->texts[cell] : "");
  if (series->values[cell] == MW_NULL_VALUE)
    return g_strdup ("–");
  switch (series->columns[column].kind) {
  case MW_COLUMN_CODE:
    return code_text (self->list, column, series->values[cell]);
  case MW_COLUMN_TIME:
    return mw_format_meter_time (series->values[cell], series->deviation
                                                           ? series->deviation[self->at]
                                                           : MW_DEVIATION_ANY);
  default:
    return mw_series_get_decimal (series, self->at, column, &d) ? mw_format_decimal (d, NULL)
                                                                : g_strdup ("–");
  }
}

/* ---- the list ---- */

static GType
get_item_type (GListModel *model)
{
  return MW_TYPE_SERIES_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return MW_SERIES_LIST (model)->n;
}

static gpointer
get_item (GListModel *model, guint position)
{
  MwSeriesList *self = MW_SERIES_LIST (model);
  if (position >= self->n)
    return NULL;
  MwSeriesRow *row = g_object_new (MW_TYPE_SERIES_ROW, NULL);
  row->list = g_object_ref (self);
  row->at = self->map[position];
  return row;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
mw_series_list_finalize (GObject *object)
{
  MwSeriesList *self = MW_SERIES_LIST (object);
  g_clear_pointer (&self->series, mw_series_unref);
  g_clear_pointer (&self->words.codes, g_hash_table_unref);
  g_clear_pointer (&self->words.rules, g_ptr_array_unref);
  g_clear_pointer (&self->words.status_bits, g_ptr_array_unref);
  g_free (self->map);
  G_OBJECT_CLASS (mw_series_list_parent_class)->finalize (object);
}

static void
mw_series_list_class_init (MwSeriesListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_series_list_finalize;
}

static void
mw_series_list_init (MwSeriesList *self)
{
}

static gboolean
gap_before (const MwSeries *series, guint row)
{
  return row > 0 && series->period_s > 0
         && series->time[row] - series->time[row - 1] >= 2 * (gint64) series->period_s;
}

static void
fill_in_time (MwSeriesList *self)
{
  self->n = self->n_gaps = 0;
  for (guint row = 0; row < self->series->n_rows; row++) {
    if (gap_before (self->series, row)) {
      self->map[self->n++] = row | GAP;
      self->n_gaps++;
    }
    self->map[self->n++] = row;
  }
}

static void
reverse (MwSeriesList *self)
{
  for (guint i = 0; i < self->n / 2; i++) {
    guint32 t = self->map[i];
    self->map[i] = self->map[self->n - 1 - i];
    self->map[self->n - 1 - i] = t;
  }
}

static void
doubtful_to_front (MwSeriesList *self)
{
  guint32 *rest = g_new (guint32, self->n);
  guint front = 0, n_rest = 0;
  for (guint i = 0; i < self->n; i++) {
    gboolean notable = (self->map[i] & GAP) || status_of (self->series, self->map[i]) != 0;
    if (notable)
      self->map[front++] = self->map[i];
    else
      rest[n_rest++] = self->map[i];
  }
  for (guint i = 0; i < n_rest; i++)
    self->map[front + i] = rest[i];
  g_free (rest);
}

void
mw_series_list_set_order (MwSeriesList *self, MwSeriesOrder order)
{
  guint before = self->n;
  fill_in_time (self);
  if (order != MW_SERIES_OLDEST_FIRST)
    reverse (self);
  if (order == MW_SERIES_DOUBTFUL_FIRST)
    doubtful_to_front (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n);
}

MwSeriesList *
mw_series_list_new (MwSeries *series, MwSeriesWords words)
{
  MwSeriesList *self = g_object_new (MW_TYPE_SERIES_LIST, NULL);
  self->series = mw_series_ref (series);
  self->words = words;
  self->map = g_new (guint32, 2 * (gsize) series->n_rows + 1);
  fill_in_time (self);
  reverse (self);
  return self;
}

MwSeries *
mw_series_list_get_series (MwSeriesList *self)
{
  return self->series;
}

guint
mw_series_list_get_n_gaps (MwSeriesList *self)
{
  return self->n_gaps;
}

gboolean
mw_series_list_has_status (MwSeriesList *self)
{
  return self->words.status_bits && self->words.status_bits->len > 0;
}

char *
mw_series_list_dup_title (MwSeriesList *self, guint column)
{
  const MwColumn *c = &self->series->columns[column];
  const char *unit = "";
  const char *name = c->name ? c->name : c->obis;
  if (c->kind == MW_COLUMN_DECIMAL)
    g_free (mw_format_decimal (mw_decimal_of (0, c->exponent, c->unit), &unit));
  return *unit ? g_strdup_printf ("%s (%s)", name, unit) : g_strdup (name);
}
