/* test-profile.c: load profiles: depth, status bits of Table 42, days of 23 and 25 hours,
 * setting the clock, outages, searching, reset (Mx381 manual 6.3). */
#include "rig.h"

#define LP MW_PROFILE_LOAD1

static mw_record
record (rig *r, enum mw_profile_id p, uint32_t i)
{
  mw_record rec;
  memset (&rec, 0, sizeof rec);
  CHECK_EQ (mw_profile_read (&r->m, p, mw_profile_first (&r->m, p) + i, &rec), MW_OK);
  return rec;
}

/* Record I of the load profile: local time, status and A+ as text. */
static const char *
line (rig *r, enum mw_profile_id p, uint32_t i, char *buf, size_t cap)
{
  mw_record rec = record (r, p, i);
  mw_civil c = mw_clock_civil (&r->m, rec.time);
  char text[MW_CIVIL_TEXT];
  mw_civil_format (&c, text, sizeof text);
  snprintf (buf, cap, "%s %02x %d", text, (unsigned) rec.value[1].u.i, (int) rec.value[2].u.i);
  return buf;
}

static void
line_is (rig *r, uint32_t i, const char *want)
{
  char buf[80];
  CHECK_STR (line (r, LP, i, buf, sizeof buf), want);
}

/* 90 days of 15 minutes with four registers fit, and then the oldest goes. */
static void
test_depth (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  uint32_t depth = mw_profile_entries (&r->m, LP);
  int64_t start = utc_of ("2026-01-01T00:00:00");
  printf ("load profile 1: %u records, %u days; load profile 2: %u records\n", (unsigned) depth,
          (unsigned) depth / 96, (unsigned) mw_profile_entries (&r->m, MW_PROFILE_LOAD2));
  CHECK (depth >= 90 * 96);
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, depth * 900);
  CHECK_EQ (mw_profile_count (&r->m, LP), depth);
  CHECK_EQ (record (r, LP, 0).time.utc, start + 900);
  mw_meter_run (&r->m, 300 * 900);
  CHECK_EQ (mw_profile_count (&r->m, LP), depth);
  CHECK_EQ (record (r, LP, 0).time.utc, start + 301 * 900);
  CHECK_EQ (mw_profile_first (&r->m, LP), 301);
  for (uint32_t i = 0; i < depth; i++) { /* gapless, in rising order, and right */
    mw_record rec = record (r, LP, i);
    CHECK_EQ (rec.number, 301 + i);
    CHECK_EQ (rec.time.utc, start + (301 + i) * 900);
    CHECK_EQ (rec.value[2].u.i, (rec.time.utc - start) * 690 / 3600);
  }
  rig_free (r);
}

static void
test_all_kinds_of_values (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  uint16_t ids[MW_CAPTURES_MAX] = { MW_V_ENERGY (MW_Q_NET, 0),
                                    MW_V_CLOCK,
                                    MW_V_MAXIMUM_TIME (MW_D_AP, 0),
                                    MW_V_MAXIMUM_TIME (MW_D_AP, 5),
                                    MW_V_ACTIVE_TARIFF,
                                    MW_V_DISCONNECT_OUTPUT,
                                    MW_V_PHASE_ANGLE (0),
                                    MW_V_POWER_FACTOR (3),
                                    MW_V_PROFILE_STATUS1 };
  mw_record rec;
  CHECK_EQ (mw_profile_set_objects (&r->m, LP, ids, 9), MW_OK);
  rig_load (r, 231.4, 20000, -1700);
  mw_meter_run (&r->m, 900);
  rec = record (r, LP, 0);
  CHECK_EQ (rec.n, 9);
  CHECK_EQ (rec.value[0].u.i, mw_energy_wh (&r->m, MW_Q_NET, 0));
  CHECK (rec.value[0].u.i < -3000);
  CHECK_EQ (rec.value[1].u.time.utc, utc_of ("2026-01-01T00:15:00"));
  CHECK_EQ (rec.value[2].u.time.status, MW_CLOCK_STATUS_ANY); /* no import, no maximum */
  CHECK_EQ (rec.value[3].u.time.utc, 0);
  CHECK_MEM (rec.value[4].u.bytes, rec.value[4].len, "\0\2", 2);
  CHECK_EQ (rec.value[5].u.i, 1);
  CHECK_EQ (rec.value[6].u.i, -1700);
  CHECK_EQ (rec.value[7].u.i, 985);
  CHECK_EQ (rec.value[8].u.i, MW_PS_DNV); /* the first period after the change */
  ids[3] = 0x04ff;
  CHECK_EQ (mw_profile_set_objects (&r->m, LP, ids, 9), MW_ERR_VALUE);
  CHECK_EQ (mw_profile_set_objects (&r->m, LP, ids, 33), MW_ERR_VALUE);
  for (unsigned i = 0; i < MW_CAPTURES_MAX; i++)
    ids[i] = MW_V_ACTIVE_TARIFF;
  CHECK_EQ (mw_profile_set_objects (&r->m, LP, ids, MW_CAPTURES_MAX), MW_OK);
  mw_meter_run (&r->m, 1800);
  CHECK_EQ (mw_profile_count (&r->m, LP), 2);
  CHECK_EQ (record (r, LP, 1).value[31].len, 2);
  rig_free (r);
}

