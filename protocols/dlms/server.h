/* server.h: the server side of COSEM application associations, as an engine.
 *
 * One mw_dlms_server serves one connection (one HDLC link, one TCP connection) on a
 * mw_transport.  What the meter is, is behind mw_dlms_ops.  A value to be read is pulled from
 * get_next in pieces, block by block, so that a profile of any length needs no buffer: the
 * place reached is kept in the mw_dlms_stream.
 *
 * Green Book 9.3, 9.4.4 (association), 9.4.6 (services), 9.5. Threads: none. Memory: caller's.
 */
#ifndef MW_DLMS_SERVER_H
#define MW_DLMS_SERVER_H

#include "base/engine.h"
#include "dlms/acse.h"
#include "dlms/apdu.h"
#include "dlms/transport.h"

/* Who asks for an association. */
typedef struct mw_dlms_login {
  uint16_t client_sap;
  uint16_t logical_device;
  uint8_t mechanism; /* enum mw_acse_mechanism */
  mw_span secret;    /* password (low) or challenge (high); borrowed */
  uint8_t context;   /* enum mw_acse_context */
} mw_dlms_login;

/* A value being read. The server fills attr and access before get_open; everything below the
 * line belongs to the model and is zero at get_open. */
typedef struct mw_dlms_stream {
  mw_dlms_attr attr;
  bool done;      /* set by get_next (or get_open) with the last piece */
  uint8_t result; /* set by get_next when the read fails half-way: a Data-Access-Result */
  uint32_t pos, row, end, step; /* for the model */
  uint64_t state[8];            /* for the model */
} mw_dlms_stream;

typedef struct mw_dlms_ops {
  /* MW_DIAG_NULL accepts. Anything else rejects with that diagnostic. */
  uint8_t (*associate) (void *ctx, const mw_dlms_login *login);
  /* The association ended (release, disconnect, inactivity). May be NULL. */
  void (*released) (void *ctx);
  /* Begin to read ATTR. ACCESS is borrowed: what must be kept goes into STREAM.  A
   * Data-Access-Result; not SUCCESS: nothing more is called for this item. */
  uint8_t (*get_open) (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access,
                       mw_dlms_stream *stream);
  /* The next octets of the value, tag first: at least one and at most CAP, wherever it suits
   * (CAP is never below MW_DLMS_PIECE_MIN), and stream->done with or after the last. */
  size_t (*get_next) (void *ctx, mw_dlms_stream *stream, uint8_t *buf, size_t cap);
  /* VALUE is one whole A-XDR value. A Data-Access-Result. */
  uint8_t (*set) (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access,
                  mw_cur *value);
  /* PARAMETER is one A-XDR value, or empty when there is none or null-data. What is written to
   * REPLY (one A-XDR value) is returned.  An Action-Result. */
  uint8_t (*action) (void *ctx, const mw_dlms_attr *method, mw_cur *parameter, mw_wr *reply);
  /* MORE attributes of the same request follow the one that is set next: what they change may
   * be kept with the last of them, all at once. May be NULL. */
  void (*set_more) (void *ctx, bool more);
} mw_dlms_ops;

#define MW_DLMS_PIECE_MIN 64u

typedef struct mw_dlms_server_config {
  uint32_t conformance;    /* offered; 0: MW_CONF_ALL_LN */
  uint16_t max_pdu;        /* longest APDU we take: the transport's receive buffer */
  uint32_t inactivity_ms;  /* drop an association idle this long; 0: never */
  uint16_t preestablished; /* client SAP whose association stands without AARQ (Green Book
                              9.4.4.4); 0: none.  ops->associate may still refuse it */
  uint8_t *piece;          /* what get_next and action write into: at least MW_DLMS_PIECE_MIN */
  size_t piece_cap;
  uint8_t *store; /* long set and action values, and descriptors of long lists */
  size_t store_cap;
} mw_dlms_server_config;

typedef struct mw_dlms_server {
  mw_transport *transport;
  const mw_dlms_ops *ops;
  void *ctx;
  mw_dlms_server_config config;
  mw_ms now, deadline;
  enum mw_err lost; /* why the transport failed last; MW_OK: it never did */

  bool waits; /* an APDU came and there is no room yet for its answer */
  bool associated;
  uint16_t client_sap, logical_device;
  uint8_t mechanism;
  uint32_t conformance; /* negotiated */
  uint16_t client_max_pdu;

  /* a long answer (get or action) under way */
  uint8_t source; /* what the answer is made from; 0: none */
  uint8_t invoke;
  uint32_t block;
  uint16_t item, items; /* of a list */
  bool in_entry;        /* of a list: its stream is open */
  mw_cur list;          /* descriptors not yet read, in store */
  mw_dlms_stream stream;
  uint32_t piece_at, piece_len;
  uint8_t held[32]; /* octets taken for an answer that then became a block */
  uint8_t held_at, held_len;

  /* a long request (set or action) under way */
  uint8_t long_tag;
  bool long_list;
  uint8_t long_invoke;
  uint32_t long_block;
  uint32_t stored;      /* octets in store */
  uint32_t descriptors; /* of them, descriptors */
  uint16_t long_items;
} mw_dlms_server;

/* TRANSPORT, OPS, CTX and the buffers stay the caller's. The transport waits for a client. */
void mw_dlms_server_init (mw_dlms_server *s, mw_transport *transport, const mw_dlms_ops *ops,
                          void *ctx, const mw_dlms_server_config *config);

/* The verbs of base/engine.h. Feed takes nothing while a request waits for the answer before it
 * to leave: send what mw_dlms_server_tx has, then feed again.  A server has no events for its
 * caller: what happens goes to ops. */
size_t mw_dlms_server_feed (mw_dlms_server *s, const void *data, size_t len, mw_ms now);
mw_span mw_dlms_server_tx (mw_dlms_server *s);
void mw_dlms_server_tx_ack (mw_dlms_server *s, size_t n, mw_ms now);
mw_ms mw_dlms_server_deadline (const mw_dlms_server *s);
void mw_dlms_server_tick (mw_dlms_server *s, mw_ms now);
/* The line went away (TCP closed, optical head lifted): back to the beginning. */
void mw_dlms_server_reset (mw_dlms_server *s);

#endif
