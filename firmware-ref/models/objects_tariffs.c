/* objects_tariffs.c: register activation (class 6) and the tariffication scripts (class 9)
 * (Mx381 manual 5.4.4, 5.4.1).
 *
 * Register assignment is fixed: eight tariffs of each energy (88 registers) or demand (56); a
 * mask lists indices into it, counted from 1 (Blue Book, class 6).
 */
#include "models/objects.h"

#include <string.h>

/* Value group C of the quantities in the order of enum mw_quantity and mw_demand_quantity. */
static const uint8_t energy_c[MW_N_TARIFF_QUANTITIES] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15 };
static const uint8_t demand_c[MW_N_DEMANDS] = { 1, 2, 3, 4, 9, 10, 15 };

static unsigned
registers (enum mw_activation_id which)
{
  return MW_TARIFFS
         * (which == MW_ACTIVATE_ENERGY ? (unsigned) MW_N_TARIFF_QUANTITIES
                                        : (unsigned) MW_N_DEMANDS);
}

static const mw_activation *
activation_of (mw_model_link *l, const mw_model_attr *a)
{
  return &mw_tariffs_of (l->model->meter)->activation[a->arg >> 8];
}

static uint8_t
activation_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
                 mw_dlms_stream *s)
{
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  if (a->n == 2)
    s->end = 1 + registers ((enum mw_activation_id) (a->arg >> 8));
  else if (a->n == 3)
    s->end = 1u + activation_of (l, a)->n;
  return MW_DAR_SUCCESS;
}

static void
put_register (mw_wr *w, enum mw_activation_id which, unsigned i)
{
  bool energy = which == MW_ACTIVATE_ENERGY;
  uint8_t c = energy ? energy_c[i / MW_TARIFFS] : demand_c[i / MW_TARIFFS];
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u16 (w, energy ? 3 : 4);
  mw_axdr_put_obis (w, MW_OBIS (1, 0, c, energy ? 8 : 6, i % MW_TARIFFS + 1, 255));
}

static bool
in_mask (const mw_mask *mask, unsigned i)
{
  return mask->tariffs[i / MW_TARIFFS] >> i % MW_TARIFFS & 1;
}

static void
put_mask (mw_wr *w, const mw_mask *mask, unsigned n)
{
  unsigned count = 0;
  for (unsigned i = 0; i < n; i++)
    count += in_mask (mask, i);
  mw_axdr_put_structure (w, 2);
  mw_name_put (w, &mask->name);
  mw_axdr_put_array (w, count);
  for (unsigned i = 0; i < n; i++)
    if (in_mask (mask, i))
      mw_axdr_put_u8 (w, (uint8_t) (i + 1));
}

static void
activation_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_activation *act = activation_of (l, a);
  enum mw_activation_id which = (enum mw_activation_id) (a->arg >> 8);
  if (a->n == 4)
    mw_name_put (w, &act->active);
  else if (s->row == 0)
    mw_axdr_put_array (w, s->end - 1);
  else if (a->n == 2)
    put_register (w, which, s->row - 1);
  else if (s->row - 1 < act->n)
    put_mask (w, &act->mask[s->row - 1], registers (which));
  else
    s->result = MW_DAR_LONG_GET_ABORTED;
}

static uint8_t
activation_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_name name = mw_name_get (c);
  if (c->err)
    return MW_DAR_OTHER_REASON;
  return mw_model_dar (
      mw_activation_set_active (l->model->meter, (enum mw_activation_id) (a->arg >> 8), &name));
}

const mw_model_handler mw_handler_activation = { activation_open, activation_piece,
                                                 activation_write, NULL };

static uint8_t
add_mask (mw_meter *m, enum mw_activation_id which, mw_cur *c)
{
  mw_activation next = mw_tariffs_of (m)->activation[which];
  mw_mask mask = { 0 };
  mw_axdr_get_structure (c, 2);
  mask.name = mw_name_get (c);
  uint32_t n = mw_axdr_get_array (c);
  for (uint32_t k = 0; k < n; k++) {
    int64_t i = mw_axdr_get_int (c) - 1;
    if (i < 0 || i >= registers (which))
      return MW_DAR_OTHER_REASON;
    mask.tariffs[i / MW_TARIFFS] |= (uint8_t) (1u << i % MW_TARIFFS);
  }
  unsigned at = 0;
  while (at < next.n && !mw_name_equal (&next.mask[at].name, &mask.name))
    at++;
  if (c->err || at == MW_MASKS_MAX)
    return MW_DAR_OTHER_REASON;
  next.mask[at] = mask;
  next.n = (uint8_t) (at == next.n ? at + 1 : next.n);
  return mw_model_dar (mw_activation_set_masks (m, which, next.mask, next.n));
}

static uint8_t
delete_mask (mw_meter *m, enum mw_activation_id which, mw_cur *c)
{
  mw_activation next = mw_tariffs_of (m)->activation[which];
  mw_name name = mw_name_get (c);
  for (unsigned i = 0; i < next.n; i++)
    if (mw_name_equal (&next.mask[i].name, &name)) {
      memmove (&next.mask[i], &next.mask[i + 1], (next.n - i - 1u) * sizeof next.mask[0]);
      return mw_model_dar (mw_activation_set_masks (m, which, next.mask, next.n - 1u));
    }
  return MW_DAR_OTHER_REASON;
}

