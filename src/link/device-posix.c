/* device-posix.c: see device.h; Linux and other POSIX systems.
 *
 * Who has a port: programs lock it with flock (we do, see mw_device_claim), with a lock file in
 * /var/lock (UUCP's way), or simply have it open.  The first is read from /proc/locks, the last
 * from /proc/PID/fd, both without opening the port.
 */
#include "link/device.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/serial.h>
#endif

/* Links to the device itself are followed (/dev/serial/by-id/… and a user's own); realpath,
 * which would follow linked folders too, is broken in umockdev, under which the tests run. */
char *
mw_device_resolve (const char *device, GError **error)
{
  enum { MOST_LINKS = 16 };
  char *path = g_canonicalize_filename (device, "/dev");
  if (strchr (device, '/') && !g_path_is_absolute (device)) {
    g_free (path);
    path = g_canonicalize_filename (device, NULL);
  }
  for (guint i = 0; i < MOST_LINKS; i++) {
    g_autofree char *target = g_file_read_link (path, NULL);
    if (!target)
      break;
    g_autofree char *folder = g_path_get_dirname (path);
    g_free (path);
    path = g_canonicalize_filename (target, folder);
  }
  if (access (path, F_OK) == 0)
    return path;
  mw_device_fail (error, device, errno);
  g_free (path);
  return NULL;
}

/* Unix 98 pseudo-terminals have the majors 136 to 143; libserialport refuses them. */
static gboolean
is_pseudo_terminal (const char *path)
{
  struct stat st;
  return stat (path, &st) == 0 && S_ISCHR (st.st_mode) && major (st.st_rdev) >= 136
         && major (st.st_rdev) <= 143;
}

const mw_link_class *
mw_device_link_class (const char *device)
{
  g_autofree char *real = mw_device_resolve (device, NULL);
  return real && is_pseudo_terminal (real) ? &mw_pty_link_class : &mw_serial_link_class;
}

static char *
process_name (long pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%ld/comm", pid), *name = NULL;
  if (pid == getpid ())
    return g_strdup ("this program");
  if (!g_file_get_contents (path, &name, NULL, NULL))
    return g_strdup_printf ("process %ld", pid);
  return g_strdup_printf ("%s (process %ld)", g_strstrip (name), pid);
}

static long
user_by_lock_file (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *file = g_strdup_printf ("/var/lock/LCK..%s", name);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (file, &text, NULL, NULL))
    return 0;
  long pid = strtol (text, NULL, 10);
  return pid > 0 && (kill ((pid_t) pid, 0) == 0 || errno == EPERM) ? pid : 0;
}

/* "1: FLOCK  ADVISORY  WRITE 1234 00:06:570 0 EOF" */
static long
user_by_flock (const struct stat *st)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/locks", &text, NULL, NULL))
    return 0;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    long pid;
    unsigned maj, min;
    unsigned long inode;
    if (sscanf (*line, "%*d: FLOCK %*s %*s %ld %x:%x:%lu", &pid, &maj, &min, &inode) == 4
        && maj == major (st->st_dev) && min == minor (st->st_dev) && inode == st->st_ino)
      return pid;
  }
  return 0;
}

static void
note_open_files (GHashTable *users, const char *pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%s/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *fd;
  while (dir && (fd = g_dir_read_name (dir))) {
    g_autofree char *link = g_build_filename (folder, fd, NULL);
    char *target = g_file_read_link (link, NULL);
    if (target && g_str_has_prefix (target, "/dev/"))
      g_hash_table_insert (users, target, GSIZE_TO_POINTER (strtoul (pid, NULL, 10)));
    else
      g_free (target);
  }
}

GHashTable *
mw_device_users (void)
{
  GHashTable *users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *pid;
  while (dir && (pid = g_dir_read_name (dir)))
    if (g_ascii_isdigit (*pid))
      note_open_files (users, pid);
  return users;
}

char *
mw_device_user (const char *device, GHashTable *users)
{
  struct stat st;
  g_autofree char *path = mw_device_resolve (device, NULL);
  if (!path || stat (path, &st) != 0)
    return NULL;
  long pid = user_by_lock_file (path);
  pid = pid ? pid : user_by_flock (&st);
  pid = pid ? pid : (long) GPOINTER_TO_SIZE (g_hash_table_lookup (users, path));
  return pid ? process_name (pid) : NULL;
}

gboolean
mw_device_accessible (const char *device)
{
  return faccessat (AT_FDCWD, device, R_OK | W_OK, AT_EACCESS) == 0;
}

/* The other end of a pseudo-terminal keeps it open: only locks count there. */
static gboolean
busy (GError **error, const char *device)
{
  g_autoptr (GHashTable) users = mw_device_users ();
  g_autofree char *who = mw_device_user (device, users);
  g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_BUSY,
               "The port %s is in use by %s. Close it there, or choose another port.", device,
               who ? who : "another program");
  return FALSE;
}

gboolean
mw_device_claim (int fd, const char *device, GError **error)
{
  g_autofree char *path = mw_device_resolve (device, NULL);
  long holder = path ? user_by_lock_file (path) : 0;
  if ((holder && holder != getpid ())
      || (flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK))
    return busy (error, device);
#ifdef TIOCEXCL
  if (path && !is_pseudo_terminal (path)) /* there it would outlive us: the meter has it open */
    ioctl (fd, TIOCEXCL);
#endif
#if defined __linux__ && defined ASYNC_LOW_LATENCY
  struct serial_struct serial;
  if (ioctl (fd, TIOCGSERIAL, &serial) == 0) { /* FTDI: 1 ms instead of 16 ms a turn */
    serial.flags |= ASYNC_LOW_LATENCY;
    ioctl (fd, TIOCSSERIAL, &serial);
  }
#endif
  return TRUE;
}

void
mw_device_unclaim (int fd)
{
#ifdef TIOCNXCL
  ioctl (fd, TIOCNXCL);
#endif
  flock (fd, LOCK_UN);
}

gboolean
mw_device_gone (int fd)
{
  struct pollfd p = { fd, POLLIN, 0 };
  return poll (&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR | POLLNVAL);
}

static gboolean
no_permission (GError **error, const char *device)
{
  struct stat st;
  struct group *group = stat (device, &st) == 0 ? getgrgid (st.st_gid) : NULL;
  gboolean by_group = group && st.st_gid != 0 && (st.st_mode & 060) == 060;
  if (by_group)
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_PERMISSION,
                 "You may not open %s. Join the group “%s” that may: sudo usermod -aG %s "
                 "$USER, then log out and in again.",
                 device, group->gr_name, group->gr_name);
  else
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_PERMISSION,
                 "You may not open %s: it belongs to another user. Ask the administrator of "
                 "this machine.",
                 device);
  return FALSE;
}

gboolean
mw_device_fail (GError **error, const char *device, int code)
{
  switch (code) {
  case ENOENT:
  case ENOTDIR:
  case ENODEV:
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_NO_PORT,
                 "There is no port %s. Is the optical head plugged in? “mw ports” lists the "
                 "ports that there are.",
                 device);
    return FALSE;
  case EACCES:
  case EPERM:
    return no_permission (error, device);
  case EBUSY:
  case EWOULDBLOCK:
    return busy (error, device);
  case EIO:
  case ENXIO:
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED,
                 "The port %s is gone. Was the optical head unplugged?", device);
    return FALSE;
  case ENOTTY:
  case EINVAL:
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_NO_PORT, "%s is no serial port.", device);
    return FALSE;
  default:
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_IO, "The port %s failed: %s.", device,
                 g_strerror (code));
    return FALSE;
  }
}
