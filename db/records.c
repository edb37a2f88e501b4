/* records.c: making, counting and freeing the values of records.h.
 *
 * The counter stands before the struct (g_atomic_rc_box); the last _unref frees what it owns.
 */
#include "records.h"

#include <string.h>

/* ---- a meter ---- */

MwMeterInfo *
mw_meter_info_new (void)
{
  return g_atomic_rc_box_new0 (MwMeterInfo);
}

MwMeterInfo *
mw_meter_info_ref (MwMeterInfo *info)
{
  return g_atomic_rc_box_acquire (info);
}

static void
meter_info_clear (MwMeterInfo *info)
{
  g_free (info->serial);
  g_free (info->manufacturer);
  g_free (info->family);
  g_free (info->type);
  g_free (info->model);
  g_free (info->generation);
  g_free (info->logical_name);
  g_free (info->firmware);
  g_free (info->last_link);
  g_free (info->label);
}

void
mw_meter_info_unref (MwMeterInfo *info)
{
  if (info)
    g_atomic_rc_box_release_full (info, (GDestroyNotify) meter_info_clear);
}

MwMeterInfo *
mw_meter_info_dup (const MwMeterInfo *info)
{
  MwMeterInfo *copy = mw_meter_info_new ();

  *copy = *info;
  copy->serial = g_strdup (info->serial);
  copy->manufacturer = g_strdup (info->manufacturer);
  copy->family = g_strdup (info->family);
  copy->type = g_strdup (info->type);
  copy->model = g_strdup (info->model);
  copy->generation = g_strdup (info->generation);
  copy->logical_name = g_strdup (info->logical_name);
  copy->firmware = g_strdup (info->firmware);
  copy->last_link = g_strdup (info->last_link);
  copy->label = g_strdup (info->label);
  return copy;
}

/* ---- one value ---- */

MwReading *
mw_reading_new (void)
{
  MwReading *reading = g_atomic_rc_box_new0 (MwReading);

  reading->value.unit = MW_UNIT_NONE;
  reading->civil = mw_civil_any ();
  reading->captured = mw_civil_any ();
  return reading;
}

MwReading *
mw_reading_ref (MwReading *reading)
{
  return g_atomic_rc_box_acquire (reading);
}

static void
reading_clear (MwReading *reading)
{
  g_free (reading->obis);
  g_free (reading->name);
  g_free (reading->group);
  g_free (reading->text);
  g_clear_pointer (&reading->raw, g_bytes_unref);
}

void
mw_reading_unref (MwReading *reading)
{
  if (reading)
    g_atomic_rc_box_release_full (reading, (GDestroyNotify) reading_clear);
}

static char *
dup_hex (GBytes *bytes)
{
  gsize len = 0;
  const guint8 *data = bytes ? g_bytes_get_data (bytes, &len) : NULL;
  GString *hex = g_string_sized_new (2 * len + 1);

  for (gsize i = 0; i < len; i++)
    g_string_append_printf (hex, "%02X", data[i]);
  return g_string_free (hex, FALSE);
}

char *
mw_reading_dup_text (const MwReading *reading)
{
  char buf[MAX (MW_DECIMAL_TEXT, MW_CIVIL_TEXT)];

  switch (reading->kind) {
  case MW_READING_DECIMAL:
    return g_strndup (buf, mw_decimal_format (reading->value, buf, sizeof buf));
  case MW_READING_TIME:
    return g_strndup (buf, mw_civil_format (&reading->civil, buf, sizeof buf));
  case MW_READING_BYTES:
    return reading->text ? g_strdup (reading->text) : dup_hex (reading->raw);
  case MW_READING_TEXT:
  case MW_READING_STRUCT:
  case MW_READING_REFUSED:
    break;
  }
  return g_strdup (reading->text ? reading->text : "");
}

/* ---- a read-out ---- */

MwReadout *
mw_readout_new (void)
{
  MwReadout *readout = g_atomic_rc_box_new0 (MwReadout);

  readout->meter_clock = G_MININT64;
  readout->readings = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_reading_unref);
  return readout;
}

