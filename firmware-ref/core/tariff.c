/* tariff.c: tariffication scripts and register activation (classes 9 and 6;
 * manual 5.4.4-5.4.6).
 *
 * A mask names the registers that count while it is active.  What is in force is kept as bits
 * per quantity (mw_calendar_state.mask), for energies indexed by quantity, for demands by the
 * energy quantity of the demand, so that a second costs nothing but looking at bits.
 */
#include "core/meter.h"

#include <string.h>

static mw_name
number_name (unsigned n)
{
  return (mw_name){ 2, { 0, (uint8_t) n } }; /* "0001" … "0008" in hex: manual 5.4.6 */
}

void
mw_tariff_defaults (mw_meter *m)
{
  mw_tariffs *t = &m->tariffs;
  for (unsigned n = 1; n <= MW_TARIFFS; n++) {
    mw_script *s = &t->script[n - 1];
    for (unsigned w = 0; w < 2; w++) {
      mw_mask *mask = &t->activation[w].mask[n - 1];
      mask->name = number_name (n);
      memset (mask->tariffs, 1 << (n - 1), sizeof mask->tariffs);
      t->activation[w].n = MW_TARIFFS;
      t->activation[w].active = number_name (1);
    }
    s->id = (uint16_t) n;
    s->n = 2;
    s->action[0] = (mw_script_action){ MW_DO_ENERGY_MASK, number_name (n) };
    s->action[1] = (mw_script_action){ MW_DO_DEMAND_MASK, number_name (n) };
  }
  t->scripts = MW_TARIFFS;
}

static const mw_mask *
find_mask (const mw_activation *a, const mw_name *name)
{
  for (unsigned i = 0; i < a->n; i++)
    if (mw_name_equal (&a->mask[i].name, name))
      return &a->mask[i];
  return NULL;
}

static unsigned
lowest_tariff (unsigned bits)
{
  for (unsigned t = 1; bits; t++, bits >>= 1)
    if (bits & 1)
      return t;
  return 0;
}

void
mw_activation_apply (mw_meter *m)
{
  mw_calendar_state *s = &m->st.calendar;
  s->waiting = false;
  for (unsigned w = 0; w < 2; w++) {
    const mw_activation *a = &m->tariffs.activation[w];
    const mw_mask *mask = find_mask (a, &a->active);
    unsigned any = 0;
    memset (s->mask[w], 0, sizeof s->mask[w]);
    if (mask)
      memcpy (s->mask[w], mask->tariffs, sizeof s->mask[w]);
    for (unsigned q = 0; q < MW_N_TARIFF_QUANTITIES; q++)
      any |= s->mask[w][q];
    s->tariff[w] = (uint8_t) lowest_tariff (s->mask[w][MW_Q_AP] ? s->mask[w][MW_Q_AP] : any);
  }
}

const mw_tariffs *
mw_tariffs_of (const mw_meter *m)
{
  return &m->tariffs;
}

unsigned
mw_tariff_active (const mw_meter *m, enum mw_activation_id which)
{
  return m->st.calendar.tariff[which];
}

enum mw_err
mw_activation_set_active (mw_meter *m, enum mw_activation_id which, const mw_name *name)
{
  mw_activation *a = &m->tariffs.activation[which];
  if (name->len > MW_NAME_MAX)
    return MW_ERR_VALUE;
  if (mw_name_equal (&a->active, name))
    return MW_OK;
  a->active = *name;
  mw_store_touch (&m->store, MW_AREA_TARIFFS);
  m->changed = true;
  if (m->setting[MW_SET_TARIFF_SYNCHRONISED] && m->started)
    m->st.calendar.waiting = true; /* registers and cursor follow at the period's end (5.4.5) */
  else
    mw_activation_apply (m);
  return MW_OK;
}

enum mw_err
mw_activation_set_masks (mw_meter *m, enum mw_activation_id which, const mw_mask *masks,
                         unsigned n)
{
  mw_activation *a = &m->tariffs.activation[which];
  if (n > MW_MASKS_MAX)
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < n; i++)
    if (masks[i].name.len > MW_NAME_MAX)
      return MW_ERR_VALUE;
  memmove (a->mask, masks, n * sizeof *masks);
  a->n = (uint8_t) n;
  mw_store_touch (&m->store, MW_AREA_TARIFFS);
  mw_activation_apply (m);
  mw_parameters_changed (m);
  return MW_OK;
}

enum mw_err
mw_tariff_scripts_set (mw_meter *m, const mw_script *scripts, unsigned n)
{
  if (n > MW_SCRIPTS_MAX)
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < n; i++) {
    if (scripts[i].n > MW_SCRIPT_ACTIONS_MAX)
      return MW_ERR_VALUE;
    for (unsigned a = 0; a < scripts[i].n; a++)
      if (scripts[i].action[a].kind > MW_DO_SERVICE_ON
          || scripts[i].action[a].name.len > MW_NAME_MAX)
        return MW_ERR_VALUE;
  }
  memmove (m->tariffs.script, scripts, n * sizeof *scripts);
  m->tariffs.scripts = (uint8_t) n;
  mw_store_touch (&m->store, MW_AREA_TARIFFS);
  mw_parameters_changed (m);
  return MW_OK;
}

static void
act (mw_meter *m, const mw_script_action *a)
{
  switch (a->kind) {
  case MW_DO_ENERGY_MASK:
    mw_activation_set_active (m, MW_ACTIVATE_ENERGY, &a->name);
    break;
  case MW_DO_DEMAND_MASK:
    mw_activation_set_active (m, MW_ACTIVATE_DEMAND, &a->name);
    break;
  case MW_DO_RELAY_OFF:
  case MW_DO_RELAY_ON:
    mw_switch_do (m, MW_SWITCH_LOAD,
                  a->kind == MW_DO_RELAY_ON ? MW_REMOTE_RECONNECT : MW_REMOTE_DISCONNECT);
    break;
  case MW_DO_SERVICE_OFF:
  case MW_DO_SERVICE_ON:
    mw_switch_do (m, MW_SWITCH_SERVICE,
                  a->kind == MW_DO_SERVICE_ON ? MW_REMOTE_RECONNECT : MW_REMOTE_DISCONNECT);
    break;
  default:
    break;
  }
}

enum mw_err
mw_tariff_execute (mw_meter *m, uint16_t script)
{
  const mw_tariffs *t = &m->tariffs;
  for (unsigned i = 0; i < t->scripts; i++) {
    if (t->script[i].id != script)
      continue;
    for (unsigned a = 0; a < t->script[i].n; a++)
      act (m, &t->script[i].action[a]);
    return MW_OK;
  }
  return MW_ERR_VALUE;
}
