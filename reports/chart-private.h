/* chart-private.h: what the files of the chart share; see chart.h. */
#ifndef MW_CHART_PRIVATE_H
#define MW_CHART_PRIVATE_H

#include <pango/pangocairo.h>

#include "chart.h"

G_BEGIN_DECLS

/* ---- least and greatest of any stretch of a track ---- */

#define MW_PYRAMID_FAN 8
#define MW_PYRAMID_LEVELS 12

typedef struct {
  gint64 least;    /* G_MAXINT64 when there is no value */
  gint64 greatest; /* G_MININT64 when there is no value */
  guint8 flags;    /* of all points together: MW_POINT_NULL when one has no value, … */
} MwRange;

typedef struct {
  const MwTrack *track; /* level 0 is the track itself */
  guint n_levels;
  guint n[MW_PYRAMID_LEVELS];
  MwRange *level[MW_PYRAMID_LEVELS];
} MwPyramid;

void mw_pyramid_init (MwPyramid *p, const MwTrack *track);
void mw_pyramid_clear (MwPyramid *p);
/* Of the points FIRST … END - 1. */
MwRange mw_pyramid_range (const MwPyramid *p, guint first, guint end);

/* ---- lines and axes ---- */

typedef struct {
  MwSeries *series;
  MwTrack *track;
  MwPyramid pyramid;
  MwQuantity quantity;
  char *label;
  double factor; /* mantissa -> base unit */
  guint colour;
  gboolean visible;
  gboolean steps; /* values stand for intervals */
} MwLine;

struct _MwChart {
  GPtrArray *lines; /* of MwLine, owned */
  GTimeZone *zone;
};

/* A vertical axis: lines of one unit; registers apart from what is per interval. */
typedef struct {
  guint8 unit;
  gboolean steps;
  double least, greatest; /* of the data, base unit */
  double low, high, step; /* of the axis, base unit */
  int prefix;             /* power of ten of the label: 3 for kWh */
  int decimals;
  gboolean used;
} MwAxis;

#define MW_CHART_MAX_AXES 4

/* "k" and such for 10^prefix. */
const char *mw_prefix_text (int prefix);
/* The prefix that numbers up to GREATEST of UNIT want. */
int mw_prefix_for (guint8 unit, double greatest);
/* Round LOW, HIGH outwards to a step of 1, 2 or 5 × 10^n with at most MAX_TICKS steps. */
void mw_axis_settle (MwAxis *axis, guint max_ticks);

/* ---- the time axis ---- */

typedef struct {
  gint64 t;
  char label[32];
  gboolean major; /* a new day among hours, a new year among months */
} MwTimeTick;

/* Ticks of local time within VIEW at least GAP_S seconds apart. (transfer full) */
GArray *mw_time_ticks (GTimeZone *zone, MwChartView view, double gap_s);
/* Seconds that ZONE is ahead of UTC at T. */
gint64 mw_zone_offset (GTimeZone *zone, gint64 t);
/* The instant of a local time, given as seconds as if in UTC. */
gint64 mw_zone_to_utc (GTimeZone *zone, gint64 local);

/* ---- drawing ---- */

/* The first point whose end is after T, and the first that begins at or after T. */
guint mw_line_first_ending_after (const MwLine *line, double t);
guint mw_line_first_beginning_at (const MwLine *line, double t);

/* Colours, text, crisp lines (chart-ink.c). */
void mw_chart_set_colour (cairo_t *cr, const MwChartColour *colour, double alpha);
void
mw_chart_paint_background (cairo_t *cr, const MwChartStyle *style, double width, double height);
/* The width of a device's pixel; on paper half a point. */
double mw_chart_device_pixel (cairo_t *cr);
/* A crisp line of one device pixel. */
void
mw_chart_hairline (cairo_t *cr, double pixel, double x, double y, double width, double height);
/* A layout in the style's font with tabular figures. (transfer full) */
PangoLayout *mw_chart_layout_new (cairo_t *cr, const MwChartStyle *style);
double mw_chart_text_width (PangoLayout *layout, const char *text, double *height);
/* TEXT with the point (X_SHARE, Y_SHARE) of its box at X, Y. */
void mw_chart_put_text (cairo_t *cr, PangoLayout *layout, const char *text, double x, double y,
                        double x_share, double y_share);

/* The lines of AXIS into the plot; MARKS, one per pixel column of PIXEL width, gathers what was
 * seen there. */
typedef struct {
  guint8 any;      /* a line has a value here */
  guint8 doubtful; /* a doubtful one */
} MwColumnMark;

typedef struct {
  cairo_t *cr;
  const MwChartStyle *style;
  MwChartGeometry plot;
  double pixel;
  guint n_marks;
  MwColumnMark *marks;
} MwPlotting;

void mw_line_draw (const MwLine *line, const MwAxis *axis, MwPlotting *p);

/* The axis of LINE among AXES, made when there is room for one more; -1 without. */
int mw_axis_of (MwAxis *axes, const MwLine *line);
/* Width that the labels of AXIS take. */
double mw_axis_width (const MwAxis *axis, PangoLayout *layout);
/* "kWh". Free with g_free. */
char *mw_axis_dup_unit (const MwAxis *axis);
/* VALUE, of the base unit, as the axis writes it: "0.25". */
void mw_axis_format (const MwAxis *axis, double value, char *buf, gsize cap);
/* AXIS number N: the first left of the plot with the grid, the others right of it. X is where
 * its labels end or begin. */
void
mw_axis_draw (const MwAxis *axis, int n, double x, const MwPlotting *p, PangoLayout *layout);

G_END_DECLS

#endif
