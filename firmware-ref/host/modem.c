/* modem.c: see modem.h. */
#include "host/modem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FROM_MODEM, FROM_MODULE, FROM_METER };

/* ---- the module in the meter ---- */

static bool
module_register (void *ctx, uint16_t id, mw_kmp_value *out)
{
  const mw_host_modem *m = ctx;
  if (id != MW_KMP_MODULE_SIGNAL)
    return false;
  *out = (mw_kmp_value){ .id = id, .unit = MW_KMP_UNIT_NUMBER, .octets = 1 };
  out->data[0] = m->far_signal;
  return true;
}

static const mw_kmp_ops module_ops = { .get_register = module_register };

/* ---- the channel ---- */

static mw_host_modem *
of (const mw_channel *c)
{
  return c->port.modem;
}

static void
hang_up_meter (mw_host_modem *m, mw_ms now)
{
  m->meter.klass->reset (&m->meter, now);
  mw_kmp_server_reset (&m->module);
}

/* What follows from a change between online and not. */
static void
notice (mw_host_modem *m, mw_ms now)
{
  bool call = mw_modem_server_call (&m->server);
  if (call && !m->was_online)
    m->given = 0;
  if (!call && m->was_online)
    hang_up_meter (m, now);
  m->was_online = call;
}

/* Nobody hears the meter while no call is online. */
static void
waste (mw_host_modem *m, mw_ms now)
{
  mw_span tx = mw_channel_tx (&m->meter);
  for (unsigned i = 0; i < 64 && tx.len > 0; i++, tx = mw_channel_tx (&m->meter))
    m->meter.klass->tx_ack (&m->meter, tx.len, now);
  tx = mw_kmp_server_tx (&m->module);
  if (tx.len > 0)
    mw_kmp_server_tx_ack (&m->module, tx.len, now);
}

static void
modem_reset (mw_channel *c, mw_ms now)
{
  (void) c, (void) now; /* a closed port does not end a call */
}

static void
modem_feed (mw_channel *c, const void *data, size_t len, mw_ms now)
{
  mw_host_modem *m = of (c);
  const uint8_t *bytes = data;
  for (size_t at = 0; at < len && !m->silent;) {
    mw_span payload;
    at += mw_modem_server_feed (&m->server, bytes + at, len - at, &payload, now);
    notice (m, now);
    if (payload.len > 0) {
      m->meter.klass->feed (&m->meter, payload.ptr, payload.len, now);
      mw_kmp_server_feed (&m->module, payload.ptr, payload.len, now);
    }
  }
}

static mw_span
modem_tx (mw_channel *c)
{
  mw_host_modem *m = of (c);
  mw_span tx = mw_modem_server_tx (&m->server);
  m->source = FROM_MODEM;
  if (tx.len > 0 || !mw_modem_server_online (&m->server) || m->silent)
    return tx;
  tx = mw_kmp_server_tx (&m->module);
  m->source = FROM_MODULE;
  if (tx.len > 0)
    return tx;
  tx = mw_channel_tx (&m->meter);
  m->source = FROM_METER;
  if (m->drop_after && tx.len > m->drop_after - m->given)
    tx.len = (size_t) (m->drop_after - m->given);
  return tx;
}

static void
modem_tx_ack (mw_channel *c, size_t n, mw_ms now)
{
  mw_host_modem *m = of (c);
  if (m->source == FROM_MODEM)
    mw_modem_server_tx_ack (&m->server, n);
  else if (m->source == FROM_MODULE)
    mw_kmp_server_tx_ack (&m->module, n, now);
  else {
    m->meter.klass->tx_ack (&m->meter, n, now);
    m->given += n;
    if (m->drop_after && m->given >= m->drop_after) {
      m->drop_after = 0;
      mw_modem_server_drop (&m->server);
    }
  }
  notice (m, now);
}

