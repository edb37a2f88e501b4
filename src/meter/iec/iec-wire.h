/* iec-wire.h: the IEC 62056-21 opening, and the data readout that it may lead to.
 *
 *   open ──► silent │ binary: the link is HDLC's now (mode E) │ telegram: the readout is here
 */
#ifndef MW_IEC_WIRE_H
#define MW_IEC_WIRE_H

#include "iec62056_21/client.h"
#include "meter/channel.h"

G_BEGIN_DECLS

typedef enum {
  MW_IEC_OUTCOME_SILENT,  /* nobody answered; something else may be tried */
  MW_IEC_OUTCOME_FAILED,  /* somebody did, and then it went wrong */
  MW_IEC_OUTCOME_BINARY,  /* mode E was agreed */
  MW_IEC_OUTCOME_TELEGRAM /* `telegram` is there */
} MwIecOutcome;

typedef struct MwIecWire {
  MwChannel *channel; /* borrowed */
  mw_iec_client client;
  guint8 *buf;
  char *ident;      /* without "/" and line end; NULL before an answer */
  GBytes *telegram; /* data of the last readout, its block check right; or NULL */
  gint64 read_us;   /* g_get_monotonic_time of it */
} MwIecWire;

MwIecWire *mw_iec_wire_new (MwChannel *channel);
void mw_iec_wire_free (MwIecWire *self);
/* Open, and go on to HDLC where that is WANTED and offered, else to the readout when that is.
 * FALSE with *OUTCOME SILENT or FAILED. */
gboolean mw_iec_wire_open (MwIecWire *self, gboolean hdlc, gboolean readout,
                           MwIecOutcome *outcome, GError **error);

G_END_DECLS

#endif
