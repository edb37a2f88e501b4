/* kvalue.c: see kvalue.h. */
#include "core/kamstrup/kmeter.h"

#include <string.h>

/* clang-format off */
static const mw_kvalue_info infos[MW_N_KVALUES] = {
#define ROW_SETTING(symbol, unit, exponent, preset, least, most, flags) \
  [MW_KV_##symbol] = { #symbol, MW_KVALUE_NUMBER, MW_UNIT_##unit, exponent, 6 },
#define ROW_TEXT(symbol, longest) \
  [MW_KV_##symbol] = { #symbol, MW_KVALUE_TEXT, MW_UNIT_NONE, 0, 0 },
#define ROW_VALUE(symbol, kind, unit, exponent, width) \
  [MW_KV_##symbol] = { #symbol, MW_KVALUE_##kind, MW_UNIT_##unit, exponent, width },
  MW_KSETTINGS (ROW_SETTING)
  MW_KQUAL_SETTINGS (ROW_SETTING)
  MW_KTEXTS (ROW_TEXT)
  MW_KVALUES (ROW_VALUE)
  MW_KQUAL_VALUES (ROW_VALUE)
};

static const struct {
  int64_t preset, least, most;
  uint8_t flags;
} ranges[MW_N_KSETTINGS] = {
#define ROW_RANGE(symbol, unit, exponent, preset, least, most, flags) \
  [MW_KV_##symbol - MW_KV_FIRST_SETTING] = { preset, least, most, flags },
  MW_KSETTINGS (ROW_RANGE)
  MW_KQUAL_SETTINGS (ROW_RANGE)
};

static const uint8_t longest_text[MW_N_KTEXTS] = {
#define ROW_LENGTH(symbol, longest) [MW_KV_##symbol - MW_KV_FIRST_TEXT] = longest,
  MW_KTEXTS (ROW_LENGTH)
};
/* clang-format on */

const mw_kvalue_info *
mw_kvalue_info_of (unsigned id)
{
  return id < MW_N_KVALUES && infos[id].name ? &infos[id] : NULL;
}

unsigned
mw_kvalue_by_name (const char *name)
{
  for (unsigned id = 1; id < MW_N_KVALUES; id++)
    if (infos[id].name && strcmp (infos[id].name, name) == 0)
      return id;
  return MW_KV_NONE;
}

static bool
is_setting (unsigned id)
{
  return id >= MW_KV_FIRST_SETTING && id < MW_KV_SETTINGS_END;
}

static bool
is_text (unsigned id)
{
  return id >= MW_KV_FIRST_TEXT && id < MW_KV_TEXTS_END;
}

enum mw_err
mw_kmeter_range (unsigned id, int64_t *least, int64_t *most)
{
  if (!is_setting (id))
    return MW_ERR_UNSUPPORTED;
  *least = ranges[id - MW_KV_FIRST_SETTING].least;
  *most = ranges[id - MW_KV_FIRST_SETTING].most;
  return MW_OK;
}

void
mw_ksettings_defaults (mw_kmeter *k)
{
  for (unsigned i = 0; i < MW_N_KSETTINGS; i++)
    k->setup.setting[i] = ranges[i].preset;
}

static void
put_text (mw_kvalue *out, const void *text, size_t len)
{
  out->kind = MW_KVALUE_TEXT;
  out->len = (uint8_t) len;
  memcpy (out->octets, text, len);
}

static int64_t
pulse_input (const mw_kmeter *k, unsigned port)
{
  int64_t divisor = mw_kset (k, MW_KV_PULSE_IN_DIVISOR);
  return (int64_t) (k->reg.pulses[port] * 1000000u) / divisor + k->setup.pulse_offset[port];
}

/* Pulses of the S0 output: imported active energy × pulses per kWh. */
static int64_t
pulses_out (const mw_kmeter *k)
{
  const int64_t mws_per_kwh = INT64_C (3600000000);
  int64_t e = k->reg.acc[MW_KACC_TOTAL (MW_KQ_A14)], rate = mw_kset (k, MW_KV_PULSE_OUT);
  return e / mws_per_kwh * rate + e % mws_per_kwh * rate / mws_per_kwh;
}

/* The clock as people read it. */
static int64_t
civil_number (const mw_kmeter *k, bool time)
{
  const mw_clock *c = &k->m.st.clock;
  mw_civil t = mw_civil_from_utc (c->utc, mw_clock_deviation (&k->m), 0);
  return time ? t.hour * 10000 + t.minute * 100 + t.second
              : t.year * 10000 + t.month * 100 + t.day;
}

static enum mw_err
clock_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  mw_stamp now = mw_clock_now (&k->m);
  switch (id) {
  case MW_KV_RTC:
    out->number = now.utc;
    out->status = now.status;
    return MW_OK;
  case MW_KV_DATE:
  case MW_KV_TIME:
    out->number = civil_number (k, id == MW_KV_TIME);
    return MW_OK;
  case MW_KV_CLOCK_STATUS:
    out->number = now.status;
    return MW_OK;
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

static enum mw_err
counter_value (const mw_kmeter *k, unsigned id, int64_t *out)
{
  if (id >= MW_KV_HOURS_T1 && id < MW_KV_HOURS_T1 + MW_TARIFFS) {
    *out = (int64_t) (k->reg.tariff_seconds[id - MW_KV_HOURS_T1] / 3600);
    return MW_OK;
  }
  switch (id) {
  case MW_KV_HOURS:
    *out = (int64_t) (k->reg.seconds / 3600);
    break;
  case MW_KV_DEBITING_COUNT:
    *out = k->st.debiting_count;
    break;
  case MW_KV_THRESHOLD_COUNT:
    *out = k->st.threshold_count;
    break;
  case MW_KV_PULSES_IN1:
  case MW_KV_PULSES_IN2:
    *out = (int64_t) k->reg.pulses[id - MW_KV_PULSES_IN1];
    break;
  case MW_KV_PULSE_IN1:
  case MW_KV_PULSE_IN2:
    *out = pulse_input (k, id - MW_KV_PULSE_IN1);
    break;
  case MW_KV_PULSES_OUT:
    *out = pulses_out (k);
    break;
  case MW_KV_CONFIG_COUNT:
    *out = k->st.config_count;
    break;
  default:
    return MW_ERR_UNSUPPORTED;
  }
  return MW_OK;
}

static enum mw_err
state_value (const mw_kmeter *k, unsigned id, int64_t *out)
{
  const mw_kcontrol *c = &k->st.control;
  mw_kview view;
  switch (id) {
  case MW_KV_TARIFF:
    *out = c->tariff;
    break;
  case MW_KV_DAY_KIND:
    *out = c->day_kind;
    break;
  case MW_KV_SEASON:
    *out = c->season;
    break;
  case MW_KV_LOAD1:
  case MW_KV_LOAD2:
    *out = c->load[id - MW_KV_LOAD1];
    break;
  case MW_KV_PORT_STATE:
    *out = c->inputs;
    break;
  case MW_KV_STATUS:
    *out = k->st.status;
    break;
  case MW_KV_EVENT_STATUS:
    *out = k->st.event_status;
    break;
  case MW_KV_LOGGER_STATUS:
    *out = k->st.demand.quality;
    break;
  case MW_KV_SERIAL:
    *out = k->id.serial;
    break;
  case MW_KV_TYPE_NUMBER:
    *out = k->id.type_number;
    break;
  case MW_KV_SOFTWARE_REVISION:
    *out = k->id.software;
    break;
  case MW_KV_ROM_CHECKSUM:
    *out = k->id.rom_checksum;
    break;
  case MW_KV_DISPLAY_CALL:
    mw_kdisplay_now (k, &view);
    *out = view.id;
    break;
  default:
    return MW_ERR_UNSUPPORTED;
  }
  return MW_OK;
}

static enum mw_err
module_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  enum mw_err err = MW_ERR_UNSUPPORTED;
  for (unsigned i = 0; i < mw_n_kmodules && err == MW_ERR_UNSUPPORTED; i++)
    if (mw_kmodules[i]->value)
      err = mw_kmodules[i]->value (k, id, out);
  return err;
}

enum mw_err
mw_kmeter_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  const mw_kvalue_info *info = mw_kvalue_info_of (id);
  memset (out, 0, sizeof *out);
  if (!info)
    return MW_ERR_UNSUPPORTED;
  out->kind = info->kind;
  out->unit = info->unit;
  out->exponent = info->exponent;
  if (is_setting (id)) {
    out->number = mw_kset (k, id);
    return MW_OK;
  }
  if (is_text (id)) {
    unsigned t = id - MW_KV_FIRST_TEXT;
    put_text (out, k->setup.text[t], k->setup.text_len[t]);
    return MW_OK;
  }
  if (!mw_kenergy_value (k, id, &out->number) || !mw_kdemand_value (k, id, out)
      || !clock_value (k, id, out) || !counter_value (k, id, &out->number)
      || !state_value (k, id, &out->number) || !mw_kplan_value (k, id, out))
    return MW_OK;
  return module_value (k, id, out);
}

int64_t
mw_kmeter_number (const mw_kmeter *k, unsigned id)
{
  mw_kvalue v;
  return mw_kmeter_value (k, id, &v) ? 0 : v.number;
}

enum mw_err
mw_kmeter_set_text (mw_kmeter *k, unsigned id, const void *text, size_t len)
{
  unsigned t = id - MW_KV_FIRST_TEXT;
  if (id == MW_KV_PLAN_BLOCK)
    return mw_kplan_block (k, text, len);
  if (!is_text (id))
    return MW_ERR_UNSUPPORTED;
  if (len > longest_text[t])
    return MW_ERR_SPACE;
  memset (k->setup.text[t], 0, MW_KTEXT_MAX);
  memcpy (k->setup.text[t], text, len);
  k->setup.text_len[t] = (uint8_t) len;
  mw_kmeter_changed (k);
  return MW_OK;
}

/* Values between least and most that are nothing all the same. */
static bool
is_sensible (unsigned id, int64_t number)
{
  switch (id) {
  case MW_KV_INTEGRATION_PERIOD:
    return 60 % number == 0;
  case MW_KV_DEBITING_INTERVAL:
    return number == 0 || 12 % number == 0;
  default:
    return true;
  }
}

static bool
modules_allow (const mw_kmeter *k, unsigned id, int64_t number)
{
  bool all = true;
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->allows)
      all &= mw_kmodules[i]->allows (k, id, number);
  return all;
}

static enum mw_err
set_setting (mw_kmeter *k, unsigned id, int64_t number)
{
  unsigned i = id - MW_KV_FIRST_SETTING;
  int64_t old = k->setup.setting[i];
  if (number < ranges[i].least || number > ranges[i].most || !is_sensible (id, number)
      || !modules_allow (k, id, number))
    return MW_ERR_VALUE;
  if (k->m.started && ranges[i].flags & MW_KSET_FIXED)
    return number == old ? MW_OK : MW_ERR_REFUSED;
  if (number == old)
    return MW_OK;
  k->setup.setting[i] = number;
  if (!k->m.started)
    return MW_OK;
  if (ranges[i].flags & MW_KSET_QUIET)
    mw_store_touch (&k->m.store, MW_AREA_K_SETUP);
  else
    mw_kmeter_changed (k);
  k->m.changed = true;
  mw_kmeter_setting_changed (k, id, old);
  return MW_OK;
}

static enum mw_err
set_pulse_input (mw_kmeter *k, unsigned port, int64_t number)
{
  if (number < 0 || number > INT64_C (999999999999))
    return MW_ERR_VALUE;
  k->setup.pulse_offset[port] += number - pulse_input (k, port);
  mw_kmeter_changed (k);
  return MW_OK;
}

static enum mw_err
module_set (mw_kmeter *k, unsigned id, int64_t number)
{
  enum mw_err err = MW_ERR_UNSUPPORTED;
  for (unsigned i = 0; i < mw_n_kmodules && err == MW_ERR_UNSUPPORTED; i++)
    if (mw_kmodules[i]->set)
      err = mw_kmodules[i]->set (k, id, number);
  return err;
}

enum mw_err
mw_kmeter_set (mw_kmeter *k, unsigned id, int64_t number)
{
  if (is_setting (id))
    return set_setting (k, id, number);
  if (id >= MW_KV_A14_TRIP && id < MW_KV_A14_TRIP + MW_N_KTARIFFED) {
    if (number != 0)
      return MW_ERR_VALUE;
    mw_kenergy_reset_trip (k, (enum mw_kquantity) (id - MW_KV_A14_TRIP));
    return MW_OK;
  }
  switch (id) {
  case MW_KV_PULSE_IN1:
  case MW_KV_PULSE_IN2:
    return set_pulse_input (k, id - MW_KV_PULSE_IN1, number);
  case MW_KV_THRESHOLD_COUNT:
    if (number != 0)
      return MW_ERR_VALUE;
    k->st.threshold_count = 0;
    k->m.changed = true;
    return MW_OK;
  case MW_KV_TARIFF:
    return number < 1 || number > MW_TARIFFS ? MW_ERR_VALUE
                                             : mw_ktariff_command (k, (unsigned) number);
  case MW_KV_LOAD1:
  case MW_KV_LOAD2:
    return number < 0 || number > 1 ? MW_ERR_VALUE
                                    : mw_kload_command (k, id - MW_KV_LOAD1, number == 1);
  case MW_KV_PLAN_KIND:
  case MW_KV_PLAN_LENGTH:
  case MW_KV_PLAN_OFFSET:
  case MW_KV_PLAN_COMMIT:
    return mw_kplan_window (k, id, number);
  default:
    return mw_kvalue_info_of (id) ? module_set (k, id, number) : MW_ERR_UNSUPPORTED;
  }
}

enum mw_err
mw_kmeter_set_octets (mw_kmeter *k, unsigned id, const uint8_t *octets, size_t len)
{
  enum mw_err err = MW_ERR_UNSUPPORTED;
  if (is_text (id))
    return mw_kmeter_set_text (k, id, octets, len);
  for (unsigned i = 0; i < mw_n_kmodules && err == MW_ERR_UNSUPPORTED; i++)
    if (mw_kmodules[i]->set_octets)
      err = mw_kmodules[i]->set_octets (k, id, octets, len);
  return err;
}
