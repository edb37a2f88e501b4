/* client_answer.c: answers turned into events.
 *
 * The octets of an answer (of one APDU, or of a run of blocks) are read by a small machine
 * whose state c->want survives the end of a block anywhere.  It makes one event at a time; when
 * the octets are used up it asks for the next block, goes on with the next items, or is done.
 */
#include <string.h>

#include "dlms/client_parts.h"

static mw_dlms_event
nothing (void)
{
  return (mw_dlms_event){ .kind = MW_DLMS_NOTHING };
}

static mw_dlms_event
broken (mw_dlms_client *c)
{
  client_done (c, MW_ERR_PROTOCOL);
  return nothing ();
}

/* --- the machine --------------------------------------------------------------------- */

static uint8_t
first_want (const mw_dlms_client *c)
{
  if (c->service == MW_APDU_GET_REQUEST)
    return c->batch > 1 ? WANT_CHOICE : WANT_DATA;
  return c->service == MW_APDU_ACTION_REQUEST ? WANT_ACTION : WANT_SET;
}

static void
expect_data (mw_dlms_client *c, uint8_t want)
{
  c->want = want;
  mw_axdr_scan_init (&c->scan);
}

/* The number of a list must be that of the items asked for. */
static bool
on_count (mw_dlms_client *c, uint8_t octet)
{
  if (c->length_octets == 0 && octet >= 0x80) {
    c->length_octets = octet & 0x7f;
    c->length = 0;
    return c->length_octets >= 1 && c->length_octets <= 4;
  }
  c->length = c->length_octets ? c->length << 8 | octet : octet;
  if (c->length_octets && --c->length_octets)
    return true;
  c->want = first_want (c);
  return c->length == c->batch;
}

static void
item_ends (mw_dlms_client *c, uint8_t result, uint8_t data_result)
{
  c->reply_result = result;
  c->data_result = data_result;
  c->want = WANT_ITEM_END;
}

/* Get-Data-Result: data [0] goes on with DATA, data-access-result [1] with DAR. */
static bool
on_choice (mw_dlms_client *c, uint8_t octet, uint8_t data, uint8_t dar)
{
  if (octet == 0)
    expect_data (c, data);
  else
    c->want = dar;
  return octet <= 1;
}

static bool
on_optional (mw_dlms_client *c, uint8_t octet)
{
  if (octet == 0)
    item_ends (c, c->reply_result, 0);
  else
    c->want = WANT_RETURN;
  return octet <= 1;
}

/* One octet that is no part of a value. False: it cannot stand here. */
static bool
on_octet (mw_dlms_client *c, uint8_t octet)
{
  switch (c->want) {
  case WANT_COUNT:
    return on_count (c, octet);
  case WANT_CHOICE:
    return on_choice (c, octet, WANT_DATA, WANT_DAR);
  case WANT_RETURN:
    return on_choice (c, octet, WANT_RETURN_DATA, WANT_RETURN_DAR);
  case WANT_OPTIONAL:
    return on_optional (c, octet);
  case WANT_ACTION:
    c->reply_result = octet;
    c->want = WANT_OPTIONAL;
    return true;
  case WANT_DAR:
  case WANT_SET:
    item_ends (c, octet, 0);
    return true;
  case WANT_RETURN_DAR:
    item_ends (c, c->reply_result, octet);
    return true;
  default:
    return false; /* octets after the end */
  }
}

static mw_dlms_event
data_event (mw_dlms_client *c)
{
  mw_dlms_event e = { .kind = MW_DLMS_DATA, .item = (uint16_t) (c->first + c->item) };
  size_t n = mw_axdr_scan_feed (&c->scan, c->answer.ptr, c->answer.len);
  if (c->scan.err)
    return broken (c);
  e.data = (mw_span){ c->answer.ptr, n };
  c->answer.ptr += n;
  c->answer.len -= n;
  if (c->scan.done)
    item_ends (c, c->want == WANT_DATA ? 0 : c->reply_result, 0);
  return e;
}

static mw_dlms_event
result_event (mw_dlms_client *c)
{
  mw_dlms_event e = { .kind = MW_DLMS_RESULT,
                      .item = (uint16_t) (c->first + c->item),
                      .result = c->reply_result,
                      .data_result = c->data_result };
  c->item++;
  c->want = c->item == c->batch ? WANT_END : first_want (c);
  if (c->want == WANT_DATA)
    expect_data (c, WANT_DATA);
  return e;
}

/* The octets are used up. */
static void
answer_ends (mw_dlms_client *c)
{
  c->answering = false;
  if (c->blocks_in && !c->last_block) {
    client_want_send (c, OUT_NEXT);
  } else if (c->want != WANT_END) {
    client_done (c, MW_ERR_PROTOCOL);
  } else if (c->first + c->batch < c->count) {
    c->first = (uint16_t) (c->first + c->batch);
    client_want_send (c, OUT_REQUEST);
  } else {
    client_done (c, MW_OK);
  }
}

mw_dlms_event
client_next_event (mw_dlms_client *c)
{
  while (c->answering) {
    if (c->want == WANT_ITEM_END)
      return result_event (c);
    if (c->answer.len == 0 && c->refused_rest && c->want != WANT_END) {
      item_ends (c, c->refused_rest, 0);
      continue;
    }
    if (c->answer.len == 0) {
      answer_ends (c);
      break;
    }
    if (c->want == WANT_DATA || c->want == WANT_RETURN_DATA)
      return data_event (c);
    if (!on_octet (c, *c->answer.ptr))
      return broken (c);
    c->answer.ptr++;
    c->answer.len--;
  }
  return nothing ();
}

/* --- responses ----------------------------------------------------------------------- */

