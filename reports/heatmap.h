/* heatmap.h: a line of a chart as a picture of days: a column for each local day, a row for
 * each interval of the day, the colour its value.
 *
 *   line of a chart --> cells (a point for each day and time of day) --> pixels
 *
 * Time of day is that of a clock on the wall.  The hour that is left out in spring is a hole
 * that no value is missing from; the hour that comes twice in autumn has its first pass in the
 * left half of the day's column and its second in the right half.  Where a value is missing
 * between the first and the last there is a gap, hatched, which no colour is mistaken for.
 *
 * Colours mean the same wherever one looks: their scale is that of the whole line.  Few values
 * far above all others (one in two hundred) do not stretch it; the legend then ends with "≥".
 * A map borrows its line: it is good until the chart's lines change.
 */
#ifndef MW_HEATMAP_H
#define MW_HEATMAP_H

#include "chart.h"

G_BEGIN_DECLS

typedef struct _MwHeatmap MwHeatmap;

MwHeatmap *mw_heatmap_new (const MwChart *chart, guint line);
void mw_heatmap_free (MwHeatmap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwHeatmap, mw_heatmap_free)

guint mw_heatmap_get_line (const MwHeatmap *map);
guint mw_heatmap_get_n_days (const MwHeatmap *map);
guint mw_heatmap_get_n_slots (const MwHeatmap *map);
/* What the colours span, in the base unit; CLIPPED: there are values above HIGH. */
void mw_heatmap_get_scale (const MwHeatmap *map, double *low, double *high, gboolean *clipped);
/* The colour of SHARE, 0 to 1, of the scale: cividis, even in lightness, the same to people
 * who do not tell red from green. */
MwChartColour mw_heatmap_colour (double share);

typedef enum {
  MW_HEAT_OUTSIDE, /* before the first value or after the last */
  MW_HEAT_VALUE,
  MW_HEAT_GAP,
  MW_HEAT_NO_TIME, /* left out when summer time began */
} MwHeatKind;

typedef struct {
  MwHeatKind kind;
  int day; /* 0: the first that has a value; before it negative */
  guint slot;
  gboolean twice; /* its hour comes twice that day */
  gboolean second;
  gint64 from, to;    /* UTC seconds of the slot */
  MwChartValue value; /* of MW_HEAT_VALUE */
} MwHeatCell;

/* SECOND matters where the hour comes twice. */
MwHeatCell mw_heatmap_get_cell (const MwHeatmap *map, int day, guint slot, gboolean second);

/* The whole days that VIEW touches, with axes and legend, into 0,0 … WIDTH,HEIGHT.  GEOMETRY
 * tells where the plot is; its view begins and ends at midnight. */
void mw_heatmap_draw (const MwHeatmap *map, cairo_t *cr, const MwChartStyle *style,
                      MwChartView view, double width, double height, MwChartGeometry *geometry);
/* What stands at X, Y of a map drawn at GEOMETRY; FALSE beside the plot. */
gboolean mw_heatmap_at (const MwHeatmap *map, const MwChartGeometry *geometry, double x,
                        double y, MwHeatCell *cell);
/* Over a map: a frame around the cell at X, Y, and its value marked at the legend. */
void mw_heatmap_draw_cursor (const MwHeatmap *map, cairo_t *cr, const MwChartStyle *style,
                             const MwChartGeometry *geometry, double x, double y);

G_END_DECLS

#endif
