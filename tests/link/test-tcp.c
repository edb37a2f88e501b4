/* test-tcp.c: TCP links on the loopback: refused, silent, slow, closed in the middle, reset,
 * unread, and a peer that vanished (in a network of the test's own, suite slow). */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/link.h"
#include "link/pump.h"

/* A listening socket on the loopback; its port. */
static int
listen_here (int backlog, guint *port)
{
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t len = sizeof a;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &a, sizeof a), ==, 0);
  g_assert_cmpint (listen (fd, backlog), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &a, &len), ==, 0);
  *port = ntohs (a.sin_port);
  return fd;
}

static mw_link *
open_port (guint port, const char *query, GError **error)
{
  g_autofree char *uri = g_strdup_printf ("tcp:127.0.0.1:%u%s", port, query);
  return mw_link_open_uri (uri, NULL, error);
}

/* Both ends of a connection. */
static mw_link *
connect_pair (int *peer)
{
  g_autoptr (GError) error = NULL;
  guint port;
  int listener = listen_here (5, &port);
  mw_link *l = open_port (port, "", &error);
  g_assert_no_error (error);
  *peer = accept (listener, NULL, NULL);
  g_assert_cmpint (*peer, >=, 0);
  close (listener);
  g_assert_false (mw_link_has_line (l));
  return l;
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  guint port;
  close (listen_here (1, &port));
  g_assert_null (open_port (port, "", &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "Nobody listens at 127.0.0.1, port"));
  g_assert_cmpint (mw_link_error_exit_status (error), ==, 2);
}

/* Nobody takes the connection: the queue of the listener is full, SYNs are dropped. */
static void
test_no_answer (void)
{
  g_autoptr (GError) error = NULL;
  guint port;
  int listener = listen_here (0, &port);
  mw_link *links[64] = { NULL };
  gsize n = 0;
  while (n < G_N_ELEMENTS (links) && (links[n] = open_port (port, "?timeout=300", &error)))
    n++;
  g_assert_cmpuint (n, <, G_N_ELEMENTS (links));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_TIMEOUT);
  while (n-- > 0)
    mw_link_free (links[n]);
  close (listener);
}

static void
test_both_ways (void)
{
  int peer;
  char buf[64];
  mw_link *l = connect_pair (&peer);
  mw_line line = mw_line_8n1 (9600);
  g_assert_true (mw_link_set_line (l, &line, NULL)); /* no line here, and nobody minds */
  g_assert_cmpint (mw_link_read (l, buf, sizeof buf, 0, NULL, NULL), ==, 0);
  g_assert_cmpint (mw_link_read (l, buf, sizeof buf, 5, NULL, NULL), ==, 0);
  g_assert_true (mw_link_write (l, "hello", 5, NULL, NULL));
  g_assert_cmpint (recv (peer, buf, sizeof buf, 0), ==, 5);
  g_assert_cmpint (send (peer, "stale", 5, 0), ==, 5);
  g_usleep (20000);
  mw_link_discard (l);
  g_assert_cmpint (send (peer, "fresh", 5, 0), ==, 5);
  gsize have = 0;
  while (have < 5) {
    gssize n = mw_link_read (l, buf + have, sizeof buf - have, 20000, NULL, NULL);
    g_assert_cmpint (n, >, 0);
    have += (gsize) n;
  }
  g_assert_cmpmem (buf, have, "fresh", 5);
  mw_link_free (l);
  g_assert_cmpint (recv (peer, buf, sizeof buf, 0), ==, 0); /* the other side sees the end */
  close (peer);
}

static gpointer
drip (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  for (char c = 'a'; c <= 'j'; c++) {
    g_usleep (15000);
    g_assert_cmpint (send (fd, &c, 1, 0), ==, 1);
  }
  close (fd);
  return NULL;
}