static void
test_periods (void)
{
  static const uint32_t periods[] = { 300, 600, 900, 1800, 3600, 86400 };
  for (unsigned i = 0; i < 6; i++) {
    rig *r = rig_new (3, "2026-01-01T00:07:13");
    int64_t midnight = utc_of ("2026-01-01T00:00:00");
    CHECK_EQ (mw_profile_set_period (&r->m, LP, periods[i]), MW_OK);
    mw_meter_run (&r->m, 2 * 86400);
    CHECK_EQ (mw_profile_count (&r->m, LP), 2 * 86400 / periods[i]);
    CHECK_EQ ((record (r, LP, 0).time.utc - midnight) % periods[i], 0);
    rig_free (r);
  }
  {
    rig *r = rig_new (3, "2026-01-01T00:07:13");
    CHECK_EQ (mw_profile_set_period (&r->m, LP, 700), MW_ERR_VALUE);
    CHECK_EQ (mw_profile_set_period (&r->m, MW_PROFILE_BILLING1, 900), MW_ERR_VALUE);
    CHECK_EQ (mw_profile_set_period (&r->m, LP, 0), MW_OK);
    mw_meter_run (&r->m, 86400);
    CHECK_EQ (mw_profile_count (&r->m, LP), 0);
    rig_free (r);
  }
}

/* Daily records at local midnight; days of 23 and of 25 hours; the DST bit. */
static void
test_short_and_long_days (void)
{
  rig *r = rig_new (3, "2026-03-28T00:00:00");
  char buf[80];
  rig_load (r, 230, 1000, 0);
  rig_until (r, "2026-03-30T12:00:00+02:00");
  CHECK_STR (line (r, MW_PROFILE_LOAD2, 0, buf, sizeof buf),
             "2026-03-29T00:00:00+01:00 00 16560");
  CHECK_STR (line (r, MW_PROFILE_LOAD2, 1, buf, sizeof buf),
             "2026-03-30T00:00:00+02:00 08 32430"); /* 23 × 690 more */
  CHECK_EQ (mw_profile_count (&r->m, LP), 96 + 92 + 48);
  line_is (r, 96 + 6, "2026-03-29T01:45:00+01:00 00 17767");
  line_is (r, 96 + 7, "2026-03-29T03:00:00+02:00 08 17940");
  rig_until (r, "2026-10-26T00:00:00+01:00");
  CHECK_STR (line (r, MW_PROFILE_LOAD2, 211, buf, sizeof buf),
             "2026-10-26T00:00:00+01:00 00 3510720");
  CHECK_EQ (record (r, MW_PROFILE_LOAD2, 211).value[2].u.i
                - record (r, MW_PROFILE_LOAD2, 210).value[2].u.i,
            25 * 690);
  rig_free (r);
}

/* Forward over ends of periods: the interrupted period is closed at its end, those in between
 * are not there; both ends are marked. */
