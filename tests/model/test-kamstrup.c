/* Kamstrup meters through their ports, in memory: every chunk size, a log that goes on and
 * wraps around while it is read, requests that are cut off or damaged, the ways from one
 * protocol to the other. */
#include <stdlib.h>
#include <string.h>

#include "base/crc.h"
#include "check.h"
#include "hal/host/nvm-file.h"
#include "kmp/client.h"
#include "ports/kport.h"

#define START INT64_C (1772323200) /* 2026-03-01T00:00:00Z */

typedef struct rig {
  mw_nvm_file nvm;
  mw_kmeter meter;
  mw_kamstrup model;
  mw_kport port;
  mw_kmp_client client;
  mw_ms now;
} rig;

static rig *
rig_new (const char *model, char generation, unsigned variant, enum mw_kport_kind kind)
{
  rig *r = calloc (1, sizeof *r);
  int p = mw_kpersonality_find (model, generation, variant);
  mw_load load = { .frequency_mhz = 50000 };
  mw_kmp_client_config client = { .address = MW_KMP_METER };
  CHECK (p >= 0);
  CHECK_EQ (mw_nvm_file_open (&r->nvm, NULL, MW_KMETER_NVM, 4096), MW_OK);
  mw_kamstrup_config config = { .personality = (unsigned) p,
                                .nvm = &r->nvm.nvm,
                                .serial = 14410000,
                                .password = MW_KMP_PIN,
                                .address = MW_KMP_METER };
  CHECK_EQ (mw_kamstrup_init (&r->model, &r->meter, &config), MW_OK);
  CHECK_EQ (mw_kmeter_start (&r->meter, START), MW_OK);
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    load.voltage_mv[ph] = 230000;
    load.current_ma[ph] = 5000;
  }
  mw_kmeter_load (&r->meter, &load);
  mw_kport_init (&r->port, &r->model, kind, 0);
  mw_kmp_client_init (&r->client, &client);
  return r;
}

static void
rig_free (rig *r)
{
  mw_nvm_file_close (&r->nvm);
  free (r);
}

/* Carry octets both ways, at most CHUNK at once; true when anything moved. */
static bool
carry (rig *r, size_t chunk)
{
  uint8_t piece[64];
  mw_span out = mw_kmp_client_tx (&r->client), in = mw_kport_tx (&r->port);
  size_t n = out.len < chunk ? out.len : chunk, m = in.len < chunk ? in.len : chunk;
  if (n) {
    memcpy (piece, out.ptr, n);
    mw_kmp_client_tx_ack (&r->client, n, r->now);
    mw_kport_feed (&r->port, piece, n, r->now);
  }
  if (m) {
    memcpy (piece, in.ptr, m);
    mw_kport_tx_ack (&r->port, m, r->now);
    CHECK_EQ (mw_kmp_client_feed (&r->client, piece, m, r->now), m);
  }
  return n || m;
}

/* The next event; when nothing moves, time does. */
static mw_kmp_event
next (rig *r, size_t chunk)
{
  for (;;) {
    mw_kmp_event e = mw_kmp_client_take_event (&r->client, r->now);
    if (e.kind != MW_KMP_NOTHING)
      return e;
    if (carry (r, chunk))
      continue;
    mw_ms a = mw_kmp_client_deadline (&r->client), b = mw_kport_deadline (&r->port);
    r->now = a < b ? a : b;
    if (a <= r->now)
      mw_kmp_client_tick (&r->client, r->now);
    if (b <= r->now)
      mw_kport_tick (&r->port, r->now);
  }
}

static enum mw_err
finish (rig *r, size_t chunk)
{
  mw_kmp_event e;
  do
    e = next (r, chunk);
  while (e.kind != MW_KMP_DONE && e.kind != MW_KMP_FAILED);
  return e.err;
}

static enum mw_err
get_type (rig *r, size_t chunk)
{
  CHECK_EQ (mw_kmp_client_get_type (&r->client, r->now), MW_OK);
  return finish (r, chunk);
}

/* --- dialogues ------------------------------------------------------------------------------
 */

