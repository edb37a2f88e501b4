/* kanalysis.c: the analysis logger (OMNIPOWER technical description 4.5.4, Table 14; METERTOOL
 * manual 3.4.4): means over its own interval, and an entry at each end of it.
 *
 * Powers are energy of the interval over the whole of it; voltages, currents, distortion and
 * frequency are means over the seconds with power.  How many entries there are follows from the
 * room of the log and the width of the columns (klog.h); a new configuration deletes them.
 */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define N_POWERS 18 /* AN_P14_L1 … AN_S23_L3, as MW_KACC_PHASE */
#define N_MEANS 12  /* AN_U_L1 … AN_THDI_L3, as MW_KACC_U (0) … */
#define FACTORS (N_POWERS + N_MEANS)

static bool
has_log (const mw_kmeter *k)
{
  return mw_klog_n (k, MW_KLOG_ANALYSIS) > 0;
}

static uint32_t
interval_s (const mw_kmeter *k)
{
  return (uint32_t) mw_kset (k, MW_KV_ANALYSIS_INTERVAL) * 60u;
}

static void
restart (mw_kmeter *k)
{
  mw_kanalysis *a = &k->qual.analysis;
  int64_t now = k->m.st.clock.utc, period = interval_s (k), local = mw_kmeter_normal (k, now);
  memcpy (a->edge, k->reg.acc, sizeof a->edge);
  a->elapsed = 0;
  a->next = now + period - (local % period + period) % period;
}

static int32_t
bounded (int64_t x)
{
  return x > INT32_MAX ? INT32_MAX : (int32_t) x;
}

static void
take_means (mw_kmeter *k)
{
  mw_kanalysis *a = &k->qual.analysis;
  int64_t grown[MW_N_KACC], whole = (int64_t) interval_s (k) * 1000, lived = a->elapsed;
  for (unsigned i = 0; i < MW_N_KACC; i++)
    grown[i] = k->reg.acc[i] - a->edge[i];
  for (unsigned i = 0; i < N_POWERS; i++)
    a->mean[i] = bounded (grown[MW_KACC_PHASE (0, 0) + i] / whole);
  for (unsigned i = 0; i < N_MEANS; i++)
    a->mean[N_POWERS + i] = lived ? bounded (grown[MW_KACC_U (0) + i] / lived) : 0;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    a->mean[FACTORS + ph] = (int32_t) mw_power_factor_of (
        grown[MW_KACC_PHASE (MW_KQ_A14, ph)] + grown[MW_KACC_PHASE (MW_KQ_A23, ph)],
        grown[MW_KACC_PHASE (MW_KQ_E14, ph)] + grown[MW_KACC_PHASE (MW_KQ_E23, ph)]);
  a->mean[FACTORS + MW_PHASES] =
      (int32_t) mw_power_factor_of (grown[MW_KQ_A1234], grown[MW_KQ_E14] + grown[MW_KQ_E23]);
  a->mean[MW_N_KMEANS - 1] = lived ? bounded (grown[MW_KACC_FREQUENCY] / lived) : 0;
}

static void
on_due (mw_kmeter *k)
{
  mw_kanalysis *a = &k->qual.analysis;
  mw_stamp end = mw_clock_now (&k->m);
  if (!has_log (k) || end.utc < a->next)
    return;
  take_means (k);
  end.utc = a->next;
  mw_klog_append (k, MW_KLOG_ANALYSIS, end, NULL, 0);
  restart (k);
}

static int64_t
on_next (const mw_kmeter *k)
{
  return has_log (k) ? k->qual.analysis.next : MW_WHEN_NEVER;
}

static void
on_advance (mw_kmeter *k, uint32_t n)
{
  k->qual.analysis.elapsed += n;
}

static void
on_power_up (mw_kmeter *k, int64_t dark_s)
{
  if (dark_s < 0)
    restart (k);
  else
    on_due (k);
}

static void
on_time_changed (mw_kmeter *k, int64_t old_utc)
{
  (void) old_utc;
  on_due (k);
  if (k->qual.analysis.next - k->m.st.clock.utc > interval_s (k))
    restart (k);
}

