/* test-display.c: formats, OBIS names, keys and menus (Mx381 manual 4.4, 6.2). */
#include "rig.h"

static void
number_is (int64_t mantissa, int scaler, unsigned format, const char *want)
{
  char text[24];
  mw_display_number (mantissa, scaler, format, text);
  CHECK_STR (text, want);
}

/* Figures 39 to 43. */
static void
test_formats (void)
{
  number_is (123456, -3, 0x60, "000123");
  number_is (1234567, -3, 0x82, "001234.56");
  number_is (-35790, -3, 0x42, "-35.79");
  number_is (-1435790, -3, 0x42, "-35.79");    /* the two most significant digits are missing */
  number_is (-123456789, 0, 0x80, "-3456789"); /* the minus takes a digit's place */
  number_is (-12345678, 0, 0x80, "-2345678");
  number_is (5, 3, 0x60, "005000");
  number_is (0, -3, 0x83, "00000.000");
  number_is (1234567890123, -3, 0x60, "567890");
}

static void
obis_is (const char *want, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint8_t e)
{
  const uint8_t obis[6] = { a, b, c, d, e, 255 };
  char text[16];
  mw_display_obis (obis, text);
  CHECK_STR (text, want);
}

/* Manual 4.4.1.9 and Table 25. */
static void
test_obis (void)
{
  obis_is ("1.8.0", 1, 0, 1, 8, 0);
  obis_is ("15.8.4", 1, 0, 15, 8, 4);
  obis_is ("C.1.0", 0, 0, 96, 1, 0);
  obis_is ("F.F.0", 0, 0, 97, 97, 0);
  obis_is ("U.8.10", 0, 0, 128, 8, 10);
  obis_is ("P.1.0", 1, 0, 99, 1, 0);
  obis_is ("1.0.0.2.0", 1, 0, 0, 2, 0);
  obis_is ("1.1.0.2.8", 1, 1, 0, 2, 8);
  obis_is ("1.24.2.1", 0, 1, 24, 2, 1);
}

static mw_lcd
show (rig *r)
{
  mw_lcd lcd;
  mw_display_show (&r->m, &lcd);
  return lcd;
}

static void
test_auto_scroll (void)
{
  rig *r = rig_new (3, "2026-02-03T12:34:50");
  mw_lcd lcd = show (r);
  CHECK_STR (lcd.obis, "0.9.1");
  CHECK_STR (lcd.value, "12:34:50");
  rig_load (r, 230, 10000, 300);
  mw_meter_run (&r->m, 10);
  lcd = show (r);
  CHECK_STR (lcd.obis, "0.9.2");
  CHECK_STR (lcd.value, "26.02.03");
  mw_meter_run (&r->m, 3590); /* 360 items of ten seconds on: again the first of eight */
  lcd = show (r);
  CHECK_STR (lcd.obis, "0.9.1");
  CHECK_STR (lcd.value, "13:34:50");
  mw_meter_run (&r->m, 25);
  lcd = show (r);
  CHECK_STR (lcd.obis, "1.8.0");
  CHECK_STR (lcd.value, "000006");
  CHECK_STR (lcd.unit, "kWh");
  CHECK_EQ (lcd.arrows, MW_ARROW_P_PLUS | MW_ARROW_Q_PLUS);
  CHECK_EQ (lcd.cursors, MW_CURSOR_TARIFF (1));
  CHECK_EQ (lcd.phases, 7);
  mw_setting_set (&r->m, MW_SET_ENERGY_FORMAT, 0x83);
  CHECK_STR (show (r).value, "00006.017");
  mw_meter_run (&r->m, 40);
  lcd = show (r);
  CHECK_STR (lcd.obis, "1.6.0");
  CHECK_STR (lcd.value, "05.97");
  CHECK_STR (lcd.unit, "kW");
  mw_script_execute (&r->m, MW_TABLE_TARIFF, 7, false);
  lcd = show (r);
  CHECK_EQ (lcd.cursors, MW_CURSOR_TARIFF (3)); /* the seventh blinks in the third's place */
  CHECK_EQ (lcd.blinking, MW_CURSOR_TARIFF (3));
  mw_meter_watchdog (&r->m);
  CHECK (show (r).cursors & MW_CURSOR_FF);
  mw_meter_power (&r->m, false);
  CHECK_STR (show (r).value, "");
  rig_free (r);
}

