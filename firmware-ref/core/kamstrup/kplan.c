/* kplan.c: plans on their way into the meter and out of it; see kplan.h.
 *
 * A plan is collected in the stage, which is not stored.  Commit checks it whole, makes it the
 * plan, lets tariff and relays follow, and writes plan and state in one transaction of the
 * store: a power failure leaves the old plan with the old state or the new with the new.
 */
#include "core/kamstrup/kmeter.h"

#include <string.h>

static bool
is_executed (const mw_kmeter *k, unsigned kind)
{
  return kind == MW_KPLAN_DST || (kind != MW_KPLAN_NONE && kind == k->model->plan);
}

static size_t
room_for (unsigned kind)
{
  return kind == MW_KPLAN_DST ? MW_KPLAN_DST_MAX : MW_KPLAN_MAX;
}

enum mw_err
mw_kplan_begin (mw_kmeter *k, unsigned kind, size_t len)
{
  mw_kplan_stage *s = &k->stage;
  if (!is_executed (k, kind))
    return MW_ERR_UNSUPPORTED;
  if (len > room_for (kind))
    return MW_ERR_SPACE;
  s->kind = (uint8_t) kind;
  s->len = (uint16_t) len;
  s->got = 0;
  return MW_OK;
}

enum mw_err
mw_kplan_put (mw_kmeter *k, size_t offset, const void *data, size_t len)
{
  mw_kplan_stage *s = &k->stage;
  if (s->kind == MW_KPLAN_NONE || offset > s->got)
    return MW_ERR_STATE;
  if (len > (size_t) s->len - offset)
    return MW_ERR_SPACE;
  memcpy (s->data + offset, data, len); /* a block that comes again is put again */
  if (offset + len > s->got)
    s->got = (uint16_t) (offset + len);
  return MW_OK;
}

/* Let clock, tariff and relays follow what changed, and store it all at once. */
static enum mw_err
take_effect (mw_kmeter *k, unsigned kind)
{
  mw_store_touch (&k->m.store, MW_AREA_K_PLANS);
  if (!k->m.started)
    return MW_OK;
  mw_kmeter_changed (k);
  if (kind == MW_KPLAN_DST)
    mw_kplan_dst_changed (k);
  else
    mw_ktariff_refresh (k);
  return mw_meter_commit (&k->m);
}

enum { FOLLOW = 2, CHOOSE = 3 };

/* The settings by which the plan is followed. */
static enum mw_err
follow (mw_kmeter *k, unsigned kind, unsigned how)
{
  enum mw_err err = MW_OK;
  if (how >= CHOOSE)
    err = mw_kmeter_set (k, MW_KV_TARIFF_PLAN, (int64_t) how - CHOOSE + 1);
  if (how >= FOLLOW && !err)
    err = kind == MW_KPLAN_DST ? mw_kmeter_set (k, MW_KV_DST_MODE, MW_KDST_PLAN)
                               : mw_kmeter_set (k, MW_KV_TARIFF_SOURCE, MW_KTARIFF_BY_PLAN);
  return err;
}

static enum mw_err
commit (mw_kmeter *k, unsigned how)
{
  mw_kplan_stage *s = &k->stage;
  bool dst = s->kind == MW_KPLAN_DST;
  unsigned kind = s->kind;
  uint8_t *to = dst ? k->plan.dst : k->plan.data;
  enum mw_err err;
  if (kind == MW_KPLAN_NONE || s->got != s->len)
    return MW_ERR_STATE;
  if (how >= CHOOSE && kind != MW_KPLAN_CALENDAR)
    return MW_ERR_VALUE;
  err = mw_kplan_check (kind, s->data, s->len);
  if (err)
    return err;
  memset (to, 0, room_for (kind));
  memcpy (to, s->data, s->len);
  *(dst ? &k->plan.dst_len : &k->plan.len) = s->len;
  s->kind = MW_KPLAN_NONE;
  err = follow (k, kind, how);
  return err ? err : take_effect (k, kind);
}

enum mw_err
mw_kplan_commit (mw_kmeter *k)
{
  return commit (k, 1);
}

enum mw_err
mw_kplan_set (mw_kmeter *k, unsigned kind, const void *data, size_t len)
{
  enum mw_err err = mw_kplan_begin (k, kind, len);
  if (!err)
    err = mw_kplan_put (k, 0, data, len);
  return err ? err : mw_kplan_commit (k);
}

enum mw_err
mw_kplan_remove (mw_kmeter *k, unsigned kind)
{
  if (!is_executed (k, kind))
    return MW_ERR_UNSUPPORTED;
  if (kind == MW_KPLAN_DST)
    k->plan.dst_len = 0;
  else
    k->plan.len = 0;
  return take_effect (k, kind);
}

size_t
mw_kplan_get (const mw_kmeter *k, unsigned kind, const uint8_t **data)
{
  *data = kind == MW_KPLAN_DST ? k->plan.dst : k->plan.data;
  if (!is_executed (k, kind))
    return 0;
  return kind == MW_KPLAN_DST ? k->plan.dst_len : k->plan.len;
}

/* The window. */

