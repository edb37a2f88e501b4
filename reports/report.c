/* report.c: the reports: load profile, register read-out, events. */
#include "report.h"

#include <math.h>
#include <string.h>

#include "chart-private.h"
#include "paper.h"

/* ---- what all have ---- */

typedef struct {
  const MwReportOptions *o;
  GTimeZone *zone; /* owned */
  char *footer;
} Frame;

static const MwReportOptions defaults = { 0 };

static char *
dup_time (const Frame *f, gint64 t, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (t);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, f->zone) : NULL;

  return local ? g_date_time_format (local, format) : g_strdup ("");
}

static void
frame_init (Frame *f, const MwReportOptions *options)
{
  gint64 made_at;
  g_autofree char *at = NULL;

  f->o = options ? options : &defaults;
  f->zone = f->o->zone ? g_time_zone_ref (f->o->zone) : g_time_zone_new_local ();
  made_at = f->o->made_at ? f->o->made_at : g_get_real_time () / G_USEC_PER_SEC;
  at = dup_time (f, made_at, "%-d %b %Y, %H:%M %Z");
  f->footer = g_strdup_printf ("Made %s%s%s with Meterwright", at, f->o->author ? " by " : "",
                               f->o->author ? f->o->author : "");
}

static void
frame_clear (Frame *f)
{
  g_time_zone_unref (f->zone);
  g_free (f->footer);
}

/* Who the meter is; the table that begins every report. */
static void
put_identity (MwPaper *p, const MwMeterInfo *m)
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

static void
put_period (MwPaper *p, const Frame *f, gint64 from, gint64 to)
{
  g_autofree char *a = dup_time (f, from, "%-d %b %Y, %H:%M");
  g_autofree char *b = dup_time (f, to, "%-d %b %Y, %H:%M");
  g_autofree char *both = g_strdup_printf ("%s to %s", a, b);

  mw_paper_fact (p, "Period", both);
}

/* D shown in 10^PREFIX of its unit with the decimals it has: 310 Wh are 0.310 kWh. */
static void
format_value (mw_decimal d, int prefix, char *buf, gsize cap)
{
  d.exponent = (int8_t) (d.exponent - prefix);
  buf[mw_decimal_format (d, buf, cap)] = '\0';
}

/* "Standard events" rather than "events-standard", where the catalogue knows it. */
static char *
dup_logger_name (const Frame *f, const MwSeries *s)
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

/* ---- load profile ---- */

#define MAX_SHOWN 6 /* columns that fit on a page */

typedef struct {
  Frame f;
  const MwSeries *series;
  MwChart *chart;
  guint n;
  guint column[MAX_SHOWN];
  MwTrack *track[MAX_SHOWN];
  int prefix[MAX_SHOWN];
  const char *title[MAX_SHOWN];
  char *unit[MAX_SHOWN]; /* "1.8.0  kWh" */
} Profile;

static int
prefix_of_track (const MwTrack *t)
{
  double greatest = 0;

  for (guint i = 0; i < t->n; i++)
    if (!(t->flags[i] & MW_POINT_NULL))
      greatest = MAX (greatest, fabs (mw_decimal_to_double (mw_track_value (t, i))));
  return mw_prefix_for (t->unit, greatest);
}

/* "1.8.0  kWh": groups C, D and E are what people call a register by. */
static char *
dup_unit (const MwColumn *column, int prefix, guint8 unit)
{
  const char *code = column->obis ? strchr (column->obis, ':') : NULL;
  const char *end = code ? strrchr (code, '.') : NULL;

  return g_strdup_printf ("%.*s  %s%s", end ? (int) (end - code - 1) : 0, end ? code + 1 : "",
                          mw_prefix_text (prefix), mw_unit_text (unit));
}

static void
profile_init (Profile *pr, const MwSeries *series, const MwReportOptions *options)
{
  frame_init (&pr->f, options);
  pr->series = series;
  pr->chart = mw_chart_new ();
  mw_chart_set_zone (pr->chart, pr->f.zone);
  for (guint c = 0; c < series->n_columns && pr->n < MAX_SHOWN; c++) {
    MwQuantity quantity = pr->f.o->quantity;
    MwTrack *track;
    /* A voltage has no energy: it is shown as it stands. */
    if (!mw_series_has_quantity (series, c, quantity))
      quantity = MW_QUANTITY_REGISTER;
    track = mw_track_new (series, c, quantity, pr->f.o->doubtful_mask);
    if (!track)
      continue;
    pr->column[pr->n] = c;
    pr->track[pr->n] = track;
    pr->prefix[pr->n] = prefix_of_track (track);
    pr->title[pr->n] =
        series->columns[c].name ? series->columns[c].name : series->columns[c].obis;
    pr->unit[pr->n] = dup_unit (&series->columns[c], pr->prefix[pr->n], track->unit);
    mw_chart_add (pr->chart, (MwSeries *) series, c, quantity, NULL, pr->f.o->doubtful_mask);
    pr->n++;
  }
}

