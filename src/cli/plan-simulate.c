/* plan-simulate.c: mw plan simulate: what a plan does, and what it would have done. */
#include <string.h>

#include "cli/plan.h"
#include "json.h"
#include "unit.h"

#define CHANGES_MAX 5000 /* lines of a list */

/* ---- the clock ---- */

/* The clock of this machine's place, unless another is said. */
typedef struct {
  MwSimClock clock;
  MwPlan *dst;
} Clock;

static void
clock_clear (Clock *c)
{
  mw_plan_free (c->dst);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Clock, clock_clear)

static int
offset_of_month (int month)
{
  g_autoptr (GDateTime) t = g_date_time_new_local (2026, month, 1, 12, 0, 0);
  return (int) (g_date_time_get_utc_offset (t) / G_TIME_SPAN_MINUTE);
}

static gboolean
parse_zone (const char *text, gint16 *offset)
{
  int hours, minutes, end = 0;
  char sign;
  if (sscanf (text, "%c%2d:%2d%n", &sign, &hours, &minutes, &end) != 3 || text[end] != 0
      || (sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
    return FALSE;
  *offset = (gint16) ((hours * 60 + minutes) * (sign == '-' ? -1 : 1));
  return TRUE;
}

/* FALSE: complained with *STATUS. */
static gboolean
clock_set (Clock *c, const MwPlanWish *wish, int *status)
{
  int january = offset_of_month (1), july = offset_of_month (7);
  *status = MW_EXIT_USAGE;
  c->clock.offset = (gint16) MIN (january, july);
  if (wish->zone && !parse_zone (wish->zone, &c->clock.offset)) {
    mw_cli_complain (*status, "“%s” is no offset from UTC; write +01:00.", wish->zone);
    return FALSE;
  }
  if (wish->dst && strcmp (wish->dst, "none") == 0)
    return TRUE;
  if (wish->dst && strcmp (wish->dst, "eu") != 0) {
    c->dst = mw_plan_verb_load (wish->dst, status);
    if (c->dst && c->dst->kind != MW_PLAN_DST) {
      *status = mw_cli_complain (MW_EXIT_USAGE, "%s is no daylight-saving plan.", wish->dst);
      g_clear_pointer (&c->dst, mw_plan_free);
    }
    if (c->dst == NULL)
      return FALSE;
  } else if (wish->dst || january != july) {
    c->dst = mw_plan_new (MW_PLAN_DST, 2000);
    memset (&c->dst->u.dst, 0, sizeof c->dst->u.dst);
    c->dst->u.dst.mode = MW_DST_EU;
    c->dst->u.dst.shift = 60;
  }
  c->clock.dst = c->dst ? &c->dst->u.dst : NULL;
  return TRUE;
}

static char *
time_text (const MwSimClock *clock, gint64 utc)
{
  return mw_cli_dup_time (utc, (gint16) mw_sim_clock_offset (clock, utc));
}

/* ---- states ---- */

static const char *
day_word (guint kind)
{
  static const char *const words[] = { "",
                                       "weekday",
                                       "Saturday",
                                       "holiday",
                                       "working day",
                                       "non-working day",
                                       "exception day",
                                       "day profile" };
  return kind < G_N_ELEMENTS (words) ? words[kind] : "";
}

static char *
value_text (guint8 value)
{
  return value == MW_SIM_NOTHING ? g_strdup ("-") : g_strdup_printf ("%u", value);
}

static void
append_value (GString *json, const char *name, guint8 value)
{
  if (value == MW_SIM_NOTHING)
    g_string_append_printf (json, ",\"%s\":null", name);
  else
    g_string_append_printf (json, ",\"%s\":%u", name, value);
}

static void
append_state (GString *json, const MwSimClock *clock, gint64 at, const MwSimState *s)
{
  g_autofree char *when = time_text (clock, at);
  g_string_append_printf (json, "{\"time\":\"%s\"", when);
  append_value (json, "tariff", s->tariff);
  append_value (json, "demand_tariff", s->demand_tariff);
  append_value (json, "output_1", s->output[0]);
  append_value (json, "output_2", s->output[1]);
  append_value (json, "season", s->season);
  g_string_append (json, ",\"day\":");
  mw_json_append_string (json, day_word (s->day_kind));
  g_string_append_c (json, '}');
}

static void
add_state (MwTable *table, const MwSimClock *clock, gint64 at, const MwSimState *s)
{
  g_autofree char *when = time_text (clock, at);
  g_autofree char *tariff = value_text (s->tariff);
  g_autofree char *one = value_text (s->output[0]);
  g_autofree char *two = value_text (s->output[1]);
  mw_table_add (table, when, tariff, one, two, day_word (s->day_kind), NULL);
}

/* The stretches FIRST to LAST, the first from FROM on. */
static void
print_states (MwCli *cli, const MwSim *sim, const MwSimClock *clock, gint64 from, guint first,
              guint last, const char *name)
{
  GString *json = g_string_new (NULL);
  MwTable *table =
      mw_table_new ("lrrrl", "TIME", "TARIFF", "OUTPUT 1", "OUTPUT 2", "DAY", NULL);
  g_string_append_printf (json, "{\"%s\":[", name);
  for (guint i = first; i <= last && i < sim->n; i++) {
    gint64 at = MAX (sim->stretch[i].from, from);
    if (i > first)
      g_string_append_c (json, ',');
    append_state (json, clock, at, &sim->stretch[i].state);
    add_state (table, clock, at, &sim->stretch[i].state);
  }
  g_string_append (json, "]}");
  if (cli->json)
    mw_cli_print_json (json);
  if (!cli->json)
    mw_table_print (table);
  g_string_free (json, TRUE);
}

static int
simulate_at (MwCli *cli, const MwPlanWish *wish, const MwPlan *plan, const MwSimClock *clock)
{
  g_autoptr (GError) error = NULL;
  gint64 at;
  if (!mw_cli_parse_time (wish->at, &at, &error))
    return mw_cli_fail (error);
  g_autoptr (MwSim) sim = mw_sim_new (plan, clock, at, at + 366 * 86400);
  print_states (cli, sim, clock, at, 0, 1, "states"); /* what holds, and what comes next */
  return MW_EXIT_DONE;
}

static int
simulate_window (MwCli *cli, const MwPlanWish *wish, const MwPlan *plan,
                 const MwSimClock *clock)
{
  g_autoptr (GError) error = NULL;
  gint64 from, to = G_MININT64;
  if (!mw_cli_parse_time (wish->from, &from, &error)
      || (wish->to && !mw_cli_parse_time (wish->to, &to, &error)))
    return mw_cli_fail (error);
  if (wish->to == NULL)
    to = from + 7 * 86400;
  if (to <= from || to - from > 26 * (gint64) 366 * 86400)
    return mw_cli_complain (MW_EXIT_USAGE, "--to must be later than --from, and within 25 "
                                           "years.");
  g_autoptr (MwSim) sim = mw_sim_new (plan, clock, from, to);
  if (sim->n > CHANGES_MAX && !cli->json)
    fprintf (stderr, "The first %d of %u changes:\n", CHANGES_MAX, sim->n);
  print_states (cli, sim, clock, from, 0, cli->json ? G_MAXUINT - 1 : CHANGES_MAX - 1,
                "states");
  return MW_EXIT_DONE;
}

/* ---- hours ---- */

static int
simulate_year (MwCli *cli, int year, const MwPlan *plan, const MwSimClock *clock)
{
  gint64 seconds[MW_PLAN_TARIFFS + 1];
  gint64 from = (gint64) mw_day (year, 1, 1) * 86400 - 86400;
  GString *json = g_string_new (NULL);
  if (year < 1990 || year > 2200)
    return mw_cli_complain (MW_EXIT_USAGE, "The year must be between 1990 and 2200.");
  g_autoptr (MwSim) sim = mw_sim_new (plan, clock, from, from + 369 * 86400);
  mw_sim_year (sim, year, seconds);
  MwTable *table = mw_table_new ("lr", "TARIFF", "HOURS", NULL);
  g_string_append_printf (json, "{\"year\":%d,\"hours\":{", year);
  const char *comma = "";
  for (guint t = 0; t <= MW_PLAN_TARIFFS; t++) {
    if (seconds[t] == 0)
      continue;
    g_autofree char *name = t ? g_strdup_printf ("%u", t) : g_strdup ("none");
    g_autofree char *hours = g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", seconds[t] / 3600,
                                              (int) (seconds[t] % 3600 * 100 / 3600));
    mw_table_add (table, name, hours, NULL);
    g_string_append_printf (json, "%s\"%s\":\"%s\"", comma, name, hours);
    comma = ",";
  }
  g_string_append (json, "}}");
  if (cli->json)
    mw_cli_print_json (json);
  else
    mw_table_print (table);
  g_string_free (json, TRUE);
  return MW_EXIT_DONE;
}

/* ---- a stored load profile ---- */

/* "1=0.31": exact, in 10^-6 of the currency. */
static gboolean
parse_prices (char **words, gint64 *price, gboolean *any)
{
  for (guint i = 0; words && words[i]; i++) {
    mw_decimal d;
    char *equal = strchr (words[i], '=');
    int tariff = words[i][0] - '0';
    if (equal != words[i] + 1 || tariff < 1 || tariff > MW_PLAN_TARIFFS
        || mw_decimal_parse (equal + 1, strlen (equal + 1), &d) != MW_OK
        || mw_decimal_rescale (d, -6, &d) != MW_OK || ABS (d.mantissa) > 1000000000000) {
      mw_cli_complain (MW_EXIT_USAGE,
                       "“%s” is no price; write 1=0.31 (tariff, price per unit).", words[i]);
      return FALSE;
    }
    price[tariff] = d.mantissa;
    *any = TRUE;
  }
  return TRUE;
}

static gboolean
is_energy (const MwColumn *c)
{
  return c->unit == MW_UNIT_WH;
}

/* Active import, of all tariffs (0) or one: OBIS 1-b:1.8.t or 1-b:1.29.t. */
static int
find_energy (const MwSeries *s, guint tariff)
{
  for (guint i = 0; i < s->n_columns; i++) {
    guint a, b, c, d, e;
    if (is_energy (&s->columns[i]) && s->columns[i].obis
        && sscanf (s->columns[i].obis, "%u-%u:%u.%u.%u", &a, &b, &c, &d, &e) == 5 && c == 1
        && (d == 8 || d == 29) && e == tariff)
      return (int) i;
  }
  return -1;
}

/* The energy of each interval: of readings that rise the difference to the one before. */
static void
intervals (const MwSeries *s, int column, gint64 *out)
{
  guint a, b, c, d = 0;
  sscanf (s->columns[column].obis, "%u-%u:%u.%u", &a, &b, &c, &d);
  for (guint r = 0; r < s->n_rows; r++) {
    gint64 now = s->values[(gsize) r * s->n_columns + (guint) column];
    gint64 before =
        r ? s->values[(gsize) (r - 1) * s->n_columns + (guint) column] : MW_NULL_VALUE;
    out[r] = G_MININT64;
    if (now == MW_NULL_VALUE)
      continue;
    if (d == 29)
      out[r] = now;
    else if (before != MW_NULL_VALUE && s->time[r] - s->time[r - 1] == s->period_s
             && now >= before)
      out[r] = now - before;
  }
}

static gint64
sum_of (const MwSeries *s, int column, gint64 *room)
{
  gint64 sum = 0;
  intervals (s, column, room);
  for (guint r = 0; r < s->n_rows; r++)
    sum += room[r] == G_MININT64 ? 0 : room[r];
  return sum;
}

typedef struct {
  MwSimUse use;
  gint64 did[MW_PLAN_TARIFFS + 1]; /* what the registers of the tariffs counted */
  gboolean known[MW_PLAN_TARIFFS + 1];
  gint64 price[MW_PLAN_TARIFFS + 1];
  gboolean priced;
  const MwColumn *column;
} Use;

static char *
energy_text (const Use *u, gint64 mantissa)
{
  char text[MW_DECIMAL_TEXT];
  mw_decimal_format (mw_decimal_of (mantissa, u->column->exponent - 3, MW_UNIT_WH), text,
                     sizeof text);
  return g_strdup (text); /* kWh */
}

/* Rounded to the hundredth, half away from zero. */
static char *
cost_text (const Use *u, guint tariff, gint64 mantissa)
{
  __int128 cost = (__int128) mantissa * u->price[tariff]; /* Wh × 10^exp × 10^-6 per kWh */
  int down = 7 - u->column->exponent;                     /* to 10^-2 */
  for (; down > 1; down--)
    cost /= 10;
  cost = (cost + (cost < 0 ? -5 : 5)) / 10;
  gint64 cents = (gint64) cost;
  return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%02d", cents < 0 ? "-" : "",
                          ABS (cents) / 100, (int) (ABS (cents) % 100));
}

