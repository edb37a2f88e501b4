/* framer.h: finds the messages of IEC 62056-21 in a stream of characters.
 *
 * Bytes go in one by one; the top bit is taken off (a head may or may not add parity).  Garbage
 * before a start character is dropped in silence.  A message that cannot be right (too long, a
 * control character in a line, block check wrong) is reported once as DAMAGED: it is ordinary
 * input on an optical head.
 */
#ifndef MW_IEC_FRAMER_H
#define MW_IEC_FRAMER_H

#include "telegram.h"

enum mw_iec_msg {
  MW_IEC_MSG_NONE,
  MW_IEC_MSG_LINE,   /* "/…" CR LF: a request or an identification */
  MW_IEC_MSG_OPTION, /* ACK V Z Y CR LF */
  MW_IEC_MSG_ACK,    /* ACK alone */
  MW_IEC_MSG_NAK,
  MW_IEC_MSG_BLOCK, /* SOH… or STX…, block check right */
  MW_IEC_MSG_PLAIN, /* data lines up to "!" CR LF without STX and block check (modes A, D) */
  MW_IEC_MSG_DAMAGED,
  MW_IEC_N_MSGS
};

enum mw_iec_framing {
  MW_IEC_HUNT,
  MW_IEC_IN_LINE,
  MW_IEC_IN_OPTION,
  MW_IEC_IN_BLOCK,
  MW_IEC_IN_BCC,
  MW_IEC_IN_PLAIN
};

typedef struct mw_iec_framer {
  uint8_t *buf;
  size_t cap, len; /* LEN characters of the present or of the last message */
  enum mw_iec_framing state;
  bool bad;      /* a character of the block was marked as wrong */
  bool options;  /* ACK begins an option message */
  bool plain;    /* printable characters begin a plain data block */
  bool too_long; /* the last DAMAGED was a message that did not fit the buffer */
  uint8_t bcc;
} mw_iec_framer;

/* Messages of up to CAP bytes go to BUF. */
void mw_iec_framer_init (mw_iec_framer *f, uint8_t *buf, size_t cap);
/* Forget a message begun. */
void mw_iec_framer_reset (mw_iec_framer *f);
/* The next byte; the message that it completes, or MW_IEC_MSG_NONE. */
enum mw_iec_msg mw_iec_framer_byte (mw_iec_framer *f, uint8_t byte);
/* The characters of the message last reported, start character and BCC included; valid until
 * the next byte. */
mw_span mw_iec_framer_message (const mw_iec_framer *f);
/* Is a message begun and not finished? */
bool mw_iec_framer_busy (const mw_iec_framer *f);

#endif
