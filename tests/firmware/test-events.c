/* test-events.c: event codes and logs, alarms, errors, the certification log, settings and
 * counters (Mx381 manual 6.5, 6.6, 6.7). */
#include "rig.h"

/* The table is the manual's: codes are unique in their log, the logs have their capacities. */
static void
test_table (void)
{
  static const unsigned capacities[] = { 100, 30, 30, 30, 100, 12, 12, 12, 12, 10, 100 };
  static const uint8_t standard[] = { 1,   2,   3,   4,   5,   6,   7,   8,   9,   10,
                                      11,  12,  13,  14,  15,  16,  17,  18,  19,  47,
                                      48,  51,  88,  89,  230, 231, 232, 233, 234, 235,
                                      236, 237, 238, 239, 240, 241, 242, 243, 254, 255 };
  unsigned seen[MW_N_LOGS][256] = { { 0 } }, n = 0;
  for (unsigned e = 0; e < MW_N_EVENTS; e++) {
    const mw_event_info *info = mw_event_info_of (e);
    CHECK_EQ (++seen[info->log][info->code], 1);
    CHECK (mw_event_by_code (info->log, info->code) == info);
    n += info->log == MW_LOG_STANDARD;
  }
  CHECK_EQ (n, sizeof standard);
  for (unsigned i = 0; i < sizeof standard; i++)
    CHECK (seen[MW_LOG_STANDARD][standard[i]]);
  for (unsigned l = 0; l < MW_N_LOGS; l++)
    CHECK_EQ (mw_log_capacity (l), capacities[l]);
  CHECK (mw_event_info_of (MW_N_EVENTS) == NULL);
}

static void
test_fifo (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  mw_log_entry e = { 0 };
  for (unsigned i = 0; i < 1000; i++) {
    mw_meter_second (&r->m);
    mw_event (&r->m, MW_EVENT_TOKEN_ACCEPTED);
    mw_event (&r->m, MW_EVENT_VALVE1_ALARM);
  }
  CHECK_EQ (mw_log_entries (&r->m, MW_LOG_STANDARD), 100);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 100);
  CHECK_EQ (mw_log_first (&r->m, MW_LOG_STANDARD), 901);
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, 901, &e), MW_OK);
  CHECK_EQ (e.time.utc, utc_of ("2026-01-01T00:00:00") + 901);
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, 900, &e), MW_ERR_VALUE);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_CONTROL1), 12);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_CONTROL2), 0);
  CHECK_EQ (mw_log_find (&r->m, MW_LOG_STANDARD, 0, e.time.utc + 10, INT64_MAX), 911);
  rig_free (r);
}

/* The log cleared event is the first entry of the log cleared, and only there. */
static void
test_clearing (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  char text[80];
  mw_event (&r->m, MW_EVENT_KEYS_CHANGED);
  mw_meter_magnet (&r->m, true);
  CHECK_EQ (mw_log_reset (&r->m, MW_LOG_STANDARD), MW_OK);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "255");
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, text, sizeof text), "42");
  CHECK_EQ (mw_log_reset (&r->m, MW_LOG_FRAUD), MW_OK);
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, text, sizeof text), "255");
  CHECK_EQ (mw_meter_number (&r->m, MW_V_EVENT (MW_LOG_FRAUD)), 255);
  mw_event (&r->m, MW_EVENT_KEYS_CHANGED);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "255 48");
  mw_meter_power (&r->m, false);
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_EVENT (MW_LOG_FRAUD)), 0); /* manual 6.5.1 */
  CHECK_EQ (mw_meter_number (&r->m, MW_V_EVENT (MW_LOG_STANDARD)), 2);
  rig_free (r);
}

