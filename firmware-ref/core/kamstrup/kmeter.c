/* kmeter.c: life of the Kamstrup meter: what it is made of, and where mw_meter calls it. */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define IDLE_PERIOD_S 3600

static mw_kmeter *
of (mw_meter *m)
{
  return (mw_kmeter *) (void *) m; /* it is its first member */
}

static const mw_kmeter *
of_const (const mw_meter *m)
{
  return (const mw_kmeter *) (const void *) m;
}

static enum mw_err
on_layout (mw_meter *m)
{
  return mw_klog_layout (of (m));
}

static enum mw_err
on_repair (mw_meter *m)
{
  return mw_klog_repair (of (m));
}

static void
on_power (mw_meter *m)
{
  mw_kmeter *k = of (m);
  mw_kenergy_refresh (k);
  if (!m->started)
    return;
  mw_kdemand_load (k);
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->load)
      mw_kmodules[i]->load (k);
}

static void
on_power_up (mw_meter *m, int64_t dark_s)
{
  mw_kmeter *k = of (m);
  mw_power_refresh (m); /* now the settings that were stored are there */
  mw_kloggers_power_up (k, dark_s);
  mw_kmeter_status (k, MW_KSTATUS_CLOCK, m->st.clock.invalid);
  if (dark_s >= 0) {
    k->st.event_status |= MW_KSTATUS_OUTAGE;
    if (m->store.err || m->st.events.error_present[0] & MW_ERROR_NVM)
      mw_kmeter_status (k, MW_KSTATUS_EEPROM, true);
  }
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->power_up)
      mw_kmodules[i]->power_up (k, dark_s);
  mw_ktariff_power_up (k);
  k->display = (mw_kdisplay){ 0 };
}

static void
on_power_down (mw_meter *m)
{
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->power_down)
      mw_kmodules[i]->power_down (of (m));
}

static int64_t
on_next (const mw_meter *m)
{
  const mw_kmeter *k = of_const (m);
  int64_t next = mw_kloggers_next (k);
  if (k->st.control.next < next)
    next = k->st.control.next;
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->next) {
      int64_t other = mw_kmodules[i]->next (k);
      next = other < next ? other : next;
    }
  return next;
}

static uint32_t
on_horizon (const mw_meter *m)
{
  uint32_t n = UINT32_MAX;
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->horizon) {
      uint32_t other = mw_kmodules[i]->horizon (of_const (m));
      n = other < n ? other : n;
    }
  return n;
}

static void
on_energy (mw_meter *m, uint32_t seconds)
{
  mw_kenergy_advance (of (m), seconds);
}

static void
on_advance (mw_meter *m, uint32_t seconds)
{
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->advance)
      mw_kmodules[i]->advance (of (m), seconds);
}

static void
on_due (mw_meter *m)
{
  mw_kmeter *k = of (m);
  mw_kloggers_due (k);
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->due)
      mw_kmodules[i]->due (k);
  mw_ktariff_due (k);
}

static void
on_time_changed (mw_meter *m, int64_t old_utc)
{
  mw_kmeter *k = of (m);
  mw_kmeter_status (k, MW_KSTATUS_CLOCK, m->st.clock.invalid);
  mw_kloggers_time_changed (k, old_utc);
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->time_changed)
      mw_kmodules[i]->time_changed (k, old_utc);
  mw_ktariff_refresh (k);
}

static void
on_sensors (mw_meter *m)
{
  mw_kmeter *k = of (m);
  mw_kmeter_status (k, MW_KSTATUS_TAMPER, m->st.cover_open[0] || m->st.cover_open[1]);
  mw_kmeter_status (k, MW_KSTATUS_MAGNET, m->st.magnet);
}

static void
on_transient (mw_meter *m, uint32_t mv, uint32_t ms)
{
  mw_kmeter_transient (of (m), mv, ms);
}

static void
on_commit (mw_meter *m)
{
  m->store.dirty &= ~(1u << MW_AREA_REGISTERS); /* idle: nobody asks for them */
  mw_store_touch (&m->store, MW_AREA_K_REGISTERS);
  mw_store_touch (&m->store, MW_AREA_K_STATE);
  mw_store_touch (&m->store, MW_AREA_K_QUALITY);
}

static void
on_dst_rules (mw_meter *m)
{
  mw_kplan_dst_rules (of (m));
}

