/* objects_association.c: associations (class 15) and SAP assignment (class 17) (Green Book 9.4,
 * Mx381 manual 6.13.2.2).
 *
 * 0-0:40.0.0 is the association through which it is read; 0-0:40.0.1, 2 and 3 are those of the
 * public, the management and the pre-established client.
 */
#include "models/objects.h"

#include <string.h>

static enum mw_level
level_of (const mw_model_link *l, unsigned client)
{
  static const uint8_t levels[] = { MW_LEVEL_NONE, MW_LEVEL_PUBLIC, MW_LEVEL_MANAGER,
                                    MW_LEVEL_READER };
  return (enum mw_level) (client ? levels[client] : l->level);
}

static uint16_t
sap_of (const mw_model_link *l, unsigned client)
{
  static const uint16_t saps[] = { 0, MW_CLIENT_PUBLIC, MW_CLIENT_MANAGEMENT,
                                   MW_CLIENT_PREESTABLISHED };
  return client ? saps[client] : l->client;
}

/* --- object_list ----------------------------------------------------------------------------
 */

static bool
visible (const mw_model *model, enum mw_level level, const mw_model_object *o)
{
  return o->models & 1u << model->id
         && (level != MW_LEVEL_PUBLIC || o->flags & MW_OBJECT_PUBLIC);
}

/* The first visible object from I on. */
static unsigned
next_visible (const mw_model *model, enum mw_level level, unsigned i)
{
  while (i < mw_model_n_objects && !visible (model, level, &mw_model_objects[i]))
    i++;
  return i;
}

static void
put_attribute (mw_wr *w, unsigned n, uint8_t rights, bool selective)
{
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_i8 (w, (int8_t) n);
  mw_axdr_put_enum (w, rights); /* MW_ACCESS_ bits are the standard's 0 … 3 */
  if (!selective) {
    mw_axdr_put_null (w);
    return;
  }
  mw_axdr_put_array (w, 2);
  mw_axdr_put_i8 (w, MW_SELECT_RANGE);
  mw_axdr_put_i8 (w, MW_SELECT_ENTRY);
}

static void
put_object (mw_wr *w, enum mw_level level, const mw_model_object *o)
{
  unsigned methods = 0;
  mw_obis ln;
  memcpy (ln.v, o->ln, 6);
  mw_axdr_put_structure (w, 4);
  mw_axdr_put_u16 (w, o->class_id);
  mw_axdr_put_u8 (w, o->version);
  mw_axdr_put_obis (w, ln);
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_array (w, o->count + 1u);
  put_attribute (w, 1, mw_model_rights (level, o, MW_ACCESS_READ), false);
  for (unsigned i = 0; i < o->count; i++) {
    const mw_model_attr *a = &mw_model_attrs[o->first + i];
    bool selective = a->n == 2 && (a->fn == MW_FN_PROFILE || a->fn == MW_FN_LOG);
    put_attribute (w, a->n, mw_model_rights (level, o, a->access), selective);
  }
  for (unsigned i = 0; i < 8; i++)
    methods += o->methods >> i & 1u;
  mw_axdr_put_array (w, methods);
  for (unsigned i = 0; i < 8; i++) {
    if (!(o->methods >> i & 1))
      continue;
    mw_axdr_put_structure (w, 2);
    mw_axdr_put_i8 (w, (int8_t) (i + 1));
    mw_axdr_put_enum (w, level == MW_LEVEL_MANAGER);
  }
}

/* --- the attributes -------------------------------------------------------------------------
 */

static uint8_t
association_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
                  mw_dlms_stream *s)
{
  enum mw_level level = level_of (l, a->arg >> 8);
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  if (a->n != 2)
    return MW_DAR_SUCCESS;
  for (unsigned i = next_visible (l->model, level, 0); i < mw_model_n_objects;
       i = next_visible (l->model, level, i + 1))
    s->end++;
  s->state[0] = next_visible (l->model, level, 0);
  return MW_DAR_SUCCESS;
}

