/* test-methods.c: clients and their rights, passwords, methods, and what writing changes in the
 * meter; what must survive a power failure does. */
#include <stdio.h>

#include "rig.h"

static rig *
managed (enum mw_model_id id)
{
  rig *r = rig_new (id, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  return r;
}

/* --- clients (manual Table 63) --------------------------------------------------------------
 */

static void
test_public (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 16, NULL), 0);
  CHECK_EQ (rig_get (r, 8, "0-0:1.0.0.255", 2), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:42.0.0.255", 2), 0);
  CHECK_MEM (r->answer, r->len, "\x09\x10ISK10307REF00042", 18);
  CHECK_EQ (rig_get (r, 3, "1-0:1.8.0.255", 2), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_set (r, 8, "0-0:1.0.0.255", 3, "10 0000"), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_act (r, 8, "0-0:1.0.0.255", 1, "0f00"), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_get (r, 15, "0-0:40.0.0.255", 2), 0);
  mw_cur c;
  mw_cur_init (&c, r->answer, r->len);
  uint32_t n = mw_axdr_get_array (&c);
  CHECK (n > 5 && n < 30);
  rig_free (r);
}

static void
test_passwords (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_HDLC);
  CHECK_EQ (rig_connect (r, 1, NULL), 255); /* a password is required */
  CHECK_EQ (r->client.acse_diagnostic, MW_DIAG_AUTHENTICATION_REQUIRED);
  CHECK_EQ (rig_connect (r, 1, "87654321"), 255);
  CHECK_EQ (r->client.acse_diagnostic, MW_DIAG_AUTHENTICATION_FAILURE);
  CHECK_EQ (rig_connect (r, 7, "12345678"), 255); /* no such client */
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:196.98.1.255", 2), 0);
  CHECK_EQ (rig_int (r), 1);
  /* changed through the association object; the old one is no use any more */
  CHECK_EQ (rig_set (r, 15, "0-0:40.0.0.255", 7, "0904 61626364"), 0);
  CHECK_EQ (rig_get (r, 15, "0-0:40.0.0.255", 7), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 255);
  CHECK_EQ (rig_connect (r, 1, "abcd"), 0);
  rig_restart (r, 10);
  CHECK_EQ (rig_connect (r, 1, "abcd"), 0);
  rig_free (r);
}

/* After three failures nobody gets in for a minute (manual 6.13.2.2), and event 46 is there. */
static void
test_lockout (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  for (unsigned i = 0; i < 3; i++)
    CHECK_EQ (rig_connect (r, 1, "wrong"), 255);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 255);
  CHECK_EQ (r->client.acse_diagnostic, MW_DIAG_NO_REASON);
  rig_live (r, MW_LOCKOUT_S + 1);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:96.11.1.255", 2), 0);
  CHECK_EQ (rig_int (r), 46);
  rig_free (r);
}

static void
test_restrictions (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 1, "0-0:128.70.1.255", 2, "11 01"), 0); /* public shut out */
  CHECK_EQ (rig_connect (r, 16, NULL), 255);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_set (r, 1, "0-0:128.70.1.255", 2, "11 00"), 0);
  CHECK_EQ (rig_connect (r, 16, NULL), 0);
  rig_free (r);
}

/* The pre-established client reads without AARQ and writes nothing. */
static void
test_preestablished (void)
{
  static const uint8_t get[] = { 0, 1, 0, 102, 0, 1, 0, 13,  0xc0, 1, 0xc1,
                                 0, 3, 1, 0,   1, 8, 0, 255, 2,    0 };
  static const uint8_t set[] = { 0, 1, 0, 102, 0, 1,  0,   15, 0xc1, 1,    0xc1, 0,
                                 3, 1, 0, 0,   9, 11, 255, 2,  0,    0x11, 5 };
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  mw_port_feed (&r->port, get, sizeof get, 1);
  mw_span s = mw_port_tx (&r->port);
  CHECK_EQ (s.len, 8 + 9);
  CHECK (s.len > 11 && s.ptr[8] == 0xc4 && s.ptr[11] == 0 && s.ptr[12] == 6);
  mw_port_tx_ack (&r->port, s.len, 1);
  mw_port_feed (&r->port, set, sizeof set, 2);
  s = mw_port_tx (&r->port);
  CHECK (s.len == 12 && s.ptr[8] == 0xc5 && s.ptr[11] == MW_DAR_READ_WRITE_DENIED);
  rig_free (r);
}

