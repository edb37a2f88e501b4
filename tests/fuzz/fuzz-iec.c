/* IEC 62056-21: what a codec reads it writes back; both engines take any characters in any
 * state, with time passing, and keep their buffers and their events in order.
 *
 * The first byte of the input chooses the goal of the client and the size of the pieces. */
#include <string.h>

#include "fuzz.h"
#include "iec62056_21/client.h"
#include "iec62056_21/server.h"

static void
check_codecs (mw_span s)
{
  uint8_t again[512];
  mw_iec_request request;
  mw_iec_ident ident;
  mw_iec_option option;
  mw_wr w;
  mw_wr_init (&w, again, sizeof again);
  if (mw_iec_request_decode (s, &request) == MW_OK)
    mw_iec_request_encode (&w, &request);
  else if (mw_iec_option_decode (s, &option) == MW_OK)
    mw_iec_option_encode (&w, &option);
  else if (mw_iec_ident_decode (s, &ident) == MW_OK) {
    mw_iec_ident_encode (&w, &ident); /* the escapes move to the front */
    MUST (w.err == MW_OK && mw_wr_len (&w) == s.len);
    return;
  } else
    return;
  MUST (w.err == MW_OK && mw_wr_len (&w) == s.len && memcmp (again, s.ptr, s.len) == 0);
}

static void
check_block (mw_span s)
{
  uint8_t again[4096];
  mw_iec_block b;
  mw_span text;
  mw_wr w;
  if (mw_iec_block_decode (s, &b) != MW_OK)
    return;
  MUST (b.data.len < s.len);
  mw_iec_block_error (&b, &text);
  mw_wr_init (&w, again, sizeof again);
  mw_iec_block_encode (&w, &b);
  if (w.err || b.command == 'B')
    return; /* a break with data is read, never written */
  MUST (mw_wr_len (&w) == s.len && memcmp (again, s.ptr, s.len - 1) == 0);
}

static void
check_sets (mw_span s)
{
  mw_iec_sets it;
  mw_iec_set set;
  mw_decimal d;
  size_t n = 0;
  mw_iec_sets_init (&it, s);
  while (mw_iec_sets_next (&it, &set)) {
    MUST (++n <= s.len);
    MUST (set.value.ptr >= s.ptr && set.value.ptr + set.value.len <= s.ptr + s.len);
    mw_iec_set_number (&set, &d);
  }
}

static bool
line (void *ctx, unsigned index, mw_wr *w)
{
  (void) ctx;
  mw_wr_bytes (w, "1.8.0(0036886*kWh)", 18);
  return index < 3;
}

static bool
password (void *ctx, char type, mw_span text)
{
  (void) ctx;
  return type == '1' && text.len == 8;
}

static enum mw_iec_verdict
read_any (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w, bool *last)
{
  (void) ctx;
  mw_wr_span (w, c->data);
  *last = piece > 2;
  return c->data.len > 40 ? MW_IEC_ERROR : MW_IEC_ACCEPTED;
}

static enum mw_iec_verdict
write_any (void *ctx, const mw_iec_command *c, mw_wr *w)
{
  (void) ctx;
  mw_wr_span (w, c->data);
  return (enum mw_iec_verdict) (c->data.len % 3);
}

static const mw_iec_ops ops = { line, NULL, password, read_any, write_any };

static void
pass_client (mw_iec_client *c, mw_ms now)
{
  enum mw_iec_event ev;
  while ((ev = mw_iec_client_take_event (c))) {
    MUST (ev <= MW_IEC_EV_FAILED && (ev != MW_IEC_EV_FAILED || c->err));
    if (ev == MW_IEC_EV_DATA) {
      MUST (c->data.ptr >= c->rx.buf && c->data.len <= c->rx.cap);
      check_sets (c->data);
    }
    if (ev == MW_IEC_EV_UP || ev == MW_IEC_EV_DONE)
      mw_iec_client_command (c, 'R', '3', (mw_span){ (const uint8_t *) "1.8.0()", 7 }, false,
                             now);
  }
  mw_span tx = mw_iec_client_tx (c);
  MUST (tx.len <= sizeof c->tx);
  mw_iec_client_tx_ack (c, tx.len);
}

static void
pass_server (mw_iec_server *s)
{
  while (mw_iec_server_take_event (s))
    continue;
  for (unsigned i = 0; i < 20; i++) {
    mw_span tx = mw_iec_server_tx (s);
    MUST (tx.len <= sizeof s->tx);
    mw_iec_server_tx_ack (s, tx.len);
  }
}

static void
run_engines (const uint8_t *data, size_t size, unsigned choice)
{
  uint8_t buf[200];
  mw_iec_client client;
  mw_iec_server server;
  mw_iec_client_config cc = { .goal = (enum mw_iec_goal) (choice % 4) };
  mw_iec_server_config sc = { .ident = { .manufacturer = "ISk",
                                         .baud_char = '5',
                                         .hdlc = true,
                                         .escapes = "2",
                                         .text = "MT382-1008" } };
  size_t piece = 1 + choice / 4 % 60;
  mw_ms now = 0;
  mw_iec_client_init (&client, &cc, buf, sizeof buf);
  mw_iec_server_init (&server, &sc, &ops, NULL);
  mw_iec_client_open (&client, now);
  for (size_t at = 0; at < size; at += piece, now += 300) {
    size_t n = size - at < piece ? size - at : piece;
    pass_client (&client, now);
    pass_server (&server);
    MUST (mw_iec_client_feed (&client, data + at, n, now) <= n);
    MUST (mw_iec_server_feed (&server, data + at, n, now) <= n);
    mw_iec_client_tick (&client, now);
    mw_iec_server_tick (&server, now);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  mw_span whole = { data, size };
  check_codecs (whole);
  check_block (whole);
  check_sets (whole);
  if (size > 1)
    for (unsigned choice = data[0] % 4; choice < 240; choice += 61)
      run_engines (data + 1, size - 1, choice);
  return 0;
}
