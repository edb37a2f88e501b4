/* types.h: the numbers by which the metering core names what it measures, and the typed value.
 *
 * Units inside the core: voltage mV, current mA, angle 0.1 degree, power mW / mvar / mVA,
 * energy mW·s (1 Wh = 3,600,000), time UTC seconds, frequency mHz, power factor 0.001.
 * Units at the accessors are those of the manual: Wh, W, 0.1 V, 0.01 A and so on; each value's
 * scaler and unit are told by mw_value_info (values.h).
 */
#ifndef MW_CORE_TYPES_H
#define MW_CORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/errors.h"
#include "base/unit.h"

typedef struct mw_meter mw_meter;

#define MW_PHASES 3
#define MW_TARIFFS 8

/* Energies and powers, in the order of the registers 1.8.0 … 10.8.0, 15.8.0, 16.8.0
 * (Mx381 manual 3.5.1, Table 1). */
enum mw_quantity {
  MW_Q_AP,  /* A+   1 */
  MW_Q_AM,  /* A-   2 */
  MW_Q_RP,  /* Q+   3 */
  MW_Q_RM,  /* Q-   4 */
  MW_Q_R1,  /* QI   5 */
  MW_Q_R2,  /* QII  6 */
  MW_Q_R3,  /* QIII 7 */
  MW_Q_R4,  /* QIV  8 */
  MW_Q_SP,  /* S+   9 */
  MW_Q_SM,  /* S-  10 */
  MW_Q_ABS, /* |A+| + |A-| 15 */
  MW_Q_NET, /* |A+| - |A-| 16, total only */
  MW_N_QUANTITIES
};
#define MW_N_TARIFF_QUANTITIES MW_Q_NET /* those with tariff registers */

/* Demand registers (manual 3.5.2.3, Tables 2 and 3). */
enum mw_demand_quantity {
  MW_D_AP,
  MW_D_AM,
  MW_D_RP,
  MW_D_RM,
  MW_D_SP,
  MW_D_SM,
  MW_D_ABS,
  MW_N_DEMANDS
};

/* How three-phase energy is made of phase energies (manual 3.3). */
enum mw_method {
  MW_METHOD_ONE_WAY,  /* algebraic sum, export is not registered (reverse running stop) */
  MW_METHOD_TWO_WAY,  /* algebraic sum, import and export registered */
  MW_METHOD_ABSOLUTE, /* sum of the absolute values, in A+ */
};

/* An instant as records keep it, and the clock status of that instant (MW_CLOCK_ bits; DST
 * tells the deviation).  UTC 0 with status MW_CLOCK_STATUS_ANY: never. */
typedef struct mw_stamp {
  int64_t utc;
  uint8_t status;
  uint8_t reserved[7]; /* 0: stamps are stored as they are, and nothing random may be */
} mw_stamp;

/* What a load is at an instant: the inputs of the metering system. */
typedef struct mw_load {
  uint32_t voltage_mv[MW_PHASES];
  uint32_t current_ma[MW_PHASES];
  int16_t phi_ddeg[MW_PHASES]; /* angle of current behind voltage, 0.1°, -1800 … +1800 */
  uint32_t frequency_mhz;
  uint16_t thdu_cpct[MW_PHASES]; /* total harmonic distortion of voltage and current, 0.01 % */
  uint16_t thdi_cpct[MW_PHASES];
  bool reversed; /* phase sequence L1 L3 L2 */
  bool bypass;   /* current flows past the disconnector */
} mw_load;

enum mw_value_kind {
  MW_VALUE_NONE,
  MW_VALUE_BOOL,
  MW_VALUE_I8,
  MW_VALUE_U8,
  MW_VALUE_I16,
  MW_VALUE_U16,
  MW_VALUE_I32,
  MW_VALUE_U32,
  MW_VALUE_I64,
  MW_VALUE_U64,
  MW_VALUE_ENUM,  /* an octet, COSEM enum */
  MW_VALUE_TIME,  /* u.time; COSEM date-time */
  MW_VALUE_BYTES, /* octet-string of len ≤ 8 in u.bytes */
  MW_VALUE_CLOCK, /* the record's own time when captured: takes no room in it */
  MW_N_VALUE_KINDS
};

/* A value as it goes into profiles and onto the display. */
typedef struct mw_value {
  uint8_t kind; /* enum mw_value_kind */
  uint8_t len;  /* of bytes */
  union {
    int64_t i; /* all whole numbers, also unsigned ones up to 2^63-1 */
    mw_stamp time;
    uint8_t bytes[8];
  } u;
} mw_value;

/* A name of the activity calendar and of masks: an octet-string. */
#define MW_NAME_MAX 8
typedef struct mw_name {
  uint8_t len;
  uint8_t text[MW_NAME_MAX];
} mw_name;

static inline bool
mw_name_equal (const mw_name *a, const mw_name *b)
{
  bool same = a->len == b->len;
  for (unsigned i = 0; same && i < a->len && i < MW_NAME_MAX; i++)
    same = a->text[i] == b->text[i];
  return same;
}

#endif
