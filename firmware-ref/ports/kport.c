/* kport.c: see kport.h. */
#include "ports/kport.h"

#include <string.h>

#include "models/kamstrup/cosem.h"

static const mw_kpersonality *
personality (const mw_kport *p)
{
  return mw_kamstrup_personality (p->link.meter);
}

static bool
speaks (const mw_kport *p, unsigned protocol)
{
  return personality (p)->protocols & protocol;
}

/* Has the port a speed? */
static bool
has_line (const mw_kport *p)
{
  return p->kind == MW_KPORT_AT_HEAD || p->kind == MW_KPORT_AT_MODULE;
}

static uint32_t
rest_baud (const mw_kport *p)
{
  return has_line (p) ? personality (p)->baud[p->link.port] : 0;
}

/* --- KMP ------------------------------------------------------------------------------------
 */

/* The head has one meter before it; on the bus of modules the meter has its own address alone.
 */
static void
address (mw_kport *p)
{
  uint8_t own = (uint8_t) mw_kmeter_number (p->link.meter->k, MW_KV_KMP_ADDRESS);
  p->kmp.config.address = own;
  p->kmp.config.also = p->kind == MW_KPORT_AT_HEAD && own != MW_KMP_METER ? MW_KMP_METER : 0;
}

static void
start_rest (mw_kport *p)
{
  mw_kmp_server_config config = { .line = { rest_baud (p), 8, 'N', 2 } };
  mw_kmp_server_init (&p->kmp, &config, &mw_kamstrup_kmp, &p->link);
  address (p);
  p->state = MW_KPORT_REST;
  p->quiet = MW_NEVER;
  p->line = config.line;
}

/* --- DLMS -----------------------------------------------------------------------------------
 */

static void
start_server (mw_kport *p, mw_transport *t)
{
  mw_dlms_server_config config = {
    .max_pdu = MW_KPORT_PDU,
    .piece = p->piece,
    .piece_cap = sizeof p->piece,
    .store = p->store,
    .store_cap = sizeof p->store,
  };
  p->link.server = &p->server;
  p->link.level = MW_KAMSTRUP_NOBODY;
  mw_dlms_server_init (&p->server, t, &mw_kamstrup_cosem, &p->link, &config);
  p->was_up = false;
}

/* The physical address is 1 at the head, and on a bus that of METERTOOL manual 3.4.5.3. */
static void
start_hdlc (mw_kport *p, mw_ms now)
{
  int64_t bus = mw_kmeter_number (p->link.meter->k, MW_KV_DLMS_ADDRESS);
  mw_hdlc_config config = {
    .role = MW_SERVER,
    .servers = { MW_KAMSTRUP_LOGICAL_DEVICE, MW_KAMSTRUP_MANAGEMENT },
    .n_servers = 2,
    .physical = p->kind == MW_KPORT_AT_MODULE ? (uint16_t) bus : 1,
    .inactivity_ms = has_line (p) ? 30000 : MW_HDLC_NO_TIMEOUT,
    .rx_buf = p->rx,
    .rx_cap = sizeof p->rx,
    .tx_buf = p->tx,
    .tx_cap = sizeof p->tx,
  };
  mw_hdlc_init (&p->transport.hdlc, &config);
  (void) mw_transport_open (&p->transport.hdlc.transport, now); /* a server listens anyhow */
  start_server (p, &p->transport.hdlc.transport);
  p->state = MW_KPORT_IN_HDLC;
  p->quiet = p->kind == MW_KPORT_HDLC ? MW_NEVER : now + MW_KPORT_SILENCE_MS;
}

static void
start_wrapper (mw_kport *p)
{
  mw_wrapper_config config = {
    .role = MW_SERVER,
    .servers = { MW_KAMSTRUP_LOGICAL_DEVICE, MW_KAMSTRUP_MANAGEMENT },
    .n_servers = 2,
    .rx_buf = p->rx,
    .rx_cap = sizeof p->rx,
    .tx_buf = p->tx,
    .tx_cap = sizeof p->tx,
  };
  mw_wrapper_init (&p->transport.wrapper, &config);
  start_server (p, &p->transport.wrapper.transport);
  p->state = MW_KPORT_IN_WRAPPER;
  p->quiet = MW_NEVER;
}

/* HDLC came down, or never began. */
static void
hdlc_watch (mw_kport *p, mw_ms now)
{
  if (p->state != MW_KPORT_IN_HDLC || p->kind == MW_KPORT_HDLC)
    return;
  if (p->transport.hdlc.state != MW_HDLC_DOWN) {
    p->was_up = true;
    return;
  }
  if (mw_dlms_server_tx (&p->server).len == 0 && (p->was_up || now >= p->quiet)) {
    mw_dlms_server_reset (&p->server);
    start_rest (p);
  }
}

