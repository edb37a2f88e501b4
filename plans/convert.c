/* convert.c: see convert.h.
 *
 *   plan ──day by day──► what each track does ──► seasons, kinds of day, programs ──► plan
 *     └──────────────── simulation ◄── compared at every change ──► simulation ────────┘
 *
 * Which days are alike is decided by what they do, not by what the plan calls them; names that
 * the new kind has (working day, holiday) are given to what occurs most on such days.
 */
#include "convert.h"

#include "day-steps.h"
#include "simulate.h"
#include "xml.h"

#include <string.h>

#define YEARS_MAX 25
#define GROUPS 64 /* programs that are told apart */
#define SEASONS 12

/* What a track does on a day, from 00:00 on, as one program. */
typedef struct {
  MwPlanProgram program[GROUPS];
  guint n;
  gboolean too_many;
} Programs;

typedef struct {
  const MwPlan *plan;
  MwDay first;
  guint days;
  guint8 *season;   /* of each day: index as the plan has it */
  guint8 *group[3]; /* of each day and output: index into programs */
  gboolean used[3];
  Programs programs[3]; /* tariff, outputs 1 and 2 */
  guint seasons;        /* that occur: 1 + the greatest */
} Days;

static const MwTrack tracks[3] = { MW_TRACK_TARIFF, MW_TRACK_OUTPUT_1, MW_TRACK_OUTPUT_2 };

static guint
find_program (Programs *p, const MwPlanProgram *program)
{
  for (guint i = 0; i < p->n; i++)
    if (memcmp (&p->program[i], program, sizeof *program) == 0)
      return i;
  if (p->n == GROUPS) {
    p->too_many = TRUE;
    return 0;
  }
  p->program[p->n] = *program;
  return p->n++;
}

/* The program of one track on one day, with what holds at midnight as its first step. */
static MwPlanProgram
program_of (const MwSim *sim, MwDay day, guint track)
{
  MwPlanProgram p = { 0 };
  gint64 from = (gint64) day * 86400;
  guint i = mw_sim_find (sim, from);
  int before = -1;
  for (; i < sim->n && sim->stretch[i].from < from + 86400; i++) {
    const MwSimState *s = &sim->stretch[i].state;
    int value = track == 0 ? s->tariff : s->output[track - 1];
    gint64 at = MAX (sim->stretch[i].from, from) - from;
    if (value != before && value != MW_SIM_NOTHING)
      mw_plan_program_put (&p, (int) (at / 60), value, MW_PLAN_STEPS);
    before = value;
  }
  return p;
}

static Days *
read_days (const MwPlan *plan, int first_year, int years)
{
  static const MwSimClock clock = { 0, NULL };
  Days *d = g_new0 (Days, 1);
  d->plan = plan;
  d->first = mw_day (first_year, 1, 1);
  d->days = (guint) (mw_day (first_year + years, 1, 1) - d->first);
  d->season = g_new0 (guint8, d->days);
  g_autoptr (MwSim) sim = mw_sim_new (plan, &clock, (gint64) d->first * 86400,
                                      (gint64) (d->first + (MwDay) d->days) * 86400);
  guint all = mw_plan_tracks (plan);
  for (guint t = 0; t < 3; t++) {
    d->used[t] = (all >> tracks[t] & 1) != 0;
    d->group[t] = g_new0 (guint8, d->days);
  }
  for (guint i = 0; i < d->days; i++) {
    MwDay day = d->first + (MwDay) i;
    const MwSimState *noon = mw_sim_at (sim, (gint64) day * 86400 + 43200);
    d->season[i] = MIN (noon->season, SEASONS - 1);
    d->seasons = MAX (d->seasons, d->season[i] + 1u);
    for (guint t = 0; t < 3; t++)
      if (d->used[t]) {
        MwPlanProgram p = program_of (sim, day, t);
        d->group[t][i] = (guint8) find_program (&d->programs[t], &p);
      }
  }
  return d;
}

static void
free_days (Days *d)
{
  for (guint t = 0; t < 3; t++)
    g_free (d->group[t]);
  g_free (d->season);
  g_free (d);
}

/* ---- what occurs most ---- */

typedef gboolean (*Chooses) (const Days *d, guint i, int season, int weekday);

static gboolean
on_weekday (const Days *d, guint i, int season, int weekday)
{
  int w = mw_day_weekday (d->first + (MwDay) i);
  gboolean day = weekday == 0 ? w <= 5 : w == weekday; /* 0: Monday to Friday */
  return day && (season < 0 || d->season[i] == season);
}

