/* report-profile.c: the report of a load profile: a chart for each unit, totals, days, values.
 */
#include <math.h>
#include <string.h>

#include "chart-private.h"
#include "duration.h"
#include "heatmap.h"
#include "report-private.h"

#define MAX_SHOWN 6 /* columns that fit on a page */

typedef struct {
  MwReportFrame f;
  const MwSeries *series;
  GPtrArray *bits; /* of MwStatusBit; NULL: not known */
  guint n;
  guint n_left_out;
  MwTrack *track[MAX_SHOWN];
  int prefix[MAX_SHOWN];
  const char *title[MAX_SHOWN];
  char *unit[MAX_SHOWN];     /* "1.8.0  kWh" */
  MwChart *chart[MAX_SHOWN]; /* one per unit, in the order in which they come */
  guint8 chart_unit[MAX_SHOWN];
  guint n_charts;
  MwChart *heat_chart; /* one of them; NULL: no heat map */
  guint heat_line;
} Profile;

/* ---- making it ready ---- */

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

static MwChart *
chart_for_unit (Profile *pr, guint8 unit)
{
  for (guint i = 0; i < pr->n_charts; i++)
    if (pr->chart_unit[i] == unit)
      return pr->chart[i];
  pr->chart_unit[pr->n_charts] = unit;
  pr->chart[pr->n_charts] = mw_chart_new ();
  mw_chart_set_zone (pr->chart[pr->n_charts], pr->f.zone);
  return pr->chart[pr->n_charts++];
}

static void
add_column (Profile *pr, guint c)
{
  const MwSeries *s = pr->series;
  MwQuantity quantity = pr->f.o->quantity;
  MwTrack *track;
  MwChart *chart;
  int line;

  /* A voltage has no energy: it is shown as it stands. */
  if (!mw_series_has_quantity (s, c, quantity))
    quantity = MW_QUANTITY_REGISTER;
  track = mw_track_new (s, c, quantity, pr->f.o->doubtful_mask);
  if (!track || pr->n == MAX_SHOWN) {
    pr->n_left_out++;
    mw_track_free (track);
    return;
  }
  pr->track[pr->n] = track;
  pr->prefix[pr->n] = prefix_of_track (track);
  pr->title[pr->n] = s->columns[c].name ? s->columns[c].name : s->columns[c].obis;
  pr->unit[pr->n] = dup_unit (&s->columns[c], pr->prefix[pr->n], track->unit);
  chart = chart_for_unit (pr, track->unit);
  line = mw_chart_add (chart, (MwSeries *) s, c, quantity, NULL, pr->f.o->doubtful_mask);
  if (pr->f.o->picture == MW_REPORT_HEAT_MAP && c == pr->f.o->column && line >= 0) {
    pr->heat_chart = chart;
    pr->heat_line = (guint) line;
  }
  pr->n++;
}

static void
profile_init (Profile *pr, const MwSeries *series, const MwReportOptions *options)
{
  mw_report_frame_init (&pr->f, options);
  pr->series = series;
  if (pr->f.o->store && series->meter)
    pr->bits =
        mw_store_list_status_bits (pr->f.o->store, series->meter->family, series->logger, NULL);
  for (guint c = 0; c < series->n_columns; c++)
    add_column (pr, c);
}

static void
profile_clear (Profile *pr)
{
  for (guint i = 0; i < pr->n; i++) {
    mw_track_free (pr->track[i]);
    g_free (pr->unit[i]);
  }
  for (guint i = 0; i < pr->n_charts; i++)
    mw_chart_free (pr->chart[i]);
  g_clear_pointer (&pr->bits, g_ptr_array_unref);
  mw_report_frame_clear (&pr->f);
}

/* ---- charts ---- */

static void
draw_picture (MwPaper *p, MwChart *chart, MwReportPicture picture, MwChartView view,
              double height)
{
  const MwChartStyle *style = &mw_chart_style_paper;

  if (picture == MW_REPORT_DURATION) {
    g_autoptr (MwDuration) duration = mw_duration_new (chart, view);
    mw_duration_draw (duration, p->cr, style, MW_PAPER_INNER, height, NULL);
  } else {
    mw_chart_draw (chart, p->cr, style, view, MW_PAPER_INNER, height, NULL);
  }
}

