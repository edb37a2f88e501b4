/* store.c: see store.h.
 *
 * Invariant: outside mw_store_commit the half `half` has a good head, and behind its last good
 * transaction, at `at`, everything is erased, unless tail_damaged, when the next commit moves
 * to the other half.
 */
#include "core/store.h"

#include <string.h>

#include "core/mw_crc32_def.h"

#define HEAD_MAGIC 0x4d575354u /* "MWST" */
#define MARK 0x54584e31u       /* "TXN1" */
#define FORMAT 1u
#define CHUNK 128u
#define ERASED 0xffffffffu

struct head {
  uint32_t magic, format, generation, crc;
};

struct frame {
  uint32_t mark, generation, len; /* len: octets of the entries */
};

struct entry {
  uint16_t area, len;
};

uint32_t
mw_crc32 (uint32_t crc, const void *data, size_t len)
{
  static const uint32_t table[4][256] = { MW_CRC32_TABLES };
  const uint8_t *p = data;
  crc = ~crc;
  for (; len >= 4; len -= 4, p += 4) {
    crc ^= p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
    crc = table[3][crc & 255] ^ table[2][crc >> 8 & 255] ^ table[1][crc >> 16 & 255]
          ^ table[0][crc >> 24];
  }
  while (len--)
    crc = crc >> 8 ^ table[0][(crc ^ *p++) & 255];
  return ~crc;
}

void
mw_store_init (mw_store *s, mw_nvm *nvm)
{
  memset (s, 0, sizeof *s);
  s->nvm = nvm;
  s->half_size = MW_STORE_HALF;
}

void
mw_store_attach (mw_store *s, enum mw_area area, void *data, size_t len)
{
  s->area[area] = data;
  s->length[area] = (uint16_t) len;
}

static uint32_t
base_of (const mw_store *s, unsigned half)
{
  return half * s->half_size;
}

static enum mw_err
fail (mw_store *s)
{
  s->err = MW_ERR_STORAGE;
  return s->err;
}

static bool
read_head (mw_store *s, unsigned half, uint32_t *generation)
{
  struct head h;
  if (s->nvm->read (s->nvm, base_of (s, half), &h, sizeof h))
    return false;
  *generation = h.generation;
  return h.magic == HEAD_MAGIC && h.format == FORMAT
         && h.crc == mw_crc32 (0, &h, sizeof h - sizeof h.crc);
}

/* Was there ever a whole head?  The check sum is the last of it to be written. */
static bool
was_written (mw_store *s, unsigned half)
{
  struct head h;
  return !s->nvm->read (s->nvm, base_of (s, half), &h, sizeof h) && h.crc != ERASED;
}

/* Is the transaction at AT of the present half whole?  *LEN: octets of its entries. */
static bool
check_frame (mw_store *s, uint32_t at, uint32_t *len)
{
  struct frame f;
  uint8_t chunk[CHUNK];
  uint32_t base = base_of (s, s->half), crc, want;

  if (at + sizeof f + sizeof crc > s->half_size
      || s->nvm->read (s->nvm, base + at, &f, sizeof f))
    return false;
  if (f.mark != MARK || f.generation != s->generation
      || f.len > s->half_size - at - sizeof f - sizeof crc)
    return false;
  crc = mw_crc32 (0, &f, sizeof f);
  at += (uint32_t) sizeof f;
  for (uint32_t done = 0; done < f.len; done += CHUNK) {
    uint32_t n = f.len - done < CHUNK ? f.len - done : CHUNK;
    if (s->nvm->read (s->nvm, base + at + done, chunk, n))
      return false;
    crc = mw_crc32 (crc, chunk, n);
  }
  *len = f.len;
  return !s->nvm->read (s->nvm, base + at + f.len, &want, sizeof want) && want == crc;
}

static enum mw_err
apply_frame (mw_store *s, uint32_t at, uint32_t len)
{
  uint32_t offset = base_of (s, s->half) + at + (uint32_t) sizeof (struct frame);
  uint32_t end = offset + len;
  while (offset + sizeof (struct entry) <= end) {
    struct entry e;
    if (s->nvm->read (s->nvm, offset, &e, sizeof e))
      return fail (s);
    offset += (uint32_t) sizeof e;
    if (e.area < MW_N_AREAS && s->area[e.area] && s->length[e.area] == e.len
        && s->nvm->read (s->nvm, offset, s->area[e.area], e.len))
      return fail (s);
    offset += e.len;
  }
  return MW_OK;
}

static bool
is_erased (mw_store *s, uint32_t from)
{
  uint8_t chunk[CHUNK];
  for (uint32_t at = from; at < s->half_size; at += CHUNK) {
    uint32_t n = s->half_size - at < CHUNK ? s->half_size - at : CHUNK;
    if (s->nvm->read (s->nvm, base_of (s, s->half) + at, chunk, n))
      return false;
    for (uint32_t i = 0; i < n; i++)
      if (chunk[i] != 0xff)
        return false;
  }
  return true;
}

