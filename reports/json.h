/* json.h: the JSON documents of the command line (INTERFACES: mw … --json).
 *
 * UTF-8, times ISO 8601 with offset, readings as exact decimals in strings.  Rows are written
 * as they come; nothing is built in memory.
 */
#ifndef MW_JSON_H
#define MW_JSON_H

#include <gio/gio.h>

#include "records.h"

G_BEGIN_DECLS

/* {"meter":{…},"logger":…,"obis":…,"period_s":…,"columns":[…],"entries":[…]} and a line end.
 * ZONE for rows without an offset of the meter's own; NULL: the machine's. */
gboolean mw_json_write_series (const MwSeries *series, GTimeZone *zone, GOutputStream *out,
                               GCancellable *cancellable, GError **error);
/* {"meter":{…},"time":…,"meter_clock":…,"profile":…,"readings":[{"obis":…,"name":…,"value":…,
 * "unit":…},…]} and a line end. */
gboolean mw_json_write_readout (const MwReadout *readout, GTimeZone *zone, GOutputStream *out,
                                GCancellable *cancellable, GError **error);
/* Append the object of METER, TEXT as a JSON string (null for NULL), or the time T. */
void mw_json_append_meter (GString *json, const MwMeterInfo *meter, GTimeZone *zone);
void mw_json_append_string (GString *json, const char *text);
void mw_json_append_time (GString *json, gint64 utc, GTimeZone *zone);
/* One reading's object. */
void mw_json_append_reading (GString *json, const MwReading *reading);

G_END_DECLS

#endif
