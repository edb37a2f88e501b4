#include "lcd-text.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_ENERGY_FORMAT 0x60 /* "6 digits without decimals" (manual 3.8) */
#define DEFAULT_DEMAND_FORMAT 0x42
#define DAY_FIRST 8u /* bit of the display configuration */
#define KILO 3
#define MOST_EXPONENT 18

#define NOT_READ "--------"
#define ERROR_IDENT "Error 11" /* no object that can be shown (manual Table 26) */
#define ERROR_ABSENT "Error 23"

/* ---- the code ---- */

/* A number of the code, or its letter (manual Table 25). */
static void
append_field (GString *code, guint field)
{
  static const struct {
    guint field;
    char letter;
  } letters[] = { { 96, 'C' }, { 97, 'F' }, { 98, 'L' }, { 99, 'P' }, { 128, 'U' } };
  if (code->len)
    g_string_append_c (code, '.');
  for (gsize i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].field == field) {
      g_string_append_c (code, letters[i].letter);
      return;
    }
  g_string_append_printf (code, "%u", field);
}

static gboolean
split_obis (const char *obis, guint o[6])
{
  const char *p = obis;
  for (int i = 0; i < 6; i++) {
    char *end;
    o[i] = (guint) strtoul (p, &end, 10);
    if (end == p || o[i] > 255)
      return FALSE;
    p = *end ? end + 1 : end;
  }
  return TRUE;
}

/* C.D.E; identifications and signatures whole, other channels with their B (manual 4.4.1.9). */
static void
put_code (const guint o[6], MwLcd *out)
{
  gboolean whole = o[2] == 0 && o[3] == 2;
  GString *code = g_string_new (NULL);
  for (int i = whole ? 0 : o[1] ? 1 : 2; i < 5; i++)
    append_field (code, o[i]);
  g_strlcpy (out->code, code->str, sizeof out->code);
  g_string_free (code, TRUE);
}

/* ---- numbers ---- */

static guint64
scale (guint64 v, int exponent)
{
  for (; exponent < 0 && v; exponent++)
    v /= 10;
  for (; exponent > 0 && v <= G_MAXUINT64 / 10; exponent--)
    v *= 10;
  return v;
}

void
mw_lcd_format_number (gint64 mantissa, int exponent, guint format, char *text, gsize size)
{
  guint width = CLAMP (format >> 4 & 15, 1, MW_LCD_VALUE_DIGITS);
  guint decimals = MIN (format & 15, width - 1);
  gboolean minus = mantissa < 0;
  guint64 v = scale (minus ? 0 - (guint64) mantissa : (guint64) mantissa,
                     CLAMP (exponent + (int) decimals, -MOST_EXPONENT, MOST_EXPONENT));
  char digits[MW_LCD_VALUE_DIGITS + 1] = "";
  for (guint i = width; i-- > 0; v /= 10)
    digits[i] = (char) ('0' + v % 10);
  const char *from = digits;
  if (minus && width == MW_LCD_VALUE_DIGITS) /* the sign takes the first digit's place */
    from++, width--;
  g_snprintf (text, size, "%s%.*s%s%s", minus ? "-" : "", (int) (width - decimals), from,
              decimals ? "." : "", from + width - decimals);
}

static guint
format_of (MwLcdLookup lookup, gpointer data, const char *obis, guint otherwise)
{
  const MwReading *r = lookup (data, obis);
  return r && r->kind == MW_READING_DECIMAL ? (guint) r->value.mantissa & 0xff : otherwise;
}

/* The unit in k… and which of the two formats it has; NULL: shown as it is. */
static const char *
kilo_unit (guint8 unit, gboolean *energy)
{
  static const struct {
    guint8 unit;
    const char *text;
    gboolean energy;
  } rows[] = {
    { MW_UNIT_WH, "kWh", TRUE }, { MW_UNIT_VARH, "kvarh", TRUE }, { MW_UNIT_VAH, "kVAh", TRUE },
    { MW_UNIT_W, "kW", FALSE },  { MW_UNIT_VAR, "kvar", FALSE },  { MW_UNIT_VA, "kVA", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].unit == unit) {
      *energy = rows[i].energy;
      return rows[i].text;
    }
  return NULL;
}

/* As many digits as it needs, with its own decimals. */
static void
put_plain (mw_decimal d, MwLcd *out)
{
  guint decimals = d.exponent < 0 ? (guint) -d.exponent : 0, width = 1;
  const char *unit = d.unit == MW_UNIT_DEGREE ? "" : mw_unit_text (d.unit);
  for (gint64 rest = d.mantissa / 10; rest && width < MW_LCD_VALUE_DIGITS; rest /= 10)
    width++;
  width = CLAMP (decimals + 1, width, MW_LCD_VALUE_DIGITS);
  mw_lcd_format_number (d.mantissa, d.exponent, width << 4 | MIN (decimals, width - 1),
                        out->value, sizeof out->value);
  if (strlen (unit) < sizeof out->unit)
    g_strlcpy (out->unit, unit, sizeof out->unit);
}

