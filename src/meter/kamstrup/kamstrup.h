/* kamstrup.h: Kamstrup's electricity meters over KMP: 162, 282, 382, 351B, OMNIPOWER, and what
 * answers as one of theirs and is not known further.
 *
 *   family.c   who the meter is, and the table of the family
 *   rows.c     which registers and logs it has: the catalogue's rows, else those of the
 * protocol value.c    a register's value as a reading read.c     the register read-out log.c
 * which records of a log to ask for, and what to do when the link breaks records.c  the records
 * that came -> MwSeries
 */
#ifndef MW_KAMSTRUP_H
#define MW_KAMSTRUP_H

#include "meter/kmp/kmp-wire.h"
#include "meter/meter-private.h"

G_BEGIN_DECLS

/* The real-time clock register, the first column of every log. */
#define MW_KMP_RTC 0x0417

/* A register as this meter has it. */
typedef struct {
  guint16 id;
  MwRegisterInfo *info; /* owned */
  int code;             /* bits or a number that stands for a word; -1: not looked up yet */
} MwKmpRow;

/* A log as this meter has it. */
typedef struct {
  MwLoggerInfo *info; /* owned */
  guint8 log;
  guint n_ids;
  guint16 ids[MW_STORE_MAX_COLUMNS]; /* MW_KMP_RTC first */
} MwKmpLog;

/* What the family keeps of a meter; MwMeter.kamstrup. */
typedef struct MwKamstrup {
  char *type_number; /* as the meter gives it, without dashes; or NULL */
  guint variant;     /* OMNIPOWER: 1 or 2 */
  char *note;        /* a sentence for a meter that is known by name alone, else NULL */
  GPtrArray *rows;   /* of MwKmpRow */
  GPtrArray *logs;   /* of MwKmpLog */
} MwKamstrup;

void mw_kam_free (MwKamstrup *self);

/* ---- rows.c ---- */

void mw_kmp_row_free (MwKmpRow *row);
void mw_kmp_log_free (MwKmpLog *log);
/* What the catalogue is asked about; borrowed from SELF. */
MwMeterKind mw_kam_kind (MwMeter *self);
/* Does register ID stand for bits or for a word? */
gboolean mw_kam_is_code (MwMeter *self, guint16 id);
/* Fill rows and logs. */
gboolean mw_kam_load_rows (MwMeter *self, GError **error);
/* Borrowed; NULL: this meter has none. */
const MwKmpRow *mw_kam_find_id (MwMeter *self, guint16 id);
const MwKmpRow *mw_kam_find_word (MwMeter *self, const char *obis);
const MwKmpLog *mw_kam_find_log (MwMeter *self, const char *logger);
/* "kmp:3FF" as a number; FALSE: it is none. */
gboolean mw_kmp_parse_word (const char *word, guint16 *id);

/* ---- value.c ---- */

/* VALUE (NULL: the meter has no such register) of ROW as a reading. */
MwReading *
mw_kam_reading (MwMeter *self, const MwRegisterInfo *info, const mw_kmp_value *value);
/* The instant of a time that the meter gives; *DEVIATION is what was applied.  Meters keep the
 * normal time of their place, and mark summer time: the place is taken for this machine's. */
gboolean mw_kam_to_utc (const mw_civil *t, gint64 *utc, gint16 *deviation);

/* ---- read.c, log.c: slots of the family ---- */

MwRegisterInfo *mw_kam_find_register (MwMeter *self, const char *word, GError **error);
gboolean mw_kam_read (MwMeter *self, GPtrArray *wanted, MwReadout *readout, GError **error);
MwSeries *mw_kam_log (MwMeter *self, const MwLoggerInfo *logger, const MwLogWindow *window,
                      GBytes **raw, GError **error);
MwLoggerStatus *mw_kam_status (MwMeter *self, const MwLoggerInfo *logger, GError **error);

/* ---- plan.c: slots of the family ---- */

guint mw_kam_plan_kinds (MwMeter *self);
MwPlan *mw_kam_plan_read (MwMeter *self, MwPlanKind kind, GError **error);
MwPlan *mw_kam_plan_expect (MwMeter *self, const MwPlan *plan, GError **error);
gboolean mw_kam_plan_write (MwMeter *self, const MwPlan *plan, GError **error);

/* ---- records.c: the records received so far; they survive a broken link ---- */

typedef struct {
  gint64 mantissa; /* MW_NULL_VALUE: none */
  gint8 exponent;
  guint8 unit; /* enum mw_unit */
  guint8 kind; /* MwColumnKind */
  gboolean came;
  char *text;
} MwKmpCell;

typedef struct {
  guint32 id;
  gint64 time;
  gint16 deviation;
  guint passes; /* column groups that came */
} MwKmpRecord;

typedef struct {
  MwMeter *meter;
  const MwKmpLog *log;
  GArray *records; /* of MwKmpRecord */
  GArray *cells;   /* of MwKmpCell, log->n_ids a record; the first, the clock, stays empty */
  GByteArray *raw; /* id and value as they came */
} MwKmpRecords;

MwKmpRecords *mw_kmp_records_new (MwMeter *self, const MwKmpLog *log);
void mw_kmp_records_free (MwKmpRecords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwKmpRecords, mw_kmp_records_free)
guint mw_kmp_records_count (const MwKmpRecords *self);
/* A record of its own, behind the others. */
void mw_kmp_records_add (MwKmpRecords *self, guint32 id);
/* Where record ID is, looked for from *AT on (which becomes the place); FALSE: it is not here.
 */
gboolean mw_kmp_records_seek (MwKmpRecords *self, guint32 id, guint *at);
void mw_kmp_records_put (MwKmpRecords *self, guint at, const mw_kmp_value *value);
/* Only the records from FIRST on, N of them, stay. */
void mw_kmp_records_keep (MwKmpRecords *self, guint first, guint n);
/* Those that came with all their columns, FROM <= time <= TO. */
MwSeries *mw_kmp_records_to_series (MwKmpRecords *self, gint64 from, gint64 to);
/* Does record AT say what row ROW of SERIES says? */
gboolean mw_kmp_records_match (MwKmpRecords *self, guint at, const MwSeries *series, guint row);

extern const MwFamily mw_family_kamstrup;

G_END_DECLS

#endif
