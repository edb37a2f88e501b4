/* decode.h: one attribute's A-XDR as a reading.
 *
 * The raw answer stays in the reading, so that it can be decoded again.
 */
#ifndef MW_DLMS_DECODE_H
#define MW_DLMS_DECODE_H

#include "dlms/apdu.h"
#include "records.h"

G_BEGIN_DECLS

/* scaler_unit of classes 3, 4 and 5: the value is mantissa × 10^scaler, in UNIT. */
typedef struct {
  gint8 scaler;
  guint8 unit;
} MwScaler;

#define MW_SCALER_NONE                                                                         \
  {                                                                                            \
    0, MW_UNIT_NONE                                                                            \
  }

/* From the A-XDR structure of the attribute scaler_unit; FALSE when it is none. */
gboolean mw_decode_scaler (GBytes *raw, MwScaler *out);
/* Fills kind, value, text, civil, raw and result of READING; obis, class and attribute stand
 * in it already. */
void mw_decode_reading (MwReading *reading, GBytes *raw, const MwScaler *scaler);
/* The attribute was refused with this data-access-result. */
void mw_decode_refused (MwReading *reading, int result);
/* The time in RAW: a date-time or an octet-string of that length. */
gboolean mw_decode_civil (GBytes *raw, mw_civil *out);
/* The text in RAW: a string, its printable octets without trailing NULs and blanks; NULL when
 * it is no text.  Free with g_free. */
char *mw_decode_text (GBytes *raw);
/* Any integer type. */
gboolean mw_decode_int (GBytes *raw, gint64 *out);

/* Which attribute holds the scaler_unit that ATTRIBUTE of CLASS_ID is scaled with: 3 for
 * registers and extended registers, 4 for demand registers, 0 for none. */
gint8 mw_scaler_attribute (guint16 class_id, gint8 attribute);
/* Which attribute holds the time stamp of ATTRIBUTE: 5 of class 4, 6 of class 5, else 0. */
gint8 mw_capture_attribute (guint16 class_id, gint8 attribute);

G_END_DECLS

#endif
