/* random-plan.h: valid plans by chance, the same for the same seed. */
#ifndef RANDOM_PLAN_H
#define RANDOM_PLAN_H

#include "plan.h"

MwPlan *random_plan (MwPlanKind kind, guint32 seed);

#endif
