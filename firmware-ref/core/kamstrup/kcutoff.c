/* kcutoff.c: the breaker and prepayment as a module of the Kamstrup meter (kqual.h). */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define DAY_S 86400
#define PRESENT_MV 160000 /* as the display shows a phase (OMNIPOWER 4.6.2.12) */

/* The order of DC_SETUP. */
/* clang-format off */
static const struct {
  uint16_t id;
  uint8_t width;
} block[] = {
  { MW_KV_DC_BASIS, 1 },      { MW_KV_DC_QUANTITY, 1 },   { MW_KV_DC_RECONNECT, 1 },
  { MW_KV_DC_BUTTON, 1 },     { MW_KV_DC_CURRENT, 2 },    { MW_KV_DC_POWER, 4 },
  { MW_KV_DC_K1, 1 },         { MW_KV_DC_K2, 1 },         { MW_KV_DC_K3, 1 },
  { MW_KV_DC_T1, 2 },         { MW_KV_DC_T2, 2 },         { MW_KV_DC_T3, 2 },
  { MW_KV_DC_SHORT, 2 },      { MW_KV_DC_WAIT, 2 },       { MW_KV_OV_LEVEL, 2 },
  { MW_KV_OV_TIME, 2 },       { MW_KV_OV_BACK_LEVEL, 2 }, { MW_KV_OV_BACK_TIME, 2 },
  { MW_KV_PP_CURRENT, 2 },    { MW_KV_PP_POWER, 4 },      { MW_KV_PP_DAYS, 1 },
  { MW_KV_PP_WORKING_DAYS, 1 }, { MW_KV_PP_FROM, 2 },     { MW_KV_PP_TO, 2 },
};
/* clang-format on */
#define BLOCK_ROWS (sizeof block / sizeof *block)

static mw_kcutoff_config
config_of (const mw_kmeter *k)
{
  mw_kcutoff_config c = {
    .basis = (uint8_t) mw_kset (k, MW_KV_DC_BASIS),
    .button = (uint8_t) mw_kset (k, MW_KV_DC_BUTTON),
    .reconnect = (uint8_t) mw_kset (k, MW_KV_DC_RECONNECT),
    .by_power = mw_kset (k, MW_KV_DC_QUANTITY) != 0,
    .current_da = (uint32_t) mw_kset (k, MW_KV_DC_CURRENT),
    .power_w = (uint32_t) mw_kset (k, MW_KV_DC_POWER),
    .short_a = (uint16_t) mw_kset (k, MW_KV_DC_SHORT),
    .wait_s = (uint32_t) mw_kset (k, MW_KV_DC_WAIT),
    .over_v = (uint16_t) mw_kset (k, MW_KV_OV_LEVEL),
    .over_s = (uint16_t) mw_kset (k, MW_KV_OV_TIME),
    .back_v = (uint16_t) mw_kset (k, MW_KV_OV_BACK_LEVEL),
    .back_s = (uint16_t) mw_kset (k, MW_KV_OV_BACK_TIME),
  };
  for (unsigned i = 0; i < 3; i++) {
    c.k[i] = (uint8_t) mw_kset (k, MW_KV_DC_K1 + i);
    c.t[i] = (uint16_t) mw_kset (k, MW_KV_DC_T1 + i);
  }
  return c;
}

/* Prepayment is disregarded when the meter has tariffs (OMNIPOWER 4.8.14). */
static mw_kprepayment_config
prepayment_of (const mw_kmeter *k)
{
  return (mw_kprepayment_config){
    .enabled = mw_kqual_has_breaker (k) && mw_kset (k, MW_KV_DC_BASIS) & MW_KBASIS_PREPAYMENT
               && !mw_ktariff_is_used (k),
    .by_power = mw_kset (k, MW_KV_DC_QUANTITY) != 0,
    .limited_first = !mw_kqual_is_omnipower (k),
    .current_da = (uint32_t) mw_kset (k, MW_KV_PP_CURRENT),
    .power_w = (uint32_t) mw_kset (k, MW_KV_PP_POWER),
    .days = (uint8_t) mw_kset (k, MW_KV_PP_DAYS),
  };
}

