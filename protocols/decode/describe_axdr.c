/* describe_axdr.c: COSEM data in words, one line per value, containers indented. */
#include <string.h>

#include "decode/say.h"
#include "dlms/axdr.h"

bool
mw_looks_like_axdr (mw_span data)
{
  return mw_axdr_type_size (data.ptr[0]) != -3 && data.ptr[0] != MW_AXDR_DONT_CARE;
}

/* What a string can also be: a logical name, a date and time. Empty when neither. */
static void
interpret (char *buf, size_t cap, const mw_axdr_value *v)
{
  mw_civil t;
  mw_obis o;
  buf[0] = 0;
  if (v->type == MW_AXDR_OCTET_STRING && v->len == 6) {
    memcpy (o.v, v->ptr, 6);
    memcpy (buf, " = logical name ", 17);
    mw_obis_format (o, buf + 16, cap - 16);
    return;
  }
  bool time = v->len == 12 || v->type != MW_AXDR_OCTET_STRING;
  if (!time || mw_axdr_to_civil (v, &t) != MW_OK)
    return;
  memcpy (buf, " = ", 4);
  if (!mw_civil_format (&t, buf + 3, cap - 3))
    buf[0] = 0;
}

static void
say_string (mw_say_out *d, const mw_cur *c, const mw_axdr_value *v, const char *name)
{
  char bytes[MW_DECODE_TEXT / 2], meaning[16 + MW_CIVIL_TEXT + 60];
  mw_span s = { v->ptr, v->len };
  interpret (meaning, sizeof meaning, v);
  mw_say (d, c, "%s, %u bytes: %s%s", name, (unsigned) v->len,
          mw_say_bytes (bytes, sizeof bytes, s), meaning);
}

static void
say_bits (mw_say_out *d, const mw_cur *c, const mw_axdr_value *v)
{
  char bits[65];
  unsigned n = v->len < 64 ? v->len : 64;
  for (unsigned i = 0; i < n; i++)
    bits[i] = v->ptr[i / 8] & 0x80 >> i % 8 ? '1' : '0';
  bits[n] = 0;
  mw_say (d, c, "bit-string, %u bits: %s%s", (unsigned) v->len, bits, n < v->len ? "..." : "");
}

/* Exact, unlike a float: the value with the decimals that bring it back. */
static void
say_float (mw_say_out *d, const mw_cur *c, const mw_axdr_value *v, const char *name)
{
  mw_say (d, c, "%s: %.*g", name, v->type == MW_AXDR_FLOAT64 ? 17 : 9, v->f);
}

/* The pair scaler_unit (Blue Book 4.3.2): how far a structure of integer and enum has been
 * read. */
typedef struct pair {
  unsigned seen; /* 1: structure of 2, 2: and an integer */
  int64_t scaler;
} pair;

static const char *
advance (pair *p, enum mw_axdr_event event, const mw_axdr_value *v)
{
  bool opens = event == MW_AXDR_OPEN && v->type == MW_AXDR_STRUCTURE && v->len == 2;
  bool scaler = event == MW_AXDR_VALUE && v->type == MW_AXDR_INTEGER && p->seen == 1;
  bool unit = event == MW_AXDR_VALUE && v->type == MW_AXDR_ENUM && p->seen == 2;
  if (scaler)
    p->scaler = v->i;
  p->seen = opens ? 1 : scaler ? 2 : 0;
  return unit && v->u <= 255 ? mw_unit_text ((unsigned) v->u) : NULL;
}

static void
say_value (mw_say_out *d, const mw_cur *c, const mw_axdr_value *v, const char *unit)
{
  const char *name = mw_axdr_type_name (v->type);
  char digits[MW_SAY_INT];
  int64_t i;
  if (v->type == MW_AXDR_NULL_DATA || v->type == MW_AXDR_DONT_CARE)
    mw_say (d, c, "%s", name);
  else if (v->type == MW_AXDR_BOOLEAN)
    mw_say (d, c, "boolean: %s", v->u ? "true" : "false");
  else if (v->type == MW_AXDR_ENUM && unit && unit[0])
    mw_say (d, c, "enum: %u (as a unit: %s)", (unsigned) v->u, unit);
  else if (v->type == MW_AXDR_LONG64_UNSIGNED)
    mw_say (d, c, "%s: %s", name, mw_say_int (digits, v->u, false));
  else if (v->type == MW_AXDR_BIT_STRING)
    say_bits (d, c, v);
  else if (v->type == MW_AXDR_FLOAT32 || v->type == MW_AXDR_FLOAT64
           || v->type == MW_AXDR_FLOATING_POINT)
    say_float (d, c, v, name);
  else if (mw_axdr_to_int (v, &i) == MW_OK)
    mw_say (d, c, "%s: %s", name,
            mw_say_int (digits, i < 0 ? 0 - (uint64_t) i : (uint64_t) i, i < 0));
  else
    say_string (d, c, v, name);
}

static void
say_open (mw_say_out *d, mw_cur *c, const mw_axdr_value *v)
{
  const char *name = mw_axdr_type_name (v->type);
  if (v->type == MW_AXDR_COMPACT_ARRAY)
    mw_say (d, c, "compact-array: description of its element, and the length of the contents");
  else
    mw_say (d, c, "%s of %u", name, (unsigned) v->len);
  d->depth++;
}

void
mw_describe_axdr (mw_say_out *d, mw_cur *c)
{
  mw_axdr_walk w;
  pair p = { 0 };
  unsigned depth = d->depth;
  enum mw_axdr_event event;
  const uint8_t *end = c->end;
  mw_axdr_walk_init (&w, c->at, mw_cur_left (c));
  while ((event = mw_axdr_walk_next (&w)) != MW_AXDR_END && event != MW_AXDR_ERROR
         && event != MW_AXDR_MORE) {
    const char *unit = advance (&p, event, &w.value);
    c->at = end - mw_axdr_walk_rest (&w).len;
    if (event == MW_AXDR_VALUE)
      say_value (d, c, &w.value, unit);
    else if (event == MW_AXDR_OPEN)
      say_open (d, c, &w.value);
    else if (d->depth > depth)
      d->depth--;
  }
  c->at = end - mw_axdr_walk_rest (&w).len;
  if (event != MW_AXDR_END)
    mw_cur_fail (c, event == MW_AXDR_MORE || !w.err ? MW_ERR_SHORT : w.err);
  if (event != MW_AXDR_END) {
    c->failed_at = c->at;
    mw_say_rest (d, c);
  }
  d->depth = depth;
}
