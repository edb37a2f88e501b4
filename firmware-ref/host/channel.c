/* channel.c: see channel.h. */
#include "host/channel.h"

/* --- Mx381 ----------------------------------------------------------------------------------
 */

static void
mx_reset (mw_channel *c, mw_ms now)
{
  mw_port_reset (&c->port.mx381, now);
}

/* Without parity bits while the line has seven bits. */
static void
mx_feed (mw_channel *c, const void *data, size_t len, mw_ms now)
{
  const uint8_t *at = data;
  uint8_t piece[512];
  bool seven = mw_port_line (&c->port.mx381).data_bits == 7;
  while (len > 0) {
    size_t n = len < sizeof piece ? len : sizeof piece;
    for (size_t i = 0; i < n; i++)
      piece[i] = seven ? at[i] & 0x7f : at[i];
    mw_port_feed (&c->port.mx381, piece, n, now);
    at += n;
    len -= n;
  }
}

static mw_span
mx_tx (mw_channel *c)
{
  return mw_port_tx (&c->port.mx381);
}

static void
mx_tx_ack (mw_channel *c, size_t n, mw_ms now)
{
  mw_port_tx_ack (&c->port.mx381, n, now);
}

static mw_ms
mx_deadline (const mw_channel *c)
{
  return mw_port_deadline (&c->port.mx381);
}

static void
mx_tick (mw_channel *c, mw_ms now)
{
  mw_port_tick (&c->port.mx381, now);
}

static mw_line
mx_line (const mw_channel *c)
{
  return mw_port_line (&c->port.mx381);
}

static bool
mx_is_dead (const mw_channel *c)
{
  return mw_port_is_dead (&c->port.mx381);
}

/* At 300 baud every byte is a break for a receiver at 9600: the port begins anew, as an optical
 * port does. */
static void
mx_hear (mw_channel *c, uint32_t baud, bool changed, mw_ms now)
{
  if (changed && baud == 300 && mw_port_line (&c->port.mx381).baud > 300)
    mw_port_reset (&c->port.mx381, now);
}

const mw_channel_class mw_channel_mx381 = { mx_reset,  mx_feed,     mx_tx,
                                            mx_tx_ack, mx_deadline, mx_tick,
                                            mx_line,   mx_is_dead,  mx_hear };

/* --- Kamstrup -------------------------------------------------------------------------------
 */

static void
k_reset (mw_channel *c, mw_ms now)
{
  mw_kport_reset (&c->port.kamstrup, now);
}

static void
k_feed (mw_channel *c, const void *data, size_t len, mw_ms now)
{
  mw_kport_feed (&c->port.kamstrup, data, len, now);
}

static mw_span
k_tx (mw_channel *c)
{
  return mw_kport_tx (&c->port.kamstrup);
}

static void
k_tx_ack (mw_channel *c, size_t n, mw_ms now)
{
  mw_kport_tx_ack (&c->port.kamstrup, n, now);
}

static mw_ms
k_deadline (const mw_channel *c)
{
  return mw_kport_deadline (&c->port.kamstrup);
}

static void
k_tick (mw_channel *c, mw_ms now)
{
  mw_kport_tick (&c->port.kamstrup, now);
}

static mw_line
k_line (const mw_channel *c)
{
  return mw_kport_line (&c->port.kamstrup);
}

static bool
k_is_dead (const mw_channel *c)
{
  return mw_kport_is_dead (&c->port.kamstrup);
}

static void
k_hear (mw_channel *c, uint32_t baud, bool changed, mw_ms now)
{
  (void) changed;
  mw_kport_hear (&c->port.kamstrup, baud, now);
}

const mw_channel_class mw_channel_kamstrup = { k_reset, k_feed, k_tx,      k_tx_ack, k_deadline,
                                               k_tick,  k_line, k_is_dead, k_hear };
