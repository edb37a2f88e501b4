/* records.c: the records of a log as they come, and the series that they make; see kamstrup.h.
 *
 * A log with more columns than a request takes is read in passes; a record counts when all of
 * them have brought it.  A column has the finest exponent that any of its values has, so that
 * every digit stays.
 */
#include "meter/kamstrup/kamstrup.h"

#include <string.h>

static void
cell_clear (gpointer data)
{
  g_clear_pointer (&((MwKmpCell *) data)->text, g_free);
}

MwKmpRecords *
mw_kmp_records_new (MwMeter *meter, const MwKmpLog *log)
{
  MwKmpRecords *self = g_new0 (MwKmpRecords, 1);
  self->meter = meter;
  self->log = log;
  self->records = g_array_new (FALSE, TRUE, sizeof (MwKmpRecord));
  self->cells = g_array_new (FALSE, TRUE, sizeof (MwKmpCell));
  g_array_set_clear_func (self->cells, cell_clear);
  self->raw = g_byte_array_new ();
  return self;
}

void
mw_kmp_records_free (MwKmpRecords *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->records);
  g_array_unref (self->cells);
  g_byte_array_unref (self->raw);
  g_free (self);
}

guint
mw_kmp_records_count (const MwKmpRecords *self)
{
  return self->records->len;
}

static MwKmpRecord *
record_at (const MwKmpRecords *self, guint at)
{
  return &g_array_index (self->records, MwKmpRecord, at);
}

static MwKmpCell *
cell_at (const MwKmpRecords *self, guint at, guint column)
{
  return &g_array_index (self->cells, MwKmpCell, (gsize) at * self->log->n_ids + column);
}

void
mw_kmp_records_add (MwKmpRecords *self, guint32 id)
{
  MwKmpRecord record = { .id = id, .time = G_MININT64, .deviation = MW_DEVIATION_ANY };
  MwKmpCell cell = { .mantissa = MW_NULL_VALUE, .unit = MW_UNIT_NONE };
  g_array_append_val (self->records, record);
  for (guint i = 0; i < self->log->n_ids; i++)
    g_array_append_val (self->cells, cell);
}

gboolean
mw_kmp_records_seek (MwKmpRecords *self, guint32 id, guint *at)
{
  for (guint i = *at; i < self->records->len; i++)
    if (record_at (self, i)->id == id) {
      *at = i;
      return TRUE;
    }
  return FALSE;
}

void
mw_kmp_records_keep (MwKmpRecords *self, guint first, guint n)
{
  guint end = first + n;
  if (end < self->records->len) {
    g_array_set_size (self->records, end);
    g_array_set_size (self->cells, end * self->log->n_ids);
  }
  if (first) {
    g_array_remove_range (self->records, 0, first);
    g_array_remove_range (self->cells, 0, first * self->log->n_ids);
  }
}

/* ---- values ---- */

static void
keep_raw (MwKmpRecords *self, guint32 id, const mw_kmp_value *value)
{
  guint8 room[MW_KMP_VALUE_MAX + 12];
  mw_wr w;
  mw_wr_init (&w, room, sizeof room);
  mw_wr_u32 (&w, id);
  mw_kmp_value_encode (&w, value);
  g_byte_array_append (self->raw, room, (guint) mw_wr_len (&w));
}

static void
put_time (MwKmpCell *cell, const mw_civil *t)
{
  gint16 deviation;
  gint64 utc;
  cell->kind = MW_COLUMN_TIME;
  if (mw_kam_to_utc (t, &utc, &deviation))
    cell->mantissa = utc;
}

