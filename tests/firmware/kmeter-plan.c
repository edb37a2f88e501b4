/* kmeter-plan.c: the plans that the Kamstrup meter executes: minute by minute against a second
 * reading of each plan, written here and straight from the plan's meaning; daylight saving,
 * leap days, clock settings, outages, commands; and power cut at every write of a replacement.
 */
#include "krig.h"

#include "base/crc.h"

#define DAY_2000 10957
#ifndef ROUNDS
#define ROUNDS 6 /* random plans of each kind; suite slow has more */
#endif

typedef struct bytes {
  uint8_t at[MW_KPLAN_MAX + 8];
  size_t n;
} bytes;

static void
u8 (bytes *b, unsigned x)
{
  b->at[b->n++] = (uint8_t) x;
}

static void
u16 (bytes *b, unsigned x)
{
  u8 (b, x >> 8);
  u8 (b, x & 255);
}

static void
seal (bytes *b)
{
  uint16_t crc = mw_crc_x25 (b->at, b->n);
  u16 (b, crc);
}

static unsigned
day_of (int year, int month, int day)
{
  return (unsigned) (mw_days_from_date (year, month, day) - DAY_2000);
}

static uint32_t
rnd (uint32_t *state, uint32_t below)
{
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 8) % below;
}

/* A plan as this test knows it: three tracks (tariff, load 1, load 2), for each day of a few
 * years a list of changes. */
#define YEARS 4
#define FIRST_YEAR 2026
typedef struct change {
  int minute, value;
} change;
typedef struct program {
  int n;
  change c[10];
} program;
typedef struct track {
  program day[366 * YEARS + 2]; /* from 1 January of FIRST_YEAR */
} track;

/* What holds on day D (0: 1 January of FIRST_YEAR) at MINUTE; -1: nothing yet. */
static int
holds (const track *t, int d, int minute)
{
  for (; d >= 0; d--, minute = 1440)
    for (int i = t->day[d].n - 1; i >= 0; i--)
      if (t->day[d].c[i].minute <= minute)
        return t->day[d].c[i].value;
  return -1;
}

static program
random_program (uint32_t *seed, int most, int values, int base)
{
  program p = { 0 };
  int minute = 0;
  int n = (int) rnd (seed, (uint32_t) most + 1);
  for (int i = 0; i < n && minute < 1440; i++) {
    minute += (int) rnd (seed, 1440 / (uint32_t) most) + (i > 0);
    if (minute < 1440)
      p.c[p.n++] = (change){ minute, base + (int) rnd (seed, (uint32_t) values) };
  }
  return p;
}

static void
put_program (bytes *b, const program *p)
{
  u8 (b, (unsigned) p->n);
  for (int i = 0; i < p->n; i++) {
    u16 (b, (unsigned) p->c[i].minute);
    u8 (b, (unsigned) p->c[i].value);
  }
}

/* N rising days of the years, into B and marked in IS. */
static void
random_days (bytes *b, uint32_t *seed, unsigned n, uint8_t *is)
{
  unsigned first = day_of (FIRST_YEAR, 1, 1), room = 366 * YEARS / n, day = 0;
  u16 (b, n);
  for (unsigned i = 0; i < n; i++) {
    day += 1 + rnd (seed, room - 1);
    is[day] = 1;
    u16 (b, first + day);
  }
}

static int
weekday_of (int d)
{
  return mw_weekday_from_days (mw_days_from_date (FIRST_YEAR, 1, 1) + d) - 1;
}

static int
date_of (int d)
{
  int year, month, day;
  mw_date_from_days (mw_days_from_date (FIRST_YEAR, 1, 1) + d, &year, &month, &day);
  return month * 100 + day;
}

/* One part of a period plan. */
static void
random_part (bytes *b, uint32_t *seed, bool load, track *t)
{
  uint8_t exception[366 * YEARS + 400] = { 0 };
  unsigned working = rnd (seed, 128);
  int a = (int) (100 + 100 * rnd (seed, 12) + 1 + rnd (seed, 28));
  int other = (int) (100 + 100 * rnd (seed, 12) + 1 + rnd (seed, 28));
  program p[4];
  u8 (b, working);
  u8 (b, (unsigned) a / 100);
  u8 (b, (unsigned) a % 100);
  u8 (b, (unsigned) other / 100);
  u8 (b, (unsigned) other % 100);
  for (int i = 0; i < 4; i++) {
    p[i] = random_program (seed, 8, load ? 2 : 8, load ? 0 : 1);
    put_program (b, &p[i]);
  }
  random_days (b, seed, 1 + rnd (seed, 250), exception);
  for (int d = 0; d < 366 * YEARS; d++) {
    int date = date_of (d);
    bool works = (working >> weekday_of (d) & 1) && !exception[d];
    /* In B from its date up to that of A. */
    bool in_b = other > a ? date >= other || date < a : date >= other && date < a;
    t->day[d] = p[2 * in_b + !works];
  }
}

