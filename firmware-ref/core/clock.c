/* clock.c: see clock.h. */
#include "core/meter.h"

#define HOUR_S 3600
#define MILLION 1000000
#define SHIFT_MAX_S 900 /* Blue Book, class 8 method shift_time */
/* Records count seconds from 2000, the display shows two digits of the year. */
#define YEAR_2000 946684800
#define YEAR_2100 4102444800

void
mw_clock_defaults (mw_meter *m)
{
  mw_clock *c = &m->st.clock;
  *c = (mw_clock){ 0 };
  c->zone_min = 60; /* Central European Time with the rule of directive 2000/84/EC */
  c->dst_min = 60;
  c->dst_enabled = true;
  mw_when_any_midnight (&c->dst_begin);
  c->dst_begin.month = 3;
  c->dst_begin.day = MW_DAY_LAST;
  c->dst_begin.weekday = 7;
  c->dst_begin.hour = 2;
  mw_when_keep (&c->dst_end, &c->dst_begin);
  c->dst_end.month = 10;
  c->dst_end.hour = 3;
  c->preset_to = INT64_MIN;
}

/* The last switch to (END false) or from daylight saving at or before UTC, and the next one
 * after it. */
static int64_t
last_switch (const mw_clock *c, bool end, int64_t utc)
{
  int64_t offset = (int64_t) (c->zone_min + (end ? c->dst_min : 0)) * 60;
  int64_t local = mw_when_last (end ? &c->dst_end : &c->dst_begin, utc + offset);
  return local == INT64_MIN ? INT64_MIN : local - offset;
}

static int64_t
next_switch (const mw_clock *c, bool end, int64_t utc)
{
  int64_t offset = (int64_t) (c->zone_min + (end ? c->dst_min : 0)) * 60;
  int64_t local = mw_when_next (end ? &c->dst_end : &c->dst_begin, utc + offset);
  return local == MW_WHEN_NEVER ? MW_WHEN_NEVER : local - offset;
}

bool
mw_clock_dst_at (const mw_meter *m, int64_t utc)
{
  const mw_clock *c = &m->st.clock;
  if (!c->dst_enabled)
    return false;
  if (m->started && utc < c->dst_next && utc >= c->utc)
    return c->dst_active;
  return last_switch (c, false, utc) > last_switch (c, true, utc);
}

void
mw_clock_refresh (mw_meter *m)
{
  mw_clock *c = &m->st.clock;
  if (m->extension && m->extension->dst_rules)
    m->extension->dst_rules (m);
  c->dst_next = MW_WHEN_NEVER; /* so that the cached answer is not used */
  c->dst_active =
      c->dst_enabled && last_switch (c, false, c->utc) > last_switch (c, true, c->utc);
  if (c->dst_enabled)
    c->dst_next = next_switch (c, c->dst_active, c->utc);
}

void
mw_clock_dst_change (mw_meter *m)
{
  bool before = m->st.clock.dst_active;
  mw_clock_refresh (m);
  if (m->st.clock.dst_active != before)
    mw_event (m, MW_EVENT_DST_CHANGED);
}

uint32_t
mw_clock_seconds (mw_meter *m, uint32_t n)
{
  int64_t drift = m->st.clock.drift + mw_setting_get (m, MW_SET_RTC_CALIBRATION) * n;
  int64_t more = drift / MILLION;
  m->st.clock.drift = (int32_t) (drift - more * MILLION);
  return (uint32_t) (n + more);
}

uint32_t
mw_clock_horizon (const mw_meter *m)
{
  int64_t rate = mw_setting_get (m, MW_SET_RTC_CALIBRATION);
  int64_t left = MILLION - (rate < 0 ? -m->st.clock.drift : m->st.clock.drift);
  if (rate == 0)
    return UINT32_MAX;
  rate = rate < 0 ? -rate : rate;
  return (uint32_t) ((left + rate - 1) / rate);
}

mw_stamp
mw_clock_now (const mw_meter *m)
{
  const mw_clock *c = &m->st.clock;
  uint8_t status =
      (uint8_t) ((c->dst_active ? MW_CLOCK_DST : 0) | (c->invalid ? MW_CLOCK_INVALID : 0));
  return (mw_stamp){ c->utc, status };
}

