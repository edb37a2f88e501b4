/* test-bridge.c: a line with a speed.  Two pseudo-terminals are joined by a thread that hands
 * each character over when it would have arrived at the sender's speed, and turns it into
 * another one, or loses it, when the receiver listens at a different speed.
 *
 * Shown: the opening with its changes of speed, a meter that stays at 300 baud, a meter that
 * answers while the tool has not turned yet.  Only lower bounds of time are asserted.
 */
#include "iec62056_21/client.h"
#include "link/link.h"
#include "link/pump.h"
#include "meterside.h"

enum { HELD = 65536 };

typedef struct way {
  int from, to; /* masters */
  guint8 byte[HELD];
  gint64 due_us[HELD];
  guint head, tail;
  gint64 free_us; /* when the last character has left */
} way;

typedef struct bridge {
  int master[2], slave[2];
  char name[2][64];
  way ways[2];
  guint garbled;
  GThread *thread;
  gint stop;
} bridge;

static void
take_in (bridge *b, way *w)
{
  guint8 buf[512];
  ssize_t n = read (w->from, buf, sizeof buf);
  gint64 now = g_get_monotonic_time ();
  guint from = speed_at (w->from);
  w->free_us = MAX (w->free_us, now);
  for (ssize_t i = 0; i < n; i++) {
    w->free_us += 10 * G_GINT64_CONSTANT (1000000) / from;
    w->byte[w->head % HELD] = buf[i];
    w->due_us[w->head % HELD] = w->free_us;
    w->head++;
  }
}

/* What is due arrives, as the receiver's speed makes it out. */
static gint64
hand_out (bridge *b, way *w)
{
  for (; w->tail != w->head; w->tail++) {
    gint64 left = w->due_us[w->tail % HELD] - g_get_monotonic_time ();
    if (left > 0)
      return left;
    guint8 c = w->byte[w->tail % HELD];
    if (speed_at (w->from) != speed_at (w->to)) {
      b->garbled++;
      c = (guint8) (c * 37 ^ 0x5a);
      if (c & 0x10)
        continue;
    }
    if (write (w->to, &c, 1) != 1)
      g_error ("the line is broken: %s", g_strerror (errno));
  }
  return G_MAXINT;
}

static gpointer
bridge_run (gpointer data)
{
  bridge *b = data;
  while (!g_atomic_int_get (&b->stop)) {
    gint64 left = MIN (hand_out (b, &b->ways[0]), hand_out (b, &b->ways[1]));
    struct pollfd p[2] = { { b->master[0], POLLIN, 0 }, { b->master[1], POLLIN, 0 } };
    poll (p, 2, (int) MIN (left / 1000 + 1, 20));
    for (int i = 0; i < 2; i++)
      if (p[i].revents & POLLIN)
        take_in (b, &b->ways[i]);
  }
  return NULL;
}

static bridge *
bridge_new (void)
{
  bridge *b = g_new0 (bridge, 1);
  for (int i = 0; i < 2; i++)
    open_pty (&b->master[i], &b->slave[i], b->name[i]);
  for (int i = 0; i < 2; i++) {
    b->ways[i].from = b->master[i];
    b->ways[i].to = b->master[!i];
  }
  b->thread = g_thread_new ("line", bridge_run, b);
  return b;
}

static void
bridge_free (bridge *b)
{
  g_atomic_int_set (&b->stop, 1);
  g_thread_join (b->thread);
  for (int i = 0; i < 2; i++) {
    close (b->master[i]);
    close (b->slave[i]);
  }
  g_free (b);
}

/* The whole of a goal; the line is set as the engine asks. */
static int
converse (bridge *b, const mw_iec_client_config *config, mw_iec_client *c, gint64 *took_us)
{
  static uint8_t buf[4096];
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_strconcat ("serial:", b->name[0], NULL);
  g_autoptr (mw_link) l = mw_link_open_uri (uri, NULL, &error);
  g_assert_no_error (error);
  mw_iec_client_init (c, config, buf, sizeof buf);
  mw_pump p = { .ops = &mw_pump_iec_client, .engine = c, .link = l };
  mw_iec_client_open (c, mw_pump_now ());
  int event;
  do {
    event = mw_pump_run (&p, &error);
    g_assert_no_error (error);
    if (event == MW_IEC_EV_LINE)
      g_assert_true (mw_link_set_line (l, &c->line, NULL));
    if (event == MW_IEC_EV_DATA)
      g_assert_cmpmem (c->data.ptr, c->data.len, side_readout, sizeof side_readout - 1);
  } while (event == MW_IEC_EV_LINE || event == MW_IEC_EV_IDENT || event == MW_IEC_EV_DATA);
  *took_us = p.elapsed_us;
  return event;
}

static void
test_readout (void)
{
  bridge *b = bridge_new ();
  side meter;
  side_start (&meter, b->slave[1], TRUE, &side_config);
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_READOUT };
  gint64 took;
  g_assert_cmpint (converse (b, &config, &c, &took), ==, MW_IEC_EV_DONE);
  g_test_message ("%d ms, %u characters garbled, %u repetitions", (int) (took / 1000),
                  b->garbled, c.repeated);
  /* 5 + 19 + 6 characters at 300 baud cannot take less than a second */
  g_assert_cmpint (took, >=, 1000000);
  side_stop (&meter);
  g_assert_cmpuint (meter.wrong_parity, ==, 0);
  bridge_free (b);
}

static void
test_meter_that_stays (void)
{
  bridge *b = bridge_new ();
  side meter;
  mw_iec_server_config sc = side_config;
  sc.stays = true;
  sc.reaction_ms = 1000; /* the tool has turned to 9600 when the answer comes */
  side_start (&meter, b->slave[1], TRUE, &sc);
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_READOUT, .answer_ms = 3000 };
  gint64 took;
  g_assert_cmpint (converse (b, &config, &c, &took), ==, MW_IEC_EV_DONE);
  g_test_message ("%d ms, %u characters garbled, %u repetitions", (int) (took / 1000),
                  b->garbled, c.repeated);
  g_assert_cmpuint (b->garbled, >, 10);
  side_stop (&meter);
  g_assert_cmpuint (speed_at (b->slave[1]), ==, 300);
  bridge_free (b);
}

static void
test_mode_e (void)
{
  bridge *b = bridge_new ();
  side meter;
  side_start (&meter, b->slave[1], TRUE, &side_config);
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_HDLC };
  gint64 took;
  g_assert_cmpint (converse (b, &config, &c, &took), ==, MW_IEC_EV_HANDOVER);
  g_test_message ("%d ms", (int) (took / 1000));
  g_assert_cmpuint (c.line.baud, ==, 9600);
  g_assert_cmpuint (c.line.data_bits, ==, 8);
  for (guint i = 0; i < 10000 && !g_atomic_int_get (&meter.binary); i++)
    g_usleep (1000);
  side_stop (&meter);
  g_assert_true (meter.binary);
  bridge_free (b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bridge/readout", test_readout);
  g_test_add_func ("/bridge/meter-that-stays", test_meter_that_stays);
  g_test_add_func ("/bridge/mode-e", test_mode_e);
  return g_test_run ();
}
