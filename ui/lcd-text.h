/* lcd-text.h: codes, numbers, dates and texts as the display writes them (Mx381 manual 4.4.1.6
 * to 4.4.1.14).  For lcd.c and its tests. */
#ifndef MW_LCD_TEXT_H
#define MW_LCD_TEXT_H

#include "lcd.h"

G_BEGIN_DECLS

/* Code, value and unit of ITEM. */
void mw_lcd_put_item (const MwLcdItem *item, MwLcdLookup lookup, gpointer data, MwLcd *out);
/* MANTISSA × 10^EXPONENT with the width and decimals of FORMAT's two nibbles; digits that do
 * not fit are cut off at the front, as the meter does. */
void mw_lcd_format_number (gint64 mantissa, int exponent, guint format, char *text, gsize size);

G_END_DECLS

#endif
