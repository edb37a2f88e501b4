/* test-run.c: N seconds at once are N times one second, in every bit of the meter and of its
 * memory; and energies against an independent model in floating point. */
#include "rig.h"

#include <math.h>

#include "core/scenario.h"

static uint32_t
rnd (uint32_t *state, uint32_t below)
{
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 8) % below;
}

static mw_load
random_load (uint32_t *seed)
{
  static const uint32_t volts[] = { 230000, 231500, 228000, 205000, 262000, 90000, 0 };
  mw_load l = { .frequency_mhz = 49900 + rnd (seed, 200) };
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    l.voltage_mv[ph] = volts[rnd (seed, 4) ? rnd (seed, 3) : rnd (seed, 7)];
    l.current_ma[ph] = rnd (seed, 3) ? rnd (seed, 40000) : 0;
    l.phi_ddeg[ph] = (int16_t) ((int) rnd (seed, 3600) - 1800);
  }
  l.reversed = rnd (seed, 20) == 0;
  return l;
}

/* Things that people and clients do, the same on both meters. */
static void
disturb (mw_meter *m, unsigned what, uint32_t seed)
{
  int64_t now = m->st.clock.utc;
  switch (what) {
  case 0:
    mw_meter_power (m, false);
    break;
  case 1:
    mw_meter_power (m, true);
    break;
  case 2:
    mw_clock_set (m, now + (int64_t) (seed % 4000) - 2000);
    break;
  case 3:
    mw_clock_shift (m, (int32_t) (seed % 19) - 9);
    break;
  case 4:
    mw_meter_magnet (m, seed & 1);
    break;
  case 5:
    mw_meter_cover (m, MW_COVER_TERMINAL, seed & 1);
    break;
  case 6:
    mw_switch_do (m, MW_SWITCH_MAIN, seed & 1 ? MW_REMOTE_DISCONNECT : MW_REMOTE_RECONNECT);
    break;
  case 7:
    mw_script_execute (m, MW_TABLE_BILLING, (uint16_t) (1 + (seed & 1)), false);
    break;
  case 8:
    mw_switch_do (m, MW_SWITCH_LOAD, seed & 1 ? MW_REMOTE_DISCONNECT : MW_REMOTE_RECONNECT);
    break;
  case 9:
    mw_script_execute (m, MW_TABLE_TARIFF, (uint16_t) (1 + seed % 8), false);
    break;
  default:
    mw_setting_set (m, MW_SET_SAG_TIME, 10 + seed % 100);
    break;
  }
}

static void
prepare (mw_meter *m, uint32_t seed)
{
  mw_limiter l = { .monitored = MW_V_CURRENT (3),
                   .threshold_normal = 6000,
                   .min_over_s = 37,
                   .min_under_s = 20,
                   .script_over = 1,
                   .script_under = 2 };
  mw_monitor mon = { 25, MW_V_FUSE_CURRENT (1), 0, 0 };
  mw_monitor instant = { 1500, MW_V_CURRENT (0), 1, 0 };
  uint16_t captures[] = { MW_V_CLOCK,
                          MW_V_PROFILE_STATUS2,
                          MW_V_DEMAND_CURRENT (MW_D_ABS),
                          MW_V_MAXIMUM (MW_D_AP, 0),
                          MW_V_MAXIMUM_TIME (MW_D_AP, 0),
                          MW_V_AVERAGE_VOLTAGE (0),
                          MW_V_ENERGY (MW_Q_NET, 0),
                          MW_V_ACTIVE_TARIFF };
  mw_switch_set_mode (m, MW_SWITCH_MAIN, 6);
  mw_setting_set (m, MW_SET_LOAD_MODE, seed % 7);
  mw_setting_set (m, MW_SET_TARIFF_SYNCHRONISED, seed >> 3 & 1);
  mw_demand_set_periods (m, MW_D_ABS, 1 + seed % 15);
  if (seed & 1)
    mw_limiter_set (m, 0, &l);
  if (seed & 2)
    mw_monitor_set (m, 1, &mon);
  mw_monitor_set (m, 2, &instant);
  mw_setting_set (m, MW_SET_OVER_DURATION, seed % 3 * 40);
  mw_setting_set (m, MW_SET_PENALTY_TIME, seed % 100);
  if (seed & 8)
    mw_setting_set (m, MW_SET_RTC_CALIBRATION, (int) (seed % 2001) - 1000);
  if (seed & 16)
    mw_setting_set (m, MW_SET_SAG_INTEGRAL, 1 + seed % 50);
  if (seed & 32)
    mw_setting_set (m, MW_SET_SWELL_INTEGRAL, 1 + seed % 30);
  if (seed & 4)
    mw_setting_set (m, MW_SET_MEASUREMENT_PERIOD1, 300);
  mw_profile_set_objects (m, MW_PROFILE_LOAD2, captures, sizeof captures / sizeof *captures);
  mw_profile_set_period (m, MW_PROFILE_LOAD2, 600);
}

