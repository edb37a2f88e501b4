/* trace-panel.h: the conversation with the meter, piece by piece, with times. */
#ifndef MW_TRACE_PANEL_H
#define MW_TRACE_PANEL_H

#include <adwaita.h>

#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_TRACE_PANEL (mw_trace_panel_get_type ())
G_DECLARE_FINAL_TYPE (MwTracePanel, mw_trace_panel, MW, TRACE_PANEL, AdwBin)

void mw_trace_panel_set_workspace (MwTracePanel *self, MwWorkspace *workspace);

G_END_DECLS

#endif