/* 2.16.756.5.8.ARC.LEAF as a structure of its parts. */
static void
put_name (mw_wr *w, uint8_t arc, uint8_t leaf)
{
  mw_axdr_put_structure (w, 7);
  mw_axdr_put_u8 (w, 2);
  mw_axdr_put_u8 (w, 16);
  mw_axdr_put_u16 (w, 756);
  mw_axdr_put_u8 (w, 5);
  mw_axdr_put_u8 (w, 8);
  mw_axdr_put_u8 (w, arc);
  mw_axdr_put_u8 (w, leaf);
}

static void
put_context (const mw_model_link *l, unsigned client, mw_wr *w)
{
  const mw_dlms_server *server = client ? NULL : l->server;
  uint32_t conformance = server ? server->conformance : MW_CONF_ALL_LN;
  uint8_t bits[3] = { (uint8_t) (conformance >> 16), (uint8_t) (conformance >> 8),
                      (uint8_t) conformance };
  mw_axdr_put_structure (w, 6);
  mw_axdr_put_bits (w, bits, 24);
  mw_axdr_put_u16 (w, server ? server->config.max_pdu : 0);
  mw_axdr_put_u16 (w, server ? server->client_max_pdu : 0);
  mw_axdr_put_u8 (w, 6); /* DLMS version */
  mw_axdr_put_i8 (w, 0); /* quality of service */
  mw_axdr_put_octets (w, "", 0);
}

static void
association_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  static const mw_obis security = { { 0, 0, 43, 0, 0, 255 } };
  unsigned client = a->arg >> 8;
  enum mw_level level = level_of (l, client);
  switch (a->n) {
  case 2:
    if (s->row == 0)
      mw_axdr_put_array (w, s->end - 1);
    else
      put_object (w, level, &mw_model_objects[s->state[0]]);
    break;
  case 3:
    mw_axdr_put_structure (w, 2);
    mw_axdr_put_i8 (w, (int8_t) sap_of (l, client));
    mw_axdr_put_u16 (w, MW_LOGICAL_DEVICE);
    break;
  case 4:
    put_name (w, 1, MW_CONTEXT_LN);
    break;
  case 5:
    put_context (l, client, w);
    break;
  case 6:
    put_name (w, 2, level == MW_LEVEL_MANAGER ? MW_AUTH_LOW : MW_AUTH_NONE);
    break;
  case 8: /* associated (2), as seen from the one who asks; else non-associated */
    mw_axdr_put_enum (w, client == 0 || sap_of (l, client) == l->client ? 2 : 0);
    break;
  default:
    mw_axdr_put_obis (w, security);
  }
}

static void
association_passed (mw_model_link *l, mw_dlms_stream *s)
{
  const mw_model_attr *a = &mw_model_attrs[s->step];
  if (a->n == 2 && s->row > 0)
    s->state[0] =
        next_visible (l->model, level_of (l, a->arg >> 8), (unsigned) s->state[0] + 1);
}

/* The secret of the management client alone can be written. */
static uint8_t
association_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_model *model = l->model;
  mw_span secret = mw_axdr_get_octets (c);
  if (level_of (l, a->arg >> 8) != MW_LEVEL_MANAGER)
    return MW_DAR_READ_WRITE_DENIED;
  if (secret.len == 0 || secret.len > MW_PASSWORD_MAX)
    return MW_DAR_OTHER_REASON;
  memcpy (model->kept.password, secret.ptr, secret.len);
  model->kept.password_len = (uint8_t) secret.len;
  mw_model_touch (model);
  mw_parameters_changed (model->meter);
  return MW_DAR_SUCCESS;
}

const mw_model_handler mw_handler_association = { association_open, association_piece,
                                                  association_write, association_passed };

/* Methods: a challenge is never outstanding, and the list of objects is the firmware's. */
uint8_t
mw_association_method (mw_model_link *l, unsigned method, mw_cur *parameter)
{
  (void) l, (void) method, (void) parameter;
  return MW_DAR_READ_WRITE_DENIED;
}

/* --- SAP assignment -------------------------------------------------------------------------
 */

static void
sap_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  uint8_t name[16];
  (void) a, (void) s;
  mw_model_logical_device_name (l->model, name);
  mw_axdr_put_array (w, 1);
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u16 (w, MW_LOGICAL_DEVICE);
  mw_axdr_put_octets (w, name, sizeof name);
}

const mw_model_handler mw_handler_sap = { NULL, sap_piece, NULL, NULL };