/* The example of manual 6.5.4, word for word. */
static void
test_fraud_hold_off (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  char text[80];
  mw_meter_magnet (&r->m, true); /* 9:00 event 42 */
  rig_until (r, "2026-01-05T09:01:00");
  mw_meter_magnet (&r->m, false); /* 9:01 event 43 */
  rig_until (r, "2026-01-05T09:14:00");
  mw_meter_magnet (&r->m, true); /* 9:14 blocked */
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, text, sizeof text), "42 43");
  rig_until (r, "2026-01-05T09:17:00");
  mw_meter_magnet (&r->m, false); /* 9:17 event 43 */
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, text, sizeof text), "42 43 43");
  mw_meter_cover (&r->m, MW_COVER_METER, true); /* others are not held off */
  mw_meter_cover (&r->m, MW_COVER_TERMINAL, true);
  mw_meter_cover (&r->m, MW_COVER_TERMINAL, false);
  mw_meter_cover (&r->m, MW_COVER_TERMINAL, true);
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, text, sizeof text), "42 43 43 44 40 41");
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_COVER_OPENING), 3);
  CHECK (mw_meter_number (&r->m, MW_V_ALARM_ON1) & MW_ALARM1_FRAUD);
  rig_free (r);
}

static void
test_authentication (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  char text[80];
  mw_meter_authentication_failed (&r->m);
  mw_meter_authentication_failed (&r->m);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_FRAUD), 0);
  mw_meter_authentication_failed (&r->m); /* the third */
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, text, sizeof text), "46");
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_AUTH_FAILURES), 3);
  rig_free (r);
}

/* Critical parameters (manual 6.5.7): what, old, new; full: refused; cleared when open. */
static void
test_certification (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  static const uint8_t led[6] = { 1, 0, 0, 3, 0, 255 };
  mw_log_entry e = { 0 };
  mw_value v;
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_LED_ACTIVE, 500), MW_OK);
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_CERTIFICATION, 1, &e), MW_OK);
  CHECK_MEM (e.secure_id, 6, led, 6);
  CHECK_EQ (e.secure_old, 1000);
  CHECK_EQ (e.secure_new, 500);
  CHECK_EQ (mw_meter_value (&r->m, MW_V_CERTIFICATION (0), &v), MW_OK);
  CHECK_MEM (v.u.bytes, v.len, led, 6);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_CERTIFICATION (2)), 500);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_LED_ACTIVE, 500), MW_OK); /* no change, no entry */
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_CERTIFICATION), 1);
  for (unsigned i = 0; i < 99; i++)
    CHECK_EQ (mw_setting_set (&r->m, MW_SET_CURRENT_NUMERATOR, 100 + i), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_MEASUREMENT_PERIOD1, 300), MW_ERR_REFUSED);
  CHECK_EQ (mw_setting_get (&r->m, MW_SET_MEASUREMENT_PERIOD1), 900);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_SAG_TIME, 50), MW_OK); /* others go on */
  CHECK_EQ (mw_log_reset (&r->m, MW_LOG_CERTIFICATION), MW_ERR_REFUSED);
  mw_meter_cover (&r->m, MW_COVER_METER, true);
  CHECK_EQ (mw_log_reset (&r->m, MW_LOG_CERTIFICATION), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_MEASUREMENT_PERIOD1, 300), MW_OK);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_CERTIFICATION), 1);
  rig_free (r);
}

/* A filter bit lets an alarm into the register; ON and OFF status take all (manual 6.6). */
static void
test_alarms (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_load l = load_of (230, 0, 0);
  mw_setting_set (&r->m, MW_SET_ALARM_FILTER2, MW_ALARM2_PHASE_SEQUENCE);
  l.reversed = true;
  mw_meter_load (&r->m, &l);
  mw_event (&r->m, MW_EVENT_KEYS_CHANGED);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM2), MW_ALARM2_PHASE_SEQUENCE);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2),
            MW_ALARM2_PHASE_SEQUENCE | MW_ALARM2_KEY_EXCHANGED);
  mw_alarm_clear_on (&r->m, 1, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2), MW_ALARM2_PHASE_SEQUENCE); /* it lasts */
  l.reversed = false;
  mw_meter_load (&r->m, &l);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_OFF2), MW_ALARM2_PHASE_SEQUENCE);
  mw_alarm_clear_on (&r->m, 1, 0);
  mw_alarm_clear_off (&r->m, 1, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2), 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_OFF2), 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM2), MW_ALARM2_PHASE_SEQUENCE);
  mw_alarm_clear (&r->m, 1, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM2), 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_EVENT (MW_LOG_STANDARD)), 11);
  rig_free (r);
}

