/* server.h: the meter's side of IEC 62056-21 as an engine without I/O.
 *
 * It answers a request with its identification and serves modes A to E: readout, programming
 * mode, and mode E, where it hands the line over to HDLC (event HANDOVER) until the owner calls
 * mw_iec_server_reset.  The data come from the owner through a table of functions.
 * LINE asks the owner to set `line` at once; the engine has done the waiting.
 */
#ifndef MW_IEC_SERVER_H
#define MW_IEC_SERVER_H

#include "base/engine.h"
#include "framer.h"

enum mw_iec_server_event {
  MW_IEC_SEV_NONE,
  MW_IEC_SEV_LINE,     /* set `line` now */
  MW_IEC_SEV_HANDOVER, /* mode E: the line is 8N1 at the agreed speed; HDLC speaks */
  MW_IEC_SEV_IDLE      /* a dialogue has ended */
};

/* What a command got. */
enum mw_iec_verdict {
  MW_IEC_ACCEPTED, /* ACK, or the data in W */
  MW_IEC_ERROR,    /* the error message in W, without brackets: "ER01" */
  MW_IEC_HANG_UP   /* break */
};

/* A command of programming mode: 'R' '1' "1.8.0()". */
typedef struct mw_iec_command {
  char command, type;
  uint8_t level; /* of the password accepted: 0 none, else the type digit of P */
  bool more;     /* a partial block of a write, more follow */
  mw_span data;
} mw_iec_command;

typedef struct mw_iec_ops {
  /* Write readout line INDEX (0, 1, …) without CR LF to W; false: there are no more lines.
   * Index 0 may come again (a repetition): take a snapshot there if values must agree. */
  bool (*line) (void *ctx, unsigned index, mw_wr *w);
  /* The operand that P0 brings ("" is sent as "()"); NULL: none. */
  void (*operand) (void *ctx, mw_wr *w);
  /* Is TEXT (without brackets) the password (type '1') or the answer to the operand ('2')?
   * NULL: no password is ever right. */
  bool (*password) (void *ctx, char type, mw_span text);
  /* Answer a R command, piece by piece: PIECE counts from 0, *LAST is true at entry and is to
   * be set to false when more pieces follow.  With R3, R4 and R6 a piece is a partial block.
   * Piece 0 may come again (a repetition).  A verdict other than ACCEPTED is an answer in piece
   * 0 only; later it leaves the block unfinished.  W holds at least 240 characters. */
  enum mw_iec_verdict (*read) (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w,
                               bool *last);
  /* W and E commands.  Partial blocks (W3, W4 with c->more) come one by one and are
   * acknowledged each; what E answers with goes to W, nothing: ACK. */
  enum mw_iec_verdict (*write) (void *ctx, const mw_iec_command *c, mw_wr *w);
} mw_iec_ops;

typedef struct mw_iec_server_config {
  mw_iec_ident ident;
  const char *address;  /* own device address */
  uint32_t start_baud;  /* 0: 300 */
  uint16_t reaction_ms; /* before an answer; 0: 200, or 20 with a small third letter */
  uint16_t switched_ms; /* before the first character after a change of speed; 0: 650 */
  uint32_t idle_ms;     /* leaves programming mode after so long; 0: 90 s */
  bool stays;           /* never changes speed (such meters exist) */
  bool silent_confirm;  /* mode E: changes without the confirmation (such meters exist) */
} mw_iec_server_config;

/* Longest command message that is understood, and longest readout line or piece of data. */
#define MW_IEC_SERVER_RX 256
#define MW_IEC_SERVER_TX 256

typedef struct mw_iec_server {
  mw_line line; /* to be read at LINE and HANDOVER */
  uint8_t level;
  uint32_t damaged; /* messages that were not understood */
  /* private */
  mw_iec_server_config config;
  const mw_iec_ops *ops;
  void *ctx;
  mw_iec_framer rx;
  uint8_t state;
  uint8_t stream; /* what goes on when TX is empty */
  bool holding;   /* the message in TX, or the stream, waits for the reaction time to pass */
  bool framed;    /* with STX and block check */
  bool last;      /* the piece in TX ends the answer */
  uint8_t events[4];
  uint8_t n_events;
  uint8_t bcc;
  unsigned piece, in_tx; /* the next piece, and how many pieces TX holds */
  mw_iec_command command;
  mw_iec_option option;
  mw_ms gap;      /* when a message begun has broken off */
  mw_ms due, air; /* AIR: when the last character offered has left */
  size_t tx_len, tx_sent;
  uint8_t tx[MW_IEC_SERVER_TX];
  uint8_t keep[MW_IEC_SERVER_RX]; /* data of the command being answered */
  uint8_t in[MW_IEC_SERVER_RX];
} mw_iec_server;

/* OPS and CTX are borrowed for the engine's life, config->address too. */
void mw_iec_server_init (mw_iec_server *s, const mw_iec_server_config *config,
                         const mw_iec_ops *ops, void *ctx);
/* Back to the opening speed, waiting for a request: at start, and after HDLC has ended. Asks
 * for the line. */
void mw_iec_server_reset (mw_iec_server *s, mw_ms now);
/* Push identification and readout without being asked (mode D); MW_ERR_STATE when busy. */
enum mw_err mw_iec_server_push (mw_iec_server *s, mw_ms now);

size_t mw_iec_server_feed (mw_iec_server *s, const uint8_t *data, size_t len, mw_ms now);
mw_span mw_iec_server_tx (const mw_iec_server *s);
void mw_iec_server_tx_ack (mw_iec_server *s, size_t n);
mw_ms mw_iec_server_deadline (const mw_iec_server *s);
void mw_iec_server_tick (mw_iec_server *s, mw_ms now);
enum mw_iec_server_event mw_iec_server_take_event (mw_iec_server *s);

#endif
