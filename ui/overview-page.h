/* overview-page.h: the meter on one page. */
#ifndef MW_OVERVIEW_PAGE_H
#define MW_OVERVIEW_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_OVERVIEW_PAGE (mw_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (MwOverviewPage, mw_overview_page, MW, OVERVIEW_PAGE, MwPage)

/* The wiring that the known values of WORKSPACE speak of. */
struct mw_wiring;
void mw_overview_collect_wiring (MwWorkspace *workspace, struct mw_wiring *wiring);

G_END_DECLS

#endif
