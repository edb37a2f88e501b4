/* nvm-file.c: see nvm-file.h. */
#ifndef _WIN32
#define _DEFAULT_SOURCE /* flock, fileno */
#include <sys/file.h>
#endif
#include "hal/host/nvm-file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static mw_nvm_file *
self (mw_nvm *nvm)
{
  return (mw_nvm_file *) nvm;
}

static bool
fits (const mw_nvm *nvm, uint32_t offset, uint32_t len)
{
  return offset <= nvm->size && len <= nvm->size - offset;
}

static enum mw_err
through (mw_nvm_file *f, uint32_t offset, uint32_t len)
{
  if (!f->file)
    return MW_OK;
  if (fseek (f->file, (long) offset, SEEK_SET) != 0
      || fwrite (f->image + offset, 1, len, f->file) != len)
    return MW_ERR_STORAGE;
  return MW_OK;
}

/* Does power fail in this write?  Then a part of it is done. */
static bool
power_fails (mw_nvm_file *f)
{
  f->writes++;
  if (f->power_cut_after && f->writes >= f->power_cut_after)
    f->cut = 1;
  return f->cut;
}

static enum mw_err
nvm_read (mw_nvm *nvm, uint32_t offset, void *buf, uint32_t len)
{
  mw_nvm_file *f = self (nvm);
  if (!fits (nvm, offset, len) || f->cut)
    return MW_ERR_STORAGE;
  memcpy (buf, f->image + offset, len);
  return MW_OK;
}

/* All FF: the first octet is, and each is as the one before it. */
static bool
is_erased (const uint8_t *p, uint32_t len)
{
  return len == 0 || (p[0] == 0xff && memcmp (p, p + 1, len - 1) == 0);
}

static enum mw_err
nvm_write (mw_nvm *nvm, uint32_t offset, const void *data, uint32_t len)
{
  mw_nvm_file *f = self (nvm);
  if (!fits (nvm, offset, len) || f->cut)
    return MW_ERR_STORAGE;
  if (!is_erased (f->image + offset, len))
    return MW_ERR_STORAGE;
  if (power_fails (f))
    len = len * (f->cut_part % 17) / 16;
  memcpy (f->image + offset, data, len);
  return through (f, offset, len) || f->cut ? MW_ERR_STORAGE : MW_OK;
}

static enum mw_err
nvm_erase (mw_nvm *nvm, uint32_t offset)
{
  mw_nvm_file *f = self (nvm);
  uint32_t len = nvm->page_size;
  if (!fits (nvm, offset, len) || offset % nvm->page_size != 0 || f->cut)
    return MW_ERR_STORAGE;
  if (power_fails (f))
    len = len * (f->cut_part % 17) / 16;
  memset (f->image + offset, 0xff, len);
  return through (f, offset, len) || f->cut ? MW_ERR_STORAGE : MW_OK;
}

static enum mw_err
nvm_sync (mw_nvm *nvm)
{
  mw_nvm_file *f = self (nvm);
  if (f->cut || (f->file && fflush (f->file) != 0))
    return MW_ERR_STORAGE;
  return MW_OK;
}

/* Read the whole file; one that is empty becomes an erased memory. */
static enum mw_err
load (mw_nvm_file *f)
{
  long size;
  if (fseek (f->file, 0, SEEK_END) != 0 || (size = ftell (f->file)) < 0)
    return MW_ERR_STORAGE;
  if (size == 0)
    return through (f, 0, f->nvm.size);
  if ((unsigned long) size != f->nvm.size || fseek (f->file, 0, SEEK_SET) != 0
      || fread (f->image, 1, f->nvm.size, f->file) != f->nvm.size)
    return MW_ERR_STORAGE;
  return MW_OK;
}

/* Two meters on one memory would each undo what the other writes. */
static bool
is_taken (mw_nvm_file *f)
{
#ifdef _WIN32
  (void) f;
  return false;
#else
  return flock (fileno (f->file), LOCK_EX | LOCK_NB) != 0;
#endif
}

enum mw_err
mw_nvm_file_open (mw_nvm_file *f, const char *path, uint32_t size, uint32_t page_size)
{
  memset (f, 0, sizeof *f);
  f->nvm = (mw_nvm){ size, page_size, nvm_read, nvm_write, nvm_erase, nvm_sync };
  f->image = malloc (size);
  if (!f->image)
    return MW_ERR_STORAGE;
  memset (f->image, 0xff, size);
  if (!path)
    return MW_OK;
  f->file = fopen (path, "r+b");
  if (!f->file)
    f->file = fopen (path, "w+b");
  bool taken = f->file && is_taken (f);
  if (f->file && !taken && load (f) == MW_OK)
    return MW_OK;
  mw_nvm_file_close (f);
  return taken ? MW_ERR_STATE : MW_ERR_STORAGE;
}

void
mw_nvm_file_close (mw_nvm_file *f)
{
  if (f->file)
    fclose (f->file);
  free (f->image);
  f->file = NULL;
  f->image = NULL;
}