static int16_t
deviation (const mw_clock *c, bool dst)
{
  return (int16_t) (c->zone_min + (dst ? c->dst_min : 0));
}

int16_t
mw_clock_deviation (const mw_meter *m)
{
  return deviation (&m->st.clock, m->st.clock.dst_active);
}

int16_t
mw_clock_deviation_of (const mw_meter *m, mw_stamp s)
{
  return deviation (&m->st.clock, s.status & MW_CLOCK_DST);
}

mw_civil
mw_clock_civil (const mw_meter *m, mw_stamp s)
{
  if (s.utc == 0 && s.status == MW_CLOCK_STATUS_ANY)
    return mw_civil_any ();
  return mw_civil_from_utc (s.utc, mw_clock_deviation_of (m, s), s.status);
}

int64_t
mw_clock_local (const mw_meter *m, int64_t utc)
{
  return utc + deviation (&m->st.clock, mw_clock_dst_at (m, utc)) * 60;
}

int64_t
mw_clock_utc_of_local (const mw_meter *m, int64_t local)
{
  const mw_clock *c = &m->st.clock;
  int64_t summer = local - deviation (c, true) * 60;
  int64_t normal = local - deviation (c, false) * 60;
  return c->dst_enabled && mw_clock_dst_at (m, summer) ? summer : normal;
}

int64_t
mw_clock_utc_reached (const mw_meter *m, int64_t local)
{
  int64_t utc = mw_clock_utc_of_local (m, local);
  if (mw_clock_local (m, utc) == local)
    return utc;
  return last_switch (&m->st.clock, !mw_clock_dst_at (m, utc), utc);
}

int64_t
mw_clock_reached (const mw_meter *m)
{
  const mw_clock *c = &m->st.clock;
  int64_t back = 60 * (deviation (c, !c->dst_active) - deviation (c, c->dst_active));
  int64_t since = c->dst_enabled ? last_switch (c, !c->dst_active, c->utc) : INT64_MIN;
  if (since != INT64_MIN && c->utc - since < back)
    return since + deviation (c, !c->dst_active) * 60 - 1;
  return mw_clock_local (m, c->utc);
}

int64_t
mw_clock_next_boundary (const mw_meter *m, int64_t utc, uint32_t period_s)
{
  int64_t local = mw_clock_local (m, utc);
  int64_t period = period_s;
  int64_t day = 86400;
  int64_t next;
  if (period != day)
    return utc + period - ((local % period) + period) % period;
  next = local + day - ((local % day) + day) % day; /* midnight, whatever the day is long */
  return mw_clock_utc_of_local (m, next);
}

/* May a change by DIFF seconds pass as synchronisation (manual 3.5.2.4)? */
static bool
is_small (mw_meter *m, int64_t diff)
{
  mw_clock *c = &m->st.clock;
  int64_t size = diff < 0 ? -diff : diff;
  if (c->invalid || size > m->setting[MW_SET_TIME_SET_LIMIT])
    return false;
  /* Every second one within a measuring period counts as a change of time. */
  return c->synchronised++ % 2 == 0;
}

/* Demand bears 1 % of its period and no more than 9 s (VDEW; manual 3.5.2.4). */
static bool
is_coarse_for_demand (const mw_meter *m, int64_t diff)
{
  int64_t size = diff < 0 ? -diff : diff;
  return size > 9 || size * 100 > m->setting[MW_SET_MEASUREMENT_PERIOD1];
}

void
mw_clock_set (mw_meter *m, int64_t utc)
{
  mw_clock *c = &m->st.clock;
  int64_t old = c->utc;
  bool small;

  if (utc == old && !c->invalid)
    return;
  small = is_small (m, utc - old);
  m->changed = true;
  if (!small)
    mw_event (m, MW_EVENT_CLOCK_OLD);
  c->utc = utc;
  c->invalid = false;
  mw_clock_refresh (m);
  mw_error_set (m, MW_ERROR_CLOCK_INVALID, false);
  mw_alarm_set (m, 0, MW_ALARM1_CLOCK_INVALID, false);
  if (small) {
    if (is_coarse_for_demand (m, utc - old))
      mw_demand_time_changed (m, old);
    return;
  }
  mw_event (m, MW_EVENT_CLOCK_NEW);
  mw_meter_time_changed (m, old);
}

