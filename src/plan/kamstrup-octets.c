/* kamstrup-octets.c: see kamstrup-octets.h. */
#include "plan/kamstrup-octets.h"

#include "base/crc.h"
#include "base/cursor.h"
#include "check.h"
#include "meter/error.h"
#include "simulate.h"

#include <string.h>

enum { VERSION = 1 };
enum { KIND_NONE, KIND_TARIFF, KIND_PERIOD, KIND_CALENDAR, KIND_DST };
enum { LOAD_SILENT, LOAD_OWN, LOAD_FOLLOWS };

#define EPOCH mw_day (2000, 1, 1)
#define QUARTER_OCTETS (MW_TARIFF_PLAN_SLOTS / 2)

guint
mw_kam_plan_kind (MwPlanKind kind)
{
  static const guint8 kinds[MW_N_PLAN_KINDS] = {
    [MW_PLAN_TARIFF] = KIND_TARIFF,
    [MW_PLAN_PERIOD] = KIND_PERIOD,
    [MW_PLAN_CALENDAR] = KIND_CALENDAR,
    [MW_PLAN_DST] = KIND_DST,
  };
  return kind < MW_N_PLAN_KINDS ? kinds[kind] : KIND_NONE;
}

/* ---- writing ---- */

static void
add8 (GByteArray *a, guint value)
{
  guint8 octet = (guint8) value;
  g_byte_array_append (a, &octet, 1);
}

static void
add16 (GByteArray *a, guint value)
{
  add8 (a, value >> 8);
  add8 (a, value & 0xff);
}

static gboolean
add_day (GByteArray *a, MwDay day, GError **error)
{
  MwDay n = day - EPOCH;
  if (n < 0 || n > G_MAXUINT16)
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The meter counts days from 2000 to 2179 only.");
  add16 (a, (guint) n);
  return TRUE;
}

static gboolean
add_days (GByteArray *a, const MwDayList *list, GError **error)
{
  add16 (a, list->n);
  for (guint i = 0; i < list->n; i++)
    if (!add_day (a, list->day[i], error))
      return FALSE;
  return TRUE;
}

static void
add_program (GByteArray *a, const MwPlanProgram *p)
{
  add8 (a, p->n);
  for (guint i = 0; i < p->n; i++) {
    add16 (a, p->step[i].minute);
    add8 (a, p->step[i].value);
  }
}

static gboolean
add_tariff (GByteArray *a, const MwTariffPlan *t, GError **error)
{
  if (t->first_year < 2000 || t->first_year > 2255)
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The first year of the plan must be 2000 or later.");
  add8 (a, t->first_year - 2000u);
  add8 (a, t->years);
  for (guint y = 0; y < t->years; y++) {
    g_byte_array_append (a, t->summer[y].bits, sizeof t->summer[y].bits);
    g_byte_array_append (a, t->holiday[y].bits, sizeof t->holiday[y].bits);
  }
  for (guint s = 0; s < MW_N_TARIFF_SEASONS; s++)
    for (guint d = 0; d < MW_N_TARIFF_DAYS; d++)
      for (guint i = 0; i < MW_TARIFF_PLAN_SLOTS; i += 2)
        add8 (a, (t->tariff[s][d][i] - 1u) | (t->tariff[s][d][i + 1] - 1u) << 4);
  return TRUE;
}

/* A control that no plan has says nothing: no working day, no change, both periods one. */
static gboolean
add_control (GByteArray *a, const MwPeriodControl *c, GError **error)
{
  static const guint8 unused[] = { 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0 };
  guint working = 0;
  if (!c->used) {
    g_byte_array_append (a, unused, sizeof unused);
    return TRUE;
  }
  for (guint d = 0; d < 7; d++)
    working |= c->non_working[d] ? 0u : 1u << d;
  add8 (a, working);
  for (guint p = 0; p < MW_N_PERIODS; p++) {
    add8 (a, c->start[p].month);
    add8 (a, c->start[p].day);
  }
  for (guint p = 0; p < MW_N_PERIODS; p++)
    for (guint d = 0; d < MW_N_PERIOD_DAYS; d++)
      add_program (a, &c->program[p][d]);
  return add_days (a, &c->exceptions, error);
}

