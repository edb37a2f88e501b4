/* test-calendar-year.c: the activity calendar over whole years, minute by minute, against a
 * second reading of the manual (5.4.2, 5.4.3) that shares no code with the meter.
 *
 * The second reading knows no instants and no search: it walks over every reading that the
 * clock shows, minute after minute, and does what the table says for that reading.  Its
 * calendar is a list of days that is counted on day by day.  Years with 29 February, changes of
 * daylight saving, special days, seasons that begin within a day, outages of minutes to days
 * and clock adjustments in both directions occur in each run.
 */
#include "rig.h"

#define FIRST_DAY 20758 /* 2026-11-01, a Sunday, in days from 1970 */
#define DAYS 830
#define WARM_DAYS 404 /* the test begins on 10 December 2027 and can look back over a year */

typedef struct date_row {
  int year, month, day, weekday;
} date_row;
static date_row dates[DAYS];

static int
month_length (int year, int month)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  return lengths[month - 1] + (month == 2 && year % 4 == 0);
}

static void
count_days (void)
{
  date_row d = { 2026, 11, 1, 7 };
  for (unsigned i = 0; i < DAYS; i++) {
    dates[i] = d;
    d.weekday = d.weekday % 7 + 1;
    if (++d.day > month_length (d.year, d.month)) {
      d.day = 1;
      d.year += d.month == 12;
      d.month = d.month % 12 + 1;
    }
  }
}

/* Minutes that local time is ahead of UTC at MINUTE (UTC, from FIRST_DAY): the last Sundays of
 * March and October, 01:00 UTC. */
static int dst_begin, dst_end;

static void
find_daylight_saving (void)
{
  for (int i = 0; i < DAYS; i++) {
    const date_row *d = &dates[i];
    if (d->weekday != 7 || d->year != 2028 || d->day + 7 <= month_length (d->year, d->month))
      continue;
    if (d->month == 3)
      dst_begin = i * 1440 + 60;
    if (d->month == 10)
      dst_end = i * 1440 + 60;
  }
}

static int
offset_at (int minute)
{
  return minute >= dst_begin && minute < dst_end ? 120 : 60;
}

/* --- the second reading ---------------------------------------------------------------------
 */

typedef struct world {
  mw_calendar c;
  mw_special_days days;
  int executed; /* script in force for tariffs */
  unsigned tariff;
  bool relay;
  int reached; /* the latest reading walked over, minutes from FIRST_DAY */
} world;

static bool
fits (const mw_civil *p, const date_row *d)
{
  int length = month_length (d->year, d->month);
  if ((p->year != MW_YEAR_ANY && p->year != d->year)
      || (p->month != MW_FIELD_ANY && p->month != d->month))
    return false;
  if (p->day == MW_DAY_LAST && p->weekday == 7)
    return d->weekday == 7 && d->day + 7 > length;
  if (p->day == MW_DAY_LAST)
    return d->day == length;
  if (p->day == MW_DAY_SECOND_LAST)
    return d->day == length - 1;
  if (p->weekday != MW_FIELD_ANY && p->day == MW_FIELD_ANY)
    return p->weekday == d->weekday;
  return p->day == d->day;
}

static int
minute_of (const mw_civil *p)
{
  return p->hour == MW_FIELD_ANY ? 0 : p->hour * 60 + p->minute;
}

/* When the seasons begin, in the order of time. */
typedef struct season_start {
  int reading;
  const mw_season *season;
} season_start;
static season_start starts[40];
static unsigned n_starts;

static void
find_seasons (const world *w)
{
  n_starts = 0;
  for (int i = 0; i < DAYS; i++)
    for (unsigned s = 0; s < w->c.seasons; s++)
      if (fits (&w->c.season[s].start, &dates[i]))
        starts[n_starts++] =
            (season_start){ i * 1440 + minute_of (&w->c.season[s].start), &w->c.season[s] };
}

static const mw_season *
season_at (int reading)
{
  unsigned i = n_starts - 1;
  while (starts[i].reading > reading)
    i--;
  return starts[i].season;
}

/* The special day of each day of the list. */
static const mw_special_day *specials[DAYS];

static void
find_special_days (const world *w)
{
  for (int i = 0; i < DAYS; i++) {
    specials[i] = NULL;
    for (unsigned k = w->days.n; k > 0; k--)
      if (fits (&w->days.day[k - 1].date, &dates[i]))
        specials[i] = &w->days.day[k - 1];
  }
}

