/* events.c: see events.h. */
#include "core/kamstrup/events.h"

#include <string.h>

#define PERCENT_MV 2300u /* of 230 V */

static bool
is_cut (const mw_kvoltage_config *c, const mw_kmeasured *in, unsigned ph)
{
  return in->voltage_mv[ph] < c->cut_v * 1000u;
}

static bool
is_under (const mw_kvoltage_config *c, const mw_kmeasured *in, unsigned ph)
{
  return in->voltage_mv[ph] < (100u - c->under_percent) * PERCENT_MV && !is_cut (c, in, ph);
}

static bool
is_over (const mw_kvoltage_config *c, const mw_kmeasured *in, unsigned ph)
{
  return in->voltage_mv[ph] > (100u + c->over_percent) * PERCENT_MV;
}

static uint32_t
more (uint32_t seconds, uint32_t n)
{
  return seconds > UINT32_MAX - n ? UINT32_MAX : seconds + n;
}

/* What will be present when the timers have run by N more seconds. */
static uint16_t
present_after (const mw_kvoltage *v, const mw_kvoltage_config *c, const mw_kmeasured *in,
               uint32_t n)
{
  unsigned bits = 0;
  for (unsigned ph = 0; ph < in->phases; ph++) {
    if (is_cut (c, in, ph))
      bits |= MW_KVE_CUT << ph;
    if (is_under (c, in, ph) && more (v->under_s[ph], n) >= c->duration_s)
      bits |= MW_KVE_UNDER << ph;
    if (is_over (c, in, ph) && more (v->over_s[ph], n) >= c->duration_s)
      bits |= MW_KVE_OVER << ph;
  }
  return (uint16_t) bits;
}

uint32_t
mw_kvoltage_horizon (const mw_kvoltage *v, const mw_kvoltage_config *c, const mw_kmeasured *in)
{
  uint32_t n = UINT32_MAX;
  if (present_after (v, c, in, 1) != v->present)
    return 1;
  for (unsigned ph = 0; ph < in->phases; ph++) {
    if (is_under (c, in, ph) && v->under_s[ph] < c->duration_s
        && c->duration_s - v->under_s[ph] < n)
      n = c->duration_s - v->under_s[ph];
    if (is_over (c, in, ph) && v->over_s[ph] < c->duration_s
        && c->duration_s - v->over_s[ph] < n)
      n = c->duration_s - v->over_s[ph];
  }
  return n;
}

bool
mw_kvoltage_step (mw_kvoltage *v, const mw_kvoltage_config *c, const mw_kmeasured *in,
                  uint32_t seconds)
{
  uint16_t before = v->present;
  v->present = present_after (v, c, in, seconds);
  for (unsigned ph = 0; ph < in->phases; ph++) {
    v->under_s[ph] = is_under (c, in, ph) ? more (v->under_s[ph], seconds) : 0;
    v->over_s[ph] = is_over (c, in, ph) ? more (v->over_s[ph], seconds) : 0;
  }
  return v->present != before;
}

bool
mw_kvoltage_dark (mw_kvoltage *v, unsigned phases)
{
  uint16_t before = v->present;
  memset (v, 0, sizeof *v);
  v->present = (uint16_t) ((MW_KVE_CUT << phases) - MW_KVE_CUT);
  return v->present != before;
}
