/* pty.c: a pseudo-terminal as a raw descriptor: the reference meter's port, and socat's.
 *
 * A pseudo-terminal has 8 bits and no parity (glibc refuses others there); link.c puts the
 * software parity above it.  Its speed can be set and is seen at the other end.
 */
#include "link/device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

enum { WRITE_LIMIT_MS = 5000 };

typedef struct pty_link {
  mw_link link;
  char *device;
  int fd;
} pty_link;

/* clang-format off */
static const struct { uint32_t baud; speed_t speed; } speeds[] = {
  { 300, B300 },     { 600, B600 },     { 1200, B1200 },   { 2400, B2400 },   { 4800, B4800 },
  { 9600, B9600 },   { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 }, { 115200, B115200 },
};
/* clang-format on */

static gboolean
pty_set_line (mw_link *link, const mw_line *line, GError **error)
{
  pty_link *l = (pty_link *) link;
  struct termios t;
  speed_t speed = B0;
  for (gsize i = 0; i < G_N_ELEMENTS (speeds); i++)
    if (speeds[i].baud == line->baud)
      speed = speeds[i].speed;
  if (speed == B0)
    return mw_device_fail (error, l->device, EINVAL);
  if (tcgetattr (l->fd, &t) != 0)
    return mw_device_fail (error, l->device, errno);
  cfmakeraw (&t);
  t.c_cflag |= CLOCAL | CREAD;
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  cfsetispeed (&t, speed);
  cfsetospeed (&t, speed);
  return tcsetattr (l->fd, TCSADRAIN, &t) == 0 || mw_device_fail (error, l->device, errno);
}

static gboolean
pty_open (mw_link *link, const MwUri *uri, GCancellable *cancel, GError **error)
{
  pty_link *l = (pty_link *) link;
  l->fd = -1;
  l->device = mw_device_resolve (uri->target, error);
  if (!l->device)
    return FALSE;
  l->fd = open (l->device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (l->fd < 0)
    return mw_device_fail (error, uri->target, errno);
  if (!mw_device_claim (l->fd, l->device, error))
    return FALSE;
  mw_line line = mw_uri_mode (uri) == MW_MODE_OPTICAL ? mw_line_7e1 (300) : mw_line_8n1 (9600);
  if (uri->baud)
    line.baud = uri->baud;
  if (uri->format.data_bits) {
    uint32_t baud = line.baud;
    line = uri->format;
    line.baud = baud;
  }
  if (!pty_set_line (link, &line, error))
    return FALSE;
  link->line = line;
  tcflush (l->fd, TCIFLUSH);
  return TRUE;
}

/* Wait for EVENTS on the descriptor or for a cancel. 1: ready, 0: time is over, -1: error. */
static int
wait_for (pty_link *l, short events, gint64 until_us, GCancellable *cancel, GError **error)
{
  GPollFD cancelled = { -1, 0, 0 };
  gboolean watched = cancel && g_cancellable_make_pollfd (cancel, &cancelled);
  struct pollfd p[2] = { { l->fd, events, 0 }, { watched ? cancelled.fd : -1, POLLIN, 0 } };
  int n;
  do {
    gint64 left = (until_us - g_get_monotonic_time () + 999) / 1000;
    n = poll (p, 2, left > 0 ? (int) left : 0);
  } while (n < 0 && errno == EINTR);
  if (watched)
    g_cancellable_release_fd (cancel);
  if (mw_link_cancelled (cancel, error))
    return -1;
  if (n < 0) {
    mw_device_fail (error, l->device, errno);
    return -1;
  }
  return p[0].revents != 0;
}

static gssize
pty_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
          GError **error)
{
  pty_link *l = (pty_link *) link;
  int ready =
      wait_for (l, POLLIN, g_get_monotonic_time () + 1000 * (gint64) timeout_ms, cancel, error);
  if (ready <= 0)
    return ready;
  ssize_t n = read (l->fd, buf, cap);
  if (n > 0)
    return n;
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;
  mw_device_fail (error, l->device, n == 0 ? EIO : errno); /* the other end is closed */
  return -1;
}

static gboolean
pty_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  pty_link *l = (pty_link *) link;
  const char *at = data;
  gint64 until = g_get_monotonic_time () + 1000 * (gint64) WRITE_LIMIT_MS;
  while (len) {
    ssize_t n = write (l->fd, at, len);
    if (n > 0) {
      at += n;
      len -= (size_t) n;
      continue;
    }
    if (n < 0 && errno != EAGAIN && errno != EINTR)
      return mw_device_fail (error, l->device, errno);
    int ready = wait_for (l, POLLOUT, until, cancel, error);
    if (ready < 0)
      return FALSE;
    if (ready == 0) {
      g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_TIMEOUT,
                   "The port %s does not take what is to be sent.", l->device);
      return FALSE;
    }
  }
  return TRUE;
}

static void
pty_discard (mw_link *link)
{
  tcflush (((pty_link *) link)->fd, TCIFLUSH);
}

static void
pty_close (mw_link *link)
{
  pty_link *l = (pty_link *) link;
  if (l->fd >= 0)
    close (l->fd);
  g_free (l->device);
}

const mw_link_class mw_pty_link_class = {
  .scheme = "pty",
  .size = sizeof (pty_link),
  .open = pty_open,
  .read = pty_read,
  .write = pty_write,
  .set_line = pty_set_line,
  .discard = pty_discard,
  .close = pty_close,
};