static void
put_heatmap (MwPaper *p, const Profile *pr, double height)
{
  g_autoptr (MwHeatmap) map = NULL;
  MwChartView view;

  if (!mw_chart_get_extent (pr->heat_chart, &view))
    return;
  mw_paper_need (p, height + 50);
  mw_paper_space (p, 8);
  mw_paper_line (p, MW_FACE_BOLD, mw_chart_get_label (pr->heat_chart, pr->heat_line));
  if (!mw_paper_is_counting (p)) {
    map = mw_heatmap_new (pr->heat_chart, pr->heat_line);
    cairo_save (p->cr);
    cairo_translate (p->cr, MW_PAPER_MARGIN, p->y + 4);
    mw_heatmap_draw (map, p->cr, &mw_chart_style_paper, view, MW_PAPER_INNER, height, NULL);
    cairo_restore (p->cr);
  }
  p->y += height + 6;
}

static void
put_chart (MwPaper *p, MwChart *chart, MwReportPicture picture, double height)
{
  MwChartView view;
  double legend;

  if (!mw_chart_get_extent (chart, &view))
    return;
  mw_paper_need (p, height + 30);
  if (mw_paper_is_counting (p)) {
    legend = mw_chart_draw_legend (chart, NULL, &mw_chart_style_paper, MW_PAPER_INNER);
  } else {
    cairo_save (p->cr);
    cairo_translate (p->cr, MW_PAPER_MARGIN, p->y + 4);
    draw_picture (p, chart, picture, view, height);
    cairo_translate (p->cr, 0, height);
    legend = mw_chart_draw_legend (chart, p->cr, &mw_chart_style_paper, MW_PAPER_INNER);
    cairo_restore (p->cr);
  }
  p->y += height + 6 + legend;
}

/* ---- totals ---- */

static gboolean
is_energy (const MwTrack *t)
{
  return (t->unit == MW_UNIT_WH || t->unit == MW_UNIT_VARH || t->unit == MW_UNIT_VAH)
         && t->n > 0 && t->from[0] != t->to[0];
}

/* What is exact is said; a mean is not, so there is none. */
static void
put_total (MwPaper *p, const Profile *pr, guint i)
{
  const MwTrack *t = pr->track[i];
  gint64 sum = 0, least = G_MAXINT64, greatest = G_MININT64;
  gboolean sums = is_energy (t);
  char cells[4][MW_DECIMAL_TEXT] = { "", "", "", "" };
  guint n_null = 0;

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
      mw_report_format_value (mw_decimal_of (sum, t->exponent, t->unit), pr->prefix[i],
                              cells[0], sizeof cells[0]);
    mw_report_format_value (mw_decimal_of (least, t->exponent, t->unit), pr->prefix[i],
                            cells[1], sizeof cells[1]);
    mw_report_format_value (mw_decimal_of (greatest, t->exponent, t->unit), pr->prefix[i],
                            cells[2], sizeof cells[2]);
  }
  g_snprintf (cells[3], sizeof cells[3], "%u", n_null);
  mw_paper_table_row (p, (const char *const[]){ pr->title[i], pr->unit[i], cells[0], cells[1],
                                                cells[2], cells[3] });
}

static void
put_totals (MwPaper *p, const Profile *pr)
{
  static const MwPaperColumn columns[] = { { "Column", 150, 0 },  { "Unit", 71, 0 },
                                           { "Sum", 75, 1 },      { "Least", 65, 1 },
                                           { "Greatest", 65, 1 }, { "Without value", 85, 1 } };

  mw_paper_heading (p, "In this period");
  mw_paper_table_begin (p, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < pr->n; i++)
    put_total (p, pr, i);
  mw_paper_table_end (p);
}

/* ---- tables with a column for each track ---- */

