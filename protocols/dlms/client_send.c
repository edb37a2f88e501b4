/* client_send.c: what the client sends: AARQ, requests and their blocks, RLRQ.
 *
 * A request takes as many of the items as one APDU can: those whose descriptors fit, when the
 * server takes lists; else one.  Values that do not fit beside them travel in blocks
 * (Green Book 9.4.6.4, 9.4.6.5).
 */
#include <string.h>

#include "dlms/client_parts.h"

/* DataBlock-SA before its raw data: last-block, number, a length of up to three octets. */
#define BLOCK_HEADER 8u

/* Octets that an APDU may have: what the server takes, and our room. */
static uint32_t
limit_of (const mw_dlms_client *c, const mw_wr *w)
{
  size_t cap = mw_wr_left (w);
  if (c->server_max_pdu && cap > c->server_max_pdu)
    cap = c->server_max_pdu;
  return (uint32_t) cap;
}

static uint32_t
length_octets (uint32_t n)
{
  return n < 0x80 ? 1 : n < 0x100 ? 2 : n < 0x10000 ? 3 : 5;
}

/* --- how much goes into one APDU -------------------------------------------------------------
 */

static uint32_t
descriptor_size (const mw_dlms_client *c, const mw_dlms_item *item)
{
  if (c->service == MW_APDU_ACTION_REQUEST)
    return 9;
  return item->access.selector ? 11 + (uint32_t) item->access.parameters.len : 10;
}

/* In a list an ACTION without parameter has null-data. */
static uint32_t
value_size (const mw_dlms_client *c, const mw_dlms_item *item)
{
  return item->value.len || c->service == MW_APDU_GET_REQUEST ? (uint32_t) item->value.len : 1;
}

static bool
has_blocks (const mw_dlms_client *c)
{
  return c->conformance
         & (c->service == MW_APDU_SET_REQUEST ? MW_CONF_BLOCK_SET : MW_CONF_BLOCK_ACTION);
}

/* How many items from c->first go into a list of LIMIT octets; at least 1.  Where blocks can be
 * used only the descriptors count, else the values too. */
static uint16_t
batch_of (const mw_dlms_client *c, uint32_t limit)
{
  bool values = c->service != MW_APDU_GET_REQUEST;
  uint32_t used = 3 + 3 + (values ? has_blocks (c) ? BLOCK_HEADER + 1 : 3 : 0);
  uint16_t n = 0;
  if (!(c->conformance & MW_CONF_MULTIPLE))
    return 1;
  for (; c->first + n < c->count; n++) {
    const mw_dlms_item *item = &c->items[c->first + n];
    used += descriptor_size (c, item);
    if (values && !has_blocks (c))
      used += value_size (c, item);
    if (used > limit)
      break;
  }
  return n ? n : 1;
}

/* Octets of what travels as raw data: the value; of a list its number and values. */
static uint32_t
body_size (const mw_dlms_client *c)
{
  uint32_t n = c->batch > 1 ? length_octets (c->batch) : 0;
  for (uint16_t i = 0; i < c->batch; i++) {
    const mw_dlms_item *item = &c->items[c->first + i];
    n += c->batch > 1 ? value_size (c, item) : (uint32_t) item->value.len;
  }
  return n;
}

/* Octets [FROM, FROM + N) of that. */
static void
put_body (const mw_dlms_client *c, mw_wr *w, uint32_t from, uint32_t n)
{
  static const uint8_t null_data[1] = { MW_AXDR_NULL_DATA };
  uint8_t count[5];
  mw_wr number;
  mw_wr_init (&number, count, sizeof count);
  if (c->batch > 1)
    mw_axdr_put_length (&number, c->batch);
  for (int i = -1; i < c->batch && n; i++) {
    mw_span part = i < 0 ? mw_wr_done (&number) : c->items[c->first + i].value;
    if (i >= 0 && c->batch > 1 && part.len == 0)
      part = (mw_span){ null_data, 1 };
    if (from >= part.len) {
      from -= (uint32_t) part.len;
      continue;
    }
    uint32_t take = (uint32_t) part.len - from < n ? (uint32_t) part.len - from : n;
    mw_wr_bytes (w, part.ptr + from, take);
    n -= take;
    from = 0;
  }
}

/* --- writing ------------------------------------------------------------------------- */

static void
put_header (mw_dlms_client *c, mw_wr *w, uint8_t form)
{
  mw_wr_u8 (w, c->service);
  mw_wr_u8 (w, form);
  mw_wr_u8 (w, c->invoke);
}

static void
put_descriptors (const mw_dlms_client *c, mw_wr *w)
{
  if (c->batch > 1)
    mw_axdr_put_length (w, c->batch);
  for (uint16_t i = 0; i < c->batch; i++) {
    const mw_dlms_item *item = &c->items[c->first + i];
    mw_dlms_attr_put (w, &item->attr);
    if (c->service != MW_APDU_ACTION_REQUEST)
      mw_dlms_selection_put (w, &item->access);
  }
}

