/* demand.c: see demand.h. */
#include "core/demand.h"

#include "core/meter.h"

/* clang-format off */
static const uint8_t quantity_of[MW_N_DEMANDS] = {
  [MW_D_AP] = MW_Q_AP, [MW_D_AM] = MW_Q_AM, [MW_D_RP] = MW_Q_RP, [MW_D_RM] = MW_Q_RM,
  [MW_D_SP] = MW_Q_SP, [MW_D_SM] = MW_Q_SM, [MW_D_ABS] = MW_Q_ABS,
};
static const uint8_t quantity3[3] = { MW_Q_AP, MW_Q_ABS, MW_Q_NET };
/* clang-format on */

static int64_t
register_of (const mw_meter *m, unsigned d)
{
  return m->reg.energy.total[quantity_of[d]];
}

static unsigned
period_of (const mw_meter *m)
{
  return m->setting[MW_SET_MEASUREMENT_PERIOD1];
}

/* The edge N periods before the newest one, or the oldest there is. */
static unsigned
edge_before (const mw_demand *d, unsigned n)
{
  if (n >= d->edges)
    n = d->edges - 1u;
  return (d->at + MW_DEMAND_PERIODS_MAX - n) % MW_DEMAND_PERIODS_MAX;
}

/* Energy in mW·s over N periods as an average in W, towards zero. */
static uint32_t
average (const mw_meter *m, int64_t mws, unsigned n)
{
  int64_t w = mws / ((int64_t) n * period_of (m) * 1000);
  return w > UINT32_MAX ? UINT32_MAX : (uint32_t) w;
}

uint32_t
mw_demand_current (const mw_meter *m, enum mw_demand_quantity q)
{
  const mw_demand *d = &m->reg.demand;
  unsigned n = d->periods[q];
  return average (m, register_of (m, q) - d->edge[edge_before (d, n - 1)][q], n);
}

uint32_t
mw_demand_last (const mw_meter *m, enum mw_demand_quantity q)
{
  return m->reg.demand.last[q];
}

mw_stamp
mw_demand_start (const mw_meter *m, enum mw_demand_quantity q)
{
  const mw_demand *d = &m->reg.demand;
  int64_t utc = d->edge_utc[edge_before (d, d->periods[q] - 1u)];
  mw_stamp s = mw_clock_now (m);
  s.utc = utc;
  s.status =
      (uint8_t) ((s.status & ~MW_CLOCK_DST) | (mw_clock_dst_at (m, utc) ? MW_CLOCK_DST : 0));
  return s;
}

const mw_maximum *
mw_demand_maximum (const mw_meter *m, enum mw_demand_quantity q, unsigned tariff)
{
  return &m->reg.demand.maximum[q][tariff <= MW_TARIFFS ? tariff : 0];
}

void
mw_demand_reset_maximum (mw_meter *m, enum mw_demand_quantity q, unsigned tariff)
{
  m->reg.demand.maximum[q][tariff] = (mw_maximum){ .time = { 0, MW_CLOCK_STATUS_ANY } };
  m->changed = true;
}

void
mw_demand_billing (mw_meter *m)
{
  for (unsigned q = 0; q < MW_N_DEMANDS; q++)
    for (unsigned t = 0; t <= MW_TARIFFS; t++)
      mw_demand_reset_maximum (m, q, t);
  m->reg.demand.pf_min = 1000;
}

static void
put_edge (mw_meter *m, int64_t utc)
{
  mw_demand *d = &m->reg.demand;
  d->at = (uint8_t) ((d->at + 1) % MW_DEMAND_PERIODS_MAX);
  if (d->edges < MW_DEMAND_PERIODS_MAX)
    d->edges++;
  d->edge_utc[d->at] = utc;
  for (unsigned q = 0; q < MW_N_DEMANDS; q++)
    d->edge[d->at][q] = register_of (m, q);
}

