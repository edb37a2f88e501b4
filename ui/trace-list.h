/* trace-list.h: the conversation with the meter as a list model that the trace panel shows.
 *
 * Pieces in the same direction that follow each other closely are one row.  The oldest rows go
 * when there are more than MW_TRACE_MAX_ROWS.
 */
#ifndef MW_TRACE_LIST_H
#define MW_TRACE_LIST_H

#include <gio/gio.h>

#include "session/session.h"

G_BEGIN_DECLS

#define MW_TRACE_MAX_ROWS 50000

#define MW_TYPE_TRACE_ROW (mw_trace_row_get_type ())
G_DECLARE_FINAL_TYPE (MwTraceRow, mw_trace_row, MW, TRACE_ROW, GObject)

gint64 mw_trace_row_get_time (MwTraceRow *self);
gboolean mw_trace_row_is_sent (MwTraceRow *self);
gboolean mw_trace_row_is_note (MwTraceRow *self);
/* Hexadecimal with spaces, or the note. Free with g_free. */
char *mw_trace_row_dup_text (MwTraceRow *self);
/* What the bytes are, in a line. Free with g_free. */
char *mw_trace_row_dup_summary (MwTraceRow *self);
/* Byte by byte in words, a line each. Free with g_free. */
char *mw_trace_row_dup_words (MwTraceRow *self);
GBytes *mw_trace_row_get_bytes (MwTraceRow *self);

#define MW_TYPE_TRACE_LIST (mw_trace_list_get_type ())
G_DECLARE_FINAL_TYPE (MwTraceList, mw_trace_list, MW, TRACE_LIST, GObject)

MwTraceList *mw_trace_list_new (void);
void mw_trace_list_append (MwTraceList *self, const MwTraceItem *item);
void mw_trace_list_clear (MwTraceList *self);
/* All of it as text: "14:02:11.123 > 7E A0 …". Free with g_free. */
char *mw_trace_list_dup_text (MwTraceList *self);

G_END_DECLS

#endif
