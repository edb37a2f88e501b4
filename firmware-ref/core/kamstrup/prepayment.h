/* prepayment.h: energy paid in advance (OMNIPOWER technical description 4.8.13, 4.8.14;
 * METERTOOL manual 3.4.3, 3.5.10).
 *
 * A14prepayment goes down with what is imported.  At zero the supply is cut, unless the day or
 * the time of day forbids it; A14prepayment,credit then counts what is consumed all the same,
 * and is taken off the next kWh that are added.  After that cut the customer may connect a load
 * up to the exception limit, for t_prepayment days from the instant of zero on; a greater load
 * cuts at once.  Switched on, it waits for the first kWh; switched off, it forgets all.  162
 * and 382 (METERTOOL) go into this limited time without a first cut.
 */
#ifndef MW_CORE_KAMSTRUP_PREPAYMENT_H
#define MW_CORE_KAMSTRUP_PREPAYMENT_H

#include "core/kamstrup/cutoff.h"

#define MW_KPREPAYMENT_MAX_MWH INT64_C (9999999000000) /* 9 999 999 kWh in 0.001 Wh */

enum mw_kprepayment_state {
  MW_KPP_OFF,
  MW_KPP_EMPTY,   /* nothing was paid yet: it begins with the first kWh */
  MW_KPP_PAID,    /* counting down */
  MW_KPP_ZERO,    /* used up, not cut yet: the day or the time forbids it */
  MW_KPP_LIMITED, /* the small load may be connected */
  MW_KPP_OVER,    /* nothing but new kWh helps */
};

typedef struct mw_kprepayment_config {
  bool enabled;
  bool by_power;
  bool limited_first;           /* 162, 382: no cut at zero while the load is small */
  uint32_t current_da, power_w; /* exception: 0.1 A, W; 0: none */
  uint8_t days;                 /* t_prepayment */
} mw_kprepayment_config;

/* Stored as it is. */
typedef struct mw_kprepayment {
  int64_t paid_mws;  /* A14prepayment */
  int64_t used_mws;  /* A14prepayment,credit */
  int64_t zero_utc;  /* when it became zero */
  int64_t added_mwh; /* last, 0.001 Wh */
  bool loaded;
  bool was_cut; /* since it is zero */
  bool reserved[6];
} mw_kprepayment;

/* FROM: the beginning of the step. */
enum mw_kprepayment_wish
mw_kprepayment_step (mw_kprepayment *p, const mw_kprepayment_config *c, const mw_kmeasured *in,
                     bool closed, bool forbidden, int64_t from, uint32_t seconds);
/* For how many seconds of IN from UTC on its wish stays, while FORBIDDEN does. */
uint32_t
mw_kprepayment_horizon (const mw_kprepayment *p, const mw_kprepayment_config *c,
                        const mw_kmeasured *in, bool closed, bool forbidden, int64_t utc);
/* MWH (0.001 Wh, > 0) were paid: MW_ERR_VALUE when it is not, or more than the register
 * holds. */
enum mw_err mw_kprepayment_add (mw_kprepayment *p, int64_t mwh);
enum mw_kprepayment_state
mw_kprepayment_state_of (const mw_kprepayment *p, const mw_kprepayment_config *c, int64_t utc);
/* Days of t_prepayment left, the running one too; 0 when none is running. */
unsigned
mw_kprepayment_days_left (const mw_kprepayment *p, const mw_kprepayment_config *c, int64_t utc);

#endif