/* --- registers, clock -----------------------------------------------------------------------
 */

static void
test_registers (void)
{
  rig *r = managed (MW_MT381);
  rig_live (r, 86400);
  CHECK_EQ (rig_get (r, 4, "1-0:1.6.0.255", 2), 0);
  CHECK (rig_int (r) > 0);
  CHECK_EQ (rig_act (r, 4, "1-0:1.6.0.255", 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 4, "1-0:1.6.0.255", 2), 0);
  CHECK_EQ (rig_int (r), 0);
  CHECK_EQ (rig_act (r, 3, "1-0:1.8.1.255", 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 3, "1-0:1.8.1.255", 2), 0);
  CHECK_EQ (rig_int (r), 0);
  CHECK_EQ (rig_act (r, 3, "1-0:32.7.0.255", 1, "0f00"), MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.101.255", 1, "12 0001"), 0); /* test mode */
  CHECK_EQ (rig_get (r, 1, "0-0:128.103.0.255", 2), 0);
  CHECK_EQ (rig_int (r), 1);
  CHECK_EQ (rig_set (r, 5, "1-0:1.4.0.255", 9, "12 0003"), 0); /* three periods */
  CHECK_EQ (r->meter.reg.demand.periods[MW_D_AP], 3);
  CHECK_EQ (rig_act (r, 5, "1-0:1.4.0.255", 2, "0f00"), 0); /* next_period */
  rig_free (r);
}

static void
test_clock (void)
{
  rig *r = managed (MW_MT381);
  /* 2026-03-05T12:00:00+01:00 */
  CHECK_EQ (rig_set (r, 8, "0-0:1.0.0.255", 2, "090c 07ea 03 05 ff 0c 00 00 ff ffc4 00"), 0);
  CHECK_EQ (r->meter.st.clock.utc, INT64_C (1772708400));
  CHECK_EQ (rig_act (r, 8, "0-0:1.0.0.255", 6, "10 003c"), 0); /* shift by a minute */
  CHECK_EQ (r->meter.st.clock.utc, INT64_C (1772708460));
  CHECK_EQ (rig_act (r, 8, "0-0:1.0.0.255", 6, "10 0400"), MW_DAR_OTHER_REASON); /* ± 900 s */
  CHECK_EQ (rig_act (r, 8, "0-0:1.0.0.255", 6, "11 01"), MW_DAR_TYPE_UNMATCHED);
  CHECK_EQ (rig_act (r, 8, "0-0:1.0.0.255", 1, "0f00"), 0); /* to the quarter */
  CHECK_EQ (r->meter.st.clock.utc, INT64_C (1772708400));
  CHECK_EQ (rig_set (r, 8, "0-0:1.0.0.255", 3, "10 ff88"), 0); /* UTC+2 */
  CHECK_EQ (r->meter.st.clock.zone_min, 120);
  CHECK_EQ (rig_set (r, 8, "0-0:1.0.0.255", 2, "090c 07ea 0d 05 ff 0c 00 00 ff ffc4 00"),
            MW_DAR_TYPE_UNMATCHED); /* month 13 */
  rig_free (r);
}

/* --- tariffs --------------------------------------------------------------------------------
 */

/* A passive calendar: tariff 3 all day; activated, it counts in 1.8.3. */
static void
test_calendar (void)
{
  static const char *const ln = "0-0:13.0.0.255";
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 20, ln, 6, "0904 54455354"), 0);
  CHECK_EQ (rig_set (r, 20, ln, 7, "0101 0203 0901 31 090c ffff0101ffffffffff8000ff 0901 31"),
            0);
  CHECK_EQ (rig_set (r, 20, ln, 8, "0101 0208 0901 31 1101 1101 1101 1101 1101 1101 1101"), 0);
  CHECK_EQ (
      rig_set (r, 20, ln, 9, "0101 0202 1101 0101 0203 0904 00000000 0906 00000a0064ff 120003"),
      0);
  CHECK_EQ (rig_set (r, 20, ln, 2, "0904 54455354"), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_act (r, 20, ln, 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 20, ln, 2), 0);
  CHECK_MEM (r->answer, r->len, "\x09\x04TEST", 6);
  CHECK_EQ (rig_get (r, 1, "0-0:96.14.0.255", 2), 0);
  CHECK_MEM (r->answer, r->len, "\x09\x02\x00\x03", 4);
  int64_t before = mw_energy_wh (&r->meter, MW_Q_AP, 3);
  rig_live (r, 7200);
  CHECK (mw_energy_wh (&r->meter, MW_Q_AP, 3) > before);
  rig_restart (r, 60);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 20, ln, 5), 0);
  CHECK_MEM (
      r->answer, r->len,
      "\x01\x01\x02\x02\x11\x01\x01\x01\x02\x03\x09\x04\x00\x00\x00\x00\x09\x06\x00\x00\x0a"
      "\x00\x64\xff\x12\x00\x03",
      27);
  rig_free (r);
}

