/* calendar.c: activity calendar and special days (manual 5.4.1-5.4.3, 5.4.5).
 *
 * The calendar is looked at only when it may say something new: at the next action of the day,
 * at midnight, when the time or a table changed.  What it says is one action: the last one at
 * or before now, be it of an earlier day.  It is executed when it is later than the one
 * executed last, so after an outage only the last action missed is executed (manual 5.4.2), and
 * a script that a client executed holds until the next action.
 */
#include "core/meter.h"

#include <string.h>

#define DAY_S 86400
#define NO_DAY 0xffu
#define LOOK_BACK_DAYS 8

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

/* The day profile for the moment LOCAL: a special day (of several the first one: manual 5.4.3),
 * or what the week of the season says. */
static unsigned
day_at (const mw_meter *m, int64_t local)
{
  const mw_calendar *c = &m->calendar;
  int32_t days = day_number (local);
  int week;
  for (unsigned i = 0; i < m->days.n; i++)
    if (mw_when_date_fits (&m->days.day[i].date, days))
      return find_day (c, m->days.day[i].day_id);
  week = week_at (c, local);
  if (week < 0)
    return NO_DAY;
  return find_day (c, c->week[week].day[mw_weekday_from_days (days) - 1]);
}

/* The last action at or before LOCAL; *AT its local second.  NULL when there is none. */
static const mw_action *
action_at (const mw_meter *m, int64_t local, int64_t *at)
{
  int64_t moment = local;
  for (int back = 0; back < LOOK_BACK_DAYS; back++) {
    int64_t midnight = (int64_t) day_number (moment) * DAY_S;
    unsigned d = day_at (m, moment);
    for (unsigned a = d == NO_DAY ? 0 : m->calendar.day[d].n; a > 0; a--) {
      const mw_action *action = &m->calendar.day[d].action[a - 1];
      *at = midnight + second_of (action);
      if (*at <= moment)
        return action;
    }
    moment = midnight - 1;
  }
  return NULL;
}

/* When to look again: the next action of today, or midnight. */
static int64_t
next_look (const mw_meter *m, int64_t local)
{
  int64_t midnight = (int64_t) day_number (local) * DAY_S;
  unsigned d = day_at (m, local);
  for (unsigned a = 0; d != NO_DAY && a < m->calendar.day[d].n; a++) {
    int64_t at = midnight + second_of (&m->calendar.day[d].action[a]);
    if (at > local)
      return mw_clock_utc_of_local (m, at);
  }
  return mw_clock_utc_of_local (m, midnight + DAY_S);
}

void
mw_calendar_refresh (mw_meter *m, bool force)
{
  mw_calendar_state *s = &m->st.calendar;
  int64_t now = m->st.clock.utc, local = mw_clock_local (m, now), at = 0;
  const mw_action *a;

  s->activation_next = MW_WHEN_NEVER;
  if (!mw_when_empty (&s->activation)) {
    int64_t next = mw_when_next (&s->activation, local - 1);
    s->activation_next = next == MW_WHEN_NEVER ? next : mw_clock_utc_of_local (m, next);
  }
  s->next = next_look (m, local);
  if (s->next <= now) /* the hour that comes twice */
    s->next = now + 3600;
  if (m->setting[MW_SET_TARIFF_SOURCE] != 0)
    return;
  if (m->st.clock.invalid) { /* no time, no calendar: the default tariff */
    mw_tariff_execute (m, (uint16_t) m->setting[MW_SET_DEFAULT_SCRIPT]);
    return;
  }
  a = action_at (m, local, &at);
  if (!a)
    return;
  at = mw_clock_utc_of_local (m, at);
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
  if (!mw_when_empty (when) && mw_when_last (when, local) != INT64_MIN
      && mw_when_next (when, local) == MW_WHEN_NEVER) {
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

static unsigned
find_special (const mw_meter *m, uint16_t index)
{
  unsigned i = 0;
  while (i < m->days.n && m->days.day[i].index != index)
    i++;
  return i;
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
