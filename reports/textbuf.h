/* textbuf.h: text on its way into a stream: numbers and times formatted by hand into a buffer
 * of fixed size, which is written as it fills.  Errors stick; the end asks once. */
#ifndef MW_TEXTBUF_H
#define MW_TEXTBUF_H

#include <gio/gio.h>

#include <string.h>

#include "decimal.h"

G_BEGIN_DECLS

#define MW_TEXTBUF_SIZE 65536
/* What one call of the fixed-size writers takes at most. */
#define MW_TEXTBUF_ROOM 96

typedef struct {
  GOutputStream *out;
  GCancellable *cancellable;
  GError *error;
  gsize len;
  /* Local time: the offset that held for the last time asked, and how long it holds. */
  GTimeZone *zone;
  gint64 offset, offset_from, offset_to;
  /* The date of the last time written. */
  gint64 date_day;
  char date[16];
  char buf[MW_TEXTBUF_SIZE];
} MwTextbuf;

/* ZONE NULL: the machine's own. */
MwTextbuf *mw_textbuf_new (GOutputStream *out, GTimeZone *zone, GCancellable *cancellable);
/* Write what is left, free; FALSE with the first error. */
gboolean mw_textbuf_finish (MwTextbuf *b, GError **error);

void mw_textbuf_flush (MwTextbuf *b);
void mw_textbuf_bytes (MwTextbuf *b, const char *text, gsize len);
static inline void
mw_textbuf_text (MwTextbuf *b, const char *text)
{
  mw_textbuf_bytes (b, text, strlen (text));
}
static inline void
mw_textbuf_char (MwTextbuf *b, char c)
{
  if (b->len == MW_TEXTBUF_SIZE)
    mw_textbuf_flush (b);
  b->buf[b->len++] = c;
}
/* MANTISSA × 10^EXPONENT with POINT as decimal point. */
void mw_textbuf_decimal (MwTextbuf *b, gint64 mantissa, int exponent, char point);
/* ISO 8601 with offset: at DEVIATION_MIN (local - UTC) or, when that is MW_DEVIATION_ANY, in
 * the zone. */
void mw_textbuf_time (MwTextbuf *b, gint64 utc, int deviation_min);

G_END_DECLS

#endif
