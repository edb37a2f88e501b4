/* words.h: failures of a conversation as sentences with a cause and a next step. */
#ifndef MW_DLMS_WORDS_H
#define MW_DLMS_WORDS_H

#include "meter/dlms/wire.h"

/* All return FALSE and set ERROR. */

/* The connection is gone: ERR of MW_DLMS_FAILED. */
gboolean mw_words_connection_failed (MwWire *wire, enum mw_err err, GError **error);
/* The association stands, this request failed: ERR of MW_DLMS_DONE or of its beginning. */
gboolean mw_words_request_failed (MwWire *wire, enum mw_err err, GError **error);
#endif
