/* store.h: what is kept: one SQLite file per user or laboratory.
 *
 * Threads: every function may be called from any thread; one connection behind one lock, so a
 * call waits for the one before it.  The window never calls them on its own thread but through
 * mw_store_run_async, which runs them one after the other on the store's only thread.
 *
 * Whole or nothing: each function that writes is one transaction.  When it returns an error the
 * file holds what it held before.  A second instance of the program may use the same file; one
 * waits for the other up to MW_STORE_BUSY_MS and then says so (MW_STORE_ERROR_BUSY).
 *
 * Arrays returned are (transfer full) GPtrArray with a free function set; NULL only with ERROR.
 * The GError arguments are the usual ones and may be NULL.
 */
#ifndef MW_STORE_H
#define MW_STORE_H

#include <gio/gio.h>

#include "catalogue.h"
#include "records.h"

G_BEGIN_DECLS

#define MW_STORE_ERROR (mw_store_error_quark ())
GQuark mw_store_error_quark (void);

typedef enum {
  MW_STORE_ERROR_FAILED,         /* anything else that SQLite refuses; the message says what */
  MW_STORE_ERROR_NEWER,          /* written by a newer version of the program; left untouched */
  MW_STORE_ERROR_BUSY,           /* another program holds it for too long */
  MW_STORE_ERROR_FULL,           /* disk full */
  MW_STORE_ERROR_DAMAGED,        /* a page of the file is damaged */
  MW_STORE_ERROR_NOT_A_DATABASE, /* not SQLite, or the database of another program */
  MW_STORE_ERROR_ACCESS,         /* cannot be opened, read or written */
  MW_STORE_ERROR_NOT_FOUND,      /* no such meter, read-out, profile */
  MW_STORE_ERROR_INVALID,        /* the record given cannot be kept (no serial number, …) */
  MW_STORE_ERROR_CATALOGUE,      /* the meter catalogue does not agree with its schema */
  MW_STORE_ERROR_AUDIT,          /* the audit's chain is broken */
} MwStoreError;

/* How long a call waits for another program that writes. */
#define MW_STORE_BUSY_MS 5000
/* A logger may have that many columns besides time and status. */
#define MW_STORE_MAX_COLUMNS 64

/* ---- the store ---- */

#define MW_TYPE_STORE (mw_store_get_type ())
GType mw_store_get_type (void); /* boxed: ref and unref */

/* Open or make the database at PATH.  NULL: $XDG_DATA_HOME/meterwright/meterwright.db, its
 * folder made when needed.  ":memory:": nothing touches the disk.  An older database is brought
 * up to date after a copy of it was made beside it (PATH.before-vN).  The catalogue that came
 * with the program (or that in the folder MW_CATALOGUE_DIR of the environment) is loaded when
 * it changed. */
MwStore *mw_store_open (const char *path, GError **error);
MwStore *mw_store_ref (MwStore *store);
void mw_store_unref (MwStore *store);
const char *mw_store_get_path (MwStore *store);
/* The path of NULL above; free with g_free. */
char *mw_store_dup_default_path (void);
/* Counts up whenever a call of this store wrote something; to know when to look again. */
guint mw_store_get_generation (MwStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwStore, mw_store_unref)

/* Runs on the store's thread; DATA holds its input and takes its results. */
typedef gboolean (*MwStoreFunc) (MwStore *store, gpointer data, GCancellable *cancellable,
                                 GError **error);
/* FUNC (STORE, DATA) on the store's thread, then CALLBACK on the thread-default main context of
 * the caller.  DATA is destroyed after the callback.  A cancelled task that has not begun does
 * not begin; a running one ends at its next row. */
