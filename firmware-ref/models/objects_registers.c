/* objects_registers.c: registers and what else is one number or one time (classes 1, 3, 4, 5).
 */
#include "models/objects.h"

static void
put_stamp (const mw_model *model, mw_stamp stamp, mw_wr *w)
{
  mw_civil t = mw_clock_civil (model->meter, stamp);
  mw_axdr_put_civil (w, &t);
}

static void
put_octets_of (const mw_value *v, char letter, mw_wr *w)
{
  if (letter == 'H') { /* seconds of the day as time */
    uint32_t s = (uint32_t) v->u.i;
    uint8_t t[4] = { (uint8_t) (s / 3600), (uint8_t) (s / 60 % 60), (uint8_t) (s % 60), 0 };
    mw_axdr_put_octets (w, t, sizeof t);
    return;
  }
  mw_axdr_put_octets (w, v->u.bytes, v->len);
}

void
mw_model_put_value (const mw_model *model, uint16_t a, const mw_value *value, mw_stamp row,
                    mw_wr *w)
{
  char letter = mw_model_types[mw_model_attrs[a].type];
  if (letter == 'T')
    put_stamp (model, value->kind == MW_VALUE_CLOCK ? row : value->u.time, w);
  else if (letter == 'H' || letter == 'Y' || letter == 'o')
    put_octets_of (value, letter, w);
  else
    mw_axdr_put_int (w, mw_type_tag (letter), value->u.i);
}

/* Averages over measurement period 3: capture time and start of the running period. */
static void
period3_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_meter *m = l->model->meter;
  int64_t end = m->reg.demand.next3 - mw_setting_get (m, MW_SET_MEASUREMENT_PERIOD3);
  mw_stamp stamp = { end, mw_clock_dst_at (m, end) ? MW_CLOCK_DST : 0 };
  (void) a, (void) s;
  put_stamp (l->model, stamp, w);
}
const mw_model_handler mw_handler_period3 = { NULL, period3_piece, NULL, NULL };

static void
fuse_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  (void) a, (void) s;
  mw_axdr_put_u16 (w, l->model->meter->reg.fuse.periods);
}

static uint8_t
fuse_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  (void) a;
  return mw_model_dar (mw_fuse_set_periods (l->model->meter, (unsigned) mw_axdr_get_int (c)));
}
const mw_model_handler mw_handler_fuse = { NULL, fuse_piece, fuse_write, NULL };

static void
demand_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  (void) s;
  mw_axdr_put_u16 (w, l->model->meter->reg.demand.periods[a->arg >> 8]);
}

static uint8_t
demand_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  return mw_model_dar (mw_demand_set_periods (l->model->meter,
                                              (enum mw_demand_quantity) (a->arg >> 8),
                                              (unsigned) mw_axdr_get_int (c)));
}
const mw_model_handler mw_handler_demand = { NULL, demand_piece, demand_write, NULL };

/* --- alarms and errors: a written 0 clears the bit (manual 6.6.3, 6.7) ----------------------
 */

#define REGISTER(name, member, clear)                                                          \
  static void name##_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s,       \
                            mw_wr *w)                                                          \
  {                                                                                            \
    (void) s;                                                                                  \
    mw_axdr_put_u32 (w, l->model->meter->st.events.member[a->arg]);                            \
  }                                                                                            \
  static uint8_t name##_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)            \
  {                                                                                            \
    clear (l->model->meter, a->arg, (uint32_t) mw_axdr_get_int (c));                           \
    return MW_DAR_SUCCESS;                                                                     \
  }                                                                                            \
  const mw_model_handler mw_handler_##name = { NULL, name##_piece, name##_write, NULL };

REGISTER (alarm, alarm, mw_alarm_clear)
REGISTER (alarm_on, alarm_on, mw_alarm_clear_on)
REGISTER (alarm_off, alarm_off, mw_alarm_clear_off)
REGISTER (error, error, mw_error_clear)

/* --- reset ----------------------------------------------------------------------------------
 */

static uint8_t
reset_value (mw_meter *m, uint16_t id)
{
  if (id >= MW_V_ENERGY (0, 0) && id < MW_V_DEMAND_CURRENT (0))
    mw_energy_reset (m, (enum mw_quantity) ((id - MW_V_ENERGY (0, 0)) / 16), id % 16);
  else if (id >= MW_V_DEMAND_CURRENT (0) && id < MW_V_DEMAND_CURRENT (MW_N_DEMANDS))
    mw_demand_reset (m, (enum mw_demand_quantity) (id - MW_V_DEMAND_CURRENT (0)));
  else if (id >= MW_V_MAXIMUM (0, 0) && id < MW_V_MAXIMUM_TIME (0, 0))
    mw_demand_reset_maximum (m, (enum mw_demand_quantity) ((id - MW_V_MAXIMUM (0, 0)) / 16),
                             id % 16);
  else if (id >= MW_V_COUNTER (0) && id < MW_V_COUNTER (MW_N_COUNTERS))
    return mw_model_dar (mw_counter_set (m, id - MW_V_COUNTER (0), 0));
  else
    return MW_DAR_OTHER_REASON; /* measured, or a parameter: there is nothing to reset */
  mw_parameters_changed (m);
  return MW_DAR_SUCCESS;
}

/* Methods reset (1) and next_period (2) of classes 3, 4 and 5. */
uint8_t
mw_register_reset (mw_model_link *l, const mw_model_object *o, unsigned method)
{
  const mw_model_attr *value = &mw_model_attrs[o->first];
  mw_meter *m = l->model->meter;
  if (method == 2) {
    mw_demand_next_period (m);
    return MW_DAR_SUCCESS;
  }
  if (value->bind == MW_BIND_VALUE)
    return reset_value (m, value->arg);
  if (value->bind != MW_BIND_CELL)
    return MW_DAR_OTHER_REASON;
  return mw_model_dar (mw_model_cell_set (
      l->model, value->arg, mw_model_default (mw_model_cells[value->arg].preset)));
}