static void
random_period_plan (bytes *b, uint32_t *seed, track t[3])
{
  b->n = 0;
  u8 (b, MW_KPLAN_PERIOD);
  u8 (b, 1);
  for (unsigned i = 0; i < 3; i++)
    random_part (b, seed, i > 0, &t[i]);
  seal (b);
}

/* A year of a calendar plan. */
static void
random_year (bytes *b, uint32_t *seed, bool load, const uint8_t *exception, track *t)
{
  int seasons = (int) rnd (seed, 5), shifts, from[8], season[8], date = 0;
  unsigned week[4];
  program p[4][3];
  memset (t, 0, sizeof *t);
  u8 (b, (unsigned) seasons);
  if (!seasons)
    return;
  shifts = (int) rnd (seed, 9);
  u8 (b, (unsigned) shifts);
  for (int i = 0; i < shifts; i++) { /* at most one and a half months apart */
    date += 1 + (int) rnd (seed, 43);
    from[i] = date_of (date);
    season[i] = (int) rnd (seed, (uint32_t) seasons);
    u8 (b, (unsigned) from[i] / 100);
    u8 (b, (unsigned) from[i] % 100);
    u8 (b, (unsigned) season[i] + 1);
  }
  for (int s = 0; s < seasons; s++) {
    week[s] = 0;
    for (unsigned d = 0; d < 7; d++)
      week[s] |= rnd (seed, 3) << (2 * d);
    u16 (b, week[s]);
    for (int i = 0; i < 3; i++) {
      p[s][i] = random_program (seed, 10, load ? 2 : 8, load ? 0 : 1);
      put_program (b, &p[s][i]);
    }
  }
  for (int d = 0; d < 366 * YEARS; d++) {
    int s = shifts ? season[shifts - 1] : 0;
    for (int i = 0; i < shifts; i++)
      if (from[i] <= date_of (d))
        s = season[i];
    t->day[d] = p[s][exception[d] ? 2 : week[s] >> (2 * weekday_of (d)) & 3];
  }
}

static void
random_calendar_plan (bytes *b, uint32_t *seed, unsigned chosen, track t[3])
{
  track *plan = calloc (3, sizeof *plan);
  uint8_t exception[366 * YEARS + 400] = { 0 };
  b->n = 0;
  u8 (b, MW_KPLAN_CALENDAR);
  u8 (b, 1);
  random_days (b, seed, 1 + rnd (seed, 200), exception);
  for (unsigned i = 0; i < 3; i++)
    random_year (b, seed, false, exception, &plan[i]);
  t[0] = plan[chosen - 1];
  for (unsigned load = 1; load <= 2; load++) {
    unsigned mode = rnd (seed, 3), follows = rnd (seed, 4), mask = rnd (seed, 256);
    memset (&t[load], 0, sizeof t[load]);
    u8 (b, mode);
    if (mode == 1)
      random_year (b, seed, true, exception, &t[load]);
    if (mode != 2)
      continue;
    u8 (b, follows);
    u8 (b, mask);
    t[load] = plan[follows ? follows - 1 : chosen - 1];
    for (int d = 0; d < 366 * YEARS; d++)
      for (int i = 0; i < t[load].day[d].n; i++)
        t[load].day[d].c[i].value = mask >> (t[load].day[d].c[i].value - 1) & 1;
  }
  seal (b);
  free (plan);
}

