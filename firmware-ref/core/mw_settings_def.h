/* mw_settings_def.h: the parameters that are one number: symbol, kind, default, least, most,
 * flags, scaler, unit.
 *
 * Each is stored as 32 bits, is read and written by mw_setting_get / mw_setting_set and is the
 * value MW_V_SETTING (symbol).  Flags: C a critical measurement parameter (its change is
 * entered in the certification log and refused when that is full, Mx381 manual 6.5.7), Q its
 * change is not worth an event 47.
 */
#ifndef MW_SETTINGS_DEF_H
#define MW_SETTINGS_DEF_H

#define MW_SETTING_CRITICAL 1u
#define MW_SETTING_QUIET 2u

/* clang-format off */
#define MW_SETTINGS(ROW) \
  /* measuring: manual 3.3, 3.6, 196.x */ \
  ROW (METHOD,                U8,  MW_METHOD_TWO_WAY, 0, 2, 0, 0, NONE) \
  ROW (MEASUREMENT_PERIOD1,   U16, 900, 60, 3600, MW_SETTING_CRITICAL, 0, SECOND) \
  ROW (MEASUREMENT_PERIOD3,   U16, 60, 60, 3600, 0, 0, SECOND) \
  ROW (STARTUP_MA,            U16, 20, 0, 1000, 0, -3, A) \
  ROW (TRANSFORMER_TYPE,      U8,  0, 0, 1, 0, 0, NONE) \
  ROW (CURRENT_NUMERATOR,     U32, 1, 1, 100000, MW_SETTING_CRITICAL, 0, NONE) \
  ROW (CURRENT_DENOMINATOR,   U32, 1, 1, 100000, MW_SETTING_CRITICAL, 0, NONE) \
  ROW (VOLTAGE_NUMERATOR,     U32, 1, 1, 100000, 0, 0, NONE) \
  ROW (VOLTAGE_DENOMINATOR,   U32, 1, 1, 100000, 0, 0, NONE) \
  ROW (LED_ACTIVE,            U32, 1000, 0, 1000000, MW_SETTING_CRITICAL, 0, NONE) \
  ROW (LED_REACTIVE,          U32, 1000, 0, 1000000, MW_SETTING_CRITICAL, 0, NONE) \
  ROW (LED_APPARENT,          U32, 1000, 0, 1000000, MW_SETTING_CRITICAL, 0, NONE) \
  ROW (PULSE_ACTIVE,          U32, 500, 0, 4294967295, 0, 0, NONE) \
  ROW (PULSE_REACTIVE,        U32, 500, 0, 4294967295, 0, 0, NONE) \
  ROW (PULSE_APPARENT,        U32, 500, 0, 4294967295, 0, 0, NONE) \
  ROW (NOMINAL_VOLTAGE,       U16, 230, 40, 500, 0, 0, V) \
  /* clock: manual 5.3 */ \
  ROW (TIME_SET_LIMIT,        U8,  9, 0, 255, 0, 0, SECOND) \
  ROW (RTC_MODE,              U8,  0, 0, 1, 0, 0, NONE) \
  ROW (RTC_CALIBRATION,       I16, 0, -1000, 1000, 0, 0, NONE) /* millionths */ \
  ROW (RTC_BACKUP_TYPE,       U8,  1, 1, 3, 0, 0, NONE) \
  ROW (RTC_BACKUP_HOURS,      U16, 0, 0, 65535, 0, 0, HOUR) \
  /* tariffs: manual 5.4.5; source 0 the calendar, 1 another (communication) */ \
  ROW (TARIFF_SOURCE,         U8,  0, 0, 1, 0, 0, NONE) \
  ROW (TARIFF_SYNCHRONISED,   U8,  0, 0, 1, 0, 0, NONE) \
  ROW (DEFAULT_SCRIPT,        U16, 1, 1, 65535, 0, 0, NONE) \
  /* quality: manual 6.12.1; thresholds in 0.1 % of the nominal voltage */ \
  ROW (SAG_THRESHOLD,         U16, 900, 0, 1000, 0, -1, PERCENT) \
  ROW (SAG_TIME,              U16, 60, 1, 65535, 0, 0, SECOND) \
  ROW (SWELL_THRESHOLD,       U16, 1100, 1000, 2000, 0, -1, PERCENT) \
  ROW (SWELL_TIME,            U16, 60, 1, 65535, 0, 0, SECOND) \
  ROW (CUT_THRESHOLD,         U16, 500, 0, 1000, 0, -1, PERCENT) \
  ROW (CUT_TIME,              U16, 30, 1, 65535, 0, 0, SECOND) \
  ROW (SAG_INTEGRAL,          U16, 0, 0, 65535, 0, 0, SECOND) \
  ROW (SWELL_INTEGRAL,        U16, 0, 0, 65535, 0, 0, SECOND) \
  ROW (ASYMMETRY_UPPER,       U16, 1030, 1000, 2000, 0, -1, PERCENT) \
  ROW (ASYMMETRY_LOWER,       U16, 970, 0, 1000, 0, -1, PERCENT) \
  ROW (PEAK_PERIOD,           U16, 600, 1, 3600, 0, 0, SECOND) \
  ROW (LONG_FAILURE,          U32, 180, 1, 4294967295, 0, 0, SECOND) \
  /* outputs: manual 5.2 */ \
  ROW (LOAD_MODE,             U8,  0, 0, 6, 0, 0, NONE) \
  ROW (LOAD_POWER_ON_DELAY,   U16, 60, 0, 65535, 0, 0, SECOND) \
  ROW (LOAD_SWITCH_ON_DELAY,  U16, 60, 0, 65535, 0, 0, SECOND) \
  ROW (SERVICE_MODE,          U8,  0, 0, 6, 0, 0, NONE) \
  ROW (SERVICE_POWER_ON_DELAY,U16, 60, 0, 65535, 0, 0, SECOND) \
  ROW (SERVICE_SWITCH_ON_DELAY, U16, 60, 0, 65535, 0, 0, SECOND) \
  ROW (SERVICE_FUNCTION,      U8,  0, 0, 1, 0, 0, NONE) \
  ROW (IO_CONFIGURATION,      U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (IO_5,                  U32, 0, 0, 4294967295, 0, 0, NONE) \
  /* disconnector and supervision: manual 6.9, 6.10 */ \
  ROW (DISCONNECT_TYPE,       U8,  1, 0, 4, 0, 0, NONE) \
  ROW (PENALTY_TIME,          U16, 0, 0, 65535, 0, 0, SECOND) \
  ROW (OVER_DURATION,         U16, 0, 0, 65535, 0, 0, SECOND) \
  /* events, alarms, errors: manual 6.5-6.7; of the code systems the manual has the tables of
   * IDIS (1) alone, and so has this meter */ \
  ROW (EVENT_SYSTEM,          U8,  1, 1, 1, 0, 0, NONE) \
  ROW (ALARM_SYSTEM,          U8,  1, 1, 1, 0, 0, NONE) \
  ROW (ALARM_FILTER1,         U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (ALARM_FILTER2,         U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (ERROR_FILTER1,         U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (ERROR_FILTER2,         U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (ERROR_SHOWN1,          U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (ERROR_SHOWN2,          U32, 0, 0, 4294967295, 0, 0, NONE) \
  ROW (AUTH_FAILURE_LIMIT,    U8,  3, 1, 255, 0, 0, NONE) \
  /* console: manual 4.4.1.8 and 4.4.3; bit 0 normal menu, 1 P.01, 2 P.02, 3 date dd.mm.yy */ \
  ROW (ENERGY_FORMAT,         U8,  0x60, 0x10, 0x83, 0, 0, NONE) \
  ROW (DEMAND_FORMAT,         U8,  0x42, 0x10, 0x83, 0, 0, NONE) \
  ROW (DISPLAY_CONFIGURATION, U32, 7, 0, 4294967295, 0, 0, NONE)

/* What the meter counts: symbol, scaler, unit.  Each is 32 bits and MW_V_COUNTER (symbol). */
#define MW_COUNTERS(ROW) \
  ROW (BILLING,            0, NONE)   /* billing period counter, manual 6.4.3 */ \
  ROW (FAIL_ALL,           0, NONE)   /* power failures, manual 6.12.1.10 */ \
  ROW (FAIL_L1,            0, NONE) \
  ROW (FAIL_L2,            0, NONE) \
  ROW (FAIL_L3,            0, NONE) \
  ROW (FAIL_ANY,           0, NONE) \
  ROW (FAIL_LONG_ALL,      0, NONE) \
  ROW (FAIL_LONG_L1,       0, NONE) \
  ROW (FAIL_LONG_L2,       0, NONE) \
  ROW (FAIL_LONG_L3,       0, NONE) \
  ROW (FAIL_LONG_ANY,      0, NONE) \
  ROW (FAIL_SHORT_ALL,     0, NONE)   /* reclosing, manual 6.12.2 */ \
  ROW (FAIL_DURATION_ALL,  0, SECOND) /* of the last long failure */ \
  ROW (FAIL_DURATION_L1,   0, SECOND) \
  ROW (FAIL_DURATION_L2,   0, SECOND) \
  ROW (FAIL_DURATION_L3,   0, SECOND) \
  ROW (FAIL_DURATION_ANY,  0, SECOND) \
  ROW (WATCHDOG,           0, NONE) \
  ROW (COVER_OPENING,      0, NONE) \
  ROW (BREAKER_OPENING,    0, NONE) \
  ROW (SAG_ANY,            0, NONE)   /* manual 6.12.1.2 */ \
  ROW (SAG_L1,             0, NONE) \
  ROW (SAG_L2,             0, NONE) \
  ROW (SAG_L3,             0, NONE) \
  ROW (SWELL_ANY,          0, NONE) \
  ROW (SWELL_L1,           0, NONE) \
  ROW (SWELL_L2,           0, NONE) \
  ROW (SWELL_L3,           0, NONE) \
  ROW (SAG_DURATION_ANY,   0, SECOND) \
  ROW (SAG_DURATION_L1,    0, SECOND) \
  ROW (SAG_DURATION_L2,    0, SECOND) \
  ROW (SAG_DURATION_L3,    0, SECOND) \
  ROW (SWELL_DURATION_ANY, 0, SECOND) \
  ROW (SWELL_DURATION_L1,  0, SECOND) \
  ROW (SWELL_DURATION_L2,  0, SECOND) \
  ROW (SWELL_DURATION_L3,  0, SECOND) \
  ROW (SAG_MAGNITUDE_ANY,  -1, V)     /* lowest voltage of the last sag */ \
  ROW (SAG_MAGNITUDE_L1,   -1, V) \
  ROW (SAG_MAGNITUDE_L2,   -1, V) \
  ROW (SAG_MAGNITUDE_L3,   -1, V) \
  ROW (SWELL_MAGNITUDE_ANY, -1, V) \
  ROW (SWELL_MAGNITUDE_L1, -1, V) \
  ROW (SWELL_MAGNITUDE_L2, -1, V) \
  ROW (SWELL_MAGNITUDE_L3, -1, V) \
  ROW (CUT_MAGNITUDE,      -1, V) \
  ROW (CONFIG_CHANGES,     0, NONE)   /* 96.2.0 */ \
  ROW (AUTH_FAILURES,      0, NONE) \
  ROW (DECRYPT_FAILURES,   0, NONE) \
  ROW (IMAGE_TRANSFERS,    0, NONE) \
  ROW (BATTERY_USE,        0, SECOND) \
  ROW (BATTERY_LEFT,       0, SECOND)
/* clang-format on */

#endif
