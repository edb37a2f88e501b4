/* The modem's user against the modem, in memory, and against literal transcripts: at every
 * chunk size, with every outcome of a call, with a clock that the test drives. */
#include "check.h"

#include "modem/client.h"
#include "modem/server.h"

#include <string.h>

typedef struct pair {
  mw_modem client;
  mw_modem_server server;
  mw_ms now;
  size_t chunk;
  bool cut; /* the modem is switched off */
  char to_meter[256];
  size_t to_meter_len;
  char to_tool[256];
  size_t to_tool_len;
  enum mw_modem_event seen[16];
  unsigned n_seen;
} pair;

static const mw_modem_network network = { .signal = 21, .registration = 1, .dial_ms = 4000 };
static const mw_modem_config config = { .number = "+4512345678" };

static void
keep (char *to, size_t *len, const uint8_t *data, size_t n)
{
  if (n > 0 && *len + n < 256) {
    memcpy (to + *len, data, n);
    *len += n;
    to[*len] = '\0';
  }
}

static void
take_events (pair *p)
{
  enum mw_modem_event e;
  while ((e = mw_modem_take_event (&p->client)) != MW_MODEM_NONE)
    if (p->n_seen < 16)
      p->seen[p->n_seen++] = e;
}

/* Bytes to the client, as a link hands them over. */
static void
deliver (pair *p, const uint8_t *data, size_t n)
{
  while (n > 0) {
    bool online = p->client.state == MW_MODEM_ONLINE;
    size_t took = mw_modem_feed (&p->client, data, n, p->now);
    CHECK (took > 0);
    if (online)
      keep (p->to_tool, &p->to_tool_len, data, took);
    take_events (p);
    data += took;
    n -= took ? took : n;
  }
}

static bool
carry (pair *p)
{
  bool moved = false;
  mw_span tx = mw_modem_tx (&p->client);
  if (tx.len > 0) {
    size_t n = tx.len < p->chunk ? tx.len : p->chunk;
    uint8_t copy[256];
    mw_span payload;
    memcpy (copy, tx.ptr, n);
    mw_modem_tx_ack (&p->client, n, p->now);
    for (size_t at = 0; at < n && !p->cut;) {
      at += mw_modem_server_feed (&p->server, copy + at, n - at, &payload, p->now);
      keep (p->to_meter, &p->to_meter_len, payload.ptr, payload.len);
    }
    moved = true;
  }
  tx = mw_modem_server_tx (&p->server);
  if (tx.len > 0) {
    size_t n = tx.len < p->chunk ? tx.len : p->chunk;
    uint8_t copy[MW_MODEM_SERVER_OUT];
    memcpy (copy, tx.ptr, n);
    mw_modem_server_tx_ack (&p->server, n);
    deliver (p, copy, n);
    moved = true;
  }
  take_events (p);
  return moved;
}

/* Until nothing moves and no deadline is nearer than UNTIL. */
static void
run (pair *p, mw_ms until)
{
  for (unsigned i = 0; i < 100000; i++) {
    if (carry (p))
      continue;
    mw_ms next = mw_modem_deadline (&p->client);
    mw_ms other = mw_modem_server_deadline (&p->server);
    next = other < next ? other : next;
    if (next > until)
      break;
    p->now = next > p->now ? next : p->now;
    mw_modem_tick (&p->client, p->now);
    if (!p->cut)
      mw_modem_server_tick (&p->server, p->now);
    take_events (p);
  }
  p->now = until > p->now ? until : p->now;
}

static void
begin (pair *p, const mw_modem_network *n, const mw_modem_config *c, size_t chunk)
{
  memset (p, 0, sizeof *p);
  p->chunk = chunk;
  p->now = 100000;
  mw_modem_server_init (&p->server, n);
  CHECK (mw_modem_init (&p->client, c));
}

static bool
saw (const pair *p, enum mw_modem_event e)
{
  for (unsigned i = 0; i < p->n_seen; i++)
    if (p->seen[i] == e)
      return true;
  return false;
}

