/* kmp-pair.h: client and server of KMP joined in memory, with a small meter behind the server,
 * a line that takes its time and may do harm, and a notebook of what the client says. */
#ifndef MW_TEST_KMP_PAIR_H
#define MW_TEST_KMP_PAIR_H

#include <stdlib.h>

#include "check.h"
#include "kmp/client.h"
#include "kmp/server.h"

/* --- the meter -------------------------------------------------------------------------------
 */

typedef struct meter {
  uint32_t energy; /* of register 1, in Wh */
  uint16_t pin;    /* password and PIN */
  mw_civil clock;  /* as it was set */
  unsigned clocks, puts, resets, stops, logins, clears;
  mw_kmp_cut_off cut_off;
  mw_kmp_quality quality;
  uint8_t status[4];
  uint8_t display[4]; /* of register 4E2h */
  /* log 6: records OLDEST to NEWEST, a quarter of an hour apart */
  uint32_t oldest, newest, depth, last_read;
  bool empty;
  uint32_t odd;         /* the record whose energy is written with another exponent; 0: none */
  uint32_t grows_every; /* log answers between two new records; 0: none comes */
  unsigned answered;
  bool wide;     /* it knows B8 and not A0 to A3 */
  uint32_t back; /* the clock was set back by so much before the newest records */
} meter;

static inline void
meter_type (void *ctx, uint16_t *type, uint16_t *revision)
{
  (void) ctx;
  *type = 0x5301;
  *revision = 0x0c02;
}

static inline bool
meter_serial (void *ctx, uint32_t *serial)
{
  (void) ctx;
  *serial = 14410000;
  return true;
}

static inline bool
meter_get_register (void *ctx, uint16_t id, mw_kmp_value *out)
{
  meter *m = ctx;
  switch (id) {
  case 1:
    return !mw_kmp_put_number (out, mw_decimal_of (m->energy, 0, MW_UNIT_WH), 2, -3, 4);
  case 0x3ff:
    return !mw_kmp_put_number (out, mw_decimal_of (-1078, 0, MW_UNIT_W), 22, -3, 4);
  case 0x41e:
  case 0x41f:
  case 0x420:
    return !mw_kmp_put_number (out, mw_decimal_of (230 + id % 3, 0, MW_UNIT_V), 33, 0, 2);
  case 0x417:
    return !mw_kmp_put_civil (out, MW_KMP_UNIT_RTC, &m->clock);
  case 0x422:
    return !mw_kmp_put_text (out, "685382OK10", 10);
  case 0x32:
    return !mw_kmp_put_bits (out, 0x40, 1);
  case 0x4e2:
    return !mw_kmp_put_octets (out, 200, m->display, sizeof m->display);
  case 0x7f7f:
    return !mw_kmp_put_raw (out, 51, (mw_kmp_number){ 0, 0x80400d061b80400d, 0 }, 8);
  default:
    return false;
  }
}

static inline bool
meter_put_register (void *ctx, uint16_t password, const mw_kmp_value *v)
{
  meter *m = ctx;
  if (password != m->pin || v->id != 0x4e2 || v->octets != sizeof m->display)
    return false;
  memcpy (m->display, v->data, sizeof m->display);
  m->puts++;
  return true;
}

static inline bool
meter_set_clock (void *ctx, const mw_civil *t)
{
  meter *m = ctx;
  m->clock = *t;
  m->clock.status = 0;
  m->clocks++;
  return true;
}

static inline bool
meter_command (void *ctx, uint8_t cid, mw_span data, mw_wr *answer)
{
  meter *m = ctx;
  m->resets += cid == MW_KMP_RESET;
  m->stops += cid == MW_KMP_DEBITING_STOP;
  if (cid == 0x55)
    mw_wr_span (answer, data);
  return cid == MW_KMP_RESET || cid == MW_KMP_DEBITING_STOP || cid == 0x55;
}

static inline bool
meter_login (void *ctx, uint16_t pin)
{
  meter *m = ctx;
  m->logins += pin == m->pin;
  return pin == m->pin;
}

