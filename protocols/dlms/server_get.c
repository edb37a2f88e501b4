/* server_get.c: GET, and long answers block by block (Green Book 9.3.6, 9.4.6.3, 9.4.6.5).
 *
 * An answer is a stream of octets from a source; the first APDU takes as many as fit a normal
 * response.  When that is not all, what was written becomes block 1; the few octets for which
 * the longer header leaves no room are held back for block 2.
 *
 *   octets = held, then piece[piece_at...piece_len), then what refill brings
 */
#include <string.h>

#include "dlms/server_parts.h"

void
server_answer_end (mw_dlms_server *s)
{
  s->source = SOURCE_NONE;
  s->held_at = s->held_len = 0;
  s->piece_at = s->piece_len = 0;
  s->block = 0;
}

/* --- the source ---------------------------------------------------------------------- */

static void
hold (mw_dlms_server *s, uint8_t octet)
{
  s->held[s->held_len++] = octet;
}

static uint8_t
open_stream (mw_dlms_server *s, const mw_dlms_attr *attr, const mw_dlms_selection *access)
{
  uint8_t result;
  memset (&s->stream, 0, sizeof s->stream);
  s->stream.attr = *attr;
  if (attr->index == 0 || (access->selector && !(s->conformance & MW_CONF_SELECTIVE)))
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  result = s->ops->get_open (s->ctx, attr, access, &s->stream);
  return result;
}

/* The next piece of the open stream. False: it is at its end, or failed. */
static bool
pull (mw_dlms_server *s)
{
  size_t n;
  if (s->stream.done || s->stream.result)
    return false;
  n = s->ops->get_next (s->ctx, &s->stream, s->config.piece, s->config.piece_cap);
  if (n > s->config.piece_cap || (n == 0 && !s->stream.done && !s->stream.result))
    s->stream.result = MW_DAR_OTHER_REASON; /* the model broke its word: not to be waited for */
  if (s->stream.result)
    return false;
  s->piece_at = 0;
  s->piece_len = (uint32_t) n;
  return n > 0;
}

/* Begin the next entry of a list: its choice, and its stream or its Data-Access-Result. */
static void
begin_entry (mw_dlms_server *s)
{
  mw_dlms_attr attr = mw_dlms_attr_get (&s->list);
  mw_dlms_selection access = mw_dlms_selection_get (&s->list);
  uint8_t result = open_stream (s, &attr, &access);
  s->item++;
  hold (s, result != 0);
  if (result)
    hold (s, result);
  s->in_entry = result == 0;
}

static bool
refill (mw_dlms_server *s)
{
  if (s->source == SOURCE_ACTION || s->source == SOURCE_ACTION_LIST)
    return false;
  if (s->source == SOURCE_GET)
    return pull (s);
  if (s->in_entry && pull (s))
    return true;
  if (s->stream.result || s->item == s->items)
    return false;
  begin_entry (s);
  return true;
}

static bool
has_more (mw_dlms_server *s)
{
  if (s->held_at < s->held_len || s->piece_at < s->piece_len)
    return true;
  s->held_at = s->held_len = 0;
  return refill (s);
}

/* Up to CAP octets of the answer. */
static size_t
take (mw_dlms_server *s, uint8_t *buf, size_t cap)
{
  size_t n = 0;
  while (n < cap && has_more (s)) {
    size_t left = cap - n, have;
    const uint8_t *from;
    if (s->held_at < s->held_len) {
      buf[n++] = s->held[s->held_at++];
      continue;
    }
    from = s->config.piece + s->piece_at;
    have = s->piece_len - s->piece_at;
    if (have > left)
      have = left;
    memcpy (buf + n, from, have);
    s->piece_at += (uint32_t) have;
    n += have;
  }
  return n;
}

/* Put the last N octets taken back in front. */
static void
give_back (mw_dlms_server *s, const uint8_t *octets, size_t n)
{
  size_t rest = (size_t) (s->held_len - s->held_at);
  memmove (s->held + n, s->held + s->held_at, rest);
  memcpy (s->held, octets, n);
  s->held_at = 0;
  s->held_len = (uint8_t) (n + rest);
}

