/* calendar.c: activity calendar and special days (manual 5.4.1-5.4.3, 5.4.5).
 *
 * The calendar is looked at only when it may say something new: at the next action of the day,
 * the start of a season, a change of daylight saving, at midnight, when the time or a table
 * changed.  What it says is one action: the last one at or before now, be it of an earlier day.
 * It is executed when it is later than the one executed last, so after an outage only the last
 * action missed is executed (manual 5.4.2), and a script that a client executed holds until the
 * next action.
 *
 * An action within the hour that spring leaves out is due when the clock jumps over it; in the
 * hour that comes twice it is due the first time.
 */
#include "core/meter.h"

#include <string.h>

#define DAY_S 86400
#define NO_DAY 0xffu
#define LOOK_BACK 10 /* day profiles: a week, and seasons that begin within a day */

static mw_name
name_of (const char *text)
{
  mw_name n = { (uint8_t) strlen (text), { 0 } };
  memcpy (n.text, text, n.len);
  return n;
}

static void
no_activation (mw_meter *m)
{
  mw_civil never = mw_civil_any ();
  mw_when_keep (&m->st.calendar.activation, &never);
  m->st.calendar.activation_next = MW_WHEN_NEVER;
}

void
mw_calendar_defaults (mw_meter *m)
{
  mw_calendar *c = &m->calendar;
  c->name = name_of ("DEFAULT");
  c->seasons = c->weeks = c->days = 1;
  c->season[0].name = name_of ("S1");
  mw_when_any_midnight (&c->season[0].start);
  c->season[0].start.month = 1;
  c->season[0].start.day = 1;
  c->season[0].week = c->week[0].name = name_of ("W1");
  for (unsigned i = 0; i < 7; i++)
    c->week[0].day[i] = 1;
  c->day[0].id = 1;
  c->day[0].n = 2; /* high tariff from six to ten at night, low tariff else */
  c->day[0].action[0] = (mw_action){ 6, 0, 0, MW_TABLE_TARIFF, 1 };
  c->day[0].action[1] = (mw_action){ 22, 0, 0, MW_TABLE_TARIFF, 2 };
  m->passive = *c;
  no_activation (m);
  m->st.calendar.action_utc = INT64_MIN;
  mw_tariff_defaults (m);
}

static int
find_week (const mw_calendar *c, const mw_name *name)
{
  for (int i = 0; i < c->weeks; i++)
    if (mw_name_equal (&c->week[i].name, name))
      return i;
  return -1;
}

static unsigned
find_day (const mw_calendar *c, unsigned id)
{
  for (unsigned i = 0; i < c->days; i++)
    if (c->day[i].id == id)
      return i;
  return NO_DAY;
}

static int32_t
second_of (const mw_action *a)
{
  return a->hour * 3600 + a->minute * 60 + a->second;
}

static enum mw_err
check_counts (const mw_calendar *c)
{
  if (c->seasons > MW_SEASONS_MAX || c->weeks > MW_WEEKS_MAX || c->days > MW_DAYS_MAX)
    return MW_ERR_VALUE;
  for (unsigned d = 0; d < c->days; d++) {
    const mw_day *day = &c->day[d];
    if (day->n > MW_ACTIONS_MAX || find_day (c, day->id) != d)
      return MW_ERR_VALUE;
    for (unsigned a = 0; a < day->n; a++)
      if (second_of (&day->action[a]) >= DAY_S || day->action[a].minute > 59
          || (a > 0 && second_of (&day->action[a]) <= second_of (&day->action[a - 1])))
        return MW_ERR_VALUE;
  }
  return MW_OK;
}

enum mw_err
mw_calendar_check (const mw_calendar *c)
{
  enum mw_err err = check_counts (c);
  if (err)
    return err;
  for (unsigned s = 0; s < c->seasons; s++)
    if (find_week (c, &c->season[s].week) < 0)
      return MW_ERR_VALUE;
  for (unsigned w = 0; w < c->weeks; w++)
    for (unsigned d = 0; d < 7; d++)
      if (find_day (c, c->week[w].day[d]) == NO_DAY)
        return MW_ERR_VALUE;
  return MW_OK;
}

/* The season that began last at or before LOCAL: the index of its week, or -1. */
static int
week_at (const mw_calendar *c, int64_t local)
{
  int64_t latest = INT64_MIN;
  int week = -1;
  for (unsigned s = 0; s < c->seasons; s++) {
    int64_t begun = mw_when_last (&c->season[s].start, local);
    if (begun > latest) {
      latest = begun;
      week = find_week (c, &c->season[s].week);
    }
  }
  return week;
}

static int32_t
day_number (int64_t local)
{
  return (int32_t) ((local - (((local % DAY_S) + DAY_S) % DAY_S)) / DAY_S);
}

