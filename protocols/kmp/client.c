/* client.c: see client.h. */
#include "kmp/client.h"

#include <string.h>

void
mw_kmp_client_init (mw_kmp_client *c, const mw_kmp_client_config *config)
{
  memset (c, 0, sizeof *c);
  c->config = *config;
  c->due = MW_NEVER;
}

enum mw_err
mw_kmp_client_get_type (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_get_serial (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_get_registers (mw_kmp_client *c, const uint16_t *ids, size_t n, mw_ms now)
{
  (void) c, (void) ids, (void) n, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_put_register (mw_kmp_client *c, uint16_t password, const mw_kmp_value *value,
                            mw_ms now)
{
  (void) c, (void) password, (void) value, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_set_clock (mw_kmp_client *c, const mw_civil *t, mw_ms now)
{
  (void) c, (void) t, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_login (mw_kmp_client *c, uint16_t pin, mw_ms now)
{
  (void) c, (void) pin, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_set_cut_off (mw_kmp_client *c, uint8_t what, mw_ms now)
{
  (void) c, (void) what, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_get_cut_off (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_get_event_status (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_clear_event_status (mw_kmp_client *c, const uint8_t conditional[4],
                                  const uint8_t unconditional[4], mw_ms now)
{
  (void) c, (void) conditional, (void) unconditional, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_get_quality (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_set_quality (mw_kmp_client *c, const mw_kmp_quality *q, mw_ms now)
{
  (void) c, (void) q, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_command (mw_kmp_client *c, uint8_t cid, mw_span data, mw_ms now)
{
  (void) c, (void) cid, (void) data, (void) now;
  return MW_ERR_UNSUPPORTED;
}

enum mw_err
mw_kmp_client_read_log (mw_kmp_client *c, const mw_kmp_log_query *q, mw_ms now)
{
  (void) c, (void) q, (void) now;
  return MW_ERR_UNSUPPORTED;
}

void
mw_kmp_client_cancel (mw_kmp_client *c)
{
  c->due = MW_NEVER;
}

size_t
mw_kmp_client_feed (mw_kmp_client *c, const void *data, size_t len, mw_ms now)
{
  (void) c, (void) data, (void) now;
  return len;
}

mw_span
mw_kmp_client_tx (const mw_kmp_client *c)
{
  return (mw_span){ c->tx, c->tx_len };
}

void
mw_kmp_client_tx_ack (mw_kmp_client *c, size_t n, mw_ms now)
{
  (void) c, (void) n, (void) now;
}

mw_ms
mw_kmp_client_deadline (const mw_kmp_client *c)
{
  return c->due;
}

void
mw_kmp_client_tick (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
}

mw_kmp_event
mw_kmp_client_take_event (mw_kmp_client *c, mw_ms now)
{
  (void) c, (void) now;
  return (mw_kmp_event){ MW_KMP_NOTHING };
}

const char *
mw_kmp_violation_text (unsigned violation)
{
  return violation ? "the answer was not as asked" : "the answer was right";
}

const char *
mw_kmp_cut_off_text (unsigned state)
{
  return state == 4 ? "connected" : NULL;
}