static void
begin_table (MwPaper *p, const Profile *pr, MwPaperColumn columns[MAX_SHOWN + 2],
             const char *first, const char *last)
{
  double time_width = 80, status_width = pr->n > 4 ? 60 : 79;
  double width = (MW_PAPER_INNER - time_width - status_width) / MAX (pr->n, 1);

  columns[0] = (MwPaperColumn){ first, time_width, 0, NULL, FALSE };
  for (guint i = 0; i < pr->n; i++)
    columns[i + 1] = (MwPaperColumn){ pr->title[i], width, 1, pr->unit[i], FALSE };
  columns[pr->n + 1] = (MwPaperColumn){ last, status_width, 0, NULL, FALSE };
  mw_paper_table_begin (p, columns, pr->n + 2);
}

/* ---- days ---- */

/* The points FIRST … END - 1 are one local day; the sums of the energies in it. */
static void
put_day (MwPaper *p, const Profile *pr, guint first, guint end, gint64 day_s)
{
  char numbers[MAX_SHOWN][MW_DECIMAL_TEXT];
  const char *cells[MAX_SHOWN + 2];
  g_autofree char *day = mw_report_dup_time (&pr->f, pr->track[0]->from[first], "%Y-%m-%d %a");
  gboolean complete = TRUE;

  cells[0] = day;
  for (guint i = 0; i < pr->n; i++) {
    const MwTrack *t = pr->track[i];
    gint64 sum = 0, covered = 0;
    gboolean fits = is_energy (t);
    for (guint k = first; k < end; k++)
      if (!(t->flags[k] & MW_POINT_NULL)) {
        fits = fits && !__builtin_add_overflow (sum, t->value[k], &sum);
        covered += t->to[k] - t->from[k];
      }
    complete = complete && (!is_energy (t) || covered == day_s);
    g_strlcpy (numbers[i], "", sizeof numbers[i]);
    if (fits)
      mw_report_format_value (mw_decimal_of (sum, t->exponent, t->unit), pr->prefix[i],
                              numbers[i], sizeof numbers[i]);
    cells[i + 1] = numbers[i];
  }
  cells[pr->n + 1] = complete ? "" : "incomplete";
  mw_paper_table_row (p, cells);
}

static void
put_days (MwPaper *p, const Profile *pr)
{
  const MwTrack *t = pr->n > 0 ? pr->track[0] : NULL;
  MwPaperColumn columns[MAX_SHOWN + 2];

  if (!t || !is_energy (t) || t->to[t->n - 1] - t->from[0] < 3 * 86400)
    return;
  mw_paper_heading (p, "Each day");
  begin_table (p, pr, columns, "Day", "");
  for (guint k = 0, end; k < t->n; k = end) {
    MwChartView day = mw_chart_snap (pr->chart[0], (double) t->from[k], MW_CHART_SPAN_DAY, 0);
    for (end = k + 1; end < t->n && (double) t->from[end] < day.t1;)
      end++;
    put_day (p, pr, k, end, (gint64) (day.t1 - day.t0));
  }
  mw_paper_table_end (p);
}

/* ---- values ---- */

/* "CIV PDN": the codes of the bits; hexadecimal without a catalogue. */
static void
format_status (const Profile *pr, guint32 status, char *buf, gsize cap)
{
  *buf = '\0';
  for (guint i = 0; pr->bits && i < pr->bits->len; i++) {
    const MwStatusBit *bit = g_ptr_array_index (pr->bits, i);
    guint32 mask = bit->bit < 32 ? 1u << bit->bit : 0;
    if (status & mask) {
      g_strlcat (buf, *buf ? " " : "", cap);
      g_strlcat (buf, bit->code, cap);
    }
    status &= ~mask;
  }
  if (status) {
    gsize len = strlen (buf);
    g_snprintf (buf + len, (gulong) (cap - len), "%s0x%02X", len ? " " : "", status);
  }
}

/* What the codes that occur mean: "DST daylight saving time · PDN power failure". */
static void
put_status_legend (MwPaper *p, const Profile *pr)
{
  g_autoptr (GString) legend = g_string_new (NULL);
  guint32 seen = 0;

  for (guint r = 0; r < pr->series->n_rows; r++)
    seen |= pr->series->status[r];
  for (guint i = 0; pr->bits && i < pr->bits->len; i++) {
    const MwStatusBit *bit = g_ptr_array_index (pr->bits, i);
    if (bit->bit < 32 && (seen & 1u << bit->bit))
      g_string_append_printf (legend, "%s%s: %s", legend->len ? "  ·  " : "", bit->code,
                              bit->name);
  }
  if (legend->len)
    mw_paper_line (p, MW_FACE_SMALL, legend->str);
}

