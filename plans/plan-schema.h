/* plan-schema.h: inside plans/: the tree of a file that plan.xsd agrees with. */
#ifndef MW_PLAN_SCHEMA_H
#define MW_PLAN_SCHEMA_H

#include "plan.h"

#include <libxml/tree.h>

G_BEGIN_DECLS

/* plan.xsd, embedded. */
extern const char mw_plan_xsd[];

/* The plan of a <plan> that plan.xsd agrees with. */
MwPlan *mw_plan_from_tree (const xmlNode *root, const char *name, GError **error);

G_END_DECLS

#endif
