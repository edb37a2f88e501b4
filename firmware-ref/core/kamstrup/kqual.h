/* kqual.h: what voltage quality, analysis, neutral fault, disconnection and prepayment keep in
 * the Kamstrup meter, and what is done with them from outside.
 *
 * Which of them a meter has is told by its model: the occurrence counters' log makes it an
 * OMNIPOWER (quality.h), else the voltage quality log one of 162, 382, 351B (events.h); the
 * neutral fault and analysis logs stand for their functions, mw_kmodel.breaker for the breaker.
 *
 * The value DC_SETUP is all that concerns the breaker in 43 octets, high octet first; no public
 * source has such a block, it is this reference meter's own.  Written, it is taken whole or, if
 * one number is out of its range or out of order, not at all.
 *
 *   octets  0 basis: bit 0 load, 1 prepayment, 2 voltage      1 quantity: 0 current, 1 power
 *           2 reconnection: 0 automatic, 1 manual, 2 manual after release
 *           3 push-button: bit 0 disconnects, 1 reconnects
 *        4-5 I_disconnect, 0.1 A      6-9 P_disconnect, W
 *     10 11 12 k1 k2 k3, 0.1     13-14 15-16 17-18 t1 t2 t3, s
 *      19-20 I_shortcircuit, A     21-22 T_connectwait, s
 *      23-24 overvoltage level, V     25-26 its sample time, s
 *      27-28 reconnection level, V    29-30 its sample time, s
 *      31-32 I_exception, 0.1 A    33-36 P_exception, W    37 t_prepayment, days
 *         38 prepayment disconnects on working days alone
 *      39-40 41-42 no disconnection by prepayment from … until, minutes of the day
 */
#ifndef MW_CORE_KQUAL_H
#define MW_CORE_KQUAL_H

#include "core/kamstrup/cutoff.h"
#include "core/kamstrup/events.h"
#include "core/kamstrup/kenergy.h"
#include "core/kamstrup/kmodule.h"
#include "core/kamstrup/neutral.h"
#include "core/kamstrup/prepayment.h"
#include "core/kamstrup/quality.h"

#define MW_KDC_SETUP_LEN 43

enum mw_kcounter_log { MW_KCOUNTER_DAILY, MW_KCOUNTER_WEEKLY, MW_KCOUNTER_MONTHLY };

/* Means of the analysis logger, in the order of the values AN_P14_L1 … AN_FREQUENCY. */
#define MW_N_KMEANS 35
#define MW_KANALYSIS_MOST 16 /* registers besides the clock, OMNIPOWER 4.5.4 */

typedef struct mw_kanalysis {
  int64_t edge[MW_N_KACC]; /* accumulators when the interval began */
  int64_t next;            /* UTC of its end */
  uint32_t elapsed;        /* seconds of it with power */
  int32_t mean[MW_N_KMEANS];
} mw_kanalysis;

/* Changes by itself: stored with every commit. */
typedef struct mw_kqual {
  mw_kquality quality;
  mw_kquality_entry last; /* of the voltage quality logger */
  int64_t counters_next;  /* UTC at which the occurrence counters are logged */
  mw_kvoltage voltage;
  mw_kneutral neutral;
  mw_kcutoff cutoff;
  mw_kprepayment prepayment;
  mw_kanalysis analysis;
  bool fresh;       /* the load changed: the next second is looked at by itself */
  bool neutral_cut; /* a neutral fault was found that opens the breaker */
  uint8_t reserved[6];
} mw_kqual;

/* Configured, beyond single numbers (mw_kqual_def.h): nothing. */
typedef struct mw_kqual_setup {
  uint32_t reserved;
} mw_kqual_setup;

/* KMP SetCutOffState. MW_ERR_UNSUPPORTED without breaker, MW_ERR_STATE without power, else as
 * mw_kcutoff_do. */
enum mw_err mw_kmeter_cutoff (mw_kmeter *k, enum mw_kcutoff_command command);
/* The left push-button is held for SECONDS: disconnects or reconnects when that is long enough
 * and allowed (OMNIPOWER 4.8.2). MW_ERR_VALUE when it is too short. */
enum mw_err mw_kmeter_hold_button (mw_kmeter *k, unsigned seconds);
/* A phase voltage was at MV for MS milliseconds of this second: mw_kquality_transient. */
void mw_kmeter_transient (mw_kmeter *k, uint32_t mv, uint32_t ms);
/* Reconfigure the analysis logger: N of the registers of Table 14 (values, without the clock)
 * every MINUTES.  What it holds is deleted.  MW_ERR_UNSUPPORTED without that logger,
 * MW_ERR_SPACE for none or too many, MW_ERR_VALUE for an interval or a value that is not
 * offered, or twice. */
enum mw_err
mw_kanalysis_configure (mw_kmeter *k, unsigned minutes, const uint16_t *column, unsigned n);
/* Is value ID among the registers of Table 14 for this meter? */
bool mw_kanalysis_offers (const mw_kmeter *k, unsigned id);

/* For the modules. */
extern const mw_kmodule mw_kmodule_quality, mw_kmodule_cutoff, mw_kmodule_analysis;
mw_kmeasured mw_kqual_measure (const mw_kmeter *k);
bool mw_kqual_is_omnipower (const mw_kmeter *k);
bool mw_kqual_has_breaker (const mw_kmeter *k);

#endif