void
mw_demand_restart (mw_meter *m, uint8_t status)
{
  mw_demand *d = &m->reg.demand;
  d->edges = 0;
  d->status = status;
  put_edge (m, m->st.clock.utc);
  for (unsigned i = 0; i < 3; i++)
    d->edge3[i] = m->reg.energy.total[quantity3[i]];
  d->next = mw_clock_next_boundary (m, m->st.clock.utc, period_of (m));
  d->next3 =
      mw_clock_next_boundary (m, m->st.clock.utc, m->setting[MW_SET_MEASUREMENT_PERIOD3]);
}

void
mw_demand_defaults (mw_meter *m)
{
  mw_demand *d = &m->reg.demand;
  for (unsigned q = 0; q < MW_N_DEMANDS; q++)
    d->periods[q] = 1;
  d->capture_time = (mw_stamp){ 0, MW_CLOCK_STATUS_ANY };
  d->pf_last = 1000;
  mw_demand_billing (m);
  m->reg.fuse.periods = MW_FUSE_PERIODS_MAX;
}

static void
compare_maxima (mw_meter *m, unsigned q, mw_stamp when)
{
  mw_demand *d = &m->reg.demand;
  unsigned energy = quantity_of[q];
  unsigned bits = 1u | (unsigned) m->st.calendar.mask[MW_ACTIVATE_DEMAND][energy] << 1;
  for (unsigned t = 0; t <= MW_TARIFFS; t++)
    if (bits >> t & 1 && d->last[q] > d->maximum[q][t].w)
      d->maximum[q][t] = (mw_maximum){ .w = d->last[q], .time = when };
}

static mw_stamp
stamp_at (const mw_meter *m, int64_t utc)
{
  mw_stamp s = mw_clock_now (m);
  s.status =
      (uint8_t) ((s.status & ~MW_CLOCK_DST) | (mw_clock_dst_at (m, utc) ? MW_CLOCK_DST : 0));
  s.utc = utc;
  return s;
}

/* The running period ends; its end is called UTC. */
static void
end_period (mw_meter *m, int64_t utc)
{
  mw_demand *d = &m->reg.demand;
  mw_stamp when = stamp_at (m, utc);
  int64_t active = register_of (m, MW_D_ABS) - d->edge[d->at][MW_D_ABS];
  int64_t apparent = register_of (m, MW_D_SP) - d->edge[d->at][MW_D_SP]
                     + register_of (m, MW_D_SM) - d->edge[d->at][MW_D_SM];

  for (unsigned q = 0; q < MW_N_DEMANDS; q++) {
    unsigned n = d->periods[q];
    d->last[q] = average (m, register_of (m, q) - d->edge[edge_before (d, n - 1)][q], n);
    compare_maxima (m, q, when);
  }
  d->pf_last = (uint16_t) mw_power_factor_of (active, apparent);
  if (apparent > 0 && d->pf_last < d->pf_min)
    d->pf_min = d->pf_last;
  d->capture_time = when;
  d->last_status = d->status;
  d->status = 0;
  put_edge (m, utc);
  m->st.clock.synchronised = 0;
  if (m->st.calendar.waiting)
    mw_activation_apply (m);
  m->changed = true;
}

int32_t
mw_demand_running3 (const mw_meter *m, unsigned i)
{
  int64_t period = m->setting[MW_SET_MEASUREMENT_PERIOD3];
  int64_t mws = m->reg.energy.total[quantity3[i]] - m->reg.demand.edge3[i];
  return (int32_t) (mws / (period * 1000));
}

static void
end_period3 (mw_meter *m)
{
  mw_demand *d = &m->reg.demand;
  int64_t seconds = m->setting[MW_SET_MEASUREMENT_PERIOD3];
  for (unsigned i = 0; i < 3; i++) {
    d->average3[i] = mw_demand_running3 (m, i);
    d->edge3[i] = m->reg.energy.total[quantity3[i]];
  }
  d->next3 = mw_clock_next_boundary (m, m->st.clock.utc, (uint32_t) seconds);
}

