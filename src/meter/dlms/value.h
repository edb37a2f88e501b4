/* value.h: COSEM data as text and back.
 *
 *   null  bool:true  i8: i16: i32: i64: u8: u16: u32: u64: enum: bcd:   numbers, decimal or 0x…
 *   octet:0102  bits:0101  visible:abc  utf8:"with, commas"  float32:1.5  float64:1.5
 *   datetime:2026-01-01T00:15:00+01:00    the 12 octets that attributes use; "*" is
 * unspecified,
 *                                         "/80" behind it the clock status
 *   date:2026-01-01  time:12:00:00        the types date [26] and time [27]; these are rendered
 * as octets date-time:…                           the type date-time [25] array[u8:1, u8:2]
 * structure{u16:3, octet:00}     spaces and line ends where you like
 *
 * What mw_value_render writes, mw_value_parse reads.
 */
#ifndef MW_DLMS_VALUE_H
#define MW_DLMS_VALUE_H

#include "dlms/axdr.h"
#include "meter/error.h"

G_BEGIN_DECLS

/* The A-XDR of TEXT; MW_SESSION_ERROR_USAGE with the place of what is not understood. */
GBytes *mw_value_parse (const char *text, GError **error);
/* A-XDR as text: a simple value in one line, an array or structure indented.  What is no A-XDR
 * is given in hexadecimal.  Free with g_free. */
char *mw_value_render (const guint8 *octets, gsize len);
char *mw_value_hex (const guint8 *octets, gsize len);

G_END_DECLS

#endif