enum mw_err
mw_kplan_value (const mw_kmeter *k, unsigned id, mw_kvalue *out)
{
  const mw_kplan_stage *s = &k->stage;
  const uint8_t *data;
  size_t len = mw_kplan_get (k, s->window, &data), left;
  switch (id) {
  case MW_KV_PLAN_KIND:
    out->number = s->window;
    return MW_OK;
  case MW_KV_PLAN_LENGTH:
    out->number = (int64_t) len;
    return MW_OK;
  case MW_KV_PLAN_OFFSET:
    out->number = s->offset;
    return MW_OK;
  case MW_KV_PLAN_COMMIT:
    out->number = s->kind == MW_KPLAN_NONE ? 0 : s->got;
    return MW_OK;
  case MW_KV_PLAN_BLOCK:
    left = s->offset < len ? len - s->offset : 0;
    out->len = (uint8_t) (left < MW_KOCTETS_MAX ? left : MW_KOCTETS_MAX);
    memcpy (out->octets, data + (left ? s->offset : 0), out->len);
    return MW_OK;
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

static enum mw_err
set_length (mw_kmeter *k, int64_t number)
{
  mw_kplan_stage *s = &k->stage;
  if (number < 0 || number > MW_KPLAN_MAX)
    return MW_ERR_VALUE;
  s->offset = 0;
  return number ? mw_kplan_begin (k, s->window, (size_t) number)
                : mw_kplan_remove (k, s->window);
}

enum mw_err
mw_kplan_window (mw_kmeter *k, unsigned id, int64_t number)
{
  mw_kplan_stage *s = &k->stage;
  switch (id) {
  case MW_KV_PLAN_KIND:
    if (number <= MW_KPLAN_NONE || number >= MW_N_KPLANS || !is_executed (k, (unsigned) number))
      return MW_ERR_VALUE;
    s->window = (uint8_t) number;
    s->offset = 0;
    return MW_OK;
  case MW_KV_PLAN_LENGTH:
    return set_length (k, number);
  case MW_KV_PLAN_OFFSET:
    if (number < 0 || number > MW_KPLAN_MAX)
      return MW_ERR_VALUE;
    s->offset = (uint16_t) number;
    return MW_OK;
  case MW_KV_PLAN_COMMIT:
    if (number < 1 || number > CHOOSE + 2)
      return MW_ERR_VALUE;
    return s->kind == s->window ? commit (k, (unsigned) number) : MW_ERR_STATE;
  default:
    return MW_ERR_UNSUPPORTED;
  }
}

enum mw_err
mw_kplan_block (mw_kmeter *k, const void *data, size_t len)
{
  mw_kplan_stage *s = &k->stage;
  enum mw_err err =
      s->kind == s->window ? mw_kplan_put (k, s->offset, data, len) : MW_ERR_STATE;
  if (!err)
    s->offset = (uint16_t) (s->offset + len);
  return err;
}

/* Daylight saving by a list of years. */

#define DST_HEAD 4u
#define DST_ENTRY 8u
#define EPOCH_DAYS 10957 /* 2000-01-01 since 1970 */

/* Entry I, its begin (END false) or end, in seconds of the local time that the plan names. */
static int64_t
dst_edge (const uint8_t *plan, unsigned i, bool end)
{
  const uint8_t *p = plan + DST_HEAD + DST_ENTRY * i + (end ? 4 : 0);
  return ((int64_t) (p[0] << 8 | p[1]) + EPOCH_DAYS) * 86400 + (p[2] << 8 | p[3]) * 60;
}

static void
dated (mw_civil *to, int64_t local)
{
  mw_civil c = mw_civil_from_utc (local, 0, 0);
  c.weekday = MW_FIELD_ANY;
  c.deviation = MW_DEVIATION_ANY;
  mw_when_keep (to, &c);
}

static void
rules_of_plan (mw_kmeter *k)
{
  mw_clock *c = &k->m.st.clock;
  const uint8_t *plan = k->plan.dst;
  unsigned n = k->plan.dst_len ? plan[3] : 0, begun = 0;
  int64_t normal = mw_kmeter_normal (k, c->utc), summer;
  c->dst_enabled = n > 0;
  if (n == 0)
    return;
  c->dst_min = (int8_t) plan[2];
  summer = normal + c->dst_min * 60;
  while (begun < n && dst_edge (plan, begun, false) <= normal)
    begun++;
  if (begun == 0) { /* all of it is to come */
    dated (&c->dst_begin, dst_edge (plan, 0, false));
    dated (&c->dst_end, dst_edge (plan, 0, true));
    return;
  }
  dated (&c->dst_end, dst_edge (plan, begun - 1, true));
  if (begun < n && dst_edge (plan, begun - 1, true) <= summer)
    dated (&c->dst_begin, dst_edge (plan, begun, false));
  else
    dated (&c->dst_begin, dst_edge (plan, begun - 1, false));
}

/* The last Sundays of March and October, 01:00 UTC (directive 2000/84/EC). */
static void
rules_of_europe (mw_clock *c)
{
  c->dst_enabled = true;
  mw_when_any_midnight (&c->dst_begin);
  c->dst_begin.month = 3;
  c->dst_begin.day = MW_DAY_LAST;
  c->dst_begin.weekday = 7;
  c->dst_begin.hour = (uint8_t) (1 + c->zone_min / 60);
  mw_when_keep (&c->dst_end, &c->dst_begin);
  c->dst_end.month = 10;
  c->dst_end.hour++;
}

void
mw_kplan_dst_rules (mw_kmeter *k)
{
  mw_clock *c = &k->m.st.clock;
  c->dst_min = 60;
  switch (mw_kset (k, MW_KV_DST_MODE)) {
  case MW_KDST_EU:
    rules_of_europe (c);
    break;
  case MW_KDST_PLAN:
    rules_of_plan (k);
    break;
  default:
    c->dst_enabled = false;
    break;
  }
}

void
mw_kplan_dst_changed (mw_kmeter *k)
{
  mw_clock_refresh (&k->m);
  mw_meter_time_changed (&k->m, k->m.st.clock.utc);
}
