/* test-time.c: dates with unspecified fields, the clock, daylight saving, setting the time and
 * the reserve (Blue Book 4.1.6.1 and class 8; Mx381 manual 5.3, 6.5.3). */
#include "rig.h"

static void
next_is (const char *what, int weekday, int day, const char *after, const char *want)
{
  mw_civil p = pattern (what), got;
  char text[MW_CIVIL_TEXT];
  p.weekday = (uint8_t) weekday;
  if (day)
    p.day = (uint8_t) day;
  got = mw_civil_from_utc (mw_when_next (&p, utc_of (after) + 3600), 0, 0);
  got.deviation = MW_DEVIATION_ANY;
  CHECK (mw_civil_format (&got, text, sizeof text));
  CHECK_STR (text, want);
}

static void
test_dates (void)
{
  /* the last Sunday of March, the second last one, the first Monday from the 8th on */
  next_is ("****-03-**T02:00:00", 7, MW_DAY_LAST, "2026-01-01T00:00:00", "2026-03-29T02:00:00");
  next_is ("****-03-**T02:00:00", 7, MW_DAY_SECOND_LAST, "2026-01-01T00:00:00",
           "2026-03-22T02:00:00");
  next_is ("****-**-08T00:00:00", 1, 8, "2026-08-02T00:00:00", "2026-08-10T00:00:00");
  /* every last day of a month, leap day, every Friday, every hour at :15 */
  next_is ("****-**-**T12:00:00", 255, MW_DAY_LAST, "2028-02-01T00:00:00",
           "2028-02-29T12:00:00");
  next_is ("****-02-29T00:00:00", 255, 0, "2096-03-01T00:00:00", "2104-02-29T00:00:00");
  next_is ("****-**-**T06:00:00", 5, 255, "2026-07-03T06:00:00", "2026-07-10T06:00:00");
  next_is ("****-**-**T**:15:00", 255, 255, "2026-07-03T23:15:00", "2026-07-04T00:15:00");
  /* an exact date that is years away */
  next_is ("2055-12-24T18:30:00", 255, 0, "2026-01-01T00:00:00", "2055-12-24T18:30:00");
}

static void
test_dates_back (void)
{
  mw_civil p = pattern ("****-10-**T03:00:00"), never = mw_civil_any ();
  p.day = MW_DAY_LAST;
  p.weekday = 7;
  CHECK_EQ (mw_when_last (&p, utc_of ("2026-01-01T00:00:00") + 3600),
            utc_of ("2025-10-26T03:00:00") + 3600);
  p = pattern ("2011-05-01T00:00:00");
  CHECK_EQ (mw_when_last (&p, utc_of ("2026-01-01T00:00:00")), utc_of ("2011-05-01") + 3600);
  CHECK_EQ (mw_when_next (&p, utc_of ("2026-01-01T00:00:00")), MW_WHEN_NEVER);
  CHECK_EQ (mw_when_next (&never, 0), MW_WHEN_NEVER);
  CHECK (mw_when_empty (&never) && !mw_when_empty (&p) && !mw_when_repeats (&p));
}

static void
time_is (rig *r, const char *want, uint8_t status)
{
  mw_civil c = mw_clock_civil (&r->m, mw_clock_now (&r->m));
  char text[MW_CIVIL_TEXT];
  mw_civil_format (&c, text, sizeof text);
  CHECK_STR (text, want);
  CHECK_EQ (c.status, status);
}

static void
test_daylight_saving (void)
{
  rig *r = rig_new (3, "2026-03-29T01:59:59");
  char text[80];
  mw_log_entry e = { 0 };
  time_is (r, "2026-03-29T01:59:59+01:00", 0);
  mw_meter_second (&r->m);
  time_is (r, "2026-03-29T03:00:00+02:00", MW_CLOCK_DST);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "3");
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, 1, &e), MW_OK);
  CHECK_EQ (e.time.utc, utc_of ("2026-03-29T03:00:00+02:00")); /* the time after the change */
  CHECK_EQ (e.time.status, MW_CLOCK_DST);
  rig_until (r, "2026-10-25T02:59:59+02:00");
  time_is (r, "2026-10-25T02:59:59+02:00", MW_CLOCK_DST);
  mw_meter_second (&r->m);
  time_is (r, "2026-10-25T02:00:00+01:00", 0);
  rig_free (r);
}

static void
test_daylight_saving_elsewhere (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00Z");
  mw_civil begin = pattern ("****-10-01T02:00:00"), end = pattern ("****-04-01T03:00:00");
  begin.weekday = end.weekday = 7; /* New South Wales: first Sundays */
  CHECK_EQ (mw_clock_set_parameter (&r->m, MW_CLOCK_ZONE, 600), MW_OK);
  CHECK_EQ (mw_clock_set_dst (&r->m, false, &begin), MW_OK);
  CHECK_EQ (mw_clock_set_dst (&r->m, true, &end), MW_OK);
  time_is (r, "2026-01-01T11:00:00+11:00", MW_CLOCK_DST);
  rig_until (r, "2026-04-05T02:59:59+11:00");
  mw_meter_second (&r->m);
  time_is (r, "2026-04-05T02:00:00+10:00", 0);
  rig_until (r, "2026-10-04T01:59:59+10:00");
  mw_meter_second (&r->m);
  time_is (r, "2026-10-04T03:00:00+11:00", MW_CLOCK_DST);
  CHECK_EQ (mw_clock_set_parameter (&r->m, MW_CLOCK_DST_ENABLED, 0), MW_OK);
  time_is (r, "2026-10-04T02:00:00+10:00", 0);
  CHECK_EQ (mw_clock_set_parameter (&r->m, MW_CLOCK_DST_DEVIATION, 121), MW_ERR_VALUE);
  rig_free (r);
}

