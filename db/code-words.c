/* code-words.c: what the codes in a row of a logger mean. */
#include "store.h"

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

/* The column's own words go before the logger's events: where a row says where and what, only
 * one of its codes is the event. */
static char *
code_text (MwStore *store, const MwSeries *s, guint column, gint64 code)
{
  const MwColumn *c = &s->columns[column];
  MwMeterKind kind = { .family = s->meter->family };
  g_autoptr (MwValueRule) rule =
      c->obis ? mw_store_get_value_rule (store, &kind, c->obis, c->class_id, c->attribute, NULL)
              : NULL;

  if (rule && rule->bits && rule->bits->len)
    return bits_text (rule->bits, code);
  for (guint i = 0; rule && rule->words && i < rule->words->len; i++) {
    const MwValueWord *word = rule->words->pdata[i];
    if (word->value == code)
      return g_strdup (word->name);
  }
  if (rule && rule->words && rule->words->len)
    return NULL;
  return mw_store_dup_event_text (store, s->meter->family, s->logger, code, NULL);
}

char *
mw_store_dup_row_words (MwStore *store, const MwSeries *series, guint row)
{
  GString *text = g_string_new (NULL);

  for (guint c = 0; series->meter && c < series->n_columns; c++) {
    gint64 code = series->values[(gsize) row * series->n_columns + c];
    g_autofree char *word = NULL;
    if (series->columns[c].kind != MW_COLUMN_CODE || code == MW_NULL_VALUE)
      continue;
    word = code_text (store, series, c, code);
    if (word && *word)
      g_string_append_printf (text, "%s%s", text->len ? " · " : "", word);
  }
  return g_string_free (text, text->len == 0);
}
