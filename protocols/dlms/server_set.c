/* server_set.c: SET and ACTION, whole and in blocks (Green
 * Book 9.3.7, 9.3.8, 9.4.6.4, 9.4.6.5).
 *
 * A long request is gathered in the store:  descriptors | raw data.  Its raw data is the value;
 * of a list the number of values and the values.
 */
#include <string.h>

#include "dlms/server_parts.h"

/* A request ready to be carried out. */
typedef struct job {
  bool set, list;
  uint8_t invoke;
  uint32_t items;
  uint32_t block; /* of its last block; 0: it came whole */
  mw_cur descriptors, values;
} job;

void
server_long_end (mw_dlms_server *s)
{
  s->long_tag = 0;
  s->stored = s->descriptors = 0;
}

static void
respond (mw_dlms_server *s, const mw_apdu *a)
{
  mw_wr w = server_room (s);
  mw_apdu_encode (&w, a);
  if (w.err)
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_PDU_TOO_LONG);
  else
    server_send (s, &w);
}

/* --- carrying out -------------------------------------------------------------------- */

static uint8_t
set_one (mw_dlms_server *s, job *j)
{
  mw_dlms_attr attr = mw_dlms_attr_get (&j->descriptors);
  mw_dlms_selection access = mw_dlms_selection_get (&j->descriptors);
  mw_cur value = mw_cur_of (mw_axdr_take (&j->values));
  if (j->values.err)
    return MW_DAR_TYPE_UNMATCHED; /* no value at all */
  if (attr.index == 0 || (access.selector && !(s->conformance & MW_CONF_SELECTIVE)))
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  return s->ops->set (s->ctx, &attr, &access, &value);
}

/* Results go to the piece buffer; JOB has no more items than that has room for. */
static void
do_set (mw_dlms_server *s, job *j)
{
  mw_apdu a = { .tag = MW_APDU_SET_RESPONSE, .invoke = j->invoke, .block = j->block };
  for (uint32_t i = 0; i < j->items; i++) {
    if (s->ops->set_more)
      s->ops->set_more (s->ctx, i + 1 < j->items);
    s->config.piece[i] = set_one (s, j);
  }
  a.result = s->config.piece[0];
  a.count = j->items;
  a.list = (mw_span){ s->config.piece, j->items };
  if (j->list)
    a.form = j->block ? MW_SET_ANSWER_LAST_BLOCK_LIST : MW_SET_ANSWER_LIST;
  else
    a.form = j->block ? MW_SET_ANSWER_LAST_BLOCK : MW_SET_ANSWER_NORMAL;
  if (j->block || (j->invoke & MW_INVOKE_CONFIRMED))
    respond (s, &a);
}

/* A refused reply: result, optional, choice, Data-Access-Result. */
#define REPLY_MIN 4u

/* One reply, written to W: result, and what the model returned.  Room for the replies AFTER it
 * is left. */
static void
act_one (mw_dlms_server *s, job *j, mw_wr *w, uint32_t after)
{
  mw_dlms_attr method = mw_dlms_attr_get (&j->descriptors);
  mw_span value = mw_axdr_take (&j->values);
  bool absent = value.len == 1 && value.ptr[0] == MW_AXDR_NULL_DATA;
  mw_cur parameter = mw_cur_of (absent ? (mw_span){ NULL, 0 } : value);
  uint8_t *head = mw_wr_take (w, 3);
  mw_wr reply;
  if (!head)
    return;
  mw_wr_init (&reply, w->at, mw_wr_left (w) - after * REPLY_MIN);
  head[0] = j->values.err ? MW_DAR_TYPE_UNMATCHED
                          : s->ops->action (s->ctx, &method, &parameter, &reply);
  head[1] = mw_wr_len (&reply) > 0 || reply.err;
  head[2] = 0;
  if (reply.err) { /* done, but what it returns has no room here */
    head[2] = 1;
    mw_wr_u8 (w, MW_DAR_DATA_BLOCK_UNAVAILABLE);
  } else if (head[1]) {
    mw_wr_take (w, mw_wr_len (&reply));
  } else {
    w->at--;
  }
}