static const mw_extension extension = {
  .supply_min_mv = MW_KSUPPLY_MIN_MV,
  .layout = on_layout,
  .repair = on_repair,
  .power_up = on_power_up,
  .power_down = on_power_down,
  .power = on_power,
  .next = on_next,
  .horizon = on_horizon,
  .energy = on_energy,
  .advance = on_advance,
  .due = on_due,
  .time_changed = on_time_changed,
  .dst_rules = on_dst_rules,
  .sensors = on_sensors,
  .transient = on_transient,
  .commit = on_commit,
};

/* What mw_meter does for itself is not needed here: it idles, and every setting of the clock
 * comes to us. */
static void
quieten (mw_meter *m)
{
  for (unsigned p = 0; p < MW_N_PROFILES; p++) {
    m->profile[p].period_s = 0;
    m->profile[p].n = 1;
  }
  m->setting[MW_SET_TIME_SET_LIMIT] = 0;
  m->setting[MW_SET_MEASUREMENT_PERIOD1] = IDLE_PERIOD_S;
  m->setting[MW_SET_MEASUREMENT_PERIOD3] = IDLE_PERIOD_S;
  m->setting[MW_SET_STARTUP_MA] = 0;
}

static void
attach (mw_kmeter *k)
{
  mw_store *s = &k->m.store;
  mw_store_attach (s, MW_AREA_K_REGISTERS, &k->reg, sizeof k->reg);
  mw_store_attach (s, MW_AREA_K_STATE, &k->st, sizeof k->st);
  mw_store_attach (s, MW_AREA_K_SETUP, &k->setup, sizeof k->setup);
  mw_store_attach (s, MW_AREA_K_PLANS, &k->plan, sizeof k->plan);
  mw_store_attach (s, MW_AREA_K_QUALITY, &k->qual, sizeof k->qual);
  mw_store_attach (s, MW_AREA_K_QUALITY_SETUP, &k->qual_setup, sizeof k->qual_setup);
}

void
mw_kmeter_init (mw_kmeter *k, const mw_kmeter_config *config)
{
  mw_meter_config base = { config->nvm, config->model->phases, config->serial };
  memset (k, 0, sizeof *k);
  mw_meter_init (&k->m, &base);
  quieten (&k->m);
  k->model = config->model;
  k->id = *config;
  attach (k);
  mw_ksettings_defaults (k);
  mw_kdemand_defaults (k);
  mw_ktariff_defaults (k);
  mw_kdisplay_defaults (k);
  k->st.debiting_next = MW_WHEN_NEVER;
  for (unsigned log = MW_KLOG_FIRST_MOVABLE; log < MW_N_KLOGS; log++) {
    const mw_klog_table *t = &k->model->log[log];
    mw_klog_columns *c = &k->setup.log[log - MW_KLOG_FIRST_MOVABLE];
    unsigned n = t->columns < MW_KLOG_COLUMNS_MOVABLE ? t->columns : MW_KLOG_COLUMNS_MOVABLE;
    for (unsigned i = 0; i < n; i++)
      c->column[i] = t->column[i];
    c->n = (uint8_t) n;
    c->entries = t->entries;
  }
  k->m.extension = &extension;
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->defaults)
      mw_kmodules[i]->defaults (k);
}

/* Of a meter behind transformers that logs what it measures itself, A14 is A14_S (4.4.2). */
static void
choose_side (mw_kmeter *k)
{
  static const uint16_t sides[][2] = {
    { MW_KV_A14, MW_KV_A14_S }, { MW_KV_A23, MW_KV_A23_S }, { MW_KV_R12, MW_KV_R12_S },
    { MW_KV_R34, MW_KV_R34_S }, { MW_KV_R1, MW_KV_R1_S },   { MW_KV_R4, MW_KV_R4_S },
  };
  mw_klog_columns *c = &k->setup.log[MW_KLOG_LOAD_PROFILE - MW_KLOG_FIRST_MOVABLE];
  if (!k->model->ct || mw_kset (k, MW_KV_PROFILE_PRIMARY))
    return;
  for (unsigned i = 0; i < c->n; i++)
    for (unsigned s = 0; s < sizeof sides / sizeof *sides; s++)
      if (c->column[i] == sides[s][0])
        c->column[i] = sides[s][1];
}