static inline bool
meter_set_cut_off (void *ctx, uint8_t what)
{
  meter *m = ctx;
  m->cut_off.state = what == MW_KMP_CUT_DISCONNECT ? 1 : what == MW_KMP_CUT_RELEASE ? 8 : 4;
  return true;
}

static inline bool
meter_get_cut_off (void *ctx, mw_kmp_cut_off *out)
{
  *out = ((meter *) ctx)->cut_off;
  return true;
}

static inline bool
meter_event_status (void *ctx, uint8_t status[4])
{
  memcpy (status, ((meter *) ctx)->status, 4);
  return true;
}

static inline bool
meter_clear_event_status (void *ctx, const uint8_t conditional[4],
                          const uint8_t unconditional[4])
{
  meter *m = ctx;
  m->clears++;
  for (unsigned i = 0; i < 4; i++)
    m->status[i] &= (uint8_t) ~(unconditional[i] | conditional[i]);
  return true;
}

static inline bool
meter_set_quality (void *ctx, const mw_kmp_quality *q)
{
  ((meter *) ctx)->quality = *q;
  return q->low < q->high;
}

static inline bool
meter_get_quality (void *ctx, mw_kmp_quality *out)
{
  *out = ((meter *) ctx)->quality;
  return true;
}

#define METER_START 1325376000 /* 2012-01-01 */

static inline int64_t
record_time (const meter *m, uint32_t record)
{
  return METER_START + 900 * ((int64_t) record - (int64_t) m->back);
}

/* A record more; the oldest goes when the log is full. */
static inline void
meter_grow (meter *m, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++) {
    m->newest++;
    if (m->newest - m->oldest >= m->depth)
      m->oldest++;
  }
}

static inline bool
meter_log_state (void *ctx, bool wide, uint8_t log, mw_kmp_log_state *out)
{
  meter *m = ctx;
  if (log != 6 || wide != m->wide)
    return false;
  if (m->grows_every && ++m->answered % m->grows_every == 0)
    meter_grow (m, 1);
  *out = (mw_kmp_log_state){ m->oldest, m->newest, m->empty, m->last_read, 0x417, 900 };
  return true;
}

static inline bool
meter_log_find (void *ctx, uint8_t log, const mw_civil *t, bool past, uint32_t *record)
{
  meter *m = ctx;
  int64_t at;
  (void) log;
  if (mw_civil_to_local_seconds (t, &at))
    return false;
  if (past) {
    for (uint32_t i = m->newest;; i--) {
      *record = i;
      if (record_time (m, i) <= at)
        return true;
      if (i == m->oldest)
        return false;
    }
  }
  for (uint32_t i = m->oldest;; i++) {
    *record = i;
    if (record_time (m, i) >= at)
      return true;
    if (i == m->newest)
      return false;
  }
}

/* What a record holds: its energy is its number times 7, registers 2 to 4 stand near it. */
static inline bool
meter_log_value (void *ctx, uint8_t log, uint32_t record, uint16_t id, mw_kmp_value *out)
{
  meter *m = ctx;
  mw_civil t = mw_civil_from_utc (record_time (m, record), 0, 0);
  (void) log;
  if (id == 0x417)
    return !mw_kmp_put_civil (out, m->wide ? MW_KMP_UNIT_DATE_TIME : MW_KMP_UNIT_RTC, &t);
  if (id >= 1 && id <= 4)
    return !mw_kmp_put_raw (out, record == m->odd ? 1 : 2,
                            (mw_kmp_number){ 0, record * 7ull + id - 1, -1 }, 4);
  return false;
}

static inline void
meter_log_read (void *ctx, uint8_t log, uint32_t newest)
{
  meter *m = ctx;
  (void) log;
  if ((int32_t) (newest - m->last_read) > 0)
    m->last_read = newest;
}

