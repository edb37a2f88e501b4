/* values.c: see values.h.  The number space is cut into blocks of 256; each block has a
 * function that tells what the value is and one that tells how much. */
#include "core/meter.h"

#include <string.h>

#define OK(k, s, u, f) tell (out, MW_VALUE_##k, (s), MW_UNIT_##u, MW_FORMAT_##f)

static enum mw_err
tell (mw_value_info *out, unsigned kind, int scaler, unsigned unit, unsigned format)
{
  *out = (mw_value_info){ (uint8_t) kind, (int8_t) scaler, (uint8_t) unit, (uint8_t) format };
  return MW_OK;
}

unsigned
mw_value_width (uint8_t kind)
{
  /* clang-format off */
  static const uint8_t widths[MW_N_VALUE_KINDS] = {
    [MW_VALUE_NONE] = 0, [MW_VALUE_BOOL] = 1, [MW_VALUE_I8] = 1, [MW_VALUE_U8] = 1,
    [MW_VALUE_I16] = 2, [MW_VALUE_U16] = 2, [MW_VALUE_I32] = 4, [MW_VALUE_U32] = 4,
    [MW_VALUE_I64] = 8, [MW_VALUE_U64] = 8, [MW_VALUE_ENUM] = 1, [MW_VALUE_TIME] = 5,
    [MW_VALUE_BYTES] = 9, [MW_VALUE_CLOCK] = 0,
  };
  /* clang-format on */
  return kind < MW_N_VALUE_KINDS ? widths[kind] : 0;
}

/* The unit of power and energy quantities. */
static uint8_t
unit_of (unsigned q, bool energy)
{
  if (q >= MW_Q_RP && q <= MW_Q_R4)
    return energy ? MW_UNIT_VARH : MW_UNIT_VAR;
  if (q == MW_Q_SP || q == MW_Q_SM)
    return energy ? MW_UNIT_VAH : MW_UNIT_VA;
  return energy ? MW_UNIT_WH : MW_UNIT_W;
}

static uint8_t
demand_unit (unsigned d)
{
  return d == MW_D_RP || d == MW_D_RM   ? MW_UNIT_VAR
         : d == MW_D_SP || d == MW_D_SM ? MW_UNIT_VA
                                        : MW_UNIT_W;
}

static enum mw_err
energy_info (unsigned n, mw_value_info *out)
{
  unsigned q = n / 16, t = n % 16;
  if (q >= MW_N_QUANTITIES || t > (q == MW_Q_NET ? 0u : MW_TARIFFS))
    return MW_ERR_UNSUPPORTED;
  *out = (mw_value_info){ q == MW_Q_NET ? MW_VALUE_I32 : MW_VALUE_U32, 0, unit_of (q, true),
                          MW_FORMAT_ENERGY };
  return MW_OK;
}

