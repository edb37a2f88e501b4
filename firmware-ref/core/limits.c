/* limits.c: limiters (class 71) and supervision monitors (class 21) (manual 6.10).
 *
 * Both compare a value with a threshold each second.  A value that is constant while the load
 * is needs to be looked at only when a timer runs out; for others the meter steps by seconds.
 */
#include "core/meter.h"

/* Does value ID stay the same until the next boundary while the load is constant? */
static bool
is_steady (const mw_meter *m, uint16_t id)
{
  unsigned n = id & 0xff;
  switch (id >> 8) {
  case 2:
    return n / 16 == 1; /* last averages */
  case 3:
  case 7:
    return true;
  case 5:
    return n < 0x68 || (n >= 0x70 && m->reg.fuse.steady >= m->reg.fuse.periods);
  default:
    return false;
  }
}

static bool
is_over (const mw_meter *m, uint16_t id, int64_t threshold)
{
  return mw_meter_number (m, id) > threshold;
}

static bool
in_group (const mw_limiter *l)
{
  for (unsigned i = 0; i < l->groups; i++)
    if (l->group[i] == l->emergency_id)
      return true;
  return false;
}

/* The emergency profile's time, UTC; false when there is none. */
static bool
emergency_span (const mw_meter *m, const mw_limiter *l, int64_t *from, int64_t *to)
{
  int64_t local;
  if (!in_group (l) || l->emergency_duration_s == 0
      || mw_civil_to_local_seconds (&l->emergency_start, &local))
    return false;
  *from = mw_clock_utc_of_local (m, local);
  *to = *from + l->emergency_duration_s;
  return true;
}

static void
follow_emergency (mw_meter *m, unsigned i)
{
  mw_limiter_state *s = &m->st.disconnect.limiter[i];
  int64_t from, to, now = m->st.clock.utc;
  bool active =
      emergency_span (m, &m->limits.limiter[i], &from, &to) && now >= from && now < to;
  if (active == s->emergency)
    return;
  s->emergency = active;
  s->timer = 0;
  m->changed = true;
}

const mw_limiter *
mw_limiter_of (const mw_meter *m, unsigned i)
{
  return i < MW_LIMITERS ? &m->limits.limiter[i] : NULL;
}

const mw_limiter_state *
mw_limiter_state_of (const mw_meter *m, unsigned i)
{
  return i < MW_LIMITERS ? &m->st.disconnect.limiter[i] : NULL;
}

int64_t
mw_limiter_threshold_active (const mw_meter *m, unsigned i)
{
  const mw_limiter *l = &m->limits.limiter[i];
  return m->st.disconnect.limiter[i].emergency ? l->threshold_emergency : l->threshold_normal;
}

enum mw_err
mw_limiter_set (mw_meter *m, unsigned i, const mw_limiter *l)
{
  mw_value_info info;
  bool threshold;
  if (i >= MW_LIMITERS || l->groups > MW_GROUPS_MAX
      || (l->monitored != MW_V_NONE && mw_value_info_of (m, l->monitored, &info)))
    return MW_ERR_VALUE;
  threshold = l->threshold_normal != m->limits.limiter[i].threshold_normal
              || l->threshold_emergency != m->limits.limiter[i].threshold_emergency;
  m->limits.limiter[i] = *l;
  mw_store_touch (&m->store, MW_AREA_LIMITS);
  if (!m->started)
    return MW_OK;
  if (threshold)
    mw_event (m, MW_EVENT_LIMITER_CHANGED);
  mw_parameters_changed (m);
  m->st.disconnect.limiter[i].timer = 0;
  follow_emergency (m, i);
  return MW_OK;
}

const mw_monitor *
mw_monitor_of (const mw_meter *m, unsigned i)
{
  return i < MW_MONITORS ? &m->limits.monitor[i] : NULL;
}

enum mw_err
mw_monitor_set (mw_meter *m, unsigned i, const mw_monitor *mon)
{
  mw_value_info info;
  if (i >= MW_MONITORS
      || (mon->monitored != MW_V_NONE && mw_value_info_of (m, mon->monitored, &info)))
    return MW_ERR_VALUE;
  m->limits.monitor[i] = *mon;
  mw_store_touch (&m->store, MW_AREA_LIMITS);
  m->st.disconnect.monitor[i] = (mw_monitor_state){ 0 };
  mw_parameters_changed (m);
  return MW_OK;
}

