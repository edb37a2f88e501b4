/* library-page.h: every meter that was ever read. */
#ifndef MW_LIBRARY_PAGE_H
#define MW_LIBRARY_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_LIBRARY_PAGE (mw_library_page_get_type ())
G_DECLARE_FINAL_TYPE (MwLibraryPage, mw_library_page, MW, LIBRARY_PAGE, MwPage)

G_END_DECLS

#endif
