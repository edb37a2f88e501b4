/* decode.h: what bytes mean, in words, byte by byte.
 *
 * Any of: HDLC frames, the TCP wrapper, ACSE and xDLMS APDUs, COSEM data in A-XDR, telegrams of
 * IEC 62056-21, frames of KMP.  What it is is found out, or said by the caller.  Damaged data is described as
 * far as it goes: a wrong check, a field with an impossible value and an early end each become
 * a line marked wrong.
 *
 * No I/O: lines go to a callback, in the order of the bytes.  A line with lines of greater
 * depth after it is a heading over them.  Every byte of the input is covered by at least one
 * line.
 */
#ifndef MW_DECODE_H
#define MW_DECODE_H

#include "base/cursor.h"

typedef struct mw_decode_line {
  const uint8_t *bytes; /* what the line speaks of, borrowed */
  size_t length;
  size_t offset;    /* in the input, or in what was put together from segments */
  bool reassembled; /* ... the latter */
  bool wrong;       /* this is not as it should be */
  unsigned depth;
  const char *text; /* one line of English, UTF-8, valid during the call */
} mw_decode_line;

typedef void mw_decode_cb (void *ctx, const mw_decode_line *line);

/* Longest text of a line, with its NUL. */
#define MW_DECODE_TEXT 400

/* What the input can be, in the order in which it is asked: "hdlc", "wrapper", "iec62056-21",
 * "kmp", "apdu", "axdr".  NULL after the last. */
const char *mw_decode_kind_name (unsigned n);
/* ... and in a few words ("HDLC frames"). */
const char *mw_decode_kind_title (unsigned n);

typedef struct mw_decode_result {
  const char *kind; /* what it was taken for; NULL: nothing that is known here */
  unsigned wrong;   /* lines marked wrong; 0: all is well-formed to the last byte */
} mw_decode_result;

/* Describe DATA. KIND is one of mw_decode_kind_name, or NULL: find out.  WORK is memory in
 * which segmented APDUs are put together (65,538 bytes hold the longest; what does not fit is
 * said). */
mw_decode_result mw_decode (mw_span data, const char *kind, uint8_t *work, size_t work_cap,
                            mw_decode_cb *line, void *ctx);

#endif
