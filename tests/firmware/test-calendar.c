/* test-calendar.c: seasons, weeks, days, special days, activation, masks (Mx381 manual 5.4). */
#include "rig.h"

static mw_name
name (const char *text)
{
  mw_name n = { (uint8_t) strlen (text), { 0 } };
  memcpy (n.text, text, n.len);
  return n;
}

static unsigned
tariff_at (rig *r, const char *time)
{
  rig_until (r, time);
  return mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY);
}

/* Winter from 1 November: working days 1 from 07:00, 2 from 21:00; weekends 3 all day.
 * Summer from the last Sunday of March: 4 all day.  Day 9: 5 from 10:00 to 12:00, then 6. */
static mw_calendar
two_seasons (void)
{
  mw_calendar c;
  memset (&c, 0, sizeof c);
  c.name = name ("TWO");
  c.seasons = 2;
  c.season[0].name = name ("WINTER");
  c.season[0].start = pattern ("****-11-01T00:00:00");
  c.season[0].week = name ("W");
  c.season[1].name = name ("SUMMER");
  c.season[1].start = pattern ("****-03-**T00:00:00");
  c.season[1].start.day = MW_DAY_LAST;
  c.season[1].start.weekday = 7;
  c.season[1].week = name ("S");
  c.weeks = 2;
  c.week[0] = (mw_week){ name ("W"), { 1, 1, 1, 1, 1, 2, 2 } };
  c.week[1] = (mw_week){ name ("S"), { 3, 3, 3, 3, 3, 3, 3 } };
  c.days = 4;
  c.day[0] =
      (mw_day){ 1, 2, { { 7, 0, 0, MW_TABLE_TARIFF, 1 }, { 21, 0, 0, MW_TABLE_TARIFF, 2 } } };
  c.day[1] = (mw_day){ 2, 1, { { 0, 0, 0, MW_TABLE_TARIFF, 3 } } };
  c.day[2] = (mw_day){ 3, 1, { { 0, 0, 0, MW_TABLE_TARIFF, 4 } } };
  c.day[3] =
      (mw_day){ 9, 2, { { 10, 0, 0, MW_TABLE_TARIFF, 5 }, { 12, 0, 0, MW_TABLE_TARIFF, 6 } } };
  return c;
}

static rig *
with_two_seasons (const char *time)
{
  rig *r = rig_new (3, time);
  mw_calendar c = two_seasons ();
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  return r;
}

static void
test_default (void)
{
  rig *r = rig_new (3, "2026-02-02T05:00:00");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  CHECK_EQ (tariff_at (r, "2026-02-02T05:59:59"), 2);
  CHECK_EQ (tariff_at (r, "2026-02-02T06:00:00"), 1);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_DEMAND), 1);
  CHECK_EQ (tariff_at (r, "2026-02-02T22:00:00"), 2);
  CHECK_EQ (tariff_at (r, "2026-02-03T00:00:00"), 2);
  rig_free (r);
}

static void
test_weeks_and_seasons (void)
{
  rig *r = with_two_seasons ("2026-02-06T12:00:00"); /* a Friday */
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1);
  CHECK_EQ (tariff_at (r, "2026-02-06T21:00:00"), 2);
  CHECK_EQ (tariff_at (r, "2026-02-07T00:00:00"), 3);
  CHECK_EQ (tariff_at (r, "2026-02-08T23:59:59"), 3);
  CHECK_EQ (tariff_at (r, "2026-02-09T06:59:59"), 3); /* Monday begins with Sunday's tariff */
  CHECK_EQ (tariff_at (r, "2026-02-09T07:00:00"), 1);
  CHECK_EQ (tariff_at (r, "2026-03-28T23:59:59"), 3);
  CHECK_EQ (tariff_at (r, "2026-03-29T00:00:00"), 4);
  CHECK_EQ (tariff_at (r, "2026-10-31T23:59:59"), 4);
  CHECK_EQ (tariff_at (r, "2026-11-01T00:00:00"), 3); /* a Sunday */
  CHECK_EQ (tariff_at (r, "2027-01-01T07:00:00"), 1); /* the season goes over the year */
  rig_free (r);
}

/* Energy goes to the register of the tariff, to the second. */
static void
test_registers_follow (void)
{
  rig *r = with_two_seasons ("2026-02-06T06:00:00");
  rig_load (r, 230, 10000, 0); /* 6900 W */
  rig_until (r, "2026-02-07T00:00:00");
  CHECK_EQ (mw_energy_mws (&r->m, MW_Q_AP, 2), (3600LL + 3 * 3600) * 6900000);
  CHECK_EQ (mw_energy_mws (&r->m, MW_Q_AP, 1), 14LL * 3600 * 6900000);
  CHECK_EQ (mw_energy_mws (&r->m, MW_Q_AP, 3), 0);
  CHECK_EQ (mw_energy_mws (&r->m, MW_Q_AP, 0), 18LL * 3600 * 6900000);
  rig_free (r);
}

