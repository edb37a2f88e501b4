/* objects_mbus.c: M-Bus clients (class 72) and valves (class 70) of channels 1 to 4 (Mx381
 * manual 5.5.3).
 *
 * What is wired to the bus is scripted (mw_wired): a device answers at the primary address of
 * its number, or nothing does.  Frames of EN 13757 do not pass: installing, reading and alarms
 * are those of the objects.  After three readings without an answer a channel is in error
 * (Table 38).
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
static const uint16_t reading_cells[4][5] = { /* period, access number, status, value, its time */
  { MW_CELL_0_1_24_1_0_255_72_4, MW_CELL_0_1_24_1_0_255_72_10, MW_CELL_0_1_24_1_0_255_72_11, MW_CELL_0_1_24_2_1_255_4_2, MW_CELL_0_1_24_2_1_255_4_5 },
  { MW_CELL_0_2_24_1_0_255_72_4, MW_CELL_0_2_24_1_0_255_72_10, MW_CELL_0_2_24_1_0_255_72_11, MW_CELL_0_2_24_2_1_255_4_2, MW_CELL_0_2_24_2_1_255_4_5 },
  { MW_CELL_0_3_24_1_0_255_72_4, MW_CELL_0_3_24_1_0_255_72_10, MW_CELL_0_3_24_1_0_255_72_11, MW_CELL_0_3_24_2_1_255_4_2, MW_CELL_0_3_24_2_1_255_4_5 },
  { MW_CELL_0_4_24_1_0_255_72_4, MW_CELL_0_4_24_1_0_255_72_10, MW_CELL_0_4_24_1_0_255_72_11, MW_CELL_0_4_24_2_1_255_4_2, MW_CELL_0_4_24_2_1_255_4_5 },
};
/* clang-format on */
enum { PERIOD, ACCESS, STATUS, VALUE, TIME };
enum { MBUS_ERROR, MBUS_OK, MBUS_BATTERY, MBUS_FRAUD, MBUS_CLOCK, MBUS_EVENTS };
#define UNREAD_MAX 3u /* manual Table 38 */
#define STATUS_BATTERY 0x04
#define STATUS_FRAUD 0x40
#define STATUS_VALVE 0x80
#define INSTALLED_ALARM(ch) (1u << (19 + (ch))) /* Table 51 */
#define VALVE_EVENTS (MW_EVENT_VALVE2_MANUAL_OFF - MW_EVENT_VALVE1_MANUAL_OFF)

static int64_t
address_of (const mw_model *model, unsigned ch)
{
  return mw_model_cell_int (model, client_cells[ch][0]);
}

static enum mw_event
channel_event (unsigned ch, unsigned kind)
{
  return (enum mw_event) ((unsigned) MW_EVENT_MBUS1_ERROR + ch * MBUS_EVENTS + kind);
}

/* The device that channel CH is bound to, when it answers. */
static const mw_wired *
device_of (const mw_model *model, unsigned ch)
{
  int64_t address = address_of (model, ch);
  const mw_wired *w = address >= 1 && address <= MW_WIRED ? &model->wired[address - 1] : NULL;
  return w && w->present ? w : NULL;
}

bool
mw_mbus_runs (const mw_model *model)
{
  for (unsigned ch = 0; ch < MW_WIRED; ch++)
    if (address_of (model, ch))
      return true;
  return false;
}

bool
mw_mbus_answers (const mw_model *model)
{
  for (unsigned ch = 0; ch < MW_WIRED; ch++)
    if (device_of (model, ch) && model->kept.unread[ch] == 0)
      return true;
  return false;
}

static void
set_communication_error (mw_model *model, unsigned ch, bool error)
{
  mw_meter *m = model->meter;
  mw_event (m, channel_event (ch, error ? MBUS_ERROR : MBUS_OK));
  mw_alarm_set (m, 0, MW_ALARM1_MBUS_ERROR (ch), error);
  mw_error_set (m, MW_ERROR_MBUS (ch), error);
}

/* What of the status is new, and what is over. */
static void
follow_status (mw_model *model, unsigned ch, uint8_t status)
{
  mw_meter *m = model->meter;
  uint8_t old = (uint8_t) mw_model_cell_int (model, reading_cells[ch][STATUS]);
  uint8_t now = (uint8_t) (status & ~old);
  if (now & STATUS_BATTERY)
    mw_event (m, channel_event (ch, MBUS_BATTERY));
  if (now & STATUS_FRAUD)
    mw_event (m, channel_event (ch, MBUS_FRAUD));
  if (now & STATUS_VALVE)
    mw_event (m, (enum mw_event) ((unsigned) MW_EVENT_VALVE1_ALARM + ch * VALVE_EVENTS));
  mw_alarm_set (m, 0, MW_ALARM1_MBUS_FRAUD (ch), status & STATUS_FRAUD);
  mw_alarm_set (m, 1, MW_ALARM2_VALVE (ch), status & STATUS_VALVE);
  mw_model_cell_set_int (model, reading_cells[ch][STATUS], MW_AXDR_UNSIGNED, status);
}

