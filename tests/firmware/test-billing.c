/* test-billing.c: billing profiles, their scripts and schedules (Mx381 manual 6.4). */
#include "rig.h"

#define BILLING MW_PROFILE_BILLING1

static mw_record
record (rig *r, enum mw_profile_id p, uint32_t i)
{
  mw_record rec;
  memset (&rec, 0, sizeof rec);
  CHECK_EQ (mw_profile_read (&r->m, p, mw_profile_first (&r->m, p) + i, &rec), MW_OK);
  return rec;
}

/* 35 entries with 5 objects, 88 with 2, 5 with 32. */
static void
test_capacity (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  uint16_t ids[MW_CAPTURES_MAX] = { MW_V_CLOCK };
  static const struct {
    unsigned objects, entries;
  } rows[] = { { 5, 35 }, { 2, 88 }, { 32, 5 } };
  for (unsigned i = 1; i < MW_CAPTURES_MAX; i++)
    ids[i] = (uint16_t) MW_V_ENERGY (i % 11, i / 11);
  for (unsigned i = 0; i < 3; i++) {
    uint32_t first;
    CHECK_EQ (mw_profile_set_objects (&r->m, BILLING, ids, rows[i].objects), MW_OK);
    CHECK_EQ (mw_profile_entries (&r->m, BILLING), rows[i].entries);
    first = r->m.st.profile[BILLING].head.next;
    for (unsigned k = 0; k < 100; k++)
      CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_BILLING, 1, false), MW_OK);
    CHECK_EQ (mw_profile_count (&r->m, BILLING), rows[i].entries);
    CHECK_EQ (mw_profile_first (&r->m, BILLING), first + 100 - rows[i].entries);
    CHECK_EQ (record (r, BILLING, 0).n, rows[i].objects);
  }
  rig_free (r);
}

/* Script 1 does five things, script 2 one. */
static void
test_scripts (void)
{
  rig *r = rig_new (3, "2026-01-10T08:00:00");
  mw_record rec;
  char text[80];
  rig_load (r, 230, 10000, 300);
  mw_meter_run (&r->m, 1000);
  CHECK (mw_demand_maximum (&r->m, MW_D_AP, 0)->w > 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_MIN), 866);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_BILLING, 2, false), MW_OK);
  CHECK_EQ (mw_profile_count (&r->m, MW_PROFILE_BILLING2), 1);
  CHECK (mw_demand_maximum (&r->m, MW_D_AP, 0)->w > 0);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BILLING), 0);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 0);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_BILLING, 1, false), MW_OK);
  rec = record (r, BILLING, 0);
  CHECK_EQ (rec.time.utc, utc_of ("2026-01-10T08:16:40")); /* at once, not at a period's end */
  CHECK_EQ (rec.value[1].u.i, mw_energy_wh (&r->m, MW_Q_AP, 0));
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 0);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_POWER_FACTOR_MIN), 1000);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BILLING), 1);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "231");
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_BILLING, 3, false), MW_ERR_VALUE);
  rig_free (r);
}

/* At the first of each month, local midnight, before and after daylight saving. */
static void
test_monthly (void)
{
  rig *r = rig_new (3, "2026-01-15T00:00:00");
  static const char *const want[] = { "2026-02-01T00:00:00+01:00", "2026-03-01T00:00:00+01:00",
                                      "2026-04-01T00:00:00+02:00" };
  rig_load (r, 230, 1000, 0);
  rig_until (r, "2026-04-15T00:00:00+02:00");
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 3);
  for (unsigned i = 0; i < 3; i++) {
    CHECK_EQ (record (r, BILLING, i).time.utc, utc_of (want[i]));
    CHECK_EQ (record (r, BILLING, i).value[1].u.i,
              (utc_of (want[i]) - utc_of ("2026-01-15T00:00:00")) * 690 / 3600);
  }
  rig_free (r);
}

/* The month's maximum is in the record of the month, captured before it is reset. */
static void
test_maximum_is_captured (void)
{
  rig *r = rig_new (3, "2026-01-31T23:45:00");
  uint16_t ids[] = { MW_V_CLOCK, MW_V_MAXIMUM (MW_D_AP, 0), MW_V_MAXIMUM_TIME (MW_D_AP, 0) };
  CHECK_EQ (mw_profile_set_objects (&r->m, BILLING, ids, 3), MW_OK);
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 900);
  CHECK_EQ (record (r, BILLING, 0).value[1].u.i, 690);
  CHECK_EQ (record (r, BILLING, 0).value[2].u.time.utc, utc_of ("2026-02-01T00:00:00"));
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 0)->w, 0);
  rig_free (r);
}