static void
test_special_days (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_act (r, 11, "0-0:11.0.0.255", 1, "0203 120001 0905 ffff0c19ff 1102"), 0);
  CHECK_EQ (rig_act (r, 11, "0-0:11.0.0.255", 1, "0203 120002 0905 07ea0101ff 1102"), 0);
  CHECK_EQ (rig_get (r, 11, "0-0:11.0.0.255", 2), 0);
  CHECK_EQ (r->len, 2 + 2 * 14);
  CHECK_EQ (rig_act (r, 11, "0-0:11.0.0.255", 2, "12 0001"), 0);
  CHECK_EQ (rig_get (r, 11, "0-0:11.0.0.255", 2), 0);
  CHECK_MEM (r->answer, r->len,
             "\x01\x01\x02\x03\x12\x00\x02\x09\x05\x07\xea\x01\x01\xff\x11\x02", 16);
  CHECK_EQ (rig_act (r, 11, "0-0:11.0.0.255", 2, "12 0001"), MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_act (r, 11, "0-0:11.0.0.255", 1, "1102"), MW_DAR_TYPE_UNMATCHED);
  rig_free (r);
}

static void
test_activation (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_get (r, 6, "0-0:14.0.1.255", 2), 0);
  CHECK_EQ (r->len, 2 + 88 * 13); /* manual 5.4.4.1 */
  CHECK_EQ (rig_get (r, 6, "0-0:14.0.2.255", 2), 0);
  CHECK_EQ (r->len, 2 + 56 * 13);
  CHECK_EQ (rig_act (r, 6, "0-0:14.0.1.255", 2, "0202 0902 5858 0102 1101 1109"), 0);
  CHECK_EQ (rig_set (r, 6, "0-0:14.0.1.255", 4, "0902 5858"), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:96.14.0.255", 2), 0);
  CHECK_MEM (r->answer, r->len, "\x09\x02XX", 4);
  CHECK_EQ (rig_act (r, 6, "0-0:14.0.1.255", 3, "0902 5858"), 0);
  CHECK_EQ (rig_act (r, 6, "0-0:14.0.1.255", 3, "0902 5858"), MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_act (r, 6, "0-0:14.0.1.255", 2, "0202 0902 5959 0101 1159"), /* 89: none */
            MW_DAR_OTHER_REASON);
  rig_free (r);
}

/* --- switches, limits -----------------------------------------------------------------------
 */

static void
test_disconnect (void)
{
  static const char *const ln = "0-0:96.3.10.255";
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_act (r, 70, ln, 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 70, ln, 3), 0);
  CHECK_EQ (rig_int (r), MW_DISCONNECTED);
  CHECK_EQ (rig_get (r, 70, ln, 2), 0);
  CHECK_EQ (rig_int (r), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:96.11.2.255", 2), 0);
  CHECK_EQ (rig_int (r), 62);                                     /* manual Table 47 */
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.106.255", 1, "12 0002"), 0); /* the script, mode 4 */
  CHECK_EQ (rig_get (r, 70, ln, 3), 0);
  CHECK_EQ (rig_int (r), MW_CONNECTED);
  CHECK_EQ (rig_set (r, 70, ln, 4, "16 00"), 0);
  CHECK_EQ (rig_act (r, 70, ln, 1, "0f00"), MW_DAR_READ_WRITE_DENIED); /* mode 0: always on */
  CHECK_EQ (rig_act (r, 70, "0-1:96.3.10.255", 2, "0f00"), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:96.3.2.255", 2), 0);
  CHECK (rig_int (r) & 1); /* relay on, manual Table 34 */
  rig_free (r);
}

static void
test_valve (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_act (r, 70, "0-2:24.4.0.255", 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 70, "0-2:24.4.0.255", 3), 0);
  CHECK_EQ (rig_int (r), MW_DISCONNECTED);
  CHECK_EQ (rig_act (r, 9, "0-1:10.0.106.255", 1, "12 0004"), 0); /* channel 2 on, mode 1 */
  CHECK_EQ (rig_get (r, 70, "0-2:24.4.0.255", 3), 0);
  CHECK_EQ (rig_int (r), MW_READY);
  CHECK_EQ (rig_get (r, 1, "0-2:96.11.4.255", 2), 0);
  CHECK_EQ (rig_int (r), 173); /* manual Table 49 */
  CHECK_EQ (rig_act (r, 72, "0-1:24.1.0.255", 1, "1101"), MW_DAR_TEMPORARY_FAILURE);
  rig_free (r);
}

