/* test-demand.c: block and sliding demand, maxima, power factor, averages over measurement
 * period 3 and sliding currents (Mx381 manual 3.5.2, 3.6, 6.10.2; Blue Book class 5). */
#include "rig.h"

static mw_stamp
stamp (rig *r, uint16_t id)
{
  mw_value v = { 0 };
  CHECK_EQ (mw_meter_value (&r->m, id, &v), MW_OK);
  return v.u.time;
}

/* 230 V × 3 × N A: 690 W for each ampere. */
static void
amperes (rig *r, uint32_t a)
{
  rig_load (r, 230, a * 1000, 0);
}

/* Block demand (manual Figure 13): one period of 15 minutes. */
static void
test_block (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  int64_t ten = utc_of ("2026-02-02T10:00:00");
  amperes (r, 10);
  mw_meter_run (&r->m, 300);
  CHECK_EQ (mw_demand_current (&r->m, MW_D_AP), 6900 / 3); /* a third of the period */
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 0);
  CHECK_EQ (stamp (r, MW_V_DEMAND_START (MW_D_AP)).utc, ten);
  mw_meter_run (&r->m, 600);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_ABS), 6900);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_SP), 6900);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AM), 0);
  CHECK_EQ (mw_demand_current (&r->m, MW_D_AP), 0);
  CHECK_EQ (stamp (r, MW_V_DEMAND_TIME (MW_D_AP)).utc, ten + 900);
  CHECK_EQ (stamp (r, MW_V_DEMAND_START (MW_D_AP)).utc, ten + 900);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 6900);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->time.utc, ten + 900); /* end of the period */
  amperes (r, 5);
  mw_meter_run (&r->m, 900);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 3450);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 6900); /* it was larger */
  rig_free (r);
}

/* Sliding demand (manual Figures 14 to 17): three periods of five minutes. */
static void
test_sliding (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  int64_t ten = utc_of ("2026-02-02T10:00:00");
  static const uint32_t amps[] = { 3, 6, 9, 12, 0, 0, 0 };
  /* over 15 minutes, at the end of each five: (a + b + c) / 3 × 690 W */
  static const uint32_t want[] = { 690, 2070, 4140, 6210, 4830, 2760, 0 };
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_MEASUREMENT_PERIOD1, 300), MW_OK);
  CHECK_EQ (mw_demand_set_periods (&r->m, MW_D_AP, 3), MW_OK);
  for (unsigned i = 0; i < 7; i++) {
    int64_t end = ten + 300 * (i + 1);
    amperes (r, amps[i]);
    mw_meter_run (&r->m, 299);
    if (i == 2) { /* the current average covers the window that ends with this period */
      CHECK_EQ (mw_demand_current (&r->m, MW_D_AP), 2070 + 9 * 690 * 299 / 900);
      CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 2070);
      CHECK_EQ (stamp (r, MW_V_DEMAND_START (MW_D_AP)).utc, ten);
    }
    mw_meter_run (&r->m, 1);
    CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), want[i]);
    CHECK_EQ (stamp (r, MW_V_DEMAND_TIME (MW_D_AP)).utc, end);
    if (i >= 1)
      CHECK_EQ (stamp (r, MW_V_DEMAND_START (MW_D_AP)).utc, end - 600);
  }
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 6210);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->time.utc, ten + 1200);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_ABS, 0)->w, 12 * 690); /* that one is block */
  CHECK_EQ (mw_demand_set_periods (&r->m, MW_D_AP, 16), MW_ERR_VALUE);
  CHECK_EQ (mw_demand_set_periods (&r->m, MW_D_AP, 0), MW_ERR_VALUE);
  rig_free (r);
}

/* Maxima of the tariff in force, and of the total. */
static void
test_maxima_of_tariffs (void)
{
  rig *r = rig_new (3, "2026-02-02T05:30:00"); /* tariff 2 until 06:00, then tariff 1 */
  amperes (r, 20);
  rig_until (r, "2026-02-02T06:00:00");
  amperes (r, 10);
  rig_until (r, "2026-02-02T07:00:00");
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 13800);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 2)->w, 13800);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 1)->w, 6900);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 1)->time.utc, utc_of ("2026-02-02T06:15:00"));
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 3)->w, 0);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 3)->time.status, MW_CLOCK_STATUS_ANY);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_BILLING, 1, false), MW_OK);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 0);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 2)->w, 0);
  rig_free (r);
}

