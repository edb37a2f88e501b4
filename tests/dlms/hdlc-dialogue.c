/* Client and server of HDLC against each other in memory: every chunk size, every form of
 * address, windows and information fields from the least to the largest, long APDUs both ways,
 * and lines that lose, repeat and damage bytes.  What must hold: every request is answered
 * once, in order, byte for byte, and a link that cannot go on says why. */
#include "hdlc-line.h"

#define APDU_CAP 66000

static uint8_t client_rx[APDU_CAP], client_tx[APDU_CAP], server_rx[APDU_CAP],
    server_tx[APDU_CAP];
static mw_hdlc client, server;
static line wire;

/* The conversation: the client asks `total` times with `ask` bytes for `answer` bytes. */
static struct talk {
  unsigned total, asked, answered, served;
  size_t ask, answer;
  unsigned up, server_up, down, failed, sent;
  enum mw_err err;
  mw_ms ended;
} talk;

static void
fill (uint8_t *p, size_t len, unsigned salt)
{
  for (size_t i = 0; i < len; i++) /* flags among it: they must not matter */
    p[i] = i % 5 == 3 ? 0x7e : (uint8_t) (i * 7 + salt * 13 + (i >> 8));
}

static void
check_fill (mw_span s, size_t len, unsigned salt)
{
  static uint8_t want[APDU_CAP];
  fill (want, len, salt);
  CHECK_MEM (s.ptr, s.len, want, len);
}

static void
ask (line *l)
{
  static uint8_t apdu[APDU_CAP];
  if (talk.asked == talk.total) {
    mw_transport_shut (l->end[0], line_now (l));
    return;
  }
  fill (apdu, talk.ask, talk.asked);
  CHECK_EQ (mw_transport_send (l->end[0], (mw_span){ apdu, talk.ask }, true, line_now (l)),
            MW_OK);
  talk.asked++;
}

static void
client_app (line *l, enum mw_transport_event event)
{
  if (event == MW_TRANSPORT_UP) {
    talk.up++;
    ask (l);
  } else if (event == MW_TRANSPORT_APDU) {
    check_fill (mw_transport_apdu (l->end[0]), talk.answer, talk.answered + 100);
    talk.answered++;
    ask (l);
    talk.ended = line_now (l);
  } else if (event == MW_TRANSPORT_SENT) {
    talk.sent++;
  } else if (event == MW_TRANSPORT_DOWN) {
    talk.down++;
    talk.err = l->end[0]->err;
  } else if (event == MW_TRANSPORT_FAILED) {
    talk.failed++;
    talk.err = l->end[0]->err;
  }
}

static void
server_app (line *l, enum mw_transport_event event)
{
  if (event == MW_TRANSPORT_UP) {
    talk.server_up++;
    return;
  }
  if (event != MW_TRANSPORT_APDU)
    return;
  check_fill (mw_transport_apdu (l->end[1]), talk.ask, talk.served);
  mw_wr room = mw_transport_room (l->end[1]);
  uint8_t *p = mw_wr_take (&room, talk.answer);
  if (!CHECK (p != NULL))
    return;
  fill (p, talk.answer, talk.served + 100);
  CHECK_EQ (mw_transport_send (l->end[1], mw_wr_done (&room), false, line_now (l)), MW_OK);
  talk.served++;
}

static void
app (line *l, unsigned end, enum mw_transport_event event)
{
  if (end == 0)
    client_app (l, event);
  else
    server_app (l, event);
}

static mw_hdlc_config
client_config (uint8_t address_bytes, uint16_t info, uint8_t window)
{
  mw_hdlc_config c = { .role = MW_CLIENT,
                       .client = 0x10,
                       .servers = { 1 },
                       .n_servers = 1,
                       .physical = address_bytes == 1 ? 0 : 17,
                       .address_bytes = address_bytes,
                       .limits = { info, info, window, window },
                       .rx_buf = client_rx,
                       .rx_cap = sizeof client_rx,
                       .tx_buf = client_tx,
                       .tx_cap = sizeof client_tx };
  return c;
}