/* The program that TRACK has most often on such days; NULL: there are none. */
static const MwPlanProgram *
usual (const Days *d, guint track, int season, int weekday)
{
  guint count[GROUPS] = { 0 }, best = 0, total = 0;
  for (guint i = 0; i < d->days; i++)
    if (on_weekday (d, i, season, weekday)) {
      count[d->group[track][i]]++;
      total++;
    }
  for (guint g = 1; g < GROUPS; g++)
    if (count[g] > count[best])
      best = g;
  return total ? &d->programs[track].program[best] : NULL;
}

static gboolean
does (const Days *d, guint track, guint i, const MwPlanProgram *program)
{
  return memcmp (&d->programs[track].program[d->group[track][i]], program, sizeof *program)
         == 0;
}

/* As many changes as the other kind takes; what is cut off is a loss, and found as one. */
static MwPlanProgram
cut (const MwPlanProgram *program, guint max)
{
  MwPlanProgram p = *program;
  p.n = (guint16) MIN (p.n, max);
  memset (p.step + p.n, 0, (MW_PLAN_STEPS - p.n) * sizeof p.step[0]);
  return p;
}

/* ---- to a tariff plan ---- */

static void
fill_slots (guint8 *slots, const MwPlanProgram *p)
{
  for (int i = 0; i < MW_TARIFF_PLAN_SLOTS; i++) {
    int value = p ? mw_plan_program_at (p, i * 15) : 1;
    slots[i] = (guint8) CLAMP (value, 1, MW_PLAN_TARIFFS);
  }
}

/* Winter is the season that 1 January is in, summer the next one that occurs. */
static void
two_seasons (const Days *d, int season[2])
{
  season[0] = d->season[0];
  season[1] = -2;
  for (guint i = 0; i < d->days && season[1] == -2; i++)
    if (d->season[i] != season[0])
      season[1] = d->season[i];
}

static void
to_tariff (const Days *d, int first_year, int years, MwTariffPlan *t)
{
  static const int weekdays[MW_N_TARIFF_DAYS] = { 0, 6, 7 };
  int season[2];
  two_seasons (d, season);
  memset (t, 0, sizeof *t);
  t->first_year = (guint16) first_year;
  t->years = (guint16) years;
  for (guint s = 0; s < 2; s++)
    for (guint k = 0; k < MW_N_TARIFF_DAYS; k++) {
      const MwPlanProgram *p = usual (d, 0, season[s], weekdays[k]);
      fill_slots (t->tariff[s][k], p ? p : usual (d, 0, season[0], weekdays[k]));
    }
  for (guint i = 0; i < d->days; i++) {
    MwDay day = d->first + (MwDay) i;
    int y = mw_day_year (day) - first_year, of_year = mw_day_of_year (day);
    guint s = d->season[i] == season[1];
    int weekday = mw_day_weekday (day);
    const MwPlanProgram *holiday = usual (d, 0, season[s], 7);
    const MwPlanProgram *own = usual (d, 0, season[s], weekday == 6 ? 6 : 0);
    mw_year_days_set (&t->summer[y], of_year, s == 1);
    if (weekday != 7 && holiday && own && !does (d, 0, i, own) && does (d, 0, i, holiday))
      mw_year_days_set (&t->holiday[y], of_year, TRUE);
  }
}

/* ---- to a period plan ---- */

/* The first day of the second year (or of the only one) at which season changes to TO. */
static MwMonthDay
season_start (const Days *d, int to, MwMonthDay otherwise)
{
  for (guint i = d->days > 366 ? 365 : 1; i < d->days; i++)
    if (d->season[i] == to && d->season[i - 1] != to) {
      int y, m, dom;
      mw_day_split (d->first + (MwDay) i, &y, &m, &dom);
      return (MwMonthDay){ (guint8) m, (guint8) dom };
    }
  return otherwise;
}

