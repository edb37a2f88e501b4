/* energy.h: from voltage, current and angle to powers, quadrants and energy registers
 * (Mx381 manual 3.3, 3.5.1, 3.6.9).
 *
 * Energy is counted in mW·s in 64 bits, so nothing is lost below 1 Wh: 2^63 mW·s are 2.5 TWh.
 * While the load is constant every register grows by the same amount each second; N seconds are
 * one multiplication, and give the same number as N additions.
 */
#ifndef MW_CORE_ENERGY_H
#define MW_CORE_ENERGY_H

#include "core/types.h"

#define MW_MWS_PER_WH 3600000

/* What the present load is worth. */
typedef struct mw_power {
  int32_t p_mw[MW_PHASES], q_mvar[MW_PHASES]; /* signed */
  uint32_t s_mva[MW_PHASES];
  uint32_t i_ma[MW_PHASES];      /* through the meter, after the disconnector; primary */
  int64_t rate[MW_N_QUANTITIES]; /* what the registers grow by in a second, mW·s */
} mw_power;

typedef struct mw_energy {
  int64_t total[MW_N_QUANTITIES]; /* mW·s */
  int64_t tariff[MW_N_TARIFF_QUANTITIES][MW_TARIFFS];
} mw_energy;

/* Register Q of TARIFF (0: total) in mW·s, and in whole Wh (towards zero). */
int64_t mw_energy_mws (const mw_meter *m, enum mw_quantity q, unsigned tariff);
int64_t mw_energy_wh (const mw_meter *m, enum mw_quantity q, unsigned tariff);
/* Power of Q now in W, towards zero. */
int64_t mw_power_w (const mw_meter *m, enum mw_quantity q);
/* Power factor ×1000 of phase 0-2, 3: total. */
unsigned mw_power_factor (const mw_meter *m, unsigned phase);
/* |P| / S ×1000 as registers show it; 1000 when there is no apparent power. */
unsigned mw_power_factor_of (int64_t p, int64_t s);
/* Registers to zero (class 3 reset). */
void mw_energy_reset (mw_meter *m, enum mw_quantity q, unsigned tariff);
void mw_energy_reset_all (mw_meter *m);

/* Voltage of PHASE as registers show it, 0.1 V: primary with a voltage ratio. */
uint16_t mw_voltage_dv (const mw_meter *m, unsigned phase);

/* For the core. */
void mw_power_refresh (mw_meter *m);
void mw_energy_advance (mw_meter *m, uint32_t seconds);
/* sin of 0.1 degrees, Q30. */
int32_t mw_sin_q30 (int ddeg);

#endif