static mw_hdlc_config
server_config (uint16_t info, uint8_t window)
{
  mw_hdlc_config c = { .role = MW_SERVER,
                       .servers = { 1, 16 },
                       .n_servers = 2,
                       .physical = 17,
                       .limits = { info, info, window, window },
                       .rx_buf = server_rx,
                       .rx_cap = sizeof server_rx,
                       .tx_buf = server_tx,
                       .tx_cap = sizeof server_tx };
  return c;
}

static void
join (const mw_hdlc_config *c, const mw_hdlc_config *s, unsigned total, size_t ask_len,
      size_t answer_len)
{
  mw_hdlc_init (&client, c);
  mw_hdlc_init (&server, s);
  memset (&wire, 0, sizeof wire);
  wire.end[0] = &client.transport;
  wire.end[1] = &server.transport;
  wire.app = app;
  wire.seed = 1;
  talk = (struct talk){ .total = total, .ask = ask_len, .answer = answer_len };
}

static void
talk_through (mw_ms until)
{
  CHECK_EQ (mw_transport_open (wire.end[0], line_now (&wire)), MW_OK);
  line_run (&wire, until);
}

static void
check_all_said (void)
{
  CHECK_EQ (talk.answered, talk.total);
  CHECK_EQ (talk.served, talk.total);
  CHECK_EQ (talk.failed, 0);
  CHECK_EQ (talk.down, 1);
  CHECK_EQ (talk.err, MW_OK);
}

static void
test_every_chunk (void)
{
  static const uint8_t bytes[] = { 1, 2, 4 };
  for (size_t chunk = 1; chunk <= 12; chunk++)
    for (unsigned a = 0; a < 3; a++) {
      mw_hdlc_config c = client_config (bytes[a], 128, 1), s = server_config (2030, 7);
      join (&c, &s, 3, 40, 300);
      wire.chunk = chunk;
      talk_through (100000);
      check_all_said ();
      CHECK_EQ (talk.up, 1);
      CHECK_EQ (talk.server_up, 1);
      CHECK_EQ (talk.sent, 3);
      CHECK_EQ (client.counts.damaged + server.counts.damaged, 0);
      CHECK_EQ (client.counts.repeated + server.counts.repeated, 0);
      CHECK_EQ (client.counts.timeouts, 0);
    }
}

static void
test_windows_and_sizes (void)
{
  static const uint16_t infos[] = { 16, 127, 128, 129, 255, 256, 1024, 2029, 2030 };
  static const size_t sizes[] = { 1, 13, 125, 126, 127, 2027, 2028, 5000, 20000, 65535 };
  for (unsigned i = 0; i < sizeof infos / sizeof *infos; i++)
    for (uint8_t window = 1; window <= 7; window++) {
      unsigned k = (i * 7u + window) % (sizeof sizes / sizeof *sizes);
      mw_hdlc_config c = client_config (4, infos[i], window), s = server_config (2030, 7);
      join (&c, &s, 3, sizes[k], sizes[sizeof sizes / sizeof *sizes - 1 - k]);
      talk_through (100000);
      check_all_said ();
      CHECK_EQ (client.counts.repeated + server.counts.repeated + client.counts.timeouts, 0);
    }
}

static void
test_smaller_wins (void)
{
  mw_hdlc_config c = client_config (1, 1000, 7), s = server_config (500, 3);
  c.limits = (mw_hdlc_limits){ 1000, 300, 7, 2 };
  s.limits = (mw_hdlc_limits){ 500, 400, 5, 3 };
  join (&c, &s, 2, 3000, 3000);
  CHECK_EQ (mw_transport_open (wire.end[0], 0), MW_OK);
  while (!client.transport.up && line_step (&wire, 1000))
    ;
  CHECK_EQ (client.limits.info_tx, 400);
  CHECK_EQ (client.limits.info_rx, 300);
  CHECK_EQ (client.limits.window_tx, 3);
  CHECK_EQ (client.limits.window_rx, 2);
  CHECK_EQ (server.limits.info_tx, 300);
  CHECK_EQ (server.limits.info_rx, 400);
  CHECK_EQ (server.limits.window_tx, 2);
  CHECK_EQ (server.limits.window_rx, 3);
  line_run (&wire, 100000);
  check_all_said ();
}