static void
print_use (MwCli *cli, const Use *u)
{
  GString *json = g_string_new ("{\"unit\":\"kWh\",\"tariffs\":[");
  MwTable *table =
      u->priced
          ? mw_table_new ("lrrr", "TARIFF", "THIS PLAN [kWh]", "IT DID [kWh]", "COST", NULL)
          : mw_table_new ("lrr", "TARIFF", "THIS PLAN [kWh]", "IT DID [kWh]", NULL);
  const char *comma = "";
  for (guint t = 0; t <= MW_PLAN_TARIFFS; t++) {
    if (u->use.per_tariff[t] == 0 && !(u->known[t] && u->did[t]))
      continue;
    g_autofree char *name = t ? g_strdup_printf ("%u", t) : g_strdup ("none");
    g_autofree char *would = energy_text (u, u->use.per_tariff[t]);
    g_autofree char *did = u->known[t] ? energy_text (u, u->did[t]) : NULL;
    g_autofree char *cost = u->priced ? cost_text (u, t, u->use.per_tariff[t]) : NULL;
    mw_table_add (table, name, would, did ? did : "-", cost, NULL);
    g_string_append_printf (json, "%s{\"tariff\":\"%s\",\"plan\":\"%s\",\"did\":", comma, name,
                            would);
    mw_json_append_string (json, did);
    g_string_append (json, ",\"cost\":");
    mw_json_append_string (json, cost);
    g_string_append_c (json, '}');
    comma = ",";
  }
  g_string_append_printf (json,
                          "],\"intervals\":%u,\"split\":%u,\"missing\":%u,\"outside\":%u}",
                          u->use.intervals, u->use.split, u->use.missing, u->use.outside);
  if (cli->json) {
    mw_cli_print_json (json);
  } else {
    mw_table_print (table);
    printf ("%u intervals, %u of them divided between tariffs; %u have no value.\n",
            u->use.intervals, u->use.split, u->use.missing);
  }
  g_string_free (json, TRUE);
}

