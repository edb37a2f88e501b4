/* ops.c: the model as the COSEM server sees it: associations, GET, SET, ACTION.
 *
 * A value is read in pieces: piece 0 is the value itself or the head of an array, the others
 * its elements.  A piece is made in the model's scratch memory whenever octets of it are
 * wanted, so that nothing but the place reached (row, pos) is kept between two blocks.
 */
#include "models/model.h"

#include <string.h>

#include "models/objects.h"

/* --- associations (manual 6.13.2.2, Table 63) -----------------------------------------------
 */

static bool
shut_out (const mw_model *model, unsigned bit)
{
  return mw_model_cell_int (model, MW_CELL_RESTRICTION) >> bit & 1;
}

static uint8_t
log_in (mw_model_link *l, const mw_dlms_login *login)
{
  mw_model *model = l->model;
  int64_t only = mw_model_cell_int (model, MW_CELL_0_0_196_98_3_255_1_2);
  int64_t now = mw_clock_now (model->meter).utc;
  if (login->mechanism == MW_AUTH_NONE)
    return MW_DIAG_AUTHENTICATION_REQUIRED;
  if (login->mechanism != MW_AUTH_LOW || (only && only != login->mechanism))
    return MW_DIAG_MECHANISM_NOT_RECOGNISED;
  if (now < model->locked_until)
    return MW_DIAG_NO_REASON;
  if (mw_model_password_is (model, login->secret))
    return MW_DIAG_NULL;
  mw_model_authentication_failed (model);
  return MW_DIAG_AUTHENTICATION_FAILURE;
}

void
mw_model_authentication_failed (mw_model *model)
{
  mw_meter *m = model->meter;
  mw_stamp now = mw_clock_now (m);
  uint8_t buf[16];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_civil t = mw_clock_civil (m, now);
  mw_axdr_put_civil (&w, &t);
  (void) mw_model_cell_set (model, MW_CELL_0_0_196_98_0_255_1_2, mw_wr_done (&w));
  mw_meter_authentication_failed (m);
  model->failures++;
  if (model->failures >= mw_setting_get (m, MW_SET_AUTH_FAILURE_LIMIT)) {
    model->locked_until = now.utc + MW_LOCKOUT_S;
    model->failures = 0;
  }
}

static uint8_t
associate (void *ctx, const mw_dlms_login *login)
{
  mw_model_link *l = ctx;
  uint8_t answer = MW_DIAG_NULL, level = MW_LEVEL_NONE;
  if (login->context != MW_CONTEXT_LN)
    return MW_DIAG_CONTEXT_NOT_SUPPORTED;
  if (login->client_sap == MW_CLIENT_PUBLIC && !shut_out (l->model, 0))
    level = MW_LEVEL_PUBLIC;
  else if (login->client_sap == MW_CLIENT_MANAGEMENT && !shut_out (l->model, 1))
    level = MW_LEVEL_MANAGER;
  else if (login->client_sap == MW_CLIENT_PREESTABLISHED && !shut_out (l->model, 2))
    level = MW_LEVEL_READER;
  if (level == MW_LEVEL_NONE || login->logical_device != MW_LOGICAL_DEVICE)
    return MW_DIAG_NO_REASON;
  if (level == MW_LEVEL_MANAGER)
    answer = log_in (l, login);
  else if (login->mechanism != MW_AUTH_NONE)
    answer = MW_DIAG_MECHANISM_NOT_RECOGNISED;
  mw_meter_contact (l->model->meter, l->local);
  if (answer == MW_DIAG_NULL) {
    l->client = login->client_sap;
    l->level = level;
    l->mechanism = login->mechanism;
    l->model->failures = 0;
  }
  return answer;
}

static void
released (void *ctx)
{
  mw_model_link *l = ctx;
  l->level = MW_LEVEL_NONE;
  l->client = 0;
}

/* --- access ---------------------------------------------------------------------------------
 */

/* What this link may do with an attribute: MW_ACCESS_ bits. */
uint8_t
mw_model_rights (enum mw_level level, const mw_model_object *o, uint8_t access)
{
  switch (level) {
  case MW_LEVEL_MANAGER:
    return access;
  case MW_LEVEL_READER:
    return access & MW_ACCESS_READ;
  case MW_LEVEL_PUBLIC:
    return o->flags & MW_OBJECT_PUBLIC ? access & MW_ACCESS_READ : 0;
  default:
    return 0;
  }
}

static bool
may (const mw_model_link *l, uint16_t a, uint8_t what)
{
  const mw_model_attr *attr = &mw_model_attrs[a];
  return l->internal
         || mw_model_rights (l->level, &mw_model_objects[attr->object], attr->access) & what;
}

/* --- GET ------------------------------------------------------------------------------------
 */

