/* plan.c: the activity calendar of a COSEM meter as an activity plan (Mx381 manual 5.4).
 *
 *   1  no time of activation, so that nothing half written is ever activated
 *   2  the passive calendar, attribute by attribute; read back and compared
 *   3  special days, scripts and the time of activation in one request: the meter takes them
 *      together, and the passive calendar with them
 *
 * Until 3 the meter follows the old plan in all of its parts.
 */
#include "meter/dlms/family.h"
#include "meter/dlms/refusal.h"
#include "plan/cosem-values.h"

enum { CLASS_SCRIPTS = 9, CLASS_SPECIALS = 11, CLASS_CALENDAR = 20 };
enum { FIRST_ACTIVE = 2, FIRST_PASSIVE = 6, ACTIVATION = 10 };

static const mw_obis calendar_ln = { { 0, 0, 13, 0, 0, 255 } };
static const mw_obis specials_ln = { { 0, 0, 11, 0, 0, 255 } };
static const mw_obis scripts_ln = { { 0, 0, 10, 0, 100, 255 } };

static mw_dlms_attr
attr_of (MwCosemPart part, gint8 first)
{
  if (part == MW_COSEM_SPECIALS)
    return (mw_dlms_attr){ CLASS_SPECIALS, specials_ln, 2 };
  if (part == MW_COSEM_SCRIPTS)
    return (mw_dlms_attr){ CLASS_SCRIPTS, scripts_ln, 2 };
  return (mw_dlms_attr){ CLASS_CALENDAR, calendar_ln, (gint8) (first + (int) part) };
}

/* ---- reading ---- */

static GBytes *
get (MwMeter *self, mw_dlms_attr attr, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *words = NULL;
  int result = 0;
  GBytes *value =
      mw_wire_get_one (self->wire, attr.class_id, attr.ln, attr.index, &result, &failure);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (value == NULL) {
    words = mw_words_refusal (result);
    mw_fail (error, MW_SESSION_ERROR_REFUSED, "The meter does not show its calendar: %s.",
             words);
  }
  return value;
}

/* FIRST_ACTIVE: what the meter follows; FIRST_PASSIVE: what waits. */
static MwPlan *
read_calendar (MwMeter *self, gint8 first, GError **error)
{
  g_autoptr (MwPlan) plan = g_new0 (MwPlan, 1);
  plan->kind = MW_PLAN_ACTIVITY;
  plan->u.activity.at_once = TRUE;
  for (guint part = 0; part < MW_COSEM_PARTS; part++) {
    g_autoptr (GBytes) value = get (self, attr_of ((MwCosemPart) part, first), error);
    if (value == NULL
        || !mw_cosem_plan_decode (value, (MwCosemPart) part, &plan->u.activity, error))
      return NULL;
    mw_monitor_progress (self->monitor, (part + 1.0) / MW_COSEM_PARTS, -1);
  }
  return g_steal_pointer (&plan);
}

MwPlan *
mw_dlms_plan_read (MwMeter *self, MwPlanKind kind, GError **error)
{
  mw_monitor_step (self->monitor, "Reading the calendar…");
  return read_calendar (self, FIRST_ACTIVE, error);
}

MwPlan *
mw_dlms_plan_read_waiting (MwMeter *self, MwPlanKind kind, GError **error)
{
  g_autoptr (MwPlan) plan = read_calendar (self, FIRST_PASSIVE, error);
  g_autoptr (GBytes) when = NULL;
  if (plan == NULL)
    return NULL;
  when = get (self, (mw_dlms_attr){ CLASS_CALENDAR, calendar_ln, ACTIVATION }, error);
  if (when == NULL)
    return NULL;
  plan->u.activity.activation = mw_cosem_plan_activation_of (when);
  plan->u.activity.at_once = FALSE;
  return g_steal_pointer (&plan);
}

guint
mw_dlms_plan_kinds (MwMeter *self)
{
  return 1u << MW_PLAN_ACTIVITY;
}

MwPlan *
mw_dlms_plan_expect (MwMeter *self, const MwPlan *plan, GError **error)
{
  g_autoptr (MwPlan) expected = g_new0 (MwPlan, 1);
  MwActivityPlan *a = &expected->u.activity;
  expected->kind = MW_PLAN_ACTIVITY;
  for (guint part = 0; part < MW_COSEM_PARTS; part++) {
    g_autoptr (GBytes) value = mw_cosem_plan_encode (&plan->u.activity, (MwCosemPart) part);
    if (!mw_cosem_plan_decode (value, (MwCosemPart) part, a, error))
      return NULL;
  }
  a->at_once = plan->u.activity.at_once;
  a->activation = a->at_once ? 0 : plan->u.activity.activation;
  return g_steal_pointer (&expected);
}

/* ---- writing ---- */

typedef struct {
  int result; /* the first that is not 0 */
} Results;

