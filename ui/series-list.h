/* series-list.h: the rows of a logger as a list model, with a row for every gap.  Rows become
 * objects when they are looked at, so a million of them cost nothing. */
#ifndef MW_SERIES_LIST_H
#define MW_SERIES_LIST_H

#include <gio/gio.h>

#include "store.h"

G_BEGIN_DECLS

typedef enum {
  MW_SERIES_NEWEST_FIRST,
  MW_SERIES_OLDEST_FIRST,
  MW_SERIES_DOUBTFUL_FIRST
} MwSeriesOrder;

/* Words for the codes and status bits of a logger. All may be NULL. */
typedef struct {
  GHashTable *codes;      /* gint64 -> name */
  GPtrArray *rules;       /* of MwValueRule or NULL for each column: its own words and bits */
  GPtrArray *status_bits; /* of MwStatusBit */
  guint32 doubtful_mask;
} MwSeriesWords;

/* What CODE in COLUMN is called, or NULL. */
const char *mw_series_words_lookup (const MwSeriesWords *words, guint column, gint64 code);
/* The bits (of MwStatusBit) that the values of COLUMN are sets of; NULL: they are none. */
GPtrArray *mw_series_words_get_bits (const MwSeriesWords *words, guint column);

#define MW_TYPE_SERIES_ROW (mw_series_row_get_type ())
G_DECLARE_FINAL_TYPE (MwSeriesRow, mw_series_row, MW, SERIES_ROW, GObject)

gboolean mw_series_row_is_gap (MwSeriesRow *self);
gboolean mw_series_row_is_doubtful (MwSeriesRow *self);
/* All free with g_free. */
char *mw_series_row_dup_time (MwSeriesRow *self); /* of a gap: how many are missing */
char *mw_series_row_dup_status (MwSeriesRow *self);
char *mw_series_row_dup_cell (MwSeriesRow *self, guint column);

#define MW_TYPE_SERIES_LIST (mw_series_list_get_type ())
G_DECLARE_FINAL_TYPE (MwSeriesList, mw_series_list, MW, SERIES_LIST, GObject)

/* Takes the arrays of WORDS over. */
MwSeriesList *mw_series_list_new (MwSeries *series, MwSeriesWords words);
void mw_series_list_set_order (MwSeriesList *self, MwSeriesOrder order);
MwSeries *mw_series_list_get_series (MwSeriesList *self);
guint mw_series_list_get_n_gaps (MwSeriesList *self);
/* "Active energy A+ (kWh)". Free with g_free. */
char *mw_series_list_dup_title (MwSeriesList *self, guint column);
gboolean mw_series_list_has_status (MwSeriesList *self);

G_END_DECLS

#endif
