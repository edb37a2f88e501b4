/* port.c: see port.h. */
#include "ports/port.h"

#include <string.h>

/* Class 19, baud rates 0 … 9 (Mx381 manual 5.5.1.3). */
static const uint32_t bauds[] = {
  300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200
};

static unsigned
cell (const mw_port *p, unsigned number)
{
  return (unsigned) mw_model_cell_int (p->link.model, number);
}

/* --- DLMS -----------------------------------------------------------------------------------
 */

static void
start_server (mw_port *p, mw_transport *t)
{
  mw_dlms_server_config config = {
    .max_pdu = MW_PORT_PDU,
    .preestablished = MW_CLIENT_PREESTABLISHED,
    .piece = p->piece,
    .piece_cap = sizeof p->piece,
    .store = p->store,
    .store_cap = sizeof p->store,
  };
  mw_model *model = p->link.model;
  p->link = (mw_model_link){ .model = model,
                             .server = &p->server,
                             .local = p->kind == MW_PORT_OPTICAL };
  mw_dlms_server_init (&p->server, t, &mw_model_ops, &p->link, &config);
  p->dlms = true;
  p->was_up = false;
}

/* The limits are those of 0-0:22.0.0 (manual 5.5.1.4). */
static void
start_hdlc (mw_port *p, mw_ms now)
{
  mw_hdlc_config config = {
    .role = MW_SERVER,
    .servers = { MW_LOGICAL_DEVICE },
    .n_servers = 1,
    .physical = (uint16_t) cell (p, MW_CELL_0_0_22_0_0_255_23_9),
    .limits = { .info_tx = (uint16_t) cell (p, MW_CELL_0_0_22_0_0_255_23_5),
                .info_rx = (uint16_t) cell (p, MW_CELL_0_0_22_0_0_255_23_6),
                .window_tx = (uint8_t) cell (p, MW_CELL_0_0_22_0_0_255_23_3),
                .window_rx = (uint8_t) cell (p, MW_CELL_0_0_22_0_0_255_23_4) },
    .inter_octet_ms = cell (p, MW_CELL_0_0_22_0_0_255_23_7),
    .inactivity_ms = cell (p, MW_CELL_0_0_22_0_0_255_23_8) * 1000u,
    .rx_buf = p->rx,
    .rx_cap = sizeof p->rx,
    .tx_buf = p->tx,
    .tx_cap = sizeof p->tx,
  };
  if (config.inactivity_ms == 0)
    config.inactivity_ms = MW_HDLC_NO_TIMEOUT; /* 0: not operational */
  mw_hdlc_init (&p->transport.hdlc, &config);
  (void) mw_transport_open (&p->transport.hdlc.transport, now); /* a server listens anyhow */
  start_server (p, &p->transport.hdlc.transport);
}

static void
start_wrapper (mw_port *p)
{
  mw_wrapper_config config = {
    .role = MW_SERVER,
    .servers = { MW_LOGICAL_DEVICE },
    .n_servers = 1,
    .rx_buf = p->rx,
    .rx_cap = sizeof p->rx,
    .tx_buf = p->tx,
    .tx_cap = sizeof p->tx,
  };
  mw_wrapper_init (&p->transport.wrapper, &config);
  start_server (p, &p->transport.wrapper.transport);
}

/* --- IEC 62056-21 ---------------------------------------------------------------------------
 */

/* "/ISk5\2MT381-1000": the k says 20 ms, the 5 9600 baud (manual 5.5.2.4 and 5.5.1.3). */
static void
start_iec (mw_port *p, mw_ms now)
{
  mw_model *model = p->link.model;
  bool slow = cell (p, MW_CELL_0_0_20_0_0_255_19_5) == 1;
  mw_iec_server_config config = {
    .ident = { .manufacturer = "ISk", .hdlc = true, .fast = true, .escapes = "2" },
    .address = p->address,
    .start_baud = bauds[cell (p, MW_CELL_0_0_20_0_0_255_19_3)],
    .reaction_ms = slow ? 200 : 20,
  };
  mw_span number = mw_model_cell_get (model, MW_CELL_DEVICE_NUMBER);
  size_t n = number.len > 2 ? number.len - 2 : 0; /* tag and length in front */
  memcpy (config.ident.text, model->id == MW_ME381 ? "ME381-1000" : "MT381-1000", 11);
  config.ident.baud_char = (char) ('0' + cell (p, MW_CELL_0_0_20_0_0_255_19_4));
  if (slow)
    config.ident.manufacturer[2] = 'K', config.ident.fast = false;
  memcpy (p->address, number.ptr + 2, n > MW_SERIAL_MAX ? MW_SERIAL_MAX : n);
  p->address[n > MW_SERIAL_MAX ? MW_SERIAL_MAX : n] = '\0';
  p->dlms = false;
  p->quiet = MW_NEVER;
  mw_iec_server_init (&p->iec, &config, &mw_port_iec_ops, p);
  mw_iec_server_reset (&p->iec, now);
  p->line = p->iec.line;
}

