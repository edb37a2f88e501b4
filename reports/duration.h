/* duration.h: duration curves: the values of a stretch of time in falling order, over the share
 * of that time in which they are reached.
 *
 * A value stands for as long as its interval is; time without a value counts for nothing, so
 * that every line runs from 0 to 100 % of the time that it was measured.
 *
 * A duration borrows its lines: it is good until the chart's lines change.
 */
#ifndef MW_DURATION_H
#define MW_DURATION_H

#include "chart.h"

G_BEGIN_DECLS

typedef struct _MwDuration MwDuration;

/* The visible lines of CHART within VIEW. */
MwDuration *mw_duration_new (const MwChart *chart, MwChartView view);
void mw_duration_free (MwDuration *duration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDuration, mw_duration_free)

/* Seconds that LINE was measured. */
gint64 mw_duration_get_total (const MwDuration *duration, guint line);

/* What LINE reaches or exceeds during SHARE (0 to 1) of its time; FALSE without values.
 * VALUE's interval is one that has this value. */
gboolean
mw_duration_lookup (const MwDuration *duration, guint line, double share, MwChartValue *value);

/* The curves with axes, the median and the value of 95 % of the time marked, into 0,0 … WIDTH,
 * HEIGHT.  GEOMETRY tells where the plot is; its view goes from 0 to 1. */
void mw_duration_draw (const MwDuration *duration, cairo_t *cr, const MwChartStyle *style,
                       double width, double height, MwChartGeometry *geometry);
/* Over curves drawn at GEOMETRY: a vertical line at SHARE and a dot on every curve. */
void
mw_duration_draw_cursor (const MwDuration *duration, cairo_t *cr, const MwChartStyle *style,
                         const MwChartGeometry *geometry, double share);

G_END_DECLS

#endif
