/* client.h: the reading side of IEC 62056-21 (hand-held unit, HHU) as an engine without I/O.
 *
 *   open ──► IDENT ──┬─ readout ─────► LINE ► DATA ► DONE
 *                    ├─ programming ─► LINE ► UP ─► login, read, write, execute ► DATA… DONE
 *                    │                                                  or REFUSED; break ►
 * DONE └─ HDLC (mode E)► LINE ► HANDOVER: the link belongs to an HDLC engine
 *
 * LINE: the owner sets `line` on the link before it does anything else; the engine has done the
 * waiting.  After FAILED `err` sticks until the next open.  The engine takes the transmission
 * time of what it sends into account by the line that it asked for, so the owner need not
 * drain. Everything is the verbs of base/engine.h; one event at a time, feed stops at it.
 */
#ifndef MW_IEC_CLIENT_H
#define MW_IEC_CLIENT_H

#include "base/engine.h"
#include "framer.h"

enum mw_iec_event {
  MW_IEC_EV_NONE,
  MW_IEC_EV_IDENT, /* `ident` and `mode` are known; mw_iec_client_choose is possible now */
  MW_IEC_EV_LINE,  /* set `line` on the link now */
  MW_IEC_EV_UP,    /* programming mode; `data` is what P0 brought (the operand of the login) */
  MW_IEC_EV_DATA,  /* `data`: a block whose check is right; `more`: another block follows */
  MW_IEC_EV_DONE,  /* the readout or the command is complete, its
                         acknowledgement sent */
  MW_IEC_EV_REFUSED, /* the meter answered with an error message: `data` is its text ("ER01") */
  MW_IEC_EV_HANDOVER, /* mode E: the line is set; start HDLC */
  MW_IEC_EV_CLOSED,   /* the meter sent a break */
  MW_IEC_EV_FAILED    /* `err` says why */
};

enum mw_iec_goal {
  MW_IEC_READOUT, /* data readout, mode A, B, C or E */
  MW_IEC_PROGRAM, /* programming mode, mode C or E */
  MW_IEC_HDLC,    /* binary mode, mode E; fails with MW_ERR_UNSUPPORTED when not offered */
  MW_IEC_LISTEN   /* send nothing, wait for a pushed message (mode D, P1 ports) */
};

typedef struct mw_iec_client_config {
  const char *address; /* device address, "" or NULL: any */
  enum mw_iec_goal goal;
  uint32_t start_baud; /* 0: 300 (mode D 2400) */
  uint32_t max_baud;   /* 0: what the meter offers */
  uint16_t switch_ms;  /* after the option message until the speed changes; 0: 300 */
  uint16_t confirm_ms; /* mode E: wait so long for the meter's confirmation; 0: 900 */
  uint16_t answer_ms;  /* for the first character of an answer; 0: 2000 */
  uint16_t gap_ms;     /* between characters; 0: 1500 */
  int16_t reaction_ms; /* before we answer; 0: as the manufacturer's third letter says */
  uint8_t repeats;     /* of a message, after the first; 0: 2 */
  bool no_repeats;
  bool wake_up; /* battery meter: NUL characters before the request (annex A) */
} mw_iec_client_config;

typedef struct mw_iec_client {
  /* to be read by the owner */
  enum mw_err err;
  mw_line line;
  mw_iec_ident ident;
  enum mw_iec_mode mode;
  mw_span data;
  bool more;
  bool stayed;       /* the meter did not change its speed */
  uint32_t repeated; /* messages sent again or asked for again, for the statistics */
  /* private */
  mw_iec_client_config config;
  mw_iec_framer rx;
  uint8_t state;
  bool holding;    /* the message in TX waits for the reaction time to pass */
  bool slow;       /* ask for no change of speed any more */
  bool confirmed;  /* mode E: the confirmation was heard */
  bool midway;     /* turned back to the old speed in the middle of a message */
  uint8_t garbage; /* characters at the new speed that begin nothing */
  uint8_t tries;   /* repetitions of the present message */
  uint8_t opened;  /* openings so far */
  uint8_t events[4];
  uint8_t n_events;
  char command;
  bool once; /* the command must not be sent again unless it was refused with NAK */
  mw_line agreed;
  mw_ms due;
  uint32_t wait_ms; /* after the message in TX */
  size_t held, tx_len, tx_sent;
  uint8_t tx[192]; /* the message being sent, kept for a repetition */
} mw_iec_client;

/* Longest data of a command that fits the engine. */
#define MW_IEC_COMMAND_MAX 180

/* BUF of CAP bytes takes the largest block that is expected (a readout; 64 KB is plenty). It
 * and config->address are borrowed for the engine's life. */
void mw_iec_client_init (mw_iec_client *c, const mw_iec_client_config *config, void *buf,
                         size_t cap);
/* Begin (again): the line is asked for with an event first. */
void mw_iec_client_open (mw_iec_client *c, mw_ms now);
/* Another goal than configured; right after EV_IDENT.  MW_ERR_STATE later. */
enum mw_err mw_iec_client_choose (mw_iec_client *c, enum mw_iec_goal goal);
/* The following want programming mode and no command under way, else MW_ERR_STATE; data over
 * MW_IEC_COMMAND_MAX: MW_ERR_SPACE. Each ends with DONE, REFUSED, CLOSED or FAILED.
 * A password that is not accepted is FAILED with MW_ERR_ACCESS. */
/* P1: the password; P2: the answer to the operand of P0. TEXT is put in brackets. */
enum mw_err mw_iec_client_login (mw_iec_client *c, char type, mw_span text, mw_ms now);
/* Any command message: 'R' '1', 'W' '1', 'R' '5', 'E' '2' …, DATA as it stands between STX and
 * ETX ("1.8.0(1)"); MORE: a partial block of W3/W4, the next call continues it.  Execute
 * commands and partial blocks whose answer does not come are FAILED: they are not sent a second
 * time. */
enum mw_err mw_iec_client_command (mw_iec_client *c, char command, char type, mw_span data,
                                   bool more, mw_ms now);
/* B0: leave; DONE when it is sent. Allowed in every state but closed. */
enum mw_err mw_iec_client_break (mw_iec_client *c, mw_ms now);

size_t mw_iec_client_feed (mw_iec_client *c, const uint8_t *data, size_t len, mw_ms now);
mw_span mw_iec_client_tx (const mw_iec_client *c);
void mw_iec_client_tx_ack (mw_iec_client *c, size_t n);
mw_ms mw_iec_client_deadline (const mw_iec_client *c);
void mw_iec_client_tick (mw_iec_client *c, mw_ms now);
enum mw_iec_event mw_iec_client_take_event (mw_iec_client *c);

#endif
