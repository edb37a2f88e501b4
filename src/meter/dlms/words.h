/* words.h: failures of a conversation as sentences with a cause and a next step. */
#ifndef MW_DLMS_WORDS_H
#define MW_DLMS_WORDS_H

#include "meter/dlms/wire.h"

/* All return FALSE and set ERROR. */

/* The connection is gone: ERR of MW_DLMS_FAILED. */
gboolean mw_words_connection_failed (MwWire *wire, enum mw_err err, GError **error);
/* The association stands, this request failed: ERR of MW_DLMS_DONE or of its beginning. */
gboolean mw_words_request_failed (MwWire *wire, enum mw_err err, GError **error);
/* Nothing answered: STEP is what was tried ("HDLC at 9600 baud"). */
gboolean mw_words_silent (MwWire *wire, const char *step, GError **error);
/* Turn an error of the link into one of ours. */
void mw_words_adopt_link (GError **error);
#endif
