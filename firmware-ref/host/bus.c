/* bus.c: several meters' ports on one line, as RS-485 modules have them (METERTOOL manual
 * 3.4.5.3): all of them hear what comes; who is addressed answers. */
#include "host/channel.h"

/* Who has something to say; the first when nobody has. */
static mw_channel *
speaker (const mw_channel *c)
{
  for (unsigned i = 0; i < c->port.bus.n; i++)
    if (mw_channel_tx (&c->port.bus.member[i]).len > 0)
      return &c->port.bus.member[i];
  return &c->port.bus.member[0];
}

static void
reset (mw_channel *c, mw_ms now)
{
  for (unsigned i = 0; i < c->port.bus.n; i++)
    c->port.bus.member[i].klass->reset (&c->port.bus.member[i], now);
}

static void
feed (mw_channel *c, const void *data, size_t len, mw_ms now)
{
  for (unsigned i = 0; i < c->port.bus.n; i++)
    c->port.bus.member[i].klass->feed (&c->port.bus.member[i], data, len, now);
}

static mw_span
tx (mw_channel *c)
{
  return mw_channel_tx (speaker (c));
}

static void
tx_ack (mw_channel *c, size_t n, mw_ms now)
{
  mw_channel *who = speaker (c);
  who->klass->tx_ack (who, n, now);
}

static mw_ms
deadline (const mw_channel *c)
{
  mw_ms next = MW_NEVER;
  for (unsigned i = 0; i < c->port.bus.n; i++) {
    mw_ms d = mw_channel_deadline (&c->port.bus.member[i]);
    next = d < next ? d : next;
  }
  return next;
}

static void
tick (mw_channel *c, mw_ms now)
{
  for (unsigned i = 0; i < c->port.bus.n; i++)
    if (mw_channel_deadline (&c->port.bus.member[i]) <= now)
      c->port.bus.member[i].klass->tick (&c->port.bus.member[i], now);
}

static mw_line
line (const mw_channel *c)
{
  return mw_channel_line (speaker (c));
}

static bool
is_dead (const mw_channel *c)
{
  (void) c; /* a line stays */
  return false;
}

static void
hear (mw_channel *c, uint32_t baud, bool changed, mw_ms now)
{
  for (unsigned i = 0; i < c->port.bus.n; i++)
    mw_channel_hear (&c->port.bus.member[i], baud, changed, now);
}

const mw_channel_class mw_channel_bus = { reset, feed, tx,      tx_ack, deadline,
                                          tick,  line, is_dead, hear };