enum mw_err
mw_kmeter_start (mw_kmeter *k, int64_t utc)
{
  choose_side (k);
  return mw_meter_start (&k->m, utc);
}

void
mw_kmeter_stop (mw_kmeter *k)
{
  mw_meter_stop (&k->m);
}

void
mw_kmeter_power (mw_kmeter *k, bool on)
{
  mw_meter_power (&k->m, on);
}

void
mw_kmeter_load (mw_kmeter *k, const mw_load *load)
{
  mw_meter_load (&k->m, load);
}

void
mw_kmeter_run (mw_kmeter *k, uint32_t seconds)
{
  mw_meter_run (&k->m, seconds);
}

void
mw_kmeter_set_clock (mw_kmeter *k, int64_t utc)
{
  mw_clock_set (&k->m, utc);
}

int64_t
mw_kmeter_normal (const mw_kmeter *k, int64_t utc)
{
  return utc + (int64_t) k->m.st.clock.zone_min * 60;
}

void
mw_kmeter_changed (mw_kmeter *k)
{
  mw_store_touch (&k->m.store, MW_AREA_K_SETUP);
  if (!k->m.started)
    return;
  k->st.config_count++;
  k->m.changed = true;
}

void
mw_kmeter_setting_changed (mw_kmeter *k, unsigned id, int64_t old)
{
  mw_kloggers_setting_changed (k, id, old);
  if (id == MW_KV_TARIFF_SOURCE || id == MW_KV_TARIFF_INVERTED || id == MW_KV_TARIFF_PLAN
      || id == MW_KV_PORT1_FUNCTION || id == MW_KV_PORT2_FUNCTION)
    mw_ktariff_refresh (k);
  if (id == MW_KV_DST_MODE)
    mw_kplan_dst_changed (k);
  if (id == MW_KV_POWER_THRESHOLD)
    mw_kdemand_load (k);
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->setting_changed)
      mw_kmodules[i]->setting_changed (k, id, old);
}

/* Those whose rise is an entry in the status log (4.2.4). */
#define LOGGED                                                                                 \
  (MW_KSTATUS_EEPROM | MW_KSTATUS_ROM | MW_KSTATUS_TAMPER | MW_KSTATUS_MAGNET                  \
   | MW_KSTATUS_RESET)

void
mw_kmeter_status (mw_kmeter *k, uint32_t bits, bool on)
{
  uint32_t rose = on ? bits & ~k->st.status : 0;
  mw_kfixed event = { MW_KV_EVENT, 0, rose & LOGGED };
  if (on)
    k->st.status |= bits;
  else
    k->st.status &= ~bits;
  k->st.event_status |= rose;
  if (rose & LOGGED && k->m.started)
    mw_klog_append (k, MW_KLOG_STATUS, mw_clock_now (&k->m), &event, 1);
}

void
mw_kmeter_clear_events (mw_kmeter *k, uint32_t mask)
{
  k->st.event_status &= ~mask;
  k->m.changed = true;
}

void
mw_kmeter_breaker (mw_kmeter *k, bool closed)
{
  mw_switch *sw = &k->m.st.disconnect.sw[MW_SWITCH_MAIN];
  if (sw->output == closed)
    return;
  sw->output = closed;
  sw->state = closed ? MW_CONNECTED : MW_DISCONNECTED;
  k->m.changed = true;
  mw_power_refresh (&k->m);
}

void
mw_kmeter_reset (mw_kmeter *k, bool backup)
{
  if (!backup) {
    k->reg = (mw_kregisters){ 0 };
    for (unsigned log = 0; log < MW_N_KLOGS; log++)
      if (log != MW_KLOG_AUDIT)
        mw_klog_clear (k, (enum mw_klog) log);
    mw_kdemand_defaults (k);
    mw_kdemand_restart (k, MW_KPS_INCOMPLETE);
    k->st.debiting_count = k->st.threshold_count = 0;
    mw_kdemand_load (k);
    for (unsigned i = 0; i < mw_n_kmodules; i++)
      if (mw_kmodules[i]->reset)
        mw_kmodules[i]->reset (k);
  }
  mw_kmeter_status (k, MW_KSTATUS_RESET, true);
  mw_kmeter_status (k, MW_KSTATUS_RESET, false);
  k->m.changed = true;
}
