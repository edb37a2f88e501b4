/* What the display shows, made of readings (Mx381 manual 4.4.1). */
#include <glib.h>
#include <string.h>

#include "lcd-text.h"

/* ---- readings ---- */

static GHashTable *
make_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                (GDestroyNotify) mw_reading_unref);
}

static const MwReading *
look_up (gpointer data, const char *obis)
{
  return g_hash_table_lookup (data, obis);
}

static void
add_number (GHashTable *table, const char *obis, gint64 mantissa, int exponent, unsigned unit)
{
  MwReading *r = mw_reading_new ();
  r->kind = MW_READING_DECIMAL;
  r->value = mw_decimal_of (mantissa, exponent, unit);
  g_hash_table_replace (table, (gpointer) obis, r);
}

/* An octet-string as it is answered, its text as it is rendered. */
static void
add_octets (GHashTable *table, const char *obis, const char *octets, guint8 len,
            const char *text)
{
  MwReading *r = mw_reading_new ();
  g_autoptr (GByteArray) raw = g_byte_array_new ();
  const guint8 head[] = { 9, len };
  g_byte_array_append (raw, head, sizeof head);
  g_byte_array_append (raw, (const guint8 *) octets, len);
  r->kind = MW_READING_BYTES;
  r->text = g_strdup (text);
  r->raw = g_byte_array_free_to_bytes (g_steal_pointer (&raw));
  g_hash_table_replace (table, (gpointer) obis, r);
}

static void
check_item (GHashTable *table, guint16 class_id, const char *obis, const char *text)
{
  MwLcdItem item = { (char *) obis, class_id, 2 };
  MwLcd lcd;
  mw_lcd_compose (&item, look_up, table, &lcd);
  g_autofree char *said = mw_lcd_dup_text (&lcd);
  g_assert_cmpstr (said, ==, text);
}

/* ---- numbers: Figures 39 to 43 ---- */

static void
check_format (gint64 mantissa, int exponent, guint format, const char *want)
{
  char text[32];
  mw_lcd_format_number (mantissa, exponent, format, text, sizeof text);
  g_assert_cmpstr (text, ==, want);
}

static void
test_formats (void)
{
  check_format (123456, -3, 0x60, "000123");
  check_format (1234567, -3, 0x82, "001234.56");
  check_format (-35790, -3, 0x42, "-35.79");
  check_format (-1435790, -3, 0x42, "-35.79"); /* digits that do not fit are missing */
  check_format (-123456789, 0, 0x80, "-3456789");
  check_format (5, 3, 0x60, "005000");
  check_format (G_MININT64, 0, 0x80, "-4775808");
  check_format (1, -60, 0x83, "00000.000");
}

static void
test_values (void)
{
  g_autoptr (GHashTable) table = make_table ();
  add_number (table, "1-0:1.8.0.255", 38445, 0, MW_UNIT_WH);
  add_number (table, "1-0:1.6.0.255", 5971, 0, MW_UNIT_W);
  add_number (table, "1-0:32.7.0.255", 2306, -1, MW_UNIT_V);
  add_number (table, "0-0:97.97.0.255", 0x0a000b01, 0, MW_UNIT_NONE);
  add_octets (table, "0-0:96.1.0.255", "REF00001", 8, "REF00001");
  add_octets (table, "1-0:0.2.8.255", "\x8d\x8d\xe2\xee\xdf\x77\x85\xf2\x5f", 9, "8D8DE2…");
  add_octets (table, "0-0:96.14.0.255", "\0\1", 2, "0001");
  add_octets (table, "1-0:0.9.1.255", "\x0e\x02\x0b\x00", 4, "0E020B00");
  add_octets (table, "1-0:0.9.2.255", "\x07\xea\x0b\x15\x06", 5, "07EA0B1506");
  check_item (table, 3, "1-0:1.8.0.255", "1.8.0 000038 kWh"); /* "60" unless it is known */
  check_item (table, 4, "1-0:1.6.0.255", "1.6.0 05.97 kW");
  check_item (table, 3, "1-0:32.7.0.255", "32.7.0 230.6 V");
  check_item (table, 1, "0-0:97.97.0.255", "F.F.0 0A000b01");
  check_item (table, 1, "0-0:96.1.0.255", "C.1.0 REF00001");
  check_item (table, 1, "1-0:0.2.8.255", "1.0.0.2.8 8d8dE2EEdF7785F25F");
  check_item (table, 1, "0-0:96.14.0.255", "C.14.0   "); /* no text: blank (4.4.1.13) */
  check_item (table, 1, "1-0:0.9.1.255", "0.9.1 14:02:11");
  check_item (table, 1, "1-0:0.9.2.255", "0.9.2 26.11.21");
  check_item (table, 3, "1-0:2.8.0.255", "2.8.0 --------"); /* never read */
  add_number (table, MW_LCD_ENERGY_FORMAT, 0x83, 0, MW_UNIT_NONE);
  add_number (table, MW_LCD_CONFIGURATION, 8, 0, MW_UNIT_NONE);
  check_item (table, 3, "1-0:1.8.0.255", "1.8.0 00038.445 kWh");
  check_item (table, 1, "1-0:0.9.2.255", "0.9.2 21.11.26"); /* day first */
}