/* Days and times on which prepayment does not disconnect. */

static bool
is_working_day (const mw_kmeter *k, int64_t local)
{
  if (k->plan.len)
    return mw_kplan_at (k, 0, local).day == MW_KDAY_WORKING;
  return mw_weekday_from_days ((int32_t) (local / DAY_S)) <= 5;
}

static bool
is_forbidden (const mw_kmeter *k, int64_t utc)
{
  int64_t local = mw_clock_local (&k->m, utc), minute = local % DAY_S / 60;
  int64_t from = mw_kset (k, MW_KV_PP_FROM), to = mw_kset (k, MW_KV_PP_TO);
  bool within = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  return within || (mw_kset (k, MW_KV_PP_WORKING_DAYS) && !is_working_day (k, local));
}

/* The next instant at which that may change. */
static int64_t
on_next (const mw_kmeter *k)
{
  int64_t now = k->m.st.clock.utc, local = mw_clock_local (&k->m, now), midnight;
  int64_t edges[3], next = MW_WHEN_NEVER;
  if (!prepayment_of (k).enabled)
    return MW_WHEN_NEVER;
  midnight = local - local % DAY_S;
  edges[0] = midnight + mw_kset (k, MW_KV_PP_FROM) * 60;
  edges[1] = midnight + mw_kset (k, MW_KV_PP_TO) * 60;
  edges[2] = midnight + DAY_S;
  for (unsigned i = 0; i < 3; i++)
    if (edges[i] > local && now + edges[i] - local < next)
      next = now + edges[i] - local;
  return next;
}

/* What the breaker did is carried out and entered. */
static void
follow (mw_kmeter *k, const mw_kcutoff *before)
{
  const mw_kcutoff *c = &k->qual.cutoff;
  bool closed = mw_kcutoff_is_closed (c);
  if (closed != mw_kcutoff_is_closed (before)) {
    mw_kmeter_breaker (k, closed);
    mw_kmeter_status (k, MW_KSTATUS_CUTOFF, !closed);
  }
  if (c->state == before->state)
    return;
  mw_klog_append (k, MW_KLOG_CUTOFF, mw_clock_now (&k->m), NULL, 0);
  k->m.changed = true;
}

static void
on_advance (mw_kmeter *k, uint32_t n)
{
  mw_kqual *q = &k->qual;
  mw_kcutoff before = q->cutoff;
  mw_kcutoff_config cfg = config_of (k);
  mw_kprepayment_config pay = prepayment_of (k);
  mw_kmeasured in = mw_kqual_measure (k);
  int64_t from = k->m.st.clock.utc - n;
  enum mw_kprepayment_wish wish;
  if (!mw_kqual_has_breaker (k))
    return;
  wish = mw_kprepayment_step (&q->prepayment, &pay, &in, mw_kcutoff_is_closed (&q->cutoff),
                              pay.enabled && is_forbidden (k, from), from, n);
  mw_kcutoff_step (&q->cutoff, &cfg, &in, wish, n);
  if (q->neutral_cut)
    mw_kcutoff_neutral (&q->cutoff, &cfg, &in);
  q->neutral_cut = false;
  follow (k, &before);
}

static uint32_t
on_horizon (const mw_kmeter *k)
{
  const mw_kqual *q = &k->qual;
  mw_kcutoff_config cfg = config_of (k);
  mw_kprepayment_config pay = prepayment_of (k);
  mw_kmeasured in = mw_kqual_measure (k);
  int64_t now = k->m.st.clock.utc;
  uint32_t n, other;
  if (!mw_kqual_has_breaker (k))
    return UINT32_MAX;
  n = mw_kcutoff_horizon (&q->cutoff, &cfg, &in);
  other = mw_kprepayment_horizon (&q->prepayment, &pay, &in, mw_kcutoff_is_closed (&q->cutoff),
                                  pay.enabled && is_forbidden (k, now), now);
  return other < n ? other : n;
}

