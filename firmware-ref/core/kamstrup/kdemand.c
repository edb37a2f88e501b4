/* kdemand.c: see kdemand.h. */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define EPOCH_2000 946684800
#define DAY_S 86400
#define NEVER UINT32_MAX

mw_ktime
mw_ktime_of (mw_stamp s)
{
  if (s.utc == 0 && s.status == MW_CLOCK_STATUS_ANY)
    return (mw_ktime){ .s = NEVER, .status = MW_CLOCK_STATUS_ANY };
  return (mw_ktime){ .s = (uint32_t) (s.utc - EPOCH_2000), .status = s.status };
}

mw_stamp
mw_ktime_stamp (mw_ktime t)
{
  if (t.s == NEVER)
    return (mw_stamp){ 0, MW_CLOCK_STATUS_ANY, { 0 } };
  return (mw_stamp){ (int64_t) t.s + EPOCH_2000, t.status, { 0 } };
}

static const mw_kextreme nothing = { 0, { NEVER, MW_CLOCK_STATUS_ANY, { 0 } } };

void
mw_kdemand_defaults (mw_kmeter *k)
{
  mw_kdemand *d = &k->st.demand;
  memset (d, 0, sizeof *d);
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++)
    for (unsigned t = 0; t <= MW_TARIFFS; t++)
      d->maximum[q][t] = nothing;
  d->day_max = d->day_min = d->month_max = d->month_min = nothing;
  d->pf_mean = 1000;
  d->next = MW_WHEN_NEVER;
}

/* The end of the period in which UTC is. */
static int64_t
end_of_period (const mw_kmeter *k, int64_t utc)
{
  int64_t period = mw_kperiod_s (k), local = mw_kmeter_normal (k, utc);
  return utc + period - (local % period + period) % period;
}

void
mw_kdemand_restart (mw_kmeter *k, uint16_t quality)
{
  mw_kdemand *d = &k->st.demand;
  memcpy (d->edge, k->reg.acc, sizeof d->edge);
  d->elapsed = 0;
  d->next = end_of_period (k, k->m.st.clock.utc);
  d->quality = quality;
  if (d->next - k->m.st.clock.utc < mw_kperiod_s (k))
    d->quality |= MW_KPS_INCOMPLETE;
  if (k->m.st.clock.invalid)
    d->quality |= MW_KPS_CLOCK;
}

static void
compare (mw_kextreme *e, uint32_t w, mw_stamp when, bool least)
{
  if (e->time.s != NEVER && (least ? w >= e->w : w <= e->w))
    return;
  *e = (mw_kextreme){ w, mw_ktime_of (when) };
}

static uint32_t
shortened (int64_t w)
{
  return w > UINT32_MAX ? UINT32_MAX : (uint32_t) w;
}

static void
take_means (mw_kmeter *k)
{
  mw_kdemand *d = &k->st.demand;
  const int64_t *acc = k->reg.acc;
  int64_t mws_per_w = (int64_t) mw_kperiod_s (k) * 1000, lived = d->elapsed;
  int64_t grown[MW_N_KACC];
  for (unsigned i = 0; i < MW_N_KACC; i++)
    grown[i] = acc[i] - d->edge[i];
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++)
    d->mean[q] = shortened (grown[MW_KACC_TOTAL (q)] / mws_per_w);
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    d->u_mean[ph] = lived ? (uint32_t) (grown[MW_KACC_U (ph)] / lived) : 0;
    d->i_mean[ph] = lived ? shortened (grown[MW_KACC_I (ph)] / lived) : 0;
  }
  d->pf_mean =
      (uint16_t) mw_power_factor_of (grown[MW_KQ_A1234], grown[MW_KQ_E14] + grown[MW_KQ_E23]);
}

void
mw_kdemand_end_period (mw_kmeter *k)
{
  mw_kdemand *d = &k->st.demand;
  unsigned tariff = k->st.control.tariff;
  mw_stamp when = mw_clock_now (&k->m);
  when.utc = d->next;
  take_means (k);
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++) {
    if (d->mean[q] == 0)
      continue;
    compare (&d->maximum[q][0], d->mean[q], when, false);
    compare (&d->maximum[q][tariff], d->mean[q], when, false);
  }
  compare (&d->day_max, d->mean[MW_KQ_A14], when, false);
  compare (&d->day_min, d->mean[MW_KQ_A14], when, true);
  compare (&d->month_max, d->mean[MW_KQ_A14], when, false);
  compare (&d->month_min, d->mean[MW_KQ_A14], when, true);
  d->last_quality = d->quality;
}

