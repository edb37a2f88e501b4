/* demand.h: average, last and maximum demand (class 5 and 4; Mx381 manual 3.5.2), last average
 * and minimum power factor, averages over measurement period 3, sliding average currents.
 *
 *   period of measurement period 1, N periods; E: energy register
 *
 *        t-3p      t-2p      t-p       t      now
 *   ------|---------|---------|--------|-------+
 *                   last_average_value          E (t) - E (t - N·p), over N·p
 *                             current_average_value   E (now) - E (t - (N-1)·p), over N·p
 *   capture_time: t.  start_time_current: t - (N-1)·p.  At t the last average is compared with
 *   the maxima, total and of the tariffs whose demand register is active.
 */
#ifndef MW_CORE_DEMAND_H
#define MW_CORE_DEMAND_H

#include "core/types.h"

#define MW_DEMAND_PERIODS_MAX 15
#define MW_FUSE_PERIODS_MAX 90

typedef struct mw_maximum {
  uint32_t w;
  uint32_t reserved;
  mw_stamp time;
} mw_maximum;

typedef struct mw_demand {
  int64_t edge[MW_DEMAND_PERIODS_MAX][MW_N_DEMANDS]; /* registers at the last ends of periods */
  int64_t edge_utc[MW_DEMAND_PERIODS_MAX];
  uint8_t at;                    /* index of the newest edge */
  uint8_t edges;                 /* how many are filled, at least 1 */
  uint8_t periods[MW_N_DEMANDS]; /* number_of_periods */
  uint8_t status, last_status;   /* Table 42, of the running and of the last period */
  int64_t next;                  /* UTC of the end of the running period */
  mw_stamp capture_time;
  uint32_t last[MW_N_DEMANDS];
  mw_maximum maximum[MW_N_DEMANDS][1 + MW_TARIFFS];
  uint16_t pf_last, pf_min;
  int64_t next3; /* end of the running measurement period 3 */
  int64_t edge3[3];
  int32_t average3[3];
} mw_demand;

/* One-second values of the last MW_FUSE_PERIODS_MAX seconds. */
typedef struct mw_fuse {
  uint32_t ring[MW_PHASES][MW_FUSE_PERIODS_MAX];
  uint64_t sum[MW_PHASES]; /* over the last `periods` */
  uint8_t periods;         /* number_of_periods, 1 … 90; the period is 1 s */
  uint8_t at;              /* where the next second goes */
  uint8_t steady;          /* seconds for which the current has been the same, up to 90 */
  int64_t start;
} mw_fuse;

/* Current and last average value in W (var, VA), class 5 attributes 2 and 3. */
uint32_t mw_demand_current (const mw_meter *m, enum mw_demand_quantity q);
uint32_t mw_demand_last (const mw_meter *m, enum mw_demand_quantity q);
/* Average of measurement period 3 as it runs: what it has so far over its whole length; I as in
 * MW_V_AVERAGE3. */
int32_t mw_demand_running3 (const mw_meter *m, unsigned i);
mw_stamp mw_demand_start (const mw_meter *m, enum mw_demand_quantity q);
/* Set number_of_periods of Q, 1 … 15; measuring starts anew. */
enum mw_err mw_demand_set_periods (mw_meter *m, enum mw_demand_quantity q, unsigned n);
/* Class 5 methods: reset (all to zero, a new period starts), next_period (ends it now). */
void mw_demand_reset (mw_meter *m, enum mw_demand_quantity q);
void mw_demand_next_period (mw_meter *m);
const mw_maximum *
mw_demand_maximum (const mw_meter *m, enum mw_demand_quantity q, unsigned tariff);
void mw_demand_reset_maximum (mw_meter *m, enum mw_demand_quantity q, unsigned tariff);
/* Number of periods of the sliding average currents; the average in mA (whole A on the
 * register, rounded down: manual 6.10.2). */
enum mw_err mw_fuse_set_periods (mw_meter *m, unsigned n);
uint32_t mw_fuse_average_ma (const mw_meter *m, unsigned phase);

/* For the core. */
void mw_demand_defaults (mw_meter *m);
void mw_demand_restart (mw_meter *m, uint8_t status); /* the running period is worth nothing */
void mw_demand_due (mw_meter *m);
void mw_demand_mark (mw_meter *m, uint8_t status_bits);
void mw_demand_time_changed (mw_meter *m, int64_t old_utc);
void mw_demand_billing (mw_meter *m);
void mw_fuse_advance (mw_meter *m, uint32_t seconds);

#endif