/* Error and alarm registers are eight hexadecimal digits. */
static gboolean
is_hexadecimal (const guint o[6])
{
  return o[0] == 0 && (o[2] == 97) && (o[3] == 97 || o[3] == 98);
}

static void
put_hexadecimal (guint64 v, guint digits, char *text)
{
  for (guint i = digits; i-- > 0; v >>= 4)
    text[i] = "0123456789AbCdEF"[v & 15];
  text[digits] = 0;
}

static void
put_number (const guint o[6], const MwReading *r, MwLcdLookup lookup, gpointer data, MwLcd *out)
{
  gboolean energy;
  const char *unit = kilo_unit (r->value.unit, &energy);
  if (is_hexadecimal (o)) {
    put_hexadecimal ((guint64) r->value.mantissa, MW_LCD_VALUE_DIGITS, out->value);
  } else if (!unit) {
    put_plain (r->value, out);
  } else {
    guint format = energy
                       ? format_of (lookup, data, MW_LCD_ENERGY_FORMAT, DEFAULT_ENERGY_FORMAT)
                       : format_of (lookup, data, MW_LCD_DEMAND_FORMAT, DEFAULT_DEMAND_FORMAT);
    mw_lcd_format_number (r->value.mantissa, r->value.exponent - KILO, format, out->value,
                          sizeof out->value);
    g_strlcpy (out->unit, unit, sizeof out->unit);
  }
}

/* ---- times and texts ---- */

/* The octets of an octet-string or visible-string as it was answered. */
static const guint8 *
payload (const MwReading *r, gsize *len)
{
  gsize n = 0;
  const guint8 *raw = r->raw ? g_bytes_get_data (r->raw, &n) : NULL;
  *len = 0;
  if (n < 2 || (raw[0] != 9 && raw[0] != 10 && raw[0] != 12) || raw[1] != n - 2)
    return NULL;
  *len = n - 2;
  return raw + 2;
}

static void
put_date (guint year, guint month, guint day, MwLcdLookup lookup, gpointer data, MwLcd *out)
{
  const MwReading *r = lookup (data, MW_LCD_CONFIGURATION);
  gboolean day_first =
      r && r->kind == MW_READING_DECIMAL && ((guint) r->value.mantissa & DAY_FIRST);
  g_snprintf (out->value, sizeof out->value, "%02u.%02u.%02u", day_first ? day : year % 100,
              month, day_first ? year % 100 : day);
}

static void
put_clock (guint hour, guint minute, guint second, MwLcd *out)
{
  g_snprintf (out->value, sizeof out->value, "%02u:%02u:%02u", hour, minute, second);
}

static void
put_civil (const MwLcdItem *item, const MwReading *r, MwLcdLookup lookup, gpointer data,
           MwLcd *out)
{
  const mw_civil *c = &r->civil;
  if (c->year == MW_YEAR_ANY)
    g_strlcpy (out->value, NOT_READ, sizeof out->value);
  else if (item->class_id == 8)
    put_clock (c->hour, c->minute, c->second, out);
  else
    put_date (c->year, c->month, c->day, lookup, data, out);
}

/* Text as it is; a signature in hexadecimal digits; what is no text blank (manual 4.4.1.12 to
 * 4.4.1.14). */
static void
put_octets (const guint8 *octets, gsize len, MwLcd *out)
{
  gboolean text = TRUE;
  gsize n = 0, cap = sizeof out->value - 1;
  for (gsize i = 0; i < len; i++)
    text = text && octets[i] >= ' ' && octets[i] < 127;
  for (gsize i = 0; i < len && n + 2 <= cap; i++) {
    if (text || len <= MW_LCD_VALUE_DIGITS) {
      out->value[n++] = octets[i] >= ' ' && octets[i] < 127 ? (char) octets[i] : ' ';
    } else {
      put_hexadecimal (octets[i], 2, out->value + n);
      n += 2;
    }
  }
  out->value[n] = 0;
}

static gboolean
is_code (const guint o[6], guint a, guint c, guint d, guint e)
{
  return o[0] == a && o[2] == c && o[3] == d && o[4] == e;
}

