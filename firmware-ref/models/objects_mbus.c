/* objects_mbus.c: M-Bus clients (class 72) and valves (class 70) of channels 1 to 4 (Mx381
 * manual 5.5.3).
 *
 * No device answers on the reference meter's M-Bus, as on a meter with nothing wired to it:
 * what needs an answer fails for now.  De-installing, alarms and valve commands work as they do
 * there.
 */
#include "models/objects.h"

/* Cells per channel, from attribute 2 of the object on. */
/* clang-format off */
static const uint16_t client_cells[4][4] = { /* address, identification, version, device type */
  { MW_CELL_0_1_24_1_0_255_72_5, MW_CELL_0_1_24_1_0_255_72_6, MW_CELL_0_1_24_1_0_255_72_8, MW_CELL_0_1_24_1_0_255_72_9 },
  { MW_CELL_0_2_24_1_0_255_72_5, MW_CELL_0_2_24_1_0_255_72_6, MW_CELL_0_2_24_1_0_255_72_8, MW_CELL_0_2_24_1_0_255_72_9 },
  { MW_CELL_0_3_24_1_0_255_72_5, MW_CELL_0_3_24_1_0_255_72_6, MW_CELL_0_3_24_1_0_255_72_8, MW_CELL_0_3_24_1_0_255_72_9 },
  { MW_CELL_0_4_24_1_0_255_72_5, MW_CELL_0_4_24_1_0_255_72_6, MW_CELL_0_4_24_1_0_255_72_8, MW_CELL_0_4_24_1_0_255_72_9 },
};
static const uint16_t alarm_cells[4] = {
  MW_CELL_0_1_24_1_0_255_72_12, MW_CELL_0_2_24_1_0_255_72_12,
  MW_CELL_0_3_24_1_0_255_72_12, MW_CELL_0_4_24_1_0_255_72_12,
};
static const uint16_t maker_cells[4] = {
  MW_CELL_0_1_24_1_0_255_72_7, MW_CELL_0_2_24_1_0_255_72_7,
  MW_CELL_0_3_24_1_0_255_72_7, MW_CELL_0_4_24_1_0_255_72_7,
};
static const uint16_t valve_cells[4][3] = { /* output, state, mode */
  { MW_CELL_0_1_24_4_0_255_70_2, MW_CELL_0_1_24_4_0_255_70_3, MW_CELL_0_1_24_4_0_255_70_4 },
  { MW_CELL_0_2_24_4_0_255_70_2, MW_CELL_0_2_24_4_0_255_70_3, MW_CELL_0_2_24_4_0_255_70_4 },
  { MW_CELL_0_3_24_4_0_255_70_2, MW_CELL_0_3_24_4_0_255_70_3, MW_CELL_0_3_24_4_0_255_70_4 },
  { MW_CELL_0_4_24_4_0_255_70_2, MW_CELL_0_4_24_4_0_255_70_3, MW_CELL_0_4_24_4_0_255_70_4 },
};
/* clang-format on */
#define VALVE_EVENTS (MW_EVENT_VALVE2_MANUAL_OFF - MW_EVENT_VALVE1_MANUAL_OFF)

static uint8_t
deinstall (mw_model *model, unsigned ch)
{
  static const uint8_t tags[] = { MW_AXDR_UNSIGNED, MW_AXDR_DOUBLE_LONG_UNSIGNED,
                                  MW_AXDR_UNSIGNED, MW_AXDR_UNSIGNED };
  for (unsigned i = 0; i < 4; i++)
    mw_model_cell_set_int (model, client_cells[ch][i], tags[i], 0);
  mw_model_cell_set_int (model, maker_cells[ch], MW_AXDR_LONG_UNSIGNED, 0);
  mw_parameters_changed (model->meter);
  return MW_DAR_SUCCESS;
}

/* CHANNEL 1 … 4. */
uint8_t
mw_mbus_method (mw_model_link *l, unsigned channel, unsigned method, mw_cur *parameter)
{
  (void) parameter;
  if (method == 2)
    return deinstall (l->model, channel - 1);
  if (method == 4) {
    mw_model_cell_set_int (l->model, alarm_cells[channel - 1], MW_AXDR_UNSIGNED, 0);
    return MW_DAR_SUCCESS;
  }
  return MW_DAR_TEMPORARY_FAILURE; /* no device answers */
}

/* Figure 76, Table 37: remote disconnection in every mode but 0; remote reconnection connects
 * in modes 0, 2 and 4 and makes ready in 1, 3, 5 and 6. */
uint8_t
mw_valve_method (mw_model_link *l, unsigned channel, unsigned method)
{
  mw_model *model = l->model;
  const uint16_t *cells = valve_cells[channel - 1];
  int64_t mode = mw_model_cell_int (model, cells[2]),
          state = mw_model_cell_int (model, cells[1]);
  enum mw_event off = (enum mw_event) ((int) MW_EVENT_VALVE1_REMOTE_OFF
                                       + (int) (channel - 1) * (int) VALVE_EVENTS);
  if (method == 1 && mode == 0)
    return MW_DAR_OTHER_REASON;
  if (method == 2 && state != MW_DISCONNECTED)
    return MW_DAR_OTHER_REASON;
  bool direct = mode == 0 || mode == 2 || mode == 4;
  state = method == 1 ? MW_DISCONNECTED : direct ? MW_CONNECTED : MW_READY;
  mw_model_cell_set_int (model, cells[1], MW_AXDR_ENUM, state);
  mw_model_cell_set_int (model, cells[0], MW_AXDR_BOOLEAN, state == MW_CONNECTED);
  mw_event (model->meter, method == 1 ? off : (enum mw_event) (off + 1));
  return MW_DAR_SUCCESS;
}