static void
random_tariff_plan (bytes *b, uint32_t *seed, track t[3])
{
  uint8_t summer[YEARS][366], holiday[YEARS][366];
  uint8_t tariff[6][96];
  memset (t, 0, 3 * sizeof *t);
  b->n = 0;
  u8 (b, MW_KPLAN_TARIFF);
  u8 (b, 1);
  u8 (b, FIRST_YEAR - 2000);
  u8 (b, YEARS);
  for (int y = 0; y < YEARS; y++) {
    unsigned begin = rnd (seed, 366), end = rnd (seed, 366);
    uint8_t bits[92] = { 0 };
    for (unsigned d = 0; d < 366; d++) {
      summer[y][d] = d >= begin && d < end;
      holiday[y][d] = rnd (seed, 20) == 0;
      bits[d / 8] = (uint8_t) (bits[d / 8] | summer[y][d] << d % 8);
      bits[46 + d / 8] = (uint8_t) (bits[46 + d / 8] | holiday[y][d] << d % 8);
    }
    for (unsigned i = 0; i < 92; i++)
      u8 (b, bits[i]);
  }
  for (unsigned i = 0; i < 6; i++) {
    for (unsigned q = 0; q < 96; q++)
      tariff[i][q] = (uint8_t) (q % 8 && rnd (seed, 3) ? tariff[i][q - 1] : 1 + rnd (seed, 8));
    for (unsigned q = 0; q < 96; q += 2)
      u8 (b, (tariff[i][q] - 1u) | (tariff[i][q + 1] - 1u) << 4);
  }
  seal (b);
  for (int d = 0, y = 0; d < 366 * YEARS && y < YEARS; d++) {
    int first = mw_days_from_date (FIRST_YEAR + y, 1, 1) - mw_days_from_date (FIRST_YEAR, 1, 1);
    int in_year = d - first, kind = weekday_of (d) == 5 ? 1 : 0;
    program p = { 0 };
    if (weekday_of (d) == 6 || holiday[y][in_year])
      kind = 2;
    /* Changes alone fit the program: a day has ten at most here, quarters are looked up. */
    for (unsigned q = 0; q < 96; q++) {
      int value = tariff[3 * summer[y][in_year] + kind][q];
      if (p.n == 0 || p.c[p.n - 1].value != value) {
        if (p.n < 10)
          p.c[p.n++] = (change){ (int) q * 15, value };
      }
    }
    t[0].day[d] = p;
    if (d + 1
        == mw_days_from_date (FIRST_YEAR + y + 1, 1, 1) - mw_days_from_date (FIRST_YEAR, 1, 1))
      y++;
  }
}

/* Daylight saving here: the last Sundays of March and October, 01:00 UTC. */
static int
offset_min (int64_t utc)
{
  mw_civil c = mw_civil_from_utc (utc, 0, 0);
  int32_t march = mw_days_from_date (c.year, 3, 31),
          october = mw_days_from_date (c.year, 10, 31);
  int64_t begin = (int64_t) (march - mw_weekday_from_days (march) % 7) * 86400 + 3600;
  int64_t end = (int64_t) (october - mw_weekday_from_days (october) % 7) * 86400 + 3600;
  return utc >= begin && utc < end ? 120 : 60;
}

/* Does the meter do now what T says? */
static bool
agrees (const krig *r, const track t[3], bool all)
{
  int64_t local = r->k.m.st.clock.utc + offset_min (r->k.m.st.clock.utc) * 60;
  int d = (int) (local / 86400) - mw_days_from_date (FIRST_YEAR, 1, 1);
  int minute = (int) (local % 86400 / 60);
  int want[3] = { 0 }, have[3];
  have[0] = r->k.st.control.tariff;
  have[1] = r->k.st.control.load[0];
  have[2] = r->k.st.control.load[1];
  for (unsigned i = 0; i < (all ? 3 : 1); i++) {
    want[i] = holds (&t[i], d, minute);
    if (want[i] >= 0 && want[i] != have[i]) {
      printf ("    channel %u, day %d (%d) minute %d: %d, not %d\n", i, d, date_of (d), minute,
              have[i], want[i]);
      return false;
    }
  }
  return true;
}

/* Program it, and follow it minute by minute over N days from some day on. */
static void
follow (const mw_kmodel *model, const bytes *b, const track t[3], unsigned chosen,
        uint32_t *seed, unsigned days)
{
  krig *r = krig_new (model, "2026-06-01T00:00:00");
  unsigned bad = 0;
  mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
  mw_kmeter_set (&r->k, MW_KV_TARIFF_PLAN, chosen);
  CHECK_EQ (mw_kplan_set (&r->k, model->plan, b->at, b->n), MW_OK);
  CHECK (agrees (r, t, true));
  mw_kmeter_set_clock (&r->k, utc_of ("2027-01-02T03:04:00") + rnd (seed, 300) * 86400);
  for (unsigned m = 0; m < days * 1440 && bad < 3; m++) {
    if (m % 5000 == 4999) /* somewhere else, and dark for a while */
      mw_kmeter_set_clock (&r->k, utc_of ("2027-03-01T00:00:00") + rnd (seed, 60 * 14000));
    if (m % 3000 == 2999) {
      mw_kmeter_power (&r->k, false);
      mw_kmeter_run (&r->k, 60 * rnd (seed, 3000));
      mw_kmeter_power (&r->k, true);
    } else {
      mw_kmeter_run (&r->k, 60);
    }
    bad += !CHECK (agrees (r, t, true));
  }
  krig_free (r);
}

