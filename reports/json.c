/* json.c: the JSON documents of the command line; see json.h. */
#include "json.h"

#include <string.h>

#include "textbuf.h"

void
mw_json_append_string (GString *json, const char *text)
{
  if (!text) {
    g_string_append (json, "null");
    return;
  }
  g_string_append_c (json, '"');
  for (const char *at = text; *at; at++) {
    guchar c = (guchar) *at;
    if (c == '"' || c == '\\')
      g_string_append_printf (json, "\\%c", c);
    else if (c == '\n')
      g_string_append (json, "\\n");
    else if (c < 0x20 || c == 0x7f)
      g_string_append_printf (json, "\\u%04x", c);
    else
      g_string_append_c (json, (char) c);
  }
  g_string_append_c (json, '"');
}

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  mw_json_append_string (json, text);
}

void
mw_json_append_time (GString *json, gint64 utc, GTimeZone *zone)
{
  g_autoptr (GTimeZone) local = zone ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  int interval = g_time_zone_find_interval (local, G_TIME_TYPE_UNIVERSAL, utc);
  mw_civil civil = mw_civil_from_utc (
      utc, (int16_t) (g_time_zone_get_offset (local, interval) / 60), MW_CLOCK_STATUS_ANY);
  char text[MW_CIVIL_TEXT];

  g_string_append_printf (json, "\"%.*s\"", (int) mw_civil_format (&civil, text, sizeof text),
                          text);
}

void
mw_json_append_meter (GString *json, const MwMeterInfo *meter, GTimeZone *zone)
{
  if (!meter) {
    g_string_append (json, "null");
    return;
  }
  g_string_append (json, "{\"serial\":");
  mw_json_append_string (json, meter->serial);
  append_member (json, "manufacturer", meter->manufacturer);
  append_member (json, "family", meter->family);
  append_member (json, "type", meter->type);
  append_member (json, "logical_name", meter->logical_name);
  append_member (json, "firmware", meter->firmware);
  g_string_append_printf (json, ",\"reference\":%s", meter->reference ? "true" : "false");
  append_member (json, "label", meter->label);
  append_member (json, "link", meter->last_link);
  if (meter->last_seen) {
    g_string_append (json, ",\"last_seen\":");
    mw_json_append_time (json, meter->last_seen, zone);
  }
  g_string_append_c (json, '}');
}

/* ---- a reading ---- */

static const char *
kind_name (MwReadingKind kind)
{
  static const char *const names[] = {
    "decimal", "text", "time", "bytes", "struct", "refused"
  };

  return names[kind];
}

void
mw_json_append_reading (GString *json, const MwReading *reading)
{
  g_autofree char *text = mw_reading_dup_text (reading);
  char captured[MW_CIVIL_TEXT];

  g_string_append (json, "{\"obis\":");
  mw_json_append_string (json, reading->obis);
  g_string_append_printf (json, ",\"class\":%u,\"attribute\":%d,\"kind\":\"%s\"",
                          reading->class_id, reading->attribute, kind_name (reading->kind));
  append_member (json, "name", reading->name);
  append_member (json, "group", reading->group);
  if (reading->kind == MW_READING_REFUSED) {
    g_string_append_printf (json, ",\"value\":null,\"result\":%d", reading->result);
    append_member (json, "refused", text);
  } else {
    append_member (json, "value", text);
  }
  if (reading->kind == MW_READING_DECIMAL)
    append_member (json, "unit", mw_unit_text (reading->value.unit));
  if (reading->has_captured && mw_civil_format (&reading->captured, captured, sizeof captured))
    append_member (json, "captured", captured);
  g_string_append_c (json, '}');
}

