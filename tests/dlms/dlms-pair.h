/* dlms-pair.h: a client and a server engine joined in memory over HDLC or the wrapper, with a
 * small meter behind the server and a notebook that writes down what the client says. */
#ifndef MW_TEST_DLMS_PAIR_H
#define MW_TEST_DLMS_PAIR_H

#include <stdlib.h>

#include "check.h"
#include "dlms/client.h"
#include "dlms/hdlc.h"
#include "dlms/server.h"
#include "dlms/wrapper.h"

#ifndef PAIR_APDU
#define PAIR_APDU 4096u
#define PAIR_DATA 40000u /* octets of one item's value */
#endif
#define PAIR_ITEMS 32u
#define METER_VALUE 3000u

/* --- the meter -------------------------------------------------------------------------------
 */

typedef struct meter {
  uint32_t rows;              /* of the profile */
  uint8_t value[METER_VALUE]; /* of the settable object, an A-XDR value */
  size_t value_len;
  uint32_t sets, actions, releases;
  uint8_t action[METER_VALUE]; /* the parameter of the last action */
  size_t action_len;
  uint32_t fail_after; /* pieces until the profile cannot be read on; 0: never */
  bool silent;         /* the profile gives nothing and is not done: a model's mistake */
  size_t piece;        /* octets given at a time at most; 0: as many as fit */
} meter;

#define LN_NAME MW_OBIS (0, 0, 42, 0, 0, 255)
#define LN_ENERGY MW_OBIS (1, 0, 1, 8, 0, 255)
#define LN_PROFILE MW_OBIS (1, 0, 99, 1, 0, 255)
#define LN_FREE MW_OBIS (0, 0, 96, 1, 0, 255)
#define LN_LOCKED MW_OBIS (0, 0, 96, 1, 1, 255)
#define LN_SCRIPT MW_OBIS (0, 0, 10, 0, 0, 255)

static inline void
meter_row (mw_wr *w, uint32_t row)
{
  mw_civil t = mw_civil_from_utc (1735689600 + 900 * (int64_t) row, 60, 0);
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_civil (w, &t);
  mw_axdr_put_u8 (w, 0);
  mw_axdr_put_u32 (w, 1000 + row * 7);
}

static inline uint8_t
meter_associate (void *ctx, const mw_dlms_login *login)
{
  (void) ctx;
  if ((login->client_sap == 16 || login->client_sap == 102) && login->mechanism == MW_AUTH_NONE)
    return MW_DIAG_NULL;
  if (login->client_sap != 1)
    return MW_DIAG_NO_REASON;
  if (login->mechanism != MW_AUTH_LOW)
    return MW_DIAG_AUTHENTICATION_REQUIRED;
  if (login->secret.len != 8 || memcmp (login->secret.ptr, "12345678", 8) != 0)
    return MW_DIAG_AUTHENTICATION_FAILURE;
  return MW_DIAG_NULL;
}

static inline void
meter_released (void *ctx)
{
  ((meter *) ctx)->releases++;
}

static inline uint8_t
meter_get_open (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access,
                mw_dlms_stream *s)
{
  meter *m = ctx;
  mw_profile_select select;
  if (mw_obis_equal (attr->ln, LN_LOCKED))
    return MW_DAR_READ_WRITE_DENIED;
  if (!mw_obis_equal (attr->ln, LN_PROFILE))
    return mw_obis_equal (attr->ln, LN_NAME) || mw_obis_equal (attr->ln, LN_ENERGY)
                   || mw_obis_equal (attr->ln, LN_FREE)
               ? MW_DAR_SUCCESS
               : MW_DAR_OBJECT_UNDEFINED;
  if (mw_profile_select_decode (access, &select))
    return MW_DAR_TYPE_UNMATCHED;
  s->row = select.selector == MW_SELECT_ENTRY ? select.from_entry - 1 : 0;
  s->end = select.selector == MW_SELECT_ENTRY && select.to_entry ? select.to_entry : m->rows;
  s->step = 0;
  return MW_DAR_SUCCESS;
}

static inline size_t
meter_get_next (void *ctx, mw_dlms_stream *s, uint8_t *buf, size_t cap)
{
  meter *m = ctx;
  mw_wr w;
  if (m->piece && cap > m->piece)
    cap = m->piece;
  mw_wr_init (&w, buf, cap);
  if (mw_obis_equal (s->attr.ln, LN_FREE)) {
    size_t n = m->value_len - s->pos < cap ? m->value_len - s->pos : cap;
    memcpy (buf, m->value + s->pos, n);
    s->pos += (uint32_t) n;
    s->done = s->pos == m->value_len;
    return n;
  }
  if (!mw_obis_equal (s->attr.ln, LN_PROFILE)) {
    if (mw_obis_equal (s->attr.ln, LN_NAME))
      mw_axdr_put_octets (&w, "MWTEST0000000001", 16);
    else
      mw_axdr_put_u32 (&w, 123456);
    s->done = true;
    return mw_wr_len (&w);
  }
  if (m->silent)
    return 0;
  if (m->fail_after && ++s->step > m->fail_after) {
    s->result = MW_DAR_HARDWARE_FAULT;
    return 0;
  }
  if (s->pos++ == 0)
    mw_axdr_put_array (&w, s->end - s->row);
  while (s->row < s->end && mw_wr_left (&w) >= 23)
    meter_row (&w, s->row++);
  s->done = s->row >= s->end;
  return mw_wr_len (&w);
}

