/* decode-private.h: what decode.c and decode-trace.c share, and their test. */
#ifndef MW_CLI_DECODE_PRIVATE_H
#define MW_CLI_DECODE_PRIVATE_H

#include "cli/decode.h"

/* Is TEXT a recording (its first line says so)? */
gboolean mw_cli_decode_is_trace (const char *text, gsize len);
/* Every message of a recording in words, or one JSON document {"messages":[...]}.  *WRONG
 * (nullable): 1 when a message is not well-formed and no byte of it was hidden. */
char *mw_cli_decode_trace (const char *text, gsize len, gboolean json, int *wrong);

#endif