static void
test_random_plans (void)
{
  track *t = calloc (3, sizeof *t);
  bytes *b = calloc (1, sizeof *b);
  uint32_t seed = 11;
  for (unsigned i = 0; i < ROUNDS; i++) {
    unsigned chosen = 1 + rnd (&seed, 3);
    random_period_plan (b, &seed, t);
    follow (&krig_period, b, t, 1, &seed, 12);
    random_calendar_plan (b, &seed, chosen, t);
    follow (&krig_direct, b, t, chosen, &seed, 12);
  }
  free (t);
  free (b);
}

/* A tariff plan of all that its layout has, quarter by quarter through more than a year. */
static void
test_tariff_plan (void)
{
  bytes *b = calloc (1, sizeof *b);
  krig *r = krig_new (&krig_tariff, "2026-01-01T00:00:00");
  /* 2026 and 2027: summer April to September; 25 December; by kind of day and quarter. */
  u8 (b, MW_KPLAN_TARIFF);
  u8 (b, 1);
  u8 (b, 26);
  u8 (b, 2);
  for (int y = 2026; y <= 2027; y++) {
    uint8_t bits[92] = { 0 };
    for (int d = (int) day_of (y, 4, 1); d < (int) day_of (y, 10, 1); d++) {
      int n = d - (int) day_of (y, 1, 1);
      bits[n / 8] = (uint8_t) (bits[n / 8] | 1 << n % 8);
    }
    bits[46 + 358 / 8] = (uint8_t) (1 << 358 % 8); /* day 359 of a year that is not leap */
    for (unsigned i = 0; i < 92; i++)
      u8 (b, bits[i]);
  }
  for (unsigned i = 0; i < 6; i++)
    for (unsigned q = 0; q < 96; q += 2)
      u8 (b, (q + i) % 8 | (q + 1 + i) % 8 << 4); /* tariff 1 + (quarter + kind) mod 8 */
  seal (b);
  mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
  CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_TARIFF, b->at, b->n), MW_OK);
  for (unsigned i = 0; i < 400 * 96; i++) {
    int64_t local = r->k.m.st.clock.utc + offset_min (r->k.m.st.clock.utc) * 60;
    mw_civil c = mw_civil_from_utc (local, 0, 0);
    unsigned kind = c.weekday == 7 || (c.month == 12 && c.day == 25) ? 2 : c.weekday == 6;
    unsigned quarter = c.hour * 4u + c.minute / 15u;
    if (c.month >= 4 && c.month <= 9)
      kind += 3;
    if (!CHECK (r->k.st.control.tariff == 1 + (quarter + kind) % 8))
      break;
    if (i % 7 == 3) { /* a command holds until the quarter ends (METERTOOL manual 3.5.1) */
      mw_kmeter_run (&r->k, 100);
      mw_ktariff_command (&r->k, 5);
      mw_kmeter_run (&r->k, 799);
      CHECK_EQ (r->k.st.control.tariff, 5);
      mw_kmeter_run (&r->k, 1);
    } else {
      mw_kmeter_run (&r->k, 900);
    }
  }
  krig_free (r);
  free (b);
}

