/* telegram.h: the messages of IEC 62056-21 (formerly IEC 1107), decode and encode.
 *
 * All characters are 7 bits; who receives them over an 8-bit channel strips the parity before.
 * Clause numbers are those of IEC 62056-21:2002.  Spans borrow from the caller's memory.
 */
#ifndef MW_IEC_TELEGRAM_H
#define MW_IEC_TELEGRAM_H

#include "base/cursor.h"
#include "base/decimal.h"
#include "base/line.h"

/* Control characters of clause 6.3.14, "Explanations of message contents". */
enum {
  MW_IEC_SOH = 0x01,
  MW_IEC_STX = 0x02,
  MW_IEC_ETX = 0x03,
  MW_IEC_EOT = 0x04,
  MW_IEC_ACK = 0x06,
  MW_IEC_LF = 0x0a,
  MW_IEC_CR = 0x0d,
  MW_IEC_NAK = 0x15,
  MW_IEC_SUB = 0x1a, /* stands in for a character whose parity was wrong (ISO 646: SUB) */
};

/* Sizes and times with their clauses. */
#define MW_IEC_ADDRESS_MAX 32    /* 6.3.14: device address */
#define MW_IEC_IDENT_MAX 16      /* 6.3.14: identification */
#define MW_IEC_LINE_MAX 78       /* 6.5: data line, without CR LF */
#define MW_IEC_TR_MIN_MS 200     /* 6.3.14, manufacturer: reaction time, capital third letter */
#define MW_IEC_TR_MIN_FAST_MS 20 /* the same, small third letter */
#define MW_IEC_TR_MAX_MS 1500    /* 6.4: reaction time tr */
#define MW_IEC_TA_MAX_MS 1500    /* 6.4: ta, between two characters of a message */
#define MW_IEC_IDLE_MIN_MS 60000 /* 6.4.3: a device leaves programming mode after 60 s to */
#define MW_IEC_IDLE_MAX_MS 120000 /* 120 s without a command */

/* Clause 6.2 / ISO 1155: XOR of all characters after SOH or STX up to and including ETX or EOT.
 */
uint8_t mw_iec_bcc (mw_span s);

/* Request message, clause 6.3.1: "/?" device address "!" CR LF. */
typedef struct mw_iec_request {
  mw_span address; /* may be empty: any device answers */
} mw_iec_request;
enum mw_err mw_iec_request_decode (mw_span message, mw_iec_request *out);
void mw_iec_request_encode (mw_wr *w, const mw_iec_request *r);
/* Does a device whose address is OWN answer to WANTED?  Clause 6.3.14: leading zeros do not
 * count, and a request without an address is for everybody. */
bool mw_iec_address_matches (mw_span own, mw_span wanted);

enum mw_iec_mode { MW_IEC_A, MW_IEC_B, MW_IEC_C, MW_IEC_D, MW_IEC_E };

/* Identification message, clause 6.3.2: "/XXXZ" [ "\W" ]… identification CR LF. */
typedef struct mw_iec_ident {
  char manufacturer[4]; /* as FLAG gives it out, with the case of the third letter */
  char baud_char;       /* Z: '0'-'9' modes C, D, E; 'A'-'I' mode B; other: mode A */
  bool hdlc;            /* "\2" was there: mode E, HDLC binary mode (6.4.5) */
  bool fast;            /* small third letter: 20 ms instead of 200 ms reaction time */
  char escapes[4];      /* every W, in order, NUL at the end */
  char text[MW_IEC_IDENT_MAX * 2 + 1]; /* the identification without escapes; devices with
                                          longer ones than 16 exist and are understood */
} mw_iec_ident;
enum mw_err mw_iec_ident_decode (mw_span message, mw_iec_ident *out);
void mw_iec_ident_encode (mw_wr *w, const mw_iec_ident *id);
/* The mode that the identification offers when it answers a request (C and D look alike; D is
 * never asked for). */
enum mw_iec_mode mw_iec_ident_mode (const mw_iec_ident *id);

/* Clause 6.3.14, "Baud rate identification": the speed of Z in mode C, D or E ('0'-'6'; '7'-'9'
 * are those of class 19 attribute comm_speed: 38400, 57600, 115200) and in mode B ('A'-'I'); 0:
 * none. */
uint32_t mw_iec_baud_of (char z);
/* The Z of modes C and E for BAUD, 0: there is none. */
char mw_iec_char_of (uint32_t baud);

/* Acknowledgement / option select message, clause 6.3.3: ACK V Z Y CR LF. */
typedef struct mw_iec_option {
  char protocol; /* V: '0' normal, '1' secondary, '2' HDLC */
  char baud;     /* Z */
  char mode;     /* Y: '0' data readout, '1' programming, '2' binary (HDLC), '6'-'9' maker's */
} mw_iec_option;
enum mw_err mw_iec_option_decode (mw_span message, mw_iec_option *out);
void mw_iec_option_encode (mw_wr *w, const mw_iec_option *o);

/* A message with block check (6.3): the data message of a readout, the programming command
 * message, data and error messages of programming mode, the break message.
 *
 *   SOH C D STX data ETX BCC      command 'C' with type 'D'
 *   SOH B 0 ETX BCC               break
 *   STX data ETX BCC              data
 *   EOT instead of ETX            a partial block, more follow
 */
typedef struct mw_iec_block {
  char command; /* 'P', 'W', 'R', 'E', 'B'; 0 in a data message */
  char type;    /* '0'-'9'; 0 in a data message */
  bool more;    /* ended by EOT */
  mw_span data; /* between STX and ETX / EOT */
} mw_iec_block;
/* MESSAGE is everything from SOH or STX to BCC.  MW_ERR_CHECK when the BCC is wrong. */
enum mw_err mw_iec_block_decode (mw_span message, mw_iec_block *out);
void mw_iec_block_encode (mw_wr *w, const mw_iec_block *b);
/* Is B the error message "(ERxx)" of programming mode (6.3)?  Then *TEXT is what stands in the
 * brackets. A data set with an address is none. */
bool mw_iec_block_error (const mw_iec_block *b, mw_span *text);

/* One data set, clause 6.5: address ( value * unit ).  A further bracket without an address
 * belongs to the address before it, on the next line too (hourly gas values of an MT382). */
typedef struct mw_iec_set {
  mw_span address; /* of this or of the set before it */
  bool further;    /* the address was not written again */
  mw_span value;
  mw_span unit; /* empty when there is none */
} mw_iec_set;
/* Step over the data sets of DATA (a readout or an answer).  CR LF between lines and the final
 * "!" are skipped.  false at the end, or at an error (then it->cur.err says which). */
typedef struct mw_iec_sets {
  mw_cur cur;
  mw_span address;
  unsigned line; /* of the last set, from 1 */
} mw_iec_sets;
void mw_iec_sets_init (mw_iec_sets *it, mw_span data);
bool mw_iec_sets_next (mw_iec_sets *it, mw_iec_set *out);
void mw_iec_set_encode (mw_wr *w, const mw_iec_set *s);
/* The value as an exact number with its unit ("kWh", "kW", "V", "A", "kvarh", …; a unit that
 * this does not know: MW_UNIT_NONE).  k and M go to the exponent; a decimal comma is taken for
 * a point.  MW_ERR_VALUE when it is no number. */
enum mw_err mw_iec_set_number (const mw_iec_set *s, mw_decimal *out);

#endif
