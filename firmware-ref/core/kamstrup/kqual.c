/* kqual.c: voltage quality and neutral fault as a module of the Kamstrup meter (kqual.h). */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define DAY_S 86400
#define V_MV 1000
#define DV_MV 100 /* 0.1 V */

mw_kmeasured
mw_kqual_measure (const mw_kmeter *k)
{
  const mw_load *l = &k->m.load;
  const int64_t *rate = k->power.rate;
  mw_kmeasured in = { .import_mw = rate[MW_KACC_TOTAL (MW_KQ_A14)],
                      .frequency_mhz = l->frequency_mhz,
                      .phases = k->model->phases };
  for (unsigned ph = 0; ph < in.phases; ph++) {
    int64_t ma = rate[MW_KACC_I (ph)];
    in.voltage_mv[ph] = l->voltage_mv[ph];
    in.current_ma[ph] = ma > UINT32_MAX ? UINT32_MAX : (uint32_t) ma;
    in.thdu[ph] = l->thdu_cpct[ph];
    in.thdi[ph] = k->model->ct ? 0 : (uint16_t) rate[MW_KACC_THDI (ph)];
  }
  return in;
}

bool
mw_kqual_is_omnipower (const mw_kmeter *k)
{
  return mw_klog_n (k, MW_KLOG_COUNTERS) > 0;
}

bool
mw_kqual_has_breaker (const mw_kmeter *k)
{
  return k->model->breaker && !k->id.no_breaker;
}

static bool
has_events (const mw_kmeter *k)
{
  return mw_klog_n (k, MW_KLOG_QUALITY) > 0 && !mw_kqual_is_omnipower (k);
}

/* Three phases and four wires alone (OMNIPOWER technical description 4.9.10). */
static bool
has_neutral (const mw_kmeter *k)
{
  return mw_klog_n (k, MW_KLOG_NEUTRAL) > 0 && k->model->phases == MW_PHASES && !k->model->aron;
}

static uint32_t
set_of (const mw_kmeter *k, unsigned id)
{
  return (uint32_t) mw_kset (k, id);
}

static mw_kquality_config
quality_config (const mw_kmeter *k)
{
  return (mw_kquality_config){
    .high_mean_mv = set_of (k, MW_KV_VQ_HIGH_MEAN) * DV_MV,
    .low_mean_mv = set_of (k, MW_KV_VQ_LOW_MEAN) * DV_MV,
    .high_single_mv = set_of (k, MW_KV_VQ_HIGH_SINGLE) * DV_MV,
    .low_single_mv = set_of (k, MW_KV_VQ_LOW_SINGLE) * DV_MV,
    .outage_mv = set_of (k, MW_KV_VQ_OUTAGE_LEVEL) * V_MV,
    .period_s = set_of (k, MW_KV_VQ_PERIOD),
    .outage_s = set_of (k, MW_KV_VQ_OUTAGE_TIME),
  };
}

static mw_kvoltage_config
event_config (const mw_kmeter *k)
{
  return (mw_kvoltage_config){
    .under_percent = (uint8_t) mw_kset (k, MW_KV_EVENT_UNDER),
    .over_percent = (uint8_t) mw_kset (k, MW_KV_EVENT_OVER),
    .duration_s = (uint16_t) mw_kset (k, MW_KV_EVENT_DURATION),
    .cut_v = (uint16_t) mw_kset (k, MW_KV_EVENT_CUT_LEVEL),
  };
}

static mw_kneutral_config
neutral_config (const mw_kmeter *k)
{
  return (mw_kneutral_config){ .high_v = (uint16_t) mw_kset (k, MW_KV_NEUTRAL_HIGH),
                               .vn_v = (uint16_t) mw_kset (k, MW_KV_NEUTRAL_VN),
                               .time_s = (uint16_t) mw_kset (k, MW_KV_NEUTRAL_TIME) };
}

static mw_stamp
stamp_of (const mw_kmeter *k, int64_t utc)
{
  mw_stamp s = mw_clock_now (&k->m);
  s.utc = utc;
  s.status = (uint8_t) (s.status & ~MW_CLOCK_DST);
  if (mw_clock_dst_at (&k->m, utc))
    s.status |= MW_CLOCK_DST;
  return s;
}

/* Occurrence counters. */

static int64_t
counters_after (const mw_kmeter *k, int64_t utc)
{
  int64_t normal = mw_kmeter_normal (k, utc);
  int32_t day = (int32_t) (normal / DAY_S) + 1; /* tomorrow */
  int year, month, date;
  if (mw_kset (k, MW_KV_VQ_COUNTER_LOG) == MW_KCOUNTER_WEEKLY)
    day += (8 - mw_weekday_from_days (day)) % 7;
  mw_date_from_days (day, &year, &month, &date);
  if (mw_kset (k, MW_KV_VQ_COUNTER_LOG) == MW_KCOUNTER_MONTHLY && date != 1)
    day += mw_days_in_month (year, month) - date + 1;
  return utc + (int64_t) day * DAY_S - normal;
}

