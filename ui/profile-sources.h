/* profile-sources.h: which load profiles the store holds, of which meters, with which columns;
 * and their rows, loaded when they are wanted. */
#ifndef MW_PROFILE_SOURCES_H
#define MW_PROFILE_SOURCES_H

#include "store.h"

G_BEGIN_DECLS

/* A logger with a capture period, of one meter. */
typedef struct {
  MwMeterInfo *meter;
  char *logger;
  MwSeries *columns; /* one row: for its columns */
  guint32 doubtful_mask;
  MwSeries *rows; /* NULL until it is loaded */
} MwProfileSource;

/* Array of MwProfileSource, to be made on the store's thread. */
GPtrArray *mw_profile_sources_list (MwStore *store, GError **error);
/* Load the rows of those sources that have lines in KEYS (GHashTable as a set of keys) and none
 * yet; on the store's thread. */
gboolean
mw_profile_sources_load (MwStore *store, GPtrArray *sources, GHashTable *keys, GError **error);
/* Another array of the same sources, for another thread; what it loads is not seen here. */
GPtrArray *mw_profile_sources_copy (GPtrArray *sources);
/* "12/load-profile/1-0:1.8.0.255". Free with g_free. */
char *mw_profile_source_dup_key (const MwProfileSource *source, guint column);
/* A line that is shown: a column of the rows of a source. */
typedef struct {
  const MwProfileSource *source;
  guint column; /* of its rows */
} MwProfileLine;

/* LINES from FROM to TO as one table: their columns side by side, a row for every time that one
 * of them has, empty where another has none; the status bits of a row are those of all.  With
 * lines of several meters the columns carry the meter's name. */
MwSeries *mw_profile_lines_merge (const MwProfileLine *lines, guint n, gint64 from, gint64 to);
/* What a person calls the meter, else its serial number. */
const char *mw_profile_meter_name (const MwMeterInfo *meter);

G_END_DECLS

#endif
