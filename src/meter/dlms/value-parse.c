/* value-parse.c: text to A-XDR; see value.h.  A recursive descent, as deep as A-XDR may be. */
#include "meter/dlms/value.h"

#include <errno.h>
#include <string.h>

#include "base/civil.h"

#define VALUE_ROOM 65535

typedef struct {
  const char *start;
  const char *at;
  mw_wr w;
  guint depth;
  GError **error;
} Parser;

static gboolean parse_value (Parser *p);

static gboolean
complain (Parser *p, const char *what)
{
  return mw_fail (p->error, MW_SESSION_ERROR_USAGE,
                  "The value is not understood at character %d: %s. Examples: u32:5, "
                  "octet:0102, visible:abc, bool:true, structure{u8:1, u16:2}.",
                  (int) (p->at - p->start) + 1, what);
}

static void
skip_space (Parser *p)
{
  while (g_ascii_isspace (*p->at))
    p->at++;
}

/* The text after the colon: quoted, or up to the next comma or closing bracket. */
static char *
take_word (Parser *p)
{
  const char *start;
  if (*p->at == '"') {
    GString *text = g_string_new (NULL);
    for (p->at++; *p->at && *p->at != '"'; p->at++) {
      if (*p->at == '\\' && p->at[1])
        p->at++;
      g_string_append_c (text, *p->at);
    }
    if (*p->at == '"')
      p->at++;
    return g_string_free (text, FALSE);
  }
  start = p->at;
  if (p->depth == 0)
    p->at += strlen (p->at);
  else
    p->at += strcspn (p->at, ",]}");
  return g_strchomp (g_strndup (start, (gsize) (p->at - start)));
}

/* ---- simple values ---- */

typedef struct {
  const char *name;
  guint8 tag;
  gint64 min;
  guint64 max;
} Number;

/* clang-format off */
static const Number numbers[] = {
  { "i8",   MW_AXDR_INTEGER,              G_MININT8,  G_MAXINT8 },
  { "i16",  MW_AXDR_LONG,                 G_MININT16, G_MAXINT16 },
  { "i32",  MW_AXDR_DOUBLE_LONG,          G_MININT32, G_MAXINT32 },
  { "i64",  MW_AXDR_LONG64,               G_MININT64, G_MAXINT64 },
  { "u8",   MW_AXDR_UNSIGNED,             0,          G_MAXUINT8 },
  { "u16",  MW_AXDR_LONG_UNSIGNED,        0,          G_MAXUINT16 },
  { "u32",  MW_AXDR_DOUBLE_LONG_UNSIGNED, 0,          G_MAXUINT32 },
  { "u64",  MW_AXDR_LONG64_UNSIGNED,      0,          G_MAXUINT64 },
  { "enum", MW_AXDR_ENUM,                 0,          G_MAXUINT8 },
  { "bcd",  MW_AXDR_BCD,                  G_MININT8,  G_MAXINT8 },
};
/* clang-format on */

static gboolean
number_from (const char *word, const Number *n, gint64 *out)
{
  char *end;
  int base = strstr (word, "0x") ? 16 : 10;
  errno = 0;
  if (*word == '-') {
    *out = g_ascii_strtoll (word, &end, base);
    return *end == 0 && end != word && errno == 0 && *out >= n->min;
  }
  *out = (gint64) g_ascii_strtoull (word, &end, base);
  return *end == 0 && end != word && errno == 0 && (guint64) *out <= n->max;
}

static gboolean
put_number (Parser *p, const Number *n, const char *word)
{
  gint64 v;
  if (!number_from (word, n, &v))
    return complain (p, "the number is missing or does not fit its type");
  mw_axdr_put_int (&p->w, n->tag, v);
  return TRUE;
}

static gboolean
put_bool (Parser *p, const char *word)
{
  if (g_strcmp0 (word, "true") != 0 && g_strcmp0 (word, "false") != 0)
    return complain (p, "true or false is expected");
  mw_axdr_put_bool (&p->w, *word == 't');
  return TRUE;
}

static gboolean
put_octets (Parser *p, const char *word)
{
  gsize digits = 0;
  g_autofree guint8 *octets = g_malloc0 (strlen (word) / 2 + 1);
  for (const char *c = word; *c; c++) {
    int v = g_ascii_xdigit_value (*c);
    if (*c == ' ')
      continue;
    if (v < 0)
      return complain (p, "only hexadecimal digits are expected");
    octets[digits / 2] = (guint8) (octets[digits / 2] << 4 | v);
    digits++;
  }
  if (digits % 2)
    return complain (p, "an even number of hexadecimal digits is expected");
  mw_axdr_put_octets (&p->w, octets, digits / 2);
  return TRUE;
}

static gboolean
put_bits (Parser *p, const char *word)
{
  gsize n = strspn (word, "01");
  g_autofree guint8 *octets = g_malloc0 (n / 8 + 1);
  if (word[n])
    return complain (p, "only 0 and 1 are expected");
  for (gsize i = 0; i < n; i++)
    if (word[i] == '1')
      octets[i / 8] |= (guint8) (0x80 >> i % 8);
  mw_axdr_put_bits (&p->w, octets, (guint32) n);
  return TRUE;
}

static gboolean
put_float (Parser *p, const char *word, gboolean wide)
{
  char *end;
  double v = g_ascii_strtod (word, &end);
  if (end == word || *end)
    return complain (p, "a number is expected");
  if (wide)
    mw_axdr_put_float64 (&p->w, v);
  else
    mw_axdr_put_float32 (&p->w, (float) v);
  return TRUE;
}

