/* simulate.h: what a plan does, from any instant to any other.
 *
 * The plan is followed by a clock: a fixed offset from UTC and a DST plan.
 *
 * Tariff, period and calendar plans: what holds at an instant depends on what that clock shows
 * then, and on nothing else: when the clock goes back an hour, the hour's changes come twice;
 * when it goes forward, the change that was skipped holds after it.
 *
 * Activity plans execute actions: each once.  When the clock goes back, those of the hour that
 * comes twice are executed the first time; when it goes forward, the last one of those that it
 * leaves out is executed at the jump, and no other (Mx381 manual 5.4.2).
 *
 * Seasons, days and steps that say nothing leave what held before; the simulation looks back as
 * far as two years for that.
 *
 *   MwSim = stretches of time with one state, in rising order, without gaps
 *
 * A simulation is immutable; it may be read from any thread.
 */
#ifndef MW_PLAN_SIMULATE_H
#define MW_PLAN_SIMULATE_H

#include "plan.h"

G_BEGIN_DECLS

#define MW_SIM_NOTHING 0xff /* nothing of the plan says what holds */
#define MW_SIM_OUTPUTS 2

/* What kind of day the plan takes a day for. */
typedef enum {
  MW_SIM_DAY_NONE,
  MW_SIM_WEEKDAY,
  MW_SIM_SATURDAY,
  MW_SIM_HOLIDAY, /* a Sunday too, in a tariff plan */
  MW_SIM_WORKING,
  MW_SIM_NON_WORKING,
  MW_SIM_EXCEPTION, /* an exception day or a special day */
  MW_SIM_PROFILE,   /* an activity plan's day profile: day_id */
} MwSimDay;

typedef struct {
  guint8 tariff;                 /* 1 … 8, or MW_SIM_NOTHING */
  guint8 demand_tariff;          /* of an activity plan; else as tariff */
  guint8 output[MW_SIM_OUTPUTS]; /* load control 1 and 2, or relay and service output: 0, 1 */
  guint8 season;                 /* index: summer 1 / winter 0, period A 0 / B 1, season */
  guint8 day_kind;               /* MwSimDay of the tariff control */
  guint16 day_id;
} MwSimState;

/* From FROM (UTC seconds) until the next stretch begins. */
typedef struct {
  gint64 from;
  MwSimState state;
} MwSimStretch;

/* The clock that follows the plan. */
typedef struct {
  gint16 offset;        /* minutes, standard time - UTC */
  const MwDstPlan *dst; /* NULL: none */
} MwSimClock;

typedef struct {
  gint64 from, until; /* UTC seconds */
  guint n;
  MwSimStretch *stretch; /* owned */
  MwDstPlan dst;
  gboolean has_dst;
  gint16 offset;
} MwSim;

/* The plan's own span in UTC of CLOCK: the years of a tariff plan; FIRST_YEAR and 25 years for
 * plans that have none of their own. */
void mw_sim_span (const MwPlan *plan, const MwSimClock *clock, int first_year, gint64 *from,
                  gint64 *until);
/* PLAN between FROM and UNTIL; a DST plan has one state and the changes of its clock are found
 * by mw_sim_clock_next. */
MwSim *mw_sim_new (const MwPlan *plan, const MwSimClock *clock, gint64 from, gint64 until);
void mw_sim_free (MwSim *sim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwSim, mw_sim_free)

/* Index of the stretch that holds at UTC, which must be within the simulation. */
guint mw_sim_find (const MwSim *sim, gint64 utc);
const MwSimState *mw_sim_at (const MwSim *sim, gint64 utc);
/* When the state changes next after UTC; G_MAXINT64: not within the simulation. */
gint64 mw_sim_next_change (const MwSim *sim, gint64 utc);

/* Seconds of each tariff in the local year YEAR, [0] is of no tariff. */
void mw_sim_year (const MwSim *sim, int year, gint64 seconds[MW_PLAN_TARIFFS + 1]);

/* Minutes that CLOCK is ahead of UTC. */
int mw_sim_clock_offset (const MwSimClock *clock, gint64 utc);
/* The next instant after UTC at which the clock is moved; G_MAXINT64: never. */
gint64 mw_sim_clock_next (const MwSimClock *clock, gint64 utc);

/* What the intervals of a load profile would have been per tariff.  VALUE[i] is the energy of
 * the PERIOD seconds that end at TIME[i] (G_MININT64: no value).  An interval in which the
 * tariff changes is divided by time; SPLIT counts those.  PER_TARIFF gets the sums in the unit
 * of VALUE, [0] of no tariff; what cannot be divided evenly goes to the later part, so that the
 * sum is that of the values.  Intervals outside the simulation are left out and counted in
 * OUTSIDE. */
typedef struct {
  gint64 per_tariff[MW_PLAN_TARIFFS + 1];
  guint intervals, split, missing, outside;
} MwSimUse;

void mw_sim_use (const MwSim *sim, const gint64 *time, const gint64 *value, guint n,
                 guint period, MwSimUse *use);

G_END_DECLS

#endif
