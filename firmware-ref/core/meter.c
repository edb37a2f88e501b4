/* meter.c: life of the meter: start, power, the passing of time, saving. */
#include "core/meter.h"

#include <string.h>

#define COMMIT_S 3600 /* state is saved at least so often */

static void
attach_areas (mw_meter *m)
{
  mw_store *s = &m->store;
  mw_store_attach (s, MW_AREA_SETTINGS, m->setting, sizeof m->setting);
  /* The one-second ring is worth nothing after a pause. */
  mw_store_attach (s, MW_AREA_REGISTERS, &m->reg, offsetof (mw_registers, fuse));
  mw_store_attach (s, MW_AREA_STATE, &m->st, sizeof m->st);
  mw_store_attach (s, MW_AREA_PROFILES, m->profile, sizeof m->profile);
  mw_store_attach (s, MW_AREA_LIMITS, &m->limits, sizeof m->limits);
  mw_store_attach (s, MW_AREA_CALENDAR, &m->calendar, sizeof m->calendar);
  mw_store_attach (s, MW_AREA_PASSIVE, &m->passive, sizeof m->passive);
  mw_store_attach (s, MW_AREA_DAYS, &m->days, sizeof m->days);
  mw_store_attach (s, MW_AREA_TARIFFS, &m->tariffs, sizeof m->tariffs);
  mw_store_attach (s, MW_AREA_LISTS, m->list, sizeof m->list);
}

void
mw_meter_init (mw_meter *m, const mw_meter_config *config)
{
  memset (m, 0, sizeof *m);
  m->phases = config->phases == 1 ? 1 : MW_PHASES;
  mw_store_init (&m->store, config->nvm);
  attach_areas (m);
  m->load.frequency_mhz = 50000;
  for (unsigned ph = 0; ph < m->phases; ph++)
    m->load.voltage_mv[ph] = 230000;
  m->st.config_stamp = (mw_stamp){ 0, MW_CLOCK_STATUS_ANY };
  mw_settings_defaults (m);
  mw_clock_defaults (m);
  mw_demand_defaults (m);
  mw_profile_defaults (m);
  mw_schedule_defaults (m);
  mw_calendar_defaults (m);
  mw_quality_defaults (m);
  mw_disconnect_defaults (m);
  mw_display_defaults (m);
  m->st.disconnect.random = config->random ? config->random : 1;
  mw_supervise_defaults (m);
}

enum mw_err
mw_meter_layout (mw_meter *m)
{
  uint32_t offset;
  enum mw_err err = mw_profile_layout_all (m);
  offset = m->logs_offset;
  if (!err)
    err = mw_log_layout (m, &offset);
  if (!err && m->extension && m->extension->layout)
    err = m->extension->layout (m);
  return err;
}

static uint32_t
scratch_of (const mw_meter *m)
{
  return 2 * m->store.half_size;
}

enum mw_err
mw_meter_repair_ring (mw_meter *m, const mw_ring *r, const mw_ring_head *h)
{
  mw_nvm *nvm = m->store.nvm;
  enum mw_err err = MW_OK;
  if (!mw_ring_is_torn (r, h, nvm))
    return MW_OK;
  m->st.repair = mw_ring_save_page (r, h, nvm, scratch_of (m), &err);
  if (!err)
    err = mw_meter_commit (m);
  if (!err)
    err = mw_ring_restore_page (&m->st.repair, nvm, scratch_of (m));
  m->st.repair.page = 0;
  return err ? err : mw_meter_commit (m);
}

static enum mw_err
repair_rings (mw_meter *m)
{
  enum mw_err err = MW_OK;
  if (m->st.repair.page) {
    err = mw_ring_restore_page (&m->st.repair, m->store.nvm, scratch_of (m));
    m->st.repair.page = 0;
    if (!err)
      err = mw_meter_commit (m);
  }
  for (unsigned p = 0; p < MW_N_PROFILES && !err; p++)
    err = mw_meter_repair_ring (m, &m->profile_ring[p], &m->st.profile[p].head);
  for (unsigned l = 0; l < MW_N_LOGS && !err; l++)
    err = mw_meter_repair_ring (m, &m->log_ring[l], &m->st.events.head[l]);
  if (!err && m->extension && m->extension->repair)
    err = m->extension->repair (m);
  return err;
}

/* Metering goes on without memory; the display shows FF (manual 6.7.4.2). */
static void
memory_failed (mw_meter *m)
{
  mw_error_set (m, MW_ERROR_NVM, true);
  mw_alarm_set (m, 0, MW_ALARM1_NVM, true);
}