static const mw_day *
profile_at (const world *w, int reading)
{
  const mw_special_day *special = specials[reading / 1440];
  unsigned id = 0;
  if (special) {
    id = special->day_id;
  } else {
    const mw_season *s = season_at (reading);
    for (unsigned k = 0; k < w->c.weeks; k++)
      if (mw_name_equal (&w->c.week[k].name, &s->week))
        id = w->c.week[k].day[dates[reading / 1440].weekday - 1];
  }
  for (unsigned d = 0; d < w->c.days; d++)
    if (w->c.day[d].id == id)
      return &w->c.day[d];
  return NULL;
}

/* Does a season begin at READING?  (At midnight no action is older than the day anyway.) */
static bool
season_begins (int reading)
{
  for (unsigned i = 0; i < n_starts && !specials[reading / 1440]; i++)
    if (starts[i].reading == reading)
      return true;
  return false;
}

/* The script that is to be executed when the clock shows READING; 0: none. */
static int
script_at (const world *w, int reading)
{
  const mw_day *day = profile_at (w, reading);
  bool begins = season_begins (reading);
  int script = 0;
  for (unsigned a = 0; day && a < day->n; a++) {
    int at = day->action[a].hour * 60 + day->action[a].minute;
    if (at == reading % 1440 || (begins && at <= reading % 1440))
      script = day->action[a].script;
  }
  return script;
}

/* Scripts 1-8 a tariff, 9 and 10 the relay, 11-18 a tariff and the relay. */
static void
perform (world *w, int script)
{
  if (script <= 8)
    w->tariff = (unsigned) script;
  else if (script <= 10)
    w->relay = script == 10;
  else {
    w->tariff = (unsigned) script - 10;
    w->relay = script % 2;
  }
}

/* Readings up to LAST were passed: with power each counts, without the last script alone. */
static void
walk (world *w, int last, bool powered)
{
  int missed = 0;
  for (; w->reached < last; w->reached++) {
    int script = script_at (w, w->reached + 1);
    if (script && powered)
      perform (w, script);
    missed = script ? script : missed;
  }
  if (missed && !powered)
    perform (w, missed);
}

/* The time was set: what is in force at the new reading is carried out. */
static void
look_back (world *w, int reading)
{
  for (int i = reading; i >= 0; i--) {
    int script = script_at (w, i);
    if (script) {
      perform (w, script);
      break;
    }
  }
  w->reached = reading;
}

/* --- random calendars -----------------------------------------------------------------------
 */

static uint32_t seed;

static unsigned
below (unsigned n)
{
  seed = seed * 1664525u + 1013904223u;
  return (unsigned) ((uint64_t) (seed >> 8) * n >> 24);
}

static mw_name
numbered (char letter, unsigned n)
{
  return (mw_name){ 3,
                    { (uint8_t) letter, (uint8_t) ('0' + n / 10), (uint8_t) ('0' + n % 10) } };
}

static mw_civil
on (unsigned month, unsigned day)
{
  mw_civil p = mw_civil_any ();
  p.month = (uint8_t) month;
  p.day = (uint8_t) day;
  return p;
}

static void
random_day (mw_day *day, unsigned id)
{
  int at = (int) below (90);
  day->id = (uint8_t) (id * 17 + 1);
  day->n = (uint8_t) (1 + below (16));
  for (unsigned a = 0; a < day->n; a++) {
    day->action[a] = (mw_action){ (uint8_t) (at / 60), (uint8_t) (at % 60), 0, MW_TABLE_TARIFF,
                                  (uint16_t) (1 + below (18)) };
    at += 1 + (int) below (84);
  }
}

/* Twelve of each: a season a month, some of them from 06:30 on, one from 29 February on, one
 * from the last Sunday of March on. */
static void
random_calendar (mw_calendar *c)
{
  memset (c, 0, sizeof *c);
  c->name = numbered ('C', 1);
  c->seasons = c->weeks = c->days = 12;
  for (unsigned i = 0; i < 12; i++) {
    mw_season *s = &c->season[i];
    s->name = numbered ('S', i);
    s->start = on (i + 1, i == 1 ? 29 : i == 2 ? MW_DAY_LAST : 1 + below (27));
    s->start.hour = below (4) == 0 ? 6 : 0;
    s->start.minute = s->start.hour ? 30 : 0;
    s->start.second = 0;
    if (i == 2)
      s->start.weekday = 7;
    s->week = c->week[11 - i].name = numbered ('W', 11 - i);
    c->week[11 - i].name = s->week;
    for (unsigned d = 0; d < 7; d++)
      c->week[i].day[d] = (uint8_t) (below (12) * 17 + 1);
    random_day (&c->day[i], i);
  }
  c->day[2].action[0] = (mw_action){ 2, 30, 0, MW_TABLE_TARIFF, 18 }; /* in the hour of March */
  c->day[2].n = 1;
  for (unsigned d = 0; d < 7; d++)
    if (below (2))
      c->week[9].day[d] = c->week[2].day[d] = 2 * 17 + 1;
}