/* Lose, repeat and damage bytes at a rate where most windows are hit; whatever happens, no
 * request is answered twice, none with wrong bytes, and nearly all conversations get through.
 */
static void
noisy (uint32_t lose, uint32_t dup, uint32_t flip, uint16_t info, uint8_t window,
       size_t answer_len, unsigned seeds, unsigned may_fail)
{
  unsigned failed = 0;
  double took = 0;
  for (unsigned seed = 1; seed <= seeds; seed++) {
    mw_hdlc_config c = client_config (2, info, window), s = server_config (2030, 7);
    c.retries = 8;
    s.inactivity_ms = MW_HDLC_NO_TIMEOUT;
    join (&c, &s, 12, 30, answer_len);
    wire.seed = seed * 2654435761u | 1u;
    wire.lose = lose;
    wire.dup = dup;
    wire.flip = flip;
    wire.chunk = seed % 13;
    wire.byte_us = 1042;
    talk_through (4000000);
    took += (double) (talk.ended * 1000) / (12.0 * (double) (30 + answer_len) * wire.byte_us);
    if (talk.answered < talk.total) {
      failed++;
      printf ("    seed %u: %u of %u answered, %s\n", seed, talk.answered, talk.total,
              mw_err_name ((int) talk.err));
      CHECK (talk.failed == 1 || talk.down == 1);
      CHECK (talk.err != MW_OK);
    } else {
      CHECK_EQ (talk.served, talk.total);
    }
  }
  printf ("    %u/%u/%u ppm, %u x %u: %.1f times the line's own time\n", lose, dup, flip,
          window, info, took / (double) seeds);
  if (!CHECK (failed <= may_fail))
    printf ("    %u of %u conversations failed\n", failed, seeds);
}

static void
test_lost_bytes (void)
{
  noisy (3000, 0, 0, 128, 1, 400, 60, 0);
  noisy (1000, 0, 0, 128, 7, 3000, 40, 0);
}

static void
test_repeated_bytes (void)
{
  noisy (0, 3000, 0, 128, 1, 400, 60, 0);
  noisy (0, 1000, 0, 128, 7, 3000, 40, 0);
}

static void
test_damaged_bytes (void)
{
  noisy (0, 0, 3000, 128, 1, 400, 60, 0);
  noisy (0, 0, 1000, 128, 7, 3000, 40, 0);
  noisy (100, 100, 100, 2030, 7, 30000, 8, 0);
  noisy (100, 0, 800, 2030, 7, 2040, 40, 0); /* a bit in 10,000, a byte in 10,000 */
}

/* The server's direction to the client with window 7 of 2030 octets: how much of the time does
 * the line carry bytes, and how many of them are the APDU's? */
static void
test_saturation (void)
{
  mw_hdlc_config c = client_config (1, 2030, 7), s = server_config (2030, 7);
  join (&c, &s, 4, 20, 60000);
  wire.byte_us = 1042;
  talk_through (10000000);
  check_all_said ();
  double payload = 4.0 * 60000, bytes = (double) (wire.carried[0] + wire.carried[1]);
  double busy = (double) wire.busy_us / (double) wire.now_us;
  double elapsed = 0;
  elapsed = (double) (wire.free_us[0] > wire.free_us[1] ? wire.free_us[0] : wire.free_us[1]);
  busy = (double) wire.busy_us / elapsed;
  printf ("window 7 x 2030: %.4f of the time the line is busy, %.4f bytes a payload byte\n",
          busy, bytes / payload);
  CHECK (busy > 0.999);
  CHECK (bytes / payload < 1.01);
}

int
main (void)
{
  static const check_test tests[] = { test_every_chunk,    test_windows_and_sizes,
                                      test_smaller_wins,   test_lost_bytes,
                                      test_repeated_bytes, test_damaged_bytes,
                                      test_saturation };
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
    tests[i]();
  printf ("%u checks, %u failed\n", check_done, check_failed);
  return check_failed || !check_done;
}
