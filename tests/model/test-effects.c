/* test-effects.c: no setting is kept without effect.  Every attribute that can be written is,
 * once with the value that it has and once with another one; two meters then live through the
 * same troubled days, and are compared in everything that can be read, seen on the display,
 * counted at the LEDs or met at the ports.  What makes no difference stands in a list with its
 * reason, and what stands there makes none.
 */
#include <stdio.h>

#include "models/objects.h"
#include "other-values.h"
#include "rig.h"

#define ATTRS 4000
#define EXTRAS 12
#define LIVES 6

/* --- what can be observed -------------------------------------------------------------------
 */

typedef struct view {
  uint32_t attr[ATTRS]; /* check sum of each attribute's value */
  uint32_t extra[EXTRAS];
} view;

static const char *const extras[EXTRAS] = {
  "the display",
  "the pulses of the LEDs",
  "the metrological output",
  "the optical port's opening",
  "its password",
  "the HDLC parameters",
  "the public client",
  "the management client",
  "the pre-established client",
  "the IEC read-out",
  "the relays",
  "a limit reached",
};
enum {
  LCD,
  LEDS,
  OUTPUT,
  OPENING,
  PASSWORD,
  HDLC,
  PUBLIC,
  MANAGEMENT,
  PREESTABLISHED,
  READOUT,
  RELAYS,
  LIMIT
};

static uint32_t
attribute (rig *r, uint16_t a)
{
  static uint8_t buf[65536];
  mw_model_link self = { .model = &r->model, .level = MW_LEVEL_MANAGER, .internal = true };
  mw_dlms_stream s = { 0 };
  uint32_t crc = 0;
  if (!(mw_model_attrs[a].access & MW_ACCESS_READ)
      || mw_model_open (&self, a, NULL, &s) != MW_DAR_SUCCESS)
    return 0;
  while (!s.done && !s.result) {
    size_t n = mw_model_ops.get_next (&self, &s, buf, sizeof buf);
    crc = mw_crc32 (crc, buf, n);
  }
  return crc;
}

static void
note (uint32_t *crc, const void *data, size_t len)
{
  *crc = mw_crc32 (*crc, data, len);
}

static void
look_at_display (rig *r, view *v)
{
  mw_lcd lcd;
  mw_display_show (&r->meter, &lcd);
  note (&v->extra[LCD], lcd.obis, strlen (lcd.obis));
  note (&v->extra[LCD], lcd.value, strlen (lcd.value));
  note (&v->extra[LCD], &lcd.cursors, sizeof lcd.cursors);
  note (&v->extra[LCD], &lcd.blinking, sizeof lcd.blinking);
  note (&v->extra[LCD], &lcd.phases, sizeof lcd.phases);
}

/* Say TEXT to an optical port and note what comes back, when, and on what line. */
static void
say (mw_port *p, const char *text, mw_ms *now, uint32_t *crc)
{
  mw_port_feed (p, text, strlen (text), *now);
  for (mw_ms end = *now + 1000; *now < end; (*now)++) {
    mw_span s;
    mw_port_tick (p, *now);
    while ((s = mw_port_tx (p)).len) {
      mw_ms waited = end - *now;
      note (crc, s.ptr, s.len);
      note (crc, &waited, sizeof waited);
      mw_port_tx_ack (p, s.len, *now);
    }
  }
  mw_line line = mw_port_line (p);
  note (crc, &line.baud, sizeof line.baud);
}

