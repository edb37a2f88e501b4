/* test-filters.c: software parity, echo cancelling, trace and replay over a link in memory. */
#include <glib/gstdio.h>
#include <string.h>

#include "link/link.h"

/* A link that keeps what is written and gives what the test put in, at most `piece` at once. */
typedef struct memory_link {
  mw_link link;
  GByteArray *sent, *due;
  guint piece;
  gboolean broken;
} memory_link;

static gssize
memory_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
             GError **error)
{
  memory_link *l = (memory_link *) link;
  if (l->broken) {
    g_set_error_literal (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED, "Hung up.");
    return -1;
  }
  gsize n = MIN (MIN (cap, l->piece), l->due->len);
  memcpy (buf, l->due->data, n);
  g_byte_array_remove_range (l->due, 0, (guint) n);
  if (!n)
    g_usleep (1000 * MIN (timeout_ms, 5));
  return (gssize) n;
}

static gboolean
memory_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  g_byte_array_append (((memory_link *) link)->sent, data, (guint) len);
  return TRUE;
}

static gboolean
memory_set_line (mw_link *link, const mw_line *line, GError **error)
{
  return TRUE;
}

static void
memory_close (mw_link *link)
{
  g_byte_array_unref (((memory_link *) link)->sent);
  g_byte_array_unref (((memory_link *) link)->due);
}

static const mw_link_class memory_class = { .scheme = "memory",
                                            .size = sizeof (memory_link),
                                            .read = memory_read,
                                            .write = memory_write,
                                            .set_line = memory_set_line,
                                            .close = memory_close };

static memory_link *
memory_new (guint piece)
{
  memory_link *m = (memory_link *) mw_link_new (&memory_class, NULL);
  m->sent = g_byte_array_new ();
  m->due = g_byte_array_new ();
  m->piece = piece;
  return m;
}

static void
arrive (memory_link *m, const char *data, gssize len)
{
  g_byte_array_append (m->due, (const guint8 *) data,
                       len < 0 ? (guint) strlen (data) : (guint) len);
}

/* Everything that can be read now. */
static GString *
read_all (mw_link *l)
{
  GString *all = g_string_new (NULL);
  char buf[64];
  gssize n;
  guint empty = 0;
  while (empty < 2) {
    n = mw_link_read (l, buf, sizeof buf, 1, NULL, NULL);
    g_assert_cmpint (n, >=, 0);
    g_string_append_len (all, buf, n);
    empty = n ? 0 : empty + 1;
  }
  return all;
}

#define ASSERT_BYTES(array, text)                                                              \
  g_assert_cmpmem ((array)->data, (array)->len, text, sizeof (text) - 1)

static void
assert_reads (mw_link *l, const char *text)
{
  GString *all = read_all (l);
  g_assert_cmpstr (all->str, ==, text);
  g_string_free (all, TRUE);
}

/* "/?!" CR LF with even parity is AF 3F 21 8D 0A: IEC 62056-21 clause 5, counted by hand. */
static void
test_parity (void)
{
  memory_link *m = memory_new (3);
  g_autoptr (mw_link) l = mw_link_add_parity (&m->link);
  mw_line line = mw_line_7e1 (300);
  g_assert_true (mw_link_set_line (l, &line, NULL));
  g_assert_cmpint (m->link.line.data_bits, ==, 8);
  g_assert_cmpint (m->link.line.parity, ==, 'N');
  g_assert_cmpuint (m->link.line.baud, ==, 300);
  g_assert_true (mw_link_write (l, "/?!\r\n", 5, NULL, NULL));
  ASSERT_BYTES (m->sent, "\xaf\x3f\x21\x8d\x0a");
  arrive (m, "\xaf\xc9\x53\xeb\x35\x8d\x0a", -1); /* "/ISk5" CR LF */
  assert_reads (l, "/ISk5\r\n");
  arrive (m, "\x2f\xc9\xd3", -1); /* two of three with wrong parity */
  assert_reads (l, "\x1aI\x1a");
  /* a head that takes parity off is believed as well, from the next line setting on */
  g_assert_true (mw_link_set_line (l, &line, NULL));
  arrive (m, "/ISk5\r\n", -1);
  assert_reads (l, "/ISk5\r\n");
  /* 8N1 is left alone */
  line = mw_line_8n1 (9600);
  g_assert_true (mw_link_set_line (l, &line, NULL));
  g_byte_array_set_size (m->sent, 0);
  g_assert_true (mw_link_write (l, "\x7e\xa0\x07", 3, NULL, NULL));
  ASSERT_BYTES (m->sent, "\x7e\xa0\x07");
  arrive (m, "\x7e\xa0\x81", -1);
  assert_reads (l, "\x7e\xa0\x81");
}