static inline uint8_t
meter_set (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access, mw_cur *value)
{
  meter *m = ctx;
  mw_span v = mw_axdr_take (value);
  (void) access;
  if (!mw_obis_equal (attr->ln, LN_FREE))
    return MW_DAR_READ_WRITE_DENIED;
  if (v.len > sizeof m->value || v.len == 0)
    return MW_DAR_TYPE_UNMATCHED;
  memcpy (m->value, v.ptr, v.len);
  m->value_len = v.len;
  m->sets++;
  return MW_DAR_SUCCESS;
}

/* Method 1 returns its parameter, method 2 nothing. */
static inline uint8_t
meter_action (void *ctx, const mw_dlms_attr *method, mw_cur *parameter, mw_wr *reply)
{
  meter *m = ctx;
  size_t n = mw_cur_left (parameter);
  if (!mw_obis_equal (method->ln, LN_SCRIPT))
    return MW_DAR_OBJECT_UNDEFINED;
  if (n > sizeof m->action)
    return MW_DAR_TYPE_UNMATCHED;
  m->action_len = n;
  m->actions++;
  if (n)
    memcpy (m->action, parameter->at, n);
  if (method->index == 1)
    mw_wr_bytes (reply, m->action, n);
  return MW_DAR_SUCCESS;
}

static const mw_dlms_ops meter_ops = { meter_associate, meter_released, meter_get_open,
                                       meter_get_next,  meter_set,      meter_action };

/* --- the pair --------------------------------------------------------------------------------
 */

typedef struct note {
  uint8_t data[PAIR_ITEMS][PAIR_DATA];
  size_t len[PAIR_ITEMS];
  uint8_t result[PAIR_ITEMS], data_result[PAIR_ITEMS];
  uint32_t results[PAIR_ITEMS]; /* how often a RESULT came */
  unsigned associated, done, released, failed, notified;
  enum mw_err err; /* of DONE or FAILED */
} note;

typedef struct pair {
  union {
    mw_hdlc hdlc;
    mw_wrapper wrapper;
  } c, s;
  uint8_t c_rx[PAIR_APDU], c_tx[PAIR_APDU], s_rx[PAIR_APDU], s_tx[PAIR_APDU];
  uint8_t piece[1024], store[4096];
  mw_dlms_client client;
  mw_dlms_server server;
  meter meter;
  note note;
  size_t chunk;
  mw_ms now;
  uint32_t carried; /* octets, both ways */
  /* Every APDU payload of the wrapper is seen here, when set. */
  void (*spy) (struct pair *p, bool from_client, const uint8_t *octets, size_t n);
  uint32_t noise; /* octets per million that are lost or damaged */
  uint32_t seed, hurt;
  uint32_t cut_after; /* octets after which the line is dead; 0: never */
} pair;

typedef struct setup {
  bool hdlc;
  uint16_t sap, client_pdu, server_pdu;
  uint32_t client_conformance, server_conformance;
  const char *password;
  size_t chunk, piece_cap, store_cap;
  uint32_t inactivity_ms;
  mw_hdlc_limits limits; /* of HDLC; 0: the defaults */
  uint16_t preestablished;
} setup;

static inline void
pair_transports (pair *p, const setup *u)
{
  uint16_t sap = u->sap ? u->sap : 1;
  if (u->hdlc) {
    mw_hdlc_config c = { .role = MW_CLIENT,
                         .client = (uint8_t) sap,
                         .servers = { 1 },
                         .n_servers = 1,
                         .physical = 17,
                         .address_bytes = 2,
                         .limits = u->limits,
                         .rx_buf = p->c_rx,
                         .rx_cap = sizeof p->c_rx,
                         .tx_buf = p->c_tx,
                         .tx_cap = sizeof p->c_tx };
    mw_hdlc_config s = c;
    s.role = MW_SERVER;
    s.rx_buf = p->s_rx;
    s.tx_buf = p->s_tx;
    mw_hdlc_init (&p->c.hdlc, &c);
    mw_hdlc_init (&p->s.hdlc, &s);
    return;
  }
  mw_wrapper_config c = { .role = MW_CLIENT,
                          .client = sap,
                          .servers = { 1 },
                          .n_servers = 1,
                          .rx_buf = p->c_rx,
                          .rx_cap = sizeof p->c_rx,
                          .tx_buf = p->c_tx,
                          .tx_cap = sizeof p->c_tx };
  mw_wrapper_config s = c;
  s.role = MW_SERVER;
  s.rx_buf = p->s_rx;
  s.tx_buf = p->s_tx;
  mw_wrapper_init (&p->c.wrapper, &c);
  mw_wrapper_init (&p->s.wrapper, &s);
}

