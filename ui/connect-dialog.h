/* connect-dialog.h: the ports that exist now (those that look like optical heads first, new
 * ones as they are plugged in), a network address, the reference meter, the last connections.
 */
#ifndef MW_CONNECT_DIALOG_H
#define MW_CONNECT_DIALOG_H

#include <adwaita.h>

#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_CONNECT_DIALOG (mw_connect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MwConnectDialog, mw_connect_dialog, MW, CONNECT_DIALOG, AdwWindow)

MwConnectDialog *mw_connect_dialog_new (GtkWindow *parent, MwWorkspace *workspace);

G_END_DECLS

#endif