static void
iec_events (mw_port *p, mw_ms now)
{
  enum mw_iec_server_event event;
  while (!p->dlms && (event = mw_iec_server_take_event (&p->iec)) != MW_IEC_SEV_NONE) {
    if (event == MW_IEC_SEV_LINE || event == MW_IEC_SEV_HANDOVER)
      p->line = p->iec.line;
    if (event == MW_IEC_SEV_HANDOVER) {
      start_hdlc (p, now);
      p->quiet = now + MW_PORT_SILENCE_MS;
    }
  }
}

/* HDLC came down, or never began: the optical port listens for an opening again. */
static void
hdlc_watch (mw_port *p, mw_ms now)
{
  bool up = p->transport.hdlc.state != MW_HDLC_DOWN;
  if (p->kind != MW_PORT_OPTICAL || !p->dlms || p->quiet == MW_NEVER)
    return;
  if (up) {
    p->was_up = true;
    return;
  }
  if (mw_dlms_server_tx (&p->server).len == 0 && (p->was_up || now >= p->quiet)) {
    mw_dlms_server_reset (&p->server);
    start_iec (p, now);
  }
}

/* --- the verbs ------------------------------------------------------------------------------
 */

void
mw_port_init (mw_port *p, mw_model *model, enum mw_port_kind kind, mw_ms now)
{
  memset (p, 0, sizeof *p);
  p->link.model = model;
  p->kind = kind;
  p->quiet = MW_NEVER;
  mw_port_reset (p, now);
}

void
mw_port_reset (mw_port *p, mw_ms now)
{
  if (p->dlms)
    mw_dlms_server_reset (&p->server);
  p->quiet = MW_NEVER;
  if (p->kind == MW_PORT_WRAPPER) {
    start_wrapper (p);
  } else if (p->kind == MW_PORT_HDLC) {
    start_hdlc (p, now);
  } else if (p->kind == MW_PORT_OPTICAL && cell (p, MW_CELL_0_0_20_0_0_255_19_2) == 1) {
    start_hdlc (p, now); /* default_mode 1: HDLC without an opening */
    p->line = mw_line_8n1 (bauds[cell (p, MW_CELL_0_0_22_0_0_255_23_2)]);
  } else {
    start_iec (p, now);
    iec_events (p, now);
  }
}

bool
mw_port_is_dead (const mw_port *p)
{
  return p->kind == MW_PORT_WRAPPER && p->server.lost;
}

void
mw_port_feed (mw_port *p, const void *data, size_t len, mw_ms now)
{
  const uint8_t *at = data;
  while (len > 0) {
    size_t n = p->dlms ? mw_dlms_server_feed (&p->server, at, len, now)
                       : mw_iec_server_feed (&p->iec, at, len, now);
    at += n;
    len -= n;
    bool was_iec = !p->dlms;
    if (p->dlms)
      hdlc_watch (p, now);
    else
      iec_events (p, now);
    if (n == 0 && was_iec == !p->dlms)
      break; /* nothing takes it: lost, as on a line */
  }
}

mw_span
mw_port_tx (mw_port *p)
{
  return p->dlms ? mw_dlms_server_tx (&p->server) : mw_iec_server_tx (&p->iec);
}

void
mw_port_tx_ack (mw_port *p, size_t n, mw_ms now)
{
  if (p->dlms) {
    mw_dlms_server_tx_ack (&p->server, n, now);
    hdlc_watch (p, now);
    return;
  }
  mw_iec_server_tx_ack (&p->iec, n);
  iec_events (p, now);
}

mw_ms
mw_port_deadline (const mw_port *p)
{
  mw_ms d = p->dlms ? mw_dlms_server_deadline (&p->server) : mw_iec_server_deadline (&p->iec);
  bool waits = p->dlms && p->kind == MW_PORT_OPTICAL && !p->was_up;
  return waits && p->quiet < d ? p->quiet : d;
}

void
mw_port_tick (mw_port *p, mw_ms now)
{
  if (p->dlms) {
    mw_dlms_server_tick (&p->server, now);
    hdlc_watch (p, now);
    return;
  }
  mw_iec_server_tick (&p->iec, now);
  iec_events (p, now);
}

mw_line
mw_port_line (const mw_port *p)
{
  static const mw_line none = { 0, 8, 'N', 1 };
  return p->kind == MW_PORT_OPTICAL ? p->line : none;
}
