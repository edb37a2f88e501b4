/* rows.c: the pieces of a profile buffer -> rows -> a series. See profile.h.
 *
 * Null-data in the clock column means one capture period later (Mx381 manual 6.3: "compressed
 * type, only the first timestamp is shown"), in another column the value of the row before.
 * Deviations stay as the meter gave them; a time without one is read at the deviation of the
 * meter's clock.
 */
#include "meter/dlms/profile.h"

#include "meter/dlms/value.h"

/* A meter may have more rows than it says, for time goes on while they are read and some count
 * otherwise; but rows without end are no answer, and a row of nulls is one octet for each of
 * its values.  So there are limits: twice what it says and some, and 256 MB of values. */
#define SPARE_ROWS 10000
#define MAX_CELLS (32u << 20)
#define MAX_TEXT (64u << 20)

static guint
most_rows (const MwLogShape *p)
{
  guint64 said = 2 * (guint64) MAX (p->in_use, p->entries) + SPARE_ROWS;
  return (guint) MIN (said, MAX_CELLS / MAX (1, p->n_columns));
}

MwRows *
mw_rows_new (MwMeter *self, MwLogShape *profile)
{
  MwRows *rows = g_new0 (MwRows, 1);
  rows->meter = self;
  rows->profile = profile;
  rows->time = g_array_new (FALSE, FALSE, sizeof (gint64));
  rows->deviation = g_array_new (FALSE, FALSE, sizeof (gint16));
  rows->status = g_array_new (FALSE, FALSE, sizeof (guint32));
  rows->values = g_array_new (FALSE, FALSE, sizeof (gint64));
  rows->raw = g_byte_array_new ();
  rows->max = most_rows (profile);
  return rows;
}

void
mw_rows_free (MwRows *rows)
{
  if (rows == NULL)
    return;
  g_array_unref (rows->time);
  g_array_unref (rows->deviation);
  g_array_unref (rows->status);
  g_array_unref (rows->values);
  g_clear_pointer (&rows->texts, g_ptr_array_unref);
  g_byte_array_unref (rows->raw);
  g_free (rows->failure);
  g_free (rows);
}

guint
mw_rows_count (const MwRows *rows)
{
  return rows->time->len;
}

gint64
mw_rows_last_time (const MwRows *rows)
{
  return rows->time->len ? g_array_index (rows->time, gint64, rows->time->len - 1) : G_MININT64;
}

static void
truncate_to (MwRows *rows, guint n)
{
  guint cells = n * rows->profile->n_columns;
  g_array_set_size (rows->time, n);
  g_array_set_size (rows->deviation, n);
  g_array_set_size (rows->status, n);
  g_array_set_size (rows->values, cells);
  if (rows->texts)
    g_ptr_array_set_size (rows->texts, (int) cells);
}

void
mw_rows_clear (MwRows *rows)
{
  truncate_to (rows, 0);
  g_byte_array_set_size (rows->raw, 0);
}

void
mw_rows_drop_first (MwRows *rows, guint n)
{
  guint cells = n * rows->profile->n_columns;
  if (n == 0)
    return;
  g_array_remove_range (rows->time, 0, n);
  g_array_remove_range (rows->deviation, 0, n);
  g_array_remove_range (rows->status, 0, n);
  if (cells)
    g_array_remove_range (rows->values, 0, cells);
  if (cells && rows->texts)
    g_ptr_array_remove_range (rows->texts, 0, cells);
}

gboolean
mw_rows_equal (const MwRows *rows, guint i, gint64 time, guint32 status, const gint64 *values)
{
  gsize n = rows->profile->n_columns;
  return g_array_index (rows->time, gint64, i) == time
         && g_array_index (rows->status, guint32, i) == status
         && (n == 0
             || memcmp (&g_array_index (rows->values, gint64, i * n), values,
                        n * sizeof *values)
                    == 0);
}

/* ---- one row ---- */

static void
fail (MwRows *rows, const char *what)
{
  if (rows->failure == NULL)
    rows->failure = g_strdup (what);
}

static gint16
deviation_of (MwRows *rows, const mw_axdr_value *v)
{
  mw_civil t;
  return mw_axdr_to_civil (v, &t) == MW_OK ? t.deviation : MW_DEVIATION_ANY;
}

static void
append_time (MwRows *rows)
{
  const MwLogShape *p = rows->profile;
  int64_t utc = 0;
  gint16 deviation = MW_DEVIATION_ANY;
  gint64 time;
  if (p->clock >= 0) {
    if (mw_axdr_table_time (&rows->table, (size_t) p->clock, p->period_s,
                            rows->meter->deviation, &utc)
        != MW_OK)
      fail (rows, "a row has no time that can be understood");
    deviation = deviation_of (rows, &rows->row[p->clock]);
  }
  time = utc;
  g_array_append_val (rows->time, time);
  g_array_append_val (rows->deviation, deviation);
}