static bool
is_in_range (int64_t utc)
{
  return utc >= YEAR_2000 && utc < YEAR_2100;
}

enum mw_err
mw_clock_set_civil (mw_meter *m, const mw_civil *local)
{
  mw_civil at = *local;
  int64_t seconds;
  enum mw_err err = mw_civil_to_local_seconds (&at, &seconds);
  if (err)
    return err;
  if (!is_in_range (seconds - 86400) || !is_in_range (seconds + 86400)) /* wherever it is */
    return MW_ERR_VALUE;
  if (at.deviation != MW_DEVIATION_ANY)
    mw_clock_set (m, seconds - at.deviation * 60);
  else
    mw_clock_set (m, mw_clock_utc_of_local (m, seconds));
  return MW_OK;
}

enum mw_err
mw_clock_shift (mw_meter *m, int32_t seconds)
{
  if (seconds < -SHIFT_MAX_S || seconds > SHIFT_MAX_S)
    return MW_ERR_VALUE;
  mw_clock_set (m, m->st.clock.utc + seconds);
  return MW_OK;
}

enum mw_err
mw_clock_adjust_to (mw_meter *m, uint32_t period_s)
{
  int64_t now = m->st.clock.utc, after, before;
  if (period_s == 0 || period_s > HOUR_S || HOUR_S % period_s != 0)
    return MW_ERR_VALUE;
  after = mw_clock_next_boundary (m, now, period_s);
  before = after - period_s;
  mw_clock_set (m, now - before < after - now ? before : after);
  return MW_OK;
}

enum mw_err
mw_clock_preset (mw_meter *m, int64_t utc, int64_t from, int64_t to)
{
  if (from > to || !is_in_range (utc))
    return MW_ERR_VALUE;
  m->st.clock.preset_utc = utc;
  m->st.clock.preset_from = from;
  m->st.clock.preset_to = to;
  m->changed = true;
  return MW_OK;
}

enum mw_err
mw_clock_adjust_to_preset (mw_meter *m)
{
  mw_clock *c = &m->st.clock;
  if (c->utc < c->preset_from || c->utc > c->preset_to)
    return MW_ERR_REFUSED;
  c->preset_to = INT64_MIN; /* once */
  mw_clock_set (m, c->preset_utc);
  return MW_OK;
}

/* The rules changed: what hangs on local time is computed again. */
static void
rules_changed (mw_meter *m)
{
  mw_clock_refresh (m);
  mw_parameters_changed (m);
  mw_meter_time_changed (m, m->st.clock.utc);
}

enum mw_err
mw_clock_set_parameter (mw_meter *m, enum mw_clock_parameter what, int value)
{
  mw_clock *c = &m->st.clock;
  switch (what) {
  case MW_CLOCK_ZONE:
    if (value < -720 || value > 840)
      return MW_ERR_VALUE;
    c->zone_min = (int16_t) value;
    break;
  case MW_CLOCK_DST_DEVIATION:
    if (value < -120 || value > 120)
      return MW_ERR_VALUE;
    c->dst_min = (int8_t) value;
    break;
  case MW_CLOCK_DST_ENABLED:
    c->dst_enabled = value != 0;
    break;
  default:
    return MW_ERR_UNSUPPORTED;
  }
  rules_changed (m);
  return MW_OK;
}

enum mw_err
mw_clock_set_dst (mw_meter *m, bool end, const mw_civil *when)
{
  if (when->hour > 23 || (when->minute > 59 && when->minute != MW_FIELD_ANY)
      || (when->month > 12 && when->month != MW_FIELD_ANY))
    return MW_ERR_VALUE;
  mw_when_keep (end ? &m->st.clock.dst_end : &m->st.clock.dst_begin, when);
  rules_changed (m);
  return MW_OK;
}