static inline mw_transport *
pair_end (pair *p, bool client, bool hdlc)
{
  if (hdlc)
    return client ? &p->c.hdlc.transport : &p->s.hdlc.transport;
  return client ? &p->c.wrapper.transport : &p->s.wrapper.transport;
}

static inline pair *
pair_new (const setup *u)
{
  pair *p = calloc (1, sizeof *p);
  const char *password = u->password ? u->password : "12345678";
  mw_dlms_client_config c = { .mechanism = *password ? MW_AUTH_LOW : MW_AUTH_NONE,
                              .password = { (const uint8_t *) password, strlen (password) },
                              .conformance = u->client_conformance,
                              .max_pdu = u->client_pdu ? u->client_pdu : 1024,
                              .preestablished = u->preestablished != 0 };
  mw_dlms_server_config s = { .conformance = u->server_conformance,
                              .max_pdu = u->server_pdu ? u->server_pdu : 1024,
                              .inactivity_ms = u->inactivity_ms,
                              .preestablished = u->preestablished,
                              .piece = p->piece,
                              .piece_cap = u->piece_cap ? u->piece_cap : sizeof p->piece,
                              .store = p->store,
                              .store_cap = u->store_cap ? u->store_cap : sizeof p->store };
  pair_transports (p, u);
  mw_dlms_client_init (&p->client, pair_end (p, true, u->hdlc), &c);
  mw_dlms_server_init (&p->server, pair_end (p, false, u->hdlc), &meter_ops, &p->meter, &s);
  p->chunk = u->chunk ? u->chunk : 1000;
  p->now = 1000;
  p->seed = 88172645;
  p->meter.rows = 40;
  p->meter.value[0] = 0x09;
  p->meter.value[1] = 0;
  p->meter.value_len = 2;
  return p;
}

static inline void
pair_note (pair *p)
{
  mw_dlms_event e;
  note *n = &p->note;
  while ((e = mw_dlms_client_take_event (&p->client)).kind != MW_DLMS_NOTHING) {
    unsigned i = e.item < PAIR_ITEMS ? e.item : PAIR_ITEMS - 1;
    switch (e.kind) {
    case MW_DLMS_DATA:
      CHECK (e.data.len > 0 && n->len[i] + e.data.len <= sizeof n->data[i]);
      if (n->len[i] + e.data.len <= sizeof n->data[i])
        memcpy (n->data[i] + n->len[i], e.data.ptr, e.data.len);
      n->len[i] += e.data.len;
      break;
    case MW_DLMS_RESULT:
      n->result[i] = e.result;
      n->data_result[i] = e.data_result;
      n->results[i]++;
      break;
    default:
      n->associated += e.kind == MW_DLMS_ASSOCIATED;
      n->released += e.kind == MW_DLMS_RELEASED;
      n->notified += e.kind == MW_DLMS_NOTIFICATION;
      n->done += e.kind == MW_DLMS_DONE;
      n->failed += e.kind == MW_DLMS_FAILED;
      if (e.kind == MW_DLMS_DONE || e.kind == MW_DLMS_FAILED)
        n->err = e.err;
    }
  }
}

/* Lose or damage some of N octets; returns how many are left. */
static inline size_t
pair_hurt (pair *p, uint8_t *octets, size_t n)
{
  size_t left = 0;
  for (size_t i = 0; i < n; i++) {
    p->seed ^= p->seed << 13, p->seed ^= p->seed >> 17, p->seed ^= p->seed << 5;
    if (p->seed % 1000000u >= p->noise) {
      octets[left++] = octets[i];
    } else {
      p->hurt++;
      if (p->seed >> 31)
        octets[left++] = (uint8_t) (octets[i] ^ 1u << (p->seed >> 24) % 8);
    }
  }
  return left;
}

