/* profile.h: versions of a logger; for db/ alone.
 *
 * Invariants of a profile (a row of table profile with its columns):
 *   - its columns never change; other columns, another period or OBIS code is another version;
 *   - its rows stand in the entry table of its width, the least of 4, 8, 16, 32, 64 that holds
 *     its columns; unused columns are null;
 *   - the key (profile, time, sequence) counts rows of one time from 0 in the order in which
 * they were first read; no two of them have the same status and values unless the meter gave
 *     both in one answer;
 *   - cells of text columns stand in entry_text, their integer is null.
 */
#ifndef MW_PROFILE_H
#define MW_PROFILE_H

#include "database.h"

G_BEGIN_DECLS

#define MW_N_WIDTHS 5

typedef struct {
  gint64 id;
  guint version;
  char *obis;
  guint32 period_s;
  guint width_index; /* of mw_profile_widths */
  guint n_columns;
  MwColumn columns[MW_STORE_MAX_COLUMNS]; /* owned texts */
} MwProfile;

extern const guint mw_profile_widths[MW_N_WIDTHS];
/* SQL by width. Rows: time, sequence, deviation, status, v0 … */
extern const char *const mw_profile_insert_sql[MW_N_WIDTHS];
extern const char *const mw_profile_at_time_sql[MW_N_WIDTHS]; /* profile, time */
extern const char *const mw_profile_window_sql[MW_N_WIDTHS];  /* profile, from, to */
extern const char *const mw_profile_count_sql[MW_N_WIDTHS];   /* profile, from, to */
extern const char *const mw_profile_state_sql[MW_N_WIDTHS];   /* profile: n, min, max */
extern const char *const mw_profile_newest_sql[MW_N_WIDTHS];  /* profile */
extern const char *const mw_profile_times_sql[MW_N_WIDTHS];   /* profile */

#define MW_ENTRY_FIRST_VALUE 4 /* column of v0 in the rows above */

void mw_profile_free (MwProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwProfile, mw_profile_free)

/* Array of MwProfile of a logger, oldest version first. */
GPtrArray *
mw_profile_list (MwStore *store, gint64 meter_id, const char *logger, GError **error);
/* Within a transaction: the version that SERIES belongs to, made when there is none. */
MwProfile *
mw_profile_keep (MwStore *store, gint64 meter_id, const MwSeries *series, GError **error);
/* Do A and B mean the same (names may differ)? */
gboolean mw_column_equal (const MwColumn *a, const MwColumn *b);
gboolean mw_series_has_texts (const MwSeries *series);

G_END_DECLS

#endif
