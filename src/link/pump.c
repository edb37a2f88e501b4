/* pump.c: see pump.h. */
#include "link/pump.h"

#include "iec62056_21/client.h"

#include <string.h>

enum { LONGEST_WAIT_MS = 1000, HELD_WAIT_MS = 10 };

mw_ms
mw_pump_now (void)
{
  return (mw_ms) (g_get_monotonic_time () / 1000);
}

/* Everything that the engine wants sent.  The line is free to be changed by an event after it.
 */
static gboolean
send_all (mw_pump *p, GError **error)
{
  for (;;) {
    mw_span tx = p->ops->tx (p->engine);
    if (!tx.len)
      return TRUE;
    if (!mw_link_write (p->link, tx.ptr, tx.len, p->cancel, error))
      return FALSE;
    p->ops->tx_ack (p->engine, tx.len);
    p->tx_bytes += tx.len;
    p->sending = TRUE;
  }
}

/* Give the engine what is held; it stops at an event. */
static void
feed_held (mw_pump *p)
{
  if (p->rx_at < p->rx_len)
    p->rx_at +=
        p->ops->feed (p->engine, p->rx + p->rx_at, p->rx_len - p->rx_at, mw_pump_now ());
}

/* Wait for bytes until DEADLINE.  Bytes that the engine does not take yet stay where they are,
 * and nothing is read over them. */
static gboolean
receive (mw_pump *p, mw_ms deadline, GError **error)
{
  mw_ms now = mw_pump_now ();
  mw_ms wait = deadline > now ? deadline - now : 0;
  if (p->rx_at < p->rx_len) {
    g_usleep (1000 * MIN (wait, HELD_WAIT_MS));
    return !mw_link_cancelled (p->cancel, error);
  }
  gssize n = mw_link_read (p->link, p->rx, sizeof p->rx, (guint) MIN (wait, LONGEST_WAIT_MS),
                           p->cancel, error);
  if (n < 0)
    return FALSE;
  p->rx_at = 0;
  p->rx_len = (size_t) n;
  p->rx_bytes += (guint64) n;
  if (n && p->sending) {
    p->turns++;
    p->sending = FALSE;
  }
  return TRUE;
}

static gboolean
over_limit (mw_pump *p, GError **error)
{
  if (p->limit == 0 || mw_pump_now () < p->limit)
    return FALSE;
  g_set_error_literal (error, MW_LINK_ERROR, MW_LINK_ERROR_TIMEOUT,
                       "Bytes come without end, and no message among them.");
  return TRUE;
}

/* A deadline that is over is served by a tick, but only after a look for bytes, which may move
 * it: a slow machine must not take an answer for silence. */
static int
run (mw_pump *p, GError **error)
{
  for (;;) {
    int event = p->ops->take_event (p->engine);
    if (event)
      return event;
    if (over_limit (p, error) || !send_all (p, error))
      return -1;
    if ((event = p->ops->take_event (p->engine)))
      return event;
    mw_ms deadline = p->ops->deadline (p->engine);
    if (p->rx_at == p->rx_len && deadline == MW_NEVER)
      return 0;
    if (p->rx_at == p->rx_len && !receive (p, deadline, error))
      return -1;
    size_t before = p->rx_at;
    feed_held (p);
    mw_ms now = mw_pump_now ();
    if (now >= p->ops->deadline (p->engine))
      p->ops->tick (p->engine, now);
    else if (p->rx_len > before && p->rx_at == before && !receive (p, deadline, error))
      return -1;
  }
}

int
mw_pump_run (mw_pump *p, GError **error)
{
  p->started_us = g_get_monotonic_time ();
  int event = run (p, error);
  p->elapsed_us += g_get_monotonic_time () - p->started_us;
  return event;
}

void
mw_pump_switch (mw_pump *p, const mw_pump_ops *ops, void *engine)
{
  p->ops = ops;
  p->engine = engine;
}

static size_t
iec_feed (void *engine, const uint8_t *data, size_t len, mw_ms now)
{
  return mw_iec_client_feed (engine, data, len, now);
}

static mw_span
iec_tx (void *engine)
{
  return mw_iec_client_tx (engine);
}

static void
iec_tx_ack (void *engine, size_t n)
{
  mw_iec_client_tx_ack (engine, n);
}

static mw_ms
iec_deadline (void *engine)
{
  return mw_iec_client_deadline (engine);
}

static void
iec_tick (void *engine, mw_ms now)
{
  mw_iec_client_tick (engine, now);
}

static int
iec_take_event (void *engine)
{
  return (int) mw_iec_client_take_event (engine);
}

const mw_pump_ops mw_pump_iec_client = { iec_feed,     iec_tx,   iec_tx_ack,
                                         iec_deadline, iec_tick, iec_take_event };