enum mw_err
mw_meter_commit (mw_meter *m)
{
  enum mw_err err;
  m->changed = false;
  m->st.saved_utc = m->st.clock.utc;
  mw_store_touch (&m->store, MW_AREA_REGISTERS);
  mw_store_touch (&m->store, MW_AREA_STATE);
  if (m->extension && m->extension->commit)
    m->extension->commit (m);
  err = mw_store_commit (&m->store);
  if (err && !(m->st.events.error_present[0] & MW_ERROR_NVM))
    memory_failed (m);
  return err;
}

/* After the time was set, or rules that hang on it were changed. */
void
mw_meter_time_changed (mw_meter *m, int64_t old_utc)
{
  if (!m->started) /* a default of the model: no time has passed that it could move */
    return;
  mw_demand_time_changed (m, old_utc);
  mw_profile_time_changed (m, old_utc);
  mw_schedule_time_changed (m, old_utc);
  mw_quality_restart (m);
  mw_calendar_refresh (m, old_utc != m->st.clock.utc);
  if (m->extension && m->extension->time_changed)
    m->extension->time_changed (m, old_utc);
}

/* A life begins: nothing was stored. */
static void
first_start (mw_meter *m)
{
  mw_clock_refresh (m);
  mw_demand_restart (m, MW_PS_DNV);
  for (unsigned p = 0; p < MW_N_PROFILES; p++)
    m->st.profile[p].next = MW_WHEN_NEVER; /* of defaults set at no particular time */
  mw_profile_time_changed (m, m->st.clock.utc);
  mw_schedule_refresh (m);
  mw_quality_restart (m);
  mw_quality_integrate (m);
  mw_calendar_refresh (m, true);
}

/* Did the clock live through DARK_S seconds without power? */
static void
check_clock (mw_meter *m, int64_t dark_s)
{
  mw_clock *c = &m->st.clock;
  bool battery = m->setting[MW_SET_RTC_BACKUP_TYPE] == 3;
  if (!battery)
    c->backup_left -= dark_s * MW_BACKUP_UNIT;
  if (c->backup_left < 0 && !battery) {
    c->backup_left = 0;
    c->invalid = true;
  }
  if (!c->invalid)
    return;
  mw_event (m, MW_EVENT_CLOCK_INVALID);
  mw_error_set (m, MW_ERROR_CLOCK_INVALID, true);
  mw_alarm_set (m, 0, MW_ALARM1_CLOCK_INVALID, true);
}

static void
power_up (mw_meter *m, int64_t dark_s)
{
  m->powered = true;
  m->uptime = 0;
  memset (m->st.events.last_code, 0, sizeof m->st.events.last_code); /* manual 6.5.1 */
  m->reg.fuse.steady = 0;
  memset (m->reg.fuse.ring, 0, sizeof m->reg.fuse.ring);
  memset (m->reg.fuse.sum, 0, sizeof m->reg.fuse.sum);
  m->reg.fuse.at = 0;
  mw_clock_refresh (m);
  mw_disconnect_power_up (m);
  mw_power_refresh (m);
  if (dark_s >= 0) {
    mw_event (m, MW_EVENT_POWER_UP);
    check_clock (m, dark_s);
    mw_demand_mark (m, MW_PS_PDN);
    mw_demand_due (m);
    mw_profile_powered (m);
    mw_quality_power_up (m, dark_s);
    mw_schedule_due (m);
    mw_calendar_refresh (m, false);
  }
  mw_quality_load (m);
  mw_display_defaults (m);
  if (m->extension && m->extension->power_up)
    m->extension->power_up (m, dark_s);
  if (dark_s >= 0)
    m->display.mode = MW_SHOW_STARTUP;
  mw_meter_commit (m);
}

static void
power_down (mw_meter *m)
{
  m->st.down_utc = m->st.clock.utc;
  m->st.down_s = m->st.total_s;
  mw_event (m, MW_EVENT_POWER_DOWN);
  mw_quality_power_down (m);
  if (m->extension && m->extension->power_down)
    m->extension->power_down (m);
  m->powered = false;
  mw_power_refresh (m);
  mw_meter_commit (m);
}