/* A power limit of 1 W for 10 s opens the disconnector. */
static void
test_limiter (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 2, "0203 120003 0906 0100010700ff 0f02"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 6, "06 0000000a"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 4, "06 00000001"), 0);
  CHECK_EQ (rig_get (r, 71, "0-0:17.0.0.255", 3), 0);
  CHECK_EQ (rig_int (r), 1);
  rig_live (r, 30);
  CHECK_EQ (rig_get (r, 70, "0-0:96.3.10.255", 2), 0);
  CHECK_EQ (rig_int (r), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 11,
                     "0202 0202 0906 00000a0001ff 120001 0202 0906 00000a006aff 120000"),
            MW_DAR_OTHER_REASON); /* another table than the disconnector's */
  rig_free (r);
}

/* A threshold is not cut when what is monitored has a smaller type: 306 A in 0.01 A of 32 bits
 * fit into 0.1 V of 16, 100,000 W do not. */
static void
test_threshold_room (void)
{
  static const char *const volts = "0203 120003 0906 0100200700ff 0f02";
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 4, "06 000186a0"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 2, volts), MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_get (r, 71, "0-0:17.0.0.255", 4), 0);
  CHECK_EQ (rig_int (r), 100000);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 4, "06 00007788"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 2, volts), 0);
  CHECK_EQ (rig_get (r, 71, "0-0:17.0.0.255", 4), 0);
  CHECK_MEM (r->answer, r->len, "\x12\x77\x88", 3);
  rig_free (r);
}

/* A schedule takes the scripts that there are (manual 6.4: two of billing, 5.4.1: those of the
 * tariffication table, 5.5.3.15: eight of the M-Bus valves). */