static void
test_connects_at_every_chunk (void)
{
  for (size_t chunk = 1; chunk <= 40; chunk++) {
    pair p;
    begin (&p, &network, &config, chunk);
    mw_modem_dial (&p.client, p.now);
    run (&p, p.now + 20000);
    CHECK_EQ (p.client.state, MW_MODEM_ONLINE);
    CHECK (saw (&p, MW_MODEM_CONNECTED) && saw (&p, MW_MODEM_SIGNAL));
    CHECK_EQ (p.client.signal, 21);
    CHECK_EQ (p.client.rate, 9600);
    CHECK_STR (p.server.called, "+4512345678");
    CHECK (!p.client.resumed);
    CHECK_EQ (p.to_tool_len, 0); /* no character of the dialogue is the meter's */
    CHECK_EQ (p.to_meter_len, 0);
  }
}

static void
fails_with (const mw_modem_network *n, const mw_modem_config *c, enum mw_modem_why why)
{
  for (size_t chunk = 1; chunk <= 20; chunk += 3) {
    pair p;
    begin (&p, n, c, chunk);
    mw_modem_dial (&p.client, p.now);
    run (&p, p.now + 200000);
    CHECK (saw (&p, MW_MODEM_FAILED) && !saw (&p, MW_MODEM_CONNECTED));
    CHECK_EQ (p.client.why, why);
    CHECK (mw_modem_why_text (why)[0] != '\0');
  }
}

static void
test_outcomes (void)
{
  static const struct {
    enum mw_modem_outcome outcome;
    enum mw_modem_why why;
  } rows[] = { { MW_OUTCOME_BUSY, MW_MODEM_BUSY },
               { MW_OUTCOME_NO_CARRIER, MW_MODEM_NO_CARRIER },
               { MW_OUTCOME_NO_DIALTONE, MW_MODEM_NO_DIALTONE },
               { MW_OUTCOME_NO_ANSWER, MW_MODEM_NO_ANSWER },
               { MW_OUTCOME_NOTHING, MW_MODEM_NOT_IN_TIME } };
  for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    mw_modem_network n = network;
    n.outcome = rows[i].outcome;
    fails_with (&n, &config, rows[i].why);
  }
  mw_modem_network n = network;
  memcpy (n.number, "+4599999999", 12);
  fails_with (&n, &config, MW_MODEM_NO_CARRIER);
}

static void
test_card_and_network (void)
{
  mw_modem_network n = network;
  n.no_sim = true;
  fails_with (&n, &config, MW_MODEM_NO_SIM);
  n = network;
  n.registration = 3;
  fails_with (&n, &config, MW_MODEM_DENIED);
  n.registration = 2;
  fails_with (&n, &config, MW_MODEM_NOT_REGISTERED);
  n.registration = 5; /* roaming */
  pair p;
  begin (&p, &n, &config, 8);
  mw_modem_dial (&p.client, p.now);
  run (&p, p.now + 20000);
  CHECK (saw (&p, MW_MODEM_CONNECTED));
}

static void
test_pin (void)
{
  mw_modem_network n = network;
  mw_modem_config c = config;
  memcpy (n.pin, "4711", 5);
  fails_with (&n, &c, MW_MODEM_PIN_NEEDED);
  c.pin = "1234";
  pair p;
  begin (&p, &n, &c, 5);
  mw_modem_dial (&p.client, p.now);
  run (&p, p.now + 20000);
  CHECK_EQ (p.client.why, MW_MODEM_PIN_WRONG);
  CHECK_EQ (p.server.pin_tries, 2); /* one attempt, never a second */
  c.pin = "4711";
  begin (&p, &n, &c, 5);
  mw_modem_dial (&p.client, p.now);
  run (&p, p.now + 20000);
  CHECK (saw (&p, MW_MODEM_CONNECTED));
  CHECK (memchr (p.client.out, '4', sizeof p.client.out) == NULL
         || strstr (p.client.out, "4711") == NULL);
  begin (&p, &n, &c, 5);
  p.server.pin_tries = 0;
  mw_modem_dial (&p.client, p.now);
  run (&p, p.now + 20000);
  CHECK_EQ (p.client.why, MW_MODEM_PUK_NEEDED);
}

