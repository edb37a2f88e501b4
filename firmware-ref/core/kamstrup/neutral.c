/* neutral.c: see neutral.h. */
#include "core/kamstrup/neutral.h"

#define NOMINAL_MV 230000

static bool
is_shifted (const mw_kneutral_config *c, const mw_kmeasured *in)
{
  unsigned high = 0, low = 0;
  for (unsigned ph = 0; ph < in->phases; ph++) {
    high += in->voltage_mv[ph] > c->high_v * 1000u;
    low += in->voltage_mv[ph] < NOMINAL_MV - c->vn_v * 1000u;
  }
  return high >= 2 && low >= 1;
}

uint32_t
mw_kneutral_horizon (const mw_kneutral *n, const mw_kneutral_config *c, const mw_kmeasured *in)
{
  if (n->fault || !is_shifted (c, in))
    return n->fault && !is_shifted (c, in) ? 1 : UINT32_MAX;
  return n->seconds > c->time_s ? 1 : c->time_s + 1u - n->seconds;
}

bool
mw_kneutral_step (mw_kneutral *n, const mw_kneutral_config *c, const mw_kmeasured *in,
                  uint32_t seconds)
{
  if (!is_shifted (c, in)) {
    n->seconds = 0;
    n->fault = false;
    return false;
  }
  n->seconds = n->seconds > UINT32_MAX - seconds ? UINT32_MAX : n->seconds + seconds;
  if (n->fault || n->seconds <= c->time_s)
    return false;
  n->fault = true;
  return true;
}
