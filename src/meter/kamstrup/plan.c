/* plan.c: plans of Kamstrup meters, through the window of registers that shows them one block
 * at a time.
 *
 *   read      KIND, then LENGTH; OFFSET and BLOCK until all of it is here
 *   program   KIND, LENGTH begins a new one; BLOCK moves on by itself; COMMIT puts it in force
 *
 * Until COMMIT the meter follows the old plan; it replaces the plan, the choice of the tariff
 * plan and the source of the tariffs at once.  A block whose confirmation is missing is put
 * again at its place.
 */
#include <string.h>

#include "meter/kamstrup/kamstrup.h"
#include "plan/kamstrup-octets.h"

enum {
  REG_DST_MODE = 0x04d8,
  REG_TARIFF_PLAN = 0x7004,
  REG_KIND = 0x7090,
  REG_LENGTH,
  REG_OFFSET,
  REG_BLOCK,
  REG_COMMIT
};
enum { DST_NONE, DST_EU, DST_PLAN };
enum { COMMIT_FOLLOW = 2, COMMIT_CHOOSE = 3 /* and the tariff plan, from 0 */ };

#define BLOCK 64u
#define UNIT_NONE 0
#define UNIT_NUMBER 51
#define TRIES 4

/* ---- what there is ---- */

static gboolean
is_available (MwMeter *self, const char *function)
{
  MwMeterKind kind = mw_kam_kind (self);
  g_autoptr (GPtrArray) list =
      self->store ? mw_store_list_functions (self->store, &kind, NULL) : NULL;
  for (guint i = 0; list && i < list->len; i++) {
    const MwFunctionInfo *f = list->pdata[i];
    if (strcmp (f->id, function) == 0)
      return f->available;
  }
  return FALSE;
}

guint
mw_kam_plan_kinds (MwMeter *self)
{
  guint kinds = 0;
  if (mw_kam_find_id (self, REG_KIND) == NULL)
    return 0;
  if (is_available (self, "period-plan"))
    kinds |= 1u << MW_PLAN_PERIOD;
  else if (is_available (self, "tariff-plan"))
    kinds |= 1u << (mw_kam_find_id (self, REG_TARIFF_PLAN) ? MW_PLAN_CALENDAR : MW_PLAN_TARIFF);
  if (mw_kam_find_id (self, REG_DST_MODE) && is_available (self, "daylight-saving"))
    kinds |= 1u << MW_PLAN_DST;
  return kinds;
}

/* ---- registers ---- */

static void
on_value (gpointer user, guint16 id, const mw_kmp_value *value)
{
  if (value)
    *(mw_kmp_value *) user = *value;
}

static gboolean
get (MwMeter *self, guint16 id, mw_kmp_value *out, GError **error)
{
  memset (out, 0, sizeof *out);
  return mw_kmp_wire_get (self->kmp, &id, 1, on_value, out, error)
         && (out->octets > 0
             || mw_fail (error, MW_SESSION_ERROR_REFUSED,
                         "The meter does not show its plans: register %04X is not there.", id));
}

static gboolean
get_number (MwMeter *self, guint16 id, guint *out, GError **error)
{
  mw_kmp_value v;
  mw_kmp_number n;
  if (!get (self, id, &v, error))
    return FALSE;
  if (mw_kmp_value_raw (&v, &n) != MW_OK || n.negative || n.exponent || n.mantissa > 0xffff)
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "Register %04X of the meter holds no number that it may.", id);
  *out = (guint) n.mantissa;
  return TRUE;
}

static gboolean
put_number (MwMeter *self, guint16 id, guint number, GError **error)
{
  mw_kmp_value v;
  mw_kmp_put_raw (&v, UNIT_NUMBER, (mw_kmp_number){ FALSE, number, 0 }, 2);
  v.id = id;
  return mw_kmp_wire_put (self->kmp, &v, error);
}

/* What may be written twice is, until it is confirmed. */
static gboolean
put_again (MwMeter *self, guint16 id, guint number, GError **error)
{
  for (guint i = 1;; i++) {
    g_autoptr (GError) failure = NULL;
    if (put_number (self, id, number, &failure))
      return TRUE;
    if (i == TRIES || !mw_channel_may_retry (failure)
        || !mw_kmp_wire_reopen (self->kmp, NULL)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
}

/* ---- reading ---- */

static GBytes *
read_octets (MwMeter *self, guint kind, GError **error)
{
  g_autoptr (GByteArray) octets = g_byte_array_new ();
  guint len;
  if (!put_again (self, REG_KIND, kind, error) || !get_number (self, REG_LENGTH, &len, error))
    return NULL;
  if (len > MW_KAM_PLAN_MAX) {
    mw_fail (error, MW_SESSION_ERROR_PROTOCOL, "The meter says that its plan has %u octets.",
             len);
    return NULL;
  }
  while (octets->len < len) {
    mw_kmp_value v;
    guint n = MIN (len - octets->len, BLOCK);
    mw_monitor_progress (self->monitor, (double) octets->len / len, -1);
    if (!put_again (self, REG_OFFSET, octets->len, error) || !get (self, REG_BLOCK, &v, error))
      return NULL;
    if (v.octets < n) {
      mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
               "The meter's plan ended before its length. Was it replaced meanwhile?");
      return NULL;
    }
    g_byte_array_append (octets, v.data, n);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&octets));
}

