/* catalogue.h: what the catalogue says of a meter: its registers, loggers, functions, settings
 * and type number, and what a value may be before it is sent.  Part of store.h.
 *
 * A kind says which meter is meant, as far as that is known: what is NULL (or 0) is not known
 * and excludes nothing.  All functions may be called from any thread; arrays are (transfer
 * full) with a free function set, NULL only with ERROR.
 */
#ifndef MW_CATALOGUE_H
#define MW_CATALOGUE_H

#include "records.h"

G_BEGIN_DECLS

typedef struct _MwStore MwStore;

typedef struct {
  const char *family;      /* "kamstrup-382" */
  const char *model;       /* "k382" */
  const char *generation;  /* "J"; "B C" when the meter's words do not tell them apart */
  guint variant;           /* OMNIPOWER: 1 or 2 */
  const char *revision;    /* software revision: "L2" */
  const char *type_number; /* with or without dashes: says whether there is a breaker */
} MwMeterKind;

/* The kind of INFO: model and generation as stored, else as its type number says. Texts are
 * borrowed from INFO. */
MwMeterKind mw_meter_kind_of (const MwMeterInfo *info);

/* ---- recognising ---- */

/* What a meter's own words say of its type. */
typedef struct {
  char *family; /* "dlms" for a DLMS meter that the catalogue does not know */
  char *manufacturer;
  char *type;       /* as far as it can be told, else NULL: "MT381-D1", "382", "382 NTA" */
  char *model;      /* "k382", or NULL */
  char *generation; /* "J", "B C", or NULL */
  guint variant;
  char *note; /* a sentence for a meter that is known by name alone, else NULL */
} MwRecognition;

void mw_recognition_free (MwRecognition *recognition);
/* LOGICAL_NAME is the COSEM logical device name, IEC_IDENTIFICATION the answer to the IEC
 * 62056-21 opening without its "/" and line end, TYPE_NUMBER what the meter says of its type
 * (Mx381: 1-0:0.2.0 or 0-0:96.1.1; Kamstrup: register 466, 422); each may be NULL.  A type
 * number that a family claims counts most.  Never NULL without ERROR. */
MwRecognition *
mw_store_recognise (MwStore *store, const char *logical_name, const char *iec_identification,
                    const char *type_number, GError **error);
/* WORD is the type of KMP's GetType; TYPE_NUMBER (may be NULL) tells generations apart that
 * share a word.  A word that the catalogue does not know gives family "kamstrup-382", no model
 * and a note. */
MwRecognition *
mw_store_recognise_kmp (MwStore *store, guint16 word, const char *type_number, GError **error);
/* "L2" of the software revision of GetType (letter in the high octet, A is 1); free it. */
char *mw_kmp_dup_revision (guint16 revision);

/* ---- how the meter is spoken to ---- */

typedef struct {
  guint32 optical_baud; /* KMP on the optical port */
  guint32 module_baud;
  gboolean kmp, iec, dlms;
  gboolean breaker; /* can be had with one */
} MwPortInfo;

/* FALSE and NOT_FOUND when the catalogue does not say. */
gboolean
mw_store_get_ports (MwStore *store, const MwMeterKind *kind, MwPortInfo *out, GError **error);
/* Has the meter breakers? 1 yes, 0 no, -1 its type number does not say. */
int mw_store_get_breaker (MwStore *store, const MwMeterKind *kind);

/* ---- registers, loggers, functions ---- */

/* Array of MwRegisterInfo that KIND has, in the order of the catalogue; DLMS objects that hold
 * one value as well as registers of KMP. */
GPtrArray *
mw_store_list_kind_registers (MwStore *store, const MwMeterKind *kind, GError **error);
/* Array of MwLoggerInfo that KIND has; with ALL those as well that it lacks, with the reason.
 */
GPtrArray *mw_store_list_kind_loggers (MwStore *store, const MwMeterKind *kind, gboolean all,
                                       GError **error);
/* Entries that a logger holds with N columns besides the clock; 0: not known. */
guint32 mw_logger_info_depth (const MwLoggerInfo *logger, guint n);

/* A function of the tool. */
typedef struct {
  char *id;   /* "tariff-plan" */
  char *name; /* "Tariff plan" */
  gboolean available;
  char *reason;         /* a sentence why not, NULL when it is */
  gboolean module_port; /* only through the module port */
  char *manual;         /* where it is described, or NULL */
} MwFunctionInfo;

void mw_function_info_free (MwFunctionInfo *info);
/* Array of MwFunctionInfo of the family, in the order of the menu. */
GPtrArray *mw_store_list_functions (MwStore *store, const MwMeterKind *kind, GError **error);

/* A line of the IEC 62056-21 read-out: "1.8.0" is register kmp:1. */
typedef struct {
  char *code;
  char *obis; /* as in MwRegisterInfo */
  char *name;
  char *unit; /* "kWh" or NULL */
} MwIecLine;

void mw_iec_line_free (MwIecLine *line);
GPtrArray *mw_store_list_iec_lines (MwStore *store, const MwMeterKind *kind, GError **error);

/* ---- what a value may be ---- */

typedef struct {
  gint64 value;
  char *name;
} MwValueWord;

