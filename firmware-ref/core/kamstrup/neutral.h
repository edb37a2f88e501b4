/* neutral.h: the neutral of the supply is missing (OMNIPOWER technical description 4.9.10,
 * METERTOOL manual 3.5.11): two phase voltages above V_LhiTh and one below 230 V - V_NTh for
 * longer than the neutral fault time, which is told by whole seconds: at the end of second t
 * + 1. Meters of three phases and four wires alone have it.
 */
#ifndef MW_CORE_KAMSTRUP_NEUTRAL_H
#define MW_CORE_KAMSTRUP_NEUTRAL_H

#include "core/kamstrup/measured.h"

typedef struct mw_kneutral_config {
  uint16_t high_v; /* V_LhiTh */
  uint16_t vn_v;   /* V_NTh */
  uint16_t time_s;
} mw_kneutral_config;

/* Stored as it is. */
typedef struct mw_kneutral {
  uint32_t seconds; /* for which the voltages have been so */
  bool fault;
  uint8_t reserved[3];
} mw_kneutral;

/* For how many seconds of IN nothing is found; at least 1. */
uint32_t
mw_kneutral_horizon (const mw_kneutral *n, const mw_kneutral_config *c, const mw_kmeasured *in);
/* SECONDS (at most the horizon) of IN passed; true when a fault was found at their end. */
bool mw_kneutral_step (mw_kneutral *n, const mw_kneutral_config *c, const mw_kmeasured *in,
                       uint32_t seconds);

#endif
