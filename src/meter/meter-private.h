/* meter-private.h: what a connection to a meter holds, and the tables that make it move.
 *
 *   probe.c    which protocol answers on this port, and how  -> the talk
 *   the talk   who the meter is                              -> the family
 *   the family what it has and how it is read
 *
 * Differences between meters are rows of the catalogue; a family is code only for what no row
 * can say.
 */
#ifndef MW_METER_PRIVATE_H
#define MW_METER_PRIVATE_H

#include "meter/channel.h"
#include "meter/dlms/wire.h"
#include "meter/iec/iec-wire.h"
#include "meter/meter.h"

G_BEGIN_DECLS

/* What a family can do.  A NULL slot is refused in words before anything is sent. */
typedef struct MwFamily {
  const char *id;           /* of the catalogue */
  const MwManager *manager; /* DLMS: who manages these meters; NULL: the usual one */
  /* Fill what the connection has told into DRAFT: type, firmware, serial number. */
  gboolean (*identify) (MwMeter *self, MwMeterInfo *draft, GError **error);
  GPtrArray *(*registers) (MwMeter *self, GError **error); /* of MwRegisterInfo */
  GPtrArray *(*loggers) (MwMeter *self, GError **error);   /* of MwLoggerInfo */

  /* A register that is not among `registers` and can be asked for nevertheless; the caller's.
   * NULL: there is none, with or without ERROR. */
  MwRegisterInfo *(*find_register) (MwMeter *self, const char *word, GError **error);
  /* The values of WANTED (of MwRegisterInfo), in that order, into READOUT; each is told to the
   * monitor as it comes. */
  gboolean (*read) (MwMeter *self, GPtrArray *wanted, MwReadout *readout, GError **error);
  /* *RAW (may stay NULL): the answers as they came. */
  MwSeries *(*log) (MwMeter *self, const MwLoggerInfo *logger, const MwLogWindow *window,
                    GBytes **raw, GError **error);
  MwLoggerStatus *(*status) (MwMeter *self, const MwLoggerInfo *logger, GError **error);

  /* Plans: bits of MwPlanKind. No slot: this meter has none. */
  guint (*plan_kinds) (MwMeter *self);
  MwPlan *(*plan_read) (MwMeter *self, MwPlanKind kind, GError **error);
  /* A plan that is in the meter and will be followed from its time of activation on. */
  MwPlan *(*plan_read_waiting) (MwMeter *self, MwPlanKind kind, GError **error);
  /* What `plan_read` will give once PLAN is in the meter. */
  MwPlan *(*plan_expect) (MwMeter *self, const MwPlan *plan, GError **error);
  /* Put PLAN, which passed the checks, in force as the last thing of all: before it the meter
   * follows the old plan.  Nothing is read back here. */
  gboolean (*plan_write) (MwMeter *self, const MwPlan *plan, GError **error);

  /* Why there is no IEC 1107 request, as a sentence; NULL, or no slot: there may be one. */
  char *(*iec_refusal) (MwMeter *self);

  /* A sentence on what is not known of this meter; NULL, or no slot: nothing to be said. */
  char *(*note) (MwMeter *self);

  /* COSEM objects. */
  gboolean (*objects) (MwMeter *self, gboolean refresh, GError **error);
  MwReading *(*get) (MwMeter *self, guint16 class_id, const char *obis, int attribute,
                     GError **error);
  gboolean (*set) (MwMeter *self, guint16 class_id, const char *obis, int attribute,
                   const char *value, GError **error);
  MwReading *(*action) (MwMeter *self, guint16 class_id, const char *obis, int method,
                        const char *value, GError **error);
} MwFamily;

/* A protocol as a conversation with this meter. */
typedef struct MwTalk {
  const char *name; /* "DLMS" */
  const char *word; /* of the catalogue and of --json: "dlms" */
  /* Who is there?  Chooses the family and fills DRAFT. */
  gboolean (*meet) (MwMeter *self, MwMeterInfo *draft, GError **error);
  /* The way that was found, as words to be kept for the next time: "wrapper", "hdlc 4 17",
   * "kmp 9600 63".  Free with g_free. */
  char *(*dup_way) (MwMeter *self);
  /* Take leave in good order, briefly. */
  void (*shut) (MwMeter *self);
} MwTalk;

extern const MwTalk mw_talk_dlms, mw_talk_iec, mw_talk_kmp;
/* The generic family of each talk. */
extern const MwFamily mw_family_dlms, mw_family_iec;

/* One row of the association's object list. */
typedef struct {
  guint16 class_id;
  guint8 version;
  mw_obis ln;
} MwObject;

struct MwMeter {
  MwChannel *channel;
  MwIecWire *iec;
  MwWire *wire; /* DLMS */
  struct MwKmpWire *kmp;
  struct MwKamstrup *kamstrup; /* what that family keeps, or NULL */
  const MwTalk *talk;
  MwStore *store; /* borrowed from the session's request; a reference */
  gboolean save;
  MwMonitor *monitor; /* of the call that runs */
  char *hint;         /* the way of an earlier time, or NULL */

  const MwFamily *family;
  MwMeterInfo *info;
  char *uri;
  char *port_text;
  gint64 clock_drift;
  gint64 clock_utc; /* the meter's clock when it was read; G_MININT64 never */
  gint16 deviation; /* of the meter's clock, local - UTC in minutes; stands in where a time has
                       none */

  gboolean reading_all; /* nobody asked for a register by name */
  GArray *objects;      /* of MwObject, NULL until read */
  GPtrArray *registers; /* the family's, once made */
  GPtrArray *loggers;
  GHashTable *constants; /* "class:obis:attribute" -> GBytes: what does not change while the
                            firmware is the same (scaler_unit), kept in the store */
  gboolean constants_changed;
};

/* The worker's monitor for the call that begins. */
void mw_meter_begin (MwMeter *self, MwMonitor *monitor);

/* ---- probe.c ---- */

/* Find out which protocol answers on the port of the URI: sets `talk`.  The error says what was
 * tried. */
gboolean mw_probe (MwMeter *self, GError **error);

/* ---- meter.c ---- */

/* The catalogue's word on who the meter is: family (the name alone; the caller chooses the
 * code), manufacturer and type into DRAFT. */
gboolean mw_meter_recognise (MwMeter *self, MwMeterInfo *draft, const char *ident,
                             const char *type_number, GError **error);
/* Registers and loggers of the catalogue's rows, for families that list their own. */
GPtrArray *mw_catalogue_registers (MwMeter *self, GError **error);
GPtrArray *mw_catalogue_loggers (MwMeter *self, GError **error);

/* ---- readout.c ---- */

/* The values of WORDS, not stored. */
MwReadout *mw_meter_read_words (MwMeter *self, const char *const *words, MwMonitor *monitor,
                                GError **error);
/* Meter, time, link and clock of a read-out whose readings are there. */
void mw_meter_finish_readout (MwMeter *self, MwReadout *readout, const char *profile);

/* ---- anchor.c ---- */

/* The meter's clock now, as far as it is known. */
gint64 mw_meter_clock_now (MwMeter *self);
/* The last of the rows that the store holds of LOGGER's newest time; NULL when there is none.
 */
MwSeries *mw_meter_load_anchor (MwMeter *self, const char *logger);

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

/* ---- lists.c ---- */

/* WORD is an OBIS code in any usual form, a KMP register ("kmp:3FF") or a name; NULL when it is
 * not among those of this meter. */
const MwRegisterInfo *mw_find_register (MwMeter *self, const char *word);
const MwLoggerInfo *mw_find_logger (MwMeter *self, const char *word);

G_END_DECLS

#endif
