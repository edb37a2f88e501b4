/* page.h: what all pages have: title, source line, buttons, the notices and the states.
 *
 *   nothing ──► empty: what the page is for, Connect / Open / Reference meter
 *   connecting (nothing to show yet) ──► which step is tried
 *   failed (nothing to show) ──► the cause and the next step
 *   otherwise ──► the content; a failure stands above it
 *
 * A page is a final type over MwPage whose template has children of the types "action" (into
 * the header) and none (the content).
 */
#ifndef MW_PAGE_H
#define MW_PAGE_H

#include <adwaita.h>

#include "workspace.h"

G_BEGIN_DECLS

typedef enum {
  MW_CHANGE_STATE = 1 << 0,
  MW_CHANGE_METER = 1 << 1,
  MW_CHANGE_VALUES = 1 << 2,
  MW_CHANGE_STORED = 1 << 3,
  MW_CHANGE_ALL = 15,
} MwChange;

#define MW_TYPE_PAGE (mw_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (MwPage, mw_page, MW, PAGE, AdwBin)

struct _MwPageClass {
  AdwBinClass parent_class;

  /* The workspace is another (all changes), or has changed.  Only called while mapped; what
   * happened meanwhile is told together when the page is shown. */
  void (*update) (MwPage *self, MwChange what);
  /* What the window's actions do here; NULL: they are not available. */
  void (*read) (MwPage *self);
  void (*save) (MwPage *self);
  void (*print) (MwPage *self);
  void (*copy) (MwPage *self);
  void (*find) (MwPage *self);
  /* FALSE: read is not possible now. */
  gboolean (*can_read) (MwPage *self);
};

MwWorkspace *mw_page_get_workspace (MwPage *self);
const char *mw_page_get_function (MwPage *self);
/* Is there something to show? */
void mw_page_set_has_content (MwPage *self, gboolean has_content);
void mw_page_set_source (MwPage *self, MwSourceKind kind, gint64 at, gboolean reference,
                         const char *detail);
/* Replaces the purpose in the empty state: "This meter has no …". NULL: the purpose again. */
void mw_page_set_empty_text (MwPage *self, const char *title, const char *text);

G_END_DECLS

#endif