static const mw_kmp_ops meter_ops = { meter_type,
                                      meter_serial,
                                      meter_get_register,
                                      meter_put_register,
                                      meter_set_clock,
                                      meter_command,
                                      meter_login,
                                      meter_set_cut_off,
                                      meter_get_cut_off,
                                      meter_event_status,
                                      meter_clear_event_status,
                                      meter_set_quality,
                                      meter_get_quality,
                                      meter_log_state,
                                      meter_log_find,
                                      meter_log_value,
                                      meter_log_read };

/* --- the pair --------------------------------------------------------------------------------
 */

#ifndef PAIR_VALUES
#define PAIR_VALUES 3000u
#endif

typedef struct note {
  unsigned n, absents, records, gaps, done, failed;
  uint32_t lost;
  enum mw_err err;
  uint16_t ids[PAIR_VALUES];
  uint32_t record[PAIR_VALUES];
  uint64_t bits[PAIR_VALUES];
  uint16_t absent[32];
  mw_kmp_value last;
} note;

typedef struct pair {
  mw_kmp_client client;
  mw_kmp_server server;
  meter meter;
  note note;
  mw_ms now;
  size_t chunk;
  bool echo; /* the client's own bytes come back to it */
  bool deaf; /* the meter is not there */
  uint64_t carried;
  /* Called for every byte: what comes out, -1: it is lost; 0x100 and more: it comes twice. */
  int (*damage) (struct pair *p, bool to_meter, uint64_t index, uint8_t byte);
  uint64_t where;
  uint32_t seed, noise; /* harmed bytes in a million */
  uint32_t hurt;
  void (*on_request) (struct pair *p); /* a request has reached the meter */
  unsigned requests;
} pair;

static inline pair *
pair_new (size_t chunk)
{
  pair *p = calloc (1, sizeof *p);
  mw_kmp_client_config c = { .address = MW_KMP_METER };
  mw_kmp_server_config s = { .address = MW_KMP_METER };
  mw_kmp_client_init (&p->client, &c);
  mw_kmp_server_init (&p->server, &s, &meter_ops, &p->meter);
  p->chunk = chunk;
  p->now = 1000;
  p->seed = 2463534242u;
  p->meter = (meter){ .energy = 36886000,
                      .pin = MW_KMP_PIN,
                      .clock = mw_civil_from_utc (METER_START, 0, 0),
                      .cut_off = { 4, 0x1f },
                      .quality = { 207, 253, 6 },
                      .status = { 1, 2, 0x41, 0 },
                      .oldest = 1,
                      .newest = 60,
                      .depth = 2000 };
  return p;
}

static inline bool
pair_over (const pair *p)
{
  return p->note.done + p->note.failed > 0;
}

static inline void
pair_note (pair *p)
{
  mw_kmp_event e;
  note *n = &p->note;
  while ((e = mw_kmp_client_take_event (&p->client, p->now)).kind) {
    switch (e.kind) {
    case MW_KMP_VALUE:
      if (CHECK (n->n < PAIR_VALUES)) {
        n->ids[n->n] = e.id;
        n->record[n->n] = e.record;
        n->bits[n->n] = 0;
        mw_kmp_value_bits (e.value, &n->bits[n->n]);
        n->last = *e.value;
        n->n++;
      }
      break;
    case MW_KMP_ABSENT:
      n->absent[n->absents++ % 32] = e.id;
      break;
    case MW_KMP_RECORD:
      n->records++;
      break;
    case MW_KMP_GAP:
      n->gaps++;
      n->lost += e.lost;
      break;
    default:
      n->done += e.kind == MW_KMP_DONE;
      n->failed += e.kind == MW_KMP_FAILED;
      n->err = e.err;
    }
  }
}

/* BYTES as they come out of the line, in OUT. */
static inline size_t
pair_line (pair *p, bool to_meter, mw_span s, uint8_t *out)
{
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    int byte = s.ptr[i];
    if (p->damage)
      byte = p->damage (p, to_meter, p->carried, s.ptr[i]);
    p->carried++;
    if (byte >= 0)
      out[n++] = (uint8_t) byte;
    if (byte >= 0x100)
      out[n++] = (uint8_t) byte;
  }
  return n;
}

