/* channel.h: a port of any reference meter, as the host's wires see it: the verbs of
 * base/engine.h and a line that may change.
 *
 * Each family has its own ports (ports/port.h, ports/kport.h); the class says which.  A channel
 * must not move once it is open.
 */
#ifndef MW_HOST_CHANNEL_H
#define MW_HOST_CHANNEL_H

#include "base/engine.h"
#include "base/line.h"
#include "ports/kport.h"
#include "ports/port.h"

typedef struct mw_channel mw_channel;

typedef struct mw_channel_class {
  void (*reset) (mw_channel *c, mw_ms now);
  /* Bytes as the line has them, with their parity. */
  void (*feed) (mw_channel *c, const void *data, size_t len, mw_ms now);
  mw_span (*tx) (mw_channel *c);
  void (*tx_ack) (mw_channel *c, size_t n, mw_ms now);
  mw_ms (*deadline) (const mw_channel *c);
  void (*tick) (mw_channel *c, mw_ms now);
  mw_line (*line) (const mw_channel *c);
  bool (*is_dead) (const mw_channel *c);
  /* The other side speaks at BAUD; CHANGED: it did not before.  NULL: nothing follows. */
  void (*hear) (mw_channel *c, uint32_t baud, bool changed, mw_ms now);
} mw_channel_class;

struct mw_channel {
  const mw_channel_class *klass;
  union {
    mw_port mx381;
    mw_kport kamstrup;
    struct {
      mw_channel *member; /* the owner's; set up */
      unsigned n;
    } bus;
    struct mw_host_modem *modem;
  } port;
};

/* The class of the Mx381's ports; the port is to be set up with mw_port_init. */
extern const mw_channel_class mw_channel_mx381;
/* … of the Kamstrup meters' ports: mw_kport_init. */
extern const mw_channel_class mw_channel_kamstrup;

/* Several channels on one line: port.bus is to be set. */
extern const mw_channel_class mw_channel_bus;

static inline mw_span
mw_channel_tx (mw_channel *c)
{
  return c->klass->tx (c);
}

static inline mw_line
mw_channel_line (const mw_channel *c)
{
  return c->klass->line (c);
}

static inline mw_ms
mw_channel_deadline (const mw_channel *c)
{
  return c->klass->deadline (c);
}

static inline void
mw_channel_hear (mw_channel *c, uint32_t baud, bool changed, mw_ms now)
{
  if (c->klass->hear)
    c->klass->hear (c, baud, changed, now);
}

#endif