MwReadout *
mw_readout_ref (MwReadout *readout)
{
  return g_atomic_rc_box_acquire (readout);
}

static void
readout_clear (MwReadout *readout)
{
  mw_meter_info_unref (readout->meter);
  g_free (readout->link);
  g_free (readout->profile);
  g_clear_pointer (&readout->readings, g_ptr_array_unref);
}

void
mw_readout_unref (MwReadout *readout)
{
  if (readout)
    g_atomic_rc_box_release_full (readout, (GDestroyNotify) readout_clear);
}

/* ---- a series ---- */

MwSeries *
mw_series_new (guint n_columns, guint n_rows)
{
  MwSeries *series = g_atomic_rc_box_new0 (MwSeries);
  gsize n_cells = (gsize) n_columns * n_rows;

  series->n_columns = n_columns;
  series->n_rows = n_rows;
  series->columns = g_new0 (MwColumn, n_columns);
  for (guint c = 0; c < n_columns; c++)
    series->columns[c].unit = MW_UNIT_NONE;
  series->time = g_new0 (gint64, n_rows);
  series->deviation = g_new (gint16, n_rows);
  for (guint r = 0; r < n_rows; r++)
    series->deviation[r] = MW_DEVIATION_ANY;
  series->status = g_new0 (guint32, n_rows);
  series->sequence = g_new0 (guint32, n_rows);
  series->values = g_new (gint64, n_cells);
  for (gsize i = 0; i < n_cells; i++)
    series->values[i] = MW_NULL_VALUE;
  return series;
}

MwSeries *
mw_series_ref (MwSeries *series)
{
  return g_atomic_rc_box_acquire (series);
}

static void
series_clear (MwSeries *series)
{
  gsize n_cells = (gsize) series->n_columns * series->n_rows;

  mw_meter_info_unref (series->meter);
  g_free (series->logger);
  g_free (series->obis);
  for (guint c = 0; c < series->n_columns; c++) {
    g_free (series->columns[c].obis);
    g_free (series->columns[c].name);
  }
  g_free (series->columns);
  g_free (series->time);
  g_free (series->deviation);
  g_free (series->status);
  g_free (series->sequence);
  g_free (series->values);
  for (gsize i = 0; series->texts && i < n_cells; i++)
    g_free (series->texts[i]);
  g_free (series->texts);
}

void
mw_series_unref (MwSeries *series)
{
  if (series)
    g_atomic_rc_box_release_full (series, (GDestroyNotify) series_clear);
}

gboolean
mw_series_get_decimal (const MwSeries *series, guint row, guint column, mw_decimal *out)
{
  const MwColumn *c;
  gint64 value;

  g_return_val_if_fail (row < series->n_rows && column < series->n_columns, FALSE);
  c = &series->columns[column];
  value = series->values[(gsize) row * series->n_columns + column];
  if (value == MW_NULL_VALUE || (c->kind != MW_COLUMN_DECIMAL && c->kind != MW_COLUMN_CODE))
    return FALSE;
  *out = mw_decimal_of (value, c->kind == MW_COLUMN_CODE ? 0 : c->exponent, c->unit);
  return TRUE;
}

/* ---- small ones ---- */

void
mw_logger_state_free (MwLoggerState *state)
{
  if (!state)
    return;
  g_free (state->logger);
  g_free (state->obis);
  g_free (state);
}

void
mw_register_info_free (MwRegisterInfo *info)
{
  if (!info)
    return;
  g_free (info->obis);
  g_free (info->name);
  g_free (info->group);
  g_free (info);
}

void
mw_logger_info_free (MwLoggerInfo *info)
{
  if (!info)
    return;
  g_free (info->logger);
  g_free (info->name);
  g_free (info->obis);
  g_free (info->reason);
  g_clear_pointer (&info->columns, g_array_unref);
  g_free (info);
}
