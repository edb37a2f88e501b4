/* coverage-bar.h: of a logger: what is stored, what is still in the meter alone, what is lost.
 */
#ifndef MW_COVERAGE_BAR_H
#define MW_COVERAGE_BAR_H

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MW_TYPE_COVERAGE_BAR (mw_coverage_bar_get_type ())
G_DECLARE_FINAL_TYPE (MwCoverageBar, mw_coverage_bar, MW, COVERAGE_BAR, GtkWidget)

GtkWidget *mw_coverage_bar_new (void);
/* SPANS: GArray of MwLoggerSpan, oldest first, or NULL. OLDEST, NEWEST: what the meter holds,
 * G_MININT64 when not known. PERIOD_S 0: by event. */
void mw_coverage_bar_set (MwCoverageBar *self, GArray *spans, gint64 oldest, gint64 newest,
                          guint period_s);
/* The share of the time that is stored, in the meter alone, lost; they add up to 1 unless
 * nothing is known. */
void mw_coverage_bar_get_shares (MwCoverageBar *self, double *stored, double *in_meter,
                                 double *lost);

G_END_DECLS

#endif
