/* methods.c: what ACTION does, class by class, scripts, and what follows when a cell is
 * written. */
#include "models/objects.h"

#include <string.h>

/* clang-format off */
const mw_model_handler *const mw_model_handlers[MW_N_FNS] = {
  [MW_FN_CLOCK] = &mw_handler_clock,
  [MW_FN_PERIOD3] = &mw_handler_period3,
  [MW_FN_FUSE] = &mw_handler_fuse,
  [MW_FN_DEMAND] = &mw_handler_demand,
  [MW_FN_ALARM] = &mw_handler_alarm,
  [MW_FN_ALARM_ON] = &mw_handler_alarm_on,
  [MW_FN_ALARM_OFF] = &mw_handler_alarm_off,
  [MW_FN_ERROR] = &mw_handler_error,
  [MW_FN_PROFILE] = &mw_handler_profile,
  [MW_FN_LOG] = &mw_handler_log,
  [MW_FN_LIST] = &mw_handler_list,
  [MW_FN_CALENDAR] = &mw_handler_calendar,
  [MW_FN_SPECIAL_DAYS] = &mw_handler_special_days,
  [MW_FN_ACTIVATION] = &mw_handler_activation,
  [MW_FN_SCRIPTS] = &mw_handler_scripts,
  [MW_FN_SCHEDULE] = &mw_handler_schedule,
  [MW_FN_LIMITER] = &mw_handler_limiter,
  [MW_FN_MONITOR] = &mw_handler_monitor,
  [MW_FN_SWITCH_MODE] = &mw_handler_switch_mode,
  [MW_FN_ASSOCIATION] = &mw_handler_association,
  [MW_FN_SAP] = &mw_handler_sap,
  [MW_FN_IDENTITY] = &mw_handler_identity,
  [MW_FN_STATUS] = &mw_handler_status,
  [MW_FN_PARTITION] = &mw_handler_partition,
  [MW_FN_FLASH_SPY] = &mw_handler_flash_spy,
  [MW_FN_PERFORMANCE] = &mw_handler_performance,
  [MW_FN_STAMP] = &mw_handler_stamp,
  [MW_FN_SYSTEM_TITLE] = &mw_handler_system_title,
  [MW_FN_IMAGE] = &mw_handler_image,
};
/* clang-format on */

/* --- scripts --------------------------------------------------------------------------------
 */

/* Passive charges become the active ones (0-0:10.1.251). */
static void
activate_charges (mw_model *model)
{
  static const uint16_t pairs[][2] = {
    { MW_CELL_0_0_128_60_40_255_3_2, MW_CELL_0_0_128_60_20_255_3_2 },
    { MW_CELL_0_0_128_60_41_255_3_2, MW_CELL_0_0_128_60_21_255_3_2 },
    { MW_CELL_0_0_128_60_42_255_3_2, MW_CELL_0_0_128_60_22_255_3_2 },
    { MW_CELL_0_0_128_60_43_255_3_2, MW_CELL_0_0_128_60_23_255_3_2 },
    { MW_CELL_0_0_128_60_44_255_3_2, MW_CELL_0_0_128_60_24_255_3_2 },
    { MW_CELL_0_0_128_60_45_255_3_2, MW_CELL_0_0_128_60_25_255_3_2 },
    { MW_CELL_0_0_128_60_46_255_3_2, MW_CELL_0_0_128_60_26_255_3_2 },
    { MW_CELL_0_0_128_60_47_255_3_2, MW_CELL_0_0_128_60_27_255_3_2 },
    { MW_CELL_0_0_128_60_48_255_3_2, MW_CELL_0_0_128_60_28_255_3_2 },
  };
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
    (void) mw_model_cell_set (model, pairs[i][1], mw_model_cell_get (model, pairs[i][0]));
  mw_parameters_changed (model->meter);
}

/* Scripts that only the model has, by value groups D and E of 0-0:10.D.E. */
static uint8_t
own_script (mw_model_link *l, const uint8_t ln[6], uint16_t script)
{
  mw_cur none;
  mw_cur_init (&none, NULL, 0);
  if (ln[3] == 50 && script >= 1 && script <= 4)
    return mw_mbus_method (l, script, ln[4] == 128 ? 1 : 2, &none);
  if (script != 1)
    return MW_DAR_OTHER_REASON;
  if (ln[3] == 1 && ln[4] == 251)
    activate_charges (l->model);
  else if (ln[3] == 1 && ln[4] == 253)
    return mw_model_dar (mw_image_activate (l->model));
  else if (ln[3] == 2 && ln[4] == 101)
    mw_model_cell_set_int (l->model, MW_CELL_0_0_128_0_13_255_1_2, MW_AXDR_UNSIGNED, 0);
  else
    return MW_DAR_OBJECT_UNAVAILABLE;
  return MW_DAR_SUCCESS;
}

/* The core was asked for a script of a table that is the model's. */
enum mw_err
mw_model_script (void *ctx, enum mw_script_table table, uint16_t script)
{
  mw_model_link self = { .model = ctx, .level = MW_LEVEL_MANAGER, .internal = true };
  if (table == MW_TABLE_IMAGE && script == 1)
    return mw_image_activate (ctx);
  if (table != MW_TABLE_MBUS_DISCONNECT || script < 1 || script > 8)
    return MW_ERR_VALUE;
  uint8_t dar = mw_valve_method (&self, (script + 1u) / 2, script % 2 ? 1 : 2);
  return dar == MW_DAR_SUCCESS ? MW_OK : MW_ERR_REFUSED;
}

