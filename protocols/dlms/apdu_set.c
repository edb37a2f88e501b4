/* apdu_set.c: SET-request and SET-response (Green Book 9.3.7, 9.4.6.4, 9.5).
 *
 *   C1 01 invoke descriptor [selection] value          C5 01 invoke result
 *   C1 02 invoke descriptor [selection] DataBlock-SA   C5 02 invoke block-number
 *   C1 03 invoke DataBlock-SA                          C5 03 invoke result block-number
 *   C1 04 invoke n (descriptor [selection])* n value*  C5 05 invoke n result*
 *   C1 05 invoke n (descriptor [selection])* DataBlock-SA
 *                                                      C5 04 invoke n result* block-number
 */
#include "dlms/apdu_parts.h"

static void
one_descriptor (mw_cur *c)
{
  mw_dlms_attr_get (c);
  mw_dlms_selection_get (c);
}

static void
one_result (mw_cur *c)
{
  mw_cur_u8 (c);
}

void
mw_apdu_set_request (mw_cur *c, mw_apdu *a)
{
  switch (a->form) {
  case MW_SET_NORMAL:
  case MW_SET_FIRST_BLOCK:
    a->attr = mw_dlms_attr_get (c);
    a->access = mw_dlms_selection_get (c);
    if (a->form == MW_SET_NORMAL)
      a->data = mw_axdr_take (c);
    else
      apdu_block_get (c, a);
    break;
  case MW_SET_BLOCK:
    apdu_block_get (c, a);
    break;
  case MW_SET_LIST:
    apdu_list_get (c, a, one_descriptor, &a->list);
    apdu_values_get (c, a);
    break;
  case MW_SET_LIST_FIRST_BLOCK:
    apdu_list_get (c, a, one_descriptor, &a->list);
    apdu_block_get (c, a);
    break;
  default:
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_put_set_request (mw_wr *w, const mw_apdu *a)
{
  switch (a->form) {
  case MW_SET_NORMAL:
  case MW_SET_FIRST_BLOCK:
    mw_dlms_attr_put (w, &a->attr);
    mw_dlms_selection_put (w, &a->access);
    if (a->form == MW_SET_NORMAL)
      mw_wr_span (w, a->data);
    else
      apdu_block_put (w, a);
    break;
  case MW_SET_BLOCK:
    apdu_block_put (w, a);
    break;
  case MW_SET_LIST:
    apdu_list_put (w, a->count, a->list);
    apdu_list_put (w, a->count, a->data);
    break;
  case MW_SET_LIST_FIRST_BLOCK:
    apdu_list_put (w, a->count, a->list);
    apdu_block_put (w, a);
    break;
  default:
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_set_response (mw_cur *c, mw_apdu *a)
{
  switch (a->form) {
  case MW_SET_ANSWER_NORMAL:
    a->result = mw_cur_u8 (c);
    break;
  case MW_SET_ANSWER_BLOCK:
    a->block = mw_cur_u32 (c);
    break;
  case MW_SET_ANSWER_LAST_BLOCK:
    a->result = mw_cur_u8 (c);
    a->block = mw_cur_u32 (c);
    break;
  case MW_SET_ANSWER_LAST_BLOCK_LIST:
    apdu_list_get (c, a, one_result, &a->list);
    a->block = mw_cur_u32 (c);
    break;
  case MW_SET_ANSWER_LIST:
    apdu_list_get (c, a, one_result, &a->list);
    break;
  default:
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_put_set_response (mw_wr *w, const mw_apdu *a)
{
  switch (a->form) {
  case MW_SET_ANSWER_NORMAL:
    mw_wr_u8 (w, a->result);
    break;
  case MW_SET_ANSWER_BLOCK:
    mw_wr_u32 (w, a->block);
    break;
  case MW_SET_ANSWER_LAST_BLOCK:
    mw_wr_u8 (w, a->result);
    mw_wr_u32 (w, a->block);
    break;
  case MW_SET_ANSWER_LAST_BLOCK_LIST:
    apdu_list_put (w, a->count, a->list);
    mw_wr_u32 (w, a->block);
    break;
  case MW_SET_ANSWER_LIST:
    apdu_list_put (w, a->count, a->list);
    break;
  default:
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  }
}
