/* settings.h: parameters that are one number each, and the counters. */
#ifndef MW_CORE_SETTINGS_H
#define MW_CORE_SETTINGS_H

#include "core/mw_settings_def.h"
#include "core/types.h"

enum mw_setting {
#define MW_SETTING_ROW(symbol, kind, preset, least, most, flags, scaler, unit) MW_SET_##symbol,
  MW_SETTINGS (MW_SETTING_ROW)
#undef MW_SETTING_ROW
      MW_N_SETTINGS
};

enum mw_counter {
#define MW_COUNTER_ROW(symbol, scaler, unit) MW_CNT_##symbol,
  MW_COUNTERS (MW_COUNTER_ROW)
#undef MW_COUNTER_ROW
      MW_N_COUNTERS
};

typedef struct mw_setting_info {
  const char *name;
  uint8_t kind;  /* enum mw_value_kind */
  uint8_t flags; /* MW_SETTING_ */
  int8_t scaler;
  uint8_t unit;
  int64_t preset, least, most;
} mw_setting_info;

/* NULL when ID is no setting. */
const mw_setting_info *mw_setting_info_of (unsigned id);
/* The value of setting ID (enum mw_setting), which must be one. */
int64_t mw_setting_get (const mw_meter *m, unsigned id);
/* Set it, with all that follows from it (periods start anew, event 47, change counter and
 * stamp, certification log).  MW_ERR_VALUE outside its range, MW_ERR_REFUSED when it is
 * critical and the certification log is full, MW_ERR_UNSUPPORTED when ID is no setting. */
enum mw_err mw_setting_set (mw_meter *m, unsigned id, int64_t value);

uint32_t mw_counter_get (const mw_meter *m, unsigned id);
/* For what may be written or is counted outside the core. */
enum mw_err mw_counter_set (mw_meter *m, unsigned id, uint32_t value);
void mw_counter_add (mw_meter *m, unsigned id, uint32_t n);

/* To be called by the model when it changed a parameter of its own: event 47, counter, stamp.
 */
void mw_parameters_changed (mw_meter *m);

#endif
