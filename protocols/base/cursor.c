/* cursor.c: see cursor.h. */
#include "cursor.h"

#include <string.h>

void
mw_cur_init (mw_cur *c, const void *data, size_t len)
{
  static const uint8_t nothing[1];
  c->start = data ? data : nothing;
  c->at = c->start;
  c->end = c->start + (data ? len : 0);
  c->failed_at = NULL;
  c->err = MW_OK;
}

size_t
mw_cur_left (const mw_cur *c)
{
  return c->err ? 0 : (size_t) (c->end - c->at);
}

size_t
mw_cur_offset (const mw_cur *c)
{
  return (size_t) (c->at - c->start);
}

void
mw_cur_fail (mw_cur *c, enum mw_err err)
{
  if (c->err)
    return;
  c->err = err;
  c->failed_at = c->at;
}

mw_span
mw_cur_bytes (mw_cur *c, size_t n)
{
  mw_span s = { NULL, 0 };
  if (mw_cur_left (c) < n) { /* also 0 left after a first failure */
    mw_cur_fail (c, MW_ERR_SHORT);
    return s;
  }
  s.ptr = c->at;
  s.len = n;
  if (!c->err)
    c->at += n;
  return s;
}

bool
mw_cur_skip (mw_cur *c, size_t n)
{
  mw_cur_bytes (c, n);
  return !c->err;
}

int
mw_cur_peek (const mw_cur *c)
{
  return mw_cur_left (c) ? *c->at : -1;
}

static uint64_t
big_endian (mw_cur *c, size_t n)
{
  uint64_t v = 0;
  mw_span s = mw_cur_bytes (c, n);
  for (size_t i = 0; i < s.len; i++)
    v = v << 8 | s.ptr[i];
  return v;
}

uint8_t
mw_cur_u8 (mw_cur *c)
{
  return (uint8_t) big_endian (c, 1);
}

uint16_t
mw_cur_u16 (mw_cur *c)
{
  return (uint16_t) big_endian (c, 2);
}

uint32_t
mw_cur_u24 (mw_cur *c)
{
  return (uint32_t) big_endian (c, 3);
}

uint32_t
mw_cur_u32 (mw_cur *c)
{
  return (uint32_t) big_endian (c, 4);
}

uint64_t
mw_cur_u64 (mw_cur *c)
{
  return big_endian (c, 8);
}

uint16_t
mw_cur_u16le (mw_cur *c)
{
  mw_span s = mw_cur_bytes (c, 2);
  return s.len ? (uint16_t) (s.ptr[0] | (unsigned) s.ptr[1] << 8) : (uint16_t) 0;
}

uint32_t
mw_cur_u32le (mw_cur *c)
{
  uint32_t low = mw_cur_u16le (c);
  return low | (uint32_t) mw_cur_u16le (c) << 16;
}

enum mw_err
mw_cur_end (mw_cur *c)
{
  if (mw_cur_left (c))
    mw_cur_fail (c, MW_ERR_TRAILING);
  return c->err;
}

void
mw_wr_init (mw_wr *w, void *buf, size_t cap)
{
  w->start = buf;
  w->at = buf;
  w->end = w->start + cap;
  w->err = MW_OK;
}

size_t
mw_wr_len (const mw_wr *w)
{
  return (size_t) (w->at - w->start);
}

size_t
mw_wr_left (const mw_wr *w)
{
  return w->err ? 0 : (size_t) (w->end - w->at);
}

void
mw_wr_fail (mw_wr *w, enum mw_err err)
{
  if (!w->err)
    w->err = err;
}

uint8_t *
mw_wr_take (mw_wr *w, size_t n)
{
  uint8_t *p = w->at;
  if (w->err || mw_wr_left (w) < n) {
    mw_wr_fail (w, MW_ERR_SPACE);
    return NULL;
  }
  w->at += n;
  return p;
}

void
mw_wr_bytes (mw_wr *w, const void *data, size_t n)
{
  uint8_t *p = mw_wr_take (w, n);
  if (p && n)
    memcpy (p, data, n);
}

static void
put_big_endian (mw_wr *w, uint64_t v, unsigned n)
{
  uint8_t *p = mw_wr_take (w, n);
  for (unsigned i = 0; p && i < n; i++)
    p[i] = (uint8_t) (v >> (8 * (n - 1 - i)));
}

void
mw_wr_u8 (mw_wr *w, uint8_t v)
{
  put_big_endian (w, v, 1);
}

void
mw_wr_u16 (mw_wr *w, uint16_t v)
{
  put_big_endian (w, v, 2);
}

void
mw_wr_u24 (mw_wr *w, uint32_t v)
{
  put_big_endian (w, v, 3);
}

void
mw_wr_u32 (mw_wr *w, uint32_t v)
{
  put_big_endian (w, v, 4);
}

void
mw_wr_u64 (mw_wr *w, uint64_t v)
{
  put_big_endian (w, v, 8);
}

void
mw_wr_u16le (mw_wr *w, uint16_t v)
{
  mw_wr_u8 (w, (uint8_t) v);
  mw_wr_u8 (w, (uint8_t) (v >> 8));
}

void
mw_wr_u32le (mw_wr *w, uint32_t v)
{
  mw_wr_u16le (w, (uint16_t) v);
  mw_wr_u16le (w, (uint16_t) (v >> 16));
}

mw_span
mw_wr_done (const mw_wr *w)
{
  mw_span s = { w->start, w->err ? 0 : mw_wr_len (w) };
  return s;
}
