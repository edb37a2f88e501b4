/* errors.c: names and texts of enum mw_err, from the one table. */
#include "errors.h"

static const char *const names[] = {
#define ROW(symbol, name, text) name,
  MW_ERRORS (ROW)
#undef ROW
};

static const char *const texts[] = {
#define ROW(symbol, name, text) text,
  MW_ERRORS (ROW)
#undef ROW
};

const char *
mw_err_name (int err)
{
  return err >= 0 && err < MW_N_ERRS ? names[err] : "unknown";
}

const char *
mw_err_text (int err)
{
  return err >= 0 && err < MW_N_ERRS ? texts[err] : "an unknown error";
}