enum mw_err
mw_meter_start (mw_meter *m, int64_t utc)
{
  int64_t last;
  enum mw_err err = mw_store_mount (&m->store);
  if (!err)
    err = mw_meter_layout (m);
  if (err)
    return err == MW_ERR_SPACE ? MW_ERR_STORAGE : err;
  if (m->store.fresh) {
    m->st.clock.utc = utc;
    m->started = true;
    mw_activation_apply (m);
    first_start (m);
    if (m->store.damaged) {
      mw_event (m, MW_EVENT_NVM_ERROR);
      memory_failed (m);
    }
    power_up (m, -1);
    return m->store.err;
  }
  err = repair_rings (m);
  if (err)
    return err;
  last = m->st.down_utc ? m->st.down_utc : m->st.saved_utc;
  m->started = true;
  if (!m->st.down_utc) /* cut off without warning: what was saved last is where it stood */
    mw_event_at (m, MW_EVENT_POWER_DOWN, mw_clock_now (m));
  m->st.clock.utc = utc > last ? utc : last; /* a clock that lost its time goes on from there */
  m->st.clock.invalid |= utc < last;
  m->st.total_s += (uint64_t) (m->st.clock.utc - last);
  m->st.down_utc = 0;
  mw_activation_apply (m);
  power_up (m, m->st.clock.utc - last);
  return m->store.err;
}

void
mw_meter_stop (mw_meter *m)
{
  if (m->powered)
    power_down (m);
  else
    mw_meter_commit (m);
}

/* The meter lives when it is supplied and at least one phase has voltage. */
static bool
has_supply (const mw_meter *m)
{
  uint32_t least = m->setting[MW_SET_NOMINAL_VOLTAGE] * MW_SUPPLY_MIN_PERMILLE;
  if (m->extension && m->extension->supply_min_mv)
    least = m->extension->supply_min_mv;
  for (unsigned ph = 0; ph < m->phases; ph++)
    if (m->load.voltage_mv[ph] >= least)
      return true;
  return false;
}

static void
follow_supply (mw_meter *m)
{
  bool on = !m->unplugged && has_supply (m);
  if (on == m->powered || !m->started)
    return;
  if (!on) {
    power_down (m);
    return;
  }
  m->st.down_utc = 0;
  power_up (m, (int64_t) (m->st.total_s - m->st.down_s));
}

void
mw_meter_power (mw_meter *m, bool on)
{
  m->unplugged = !on;
  follow_supply (m);
}

static bool
same_load (const mw_load *a, const mw_load *b)
{
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    if (a->voltage_mv[ph] != b->voltage_mv[ph] || a->current_ma[ph] != b->current_ma[ph]
        || a->phi_ddeg[ph] != b->phi_ddeg[ph] || a->thdu_cpct[ph] != b->thdu_cpct[ph]
        || a->thdi_cpct[ph] != b->thdi_cpct[ph])
      return false;
  return a->frequency_mhz == b->frequency_mhz && a->reversed == b->reversed
         && a->bypass == b->bypass;
}

void
mw_meter_load (mw_meter *m, const mw_load *load)
{
  if (same_load (&m->load, load))
    return;
  m->load = *load;
  follow_supply (m);
  mw_power_refresh (m);
  if (m->powered)
    mw_quality_load (m);
}

