/* preferences.h: what the window remembers: its size, its page, its style, the choices made on
 * the pages.  A small key file ($XDG_CONFIG_HOME/meterwright/window.ini): it must be known
 * before the first frame, when the database is not open yet.  Written a moment after a change.
 */
#ifndef MW_PREFERENCES_H
#define MW_PREFERENCES_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MwPreferences MwPreferences;

MwPreferences *mw_preferences_open (void);
/* Writes what is not yet written. */
void mw_preferences_close (MwPreferences *self);
/* One for the program, opened at its start. */
MwPreferences *mw_preferences_get_default (void);

int mw_preferences_get_int (MwPreferences *self, const char *key, int fallback);
void mw_preferences_set_int (MwPreferences *self, const char *key, int value);
/* Free with g_free; a copy of FALLBACK when it was never set. */
char *mw_preferences_dup_text (MwPreferences *self, const char *key, const char *fallback);
void mw_preferences_set_text (MwPreferences *self, const char *key, const char *value);

G_END_DECLS

#endif
