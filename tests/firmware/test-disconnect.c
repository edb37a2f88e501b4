/* test-disconnect.c: control modes, relays with delays, limiter, supervision monitors (Mx381
 * manual 5.2, 6.9, 6.10). */
#include "rig.h"

#define MAIN MW_SWITCH_MAIN

static uint8_t
state (rig *r)
{
  return mw_switch_of (&r->m, MAIN)->state;
}

/* Table 56 as letters: which of e (manual reconnect), f (manual disconnect), h (local
 * reconnect) a mode has, and whether remote reconnection is a (direct) or d. */
static void
test_modes (void)
{
  static const char *const rows[] = { "", "efd", "efa", "ed", "ea", "efhd", "ehd" };
  for (unsigned mode = 0; mode <= 6; mode++) {
    rig *r = rig_new (3, "2026-01-05T09:00:00");
    const char *row = rows[mode];
    bool any = mode > 0;
    CHECK_EQ (mw_switch_set_mode (&r->m, MAIN, mode), MW_OK);
    CHECK_EQ (state (r), MW_CONNECTED);
    CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_REMOTE_DISCONNECT) == MW_OK, any); /* b */
    if (!any) {
      CHECK_EQ (state (r), MW_CONNECTED);
      rig_free (r);
      continue;
    }
    CHECK_EQ (state (r), MW_DISCONNECTED);
    CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_MANUAL_RECONNECT), MW_ERR_REFUSED);
    CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_REMOTE_RECONNECT), MW_OK);
    CHECK_EQ (state (r), strchr (row, 'a') ? MW_CONNECTED : MW_READY);
    if (state (r) == MW_READY) {
      CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_REMOTE_DISCONNECT), MW_OK); /* c */
      CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_REMOTE_RECONNECT), MW_OK);
      CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_MANUAL_RECONNECT), MW_OK); /* e */
    }
    CHECK_EQ (state (r), MW_CONNECTED);
    CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_MANUAL_DISCONNECT) == MW_OK,
              strchr (row, 'f') != NULL);
    if (state (r) == MW_READY)
      CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_MANUAL_RECONNECT), MW_OK);
    CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_LOCAL_DISCONNECT), MW_OK); /* g */
    CHECK_EQ (state (r), MW_READY);
    CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_LOCAL_RECONNECT) == MW_OK,
              strchr (row, 'h') != NULL);
    rig_free (r);
  }
}

static void
test_events_and_type (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  char text[80];
  mw_switch_set_mode (&r->m, MAIN, 5);
  mw_switch_do (&r->m, MAIN, MW_REMOTE_DISCONNECT);
  mw_switch_do (&r->m, MAIN, MW_REMOTE_RECONNECT);
  mw_switch_do (&r->m, MAIN, MW_MANUAL_RECONNECT);
  mw_switch_do (&r->m, MAIN, MW_MANUAL_DISCONNECT);
  mw_switch_do (&r->m, MAIN, MW_LOCAL_RECONNECT);
  mw_switch_do (&r->m, MAIN, MW_LOCAL_DISCONNECT);
  CHECK_STR (log_text (r, MW_LOG_DISCONNECT, 0, text, sizeof text), "62 59 61 60 69 64");
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_BREAKER_OPENING), 3);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_OUTPUTS), 0x0012); /* relay off, breaker off */
  mw_switch_set_mode (&r->m, MAIN, 4);
  mw_switch_do (&r->m, MAIN, MW_REMOTE_RECONNECT);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_OUTPUTS), 0x0022);
  mw_setting_set (&r->m, MW_SET_DISCONNECT_TYPE, 0); /* no disconnector */
  CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_REMOTE_DISCONNECT), MW_ERR_REFUSED);
  CHECK_EQ (mw_switch_set_mode (&r->m, MAIN, 7), MW_ERR_VALUE);
  CHECK_EQ (mw_switch_set_mode (&r->m, MW_SWITCH_LOAD, 1), MW_ERR_VALUE);
  rig_free (r);
}