static void
test_gap_and_overlap (void)
{
  rig *r = rig_new (3, "2026-02-01T00:00:00");
  int64_t gap = utc_of ("2026-03-29T02:30:00Z"), twice = utc_of ("2026-10-25T02:30:00Z");
  CHECK_EQ (mw_clock_utc_of_local (&r->m, gap), utc_of ("2026-03-29T01:30:00Z"));
  CHECK_EQ (mw_clock_utc_of_local (&r->m, twice), utc_of ("2026-10-25T00:30:00Z"));
  CHECK_EQ (mw_clock_local (&r->m, utc_of ("2026-07-01T00:00:00Z")),
            utc_of ("2026-07-01T02:00:00Z"));
  rig_free (r);
}

static void
test_setting_the_time (void)
{
  rig *r = rig_new (3, "2026-05-05T10:05:00");
  mw_log_entry e = { 0 };
  char text[80];
  mw_civil c;
  mw_clock_set (&r->m, r->m.st.clock.utc + 9); /* synchronisation: no trace */
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 0);
  mw_clock_set (&r->m, r->m.st.clock.utc + 1); /* the second in one period counts */
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "4 5");
  mw_meter_run (&r->m, 900);
  mw_clock_set (&r->m, r->m.st.clock.utc - 9); /* a new period */
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 2);
  mw_meter_run (&r->m, 900);
  c = pattern ("2026-06-01T12:00:00");
  CHECK_EQ (mw_clock_set_civil (&r->m, &c), MW_OK); /* local time, DST found by the rules */
  time_is (r, "2026-06-01T12:00:00+02:00", MW_CLOCK_DST);
  /* and over the first of a month, which is a billing (manual 6.4) */
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "4 5 4 5 231");
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, 3, &e), MW_OK);
  CHECK (e.time.utc < utc_of ("2026-05-06T00:00:00")); /* 4 has the old time, 5 the new */
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, 4, &e), MW_OK);
  CHECK_EQ (e.time.utc, utc_of ("2026-06-01T12:00:00+02:00"));
  c.month = MW_FIELD_ANY;
  CHECK_EQ (mw_clock_set_civil (&r->m, &c), MW_ERR_VALUE);
  rig_free (r);
}

static void
test_clock_methods (void)
{
  rig *r = rig_new (3, "2026-05-05T10:08:10");
  int64_t ten = utc_of ("2026-05-05T10:00:00");
  CHECK_EQ (mw_clock_adjust_to (&r->m, 900), MW_OK);
  CHECK_EQ (r->m.st.clock.utc, ten + 900);
  CHECK_EQ (mw_clock_shift (&r->m, -65), MW_OK);
  CHECK_EQ (mw_clock_adjust_to (&r->m, 60), MW_OK);
  CHECK_EQ (r->m.st.clock.utc, ten + 840);
  CHECK_EQ (mw_clock_shift (&r->m, 901), MW_ERR_VALUE);
  CHECK_EQ (mw_clock_adjust_to_preset (&r->m), MW_ERR_REFUSED);
  CHECK_EQ (mw_clock_preset (&r->m, ten, ten, ten + 3600), MW_OK);
  CHECK_EQ (mw_clock_adjust_to_preset (&r->m), MW_OK);
  CHECK_EQ (r->m.st.clock.utc, ten);
  CHECK_EQ (mw_clock_adjust_to_preset (&r->m), MW_ERR_REFUSED); /* once */
  rig_free (r);
}

static void
dark (rig *r, uint32_t seconds)
{
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, seconds);
  mw_meter_power (&r->m, true);
}

/* One capacitor: seven days, when charged for 24 hours (manual 5.3). */
static void
test_reserve (void)
{
  rig *r = rig_new (3, "2026-05-01T00:00:00");
  char text[80];
  mw_meter_run (&r->m, 86400);
  dark (r, 7 * 86400 - 10);
  CHECK (!r->m.st.clock.invalid);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "1 2");
  dark (r, 3600); /* it had no time to charge */
  CHECK (r->m.st.clock.invalid);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "1 2 1 2 6");
  CHECK_EQ (mw_clock_now (&r->m).status, MW_CLOCK_INVALID | MW_CLOCK_DST);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), MW_ERROR_CLOCK_INVALID);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR2), 1 << 25);
  mw_clock_set (&r->m, r->m.st.clock.utc + 5);
  CHECK (!r->m.st.clock.invalid);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), 0);
  rig_free (r);
}

static void
test_battery (void)
{
  rig *r = rig_new (3, "2026-05-01T00:00:00");
  char text[80];
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_RTC_BACKUP_TYPE, 3), MW_OK);
  dark (r, 30 * 86400);
  CHECK (!r->m.st.clock.invalid);
  mw_meter_run (&r->m, 10);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BATTERY_USE), 30 * 86400 + 10);
  CHECK_EQ (mw_counter_set (&r->m, MW_CNT_BATTERY_LEFT, 100), MW_OK);
  mw_meter_run (&r->m, 99);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "47 1 2");
  mw_meter_run (&r->m, 1000);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "47 1 2 7");
  rig_free (r);
}

CHECK_MAIN (test_dates, test_dates_back, test_daylight_saving, test_daylight_saving_elsewhere,
            test_gap_and_overlap, test_setting_the_time, test_clock_methods, test_reserve,
            test_battery)
