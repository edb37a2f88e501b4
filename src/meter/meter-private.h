/* meter-private.h: what a connection to a meter holds, and the table of a family.
 *
 * Differences between meters are rows of the catalogue; a family is code only for what no row
 * can say.
 */
#ifndef MW_METER_PRIVATE_H
#define MW_METER_PRIVATE_H

#include "meter/dlms/wire.h"
#include "meter/meter.h"

G_BEGIN_DECLS

typedef struct MwFamily {
  const char *id; /* of the catalogue */
  /* Fill what the connection has told into DRAFT: type, firmware, serial number. */
  gboolean (*identify) (MwMeter *self, MwMeterInfo *draft, GError **error);
  GPtrArray *(*registers) (MwMeter *self, GError **error); /* of MwRegisterInfo */
  GPtrArray *(*loggers) (MwMeter *self, GError **error);   /* of MwLoggerInfo */
} MwFamily;

extern const MwFamily mw_family_dlms, mw_family_mx381;

/* One row of the association's object list. */
typedef struct {
  guint16 class_id;
  guint8 version;
  mw_obis ln;
} MwObject;

struct MwMeter {
  MwWire *wire;
  MwStore *store; /* borrowed from the session's request; a reference */
  gboolean save;
  MwMonitor *monitor; /* of the call that runs */

  const MwFamily *family;
  MwMeterInfo *info;
  char *uri;
  char *port_text;
  gint64 clock_drift;
  gint64 clock_utc; /* the meter's clock when it was read; G_MININT64 never */
  gint16 deviation; /* of the meter's clock, local - UTC in minutes; stands in where a time has
                       none */

  GArray *objects;      /* of MwObject, NULL until read */
  GPtrArray *registers; /* the family's, once made */
  GPtrArray *loggers;
  GHashTable *constants; /* "class:obis:attribute" -> GBytes: what does not change while the
                            firmware is the same (scaler_unit), kept in the store */
  gboolean constants_changed;
};

/* The worker's monitor for the call that begins. */
void mw_meter_begin (MwMeter *self, MwMonitor *monitor);

/* ---- dlms/cache.c ---- */

/* Load what the store keeps of this meter and firmware; save it when something is new. */
void mw_cache_load (MwMeter *self);
void mw_cache_save (MwMeter *self);
/* Borrowed, or NULL. */
GBytes *mw_cache_get (MwMeter *self, const mw_dlms_attr *attr);
void mw_cache_put (MwMeter *self, const mw_dlms_attr *attr, GBytes *value);
/* The object list: from the store, else from the meter. REFRESH: from the meter. */
gboolean mw_cache_objects (MwMeter *self, gboolean refresh, GError **error);
const MwObject *mw_cache_find_object (MwMeter *self, mw_obis ln);

/* ---- dlms/batch.c ---- */

/* What became of one attribute of a batch. */
typedef struct {
  mw_dlms_attr attr;
  int result;  /* data-access-result; -1 before it was asked */
  GBytes *raw; /* NULL unless result is 0 */
} MwAnswer;

MwAnswer *mw_answers_add (GArray *answers, guint16 class_id, mw_obis ln, gint8 attribute);
GArray *mw_answers_new (void);
/* Reads all that have no result yet, many in one request; connects again when the link breaks
 * and goes on with what is missing.  ANSWERED (may be NULL) is called for each. */
gboolean mw_batch_get (MwMeter *self, GArray *answers,
                       void (*answered) (gpointer user, guint index, MwAnswer *answer),
                       gpointer user, GError **error);

/* ---- dlms/names.c ---- */

/* The name of an object from catalogue or OBIS code; NULL when none is known. Free it. */
char *mw_names_object (MwMeter *self, mw_obis ln);
/* The standard's name of an interface class; "class 104" for others. Free it. */
char *mw_names_class (MwMeter *self, guint16 class_id);
/* The text of an OBIS code. Free it. */
char *mw_names_obis (mw_obis ln);

/* ---- dlms/read.c ---- */

gboolean mw_parse_object (const char *obis, mw_obis *out, GError **error);
/* RAW (NULL: refused with RESULT) of one attribute as a reading, with its scaler. */
MwReading *mw_meter_reading_of (MwMeter *self, const mw_dlms_attr *attr, GBytes *raw,
                                int result, GError **error);

/* ---- dlms/registers.c ---- */

const MwRegisterInfo *mw_find_register (MwMeter *self, const char *word);
const MwLoggerInfo *mw_find_logger (MwMeter *self, const char *word);

G_END_DECLS

#endif
