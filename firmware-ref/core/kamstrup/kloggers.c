/* kloggers.c: what the clock brings: ends of periods, days and debiting periods, and the
 * entries of the loggers that follow (OMNIPOWER technical description 4.3.5, 4.5.1 - 4.5.3).
 *
 * After an outage, and after the clock was set forward: the period that was interrupted is
 * entered at its regular end, those that were missed are not; of the missed debiting stops one
 * is made, at once.  When the clock is set back into another period, the running one is dropped
 * (its energies are in the registers), and what is due by the new time comes again.
 */
#include "core/kamstrup/kmeter.h"

#define DAY_S 86400
#define MONTHS_AHEAD 13

static int32_t
day_of (const mw_kmeter *k, int64_t utc)
{
  int64_t normal = mw_kmeter_normal (k, utc);
  return (int32_t) ((normal >= 0 ? normal : normal - (DAY_S - 1)) / DAY_S);
}

static int64_t
utc_of_day (const mw_kmeter *k, int32_t days)
{
  return (int64_t) days * DAY_S - (int64_t) k->m.st.clock.zone_min * 60;
}

/* The first debiting stop after UTC. */
static int64_t
debiting_after (const mw_kmeter *k, int64_t utc)
{
  int interval = (int) mw_kset (k, MW_KV_DEBITING_INTERVAL), year, month, day;
  if (interval == 0)
    return MW_WHEN_NEVER;
  mw_date_from_days (day_of (k, utc), &year, &month, &day);
  for (int i = 0; i < MONTHS_AHEAD; i++, month = month % 12 + 1, year += month == 1) {
    int last = mw_days_in_month (year, month), on = (int) mw_kset (k, MW_KV_DEBITING_DAY);
    int64_t at = utc_of_day (k, mw_days_from_date (year, month, on < last ? on : last))
                 + mw_kset (k, MW_KV_DEBITING_HOUR) * 3600;
    int from = month - (int) mw_kset (k, MW_KV_DEBITING_MONTH);
    if (at > utc && (from + 12) % interval == 0)
      return at;
  }
  return MW_WHEN_NEVER;
}

int64_t
mw_kloggers_next (const mw_kmeter *k)
{
  int64_t next = utc_of_day (k, k->st.day + 1);
  if (k->st.demand.next < next)
    next = k->st.demand.next;
  return k->st.debiting_next < next ? k->st.debiting_next : next;
}

static mw_stamp
now_as (const mw_kmeter *k, int64_t utc)
{
  mw_stamp s = mw_clock_now (&k->m);
  s.utc = utc;
  return s;
}

static void
end_period (mw_kmeter *k)
{
  mw_kdemand *d = &k->st.demand;
  int64_t end = d->next;
  mw_kfixed status = { MW_KV_LOGGER_STATUS, 0, 0 };
  mw_kdemand_end_period (k);
  for (unsigned i = 0; i < mw_n_kmodules; i++)
    if (mw_kmodules[i]->period)
      mw_kmodules[i]->period (k);
  status.number = d->quality;
  mw_klog_append (k, MW_KLOG_LOAD_PROFILE, now_as (k, end), &status, 1);
  mw_kdemand_restart (k, 0);
  k->m.changed = true;
}

void
mw_kmeter_debiting_stop (mw_kmeter *k)
{
  mw_klog_append (k, MW_KLOG_DEBITING, mw_clock_now (&k->m), NULL, 0);
  k->st.debiting_count++;
  mw_kdemand_debiting (k);
  k->m.changed = true;
}

static bool
is_debiting2 (const mw_kmeter *k, int32_t old_days, int32_t new_days)
{
  int y1, y2, m1, m2, d;
  switch (mw_kset (k, MW_KV_DEBITING2_INTERVAL)) {
  case 1:
    return true;
  case 2:
    return (old_days + 3) / 7 != (new_days + 3) / 7; /* 1970-01-01 was a Thursday */
  case 3:
    mw_date_from_days (old_days, &y1, &m1, &d);
    mw_date_from_days (new_days, &y2, &m2, &d);
    return y1 != y2 || m1 != m2;
  default:
    return false;
  }
}

