/* prepayment.c: payment mode 1 (Mx381 manual Table 44, events 239-243, Table 24, cursor
 * EC; 4.4.3.1; objects 0-0:128.60.x of Annex 1, whose meaning is the reference meter's where
 * the manual gives their names alone).
 *
 *   credit ──used up: 241──► open ──select, credit ≤ threshold: 243──► emergency credit
 *      ▲                      ▲                                          │
 *      │                      └────────────────used up: 242──────────────┘
 *      └── transfer: 239, 240; it first gives back what was used of the emergency credit
 *
 * Each minute what the energy register grew by is charged at the rate of the tariff in force,
 * and at the first minute of a day the auxiliary charge.  Rates count in 10^(rate scaler) of
 * the currency per kWh, credits in hundredths; what is less than a hundredth is kept.
 */
#include "models/objects.h"

#define CREDIT MW_CELL_0_0_128_60_1_255_3_2
#define EMERGENCY MW_CELL_0_0_128_60_2_255_3_2
#define STATUS MW_CELL_0_0_128_60_3_255_1_2
#define PURCHASE MW_CELL_0_0_128_60_4_255_3_2
#define MODE MW_CELL_0_0_128_60_0_255_1_2
#define ENERGY_REFERENCE MW_CELL_0_0_128_60_31_255_1_2
#define ACCOUNT_REFERENCE MW_CELL_0_0_128_60_32_255_1_2

#define HUNDREDTH INT64_C (10000000000) /* in 10^-12 */

/* 0-0:128.60.3 */
#define IN_EMERGENCY 1
#define CREDIT_EXPIRED 2
#define EMERGENCY_EXPIRED 4

bool
mw_prepay_runs (const mw_model *model)
{
  return mw_model_cell_int (model, MODE) == 1;
}

static int64_t
status_of (const mw_model *model)
{
  return mw_model_cell_int (model, STATUS);
}

static void
set_status (mw_model *model, int64_t bits, bool on)
{
  int64_t s = on ? status_of (model) | bits : status_of (model) & ~bits;
  mw_model_cell_set_int (model, STATUS, MW_AXDR_UNSIGNED, s);
}

static void
set_credit (mw_model *model, unsigned cell, int64_t amount)
{
  amount = amount < INT32_MIN ? INT32_MIN : amount;
  mw_model_cell_set_int (model, cell, MW_AXDR_DOUBLE_LONG, amount);
}

/* --- the register that is charged -----------------------------------------------------------
 */

/* The energy register that VALUE, { class, logical name, attribute }, names. */
static bool
energy_register (const mw_model *model, mw_span value, uint16_t *id)
{
  mw_cur c = mw_cur_of (value);
  mw_dlms_attr attr = { 0 };
  uint8_t dar;
  mw_axdr_get_structure (&c, 3);
  attr.class_id = (uint16_t) mw_axdr_get_int (&c);
  attr.ln = mw_axdr_get_obis (&c);
  attr.index = (int8_t) mw_axdr_get_int (&c);
  uint16_t a = c.err ? MW_MODEL_NO_ATTR : mw_model_attr_find (model, &attr, &dar);
  if (a == MW_MODEL_NO_ATTR || mw_model_attrs[a].bind != MW_BIND_VALUE)
    return false;
  *id = mw_model_attrs[a].arg;
  return *id >= MW_V_ENERGY (0, 0) && *id < MW_V_ENERGY (MW_Q_NET, 0);
}

static bool
is_account (mw_span value)
{
  mw_cur c = mw_cur_of (value);
  mw_axdr_get_structure (&c, 3);
  int64_t class_id = mw_axdr_get_int (&c);
  mw_obis ln = mw_axdr_get_obis (&c);
  return class_id == 3 && mw_axdr_get_int (&c) == 2 && !c.err
         && mw_obis_equal (ln, MW_OBIS (0, 0, 128, 60, 1, 255));
}

/* --- charging -------------------------------------------------------------------------------
 */

