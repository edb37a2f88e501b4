/* csv.h: loggers and read-outs as comma-separated values (RFC 4180).
 *
 * One header row with names and units, one row per entry.  Numbers are exact decimals without
 * grouping, times ISO 8601 with offset.  Rows are formatted into a buffer of fixed size and
 * written as it fills: memory does not grow with the rows.  A file is written beside its place
 * under another name and renamed when it is whole: a failure leaves no half file and an old one
 * untouched.
 */
#ifndef MW_CSV_H
#define MW_CSV_H

#include <gio/gio.h>

#include "records.h"

G_BEGIN_DECLS

typedef struct {
  char separator;         /* 0: ',', or ';' when decimal_comma */
  gboolean decimal_comma; /* "12,34" */
  gboolean normal_time;   /* times at the offset that the meter gave, else in ZONE */
  GTimeZone *zone;        /* NULL: the machine's own */
  gboolean crlf;          /* line ends of RFC 4180 rather than those of the system at hand */
} MwCsvOptions;

/* OPTIONS may be NULL: all defaults. Errors are G_IO_ERROR (NO_SPACE: the disk is full). */
gboolean mw_csv_write_series (const MwSeries *series, const MwCsvOptions *options,
                              GOutputStream *out, GCancellable *cancellable, GError **error);
gboolean mw_csv_write_readout (const MwReadout *readout, const MwCsvOptions *options,
                               GOutputStream *out, GCancellable *cancellable, GError **error);
gboolean mw_csv_save_series (const MwSeries *series, const MwCsvOptions *options,
                             const char *path, GCancellable *cancellable, GError **error);
gboolean mw_csv_save_readout (const MwReadout *readout, const MwCsvOptions *options,
                              const char *path, GCancellable *cancellable, GError **error);

G_END_DECLS

#endif