/* Every character either comes back as it was or as SUB, when one bit of it is turned. */
static void
test_parity_of_every_character (void)
{
  for (guint c = 1; c < 128; c++)
    for (guint bit = 0; bit < 8; bit++) {
      memory_link *m = memory_new (99);
      g_autoptr (mw_link) l = mw_link_add_parity (&m->link);
      mw_line line = mw_line_7e1 (300);
      mw_link_set_line (l, &line, NULL);
      char out[3] = { '/', (char) c, 0 };
      mw_link_write (l, out, 2, NULL, NULL);
      arrive (m, (const char *) m->sent->data, 2);
      GString *all = read_all (l);
      g_assert_cmpint (all->str[1], ==, (char) c);
      g_string_free (all, TRUE);
      m->sent->data[1] ^= (guint8) (1u << bit);
      arrive (m, (const char *) m->sent->data, 2);
      all = read_all (l);
      g_assert_cmpint (all->str[1], ==, 0x1a);
      g_string_free (all, TRUE);
    }
}

static void
test_echo_at_every_piece_size (void)
{
  for (guint piece = 1; piece < 20; piece++) {
    memory_link *m = memory_new (piece);
    g_autoptr (mw_link) l = mw_link_add_echo (&m->link, MW_ECHO_AUTO);
    mw_link_write (l, "/?!\r\n", 5, NULL, NULL);
    arrive (m, "/?!\r\n/ISk5\\2MT382-1008\r\n", -1);
    assert_reads (l, "/ISk5\\2MT382-1008\r\n");
    mw_link_write (l,
                   "\x06"
                   "252\r\n",
                   6, NULL, NULL);
    arrive (m,
            "\x06"
            "252\r\n\x06"
            "252\r\n",
            -1); /* the echo, then the confirmation */
    assert_reads (l, "\x06"
                     "252\r\n");
    arrive (m, "unasked", -1);
    assert_reads (l, "unasked");
  }
}

static void
test_no_echo_at_every_piece_size (void)
{
  for (guint piece = 1; piece < 20; piece++) {
    memory_link *m = memory_new (piece);
    g_autoptr (mw_link) l = mw_link_add_echo (&m->link, MW_ECHO_AUTO);
    mw_link_write (l, "/?!\r\n", 5, NULL, NULL);
    arrive (m, "/ISk5\\2MT382-1008\r\n", -1); /* begins like the echo */
    assert_reads (l, "/ISk5\\2MT382-1008\r\n");
    mw_link_write (l,
                   "\x06"
                   "252\r\n",
                   6, NULL, NULL);
    arrive (m,
            "\x06"
            "252\r\n",
            -1); /* a confirmation, not an echo */
    assert_reads (l, "\x06"
                     "252\r\n");
  }
}

static void
test_echo_that_loses_bytes (void)
{
  memory_link *m = memory_new (4);
  g_autoptr (mw_link) l = mw_link_add_echo (&m->link, MW_ECHO_ON);
  mw_link_write (l, "\x80\x3f\x02\x35\xe0\x0d", 6, NULL, NULL);
  arrive (m, "\x80\x02\x35\xe0\x0d\x40\x3f\x02", -1);
  assert_reads (l, "\x40\x3f\x02");
  /* a prefix of what was sent, and no more, is an answer after all */
  memory_link *n = memory_new (4);
  g_autoptr (mw_link) k = mw_link_add_echo (&n->link, MW_ECHO_AUTO);
  mw_link_write (k, "ABCD", 4, NULL, NULL);
  arrive (n, "AB", -1);
  assert_reads (k, "");
  g_usleep (600000);
  assert_reads (k, "AB");
}

