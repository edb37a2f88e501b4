/* ring.h: records of fixed width in non-volatile memory, oldest overwritten first.
 *
 * A ring has whole pages; a record does not cross a page.  Record number n lies in slot n
 * modulo the slots; before the first record of a page is written the page is erased, which
 * drops the records that were in it.  So `capacity` is what is left with one page erased.  The
 * head lives in the meter's state and is committed by the store after the record is written: a
 * record becomes visible with the state that it belongs to, or not at all (store.h).
 */
#ifndef MW_CORE_RING_H
#define MW_CORE_RING_H

#include "core/types.h"
#include "hal/nvm.h"

/* Where a ring lies; recomputed at start, not stored. */
typedef struct mw_ring {
  uint32_t offset;
  uint32_t pages;
  uint32_t slots;    /* in all pages */
  uint32_t per_page; /* records in a page */
  uint32_t capacity; /* records that are promised */
  uint16_t width;    /* octets of a record with its check sum */
} mw_ring;

/* What is stored of it. Record numbers count from 1; 0 is none. */
typedef struct mw_ring_head {
  uint32_t next;      /* number of the next record */
  uint32_t first;     /* records before it were erased by a reset */
  uint32_t monotone;  /* from this record on the times do not go back */
  uint32_t last_time; /* of record next - 1, s since 2000 */
} mw_ring_head;

/* Lay a ring of WIDTH-octet payload into PAGES pages; LIMIT ≠ 0 caps the capacity. */
enum mw_err mw_ring_layout (mw_ring *r, const mw_nvm *nvm, uint32_t offset, uint32_t pages,
                            unsigned payload, uint32_t limit);
/* Record numbers: oldest kept, and how many there are. */
uint32_t mw_ring_first (const mw_ring *r, const mw_ring_head *h);
uint32_t mw_ring_count (const mw_ring *r, const mw_ring_head *h);
/* Write DATA (payload octets) as record h->next and count it. */
enum mw_err mw_ring_append (const mw_ring *r, mw_ring_head *h, mw_nvm *nvm, const void *data);
/* Read record NUMBER; MW_ERR_VALUE when it is not there, MW_ERR_CHECK when it is damaged. */
enum mw_err mw_ring_read (const mw_ring *r, const mw_ring_head *h, mw_nvm *nvm, uint32_t number,
                          void *data);
/* Forget the records; numbers go on. */
void mw_ring_clear (mw_ring_head *h);
/* The same, and go on at the start of a page, because the width changed. */
void mw_ring_restart (const mw_ring *r, mw_ring_head *h);

/* After a power failure in mw_ring_append the place of the next record may not be erased any
 * more.  The page is then rewritten by way of a scratch page:
 *   save_page; commit the job; restore_page; commit that there is no job.
 * A power failure on the way either leaves no job, or a job that restore_page may repeat. */
typedef struct mw_ring_repair {
  uint32_t page; /* its offset; 0: no job, for the store lies there */
  uint32_t len;  /* octets of it that are in the scratch page */
} mw_ring_repair;

bool mw_ring_is_torn (const mw_ring *r, const mw_ring_head *h, mw_nvm *nvm);
mw_ring_repair mw_ring_save_page (const mw_ring *r, const mw_ring_head *h, mw_nvm *nvm,
                                  uint32_t scratch, enum mw_err *err);
enum mw_err mw_ring_restore_page (const mw_ring_repair *job, mw_nvm *nvm, uint32_t scratch);

#endif
