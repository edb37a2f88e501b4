/* plan.c: plans read from a meter and put into it, whatever its family. */
#include "check.h"
#include "meter/meter-private.h"
#include "xml.h"

guint
mw_meter_get_plan_kinds (MwMeter *self)
{
  return self->family->plan_kinds ? self->family->plan_kinds (self) : 0;
}

/* What a kind is called in a sentence. */
static const char *const kind_words[MW_N_PLAN_KINDS] = {
  [MW_PLAN_TARIFF] = "tariff plan",       [MW_PLAN_PERIOD] = "period plan",
  [MW_PLAN_CALENDAR] = "calendar plan",   [MW_PLAN_ACTIVITY] = "activity calendar",
  [MW_PLAN_DST] = "daylight-saving plan",
};

static gboolean
follows (MwMeter *self, MwPlanKind kind, GError **error)
{
  guint kinds = mw_meter_get_plan_kinds (self);
  g_autoptr (GString) list = g_string_new (NULL);
  if (kinds >> kind & 1)
    return TRUE;
  for (guint i = 0; i < MW_N_PLAN_KINDS; i++)
    if (kinds >> i & 1)
      g_string_append_printf (list, "%s%s", list->len ? ", " : "", kind_words[i]);
  return mw_fail (error, MW_SESSION_ERROR_REFUSED, "This meter follows no %s. It has: %s.",
                  kind_words[kind], list->len ? list->str : "no plan that is known here");
}

MwPlan *
mw_meter_plan_read (MwMeter *self, MwPlanKind kind, MwMonitor *monitor, GError **error)
{
  mw_meter_begin (self, monitor);
  return follows (self, kind, error) ? self->family->plan_read (self, kind, error) : NULL;
}

/* A plan that is not sound never leaves the desk. */
static gboolean
is_sound (const MwPlan *plan, GError **error)
{
  g_autoptr (GPtrArray) problems = mw_plan_check (plan, NULL);
  const MwPlanProblem *first = mw_plan_first_error (problems);
  return first == NULL
         || mw_fail (error, MW_SESSION_ERROR_REFUSED,
                     "The plan is not right: %s: %s. Nothing was written.", first->field,
                     first->reason);
}

/* ---- the audit ---- */

static char *
xml_of (const MwPlan *plan)
{
  return plan ? mw_plan_to_xml (plan) : NULL;
}

/* FALSE when the record cannot be kept: a write without its record is worth an error. */
static gboolean
audit (MwMeter *self, const MwPlan *old, const MwPlan *plan, const char *result, GError **error)
{
  g_autoptr (MwAuditRecord) record = NULL;
  if (self->store == NULL || !self->save)
    return TRUE;
  record = mw_audit_record_new ();
  record->at = g_get_real_time () / G_USEC_PER_SEC;
  record->who = g_strdup (g_get_user_name ());
  record->serial = g_strdup (self->info->serial);
  record->type = g_strdup (self->info->type);
  record->reference = self->info->reference;
  record->action = g_strdup ("plan");
  record->object = g_strdup (kind_words[plan->kind]);
  record->old_value = xml_of (old);
  record->new_value = xml_of (plan);
  record->result = g_strdup (result);
  if (mw_store_append_audit (self->store, record, error))
    return TRUE;
  g_prefix_error (error, "The plan: %s. But the audit record could not be kept: ", result);
  mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return FALSE;
}

/* ---- programming ---- */

/* The plan that is in the meter, for the record and the comparison; NULL without ERROR: none.
 */
static MwPlan *
read_old (MwMeter *self, MwPlanKind kind, GError **error)
{
  g_autoptr (GError) failure = NULL;
  MwPlan *old = self->family->plan_read (self, kind, &failure);
  if (old == NULL && !g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED))
    g_propagate_error (error, g_steal_pointer (&failure));
  return old;
}

/* Will PLAN be followed only later? */
static gboolean
is_waiting (MwMeter *self, const MwPlan *plan)
{
  return self->family->plan_read_waiting && plan->kind == MW_PLAN_ACTIVITY
         && !plan->u.activity.at_once && plan->u.activity.activation > 0;
}

/* Which plan does the meter follow after the attempt?  *BETWEEN: neither of the two. */
static MwPlanOutcome
look (MwMeter *self, const MwPlan *old, const MwPlan *expected, gboolean *between,
      GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (MwPlan) now = NULL;
  mw_monitor_step (self->monitor, "Reading back…");
  if (is_waiting (self, expected)) {
    g_autoptr (MwPlan) waiting = self->family->plan_read_waiting (self, expected->kind, NULL);
    if (waiting && mw_plan_equal (waiting, expected))
      return MW_PLAN_OUTCOME_NEW;
  }
  now = self->family->plan_read (self, expected->kind, &failure);
  *between = FALSE;
  if (now && mw_plan_equal (now, expected))
    return MW_PLAN_OUTCOME_NEW;
  if (now ? old && mw_plan_equal (now, old)
          : !old && g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED))
    return MW_PLAN_OUTCOME_OLD;
  *between = now != NULL;
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return MW_PLAN_OUTCOME_UNKNOWN;
}

static const char *
outcome_sentence (MwPlanOutcome outcome, gboolean between)
{
  if (outcome == MW_PLAN_OUTCOME_OLD)
    return "The meter follows the plan that it had.";
  if (outcome == MW_PLAN_OUTCOME_NEW)
    return "The meter follows the new plan.";
  return between
             ? "The meter now holds a plan that is neither the old nor the new one: read it."
             : "Which plan the meter follows now is not known: read it.";
}

/* FAILURE (NULL: none) is what stopped the writing. */
static gboolean
conclude (MwMeter *self, const MwPlan *old, const MwPlan *expected, GError *failure,
          MwPlanOutcome *outcome, GError **error)
{
  g_autoptr (GError) unread = NULL;
  g_autofree char *note = NULL;
  const GError *cause;
  gboolean between;
  *outcome = look (self, old, expected, &between, &unread);
  if (*outcome == MW_PLAN_OUTCOME_NEW) /* also when the confirmation was lost on its way */
    return audit (self, old, expected, "programmed and read back", error);
  cause = failure ? failure : unread;
  note = g_strdup_printf ("not programmed: %s %s",
                          cause ? cause->message : "the meter took it, but does not hold it.",
                          outcome_sentence (*outcome, between));
  if (!audit (self, old, expected, note, error))
    return FALSE;
  if (cause && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_error_copy (cause));
    return FALSE;
  }
  return mw_fail (error, cause ? (MwSessionError) cause->code : MW_SESSION_ERROR_REFUSED,
                  "The plan was not programmed: %s %s",
                  cause ? cause->message : "the meter took it, but does not hold it.",
                  outcome_sentence (*outcome, between));
}

gboolean
mw_meter_plan_program (MwMeter *self, const MwPlan *plan, MwPlanOutcome *outcome,
                       MwMonitor *monitor, GError **error)
{
  g_autoptr (MwPlan) expected = NULL;
  g_autoptr (MwPlan) old = NULL;
  g_autoptr (GError) failure = NULL;
  mw_meter_begin (self, monitor);
  *outcome = MW_PLAN_OUTCOME_OLD;
  if (!follows (self, plan->kind, error) || !is_sound (plan, error))
    return FALSE;
  expected = self->family->plan_expect (self, plan, error);
  if (expected == NULL)
    return FALSE;
  old = read_old (self, plan->kind, &failure);
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  self->family->plan_write (self, plan, &failure);
  return conclude (self, old, expected, failure, outcome, error);
}
