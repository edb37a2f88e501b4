/* server.c: the server engine: what comes, who answers it, the verbs.
 *
 * Requests are answered one after the other.  One that comes while the answer before it still
 * leaves is kept in the transport's receive buffer (s->waits) and nothing more is fed until
 * there is room.
 */
#include "dlms/server.h"

#include <string.h>

#include "dlms/server_parts.h"

void
mw_dlms_server_init (mw_dlms_server *s, mw_transport *transport, const mw_dlms_ops *ops,
                     void *ctx, const mw_dlms_server_config *config)
{
  memset (s, 0, sizeof *s);
  s->transport = transport;
  s->ops = ops;
  s->ctx = ctx;
  s->config = *config;
  if (!s->config.conformance)
    s->config.conformance = MW_CONF_ALL_LN;
  s->deadline = MW_NEVER;
}

/* The association is over, and with it all that was under way. */
void
server_drop (mw_dlms_server *s)
{
  server_answer_end (s);
  server_long_end (s);
  if (s->associated && s->ops->released)
    s->ops->released (s->ctx);
  s->associated = false;
  s->conformance = 0;
  s->client_max_pdu = 0;
}

/* --- sending ------------------------------------------------------------------------- */

/* A writer over the transport's room, no longer than the client takes. */
mw_wr
server_room (mw_dlms_server *s)
{
  mw_wr w = mw_transport_room (s->transport);
  if (s->associated && s->client_max_pdu && mw_wr_left (&w) > s->client_max_pdu)
    w.end = w.start + s->client_max_pdu;
  return w;
}

void
server_send (mw_dlms_server *s, mw_wr *w)
{
  if (!w->err)
    mw_transport_send (s->transport, mw_wr_done (w), false, s->now);
}

void
server_except (mw_dlms_server *s, uint8_t state, uint8_t service)
{
  mw_wr w = server_room (s);
  mw_exception e = { .state = state, .service = service };
  mw_exception_encode (&w, &e);
  server_send (s, &w);
}

/* --- what comes ---------------------------------------------------------------------- */

/* GET, SET or ACTION.  Not associated: not allowed.  Not negotiated (Green Book 9.4.6.1), or a
 * form the standard does not have: not supported. */
static void
on_service (mw_dlms_server *s, mw_span octets)
{
  mw_apdu a;
  enum mw_err err = mw_apdu_decode (octets, &a);
  uint32_t needed = a.tag == MW_APDU_GET_REQUEST   ? MW_CONF_GET
                    : a.tag == MW_APDU_SET_REQUEST ? MW_CONF_SET
                                                   : MW_CONF_ACTION;
  if (!s->associated)
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_NOT_POSSIBLE);
  else if (!(s->conformance & needed) || err == MW_ERR_UNSUPPORTED)
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_NOT_SUPPORTED);
  else if (err)
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_OTHER_REASON);
  else if (a.tag == MW_APDU_GET_REQUEST)
    server_on_get (s, &a);
  else if (a.tag == MW_APDU_SET_REQUEST)
    server_on_set (s, &a);
  else
    server_on_action (s, &a);
}

/* A pre-established association is there as soon as it is used, with all that we offer. */
static void
preestablish (mw_dlms_server *s)
{
  mw_dlms_login login = { .client_sap = s->transport->client,
                          .logical_device = s->transport->server,
                          .mechanism = MW_AUTH_NONE,
                          .context = MW_CONTEXT_LN };
  if (s->associated || !s->config.preestablished || login.client_sap != s->config.preestablished
      || s->ops->associate (s->ctx, &login) != MW_DIAG_NULL)
    return;
  s->associated = true;
  s->client_sap = login.client_sap;
  s->logical_device = login.logical_device;
  s->conformance = s->config.conformance;
  s->client_max_pdu = s->config.max_pdu;
}

/* On a wrapper each APDU names its client and logical device: another pair than the associated
 * one is not associated. */
