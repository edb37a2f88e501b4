/* test-energy.c: quadrants, methods, exactness, transformer ratio (Mx381 manual 3.3, 3.6.9). */
#include "rig.h"

/* 230 V, 10 A, three phases: 6900 VA. */
static void
test_quadrants (void)
{
  static const struct {
    int phi; /* 0.1 degree */
    int p, q;
    enum mw_quantity quadrant;
  } rows[] = { { 300, 5975, 3450, MW_Q_R1 },
               { 1200, -3450, 5975, MW_Q_R2 },
               { -1500, -5975, -3450, MW_Q_R3 },
               { -450, 4879, -4879, MW_Q_R4 } };
  for (unsigned i = 0; i < 4; i++) {
    rig *r = rig_new (3, "2026-01-05T09:00:00");
    unsigned q = rows[i].q < 0 ? MW_Q_RM : MW_Q_RP, size = (unsigned) abs (rows[i].q);
    rig_load (r, 230, 10000, rows[i].phi);
    mw_meter_run (&r->m, 3600);
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), rows[i].p > 0 ? rows[i].p : 0);
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AM, 0), rows[i].p < 0 ? -rows[i].p : 0);
    CHECK_EQ (mw_energy_wh (&r->m, q, 0), size);
    CHECK_EQ (mw_energy_wh (&r->m, rows[i].quadrant, 0), size);
    for (unsigned k = MW_Q_R1; k <= MW_Q_R4; k++)
      CHECK_EQ (mw_energy_wh (&r->m, k, 0), k == rows[i].quadrant ? size : 0);
    CHECK_EQ (mw_energy_wh (&r->m, rows[i].p > 0 ? MW_Q_SP : MW_Q_SM, 0), 6900);
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_ABS, 0), abs (rows[i].p));
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_NET, 0), rows[i].p);
    CHECK_EQ (mw_power_w (&r->m, MW_Q_NET), rows[i].p);
    rig_free (r);
  }
}

/* L1 imports 2300 W, L2 and L3 export 2300 W each: the three methods (manual 3.3). */
static void
test_methods (void)
{
  static const int want[3][2] = { { 0, 0 }, { 0, 2300 }, { 6900, 0 } };
  for (unsigned method = 0; method < 3; method++) {
    rig *r = rig_new (3, "2026-01-05T09:00:00");
    mw_load l = load_of (230, 10000, 1800);
    l.phi_ddeg[0] = 0;
    CHECK_EQ (mw_setting_set (&r->m, MW_SET_METHOD, method), MW_OK);
    mw_meter_load (&r->m, &l);
    mw_meter_run (&r->m, 3600);
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), want[method][0]);
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AM, 0), want[method][1]);
    CHECK_EQ (mw_energy_wh (&r->m, MW_Q_ABS, 0), want[method][0] + want[method][1]);
    rig_free (r);
  }
}

/* 1 mW for a year is 8.76 Wh, not nothing; 85 A for ten years is not too much. */
static void
test_exactness (void)
{
  rig *r = rig_new (1, "2026-01-05T09:00:00");
  mw_load l = { .frequency_mhz = 50000 };
  l.voltage_mv[0] = 230000;
  mw_setting_set (&r->m, MW_SET_STARTUP_MA, 0);
  l.current_ma[0] = 1;
  l.phi_ddeg[0] = 897; /* 230 mVA × cos 89.7° = 1.2 mW, counted as 1 */
  mw_meter_load (&r->m, &l);
  mw_meter_run (&r->m, 365 * 86400);
  CHECK_EQ (mw_energy_mws (&r->m, MW_Q_AP, 0), 365 * 86400);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 8);
  mw_energy_reset_all (&r->m);
  l.current_ma[0] = 85000;
  l.phi_ddeg[0] = 0;
  mw_meter_load (&r->m, &l);
  mw_meter_run (&r->m, 3650u * 86400u);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 19550LL * 3650 * 24);
  rig_free (r);
}

/* Starting current, single phase, transformer ratio. */
static void
test_currents (void)
{
  rig *r = rig_new (1, "2026-01-05T09:00:00");
  rig_load (r, 230, 19, 0);
  CHECK_EQ (mw_power_w (&r->m, MW_Q_AP), 0);
  rig_load (r, 230, 20, 0);
  CHECK_EQ (mw_power_w (&r->m, MW_Q_AP), 4); /* L2 and L3 are not there */
  rig_load (r, 230, 1000, 0);
  mw_setting_set (&r->m, MW_SET_CURRENT_NUMERATOR, 150);
  mw_setting_set (&r->m, MW_SET_CURRENT_DENOMINATOR, 5);
  CHECK_EQ (mw_power_w (&r->m, MW_Q_AP), 230); /* secondary measurement */
  mw_setting_set (&r->m, MW_SET_TRANSFORMER_TYPE, 1);
  CHECK_EQ (mw_power_w (&r->m, MW_Q_AP), 6900);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_CURRENT (0)), 3000);
  rig_free (r);
}

static void
test_sine (void)
{
  int64_t one = 1 << 30;
  CHECK_EQ (mw_sin_q30 (0), 0);
  CHECK_EQ (mw_sin_q30 (300), one / 2);
  CHECK_EQ (mw_sin_q30 (900), one);
  CHECK_EQ (mw_sin_q30 (1800), 0);
  CHECK_EQ (mw_sin_q30 (2700), -one);
  for (int a = -7200; a < 7200; a++) { /* sin² + cos² = 1 */
    int64_t s = mw_sin_q30 (a), c = mw_sin_q30 (a + 900);
    int64_t sum = s * s + c * c - one * one;
    CHECK (sum < 4 * one && sum > -4 * one);
    CHECK_EQ (mw_sin_q30 (-a), -s);
    CHECK_EQ (mw_sin_q30 (a + 3600), s);
  }
}

static void
test_resets (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  rig_load (r, 230, 10000, 0);
  mw_meter_run (&r->m, 3600);
  mw_energy_reset (&r->m, MW_Q_AP, 1);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 1), 0);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 6900);
  mw_energy_reset (&r->m, MW_Q_AP, 0);
  mw_meter_run (&r->m, 900); /* the average is not led astray */
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_METER_RESET, 1, false), MW_ERR_REFUSED);
  CHECK (mw_energy_wh (&r->m, MW_Q_ABS, 0) > 0);
  mw_meter_cover (&r->m, MW_COVER_METER, true); /* unlocked: manual 6.13.1.2 */
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_METER_RESET, 1, false), MW_OK);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_ABS, 0), 0);
  CHECK_EQ (mw_profile_count (&r->m, MW_PROFILE_LOAD1), 0);
  CHECK_EQ (mw_setting_get (&r->m, MW_SET_CURRENT_NUMERATOR), 1);
  rig_free (r);
}

CHECK_MAIN (test_quadrants, test_methods, test_exactness, test_currents, test_sine, test_resets)
