/* family.h: what every DLMS/COSEM family has in common. */
#ifndef MW_DLMS_FAMILY_H
#define MW_DLMS_FAMILY_H

#include "meter/meter-private.h"

/* Registers and loggers by the association's object list. */
GPtrArray *mw_dlms_family_registers (MwMeter *self, GError **error);
GPtrArray *mw_dlms_family_loggers (MwMeter *self, GError **error);
/* Serial number, firmware and clock from the objects that nearly every meter has (0-0:96.1.0,
 * 1-0:0.2.0, 0-0:1.0.0); what the meter does not have stays NULL. */
gboolean mw_dlms_family_identify (MwMeter *self, MwMeterInfo *draft, GError **error);
/* The public client's words: the COSEM logical device name, or NULL when it does not say. */
gboolean mw_dlms_read_logical_name (MwMeter *self, char **name, GError **error);
/* What the clock says (attribute 2, NULL: nothing): clock_drift and clock_utc of SELF, and its
 * deviation when it gives one. */
void mw_dlms_note_clock (MwMeter *self, GBytes *raw);

#endif