void
mw_demand_due (mw_meter *m)
{
  mw_demand *d = &m->reg.demand;
  int64_t now = m->st.clock.utc;
  int64_t period = period_of (m);
  if (now >= d->next3)
    end_period3 (m);
  if (now < d->next)
    return;
  end_period (m, d->next);
  d->next += period;
  if (d->next > now)
    return;
  /* After an outage or a synchronisation: the periods in the dark hold nothing. */
  if (now - d->next > MW_DEMAND_PERIODS_MAX * period)
    d->next = mw_clock_next_boundary (m, now, period_of (m)) - MW_DEMAND_PERIODS_MAX * period;
  for (; d->next <= now; d->next += period)
    end_period (m, d->next);
  d->status |= MW_PS_PDN;
}

void
mw_demand_next_period (mw_meter *m)
{
  end_period (m, m->st.clock.utc);
  m->reg.demand.next = mw_clock_next_boundary (m, m->st.clock.utc, period_of (m));
}

void
mw_demand_mark (mw_meter *m, uint8_t bits)
{
  m->reg.demand.status |= bits;
}

/* A real change of time ends the running period and the window of those before it (manual
 * 3.5.2.4): averages are never taken over time that did not pass. */
void
mw_demand_time_changed (mw_meter *m, int64_t old_utc)
{
  if (old_utc != m->st.clock.utc)
    end_period (m, old_utc);
  mw_demand_restart (m, MW_PS_CAD | MW_PS_DNV);
}

enum mw_err
mw_demand_set_periods (mw_meter *m, enum mw_demand_quantity q, unsigned n)
{
  if (q >= MW_N_DEMANDS || n < 1 || n > MW_DEMAND_PERIODS_MAX)
    return MW_ERR_VALUE;
  m->reg.demand.periods[q] = (uint8_t) n;
  if (m->started) {
    mw_parameters_changed (m);
    mw_demand_restart (m, MW_PS_DNV);
  }
  return MW_OK;
}

void
mw_demand_reset (mw_meter *m, enum mw_demand_quantity q)
{
  mw_demand_restart (m, MW_PS_DNV);
  m->reg.demand.last[q] = 0;
  m->reg.demand.capture_time = mw_clock_now (m);
  m->changed = true;
}

/* Sum the last `periods` seconds again. */
static void
fuse_sum (mw_fuse *f)
{
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    f->sum[ph] = 0;
    for (unsigned i = 1; i <= f->periods; i++)
      f->sum[ph] += f->ring[ph][(f->at + MW_FUSE_PERIODS_MAX - i) % MW_FUSE_PERIODS_MAX];
  }
}

enum mw_err
mw_fuse_set_periods (mw_meter *m, unsigned n)
{
  if (n < 1 || n > MW_FUSE_PERIODS_MAX)
    return MW_ERR_VALUE;
  m->reg.fuse.periods = (uint8_t) n;
  fuse_sum (&m->reg.fuse);
  if (m->started)
    mw_parameters_changed (m);
  return MW_OK;
}

uint32_t
mw_fuse_average_ma (const mw_meter *m, unsigned ph)
{
  return ph < MW_PHASES ? (uint32_t) (m->reg.fuse.sum[ph] / m->reg.fuse.periods) : 0;
}

static void
fuse_second (mw_fuse *f, const uint32_t *i_ma)
{
  unsigned out = (unsigned) (f->at + MW_FUSE_PERIODS_MAX - f->periods) % MW_FUSE_PERIODS_MAX;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    f->sum[ph] += i_ma[ph];
    f->sum[ph] -= f->ring[ph][out];
    f->ring[ph][f->at] = i_ma[ph];
  }
  f->at = (uint8_t) ((f->at + 1) % MW_FUSE_PERIODS_MAX);
  if (f->steady < MW_FUSE_PERIODS_MAX)
    f->steady++;
}

void
mw_fuse_advance (mw_meter *m, uint32_t seconds)
{
  mw_fuse *f = &m->reg.fuse;
  for (; seconds && f->steady < MW_FUSE_PERIODS_MAX; seconds--)
    fuse_second (f, m->power.i_ma);
  /* The ring is full of the same: only the place moves on. */
  f->at = (uint8_t) ((f->at + seconds) % MW_FUSE_PERIODS_MAX);
}
