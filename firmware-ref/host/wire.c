/* wire.c: see wire.h. */
#include "host/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void
mw_wire_init (mw_wire *w, int fd, bool terminal, const mw_wire_config *config, uint64_t seed)
{
  memset (w, 0, offsetof (mw_wire, due));
  w->fd = fd;
  w->terminal = terminal;
  w->config = *config;
  w->random = seed * 2862933555777941757u + 3037000493u;
  (void) fcntl (fd, F_SETFL, O_NONBLOCK);
}

/* --- damage ---------------------------------------------------------------------------------
 */

/* 0 … 1 (xorshift64*). */
static double
chance (mw_wire *w)
{
  w->random ^= w->random >> 12;
  w->random ^= w->random << 25;
  w->random ^= w->random >> 27;
  return (double) (w->random * 2685821657736338717u >> 11) / 9007199254740992.0;
}

/* What becomes of *BYTE on the way; false: it is lost. */
static bool
survives (mw_wire *w, uint8_t *byte)
{
  if (w->config.drop > 0 && chance (w) < w->config.drop)
    return false;
  for (unsigned bit = 0; w->config.noise > 0 && bit < 8; bit++)
    if (chance (w) < w->config.noise)
      *byte ^= (uint8_t) (1u << bit);
  return true;
}

static uint8_t
with_parity (uint8_t byte)
{
  uint8_t ones = byte & 0x7f;
  ones ^= (uint8_t) (ones >> 4);
  ones ^= (uint8_t) (ones >> 2);
  ones ^= (uint8_t) (ones >> 1);
  return (uint8_t) ((byte & 0x7f) | (ones & 1) << 7);
}

/* --- speed ----------------------------------------------------------------------------------
 */

static const struct {
  speed_t speed;
  uint32_t baud;
} speeds[] = { { B300, 300 },     { B600, 600 },      { B1200, 1200 },   { B2400, 2400 },
               { B4800, 4800 },   { B9600, 9600 },    { B19200, 19200 }, { B38400, 38400 },
               { B57600, 57600 }, { B115200, 115200 } };

static uint32_t
far_baud (int fd)
{
  struct termios t;
  if (tcgetattr (fd, &t) == 0)
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
      if (speeds[i].speed == cfgetospeed (&t))
        return speeds[i].baud;
  return 0;
}

static uint64_t
byte_us (const mw_wire *w, const mw_channel *port)
{
  mw_line line = mw_channel_line (port);
  return w->config.timing && line.baud ? mw_line_bits (line) * 1000000u / line.baud : 0;
}

static bool
speeds_differ (const mw_wire *w, const mw_channel *port)
{
  uint32_t baud = mw_channel_line (port).baud;
  return w->terminal && (w->config.timing || w->config.strict) && w->far_baud && baud
         && w->far_baud != baud;
}

/* The port may go by the speed of what it hears, as a receiver knows a break. */
static void
hear (mw_wire *w, mw_channel *port, uint64_t now_us)
{
  uint32_t before = w->far_baud;
  if (!w->terminal)
    return;
  w->far_baud = far_baud (w->fd);
  mw_channel_hear (port, w->far_baud, w->far_baud != before, now_us / 1000);
}

/* --- moving ---------------------------------------------------------------------------------
 */

static void
receive (mw_wire *w, mw_channel *port, uint64_t now_us)
{
  uint8_t buf[4096];
  uint64_t step = byte_us (w, port);
  for (;;) {
    uint32_t room = MW_WIRE_QUEUE - (w->head - w->tail);
    ssize_t n = read (w->fd, buf, room < sizeof buf ? room : sizeof buf);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EIO))
      w->closed = room > 0;
    if (n <= 0)
      return;
    hear (w, port, now_us);
    if (w->in_busy < now_us)
      w->in_busy = now_us;
    for (ssize_t i = 0; i < n; i++) {
      uint8_t byte = speeds_differ (w, port) ? (uint8_t) (buf[i] * 37u ^ 0x5au) : buf[i];
      w->in_busy += step;
      if (!survives (w, &byte))
        continue;
      w->in[w->head % MW_WIRE_QUEUE] = byte;
      w->raw[w->head % MW_WIRE_QUEUE] = buf[i];
      w->due[w->head++ % MW_WIRE_QUEUE] = w->in_busy;
    }
  }
}

static bool
write_all (mw_wire *w, const uint8_t *buf, size_t n)
{
  while (n > 0) {
    ssize_t k = write (w->fd, buf, n);
    if (k < 0 && errno == EINTR)
      continue;
    if (k < 0 && errno != EAGAIN)
      w->closed = true;
    if (k <= 0)
      return false;
    buf += k;
    n -= (size_t) k;
  }
  return true;
}