typedef struct seen {
  GString *text;
} seen;

static void
observe (gpointer data, char direction, const void *bytes, size_t len, gint64 time_us)
{
  seen *s = data;
  g_assert_cmpint (time_us, >=, 0);
  g_string_append_c (s->text, direction);
  g_string_append_len (s->text, bytes, (gssize) len);
}

static char *
temporary_file (void)
{
  return g_strdup_printf ("%s/mw-link-%d-%u.trace", g_get_tmp_dir (), (int) getpid (),
                          g_random_int ());
}

/* A dialogue with everything in it, recorded; `replayed` gets the same bytes from the file. */
static void
talk (mw_link *l, memory_link *m, GString *got)
{
  const struct {
    const char *out, *in;
  } turns[] = { { "/?!\r\n", "/ISk5\\2MT382-1008\r\n" },
                { "\x06"
                  "051\r\n",
                  "\x01P0\x02()\x03`" },
                { "\x01P1\x02(12345678)\x03p", "\x06" },
                { "\x01R1\x02"
                  "0.9.1()\x03x",
                  "\x02"
                  "0.9.1(0)\x03y" } };
  for (gsize i = 0; i < G_N_ELEMENTS (turns); i++) {
    mw_line line = i ? mw_line_7e1 (9600) : mw_line_7e1 (300);
    g_assert_true (mw_link_set_line (l, &line, NULL));
    g_assert_true (mw_link_write (l, turns[i].out, strlen (turns[i].out), NULL, NULL));
    if (m)
      arrive (m, turns[i].in, -1);
    char buf[64];
    for (gsize want = strlen (turns[i].in), have = 0; have < want;) {
      gssize n = mw_link_read (l, buf, sizeof buf, 100, NULL, NULL);
      g_assert_cmpint (n, >, 0);
      g_string_append_len (got, buf, n);
      have += (gsize) n;
    }
  }
}

static void
test_trace_and_replay_are_the_same (void)
{
  g_autofree char *file = temporary_file ();
  g_autofree char *uri = g_strconcat ("replay:", file, NULL);
  seen s = { g_string_new (NULL) };
  memory_link *m = memory_new (7);
  mw_link *l = mw_link_add_trace (&m->link, file, "memory:", observe, &s, NULL);
  g_autoptr (GString) first = g_string_new (NULL);
  mw_link_hide (l, "12345678", 8);
  mw_link_hide (l, "12", 2); /* too short to be hidden */
  mw_link_note (l, "begun\nhere");
  talk (l, m, first);
  mw_link_free (l);

  g_assert_nonnull (strstr (s.text->str, "=300 7E1"));
  g_assert_nonnull (strstr (s.text->str, "(********)"));
  g_assert_null (strstr (s.text->str, "12345678"));
  g_string_free (s.text, TRUE);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_true (
      g_str_has_prefix (text, "# meterwright trace 1\n# link: memory:\n# started: 2"));
  g_assert_nonnull (strstr (text, " > 2F 3F 21 0D 0A  ; /?!..\n"));
  g_assert_nonnull (strstr (text, " # begun here\n"));
  g_assert_nonnull (strstr (text, " 28 ** ** ** ** ** ** ** ** 29 "));
  g_assert_null (strstr (text, "31 32 33 34 35 36 37 38"));

  /* a link that is opened again goes on in the same file */
  memory_link *more = memory_new (7);
  mw_link *k = mw_link_add_trace (&more->link, file, NULL, NULL, NULL, NULL);
  mw_link_free (k);
  g_autofree char *longer = NULL;
  g_assert_true (g_file_get_contents (file, &longer, NULL, NULL));
  g_assert_true (g_str_has_prefix (longer, text));
  g_assert_nonnull (strstr (longer, "# opened again: 2"));

  g_autoptr (GError) error = NULL;
  g_autoptr (mw_link) replay = mw_link_open_uri (uri, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (mw_link_has_line (replay));
  g_autoptr (GString) second = g_string_new (NULL);
  talk (replay, NULL, second);
  g_assert_cmpmem (first->str, first->len, second->str, second->len);
  char byte;
  g_assert_cmpint (mw_link_read (replay, &byte, 1, 10, NULL, &error), ==, -1);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED);
  g_unlink (file);
}

