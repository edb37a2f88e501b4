/* cursor.h: reading and writing bytes through a cursor with a sticky error.
 *
 * A codec reads straight on and asks once at the end: the first failure is kept with its
 * offset, every later read yields zeros and every later write is ignored.  Nothing here
 * allocates; spans borrow from the caller's memory.
 */
#ifndef MW_CURSOR_H
#define MW_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errors.h"

/* LEN bytes at PTR, borrowed. {NULL, 0} is the empty span. */
typedef struct mw_span {
  const uint8_t *ptr;
  size_t len;
} mw_span;

/* A reader. AT moves from START to END. */
typedef struct mw_cur {
  const uint8_t *start;
  const uint8_t *at;
  const uint8_t *end;
  const uint8_t *failed_at; /* where the first failure was */
  enum mw_err err;          /* MW_OK until the first failure */
} mw_cur;

void mw_cur_init (mw_cur *c, const void *data, size_t len);
static inline mw_cur
mw_cur_of (mw_span s)
{
  mw_cur c;
  mw_cur_init (&c, s.ptr, s.len);
  return c;
}
/* Bytes not yet read; 0 after a failure. */
size_t mw_cur_left (const mw_cur *c);
/* Bytes read so far. */
size_t mw_cur_offset (const mw_cur *c);
/* Keep ERR and the present offset, unless a failure is kept already. */
void mw_cur_fail (mw_cur *c, enum mw_err err);
/* The next N bytes, or an empty span and MW_ERR_SHORT. */
mw_span mw_cur_bytes (mw_cur *c, size_t n);
bool mw_cur_skip (mw_cur *c, size_t n);
/* The next byte without taking it; -1 at the end or after a failure. */
int mw_cur_peek (const mw_cur *c);
uint8_t mw_cur_u8 (mw_cur *c);
/* Big endian. */
uint16_t mw_cur_u16 (mw_cur *c);
uint32_t mw_cur_u24 (mw_cur *c);
uint32_t mw_cur_u32 (mw_cur *c);
uint64_t mw_cur_u64 (mw_cur *c);
/* Little endian. */
uint16_t mw_cur_u16le (mw_cur *c);
uint32_t mw_cur_u32le (mw_cur *c);
/* Close the reading: MW_ERR_TRAILING when bytes are left; returns the kept error. */
enum mw_err mw_cur_end (mw_cur *c);

/* A writer into CAP bytes at START. */
typedef struct mw_wr {
  uint8_t *start;
  uint8_t *at;
  uint8_t *end;
  enum mw_err err; /* MW_OK until something did not fit */
} mw_wr;

void mw_wr_init (mw_wr *w, void *buf, size_t cap);
size_t mw_wr_len (const mw_wr *w);
size_t mw_wr_left (const mw_wr *w);
void mw_wr_fail (mw_wr *w, enum mw_err err);
/* Reserve N bytes to be filled by the caller; NULL and MW_ERR_SPACE when they do not fit. */
uint8_t *mw_wr_take (mw_wr *w, size_t n);
void mw_wr_bytes (mw_wr *w, const void *data, size_t n);
static inline void
mw_wr_span (mw_wr *w, mw_span s)
{
  mw_wr_bytes (w, s.ptr, s.len);
}
void mw_wr_u8 (mw_wr *w, uint8_t v);
void mw_wr_u16 (mw_wr *w, uint16_t v);
void mw_wr_u24 (mw_wr *w, uint32_t v);
void mw_wr_u32 (mw_wr *w, uint32_t v);
void mw_wr_u64 (mw_wr *w, uint64_t v);
void mw_wr_u16le (mw_wr *w, uint16_t v);
void mw_wr_u32le (mw_wr *w, uint32_t v);
/* What was written so far, borrowed; empty after a failure. */
mw_span mw_wr_done (const mw_wr *w);

#endif
