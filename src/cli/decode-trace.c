/* decode-trace.c: `mw decode` of a recording (--trace): every message of both directions with
 * its time, in words.
 *
 * Bytes that follow one another in one direction are one message, however the recording cut
 * them; what is said beside the bytes (line settings, notes, failures) is passed through.
 */
#include "cli/decode-private.h"

#include <string.h>

#define FIRST_LINE "# meterwright trace"

typedef struct trace_reader {
  GString *out;
  gboolean json;
  unsigned messages;
  int wrong;
  char direction; /* '>', '<', 0: no message is open */
  char *time;
  GByteArray *bytes;
  unsigned hidden; /* bytes of secrets, recorded as ** */
} trace_reader;

gboolean
mw_cli_decode_is_trace (const char *text, gsize len)
{
  return len > strlen (FIRST_LINE) && memcmp (text, FIRST_LINE, strlen (FIRST_LINE)) == 0;
}

static const char *
words_for (char direction)
{
  return direction == '>' ? "to the meter" : "from the meter";
}

/* The open message is complete. */
static void
close_message (trace_reader *r)
{
  int wrong = 0;
  if (!r->direction)
    return;
  g_autofree char *text =
      mw_cli_decode_text (r->bytes->data, r->bytes->len, NULL, r->json, &wrong);
  if (r->json)
    g_string_append_printf (r->out,
                            "%s{\"time\":\"%s\",\"to_meter\":%s,\"hidden\":%u,\"decode\":%s}",
                            r->messages ? ",\n" : "", r->time,
                            r->direction == '>' ? "true" : "false", r->hidden, text);
  else
    g_string_append_printf (r->out, "%s s, %s%s\n%s\n", r->time, words_for (r->direction),
                            r->hidden ? ", with bytes of a secret that were not recorded" : "",
                            text);
  if (wrong && !r->hidden)
    r->wrong = 1;
  r->messages++;
  r->direction = 0;
  r->hidden = 0;
  g_byte_array_set_size (r->bytes, 0);
}

static void
append_bytes (trace_reader *r, const char *hex)
{
  for (; *hex && *hex != ';'; hex++) {
    guint8 byte = 0;
    if (g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1])) {
      byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
    } else if (hex[0] == '*' && hex[1] == '*') {
      byte = '*';
      r->hidden++;
    } else {
      continue;
    }
    g_byte_array_append (r->bytes, &byte, 1);
    hex++;
  }
}

/* TIME MARK REST: one record of the recording. */
static void
read_record (trace_reader *r, const char *line)
{
  const char *blank = strchr (line, ' ');
  if (!g_ascii_isdigit (line[0]) || !blank)
    return;
  char mark = blank[1];
  if (mark != '>' && mark != '<') {
    close_message (r);
    if (!r->json)
      g_string_append_printf (r->out, "%.*s s, %s\n\n", (int) (blank - line), line, blank + 1);
    return;
  }
  if (mark != r->direction) {
    close_message (r);
    r->direction = mark;
    g_free (r->time);
    r->time = g_strndup (line, (gsize) (blank - line));
  }
  append_bytes (r, blank + 2);
}

char *
mw_cli_decode_trace (const char *text, gsize len, gboolean json, int *wrong)
{
  g_autofree char *all = g_strndup (text, len);
  g_autofree char *valid = g_utf8_make_valid (all, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);
  trace_reader r = { .out = g_string_new (json ? "{\"messages\":[\n" : NULL),
                     .json = json,
                     .bytes = g_byte_array_new () };
  for (char **line = lines; *line; line++)
    read_record (&r, g_strchomp (*line));
  close_message (&r);
  if (json)
    g_string_append (r.out, "\n]}");
  else
    g_string_append_printf (r.out, "%u messages\n", r.messages);
  g_byte_array_unref (r.bytes);
  g_free (r.time);
  if (wrong)
    *wrong = r.wrong;
  return g_string_free (r.out, FALSE);
}