static void
on_result (gpointer user, guint item, int result)
{
  Results *r = user;
  if (r->result == 0)
    r->result = result;
}

static gboolean
on_data (gpointer user, guint item, const guint8 *bytes, gsize len)
{
  return TRUE;
}

static gboolean
put (MwMeter *self, const mw_dlms_item *items, guint n, GError **error)
{
  Results results = { 0 };
  MwSink sink = { on_data, on_result, &results, 0 };
  g_autofree char *words = NULL;
  if (!mw_wire_set (self->wire, items, n, &sink, error))
    return FALSE;
  if (results.result == 0)
    return TRUE;
  words = mw_words_refusal (results.result);
  return mw_fail (error, MW_SESSION_ERROR_REFUSED, "The meter refused it: %s.", words);
}

static mw_dlms_item
item_of (mw_dlms_attr attr, GBytes *value)
{
  mw_dlms_item item = { .attr = attr };
  gsize len;
  const guint8 *octets = g_bytes_get_data (value, &len);
  item.value = (mw_span){ octets, len };
  return item;
}

/* Until it is confirmed: nothing of it is followed yet. */
static gboolean
put_passive (MwMeter *self, mw_dlms_attr attr, GBytes *value, GError **error)
{
  mw_dlms_item item = item_of (attr, value);
  for (guint i = 1;; i++) {
    g_autoptr (GError) failure = NULL;
    if (put (self, &item, 1, &failure))
      return TRUE;
    if (i == MW_WIRE_RETRIES || !mw_channel_may_retry (failure)
        || !mw_wire_reopen (self->wire, TRUE, NULL)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
}

static gboolean
write_passive (MwMeter *self, const MwActivityPlan *plan, GError **error)
{
  g_autoptr (GBytes) never = mw_cosem_plan_activation (0);
  if (!put_passive (self, (mw_dlms_attr){ CLASS_CALENDAR, calendar_ln, ACTIVATION }, never,
                    error))
    return FALSE;
  for (guint part = MW_COSEM_NAME; part <= MW_COSEM_DAYS; part++) {
    g_autoptr (GBytes) value = mw_cosem_plan_encode (plan, (MwCosemPart) part);
    if (!put_passive (self, attr_of ((MwCosemPart) part, FIRST_PASSIVE), value, error))
      return FALSE;
  }
  return TRUE;
}

/* Does the meter hold in its passive calendar what was written? */
static gboolean
compare_passive (MwMeter *self, const MwActivityPlan *plan, GError **error)
{
  MwActivityPlan *found = g_new0 (MwActivityPlan, 1), *wanted = g_new0 (MwActivityPlan, 1);
  gboolean good = TRUE;
  for (guint part = MW_COSEM_NAME; part <= MW_COSEM_DAYS && good; part++) {
    g_autoptr (GBytes) value = get (self, attr_of ((MwCosemPart) part, FIRST_PASSIVE), error);
    g_autoptr (GBytes) sent = mw_cosem_plan_encode (plan, (MwCosemPart) part);
    good = value && mw_cosem_plan_decode (value, (MwCosemPart) part, found, error)
           && mw_cosem_plan_decode (sent, (MwCosemPart) part, wanted, error);
  }
  if (good && memcmp (found, wanted, sizeof *found) != 0)
    good = mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The passive calendar of the meter is not what was written into it.");
  g_free (found);
  g_free (wanted);
  return good;
}

/* A time in the past activates at once (Mx381 manual 5.4.2.6). */
static gboolean
put_in_force (MwMeter *self, const MwActivityPlan *plan, GError **error)
{
  gint64 past = (gint64) mw_day (2000, 1, 1) * 86400;
  g_autoptr (GBytes) specials = mw_cosem_plan_encode (plan, MW_COSEM_SPECIALS);
  g_autoptr (GBytes) scripts = mw_cosem_plan_encode (plan, MW_COSEM_SCRIPTS);
  g_autoptr (GBytes) when = mw_cosem_plan_activation (plan->at_once ? past : plan->activation);
  const mw_dlms_item items[] = {
    item_of (attr_of (MW_COSEM_SCRIPTS, 0), scripts),
    item_of (attr_of (MW_COSEM_SPECIALS, 0), specials),
    item_of ((mw_dlms_attr){ CLASS_CALENDAR, calendar_ln, ACTIVATION }, when),
  };
  return put (self, items, G_N_ELEMENTS (items), error);
}

gboolean
mw_dlms_plan_write (MwMeter *self, const MwPlan *plan, GError **error)
{
  const MwActivityPlan *a = &plan->u.activity;
  mw_monitor_step (self->monitor, "Writing the passive calendar…");
  if (!write_passive (self, a, error) || !compare_passive (self, a, error))
    return FALSE;
  mw_monitor_step (self->monitor, "Putting it in force…");
  return put_in_force (self, a, error);
}
