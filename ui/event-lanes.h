/* event-lanes.h: an event logger as lanes over time: a lane for each kind of event or each bit
 * of a status, with the moments and stretches at which it was there.  Pure; no GTK. */
#ifndef MW_EVENT_LANES_H
#define MW_EVENT_LANES_H

#include "series-list.h"

G_BEGIN_DECLS

#define MW_EVENT_LANES_MAX 9 /* what is rarer stands in the last one */

/* FROM = TO: a moment. */
typedef struct {
  gint64 from, to;
} MwEventSpan;

typedef struct {
  char *name;
  GArray *spans; /* of MwEventSpan, in order of time */
} MwEventLane;

/* Array of MwEventLane, the fullest first.  A column of bits gives a lane for each bit, which
 * is there from the row that sets it to the one that clears it; codes give moments; a logger
 * without either is one lane called NAME. */
GPtrArray *
mw_event_lanes_new (const MwSeries *series, const MwSeriesWords *words, const char *name);

G_END_DECLS

#endif