/* Where the state of A and B differs, without what points into them. */
static bool
same (const rig *a, const rig *b)
{
  size_t persistent = offsetof (mw_meter, store);
  size_t load = offsetof (mw_meter, load);
  return memcmp (&a->m, &b->m, persistent) == 0
         && memcmp ((const char *) &a->m + load, (const char *) &b->m + load,
                    sizeof a->m - load)
                == 0
         && memcmp (a->nvm.image, b->nvm.image, a->nvm.nvm.size) == 0;
}

static void
compare_runs (uint32_t seed, unsigned segments)
{
  rig *a = rig_new (3, "2025-03-29T20:00:00"), *b = rig_new (3, "2025-03-29T20:00:00");
  prepare (&a->m, seed);
  prepare (&b->m, seed);
  for (unsigned i = 0; i < segments; i++) {
    mw_load l = random_load (&seed);
    uint32_t n = 1 + rnd (&seed, rnd (&seed, 4) ? 200 : 5000);
    unsigned what = rnd (&seed, 40);
    uint32_t s = rnd (&seed, 100000);
    mw_meter_load (&a->m, &l);
    mw_meter_load (&b->m, &l);
    if (what < 11) {
      disturb (&a->m, what, s);
      disturb (&b->m, what, s);
    }
    mw_meter_run (&a->m, n);
    for (uint32_t k = 0; k < n; k++)
      mw_meter_second (&b->m);
    if (!CHECK (same (a, b))) {
      printf ("    seed %u, segment %u: %u s\n", seed, i, n);
      break;
    }
  }
  rig_free (a);
  rig_free (b);
}

static void
test_runs_are_seconds (void)
{
  for (uint32_t seed = 0; seed < 24; seed++)
    compare_runs (seed, 150);
}

/* Energies of a day under a scenario, as someone else would compute them. */
static void
test_energies_against_floating_point (void)
{
  rig *r = rig_new (3, "2026-07-04T00:00:00+02:00");
  mw_scenario s;
  double wh[MW_N_QUANTITIES] = { 0 };
  mw_scenario_init (&s, MW_SCENARIO_PV, 5, 3);
  for (int64_t t = 0; t < 86400;) {
    int64_t local = r->m.st.clock.utc + 7200;
    double p = 0, q = 0, va = 0;
    mw_load l;
    uint32_t n = mw_scenario_load (&s, local, &l);
    for (unsigned ph = 0; ph < 3; ph++) {
      double phi = l.phi_ddeg[ph] / 10.0 * 3.14159265358979 / 180;
      double v = l.voltage_mv[ph] / 1000.0, i = l.current_ma[ph] / 1000.0;
      if (i < 0.020)
        continue;
      p += v * i * cos (phi);
      q += v * i * sin (phi);
      va += v * i;
    }
    wh[p >= 0 ? MW_Q_AP : MW_Q_AM] += fabs (p) * n / 3600;
    wh[q >= 0 ? MW_Q_RP : MW_Q_RM] += fabs (q) * n / 3600;
    wh[p >= 0 ? (q >= 0 ? MW_Q_R1 : MW_Q_R4) : (q >= 0 ? MW_Q_R2 : MW_Q_R3)] +=
        fabs (q) * n / 3600;
    wh[p >= 0 ? MW_Q_SP : MW_Q_SM] += va * n / 3600;
    wh[MW_Q_ABS] += fabs (p) * n / 3600;
    wh[MW_Q_NET] += p * n / 3600;
    mw_meter_load (&r->m, &l);
    mw_meter_run (&r->m, n);
    t += n;
  }
  CHECK (wh[MW_Q_AP] > 1000 && wh[MW_Q_AM] > 5000);
  for (unsigned q = 0; q < MW_N_QUANTITIES; q++) {
    double got = (double) mw_energy_mws (&r->m, q, 0) / 3.6e6;
    /* The meter drops what is below 1 mW, twice in each of three phases: 0.144 Wh a day. */
    CHECK (fabs (got - wh[q]) < 0.144);
  }
  rig_free (r);
}

/* The tariff registers of the two tariffs in use add up to the total. */
static void
test_tariffs_add_up (void)
{
  rig *r = rig_new (3, "2026-01-14T00:00:00");
  mw_scenario s;
  mw_scenario_init (&s, MW_SCENARIO_HOUSEHOLD, 3, 3);
  mw_scenario_run (&s, &r->m, 3 * 86400);
  for (unsigned q = 0; q < MW_N_TARIFF_QUANTITIES; q++) {
    int64_t sum = 0;
    for (unsigned t = 1; t <= MW_TARIFFS; t++)
      sum += mw_energy_mws (&r->m, q, t);
    CHECK_EQ (sum, mw_energy_mws (&r->m, q, 0));
  }
  CHECK (mw_energy_wh (&r->m, MW_Q_AP, 1) > 10000 && mw_energy_wh (&r->m, MW_Q_AP, 2) > 1000);
  rig_free (r);
}

CHECK_MAIN (test_runs_are_seconds, test_energies_against_floating_point, test_tariffs_add_up)
