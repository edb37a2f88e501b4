/* fuzz-dlms: a server that is given any APDUs and a client that is given any answers, both over
 * the wrapper.  The input is cut into APDUs by a length octet before each. */
#include <string.h>

#include "../dlms/dlms-pair.h"
#include "fuzz.h"

static void
feed (pair *p, bool server, const uint8_t *apdu, size_t n)
{
  uint8_t octets[8 + 256];
  mw_wr w;
  mw_wr_init (&w, octets, sizeof octets);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, server ? 16 : 1);
  mw_wr_u16 (&w, server ? 1 : 16);
  mw_wr_u16 (&w, (uint16_t) n);
  mw_wr_bytes (&w, apdu, n);
  if (server) {
    mw_dlms_server_feed (&p->server, octets, mw_wr_len (&w), p->now);
    mw_dlms_server_tx_ack (&p->server, mw_dlms_server_tx (&p->server).len, p->now);
    return;
  }
  for (size_t at = 0, k = 1; at < mw_wr_len (&w) && k; at += k) {
    k = mw_dlms_client_feed (&p->client, octets + at, mw_wr_len (&w) - at, p->now);
    while (mw_dlms_client_take_event (&p->client).kind != MW_DLMS_NOTHING) {
    }
    mw_dlms_client_tx_ack (&p->client, mw_dlms_client_tx (&p->client).len, p->now);
  }
}

/* Associate both with each other, then part them. */
static pair *
begin (void)
{
  setup u = { .sap = 16, .password = "", .client_pdu = 100, .server_pdu = 60 };
  pair *p = pair_new (&u);
  MUST (p != NULL);
  mw_dlms_client_associate (&p->client, p->now);
  pair_run (p);
  MUST (p->server.associated && p->note.associated == 1);
  return p;
}

static void
each (pair *p, bool server, const uint8_t *data, size_t size)
{
  for (size_t at = 0; at < size;) {
    size_t n = data[at++];
    if (n > size - at)
      n = size - at;
    feed (p, server, data + at, n);
    at += n;
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t value[2] = { 0x11, 7 };
  mw_dlms_item items[2] = { item_energy, item_profile };
  pair *p = begin ();
  each (p, true, data, size);
  feed (p, true, data, size < 250 ? size : 250);
  if (size && data[0] % 3 == 0) {
    items[0].value = items[1].value = (mw_span){ value, 2 };
    mw_dlms_client_set (&p->client, items, 2, p->now);
  } else if (size && data[0] % 3 == 1) {
    mw_dlms_client_action (&p->client, items, 2, p->now);
  } else {
    mw_dlms_client_get (&p->client, items, 2, p->now);
  }
  mw_dlms_client_tx_ack (&p->client, mw_dlms_client_tx (&p->client).len, p->now);
  each (p, false, data, size);
  feed (p, false, data, size < 250 ? size : 250);
  for (int i = 0; i < 40 && p->client.state != 0 && p->client.state != 3; i++) {
    p->now = mw_dlms_client_deadline (&p->client);
    MUST (p->now != MW_NEVER);
    mw_dlms_client_tick (&p->client, p->now);
    while (mw_dlms_client_take_event (&p->client).kind != MW_DLMS_NOTHING) {
    }
  }
  MUST (p->client.state == 0 || p->client.state == 3);
  MUST (check_failed == 0);
  free (p);
  return 0;
}