static void
put_text (MwRows *rows, guint cell, char *text)
{
  guint cells = rows->values->len;
  if (rows->texts == NULL)
    rows->texts = g_ptr_array_new_with_free_func (g_free);
  if (rows->texts->len < cells)
    g_ptr_array_set_size (rows->texts, (int) cells);
  g_free (rows->texts->pdata[cell]);
  rows->texts->pdata[cell] = text;
  rows->text_len += strlen (text);
  if (rows->text_len > MAX_TEXT)
    fail (rows, "its texts have no end");
}

static gboolean
is_octets (const mw_axdr_value *v)
{
  return v->type == MW_AXDR_OCTET_STRING || v->type == MW_AXDR_VISIBLE_STRING
         || v->type == MW_AXDR_UTF8_STRING || v->type == MW_AXDR_DATE_TIME;
}

/* A column of class Data is what its first value is. */
static void
learn_kind (MwCapture *capture, const mw_axdr_value *v)
{
  mw_civil t;
  capture->kind_known = TRUE;
  if (!is_octets (v))
    return;
  capture->kind = MW_COLUMN_TEXT;
  if ((v->len == 12 || v->type == MW_AXDR_DATE_TIME) && mw_axdr_to_civil (v, &t) == MW_OK)
    capture->kind = MW_COLUMN_TIME;
}

static char *
text_of (const mw_axdr_value *v)
{
  gboolean plain = g_utf8_validate ((const char *) v->ptr, v->len, NULL);
  for (guint32 i = 0; i < v->len && plain; i++)
    plain = v->ptr[i] >= 0x20;
  return plain ? g_strndup ((const char *) v->ptr, v->len) : mw_value_hex (v->ptr, v->len);
}

static gint64
time_value (MwRows *rows, const mw_axdr_value *v)
{
  mw_civil t;
  int64_t utc;
  if (mw_axdr_to_civil (v, &t) != MW_OK
      || mw_civil_to_utc (&t, rows->meter->deviation, &utc) != MW_OK)
    return MW_NULL_VALUE;
  return utc;
}

static gint64
decimal_value (const MwCapture *capture, const mw_axdr_value *v)
{
  mw_decimal d, scaled;
  if (mw_axdr_to_decimal (v, capture->scaler.scaler, capture->scaler.unit, &d) != MW_OK
      || mw_decimal_rescale (d, capture->scaler.scaler, &scaled) != MW_OK)
    return MW_NULL_VALUE;
  return scaled.mantissa;
}

static void
set_cell (MwRows *rows, MwCapture *capture, guint cell, const mw_axdr_value *v)
{
  gint64 *value = &g_array_index (rows->values, gint64, cell);
  int64_t code;
  if (v->type == MW_AXDR_NULL_DATA)
    return;
  if (!capture->kind_known)
    learn_kind (capture, v);
  if (capture->kind == MW_COLUMN_DECIMAL)
    *value = decimal_value (capture, v);
  else if (capture->kind == MW_COLUMN_TIME)
    *value = time_value (rows, v);
  else if (capture->kind == MW_COLUMN_TEXT && is_octets (v))
    put_text (rows, cell, text_of (v));
  else if (mw_axdr_to_int (v, &code) == MW_OK)
    *value = code;
}

static void
append_row (MwRows *rows)
{
  MwLogShape *p = rows->profile;
  guint cell = rows->values->len;
  guint32 status = 0;
  const gint64 null = MW_NULL_VALUE;

  append_time (rows);
  for (guint c = 0; c < p->n_columns; c++)
    g_array_append_val (rows->values, null);
  for (guint i = 0; i < p->captures->len; i++) {
    MwCapture *capture = &g_array_index (p->captures, MwCapture, i);
    int64_t code;
    if (capture->role == MW_ROLE_VALUE)
      set_cell (rows, capture, cell + capture->column, &rows->row[i]);
    else if (capture->role == MW_ROLE_STATUS && mw_axdr_to_int (&rows->row[i], &code) == MW_OK)
      status = (guint32) code;
  }
  g_array_append_val (rows->status, status);
  if (rows->texts)
    g_ptr_array_set_size (rows->texts, (int) rows->values->len);
}

/* ---- overlap: rows that a repeated request brings again ---- */

static gboolean
same_row (const MwRows *rows, guint a, guint b)
{
  gsize n = rows->profile->n_columns;
  const gint64 *values = (const gint64 *) (gpointer) rows->values->data;
  if (g_array_index (rows->time, gint64, a) != g_array_index (rows->time, gint64, b)
      || g_array_index (rows->status, guint32, a) != g_array_index (rows->status, guint32, b))
    return FALSE;
  if (n && memcmp (values + a * n, values + b * n, n * sizeof *values) != 0)
    return FALSE;
  for (guint c = 0; rows->texts && c < n; c++)
    if (g_strcmp0 (rows->texts->pdata[a * n + c], rows->texts->pdata[b * n + c]) != 0)
      return FALSE;
  return TRUE;
}

