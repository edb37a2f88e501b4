/* kmeter-energy.c: powers and energies of the Kamstrup meter against numbers worked out by
 * hand, the three calculation methods, tariffs, transformers, Aron; means, maxima, counters. */
#include "krig.h"

/* L1 and L2 import 1000 W and 600 W, L3 exports 400 W (OMNIPOWER technical description
 * Figure 13, left), at 200 V and angles of 0 and 180 degrees. */
static mw_load
figure13 (void)
{
  return (mw_load){ { 200000, 200000, 200000 }, { 5000, 3000, 2000 }, { 0, 0, 1800 }, 50000 };
}

static krig *
with_method (enum mw_kmethod method)
{
  krig *r = krig_make (&krig_direct);
  mw_load l = figure13 ();
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_METHOD, method), MW_OK);
  CHECK_EQ (mw_kmeter_start (&r->k, utc_of ("2026-01-14T12:00:00")), MW_OK);
  mw_kmeter_load (&r->k, &l);
  return r;
}

static void
test_methods_of_table_7 (void)
{
  static const struct {
    enum mw_kmethod method;
    int64_t a14, a23, e14, e23;
  } rows[] = { { MW_KMETHOD_INDIVIDUAL, 1600, 400, 1600, 400 },
               { MW_KMETHOD_VECTOR, 1200, 0, 2000, 0 },
               { MW_KMETHOD_TOTAL, 2000, 0, 2000, 0 } };
  for (unsigned i = 0; i < 3; i++) {
    krig *r = with_method (rows[i].method);
    CHECK_EQ (number (r, MW_KV_P14), rows[i].a14 * 1000);
    CHECK_EQ (number (r, MW_KV_P23), rows[i].a23 * 1000);
    mw_kmeter_run (&r->k, 7200);
    CHECK_EQ (number (r, MW_KV_A14), 2 * 1000 * rows[i].a14);
    CHECK_EQ (number (r, MW_KV_A23), 2 * 1000 * rows[i].a23);
    CHECK_EQ (number (r, MW_KV_E14), 2 * 1000 * rows[i].e14);
    CHECK_EQ (number (r, MW_KV_E23), 2 * 1000 * rows[i].e23);
    CHECK_EQ (number (r, MW_KV_A1234), 2 * 1000 * (rows[i].a14 + rows[i].a23));
    CHECK_EQ (number (r, MW_KV_ANET), 2 * 1000 * (rows[i].a14 - rows[i].a23));
    /* The phases are what they are. */
    CHECK_EQ (number (r, MW_KV_A14_L1), 2000000);
    CHECK_EQ (number (r, MW_KV_A14_L2), 1200000);
    CHECK_EQ (number (r, MW_KV_A23_L3), 800000);
    CHECK_EQ (number (r, MW_KV_A14_L3), 0);
    krig_free (r);
  }
}

/* The method is chosen when the meter is ordered. */
static void
test_method_is_fixed (void)
{
  krig *r = with_method (MW_KMETHOD_VECTOR);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_METHOD, MW_KMETHOD_TOTAL), MW_ERR_REFUSED);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_METHOD, 3), MW_ERR_VALUE);
  CHECK_EQ (number (r, MW_KV_METHOD), MW_KMETHOD_VECTOR);
  krig_free (r);
}

/* 30 degrees in each quadrant, 200 V, 10 A, one phase: P 1732.05 W, Q 1000 var, S 2000 VA. */
static void
test_quadrants (void)
{
  static const struct {
    int phi;
    unsigned active, reactive, quadrant, apparent;
  } rows[] = { { 300, MW_KV_A14, MW_KV_R12, MW_KV_R1, MW_KV_E14 },
               { 1500, MW_KV_A23, MW_KV_R12, MW_KV_R2, MW_KV_E23 },
               { -1500, MW_KV_A23, MW_KV_R34, MW_KV_R3, MW_KV_E23 },
               { -300, MW_KV_A14, MW_KV_R34, MW_KV_R4, MW_KV_E14 } };
  for (unsigned i = 0; i < 4; i++) {
    krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
    mw_load l = { { 200000 }, { 10000 }, { (int16_t) rows[i].phi }, 50000 };
    int64_t sum = 0;
    mw_kmeter_load (&r->k, &l);
    mw_kmeter_run (&r->k, 3600);
    /* Less than 1 mW is dropped: 1732.050 W and 999.999 … 1000.000 var. */
    CHECK (number (r, rows[i].active) >= 1732049 && number (r, rows[i].active) <= 1732050);
    CHECK (number (r, rows[i].reactive) >= 999999 && number (r, rows[i].reactive) <= 1000000);
    CHECK_EQ (number (r, rows[i].quadrant), number (r, rows[i].reactive));
    CHECK_EQ (number (r, rows[i].apparent), 2000000);
    for (unsigned id = MW_KV_A14; id <= MW_KV_R4; id++)
      sum += number (r, id);
    CHECK_EQ (sum, number (r, rows[i].active) + 2 * number (r, rows[i].reactive) + 2000000);
    CHECK_EQ (number (r, MW_KV_PF_L1), 866);
    CHECK_EQ (number (r, MW_KV_PF), 866);
    krig_free (r);
  }
}

