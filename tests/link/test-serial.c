/* test-serial.c: real system calls on pseudo-terminals, twice: through the unmodified
 * libserialport (tests/link/ttyshim.c makes it open one) and through the raw descriptor.
 *
 * The meter behind them is the server engine of IEC 62056-21 in a thread; it checks the parity
 * bits on the wire and sees the speed that the tool has set.
 */
#include <glib/gstdio.h>

#include "iec62056_21/client.h"
#include "link/device.h"
#include "link/link.h"
#include "link/pump.h"
#include "meterside.h"

typedef struct fixture {
  int master, slave;
  char name[64];
} fixture;

static gboolean
is_serialport (gconstpointer data)
{
  return GPOINTER_TO_INT (data) == 1;
}

static void
set_up (fixture *f, gconstpointer data)
{
  open_pty (&f->master, &f->slave, f->name);
}

static void
tear_down (fixture *f, gconstpointer data)
{
  if (f->master >= 0)
    close (f->master);
  if (f->slave >= 0)
    close (f->slave);
}

/* DEVICE through the link that the test is about. */
static mw_link *
open_link (const char *device, const char *query, gconstpointer data, GError **error)
{
  g_autofree char *text = g_strconcat ("serial:", device, query, NULL);
  g_autoptr (MwUri) uri = mw_uri_parse (text, error);
  g_assert_nonnull (uri);
  if (!is_serialport (data))
    return mw_link_open (uri, NULL, error);
  mw_link *l = mw_link_new (&mw_serial_link_class, NULL);
  if (l->klass->open (l, uri, NULL, error))
    return l;
  mw_link_free (l);
  return NULL;
}

static int
step (mw_pump *p, mw_iec_client *c, GError **error)
{
  int event;
  while ((event = mw_pump_run (p, error)) == MW_IEC_EV_LINE)
    g_assert_true (mw_link_set_line (p->link, &c->line, error));
  return event;
}

static void
test_readout (fixture *f, gconstpointer data)
{
  static uint8_t buf[4096];
  g_autoptr (GError) error = NULL;
  side meter;
  side_start (&meter, f->master, FALSE, &side_config);
  g_autoptr (mw_link) l = open_link (f->name, "", data, &error);
  g_assert_no_error (error);
  g_assert_true (mw_link_has_line (l));
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_READOUT };
  mw_iec_client_init (&c, &config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = &c, .link = l };
  mw_iec_client_open (&c, mw_pump_now ());
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_IDENT);
  g_assert_cmpstr (c.ident.text, ==, "MT382-1008");
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_DATA);
  g_assert_cmpmem (c.data.ptr, c.data.len, side_readout, sizeof side_readout - 1);
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_DONE);
  g_assert_no_error (error);
  for (guint i = 0; i < 10000 && g_atomic_int_get (&meter.n_speeds) < 2; i++)
    g_usleep (1000); /* until the acknowledgement has arrived */
  side_stop (&meter);
  g_assert_cmpuint (meter.wrong_parity, ==, 0);
  g_assert_cmpuint (meter.with_parity_bit, >, 0);
  g_assert_cmpuint (meter.n_speeds, ==, 2);
  g_assert_cmpuint (meter.speeds[0], ==, 300);
  g_assert_cmpuint (meter.speeds[1], ==, 9600);
  g_assert_cmpuint (p.tx_bytes, ==, 5 + 6 + 1);
  g_assert_cmpuint (p.rx_bytes, ==, 19 + 1 + sizeof side_readout - 1 + 2);
  g_assert_cmpuint (p.turns, >=, 2);
  g_assert_cmpint (p.elapsed_us, >, 0);
}

