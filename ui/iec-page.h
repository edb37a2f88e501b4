/* iec-page.h: the IEC1107 request (METERTOOL manual 3.5.5): the data readout of IEC 62056-21.
 */
#ifndef MW_IEC_PAGE_H
#define MW_IEC_PAGE_H

#include "page.h"

G_BEGIN_DECLS

#define MW_TYPE_IEC_PAGE (mw_iec_page_get_type ())
G_DECLARE_FINAL_TYPE (MwIecPage, mw_iec_page, MW, IEC_PAGE, MwPage)

G_END_DECLS

#endif