void
mw_kdemand_debiting (mw_kmeter *k)
{
  mw_kdemand *d = &k->st.demand;
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++)
    for (unsigned t = 0; t <= MW_TARIFFS; t++) {
      d->accumulated[q][t] += d->maximum[q][t].w;
      d->maximum[q][t] = nothing;
    }
}

static int
month_of (int32_t days)
{
  int year, month, day;
  mw_date_from_days (days, &year, &month, &day);
  return year * 12 + month - 1;
}

/* Days to the Monday of the week. */
static int32_t
week_of (int32_t days)
{
  return days - mw_weekday_from_days (days) + 1;
}

void
mw_kdemand_day (mw_kmeter *k, int32_t old_days, int32_t new_days)
{
  mw_kdemand *d = &k->st.demand;
  int64_t a14 = k->reg.acc[MW_KACC_TOTAL (MW_KQ_A14)];
  d->day_max = d->day_min = nothing;
  d->a14_edge[0] = a14;
  if (week_of (old_days) != week_of (new_days))
    d->a14_edge[1] = a14;
  if (month_of (old_days) != month_of (new_days)) {
    d->month_max = d->month_min = nothing;
    d->a14_edge[2] = a14;
  }
  if (month_of (old_days) / 12 != month_of (new_days) / 12)
    d->a14_edge[3] = a14;
}

void
mw_kdemand_load (mw_kmeter *k)
{
  int64_t threshold = mw_kset (k, MW_KV_POWER_THRESHOLD) * 1000;
  bool over = threshold > 0 && k->power.rate[MW_KACC_TOTAL (MW_KQ_A14)] > threshold;
  if (over && !k->st.demand.over)
    k->st.threshold_count++;
  k->st.demand.over = over;
}

static void
give_time (mw_kvalue *out, mw_ktime t)
{
  mw_stamp s = mw_ktime_stamp (t);
  out->number = s.utc;
  out->status = s.status;
}

static const mw_kextreme *
extreme_of (const mw_kdemand *d, unsigned i)
{
  const mw_kextreme *all[] = { &d->day_max, &d->day_min, &d->month_max, &d->month_min };
  return all[i];
}

enum mw_err
mw_kdemand_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  const mw_kdemand *d = &k->st.demand;
  const unsigned maxima = MW_N_KTARIFFED * (1 + MW_TARIFFS), rows = 1 + MW_TARIFFS;
  unsigned n;
  if (id < MW_KV_P14_MEAN || id > MW_KV_A14_YEAR)
    return MW_ERR_UNSUPPORTED;
  if ((n = id - MW_KV_P14_MEAN) < MW_N_KTARIFFED)
    out->number = d->mean[n];
  else if ((n = id - MW_KV_U_MEAN_L1) < MW_PHASES)
    out->number = d->u_mean[n];
  else if ((n = id - MW_KV_I_MEAN_L1) < MW_PHASES)
    out->number = d->i_mean[n];
  else if (id == MW_KV_PF_MEAN)
    out->number = d->pf_mean;
  else if ((n = id - MW_KV_P14_MAX) < maxima)
    out->number = d->maximum[n / rows][n % rows].w;
  else if ((n = id - MW_KV_P14_MAX_RTC) < maxima)
    give_time (out, d->maximum[n / rows][n % rows].time);
  else if ((n = id - MW_KV_P14_ACC) < maxima)
    out->number = d->accumulated[n / rows][n % rows];
  else if ((n = id - MW_KV_P14_DAY_MAX) < 8 && n % 2 == 0)
    out->number = extreme_of (d, n / 2)->w;
  else if (n < 8)
    give_time (out, extreme_of (d, n / 2)->time);
  else if ((n = id - MW_KV_A14_DAY) < 4)
    out->number = (k->reg.acc[MW_KACC_TOTAL (MW_KQ_A14)] - d->a14_edge[n]) / MW_MWS_PER_MWH;
  else
    return MW_ERR_UNSUPPORTED;
  return MW_OK;
}