static inline void
pair_give (pair *p, bool to_meter, const uint8_t *bytes, size_t n)
{
  if (to_meter && p->deaf)
    return;
  if (to_meter) {
    uint32_t before = p->server.requests;
    mw_kmp_server_feed (&p->server, bytes, n, p->now);
    if (p->server.requests != before) {
      p->requests++;
      if (p->on_request)
        p->on_request (p);
    }
    return;
  }
  for (size_t at = 0; at < n;) {
    at += mw_kmp_client_feed (&p->client, bytes + at, n - at, p->now);
    pair_note (p);
  }
}

/* At most one chunk each way. */
static inline bool
pair_carry (pair *p)
{
  uint8_t bytes[2100];
  bool moved = false;
  for (int to_meter = 1; to_meter >= 0; to_meter--) {
    mw_span s = to_meter ? mw_kmp_client_tx (&p->client) : mw_kmp_server_tx (&p->server);
    if (s.len > p->chunk)
      s.len = p->chunk;
    if (!s.len)
      continue;
    moved = true;
    if (to_meter && p->echo) {
      memcpy (bytes, s.ptr, s.len);
      pair_give (p, false, bytes, s.len);
    }
    size_t n = pair_line (p, to_meter, s, bytes), sent = s.len;
    if (to_meter)
      mw_kmp_client_tx_ack (&p->client, sent, p->now);
    else
      mw_kmp_server_tx_ack (&p->server, sent, p->now);
    pair_give (p, to_meter, bytes, n);
  }
  return moved;
}

static inline mw_ms
pair_deadline (const pair *p)
{
  mw_ms a = mw_kmp_client_deadline (&p->client), b = mw_kmp_server_deadline (&p->server);
  return a < b ? a : b;
}

/* Until the request is over; the clock moves when nothing else does. */
static inline void
pair_run (pair *p)
{
  for (unsigned steps = 0; steps < 3000000; steps++) {
    pair_note (p);
    if (pair_over (p) || pair_carry (p)) {
      if (pair_over (p))
        return;
      continue;
    }
    pair_note (p);
    if (pair_over (p))
      return;
    if (mw_kmp_client_tx (&p->client).len || mw_kmp_server_tx (&p->server).len)
      continue;
    mw_ms next = pair_deadline (p);
    if (!CHECK (next != MW_NEVER))
      return; /* a hang */
    p->now = next > p->now ? next : p->now;
    mw_kmp_server_tick (&p->server, p->now);
    mw_kmp_client_tick (&p->client, p->now);
  }
  CHECK (!"an endless dialogue");
}

/* A new request: the notebook is empty, the clock a little on. */
static inline void
pair_clear (pair *p)
{
  memset (&p->note, 0, sizeof p->note);
  p->now += 5;
}

static inline void
pair_registers (pair *p, const uint16_t *ids, size_t n)
{
  pair_clear (p);
  CHECK_EQ (mw_kmp_client_get_registers (&p->client, ids, n, p->now), MW_OK);
  pair_run (p);
}

static inline void
pair_log (pair *p, const mw_kmp_log_query *q)
{
  pair_clear (p);
  CHECK_EQ (mw_kmp_client_read_log (&p->client, q, p->now), MW_OK);
  pair_run (p);
}

/* Harm as p->noise says: lost, damaged, repeated. */
static inline int
pair_noise (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) to_meter, (void) index;
  p->seed ^= p->seed << 13, p->seed ^= p->seed >> 17, p->seed ^= p->seed << 5;
  if (p->seed % 1000000u >= p->noise)
    return byte;
  p->hurt++;
  switch (p->seed >> 30) {
  case 0:
    return -1;
  case 1:
    return 0x100 | byte;
  default:
    return byte ^ (1 << (p->seed >> 24) % 8);
  }
}

#endif
