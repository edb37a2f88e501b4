/* test-events.c: every row of the Mx381 manual's Tables 44 to 49 is raised by what the manual
 * says raises it, or stands here with the reason why this meter cannot have it. */
#include <stdio.h>

#include "rig.h"

static mw_load
load_of (uint32_t l1, uint32_t l2, uint32_t l3, uint32_t ma)
{
  return (mw_load){ .voltage_mv = { l1 * 1000, l2 * 1000, l3 * 1000 },
                    .current_ma = { ma, ma, ma },
                    .frequency_mhz = 50000 };
}

static void
load (rig *r, uint32_t l1, uint32_t l2, uint32_t l3, uint32_t ma)
{
  mw_load l = load_of (l1, l2, l3, ma);
  mw_meter_load (&r->meter, &l);
}

static unsigned
count (rig *r, unsigned log, unsigned code)
{
  mw_log_entry e;
  unsigned n = 0;
  uint32_t first = mw_log_first (&r->meter, log);
  for (uint32_t i = first; mw_log_read (&r->meter, log, i, &e) == MW_OK; i++)
    n += e.code == code;
  return n;
}

/* --- stimuli --------------------------------------------------------------------------------
 */

static void
outage (rig *r, int seconds)
{
  mw_meter_power (&r->meter, false);
  mw_meter_run (&r->meter, (uint32_t) seconds);
  mw_meter_power (&r->meter, true);
}

static void
summer (rig *r, int arg)
{
  (void) arg;
  mw_clock_set (&r->meter, 1774746000 - 30); /* 2026-03-29T01:00:00Z */
  mw_meter_run (&r->meter, 60);
}

static void
set_clock (rig *r, int seconds)
{
  mw_clock_set (&r->meter, r->meter.st.clock.utc + seconds);
}

static void
old_battery (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_set (r, 1, "0-0:128.1.2.255", 2, "16 03"), 0);
  r->meter.st.counter[MW_CNT_BATTERY_LEFT] = 100; /* of 20 years */
  mw_meter_run (&r->meter, 101);
}

static void
battery (rig *r, int arg)
{
  (void) arg;
  mw_meter_battery (&r->meter, true);
}

static void
activate_calendar (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_act (r, 20, "0-0:13.0.0.255", 1, "0f 00"), 0);
}

static void
write_passive (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_set (r, 20, "0-0:13.0.0.255", 6, "09 03 4e4557"), 0);
}

static void
clear_errors (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_set (r, 1, "0-0:97.97.0.255", 2, "06 00000000"), 0);
}

static void
clear_alarms (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_set (r, 1, "0-0:97.98.0.255", 2, "06 00000000"), 0);
}

static void
fault (rig *r, int which)
{
  mw_meter_fault (&r->meter, (enum mw_fault) which, true);
}

static void
watchdog (rig *r, int arg)
{
  (void) arg;
  mw_meter_watchdog (&r->meter);
}

/* An image of 10 octets; without its one block when ARG is 0; activated when it is 2. */
static void
image (rig *r, int arg)
{
  CHECK_EQ (rig_set (r, 18, "0-0:44.0.0.255", 5, "03 01"), 0);
  CHECK_EQ (rig_act (r, 18, "0-0:44.0.0.255", 1, "0202 0903 415050 06 0000000a"), 0);
  if (arg)
    CHECK_EQ (
        rig_act (r, 18, "0-0:44.0.0.255", 2, "0202 06 00000000 090a 00010203040506070809"), 0);
  CHECK_EQ (rig_act (r, 18, "0-0:44.0.0.255", 3, "0f 00"), arg ? 0 : MW_DAR_OTHER_REASON);
  if (arg == 2)
    CHECK_EQ (rig_act (r, 18, "0-0:44.0.0.255", 4, "0f 00"), 0);
}

static void
parameter (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_set (r, 3, "1-0:12.43.0.255", 2, "12 001e"), 0);
}

static void
key (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_get (r, 1, "0-0:128.100.1.255", 2), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_set (r, 1, "0-0:128.100.1.255", 2, "0910 000102030405060708090a0b0c0d0e0f"), 0);
}

static void
sequence (rig *r, int arg)
{
  mw_load l = load_of (230, 230, 230, 1000);
  l.reversed = true;
  (void) arg;
  mw_meter_load (&r->meter, &l);
}

