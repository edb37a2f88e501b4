/* palette.h: Ctrl+K: type a few letters of what you want, press Enter. */
#ifndef MW_PALETTE_H
#define MW_PALETTE_H

#include <adwaita.h>

G_BEGIN_DECLS

#define MW_TYPE_PALETTE (mw_palette_get_type ())
G_DECLARE_FINAL_TYPE (MwPalette, mw_palette, MW, PALETTE, AdwWindow)

/* The commands are those of PARENT: its pages and its actions. */
MwPalette *mw_palette_new (GtkWindow *parent);

/* Do the letters of NEEDLE stand in HAYSTACK in this order?  Lower is better, -1: no. */
int mw_palette_match (const char *needle, const char *haystack);

G_END_DECLS

#endif
