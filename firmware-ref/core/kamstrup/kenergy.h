/* kenergy.h: powers and energies of a Kamstrup meter (OMNIPOWER technical description 4.4).
 *
 * Every register is an accumulator that grows linearly while the load is constant: energies in
 * mW·s of the primary side, U in mV·s, I in mA·s, THD in 0.01 %·s, frequency in mHz·s.  The
 * mean of anything over a time is the difference of its accumulator over the seconds.
 */
#ifndef MW_CORE_KENERGY_H
#define MW_CORE_KENERGY_H

#include "core/kamstrup/kvalue.h"

#define MW_MWS_PER_MWH 3600 /* mW·s in 0.001 Wh */

/* In the order of the values A14 … ANET. Those before MW_N_KTARIFFED have tariff registers,
 * trip registers, powers, means and maxima. */
enum mw_kquantity {
  MW_KQ_A14,
  MW_KQ_A23,
  MW_KQ_R12,
  MW_KQ_R34,
  MW_KQ_E14,
  MW_KQ_E23,
  MW_KQ_R1,
  MW_KQ_R2,
  MW_KQ_R3,
  MW_KQ_R4,
  MW_KQ_A1234,
  MW_KQ_ANET,
  MW_N_KQUANTITIES
};
#define MW_N_KTARIFFED 6
#define MW_N_KSECONDARY 6        /* A14 A23 R12 R34 R1 R4 */
#define MW_N_KSECONDARY_TARIFF 4 /* A14 A23 R12 R34 */

/* How three phases make one meter (Table 7). */
enum mw_kmethod {
  MW_KMETHOD_INDIVIDUAL, /* import and export of each phase apart */
  MW_KMETHOD_VECTOR,     /* the phases are added with their signs */
  MW_KMETHOD_TOTAL,      /* export counts as import */
};

/* Accumulators. PH 0 … 2, Q below MW_N_KTARIFFED. */
#define MW_KACC_TOTAL(q) ((unsigned) (q))
#define MW_KACC_SECONDARY(i) (MW_N_KQUANTITIES + (unsigned) (i))
#define MW_KACC_PHASE(q, ph) (18u + 3u * (unsigned) (q) + (unsigned) (ph))
#define MW_KACC_U(ph) (36u + (unsigned) (ph))
#define MW_KACC_I(ph) (39u + (unsigned) (ph))
#define MW_KACC_THDU(ph) (42u + (unsigned) (ph))
#define MW_KACC_THDI(ph) (45u + (unsigned) (ph))
#define MW_KACC_FREQUENCY 48u
#define MW_N_KACC 49u

typedef struct mw_kregisters {
  int64_t acc[MW_N_KACC];
  int64_t tariff[MW_N_KTARIFFED][MW_TARIFFS];
  int64_t secondary[MW_N_KSECONDARY_TARIFF][MW_TARIFFS];
  int64_t trip[MW_N_KTARIFFED]; /* the totals at the last reset */
  uint64_t seconds;             /* with power */
  uint64_t tariff_seconds[MW_TARIFFS];
  uint64_t pulses[2]; /* at the module's inputs */
} mw_kregisters;

/* What the present load is worth: growth of the accumulators per second. rate[MW_KACC_TOTAL
 * (q)] is the power in mW, rate[MW_KACC_U (ph)] the voltage in mV, … */
typedef struct mw_kpower {
  int64_t rate[MW_N_KACC];
} mw_kpower;

/* For the core. */
void mw_kenergy_refresh (mw_kmeter *k);
void mw_kenergy_advance (mw_kmeter *k, uint32_t seconds);
enum mw_err mw_kenergy_value (const mw_kmeter *k, unsigned id, int64_t *out);
/* Trip registers to zero. */
void mw_kenergy_reset_trip (mw_kmeter *k, enum mw_kquantity q);

#endif
