/* decode.h: `mw decode [HEX|-]`: any frame or APDU, byte by byte, in words. */
#ifndef MW_CLI_DECODE_H
#define MW_CLI_DECODE_H

#include <glib.h>

/* The bytes that TEXT (LEN bytes) stands for: hexadecimal digits, with blanks, colons, commas,
 * line ends and 0x between them, if it is nothing but these; else the bytes themselves, of
 * which a telegram of IEC 62056-21 is an example.  *WAS_TEXT (nullable) says which.  NULL and a
 * G_IO_ERROR_INVALID_DATA when it is hexadecimal with half a byte too many. */
GByteArray *
mw_cli_decode_input (const char *text, gsize len, gboolean *was_text, GError **error);

/* What BYTES mean: lines for a person, or one JSON document.  KIND is a name of
 * mw_decode_kind_name, or NULL: find out.  *WRONG (nullable): lines marked wrong, or -1 when
 * the bytes are nothing that is known. */
char *mw_cli_decode_text (const guint8 *bytes, gsize len, const char *kind, gboolean json,
                          int *wrong);

/* The verb: decode INPUT (NULL or "-": standard input) to standard output; a recording of
 * --trace message by message.  Returns the exit status: 0 all is well-formed, 1 usage, 3
 * something in it is wrong or unknown, 6 the input cannot be read. */
int mw_cli_decode (const char *input, const char *kind, gboolean json);

#endif
