/* apdu_get.c: GET-request and GET-response (Green Book 9.3.6, 9.4.6.3, 9.5).
 *
 *   C0 01 invoke descriptor [selection]          C4 01 invoke Get-Data-Result
 *   C0 02 invoke block-number                    C4 02 invoke DataBlock-G
 *   C0 03 invoke n (descriptor [selection])*     C4 03 invoke n Get-Data-Result*
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
  bool has_data;
  mw_span data;
  uint8_t result;
  apdu_result_get (c, &has_data, &data, &result);
}

void
mw_apdu_get_request (mw_cur *c, mw_apdu *a)
{
  switch (a->form) {
  case MW_GET_NORMAL:
    a->attr = mw_dlms_attr_get (c);
    a->access = mw_dlms_selection_get (c);
    break;
  case MW_GET_NEXT:
    a->block = mw_cur_u32 (c);
    break;
  case MW_GET_LIST:
    apdu_list_get (c, a, one_descriptor, &a->list);
    break;
  default:
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_put_get_request (mw_wr *w, const mw_apdu *a)
{
  switch (a->form) {
  case MW_GET_NORMAL:
    mw_dlms_attr_put (w, &a->attr);
    mw_dlms_selection_put (w, &a->access);
    break;
  case MW_GET_NEXT:
    mw_wr_u32 (w, a->block);
    break;
  case MW_GET_LIST:
    apdu_list_put (w, a->count, a->list);
    break;
  default:
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  }
}

/* DataBlock-G: unlike DataBlock-SA its last part is a choice: raw-data [0] or
 * data-access-result [1]. */
static void
block_get (mw_cur *c, mw_apdu *a)
{
  uint8_t choice;
  a->last_block = mw_cur_u8 (c) != 0;
  a->block = mw_cur_u32 (c);
  choice = mw_cur_u8 (c);
  a->has_data = choice == 0;
  if (choice == 0)
    a->data = mw_cur_bytes (c, mw_axdr_length (c));
  else if (choice == 1)
    a->result = mw_cur_u8 (c);
  else
    mw_cur_fail (c, MW_ERR_VALUE);
}

static void
block_put (mw_wr *w, const mw_apdu *a)
{
  mw_wr_u8 (w, a->last_block);
  mw_wr_u32 (w, a->block);
  mw_wr_u8 (w, !a->has_data);
  if (a->has_data)
    apdu_list_put (w, (uint32_t) a->data.len, a->data);
  else
    mw_wr_u8 (w, a->result);
}

void
mw_apdu_get_response (mw_cur *c, mw_apdu *a)
{
  switch (a->form) {
  case MW_GET_ANSWER_NORMAL:
    apdu_result_get (c, &a->has_data, &a->data, &a->result);
    break;
  case MW_GET_ANSWER_BLOCK:
    block_get (c, a);
    break;
  case MW_GET_ANSWER_LIST:
    apdu_list_get (c, a, one_result, &a->list);
    break;
  default:
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
  }
}

void
mw_apdu_put_get_response (mw_wr *w, const mw_apdu *a)
{
  switch (a->form) {
  case MW_GET_ANSWER_NORMAL:
    apdu_result_put (w, a->has_data, a->data, a->result);
    break;
  case MW_GET_ANSWER_BLOCK:
    block_put (w, a);
    break;
  case MW_GET_ANSWER_LIST:
    apdu_list_put (w, a->count, a->list);
    break;
  default:
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  }
}