static unsigned
find_special (const mw_meter *m, uint16_t index)
{
  unsigned i = 0;
  while (i < m->days.n && m->days.day[i].index != index)
    i++;
  return i;
}

/* The first special day that fits, of several with one index the first alone (manual 5.4.3). */
static const mw_special_day *
special_day (const mw_meter *m, int32_t days)
{
  for (unsigned i = 0; i < m->days.n; i++)
    if (mw_when_date_fits (&m->days.day[i].date, days)
        && find_special (m, m->days.day[i].index) == i)
      return &m->days.day[i];
  return NULL;
}

static bool
is_special (const mw_meter *m, int32_t days)
{
  return special_day (m, days) != NULL;
}

/* The day profile for the moment LOCAL: a special day (of several the first one: manual 5.4.3),
 * or what the week of the season says. */
static unsigned
day_at (const mw_meter *m, int64_t local)
{
  const mw_calendar *c = &m->calendar;
  int32_t days = day_number (local);
  const mw_special_day *special = special_day (m, days);
  int week;
  if (special)
    return find_day (c, special->day_id);
  week = week_at (c, local);
  if (week < 0)
    return NO_DAY;
  return find_day (c, c->week[week].day[mw_weekday_from_days (days) - 1]);
}

/* Since when the day profile of MOMENT holds on its day, local seconds: midnight, or the start
 * of a season within the day. */
static int64_t
profile_from (const mw_meter *m, int64_t moment)
{
  const mw_calendar *c = &m->calendar;
  int32_t days = day_number (moment);
  int64_t from = (int64_t) days * DAY_S;
  if (is_special (m, days))
    return from;
  for (unsigned s = 0; s < c->seasons; s++)
    if (mw_when_date_fits (&c->season[s].start, days)) {
      int64_t begun = mw_when_last (&c->season[s].start, moment);
      from = begun > from ? begun : from;
    }
  return from;
}

/* The action in force at LOCAL: the last one at or before it of the day profile that holds, or
 * of an earlier one.  *AT: since when, local seconds.  NULL when there is none. */
static const mw_action *
action_at (const mw_meter *m, int64_t local, int64_t *at)
{
  int64_t moment = local;
  for (int back = 0; back < LOOK_BACK; back++) {
    int64_t midnight = (int64_t) day_number (moment) * DAY_S, from = profile_from (m, moment);
    unsigned d = day_at (m, moment);
    for (unsigned a = d == NO_DAY ? 0 : m->calendar.day[d].n; a > 0; a--) {
      const mw_action *action = &m->calendar.day[d].action[a - 1];
      int64_t when = midnight + second_of (action);
      *at = when > from ? when : from;
      if (when <= moment)
        return action;
    }
    moment = from - 1;
  }
  return NULL;
}

static int64_t
sooner_after (int64_t now, int64_t next, int64_t candidate)
{
  return candidate > now && candidate < next ? candidate : next;
}

/* When to look again: the next action or season of today, a change of daylight saving (which
 * may skip actions), or midnight. */
static int64_t
next_look (const mw_meter *m, int64_t now, int64_t local)
{
  const mw_calendar *c = &m->calendar;
  int32_t days = day_number (local);
  int64_t midnight = (int64_t) days * DAY_S;
  int64_t next = mw_clock_utc_reached (m, midnight + DAY_S);
  unsigned d = day_at (m, local);
  next = sooner_after (now, next, m->st.clock.dst_next);
  for (unsigned a = 0; d != NO_DAY && a < c->day[d].n; a++)
    next = sooner_after (now, next,
                         mw_clock_utc_reached (m, midnight + second_of (&c->day[d].action[a])));
  for (unsigned s = 0; s < c->seasons; s++)
    if (mw_when_date_fits (&c->season[s].start, days)) {
      int64_t begins = mw_when_next (&c->season[s].start, local);
      if (begins < midnight + DAY_S)
        next = sooner_after (now, next, mw_clock_utc_reached (m, begins));
    }
  return next;
}

/* Is the time of activation over: while it was dark, or because the clock was set over it? Then
 * it is done now. */
static bool
activation_is_over (const mw_calendar_state *s, int64_t local)
{
  return !mw_when_empty (&s->activation) && mw_when_last (&s->activation, local) != INT64_MIN
         && mw_when_next (&s->activation, local) == MW_WHEN_NEVER;
}

static void
plan_activation (mw_meter *m, int64_t local)
{
  mw_calendar_state *s = &m->st.calendar;
  s->activation_next = MW_WHEN_NEVER;
  if (mw_when_empty (&s->activation))
    return;
  if (activation_is_over (s, local)) {
    s->activation_next = m->st.clock.utc;
    return;
  }
  int64_t next = mw_when_next (&s->activation, local - 1);
  if (next != MW_WHEN_NEVER)
    s->activation_next = mw_clock_utc_reached (m, next);
}

