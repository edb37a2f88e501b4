/* settings.c: see settings.h. */
#include "core/meter.h"

static const mw_setting_info rows[MW_N_SETTINGS] = {
#define MW_SETTING_ROW(symbol, kind, preset, least, most, flags, scaler, unit)                 \
  { #symbol, MW_VALUE_##kind, flags, scaler, MW_UNIT_##unit, preset, least, most },
  MW_SETTINGS (MW_SETTING_ROW)
#undef MW_SETTING_ROW
};

const mw_setting_info *
mw_setting_info_of (unsigned id)
{
  return id < MW_N_SETTINGS ? &rows[id] : NULL;
}

void
mw_settings_defaults (mw_meter *m)
{
  for (unsigned id = 0; id < MW_N_SETTINGS; id++)
    m->setting[id] = (uint32_t) rows[id].preset;
  if (m->phases == 1)
    m->setting[MW_SET_ASYMMETRY_UPPER] = 2000;
}

static int64_t
decode (unsigned id, uint32_t word)
{
  return rows[id].kind == MW_VALUE_I16 ? (int32_t) word : (int64_t) word;
}

int64_t
mw_setting_get (const mw_meter *m, unsigned id)
{
  return id < MW_N_SETTINGS ? decode (id, m->setting[id]) : 0;
}

/* The logical names of the critical parameters (manual 6.5.7). */
static void
name_of_critical (unsigned id, uint8_t obis[6])
{
  /* clang-format off */
  static const struct { uint8_t id, c, d, e; } names[] = {
    { MW_SET_LED_ACTIVE, 0, 3, 0 },          { MW_SET_LED_REACTIVE, 0, 3, 1 },
    { MW_SET_LED_APPARENT, 0, 3, 2 },        { MW_SET_CURRENT_NUMERATOR, 0, 4, 2 },
    { MW_SET_CURRENT_DENOMINATOR, 0, 4, 5 }, { MW_SET_MEASUREMENT_PERIOD1, 0, 8, 0 },
  };
  /* clang-format on */
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (names[i].id != id)
      continue;
    obis[0] = 1;
    obis[1] = 0;
    obis[2] = names[i].c;
    obis[3] = names[i].d;
    obis[4] = names[i].e;
    obis[5] = 255;
  }
}

/* A period that the hour is a multiple of. */
static bool
is_period (int64_t s)
{
  return s >= 60 && s <= 3600 && 3600 % s == 0;
}

/* Width 1 to 8 in the upper half, up to three decimals in the lower (manual 4.4.1.8). */
static bool
is_format (int64_t v)
{
  return v >> 4 >= 1 && v >> 4 <= 8 && (v & 15) <= 3 && (v & 15) < v >> 4;
}

/* What the range of a parameter does not tell. */
static bool
is_allowed (unsigned id, int64_t v)
{
  switch (id) {
  case MW_SET_MEASUREMENT_PERIOD1:
  case MW_SET_MEASUREMENT_PERIOD3:
    return is_period (v);
  case MW_SET_ENERGY_FORMAT:
  case MW_SET_DEMAND_FORMAT:
    return is_format (v);
  case MW_SET_IO_5: /* pulses of |A|, |R|, |S| (manual Table 4) */
    return v == 0 || v == 23 || v == 26 || v == 33;
  default:
    return true;
  }
}

static void
follow_up (mw_meter *m, unsigned id)
{
  switch (id) {
  case MW_SET_MEASUREMENT_PERIOD1:
  case MW_SET_MEASUREMENT_PERIOD3:
    mw_demand_restart (m, MW_PS_DNV);
    break;
  case MW_SET_PEAK_PERIOD:
    mw_quality_restart (m);
    break;
  case MW_SET_SAG_INTEGRAL:
  case MW_SET_SWELL_INTEGRAL:
    mw_quality_integrate (m);
    mw_quality_load (m);
    break;
  case MW_SET_IO_CONFIGURATION:
    mw_alarm_set (m, 1, MW_ALARM2_EXTERNAL, mw_inputs_heeded (m) != 0);
    break;
  case MW_SET_TARIFF_SOURCE:
  case MW_SET_DEFAULT_SCRIPT:
    mw_calendar_refresh (m, true);
    break;
  case MW_SET_RTC_BACKUP_TYPE:
    m->st.clock.backup_left = 0;
    break;
  default:
    mw_power_refresh (m);
    mw_quality_load (m);
  }
}

enum mw_err
mw_setting_set (mw_meter *m, unsigned id, int64_t value)
{
  int64_t old;
  enum mw_err err;
  if (id >= MW_N_SETTINGS)
    return MW_ERR_UNSUPPORTED;
  if (value < rows[id].least || value > rows[id].most || !is_allowed (id, value))
    return MW_ERR_VALUE;
  old = mw_setting_get (m, id);
  if (m->started && old != value && rows[id].flags & MW_SETTING_CRITICAL) {
    uint8_t obis[6] = { 0 };
    name_of_critical (id, obis);
    err = mw_certify (m, obis, (uint32_t) old, (uint32_t) value);
    if (err)
      return err;
  }
  m->setting[id] = (uint32_t) value;
  mw_store_touch (&m->store, MW_AREA_SETTINGS);
  if (!m->started)
    return MW_OK;
  if (!(rows[id].flags & MW_SETTING_QUIET))
    mw_parameters_changed (m);
  follow_up (m, id);
  return MW_OK;
}

uint32_t
mw_counter_get (const mw_meter *m, unsigned id)
{
  return id < MW_N_COUNTERS ? m->st.counter[id] : 0;
}

enum mw_err
mw_counter_set (mw_meter *m, unsigned id, uint32_t value)
{
  if (id >= MW_N_COUNTERS)
    return MW_ERR_UNSUPPORTED;
  m->st.counter[id] = value;
  m->changed = true;
  return MW_OK;
}

void
mw_counter_add (mw_meter *m, unsigned id, uint32_t n)
{
  if (id < MW_N_COUNTERS)
    m->st.counter[id] += n;
}

void
mw_parameters_changed (mw_meter *m)
{
  if (!m->started)
    return;
  mw_counter_add (m, MW_CNT_CONFIG_CHANGES, 1);
  m->st.config_stamp = mw_clock_now (m);
  mw_event (m, MW_EVENT_PARAMETERS_CHANGED);
  m->changed = true;
}
