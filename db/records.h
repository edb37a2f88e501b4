/* records.h: the values that the store keeps, the reports print and the window shows.
 *
 * All are immutable once they are shared, counted atomically (g_atomic_rc_box), and may cross
 * threads.  Whoever makes one fills it in before the first _ref.  Text is UTF-8; NULL where a
 * text is not known.  Instants are UTC seconds (civil.h).
 */
#ifndef MW_RECORDS_H
#define MW_RECORDS_H

#include <glib.h>

#include "civil.h"
#include "decimal.h"

G_BEGIN_DECLS

/* ---- a meter ---- */

typedef struct {
  gint64 id;          /* row of the store; 0 when it was never stored */
  char *serial;       /* as the meter gives it; reference meters' begin with "REF" */
  char *manufacturer; /* "Iskraemeco" */
  char *family;       /* id of the catalogue's family: "iskraemeco-mx381", "dlms" */
  char *type;         /* type designation: "MT381-D1", or the type number */
  char *model;        /* id of the catalogue's model: "k382", or NULL */
  char *generation;   /* "J"; "B C" when they cannot be told apart; or NULL */
  char *logical_name; /* COSEM logical device name, or the IEC identification */
  char *firmware;
  gboolean reference; /* a reference meter, never to be taken for a real one */
  gint64 first_seen;
  gint64 last_seen;
  char *last_link; /* link URI without secrets */
  char *label;     /* what the user calls it (place, customer), or NULL */
} MwMeterInfo;

MwMeterInfo *mw_meter_info_new (void);
MwMeterInfo *mw_meter_info_ref (MwMeterInfo *info);
void mw_meter_info_unref (MwMeterInfo *info);
/* A copy to be changed before it is shared. */
MwMeterInfo *mw_meter_info_dup (const MwMeterInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwMeterInfo, mw_meter_info_unref)

/* ---- one value read from a meter ---- */

typedef enum {
  MW_READING_DECIMAL, /* value */
  MW_READING_TEXT,    /* text */
  MW_READING_TIME,    /* civil */
  MW_READING_BYTES,   /* raw alone; text is its hexadecimal form */
  MW_READING_STRUCT,  /* structured: text is an indented rendering, raw the A-XDR */
  MW_READING_REFUSED, /* the meter refused: text says why, result is its code */
} MwReadingKind;

typedef struct {
  MwReadingKind kind;
  char *obis;       /* "1-0:1.8.0.255"; a KMP register is "kmp:1" */
  guint16 class_id; /* COSEM interface class, 0 where there is none */
  gint8 attribute;  /* COSEM attribute */
  char *name;       /* from the catalogue: "Active energy A+" */
  char *group;      /* "energy", "tariffs", "power", ... */
  mw_decimal value;
  char *text;
  mw_civil civil;
  gboolean has_captured; /* maxima and extended registers: captured holds the time stamp */
  mw_civil captured;
  guint32 status;
  int result;  /* data-access-result, 0 success */
  GBytes *raw; /* the answer as it came */
} MwReading;

MwReading *mw_reading_new (void);
MwReading *mw_reading_ref (MwReading *reading);
void mw_reading_unref (MwReading *reading);
/* The value as text without its unit, whatever its kind; never NULL; free with g_free. */
char *mw_reading_dup_text (const MwReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwReading, mw_reading_unref)

/* A set of readings of one meter at one time. */
typedef struct {
  gint64 id; /* row of the store, 0 when not stored */
  MwMeterInfo *meter;
  gint64 at;           /* when the read-out was complete */
  char *link;          /* link URI without secrets */
  char *profile;       /* name of the register profile, or NULL */
  gint64 meter_clock;  /* the meter's clock at that time; G_MININT64 when not read */
  GPtrArray *readings; /* of MwReading, owned */
} MwReadout;

MwReadout *mw_readout_new (void);
MwReadout *mw_readout_ref (MwReadout *readout);
void mw_readout_unref (MwReadout *readout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwReadout, mw_readout_unref)

/* ---- logger data: load profiles, billing, events ---- */

