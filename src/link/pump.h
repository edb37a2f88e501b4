/* pump.h: the loop between one protocol engine and one link.
 *
 * Generic over the verbs of protocols/base/engine.h: IEC, HDLC, the wrapper or a client engine
 * over one of them.  The pump runs in the thread that owns engine and link.
 *
 *   mw_pump pump = { .ops = &ops, .engine = &client, .link = link, .cancel = cancel };
 *   while ((event = mw_pump_run (&pump, &error)) > 0) …
 */
#ifndef MW_PUMP_H
#define MW_PUMP_H

#include "base/engine.h"
#include "link.h"

G_BEGIN_DECLS

/* The verbs of an engine, with their types loosened.  A row is made with MW_PUMP_OPS. */
typedef struct mw_pump_ops {
  size_t (*feed) (void *engine, const uint8_t *data, size_t len, mw_ms now);
  mw_span (*tx) (void *engine);
  void (*tx_ack) (void *engine, size_t n);
  mw_ms (*deadline) (void *engine);
  void (*tick) (void *engine, mw_ms now);
  int (*take_event) (void *engine);
} mw_pump_ops;

typedef struct mw_pump {
  /* by the caller */
  const mw_pump_ops *ops;
  void *engine;
  mw_link *link;        /* borrowed */
  GCancellable *cancel; /* borrowed; NULL */
  mw_ms
      limit; /* 0, or when a run ends without an event: bytes that never cease are no silence */
  /* statistics; the caller may read and reset them at any time */
  guint64 tx_bytes, rx_bytes;
  guint64 turns;                 /* changes from sending to receiving */
  gint64 started_us, elapsed_us; /* of the runs together */
  /* private */
  gboolean sending;
  size_t rx_len, rx_at;
  uint8_t rx[4096];
} mw_pump;

/* Milliseconds of the pump's clock (monotonic). */
mw_ms mw_pump_now (void);
/* Run until the engine has an event, and return it (> 0).  0: the engine waits for nothing. -1:
 * the link failed or was cancelled, within 100 ms, or the limit has passed.  Bytes that came
 * after the event are kept for the next run. */
int mw_pump_run (mw_pump *p, GError **error);
/* Another engine takes the link over: bytes that are held go to it (mode E to HDLC). */
void mw_pump_switch (mw_pump *p, const mw_pump_ops *ops, void *engine);

/* Rows for the engines of protocols/iec62056_21 (more stand beside their users). */
extern const mw_pump_ops mw_pump_iec_client;

G_END_DECLS

#endif
