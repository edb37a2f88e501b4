/* plan-page.h: the pages of plans: an editor, what is wrong, what differs from the file or the
 * meter; open, save, read from the meter, program.  They work without a meter. */
#ifndef MW_PLAN_PAGE_H
#define MW_PLAN_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_PLAN_PAGE (mw_plan_page_get_type ())
G_DECLARE_FINAL_TYPE (MwPlanPage, mw_plan_page, MW, PLAN_PAGE, MwPage)

/* A changed plan would be lost: which is then asked about. */
gboolean mw_plan_page_is_changed (MwPlanPage *self);

G_END_DECLS

#endif
