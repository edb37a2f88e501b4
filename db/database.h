/* database.h: the connection under the store; for db/ alone.
 *
 * Locking: whoever touches store->db or a statement holds store->lock (recursive).  A public
 * function takes it for its whole length.
 *
 * Statements are prepared once per connection and found again by the address of their text:
 * each is a static const char array in the function that uses it.  MW_STMT resets it and drops
 * its bindings when it goes out of scope, so that no read transaction stays open.
 *
 * Transactions nest by counting: the outermost begins and ends one (BEGIN IMMEDIATE, so that
 * the wait for another program happens before anything is done).  Between begin and end no
 * function returns without mw_db_end.
 */
#ifndef MW_DATABASE_H
#define MW_DATABASE_H

#include <sqlite3.h>

#include "store.h"

G_BEGIN_DECLS

/* A file that came with the program. */
typedef struct {
  const char *name;
  gsize len;
  const char *text;
} MwEmbedded;

extern const MwEmbedded mw_embedded_migrations[];
extern const MwEmbedded mw_embedded_catalogue[];

struct _MwStore {
  gatomicrefcount refs;
  char *path;
  sqlite3 *db;
  GRecMutex lock;
  GHashTable *statements; /* text by address -> sqlite3_stmt */
  guint depth;            /* of the transaction */
  guint generation;       /* atomic */
  GThreadPool *pool;      /* of one thread */
  GThread *worker;        /* whom `cancellable` concerns; both under the lock */
  GCancellable *cancellable;
};

#define MW_DB_APPLICATION_ID 0x4d577274 /* "MWrt" */

/* Open PATH, see that it is ours, and bring it to schema VERSION (0: the newest). */
gboolean mw_db_open (MwStore *store, const char *path, int version, GError **error);
void mw_db_close (MwStore *store);
/* The number of the newest migration. */
int mw_db_newest_version (void);

/* ERROR, a sentence with the next step, from what SQLite said last. */
void mw_db_set_error (MwStore *store, GError **error);

static inline void
mw_db_reset (sqlite3_stmt **stmt)
{
  if (*stmt) {
    sqlite3_reset (*stmt);
    sqlite3_clear_bindings (*stmt);
  }
}
#define MW_STMT __attribute__ ((cleanup (mw_db_reset))) sqlite3_stmt

/* SQL's statement, reset; NULL with ERROR. */
sqlite3_stmt *mw_db_prepare (MwStore *store, const char *sql, GError **error);
/* Bind by FORMAT: i gint64, d int, t const char* (NULL: null), b GBytes* (NULL: null), n null.
 * Text and bytes must live until the statement is reset. */
void mw_db_bind (sqlite3_stmt *stmt, const char *format, ...);
/* One step: 1 a row, 0 done, -1 with ERROR. */
int mw_db_step (MwStore *store, sqlite3_stmt *stmt, GError **error);
/* Step to the end and reset. */
gboolean mw_db_run (MwStore *store, sqlite3_stmt *stmt, GError **error);
gboolean mw_db_exec (MwStore *store, const char *sql, GError **error);

gboolean mw_db_begin (MwStore *store, GError **error);
/* OK: commit; else roll back. Returns OK and that the commit succeeded. */
gboolean mw_db_end (MwStore *store, gboolean ok, GError **error);

/* Several statements that must see one state, though another program writes. */
gboolean mw_db_begin_reading (MwStore *store, GError **error);
void mw_db_end_reading (MwStore *store);

/* Columns of the present row. */
char *mw_db_dup_text (sqlite3_stmt *stmt, int column);
GBytes *mw_db_dup_bytes (sqlite3_stmt *stmt, int column);

static inline const char *
mw_db_text (sqlite3_stmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt, column);
}

/* Bring the catalogue's tables in line with its files, if they changed. */
gboolean mw_catalogue_load (MwStore *store, GError **error);

/* Zlib, for raw answers. */
GBytes *mw_db_deflate (GBytes *bytes, gboolean *deflated);
GBytes *mw_db_inflate (GBytes *bytes);

/* Within a transaction: see that METER is stored; its id, 0 with ERROR. */
gint64 mw_db_keep_meter (MwStore *store, const MwMeterInfo *meter, GError **error);

G_END_DECLS

#endif
