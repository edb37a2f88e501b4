/* kmeter-quality.c: voltage quality, neutral fault, breaker, prepayment and analysis in the
 * whole meter: loggers, settings and their ranges, what survives a power failure. */
#include "core/scenario.h"
#include "base/crc.h"
#include "krig.h"

static void
volts (krig *r, double l1, double l2, double l3)
{
  mw_load l = load_of (230, 0, 0);
  l.voltage_mv[0] = (uint32_t) (l1 * 1000 + 0.5);
  l.voltage_mv[1] = (uint32_t) (l2 * 1000 + 0.5);
  l.voltage_mv[2] = (uint32_t) (l3 * 1000 + 0.5);
  mw_kmeter_load (&r->k, &l);
}

static void
curve (krig *r, const double *u, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    volts (r, u[i], 230, 230);
    mw_kmeter_run (&r->k, 1);
  }
  volts (r, 230, 230, 230);
}

static void
set (krig *r, unsigned id, int64_t number)
{
  CHECK_EQ (mw_kmeter_set (&r->k, id, number), MW_OK);
}

/* The ranges that the manuals print; those that no public source has are the header's. */
/* clang-format off */
static const struct {
  unsigned id;
  int64_t least, most, preset;
} ranges[] = {
  /* OMNIPOWER Table 23, in 0.1 V: 230 V + 20 % = 276 V … */
  { MW_KV_VQ_HIGH_MEAN, 2323, 2760, 2530 },  { MW_KV_VQ_LOW_MEAN, 1840, 2277, 2070 },
  { MW_KV_VQ_PERIOD, 10, 30 * 60, 10 * 60 }, { MW_KV_VQ_HIGH_SINGLE, 2323, 2760, 2530 },
  { MW_KV_VQ_LOW_SINGLE, 1840, 2277, 2070 }, { MW_KV_VQ_OUTAGE_LEVEL, 50, 160, 50 },
  { MW_KV_VQ_OUTAGE_TIME, 0, 30 * 60, 10 },  { MW_KV_VQ_COUNTER_LOG, 0, 2, 0 },
  /* METERTOOL 3.4.6 */
  { MW_KV_EVENT_UNDER, 0, 20, 10 },          { MW_KV_EVENT_OVER, 0, 20, 10 },
  { MW_KV_EVENT_DURATION, 10, 2550, 10 },    { MW_KV_EVENT_CUT_LEVEL, 50, 160, 160 },
  /* OMNIPOWER 4.9.10: the defaults */
  { MW_KV_NEUTRAL_VN, 10, 100, 40 },         { MW_KV_NEUTRAL_HIGH, 231, 300, 253 },
  { MW_KV_NEUTRAL_TIME, 1, 3600, 60 },       { MW_KV_NEUTRAL_CUT, 0, 1, 0 },
  /* Tables 18, 19: 80 A, 80 kW, 9.9, 65535 s */
  { MW_KV_DC_BASIS, 0, 7, 0 },               { MW_KV_DC_QUANTITY, 0, 1, 0 },
  { MW_KV_DC_RECONNECT, 0, 2, 0 },           { MW_KV_DC_BUTTON, 0, 3, 3 },
  { MW_KV_DC_CURRENT, 0, 800, 800 },         { MW_KV_DC_POWER, 0, 80000, 80000 },
  { MW_KV_DC_K1, 0, 99, 10 },                { MW_KV_DC_K2, 0, 99, 10 },
  { MW_KV_DC_K3, 0, 99, 10 },                { MW_KV_DC_T1, 0, 65535, 10 },
  { MW_KV_DC_T2, 0, 65535, 10 },             { MW_KV_DC_T3, 0, 65535, 10 },
  { MW_KV_DC_SHORT, 1, 6000, 120 },          { MW_KV_DC_WAIT, 60, 65535, 60 }, /* METERTOOL 3.4.3 */
  /* Table 21 */
  { MW_KV_OV_LEVEL, 260, 320, 285 },         { MW_KV_OV_TIME, 1, 3600, 1 },
  { MW_KV_OV_BACK_LEVEL, 250, 270, 265 },    { MW_KV_OV_BACK_TIME, 1, 3600, 60 },
  /* Table 22 */
  { MW_KV_PP_CURRENT, 0, 800, 0 },           { MW_KV_PP_POWER, 0, 80000, 0 },
  { MW_KV_PP_DAYS, 0, 255, 0 },              { MW_KV_PP_WORKING_DAYS, 0, 1, 0 },
  { MW_KV_PP_FROM, 0, 1439, 0 },             { MW_KV_PP_TO, 0, 1439, 0 },
  { MW_KV_ANALYSIS_INTERVAL, 5, 60, 15 },    { MW_KV_LOAD_DELAY, 0, 10800, 0 },
};
/* clang-format on */