static void
put_cell (MwKmpRecords *self, MwKmpCell *cell, const mw_kmp_value *value)
{
  static const MwRegisterInfo nameless = { 0 };
  g_autoptr (MwReading) reading = mw_kam_reading (self->meter, &nameless, value);
  enum mw_kmp_kind kind = mw_kmp_unit_kind (value->unit);
  cell->came = TRUE;
  switch (reading->kind) {
  case MW_READING_DECIMAL:
    cell->mantissa = reading->value.mantissa;
    cell->exponent = reading->value.exponent;
    cell->unit = reading->value.unit;
    cell->kind = value->unit == MW_KMP_UNIT_BITS || mw_kam_is_code (self->meter, value->id)
                     ? MW_COLUMN_CODE
                     : MW_COLUMN_DECIMAL;
    break;
  case MW_READING_TIME:
    if (mw_civil_is_complete (&reading->civil)) {
      put_time (cell, &reading->civil);
      break;
    }
    G_GNUC_FALLTHROUGH;
  default:
    cell->kind = MW_COLUMN_TEXT;
    if (kind == MW_KMP_KIND_RTC || kind == MW_KMP_KIND_DATE_TIME) {
      cell->kind = MW_COLUMN_TIME; /* none yet */
      break;
    }
    cell->text = mw_reading_dup_text (reading);
  }
}

void
mw_kmp_records_put (MwKmpRecords *self, guint at, const mw_kmp_value *value)
{
  MwKmpRecord *record = record_at (self, at);
  mw_civil t;
  keep_raw (self, record->id, value);
  if (value->id == self->log->ids[0]) {
    if (mw_kmp_value_civil (value, &t) == MW_OK)
      mw_kam_to_utc (&t, &record->time, &record->deviation);
    return;
  }
  for (guint c = 1; c < self->log->n_ids; c++)
    if (self->log->ids[c] == value->id) {
      g_clear_pointer (&cell_at (self, at, c)->text, g_free);
      put_cell (self, cell_at (self, at, c), value);
    }
}

/* ---- the series ---- */

/* Kind, unit and the finest exponent of a column; FALSE: no record has a value there. */
static gboolean
shape_column (MwKmpRecords *self, guint c, MwColumn *out)
{
  const MwKmpRow *row = mw_kam_find_id (self->meter, self->log->ids[c]);
  gboolean any = FALSE;
  for (guint i = 0; i < self->records->len; i++) {
    const MwKmpCell *cell = cell_at (self, i, c);
    if (!cell->came)
      continue;
    if (!any || cell->kind == MW_COLUMN_TEXT)
      out->kind = cell->kind;
    out->exponent = any ? MIN (out->exponent, cell->exponent) : cell->exponent;
    out->unit = cell->unit;
    any = TRUE;
  }
  out->obis = row ? g_strdup (row->info->obis) : g_strdup_printf ("kmp:%X", self->log->ids[c]);
  out->name = g_strdup (row ? row->info->name : mw_kmp_register_name (self->log->ids[c]));
  if (out->name == NULL)
    out->name = g_strdup (out->obis);
  return any;
}

static void
fill_cell (MwSeries *series, guint r, guint column, const MwKmpCell *cell)
{
  gsize at = (gsize) r * series->n_columns + column;
  const MwColumn *shape = &series->columns[column];
  mw_decimal d = mw_decimal_of (cell->mantissa, cell->exponent, cell->unit);
  if (shape->kind == MW_COLUMN_TEXT) {
    char text[MW_DECIMAL_TEXT];
    if (series->texts == NULL)
      series->texts = g_new0 (char *, (gsize) series->n_rows * series->n_columns);
    if (cell->text)
      series->texts[at] = g_strdup (cell->text);
    else if (cell->mantissa != MW_NULL_VALUE && mw_decimal_format (d, text, sizeof text))
      series->texts[at] = g_strdup (text);
  } else if (cell->mantissa != MW_NULL_VALUE
             && mw_decimal_rescale (d, shape->exponent, &d) == MW_OK) {
    series->values[at] = d.mantissa;
  }
}