#define MW_STREAM_NAME 0xfffeu /* stream->step: attribute 1 */

static uint8_t
open_name (mw_model_link *l, const mw_dlms_attr *attr, mw_dlms_stream *s)
{
  uint8_t dar = MW_DAR_SUCCESS;
  const mw_model_object *o = mw_model_object_find (l->model, attr->class_id, attr->ln.v, &dar);
  if (!o)
    return dar;
  if (!l->internal && !mw_model_rights (l->level, o, MW_ACCESS_READ))
    return MW_DAR_READ_WRITE_DENIED;
  s->step = MW_STREAM_NAME;
  s->end = 1;
  return MW_DAR_SUCCESS;
}

uint8_t
mw_model_open (mw_model_link *l, uint16_t a, const mw_dlms_selection *access, mw_dlms_stream *s)
{
  const mw_model_attr *attr = &mw_model_attrs[a];
  s->step = a;
  s->end = 1;
  s->row = s->pos = 0;
  if (attr->bind == MW_BIND_FN && mw_model_handlers[attr->fn]->open)
    return mw_model_handlers[attr->fn]->open (l, attr, access, s);
  return access && access->selector ? MW_DAR_SCOPE_OF_ACCESS_VIOLATED : MW_DAR_SUCCESS;
}

static uint8_t
get_open (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access,
          mw_dlms_stream *stream)
{
  mw_model_link *l = ctx;
  uint8_t dar = MW_DAR_SUCCESS;
  mw_meter_contact (l->model->meter, false);
  if (attr->index == 1)
    return open_name (l, attr, stream);
  uint16_t a = mw_model_attr_find (l->model, attr, &dar);
  if (a == MW_MODEL_NO_ATTR)
    return dar;
  if (!may (l, a, MW_ACCESS_READ))
    return MW_DAR_READ_WRITE_DENIED;
  return mw_model_open (l, a, access, stream);
}

static void
piece_of_value (mw_model *model, uint16_t a, mw_wr *w)
{
  mw_value v;
  if (mw_meter_value (model->meter, mw_model_attrs[a].arg, &v) == MW_OK)
    mw_model_put_value (model, a, &v, mw_clock_now (model->meter), w);
  else
    mw_axdr_put_null (w);
}

static void
piece_of_scaler (const mw_model_attr *attr, mw_wr *w)
{
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_i8 (w, (int8_t) (attr->arg >> 8));
  mw_axdr_put_enum (w, (uint8_t) attr->arg);
}

/* Piece stream->row of the value, borrowed until the next call. */
mw_span
mw_model_piece (mw_model_link *l, mw_dlms_stream *s)
{
  mw_model *model = l->model;
  mw_wr w;
  mw_wr_init (&w, model->scratch, sizeof model->scratch);
  if (s->step == MW_STREAM_NAME) {
    mw_axdr_put_obis (&w, s->attr.ln);
    return mw_wr_done (&w);
  }
  const mw_model_attr *attr = &mw_model_attrs[s->step];
  switch (attr->bind) {
  case MW_BIND_CONST:
    return mw_model_default (attr->arg);
  case MW_BIND_CELL:
    return mw_model_cell_get (model, attr->arg);
  case MW_BIND_VALUE:
    piece_of_value (model, (uint16_t) s->step, &w);
    break;
  case MW_BIND_SCALER:
    piece_of_scaler (attr, &w);
    break;
  default:
    mw_model_handlers[attr->fn]->piece (l, attr, s, &w);
  }
  return mw_wr_done (&w);
}

static size_t
get_next (void *ctx, mw_dlms_stream *stream, uint8_t *buf, size_t cap)
{
  mw_model_link *l = ctx;
  size_t n = 0;
  while (n < cap && !stream->done && !stream->result) {
    mw_span piece = mw_model_piece (l, stream);
    if (piece.len == 0)
      stream->result = MW_DAR_HARDWARE_FAULT;
    size_t take = piece.len - stream->pos;
    if (stream->result)
      break;
    if (take > cap - n)
      take = cap - n;
    memcpy (buf + n, piece.ptr + stream->pos, take);
    n += take;
    stream->pos += (uint32_t) take;
    if (stream->pos < piece.len)
      break;
    if (stream->step != MW_STREAM_NAME && mw_model_attrs[stream->step].bind == MW_BIND_FN
        && mw_model_handlers[mw_model_attrs[stream->step].fn]->passed)
      mw_model_handlers[mw_model_attrs[stream->step].fn]->passed (l, stream);
    stream->pos = 0;
    stream->done = ++stream->row >= stream->end;
  }
  return n;
}

