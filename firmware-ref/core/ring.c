/* ring.c: see ring.h.  A record is its payload and two octets of CRC. */
#include "core/ring.h"

#include "base/crc.h"

#define CHECK_LEN 2u
#define CHUNK 64u

enum mw_err
mw_ring_layout (mw_ring *r, const mw_nvm *nvm, uint32_t offset, uint32_t pages,
                unsigned payload, uint32_t limit)
{
  uint32_t width = payload + CHECK_LEN;
  if (pages < 2 || width > nvm->page_size || width > UINT16_MAX || offset % nvm->page_size != 0
      || offset + pages * nvm->page_size > nvm->size)
    return MW_ERR_SPACE;
  r->offset = offset;
  r->pages = pages;
  r->width = (uint16_t) width;
  r->per_page = nvm->page_size / width;
  r->slots = r->per_page * pages;
  r->capacity = r->slots - r->per_page;
  if (limit && limit < r->capacity)
    r->capacity = limit;
  return MW_OK;
}

/* Records start a page at number 1, 1 + per_page, …. */
static bool
starts_page (const mw_ring *r, uint32_t number)
{
  return (number - 1) % r->per_page == 0;
}

void
mw_ring_clear (mw_ring_head *h)
{
  if (h->next == 0)
    h->next = 1;
  h->first = h->next;
  h->monotone = h->next;
  h->last_time = 0;
}

void
mw_ring_restart (const mw_ring *r, mw_ring_head *h)
{
  mw_ring_clear (h);
  while (!starts_page (r, h->next))
    h->next++;
  mw_ring_clear (h);
}

uint32_t
mw_ring_count (const mw_ring *r, const mw_ring_head *h)
{
  uint32_t n = h->next - h->first;
  return n < r->capacity ? n : r->capacity;
}

uint32_t
mw_ring_first (const mw_ring *r, const mw_ring_head *h)
{
  return h->next - mw_ring_count (r, h);
}

static uint32_t
record_offset (const mw_ring *r, const mw_nvm *nvm, uint32_t number)
{
  uint32_t slot = (number - 1) % r->slots;
  return r->offset + slot / r->per_page * nvm->page_size + slot % r->per_page * r->width;
}

enum mw_err
mw_ring_append (const mw_ring *r, mw_ring_head *h, mw_nvm *nvm, const void *data)
{
  uint32_t payload = r->width - CHECK_LEN;
  uint32_t at = record_offset (r, nvm, h->next);
  uint16_t crc = mw_crc_x25 (data, payload);
  uint8_t check[CHECK_LEN] = { (uint8_t) crc, (uint8_t) (crc >> 8) };
  enum mw_err err = MW_OK;

  if (starts_page (r, h->next))
    err = nvm->erase (nvm, at);
  if (!err)
    err = nvm->write (nvm, at, data, payload);
  if (!err)
    err = nvm->write (nvm, at + payload, check, CHECK_LEN);
  if (!err)
    h->next++;
  return err;
}

enum mw_err
mw_ring_read (const mw_ring *r, const mw_ring_head *h, mw_nvm *nvm, uint32_t number, void *data)
{
  uint32_t payload = r->width - CHECK_LEN;
  uint32_t at = record_offset (r, nvm, number);
  uint8_t check[CHECK_LEN];
  if (number - mw_ring_first (r, h) >= mw_ring_count (r, h))
    return MW_ERR_VALUE;
  if (nvm->read (nvm, at, data, payload) || nvm->read (nvm, at + payload, check, CHECK_LEN))
    return MW_ERR_STORAGE;
  if ((check[0] | check[1] << 8) != mw_crc_x25 (data, payload))
    return MW_ERR_CHECK;
  return MW_OK;
}

static enum mw_err
copy (mw_nvm *nvm, uint32_t from, uint32_t to, uint32_t len)
{
  uint8_t chunk[CHUNK];
  for (uint32_t done = 0; done < len; done += CHUNK) {
    uint32_t n = len - done < CHUNK ? len - done : CHUNK;
    if (nvm->read (nvm, from + done, chunk, n) || nvm->write (nvm, to + done, chunk, n))
      return MW_ERR_STORAGE;
  }
  return MW_OK;
}

bool
mw_ring_is_torn (const mw_ring *r, const mw_ring_head *h, mw_nvm *nvm)
{
  uint32_t at = record_offset (r, nvm, h->next);
  uint8_t byte;
  if (starts_page (r, h->next))
    return false; /* erased before it is written */
  for (uint32_t i = 0; i < r->width; i++)
    if (nvm->read (nvm, at + i, &byte, 1) || byte != 0xff)
      return true;
  return false;
}

mw_ring_repair
mw_ring_save_page (const mw_ring *r, const mw_ring_head *h, mw_nvm *nvm, uint32_t scratch,
                   enum mw_err *err)
{
  uint32_t at = record_offset (r, nvm, h->next);
  mw_ring_repair job = { at & ~(nvm->page_size - 1), 0 };
  job.len = at - job.page;
  *err = nvm->erase (nvm, scratch);
  if (!*err)
    *err = copy (nvm, job.page, scratch, job.len);
  return job;
}

enum mw_err
mw_ring_restore_page (const mw_ring_repair *job, mw_nvm *nvm, uint32_t scratch)
{
  enum mw_err err = nvm->erase (nvm, job->page);
  return err ? err : copy (nvm, scratch, job->page, job->len);
}
