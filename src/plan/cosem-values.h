/* cosem-values.h: an activity plan as the attributes of COSEM objects (Mx381 manual 5.4; Blue
 * Book classes 20, 11 and 9), and back. */
#ifndef MW_PLAN_COSEM_VALUES_H
#define MW_PLAN_COSEM_VALUES_H

#include "plan.h"

G_BEGIN_DECLS

/* The parts of an activity plan, in the order in which attributes 2 to 5 (active) and 6 to 9
 * (passive) of the calendar have the first four. */
typedef enum {
  MW_COSEM_NAME,
  MW_COSEM_SEASONS,
  MW_COSEM_WEEKS,
  MW_COSEM_DAYS,
  MW_COSEM_SPECIALS, /* class 11, attribute 2 */
  MW_COSEM_SCRIPTS,  /* class 9, attribute 2 */
  MW_COSEM_PARTS,
} MwCosemPart;

/* A-XDR of one part. */
GBytes *mw_cosem_plan_encode (const MwActivityPlan *plan, MwCosemPart part);
/* ... into PLAN. ERROR: what the meter holds and this model of a plan cannot say. */
gboolean
mw_cosem_plan_decode (GBytes *value, MwCosemPart part, MwActivityPlan *plan, GError **error);
/* activate_passive_calendar_time: never (0), or SECONDS of the meter's clock since 1970. */
GBytes *mw_cosem_plan_activation (gint64 seconds);
/* Seconds of the meter's clock; 0: never. */
gint64 mw_cosem_plan_activation_of (GBytes *value);

G_END_DECLS

#endif
