/* event-timeline.h: an event logger as a picture: lanes of events over time.  Its accessible
 * name says how often each happened. */
#ifndef MW_EVENT_TIMELINE_H
#define MW_EVENT_TIMELINE_H

#include <gtk/gtk.h>

#include "event-lanes.h"

G_BEGIN_DECLS

#define MW_TYPE_EVENT_TIMELINE (mw_event_timeline_get_type ())
G_DECLARE_FINAL_TYPE (MwEventTimeline, mw_event_timeline, MW, EVENT_TIMELINE, GtkWidget)

/* Takes LANES, an array of MwEventLane, or NULL: nothing is shown. */
void mw_event_timeline_take_lanes (MwEventTimeline *self, GPtrArray *lanes);

G_END_DECLS

#endif
