/* hdlc_frame.c: decode and encode of one HDLC frame of type 3; see hdlc_frame.h. */
#include "dlms/hdlc_frame.h"

#include "base/crc.h"

#define FORMAT_TYPE3 0xa000u
#define FORMAT_MASK 0xf000u
#define FORMAT_SEGMENTED 0x0800u
#define FORMAT_LENGTH 0x07ffu
/* Format, one byte of each address, control, FCS. */
#define LENGTH_MIN 7u
#define CHECK_LEN 2u
#define POLL_FINAL 0x10u

/* Format and group identifier of the HDLC parameters, and the parameters (IEC 62056-46
 * 6.4.4.4.3.2; ISO/IEC 13239 5.5.3.2.2). */
enum { FORMAT_ID = 0x81, GROUP_ID = 0x80 };
enum { INFO_TX = 5, INFO_RX = 6, WINDOW_TX = 7, WINDOW_RX = 8 };

/* clang-format off */
static const struct {
  uint8_t control; /* without P/F and numbers */
  char name[8];
} kinds[MW_HDLC_N_KINDS] = {
  [MW_HDLC_I]       = { 0x00, "I" },
  [MW_HDLC_RR]      = { 0x01, "RR" },
  [MW_HDLC_RNR]     = { 0x05, "RNR" },
  [MW_HDLC_REJ]     = { 0x09, "REJ" },
  [MW_HDLC_SNRM]    = { 0x83, "SNRM" },
  [MW_HDLC_DISC]    = { 0x43, "DISC" },
  [MW_HDLC_UA]      = { 0x63, "UA" },
  [MW_HDLC_DM]      = { 0x0f, "DM" },
  [MW_HDLC_FRMR]    = { 0x87, "FRMR" },
  [MW_HDLC_UI]      = { 0x03, "UI" },
  [MW_HDLC_UNKNOWN] = { 0x00, "unknown" },
};
/* clang-format on */

enum mw_hdlc_kind
mw_hdlc_kind_of (uint8_t control)
{
  uint8_t bare = (uint8_t) (control & ~POLL_FINAL);
  if (!(bare & 1u))
    return MW_HDLC_I;
  if (!(bare & 2u))
    bare &= 0x0f; /* a supervisory frame: bits 5-7 are N(R) */
  for (unsigned kind = MW_HDLC_RR; kind < MW_HDLC_UNKNOWN; kind++)
    if (kinds[kind].control == bare)
      return (enum mw_hdlc_kind) kind;
  return MW_HDLC_UNKNOWN;
}

const char *
mw_hdlc_kind_name (enum mw_hdlc_kind kind)
{
  return kinds[kind < MW_HDLC_N_KINDS ? kind : MW_HDLC_UNKNOWN].name;
}

uint8_t
mw_hdlc_control (enum mw_hdlc_kind kind, bool poll_final, unsigned nr, unsigned ns)
{
  unsigned control = kinds[kind].control;
  if (kind <= MW_HDLC_REJ)
    control |= (nr & 7u) << 5;
  if (kind == MW_HDLC_I)
    control |= (ns & 7u) << 1;
  return (uint8_t) (control | (poll_final ? POLL_FINAL : 0));
}

/* --- addresses (IEC 62056-46 6.4.2) --- */

mw_hdlc_address
mw_hdlc_address_decode (mw_cur *c)
{
  mw_hdlc_address a = { 0 };
  uint8_t part[4] = { 0 };
  unsigned n = 0;
  /* The lowest bit is 1 in the last byte alone (ISO/IEC 13239 4.7.1). */
  do {
    part[n++] = mw_cur_u8 (c);
  } while (n < sizeof part && c->err == MW_OK && !(part[n - 1] & 1u));
  if (!(part[n - 1] & 1u) || n == 3)
    mw_cur_fail (c, MW_ERR_VALUE);
  if (c->err != MW_OK)
    return a;
  a.bytes = (uint8_t) n;
  if (n == 4) {
    a.upper = (uint16_t) (part[0] >> 1 << 7 | part[1] >> 1);
    a.lower = (uint16_t) (part[2] >> 1 << 7 | part[3] >> 1);
  } else {
    a.upper = part[0] >> 1;
    a.lower = n == 2 ? part[1] >> 1 : 0;
  }
  return a;
}

