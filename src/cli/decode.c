/* decode.c: `mw decode`: reading the input, and writing what protocols/decode says about it. */
#include "cli/decode-private.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "decode/decode.h"

#define INPUT_MAX (16 * 1024 * 1024)
#define WORK_SIZE 65538
#define HEX_COLUMN 12 /* bytes shown beside a line */

enum { EXIT_DONE = 0, EXIT_USAGE = 1, EXIT_PROTOCOL = 3, EXIT_FILE = 6 };

/* --- input --- */

static gboolean
is_separator (char c)
{
  return g_ascii_isspace (c) || c == ':' || c == ',' || c == '-' || c == ';';
}

/* Is TEXT hexadecimal and separators alone? */
static gboolean
is_hex_text (const char *text, gsize len)
{
  gsize digits = 0;
  for (gsize i = 0; i < len; i++) {
    if (text[i] == '0' && i + 1 < len && (text[i + 1] == 'x' || text[i + 1] == 'X'))
      i++;
    else if (g_ascii_isxdigit (text[i]))
      digits++;
    else if (!is_separator (text[i]))
      return FALSE;
  }
  return digits > 0;
}

GByteArray *
mw_cli_decode_input (const char *text, gsize len, gboolean *was_text, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int high = -1;
  if (len >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
    text += 3;
    len -= 3;
  }
  gboolean hex = is_hex_text (text, len);
  if (was_text)
    *was_text = !hex;
  if (!hex)
    g_byte_array_append (bytes, (const guint8 *) text, (guint) len);
  for (gsize i = 0; hex && i < len; i++) {
    if (text[i] == '0' && i + 1 < len && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
      i++;
      continue;
    }
    int digit = g_ascii_xdigit_value (text[i]);
    if (digit < 0)
      continue;
    if (high >= 0) {
      guint8 byte = (guint8) (high << 4 | digit);
      g_byte_array_append (bytes, &byte, 1);
    }
    high = high >= 0 ? -1 : digit;
  }
  if (high >= 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "the hexadecimal text has an odd number of digits: half a byte is missing");
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

/* --- output --- */

typedef struct listing {
  GString *out;
  JsonBuilder *json; /* NULL: lines */
  gboolean holds;    /* a line waits: is it a heading? */
  mw_decode_line held;
  char *text;
} listing;

static void
append_hex (GString *out, const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (out, "%02X", bytes[i]);
}

/* Write the line that waits; NEXT_DEPTH tells whether lines stand under it. */
static void
flush (listing *l, unsigned next_depth)
{
  if (!l->holds)
    return;
  const mw_decode_line *line = &l->held;
  gsize shown = MIN (line->length, HEX_COLUMN);
  g_autoptr (GString) hex = g_string_new (NULL);
  if (next_depth <= line->depth) {
    append_hex (hex, line->bytes, shown);
    if (shown < line->length)
      g_string_append (hex, "…");
  }
  g_string_append_printf (l->out, "%c%05" G_GSIZE_FORMAT "  %s%*s %s%*s%s\n",
                          line->reassembled ? '+' : ' ', (gsize) line->offset, hex->str,
                          (int) (2 * HEX_COLUMN + 1 - g_utf8_strlen (hex->str, -1)), "",
                          line->wrong ? "! " : "  ", (int) (2 * line->depth), "", l->text);
  l->holds = FALSE;
}

static void
on_line (void *ctx, const mw_decode_line *line)
{
  listing *l = ctx;
  flush (l, line->depth);
  l->holds = TRUE;
  l->held = *line;
  g_free (l->text);
  l->text = g_utf8_make_valid (line->text, -1);
}

static void
on_json_line (void *ctx, const mw_decode_line *line)
{
  listing *l = ctx;
  g_autofree char *text = g_utf8_make_valid (line->text, -1);
  g_autoptr (GString) hex = g_string_new (NULL);
  append_hex (hex, line->bytes, line->length);
  json_builder_begin_object (l->json);
  json_builder_set_member_name (l->json, "offset");
  json_builder_add_int_value (l->json, (gint64) line->offset);
  json_builder_set_member_name (l->json, "length");
  json_builder_add_int_value (l->json, (gint64) line->length);
  json_builder_set_member_name (l->json, "depth");
  json_builder_add_int_value (l->json, line->depth);
  json_builder_set_member_name (l->json, "hex");
  json_builder_add_string_value (l->json, hex->str);
  json_builder_set_member_name (l->json, "text");
  json_builder_add_string_value (l->json, text);
  json_builder_set_member_name (l->json, "wrong");
  json_builder_add_boolean_value (l->json, line->wrong);
  json_builder_set_member_name (l->json, "reassembled");
  json_builder_add_boolean_value (l->json, line->reassembled);
  json_builder_end_object (l->json);
}

static const char *
title_of (const char *kind)
{
  for (unsigned i = 0; kind && mw_decode_kind_name (i); i++)
    if (strcmp (mw_decode_kind_name (i), kind) == 0)
      return mw_decode_kind_title (i);
  return NULL;
}

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  if (value)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static char *
decode_json (mw_span data, const char *kind, guint8 *work, int *wrong)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  listing l = { .json = json };
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "bytes");
  json_builder_add_int_value (json, (gint64) data.len);
  json_builder_set_member_name (json, "lines");
  json_builder_begin_array (json);
  mw_decode_result r = mw_decode (data, kind, work, WORK_SIZE, on_json_line, &l);
  json_builder_end_array (json);
  add_string (json, "kind", r.kind);
  add_string (json, "title", title_of (r.kind));
  json_builder_set_member_name (json, "wrong");
  json_builder_add_int_value (json, r.wrong);
  json_builder_end_object (json);
  *wrong = r.kind ? (int) r.wrong : -1;
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  return json_to_string (root, TRUE);
}

