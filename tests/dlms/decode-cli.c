/* `mw decode`: how its input is read, and what it writes for a person and as JSON. */
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "cli/decode-private.h"

#define UA "7ea01f21022373e6c781801205019a06019a070400000001080400000001cca27e"

static GByteArray *
input (const char *text)
{
  g_autoptr (GError) error = NULL;
  GByteArray *bytes = mw_cli_decode_input (text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  return bytes;
}

static void
test_input (void)
{
  static const char *const forms[] = { "7EA0", "7e a0", "7e:A0\n", "0x7e, 0xa0",
                                       "\xef\xbb\xbf"
                                       "7E-A0" };
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autoptr (GByteArray) b = input (forms[i]);
    g_assert_cmpmem (b->data, b->len, "\x7e\xa0", 2);
  }
  g_autoptr (GByteArray) telegram = input ("/?!\r\n");
  g_assert_cmpmem (telegram->data, telegram->len, "/?!\r\n", 5);
  g_autoptr (GError) error = NULL;
  g_assert_null (mw_cli_decode_input ("7EA", 3, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_lines (void)
{
  int wrong = 99;
  g_autoptr (GByteArray) b = input (UA);
  g_autofree char *out = mw_cli_decode_text (b->data, b->len, NULL, FALSE, &wrong);
  g_assert_cmpint (wrong, ==, 0);
  g_assert_nonnull (strstr (out, " 00006  73 "));
  g_assert_nonnull (strstr (out, "control: UA, P/F=1\n"));
  g_assert_true (g_str_has_suffix (out, "HDLC frames (IEC 62056-46), 33 bytes, well-formed\n"));
  b->data[31] ^= 1;
  g_autofree char *bad = mw_cli_decode_text (b->data, b->len, NULL, FALSE, &wrong);
  g_assert_cmpint (wrong, ==, 1);
  g_assert_nonnull (strstr (bad, "!   FCS: wrong"));
  g_autofree char *nothing =
      mw_cli_decode_text ((const guint8 *) "\x99\x98", 2, NULL, FALSE, &wrong);
  g_assert_cmpint (wrong, ==, -1);
  g_assert_cmpstr (nothing, ==, "2 bytes that are nothing known here\n");
}

/* Another protocol is another row: found out by itself, and by name. */
static void
test_kmp (void)
{
  g_autoptr (GByteArray) b = input ("803F1001041E7ABB0D 403F10041E21020000E4F8240D");
  g_autofree char *found = mw_cli_decode_text (b->data, b->len, NULL, FALSE, NULL);
  g_autofree char *named = mw_cli_decode_text (b->data, b->len, "kmp", FALSE, NULL);
  g_assert_nonnull (strstr (found, "command 10: GetRegister"));
  g_assert_nonnull (strstr (found, "voltage L1, 041E = 228 V"));
  g_assert_nonnull (strstr (found, "CRC: right"));
  g_assert_cmpstr (found, ==, named);
}

static void
test_json (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GByteArray) b = input ("020209060100010800FF06000004D2");
  g_autofree char *out = mw_cli_decode_text (b->data, b->len, NULL, TRUE, NULL);
  json_parser_load_from_data (parser, out, -1, &error);
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (root, "kind"), ==, "axdr");
  g_assert_cmpint (json_object_get_int_member (root, "bytes"), ==, 15);
  g_assert_cmpint (json_object_get_int_member (root, "wrong"), ==, 0);
  JsonArray *lines = json_object_get_array_member (root, "lines");
  g_assert_cmpuint (json_array_get_length (lines), ==, 3);
  JsonObject *last = json_array_get_object_element (lines, 2);
  g_assert_cmpint (json_object_get_int_member (last, "offset"), ==, 10);
  g_assert_cmpint (json_object_get_int_member (last, "depth"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (last, "hex"), ==, "06000004D2");
  g_assert_cmpstr (json_object_get_string_member (last, "text"), ==,
                   "double-long-unsigned: 1234");
}

static const char trace[] = "# meterwright trace 1\n"
                            "# link: serial:/dev/ttyUSB0\n"
                            "0.000000 = 300 7E1\n"
                            "0.000095 > 2F 3F 21 0D 0A  ; /?!..\n"
                            "0.500000 < 2F 49 53 6B\n"
                            "0.510000 < 35 5C 32 4D 54 0D 0A  ; 5.2MT..\n"
                            "0.540000 > 7E A0 08 02 23 21 93 BD 64 7E\n"
                            "0.600000 > ** 01\n"
                            "0.700000 ! The meter closed the connection.\n";

static void
test_trace (void)
{
  int wrong = 99;
  g_assert_true (mw_cli_decode_is_trace (trace, strlen (trace)));
  g_assert_false (mw_cli_decode_is_trace ("7EA0", 4));
  g_autofree char *out = mw_cli_decode_trace (trace, strlen (trace), FALSE, &wrong);
  g_assert_cmpint (wrong, ==, 0); /* what is hidden cannot be well-formed */
  g_assert_nonnull (strstr (out, "0.000000 s, = 300 7E1\n"));
  g_assert_nonnull (strstr (out, "0.000095 s, to the meter\n"));
  g_assert_nonnull (strstr (out, "0.500000 s, from the meter\n"));
  g_assert_nonnull (strstr (out, "identification \"MT\""));
  g_assert_nonnull (strstr (out, "with bytes of a secret that were not recorded"));
  g_assert_nonnull (strstr (out, "! The meter closed the connection."));
  g_assert_true (g_str_has_suffix (out, "3 messages\n"));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *json = mw_cli_decode_trace (trace, strlen (trace), TRUE, NULL);
  json_parser_load_from_data (parser, json, -1, &error);
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonArray *messages = json_object_get_array_member (root, "messages");
  g_assert_cmpuint (json_array_get_length (messages), ==, 3);
  JsonObject *second = json_array_get_object_element (messages, 1);
  g_assert_false (json_object_get_boolean_member (second, "to_meter"));
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (second, "decode"), "kind"),
      ==, "iec62056-21");
}

static void
test_kind (void)
{
  int wrong = 99;
  const guint8 byte = 0x0f; /* said to be an APDU, it is one that ends early */
  g_autofree char *out = mw_cli_decode_text (&byte, 1, "apdu", FALSE, &wrong);
  g_assert_cmpint (wrong, >, 0);
  g_assert_nonnull (strstr (out, "data-notification"));
  g_autofree char *other = mw_cli_decode_text (&byte, 1, "no-such-kind", FALSE, &wrong);
  g_assert_cmpint (wrong, ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode-cli/input", test_input);
  g_test_add_func ("/decode-cli/lines", test_lines);
  g_test_add_func ("/decode-cli/kmp", test_kmp);
  g_test_add_func ("/decode-cli/json", test_json);
  g_test_add_func ("/decode-cli/kind", test_kind);
  g_test_add_func ("/decode-cli/trace", test_trace);
  return g_test_run ();
}
