/* phasor-diagram.h: voltages and currents of a meter as arrows, as a technician draws them: U1
 * up, angles clockwise, each phase in its colour. */
#ifndef MW_PHASOR_DIAGRAM_H
#define MW_PHASOR_DIAGRAM_H

#include <gtk/gtk.h>

#include "wiring.h"

G_BEGIN_DECLS

#define MW_TYPE_PHASOR_DIAGRAM (mw_phasor_diagram_get_type ())
G_DECLARE_FINAL_TYPE (MwPhasorDiagram, mw_phasor_diagram, MW, PHASOR_DIAGRAM, GtkWidget)

GtkWidget *mw_phasor_diagram_new (void);
void mw_phasor_diagram_set_wiring (MwPhasorDiagram *self, const mw_wiring *wiring);

/* The colour of phase 0..2 on this background. */
GdkRGBA mw_phase_colour (guint phase, gboolean dark);

G_END_DECLS

#endif
