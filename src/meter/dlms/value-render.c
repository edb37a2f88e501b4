/* value-render.c: A-XDR to text; see value.h. */
#include "meter/dlms/value.h"

#include <string.h>

char *
mw_value_hex (const guint8 *octets, gsize len)
{
  GString *out = g_string_sized_new (len * 2);
  for (gsize i = 0; i < len; i++)
    g_string_append_printf (out, "%02X", octets[i]);
  return g_string_free (out, FALSE);
}

static void
put_hex (GString *out, const char *prefix, const guint8 *octets, gsize len)
{
  g_autofree char *hex = mw_value_hex (octets, len);
  g_string_append_printf (out, "%s:%s", prefix, hex);
}

/* With what mw_civil_format leaves out: hundredths that are not given, the clock status. */
static char *
time_text (const mw_civil *t)
{
  char text[MW_CIVIL_TEXT];
  GString *out;
  if (mw_civil_format (t, text, sizeof text) == 0)
    return NULL;
  out = g_string_new (text);
  if (t->hundredths == MW_FIELD_ANY)
    g_string_insert (out, (gssize) strlen ("2026-01-31T12:00:00"), ".**");
  if (t->status != MW_CLOCK_STATUS_ANY)
    g_string_append_printf (out, "/%02X", t->status);
  return g_string_free (out, FALSE);
}

/* TRUE when OCTETS are a time that reads back as the same octets. */
static gboolean
put_time (GString *out, const char *prefix, const guint8 *octets, gsize len)
{
  mw_civil t;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;
  g_autoptr (GBytes) again = NULL;
  if (len != 12 || mw_axdr_civil (octets, len, &t) != MW_OK)
    return FALSE;
  text = time_text (&t);
  whole = g_strdup_printf ("datetime:%s", text ? text : "");
  again = mw_value_parse (whole, NULL);
  if (again == NULL || g_bytes_get_size (again) != 14
      || memcmp ((const guint8 *) g_bytes_get_data (again, NULL) + 2, octets, 12) != 0)
    return FALSE;
  g_string_append_printf (out, "%s:%s", prefix, text);
  return TRUE;
}

static gboolean
is_plain_text (const guint8 *octets, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if (octets[i] < 0x20)
      return FALSE;
  return g_utf8_validate ((const char *) octets, (gssize) len, NULL);
}

static void
put_text (GString *out, const char *prefix, const guint8 *octets, gsize len)
{
  if (!is_plain_text (octets, len)) {
    put_hex (out, "octet", octets, len);
    return;
  }
  g_string_append_printf (out, "%s:\"", prefix);
  for (gsize i = 0; i < len; i++) {
    if (octets[i] == '"' || octets[i] == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, (char) octets[i]);
  }
  g_string_append_c (out, '"');
}

static void
put_bits (GString *out, const guint8 *octets, gsize bits)
{
  g_string_append (out, "bits:");
  for (gsize i = 0; i < bits; i++)
    g_string_append_c (out, octets[i / 8] & 0x80 >> i % 8 ? '1' : '0');
}

static const char *
number_name (unsigned type)
{
  switch (type) {
  case MW_AXDR_INTEGER:
    return "i8";
  case MW_AXDR_LONG:
    return "i16";
  case MW_AXDR_DOUBLE_LONG:
    return "i32";
  case MW_AXDR_LONG64:
    return "i64";
  case MW_AXDR_UNSIGNED:
    return "u8";
  case MW_AXDR_LONG_UNSIGNED:
    return "u16";
  case MW_AXDR_DOUBLE_LONG_UNSIGNED:
    return "u32";
  case MW_AXDR_LONG64_UNSIGNED:
    return "u64";
  case MW_AXDR_ENUM:
    return "enum";
  case MW_AXDR_BCD:
    return "bcd";
  default:
    return mw_axdr_type_name (type);
  }
}

static void
put_number (GString *out, const mw_axdr_value *v)
{
  gint64 i;
  if (v->type == MW_AXDR_LONG64_UNSIGNED)
    g_string_append_printf (out, "u64:%" G_GUINT64_FORMAT, (guint64) v->u);
  else if (mw_axdr_to_int (v, &i) == MW_OK)
    g_string_append_printf (out, "%s:%" G_GINT64_FORMAT, number_name (v->type), i);
}

