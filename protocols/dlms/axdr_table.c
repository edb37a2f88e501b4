/* axdr_table.c: rows of a profile buffer, fast, fed in pieces.
 *
 * A row is read straight from the piece; only a row cut by the end of a piece is copied, to the
 * first third of `keep`, and completed there from the next piece.  Before a piece is let go,
 * strings of the present row are copied to the second or third third (they take turns), for a
 * null-data of a later row may refer to them.
 *
 * A cut row is read again from its beginning.  That is harmless: values are overwritten by the
 * same values, and for the columns read in vain that hold null-data (nulls > 0 exactly then)
 * the count is taken back.
 */
#include "dlms/axdr.h"

#include "dlms/axdr_value.h"

enum { HEADER, ROWS, COMPACT_ROWS };

#define NO_LIMIT UINT32_MAX

void
mw_axdr_table_init (mw_axdr_table *t, mw_axdr_value *row, size_t columns, uint8_t *keep,
                    size_t keep_cap)
{
  memset (t, 0, sizeof *t);
  memset (row, 0, columns * sizeof *row);
  t->row = row;
  t->capacity = (uint32_t) columns;
  t->keep = keep;
  t->keep_cap = (uint32_t) (keep_cap / 3);
  t->state = HEADER;
}

void
mw_axdr_table_feed (mw_axdr_table *t, const void *piece, size_t len)
{
  t->at = piece;
  t->end = t->at + len;
}

static const uint8_t *
fail (mw_axdr_table *t, enum mw_err err)
{
  t->err = err;
  return NULL;
}

/* --- one row -------------------------------------------------------------------------------
 */

/* A column that is itself an array or structure: its octets whole. */
static const uint8_t *
read_nested (mw_axdr_table *t, const uint8_t *p, const uint8_t *end, mw_axdr_value *v)
{
  mw_axdr_scan scan;
  size_t n;
  mw_axdr_scan_init (&scan);
  n = mw_axdr_scan_feed (&scan, p, (size_t) (end - p));
  if (scan.err)
    return fail (t, scan.err);
  if (!scan.done)
    return NULL;
  v->type = *p;
  v->ptr = p;
  v->len = (uint32_t) n;
  v->nulls = 0;
  return p + n;
}

static inline const uint8_t *
read_tagged (mw_axdr_table *t, const uint8_t *p, const uint8_t *end, mw_axdr_value *v)
{
  const uint8_t *start = p;
  unsigned type;
  if (p == end)
    return NULL;
  type = *p++;
  if (type == MW_AXDR_NULL_DATA) {
    v->nulls++;
    return p;
  }
  if (mw_axdr_type_size (type) == -2)
    return read_nested (t, start, end, v);
  p = axdr_load (p, end, type, v, &t->err);
  if (p) { /* else the value before stays as it is, pointer and type together */
    v->type = (uint8_t) type;
    v->nulls = 0;
  }
  return p;
}

/* The row was cut after COLUMN columns: take back what null-data counted. */
static const uint8_t *
cut (mw_axdr_table *t, uint32_t column)
{
  for (uint32_t i = 0; i < column; i++)
    if (t->row[i].nulls)
      t->row[i].nulls--;
  return NULL;
}

static const uint8_t *
read_columns (mw_axdr_table *t, const uint8_t *p, const uint8_t *end, uint32_t n)
{
  if (n > t->capacity)
    return fail (t, MW_ERR_SPACE);
  for (uint32_t i = 0; i < n; i++) {
    const uint8_t *next = read_tagged (t, p, end, &t->row[i]);
    if (!next)
      return cut (t, i);
    p = next;
  }
  t->columns = n;
  if (n > t->widest)
    t->widest = n;
  return p;
}

/* A structure; or, in an array of simple values, one of them as the only column. */
static const uint8_t *
read_row (mw_axdr_table *t, const uint8_t *p, const uint8_t *end)
{
  uint32_t n = 1;
  if (p == end)
    return NULL;
  if (*p == MW_AXDR_STRUCTURE) {
    p = axdr_load_length (p + 1, end, &n, &t->err);
    if (!p)
      return NULL;
  }
  return read_columns (t, p, end, n);
}

static const uint8_t *
read_compact_row (mw_axdr_table *t, const uint8_t *p, const uint8_t *end)
{
  const uint8_t *start = p;
  bool whole = (size_t) (end - p) >= t->contents;
  if (whole)
    end = p + t->contents;
  for (uint32_t i = 0; i < t->types; i++) {
    p = axdr_load (p, end, t->type[i], &t->row[i], &t->err);
    if (!p)
      return whole ? fail (t, MW_ERR_VALUE) : NULL;
    t->row[i].type = t->type[i];
  }
  t->columns = t->widest = t->types;
  t->contents -= (uint32_t) (p - start);
  return p;
}

/* --- the beginning -------------------------------------------------------------------------
 */

