/* display-text.c: numbers, dates and OBIS codes as eight digits show them (manual 4.4.1). */
#include "core/meter.h"

#include <string.h>

#define WIDTH 8u

static char *
put_digits (char *p, uint64_t v, unsigned n)
{
  for (unsigned i = n; i-- > 0; v /= 10)
    p[i] = (char) ('0' + v % 10);
  return p + n;
}

/* A number of an OBIS field: 96 C, 97 F, 98 L, 99 P, 128 U (manual Table 25). */
static char *
put_field (char *p, unsigned v)
{
  static const struct {
    uint8_t value;
    char letter;
  } letters[] = { { 96, 'C' }, { 97, 'F' }, { 98, 'L' }, { 99, 'P' }, { 128, 'U' } };
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
    if (letters[i].value == v) {
      *p = letters[i].letter;
      return p + 1;
    }
  return put_digits (p, v, v >= 100 ? 3 : v >= 10 ? 2 : 1);
}

void
mw_display_obis (const uint8_t o[6], char out[16])
{
  bool full = o[2] == 0 && o[3] == 2; /* identifications and signatures: A.B.C.D.E */
  char *p = out;
  for (unsigned i = full ? 0 : o[1] ? 1 : 2; i < 5; i++) {
    p = put_field (p, o[i]);
    *p++ = '.';
  }
  p[-1] = 0;
}

void
mw_display_number (int64_t mantissa, int scaler, unsigned format, char out[24])
{
  unsigned width = format >> 4, decimals = format & 15;
  bool minus = mantissa < 0;
  uint64_t v = minus ? 0 - (uint64_t) mantissa : (uint64_t) mantissa;
  char digits[WIDTH];
  char *p = out;

  width = width > WIDTH ? WIDTH : width ? width : 1;
  decimals = decimals >= width ? width - 1 : decimals;
  for (int e = scaler + (int) decimals; e < 0; e++)
    v /= 10;
  for (int e = scaler + (int) decimals; e > 0; e--)
    v *= 10;
  put_digits (digits, v, width); /* what does not fit is cut off at the front */
  if (minus) {
    *p++ = '-';
    if (width == WIDTH) { /* the minus takes the place of the first digit */
      width--;
      memmove (digits, digits + 1, width);
    }
  }
  memcpy (p, digits, width - decimals);
  p += width - decimals;
  if (decimals) {
    *p++ = '.';
    memcpy (p, digits + width - decimals, decimals);
    p += decimals;
  }
  *p = 0;
}

void
mw_display_three (unsigned a, unsigned b, unsigned c, char separator, char *out)
{
  char *p = put_digits (out, a, 2);
  *p++ = separator;
  p = put_digits (p, b, 2);
  *p++ = separator;
  p = put_digits (p, c, 2);
  *p = 0;
}

/* A number with its own decimals and no more digits than it needs. */
static void
plain_number (int64_t v, int scaler, char *out)
{
  unsigned decimals = scaler < 0 ? (unsigned) -scaler : 0, digits = 1;
  for (int64_t rest = (v < 0 ? -v : v) / 10; rest && digits < WIDTH; rest /= 10)
    digits++;
  if (digits <= decimals)
    digits = decimals + 1;
  mw_display_number (v, scaler, digits << 4 | decimals, out);
}

static const char *
unit_text (unsigned unit, unsigned format)
{
  static const struct {
    uint8_t unit;
    const char *kilo;
  } kilos[] = { { MW_UNIT_WH, "kWh" }, { MW_UNIT_VARH, "kvarh" }, { MW_UNIT_VAH, "kVAh" },
                { MW_UNIT_W, "kW" },   { MW_UNIT_VAR, "kvar" },   { MW_UNIT_VA, "kVA" } };
  for (size_t i = 0; format != MW_FORMAT_PLAIN && i < sizeof kilos / sizeof *kilos; i++)
    if (kilos[i].unit == unit)
      return kilos[i].kilo;
  return unit == MW_UNIT_DEGREE ? "" : mw_unit_text (unit);
}

/* Error and alarm registers are shown as eight hexadecimal digits, by whatever name they come.
 */
static bool
is_hexadecimal (uint16_t id)
{
  return id >= MW_V_ERROR1 && id <= MW_V_ALARM_OFF2;
}

static bool
is_hexadecimal_code (const uint8_t obis[6])
{
  return obis[0] == 0 && obis[2] == 97 && (obis[3] == 97 || obis[3] == 98);
}