static void
test_tariffs_and_trip (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  mw_load l = { { 230000 }, { 10000 }, { 0 }, 50000 }; /* 2300 W */
  mw_kmeter_load (&r->k, &l);
  for (unsigned t = 1; t <= 8; t++) {
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_TARIFF, t), MW_OK);
    mw_kmeter_run (&r->k, 3600 * t);
  }
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_TARIFF, 9), MW_ERR_VALUE);
  for (unsigned t = 1; t <= 8; t++) {
    CHECK_EQ (number (r, MW_KV_A14_T1 + t - 1), 2300000 * t);
    CHECK_EQ (number (r, MW_KV_E14_T1 + t - 1), 2300000 * t);
    CHECK_EQ (number (r, MW_KV_HOURS_T1 + t - 1), t);
  }
  CHECK_EQ (number (r, MW_KV_A14), 2300000 * 36);
  CHECK_EQ (number (r, MW_KV_HOURS), 36);
  CHECK_EQ (number (r, MW_KV_A14_TRIP), 2300000 * 36);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_A14_TRIP, 1), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_A14_TRIP, 0), MW_OK);
  mw_kmeter_run (&r->k, 1800);
  CHECK_EQ (number (r, MW_KV_A14_TRIP), 1150000);
  CHECK_EQ (number (r, MW_KV_A14), 2300000 * 36 + 1150000);
  CHECK_EQ (number (r, MW_KV_PULSES_OUT), 36 * 2300 + 1150); /* 1000 a kWh: one a Wh */
  krig_free (r);
}

/* 5 A meter behind 200/5 A: 40 times; then 400/5. */
static void
test_transformers (void)
{
  krig *r = krig_new (&krig_ct, "2026-01-14T12:00:00");
  mw_load l = { { 230000 }, { 2000 }, { 0 }, 50000 }; /* 460 W at the meter */
  mw_kmeter_load (&r->k, &l);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_RATIO, 40), MW_OK);
  CHECK_EQ (number (r, MW_KV_P14), 18400000);
  CHECK_EQ (number (r, MW_KV_I_L1), 80000);
  CHECK_EQ (number (r, MW_KV_U_L1), 230000);
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_RATIO, 80), MW_OK);
  CHECK_EQ (mw_ktariff_command (&r->k, 2), MW_OK);
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (number (r, MW_KV_A14), 18400000 + 36800000);
  CHECK_EQ (number (r, MW_KV_A14_S), 920000);
  CHECK_EQ (number (r, MW_KV_A14_T1), 18400000);
  CHECK_EQ (number (r, MW_KV_A14_S_T1), 460000);
  CHECK_EQ (number (r, MW_KV_A14_S_T2), 460000);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_RATIO), 2);
  CHECK_EQ (logged (r, MW_KLOG_RATIO, 1, MW_KV_OLD), 1);
  CHECK_EQ (logged (r, MW_KLOG_RATIO, 1, MW_KV_NEW), 40);
  CHECK_EQ (logged (r, MW_KLOG_RATIO, 2, MW_KV_NEW), 80);
  CHECK_EQ (logged (r, MW_KLOG_RATIO, 2, MW_KV_RTC), utc_of ("2026-01-14T13:00:00"));
  krig_free (r);
}

/* With a symmetric load an Aron meter measures what three systems do: 3 × 230 V × 10 A. */
static void
test_aron (void)
{
  static const int angles[] = { 0, 300, -450, 1800 };
  static const int64_t watts[] = { 6900000, 5975575, 4879037, 6900000 }; /* 6900 W × cos */
  for (unsigned i = 0; i < 4; i++) {
    krig *r = krig_new (&krig_aron, "2026-01-14T12:00:00");
    int64_t p, q;
    krig_load (r, 230, 10000, angles[i]);
    p = number (r, MW_KV_P14) - number (r, MW_KV_P23);
    q = number (r, MW_KV_Q12) - number (r, MW_KV_Q34);
    if (i != 3) /* individual: at 180 degrees both systems export */
      CHECK (p > watts[i] - 20 && p < watts[i] + 20);
    else
      CHECK (-p > watts[i] - 20 && -p < watts[i] + 20);
    if (i == 1)
      CHECK (q > 3450000 - 20 && q < 3450000 + 20); /* 6900 var × sin 30 */
    CHECK (number (r, MW_KV_U_L1) >= 398371 && number (r, MW_KV_U_L1) <= 398372); /* 230 √3 */
    CHECK_EQ (number (r, MW_KV_U_L2), 0);
    krig_free (r);
  }
}

