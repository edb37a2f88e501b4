/* errors.h: the one error enumeration of the C libraries below GLib.
 *
 * Every function that can fail returns an enum mw_err or keeps one in its context struct.
 * A refusal by the meter (a data-access-result, a diagnostic) is a value, not an error of ours.
 */
#ifndef MW_ERRORS_H
#define MW_ERRORS_H

#include "mw_errors_def.h"

enum mw_err {
#define MW_ERR_ROW(symbol, name, text) symbol,
  MW_ERRORS (MW_ERR_ROW)
#undef MW_ERR_ROW
      MW_N_ERRS
};

/* The short name of ERR ("timeout"), for logs and JSON; "unknown" when ERR is no enum mw_err.
 * Static storage. */
const char *mw_err_name (int err);

/* One English sentence fragment for ERR ("no answer in time"), without final stop. Static
 * storage. */
const char *mw_err_text (int err);

#endif