/* 64 dates: on a fixed day, every year, on the last of a month, each second Friday … */
static void
random_days (mw_special_days *days)
{
  memset (days, 0, sizeof *days);
  days->n = 64;
  for (unsigned i = 0; i < 64; i++) {
    mw_special_day *d = &days->day[i];
    unsigned month = 1 + below (12);
    d->index = (uint16_t) (i * 3);
    d->date = on (month, 1 + below (28));
    if (i % 2)
      d->date.year = 2028;
    if (i == 5)
      d->date = on (2, 29);
    if (i == 8)
      d->date = on (month, MW_DAY_LAST);
    if (i == 9)
      d->date = on (month, MW_DAY_SECOND_LAST);
    d->day_id = (uint8_t) (below (12) * 17 + 1);
  }
}

static void
add_scripts (mw_meter *m)
{
  mw_script scripts[18];
  memcpy (scripts, mw_tariffs_of (m)->script, 8 * sizeof scripts[0]);
  for (unsigned i = 8; i < 18; i++) {
    scripts[i] = (mw_script){ .id = (uint16_t) (i + 1), .n = 1 };
    if (i >= 10) {
      scripts[i].action[0] = scripts[i - 10].action[0];
      scripts[i].action[1] = scripts[i - 10].action[1];
      scripts[i].n = 3;
    }
    scripts[i].action[scripts[i].n - 1].kind =
        i == 9 || (i >= 10 && (i + 1) % 2) ? MW_DO_RELAY_ON : MW_DO_RELAY_OFF;
  }
  CHECK_EQ (mw_tariff_scripts_set (m, scripts, 18), MW_OK);
}

/* --- a year ---------------------------------------------------------------------------------
 */

static int
utc_minute (const rig *r)
{
  return (int) (r->m.st.clock.utc / 60 - (int64_t) FIRST_DAY * 1440);
}

static int
reading_of (const rig *r)
{
  int utc = utc_minute (r);
  return utc + offset_at (utc);
}

static bool
agrees (rig *r, const world *w)
{
  return mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY) == w->tariff
         && mw_tariff_active (&r->m, MW_ACTIVATE_DEMAND) == w->tariff
         && (mw_switch_of (&r->m, MW_SWITCH_LOAD)->state == MW_CONNECTED) == w->relay;
}

static void
outage (rig *r, world *w)
{
  unsigned minutes = below (3) ? 1 + below (200) : 1 + below (4000);
  mw_meter_power (&r->m, false);
  mw_meter_run (&r->m, minutes * 60);
  mw_meter_power (&r->m, true);
  walk (w, reading_of (r), false);
}

static void
adjust (rig *r, world *w)
{
  int minutes = 1 + (int) below (300);
  mw_clock_set (&r->m, r->m.st.clock.utc + (below (2) ? minutes : -minutes) * 60);
  look_back (w, reading_of (r));
}

static void
one_year (uint32_t start, bool troubled)
{
  rig *r = rig_make (3);
  world w;
  unsigned wrong = 0, minutes = 0;
  seed = start;
  memset (&w, 0, sizeof w);
  r->m.setting[MW_SET_RTC_BACKUP_TYPE] = 3;
  CHECK_EQ (mw_meter_start (&r->m, (FIRST_DAY + WARM_DAYS) * 86400LL), MW_OK);
  mw_meter_run (&r->m, 60);
  random_calendar (&w.c);
  random_days (&w.days);
  find_seasons (&w);
  find_special_days (&w);
  w.tariff = mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY);
  add_scripts (&r->m);
  CHECK_EQ (mw_special_days_set (&r->m, &w.days), MW_OK);
  CHECK_EQ (mw_calendar_set_passive (&r->m, &w.c), MW_OK);
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  look_back (&w, reading_of (r));
  while (utc_minute (r) < (DAYS - 20) * 1440 && wrong < 3) {
    mw_meter_run (&r->m, 60);
    walk (&w, reading_of (r), true);
    minutes++;
    if (troubled && below (3000) == 0)
      outage (r, &w);
    if (troubled && below (9000) == 0)
      adjust (r, &w);
    if (!agrees (r, &w)) {
      const date_row *d = &dates[reading_of (r) / 1440];
      printf ("    seed %u, %04d-%02d-%02d %02d:%02d: tariff %u for %u, relay %d for %d\n",
              start, d->year, d->month, d->day, reading_of (r) / 60 % 24, reading_of (r) % 60,
              mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), w.tariff,
              mw_switch_of (&r->m, MW_SWITCH_LOAD)->state == MW_CONNECTED, w.relay);
      wrong++;
      look_back (&w, reading_of (r));
    }
  }
  CHECK_EQ (wrong, 0);
  CHECK (minutes > 300 * 1440);
  rig_free (r);
}

