/* chart.h: the chart of loggers that screen and paper share, drawn with cairo and Pango.
 *
 * A chart holds lines (a column of a series as one quantity) and knows nothing of windows:
 * where it looks is an MwChartView, where it was drawn is an MwChartGeometry that turns pixels
 * into times and back.  One thread at a time; different charts may be on different threads.
 *
 *   series, column, quantity --> track (derive.h) --> min/max pyramid --> pixel columns
 *
 * Drawing costs what the pixels cost, not what the points cost: per pixel column and line the
 * least and the greatest value come from a pyramid (8 to 1), drawn as 1-pixel rectangles
 * without antialiasing.  Where an interval is wider than some pixels it is drawn as a step.
 *
 * Time with the name t is UTC seconds as a double; the axis shows it in the chart's zone, so
 * that a day of 23 or 25 hours is that long.
 */
#ifndef MW_CHART_H
#define MW_CHART_H

#include <cairo.h>

#include "derive.h"

G_BEGIN_DECLS

typedef struct {
  double red, green, blue, alpha;
} MwChartColour;

#define MW_CHART_N_COLOURS 8

/* Colours and font. The library's: mw_chart_style_light, _dark, _high_contrast,
 * _high_contrast_dark, _paper; copy
 * and change one. */
typedef struct {
  MwChartColour background; /* alpha 0: none is painted */
  MwChartColour text;
  MwChartColour dim; /* text of minor weight, axes */
  MwChartColour grid;
  MwChartColour accent;                      /* window of the overview, selection */
  MwChartColour palette[MW_CHART_N_COLOURS]; /* Okabe-Ito, black turned to the text's colour */
  const char *font;                          /* Pango description: "Cantarell 10" */
  double line_width;
} MwChartStyle;

extern const MwChartStyle mw_chart_style_light;
extern const MwChartStyle mw_chart_style_dark;
extern const MwChartStyle mw_chart_style_high_contrast;
extern const MwChartStyle mw_chart_style_high_contrast_dark;
extern const MwChartStyle mw_chart_style_paper;

/* ---- the model ---- */

typedef struct _MwChart MwChart;

MwChart *mw_chart_new (void);
void mw_chart_free (MwChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwChart, mw_chart_free)

/* Add COLUMN of SERIES as QUANTITY; the chart keeps a reference.  LABEL NULL: the column's
 * name. Returns the line's number, -1 when the column has no such quantity. */
int mw_chart_add (MwChart *chart, MwSeries *series, guint column, MwQuantity quantity,
                  const char *label, guint32 doubtful_mask);
void mw_chart_remove_all (MwChart *chart);
guint mw_chart_get_n_lines (const MwChart *chart);
const char *mw_chart_get_label (const MwChart *chart, guint line);
/* Which of the style's colours a line has; 0-7, by the order in which lines were added. */
guint mw_chart_get_colour (const MwChart *chart, guint line);
void mw_chart_set_line_visible (MwChart *chart, guint line, gboolean visible);
gboolean mw_chart_get_line_visible (const MwChart *chart, guint line);
/* The zone of the time axis; NULL: the machine's own. For the meter's normal time:
 * g_time_zone_new_offset. */
void mw_chart_set_zone (MwChart *chart, GTimeZone *zone);

/* ---- where it looks ---- */

typedef struct {
  double t0; /* left edge */
  double t1; /* right edge, > t0 */
} MwChartView;

/* All that the visible lines have; FALSE and an empty day when they have nothing. */
gboolean mw_chart_get_extent (const MwChart *chart, MwChartView *extent);
/* VIEW with FACTOR times its width (0.5 zooms in), AT staying where it is; never narrower than
 * four capture periods nor wider than the extent. */
MwChartView mw_chart_zoom (const MwChart *chart, MwChartView view, double at, double factor);
/* VIEW moved by SECONDS, kept within the extent. */
MwChartView mw_chart_pan (const MwChart *chart, MwChartView view, double seconds);
/* Exactly FROM … TO (either order), made wide enough and kept within the extent. */
MwChartView mw_chart_zoom_to (const MwChart *chart, double from, double to);

typedef enum {
  MW_CHART_SPAN_DAY,
  MW_CHART_SPAN_WEEK, /* Monday to Sunday */
  MW_CHART_SPAN_MONTH,
  MW_CHART_SPAN_YEAR,
} MwChartSpan;

/* The day, week, month or year of the chart's zone in which AT lies, STEPS of them further. */
MwChartView mw_chart_snap (const MwChart *chart, double at, MwChartSpan span, int steps);

/* ---- drawing ---- */

/* Where a chart was drawn: the plot inside its axes, in the units of the cairo context. */
typedef struct {
  double x, y, width, height;
  MwChartView view;
} MwChartGeometry;

static inline double
mw_chart_geometry_time (const MwChartGeometry *g, double x)
{
  return g->view.t0 + (x - g->x) * (g->view.t1 - g->view.t0) / MAX (g->width, 1.0);
}

static inline double
mw_chart_geometry_x (const MwChartGeometry *g, double t)
{
  return g->x + (t - g->view.t0) * g->width / MAX (g->view.t1 - g->view.t0, 1e-9);
}

/* The chart with axes, grid, hatching of doubtful stretches and gaps, into 0,0 … WIDTH,HEIGHT.
 * GEOMETRY (may be NULL) tells where the plot is. */
void mw_chart_draw (MwChart *chart, cairo_t *cr, const MwChartStyle *style, MwChartView view,
                    double width, double height, MwChartGeometry *geometry);
/* The whole extent in a strip without axes but with the years or months named, VIEW marked. */
void mw_chart_draw_overview (MwChart *chart, cairo_t *cr, const MwChartStyle *style,
                             MwChartView view, double width, double height,
                             MwChartGeometry *geometry);
/* Over a chart drawn at GEOMETRY: a vertical line at T and a dot on every line. */
void mw_chart_draw_crosshair (MwChart *chart, cairo_t *cr, const MwChartStyle *style,
                              const MwChartGeometry *geometry, double t);
/* Over a chart: the stretch that is being marked, between two times. */
void mw_chart_draw_selection (cairo_t *cr, const MwChartStyle *style,
                              const MwChartGeometry *geometry, double from, double to);
/* Names with their colours in rows of at most WIDTH; returns the height used.  CR NULL
 * measures. */
double
mw_chart_draw_legend (MwChart *chart, cairo_t *cr, const MwChartStyle *style, double width);

/* ---- what stands under the pointer ---- */

typedef struct {
  guint line;
  gboolean valid;    /* there is a value at that time */
  gboolean doubtful; /* it is hatched */
  gint64 from;       /* the interval; from == to for a register */
  gint64 to;
  mw_decimal value;
  guint32 status; /* the row's profile status */
} MwChartValue;

/* The value of LINE at time T: the interval that contains T, or the register's nearest row
 * within half a capture period. */
MwChartValue mw_chart_lookup (const MwChart *chart, guint line, double t);

/* VALUE as shown to people: "1.24 kW", with the prefix that the numbers of the line want. Free
 * with g_free. */
char *mw_chart_dup_value_text (const MwChart *chart, const MwChartValue *value);
/* T as shown to people, in the chart's zone: "Mon 3 Mar 2026, 14:15". Free with g_free. */
char *mw_chart_dup_time_text (const MwChart *chart, double t);

G_END_DECLS

#endif
