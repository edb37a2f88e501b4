/* replay.c: plays a recording (trace.c) back as a link: a session with a real meter becomes a
 * test.
 *
 * Invariants: SENT counts the recorded bytes to the meter that were sent again, READ those from
 * the meter that were handed out; a byte from the meter is handed out only when everything that
 * was sent before it in the recording has been sent.  What is sent must be what was recorded,
 * byte by byte, but for ** (a secret).  Time is not played back.
 */
#include "link/link.h"

#include <glib/gstdio.h>
#include <string.h>

/* A session of hours is some ten MB of text; no recording is longer than this. */
#define LONGEST (512 << 20)

typedef struct record {
  char mark;     /* '>' or '<' */
  GArray *bytes; /* gint16; -1: any */
} record;

typedef struct replay_link {
  mw_link link;
  char *file;
  GPtrArray *records;
  guint write_at, write_byte; /* the next byte that must be sent */
  guint read_at, read_byte;   /* the next byte that is handed out */
} replay_link;

static void
record_free (gpointer data)
{
  record *r = data;
  g_array_unref (r->bytes);
  g_free (r);
}

static gboolean
parse_hex (const char *text, GArray *bytes)
{
  for (;;) {
    text += strspn (text, " \t");
    if (!*text || *text == ';')
      return TRUE;
    gint16 value = -1;
    if (text[0] != '*' || text[1] != '*') {
      int high = g_ascii_xdigit_value (text[0]);
      int low = high < 0 ? -1 : g_ascii_xdigit_value (text[1]);
      if (low < 0)
        return FALSE;
      value = (gint16) (high << 4 | low);
    }
    g_array_append_val (bytes, value);
    text += 2;
  }
}

/* One line "0.412077 < 2F 49". FALSE when it is none. */
static gboolean
parse_line (replay_link *l, const char *line, gboolean *has_line)
{
  if (!*line || *line == '#')
    return TRUE;
  char *at;
  g_ascii_strtod (line, &at);
  if (at == line || at[0] != ' ' || !at[1] || !strchr ("<>=#!", at[1]))
    return FALSE;
  *has_line = *has_line || at[1] == '=';
  if (at[1] != '<' && at[1] != '>')
    return TRUE;
  record *r = g_new0 (record, 1);
  r->mark = at[1];
  r->bytes = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_ptr_array_add (l->records, r);
  return parse_hex (at + 2, r->bytes);
}

static gboolean
replay_set_line (mw_link *link, const mw_line *line, GError **error)
{
  return TRUE; /* the recording has its own speed */
}

static const mw_link_class replay_line_class;

/* The text of the file; a device that never ends is no file. */
static char *
read_file (const char *path, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GStatBuf about;
  char *text = NULL;
  if (g_stat (path, &about) == 0
      && ((!S_ISREG (about.st_mode) && !S_ISDIR (about.st_mode)) || about.st_size > LONGEST))
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE,
                 "%s is no recording of this program. Choose a file that --trace has written.",
                 path);
  else if (!g_file_get_contents (path, &text, NULL, &failure))
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE,
                 "The recording cannot be read (%s). Choose a file that --trace has written.",
                 failure->message);
  return text;
}

static gboolean
replay_open (mw_link *link, const MwUri *uri, GCancellable *cancel, GError **error)
{
  replay_link *l = (replay_link *) link;
  g_autofree char *text = NULL;
  l->file = g_strdup (uri->target);
  l->records = g_ptr_array_new_with_free_func (record_free);
  text = read_file (l->file, error);
  if (text == NULL)
    return FALSE;
  gboolean has_line = FALSE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean known = g_str_has_prefix (text, "# meterwright trace 1");
  for (guint i = 0; !known || lines[i]; i++)
    if (!known || !parse_line (l, g_strchomp (lines[i]), &has_line)) {
      g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE,
                   "%s is no recording of this program, or it is damaged (line %u). Choose "
                   "another, or record anew with --trace.",
                   l->file, i + 1);
      return FALSE;
    }
  if (has_line)
    link->klass = &replay_line_class;
  return TRUE;
}

