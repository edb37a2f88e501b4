/* decode.c: see decode.h.  Interface classes by the Blue Book: 1 Data, 3 Register, 4 Extended
 * register, 5 Demand register, 8 Clock. */
#include "meter/dlms/decode.h"

#include "meter/dlms/refusal.h"
#include "meter/dlms/value.h"

gint8
mw_scaler_attribute (guint16 class_id, gint8 attribute)
{
  if ((class_id == 3 || class_id == 4) && attribute == 2)
    return 3;
  if (class_id == 5 && (attribute == 2 || attribute == 3))
    return 4;
  return 0;
}

gint8
mw_capture_attribute (guint16 class_id, gint8 attribute)
{
  if (class_id == 4 && attribute == 2)
    return 5;
  if (class_id == 5 && attribute == 3)
    return 6;
  return 0;
}

static mw_cur
cursor_of (GBytes *raw)
{
  gsize len;
  const guint8 *octets = g_bytes_get_data (raw, &len);
  mw_cur c;
  mw_cur_init (&c, octets, len);
  return c;
}

/* A simple value that is all of RAW. */
static gboolean
get_value (GBytes *raw, mw_axdr_value *out)
{
  mw_cur c = cursor_of (raw);
  mw_axdr_get (&c, out);
  return mw_cur_end (&c) == MW_OK;
}

gboolean
mw_decode_scaler (GBytes *raw, MwScaler *out)
{
  mw_cur c = cursor_of (raw);
  gint64 scaler, unit;
  mw_axdr_get_structure (&c, 2);
  scaler = mw_axdr_get_int (&c);
  unit = mw_axdr_get_int (&c);
  if (mw_cur_end (&c) != MW_OK || scaler < -18 || scaler > 18 || unit < 0 || unit > 255)
    return FALSE;
  *out = (MwScaler){ (gint8) scaler, (guint8) unit };
  return TRUE;
}

gboolean
mw_decode_civil (GBytes *raw, mw_civil *out)
{
  mw_axdr_value v;
  return get_value (raw, &v) && mw_axdr_to_civil (&v, out) == MW_OK;
}

gboolean
mw_decode_int (GBytes *raw, gint64 *out)
{
  mw_axdr_value v;
  return get_value (raw, &v) && mw_axdr_to_int (&v, out) == MW_OK;
}

static gboolean
is_string (const mw_axdr_value *v)
{
  return v->type == MW_AXDR_OCTET_STRING || v->type == MW_AXDR_VISIBLE_STRING
         || v->type == MW_AXDR_UTF8_STRING;
}

/* Octets as text, when a person would read them as text. */
static char *
text_of (const mw_axdr_value *v)
{
  gsize len = v->len;
  while (len && (v->ptr[len - 1] == 0 || v->ptr[len - 1] == ' '))
    len--;
  for (gsize i = 0; i < len; i++)
    if (v->ptr[i] < 0x20 || v->ptr[i] == 0x7f)
      return NULL;
  if (!g_utf8_validate ((const char *) v->ptr, (gssize) len, NULL))
    return NULL;
  return g_strndup ((const char *) v->ptr, len);
}

char *
mw_decode_text (GBytes *raw)
{
  mw_axdr_value v;
  return get_value (raw, &v) && is_string (&v) ? text_of (&v) : NULL;
}

/* A 12-octet string of a year that a meter's clock can have is a time. */
static gboolean
looks_like_time (const mw_axdr_value *v, mw_civil *out)
{
  if (v->type == MW_AXDR_DATE_TIME)
    return mw_axdr_to_civil (v, out) == MW_OK;
  if (v->type != MW_AXDR_OCTET_STRING || v->len != 12 || mw_axdr_to_civil (v, out) != MW_OK)
    return FALSE;
  return out->year == MW_YEAR_ANY || (out->year >= 1970 && out->year < 2200);
}

static void
decode_string (MwReading *r, const mw_axdr_value *v)
{
  char *text = text_of (v);
  if (looks_like_time (v, &r->civil)) {
    char civil[MW_CIVIL_TEXT];
    g_free (text);
    mw_civil_format (&r->civil, civil, sizeof civil);
    r->kind = MW_READING_TIME;
    r->text = g_strdup (civil);
  } else if (text) {
    r->kind = MW_READING_TEXT;
    r->text = text;
  } else {
    r->kind = MW_READING_BYTES;
    r->text = mw_value_hex (v->ptr, v->len);
  }
}

static void
decode_struct (MwReading *r, GBytes *raw)
{
  gsize len;
  const guint8 *octets = g_bytes_get_data (raw, &len);
  r->kind = MW_READING_STRUCT;
  r->text = mw_value_render (octets, len);
}

void
mw_decode_reading (MwReading *r, GBytes *raw, const MwScaler *scaler)
{
  const MwScaler none = MW_SCALER_NONE;
  mw_axdr_value v;
  r->raw = g_bytes_ref (raw);
  r->result = 0;
  if (scaler == NULL)
    scaler = &none;
  if (!get_value (raw, &v)) {
    decode_struct (r, raw);
  } else if (v.type == MW_AXDR_NULL_DATA) {
    r->kind = MW_READING_TEXT;
    r->text = g_strdup ("");
  } else if (is_string (&v) || v.type == MW_AXDR_DATE_TIME) {
    decode_string (r, &v);
  } else if (mw_axdr_to_decimal (&v, scaler->scaler, scaler->unit, &r->value) == MW_OK) {
    r->kind = MW_READING_DECIMAL;
  } else {
    decode_struct (r, raw);
  }
}

void
mw_decode_refused (MwReading *r, int result)
{
  r->kind = MW_READING_REFUSED;
  r->result = result;
  g_free (r->text);
  r->text = mw_words_refusal (result);
}