/* Carry at most one chunk each way. */
static inline bool
pair_carry (pair *p)
{
  bool moved = false;
  for (int way = 0; way < 2; way++) {
    mw_span s = way ? mw_dlms_server_tx (&p->server) : mw_dlms_client_tx (&p->client);
    size_t n = s.len < p->chunk ? s.len : p->chunk, taken;
    uint8_t copy[5000];
    if (n > sizeof copy)
      n = sizeof copy;
    if (!n)
      continue;
    moved = true;
    memcpy (copy, s.ptr, n);
    p->carried += (uint32_t) n;
    if (way)
      mw_dlms_server_tx_ack (&p->server, n, p->now);
    else
      mw_dlms_client_tx_ack (&p->client, n, p->now);
    if (p->spy)
      p->spy (p, !way, copy, n);
    if (p->cut_after && p->carried > p->cut_after)
      continue;
    if (p->noise)
      n = pair_hurt (p, copy, n);
    for (taken = 0; taken < n; pair_note (p)) {
      size_t k = way ? mw_dlms_client_feed (&p->client, copy + taken, n - taken, p->now)
                     : mw_dlms_server_feed (&p->server, copy + taken, n - taken, p->now);
      if (k == 0 && !way)
        break; /* a server with something to send first: the rest is a lost octet */
      taken += k;
    }
  }
  return moved;
}

/* Until nothing moves: then the clock goes to the next deadline, while the client waits for
 * something.  Ends by itself: every wait of the client is bounded. */
static inline void
pair_run (pair *p)
{
  for (unsigned steps = 0; steps < 2000000; steps++) {
    mw_ms next = mw_dlms_client_deadline (&p->client), other;
    unsigned over = p->note.associated + p->note.done + p->note.released + p->note.failed;
    pair_note (p);
    if (pair_carry (p))
      continue;
    pair_note (p);
    if (mw_dlms_client_tx (&p->client).len || mw_dlms_server_tx (&p->server).len)
      continue;
    if (p->note.associated + p->note.done + p->note.released + p->note.failed > over)
      continue;
    other = mw_dlms_server_deadline (&p->server);
    if (p->client.state == 0 || p->client.state == 3) /* idle or ready: it waits for us */
      return;
    if (other < next)
      next = other;
    if (!CHECK (next != MW_NEVER))
      return; /* a hang */
    if (next > p->now)
      p->now = next;
    mw_dlms_client_tick (&p->client, p->now);
    mw_dlms_server_tick (&p->server, p->now);
    pair_note (p);
  }
  CHECK (!"an endless dialogue");
}

static inline void
note_clear (pair *p)
{
  memset (&p->note, 0, sizeof p->note);
}

static inline bool
pair_associate (pair *p)
{
  CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_OK);
  pair_run (p);
  return CHECK (p->note.associated == 1) && p->server.associated;
}

static inline void
pair_get (pair *p, const mw_dlms_item *items, size_t n)
{
  note_clear (p);
  CHECK_EQ (mw_dlms_client_get (&p->client, items, n, p->now), MW_OK);
  pair_run (p);
  CHECK_EQ (p->note.done + p->note.failed, 1);
}

static inline void
pair_set (pair *p, const mw_dlms_item *items, size_t n)
{
  note_clear (p);
  CHECK_EQ (mw_dlms_client_set (&p->client, items, n, p->now), MW_OK);
  pair_run (p);
  CHECK_EQ (p->note.done + p->note.failed, 1);
}

static inline void
pair_action (pair *p, const mw_dlms_item *items, size_t n)
{
  note_clear (p);
  CHECK_EQ (mw_dlms_client_action (&p->client, items, n, p->now), MW_OK);
  pair_run (p);
  CHECK_EQ (p->note.done + p->note.failed, 1);
}

/* What the profile's rows [FROM, TO) are, written in one go. */
static inline size_t
profile_octets (uint8_t *buf, size_t cap, uint32_t from, uint32_t to)
{
  mw_wr w;
  mw_wr_init (&w, buf, cap);
  mw_axdr_put_array (&w, to - from);
  for (uint32_t i = from; i < to; i++)
    meter_row (&w, i);
  return mw_wr_len (&w);
}

static const mw_dlms_item item_name = { .attr = { 1, { { 0, 0, 42, 0, 0, 255 } }, 2 } };
static const mw_dlms_item item_energy = { .attr = { 3, { { 1, 0, 1, 8, 0, 255 } }, 2 } };
static const mw_dlms_item item_profile = { .attr = { 7, { { 1, 0, 99, 1, 0, 255 } }, 2 } };
static const mw_dlms_item item_free = { .attr = { 1, { { 0, 0, 96, 1, 0, 255 } }, 2 } };
static const mw_dlms_item item_locked = { .attr = { 1, { { 0, 0, 96, 1, 1, 255 } }, 2 } };
static const mw_dlms_item item_absent = { .attr = { 1, { { 0, 0, 96, 9, 9, 255 } }, 2 } };
static const mw_dlms_item item_script = { .attr = { 9, { { 0, 0, 10, 0, 0, 255 } }, 1 } };

#endif
