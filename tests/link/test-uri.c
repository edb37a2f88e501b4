/* test-uri.c: link URIs are read, refused with a sentence, and written back. */
#include "link/link.h"

static void
test_round_trips (void)
{
  const char *const uris[] = {
    "serial:/dev/ttyUSB0",
    "serial:/dev/serial/by-id/"
    "usb-Silicon_Labs_CP2102-if00-port0?mode=direct&baud=9600&parity=8N1",
    "serial:COM3?mode=optical&max-baud=9600&echo=on&switch-delay=400",
    "serial:/dev/ttyS1?mode=module&parity=7E1&protocol=kmp",
    "tcp:meter.example.com:4059",
    "tcp:[fe80::1]:4059?framing=hdlc",
    "tcp:10.0.0.5:4059?framing=wrapper&protocol=dlms&timeout=3000&retries=0&address=16&client=1"
    "&logical-device=1&auth=low&suite=0&security=none&system-title=4D4D4D0000BC614E",
    "gsm:/dev/ttyACM0?number=+4512345678",
    "ref:mt381",
    "ref:mt381?mode=optical&history=90d&seed=1&serial=REF00007",
    "replay:tests/vectors/a%20recording.trace",
    "serial:/dev/ttyUSB0?address=00012345&auth=gmac",
    "tcp:localhost:4059?address=ABC12",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (MwUri) uri = mw_uri_parse (uris[i], &error);
    g_assert_no_error (error);
    g_autofree char *text = mw_uri_format (uri);
    g_assert_cmpstr (text, ==, uris[i]);
    g_autoptr (MwUri) copy = mw_uri_copy (uri);
    g_autofree char *again = mw_uri_format (copy);
    g_assert_cmpstr (again, ==, uris[i]);
    g_autofree char *words = mw_uri_describe (uri);
    g_assert_cmpuint (strlen (words), >, 5);
  }
}

static void
test_values (void)
{
  g_autoptr (MwUri) uri = mw_uri_parse (
      "TCP:[::1]:4059?address=0016&framing=auto&suite=2&system-title=4d4d4d0000bc614e", NULL);
  g_assert_nonnull (uri);
  g_assert_cmpstr (uri->target, ==, "::1");
  g_assert_cmpuint (uri->port, ==, 4059);
  g_assert_cmpint (uri->address, ==, 16);
  g_assert_cmpstr (uri->address_text, ==, "0016");
  g_assert_cmpint (uri->suite, ==, 2);
  g_assert_cmpint (uri->client, ==, -1);
  g_assert_cmpint (uri->retries, ==, -1);
  g_assert_cmpuint (uri->timeout_ms, ==, 0);
  g_assert_cmpstr (uri->system_title, ==, "4D4D4D0000BC614E");
  g_assert_cmpint (mw_uri_framing (uri), ==, MW_FRAMING_AUTO);
  g_assert_cmpint (mw_uri_mode (uri), ==, MW_MODE_DIRECT);

  g_autoptr (MwUri) serial = mw_uri_parse ("serial:ttyUSB0?parity=7E1&baud=300", NULL);
  g_assert_cmpint (mw_uri_mode (serial), ==, MW_MODE_OPTICAL);
  g_assert_cmpint (mw_uri_framing (serial), ==, MW_FRAMING_HDLC);
  g_assert_cmpint (serial->format.data_bits, ==, 7);
  g_assert_cmpint (serial->format.parity, ==, 'E');
  g_assert_cmpuint (serial->baud, ==, 300);

  g_autoptr (MwUri) ref = mw_uri_parse ("ref:MT381?history=90d", NULL);
  g_assert_cmpstr (ref->target, ==, "mt381");
  g_assert_cmpstr (g_hash_table_lookup (ref->options, "history"), ==, "90d");
  g_assert_cmpint (mw_uri_framing (ref), ==, MW_FRAMING_WRAPPER);

  g_autoptr (MwUri) letters = mw_uri_parse ("serial:x?address=AB12", NULL);
  g_assert_cmpint (letters->address, ==, -1);
  g_assert_cmpstr (letters->address_text, ==, "AB12");
}