/* The example of METERTOOL manual Figures 47 - 51: tariff control and load control 2. */
static void
metertool_example (bytes *b)
{
  static const struct {
    int y, m, d;
  } exceptions[] = { { 2011, 12, 25 }, { 2011, 12, 26 }, { 2012, 1, 1 },  { 2012, 4, 6 },
                     { 2012, 4, 8 },   { 2012, 4, 9 },   { 2012, 4, 30 }, { 2012, 5, 17 },
                     { 2012, 5, 27 },  { 2012, 5, 28 },  { 2012, 12, 25 } };
  static const program none = { 0 }, one = { 1, { { 0, 1 } } };
  static const program winter = { 2, { { 7 * 60, 2 }, { 22 * 60, 1 } } };
  static const program night = { 2, { { 7 * 60, 0 }, { 22 * 60, 1 } } };
  b->n = 0;
  u8 (b, MW_KPLAN_PERIOD);
  u8 (b, 1);
  for (unsigned part = 0; part < 3; part++) {
    const program *p[4] = { &one, &one, &winter, &one };
    for (unsigned i = 0; i < 4 && part; i++)
      p[i] = part == 1 ? &none : &night;
    u8 (b, 0x3f); /* Monday to Saturday */
    u16 (b, 4 << 8 | 1);
    u16 (b, 11 << 8 | 1);
    for (unsigned i = 0; i < 4; i++)
      put_program (b, p[i]);
    u16 (b, 11);
    for (unsigned i = 0; i < 11; i++)
      u16 (b, day_of (exceptions[i].y, exceptions[i].m, exceptions[i].d));
  }
  seal (b);
}

static void
at (krig *r, const char *time, unsigned tariff, bool load2)
{
  krig_until (r, time);
  CHECK_EQ (number (r, MW_KV_TARIFF), tariff);
  CHECK_EQ (number (r, MW_KV_LOAD2), load2);
  CHECK_EQ (number (r, MW_KV_LOAD1), 0);
}

static void
test_example_of_the_manual (void)
{
  krig *r = krig_new (&krig_period, "2011-12-23T12:00:00"); /* a Friday */
  bytes b;
  const uint8_t *data;
  metertool_example (&b);
  mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
  CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, b.at, b.n), MW_OK);
  CHECK_EQ (mw_kplan_get (&r->k, MW_KPLAN_PERIOD, &data), b.n);
  CHECK_MEM (data, b.n, b.at, b.n);
  at (r, "2011-12-23T12:00:01", 2, false);
  at (r, "2011-12-23T21:59:59", 2, false);
  at (r, "2011-12-23T22:00:00", 1, true);
  at (r, "2011-12-24T06:59:59", 1, true); /* Saturday is a working day */
  at (r, "2011-12-24T07:00:00", 2, false);
  at (r, "2011-12-25T12:00:00", 1, false); /* exceptions */
  at (r, "2011-12-26T12:00:00", 1, false);
  at (r, "2011-12-27T12:00:00", 2, false);
  CHECK_EQ (number (r, MW_KV_SEASON), 2);
  CHECK_EQ (number (r, MW_KV_DAY_KIND), MW_KDAY_WORKING);
  /* 2012 is a leap year; period A from 1 April, when the clock shows summer time. */
  at (r, "2012-02-29T12:00:00", 2, false);
  at (r, "2012-03-31T12:00:00", 2, false);
  at (r, "2012-04-02T06:59:59+02:00", 1, true);
  at (r, "2012-04-02T12:00:00+02:00", 1, false);
  CHECK_EQ (number (r, MW_KV_SEASON), 1);
  at (r, "2012-11-01T12:00:00", 2, false);
  krig_free (r);
}

/* A change that was missed in the dark is carried out; a command lives until the next change,
 * also through the dark. */
static void
test_commands_and_outages (void)
{
  krig *r = krig_new (&krig_period, "2011-12-05T12:00:00");
  bytes b;
  metertool_example (&b);
  mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
  mw_kplan_set (&r->k, MW_KPLAN_PERIOD, b.at, b.n);
  mw_ktariff_command (&r->k, 6);
  CHECK_EQ (mw_kload_command (&r->k, 1, true), MW_OK);
  at (r, "2011-12-05T15:00:00", 6, true);
  mw_kmeter_power (&r->k, false);
  at (r, "2011-12-05T16:00:00", 6, true);
  mw_kmeter_power (&r->k, true);
  at (r, "2011-12-05T17:00:00", 6, true); /* nothing was missed */
  mw_kmeter_power (&r->k, false);
  at (r, "2011-12-05T23:00:00", 6, true);
  mw_kmeter_power (&r->k, true);
  at (r, "2011-12-05T23:00:01", 1, true); /* 22:00 was */
  krig_cut (r, utc_of ("2011-12-06T08:00:00"));
  at (r, "2011-12-06T08:00:01", 2, false);
  mw_ktariff_command (&r->k, 6);
  mw_kmeter_set_clock (&r->k, utc_of ("2011-12-07T06:00:00"));
  at (r, "2011-12-07T06:00:01", 1, true);
  /* Without plan and with another source it stays. */
  CHECK_EQ (mw_kplan_remove (&r->k, MW_KPLAN_PERIOD), MW_OK);
  at (r, "2011-12-07T12:00:00", 1, true);
  krig_free (r);
}

