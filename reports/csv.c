/* csv.c: loggers and read-outs as comma-separated values; see csv.h. */
#include "csv.h"

#include <string.h>

#include "outfile.h"
#include "textbuf.h"

typedef struct {
  MwTextbuf *b;
  char separator;
  char point;
  gboolean normal_time;
  gboolean crlf;
} Csv;

static Csv
begin (const MwCsvOptions *options, GOutputStream *out, GCancellable *cancellable)
{
  static const MwCsvOptions defaults = { 0 };
  const MwCsvOptions *o = options ? options : &defaults;

  return (Csv){ mw_textbuf_new (out, o->zone, cancellable),
                o->separator       ? o->separator
                : o->decimal_comma ? ';'
                                   : ',',
                o->decimal_comma ? ',' : '.', o->normal_time, o->crlf };
}

static void
end_row (Csv *csv)
{
  mw_textbuf_text (csv->b, csv->crlf ? "\r\n" : "\n");
}

/* A field of text, quoted when it must be (RFC 4180 2.5 to 2.7). */
static void
field (Csv *csv, const char *text)
{
  const char special[] = { csv->separator, '"', '\r', '\n', '\0' };

  if (!text)
    return;
  if (!strpbrk (text, special) && !g_ascii_isspace (*text)) {
    mw_textbuf_text (csv->b, text);
    return;
  }
  mw_textbuf_char (csv->b, '"');
  for (; *text; text++) {
    if (*text == '"')
      mw_textbuf_char (csv->b, '"');
    mw_textbuf_char (csv->b, *text);
  }
  mw_textbuf_char (csv->b, '"');
}

/* A decimal; quoted when its point is the separator. */
static void
decimal (Csv *csv, gint64 mantissa, int exponent)
{
  gboolean quoted = exponent < 0 && csv->point == csv->separator;

  if (quoted)
    mw_textbuf_char (csv->b, '"');
  mw_textbuf_decimal (csv->b, mantissa, exponent, csv->point);
  if (quoted)
    mw_textbuf_char (csv->b, '"');
}

/* ---- loggers ---- */

static void
series_header (Csv *csv, const MwSeries *series)
{
  field (csv, "Time");
  mw_textbuf_char (csv->b, csv->separator);
  field (csv, "Status");
  for (guint c = 0; c < series->n_columns; c++) {
    const MwColumn *column = &series->columns[c];
    const char *unit = column->kind == MW_COLUMN_DECIMAL ? mw_unit_text (column->unit) : "";
    g_autofree char *title =
        g_strdup_printf ("%s%s%s%s", column->name ? column->name : column->obis,
                         *unit ? " (" : "", unit, *unit ? ")" : "");
    mw_textbuf_char (csv->b, csv->separator);
    field (csv, title);
  }
  end_row (csv);
}

static void
series_row (Csv *csv, const MwSeries *series, guint r)
{
  const gint64 *values = series->values + (gsize) r * series->n_columns;

  mw_textbuf_time (csv->b, series->time[r],
                   csv->normal_time ? series->deviation[r] : MW_DEVIATION_ANY);
  mw_textbuf_char (csv->b, csv->separator);
  mw_textbuf_decimal (csv->b, series->status[r], 0, '.');
  for (guint c = 0; c < series->n_columns; c++) {
    const MwColumn *column = &series->columns[c];
    mw_textbuf_char (csv->b, csv->separator);
    if (column->kind == MW_COLUMN_TEXT)
      field (csv, series->texts ? series->texts[(gsize) r * series->n_columns + c] : NULL);
    else if (values[c] == MW_NULL_VALUE)
      continue;
    else if (column->kind == MW_COLUMN_TIME)
      mw_textbuf_time (csv->b, values[c],
                       csv->normal_time ? series->deviation[r] : MW_DEVIATION_ANY);
    else
      decimal (csv, values[c], column->kind == MW_COLUMN_CODE ? 0 : column->exponent);
  }
  end_row (csv);
}

gboolean
mw_csv_write_series (const MwSeries *series, const MwCsvOptions *options, GOutputStream *out,
                     GCancellable *cancellable, GError **error)
{
  Csv csv = begin (options, out, cancellable);

  series_header (&csv, series);
  for (guint r = 0; r < series->n_rows && !csv.b->error; r++)
    series_row (&csv, series, r);
  return mw_textbuf_finish (csv.b, error);
}

/* ---- read-outs ---- */

static void
civil_field (Csv *csv, const mw_civil *civil)
{
  char text[MW_CIVIL_TEXT];

  if (mw_civil_format (civil, text, sizeof text))
    field (csv, text);
}

static void
readout_row (Csv *csv, const MwReading *reading)
{
  g_autofree char *text = NULL;

  field (csv, reading->obis);
  mw_textbuf_char (csv->b, csv->separator);
  field (csv, reading->name);
  mw_textbuf_char (csv->b, csv->separator);
  if (reading->kind == MW_READING_DECIMAL) {
    decimal (csv, reading->value.mantissa, reading->value.exponent);
  } else if (reading->kind != MW_READING_REFUSED) {
    text = mw_reading_dup_text (reading);
    field (csv, text);
  }
  mw_textbuf_char (csv->b, csv->separator);
  if (reading->kind == MW_READING_DECIMAL)
    field (csv, mw_unit_text (reading->value.unit));
  mw_textbuf_char (csv->b, csv->separator);
  if (reading->has_captured)
    civil_field (csv, &reading->captured);
  mw_textbuf_char (csv->b, csv->separator);
  if (reading->kind == MW_READING_REFUSED)
    field (csv, reading->text);
  end_row (csv);
}

gboolean
mw_csv_write_readout (const MwReadout *readout, const MwCsvOptions *options, GOutputStream *out,
                      GCancellable *cancellable, GError **error)
{
  static const char *const titles[] = { "OBIS code", "Name", "Value", "Unit", "At", "Refused" };
  Csv csv = begin (options, out, cancellable);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    if (i > 0)
      mw_textbuf_char (csv.b, csv.separator);
    field (&csv, titles[i]);
  }
  end_row (&csv);
  for (guint i = 0; i < readout->readings->len && !csv.b->error; i++)
    readout_row (&csv, g_ptr_array_index (readout->readings, i));
  return mw_textbuf_finish (csv.b, error);
}

/* ---- files ---- */

static gboolean
close_file (MwOutfile *file, gboolean ok, GError **error)
{
  if (ok)
    return mw_outfile_commit (file, error);
  mw_outfile_discard (file);
  return FALSE;
}

gboolean
mw_csv_save_series (const MwSeries *series, const MwCsvOptions *options, const char *path,
                    GCancellable *cancellable, GError **error)
{
  MwOutfile *file = mw_outfile_open (path, error);

  return file
         && close_file (file,
                        mw_csv_write_series (series, options, mw_outfile_get_stream (file),
                                             cancellable, error),
                        error);
}

gboolean
mw_csv_save_readout (const MwReadout *readout, const MwCsvOptions *options, const char *path,
                     GCancellable *cancellable, GError **error)
{
  MwOutfile *file = mw_outfile_open (path, error);

  return file
         && close_file (file,
                        mw_csv_write_readout (readout, options, mw_outfile_get_stream (file),
                                              cancellable, error),
                        error);
}
