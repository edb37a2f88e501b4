/* say.c: lines, headings and the bytes they cover; see say.h. */
#include "decode/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
emit (mw_say_out *d, const uint8_t *bytes, size_t n, bool wrong, const char *format,
      va_list args)
{
  char text[MW_DECODE_TEXT];
  d->wrong += wrong;
  if (!d->line)
    return;
  vsnprintf (text, sizeof text, format, args);
  for (char *p = text; *p; p++)
    if ((unsigned char) *p < 0x20 || *p == 0x7f)
      *p = '.';
  mw_decode_line line = { bytes,    n,   (size_t) (bytes - d->base), d->reassembled, wrong,
                          d->depth, text };
  d->line (d->ctx, &line);
}

/* Bytes not said yet up to the cursor; they count as said from now on. */
static mw_span
unsaid (mw_say_out *d, const mw_cur *c)
{
  const uint8_t *from = d->said < c->at ? d->said : c->at;
  mw_span s = { from, (size_t) (c->at - from) };
  d->said = c->at;
  return s;
}

void
mw_say (mw_say_out *d, const mw_cur *c, const char *format, ...)
{
  va_list args;
  if (c->err != MW_OK)
    return; /* the field is not all there: mw_say_rest speaks */
  mw_span s = unsaid (d, c);
  va_start (args, format);
  emit (d, s.ptr, s.len, false, format, args);
  va_end (args);
}

void
mw_say_wrong (mw_say_out *d, const mw_cur *c, const char *format, ...)
{
  va_list args;
  if (c->err != MW_OK)
    return;
  mw_span s = unsaid (d, c);
  va_start (args, format);
  emit (d, s.ptr, s.len, true, format, args);
  va_end (args);
}

void
mw_say_head (mw_say_out *d, const mw_cur *c, size_t n, const char *format, ...)
{
  va_list args;
  const uint8_t *from = d->said < c->at ? d->said : c->at;
  size_t ahead = (size_t) (c->end - c->at);
  if (n > ahead)
    n = ahead;
  va_start (args, format);
  emit (d, from, (size_t) (c->at - from) + n, false, format, args);
  va_end (args);
  d->depth++;
}

void
mw_say_up (mw_say_out *d)
{
  if (d->depth)
    d->depth--;
}

void
mw_say_note (mw_say_out *d, const uint8_t *bytes, size_t n, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  emit (d, bytes, n, false, format, args);
  va_end (args);
}

/* The unsaid and unread bytes of a reading that went wrong. */
static void
emit_rest (mw_say_out *d, const mw_cur *c, const char *format, ...)
{
  va_list args;
  const uint8_t *from = d->said < c->end ? d->said : c->end;
  va_start (args, format);
  emit (d, from, (size_t) (c->end - from), true, format, args);
  va_end (args);
  d->said = c->end;
}

void
mw_say_rest (mw_say_out *d, mw_cur *c)
{
  char text[64];
  mw_span left = { d->said, c->end > d->said ? (size_t) (c->end - d->said) : 0 };
  if (c->err == MW_ERR_SHORT && !left.len && d->cut_at == c->end)
    ; /* said already, about an inner part */
  else if (c->err == MW_ERR_SHORT)
    emit_rest (d, c, "the data ends here, before it is complete%s%s", left.len ? ": " : "",
               left.len ? mw_say_bytes (text, sizeof text, left) : "");
  else if (c->err != MW_OK)
    emit_rest (d, c, "cannot be read on: %s", mw_err_text ((int) c->err));
  else if (mw_cur_left (c))
    emit_rest (d, c, "%u bytes more than belong here: %s", (unsigned) mw_cur_left (c),
               mw_say_bytes (text, sizeof text, left));
  if (c->err == MW_ERR_SHORT)
    d->cut_at = c->end;
  c->err = MW_OK;
  c->at = c->end;
}

const char *
mw_say_bytes (char *buf, size_t cap, mw_span bytes)
{
  static const char digits[] = "0123456789ABCDEF";
  bool text = bytes.len > 0;
  for (size_t i = 0; i < bytes.len; i++)
    text = text && bytes.ptr[i] >= 0x20 && bytes.ptr[i] < 0x7f;
  size_t each = text ? 1 : 2, room = cap - (text ? 6 : 4);
  size_t n = bytes.len * each <= room ? bytes.len : room / each;
  size_t at = 0;
  if (!bytes.len) {
    memcpy (buf, "empty", 6);
    return buf;
  }
  if (text)
    buf[at++] = '"';
  for (size_t i = 0; i < n; i++) {
    if (!text)
      buf[at++] = digits[bytes.ptr[i] >> 4];
    buf[at++] = text ? (char) bytes.ptr[i] : digits[bytes.ptr[i] & 15];
  }
  if (n < bytes.len) {
    memcpy (buf + at, "...", 3);
    at += 3;
  }
  if (text)
    buf[at++] = '"';
  buf[at] = 0;
  return buf;
}

mw_cur
mw_say_part (mw_cur *c, size_t n)
{
  mw_cur part;
  size_t have = mw_cur_left (c);
  mw_cur_init (&part, c->at, n < have ? n : have);
  mw_cur_skip (c, n < have ? n : have);
  if (n > have)
    mw_cur_fail (c, MW_ERR_SHORT);
  return part;
}

const char *
mw_say_int (char buf[MW_SAY_INT], uint64_t v, bool negative)
{
  char digits[MW_SAY_INT];
  size_t n = 0, at = 0;
  do {
    digits[n++] = (char) ('0' + v % 10);
    v /= 10;
  } while (v);
  if (negative)
    buf[at++] = '-';
  while (n)
    buf[at++] = digits[--n];
  buf[at] = 0;
  return buf;
}