static void
put_row (MwPaper *p, const Profile *pr, guint r)
{
  const MwSeries *s = pr->series;
  char numbers[MAX_SHOWN][MW_DECIMAL_TEXT], status[64];
  const char *cells[MAX_SHOWN + 2];
  g_autofree char *time = NULL;

  if (r > 0 && pr->n > 0 && (pr->track[0]->flags[r] & MW_POINT_GAP)) {
    g_autofree char *since = mw_report_dup_time (&pr->f, s->time[r - 1], "%Y-%m-%d %H:%M");
    g_autofree char *note = g_strdup_printf ("No values from %s on", since);
    mw_paper_table_note (p, note);
  }
  if (mw_paper_is_counting (p)) {
    mw_paper_table_row (p, NULL);
    return;
  }
  time = mw_report_dup_time (&pr->f, s->time[r], "%Y-%m-%d %H:%M");
  cells[0] = time;
  for (guint i = 0; i < pr->n; i++) {
    const MwTrack *t = pr->track[i];
    g_strlcpy (numbers[i], "–", sizeof numbers[i]);
    if (!(t->flags[r] & MW_POINT_NULL))
      mw_report_format_value (mw_track_value (t, r), pr->prefix[i], numbers[i],
                              sizeof numbers[i]);
    cells[i + 1] = numbers[i];
  }
  format_status (pr, s->status[r], status, sizeof status);
  cells[pr->n + 1] = status;
  mw_paper_table_row (p, cells);
}

static void
put_rows (MwPaper *p, const Profile *pr)
{
  MwPaperColumn columns[MAX_SHOWN + 2];

  mw_paper_heading (p, "Values");
  put_status_legend (p, pr);
  begin_table (p, pr, columns, "Until", "Status");
  for (guint r = 0; r < pr->series->n_rows; r++)
    put_row (p, pr, r);
  mw_paper_table_end (p);
}

/* ---- the report ---- */

static void
put_facts (MwPaper *p, const Profile *pr)
{
  static const char *const shown[] = { "Registers as the meter keeps them",
                                       "Energy of each interval",
                                       "Average power of each interval" };
  const MwSeries *s = pr->series;
  g_autofree char *rows = g_strdup_printf ("%u", s->n_rows);
  g_autofree char *logger = mw_report_dup_logger_name (&pr->f, s);
  g_autofree char *period = g_strdup_printf ("%u minutes", s->period_s / 60);

  mw_report_put_identity (p, s->meter);
  mw_paper_fact (p, "Logger", logger);
  if (s->n_rows > 0)
    mw_report_put_period (p, &pr->f, pr->f.o->from ? pr->f.o->from : s->time[0],
                          pr->f.o->to ? pr->f.o->to : s->time[s->n_rows - 1]);
  if (s->period_s)
    mw_paper_fact (p, "Capture period", period);
  mw_paper_fact (p, "Rows", rows);
  mw_paper_fact (p, "Shown", shown[pr->f.o->quantity]);
  if (pr->n_left_out > 0) {
    g_autofree char *left =
        g_strdup_printf ("%u more columns, which the CSV export has", pr->n_left_out);
    mw_paper_fact (p, "Not shown", left);
  }
}

static void
put_profile (MwPaper *p, gpointer data)
{
  const Profile *pr = data;

  put_facts (p, pr);
  if (pr->series->n_rows == 0) {
    mw_paper_space (p, 12);
    mw_paper_line (p, MW_FACE_TEXT, "There are no values in this period.");
    return;
  }
  if (pr->heat_chart)
    put_heatmap (p, pr, 260);
  for (guint i = 0; !pr->heat_chart && i < pr->n_charts; i++)
    put_chart (p, pr->chart[i], pr->f.o->picture, pr->n_charts == 1 ? 220 : i == 0 ? 165 : 130);
  put_totals (p, pr);
  put_days (p, pr);
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
