/* test-pump.c: the loop between an engine and a link, with an engine that writes down what is
 * done to it. */
#include <string.h>

#include "link/link.h"
#include "link/pump.h"

/* The link: gives `incoming` in pieces of `piece`, again and again when `endless`. */
typedef struct toy_link {
  mw_link link;
  const char *incoming;
  gsize at, piece;
  gboolean endless;
  GString *sent;
} toy_link;

static gssize
toy_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
          GError **error)
{
  toy_link *l = (toy_link *) link;
  gsize n = MIN (MIN (cap, l->piece), strlen (l->incoming + l->at));
  if (!n && l->endless) {
    l->at = 0;
    n = 1;
  }
  if (!n && mw_link_cancelled (cancel, error))
    return -1;
  if (!n)
    g_usleep (1000 * MIN (timeout_ms, 10));
  memcpy (buf, l->incoming + l->at, n);
  l->at += n;
  return (gssize) n;
}

static gboolean
toy_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  g_string_append_len (((toy_link *) link)->sent, data, (gssize) len);
  return TRUE;
}

static void
toy_close (mw_link *link)
{
  g_string_free (((toy_link *) link)->sent, TRUE);
}

static const mw_link_class toy_class = { .scheme = "toy",
                                         .size = sizeof (toy_link),
                                         .read = toy_read,
                                         .write = toy_write,
                                         .close = toy_close };

/* The engine: answers "?" with "!", an event at every "." (its number counts up); takes nothing
 * while `full`; a tick at its deadline is event 99. */
typedef struct toy {
  GString *fed;
  const char *tx;
  int event, dots, ticks;
  gboolean full;
  mw_ms deadline;
} toy;

static size_t
feed (void *engine, const uint8_t *data, size_t len, mw_ms now)
{
  toy *t = engine;
  size_t n = 0;
  while (n < len && !t->event && !t->full) {
    g_string_append_c (t->fed, (char) data[n]);
    if (data[n] == '.')
      t->event = ++t->dots;
    if (data[n] == '?')
      t->tx = "!";
    n++;
  }
  return n;
}

static mw_span
tx (void *engine)
{
  toy *t = engine;
  return (mw_span){ (const uint8_t *) t->tx, strlen (t->tx) };
}

static void
tx_ack (void *engine, size_t n)
{
  ((toy *) engine)->tx += n;
}

static mw_ms
deadline (void *engine)
{
  return ((toy *) engine)->deadline;
}

static void
tick (void *engine, mw_ms now)
{
  toy *t = engine;
  g_assert_cmpuint (now, >=, t->deadline);
  t->ticks++;
  t->deadline = MW_NEVER;
  t->full = FALSE;
  t->event = 99;
}

static int
take_event (void *engine)
{
  toy *t = engine;
  int event = t->event;
  t->event = 0;
  return event;
}

static const mw_pump_ops ops = { feed, tx, tx_ack, deadline, tick, take_event };

static toy_link *
link_new (const char *incoming, gsize piece)
{
  toy_link *l = (toy_link *) mw_link_new (&toy_class, NULL);
  l->incoming = incoming;
  l->piece = piece;
  l->sent = g_string_new (NULL);
  return l;
}

static void
test_events_and_answers (void)
{
  for (gsize piece = 1; piece < 12; piece++) {
    toy_link *l = link_new ("ab?c.d..e?", piece);
    toy t = { .fed = g_string_new (NULL), .tx = "hello", .deadline = mw_pump_now () + 60000 };
    mw_pump p = { .ops = &ops, .engine = &t, .link = &l->link };
    for (int i = 1; i <= 3; i++)
      g_assert_cmpint (mw_pump_run (&p, NULL), ==, i);
    g_assert_true (g_str_has_prefix ("hello!", l->sent->str));
    t.deadline = mw_pump_now () + 30;
    g_assert_cmpint (mw_pump_run (&p, NULL), ==, 99);
    g_assert_cmpstr (t.fed->str, ==, "ab?c.d..e?"); /* in order, nothing lost at an event */
    g_assert_cmpint (mw_pump_run (&p, NULL), ==, 0);
    g_assert_true (g_str_has_prefix (l->sent->str, "hello!"));
    g_assert_cmpuint (p.rx_bytes, ==, 10);
    g_assert_cmpuint (p.tx_bytes, ==, l->sent->len);
    g_assert_cmpuint (p.turns, >=, 1);
    mw_link_free (&l->link);
    g_string_free (t.fed, TRUE);
  }
}

