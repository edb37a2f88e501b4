/* plan-doc.h: a plan that is being edited: every state it had, for undo and redo, and the file
 * that it came from.
 *
 * A plan is a value, so a step back is the copy that was kept.  Signal: changed () after any
 * change, also of the file or of what is saved.
 */
#ifndef MW_PLAN_DOC_H
#define MW_PLAN_DOC_H

#include <gio/gio.h>

#include "plan.h"

G_BEGIN_DECLS

#define MW_TYPE_PLAN_DOC (mw_plan_doc_get_type ())
G_DECLARE_FINAL_TYPE (MwPlanDoc, mw_plan_doc, MW, PLAN_DOC, GObject)

MwPlanDoc *mw_plan_doc_new (MwPlanKind kind, int first_year);
const MwPlan *mw_plan_doc_get_plan (MwPlanDoc *self);
/* What the file or the meter holds: differences are told against it. */
const MwPlan *mw_plan_doc_get_base (MwPlanDoc *self);
GFile *mw_plan_doc_get_file (MwPlanDoc *self); /* NULL: none yet */
gboolean mw_plan_doc_is_changed (MwPlanDoc *self);

/* PLAN becomes the next state; nothing happens when it is the same as now. */
void mw_plan_doc_apply (MwPlanDoc *self, const MwPlan *plan);
gboolean mw_plan_doc_can_undo (MwPlanDoc *self);
gboolean mw_plan_doc_can_redo (MwPlanDoc *self);
void mw_plan_doc_undo (MwPlanDoc *self);
void mw_plan_doc_redo (MwPlanDoc *self);

/* PLAN as it is in FILE (NULL: in a meter): a new beginning. */
void mw_plan_doc_reset (MwPlanDoc *self, const MwPlan *plan, GFile *file);
/* A file that is refused, or of another kind, changes nothing. */
gboolean mw_plan_doc_load (MwPlanDoc *self, GFile *file, GError **error);
gboolean mw_plan_doc_save (MwPlanDoc *self, GFile *file, GError **error);

G_END_DECLS

#endif