/* Each is refused, and the sentence names what is wrong. */
static void
test_bad (void)
{
  const struct {
    const char *uri, *says;
  } rows[] = {
    { "", "serial:" },
    { "ttyUSB0", "serial:" },
    { "usb:1", "serial:" },
    { "serial:", "serial:DEVICE" },
    { "serial:?baud=9600", "serial:DEVICE" },
    { "serial:/dev/ttyUSB0?baud=9601", "baud=9601" },
    { "serial:/dev/ttyUSB0?baud=-1", "baud=-1" },
    { "serial:/dev/ttyUSB0?parity=7N1", "8N1, 7E1 or 8E1" },
    { "serial:/dev/ttyUSB0?mode=laser", "optical, module or direct" },
    { "serial:/dev/ttyUSB0?framing=hdlc", "no parameter" },
    { "serial:/dev/ttyUSB0?colour=red", "“colour”" },
    { "serial:/dev/ttyUSB0?baud", "baud=" },
    { "serial:/dev/ttyUSB0?baud=300&baud=600", "twice" },
    { "serial:/dev/ttyUSB0?password=1234", "secret" },
    { "tcp:host:4059?key=00", "--key-file" },
    { "tcp:host", "tcp:HOST:PORT" },
    { "tcp::4059", "tcp:HOST:PORT" },
    { "tcp:host:0", "1 to 65535" },
    { "tcp:host:65536", "1 to 65535" },
    { "tcp:host:x", "1 to 65535" },
    { "tcp:::1:4059", "brackets" },
    { "tcp:[::1:4059", "tcp:HOST:PORT" },
    { "tcp:ho st:4059", "host name" },
    { "tcp:host:4059?timeout=0", "1 to 600000" },
    { "tcp:host:4059?timeout=1s", "1 to 600000" },
    { "tcp:host:4059?retries=-1", "0 to 100" },
    { "tcp:host:4059?suite=3", "0, 1 or 2" },
    { "tcp:host:4059?auth=", "none, low, high" },
    { "tcp:host:4059?system-title=4D4D", "16 hexadecimal" },
    { "tcp:host:4059?address=12%2034", "32 digits or letters" },
    { "tcp:host:4059?client=65536", "65535" },
    { "gsm:/dev/ttyACM0", "number" },
    { "ref:", "ref:MODEL" },
    { "ref:mt381?history=90", "90d" },
    { "ref:mt381?history=d", "90d" },
    { "ref:mt381?speed=0", "factor" },
    { "ref:mt381?generation=l", "letter" },
    { "replay:", "replay:FILE" },
    { "replay:%zz", "replay:FILE" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (MwUri) uri = mw_uri_parse (rows[i].uri, &error);
    g_test_message ("%s: %s", rows[i].uri, error ? error->message : "accepted");
    g_assert_null (uri);
    g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI);
    g_assert_nonnull (strstr (error->message, rows[i].says));
    g_assert_cmpint (mw_link_error_exit_status (error), ==, 1);
  }
}

/* Any text is either refused or understood as what is written back. */
static void
test_random_texts (void)
{
  const char *const pieces[] = { "serial:", "tcp:",        "ref:",      "host", ":",
                                 "4059",    "?",           "&",         "=",    "baud",
                                 "9600",    "%41",         "%",         "[",    "]",
                                 "::1",     "mode=direct", "address=7", "ä",    "\x80",
                                 "seed=1",  " ",           "/dev/x" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);
  guint understood = 0;
  for (guint i = 0; i < 20000; i++) {
    g_autoptr (GString) s = g_string_new (pieces[g_rand_int_range (rand, 0, 3)]);
    for (gint n = g_rand_int_range (rand, 0, 9); n > 0; n--)
      g_string_append (s, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    g_autoptr (GError) error = NULL;
    g_autoptr (MwUri) uri = mw_uri_parse (s->str, &error);
    g_assert_true ((uri == NULL) == (error != NULL));
    if (!uri)
      continue;
    understood++;
    g_autofree char *text = mw_uri_format (uri);
    g_autoptr (MwUri) again = mw_uri_parse (text, &error);
    g_assert_no_error (error);
    g_autofree char *twice = mw_uri_format (again);
    g_assert_cmpstr (text, ==, twice);
  }
  g_assert_cmpuint (understood, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uri/round-trips", test_round_trips);
  g_test_add_func ("/uri/values", test_values);
  g_test_add_func ("/uri/bad", test_bad);
  g_test_add_func ("/uri/random", test_random_texts);
  return g_test_run ();
}