/* --- IEC 62056-21 ---------------------------------------------------------------------------
 */

/* "/KAM0685382…": the catalogue has the beginning with the letter of the speed; a port that
 * goes no further than 1200 says so. */
static void
start_iec (mw_kport *p, mw_ms now)
{
  const mw_kpersonality *who = personality (p);
  const mw_kamstrup_kept *kept = &p->link.meter->kept;
  mw_iec_server_config config = { .address = p->address, .start_baud = 300 };
  bool slow = has_line (p) && rest_baud (p) <= 1200;
  mw_kvalue v;
  size_t n = 0;
  for (; n < sizeof p->address - 1 && n < 8; n++)
    p->address[n] = 0;
  if (mw_kmeter_value (p->link.meter->k, MW_KV_METER_NUMBER1, &v) == MW_OK)
    for (unsigned i = 8; i > 0; i--, v.number /= 10)
      p->address[i - 1] = (char) ('0' + v.number % 10);
  memcpy (config.ident.manufacturer, who->iec, 3);
  config.ident.baud_char = slow && who->iec[3] > '2' ? '2' : who->iec[3];
  for (n = 0; n < sizeof kept->type && kept->type[n] && n + 1 < sizeof config.ident.text; n++)
    config.ident.text[n] = (char) kept->type[n];
  if (speaks (p, MW_KPROTOCOL_DLMS)) {
    config.ident.hdlc = true;
    memcpy (config.ident.escapes, "2", 2);
  }
  mw_iec_server_init (&p->iec, &config, &mw_kamstrup_iec, &p->link);
  mw_iec_server_reset (&p->iec, now);
  p->state = MW_KPORT_IN_IEC;
  p->answered = p->told = false;
  p->line = p->iec.line;
  p->quiet = p->kind == MW_KPORT_IEC ? MW_NEVER : now + MW_KPORT_SILENCE_MS;
}

static void
iec_events (mw_kport *p, mw_ms now)
{
  enum mw_iec_server_event event;
  while (p->state == MW_KPORT_IN_IEC
         && (event = mw_iec_server_take_event (&p->iec)) != MW_IEC_SEV_NONE) {
    if (event == MW_IEC_SEV_LINE || event == MW_IEC_SEV_HANDOVER)
      p->line = p->iec.line;
    if (event == MW_IEC_SEV_HANDOVER)
      start_hdlc (p, now);
    else if (event == MW_IEC_SEV_IDLE && p->kind != MW_KPORT_IEC)
      start_rest (p);
  }
}

/* Does a dialogue go on? */
static bool
iec_busy (const mw_kport *p)
{
  return mw_iec_server_deadline (&p->iec) != MW_NEVER || mw_iec_server_tx (&p->iec).len > 0;
}

static void
iec_watch (mw_kport *p, mw_ms now)
{
  if (p->state != MW_KPORT_IN_IEC || p->kind == MW_KPORT_IEC)
    return;
  if (iec_busy (p))
    p->quiet = now + MW_KPORT_SILENCE_MS;
  else if (now >= p->quiet)
    start_rest (p);
}

/* --- the verbs ------------------------------------------------------------------------------
 */

void
mw_kport_init (mw_kport *p, mw_kamstrup *meter, enum mw_kport_kind kind, mw_ms now)
{
  memset (p, 0, sizeof *p);
  p->link.meter = meter;
  p->link.port = kind == MW_KPORT_AT_HEAD ? MW_KPORT_OPTICAL : MW_KPORT_MODULE;
  p->kind = (uint8_t) kind;
  mw_kport_reset (p, now);
}

void
mw_kport_reset (mw_kport *p, mw_ms now)
{
  if (p->state == MW_KPORT_IN_HDLC || p->state == MW_KPORT_IN_WRAPPER)
    mw_dlms_server_reset (&p->server);
  if (p->kind == MW_KPORT_WRAPPER)
    start_wrapper (p);
  else if (p->kind == MW_KPORT_HDLC)
    start_hdlc (p, now);
  else if (p->kind == MW_KPORT_IEC)
    start_iec (p, now);
  else
    start_rest (p);
}

/* After a read-out the other side may have had what it wanted. */
static bool
may_leave (const mw_kport *p)
{
  return p->told && mw_iec_server_tx (&p->iec).len == 0;
}

void
mw_kport_hear (mw_kport *p, uint32_t baud, mw_ms now)
{
  if (!has_line (p))
    return;
  if (p->state == MW_KPORT_REST && baud == 300 && speaks (p, MW_KPROTOCOL_IEC)
      && mw_kmp_server_tx (&p->kmp).len == 0)
    start_iec (p, now);
  else if (p->state == MW_KPORT_IN_IEC && baud == rest_baud (p) && p->line.baud != baud
           && (!p->answered || may_leave (p)))
    start_rest (p);
}