static int64_t
sooner (int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* The next instant at which something is due by the clock. */
static int64_t
next_due (const mw_meter *m)
{
  const mw_state *s = &m->st;
  int64_t next = sooner (s->clock.dst_next, sooner (m->reg.demand.next, m->reg.demand.next3));
  next = sooner (next, sooner (s->quality.next, s->quality.next_peak));
  next = sooner (next, sooner (s->quality.next_day, s->saved_utc + COMMIT_S));
  next = sooner (next, sooner (s->calendar.next, s->calendar.activation_next));
  if (m->user.due)
    next = sooner (next, m->user.next);
  for (unsigned p = 0; p < MW_N_PERIODIC; p++)
    next = sooner (next, s->profile[p].next);
  for (unsigned i = 0; i < MW_N_SCHEDULES; i++)
    next = sooner (next, s->schedule[i].next);
  if (m->extension && m->extension->next)
    next = sooner (next, m->extension->next (m));
  return next;
}

/* For how many seconds nothing but linear growth happens; at least 1. */
static uint32_t
horizon (const mw_meter *m, uint32_t seconds)
{
  int64_t due = next_due (m) - m->st.clock.utc;
  uint32_t n = seconds;
  if (due < n)
    n = due > 0 ? (uint32_t) due : 1;
  if (n > 1) {
    uint32_t timers = mw_quality_horizon (m);
    uint32_t other = mw_disconnect_horizon (m);
    uint32_t limits = mw_limits_horizon (m);
    timers = timers < other ? timers : other;
    timers = timers < limits ? timers : limits;
    other = mw_supervise_horizon (m);
    timers = timers < other ? timers : other;
    other = mw_clock_horizon (m);
    timers = timers < other ? timers : other;
    if (m->setting[MW_SET_RTC_BACKUP_TYPE] == 3 && m->st.counter[MW_CNT_BATTERY_LEFT])
      n = n < m->st.counter[MW_CNT_BATTERY_LEFT] ? n : m->st.counter[MW_CNT_BATTERY_LEFT];
    n = n < timers ? n : timers;
    if (m->extension && m->extension->horizon) {
      other = m->extension->horizon (m);
      n = n < other ? n : other;
    }
  }
  return n ? n : 1;
}

/* What the clock has reached, in the order in which it builds on one another: averages, then
 * what captures them, then the billing that resets them, then the tariff of the next period. */
static void
do_due (mw_meter *m)
{
  if (m->st.clock.utc >= m->st.clock.dst_next)
    mw_clock_dst_change (m);
  mw_demand_due (m);
  mw_quality_due (m);
  mw_profile_due (m);
  mw_schedule_due (m);
  mw_calendar_due (m);
  if (m->extension && m->extension->due)
    m->extension->due (m);
  if (m->user.due && m->st.clock.utc >= m->user.next)
    m->user.due (m->user.ctx);
  if (m->st.clock.utc >= m->st.saved_utc + COMMIT_S)
    m->changed = true;
}

/* Charge of the clock's reserve: full after 24 h (7 days' worth) or 168 h (20 days' worth);
 * counted in MW_BACKUP_UNIT a second (manual 5.3). */
static void
charge (mw_meter *m, uint32_t n)
{
  static const struct {
    int32_t rate, days;
  } types[] = { { 49, 7 }, { 20, 20 }, { 0, 0 } };
  unsigned type = m->setting[MW_SET_RTC_BACKUP_TYPE] - 1;
  uint32_t hours = m->setting[MW_SET_RTC_BACKUP_HOURS]; /* 0: what the type has */
  int64_t full =
      (hours ? (int64_t) hours * 3600 : (int64_t) types[type].days * 86400) * MW_BACKUP_UNIT;
  int64_t left = m->st.clock.backup_left + (int64_t) types[type].rate * n;
  m->st.clock.backup_left = left < full ? left : full;
}

/* A battery ages with and without power (manual 5.3.7, 5.3.8). */
static void
age_battery (mw_meter *m, uint32_t n)
{
  uint32_t *left = &m->st.counter[MW_CNT_BATTERY_LEFT];
  if (m->setting[MW_SET_RTC_BACKUP_TYPE] != 3)
    return;
  m->st.counter[MW_CNT_BATTERY_USE] += n;
  *left = *left > n ? *left - n : 0;
  if (*left == 0 && m->powered)
    mw_battery_spent (m);
}

static void
live (mw_meter *m, uint32_t n)
{
  uint32_t clock_s = mw_clock_seconds (m, n);
  mw_energy_advance (m, n);
  mw_fuse_advance (m, n);
  if (m->extension && m->extension->energy)
    m->extension->energy (m, n);
  mw_pulse_advance (m, n, clock_s);
  m->st.clock.utc += clock_s;
  m->st.total_s += n;
  m->uptime += n;
  charge (m, n);
  age_battery (m, n);
  mw_quality_advance (m, n);
  mw_disconnect_advance (m, n);
  mw_limits_advance (m, n);
  if (m->extension && m->extension->advance)
    m->extension->advance (m, n);
  mw_supervise_advance (m, n);
  if (m->st.clock.utc >= next_due (m))
    do_due (m);
}

void
mw_meter_run (mw_meter *m, uint32_t seconds)
{
  if (m->changed)
    mw_meter_commit (m);
  while (seconds && m->powered) {
    uint32_t n = horizon (m, seconds);
    live (m, n);
    if (m->changed)
      mw_meter_commit (m);
    seconds -= n;
  }
  if (seconds) { /* dark: the clock alone goes on */
    m->st.clock.utc += mw_clock_seconds (m, seconds);
    m->st.total_s += seconds;
    age_battery (m, seconds);
  }
}

void
mw_meter_reset (mw_meter *m)
{
  mw_energy_reset_all (m);
  mw_demand_billing (m);
  for (unsigned p = 0; p < MW_N_PROFILES; p++)
    mw_ring_clear (&m->st.profile[p].head);
  for (unsigned l = 0; l < MW_N_LOGS; l++)
    if (l != MW_LOG_CERTIFICATION)
      mw_log_reset (m, l);
  memset (m->st.counter, 0, sizeof (uint32_t) * MW_CNT_BATTERY_USE);
  mw_event (m, MW_EVENT_PROFILE_CLEARED);
  m->changed = true;
}
