/* test-value.c: COSEM data as text: every type there and back, what is refused, and random
 * octets.
 */
#include <glib.h>
#include <string.h>

#include "meter/dlms/decode.h"
#include "meter/dlms/value.h"

static char *
hex_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) raw = mw_value_parse (text, &error);
  gsize len;
  const guint8 *octets;
  g_assert_no_error (error);
  octets = g_bytes_get_data (raw, &len);
  return mw_value_hex (octets, len);
}

static void
check (const char *text, const char *expected)
{
  g_autofree char *hex = hex_of (text);
  g_assert_cmpstr (hex, ==, expected);
}

/* The octets are those of the Blue Book's types (Green Book 9.5, Data). */
static void
test_parse (void)
{
  check ("null", "00");
  check ("bool:true", "0301");
  check ("i8:-1", "0FFF");
  check ("i16:-2", "10FFFE");
  check ("i32:-3", "05FFFFFFFD");
  check ("i64:-4", "14FFFFFFFFFFFFFFFC");
  check ("u8:255", "11FF");
  check ("u16:0x1234", "121234");
  check ("u32:4294967295", "06FFFFFFFF");
  check ("u64:18446744073709551615", "15FFFFFFFFFFFFFFFF");
  check ("enum:3", "1603");
  check ("octet:01 02", "09020102");
  check ("octet:", "0900");
  check ("bits:10100", "0405A0");
  check ("visible:abc", "0A03616263");
  check ("utf8:\"a,]\"", "0C03612C5D");
  check ("float32:1.5", "173FC00000");
  check ("array[u8:1, u8:2]", "010211011102");
  check ("structure{ u16:3,\n octet:00 }", "0202120003090100");
  check ("array[]", "0100");
  check ("datetime:2026-01-31T12:30:15+01:00", "090C07EA011F060C1E0F00FFC4FF");
  check ("datetime:2026-01-31T12:30:15+01:00/80", "090C07EA011F060C1E0F00FFC480");
}

static void
test_refused (void)
{
  static const char *const wrong[] = {
    "",          "5",          "u8:256",           "u8:-1",
    "u8:",       "i8:200",     "octet:0",          "octet:0g",
    "bool:yes",  "array[u8:1", "array[u8:1}",      "u8:1 u8:2",
    "what:1",    "bits:012",   "datetime:now",     "structure{,}",
    "float32:x", "null null",  "array[u8:1 u8:2]",
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) raw = mw_value_parse (wrong[i], &error);
    if (raw)
      g_test_message ("taken: %s", wrong[i]);
    g_assert_null (raw);
    g_assert_error (error, MW_SESSION_ERROR, MW_SESSION_ERROR_USAGE);
  }
}

static void
test_deep (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) raw = NULL;
  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "array[");
  raw = mw_value_parse (text->str, &error);
  g_assert_null (raw);
  g_assert_error (error, MW_SESSION_ERROR, MW_SESSION_ERROR_USAGE);
  g_string_free (text, TRUE);
}

/* What is rendered is read back as the same octets. */
static void
test_round_trip (void)
{
  static const char *const values[] = {
    "null",
    "bool:false",
    "i8:-128",
    "i16:32767",
    "i32:-2147483648",
    "i64:-9223372036854775808",
    "u64:18446744073709551615",
    "enum:255",
    "octet:FF00",
    "bits:111",
    "visible:\"a \\\" b\"",
    "utf8:\"µ,€\"",
    "float64:-0.1",
    "float32:3.5",
    "datetime:2026-06-01T00:00:00+02:00",
    "datetime:2026-06-01T00:00:00.**+02:00/80",
    "date-time:2026-06-01T00:00:00+02:00",
    "structure{array[structure{u8:1, null}, structure{u8:2, visible:x}], array[], octet:}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *before = hex_of (values[i]);
    g_autoptr (GBytes) raw = mw_value_parse (values[i], NULL);
    gsize len;
    const guint8 *octets = g_bytes_get_data (raw, &len);
    g_autofree char *text = mw_value_render (octets, len);
    g_autofree char *after = hex_of (text);
    g_assert_cmpstr (after, ==, before);
  }
}

/* Any octets are rendered, and what a reading makes of them has a text. */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint i = 0; i < 20000; i++) {
    guint8 octets[40];
    gsize len = (gsize) g_rand_int_range (rand, 0, sizeof octets);
    g_autoptr (GBytes) raw = NULL;
    g_autoptr (MwReading) reading = mw_reading_new ();
    g_autofree char *text = NULL;
    g_autofree char *shown = NULL;
    for (gsize k = 0; k < len; k++)
      octets[k] = (guint8) (g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 32)
                                                  : g_rand_int_range (rand, 0, 256));
    raw = g_bytes_new (octets, len);
    text = mw_value_render (octets, len);
    g_assert_nonnull (text);
    mw_decode_reading (reading, raw, NULL);
    shown = mw_reading_dup_text (reading);
    g_assert_true (g_utf8_validate (shown, -1, NULL));
  }
}

static void
check_reading (const char *value, MwScaler scaler, MwReadingKind kind, const char *text)
{
  g_autoptr (GBytes) raw = mw_value_parse (value, NULL);
  g_autoptr (MwReading) reading = mw_reading_new ();
  g_autofree char *shown = NULL;
  mw_decode_reading (reading, raw, &scaler);
  shown = mw_reading_dup_text (reading);
  g_assert_cmpint (reading->kind, ==, kind);
  g_assert_cmpstr (shown, ==, text);
  g_assert_true (g_bytes_equal (reading->raw, raw));
}

static void
test_readings (void)
{
  const MwScaler none = MW_SCALER_NONE, wh = { -1, MW_UNIT_WH }, kilo = { 3, MW_UNIT_WH };
  check_reading ("u32:12345", wh, MW_READING_DECIMAL, "1234.5");
  check_reading ("u32:12", kilo, MW_READING_DECIMAL, "12000");
  check_reading ("i32:-5", wh, MW_READING_DECIMAL, "-0.5");
  check_reading ("octet:49534B", none, MW_READING_TEXT, "ISK");
  check_reading ("octet:0001FF", none, MW_READING_BYTES, "0001FF");
  check_reading ("datetime:2026-01-31T12:30:15+01:00", none, MW_READING_TIME,
                 "2026-01-31T12:30:15+01:00");
  check_reading ("bool:true", none, MW_READING_DECIMAL, "1");
}

static void
test_scaler (void)
{
  g_autoptr (GBytes) good = mw_value_parse ("structure{i8:-2, enum:30}", NULL);
  g_autoptr (GBytes) wrong = mw_value_parse ("structure{i8:-2}", NULL);
  g_autoptr (GBytes) huge = mw_value_parse ("structure{i8:100, enum:30}", NULL);
  MwScaler scaler = MW_SCALER_NONE;
  g_assert_true (mw_decode_scaler (good, &scaler));
  g_assert_cmpint (scaler.scaler, ==, -2);
  g_assert_cmpint (scaler.unit, ==, MW_UNIT_WH);
  g_assert_false (mw_decode_scaler (wrong, &scaler));
  g_assert_false (mw_decode_scaler (huge, &scaler));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/parse", test_parse);
  g_test_add_func ("/value/refused", test_refused);
  g_test_add_func ("/value/deep", test_deep);
  g_test_add_func ("/value/round-trip", test_round_trip);
  g_test_add_func ("/value/random", test_random);
  g_test_add_func ("/value/readings", test_readings);
  g_test_add_func ("/value/scaler", test_scaler);
  return g_test_run ();
}
