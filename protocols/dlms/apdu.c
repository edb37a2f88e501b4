/* apdu.c: names, descriptors and the parts that GET, SET and ACTION share.  See apdu.h. */
#include "dlms/apdu.h"

#include <string.h>

#include "dlms/apdu_parts.h"

const char *
mw_dar_name (unsigned result)
{
  switch (result) {
#define MW_DAR_ROW(number, symbol, name)                                                       \
  case number:                                                                                 \
    return name;
    MW_DAR_ROWS (MW_DAR_ROW)
#undef MW_DAR_ROW
  default:
    return "unknown";
  }
}

const char *
mw_action_result_name (unsigned result)
{
  if (result == MW_ACTION_LONG_ABORTED)
    return "long-action-aborted";
  if (result == MW_ACTION_NO_LONG_IN_PROGRESS)
    return "no-long-action-in-progress";
  return result >= 17 && result <= 19 ? "unknown" : mw_dar_name (result);
}

const char *
mw_apdu_name (unsigned tag)
{
  /* clang-format off */
  static const struct {
    uint8_t tag;
    const char *name;
  } names[] = {
    { 0x01, "initiate-request" },          { 0x08, "initiate-response" },
    { 0x0e, "confirmed-service-error" },   { 0x0f, "data-notification" },
    { 0x10, "data-notification-confirm" },
    { 0x21, "glo-initiate-request" },      { 0x28, "glo-initiate-response" },
    { 0x2e, "glo-confirmed-service-error" },
    { 0x41, "ded-initiate-request" },      { 0x48, "ded-initiate-response" },
    { 0x4e, "ded-confirmed-service-error" },
    { 0x60, "aarq" },                      { 0x61, "aare" },
    { 0x62, "rlrq" },                      { 0x63, "rlre" },
    { 0xc0, "get-request" },               { 0xc1, "set-request" },
    { 0xc2, "event-notification-request" }, { 0xc3, "action-request" },
    { 0xc4, "get-response" },              { 0xc5, "set-response" },
    { 0xc7, "action-response" },
    { 0xc8, "glo-get-request" },           { 0xc9, "glo-set-request" },
    { 0xca, "glo-event-notification-request" }, { 0xcb, "glo-action-request" },
    { 0xcc, "glo-get-response" },          { 0xcd, "glo-set-response" },
    { 0xcf, "glo-action-response" },
    { 0xd0, "ded-get-request" },           { 0xd1, "ded-set-request" },
    { 0xd2, "ded-event-notification-request" }, { 0xd3, "ded-action-request" },
    { 0xd4, "ded-get-response" },          { 0xd5, "ded-set-response" },
    { 0xd7, "ded-action-response" },       { 0xd8, "exception-response" },
    { 0xd9, "access-request" },            { 0xda, "access-response" },
    { 0xdb, "general-glo-ciphering" },     { 0xdc, "general-ded-ciphering" },
    { 0xdd, "general-ciphering" },         { 0xdf, "general-signing" },
    { 0xe0, "general-block-transfer" },
  };
  /* clang-format on */
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].tag == tag)
      return names[i].name;
  return NULL;
}

/* --- descriptors ----------------------------------------------------------------------------
 */

void
mw_dlms_attr_put (mw_wr *w, const mw_dlms_attr *a)
{
  mw_wr_u16 (w, a->class_id);
  mw_obis_write (w, a->ln);
  mw_wr_u8 (w, (uint8_t) a->index);
}

mw_dlms_attr
mw_dlms_attr_get (mw_cur *c)
{
  mw_dlms_attr a;
  a.class_id = mw_cur_u16 (c);
  a.ln = mw_obis_read (c);
  a.index = (int8_t) mw_cur_u8 (c);
  return a;
}

bool
apdu_optional (mw_cur *c)
{
  uint8_t present = mw_cur_u8 (c);
  if (present > 1)
    mw_cur_fail (c, MW_ERR_VALUE);
  return present == 1 && !c->err;
}

void
mw_dlms_selection_put (mw_wr *w, const mw_dlms_selection *s)
{
  mw_wr_u8 (w, s->selector != 0);
  if (!s->selector)
    return;
  mw_wr_u8 (w, s->selector);
  mw_wr_span (w, s->parameters);
}

mw_dlms_selection
mw_dlms_selection_get (mw_cur *c)
{
  mw_dlms_selection s = { 0 };
  if (!apdu_optional (c))
    return s;
  s.selector = mw_cur_u8 (c);
  s.parameters = mw_axdr_take (c);
  if (s.selector == 0)
    mw_cur_fail (c, MW_ERR_VALUE);
  return s;
}