/* Special days: fixed, recurring, and of two on one date the first. */
static void
test_special_days (void)
{
  rig *r = with_two_seasons ("2026-12-24T00:00:00");
  mw_special_day day = { 1, pattern ("****-12-25"), 9 };
  day.date.hour = day.date.minute = day.date.second = MW_FIELD_ANY;
  CHECK_EQ (mw_special_day_insert (&r->m, &day), MW_OK);
  day = (mw_special_day){ 2, pattern ("2026-12-25"), 2 };
  CHECK_EQ (mw_special_day_insert (&r->m, &day), MW_OK);
  day = (mw_special_day){ 3, pattern ("2026-12-28"), 9 }; /* a Monday, once */
  CHECK_EQ (mw_special_day_insert (&r->m, &day), MW_OK);
  CHECK_EQ (tariff_at (r, "2026-12-25T09:59:59"), 2);
  CHECK_EQ (tariff_at (r, "2026-12-25T10:00:00"), 5);
  CHECK_EQ (tariff_at (r, "2026-12-25T12:00:00"), 6);
  CHECK_EQ (tariff_at (r, "2026-12-26T00:00:00"), 3);
  CHECK_EQ (tariff_at (r, "2026-12-28T10:00:00"), 5);
  CHECK_EQ (mw_special_day_delete (&r->m, 3), MW_OK);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1); /* looked at anew */
  CHECK_EQ (mw_special_day_delete (&r->m, 3), MW_ERR_VALUE);
  CHECK_EQ (tariff_at (r, "2027-12-25T10:00:00"), 5);
  CHECK_EQ (tariff_at (r, "2027-12-28T10:00:00"), 1);
  for (uint16_t i = 0; i < MW_SPECIAL_DAYS_MAX; i++) {
    day.index = (uint16_t) (i + 1);
    CHECK_EQ (mw_special_day_insert (&r->m, &day), MW_OK);
  }
  day.index = 900;
  CHECK_EQ (mw_special_day_insert (&r->m, &day), MW_ERR_SPACE);
  rig_free (r);
}

static void
test_leap_day (void)
{
  rig *r = with_two_seasons ("2028-02-28T12:00:00"); /* a Monday */
  mw_special_day day = { 1, pattern ("****-02-29"), 9 };
  CHECK_EQ (mw_special_day_insert (&r->m, &day), MW_OK);
  CHECK_EQ (tariff_at (r, "2028-02-29T11:00:00"), 5);
  CHECK_EQ (tariff_at (r, "2028-03-01T08:00:00"), 1);
  CHECK_EQ (tariff_at (r, "2029-03-01T08:00:00"), 1);
  rig_free (r);
}

static void
test_activation_time (void)
{
  rig *r = rig_new (3, "2026-02-02T12:00:00");
  mw_calendar c = two_seasons ();
  mw_civil when = pattern ("2026-02-04T00:00:00");
  char text[80];
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
  CHECK_EQ (mw_calendar_set_activation (&r->m, &when), MW_OK);
  rig_until (r, "2026-02-03T23:59:59");
  CHECK (!mw_name_equal (&mw_calendar_active (&r->m)->name, &c.name));
  mw_meter_second (&r->m);
  CHECK (mw_name_equal (&mw_calendar_active (&r->m)->name, &c.name));
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "19 19 238 9"); /* 238: 30 h of silence */
  CHECK_EQ (tariff_at (r, "2026-02-04T07:00:00"), 1);
  rig_until (r, "2026-02-05T00:00:00");
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_STANDARD), 4); /* once */
  when = pattern ("2026-02-01T00:00:00"); /* in the past: at once (manual 5.4.2.6) */
  CHECK_EQ (mw_calendar_set_activation (&r->m, &when), MW_OK);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "19 19 238 9 19 9");
  rig_free (r);
}

/* A calendar that refers to what is not there never becomes active. */
static void
test_unsound (void)
{
  rig *r = with_two_seasons ("2026-02-02T12:00:00");
  mw_calendar c = two_seasons ();
  c.name = name ("BAD");
  c.week[0].day[3] = 77;
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK); /* it may come piece by piece */
  CHECK_EQ (mw_calendar_activate (&r->m), MW_ERR_VALUE);
  CHECK (mw_calendar_active (&r->m)->name.text[0] == 'T');
  c = two_seasons ();
  c.season[0].week = name ("NONE");
  CHECK_EQ (mw_calendar_check (&c), MW_ERR_VALUE);
  c = two_seasons ();
  c.day[0].action[1].hour = 6; /* not in order */
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_ERR_VALUE);
  c = two_seasons ();
  c.day[1].id = 1; /* twice */
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_ERR_VALUE);
  c.seasons = 13;
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_ERR_VALUE);
  rig_free (r);
}

