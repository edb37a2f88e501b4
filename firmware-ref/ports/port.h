/* port.h: one communication port of a reference meter: bytes in, bytes out.
 *
 *   optical   IEC 62056-21 opening at 300 baud 7E1 ──mode C──> read-out, programming mode
 *                 ▲                                 ──mode E──> HDLC, DLMS server
 *                 └────────── disconnected, or silent for the inactivity time ──┘
 *   hdlc      HDLC and the DLMS server at once
 *   wrapper   the TCP wrapper and the DLMS server
 *   iec       IEC 62056-21 alone, over a line without speed (TCP)
 *
 * A port is an engine (base/engine.h): no I/O, no clock of its own.  Whoever owns it moves the
 * bytes, sets the line when mw_port_line changes, and runs the meter.  Several ports may serve
 * one meter.  Threads: that of the meter.
 */
#ifndef MW_PORTS_PORT_H
#define MW_PORTS_PORT_H

#include "base/line.h"
#include "dlms/hdlc.h"
#include "dlms/wrapper.h"
#include "iec62056_21/server.h"
#include "models/model.h"

enum mw_port_kind { MW_PORT_OPTICAL, MW_PORT_HDLC, MW_PORT_WRAPPER, MW_PORT_IEC };

/* Longest APDU either way, and the HDLC address of the meter (Mx381 manual 5.5.1.4). */
#define MW_PORT_PDU 2048u
#define MW_PORT_STORE 6144u
#define MW_PORT_PIECE 1024u
/* After the opening, HDLC must begin within this time, else the port listens at 300 again. */
#define MW_PORT_SILENCE_MS 30000u

typedef struct mw_port {
  mw_model_link link;
  mw_dlms_server server;
  union {
    mw_hdlc hdlc;
    mw_wrapper wrapper;
  } transport;
  mw_iec_server iec;
  enum mw_port_kind kind;
  bool dlms; /* HDLC or wrapper speaks; else IEC 62056-21 */
  bool was_up;
  mw_line line; /* as the port listens and speaks now */
  mw_ms quiet;  /* when the silence after an opening has lasted too long */
  char address[MW_SERIAL_MAX + 1];
  uint16_t snapshot; /* position in the read-out list */
  uint8_t rx[MW_PORT_PDU + MW_HDLC_LLC];
  uint8_t tx[MW_PORT_PDU + MW_WRAPPER_HEADER];
  uint8_t piece[MW_PORT_PIECE];
  uint8_t store[MW_PORT_STORE];
} mw_port;

/* MODEL stays the caller's. The port must not move. */
void mw_port_init (mw_port *p, mw_model *model, enum mw_port_kind kind, mw_ms now);
/* The line went away (TCP closed, head lifted): back to the beginning. */
void mw_port_reset (mw_port *p, mw_ms now);
/* Nothing will be understood on this connection any more, as after an APDU longer than
 * MW_PORT_PDU in the wrapper: whoever owns it closes it. */
bool mw_port_is_dead (const mw_port *p);
/* Takes all of DATA. */
void mw_port_feed (mw_port *p, const void *data, size_t len, mw_ms now);
mw_span mw_port_tx (mw_port *p);
void mw_port_tx_ack (mw_port *p, size_t n, mw_ms now);
mw_ms mw_port_deadline (const mw_port *p);
void mw_port_tick (mw_port *p, mw_ms now);
/* The line as it must be now; baud 0 where there is none (TCP). */
mw_line mw_port_line (const mw_port *p);

/* readout.c: the data of IEC 62056-21 (ctx is the mw_port). */
extern const mw_iec_ops mw_port_iec_ops;
/* writing.c: a W command. */
enum mw_iec_verdict mw_port_iec_write (void *port, const mw_iec_command *c, mw_wr *w);

#endif
