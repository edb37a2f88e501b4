/* hdlc_frame.h: one HDLC frame of type 3 (ISO/IEC 13239 annex H.4; IEC 62056-46 6.4.1; Green
 * Book 8.4.1): the codec, without any state.
 *
 *   7E | format (2) | destination (1, 2, 4) | source (1, 2, 4) | control | HCS (2) |
 * information | FCS (2) | 7E
 *
 * The format is 1010 (type 3), the segmentation bit, and 11 bits that count all bytes between
 * the flags.  A frame without information has no HCS: its FCS stands in that place.  There is
 * no byte stuffing: a flag may occur inside, and the length decides.
 */
#ifndef MW_HDLC_FRAME_H
#define MW_HDLC_FRAME_H

#include "base/cursor.h"

#define MW_HDLC_FLAG 0x7eu
/* 11 bits of length. */
#define MW_HDLC_LENGTH_MAX 2047u
/* With both flags. */
#define MW_HDLC_FRAME_MAX (MW_HDLC_LENGTH_MAX + 2u)
#define MW_HDLC_INFO_MAX 2030u
#define MW_HDLC_INFO_DEFAULT 128u
#define MW_HDLC_WINDOW_MAX 7u
#define MW_HDLC_WINDOW_DEFAULT 1u

/* Reserved addresses (IEC 62056-46 6.4.2.4, table 1): the one-byte form and the two-byte form.
 */
#define MW_HDLC_ADDR_NO_STATION 0x00u
#define MW_HDLC_ADDR_CLIENT_MANAGEMENT 0x01u
#define MW_HDLC_ADDR_CLIENT_PUBLIC 0x10u
#define MW_HDLC_ADDR_CALLING 0x7eu
#define MW_HDLC_ADDR_CALLING_WIDE 0x3ffeu
#define MW_HDLC_ADDR_ALL 0x7fu
#define MW_HDLC_ADDR_ALL_WIDE 0x3fffu

/* An address. One byte: UPPER alone. Two and four bytes: UPPER (logical device), LOWER
 * (physical device), each 7 or 14 bits. A client has one byte. */
typedef struct mw_hdlc_address {
  uint16_t upper;
  uint16_t lower;
  uint8_t bytes; /* 1, 2 or 4 */
} mw_hdlc_address;

enum mw_hdlc_kind {
  MW_HDLC_I,
  MW_HDLC_RR,
  MW_HDLC_RNR,
  MW_HDLC_REJ,
  MW_HDLC_SNRM,
  MW_HDLC_DISC,
  MW_HDLC_UA,
  MW_HDLC_DM,
  MW_HDLC_FRMR,
  MW_HDLC_UI,
  MW_HDLC_UNKNOWN, /* a control field outside the repertoire of IEC 62056-46 6.4.3 */
  MW_HDLC_N_KINDS
};

typedef struct mw_hdlc_frame {
  mw_hdlc_address destination;
  mw_hdlc_address source;
  uint8_t control;
  bool segmented; /* more of the same APDU follows */
  mw_span info;   /* borrowed; empty when there is none */
} mw_hdlc_frame;

/* The parameters of SNRM and UA (IEC 62056-46 6.4.4.4.3.2), seen from who sends the frame. */
typedef struct mw_hdlc_limits {
  uint16_t info_tx;
  uint16_t info_rx;
  uint8_t window_tx;
  uint8_t window_rx;
} mw_hdlc_limits;

enum mw_hdlc_kind mw_hdlc_kind_of (uint8_t control);
const char *mw_hdlc_kind_name (enum mw_hdlc_kind kind);
/* The control field of KIND; NR and NS (0-7) where the kind has them. */
uint8_t mw_hdlc_control (enum mw_hdlc_kind kind, bool poll_final, unsigned nr, unsigned ns);
static inline unsigned
mw_hdlc_ns (uint8_t control)
{
  return control >> 1 & 7u;
}
static inline unsigned
mw_hdlc_nr (uint8_t control)
{
  return control >> 5 & 7u;
}
static inline bool
mw_hdlc_poll_final (uint8_t control)
{
  return (control & 0x10u) != 0;
}

/* MW_ERR_SHORT, or MW_ERR_VALUE for a length of three or more than four bytes. */
mw_hdlc_address mw_hdlc_address_decode (mw_cur *c);
/* MW_ERR_VALUE when a part does not fit its bits. */
void mw_hdlc_address_encode (mw_wr *w, const mw_hdlc_address *a);
/* Is UPPER (or LOWER) the all-station address in an address of BYTES bytes? */
bool mw_hdlc_is_all (uint16_t part, uint8_t bytes);
bool mw_hdlc_is_calling (uint16_t part, uint8_t bytes);

/* The bytes that the format field at P (2 bytes) counts, without flags; 0 when it is no type 3
 * format or no possible length. */
size_t mw_hdlc_format_length (const uint8_t *p);

/* Decode the bytes BETWEEN the flags. MW_ERR_SHORT/TRAILING when they are not as many as the
 * format field says, MW_ERR_VALUE for a wrong type or address, MW_ERR_CHECK for HCS or FCS. */
enum mw_err mw_hdlc_frame_decode (mw_span between, mw_hdlc_frame *out);
/* Is the header of the frame that begins at P (format field; N bytes present) still possible?
 * MW_ERR_SHORT: too few bytes to tell; MW_ERR_VALUE or _CHECK: it is none. */
enum mw_err mw_hdlc_header_check (const uint8_t *p, size_t n);
/* Write F with both flags. MW_ERR_VALUE when it is too long or an address does not fit. */
void mw_hdlc_frame_encode (mw_wr *w, const mw_hdlc_frame *f);

/* The information field of SNRM or UA. Parameters may come in any order; an absent one (or an
 * absent field) is the default 128/1 (Green Book 8.4.5.3.2).  Unknown parameters are passed
 * over.  MW_ERR_VALUE for another format or group identifier, or a window or length of 0. */
enum mw_err mw_hdlc_limits_decode (mw_span info, mw_hdlc_limits *out);
void mw_hdlc_limits_encode (mw_wr *w, const mw_hdlc_limits *l);

#endif
