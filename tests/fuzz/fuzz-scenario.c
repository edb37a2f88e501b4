/* The scenario text: whatever is read makes loads that a meter may see, for a time that passes.
 */
#include <string.h>

#include "core/scenario.h"
#include "fuzz.h"

#define MONDAY 1770019200 /* 2026-02-02T08:00:00, local */

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  mw_scenario s;
  unsigned line;
  enum mw_err err;
  mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
  err = mw_scenario_parse (&s, (const char *) data, size, &line);
  MUST (err == MW_OK || err == MW_ERR_VALUE || err == MW_ERR_SPACE);
  MUST (s.lines <= MW_SCENARIO_LINES && (s.phases == 1 || s.phases == 3));
  for (int64_t t = MONDAY; err == MW_OK && t < MONDAY + 86400;) {
    mw_load l;
    uint32_t n = mw_scenario_load (&s, t, &l);
    MUST (n >= 1 && n <= 60);
    for (unsigned ph = 0; ph < MW_PHASES; ph++)
      MUST (l.voltage_mv[ph] <= 500000 && l.phi_ddeg[ph] >= -1800 && l.phi_ddeg[ph] <= 1800);
    t += n + 3600;
  }
  return 0;
}
