/* cosem-values.c: see cosem-values.h. */
#include "plan/cosem-values.h"

#include "dlms/axdr.h"
#include "meter/error.h"

#include <string.h>

#define ROOM 16384

static const mw_obis script_table = { { 0, 0, 10, 0, 100, 255 } };

/* What a script does, as an action on an object: service 1 writes, 2 executes. */
static const struct {
  guint8 kind, value; /* of MwScriptAction; value 0xff: any tariff */
  guint8 service;
  guint16 class_id;
  mw_obis ln;
  gint8 index;
} services[] = {
  { MW_SCRIPT_ENERGY_TARIFF, 0xff, 1, 6, { { 0, 0, 14, 0, 1, 255 } }, 4 },
  { MW_SCRIPT_DEMAND_TARIFF, 0xff, 1, 6, { { 0, 0, 14, 0, 2, 255 } }, 4 },
  { MW_SCRIPT_RELAY, 0, 2, 70, { { 0, 1, 96, 3, 10, 255 } }, 1 },
  { MW_SCRIPT_RELAY, 1, 2, 70, { { 0, 1, 96, 3, 10, 255 } }, 2 },
  { MW_SCRIPT_SERVICE, 0, 2, 70, { { 0, 2, 96, 3, 10, 255 } }, 1 },
  { MW_SCRIPT_SERVICE, 1, 2, 70, { { 0, 2, 96, 3, 10, 255 } }, 2 },
};

/* ---- writing ---- */

static void
put_name (mw_wr *w, const MwPlanName *name)
{
  mw_axdr_put_octets (w, name->octets, name->len);
}

static void
date_octets (const MwPlanDate *d, guint8 out[5])
{
  out[0] = (guint8) (d->year >> 8);
  out[1] = (guint8) d->year;
  out[2] = d->month;
  out[3] = d->day;
  out[4] = d->weekday;
}

static void
put_season (mw_wr *w, const MwActivitySeason *s)
{
  guint8 start[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0xff };
  date_octets (&s->start, start);
  start[5] = (guint8) (s->minute / 60);
  start[6] = (guint8) (s->minute % 60);
  mw_axdr_put_structure (w, 3);
  put_name (w, &s->name);
  mw_axdr_put_octets (w, start, sizeof start);
  put_name (w, &s->week);
}

static void
put_week (mw_wr *w, const MwActivityWeek *week)
{
  mw_axdr_put_structure (w, 8);
  put_name (w, &week->name);
  for (guint d = 0; d < 7; d++)
    mw_axdr_put_u8 (w, week->day[d]);
}

static void
put_day (mw_wr *w, const MwActivityDay *day)
{
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u8 (w, (guint8) day->id);
  mw_axdr_put_array (w, day->program.n);
  for (guint i = 0; i < day->program.n; i++) {
    const MwPlanStep *step = &day->program.step[i];
    const guint8 time[4] = { (guint8) (step->minute / 60), (guint8) (step->minute % 60), 0, 0 };
    mw_axdr_put_structure (w, 3);
    mw_axdr_put_octets (w, time, sizeof time);
    mw_axdr_put_obis (w, script_table);
    mw_axdr_put_u16 (w, step->value);
  }
}

static void
put_special (mw_wr *w, const MwActivitySpecial *s)
{
  guint8 date[5];
  date_octets (&s->date, date);
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_u16 (w, s->index);
  mw_axdr_put_octets (w, date, sizeof date);
  mw_axdr_put_u8 (w, (guint8) s->day_id);
}

/* The register activation's masks are called 0001 to 0008 (Mx381 manual 5.4.6). */
static void
put_action (mw_wr *w, const MwScriptAction *a)
{
  const guint8 mask[2] = { 0, a->value };
  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    if (services[i].kind != a->kind
        || (services[i].value != 0xff && services[i].value != a->value))
      continue;
    mw_axdr_put_structure (w, 5);
    mw_axdr_put_enum (w, services[i].service);
    mw_axdr_put_u16 (w, services[i].class_id);
    mw_axdr_put_obis (w, services[i].ln);
    mw_axdr_put_i8 (w, services[i].index);
    if (services[i].service == 1)
      mw_axdr_put_octets (w, mask, sizeof mask);
    else
      mw_axdr_put_i8 (w, 0);
    return;
  }
}

static void
put_script (mw_wr *w, const MwActivityScript *s)
{
  guint n = 0;
  for (guint i = 0; i < s->n; i++)
    n += s->action[i].kind != MW_SCRIPT_NOTHING;
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u16 (w, s->id);
  mw_axdr_put_array (w, n);
  for (guint i = 0; i < s->n; i++)
    if (s->action[i].kind != MW_SCRIPT_NOTHING)
      put_action (w, &s->action[i]);
}