static void
test_least_load (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  krig_load (r, 230, 9, 0); /* 2.07 W a phase */
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (number (r, MW_KV_A14), 0);
  krig_load (r, 230, 10, 0); /* 2.3 W */
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (number (r, MW_KV_A14), 6900);
  krig_free (r);
}

/* 12:00 - 12:15 at 4 kW; 12:15 - 12:30 6 kW for 5 minutes (2 kW mean); then 8 kW in T2. */
static void
test_means_and_maxima (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  mw_kvalue v;
  mw_load kw = { { 200000 }, { 20000 }, { 0 }, 50000 };
  mw_kmeter_load (&r->k, &kw);
  CHECK_EQ (number (r, MW_KV_P14_MAX), 0);
  CHECK_EQ (mw_kmeter_value (&r->k, MW_KV_P14_MAX_RTC, &v), MW_OK);
  CHECK_EQ (v.status, MW_CLOCK_STATUS_ANY);
  mw_kmeter_run (&r->k, 899);
  CHECK_EQ (number (r, MW_KV_P14_MEAN), 0);
  mw_kmeter_run (&r->k, 1);
  CHECK_EQ (number (r, MW_KV_P14_MEAN), 4000);
  CHECK_EQ (number (r, MW_KV_U_MEAN_L1), 200000);
  CHECK_EQ (number (r, MW_KV_I_MEAN_L1), 20000);
  kw.current_ma[0] = 30000;
  mw_kmeter_load (&r->k, &kw);
  mw_kmeter_run (&r->k, 300);
  kw.current_ma[0] = 0;
  mw_kmeter_load (&r->k, &kw);
  mw_kmeter_run (&r->k, 600);
  CHECK_EQ (number (r, MW_KV_P14_MEAN), 2000);
  CHECK_EQ (number (r, MW_KV_I_MEAN_L1), 10000);
  CHECK_EQ (number (r, MW_KV_P14_MAX), 4000);
  CHECK_EQ (number (r, MW_KV_P14_MAX_RTC), utc_of ("2026-01-14T12:15:00"));
  kw.current_ma[0] = 40000;
  mw_kmeter_load (&r->k, &kw);
  mw_ktariff_command (&r->k, 2);
  mw_kmeter_run (&r->k, 900);
  CHECK_EQ (number (r, MW_KV_P14_MAX), 8000);
  CHECK_EQ (number (r, MW_KV_P14_MAX_T1), 4000);
  CHECK_EQ (number (r, MW_KV_P14_MAX_T2), 8000);
  CHECK_EQ (number (r, MW_KV_P14_MAX_RTC_T2), utc_of ("2026-01-14T12:45:00"));
  CHECK_EQ (number (r, MW_KV_P14_DAY_MAX), 8000);
  CHECK_EQ (number (r, MW_KV_P14_DAY_MIN), 2000);
  CHECK_EQ (number (r, MW_KV_P14_DAY_MIN_RTC), utc_of ("2026-01-14T12:30:00"));
  mw_kmeter_debiting_stop (&r->k);
  CHECK_EQ (number (r, MW_KV_P14_MAX), 0);
  CHECK_EQ (number (r, MW_KV_P14_ACC), 8000);
  CHECK_EQ (number (r, MW_KV_P14_ACC_T1), 4000);
  mw_kmeter_run (&r->k, 900);
  mw_kmeter_debiting_stop (&r->k);
  CHECK_EQ (number (r, MW_KV_P14_ACC), 16000);
  CHECK_EQ (number (r, MW_KV_P14_ACC_T1), 4000);
  CHECK_EQ (number (r, MW_KV_DEBITING_COUNT), 2);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 1, MW_KV_P14_MAX), 8000);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 1, MW_KV_P14_ACC), 0);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 2, MW_KV_P14_ACC), 8000);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 1, MW_KV_DEBITING_COUNT), 0);
  krig_free (r);
}

