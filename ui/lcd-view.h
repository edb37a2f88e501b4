/* lcd-view.h: the display of the meter as a picture (Mx381 manual Figures 36 and 38).
 *
 *   +Q +P −Q −P   L1 L2 L3                    kWh
 *   1.8.0         0 0 0 1 2 3
 *   ▼ T1/5  ▼ T2/6  ▼ T3/7  ▼ T4/8  ▼ MB  ▼ SD  ▼ DLC  ▼ DRO  ▼ FF  ▼ SET
 *
 * Nothing blinks: what blinks on the meter is drawn hollow.  Its accessible name says in words
 * what is seen.
 */
#ifndef MW_LCD_VIEW_H
#define MW_LCD_VIEW_H

#include <gtk/gtk.h>

#include "lcd.h"

G_BEGIN_DECLS

#define MW_TYPE_LCD_VIEW (mw_lcd_view_get_type ())
G_DECLARE_FINAL_TYPE (MwLcdView, mw_lcd_view, MW, LCD_VIEW, GtkWidget)

GtkWidget *mw_lcd_view_new (void);
/* SECONDS: how far a long text has moved along. */
void mw_lcd_view_show (MwLcdView *self, const MwLcd *lcd, guint seconds);

G_END_DECLS

#endif