static void
look_at_ports (rig *r, view *v)
{
  static mw_port p;
  mw_ms now = 0;
  mw_port_init (&p, &r->model, MW_PORT_OPTICAL, now);
  say (&p, "/?!\r\n", &now, &v->extra[OPENING]);
  mw_port_init (&p, &r->model, MW_PORT_OPTICAL, now);
  say (&p, "/?00000001!\r\n", &now, &v->extra[OPENING]);
  mw_port_init (&p, &r->model, MW_PORT_OPTICAL, now);
  say (&p, "/?!\r\n", &now, &v->extra[READOUT]);
  say (&p,
       "\00600"
       "0\r\n",
       &now, &v->extra[READOUT]);
  for (unsigned i = 0; i < 2; i++) {
    static const char body[2][16] = { "P1\002(11111111)\003", "P1\002(12345678)\003" };
    char text[20] = "\001";
    uint8_t check = 0;
    size_t n = strlen (body[i]);
    memcpy (text + 1, body[i], n);
    for (size_t k = 1; k <= n; k++)
      check ^= (uint8_t) text[k];
    text[n + 1] = (char) check;
    mw_port_init (&p, &r->model, MW_PORT_OPTICAL, now);
    say (&p, "/?!\r\n", &now, &v->extra[PASSWORD]);
    say (&p, "\006051\r\n", &now, &v->extra[PASSWORD]);
    say (&p, text, &now, &v->extra[PASSWORD]);
  }
  unsigned result = rig_connect (r, 16, NULL);
  note (&v->extra[PUBLIC], &result, sizeof result);
  result = rig_connect (r, 1, "12345678");
  note (&v->extra[MANAGEMENT], &result, sizeof result);
  result = rig_connect (r, 102, NULL);
  note (&v->extra[PREESTABLISHED], &result, sizeof result);
  static mw_port h;
  mw_port_init (&h, &r->model, MW_PORT_HDLC, r->now);
  note (&v->extra[HDLC], &h.transport.hdlc.config, sizeof (uint32_t));
  uint32_t limits[6] = {
    h.transport.hdlc.config.limits.info_tx,   h.transport.hdlc.config.limits.info_rx,
    h.transport.hdlc.config.limits.window_tx, h.transport.hdlc.config.limits.window_rx,
    h.transport.hdlc.config.physical,         (uint32_t) h.transport.hdlc.config.inter_octet_ms
  };
  uint32_t quiet = (uint32_t) h.transport.hdlc.config.inactivity_ms;
  note (&v->extra[HDLC], limits, sizeof limits);
  note (&v->extra[HDLC], &quiet, sizeof quiet);
}

/* Names whose values differ because a value was written at all, or because memory holds it. */
static bool
is_trace (const mw_model_object *o)
{
  static const uint8_t traces[][5] = {
    { 1, 0, 99, 99, 0 },
    { 0, 0, 96, 128, 0 },
    { 0, 0, 96, 128, 1 },
    { 0, 0, 96, 128, 2 },
  };
  for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
    if (memcmp (o->ln, traces[i], 5) == 0)
      return true;
  return memcmp (o->ln, "\0\0\200\50", 4) == 0; /* partitions, performance */
}

static void
look_at_values (rig *r, view *v)
{
  for (uint16_t a = 0; a < mw_model_n_attrs && a < ATTRS; a++) {
    const mw_model_object *o = &mw_model_objects[mw_model_attrs[a].object];
    if (o->models & 1u << r->model.id && !is_trace (o))
      v->attr[a] = v->attr[a] * 31 + attribute (r, a);
  }
}

static void
look (rig *r, view *v)
{
  look_at_values (r, v);
  for (unsigned i = 0; i < 2; i++) {
    uint64_t n = mw_pulse_count (&r->meter, i);
    note (&v->extra[LEDS], &n, sizeof n);
  }
  uint64_t n = mw_pulse_count (&r->meter, MW_PULSE_OUTPUT);
  note (&v->extra[OUTPUT], &n, sizeof n);
  look_at_ports (r, v);
}

/* --- troubled days --------------------------------------------------------------------------
 */

static void
load (rig *r, unsigned l1, unsigned l2, unsigned l3, uint32_t ma, int phi)
{
  int16_t f = (int16_t) phi;
  mw_load l = { .voltage_mv = { l1 * 1000, l2 * 1000, l3 * 1000 },
                .current_ma = { ma, ma / 2, ma },
                .phi_ddeg = { f, f, f },
                .frequency_mhz = 50000 };
  mw_meter_load (&r->meter, &l);
}