static void
test_years (void)
{
  count_days ();
  find_daylight_saving ();
  CHECK_EQ (dates[485].month * 100 + dates[485].day, 229); /* 2028-02-29, a Tuesday */
  CHECK_EQ (dates[485].weekday, 2);
  for (uint32_t s = 1; s <= 2; s++)
    one_year (s, false);
  for (uint32_t s = 11; s <= 13; s++)
    one_year (s, true);
}

/* --- single cases ---------------------------------------------------------------------------
 */

static mw_calendar
day_of_actions (const mw_action *actions, unsigned n)
{
  mw_calendar c;
  memset (&c, 0, sizeof c);
  c.name = numbered ('N', 7);
  c.seasons = c.weeks = c.days = 1;
  c.season[0].start = on (1, 1);
  c.season[0].week = c.week[0].name = numbered ('W', 1);
  memset (c.week[0].day, 1, 7);
  c.day[0].id = 1;
  c.day[0].n = (uint8_t) n;
  memcpy (c.day[0].action, actions, n * sizeof *actions);
  return c;
}

/* 02:30 does not exist on 28 March 2027: what was to happen then happens at the jump, and what
 * follows at 03:15 is not late.  On 31 October it happens once, in the first of the two hours.
 */
static void
test_daylight_saving (void)
{
  static const mw_action actions[] = { { 1, 0, 0, MW_TABLE_TARIFF, 1 },
                                       { 2, 30, 0, MW_TABLE_TARIFF, 2 },
                                       { 3, 15, 0, MW_TABLE_TARIFF, 3 } };
  mw_calendar c = day_of_actions (actions, 3);
  mw_name six = { 2, { 0, 6 } };
  rig *r = rig_new (3, "2027-03-28T00:00:00");
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  rig_until (r, "2027-03-28T01:59:59");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 1);
  rig_until (r, "2027-03-28T02:00:00"); /* 03:00 from now on */
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  rig_until (r, "2027-03-28T02:14:59");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  rig_until (r, "2027-03-28T02:15:00");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 3);
  rig_until (r, "2027-10-31T01:30:00"); /* 02:30 of summer time */
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  CHECK_EQ (mw_activation_set_active (&r->m, MW_ACTIVATE_ENERGY, &six), MW_OK);
  rig_until (r, "2027-10-31T03:14:59"); /* the second 02:30 is over */
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 6);
  rig_until (r, "2027-10-31T03:15:00");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 3);
  rig_free (r);
}

/* In the second of the two hours the supply returns, or the calendar is replaced: what is in
 * force is what the first hour ended with, and 03:00 is not late. */
static void
test_hour_that_comes_twice (void)
{
  static const mw_action actions[] = { { 1, 0, 0, MW_TABLE_TARIFF, 1 },
                                       { 2, 45, 0, MW_TABLE_TARIFF, 2 },
                                       { 3, 0, 0, MW_TABLE_TARIFF, 3 } };
  mw_calendar c = day_of_actions (actions, 3);
  rig *r = rig_new (3, "2027-10-30T12:00:00");
  mw_setting_set (&r->m, MW_SET_RTC_BACKUP_TYPE, 3);
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  rig_until (r, "2027-10-31T02:10:00"); /* the second time */
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  mw_meter_power (&r->m, false);
  rig_until (r, "2027-10-31T02:20:00");
  mw_meter_power (&r->m, true);
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  rig_until (r, "2027-10-31T02:59:59");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 2);
  rig_until (r, "2027-10-31T03:00:00");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 3);
  rig_free (r);
}

/* A change over whose time passes while the supply is off, or that the clock is set over, is
 * not lost; one with a time to come waits; one of today is at once (manual 5.4.2.5, 5.4.2.6).
 */