static void
test_items (void)
{
  rig *r = rig_new (3, "2026-02-03T12:34:50");
  const mw_list_item items[] = {
    { MW_V_VOLTAGE (0), { 1, 0, 32, 7, 0, 255 } },
    { MW_V_NONE, { 0, 0, 13, 0, 0, 255 } },
    { 0x0fff, { 1, 0, 99, 99, 9, 255 } },
    { MW_V_ERROR1, { 0, 0, 97, 97, 0, 255 } },
    { MW_V_ACTIVE_TARIFF, { 0, 0, 96, 14, 0, 255 } },
    { MW_V_POWER_FACTOR (3), { 1, 0, 13, 7, 0, 255 } },
    { MW_V_MAXIMUM_TIME (MW_D_AP, 0), { 1, 0, 1, 6, 0, 255 } },
  };
  static const char *const want[] = { "231.4", "Error 11", "Error 23", "00001000",
                                      "  ",    "0.866",    "--------" };
  CHECK_EQ (mw_list_set (&r->m, MW_LIST_ALTERNATE, items, 7), MW_OK);
  CHECK_EQ (mw_list_set (&r->m, MW_LIST_ALTERNATE, items, 33), MW_ERR_VALUE);
  mw_meter_watchdog (&r->m);
  rig_load (r, 231.4, 10000, 300);
  mw_setting_set (&r->m, MW_SET_DISPLAY_CONFIGURATION, 0); /* the reduced menu */
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  CHECK (show (r).all_segments); /* by way of the test (manual 6.2.3) */
  for (unsigned i = 0; i < 7; i++) {
    mw_display_key (&r->m, MW_KEY_SCROLL, 1);
    CHECK_STR (show (r).value, want[i]);
  }
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  CHECK_STR (show (r).value, "End");
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  CHECK_EQ (r->m.display.mode, MW_SHOW_AUTO);
  rig_free (r);
}

static size_t
signature (void *ctx, uint16_t id, char *buf, size_t cap)
{
  (void) ctx;
  (void) id;
  memcpy (buf, "0123456789AbCdEF", 16);
  return cap >= 16 ? 16 : 0;
}

static enum mw_err
signature_info (void *ctx, uint16_t id, mw_value_info *out)
{
  (void) ctx;
  (void) id;
  *out = (mw_value_info){ MW_VALUE_BYTES, 0, MW_UNIT_NONE, MW_FORMAT_PLAIN };
  return MW_OK;
}

/* A long string moves one place each second, and stays until its end is reached. */
static void
test_horizontal_scroll (void)
{
  rig *r = rig_new (3, "2026-02-03T12:34:50");
  const mw_list_item items[] = { { MW_V_USER, { 1, 0, 0, 2, 8, 255 } },
                                 { MW_V_LOCAL_TIME, { 1, 0, 0, 9, 1, 255 } } };
  r->m.user.text = signature;
  r->m.user.info = signature_info;
  CHECK_EQ (mw_list_set (&r->m, MW_LIST_GENERAL, items, 2), MW_OK);
  CHECK_STR (show (r).value, "01234567");
  CHECK_STR (show (r).obis, "1.0.0.2.8");
  mw_meter_run (&r->m, 3);
  CHECK_STR (show (r).value, "3456789A");
  mw_meter_run (&r->m, 14);
  CHECK_STR (show (r).value, "89AbCdEF"); /* 18 seconds in all */
  mw_meter_run (&r->m, 1);
  CHECK_STR (show (r).value, "12:35:08");
  rig_free (r);
}

static void
press (rig *r, enum mw_key key, uint32_t seconds, const char *want)
{
  mw_display_key (&r->m, key, seconds);
  CHECK_STR (show (r).value, want);
}

