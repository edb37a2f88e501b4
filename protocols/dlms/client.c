/* client.c: the client engine: its states, the association, the verbs.
 *
 *   IDLE -> OPENING -> ASSOCIATING -> READY <-> WAITING
 *     ^        |            |           |          |
 *     |        v            v           v          v
 *     +---- CLOSING <--- RELEASING <----+----------+     any: FAILED -> IDLE
 *
 * An event waits in c->event (one) or is made from an answer (c->answering); until it is taken
 * nothing is fed, so that what it borrows stays.
 */
#include "dlms/client.h"

#include <string.h>

#include "dlms/client_parts.h"

void
mw_dlms_client_init (mw_dlms_client *c, mw_transport *transport,
                     const mw_dlms_client_config *config)
{
  memset (c, 0, sizeof *c);
  c->transport = transport;
  c->config = *config;
  if (!c->config.conformance)
    c->config.conformance = MW_CONF_ALL_LN;
  if (!c->config.timeout_ms)
    c->config.timeout_ms = MW_DLMS_TIMEOUT_MS;
  c->deadline = MW_NEVER;
}

static bool
event_waits (const mw_dlms_client *c)
{
  return c->event.kind != MW_DLMS_NOTHING || c->answering;
}

static void
emit (mw_dlms_client *c, enum mw_dlms_event_kind kind, enum mw_err err, mw_span data)
{
  c->event = (mw_dlms_event){ .kind = (uint8_t) kind, .err = err, .data = data };
}

/* The request under way is over; the association stays. */
void
client_done (mw_dlms_client *c, enum mw_err err)
{
  c->answering = false;
  c->outgoing = OUT_NOTHING;
  c->state = CLIENT_READY;
  c->deadline = MW_NEVER;
  emit (c, MW_DLMS_DONE, err, (mw_span){ NULL, 0 });
}

/* The connection is gone, or is given up. */
void
client_fail (mw_dlms_client *c, enum mw_err err)
{
  c->answering = false;
  c->outgoing = OUT_NOTHING;
  c->state = CLIENT_IDLE;
  c->deadline = MW_NEVER;
  if (c->transport->up)
    mw_transport_shut (c->transport, c->now);
  emit (c, MW_DLMS_FAILED, err, (mw_span){ NULL, 0 });
}

/* --- association --------------------------------------------------------------------- */

static void
associated (mw_dlms_client *c, uint32_t conformance, uint16_t max_pdu)
{
  c->conformance = conformance;
  c->server_max_pdu = max_pdu;
  c->state = CLIENT_READY;
  c->deadline = MW_NEVER;
  emit (c, MW_DLMS_ASSOCIATED, MW_OK, (mw_span){ NULL, 0 });
}

/* The transport is up. */
static void
ask (mw_dlms_client *c)
{
  c->state = CLIENT_ASSOCIATING;
  if (c->config.preestablished)
    associated (c, c->config.conformance, c->config.max_pdu);
  else
    client_want_send (c, OUT_AARQ);
}

enum mw_err
mw_dlms_client_associate (mw_dlms_client *c, mw_ms now)
{
  enum mw_err err;
  if (c->state != CLIENT_IDLE || event_waits (c))
    return MW_ERR_STATE;
  if (c->config.mechanism > MW_AUTH_LOW)
    return MW_ERR_UNSUPPORTED;
  c->now = now;
  c->conformance = 0;
  c->server_max_pdu = 0;
  c->acse_result = c->acse_source = c->acse_diagnostic = 0;
  c->service_error_class = c->service_error_code = 0;
  c->invoke = MW_INVOKE_CONFIRMED | MW_INVOKE_HIGH;
  if (c->transport->up) {
    ask (c);
    return MW_OK;
  }
  while (mw_transport_take_event (c->transport)) { /* of a connection before */
  }
  err = mw_transport_open (c->transport, now);
  if (!err)
    c->state = CLIENT_OPENING;
  return err;
}

static void
on_refused (mw_dlms_client *c, const mw_acse *a)
{
  bool access = a->diagnostic_source == 1 && a->diagnostic >= MW_DIAG_MECHANISM_NOT_RECOGNISED
                && a->diagnostic <= MW_DIAG_AUTHENTICATION_REQUIRED;
  c->service_error_class = a->initiate.error_class;
  c->service_error_code = a->initiate.error_code;
  client_fail (c, access ? MW_ERR_ACCESS : MW_ERR_REJECTED);
}

