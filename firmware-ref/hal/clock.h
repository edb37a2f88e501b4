/* clock.h: where a meter process gets its time from.
 *
 * The metering core has no clock of its own: whoever runs it asks here how many seconds have
 * passed and calls mw_meter_run.  UTC_S is what the battery-backed clock chip of the board says
 * at power-up.
 */
#ifndef MW_HAL_CLOCK_H
#define MW_HAL_CLOCK_H

#include <stdint.h>

#include "base/engine.h"

typedef struct mw_clock_hal mw_clock_hal;

struct mw_clock_hal {
  mw_ms (*now_ms) (mw_clock_hal *c);  /* monotonic, for the protocol engines */
  int64_t (*utc_s) (mw_clock_hal *c); /* seconds since 1970, simulated time */
};

#endif
