/* model.c: the life of a model, its cells, and finding objects and attributes. */
#include "models/objects.h"

#include <string.h>

/* clang-format off */
static const struct {
  const char *name;
  uint8_t phases;
} models[MW_N_MODELS] = {
  [MW_ME381] = { "me381", 1 },
  [MW_MT381] = { "mt381", 3 },
};
/* clang-format on */

const char *
mw_model_name (enum mw_model_id id)
{
  return models[id].name;
}

bool
mw_model_by_name (const char *name, enum mw_model_id *out)
{
  for (unsigned i = 0; i < MW_N_MODELS; i++)
    if (strcmp (models[i].name, name) == 0) {
      *out = (enum mw_model_id) i;
      return true;
    }
  return false;
}

unsigned
mw_model_phases (enum mw_model_id id)
{
  return models[id].phases;
}

/* --- cells ----------------------------------------------------------------------------------
 */

mw_span
mw_model_default (unsigned at)
{
  const uint8_t *p = mw_model_defaults + at;
  return (mw_span){ p + 2, (size_t) (p[0] << 8 | p[1]) };
}

mw_span
mw_model_cell_get (const mw_model *model, unsigned cell)
{
  const uint8_t *p = model->cells + mw_model_cells[cell].offset;
  return (mw_span){ p + 2, (size_t) (p[0] << 8 | p[1]) };
}

enum mw_err
mw_model_cell_set (mw_model *model, unsigned cell, mw_span value)
{
  uint8_t *p = model->cells + mw_model_cells[cell].offset;
  if (value.len > mw_model_cells[cell].cap)
    return MW_ERR_SPACE;
  p[0] = (uint8_t) (value.len >> 8);
  p[1] = (uint8_t) value.len;
  memcpy (p + 2, value.ptr, value.len);
  mw_model_touch (model);
  return MW_OK;
}

int64_t
mw_model_cell_int (const mw_model *model, unsigned cell)
{
  mw_cur c = mw_cur_of (mw_model_cell_get (model, cell));
  mw_axdr_value v;
  int64_t n = 0;
  mw_axdr_get (&c, &v);
  return mw_axdr_to_int (&v, &n) == MW_OK ? n : 0;
}

void
mw_model_cell_set_int (mw_model *model, unsigned cell, unsigned tag, int64_t value)
{
  uint8_t buf[10];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_axdr_put_int (&w, tag, value);
  (void) mw_model_cell_set (model, cell, mw_wr_done (&w)); /* the same width as before: fits */
}

void
mw_model_touch (mw_model *model)
{
  mw_store_touch (&model->meter->store, MW_AREA_USER0);
  mw_store_touch (&model->meter->store, MW_AREA_USER1);
  model->meter->changed = true;
}

/* --- finding --------------------------------------------------------------------------------
 */

static int
compare (const mw_model_object *o, const uint8_t ln[6], uint16_t class_id)
{
  int d = memcmp (o->ln, ln, 6);
  return d ? d : (int) o->class_id - (int) class_id;
}

