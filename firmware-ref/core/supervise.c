/* supervise.c: see supervise.h. */
#include "core/meter.h"

#define MWS_PER_KWH 3600000000u
#define PULSE_CONSTANT_MAX 1000000u /* above it the output is disabled (manual 3.6.2) */
#define BATTERY_LIFE_S (20u * 365u * 86400u)

/* --- faults ---------------------------------------------------------------------------------
 */

void
mw_meter_fault (mw_meter *m, enum mw_fault fault, bool present)
{
  /* The bits of error and alarm register 1 are the same (manual Tables 50 and 53). */
  static const struct {
    uint32_t bit;
    uint8_t event;
  } rows[MW_N_FAULTS] = {
    [MW_FAULT_PROGRAM] = { MW_ERROR_PROGRAM, MW_EVENT_PROGRAM_ERROR },
    [MW_FAULT_RAM] = { MW_ERROR_RAM, MW_EVENT_RAM_ERROR },
    [MW_FAULT_NVM] = { MW_ERROR_NVM, MW_EVENT_NVM_ERROR },
    [MW_FAULT_MEASUREMENT] = { MW_ERROR_MEASUREMENT, MW_EVENT_MEASUREMENT_ERROR },
  };
  uint8_t *faults = &m->st.supervision.faults;
  if (fault >= MW_N_FAULTS || (*faults >> fault & 1) == present)
    return;
  *faults = (uint8_t) (*faults ^ 1u << fault);
  if (present)
    mw_event (m, rows[fault].event);
  if (present && fault == MW_FAULT_PROGRAM)
    mw_event (m, MW_EVENT_FATAL_ERROR);
  mw_error_set (m, rows[fault].bit, present);
  mw_alarm_set (m, 0, rows[fault].bit, present);
  m->changed = true;
}

/* --- battery --------------------------------------------------------------------------------
 */

/* Error and alarm "replace battery" stand for a low and for a spent one (manual 6.7.4.1). */
static void
show_battery (mw_meter *m)
{
  bool bad = m->st.supervision.battery_low || m->st.supervision.battery_spent;
  mw_error_set (m, MW_ERROR_REPLACE_BATTERY, bad);
  mw_alarm_set (m, 0, MW_ALARM1_REPLACE_BATTERY, bad);
  m->changed = true;
}

void
mw_meter_battery (mw_meter *m, bool low)
{
  if (m->st.supervision.battery_low == low)
    return;
  m->st.supervision.battery_low = low;
  if (low)
    mw_event (m, MW_EVENT_BATTERY_LOW);
  show_battery (m);
}

void
mw_battery_spent (mw_meter *m)
{
  if (m->st.supervision.battery_spent)
    return;
  m->st.supervision.battery_spent = true;
  mw_event (m, MW_EVENT_REPLACE_BATTERY);
  show_battery (m);
}

void
mw_meter_battery_renewed (mw_meter *m)
{
  m->st.counter[MW_CNT_BATTERY_LEFT] = BATTERY_LIFE_S;
  m->st.counter[MW_CNT_BATTERY_USE] = 0;
  m->st.supervision.battery_low = m->st.supervision.battery_spent = false;
  show_battery (m);
}

/* --- disconnector, inputs, contact ----------------------------------------------------------
 */

void
mw_meter_jam (mw_meter *m, bool jammed)
{
  m->st.supervision.jammed = jammed;
  m->changed = true;
}

void
mw_meter_input (mw_meter *m, unsigned input, bool on)
{
  uint8_t *inputs = &m->st.supervision.inputs;
  if (input > 1 || (*inputs >> input & 1) == on)
    return;
  *inputs = (uint8_t) (*inputs ^ 1u << input);
  mw_alarm_set (m, 1, MW_ALARM2_EXTERNAL, mw_inputs_heeded (m) != 0);
  m->changed = true;
}

uint16_t
mw_inputs_heeded (const mw_meter *m)
{
  unsigned bits = (unsigned) m->st.supervision.inputs << 6;
  return (uint16_t) (bits & m->setting[MW_SET_IO_CONFIGURATION] & 0xc0u);
}

void
mw_meter_contact (mw_meter *m, bool local)
{
  m->st.supervision.silence_s = 0;
  m->display.busy_until = m->uptime + MW_BUSY_S;
  if (local)
    mw_alarm_pulse (m, 1, MW_ALARM2_LOCAL_ATTEMPT);
}

