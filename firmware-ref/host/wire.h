/* wire.h: a file descriptor as a line: bytes take their time, get damaged, get lost.
 *
 *   descriptor ──read──► due times ──► noise, loss ──► mw_channel, feed
 *   descriptor ◄─write── noise, loss ◄── when due ◄─── mw_channel_tx
 *
 * With timing, a byte takes its bits at the speed at which the port listens; when the other
 * side of a pseudo-terminal has set another speed, what arrives is garbled.  On a
 * pseudo-terminal the character format 7E1 is made in software (glibc refuses it there).  Times
 * are microseconds of the monotonic clock.
 */
#ifndef MW_HOST_WIRE_H
#define MW_HOST_WIRE_H

#include "host/channel.h"

typedef struct mw_wire_config {
  bool timing;
  bool strict;  /* another speed garbles also without timing */
  bool echo;    /* an optical head that sees its own light: every byte comes back */
  double noise; /* bit error rate */
  double drop;  /* probability that a byte is lost */
} mw_wire_config;

#define MW_WIRE_QUEUE 65536u

typedef struct mw_wire {
  int fd;
  bool terminal; /* a pseudo-terminal: it has a speed */
  bool closed;   /* the other side hung up */
  mw_wire_config config;
  uint64_t random;
  uint32_t far_baud;          /* as the other side has set it; 0: not known */
  uint64_t out_busy, in_busy; /* the line is taken until then */
  uint32_t head, tail;        /* received bytes not yet due: in[tail … head) */
  uint64_t due[MW_WIRE_QUEUE];
  uint8_t in[MW_WIRE_QUEUE], raw[MW_WIRE_QUEUE]; /* as the port hears it, and as it came */
} mw_wire;

void
mw_wire_init (mw_wire *w, int fd, bool terminal, const mw_wire_config *config, uint64_t seed);
/* Move what is due between descriptor and PORT; call when readable, writable or at the
 * deadline. */
void mw_wire_pump (mw_wire *w, mw_channel *port, uint64_t now_us);
/* When mw_wire_pump must be called at the latest; UINT64_MAX when it waits for nothing. */
uint64_t mw_wire_deadline (const mw_wire *w, mw_channel *port);
/* Are there bytes that the descriptor would not take? */
bool mw_wire_wants_write (const mw_wire *w, mw_channel *port, uint64_t now_us);

/* A pseudo-terminal in raw mode with a link to it at PATH; the master's descriptor, or -1 with
 * errno.  *SLAVE is kept open so that the master lives on when a client closes. */
int mw_wire_open_terminal (const char *path, int *slave);
/* The pseudo-terminal begins at this speed, until its other side sets one. */
void mw_wire_rest (mw_wire *w, uint32_t baud);

#endif