/* Manual 6.12.1.9: one phase below 161 V, another above 294.4 V in the mean of ten minutes. */
static void
neutral (rig *r, int arg)
{
  (void) arg;
  load (r, 300, 300, 100, 1000);
  mw_meter_run (&r->meter, 1300);
}

static void
billing (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.1.255", 1, "12 0001"), 0);
}

static void
phase_gone (rig *r, int ph)
{
  load (r, ph == 0 ? 20 : 230, ph == 1 ? 20 : 230, ph == 2 ? 20 : 230, 1000);
}

static void
phase_back (rig *r, int ph)
{
  phase_gone (r, ph);
  mw_meter_run (&r->meter, 10);
  load (r, 230, 230, 230, 1000);
}

static void
silence (rig *r, int arg)
{
  (void) arg;
  CHECK_EQ (rig_get (r, 8, "0-0:1.0.0.255", 2), 0);
  mw_meter_run (&r->meter, MW_SILENCE_S - 1);
  CHECK_EQ (count (r, MW_LOG_STANDARD, 238), 0);
  mw_meter_run (&r->meter, 1);
}

static void
token (rig *r, int arg)
{
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, arg ? "06 00000064" : "06 ffffffff"),
            arg ? 0 : MW_DAR_OTHER_REASON);
}

/* 0: the credit is used up; 1: the emergency credit is selected; 2: and used up too. */
static void
credit (rig *r, int arg)
{
  load (r, 230, 230, 230, 10000);
  CHECK_EQ (rig_set (r, 70, "0-0:96.3.10.255", 4, "16 06"), 0);
  CHECK_EQ (rig_set (r, 3, "0-0:128.60.42.255", 2, "06 000f4240"), 0);
  CHECK_EQ (rig_act (r, 9, "0-0:10.1.251.255", 1, "12 0001"), 0);
  token (r, 1);
  CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 01"), 0);
  if (arg)
    mw_display_key (&r->meter, MW_KEY_SCROLL, 3);
  if (arg != 1)
    mw_meter_run (&r->meter, 3600);
}

static void
clear_profile (rig *r, int arg)
{
  CHECK_EQ (rig_act (r, 7, arg ? "0-1:24.3.0.255" : "1-0:99.1.0.255", 1, "0f 00"), 0);
}

static void
clear_log (rig *r, int log)
{
  static const char *const names[] = { "0-0:99.98.0.255", "0-0:99.98.1.255", "0-0:99.98.2.255",
                                       "0-0:99.98.3.255", "0-0:99.98.4.255", "0-1:24.5.0.255",
                                       "0-2:24.5.0.255",  "0-3:24.5.0.255",  "0-4:24.5.0.255" };
  CHECK_EQ (rig_act (r, 7, names[log], 1, "0f 00"), 0);
}

static void
cover (rig *r, int arg) /* 0, 1: the meter's opened, closed; 2, 3: the terminals' */
{
  enum mw_cover which = arg < 2 ? MW_COVER_METER : MW_COVER_TERMINAL;
  mw_meter_cover (&r->meter, which, true);
  if (arg % 2)
    mw_meter_cover (&r->meter, which, false);
}

static void
magnet (rig *r, int arg)
{
  mw_meter_magnet (&r->meter, true);
  if (arg)
    mw_meter_magnet (&r->meter, false);
}

static void
wrong_password (rig *r, int arg)
{
  (void) arg;
  for (unsigned i = 0; i < 3; i++)
    CHECK (rig_connect (r, 1, "87654321") != 0);
}

/* Volts on one phase for longer than any threshold; ARG: phase + 10 × volts. */
static void
volts (rig *r, int arg)
{
  uint32_t u[3] = { 230, 230, 230 };
  u[arg % 10] = (uint32_t) arg / 10;
  load (r, u[0], u[1], u[2], 1000);
  mw_meter_run (&r->meter, 100);
}

static void
normal_again (rig *r, int ph)
{
  volts (r, ph + 2600);
  load (r, 230, 230, 230, 1000);
}

static void
remote (rig *r, bool on)
{
  CHECK_EQ (rig_act (r, 70, "0-0:96.3.10.255", on ? 2 : 1, "0f 00"), 0);
}

static void
mode (rig *r, const char *value)
{
  CHECK_EQ (rig_set (r, 70, "0-0:96.3.10.255", 4, value), 0);
}

