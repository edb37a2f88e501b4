/* prepayment.c: see prepayment.h. */
#include "core/kamstrup/prepayment.h"

#define MWS_PER_MWH 3600 /* mW·s in 0.001 Wh */
#define DAY_S 86400

static bool
is_over (const mw_kprepayment *p, const mw_kprepayment_config *c, int64_t utc)
{
  return c->days == 0 || utc >= p->zero_utc + (int64_t) c->days * DAY_S;
}

static bool
is_large (const mw_kprepayment_config *c, const mw_kmeasured *in)
{
  if (c->by_power)
    return in->import_mw > (int64_t) c->power_w * 1000;
  for (unsigned ph = 0; ph < in->phases; ph++)
    if (in->current_ma[ph] > c->current_da * 100)
      return true;
  return false;
}

static void
consume (mw_kprepayment *p, const mw_kmeasured *in, int64_t from, uint32_t seconds)
{
  int64_t left = p->paid_mws - in->import_mw * seconds;
  if (p->paid_mws == 0) {
    p->used_mws += in->import_mw * seconds;
    return;
  }
  p->paid_mws = left > 0 ? left : 0;
  if (left > 0)
    return;
  p->used_mws -= left;
  p->zero_utc = from + seconds;
  p->was_cut = false;
}

static enum mw_kprepayment_wish
wish_at_zero (const mw_kprepayment *p, const mw_kprepayment_config *c, const mw_kmeasured *in,
              bool closed, int64_t utc)
{
  if (c->days == 0 || (!p->was_cut && !c->limited_first))
    return MW_KPW_CUT;
  if (is_over (p, c, utc))
    return MW_KPW_EXPIRED;
  return closed && is_large (c, in) ? MW_KPW_CUT : MW_KPW_LIMITED;
}

enum mw_kprepayment_wish
mw_kprepayment_step (mw_kprepayment *p, const mw_kprepayment_config *c, const mw_kmeasured *in,
                     bool closed, bool forbidden, int64_t from, uint32_t seconds)
{
  enum mw_kprepayment_wish wish;
  if (!c->enabled || !p->loaded)
    return MW_KPW_CONNECT;
  consume (p, in, from, seconds);
  if (p->paid_mws > 0)
    return MW_KPW_CONNECT;
  wish = wish_at_zero (p, c, in, closed, from + seconds);
  if (closed && forbidden)
    return MW_KPW_LIMITED;
  if (wish == MW_KPW_CUT)
    p->was_cut = true;
  return wish;
}

uint32_t
mw_kprepayment_horizon (const mw_kprepayment *p, const mw_kprepayment_config *c,
                        const mw_kmeasured *in, bool closed, bool forbidden, int64_t utc)
{
  int64_t n = UINT32_MAX;
  if (!c->enabled || !p->loaded)
    return UINT32_MAX;
  if (p->paid_mws > 0) {
    if (in->import_mw > 0)
      n = (p->paid_mws + in->import_mw - 1) / in->import_mw;
  } else if (closed && !forbidden && wish_at_zero (p, c, in, true, utc) != MW_KPW_LIMITED) {
    n = 1;
  } else if (!is_over (p, c, utc)) {
    n = p->zero_utc + (int64_t) c->days * DAY_S - utc;
  }
  if (n > UINT32_MAX)
    return UINT32_MAX;
  return n > 0 ? (uint32_t) n : 1;
}

enum mw_err
mw_kprepayment_add (mw_kprepayment *p, int64_t mwh)
{
  int64_t add = mwh * MWS_PER_MWH;
  if (mwh <= 0 || mwh > MW_KPREPAYMENT_MAX_MWH
      || p->paid_mws > MW_KPREPAYMENT_MAX_MWH * MWS_PER_MWH - add)
    return MW_ERR_VALUE;
  p->added_mwh = mwh;
  p->loaded = true;
  if (add <= p->used_mws) {
    p->used_mws -= add;
    return MW_OK;
  }
  p->paid_mws += add - p->used_mws;
  p->used_mws = 0;
  p->was_cut = false;
  return MW_OK;
}

enum mw_kprepayment_state
mw_kprepayment_state_of (const mw_kprepayment *p, const mw_kprepayment_config *c, int64_t utc)
{
  if (!c->enabled)
    return MW_KPP_OFF;
  if (!p->loaded)
    return MW_KPP_EMPTY;
  if (p->paid_mws > 0)
    return MW_KPP_PAID;
  if (!p->was_cut && !c->limited_first)
    return MW_KPP_ZERO;
  return is_over (p, c, utc) ? MW_KPP_OVER : MW_KPP_LIMITED;
}

unsigned
mw_kprepayment_days_left (const mw_kprepayment *p, const mw_kprepayment_config *c, int64_t utc)
{
  int64_t left = p->zero_utc + (int64_t) c->days * DAY_S - utc;
  if (mw_kprepayment_state_of (p, c, utc) != MW_KPP_LIMITED)
    return 0;
  return (unsigned) ((left + DAY_S - 1) / DAY_S);
}
