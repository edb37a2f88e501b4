#include "fault-vfs.h"

#include <sqlite3.h>
#include <string.h>

typedef struct {
  sqlite3_file base;
  sqlite3_file *real; /* stands behind this struct */
} FaultFile;

static sqlite3_vfs *under;
static sqlite3_vfs vfs;
static int countdown, code, sticky, failed;

/* Is it this change that fails? */
static int
fails (void)
{
  if (countdown == 0)
    return 0;
  if (countdown > 1) {
    countdown--;
    return 0;
  }
  if (!sticky)
    countdown = 0;
  failed++;
  return 1;
}

#define REAL(file) (((FaultFile *) (file))->real)
#define PASS(file, method, ...) (REAL (file)->pMethods->method (REAL (file), ##__VA_ARGS__))

static int
f_close (sqlite3_file *f)
{
  return PASS (f, xClose);
}

static int
f_read (sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
  return PASS (f, xRead, to, n, at);
}

static int
f_write (sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
  if (fails ()) {
    /* A disk that fills up has taken a part. */
    if (n > 1)
      PASS (f, xWrite, from, n / 2, at);
    return code;
  }
  return PASS (f, xWrite, from, n, at);
}

static int
f_truncate (sqlite3_file *f, sqlite3_int64 size)
{
  return fails () ? SQLITE_IOERR_TRUNCATE : PASS (f, xTruncate, size);
}

static int
f_sync (sqlite3_file *f, int flags)
{
  return fails () ? (code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC)
                  : PASS (f, xSync, flags);
}

static int
f_size (sqlite3_file *f, sqlite3_int64 *size)
{
  return PASS (f, xFileSize, size);
}

static int
f_lock (sqlite3_file *f, int level)
{
  return PASS (f, xLock, level);
}

static int
f_unlock (sqlite3_file *f, int level)
{
  return PASS (f, xUnlock, level);
}

static int
f_reserved (sqlite3_file *f, int *result)
{
  return PASS (f, xCheckReservedLock, result);
}

static int
f_control (sqlite3_file *f, int op, void *arg)
{
  return PASS (f, xFileControl, op, arg);
}

static int
f_sector (sqlite3_file *f)
{
  return PASS (f, xSectorSize);
}

static int
f_characteristics (sqlite3_file *f)
{
  return PASS (f, xDeviceCharacteristics);
}

static int
f_shm_map (sqlite3_file *f, int page, int size, int extend, void volatile **to)
{
  return PASS (f, xShmMap, page, size, extend, to);
}

static int
f_shm_lock (sqlite3_file *f, int offset, int n, int flags)
{
  return PASS (f, xShmLock, offset, n, flags);
}

static void
f_shm_barrier (sqlite3_file *f)
{
  PASS (f, xShmBarrier);
}

static int
f_shm_unmap (sqlite3_file *f, int delete_flag)
{
  return PASS (f, xShmUnmap, delete_flag);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = f_close,
  .xRead = f_read,
  .xWrite = f_write,
  .xTruncate = f_truncate,
  .xSync = f_sync,
  .xFileSize = f_size,
  .xLock = f_lock,
  .xUnlock = f_unlock,
  .xCheckReservedLock = f_reserved,
  .xFileControl = f_control,
  .xSectorSize = f_sector,
  .xDeviceCharacteristics = f_characteristics,
  .xShmMap = f_shm_map,
  .xShmLock = f_shm_lock,
  .xShmBarrier = f_shm_barrier,
  .xShmUnmap = f_shm_unmap,
};

static int
v_open (sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *out)
{
  FaultFile *f = (FaultFile *) file;
  int rc;

  f->real = (sqlite3_file *) (f + 1);
  rc = under->xOpen (under, name, f->real, flags, out);
  f->base.pMethods = f->real->pMethods ? &methods : NULL;
  return rc;
}

void
fault_vfs_install (void)
{
  under = sqlite3_vfs_find (NULL);
  vfs = *under;
  vfs.zName = "fault";
  vfs.pNext = NULL;
  vfs.szOsFile = (int) sizeof (FaultFile) + under->szOsFile;
  vfs.xOpen = v_open;
  sqlite3_vfs_register (&vfs, 1);
}

void
fault_vfs_arm (int n, int with, int stays)
{
  countdown = n;
  code = with;
  sticky = stays;
  failed = 0;
}

int
fault_vfs_count (void)
{
  return failed;
}
