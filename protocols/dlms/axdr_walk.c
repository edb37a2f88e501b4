/* axdr_walk.c: the events of one value.
 *
 * An event covers one item whole (tag, length, octets): when the window ends inside it, nothing
 * of it is taken and the answer is MORE.  In a compact-array the types come from its
 * description instead of from the data; a description whose element takes no octets is refused,
 * so every event takes octets, or closes a level, or opens one that the description spells out.
 */
#include "dlms/axdr.h"

#include <string.h>

#define NO_LIMIT UINT32_MAX

void
mw_axdr_walk_init (mw_axdr_walk *w, const void *data, size_t len)
{
  memset (w, 0, sizeof *w);
  mw_cur_init (&w->cur, data, len);
}

void
mw_axdr_walk_more (mw_axdr_walk *w, const void *data, size_t len)
{
  w->passed += (uint32_t) mw_cur_offset (&w->cur);
  mw_cur_init (&w->cur, data, len);
}

mw_span
mw_axdr_walk_rest (const mw_axdr_walk *w)
{
  return (mw_span){ w->cur.at, (size_t) (w->cur.end - w->cur.at) };
}

static enum mw_axdr_event
fail (mw_axdr_walk *w, enum mw_err err)
{
  w->err = err;
  return MW_AXDR_ERROR;
}

static mw_axdr_level *
top (mw_axdr_walk *w)
{
  return w->depth ? &w->level[w->depth - 1] : NULL;
}

static enum mw_axdr_event
push (mw_axdr_walk *w, uint32_t elements)
{
  if (w->depth == MW_AXDR_DEPTH)
    return fail (w, MW_ERR_DEPTH);
  w->level[w->depth].left = elements;
  w->level[w->depth].element = w->at;
  w->level[w->depth].type = w->value.type;
  w->depth++;
  return MW_AXDR_OPEN;
}

/* --- the description of a compact-array ----------------------------------------------------
 */

typedef struct description {
  struct {
    uint32_t left, times, size; /* parts to come; how often it repeats; fewest octets so far */
  } level[MW_AXDR_DEPTH];
  unsigned depth;
} description;

static uint32_t
product (uint32_t a, uint32_t b)
{
  uint64_t p = (uint64_t) a * b;
  return p > NO_LIMIT ? NO_LIMIT : (uint32_t) p;
}

/* A part of SIZE octets at least is described: add it to what it is part of, and close what it
 * completes.  An array of elements of no size could repeat for nothing: false. */
static bool
part_described (description *d, uint32_t size)
{
  for (;;) {
    unsigned i = d->depth - 1;
    uint32_t sum = d->level[i].size + size;
    d->level[i].size = sum < size ? NO_LIMIT : sum;
    if (--d->level[i].left)
      return true;
    if (d->level[i].times > 1 && d->level[i].size == 0)
      return false;
    size = product (d->level[i].size, d->level[i].times);
    if (--d->depth == 0)
      return size > 0;
  }
}

static bool
open_part (description *d, uint32_t parts, uint32_t times)
{
  if (d->depth == MW_AXDR_DEPTH)
    return false;
  d->level[d->depth].left = parts;
  d->level[d->depth].times = times;
  d->level[d->depth].size = 0;
  d->depth++;
  return true;
}

/* Fewest octets of a value of a type of SIZE (mw_axdr_type_size): a string has its length. */
static uint32_t
least (int size)
{
  return size < 0 ? 1 : (uint32_t) size;
}

static bool
describe_one (description *d, mw_cur *c)
{
  unsigned type = mw_cur_u8 (c);
  int size = mw_axdr_type_size (type);
  if (type == MW_AXDR_STRUCTURE) {
    unsigned n = mw_cur_u8 (c);
    return n > 0x7f || c->err ? false : n == 0 ? part_described (d, 0) : open_part (d, n, 1);
  }
  if (type == MW_AXDR_ARRAY)
    return open_part (d, 1, mw_cur_u16 (c));
  if (size < -1)
    return false;
  return part_described (d, least (size));
}

/* Reads the description at C into W. On failure C is failed: SHORT when it is cut off. */
static void
read_description (mw_axdr_walk *w, mw_cur *c)
{
  description d;
  const uint8_t *start = c->at;
  d.depth = 0;
  open_part (&d, 1, 1);
  while (d.depth && !c->err)
    if (!describe_one (&d, c))
      mw_cur_fail (c, MW_ERR_VALUE);
  if (c->err)
    return;
  if (c->at - start > MW_AXDR_DESCRIPTION) {
    mw_cur_fail (c, MW_ERR_SPACE);
    return;
  }
  w->described = (uint16_t) (c->at - start);
  memcpy (w->description, start, w->described);
}

/* Where the type after the one at AT begins: over everything inside it. */
static uint16_t
type_after (const mw_axdr_walk *w, uint16_t at)
{
  unsigned types = 1;
  while (types && at < w->described) {
    uint8_t type = w->description[at];
    types--;
    if (type == MW_AXDR_STRUCTURE)
      types += w->description[at + 1], at = (uint16_t) (at + 2);
    else if (type == MW_AXDR_ARRAY)
      types++, at = (uint16_t) (at + 3);
    else
      at++;
  }
  return at;
}

