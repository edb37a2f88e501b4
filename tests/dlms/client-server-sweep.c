/* client-server-sweep: every APDU of a dialogue with all its services, cut at every length and
 * with every bit turned, given to the side it was meant for in the state it was meant for.
 *
 * Whatever comes: no octet read beyond it (run under the sanitizers too), the server stays
 * ready for a new association, the client comes to an end by itself. */
#include "dlms-pair.h"

typedef struct half {
  union {
    mw_hdlc hdlc;
    mw_wrapper wrapper;
  } transport;
  uint8_t rx[PAIR_APDU], tx[PAIR_APDU], piece[1024], store[4096];
  mw_dlms_server server;
  mw_dlms_client client;
  meter meter;
  mw_ms now;
} half;

static half saved;
static unsigned tried;

static void
keep (pair *p, bool server, bool back)
{
#define KEEP(mine, its)                                                                        \
  (back ? memcpy (&(its), &(mine), sizeof (mine)) : memcpy (&(mine), &(its), sizeof (mine)))
  if (server) {
    KEEP (saved.transport, p->s);
    KEEP (saved.rx, p->s_rx);
    KEEP (saved.tx, p->s_tx);
    KEEP (saved.piece, p->piece);
    KEEP (saved.store, p->store);
    KEEP (saved.server, p->server);
    KEEP (saved.meter, p->meter);
  } else {
    KEEP (saved.transport, p->c);
    KEEP (saved.rx, p->c_rx);
    KEEP (saved.tx, p->c_tx);
    KEEP (saved.client, p->client);
    KEEP (saved.now, p->now);
  }
#undef KEEP
}

/* Header and APDU as the wrapper sends them, from WPORT. */
static void
deliver (pair *p, bool to_server, const uint8_t *apdu, size_t n)
{
  uint8_t *octets = malloc (n + 8); /* of exactly this size: a read beyond is seen */
  mw_wr w;
  mw_wr_init (&w, octets, n + 8);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, (uint16_t) n);
  mw_wr_bytes (&w, apdu, n);
  if (to_server)
    mw_dlms_server_feed (&p->server, octets, n + 8, p->now);
  else
    for (size_t at = 0, k = 1; at < n + 8 && k; at += k) {
      k = mw_dlms_client_feed (&p->client, octets + at, n + 8 - at, p->now);
      while (mw_dlms_client_take_event (&p->client).kind != MW_DLMS_NOTHING) {
      }
    }
  free (octets);
}

static void
server_survives (pair *p)
{
  static const uint8_t aarq[] = { 0x60, 0x36, 0xa1, 0x09, 0x06, 0x07, 0x60, 0x85, 0x74, 0x05,
                                  0x08, 0x01, 0x01, 0x8a, 0x02, 0x07, 0x80, 0x8b, 0x07, 0x60,
                                  0x85, 0x74, 0x05, 0x08, 0x02, 0x01, 0xac, 0x0a, 0x80, 0x08,
                                  '1',  '2',  '3',  '4',  '5',  '6',  '7',  '8',  0xbe, 0x10,
                                  0x04, 0x0e, 0x01, 0x00, 0x00, 0x00, 0x06, 0x5f, 0x1f, 0x04,
                                  0x00, 0x00, 0x7e, 0x1f, 0x04, 0xb0 };
  mw_dlms_server_tx_ack (&p->server, mw_dlms_server_tx (&p->server).len, p->now);
  deliver (p, true, aarq, sizeof aarq);
  CHECK (p->server.associated);
}

static void
client_ends (pair *p)
{
  for (int i = 0; i < 40; i++) {
    mw_dlms_event e;
    mw_dlms_client_tx_ack (&p->client, mw_dlms_client_tx (&p->client).len, p->now);
    while ((e = mw_dlms_client_take_event (&p->client)).kind != MW_DLMS_NOTHING) {
    }
    if (p->client.state == 0 || p->client.state == 3)
      return;
    p->now = mw_dlms_client_deadline (&p->client);
    if (!CHECK (p->now != MW_NEVER))
      return;
    mw_dlms_client_tick (&p->client, p->now);
  }
  CHECK (!"the client waits for ever");
}

static void
sweep (pair *p, bool to_server, const uint8_t *apdu, size_t n)
{
  uint8_t mutant[PAIR_APDU];
  keep (p, to_server, false);
  for (size_t i = 0; i < n * 9; i++) {
    size_t len = i < n ? i : n;
    memcpy (mutant, apdu, n);
    if (i >= n)
      mutant[(i - n) / 8] ^= (uint8_t) (1u << ((i - n) % 8));
    deliver (p, to_server, mutant, len);
    if (to_server)
      server_survives (p);
    else
      client_ends (p);
    keep (p, to_server, true);
    tried++;
  }
}

/* Carry the dialogue to its end; before each APDU arrives, its sweep. */
static void
run (pair *p)
{
  for (int turns = 0; turns < 400; turns++) {
    bool to_server = mw_dlms_client_tx (&p->client).len > 0;
    mw_span s = to_server ? mw_dlms_client_tx (&p->client) : mw_dlms_server_tx (&p->server);
    uint8_t apdu[PAIR_APDU];
    size_t n = s.len > 8 ? s.len - 8 : 0;
    if (!n)
      return;
    memcpy (apdu, s.ptr + 8, n);
    if (to_server)
      mw_dlms_client_tx_ack (&p->client, s.len, p->now);
    else
      mw_dlms_server_tx_ack (&p->server, s.len, p->now);
    sweep (p, to_server, apdu, n);
    deliver (p, to_server, apdu, n);
  }
  CHECK (!"an endless dialogue");
}

static void
test_sweep (void)
{
  static const uint8_t value[40] = { 0x09, 38 };
  uint8_t select[32];
  mw_wr w;
  setup u = { .client_pdu = 90, .server_pdu = 60 };
  pair *p = pair_new (&u);
  mw_dlms_item items[3] = { item_name, item_absent, item_profile }, entry = item_profile;
  mw_dlms_item set[2] = { item_free, item_locked }, act[2] = { item_script, item_script };
  set[0].value = set[1].value = act[0].value = (mw_span){ value, sizeof value };
  mw_wr_init (&w, select, sizeof select);
  mw_profile_entry_put (&w, 2, 3, 1, 0);
  entry.access = (mw_dlms_selection){ MW_SELECT_ENTRY, mw_wr_done (&w) };
  p->meter.rows = 30;
  mw_dlms_client_associate (&p->client, p->now);
  while (mw_dlms_client_take_event (&p->client).kind != MW_DLMS_NOTHING) {
  }
  run (p);
  CHECK (p->server.associated);
  for (size_t n = 1; n <= 3; n++) {
    CHECK_EQ (mw_dlms_client_get (&p->client, items, n, p->now), MW_OK);
    run (p);
  }
  CHECK_EQ (mw_dlms_client_get (&p->client, &entry, 1, p->now), MW_OK);
  run (p);
  for (size_t n = 1; n <= 2; n++) {
    CHECK_EQ (mw_dlms_client_set (&p->client, set, n, p->now), MW_OK);
    run (p);
    CHECK_EQ (mw_dlms_client_action (&p->client, act, n, p->now), MW_OK);
    run (p);
  }
  CHECK_EQ (p->meter.sets, 2);
  CHECK_EQ (p->meter.actions, 3);
  CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_OK);
  run (p);
  CHECK (!p->server.associated);
  CHECK (tried > 10000);
  free (p);
}

CHECK_MAIN (test_sweep)
