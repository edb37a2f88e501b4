/* test-refmeter.c MW-REFMETER: the reference meter as a process, reached through a real
 * pseudo-terminal: readout of IEC 62056-21 and mode E, with and without the line's timing. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "iec62056_21/client.h"
#include "link/link.h"
#include "link/pump.h"

static const char *program;

typedef struct meter {
  GSubprocess *process;
  char *folder, *path;
} meter;

static meter
start_meter (const char *option)
{
  meter m;
  g_autoptr (GError) error = NULL;
  m.folder = g_dir_make_tmp ("mw-refmeter-XXXXXX", NULL);
  m.path = g_build_filename (m.folder, "head", NULL);
  m.process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--model", "mt381",
                        "--serial", "REF00077", "--optical", m.path, option, NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) out =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (m.process));
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_nonnull (strstr (line, "REF00077"));
  return m;
}

static void
stop_meter (meter *m)
{
  g_subprocess_send_signal (m->process, SIGTERM);
  g_assert_true (g_subprocess_wait (m->process, NULL, NULL));
  g_object_unref (m->process);
  g_unlink (m->path);
  g_rmdir (m->folder);
  g_free (m->path);
  g_free (m->folder);
}

static int
converse (const char *path, enum mw_iec_goal goal, mw_iec_client *c, GString *data,
          mw_link **link)
{
  static uint8_t buf[65536];
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_strconcat ("serial:", path, NULL);
  *link = mw_link_open_uri (uri, NULL, &error);
  g_assert_no_error (error);
  mw_iec_client_config config = { .goal = goal };
  mw_iec_client_init (c, &config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = c, .link = *link };
  mw_iec_client_open (c, mw_pump_now ());
  for (;;) {
    int event = mw_pump_run (&p, &error);
    g_assert_no_error (error);
    if (event == MW_IEC_EV_LINE)
      g_assert_true (mw_link_set_line (*link, &c->line, NULL));
    else if (event == MW_IEC_EV_DATA)
      g_string_append_len (data, (const char *) c->data.ptr, (gssize) c->data.len);
    else if (event != MW_IEC_EV_IDENT) {
      g_test_message ("%s: event %d after %d ms, %u repetitions", uri, event,
                      (int) (p.elapsed_us / 1000), c->repeated);
      return event;
    }
  }
}

static void
test_meter (gconstpointer option)
{
  meter m = start_meter (option);
  g_autoptr (GString) data = g_string_new (NULL);
  mw_iec_client c;
  mw_link *l;
  g_assert_cmpint (converse (m.path, MW_IEC_READOUT, &c, data, &l), ==, MW_IEC_EV_DONE);
  g_assert_nonnull (strstr (data->str, "REF00077"));
  g_assert_nonnull (strstr (data->str, "\r\n!\r\n"));
  mw_link_free (l);
  g_assert_cmpint (converse (m.path, MW_IEC_HDLC, &c, data, &l), ==, MW_IEC_EV_HANDOVER);
  /* SNRM of client 16 to server 1; the UA that answers it is a frame of HDLC */
  static const guint8 snrm[] = { 0x7e, 0xa0, 0x07, 0x03, 0x21, 0x93, 0x0f, 0x01, 0x7e };
  guint8 answer[128];
  gssize n = 0;
  for (int i = 0; i < 10 && n == 0; i++) { /* an answer may be lost where a machine is slow */
    g_assert_true (mw_link_write (l, snrm, sizeof snrm, NULL, NULL));
    n = mw_link_read (l, answer, sizeof answer, 3000, NULL, NULL);
  }
  g_assert_cmpint (n, >, 0);
  g_assert_cmpuint (answer[0], ==, 0x7e);
  mw_link_free (l);
  stop_meter (&m);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = argv[1];
  g_test_add_data_func ("/refmeter/as-fast-as-it-goes", NULL, test_meter);
  g_test_add_data_func ("/refmeter/line-timing", "--line-timing", test_meter);
  return g_test_run ();
}
