/* quality.h: voltage quality, power failures, neutral, phase sequence, covers and magnet
 * (Mx381 manual 3.6.4, 6.12). */
#ifndef MW_CORE_QUALITY_H
#define MW_CORE_QUALITY_H

#include "core/types.h"

#define MW_LEVELS 7
#define MW_AGGREGATION_S 600       /* manual 6.12.1.1 */
#define MW_RECLOSING_S 180         /* manual 6.12.2 */
#define MW_SUPPLY_MIN_PERMILLE 400 /* below it on all phases the meter itself goes down */

enum mw_voltage_state { MW_U_NORMAL, MW_U_SAG, MW_U_SWELL, MW_U_CUT };

typedef struct mw_phase_quality {
  uint8_t state;       /* enum mw_voltage_state declared */
  bool lost;           /* below the cut threshold: phase failure */
  uint32_t beyond[4];  /* seconds beyond the threshold, by enum mw_voltage_state */
  uint32_t extreme_mv; /* farthest voltage of the sag or swell going on */
  uint64_t lost_since; /* total_s */
  int64_t lost_utc;
  uint64_t sum_seen[2];           /* U·s in the running integrals: sag, swell */
  uint32_t seen_mv[2];            /* what the thresholds are compared with */
  uint64_t sum_mvs, sum_peak_mvs; /* U·s in the aggregation and the peak interval */
  uint16_t average_dv;            /* of the last aggregation interval, 0.1 V */
  uint16_t peak[2], minimum[2];   /* current, previous day; 0.1 V; 0 and 0xffff: none yet */
} mw_phase_quality;

typedef struct mw_quality {
  mw_phase_quality phase[MW_PHASES];
  uint32_t seconds, peak_seconds; /* measured in the running intervals */
  uint32_t integral_s[2];         /* of the running integrals */
  int64_t next, next_peak, next_day;
  uint16_t all_peak[2], all_minimum[2];
  uint32_t level[MW_PHASES + 1][MW_LEVELS]; /* 3: any */
  bool neutral_missing, reversed;
  uint8_t sags, swells; /* phases in one, for the ANY counters */
  uint8_t lost;         /* phases that failed */
  uint64_t lost_since;  /* total_s at which the first of them did */
  int64_t lost_utc;
  mw_stamp failure_time[5]; /* begin of the last: 0-2 phases, 3 all, 4 any */
} mw_quality;

enum mw_cover { MW_COVER_METER, MW_COVER_TERMINAL };

/* What a person does to the meter. */
void mw_meter_cover (mw_meter *m, enum mw_cover which, bool open);
void mw_meter_magnet (mw_meter *m, bool present);
bool mw_meter_cover_is_open (const mw_meter *m, enum mw_cover which);
/* A watch-dog reset happened. */
void mw_meter_watchdog (mw_meter *m);
/* An association was refused for a wrong password: after AUTH_FAILURE_LIMIT of them event 46.
 */
void mw_meter_authentication_failed (mw_meter *m);

uint16_t mw_voltage_peak (const mw_meter *m, unsigned phase, bool previous);
uint16_t mw_voltage_minimum (const mw_meter *m, unsigned phase, bool previous);

/* For the core. */
void mw_quality_defaults (mw_meter *m);
void mw_quality_load (mw_meter *m); /* the load changed */
uint32_t mw_quality_horizon (const mw_meter *m);
void mw_quality_advance (mw_meter *m, uint32_t seconds);
void mw_quality_due (mw_meter *m);
void mw_quality_restart (mw_meter *m);
/* The integrals begin anew with the voltage of now. */
void mw_quality_integrate (mw_meter *m);
void mw_quality_power_down (mw_meter *m);
void mw_quality_power_up (mw_meter *m, int64_t dark_s);

#endif
