/* apdu_select.c: selective access to the buffer of a Profile generic (Blue Book, class 7).
 *
 *   range_descriptor, selector 1: structure { restricting_object, from_value, to_value,
 *                                             selected_values }
 *   entry_descriptor, selector 2: structure { from_entry, to_entry, from_selected_value,
 *                                             to_selected_value }
 */
#include <string.h>

#include "dlms/apdu.h"

void
mw_capture_object_put (mw_wr *w, const mw_capture_object *o)
{
  mw_axdr_put_structure (w, 4);
  mw_axdr_put_u16 (w, o->class_id);
  mw_axdr_put_obis (w, o->ln);
  mw_axdr_put_i8 (w, o->index);
  mw_axdr_put_u16 (w, o->data_index);
}

mw_capture_object
mw_capture_object_get (mw_cur *c)
{
  mw_capture_object o;
  mw_axdr_get_structure (c, 4);
  o.class_id = (uint16_t) mw_axdr_get_int (c);
  o.ln = mw_axdr_get_obis (c);
  o.index = (int8_t) mw_axdr_get_int (c);
  o.data_index = (uint16_t) mw_axdr_get_int (c);
  return o;
}

static void
get_limit (mw_cur *c, mw_axdr_value *v)
{
  mw_axdr_get (c, v);
  if (v->type == MW_AXDR_ARRAY || v->type == MW_AXDR_STRUCTURE)
    mw_cur_fail (c, MW_ERR_VALUE);
}

static void
get_range (mw_cur *c, mw_profile_select *out)
{
  const uint8_t *start;
  mw_axdr_get_structure (c, 4);
  out->sort = mw_capture_object_get (c);
  get_limit (c, &out->from);
  get_limit (c, &out->to);
  out->columns = mw_axdr_get_array (c);
  start = c->at;
  for (uint32_t i = 0; i < out->columns && !c->err; i++)
    mw_capture_object_get (c);
  out->column_list = (mw_span){ start, (size_t) (c->at - start) };
}

static uint32_t
get_number (mw_cur *c, int64_t max)
{
  int64_t n = mw_axdr_get_int (c);
  if (n < 0 || n > max)
    mw_cur_fail (c, MW_ERR_VALUE);
  return (uint32_t) n;
}

static void
get_entry (mw_cur *c, mw_profile_select *out)
{
  mw_axdr_get_structure (c, 4);
  out->from_entry = get_number (c, UINT32_MAX);
  out->to_entry = get_number (c, UINT32_MAX);
  out->from_column = (uint16_t) get_number (c, UINT16_MAX);
  out->to_column = (uint16_t) get_number (c, UINT16_MAX);
}

enum mw_err
mw_profile_select_decode (const mw_dlms_selection *access, mw_profile_select *out)
{
  mw_cur c = mw_cur_of (access->parameters);
  memset (out, 0, sizeof *out);
  out->selector = access->selector;
  if (access->selector == MW_SELECT_NONE)
    return MW_OK;
  if (access->selector == MW_SELECT_RANGE)
    get_range (&c, out);
  else if (access->selector == MW_SELECT_ENTRY)
    get_entry (&c, out);
  else
    return MW_ERR_UNSUPPORTED;
  return mw_cur_end (&c);
}

void
mw_profile_range_put (mw_wr *w, const mw_capture_object *sort, const mw_civil *from,
                      const mw_civil *to, const mw_capture_object *columns, size_t n)
{
  mw_axdr_put_structure (w, 4);
  mw_capture_object_put (w, sort);
  mw_axdr_put_civil (w, from);
  mw_axdr_put_civil (w, to);
  mw_axdr_put_array (w, (uint32_t) n);
  for (size_t i = 0; i < n; i++)
    mw_capture_object_put (w, &columns[i]);
}

void
mw_profile_entry_put (mw_wr *w, uint32_t from_entry, uint32_t to_entry, uint16_t from_column,
                      uint16_t to_column)
{
  mw_axdr_put_structure (w, 4);
  mw_axdr_put_u32 (w, from_entry);
  mw_axdr_put_u32 (w, to_entry);
  mw_axdr_put_u16 (w, from_column);
  mw_axdr_put_u16 (w, to_column);
}
