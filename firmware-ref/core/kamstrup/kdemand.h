/* kdemand.h: means over the integration period, their maxima, accumulated maxima, extremes of
 * the day and month, energy of day, week, month and year (OMNIPOWER technical description
 * 4.4.4, 4.4.5).
 *
 * Periods, days, weeks, months and debiting stops are cut in normal time, as the loggers are
 * stamped.  The mean of a power is its energy in the period over the whole period, towards
 * zero, in W; the mean of voltage and current is taken over the seconds with power.  A maximum
 * belongs to the tariff that is active at the end of the period.  A period that a setting of
 * the clock cuts off is not compared.  At a debiting stop each maximum is added to its
 * accumulated maximum and begins anew.
 */
#ifndef MW_CORE_KDEMAND_H
#define MW_CORE_KDEMAND_H

#include "core/kamstrup/kenergy.h"

/* An instant in 8 octets: UTC seconds since 2000; never: ~0. */
typedef struct mw_ktime {
  uint32_t s;
  uint8_t status;
  uint8_t reserved[3];
} mw_ktime;

typedef struct mw_kextreme {
  uint32_t w;
  mw_ktime time;
} mw_kextreme;

typedef struct mw_kdemand {
  int64_t edge[MW_N_KACC]; /* accumulators when the period began */
  int64_t next;            /* UTC of its end */
  uint32_t elapsed;        /* seconds of it with power */
  uint16_t quality;        /* MW_KPS_ bits of it */
  uint16_t last_quality;
  uint32_t mean[MW_N_KTARIFFED];
  uint32_t u_mean[MW_PHASES], i_mean[MW_PHASES];
  uint16_t pf_mean;
  bool over;                                           /* the power threshold */
  mw_kextreme maximum[MW_N_KTARIFFED][1 + MW_TARIFFS]; /* total, tariffs */
  int64_t accumulated[MW_N_KTARIFFED][1 + MW_TARIFFS]; /* W */
  mw_kextreme day_max, day_min, month_max, month_min;
  int64_t a14_edge[4]; /* A14 at the beginning of day, week, month, year */
} mw_kdemand;

/* For the core. */
void mw_kdemand_defaults (mw_kmeter *k);
void
mw_kdemand_restart (mw_kmeter *k, uint16_t quality); /* the running period is worth nothing */
/* The running period has ended: means and maxima. */
void mw_kdemand_end_period (mw_kmeter *k);
void mw_kdemand_debiting (mw_kmeter *k);
void mw_kdemand_day (mw_kmeter *k, int32_t old_days, int32_t new_days);
void mw_kdemand_load (mw_kmeter *k); /* power threshold */
enum mw_err mw_kdemand_value (const mw_kmeter *k, unsigned id, mw_kvalue *out);
mw_ktime mw_ktime_of (mw_stamp s);
mw_stamp mw_ktime_stamp (mw_ktime t);

#endif
