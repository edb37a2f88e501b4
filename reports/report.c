/* report.c: the reports of read-outs and events, and what all reports have. */
#include <string.h>

#include "report-private.h"

/* ---- what all have ---- */

static const MwReportOptions defaults = { 0 };

char *
mw_report_dup_time (const MwReportFrame *f, gint64 t, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (t);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, f->zone) : NULL;

  return local ? g_date_time_format (local, format) : g_strdup ("");
}

void
mw_report_frame_init (MwReportFrame *f, const MwReportOptions *options)
{
  gint64 made_at;
  g_autofree char *at = NULL;

  f->o = options ? options : &defaults;
  f->zone = f->o->zone ? g_time_zone_ref (f->o->zone) : g_time_zone_new_local ();
  made_at = f->o->made_at ? f->o->made_at : g_get_real_time () / G_USEC_PER_SEC;
  at = mw_report_dup_time (f, made_at, "%-d %b %Y, %H:%M %Z");
  f->footer = g_strdup_printf ("Made %s%s%s with Meterwright", at, f->o->author ? " by " : "",
                               f->o->author ? f->o->author : "");
}

void
mw_report_frame_clear (MwReportFrame *f)
{
  g_time_zone_unref (f->zone);
  g_free (f->footer);
}

/* Who the meter is; the table that begins every report. */
void
mw_report_put_identity (MwPaper *p, const MwMeterInfo *m)
{
  g_autofree char *type = NULL;

  if (!m)
    return;
  type = g_strdup_printf ("%s%s%s", m->manufacturer ? m->manufacturer : "",
                          m->manufacturer && m->type ? " " : "", m->type ? m->type : "");
  mw_paper_fact (p, "Serial number", m->serial);
  mw_paper_fact (p, "Type", type);
  mw_paper_fact (p, "Firmware", m->firmware);
  mw_paper_fact (p, "Logical device name", m->logical_name);
  mw_paper_fact (p, "Name given here", m->label);
}

/* "local time, CEST and CET": what the clock on the wall shows. */
static char *
dup_zone (const MwReportFrame *f, gint64 from, gint64 to)
{
  g_autofree char *a = mw_report_dup_time (f, from, "%Z");
  g_autofree char *b = mw_report_dup_time (f, to, "%Z");

  return g_strdup_printf ("%s%s%s", a, strcmp (a, b) == 0 ? "" : " and ",
                          strcmp (a, b) == 0 ? "" : b);
}

void
mw_report_put_period (MwPaper *p, const MwReportFrame *f, gint64 from, gint64 to)
{
  g_autofree char *a = mw_report_dup_time (f, from, "%-d %b %Y, %H:%M");
  g_autofree char *b = mw_report_dup_time (f, to, "%-d %b %Y, %H:%M");
  g_autofree char *both = g_strdup_printf ("%s to %s", a, b);
  g_autofree char *zone = NULL;

  mw_paper_fact (p, "Period", both);
  zone = dup_zone (f, from, to);
  mw_paper_fact (p, "Times", zone);
}

/* D shown in 10^PREFIX of its unit with the decimals it has: 310 Wh are 0.310 kWh. */
void
mw_report_format_value (mw_decimal d, int prefix, char *buf, gsize cap)
{
  d.exponent = (int8_t) (d.exponent - prefix);
  buf[mw_decimal_format (d, buf, cap)] = '\0';
}

/* "Standard events" rather than "events-standard", where the catalogue knows it. */
char *
mw_report_dup_logger_name (const MwReportFrame *f, const MwSeries *s)
{
  g_autoptr (GPtrArray) loggers =
      f->o->store && s->meter
          ? mw_store_list_family_loggers (f->o->store, s->meter->family, NULL)
          : NULL;

  for (guint i = 0; loggers && i < loggers->len; i++) {
    const MwLoggerInfo *info = g_ptr_array_index (loggers, i);
    if (g_strcmp0 (info->logger, s->logger) == 0)
      return g_strdup (info->name);
  }
  return g_strdup (s->logger);
}