bool
mw_kport_is_dead (const mw_kport *p)
{
  return p->kind == MW_KPORT_WRAPPER && p->server.lost;
}

/* At rest: who is it that begins to speak? */
static void
sniff (mw_kport *p, uint8_t first, mw_ms now)
{
  if (mw_kmp_framer_busy (&p->kmp.rx))
    return;
  if (first == '/' && p->kind == MW_KPORT_TRANSPARENT && speaks (p, MW_KPROTOCOL_IEC))
    start_iec (p, now);
  else if (first == 0x7e && speaks (p, MW_KPROTOCOL_DLMS))
    start_hdlc (p, now);
}

static size_t
feed_some (mw_kport *p, const uint8_t *data, size_t len, mw_ms now)
{
  size_t n;
  uint8_t byte;
  if (p->state == MW_KPORT_IN_IEC && data[0] == MW_KMP_TO_METER && p->kind != MW_KPORT_IEC
      && may_leave (p) && p->line.baud == rest_baud (p))
    start_rest (p); /* what would be a NUL with a wrong parity is the start of a frame */
  if (p->state == MW_KPORT_REST)
    sniff (p, data[0], now);
  switch (p->state) {
  case MW_KPORT_REST:
    address (p);
    return mw_kmp_server_feed (&p->kmp, data, 1, now); /* byte by byte: each may begin anew */
  case MW_KPORT_IN_IEC:
    p->quiet = p->quiet == MW_NEVER ? MW_NEVER : now + MW_KPORT_SILENCE_MS;
    byte = data[0] & 0x7f; /* without its parity; byte by byte: the line may change after any */
    n = mw_iec_server_feed (&p->iec, &byte, 1, now);
    iec_events (p, now);
    return n;
  default:
    n = mw_dlms_server_feed (&p->server, data, len, now);
    hdlc_watch (p, now);
    return n;
  }
}

void
mw_kport_feed (mw_kport *p, const void *data, size_t len, mw_ms now)
{
  const uint8_t *at = data;
  while (len > 0) {
    uint8_t before = p->state;
    size_t n = feed_some (p, at, len, now);
    at += n;
    len -= n;
    if (n == 0 && before == p->state)
      break; /* nothing takes it: lost, as on a line */
  }
}

mw_span
mw_kport_tx (mw_kport *p)
{
  switch (p->state) {
  case MW_KPORT_REST:
    return mw_kmp_server_tx (&p->kmp);
  case MW_KPORT_IN_IEC:
    return mw_iec_server_tx (&p->iec);
  default:
    return mw_dlms_server_tx (&p->server);
  }
}

void
mw_kport_tx_ack (mw_kport *p, size_t n, mw_ms now)
{
  switch (p->state) {
  case MW_KPORT_REST:
    mw_kmp_server_tx_ack (&p->kmp, n, now);
    break;
  case MW_KPORT_IN_IEC:
    p->told = p->told || memchr (mw_iec_server_tx (&p->iec).ptr, MW_IEC_ETX, n);
    p->answered = true;
    mw_iec_server_tx_ack (&p->iec, n);
    iec_events (p, now);
    break;
  default:
    mw_dlms_server_tx_ack (&p->server, n, now);
    hdlc_watch (p, now);
  }
}

mw_ms
mw_kport_deadline (const mw_kport *p)
{
  mw_ms d = p->state == MW_KPORT_REST     ? mw_kmp_server_deadline (&p->kmp)
            : p->state == MW_KPORT_IN_IEC ? mw_iec_server_deadline (&p->iec)
                                          : mw_dlms_server_deadline (&p->server);
  bool waits = p->state == MW_KPORT_IN_IEC || (p->state == MW_KPORT_IN_HDLC && !p->was_up);
  return waits && p->quiet < d ? p->quiet : d;
}

void
mw_kport_tick (mw_kport *p, mw_ms now)
{
  switch (p->state) {
  case MW_KPORT_REST:
    mw_kmp_server_tick (&p->kmp, now);
    break;
  case MW_KPORT_IN_IEC:
    mw_iec_server_tick (&p->iec, now);
    iec_events (p, now);
    iec_watch (p, now);
    break;
  default:
    mw_dlms_server_tick (&p->server, now);
    hdlc_watch (p, now);
  }
}

mw_line
mw_kport_line (const mw_kport *p)
{
  static const mw_line none = { 0, 8, 'N', 1 };
  return has_line (p) ? p->line : none;
}