static mw_ms
modem_deadline (const mw_channel *c)
{
  const mw_host_modem *m = of (c);
  mw_ms due[3] = { mw_modem_server_deadline (&m->server), mw_kmp_server_deadline (&m->module),
                   mw_channel_deadline ((mw_channel *) &m->meter) };
  mw_ms next = due[0];
  for (unsigned i = 1; i < 3; i++)
    next = due[i] < next ? due[i] : next;
  return next;
}

static void
modem_tick (mw_channel *c, mw_ms now)
{
  mw_host_modem *m = of (c);
  mw_modem_server_tick (&m->server, now);
  mw_kmp_server_tick (&m->module, now);
  m->meter.klass->tick (&m->meter, now);
  notice (m, now);
  if (!mw_modem_server_online (&m->server))
    waste (m, now);
}

static mw_line
modem_line (const mw_channel *c)
{
  (void) c;
  return mw_line_8n1 (9600);
}

static bool
modem_is_dead (const mw_channel *c)
{
  (void) c;
  return false;
}

const mw_channel_class mw_channel_modem = { modem_reset,  modem_feed,     modem_tx,
                                            modem_tx_ack, modem_deadline, modem_tick,
                                            modem_line,   modem_is_dead,  NULL };

void
mw_host_modem_init (mw_host_modem *modem, mw_channel *c, mw_ref *r,
                    const mw_modem_network *network, mw_ms now)
{
  mw_kmp_server_config module = { .address = MW_KMP_BASE, .reaction_ms = 20, .gap_ms = 500 };
  memset (modem, 0, sizeof *modem);
  modem->far_signal = 18;
  mw_modem_server_init (&modem->server, network);
  mw_kmp_server_init (&modem->module, &module, &module_ops, modem);
  r->klass->connect (r, &modem->meter,
                     r->klass->lacks (r, MW_REF_KMP) ? MW_REF_HDLC : MW_REF_KMP, now);
  c->klass = &mw_channel_modem;
  c->port.modem = modem;
}

/* ---- what a person does ---- */

static const char *const outcomes[] = { "answer",      "busy",      "no-carrier",
                                        "no-dialtone", "no-answer", "nothing" };

bool
mw_host_modem_outcome (const char *word, enum mw_modem_outcome *out)
{
  for (unsigned i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
    if (strcmp (word, outcomes[i]) == 0) {
      *out = (enum mw_modem_outcome) i;
      return true;
    }
  return false;
}

static bool
number (const char *text, unsigned long long most, unsigned long long *out)
{
  char *end;
  *out = strtoull (text, &end, 10);
  return text[0] >= '0' && text[0] <= '9' && !*end && *out <= most;
}

bool
mw_host_modem_command (mw_host_modem *m, char *const *w, char *reply, size_t cap)
{
  unsigned long long n = 0;
  const char *status = mw_modem_server_online (&m->server) ? "online"
                       : mw_modem_server_call (&m->server) ? "held"
                                                           : "idle";
  if (mw_host_modem_outcome (w[0], &m->server.network.outcome))
    return true;
  if (strcmp (w[0], "drop") == 0)
    mw_modem_server_drop (&m->server);
  else if (strcmp (w[0], "drop-after") == 0 && number (w[1], UINT64_MAX / 2, &n)) {
    m->drop_after = n;
    m->given = 0;
  } else if (strcmp (w[0], "signal") == 0 && number (w[1], 99, &n))
    m->server.network.signal = (uint8_t) n;
  else if (strcmp (w[0], "far-signal") == 0 && number (w[1], 99, &n))
    m->far_signal = (uint8_t) n;
  else if (strcmp (w[0], "register") == 0 && number (w[1], 5, &n))
    m->server.network.registration = (uint8_t) n;
  else if (strcmp (w[0], "off") == 0 || strcmp (w[0], "on") == 0)
    m->silent = w[0][1] == 'f';
  else if (strcmp (w[0], "status") == 0)
    snprintf (reply, cap, "%s, called %s, %llu octets", status,
              m->server.called[0] ? m->server.called : "nobody", (unsigned long long) m->given);
  else
    return false;
  return true;
}