/* "12:00:00" alone is a time of any date; "/80" behind a date-time is its clock status. */
static gboolean
put_civil (Parser *p, const char *word, unsigned type, gsize octets)
{
  const char *slash = octets == 12 ? strchr (word, '/') : NULL;
  gsize len = slash ? (gsize) (slash - word) : strlen (word);
  g_autofree char *when = g_strndup (word, len);
  g_autofree char *text = g_strconcat (octets == 4 ? "****-**-**T" : "", when, NULL);
  guint64 status;
  mw_civil t;
  if (mw_civil_parse (text, strlen (text), &t) != MW_OK)
    return complain (p, octets == 4 ? "a time like 12:30:00 is expected"
                                    : "a time like 2026-01-31T12:30:00+01:00 is expected");
  if (slash) {
    if (!g_ascii_string_to_unsigned (slash + 1, 16, 0, 255, &status, NULL))
      return complain (p, "a clock status of two hexadecimal digits is expected after “/”");
    t.status = (guint8) status;
  }
  mw_axdr_put_civil_as (&p->w, type, octets, &t);
  return TRUE;
}

static gboolean
put_typed (Parser *p, const char *type, const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (g_strcmp0 (type, numbers[i].name) == 0)
      return put_number (p, &numbers[i], word);
  if (g_strcmp0 (type, "bool") == 0)
    return put_bool (p, word);
  if (g_strcmp0 (type, "octet") == 0)
    return put_octets (p, word);
  if (g_strcmp0 (type, "bits") == 0)
    return put_bits (p, word);
  if (g_strcmp0 (type, "float32") == 0 || g_strcmp0 (type, "float64") == 0)
    return put_float (p, word, type[5] == '6');
  if (g_strcmp0 (type, "datetime") == 0)
    return put_civil (p, word, MW_AXDR_OCTET_STRING, 12);
  if (g_strcmp0 (type, "date-time") == 0)
    return put_civil (p, word, MW_AXDR_DATE_TIME, 12);
  if (g_strcmp0 (type, "date") == 0)
    return put_civil (p, word, MW_AXDR_DATE, 5);
  if (g_strcmp0 (type, "time") == 0)
    return put_civil (p, word, MW_AXDR_TIME, 4);
  if (g_strcmp0 (type, "visible") == 0 || g_strcmp0 (type, "utf8") == 0) {
    mw_axdr_put_string (&p->w, *type == 'v' ? MW_AXDR_VISIBLE_STRING : MW_AXDR_UTF8_STRING,
                        word, strlen (word));
    return TRUE;
  }
  return complain (p, "this type is not known");
}

/* ---- arrays and structures ---- */

/* Elements up to CLOSE, after the opening bracket; their number is known only afterwards, so
 * they are written behind a gap and moved. */
static gboolean
parse_elements (Parser *p, char close, gboolean array)
{
  gsize before = mw_wr_len (&p->w);
  g_autofree guint8 *content = NULL;
  gsize len;
  guint32 n = 0;

  if (++p->depth > MW_AXDR_DEPTH - 1)
    return complain (p, "it is nested too deeply");
  for (skip_space (p); *p->at != close; skip_space (p)) {
    if (!parse_value (p))
      return FALSE;
    n++;
    skip_space (p);
    if (*p->at == ',')
      p->at++;
    else if (*p->at != close)
      return complain (p, "a comma or the closing bracket is expected");
  }
  p->at++;
  p->depth--;
  len = mw_wr_len (&p->w) - before;
  content = g_memdup2 (p->w.start + before, len);
  p->w.at = p->w.start + before;
  if (array)
    mw_axdr_put_array (&p->w, n);
  else
    mw_axdr_put_structure (&p->w, n);
  mw_wr_bytes (&p->w, content, len);
  return TRUE;
}

static gboolean
parse_value (Parser *p)
{
  const char *start;
  gsize len;
  g_autofree char *type = NULL;
  g_autofree char *word = NULL;

  skip_space (p);
  start = p->at;
  len = strspn (p->at, "abcdefghijklmnopqrstuvwxyz0123456789-");
  type = g_strndup (start, len);
  p->at += len;
  if (g_strcmp0 (type, "null") == 0) {
    mw_axdr_put_null (&p->w);
    return TRUE;
  }
  if (g_strcmp0 (type, "array") == 0 && *p->at == '[') {
    p->at++;
    return parse_elements (p, ']', TRUE);
  }
  if (g_strcmp0 (type, "structure") == 0 && *p->at == '{') {
    p->at++;
    return parse_elements (p, '}', FALSE);
  }
  if (*p->at != ':')
    return complain (p, "a type and a colon are expected");
  p->at++;
  word = take_word (p);
  return put_typed (p, type, word);
}

GBytes *
mw_value_parse (const char *text, GError **error)
{
  g_autofree guint8 *room = g_malloc (VALUE_ROOM);
  Parser p = { .start = text, .at = text, .error = error };
  mw_wr_init (&p.w, room, VALUE_ROOM);
  if (!parse_value (&p))
    return NULL;
  skip_space (&p);
  if (*p.at) {
    complain (&p, "something follows the value");
    return NULL;
  }
  if (p.w.err) {
    complain (&p, "the value is too long");
    return NULL;
  }
  return g_bytes_new (room, mw_wr_len (&p.w));
}
