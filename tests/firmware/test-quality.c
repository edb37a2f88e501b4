/* test-quality.c: sags, swells, cuts, levels, peaks, asymmetry, neutral, power failures (Mx381
 * manual 6.12). */
#include "rig.h"

static void
volts (rig *r, double u1, double u2, double u3)
{
  mw_load l = load_of (230, 0, 0);
  l.voltage_mv[0] = (uint32_t) (u1 * 1000);
  l.voltage_mv[1] = (uint32_t) (u2 * 1000);
  l.voltage_mv[2] = (uint32_t) (u3 * 1000);
  mw_meter_load (&r->m, &l);
}

static uint32_t
counter (rig *r, unsigned id)
{
  return mw_counter_get (&r->m, id);
}

static void
test_sag (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  char text[80];
  mw_log_entry e = { 0 };
  volts (r, 230, 200, 230);
  mw_meter_run (&r->m, 59); /* one second short of the time threshold */
  volts (r, 230, 230, 230);
  mw_meter_run (&r->m, 600);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_QUALITY), 0);
  volts (r, 230, 200, 230);
  mw_meter_run (&r->m, 40);
  volts (r, 230, 180.5, 230);
  mw_meter_run (&r->m, 60);
  volts (r, 230, 195, 190); /* another phase follows */
  mw_meter_run (&r->m, 100);
  volts (r, 230, 230, 190);
  mw_meter_run (&r->m, 50);
  volts (r, 230, 230, 230);
  CHECK_STR (log_text (r, MW_LOG_QUALITY, 0, text, sizeof text), "77 78 86 87");
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_QUALITY, 1, &e), MW_OK);
  CHECK_EQ (e.time.utc, utc_of ("2026-01-05T09:00:00") + 659 + 60);
  CHECK_EQ (counter (r, MW_CNT_SAG_L1), 0);
  CHECK_EQ (counter (r, MW_CNT_SAG_L2), 1);
  CHECK_EQ (counter (r, MW_CNT_SAG_L3), 1);
  CHECK_EQ (counter (r, MW_CNT_SAG_ANY), 1); /* they were one */
  CHECK_EQ (counter (r, MW_CNT_SAG_DURATION_L2), 200);
  CHECK_EQ (counter (r, MW_CNT_SAG_MAGNITUDE_L2), 1805);
  CHECK_EQ (counter (r, MW_CNT_SAG_DURATION_L3), 150);
  CHECK_EQ (counter (r, MW_CNT_SAG_DURATION_ANY), 150);
  rig_free (r);
}

static void
test_swell_and_cut (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  char text[80];
  volts (r, 260, 230, 230);
  mw_meter_run (&r->m, 90);
  volts (r, 256, 230, 230);
  mw_meter_run (&r->m, 10);
  volts (r, 230, 230, 60); /* a cut is declared after 30 s, and no sag then */
  mw_meter_run (&r->m, 300);
  volts (r, 230, 230, 230);
  CHECK_STR (log_text (r, MW_LOG_QUALITY, 0, text, sizeof text), "79 85 84 87");
  CHECK_EQ (counter (r, MW_CNT_SWELL_L1), 1);
  CHECK_EQ (counter (r, MW_CNT_SWELL_DURATION_L1), 100);
  CHECK_EQ (counter (r, MW_CNT_SWELL_MAGNITUDE_L1), 2600);
  CHECK_EQ (counter (r, MW_CNT_SAG_ANY), 0);
  CHECK_EQ (counter (r, MW_CNT_CUT_MAGNITUDE), 600);
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_PHASE_FAILURE (2));
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_PHASE_RESUME (2));
  rig_free (r);
}

/* Table 62: the average of ten minutes, and ANY once for phases in one level. */
static void
test_levels (void)
{
  static const struct {
    double u;
    unsigned level;
  } rows[] = { { 260, 1 }, { 245, 2 }, { 235, 3 }, { 230, 3 },
               { 229, 4 }, { 214, 5 }, { 200, 6 }, { 190, 7 } };
  for (unsigned i = 0; i < 8; i++) {
    rig *r = rig_new (3, "2026-01-05T09:00:00");
    volts (r, rows[i].u, rows[i].u, 235);
    mw_meter_run (&r->m, 600);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE_VOLTAGE (0)), (int) (rows[i].u * 10));
    CHECK_EQ (mw_meter_number (&r->m, (uint16_t) MW_V_LEVEL (0, rows[i].level)), 1);
    CHECK_EQ (mw_meter_number (&r->m, (uint16_t) MW_V_LEVEL (3, rows[i].level)), 1);
    rig_free (r);
  }
  {
    rig *r = rig_new (3, "2026-01-05T09:00:00"); /* the manual's example: 214 V, 7 % */
    volts (r, 230, 230, 230);
    mw_meter_run (&r->m, 328);
    volts (r, 195, 230, 230);
    mw_meter_run (&r->m, 272);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_AVERAGE_VOLTAGE (0)), 2141);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_LEVEL (0, 5)), 1);
    rig_free (r);
  }
}