/* Make room for K and T to be set alone: k3 ≤ k2 ≤ k1, t1 ≤ t2 ≤ t3. */
static void
make_room (krig *r, unsigned id)
{
  if (id == MW_KV_DC_K1 || id == MW_KV_DC_K2) {
    set (r, MW_KV_DC_K3, 0);
    set (r, MW_KV_DC_K2, 0);
  }
  if (id == MW_KV_DC_K2 || id == MW_KV_DC_K3)
    set (r, MW_KV_DC_K1, 99);
  if (id == MW_KV_DC_K3)
    set (r, MW_KV_DC_K2, 99);
  if (id == MW_KV_DC_T1 || id == MW_KV_DC_T2) {
    set (r, MW_KV_DC_T3, 65535);
    set (r, MW_KV_DC_T2, 65535);
  }
  if (id == MW_KV_DC_T2 || id == MW_KV_DC_T3)
    set (r, MW_KV_DC_T1, 0);
  if (id == MW_KV_DC_T3)
    set (r, MW_KV_DC_T2, 0);
}

static void
test_ranges (void)
{
  const mw_kmodel *models[] = { &krig_direct, &krig_tariff };
  for (unsigned m = 0; m < 2; m++)
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
      krig *r = krig_new (models[m], "2026-01-05T00:00:00");
      mw_kmeter *k = &r->k;
      unsigned id = ranges[i].id;
      if (id != MW_KV_VQ_LOW_SINGLE && id != MW_KV_EVENT_UNDER) /* which the rig has changed */
        CHECK_EQ (number (r, id), ranges[i].preset);
      make_room (r, id);
      CHECK_EQ (mw_kmeter_set (k, id, ranges[i].least), MW_OK);
      CHECK_EQ (mw_kmeter_set (k, id, ranges[i].least - 1), MW_ERR_VALUE);
      CHECK_EQ (number (r, id), ranges[i].least);
      CHECK_EQ (mw_kmeter_set (k, id, ranges[i].most), MW_OK);
      CHECK_EQ (mw_kmeter_set (k, id, ranges[i].most + 1), MW_ERR_VALUE);
      CHECK_EQ (number (r, id), ranges[i].most);
      mw_kmeter_run (k, 1);
      krig_cut (r, utc_of ("2026-01-05T00:00:10")); /* and it lasts */
      CHECK_EQ (number (r, id), ranges[i].most);
      krig_free (r);
    }
}

static void
test_order (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-05T00:00:00");
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DC_K1, 9), MW_ERR_VALUE); /* k2 is 10 */
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DC_K2, 11), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DC_K3, 11), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DC_T1, 11), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DC_T2, 9), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DC_T3, 9), MW_ERR_VALUE);
  for (unsigned minutes = 0; minutes < 70; minutes++)
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_ANALYSIS_INTERVAL, minutes),
              minutes == 5 || minutes == 15 || minutes == 30 || minutes == 60 ? MW_OK
                                                                              : MW_ERR_VALUE);
  krig_free (r);
}

/* The octets of kqual.h, written here one by one. */
static void
test_block (void)
{
  static const uint8_t good[MW_KDC_SETUP_LEN] = {
    1, 1,  2,    3,    0x01, 0xf4, 0,    0,  0x2e, 0xe0, 30,   20,   15,   0,    5,
    0, 60, 0x0e, 0x10, 0,    200,  0,    90, 0x01, 0x0e, 0,    2,    0x01, 0x04, 0,
    5, 0,  100,  0,    0,    0x01, 0xf4, 7,  1,    0x05, 0x28, 0x01, 0xe0
  };
  static const struct {
    uint8_t at, octet;
    enum mw_err err;
  } rows[] = { { 0, 8, MW_ERR_VALUE },   { 1, 2, MW_ERR_VALUE },    { 4, 4, MW_ERR_VALUE },
               { 7, 2, MW_ERR_VALUE },   { 10, 100, MW_ERR_VALUE }, { 10, 19, MW_ERR_VALUE },
               { 12, 21, MW_ERR_VALUE }, { 14, 61, MW_ERR_VALUE },  { 22, 59, MW_ERR_VALUE },
               { 23, 0, MW_ERR_VALUE },  { 37, 255, MW_OK },        { 42, 0xe1, MW_OK } };
  krig *r = krig_new (&krig_direct, "2026-01-05T00:00:00");
  mw_kvalue v;
  CHECK_EQ (mw_kmeter_set_octets (&r->k, MW_KV_DC_SETUP, good, sizeof good), MW_OK);
  CHECK_EQ (mw_kmeter_value (&r->k, MW_KV_DC_SETUP, &v), MW_OK);
  CHECK_MEM (v.octets, v.len, good, sizeof good);
  CHECK_EQ (number (r, MW_KV_DC_CURRENT), 500);
  CHECK_EQ (number (r, MW_KV_DC_POWER), 12000);
  CHECK_EQ (number (r, MW_KV_DC_K1), 30);
  CHECK_EQ (number (r, MW_KV_DC_T3), 3600);
  CHECK_EQ (number (r, MW_KV_OV_LEVEL), 270);
  CHECK_EQ (number (r, MW_KV_PP_POWER), 500);
  CHECK_EQ (number (r, MW_KV_PP_FROM), 22 * 60);
  CHECK_EQ (number (r, MW_KV_PP_TO), 8 * 60);
  CHECK_EQ (mw_kmeter_set_octets (&r->k, MW_KV_DC_SETUP, good, sizeof good - 1), MW_ERR_SPACE);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    uint8_t changed[sizeof good];
    memcpy (changed, good, sizeof good);
    changed[rows[i].at] = rows[i].octet;
    CHECK_EQ (mw_kmeter_set_octets (&r->k, MW_KV_DC_SETUP, changed, sizeof changed),
              rows[i].err);
    mw_kmeter_value (&r->k, MW_KV_DC_SETUP, &v);
    CHECK_MEM (v.octets, v.len, rows[i].err ? good : changed, sizeof good);
    mw_kmeter_set_octets (&r->k, MW_KV_DC_SETUP, good, sizeof good);
  }
  mw_kmeter_run (&r->k, 1);
  krig_cut (r, utc_of ("2026-01-05T00:00:10"));
  mw_kmeter_value (&r->k, MW_KV_DC_SETUP, &v);
  CHECK_MEM (v.octets, v.len, good, sizeof good);
  krig_free (r);
}