static bool
on_allows (const mw_kmeter *k, unsigned id, int64_t number)
{
  (void) k;
  return id != MW_KV_ANALYSIS_INTERVAL || number == 5 || number == 15 || number == 30
         || number == 60;
}

static void
on_setting_changed (mw_kmeter *k, unsigned id, int64_t old)
{
  (void) old;
  if (id != MW_KV_ANALYSIS_INTERVAL || !has_log (k))
    return;
  mw_klog_clear (k, MW_KLOG_ANALYSIS);
  restart (k);
}

static void
on_reset (mw_kmeter *k)
{
  restart (k);
}

static enum mw_err
on_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  if (id < MW_KV_AN_P14_L1 || id > MW_KV_AN_FREQUENCY)
    return MW_ERR_UNSUPPORTED;
  out->number = k->qual.analysis.mean[id - MW_KV_AN_P14_L1];
  return has_log (k) ? MW_OK : MW_ERR_UNSUPPORTED;
}

/* Configuration. */

bool
mw_kanalysis_offers (const mw_kmeter *k, unsigned id)
{
  static const uint16_t single[] = {
    MW_KV_PULSE_IN1,   MW_KV_HOURS,           MW_KV_A1234,        MW_KV_ANET,
    MW_KV_AN_PF,       MW_KV_CUTOFF_STATE,    MW_KV_P14_DAY_MAX,  MW_KV_P14_DAY_MAX_RTC,
    MW_KV_P14_DAY_MIN, MW_KV_P14_DAY_MIN_RTC, MW_KV_AN_FREQUENCY,
  };
  unsigned mean = id - MW_KV_AN_P14_L1;
  if (id >= MW_KV_AN_P14_L1 && mean < FACTORS + MW_PHASES) { /* L1 … L3 of something */
    bool thdi = id >= MW_KV_AN_THDI_L1 && id < MW_KV_AN_THDI_L1 + MW_PHASES;
    return mean % MW_PHASES < k->model->phases && !(thdi && k->model->ct);
  }
  for (size_t i = 0; i < sizeof single / sizeof *single; i++)
    if (single[i] == id)
      return id != MW_KV_CUTOFF_STATE || mw_kqual_has_breaker (k);
  return (id >= MW_KV_A14 && id <= MW_KV_R4)
         || (id >= MW_KV_A14_T1 && id < MW_KV_E14_T1) /* four energies, eight tariffs */
         || (id >= MW_KV_P14 && id <= MW_KV_Q34);
}

enum mw_err
mw_kanalysis_configure (mw_kmeter *k, unsigned minutes, const uint16_t *column, unsigned n)
{
  uint16_t all[MW_KANALYSIS_MOST + 1] = { MW_KV_RTC };
  enum mw_err err;
  if (!has_log (k))
    return MW_ERR_UNSUPPORTED;
  if (n == 0 || n > MW_KANALYSIS_MOST)
    return MW_ERR_SPACE;
  if (!on_allows (k, MW_KV_ANALYSIS_INTERVAL, minutes))
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < n; i++) {
    for (unsigned j = 0; j < i; j++)
      if (column[j] == column[i])
        return MW_ERR_VALUE;
    if (!mw_kanalysis_offers (k, column[i]))
      return MW_ERR_VALUE;
    all[1 + i] = column[i];
  }
  err = mw_klog_configure (k, MW_KLOG_ANALYSIS, all, n + 1, 0);
  if (!err)
    err = mw_kmeter_set (k, MW_KV_ANALYSIS_INTERVAL, minutes);
  if (!err && k->m.started)
    restart (k);
  return err;
}

const mw_kmodule mw_kmodule_analysis = {
  .name = "analysis",
  .power_up = on_power_up,
  .next = on_next,
  .advance = on_advance,
  .due = on_due,
  .time_changed = on_time_changed,
  .value = on_value,
  .allows = on_allows,
  .reset = on_reset,
  .setting_changed = on_setting_changed,
};