static void
go_online (pair *p, size_t chunk)
{
  begin (p, &network, &config, chunk);
  mw_modem_dial (&p->client, p->now);
  run (p, p->now + 20000);
  CHECK_EQ (p->client.state, MW_MODEM_ONLINE);
  p->n_seen = 0;
}

static void
test_escape_and_resume (void)
{
  for (size_t chunk = 1; chunk <= 20; chunk++) {
    pair p;
    go_online (&p, chunk);
    mw_modem_sent (&p.client, p.now);
    mw_modem_escape (&p.client, p.now);
    run (&p, p.now + 6000);
    CHECK (saw (&p, MW_MODEM_ESCAPED));
    CHECK (!mw_modem_server_online (&p.server) && mw_modem_server_call (&p.server));
    CHECK_STR (p.to_meter, "+++"); /* they pass the modem as well */
    p.server.network.signal = 7;
    mw_modem_ask_signal (&p.client, p.now);
    run (&p, p.now + 1000);
    CHECK_EQ (p.client.signal, 7);
    mw_modem_resume (&p.client, p.now);
    run (&p, p.now + 3000);
    CHECK_EQ (p.client.state, MW_MODEM_ONLINE);
    CHECK (mw_modem_server_online (&p.server));
    mw_modem_hang_up (&p.client, p.now);
    run (&p, p.now + 6000);
    CHECK (saw (&p, MW_MODEM_HUNG_UP) && !saw (&p, MW_MODEM_LOST));
    CHECK (!mw_modem_server_call (&p.server));
  }
}

/* The port was closed and is opened again while the call is up: it is taken up, not dialled. */
static void
test_call_outlives_the_port (void)
{
  for (unsigned held = 0; held < 2; held++) {
    pair p;
    go_online (&p, 7);
    p.server.online = !held;
    p.server.called[0] = '\0';
    memcpy (p.server.called, "004512345678", 13); /* as the network writes it */
    CHECK (mw_modem_init (&p.client, &config));
    mw_modem_dial (&p.client, p.now);
    run (&p, p.now + 30000);
    CHECK (saw (&p, MW_MODEM_CONNECTED));
    CHECK (p.client.resumed);
    CHECK_STR (p.server.called, "004512345678");
  }
  pair p; /* a call to somebody else is ended, and ours is dialled */
  go_online (&p, 7);
  memcpy (p.server.called, "+4587654321", 12);
  CHECK (mw_modem_init (&p.client, &config));
  mw_modem_dial (&p.client, p.now);
  run (&p, p.now + 30000);
  CHECK (saw (&p, MW_MODEM_CONNECTED) && !p.client.resumed);
  CHECK_STR (p.server.called, "+4512345678");
}

static void
test_lost (void)
{
  for (size_t chunk = 1; chunk <= 20; chunk++) {
    pair p;
    go_online (&p, chunk);
    mw_modem_server_drop (&p.server);
    run (&p, p.now + 3000);
    CHECK (saw (&p, MW_MODEM_LOST));
    CHECK_EQ (p.client.state, MW_MODEM_DOWN);
    mw_modem_dial (&p.client, p.now);
    run (&p, p.now + 20000);
    CHECK (saw (&p, MW_MODEM_CONNECTED));
  }
  pair q; /* who reads nothing in between does not lengthen the silence */
  go_online (&q, 100);
  deliver (&q, (const uint8_t *) "\r\nNO CARRIER\r\n", 14);
  mw_modem_feed (&q.client, "", 0, q.now + 10);
  run (&q, q.now + 3000);
  CHECK (saw (&q, MW_MODEM_LOST));
  pair p; /* the meter may say the words, too: then more follows */
  go_online (&p, 100);
  deliver (&p, (const uint8_t *) "\r\nNO CARRIER\r\nmore", 18);
  run (&p, p.now + 3000);
  CHECK (!saw (&p, MW_MODEM_LOST));
  CHECK_STR (p.to_tool, "\r\nNO CARRIER\r\nmore");
}