static void
deliver (mw_wire *w, mw_channel *port, uint64_t now_us)
{
  while (w->tail != w->head && w->due[w->tail % MW_WIRE_QUEUE] <= now_us) {
    uint8_t piece[512];
    size_t n = 0;
    for (; n < sizeof piece && w->tail != w->head && w->due[w->tail % MW_WIRE_QUEUE] <= now_us;
         w->tail++) {
      uint8_t byte = w->in[w->tail % MW_WIRE_QUEUE];
      if (w->config.echo) /* one that is not taken is lost, as light is */
        (void) write_all (w, &w->raw[w->tail % MW_WIRE_QUEUE], 1);
      piece[n++] = byte;
      if (w->config.timing)
        break; /* the port may change its line after any byte */
    }
    if (w->config.timing)
      w->tail++;
    port->klass->feed (port, piece, n, now_us / 1000);
  }
}

/* The bytes of SPAN as the line carries them; how many of BUF are to be written. */
static size_t
encode (mw_wire *w, const mw_channel *port, mw_span span, uint8_t *buf)
{
  size_t n = 0;
  bool seven = w->terminal && mw_channel_line (port).data_bits == 7;
  for (size_t i = 0; i < span.len; i++) {
    uint8_t byte = seven ? with_parity (span.ptr[i]) : span.ptr[i];
    if (speeds_differ (w, port))
      byte = (uint8_t) (byte * 37u ^ 0x5au);
    if (survives (w, &byte))
      buf[n++] = byte;
  }
  return n;
}

/* How many of the LEN bytes that wait have left by NOW, a byte each STEP. */
static size_t
departed (mw_wire *w, size_t len, uint64_t step, uint64_t now_us)
{
  size_t n = 0;
  if (step == 0)
    return len;
  if (w->out_busy == 0)
    w->out_busy = now_us;
  while (n < len && w->out_busy + step <= now_us) {
    w->out_busy += step;
    n++;
  }
  return n;
}

static void
transmit (mw_wire *w, mw_channel *port, uint64_t now_us)
{
  uint8_t buf[1024];
  mw_span span;
  while ((span = mw_channel_tx (port)).len > 0 && !w->closed) {
    uint64_t step = byte_us (w, port);
    if (span.len > sizeof buf)
      span.len = sizeof buf;
    size_t n = departed (w, span.len, step, now_us);
    if (n == 0)
      return;
    span.len = n;
    size_t k = encode (w, port, span, buf);
    if (!write_all (w, buf, k))
      return; /* the other side does not read: repeated from here, as a full UART would lose */
    port->klass->tx_ack (port, n, now_us / 1000);
  }
  w->out_busy = 0; /* idle: the next byte begins when it comes */
}

void
mw_wire_pump (mw_wire *w, mw_channel *port, uint64_t now_us)
{
  hear (w, port, now_us);
  receive (w, port, now_us);
  deliver (w, port, now_us);
  if (mw_channel_deadline (port) <= now_us / 1000)
    port->klass->tick (port, now_us / 1000);
  transmit (w, port, now_us);
}

uint64_t
mw_wire_deadline (const mw_wire *w, mw_channel *port)
{
  mw_ms d = mw_channel_deadline (port);
  uint64_t next = d == MW_NEVER ? UINT64_MAX : d * 1000u;
  uint64_t step = byte_us (w, port);
  if (w->tail != w->head && w->due[w->tail % MW_WIRE_QUEUE] < next)
    next = w->due[w->tail % MW_WIRE_QUEUE];
  if (step && mw_channel_tx (port).len && w->out_busy + step < next)
    next = w->out_busy + step;
  return next;
}

bool
mw_wire_wants_write (const mw_wire *w, mw_channel *port, uint64_t now_us)
{
  return mw_channel_tx (port).len > 0
         && (byte_us (w, port) == 0 || w->out_busy + byte_us (w, port) <= now_us);
}

/* --- pseudo-terminals -----------------------------------------------------------------------
 */

int
mw_wire_open_terminal (const char *path, int *slave)
{
  struct termios t;
  char name[128];
  int master = -1;
  memset (&t, 0, sizeof t);
  cfmakeraw (&t);
  t.c_cflag = CS8 | CREAD | CLOCAL;
  cfsetspeed (&t, B300);
  if (openpty (&master, slave, name, &t, NULL) != 0)
    return -1;
  (void) fcntl (master, F_SETFD, FD_CLOEXEC);
  (void) fcntl (*slave, F_SETFD, FD_CLOEXEC);
  (void) unlink (path);
  if (symlink (name, path) == 0)
    return master;
  int saved = errno;
  close (master);
  close (*slave);
  errno = saved;
  return -1;
}

void
mw_wire_rest (mw_wire *w, uint32_t baud)
{
  struct termios t;
  for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
    if (speeds[i].baud == baud && tcgetattr (w->fd, &t) == 0) {
      cfsetspeed (&t, speeds[i].speed);
      (void) tcsetattr (w->fd, TCSANOW, &t);
      w->far_baud = baud;
    }
}