static void
on_apdu (mw_dlms_server *s)
{
  mw_span octets = mw_transport_apdu (s->transport);
  if (s->associated
      && (s->client_sap != s->transport->client || s->logical_device != s->transport->server))
    server_drop (s);
  switch (octets.len ? octets.ptr[0] : 0) {
  case MW_APDU_AARQ:
    server_on_aarq (s, octets);
    break;
  case MW_APDU_RLRQ:
    server_on_rlrq (s, octets);
    break;
  case MW_APDU_GET_REQUEST:
  case MW_APDU_SET_REQUEST:
  case MW_APDU_ACTION_REQUEST:
    preestablish (s);
    on_service (s, octets);
    break;
  default:
    server_except (s, MW_STATE_UNKNOWN, MW_SERVICE_NOT_SUPPORTED);
    break;
  }
  s->deadline = s->config.inactivity_ms ? s->now + s->config.inactivity_ms : MW_NEVER;
}

static void
on_event (mw_dlms_server *s, enum mw_transport_event event)
{
  switch (event) {
  case MW_TRANSPORT_UP:
    server_drop (s);
    s->deadline = s->config.inactivity_ms ? s->now + s->config.inactivity_ms : MW_NEVER;
    break;
  case MW_TRANSPORT_APDU:
    s->waits = true;
    break;
  case MW_TRANSPORT_DOWN:
  case MW_TRANSPORT_FAILED:
    if (event == MW_TRANSPORT_FAILED)
      s->lost = s->transport->err;
    server_drop (s);
    s->waits = false;
    s->deadline = MW_NEVER;
    mw_transport_open (s->transport, s->now); /* listen again */
    break;
  default:
    break;
  }
}

/* Take events; answer what waits when there is room for an answer. */
static void
drain (mw_dlms_server *s)
{
  for (;;) {
    enum mw_transport_event event = mw_transport_take_event (s->transport);
    mw_wr room;
    if (event)
      on_event (s, event);
    room = mw_transport_room (s->transport);
    if (s->waits && mw_wr_left (&room)) {
      s->waits = false;
      on_apdu (s);
    } else if (!event) {
      return;
    }
  }
}

/* --- the verbs ----------------------------------------------------------------------- */

size_t
mw_dlms_server_feed (mw_dlms_server *s, const void *data, size_t len, mw_ms now)
{
  const uint8_t *octets = data;
  size_t at = 0;
  s->now = now;
  drain (s);
  while (at < len) {
    size_t n;
    if (s->waits && mw_transport_tx (s->transport).len)
      break;
    s->waits = false; /* sent, yet not confirmed, and the client says something new: forget */
    n = mw_transport_feed (s->transport, octets + at, len - at, now);
    at += n;
    drain (s);
    if (n == 0)
      break;
  }
  return at;
}

mw_span
mw_dlms_server_tx (mw_dlms_server *s)
{
  return mw_transport_tx (s->transport);
}

void
mw_dlms_server_tx_ack (mw_dlms_server *s, size_t n, mw_ms now)
{
  s->now = now;
  mw_transport_tx_ack (s->transport, n, now);
  drain (s);
}

mw_ms
mw_dlms_server_deadline (const mw_dlms_server *s)
{
  mw_ms transport = mw_transport_deadline (s->transport);
  return s->deadline < transport ? s->deadline : transport;
}

void
mw_dlms_server_tick (mw_dlms_server *s, mw_ms now)
{
  s->now = now;
  drain (s);
  if (s->waits && mw_transport_tx (s->transport).len)
    return;
  s->waits = false;
  mw_transport_tick (s->transport, now);
  drain (s);
  if (now < s->deadline)
    return;
  s->deadline = MW_NEVER;
  server_drop (s);
  mw_transport_shut (s->transport, now);
  drain (s);
}

void
mw_dlms_server_reset (mw_dlms_server *s)
{
  server_drop (s);
  s->waits = false;
  s->deadline = MW_NEVER;
  mw_transport_shut (s->transport, s->now);
  drain (s);
}
