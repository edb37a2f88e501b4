/* server.c: see server.h. */
#include "kmp/server.h"

#include <string.h>

void
mw_kmp_server_init (mw_kmp_server *s, const mw_kmp_server_config *config, const mw_kmp_ops *ops,
                    void *ctx)
{
  memset (s, 0, sizeof *s);
  s->config = *config;
  s->ops = ops;
  s->ctx = ctx;
  s->due = s->gap = MW_NEVER;
}

void
mw_kmp_server_reset (mw_kmp_server *s)
{
  s->due = s->gap = MW_NEVER;
}

size_t
mw_kmp_server_feed (mw_kmp_server *s, const void *data, size_t len, mw_ms now)
{
  (void) s, (void) data, (void) now;
  return len;
}

mw_span
mw_kmp_server_tx (const mw_kmp_server *s)
{
  return (mw_span){ s->tx, s->tx_len };
}

void
mw_kmp_server_tx_ack (mw_kmp_server *s, size_t n, mw_ms now)
{
  (void) s, (void) n, (void) now;
}

mw_ms
mw_kmp_server_deadline (const mw_kmp_server *s)
{
  return s->due;
}

void
mw_kmp_server_tick (mw_kmp_server *s, mw_ms now)
{
  (void) s, (void) now;
}