/* Years of daylight saving by a list: one of the north, one of the south. */
static void
test_dst_plan (void)
{
  static const struct {
    const char *utc;
    int north, south;
  } rows[] = { { "2026-03-10T11:59:59Z", 60, 90 },  { "2026-03-10T12:00:00Z", 120, 90 },
               { "2026-04-04T16:29:59Z", 120, 90 }, { "2026-04-04T16:30:00Z", 120, 60 },
               { "2026-09-01T11:59:59Z", 120, 60 }, { "2026-09-01T12:00:00Z", 60, 60 },
               { "2026-10-03T15:00:00Z", 60, 90 },  { "2027-02-01T00:00:00Z", 60, 90 },
               { "2027-03-12T12:00:00Z", 120, 90 }, { "2027-09-03T12:00:00Z", 60, 60 },
               { "2028-07-01T00:00:00Z", 60, 60 } };
  for (unsigned south = 0; south < 2; south++) {
    krig *r = krig_new (&krig_direct, "2026-02-01T00:00:00");
    bytes b = { .n = 0 };
    u8 (&b, MW_KPLAN_DST);
    u8 (&b, 1);
    u8 (&b, south ? 30 : 60);
    u8 (&b, 2);
    if (south) { /* October to April, half an hour */
      u16 (&b, day_of (2025, 10, 4));
      u16 (&b, 120);
      u16 (&b, day_of (2026, 4, 4));
      u16 (&b, 1080); /* 18:00 of summer time, 16:30 UTC */
      u16 (&b, day_of (2026, 10, 3));
      u16 (&b, 960);
      u16 (&b, day_of (2027, 4, 3));
      u16 (&b, 180);
    } else {
      u16 (&b, day_of (2026, 3, 10));
      u16 (&b, 13 * 60);
      u16 (&b, day_of (2026, 9, 1));
      u16 (&b, 14 * 60);
      u16 (&b, day_of (2027, 3, 12));
      u16 (&b, 13 * 60);
      u16 (&b, day_of (2027, 9, 3));
      u16 (&b, 14 * 60);
    }
    seal (&b);
    CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_DST, b.at, b.n), MW_OK);
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DST_MODE, MW_KDST_PLAN), MW_OK);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
      krig_until (r, rows[i].utc);
      CHECK_EQ (mw_clock_deviation (&r->k.m), south ? rows[i].south : rows[i].north);
    }
    /* Back in time, and the same by setting the clock. */
    for (unsigned i = sizeof rows / sizeof *rows; i-- > 0;) {
      mw_kmeter_set_clock (&r->k, utc_of (rows[i].utc));
      CHECK_EQ (mw_clock_deviation (&r->k.m), south ? rows[i].south : rows[i].north);
    }
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DST_MODE, MW_KDST_NONE), MW_OK);
    mw_kmeter_set_clock (&r->k, utc_of ("2026-07-01T00:00:00Z"));
    CHECK_EQ (mw_clock_deviation (&r->k.m), 60);
    krig_free (r);
  }
}

/* Every octet changed, every length: never accepted but for a plan that is one. */
static void
test_damaged_plans (void)
{
  krig *r = krig_new (&krig_period, "2011-12-05T12:00:00");
  bytes b, bad;
  const uint8_t *data;
  metertool_example (&b);
  CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, b.at, b.n), MW_OK);
  for (size_t len = 0; len < b.n; len++)
    CHECK (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, b.at, len) != MW_OK);
  for (size_t i = 0; i < 8 * b.n; i++) {
    bad = b;
    bad.at[i / 8] = (uint8_t) (bad.at[i / 8] ^ 1 << i % 8);
    CHECK (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, bad.at, bad.n) != MW_OK);
  }
  /* Other kinds, too long, out of order. */
  CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_TARIFF, b.at, b.n), MW_ERR_UNSUPPORTED);
  CHECK_EQ (mw_kplan_begin (&r->k, MW_KPLAN_PERIOD, MW_KPLAN_MAX + 1), MW_ERR_SPACE);
  CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, b.at, b.n), MW_OK);
  CHECK_EQ (mw_kplan_begin (&r->k, MW_KPLAN_PERIOD, b.n), MW_OK);
  CHECK_EQ (mw_kplan_put (&r->k, 10, b.at + 10, 10), MW_ERR_STATE);
  CHECK_EQ (mw_kplan_put (&r->k, 0, b.at, 20), MW_OK);
  CHECK_EQ (mw_kplan_put (&r->k, 0, b.at, 20), MW_OK); /* came again */
  CHECK_EQ (mw_kplan_commit (&r->k), MW_ERR_STATE);
  CHECK_EQ (mw_kplan_put (&r->k, 20, b.at + 20, b.n - 20), MW_OK);
  CHECK_EQ (mw_kplan_put (&r->k, b.n, b.at, 1), MW_ERR_SPACE);
  CHECK_EQ (mw_kplan_commit (&r->k), MW_OK);
  CHECK_EQ (mw_kplan_commit (&r->k), MW_ERR_STATE);
  CHECK_EQ (mw_kplan_get (&r->k, MW_KPLAN_PERIOD, &data), b.n);
  krig_free (r);
}

