/* test-supervise.c: faults, battery, inputs, silence, pulses, the clock's calibration,
 * integrals of voltage limits, and the meter's reset by its keys (Mx381
 * manual 3.6.1, 3.6.2, 4.4.3.9, 5.2.3, 5.3, 6.7, 6.12.1). */
#include "rig.h"

static const char *
shown (rig *r)
{
  static mw_lcd lcd;
  mw_display_show (&r->m, &lcd);
  return lcd.value;
}

/* A fault is an event, an alarm and an error; the error stays until it is cleared, and comes
 * back when the fault still is there (manual 6.7).  Program memory alone is fatal. */
static void
test_faults (void)
{
  static const uint32_t bits[] = { 1u << 8, 1u << 9, 1u << 10, 1u << 11 };
  static const char *const events[] = { "12 230", "13", "14", "16" };
  char text[40];
  for (unsigned f = 0; f < MW_N_FAULTS; f++) {
    rig *r = rig_new (3, "2026-01-01T00:00:00");
    mw_meter_fault (&r->m, f, true);
    mw_meter_fault (&r->m, f, true);
    CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), events[f]);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), bits[f]);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON1), bits[f]);
    mw_error_clear (&r->m, 0, 0);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), bits[f]);
    mw_meter_fault (&r->m, f, false);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), bits[f]);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_OFF1), bits[f]);
    mw_error_clear (&r->m, 0, 0);
    CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), 0);
    rig_free (r);
  }
}

/* Low and spent are two conditions of one error; a new battery ends both. */
static void
test_battery (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  char text[40];
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_BACKUP_TYPE, 3), MW_OK);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BATTERY_LEFT), 20u * 365u * 86400u);
  CHECK_EQ (mw_counter_set (&r->m, MW_CNT_BATTERY_LEFT, 60), MW_OK);
  mw_meter_battery (&r->m, true);
  mw_meter_run (&r->m, 60);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "47 8 7");
  mw_meter_battery (&r->m, false);
  CHECK_EQ (r->m.st.events.error_present[0], MW_ERROR_REPLACE_BATTERY);
  mw_meter_battery_renewed (&r->m);
  CHECK_EQ (r->m.st.events.error_present[0], 0);
  mw_meter_run (&r->m, 100);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BATTERY_USE), 100);
  rig_free (r);
}

/* Inputs are heeded when they are configured: Table 32, alarm 17 of Table 51. */
static void
test_inputs (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  CHECK_EQ (mw_meter_number (&r->m, MW_V_INPUTS), 0x8000);
  mw_meter_input (&r->m, 1, true);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_INPUTS), 0x8000);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_IO_CONFIGURATION, 0x80), MW_OK);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_INPUTS), 0x8080);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2), MW_ALARM2_EXTERNAL);
  mw_meter_input (&r->m, 1, false);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_OFF2), MW_ALARM2_EXTERNAL);
  mw_meter_input (&r->m, 0, true); /* not configured */
  CHECK_EQ (mw_meter_number (&r->m, MW_V_INPUTS), 0x8000);
  mw_meter_cover (&r->m, MW_COVER_METER, true);
  mw_display_hold (&r->m, MW_KEY_SCROLL, true);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_INPUTS), 0x2000);
  mw_display_hold (&r->m, MW_KEY_RESET, true);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_INPUTS), 0x6000);
  rig_free (r);
}

/* 30 hours after the last word, once; the next word begins the count again. */
static void
test_silence (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  char text[40];
  mw_meter_run (&r->m, 50000);
  mw_meter_contact (&r->m, false);
  mw_meter_run (&r->m, 30 * 3600 - 1);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 0);
  mw_meter_run (&r->m, 100 * 3600);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "238");
  mw_lcd lcd;
  mw_display_show (&r->m, &lcd);
  CHECK (!(lcd.cursors & MW_CURSOR_DRO));
  mw_meter_contact (&r->m, true);
  mw_display_show (&r->m, &lcd); /* data are being read: Table 24 */
  CHECK (lcd.cursors & MW_CURSOR_DRO);
  mw_meter_run (&r->m, MW_BUSY_S);
  mw_display_show (&r->m, &lcd);
  CHECK (!(lcd.cursors & MW_CURSOR_DRO));
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ALARM_ON2), MW_ALARM2_LOCAL_ATTEMPT);
  mw_meter_run (&r->m, 30 * 3600);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "238 238");
  rig_free (r);
}