static void
put_hexadecimal (uint32_t v, char *out)
{
  for (unsigned i = WIDTH; i-- > 0; v >>= 4)
    out[i] = "0123456789AbCdEF"[v & 15];
  out[WIDTH] = 0;
}

static void
put_bytes (const mw_value *v, char *out)
{
  for (unsigned i = 0; i < v->len && i < WIDTH;
       i++) /* blank what is no text (manual 4.4.1.13) */
    *out++ = v->u.bytes[i] >= ' ' && v->u.bytes[i] < 127 ? (char) v->u.bytes[i] : ' ';
  *out = 0;
}

static void
put_number (const mw_meter *m, const mw_value_info *info, int64_t v, mw_lcd *out)
{
  const char *unit = unit_text (info->unit, info->format);
  if (info->format == MW_FORMAT_PLAIN)
    plain_number (v, info->scaler, out->value);
  else
    mw_display_number (v, info->scaler - 3,
                       m->setting[info->format == MW_FORMAT_ENERGY ? MW_SET_ENERGY_FORMAT
                                                                   : MW_SET_DEMAND_FORMAT],
                       out->value);
  if (strlen (unit) < sizeof out->unit)
    memcpy (out->unit, unit, strlen (unit) + 1);
}

static void
put_time (const mw_meter *m, uint16_t id, const mw_value *v, mw_lcd *out)
{
  mw_civil c;
  if (id == MW_V_LOCAL_TIME) {
    unsigned s = (unsigned) v->u.i;
    mw_display_three (s / 3600, s / 60 % 60, s % 60, ':', out->value);
    return;
  }
  c = mw_clock_civil (m, id == MW_V_LOCAL_DATE ? mw_clock_now (m) : v->u.time);
  if (c.year == MW_YEAR_ANY)
    memcpy (out->value, "--------", 9);
  else if (id == MW_V_CLOCK)
    mw_display_three (c.hour, c.minute, c.second, ':', out->value);
  else if (m->setting[MW_SET_DISPLAY_CONFIGURATION] & MW_DISPLAY_DAY_FIRST)
    mw_display_three (c.day, c.month, c.year % 100u, '.', out->value);
  else
    mw_display_three (c.year % 100u, c.month, c.day, '.', out->value);
}

void
mw_display_value (const mw_meter *m, uint16_t id, const mw_value *v, mw_lcd *out)
{
  mw_value_info info;
  if (mw_value_info_of (m, id, &info)) {
    memcpy (out->value, "Error 23", 9);
    return;
  }
  if (v->kind == MW_VALUE_TIME || v->kind == MW_VALUE_CLOCK || id == MW_V_LOCAL_TIME
      || id == MW_V_LOCAL_DATE)
    put_time (m, id, v, out);
  else if (v->kind == MW_VALUE_BYTES)
    put_bytes (v, out->value);
  else if (is_hexadecimal (id))
    put_hexadecimal ((uint32_t) v->u.i, out->value);
  else
    put_number (m, &info, v->u.i, out);
}

size_t
mw_display_string (const mw_meter *m, const mw_list_item *item, char text[MW_DISPLAY_TEXT])
{
  size_t n = 0;
  if (item->value >= MW_V_USER && m->user.text)
    n = m->user.text (m->user.ctx, item->value, text, MW_DISPLAY_TEXT);
  return n < MW_DISPLAY_TEXT ? n : MW_DISPLAY_TEXT;
}

void
mw_display_item (const mw_meter *m, const mw_list_item *item, uint32_t since, mw_lcd *out)
{
  char text[MW_DISPLAY_TEXT];
  size_t len = mw_display_string (m, item, text);
  mw_value v;
  mw_display_obis (item->obis, out->obis);
  if (len) { /* a string moves on by one each second (manual 4.4.1.12) */
    size_t most = len > WIDTH ? len - WIDTH : 0, at = since < most ? since : most;
    len = len - at < WIDTH ? len - at : WIDTH;
    memcpy (out->value, text + at, len);
    out->value[len] = 0;
  } else if (item->value == MW_V_NONE) {
    memcpy (out->value, "Error 11", 9);
  } else if (mw_meter_value (m, item->value, &v)) {
    memcpy (out->value, "Error 23", 9);
  } else if (is_hexadecimal_code (item->obis) && v.kind != MW_VALUE_BYTES) {
    put_hexadecimal ((uint32_t) v.u.i, out->value);
  } else {
    mw_display_value (m, item->value, &v, out);
  }
}