#define MW_NULL_VALUE G_MININT64 /* an interval without a value */

typedef enum {
  MW_COLUMN_DECIMAL, /* values: mantissa of the column's exponent and unit */
  MW_COLUMN_CODE,    /* values: a code or bit field without unit (events, status) */
  MW_COLUMN_TIME,    /* values: UTC seconds */
  MW_COLUMN_TEXT,    /* texts */
} MwColumnKind;

typedef struct {
  MwColumnKind kind;
  char *obis;
  guint16 class_id;
  gint8 attribute;
  char *name;     /* "Active energy A+" */
  gint8 exponent; /* power of ten of every value in the column */
  guint8 unit;    /* enum mw_unit */
} MwColumn;

/* Rows of a logger in the order in which the meter keeps them.  The clock column of the profile
 * is TIME and the profile status is STATUS, neither is among the columns. */
typedef struct {
  MwMeterInfo *meter; /* owned */
  char *logger;       /* name of INTERFACES: "load-profile" */
  char *obis;
  guint32 period_s; /* capture period, 0 for asynchronous logs */
  guint n_columns;
  MwColumn *columns; /* owned, n_columns */
  guint n_rows;
  gint64 *time;      /* n_rows: end of the interval, or time of the event */
  gint16 *deviation; /* n_rows: local - UTC in minutes as the meter gave it, or
                        MW_DEVIATION_ANY where the meter left it out */
  guint32 *status;   /* n_rows: profile status (Mx381 manual Table 42 bits), 0 where none */
  guint32
      *sequence;  /* n_rows: tells rows with the same time apart (clock set back): 0, 1, ... */
  gint64 *values; /* n_rows * n_columns, row by row; MW_NULL_VALUE where there is none */
  char **texts;   /* n_rows * n_columns or NULL when there is no text column; entries owned */
} MwSeries;

/* A series with room for N_ROWS rows, all values null, and columns to be filled in. */
MwSeries *mw_series_new (guint n_columns, guint n_rows);
MwSeries *mw_series_ref (MwSeries *series);
void mw_series_unref (MwSeries *series);
/* The cell as an exact decimal; FALSE when it is null or no number. */
gboolean
mw_series_get_decimal (const MwSeries *series, guint row, guint column, mw_decimal *out);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwSeries, mw_series_unref)

/* What the store holds of one logger of one meter. */
typedef struct {
  char *logger;
  char *obis;
  guint32 period_s;
  guint64 n_rows;
  gint64 first; /* time of the oldest and newest row */
  gint64 last;
} MwLoggerState;

void mw_logger_state_free (MwLoggerState *state);

/* ---- the catalogue ---- */

/* A register that a family has. */
typedef struct {
  char *obis;
  guint16 class_id;
  gint8 attribute; /* the one that holds the value: 2 for registers and data; 5 a time stamp */
  char *name;
  char *group;
  guint8 unit;
  gint8 exponent;
  gboolean assigned_reference; /* no public source confirms it */
  guint16 kmp_id; /* register of KMP, whose obis is "kmp:40F" when it has no code */
  guint8 octets;  /* of KMP: of the mantissa, or of the text */
  gboolean writable;
  gboolean module_port; /* writable through the module port alone */
} MwRegisterInfo;

void mw_register_info_free (MwRegisterInfo *info);

/* A logger that a family has. */
typedef struct {
  char *logger; /* "load-profile" */
  char *name;   /* "Load profile 1" */
  char *obis;
  gboolean events; /* rows are events with codes */
  guint8 kmp_log;  /* of KMP; then obis may be "kmp-log:6" */
  GArray *columns; /* of guint16: registers of KMP, the clock first; or NULL */
  char *reason;    /* a sentence why the meter lacks it, else NULL */
  gboolean assigned_reference;
  /* What it holds: entries, or octets / (header + column × columns besides the clock). */
  guint32 entries, octets;
  guint8 header, column;
} MwLoggerInfo;

void mw_logger_info_free (MwLoggerInfo *info);

G_END_DECLS

#endif