/* ---- register read-out ---- */

typedef struct {
  MwReportFrame f;
  const MwReadout *readout;
} Readout;

static void
put_reading (MwPaper *p, const MwReading *reading)
{
  g_autofree char *text = mw_reading_dup_text (reading);
  char captured[MW_CIVIL_TEXT] = "";
  char *line_end = strchr (text, '\n');
  const char *unit = "";

  if (reading->kind == MW_READING_DECIMAL)
    unit = mw_unit_text (reading->value.unit);
  if (line_end) /* a structure: its first line stands for it */
    memcpy (line_end, "\0", 1);
  if (reading->has_captured)
    captured[mw_civil_format (&reading->captured, captured, sizeof captured)] = '\0';
  if (reading->kind == MW_READING_REFUSED) {
    g_autofree char *refused = g_strdup_printf ("refused: %s", text);
    mw_paper_table_row (p,
                        (const char *const[]){ reading->obis, reading->name, refused, "", "" });
    return;
  }
  mw_paper_table_row (
      p, (const char *const[]){ reading->obis, reading->name, text, unit, captured });
}

static char *
dup_capitalised (const char *text)
{
  char *copy = g_strdup (text);

  *copy = g_ascii_toupper (*copy);
  return copy;
}

/* The readings group by group, in the order in which the groups first come. */
static void
put_groups (MwPaper *p, const MwReadout *readout)
{
  static const MwPaperColumn columns[] = { { "OBIS code", 78, 0 },
                                           { "Name", 140, 0 },
                                           { "Value", 130, 1 },
                                           { "Unit", 34, 0 },
                                           { "At", 129, 0 } };
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();

  mw_paper_space (p, 8);
  mw_paper_table_begin (p, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < readout->readings->len; i++) {
    const MwReading *first = g_ptr_array_index (readout->readings, i);
    const char *group = first->group ? first->group : "other";
    g_autofree char *title = dup_capitalised (group);
    if (g_ptr_array_find_with_equal_func (seen, group, g_str_equal, NULL))
      continue;
    g_ptr_array_add (seen, (gpointer) group);
    mw_paper_table_group (p, title);
    for (guint k = i; k < readout->readings->len; k++) {
      const MwReading *reading = g_ptr_array_index (readout->readings, k);
      if (g_str_equal (reading->group ? reading->group : "other", group))
        put_reading (p, reading);
    }
  }
  mw_paper_table_end (p);
}

static void
put_readout (MwPaper *p, gpointer data)
{
  const Readout *r = data;
  const MwReadout *readout = r->readout;
  g_autofree char *at = mw_report_dup_time (&r->f, readout->at, "%-d %b %Y, %H:%M:%S %Z");
  g_autofree char *count = g_strdup_printf ("%u", readout->readings->len);

  mw_report_put_identity (p, readout->meter);
  mw_paper_fact (p, "Read", at);
  if (readout->meter_clock != G_MININT64) {
    g_autofree char *clock =
        mw_report_dup_time (&r->f, readout->meter_clock, "%-d %b %Y, %H:%M:%S");
    g_autofree char *drift = g_strdup_printf ("%s (%+" G_GINT64_FORMAT " s)", clock,
                                              readout->meter_clock - readout->at);
    mw_paper_fact (p, "Meter's clock then", drift);
  }
  mw_paper_fact (p, "Over", readout->link);
  mw_paper_fact (p, "Register profile", readout->profile);
  mw_paper_fact (p, "Registers", count);
  put_groups (p, readout);
}

gboolean
mw_report_save_readout (const MwReadout *readout, const MwReportOptions *options,
                        const char *path, GError **error)
{
  Readout r = { .readout = readout };
  gboolean ok;

  mw_report_frame_init (&r.f, options);
  ok = mw_paper_save (path, r.f.o->title ? r.f.o->title : "Register read-out", readout->meter,
                      r.f.footer, put_readout, &r, error);
  mw_report_frame_clear (&r.f);
  return ok;
}

