/* apdu_action.c: ACTION-request and ACTION-response (Green Book 9.3.8, 9.4.6.5, 9.5).
 *
 *   C3 01 invoke descriptor [parameter]          C7 01 invoke reply
 *   C3 02 invoke block-number                    C7 02 invoke DataBlock-SA
 *   C3 03 invoke n descriptor* n parameter*      C7 03 invoke n reply*
 *   C3 04 invoke descriptor DataBlock-SA         C7 04 invoke block-number
 *   C3 05 invoke n descriptor* DataBlock-SA
 *   C3 06 invoke DataBlock-SA
 *
 *   reply = Action-Result [Get-Data-Result]
 */
#include "dlms/apdu_parts.h"

static void
one_descriptor (mw_cur *c)
{
  mw_dlms_attr_get (c);
}

static void
one_reply (mw_cur *c)
{
  mw_action_reply_get (c);
}

mw_action_reply
mw_action_reply_get (mw_cur *c)
{
  mw_action_reply r = { 0 };
  r.result = mw_cur_u8 (c);
  if (apdu_optional (c))
    apdu_result_get (c, &r.has_data, &r.data, &r.data_result);
  return r;
}

void
mw_action_reply_put (mw_wr *w, const mw_action_reply *r)
{
  bool optional = r->has_data || r->data_result;
  mw_wr_u8 (w, r->result);
  mw_wr_u8 (w, optional);
  if (optional)
    apdu_result_put (w, r->has_data, r->data, r->data_result);
}

void
mw_apdu_action_request (mw_cur *c, mw_apdu *a)
{
  switch (a->form) {
  case MW_ACTION_NORMAL:
    a->attr = mw_dlms_attr_get (c);
    a->has_data = apdu_optional (c);
    if (a->has_data)
      a->data = mw_axdr_take (c);
    break;
  case MW_ACTION_NEXT:
    a->block = mw_cur_u32 (c);
    break;
  case MW_ACTION_LIST:
    apdu_list_get (c, a, one_descriptor, &a->list);
    apdu_values_get (c, a);
    break;
  case MW_ACTION_FIRST_BLOCK:
    a->attr = mw_dlms_attr_get (c);
    apdu_block_get (c, a);
    break;
  case MW_ACTION_LIST_FIRST_BLOCK:
    apdu_list_get (c, a, one_descriptor, &a->list);
    apdu_block_get (c, a);
    break;
  case MW_ACTION_BLOCK:
    apdu_block_get (c, a);
    break;
  default:
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_put_action_request (mw_wr *w, const mw_apdu *a)
{
  switch (a->form) {
  case MW_ACTION_NORMAL:
    mw_dlms_attr_put (w, &a->attr);
    mw_wr_u8 (w, a->has_data);
    mw_wr_span (w, a->data);
    break;
  case MW_ACTION_NEXT:
    mw_wr_u32 (w, a->block);
    break;
  case MW_ACTION_LIST:
    apdu_list_put (w, a->count, a->list);
    apdu_list_put (w, a->count, a->data);
    break;
  case MW_ACTION_FIRST_BLOCK:
    mw_dlms_attr_put (w, &a->attr);
    apdu_block_put (w, a);
    break;
  case MW_ACTION_LIST_FIRST_BLOCK:
    apdu_list_put (w, a->count, a->list);
    apdu_block_put (w, a);
    break;
  case MW_ACTION_BLOCK:
    apdu_block_put (w, a);
    break;
  default:
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_action_response (mw_cur *c, mw_apdu *a)
{
  mw_action_reply r;
  switch (a->form) {
  case MW_ACTION_ANSWER_NORMAL:
    r = mw_action_reply_get (c);
    a->result = r.result;
    a->data_result = r.data_result;
    a->has_data = r.has_data;
    a->data = r.data;
    break;
  case MW_ACTION_ANSWER_BLOCK:
    apdu_block_get (c, a);
    break;
  case MW_ACTION_ANSWER_LIST:
    apdu_list_get (c, a, one_reply, &a->list);
    break;
  case MW_ACTION_ANSWER_NEXT:
    a->block = mw_cur_u32 (c);
    break;
  default:
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_put_action_response (mw_wr *w, const mw_apdu *a)
{
  mw_action_reply r = { a->result, a->data_result, a->has_data, a->data };
  switch (a->form) {
  case MW_ACTION_ANSWER_NORMAL:
    mw_action_reply_put (w, &r);
    break;
  case MW_ACTION_ANSWER_BLOCK:
    apdu_block_put (w, a);
    break;
  case MW_ACTION_ANSWER_LIST:
    apdu_list_put (w, a->count, a->list);
    break;
  case MW_ACTION_ANSWER_NEXT:
    mw_wr_u32 (w, a->block);
    break;
  default:
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  }
}
