/* plan.c: plans read from a meter and put into it, whatever its family. */
#include "check.h"
#include "meter/meter-private.h"

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

gboolean
mw_meter_plan_program (MwMeter *self, const MwPlan *plan, MwPlanOutcome *outcome,
                       MwMonitor *monitor, GError **error)
{
  mw_meter_begin (self, monitor);
  *outcome = MW_PLAN_OUTCOME_OLD;
  return follows (self, plan->kind, error) && is_sound (plan, error)
         && self->family->plan_program (self, plan, outcome, error);
}
