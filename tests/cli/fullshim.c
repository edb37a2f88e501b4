/* fullshim.c: a disk that is full: regular files that would grow beyond MW_FULL_AT bytes get
 * ENOSPC, as from a real one.  Preloaded by test_hostile.py; with no such variable it does
 * nothing. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* Would LEN bytes at AT (-1: at the end) make the file too long? */
static int
is_full (int fd, off_t at, size_t len)
{
  const char *limit = getenv ("MW_FULL_AT");
  struct stat st;
  if (!limit || fstat (fd, &st) != 0 || !S_ISREG (st.st_mode))
    return 0;
  if (at < 0)
    at = st.st_size;
  if (at + (off_t) len <= atoll (limit))
    return 0;
  errno = ENOSPC;
  return 1;
}

ssize_t
write (int fd, const void *data, size_t len)
{
  static ssize_t (*real) (int, const void *, size_t);
  if (!real)
    real = dlsym (RTLD_NEXT, "write");
  return is_full (fd, -1, len) ? -1 : real (fd, data, len);
}

ssize_t
pwrite (int fd, const void *data, size_t len, off_t at)
{
  static ssize_t (*real) (int, const void *, size_t, off_t);
  if (!real)
    real = dlsym (RTLD_NEXT, "pwrite");
  return is_full (fd, at, len) ? -1 : real (fd, data, len, at);
}

ssize_t
pwrite64 (int fd, const void *data, size_t len, off64_t at)
{
  static ssize_t (*real) (int, const void *, size_t, off64_t);
  if (!real)
    real = dlsym (RTLD_NEXT, "pwrite64");
  return is_full (fd, (off_t) at, len) ? -1 : real (fd, data, len, at);
}
