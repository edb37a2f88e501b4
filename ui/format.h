/* format.h: readings and times as a person reads them.  Exact: digits are moved, never computed
 * in floating point.  All results are freed with g_free. */
#ifndef MW_FORMAT_H
#define MW_FORMAT_H

#include "records.h"

G_BEGIN_DECLS

/* D in the unit that people use (energy and power in k…): *UNIT (may be NULL) is set to a
 * static text. Thousands are set apart by a narrow space from five digits on. */
char *mw_format_decimal (mw_decimal d, const char **unit);
/* The same without grouping and with ".": for the clipboard and for files. */
char *mw_format_decimal_plain (mw_decimal d, const char **unit);
/* The value of R with *UNIT ("" where it has none). */
char *mw_format_reading (const MwReading *r, const char **unit);
/* "raw 1234567, scaler 10^0, Wh". NULL for readings that are no numbers. */
char *mw_format_raw (const MwReading *r);
/* Local time of this machine: "1 Mar 2026 12:00". */
char *mw_format_time (gint64 utc);
/* The same with the seconds, and "today" left out: "14:02:11" or "1 Mar 2026 14:02:11". */
char *mw_format_time_near (gint64 utc);
/* As the meter keeps it: at DEVIATION minutes (MW_DEVIATION_ANY: this machine's zone). */
char *mw_format_meter_time (gint64 utc, gint16 deviation);
/* A period in words: "15 min", "1 day", "by event". */
char *mw_format_period (guint32 seconds);
/* "2 s", "3 min 10 s", "4 h 2 min". */
char *mw_format_duration (gint64 seconds);
/* "just now", "5 minutes ago", "3 days ago", then the date. */
char *mw_format_age (gint64 utc);
/* The prefix "k" by which D is shown: 3, or 0. For axes. */
int mw_format_kilo (unsigned unit);

G_END_DECLS

#endif