/* 6,900 W at 60 degrees for an hour: 3.45 kWh, 5.975 kvarh, 6.9 kVAh. */
static void
test_pulses (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  rig_load (r, 230, 10000, 600);
  CHECK (!mw_led_is_steady (&r->m));
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_ACTIVE), 3450);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_REACTIVE), 5975);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_OUTPUT), 0);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_LED_REACTIVE, 0),
            MW_OK); /* so it is apparent energy */
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_LED_ACTIVE, 10000), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_SERVICE_FUNCTION, 1), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_IO_5, 33), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_IO_5, 34), MW_ERR_VALUE); /* not in Table 4 */
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_ACTIVE) - 3450, 34500);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_REACTIVE) - 5975, 6900);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_OUTPUT), 3450);                 /* 500 a kVAh */
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_PULSE_APPARENT, 1000001), MW_OK); /* disabled */
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_OUTPUT), 3450);
  rig_load (r, 230, 10, 0); /* below the starting current: the LEDs glow */
  CHECK (mw_led_is_steady (&r->m));
  rig_free (r);
}

/* 100 millionths: 8.64 s a day; in its test mode the clock's seconds are on the LED. */
static void
test_clock (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_CALIBRATION, 100), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_MODE, 1), MW_OK);
  mw_meter_run (&r->m, 86400 * 25);
  CHECK_EQ (r->m.st.clock.utc, utc_of ("2026-01-26T00:00:00") + 216);
  CHECK_EQ (mw_pulse_count (&r->m, MW_PULSE_ACTIVE), 86400 * 25 + 216);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_CALIBRATION, -100), MW_OK);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 86400 * 3);
  mw_meter_power (&r->m, true);
  mw_meter_run (&r->m, 86400 * 22);
  CHECK_EQ (r->m.st.clock.utc, utc_of ("2026-02-20T00:00:00"));
  rig_free (r);
}

/* Of synchronisations within one measuring period every second one is a change of time (manual
 * 3.5.2.4). */
static void
test_synchronisation (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  char text[40];
  mw_meter_run (&r->m, 1000);
  for (unsigned i = 0; i < 4; i++) {
    mw_clock_set (&r->m, r->m.st.clock.utc + 2);
    mw_meter_run (&r->m, 10);
  }
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "4 5 4 5");
  mw_meter_run (&r->m, 900); /* in the next period the first is none again */
  mw_clock_set (&r->m, r->m.st.clock.utc + 2);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "4 5 4 5");
  rig_free (r);
}

/* The reserve in hours instead of that of its type. */
static void
test_reserve (void)
{
  for (unsigned hours = 0; hours <= 10; hours += 10) {
    rig *r = rig_new (3, "2026-01-01T00:00:00");
    CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_BACKUP_HOURS, hours), MW_OK);
    mw_meter_run (&r->m, 86400 * 2);
    mw_meter_power (&r->m, false);
    mw_meter_run (&r->m, 11 * 3600);
    mw_meter_power (&r->m, true);
    CHECK_EQ (r->m.st.clock.invalid, hours == 10);
    rig_free (r);
  }
}

/* With an integral of 100 s a dip of 30 s to 190 V is a mean of 218 V: no sag; one that lasts
 * is one, when the mean of a whole integral has been low for the time of the threshold. */
static void
test_integrals (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_SAG_TIME, 20), MW_OK);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_SAG_INTEGRAL, 100), MW_OK);
  rig_load (r, 230, 1000, 0);
  for (unsigned i = 0; i < 5; i++) {
    mw_meter_run (&r->m, 70);
    rig_load (r, 190, 1000, 0);
    mw_meter_run (&r->m, 30);
    rig_load (r, 230, 1000, 0);
  }
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_SAG_L1), 0);
  rig_load (r, 190, 1000, 0);
  mw_meter_run (&r->m, 119);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_SAG_L1), 0);
  mw_meter_run (&r->m, 1);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_SAG_L1), 1);
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 180); /* the mean of the second integral is 222 V */
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_SAG_DURATION_L1), 100);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_SAG_MAGNITUDE_L1), 1900);
  rig_free (r);
}

/* Manual 3.6.2.2: primary values with the ratios of both transformers. */
static void
test_ratios (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  mw_setting_set (&r->m, MW_SET_CURRENT_NUMERATOR, 100);
  mw_setting_set (&r->m, MW_SET_CURRENT_DENOMINATOR, 5);
  mw_setting_set (&r->m, MW_SET_VOLTAGE_NUMERATOR, 20);
  rig_load (r, 230, 1000, 0);
  CHECK_EQ (mw_power_w (&r->m, MW_Q_AP), 690);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_TRANSFORMER_TYPE, 1), MW_OK);
  CHECK_EQ (mw_power_w (&r->m, MW_Q_AP), 690 * 20 * 20);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_VOLTAGE (0)), 46000);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_SWELL_L1), 0);
  rig_free (r);
}