uint8_t
mw_activation_method (mw_model_link *l, const mw_model_object *o, unsigned method,
                      mw_cur *parameter)
{
  enum mw_activation_id which = (enum mw_activation_id) (mw_model_attrs[o->first].arg >> 8);
  mw_cur check = *parameter;
  if (method == 1)
    return MW_DAR_READ_WRITE_DENIED; /* the assignment is fixed */
  if (!mw_type_check (method == 2 ? "s(oa(u))" : "o", &check))
    return MW_DAR_TYPE_UNMATCHED;
  return method == 2 ? add_mask (l->model->meter, which, parameter)
                     : delete_mask (l->model->meter, which, parameter);
}

/* --- scripts --------------------------------------------------------------------------------
 */

/* What a script action is in COSEM: service 1 writes an attribute, 2 executes a method. */
static const struct {
  uint8_t kind, service;
  uint16_t class_id;
  uint8_t ln[6];
  int8_t index;
} actions[] = {
  { MW_DO_ENERGY_MASK, 1, 6, { 0, 0, 14, 0, 1, 255 }, 4 },
  { MW_DO_DEMAND_MASK, 1, 6, { 0, 0, 14, 0, 2, 255 }, 4 },
  { MW_DO_RELAY_OFF, 2, 70, { 0, 1, 96, 3, 10, 255 }, 1 },
  { MW_DO_RELAY_ON, 2, 70, { 0, 1, 96, 3, 10, 255 }, 2 },
  { MW_DO_SERVICE_OFF, 2, 70, { 0, 2, 96, 3, 10, 255 }, 1 },
  { MW_DO_SERVICE_ON, 2, 70, { 0, 2, 96, 3, 10, 255 }, 2 },
};
#define N_ACTIONS (sizeof actions / sizeof actions[0])

static uint8_t
scripts_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
              mw_dlms_stream *s)
{
  (void) a;
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  s->end = 1u + mw_tariffs_of (l->model->meter)->scripts;
  return MW_DAR_SUCCESS;
}

static void
put_action (mw_wr *w, const mw_script_action *act)
{
  for (size_t i = 0; i < N_ACTIONS; i++) {
    if (actions[i].kind != act->kind)
      continue;
    mw_obis ln;
    memcpy (ln.v, actions[i].ln, 6);
    mw_axdr_put_structure (w, 5);
    mw_axdr_put_enum (w, actions[i].service);
    mw_axdr_put_u16 (w, actions[i].class_id);
    mw_axdr_put_obis (w, ln);
    mw_axdr_put_i8 (w, actions[i].index);
    if (actions[i].service == 1)
      mw_name_put (w, &act->name);
    else
      mw_axdr_put_i8 (w, 0);
  }
}

static void
scripts_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_tariffs *t = mw_tariffs_of (l->model->meter);
  (void) a;
  if (s->row == 0) {
    mw_axdr_put_array (w, s->end - 1);
  } else if (s->row - 1 < t->scripts) {
    const mw_script *script = &t->script[s->row - 1];
    unsigned n = 0;
    for (unsigned i = 0; i < script->n; i++)
      n += script->action[i].kind != MW_DO_NOTHING;
    mw_axdr_put_structure (w, 2);
    mw_axdr_put_u16 (w, script->id);
    mw_axdr_put_array (w, n);
    for (unsigned i = 0; i < script->n; i++)
      put_action (w, &script->action[i]);
  } else {
    s->result = MW_DAR_LONG_GET_ABORTED;
  }
}

static bool
get_action (mw_cur *c, mw_script_action *out)
{
  mw_axdr_get_structure (c, 5);
  int64_t service = mw_axdr_get_int (c), class_id = mw_axdr_get_int (c);
  mw_obis ln = mw_axdr_get_obis (c);
  int64_t index = mw_axdr_get_int (c);
  mw_cur parameter = mw_cur_of (mw_axdr_take (c));
  for (size_t i = 0; i < N_ACTIONS; i++)
    if (actions[i].service == service && actions[i].class_id == class_id
        && memcmp (actions[i].ln, ln.v, 6) == 0 && actions[i].index == index) {
      out->kind = actions[i].kind;
      if (service == 1)
        out->name = mw_name_get (&parameter);
      return parameter.err == MW_OK;
    }
  return false;
}

static uint8_t
scripts_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_script scripts[MW_SCRIPTS_MAX] = { 0 };
  uint32_t n = mw_axdr_get_array (c);
  (void) a;
  if (n > MW_SCRIPTS_MAX)
    return MW_DAR_OTHER_REASON;
  for (uint32_t i = 0; i < n; i++) {
    mw_axdr_get_structure (c, 2);
    scripts[i].id = (uint16_t) mw_axdr_get_int (c);
    uint32_t k = mw_axdr_get_array (c);
    if (k > MW_SCRIPT_ACTIONS_MAX)
      return MW_DAR_OTHER_REASON;
    scripts[i].n = (uint8_t) k;
    for (uint32_t j = 0; j < k; j++)
      if (!get_action (c, &scripts[i].action[j]))
        return MW_DAR_OTHER_REASON;
  }
  return mw_model_dar (mw_tariff_scripts_set (l->model->meter, scripts, n));
}

const mw_model_handler mw_handler_scripts = { scripts_open, scripts_piece, scripts_write,
                                              NULL };
