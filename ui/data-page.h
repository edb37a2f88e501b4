/* data-page.h: registers chosen from all that the meter has, read together. */
#ifndef MW_DATA_PAGE_H
#define MW_DATA_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_DATA_PAGE (mw_data_page_get_type ())
G_DECLARE_FINAL_TYPE (MwDataPage, mw_data_page, MW, DATA_PAGE, MwPage)

/* The registers that are chosen, in order; (transfer full). */
char **mw_data_page_dup_chosen (MwDataPage *self);
/* Choose exactly these (those that the meter has). */
void mw_data_page_choose (MwDataPage *self, const char *const *registers);

/* data-page-profiles.c: the row of register profiles above the lists. */
#define MW_TYPE_PROFILE_BAR (mw_profile_bar_get_type ())
G_DECLARE_FINAL_TYPE (MwProfileBar, mw_profile_bar, MW, PROFILE_BAR, AdwBin)

void mw_profile_bar_set_page (MwProfileBar *self, MwDataPage *page);
/* The shown meter's family is another: other profiles. */
void mw_profile_bar_refresh (MwProfileBar *self);
/* The name of the profile that is loaded, or NULL. */
const char *mw_profile_bar_get_name (MwProfileBar *self);

G_END_DECLS

#endif