/* The types of the columns: a structure of simple types, or one simple type. */
static const uint8_t *
read_types (mw_axdr_table *t, const uint8_t *p, const uint8_t *end)
{
  size_t n = 1;
  int least = 0;
  if (end - p < 2)
    return NULL;
  if (*p == MW_AXDR_STRUCTURE) {
    n = p[1];
    p += 2;
  }
  if ((size_t) (end - p) < n)
    return NULL;
  if (n == 0 || n > sizeof t->type || n > t->capacity)
    return fail (t, n ? MW_ERR_SPACE : MW_ERR_VALUE);
  for (size_t i = 0; i < n; i++) {
    int size = mw_axdr_type_size (p[i]);
    if (size < -1)
      return fail (t, size == -2 ? MW_ERR_UNSUPPORTED : MW_ERR_VALUE);
    least |= size;
    t->type[i] = p[i];
  }
  if (least == 0)
    return fail (t, MW_ERR_VALUE); /* rows of no octets would never end */
  t->types = (uint8_t) n;
  return p + n;
}

static const uint8_t *
read_compact_header (mw_axdr_table *t, const uint8_t *p, const uint8_t *end)
{
  p = read_types (t, p, end);
  if (p)
    p = axdr_load_length (p, end, &t->contents, &t->err);
  if (!p)
    return NULL;
  t->rows_left = NO_LIMIT;
  t->state = COMPACT_ROWS;
  t->done = t->contents == 0;
  return p;
}

static const uint8_t *
read_header (mw_axdr_table *t, const uint8_t *p, const uint8_t *end)
{
  if (p == end)
    return NULL;
  if (*p == MW_AXDR_COMPACT_ARRAY)
    return read_compact_header (t, p + 1, end);
  if (*p == MW_AXDR_NULL_DATA) { /* an empty buffer, as some meters have it */
    t->done = true;
    return p + 1;
  }
  if (*p != MW_AXDR_ARRAY)
    return fail (t, MW_ERR_VALUE);
  p = axdr_load_length (p + 1, end, &t->rows_left, &t->err);
  if (!p)
    return NULL;
  t->state = ROWS;
  t->done = t->rows_left == 0;
  return p;
}

/* --- pieces --------------------------------------------------------------------------------
 */

/* Copy the strings of the row to the third of `keep` that holds none of them: also those of
 * columns that only a wider row before has. */
static void
save_strings (mw_axdr_table *t)
{
  uint8_t *to = t->keep + t->keep_cap * (t->strings ? 1 : 2);
  uint32_t used = 0, octets;
  for (uint32_t i = 0; i < t->widest; i++) {
    mw_axdr_value *v = &t->row[i];
    if (mw_axdr_type_size (v->type) == -2)
      octets = v->len;
    else if (!axdr_points (v, &octets))
      continue;
    if (octets > t->keep_cap - used) {
      fail (t, MW_ERR_SPACE);
      return;
    }
    if (octets)
      memcpy (to + used, v->ptr, octets);
    v->ptr = to + used;
    used += octets;
  }
  t->strings = !t->strings;
}

/* The end of the piece inside a row: keep what there is of it. */
static void
keep_cut (mw_axdr_table *t)
{
  size_t n = (size_t) (t->end - t->at);
  save_strings (t);
  if (n > t->keep_cap - t->kept) {
    fail (t, MW_ERR_SPACE);
    return;
  }
  if (n)
    memcpy (t->keep + t->kept, t->at, n);
  t->kept += (uint32_t) n;
  t->at = t->end;
}

static inline const uint8_t *
read_part (mw_axdr_table *t, const uint8_t *p, const uint8_t *end)
{
  if (t->state == ROWS)
    return read_row (t, p, end);
  return t->state == HEADER ? read_header (t, p, end) : read_compact_row (t, p, end);
}

/* Complete in `keep` what was cut off, or read on in the piece.  False: more is needed. */
static bool
advance (mw_axdr_table *t)
{
  const uint8_t *next;
  size_t lent;
  if (!t->kept) {
    next = read_part (t, t->at, t->end);
    if (next)
      t->at = next;
    else if (!t->err)
      keep_cut (t);
    return next != NULL;
  }
  lent = (size_t) (t->end - t->at);
  if (lent > t->keep_cap - t->kept)
    lent = t->keep_cap - t->kept;
  memcpy (t->keep + t->kept, t->at, lent);
  next = read_part (t, t->keep, t->keep + t->kept + lent);
  if (next) {
    t->at += (size_t) (next - t->keep) - t->kept;
    t->kept = 0;
  } else if (!t->err) {
    keep_cut (t);
  }
  return next != NULL;
}

bool
mw_axdr_table_next (mw_axdr_table *t)
{
  while (!t->done && !t->err && t->at) {
    bool header = t->state == HEADER;
    if (!advance (t))
      return false;
    if (header)
      continue;
    t->rows++;
    if (t->state == ROWS)
      t->done = --t->rows_left == 0;
    else
      t->done = t->contents == 0;
    return true;
  }
  return false;
}

enum mw_err
mw_axdr_table_time (const mw_axdr_table *t, size_t column, uint32_t period_s,
                    int16_t fallback_min, int64_t *utc)
{
  const mw_axdr_value *v = &t->row[column];
  mw_civil civil;
  enum mw_err err;
  if (column >= t->columns)
    return MW_ERR_VALUE;
  if (v->type == MW_AXDR_DOUBLE_LONG_UNSIGNED) {
    *utc = (int64_t) v->u;
  } else {
    err = mw_axdr_to_civil (v, &civil);
    if (!err)
      err = mw_civil_to_utc (&civil, fallback_min, utc);
    if (err)
      return err;
  }
  *utc += (int64_t) v->nulls * period_s;
  return MW_OK;
}