void
mw_hdlc_address_encode (mw_wr *w, const mw_hdlc_address *a)
{
  unsigned limit = a->bytes == 4 ? 0x3fff : 0x7f;
  if (a->upper > limit || a->lower > limit || (a->bytes == 1 && a->lower)
      || (a->bytes != 1 && a->bytes != 2 && a->bytes != 4)) {
    mw_wr_fail (w, MW_ERR_VALUE);
    return;
  }
  if (a->bytes == 4) {
    mw_wr_u8 (w, (uint8_t) (a->upper >> 7 << 1));
    mw_wr_u8 (w, (uint8_t) (a->upper << 1));
    mw_wr_u8 (w, (uint8_t) (a->lower >> 7 << 1));
    mw_wr_u8 (w, (uint8_t) (a->lower << 1 | 1));
  } else {
    mw_wr_u8 (w, (uint8_t) (a->upper << 1 | (a->bytes == 1)));
    if (a->bytes == 2)
      mw_wr_u8 (w, (uint8_t) (a->lower << 1 | 1));
  }
}

bool
mw_hdlc_is_all (uint16_t part, uint8_t bytes)
{
  return part == (bytes == 4 ? MW_HDLC_ADDR_ALL_WIDE : MW_HDLC_ADDR_ALL);
}

bool
mw_hdlc_is_calling (uint16_t part, uint8_t bytes)
{
  return part == (bytes == 4 ? MW_HDLC_ADDR_CALLING_WIDE : MW_HDLC_ADDR_CALLING);
}

/* --- frames (IEC 62056-46 6.4.1) --- */

size_t
mw_hdlc_format_length (const uint8_t *p)
{
  unsigned format = (unsigned) p[0] << 8 | p[1];
  unsigned length = format & FORMAT_LENGTH;
  return (format & FORMAT_MASK) == FORMAT_TYPE3 && length >= LENGTH_MIN ? length : 0;
}

/* Format to control field. Returns the format; *HAS_INFO when an HCS follows the header. */
static uint16_t
read_header (mw_cur *c, mw_hdlc_frame *f, bool *has_info)
{
  uint16_t format = mw_cur_u16 (c);
  if ((format & FORMAT_MASK) != FORMAT_TYPE3)
    mw_cur_fail (c, MW_ERR_VALUE);
  f->segmented = (format & FORMAT_SEGMENTED) != 0;
  f->destination = mw_hdlc_address_decode (c);
  f->source = mw_hdlc_address_decode (c);
  f->control = mw_cur_u8 (c);
  *has_info = (format & FORMAT_LENGTH) > mw_cur_offset (c) + CHECK_LEN;
  return format;
}

/* Two check bytes that cover everything before them. */
static void
read_check (mw_cur *c)
{
  uint16_t want = mw_crc_x25 (c->start, mw_cur_offset (c));
  if (mw_cur_u16le (c) != want)
    mw_cur_fail (c, MW_ERR_CHECK);
}

enum mw_err
mw_hdlc_frame_decode (mw_span between, mw_hdlc_frame *out)
{
  mw_cur c = mw_cur_of (between);
  bool has_info = false;
  *out = (mw_hdlc_frame){ 0 };
  uint16_t format = read_header (&c, out, &has_info);
  size_t length = format & FORMAT_LENGTH;
  if (c.err == MW_OK && between.len != length)
    mw_cur_fail (&c, between.len < length ? MW_ERR_SHORT : MW_ERR_TRAILING);
  if (has_info) {
    read_check (&c);
    if (mw_cur_left (&c) < CHECK_LEN)
      mw_cur_fail (&c, MW_ERR_SHORT);
    else
      out->info = mw_cur_bytes (&c, mw_cur_left (&c) - CHECK_LEN);
  }
  read_check (&c);
  return mw_cur_end (&c);
}

enum mw_err
mw_hdlc_header_check (const uint8_t *p, size_t n)
{
  mw_hdlc_frame f = { 0 };
  bool has_info = false;
  mw_cur c;
  mw_cur_init (&c, p, n);
  uint16_t format = read_header (&c, &f, &has_info);
  if (n >= 2 && !mw_hdlc_format_length (p))
    return MW_ERR_VALUE;
  if (c.err != MW_OK)
    return c.err;
  if ((format & FORMAT_LENGTH) < mw_cur_offset (&c) + CHECK_LEN)
    return MW_ERR_VALUE; /* the addresses are longer than the frame */
  if (has_info && (format & FORMAT_LENGTH) < mw_cur_offset (&c) + 2 * CHECK_LEN)
    return MW_ERR_VALUE;
  read_check (&c);
  return c.err;
}

