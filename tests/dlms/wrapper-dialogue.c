/* The TCP wrapper: bytes by hand from IEC 62056-47, both ends against each other in every chunk
 * size, and what a broken stream gets. */
#include "dlms/wrapper.h"
#include "hdlc-line.h"
#include "vectors.h"

static uint8_t crx[70000], ctx[70000], srx[70000], stx[70000];
static mw_wrapper client, server;
static line wire;
static unsigned asked, answered, served, failed;
static size_t size;

static mw_wrapper_config
config (enum mw_role role)
{
  bool c = role == MW_CLIENT;
  mw_wrapper_config config = { .role = role,
                               .client = 16,
                               .servers = { 1, 17 },
                               .n_servers = c ? 1 : 2,
                               .rx_buf = c ? crx : srx,
                               .rx_cap = sizeof crx,
                               .tx_buf = c ? ctx : stx,
                               .tx_cap = sizeof ctx };
  return config;
}

static void
begin (void)
{
  mw_wrapper_config c = config (MW_CLIENT), s = config (MW_SERVER);
  mw_wrapper_init (&client, &c);
  mw_wrapper_init (&server, &s);
  CHECK_EQ (mw_transport_take_event (&server.transport), MW_TRANSPORT_UP);
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_NONE);
  CHECK_EQ (mw_transport_open (&client.transport, 5), MW_OK);
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_UP);
}

static void
test_header (void)
{
  begin ();
  static const uint8_t apdu[] = { 0xc0, 0x01 };
  uint8_t want[16];
  size_t n = unhex ("0001 0010 0001 0002 C001", want, sizeof want);
  CHECK_EQ (mw_transport_send (&client.transport, (mw_span){ apdu, 2 }, true, 5), MW_OK);
  CHECK_EQ (mw_transport_send (&client.transport, (mw_span){ apdu, 2 }, true, 5), MW_ERR_STATE);
  mw_span s = mw_transport_tx (&client.transport);
  CHECK_MEM (s.ptr, s.len, want, n);
  mw_transport_tx_ack (&client.transport, s.len, 5);
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_SENT);
  CHECK_EQ (mw_transport_feed (&server.transport, want, n, 5), n);
  CHECK_EQ (mw_transport_take_event (&server.transport), MW_TRANSPORT_APDU);
  CHECK_EQ (server.transport.client, 16);
  CHECK_EQ (server.transport.server, 1);
  /* The answer goes back with the ports turned round; for another client it is skipped. */
  n = unhex ("0001 0001 0011 0003 112233  0001 0001 0010 0001 C4", want, sizeof want);
  uint8_t stream[64];
  n = unhex ("0001 0001 0011 0003 112233  0001 0001 0010 0001 C4", stream, sizeof stream);
  CHECK_EQ (mw_transport_feed (&client.transport, stream, n, 6), n);
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_APDU);
  mw_span got = mw_transport_apdu (&client.transport);
  CHECK_MEM (got.ptr, got.len, "\xc4", 1);
}

static void
test_broken (void)
{
  static const struct {
    const char *hex;
    enum mw_err err;
  } rows[] = { { "0002 0001 0010 0001", MW_ERR_PROTOCOL },
               { "7EA0 0802 2321 93BD", MW_ERR_PROTOCOL } };
  for (size_t i = 0; i < 2; i++) {
    uint8_t b[32];
    size_t n = unhex (rows[i].hex, b, sizeof b);
    begin ();
    mw_transport_feed (&client.transport, b, n, 6);
    CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_FAILED);
    CHECK_EQ (client.transport.err, rows[i].err);
    CHECK_EQ (mw_transport_feed (&client.transport, b, n, 6), n); /* thrown away */
    CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_NONE);
    CHECK_EQ (mw_transport_open (&client.transport, 7), MW_OK);
  }
  mw_wrapper_config c = config (MW_CLIENT);
  c.rx_cap = 4;
  mw_wrapper_init (&client, &c);
  mw_transport_open (&client.transport, 5);
  mw_transport_take_event (&client.transport);
  uint8_t b[32];
  size_t n = unhex ("0001 0001 0010 0005 0102030405", b, sizeof b);
  mw_transport_feed (&client.transport, b, n, 6);
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_FAILED);
  CHECK_EQ (client.transport.err, MW_ERR_SPACE);
}

