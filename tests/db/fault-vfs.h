/* fault-vfs.h: a disk that fails: SQLite's own file layer with the n-th write, sync or
 * truncation going wrong. */
#ifndef MW_FAULT_VFS_H
#define MW_FAULT_VFS_H

/* Make it the default of this process. */
void fault_vfs_install (void);
/* The N-th (from 1) change of a file from now on fails with CODE (SQLITE_FULL,
 * SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC); STICKY: all after it, too.  N 0: nothing fails. */
void fault_vfs_arm (int n, int code, int sticky);
/* How often something failed since then. */
int fault_vfs_count (void);

#endif
