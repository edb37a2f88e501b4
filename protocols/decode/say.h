/* say.h: what the describers of this folder share: a place in the data, a depth, and lines.
 *
 * A describer reads a field with the cursor and says it: mw_say covers the bytes since the last
 * mw_say of the same cursor position, so that none is left out.
 *
 *   uint8_t v = mw_cur_u8 (c);
 *   mw_say (d, c, "quality %u", v);          // one line over the bytes just read
 *
 *   mw_head h = mw_say_head (d, span, "get-request");   // a heading over SPAN
 *   ...                                                 // lines one deeper
 *   mw_say_end (d, h);
 */
#ifndef MW_DECODE_SAY_H
#define MW_DECODE_SAY_H

#include <inttypes.h>

#include "decode/decode.h"

#if defined(__GNUC__)
#define MW_SAY_FORMAT(f, a) __attribute__ ((format (printf, f, a)))
#else
#define MW_SAY_FORMAT(f, a)
#endif

/* Containers deeper than this are said, not descended into. */
#define MW_SAY_DEPTH 40u

typedef struct mw_say_out {
  mw_decode_cb *line; /* NULL: a rehearsal that only counts */
  void *ctx;
  const uint8_t *base;   /* offsets are counted from here */
  const uint8_t *said;   /* all before this byte has been said */
  const uint8_t *cut_at; /* where an early end has been said */
  bool reassembled;
  unsigned depth;
  unsigned wrong;
  uint8_t *work;
  size_t work_cap;
  size_t work_len; /* an APDU being put together */
  bool work_full;
} mw_say_out;

/* One line over the bytes from where the last line of this kind ended to the cursor. */
void mw_say (mw_say_out *d, const mw_cur *c, const char *format, ...) MW_SAY_FORMAT (3, 4);
void
mw_say_wrong (mw_say_out *d, const mw_cur *c, const char *format, ...) MW_SAY_FORMAT (3, 4);
/* A heading over N bytes from the cursor on; lines are one deeper until mw_say_up. */
void mw_say_head (mw_say_out *d, const mw_cur *c, size_t n, const char *format, ...)
    MW_SAY_FORMAT (4, 5);
void mw_say_up (mw_say_out *d);
/* A line about bytes that other lines cover as well (an interpretation). */
void mw_say_note (mw_say_out *d, const uint8_t *bytes, size_t n, const char *format, ...)
    MW_SAY_FORMAT (4, 5);
/* What is left in the cursor, and why the reading stopped: nothing when it ended well. */
void mw_say_rest (mw_say_out *d, mw_cur *c);

/* Longest text of mw_say_int, with its NUL. */
#define MW_SAY_INT 22
/* The decimal digits of V, after a minus when NEGATIVE (then V is the amount): the printf of a
 * small C library has no 64 bits.  Returns BUF. */
const char *mw_say_int (char buf[MW_SAY_INT], uint64_t v, bool negative);

/* A cursor over the next N bytes of C, or what there is of them: then C has failed. */
mw_cur mw_say_part (mw_cur *c, size_t n);

/* BYTES as "text" when all are printable, else in hexadecimal, cut to fit; returns BUF. */
const char *mw_say_bytes (char *buf, size_t cap, mw_span bytes);

/* The describers. Each starts where the cursor stands, and takes what it understands. */
void mw_describe_hdlc (mw_say_out *d, mw_cur *c);
void mw_describe_wrapper (mw_say_out *d, mw_cur *c);
void mw_describe_iec (mw_say_out *d, mw_cur *c);
void mw_describe_kmp (mw_say_out *d, mw_cur *c);
void mw_describe_apdu (mw_say_out *d, mw_cur *c);
void mw_describe_llc_apdu (mw_say_out *d, mw_cur *c);
/* The LLC bytes, if they stand there. */
bool mw_has_llc (mw_span data);
void mw_describe_llc (mw_say_out *d, mw_cur *c);
void mw_describe_axdr (mw_say_out *d, mw_cur *c);
/* ACSE (the tag has not been read), Initiate and ConfirmedServiceError (the tag has been read).
 */
void mw_describe_acse (mw_say_out *d, mw_cur *c);
void mw_describe_initiate_request (mw_say_out *d, mw_cur *c);
void mw_describe_initiate_response (mw_say_out *d, mw_cur *c);
void mw_describe_service_error (mw_say_out *d, mw_cur *c);
/* Ciphered and protected APDUs: TAG has been read. False when it is none of these. */
bool mw_describe_protected (mw_say_out *d, mw_cur *c, unsigned tag);

/* Could the data be of this kind? Only a first look. */
bool mw_looks_like_hdlc (mw_span data);
bool mw_looks_like_wrapper (mw_span data);
bool mw_looks_like_iec (mw_span data);
bool mw_looks_like_kmp (mw_span data);
bool mw_looks_like_apdu (mw_span data);
bool mw_looks_like_axdr (mw_span data);

#endif