static MwPlan *
dst_without_years (guint mode)
{
  MwPlan *plan = g_new0 (MwPlan, 1);
  plan->kind = MW_PLAN_DST;
  plan->u.dst.mode = mode == DST_EU ? MW_DST_EU : MW_DST_NONE;
  plan->u.dst.shift = mode == DST_EU ? 60 : 0;
  return plan;
}

MwPlan *
mw_kam_plan_read (MwMeter *self, MwPlanKind kind, GError **error)
{
  g_autoptr (GBytes) octets = NULL;
  guint mode = DST_PLAN, selected = 1;
  mw_monitor_step (self->monitor, "Reading the plan…");
  if (kind == MW_PLAN_DST && !get_number (self, REG_DST_MODE, &mode, error))
    return NULL;
  if (mode != DST_PLAN)
    return dst_without_years (mode);
  if (kind == MW_PLAN_CALENDAR && !get_number (self, REG_TARIFF_PLAN, &selected, error))
    return NULL;
  octets = read_octets (self, mw_kam_plan_kind (kind), error);
  if (octets == NULL)
    return NULL;
  if (g_bytes_get_size (octets) == 0) {
    mw_fail (error, MW_SESSION_ERROR_REFUSED, "The meter holds no plan of this kind yet.");
    return NULL;
  }
  return mw_kam_plan_decode (octets, selected ? selected - 1 : 0, error);
}

/* ---- programming ---- */

static int
this_year (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  return g_date_time_get_year (now);
}

static gboolean
is_setting (const MwPlan *plan)
{
  return plan->kind == MW_PLAN_DST
         && (plan->u.dst.mode == MW_DST_EU || plan->u.dst.mode == MW_DST_NONE);
}

MwPlan *
mw_kam_plan_expect (MwMeter *self, const MwPlan *plan, GError **error)
{
  guint selected = plan->kind == MW_PLAN_CALENDAR ? plan->u.calendar.selected : 0;
  if (is_setting (plan))
    return dst_without_years (plan->u.dst.mode == MW_DST_EU ? DST_EU : DST_NONE);
  g_autoptr (GBytes) octets = mw_kam_plan_encode (plan, this_year (), error);
  return octets ? mw_kam_plan_decode (octets, selected, error) : NULL;
}

static gboolean
put_block (MwMeter *self, const guint8 *data, guint offset, guint n, GError **error)
{
  mw_kmp_value v;
  mw_kmp_put_octets (&v, UNIT_NONE, data + offset, n);
  v.id = REG_BLOCK;
  for (guint i = 1;; i++) {
    g_autoptr (GError) failure = NULL;
    if (mw_kmp_wire_put (self->kmp, &v, &failure))
      return TRUE;
    if (i == TRIES || !mw_channel_may_retry (failure) || !mw_kmp_wire_reopen (self->kmp, NULL)
        || !put_again (self, REG_OFFSET, offset, NULL)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
}

static guint
commit_of (const MwPlan *plan)
{
  return plan->kind == MW_PLAN_CALENDAR ? COMMIT_CHOOSE + plan->u.calendar.selected
                                        : (guint) COMMIT_FOLLOW;
}

gboolean
mw_kam_plan_write (MwMeter *self, const MwPlan *plan, GError **error)
{
  g_autoptr (GBytes) octets = NULL;
  const guint8 *data;
  gsize len;
  mw_monitor_step (self->monitor, "Writing the plan…");
  if (is_setting (plan))
    return put_again (self, REG_DST_MODE, plan->u.dst.mode == MW_DST_EU ? DST_EU : DST_NONE,
                      error);
  octets = mw_kam_plan_encode (plan, this_year (), error);
  if (octets == NULL)
    return FALSE;
  data = g_bytes_get_data (octets, &len);
  if (!put_again (self, REG_KIND, mw_kam_plan_kind (plan->kind), error)
      || !put_again (self, REG_LENGTH, (guint) len, error))
    return FALSE;
  for (guint at = 0; at < len; at += BLOCK) {
    mw_monitor_progress (self->monitor, (double) at / (double) len, -1);
    if (!put_block (self, data, at, MIN ((guint) len - at, BLOCK), error))
      return FALSE;
  }
  mw_monitor_step (self->monitor, "Putting it in force…");
  return put_number (self, REG_COMMIT, commit_of (plan), error);
}