size_t
mw_model_read_small (mw_model *model, uint16_t a, uint8_t *buf, size_t cap)
{
  mw_model_link self = { .model = model, .level = MW_LEVEL_MANAGER, .internal = true };
  mw_dlms_stream s = { 0 };
  size_t n = 0;
  if (!(mw_model_attrs[a].access & MW_ACCESS_READ)
      || mw_model_open (&self, a, NULL, &s) != MW_DAR_SUCCESS)
    return 0;
  while (n < cap && !s.done && !s.result)
    n += get_next (&self, &s, buf + n, cap - n);
  return s.done && !s.result ? n : 0;
}

/* --- SET ------------------------------------------------------------------------------------
 */

static uint8_t
set_setting (mw_model *model, const mw_model_attr *attr, mw_cur *value)
{
  unsigned id = attr->arg - MW_V_SETTING (0);
  if (id >= MW_N_SETTINGS)
    return attr->arg == MW_V_CLOCK ? mw_model_set_clock (model, value)
                                   : MW_DAR_READ_WRITE_DENIED;
  return mw_model_dar (mw_setting_set (model->meter, id, mw_axdr_get_int (value)));
}

static uint8_t
set_cell (mw_model_link *l, const mw_model_attr *attr, mw_span value)
{
  uint8_t dar = mw_model_cell_written (l->model, attr->arg, &value);
  if (dar != MW_DAR_SUCCESS)
    return dar;
  dar = mw_model_dar (mw_model_cell_set (l->model, attr->arg, value));
  if (dar == MW_DAR_SUCCESS)
    mw_parameters_changed (l->model->meter);
  return dar;
}

static uint8_t
set_one (mw_model_link *l, const mw_dlms_attr *attr, const mw_dlms_selection *access,
         mw_cur *value)
{
  uint8_t dar = MW_DAR_READ_WRITE_DENIED;
  uint16_t a = attr->index == 1 ? MW_MODEL_NO_ATTR : mw_model_attr_find (l->model, attr, &dar);
  if (attr->index == 1)
    (void) mw_model_object_find (l->model, attr->class_id, attr->ln.v, &dar);
  if (a == MW_MODEL_NO_ATTR)
    return dar;
  if (!may (l, a, MW_ACCESS_WRITE))
    return MW_DAR_READ_WRITE_DENIED;
  if (access && access->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  const mw_model_attr *row = &mw_model_attrs[a];
  mw_cur check = *value;
  mw_span octets = { value->at, mw_cur_left (value) };
  if (!mw_type_check (mw_model_types + row->type, &check))
    return MW_DAR_TYPE_UNMATCHED;
  if (!mw_limit_check (row, octets))
    return MW_DAR_OTHER_REASON;
  if (row->bind == MW_BIND_VALUE)
    dar = set_setting (l->model, row, value);
  else if (row->bind == MW_BIND_CELL)
    dar = set_cell (l, row, octets);
  else
    dar = mw_model_handlers[row->fn]->write ? mw_model_handlers[row->fn]->write (l, row, value)
                                            : MW_DAR_READ_WRITE_DENIED;
  return dar;
}

static void
set_more (void *ctx, bool more)
{
  ((mw_model_link *) ctx)->more = more;
}

/* The attributes of one request are kept in one transaction: a power failure leaves all of them
 * or none. */
static uint8_t
set (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access, mw_cur *value)
{
  mw_model_link *l = ctx;
  uint8_t dar = set_one (l, attr, access, value);
  l->unkept = l->unkept || dar == MW_DAR_SUCCESS;
  if (l->more || !l->unkept)
    return dar;
  l->unkept = false;
  return mw_meter_commit (l->model->meter) == MW_OK ? dar : MW_DAR_HARDWARE_FAULT;
}

/* --- ACTION ---------------------------------------------------------------------------------
 */

static uint8_t
action (void *ctx, const mw_dlms_attr *method, mw_cur *parameter, mw_wr *reply)
{
  mw_model_link *l = ctx;
  uint8_t dar = MW_DAR_SUCCESS;
  const mw_model_object *o =
      mw_model_object_find (l->model, method->class_id, method->ln.v, &dar);
  if (!o)
    return dar;
  if (method->index < 1 || method->index > 8 || !(o->methods & 1u << (method->index - 1)))
    return MW_DAR_OBJECT_UNDEFINED;
  if (l->level != MW_LEVEL_MANAGER && !l->internal)
    return MW_DAR_READ_WRITE_DENIED;
  dar = mw_model_invoke (l, o, (unsigned) method->index, parameter, reply);
  if (dar == MW_DAR_SUCCESS && mw_meter_commit (l->model->meter) != MW_OK)
    dar = MW_DAR_HARDWARE_FAULT;
  return dar;
}

const mw_dlms_ops mw_model_ops = { associate, released, get_open, get_next,
                                   set,       action,   set_more };
