/* tcp.c: a TCP connection to a meter, its module or a serial server.
 *
 * Through GSocket, so that it is the same on every system.  The connection is made without
 * blocking, address after address, within the time limit.  A peer that vanished is found by
 * keep-alive within half a minute when nothing is sent, and by the system's own limit on
 * unacknowledged bytes (Linux: 20 s) when something is.
 */
#include "link/link.h"

#ifdef G_OS_UNIX
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

enum {
  CONNECT_MS = 5000,
  WRITE_MS = 20000,
  KEEP_IDLE_S = 10,
  KEEP_EVERY_S = 5,
  KEEP_COUNT = 4
};

typedef struct tcp_link {
  mw_link link;
  GSocket *socket;
  char *where; /* "10.0.0.5, port 4059" */
} tcp_link;

typedef struct meaning {
  GQuark domain;
  int code;
  MwLinkError error;
  const char *text;
} meaning;

/* Turn a GIO error into one of ours with a sentence, and free it. */
static void
explain (GError *io, const char *where, GError **error)
{
  const meaning meanings[] = {
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, MW_LINK_ERROR_CANCELLED, "Cancelled." },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, MW_LINK_ERROR_REFUSED,
      "Nobody listens at %s. Is the address right, and is the meter's module on?" },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, MW_LINK_ERROR_TIMEOUT,
      "%s did not answer in time. Is the meter on, and the network path open?" },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, MW_LINK_ERROR_UNREACHABLE,
      "There is no way to %s from this machine." },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, MW_LINK_ERROR_UNREACHABLE,
      "There is no way to %s from this machine." },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, MW_LINK_ERROR_CLOSED,
      "%s closed the connection." },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, MW_LINK_ERROR_NO_PORT,
      "The host of %s is not known." },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, MW_LINK_ERROR_NO_PORT,
      "The host of %s cannot be looked up just now." },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_error_matches (io, meanings[i].domain, meanings[i].code)) {
      GString *text = g_string_new (meanings[i].text);
      g_string_replace (text, "%s", where, 1);
      g_set_error_literal (error, MW_LINK_ERROR, (gint) meanings[i].error, text->str);
      g_string_free (text, TRUE);
      g_error_free (io);
      return;
    }
  g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_IO, "The connection to %s failed: %s.",
               where, io->message);
  g_error_free (io);
}

static void
tune (GSocket *socket)
{
  g_socket_set_keepalive (socket, TRUE);
#ifdef TCP_NODELAY
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
#endif
#ifdef TCP_KEEPIDLE
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_EVERY_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT, NULL);
#endif
#ifdef TCP_USER_TIMEOUT
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, WRITE_MS, NULL);
#endif
}

/* One address. NULL with a GIO error. */
static GSocket *
connect_to (GSocketAddress *address, gint64 until_us, GCancellable *cancel, GError **io)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, io);
  if (!socket)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_autoptr (GError) pending = NULL;
  if (!g_socket_connect (socket, address, cancel, &pending)) {
    if (!g_error_matches (pending, G_IO_ERROR, G_IO_ERROR_PENDING)) {
      g_propagate_error (io, g_steal_pointer (&pending));
      return NULL;
    }
    gint64 left = MAX (0, until_us - g_get_monotonic_time ());
    if (!g_socket_condition_timed_wait (socket, G_IO_OUT, left, cancel, io)
        || !g_socket_check_connect_result (socket, io))
      return NULL;
  }
  return g_steal_pointer (&socket);
}

static gboolean
tcp_open (mw_link *link, const MwUri *uri, GCancellable *cancel, GError **error)
{
  tcp_link *l = (tcp_link *) link;
  l->where = mw_uri_describe (uri);
  gint64 until = g_get_monotonic_time ()
                 + 1000 * (gint64) (uri->timeout_ms ? uri->timeout_ms : CONNECT_MS);
  g_autoptr (GSocketConnectable) host =
      g_network_address_new (uri->target, (guint16) uri->port);
  g_autoptr (GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (host);
  GError *io = NULL;
  while (!l->socket) {
    GError *lookup = NULL;
    g_autoptr (GSocketAddress) address =
        g_socket_address_enumerator_next (addresses, cancel, &lookup);
    if (!address) { /* no more: the last failure counts, or that of the lookup */
      if (lookup) {
        g_clear_error (&io);
        io = lookup;
      }
      if (!io)
        io = g_error_new (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no address");
      explain (io, l->where, error);
      return FALSE;
    }
    g_clear_error (&io);
    l->socket = connect_to (address, until, cancel, &io);
  }
  tune (l->socket);
  return TRUE;
}

static gssize
tcp_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
          GError **error)
{
  tcp_link *l = (tcp_link *) link;
  GError *io = NULL;
  if (!g_socket_condition_timed_wait (l->socket, G_IO_IN | G_IO_HUP, 1000 * (gint64) timeout_ms,
                                      cancel, &io)) {
    if (g_error_matches (io, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
      g_error_free (io);
      return 0;
    }
    explain (io, l->where, error);
    return -1;
  }
  gssize n = g_socket_receive (l->socket, buf, cap, cancel, &io);
  if (n > 0)
    return n;
  if (n < 0 && g_error_matches (io, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    g_error_free (io);
    return 0;
  }
  if (n == 0)
    io = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "end");
  else if (g_error_matches (io, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    io->code = G_IO_ERROR_CONNECTION_CLOSED; /* keep-alive found nobody there */
  explain (io, l->where, error);
  return -1;
}

static gboolean
tcp_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  tcp_link *l = (tcp_link *) link;
  const char *at = data;
  GError *io = NULL;
  while (len) {
    gssize n = g_socket_send (l->socket, at, len, cancel, &io);
    if (n > 0) {
      at += n;
      len -= (gsize) n;
      continue;
    }
    gboolean full = g_error_matches (io, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    if (full)
      g_clear_error (&io);
    if (!full
        || !g_socket_condition_timed_wait (l->socket, G_IO_OUT, 1000 * (gint64) WRITE_MS,
                                           cancel, &io)) {
      explain (io, l->where, error);
      return FALSE;
    }
  }
  return TRUE;
}

static void
tcp_discard (mw_link *link)
{
  tcp_link *l = (tcp_link *) link;
  char buf[512];
  while (g_socket_receive (l->socket, buf, sizeof buf, NULL, NULL) > 0)
    continue;
}

static void
tcp_close (mw_link *link)
{
  tcp_link *l = (tcp_link *) link;
  if (l->socket)
    g_socket_close (l->socket, NULL);
  g_clear_object (&l->socket);
  g_free (l->where);
}

const mw_link_class mw_tcp_link_class = {
  .scheme = "tcp",
  .size = sizeof (tcp_link),
  .open = tcp_open,
  .read = tcp_read,
  .write = tcp_write,
  .discard = tcp_discard,
  .close = tcp_close,
};