/* --- answers ------------------------------------------------------------------------- */

static bool
is_action (const mw_dlms_server *s)
{
  return s->source == SOURCE_ACTION || s->source == SOURCE_ACTION_LIST;
}

/* The model could not read on. */
static bool
failed (const mw_dlms_server *s)
{
  return !is_action (s) && s->stream.result;
}

static bool
may_block (const mw_dlms_server *s)
{
  return s->conformance & (is_action (s) ? MW_CONF_BLOCK_ACTION : MW_CONF_BLOCK_GET);
}

/* A GET or ACTION response that is refused as a whole. */
static void
refuse (mw_dlms_server *s, bool action, uint8_t invoke, uint8_t result)
{
  mw_wr w = server_room (s);
  mw_apdu a = { .tag = action ? MW_APDU_ACTION_RESPONSE : MW_APDU_GET_RESPONSE,
                .form = MW_GET_ANSWER_NORMAL,
                .invoke = invoke,
                .result = result };
  mw_apdu_encode (&w, &a);
  server_send (s, &w);
}

/* The last block, with a Data-Access-Result in place of data; the long get is over. */
static void
refuse_block (mw_dlms_server *s, uint8_t invoke, uint32_t block, uint8_t result)
{
  mw_wr w = server_room (s);
  mw_apdu a = { .tag = MW_APDU_GET_RESPONSE,
                .form = MW_GET_ANSWER_BLOCK,
                .invoke = invoke,
                .last_block = true,
                .block = block,
                .result = result };
  server_answer_end (s);
  mw_apdu_encode (&w, &a);
  server_send (s, &w);
}

/* Octets before the raw data: DataBlock-G has a choice more than DataBlock-SA. */
static size_t
block_header (const mw_dlms_server *s, size_t cap)
{
  size_t fixed = is_action (s) ? 8 : 9;
  return fixed + (cap < fixed + 1 + 0x80 ? 1 : cap < fixed + 2 + 0x100 ? 2 : 3);
}

/* Send N octets that stand at DATA in W's buffer as the next block. */
static void
send_block (mw_dlms_server *s, mw_wr *w, const uint8_t *data, size_t n, bool last)
{
  uint8_t buf[16];
  mw_wr header;
  s->block++;
  mw_wr_init (&header, buf, sizeof buf);
  mw_wr_u8 (&header, is_action (s) ? MW_APDU_ACTION_RESPONSE : MW_APDU_GET_RESPONSE);
  mw_wr_u8 (&header, MW_GET_ANSWER_BLOCK); /* the same number with ACTION */
  mw_wr_u8 (&header, s->invoke);
  mw_wr_u8 (&header, last);
  mw_wr_u32 (&header, s->block);
  if (!is_action (s))
    mw_wr_u8 (&header, 0);
  mw_axdr_put_length (&header, (uint32_t) n);
  memmove (w->start + mw_wr_len (&header), data, n);
  memcpy (w->start, buf, mw_wr_len (&header));
  w->at = w->start + mw_wr_len (&header) + n;
  if (last)
    server_answer_end (s);
  server_send (s, w);
}

/* The value does not fit one APDU and blocks were not negotiated. */
static void
refuse_long (mw_dlms_server *s)
{
  uint8_t invoke = s->invoke;
  bool single = s->source == SOURCE_GET;
  server_answer_end (s);
  if (single)
    refuse (s, false, invoke, MW_DAR_DATA_BLOCK_UNAVAILABLE);
  else
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_PDU_TOO_LONG);
}

static void
first_block (mw_dlms_server *s, mw_wr *w, size_t header, size_t n)
{
  size_t cap = mw_wr_left (w);
  size_t room = cap - block_header (s, cap);
  if (!may_block (s)) {
    refuse_long (s);
    return;
  }
  if (n > room)
    give_back (s, w->start + header + room, n - room);
  send_block (s, w, w->start + header, n < room ? n : room, false);
}