static void
expect (krig *r, uint32_t id, const char *time, int phase, int event, int mean, int max,
        int min)
{
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, id, MW_KV_RTC), utc_of (time));
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, id, MW_KV_VQ_PHASE), phase);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, id, MW_KV_VQ_EVENT), event);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, id, MW_KV_VQ_MEAN), mean);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, id, MW_KV_VQ_MAX), max);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, id, MW_KV_VQ_MIN), min);
}

/* Tables 24 and 25 as the logger of the meter has them, with its log ids (test-kquality.c tells
 * where the figures leave room). */
static void
test_tables_24_and_25 (void)
{
  static const double first[10] = { 230, 225, 220, 215, 210, 206, 204, 208, 214, 218 };
  static const double third[10] = { 220, 230, 238, 246, 252, 258, 260, 254, 246, 236 };
  static const double dip[4] = { 210, 207, 204, 208 };
  static const double peak[] = { 253, 255, 258, 260, 261, 262, 252 };
  krig *r = krig_new (&krig_direct, "2014-01-22T13:50:00");
  set (r, MW_KV_VQ_LOW_MEAN, 2185);
  set (r, MW_KV_VQ_HIGH_MEAN, 2415);
  set (r, MW_KV_VQ_LOW_SINGLE, 1840);
  set (r, MW_KV_VQ_HIGH_SINGLE, 2760);
  set (r, MW_KV_VQ_PERIOD, 10);
  krig_until (r, "2014-01-22T13:50:10");
  curve (r, first, 10);
  krig_until (r, "2014-01-22T13:50:30");
  curve (r, third, 10);
  krig_until (r, "2014-01-22T14:30:00");
  set (r, MW_KV_VQ_LOW_SINGLE, 2185);
  set (r, MW_KV_VQ_HIGH_SINGLE, 2415);
  set (r, MW_KV_VQ_LOW_MEAN, 1840);
  set (r, MW_KV_VQ_HIGH_MEAN, 2760);
  krig_until (r, "2014-01-22T14:32:17");
  curve (r, dip, 4);
  krig_until (r, "2014-01-22T14:32:27");
  curve (r, (double[]){ 204 }, 1);
  krig_until (r, "2014-01-22T14:32:34");
  curve (r, peak, 7);
  krig_until (r, "2014-01-22T15:00:00");
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_QUALITY), 9);
  expect (r, 1, "2014-01-22T13:50:10", 1, 0, 215, 230, 204);
  expect (r, 2, "2014-01-22T13:50:30", 1, 1, 244, 260, 220);
  expect (r, 3, "2014-01-22T14:32:17", 1, 6, 0, 0, 210);
  expect (r, 4, "2014-01-22T14:32:19", 1, 2, 0, 0, 204);
  expect (r, 5, "2014-01-22T14:32:20", 1, 7, 0, 0, 208);
  expect (r, 6, "2014-01-22T14:32:27", 1, 6, 0, 0, 204);
  expect (r, 7, "2014-01-22T14:32:34", 1, 8, 0, 253, 0);
  expect (r, 8, "2014-01-22T14:32:39", 1, 3, 0, 262, 0);
  expect (r, 9, "2014-01-22T14:32:40", 1, 9, 0, 252, 0);
  CHECK_EQ (number (r, MW_KV_VQ_EVENT), 9); /* the registers show the last entry */
  krig_cut (r, utc_of ("2014-01-22T15:00:05"));
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_QUALITY), 9);
  CHECK_EQ (number (r, MW_KV_VQ_MAX), 252);
  krig_free (r);
}