static void
test_mode_e_to_8n1 (fixture *f, gconstpointer data)
{
  uint8_t buf[64];
  g_autoptr (GError) error = NULL;
  side meter;
  side_start (&meter, f->master, FALSE, &side_config);
  g_autoptr (mw_link) l = open_link (f->name, "", data, &error);
  g_assert_no_error (error);
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_HDLC, .max_baud = 4800 };
  mw_iec_client_init (&c, &config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = &c, .link = l };
  mw_iec_client_open (&c, mw_pump_now ());
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_IDENT);
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_HANDOVER);
  g_assert_cmpuint (l->line.baud, ==, 4800);
  guint8 all[256], back[256];
  for (guint i = 0; i < 256; i++)
    all[i] = (guint8) i;
  g_assert_true (mw_link_write (l, all, sizeof all, NULL, &error));
  for (gsize have = 0; have < sizeof back;) {
    gssize n = mw_link_read (l, back + have, sizeof back - have, 20000, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (n, >, 0);
    have += (gsize) n;
  }
  side_stop (&meter);
  for (guint i = 0; i < 256; i++)
    g_assert_cmpuint (back[i], ==, 255 - i);
  g_assert_cmpuint (meter.wrong_parity + meter.wrong_speed, ==, 0);
}

/* A head that hears itself: found out with the first request. */
static void
test_echoing_head (fixture *f, gconstpointer data)
{
  static uint8_t buf[4096];
  g_autoptr (GError) error = NULL;
  side meter;
  side_start_with (&meter, f->master, FALSE, TRUE, &side_config);
  mw_link *l = open_link (f->name, "", data, &error);
  g_assert_no_error (error);
  if (is_serialport (data)) /* mw_link_open does it otherwise */
    l = mw_link_add_echo (l, MW_ECHO_AUTO);
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_READOUT };
  mw_iec_client_init (&c, &config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = &c, .link = l };
  mw_iec_client_open (&c, mw_pump_now ());
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_IDENT);
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_DATA);
  g_assert_cmpmem (c.data.ptr, c.data.len, side_readout, sizeof side_readout - 1);
  /* not a byte of an echo came through */
  g_assert_cmpuint (p.rx_bytes, ==, 19 + 1 + sizeof side_readout - 1 + 2);
  side_stop (&meter);
  mw_link_free (l);
}

/* Another program has the port open: it is named without opening the port. */
static void
test_who_has_it (fixture *f, gconstpointer data)
{
  const char *const command[] = { "sh", "-c", "exec 3<>\"$0\"; echo open; read end", f->name,
                                  NULL };
  close (f->slave);
  f->slave = -1;
  g_autoptr (GHashTable) before = mw_device_users ();
  g_assert_null (mw_device_user (f->name, before));
  g_autoptr (GSubprocess) other = g_subprocess_newv (
      command, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  g_assert_nonnull (other);
  char said[4];
  g_assert_cmpint (
      g_input_stream_read (g_subprocess_get_stdout_pipe (other), said, sizeof said, NULL, NULL),
      >, 0);
  g_autoptr (GHashTable) users = mw_device_users ();
  g_autofree char *who = mw_device_user (f->name, users);
  g_autofree char *expected =
      g_strdup_printf ("sh (process %s)", g_subprocess_get_identifier (other));
  g_assert_cmpstr (who, ==, expected);
  g_output_stream_close (g_subprocess_get_stdin_pipe (other), NULL, NULL);
  g_assert_true (g_subprocess_wait (other, NULL, NULL));
}

static void
test_unplugged (fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (mw_link) l = open_link (f->name, "", data, &error);
  g_assert_no_error (error);
  char byte;
  g_assert_cmpint (mw_link_read (l, &byte, 1, 1, NULL, &error), ==, 0);
  close (f->master);
  f->master = -1;
  g_assert_cmpint (mw_link_read (l, &byte, 1, 20000, NULL, &error), ==, -1);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED);
  g_assert_nonnull (strstr (error->message, "unplugged"));
  g_assert_cmpint (mw_link_error_exit_status (error), ==, 2);
}

