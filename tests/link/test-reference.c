/* test-reference.c: the reference meter inside the process, through its link alone: an optical
 * head with an opening at 300 baud, HDLC and the TCP wrapper.  The octets sent are those of
 * IEC 62056-46 and of the Green Book's example AARQ, not of our engines. */
#include <string.h>

#include "iec62056_21/client.h"
#include "link/link.h"
#include "link/pump.h"
#include "link/reference.h"

static mw_link *
open_ref (const char *uri)
{
  g_autoptr (GError) error = NULL;
  mw_link *l = mw_link_open_uri (uri, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (l);
  return l;
}

/* Run the opening to the event that ends it. */
static int
converse (mw_link *l, enum mw_iec_goal goal, mw_iec_client *c, GString *data)
{
  static uint8_t buf[65536];
  g_autoptr (GError) error = NULL;
  mw_iec_client_config config = { .goal = goal };
  mw_iec_client_init (c, &config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = c, .link = l };
  mw_iec_client_open (c, mw_pump_now ());
  for (;;) {
    int event = mw_pump_run (&p, &error);
    g_assert_no_error (error);
    if (event == MW_IEC_EV_LINE)
      g_assert_true (mw_link_set_line (l, &c->line, NULL));
    else if (event == MW_IEC_EV_DATA)
      g_string_append_len (data, (const char *) c->data.ptr, (gssize) c->data.len);
    else if (event != MW_IEC_EV_IDENT)
      return event;
  }
}

static void
test_readout (void)
{
  g_autoptr (mw_link) l = open_ref ("ref:mt381?mode=optical&history=1d&seed=1&serial=REF00042");
  g_autoptr (GString) data = g_string_new (NULL);
  mw_iec_client c;
  g_assert_true (mw_link_has_line (l));
  g_assert_cmpint (converse (l, MW_IEC_READOUT, &c, data), ==, MW_IEC_EV_DONE);
  g_assert_cmpstr (c.ident.manufacturer, ==, "ISk");
  g_assert_nonnull (strstr (c.ident.text, "MT381"));
  g_assert_cmpuint (c.line.baud, >, 300);
  g_test_message ("%s", data->str);
  mw_iec_sets it;
  mw_iec_set s;
  guint n = 0;
  gboolean energy = FALSE;
  mw_iec_sets_init (&it, (mw_span){ (const uint8_t *) data->str, data->len });
  while (mw_iec_sets_next (&it, &s)) {
    n++;
    energy = energy || (s.unit.len == 3 && memcmp (s.unit.ptr, "kWh", 3) == 0);
  }
  g_assert_cmpint (it.cur.err, ==, MW_OK);
  g_assert_cmpuint (n, >, 3);
  g_assert_true (energy);
  g_assert_nonnull (strstr (data->str, "REF00042"));
}

static void
assert_answer (mw_link *l, const guint8 *octets, gsize len, const guint8 *begins, gsize n)
{
  g_autoptr (GError) error = NULL;
  guint8 buf[512];
  gsize have = 0;
  g_assert_true (mw_link_write (l, octets, len, NULL, &error));
  while (have < n) {
    gssize got = mw_link_read (l, buf + have, sizeof buf - have, 20000, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (got, >, 0);
    have += (gsize) got;
  }
  g_assert_cmpmem (buf, n, begins, n);
}

/* SNRM of client 16 to server 1, and the head of the UA. */
static const guint8 snrm[] = { 0x7e, 0xa0, 0x07, 0x03, 0x21, 0x93, 0x0f, 0x01, 0x7e };

static void
test_mode_e (void)
{
  g_autoptr (mw_link) l = open_ref ("ref:mt381?mode=optical");
  g_autoptr (GString) data = g_string_new (NULL);
  mw_iec_client c;
  g_assert_cmpint (converse (l, MW_IEC_HDLC, &c, data), ==, MW_IEC_EV_HANDOVER);
  g_assert_true (c.confirmed);
  g_assert_cmpint (l->line.data_bits, ==, 8);
  assert_answer (l, snrm, sizeof snrm, (const guint8[]){ 0x7e, 0xa0 }, 2);
}

static void
test_hdlc (void)
{
  g_autoptr (mw_link) l = open_ref ("ref:me381?framing=hdlc");
  g_assert_false (mw_link_has_line (l));
  assert_answer (l, snrm, sizeof snrm, (const guint8[]){ 0x7e, 0xa0 }, 2);
}

static void
test_wrapper (void)
{
  static const guint8 aarq[] = { 0x00, 0x01, 0x00, 0x10, 0x00, 0x01, 0x00, 0x1f, 0x60, 0x1d,
                                 0xa1, 0x09, 0x06, 0x07, 0x60, 0x85, 0x74, 0x05, 0x08, 0x01,
                                 0x01, 0xbe, 0x10, 0x04, 0x0e, 0x01, 0x00, 0x00, 0x00, 0x06,
                                 0x5f, 0x1f, 0x04, 0x00, 0x00, 0x7e, 0x1f, 0x04, 0xb0 };
  for (int again = 0; again < 2; again++) { /* the second connection starts over */
    g_autoptr (mw_link) l = open_ref ("ref:mt381?history=1d");
    assert_answer (l, aarq, sizeof aarq,
                   (const guint8[]){ 0x00, 0x01, 0x00, 0x01, 0x00, 0x10, 0x00 }, 7);
  }
}

/* GetType (Kamstrup document 5512-447 3.1) and how a 382 of generation J begins its answer. */
static const guint8 get_type[] = { 0x80, 0x3f, 0x01, 0x05, 0x8a, 0x0d };
static const guint8 type_382j[] = { 0x40, 0x3f, 0x01, 0x53, 0x01 };

static void
speak_at (mw_link *l, guint baud)
{
  mw_line line = { baud, 8, 'N', 2 };
  g_assert_true (mw_link_set_line (l, &line, NULL));
}

static void
assert_silence (mw_link *l)
{
  g_autoptr (GError) error = NULL;
  guint8 buf[64];
  g_assert_true (mw_link_write (l, get_type, sizeof get_type, NULL, &error));
  g_assert_cmpint (mw_link_read (l, buf, sizeof buf, 100, NULL, &error), ==, 0);
}

static void
test_kamstrup (void)
{
  static const struct {
    const char *uri;
    guint wrong, right; /* 0: there is no line */
  } ways[] = { { "ref:k382?generation=J", 0, 0 },
               { "ref:k382?generation=J&framing=kmp", 0, 0 },
               { "ref:k382?generation=J&mode=optical", 1200, 9600 },
               { "ref:k382?generation=J&mode=module", 9600, 1200 } };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (mw_link) l = open_ref (ways[i].uri);
    g_assert_cmpint (mw_link_has_line (l), ==, ways[i].right != 0);
    if (ways[i].wrong) {
      speak_at (l, ways[i].wrong);
      assert_silence (l);
      speak_at (l, ways[i].right);
    }
    assert_answer (l, get_type, sizeof get_type, type_382j, sizeof type_382j);
  }
}

static void
test_kamstrup_readout (void)
{
  g_autoptr (mw_link) l =
      open_ref ("ref:k382?generation=J&mode=optical&history=1d&serial=14410000");
  g_autoptr (GString) data = g_string_new (NULL);
  mw_iec_client c;
  g_assert_cmpint (converse (l, MW_IEC_READOUT, &c, data), ==, MW_IEC_EV_DONE);
  g_assert_cmpstr (c.ident.manufacturer, ==, "KAM");
  g_assert_nonnull (strstr (data->str, "0.0.0(14410000)\r\n1.8.0(00000"));
  speak_at (l, 9600); /* at rest again: KMP */
  assert_answer (l, get_type, sizeof get_type, type_382j, sizeof type_382j);
}

static void
test_echo (void)
{
  g_autoptr (mw_link) l = open_ref ("ref:k382?generation=J&mode=optical&head=echo");
  g_autoptr (GByteArray) both = g_byte_array_new ();
  g_byte_array_append (both, get_type, sizeof get_type);
  g_byte_array_append (both, type_382j, sizeof type_382j);
  speak_at (l, 9600);
  assert_answer (l, get_type, sizeof get_type, both->data, both->len);
}

static void
test_refusals (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (mw_link_open_uri ("ref:nosuch", NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_NO_PORT);
  g_clear_error (&error);
  g_assert_null (mw_link_open_uri ("ref:mt381?generation=L", NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI);
  g_clear_error (&error);
  g_assert_null (mw_link_open_uri ("ref:k382?generation=Z", NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI);
  g_assert_nonnull (strstr (error->message, "there is no k382 of generation Z here"));
  g_clear_error (&error);
  g_assert_null (mw_link_open_uri ("ref:k382?framing=wrapper", NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI);
  g_clear_error (&error);
  g_assert_null (mw_link_open_uri ("ref:mt381?mode=module", NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI);
  g_clear_error (&error);
  g_assert_null (mw_link_open_uri ("ref:mt381?clock=yesterday", NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mw_reference_link_register ();
  g_test_add_func ("/reference/readout", test_readout);
  g_test_add_func ("/reference/mode-e", test_mode_e);
  g_test_add_func ("/reference/hdlc", test_hdlc);
  g_test_add_func ("/reference/wrapper", test_wrapper);
  g_test_add_func ("/reference/kamstrup", test_kamstrup);
  g_test_add_func ("/reference/kamstrup-readout", test_kamstrup_readout);
  g_test_add_func ("/reference/echo", test_echo);
  g_test_add_func ("/reference/refusals", test_refusals);
  int failed = g_test_run ();
  mw_reference_link_forget ();
  return failed;
}