static void
test_time (void)
{
  static const uint8_t apdu[] = { 0xc0 };
  begin ();
  CHECK_EQ (mw_transport_deadline (&client.transport), MW_NEVER);
  mw_transport_send (&client.transport, (mw_span){ apdu, 1 }, true, 100);
  mw_transport_tx_ack (&client.transport, mw_transport_tx (&client.transport).len, 200);
  CHECK_EQ (mw_transport_deadline (&client.transport), 200 + MW_WRAPPER_RESPONSE_MS);
  CHECK_EQ (mw_transport_feed (&client.transport, (const uint8_t *) "\0", 1, 9000),
            0); /* SENT first */
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_SENT);
  CHECK_EQ (mw_transport_feed (&client.transport, (const uint8_t *) "\0", 1, 9000), 1);
  CHECK_EQ (mw_transport_deadline (&client.transport), 9000 + MW_WRAPPER_RESPONSE_MS);
  mw_transport_tick (&client.transport, 9000 + MW_WRAPPER_RESPONSE_MS);
  CHECK_EQ (mw_transport_take_event (&client.transport), MW_TRANSPORT_FAILED);
  CHECK_EQ (client.transport.err, MW_ERR_TIMEOUT);
  mw_wrapper_config s = config (MW_SERVER);
  s.inactivity_ms = 1000;
  mw_wrapper_init (&server, &s);
  mw_transport_take_event (&server.transport);
  CHECK_EQ (mw_transport_deadline (&server.transport), 1000);
  mw_transport_tick (&server.transport, 1000);
  CHECK_EQ (mw_transport_take_event (&server.transport), MW_TRANSPORT_DOWN);
}

static void
fill (uint8_t *p, size_t n, unsigned salt)
{
  for (size_t i = 0; i < n; i++)
    p[i] = (uint8_t) (i * 31 + salt);
}

static void
ask (line *l)
{
  static uint8_t apdu[70000];
  fill (apdu, size, asked);
  CHECK_EQ (mw_transport_send (l->end[0], (mw_span){ apdu, size }, true, line_now (l)), MW_OK);
  asked++;
}

static void
app (line *l, unsigned end, enum mw_transport_event event)
{
  static uint8_t want[70000];
  failed += event == MW_TRANSPORT_FAILED || event == MW_TRANSPORT_DOWN;
  if (event != MW_TRANSPORT_APDU)
    return;
  mw_span s = mw_transport_apdu (l->end[end]);
  fill (want, size, end ? served : answered + 50);
  CHECK_MEM (s.ptr, s.len, want, size);
  if (end) {
    fill (want, size, served + 50);
    mw_wr room = mw_transport_room (l->end[1]);
    mw_wr_bytes (&room, want, size);
    CHECK_EQ (mw_transport_send (l->end[1], mw_wr_done (&room), false, line_now (l)), MW_OK);
    served++;
  } else if (++answered < 4) {
    ask (l);
  }
}

static void
test_every_chunk (void)
{
  static const size_t sizes[] = { 1, 7, 8, 9, 300, 65535 };
  for (size_t chunk = 0; chunk <= 12; chunk++)
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      begin ();
      size = sizes[i];
      asked = answered = served = failed = 0;
      memset (&wire, 0, sizeof wire);
      wire.end[0] = &client.transport;
      wire.end[1] = &server.transport;
      wire.app = app;
      wire.chunk = chunk;
      ask (&wire);
      line_run (&wire, 1000);
      CHECK_EQ (answered, 4);
      CHECK_EQ (served, 4);
      CHECK_EQ (failed, 0);
    }
}

CHECK_MAIN (test_header, test_broken, test_time, test_every_chunk)
