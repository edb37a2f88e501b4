/* health.h: what is wrong with a meter: the bits of its error and alarm registers in words,
 * worst first (Mx381 manual 6.6 and 6.7). */
#ifndef MW_HEALTH_H
#define MW_HEALTH_H

#include "store.h"

G_BEGIN_DECLS

typedef enum { MW_HEALTH_NOTE, MW_HEALTH_WARNING, MW_HEALTH_FAULT } MwHealthLevel;

typedef struct {
  MwHealthLevel level;
  const char *name;   /* translated or of the catalogue; lives as long as what it came from */
  const char *advice; /* translated, static */
} MwHealthItem;

/* Registers that are understood; others give nothing. */
#define MW_HEALTH_ERROR1 "0-0:97.97.0.255"
#define MW_HEALTH_ERROR2 "0-0:97.97.1.255"
#define MW_HEALTH_ALARM1 "0-0:97.98.0.255"
/* Of Kamstrup meters, whose bits are the catalogue's: the event status where there is one. */
#define MW_HEALTH_EVENT_STATUS "kmp:4D3"
#define MW_HEALTH_STATUS "kmp:32"

/* Append to ITEMS (GArray of MwHealthItem) what VALUE of register OBIS says; a trouble that is
 * there already is not said twice. */
void mw_health_append (GArray *items, const char *obis, guint32 value);
/* The same for a status register whose bits the catalogue names (of MwStatusBit). */
void mw_health_append_bits (GArray *items, GPtrArray *names, guint32 value);
/* Worst first. */
void mw_health_sort (GArray *items);

G_END_DECLS

#endif