static void
to_control (const Days *d, guint track, const int season[2], MwPeriodControl *c)
{
  c->used = d->used[track];
  if (!c->used)
    return;
  /* Period B is winter: what is in force on 1 January. */
  c->start[MW_PERIOD_A] = season_start (d, season[1], (MwMonthDay){ 4, 1 });
  c->start[MW_PERIOD_B] = season_start (d, season[0], (MwMonthDay){ 10, 1 });
  const MwPlanProgram *program[2][2];
  for (guint p = 0; p < MW_N_PERIODS; p++) {
    int s = season[p == MW_PERIOD_A ? 1 : 0];
    program[p][0] = usual (d, track, s, 0) ? usual (d, track, s, 0) : usual (d, track, -1, 0);
    program[p][1] = usual (d, track, s, 7) ? usual (d, track, s, 7) : usual (d, track, -1, 7);
    for (guint k = 0; k < 2; k++)
      c->program[p][k] = cut (program[p][k], MW_PERIOD_CHANGES);
  }
  for (int w = 1; w <= 7; w++) {
    const MwPlanProgram *own = usual (d, track, season[0], w);
    c->non_working[w - 1] = own && memcmp (own, program[MW_PERIOD_B][0], sizeof *own) != 0
                            && memcmp (own, program[MW_PERIOD_B][1], sizeof *own) == 0;
  }
  for (guint i = 0; i < d->days; i++) {
    guint p = d->season[i] == season[1] ? MW_PERIOD_A : MW_PERIOD_B;
    MwDay day = d->first + (MwDay) i;
    if (!c->non_working[mw_day_weekday (day) - 1] && !does (d, track, i, program[p][0])
        && does (d, track, i, program[p][1]))
      mw_day_list_add (&c->exceptions, day, MW_EXCEPTION_DAYS);
  }
}

static void
to_period (const Days *d, MwPeriodPlan *p)
{
  int season[2];
  two_seasons (d, season);
  memset (p, 0, sizeof *p);
  for (guint t = 0; t < MW_N_CONTROLS; t++)
    to_control (d, t, season, &p->control[t]);
}

/* ---- to a calendar plan ---- */

static void
to_track (const Days *d, guint track, MwCalendarTrack *t)
{
  memset (t, 0, sizeof *t);
  t->seasons = (guint16) MIN (d->seasons, MW_CALENDAR_SEASONS);
  for (guint s = 0; s < t->seasons; s++) {
    static const int weekdays[MW_N_CAL_DAYS] = { 0, 6, 7 };
    for (guint k = 0; k < MW_N_CAL_DAYS; k++) {
      const MwPlanProgram *p = usual (d, track, (int) s, weekdays[k]);
      if (p)
        t->season[s].program[k] = cut (p, MW_CALENDAR_CHANGES);
    }
    for (int w = 1; w <= 7; w++) {
      const MwPlanProgram *own = usual (d, track, (int) s, w);
      guint16 kind = w == 7 ? MW_CAL_HOLIDAY : w == 6 ? MW_CAL_NON_WORKING : MW_CAL_WORKING;
      for (guint16 k = 0; own && k < MW_N_CAL_DAYS; k++)
        if (memcmp (own, &t->season[s].program[k], sizeof *own) == 0) {
          kind = k;
          break;
        }
      t->season[s].week[w - 1] = kind;
    }
  }
  guint from = d->days > 366 ? 365 : 1;
  for (guint i = from; i < MIN (d->days, from + 365) && t->shifts < MW_CALENDAR_SHIFTS; i++)
    if (d->season[i] != d->season[i - 1] && d->season[i] < t->seasons) {
      int y, m, dom;
      mw_day_split (d->first + (MwDay) i, &y, &m, &dom);
      t->shift[t->shifts++] = (MwSeasonShift){ { (guint8) m, (guint8) dom }, d->season[i] };
    }
  if (t->shifts == 0 && d->season[0] < t->seasons && d->season[0] > 0)
    t->shift[t->shifts++] = (MwSeasonShift){ { 1, 1 }, d->season[0] };
}

static void
to_calendar (const Days *d, MwCalendarPlan *c)
{
  memset (c, 0, sizeof *c);
  to_track (d, 0, &c->plan[0]);
  for (guint l = 0; l < MW_CALENDAR_LOADS; l++)
    if (d->used[l + 1]) {
      c->load[l].mode = MW_LOAD_OWN;
      to_track (d, l + 1, &c->load[l].track);
    }
  for (guint i = 0; i < d->days; i++) {
    MwDay day = d->first + (MwDay) i;
    const MwCalendarSeason *s =
        &c->plan[0].season[MIN (d->season[i], MAX (c->plan[0].seasons, 1) - 1)];
    const MwPlanProgram *own = &s->program[s->week[mw_day_weekday (day) - 1]];
    if (!does (d, 0, i, own) && does (d, 0, i, &s->program[MW_CAL_HOLIDAY]))
      mw_day_list_add (&c->exceptions, day, MW_CALENDAR_EXCEPTIONS);
  }
}

/* ---- to an activity plan ---- */