static void
test_silent_modem (void)
{
  pair p;
  begin (&p, &network, &config, 5);
  p.cut = true;
  mw_modem_dial (&p.client, p.now);
  mw_ms start = p.now;
  run (&p, p.now + 60000);
  CHECK (saw (&p, MW_MODEM_FAILED));
  CHECK_EQ (p.client.why, MW_MODEM_SILENT);
  CHECK (start < p.now);
}

/* What a real modem writes, literally: an echo first, results with other texts around them. */
static void
test_transcript (void)
{
  static const struct {
    const char *sent, *answer;
  } script[] = {
    { "AT\r", "AT\r\r\nOK\r\n" },
    { "ATE0V1&D0\r", "ATE0V1&D0\r\r\nOK\r\n" },
    { "AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\nOK\r\n" },
    { "AT+CREG?\r", "\r\n+CREG: 2,1,\"0145\",\"0F3A\"\r\n\r\nOK\r\n" },
    { "AT+CLCC\r", "\r\nOK\r\n" },
    { "AT+CSQ\r", "\r\n+CSQ: 17,0\r\n\r\nOK\r\n" },
    { "AT+CBST=7,0,1\r", "\r\nERROR\r\n" },
    { "ATD+4512345678\r", "\r\nCONNECT 9600/RLP\r\n/ISk5" },
  };
  mw_modem m;
  mw_ms now = 5000;
  CHECK (mw_modem_init (&m, &config));
  mw_modem_dial (&m, now);
  for (unsigned i = 0; i < sizeof script / sizeof script[0]; i++) {
    mw_span tx = mw_modem_tx (&m);
    CHECK_MEM (tx.ptr, tx.len, script[i].sent, strlen (script[i].sent));
    mw_modem_tx_ack (&m, tx.len, now);
    size_t n = strlen (script[i].answer);
    size_t took = mw_modem_feed (&m, script[i].answer, n, now);
    CHECK_EQ (took, i + 1 < sizeof script / sizeof script[0] ? n : n - 5);
  }
  CHECK_EQ (m.state, MW_MODEM_ONLINE);
  CHECK_EQ (m.signal, 17);
}

static void
test_numbers (void)
{
  static const char *const bad[] = { "", "+", "12a4", "12\r\nATH", "1+2", NULL };
  mw_modem m;
  for (unsigned i = 0; bad[i]; i++) {
    mw_modem_config c = { .number = bad[i] };
    CHECK (!mw_modem_init (&m, &c));
  }
  mw_modem_config c = { .number = "0045*12#" };
  CHECK (mw_modem_init (&m, &c));
}

/* Noise instead of answers: no crash, no connection, an end. */
static void
test_noise (void)
{
  uint32_t random = 1;
  for (unsigned round = 0; round < 200; round++) {
    mw_modem m;
    mw_modem_server s;
    mw_span payload;
    mw_ms now = 1000;
    mw_modem_init (&m, &config);
    mw_modem_server_init (&s, &network);
    mw_modem_dial (&m, now);
    for (unsigned i = 0; i < 400; i++) {
      uint8_t bytes[9];
      for (unsigned k = 0; k < sizeof bytes; k++) {
        random = random * 1664525u + 1013904223u;
        bytes[k] = (uint8_t) (random >> 24);
      }
      for (size_t at = 0; at < sizeof bytes;)
        at += mw_modem_feed (&m, bytes + at, sizeof bytes - at, now);
      for (size_t at = 0; at < sizeof bytes;)
        at += mw_modem_server_feed (&s, bytes + at, sizeof bytes - at, &payload, now);
      mw_modem_server_tx_ack (&s, mw_modem_server_tx (&s).len);
      mw_modem_tx_ack (&m, mw_modem_tx (&m).len, now);
      now += 500;
      mw_modem_tick (&m, now);
      mw_modem_server_tick (&s, now);
    }
    CHECK (m.state != MW_MODEM_ONLINE);
  }
}

CHECK_MAIN (test_connects_at_every_chunk, test_outcomes, test_card_and_network, test_pin,
            test_escape_and_resume, test_call_outlives_the_port, test_lost, test_silent_modem,
            test_transcript, test_numbers, test_noise)
