/* chart-area.h: the load profile chart in a window: it draws what reports/chart.h draws, and
 * turns mouse, wheel, fingers and keys into views.
 *
 *   drag            marks an area to zoom into       wheel, pinch   zoom at the pointer
 *   Shift or middle drag, Shift+wheel, arrows  pan   + − 0          zoom in, out, all
 *   Backspace       the view before                  Home End       first and last
 */
#ifndef MW_CHART_AREA_H
#define MW_CHART_AREA_H

#include <gtk/gtk.h>

#include "chart.h"

G_BEGIN_DECLS

#define MW_TYPE_CHART_AREA (mw_chart_area_get_type ())
G_DECLARE_FINAL_TYPE (MwChartArea, mw_chart_area, MW, CHART_AREA, GtkWidget)

/* Signals: "view-changed" (), "cursor-changed" ().
 * The chart belongs to the area; who changes it calls mw_chart_area_refresh. */
GtkWidget *mw_chart_area_new (void);
MwChart *mw_chart_area_get_chart (MwChartArea *self);
/* KEEP_VIEW FALSE: everything is shown. */
void mw_chart_area_refresh (MwChartArea *self, gboolean keep_view);
MwChartView mw_chart_area_get_view (MwChartArea *self);
/* REMEMBER: Backspace comes back to the view before. */
void mw_chart_area_set_view (MwChartArea *self, MwChartView view, gboolean remember);
void mw_chart_area_zoom_all (MwChartArea *self);
void mw_chart_area_back (MwChartArea *self);
gboolean mw_chart_area_can_go_back (MwChartArea *self);
/* Another picture of the same chart. */
typedef struct {
  gboolean over_time; /* from left to right is the view's time: an area can be marked */
  const char *title;  /* "Heat map from %s to %s", translated when it is used */
  void (*draw) (gpointer data, cairo_t *cr, const MwChartStyle *style, MwChartView view,
                double width, double height, MwChartGeometry *geometry);
  void (*draw_pointer) (gpointer data, cairo_t *cr, const MwChartStyle *style,
                        const MwChartGeometry *geometry, double x, double y);
} MwChartPainter;

/* PAINTER draws from now on, NULL: the chart itself. Again with the same one: anew. */
void
mw_chart_area_set_painter (MwChartArea *self, const MwChartPainter *painter, gpointer data);
/* Where the pointer is on what was drawn at GEOMETRY; FALSE when it is elsewhere. */
gboolean
mw_chart_area_get_pointer (MwChartArea *self, MwChartGeometry *geometry, double *x, double *y);
/* The pointer's time; FALSE when it is not over a plot of time. */
gboolean mw_chart_area_get_cursor (MwChartArea *self, double *t);
/* The style for WIDGET's colours and font now; fill in FONT (free it). */
MwChartStyle mw_chart_area_style (GtkWidget *widget, char **font);

/* The strip below: the whole time, the area's view marked in it and to be dragged. */
#define MW_TYPE_CHART_STRIP (mw_chart_strip_get_type ())
G_DECLARE_FINAL_TYPE (MwChartStrip, mw_chart_strip, MW, CHART_STRIP, GtkWidget)

void mw_chart_strip_set_area (MwChartStrip *self, MwChartArea *area);

G_END_DECLS

#endif
