/* test-prepayment.c: payment mode 1 from the first credit to the last of the emergency credit,
 * over DLMS and the key (Mx381 manual Table 44, Table 24, 4.4.3.1; Annex 1, 0-0:128.60.x). */
#include <stdio.h>

#include "rig.h"

/* Codes of the standard log and the disconnect log from record NUMBER on: "239 241 64". */
static const char *
events (rig *r, enum mw_log log, uint32_t number, char *buf, size_t cap)
{
  size_t n = 0;
  mw_log_entry e;
  buf[0] = '\0';
  for (uint32_t i = number; mw_log_read (&r->meter, log, i, &e) == MW_OK; i++)
    n += (size_t) snprintf (buf + n, cap - n, n ? " %u" : "%u", e.code);
  return buf;
}

static uint32_t
log_end (rig *r, enum mw_log log)
{
  return mw_log_first (&r->meter, log) + mw_log_count (&r->meter, log);
}

static int64_t
value (rig *r, const char *obis)
{
  CHECK_EQ (rig_get (r, 3, obis, 2), 0);
  return rig_int (r);
}

/* 6.9 kW on three phases; mode 6, so that the meter may connect again by itself; tariff 2 holds
 * at this hour, at 0.25 a kWh; 0.30 a day. */
static rig *
prepaid (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  mw_load load = { .voltage_mv = { 230000, 230000, 230000 },
                   .current_ma = { 10000, 10000, 10000 },
                   .frequency_mhz = 50000 };
  mw_meter_load (&r->meter, &load);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_set (r, 70, "0-0:96.3.10.255", 4, "16 06"), 0);
  CHECK_EQ (mw_tariff_active (&r->meter, MW_ACTIVATE_ENERGY), 2);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.42.255", 2, "06 000061a8"), 0); /* 25,000 × 10^-5 */
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.40.255", 2, "06 00007530"), 0); /* 30,000 × 10^-5 */
  CHECK_EQ (value (r, "0-0:128.60.22.255"), 0);
  CHECK_EQ (rig_act (r, 9, "0-0:10.1.251.255", 1, "12 0001"), 0);
  CHECK_EQ (value (r, "0-0:128.60.22.255"), 25000);
  return r;
}

static void
test_life_of_a_credit (void)
{
  rig *r = prepaid ();
  char text[80];
  mw_lcd lcd;
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 00000064"), 0); /* 1.00 */
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 01"), 0);
  uint32_t from = log_end (r, MW_LOG_STANDARD), doors = log_end (r, MW_LOG_DISCONNECT);
  mw_meter_run (&r->meter, 1200); /* 2.3 kWh: 0.575 */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 43);
  mw_meter_run (&r->meter, 840); /* 34 minutes: 3.91 kWh, 0.9775 */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 3);
  CHECK_STR (events (r, MW_LOG_STANDARD, from, text, sizeof text), "");
  mw_meter_run (&r->meter, 60);
  CHECK (value (r, "0-0:128.60.1.255") <= 0);
  CHECK_STR (events (r, MW_LOG_STANDARD, from, text, sizeof text), "241");
  CHECK_STR (events (r, MW_LOG_DISCONNECT, doors, text, sizeof text), "64");
  CHECK (!mw_switch_of (&r->meter, MW_SWITCH_MAIN)->output);
  mw_meter_run (&r->meter, 600); /* nothing flows, nothing is charged */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 0);

  /* the emergency credit, the initial limit of 5.00 having been replaced by 0.50 */
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.11.255", 2, "06 00000032"), 0);
  mw_display_key (&r->meter, MW_KEY_SCROLL, 3);
  CHECK_EQ (value (r, "0-0:128.60.2.255"), 50);
  CHECK (mw_switch_of (&r->meter, MW_SWITCH_MAIN)->output);
  mw_display_show (&r->meter, &lcd);
  CHECK (lcd.cursors & MW_CURSOR_EC && !(lcd.blinking & MW_CURSOR_EC));
  mw_meter_run (&r->meter, 3600);
  CHECK (value (r, "0-0:128.60.2.255") <= 0);
  CHECK (!mw_switch_of (&r->meter, MW_SWITCH_MAIN)->output);
  CHECK_STR (events (r, MW_LOG_STANDARD, from, text, sizeof text), "241 47 243 242");
  CHECK_STR (events (r, MW_LOG_DISCONNECT, doors, text, sizeof text), "64 69 64");
  mw_display_show (&r->meter, &lcd);
  CHECK (lcd.blinking & MW_CURSOR_EC);
  CHECK_EQ (rig_get (r, 1, "0-0:128.60.3.255", 2), 0);
  CHECK_EQ (rig_int (r), 7);

  /* what was used of it is given back first; then the credit holds */
  int64_t used = 50 - value (r, "0-0:128.60.2.255");
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 00000014"), 0); /* 0.20: not enough */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 0);
  CHECK_EQ (value (r, "0-0:128.60.2.255"), 50 - used + 20);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 000000c8"), 0); /* 2.00 */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 200 - (used - 20));
  CHECK_EQ (value (r, "0-0:128.60.2.255"), 0);
  CHECK_EQ (value (r, "0-0:128.60.4.255"), 320);
  CHECK_EQ (rig_get (r, 1, "0-0:128.60.3.255", 2), 0);
  CHECK_EQ (rig_int (r), 0);
  CHECK (mw_switch_of (&r->meter, MW_SWITCH_MAIN)->output);
  mw_display_show (&r->meter, &lcd);
  CHECK (!(lcd.cursors & MW_CURSOR_EC));
  rig_free (r);
}