static void
add_track (GByteArray *a, const MwCalendarTrack *t)
{
  add8 (a, t->seasons);
  if (t->seasons == 0)
    return;
  add8 (a, t->shifts);
  for (guint i = 0; i < t->shifts; i++) {
    add8 (a, t->shift[i].from.month);
    add8 (a, t->shift[i].from.day);
    add8 (a, t->shift[i].season + 1u);
  }
  for (guint s = 0; s < t->seasons; s++) {
    guint week = 0;
    for (guint d = 0; d < 7; d++)
      week |= (guint) t->season[s].week[d] << (2 * d);
    add16 (a, week);
    for (guint k = 0; k < MW_N_CAL_DAYS; k++)
      add_program (a, &t->season[s].program[k]);
  }
}

static gboolean
add_calendar (GByteArray *a, const MwCalendarPlan *c, GError **error)
{
  if (!add_days (a, &c->exceptions, error))
    return FALSE;
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++)
    add_track (a, &c->plan[i]);
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++) {
    const MwCalendarLoad *l = &c->load[i];
    add8 (a, l->mode == MW_LOAD_OWN      ? LOAD_OWN
             : l->mode == MW_LOAD_FOLLOW ? LOAD_FOLLOWS
                                         : LOAD_SILENT);
    if (l->mode == MW_LOAD_OWN)
      add_track (a, &l->track);
    if (l->mode == MW_LOAD_FOLLOW) {
      add8 (a, 0); /* the one that is chosen */
      add8 (a, l->on_tariffs);
    }
  }
  return TRUE;
}

/* What a rule comes to in the years from FIRST on. */
static void
list_rule (const MwDstPlan *d, int first, MwDstPlan *out)
{
  MwSimClock clock = { 0, d };
  gint64 at = (gint64) mw_day (first, 1, 1) * 86400;
  guint ends = 0;
  *out = (MwDstPlan){ .mode = MW_DST_LIST, .shift = d->shift };
  while (ends < MW_DST_YEARS) {
    int before = mw_sim_clock_offset (&clock, at);
    gint64 next = mw_sim_clock_next (&clock, at), minute;
    if (next == G_MAXINT64)
      return;
    minute = next / 60 + before;
    MwDstMoment m = { (MwDay) (minute / MW_MINUTES_PER_DAY),
                      (guint32) (minute % MW_MINUTES_PER_DAY) };
    if (before == 0)
      out->from[out->years++] = m;
    else if (out->years > 0)
      out->until[ends++] = m;
    if (out->years == MW_DST_YEARS && ends == MW_DST_YEARS)
      return;
    at = next;
  }
}

static gboolean
add_dst (GByteArray *a, const MwDstPlan *plan, int first_year, GError **error)
{
  MwDstPlan list = *plan;
  if (plan->mode == MW_DST_RULE)
    list_rule (plan, first_year - 1, &list);
  if (list.mode != MW_DST_LIST)
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "A plan without years of its own has no list to be written.");
  if (list.shift < 1 || list.shift > 120)
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The meter moves its clock by 1 to 120 minutes.");
  add8 (a, (guint) list.shift);
  add8 (a, list.years);
  for (guint i = 0; i < list.years; i++) {
    if (!add_day (a, list.from[i].day, error))
      return FALSE;
    add16 (a, list.from[i].minute);
    if (!add_day (a, list.until[i].day, error))
      return FALSE;
    add16 (a, list.until[i].minute);
  }
  return TRUE;
}

static gboolean
add_body (GByteArray *a, const MwPlan *plan, int first_year, GError **error)
{
  gboolean good = TRUE;
  switch (plan->kind) {
  case MW_PLAN_TARIFF:
    return add_tariff (a, &plan->u.tariff, error);
  case MW_PLAN_PERIOD:
    for (guint i = 0; i < MW_N_CONTROLS && good; i++)
      good = add_control (a, &plan->u.period.control[i], error);
    return good;
  case MW_PLAN_CALENDAR:
    return add_calendar (a, &plan->u.calendar, error);
  case MW_PLAN_DST:
    return add_dst (a, &plan->u.dst, first_year, error);
  default:
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "Meters of this family follow no activity calendar.");
  }
}

