/* heatmap-private.h: what the data and the drawing of a heat map share; see heatmap.h. */
#ifndef MW_HEATMAP_PRIVATE_H
#define MW_HEATMAP_PRIVATE_H

#include "chart-private.h"
#include "heatmap.h"

G_BEGIN_DECLS

#define MW_HEAT_NONE G_MAXUINT32

/* A local day. After TURN the wall clock is SHIFT seconds further than the time gone by. */
typedef struct {
  gint64 start, end, turn;
  gint32 shift; /* 3600: a day of 23 hours; -3600: one of 25 */
} MwHeatDay;

struct _MwHeatmap {
  const MwChart *chart; /* borrowed */
  const MwLine *line;   /* borrowed */
  guint line_number;
  gint64 first, last; /* what the values cover, UTC */
  gint32 first_day;   /* days since 1970 of the zone */
  guint n_days, n_slots;
  gint64 slot_s;
  MwHeatDay *days; /* n_days */
  guint32 *cell;   /* n_days * n_slots: the point, or MW_HEAT_NONE */
  guint32 **again; /* n_days: the second pass of a day of 25 hours, or NULL */
  double low, high;
  gboolean clipped;
};

MwHeatDay mw_heat_day (const MwHeatmap *map, int day);
/* The point of that cell, MW_HEAT_NONE without a value. DAY may lie outside. */
guint32 mw_heat_point (const MwHeatmap *map, int day, guint slot, gboolean second);
/* The instant at which the wall clock shows TOD seconds; FALSE when it never does that day. */
gboolean
mw_heat_instant (const MwHeatDay *day, gint64 tod, gboolean second, gint64 *t, gboolean *twice);
/* A gap rather than a place outside or an hour that is left out. */
gboolean mw_heat_is_gap (const MwHeatmap *map, const MwHeatDay *day, guint slot);

G_END_DECLS

#endif