/* Green Book 9.4.4.1: accepted, with the InitiateResponse inside. */
static void
on_aare (mw_dlms_client *c, mw_span octets)
{
  mw_acse a;
  enum mw_err err = mw_acse_decode (octets, &a);
  if (err) {
    client_fail (c, MW_ERR_PROTOCOL);
    return;
  }
  c->acse_result = a.result;
  c->acse_source = a.diagnostic_source;
  c->acse_diagnostic = a.diagnostic;
  if (a.result != MW_ACSE_ACCEPTED || a.initiate.kind == MW_INITIATE_ERROR) {
    on_refused (c, &a);
    return;
  }
  if (a.initiate.kind != MW_INITIATE_PLAIN
      || a.user_information.ptr[0] != MW_APDU_INITIATE_RESPONSE || a.initiate.version != 6
      || (a.initiate.max_pdu && a.initiate.max_pdu < 12)) {
    client_fail (c, MW_ERR_PROTOCOL);
    return;
  }
  associated (c, a.initiate.conformance & c->config.conformance, a.initiate.max_pdu);
}

static void
shut (mw_dlms_client *c)
{
  c->state = CLIENT_CLOSING;
  c->outgoing = OUT_NOTHING;
  c->deadline = MW_NEVER;
  mw_transport_shut (c->transport, c->now);
}

enum mw_err
mw_dlms_client_release (mw_dlms_client *c, mw_ms now)
{
  mw_wr room;
  bool there = c->state == CLIENT_READY || c->state == CLIENT_WAITING;
  if (c->state == CLIENT_IDLE || c->state == CLIENT_CLOSING || c->state == CLIENT_RELEASING)
    return MW_ERR_STATE;
  c->now = now;
  c->answering = false;
  c->event.kind = MW_DLMS_NOTHING;
  room = mw_transport_room (c->transport);
  if (!there || c->config.no_release || c->config.preestablished || mw_wr_left (&room) == 0) {
    shut (c);
    return MW_OK;
  }
  c->state = CLIENT_RELEASING;
  client_want_send (c, OUT_RLRQ);
  return MW_OK;
}

/* --- requests ------------------------------------------------------------------------ */

static enum mw_err
request (mw_dlms_client *c, uint8_t service, uint32_t conformance, const mw_dlms_item *items,
         size_t n, mw_ms now)
{
  if (c->state != CLIENT_READY || event_waits (c))
    return MW_ERR_STATE;
  if (n == 0 || n > UINT16_MAX)
    return MW_ERR_VALUE;
  for (size_t i = 0; i < n && service == MW_APDU_SET_REQUEST; i++)
    if (items[i].value.len == 0)
      return MW_ERR_VALUE;
  c->now = now;
  c->service = service;
  c->items = items;
  c->count = (uint16_t) n;
  c->first = 0;
  c->state = CLIENT_WAITING;
  c->exception = (mw_exception){ 0 };
  if (c->conformance & conformance)
    client_want_send (c, OUT_REQUEST);
  else
    client_done (c, MW_ERR_UNSUPPORTED);
  return MW_OK;
}

enum mw_err
mw_dlms_client_get (mw_dlms_client *c, const mw_dlms_item *items, size_t n, mw_ms now)
{
  return request (c, MW_APDU_GET_REQUEST, MW_CONF_GET, items, n, now);
}

enum mw_err
mw_dlms_client_set (mw_dlms_client *c, const mw_dlms_item *items, size_t n, mw_ms now)
{
  return request (c, MW_APDU_SET_REQUEST, MW_CONF_SET, items, n, now);
}

enum mw_err
mw_dlms_client_action (mw_dlms_client *c, const mw_dlms_item *items, size_t n, mw_ms now)
{
  return request (c, MW_APDU_ACTION_REQUEST, MW_CONF_ACTION, items, n, now);
}

/* --- what comes ---------------------------------------------------------------------- */

/* Exception-Response or ConfirmedServiceError instead of an answer. */
static void
on_exception (mw_dlms_client *c, mw_span octets)
{
  mw_initiate error;
  if (octets.ptr[0] == MW_APDU_EXCEPTION_RESPONSE) {
    if (mw_exception_decode (octets, &c->exception))
      return;
  } else {
    if (mw_initiate_decode (octets, &error))
      return;
    c->service_error_class = error.error_class;
    c->service_error_code = error.error_code;
  }
  if (c->state == CLIENT_WAITING)
    client_done (c, MW_ERR_REFUSED);
  else if (c->state == CLIENT_ASSOCIATING)
    client_fail (c, MW_ERR_REJECTED);
  else if (c->state == CLIENT_RELEASING)
    shut (c);
}

