/* status-bar.h: port, meter and progress at the bottom of the window; when no meter answers,
 * the questions to ask. */
#ifndef MW_STATUS_BAR_H
#define MW_STATUS_BAR_H

#include <adwaita.h>

#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_STATUS_BAR (mw_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (MwStatusBar, mw_status_bar, MW, STATUS_BAR, AdwBin)

void mw_status_bar_set_workspace (MwStatusBar *self, MwWorkspace *workspace);

G_END_DECLS

#endif