/* Below 160 V on all phases the meter itself is out; the logger has the loss and the return. */
static void
test_outage (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-05T12:00:00");
  mw_kmeter_run (&r->k, 60);
  volts (r, 0, 0, 0);
  CHECK (!r->k.m.powered);
  mw_kmeter_run (&r->k, 600);
  volts (r, 230, 230, 0);
  mw_kmeter_run (&r->k, 60);
  expect (r, 1, "2026-01-05T12:01:00", 0, MW_KQE_OUTAGE, 0, 0, 0);
  expect (r, 2, "2026-01-05T12:11:00", 0, MW_KQE_RETURN, 0, 0, 0);
  expect (r, 3, "2026-01-05T12:01:00", 3, MW_KQE_OUTAGE, 0, 0, 0);
  CHECK_EQ (number (r, MW_KV_VQC_LONG), 1);
  CHECK (r->k.st.status & MW_KSTATUS_QUALITY);
  volts (r, 230, 230, 230);
  mw_kmeter_run (&r->k, 60);
  expect (r, 4, "2026-01-05T12:12:00", 3, MW_KQE_RETURN, 0, 0, 0);
  CHECK_EQ (number (r, MW_KV_VQC_LONG), 2);
  CHECK (!(r->k.st.status & MW_KSTATUS_QUALITY));
  krig_cut (r,
            utc_of ("2026-01-05T12:20:00")); /* without a warning: out since the last commit */
  mw_kmeter_run (&r->k, 10);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_QUALITY), 6);
  expect (r, 6, "2026-01-05T12:20:00", 0, MW_KQE_RETURN, 0, 0, 0);
  krig_free (r);
}

/* The counters are logged at midnight, each week or each month, and begin anew. */
static void
test_counter_log (void)
{
  static const struct {
    int64_t interval;
    const char *first, *second;
  } rows[] = { { MW_KCOUNTER_DAILY, "2026-01-29T00:00:00", "2026-01-30T00:00:00" },
               { MW_KCOUNTER_WEEKLY, "2026-02-02T00:00:00", "2026-02-09T00:00:00" },
               { MW_KCOUNTER_MONTHLY, "2026-02-01T00:00:00", "2026-03-01T00:00:00" } };
  for (unsigned i = 0; i < 3; i++) {
    krig *r = krig_new (&krig_direct, "2026-01-28T10:00:00");
    set (r, MW_KV_VQ_COUNTER_LOG, rows[i].interval);
    for (unsigned n = 0; n < 5; n++) {
      mw_kmeter_transient (&r->k, 150000, 300);
      mw_kmeter_run (&r->k, 1);
    }
    volts (r, 230, 230, 190);
    mw_kmeter_run (&r->k, 1200 - 5);
    volts (r, 230, 230, 230);
    CHECK_EQ (number (r, MW_KV_VQC_LOW1), 2);
    krig_until (r, rows[i].first);
    CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_COUNTERS), 1);
    CHECK_EQ (logged (r, MW_KLOG_COUNTERS, 1, MW_KV_RTC), utc_of (rows[i].first));
    CHECK_EQ (logged (r, MW_KLOG_COUNTERS, 1, MW_KV_VQC_LOW1), 2);
    CHECK_EQ (logged (r, MW_KLOG_COUNTERS, 1, MW_KV_VQC_SAGS), 5);
    CHECK_EQ (number (r, MW_KV_VQC_SAGS), 0);
    krig_until (r, rows[i].second);
    CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_COUNTERS), 2);
    CHECK_EQ (logged (r, MW_KLOG_COUNTERS, 2, MW_KV_RTC), utc_of (rows[i].second));
    CHECK_EQ (logged (r, MW_KLOG_COUNTERS, 2, MW_KV_VQC_SAGS), 0);
    krig_free (r);
  }
}

/* A 382: under voltage of L2 for the least duration, then all of it goes out. */
static void
test_voltage_events (void)
{
  krig *r = krig_new (&krig_tariff, "2026-01-05T12:00:00");
  set (r, MW_KV_EVENT_UNDER, 10);
  set (r, MW_KV_EVENT_DURATION, 30);
  volts (r, 230, 200, 230);
  mw_kmeter_run (&r->k, 29);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_QUALITY), 0);
  mw_kmeter_run (&r->k, 31);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_QUALITY), 1);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 1, MW_KV_RTC), utc_of ("2026-01-05T12:00:30"));
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 1, MW_KV_VOLTAGE_EVENT), MW_KVE_UNDER << 1);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 1, MW_KV_U_L2), 200000);
  mw_kmeter_power (&r->k, false);
  mw_kmeter_run (&r->k, 60);
  mw_kmeter_power (&r->k, true);
  mw_kmeter_run (&r->k, 60);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_QUALITY), 4);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 2, MW_KV_RTC), utc_of ("2026-01-05T12:01:00"));
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 2, MW_KV_VOLTAGE_EVENT), 7);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 2, MW_KV_U_L1), 0);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 3, MW_KV_VOLTAGE_EVENT), 0);
  CHECK_EQ (logged (r, MW_KLOG_QUALITY, 4, MW_KV_VOLTAGE_EVENT), MW_KVE_UNDER << 1);
  CHECK_EQ (mw_kmeter_number (&r->k, MW_KV_VQC_SAGS), 0); /* it has no such counters */
  krig_free (r);
}