static int64_t
rate_of (const mw_model *model)
{
  static const uint16_t rates[MW_TARIFFS + 1] = {
    0,
    MW_CELL_0_0_128_60_21_255_3_2,
    MW_CELL_0_0_128_60_22_255_3_2,
    MW_CELL_0_0_128_60_23_255_3_2,
    MW_CELL_0_0_128_60_24_255_3_2,
    MW_CELL_0_0_128_60_25_255_3_2,
    MW_CELL_0_0_128_60_26_255_3_2,
    MW_CELL_0_0_128_60_27_255_3_2,
    MW_CELL_0_0_128_60_28_255_3_2,
  };
  unsigned tariff = mw_tariff_active (model->meter, MW_ACTIVATE_ENERGY);
  return tariff ? mw_model_cell_int (model, rates[tariff]) : 0;
}

/* N in units of 10^(rate scaler) as 10^-12, at most what an int64 holds. */
static int64_t
in_pico (const mw_model *model, int64_t n)
{
  int64_t scaler = mw_model_cell_int (model, MW_CELL_0_0_196_60_0_255_1_2);
  for (int64_t i = -12; i < scaler; i++)
    n = n > INT64_MAX / 10 ? INT64_MAX : n * 10;
  return n;
}

static int64_t
charge_of (mw_model *model)
{
  mw_prepaid *p = &model->kept.prepaid;
  mw_meter *m = model->meter;
  uint16_t id = MW_V_NONE;
  int32_t day = (int32_t) (mw_clock_local (m, m->st.clock.utc) / 86400);
  int64_t cost = 0;
  (void) energy_register (model, mw_model_cell_get (model, ENERGY_REFERENCE), &id);
  uint32_t wh = (uint32_t) mw_meter_number (m, id), used = wh - p->wh;
  p->wh = wh;
  if (used < 1000000000) /* not when the register was set back */
    cost = in_pico (model, used * rate_of (model)) / 1000;
  if (day != p->day)
    cost += in_pico (model, mw_model_cell_int (model, MW_CELL_0_0_128_60_20_255_3_2));
  p->day = day;
  return cost < 0 ? INT64_MAX - p->rest : cost;
}

static void
cut_off (mw_model *model, enum mw_event event)
{
  mw_event (model->meter, event);
  if (mw_switch_do (model->meter, MW_SWITCH_MAIN, MW_LOCAL_DISCONNECT) == MW_OK)
    model->kept.prepaid.open = true;
}

/* The customer is connected again, or may connect by hand where the mode wants that. */
static void
let_on (mw_model *model)
{
  if (model->kept.prepaid.open)
    (void) mw_switch_do (model->meter, MW_SWITCH_MAIN, MW_LOCAL_RECONNECT);
  model->kept.prepaid.open = false;
}

static void
take (mw_model *model, int64_t amount)
{
  bool emergency = status_of (model) & IN_EMERGENCY;
  int64_t credit = mw_model_cell_int (model, CREDIT);
  int64_t reserve = mw_model_cell_int (model, EMERGENCY);
  int64_t from_credit = !emergency        ? amount
                        : credit <= 0     ? 0
                        : amount < credit ? amount
                                          : credit;
  set_credit (model, CREDIT, credit - from_credit);
  if (credit - from_credit <= 0 && !(status_of (model) & CREDIT_EXPIRED)) {
    set_status (model, CREDIT_EXPIRED, true);
    if (emergency)
      mw_event (model->meter, MW_EVENT_CREDIT_EXPIRED);
    else
      cut_off (model, MW_EVENT_CREDIT_EXPIRED);
  }
  if (!emergency || amount == from_credit)
    return;
  reserve -= amount - from_credit;
  set_credit (model, EMERGENCY, reserve);
  if (reserve <= 0 && !(status_of (model) & EMERGENCY_EXPIRED)) {
    set_status (model, EMERGENCY_EXPIRED, true);
    cut_off (model, MW_EVENT_EMERGENCY_EXPIRED);
  }
}

void
mw_prepay_minute (mw_model *model)
{
  mw_prepaid *p = &model->kept.prepaid;
  if (!mw_prepay_runs (model))
    return;
  p->rest += charge_of (model);
  int64_t amount = p->rest / HUNDREDTH;
  p->rest %= HUNDREDTH;
  if (amount > 0)
    take (model, amount);
  mw_model_touch (model);
}

/* --- credits --------------------------------------------------------------------------------
 */

void
mw_prepay_show (mw_model *model)
{
  mw_user *u = &model->meter->user;
  int64_t s = mw_prepay_runs (model) ? status_of (model) : 0;
  u->cursors = s & IN_EMERGENCY ? MW_CURSOR_EC : 0;
  if (mw_mbus_answers (model))
    u->cursors |= MW_CURSOR_MBUS;
  u->blinking = s & EMERGENCY_EXPIRED ? MW_CURSOR_EC : 0;
}