static void
test_schedule_scripts (void)
{
  static const struct {
    const char *table;
    unsigned last;
  } tables[] = { { "00000a0001ff", 2 }, { "00000a006aff", 2 }, { "00000a0064ff", 8 },
                 { "00010a006aff", 8 }, { "00000a006bff", 1 }, { "00000a0000ff", 1 } };
  rig *r = managed (MW_MT381);
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    for (unsigned s = 0; s <= 9; s++) {
      char hex[64];
      snprintf (hex, sizeof hex, "0202 0906 %s 12 %04x", tables[i].table, s);
      CHECK_EQ (rig_set (r, 22, "0-0:15.0.0.255", 2, hex),
                s >= 1 && s <= tables[i].last ? 0 : MW_DAR_OTHER_REASON);
    }
  CHECK_EQ (rig_set (r, 9, "0-0:10.0.100.255", 2, "0101 0202 12 1234 0100"), 0);
  CHECK_EQ (rig_set (r, 22, "0-0:15.0.0.255", 2, "0202 0906 00000a0064ff 12 1234"), 0);
  CHECK_EQ (rig_set (r, 22, "0-0:15.0.0.255", 2, "0202 0906 00000a0064ff 12 0001"),
            MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.101.255", 1, "12 0002"), MW_DAR_OTHER_REASON);
  rig_free (r);
}

/* A firmware with other tables: what is captured and shown is found again by its name. */
static void
test_other_tables (void)
{
  rig *r = managed (MW_MT381);
  mw_meter *m = &r->meter;
  static const char *const objects = "0102 0204 120008 0906 0000010000ff 0f02 120000"
                                     "0204 120001 0906 0100000000ff 0f02 120000";
  uint8_t before[200];
  CHECK_EQ (rig_set (r, 7, "1-0:99.2.0.255", 3, objects), 0);
  CHECK_EQ (rig_set (r, 7, "0-0:21.0.1.255", 3, objects), 0);
  uint16_t column = m->profile[MW_PROFILE_LOAD2].capture[1];
  uint16_t item = m->list[MW_LIST_GENERAL].item[1].value;
  CHECK (column >= MW_V_USER && item >= MW_V_USER);
  rig_live (r, 2 * 3600);
  CHECK_EQ (rig_get (r, 7, "1-0:99.2.0.255", 2), 0);
  size_t len = r->len;
  CHECK (len > 20 && len < sizeof before);
  memcpy (before, r->answer, len);
  /* as if the numbers had been others when it was written */
  m->profile[MW_PROFILE_LOAD2].capture[1] = (uint16_t) (column + 3);
  m->list[MW_LIST_GENERAL].item[1].value = (uint16_t) (item + 3);
  r->model.kept.tables[0] ^= 1;
  mw_store_touch (&m->store, MW_AREA_PROFILES);
  mw_store_touch (&m->store, MW_AREA_LISTS);
  mw_model_touch (&r->model);
  rig_restart (r, 10);
  CHECK_EQ (m->profile[MW_PROFILE_LOAD2].capture[1], column);
  CHECK_EQ (m->list[MW_LIST_GENERAL].item[1].value, item);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 7, "1-0:99.2.0.255", 2), 0);
  CHECK_MEM (r->answer, len, before, len);
  /* a name that this firmware does not have counts as 0 from now on; the records stay */
  m->profile[MW_PROFILE_LOAD2].capture[1] = (uint16_t) (column + 3);
  r->model.kept.name[MW_PROFILE_LOAD2][1] ^= 1;
  r->model.kept.tables[0] ^= 1;
  mw_store_touch (&m->store, MW_AREA_PROFILES);
  mw_model_touch (&r->model);
  rig_restart (r, 10);
  CHECK_EQ (m->profile[MW_PROFILE_LOAD2].capture[1], MW_V_NONE);
  CHECK_EQ (mw_profile_count (m, MW_PROFILE_LOAD2), 2);
  rig_free (r);
}

/* --- alarms, image, prepayment, cells -------------------------------------------------------
 */

static void
test_alarms (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 1, "0-0:97.98.10.255", 2, "06 ffffffff"), 0);
  mw_meter_cover (&r->meter, MW_COVER_TERMINAL, true);
  CHECK_EQ (rig_get (r, 1, "0-0:97.98.0.255", 2), 0);
  CHECK (rig_int (r) & MW_ALARM1_FRAUD);
  CHECK_EQ (rig_set (r, 1, "0-0:97.98.0.255", 2, "06 00000000"), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:97.98.0.255", 2), 0);
  CHECK_EQ (rig_int (r), 0);
  rig_free (r);
}

/* Block NUMBER of an image, LEN zero octets. */
static unsigned
send_block (rig *r, uint32_t number, size_t len)
{
  static const uint8_t data[MW_IMAGE_BLOCK];
  uint8_t block[300];
  mw_wr w;
  mw_wr_init (&w, block, sizeof block);
  mw_axdr_put_structure (&w, 2);
  mw_axdr_put_u32 (&w, number);
  mw_axdr_put_octets (&w, data, len);
  return rig_act_of (r, rig_attr (18, "0-0:44.0.0.255", 2), mw_wr_done (&w));
}

static void
test_image (void)
{
  static const char *const ln = "0-0:44.0.0.255";
  rig *r = managed (MW_MT381);
  CHECK_EQ (send_block (r, 0, 256), MW_DAR_OTHER_REASON);               /* not initiated */
  CHECK_EQ (rig_act (r, 18, ln, 1, "0202 0903 4d5731 06 00000180"), 0); /* 384 octets */
  CHECK_EQ (send_block (r, 1, 128), 0);                                 /* the last first */
  CHECK_EQ (rig_get (r, 18, ln, 4), 0);
  CHECK_EQ (rig_int (r), 0); /* block 0 is still to come */
  CHECK_EQ (send_block (r, 0, 255), MW_DAR_OTHER_REASON);
  CHECK_EQ (send_block (r, 2, 128), MW_DAR_OTHER_REASON);
  CHECK_EQ (send_block (r, 0, 256), 0);
  CHECK_EQ (rig_get (r, 18, ln, 3), 0);
  CHECK_MEM (r->answer, r->len, "\x04\x02\xc0", 3);
  CHECK_EQ (rig_act (r, 18, ln, 4, "0f00"), MW_DAR_READ_WRITE_DENIED); /* not verified */
  CHECK_EQ (rig_act (r, 18, ln, 3, "0f00"), 0);
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.107.255", 1, "12 0001"), 0);
  CHECK_EQ (rig_get (r, 18, ln, 6), 0);
  CHECK_EQ (rig_int (r), 6);
  CHECK_EQ (rig_get (r, 1, "0-0:96.63.10.255", 2), 0);
  CHECK_EQ (rig_int (r), 1);
  rig_free (r);
}

