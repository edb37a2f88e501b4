/* energy.c: see energy.h. */
#include "core/energy.h"

#include "core/meter.h"
#include "core/mw_sine_def.h"

int32_t
mw_sin_q30 (int ddeg)
{
  static const int32_t quarter[901] = { MW_SINE_Q30 };
  ddeg %= 3600;
  if (ddeg < 0)
    ddeg += 3600;
  if (ddeg >= 1800)
    return -(ddeg > 2700 ? quarter[3600 - ddeg] : quarter[ddeg - 1800]);
  return ddeg > 900 ? quarter[1800 - ddeg] : quarter[ddeg];
}

/* S × sine, towards zero, so that a load and its mirror image weigh the same. */
static int32_t
part (uint32_t s_mva, int32_t q30)
{
  return (int32_t) ((int64_t) s_mva * q30 / (1 << 30));
}

static uint32_t
through_meter_ma (const mw_meter *m, unsigned ph)
{
  uint64_t i = m->load.current_ma[ph];
  if (ph >= m->phases || (!m->st.disconnect.sw[MW_SWITCH_MAIN].output && !m->load.bypass))
    return 0;
  if (i < m->setting[MW_SET_STARTUP_MA])
    return 0; /* below the starting current nothing is registered */
  if (m->setting[MW_SET_TRANSFORMER_TYPE])
    i = i * m->setting[MW_SET_CURRENT_NUMERATOR] / m->setting[MW_SET_CURRENT_DENOMINATOR];
  return i > UINT32_MAX ? UINT32_MAX : (uint32_t) i;
}

/* Primary voltage: with transformers of both kinds (MT381; manual 3.6.2). */
static uint64_t
voltage_mv (const mw_meter *m, unsigned ph)
{
  uint64_t u = m->load.voltage_mv[ph];
  if (m->setting[MW_SET_TRANSFORMER_TYPE])
    u = u * m->setting[MW_SET_VOLTAGE_NUMERATOR] / m->setting[MW_SET_VOLTAGE_DENOMINATOR];
  return u;
}

uint16_t
mw_voltage_dv (const mw_meter *m, unsigned ph)
{
  uint64_t u = voltage_mv (m, ph) / 100;
  return u > UINT16_MAX ? UINT16_MAX : (uint16_t) u;
}

static void
phase_power (mw_meter *m, unsigned ph)
{
  mw_power *p = &m->power;
  uint64_t s = 0;
  p->i_ma[ph] = through_meter_ma (m, ph);
  if (ph < m->phases)
    s = voltage_mv (m, ph) * p->i_ma[ph] / 1000;
  if (s > INT32_MAX)
    s = INT32_MAX;
  p->s_mva[ph] = (uint32_t) s;
  p->p_mw[ph] = part (p->s_mva[ph], mw_sin_q30 (m->load.phi_ddeg[ph] + 900));
  p->q_mvar[ph] = part (p->s_mva[ph], mw_sin_q30 (m->load.phi_ddeg[ph]));
}

/* Reactive power Q at active power P goes to one quadrant (manual Figure 18). */
static void
add_reactive (int64_t *rate, int64_t p, int64_t q)
{
  int64_t size = q < 0 ? -q : q;
  enum mw_quantity quadrant =
      q >= 0 ? (p >= 0 ? MW_Q_R1 : MW_Q_R2) : (p >= 0 ? MW_Q_R4 : MW_Q_R3);
  rate[quadrant] += size;
  rate[q >= 0 ? MW_Q_RP : MW_Q_RM] += size;
}

static void
sum_algebraic (mw_power *w, bool two_way)
{
  int64_t p = 0, q = 0, s = 0;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    p += w->p_mw[ph];
    q += w->q_mvar[ph];
    s += w->s_mva[ph];
  }
  if (p < 0 && !two_way)
    return; /* the reverse running stop */
  w->rate[p >= 0 ? MW_Q_AP : MW_Q_AM] = p >= 0 ? p : -p;
  w->rate[p >= 0 ? MW_Q_SP : MW_Q_SM] = s;
  add_reactive (w->rate, p, q);
}

