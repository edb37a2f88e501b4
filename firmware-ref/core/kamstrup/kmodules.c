/* kmodules.c: the parts of the Kamstrup meter that are plugged in, in the order in which they
 * are called (kmodule.h). */
#include "core/kamstrup/kmeter.h"

/* clang-format off */
const mw_kmodule *const mw_kmodules[] = {
  &mw_kmodule_quality, /* first: it measures what flowed before the breaker moves */
  &mw_kmodule_cutoff,
  &mw_kmodule_analysis,
  NULL,
};
/* clang-format on */

/* Without the NULL that ends the list. */
const unsigned mw_n_kmodules = sizeof mw_kmodules / sizeof *mw_kmodules - 1;
