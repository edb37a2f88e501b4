/* ports-private.h: between ports.c (what there is) and ports-watch.c (when it changes). */
#ifndef MW_PORTS_PRIVATE_H
#define MW_PORTS_PRIVATE_H

#include "link/ports.h"

G_BEGIN_DECLS

struct MwPortMonitor {
  MwPortMonitorFunc func;
  gpointer data;
  GPtrArray *known; /* MwPort */
  gpointer watch;   /* of ports-watch.c */
  GSource *timer;   /* the look that is due */
  GMainContext *context;
};

/* Compare what is there with what is known, and tell. */
void mw_port_monitor_look (MwPortMonitor *m);

G_END_DECLS

#endif
