/* KMP: what a codec reads it writes back; logs end; client and server take any bytes in any
 * state, with time passing, and keep their buffers and their events in order.
 *
 * The first byte of the input chooses what the client asks and the size of the pieces. */
#include <string.h>

#include "fuzz.h"
#include "kmp/ascii.h"
#include "kmp/client.h"
#include "kmp/server.h"

static void
check_frames (const uint8_t *data, size_t size)
{
  uint8_t buf[MW_KMP_INNER_MAX], again[MW_KMP_FRAME_MAX (MW_KMP_APDU_MAX)], inner[1100];
  mw_kmp_framer f;
  mw_kmp_framer_init (&f, buf, sizeof buf);
  for (size_t i = 0; i < size; i++) {
    mw_kmp_frame frame;
    enum mw_kmp_msg msg = mw_kmp_framer_byte (&f, data[i], &frame);
    MUST (f.len <= sizeof buf);
    if (msg != MW_KMP_MSG_REQUEST && msg != MW_KMP_MSG_ANSWER)
      continue;
    mw_wr w, u;
    mw_wr_init (&w, again, sizeof again);
    mw_kmp_frame_encode (&w, frame.start, frame.address,
                         (mw_span){ frame.data.ptr - 1, frame.data.len + 1 });
    MUST (!w.err && mw_wr_len (&w) <= i + 1);
    MUST (memcmp (again, data + i + 1 - mw_wr_len (&w), mw_wr_len (&w)) == 0);
    mw_wr_init (&u, inner, sizeof inner);
    MUST (!mw_kmp_unstuff (&u, (mw_span){ again + 1, mw_wr_len (&w) - 2 }));
    MUST (mw_wr_len (&u) == frame.data.len + 4);
  }
}

static void
check_value (const mw_kmp_value *v)
{
  char text[MW_KMP_TEXT];
  mw_kmp_value back = *v;
  mw_kmp_number n;
  mw_decimal d;
  mw_civil t;
  size_t len = mw_kmp_value_text (v, text, sizeof text);
  MUST (len < sizeof text && text[len] == 0);
  if (!mw_kmp_value_raw (v, &n)) {
    MUST (!mw_kmp_put_raw (&back, v->unit, n, v->octets));
    MUST (memcmp (back.data, v->data, v->octets) == 0);
  }
  if (!mw_kmp_value_number (v, &d) && n.exponent >= -18 && n.exponent <= 18) {
    MUST (!mw_kmp_put_number (&back, d, v->unit, n.exponent, v->octets));
    MUST (memcmp (back.data, v->data, v->octets) == 0);
  }
  if (!mw_kmp_value_civil (v, &t)
      && (t.year == MW_YEAR_ANY || (t.year >= 2000 && t.year < 2100)))
    MUST (!mw_kmp_put_civil (&back, v->unit, &t));
}

static void
check_log (uint8_t cid, mw_span data)
{
  mw_kmp_log_answer a;
  mw_kmp_log_request r;
  mw_kmp_value v;
  bool starts;
  size_t values = 0, records = 0;
  if (!mw_kmp_log_answer_decode (cid, data, &a)) {
    while (mw_kmp_log_answer_next (&a, &v, &starts)) {
      check_value (&v);
      records += starts;
      MUST (++values <= 16 * (data.len + 1));
    }
    MUST (!a.body.err && records == a.records);
  }
  if (!mw_kmp_log_request_decode (cid, data, &r)) {
    uint8_t again[64];
    mw_wr w;
    mw_wr_init (&w, again, sizeof again);
    mw_kmp_log_request_encode (&w, &r);
    MUST (!w.err && mw_wr_len (&w) == data.len + 1 && again[0] == cid);
  }
}

static void
check_codecs (const uint8_t *data, size_t size)
{
  mw_cur c;
  mw_cur_init (&c, data, size);
  while (mw_cur_left (&c)) {
    mw_kmp_value v;
    mw_kmp_value_decode (&c, &v);
    if (!c.err)
      check_value (&v);
  }
  static const uint8_t cids[] = { 0xa0, 0xa1, 0xa2, 0xa3, 0xb8, 0x10 };
  for (size_t i = 0; i < sizeof cids; i++)
    check_log (cids[i], (mw_span){ data, size });
}

/* The variant in digits: the telegram itself, and the one that has DATA in it. */
static void
check_ascii (const uint8_t *data, size_t size)
{
  uint8_t octets[128], again[300], back[128];
  mw_kmp_ascii_frame f = { 'H', 0xfe, 0x90, { data, size < 100 ? size : 100 } }, g;
  mw_kmp_ascii_readings readings;
  mw_kmp_ascii_tariffs tariffs;
  char type[11];
  mw_wr w;
  if (!mw_kmp_ascii_decode ((mw_span){ data, size }, octets, sizeof octets, &g)) {
    mw_wr_init (&w, again, sizeof again);
    mw_kmp_ascii_encode (&w, &g);
    MUST (mw_wr_len (&w) >= size && memcmp (again, data, size) == 0);
    mw_kmp_ascii_tariffs_decode (&g, &tariffs);
    mw_kmp_ascii_type_decode (&g, type);
  }
  mw_wr_init (&w, again, sizeof again);
  mw_kmp_ascii_encode (&w, &f);
  MUST (!mw_kmp_ascii_decode (mw_wr_done (&w), back, sizeof back, &g));
  MUST (g.data.len == f.data.len && (!g.data.len || !memcmp (g.data.ptr, data, g.data.len)));
  mw_kmp_ascii_readings_decode (&g, &readings);
}

/* --- a meter that answers from the input's own bytes --- */

