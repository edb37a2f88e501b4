/* options-window.h: File, Options: how the window looks and which language it speaks. */
#ifndef MW_OPTIONS_WINDOW_H
#define MW_OPTIONS_WINDOW_H

#include <adwaita.h>

G_BEGIN_DECLS

#define MW_TYPE_OPTIONS_WINDOW (mw_options_window_get_type ())
G_DECLARE_FINAL_TYPE (MwOptionsWindow, mw_options_window, MW, OPTIONS_WINDOW,
                      AdwPreferencesWindow)

GtkWidget *mw_options_window_new (GtkWindow *parent);

G_END_DECLS

#endif
