/* source-line.h: where what a page shows comes from and how old it is.  Live, stored and file
 * have different icons, words and colours; a reference meter is always named as one. */
#ifndef MW_SOURCE_LINE_H
#define MW_SOURCE_LINE_H

#include <adwaita.h>

#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_SOURCE_LINE (mw_source_line_get_type ())
G_DECLARE_FINAL_TYPE (MwSourceLine, mw_source_line, MW, SOURCE_LINE, AdwBin)

/* AT: UTC seconds of what is shown, 0 when there is none.  DETAIL (or NULL) stands after it: a
 * file's name, a number of entries. */
void mw_source_line_set (MwSourceLine *self, MwSourceKind kind, gint64 at, gboolean reference,
                         const char *detail);

G_END_DECLS

#endif