static void
test_busy (fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  mw_link *first = open_link (f->name, "", data, &error);
  g_assert_no_error (error);
  g_assert_null (open_link (f->name, "", data, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "in use by this program"));
  g_clear_error (&error);
  mw_link_free (first);
  mw_link *second = open_link (f->name, "", data, &error);
  g_assert_no_error (error);
  mw_link_free (second);
}

static void
test_no_permission (fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean root = geteuid () == 0;
  g_assert_cmpint (g_chmod (f->name, 0), ==, 0);
  if (root)
    g_assert_cmpint (seteuid (65534), ==, 0);
  mw_link *l = open_link (f->name, "", data, &error);
  if (root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_cmpint (g_chmod (f->name, 0600), ==, 0);
  g_assert_null (l);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, "may not open"));
}

static void
test_no_port (fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (open_link ("/dev/ttyUSB_none", "", data, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_NO_PORT);
  g_clear_error (&error);
  g_assert_null (open_link ("/dev/null", "", data, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_NO_PORT);
}

static void
test_symbolic_link (fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/mw-head-%d", g_get_tmp_dir (), (int) getpid ());
  g_unlink (path);
  g_assert_cmpint (symlink (f->name, path), ==, 0);
  mw_link *l = open_link (path, "?mode=direct&baud=19200", data, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (speed_at (f->master), ==, 19200);
  mw_link_free (l);
  g_unlink (path);
}

static gpointer
cancel_soon (gpointer cancel)
{
  g_usleep (50000);
  g_cancellable_cancel (cancel);
  return NULL;
}

static void
test_cancel (fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (mw_link) l = open_link (f->name, "", data, &error);
  char byte;
  gint64 begun = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancel);
  g_assert_cmpint (mw_link_read (l, &byte, 1, 600000, cancel, &error), ==, -1);
  g_test_message ("cancelled after %d ms", (int) ((g_get_monotonic_time () - begun) / 1000));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CANCELLED);
  g_assert_cmpint (mw_link_error_exit_status (error), ==, 130);
  g_thread_join (thread);
  g_clear_error (&error);
  g_assert_false (mw_link_write (l, "x", 1, cancel, &error));
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CANCELLED);
}

static void
test_silence_then_retry (fixture *f, gconstpointer data)
{
  uint8_t buf[64];
  g_autoptr (GError) error = NULL;
  g_autoptr (mw_link) l = open_link (f->name, "", data, &error);
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_READOUT, .answer_ms = 50, .no_repeats = true };
  mw_iec_client_init (&c, &config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = &c, .link = l };
  mw_iec_client_open (&c, mw_pump_now ());
  g_assert_cmpint (step (&p, &c, &error), ==, MW_IEC_EV_FAILED);
  g_assert_cmpint (c.err, ==, MW_ERR_TIMEOUT);
  g_assert_cmpuint (p.tx_bytes, ==, 5);
  g_assert_cmpint (mw_pump_run (&p, &error), ==, 0); /* it waits for nothing any more */
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  const struct {
    const char *name;
    void (*run) (fixture *, gconstpointer);
  } tests[] = { { "readout", test_readout },
                { "mode-e-to-8n1", test_mode_e_to_8n1 },
                { "echoing-head", test_echoing_head },
                { "who-has-it", test_who_has_it },
                { "unplugged", test_unplugged },
                { "busy", test_busy },
                { "no-permission", test_no_permission },
                { "no-port", test_no_port },
                { "symbolic-link", test_symbolic_link },
                { "cancel", test_cancel },
                { "silence", test_silence_then_retry } };
  for (int kind = 0; kind < 2; kind++)
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
      g_autofree char *path =
          g_strdup_printf ("/serial/%s/%s", kind ? "libserialport" : "raw", tests[i].name);
      g_test_add (path, fixture, GINT_TO_POINTER (kind), set_up, tests[i].run, tear_down);
    }
  return g_test_run ();
}