/* Of an attribute of a COSEM object or a register of KMP.  Numbers are as they travel: value =
 * number × 10^exponent unit. */
typedef struct {
  char *obis; /* "1-0:1.8.0.255" or "kmp:40F" */
  guint16 class_id;
  gint8 attribute;
  guint16 kmp_id; /* 0: no register of KMP */
  char *name;
  gboolean readable, writable;
  gboolean module_port; /* writable through the module port alone */
  gboolean has_min, has_max;
  gint64 min, max;  /* of strings and arrays max is the longest length */
  GArray *choices;  /* of gint64: the only values that are taken; NULL: all of the range */
  GPtrArray *words; /* of MwValueWord: what numbers mean; NULL */
  GPtrArray *bits;  /* of MwStatusBit; NULL */
  gboolean has_default;
  gint64 default_value;
  guint8 unit; /* enum mw_unit */
  gint8 exponent;
  guint8 octets; /* of KMP, else 0 */
  gboolean text; /* text, octets or an array: a length is meant by min and max */
  gboolean array;
  gboolean assigned_reference;
} MwValueRule;

void mw_value_rule_free (MwValueRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwValueRule, mw_value_rule_free)
/* OBJECT: an OBIS code (with CLASS_ID 0: of any class) and ATTRIBUTE, or "kmp:40F".  NULL and
 * NOT_FOUND when the catalogue has no such object for KIND. */
MwValueRule *
mw_store_get_value_rule (MwStore *store, const MwMeterKind *kind, const char *object,
                         guint16 class_id, gint8 attribute, GError **error);
/* May NUMBER be sent?  FALSE with *REASON (may be NULL; free it), a sentence that names range
 * and unit. */
gboolean mw_value_rule_check (const MwValueRule *rule, gint64 number, char **reason);
/* The same for a number as people write it, in the rule's unit; *NUMBER gets what travels.
 * FALSE with *REASON when it has more decimals than the meter keeps. */
gboolean
mw_value_rule_take (const MwValueRule *rule, mw_decimal value, gint64 *number, char **reason);
/* "184.0 to 227.7 V", "5, 15, 30 or 60 min"; NULL when all is allowed; free it. */
char *mw_value_rule_dup_range (const MwValueRule *rule);

/* Registers of KMP whose values must not decrease in this order (t1, t2, t3). */
typedef struct {
  GArray *ids; /* of guint16 */
  char *reason;
} MwValueOrder;

void mw_value_order_free (MwValueOrder *order);
GPtrArray *mw_store_list_value_orders (MwStore *store, const MwMeterKind *kind, GError **error);

/* ---- type numbers ---- */

typedef struct {
  guint at; /* of the first character without dashes, from 1 */
  char *text;
  char *name;    /* "Generation" */
  char *meaning; /* "Generation J"; NULL when the code has none */
  char *reason;  /* a sentence when meaning is NULL */
  gboolean assigned_reference;
} MwTypePosition;

void mw_type_position_free (MwTypePosition *part);
/* Array of MwTypePosition of TYPE_NUMBER, which may have dashes and spaces.  FAMILY NULL: the
 * first that knows the shape.  *SHAPE (may be NULL; free it) gets it as printed on meters. NULL
 * and INVALID, with a sentence, when the number has no known length or beginning. */
GPtrArray *mw_store_decode_type_number (MwStore *store, const char *family,
                                        const char *type_number, char **shape, GError **error);

/* ---- configuration codes and the display ---- */

typedef struct {
  char *code; /* "2"; a code of x's stands for any other */
  char *name; /* "15 min" */
} MwSettingChoice;

typedef struct {
  char *id;      /* "Z4" */
  char *letters; /* "E", or NULL */
  char *name;
  guint digits;
  guint16 kmp_id; /* the register with the same meaning, or 0 */
  gboolean module_port;
  char *fixed;        /* why it cannot be changed, or NULL */
  GPtrArray *choices; /* of MwSettingChoice */
  gboolean assigned_reference;
} MwSettingInfo;

void mw_setting_info_free (MwSettingInfo *info);
/* Array of MwSettingInfo that KIND has. */
GPtrArray *mw_store_list_settings (MwStore *store, const MwMeterKind *kind, GError **error);
/* What CODE of setting ID means for KIND; NULL with *REASON (may be NULL), a sentence. */
char *mw_store_dup_setting_meaning (MwStore *store, const MwMeterKind *kind, const char *id,
                                    const char *code, char **reason);

typedef struct {
  char *id; /* "automatic" */
  char *name;
  guint most; /* readings that fit */
} MwDisplayList;

typedef struct {
  char *name;
  char *text;     /* in the text field of the display, or NULL */
  char *obis;     /* in its identification field: "1.8.0", or NULL */
  guint16 kmp_id; /* the register, or 0 */
  gboolean mandatory;
  char *note;
} MwDisplayReading;

void mw_display_list_free (MwDisplayList *list);
void mw_display_reading_free (MwDisplayReading *reading);
GPtrArray *
mw_store_list_display_lists (MwStore *store, const MwMeterKind *kind, GError **error);
GPtrArray *
mw_store_list_display_readings (MwStore *store, const MwMeterKind *kind, GError **error);

G_END_DECLS

#endif
