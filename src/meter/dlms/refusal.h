/* refusal.h: what a refusal by the meter means. */
#ifndef MW_DLMS_REFUSAL_H
#define MW_DLMS_REFUSAL_H

#include <glib.h>

/* A data-access-result in words with a next step; free with g_free. */
char *mw_words_refusal (int result);

#endif