static bool
get_register (void *ctx, uint16_t id, mw_kmp_value *out)
{
  (void) ctx;
  return id % 3 && !mw_kmp_put_raw (out, (uint8_t) (id % 80), (mw_kmp_number){ 0, id, 0 }, 4);
}

static bool
put_register (void *ctx, uint16_t password, const mw_kmp_value *v)
{
  (void) ctx;
  check_value (v);
  return password % 2;
}

static bool
command (void *ctx, uint8_t cid, mw_span data, mw_wr *answer)
{
  (void) ctx;
  mw_wr_span (answer, data);
  return cid % 2;
}

static bool
log_state (void *ctx, bool wide, uint8_t log, mw_kmp_log_state *out)
{
  (void) ctx, (void) wide;
  *out = (mw_kmp_log_state){ 65000, 66000, log % 5 == 4, 65500, 3, 60 };
  return log % 7 != 6;
}

static bool
log_find (void *ctx, uint8_t log, const mw_civil *t, bool past, uint32_t *record)
{
  (void) ctx, (void) log, (void) past;
  *record = 65000 + t->day;
  return t->month % 2;
}

static bool
log_value (void *ctx, uint8_t log, uint32_t record, uint16_t id, mw_kmp_value *out)
{
  (void) ctx;
  MUST (record >= 65000 && record <= 66000);
  return id % 4
         && !mw_kmp_put_raw (out, log, (mw_kmp_number){ record % 50 == 0, record * id, 0 }, 7);
}

static const mw_kmp_ops ops = { .get_register = get_register,
                                .put_register = put_register,
                                .command = command,
                                .log_state = log_state,
                                .log_find = log_find,
                                .log_value = log_value };

/* --- the engines --- */

static void
ask (mw_kmp_client *c, unsigned choice, mw_ms now)
{
  static const uint16_t ids[] = { 1, 0x3ff, 0x417, 0x3c, 0x44, 0x80, 7, 8, 9, 10 };
  mw_kmp_log_query q = { .by = (uint8_t) (choice / 8 % 4),
                         .wide = choice % 2,
                         .log = (uint8_t) (choice % 8),
                         .ids = ids,
                         .n = 2,
                         .time = mw_civil_any (),
                         .record = choice };
  if (choice % 4 == 0)
    mw_kmp_client_get_registers (c, ids, 10, now);
  else if (choice % 4 == 1)
    mw_kmp_client_get_type (c, now);
  else
    mw_kmp_client_read_log (c, &q, now);
}

static void
pass_client (mw_kmp_client *c, unsigned choice, mw_ms now)
{
  mw_kmp_event e;
  for (unsigned n = 0; (e = mw_kmp_client_take_event (c, now)).kind; n++) {
    MUST (n < 2000 && e.kind <= MW_KMP_FAILED);
    MUST ((e.kind == MW_KMP_VALUE) == (e.value != NULL));
    if (e.value)
      check_value (e.value);
    if (e.kind == MW_KMP_FAILED)
      MUST (e.err);
    if (e.kind == MW_KMP_DONE || e.kind == MW_KMP_FAILED) {
      MUST (mw_kmp_client_deadline (c) == MW_NEVER);
      ask (c, choice, now);
    }
  }
  mw_span tx = mw_kmp_client_tx (c);
  MUST (tx.len <= sizeof c->tx);
  mw_kmp_client_tx_ack (c, tx.len, now);
}

/* DATA goes to both, in pieces; with FRAMED each piece is given a right frame around it, so
 * that the engines see more than the check of the CRC. */
static void
run_engines (const uint8_t *data, size_t size, unsigned choice, bool framed)
{
  static mw_kmp_client client;
  static mw_kmp_server server;
  mw_kmp_client_config cc = { .address = MW_KMP_METER };
  mw_kmp_server_config sc = { .address = MW_KMP_METER, .reaction_ms = choice % 3 ? 0 : 100 };
  uint8_t wire[MW_KMP_FRAME_MAX (255)];
  size_t piece = 1 + choice % 97;
  mw_ms now = 0;
  mw_kmp_client_init (&client, &cc);
  mw_kmp_server_init (&server, &sc, &ops, NULL);
  ask (&client, choice, now);
  for (size_t at = 0; at < size; at += piece, now += 200) {
    size_t n = size - at < piece ? size - at : piece;
    mw_span give = { data + at, n };
    for (int to_meter = 0; to_meter < 2; to_meter++) {
      mw_wr w;
      mw_wr_init (&w, wire, sizeof wire);
      if (framed) {
        mw_kmp_frame_encode (&w, to_meter ? MW_KMP_TO_METER : MW_KMP_FROM_METER, MW_KMP_METER,
                             (mw_span){ data + at, n });
        give = mw_wr_done (&w);
      }
      if (to_meter)
        MUST (mw_kmp_server_feed (&server, give.ptr, give.len, now) == give.len);
      else
        MUST (mw_kmp_client_feed (&client, give.ptr, give.len, now) <= give.len);
    }
    pass_client (&client, choice, now);
    mw_span tx = mw_kmp_server_tx (&server);
    MUST (tx.len <= sizeof server.tx);
    mw_kmp_server_tx_ack (&server, tx.len, now);
    mw_kmp_client_tick (&client, now);
    mw_kmp_server_tick (&server, now);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  check_frames (data, size);
  check_codecs (data, size);
  check_ascii (data, size);
  if (size > 1)
    for (unsigned choice = data[0] % 8; choice < 100; choice += 13) {
      run_engines (data + 1, size - 1, choice, false);
      run_engines (data + 1, size - 1, choice, true);
    }
  return 0;
}