/* --- parts ----------------------------------------------------------------------------------
 */

void
apdu_block_get (mw_cur *c, mw_apdu *a)
{
  a->last_block = mw_cur_u8 (c) != 0;
  a->block = mw_cur_u32 (c);
  a->data = mw_cur_bytes (c, mw_axdr_length (c));
  a->has_data = true;
}

void
apdu_block_put (mw_wr *w, const mw_apdu *a)
{
  mw_wr_u8 (w, a->last_block);
  mw_wr_u32 (w, a->block);
  mw_axdr_put_length (w, (uint32_t) a->data.len);
  mw_wr_span (w, a->data);
}

void
apdu_list_get (mw_cur *c, mw_apdu *a, void (*one) (mw_cur *c), mw_span *list)
{
  uint32_t n = mw_axdr_length (c);
  const uint8_t *start = c->at;
  for (uint32_t i = 0; i < n && !c->err; i++)
    one (c);
  a->count = n;
  if (!c->err)
    *list = (mw_span){ start, (size_t) (c->at - start) };
}

void
apdu_list_put (mw_wr *w, uint32_t count, mw_span list)
{
  mw_axdr_put_length (w, count);
  mw_wr_span (w, list);
}

static void
one_value (mw_cur *c)
{
  mw_axdr_take (c);
}

void
apdu_values_get (mw_cur *c, mw_apdu *a)
{
  uint32_t n = a->count;
  apdu_list_get (c, a, one_value, &a->data);
  if (a->count != n)
    mw_cur_fail (c, MW_ERR_VALUE);
}

void
apdu_result_get (mw_cur *c, bool *has_data, mw_span *data, uint8_t *result)
{
  uint8_t choice = mw_cur_u8 (c);
  if (choice > 1)
    mw_cur_fail (c, MW_ERR_VALUE);
  *has_data = choice == 0;
  if (choice == 0)
    *data = mw_axdr_take (c);
  else
    *result = mw_cur_u8 (c);
}

void
apdu_result_put (mw_wr *w, bool has_data, mw_span data, uint8_t result)
{
  mw_wr_u8 (w, !has_data);
  if (has_data)
    mw_wr_span (w, data);
  else
    mw_wr_u8 (w, result);
}

/* --- all services ---------------------------------------------------------------------------
 */

typedef struct service {
  uint8_t tag;
  void (*get) (mw_cur *c, mw_apdu *a);
  void (*put) (mw_wr *w, const mw_apdu *a);
} service;

static const service *
service_of (uint8_t tag)
{
  /* clang-format off */
  static const service services[] = {
    { MW_APDU_GET_REQUEST,     mw_apdu_get_request,     mw_apdu_put_get_request },
    { MW_APDU_GET_RESPONSE,    mw_apdu_get_response,    mw_apdu_put_get_response },
    { MW_APDU_SET_REQUEST,     mw_apdu_set_request,     mw_apdu_put_set_request },
    { MW_APDU_SET_RESPONSE,    mw_apdu_set_response,    mw_apdu_put_set_response },
    { MW_APDU_ACTION_REQUEST,  mw_apdu_action_request,  mw_apdu_put_action_request },
    { MW_APDU_ACTION_RESPONSE, mw_apdu_action_response, mw_apdu_put_action_response },
  };
  /* clang-format on */
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (services[i].tag == tag)
      return &services[i];
  return NULL;
}

enum mw_err
mw_apdu_decode (mw_span octets, mw_apdu *out)
{
  mw_cur c = mw_cur_of (octets);
  const service *s;
  memset (out, 0, sizeof *out);
  out->tag = mw_cur_u8 (&c);
  out->form = mw_cur_u8 (&c);
  out->invoke = mw_cur_u8 (&c);
  s = service_of (out->tag);
  if (!s)
    mw_cur_fail (&c, MW_ERR_UNSUPPORTED);
  if (!c.err)
    s->get (&c, out);
  return mw_cur_end (&c);
}

enum mw_err
mw_apdu_encode (mw_wr *w, const mw_apdu *a)
{
  const service *s = service_of (a->tag);
  mw_wr_u8 (w, a->tag);
  mw_wr_u8 (w, a->form);
  mw_wr_u8 (w, a->invoke);
  if (s)
    s->put (w, a);
  else
    mw_wr_fail (w, MW_ERR_UNSUPPORTED);
  return w->err;
}
