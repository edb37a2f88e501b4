#include "trace-file.h"

#include <glib/gi18n.h>
#include <string.h>

#define FIRST_LINE "# meterwright trace 1"

static void
item_free (gpointer data)
{
  MwTraceItem *item = data;
  g_clear_pointer (&item->bytes, g_bytes_unref);
  g_free ((char *) item->note);
  g_free (item);
}

void
mw_trace_file_free (MwTraceFile *file)
{
  if (!file)
    return;
  g_free (file->link);
  g_ptr_array_unref (file->items);
  g_free (file);
}

/* Hexadecimal octets up to a ";"; a hidden octet (**) is shown as 2A. */
static GBytes *
parse_octets (const char *text)
{
  GByteArray *octets = g_byte_array_new ();
  for (;;) {
    text += strspn (text, " \t");
    if (!*text || *text == ';')
      return g_byte_array_free_to_bytes (octets);
    int high = g_ascii_xdigit_value (text[0]), low = g_ascii_xdigit_value (text[1]);
    gboolean hidden = text[0] == '*' && text[1] == '*';
    guint8 octet = hidden ? '*' : (guint8) (high << 4 | low);
    if (!hidden && (high < 0 || low < 0))
      break;
    g_byte_array_append (octets, &octet, 1);
    text += 2;
  }
  g_byte_array_unref (octets);
  return NULL;
}

static void
parse_comment (MwTraceFile *file, const char *line)
{
  static const char link[] = "# link: ", started[] = "# started: ";
  if (g_str_has_prefix (line, link)) {
    g_free (file->link);
    file->link = g_strdup (line + strlen (link));
  } else if (g_str_has_prefix (line, started)) {
    g_autoptr (GDateTime) t = g_date_time_new_from_iso8601 (line + strlen (started), NULL);
    if (t)
      file->started_us =
          g_date_time_to_unix (t) * G_USEC_PER_SEC + g_date_time_get_microsecond (t);
  }
}

/* "0.412077 < 2F 49", "0.412101 # identified". */
static gboolean
parse_line (MwTraceFile *file, const char *line)
{
  char *at;
  if (!*line)
    return TRUE;
  if (*line == '#') {
    parse_comment (file, line);
    return TRUE;
  }
  double seconds = g_ascii_strtod (line, &at);
  if (at == line || at[0] != ' ' || !at[1] || !strchr ("<>=#!", at[1]))
    return FALSE;
  g_autofree MwTraceItem *item = g_new0 (MwTraceItem, 1);
  item->time_us = file->started_us + (gint64) (seconds * G_USEC_PER_SEC);
  item->sent = at[1] == '>';
  if (at[1] == '<' || at[1] == '>') {
    item->bytes = parse_octets (at + 2);
    if (!item->bytes)
      return FALSE;
  } else {
    item->note = g_strdup_printf ("%s%s", at[1] == '=' ? "line " : "", g_strchug (at + 2));
  }
  g_ptr_array_add (file->items, g_steal_pointer (&item));
  return TRUE;
}

MwTraceFile *
mw_trace_file_parse (const char *text, GError **error)
{
  g_autoptr (MwTraceFile) file = g_new0 (MwTraceFile, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  file->items = g_ptr_array_new_with_free_func (item_free);
  if (!g_str_has_prefix (text, FIRST_LINE)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("This is no recording of Meterwright."));
    return NULL;
  }
  for (guint i = 0; lines[i]; i++)
    if (!parse_line (file, g_strchomp (lines[i]))) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("This recording is damaged in line %u."), i + 1);
      return NULL;
    }
  return g_steal_pointer (&file);
}

#define HIDDEN_RUN 4 /* octets "*" in a row that are sent: a secret that was hidden */

/* What was hidden when it came stays hidden: "2A 2A …" is "** ** …" again. */
static void
hide (char *hex)
{
  for (char *at = hex; (at = strstr (at, "2A"));) {
    gsize n = 0;
    while (strncmp (at + 3 * n, "2A", 2) == 0 && (at[3 * n + 2] == ' ' || !at[3 * n + 2]))
      n++;
    for (gsize i = 0; n >= HIDDEN_RUN && i < n; i++)
      memset (at + 3 * i, '*', 2);
    at += n ? strlen (at) < 3 * n ? strlen (at) : 3 * n : 2;
  }
}

static void
append_row (GString *text, MwTraceRow *row, gint64 start)
{
  gint64 at = MAX (0, mw_trace_row_get_time (row) - start);
  g_autofree char *what = mw_trace_row_dup_text (row);
  gboolean note = mw_trace_row_is_note (row);
  if (!note && mw_trace_row_is_sent (row))
    hide (what);
  gboolean line = note && g_str_has_prefix (what, "line ");
  g_string_append_printf (text, "%" G_GINT64_FORMAT ".%06d %c %s\n", at / G_USEC_PER_SEC,
                          (int) (at % G_USEC_PER_SEC),
                          line                         ? '='
                          : note                       ? '#'
                          : mw_trace_row_is_sent (row) ? '>'
                                                       : '<',
                          line ? what + strlen ("line ") : what);
}

char *
mw_trace_file_dup_text (MwTraceList *list, const char *link)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autoptr (MwTraceRow) first = n ? g_list_model_get_item (G_LIST_MODEL (list), 0) : NULL;
  gint64 start = first ? mw_trace_row_get_time (first) : g_get_real_time ();
  g_autoptr (GDateTime) t = g_date_time_new_from_unix_utc (start / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (t, "%Y-%m-%dT%H:%M:%S");
  GString *text = g_string_new (FIRST_LINE "\n");
  if (link)
    g_string_append_printf (text, "# link: %s\n", link);
  g_string_append_printf (text, "# started: %s.%06dZ\n", stamp, (int) (start % G_USEC_PER_SEC));
  for (guint i = 0; i < n; i++) {
    g_autoptr (MwTraceRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);
    append_row (text, row, start);
  }
  return g_string_free (text, FALSE);
}
