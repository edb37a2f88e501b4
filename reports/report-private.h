/* report-private.h: what the reports share; for reports/ alone. */
#ifndef MW_REPORT_PRIVATE_H
#define MW_REPORT_PRIVATE_H

#include "paper.h"
#include "report.h"

G_BEGIN_DECLS

/* Options with their defaults filled in. */
typedef struct {
  const MwReportOptions *o;
  GTimeZone *zone; /* owned */
  char *footer;
} MwReportFrame;

void mw_report_frame_init (MwReportFrame *f, const MwReportOptions *options);
void mw_report_frame_clear (MwReportFrame *f);
char *mw_report_dup_time (const MwReportFrame *f, gint64 t, const char *format);
/* Who the meter is; begins every report. */
void mw_report_put_identity (MwPaper *p, const MwMeterInfo *m);
void mw_report_put_period (MwPaper *p, const MwReportFrame *f, gint64 from, gint64 to);
/* D shown in 10^PREFIX of its unit with the decimals it has: 310 Wh are 0.310 kWh. */
void mw_report_format_value (mw_decimal d, int prefix, char *buf, gsize cap);
/* "Standard events" rather than "events-standard", where the catalogue knows it. */
char *mw_report_dup_logger_name (const MwReportFrame *f, const MwSeries *s);

G_END_DECLS

#endif
