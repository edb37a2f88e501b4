/* plan-views.h: the editors of each kind of plan.  A view shows what the document holds, and
 * each act of the person is one state more of it. */
#ifndef MW_PLAN_VIEWS_H
#define MW_PLAN_VIEWS_H

#include <gtk/gtk.h>

#include "plan-doc.h"

G_BEGIN_DECLS

GtkWidget *mw_plan_view_tariff_new (MwPlanDoc *doc);

/* Parts that they share. */
GtkWidget *mw_plan_view_heading (const char *text);
GtkWidget *mw_plan_view_row (GtkBox *box); /* a line of controls, appended to BOX */
GtkWidget *mw_plan_view_entry (GtkBox *box, const char *label);
GtkWidget *mw_plan_view_choice (GtkBox *row, const char *label, const char *const *choices);
/* "Tariff 1" … "Tariff 8". */
GtkWidget *mw_plan_view_tariffs (GtkBox *row);
/* Shows TEXT and whether what was typed is wrong. */
void mw_plan_view_set_entry (GtkWidget *entry, const char *text);
void mw_plan_view_refuse (GtkWidget *entry, const char *why);

/* Countries, and what FUNC does with the holidays of the chosen one when they were seen and
 * taken over. */
typedef void (*MwPlanHolidayFunc) (GArray *holidays, gpointer data);
void mw_plan_view_holidays (GtkWidget *parent, const char *country, int first, int last,
                            MwPlanHolidayFunc func, gpointer data);
GtkWidget *mw_plan_view_countries (GtkBox *row);
const char *mw_plan_view_country (GtkWidget *countries);

G_END_DECLS

#endif
