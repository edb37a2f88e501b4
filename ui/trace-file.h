/* trace-file.h: recordings of a conversation as files: what `mw --trace` writes, what the
 * window saves, and what either opens again (src/link/README.md). */
#ifndef MW_TRACE_FILE_H
#define MW_TRACE_FILE_H

#include "trace-list.h"

G_BEGIN_DECLS

/* A recording. */
typedef struct {
  char *link;        /* URI of the link it was made of, or NULL */
  gint64 started_us; /* 0: it does not say */
  GPtrArray *items;  /* of MwTraceItem */
} MwTraceFile;

void mw_trace_file_free (MwTraceFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwTraceFile, mw_trace_file_free)
/* TEXT as a recording; NULL and G_IO_ERROR_INVALID_DATA when it is none, naming the line. */
MwTraceFile *mw_trace_file_parse (const char *text, GError **error);
/* LIST as a recording of LINK (or NULL), to be parsed and played back. Free with g_free. */
char *mw_trace_file_dup_text (MwTraceList *list, const char *link);

G_END_DECLS

#endif