static void
test_counters (void)
{
  krig *r = krig_new (&krig_direct, "2026-12-31T23:00:00");
  mw_load kw = { { 200000 }, { 5000 }, { 0 }, 49980, { 250 }, { 810 } }; /* 1 kW */
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_POWER_THRESHOLD, 1500), MW_OK);
  for (unsigned i = 0; i < 6; i++) { /* 1, 2, 1, 2, 1, 2 kW */
    kw.current_ma[0] = i % 2 ? 10000 : 5000;
    mw_kmeter_load (&r->k, &kw);
    mw_kmeter_run (&r->k, 600);
  }
  CHECK_EQ (number (r, MW_KV_THRESHOLD_COUNT), 3);
  CHECK_EQ (number (r, MW_KV_FREQUENCY), 49980);
  CHECK_EQ (number (r, MW_KV_THDU_L1), 250);
  CHECK_EQ (number (r, MW_KV_THDI_L1), 810);
  /* It is 2027: 1.5 kWh were last year. */
  CHECK_EQ (number (r, MW_KV_A14), 1500000);
  CHECK_EQ (number (r, MW_KV_A14_DAY), 0);
  mw_kmeter_run (&r->k, 1800);
  CHECK_EQ (number (r, MW_KV_A14_DAY), 1000000);
  CHECK_EQ (number (r, MW_KV_A14_MONTH), 1000000);
  CHECK_EQ (number (r, MW_KV_A14_YEAR), 1000000);
  CHECK_EQ (number (r, MW_KV_A14_WEEK), 2500000); /* Thursday to Friday */
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PORT1_FUNCTION, MW_KPORT_PULSE), MW_OK);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PULSE_IN_DIVISOR, 40000), MW_OK); /* 4.10.7.1 */
  mw_kport_pulses (&r->k, 0, 100);
  mw_kport_pulses (&r->k, 1, 100);              /* is no pulse input */
  CHECK_EQ (number (r, MW_KV_PULSE_IN1), 2500); /* 2.500 m3 */
  CHECK_EQ (number (r, MW_KV_PULSE_IN2), 0);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PULSE_IN1, 1000000), MW_OK);
  for (unsigned i = 0; i < 40; i++) {
    mw_kport_input (&r->k, 0, true);
    mw_kport_input (&r->k, 0, false);
  }
  CHECK_EQ (number (r, MW_KV_PULSE_IN1), 1001000);
  krig_free (r);
}

/* Table 10. */
static void
test_tariff_inputs (void)
{
  static const uint8_t normal[] = { 1, 2, 3, 4 }, inverted[] = { 4, 3, 2, 1 };
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  mw_kmeter_set (&r->k, MW_KV_PORT1_FUNCTION, MW_KPORT_TARIFF);
  mw_kmeter_set (&r->k, MW_KV_PORT2_FUNCTION, MW_KPORT_TARIFF);
  mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_INPUTS);
  for (unsigned i = 0; i < 8; i++) {
    mw_kmeter_set (&r->k, MW_KV_TARIFF_INVERTED, i >= 4);
    mw_kport_input (&r->k, 0, i & 1);
    mw_kport_input (&r->k, 1, i >> 1 & 1);
    CHECK_EQ (number (r, MW_KV_TARIFF), i < 4 ? normal[i] : inverted[i - 4]);
  }
  mw_ktariff_command (&r->k, 7); /* until the inputs shift */
  mw_kmeter_run (&r->k, 7200);
  CHECK_EQ (number (r, MW_KV_TARIFF), 7);
  mw_kport_input (&r->k, 0, false);
  CHECK_EQ (number (r, MW_KV_TARIFF), 2);
  krig_free (r);
}

/* Every value has a name of its own, and says something. */
static void
test_names (void)
{
  krig *r = krig_new (&krig_direct, "2026-03-29T12:00:00");
  unsigned named = 0;
  for (unsigned id = 0; id < MW_N_KVALUES; id++) {
    const mw_kvalue_info *info = mw_kvalue_info_of (id);
    if (!info)
      continue;
    named++;
    CHECK_EQ (mw_kvalue_by_name (info->name), id);
  }
  CHECK (named > 400);
  CHECK_EQ (mw_kvalue_by_name ("A14_T3"), MW_KV_A14_T1 + 2);
  CHECK_EQ (mw_kvalue_by_name ("S23_MAX_RTC_T8"), MW_KV_P14_MAX_RTC + 53);
  CHECK_EQ (mw_kvalue_by_name ("E23_L3"), MW_KV_A14_L1 + 17);
  CHECK_EQ (mw_kvalue_by_name ("no such"), MW_KV_NONE);
  CHECK_EQ (number (r, MW_KV_SERIAL), 12345678);
  CHECK_EQ (number (r, MW_KV_DATE), 20260329);
  CHECK_EQ (number (r, MW_KV_TIME), 130000); /* daylight saving began */
  CHECK_EQ (mw_kmeter_set_text (&r->k, MW_KV_COMPLETE_TYPE, "684-12E-31-A1-123X", 18), MW_OK);
  CHECK_EQ (mw_kmeter_set_text (&r->k, MW_KV_COMPLETE_TYPE, "684-12E-31-A1-123XY", 19),
            MW_ERR_SPACE);
  krig_free (r);
}

CHECK_MAIN (test_methods_of_table_7, test_method_is_fixed, test_quadrants,
            test_tariffs_and_trip, test_transformers, test_aron, test_least_load,
            test_means_and_maxima, test_counters, test_tariff_inputs, test_names)
