/* frame.c: see frame.h. */
#include "kmp/frame.h"

#include "base/crc.h"

static const struct {
  uint8_t number;
  bool again;
  const char *name;
} cids[] = {
#define MW_KMP_CID_ROW(number, symbol, name, again) { number, again, name },
#include "kmp/cids.def"
};

const char *
mw_kmp_cid_name (unsigned cid)
{
  for (size_t i = 0; i < sizeof cids / sizeof *cids; i++)
    if (cids[i].number == cid)
      return cids[i].name;
  return NULL;
}

bool
mw_kmp_cid_repeats (unsigned cid)
{
  for (size_t i = 0; i < sizeof cids / sizeof *cids; i++)
    if (cids[i].number == cid)
      return cids[i].again;
  return false;
}

static bool
is_special (uint8_t byte)
{
  return byte == MW_KMP_TO_METER || byte == MW_KMP_FROM_METER || byte == MW_KMP_STOP
         || byte == MW_KMP_ACK || byte == MW_KMP_STUFF;
}

void
mw_kmp_stuff (mw_wr *w, uint8_t byte)
{
  if (is_special (byte)) {
    mw_wr_u8 (w, MW_KMP_STUFF);
    byte = (uint8_t) ~byte;
  }
  mw_wr_u8 (w, byte);
}

enum mw_err
mw_kmp_unstuff (mw_wr *w, mw_span wire)
{
  mw_cur c = mw_cur_of (wire);
  while (mw_cur_left (&c)) {
    uint8_t byte = mw_cur_u8 (&c);
    if (byte == MW_KMP_STUFF) {
      byte = (uint8_t) ~mw_cur_u8 (&c);
      if (!is_special (byte))
        mw_cur_fail (&c, MW_ERR_VALUE);
    } else if (is_special (byte)) {
      mw_cur_fail (&c, MW_ERR_VALUE);
    }
    if (!c.err)
      mw_wr_u8 (w, byte);
  }
  return c.err ? c.err : w->err;
}

enum mw_err
mw_kmp_frame_decode (uint8_t start, mw_span inner, mw_kmp_frame *out)
{
  if (inner.len < 4) /* address, CID, CRC */
    return MW_ERR_SHORT;
  if (mw_crc_xmodem (0, inner.ptr, inner.len))
    return MW_ERR_CHECK; /* a CRC over its own octets leaves 0 */
  *out = (mw_kmp_frame){ start, inner.ptr[0], inner.ptr[1], { inner.ptr + 2, inner.len - 4 } };
  return MW_OK;
}

void
mw_kmp_frame_encode (mw_wr *w, uint8_t start, uint8_t address, mw_span apdu)
{
  uint16_t crc = mw_crc_xmodem (0, &address, 1);
  crc = mw_crc_xmodem (crc, apdu.ptr, apdu.len);
  mw_wr_u8 (w, start);
  mw_kmp_stuff (w, address);
  for (size_t i = 0; i < apdu.len; i++)
    mw_kmp_stuff (w, apdu.ptr[i]);
  mw_kmp_stuff (w, (uint8_t) (crc >> 8));
  mw_kmp_stuff (w, (uint8_t) crc);
  mw_wr_u8 (w, MW_KMP_STOP);
}

void
mw_kmp_framer_init (mw_kmp_framer *f, uint8_t *buf, size_t cap)
{
  *f = (mw_kmp_framer){ .buf = buf, .cap = cap };
}

void
mw_kmp_framer_reset (mw_kmp_framer *f)
{
  f->start = 0;
  f->len = 0;
  f->stuffed = f->bad = f->too_long = false;
}

bool
mw_kmp_framer_busy (const mw_kmp_framer *f)
{
  return f->start != 0;
}

static enum mw_kmp_msg
end_frame (mw_kmp_framer *f, mw_kmp_frame *out)
{
  mw_span inner = { f->buf, f->len };
  uint8_t start = f->start;
  bool whole = !f->bad && !f->stuffed && !mw_kmp_frame_decode (start, inner, out);
  f->start = 0;
  out->start = start;
  if (!whole)
    return MW_KMP_MSG_DAMAGED;
  return start == MW_KMP_TO_METER ? MW_KMP_MSG_REQUEST : MW_KMP_MSG_ANSWER;
}

static void
keep (mw_kmp_framer *f, uint8_t byte)
{
  if (f->len < f->cap)
    f->buf[f->len++] = byte;
  else
    f->bad = f->too_long = true;
}

enum mw_kmp_msg
mw_kmp_framer_byte (mw_kmp_framer *f, uint8_t byte, mw_kmp_frame *out)
{
  if (byte == MW_KMP_TO_METER || byte == MW_KMP_FROM_METER) {
    mw_kmp_framer_reset (f); /* never stands inside a frame: the one begun has broken off */
    f->start = byte;
    return MW_KMP_MSG_NONE;
  }
  if (!f->start)
    return byte == MW_KMP_ACK ? MW_KMP_MSG_ACK : MW_KMP_MSG_NONE;
  if (byte == MW_KMP_STOP)
    return end_frame (f, out);
  if (byte == MW_KMP_ACK) {
    f->bad = true;
  } else if (f->stuffed) {
    f->stuffed = false;
    f->bad = f->bad || !is_special ((uint8_t) ~byte);
    keep (f, (uint8_t) ~byte);
  } else if (byte == MW_KMP_STUFF) {
    f->stuffed = true;
  } else {
    keep (f, byte);
  }
  return MW_KMP_MSG_NONE;
}