static void
hold (rig *r, enum mw_key key, bool down, uint32_t then)
{
  mw_display_hold (&r->m, key, down);
  mw_meter_run (&r->m, then);
}

/* Into reset mode: power-up, and Scroll for three seconds during the test of the display. */
static rig *
in_reset_mode (bool open)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  rig_load (r, 230, 10000, 0);
  mw_meter_run (&r->m, 3600);
  mw_meter_cover (&r->m, MW_COVER_METER, open);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 60);
  mw_meter_power (&r->m, true);
  CHECK_STR (shown (r), "8.8.8.8.8.8.8.8");
  mw_meter_run (&r->m, 1);
  hold (r, MW_KEY_SCROLL, true, 3);
  hold (r, MW_KEY_SCROLL, false, 0);
  CHECK_STR (shown (r), "rESEt");
  return r;
}

/* Manual 4.4.3.9, Figure 57. */
static void
test_reset_by_keys (void)
{
  rig *r = in_reset_mode (true);
  hold (r, MW_KEY_RESET, true, 1);
  hold (r, MW_KEY_SCROLL, true, 3);
  CHECK_STR (shown (r), "rESEt");
  mw_meter_run (&r->m, 1);
  CHECK_STR (shown (r), "rLEASE");
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 6917); /* not yet */
  hold (r, MW_KEY_RESET, false, 0);
  hold (r, MW_KEY_SCROLL, false, 0);
  CHECK_STR (shown (r), "rSuCCES");
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 0);
  CHECK_EQ (mw_profile_count (&r->m, MW_PROFILE_LOAD1), 0);
  rig_free (r);
}

static void
test_reset_refused (void)
{
  rig *r = in_reset_mode (false); /* the parameters are locked */
  hold (r, MW_KEY_RESET, true, 1);
  hold (r, MW_KEY_SCROLL, true, 5);
  hold (r, MW_KEY_RESET, false, 0);
  hold (r, MW_KEY_SCROLL, false, 0);
  CHECK_STR (shown (r), "rEJectEd");
  CHECK (mw_energy_wh (&r->m, MW_Q_AP, 0) > 6900);
  mw_meter_run (&r->m, 3);
  CHECK_STR (shown (r), "rESEt");

  mw_meter_cover (&r->m, MW_COVER_METER, true);
  hold (r, MW_KEY_RESET, true, 1); /* released in the wrong order */
  hold (r, MW_KEY_SCROLL, true, 5);
  hold (r, MW_KEY_SCROLL, false, 0);
  hold (r, MW_KEY_RESET, false, 0);
  CHECK (mw_energy_wh (&r->m, MW_Q_AP, 0) > 6900);
  hold (r, MW_KEY_RESET, true, 1); /* too short */
  hold (r, MW_KEY_SCROLL, true, 3);
  hold (r, MW_KEY_RESET, false, 0);
  hold (r, MW_KEY_SCROLL, false, 0);
  CHECK (mw_energy_wh (&r->m, MW_Q_AP, 0) > 6900);
  CHECK_STR (shown (r), "rESEt");
  rig_free (r);
}

/* Later than five seconds after power-up there is no way in but the set menu. */
static void
test_ways_in (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 60);
  mw_meter_power (&r->m, true);
  mw_meter_run (&r->m, 6);
  hold (r, MW_KEY_SCROLL, true, 3);
  hold (r, MW_KEY_SCROLL, false, 0);
  CHECK (strcmp (shown (r), "rESEt") != 0);
  mw_display_key (&r->m, MW_KEY_SCROLL, 6);
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  mw_display_key (&r->m, MW_KEY_RESET, 1);
  CHECK_STR (shown (r), "rESEt"); /* the item of the set menu */
  mw_display_key (&r->m, MW_KEY_SCROLL, 3);
  CHECK_EQ (r->m.display.mode, MW_SHOW_RESET);
  mw_meter_run (&r->m, 120);
  mw_lcd lcd;
  mw_display_show (&r->m, &lcd);
  CHECK_EQ (r->m.display.mode, MW_SHOW_AUTO);
  rig_free (r);
}

CHECK_MAIN (test_faults, test_battery, test_inputs, test_silence, test_pulses, test_clock,
            test_synchronisation, test_reserve, test_integrals, test_ratios, test_reset_by_keys,
            test_reset_refused, test_ways_in)