void
mw_hdlc_frame_encode (mw_wr *w, const mw_hdlc_frame *f)
{
  size_t start = mw_wr_len (w) + 1;
  size_t length = 2u + f->destination.bytes + f->source.bytes + 1u + CHECK_LEN;
  if (f->info.len)
    length += f->info.len + CHECK_LEN;
  if (length > MW_HDLC_LENGTH_MAX) {
    mw_wr_fail (w, MW_ERR_VALUE);
    return;
  }
  mw_wr_u8 (w, MW_HDLC_FLAG);
  mw_wr_u16 (w, (uint16_t) (FORMAT_TYPE3 | (f->segmented ? FORMAT_SEGMENTED : 0) | length));
  mw_hdlc_address_encode (w, &f->destination);
  mw_hdlc_address_encode (w, &f->source);
  mw_wr_u8 (w, f->control);
  if (w->err != MW_OK)
    return;
  uint16_t crc = mw_crc_x25_update (MW_CRC_X25_INIT, w->start + start, mw_wr_len (w) - start);
  if (f->info.len) {
    size_t at = mw_wr_len (w);
    mw_wr_u16le (w, (uint16_t) ~crc);
    mw_wr_span (w, f->info);
    if (w->err == MW_OK)
      crc = mw_crc_x25_update (crc, w->start + at, mw_wr_len (w) - at);
  }
  mw_wr_u16le (w, (uint16_t) ~crc);
  mw_wr_u8 (w, MW_HDLC_FLAG);
}

/* --- parameters of SNRM and UA --- */

/* An unsigned number of LEN bytes, which may have more leading zeros than it needs. */
static uint32_t
read_number (mw_cur *c, size_t len)
{
  uint32_t v = 0;
  if (len < 1 || len > 4)
    mw_cur_fail (c, MW_ERR_VALUE);
  for (size_t i = 0; i < len; i++)
    v = v << 8 | mw_cur_u8 (c);
  return v;
}

static void
read_parameter (mw_cur *c, mw_hdlc_limits *out)
{
  uint8_t id = mw_cur_u8 (c);
  uint8_t len = mw_cur_u8 (c);
  if (id < INFO_TX || id > WINDOW_RX) {
    mw_cur_skip (c, len);
    return;
  }
  uint32_t v = read_number (c, len);
  if (v == 0) {
    mw_cur_fail (c, MW_ERR_VALUE);
    return;
  }
  uint16_t info = (uint16_t) (v < MW_HDLC_INFO_MAX ? v : MW_HDLC_INFO_MAX);
  uint8_t window = (uint8_t) (v < MW_HDLC_WINDOW_MAX ? v : MW_HDLC_WINDOW_MAX);
  if (id == INFO_TX)
    out->info_tx = info;
  else if (id == INFO_RX)
    out->info_rx = info;
  else if (id == WINDOW_TX)
    out->window_tx = window;
  else
    out->window_rx = window;
}

enum mw_err
mw_hdlc_limits_decode (mw_span info, mw_hdlc_limits *out)
{
  *out = (mw_hdlc_limits){ MW_HDLC_INFO_DEFAULT, MW_HDLC_INFO_DEFAULT, MW_HDLC_WINDOW_DEFAULT,
                           MW_HDLC_WINDOW_DEFAULT };
  if (!info.len)
    return MW_OK;
  mw_cur c = mw_cur_of (info);
  if (mw_cur_u8 (&c) != FORMAT_ID || mw_cur_u8 (&c) != GROUP_ID)
    mw_cur_fail (&c, MW_ERR_VALUE);
  mw_cur group = mw_cur_of (mw_cur_bytes (&c, mw_cur_u8 (&c)));
  while (mw_cur_left (&group))
    read_parameter (&group, out);
  return c.err != MW_OK ? c.err : group.err; /* a user data subfield may follow the group */
}

static void
write_info_length (mw_wr *w, uint8_t id, uint16_t v)
{
  mw_wr_u8 (w, id);
  mw_wr_u8 (w, v > 255 ? 2 : 1);
  if (v > 255)
    mw_wr_u16 (w, v);
  else
    mw_wr_u8 (w, (uint8_t) v);
}

static void
write_window (mw_wr *w, uint8_t id, uint8_t v)
{
  mw_wr_u8 (w, id);
  mw_wr_u8 (w, 4);
  mw_wr_u32 (w, v);
}

void
mw_hdlc_limits_encode (mw_wr *w, const mw_hdlc_limits *l)
{
  uint8_t len = (uint8_t) (6 + (l->info_tx > 255) + (l->info_rx > 255) + 12);
  mw_wr_u8 (w, FORMAT_ID);
  mw_wr_u8 (w, GROUP_ID);
  mw_wr_u8 (w, len);
  write_info_length (w, INFO_TX, l->info_tx);
  write_info_length (w, INFO_RX, l->info_rx);
  write_window (w, WINDOW_TX, l->window_tx);
  write_window (w, WINDOW_RX, l->window_rx);
}
