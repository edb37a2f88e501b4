/* meterside.h: the meter's end of a line in a thread of its own: the server engine of
 * IEC 62056-21 behind a descriptor, and a line with a speed between two pseudo-terminals.
 *
 * Time is real here, so nothing is asserted about how fast something was; only lower bounds.
 */
#ifndef TEST_LINK_METERSIDE_H
#define TEST_LINK_METERSIDE_H

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "iec62056_21/server.h"

typedef struct side {
  int fd;
  gboolean is_slave; /* we set its speed; else it is the master and we see the other's speed */
  mw_iec_server server;
  GThread *thread;
  gint stop;
  gboolean echoes; /* the head hears itself */
  gboolean binary; /* HDLC has the line: every byte is answered with its complement */
  guint wrong_parity, with_parity_bit, wrong_speed;
  guint speeds[16], n_speeds; /* of the other side, in order, as seen when bytes came */
} side;

static const char side_readout[] =
    "0.0.0(14410000)\r\n1.8.0(0036886*kWh)\r\n96.8.0(0119899*h)\r\n1.6.0(1.078*kW)\r\n!\r\n";

static bool
side_line (void *ctx, unsigned index, mw_wr *w)
{
  static const char *const lines[] = { "0.0.0(14410000)", "1.8.0(0036886*kWh)",
                                       "96.8.0(0119899*h)", "1.6.0(1.078*kW)" };
  if (index >= 4)
    return false;
  mw_wr_bytes (w, lines[index], strlen (lines[index]));
  return true;
}

static const mw_iec_ops side_ops = { .line = side_line };

static guint
baud_of (speed_t speed)
{
  static const struct {
    speed_t speed;
    guint baud;
  } rows[] = { { B300, 300 },     { B600, 600 },      { B1200, 1200 },   { B2400, 2400 },
               { B4800, 4800 },   { B9600, 9600 },    { B19200, 19200 }, { B38400, 38400 },
               { B57600, 57600 }, { B115200, 115200 } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].speed == speed)
      return rows[i].baud;
  return 0;
}

static speed_t
speed_of (guint baud)
{
  for (speed_t s = 0; s <= B38400; s++)
    if (baud_of (s) == baud)
      return s;
  return baud == 57600 ? B57600 : B115200;
}

static guint
speed_at (int fd)
{
  struct termios t;
  return tcgetattr (fd, &t) == 0 ? baud_of (cfgetospeed (&t)) : 0;
}

static void
set_speed (int fd, guint baud)
{
  struct termios t;
  g_assert_cmpint (tcgetattr (fd, &t), ==, 0);
  cfmakeraw (&t);
  cfsetspeed (&t, speed_of (baud));
  g_assert_cmpint (tcsetattr (fd, TCSANOW, &t), ==, 0);
}

static mw_ms
side_now (void)
{
  return (mw_ms) (g_get_monotonic_time () / 1000);
}

static void
side_events (side *s)
{
  enum mw_iec_server_event event;
  while ((event = mw_iec_server_take_event (&s->server))) {
    if (s->is_slave)
      set_speed (s->fd, s->server.line.baud);
    if (event == MW_IEC_SEV_HANDOVER)
      s->binary = TRUE;
  }
}

/* What came in: parity is checked and taken off while the line has 7 bits. */
static void
side_receive (side *s, guint8 *data, size_t len)
{
  guint speed = speed_at (s->fd);
  if (s->echoes)
    g_assert_cmpint (write (s->fd, data, len), ==, (ssize_t) len);
  if (!s->n_speeds || s->speeds[s->n_speeds - 1] != speed)
    if (s->n_speeds < G_N_ELEMENTS (s->speeds))
      s->speeds[s->n_speeds++] = speed;
  if (speed != s->server.line.baud) {
    s->wrong_speed += (guint) len;
    return;
  }
  for (size_t i = 0; i < len && !s->binary; i++) {
    s->wrong_parity += (guint) __builtin_parity (data[i]);
    s->with_parity_bit += data[i] >> 7;
    data[i] &= 0x7f;
  }
  for (size_t i = 0; i < len && s->binary; i++) {
    guint8 answer = (guint8) ~data[i];
    g_assert_cmpint (write (s->fd, &answer, 1), ==, 1);
  }
  for (size_t at = 0; at < len && !s->binary;) {
    at += mw_iec_server_feed (&s->server, data + at, len - at, side_now ());
    side_events (s);
  }
}

static void
side_send (side *s)
{
  /* A tool that a busy machine holds up would find the answer before it has changed its speed;
   * on a line with a speed that answer is lost, here it waits. */
  if (!s->is_slave && speed_at (s->fd) != s->server.line.baud)
    return;
  for (mw_span tx; (tx = mw_iec_server_tx (&s->server)).len && !s->binary;) {
    guint8 c = *tx.ptr;
    if (s->server.line.data_bits == 7)
      c = (guint8) (c | __builtin_parity (c) << 7);
    if (write (s->fd, &c, 1) != 1)
      return;
    mw_iec_server_tx_ack (&s->server, 1);
    side_events (s);
  }
}

static gpointer
side_run (gpointer data)
{
  side *s = data;
  guint8 buf[256];
  while (!g_atomic_int_get (&s->stop)) {
    struct pollfd p = { s->fd, POLLIN, 0 };
    poll (&p, 1, 2);
    ssize_t n = p.revents & POLLIN ? read (s->fd, buf, sizeof buf) : 0;
    if (n > 0)
      side_receive (s, buf, (size_t) n);
    if (side_now () >= mw_iec_server_deadline (&s->server))
      mw_iec_server_tick (&s->server, side_now ());
    side_events (s);
    side_send (s);
  }
  return NULL;
}

static void
side_start_with (side *s, int fd, gboolean is_slave, gboolean echoes,
                 const mw_iec_server_config *config)
{
  memset (s, 0, sizeof *s);
  s->echoes = echoes;
  s->fd = fd;
  s->is_slave = is_slave;
  mw_iec_server_init (&s->server, config, &side_ops, NULL);
  side_events (s);
  s->thread = g_thread_new ("meter", side_run, s);
}

static void
side_start (side *s, int fd, gboolean is_slave, const mw_iec_server_config *config)
{
  side_start_with (s, fd, is_slave, FALSE, config);
}

static void
side_stop (side *s)
{
  g_atomic_int_set (&s->stop, 1);
  g_thread_join (s->thread);
}

static const mw_iec_server_config side_config = { .ident = { .manufacturer = "ISk",
                                                             .baud_char = '5',
                                                             .hdlc = true,
                                                             .escapes = "2",
                                                             .text = "MT382-1008" } };

/* A pseudo-terminal; *SLAVE stays open, so that the master lives without the tool. */
static void
open_pty (int *master, int *slave, char name[64])
{
  struct termios t = { 0 };
  cfmakeraw (&t);
  t.c_cflag |= CS8 | CREAD | CLOCAL;
  cfsetspeed (&t, B300);
  g_assert_cmpint (openpty (master, slave, name, &t, NULL), ==, 0);
  fcntl (*master, F_SETFD, FD_CLOEXEC);
  fcntl (*slave, F_SETFD, FD_CLOEXEC);
}

#endif