static void
door (rig *r, int event)
{
  mw_meter *m = &r->meter;
  switch (event) {
  case 59: /* mode 1: remote reconnection makes ready */
  case 61:
    mode (r, "16 01");
    remote (r, false);
    remote (r, true);
    if (event == 61) /* display shows ConnEct: Scroll for 5 s */
      mw_display_key (m, MW_KEY_SCROLL, 5);
    break;
  case 60: /* Scroll for 10 s */
    mode (r, "16 02");
    mw_display_key (m, MW_KEY_SCROLL, 10);
    break;
  case 62:
    remote (r, false);
    break;
  case 63: /* mode 4 connects at once */
    remote (r, false);
    remote (r, true);
    break;
  case 68:
    mw_meter_jam (m, true);
    remote (r, false);
    CHECK (mw_switch_of (m, MW_SWITCH_MAIN)->output);
    CHECK_EQ (m->st.events.alarm_on[1] & MW_ALARM2_SWITCH_FAILURE, MW_ALARM2_SWITCH_FAILURE);
    mw_meter_jam (m, false);
    break;
  }
}

/* Limiter 1 on the sum of currents, 15 A; events 64, 69 with its actions, 65, 66, 67. */
static void
limiter (rig *r, int event)
{
  if (event == 69)
    mode (r, "16 06");
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 2, "0203 120003 0906 01005a0700ff 0f02"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 4, "06 000005dc"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 6, "06 0000001e"), 0);
  CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 11,
                     event == 64 || event == 69
                         ? "0202 0202 0906 00000a006aff 120001 0202 0906 00000a006aff 120002"
                         : "0202 0202 0906 00000a006aff 120000 0202 0906 00000a006aff 120000"),
            0);
  load (r, 230, 230, 230, 10000);
  mw_meter_run (&r->meter, 60);
  if (event == 66 || event == 69) {
    load (r, 230, 230, 230, 100);
    mw_meter_run (&r->meter, 60);
  }
}

static void
monitor (rig *r, int event)
{
  static const char *const names[] = { "1-0:31.4.0.255", "1-0:51.4.0.255", "1-0:71.4.0.255" };
  static const char *const values[] = { "0203 120005 0906 01001f0400ff 0f02",
                                        "0203 120005 0906 0100330400ff 0f02",
                                        "0203 120005 0906 0100470400ff 0f02" };
  int i = (event - 70) / 2;
  CHECK_EQ (rig_set (r, 21, names[i], 3, values[i]), 0);
  CHECK_EQ (rig_set (r, 21, names[i], 2, "0101 12 0005"), 0);
  CHECK_EQ (rig_set (r, 3, "0-0:128.62.10.255", 2, "12 0e10"), 0);
  load (r, 230, 230, 230, 10000);
  mw_meter_run (&r->meter, 100);
  if (event % 2) {
    load (r, 230, 230, 230, 1000);
    mw_meter_run (&r->meter, 100);
  }
}

static void
valve (rig *r, int code)
{
  char name[24];
  snprintf (name, sizeof name, "0-%d:24.4.0.255", code / 10 - 15);
  CHECK_EQ (rig_set (r, 70, name, 4, "16 04"), 0);
  if (code % 10 == 3)
    CHECK_EQ (rig_act (r, 70, name, 1, "0f 00"), 0);
  CHECK_EQ (rig_act (r, 70, name, code % 10 == 2 ? 1 : 2, "0f 00"), 0);
}