enum mw_err
mw_store_mount (mw_store *s)
{
  uint32_t generation[2], len;
  bool good[2];
  if (!s->nvm || s->nvm->size < 2 * s->half_size || s->half_size % s->nvm->page_size != 0)
    return MW_ERR_STORAGE;
  for (unsigned h = 0; h < 2; h++)
    good[h] = read_head (s, h, &generation[h]);
  s->mounted = true;
  s->fresh = !good[0] && !good[1];
  s->damaged = s->fresh && (was_written (s, 0) || was_written (s, 1));
  if (s->fresh) { /* the first commit goes to half 0 */
    s->half = 1;
    s->generation = 0;
    s->tail_damaged = true;
    return MW_OK;
  }
  s->half = good[1] && (!good[0] || (int32_t) (generation[1] - generation[0]) > 0);
  s->generation = generation[s->half];
  s->at = (uint32_t) sizeof (struct head);
  while (check_frame (s, s->at, &len)) {
    if (apply_frame (s, s->at, len))
      return s->err;
    s->at += (uint32_t) (sizeof (struct frame) + len + sizeof (uint32_t));
  }
  s->tail_damaged = !is_erased (s, s->at);
  return MW_OK;
}

static uint32_t
length_of (const mw_store *s, uint32_t areas)
{
  uint32_t len = 0;
  for (unsigned a = 0; a < MW_N_AREAS; a++)
    if (areas >> a & 1 && s->area[a])
      len += (uint32_t) sizeof (struct entry) + s->length[a];
  return len;
}

/* A place in NVM that moves on, with the check sum of what went by. */
struct pen {
  mw_nvm *nvm;
  uint32_t offset, crc;
  enum mw_err err;
};

static void
put (struct pen *p, const void *data, uint32_t len)
{
  if (p->err)
    return;
  p->crc = mw_crc32 (p->crc, data, len);
  p->err = p->nvm->write (p->nvm, p->offset, data, len);
  p->offset += len;
}

/* Write a transaction of AREAS at AT of HALF. */
static enum mw_err
write_frame (mw_store *s, unsigned half, uint32_t at, uint32_t generation, uint32_t areas)
{
  struct pen p = { s->nvm, base_of (s, half) + at, 0, MW_OK };
  struct frame f = { MARK, generation, length_of (s, areas) };
  uint32_t crc;
  put (&p, &f, sizeof f);
  for (uint16_t a = 0; a < MW_N_AREAS; a++) {
    struct entry e = { a, s->length[a] };
    if (!(areas >> a & 1) || !s->area[a])
      continue;
    put (&p, &e, sizeof e);
    put (&p, s->area[a], s->length[a]);
  }
  crc = p.crc;
  put (&p, &crc, sizeof crc);
  return p.err;
}

/* Start the other half with the whole state. Its head comes last: until then this half counts.
 */
static enum mw_err
move (mw_store *s)
{
  unsigned half = !s->half;
  uint32_t all = (1u << MW_N_AREAS) - 1;
  struct head h = { HEAD_MAGIC, FORMAT, s->generation + 1, 0 };
  uint32_t len = (uint32_t) (sizeof h + sizeof (struct frame)) + length_of (s, all) + 4;
  h.crc = mw_crc32 (0, &h, sizeof h - sizeof h.crc);
  if (len > s->half_size)
    return fail (s);
  for (uint32_t at = 0; at < s->half_size; at += s->nvm->page_size)
    if (s->nvm->erase (s->nvm, base_of (s, half) + at))
      return fail (s);
  if (write_frame (s, half, sizeof h, h.generation, all) || s->nvm->sync (s->nvm)
      || s->nvm->write (s->nvm, base_of (s, half), &h, sizeof h))
    return fail (s);
  s->half = (uint8_t) half;
  s->generation = h.generation;
  s->at = len;
  s->tail_damaged = false;
  return MW_OK;
}

enum mw_err
mw_store_commit (mw_store *s)
{
  uint32_t len = (uint32_t) sizeof (struct frame) + length_of (s, s->dirty) + 4;
  if (s->err || !s->mounted)
    return s->err ? s->err : MW_ERR_STATE;
  if (!s->dirty)
    return MW_OK;
  if (s->tail_damaged || s->at + len > s->half_size) {
    if (move (s))
      return s->err;
  } else {
    if (write_frame (s, s->half, s->at, s->generation, s->dirty))
      return fail (s);
    s->at += len;
  }
  s->dirty = 0;
  return s->nvm->sync (s->nvm) ? fail (s) : MW_OK;
}
