/* kmeter-logs.c: the loggers of the Kamstrup meter: contents, depth, ids, outages, clock jumps,
 * wrap-around, and power cut at every write. */
#include "krig.h"

/* 1000 W in one phase: 250 Wh a quarter. */
static void
kilowatt (krig *r, double kw)
{
  mw_load l = { { 200000, 200000, 200000 }, { (uint32_t) (kw * 5000) }, { 0 }, 50000 };
  mw_kmeter_load (&r->k, &l);
}

static void
test_load_profile (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE), 0);
  CHECK_EQ (mw_klog_oldest (&r->k, MW_KLOG_LOAD_PROFILE), 0);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, 0), 0);
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 4 * 900 + 1);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 4);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE), 4);
  for (unsigned i = 1; i <= 4; i++) {
    CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, i, MW_KV_A14), 250000 * i);
    CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, i, MW_KV_A23), 0);
    CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, i, MW_KV_LOGGER_STATUS), 0);
    CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, i, MW_KV_RTC),
              utc_of ("2026-01-14T12:00:00") + 900 * i);
  }
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, utc_of ("2026-01-14T12:30:00")),
            2);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, utc_of ("2026-01-14T12:30:01")),
            3);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 4, 0), 4);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, utc_of ("2026-01-14T13:01:00")),
            0);
  /* A period that begins late, then one of 30 minutes; both are said by the event logger. */
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_INTEGRATION_PERIOD, 7), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_INTEGRATION_PERIOD, 30), MW_OK);
  mw_kmeter_run (&r->k, 3600);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 6);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 5, MW_KV_LOGGER_STATUS),
            MW_KPS_INCOMPLETE | MW_KPS_CONFIGURED);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 6, MW_KV_RTC), utc_of ("2026-01-14T14:00:00"));
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 1, MW_KV_EVENT), MW_KPE_PERIOD);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 1, MW_KV_OLD), 15);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 1, MW_KV_NEW), 30);
  krig_free (r);
}

/* Power fails at 12:20 and comes back at 13:05. */
static void
test_outage (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 1200);
  mw_kmeter_power (&r->k, false);
  mw_kmeter_run (&r->k, 2700);
  mw_kmeter_power (&r->k, true);
  mw_kmeter_run (&r->k, 1500);
  /* 12:15; 12:30 interrupted; none of 12:45 and 13:00; 13:15 begun late; 13:30. */
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 4);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 2, MW_KV_RTC), utc_of ("2026-01-14T12:30:00"));
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 2, MW_KV_LOGGER_STATUS), MW_KPS_OUTAGE);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 2, MW_KV_A14), 333333);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 3, MW_KV_RTC), utc_of ("2026-01-14T13:15:00"));
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 3, MW_KV_LOGGER_STATUS),
            MW_KPS_OUTAGE | MW_KPS_INCOMPLETE);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 4, MW_KV_LOGGER_STATUS), 0);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 4, MW_KV_A14), 333333 + 416667);
  CHECK_EQ (number (r, MW_KV_P14_MAX), 1000); /* not what was not measured */
  CHECK_EQ (number (r, MW_KV_HOURS), 0);      /* 45 minutes with power */
  CHECK (r->k.st.event_status & MW_KSTATUS_OUTAGE);
  krig_free (r);
}

