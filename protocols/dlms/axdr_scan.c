/* axdr_scan.c: where a value ends.
 *
 * Octet by octet, so that it may be cut anywhere; it keeps only counts.  Every step either
 * takes an octet or completes a level, and levels are at most MW_AXDR_DEPTH: it cannot loop.
 *
 *   TYPE -> (fixed size) SKIP -> complete
 *        -> (string, array, structure) LENGTH [-> OCTETS] -> SKIP or a new level
 *        -> (compact-array) DESCRIBE... -> CONTENTS length -> SKIP
 */
#include "dlms/axdr.h"

#include <string.h>

enum { TYPE, LENGTH, OCTETS, SKIP, DESCRIBE, COUNT, ARRAY_HIGH, ARRAY_LOW };

void
mw_axdr_scan_init (mw_axdr_scan *s)
{
  memset (s, 0, sizeof *s);
  s->state = TYPE;
}

static void
fail (mw_axdr_scan *s, enum mw_err err)
{
  s->err = err;
}

/* An item is whole: so may be the array it was the last element of, and that one's. */
static void
complete (mw_axdr_scan *s)
{
  s->state = TYPE;
  while (s->depth && --s->left[s->depth - 1] == 0)
    s->depth--;
  s->done = s->depth == 0;
}

static void
skip (mw_axdr_scan *s, uint32_t octets)
{
  s->skip = octets;
  s->state = SKIP;
  if (octets == 0)
    complete (s);
}

static void
on_length (mw_axdr_scan *s)
{
  uint32_t n = s->length;
  if (s->type == MW_AXDR_BIT_STRING) {
    skip (s, n / 8 + (n % 8 != 0));
  } else if (s->type != MW_AXDR_ARRAY && s->type != MW_AXDR_STRUCTURE) {
    skip (s, n);
  } else if (n == 0) {
    complete (s);
  } else if (s->depth == MW_AXDR_DEPTH) {
    fail (s, MW_ERR_DEPTH);
  } else {
    s->left[s->depth++] = n;
    s->state = TYPE;
  }
}

static void
on_type (mw_axdr_scan *s, uint8_t type)
{
  int size = mw_axdr_type_size (type);
  s->type = type;
  if (size == -3)
    fail (s, MW_ERR_VALUE);
  else if (size >= 0)
    skip (s, (uint32_t) size);
  else if (type == MW_AXDR_COMPACT_ARRAY)
    s->state = DESCRIBE, s->describe = 1, s->described = 0;
  else
    s->state = LENGTH;
}

static void
on_length_octet (mw_axdr_scan *s, uint8_t octet)
{
  s->length = octet;
  if (octet < 0x80) {
    on_length (s);
    return;
  }
  s->length = 0;
  s->octets = octet & 0x7f;
  s->state = OCTETS;
  if (s->octets == 0 || s->octets > 4)
    fail (s, MW_ERR_VALUE);
}

static void
described (mw_axdr_scan *s, unsigned types)
{
  s->describe = (uint16_t) (s->describe + types - 1);
  s->state = s->describe ? DESCRIBE : LENGTH;
}

/* TypeDescription (Blue Book 4.1.5, compact-array): an array has a count of two octets and one
 * description, a structure a count of one octet (more than 127 members are not taken) and as
 * many; everything else stands for itself. */
static void
on_describe (mw_axdr_scan *s, uint8_t octet)
{
  if (++s->described > MW_AXDR_DESCRIPTION)
    fail (s, MW_ERR_SPACE);
  else if (s->state == COUNT && octet > 0x7f)
    fail (s, MW_ERR_VALUE);
  else if (s->state == COUNT)
    described (s, octet);
  else if (s->state == ARRAY_HIGH)
    s->state = ARRAY_LOW;
  else if (s->state == ARRAY_LOW)
    s->state = DESCRIBE;
  else if (octet == MW_AXDR_STRUCTURE)
    s->state = COUNT;
  else if (octet == MW_AXDR_ARRAY)
    s->state = ARRAY_HIGH;
  else if (octet == MW_AXDR_COMPACT_ARRAY || mw_axdr_type_size (octet) == -3)
    fail (s, MW_ERR_VALUE);
  else
    described (s, 0);
}

static void
on_octet (mw_axdr_scan *s, uint8_t octet)
{
  switch (s->state) {
  case TYPE:
    on_type (s, octet);
    break;
  case LENGTH:
    on_length_octet (s, octet);
    break;
  case OCTETS:
    s->length = s->length << 8 | octet;
    if (--s->octets == 0)
      on_length (s);
    break;
  default:
    on_describe (s, octet);
    break;
  }
}

size_t
mw_axdr_scan_feed (mw_axdr_scan *s, const uint8_t *data, size_t len)
{
  size_t at = 0;
  while (at < len && !s->done && !s->err) {
    if (s->state != SKIP) {
      on_octet (s, data[at++]);
      continue;
    }
    size_t n = len - at < s->skip ? len - at : s->skip;
    at += n;
    s->skip -= (uint32_t) n;
    if (s->skip == 0)
      complete (s);
  }
  return at;
}
