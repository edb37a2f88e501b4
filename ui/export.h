/* export.h: what is shown becomes a file: the name is asked for, a thread writes, a toast says
 * so. */
#ifndef MW_EXPORT_H
#define MW_EXPORT_H

#include <gtk/gtk.h>

#include "report.h"
#include "workspace.h"

G_BEGIN_DECLS

typedef enum { MW_EXPORT_CSV, MW_EXPORT_PDF } MwExportFormat;

void mw_export_readout (GtkWidget *parent, MwWorkspace *workspace, MwReadout *readout,
                        MwExportFormat format);
/* EVENTS: the rows are events; QUANTITY for load profiles on paper. */
void mw_export_series (GtkWidget *parent, MwWorkspace *workspace, MwSeries *series,
                       gboolean events, MwQuantity quantity, MwExportFormat format);
/* Load profiles with PICTURE: an array of MwSeries; those after the first go into files named
 * after their meters. */
void mw_export_profile (GtkWidget *parent, MwWorkspace *workspace, GPtrArray *series,
                        MwQuantity quantity, MwReportPicture picture, MwExportFormat format);

G_END_DECLS

#endif