static void
log_counters (mw_kmeter *k)
{
  mw_klog_append (k, MW_KLOG_COUNTERS, stamp_of (k, k->qual.counters_next), NULL, 0);
  memset (k->qual.quality.counter, 0, sizeof k->qual.quality.counter);
}

static void
on_due (mw_kmeter *k)
{
  int64_t now = k->m.st.clock.utc;
  if (!mw_kqual_is_omnipower (k) || now < k->qual.counters_next)
    return;
  log_counters (k);
  k->qual.counters_next = counters_after (k, now);
}

static int64_t
on_next (const mw_kmeter *k)
{
  return mw_kqual_is_omnipower (k) ? k->qual.counters_next : MW_WHEN_NEVER;
}

/* Loggers. */

static void
enter (void *ctx, const mw_kquality_entry *e)
{
  mw_kmeter *k = ctx;
  const mw_kfixed fixed[] = { { MW_KV_VQ_PHASE, 0, e->phase },
                              { MW_KV_VQ_EVENT, 0, e->event },
                              { MW_KV_VQ_MEAN, 0, e->mean },
                              { MW_KV_VQ_MAX, 0, e->max },
                              { MW_KV_VQ_MIN, 0, e->min } };
  k->qual.last = *e;
  mw_klog_append (k, MW_KLOG_QUALITY, stamp_of (k, e->utc), fixed, 5);
}

/* A change of the voltage events; DARK: the meter goes out. */
static void
enter_event (mw_kmeter *k, bool dark)
{
  mw_kfixed u[MW_PHASES];
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    u[ph] = (mw_kfixed){ (uint16_t) (MW_KV_U_L1 + ph), 0,
                         k->m.unplugged ? 0 : (int64_t) k->m.load.voltage_mv[ph] };
  mw_klog_append (k, MW_KLOG_QUALITY, mw_clock_now (&k->m), u, dark ? MW_PHASES : 0);
}

/* Status word, and the status of the load profile's running period. */
static void
tell (mw_kmeter *k)
{
  const mw_kqual *q = &k->qual;
  bool under = false, over = false, out = false;
  for (unsigned i = 0; i <= MW_PHASES; i++)
    out |= q->quality.outage[i].out;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    under |= q->quality.phase[ph].deviation == MW_KQE_MIN_START
             || (q->voltage.present & MW_KVE_UNDER << ph) != 0;
    over |= q->quality.phase[ph].deviation == MW_KQE_MAX_START
            || (q->voltage.present & MW_KVE_OVER << ph) != 0;
  }
  k->st.demand.quality |=
      (uint16_t) ((under ? MW_KPS_UNDERVOLTAGE : 0) | (over ? MW_KPS_OVERVOLTAGE : 0));
  mw_kmeter_status (k, MW_KSTATUS_QUALITY, under || over || out || q->voltage.present);
  mw_kmeter_status (k, MW_KSTATUS_NEUTRAL, q->neutral.fault);
}

static void
advance_neutral (mw_kmeter *k, const mw_kmeasured *in, uint32_t n)
{
  mw_kneutral_config c = neutral_config (k);
  if (!has_neutral (k) || !mw_kneutral_step (&k->qual.neutral, &c, in, n))
    return;
  mw_klog_append (k, MW_KLOG_NEUTRAL, mw_clock_now (&k->m), NULL, 0);
  k->qual.neutral_cut = mw_kset (k, MW_KV_NEUTRAL_CUT) != 0;
}

static void
on_advance (mw_kmeter *k, uint32_t n)
{
  mw_kmeasured in = mw_kqual_measure (k);
  k->qual.fresh = false;
  if (mw_kqual_is_omnipower (k)) {
    mw_kquality_config c = quality_config (k);
    mw_kquality_step (&k->qual.quality, &c, &in, k->m.st.clock.utc - n, n, enter, k);
  } else if (has_events (k)) {
    mw_kvoltage_config c = event_config (k);
    if (mw_kvoltage_step (&k->qual.voltage, &c, &in, n))
      enter_event (k, false);
  }
  advance_neutral (k, &in, n);
  tell (k);
}

