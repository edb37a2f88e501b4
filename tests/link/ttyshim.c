/* ttyshim.c: for tests only, through LD_PRELOAD: lets the unmodified libserialport open a
 * pseudo-terminal as if it were a UART.
 *
 *   - /sys/class/tty/pts/N exists, as a symbolic link, for every /dev/pts/N
 *   - the modem lines can be read and set (RTS loops to CTS, DTR to DSR and DCD)
 *   - 7 bits and parity, which glibc refuses on a pseudo-terminal, are remembered; what is
 * written gets its parity bit, so that it is on the wire at the master; what is read loses it
 */
#undef _FILE_OFFSET_BITS /* the names without 64 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_FD = 1024 };
#define FORMAT (CSIZE | PARENB | PARODD | CSTOPB)

static int modem_lines[MAX_FD];
static tcflag_t wanted[MAX_FD];
static char has_wanted[MAX_FD];

static ssize_t
next_readlink (const char *path, char *buf, size_t cap)
{
  static ssize_t (*next) (const char *, char *, size_t);
  if (!next)
    next = (ssize_t (*) (const char *, char *, size_t)) dlsym (RTLD_NEXT, "readlink");
  return next (path, buf, cap);
}

static int
is_pty (int fd)
{
  char path[64], target[128];
  if (fd < 0 || fd >= MAX_FD)
    return 0;
  snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t n = next_readlink (path, target, sizeof target - 1);
  if (n < 0)
    return 0;
  target[n] = 0;
  /* the master is /dev/pts/ptmx and stays as it is */
  return strncmp (target, "/dev/pts/", 9) == 0 && target[9] >= '0' && target[9] <= '9';
}

/* "/sys/class/tty/pts/7" or "/sys/class/tty/pts/7/device" of a pseudo-terminal that exists? */
static int
is_pretended (const char *path)
{
  const char prefix[] = "/sys/class/tty/pts/";
  char device[48];
  if (strncmp (path, prefix, sizeof prefix - 1) != 0)
    return 0;
  snprintf (device, sizeof device, "/dev/pts/%.20s", path + sizeof prefix - 1);
  char *rest = strchr (device + 9, '/');
  if (rest)
    *rest = 0;
  return access (device, F_OK) == 0;
}

static int
pretend_link (struct stat *st)
{
  memset (st, 0, sizeof *st);
  st->st_mode = S_IFLNK | 0777;
  return 0;
}

int __lxstat (int version, const char *path, struct stat *st);

int
lstat (const char *path, struct stat *st)
{
  static int (*next) (const char *, struct stat *);
  if (!next)
    next = (int (*) (const char *, struct stat *)) dlsym (RTLD_NEXT, "lstat");
  return is_pretended (path) ? pretend_link (st) : next (path, st);
}

/* What programs built against a glibc before 2.33 call: Debian's libserialport. */
int
__lxstat (int version, const char *path, struct stat *st)
{
  static int (*next) (int, const char *, struct stat *);
  if (!next)
    next = (int (*) (int, const char *, struct stat *)) dlsym (RTLD_NEXT, "__lxstat");
  return is_pretended (path) ? pretend_link (st) : next (version, path, st);
}

ssize_t
readlink (const char *path, char *buf, size_t cap)
{
  const char target[] = "../../devices/virtual/tty/pts";
  if (!is_pretended (path))
    return next_readlink (path, buf, cap);
  size_t n = sizeof target - 1 < cap ? sizeof target - 1 : cap;
  memcpy (buf, target, n);
  return (ssize_t) n;
}

static int
modem_ioctl (int fd, unsigned long request, int *value)
{
  int *lines = &modem_lines[fd];
  switch (request) {
  case TIOCMGET:
    *value = *lines | (*lines & TIOCM_RTS ? TIOCM_CTS : 0)
             | (*lines & TIOCM_DTR ? TIOCM_DSR | TIOCM_CAR : 0);
    return 0;
  case TIOCMSET:
    *lines = *value;
    return 0;
  case TIOCMBIS:
    *lines |= *value;
    return 0;
  case TIOCMBIC:
    *lines &= ~*value;
    return 0;
  default:
    return -1;
  }
}

int
ioctl (int fd, unsigned long request, ...)
{
  static int (*next) (int, unsigned long, ...);
  if (!next)
    next = (int (*) (int, unsigned long, ...)) dlsym (RTLD_NEXT, "ioctl");
  va_list ap;
  va_start (ap, request);
  void *argument = va_arg (ap, void *);
  va_end (ap);
  int result = next (fd, request, argument);
  int refused = result < 0 && (errno == ENOTTY || errno == EINVAL);
  return refused && is_pty (fd) ? modem_ioctl (fd, request, argument) : result;
}

int
tcsetattr (int fd, int how, const struct termios *t)
{
  static int (*next) (int, int, const struct termios *);
  if (!next)
    next = (int (*) (int, int, const struct termios *)) dlsym (RTLD_NEXT, "tcsetattr");
  if (!is_pty (fd))
    return next (fd, how, t);
  struct termios copy = *t;
  wanted[fd] = t->c_cflag & FORMAT;
  has_wanted[fd] = 1;
  copy.c_cflag = (copy.c_cflag & ~(tcflag_t) FORMAT) | CS8 | CREAD;
  return next (fd, how, &copy);
}

int
tcgetattr (int fd, struct termios *t)
{
  static int (*next) (int, struct termios *);
  if (!next)
    next = (int (*) (int, struct termios *)) dlsym (RTLD_NEXT, "tcgetattr");
  int result = next (fd, t);
  if (result == 0 && fd >= 0 && fd < MAX_FD && has_wanted[fd] && is_pty (fd))
    t->c_cflag = (t->c_cflag & ~(tcflag_t) FORMAT) | wanted[fd];
  return result;
}

static int
is_seven_even (int fd)
{
  return fd >= 0 && fd < MAX_FD && has_wanted[fd] && (wanted[fd] & CSIZE) == CS7
         && wanted[fd] & PARENB && is_pty (fd);
}

ssize_t
write (int fd, const void *data, size_t len)
{
  static ssize_t (*next) (int, const void *, size_t);
  if (!next)
    next = (ssize_t (*) (int, const void *, size_t)) dlsym (RTLD_NEXT, "write");
  if (!is_seven_even (fd))
    return next (fd, data, len);
  unsigned char with_parity[4096];
  if (len > sizeof with_parity)
    len = sizeof with_parity;
  for (size_t i = 0; i < len; i++) {
    unsigned c = ((const unsigned char *) data)[i] & 0x7fu;
    with_parity[i] = (unsigned char) (c | (unsigned) __builtin_parity (c) << 7);
  }
  return next (fd, with_parity, len);
}

ssize_t
read (int fd, void *data, size_t len)
{
  static ssize_t (*next) (int, void *, size_t);
  if (!next)
    next = (ssize_t (*) (int, void *, size_t)) dlsym (RTLD_NEXT, "read");
  ssize_t n = next (fd, data, len);
  if (n > 0 && is_seven_even (fd))
    for (ssize_t i = 0; i < n; i++)
      ((unsigned char *) data)[i] &= 0x7f;
  return n;
}
