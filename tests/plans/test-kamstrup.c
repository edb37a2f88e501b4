/* test-kamstrup.c: plans of the editor, followed by the Kamstrup reference meter: its tariff
 * and its load relays agree with the simulation at every minute of a year.
 *
 * The meter interprets octets (core/kamstrup/kplan.h), the simulation the plan; they share no
 * code.  The octets are written here, a third time.
 */
#include "random-plan.h"
#include "simulate.h"
#include "xml.h"

#include "base/crc.h"
#define mw_day mw_core_day /* a type of the core has the name of a function of plans/ */
#include "core/kamstrup/kmeter.h"
#undef mw_day
#include "hal/host/nvm-file.h"

#ifndef SEEDS
#define SEEDS 1 /* plans of each kind; suite slow has more */
#endif
#define DAY_2000 10957

/* ---- octets ---- */

static void
u8 (GByteArray *b, guint x)
{
  guint8 octet = (guint8) x;
  g_byte_array_append (b, &octet, 1);
}

static void
u16 (GByteArray *b, guint x)
{
  u8 (b, x >> 8);
  u8 (b, x & 255);
}

static void
put_program (GByteArray *b, const MwPlanProgram *p)
{
  u8 (b, p->n);
  for (guint i = 0; i < p->n; i++) {
    u16 (b, p->step[i].minute);
    u8 (b, p->step[i].value);
  }
}

static void
put_days (GByteArray *b, const MwDayList *list)
{
  u16 (b, list->n);
  for (guint i = 0; i < list->n; i++)
    u16 (b, (guint) (list->day[i] - DAY_2000));
}

static void
put_tariff_plan (GByteArray *b, const MwTariffPlan *t)
{
  u8 (b, t->first_year - 2000u);
  u8 (b, t->years);
  for (guint y = 0; y < t->years; y++) {
    g_byte_array_append (b, t->summer[y].bits, 46);
    g_byte_array_append (b, t->holiday[y].bits, 46);
  }
  for (guint season = 0; season < 2; season++)
    for (guint day = 0; day < 3; day++)
      for (guint q = 0; q < 96; q += 2)
        u8 (b, (t->tariff[season][day][q] - 1u) | (t->tariff[season][day][q + 1] - 1u) << 4);
}

static void
put_period_plan (GByteArray *b, const MwPeriodPlan *p)
{
  static const MwPlanProgram silent;
  for (guint i = 0; i < MW_N_CONTROLS; i++) {
    const MwPeriodControl *c = &p->control[i];
    guint working = 0;
    for (guint d = 0; d < 7; d++)
      working |= (guint) !c->non_working[d] << d;
    u8 (b, working);
    for (guint period = 0; period < MW_N_PERIODS; period++) {
      u8 (b, c->used ? c->start[period].month : 1);
      u8 (b, c->used ? c->start[period].day : 1);
    }
    for (guint period = 0; period < MW_N_PERIODS; period++)
      for (guint kind = 0; kind < MW_N_PERIOD_DAYS; kind++)
        put_program (b, c->used ? &c->program[period][kind] : &silent);
    put_days (b, &c->exceptions);
  }
}

static void
put_track (GByteArray *b, const MwCalendarTrack *t)
{
  u8 (b, t->seasons);
  if (t->seasons == 0)
    return;
  u8 (b, t->shifts);
  for (guint i = 0; i < t->shifts; i++) {
    u8 (b, t->shift[i].from.month);
    u8 (b, t->shift[i].from.day);
    u8 (b, t->shift[i].season + 1u);
  }
  for (guint s = 0; s < t->seasons; s++) {
    guint week = 0;
    for (guint d = 0; d < 7; d++)
      week |= (guint) t->season[s].week[d] << (2 * d);
    u16 (b, week);
    for (guint kind = 0; kind < MW_N_CAL_DAYS; kind++)
      put_program (b, &t->season[s].program[kind]);
  }
}

static void
put_calendar_plan (GByteArray *b, const MwCalendarPlan *c)
{
  put_days (b, &c->exceptions);
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++)
    put_track (b, &c->plan[i]);
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    u8 (b, c->load[i].mode);
    if (c->load[i].mode == MW_LOAD_OWN)
      put_track (b, &c->load[i].track);
    if (c->load[i].mode == MW_LOAD_FOLLOW) {
      u8 (b, 0);
      u8 (b, c->load[i].on_tariffs);
    }
  }
}