/* The step between nearly all records; 0: there is none. */
static guint32
usual_step (const MwSeries *series)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint32 best = 0;
  guint most = 0;
  if (series->n_rows < 3)
    return 0;
  for (guint r = 1; r < series->n_rows; r++) {
    gint64 step = series->time[r] - series->time[r - 1];
    gpointer key = GINT_TO_POINTER ((int) CLAMP (step, 0, 366 * 86400));
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
    g_hash_table_insert (counts, key, GUINT_TO_POINTER (n));
    if (n > most && step > 0) {
      most = n;
      best = (guint32) GPOINTER_TO_INT (key);
    }
  }
  return most * 10 >= (series->n_rows - 1) * 8 ? best : 0;
}

static gboolean
is_wanted (const MwKmpRecord *record, gint64 from, gint64 to)
{
  return record->time != G_MININT64 && record->time >= from && record->time <= to;
}

static void
fill_row (MwKmpRecords *self, MwSeries *series, guint r, guint at, const guint *columns)
{
  const MwKmpRecord *record = record_at (self, at);
  series->time[r] = record->time;
  series->deviation[r] = record->deviation;
  series->sequence[r] =
      r && series->time[r - 1] == record->time ? series->sequence[r - 1] + 1 : 0;
  for (guint c = 0; c < series->n_columns; c++)
    fill_cell (series, r, c, cell_at (self, at, columns[c]));
}

MwSeries *
mw_kmp_records_to_series (MwKmpRecords *self, gint64 from, gint64 to)
{
  MwColumn shapes[MW_STORE_MAX_COLUMNS] = { 0 };
  guint columns[MW_STORE_MAX_COLUMNS];
  guint n_columns = 0, n_rows = 0, r = 0;
  MwSeries *series;
  for (guint c = 1; c < self->log->n_ids; c++) {
    columns[n_columns] = c;
    if (shape_column (self, c, &shapes[n_columns]) || self->records->len == 0) {
      n_columns++;
      continue;
    }
    g_free (shapes[n_columns].obis);
    g_free (shapes[n_columns].name);
    shapes[n_columns] = (MwColumn){ 0 };
  }
  for (guint i = 0; i < self->records->len; i++)
    n_rows += is_wanted (record_at (self, i), from, to);
  series = mw_series_new (n_columns, n_rows);
  memcpy (series->columns, shapes, n_columns * sizeof *shapes);
  for (guint i = 0; i < self->records->len; i++)
    if (is_wanted (record_at (self, i), from, to))
      fill_row (self, series, r++, i, columns);
  series->meter = mw_meter_info_ref (self->meter->info);
  series->logger = g_strdup (self->log->info->logger);
  series->obis = g_strdup (self->log->info->obis);
  series->period_s = self->log->info->events ? 0 : usual_step (series);
  return series;
}

static gboolean
same_cell (const MwKmpCell *cell, const MwSeries *series, gsize at, const MwColumn *column)
{
  mw_decimal d = mw_decimal_of (cell->mantissa, cell->exponent, cell->unit);
  if (!cell->came)
    return TRUE; /* of a later pass */
  if (column->kind == MW_COLUMN_TEXT)
    return series->texts == NULL || cell->text == NULL
           || g_strcmp0 (series->texts[at], cell->text) == 0;
  if (cell->mantissa == MW_NULL_VALUE || series->values[at] == MW_NULL_VALUE)
    return cell->mantissa == series->values[at];
  return mw_decimal_rescale (d, column->exponent, &d) == MW_OK
         && d.mantissa == series->values[at];
}

gboolean
mw_kmp_records_match (MwKmpRecords *self, guint at, const MwSeries *series, guint row)
{
  if (record_at (self, at)->time != series->time[row])
    return FALSE;
  for (guint c = 1; c < self->log->n_ids; c++) {
    const MwKmpRow *known = mw_kam_find_id (self->meter, self->log->ids[c]);
    for (guint k = 0; known && k < series->n_columns; k++)
      if (g_strcmp0 (series->columns[k].obis, known->info->obis) == 0
          && !same_cell (cell_at (self, at, c), series, (gsize) row * series->n_columns + k,
                         &series->columns[k]))
        return FALSE;
  }
  return TRUE;
}