static void
put_text (const guint o[6], const MwReading *r, MwLcdLookup lookup, gpointer data, MwLcd *out)
{
  gsize len;
  const guint8 *octets = payload (r, &len);
  if (!octets)
    g_strlcpy (out->value, r->text ? r->text : "", sizeof out->value);
  else if (is_code (o, 1, 0, 9, 1) && len == 4) /* COSEM time */
    put_clock (octets[0], octets[1], octets[2], out);
  else if (is_code (o, 1, 0, 9, 2) && len == 5) /* COSEM date */
    put_date ((guint) octets[0] << 8 | octets[1], octets[2], octets[3], lookup, data, out);
  else
    put_octets (octets, len, out);
}

void
mw_lcd_put_item (const MwLcdItem *item, MwLcdLookup lookup, gpointer data, MwLcd *out)
{
  guint o[6];
  const MwReading *r = lookup (data, item->obis);
  if (!split_obis (item->obis, o))
    return;
  put_code (o, out);
  out->known = r != NULL;
  if (!r) {
    g_strlcpy (out->value, NOT_READ, sizeof out->value);
    return;
  }
  switch (r->kind) {
  case MW_READING_DECIMAL:
    put_number (o, r, lookup, data, out);
    break;
  case MW_READING_TIME:
    put_civil (item, r, lookup, data, out);
    break;
  case MW_READING_REFUSED:
    g_strlcpy (out->value, ERROR_ABSENT, sizeof out->value);
    break;
  case MW_READING_STRUCT:
    g_strlcpy (out->value, ERROR_IDENT, sizeof out->value);
    break;
  default:
    put_text (o, r, lookup, data, out);
  }
}

/* ---- digits ---- */

/* What a digit shows of C (manual 4.4.1.6); what it cannot show stays dark. */
static guint8
segments_of (char c)
{
  /* clang-format off */
  static const struct {
    const char *letters;
    guint8 segments;
  } rows[] = {
    { "0", 0x3f },  { "1", 0x06 },  { "2", 0x5b },  { "3", 0x4f },  { "4", 0x66 },
    { "5", 0x6d },  { "6", 0x7d },  { "7", 0x07 },  { "8", 0x7f },  { "9", 0x6f },
    { "Aa", 0x77 }, { "Bb", 0x7c }, { "Cc", 0x39 }, { "Dd", 0x5e }, { "Ee", 0x79 },
    { "Ff", 0x71 }, { "Gg", 0x3d }, { "Hh", 0x76 }, { "Ii", 0x04 }, { "Jj", 0x1e },
    { "Ll", 0x38 }, { "Nn", 0x54 }, { "Oo", 0x5c }, { "Pp", 0x73 }, { "Rr", 0x50 },
    { "Ss", 0x6d }, { "Tt", 0x78 }, { "Uu", 0x3e }, { "Yy", 0x6e }, { "Zz", 0x5b },
    { "-", 0x40 },  { "_", 0x08 },
  };
  /* clang-format on */
  for (gsize i = 0; c && i < G_N_ELEMENTS (rows); i++)
    if (strchr (rows[i].letters, c))
      return rows[i].segments;
  return 0;
}

void
mw_lcd_digits (const char *text, MwLcdDigit *digits, guint n)
{
  guint used = 0;
  memset (digits, 0, n * sizeof *digits);
  for (const char *p = text; *p; p++) {
    if (*p == '.' && used > 0)
      digits[used - 1].dot = TRUE;
    else if (*p == ':' && used > 0)
      digits[used - 1].colon = TRUE;
    else if (used == n)
      return;
    else
      digits[used++].segments = segments_of (*p);
  }
}

/* Digits that TEXT takes. */
static guint
width_of (const char *text)
{
  guint n = 0;
  for (; *text; text++)
    n += *text != '.' && *text != ':';
  return n;
}

guint
mw_lcd_seconds (const MwLcd *lcd)
{
  guint n = width_of (lcd->value);
  return MW_LCD_SCROLL_S + (n > MW_LCD_VALUE_DIGITS ? n - MW_LCD_VALUE_DIGITS : 0);
}

/* Numbers and times stand at the right. */
static gboolean
is_number (const char *text)
{
  return *text && strspn (text, "0123456789.:-") == strlen (text);
}

void
mw_lcd_value_at (const MwLcd *lcd, guint seconds, MwLcdDigit digits[MW_LCD_VALUE_DIGITS])
{
  guint n = width_of (lcd->value);
  guint past = n > MW_LCD_VALUE_DIGITS ? MIN (seconds, n - MW_LCD_VALUE_DIGITS) : 0;
  const char *from = lcd->value;
  while (past && *from)
    past -= *from != '.' && *from != ':', from++;
  while (*from == '.' || *from == ':')
    from++;
  guint blank = is_number (from) ? MW_LCD_VALUE_DIGITS - MIN (n, MW_LCD_VALUE_DIGITS) : 0;
  memset (digits, 0, blank * sizeof *digits);
  mw_lcd_digits (from, digits + blank, MW_LCD_VALUE_DIGITS - blank);
}