static void
test_clock_jumps (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 898);
  mw_kmeter_set_clock (&r->k, utc_of ("2026-01-14T12:15:01")); /* three seconds: not logged */
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_CLOCK), 0);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 1);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 1, MW_KV_RTC), utc_of ("2026-01-14T12:15:00"));
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 1, MW_KV_LOGGER_STATUS), MW_KPS_ADJUSTED);
  mw_kmeter_set_clock (&r->k, utc_of ("2026-01-15T12:22:00"));
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_CLOCK), 1);
  CHECK_EQ (logged (r, MW_KLOG_CLOCK, 1, MW_KV_OLD_RTC), utc_of ("2026-01-14T12:15:01"));
  CHECK_EQ (logged (r, MW_KLOG_CLOCK, 1, MW_KV_NEW_RTC), utc_of ("2026-01-15T12:22:00"));
  mw_kmeter_run (&r->k, 480);
  /* 12:30 the day before (interrupted), 12:30; one daily stop was missed and made. */
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 3);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING2), 1);
  /* Back into another period: that which runs is dropped, ids go on, times go back. */
  mw_kmeter_set_clock (&r->k, utc_of ("2026-01-14T06:00:00"));
  mw_kmeter_run (&r->k, 900);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE), 4);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 4, MW_KV_RTC), utc_of ("2026-01-14T06:15:00"));
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, utc_of ("2026-01-14T13:00:00")),
            3);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 4, utc_of ("2026-01-14T06:00:00")),
            4);
  CHECK_EQ (number (r, MW_KV_A14), (898 + 480 + 900) * INT64_C (1000000) / 3600);
  krig_free (r);
}

/* Table 11: 275, 231 and 175 days of quarters; twice and four times as long with 30 and 60
 * minutes. */
static void
test_depth_of_table_11 (void)
{
  static const struct {
    unsigned columns;
    uint32_t days;
  } rows[] = { { 1, 275 }, { 2, 231 }, { 4, 175 }, { 4, 180 } };
  for (unsigned i = 0; i < 4; i++) {
    krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
    uint16_t column[6] = { MW_KV_RTC, MW_KV_LOGGER_STATUS, MW_KV_A14 };
    for (unsigned c = 1; c < rows[i].columns; c++)
      column[2 + c] = (uint16_t) (MW_KV_A14 + c);
    CHECK_EQ (mw_klog_configure (&r->k, MW_KLOG_LOAD_PROFILE, column, 2 + rows[i].columns,
                                 rows[i].days * 96),
              MW_OK);
    CHECK_EQ (mw_klog_depth (&r->k, MW_KLOG_LOAD_PROFILE), rows[i].days * 96);
    krig_free (r);
  }
}

/* The whole depth and a day more. */
static void
test_wrap_around (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-01T00:00:00");
  uint32_t n = 176 * 96;
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, n * 900);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 16800);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE), n);
  CHECK_EQ (mw_klog_oldest (&r->k, MW_KLOG_LOAD_PROFILE), n - 16800 + 1);
  for (uint32_t id = n - 16800 + 1; id <= n; id += 97)
    CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, id, MW_KV_A14), (int64_t) id * 250000);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, 0), n - 16800 + 1);
  CHECK_EQ (mw_klog_from_time (&r->k, MW_KLOG_LOAD_PROFILE, 0, utc_of ("2026-03-01T00:00:00")),
            59 * 96);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING2), 175);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_DEBITING2), 176);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING), 5); /* February to June */
  CHECK_EQ (mw_klog_read (&r->k, MW_KLOG_LOAD_PROFILE, 1, &(mw_kentry){ 0 }), MW_ERR_VALUE);
  krig_free (r);
}

/* Every second month on the 31st at 06:00: January, March, May …; then once a year, and 36 are
 * kept. */
