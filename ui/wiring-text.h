/* wiring-text.h: the hints of wiring.h in words. */
#ifndef MW_WIRING_TEXT_H
#define MW_WIRING_TEXT_H

#include <glib.h>

#include "wiring.h"

G_BEGIN_DECLS

/* "Current L2 reversed". Free with g_free. */
char *mw_wiring_hint_dup_title (const mw_wiring_hint *hint);
/* What to look at, or NULL; static. */
const char *mw_wiring_hint_get_advice (const mw_wiring_hint *hint);

G_END_DECLS

#endif
