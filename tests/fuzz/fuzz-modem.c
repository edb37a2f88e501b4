/* The AT dialogue: user and modem take any characters in any state, with time passing; neither
 * writes past its buffers, gives events without end or has a deadline that never comes.
 *
 * The first byte chooses who hears the input, what the user wants meanwhile, and the pieces. */
#include "fuzz.h"
#include "modem/client.h"
#include "modem/server.h"

static void
wish (mw_modem *m, unsigned what, mw_ms now)
{
  switch (what & 7) {
  case 1:
    mw_modem_ask_signal (m, now);
    break;
  case 2:
    mw_modem_escape (m, now);
    break;
  case 3:
    mw_modem_resume (m, now);
    break;
  case 4:
    mw_modem_hang_up (m, now);
    break;
  default:
    break;
  }
}

static void
user (const uint8_t *data, size_t size, unsigned kind)
{
  static const mw_modem_config config = { .number = "+4512345678", .pin = "1234" };
  mw_modem m;
  mw_ms now = 1000;
  MUST (mw_modem_init (&m, &config));
  mw_modem_dial (&m, now);
  for (size_t at = 0; at < size;) {
    size_t n = 1 + (kind & 7);
    n = n < size - at ? n : size - at;
    size_t took = mw_modem_feed (&m, data + at, n, now);
    MUST (took <= n);
    at += took ? took : n;
    MUST (m.line_len <= sizeof m.line && m.out_at <= m.out_len && m.out_len <= sizeof m.out);
    mw_span tx = mw_modem_tx (&m);
    MUST (tx.len <= sizeof m.out);
    mw_modem_tx_ack (&m, tx.len, now);
    for (unsigned events = 0; mw_modem_take_event (&m) != MW_MODEM_NONE; events++)
      MUST (events < 8);
    if (data[at - 1] == '\n')
      wish (&m, kind >> 3 ^ (unsigned) at, now);
    now += data[at - 1] & 0x40 ? 5 : 700;
    mw_modem_tick (&m, now);
    MUST (mw_modem_step_text (&m) != NULL && mw_modem_why_text (m.why) != NULL);
  }
  /* Nobody speaks any more: it comes to an end, connected or not. */
  for (unsigned i = 0; m.state == MW_MODEM_DIALOGUE; i++) {
    MUST (i < 10000);
    mw_modem_tx_ack (&m, mw_modem_tx (&m).len, now);
    mw_ms next = mw_modem_deadline (&m);
    now = next > now ? next : now + 1;
    mw_modem_tick (&m, now);
  }
}

static void
modem (const uint8_t *data, size_t size, unsigned kind)
{
  static const mw_modem_network network = {
    .signal = 17, .registration = 1, .pin = "1234", .dial_ms = 50
  };
  mw_modem_server s;
  mw_ms now = 1000;
  mw_modem_server_init (&s, &network);
  for (size_t at = 0; at < size;) {
    size_t n = 1 + (kind & 15);
    mw_span payload;
    n = n < size - at ? n : size - at;
    size_t took = mw_modem_server_feed (&s, data + at, n, &payload, now);
    MUST (took > 0 && took <= n);
    MUST (payload.len == 0
          || (payload.ptr >= data && payload.ptr + payload.len <= data + size));
    at += took;
    mw_span tx = mw_modem_server_tx (&s);
    MUST (tx.len <= MW_MODEM_SERVER_OUT);
    if (kind & 0x40)
      mw_modem_server_tx_ack (&s, tx.len);
    now += data[at - 1] & 0x40 ? 5 : 300;
    mw_modem_server_tick (&s, now);
    if (kind & 0x80 && data[at - 1] == '\n')
      mw_modem_server_drop (&s);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  user (data + 1, size - 1, data[0]);
  modem (data + 1, size - 1, data[0]);
  return 0;
}
