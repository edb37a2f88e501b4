/* kqual.h: what voltage quality, analysis, neutral fault, disconnection and prepayment keep. */
#ifndef MW_CORE_KQUAL_H
#define MW_CORE_KQUAL_H

#include "core/kamstrup/kmodule.h"

/* Changes by itself: stored with every commit. */
typedef struct mw_kqual {
  uint32_t reserved;
} mw_kqual;

/* Configured, beyond single numbers (mw_kqual_def.h). */
typedef struct mw_kqual_setup {
  uint32_t reserved;
} mw_kqual_setup;

#endif
