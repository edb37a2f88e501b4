/* kport.h: one communication port of a Kamstrup reference meter: bytes in, bytes out.
 *
 *              ┌── "/?!" at 300 baud ──► IEC 62056-21 ──mode E──► HDLC ──┐
 *   at rest ───┼── 80h ───────────────► KMP                              ├──► at rest
 *              └── 7Eh ───────────────► HDLC, DLMS server ───────────────┘
 *
 * At rest the port has the speed of KMP: 9600 on the optical port from generation J on, 1200
 * before, and 1200 on the module port (METERTOOL manual 3.2.2.1).  A receiver can tell an
 * opening at 300 baud from a KMP frame by the first low pulse: the start bit of "/" lasts 3.3
 * ms, start and seven zero bits of 80h 0.83 ms at 9600 and 6.7 ms at 1200 baud.  That is how
 * this meter hears both; no public source says how a real one does it (reference).  Whoever
 * owns the line says at which speed the other side speaks (mw_kport_hear); what comes at any
 * other speed is noise.
 *
 * Without a line's speed (TCP to a transparent module) the first byte alone decides.  HDLC and
 * the TCP wrapper can be had at once, too.  A port is an engine (base/engine.h); several may
 * serve one meter. Threads: that of the meter.
 */
#ifndef MW_PORTS_KPORT_H
#define MW_PORTS_KPORT_H

#include "base/line.h"
#include "dlms/hdlc.h"
#include "dlms/wrapper.h"
#include "models/kamstrup/kamstrup.h"

enum mw_kport_kind {
  MW_KPORT_AT_HEAD,     /* the optical port */
  MW_KPORT_AT_MODULE,   /* the connector of the modules */
  MW_KPORT_TRANSPARENT, /* through a transparent module, no speed: KMP, IEC, HDLC */
  MW_KPORT_IEC,         /* IEC 62056-21 alone, no speed */
  MW_KPORT_HDLC,        /* HDLC at once, no speed */
  MW_KPORT_WRAPPER,     /* the TCP wrapper */
};

#define MW_KPORT_PDU 1024u
#define MW_KPORT_STORE 1024u
#define MW_KPORT_PIECE 512u
/* An opening must follow the noise of another speed, and HDLC the confirmation of mode E,
 * within this time; else the port is at rest again. */
#define MW_KPORT_SILENCE_MS 10000u

enum mw_kport_state { MW_KPORT_REST, MW_KPORT_IN_IEC, MW_KPORT_IN_HDLC, MW_KPORT_IN_WRAPPER };

typedef struct mw_kport_engine {
  mw_kamstrup_link link;
  uint8_t kind;  /* enum mw_kport_kind */
  uint8_t state; /* enum mw_kport_state */
  bool was_up;   /* HDLC */
  bool answered; /* IEC 62056-21: an opening was understood */
  bool told;     /* … and a block of data was sent: KMP may follow at once */
  mw_line line;
  mw_ms quiet; /* when the silence after an opening has lasted too long */
  mw_kmp_server kmp;
  mw_iec_server iec;
  mw_dlms_server server;
  union {
    mw_hdlc hdlc;
    mw_wrapper wrapper;
  } transport;
  char address[16]; /* of IEC 62056-21 */
  uint8_t rx[MW_KPORT_PDU + MW_HDLC_LLC];
  uint8_t tx[MW_KPORT_PDU + MW_WRAPPER_HEADER];
  uint8_t piece[MW_KPORT_PIECE];
  uint8_t store[MW_KPORT_STORE];
} mw_kport;

/* METER stays the caller's. The port must not move. */
void mw_kport_init (mw_kport *p, mw_kamstrup *meter, enum mw_kport_kind kind, mw_ms now);
/* The line went away (TCP closed, head lifted): back to the beginning. */
void mw_kport_reset (mw_kport *p, mw_ms now);
/* The other side speaks at BAUD from now on. */
void mw_kport_hear (mw_kport *p, uint32_t baud, mw_ms now);
bool mw_kport_is_dead (const mw_kport *p);
/* Takes all of DATA, bytes as the line has them, with their parity. */
void mw_kport_feed (mw_kport *p, const void *data, size_t len, mw_ms now);
mw_span mw_kport_tx (mw_kport *p);
void mw_kport_tx_ack (mw_kport *p, size_t n, mw_ms now);
mw_ms mw_kport_deadline (const mw_kport *p);
void mw_kport_tick (mw_kport *p, mw_ms now);
/* The line as it must be now; baud 0 where there is none. */
mw_line mw_kport_line (const mw_kport *p);

#endif