void
mw_calendar_refresh (mw_meter *m, bool force)
{
  mw_calendar_state *s = &m->st.calendar;
  int64_t now = m->st.clock.utc, local = mw_clock_local (m, now), at = 0;
  const mw_action *a;

  plan_activation (m, local);
  if (s->activation_next <= now) {
    no_activation (m);
    if (mw_calendar_activate (m) == MW_OK)
      return; /* which looked again */
  }
  s->next = next_look (m, now, local);
  if (m->setting[MW_SET_TARIFF_SOURCE] != 0)
    return;
  if (m->st.clock.invalid) { /* no time, no calendar: the default tariff */
    mw_tariff_execute (m, (uint16_t) m->setting[MW_SET_DEFAULT_SCRIPT]);
    return;
  }
  a = action_at (m, mw_clock_reached (m), &at);
  if (!a)
    return;
  at = mw_clock_utc_reached (m, at);
  if (!force && at <= s->action_utc)
    return;
  s->action_utc = at;
  mw_script_execute (m, a->table, a->script, true);
}

void
mw_calendar_due (mw_meter *m)
{
  mw_calendar_state *s = &m->st.calendar;
  int64_t now = m->st.clock.utc;
  if (now >= s->activation_next) {
    no_activation (m);
    mw_calendar_activate (m);
  }
  if (now >= s->next)
    mw_calendar_refresh (m, false);
}

const mw_calendar *
mw_calendar_active (const mw_meter *m)
{
  return &m->calendar;
}

const mw_calendar *
mw_calendar_passive (const mw_meter *m)
{
  return &m->passive;
}

static void
programmed (mw_meter *m)
{
  if (!m->started)
    return;
  mw_event (m, MW_EVENT_TOU_PROGRAMMED);
  m->changed = true;
}

enum mw_err
mw_calendar_set_passive (mw_meter *m, const mw_calendar *c)
{
  enum mw_err err = check_counts (c);
  if (err)
    return err;
  m->passive = *c;
  mw_store_touch (&m->store, MW_AREA_PASSIVE);
  programmed (m);
  return MW_OK;
}

enum mw_err
mw_calendar_set_activation (mw_meter *m, const mw_civil *when)
{
  int64_t local = mw_clock_local (m, m->st.clock.utc);
  mw_when_keep (&m->st.calendar.activation, when);
  programmed (m);
  if (activation_is_over (&m->st.calendar, local)) {
    no_activation (m); /* now or in the past: at once (manual 5.4.2.6) */
    return mw_calendar_activate (m);
  }
  mw_calendar_refresh (m, false);
  return MW_OK;
}

enum mw_err
mw_calendar_activate (mw_meter *m)
{
  enum mw_err err = mw_calendar_check (&m->passive);
  if (err)
    return err;
  m->calendar = m->passive;
  mw_store_touch (&m->store, MW_AREA_CALENDAR);
  if (!m->started)
    return MW_OK;
  mw_event (m, MW_EVENT_TOU_ACTIVATED);
  m->changed = true;
  mw_calendar_refresh (m, true);
  return MW_OK;
}

const mw_special_days *
mw_special_days_of (const mw_meter *m)
{
  return &m->days;
}

static void
days_changed (mw_meter *m)
{
  mw_store_touch (&m->store, MW_AREA_DAYS);
  if (!m->started)
    return;
  mw_parameters_changed (m);
  mw_calendar_refresh (m, true);
}

enum mw_err
mw_special_days_set (mw_meter *m, const mw_special_days *days)
{
  if (days->n > MW_SPECIAL_DAYS_MAX)
    return MW_ERR_VALUE;
  m->days = *days;
  days_changed (m);
  return MW_OK;
}

enum mw_err
mw_special_day_insert (mw_meter *m, const mw_special_day *day)
{
  unsigned i = find_special (m, day->index);
  if (i == MW_SPECIAL_DAYS_MAX)
    return MW_ERR_SPACE;
  m->days.day[i] = *day;
  if (i == m->days.n)
    m->days.n++;
  days_changed (m);
  return MW_OK;
}

enum mw_err
mw_special_day_delete (mw_meter *m, uint16_t index)
{
  unsigned i = find_special (m, index);
  if (i == m->days.n)
    return MW_ERR_VALUE;
  m->days.n--;
  memmove (&m->days.day[i], &m->days.day[i + 1], (m->days.n - i) * sizeof m->days.day[0]);
  days_changed (m);
  return MW_OK;
}
