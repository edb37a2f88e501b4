/* framer.c: see framer.h. */
#include "iec62056_21/framer.h"

void
mw_iec_framer_init (mw_iec_framer *f, uint8_t *buf, size_t cap)
{
  f->buf = buf;
  f->cap = cap;
  f->options = f->plain = f->too_long = false;
  mw_iec_framer_reset (f);
}

void
mw_iec_framer_reset (mw_iec_framer *f)
{
  f->state = MW_IEC_HUNT;
  f->len = 0;
  f->bcc = 0;
  f->bad = false;
}

mw_span
mw_iec_framer_message (const mw_iec_framer *f)
{
  mw_span s = { f->buf, f->len };
  return s;
}

bool
mw_iec_framer_busy (const mw_iec_framer *f)
{
  return f->state != MW_IEC_HUNT;
}

static enum mw_iec_msg
finish (mw_iec_framer *f, enum mw_iec_msg msg)
{
  f->state = MW_IEC_HUNT;
  return msg;
}

static bool
keep (mw_iec_framer *f, uint8_t byte)
{
  f->too_long = f->len >= f->cap;
  if (!f->too_long)
    f->buf[f->len++] = byte;
  return !f->too_long;
}

static enum mw_iec_msg
begin (mw_iec_framer *f, enum mw_iec_framing state, uint8_t byte)
{
  mw_iec_framer_reset (f);
  f->state = state;
  return keep (f, byte) ? MW_IEC_MSG_NONE : finish (f, MW_IEC_MSG_DAMAGED);
}

static enum mw_iec_msg
hunt (mw_iec_framer *f, uint8_t byte)
{
  switch (byte) {
  case '/':
    return begin (f, MW_IEC_IN_LINE, byte);
  case MW_IEC_SOH:
  case MW_IEC_STX:
    return begin (f, MW_IEC_IN_BLOCK, byte);
  case MW_IEC_NAK:
    return MW_IEC_MSG_NAK;
  case MW_IEC_ACK:
    return f->options ? begin (f, MW_IEC_IN_OPTION, byte) : MW_IEC_MSG_ACK;
  default:
    return f->plain && byte > 0x20 && byte < 0x7f ? begin (f, MW_IEC_IN_PLAIN, byte)
                                                  : MW_IEC_MSG_NONE;
  }
}

/* A line is printable but for its end; a second "/" says that what came before was garbage. */
static enum mw_iec_msg
in_line (mw_iec_framer *f, uint8_t byte)
{
  enum { LINE_MAX_ = 64 };
  if (byte == '/')
    return begin (f, MW_IEC_IN_LINE, byte);
  if (byte < 0x20 && byte != MW_IEC_CR && byte != MW_IEC_LF) {
    mw_iec_framer_reset (f);
    enum mw_iec_msg msg = hunt (f, byte);
    return msg || mw_iec_framer_busy (f) ? msg : MW_IEC_MSG_DAMAGED;
  }
  if (!keep (f, byte) || f->len > LINE_MAX_)
    return finish (f, MW_IEC_MSG_DAMAGED);
  return byte == MW_IEC_LF ? finish (f, MW_IEC_MSG_LINE) : MW_IEC_MSG_NONE;
}

static enum mw_iec_msg
in_option (mw_iec_framer *f, uint8_t byte)
{
  if (byte == '/' || byte == MW_IEC_SOH)
    return hunt (f, byte);
  if (byte == MW_IEC_ACK)
    return begin (f, MW_IEC_IN_OPTION, byte);
  if (!keep (f, byte) || (f->len == 6 && byte != MW_IEC_LF))
    return finish (f, MW_IEC_MSG_DAMAGED);
  return byte == MW_IEC_LF ? finish (f, MW_IEC_MSG_OPTION) : MW_IEC_MSG_NONE;
}

static enum mw_iec_msg
in_block (mw_iec_framer *f, uint8_t byte)
{
  if (byte == MW_IEC_SOH) /* never inside a block: the one begun broke off */
    return begin (f, MW_IEC_IN_BLOCK, byte);
  if (!keep (f, byte))
    return finish (f, MW_IEC_MSG_DAMAGED);
  f->bad = f->bad || byte == MW_IEC_SUB;
  f->bcc ^= byte; /* after SOH or STX up to and including ETX or EOT: clause 6.2 */
  if (byte == MW_IEC_ETX || byte == MW_IEC_EOT)
    f->state = MW_IEC_IN_BCC;
  return MW_IEC_MSG_NONE;
}

static enum mw_iec_msg
in_bcc (mw_iec_framer *f, uint8_t byte)
{
  bool right = keep (f, byte) && byte == f->bcc && !f->bad;
  return finish (f, right ? MW_IEC_MSG_BLOCK : MW_IEC_MSG_DAMAGED);
}

static enum mw_iec_msg
in_plain (mw_iec_framer *f, uint8_t byte)
{
  if (byte == MW_IEC_STX || byte == MW_IEC_SOH || byte == '/')
    return hunt (f, byte); /* what came before was noise */
  if (!keep (f, byte) || (byte < 0x20 && byte != MW_IEC_CR && byte != MW_IEC_LF))
    return finish (f, MW_IEC_MSG_DAMAGED);
  bool over = byte == MW_IEC_LF && f->len >= 3 && f->buf[f->len - 3] == '!'
              && (f->len == 3 || f->buf[f->len - 4] == MW_IEC_LF);
  return over ? finish (f, MW_IEC_MSG_PLAIN) : MW_IEC_MSG_NONE;
}

enum mw_iec_msg
mw_iec_framer_byte (mw_iec_framer *f, uint8_t byte)
{
  static enum mw_iec_msg (*const steps[]) (mw_iec_framer *, uint8_t) = {
    [MW_IEC_HUNT] = hunt,         [MW_IEC_IN_LINE] = in_line, [MW_IEC_IN_OPTION] = in_option,
    [MW_IEC_IN_BLOCK] = in_block, [MW_IEC_IN_BCC] = in_bcc,   [MW_IEC_IN_PLAIN] = in_plain,
  };
  byte &= 0x7fu; /* clause 5: 7 bits; the eighth is parity, which heads add, drop or mistake */
  if (f->state == MW_IEC_HUNT)
    f->len = 0;
  return steps[f->state](f, byte);
}