static void
check_registers (rig *r, size_t chunk)
{
  static const uint16_t ids[] = { 1, 0x27, 0x417, 0x41e, 0x6fff, 0x422, 0x3e9, 0x3ff, 0x32, 2 };
  mw_kmp_value want;
  mw_kmp_event e;
  unsigned values = 0;
  CHECK_EQ (mw_kmp_client_get_registers (&r->client, ids, 10, r->now), MW_OK);
  while ((e = next (r, chunk)).kind == MW_KMP_VALUE || e.kind == MW_KMP_ABSENT) {
    const mw_kregister *reg = mw_kregister_find (r->model.p, e.id);
    CHECK_EQ (reg == NULL, e.kind == MW_KMP_ABSENT);
    if (!reg)
      continue;
    CHECK_EQ (mw_kamstrup_read (&r->model, reg, &want), MW_OK);
    CHECK (mw_kmp_same_format (e.value, &want));
    CHECK_MEM (e.value->data, e.value->octets, want.data, want.octets);
    values++;
  }
  CHECK_EQ (e.kind, MW_KMP_DONE);
  CHECK_EQ (values, 9);
}

static void
test_every_chunk (void)
{
  rig *r = rig_new ("k382", 'J', 0, MW_KPORT_TRANSPARENT);
  mw_kmeter_run (&r->meter, 7200);
  for (size_t chunk = 1; chunk <= 12; chunk++) {
    CHECK_EQ (get_type (r, chunk), MW_OK);
    CHECK_EQ (r->client.type, 0x5301);
    CHECK_EQ (mw_kmp_client_get_serial (&r->client, r->now), MW_OK);
    CHECK_EQ (finish (r, chunk), MW_OK);
    CHECK_EQ (r->client.serial, 14410000);
    check_registers (r, chunk);
  }
  rig_free (r);
}

static void
test_everybody (void)
{
  static const uint16_t logged[] = { MW_KV_EVENT, MW_KV_OLD, MW_KV_NEW, MW_KV_OLD_RTC };
  for (unsigned p = 0; p < mw_n_kpersonalities; p++) {
    const mw_kpersonality *who = &mw_kpersonalities[p];
    rig *r = rig_new (who->model, who->generation, who->variant, MW_KPORT_TRANSPARENT);
    CHECK_EQ (get_type (r, 64), MW_OK);
    CHECK_EQ (r->client.type, who->kmp_type);
    for (unsigned i = 0; i < mw_n_kregister_rows; i++) {
      const mw_kregister *reg = &mw_kregister_rows[i];
      mw_kmp_value v;
      bool only_logged = false;
      if (!mw_khas (reg->in, p))
        continue;
      for (unsigned l = 0; l < 4; l++)
        only_logged = only_logged || reg->bind == logged[l];
      CHECK_EQ (mw_kamstrup_read (&r->model, reg, &v) == MW_OK, !only_logged);
    }
    rig_free (r);
  }
}

/* --- logs -----------------------------------------------------------------------------------
 */

static void
add_status (rig *r)
{
  mw_meter_magnet (&r->meter.m, true);
  mw_kmeter_run (&r->meter, 1);
  mw_meter_magnet (&r->meter.m, false);
  mw_kmeter_run (&r->meter, 1);
}

/* Read the status log; after each RECORDS of them MORE entries come. Each comes once, in order,
 * and what was overwritten is told. */
static void
read_status_log (rig *r, uint32_t more)
{
  static const uint16_t ids[] = { 0x417, 0x7009 };
  mw_kmp_log_query q = { .by = MW_KMP_FROM_ID, .log = 2, .ids = ids, .n = 2 };
  mw_kmp_event e;
  uint32_t last, records = 0, lost = 0;
  q.record = mw_klog_oldest (&r->meter, MW_KLOG_STATUS);
  last = q.record - 1;
  CHECK_EQ (mw_kmp_client_read_log (&r->client, &q, r->now), MW_OK);
  while ((e = next (r, 64)).kind != MW_KMP_DONE && e.kind != MW_KMP_FAILED) {
    if (e.kind == MW_KMP_GAP)
      lost += e.lost;
    if (e.kind != MW_KMP_RECORD)
      continue;
    CHECK (e.record > last);
    last = e.record;
    for (uint32_t i = 0; records < 400 && i < more; i++)
      add_status (r);
    records++;
  }
  CHECK_EQ (e.kind, MW_KMP_DONE);
  CHECK_EQ (e.err, MW_OK);
  CHECK_EQ (records + lost, last - q.record + 1);
  CHECK_EQ (last, mw_klog_newest (&r->meter, MW_KLOG_STATUS));
  CHECK_EQ (lost > 0, more > 1);
}