static void
on_apdu (mw_dlms_client *c)
{
  mw_span octets = mw_transport_apdu (c->transport);
  if (octets.len == 0)
    return;
  switch (octets.ptr[0]) {
  case MW_APDU_DATA_NOTIFICATION:
  case MW_APDU_EVENT_NOTIFICATION:
    emit (c, MW_DLMS_NOTIFICATION, MW_OK, octets);
    break;
  case MW_APDU_AARE:
    if (c->state == CLIENT_ASSOCIATING)
      on_aare (c, octets);
    break;
  case MW_APDU_RLRE:
    if (c->state == CLIENT_RELEASING)
      shut (c);
    break;
  case MW_APDU_EXCEPTION_RESPONSE:
  case MW_APDU_CONFIRMED_SERVICE_ERROR:
    on_exception (c, octets);
    break;
  default:
    client_on_response (c, octets);
    break;
  }
}

static void
on_down (mw_dlms_client *c, enum mw_err err)
{
  if (c->state == CLIENT_IDLE)
    return;
  if (c->state != CLIENT_CLOSING && c->state != CLIENT_RELEASING) {
    client_fail (c, err);
    return;
  }
  c->state = CLIENT_IDLE;
  c->deadline = MW_NEVER;
  emit (c, MW_DLMS_RELEASED, MW_OK, (mw_span){ NULL, 0 });
}

static void
on_event (mw_dlms_client *c, enum mw_transport_event event)
{
  enum mw_err err = c->transport->err;
  switch (event) {
  case MW_TRANSPORT_UP:
    if (c->state == CLIENT_OPENING)
      ask (c);
    break;
  case MW_TRANSPORT_APDU:
  case MW_TRANSPORT_NOTICE:
    on_apdu (c);
    break;
  case MW_TRANSPORT_SENT:
    client_send (c);
    break;
  case MW_TRANSPORT_DOWN:
  case MW_TRANSPORT_FAILED:
    on_down (c, err ? err : MW_ERR_CLOSED);
    break;
  default:
    break;
  }
}

static void
drain (mw_dlms_client *c)
{
  enum mw_transport_event event;
  while (!event_waits (c) && (event = mw_transport_take_event (c->transport)) != 0)
    on_event (c, event);
}

/* Octets moved: at 9600 baud an APDU of 64 KB takes more than a minute, and that is no silence.
 * More than twice the longest APDU is no answer either, nor is one that has no end: then time
 * counts again. */
static void
progress (mw_dlms_client *c, size_t n)
{
  if (c->deadline == MW_NEVER || n == 0)
    return;
  c->moved += (uint32_t) n;
  if (c->moved <= 2 * MW_APDU_MAX && c->now < c->since + MW_DLMS_LONGEST_MS)
    c->deadline = c->now + c->config.timeout_ms;
}

/* --- the verbs ----------------------------------------------------------------------- */

size_t
mw_dlms_client_feed (mw_dlms_client *c, const void *data, size_t len, mw_ms now)
{
  const uint8_t *octets = data;
  size_t at = 0;
  c->now = now;
  drain (c);
  while (at < len && !event_waits (c)) {
    size_t n = mw_transport_feed (c->transport, octets + at, len - at, now);
    at += n;
    progress (c, n);
    drain (c);
    if (n == 0)
      break;
  }
  return at;
}

mw_span
mw_dlms_client_tx (mw_dlms_client *c)
{
  return mw_transport_tx (c->transport);
}

void
mw_dlms_client_tx_ack (mw_dlms_client *c, size_t n, mw_ms now)
{
  c->now = now;
  mw_transport_tx_ack (c->transport, n, now);
  progress (c, n);
  drain (c);
}

mw_ms
mw_dlms_client_deadline (const mw_dlms_client *c)
{
  mw_ms transport = mw_transport_deadline (c->transport);
  return c->deadline < transport ? c->deadline : transport;
}

void
mw_dlms_client_tick (mw_dlms_client *c, mw_ms now)
{
  if (event_waits (c))
    return;
  c->now = now;
  mw_transport_tick (c->transport, now);
  drain (c);
  if (now < c->deadline || event_waits (c))
    return;
  if (c->state == CLIENT_RELEASING)
    shut (c);
  else
    client_fail (c, MW_ERR_TIMEOUT);
}

mw_dlms_event
mw_dlms_client_take_event (mw_dlms_client *c)
{
  mw_dlms_event e;
  drain (c);
  e = client_next_event (c);
  if (e.kind != MW_DLMS_NOTHING)
    return e;
  drain (c); /* the answer is used up: what came behind it? */
  e = c->event;
  if (e.kind == MW_DLMS_NOTHING)
    return client_next_event (c);
  c->event.kind = MW_DLMS_NOTHING;
  return e;
}