static void
run (rig *r, view *v, uint32_t seconds)
{
  uint8_t relays = 0;
  mw_meter_run (&r->meter, seconds);
  for (unsigned s = 0; s < MW_N_SWITCHES; s++)
    relays = (uint8_t) (relays << 1 | mw_switch_of (&r->meter, s)->output);
  note (&v->extra[RELAYS], &relays, 1);
  note (&v->extra[RELAYS], r->meter.st.events.alarm_present, 8);
  note (&v->extra[RELAYS], r->meter.st.events.error_present, 8);
  for (unsigned s = 0; s < 2; s++) {
    bool over = mw_limiter_state_of (&r->meter, s)->over;
    note (&v->extra[LIMIT], &over, 1);
  }
}

/* ACTION, and what became of it. */
static void
act (rig *r, view *v, unsigned class_id, const char *obis, int method, const char *hex)
{
  unsigned result = rig_act (r, class_id, obis, method, hex);
  note (&v->extra[MANAGEMENT], &result, sizeof result);
}

static void
outage (rig *r, view *v, uint32_t seconds)
{
  mw_meter_power (&r->meter, false);
  run (r, v, seconds);
  mw_meter_power (&r->meter, true);
}

static void
quality (rig *r, view *v)
{
  load (r, 218, 230, 230, 5000, 300); /* a little low, high, unlike, nearly gone */
  run (r, v, 700);
  load (r, 200, 230, 230, 5000, 300);
  run (r, v, 61);
  load (r, 230, 230, 230, 30, 300); /* above the starting current, and not twice as much */
  run (r, v, 30);
  load (r, 240, 225, 225, 5000, 300); /* more than 3 % above the others, then below them */
  run (r, v, 1300);
  load (r, 215, 232, 232, 5000, 300);
  run (r, v, 1300);
  load (r, 260, 230, 230, 5000, 300);
  run (r, v, 61);
  load (r, 230, 105, 230, 5000, 300);
  run (r, v, 31);
  load (r, 230, 230, 230, 5000, -1500); /* export */
  run (r, v, 1900);
  look_at_values (r, v);
  for (unsigned i = 0; i < 8; i++) { /* quicker than an integral */
    load (r, i % 2 ? 200 : 260, 230, 230, 5000, 300);
    run (r, v, 50);
  }
  load (r, 230, 230, 230, 5000, 300);
}

static void
console (rig *r, view *v)
{
  for (unsigned i = 0; i < 10; i++) {
    look_at_display (r, v);
    run (r, v, 10);
  }
  mw_display_key (&r->meter, MW_KEY_SCROLL, 1);
  for (unsigned i = 0; i < 8; i++) {
    mw_display_key (&r->meter, MW_KEY_SCROLL, 1);
    look_at_display (r, v);
  }
  mw_display_key (&r->meter, MW_KEY_SCROLL, 5);
  mw_display_key (&r->meter, MW_KEY_SCROLL, 3);
  mw_display_key (&r->meter, MW_KEY_SCROLL, 11); /* manual disconnection */
  run (r, v, 5);
  mw_display_key (&r->meter, MW_KEY_SCROLL, 6);
}