static int
use_series (MwCli *cli, const MwPlan *plan, const MwSimClock *clock, const MwSeries *s, Use *u)
{
  int column = find_energy (s, 0);
  g_autofree gint64 *value = g_new (gint64, MAX (s->n_rows, 1));
  if (s->n_rows == 0 || column < 0 || s->period_s == 0)
    return mw_cli_complain (MW_EXIT_USAGE,
                            "There is no active energy in the stored rows of this logger. “mw "
                            "log URI load-profile --new” reads them.");
  u->column = &s->columns[column];
  for (guint t = 1; t <= MW_PLAN_TARIFFS; t++) {
    int own = find_energy (s, t);
    u->known[t] = own >= 0 && s->columns[own].exponent == u->column->exponent;
    u->did[t] = u->known[t] ? sum_of (s, own, value) : 0;
  }
  intervals (s, column, value);
  g_autoptr (MwSim) sim =
      mw_sim_new (plan, clock, s->time[0] - s->period_s, s->time[s->n_rows - 1] + 1);
  mw_sim_use (sim, s->time, value, s->n_rows, s->period_s, &u->use);
  print_use (cli, u);
  return MW_EXIT_DONE;
}

static int
simulate_meter (MwCli *cli, const MwPlanWish *wish, const MwPlan *plan, const MwSimClock *clock)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwMeterInfo) info = NULL;
  g_autoptr (MwSeries) series = NULL;
  const char *logger = wish->logger ? wish->logger : "load-profile";
  gint64 from = G_MININT64, to = G_MAXINT64;
  Use use = { 0 };
  if (!parse_prices (wish->prices, use.price, &use.priced))
    return MW_EXIT_USAGE;
  if ((wish->from && !mw_cli_parse_time (wish->from, &from, &error))
      || (wish->to && !mw_cli_parse_time (wish->to, &to, &error))
      || !mw_cli_open_store (cli, &error))
    return mw_cli_fail (error);
  info = mw_cli_find_meter (cli, wish->meter, &error);
  if (info)
    series = mw_store_load_series (cli->store, info->id, logger, from, to, &error);
  return series ? use_series (cli, plan, clock, series, &use) : mw_cli_fail (error);
}

/* ---- the choice ---- */

int
mw_plan_simulate (MwCli *cli, const MwPlanWish *wish, const MwPlan *plan)
{
  g_auto (Clock) c = { 0 };
  int status = MW_EXIT_DONE;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  if (plan->kind == MW_PLAN_DST)
    return mw_cli_complain (
        MW_EXIT_USAGE, "A daylight-saving plan moves the clock and has no tariffs. Give it "
                       "with --dst FILE to the simulation of another plan.");
  if (!clock_set (&c, wish, &status))
    return status;
  if (wish->meter)
    return simulate_meter (cli, wish, plan, &c.clock);
  if (wish->at)
    return simulate_at (cli, wish, plan, &c.clock);
  if (wish->from)
    return simulate_window (cli, wish, plan, &c.clock);
  return simulate_year (cli, wish->year ? wish->year : g_date_time_get_year (now), plan,
                        &c.clock);
}
