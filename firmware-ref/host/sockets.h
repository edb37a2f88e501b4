/* sockets.h: listening on TCP. */
#ifndef MW_HOST_SOCKETS_H
#define MW_HOST_SOCKETS_H

#include <poll.h>
#include <stdint.h>

/* The descriptor of a listening socket, or -1 with errno; PORT 0: any that is free. */
int mw_socket_listen (const char *address, uint16_t port);
unsigned mw_socket_port (int fd);
/* A waiting connection, or -1. Does not wait. */
int mw_socket_accept (int fd);

#endif