static void
test_slow_and_closed_in_the_middle (void)
{
  int peer;
  g_autoptr (GError) error = NULL;
  mw_link *l = connect_pair (&peer);
  GThread *thread = g_thread_new ("drip", drip, GINT_TO_POINTER (peer));
  g_autoptr (GString) got = g_string_new (NULL);
  char buf[64];
  gssize n;
  while ((n = mw_link_read (l, buf, sizeof buf, 1000, NULL, &error)) >= 0)
    g_string_append_len (got, buf, n);
  g_assert_cmpstr (got->str, ==, "abcdefghij");
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED);
  g_assert_nonnull (strstr (error->message, "closed the connection"));
  g_thread_join (thread);
  mw_link_free (l);
}

static void
test_reset (void)
{
  int peer;
  char byte;
  g_autoptr (GError) error = NULL;
  mw_link *l = connect_pair (&peer);
  struct linger now = { 1, 0 };
  setsockopt (peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close (peer);
  g_assert_cmpint (mw_link_read (l, &byte, 1, 20000, NULL, &error), ==, -1);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED);
  mw_link_free (l);
}

static gpointer
cancel_soon (gpointer cancel)
{
  g_usleep (50000);
  g_cancellable_cancel (cancel);
  return NULL;
}

/* A peer that does not read: writing stops, and can be cancelled; so can reading. */
static void
test_unread_and_cancelled (void)
{
  int peer;
  mw_link *l = connect_pair (&peer);
  gsize len = 64 << 20;
  g_autofree char *much = g_malloc0 (len);
  for (int reading = 0; reading < 2; reading++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GCancellable) cancel = g_cancellable_new ();
    GThread *thread = g_thread_new ("cancel", cancel_soon, cancel);
    if (reading)
      g_assert_cmpint (mw_link_read (l, much, 1, 600000, cancel, &error), ==, -1);
    else
      g_assert_false (mw_link_write (l, much, len, cancel, &error));
    g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CANCELLED);
    g_thread_join (thread);
  }
  close (peer);
  mw_link_free (l);
}

static void
test_unknown_host (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (mw_link_open_uri ("tcp:[::ffff]:70", NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (mw_link_error_exit_status (error), ==, 2);
}

static gboolean
set_loopback (gboolean up)
{
  struct ifreq r = { .ifr_name = "lo" };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean done = ioctl (fd, SIOCGIFFLAGS, &r) == 0;
  r.ifr_flags = (short) (up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
  done = done && ioctl (fd, SIOCSIFFLAGS, &r) == 0;
  close (fd);
  return done;
}

/* The network breaks without a word.  A process of its own has a network of its own here. */
static void
test_half_open (void)
{
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    return;
  }
  int peer;
  char byte;
  g_autoptr (GError) error = NULL;
  if (unshare (CLONE_NEWNET) != 0 || !set_loopback (TRUE)) {
    g_test_skip ("this machine gives no network of one's own");
    return;
  }
  mw_link *l = connect_pair (&peer);
  g_assert_true (set_loopback (FALSE));
  gint64 begun = g_get_monotonic_time ();
  gboolean sent = mw_link_write (l, "anybody?", 8, NULL, &error);
  gssize n = 0;
  while (sent && n == 0 && g_get_monotonic_time () - begun < 120 * G_USEC_PER_SEC)
    n = mw_link_read (l, &byte, 1, 1000, NULL, &error);
  g_printerr ("found after %d s\n", (int) ((g_get_monotonic_time () - begun) / G_USEC_PER_SEC));
  g_assert_true (!sent || n < 0);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tcp/refused", test_refused);
  g_test_add_func ("/tcp/no-answer", test_no_answer);
  g_test_add_func ("/tcp/both-ways", test_both_ways);
  g_test_add_func ("/tcp/slow-and-closed", test_slow_and_closed_in_the_middle);
  g_test_add_func ("/tcp/reset", test_reset);
  g_test_add_func ("/tcp/unread-and-cancelled", test_unread_and_cancelled);
  g_test_add_func ("/tcp/unknown-host", test_unknown_host);
  if (g_test_slow ())
    g_test_add_func ("/tcp/half-open", test_half_open);
  return g_test_run ();
}