static void
put_dst_plan (GByteArray *b, const MwDstPlan *d)
{
  u8 (b, (guint) d->shift);
  u8 (b, d->years);
  for (guint i = 0; i < d->years; i++) {
    u16 (b, (guint) (d->from[i].day - DAY_2000));
    u16 (b, d->from[i].minute);
    u16 (b, (guint) (d->until[i].day - DAY_2000));
    u16 (b, d->until[i].minute);
  }
}

static GByteArray *
octets_of (const MwPlan *plan)
{
  GByteArray *b = g_byte_array_new ();
  static const guint8 kinds[] = { [MW_PLAN_TARIFF] = MW_KPLAN_TARIFF,
                                  [MW_PLAN_PERIOD] = MW_KPLAN_PERIOD,
                                  [MW_PLAN_CALENDAR] = MW_KPLAN_CALENDAR,
                                  [MW_PLAN_DST] = MW_KPLAN_DST };
  u8 (b, kinds[plan->kind]);
  u8 (b, 1);
  if (plan->kind == MW_PLAN_TARIFF)
    put_tariff_plan (b, &plan->u.tariff);
  else if (plan->kind == MW_PLAN_PERIOD)
    put_period_plan (b, &plan->u.period);
  else if (plan->kind == MW_PLAN_CALENDAR)
    put_calendar_plan (b, &plan->u.calendar);
  else
    put_dst_plan (b, &plan->u.dst);
  u16 (b, mw_crc_x25 (b->data, b->len));
  return b;
}

/* ---- the meter ---- */

typedef struct {
  mw_kmeter k;
  mw_nvm_file nvm;
  mw_kmodel model;
} Meter;

static Meter *
meter_new (unsigned kind, gint64 utc)
{
  static const guint16 column[] = { MW_KV_RTC, MW_KV_A14 };
  Meter *m = g_new0 (Meter, 1);
  m->model = (mw_kmodel){ .name = "test", .phases = 3, .plan = (guint8) kind };
  m->model.log[MW_KLOG_LOAD_PROFILE] = (mw_klog_table){ column, 2, 100, 65536 };
  mw_kmeter_config config = { &m->nvm.nvm, &m->model, 1, 1, 1, 1 };
  g_assert_cmpint (mw_nvm_file_open (&m->nvm, NULL, MW_KMETER_NVM, 4096), ==, MW_OK);
  mw_kmeter_init (&m->k, &config);
  g_assert_cmpint (mw_kmeter_start (&m->k, utc), ==, MW_OK);
  return m;
}

static void
meter_free (Meter *m)
{
  mw_nvm_file_close (&m->nvm);
  g_free (m);
}

static void
program_plan (Meter *m, unsigned kind, const MwPlan *plan)
{
  g_autoptr (GByteArray) b = octets_of (plan);
  g_assert_cmpint (mw_kplan_set (&m->k, kind, b->data, b->len), ==, MW_OK);
}

/* What the simulation does not know yet the meter may have as it likes. */
static void
compare (const Meter *m, const MwSimState *s)
{
  const mw_kcontrol *c = &m->k.st.control;
  if (s->tariff != MW_SIM_NOTHING)
    g_assert_cmpint (c->tariff, ==, s->tariff);
  for (guint i = 0; i < MW_SIM_OUTPUTS; i++)
    if (s->output[i] != MW_SIM_NOTHING)
      g_assert_cmpint (c->load[i], ==, s->output[i]);
}

