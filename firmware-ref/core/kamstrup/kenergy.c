/* kenergy.c: see kenergy.h.
 *
 * Apparent power is voltage times current of each phase, added up; it goes to the direction
 * that the active power has.  An Aron meter (three-phase without neutral) has two systems: the
 * voltage between L1 and L2 with the current of L1, that between L3 and L2 with that of L3.
 */
#include "core/kamstrup/kmeter.h"

#define HALF_SQRT3_Q30 INT64_C (929887697) /* √3/2 */
#define Q30 (1 << 30)                      /* 1.0 of mw_sin_q30 */

typedef struct part {
  int64_t p, q, s; /* mW, mvar, mVA */
} part;

static uint64_t
square_root (uint64_t x)
{
  uint64_t root = 0;
  for (uint64_t bit = UINT64_C (1) << 62; bit; bit >>= 2) {
    if (x >= root + bit) {
      x -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return root;
}

/* S × the angle whose cosine and sine are given, Q30. */
static int64_t
turned (int64_t s, int64_t q30)
{
  return s * q30 / Q30;
}

/* One system of an Aron meter: phase PH (0 or 2) against L2. */
static part
aron (const mw_kmeter *k, unsigned ph, uint32_t *voltage_mv)
{
  const mw_load *l = &k->m.load;
  int64_t sign = ph == 0 ? -1 : 1;
  int64_t a = l->voltage_mv[ph] + l->voltage_mv[1] / 2;
  int64_t b = l->voltage_mv[1] * HALF_SQRT3_Q30 / Q30;
  int64_t i = k->m.power.i_ma[ph];
  int64_t cosine = mw_sin_q30 (l->phi_ddeg[ph] + 900), sine = mw_sin_q30 (l->phi_ddeg[ph]);
  *voltage_mv = (uint32_t) square_root ((uint64_t) (a * a + b * b));
  return (part){ turned (a * i / 1000, cosine) + sign * turned (b * i / 1000, sine),
                 turned (a * i / 1000, sine) - sign * turned (b * i / 1000, cosine),
                 *voltage_mv * i / 1000 };
}

static part
measure (const mw_kmeter *k, unsigned ph, uint32_t *voltage_mv)
{
  const mw_power *w = &k->m.power;
  part x = { 0 };
  *voltage_mv = k->m.load.voltage_mv[ph];
  if (k->model->aron) {
    if (ph == 1)
      *voltage_mv = 0;
    else
      x = aron (k, ph, voltage_mv);
  } else {
    x = (part){ w->p_mw[ph], w->q_mvar[ph], w->s_mva[ph] };
  }
  return x.s < k->model->startup_mw ? (part){ 0 } : x;
}

/* X into the registers of its quadrant. */
static void
add (int64_t rate[MW_N_KQUANTITIES], part x)
{
  bool import = x.p >= 0, inductive = x.q >= 0; /* R+, as Table 4 calls quadrants 1 and 2 */
  int64_t q = inductive ? x.q : -x.q;
  rate[import ? MW_KQ_A14 : MW_KQ_A23] += import ? x.p : -x.p;
  rate[import ? MW_KQ_E14 : MW_KQ_E23] += x.s;
  rate[inductive ? MW_KQ_R12 : MW_KQ_R34] += q;
  rate[inductive ? (import ? MW_KQ_R1 : MW_KQ_R2) : (import ? MW_KQ_R4 : MW_KQ_R3)] += q;
}

static void
sum (int64_t rate[MW_N_KQUANTITIES], const part x[MW_PHASES], enum mw_kmethod method)
{
  part all = { 0 };
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    part one = x[ph];
    if (method == MW_KMETHOD_TOTAL && one.p < 0)
      one.p = -one.p;
    if (method != MW_KMETHOD_VECTOR)
      add (rate, one);
    all.p += one.p;
    all.q += one.q;
    all.s += one.s;
  }
  if (method == MW_KMETHOD_VECTOR)
    add (rate, all);
  rate[MW_KQ_A1234] = rate[MW_KQ_A14] + rate[MW_KQ_A23];
  rate[MW_KQ_ANET] = rate[MW_KQ_A14] - rate[MW_KQ_A23];
}

static const uint8_t secondary_of[MW_N_KSECONDARY] = { MW_KQ_A14, MW_KQ_A23, MW_KQ_R12,
                                                       MW_KQ_R34, MW_KQ_R1,  MW_KQ_R4 };

static void
refresh_phase (mw_kmeter *k, unsigned ph, part x, uint32_t voltage_mv, int64_t ratio)
{
  int64_t *rate = k->power.rate, own[MW_N_KQUANTITIES] = { 0 };
  add (own, x);
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++)
    rate[MW_KACC_PHASE (q, ph)] = own[q] * ratio;
  rate[MW_KACC_U (ph)] = voltage_mv;
  rate[MW_KACC_I (ph)] = k->model->aron && ph == 1 ? 0 : (int64_t) k->m.power.i_ma[ph] * ratio;
  rate[MW_KACC_THDU (ph)] = k->m.load.thdu_cpct[ph];
  rate[MW_KACC_THDI (ph)] = k->m.power.i_ma[ph] ? k->m.load.thdi_cpct[ph] : 0;
}