/* 45 entries (4.9.10.1), the breaker opens when it shall, and not in a meter of three wires. */
static void
test_neutral_fault (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-05T12:00:00");
  volts (r, 150, 270, 270);
  mw_kmeter_run (&r->k, 60);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_NEUTRAL), 0);
  mw_kmeter_run (&r->k, 1);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_NEUTRAL), 1);
  CHECK_EQ (logged (r, MW_KLOG_NEUTRAL, 1, MW_KV_RTC), utc_of ("2026-01-05T12:01:01"));
  CHECK_EQ (logged (r, MW_KLOG_NEUTRAL, 1, MW_KV_U_L1), 150000);
  CHECK_EQ (number (r, MW_KV_NEUTRAL_FAULT), 1);
  CHECK (r->k.st.status & MW_KSTATUS_NEUTRAL);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), MW_KCS_CONNECTED);
  for (unsigned i = 0; i < 50; i++) {
    volts (r, 230, 230, 230);
    mw_kmeter_run (&r->k, 10);
    volts (r, 270, 150, 270);
    mw_kmeter_run (&r->k, 100);
  }
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_NEUTRAL), 51);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_NEUTRAL), 45);
  volts (r, 230, 230, 230);
  mw_kmeter_run (&r->k, 10);
  CHECK_EQ (number (r, MW_KV_NEUTRAL_FAULT), 0);
  set (r, MW_KV_NEUTRAL_CUT, 1);
  volts (r, 270, 150, 270);
  mw_kmeter_run (&r->k, 61);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), MW_KCS_CUT);
  CHECK_EQ (number (r, MW_KV_CUTOFF_CAUSE), MW_KCC_NEUTRAL);
  krig_free (r);
  r = krig_new (&krig_aron, "2026-01-05T12:00:00");
  volts (r, 170, 270, 270);
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_NEUTRAL), 0);
  krig_free (r);
}

/* Nothing is metered behind an open breaker; it stays open in the dark; 200 entries. */
static void
test_breaker (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-05T12:00:00");
  int64_t energy;
  krig_load (r, 230, 10000, 0);
  mw_kmeter_run (&r->k, 100);
  CHECK_EQ (mw_kmeter_cutoff (&r->k, MW_KCUT_DISCONNECT), MW_OK);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 1);
  CHECK_EQ (number (r, MW_KV_CUTOFF_FEEDBACK), 0x38); /* valid, no error, cut */
  CHECK_EQ (number (r, MW_KV_P14), 0);
  energy = number (r, MW_KV_A14);
  mw_kmeter_run (&r->k, 1000);
  CHECK_EQ (number (r, MW_KV_A14), energy);
  krig_cut (r, utc_of ("2026-01-05T12:30:00"));
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 1);
  krig_load (r, 230, 10000, 0);
  mw_kmeter_run (&r->k, 100);
  CHECK_EQ (number (r, MW_KV_A14), energy);
  mw_kmeter_power (&r->k, false);
  CHECK_EQ (mw_kmeter_cutoff (&r->k, MW_KCUT_RELEASE), MW_ERR_STATE);
  mw_kmeter_power (&r->k, true);
  CHECK_EQ (mw_kmeter_cutoff (&r->k, MW_KCUT_RELEASE), MW_OK);
  CHECK_EQ (mw_kmeter_hold_button (&r->k, 5), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_hold_button (&r->k, 6), MW_OK);
  mw_kmeter_run (&r->k, 5);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 4);
  CHECK_EQ (number (r, MW_KV_CUTOFF_FEEDBACK), 0x1f);
  CHECK_EQ (number (r, MW_KV_P14), 3 * 2300000);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_CUTOFF), 3); /* cut, released, connected */
  CHECK_EQ (logged (r, MW_KLOG_CUTOFF, 1, MW_KV_CUTOFF_STATE), 1);
  CHECK_EQ (logged (r, MW_KLOG_CUTOFF, 1, MW_KV_CUTOFF_FEEDBACK), 0x38);
  CHECK_EQ (logged (r, MW_KLOG_CUTOFF, 2, MW_KV_CUTOFF_STATE), 8);
  CHECK_EQ (logged (r, MW_KLOG_CUTOFF, 3, MW_KV_CUTOFF_STATE), 4);
  CHECK_EQ (logged (r, MW_KLOG_CUTOFF, 3, MW_KV_CUTOFF_FEEDBACK), 0x1f);
  for (unsigned i = 0; i < 120; i++) {
    mw_kmeter_hold_button (&r->k, 6);
    mw_kmeter_run (&r->k, 10);
  }
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_CUTOFF), 123);
  for (unsigned i = 0; i < 100; i++) {
    mw_kmeter_hold_button (&r->k, 6);
    mw_kmeter_run (&r->k, 10);
  }
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_CUTOFF), 200);
  krig_free (r);
  r = krig_new (&krig_ct, "2026-01-05T12:00:00"); /* has none */
  CHECK_EQ (mw_kmeter_cutoff (&r->k, MW_KCUT_DISCONNECT), MW_ERR_UNSUPPORTED);
  CHECK_EQ (mw_kmeter_hold_button (&r->k, 6), MW_ERR_UNSUPPORTED);
  krig_free (r);
  r = krig_make (&krig_direct); /* nor this one, by its type number */
  r->k.id.no_breaker = true;
  CHECK_EQ (mw_kmeter_start (&r->k, utc_of ("2026-01-05T12:00:00")), MW_OK);
  CHECK_EQ (mw_kmeter_cutoff (&r->k, MW_KCUT_DISCONNECT), MW_ERR_UNSUPPORTED);
  CHECK_EQ (mw_kmeter_number (&r->k, MW_KV_CUTOFF_STATE), 0);
  CHECK (!mw_kanalysis_offers (&r->k, MW_KV_CUTOFF_STATE));
  krig_free (r);
}