/* The whole of it: 12 seasons, weeks, days of 16 actions. */
static void
test_full (void)
{
  rig *r = rig_new (3, "2026-01-01T00:00:00");
  mw_calendar c;
  memset (&c, 0, sizeof c);
  c.seasons = c.weeks = c.days = 12;
  for (uint8_t i = 0; i < 12; i++) {
    c.season[i].start = pattern ("****-01-01T00:00:00");
    c.season[i].start.month = (uint8_t) (i + 1);
    c.season[i].week = c.week[i].name = (mw_name){ 1, { i } };
    memset (c.week[i].day, i + 1, 7);
    c.day[i].id = (uint8_t) (i + 1);
    c.day[i].n = 16;
    for (uint8_t a = 0; a < 16; a++)
      c.day[i].action[a] =
          (mw_action){ a, i, 0, MW_TABLE_TARIFF, (uint16_t) (1 + (a + i) % 8) };
  }
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  for (unsigned i = 0; i < 12; i++) {
    int64_t midnight = (int64_t) mw_days_from_date (2026, (int) i + 1, 14) * 86400;
    for (unsigned a = 0; a < 16; a++) {
      int64_t at = mw_clock_utc_of_local (&r->m, midnight + a * 3600 + i * 60);
      mw_meter_run (&r->m, (uint32_t) (at - r->m.st.clock.utc));
      CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1 + (a + i) % 8);
    }
  }
  rig_free (r);
}

/* After an outage only the last action that was missed; a client's switching holds until the
 * next action; without a valid clock the default tariff. */
static void
test_outage_and_clients (void)
{
  rig *r = with_two_seasons ("2026-02-02T00:00:00");
  mw_meter_run (&r->m, 86400);
  CHECK_EQ (tariff_at (r, "2026-02-03T20:00:00"), 1);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 10 * 3600);
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  CHECK_EQ (tariff_at (r, "2026-02-04T08:00:00"), 1);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_TARIFF, 8, false), MW_OK);
  CHECK_EQ (tariff_at (r, "2026-02-04T20:59:59"), 8);
  CHECK_EQ (tariff_at (r, "2026-02-04T21:00:00"), 2);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_TARIFF, 9, false), MW_ERR_VALUE);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, 8 * 86400);
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1); /* the default script */
  mw_meter_run (&r->m, 86400);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1);
  mw_clock_set (&r->m, utc_of ("2026-02-14T12:00:00")); /* a Saturday */
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 3);
  CHECK_EQ (mw_setting_set (&r->m, MW_SET_TARIFF_SOURCE, 1), MW_OK); /* not the calendar */
  mw_meter_run (&r->m, 4 * 86400);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 3);
  rig_free (r);
}

/* A mask of one's own: import in tariff 1, export in tariff 2, reactive nowhere; and a script
 * that switches the load relay too. */
static void
test_masks_and_scripts (void)
{
  rig *r = rig_new (3, "2026-02-02T12:00:00");
  mw_mask mask = { name ("NACHT"), { [MW_Q_AP] = 1, [MW_Q_AM] = 2, [MW_Q_ABS] = 0x81 } };
  mw_script script = { 40,
                       2,
                       { { MW_DO_ENERGY_MASK, name ("NACHT") }, { MW_DO_RELAY_ON, { 0 } } } };
  mw_name none = name ("nobody");
  CHECK_EQ (mw_activation_set_masks (&r->m, MW_ACTIVATE_ENERGY, &mask, 1), MW_OK);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 0); /* the old mask is gone */
  CHECK_EQ (mw_tariff_scripts_set (&r->m, &script, 1), MW_OK);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_TARIFF, 40, false), MW_OK);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1);
  CHECK_EQ (mw_switch_of (&r->m, MW_SWITCH_LOAD)->output, true);
  rig_load (r, 230, 10000, 450);
  mw_meter_run (&r->m, 3600);
  rig_load (r, 230, 10000, 1800);
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 1), 4879); /* 6900 Wh cos 45° */
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 2), 0);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AM, 2), 6900);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_RP, 1), 0);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_ABS, 8), 11779);
  CHECK_EQ (mw_activation_set_active (&r->m, MW_ACTIVATE_ENERGY, &none), MW_OK);
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AM, 2), 6900);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AM, 0), 13800);
  rig_free (r);
}

/* Synchronised with the measuring period (manual 5.4.5): the mask says the new tariff at once,
 * registers and cursor follow at the end of the period. */
static void
test_synchronised (void)
{
  rig *r = rig_new (3, "2026-02-02T12:05:00");
  mw_lcd lcd;
  mw_setting_set (&r->m, MW_SET_TARIFF_SYNCHRONISED, 1);
  rig_load (r, 230, 10000, 0);
  CHECK_EQ (mw_script_execute (&r->m, MW_TABLE_TARIFF, 3, false), MW_OK);
  CHECK_EQ (mw_tariffs_of (&r->m)->activation[MW_ACTIVATE_ENERGY].active.text[1], 3);
  mw_display_show (&r->m, &lcd);
  CHECK_EQ (lcd.cursors, MW_CURSOR_TARIFF (1));
  rig_until (r, "2026-02-02T12:30:00");
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 1), 1150);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 3), 1725);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 1)->w, 6900 * 10 / 15);
  CHECK_EQ (mw_demand_maximum (&r->m, MW_D_AP, 3)->w, 6900);
  rig_free (r);
}

CHECK_MAIN (test_default, test_weeks_and_seasons, test_registers_follow, test_special_days,
            test_leap_day, test_activation_time, test_unsound, test_full,
            test_outage_and_clients, test_masks_and_scripts, test_synchronised)
