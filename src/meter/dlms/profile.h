/* profile.h: an object of class 7, Profile generic, being read (Blue Book, class 7).
 *
 *   profile.c   what it captures: columns, scalers, period, how full it is
 *   rows.c      the stream of A-XDR pieces -> rows -> MwSeries
 *   log.c       which rows to ask for, how, and what to do when the link breaks
 */
#ifndef MW_DLMS_PROFILE_H
#define MW_DLMS_PROFILE_H

#include "meter/dlms/decode.h"
#include "meter/meter-private.h"

G_BEGIN_DECLS

/* What a captured attribute is in a series. */
typedef enum { MW_ROLE_VALUE, MW_ROLE_CLOCK, MW_ROLE_STATUS } MwRole;

typedef struct {
  mw_capture_object object;
  MwRole role;
  guint column;      /* of the series, when VALUE */
  MwColumnKind kind; /* of a VALUE; CODE may turn into TEXT or TIME with the first row */
  gboolean kind_known;
  MwScaler scaler;
} MwCapture;

typedef struct {
  const MwLoggerInfo *logger;
  mw_obis ln;
  GArray *captures; /* of MwCapture, as the meter has them */
  guint n_columns;  /* of the series */
  int clock;        /* capture that is the row's time, -1: none */
  guint32 period_s;
  guint32 in_use;
  guint32 entries;
} MwLogShape;

MwLogShape *mw_log_shape_open (MwMeter *self, const MwLoggerInfo *logger, GError **error);
void mw_log_shape_free (MwLogShape *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwLogShape, mw_log_shape_free)

/* ---- rows.c ---- */

/* The rows received so far; they survive a broken link. */
typedef struct {
  MwMeter *meter;
  MwLogShape *profile;
  GArray *time;      /* gint64 */
  GArray *deviation; /* gint16 */
  GArray *status;    /* guint32 */
  GArray *values;    /* gint64, n_columns a row */
  GPtrArray *texts;  /* n_columns a row, or NULL while no column has text */
  GByteArray *raw;   /* the answers as they came */
  guint overlap;     /* rows at the end that a repeated request may bring again */
  guint asked_from;  /* rows that were there when the present request began */
  char *failure;     /* why the answer cannot be understood, or NULL */
  guint max;         /* more rows than this are no profile of this meter's */
  gsize text_len;    /* octets of all texts */
  mw_axdr_table table;
  mw_axdr_value row[MW_STORE_MAX_COLUMNS + 2];
  guint8 keep[8192];
  void (*on_row) (gpointer user);
  gpointer user;
} MwRows;

MwRows *mw_rows_new (MwMeter *self, MwLogShape *profile);
void mw_rows_free (MwRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwRows, mw_rows_free)
/* A request begins: its answer is a buffer of its own.  Rows that are among the last OVERLAP
 * ones are left out. */
void mw_rows_begin (MwRows *rows, guint overlap);
/* FALSE: what came cannot be understood, and mw_rows_end says why; nothing more is wanted. */
gboolean mw_rows_feed (MwRows *rows, const guint8 *bytes, gsize len);
/* The answer is at its end: was it whole? */
gboolean mw_rows_end (MwRows *rows, GError **error);
guint mw_rows_count (const MwRows *rows);
/* Time of the last row; G_MININT64 when there is none. */
gint64 mw_rows_last_time (const MwRows *rows);
/* Is row I that of TIME with STATUS and the n_columns VALUES? */
gboolean
mw_rows_equal (const MwRows *rows, guint i, gint64 time, guint32 status, const gint64 *values);
/* Forget the first N rows. */
void mw_rows_drop_first (MwRows *rows, guint n);
/* Forget them all. */
void mw_rows_clear (MwRows *rows);
/* The rows with FROM <= time <= TO. */
MwSeries *mw_rows_to_series (MwRows *rows, gint64 from, gint64 to);

G_END_DECLS

#endif
