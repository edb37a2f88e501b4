/* obis.h: logical names: the six value groups A-F of IEC 62056-61.
 *
 * Written "1-0:1.8.0.255" (A-B:C.D.E.F); read in that form and in the forms that meters, plans
 * and people use: "1-0:1.8.0*255", "1-0:1.8.0" (F 255), "1.0.1.8.0.255", "1.8.0" (as read-outs
 * of IEC 62056-21 have it: A 1, B 0, F 255), "C.1.0" and "F.F" (the letters C F L P stand for
 * 96 97 98 99: IEC 62056-61 annex A), and twelve hexadecimal digits.
 */
#ifndef MW_OBIS_H
#define MW_OBIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

typedef struct mw_obis {
  uint8_t v[6]; /* A B C D E F */
} mw_obis;

/* "255-255:255.255.255.255" and its NUL. */
#define MW_OBIS_TEXT 24

#define MW_OBIS(a, b, c, d, e, f)                                                              \
  ((mw_obis){ { (uint8_t) (a), (uint8_t) (b), (uint8_t) (c), (uint8_t) (d), (uint8_t) (e),     \
                (uint8_t) (f) } })

/* Read TEXT of LEN bytes. MW_ERR_VALUE when it is none of the forms above. */
enum mw_err mw_obis_parse (const char *text, size_t len, mw_obis *out);

/* "1-0:1.8.0.255". Returns the length, 0 when CAP is too small. */
size_t mw_obis_format (mw_obis o, char *buf, size_t cap);

/* The short form "1.8.0" when A-B is 1-0 and F is 255, "0-0:96.1.0" when only F is 255, else
 * the whole.  Returns the length, 0 when CAP is too small. */
size_t mw_obis_format_short (mw_obis o, char *buf, size_t cap);

/* -1, 0, 1 in the order of the groups. */
int mw_obis_compare (mw_obis a, mw_obis b);
bool mw_obis_equal (mw_obis a, mw_obis b);

mw_obis mw_obis_read (mw_cur *c);
void mw_obis_write (mw_wr *w, mw_obis o);

#endif
