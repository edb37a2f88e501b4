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

/* Slots of MwFamily. */
MwRegisterInfo *mw_dlms_find_register (MwMeter *self, const char *word, GError **error);
gboolean mw_dlms_read (MwMeter *self, GPtrArray *wanted, MwReadout *readout, GError **error);
MwSeries *mw_dlms_log (MwMeter *self, const MwLoggerInfo *logger, const MwLogWindow *window,
                       GBytes **raw, GError **error);
MwLoggerStatus *mw_dlms_status (MwMeter *self, const MwLoggerInfo *logger, GError **error);
MwReading *
mw_dlms_get (MwMeter *self, guint16 class_id, const char *obis, int attribute, GError **error);
gboolean mw_dlms_set (MwMeter *self, guint16 class_id, const char *obis, int attribute,
                      const char *value, GError **error);
MwReading *mw_dlms_action (MwMeter *self, guint16 class_id, const char *obis, int method,
                           const char *value, GError **error);

/* Slots of a family with an activity calendar. */
guint mw_dlms_plan_kinds (MwMeter *self);
MwPlan *mw_dlms_plan_read (MwMeter *self, MwPlanKind kind, GError **error);
MwPlan *mw_dlms_plan_read_waiting (MwMeter *self, MwPlanKind kind, GError **error);
MwPlan *mw_dlms_plan_expect (MwMeter *self, const MwPlan *plan, GError **error);
gboolean mw_dlms_plan_write (MwMeter *self, const MwPlan *plan, GError **error);
#define MW_DLMS_PLAN_SLOTS                                                                     \
  .plan_kinds = mw_dlms_plan_kinds, .plan_read = mw_dlms_plan_read,                            \
  .plan_read_waiting = mw_dlms_plan_read_waiting, .plan_expect = mw_dlms_plan_expect,          \
  .plan_write = mw_dlms_plan_write

/* The slots that all of them share. */
#define MW_DLMS_FAMILY_SLOTS                                                                   \
  .find_register = mw_dlms_find_register, .read = mw_dlms_read, .log = mw_dlms_log,            \
  .status = mw_dlms_status, .objects = mw_cache_objects, .get = mw_dlms_get,                   \
  .set = mw_dlms_set, .action = mw_dlms_action

const MwFamily *mw_dlms_family_by_id (const char *id);
/* Of a manufacturer whose meters are rows of the catalogue and need no code of their own. */
extern const MwFamily mw_family_dlms_rows;
extern const MwFamily mw_family_mx381;

#endif
