/* ascii.c: see ascii.h. */
#include "kmp/ascii.h"

#include <string.h>

uint8_t
mw_kmp_ascii_lrc (const uint8_t *p, size_t n)
{
  unsigned sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += p[i];
  return (uint8_t) (0x100u - (sum & 0xffu));
}

static int
digit (uint8_t ch)
{
  if (ch >= '0' && ch <= '9')
    return ch - '0';
  return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

static uint8_t
take_octet (mw_cur *c)
{
  mw_span pair = mw_cur_bytes (c, 2);
  if (!pair.len)
    return 0;
  int high = digit (pair.ptr[0]), low = digit (pair.ptr[1]);
  if (high < 0 || low < 0) {
    mw_cur_fail (c, MW_ERR_VALUE);
    return 0;
  }
  return (uint8_t) (high << 4 | low);
}

enum mw_err
mw_kmp_ascii_decode (mw_span message, uint8_t *buf, size_t cap, mw_kmp_ascii_frame *out)
{
  if (message.len && message.ptr[message.len - 1] == '\r')
    message.len--;
  mw_cur c = mw_cur_of (message);
  mw_wr w;
  uint8_t start = mw_cur_u8 (&c);
  if (start != MW_KMP_ASCII_TO_METER && start != MW_KMP_ASCII_FROM_METER)
    mw_cur_fail (&c, MW_ERR_VALUE);
  mw_wr_init (&w, buf, cap);
  while (mw_cur_left (&c))
    mw_wr_u8 (&w, take_octet (&c));
  if (c.err || w.err)
    return c.err ? c.err : w.err;
  size_t n = mw_wr_len (&w);
  if (n < 3)
    return MW_ERR_SHORT;
  if (mw_kmp_ascii_lrc (buf, n - 1) != buf[n - 1])
    return MW_ERR_CHECK;
  *out = (mw_kmp_ascii_frame){ (char) start, buf[0], buf[1], { buf + 2, n - 3 } };
  return MW_OK;
}

static void
put_octet (mw_wr *w, uint8_t v)
{
  static const char digits[] = "0123456789ABCDEF";
  mw_wr_u8 (w, (uint8_t) digits[v >> 4]);
  mw_wr_u8 (w, (uint8_t) digits[v & 15]);
}

void
mw_kmp_ascii_encode (mw_wr *w, const mw_kmp_ascii_frame *f)
{
  const uint8_t head[] = { f->address, f->command };
  uint8_t lrc =
      (uint8_t) (mw_kmp_ascii_lrc (head, 2) + mw_kmp_ascii_lrc (f->data.ptr, f->data.len));
  mw_wr_u8 (w, (uint8_t) f->start);
  put_octet (w, f->address);
  put_octet (w, f->command);
  for (size_t i = 0; i < f->data.len; i++)
    put_octet (w, f->data.ptr[i]);
  put_octet (w, lrc);
  mw_wr_u8 (w, '\r');
}

void
mw_kmp_ascii_request (mw_wr *w, uint8_t command)
{
  static const uint8_t zero[] = { 0 };
  mw_kmp_ascii_frame f = { MW_KMP_ASCII_TO_METER,
                           MW_KMP_ASCII_ADDRESS,
                           command,
                           { zero, command == MW_KMP_ASCII_TARIFFS } };
  mw_kmp_ascii_encode (w, &f);
}

void
mw_kmp_ascii_request_memory (mw_wr *w, uint16_t offset, uint16_t length)
{
  const uint8_t data[] = { (uint8_t) (offset >> 8), (uint8_t) offset, (uint8_t) (length >> 8),
                           (uint8_t) length };
  mw_kmp_ascii_frame f = {
    MW_KMP_ASCII_TO_METER, MW_KMP_ASCII_ADDRESS, MW_KMP_ASCII_MEMORY, { data, sizeof data }
  };
  mw_kmp_ascii_encode (w, &f);
}

static mw_cur
answer (const mw_kmp_ascii_frame *f, uint8_t command)
{
  mw_cur c = mw_cur_of (f->data);
  if (f->start != MW_KMP_ASCII_FROM_METER || f->command != command)
    mw_cur_fail (&c, MW_ERR_PROTOCOL);
  return c;
}

enum mw_err
mw_kmp_ascii_readings_decode (const mw_kmp_ascii_frame *f, mw_kmp_ascii_readings *out)
{
  mw_cur c = answer (f, MW_KMP_ASCII_READINGS);
  out->energy = mw_cur_u32 (&c);
  out->load = mw_cur_u32 (&c);
  out->hours = mw_cur_u32 (&c);
  out->resets = mw_cur_u32 (&c);
  out->peak = mw_cur_u32 (&c);
  out->customer = mw_cur_u32 (&c);
  return c.err; /* what follows is not known */
}

enum mw_err
mw_kmp_ascii_tariffs_decode (const mw_kmp_ascii_frame *f, mw_kmp_ascii_tariffs *out)
{
  mw_cur c = answer (f, MW_KMP_ASCII_TARIFFS);
  mw_cur_skip (&c, 1);
  out->energy = mw_cur_u32 (&c);
  out->tariff[0] = mw_cur_u32 (&c);
  out->tariff[1] = mw_cur_u32 (&c);
  return c.err;
}

enum mw_err
mw_kmp_ascii_type_decode (const mw_kmp_ascii_frame *f, char type[11])
{
  mw_cur c = answer (f, MW_KMP_ASCII_MEMORY);
  mw_span s = mw_cur_bytes (&c, 10);
  if (s.len)
    memcpy (type, s.ptr, 10);
  type[s.len] = 0;
  return c.err;
}