/* It is another day. */
static void
new_day (mw_kmeter *k)
{
  int32_t old = k->st.day, today = day_of (k, k->m.st.clock.utc);
  if (today > old && is_debiting2 (k, old, today))
    mw_klog_append (k, MW_KLOG_DEBITING2, mw_clock_now (&k->m), NULL, 0);
  mw_kdemand_day (k, old, today);
  k->st.day = today;
  k->m.changed = true;
}

void
mw_kloggers_due (mw_kmeter *k)
{
  int64_t now = k->m.st.clock.utc;
  if (now >= k->st.demand.next) {
    bool late = now > k->st.demand.next;
    end_period (k);
    if (late)
      k->st.demand.quality |= MW_KPS_OUTAGE;
  }
  if (now >= k->st.debiting_next) {
    mw_kmeter_debiting_stop (k);
    k->st.debiting_next = debiting_after (k, now);
  }
  if (day_of (k, now) != k->st.day)
    new_day (k);
}

void
mw_kloggers_power_up (mw_kmeter *k, int64_t dark_s)
{
  if (dark_s < 0) {
    k->st.day = day_of (k, k->m.st.clock.utc);
    mw_kdemand_restart (k, 0);
    k->st.debiting_next = debiting_after (k, k->m.st.clock.utc);
    return;
  }
  k->st.demand.quality |= MW_KPS_OUTAGE;
  if (k->m.st.clock.invalid)
    k->st.demand.quality |= MW_KPS_CLOCK;
  mw_kloggers_due (k);
}

static void
log_adjustment (mw_kmeter *k, int64_t old_utc)
{
  mw_stamp now = mw_clock_now (&k->m);
  int64_t step = now.utc - old_utc;
  mw_kfixed fixed[] = { { MW_KV_OLD_RTC, now.status, old_utc },
                        { MW_KV_NEW_RTC, now.status, now.utc } };
  if ((step < 0 ? -step : step) >= mw_kset (k, MW_KV_CLOCK_FILTER))
    mw_klog_append (k, MW_KLOG_CLOCK, now, fixed, 2);
}

void
mw_kloggers_time_changed (mw_kmeter *k, int64_t old_utc)
{
  mw_kdemand *d = &k->st.demand;
  int64_t now = k->m.st.clock.utc;
  if (now != old_utc)
    log_adjustment (k, old_utc);
  d->quality |= MW_KPS_ADJUSTED;
  if (now >= d->next) {
    end_period (k);
    d->quality |= MW_KPS_ADJUSTED;
  } else if (d->next - now > mw_kperiod_s (k)) {
    mw_kdemand_restart (k, MW_KPS_ADJUSTED);
  }
  mw_kloggers_due (k);
  k->st.debiting_next = debiting_after (k, now);
  k->m.changed = true;
}

void
mw_kloggers_setting_changed (mw_kmeter *k, unsigned id, int64_t old)
{
  mw_stamp now = mw_clock_now (&k->m);
  mw_kfixed fixed[] = { { MW_KV_EVENT, 0, MW_KPE_PERIOD },
                        { MW_KV_OLD, 0, old },
                        { MW_KV_NEW, 0, mw_kset (k, id) } };
  switch (id) {
  case MW_KV_INTEGRATION_PERIOD:
    mw_klog_append (k, MW_KLOG_PROFILE_EVENT, now, fixed, 3);
    mw_kdemand_restart (k, MW_KPS_CONFIGURED);
    break;
  case MW_KV_RATIO:
    mw_klog_append (k, MW_KLOG_RATIO, now, fixed, 3);
    mw_power_refresh (&k->m);
    k->st.demand.quality |= MW_KPS_CONFIGURED;
    break;
  case MW_KV_DEBITING_INTERVAL:
  case MW_KV_DEBITING_MONTH:
  case MW_KV_DEBITING_DAY:
  case MW_KV_DEBITING_HOUR:
    k->st.debiting_next = debiting_after (k, now.utc);
    break;
  default:
    break;
  }
}