/* The auxiliary charge at midnight; what is kept survives an outage; mode 0 charges nothing. */
static void
test_day_and_outage (void)
{
  rig *r = prepaid ();
  mw_load idle = { .voltage_mv = { 230000, 230000, 230000 }, .frequency_mhz = 50000 };
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 000003e8"), 0); /* 10.00 */
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 01"), 0);
  mw_meter_run (&r->meter, 3600); /* 6.9 kWh: 1.725 */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 828);
  mw_meter_load (&r->meter, &idle);
  rig_restart (r, 60);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  mw_meter_load (&r->meter, &idle);
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 828);
  mw_meter_run (&r->meter, 23 * 3600); /* over midnight: 0.30, with the half hundredth before */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 798);
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 00"), 0);
  mw_meter_run (&r->meter, 86400);
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 798);
  rig_free (r);
}

/* The rate scaler, the register that is charged, and what cannot be. */
static void
test_references (void)
{
  rig *r = prepaid ();
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 000003e8"), 0);
  CHECK_EQ (rig_set (r, 1, "0-0:196.60.0.255", 2, "0f fc"), 0); /* 10^-4: ten times as much */
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 01"), 0);
  mw_meter_run (&r->meter, 600); /* 1.15 kWh at 2.50 */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 1000 - 287);
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.31.255", 2, "0203 120003 09060100020800ff 0f02"), 0);
  mw_meter_run (&r->meter, 600); /* nothing is exported */
  CHECK_EQ (value (r, "0-0:128.60.1.255"), 1000 - 287);
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.31.255", 2, "0203 120003 09060100200700ff 0f02"),
            MW_DAR_OTHER_REASON); /* a voltage */
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.32.255", 2, "0203 120003 09060000803c02ff 0f02"),
            MW_DAR_OTHER_REASON); /* credits are booked in 128.60.1 alone */
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.32.255", 2, "0203 120003 09060000803c01ff 0f02"), 0);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 ffffffff"), MW_DAR_OTHER_REASON);
  char text[80];
  CHECK_STR (events (r, MW_LOG_STANDARD, log_end (r, MW_LOG_STANDARD) - 1, text, sizeof text),
             "240");
  rig_free (r);
}

CHECK_MAIN (test_life_of_a_credit, test_day_and_outage, test_references)