/* 10 A: 2.3 kW on each phase; limit 20 kW × 0.3. */
static void
test_smart_disconnect (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-05T12:00:00");
  set (r, MW_KV_DC_BASIS, MW_KBASIS_LOAD);
  set (r, MW_KV_DC_QUANTITY, 1);
  set (r, MW_KV_DC_POWER, 20000);
  set (r, MW_KV_DC_K3, 3);
  krig_load (r, 230, 10000, 0);
  mw_kmeter_run (&r->k, 30);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 5); /* warned */
  mw_kmeter_run (&r->k, 1);                     /* longer than t1 + t2 + t3 = 30 s */
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 6);
  CHECK_EQ (number (r, MW_KV_CUTOFF_WAIT), 60);
  CHECK (r->k.st.status & MW_KSTATUS_CUTOFF);
  CHECK_EQ (logged (r, MW_KLOG_CUTOFF, 1, MW_KV_RTC), utc_of ("2026-01-05T12:00:31"));
  mw_kmeter_run (&r->k, 60); /* automatic */
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 4);
  CHECK_EQ (number (r, MW_KV_CUTOFF_COUNT), 1);
  krig_load (r, 230, 10000, 1800); /* export does not count */
  mw_kmeter_run (&r->k, 1000);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 4);
  krig_free (r);
}

/* On a Friday evening 1 kWh is left: it is not cut from 22:00 to 8:00, nor on the weekend. */
static void
test_prepayment (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-09T21:59:00");
  set (r, MW_KV_DC_BASIS, MW_KBASIS_PREPAYMENT);
  set (r, MW_KV_PP_WORKING_DAYS, 1);
  set (r, MW_KV_PP_FROM, 22 * 60);
  set (r, MW_KV_PP_TO, 8 * 60);
  set (r, MW_KV_PREPAYMENT_ADD, 1000000);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PREPAYMENT, 5), MW_ERR_UNSUPPORTED); /* read only */
  krig_load (r, 230, 10000, 0); /* 6.9 kW: 1 kWh lasts 522 s */
  krig_until (r, "2026-01-09T22:07:41");
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_STATE), MW_KPP_PAID);
  krig_until (r, "2026-01-09T22:07:42");
  CHECK_EQ (number (r, MW_KV_PREPAYMENT), 0);
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_STATE), MW_KPP_ZERO);
  krig_until (r, "2026-01-12T08:00:00"); /* Monday */
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 4);
  /* 21:59 on Friday to 8:00 on Monday are 208860 s, less the kWh that was paid. */
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_CREDIT), 208860ll * 6900 * 1000 / 3600 - 1000000);
  mw_kmeter_run (&r->k, 1);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 7);
  krig_cut (r, utc_of ("2026-01-12T09:00:00"));
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 7);
  set (r, MW_KV_PREPAYMENT_ADD, 500000000); /* 500 kWh, and 399 were used */
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_CREDIT), 0);
  mw_kmeter_run (&r->k, 5);
  CHECK_EQ (number (r, MW_KV_CUTOFF_STATE), 4);
  set (r, MW_KV_TARIFF_SOURCE, MW_KTARIFF_INPUTS); /* with tariffs it is disregarded */
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_STATE), MW_KPP_OFF);
  set (r, MW_KV_TARIFF_SOURCE, MW_KTARIFF_COMMAND);
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_STATE), MW_KPP_PAID);
  set (r, MW_KV_DC_BASIS, 0);
  set (r, MW_KV_DC_BASIS, MW_KBASIS_PREPAYMENT); /* switched off, it forgot */
  CHECK_EQ (number (r, MW_KV_PREPAYMENT), 0);
  CHECK_EQ (number (r, MW_KV_PREPAYMENT_STATE), MW_KPP_EMPTY);
  krig_free (r);
}

/* Up to 16 of the registers of Table 14, means over its own interval, deleted when it is
 * configured anew. */