static void
do_action (mw_dlms_server *s, job *j)
{
  mw_wr w;
  mw_wr_init (&w, s->config.piece, s->config.piece_cap);
  if (j->list)
    mw_axdr_put_length (&w, j->items);
  for (uint32_t i = 0; i < j->items; i++)
    act_one (s, j, &w, j->items - 1 - i);
  if (!j->block && !(j->invoke & MW_INVOKE_CONFIRMED))
    return;
  server_answer_end (s);
  s->invoke = j->invoke;
  s->source = j->list ? SOURCE_ACTION_LIST : SOURCE_ACTION;
  s->piece_len = (uint32_t) mw_wr_len (&w);
  server_answer_first (s);
}

/* Is there room for all the results?  Asked before anything is carried out. */
static bool
has_room (const mw_dlms_server *s, const job *j)
{
  uint32_t limit = (uint32_t) s->config.piece_cap;
  if (j->set && s->client_max_pdu && s->client_max_pdu < limit)
    limit = s->client_max_pdu;
  return (uint64_t) j->items * (j->set ? 1 : REPLY_MIN) + 12 <= limit;
}

static void
carry_out (mw_dlms_server *s, job *j)
{
  if (j->list && !(s->conformance & MW_CONF_MULTIPLE))
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_NOT_SUPPORTED);
  else if (j->list && !has_room (s, j))
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_PDU_TOO_LONG);
  else if (j->set)
    do_set (s, j);
  else
    do_action (s, j);
}

/* --- requests that come whole -------------------------------------------------------- */

/* The descriptor as it stands in a list: for a job reads them from octets. */
static mw_span
descriptor_of (const mw_apdu *a, uint8_t *buf, size_t cap)
{
  mw_wr w;
  mw_wr_init (&w, buf, cap);
  mw_dlms_attr_put (&w, &a->attr);
  if (a->tag == MW_APDU_SET_REQUEST)
    mw_dlms_selection_put (&w, &a->access);
  return mw_wr_done (&w);
}

static void
whole (mw_dlms_server *s, const mw_apdu *a, bool list)
{
  static const uint8_t absent[1] = { MW_AXDR_NULL_DATA };
  job j = { .set = a->tag == MW_APDU_SET_REQUEST,
            .list = list,
            .invoke = a->invoke,
            .items = list ? a->count : 1 };
  mw_span descriptors = a->list, values = a->data;
  server_long_end (s);
  if (!list)
    descriptors = descriptor_of (a, s->config.store, s->config.store_cap);
  if (!list && values.len == 0)
    values = (mw_span){ absent, 1 };
  j.descriptors = mw_cur_of (descriptors);
  j.values = mw_cur_of (values);
  if (descriptors.len == 0 && j.items)
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_PDU_TOO_LONG);
  else
    carry_out (s, &j);
}

/* --- requests in blocks -------------------------------------------------------------- */

/* The long request is given up, with RESULT (of SET; of ACTION its counterpart). */
static void
give_up (mw_dlms_server *s, const mw_apdu *a, uint8_t set_result, uint8_t action_result)
{
  bool set = a->tag == MW_APDU_SET_REQUEST;
  mw_apdu answer = { .tag = set ? MW_APDU_SET_RESPONSE : MW_APDU_ACTION_RESPONSE,
                     .form = set ? MW_SET_ANSWER_LAST_BLOCK : MW_ACTION_ANSWER_NORMAL,
                     .invoke = a->invoke,
                     .block = a->block,
                     .result = set ? set_result : action_result };
  server_long_end (s);
  respond (s, &answer);
}

static bool
store (mw_dlms_server *s, mw_span octets)
{
  if (octets.len > s->config.store_cap - s->stored)
    return false;
  if (octets.len)
    memcpy (s->config.store + s->stored, octets.ptr, octets.len);
  s->stored += (uint32_t) octets.len;
  return true;
}

/* The last block is here: the raw data is whole. */
static void
complete (mw_dlms_server *s, const mw_apdu *a)
{
  job j = { .set = a->tag == MW_APDU_SET_REQUEST,
            .list = s->long_list,
            .invoke = a->invoke,
            .items = s->long_items,
            .block = a->block };
  mw_cur_init (&j.descriptors, s->config.store, s->descriptors);
  mw_cur_init (&j.values, s->config.store + s->descriptors, s->stored - s->descriptors);
  if (j.list && mw_axdr_length (&j.values) != j.items)
    give_up (s, a, MW_DAR_LONG_SET_ABORTED, MW_ACTION_LONG_ABORTED);
  else
    carry_out (s, &j);
  server_long_end (s);
}