static void
on_defaults (mw_kmeter *k)
{
  mw_kcutoff_init (&k->qual.cutoff);
  memset (&k->qual.prepayment, 0, sizeof k->qual.prepayment);
}

static void
on_power_up (mw_kmeter *k, int64_t dark_s)
{
  if (dark_s > 0)
    mw_kcutoff_dark (&k->qual.cutoff, (uint64_t) dark_s);
  else
    mw_kcutoff_configured (&k->qual.cutoff);
  k->qual.neutral_cut = false;
}

static void
on_time_changed (mw_kmeter *k, int64_t old_utc)
{
  k->qual.prepayment.zero_utc += k->m.st.clock.utc - old_utc;
}

static void
on_setting_changed (mw_kmeter *k, unsigned id, int64_t old)
{
  (void) old;
  for (unsigned i = 0; i < BLOCK_ROWS; i++)
    if (block[i].id == id)
      mw_kcutoff_configured (&k->qual.cutoff);
  if (!(mw_kset (k, MW_KV_DC_BASIS) & MW_KBASIS_PREPAYMENT)) /* switched off, it forgets */
    memset (&k->qual.prepayment, 0, sizeof k->qual.prepayment);
}

/* k3 ≤ k2 ≤ k1 and t1 ≤ t2 ≤ t3 (OMNIPOWER 4.8.8). */
static bool
in_order (const int64_t factor[3], const int64_t time[3])
{
  return factor[2] <= factor[1] && factor[1] <= factor[0] && time[0] <= time[1]
         && time[1] <= time[2];
}

static bool
on_allows (const mw_kmeter *k, unsigned id, int64_t number)
{
  int64_t factor[3], time[3];
  for (unsigned i = 0; i < 3; i++) {
    factor[i] = id == MW_KV_DC_K1 + i ? number : mw_kset (k, MW_KV_DC_K1 + i);
    time[i] = id == MW_KV_DC_T1 + i ? number : mw_kset (k, MW_KV_DC_T1 + i);
  }
  return in_order (factor, time);
}

static unsigned
present (const mw_kmeter *k)
{
  unsigned bits = 0;
  for (unsigned ph = 0; ph < k->model->phases; ph++)
    if (k->m.load.voltage_mv[ph] >= PRESENT_MV
        && (mw_kcutoff_is_closed (&k->qual.cutoff) || k->m.load.bypass))
      bits |= 1u << ph;
  return bits;
}

static void
put_block (const mw_kmeter *k, mw_kvalue *out)
{
  for (unsigned i = 0; i < BLOCK_ROWS; i++)
    for (unsigned w = block[i].width; w; w--)
      out->octets[out->len++] = (uint8_t) (mw_kset (k, block[i].id) >> 8 * (w - 1));
}

static enum mw_err
prepayment_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  const mw_kprepayment *p = &k->qual.prepayment;
  mw_kprepayment_config c = prepayment_of (k);
  switch (id) {
  case MW_KV_PREPAYMENT:
    out->number = p->paid_mws / MW_MWS_PER_MWH;
    return MW_OK;
  case MW_KV_PREPAYMENT_CREDIT:
    out->number = p->used_mws / MW_MWS_PER_MWH;
    return MW_OK;
  case MW_KV_PREPAYMENT_ADD:
    out->number = p->added_mwh;
    return MW_OK;
  case MW_KV_PREPAYMENT_STATE:
    out->number = mw_kprepayment_state_of (p, &c, k->m.st.clock.utc);
    return MW_OK;
  case MW_KV_PREPAYMENT_DAYS_LEFT:
    out->number = mw_kprepayment_days_left (p, &c, k->m.st.clock.utc);
    return MW_OK;
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

static enum mw_err
on_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  const mw_kcutoff *c = &k->qual.cutoff;
  mw_kmeasured in = mw_kqual_measure (k);
  if (!mw_kqual_has_breaker (k))
    return MW_ERR_UNSUPPORTED;
  switch (id) {
  case MW_KV_CUTOFF_STATE:
    out->number = mw_kcutoff_shown (c);
    return MW_OK;
  case MW_KV_CUTOFF_FEEDBACK:
    out->number = mw_kcutoff_feedback (c, &in, present (k));
    return MW_OK;
  case MW_KV_CUTOFF_CAUSE:
    out->number = c->cause;
    return MW_OK;
  case MW_KV_CUTOFF_LOCK:
    out->number = c->lock_s;
    return MW_OK;
  case MW_KV_CUTOFF_WAIT:
    out->number = c->wait_s;
    return MW_OK;
  case MW_KV_CUTOFF_COUNT:
    out->number = c->count;
    return MW_OK;
  case MW_KV_DC_SETUP:
    put_block (k, out);
    return MW_OK;
  default:
    return prepayment_value (k, id, out);
  }
}