static void
put_float (GString *out, const mw_axdr_value *v)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean wide = v->type == MW_AXDR_FLOAT64;
  g_ascii_formatd (text, sizeof text, wide ? "%.17g" : "%.9g", v->f);
  g_string_append_printf (out, "%s:%s", wide ? "float64" : "float32", text);
}

static void
put_value (GString *out, const mw_axdr_value *v)
{
  switch (v->type) {
  case MW_AXDR_NULL_DATA:
  case MW_AXDR_DONT_CARE:
    g_string_append (out, "null");
    break;
  case MW_AXDR_BOOLEAN:
    g_string_append (out, v->u ? "bool:true" : "bool:false");
    break;
  case MW_AXDR_BIT_STRING:
    put_bits (out, v->ptr, v->len);
    break;
  case MW_AXDR_OCTET_STRING:
    if (!put_time (out, "datetime", v->ptr, v->len))
      put_hex (out, "octet", v->ptr, v->len);
    break;
  case MW_AXDR_DATE_TIME:
    if (!put_time (out, "date-time", v->ptr, v->len))
      put_hex (out, "octet", v->ptr, v->len);
    break;
  case MW_AXDR_DATE:
  case MW_AXDR_TIME:
    put_hex (out, "octet", v->ptr, v->len);
    break;
  case MW_AXDR_VISIBLE_STRING:
    put_text (out, "visible", v->ptr, v->len);
    break;
  case MW_AXDR_UTF8_STRING:
    put_text (out, "utf8", v->ptr, v->len);
    break;
  case MW_AXDR_FLOATING_POINT:
  case MW_AXDR_FLOAT32:
  case MW_AXDR_FLOAT64:
    put_float (out, v);
    break;
  default:
    put_number (out, v);
  }
}

/* ---- arrays and structures ---- */

typedef struct {
  GString *out;
  guint depth;
  gboolean first[MW_AXDR_DEPTH + 1]; /* no element written yet, per level */
  char close[MW_AXDR_DEPTH + 1];
} Renderer;

static void
new_line (Renderer *r)
{
  g_string_append_printf (r->out, "\n%*s", (int) r->depth * 2, "");
}

static void
begin_element (Renderer *r)
{
  if (r->depth == 0)
    return;
  if (!r->first[r->depth])
    g_string_append_c (r->out, ',');
  r->first[r->depth] = FALSE;
  new_line (r);
}

static void
open_level (Renderer *r, unsigned type)
{
  gboolean structure = type == MW_AXDR_STRUCTURE;
  begin_element (r);
  g_string_append (r->out, structure ? "structure{" : "array[");
  r->depth++;
  r->first[r->depth] = TRUE;
  r->close[r->depth] = structure ? '}' : ']';
}

static void
close_level (Renderer *r)
{
  char bracket = r->close[r->depth];
  gboolean empty = r->first[r->depth];
  r->depth--;
  if (!empty)
    new_line (r);
  g_string_append_c (r->out, bracket);
}

char *
mw_value_render (const guint8 *octets, gsize len)
{
  Renderer r = { .out = g_string_new (NULL) };
  mw_axdr_walk walk;
  enum mw_axdr_event event;

  mw_axdr_walk_init (&walk, octets, len);
  while ((event = mw_axdr_walk_next (&walk)) != MW_AXDR_END) {
    if (event == MW_AXDR_OPEN && r.depth < MW_AXDR_DEPTH) {
      open_level (&r, walk.value.type);
    } else if (event == MW_AXDR_CLOSE && r.depth > 0) {
      close_level (&r);
    } else if (event == MW_AXDR_VALUE) {
      begin_element (&r);
      put_value (r.out, &walk.value);
    } else { /* cut off, or no A-XDR at all */
      g_string_truncate (r.out, 0);
      put_hex (r.out, "raw", octets, len);
      break;
    }
  }
  return g_string_free (r.out, FALSE);
}
