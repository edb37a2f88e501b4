/* convert.h: a plan as one of another kind.
 *
 * The other kind is made of what the plan does, day by day, and then both are followed through
 * the same years: whatever the new plan does otherwise, at any minute, is a loss, and is said
 * before anything is taken over.  A conversion without losses does the same at every minute.
 */
#ifndef MW_PLAN_CONVERT_H
#define MW_PLAN_CONVERT_H

#include "plan.h"

G_BEGIN_DECLS

/* PLAN as a plan of KIND for YEARS (at most 25) from FIRST_YEAR on; a tariff plan's own years
 * win.  LOSSES (transfer full): array of char *, empty when nothing is lost, in words.  NULL
 * when there is no sense in it (a DST plan). */
MwPlan *mw_plan_convert (const MwPlan *plan, MwPlanKind kind, int first_year, int years,
                         GPtrArray **losses);

G_END_DECLS

#endif