gboolean
mw_json_write_readout (const MwReadout *readout, GTimeZone *zone, GOutputStream *out,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) json = g_string_new ("{\"meter\":");

  mw_json_append_meter (json, readout->meter, zone);
  g_string_append (json, ",\"time\":");
  mw_json_append_time (json, readout->at, zone);
  g_string_append (json, ",\"meter_clock\":");
  if (readout->meter_clock == G_MININT64)
    g_string_append (json, "null");
  else
    mw_json_append_time (json, readout->meter_clock, zone);
  append_member (json, "link", readout->link);
  append_member (json, "profile", readout->profile);
  g_string_append (json, ",\"readings\":[");
  for (guint i = 0; i < readout->readings->len; i++) {
    if (i > 0)
      g_string_append_c (json, ',');
    mw_json_append_reading (json, g_ptr_array_index (readout->readings, i));
  }
  g_string_append (json, "]}\n");
  return g_output_stream_write_all (out, json->str, json->len, NULL, cancellable, error);
}

/* ---- a logger ---- */

static void
write_head (MwTextbuf *b, const MwSeries *series, GTimeZone *zone)
{
  g_autoptr (GString) json = g_string_new ("{\"meter\":");

  mw_json_append_meter (json, series->meter, zone);
  append_member (json, "logger", series->logger);
  append_member (json, "obis", series->obis);
  g_string_append_printf (json, ",\"period_s\":%u,\"columns\":[", series->period_s);
  for (guint c = 0; c < series->n_columns; c++) {
    const MwColumn *column = &series->columns[c];
    g_string_append (json, c ? ",{\"obis\":" : "{\"obis\":");
    mw_json_append_string (json, column->obis);
    append_member (json, "name", column->name);
    append_member (json, "unit", mw_unit_text (column->unit));
    g_string_append_c (json, '}');
  }
  g_string_append (json, "],\"entries\":[");
  mw_textbuf_bytes (b, json->str, json->len);
}

static void
write_text (MwTextbuf *b, const char *text)
{
  g_autoptr (GString) json = g_string_new (NULL);

  mw_json_append_string (json, text);
  mw_textbuf_bytes (b, json->str, json->len);
}

static void
write_cell (MwTextbuf *b, const MwSeries *series, guint r, guint c)
{
  const MwColumn *column = &series->columns[c];
  gsize cell = (gsize) r * series->n_columns + c;

  if (column->kind == MW_COLUMN_TEXT) {
    write_text (b, series->texts ? series->texts[cell] : NULL);
    return;
  }
  if (series->values[cell] == MW_NULL_VALUE) {
    mw_textbuf_text (b, "null");
    return;
  }
  mw_textbuf_char (b, '"');
  if (column->kind == MW_COLUMN_TIME)
    mw_textbuf_time (b, series->values[cell], series->deviation[r]);
  else
    mw_textbuf_decimal (b, series->values[cell],
                        column->kind == MW_COLUMN_CODE ? 0 : column->exponent, '.');
  mw_textbuf_char (b, '"');
}

static void
write_row (MwTextbuf *b, const MwSeries *series, guint r)
{
  mw_textbuf_text (b, r ? ",{\"time\":\"" : "{\"time\":\"");
  mw_textbuf_time (b, series->time[r], series->deviation[r]);
  mw_textbuf_text (b, "\",\"status\":");
  mw_textbuf_decimal (b, series->status[r], 0, '.');
  mw_textbuf_text (b, ",\"values\":[");
  for (guint c = 0; c < series->n_columns; c++) {
    if (c > 0)
      mw_textbuf_char (b, ',');
    write_cell (b, series, r, c);
  }
  mw_textbuf_text (b, "]}");
}

gboolean
mw_json_write_series (const MwSeries *series, GTimeZone *zone, GOutputStream *out,
                      GCancellable *cancellable, GError **error)
{
  MwTextbuf *b = mw_textbuf_new (out, zone, cancellable);

  write_head (b, series, zone);
  for (guint r = 0; r < series->n_rows && !b->error; r++)
    write_row (b, series, r);
  mw_textbuf_text (b, "]}\n");
  return mw_textbuf_finish (b, error);
}
