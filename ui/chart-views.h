/* chart-views.h: which picture of the load profile a chart area shows: the chart, the heat map
 * of one line, or duration curves; the buttons to choose, and the words for what is under the
 * pointer. */
#ifndef MW_CHART_VIEWS_H
#define MW_CHART_VIEWS_H

#include <adwaita.h>

#include "chart-area.h"
#include "report.h"

G_BEGIN_DECLS

#define MW_TYPE_CHART_VIEWS (mw_chart_views_get_type ())
G_DECLARE_FINAL_TYPE (MwChartViews, mw_chart_views, MW, CHART_VIEWS, AdwBin)

/* Signal: "changed" () when another picture or another line was chosen. */

/* AREA outlives the views. */
void mw_chart_views_set_area (MwChartViews *self, MwChartArea *area);
/* To be called when lines of the area's chart were added or removed, before anything is drawn.
 */
void mw_chart_views_lines_changed (MwChartViews *self);
MwReportPicture mw_chart_views_get_picture (MwChartViews *self);
/* The line of the heat map; G_MAXUINT when all are shown. */
guint mw_chart_views_get_line (MwChartViews *self);
/* What is under the pointer; NULL for the chart. Free with g_free. */
char *mw_chart_views_dup_text (MwChartViews *self);

G_END_DECLS

#endif