/* PLAN from FROM on for DAYS, the clock put forward as DST says. */
static void
follow (const MwPlan *plan, unsigned kind, const MwPlan *dst, gint64 from, guint days)
{
  MwSimClock clock = { 60, &dst->u.dst };
  gint64 until = from + days * G_GINT64_CONSTANT (86400);
  g_autoptr (MwSim) sim = mw_sim_new (plan, &clock, from, until);
  Meter *m = meter_new (kind, from);
  if (dst->u.dst.mode == MW_DST_LIST) {
    program_plan (m, MW_KPLAN_DST, dst);
    mw_kmeter_set (&m->k, MW_KV_DST_MODE, MW_KDST_PLAN);
  }
  if (plan->kind == MW_PLAN_CALENDAR)
    mw_kmeter_set (&m->k, MW_KV_TARIFF_PLAN, plan->u.calendar.selected + 1);
  program_plan (m, kind, plan);
  for (gint64 t = from; t < until; t += 60) {
    g_assert_cmpint (m->k.m.st.clock.utc, ==, t);
    g_assert_cmpint (mw_clock_deviation (&m->k.m), ==, mw_sim_clock_offset (&clock, t));
    compare (m, mw_sim_at (sim, t));
    if (t / 60 % 10000 == 7777) { /* a day in the dark now and then */
      mw_kmeter_power (&m->k, FALSE);
      mw_kmeter_run (&m->k, 86400);
      t += 86400 - 60;
      mw_kmeter_power (&m->k, TRUE);
    } else {
      mw_kmeter_run (&m->k, 60);
    }
  }
  meter_free (m);
}

/* A plan for the clock: the Union's, or a list of years. */
static MwPlan *
clock_plan (guint seed, int year)
{
  MwPlan *dst = mw_plan_new (MW_PLAN_DST, year);
  MwDstPlan *d = &dst->u.dst;
  memset (d, 0, sizeof *d);
  d->mode = seed % 2 ? MW_DST_LIST : MW_DST_EU;
  d->shift = d->mode == MW_DST_LIST && seed % 3 == 0 ? 30 : 60;
  if (d->mode == MW_DST_EU)
    return dst;
  d->years = 4;
  for (int i = 0; i < 4; i++) { /* of the south, for every other: it begins in October */
    gboolean south = seed % 4 == 1;
    d->from[i] = (MwDstMoment){ mw_day (year - 1 + i, south ? 10 : 4, 3 + i), 120 };
    d->until[i] = (MwDstMoment){ mw_day (year - 1 + i + south, south ? 3 : 9, 20 + i), 180 };
  }
  return dst;
}

static void
test_year (gconstpointer data)
{
  MwPlanKind kind = (MwPlanKind) GPOINTER_TO_INT (data);
  static const guint8 kinds[] = { [MW_PLAN_TARIFF] = MW_KPLAN_TARIFF,
                                  [MW_PLAN_PERIOD] = MW_KPLAN_PERIOD,
                                  [MW_PLAN_CALENDAR] = MW_KPLAN_CALENDAR };
  for (guint seed = 0; seed < SEEDS; seed++) {
    g_autoptr (MwPlan) plan = random_plan (kind, seed * 17 + 3);
    /* The octets count days from 2000 on, and clock_plan begins a year before. */
    int year = kind == MW_PLAN_TARIFF ? MAX (plan->u.tariff.first_year, 2001) : 2027;
    g_autoptr (MwPlan) dst = clock_plan (seed + kind, year);
    follow (plan, kinds[kind], dst, (mw_day (year, 1, 1) + 1) * G_GINT64_CONSTANT (86400), 365);
  }
}

/* The example of the METERTOOL manual, Figures 47 to 51, through the two years of its days. */
static void
test_figures (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "figures-47-51.xml", NULL);
  g_autoptr (MwPlan) plan = mw_plan_load (path, &error);
  g_autoptr (MwPlan) dst = clock_plan (0, 2012);
  g_assert_no_error (error);
  follow (plan, MW_KPLAN_PERIOD, dst, mw_day (2011, 12, 20) * G_GINT64_CONSTANT (86400), 745);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/plans/kamstrup/tariff", GINT_TO_POINTER (MW_PLAN_TARIFF), test_year);
  g_test_add_data_func ("/plans/kamstrup/period", GINT_TO_POINTER (MW_PLAN_PERIOD), test_year);
  g_test_add_data_func ("/plans/kamstrup/calendar", GINT_TO_POINTER (MW_PLAN_CALENDAR),
                        test_year);
  g_test_add_func ("/plans/kamstrup/figures-47-51", test_figures);
  return g_test_run ();
}