static void
test_clock_forward (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  rig_load (r, 230, 1000, 0);
  rig_until (r, "2026-02-02T10:20:00");
  mw_clock_set (&r->m, utc_of ("2026-02-02T11:07:00"));
  rig_until (r, "2026-02-02T11:30:00");
  CHECK_EQ (mw_profile_count (&r->m, LP), 4);
  line_is (r, 0, "2026-02-02T10:15:00+01:00 00 172");
  line_is (r, 1, "2026-02-02T10:30:00+01:00 24 230"); /* CAD and DNV */
  line_is (r, 2, "2026-02-02T11:15:00+01:00 24 322");
  line_is (r, 3, "2026-02-02T11:30:00+01:00 00 494");
  rig_free (r);
}

/* Set to an end of the period itself, as adjust_to_quarter does: that period has its record. */
static void
test_clock_onto_boundary (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  rig_load (r, 230, 1000, 0);
  rig_until (r, "2026-02-02T10:08:00");
  CHECK_EQ (mw_clock_adjust_to (&r->m, 900), MW_OK);
  rig_until (r, "2026-02-02T10:30:00");
  CHECK_EQ (mw_profile_count (&r->m, LP), 2);
  line_is (r, 0, "2026-02-02T10:15:00+01:00 24 92");
  line_is (r, 1, "2026-02-02T10:30:00+01:00 24 264");
  rig_free (r);
}

/* Backward: times appear twice, record numbers go on (manual 6.3). */
static void
test_clock_backward (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  uint32_t n;
  rig_load (r, 230, 1000, 0);
  rig_until (r, "2026-02-02T10:50:00");
  mw_clock_set (&r->m, utc_of ("2026-02-02T10:05:00"));
  rig_until (r, "2026-02-02T11:00:00");
  CHECK_EQ (mw_profile_count (&r->m, LP), 7);
  line_is (r, 2, "2026-02-02T10:45:00+01:00 00 517");
  line_is (r, 3, "2026-02-02T10:15:00+01:00 24 690");
  line_is (r, 6, "2026-02-02T11:00:00+01:00 00 1207");
  /* both halves are found by time, in the order of their numbers */
  n = mw_profile_find (&r->m, LP, 1, utc_of ("2026-02-02T10:30:00"),
                       utc_of ("2026-02-02T10:45:00"));
  CHECK_EQ (n, 2);
  n = mw_profile_find (&r->m, LP, 4, utc_of ("2026-02-02T10:30:00"),
                       utc_of ("2026-02-02T10:45:00"));
  CHECK_EQ (n, 5);
  rig_free (r);
}

/* Within the period a change marks it; a synchronisation leaves no trace, even over an end. */
static void
test_clock_within (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  rig_load (r, 230, 1000, 0);
  rig_until (r, "2026-02-02T10:05:00");
  mw_clock_set (&r->m, utc_of ("2026-02-02T10:06:00"));
  rig_until (r, "2026-02-02T10:29:55");
  mw_clock_set (&r->m, utc_of ("2026-02-02T10:30:02"));
  rig_until (r, "2026-02-02T10:45:01");
  mw_clock_set (&r->m, utc_of ("2026-02-02T10:44:55"));
  rig_until (r, "2026-02-02T11:00:00");
  CHECK_EQ (mw_profile_count (&r->m, LP), 4);
  line_is (r, 0, "2026-02-02T10:15:00+01:00 24 161");
  line_is (r, 1, "2026-02-02T10:30:00+01:00 00 332");
  line_is (r, 2, "2026-02-02T10:45:00+01:00 00 504");
  line_is (r, 3, "2026-02-02T11:00:00+01:00 00 678");
  rig_free (r);
}

static void
test_outage (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 3600); /* some charge for the clock */
  rig_until (r, "2026-02-02T11:05:00");
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 240); /* within a period */
  mw_meter_power (&r->m, true);
  rig_until (r, "2026-02-02T11:20:00");
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 50 * 60); /* over several: 12:10 */
  mw_meter_power (&r->m, true);
  rig_until (r, "2026-02-02T12:30:00");
  CHECK_EQ (mw_profile_count (&r->m, LP), 8);
  line_is (r, 3, "2026-02-02T11:00:00+01:00 00 690");
  line_is (r, 4, "2026-02-02T11:15:00+01:00 80 816");
  line_is (r, 5, "2026-02-02T11:30:00+01:00 80 874"); /* interrupted: as far as it got */
  line_is (r, 6, "2026-02-02T12:15:00+01:00 80 931");
  line_is (r, 7, "2026-02-02T12:30:00+01:00 00 1104");
  rig_free (r);
}