/* The script that sets the tariff and the outputs of STATE; 0: no room. */
static int
script_for (MwActivityPlan *a, const int value[3])
{
  MwActivityScript s = { .id = (guint16) (a->scripts + 1) };
  if (value[0] > 0 && value[0] <= MW_PLAN_TARIFFS) {
    s.action[s.n++] = (MwScriptAction){ MW_SCRIPT_ENERGY_TARIFF, (guint8) value[0] };
    s.action[s.n++] = (MwScriptAction){ MW_SCRIPT_DEMAND_TARIFF, (guint8) value[0] };
  }
  for (guint o = 1; o < 3; o++)
    if (value[o] == 0 || value[o] == 1)
      s.action[s.n++] =
          (MwScriptAction){ o == 1 ? MW_SCRIPT_RELAY : MW_SCRIPT_SERVICE, (guint8) value[o] };
  for (guint i = 0; i < a->scripts; i++)
    if (a->script[i].n == s.n && memcmp (a->script[i].action, s.action, sizeof s.action) == 0)
      return a->script[i].id;
  if (a->scripts == MW_ACTIVITY_SCRIPTS)
    return 0;
  a->script[a->scripts++] = s;
  return s.id;
}

/* The day profile for what day I does, made when it is new; 0: no room. */
static guint
profile_for (const Days *d, guint i, MwActivityPlan *a, guint8 *known)
{
  guint key = d->group[0][i] * 16u + (d->used[1] ? d->group[1][i] % 4u : 0) * 4u
              + (d->used[2] ? d->group[2][i] % 4u : 0);
  MwActivityDay day = { 0 };
  if (known[key])
    return known[key];
  for (int minute = 0; minute < MW_MINUTES_PER_DAY; minute++) {
    int value[3] = { -1, -1, -1 };
    gboolean step = FALSE;
    for (guint t = 0; t < 3; t++)
      if (d->used[t]) {
        const MwPlanProgram *p = &d->programs[t].program[d->group[t][i]];
        value[t] = mw_plan_program_at (p, minute);
        for (guint k = 0; k < p->n; k++)
          step |= p->step[k].minute == minute;
      }
    if (step)
      mw_plan_program_put (&day.program, minute, script_for (a, value), MW_ACTIVITY_ACTIONS);
  }
  if (a->days == MW_ACTIVITY_DAYS)
    return 0;
  day.id = (guint16) (a->days + 1);
  a->day[a->days++] = day;
  return known[key] = (guint8) day.id;
}

static MwPlanName
numbered (guint i)
{
  char text[8];
  g_snprintf (text, sizeof text, "%u", i + 1);
  return mw_plan_name (text);
}

/* The day of the week's usual profile in SEASON. */
static guint
usual_profile (const Days *d, int season, int weekday, MwActivityPlan *a, guint8 *known)
{
  guint count[GROUPS] = { 0 }, best = 0, where[GROUPS] = { 0 };
  for (guint i = 0; i < d->days; i++)
    if (on_weekday (d, i, season, weekday)) {
      guint g = d->group[0][i];
      where[g] = i;
      if (++count[g] > count[best])
        best = g;
    }
  return count[best] ? profile_for (d, where[best], a, known) : 0;
}

static void
to_activity (const Days *d, MwActivityPlan *a)
{
  g_autofree guint8 *known = g_new0 (guint8, GROUPS * 16);
  guint from = d->days > 366 ? 365 : 1;
  memset (a, 0, sizeof *a);
  a->name = mw_plan_name ("1");
  a->at_once = TRUE;
  for (guint s = 0; s < MIN (d->seasons, MW_ACTIVITY_WEEKS); s++) {
    a->week[a->weeks].name = numbered (s);
    for (int w = 1; w <= 7; w++)
      a->week[a->weeks].day[w - 1] = (guint8) MAX (usual_profile (d, (int) s, w, a, known), 1);
    a->weeks++;
  }
  for (guint i = from; i < MIN (d->days, from + 365) && a->seasons < MW_ACTIVITY_SEASONS; i++)
    if (d->season[i] != d->season[i - 1]) {
      int y, m, dom;
      mw_day_split (d->first + (MwDay) i, &y, &m, &dom);
      MwActivitySeason *s = &a->season[a->seasons];
      s->name = numbered (a->seasons++);
      s->start = (MwPlanDate){ MW_PLAN_ANY_YEAR, (guint8) m, (guint8) dom, MW_PLAN_ANY, 0 };
      s->week = numbered (d->season[i]);
    }
  if (a->seasons == 0) {
    a->season[0].name = mw_plan_name ("1");
    a->season[0].start = (MwPlanDate){ MW_PLAN_ANY_YEAR, 1, 1, MW_PLAN_ANY, 0 };
    a->season[0].week = numbered (d->season[0]);
    a->seasons = 1;
  }
  for (guint i = 0; i < d->days && a->specials < MW_ACTIVITY_SPECIALS; i++) {
    MwDay day = d->first + (MwDay) i;
    guint id = profile_for (d, i, a, known);
    if (id == 0 || d->season[i] >= a->weeks
        || a->week[d->season[i]].day[mw_day_weekday (day) - 1] == id)
      continue;
    int y, m, dom;
    mw_day_split (day, &y, &m, &dom);
    a->special[a->specials] = (MwActivitySpecial){
      a->specials, { (guint16) y, (guint8) m, (guint8) dom, MW_PLAN_ANY, 0 }, (guint16) id
    };
    a->specials++;
  }
}

