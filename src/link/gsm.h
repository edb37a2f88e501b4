/* gsm.h: what is to be known of a call, beside the bytes that go through it.  All take any link
 * and look for the modem beneath its filters. */
#ifndef MW_LINK_GSM_H
#define MW_LINK_GSM_H

#include "link/link.h"

G_BEGIN_DECLS

/* Signal strength at our modem as it was asked for last, 0 to 31 (3GPP TS 27.007 8.5); -1 when
 * it is not known or there is no modem. */
int mw_gsm_get_signal (mw_link *link);
/* Below this, communication is doubtful (METERTOOL manual 3.2.2.2). */
#define MW_GSM_SIGNAL_LOW 12
/* From now on closing leaves the call up. */
void mw_gsm_hold (mw_link *link);
/* Has the call ended by itself?  FALSE when there is no modem. */
gboolean mw_gsm_is_lost (mw_link *link);
/* Was the call still up from before? */
gboolean mw_gsm_was_resumed (mw_link *link);
/* Pause the call, ask, take it up again: about three seconds, between two requests. TRUE and
 * nothing done when there is no modem. */
gboolean mw_gsm_ask_signal (mw_link *link, GCancellable *cancel, GError **error);

G_END_DECLS

#endif
