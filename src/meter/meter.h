/* meter.h: one open connection to one meter, whatever its family.
 *
 * Everything here blocks; it belongs to one thread (a session's worker).  Errors are those of
 * MW_SESSION_ERROR with a sentence that names cause and next step, or G_IO_ERROR_CANCELLED.
 * After an error of the link the meter may be used again: it connects again by itself, by the
 * way that was found at the first time, without probing.
 */
#ifndef MW_METER_METER_H
#define MW_METER_METER_H

#include "meter/monitor.h"
#include "meter/types.h"
#include "plan.h"
#include "store.h"

G_BEGIN_DECLS

typedef struct MwMeter MwMeter;

typedef struct {
  const char *uri;
  const char *password;   /* NULL: the family's default */
  const char *pin;        /* of the modem's SIM card; NULL: none */
  const char *trace_file; /* NULL: none */
  gboolean save;          /* to STORE, when there is one */
  MwStore *store;         /* borrowed, may be NULL */
} MwMeterOptions;

/* Opens the link, finds out what meter it is, associates. */
MwMeter *mw_meter_open (const MwMeterOptions *options, MwMonitor *monitor, GError **error);
/* Leaves the association, closes the link and frees. */
void mw_meter_close (MwMeter *self, MwMonitor *monitor);

/* Borrowed. */
MwMeterInfo *mw_meter_get_info (MwMeter *self);
const char *mw_meter_get_uri (MwMeter *self); /* without secrets */
/* "ttyUSB0 · 9600 · DLMS", borrowed. */
const char *mw_meter_get_port_text (MwMeter *self);
/* "dlms", "kmp" or "iec": what this connection speaks. */
const char *mw_meter_get_protocol (MwMeter *self);
/* Meter's clock - this machine's, seconds; G_MININT64 when not known. */
gint64 mw_meter_get_clock_drift (MwMeter *self);

/* (transfer full) arrays of MwRegisterInfo, MwLoggerInfo. */
GPtrArray *mw_meter_list_registers (MwMeter *self, MwMonitor *monitor, GError **error);
GPtrArray *mw_meter_list_loggers (MwMeter *self, MwMonitor *monitor, GError **error);
/* (transfer full) array of MwObjectInfo. */
GPtrArray *
mw_meter_list_objects (MwMeter *self, gboolean refresh, MwMonitor *monitor, GError **error);

/* Signal strengths of a call through a modem, 0 to 31: at our modem and at the meter; -1 not
 * known. ASK: our modem is asked now, for which the call pauses about three seconds. */
gboolean mw_meter_get_signal (MwMeter *self, gboolean ask, MwMonitor *monitor, int *local,
                              int *remote, GError **error);

MwRegisterInfo *mw_register_info_copy (const MwRegisterInfo *info);
MwLoggerInfo *mw_logger_info_copy (const MwLoggerInfo *info);

MwReadout *mw_meter_read (MwMeter *self, const char *const *registers, const char *profile,
                          MwMonitor *monitor, GError **error);
/* CLASS_ID 0: OBIS is the word for any register of this meter ("kmp:3FF", a name). */
MwReading *mw_meter_get (MwMeter *self, guint16 class_id, const char *obis, int attribute,
                         MwMonitor *monitor, GError **error);
gboolean mw_meter_set (MwMeter *self, guint16 class_id, const char *obis, int attribute,
                       const char *value, MwMonitor *monitor, GError **error);
MwReading *mw_meter_action (MwMeter *self, guint16 class_id, const char *obis, int method,
                            const char *value, MwMonitor *monitor, GError **error);
MwSeries *mw_meter_log (MwMeter *self, const char *logger, const MwLogWindow *window,
                        MwMonitor *monitor, GError **error);
/* The IEC 1107 request: the data readout of IEC 62056-21, beside the protocol that the
 * connection speaks. */
MwReadout *mw_meter_iec_request (MwMeter *self, MwMonitor *monitor, GError **error);
/* A sentence on what is not known of this meter, or NULL. Free with g_free. */
char *mw_meter_dup_note (MwMeter *self);
/* Why this meter does not answer it, as a sentence; NULL: it does, or may. Free with g_free. */
char *mw_meter_dup_iec_refusal (MwMeter *self);
/* Kinds of plan that this meter follows, a bit 1 << MwPlanKind each. */
guint mw_meter_get_plan_kinds (MwMeter *self);
MwPlan *
mw_meter_plan_read (MwMeter *self, MwPlanKind kind, MwMonitor *monitor, GError **error);
/* TRUE: OUTCOME is MW_PLAN_OUTCOME_NEW. */
gboolean mw_meter_plan_program (MwMeter *self, const MwPlan *plan, MwPlanOutcome *outcome,
                                MwMonitor *monitor, GError **error);
MwLoggerStatus *
mw_meter_logger_status (MwMeter *self, const char *logger, MwMonitor *monitor, GError **error);

G_END_DECLS

#endif
