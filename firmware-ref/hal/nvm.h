/* nvm.h: non-volatile memory as the meter sees it: flash that is erased page by page.
 *
 * An erased byte reads 0xFF.  Only erased bytes may be written; a page is erased whole.  Power
 * may fail inside any write or erase: then any part of the bytes concerned is changed and the
 * others are not (a byte itself is old or new).  What `sync` has returned for is there after a
 * power failure.  The reader of all this is core/store.c.
 */
#ifndef MW_HAL_NVM_H
#define MW_HAL_NVM_H

#include <stddef.h>
#include <stdint.h>

#include "base/errors.h"

typedef struct mw_nvm mw_nvm;

/* The device. An implementation embeds it as its first member.  Each function returns MW_OK,
 * or MW_ERR_STORAGE after which the memory must not be used any more. */
struct mw_nvm {
  uint32_t size;      /* bytes, a multiple of page_size */
  uint32_t page_size; /* bytes erased at once, 256 ... 65536, a power of two */
  enum mw_err (*read) (mw_nvm *nvm, uint32_t offset, void *buf, uint32_t len);
  enum mw_err (*write) (mw_nvm *nvm, uint32_t offset, const void *data, uint32_t len);
  enum mw_err (*erase) (mw_nvm *nvm, uint32_t offset); /* OFFSET: start of a page */
  enum mw_err (*sync) (mw_nvm *nvm);
};

#endif