/* Read the device of CH; false when none answers. */
static bool
read_device (mw_model *model, unsigned ch)
{
  const mw_wired *w = device_of (model, ch);
  uint8_t *unread = &model->kept.unread[ch], time[16];
  if (!w) {
    if (*unread < UNREAD_MAX && ++*unread == UNREAD_MAX)
      set_communication_error (model, ch, true);
    return false;
  }
  if (*unread >= UNREAD_MAX)
    set_communication_error (model, ch, false);
  *unread = 0;
  follow_status (model, ch, w->status);
  int64_t access = mw_model_cell_int (model, reading_cells[ch][ACCESS]);
  mw_model_cell_set_int (model, reading_cells[ch][ACCESS], MW_AXDR_UNSIGNED,
                         (access + 1) % 256);
  mw_model_cell_set_int (model, reading_cells[ch][VALUE], MW_AXDR_DOUBLE_LONG_UNSIGNED,
                         w->value);
  mw_civil t = mw_clock_civil (model->meter, mw_clock_now (model->meter));
  mw_wr wr;
  mw_wr_init (&wr, time, sizeof time);
  mw_axdr_put_civil (&wr, &t);
  (void) mw_model_cell_set (model, reading_cells[ch][TIME], mw_wr_done (&wr));
  return true;
}

void
mw_mbus_minute (mw_model *model)
{
  mw_meter *m = model->meter;
  int64_t local = mw_clock_local (m, m->st.clock.utc);
  for (unsigned ch = 0; ch < MW_WIRED; ch++) {
    int64_t period = mw_model_cell_int (model, reading_cells[ch][PERIOD]);
    if (address_of (model, ch) && period && local % period < (int64_t) MW_MODEL_PERIOD_S)
      (void) read_device (model, ch);
  }
}

static bool
is_registered (const mw_model *model, unsigned address)
{
  for (unsigned ch = 0; ch < MW_WIRED; ch++)
    if (address_of (model, ch) == address)
      return true;
  return false;
}

/* Bind CH to the device at ADDRESS, or with 0 to the first that answers and belongs to no
 * channel (manual 5.5.3.5). */
static uint8_t
install (mw_model *model, unsigned ch, unsigned address)
{
  if (address_of (model, ch) || address > MW_WIRED)
    return MW_DAR_OTHER_REASON;
  for (unsigned a = address ? address : 1; a <= (address ? address : MW_WIRED); a++) {
    const mw_wired *w = &model->wired[a - 1];
    if (!w->present || is_registered (model, a))
      continue;
    mw_model_cell_set_int (model, client_cells[ch][0], MW_AXDR_UNSIGNED, a);
    mw_model_cell_set_int (model, client_cells[ch][1], MW_AXDR_DOUBLE_LONG_UNSIGNED,
                           w->identification);
    mw_model_cell_set_int (model, maker_cells[ch], MW_AXDR_LONG_UNSIGNED, w->manufacturer);
    mw_model_cell_set_int (model, client_cells[ch][2], MW_AXDR_UNSIGNED, w->version);
    mw_model_cell_set_int (model, client_cells[ch][3], MW_AXDR_UNSIGNED, w->type);
    mw_alarm_set (model->meter, 1, INSTALLED_ALARM (ch), true);
    (void) read_device (model, ch);
    mw_parameters_changed (model->meter);
    mw_model_plan (model);
    return MW_DAR_SUCCESS;
  }
  return MW_DAR_TEMPORARY_FAILURE; /* no device answers */
}

static uint8_t
deinstall (mw_model *model, unsigned ch)
{
  static const uint8_t tags[] = { MW_AXDR_UNSIGNED, MW_AXDR_DOUBLE_LONG_UNSIGNED,
                                  MW_AXDR_UNSIGNED, MW_AXDR_UNSIGNED };
  for (unsigned i = 0; i < 4; i++)
    mw_model_cell_set_int (model, client_cells[ch][i], tags[i], 0);
  mw_model_cell_set_int (model, maker_cells[ch], MW_AXDR_LONG_UNSIGNED, 0);
  model->kept.unread[ch] = 0;
  mw_alarm_set (model->meter, 1, INSTALLED_ALARM (ch), false);
  mw_error_set (model->meter, MW_ERROR_MBUS (ch), false);
  mw_parameters_changed (model->meter);
  mw_model_plan (model);
  return MW_DAR_SUCCESS;
}

/* CHANNEL 1 … 4; methods of class 72: 1 install, 2 de-install, 3 capture, 4 reset the alarm,
 * 5 set the device's clock. */
uint8_t
mw_mbus_method (mw_model_link *l, unsigned channel, unsigned method, mw_cur *parameter)
{
  mw_model *model = l->model;
  unsigned ch = channel - 1;
  mw_cur check = *parameter;
  switch (method) {
  case 1:
    return install (model, ch,
                    mw_type_check ("u", &check) ? (unsigned) mw_axdr_get_int (parameter) : 0);
  case 2:
    return deinstall (model, ch);
  case 3:
    return address_of (model, ch) && read_device (model, ch) ? MW_DAR_SUCCESS
                                                             : MW_DAR_TEMPORARY_FAILURE;
  case 4:
    mw_model_cell_set_int (model, alarm_cells[ch], MW_AXDR_UNSIGNED, 0);
    return MW_DAR_SUCCESS;
  case 5:
    if (!device_of (model, ch))
      return MW_DAR_TEMPORARY_FAILURE;
    mw_event (model->meter, channel_event (ch, MBUS_CLOCK));
    return MW_DAR_SUCCESS;
  default:
    return MW_DAR_TEMPORARY_FAILURE; /* data and keys would have to pass as frames */
  }
}

void
mw_model_valve_key (mw_model *model, unsigned channel)
{
  const uint16_t *cells = valve_cells[channel - 1];
  if (mw_model_cell_int (model, cells[1]) != MW_READY)
    return;
  mw_model_cell_set_int (model, cells[1], MW_AXDR_ENUM, MW_CONNECTED);
  mw_model_cell_set_int (model, cells[0], MW_AXDR_BOOLEAN, 1);
  mw_event (model->meter, (enum mw_event) ((unsigned) MW_EVENT_VALVE1_MANUAL_ON
                                           + (channel - 1) * VALVE_EVENTS));
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