/* A block with as much of the body as fits into LIMIT octets of the whole APDU. */
static void
put_block (mw_dlms_client *c, mw_wr *w, uint32_t limit)
{
  uint32_t used = (uint32_t) mw_wr_len (w) + 5;
  uint32_t left = body_size (c) - c->sent, n;
  if (used + 2 > limit) {
    mw_wr_fail (w, MW_ERR_SPACE);
    return;
  }
  n = limit - used - 1;
  while (n + length_octets (n) > limit - used)
    n--;
  if (n > left)
    n = left;
  c->block++;
  mw_wr_u8 (w, n == left);
  mw_wr_u32 (w, c->block);
  mw_axdr_put_length (w, n);
  put_body (c, w, c->sent, n);
  c->sent += n;
  c->sending_blocks = c->sent < body_size (c);
}

static void
put_get (mw_dlms_client *c, mw_wr *w)
{
  put_header (c, w, c->batch > 1 ? MW_GET_LIST : MW_GET_NORMAL);
  put_descriptors (c, w);
}

/* SET and ACTION: whole when it fits, else its first block. */
static void
put_long (mw_dlms_client *c, mw_wr *w, uint32_t limit)
{
  bool set = c->service == MW_APDU_SET_REQUEST, list = c->batch > 1;
  uint8_t whole =
      set ? (list ? MW_SET_LIST : MW_SET_NORMAL) : (list ? MW_ACTION_LIST : MW_ACTION_NORMAL);
  uint8_t first = set ? (list ? MW_SET_LIST_FIRST_BLOCK : MW_SET_FIRST_BLOCK)
                      : (list ? MW_ACTION_LIST_FIRST_BLOCK : MW_ACTION_FIRST_BLOCK);
  uint32_t size = body_size (c);
  bool fits;

  put_header (c, w, whole);
  put_descriptors (c, w);
  fits = mw_wr_len (w) + size + !set <= limit;
  if (fits && !w->err) {
    if (!set && !list)
      mw_wr_u8 (w, size != 0); /* OPTIONAL */
    put_body (c, w, 0, size);
    return;
  }
  if (!has_blocks (c)) {
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
    return;
  }
  if (!w->err)
    w->start[1] = first;
  put_block (c, w, limit);
}

static void
put_request (mw_dlms_client *c, mw_wr *w, uint32_t limit)
{
  c->batch = batch_of (c, limit);
  c->item = 0;
  c->block = 0;
  c->sent = 0;
  c->sending_blocks = false;
  c->blocks_in = false;
  c->invoke = (uint8_t) ((c->invoke & ~MW_INVOKE_ID) | ((c->invoke + 1) & MW_INVOKE_ID));
  if (c->service == MW_APDU_GET_REQUEST)
    put_get (c, w);
  else
    put_long (c, w, limit);
  if (!w->err && mw_wr_len (w) > limit)
    mw_wr_fail (w, MW_ERR_SPACE);
}

static void
put_aarq (const mw_dlms_client *c, mw_wr *w)
{
  uint8_t buf[32];
  mw_wr user;
  mw_initiate i = { .response_allowed = true, .version = 6 };
  mw_acse a = { .tag = MW_APDU_AARQ, .context = MW_CONTEXT_LN };
  i.conformance = c->config.conformance;
  i.max_pdu = c->config.max_pdu;
  mw_wr_init (&user, buf, sizeof buf);
  mw_initiate_request_put (&user, &i);
  a.calling_title = c->config.calling_title;
  if (c->config.mechanism != MW_AUTH_NONE) {
    a.has_requirements = a.has_mechanism = a.has_authentication = true;
    a.requirements = 0x80;
    a.mechanism = c->config.mechanism;
    a.authentication = c->config.password;
  }
  a.user_information = mw_wr_done (&user);
  mw_acse_encode (w, &a);
}

static void
put_outgoing (mw_dlms_client *c, mw_wr *w)
{
  mw_acse rlrq = { .tag = MW_APDU_RLRQ, .has_reason = true };
  uint32_t limit = limit_of (c, w);
  bool set = c->service == MW_APDU_SET_REQUEST;
  switch (c->outgoing) {
  case OUT_AARQ:
    put_aarq (c, w);
    break;
  case OUT_REQUEST:
    put_request (c, w, limit);
    break;
  case OUT_BLOCK:
    put_header (c, w, set ? MW_SET_BLOCK : MW_ACTION_BLOCK);
    put_block (c, w, limit);
    break;
  case OUT_NEXT:
    put_header (c, w, MW_GET_NEXT); /* the same number with ACTION */
    mw_wr_u32 (w, c->block);
    break;
  default:
    mw_acse_encode (w, &rlrq);
    break;
  }
}

/* Send what is due, when the transport has room: else SENT will bring us here again. */
void
client_send (mw_dlms_client *c)
{
  mw_wr w = mw_transport_room (c->transport);
  enum mw_err err;
  if (c->outgoing == OUT_NOTHING || mw_wr_left (&w) == 0)
    return;
  put_outgoing (c, &w);
  err = w.err ? w.err : mw_transport_send (c->transport, mw_wr_done (&w), true, c->now);
  c->outgoing = OUT_NOTHING;
  if (w.err && c->state == CLIENT_WAITING)
    client_done (c, err);
  else if (err)
    client_fail (c, err);
}
