/* readings-page.h: earlier readings of the shown meter, by date. */
#ifndef MW_READINGS_PAGE_H
#define MW_READINGS_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_READINGS_PAGE (mw_readings_page_get_type ())
G_DECLARE_FINAL_TYPE (MwReadingsPage, mw_readings_page, MW, READINGS_PAGE, MwPage)

G_END_DECLS

#endif
