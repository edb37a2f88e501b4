/* window.h: the one window: header, functions at the side, a page, the trace, the status bar.
 */
#ifndef MW_WINDOW_H
#define MW_WINDOW_H

#include <adwaita.h>

#include "page.h"
#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_WINDOW (mw_window_get_type ())
G_DECLARE_FINAL_TYPE (MwWindow, mw_window, MW, WINDOW, AdwApplicationWindow)

MwWindow *mw_window_new (AdwApplication *app, MwWorkspace *workspace);
/* Show the page of FUNCTION; NULL: the one shown last. */
void mw_window_go (MwWindow *self, const char *function);
MwPage *mw_window_get_page (MwWindow *self);
MwWorkspace *mw_window_get_workspace (MwWindow *self);
/* Why the shown meter does not have FUNCTION, a sentence; NULL: it has. Free with g_free. */
char *mw_window_dup_missing_reason (MwWindow *self, const char *function);
void mw_window_toggle_sidebar (MwWindow *self);

/* window-actions.c */
void mw_window_install_actions (GtkWidgetClass *widget_class);
void mw_window_update_actions (MwWindow *self);

/* Shows a recording in the trace and plays it back. */
void mw_window_open_trace (MwWindow *self, GFile *file);

G_END_DECLS

#endif