/* Answer from the source that was just set: whole, or its first block. */
void
server_answer_first (mw_dlms_server *s)
{
  mw_wr w = server_room (s);
  size_t header = s->source == SOURCE_GET ? 4 : 3, n;
  bool list = s->source == SOURCE_GET_LIST || s->source == SOURCE_ACTION_LIST, more;
  n = take (s, w.start + header, mw_wr_left (&w) - header);
  more = has_more (s);
  if (failed (s) && s->source == SOURCE_GET) {
    server_answer_end (s);
    refuse (s, false, s->invoke, s->stream.result);
  } else if (failed (s)) {
    refuse_block (s, s->invoke, 1, s->stream.result);
  } else if (more) {
    first_block (s, &w, header, n);
  } else {
    w.start[0] = is_action (s) ? MW_APDU_ACTION_RESPONSE : MW_APDU_GET_RESPONSE;
    w.start[1] = list ? MW_GET_ANSWER_LIST : MW_GET_ANSWER_NORMAL;
    w.start[2] = s->invoke;
    if (header == 4)
      w.start[3] = 0; /* data */
    w.at = w.start + header + n;
    server_answer_end (s);
    server_send (s, &w);
  }
}

/* GET-request-next or ACTION-request-next-pblock. */
void
server_answer_next (mw_dlms_server *s, const mw_apdu *a)
{
  bool action = a->tag == MW_APDU_ACTION_REQUEST;
  bool ours = s->source != SOURCE_NONE && is_action (s) == action && s->block
              && (a->invoke & MW_INVOKE_ID) == (s->invoke & MW_INVOKE_ID);
  mw_wr w = server_room (s);
  size_t header, n;
  bool more;
  if (!ours && action) {
    refuse (s, true, a->invoke, MW_ACTION_NO_LONG_IN_PROGRESS);
  } else if (!ours) {
    refuse_block (s, a->invoke, a->block, MW_DAR_NO_LONG_GET_IN_PROGRESS);
  } else if (a->block != s->block && action) {
    server_answer_end (s);
    refuse (s, true, a->invoke, MW_ACTION_LONG_ABORTED);
  } else if (a->block != s->block) {
    refuse_block (s, a->invoke, a->block, MW_DAR_DATA_BLOCK_NUMBER_INVALID);
  } else {
    header = block_header (s, mw_wr_left (&w));
    n = take (s, w.start + header, mw_wr_left (&w) - header);
    more = has_more (s);
    if (failed (s))
      refuse_block (s, s->invoke, s->block + 1, s->stream.result);
    else
      send_block (s, &w, w.start + header, n, !more);
  }
}

/* --- GET ----------------------------------------------------------------------------- */

static void
get_normal (mw_dlms_server *s, const mw_apdu *a)
{
  uint8_t result = open_stream (s, &a->attr, &a->access);
  if (result) {
    refuse (s, false, a->invoke, result);
    return;
  }
  s->source = SOURCE_GET;
  server_answer_first (s);
}

/* The descriptors are copied: they are read one by one while blocks go out. */
static void
get_list (mw_dlms_server *s, const mw_apdu *a)
{
  mw_wr count;
  if (!(s->conformance & MW_CONF_MULTIPLE)) {
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_NOT_SUPPORTED);
    return;
  }
  server_long_end (s);
  if (a->list.len > s->config.store_cap || a->count > UINT16_MAX) {
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_PDU_TOO_LONG);
    return;
  }
  if (a->list.len)
    memcpy (s->config.store, a->list.ptr, a->list.len);
  mw_cur_init (&s->list, s->config.store, a->list.len);
  s->item = 0;
  s->items = (uint16_t) a->count;
  s->in_entry = false;
  memset (&s->stream, 0, sizeof s->stream);
  mw_wr_init (&count, s->held, sizeof s->held);
  mw_axdr_put_length (&count, a->count);
  s->held_len = (uint8_t) mw_wr_len (&count);
  s->source = SOURCE_GET_LIST;
  server_answer_first (s);
}

void
server_on_get (mw_dlms_server *s, const mw_apdu *a)
{
  if (a->form == MW_GET_NEXT) {
    server_answer_next (s, a);
    return;
  }
  server_answer_end (s); /* a new request gives up a long one */
  s->invoke = a->invoke;
  if (a->form == MW_GET_NORMAL)
    get_normal (s, a);
  else
    get_list (s, a);
}