static uint32_t
on_horizon (const mw_kmeter *k)
{
  mw_kmeasured in = mw_kqual_measure (k);
  uint32_t n = UINT32_MAX, other = UINT32_MAX;
  if (k->qual.fresh)
    return 1;
  if (mw_kqual_is_omnipower (k)) {
    mw_kquality_config c = quality_config (k);
    n = mw_kquality_horizon (&k->qual.quality, &c, &in, k->m.st.clock.utc);
  } else if (has_events (k)) {
    mw_kvoltage_config c = event_config (k);
    n = mw_kvoltage_horizon (&k->qual.voltage, &c, &in);
  }
  if (has_neutral (k)) {
    mw_kneutral_config c = neutral_config (k);
    other = mw_kneutral_horizon (&k->qual.neutral, &c, &in);
  }
  return other < n ? other : n;
}

static void
on_load (mw_kmeter *k)
{
  k->qual.fresh = true;
}

static void
on_power_down (mw_kmeter *k)
{
  if (has_events (k) && mw_kvoltage_dark (&k->qual.voltage, k->model->phases))
    enter_event (k, true);
  k->qual.neutral.seconds = 0;
}

static void
on_power_up (mw_kmeter *k, int64_t dark_s)
{
  int64_t now = k->m.st.clock.utc;
  k->qual.fresh = true;
  if (dark_s < 0) {
    k->qual.counters_next = counters_after (k, now);
    return;
  }
  if (mw_kqual_is_omnipower (k))
    mw_kquality_dark (&k->qual.quality, k->model->phases, now - dark_s, now, enter, k);
  on_due (k);
}

static void
on_time_changed (mw_kmeter *k, int64_t old_utc)
{
  int64_t now = k->m.st.clock.utc;
  if (now != old_utc)
    mw_kquality_clock (&k->qual.quality, now - old_utc);
  on_due (k);
  k->qual.counters_next = counters_after (k, now);
}

static void
on_defaults (mw_kmeter *k)
{
  mw_kquality_init (&k->qual.quality);
  k->qual.counters_next = MW_WHEN_NEVER;
}

static void
on_reset (mw_kmeter *k)
{
  memset (k->qual.quality.counter, 0, sizeof k->qual.quality.counter);
  memset (&k->qual.last, 0, sizeof k->qual.last);
}

static void
on_setting_changed (mw_kmeter *k, unsigned id, int64_t old)
{
  (void) old;
  if (id == MW_KV_VQ_PERIOD)
    mw_kquality_configured (&k->qual.quality);
  if (id == MW_KV_VQ_COUNTER_LOG)
    k->qual.counters_next = counters_after (k, k->m.st.clock.utc);
  k->qual.fresh = true;
}

static enum mw_err
last_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  const mw_kquality_entry *e = &k->qual.last;
  const int64_t of[] = { e->phase, e->event, e->mean, e->max, e->min };
  if (!mw_kqual_is_omnipower (k))
    return MW_ERR_UNSUPPORTED;
  out->number = of[id - MW_KV_VQ_PHASE];
  return MW_OK;
}

static enum mw_err
on_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  mw_kmeasured in;
  if (id >= MW_KV_VQ_PHASE && id <= MW_KV_VQ_MIN)
    return last_value (k, id, out);
  if (id >= MW_KV_VQC_F1 && id < MW_KV_VQC_F1 + MW_N_KCOUNTERS) {
    out->number = k->qual.quality.counter[id - MW_KV_VQC_F1];
    return mw_kqual_is_omnipower (k) ? MW_OK : MW_ERR_UNSUPPORTED;
  }
  switch (id) {
  case MW_KV_VOLTAGE_EVENT:
    out->number = k->qual.voltage.present;
    return has_events (k) ? MW_OK : MW_ERR_UNSUPPORTED;
  case MW_KV_UNBALANCE:
    in = mw_kqual_measure (k);
    out->number = k->model->phases == MW_PHASES ? mw_kunbalance_ppm (in.voltage_mv) / 100 : 0;
    return MW_OK;
  case MW_KV_NEUTRAL_FAULT:
    out->number = k->qual.neutral.fault;
    return has_neutral (k) ? MW_OK : MW_ERR_UNSUPPORTED;
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

void
mw_kmeter_transient (mw_kmeter *k, uint32_t mv, uint32_t ms)
{
  if (!k->m.powered || !mw_kqual_is_omnipower (k))
    return;
  mw_kquality_transient (&k->qual.quality, k->m.st.clock.utc, mv, ms);
  k->m.changed = true;
}

const mw_kmodule mw_kmodule_quality = {
  .name = "quality",
  .defaults = on_defaults,
  .power_up = on_power_up,
  .power_down = on_power_down,
  .load = on_load,
  .next = on_next,
  .horizon = on_horizon,
  .advance = on_advance,
  .due = on_due,
  .time_changed = on_time_changed,
  .value = on_value,
  .reset = on_reset,
  .setting_changed = on_setting_changed,
};