/* The first object not before (LN, CLASS_ID). */
static unsigned
lower_bound (const uint8_t ln[6], uint16_t class_id)
{
  unsigned low = 0, high = mw_model_n_objects;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (compare (&mw_model_objects[middle], ln, class_id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool
at_name (const mw_model *model, unsigned i, const uint8_t ln[6])
{
  return i < mw_model_n_objects && memcmp (mw_model_objects[i].ln, ln, 6) == 0
         && (mw_model_objects[i].models & 1u << model->id);
}

const mw_model_object *
mw_model_object_find (const mw_model *model, uint16_t class_id, const uint8_t ln[6],
                      uint8_t *dar)
{
  unsigned i = lower_bound (ln, class_id);
  if (at_name (model, i, ln) && mw_model_objects[i].class_id == class_id)
    return &mw_model_objects[i];
  *dar = at_name (model, lower_bound (ln, 0), ln) ? MW_DAR_OBJECT_CLASS_INCONSISTENT
                                                  : MW_DAR_OBJECT_UNDEFINED;
  return NULL;
}

static uint16_t
attr_in (const mw_model_object *o, int index)
{
  for (unsigned i = 0; i < o->count; i++)
    if (mw_model_attrs[o->first + i].n == index)
      return (uint16_t) (o->first + i);
  return MW_MODEL_NO_ATTR;
}

uint16_t
mw_model_attr_find (const mw_model *model, const mw_dlms_attr *attr, uint8_t *dar)
{
  const mw_model_object *o = mw_model_object_find (model, attr->class_id, attr->ln.v, dar);
  if (!o)
    return MW_MODEL_NO_ATTR;
  *dar = MW_DAR_READ_WRITE_DENIED; /* an attribute that its class does not have */
  return attr_in (o, attr->index);
}

uint16_t
mw_model_attr_of_obis (const mw_model *model, const uint8_t ln[6])
{
  unsigned i = lower_bound (ln, 0);
  return at_name (model, i, ln) ? attr_in (&mw_model_objects[i], 2) : MW_MODEL_NO_ATTR;
}

bool
mw_model_scaler (uint16_t a, int *scaler, unsigned *unit)
{
  const mw_model_object *o = &mw_model_objects[mw_model_attrs[a].object];
  for (unsigned i = 0; i < o->count; i++) {
    const mw_model_attr *s = &mw_model_attrs[o->first + i];
    if (s->bind != MW_BIND_SCALER)
      continue;
    *scaler = (int8_t) (s->arg >> 8);
    *unit = s->arg & 0xffu;
    return true;
  }
  return false;
}

/* --- life -----------------------------------------------------------------------------------
 */

static enum mw_err
user_info (void *ctx, uint16_t id, mw_value_info *out)
{
  const mw_model *model = ctx;
  uint16_t a = (uint16_t) (id - MW_V_USER);
  if (a >= mw_model_n_attrs)
    return MW_ERR_UNSUPPORTED;
  static const char letters[] = "buUDiILeoT";
  static const uint8_t kinds[] = { MW_VALUE_BOOL,  MW_VALUE_U8,  MW_VALUE_U16, MW_VALUE_U32,
                                   MW_VALUE_I8,    MW_VALUE_I16, MW_VALUE_I32, MW_VALUE_ENUM,
                                   MW_VALUE_BYTES, MW_VALUE_TIME };
  const char *type = mw_model_types + mw_model_attrs[a].type;
  const char *found = strchr (letters, type[0]);
  int scaler = 0;
  unsigned unit = MW_UNIT_NONE;
  (void) model;
  if (!found || !type[0]
      || (type[0] == 'o' && mw_model_limits[mw_model_attrs[a].limit].most > 8))
    return MW_ERR_UNSUPPORTED;
  (void) mw_model_scaler (a, &scaler, &unit);
  *out = (mw_value_info){ kinds[found - letters], (int8_t) scaler, (uint8_t) unit,
                          MW_FORMAT_PLAIN };
  return MW_OK;
}

static enum mw_err
user_value (void *ctx, uint16_t id, mw_value *out)
{
  mw_value_info info;
  enum mw_err err = user_info (ctx, id, &info);
  if (err)
    return err;
  uint8_t buf[24];
  size_t n = mw_model_read_small (ctx, (uint16_t) (id - MW_V_USER), buf, sizeof buf);
  mw_cur c;
  mw_axdr_value v;
  mw_cur_init (&c, buf, n);
  mw_axdr_get (&c, &v);
  *out = (mw_value){ .kind = info.kind };
  if (info.kind == MW_VALUE_BYTES) {
    if (v.type != MW_AXDR_OCTET_STRING || v.len > sizeof out->u.bytes)
      return MW_ERR_VALUE;
    out->len = (uint8_t) v.len;
    memcpy (out->u.bytes, v.ptr, v.len);
    return MW_OK;
  }
  if (info.kind == MW_VALUE_TIME) {
    mw_civil t;
    out->u.time = (mw_stamp){ 0, MW_CLOCK_STATUS_ANY };
    if (mw_axdr_to_civil (&v, &t) == MW_OK && mw_civil_is_complete (&t)) {
      out->u.time.status = t.status;
      return mw_civil_to_utc (&t, 0, &out->u.time.utc);
    }
    return MW_OK;
  }
  return mw_axdr_to_int (&v, &out->u.i);
}

bool
mw_model_is_text (uint16_t a)
{
  const mw_model_attr *attr = &mw_model_attrs[a];
  char letter = mw_model_types[attr->type];
  return mw_model_objects[attr->object].class_id == 1 && attr->n == 2
         && (attr->access & MW_ACCESS_READ) && (letter == 'o' || letter == 'v');
}

/* What the display moves through (manual 4.4.1.12 to 4.4.1.14): text as it is, and a signature
 * in hexadecimal digits. */
static size_t
user_text (void *ctx, uint16_t id, char *buf, size_t cap)
{
  uint16_t a = (uint16_t) (id - MW_V_USER);
  uint8_t raw[192];
  mw_value_info info;
  mw_axdr_value v = { 0 };
  bool text = true;
  size_t n = 0;
  if (a >= mw_model_n_attrs || !mw_model_is_text (a) || user_info (ctx, id, &info) == MW_OK)
    return 0;
  mw_cur c = mw_cur_of ((mw_span){ raw, mw_model_read_small (ctx, a, raw, sizeof raw) });
  mw_axdr_get (&c, &v);
  if (c.err)
    return 0;
  for (uint32_t i = 0; i < v.len; i++)
    text = text && v.ptr[i] >= ' ' && v.ptr[i] < 127;
  for (uint32_t i = 0; i < v.len && n + 2 <= cap; i++) {
    if (!text)
      buf[n++] = "0123456789AbCdEF"[v.ptr[i] >> 4];
    buf[n++] = text ? (char) v.ptr[i] : "0123456789AbCdEF"[v.ptr[i] & 15];
  }
  if (n == 0)
    buf[n++] = ' '; /* it is there, and empty */
  return n;
}

uint16_t
mw_model_value_id (const mw_model *model, uint16_t a)
{
  const mw_model_attr *attr = &mw_model_attrs[a];
  mw_value_info info;
  if (attr->bind == MW_BIND_VALUE)
    return attr->arg;
  uint16_t id = (uint16_t) (MW_V_USER + a);
  return user_info ((void *) (uintptr_t) model, id, &info) == MW_OK ? id : MW_V_NONE;
}

uint16_t
mw_model_attr_of_value (const mw_model *model, uint16_t id)
{
  if (id >= MW_V_USER)
    return (uint16_t) (id - MW_V_USER);
  for (uint16_t a = 0; a < mw_model_n_attrs; a++)
    if (mw_model_attrs[a].bind == MW_BIND_VALUE && mw_model_attrs[a].arg == id
        && (mw_model_objects[mw_model_attrs[a].object].models & 1u << model->id))
      return a;
  return MW_MODEL_NO_ATTR;
}

uint32_t
mw_model_attr_name (uint16_t a)
{
  const mw_model_attr *attr = &mw_model_attrs[a];
  const mw_model_object *o = &mw_model_objects[attr->object];
  uint32_t crc = mw_crc32 (0, o->ln, sizeof o->ln);
  crc = mw_crc32 (crc, &o->class_id, sizeof o->class_id);
  return mw_crc32 (crc, &attr->n, sizeof attr->n);
}

static uint16_t
attr_of_name (uint32_t name)
{
  for (uint16_t a = 0; a < mw_model_n_attrs; a++)
    if (mw_model_attr_name (a) == name)
      return a;
  return MW_MODEL_NO_ATTR;
}

/* What the numbers of another firmware stood for, in the numbers of this one. */
static void
from_other_tables (mw_model *model)
{
  mw_meter *m = model->meter;
  for (unsigned p = 0; p < MW_N_PROFILES; p++)
    for (unsigned i = 0; i < mw_profile_setup_of (m, (enum mw_profile_id) p)->n; i++) {
      uint16_t id = mw_profile_setup_of (m, (enum mw_profile_id) p)->capture[i];
      uint16_t a = id < MW_V_USER ? MW_MODEL_NO_ATTR : attr_of_name (model->kept.name[p][i]);
      if (id >= MW_V_USER)
        mw_profile_rename (m, (enum mw_profile_id) p, i,
                           a == MW_MODEL_NO_ATTR ? (uint16_t) MW_V_NONE
                                                 : mw_model_value_id (model, a));
    }
  for (unsigned l = 0; l < MW_N_LISTS; l++) {
    const mw_list *list = mw_list_of (m, (enum mw_list_id) l);
    for (unsigned i = 0; i < list->n; i++)
      if (list->item[i].value >= MW_V_USER) {
        uint16_t a = mw_model_attr_of_obis (model, list->item[i].obis);
        mw_list_rename (m, (enum mw_list_id) l, i, mw_model_list_value (model, a));
      }
  }
}

/* Columns by the core's value numbers, when what was kept is of other tables. */
static void
captures_from_core (mw_model *model)
{
  for (unsigned p = 0; p < MW_N_PROFILES; p++) {
    const mw_profile_setup *setup = mw_profile_setup_of (model->meter, (enum mw_profile_id) p);
    for (unsigned i = 0; i < setup->n; i++) {
      uint16_t a = mw_model_attr_of_value (model, setup->capture[i]);
      model->kept.capture[p][i] = a;
      model->kept.name[p][i] = a == MW_MODEL_NO_ATTR ? 0 : mw_model_attr_name (a);
    }
  }
  for (unsigned l = 0; l < MW_N_LISTS; l++) {
    const mw_list *list = mw_list_of (model->meter, (enum mw_list_id) l);
    for (unsigned i = 0; i < list->n; i++)
      model->kept.list[l][i] = mw_model_attr_of_obis (model, list->item[i].obis);
  }
  memcpy (model->kept.tables, mw_model_signature, sizeof model->kept.tables);
}

static void
presets (mw_model *model)
{
  mw_model_link self = { .model = model, .level = MW_LEVEL_MANAGER, .internal = true };
  for (unsigned i = 0; i < mw_model_n_presets; i++) {
    const mw_model_attr *a = &mw_model_attrs[mw_model_presets[i].attr];
    mw_cur c = mw_cur_of (mw_model_default (mw_model_presets[i].value));
    if (!(mw_model_objects[a->object].models & 1u << model->id))
      continue;
    if (mw_model_handlers[a->fn]->write (&self, a, &c) != MW_DAR_SUCCESS)
      model->refused++;
  }
}

static void
keep_password (mw_model *model, const char *password)
{
  size_t n = strlen (password);
  model->kept.password_len = (uint8_t) (n > MW_PASSWORD_MAX ? MW_PASSWORD_MAX : n);
  memcpy (model->kept.password, password, model->kept.password_len);
}

bool
mw_model_password_is (const mw_model *model, mw_span password)
{
  uint8_t different = (uint8_t) (password.len != model->kept.password_len);
  for (size_t i = 0; i < password.len; i++) /* all of it, whatever differs first */
    different |= (uint8_t) (password.ptr[i] ^ model->kept.password[i % MW_PASSWORD_MAX]);
  return !different;
}

enum mw_err
mw_model_init (mw_model *model, mw_meter *meter, const mw_model_config *config)
{
  size_t n = strlen (config->serial);
  if (n == 0 || n > MW_SERIAL_MAX)
    return MW_ERR_VALUE;
  memset (model, 0, sizeof *model);
  model->meter = meter;
  model->id = config->id;
  model->kept.model = (uint8_t) config->id;
  memcpy (model->serial, config->serial, n);
  for (unsigned i = 0; i < mw_model_n_cells; i++)
    (void) mw_model_cell_set (model, i, mw_model_default (mw_model_cells[i].preset));
  meter->user = (mw_user){ .ctx = model,
                           .info = user_info,
                           .value = user_value,
                           .script = mw_model_script,
                           .text = user_text,
                           .due = mw_model_due,
                           .next = MW_WHEN_NEVER,
                           .long_press = mw_prepay_select };
  keep_password (model, config->password ? config->password : "12345678");
  captures_from_core (model);
  presets (model);
  mw_store_attach (&meter->store, MW_AREA_USER0, model->cells, sizeof model->cells);
  mw_store_attach (&meter->store, MW_AREA_USER1, &model->kept, sizeof model->kept);
  return MW_OK;
}

void
mw_model_started (mw_model *model)
{
  model->started = mw_clock_now (model->meter).utc;
  if (memcmp (model->kept.tables, mw_model_signature, sizeof model->kept.tables) != 0) {
    from_other_tables (model);
    captures_from_core (model);
    mw_model_touch (model);
  }
  mw_model_plan (model);
}

void
mw_model_plan (mw_model *model)
{
  mw_meter *m = model->meter;
  m->user.next = mw_prepay_runs (model) || mw_mbus_runs (model)
                     ? mw_clock_next_boundary (m, m->st.clock.utc, MW_MODEL_PERIOD_S)
                     : MW_WHEN_NEVER;
  mw_prepay_show (model);
}

void
mw_model_due (void *ctx)
{
  mw_prepay_minute (ctx);
  mw_mbus_minute (ctx);
  mw_model_plan (ctx);
}

uint8_t
mw_model_dar (enum mw_err err)
{
  switch (err) {
  case MW_OK:
    return MW_DAR_SUCCESS;
  case MW_ERR_REFUSED:
    return MW_DAR_READ_WRITE_DENIED;
  case MW_ERR_STATE:
    return MW_DAR_TEMPORARY_FAILURE;
  case MW_ERR_UNSUPPORTED:
    return MW_DAR_OBJECT_UNAVAILABLE;
  case MW_ERR_STORAGE:
    return MW_DAR_HARDWARE_FAULT;
  default:
    return MW_DAR_OTHER_REASON;
  }
}