static void
sum_absolute (mw_power *w)
{
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    int64_t p = w->p_mw[ph];
    w->rate[MW_Q_AP] += p < 0 ? -p : p;
    w->rate[MW_Q_SP] += w->s_mva[ph];
    add_reactive (w->rate, 0, w->q_mvar[ph]);
  }
}

static void
refresh (mw_meter *m)
{
  mw_power *w = &m->power;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    uint32_t before = w->i_ma[ph];
    phase_power (m, ph);
    if (w->i_ma[ph] != before)
      m->reg.fuse.steady = 0;
  }
  for (unsigned q = 0; q < MW_N_QUANTITIES; q++)
    w->rate[q] = 0;
  if (!m->powered)
    return;
  if (m->setting[MW_SET_METHOD] == MW_METHOD_ABSOLUTE)
    sum_absolute (w);
  else
    sum_algebraic (w, m->setting[MW_SET_METHOD] == MW_METHOD_TWO_WAY);
  w->rate[MW_Q_ABS] = w->rate[MW_Q_AP] + w->rate[MW_Q_AM];
  w->rate[MW_Q_NET] = w->rate[MW_Q_AP] - w->rate[MW_Q_AM];
}

void
mw_power_refresh (mw_meter *m)
{
  refresh (m);
  if (m->extension && m->extension->power)
    m->extension->power (m);
}

void
mw_energy_advance (mw_meter *m, uint32_t seconds)
{
  mw_energy *e = &m->reg.energy;
  const mw_power *w = &m->power;
  for (unsigned q = 0; q < MW_N_QUANTITIES; q++)
    e->total[q] += w->rate[q] * seconds;
  for (unsigned q = 0; q < MW_N_TARIFF_QUANTITIES; q++) {
    unsigned bits = w->rate[q] ? m->st.calendar.mask[MW_ACTIVATE_ENERGY][q] : 0;
    for (unsigned t = 0; bits; t++, bits >>= 1)
      if (bits & 1)
        e->tariff[q][t] += w->rate[q] * seconds;
  }
}

int64_t
mw_energy_mws (const mw_meter *m, enum mw_quantity q, unsigned tariff)
{
  if (q >= MW_N_QUANTITIES || tariff > MW_TARIFFS)
    return 0;
  if (tariff == 0)
    return m->reg.energy.total[q];
  return q < MW_N_TARIFF_QUANTITIES ? m->reg.energy.tariff[q][tariff - 1] : 0;
}

int64_t
mw_energy_wh (const mw_meter *m, enum mw_quantity q, unsigned tariff)
{
  return mw_energy_mws (m, q, tariff) / MW_MWS_PER_WH;
}

int64_t
mw_power_w (const mw_meter *m, enum mw_quantity q)
{
  return q < MW_N_QUANTITIES ? m->power.rate[q] / 1000 : 0;
}

unsigned
mw_power_factor_of (int64_t p, int64_t s)
{
  int64_t size = p < 0 ? -p : p;
  if (s <= 0)
    return 1000;
  while (size > INT64_MAX / 2000) { /* both alike, for sums over years */
    size /= 2;
    s /= 2;
  }
  size = (size * 1000 + s / 2) / s;
  return size > 1000 ? 1000 : (unsigned) size;
}

unsigned
mw_power_factor (const mw_meter *m, unsigned phase)
{
  const mw_power *w = &m->power;
  if (phase < MW_PHASES)
    return mw_power_factor_of (w->p_mw[phase], w->s_mva[phase]);
  return mw_power_factor_of (w->rate[MW_Q_ABS], w->rate[MW_Q_SP] + w->rate[MW_Q_SM]);
}

void
mw_energy_reset (mw_meter *m, enum mw_quantity q, unsigned tariff)
{
  if (q >= MW_N_QUANTITIES || tariff > MW_TARIFFS)
    return;
  if (tariff == 0) {
    m->reg.energy.total[q] = 0;
    mw_demand_restart (m, MW_PS_DNV); /* averages are differences of the totals */
  } else if (q < MW_N_TARIFF_QUANTITIES) {
    m->reg.energy.tariff[q][tariff - 1] = 0;
  }
  m->changed = true;
}

void
mw_energy_reset_all (mw_meter *m)
{
  m->reg.energy = (mw_energy){ 0 };
  mw_demand_restart (m, MW_PS_DNV);
  m->changed = true;
}