static enum mw_err
on_set (mw_kmeter *k, unsigned id, int64_t number)
{
  enum mw_err err;
  if (id != MW_KV_PREPAYMENT_ADD || !mw_kqual_has_breaker (k))
    return MW_ERR_UNSUPPORTED;
  err = mw_kprepayment_add (&k->qual.prepayment, number);
  if (!err)
    k->m.changed = true;
  return err;
}

static enum mw_err
on_set_octets (mw_kmeter *k, unsigned id, const uint8_t *octets, size_t len)
{
  int64_t next[BLOCK_ROWS], old = mw_kset (k, MW_KV_DC_BASIS);
  size_t at = 0;
  if (id != MW_KV_DC_SETUP || !mw_kqual_has_breaker (k))
    return MW_ERR_UNSUPPORTED;
  if (len != MW_KDC_SETUP_LEN)
    return MW_ERR_SPACE;
  for (unsigned i = 0; i < BLOCK_ROWS; i++) {
    int64_t least, most;
    next[i] = 0;
    for (unsigned w = 0; w < block[i].width; w++)
      next[i] = next[i] << 8 | octets[at++];
    if (mw_kmeter_range (block[i].id, &least, &most) || next[i] < least || next[i] > most)
      return MW_ERR_VALUE;
  }
  if (!in_order (&next[6], &next[9]))
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < BLOCK_ROWS; i++)
    k->setup.setting[block[i].id - MW_KV_FIRST_SETTING] = next[i];
  mw_kmeter_changed (k);
  mw_kmeter_setting_changed (k, MW_KV_DC_BASIS, old);
  return MW_OK;
}

enum mw_err
mw_kmeter_cutoff (mw_kmeter *k, enum mw_kcutoff_command command)
{
  mw_kcutoff before = k->qual.cutoff;
  mw_kcutoff_config cfg = config_of (k);
  mw_kmeasured in = mw_kqual_measure (k);
  enum mw_err err;
  if (!mw_kqual_has_breaker (k))
    return MW_ERR_UNSUPPORTED;
  if (!k->m.powered)
    return MW_ERR_STATE;
  err = mw_kcutoff_do (&k->qual.cutoff, &cfg, &in, command);
  follow (k, &before);
  return err;
}

enum mw_err
mw_kmeter_hold_button (mw_kmeter *k, unsigned seconds)
{
  mw_kcutoff before = k->qual.cutoff;
  mw_kcutoff_config cfg = config_of (k);
  mw_kmeasured in = mw_kqual_measure (k);
  enum mw_err err;
  if (!mw_kqual_has_breaker (k))
    return MW_ERR_UNSUPPORTED;
  if (!k->m.powered)
    return MW_ERR_STATE;
  if (seconds < MW_KBUTTON_S)
    return MW_ERR_VALUE;
  err = mw_kcutoff_button (&k->qual.cutoff, &cfg, &in);
  follow (k, &before);
  return err;
}

const mw_kmodule mw_kmodule_cutoff = {
  .name = "cutoff",
  .defaults = on_defaults,
  .power_up = on_power_up,
  .next = on_next,
  .horizon = on_horizon,
  .advance = on_advance,
  .time_changed = on_time_changed,
  .value = on_value,
  .set = on_set,
  .set_octets = on_set_octets,
  .allows = on_allows,
  .setting_changed = on_setting_changed,
};