static void
live (rig *r, view *v)
{
  mw_meter *m = &r->meter;
  memset (v, 0, sizeof *v);
  load (r, 230, 231, 229, 5000, 300);
  mw_display_key (m, MW_KEY_SCROLL, 3); /* emergency credit */
  act (r, v, 9, "0-0:10.1.251.255", 1, "12 0001");
  act (r, v, 18, "0-0:44.0.0.255", 2, "0202 06 00000009 0901 00"); /* no such block */
  for (unsigned i = 1; i <= 8; i++) {
    char valve[24];
    snprintf (valve, sizeof valve, "0-%u:24.4.0.255", (i + 1) / 2);
    act (r, v, 70, valve, i % 2 ? 1 : 2, "0f 00");
  }
  run (r, v, 7200);
  mw_display_key (m, MW_KEY_SCROLL, 6);
  mw_display_key (m, MW_KEY_SCROLL, 3);
  mw_script_execute (m, MW_TABLE_DISCONNECT, 2, true);
  console (r, v);
  quality (r, v);
  load (r, 230, 230, 230, 40000, 100); /* over the limits */
  run (r, v, 61);
  run (r, v, 400);
  mw_script_execute (m, MW_TABLE_DISCONNECT, 2, true);
  mw_display_key (m, MW_KEY_SCROLL, 5);
  load (r, 230, 230, 230, 5000, 300);
  run (r, v, 100);
  mw_script_execute (m, MW_TABLE_LOAD, 2, false);
  mw_script_execute (m, MW_TABLE_LOAD, 4, false);
  run (r, v, 30);
  run (r, v, 100);
  outage (r, v, 100);
  run (r, v, 30);
  run (r, v, 100);
  outage (r, v, 200);
  mw_meter_fault (m, MW_FAULT_RAM, true);
  mw_meter_battery (m, true);
  mw_meter_input (m, 0, true);
  look_at_display (r, v);
  run (r, v, 1);
  mw_clock_set (m, m->st.clock.utc + 5);
  run (r, v, 1000);
  mw_clock_set (m, m->st.clock.utc + 20);
  for (unsigned i = 0; i < 4; i++)
    (void) rig_connect (r, 1, "wrong");
  run (r, v, 100);
  mw_clock_set (m, 1774699200); /* 2026-03-28T12:00Z: midnight, daylight saving */
  run (r, v, 86400);
  mw_clock_set (m, 1774987200); /* 2026-03-31T20:00Z: the month */
  run (r, v, 4 * 3600);
  outage (r, v, 8 * 86400);
  mw_calendar_activate (m);
  look_at_display (r, v);
  run (r, v, 86400);
  mw_clock_preset (m, m->st.clock.utc + 100, m->st.clock.utc - 10, m->st.clock.utc + 10);
  run (r, v, 10000);
  look_at_display (r, v);
  look (r, v);
}

static void
limit (rig *r, const char *name)
{
  CHECK_EQ (rig_set (r, 71, name, 2, "0203 120003 0906 01005a0700ff 0f02"), 0);
  CHECK_EQ (rig_set (r, 71, name, 4, "06 00000bb8"), 0); /* 30 A */
  CHECK_EQ (rig_set (r, 71, name, 5, "06 00000384"), 0); /* 9 A */
  CHECK_EQ (rig_set (r, 71, name, 6, "06 0000001e"), 0);
  CHECK_EQ (rig_set (r, 71, name, 7, "06 0000001e"), 0);
  CHECK_EQ (rig_set (r, 71, name, 8,
                     "0203 120001 090c 07ea 03 01 07 01 1e 00 00 8000 00 06 000000ff"),
            0);
  CHECK_EQ (rig_set (r, 71, name, 9, "0101 120001"), 0);
}

static const char every_night[] = "0101 0202 0904 00000000 0905 ffffffffff";

/* What has been set before, in the second and third life: what makes other settings matter. */
/* --- lives ----------------------------------------------------------------------------------
 */

static unsigned
charge (rig *r, unsigned e, const char *hex)
{
  char name[24];
  snprintf (name, sizeof name, "0-0:128.60.%u.255", e);
  return rig_set (r, 3, name, 2, hex);
}

