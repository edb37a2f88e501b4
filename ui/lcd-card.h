/* lcd-card.h: the meter's display with the keys that lead through its lists: what the display
 * lists would show, made of what was read.  Goes on by itself only when a person presses play,
 * at the meter's own pace.
 */
#ifndef MW_LCD_CARD_H
#define MW_LCD_CARD_H

#include <adwaita.h>

#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_LCD_CARD (mw_lcd_card_get_type ())
G_DECLARE_FINAL_TYPE (MwLcdCard, mw_lcd_card, MW, LCD_CARD, AdwBin)

/* Shows what WORKSPACE knows now; invisible when that meter's display lists are not known. */
void mw_lcd_card_update (MwLcdCard *self, MwWorkspace *workspace);

G_END_DECLS

#endif
