/* outfile.h: a file that appears whole or not at all.
 *
 * Written beside its place as ".NAME.XXXXXX", flushed to the disk, then renamed over it.  What
 * is no ordinary file (a pipe, /dev/stdout) is written straight.
 */
#ifndef MW_OUTFILE_H
#define MW_OUTFILE_H

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _MwOutfile MwOutfile;

/* Errors are G_IO_ERROR with a sentence that names PATH. */
MwOutfile *mw_outfile_open (const char *path, GError **error);
gboolean mw_outfile_write (MwOutfile *file, const void *data, gsize len, GError **error);
/* A stream over it, owned by FILE, to be handed to writers of streams. */
GOutputStream *mw_outfile_get_stream (MwOutfile *file);
/* Flush, rename, free.  On error the temporary is gone and the old file as it was. */
gboolean mw_outfile_commit (MwOutfile *file, GError **error);
/* Drop what was written, and FILE. */
void mw_outfile_discard (MwOutfile *file);

G_END_DECLS

#endif