static guint
count_of (const MwActivityPlan *p, MwCosemPart part)
{
  const guint counts[MW_COSEM_PARTS] = { 0,       p->seasons,  p->weeks,
                                         p->days, p->specials, p->scripts };
  return counts[part];
}

static void
put_element (mw_wr *w, const MwActivityPlan *p, MwCosemPart part, guint i)
{
  switch (part) {
  case MW_COSEM_SEASONS:
    put_season (w, &p->season[i]);
    break;
  case MW_COSEM_WEEKS:
    put_week (w, &p->week[i]);
    break;
  case MW_COSEM_DAYS:
    put_day (w, &p->day[i]);
    break;
  case MW_COSEM_SPECIALS:
    put_special (w, &p->special[i]);
    break;
  default:
    put_script (w, &p->script[i]);
  }
}

GBytes *
mw_cosem_plan_encode (const MwActivityPlan *plan, MwCosemPart part)
{
  guint8 *room = g_malloc (ROOM);
  mw_wr w;
  mw_wr_init (&w, room, ROOM);
  if (part == MW_COSEM_NAME)
    put_name (&w, &plan->name);
  else
    mw_axdr_put_array (&w, count_of (plan, part));
  for (guint i = 0; i < count_of (plan, part); i++)
    put_element (&w, plan, part, i);
  g_assert (w.err == MW_OK);
  return g_bytes_new_take (room, mw_wr_len (&w));
}

/* ---- reading ---- */

static void
get_name (mw_cur *c, MwPlanName *out)
{
  mw_span s = mw_axdr_get_octets (c);
  if (s.len > MW_PLAN_NAME)
    mw_cur_fail (c, MW_ERR_SPACE);
  if (c->err)
    return;
  out->len = (guint8) s.len;
  memcpy (out->octets, s.ptr, s.len);
}

static void
get_date (const guint8 *o, MwPlanDate *out)
{
  *out = (MwPlanDate){ (guint16) (o[0] << 8 | o[1]), o[2], o[3], o[4], 0 };
}

/* Whole minutes alone; what is not specified is zero. */
static guint16
minute_of (mw_cur *c, const guint8 *time)
{
  if ((time[0] > 23 && time[0] != 0xff) || (time[1] > 59 && time[1] != 0xff)
      || (time[2] != 0 && time[2] != 0xff)) {
    mw_cur_fail (c, MW_ERR_UNSUPPORTED);
    return 0;
  }
  return (guint16) ((time[0] == 0xff ? 0 : time[0]) * 60 + (time[1] == 0xff ? 0 : time[1]));
}

/* Octets of exactly LEN; else the cursor fails and zeros come. */
static const guint8 *
get_exactly (mw_cur *c, gsize len)
{
  static const guint8 zeros[12];
  mw_span s = mw_axdr_get_octets (c);
  if (!c->err && s.len != len)
    mw_cur_fail (c, MW_ERR_VALUE);
  return c->err ? zeros : s.ptr;
}

static void
get_season (mw_cur *c, MwActivitySeason *s)
{
  const guint8 *start;
  mw_axdr_get_structure (c, 3);
  get_name (c, &s->name);
  start = get_exactly (c, 12);
  get_date (start, &s->start);
  s->minute = minute_of (c, start + 5);
  get_name (c, &s->week);
}

static void
get_week (mw_cur *c, MwActivityWeek *w)
{
  mw_axdr_get_structure (c, 8);
  get_name (c, &w->name);
  for (guint d = 0; d < 7; d++)
    w->day[d] = (guint8) mw_axdr_get_int (c);
}

static guint16
get_count (mw_cur *c, guint most)
{
  guint32 n = mw_axdr_get_array (c);
  if (n > most)
    mw_cur_fail (c, MW_ERR_SPACE);
  return c->err ? 0 : (guint16) n;
}

static void
get_day (mw_cur *c, MwActivityDay *day)
{
  mw_axdr_get_structure (c, 2);
  day->id = (guint16) mw_axdr_get_int (c);
  day->program.n = get_count (c, MW_PLAN_STEPS);
  for (guint i = 0; i < day->program.n; i++) {
    mw_axdr_get_structure (c, 3);
    day->program.step[i].minute = minute_of (c, get_exactly (c, 4));
    if (memcmp (get_exactly (c, 6), script_table.v, 6) != 0)
      mw_cur_fail (c, MW_ERR_UNSUPPORTED);
    day->program.step[i].value = (guint16) mw_axdr_get_int (c);
  }
}

static void
get_special (mw_cur *c, MwActivitySpecial *s)
{
  mw_axdr_get_structure (c, 3);
  s->index = (guint16) mw_axdr_get_int (c);
  get_date (get_exactly (c, 5), &s->date);
  s->day_id = (guint16) mw_axdr_get_int (c);
}