static void
test_wrap (void)
{
  rig *r = rig_new ("k382", 'L', 0, MW_KPORT_TRANSPARENT);
  for (unsigned i = 0; i < 450; i++)
    add_status (r);
  CHECK (mw_klog_oldest (&r->meter, MW_KLOG_STATUS) > 200);
  CHECK (mw_klog_count (&r->meter, MW_KLOG_STATUS) >= 200);
  for (uint32_t more = 0; more <= 2; more++)
    read_status_log (r, more);
  rig_free (r);
}

/* --- damage ---------------------------------------------------------------------------------
 */

/* Requests that would change something. */
static size_t
request (unsigned which, uint8_t *buf, size_t cap)
{
  static const struct {
    const char *apdu;
    uint8_t len;
  } apdus[] = {
    { "\x11\x30\x39\x70\x42\x33\x04\x00\x00\x00\x03\x84", 12 }, /* 900 pulses out per kWh */
    { "\x09\x00\x04\x00\x00\x00\x00\x00\x00", 9 },              /* 2026-21-44 */
    { "\x10\x02\x00\x01\x00\x02", 6 },
    { "\xa2\x06\x02\x04\x17\x00\x01\x08\xff\x00\x01", 11 },
    { "\xb8\x02\x06\x02\x04\x17\x00\x01\x00\x08\x00\x00\x00\x01", 14 },
    { "\x97\x01", 2 },
    { "\x86\x00\x01", 3 },
  };
  mw_wr w;
  if (which >= sizeof apdus / sizeof apdus[0])
    return 0;
  mw_wr_init (&w, buf, cap);
  mw_kmp_frame_encode (&w, MW_KMP_TO_METER, MW_KMP_METER,
                       (mw_span){ (const uint8_t *) apdus[which].apdu, apdus[which].len });
  return mw_wr_done (&w).len;
}

static void
push (rig *r, const uint8_t *octets, size_t n)
{
  mw_kport_feed (&r->port, octets, n, r->now);
  while (mw_kport_tx (&r->port).len)
    mw_kport_tx_ack (&r->port, mw_kport_tx (&r->port).len, r->now);
  r->now += 1000; /* what broke off is forgotten */
  mw_kport_tick (&r->port, r->now);
}

static void
test_damage (void)
{
  uint8_t whole[64], cut[64];
  rig *r = rig_new ("omnipower-3p", 'N', 1, MW_KPORT_AT_MODULE);
  int64_t pulses = mw_kmeter_number (&r->meter, MW_KV_PULSE_OUT);
  int64_t state = mw_kmeter_number (&r->meter, MW_KV_CUTOFF_STATE);
  size_t n;
  for (unsigned which = 0; (n = request (which, whole, sizeof whole)) > 0; which++) {
    for (size_t len = 0; len < n; len++)
      push (r, whole, len);
    for (size_t bit = 0; bit < 8 * n; bit++) {
      memcpy (cut, whole, n);
      cut[bit / 8] ^= (uint8_t) (1u << bit % 8);
      push (r, cut, n);
    }
    CHECK_EQ (mw_kmeter_number (&r->meter, MW_KV_PULSE_OUT), pulses);
    CHECK_EQ (mw_kmeter_number (&r->meter, MW_KV_CUTOFF_STATE), state);
    CHECK_EQ (r->meter.m.st.clock.utc, START);
    mw_kport_reset (&r->port, r->now);
    CHECK_EQ (get_type (r, 64), MW_OK);
  }
  n = request (0, whole, sizeof whole);
  push (r, whole, n);
  CHECK_EQ (mw_kmeter_number (&r->meter, MW_KV_PULSE_OUT), 900);
  rig_free (r);
}

