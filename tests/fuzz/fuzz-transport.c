/* The engines of HDLC and of the TCP wrapper in both roles, connected and not, fed with
 * anything in lumps of any size, with time passing: they never loop, never write beyond their
 * buffers, and say of themselves only what can be. */
#include <string.h>

#include "dlms/hdlc.h"
#include "dlms/wrapper.h"
#include "fuzz.h"

#define CAP 600

static uint8_t rx[CAP], tx[CAP];

static void
take_events (mw_transport *t)
{
  static const uint8_t apdu[] = { 0xc0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  enum mw_transport_event event;
  unsigned n = 0;
  while ((event = mw_transport_take_event (t))) {
    MUST (++n < 10);
    if (event == MW_TRANSPORT_APDU || event == MW_TRANSPORT_NOTICE) {
      mw_span s = mw_transport_apdu (t);
      MUST (s.len > 0 && s.ptr >= rx && s.ptr + s.len <= rx + CAP);
      mw_transport_send (t, (mw_span){ apdu, sizeof apdu }, t->role == MW_CLIENT, 0);
    }
    if (event == MW_TRANSPORT_FAILED)
      MUST (t->err != MW_OK && !t->up);
    if (event == MW_TRANSPORT_UP && t->role == MW_CLIENT)
      mw_transport_send (t, (mw_span){ apdu, sizeof apdu }, true, 0);
  }
}

static void
take_output (mw_transport *t, mw_ms now)
{
  mw_span s;
  unsigned n = 0;
  while ((s = mw_transport_tx (t)).len) {
    MUST (s.len <= MW_HDLC_FRAME_MAX + CAP);
    MUST (++n < 100); /* a turn of the line ends */
    mw_transport_tx_ack (t, n % 2 ? (s.len + 1) / 2 : s.len, now);
  }
}

static void
converse (mw_transport *t, const uint8_t *data, size_t size, unsigned lump)
{
  mw_ms now = 10;
  unsigned stuck = 0;
  if (!t->up)
    mw_transport_open (t, now);
  for (size_t at = 0; at < size;) {
    take_events (t);
    take_output (t, now);
    size_t n = size - at < lump ? size - at : lump;
    size_t took = mw_transport_feed (t, data + at, n, now);
    MUST (took <= n);
    stuck = took ? 0 : stuck + 1;
    MUST (stuck < 5);
    at += took;
    now += lump;
    if (mw_transport_deadline (t) <= now)
      mw_transport_tick (t, now);
  }
  for (unsigned i = 0; i < 50; i++) {
    take_events (t);
    take_output (t, now);
    mw_ms deadline = mw_transport_deadline (t);
    if (deadline == MW_NEVER)
      break;
    now = deadline > now ? deadline : now + 1;
    mw_transport_tick (t, now);
  }
  mw_transport_shut (t, now);
  take_output (t, now);
  take_events (t);
}

static void
run_hdlc (enum mw_role role, const uint8_t *data, size_t size, unsigned lump)
{
  static mw_hdlc h;
  mw_hdlc_config c = { .role = role,
                       .client = 16,
                       .servers = { 1, 16 },
                       .n_servers = 2,
                       .physical = 17,
                       .address_bytes = 2,
                       .limits = { 2030, 2030, 7, 7 },
                       .rx_buf = rx,
                       .rx_cap = CAP,
                       .tx_buf = tx,
                       .tx_cap = CAP };
  static const uint8_t snrm[] = { 0x7e, 0xa0, 0x08, 0x02, 0x23, 0x21, 0x93, 0xbd, 0x64, 0x7e };
  static const uint8_t ua[] = { 0x7e, 0xa0, 0x1f, 0x21, 0x02, 0x23, 0x73, 0xe6, 0xc7,
                                0x81, 0x80, 0x12, 0x05, 0x01, 0x9a, 0x06, 0x01, 0x9a,
                                0x07, 0x04, 0x00, 0x00, 0x00, 0x01, 0x08, 0x04, 0x00,
                                0x00, 0x00, 0x01, 0xcc, 0xa2, 0x7e };
  mw_hdlc_init (&h, &c);
  mw_transport *t = &h.transport;
  mw_transport_open (t, 0);
  take_output (t, 0);
  if (role == MW_SERVER)
    mw_transport_feed (t, snrm, sizeof snrm, 1);
  else
    mw_transport_feed (t, ua, sizeof ua, 1);
  MUST (t->up);
  converse (t, data, size, lump);
}

static void
run_wrapper (enum mw_role role, const uint8_t *data, size_t size, unsigned lump)
{
  static mw_wrapper w;
  mw_wrapper_config c = { .role = role,
                          .client = 1,
                          .servers = { 1 },
                          .n_servers = 1,
                          .rx_buf = rx,
                          .rx_cap = CAP,
                          .tx_buf = tx,
                          .tx_cap = CAP };
  mw_wrapper_init (&w, &c);
  converse (&w.transport, data, size, lump);
}

/* The input as control fields, flags and information fields of frames with good checks: what
 * the checks would stop reaches the state table. */
static size_t
make_frames (enum mw_role role, const uint8_t *data, size_t size, uint8_t *out, size_t cap)
{
  static const mw_hdlc_address server = { 1, 17, 2 }, client = { 16, 0, 1 };
  mw_wr w;
  size_t at = 0, whole = 0;
  mw_wr_init (&w, out, cap);
  while (at + 2 < size && w.err == MW_OK) {
    mw_hdlc_frame f = { .destination = role == MW_CLIENT ? client : server,
                        .source = role == MW_CLIENT ? server : client,
                        .control = data[at],
                        .segmented = data[at + 1] & 1 };
    size_t len = data[at + 1] >> 1 < size - at - 2 ? data[at + 1] >> 1 : size - at - 2;
    whole = mw_wr_len (&w);
    f.info = (mw_span){ data + at + 2, len };
    mw_hdlc_frame_encode (&w, &f);
    at += 2 + len;
  }
  return w.err == MW_OK ? mw_wr_len (&w) : whole;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  unsigned lump = size ? 1u + data[size - 1] % 23u : 1u;
  static uint8_t frames[20000];
  for (unsigned role = 0; role < MW_N_ROLES; role++) {
    run_hdlc ((enum mw_role) role, data, size, lump);
    size_t n = make_frames ((enum mw_role) role, data, size, frames, sizeof frames);
    run_hdlc ((enum mw_role) role, frames, n, lump * 3);
  }
  run_wrapper (MW_CLIENT, data, size, lump);
  run_wrapper (MW_SERVER, data, size, lump);
  return 0;
}