static void
profile_clear (Profile *pr)
{
  for (guint i = 0; i < pr->n; i++) {
    mw_track_free (pr->track[i]);
    g_free (pr->unit[i]);
  }
  mw_chart_free (pr->chart);
  frame_clear (&pr->f);
}

static void
put_chart (MwPaper *p, const Profile *pr)
{
  MwChartView view;
  double height = 190;

  if (!mw_chart_get_extent (pr->chart, &view))
    return;
  mw_paper_need (p, height + 40);
  cairo_save (p->cr);
  cairo_translate (p->cr, MW_PAPER_MARGIN, p->y + 4);
  mw_chart_draw (pr->chart, p->cr, &mw_chart_style_paper, view, MW_PAPER_INNER, height, NULL);
  cairo_translate (p->cr, 0, height + 4);
  p->y += height + 12
          + mw_chart_draw_legend (pr->chart, p->cr, &mw_chart_style_paper, MW_PAPER_INNER);
  cairo_restore (p->cr);
}

/* Sum (energy), or mean is left out: what is exact is said, nothing else. */
static void
put_totals (MwPaper *p, const Profile *pr)
{
  static const MwPaperColumn columns[] = { { "Column", 150, 0 },  { "Unit", 71, 0 },
                                           { "Sum", 75, 1 },      { "Least", 65, 1 },
                                           { "Greatest", 65, 1 }, { "Without value", 85, 1 } };

  mw_paper_heading (p, "In this period");
  mw_paper_table_begin (p, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < pr->n; i++) {
    const MwTrack *t = pr->track[i];
    gint64 sum = 0, least = G_MAXINT64, greatest = G_MININT64;
    gboolean energy =
        t->unit == MW_UNIT_WH || t->unit == MW_UNIT_VARH || t->unit == MW_UNIT_VAH;
    gboolean sums = energy && t->n > 0 && t->from[0] != t->to[0];
    guint n_null = 0;
    char cells[4][MW_DECIMAL_TEXT] = { "", "", "", "" };
    for (guint k = 0; k < t->n; k++) {
      if (t->flags[k] & MW_POINT_NULL) {
        n_null++;
        continue;
      }
      sums = sums && !__builtin_add_overflow (sum, t->value[k], &sum);
      least = MIN (least, t->value[k]);
      greatest = MAX (greatest, t->value[k]);
    }
    if (least <= greatest) {
      if (sums)
        format_value (mw_decimal_of (sum, t->exponent, t->unit), pr->prefix[i], cells[0],
                      sizeof cells[0]);
      format_value (mw_decimal_of (least, t->exponent, t->unit), pr->prefix[i], cells[1],
                    sizeof cells[1]);
      format_value (mw_decimal_of (greatest, t->exponent, t->unit), pr->prefix[i], cells[2],
                    sizeof cells[2]);
    }
    g_snprintf (cells[3], sizeof cells[3], "%u", n_null);
    mw_paper_table_row (p, (const char *const[]){ pr->title[i], pr->unit[i], cells[0], cells[1],
                                                  cells[2], cells[3] });
  }
  mw_paper_table_end (p);
}

static char *
dup_status (const Frame *f, const MwSeries *s, guint32 status)
{
  if (status == 0)
    return g_strdup ("");
  return f->o->store && s->meter
             ? mw_store_dup_status_text (f->o->store, s->meter->family, s->logger, status)
             : g_strdup_printf ("0x%02X", status);
}

static void
put_rows (MwPaper *p, const Profile *pr)
{
  double time_width = 80, status_width = pr->n > 4 ? 60 : 79;
  double width = (MW_PAPER_INNER - time_width - status_width) / MAX (pr->n, 1);
  MwPaperColumn columns[MAX_SHOWN + 2] = { { "Until", time_width, 0 } };
  const MwSeries *s = pr->series;

  for (guint i = 0; i < pr->n; i++)
    columns[i + 1] = (MwPaperColumn){ pr->title[i], width, 1, pr->unit[i], FALSE };
  columns[pr->n + 1] = (MwPaperColumn){ "Status", status_width, 0, NULL, TRUE };
  mw_paper_heading (p, "Values");
  mw_paper_table_begin (p, columns, pr->n + 2);
  for (guint r = 0; r < s->n_rows; r++) {
    char numbers[MAX_SHOWN][MW_DECIMAL_TEXT];
    const char *cells[MAX_SHOWN + 2];
    g_autofree char *time = dup_time (&pr->f, s->time[r], "%Y-%m-%d %H:%M");
    g_autofree char *status = dup_status (&pr->f, s, s->status[r]);
    if (r > 0 && pr->n > 0 && (pr->track[0]->flags[r] & MW_POINT_GAP)) {
      g_autofree char *since = dup_time (&pr->f, s->time[r - 1], "%Y-%m-%d %H:%M");
      g_autofree char *note = g_strdup_printf ("No values from %s on", since);
      mw_paper_table_note (p, note);
    }
    cells[0] = time;
    for (guint i = 0; i < pr->n; i++) {
      const MwTrack *t = pr->track[i];
      g_strlcpy (numbers[i], "–", sizeof numbers[i]);
      if (!(t->flags[r] & MW_POINT_NULL))
        format_value (mw_track_value (t, r), pr->prefix[i], numbers[i], sizeof numbers[i]);
      cells[i + 1] = numbers[i];
    }
    cells[pr->n + 1] = status;
    mw_paper_table_row (p, cells);
  }
  mw_paper_table_end (p);
}