static void
add_block (mw_dlms_server *s, const mw_apdu *a)
{
  bool set = a->tag == MW_APDU_SET_REQUEST;
  mw_apdu answer = { .tag = set ? MW_APDU_SET_RESPONSE : MW_APDU_ACTION_RESPONSE,
                     .form = set ? MW_SET_ANSWER_BLOCK : MW_ACTION_ANSWER_NEXT,
                     .invoke = a->invoke,
                     .block = a->block };
  s->long_block = a->block;
  if (!store (s, a->data))
    give_up (s, a, MW_DAR_LONG_SET_ABORTED, MW_ACTION_LONG_ABORTED);
  else if (a->last_block)
    complete (s, a);
  else
    respond (s, &answer);
}

static void
first_block (mw_dlms_server *s, const mw_apdu *a, bool list)
{
  bool set = a->tag == MW_APDU_SET_REQUEST;
  mw_span descriptors = a->list;
  if (!(s->conformance & (set ? MW_CONF_BLOCK_SET : MW_CONF_BLOCK_ACTION))) {
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_NOT_SUPPORTED);
    return;
  }
  server_long_end (s);
  s->long_tag = a->tag;
  s->long_list = list;
  s->long_invoke = a->invoke & MW_INVOKE_ID;
  s->long_items = (uint16_t) (list ? a->count : 1);
  if (!list) {
    descriptors = descriptor_of (a, s->config.store, s->config.store_cap);
    s->stored = (uint32_t) descriptors.len;
  } else if (a->count > UINT16_MAX || !store (s, descriptors)) {
    descriptors.len = 0;
  }
  s->descriptors = s->stored;
  if (a->block != 1)
    give_up (s, a, MW_DAR_DATA_BLOCK_NUMBER_INVALID, MW_ACTION_LONG_ABORTED);
  else if (descriptors.len == 0)
    give_up (s, a, MW_DAR_LONG_SET_ABORTED, MW_ACTION_LONG_ABORTED);
  else
    add_block (s, a);
}

static void
next_block (mw_dlms_server *s, const mw_apdu *a)
{
  if (s->long_tag != a->tag || s->long_invoke != (a->invoke & MW_INVOKE_ID))
    give_up (s, a, MW_DAR_NO_LONG_SET_IN_PROGRESS, MW_ACTION_NO_LONG_IN_PROGRESS);
  else if (a->block != s->long_block + 1)
    give_up (s, a, MW_DAR_DATA_BLOCK_NUMBER_INVALID, MW_ACTION_LONG_ABORTED);
  else
    add_block (s, a);
}

/* --- services ------------------------------------------------------------------------ */

void
server_on_set (mw_dlms_server *s, const mw_apdu *a)
{
  server_answer_end (s); /* a new request gives up a long answer */
  switch (a->form) {
  case MW_SET_NORMAL:
  case MW_SET_LIST:
    whole (s, a, a->form == MW_SET_LIST);
    break;
  case MW_SET_FIRST_BLOCK:
  case MW_SET_LIST_FIRST_BLOCK:
    first_block (s, a, a->form == MW_SET_LIST_FIRST_BLOCK);
    break;
  default:
    next_block (s, a);
  }
}

void
server_on_action (mw_dlms_server *s, const mw_apdu *a)
{
  if (a->form == MW_ACTION_NEXT) {
    server_answer_next (s, a);
    return;
  }
  server_answer_end (s);
  switch (a->form) {
  case MW_ACTION_NORMAL:
  case MW_ACTION_LIST:
    whole (s, a, a->form == MW_ACTION_LIST);
    break;
  case MW_ACTION_FIRST_BLOCK:
  case MW_ACTION_LIST_FIRST_BLOCK:
    first_block (s, a, a->form == MW_ACTION_LIST_FIRST_BLOCK);
    break;
  default:
    next_block (s, a);
  }
}