/* Plans of every kind with octets changed and the check sum made right again: what is accepted
 * can be executed, what is refused leaves the old plan. */
static void
test_nearly_plans (void)
{
  const mw_kmodel *models[] = { &krig_tariff, &krig_period, &krig_direct };
  track *t = calloc (3, sizeof *t);
  bytes *b = calloc (1, sizeof *b), *bad = calloc (1, sizeof *bad);
  uint32_t seed = 77;
  unsigned taken = 0, refused = 0;
  for (unsigned round = 0; round < 3 * ROUNDS; round++) {
    krig *r = krig_new (models[round % 3], "2026-12-20T00:00:00");
    if (round % 3 == 0)
      random_tariff_plan (b, &seed, t);
    else if (round % 3 == 1)
      random_period_plan (b, &seed, t);
    else
      random_calendar_plan (b, &seed, 1, t);
    for (unsigned i = 0; i < 300; i++) {
      *bad = *b;
      for (unsigned n = 1 + rnd (&seed, 3); n; n--)
        bad->at[rnd (&seed, (uint32_t) bad->n - 2)] = (uint8_t) rnd (&seed, 256);
      bad->n -= 2 + (rnd (&seed, 4) ? 0 : rnd (&seed, 40));
      seal (bad);
      if (mw_kplan_set (&r->k, models[round % 3]->plan, bad->at, bad->n) == MW_OK) {
        taken++;
        mw_kmeter_run (&r->k, 86400 * (i % 50 == 0 ? 30 : 1));
      } else {
        refused++;
      }
      CHECK (number (r, MW_KV_TARIFF) >= 1 && number (r, MW_KV_TARIFF) <= 8);
    }
    krig_free (r);
  }
  CHECK (taken > 30 && refused > 30);
  free (t);
  free (b);
  free (bad);
}

/* Through the window of values, in blocks of any size, as a port does it. */
static void
test_window (void)
{
  krig *r = krig_new (&krig_period, "2026-05-04T12:00:00");
  bytes b, back = { .n = 0 };
  metertool_example (&b);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PLAN_KIND, MW_KPLAN_CALENDAR), MW_ERR_VALUE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PLAN_KIND, MW_KPLAN_PERIOD), MW_OK);
  CHECK_EQ (number (r, MW_KV_PLAN_LENGTH), 0);
  CHECK_EQ (mw_kmeter_set_text (&r->k, MW_KV_PLAN_BLOCK, b.at, 10), MW_ERR_STATE);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PLAN_LENGTH, (int64_t) b.n), MW_OK);
  for (size_t at_octet = 0, n = 0; at_octet < b.n; at_octet += n) {
    CHECK_EQ (number (r, MW_KV_PLAN_COMMIT), at_octet);
    CHECK (mw_kmeter_set (&r->k, MW_KV_PLAN_COMMIT, 1) != MW_OK);
    n = 1 + (at_octet * 7) % 64;
    n = n < b.n - at_octet ? n : b.n - at_octet;
    CHECK_EQ (mw_kmeter_set_text (&r->k, MW_KV_PLAN_BLOCK, b.at + at_octet, n), MW_OK);
  }
  CHECK_EQ (number (r, MW_KV_PLAN_LENGTH), 0); /* in the meter there is none yet */
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PLAN_COMMIT, 1), MW_OK);
  CHECK_EQ (number (r, MW_KV_PLAN_LENGTH), b.n);
  while (back.n < b.n) {
    mw_kvalue v;
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PLAN_OFFSET, (int64_t) back.n), MW_OK);
    CHECK_EQ (mw_kmeter_value (&r->k, MW_KV_PLAN_BLOCK, &v), MW_OK);
    CHECK (v.kind == MW_KVALUE_OCTETS && v.len > 0);
    if (v.len == 0)
      break;
    memcpy (back.at + back.n, v.octets, v.len);
    back.n += v.len;
  }
  CHECK_MEM (back.at, back.n, b.at, b.n);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_PLAN_LENGTH, 0), MW_OK);
  CHECK_EQ (number (r, MW_KV_PLAN_LENGTH), 0);
  krig_free (r);
}

