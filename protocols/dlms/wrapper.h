/* wrapper.h: the TCP/UDP wrapper of COSEM (IEC 62056-47; Green Book 7.3.3): in front of every
 * APDU eight bytes: version 0001h, source wPort, destination wPort, length of the APDU, each 16
 * bits with the high byte first.
 *
 * The byte stream below is connected already: open is UP at once, shut is DOWN at once.  A
 * header with another version or a length beyond the receive buffer cannot be resynchronised:
 * FAILED.  An APDU for other wPorts than ours is skipped.
 */
#ifndef MW_WRAPPER_H
#define MW_WRAPPER_H

#include "dlms/transport.h"

#define MW_WRAPPER_HEADER 8u
#define MW_WRAPPER_VERSION 1u
/* The registered TCP and UDP port of DLMS/COSEM. */
#define MW_WRAPPER_PORT 4059u
/* A GPRS meter answers in 0.7 s at the median; ten times that is silence. */
#define MW_WRAPPER_RESPONSE_MS 10000u
#define MW_WRAPPER_SERVERS_MAX 4u

typedef struct mw_wrapper_header {
  uint16_t version;
  uint16_t source;
  uint16_t destination;
  uint16_t length;
} mw_wrapper_header;

/* Read one header; the cursor keeps MW_ERR_SHORT. The version is not judged. */
mw_wrapper_header mw_wrapper_header_decode (mw_cur *c);
void mw_wrapper_header_encode (mw_wr *w, const mw_wrapper_header *h);

typedef struct mw_wrapper_config {
  enum mw_role role;
  uint16_t client;                          /* client: its wPort; a server answers any client */
  uint16_t servers[MW_WRAPPER_SERVERS_MAX]; /* client: [0] is the logical device called */
  uint8_t n_servers;                        /* server: its logical devices, 1 ... 4 */
  uint32_t response_ms;                     /* client; 0: MW_WRAPPER_RESPONSE_MS */
  uint32_t inactivity_ms;                   /* server: DOWN after this silence; 0: never */
  uint8_t *rx_buf;                          /* one APDU received */
  size_t rx_cap;
  uint8_t *tx_buf; /* MW_WRAPPER_HEADER bytes and one APDU to be sent */
  size_t tx_cap;
} mw_wrapper_config;

typedef struct mw_wrapper {
  mw_transport transport; /* first: an mw_wrapper is an mw_transport */
  mw_wrapper_config config;
  mw_ms now;
  mw_ms timer; /* response (client) or inactivity (server); MW_NEVER */
  uint8_t head[MW_WRAPPER_HEADER];
  uint8_t head_len;
  mw_wrapper_header header;
  size_t rx_len;  /* bytes of the APDU received */
  bool skipping;  /* the APDU under way is not for us */
  bool waiting;   /* client: an answer is owed */
  size_t tx_len;  /* bytes of tx_buf to be sent */
  size_t tx_done; /* of these already sent */
  uint8_t events; /* a set of 1 << enum mw_transport_event */
} mw_wrapper;

/* CONFIG is copied, its buffers are borrowed until the wrapper is forgotten. A server is UP at
 * once. */
void mw_wrapper_init (mw_wrapper *w, const mw_wrapper_config *config);

#endif