static void
answer_begins (mw_dlms_client *c, mw_span octets, uint8_t want)
{
  c->answer = octets;
  c->answering = true;
  c->refused_rest = 0;
  c->want = want;
  c->length_octets = 0;
  if (want == WANT_DATA)
    expect_data (c, want);
}

/* A list, whole in one APDU: its number was checked by the decoder against its octets. */
static void
on_list (mw_dlms_client *c, const mw_apdu *a)
{
  if (a->count != c->batch)
    client_done (c, MW_ERR_PROTOCOL);
  else
    answer_begins (c, a->list, first_want (c));
}

/* A block of the answer.  Green Book 9.4.6.3: blocks are numbered from 1 without a gap.  A
 * block that came twice is passed over; any other number ends the request. */
static void
on_block (mw_dlms_client *c, const mw_apdu *a)
{
  uint32_t expected = c->blocks_in ? c->block + 1 : 1;
  if (c->sending_blocks || (c->blocks_in && a->block == c->block && a->has_data))
    return;
  bool empty = a->has_data && !a->data.len && !a->last_block;
  c->empty_blocks = empty && c->blocks_in ? (uint8_t) (c->empty_blocks + 1) : 0;
  if (c->empty_blocks > MW_DLMS_EMPTY_BLOCKS || (a->has_data && a->block != expected)) {
    client_done (c, MW_ERR_PROTOCOL);
    return;
  }
  if (!c->blocks_in)
    answer_begins (c, a->data, c->batch > 1 ? WANT_COUNT : first_want (c));
  c->answer = a->data;
  c->answering = true;
  c->blocks_in = true;
  c->block = a->block;
  c->last_block = a->last_block || !a->has_data;
  if (!a->has_data)
    c->refused_rest = a->result ? a->result : MW_DAR_OTHER_REASON;
}

static void
on_get (mw_dlms_client *c, const mw_apdu *a)
{
  static const uint8_t no_octets[1];
  bool single = a->form == MW_GET_ANSWER_NORMAL;
  if (a->form == MW_GET_ANSWER_BLOCK) {
    on_block (c, a);
  } else if (single != (c->batch == 1) || c->blocks_in) {
    client_done (c, MW_ERR_PROTOCOL);
  } else if (!single) {
    on_list (c, a);
  } else if (a->has_data) {
    answer_begins (c, a->data, WANT_DATA);
  } else {
    answer_begins (c, (mw_span){ no_octets, 0 }, WANT_DATA);
    item_ends (c, a->result, 0);
  }
}

/* The server has block c->block and waits for the next. */
static void
on_block_taken (mw_dlms_client *c, const mw_apdu *a)
{
  if (a->block + 1 == c->block)
    return; /* said twice */
  if (!c->sending_blocks || a->block != c->block)
    client_done (c, MW_ERR_PROTOCOL);
  else
    client_want_send (c, OUT_BLOCK);
}

/* One result for the whole of a long request that the server gave up: every item's. */
static void
on_given_up (mw_dlms_client *c, uint8_t result)
{
  static const uint8_t no_octets[1];
  c->sending_blocks = false;
  answer_begins (c, (mw_span){ no_octets, 0 }, first_want (c));
  c->refused_rest = result ? result : MW_DAR_OTHER_REASON;
}

static void
on_set (mw_dlms_client *c, const mw_apdu *a)
{
  bool list = a->form == MW_SET_ANSWER_LIST || a->form == MW_SET_ANSWER_LAST_BLOCK_LIST;
  bool blocks = c->block > 0;
  if (a->form == MW_SET_ANSWER_BLOCK) {
    on_block_taken (c, a);
  } else if (blocks && a->result && !list) {
    on_given_up (c, a->result);
  } else if (c->sending_blocks || list != (c->batch > 1)) {
    client_done (c, MW_ERR_PROTOCOL);
  } else if (list) {
    on_list (c, a);
  } else {
    answer_begins (c, (mw_span){ &c->set_result, 1 }, WANT_SET);
    c->set_result = a->result;
  }
}

static void
on_action (mw_dlms_client *c, const mw_apdu *a, mw_span octets)
{
  bool list = a->form == MW_ACTION_ANSWER_LIST;
  if (a->form == MW_ACTION_ANSWER_NEXT) {
    on_block_taken (c, a);
  } else if (a->form == MW_ACTION_ANSWER_BLOCK) {
    on_block (c, a);
  } else if ((c->sending_blocks || (c->block && c->batch > 1)) && !list && a->result) {
    on_given_up (c, a->result);
  } else if (c->sending_blocks || c->blocks_in || list != (c->batch > 1)) {
    client_done (c, MW_ERR_PROTOCOL);
  } else if (list) {
    on_list (c, a);
  } else {
    answer_begins (c, (mw_span){ octets.ptr + 3, octets.len - 3 }, WANT_ACTION);
  }
}

/* A GET-, SET- or ACTION-response.  One with another invoke-id, or to another service, is not
 * the answer to this request (Green Book 9.3.3): it is passed over, and time decides. */
void
client_on_response (mw_dlms_client *c, mw_span octets)
{
  mw_apdu a;
  enum mw_err err = mw_apdu_decode (octets, &a);
  if (c->state != CLIENT_WAITING || octets.len < 3 || octets.ptr[0] != c->service + 4
      || (octets.ptr[2] & MW_INVOKE_ID) != (c->invoke & MW_INVOKE_ID))
    return;
  /* The time that was set with the request goes on: a block that is repeated for ever is passed
   * over for ever, and must not keep the client waiting. */
  if (err)
    client_done (c, MW_ERR_PROTOCOL);
  else if (c->service == MW_APDU_GET_REQUEST)
    on_get (c, &a);
  else if (c->service == MW_APDU_SET_REQUEST)
    on_set (c, &a);
  else
    on_action (c, &a, octets);
}
