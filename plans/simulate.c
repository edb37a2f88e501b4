/* simulate.c: days of steps, put one after the other by the clock that follows them. */
#include "simulate.h"

#include "day-steps.h"

#include <string.h>

#define LOOK_BACK_DAYS 731

typedef struct {
  guint16 value[MW_N_TRACKS];
} State;

typedef struct {
  const MwPlan *plan;
  GArray *stretches;
  MwDaySteps steps; /* of the day in hand */
  State state;      /* at the end of what is built */
  gint64 reached;   /* the latest minute that the clock has shown, G_MININT64: none */
} Builder;

static MwSimState
state_of (const State *s)
{
  return (MwSimState){ (guint8) s->value[MW_TRACK_TARIFF],
                       (guint8) s->value[MW_TRACK_DEMAND],
                       { (guint8) s->value[MW_TRACK_OUTPUT_1],
                         (guint8) s->value[MW_TRACK_OUTPUT_2] },
                       (guint8) s->value[MW_TRACK_SEASON],
                       (guint8) s->value[MW_TRACK_DAY_KIND],
                       s->value[MW_TRACK_DAY_ID] };
}

/* What holds when the clock shows MINUTE (since 1970): the last step of each track, today or on
 * a day before. */
static State
state_at (Builder *b, gint64 minute)
{
  State s;
  guint missing = mw_plan_tracks (b->plan);
  for (guint t = 0; t < MW_N_TRACKS; t++)
    s.value[t] = MW_SIM_NOTHING;
  s.value[MW_TRACK_DAY_KIND] = MW_SIM_DAY_NONE;
  s.value[MW_TRACK_DAY_ID] = 0;
  MwDay today = (MwDay) (minute / MW_MINUTES_PER_DAY - (minute % MW_MINUTES_PER_DAY < 0));
  int limit = (int) (minute - (gint64) today * MW_MINUTES_PER_DAY);
  for (MwDay day = today; missing && day > today - LOOK_BACK_DAYS; day--) {
    mw_plan_day_steps (b->plan, day, &b->steps);
    guint known = 0;
    for (guint i = b->steps.n; i > 0; i--) {
      const MwTrackStep *step = &b->steps.step[i - 1];
      guint bit = 1u << step->track;
      if (step->minute <= limit && (missing & ~known & bit)) {
        s.value[step->track] = step->value;
        known |= bit;
      }
    }
    missing &= ~known;
    limit = MW_MINUTES_PER_DAY;
  }
  return s;
}

static void
push (Builder *b, gint64 utc, const State *s)
{
  MwSimStretch stretch = { utc, state_of (s) };
  if (b->stretches->len > 0) {
    MwSimStretch *last = &g_array_index (b->stretches, MwSimStretch, b->stretches->len - 1);
    if (memcmp (&last->state, &stretch.state, sizeof stretch.state) == 0)
      return;
    if (last->from == utc) {
      last->state = stretch.state;
      return;
    }
  }
  g_array_append_val (b->stretches, stretch);
}

static gint64
day_of (gint64 minute)
{
  return minute / MW_MINUTES_PER_DAY - (minute % MW_MINUTES_PER_DAY < 0);
}

static gboolean
is_action (const MwTrackStep *step)
{
  return step->track <= MW_TRACK_OUTPUT_2;
}

/* The minute of the last action of the minutes FROM to UNTIL; G_MININT64: there is none. */
static gint64
last_action (Builder *b, gint64 from, gint64 until)
{
  gint64 last = G_MININT64;
  for (gint64 day = day_of (from); day <= day_of (until); day++) {
    mw_plan_day_steps (b->plan, (MwDay) day, &b->steps);
    for (guint i = 0; i < b->steps.n; i++) {
      gint64 minute = day * MW_MINUTES_PER_DAY + b->steps.step[i].minute;
      if (is_action (&b->steps.step[i]) && minute >= from && minute <= until)
        last = minute;
    }
  }
  return last;
}

/* The clock of an activity plan jumps to MINUTE: of the actions that it leaves out the last one
 * is executed, and nothing that was executed before. */
static State
jump (Builder *b, gint64 minute)
{
  State s = b->state;
  gint64 last;
  if (minute <= b->reached)
    return s;
  last = last_action (b, b->reached + 1, minute);
  for (gint64 day = day_of (b->reached + 1); day <= day_of (minute); day++) {
    mw_plan_day_steps (b->plan, (MwDay) day, &b->steps);
    for (guint i = 0; i < b->steps.n; i++) {
      const MwTrackStep *step = &b->steps.step[i];
      gint64 at = day * MW_MINUTES_PER_DAY + step->minute;
      if (at > b->reached && at <= minute && (!is_action (step) || at == last))
        s.value[step->track] = step->value;
    }
  }
  return s;
}

/* FROM to UNTIL (UTC), during which the clock is OFFSET minutes ahead. */
static void
build (Builder *b, gint64 from, gint64 until, int offset)
{
  gboolean once = b->plan->kind == MW_PLAN_ACTIVITY;
  gint64 local = from / 60 - (from % 60 < 0) + offset;
  gint64 day = day_of (local);
  gint64 begun = once && b->reached != G_MININT64 ? MAX (local, b->reached) : local;
  State s = begun == local && b->reached == G_MININT64 ? state_at (b, local)
            : once                                     ? jump (b, local)
                                                       : state_at (b, local);
  push (b, from, &s);
  b->reached = MAX (begun, (until - 1) / 60 - ((until - 1) % 60 < 0) + offset);
  for (;; day++) {
    gint64 midnight = (day * MW_MINUTES_PER_DAY - offset) * 60;
    b->state = s;
    if (midnight >= until)
      return;
    mw_plan_day_steps (b->plan, (MwDay) day, &b->steps);
    for (guint i = 0; i < b->steps.n; i++) {
      const MwTrackStep *step = &b->steps.step[i];
      gint64 utc = midnight + step->minute * 60;
      b->state = s;
      if (utc >= until)
        return;
      if (day * MW_MINUTES_PER_DAY + step->minute <= begun)
        continue; /* is in S */
      s.value[step->track] = step->value;
      if (i + 1 == b->steps.n || step[1].minute != step->minute)
        push (b, utc, &s);
    }
  }
}