static enum mw_err
demand_info (unsigned n, mw_value_info *out)
{
  unsigned q = n % 16;
  if (q >= MW_N_DEMANDS)
    return MW_ERR_UNSUPPORTED;
  *out = (mw_value_info){ MW_VALUE_U32, 0, demand_unit (q), MW_FORMAT_DEMAND };
  switch (n / 16) {
  case 0:
  case 1:
    return MW_OK;
  case 2:
    return OK (U8, 0, NONE, PLAIN);
  case 3:
  case 4:
    return OK (TIME, 0, NONE, PLAIN);
  case 5:
    return OK (U16, 0, NONE, PLAIN);
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

static int64_t
demand_value (const mw_meter *m, unsigned n, mw_value *out)
{
  unsigned q = n % 16;
  const mw_demand *d = &m->reg.demand;
  switch (n / 16) {
  case 0:
    return mw_demand_current (m, q);
  case 1:
    return mw_demand_last (m, q);
  case 2:
    return d->last_status;
  case 3:
    out->u.time = d->capture_time;
    return 0;
  case 4:
    out->u.time = mw_demand_start (m, q);
    return 0;
  default:
    return d->periods[q];
  }
}

static enum mw_err
maximum_info (unsigned n, bool time, mw_value_info *out)
{
  if (n / 16 >= MW_N_DEMANDS || n % 16 > MW_TARIFFS)
    return MW_ERR_UNSUPPORTED;
  if (time)
    return OK (TIME, 0, NONE, PLAIN);
  *out = (mw_value_info){ MW_VALUE_U32, 0, demand_unit (n / 16), MW_FORMAT_DEMAND };
  return MW_OK;
}

static enum mw_err
instant_info (unsigned n, mw_value_info *out)
{
  if (n < MW_N_QUANTITIES) {
    *out = (mw_value_info){ n == MW_Q_NET ? MW_VALUE_I32 : MW_VALUE_U32, 0, unit_of (n, false),
                            MW_FORMAT_DEMAND };
    return MW_OK;
  }
  if (n >= 0x10 && n < 0x13)
    return OK (U16, -1, V, PLAIN);
  if (n >= 0x20 && n < 0x24)
    return OK (U32, -2, A, PLAIN);
  if (n >= 0x30 && n < 0x36)
    return OK (U16, -3, NONE, PLAIN);
  if (n == 0x40)
    return OK (U16, -2, HZ, PLAIN);
  if (n >= 0x50 && n < 0x53)
    return OK (I32, 0, W, DEMAND);
  if (n >= 0x54 && n < 0x57)
    return OK (I32, 0, VAR, DEMAND);
  if (n >= 0x58 && n < 0x5b)
    return OK (I16, -1, DEGREE, PLAIN);
  if ((n >= 0x60 && n < 0x63) || (n >= 0x68 && n < 0x6b))
    return OK (I32, 0, W, DEMAND);
  if ((n >= 0x70 && n < 0x73) || (n >= 0x74 && n < 0x77))
    return OK (U16, 0, A, PLAIN);
  if ((n >= 0x78 && n < 0x7b) || (n >= 0x7c && n < 0x7f))
    return OK (TIME, 0, NONE, PLAIN);
  return MW_ERR_UNSUPPORTED;
}

static int64_t
current_ca (const mw_meter *m, unsigned ph)
{
  int64_t ma = 0;
  for (unsigned i = 0; i < MW_PHASES; i++)
    if (ph == i || ph == 3)
      ma += m->power.i_ma[i];
  return ma / 10;
}

static int64_t
factor_value (const mw_meter *m, unsigned n)
{
  return n < 4 ? mw_power_factor (m, n) : n == 4 ? m->reg.demand.pf_last : m->reg.demand.pf_min;
}

static int64_t
fuse_value (const mw_meter *m, unsigned n, mw_value *out)
{
  const mw_fuse *f = &m->reg.fuse;
  if (n < 8) /* the value is renewed every second, so current and last are one */
    return mw_fuse_average_ma (m, n % 4) / 1000;
  out->u.time = mw_clock_now (m);
  if (n >= 12)
    out->u.time.utc -= f->periods;
  return 0;
}

static int64_t
instant_value (const mw_meter *m, unsigned n, mw_value *out)
{
  unsigned ph = n % 4;
  switch (n / 16) {
  case 0:
    return mw_power_w (m, n);
  case 1:
    return m->powered && ph < m->phases ? mw_voltage_dv (m, ph) : 0;
  case 2:
    return current_ca (m, ph);
  case 3:
    return factor_value (m, n % 16);
  case 4:
    return m->powered ? m->load.frequency_mhz / 10 : 0;
  case 5:
    return n < 0x54   ? m->power.p_mw[ph] / 1000
           : n < 0x58 ? m->power.q_mvar[ph] / 1000
                      : m->load.phi_ddeg[ph];
  case 6:
    return n < 0x68 ? m->reg.demand.average3[n % 8] : mw_demand_running3 (m, n % 8);
  default:
    return fuse_value (m, n % 16, out);
  }
}

static enum mw_err
quality_info (unsigned n, mw_value_info *out)
{
  if (n < 3 || (n >= 0x10 && n < 0x30 && n % 4 < 2))
    return OK (U16, -1, V, PLAIN);
  if (n >= 0x40 && n < 0x60 && n % 8 >= 1)
    return OK (U32, 0, NONE, PLAIN);
  if (n >= 0x60 && n < 0x65)
    return OK (TIME, 0, NONE, PLAIN);
  return MW_ERR_UNSUPPORTED;
}

static int64_t
quality_value (const mw_meter *m, unsigned n, mw_value *out)
{
  const mw_quality *q = &m->st.quality;
  if (n < 3)
    return q->phase[n].average_dv;
  if (n < 0x20)
    return mw_voltage_peak (m, (n - 0x10) / 4, n % 4 != 0);
  if (n < 0x30)
    return mw_voltage_minimum (m, (n - 0x20) / 4, n % 4 != 0);
  if (n < 0x60)
    return q->level[(n - 0x40) / 8][n % 8 - 1];
  out->u.time = q->failure_time[n - 0x60];
  return 0;
}

static enum mw_err
counter_info (unsigned n, mw_value_info *out)
{
  static const struct {
    int8_t scaler;
    uint8_t unit;
  } rows[MW_N_COUNTERS] = {
#define MW_COUNTER_ROW(symbol, scaler, unit) { scaler, MW_UNIT_##unit },
    MW_COUNTERS (MW_COUNTER_ROW)
#undef MW_COUNTER_ROW
  };
  if (n >= MW_N_COUNTERS)
    return MW_ERR_UNSUPPORTED;
  *out = (mw_value_info){ MW_VALUE_U32, rows[n].scaler, rows[n].unit, MW_FORMAT_PLAIN };
  return MW_OK;
}

static enum mw_err
misc_info (unsigned id, mw_value_info *out)
{
  switch (id) {
  case MW_V_CLOCK:
    return OK (CLOCK, 0, NONE, PLAIN);
  case MW_V_LOCAL_TIME:
    return OK (U32, 0, SECOND, PLAIN);
  case MW_V_LOCAL_DATE:
  case MW_V_ACTIVE_TARIFF:
  case MW_V_ACTIVE_DEMAND_TARIFF:
    return OK (BYTES, 0, NONE, PLAIN);
  case MW_V_INPUTS:
  case MW_V_OUTPUTS:
    return OK (U16, 0, NONE, PLAIN);
  case MW_V_DISCONNECT_OUTPUT:
  case MW_V_RELAY1_OUTPUT:
  case MW_V_RELAY2_OUTPUT:
    return OK (BOOL, 0, NONE, PLAIN);
  case MW_V_CONFIG_STAMP:
    return OK (TIME, 0, NONE, PLAIN);
  case MW_V_LAST_FAILURE_DURATION:
  case MW_V_UPTIME:
    return OK (U32, 0, SECOND, PLAIN);
  default:
    break;
  }
  if (id >= MW_V_PROFILE_STATUS1 && id <= MW_V_PROFILE_STATUS6)
    return OK (U8, 0, NONE, PLAIN);
  if (id >= MW_V_ERROR1 && id <= MW_V_ALARM_OFF2)
    return OK (U32, 0, NONE, PLAIN);
  if (id >= MW_V_DISCONNECT_OUTPUT && id <= MW_V_RELAY2_MODE)
    return OK (ENUM, 0, NONE, PLAIN);
  return MW_ERR_UNSUPPORTED;
}

static int64_t
switch_value (const mw_meter *m, unsigned n)
{
  const mw_switch *s = &m->st.disconnect.sw[n / 3];
  return n % 3 == 0 ? s->output : n % 3 == 1 ? s->state : s->mode;
}

/* Input states, manual Table 32: the parameter lock opens with the cover. */
static int64_t
inputs (const mw_meter *m)
{
  unsigned keys = m->display.held; /* bit 0 Scroll, bit 1 Reset */
  return (int64_t) (mw_inputs_heeded (m) | keys << 13
                    | (m->st.cover_open[MW_COVER_METER] ? 0u : 0x8000u));
}

/* Output states, manual Tables 33 (single-phase) and 34 (three-phase). */
static int64_t
outputs (const mw_meter *m)
{
  const mw_switch *s = m->st.disconnect.sw;
  bool closed = s[MW_SWITCH_MAIN].output;
  int64_t bits = s[MW_SWITCH_LOAD].output ? 0x0001 : 0x0002;
  if (m->phases == 1)
    bits |= closed ? 0x0010 : 0x0020;
  else
    bits |= closed ? 0x0020 : 0x0010;
  /* As metrological output it does not follow the switch (manual 5.2.2). */
  bool service = s[MW_SWITCH_SERVICE].output && m->setting[MW_SET_SERVICE_FUNCTION] == 0;
  return bits | (service ? 0x0100 : 0);
}

static void
put_name (mw_value *out, const mw_name *n)
{
  out->len = n->len;
  memcpy (out->u.bytes, n->text, sizeof out->u.bytes);
}

static void
put_date (const mw_meter *m, mw_value *out)
{
  mw_civil c = mw_clock_civil (m, mw_clock_now (m));
  const uint8_t date[5] = { (uint8_t) (c.year >> 8), (uint8_t) c.year, c.month, c.day,
                            c.weekday };
  out->len = sizeof date;
  memcpy (out->u.bytes, date, sizeof date);
}

static int64_t
misc_value (const mw_meter *m, unsigned id, mw_value *out)
{
  const mw_events *ev = &m->st.events;
  const uint32_t *words[] = { ev->error, ev->alarm, ev->alarm_on, ev->alarm_off };
  if (id >= MW_V_PROFILE_STATUS1 && id <= MW_V_PROFILE_STATUS6)
    return m->st.profile[id - MW_V_PROFILE_STATUS1].status;
  if (id >= MW_V_ERROR1 && id <= MW_V_ALARM_OFF2)
    return words[(id - MW_V_ERROR1) / 2][(id - MW_V_ERROR1) % 2];
  if (id >= MW_V_DISCONNECT_OUTPUT && id <= MW_V_RELAY2_MODE)
    return switch_value (m, id - MW_V_DISCONNECT_OUTPUT);
  switch (id) {
  case MW_V_CLOCK:
    out->u.time = mw_clock_now (m);
    break;
  case MW_V_LOCAL_TIME:
    return (m->st.clock.utc + mw_clock_deviation (m) * 60) % 86400;
  case MW_V_LOCAL_DATE:
    put_date (m, out);
    break;
  case MW_V_ACTIVE_TARIFF:
    put_name (out, &m->tariffs.activation[MW_ACTIVATE_ENERGY].active);
    break;
  case MW_V_ACTIVE_DEMAND_TARIFF:
    put_name (out, &m->tariffs.activation[MW_ACTIVATE_DEMAND].active);
    break;
  case MW_V_INPUTS:
    return inputs (m);
  case MW_V_OUTPUTS:
    return outputs (m);
  case MW_V_CONFIG_STAMP:
    out->u.time = m->st.config_stamp;
    break;
  case MW_V_LAST_FAILURE_DURATION:
    return m->st.counter[MW_CNT_FAIL_DURATION_ANY];
  default:
    return m->uptime;
  }
  return 0;
}

static enum mw_err
event_info (unsigned n, mw_value_info *out)
{
  if (n < MW_N_LOGS)
    return OK (U8, 0, NONE, PLAIN);
  if (n == 0x20)
    return OK (BYTES, 0, NONE, PLAIN);
  if (n == 0x21 || n == 0x22)
    return OK (U32, 0, NONE, PLAIN);
  return MW_ERR_UNSUPPORTED;
}

static int64_t
event_value (const mw_meter *m, unsigned n, mw_value *out)
{
  const mw_events *ev = &m->st.events;
  if (n < MW_N_LOGS)
    return ev->last_code[n];
  if (n == 0x20) {
    out->len = 6;
    memcpy (out->u.bytes, ev->secure_id, 6);
    return 0;
  }
  return n == 0x21 ? ev->secure_old : ev->secure_new;
}

enum mw_err
mw_value_info_of (const mw_meter *m, uint16_t id, mw_value_info *out)
{
  const mw_setting_info *s;
  unsigned n = id & 0xff;
  if (id >= MW_V_USER)
    return m->user.info ? m->user.info (m->user.ctx, id, out) : MW_ERR_UNSUPPORTED;
  switch (id >> 8) {
  case 1:
    return energy_info (n, out);
  case 2:
    return demand_info (n, out);
  case 3:
  case 4:
    return maximum_info (n, id >> 8 == 4, out);
  case 5:
    return instant_info (n, out);
  case 6:
    return quality_info (n, out);
  case 7:
    s = mw_setting_info_of (n);
    if (!s)
      return MW_ERR_UNSUPPORTED;
    *out = (mw_value_info){ s->kind, s->scaler, s->unit, MW_FORMAT_PLAIN };
    return MW_OK;
  case 8:
    return counter_info (n, out);
  case 9:
    return misc_info (id, out);
  case 10:
    return event_info (n, out);
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

static int64_t
core_value (const mw_meter *m, uint16_t id, mw_value *out)
{
  unsigned n = id & 0xff;
  switch (id >> 8) {
  case 1:
    return mw_energy_wh (m, n / 16, n % 16);
  case 2:
    return demand_value (m, n, out);
  case 3:
    return mw_demand_maximum (m, n / 16, n % 16)->w;
  case 4:
    out->u.time = mw_demand_maximum (m, n / 16, n % 16)->time;
    return 0;
  case 5:
    return instant_value (m, n, out);
  case 6:
    return quality_value (m, n, out);
  case 7:
    return mw_setting_get (m, n);
  case 8:
    return mw_counter_get (m, n);
  case 9:
    return misc_value (m, id, out);
  default:
    return event_value (m, n, out);
  }
}

/* A register of 32 bits rolls over; everything else fits. */
static int64_t
fit (int64_t v, uint8_t kind)
{
  return kind == MW_VALUE_U32 ? (int64_t) (uint32_t) v : kind == MW_VALUE_I32 ? (int32_t) v : v;
}

enum mw_err
mw_meter_value (const mw_meter *m, uint16_t id, mw_value *out)
{
  mw_value_info info;
  enum mw_err err = mw_value_info_of (m, id, &info);
  int64_t i;
  if (err)
    return err;
  *out = (mw_value){ .kind = info.kind };
  if (id >= MW_V_USER)
    return m->user.value ? m->user.value (m->user.ctx, id, out) : MW_ERR_UNSUPPORTED;
  i = core_value (m, id, out);
  if (info.kind != MW_VALUE_TIME && info.kind != MW_VALUE_CLOCK && info.kind != MW_VALUE_BYTES)
    out->u.i = fit (i, info.kind);
  return MW_OK;
}

int64_t
mw_meter_number (const mw_meter *m, uint16_t id)
{
  mw_value v;
  if (mw_meter_value (m, id, &v) || v.kind == MW_VALUE_TIME || v.kind == MW_VALUE_CLOCK
      || v.kind == MW_VALUE_BYTES)
    return 0;
  return v.u.i;
}