/* Step over records that are used up or of the other direction. */
static const record *
next_record (replay_link *l, char mark, guint *at, guint *byte)
{
  for (; *at < l->records->len; ++*at, *byte = 0) {
    const record *r = l->records->pdata[*at];
    if (r->mark == mark && *byte < r->bytes->len)
      return r;
  }
  return NULL;
}

static gssize
replay_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
             GError **error)
{
  replay_link *l = (replay_link *) link;
  const record *r = next_record (l, '<', &l->read_at, &l->read_byte);
  const record *due = next_record (l, '>', &l->write_at, &l->write_byte);
  if (!r && !due) {
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED, "The recording %s ends here.",
                 l->file);
    return -1;
  }
  if (!r || l->read_at > l->write_at) { /* something must be sent first */
    for (gint64 until = g_get_monotonic_time () + 1000 * (gint64) timeout_ms;
         g_get_monotonic_time () < until && !mw_link_cancelled (cancel, NULL);)
      g_usleep (1000);
    return mw_link_cancelled (cancel, error) ? -1 : 0;
  }
  size_t n = MIN (cap, r->bytes->len - l->read_byte);
  for (size_t i = 0; i < n; i++) {
    gint16 value = g_array_index (r->bytes, gint16, l->read_byte + i);
    ((guint8 *) buf)[i] = value < 0 ? '*' : (guint8) value;
  }
  l->read_byte += (guint) n;
  return (gssize) n;
}

static gboolean
replay_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  replay_link *l = (replay_link *) link;
  const guint8 *at = data;
  for (size_t i = 0; i < len; i++) {
    const record *r = next_record (l, '>', &l->write_at, &l->write_byte);
    if (!r) {
      g_set_error (
          error, MW_LINK_ERROR, MW_LINK_ERROR_REPLAY,
          "More is sent than the recording %s holds (%02X and on). It answers only what "
          "was asked when it was made: give the same command, with a new --db.",
          l->file, at[i]);
      return FALSE;
    }
    gint16 value = g_array_index (r->bytes, gint16, l->write_byte);
    if (value >= 0 && value != at[i]) {
      g_set_error (
          error, MW_LINK_ERROR, MW_LINK_ERROR_REPLAY,
          "Byte %u of what is sent is %02X; the recording %s has %02X there (record %u). It "
          "answers only what was asked when it was made: give the same command, with a new "
          "--db.",
          l->write_byte + 1, at[i], l->file, (guint) value, l->write_at + 1);
      return FALSE;
    }
    l->write_byte++;
  }
  return TRUE;
}

/* Without a step forward. */
static gboolean
replay_expects (mw_link *link, const void *data, size_t len)
{
  replay_link *l = (replay_link *) link;
  const guint8 *bytes = data;
  guint at = l->write_at, byte = l->write_byte;
  for (size_t i = 0; i < len; i++, byte++) {
    const record *r = next_record (l, '>', &at, &byte);
    gint16 value = r ? g_array_index (r->bytes, gint16, byte) : -1;
    if (r == NULL || (value >= 0 && value != bytes[i]))
      return FALSE;
  }
  return TRUE;
}

static void
replay_close (mw_link *link)
{
  replay_link *l = (replay_link *) link;
  g_clear_pointer (&l->records, g_ptr_array_unref);
  g_free (l->file);
}

const mw_link_class mw_replay_link_class = {
  .scheme = "replay",
  .size = sizeof (replay_link),
  .open = replay_open,
  .read = replay_read,
  .write = replay_write,
  .expects = replay_expects,
  .close = replay_close,
};

/* The same, of a recording with a line. */
static const mw_link_class replay_line_class = {
  .scheme = "replay",
  .size = sizeof (replay_link),
  .open = replay_open,
  .read = replay_read,
  .write = replay_write,
  .set_line = replay_set_line,
  .expects = replay_expects,
  .close = replay_close,
};
