/* store.h: all of the meter's state, replaced as a whole at each commit.
 *
 * The state is a set of areas, pieces of memory registered with mw_store_attach.  The store has
 * two halves of whole pages.  A half holds
 *
 *   head (magic, format, generation, check sum) | transaction | transaction | … | erased
 *   transaction: mark, length, generation, { area, length, bytes }…, check sum over all of it
 *
 * A commit appends one transaction with the areas that changed.  When it does not fit, the
 * other half is erased, gets one transaction with all areas, and last of all its head, with the
 * generation one higher.  Mounting takes the half with the highest generation whose head is
 * good and replays its transactions up to the first that is not whole.  So a power failure at
 * any write leaves the state before or after the commit, never a mixture.  Tested by cutting
 * the power at the n-th write for n = 1, 2, ….
 */
#ifndef MW_CORE_STORE_H
#define MW_CORE_STORE_H

#include "core/types.h"
#include "hal/nvm.h"

enum mw_area {
  MW_AREA_SETTINGS,
  MW_AREA_REGISTERS,
  MW_AREA_STATE,
  MW_AREA_PROFILES,
  MW_AREA_LIMITS,
  MW_AREA_CALENDAR,
  MW_AREA_PASSIVE,
  MW_AREA_DAYS,
  MW_AREA_TARIFFS,
  MW_AREA_LISTS,
  MW_AREA_USER0, /* the model's own; attach before mw_meter_start */
  MW_AREA_USER1,
  MW_AREA_USER2,
  MW_AREA_USER3,
  MW_AREA_K_REGISTERS, /* of a Kamstrup meter: core/kamstrup */
  MW_AREA_K_STATE,
  MW_AREA_K_SETUP,
  MW_AREA_K_PLANS,
  MW_AREA_K_QUALITY,
  MW_AREA_K_QUALITY_SETUP,
  MW_N_AREAS
};

/* Octets of non-volatile memory that one half takes, at least. */
#define MW_STORE_HALF 65536u
/* All areas together may not be longer. */
#define MW_STORE_STATE_MAX 40000u

typedef struct mw_store {
  mw_nvm *nvm;
  uint8_t *area[MW_N_AREAS];
  uint16_t length[MW_N_AREAS];
  uint32_t dirty; /* bit per area */
  uint32_t half_size;
  uint32_t generation;
  uint32_t at;  /* where the next transaction goes, within the half */
  uint8_t half; /* 0 or 1 */
  bool mounted;
  bool fresh;        /* nothing was found: the areas hold the defaults */
  bool damaged;      /* fresh because what was there could not be read */
  bool tail_damaged; /* something lies behind the last good transaction */
  enum mw_err err;   /* MW_ERR_STORAGE sticks: the memory is gone */
} mw_store;

void mw_store_init (mw_store *s, mw_nvm *nvm);
/* Register LEN octets at DATA (the caller's, living as long as the store) as AREA. An area that
 * is found with another length keeps its defaults. */
void mw_store_attach (mw_store *s, enum mw_area area, void *data, size_t len);
static inline void
mw_store_touch (mw_store *s, enum mw_area area)
{
  s->dirty |= 1u << area;
}
/* Load what is there. MW_OK also when there is nothing. */
enum mw_err mw_store_mount (mw_store *s);
/* Write the areas touched since the last commit. */
enum mw_err mw_store_commit (mw_store *s);
uint32_t mw_crc32 (uint32_t crc, const void *data, size_t len);

#endif