MwSim *
mw_sim_new (const MwPlan *plan, const MwSimClock *clock, gint64 from, gint64 until)
{
  Builder *b = g_new0 (Builder, 1);
  b->plan = plan;
  b->reached = G_MININT64;
  b->stretches = g_array_new (FALSE, FALSE, sizeof (MwSimStretch));
  MwSim *sim = g_new0 (MwSim, 1);
  sim->from = from;
  sim->until = until;
  sim->offset = clock->offset;
  sim->has_dst = clock->dst != NULL;
  if (clock->dst)
    sim->dst = *clock->dst;
  for (gint64 at = from; at < until;) {
    gint64 next = MIN (mw_sim_clock_next (clock, at), until);
    build (b, at, next, mw_sim_clock_offset (clock, at));
    at = next;
  }
  sim->n = b->stretches->len;
  sim->stretch = (MwSimStretch *) (void *) g_array_free (b->stretches, FALSE);
  g_free (b);
  return sim;
}

void
mw_sim_free (MwSim *sim)
{
  if (!sim)
    return;
  g_free (sim->stretch);
  g_free (sim);
}

static gint64
local_midnight (const MwSimClock *clock, int year)
{
  gint64 local = (gint64) mw_day (year, 1, 1) * 86400;
  gint64 utc = local - clock->offset * 60;
  return local - mw_sim_clock_offset (clock, utc) * 60;
}

void
mw_sim_span (const MwPlan *plan, const MwSimClock *clock, int first_year, gint64 *from,
             gint64 *until)
{
  gboolean own = plan->kind == MW_PLAN_TARIFF;
  int first = own ? plan->u.tariff.first_year : first_year;
  int years = own ? plan->u.tariff.years : MW_TARIFF_PLAN_YEARS;
  *from = local_midnight (clock, first);
  *until = local_midnight (clock, first + years);
}

guint
mw_sim_find (const MwSim *sim, gint64 utc)
{
  guint low = 0, high = sim->n;
  while (high - low > 1) {
    guint middle = (low + high) / 2;
    if (sim->stretch[middle].from <= utc)
      low = middle;
    else
      high = middle;
  }
  return low;
}

const MwSimState *
mw_sim_at (const MwSim *sim, gint64 utc)
{
  return &sim->stretch[mw_sim_find (sim, utc)].state;
}

gint64
mw_sim_next_change (const MwSim *sim, gint64 utc)
{
  guint i = mw_sim_find (sim, utc);
  return i + 1 < sim->n ? sim->stretch[i + 1].from : G_MAXINT64;
}

static guint
tariff_index (const MwSimState *state)
{
  return state->tariff <= MW_PLAN_TARIFFS ? state->tariff : 0;
}

void
mw_sim_year (const MwSim *sim, int year, gint64 seconds[MW_PLAN_TARIFFS + 1])
{
  MwSimClock clock = { sim->offset, sim->has_dst ? &sim->dst : NULL };
  gint64 from = MAX (local_midnight (&clock, year), sim->from);
  gint64 until = MIN (local_midnight (&clock, year + 1), sim->until);
  memset (seconds, 0, (MW_PLAN_TARIFFS + 1) * sizeof seconds[0]);
  if (sim->n == 0)
    return;
  for (guint i = mw_sim_find (sim, from); i < sim->n && sim->stretch[i].from < until; i++) {
    gint64 a = MAX (sim->stretch[i].from, from);
    gint64 b = i + 1 < sim->n ? MIN (sim->stretch[i + 1].from, until) : until;
    seconds[tariff_index (&sim->stretch[i].state)] += b - a;
  }
}

/* One interval of energy over the stretches that it touches. */
static void
use_interval (const MwSim *sim, gint64 from, gint64 until, gint64 value, MwSimUse *use)
{
  guint i = mw_sim_find (sim, from);
  gint64 given = 0;
  gboolean split = FALSE;
  use->intervals++;
  for (;; i++) {
    gint64 end = i + 1 < sim->n ? MIN (sim->stretch[i + 1].from, until) : until;
    gint64 share = (gint64) ((__int128) value * (end - from) / (until - from));
    use->per_tariff[tariff_index (&sim->stretch[i].state)] += share - given;
    given = share;
    if (end >= until)
      break;
    split |= tariff_index (&sim->stretch[i].state) != tariff_index (&sim->stretch[i + 1].state);
  }
  use->split += split;
}

void
mw_sim_use (const MwSim *sim, const gint64 *time, const gint64 *value, guint n, guint period,
            MwSimUse *use)
{
  memset (use, 0, sizeof *use);
  for (guint i = 0; i < n; i++) {
    gint64 from = time[i] - period;
    if (value[i] == G_MININT64)
      use->missing++;
    else if (period == 0 || sim->n == 0 || from < sim->from || time[i] > sim->until)
      use->outside++;
    else
      use_interval (sim, from, time[i], value[i], use);
  }
}