/* A water meter at the channel's address; CODE of Table 48, or of Table 49. */
static void
device (rig *r, int code)
{
  int channel = code < 150 ? code / 10 - 9 : code / 10 - 15, kind = code % 10;
  mw_wired *w = &r->model.wired[channel - 1];
  char client[24], valve_name[24];
  snprintf (client, sizeof client, "0-%d:24.1.0.255", channel);
  snprintf (valve_name, sizeof valve_name, "0-%d:24.4.0.255", channel);
  *w = (mw_wired){ true, 0x12345678, 0x2324, 1, 7, 0, 4711 };
  CHECK_EQ (rig_act (r, 72, client, 1, channel % 2 ? "11 00" : "0f 00"),
            0); /* whoever is there */
  CHECK_EQ (rig_get (r, 72, client, 6), 0);
  CHECK_EQ (rig_int (r), 0x12345678);
  CHECK_EQ (rig_set (r, 72, client, 4, "06 0000012c"), 0);
  if (code < 150) {
    w->status = kind == 2 ? 0x04 : kind == 3 ? 0x40 : 0;
    w->present = kind > 1;
    mw_meter_run (&r->meter, kind > 1 ? 600 : 901);
    if (kind == 1)
      w->present = true;
    mw_meter_run (&r->meter, kind > 1 ? 300 : 299);
    if (kind == 4)
      CHECK_EQ (rig_act (r, 72, client, 5, "0f 00"), 0);
    if (kind == 0)
      return;
    char result[24];
    mw_lcd lcd;
    w->value = 4712;
    mw_meter_run (&r->meter, 300);
    snprintf (result, sizeof result, "0-%d:24.2.1.255", channel);
    CHECK_EQ (rig_get (r, 4, result, 2), 0);
    CHECK_EQ (rig_int (r), 4712);
    mw_display_show (&r->meter, &lcd);
    CHECK (lcd.cursors & MW_CURSOR_MBUS);
    return;
  }
  if (kind == 4) {
    w->status = 0x80;
    mw_meter_run (&r->meter, 600);
    return;
  }
  CHECK_EQ (rig_set (r, 70, valve_name, 4, "16 01"), 0); /* connected by hand */
  CHECK_EQ (rig_act (r, 70, valve_name, 1, "0f 00"), 0);
  mw_model_valve_key (&r->model, (unsigned) channel); /* not ready */
  CHECK_EQ (rig_act (r, 70, valve_name, 2, "0f 00"), 0);
  mw_model_valve_key (&r->model, (unsigned) channel);
}

/* --- the rows -------------------------------------------------------------------------------
 */

typedef struct event_row {
  uint8_t log, code;
  void (*stimulus) (rig *r, int arg);
  int arg;
  const char *reason;
} event_row;

#define S MW_LOG_STANDARD
#define F MW_LOG_FRAUD
#define Q MW_LOG_QUALITY
#define D MW_LOG_DISCONNECT
#define B MW_LOG_MBUS
static const char no_cipher[] =
    "this meter takes no ciphered APDU (manual Table 65, contexts 3 and "
    "4, are refused), so none can fail to be deciphered or be replayed";
static const char no_manual_off[] =
    "no mode of the manual's Table 37 has a manual disconnection";

