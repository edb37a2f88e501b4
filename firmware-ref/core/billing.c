/* billing.c: see billing.h. */
#include "core/meter.h"

void
mw_schedule_defaults (mw_meter *m)
{
  mw_schedule *s = m->st.schedule;
  for (unsigned i = 0; i < MW_N_SCHEDULES; i++)
    s[i].next = MW_WHEN_NEVER;
  s[MW_SCHEDULE_BILLING1].table = MW_TABLE_BILLING;
  s[MW_SCHEDULE_BILLING1].script = 1;
  s[MW_SCHEDULE_BILLING1].n = 1; /* at the start of every month (manual 6.4.1) */
  mw_when_any_midnight (&s[MW_SCHEDULE_BILLING1].time[0]);
  s[MW_SCHEDULE_BILLING1].time[0].day = 1;
  s[MW_SCHEDULE_BILLING2].table = MW_TABLE_BILLING;
  s[MW_SCHEDULE_BILLING2].script = 2;
  s[MW_SCHEDULE_DISCONNECT].table = MW_TABLE_DISCONNECT;
  s[MW_SCHEDULE_IMAGE].table = MW_TABLE_IMAGE;
  s[MW_SCHEDULE_MBUS].table = MW_TABLE_MBUS_DISCONNECT;
  for (unsigned i = 0; i < MW_N_SCHEDULES; i++)
    if (s[i].script == 0)
      s[i].script = 1;
}

/* The first execution time after LOCAL, in local seconds; *REPEATS tells of which kind it is.
 */
static int64_t
next_local (const mw_schedule *s, int64_t local, bool *repeats)
{
  int64_t next = MW_WHEN_NEVER;
  for (unsigned i = 0; i < s->n; i++) {
    int64_t at = mw_when_next (&s->time[i], local);
    if (at < next) {
      next = at;
      *repeats = mw_when_repeats (&s->time[i]);
    }
  }
  return next;
}

static void
plan (mw_meter *m, mw_schedule *s)
{
  bool repeats;
  int64_t now = m->st.clock.utc;
  int64_t local = next_local (s, mw_clock_local (m, now), &repeats);
  s->next = local == MW_WHEN_NEVER ? local : mw_clock_utc_of_local (m, local);
  if (s->next <= now) { /* in the hour that comes twice it was there already */
    local = next_local (s, local, &repeats);
    s->next = local == MW_WHEN_NEVER ? local : mw_clock_utc_of_local (m, local);
  }
}

void
mw_schedule_refresh (mw_meter *m)
{
  for (unsigned i = 0; i < MW_N_SCHEDULES; i++)
    plan (m, &m->st.schedule[i]);
}

enum mw_err
mw_schedule_set (mw_meter *m, enum mw_schedule_id id, const mw_civil *times, unsigned n)
{
  mw_schedule *s = &m->st.schedule[id];
  if (id >= MW_N_SCHEDULES || n > MW_SCHEDULE_TIMES)
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < n; i++)
    mw_when_keep (&s->time[i], &times[i]);
  s->n = (uint8_t) n;
  if (!m->started)
    return MW_OK;
  plan (m, s);
  mw_parameters_changed (m);
  return MW_OK;
}

bool
mw_script_exists (const mw_meter *m, enum mw_script_table table, uint16_t script)
{
  static const uint8_t scripts[MW_N_TABLES] = {
    [MW_TABLE_BILLING] = 2,     [MW_TABLE_LOAD] = 4,         [MW_TABLE_DISCONNECT] = 2,
    [MW_TABLE_METER_RESET] = 1, [MW_TABLE_TEST_MODE] = 1,    [MW_TABLE_NORMAL_MODE] = 1,
    [MW_TABLE_IMAGE] = 1,       [MW_TABLE_DISPLAY_TEST] = 1, [MW_TABLE_MBUS_DISCONNECT] = 8,
  };
  if (table == MW_TABLE_TARIFF) {
    for (unsigned i = 0; i < m->tariffs.scripts; i++)
      if (m->tariffs.script[i].id == script)
        return true;
    return false;
  }
  return table < MW_N_TABLES && script >= 1 && script <= scripts[table];
}

enum mw_err
mw_schedule_set_script (mw_meter *m, enum mw_schedule_id id, enum mw_script_table table,
                        uint16_t script)
{
  if (id >= MW_N_SCHEDULES || !mw_script_exists (m, table, script))
    return MW_ERR_VALUE;
  m->st.schedule[id].table = (uint8_t) table;
  m->st.schedule[id].script = script;
  mw_parameters_changed (m);
  return MW_OK;
}