/* Synchronisation leaves demand alone; a change of time cuts the period (manual 3.5.2.4). */
static void
test_time_changes (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  amperes (r, 10);
  mw_meter_run (&r->m, 450);
  mw_clock_set (&r->m, r->m.st.clock.utc + 9);
  rig_until (r, "2026-02-02T10:15:00");
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900 * 891 / 900);
  CHECK_EQ (r->m.reg.demand.last_status, MW_PS_DNV); /* the first of its life */
  mw_meter_run (&r->m, 300);
  mw_clock_set (&r->m, utc_of ("2026-02-02T12:10:00"));
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900 / 3); /* what was is over */
  CHECK_EQ (mw_demand_current (&r->m, MW_D_AP), 0);
  CHECK_EQ (stamp (r, MW_V_DEMAND_START (MW_D_AP)).utc, utc_of ("2026-02-02T12:10:00"));
  rig_until (r, "2026-02-02T12:15:00");
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900 / 3);
  CHECK_EQ (r->m.reg.demand.last_status, MW_PS_CAD | MW_PS_DNV);
  mw_meter_run (&r->m, 600);
  mw_clock_set (&r->m, utc_of ("2026-02-02T12:16:00")); /* back within the period */
  rig_until (r, "2026-02-02T12:30:00");
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900 * 14 / 15); /* never more than there was */
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 6900 * 891 / 900);
  rig_free (r);
}

/* An outage over ends of periods: the interrupted one is closed, dark ones hold nothing. */
static void
test_outage (void)
{
  rig *r = rig_new (3, "2026-02-02T09:00:00");
  amperes (r, 10);
  mw_demand_set_periods (&r->m, MW_D_AM, 4);
  rig_until (r, "2026-02-02T10:10:00");
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 25 * 60); /* 10:35 */
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 0); /* 10:15 to 10:30 */
  CHECK_EQ (stamp (r, MW_V_DEMAND_TIME (MW_D_AP)).utc, utc_of ("2026-02-02T10:30:00"));
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->time.utc, utc_of ("2026-02-02T09:15:00"));
  rig_until (r, "2026-02-02T10:45:00");
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900 * 10 / 15);
  CHECK_EQ (r->m.reg.demand.last_status, MW_PS_PDN);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 20 * 86400);
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 0);
  rig_until (r, "2026-02-22T11:15:00");
  CHECK_EQ (mw_demand_last (&r->m, MW_D_AP), 6900);
  rig_free (r);
}

/* cos 60° = 0.500; the minimum is kept until billing (manual 6.4). */
static void
test_power_factor (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_MIN), 1000);
  rig_load (r, 230, 10000, 600);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR (0)), 500);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR (3)), 500);
  mw_meter_run (&r->m, 900);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_LAST), 500);
  rig_load (r, 230, 10000, 300);
  mw_meter_run (&r->m, 900);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_LAST), 866);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_MIN), 500);
  rig_load (r, 230, 0, 0);
  mw_meter_run (&r->m, 900); /* no energy, no factor */
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_LAST), 1000);
  mw_script_execute (&r->m, MW_TABLE_BILLING, 1, false);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_MIN), 1000);
  rig_free (r);
}

static void
test_period_3_and_currents (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  amperes (r, 10);
  mw_meter_run (&r->m, 60);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE3 (0)), 6900);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_RUNNING3 (0)), 0);
  rig_load (r, 230, 20000, 1800);
  mw_meter_run (&r->m, 15);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_RUNNING3 (2)), -3450); /* a quarter of the period */
  CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE3 (2)), 6900);
  mw_meter_run (&r->m, 45);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE3 (0)), 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE3 (1)), 13800);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE3 (2)), -13800);
  /* 90 one-second values: 30 s of 10 A and 60 s of 20 A, whole amperes, rounded down */
  CHECK_EQ (mw_fuse_average_ma (&r->m, 0), 16666);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_FUSE_CURRENT (0)), 16);
  mw_meter_run (&r->m, 30);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_FUSE_CURRENT (0)), 20);
  CHECK_EQ (mw_fuse_set_periods (&r->m, 10), MW_OK);
  amperes (r, 0);
  mw_meter_run (&r->m, 5);
  CHECK_EQ (mw_fuse_average_ma (&r->m, 2), 10000);
  rig_free (r);
}

CHECK_MAIN (test_block, test_sliding, test_maxima_of_tariffs, test_time_changes, test_outage,
            test_power_factor, test_period_3_and_currents)
