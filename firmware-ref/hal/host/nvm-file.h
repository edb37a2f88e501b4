/* nvm-file.h: non-volatile memory in a file, or in memory alone.
 *
 * The whole content is held in memory and written through; it behaves as flash does (nvm.h):
 * writing a byte that is not erased is refused.
 */
#ifndef MW_HAL_NVM_FILE_H
#define MW_HAL_NVM_FILE_H

#include <stdio.h>

#include "hal/nvm.h"

typedef struct mw_nvm_file {
  mw_nvm nvm;
  uint8_t *image;           /* owned, `size` octets */
  FILE *file;               /* NULL: in memory alone */
  uint64_t writes;          /* writes and erases so far */
  uint64_t power_cut_after; /* 0: never; else the write at which power fails */
  unsigned cut_part;        /* sixteenths of that write that are done */
  int cut;                  /* power failed: nothing works any more */
} mw_nvm_file;

/* Open PATH, or memory alone when it is NULL.  A file that is not there is made; one of another
 * size is refused with MW_ERR_STORAGE, one that is open already with MW_ERR_STATE. */
enum mw_err
mw_nvm_file_open (mw_nvm_file *f, const char *path, uint32_t size, uint32_t page_size);
void mw_nvm_file_close (mw_nvm_file *f);

#endif
