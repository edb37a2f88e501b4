/* test-activity.c: activity plans of the editor, followed by the Mx381 reference meter: its
 * tariffs and its relays agree with the simulation at every minute of a year.
 *
 * The meter interprets its tables (core/calendar.h), the simulation the plan; they share no
 * code.
 */
#include "day-steps.h"
#include "random-plan.h"
#include "simulate.h"

#define mw_day mw_core_day /* a type of the core has the name of a function of plans/ */
#include "core/meter.h"
#undef mw_day
#include "hal/host/nvm-file.h"

#include <string.h>

#ifndef SEEDS
#define SEEDS 3 /* suite slow has more */
#endif

/* ---- the plan as the meter's tables ---- */

static mw_name
name_of (const MwPlanName *n)
{
  mw_name out = { n->len, { 0 } };
  memcpy (out.text, n->octets, n->len);
  return out;
}

static mw_civil
date_of (const MwPlanDate *d, int minute)
{
  mw_civil c = mw_civil_any ();
  c.year = d->year == MW_PLAN_ANY_YEAR ? MW_YEAR_ANY : d->year;
  c.month = d->month;
  c.day = d->day;
  c.weekday = d->weekday;
  if (minute >= 0) {
    c.hour = (uint8_t) (minute / 60);
    c.minute = (uint8_t) (minute % 60);
    c.second = 0;
  }
  return c;
}

static void
put_calendar (mw_meter *m, const MwActivityPlan *a)
{
  mw_calendar *c = g_new0 (mw_calendar, 1);
  c->name = name_of (&a->name);
  c->seasons = (uint8_t) a->seasons;
  c->weeks = (uint8_t) a->weeks;
  c->days = (uint8_t) a->days;
  for (guint i = 0; i < a->seasons; i++) {
    c->season[i].name = name_of (&a->season[i].name);
    c->season[i].start = date_of (&a->season[i].start, a->season[i].minute);
    c->season[i].week = name_of (&a->season[i].week);
  }
  for (guint i = 0; i < a->weeks; i++) {
    c->week[i].name = name_of (&a->week[i].name);
    memcpy (c->week[i].day, a->week[i].day, 7);
  }
  for (guint i = 0; i < a->days; i++) {
    c->day[i].id = (uint8_t) a->day[i].id;
    c->day[i].n = (uint8_t) a->day[i].program.n;
    for (guint k = 0; k < a->day[i].program.n; k++) {
      const MwPlanStep *s = &a->day[i].program.step[k];
      c->day[i].action[k] = (mw_action){ (uint8_t) (s->minute / 60), (uint8_t) (s->minute % 60),
                                         0, MW_TABLE_TARIFF, s->value };
    }
  }
  g_assert_cmpint (mw_calendar_set_passive (m, c), ==, MW_OK);
  g_free (c);
}

static void
put_scripts (mw_meter *m, const MwActivityPlan *a)
{
  static const guint8 kinds[MW_N_SCRIPT_KINDS][2] = {
    [MW_SCRIPT_ENERGY_TARIFF] = { MW_DO_ENERGY_MASK, MW_DO_ENERGY_MASK },
    [MW_SCRIPT_DEMAND_TARIFF] = { MW_DO_DEMAND_MASK, MW_DO_DEMAND_MASK },
    [MW_SCRIPT_RELAY] = { MW_DO_RELAY_OFF, MW_DO_RELAY_ON },
    [MW_SCRIPT_SERVICE] = { MW_DO_SERVICE_OFF, MW_DO_SERVICE_ON },
  };
  mw_script scripts[MW_SCRIPTS_MAX];
  memset (scripts, 0, sizeof scripts);
  for (guint i = 0; i < a->scripts; i++) {
    scripts[i].id = a->script[i].id;
    scripts[i].n = (uint8_t) a->script[i].n;
    for (guint k = 0; k < a->script[i].n; k++) {
      const MwScriptAction *x = &a->script[i].action[k];
      scripts[i].action[k].kind = kinds[x->kind][x->value == 1];
      scripts[i].action[k].name = (mw_name){ 2, { 0, x->value } };
    }
  }
  g_assert_cmpint (mw_tariff_scripts_set (m, scripts, a->scripts), ==, MW_OK);
}

static void
put_specials (mw_meter *m, const MwActivityPlan *a)
{
  mw_special_days days = { .n = (uint8_t) a->specials };
  for (guint i = 0; i < a->specials; i++)
    days.day[i] = (mw_special_day){ a->special[i].index, date_of (&a->special[i].date, -1),
                                    (uint8_t) a->special[i].day_id };
  g_assert_cmpint (mw_special_days_set (m, &days), ==, MW_OK);
}

/* ---- the meter ---- */

typedef struct {
  mw_meter m;
  mw_nvm_file nvm;
} Meter;

