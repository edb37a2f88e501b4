/* events.h: voltage events of 162, 382 and 351B (METERTOOL manual 3.4.6).
 *
 * A phase below 230 V less so many percent, or above 230 V and so many, for the least duration
 * is in under or over voltage until it is back; below the cut-off level for a second it is cut
 * off, and then not in under voltage.  What is present is a bit field; each change of it is an
 * entry of the logger, with the time of the change.
 */
#ifndef MW_CORE_KAMSTRUP_EVENTS_H
#define MW_CORE_KAMSTRUP_EVENTS_H

#include "core/kamstrup/measured.h"

/* << phase */
#define MW_KVE_CUT 0x01u
#define MW_KVE_UNDER 0x08u
#define MW_KVE_OVER 0x40u

typedef struct mw_kvoltage_config {
  uint8_t under_percent, over_percent;
  uint16_t duration_s;
  uint16_t cut_v;
} mw_kvoltage_config;

/* Stored as it is. */
typedef struct mw_kvoltage {
  uint32_t under_s[MW_PHASES], over_s[MW_PHASES]; /* beyond the limit */
  uint16_t present;                               /* MW_KVE_ */
  uint16_t reserved;
} mw_kvoltage;

/* For how many seconds of IN the bit field stays; at least 1. */
uint32_t
mw_kvoltage_horizon (const mw_kvoltage *v, const mw_kvoltage_config *c, const mw_kmeasured *in);
/* SECONDS (at most the horizon) of IN passed; true when the bit field changed at their end. */
bool mw_kvoltage_step (mw_kvoltage *v, const mw_kvoltage_config *c, const mw_kmeasured *in,
                       uint32_t seconds);
/* The meter of PHASES goes dark: all of them are cut off.  True when that is new. */
bool mw_kvoltage_dark (mw_kvoltage *v, unsigned phases);

#endif