static uint32_t
sooner (uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

static uint32_t
limiter_horizon (const mw_meter *m, unsigned i)
{
  const mw_limiter *l = &m->limits.limiter[i];
  const mw_limiter_state *s = &m->st.disconnect.limiter[i];
  int64_t from, to, now = m->st.clock.utc;
  uint32_t n = UINT32_MAX, least;
  bool over;
  if (l->monitored == MW_V_NONE)
    return n;
  if (!is_steady (m, l->monitored))
    return 1;
  if (emergency_span (m, l, &from, &to)) {
    if (now < from && from - now < n)
      n = (uint32_t) (from - now);
    else if (now >= from && now < to)
      n = (uint32_t) (to - now);
  }
  over = is_over (m, l->monitored, mw_limiter_threshold_active (m, i));
  if (over == s->over)
    return n;
  least = over ? l->min_over_s : l->min_under_s;
  return sooner (n, least > s->timer ? least - s->timer : 1);
}

static uint32_t
monitor_horizon (const mw_meter *m, unsigned i)
{
  const mw_monitor *mon = &m->limits.monitor[i];
  const mw_monitor_state *s = &m->st.disconnect.monitor[i];
  uint32_t duration = m->setting[MW_SET_OVER_DURATION];
  if (mon->monitored == MW_V_NONE || mon->threshold == 0)
    return UINT32_MAX;
  if (!is_steady (m, mon->monitored) || is_over (m, mon->monitored, mon->threshold) != s->over)
    return 1;
  if (s->over && !s->acted && s->timer < duration)
    return duration - s->timer;
  return UINT32_MAX;
}

uint32_t
mw_limits_horizon (const mw_meter *m)
{
  uint32_t n = UINT32_MAX;
  for (unsigned i = 0; i < MW_LIMITERS; i++)
    n = sooner (n, limiter_horizon (m, i));
  for (unsigned i = 0; i < MW_MONITORS; i++)
    n = sooner (n, monitor_horizon (m, i));
  return n;
}

static void
run_script (mw_meter *m, uint16_t script)
{
  if (script)
    mw_script_execute (m, MW_TABLE_DISCONNECT, script, true);
}

static void
limiter_advance (mw_meter *m, unsigned i, uint32_t n)
{
  const mw_limiter *l = &m->limits.limiter[i];
  mw_limiter_state *s = &m->st.disconnect.limiter[i];
  bool over;
  if (l->monitored == MW_V_NONE)
    return;
  over = is_over (m, l->monitored, mw_limiter_threshold_active (m, i));
  s->timer = over == s->over ? 0 : s->timer + n;
  if (over != s->over && s->timer >= (over ? l->min_over_s : l->min_under_s)) {
    s->over = over;
    s->timer = 0;
    mw_event (m, over ? MW_EVENT_LIMITER_EXCEEDED : MW_EVENT_LIMITER_OK);
    run_script (m, over ? l->script_over : l->script_under);
  }
  follow_emergency (m, i); /* last: the seconds before now had the threshold of before */
}

static void
monitor_up (mw_meter *m, unsigned i, uint32_t n)
{
  mw_monitor_state *s = &m->st.disconnect.monitor[i];
  if (!s->over) {
    s->over = true;
    s->timer = 0;
    mw_event (m, MW_EVENT_MONITOR1_EXCEEDED + 2 * i);
  } else if (!s->acted) {
    s->timer += n;
  }
  if (!s->acted && s->timer >= m->setting[MW_SET_OVER_DURATION]) {
    s->acted = true;
    run_script (m, m->limits.monitor[i].script_up);
  }
}

static void
monitor_down (mw_meter *m, unsigned i)
{
  mw_monitor_state *s = &m->st.disconnect.monitor[i];
  if (!s->over)
    return;
  if (!s->acted) /* else the meter itself was the reason (manual 6.10.3, Figure 100) */
    mw_event (m, MW_EVENT_MONITOR1_OK + 2 * i);
  *s = (mw_monitor_state){ 0 };
  run_script (m, m->limits.monitor[i].script_down);
}

void
mw_limits_advance (mw_meter *m, uint32_t n)
{
  for (unsigned i = 0; i < MW_LIMITERS; i++)
    limiter_advance (m, i, n);
  for (unsigned i = 0; i < MW_MONITORS; i++) {
    const mw_monitor *mon = &m->limits.monitor[i];
    if (mon->monitored == MW_V_NONE || mon->threshold == 0)
      continue;
    if (is_over (m, mon->monitored, mon->threshold))
      monitor_up (m, i, n);
    else
      monitor_down (m, i);
  }
}