/* A clock outside of what a record's time holds is refused. */
static void
test_clock (void)
{
  static const struct {
    uint16_t year;
    uint8_t month, day;
    bool taken;
  } table[] = { { 2000, 1, 1, false }, { 2000, 1, 2, true }, { 2099, 12, 30, true } };
  rig *r = rig_new ("k382", 'K', 0, MW_KPORT_TRANSPARENT);
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    mw_civil t = mw_civil_any ();
    int64_t before = r->meter.m.st.clock.utc;
    t.year = table[i].year;
    t.month = table[i].month;
    t.day = table[i].day;
    t.hour = t.minute = t.second = 0;
    CHECK_EQ (mw_kmp_client_set_clock (&r->client, &t, r->now), MW_OK);
    CHECK_EQ (finish (r, 64) == MW_OK, table[i].taken);
    CHECK_EQ (r->meter.m.st.clock.utc == before, !table[i].taken);
  }
  rig_free (r);
}

/* --- ports ----------------------------------------------------------------------------------
 */

static void
check_line (const rig *r, uint32_t baud, unsigned bits, unsigned stops)
{
  mw_line line = mw_kport_line (&r->port);
  CHECK_EQ (line.baud, baud);
  CHECK_EQ (line.data_bits, bits);
  CHECK_EQ (line.stop_bits, stops);
}

static void
test_openings (void)
{
  rig *r = rig_new ("k382", 'J', 0, MW_KPORT_AT_HEAD);
  check_line (r, 9600, 8, 2);
  mw_kport_hear (&r->port, 9600, r->now);
  check_line (r, 9600, 8, 2);
  mw_kport_hear (&r->port, 300, r->now); /* an opening? */
  check_line (r, 300, 7, 1);
  mw_kport_hear (&r->port, 9600, r->now); /* no: back at once */
  CHECK_EQ (get_type (r, 64), MW_OK);
  mw_kport_hear (&r->port, 300, r->now);
  r->now += MW_KPORT_SILENCE_MS - 1;
  mw_kport_tick (&r->port, r->now);
  check_line (r, 300, 7, 1);
  CHECK_EQ (mw_kport_deadline (&r->port), r->now + 1);
  mw_kport_tick (&r->port, ++r->now);
  check_line (r, 9600, 8, 2);
  mw_kport_feed (&r->port, "\x7e\xa0\x07", 3, r->now); /* no DLMS here */
  CHECK_EQ (r->port.state, MW_KPORT_REST);
  rig_free (r);

  r = rig_new ("k382", 'C', 0, MW_KPORT_AT_MODULE);
  check_line (r, 1200, 8, 2);
  rig_free (r);

  r = rig_new ("omnipower-3p", 'N', 1, MW_KPORT_AT_HEAD);
  mw_kport_feed (&r->port, "\x7e\xa0\x07", 3, r->now);
  CHECK_EQ (r->port.state, MW_KPORT_IN_HDLC);
  r->now += 2 * MW_KPORT_SILENCE_MS; /* and nothing follows */
  mw_kport_tick (&r->port, r->now);
  CHECK_EQ (get_type (r, 64), MW_OK);
  rig_free (r);
}

/* A 7Eh and a "/" inside a KMP frame open nothing. */
static void
test_inside_a_frame (void)
{
  static const uint8_t start[] = { 0x80, 0x3f, '/', 0x7e };
  rig *r = rig_new ("omnipower-1p", 'N', 1, MW_KPORT_TRANSPARENT);
  for (size_t i = 0; i < sizeof start; i++)
    mw_kport_feed (&r->port, start + i, 1, r->now);
  CHECK_EQ (r->port.state, MW_KPORT_REST);
  r->now += 1000;
  mw_kport_tick (&r->port, r->now);
  mw_kport_feed (&r->port, "/?!\r\n", 5, r->now);
  CHECK_EQ (r->port.state, MW_KPORT_IN_IEC);
  rig_free (r);
}

/* --- plans ----------------------------------------------------------------------------------
 */

