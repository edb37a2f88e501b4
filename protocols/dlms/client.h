/* client.h: the client side of a COSEM application association, as an engine.
 *
 * It sits on a mw_transport (HDLC or wrapper), opens it, associates, and carries GET, SET and
 * ACTION to their end: lists, selective access, blocks in both directions.  One request is
 * under way at a time.  A value arrives as DATA events, pieces of A-XDR borrowed from the
 * transport's receive buffer, so that a profile of a megabyte needs no buffer here.
 *
 *   init, associate         ->  ASSOCIATED | FAILED
 *   get (items)             ->  per item: DATA* RESULT;  then DONE
 *   set (items)             ->  per item: RESULT;        then DONE
 *   action (items)          ->  per item: DATA* RESULT;  then DONE
 *   release                 ->  RELEASED
 *   at any time             ->  NOTIFICATION | FAILED
 *
 * DONE with err: this request failed, the association is still there (MW_ERR_REFUSED: an
 * exception-response; MW_ERR_UNSUPPORTED: the negotiated conformance has no way to send it;
 * MW_ERR_PROTOCOL: the answer made no sense).  FAILED: the connection is gone.
 *
 * Threads: none. Memory: the caller's; items and what they point to stay until DONE.
 */
#ifndef MW_DLMS_CLIENT_H
#define MW_DLMS_CLIENT_H

#include "base/engine.h"
#include "dlms/acse.h"
#include "dlms/apdu.h"
#include "dlms/transport.h"

enum mw_dlms_event_kind {
  MW_DLMS_NOTHING,
  MW_DLMS_ASSOCIATED,
  MW_DLMS_DATA,
  MW_DLMS_RESULT,
  MW_DLMS_DONE,
  MW_DLMS_RELEASED,
  MW_DLMS_NOTIFICATION, /* data: the whole APDU, for mw_notification_decode */
  MW_DLMS_FAILED,
};

typedef struct mw_dlms_event {
  uint8_t kind;        /* enum mw_dlms_event_kind */
  uint8_t result;      /* RESULT: Data-Access-Result; for an ACTION its Action-Result */
  uint8_t data_result; /* RESULT of an ACTION: what became of its return parameters */
  uint16_t item;       /* DATA and RESULT: index into the items */
  enum mw_err err;     /* DONE, FAILED */
  mw_span data;        /* borrowed until the next call on the client */
} mw_dlms_event;

/* One attribute to get or set, or one method to call. */
typedef struct mw_dlms_item {
  mw_dlms_attr attr;
  mw_dlms_selection access; /* get and set */
  mw_span value;            /* set: one A-XDR value. action: its parameter, empty for none */
} mw_dlms_item;

typedef struct mw_dlms_client_config {
  uint8_t mechanism;     /* MW_AUTH_NONE or MW_AUTH_LOW */
  mw_span password;      /* MW_AUTH_LOW; stays the caller's, read when associating */
  mw_span calling_title; /* system title, or empty */
  uint32_t conformance;  /* proposed; 0: MW_CONF_ALL_LN */
  uint16_t max_pdu;      /* longest APDU we take: the transport's receive buffer */
  uint32_t timeout_ms;   /* for each answer; 0: MW_DLMS_TIMEOUT_MS */
  bool preestablished;   /* no AARQ: CONFORMANCE and MAX_PDU are what both sides have agreed on
                            (Green Book 9.4.4.4); nor is it released with RLRQ */
  bool no_release;       /* leave with the transport alone, without RLRQ */
} mw_dlms_client_config;

/* Green Book leaves it to the implementer; slow GPRS meters need half of this. */
#define MW_DLMS_TIMEOUT_MS 30000u
/* An answer whose octets come one by one is waited for this long in all: 64 KB at 1200 baud. */
#define MW_DLMS_LONGEST_MS 600000u
/* Blocks without an octet that are taken in a row: an answer of nothing else has no end. */
#define MW_DLMS_EMPTY_BLOCKS 8u

typedef struct mw_dlms_client {
  mw_transport *transport;
  mw_dlms_client_config config;
  uint8_t state;
  uint8_t outgoing; /* what is sent as soon as there is room */
  uint8_t service;  /* tag of the request under way */
  uint8_t invoke;   /* of the request under way */
  mw_ms now, deadline;
  uint32_t moved;       /* octets carried since something was awaited */
  mw_ms since;          /* when that was */
  uint8_t empty_blocks; /* one after the other */

  /* after ASSOCIATED, or after FAILED with MW_ERR_REJECTED or MW_ERR_ACCESS */
  uint32_t conformance; /* negotiated */
  uint16_t server_max_pdu;
  uint8_t acse_result, acse_source, acse_diagnostic;
  uint8_t service_error_class, service_error_code; /* of a ConfirmedServiceError */
  mw_exception exception;                          /* of the last exception-response */

  /* the request under way */
  const mw_dlms_item *items;
  uint16_t count; /* of items */
  uint16_t first; /* first item of the APDU under way */
  uint16_t batch; /* items in that APDU */
  uint16_t item;  /* the item whose answer is being read */
  uint32_t block; /* last block sent or received */
  uint32_t sent;  /* octets of the value that left in blocks */
  bool sending_blocks, blocks_in, last_block;
  uint8_t want;         /* what the next octet of the answer is */
  bool answering;       /* answer holds octets, or its end was not yet seen */
  uint8_t refused_rest; /* the server gave up: the result of all items to come */
  uint8_t reply_result, data_result, set_result;
  uint32_t length;
  uint8_t length_octets;
  mw_axdr_scan scan;
  mw_span answer;      /* octets of the answer not yet turned into events */
  mw_dlms_event event; /* one that waits */
} mw_dlms_client;

/* TRANSPORT is ready to be opened and the caller's; the client uses it until RELEASED or
 * FAILED. */
void mw_dlms_client_init (mw_dlms_client *c, mw_transport *transport,
                          const mw_dlms_client_config *config);

/* All of these: MW_ERR_STATE when something else is under way; MW_ERR_VALUE when an item cannot
 * be encoded (a get with more items than 65,535, a set without a value). */
enum mw_err mw_dlms_client_associate (mw_dlms_client *c, mw_ms now);
enum mw_err
mw_dlms_client_get (mw_dlms_client *c, const mw_dlms_item *items, size_t n, mw_ms now);
enum mw_err
mw_dlms_client_set (mw_dlms_client *c, const mw_dlms_item *items, size_t n, mw_ms now);
enum mw_err
mw_dlms_client_action (mw_dlms_client *c, const mw_dlms_item *items, size_t n, mw_ms now);
/* Also during a request, which is given up. */
enum mw_err mw_dlms_client_release (mw_dlms_client *c, mw_ms now);

/* The verbs of base/engine.h. Events must be taken before more is fed: feed takes nothing while
 * one waits. */
size_t mw_dlms_client_feed (mw_dlms_client *c, const void *data, size_t len, mw_ms now);
mw_span mw_dlms_client_tx (mw_dlms_client *c);
void mw_dlms_client_tx_ack (mw_dlms_client *c, size_t n, mw_ms now);
mw_ms mw_dlms_client_deadline (const mw_dlms_client *c);
void mw_dlms_client_tick (mw_dlms_client *c, mw_ms now);
mw_dlms_event mw_dlms_client_take_event (mw_dlms_client *c);

#endif