static void
test_activation_missed (void)
{
  static const mw_action actions[] = { { 0, 0, 0, MW_TABLE_TARIFF, 5 } };
  mw_calendar c = day_of_actions (actions, 1);
  mw_civil when = pattern ("2026-02-03T10:00:00"), today = pattern ("2026-02-02");
  for (unsigned way = 0; way < 3; way++) {
    rig *r = rig_new (3, "2026-02-02T12:00:00");
    mw_setting_set (&r->m, MW_SET_RTC_BACKUP_TYPE, 3);
    CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
    CHECK_EQ (mw_calendar_set_activation (&r->m, way == 2 ? &today : &when), MW_OK);
    CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), way == 2 ? 5 : 1);
    if (way == 0) {
      mw_meter_power (&r->m, false);
      rig_until (r, "2026-02-03T12:00:00");
      mw_meter_power (&r->m, true);
    } else if (way == 1) {
      mw_clock_set (&r->m, utc_of ("2026-02-03T12:00:00"));
    }
    CHECK (memcmp (mw_calendar_active (&r->m), &c, sizeof c) == 0);
    CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 5);
    CHECK (mw_when_empty (&r->m.st.calendar.activation));
    rig_free (r);
  }
}

/* Of two special days with one index the first alone counts (manual 5.4.3). */
static void
test_same_index (void)
{
  static const mw_action actions[] = { { 0, 0, 0, MW_TABLE_TARIFF, 5 } };
  mw_calendar c = day_of_actions (actions, 1);
  mw_special_days days = { 2, { { 4, on (2, 10), 9 }, { 4, on (2, 11), 9 } } };
  rig *r = rig_new (3, "2026-02-09T12:00:00");
  c.days = 2;
  c.day[1] = (mw_day){ 9, 1, { { 0, 0, 0, MW_TABLE_TARIFF, 7 } } };
  CHECK_EQ (mw_calendar_set_passive (&r->m, &c), MW_OK);
  CHECK_EQ (mw_calendar_activate (&r->m), MW_OK);
  CHECK_EQ (mw_special_days_set (&r->m, &days), MW_OK);
  rig_until (r, "2026-02-10T12:00:00");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 7);
  rig_until (r, "2026-02-11T12:00:00");
  CHECK_EQ (mw_tariff_active (&r->m, MW_ACTIVATE_ENERGY), 5);
  rig_free (r);
}

/* --- power fails while a calendar is replaced -----------------------------------------------
 */

static bool
is_one_of (const void *have, const void *a, const void *b, size_t len)
{
  return memcmp (have, a, len) == 0 || memcmp (have, b, len) == 0;
}

/* Write the passive calendar and its time of activation, live over it; power is cut after PART
 * sixteenths of write N of that. Returns whether it was not. */
static bool
replace_and_cut (uint64_t n, unsigned part, const mw_calendar *next)
{
  rig *r = rig_new (3, "2026-02-02T12:00:30");
  mw_civil when = pattern ("2026-02-02T12:02:00");
  mw_calendar old = *mw_calendar_active (&r->m);
  mw_meter_config config = { &r->nvm.nvm, 3, 7 };
  bool cut;
  r->nvm.power_cut_after = r->nvm.writes + n;
  r->nvm.cut_part = part;
  mw_calendar_set_passive (&r->m, next);
  mw_meter_commit (&r->m);
  mw_calendar_set_activation (&r->m, &when);
  mw_meter_commit (&r->m);
  mw_meter_run (&r->m, 180);
  cut = r->nvm.cut;
  r->nvm.cut = 0;
  r->nvm.power_cut_after = 0;
  mw_meter_init (&r->m, &config);
  CHECK_EQ (mw_meter_start (&r->m, utc_of ("2026-02-02T12:01:00")), MW_OK);
  CHECK (is_one_of (mw_calendar_active (&r->m), &old, next, sizeof old));
  CHECK (is_one_of (mw_calendar_passive (&r->m), &old, next, sizeof old));
  bool awaited = !mw_when_empty (&r->m.st.calendar.activation);
  bool done = memcmp (mw_calendar_active (&r->m), next, sizeof old) == 0;
  mw_meter_run (&r->m, 300);
  CHECK (memcmp (mw_calendar_active (&r->m), awaited || done ? next : &old, sizeof old) == 0);
  rig_free (r);
  return !cut;
}

static void
test_whole_or_not_at_all (void)
{
  static const unsigned parts[] = { 0, 8, 15 };
  mw_calendar next;
  uint64_t n = 0;
  seed = 5;
  random_calendar (&next);
  for (bool passed = false; !passed && check_failed == 0;) {
    n++;
    for (unsigned i = 0; i < 3; i++)
      passed = replace_and_cut (n, parts[i], &next);
  }
  printf ("%u power cuts\n", 3 * ((unsigned) n - 1));
  CHECK (n > 15);
}

CHECK_MAIN (test_years, test_daylight_saving, test_hour_that_comes_twice,
            test_activation_missed, test_same_index, test_whole_or_not_at_all)