static enum mw_err
write_number (rig *r, uint16_t id, uint64_t number)
{
  mw_kmp_value v = { .id = id };
  CHECK_EQ (mw_kmp_put_raw (&v, MW_KMP_UNIT_NUMBER, (mw_kmp_number){ false, number, 0 }, 2),
            MW_OK);
  CHECK_EQ (mw_kmp_client_put_register (&r->client, MW_KMP_PIN, &v, r->now), MW_OK);
  return finish (r, 64);
}

static enum mw_err
write_octets (rig *r, uint16_t id, const uint8_t *data, size_t len)
{
  mw_kmp_value v = { .id = id };
  CHECK_EQ (mw_kmp_put_octets (&v, 0, data, len), MW_OK);
  CHECK_EQ (mw_kmp_client_put_register (&r->client, MW_KMP_PIN, &v, r->now), MW_OK);
  return finish (r, 64);
}

/* Octets of register ID into BUF; how many. */
static size_t
read_octets (rig *r, uint16_t id, uint8_t *buf)
{
  mw_kmp_event e;
  size_t n = 0;
  CHECK_EQ (mw_kmp_client_get_registers (&r->client, &id, 1, r->now), MW_OK);
  while ((e = next (r, 64)).kind == MW_KMP_VALUE) {
    n = e.value->octets;
    memcpy (buf, e.value->data, n);
  }
  CHECK_EQ (e.kind, MW_KMP_DONE);
  return n;
}

/* Two years of a tariff plan whose tariff is 1 + quarter of an hour mod 8, whatever the day. */
static size_t
quarters (uint8_t plan[512])
{
  size_t n = 4 + 2 * 92;
  uint16_t crc;
  memset (plan, 0, 512);
  memcpy (plan, (const uint8_t[]){ MW_KPLAN_TARIFF, 1, 26, 2 }, 4);
  for (unsigned i = 0; i < 6 * 48; i++)
    plan[n++] = (uint8_t) (2 * i % 8 | (2 * i + 1) % 8 << 4);
  crc = mw_crc_x25 (plan, n);
  plan[n++] = (uint8_t) (crc >> 8);
  plan[n++] = (uint8_t) crc;
  return n;
}

/* Programmed through KMP, followed, read back; a damaged one is refused and changes nothing. */
static void
test_plan (void)
{
  rig *r = rig_new ("k382", 'J', 0, MW_KPORT_TRANSPARENT);
  uint8_t plan[512], back[512 + 64], length[8];
  size_t n = quarters (plan);
  for (unsigned good = 0; good < 2; good++) {
    plan[200] ^= good ? 0 : 1;
    CHECK_EQ (write_number (r, 0x7090, MW_KPLAN_TARIFF), MW_OK);
    CHECK_EQ (write_number (r, 0x7091, n), MW_OK);
    for (size_t at = 0; at < n; at += 64)
      CHECK_EQ (write_octets (r, 0x7093, plan + at, n - at < 64 ? n - at : 64), MW_OK);
    CHECK_EQ (write_number (r, 0x7094, 1) == MW_OK, good);
    CHECK_EQ (mw_kmeter_number (&r->meter, MW_KV_TARIFF), good ? 5 : 1); /* 01:00 */
    plan[200] ^= good ? 0 : 1;
  }
  mw_kmeter_run (&r->meter, 900);
  CHECK_EQ (mw_kmeter_number (&r->meter, MW_KV_TARIFF), 6);
  CHECK_EQ (read_octets (r, 0x7091, length), 2);
  CHECK_EQ (length[0] << 8 | length[1], n);
  for (size_t at = 0; at < n; at += 64) {
    CHECK_EQ (write_number (r, 0x7092, at), MW_OK);
    CHECK_EQ (read_octets (r, 0x7093, back + at), 64);
  }
  CHECK_MEM (back, n, plan, n);
  CHECK (write_number (r, 0x7090, MW_KPLAN_PERIOD) != MW_OK); /* of generation L */
  rig_free (r);
}

CHECK_MAIN (test_plan, test_every_chunk, test_everybody, test_wrap, test_damage, test_clock,
            test_openings, test_inside_a_frame)
