/* describe.h: a plan in words, line by line, and the difference of two plans in the same words.
 */
#ifndef MW_PLAN_DESCRIBE_H
#define MW_PLAN_DESCRIBE_H

#include "plan.h"

G_BEGIN_DECLS

/* "Period B, working day": "07:00 tariff 2, 22:00 tariff 1". */
typedef struct {
  char *field;
  char *text;
  gboolean list; /* words with spaces between, of which some may come and go */
} MwPlanLine;

/* BEFORE or AFTER is NULL where the line is in one of the plans alone.  Of lists they hold what
 * was taken away and what was added. */
typedef struct {
  char *field;
  char *before, *after;
  gboolean list;
} MwPlanChange;

void mw_plan_line_free (MwPlanLine *line);
void mw_plan_change_free (MwPlanChange *change);

/* (transfer full) arrays of MwPlanLine and MwPlanChange. Two plans of different kinds differ in
 * their kind alone. */
GPtrArray *mw_plan_describe (const MwPlan *plan);
GPtrArray *mw_plan_compare (const MwPlan *before, const MwPlan *after);
/* A change as one sentence; free with g_free. */
char *mw_plan_change_text (const MwPlanChange *change);

G_END_DECLS

#endif