static void
test_debiting (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-01T00:00:00");
  kilowatt (r, 2);
  mw_kmeter_set (&r->k, MW_KV_DEBITING2_INTERVAL, 2);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DEBITING_INTERVAL, 5), MW_ERR_VALUE);
  mw_kmeter_set (&r->k, MW_KV_DEBITING_INTERVAL, 2);
  mw_kmeter_set (&r->k, MW_KV_DEBITING_DAY, 31);
  mw_kmeter_set (&r->k, MW_KV_DEBITING_HOUR, 6);
  mw_kmeter_set (&r->k, MW_KV_DEBITING_MONTH, 2);
  krig_until (r, "2026-07-01T00:00:00");
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING), 3); /* February, April, June */
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 1, MW_KV_RTC), utc_of ("2026-02-28T06:00:00"));
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 2, MW_KV_RTC), utc_of ("2026-04-30T06:00:00"));
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 3, MW_KV_RTC), utc_of ("2026-06-30T06:00:00"));
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 1, MW_KV_A14), (58 * 24 + 6) * INT64_C (2000000));
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 1, MW_KV_HOURS), 58 * 24 + 6);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 3, MW_KV_DEBITING_COUNT), 2);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 3, MW_KV_P14_ACC), 4000);
  /* Weekly on Mondays: 2026-01-05 was the first, 2026-06-29 the 26th. */
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING2), 26);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING2, 1, MW_KV_RTC), utc_of ("2026-01-05T00:00:00"));
  CHECK_EQ (logged (r, MW_KLOG_DEBITING2, 26, MW_KV_RTC), utc_of ("2026-06-29T00:00:00"));
  /* Dark over the end of August: one stop, when power is back. */
  mw_kmeter_power (&r->k, false);
  krig_until (r, "2026-11-20T12:00:00");
  mw_kmeter_power (&r->k, true);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING), 4);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING, 4, MW_KV_RTC), utc_of ("2026-11-20T12:00:00"));
  mw_kmeter_set (&r->k, MW_KV_DEBITING_INTERVAL, 0);
  mw_kmeter_run (&r->k, 86400 * 60);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING), 4);
  for (unsigned i = 0; i < 40; i++)
    mw_kmeter_debiting_stop (&r->k);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING), 36);
  CHECK_EQ (mw_klog_newest (&r->k, MW_KLOG_DEBITING), 44);
  CHECK_EQ (number (r, MW_KV_DEBITING_COUNT), 44);
  krig_free (r);
}

static void
test_status_log (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-01T00:00:00");
  mw_meter_magnet (&r->k.m, true);
  mw_meter_magnet (&r->k.m, true);
  mw_meter_magnet (&r->k.m, false);
  mw_meter_cover (&r->k.m, MW_COVER_METER, true);
  CHECK_EQ (number (r, MW_KV_STATUS), MW_KSTATUS_TAMPER);
  CHECK_EQ (number (r, MW_KV_EVENT_STATUS), MW_KSTATUS_TAMPER | MW_KSTATUS_MAGNET);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_STATUS), 2);
  CHECK_EQ (logged (r, MW_KLOG_STATUS, 1, MW_KV_EVENT), MW_KSTATUS_MAGNET);
  CHECK_EQ (logged (r, MW_KLOG_STATUS, 2, MW_KV_EVENT), MW_KSTATUS_TAMPER);
  mw_kmeter_clear_events (&r->k, MW_KSTATUS_MAGNET);
  CHECK_EQ (number (r, MW_KV_EVENT_STATUS), MW_KSTATUS_TAMPER);
  for (unsigned i = 0; i < 250; i++) {
    mw_meter_magnet (&r->k.m, true);
    mw_meter_magnet (&r->k.m, false);
  }
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_STATUS), 200); /* 4.2.4 */
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 7200);
  mw_kmeter_reset (&r->k, true);
  CHECK_EQ (number (r, MW_KV_A14), 2000000);
  CHECK_EQ (logged (r, MW_KLOG_STATUS, 253, MW_KV_EVENT), MW_KSTATUS_RESET);
  mw_kmeter_reset (&r->k, false);
  CHECK_EQ (number (r, MW_KV_A14), 0);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 0);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_STATUS), 1);
  krig_free (r);
}

