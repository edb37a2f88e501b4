/* sockets.c: see sockets.h. */
#include "host/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t
fill (struct sockaddr_storage *s, const char *address, uint16_t port)
{
  struct sockaddr_in *v4 = (struct sockaddr_in *) s;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) s;
  memset (s, 0, sizeof *s);
  if (inet_pton (AF_INET, address, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons (port);
    return sizeof *v4;
  }
  if (inet_pton (AF_INET6, address, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons (port);
    return sizeof *v6;
  }
  errno = EADDRNOTAVAIL;
  return 0;
}

int
mw_socket_listen (const char *address, uint16_t port)
{
  struct sockaddr_storage s;
  socklen_t len = fill (&s, address, port);
  int one = 1;
  int fd = len ? socket (s.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) : -1;
  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (fd, (struct sockaddr *) &s, len) == 0 && listen (fd, 64) == 0)
    return fd;
  int saved = errno;
  close (fd);
  errno = saved;
  return -1;
}

unsigned
mw_socket_port (int fd)
{
  struct sockaddr_storage s;
  socklen_t len = sizeof s;
  if (getsockname (fd, (struct sockaddr *) &s, &len) != 0)
    return 0;
  return ntohs (s.ss_family == AF_INET6 ? ((struct sockaddr_in6 *) &s)->sin6_port
                                        : ((struct sockaddr_in *) &s)->sin_port);
}

int
mw_socket_accept (int fd)
{
  int one = 1;
  int c = accept4 (fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (c >= 0)
    setsockopt (c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return c;
}