GBytes *
mw_kam_plan_encode (const MwPlan *plan, int first_year, GError **error)
{
  GByteArray *a = g_byte_array_new ();
  add8 (a, mw_kam_plan_kind (plan->kind));
  add8 (a, VERSION);
  if (!add_body (a, plan, first_year, error)) {
    g_byte_array_unref (a);
    return NULL;
  }
  add16 (a, mw_crc_x25 (a->data, a->len));
  return g_byte_array_free_to_bytes (a);
}

/* ---- reading ---- */

/* What is out of range fails the cursor; the checks of plans/ say the rest. */
static guint
get_up_to (mw_cur *c, guint value, guint most)
{
  if (value > most)
    mw_cur_fail (c, MW_ERR_VALUE);
  return c->err ? 0 : value;
}

static void
get_days (mw_cur *c, MwDayList *list, guint most)
{
  list->n = get_up_to (c, mw_cur_u16 (c), most);
  for (guint i = 0; i < list->n; i++)
    list->day[i] = EPOCH + mw_cur_u16 (c);
}

static void
get_program (mw_cur *c, MwPlanProgram *p, guint most)
{
  p->n = (guint16) get_up_to (c, mw_cur_u8 (c), most);
  for (guint i = 0; i < p->n; i++) {
    p->step[i].minute = mw_cur_u16 (c);
    p->step[i].value = mw_cur_u8 (c);
  }
}

static void
get_octets (mw_cur *c, void *out, gsize n)
{
  mw_span s = mw_cur_bytes (c, n);
  if (!c->err)
    memcpy (out, s.ptr, n);
}

static void
get_tariff (mw_cur *c, MwTariffPlan *t)
{
  t->first_year = (guint16) (2000u + mw_cur_u8 (c));
  t->years = (guint16) get_up_to (c, mw_cur_u8 (c), MW_TARIFF_PLAN_YEARS);
  for (guint y = 0; y < t->years; y++) {
    get_octets (c, t->summer[y].bits, sizeof t->summer[y].bits);
    get_octets (c, t->holiday[y].bits, sizeof t->holiday[y].bits);
  }
  for (guint s = 0; s < MW_N_TARIFF_SEASONS; s++)
    for (guint d = 0; d < MW_N_TARIFF_DAYS; d++)
      for (guint i = 0; i < QUARTER_OCTETS; i++) {
        guint two = mw_cur_u8 (c);
        t->tariff[s][d][2 * i] = (guint8) (1 + (two & 15));
        t->tariff[s][d][2 * i + 1] = (guint8) (1 + (two >> 4));
      }
}

static MwMonthDay
get_month_day (mw_cur *c)
{
  MwMonthDay d;
  d.month = mw_cur_u8 (c);
  d.day = mw_cur_u8 (c);
  return d;
}

static void
get_control (mw_cur *c, MwPeriodControl *out)
{
  guint working = mw_cur_u8 (c), changes = 0;
  for (guint d = 0; d < 7; d++)
    out->non_working[d] = !(working >> d & 1);
  for (guint p = 0; p < MW_N_PERIODS; p++)
    out->start[p] = get_month_day (c);
  for (guint i = 0; i < MW_N_PERIODS * MW_N_PERIOD_DAYS; i++) {
    MwPlanProgram *p = &out->program[i / MW_N_PERIOD_DAYS][i % MW_N_PERIOD_DAYS];
    get_program (c, p, MW_PERIOD_CHANGES);
    changes += p->n;
  }
  get_days (c, &out->exceptions, MW_EXCEPTION_DAYS);
  out->used = changes > 0 || working || out->exceptions.n
              || memcmp (&out->start[0], &out->start[1], sizeof out->start[0]) != 0;
  if (!out->used)
    memset (out, 0, sizeof *out);
}