static char *
decode_lines (mw_span data, const char *kind, guint8 *work, int *wrong)
{
  listing l = { .out = g_string_new (NULL) };
  mw_decode_result r = mw_decode (data, kind, work, WORK_SIZE, on_line, &l);
  flush (&l, 0);
  g_free (l.text);
  if (!r.kind)
    g_string_append_printf (l.out, "%" G_GSIZE_FORMAT " bytes that are nothing known here\n",
                            (gsize) data.len);
  else if (r.wrong)
    g_string_append_printf (l.out, "%s, %" G_GSIZE_FORMAT " bytes: %u %s wrong (marked !)\n",
                            title_of (r.kind), (gsize) data.len, r.wrong,
                            r.wrong == 1 ? "thing is" : "things are");
  else
    g_string_append_printf (l.out, "%s, %" G_GSIZE_FORMAT " bytes, well-formed\n",
                            title_of (r.kind), (gsize) data.len);
  *wrong = r.kind ? (int) r.wrong : -1;
  return g_string_free (l.out, FALSE);
}

char *
mw_cli_decode_text (const guint8 *bytes, gsize len, const char *kind, gboolean json, int *wrong)
{
  g_autofree guint8 *work = g_malloc (WORK_SIZE);
  mw_span data = { bytes, len };
  int ignored;
  return json ? decode_json (data, kind, work, wrong ? wrong : &ignored)
              : decode_lines (data, kind, work, wrong ? wrong : &ignored);
}

/* --- the verb --- */

static char *
read_standard_input (gsize *len)
{
  g_autoptr (GString) all = g_string_new (NULL);
  char piece[4096];
  size_t n;
  while ((n = fread (piece, 1, sizeof piece, stdin)) > 0 && all->len < INPUT_MAX)
    g_string_append_len (all, piece, (gssize) n);
  if (ferror (stdin))
    return NULL;
  *len = all->len;
  return g_string_free (g_steal_pointer (&all), FALSE);
}

int
mw_cli_decode (const char *input, const char *kind, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize len = 0;
  int wrong = 0;
  if (input && strcmp (input, "-") != 0) {
    text = g_strdup (input);
    len = strlen (input);
  } else {
    text = read_standard_input (&len);
  }
  if (!text) {
    g_printerr ("mw decode: standard input cannot be read\n");
    return EXIT_FILE;
  }
  if (mw_cli_decode_is_trace (text, len)) {
    g_autofree char *messages = mw_cli_decode_trace (text, len, json, &wrong);
    g_print ("%s%s", messages, json ? "\n" : "");
    return wrong ? EXIT_PROTOCOL : EXIT_DONE;
  }
  g_autoptr (GByteArray) bytes = mw_cli_decode_input (text, len, NULL, &error);
  if (!bytes || !bytes->len) {
    g_printerr ("mw decode: %s\n", error ? error->message : "no bytes were given");
    return EXIT_USAGE;
  }
  g_autofree char *out = mw_cli_decode_text (bytes->data, bytes->len, kind, json, &wrong);
  g_print ("%s%s", out, json ? "\n" : "");
  return wrong ? EXIT_PROTOCOL : EXIT_DONE;
}