static void
get_action (mw_cur *c, MwScriptAction *out)
{
  mw_axdr_get_structure (c, 5);
  gint64 service = mw_axdr_get_int (c), class_id = mw_axdr_get_int (c);
  const guint8 *ln = get_exactly (c, 6);
  gint64 index = mw_axdr_get_int (c);
  mw_cur parameter = mw_cur_of (mw_axdr_take (c));
  for (guint i = 0; i < G_N_ELEMENTS (services) && !c->err; i++) {
    if (services[i].service != service || services[i].class_id != class_id
        || services[i].index != index || memcmp (services[i].ln.v, ln, 6) != 0)
      continue;
    *out = (MwScriptAction){ services[i].kind, services[i].value };
    if (service == 1) {
      const guint8 *mask = get_exactly (&parameter, 2);
      out->value = mask[1];
      if (parameter.err || mask[0] != 0 || mask[1] < 1 || mask[1] > MW_PLAN_TARIFFS)
        mw_cur_fail (c, MW_ERR_UNSUPPORTED);
    }
    return;
  }
  mw_cur_fail (c, MW_ERR_UNSUPPORTED);
}

static void
get_script (mw_cur *c, MwActivityScript *s)
{
  mw_axdr_get_structure (c, 2);
  s->id = (guint16) mw_axdr_get_int (c);
  s->n = get_count (c, MW_ACTIVITY_SCRIPT_ACTIONS);
  for (guint i = 0; i < s->n; i++)
    get_action (c, &s->action[i]);
}

static void
get_part (mw_cur *c, MwCosemPart part, MwActivityPlan *p)
{
  switch (part) {
  case MW_COSEM_NAME:
    get_name (c, &p->name);
    break;
  case MW_COSEM_SEASONS:
    p->seasons = get_count (c, MW_ACTIVITY_SEASONS);
    for (guint i = 0; i < p->seasons; i++)
      get_season (c, &p->season[i]);
    break;
  case MW_COSEM_WEEKS:
    p->weeks = get_count (c, MW_ACTIVITY_WEEKS);
    for (guint i = 0; i < p->weeks; i++)
      get_week (c, &p->week[i]);
    break;
  case MW_COSEM_DAYS:
    p->days = get_count (c, MW_ACTIVITY_DAYS);
    for (guint i = 0; i < p->days; i++)
      get_day (c, &p->day[i]);
    break;
  case MW_COSEM_SPECIALS:
    p->specials = get_count (c, MW_ACTIVITY_SPECIALS);
    for (guint i = 0; i < p->specials; i++)
      get_special (c, &p->special[i]);
    break;
  default:
    p->scripts = get_count (c, MW_ACTIVITY_SCRIPTS);
    for (guint i = 0; i < p->scripts; i++)
      get_script (c, &p->script[i]);
  }
}

gboolean
mw_cosem_plan_decode (GBytes *value, MwCosemPart part, MwActivityPlan *plan, GError **error)
{
  static const char *const names[MW_COSEM_PARTS] = {
    "calendar name", "seasons", "weeks", "days", "special days", "scripts"
  };
  gsize len;
  const guint8 *octets = g_bytes_get_data (value, &len);
  mw_cur c;
  mw_cur_init (&c, octets, len);
  get_part (&c, part, plan);
  if (mw_cur_end (&c) == MW_OK)
    return TRUE;
  if (c.err == MW_ERR_UNSUPPORTED)
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The %s of the meter's calendar say what a plan here cannot: times with "
                    "seconds, other script tables, or actions on other objects. “mw get” shows "
                    "them.",
                    names[part]);
  return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                  "The %s of the meter's calendar cannot be understood: %s.", names[part],
                  mw_err_text (c.err));
}

/* ---- the time of activation ---- */

GBytes *
mw_cosem_plan_activation (gint64 seconds)
{
  guint8 octets[14] = { MW_AXDR_OCTET_STRING,
                        12,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0x80,
                        0,
                        0xff };
  if (seconds) {
    mw_civil t = mw_civil_from_utc (seconds, 0, 0xff);
    t.deviation = MW_DEVIATION_ANY;
    mw_axdr_civil_octets (&t, octets + 2);
  }
  return g_bytes_new (octets, sizeof octets);
}

gint64
mw_cosem_plan_activation_of (GBytes *value)
{
  gsize len;
  const guint8 *o = g_bytes_get_data (value, &len);
  mw_civil t;
  int64_t seconds;
  if (len != 14 || mw_axdr_civil (o + 2, 12, &t) != MW_OK || t.year == MW_YEAR_ANY)
    return 0;
  return mw_civil_to_local_seconds (&t, &seconds) == MW_OK ? seconds : 0;
}