static void
test_invalid_clock_and_errors (void)
{
  rig *r = rig_new (3, "2026-02-02T10:00:00");
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 60); /* hardly any charge */
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 840 + 900 - 60);
  mw_meter_power (&r->m, true);
  rig_until (r, "2026-02-02T10:45:00");
  line_is (r, 0, "2026-02-02T10:15:00+01:00 82 11"); /* PDN, CIV */
  CHECK_EQ (record (r, LP, 0).time.status, MW_CLOCK_INVALID);
  mw_error_set (&r->m, MW_ERROR_MEASUREMENT, true);
  rig_until (r, "2026-02-02T11:00:00");
  CHECK_EQ (record (r, LP, 3).value[1].u.i, MW_PS_CIV | MW_PS_ERR);
  rig_free (r);
}

static void
test_searching (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  int64_t start = utc_of ("2026-01-01T00:00:00");
  mw_meter_run (&r->m, 20 * 86400);
  for (unsigned i = 0; i < 200; i++) {
    int64_t t = start + 450 + (int64_t) i * 8000;
    uint32_t want = (uint32_t) ((t - start + 899) / 900);
    CHECK_EQ (mw_profile_find (&r->m, LP, 0, t, t + 899), want ? want : 1);
  }
  CHECK_EQ (mw_profile_find (&r->m, LP, 0, start + 901, start + 1799), 0); /* between two */
  CHECK_EQ (mw_profile_find (&r->m, LP, 0, start + 21 * 86400, INT64_MAX), 0);
  CHECK_EQ (mw_profile_find (&r->m, LP, 500, 0, INT64_MAX), 500);
  CHECK_EQ (mw_profile_find (&r->m, LP, 5000, 0, INT64_MAX), 0);
  rig_free (r);
}

static void
test_reset_and_new_objects (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  uint16_t ids[] = { MW_V_CLOCK, MW_V_ENERGY (MW_Q_AP, 0) };
  char text[80];
  mw_meter_run (&r->m, 86400);
  CHECK_EQ (mw_profile_reset (&r->m, LP), MW_OK);
  CHECK_EQ (mw_profile_count (&r->m, LP), 0);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "254");
  mw_meter_run (&r->m, 900);
  CHECK_EQ (mw_profile_count (&r->m, LP), 1);
  CHECK_EQ (mw_profile_first (&r->m, LP), 97);              /* numbers go on */
  CHECK_EQ (mw_profile_set_period (&r->m, LP, 900), MW_OK); /* as it is: nothing is lost */
  CHECK_EQ (mw_profile_count (&r->m, LP), 1);
  CHECK_EQ (mw_profile_set_objects (&r->m, LP, ids, 2), MW_OK);
  CHECK_EQ (mw_profile_count (&r->m, LP), 0);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "254 254 47");
  CHECK_EQ (mw_profile_set_objects (&r->m, LP, ids, 2), MW_OK);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 3);
  CHECK (mw_profile_entries (&r->m, LP) > 30000); /* fewer objects, more records */
  mw_meter_run (&r->m, 86400);
  CHECK_EQ (mw_profile_count (&r->m, LP), 96);
  CHECK_EQ (record (r, LP, 95).n, 2);
  CHECK_EQ (mw_profile_capture (&r->m, LP), MW_OK);
  CHECK_EQ (mw_profile_count (&r->m, LP), 97);
  CHECK_EQ (mw_profile_read (&r->m, LP, 1, &(mw_record){ 0 }), MW_ERR_VALUE);
  rig_free (r);
}

CHECK_MAIN (test_depth, test_all_kinds_of_values, test_periods, test_short_and_long_days,
            test_clock_forward, test_clock_onto_boundary, test_clock_backward,
            test_clock_within, test_outage, test_invalid_clock_and_errors, test_searching,
            test_reset_and_new_objects)
