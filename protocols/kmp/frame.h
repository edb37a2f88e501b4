/* frame.h: frames of KMP, the Kamstrup Meter Protocol, and finding them in a stream of bytes.
 *
 *   80h | 40h   address   CID   data …   CRC   0Dh      80h to the meter, 40h from it
 *   06h                                                 the bare acknowledgement
 *
 * Between start and stop the bytes 80 40 0D 06 1B travel as 1Bh and their complement.  The CRC
 * (XMODEM, base/crc.h, high byte first) is over address, CID and data before that.  Stray bytes
 * between frames (meters send a 00h) are dropped in silence; so is a frame that another start
 * byte interrupts.  Kamstrup document 5512-447, chapter 3.
 */
#ifndef MW_KMP_FRAME_H
#define MW_KMP_FRAME_H

#include "base/cursor.h"

enum {
  MW_KMP_TO_METER = 0x80,
  MW_KMP_FROM_METER = 0x40,
  MW_KMP_STOP = 0x0d,
  MW_KMP_ACK = 0x06,
  MW_KMP_STUFF = 0x1b
};

/* Addresses: the meter itself, a logger in the top module, one in the base module.  Meters on a
 * bus have 0 to 63. */
enum { MW_KMP_METER = 0x3f, MW_KMP_TOP = 0x7f, MW_KMP_BASE = 0xbf, MW_KMP_BUS_MAX = 63 };

/* The programming password and PIN that meters leave the factory with. */
#define MW_KMP_PIN 12345u

/* What Login answers.  Public sources name the two values and not which is which: the order
 * here is ours. */
enum { MW_KMP_LOGGED_IN = 0, MW_KMP_NOT_LOGGED_IN = 1 };

enum mw_kmp_cid {
#define MW_KMP_CID_ROW(number, symbol, name, again) MW_KMP_##symbol = number,
#include "kmp/cids.def"
};

/* Sub-codes of MW_KMP_LOGGER. 00, 02 and 03 read OMNIPOWER; the others were seen on heat meters
 * and are described by decode/ alone. */
enum {
  MW_KMP_SUB_TIME_PRESENT = 0,
  MW_KMP_SUB_ID_PRESENT = 2,
  MW_KMP_SUB_TIME_PAST = 3,
  MW_KMP_SUB_CONFIG = 5,
  MW_KMP_SUB_ID_PAST = 6,
  MW_KMP_SUB_LAST_PAST = 7
};

/* "GetRegister"; NULL for a command that is not known here. Static storage. */
const char *mw_kmp_cid_name (unsigned cid);
/* May it be sent again when no answer came? */
bool mw_kmp_cid_repeats (unsigned cid);

/* Longest APDU (CID and data) that is taken.  The logs count it in one byte: 255. */
#define MW_KMP_APDU_MAX 508u
#define MW_KMP_LOG_APDU_MAX 255u
/* Address, APDU and CRC as they are before stuffing; and a whole frame at its worst. */
#define MW_KMP_INNER_MAX (MW_KMP_APDU_MAX + 3u)
#define MW_KMP_FRAME_MAX(apdu) (2u * ((apdu) + 3u) + 2u)

typedef struct mw_kmp_frame {
  uint8_t start; /* MW_KMP_TO_METER or MW_KMP_FROM_METER */
  uint8_t address;
  uint8_t cid;
  mw_span data; /* after the CID */
} mw_kmp_frame;

/* INNER is address to CRC, unstuffed; START goes into OUT.  MW_ERR_SHORT, MW_ERR_CHECK. */
enum mw_err mw_kmp_frame_decode (uint8_t start, mw_span inner, mw_kmp_frame *out);
/* A whole frame from start to stop, stuffed. APDU is CID and data. */
void mw_kmp_frame_encode (mw_wr *w, uint8_t start, uint8_t address, mw_span apdu);
/* One byte as it travels between start and stop. */
void mw_kmp_stuff (mw_wr *w, uint8_t byte);
/* Take the stuffing out of WIRE (without start and stop).  MW_ERR_VALUE for a byte that may not
 * stand there or a pair that is none. */
enum mw_err mw_kmp_unstuff (mw_wr *w, mw_span wire);

enum mw_kmp_msg {
  MW_KMP_MSG_NONE,
  MW_KMP_MSG_REQUEST, /* a frame to the meter, CRC right */
  MW_KMP_MSG_ANSWER,  /* a frame from the meter, CRC right */
  MW_KMP_MSG_ACK,
  MW_KMP_MSG_DAMAGED /* a frame that cannot be right; once, at its end */
};

typedef struct mw_kmp_framer {
  uint8_t *buf; /* the frame without stuffing */
  size_t cap, len;
  uint8_t start; /* of the frame begun; 0: between frames */
  bool stuffed;  /* 1Bh came */
  bool bad;      /* a byte that may not stand there came, or the frame is too long */
  bool too_long;
} mw_kmp_framer;

/* Frames of up to CAP bytes from address to CRC go to BUF, borrowed. */
void mw_kmp_framer_init (mw_kmp_framer *f, uint8_t *buf, size_t cap);
/* Forget a frame begun. */
void mw_kmp_framer_reset (mw_kmp_framer *f);
/* The next byte; the message that it completes, if any.  OUT is set with REQUEST and ANSWER;
 * with DAMAGED only its start byte. */
enum mw_kmp_msg mw_kmp_framer_byte (mw_kmp_framer *f, uint8_t byte, mw_kmp_frame *out);
/* Is a frame begun and not ended? */
bool mw_kmp_framer_busy (const mw_kmp_framer *f);

#endif