static Meter *
meter_new (gint64 utc)
{
  Meter *m = g_new0 (Meter, 1);
  mw_meter_config config = { &m->nvm.nvm, 3, 1 };
  g_assert_cmpint (mw_nvm_file_open (&m->nvm, NULL, MW_METER_NVM, 4096), ==, MW_OK);
  mw_meter_init (&m->m, &config);
  g_assert_cmpint (mw_meter_start (&m->m, utc), ==, MW_OK);
  return m;
}

static void
meter_free (Meter *m)
{
  mw_nvm_file_close (&m->nvm);
  g_free (m);
}

static void
program_plan (Meter *m, const MwActivityPlan *a)
{
  put_calendar (&m->m, a);
  put_scripts (&m->m, a);
  put_specials (&m->m, a);
  g_assert_cmpint (mw_calendar_activate (&m->m), ==, MW_OK);
}

/* ---- following ---- */

/* A script may say nothing of a track: what holds there before its first action is what the
 * meter had, not what the plan would have had.  From when on is each track the plan's? */
static void
find_known (const MwPlan *plan, MwDay first, gint64 known[MW_N_TRACKS])
{
  MwDaySteps *steps = g_new0 (MwDaySteps, 1);
  for (guint t = 0; t < MW_N_TRACKS; t++)
    known[t] = G_MAXINT64;
  for (MwDay day = first; day < first + 370; day++) {
    mw_plan_day_steps (plan, day, steps);
    for (guint i = 0; i < steps->n; i++)
      if (known[steps->step[i].track] == G_MAXINT64)
        known[steps->step[i].track] = (gint64) (day + 1) * 86400;
  }
  g_free (steps);
}

static guint
value_of (const mw_meter *m, MwTrack track)
{
  if (track == MW_TRACK_TARIFF)
    return mw_tariff_active (m, MW_ACTIVATE_ENERGY);
  if (track == MW_TRACK_DEMAND)
    return mw_tariff_active (m, MW_ACTIVATE_DEMAND);
  return mw_switch_of (m, track == MW_TRACK_OUTPUT_1 ? MW_SWITCH_LOAD : MW_SWITCH_SERVICE)
             ->state
         == MW_CONNECTED;
}

static guint
compare (const Meter *m, const MwSimState *s, gint64 t, const gint64 *known)
{
  const guint said[] = { s->tariff, s->demand_tariff, s->output[0], s->output[1] };
  guint compared = 0;
  for (guint i = 0; i < G_N_ELEMENTS (said); i++) {
    if (t < known[i] || said[i] == MW_SIM_NOTHING)
      continue;
    if (value_of (&m->m, (MwTrack) i) != said[i]) {
      g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (t);
      g_autofree char *when = g_date_time_format_iso8601 (at);
      g_test_message ("track %u at %s", i, when);
    }
    g_assert_cmpint (value_of (&m->m, (MwTrack) i), ==, said[i]);
    compared++;
  }
  return compared;
}

static void
follow (const MwPlan *plan, gint64 from, guint days, gboolean outages)
{
  const MwDstPlan eu = { .mode = MW_DST_EU, .shift = 60 };
  MwSimClock clock = { 60, &eu };
  gint64 until = from + days * G_GINT64_CONSTANT (86400), known[MW_N_TRACKS];
  g_autoptr (MwSim) sim = mw_sim_new (plan, &clock, from, until);
  Meter *m = meter_new (from);
  guint compared = 0;
  program_plan (m, &plan->u.activity);
  find_known (plan, (MwDay) (from / 86400) + 1, known);
  for (gint64 t = from; t < until; t += 60) {
    g_assert_cmpint (m->m.st.clock.utc, ==, t);
    g_assert_cmpint (mw_clock_deviation (&m->m), ==, mw_sim_clock_offset (&clock, t));
    compared += compare (m, mw_sim_at (sim, t), t, known);
    if (outages && t / 60 % 10000 == 7777) { /* an hour in the dark now and then */
      mw_meter_power (&m->m, FALSE);
      mw_meter_run (&m->m, 3600);
      mw_meter_power (&m->m, TRUE);
      t += 3600 - 60;
      for (guint i = 0; i < MW_N_TRACKS; i++) /* the last action missed is executed, no other */
        known[i] = i == MW_TRACK_TARIFF ? known[i] : G_MAXINT64;
    } else {
      mw_meter_run (&m->m, 60);
    }
  }
  /* A plan whose days in use have no action never says anything. */
  g_assert_true (compared > 0 || known[MW_TRACK_TARIFF] == G_MAXINT64);
  meter_free (m);
}

static void
test_year (void)
{
  for (guint seed = 0; seed < SEEDS; seed++) {
    g_autoptr (MwPlan) plan = random_plan (MW_PLAN_ACTIVITY, seed * 17 + 3);
    g_test_message ("seed %u", seed);
    follow (plan, (mw_day (2027, 1, 1) + 1) * G_GINT64_CONSTANT (86400), 365, seed % 2);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plans/activity/year", test_year);
  return g_test_run ();
}