static void
test_analysis (void)
{
  static const uint16_t some[] = { MW_KV_AN_U_L1,        MW_KV_AN_I_L2,      MW_KV_AN_P14_L1,
                                   MW_KV_AN_Q12_L1,      MW_KV_AN_PF,        MW_KV_AN_FREQUENCY,
                                   MW_KV_AN_THDU_L3,     MW_KV_CUTOFF_STATE, MW_KV_A14,
                                   MW_KV_P14_DAY_MAX_RTC };
  const unsigned n = sizeof some / sizeof *some;
  krig *r = krig_new (&krig_direct, "2026-01-05T12:00:00");
  mw_load l = load_of (230, 10000, 0);
  CHECK_EQ (mw_kanalysis_configure (&r->k, 5, some, n), MW_OK);
  mw_kmeter_load (&r->k, &l);
  mw_kmeter_run (&r->k, 100);
  l = load_of (200, 4000, 600); /* cos 60° = 0.5 */
  l.thdu_cpct[2] = 300;
  l.frequency_mhz = 49700;
  mw_kmeter_load (&r->k, &l);
  mw_kmeter_run (&r->k, 200);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_ANALYSIS), 1);
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_RTC), utc_of ("2026-01-05T12:05:00"));
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_U_L1), (230000 + 2 * 200000) / 3);
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_I_L2), (10000 + 2 * 4000) / 3);
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_P14_L1), (2300 + 2 * 400) / 3);
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_Q12_L1), 461); /* 800 var × 0.866 × 2/3 */
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_PF), 795);     /* 310 / 390 */
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_FREQUENCY), 49800);
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_AN_THDU_L3), 200);
  CHECK_EQ (logged (r, MW_KLOG_ANALYSIS, 1, MW_KV_CUTOFF_STATE), 4);
  mw_kmeter_run (&r->k, 86400);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_ANALYSIS), 1 + 288);
  CHECK_EQ (mw_kanalysis_configure (&r->k, 60, some, 1), MW_OK);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_ANALYSIS), 0);
  mw_kmeter_run (&r->k, 1);
  krig_cut (r, utc_of ("2026-01-06T12:06:00"));
  CHECK_EQ (mw_klog_n (&r->k, MW_KLOG_ANALYSIS), 2); /* with the clock */
  CHECK_EQ (number (r, MW_KV_ANALYSIS_INTERVAL), 60);
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_ANALYSIS), 1);
  krig_free (r);
}

static void
test_analysis_limits (void)
{
  uint16_t all[20];
  unsigned n = 0, depth[17];
  krig *r = krig_new (&krig_direct, "2026-01-05T12:00:00");
  for (unsigned id = MW_KV_AN_P14_L1; n < 20; id++)
    all[n++] = (uint16_t) id;
  CHECK_EQ (mw_kanalysis_configure (&r->k, 15, all, 0), MW_ERR_SPACE);
  CHECK_EQ (mw_kanalysis_configure (&r->k, 15, all, 17), MW_ERR_SPACE);
  CHECK_EQ (mw_kanalysis_configure (&r->k, 14, all, 4), MW_ERR_VALUE);
  for (n = 1; n <= 16; n++) {
    CHECK_EQ (mw_kanalysis_configure (&r->k, 15, all, n), MW_OK);
    depth[n] = mw_klog_depth (&r->k, MW_KLOG_ANALYSIS);
    CHECK (n == 1 || depth[n] < depth[n - 1]); /* fewer entries for more registers */
  }
  all[1] = all[0];
  CHECK_EQ (mw_kanalysis_configure (&r->k, 15, all, 2), MW_ERR_VALUE);
  all[1] = MW_KV_SERIAL; /* not in Table 14 */
  CHECK_EQ (mw_kanalysis_configure (&r->k, 15, all, 2), MW_ERR_VALUE);
  CHECK_EQ (mw_klog_n (&r->k, MW_KLOG_ANALYSIS), 17); /* as before */
  krig_free (r);
  r = krig_new (&krig_ct, "2026-01-05T12:00:00"); /* footnote 7: no THDI; and no breaker */
  CHECK (!mw_kanalysis_offers (&r->k, MW_KV_AN_THDI_L1));
  CHECK (mw_kanalysis_offers (&r->k, MW_KV_AN_THDU_L1));
  CHECK (!mw_kanalysis_offers (&r->k, MW_KV_CUTOFF_STATE));
  CHECK (mw_kanalysis_offers (&r->k, MW_KV_R34_T8));
  CHECK (!mw_kanalysis_offers (&r->k, MW_KV_E14_T1));
  krig_free (r);
}

/* A week of a household with a curve that never rests, second by second of its minutes. */
static void
test_a_week (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-05T00:00:00");
  mw_scenario s;
  uint32_t windows = 0;
  mw_scenario_init (&s, MW_SCENARIO_WORKSHOP, 3, 3);
  set (r, MW_KV_VQ_HIGH_MEAN, 2323);
  mw_scenario_run (&s, &r->k.m, 7 * 86400);
  for (uint32_t id = 1; id <= mw_klog_newest (&r->k, MW_KLOG_QUALITY); id++)
    windows += logged (r, MW_KLOG_QUALITY, id, MW_KV_VQ_EVENT) == MW_KQE_OVER;
  CHECK_EQ (windows, mw_klog_count (&r->k, MW_KLOG_QUALITY));
  CHECK (windows > 0);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_COUNTERS), 7);
  krig_free (r);
}