static void
test_replay_wants_the_same (void)
{
  g_autofree char *file = temporary_file ();
  g_autofree char *uri = g_strconcat ("replay:", file, NULL);
  g_autoptr (GError) error = NULL;
  const char recording[] =
      "# meterwright trace 1\n0.1 > 41 42\n0.2 < 43 44 45  ; CDE\n0.3 > 46\n";
  g_assert_true (g_file_set_contents (file, recording, -1, NULL));
  mw_link *l = mw_link_open_uri (uri, NULL, NULL);
  g_assert_false (mw_link_has_line (l));
  char buf[8];
  gint64 begun = g_get_monotonic_time ();
  g_assert_cmpint (mw_link_read (l, buf, sizeof buf, 30, NULL, NULL), ==, 0); /* not yet */
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 30000);
  g_assert_true (mw_link_write (l, "A", 1, NULL, NULL));
  g_assert_cmpint (mw_link_read (l, buf, sizeof buf, 0, NULL, NULL), ==,
                   0); /* "B" is missing */
  g_assert_true (mw_link_write (l, "B", 1, NULL, NULL));
  g_assert_cmpint (mw_link_read (l, buf, 2, 0, NULL, NULL), ==, 2);
  g_assert_cmpmem (buf, 2, "CD", 2);
  g_assert_false (mw_link_write (l, "X", 1, NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_REPLAY);
  g_assert_cmpint (mw_link_error_exit_status (error), ==, 3);
  g_clear_error (&error);
  g_assert_true (mw_link_write (l, "F", 1, NULL, NULL));
  g_assert_false (mw_link_write (l, "G", 1, NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_REPLAY);
  mw_link_free (l);
  g_clear_error (&error);

  const char *const bad[] = { "",
                              "hello\n",
                              "# meterwright trace 1\n0.1 > 4\n",
                              "# meterwright trace 1\nx > 41\n",
                              "# meterwright trace 1\n0.1 ? 41\n",
                              "# meterwright trace 1\n0.1 > 4G\n" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_true (g_file_set_contents (file, bad[i], -1, NULL));
    g_assert_null (mw_link_open_uri (uri, NULL, &error));
    g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE);
    g_clear_error (&error);
  }
  g_unlink (file);
  g_assert_null (mw_link_open_uri (uri, NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE);
  g_assert_cmpint (mw_link_error_exit_status (error), ==, 6);
}

static void
test_trace_of_a_failure (void)
{
  seen s = { g_string_new (NULL) };
  g_autoptr (GError) error = NULL;
  memory_link *m = memory_new (7);
  g_autoptr (mw_link) l = mw_link_add_trace (&m->link, NULL, NULL, observe, &s, NULL);
  m->broken = TRUE;
  char byte;
  g_assert_cmpint (mw_link_read (l, &byte, 1, 10, NULL, &error), ==, -1);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED);
  g_assert_cmpstr (s.text->str, ==, "!Hung up.");
  g_string_free (s.text, TRUE);
  g_clear_error (&error);
  memory_link *other = memory_new (7);
  g_assert_null (
      mw_link_add_trace (&other->link, "/nonexistent/x.trace", NULL, NULL, NULL, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_FILE);
  mw_link_free (&other->link);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filters/parity", test_parity);
  g_test_add_func ("/filters/parity-of-every-character", test_parity_of_every_character);
  g_test_add_func ("/filters/echo", test_echo_at_every_piece_size);
  g_test_add_func ("/filters/no-echo", test_no_echo_at_every_piece_size);
  g_test_add_func ("/filters/echo-that-loses-bytes", test_echo_that_loses_bytes);
  g_test_add_func ("/filters/trace-and-replay", test_trace_and_replay_are_the_same);
  g_test_add_func ("/filters/replay-wants-the-same", test_replay_wants_the_same);
  g_test_add_func ("/filters/trace-of-a-failure", test_trace_of_a_failure);
  return g_test_run ();
}