void
mw_prepay_select (void *ctx)
{
  mw_model *model = ctx;
  int64_t threshold = mw_model_cell_int (model, MW_CELL_0_0_128_60_12_255_3_2);
  if (!mw_prepay_runs (model) || status_of (model) & IN_EMERGENCY
      || mw_model_cell_int (model, CREDIT) > threshold)
    return;
  /* the initial limit before anything was bought, the limit later */
  int64_t given = mw_model_cell_int (model, mw_model_cell_int (model, PURCHASE)
                                                ? MW_CELL_0_0_128_60_11_255_3_2
                                                : MW_CELL_0_0_128_60_10_255_3_2);
  if (given <= 0 || given > INT32_MAX)
    return;
  model->kept.prepaid.granted = (uint32_t) given;
  set_credit (model, EMERGENCY, given);
  set_status (model, IN_EMERGENCY, true);
  mw_event (model->meter, MW_EVENT_EMERGENCY_ACTIVATED);
  let_on (model);
  mw_prepay_show (model);
}

uint8_t
mw_prepay_transfer (mw_model *model, int64_t amount)
{
  mw_prepaid *p = &model->kept.prepaid;
  int64_t credit = mw_model_cell_int (model, CREDIT) + amount;
  int64_t total = mw_model_cell_int (model, PURCHASE) + amount;
  if (credit > INT32_MAX || total > UINT32_MAX) {
    mw_event (model->meter, MW_EVENT_TOKEN_REFUSED);
    return MW_DAR_OTHER_REASON;
  }
  mw_model_cell_set_int (model, PURCHASE, MW_AXDR_DOUBLE_LONG_UNSIGNED, total);
  mw_event (model->meter, MW_EVENT_TOKEN_ACCEPTED);
  if (status_of (model) & IN_EMERGENCY) {
    int64_t owed = p->granted - mw_model_cell_int (model, EMERGENCY);
    credit -= owed;
  }
  set_credit (model, CREDIT, credit);
  if (credit > 0) {
    set_credit (model, EMERGENCY, 0);
    set_status (model, IN_EMERGENCY | CREDIT_EXPIRED | EMERGENCY_EXPIRED, false);
    p->granted = 0;
    let_on (model);
  } else if (status_of (model) & IN_EMERGENCY) { /* it all went back */
    set_credit (model, EMERGENCY, p->granted + credit);
    set_credit (model, CREDIT, 0);
  }
  mw_prepay_show (model);
  return MW_DAR_SUCCESS;
}

/* Payment mode: from now on, not for what was used before. */
static void
begin (mw_model *model, bool on)
{
  mw_prepaid *p = &model->kept.prepaid;
  mw_meter *m = model->meter;
  if (on && !p->running) {
    uint16_t id = MW_V_NONE;
    (void) energy_register (model, mw_model_cell_get (model, ENERGY_REFERENCE), &id);
    p->wh = (uint32_t) mw_meter_number (m, id);
    p->day = (int32_t) (mw_clock_local (m, m->st.clock.utc) / 86400);
    p->rest = 0;
  }
  if (!on)
    let_on (model);
  p->running = on;
  m->user.next = mw_clock_next_boundary (m, m->st.clock.utc, MW_MODEL_PERIOD_S);
}

uint8_t
mw_prepay_written (mw_model *model, unsigned cell, mw_span value)
{
  mw_cur c = mw_cur_of (value);
  uint16_t id;
  switch (cell) {
  case MW_CELL_CREDIT_TRANSFER:
    return mw_prepay_transfer (model, mw_axdr_get_int (&c));
  case MODE:
    begin (model, mw_axdr_get_int (&c) == 1);
    return MW_DAR_SUCCESS;
  case ACCOUNT_REFERENCE: /* credits are booked nowhere else */
    return is_account (value) ? MW_DAR_SUCCESS : MW_DAR_OTHER_REASON;
  case ENERGY_REFERENCE:
    if (!energy_register (model, value, &id))
      return MW_DAR_OTHER_REASON;
    model->kept.prepaid.wh = (uint32_t) mw_meter_number (model->meter, id);
    return MW_DAR_SUCCESS;
  default:
    return MW_DAR_SUCCESS;
  }
}