static void
prepare (rig *r, unsigned life)
{
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_set (r, 70, "0-0:96.3.10.255", 4, "16 06"), 0);
  if (life == 1) {
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.14.255", 2, "16 01"), 0); /* pulses of active energy */
    CHECK_EQ (rig_set (r, 1, "0-0:196.3.6.255", 2, "06 00000017"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:196.0.1.255", 2, "16 01"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:196.3.0.255", 2, "06 000000c0"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.0.255", 2, "16 03"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.10.255", 2, "16 03"), 0);
    CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 2, "0203 120003 0906 01005a0700ff 0f02"), 0);
    CHECK_EQ (rig_set (r, 71, "0-0:17.0.0.255", 9, "0101 120001"), 0);
    CHECK_EQ (rig_set (r, 71, "0-0:17.0.1.255", 9, "0101 120001"), 0);
    for (unsigned i = 41; i <= 44; i++)
      CHECK_EQ (charge (r, i, "06 00004e20"), 0);
    for (unsigned i = 40; i <= 48; i++)
      if (i == 40 || i > 44)
        CHECK_EQ (charge (r, i, "06 00000fa0"), 0);
    CHECK_EQ (rig_act (r, 9, "0-0:10.1.251.255", 1, "12 0001"), 0);
    CHECK_EQ (rig_set (r, 3, "0-0:128.60.30.255", 2, "06 00000064"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 01"), 0);
  }
  if (life == 2) {
    CHECK_EQ (rig_set (r, 19, "0-0:20.0.0.255", 2, "16 01"), 0); /* HDLC without an opening */
    CHECK_EQ (rig_set (r, 3, "1-0:0.3.1.255", 2, "06 00000000"),
              0); /* so the LED is apparent */
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.0.255", 2, "16 03"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.10.255", 2, "16 03"), 0);
    CHECK_EQ (rig_set (r, 1, "1-0:0.4.2.255", 2, "06 00000002"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:196.97.0.255", 2, "06 ffffffff"), 0);
    CHECK_EQ (rig_set (r, 22, "0-0:15.0.1.255", 4, every_night), 0);
    CHECK_EQ (rig_set (r, 22, "0-1:15.0.1.255", 4, every_night), 0);
    CHECK_EQ (rig_set (r, 70, "0-1:24.4.0.255", 4, "16 04"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:128.60.0.255", 2, "16 01"), 0);
    CHECK_EQ (rig_act (r, 18, "0-0:44.0.0.255", 1, "0202 0903 415050 06 0000000a"), 0);
    CHECK_EQ (
        rig_act (r, 18, "0-0:44.0.0.255", 2, "0202 06 00000000 090a 00010203040506070809"), 0);
    CHECK_EQ (rig_act (r, 18, "0-0:44.0.0.255", 3, "0f 00"), 0);
  }
  if (life == 4) {
    limit (r, "0-0:17.0.1.255");
  }
  if (life == 5) {
    for (unsigned i = 0; i < 3; i++) {
      static const char *const names[] = { "1-0:31.4.0.255", "1-0:51.4.0.255",
                                           "1-0:71.4.0.255" };
      static const char *const values[] = { "0203 120005 0906 01001f0400ff 0f02",
                                            "0203 120005 0906 0100330400ff 0f02",
                                            "0203 120005 0906 0100470400ff 0f02" };
      CHECK_EQ (rig_set (r, 21, names[i], 3, values[i]), 0);
      CHECK_EQ (rig_set (r, 21, names[i], 2, "0101 12 000f"), 0);
      CHECK_EQ (rig_set (r, 21, names[i], 4,
                         i == 1 ? "0101 0202 " SCRIPT ("01") SCRIPT ("00")
                                : "0101 0202 " SCRIPT ("00") SCRIPT ("00")),
                0);
    }
    CHECK_EQ (rig_set (r, 3, "0-0:128.62.10.255", 2, "12 0014"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.14.255", 2, "16 01"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:196.3.6.255", 2, "06 0000001a"), 0);
  }
  if (life == 3) {
    CHECK_EQ (rig_set (r, 1, "0-0:128.30.14.255", 2, "16 01"), 0);
    CHECK_EQ (rig_set (r, 1, "0-0:196.3.6.255", 2, "06 00000021"), 0);
    CHECK_EQ (rig_set (r, 20, "0-0:13.0.0.255", 6, "0902 5832"), 0);
    limit (r, "0-0:17.0.0.255");
    CHECK_EQ (rig_set (r, 1, "0-0:196.97.1.255", 2, "06 ffffffff"), 0);
    CHECK_EQ (rig_set (r, 7, "0-0:21.0.1.255", 3,
                       "0102 0204 120004 0906 0100010600ff 0f02 120000"
                       "0204 120003 0906 0100010800ff 0f02 120000"),
              0);
  }
}

/* --- what makes no difference here ----------------------------------------------------------
 */

typedef struct reason {
  const char *obis; /* a prefix of "A-B:C.D.E" */
  uint16_t class_id;
  uint8_t n; /* 0: all */
  const char *why;
} reason;
/* clang-format off */
#define CHANNEL(n) \
  { n, 72, 2, "there is one M-Bus port" }, \
  { n, 72, 3, "no frames pass, so nothing is picked out of them" }, \
  { n, 72, 4, "no device is wired in these lives; test-events.c reads one" }, \
  { n, 72, 6, "the device's, as it was installed" }, { n, 72, 7, "the same" }, \
  { n, 72, 8, "the same" }, { n, 72, 9, "the same" }
static const reason reasons[] = {
  { "0-0:97.97.", 1, 0, "a command: what is written 0 is cleared (test-methods.c)" },
  { "0-0:97.98.0$", 1, 0, "a command: what is written 0 is cleared (test-methods.c)" },
  { "0-0:97.98.1$", 1, 0, "a command: what is written 0 is cleared (test-methods.c)" },
  { "1-0:96.24", 1, 0, "a command, or the one code system that the manual prints" },
  { "0-0:128.70.0", 1, 0, "one value is accepted: the association as in the Green Book" },
  { "0-0:15.0.2", 22, 2, "its script table has one script" },
  { "0-0:128.60.32", 1, 2, "credits are booked in one register" },
  { "0-0:24.6.0", 74, 0, "no device is wired to the M-Bus" },
  { "0-0:128.50.1", 1, 0, "no device is wired to the M-Bus" },
  CHANNEL ("0-1:24.1"),
  CHANNEL ("0-2:24.1"),
  CHANNEL ("0-3:24.1"),
  CHANNEL ("0-4:24.1"),
  { "0-1:96.1", 1, 0, "a device's names, for who reads them" },
  { "0-2:96.1", 1, 0, "a device's names, for who reads them" },
  { "0-3:96.1", 1, 0, "a device's names, for who reads them" },
  { "0-4:96.1", 1, 0, "a device's names, for who reads them" },
  { "0-0:26.", 50, 0, "this meter has no PLC modem" },
  { "0-0:26.", 52, 0, "this meter has no PLC modem" },
  { "0-0:26.", 55, 0, "this meter has no PLC modem" },
  { "0-0:128.0.", 1, 0, "this meter has no PLC modem" },
  { "0-1:22.0.0", 23, 0, "the second HDLC channel is the PLC modem's, which is not there" },
  { "0-1:128.70.", 1, 0, "the second HDLC channel is the PLC modem's, which is not there" },
  { "0-0:96.1.", 1, 0, "names of meter, customer and place, for who reads them" },
  { "0-0:96.13.", 1, 0, "a message for the P1 port, which is not there" },
  { "0-0:128.100.", 1, 0, "a key: event 48; no APDU is ciphered here" },
};
/* clang-format on */

/* Does NAME begin with PREFIX, or is it, when that ends with a $? */
static bool
begins (const char *name, const char *prefix)
{
  size_t n = strlen (prefix);
  return prefix[n - 1] == '$' ? strlen (name) == n - 1 && strncmp (name, prefix, n - 1) == 0
                              : strncmp (name, prefix, n) == 0;
}

static const char *
reason_of (const mw_model_object *o, unsigned n, const char *name)
{
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (reasons[i].class_id == o->class_id && (!reasons[i].n || reasons[i].n == n)
        && begins (name, reasons[i].obis))
      return reasons[i].why;
  return NULL;
}

/* --- the comparison -------------------------------------------------------------------------
 */

/* What differs first, in words in TEXT; false when nothing does. */
static bool
differs (const view *v, const view *w, uint16_t written, char *text, size_t cap)
{
  const mw_model_object *own = &mw_model_objects[mw_model_attrs[written].object];
  bool inside = own->class_id == 6 || own->class_id == 7 || own->class_id == 8
                || own->class_id == 20
                || own->class_id == 70; /* one attribute of these tells of another */
  for (unsigned i = 0; i < EXTRAS; i++)
    if (v->extra[i] != w->extra[i]) {
      snprintf (text, cap, "%s", extras[i]);
      return true;
    }
  for (uint16_t a = 0; a < mw_model_n_attrs && a < ATTRS; a++) {
    const mw_model_object *o = &mw_model_objects[mw_model_attrs[a].object];
    if (v->attr[a] == w->attr[a] || a == written || (o == own && !inside))
      continue;
    if (memcmp (o->ln, "\0\0\200\51\1", 5) == 0 && memcmp (own->ln, "\0\0\200\51", 4) != 0)
      continue; /* octets of the memory */
    snprintf (text, cap, "%u-%u:%u.%u.%u attribute %u", o->ln[0], o->ln[1], o->ln[2], o->ln[3],
              o->ln[4], mw_model_attrs[a].n);
    return true;
  }
  return false;
}

/* Write attribute A and live; what it held, or the OTHER value. */
static bool
life_with (uint16_t a, unsigned life, bool other, bool one_value, view *v)
{
  const mw_model_attr *row = &mw_model_attrs[a];
  const mw_model_object *o = &mw_model_objects[row->object];
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  mw_dlms_attr attr = { o->class_id, { { 0 } }, (int8_t) row->n };
  static uint8_t buf[2048], old[65536];
  mw_span value = { old, 0 };
  memcpy (attr.ln.v, o->ln, 6);
  prepare (r, life);
  if (row->access & MW_ACCESS_READ) {
    CHECK_EQ (rig_get_with (r, attr, (mw_dlms_selection){ 0 }), 0);
    memcpy (old, r->answer, r->len);
    value.len = r->len;
    if (other)
      value = another (r, a, buf, sizeof buf);
  } else {
    value =
        rig_hex (other ? "0908 3132333435363738" : "0908 3131313131313131", buf, sizeof buf);
    if (o->class_id == 15)
      value =
          rig_hex (other ? "0908 3131313131313131" : "0908 3132333435363738", buf, sizeof buf);
    if (o->ln[3] == 100)
      value = rig_hex (other ? "0910 000102030405060708090a0b0c0d0e0f"
                             : "0910 101112131415161718191a1b1c1d1e1f",
                       buf, sizeof buf);
  }
  if (value.len == 0) { /* there is no other */
    rig_free (r);
    return false;
  }
  unsigned result = rig_set_of (r, attr, value);
  if (other && one_value && result) { /* one is accepted, others are refused */
    CHECK_EQ (result, MW_DAR_OTHER_REASON);
    rig_free (r);
    return false;
  }
  if (!check_report (result == 0, __FILE__, __LINE__, "written"))
    printf ("    %u-%u:%u.%u.%u class %u attribute %u: %u\n", o->ln[0], o->ln[1], o->ln[2],
            o->ln[3], o->ln[4], o->class_id, row->n, result);
  live (r, v);
  rig_free (r);
  return true;
}

static void
one (uint16_t a, unsigned *with, unsigned *without)
{
  static view v, w;
  const mw_model_attr *row = &mw_model_attrs[a];
  const mw_model_object *o = &mw_model_objects[row->object];
  char name[40], effect[80] = "";
  bool found = false;
  snprintf (name, sizeof name, "%u-%u:%u.%u.%u", o->ln[0], o->ln[1], o->ln[2], o->ln[3],
            o->ln[4]);
  const char *why = reason_of (o, row->n, name);
  for (unsigned life = 0; life < (why ? 1 : LIVES) && !found; life++) {
    found = life_with (a, life, false, why, &v) && life_with (a, life, true, why, &w)
            && differs (&v, &w, a, effect, sizeof effect);
  }
  if (getenv ("MW_EFFECTS"))
    printf ("%s class %u attribute %u: %s\n", name, o->class_id, row->n,
            found ? effect
            : why ? why
                  : "-");
  if (!check_report (found == !why, __FILE__, __LINE__,
                     "has an effect, or a reason to have none"))
    printf ("    %s class %u attribute %u: %s\n", name, o->class_id, row->n,
            found ? effect : "no effect");
  *with += found;
  *without += !found;
}

static void
test_every_setting (void)
{
  unsigned with = 0, without = 0;
  CHECK (mw_model_n_attrs <= ATTRS);
  for (uint16_t a = 0; a < mw_model_n_attrs; a++)
    if (mw_model_attrs[a].access & MW_ACCESS_WRITE
        && mw_model_objects[mw_model_attrs[a].object].models & 1u << MW_MT381)
      one (a, &with, &without);
  printf ("%u settings with an effect, %u with a reason\n", with, without);
  CHECK (with > 100);
}

CHECK_MAIN (test_every_setting)