/* --- items ---------------------------------------------------------------------------------
 */

static enum mw_axdr_event
open_compact (mw_axdr_walk *w, mw_cur *c)
{
  uint32_t contents;
  if (w->compact)
    return fail (w, MW_ERR_VALUE);
  read_description (w, c);
  contents = mw_axdr_length (c);
  if (c->err)
    return MW_AXDR_MORE;
  w->value.len = NO_LIMIT;
  w->contents = contents;
  w->compact = (uint8_t) (w->depth + 1);
  w->at = 0;
  return push (w, NO_LIMIT);
}

/* One item with its tag. */
static enum mw_axdr_event
tagged (mw_axdr_walk *w, mw_cur *c)
{
  int tag = mw_cur_peek (c);
  memset (&w->value, 0, sizeof w->value);
  if (tag != MW_AXDR_COMPACT_ARRAY) {
    mw_axdr_get (c, &w->value);
    if (c->err)
      return MW_AXDR_MORE;
    if (tag != MW_AXDR_ARRAY && tag != MW_AXDR_STRUCTURE)
      return MW_AXDR_VALUE;
    return push (w, w->value.len);
  }
  mw_cur_u8 (c);
  w->value.type = MW_AXDR_COMPACT_ARRAY;
  return open_compact (w, c);
}

/* One item whose type the description has at w->at. */
static enum mw_axdr_event
described (mw_axdr_walk *w, mw_cur *c)
{
  const uint8_t *type = w->description + w->at;
  const uint8_t *start = c->at;
  uint32_t taken;

  memset (&w->value, 0, sizeof w->value);
  w->value.type = *type;
  if (*type == MW_AXDR_STRUCTURE) {
    w->value.len = type[1];
    w->at = (uint16_t) (w->at + 2);
    return push (w, w->value.len);
  }
  if (*type == MW_AXDR_ARRAY) {
    w->value.len = (uint32_t) (type[1] << 8 | type[2]);
    w->at = (uint16_t) (w->at + 3);
    return push (w, w->value.len);
  }
  mw_axdr_get_as (c, *type, &w->value);
  if (c->err)
    return MW_AXDR_MORE;
  taken = (uint32_t) (c->at - start);
  if (taken > w->contents)
    return fail (w, MW_ERR_VALUE);
  w->contents -= taken;
  w->at++;
  return MW_AXDR_VALUE;
}

static bool
level_is_over (const mw_axdr_walk *w)
{
  if (w->depth == 0)
    return w->started;
  if (w->depth == w->compact)
    return w->contents == 0;
  return w->level[w->depth - 1].left == 0;
}

static enum mw_axdr_event
close (mw_axdr_walk *w)
{
  mw_axdr_level *l = top (w);
  if (!l) {
    w->done = true;
    return MW_AXDR_END;
  }
  memset (&w->value, 0, sizeof w->value);
  w->value.type = l->type;
  if (w->compact && w->depth > w->compact && l->type == MW_AXDR_ARRAY)
    w->at = type_after (w, l->element);
  if (w->depth == w->compact)
    w->compact = 0;
  w->depth--;
  return MW_AXDR_CLOSE;
}

/* Count the item that is about to be read, and find its type. */
static void
enter (mw_axdr_walk *w)
{
  mw_axdr_level *l = top (w);
  w->started = true;
  if (!l)
    return;
  if (w->depth != w->compact)
    l->left--;
  if (w->compact && (w->depth == w->compact || l->type == MW_AXDR_ARRAY))
    w->at = l->element;
}

/* The item was cut off: as if it had not been begun. */
static enum mw_axdr_event
undo (mw_axdr_walk *w, mw_axdr_level *l, uint16_t at, bool started)
{
  if (l && (!w->compact || w->depth != w->compact))
    l->left++;
  w->at = at;
  w->started = started;
  return MW_AXDR_MORE;
}

enum mw_axdr_event
mw_axdr_walk_next (mw_axdr_walk *w)
{
  mw_cur c = w->cur;
  uint16_t at = w->at;
  bool started = w->started;
  mw_axdr_level *l = top (w);
  enum mw_axdr_event event;

  if (w->err)
    return MW_AXDR_ERROR;
  if (w->done)
    return MW_AXDR_END;
  w->offset = w->passed + (uint32_t) mw_cur_offset (&c);
  if (level_is_over (w))
    return close (w);
  enter (w);
  event = w->compact ? described (w, &c) : tagged (w, &c);
  if (event == MW_AXDR_ERROR || (event == MW_AXDR_MORE && c.err != MW_ERR_SHORT))
    return fail (w, w->err ? w->err : c.err);
  if (event == MW_AXDR_MORE)
    return undo (w, l, at, started);
  w->cur = c;
  return event;
}
