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
/* The rows of SERIES from FROM to TO. */
MwSeries *mw_series_slice (const MwSeries *series, gint64 from, gint64 to);

G_END_DECLS

#endif