/* clang-format off */
static const event_row rows[] = {
  { S, 1, outage, 60, 0 },      { S, 2, outage, 60, 0 },       { S, 3, summer, 0, 0 },
  { S, 4, set_clock, 3600, 0 }, { S, 5, set_clock, -3600, 0 }, { S, 6, outage, 8 * 86400, 0 },
  { S, 7, old_battery, 0, 0 },  { S, 8, battery, 0, 0 },       { S, 9, activate_calendar, 0, 0 },
  { S, 10, clear_errors, 0, 0 },         { S, 11, clear_alarms, 0, 0 },
  { S, 12, fault, MW_FAULT_PROGRAM, 0 }, { S, 13, fault, MW_FAULT_RAM, 0 },
  { S, 14, fault, MW_FAULT_NVM, 0 },     { S, 15, watchdog, 0, 0 },
  { S, 16, fault, MW_FAULT_MEASUREMENT, 0 },
  { S, 17, image, 1, 0 },     { S, 18, image, 2, 0 },       { S, 19, write_passive, 0, 0 },
  { S, 47, parameter, 0, 0 }, { S, 48, key, 0, 0 },         { S, 51, image, 0, 0 },
  { S, 88, sequence, 0, 0 },  { S, 89, neutral, 0, 0 },     { S, 230, fault, MW_FAULT_PROGRAM, 0 },
  { S, 231, billing, 0, 0 },
  { S, 232, phase_gone, 0, 0 }, { S, 233, phase_gone, 1, 0 }, { S, 234, phase_gone, 2, 0 },
  { S, 235, phase_back, 0, 0 }, { S, 236, phase_back, 1, 0 }, { S, 237, phase_back, 2, 0 },
  { S, 238, silence, 0, 0 },    { S, 239, token, 1, 0 },      { S, 240, token, 0, 0 },
  { S, 241, credit, 0, 0 },     { S, 242, credit, 2, 0 },     { S, 243, credit, 1, 0 },
  { S, 254, clear_profile, 0, 0 }, { S, 255, clear_log, 0, 0 },
  { F, 40, cover, 2, 0 },  { F, 41, cover, 3, 0 }, { F, 42, magnet, 0, 0 }, { F, 43, magnet, 1, 0 },
  { F, 44, cover, 0, 0 },  { F, 45, cover, 1, 0 }, { F, 46, wrong_password, 0, 0 },
  { F, 49, 0, 0, no_cipher }, { F, 50, 0, 0, no_cipher }, { F, 255, clear_log, 1, 0 },
  { Q, 76, volts, 2000, 0 }, { Q, 77, volts, 2001, 0 }, { Q, 78, volts, 2002, 0 },
  { Q, 79, volts, 2600, 0 }, { Q, 80, volts, 2601, 0 }, { Q, 81, volts, 2602, 0 },
  { Q, 82, volts, 1000, 0 }, { Q, 83, volts, 1001, 0 }, { Q, 84, volts, 1002, 0 },
  { Q, 85, normal_again, 0, 0 }, { Q, 86, normal_again, 1, 0 }, { Q, 87, normal_again, 2, 0 },
  { Q, 255, clear_log, 4, 0 },
  { D, 59, door, 59, 0 }, { D, 60, door, 60, 0 }, { D, 61, door, 61, 0 }, { D, 62, door, 62, 0 },
  { D, 63, door, 63, 0 }, { D, 64, limiter, 64, 0 }, { D, 65, limiter, 65, 0 },
  { D, 66, limiter, 66, 0 }, { D, 67, limiter, 67, 0 }, { D, 68, door, 68, 0 },
  { D, 69, limiter, 69, 0 }, { D, 70, monitor, 70, 0 }, { D, 71, monitor, 71, 0 },
  { D, 72, monitor, 72, 0 }, { D, 73, monitor, 73, 0 }, { D, 74, monitor, 74, 0 },
  { D, 75, monitor, 75, 0 }, { D, 255, clear_log, 2, 0 },
#define CHANNEL(n) \
  { B, 90 + 10 * n, device, 90 + 10 * n, 0 }, { B, 91 + 10 * n, device, 91 + 10 * n, 0 }, \
  { B, 92 + 10 * n, device, 92 + 10 * n, 0 }, { B, 93 + 10 * n, device, 93 + 10 * n, 0 }, \
  { B, 94 + 10 * n, device, 94 + 10 * n, 0 }
  CHANNEL (1), CHANNEL (2), CHANNEL (3), CHANNEL (4),
  { B, 254, clear_profile, 1, 0 }, { B, 255, clear_log, 3, 0 },
#define VALVE(n, log) \
  { log, 150 + 10 * n, 0, 0, no_manual_off }, { log, 151 + 10 * n, device, 151 + 10 * n, 0 }, \
  { log, 152 + 10 * n, valve, 152 + 10 * n, 0 }, { log, 153 + 10 * n, valve, 153 + 10 * n, 0 }, \
  { log, 154 + 10 * n, device, 154 + 10 * n, 0 }, { log, 255, clear_log, 4 + n, 0 }
  VALVE (1, MW_LOG_CONTROL1), VALVE (2, MW_LOG_CONTROL2), VALVE (3, MW_LOG_CONTROL3),
  VALVE (4, MW_LOG_CONTROL4),
};
/* clang-format on */

static const event_row *
row_of (unsigned log, unsigned code)
{
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].log == log && rows[i].code == code)
      return &rows[i];
  return NULL;
}

static bool
is_raised (const event_row *row)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  load (r, 230, 230, 230, 1000);
  mw_meter_run (&r->meter, 90000); /* charges the reserve of the clock */
  unsigned before = row->code == 255 ? 0 : count (r, row->log, row->code);
  row->stimulus (r, row->arg);
  unsigned after = count (r, row->log, row->code);
  CHECK_EQ (r->meter.st.events.last_code[row->log] != 0, true);
  rig_free (r);
  return after == before + 1;
}

static void
test_every_row (void)
{
  unsigned raised = 0, absent = 0;
  for (unsigned e = 0; e < MW_N_EVENTS; e++) {
    const mw_event_info *info = mw_event_info_of (e);
    const event_row *row = row_of (info->log, info->code);
    bool ok = row && (row->reason ? !row->stimulus : is_raised (row));
    if (!check_report (ok, __FILE__, __LINE__, "raised once by its stimulus, or explained"))
      printf ("    event %u of the %s: %s\n", info->code, mw_log_name (info->log), info->name);
    raised += row && !row->reason;
    absent += row && row->reason;
  }
  CHECK_EQ (raised + absent, MW_N_EVENTS);
  CHECK_EQ (raised + absent, sizeof rows / sizeof rows[0]);
  printf ("%u events raised, %u explained\n", raised, absent);
}

CHECK_MAIN (test_every_row)