void mw_store_run_async (MwStore *store, MwStoreFunc func, gpointer data,
                         GDestroyNotify destroy, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
/* In the callback: did FUNC succeed?  SOURCE_OBJECT of the callback is NULL. */
gboolean mw_store_run_finish (GAsyncResult *result, GError **error);
/* In the callback: DATA, borrowed. */
gpointer mw_store_run_get_data (GAsyncResult *result);

/* ---- meters: one per serial number and family ---- */

/* Keep INFO: a new meter, or what is now known of an old one (fields that are NULL leave the
 * stored ones, the label is kept, first_seen never changes, last_seen only grows).  Returns
 * what the store now holds, with its id. (transfer full) */
MwMeterInfo *mw_store_save_meter (MwStore *store, const MwMeterInfo *info, GError **error);
/* Array of MwMeterInfo, the last seen first. */
GPtrArray *mw_store_list_meters (MwStore *store, GError **error);
/* (transfer full) or NULL and NOT_FOUND. */
MwMeterInfo *mw_store_get_meter (MwStore *store, gint64 meter_id, GError **error);
/* FAMILY NULL: any, the last seen of several. (transfer full) or NULL and NOT_FOUND. */
MwMeterInfo *
mw_store_find_meter (MwStore *store, const char *serial, const char *family, GError **error);
/* LABEL NULL or "" removes it. */
gboolean
mw_store_set_meter_label (MwStore *store, gint64 meter_id, const char *label, GError **error);
/* Forget the meter and all that was read from it.  The audit keeps its records. */
gboolean mw_store_forget_meter (MwStore *store, gint64 meter_id, GError **error);

/* ---- read-outs ---- */

/* What a list of read-outs shows. */
typedef struct {
  gint64 id;
  gint64 at;
  char *link;
  char *profile; /* or NULL */
  gint64 meter_clock;
  guint n_readings;
} MwReadoutInfo;

void mw_readout_info_free (MwReadoutInfo *info);

/* Keep READOUT with all its readings and raw answers; its meter too when that has no id yet.
 * Returns the row's id, 0 on error. */
gint64 mw_store_save_readout (MwStore *store, const MwReadout *readout, GError **error);
/* Array of MwReadoutInfo of a meter, newest first. */
GPtrArray *mw_store_list_readouts (MwStore *store, gint64 meter_id, GError **error);
/* (transfer full) or NULL and NOT_FOUND. */
MwReadout *mw_store_load_readout (MwStore *store, gint64 readout_id, GError **error);
/* The newest read-out of a meter, with PROFILE when that is not NULL; NOT_FOUND when none. */
MwReadout *mw_store_load_newest_readout (MwStore *store, gint64 meter_id, const char *profile,
                                         GError **error);
gboolean mw_store_delete_readout (MwStore *store, gint64 readout_id, GError **error);

/* ---- loggers ----
 *
 * A logger of a meter has one or more versions: a version is a set of columns (kind, OBIS code,
 * class, attribute, exponent, unit) with a capture period.  When the meter's capture objects
 * change, a new version begins and the old rows stay as they are.
 */

/* Keep the rows of SERIES that the store lacks; *N_NEW (may be NULL) says how many those were.
 * A row that is there already (same time, status and values) is left out; one with the same
 * time and another content is kept under the next sequence number (the clock was set back, two
 * events in a second); the sequence numbers of SERIES itself are not looked at.  RAW, the
 * answer as it came, may be NULL. */
gboolean mw_store_save_series (MwStore *store, const MwSeries *series, GBytes *raw,
                               guint *n_new, GError **error);
/* The rows with FROM <= time <= TO in order of time and sequence, the columns of all versions
 * merged into one set (a column with another unit stays a column of its own; the finer exponent
 * counts).  A logger never read gives a series without rows. (transfer full) */
MwSeries *mw_store_load_series (MwStore *store, gint64 meter_id, const char *logger,
                                gint64 from, gint64 to, GError **error);
/* The same, one MwSeries per version, the oldest version first; versions without a row in the
 * window are left out. */
GPtrArray *mw_store_load_series_versions (MwStore *store, gint64 meter_id, const char *logger,
                                          gint64 from, gint64 to, GError **error);
/* Array of MwLoggerState: the loggers of which rows are held, by name. */
GPtrArray *mw_store_list_loggers (MwStore *store, gint64 meter_id, GError **error);

/* The newest row that is held of a logger. */
typedef struct {
  gint64 time;
  guint32 sequence;
  gint16 deviation;
  guint32 status;
  guint32 period_s;
  guint n_columns;
  gint64 values[MW_STORE_MAX_COLUMNS];
} MwNewestRow;

/* FALSE and NOT_FOUND when nothing is held. */
gboolean mw_store_get_newest_row (MwStore *store, gint64 meter_id, const char *logger,
                                  MwNewestRow *row, GError **error);

/* A stretch of a logger without a hole. */
typedef struct {
  gint64 from;
  gint64 to;
  guint64 n_rows;
} MwLoggerSpan;

/* GArray of MwLoggerSpan, oldest first: a new one begins where two rows are further apart than
 * the capture period.  Loggers without a period are one span. */
GArray *
mw_store_list_spans (MwStore *store, gint64 meter_id, const char *logger, GError **error);

/* A raw answer of a logger, as it came. */
typedef struct {
  gint64 id;
  gint64 at;   /* when it was stored */
  gint64 from; /* time of the first and last row that it gave */
  gint64 to;
  GBytes *bytes;
} MwRawAnswer;

void mw_raw_answer_free (MwRawAnswer *answer);
/* Array of MwRawAnswer, oldest first. */
GPtrArray *
mw_store_list_raw_answers (MwStore *store, gint64 meter_id, const char *logger, GError **error);

/* ---- register profiles: named lists of registers, per family ---- */

typedef struct {
  char *family;
  char *name;
  char **registers; /* OBIS codes, NULL-terminated */
} MwRegisterProfile;

void mw_register_profile_free (MwRegisterProfile *profile);

/* A profile of that name and family is replaced. */
gboolean mw_store_save_register_profile (MwStore *store, const MwRegisterProfile *profile,
                                         GError **error);
/* (transfer full) or NULL and NOT_FOUND. */
MwRegisterProfile *mw_store_load_register_profile (MwStore *store, const char *family,
                                                   const char *name, GError **error);
/* Array of MwRegisterProfile by name; FAMILY NULL: all. */
GPtrArray *mw_store_list_register_profiles (MwStore *store, const char *family, GError **error);
gboolean mw_store_delete_register_profile (MwStore *store, const char *family, const char *name,
                                           GError **error);

/* ---- recent connections ---- */

typedef struct {
  char *uri; /* without secrets */
  gint64 at;
  gint64 meter_id; /* 0: none was found, or it was forgotten */
  char *serial;    /* of that meter, or NULL */
  char *type;
} MwRecentLink;

void mw_recent_link_free (MwRecentLink *link);

/* METER_ID 0: no meter was found there. */
gboolean mw_store_note_link (MwStore *store, const char *uri, gint64 meter_id, gint64 at,
                             GError **error);
/* Array of at most LIMIT MwRecentLink, newest first. */
GPtrArray *mw_store_list_recent_links (MwStore *store, guint limit, GError **error);
gboolean mw_store_forget_link (MwStore *store, const char *uri, GError **error);

/* ---- the object list of a meter, so that it is read once ---- */

/* VIEW tells association views apart ("client 1"); DATA is what the caller makes of it. */
gboolean mw_store_save_object_list (MwStore *store, gint64 meter_id, const char *firmware,
                                    const char *view, GBytes *data, GError **error);
/* (transfer full) or NULL and NOT_FOUND: never read with this firmware. */
GBytes *mw_store_load_object_list (MwStore *store, gint64 meter_id, const char *firmware,
                                   const char *view, GError **error);

/* ---- settings: what is remembered of meters: the way one was reached, what one refuses ---- */

/* NULL when never set (no error) or on error; free with g_free. */
char *mw_store_dup_setting (MwStore *store, const char *key, GError **error);
/* VALUE NULL removes it. */
gboolean
mw_store_set_setting (MwStore *store, const char *key, const char *value, GError **error);

/* ---- audit: append only; each record carries the hash of the one before ---- */

typedef struct {
  gint64 id; /* counts up from 1 without a hole; set by the store */
  gint64 at;
  char *who;    /* user name */
  char *serial; /* the meter; kept when the meter is forgotten */
  char *type;
  gboolean reference;
  char *action;    /* "set", "action", "program", … */
  char *object;    /* "8:0-0:1.0.0.255:2" */
  char *old_value; /* NULL where it could not be read */
  char *new_value;
  char *result; /* "written and read back", "refused: read-write denied" */
  char *hash;   /* SHA-256, hexadecimal; set by the store */
} MwAuditRecord;

MwAuditRecord *mw_audit_record_new (void);
void mw_audit_record_free (MwAuditRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwAuditRecord, mw_audit_record_free)

/* Returns the record's id, 0 on error. */
gint64 mw_store_append_audit (MwStore *store, const MwAuditRecord *record, GError **error);
/* Array of MwAuditRecord, newest first; SERIAL NULL: of every meter; LIMIT 0: all. */
GPtrArray *
mw_store_list_audit (MwStore *store, const char *serial, guint limit, GError **error);
/* Recompute the chain.  *N_RECORDS (may be NULL) is how many are there.  FALSE and
 * MW_STORE_ERROR_AUDIT, naming the first record that does not fit, when one was changed, taken
 * out or put in. */
gboolean mw_store_verify_audit (MwStore *store, guint64 *n_records, GError **error);

/* ---- the catalogue; what it says of one meter is in catalogue.h ---- */

typedef struct {
  char *id;           /* "iskraemeco-mx381" */
  char *name;         /* "Mx381" */
  char *manufacturer; /* "Iskraemeco" */
  char *protocol;     /* "dlms", "iec", "kmp" */
} MwFamilyInfo;

void mw_family_info_free (MwFamilyInfo *info);
/* Array of MwFamilyInfo, in the order of the catalogue. */
GPtrArray *mw_store_list_families (MwStore *store, GError **error);

/* Array of MwRegisterInfo of FAMILY in the order of the catalogue, those alone that TYPE
 * ("MT381-D1"; NULL: all) has. */
GPtrArray *
mw_store_list_registers (MwStore *store, const char *family, const char *type, GError **error);
/* Array of MwLoggerInfo of FAMILY. */
GPtrArray *mw_store_list_family_loggers (MwStore *store, const char *family, GError **error);
/* The name of event CODE in LOGGER of FAMILY ("Power down"), or NULL when the catalogue has
 * none; *DESCRIPTION (may be NULL) gets a sentence or NULL.  Free both. */
char *mw_store_dup_event_text (MwStore *store, const char *family, const char *logger,
                               gint64 code, char **description);
/* The words of all codes in ROW ("L1 · Voltage outage"), or NULL when the catalogue has none for
 * them.  Free it. */
char *mw_store_dup_row_words (MwStore *store, const MwSeries *series, guint row);

typedef enum {
  MW_SEVERITY_INFO,
  MW_SEVERITY_WARNING,
  MW_SEVERITY_ERROR,
} MwSeverity;

/* A bit of a status, error or alarm register. */
typedef struct {
  guint bit;
  char *code; /* "DNV" */
  char *name; /* "Value not for billing" */
  MwSeverity severity;
} MwStatusBit;

void mw_status_bit_free (MwStatusBit *bit);
/* Array of MwStatusBit of the profile status of LOGGER, by bit; empty when it has none. */
GPtrArray *mw_store_list_status_bits (MwStore *store, const char *family, const char *logger,
                                      GError **error);
/* The names of the bits set in STATUS, comma-separated; "" when none; never NULL. */
char *mw_store_dup_status_text (MwStore *store, const char *family, const char *logger,
                                guint32 status);
/* The bits whose values should not be trusted as they stand: those that are no mere
 * information.
 */
guint32 mw_store_get_doubtful_mask (MwStore *store, const char *family, const char *logger);
/* Array of MwStatusBit of the value of an object (an error or alarm register), by bit; empty
 * when the catalogue has none. */
GPtrArray *mw_store_list_object_bits (MwStore *store, const char *family, const char *obis,
                                      GError **error);

/* Array of MwStatusBit of a list of bits by its name in the catalogue ("cutoff-feedback"). */
GPtrArray *
mw_store_list_bits (MwStore *store, const char *family, const char *list, GError **error);

/* The name of an object: the catalogue's for FAMILY (may be NULL), else what the OBIS code says
 * by the Blue Book; NULL when neither knows it.  *GROUP and *UNIT (may be NULL) get what is
 * known of them, else NULL and MW_UNIT_NONE.  Free both texts. */
char *mw_store_dup_object_name (MwStore *store, const char *family, const char *obis,
                                char **group, guint8 *unit);
/* "Register", "Profile generic"; VERSION -1: any. NULL when not known. Free with g_free. */
char *mw_store_dup_class_name (MwStore *store, guint16 class_id, int version);
/* "value", "scaler_unit"; methods have N below zero. NULL when not known. */
char *mw_store_dup_attribute_name (MwStore *store, guint16 class_id, int n);

G_END_DECLS

#endif
