/* check.h: is a plan whole, and can a meter take it? */
#ifndef MW_PLAN_CHECK_H
#define MW_PLAN_CHECK_H

#include "plan.h"

G_BEGIN_DECLS

/* What a meter takes; the catalogue's rows fill it.  mw_plan_limits gives the widest of a kind.
 */
typedef struct {
  guint tariffs;     /* 1 … this */
  guint years;       /* a tariff plan's, a DST list's */
  guint changes;     /* a day */
  guint step;        /* minutes between which changes may lie: 1 or 15 */
  guint exceptions;  /* days */
  guint years_ahead; /* of exception days; 0: no limit */
  guint seasons, weeks, days, specials, shifts, plans;
  guint loads; /* outputs under load control */
} MwPlanLimits;

MwPlanLimits mw_plan_limits (MwPlanKind kind);

/* Something is wrong at FIELD ("tariff control, period B, working day, change 2"). */
typedef struct {
  gboolean warning; /* allowed, but hardly meant */
  char *field;
  char *reason;
} MwPlanProblem;

void mw_plan_problem_free (MwPlanProblem *problem);

/* (transfer full): array of MwPlanProblem, empty when all is well. LIMITS NULL: the kind's. */
GPtrArray *mw_plan_check (const MwPlan *plan, const MwPlanLimits *limits);
/* The first that is no warning; NULL: none.  Borrowed. */
const MwPlanProblem *mw_plan_first_error (const GPtrArray *problems);

G_END_DECLS

#endif
