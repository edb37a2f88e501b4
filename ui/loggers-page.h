/* loggers-page.h: the loggers of the meter and what they hold. */
#ifndef MW_LOGGERS_PAGE_H
#define MW_LOGGERS_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_LOGGERS_PAGE (mw_loggers_page_get_type ())
G_DECLARE_FINAL_TYPE (MwLoggersPage, mw_loggers_page, MW, LOGGERS_PAGE, MwPage)

G_END_DECLS

#endif
