/* profile-page.h: load profiles as a picture. */
#ifndef MW_PROFILE_PAGE_H
#define MW_PROFILE_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_PROFILE_PAGE (mw_profile_page_get_type ())
G_DECLARE_FINAL_TYPE (MwProfilePage, mw_profile_page, MW, PROFILE_PAGE, MwPage)

G_END_DECLS

#endif