/* What script 1 and 2 of the end-of-billing table do (manual 6.4); the entry is marked UTC. */
static enum mw_err
billing (mw_meter *m, uint16_t script, int64_t utc)
{
  enum mw_err err;
  if (script == 2)
    return mw_profile_capture_at (m, MW_PROFILE_BILLING2, utc, 0);
  if (script != 1)
    return MW_ERR_VALUE;
  err = mw_profile_capture_at (m, MW_PROFILE_BILLING1, utc, 0);
  mw_demand_billing (m);
  mw_counter_add (m, MW_CNT_BILLING, 1);
  mw_event (m, MW_EVENT_BILLING_RESET);
  return err;
}

static enum mw_err
disconnect (mw_meter *m, enum mw_switch_id which, uint16_t script, bool local)
{
  if (script != 1 && script != 2)
    return MW_ERR_VALUE;
  if (local)
    return mw_switch_do (m, which, script == 1 ? MW_LOCAL_DISCONNECT : MW_LOCAL_RECONNECT);
  return mw_switch_do (m, which, script == 1 ? MW_REMOTE_DISCONNECT : MW_REMOTE_RECONNECT);
}

/* Load management scripts: 1, 2 the load relay off, on; 3, 4 the service output. */
static enum mw_err
manage_load (mw_meter *m, uint16_t script)
{
  if (script < 1 || script > 4)
    return MW_ERR_VALUE;
  return disconnect (m, script <= 2 ? MW_SWITCH_LOAD : MW_SWITCH_SERVICE,
                     script <= 2 ? script : (uint16_t) (script - 2), false);
}

static enum mw_err
execute (mw_meter *m, enum mw_script_table table, uint16_t script, bool local, int64_t utc)
{
  switch (table) {
  case MW_TABLE_BILLING:
    return billing (m, script, utc);
  case MW_TABLE_TARIFF:
    return mw_tariff_execute (m, script);
  case MW_TABLE_LOAD:
    return manage_load (m, script);
  case MW_TABLE_DISCONNECT:
    return disconnect (m, MW_SWITCH_MAIN, script, local);
  case MW_TABLE_METER_RESET:
    if (script != 1)
      return MW_ERR_VALUE;
    if (!mw_meter_cover_is_open (m, MW_COVER_METER))
      return MW_ERR_REFUSED; /* parameters are locked (manual 6.13.1.2) */
    mw_meter_reset (m);
    return MW_OK;
  case MW_TABLE_TEST_MODE:
  case MW_TABLE_NORMAL_MODE:
    if (script != 1)
      return MW_ERR_VALUE;
    m->st.test_mode = table == MW_TABLE_TEST_MODE;
    m->changed = true;
    return MW_OK;
  case MW_TABLE_DISPLAY_TEST:
    if (script != 1)
      return MW_ERR_VALUE;
    m->display =
        (mw_display){ .mode = MW_SHOW_TEST, .since = m->uptime, .key_time = m->uptime };
    return MW_OK;
  default:
    return m->user.script ? m->user.script (m->user.ctx, table, script) : MW_ERR_VALUE;
  }
}

enum mw_err
mw_script_execute (mw_meter *m, enum mw_script_table table, uint16_t script, bool local)
{
  return execute (m, table, script, local, m->st.clock.utc);
}

/* A schedule acts like a client at the appointed time: transitions are remote ones. */
void
mw_schedule_due (mw_meter *m)
{
  for (unsigned i = 0; i < MW_N_SCHEDULES; i++) {
    mw_schedule *s = &m->st.schedule[i];
    if (m->st.clock.utc < s->next)
      continue;
    s->next = MW_WHEN_NEVER;
    execute (m, s->table, s->script, false, m->st.clock.utc);
    plan (m, s);
  }
}

/* Does any periodic time of S lie in (FROM, TO], local seconds? */
static bool
has_periodic (const mw_schedule *s, int64_t from, int64_t to)
{
  for (unsigned i = 0; i < s->n; i++)
    if (mw_when_repeats (&s->time[i]) && mw_when_next (&s->time[i], from) <= to)
      return true;
  return false;
}

/* The time was set from OLD_UTC over execution times: one execution, marked with the first time
 * after the old one; backward for periodic times alone (manual 6.4). */
void
mw_schedule_time_changed (mw_meter *m, int64_t old_utc)
{
  int64_t now = m->st.clock.utc;
  for (unsigned i = 0; i < MW_N_SCHEDULES; i++) {
    mw_schedule *s = &m->st.schedule[i];
    int64_t first = s->next;
    bool missed =
        now >= first
        || (now < old_utc && first != MW_WHEN_NEVER
            && has_periodic (s, mw_clock_local (m, now), mw_clock_local (m, old_utc)));
    if (missed && now != old_utc)
      execute (m, s->table, s->script, false, first);
    plan (m, s);
  }
}
