/* trace.c: records every byte that passes, with direction and time.
 *
 * The file is text, one record a line, and replay.c reads it back:
 *
 *   # meterwright trace 1                  the first line
 *   # link: serial:/dev/ttyUSB0            what it was; further comments
 *   # started: 2026-11-21T05:00:00Z
 *   0.000000 = 300 7E1                     the line was set
 *   0.000214 > 2F 3F 21 0D 0A              sent to the meter; hexadecimal
 *   0.412077 < 2F 49 53 6B 35  ; /ISk5     received; what follows ";" is for people
 *   0.412101 # identified                  a note of the program
 *   9.120000 ! The meter closed …          the link failed, and how
 *
 * Times are seconds since the start.  ** stands for a byte of a secret (mw_link_hide).
 */
#include "link/link.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

typedef struct trace_link {
  mw_link link;
  FILE *file;
  char *path;
  mw_link_observer observer;
  gpointer data;
  gint64 start_us;
  GPtrArray *secrets; /* GBytes */
} trace_link;

enum { PER_LINE = 512 };

/* Which of the LEN bytes at DATA belong to a secret. */
static void
mark_secrets (trace_link *l, const guint8 *data, size_t len, guint8 *hidden)
{
  memset (hidden, 0, len);
  for (guint s = 0; s < l->secrets->len; s++) {
    gsize n;
    const guint8 *secret = g_bytes_get_data (l->secrets->pdata[s], &n);
    for (size_t i = 0; n <= len && i <= len - n; i++)
      if (memcmp (data + i, secret, n) == 0)
        memset (hidden + i, 1, n);
  }
}

static void
write_bytes (trace_link *l, char direction, gint64 at_us, const guint8 *data,
             const guint8 *hidden, size_t len)
{
  GString *line = g_string_new (NULL);
  g_string_append_printf (line, "%" G_GINT64_FORMAT ".%06d %c", at_us / 1000000,
                          (int) (at_us % 1000000), direction);
  gboolean text = FALSE;
  for (size_t i = 0; i < len; i++) {
    if (hidden[i])
      g_string_append (line, " **");
    else
      g_string_append_printf (line, " %02X", data[i]);
    text = text || (data[i] >= 0x20 && data[i] < 0x7f);
  }
  if (text)
    g_string_append (line, "  ; ");
  for (size_t i = 0; text && i < len; i++)
    g_string_append_c (line, hidden[i]                           ? '*'
                             : data[i] >= 0x20 && data[i] < 0x7f ? (char) data[i]
                                                                 : '.');
  g_string_append_c (line, '\n');
  fputs (line->str, l->file);
  g_string_free (line, TRUE);
}

static void
record (trace_link *l, char direction, const guint8 *data, size_t len)
{
  gint64 at = g_get_monotonic_time () - l->start_us;
  g_autofree guint8 *hidden = g_malloc (len + 1), *shown = g_memdup2 (data, len);
  mark_secrets (l, data, len, hidden);
  for (size_t i = 0; i < len; i++)
    if (hidden[i])
      shown[i] = '*';
  for (size_t i = 0; l->file && i < len; i += PER_LINE)
    write_bytes (l, direction, at, data + i, hidden + i, MIN (PER_LINE, len - i));
  if (l->observer)
    l->observer (l->data, direction, shown, len, at);
}

static void
remark (trace_link *l, char mark, const char *text)
{
  gint64 at = g_get_monotonic_time () - l->start_us;
  g_autofree char *line = g_strdelimit (g_strdup (text), "\r\n", ' ');
  if (l->file)
    fprintf (l->file, "%" G_GINT64_FORMAT ".%06d %c %s\n", at / 1000000, (int) (at % 1000000),
             mark, line);
  if (l->observer)
    l->observer (l->data, mark, line, strlen (line), at);
}

/* A failure of the link belongs to the recording; a cancel does not. */
static void
remark_failure (trace_link *l, const GError *error)
{
  if (error && !g_error_matches (error, MW_LINK_ERROR, MW_LINK_ERROR_CANCELLED))
    remark (l, '!', error->message);
}