/* --- pulses ---------------------------------------------------------------------------------
 */

/* Power that output WHICH stands for, mW, and its pulses per kWh; 0: none. */
static uint64_t
power_of (const mw_meter *m, enum mw_pulse which, uint32_t *constant)
{
  const int64_t *rate = m->power.rate;
  uint64_t active = (uint64_t) (rate[MW_Q_AP] + rate[MW_Q_AM]);
  uint64_t reactive = (uint64_t) (rate[MW_Q_RP] + rate[MW_Q_RM]);
  uint64_t apparent = (uint64_t) (rate[MW_Q_SP] + rate[MW_Q_SM]);
  const uint32_t *set = m->setting;
  *constant = 0;
  if (which == MW_PULSE_ACTIVE) {
    *constant = set[MW_SET_LED_ACTIVE];
    return active;
  }
  if (which == MW_PULSE_REACTIVE) {
    *constant = set[MW_SET_LED_REACTIVE] ? set[MW_SET_LED_REACTIVE] : set[MW_SET_LED_APPARENT];
    return set[MW_SET_LED_REACTIVE] ? reactive : apparent;
  }
  switch (set[MW_SET_SERVICE_FUNCTION] == 1 ? set[MW_SET_IO_5] : 0) { /* manual Table 4 */
  case 23:
    *constant = set[MW_SET_PULSE_ACTIVE];
    return active;
  case 26:
    *constant = set[MW_SET_PULSE_REACTIVE];
    return reactive;
  case 33:
    *constant = set[MW_SET_PULSE_APPARENT];
    return apparent;
  default:
    return 0;
  }
}

static void
pulse (mw_meter *m, enum mw_pulse which, uint32_t seconds)
{
  mw_supervision *s = &m->st.supervision;
  uint32_t constant;
  uint64_t power = power_of (m, which, &constant);
  if (power == 0 || constant == 0 || constant > PULSE_CONSTANT_MAX)
    return;
  /* whole kWh a second apart, so that nothing overflows for an hour at any ratio */
  s->pulses[which] += power / MWS_PER_KWH * constant * seconds;
  s->rest[which] += power % MWS_PER_KWH * constant * seconds;
  s->pulses[which] += s->rest[which] / MWS_PER_KWH;
  s->rest[which] %= MWS_PER_KWH;
}

uint64_t
mw_pulse_count (const mw_meter *m, enum mw_pulse which)
{
  return which < MW_N_PULSES ? m->st.supervision.pulses[which] : 0;
}

bool
mw_led_is_steady (const mw_meter *m)
{
  return m->powered && m->power.rate[MW_Q_SP] + m->power.rate[MW_Q_SM] == 0;
}

/* --- time -----------------------------------------------------------------------------------
 */

void
mw_supervise_defaults (mw_meter *m)
{
  m->st.counter[MW_CNT_BATTERY_LEFT] = BATTERY_LIFE_S;
}

uint32_t
mw_supervise_horizon (const mw_meter *m)
{
  uint32_t silence = m->st.supervision.silence_s;
  return silence < MW_SILENCE_S ? MW_SILENCE_S - silence : UINT32_MAX;
}

/* In the test mode of the clock the LED of active energy blinks with its seconds, so that they
 * can be measured and the clock be calibrated (manual 5.3.6). */
void
mw_pulse_advance (mw_meter *m, uint32_t seconds, uint32_t clock_seconds)
{
  mw_supervision *s = &m->st.supervision;
  if (m->setting[MW_SET_RTC_MODE])
    s->pulses[MW_PULSE_ACTIVE] += clock_seconds;
  else
    pulse (m, MW_PULSE_ACTIVE, seconds);
  pulse (m, MW_PULSE_REACTIVE, seconds);
  pulse (m, MW_PULSE_OUTPUT, seconds);
}

void
mw_supervise_advance (mw_meter *m, uint32_t seconds)
{
  mw_supervision *s = &m->st.supervision;
  if (s->silence_s >= MW_SILENCE_S)
    return;
  s->silence_s += seconds;
  if (s->silence_s >= MW_SILENCE_S)
    mw_event (m, MW_EVENT_NO_CONNECTION);
}