static void
get_track (mw_cur *c, MwCalendarTrack *t)
{
  t->seasons = (guint16) get_up_to (c, mw_cur_u8 (c), MW_CALENDAR_SEASONS);
  if (t->seasons == 0)
    return;
  t->shifts = (guint16) get_up_to (c, mw_cur_u8 (c), MW_CALENDAR_SHIFTS);
  for (guint i = 0; i < t->shifts; i++) {
    t->shift[i].from = get_month_day (c);
    t->shift[i].season = (guint8) get_up_to (c, mw_cur_u8 (c) - 1u, t->seasons - 1u);
  }
  for (guint s = 0; s < t->seasons; s++) {
    guint week = mw_cur_u16 (c);
    for (guint d = 0; d < 7; d++)
      t->season[s].week[d] = (guint16) get_up_to (c, week >> (2 * d) & 3, MW_CAL_HOLIDAY);
    for (guint k = 0; k < MW_N_CAL_DAYS; k++)
      get_program (c, &t->season[s].program[k], MW_CALENDAR_CHANGES);
  }
}

static void
get_load (mw_cur *c, guint selected, MwCalendarLoad *l)
{
  switch (mw_cur_u8 (c)) {
  case LOAD_SILENT:
    break;
  case LOAD_OWN:
    l->mode = MW_LOAD_OWN;
    get_track (c, &l->track);
    break;
  case LOAD_FOLLOWS: {
    guint plan = mw_cur_u8 (c);
    if (plan != 0 && plan != selected + 1)
      mw_cur_fail (c, MW_ERR_UNSUPPORTED); /* another than the one that is followed */
    l->mode = MW_LOAD_FOLLOW;
    l->on_tariffs = mw_cur_u8 (c);
    break;
  }
  default:
    mw_cur_fail (c, MW_ERR_VALUE);
  }
}

static void
get_calendar (mw_cur *c, guint selected, MwCalendarPlan *out)
{
  out->selected = selected;
  get_days (c, &out->exceptions, MW_CALENDAR_EXCEPTIONS);
  for (guint i = 0; i < MW_CALENDAR_PLANS; i++)
    get_track (c, &out->plan[i]);
  for (guint i = 0; i < MW_CALENDAR_LOADS; i++)
    get_load (c, selected, &out->load[i]);
}

static MwDstMoment
get_moment (mw_cur *c)
{
  MwDstMoment m;
  m.day = EPOCH + mw_cur_u16 (c);
  m.minute = mw_cur_u16 (c);
  return m;
}

static void
get_dst (mw_cur *c, MwDstPlan *d)
{
  d->mode = MW_DST_LIST;
  d->shift = mw_cur_u8 (c);
  d->years = (guint16) get_up_to (c, mw_cur_u8 (c), MW_DST_YEARS);
  for (guint i = 0; i < d->years; i++) {
    d->from[i] = get_moment (c);
    d->until[i] = get_moment (c);
  }
}

static gboolean
get_body (mw_cur *c, guint kind, guint selected, MwPlan *plan)
{
  switch (kind) {
  case KIND_TARIFF:
    plan->kind = MW_PLAN_TARIFF;
    get_tariff (c, &plan->u.tariff);
    return TRUE;
  case KIND_PERIOD:
    plan->kind = MW_PLAN_PERIOD;
    for (guint i = 0; i < MW_N_CONTROLS; i++)
      get_control (c, &plan->u.period.control[i]);
    return TRUE;
  case KIND_CALENDAR:
    plan->kind = MW_PLAN_CALENDAR;
    get_calendar (c, selected, &plan->u.calendar);
    return TRUE;
  case KIND_DST:
    plan->kind = MW_PLAN_DST;
    get_dst (c, &plan->u.dst);
    return TRUE;
  default:
    return FALSE;
  }
}

MwPlan *
mw_kam_plan_decode (GBytes *octets, guint selected, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (octets, &len);
  g_autoptr (MwPlan) plan = g_new0 (MwPlan, 1);
  mw_cur c;
  if (len < 4 || mw_crc_x25 (data, len - 2) != (guint) (data[len - 2] << 8 | data[len - 1])) {
    mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
             "The plan in the meter is damaged: its check does not fit. Program it again.");
    return NULL;
  }
  if (data[1] != VERSION) {
    mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
             "The plan in the meter is of version %u, which is not known here.", data[1]);
    return NULL;
  }
  mw_cur_init (&c, data + 2, len - 4);
  if (get_body (&c, data[0], selected, plan) && mw_cur_end (&c) == MW_OK)
    return g_steal_pointer (&plan);
  mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
           "The plan in the meter cannot be understood: %s. The trace shows it.",
           c.err ? mw_err_text (c.err) : "its kind is not known here");
  return NULL;
}