/* A recording with a gap is none: it fails where it cannot be written on. */
static gboolean
is_recorded (trace_link *l, GError **error)
{
  if (!l->file || !ferror (l->file))
    return TRUE;
  g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE,
               "The trace cannot be written to %s any more. Free some space, or leave --trace "
               "out.",
               l->path);
  return FALSE;
}

static gssize
trace_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
            GError **error)
{
  trace_link *l = (trace_link *) link;
  GError *failure = NULL;
  gssize n = mw_link_read (link->below, buf, cap, timeout_ms, cancel, &failure);
  if (n > 0)
    record (l, '<', buf, (size_t) n);
  else if (n < 0)
    remark_failure (l, failure);
  if (failure)
    g_propagate_error (error, failure);
  else if (!is_recorded (l, error))
    return -1;
  return n;
}

static gboolean
trace_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  trace_link *l = (trace_link *) link;
  GError *failure = NULL;
  record (l, '>', data, len);
  if (!is_recorded (l, error))
    return FALSE;
  if (mw_link_write (link->below, data, len, cancel, &failure))
    return TRUE;
  remark_failure (l, failure);
  g_propagate_error (error, failure);
  return FALSE;
}

static void
remark_line (trace_link *l, const mw_line *line)
{
  g_autofree char *text =
      g_strdup_printf ("%u %d%c%d", line->baud, line->data_bits, line->parity, line->stop_bits);
  remark (l, '=', text);
}

static gboolean
trace_set_line (mw_link *link, const mw_line *line, GError **error)
{
  if (!mw_link_set_line (link->below, line, error))
    return FALSE;
  if (mw_link_has_line (link))
    remark_line ((trace_link *) link, line);
  return TRUE;
}

static void
trace_discard (mw_link *link)
{
  mw_link_discard (link->below);
}

static void
trace_note (mw_link *link, const char *text)
{
  remark ((trace_link *) link, '#', text);
}

static void
trace_hide (mw_link *link, const void *secret, size_t len)
{
  g_ptr_array_add (((trace_link *) link)->secrets, g_bytes_new (secret, len));
}

static void
trace_close (mw_link *link)
{
  trace_link *l = (trace_link *) link;
  if (l->file)
    fclose (l->file);
  g_free (l->path);
  g_clear_pointer (&l->secrets, g_ptr_array_unref);
}

static const mw_link_class trace_class = {
  .scheme = "trace",
  .size = sizeof (trace_link),
  .read = trace_read,
  .write = trace_write,
  .set_line = trace_set_line,
  .discard = trace_discard,
  .note = trace_note,
  .hide = trace_hide,
  .close = trace_close,
};

mw_link *
mw_link_add_trace (mw_link *below, const char *file, const char *title,
                   mw_link_observer observer, gpointer data, GError **error)
{
  FILE *f = NULL;
  if (file && !(f = g_fopen (file, title ? "w" : "a"))) {
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE,
                 "The trace cannot be written to %s: %s.", file, g_strerror (errno));
    return NULL;
  }
  mw_link *l = mw_link_new (&trace_class, below);
  trace_link *t = (trace_link *) l;
  t->file = f;
  t->path = g_strdup (file);
  t->observer = observer;
  t->data = data;
  t->start_us = g_get_monotonic_time ();
  t->secrets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (f) {
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    g_autofree char *time = g_date_time_format_iso8601 (now);
    setvbuf (f, NULL, _IOLBF, 0); /* what led to a crash is in the file */
    if (title)
      fprintf (
          f,
          "# meterwright trace 1\n# link: %s\n# started: %s\n"
          "# seconds, mark, bytes: > sent, < received, = line, # note, ! failure; ** hidden\n",
          title, time);
    else
      fprintf (f, "# opened again: %s\n", time);
  }
  if (below->line.baud && mw_link_has_line (below))
    remark_line (t, &below->line);
  return l;
}
