/* measured.h: what the measuring system tells the supervision of a Kamstrup meter each second.
 */
#ifndef MW_CORE_KAMSTRUP_MEASURED_H
#define MW_CORE_KAMSTRUP_MEASURED_H

#include "core/types.h"

typedef struct mw_kmeasured {
  uint32_t voltage_mv[MW_PHASES]; /* supply side of the breaker */
  uint32_t current_ma[MW_PHASES]; /* through the meter */
  int64_t import_mw;              /* total power taken from the grid; 0 while delivering */
  uint32_t frequency_mhz;
  uint16_t thdu[MW_PHASES], thdi[MW_PHASES]; /* 0.01 % */
  uint8_t phases;                            /* 1 or 3 */
} mw_kmeasured;

#endif
