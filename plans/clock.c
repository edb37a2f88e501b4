/* clock.c: when the clock of a meter is moved, by its DST plan. */
#include "simulate.h"

/* One move of the clock: from UTC on it is `shift` minutes ahead of standard time. */
typedef struct {
  gint64 utc;
  int shift;
} Move;

#define MOVES_MAX (2 * MW_DST_YEARS)

static gint64
rule_local (const MwDstRule *r, int year)
{
  MwDay day = r->weekday ? mw_day_nth_weekday (year, r->month, r->weekday, r->week)
                         : mw_day (year, r->month, r->day);
  return ((gint64) day * MW_MINUTES_PER_DAY + r->minute) * 60;
}

static int
by_time (gconstpointer a, gconstpointer b, gpointer data)
{
  const Move *x = a, *y = b;
  return (x->utc > y->utc) - (x->utc < y->utc);
}

/* Directive 2000/84/EC: last Sunday of March and October, 01:00 UTC. */
static guint
moves_eu (int year, Move *moves)
{
  moves[0] = (Move){ ((gint64) mw_day_nth_weekday (year, 3, 7, 5) * 24 + 1) * 3600, 60 };
  moves[1] = (Move){ ((gint64) mw_day_nth_weekday (year, 10, 7, 5) * 24 + 1) * 3600, 0 };
  return 2;
}

/* The moves that matter around YEAR, in order. */
static guint
moves_around (const MwSimClock *clock, int year, Move *moves)
{
  const MwDstPlan *d = clock->dst;
  guint n = 0;
  int standard = clock->offset * 60;
  if (!d)
    return 0;
  for (int y = year - 1; y <= year + 1 && d->mode == MW_DST_EU; y++)
    n += moves_eu (y, moves + n);
  for (int y = year - 1; y <= year + 1 && d->mode == MW_DST_RULE; y++) {
    moves[n++] = (Move){ rule_local (&d->begin, y) - standard, d->shift };
    moves[n++] = (Move){ rule_local (&d->end, y) - standard - d->shift * 60, 0 };
  }
  for (guint i = 0; i < MIN (d->years, MW_DST_YEARS) && d->mode == MW_DST_LIST; i++) {
    gint64 from = ((gint64) d->from[i].day * MW_MINUTES_PER_DAY + d->from[i].minute) * 60;
    gint64 until = ((gint64) d->until[i].day * MW_MINUTES_PER_DAY + d->until[i].minute) * 60;
    moves[n++] = (Move){ from - standard, d->shift };
    moves[n++] = (Move){ until - standard - d->shift * 60, 0 };
  }
  g_qsort_with_data (moves, n, sizeof moves[0], by_time, NULL);
  return n;
}

static int
year_of (gint64 utc)
{
  gint64 day = utc / 86400 - (utc % 86400 < 0);
  return mw_day_year ((MwDay) day);
}

int
mw_sim_clock_offset (const MwSimClock *clock, gint64 utc)
{
  Move moves[MOVES_MAX];
  guint n = moves_around (clock, year_of (utc), moves);
  int shift = 0;
  for (guint i = 0; i < n && moves[i].utc <= utc; i++)
    shift = moves[i].shift;
  return clock->offset + shift;
}

gint64
mw_sim_clock_next (const MwSimClock *clock, gint64 utc)
{
  Move moves[MOVES_MAX];
  guint n = moves_around (clock, year_of (utc), moves);
  for (guint i = 0; i < n; i++)
    if (moves[i].utc > utc)
      return moves[i].utc;
  return G_MAXINT64;
}
