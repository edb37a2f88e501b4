/* plan-grid.h: a grid of cells that is painted with mouse or keyboard: the days of a year, the
 * steps of some days.
 *
 *   drag, or Shift + arrows ──► a range ──► signal paint (row, column, row, column, value)
 *
 * The keys 1 to 8 paint that value, Space and the mouse the brush (value 0).  A value is shown
 * by its colour and its number; flags by a letter and a pattern.
 */
#ifndef MW_PLAN_GRID_H
#define MW_PLAN_GRID_H

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MW_GRID_ABSENT 0xff /* no such cell: 30 February */
#define MW_GRID_NOTHING 0
/* 1 … 8: tariffs */
#define MW_GRID_WINTER 16
#define MW_GRID_SUMMER 17
#define MW_GRID_HOLIDAY 32 /* added to a season */

#define MW_TYPE_PLAN_GRID (mw_plan_grid_get_type ())
G_DECLARE_FINAL_TYPE (MwPlanGrid, mw_plan_grid, MW, PLAN_GRID, GtkWidget)

/* FLOWS: a range goes on from the end of a row to the next one, as days of a year do. */
GtkWidget *
mw_plan_grid_new (guint rows, guint columns, gboolean flows, int row_height, const char *label);
void mw_plan_grid_set_row_label (MwPlanGrid *self, guint row, const char *label);
/* Marks below the grid every STEP columns: hours of a day. */
void mw_plan_grid_set_hours (MwPlanGrid *self, gboolean hours);
/* Columns that an arrow key goes: a quarter of an hour of minutes. */
void mw_plan_grid_set_key_step (MwPlanGrid *self, guint step);
void mw_plan_grid_set (MwPlanGrid *self, guint row, guint column, guint8 value);

/* The eight colours of Okabe and Ito, of tariff 1 … 8. */
GdkRGBA mw_plan_grid_colour (guint tariff);

G_END_DECLS

#endif
