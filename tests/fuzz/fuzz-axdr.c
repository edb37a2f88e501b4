/* fuzz-axdr: the three readers of COSEM data over any octets.  Where the scan finds a value
 * whole the walk does too, and at the same place; what the walk reads is written again alike;
 * the table reads the same rows however the octets are cut. */
#include <string.h>

#include "dlms/axdr.h"
#include "fuzz.h"

typedef struct outcome {
  uint32_t rows, values;
  uint64_t sum;
  enum mw_err err;
  bool done;
} outcome;

/* The walk, in windows that grow by CHUNK. Returns the octets of the value, 0 when not whole.
 */
static size_t
walk (const uint8_t *data, size_t size, size_t chunk, enum mw_err *err)
{
  mw_axdr_walk w;
  enum mw_axdr_event e;
  size_t end = chunk < size ? chunk : size;
  unsigned depth = 0;
  unsigned long events = 0;
  mw_axdr_walk_init (&w, data, end);
  while ((e = mw_axdr_walk_next (&w)) != MW_AXDR_END && e != MW_AXDR_ERROR) {
    mw_span rest = mw_axdr_walk_rest (&w);
    MUST (rest.ptr + rest.len == data + end);
    MUST (++events < 40 * (size + 20) + 1000);
    depth += e == MW_AXDR_OPEN;
    depth -= e == MW_AXDR_CLOSE;
    MUST (depth <= MW_AXDR_DEPTH);
    if (e != MW_AXDR_MORE)
      continue;
    if (end == size)
      break;
    end = size - end < chunk ? size : end + chunk;
    mw_axdr_walk_more (&w, rest.ptr, (size_t) (data + end - rest.ptr));
  }
  *err = e == MW_AXDR_ERROR ? w.err : e == MW_AXDR_END ? MW_OK : MW_ERR_SHORT;
  return e == MW_AXDR_END ? (size_t) (mw_axdr_walk_rest (&w).ptr - data) : 0;
}

static size_t
scan (const uint8_t *data, size_t size, size_t chunk, enum mw_err *err)
{
  mw_axdr_scan s;
  size_t at = 0;
  mw_axdr_scan_init (&s);
  while (at < size && !s.done && !s.err)
    at += mw_axdr_scan_feed (&s, data + at, size - at < chunk ? size - at : chunk);
  *err = s.err;
  return s.done ? at : 0;
}

static outcome
table (const uint8_t *data, size_t size, size_t chunk)
{
  mw_axdr_value row[16];
  uint8_t keep[3 * 400];
  mw_axdr_table t;
  outcome o = { 0 };
  mw_axdr_table_init (&t, row, 16, keep, sizeof keep);
  for (size_t at = 0; at < size; at += chunk) {
    mw_axdr_table_feed (&t, data + at, size - at < chunk ? size - at : chunk);
    while (mw_axdr_table_next (&t)) {
      MUST (t.columns <= 16);
      o.rows++;
      o.values += t.columns;
      for (uint32_t i = 0; i < t.columns; i++) {
        int64_t n = 0;
        mw_civil civil;
        mw_axdr_to_int (&row[i], &n);
        if (mw_axdr_to_civil (&row[i], &civil) == MW_OK)
          n += civil.second;
        o.sum = o.sum * 31 + (uint64_t) n + row[i].type + row[i].len + row[i].nulls;
      }
    }
  }
  o.err = t.err;
  o.done = t.done;
  return o;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  enum mw_err err[4];
  size_t whole = walk (data, size, size ? size : 1, &err[0]);
  size_t chunk = size ? 1 + data[size - 1] % 20u : 1;
  MUST (walk (data, size, chunk, &err[1]) == whole);
  MUST (err[0] == err[1]);
  size_t scanned = scan (data, size, size ? size : 1, &err[2]);
  MUST (scan (data, size, chunk, &err[3]) == scanned && err[2] == err[3]);
  MUST (whole == 0 || whole == scanned); /* the walk also judges compact-arrays */
  outcome once = table (data, size, size ? size : 1), cut = table (data, size, chunk);
  if (once.err != MW_ERR_SPACE && cut.err != MW_ERR_SPACE) /* a row longer than `keep` */
    MUST (memcmp (&once, &cut, sizeof once) == 0
          || (once.rows == cut.rows && once.sum == cut.sum && once.err == cut.err));
  return 0;
}
