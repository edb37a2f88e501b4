/* value.c: a KMP register's value as a reading; see kamstrup.h. */
#include "meter/kamstrup/kamstrup.h"

#include <string.h>

/* What a register that is not there is, in the numbers of COSEM: object-undefined. */
#define UNDEFINED 4
/* A value without a unit is a count when it is no longer than this, else a block. */
#define PLAIN_OCTETS 4

/* ---- times ---- */

/* Local - UTC of this machine in winter, minutes. */
static gint16
standard_deviation (gint year)
{
  g_autoptr (GDateTime) winter = g_date_time_new_local (year, 1, 15, 12, 0, 0);
  g_autoptr (GDateTime) summer = g_date_time_new_local (year, 7, 15, 12, 0, 0);
  gint64 a = g_date_time_get_utc_offset (winter), b = g_date_time_get_utc_offset (summer);
  return (gint16) (MIN (a, b) / G_TIME_SPAN_MINUTE);
}

gboolean
mw_kam_to_utc (const mw_civil *t, gint64 *utc, gint16 *deviation)
{
  int64_t local;
  gboolean dst = t->status != MW_CLOCK_STATUS_ANY && t->status & MW_CLOCK_DST;
  if (mw_civil_to_local_seconds (t, &local) != MW_OK)
    return FALSE;
  *deviation = (gint16) (standard_deviation (t->year) + (dst ? 60 : 0));
  *utc = local - 60 * (gint64) *deviation;
  return TRUE;
}

/* ---- readings ---- */

static GBytes *
raw_of (const mw_kmp_value *v)
{
  guint8 room[MW_KMP_VALUE_MAX + 8];
  mw_wr w;
  mw_wr_init (&w, room, sizeof room);
  mw_kmp_value_encode (&w, v);
  return g_bytes_new (room, mw_wr_len (&w));
}

static char *
text_of (const mw_kmp_value *v)
{
  gsize len = v->octets;
  while (len && (v->data[len - 1] == ' ' || v->data[len - 1] == 0))
    len--;
  return g_utf8_make_valid ((const char *) v->data, (gssize) len);
}

static void
fill_octets (MwReading *reading, const mw_kmp_value *v)
{
  GString *hex = g_string_new (NULL);
  for (guint i = 0; i < v->octets; i++)
    g_string_append_printf (hex, "%02X", v->data[i]);
  reading->kind = MW_READING_BYTES;
  reading->text = g_string_free (hex, FALSE);
}

static gboolean
fill_bits (MwReading *reading, const mw_kmp_value *v)
{
  uint64_t bits;
  if (mw_kmp_value_bits (v, &bits) != MW_OK || bits > G_MAXINT64)
    return FALSE;
  reading->kind = MW_READING_DECIMAL;
  reading->value = mw_decimal_of ((int64_t) bits, 0, MW_UNIT_NONE);
  return TRUE;
}

/* A date or a time of day alone is text. */
static void
fill_time (MwReading *reading)
{
  const mw_civil *t = &reading->civil;
  reading->kind = MW_READING_TEXT;
  if (mw_civil_is_complete (t))
    reading->kind = MW_READING_TIME;
  else if (t->hour != MW_FIELD_ANY)
    reading->text = g_strdup_printf ("%02u:%02u:%02u", t->hour, t->minute, t->second);
  else if (t->year != MW_YEAR_ANY)
    reading->text = g_strdup_printf ("%04u-%02u-%02u", t->year, t->month, t->day);
  else
    reading->text = g_strdup_printf ("%02u-%02u", t->month, t->day);
}

/* A clock of nothing but zeros: it has not happened yet. */
static gboolean
fill_never (MwReading *reading, const mw_kmp_value *v)
{
  for (guint i = 0; i < v->octets; i++)
    if (v->data[i])
      return FALSE;
  reading->kind = MW_READING_TEXT;
  reading->text = g_strdup ("");
  return TRUE;
}

/* A number too long to be one: its digits as characters. */
static gboolean
fill_digits (MwReading *reading, const mw_kmp_value *v)
{
  for (guint i = 0; i < v->octets; i++)
    if (!g_ascii_isprint (v->data[i]))
      return FALSE;
  reading->kind = MW_READING_TEXT;
  reading->text = text_of (v);
  return v->octets > 8;
}

static gboolean
fill (MwReading *reading, const mw_kmp_value *v)
{
  switch (mw_kmp_unit_kind (v->unit)) {
  case MW_KMP_KIND_NUMBER:
    reading->kind = MW_READING_DECIMAL;
    return mw_kmp_value_number (v, &reading->value) == MW_OK || fill_digits (reading, v);
  case MW_KMP_KIND_BITS:
    return fill_bits (reading, v);
  case MW_KMP_KIND_TEXT:
    reading->kind = MW_READING_TEXT;
    reading->text = text_of (v);
    return TRUE;
  case MW_KMP_KIND_OCTETS:
    return v->unit == 0 && v->octets <= PLAIN_OCTETS && fill_bits (reading, v);
  default:
    if (mw_kmp_value_civil (v, &reading->civil) != MW_OK)
      return fill_never (reading, v);
    fill_time (reading);
    return TRUE;
  }
}

MwReading *
mw_kam_reading (MwMeter *self, const MwRegisterInfo *info, const mw_kmp_value *value)
{
  MwReading *reading = mw_reading_new ();
  reading->obis = g_strdup (info->obis);
  reading->name = g_strdup (info->name);
  reading->group = g_strdup (info->group);
  reading->attribute = info->attribute;
  if (value == NULL) {
    reading->kind = MW_READING_REFUSED;
    reading->text = g_strdup ("this meter has no such register");
    reading->result = UNDEFINED;
    return reading;
  }
  reading->raw = raw_of (value);
  if (!fill (reading, value))
    fill_octets (reading, value);
  return reading;
}