/* Other columns: the log is empty, ids go on, the other logs are where they were. */
static void
test_configure (void)
{
  static const uint16_t one[] = { MW_KV_RTC, MW_KV_A14 }, wrong[] = { MW_KV_COMPLETE_TYPE };
  krig *r = krig_new (&krig_direct, "2026-01-01T00:00:00");
  uint32_t before;
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 86400);
  before = mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE);
  CHECK_EQ (mw_klog_configure (&r->k, MW_KLOG_LOAD_PROFILE, wrong, 1, 10), MW_ERR_VALUE);
  CHECK_EQ (mw_klog_configure (&r->k, MW_KLOG_LOAD_PROFILE, one, 2, 100000), MW_ERR_SPACE);
  CHECK_EQ (mw_klog_configure (&r->k, MW_KLOG_DEBITING, one, 2, 10), MW_ERR_UNSUPPORTED);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 96);
  CHECK_EQ (mw_klog_configure (&r->k, MW_KLOG_LOAD_PROFILE, one, 2, 0), MW_OK);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 0);
  CHECK (mw_klog_depth (&r->k, MW_KLOG_LOAD_PROFILE) > 40000);
  mw_kmeter_run (&r->k, 1800);
  CHECK (mw_klog_oldest (&r->k, MW_KLOG_LOAD_PROFILE) > before);
  CHECK_EQ (
      logged (r, MW_KLOG_LOAD_PROFILE, mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE), MW_KV_A14),
      24500000);
  CHECK_EQ (logged (r, MW_KLOG_DEBITING2, 1, MW_KV_A14), 24000000);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 1, MW_KV_EVENT), MW_KPE_COLUMNS);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 1, MW_KV_OLD), 6);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 1, MW_KV_NEW), 2);
  mw_kmeter_run (&r->k, 60);
  krig_cut (r, r->k.m.st.clock.utc + 5);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 2);
  mw_klog_clear (&r->k, MW_KLOG_LOAD_PROFILE);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 2, MW_KV_EVENT), MW_KPE_CLEARED);
  CHECK_EQ (logged (r, MW_KLOG_PROFILE_EVENT, 2, MW_KV_OLD), 2);
  krig_free (r);
}

/* The clock's reserve lasts a week: after 40 days in the dark the time is not reliable, until
 * somebody sets it. */
static void
test_clock_without_reserve (void)
{
  krig *r = krig_new (&krig_direct, "2026-01-14T12:00:00");
  uint32_t id;
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 100000);
  mw_kmeter_power (&r->k, false);
  mw_kmeter_run (&r->k, 40 * 86400);
  mw_kmeter_power (&r->k, true);
  CHECK (number (r, MW_KV_CLOCK_STATUS) & MW_CLOCK_INVALID);
  CHECK (number (r, MW_KV_STATUS) & MW_KSTATUS_CLOCK);
  mw_kmeter_run (&r->k, 1800);
  id = mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, id, MW_KV_LOGGER_STATUS), MW_KPS_CLOCK);
  mw_kmeter_set_clock (&r->k, utc_of ("2026-03-01T00:00:10"));
  mw_kmeter_run (&r->k, 1800);
  CHECK (!(number (r, MW_KV_STATUS) & MW_KSTATUS_CLOCK));
  id = mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, id, MW_KV_LOGGER_STATUS), 0);
  CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, id - 1, MW_KV_LOGGER_STATUS),
            MW_KPS_ADJUSTED | MW_KPS_INCOMPLETE);
  krig_free (r);
}

/* Behind transformers: the profile of primary or of secondary values (4.4.2). */
static void
test_profile_of_a_side (void)
{
  for (int primary = 0; primary < 2; primary++) {
    krig *r = krig_make (&krig_ct);
    unsigned id = primary ? MW_KV_A14 : MW_KV_A14_S;
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PROFILE_PRIMARY, primary), MW_OK);
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_RATIO, 40), MW_OK);
    CHECK_EQ (mw_kmeter_start (&r->k, utc_of ("2026-01-14T12:00:00")), MW_OK);
    kilowatt (r, 1);
    mw_kmeter_run (&r->k, 900);
    CHECK_EQ (logged (r, MW_KLOG_LOAD_PROFILE, 1, id), primary ? 10000000 : 250000);
    krig_free (r);
  }
}