static uint8_t
execute (mw_model_link *l, const mw_model_object *o, mw_cur *parameter)
{
  enum mw_script_table table;
  mw_cur check = *parameter;
  if (!mw_type_check ("U", &check))
    return MW_DAR_TYPE_UNMATCHED;
  uint16_t script = (uint16_t) mw_axdr_get_int (parameter);
  if (!mw_table_of (o->ln, &table))
    return own_script (l, o->ln, script);
  return mw_model_dar (mw_script_execute (l->model->meter, table, script, false));
}

/* --- switches -------------------------------------------------------------------------------
 */

static uint8_t
disconnect (mw_model_link *l, const mw_model_object *o, unsigned method)
{
  static const uint8_t ids[] = { MW_SWITCH_MAIN, MW_SWITCH_LOAD, MW_SWITCH_SERVICE };
  if (o->ln[2] == 24)
    return mw_valve_method (l, o->ln[1], method);
  return mw_model_dar (mw_switch_do (l->model->meter, (enum mw_switch_id) ids[o->ln[1]],
                                     method == 1 ? MW_REMOTE_DISCONNECT : MW_REMOTE_RECONNECT));
}

/* --- PLC, security --------------------------------------------------------------------------
 */

/* reset_NEW_not_synchronized (manual 5.5.4.6): the meter is free for another initiator. */
static uint8_t
forget_initiator (mw_model *model, mw_cur *parameter)
{
  uint8_t buf[24];
  mw_wr w;
  mw_cur check = *parameter;
  if (!mw_type_check ("U", &check))
    return MW_DAR_TYPE_UNMATCHED;
  uint16_t mac = (uint16_t) mw_axdr_get_int (parameter);
  if (mac != 0 && (mac < 0xc00 || mac > 0xdff)) /* NO-BODY, or a client's address */
    return MW_DAR_OTHER_REASON;
  mw_wr_init (&w, buf, sizeof buf);
  mw_axdr_put_structure (&w, 3);
  mw_axdr_put_octets (&w, "\0\0\0\0\0\0\0", 8);
  mw_axdr_put_u16 (&w, mac);
  mw_axdr_put_u8 (&w, 0);
  return mw_model_dar (mw_model_cell_set (model, MW_CELL_0_0_26_1_0_255_51_2, mw_wr_done (&w)));
}

static uint8_t
reset_mac_counters (mw_model *model)
{
  static const uint16_t cells[] = { MW_CELL_0_0_26_3_0_255_53_2, MW_CELL_0_0_26_3_0_255_53_3,
                                    MW_CELL_0_0_26_3_0_255_53_4, MW_CELL_0_0_26_3_0_255_53_5,
                                    MW_CELL_0_0_26_3_0_255_53_6, MW_CELL_0_0_26_3_0_255_53_7,
                                    MW_CELL_0_0_26_3_0_255_53_8 };
  for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
    (void) mw_model_cell_set (model, cells[i],
                              mw_model_default (mw_model_cells[cells[i]].preset));
  return MW_DAR_SUCCESS;
}

/* security_activate: messages are not ciphered here, so policy 0 is the only one that leaves
 * the meter reachable; global_key_transfer needs a key to unwrap with. */
static uint8_t
security (unsigned method, mw_cur *parameter)
{
  mw_cur check = *parameter;
  if (method == 1 && !mw_type_check ("e", &check))
    return MW_DAR_TYPE_UNMATCHED;
  return method == 1 && mw_axdr_get_int (parameter) == 0 ? MW_DAR_SUCCESS : MW_DAR_OTHER_REASON;
}

/* --- ACTION ---------------------------------------------------------------------------------
 */

uint8_t
mw_model_invoke (mw_model_link *l, const mw_model_object *o, unsigned method, mw_cur *parameter,
                 mw_wr *reply)
{
  (void) reply; /* no method of these classes returns anything */
  switch (o->class_id) {
  case 3:
  case 4:
  case 5:
    return mw_register_reset (l, o, method);
  case 6:
    return mw_activation_method (l, o, method, parameter);
  case 7:
    return mw_profile_method (l, o, method);
  case 8:
    return mw_clock_method (l, method, parameter);
  case 9:
    return execute (l, o, parameter);
  case 11:
    return mw_special_days_method (l, method, parameter);
  case 15:
    return mw_association_method (l, method, parameter);
  case 18:
    return mw_image_method (l, method, parameter);
  case 20:
    return mw_calendar_method (l);
  case 51:
    return forget_initiator (l->model, parameter);
  case 53:
    return reset_mac_counters (l->model);
  case 64:
    return security (method, parameter);
  case 70:
    return disconnect (l, o, method);
  case 72:
    return mw_mbus_method (l, o->ln[1], method, parameter);
  default:
    return MW_DAR_READ_WRITE_DENIED;
  }
}

/* --- cells ----------------------------------------------------------------------------------
 */

uint8_t
mw_model_cell_written (mw_model *model, unsigned cell, mw_span *value)
{
  static const uint8_t longest[] = { MW_AXDR_UNSIGNED, 242 };
  uint8_t dar = mw_prepay_written (model, cell, *value);
  if (dar != MW_DAR_SUCCESS)
    return dar;
  /* manual 5.5.4.9, Table 41: 26 … 95 is confirmed and becomes 242 */
  if (cell == MW_CELL_LLC_LENGTH && value->ptr[1] < 96)
    *value = (mw_span){ longest, sizeof longest };
  if (cell >= MW_CELL_0_0_128_100_1_255_1_2 && cell <= MW_CELL_0_0_128_100_22_255_1_2)
    mw_event (model->meter, MW_EVENT_KEYS_CHANGED);
  return MW_DAR_SUCCESS;
}
