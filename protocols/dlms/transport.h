/* transport.h: what carries whole APDUs between a COSEM client and a server: HDLC (hdlc.h) or
 * the TCP wrapper (wrapper.h), behind one small table of verbs, so that the client and server
 * engines sit on either without knowing which.
 *
 * A transport is an engine (base/engine.h): no I/O, no clock.  The struct of each transport
 * begins with an mw_transport; the caller owns it and the APDU buffers, which are given at
 * init.
 *
 * The life of a connection:
 *
 *   client  open -> UP -> send -> [SENT] APDU -> send ... -> shut -> DOWN
 *   server  UP (the other side opened) -> APDU -> send -> [SENT] -> APDU ... -> DOWN
 *
 * FAILED means that the connection is gone and err says why; open may be called again.
 *
 * The pump of a caller, with a link that moves bytes:
 *
 *   for (;;) {
 *     while ((s = mw_transport_tx (t)).len) { write (s); mw_transport_tx_ack (t, s.len, now); }
 *     while ((event = mw_transport_take_event (t))) handle (event);   // may send
 *     if (mw_transport_tx (t).len) continue;
 *     n = read (buf, until mw_transport_deadline (t));
 *     for (at = 0; at < n; handle events, send) at += mw_transport_feed (t, buf + at, n - at,
 * now); mw_transport_tick (t, now);
 *   }
 */
#ifndef MW_TRANSPORT_H
#define MW_TRANSPORT_H

#include "base/engine.h"

/* The largest APDU that any transport carries: the wrapper's length field has 16 bits. */
#define MW_APDU_MAX 65535u

enum mw_transport_event {
  MW_TRANSPORT_NONE,
  MW_TRANSPORT_UP,     /* connected: client, server and the negotiated limits are known */
  MW_TRANSPORT_APDU,   /* a whole APDU came: mw_transport_apdu */
  MW_TRANSPORT_NOTICE, /* an APDU came that answers nothing (HDLC UI frame): mw_transport_apdu
                        */
  MW_TRANSPORT_SENT,   /* the other side has the whole of what was sent; room is free again */
  MW_TRANSPORT_DOWN,   /* the connection ended in good order; err says why when not MW_OK */
  MW_TRANSPORT_FAILED, /* the connection broke: err */
};

typedef struct mw_transport mw_transport;

typedef struct mw_transport_class {
  const char *name; /* "hdlc", "wrapper" */
  enum mw_err (*open) (mw_transport *t, mw_ms now);
  void (*shut) (mw_transport *t, mw_ms now);
  mw_wr (*room) (mw_transport *t);
  enum mw_err (*send) (mw_transport *t, mw_span apdu, bool expects_answer, mw_ms now);
  size_t (*feed) (mw_transport *t, const uint8_t *data, size_t len, mw_ms now);
  mw_span (*tx) (mw_transport *t);
  void (*tx_ack) (mw_transport *t, size_t n, mw_ms now);
  mw_ms (*deadline) (const mw_transport *t);
  void (*tick) (mw_transport *t, mw_ms now);
  enum mw_transport_event (*take_event) (mw_transport *t);
} mw_transport_class;

struct mw_transport {
  const mw_transport_class *verbs;
  enum mw_role role;
  enum mw_err err; /* why it FAILED or went DOWN; MW_OK until then, and again after open */
  bool up;
  uint16_t client; /* client SAP and server SAP (logical device) of this connection; on a */
  uint16_t server; /* wrapper server those of the last APDU, to which send answers */
  mw_span apdu;    /* see mw_transport_apdu */
};

/* Client: connect. Server: listen (a server listens from init on; open after a failure listens
 * again).  MW_ERR_STATE when it is open already. */
static inline enum mw_err
mw_transport_open (mw_transport *t, mw_ms now)
{
  return t->verbs->open (t, now);
}

/* Client: disconnect in good order; DOWN follows, at the latest after the retries.  Server:
 * drop the connection. */
static inline void
mw_transport_shut (mw_transport *t, mw_ms now)
{
  t->verbs->shut (t, now);
}

/* A writer over the transport's own transmit buffer, to build the next APDU in place; capacity
 * 0 while the last APDU is under way. */
static inline mw_wr
mw_transport_room (mw_transport *t)
{
  return t->verbs->room (t);
}

/* Send APDU: what mw_transport_room's writer holds (not copied) or any other bytes (copied).
 * EXPECTS_ANSWER (client): the other side owes an APDU, and silence is a failure
 * (MW_ERR_TIMEOUT); a server passes false.  MW_ERR_STATE when not up or while the last APDU is
 * under way, MW_ERR_SPACE when it does not fit the transmit buffer, MW_ERR_VALUE when empty. */
static inline enum mw_err
mw_transport_send (mw_transport *t, mw_span apdu, bool expects_answer, mw_ms now)
{
  return t->verbs->send (t, apdu, expects_answer, now);
}

/* Give received bytes; returns how many it took: fewer than LEN when an event must be taken
 * first. */
static inline size_t
mw_transport_feed (mw_transport *t, const uint8_t *data, size_t len, mw_ms now)
{
  return t->verbs->feed (t, data, len, now);
}

/* What it wants sent now, borrowed until the next call; ask again after mw_transport_tx_ack. */
static inline mw_span
mw_transport_tx (mw_transport *t)
{
  return t->verbs->tx (t);
}

static inline void
mw_transport_tx_ack (mw_transport *t, size_t n, mw_ms now)
{
  t->verbs->tx_ack (t, n, now);
}

/* When mw_transport_tick must be called at the latest; MW_NEVER when it waits for nothing. */
static inline mw_ms
mw_transport_deadline (const mw_transport *t)
{
  return t->verbs->deadline (t);
}

static inline void
mw_transport_tick (mw_transport *t, mw_ms now)
{
  t->verbs->tick (t, now);
}

static inline enum mw_transport_event
mw_transport_take_event (mw_transport *t)
{
  return t->verbs->take_event (t);
}

/* The APDU of the APDU or NOTICE event just taken, borrowed from the receive buffer until the
 * next feed or tick. */
static inline mw_span
mw_transport_apdu (const mw_transport *t)
{
  return t->apdu;
}

#endif
