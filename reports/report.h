/* report.h: reports on paper: PDF by cairo and Pango, A4.
 *
 * Every page carries the meter's identity, what the report is and "3 of 12"; a reference meter
 * is named as one on every page.  Files appear whole or not at all (outfile.h).
 */
#ifndef MW_REPORT_H
#define MW_REPORT_H

#include <gio/gio.h>

#include "derive.h"
#include "store.h"

G_BEGIN_DECLS

typedef enum {
  MW_REPORT_CHART,
  MW_REPORT_HEAT_MAP, /* of one column */
  MW_REPORT_DURATION,
} MwReportPicture;

typedef struct {
  GTimeZone *zone;    /* NULL: the machine's own */
  const char *title;  /* NULL: by the kind of report */
  const char *author; /* NULL: none named */
  gint64 made_at;     /* 0: now */
  gint64 from;        /* the period that was asked for; 0: that of the rows */
  gint64 to;
  MwQuantity quantity;     /* load profile: what the chart and the table show */
  MwReportPicture picture; /* load profile: what stands above its tables */
  guint column;            /* that MW_REPORT_HEAT_MAP shows */
  guint32 doubtful_mask;   /* load profile */
  MwStore *store;          /* gives codes and status bits their words; NULL: as numbers */
} MwReportOptions;

/* Chart, totals and table of a load profile. */
gboolean mw_report_save_profile (const MwSeries *series, const MwReportOptions *options,
                                 const char *path, GError **error);
/* A register read-out: table by group. */
gboolean mw_report_save_readout (const MwReadout *readout, const MwReportOptions *options,
                                 const char *path, GError **error);
/* Events of one or several loggers of one meter. */
gboolean
mw_report_save_events (const MwSeries *const *series, guint n_series,
                       const MwReportOptions *options, const char *path, GError **error);

G_END_DECLS

#endif
