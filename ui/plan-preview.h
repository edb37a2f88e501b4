/* plan-preview.h: the year of a plan as a picture: a column for each day, down its 24 hours,
 * the colour the tariff that the simulation finds. */
#ifndef MW_PLAN_PREVIEW_H
#define MW_PLAN_PREVIEW_H

#include <gtk/gtk.h>

#include "plan.h"

G_BEGIN_DECLS

#define MW_TYPE_PLAN_PREVIEW (mw_plan_preview_get_type ())
G_DECLARE_FINAL_TYPE (MwPlanPreview, mw_plan_preview, MW, PLAN_PREVIEW, GtkWidget)

GtkWidget *mw_plan_preview_new (void);
void mw_plan_preview_set (MwPlanPreview *self, const MwPlan *plan, int year);
/* The picture by itself, a day and a quarter of an hour a pixel; destroy it. */
cairo_surface_t *mw_plan_preview_paint (const MwPlan *plan, int year);

G_END_DECLS

#endif