/* An error stays until it is cleared, and comes back when it is still there; a filter bit of 1
 * masks it (manual 6.7). */
static void
test_errors (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_meter_watchdog (&r->m);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), MW_ERROR_WATCHDOG);
  CHECK (mw_error_shown (&r->m));
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_WATCHDOG), 1);
  mw_error_clear (&r->m, 0, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_EVENT (MW_LOG_STANDARD)), 10);
  mw_error_set (&r->m, MW_ERROR_MBUS (2), true);
  mw_error_clear (&r->m, 0, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), MW_ERROR_MBUS (2));
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR2), 1 << 22);
  mw_setting_set (&r->m, MW_SET_ERROR_SHOWN1, MW_ERROR_MBUS (2));
  CHECK (mw_error_shown (&r->m)); /* register 2 shows it still */
  mw_setting_set (&r->m, MW_SET_ERROR_SHOWN2, 1 << 22);
  CHECK (!mw_error_shown (&r->m));
  mw_setting_set (&r->m, MW_SET_ERROR_FILTER1, MW_ERROR_MBUS (2));
  mw_error_clear (&r->m, 0, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), 0);
  rig_free (r);
}

/* Each setting refuses what is out of range; a change is counted, stamped and logged. */
static void
test_settings (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_value v;
  for (unsigned id = 0; id < MW_N_SETTINGS; id++) {
    const mw_setting_info *info = mw_setting_info_of (id);
    CHECK_EQ (mw_setting_get (&r->m, id), info->preset);
    CHECK (info->least <= info->preset && info->preset <= info->most);
    CHECK_EQ (mw_setting_set (&r->m, id, info->least - 1), MW_ERR_VALUE);
    CHECK_EQ (mw_setting_set (&r->m, id, info->most + 1), MW_ERR_VALUE);
    CHECK_EQ (mw_meter_value (&r->m, (uint16_t) MW_V_SETTING (id), &v), MW_OK);
    CHECK_EQ (v.u.i, info->preset);
  }
  CHECK_EQ (mw_setting_set (&r->m, MW_N_SETTINGS, 0), MW_ERR_UNSUPPORTED);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_CONFIG_CHANGES), 0);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_CALIBRATION, -17), MW_OK);
  CHECK_EQ (mw_setting_get (&r->m, MW_SET_RTC_CALIBRATION), -17);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_CONFIG_CHANGES), 1);
  CHECK_EQ (mw_meter_value (&r->m, MW_V_CONFIG_STAMP, &v), MW_OK);
  CHECK_EQ (v.u.time.utc, r->m.st.clock.utc);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_MEASUREMENT_PERIOD1, 700), MW_ERR_VALUE);
  rig_free (r);
}

/* Every value number that exists can be read, and none that does not. */
static void
test_values (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  unsigned known = 0;
  rig_load (r, 230, 5000, 100);
  mw_meter_run (&r->m, 1000);
  for (unsigned id = 0; id < 0x10000; id++) {
    mw_value_info info;
    mw_value v;
    enum mw_err a = mw_value_info_of (&r->m, (uint16_t) id, &info);
    enum mw_err b = mw_meter_value (&r->m, (uint16_t) id, &v);
    CHECK_EQ (a, b);
    if (a)
      continue;
    known++;
    CHECK_EQ (v.kind, info.kind);
    CHECK (v.kind != MW_VALUE_NONE && v.kind < MW_N_VALUE_KINDS);
    if (v.kind == MW_VALUE_U8 || v.kind == MW_VALUE_ENUM)
      CHECK (v.u.i >= 0 && v.u.i <= 255);
    if (v.kind == MW_VALUE_U16)
      CHECK (v.u.i >= 0 && v.u.i <= 65535);
  }
  /* 100 energies, 7 × 6 demand, 63 maxima with times, … */
  CHECK (known > 100 + 42 + 126 + MW_N_SETTINGS + MW_N_COUNTERS);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_VOLTAGE (1)), 2300);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_CURRENT (3)), 1500);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_FREQUENCY), 5000);
  rig_free (r);
}

CHECK_MAIN (test_table, test_fifo, test_clearing, test_fraud_hold_off, test_authentication,
            test_certification, test_alarms, test_errors, test_settings, test_values)