static void
test_prepayment (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 000003e8"), 0);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 00000064"), 0);
  CHECK_EQ (rig_get (r, 3, "0-0:128.60.1.255", 2), 0);
  CHECK_EQ (rig_int (r), 1100);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.41.255", 2, "06 00000007"), 0);
  CHECK_EQ (rig_act (r, 9, "0-0:10.1.251.255", 1, "12 0001"), 0);
  CHECK_EQ (rig_get (r, 3, "0-0:128.60.21.255", 2), 0);
  CHECK_EQ (rig_int (r), 7);
  rig_free (r);
}

static void
test_cells (void)
{
  static const uint8_t zeros[1024];
  uint8_t text[1100];
  mw_wr w;
  rig *r = managed (MW_MT381);
  mw_wr_init (&w, text, sizeof text);
  mw_axdr_put_octets (&w, zeros, sizeof zeros);
  CHECK_EQ (rig_set_of (r, rig_attr (1, "0-0:96.13.0.255", 2), mw_wr_done (&w)), 0);
  CHECK_EQ (rig_set (r, 1, "0-0:96.1.1.255", 2, "0903 414243"), 0);
  CHECK_EQ (rig_set (r, 1, "0-0:128.100.1.255", 2, "0904 00000000"), MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_get (r, 1, "0-0:128.100.1.255", 2), MW_DAR_READ_WRITE_DENIED);
  /* the device number is one, seen in two objects (manual 6.11.3) */
  CHECK_EQ (rig_set (r, 1, "1-0:0.0.0.255", 2, "0908 3132333435363738"), 0);
  CHECK_EQ (rig_get (r, 19, "0-0:20.0.0.255", 6), 0);
  CHECK_MEM (r->answer, r->len,
             "\x09\x08"
             "12345678",
             10);
  /* manual Table 41: a short LLC frame becomes 242 */
  CHECK_EQ (rig_set (r, 55, "0-0:26.5.0.255", 2, "11 32"), 0);
  CHECK_EQ (rig_get (r, 55, "0-0:26.5.0.255", 2), 0);
  CHECK_EQ (rig_int (r), 242);
  CHECK_EQ (rig_set (r, 55, "0-0:26.5.0.255", 2, "11 10"), MW_DAR_OTHER_REASON);
  rig_restart (r, 5);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 1, "0-0:96.1.1.255", 2), 0);
  CHECK_MEM (r->answer, r->len,
             "\x09\x03"
             "ABC",
             5);
  CHECK_EQ (rig_get (r, 1, "0-0:96.13.0.255", 2), 0);
  CHECK_EQ (r->len, 4 + 1024);
  rig_free (r);
}

/* A critical parameter is in the certification log with its old and new value (6.5.7). */
static void
test_certification (void)
{
  rig *r = managed (MW_MT381);
  CHECK_EQ (rig_set (r, 3, "1-0:0.3.0.255", 2, "06 00000320"), 0);
  CHECK_EQ (rig_get (r, 7, "1-0:99.99.0.255", 2), 0);
  CHECK_EQ (r->len, 2 + 2 + 14 + 8 + 5 + 5);
  CHECK_MEM (r->answer + 18, r->len - 18,
             "\x09\x06\x01\x00\x00\x03\x00\xff\x06\x00\x00\x03\xe8\x06\x00\x00\x03\x20", 18);
  rig_free (r);
}

CHECK_MAIN (test_public, test_passwords, test_lockout, test_restrictions, test_preestablished,
            test_registers, test_clock, test_calendar, test_special_days, test_activation,
            test_disconnect, test_valve, test_limiter, test_threshold_room,
            test_schedule_scripts, test_other_tables, test_alarms, test_image, test_prepayment,
            test_cells, test_certification)
