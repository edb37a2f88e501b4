/* clock-host.h: the wall clock, which may run faster for the meter. */
#ifndef MW_HAL_CLOCK_HOST_H
#define MW_HAL_CLOCK_HOST_H

#include "hal/clock.h"

typedef struct mw_clock_host {
  mw_clock_hal hal;
  int64_t start_utc; /* simulated time at start_ms */
  mw_ms start_ms;
  double speed; /* simulated seconds per second; 0: it stands still */
} mw_clock_host;

/* Simulated time begins at START_UTC (INT64_MIN: what the host's clock says) and runs SPEED
 * times as fast as the host's. */
void mw_clock_host_init (mw_clock_host *c, int64_t start_utc, double speed);
/* Change the speed without a jump. */
void mw_clock_host_set_speed (mw_clock_host *c, double speed);

#endif
