/* server.h: a modem as its user sees it: ITU-T V.250 and 3GPP TS 27.007 in so far as client.h
 * uses them, with a network that can be told what to do.
 *
 *   COMMAND ──ATD──► DIALLING ──(network)──► ONLINE ◄──ATO── COMMAND with a call held
 *                        │ BUSY, NO CARRIER …   └──silence +++ silence──► COMMAND, call held
 *                        └─► COMMAND            └──drop──► NO CARRIER, COMMAND
 *
 * Bytes that go through ONLINE are the owner's: mw_modem_server_feed hands out those for the
 * far end, and the owner sends those of the far end itself while mw_modem_server_online is
 * true.
 */
#ifndef MW_MODEM_SERVER_H
#define MW_MODEM_SERVER_H

#include <stdbool.h>

#include "base/engine.h"

#define MW_MODEM_SERVER_OUT 512u
#define MW_MODEM_SERVER_LINE 128u

enum mw_modem_outcome {
  MW_OUTCOME_CONNECT,
  MW_OUTCOME_BUSY,
  MW_OUTCOME_NO_CARRIER,
  MW_OUTCOME_NO_DIALTONE,
  MW_OUTCOME_NO_ANSWER,
  MW_OUTCOME_NOTHING, /* neither result nor connection */
};

typedef struct mw_modem_network {
  uint8_t signal;       /* 0-31, 99 */
  uint8_t registration; /* <stat> of +CREG: 0-5 */
  enum mw_modem_outcome outcome;
  char pin[9];     /* "": the card wants none */
  char number[32]; /* the only one that answers; "": any does */
  bool no_sim;
  uint32_t dial_ms;  /* from ATD to its outcome */
  uint32_t guard_ms; /* 0: 1000 (S12) */
} mw_modem_network;

typedef struct mw_modem_server {
  mw_modem_network network;
  bool echo, verbose; /* E, V */
  bool online, held, dialling, unlocked;
  uint8_t pin_tries; /* left: 3 */
  char called[32];
  mw_ms due;      /* of the call's outcome */
  mw_ms last;     /* byte from the user */
  uint8_t pluses; /* of +++ */
  char line[MW_MODEM_SERVER_LINE];
  uint16_t line_len;
  uint8_t out[MW_MODEM_SERVER_OUT];
  uint16_t out_len;
} mw_modem_server;

/* All zero but the signal: a card without PIN, registered, every call is taken at once. */
void mw_modem_server_init (mw_modem_server *s, const mw_modem_network *network);
/* Bytes from the user.  ONLINE, PAYLOAD gets what is for the far end (borrowed from DATA);
 * returns how many were taken: call again with the rest. */
size_t mw_modem_server_feed (mw_modem_server *s, const void *data, size_t len, mw_span *payload,
                             mw_ms now);
bool mw_modem_server_online (const mw_modem_server *s);
/* Is there a call, be it held? */
bool mw_modem_server_call (const mw_modem_server *s);
mw_span mw_modem_server_tx (const mw_modem_server *s);
void mw_modem_server_tx_ack (mw_modem_server *s, size_t n);
mw_ms mw_modem_server_deadline (const mw_modem_server *s);
void mw_modem_server_tick (mw_modem_server *s, mw_ms now);
/* The network ends the call. */
void mw_modem_server_drop (mw_modem_server *s);

#endif
