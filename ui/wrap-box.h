/* wrap-box.h: children side by side as far as there is room, the others in further rows: bars
 * of buttons at 960 pixels, with text twice as large, in German.
 *
 * A child that expands counts with its least width and takes what is left of its row.
 */
#ifndef MW_WRAP_BOX_H
#define MW_WRAP_BOX_H

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MW_TYPE_WRAP_BOX (mw_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (MwWrapBox, mw_wrap_box, MW, WRAP_BOX, GtkWidget)

/* Property "spacing": between children and between rows. */

G_END_DECLS

#endif