/* The row at the end is one of those that were there when the request began. */
static gboolean
is_repeated (const MwRows *rows)
{
  guint last = rows->time->len - 1;
  guint first = rows->asked_from > rows->overlap ? rows->asked_from - rows->overlap : 0;
  for (guint i = first; i < rows->asked_from; i++)
    if (same_row (rows, i, last))
      return TRUE;
  return FALSE;
}

/* ---- the stream ---- */

void
mw_rows_begin (MwRows *rows, guint overlap)
{
  g_clear_pointer (&rows->failure, g_free);
  rows->overlap = overlap;
  rows->asked_from = rows->time->len;
  mw_axdr_table_init (&rows->table, rows->row, G_N_ELEMENTS (rows->row), rows->keep,
                      sizeof rows->keep);
}

gboolean
mw_rows_feed (MwRows *rows, const guint8 *bytes, gsize len)
{
  if (rows->failure)
    return FALSE;
  g_byte_array_append (rows->raw, bytes, (guint) len);
  mw_axdr_table_feed (&rows->table, bytes, len);
  while (rows->failure == NULL && mw_axdr_table_next (&rows->table)) {
    if (rows->table.columns != rows->profile->captures->len) {
      fail (rows, "a row has another number of columns than the profile captures");
      return FALSE;
    }
    append_row (rows);
    if (mw_rows_count (rows) > rows->max)
      fail (rows, "it has far more rows than the meter says");
    if (is_repeated (rows))
      truncate_to (rows, rows->time->len - 1);
    if (rows->on_row)
      rows->on_row (rows->user);
  }
  if (rows->failure == NULL && rows->table.err)
    fail (rows, mw_err_text (rows->table.err));
  return rows->failure == NULL;
}

gboolean
mw_rows_end (MwRows *rows, GError **error)
{
  if (rows->failure == NULL && !rows->table.done)
    fail (rows, "it is cut off");
  if (rows->failure)
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The rows of %s cannot be understood: %s. The trace shows what came.",
                    rows->profile->logger->name, rows->failure);
  return TRUE;
}

/* ---- the series ---- */

static void
describe_columns (MwRows *rows, MwSeries *series)
{
  const MwLogShape *p = rows->profile;
  for (guint i = 0; i < p->captures->len; i++) {
    const MwCapture *capture = &g_array_index (p->captures, MwCapture, i);
    MwColumn *column;
    if (capture->role != MW_ROLE_VALUE)
      continue;
    column = &series->columns[capture->column];
    column->kind = capture->kind;
    column->obis = mw_names_obis (capture->object.ln);
    column->class_id = capture->object.class_id;
    column->attribute = capture->object.index;
    column->name = mw_names_object (rows->meter, capture->object.ln);
    column->exponent = capture->scaler.scaler;
    column->unit = capture->scaler.unit;
    if (column->name == NULL)
      column->name = g_strdup (column->obis);
  }
}

/* How many rows before it have the same time: clock set back, two events in one second. */
static guint32
sequence_of (GHashTable *seen, gint64 *time)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, time));
  g_hash_table_insert (seen, time, GUINT_TO_POINTER (n + 1));
  return n;
}

static void
copy_row (MwRows *rows, guint from, MwSeries *series, guint to)
{
  gsize n = series->n_columns;
  series->time[to] = g_array_index (rows->time, gint64, from);
  series->deviation[to] = g_array_index (rows->deviation, gint16, from);
  series->status[to] = g_array_index (rows->status, guint32, from);
  if (n)
    memcpy (series->values + to * n, &g_array_index (rows->values, gint64, from * n),
            n * sizeof (gint64));
  for (gsize c = 0; series->texts && c < n; c++)
    series->texts[to * n + c] = g_strdup (rows->texts->pdata[from * n + c]);
}

MwSeries *
mw_rows_to_series (MwRows *rows, gint64 from, gint64 to)
{
  const MwLogShape *p = rows->profile;
  g_autoptr (GArray) chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  MwSeries *series;
  for (guint i = 0; i < rows->time->len; i++) {
    gint64 time = g_array_index (rows->time, gint64, i);
    if (time >= from && time <= to)
      g_array_append_val (chosen, i);
  }
  series = mw_series_new (p->n_columns, chosen->len);
  series->meter = mw_meter_info_ref (rows->meter->info);
  series->logger = g_strdup (p->logger->logger);
  series->obis = g_strdup (p->logger->obis);
  series->period_s = p->period_s;
  if (rows->texts)
    series->texts = g_new0 (char *, (gsize) p->n_columns * chosen->len + 1);
  describe_columns (rows, series);
  for (guint i = 0; i < chosen->len; i++) {
    copy_row (rows, g_array_index (chosen, guint, i), series, i);
    series->sequence[i] = sequence_of (seen, &series->time[i]);
  }
  return series;
}