/* ---- flags: Table 24 ---- */

static void
test_flags (void)
{
  g_autoptr (GHashTable) table = make_table ();
  MwLcd lcd;
  mw_lcd_compose (NULL, look_up, table, &lcd);
  g_assert_cmpuint (lcd.cursors, ==, 0);
  add_octets (table, "0-0:96.14.0.255", "\0\2", 2, "0002");
  add_number (table, "1-0:1.7.0.255", 862, 0, MW_UNIT_W);
  add_number (table, "1-0:2.7.0.255", 0, 0, MW_UNIT_W);
  add_number (table, "1-0:4.7.0.255", 3, 0, MW_UNIT_VAR);
  add_number (table, "1-0:32.7.0.255", 2306, -1, MW_UNIT_V);
  add_number (table, "1-0:72.7.0.255", 0, -1, MW_UNIT_V);
  mw_lcd_compose (NULL, look_up, table, &lcd);
  g_assert_cmpuint (lcd.cursors, ==, 1u << MW_LCD_T2);
  g_assert_cmpuint (lcd.blinking, ==, 0);
  g_assert_cmpuint (lcd.arrows, ==, MW_LCD_P_PLUS | MW_LCD_Q_MINUS);
  g_assert_cmpuint (lcd.phases, ==, 1);
  g_autofree char *words = mw_lcd_dup_flags_text (&lcd);
  g_assert_cmpstr (words, ==, "tariff 2, power flow P+ Q−, voltage on L1");

  add_octets (table, "0-0:96.14.0.255", "\0\7", 2, "0007");
  add_number (table, "0-0:97.97.0.255", 1 << 8, 0, MW_UNIT_NONE);
  add_number (table, "0-0:96.3.10.255", 0, 0, MW_UNIT_NONE);
  mw_lcd_compose (NULL, look_up, table, &lcd);
  g_assert_cmpuint (lcd.cursors, ==, 1u << MW_LCD_T3 | 1u << MW_LCD_SD | 1u << MW_LCD_FF);
  g_assert_cmpuint (lcd.blinking, ==, 1u << MW_LCD_T3); /* the seventh, in the third's place */
  add_number (table, "0-0:196.97.10.255", 1 << 8, 0, MW_UNIT_NONE); /* filtered (6.7.3) */
  mw_lcd_compose (NULL, look_up, table, &lcd);
  g_assert_false (lcd.cursors & 1u << MW_LCD_FF);
}

static void
test_sequence (void)
{
  g_autoptr (GHashTable) table = make_table ();
  MwLcd lcd;
  add_number (table, "1-0:32.7.0.255", 230, 0, MW_UNIT_V);
  add_number (table, "1-0:52.7.0.255", 230, 0, MW_UNIT_V);
  add_number (table, "1-0:72.7.0.255", 230, 0, MW_UNIT_V);
  add_number (table, "1-0:81.7.10.255", 120, 0, MW_UNIT_DEGREE);
  mw_lcd_compose (NULL, look_up, table, &lcd);
  g_assert_cmpuint (lcd.phases, ==, 7);
  g_assert_false (lcd.phases_blink);
  add_number (table, "1-0:81.7.10.255", 240, 0, MW_UNIT_DEGREE);
  mw_lcd_compose (NULL, look_up, table, &lcd);
  g_assert_true (lcd.phases_blink);
}