static void
put_profile (MwPaper *p, gpointer data)
{
  const Profile *pr = data;
  const MwSeries *s = pr->series;
  g_autofree char *rows = g_strdup_printf ("%u", s->n_rows);
  g_autofree char *logger = dup_logger_name (&pr->f, s);
  g_autofree char *period = g_strdup_printf ("%u minutes", s->period_s / 60);
  static const char *const shown[] = { "Registers as the meter keeps them",
                                       "Energy of each interval",
                                       "Average power of each interval" };

  put_identity (p, s->meter);
  mw_paper_fact (p, "Logger", logger);
  if (s->n_rows > 0)
    put_period (p, &pr->f, pr->f.o->from ? pr->f.o->from : s->time[0],
                pr->f.o->to ? pr->f.o->to : s->time[s->n_rows - 1]);
  if (s->period_s)
    mw_paper_fact (p, "Capture period", period);
  mw_paper_fact (p, "Rows", rows);
  mw_paper_fact (p, "Shown", shown[pr->f.o->quantity]);
  if (s->n_rows == 0) {
    mw_paper_space (p, 12);
    mw_paper_line (p, MW_FACE_TEXT, "There are no values in this period.");
    return;
  }
  put_chart (p, pr);
  put_totals (p, pr);
  put_rows (p, pr);
}

gboolean
mw_report_save_profile (const MwSeries *series, const MwReportOptions *options,
                        const char *path, GError **error)
{
  Profile pr = { 0 };
  gboolean ok;

  profile_init (&pr, series, options);
  ok = mw_paper_save (path, pr.f.o->title ? pr.f.o->title : "Load profile", series->meter,
                      pr.f.footer, put_profile, &pr, error);
  profile_clear (&pr);
  return ok;
}

/* ---- register read-out ---- */

typedef struct {
  Frame f;
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
  g_autofree char *at = dup_time (&r->f, readout->at, "%-d %b %Y, %H:%M:%S %Z");
  g_autofree char *count = g_strdup_printf ("%u", readout->readings->len);

  put_identity (p, readout->meter);
  mw_paper_fact (p, "Read", at);
  if (readout->meter_clock != G_MININT64) {
    g_autofree char *clock = dup_time (&r->f, readout->meter_clock, "%-d %b %Y, %H:%M:%S");
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

  frame_init (&r.f, options);
  ok = mw_paper_save (path, r.f.o->title ? r.f.o->title : "Register read-out", readout->meter,
                      r.f.footer, put_readout, &r, error);
  frame_clear (&r.f);
  return ok;
}

/* ---- events ---- */

typedef struct {
  Frame f;
  const MwSeries *const *series;
  guint n_series;
} Events;

/* The event's own words, from the first column that holds a code. */
static char *
dup_event (const Frame *f, const MwSeries *s, guint r, char **code, char **description)
{
  g_autoptr (GString) rest = g_string_new (NULL);
  char *name = NULL;

  for (guint c = 0; c < s->n_columns; c++) {
    gsize cell = (gsize) r * s->n_columns + c;
    char number[MW_DECIMAL_TEXT];
    mw_decimal d;
    if (!*code && s->columns[c].kind == MW_COLUMN_CODE && s->values[cell] != MW_NULL_VALUE) {
      *code = g_strdup_printf ("%" G_GINT64_FORMAT, s->values[cell]);
      if (f->o->store && s->meter)
        name = mw_store_dup_event_text (f->o->store, s->meter->family, s->logger,
                                        s->values[cell], description);
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

  put_identity (p, e->n_series ? e->series[0]->meter : NULL);
  if (e->f.o->from && e->f.o->to)
    put_period (p, &e->f, e->f.o->from, e->f.o->to);
  for (guint i = 0; i < e->n_series; i++) {
    const MwSeries *s = e->series[i];
    g_autofree char *log_name = dup_logger_name (&e->f, s);
    g_autofree char *title = g_strdup_printf ("%s (%u)", log_name, s->n_rows);
    mw_paper_heading (p, title);
    if (s->n_rows == 0) {
      mw_paper_line (p, MW_FACE_TEXT, "No events.");
      continue;
    }
    mw_paper_table_begin (p, columns, G_N_ELEMENTS (columns));
    for (guint r = s->n_rows; r-- > 0;) { /* newest first */
      g_autofree char *time = dup_time (&e->f, s->time[r], "%Y-%m-%d %H:%M:%S");
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

  frame_init (&e.f, options);
  ok = mw_paper_save (path, e.f.o->title ? e.f.o->title : "Events",
                      n_series ? series[0]->meter : NULL, e.f.footer, put_events, &e, error);
  frame_clear (&e.f);
  return ok;
}