/* Load 1 active from 10:00 to 12:00, with a delay of ten minutes at most; when it closed. */
static int64_t
closes_at (krig *r)
{
  static const uint8_t silent[] = { 0x7f, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0 };
  static const uint8_t load1[] = { 0x7f, 1,    1, 1, 1, 2, 0x02, 0x58, 1,
                                   0x02, 0xd0, 0, 0, 0, 0, 0,    0 };
  uint8_t plan[2 + sizeof silent + sizeof load1 + sizeof silent + 2] = { MW_KPLAN_PERIOD, 1 };
  size_t n = 2;
  uint16_t crc;
  memcpy (plan + n, silent, sizeof silent);
  memcpy (plan + (n += sizeof silent), load1, sizeof load1);
  memcpy (plan + (n += sizeof load1), silent, sizeof silent);
  n += sizeof silent;
  crc = mw_crc_x25 (plan, n);
  plan[n++] = (uint8_t) (crc >> 8);
  plan[n++] = (uint8_t) crc;
  CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, plan, n), MW_OK);
  mw_kmeter_run (&r->k, 1);
  mw_kmeter_power (&r->k, false); /* ends the delay of the first placing */
  mw_kmeter_power (&r->k, true);
  krig_until (r, "2026-01-05T09:59:59");
  CHECK_EQ (number (r, MW_KV_LOAD1), 0);
  for (unsigned i = 0; i < 602 && !number (r, MW_KV_LOAD1); i++)
    mw_kmeter_run (&r->k, 1);
  return r->k.m.st.clock.utc - utc_of ("2026-01-05T10:00:00");
}

/* 4.10.4 and the footnote of 4.10.5. */
static void
test_load_delay (void)
{
  int64_t late[8];
  bool differ = false;
  for (unsigned i = 0; i < 8; i++) {
    krig *r = krig_make (&krig_period);
    r->k.id.serial = 1000 + i;
    CHECK_EQ (mw_kmeter_start (&r->k, utc_of ("2026-01-05T08:00:00")), MW_OK);
    set (r, MW_KV_LOAD_DELAY, 600);
    late[i] = closes_at (r);
    CHECK (late[i] >= 0 && late[i] <= 600);
    differ |= late[i] != late[0];
    krig_until (r, "2026-01-05T11:59:59");
    CHECK_EQ (number (r, MW_KV_LOAD1), 1);
    mw_kmeter_run (&r->k, 1);
    CHECK_EQ (number (r, MW_KV_LOAD1), 0); /* opening is not delayed */
    set (r, MW_KV_LOAD_DELAY, 10800);
    krig_until (r, "2026-01-06T10:00:00");
    mw_kmeter_power (&r->k, false);
    mw_kmeter_power (&r->k, true);
    CHECK_EQ (number (r, MW_KV_LOAD1), 1); /* a restart does not wait */
    CHECK_EQ (mw_kload_command (&r->k, 0, false), MW_OK);
    CHECK_EQ (mw_kload_command (&r->k, 0, true), MW_OK);
    CHECK_EQ (number (r, MW_KV_LOAD1), 1); /* nor does a command */
    krig_free (r);
  }
  CHECK (differ);
  {
    krig *r = krig_new (&krig_period, "2026-01-05T08:00:00"); /* default: no delay */
    CHECK_EQ (closes_at (r), 0);
    krig_free (r);
  }
}

/* A scenario file makes harmonics, sags and a neutral that is gone. */
static void
test_scenario (void)
{
  static const char text[] = "00:00 L 230V 5A\n"
                             "10:00-11:00 L1 7%U3 4%U5 9%I3\n" /* √65 = 8.06 % */
                             "at 2026-01-05T12:00:00 transient 150V 300ms\n"
                             "at 2026-01-05T12:00:01 transient 290V 100ms\n"
                             "at 2026-01-05T12:00:02 transient 200V 300ms\n"
                             "at 2026-01-05T13:00:00 for 100 L1 150V\n"
                             "at 2026-01-05T13:00:00 for 100 L2 270V\n"
                             "at 2026-01-05T13:00:00 for 100 L3 270V\n";
  krig *r = krig_new (&krig_direct, "2026-01-05T08:00:00");
  mw_scenario s;
  unsigned line;
  mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
  CHECK_EQ (mw_scenario_parse (&s, text, sizeof text - 1, &line), MW_OK);
  mw_scenario_run (&s, &r->k.m, 2 * 3600 + 1800);
  CHECK_EQ (number (r, MW_KV_THDU_L1), 806);
  CHECK_EQ (number (r, MW_KV_THDI_L1), 900);
  mw_scenario_run (&s, &r->k.m, 4 * 3600);
  CHECK_EQ (number (r, MW_KV_VQC_THDU_L1), 6); /* six times ten minutes */
  CHECK_EQ (number (r, MW_KV_VQC_THDI_L1), 6);
  CHECK_EQ (number (r, MW_KV_VQC_THDU_L2), 0);
  CHECK_EQ (number (r, MW_KV_VQC_SAGS), 1);
  CHECK_EQ (number (r, MW_KV_VQC_SWELLS), 1);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_NEUTRAL), 1);
  krig_free (r);
}

CHECK_MAIN (test_ranges, test_order, test_block, test_tables_24_and_25, test_outage,
            test_counter_log, test_voltage_events, test_neutral_fault, test_breaker,
            test_smart_disconnect, test_prepayment, test_analysis, test_analysis_limits,
            test_a_week, test_load_delay, test_scenario)