/* Up to four times, periodic and exact. */
static void
test_four_times (void)
{
  rig *r = rig_new (3, "2026-02-02T00:00:00");
  mw_civil times[5] = { pattern ("****-**-**T06:00:00"), pattern ("****-**-**T18:30:00"),
                        pattern ("2026-02-03T09:00:00"), pattern ("****-**-**T**:45:00") };
  times[3].hour = 23;
  times[4] = times[0];
  CHECK_EQ (mw_schedule_set (&r->m, MW_SCHEDULE_BILLING2, times, 5), MW_ERR_VALUE);
  CHECK_EQ (mw_schedule_set (&r->m, MW_SCHEDULE_BILLING2, times, 4), MW_OK);
  rig_until (r, "2026-02-05T00:00:00");
  CHECK_EQ (mw_profile_count (&r->m, MW_PROFILE_BILLING2), 3 * 3 + 1);
  CHECK_EQ (record (r, MW_PROFILE_BILLING2, 4).time.utc, utc_of ("2026-02-03T09:00:00"));
  CHECK_EQ (mw_schedule_set (&r->m, MW_SCHEDULE_BILLING2, times, 0), MW_OK); /* disabled */
  CHECK_EQ (mw_schedule_set_script (&r->m, MW_SCHEDULE_BILLING1, MW_TABLE_BILLING, 2), MW_OK);
  rig_until (r, "2026-03-02T00:00:00");
  CHECK_EQ (mw_profile_count (&r->m, MW_PROFILE_BILLING2), 11);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BILLING), 0);
  rig_free (r);
}

/* The clock over n times: one entry, marked with the first time after the old one; the event
 * has the new time. */
static void
test_clock_over_billings (void)
{
  rig *r = rig_new (3, "2026-02-10T00:00:00");
  mw_log_entry e = { 0 };
  mw_clock_set (&r->m, utc_of ("2026-06-20T00:00:00+02:00")); /* over four */
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 1);
  CHECK_EQ (record (r, BILLING, 0).time.utc, utc_of ("2026-03-01T00:00:00"));
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, 3, &e), MW_OK);
  CHECK_EQ (e.code, 231);
  CHECK_EQ (e.time.utc, utc_of ("2026-06-20T00:00:00+02:00"));
  mw_clock_set (&r->m, utc_of ("2026-03-20T00:00:00")); /* back over three: periodic */
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 2);
  CHECK_EQ (record (r, BILLING, 1).time.utc, utc_of ("2026-07-01T00:00:00+02:00"));
  mw_clock_set (&r->m, utc_of ("2026-03-19T00:00:00")); /* over none */
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 2);
  mw_meter_run (&r->m, 14 * 86400);
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 3);
  CHECK_EQ (record (r, BILLING, 2).time.utc, utc_of ("2026-04-01T00:00:00+02:00"));
  rig_free (r);
}

static void
test_exact_times_and_the_clock (void)
{
  rig *r = rig_new (3, "2026-02-10T00:00:00");
  mw_civil times[2] = { pattern ("2026-02-12T00:00:00"), pattern ("2026-02-11T00:00:00") };
  CHECK_EQ (mw_schedule_set (&r->m, MW_SCHEDULE_BILLING1, times, 2), MW_OK);
  mw_clock_set (&r->m, utc_of ("2026-02-13T00:00:00"));
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 1);
  CHECK_EQ (record (r, BILLING, 0).time.utc, utc_of ("2026-02-11T00:00:00"));
  mw_clock_set (&r->m, utc_of ("2026-02-10T12:00:00")); /* back over exact times: nothing */
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 1);
  rig_free (r);
}

/* Missed in the dark: at once when power is back, with that time. */
static void
test_outage_over_billing (void)
{
  rig *r = rig_new (3, "2026-02-20T00:00:00");
  mw_log_entry e = { 0 };
  mw_setting_set (&r->m, MW_SET_RTC_BACKUP_TYPE, 3);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 50 * 86400);
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 0);
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_profile_count (&r->m, BILLING), 1);
  CHECK_EQ (record (r, BILLING, 0).time.utc, utc_of ("2026-02-20T00:00:00") + 50 * 86400);
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_STANDARD, mw_log_count (&r->m, MW_LOG_STANDARD), &e),
            MW_OK);
  CHECK_EQ (e.code, 231);
  CHECK_EQ (e.time.utc, r->m.st.clock.utc);
  rig_free (r);
}

/* The schedule of the disconnector opens it; the hour that comes twice executes once. */
static void
test_other_schedules (void)
{
  rig *r = rig_new (3, "2026-10-24T00:00:00");
  mw_civil at = pattern ("****-**-**T02:30:00");
  CHECK_EQ (mw_schedule_set (&r->m, MW_SCHEDULE_BILLING2, &at, 1), MW_OK);
  CHECK_EQ (mw_schedule_set (&r->m, MW_SCHEDULE_DISCONNECT, &at, 1), MW_OK);
  rig_until (r, "2026-10-26T00:00:00");
  CHECK_EQ (mw_profile_count (&r->m, MW_PROFILE_BILLING2), 2);
  CHECK_EQ (mw_switch_of (&r->m, MW_SWITCH_MAIN)->state, MW_DISCONNECTED);
  rig_free (r);
}

CHECK_MAIN (test_capacity, test_scripts, test_monthly, test_maximum_is_captured,
            test_four_times, test_clock_over_billings, test_exact_times_and_the_clock,
            test_outage_over_billing, test_other_schedules)