static void
test_daily_peaks (void)
{
  rig *r = rig_new (3, "2026-01-05T00:00:00");
  volts (r, 230, 231, 232);
  mw_meter_run (&r->m, 3600);
  volts (r, 240, 231, 225);
  mw_meter_run (&r->m, 600);
  volts (r, 228, 231, 232);
  rig_until (r, "2026-01-05T20:00:00");
  CHECK_EQ (mw_voltage_peak (&r->m, 0, false), 2400);
  CHECK_EQ (mw_voltage_minimum (&r->m, 0, false), 2280);
  CHECK_EQ (mw_voltage_minimum (&r->m, 2, false), 2250);
  CHECK_EQ (mw_voltage_peak (&r->m, 3, false), 2320); /* the average of 240, 231, 225 */
  CHECK_EQ (mw_voltage_peak (&r->m, 0, true), 0);
  rig_until (r, "2026-01-06T01:00:00");
  CHECK_EQ (mw_voltage_peak (&r->m, 0, true), 2400);
  CHECK_EQ (mw_voltage_minimum (&r->m, 0, true), 2280);
  CHECK_EQ (mw_voltage_peak (&r->m, 0, false), 2280);
  rig_free (r);
}

static void
test_asymmetry_and_neutral (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  char text[80];
  volts (r, 230, 230, 234);
  mw_meter_run (&r->m, 600);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_ASYMMETRY, 0);
  volts (r, 230, 230, 245);
  mw_meter_run (&r->m, 600);
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_ASYMMETRY);
  mw_alarm_clear_on (&r->m, 1, 0); /* not while it lasts */
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_ASYMMETRY);
  volts (r, 230, 230, 230);
  mw_meter_run (&r->m, 600);
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_OFF2) & MW_ALARM2_ASYMMETRY);
  volts (r, 300, 300, 150); /* over 294.4 V and under 161 V */
  mw_meter_run (&r->m, 1200);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "89");
  rig_free (r);
}

/* Short and long failures of a phase, of all, and the log of long ones. */
static void
test_power_failures (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_log_entry e = { 0 };
  char text[80];
  volts (r, 230, 0, 230);
  mw_meter_run (&r->m, 100);
  volts (r, 230, 230, 230);
  CHECK_EQ (counter (r, MW_CNT_FAIL_L2), 1);
  CHECK_EQ (counter (r, MW_CNT_FAIL_ANY), 1);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_POWER_FAILURE), 0);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "233 236");
  mw_meter_run (&r->m, 3600);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 500);
  mw_meter_power (&r->m, true);
  CHECK_EQ (counter (r, MW_CNT_FAIL_LONG_ALL), 1);
  CHECK_EQ (counter (r, MW_CNT_FAIL_LONG_L1), 1);
  CHECK_EQ (counter (r, MW_CNT_FAIL_LONG_ANY), 1);
  CHECK_EQ (counter (r, MW_CNT_FAIL_DURATION_ANY), 500);
  CHECK_EQ (counter (r, MW_CNT_FAIL_ALL), 0);
  CHECK_EQ (counter (r, MW_CNT_FAIL_SHORT_ALL), 0);
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_POWER_FAILURE, 1, &e), MW_OK);
  CHECK_EQ (e.extra, 500);
  CHECK_EQ (e.time.utc, r->m.st.clock.utc); /* the end of it */
  volts (r, 0, 0, 0);                       /* no phase left: the meter goes down by itself */
  CHECK (!r->m.powered);
  mw_meter_run (&r->m, 60);
  volts (r, 230, 0, 0); /* one comes back: the failure of any phase goes on */
  CHECK (r->m.powered);
  CHECK_EQ (counter (r, MW_CNT_FAIL_ALL), 1);
  CHECK_EQ (counter (r, MW_CNT_FAIL_SHORT_ALL), 1); /* reclosed within 3 minutes */
  CHECK_EQ (counter (r, MW_CNT_FAIL_LONG_ANY), 1);
  mw_meter_run (&r->m, 240);
  volts (r, 230, 230, 230);
  CHECK_EQ (counter (r, MW_CNT_FAIL_LONG_ANY), 2);
  CHECK_EQ (counter (r, MW_CNT_FAIL_DURATION_ANY), 300);
  CHECK_EQ (counter (r, MW_CNT_FAIL_DURATION_L3), 300);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_POWER_FAILURE), 2);
  rig_free (r);
}

static void
test_wiring (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_load l = load_of (230, 1000, 1800);
  char text[80];
  l.reversed = true;
  mw_meter_load (&r->m, &l);
  mw_meter_run (&r->m, 100);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "88");
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_CURRENT_REVERSAL, 0);
  mw_setting_set (&r->m, MW_SET_METHOD, MW_METHOD_ONE_WAY); /* now export is unexpected */
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_CURRENT_REVERSAL);
  CHECK_EQ (mw_switch_do (&r->m, MW_SWITCH_MAIN, MW_REMOTE_DISCONNECT), MW_OK);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_CURRENT (3)), 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_UNEXPECTED, 0);
  l.bypass = true;
  mw_meter_load (&r->m, &l);
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON2) & MW_ALARM2_UNEXPECTED);
  rig_free (r);
}

CHECK_MAIN (test_sag, test_swell_and_cut, test_levels, test_daily_peaks,
            test_asymmetry_and_neutral, test_power_failures, test_wiring)