/* ---- lists ---- */

/* Two capture objects: 1-0:0.9.1 (data) and 1-0:1.8.0 (register). */
static const guint8 list[] = {
  1, 2, 2, 4,  18, 0, 1, 9, 6, 1, 0, 0, 9, 1,   255, 15, 2,  18, 0,
  0, 2, 4, 18, 0,  3, 9, 6, 1, 0, 1, 8, 0, 255, 15,  2,  18, 0,  0
};

static void
test_list (void)
{
  g_autoptr (GBytes) raw = g_bytes_new_static (list, sizeof list);
  g_autoptr (GPtrArray) items = mw_lcd_parse_list (raw);
  g_assert_nonnull (items);
  g_assert_cmpuint (items->len, ==, 2);
  const MwLcdItem *second = items->pdata[1];
  g_assert_cmpstr (second->obis, ==, "1-0:1.8.0.255");
  g_assert_cmpuint (second->class_id, ==, 3);
  g_assert_cmpint (second->attribute, ==, 2);
  for (gsize len = 0; len < sizeof list; len++) { /* cut off anywhere: no list */
    g_autoptr (GBytes) part = g_bytes_new_static (list, len);
    g_assert_null (mw_lcd_parse_list (part));
  }
  g_assert_null (mw_lcd_parse_list (NULL));
}

/* ---- digits ---- */

static void
test_digits (void)
{
  MwLcdDigit d[MW_LCD_VALUE_DIGITS];
  mw_lcd_digits ("12:3.4", d, MW_LCD_VALUE_DIGITS);
  g_assert_cmphex (d[0].segments, ==, 0x06);
  g_assert_true (d[1].colon);
  g_assert_true (d[2].dot);
  g_assert_cmphex (d[3].segments, ==, 0x66);
  g_assert_cmphex (d[4].segments, ==, 0);
  mw_lcd_digits ("ABCDEFGHIJLNOPRSTUYZ", d, MW_LCD_VALUE_DIGITS);
  for (guint i = 0; i < MW_LCD_VALUE_DIGITS; i++)
    g_assert_cmphex (d[i].segments, !=, 0);
}

/* Numbers stand at the right, a long text moves along by a digit each second. */
static void
test_moving (void)
{
  MwLcd lcd = { .value = "000123" };
  MwLcdDigit d[MW_LCD_VALUE_DIGITS], one[1];
  mw_lcd_value_at (&lcd, 0, d);
  g_assert_cmphex (d[1].segments, ==, 0);
  mw_lcd_digits ("3", one, 1);
  g_assert_cmphex (d[7].segments, ==, one[0].segments);
  g_assert_cmpuint (mw_lcd_seconds (&lcd), ==, 10);
  g_strlcpy (lcd.value, "ISKRCMT381100100", sizeof lcd.value);
  g_assert_cmpuint (mw_lcd_seconds (&lcd), ==, 18);
  mw_lcd_value_at (&lcd, 2, d);
  mw_lcd_digits ("C", one, 1);
  g_assert_cmphex (d[1].segments, ==, 0x50); /* r */
  mw_lcd_value_at (&lcd, 100, d);
  mw_lcd_digits ("0", one, 1);
  g_assert_cmphex (d[7].segments, ==, one[0].segments);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lcd/formats", test_formats);
  g_test_add_func ("/lcd/values", test_values);
  g_test_add_func ("/lcd/flags", test_flags);
  g_test_add_func ("/lcd/sequence", test_sequence);
  g_test_add_func ("/lcd/list", test_list);
  g_test_add_func ("/lcd/digits", test_digits);
  g_test_add_func ("/lcd/moving", test_moving);
  return g_test_run ();
}