/* An open disconnector lets nothing through. */
static void
test_no_energy_when_open (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  rig_load (r, 230, 10000, 0);
  mw_meter_run (&r->m, 3600);
  mw_switch_do (&r->m, MAIN, MW_REMOTE_DISCONNECT);
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 6900);
  mw_switch_do (&r->m, MAIN, MW_REMOTE_RECONNECT);
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 13800);
  rig_free (r);
}

/* Delay modes of the load relay (manual 5.2.1.1), by when the output closes. */
static void
test_relay_delays (void)
{
  for (unsigned mode = 0; mode <= 6; mode++) {
    rig *r = rig_new (3, "2026-01-05T09:00:00");
    unsigned waited = 0, dark;
    mw_setting_set (&r->m, MW_SET_LOAD_MODE, mode);
    mw_setting_set (&r->m, MW_SET_LOAD_SWITCH_ON_DELAY, 100);
    mw_setting_set (&r->m, MW_SET_LOAD_POWER_ON_DELAY, 200);
    CHECK_EQ (mw_switch_do (&r->m, MW_SWITCH_LOAD, MW_REMOTE_RECONNECT), MW_OK);
    while (!mw_switch_of (&r->m, MW_SWITCH_LOAD)->output && waited < 1000) {
      mw_meter_second (&r->m);
      waited++;
    }
    CHECK (mode == 0 ? waited == 0 : waited <= 100);
    if (mode == 1 || mode == 3 || mode == 4)
      CHECK_EQ (waited, 100);
    mw_meter_power (&r->m, false);
    mw_meter_run (&r->m, 10);
    mw_meter_power (&r->m, true);
    for (dark = 0; !mw_switch_of (&r->m, MW_SWITCH_LOAD)->output && dark < 1000; dark++)
      mw_meter_second (&r->m);
    CHECK (mode < 3 ? dark == 0 : dark <= 200);
    if (mode == 3 || mode == 5)
      CHECK_EQ (dark, 200);
    CHECK_EQ (mw_switch_do (&r->m, MW_SWITCH_LOAD, MW_REMOTE_DISCONNECT), MW_OK);
    CHECK (!mw_switch_of (&r->m, MW_SWITCH_LOAD)->output); /* opening never waits */
    CHECK_EQ (mw_switch_do (&r->m, MW_SWITCH_LOAD, MW_MANUAL_RECONNECT), MW_ERR_REFUSED);
    rig_free (r);
  }
}

static void
test_limiter (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_limiter l = { .monitored = MW_V_POWER (MW_Q_AP),
                   .threshold_normal = 5000,
                   .threshold_emergency = 2000,
                   .min_over_s = 60,
                   .min_under_s = 30,
                   .script_over = 1,
                   .script_under = 2 };
  char text[80];
  mw_switch_set_mode (&r->m, MAIN, 6);
  CHECK_EQ (mw_limiter_set (&r->m, 0, &l), MW_OK);
  rig_load (r, 230, 10000, 0); /* 6900 W */
  mw_meter_run (&r->m, 59);
  CHECK_EQ (state (r), MW_CONNECTED);
  mw_meter_second (&r->m);
  CHECK_EQ (state (r), MW_READY);
  mw_meter_run (&r->m, 29);
  CHECK_EQ (state (r), MW_READY);
  mw_meter_second (&r->m); /* no power for 30 s: under; reconnected locally (h) */
  CHECK_EQ (state (r), MW_CONNECTED);
  CHECK_STR (log_text (r, MW_LOG_DISCONNECT, 0, text, sizeof text), "67 65 64 66 69");
  rig_load (r, 230, 5000, 0); /* 3450 W */
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (state (r), MW_CONNECTED);
  l.emergency_id = 7;
  l.emergency_start = pattern ("2026-01-05T12:00:00");
  l.emergency_duration_s = 3600;
  l.groups = 1;
  l.group[0] = 6; /* another group */
  CHECK_EQ (mw_limiter_set (&r->m, 0, &l), MW_OK);
  rig_until (r, "2026-01-05T12:30:00");
  CHECK (!mw_limiter_state_of (&r->m, 0)->emergency);
  l.group[0] = 7;
  CHECK_EQ (mw_limiter_set (&r->m, 0, &l), MW_OK);
  CHECK_EQ (mw_limiter_threshold_active (&r->m, 0), 2000);
  mw_meter_run (&r->m, 60);
  CHECK_EQ (state (r), MW_READY);
  rig_until (r, "2026-01-05T13:00:00");
  CHECK_EQ (mw_limiter_threshold_active (&r->m, 0), 5000);
  l.monitored = 0x0fff;
  CHECK_EQ (mw_limiter_set (&r->m, 0, &l), MW_ERR_VALUE);
  CHECK_EQ (mw_limiter_set (&r->m, 2, &l), MW_ERR_VALUE);
  rig_free (r);
}