/* ---- events ---- */

typedef struct {
  MwReportFrame f;
  const MwSeries *const *series;
  guint n_series;
} Events;

/* The event's own words; the last code is the event's, what stands before it says where. */
static char *
dup_event (const MwReportFrame *f, const MwSeries *s, guint r, char **code, char **description)
{
  g_autoptr (GString) rest = g_string_new (NULL);
  char *name = NULL;

  for (guint c = 0; c < s->n_columns; c++) {
    gsize cell = (gsize) r * s->n_columns + c;
    char number[MW_DECIMAL_TEXT];
    mw_decimal d;
    if (s->columns[c].kind == MW_COLUMN_CODE && s->values[cell] != MW_NULL_VALUE) {
      g_free (*code);
      *code = g_strdup_printf ("%" G_GINT64_FORMAT, s->values[cell]);
      if (f->o->store && s->meter) {
        g_clear_pointer (description, g_free);
        g_free (mw_store_dup_event_text (f->o->store, s->meter->family, s->logger,
                                         s->values[cell], description));
      }
    } else if (s->columns[c].kind == MW_COLUMN_TEXT) {
      if (s->texts && s->texts[cell])
        g_string_append_printf (rest, "%s%s", rest->len ? ", " : "", s->texts[cell]);
    } else if (mw_series_get_decimal (s, r, c, &d)) {
      number[mw_decimal_format (d, number, sizeof number)] = '\0';
      g_string_append_printf (rest, "%s%s %s %s", rest->len ? ", " : "",
                              s->columns[c].name ? s->columns[c].name : "", number,
                              mw_unit_text (d.unit));
    }
  }
  if (f->o->store)
    name = mw_store_dup_row_words (f->o->store, s, r);
  if (!name && rest->len)
    return g_string_free (g_steal_pointer (&rest), FALSE);
  return name ? name : g_strdup ("");
}

static void
put_events (MwPaper *p, gpointer data)
{
  static const MwPaperColumn columns[] = {
    { "Time", 96, 0 }, { "Code", 34, 1 }, { "Event", 150, 0 }, { "Meaning", 231, 0, NULL, TRUE }
  };
  const Events *e = data;

  mw_report_put_identity (p, e->n_series ? e->series[0]->meter : NULL);
  if (e->f.o->from && e->f.o->to)
    mw_report_put_period (p, &e->f, e->f.o->from, e->f.o->to);
  for (guint i = 0; i < e->n_series; i++) {
    const MwSeries *s = e->series[i];
    g_autofree char *log_name = mw_report_dup_logger_name (&e->f, s);
    g_autofree char *title = g_strdup_printf ("%s (%u)", log_name, s->n_rows);
    mw_paper_heading (p, title);
    if (s->n_rows == 0) {
      mw_paper_line (p, MW_FACE_TEXT, "No events.");
      continue;
    }
    mw_paper_table_begin (p, columns, G_N_ELEMENTS (columns));
    for (guint r = s->n_rows; r-- > 0;) { /* newest first */
      g_autofree char *time = mw_report_dup_time (&e->f, s->time[r], "%Y-%m-%d %H:%M:%S");
      g_autofree char *code = NULL;
      g_autofree char *description = NULL;
      g_autofree char *name = dup_event (&e->f, s, r, &code, &description);
      mw_paper_table_row (p, (const char *const[]){ time, code, name, description });
    }
    mw_paper_table_end (p);
  }
}

gboolean
mw_report_save_events (const MwSeries *const *series, guint n_series,
                       const MwReportOptions *options, const char *path, GError **error)
{
  Events e = { .series = series, .n_series = n_series };
  gboolean ok;

  mw_report_frame_init (&e.f, options);
  ok = mw_paper_save (path, e.f.o->title ? e.f.o->title : "Events",
                      n_series ? series[0]->meter : NULL, e.f.footer, put_events, &e, error);
  mw_report_frame_clear (&e.f);
  return ok;
}