void
mw_kenergy_refresh (mw_kmeter *k)
{
  int64_t *rate = k->power.rate;
  int64_t ratio = k->model->ct ? mw_kset (k, MW_KV_RATIO) : 1;
  part x[MW_PHASES] = { { 0 } };
  for (unsigned i = 0; i < MW_N_KACC; i++)
    rate[i] = 0;
  if (!k->m.powered)
    return;
  for (unsigned ph = 0; ph < k->m.phases; ph++) {
    uint32_t voltage_mv;
    x[ph] = measure (k, ph, &voltage_mv);
    refresh_phase (k, ph, x[ph], voltage_mv, ratio);
  }
  sum (rate, x, (enum mw_kmethod) mw_kset (k, MW_KV_METHOD));
  for (unsigned i = 0; i < MW_N_KSECONDARY; i++)
    rate[MW_KACC_SECONDARY (i)] = rate[secondary_of[i]];
  for (unsigned q = 0; q < MW_N_KQUANTITIES; q++)
    rate[q] *= ratio;
  rate[MW_KACC_FREQUENCY] = k->m.load.frequency_mhz;
}

void
mw_kenergy_advance (mw_kmeter *k, uint32_t seconds)
{
  mw_kregisters *r = &k->reg;
  const int64_t *rate = k->power.rate;
  unsigned t = k->st.control.tariff - 1u;
  for (unsigned i = 0; i < MW_N_KACC; i++)
    r->acc[i] += rate[i] * seconds;
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++)
    r->tariff[q][t] += rate[q] * seconds;
  for (unsigned i = 0; i < MW_N_KSECONDARY_TARIFF; i++)
    r->secondary[i][t] += rate[MW_KACC_SECONDARY (i)] * seconds;
  r->seconds += seconds;
  r->tariff_seconds[t] += seconds;
  k->st.demand.elapsed += seconds;
}

void
mw_kenergy_reset_trip (mw_kmeter *k, enum mw_kquantity q)
{
  k->reg.trip[q] = k->reg.acc[MW_KACC_TOTAL (q)];
  k->m.changed = true;
}

/* Registers in mW·s: ID is one of them? */
static bool
energy_of (const mw_kmeter *k, unsigned id, int64_t *mws)
{
  const mw_kregisters *r = &k->reg;
  unsigned n;
  if (id < MW_KV_A14 || id >= MW_KV_P14)
    return false;
  if ((n = id - MW_KV_A14) < MW_N_KQUANTITIES)
    *mws = r->acc[MW_KACC_TOTAL (n)];
  else if ((n = id - MW_KV_A14_T1) < MW_N_KTARIFFED * MW_TARIFFS)
    *mws = r->tariff[n / MW_TARIFFS][n % MW_TARIFFS];
  else if ((n = id - MW_KV_A14_TRIP) < MW_N_KTARIFFED)
    *mws = r->acc[MW_KACC_TOTAL (n)] - r->trip[n];
  else if ((n = id - MW_KV_A14_S) < MW_N_KSECONDARY)
    *mws = r->acc[MW_KACC_SECONDARY (n)];
  else if ((n = id - MW_KV_A14_S_T1) < MW_N_KSECONDARY_TARIFF * MW_TARIFFS)
    *mws = r->secondary[n / MW_TARIFFS][n % MW_TARIFFS];
  else
    *mws = r->acc[18 + id - MW_KV_A14_L1];
  return true;
}

static int64_t
factor_of (const mw_kmeter *k, unsigned ph)
{
  const int64_t *rate = k->power.rate;
  if (ph == MW_PHASES)
    return mw_power_factor_of (rate[MW_KQ_A1234], rate[MW_KQ_E14] + rate[MW_KQ_E23]);
  return mw_power_factor_of (
      rate[MW_KACC_PHASE (MW_KQ_A14, ph)] + rate[MW_KACC_PHASE (MW_KQ_A23, ph)],
      rate[MW_KACC_PHASE (MW_KQ_E14, ph)] + rate[MW_KACC_PHASE (MW_KQ_E23, ph)]);
}

enum mw_err
mw_kenergy_value (const mw_kmeter *k, unsigned id, int64_t *out)
{
  const int64_t *rate = k->power.rate;
  if (energy_of (k, id, out)) {
    *out /= MW_MWS_PER_MWH;
    return MW_OK;
  }
  if (id >= MW_KV_P14 && id < MW_KV_P14 + MW_N_KTARIFFED)
    *out = rate[id - MW_KV_P14];
  else if (id >= MW_KV_P14_L1 && id < MW_KV_P14_MEAN)
    *out = rate[18 + id - MW_KV_P14_L1];
  else if (id >= MW_KV_U_L1 && id < MW_KV_U_L1 + 2 * MW_PHASES)
    *out = rate[MW_KACC_U (id - MW_KV_U_L1)];
  else if (id >= MW_KV_PF_L1 && id <= MW_KV_PF)
    *out = factor_of (k, id - MW_KV_PF_L1);
  else if (id >= MW_KV_THDU_L1 && id < MW_KV_THDU_L1 + 2 * MW_PHASES)
    *out = rate[MW_KACC_THDU (id - MW_KV_THDU_L1)];
  else if (id == MW_KV_FREQUENCY)
    *out = rate[MW_KACC_FREQUENCY];
  else
    return MW_ERR_UNSUPPORTED;
  return MW_OK;
}