/* Figures 51 to 56 with the normal menu. */
static void
test_menus (void)
{
  rig *r = rig_new (3, "2026-02-03T12:34:50");
  mw_meter_run (&r->m, 86400);
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  CHECK (show (r).all_segments && show (r).backlight);
  press (r, MW_KEY_SCROLL, 1, "Std dAtA");
  press (r, MW_KEY_SCROLL, 1, "P.01");
  press (r, MW_KEY_SCROLL, 1, "P.02");
  press (r, MW_KEY_SCROLL, 1, "End");
  press (r, MW_KEY_SCROLL, 1, "Std dAtA");
  press (r, MW_KEY_SCROLL, 3, "12:34:50"); /* the manual list */
  press (r, MW_KEY_SCROLL, 1, "26.02.04");
  press (r, MW_KEY_SCROLL, 3, "Std dAtA");
  press (r, MW_KEY_SCROLL, 1, "P.01");
  press (r, MW_KEY_SCROLL, 3, "26.02.04"); /* layer date, time, attribute */
  CHECK_STR (show (r).obis, "P.01");
  press (r, MW_KEY_SCROLL, 1, "26.02.03");
  press (r, MW_KEY_SCROLL, 3, "03.23:45");
  press (r, MW_KEY_SCROLL, 1, "03.23:30");
  press (r, MW_KEY_SCROLL, 3, "23:30:00"); /* the clock is the first capture object */
  press (r, MW_KEY_SCROLL, 1, "0");        /* the status */
  press (r, MW_KEY_SCROLL, 1, "000000");   /* A+ */
  press (r, MW_KEY_SCROLL, 3, "03.23:30");
  mw_display_key (&r->m, MW_KEY_SCROLL, 6); /* escape */
  CHECK_EQ (r->m.display.mode, MW_SHOW_AUTO);
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  press (r, MW_KEY_RESET, 1, "rESEt");
  CHECK (show (r).cursors & MW_CURSOR_SET);
  press (r, MW_KEY_SCROLL, 1, "LCd tESt");
  mw_display_key (&r->m, MW_KEY_SCROLL, 3);
  CHECK (show (r).all_segments);
  mw_display_key (&r->m, MW_KEY_SCROLL, 1);
  CHECK (!show (r).all_segments);
  mw_meter_run (&r->m, 119);
  CHECK (show (r).value[0] == '8');
  mw_meter_run (&r->m, 1); /* two minutes without a key */
  show (r);
  CHECK_EQ (r->m.display.mode, MW_SHOW_AUTO);
  rig_free (r);
}

/* Holding the key works the disconnector (manual 6.9.2). */
static void
test_disconnector_by_key (void)
{
  rig *r = rig_new (3, "2026-02-03T12:34:50");
  mw_switch_set_mode (&r->m, MW_SWITCH_MAIN, 2);
  mw_display_key (&r->m, MW_KEY_SCROLL, 9);
  CHECK_EQ (mw_switch_of (&r->m, MW_SWITCH_MAIN)->state, MW_CONNECTED);
  mw_display_key (&r->m, MW_KEY_SCROLL, 10);
  CHECK_EQ (mw_switch_of (&r->m, MW_SWITCH_MAIN)->state, MW_READY);
  CHECK_STR (show (r).value, "ConnEct");
  CHECK (show (r).cursors & MW_CURSOR_SD);
  mw_display_key (&r->m, MW_KEY_SCROLL, 4);
  CHECK_EQ (mw_switch_of (&r->m, MW_SWITCH_MAIN)->state, MW_READY);
  mw_display_key (&r->m, MW_KEY_SCROLL, 5);
  CHECK_EQ (mw_switch_of (&r->m, MW_SWITCH_MAIN)->state, MW_CONNECTED);
  CHECK (!(show (r).cursors & MW_CURSOR_SD));
  rig_free (r);
}

CHECK_MAIN (test_formats, test_obis, test_auto_scroll, test_items, test_horizontal_scroll,
            test_menus, test_disconnector_by_key)