/* A day of everything that writes. */
static void
live (krig *r)
{
  static const uint16_t column[] = { MW_KV_RTC, MW_KV_A14, MW_KV_A23 };
  mw_kmeter *k = &r->k;
  kilowatt (r, 1);
  mw_kmeter_run (k, 2 * 3600);
  mw_kmeter_set (k, MW_KV_RATIO, 40);
  mw_meter_magnet (&k->m, true);
  mw_kmeter_run (k, 5 * 3600);
  mw_kmeter_set_clock (k, k->m.st.clock.utc + 100);
  mw_kmeter_debiting_stop (k);
  mw_kmeter_run (k, 2000);
  mw_kmeter_set (k, MW_KV_INTEGRATION_PERIOD, 60);
  mw_klog_configure (k, MW_KLOG_LOAD_PROFILE, column, 3, 1000);
  mw_kmeter_power (k, false);
  mw_kmeter_run (k, 10000);
  mw_kmeter_power (k, true);
  mw_kmeter_run (k, 18000);
}

/* What must hold in any meter, whatever was cut: every entry can be read and fits its own log:
 * times rise but for settings of the clock, energies never fall, and nothing is ahead of the
 * registers. */
static void
check_whole (krig *r)
{
  for (unsigned log = 0; log < MW_N_KLOGS; log++) {
    uint32_t first = mw_klog_oldest (&r->k, (enum mw_klog) log),
             n = mw_klog_count (&r->k, (enum mw_klog) log);
    mw_kentry e;
    for (uint32_t id = first; id < first + n; id++)
      CHECK_EQ (mw_klog_read (&r->k, (enum mw_klog) log, id, &e), MW_OK);
  }
  for (uint32_t id = mw_klog_oldest (&r->k, MW_KLOG_LOAD_PROFILE), last = 0;
       id && id <= mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE); last = id++)
    if (last)
      CHECK (logged (r, MW_KLOG_LOAD_PROFILE, last, MW_KV_A14)
             <= logged (r, MW_KLOG_LOAD_PROFILE, id, MW_KV_A14));
  if (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE))
    CHECK (logged (r, MW_KLOG_LOAD_PROFILE, mw_klog_newest (&r->k, MW_KLOG_LOAD_PROFILE),
                   MW_KV_A14)
           <= number (r, MW_KV_A14));
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_DEBITING), number (r, MW_KV_DEBITING_COUNT));
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_RATIO), number (r, MW_KV_RATIO) == 40);
}

/* Cut at write N, of which PART sixteenths are done, and go on for a day after it. */
static bool
cut_at (uint64_t n, unsigned part)
{
  krig *r = krig_make (&krig_ct);
  int64_t born = utc_of ("2026-01-31T20:00:00");
  bool passed;
  r->nvm.power_cut_after = n;
  r->nvm.cut_part = part;
  if (mw_kmeter_start (&r->k, born) == MW_OK)
    live (r);
  passed = !r->nvm.cut;
  r->nvm.cut = 0;
  r->nvm.power_cut_after = 0;
  krig_cut (r, born + 4 * 86400);
  check_whole (r);
  kilowatt (r, 1);
  mw_kmeter_run (&r->k, 4000);
  check_whole (r);
  krig_free (r);
  return passed;
}

static void
test_power_cut_at_every_write (void)
{
  uint64_t n = 1;
  while (!cut_at (n, (unsigned) (n * 5 % 17)) && n < 20000)
    n++;
  CHECK (n > 300 && n < 20000);
  printf ("the scenario has %u writes\n", (unsigned) n - 1);
}

CHECK_MAIN (test_load_profile, test_outage, test_clock_jumps, test_depth_of_table_11,
            test_wrap_around, test_debiting, test_status_log, test_configure,
            test_clock_without_reserve, test_profile_of_a_side, test_power_cut_at_every_write)
