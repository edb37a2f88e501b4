/* types.h: small values that meter families answer with, beside those of db/records.h. */
#ifndef MW_METER_TYPES_H
#define MW_METER_TYPES_H

#include <glib.h>

#include "meter/error.h"
#include "records.h"

G_BEGIN_DECLS

/* One row of the association's object list. */
typedef struct {
  guint16 class_id;
  guint8 version;
  char *obis;
  char *name; /* from the catalogue or the OBIS code; may be NULL */
  char *class_name;
} MwObjectInfo;

void mw_object_info_free (MwObjectInfo *info);

/* Which rows of a logger. All fields 0 / G_MININT64 / FALSE: everything. */
typedef struct {
  gint64 from;       /* UTC seconds, G_MININT64: from the first */
  gint64 to;         /* UTC seconds, G_MAXINT64: to the newest */
  guint last;        /* when not 0: the newest N rows */
  gboolean only_new; /* what the store lacks */
} MwLogWindow;

/* Which plan a meter follows after one was to be put into it. */
typedef enum {
  MW_PLAN_OUTCOME_OLD,     /* as before: nothing has changed */
  MW_PLAN_OUTCOME_NEW,     /* the new one, whole */
  MW_PLAN_OUTCOME_UNKNOWN, /* the link is gone: read the plan to find out */
} MwPlanOutcome;

#define MW_LOG_WINDOW_ALL                                                                      \
  {                                                                                            \
    G_MININT64, G_MAXINT64, 0, FALSE                                                           \
  }

/* What a logger of the meter holds, without reading it. */
typedef struct {
  char *logger;
  guint32 period_s;
  guint32 entries_in_use;
  guint32 entries;
  gint64 oldest; /* G_MININT64 when empty or not known */
  gint64 newest;
} MwLoggerStatus;

void mw_logger_status_free (MwLoggerStatus *status);

G_END_DECLS

#endif