/* ---- losses ---- */

static void
lose (GPtrArray *losses, char *text)
{
  g_ptr_array_add (losses, text);
}

static int
value_of (const MwSimState *s, guint track)
{
  int value = track == 0 ? s->tariff : s->output[track - 1];
  return value == MW_SIM_NOTHING ? -1 : value;
}

/* Minutes in which A and B do not do the same, and when first. */
static void
compare_track (const MwSim *a, const MwSim *b, guint track, GPtrArray *losses)
{
  static const char *const names[] = { "the tariff", "load control 1", "load control 2" };
  gint64 differ = 0, first = 0;
  int was = 0, is = 0;
  for (gint64 at = a->from; at < a->until;) {
    gint64 next = MIN (mw_sim_next_change (a, at), mw_sim_next_change (b, at));
    int x = value_of (mw_sim_at (a, at), track), y = value_of (mw_sim_at (b, at), track);
    next = MIN (next, a->until);
    if (x != y && x != -1) {
      if (differ == 0) {
        first = at;
        was = x;
        is = y;
      }
      differ += next - at;
    }
    at = next;
  }
  if (differ == 0)
    return;
  char day[12], time[6];
  mw_plan_day_text ((MwDay) (first / 86400), day);
  mw_plan_time_text ((int) (first % 86400 / 60), time);
  lose (losses, is < 0 ? g_strdup_printf ("%s is not controlled any more (%s %s: %d)",
                                          names[track], day, time, was)
                       : g_strdup_printf ("%s differs for %" G_GINT64_FORMAT
                                          " minutes, first on %s %s: %d instead of %d",
                                          names[track], differ / 60, day, time, is, was));
}

static void
find_losses (const MwPlan *from, const MwPlan *to, const Days *d, GPtrArray *losses)
{
  static const MwSimClock clock = { 0, NULL };
  gint64 start = (gint64) d->first * 86400, end = (gint64) (d->first + (MwDay) d->days) * 86400;
  g_autoptr (MwSim) a = mw_sim_new (from, &clock, start, end);
  g_autoptr (MwSim) b = mw_sim_new (to, &clock, start, end);
  for (guint t = 0; t < 3; t++)
    if (d->used[t])
      compare_track (a, b, t, losses);
}

MwPlan *
mw_plan_convert (const MwPlan *plan, MwPlanKind kind, int first_year, int years,
                 GPtrArray **losses)
{
  *losses = g_ptr_array_new_with_free_func (g_free);
  if (plan->kind == MW_PLAN_DST || kind == MW_PLAN_DST) {
    if (plan->kind == kind)
      return mw_plan_copy (plan);
    g_clear_pointer (losses, g_ptr_array_unref);
    return NULL;
  }
  if (plan->kind == kind)
    return mw_plan_copy (plan);
  if (plan->kind == MW_PLAN_TARIFF) {
    first_year = plan->u.tariff.first_year;
    years = plan->u.tariff.years;
  }
  years = CLAMP (years, 1, YEARS_MAX);
  Days *d = read_days (plan, first_year, years);
  MwPlan *made = mw_plan_new (kind, first_year);
  memcpy (made->title, plan->title, sizeof made->title);
  if (kind == MW_PLAN_TARIFF)
    to_tariff (d, first_year, years, &made->u.tariff);
  else if (kind == MW_PLAN_PERIOD)
    to_period (d, &made->u.period);
  else if (kind == MW_PLAN_CALENDAR)
    to_calendar (d, &made->u.calendar);
  else
    to_activity (d, &made->u.activity);
  mw_plan_tidy (made);
  find_losses (plan, made, d, *losses);
  free_days (d);
  return made;
}
