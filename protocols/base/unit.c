/* unit.c: see unit.h. */
#include "unit.h"

const char *
mw_unit_text (unsigned unit)
{
  switch (unit) {
#define ROW(number, symbol, text)                                                              \
  case number:                                                                                 \
    return text;
    MW_UNITS (ROW)
#undef ROW
  default:
    return "";
  }
}