/* Bytes that never end do not keep the engine from its deadline. */
static void
test_noise_does_not_stop_the_clock (void)
{
  toy_link *l = link_new ("zzzzzzzz", 3);
  l->endless = TRUE;
  toy t = { .fed = g_string_new (NULL), .tx = "", .deadline = mw_pump_now () + 20 };
  mw_pump p = { .ops = &ops, .engine = &t, .link = &l->link };
  g_assert_cmpint (mw_pump_run (&p, NULL), ==, 99);
  g_assert_cmpint (t.ticks, ==, 1);
  mw_link_free (&l->link);
  g_string_free (t.fed, TRUE);
}

/* What the engine cannot take yet waits, and is not read over. */
static void
test_full_engine (void)
{
  toy_link *l = link_new ("abcdef.", 4);
  toy t = {
    .fed = g_string_new (NULL), .tx = "", .full = TRUE, .deadline = mw_pump_now () + 30
  };
  mw_pump p = { .ops = &ops, .engine = &t, .link = &l->link };
  g_assert_cmpint (mw_pump_run (&p, NULL), ==, 99);
  g_assert_cmpstr (t.fed->str, ==, "");
  t.deadline = mw_pump_now () + 60000;
  g_assert_cmpint (mw_pump_run (&p, NULL), ==, 1);
  g_assert_cmpstr (t.fed->str, ==, "abcdef.");
  mw_link_free (&l->link);
  g_string_free (t.fed, TRUE);
}

/* After mode E the link is another engine's; what came already goes to it. */
static void
test_switch (void)
{
  toy_link *l = link_new ("one.two.", 99);
  toy first = { .fed = g_string_new (NULL), .tx = "", .deadline = mw_pump_now () + 60000 };
  toy second = { .fed = g_string_new (NULL), .tx = "", .deadline = mw_pump_now () + 60000 };
  mw_pump p = { .ops = &ops, .engine = &first, .link = &l->link };
  g_assert_cmpint (mw_pump_run (&p, NULL), ==, 1);
  mw_pump_switch (&p, &ops, &second);
  g_assert_cmpint (mw_pump_run (&p, NULL), ==, 1);
  g_assert_cmpstr (first.fed->str, ==, "one.");
  g_assert_cmpstr (second.fed->str, ==, "two.");
  mw_link_free (&l->link);
  g_string_free (first.fed, TRUE);
  g_string_free (second.fed, TRUE);
}

static void
test_cancel (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  toy_link *l = link_new ("", 1);
  toy t = { .fed = g_string_new (NULL), .tx = "x", .deadline = MW_NEVER - 1 };
  mw_pump p = { .ops = &ops, .engine = &t, .link = &l->link, .cancel = cancel };
  g_cancellable_cancel (cancel);
  g_assert_cmpint (mw_pump_run (&p, &error), ==, -1);
  g_assert_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CANCELLED);
  g_assert_cmpuint (l->sent->len, ==, 0);
  mw_link_free (&l->link);
  g_string_free (t.fed, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pump/events-and-answers", test_events_and_answers);
  g_test_add_func ("/pump/noise", test_noise_does_not_stop_the_clock);
  g_test_add_func ("/pump/full-engine", test_full_engine);
  g_test_add_func ("/pump/switch", test_switch);
  g_test_add_func ("/pump/cancel", test_cancel);
  return g_test_run ();
}