/* Figure 100: over for less than 90 s: exceeded and ok; over for 90 s: disconnected, and no
 * reconnection within the penalty time of 60 s. */
static void
test_monitor (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_monitor mon = { 4000, MW_V_CURRENT (1), 1, 0 }; /* 40 A in 0.01 A */
  char text[80];
  mw_switch_set_mode (&r->m, MAIN, 4);
  mw_setting_set (&r->m, MW_SET_OVER_DURATION, 90);
  mw_setting_set (&r->m, MW_SET_PENALTY_TIME, 60);
  CHECK_EQ (mw_monitor_set (&r->m, 1, &mon), MW_OK);
  rig_load (r, 230, 50000, 0);
  mw_meter_run (&r->m, 80);
  rig_load (r, 230, 10000, 0);
  mw_meter_run (&r->m, 80);
  CHECK_STR (log_text (r, MW_LOG_DISCONNECT, 0, text, sizeof text), "72 73");
  rig_load (r, 230, 50000, 0);
  mw_meter_run (&r->m, 91);
  CHECK_EQ (state (r), MW_READY);
  mw_meter_run (&r->m, 10);
  CHECK_STR (log_text (r, MW_LOG_DISCONNECT, 0, text, sizeof text), "72 73 72 64");
  CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_MANUAL_RECONNECT), MW_ERR_REFUSED);
  mw_meter_run (&r->m, 50);
  CHECK_EQ (mw_switch_do (&r->m, MAIN, MW_MANUAL_RECONNECT), MW_OK);
  rig_free (r);
}

/* IDIS: the sliding average over 90 s crosses 25 A; found to the second. */
static void
test_monitor_of_average (void)
{
  rig *r = rig_new (3, "2026-01-05T09:00:00");
  mw_monitor mon = { 25, MW_V_FUSE_CURRENT (0), 1, 0 };
  mw_log_entry e = { 0 };
  mw_monitor_set (&r->m, 0, &mon);
  rig_load (r, 230, 10000, 0);
  mw_meter_run (&r->m, 200);
  rig_load (r, 230, 40000, 0);
  mw_meter_run (&r->m, 200);
  CHECK_EQ (mw_log_read (&r->m, MW_LOG_DISCONNECT, 1, &e), MW_OK);
  CHECK_EQ (e.code, 70);
  /* 10 A + 30 A × n / 90 ≥ 26 A first at n = 48 */
  CHECK_EQ (e.time.utc, utc_of ("2026-01-05T09:00:00") + 200 + 48);
  CHECK_EQ (state (r), MW_READY);
  rig_free (r);
}

CHECK_MAIN (test_modes, test_events_and_type, test_no_energy_when_open, test_relay_delays,
            test_limiter, test_monitor, test_monitor_of_average)