/* A new plan while the power fails at write N: it is the old or the new one, the tariff is what
 * that plan says, and the meter lives. */
static void
test_power_cut_while_replacing (void)
{
  track *t = calloc (6, sizeof *t);
  bytes *old = calloc (1, sizeof *old), *new = calloc (1, sizeof *new);
  uint32_t seed = 5;
  unsigned olds = 0, news = 0;
  bool passed = false;
  random_period_plan (old, &seed, t);
  random_period_plan (new, &seed, t + 3);
  for (unsigned n = 1; !passed && n < 3000; n++) {
    krig *r = krig_new (&krig_period, "2026-05-04T12:00:00");
    const uint8_t *data;
    size_t len;
    mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
    CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_PERIOD, old->at, old->n), MW_OK);
    r->nvm.power_cut_after = r->nvm.writes + n;
    r->nvm.cut_part = n * 7 % 17;
    for (size_t i = 0; i < new->n; i += 100) {
      if (i == 0)
        CHECK_EQ (mw_kplan_begin (&r->k, MW_KPLAN_PERIOD, new->n), MW_OK);
      CHECK_EQ (mw_kplan_put (&r->k, i, new->at + i, new->n - i < 100 ? new->n - i : 100),
                MW_OK);
      mw_kmeter_run (&r->k, 600);
    }
    passed = mw_kplan_commit (&r->k) == MW_OK && !r->nvm.cut;
    r->nvm.cut = 0;
    r->nvm.power_cut_after = 0;
    krig_cut (r, utc_of ("2026-05-05T12:00:00"));
    len = mw_kplan_get (&r->k, MW_KPLAN_PERIOD, &data);
    if (len == new->n && memcmp (data, new->at, len) == 0) {
      news++;
      CHECK (agrees (r, t + 3, true));
    } else {
      olds++;
      CHECK_MEM (data, len, old->at, old->n);
      CHECK (agrees (r, t, true));
    }
    krig_free (r);
  }
  CHECK (passed && olds > 10 && news >= 1);
  printf ("%u times the old plan, %u times the new\n", olds, news);
  free (t);
  free (old);
  free (new);
}

/* Random summers and holidays of some years: looked at once an hour for two of them. */
static void
test_random_tariff_plans (void)
{
  track *t = calloc (3, sizeof *t);
  bytes *b = calloc (1, sizeof *b);
  uint32_t seed = 3;
  for (unsigned i = 0; i < 1 + ROUNDS / 4; i++) {
    krig *r = krig_new (&krig_tariff, "2026-01-01T00:00:00");
    unsigned bad = 0;
    random_tariff_plan (b, &seed, t);
    mw_kmeter_set (&r->k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
    CHECK_EQ (mw_kplan_set (&r->k, MW_KPLAN_TARIFF, b->at, b->n), MW_OK);
    for (unsigned h = 0; h < 24 * 800 && bad < 3; h++) {
      int64_t local = r->k.m.st.clock.utc + offset_min (r->k.m.st.clock.utc) * 60;
      int d = (int) (local / 86400) - mw_days_from_date (FIRST_YEAR, 1, 1);
      const program *p = &t[0].day[d];
      int minute = (int) (local % 86400 / 60);
      if (p->n < 10 || minute < p->c[9].minute)
        bad += !CHECK (agrees (r, t, false));
      mw_kmeter_run (&r->k, 3600);
    }
    krig_free (r);
  }
  free (t);
  free (b);
}

CHECK_MAIN (test_random_plans, test_tariff_plan, test_random_tariff_plans,
            test_example_of_the_manual, test_commands_and_outages, test_dst_plan,
            test_damaged_plans, test_nearly_plans, test_window, test_power_cut_while_replacing)
