/* gsm.c: a meter behind a telephone number: a modem on a serial port, dialled by
 * protocols/modem (METERTOOL manual 3.2.2.2).
 *
 *   mw_link "gsm" ── mw_modem (dialogue; then only watches) ── serial | pty
 *
 * Opening dials, or takes a call up again that is still there: closing with hold=yes leaves it.
 * Otherwise closing hangs up. Who reads sees the meter's bytes alone.
 */
#include "link/gsm.h"

#include "modem/client.h"

#include <string.h>

/* How long hanging up may take before the port is closed all the same. */
#define HANG_UP_MS 8000
#define SLICE_MS 50

typedef struct gsm_link {
  mw_link link;
  mw_link *port; /* of the modem */
  mw_modem modem;
  char *pin;
  GByteArray *early; /* came behind CONNECT */
  gboolean hold;
  gboolean opened;
} gsm_link;

static mw_ms
now_ms (void)
{
  return (mw_ms) (g_get_monotonic_time () / 1000);
}

/* ---- words ---- */

static const char *
next_step (enum mw_modem_why why)
{
  switch (why) {
  case MW_MODEM_SILENT:
    return "Is the modem switched on, and is this its port and speed?";
  case MW_MODEM_NO_SIM:
    return "Insert the card, or is this another modem's port?";
  case MW_MODEM_PIN_NEEDED:
    return "Give it with --pin-file, or remove it from the card.";
  case MW_MODEM_PIN_WRONG:
    return "It was tried once and not again: after three the card locks itself.";
  case MW_MODEM_PUK_NEEDED:
    return "Unlock the card in a telephone.";
  case MW_MODEM_NOT_REGISTERED:
    return "Is the antenna connected, and is there reception here?";
  case MW_MODEM_DENIED:
    return "Is the card active, and made for data calls?";
  case MW_MODEM_BUSY:
    return "Somebody else may be reading the meter. Try again in a few minutes.";
  case MW_MODEM_NO_ANSWER:
  case MW_MODEM_NO_CARRIER:
    return "Is the number right, the meter powered, and its modem transparent?";
  case MW_MODEM_NO_DIALTONE:
    return "Is the telephone line or the antenna connected?";
  case MW_MODEM_NOT_IN_TIME:
    return "Try again, or ask the network whether data calls are allowed.";
  default:
    return "Look at the modem's own manual.";
  }
}

static gboolean
fail (gsm_link *l, GError **error)
{
  const char *why = mw_modem_why_text (l->modem.why);
  g_set_error (error, MW_LINK_ERROR,
               l->modem.why == MW_MODEM_SILENT ? MW_LINK_ERROR_TIMEOUT
                                               : MW_LINK_ERROR_UNREACHABLE,
               "No call to %s: %s. %s", l->modem.number, why, next_step (l->modem.why));
  return FALSE;
}

/* ---- the dialogue ---- */

/* One exchange with the modem, at most SLICE_MS long. What is the meter's is kept. */
static gboolean
turn (gsm_link *l, GCancellable *cancel, GError **error)
{
  guint8 bytes[256];
  mw_span tx = mw_modem_tx (&l->modem);
  mw_ms deadline = mw_modem_deadline (&l->modem), now = now_ms ();
  if (tx.len > 0) {
    if (!mw_link_write (l->port, tx.ptr, tx.len, cancel, error))
      return FALSE;
    mw_modem_tx_ack (&l->modem, tx.len, now_ms ());
  }
  guint wait = deadline <= now ? 0 : (guint) MIN (deadline - now, SLICE_MS);
  gssize n = mw_link_read (l->port, bytes, sizeof bytes, wait, cancel, error);
  if (n < 0)
    return FALSE;
  gsize took = mw_modem_feed (&l->modem, bytes, (gsize) n, now_ms ());
  if (took < (gsize) n)
    g_byte_array_append (l->early, bytes + took, (guint) ((gsize) n - took));
  mw_modem_tick (&l->modem, now_ms ());
  return TRUE;
}

/* Until the modem has reached a state of rest. */
static gboolean
converse (gsm_link *l, GCancellable *cancel, GError **error)
{
  const char *told = "";
  while (l->modem.state == MW_MODEM_DIALOGUE) {
    const char *step = mw_modem_step_text (&l->modem);
    if (l->link.watch && step != told)
      l->link.watch (l->link.watch_data, step);
    told = step;
    if (!turn (l, cancel, error))
      return FALSE;
  }
  while (mw_modem_take_event (&l->modem) != MW_MODEM_NONE)
    ; /* the state says it all */
  return TRUE;
}

/* A call that was being made when the user cancelled is not left to itself: any character ends
 * dialling (V.250 5.6.1). */
static void
abandon (gsm_link *l)
{
  if (l->port && l->modem.state == MW_MODEM_DIALOGUE)
    mw_link_write (l->port, "\r", 1, NULL, NULL);
}

static gboolean
gsm_open (mw_link *link, const MwUri *uri, GCancellable *cancel, GError **error)
{
  gsm_link *l = (gsm_link *) link;
  g_autoptr (MwUri) serial = mw_uri_copy (uri);
  serial->scheme = MW_SCHEME_SERIAL;
  serial->mode = MW_MODE_DIRECT;
  serial->echo = MW_ECHO_OFF;
  l->early = g_byte_array_new ();
  l->hold = uri->hold == MW_HOLD_YES;
  l->pin = g_strdup (uri->pin);
  mw_modem_config config = { .number = uri->number, .pin = l->pin };
  if (!mw_modem_init (&l->modem, &config)) {
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI,
                 "“%s” is no number that can be called; it is written as +4512345678.",
                 uri->number);
    return FALSE;
  }
  l->port = mw_link_open (serial, cancel, error);
  if (!l->port)
    return FALSE;
  mw_modem_dial (&l->modem, now_ms ());
  if (!converse (l, cancel, error)) {
    abandon (l);
    return FALSE;
  }
  if (l->modem.state != MW_MODEM_ONLINE)
    return fail (l, error);
  l->opened = TRUE;
  return TRUE;
}

/* ---- the meter's bytes ---- */

static gssize
give_early (gsm_link *l, void *buf, size_t cap)
{
  gsize n = MIN (cap, l->early->len);
  memcpy (buf, l->early->data, n);
  g_byte_array_remove_range (l->early, 0, (guint) n);
  return (gssize) n;
}

static gboolean
is_online (gsm_link *l, GError **error)
{
  if (l->modem.state == MW_MODEM_ONLINE)
    return TRUE;
  g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_CLOSED,
               "The call to %s has ended. What was read is kept; connect again to go on.",
               l->modem.number);
  return FALSE;
}

static gssize
gsm_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
          GError **error)
{
  gsm_link *l = (gsm_link *) link;
  gint64 until = g_get_monotonic_time () + 1000 * (gint64) timeout_ms;
  if (l->early->len > 0)
    return give_early (l, buf, cap);
  for (;;) {
    gint64 left = MAX (0, (until - g_get_monotonic_time () + 999) / 1000);
    mw_ms deadline = mw_modem_deadline (&l->modem), now = now_ms ();
    if (deadline != MW_NEVER) /* perhaps the carrier is gone: a little silence will tell */
      left = MIN (left, deadline > now ? (gint64) (deadline - now) : 0);
    gssize n = mw_link_read (l->port, buf, cap, (guint) left, cancel, error);
    if (n < 0)
      return n;
    mw_modem_feed (&l->modem, buf, (size_t) n, now_ms ());
    mw_modem_tick (&l->modem, now_ms ());
    if (!is_online (l, error))
      return -1;
    if (n > 0 || g_get_monotonic_time () >= until)
      return n;
  }
}

static gboolean
gsm_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  gsm_link *l = (gsm_link *) link;
  if (!is_online (l, error) || !mw_link_write (l->port, data, len, cancel, error))
    return FALSE;
  mw_modem_sent (&l->modem, now_ms ());
  return TRUE;
}

static void
gsm_discard (mw_link *link)
{
  gsm_link *l = (gsm_link *) link;
  guint8 bytes[256];
  gssize n = 1;
  g_byte_array_set_size (l->early, 0);
  while (n > 0 && l->modem.state == MW_MODEM_ONLINE) { /* read them: they may say NO CARRIER */
    n = mw_link_read (l->port, bytes, sizeof bytes, 0, NULL, NULL);
    if (n > 0)
      mw_modem_feed (&l->modem, bytes, (size_t) n, now_ms ());
  }
}

static void
hang_up (gsm_link *l)
{
  gint64 until = g_get_monotonic_time () + 1000 * (gint64) HANG_UP_MS;
  mw_modem_hang_up (&l->modem, now_ms ());
  while (l->modem.state == MW_MODEM_DIALOGUE && g_get_monotonic_time () < until)
    if (!turn (l, NULL, NULL))
      return;
}

static void
gsm_close (mw_link *link)
{
  gsm_link *l = (gsm_link *) link;
  if (l->opened && l->modem.state == MW_MODEM_ONLINE && !l->hold)
    hang_up (l);
  mw_link_free (l->port);
  if (l->early)
    g_byte_array_unref (l->early);
  if (l->pin)
    memset (l->pin, 0, strlen (l->pin));
  g_free (l->pin);
}

const mw_link_class mw_gsm_link_class = {
  .scheme = "gsm",
  .size = sizeof (gsm_link),
  .open = gsm_open,
  .read = gsm_read,
  .write = gsm_write,
  .discard = gsm_discard,
  .close = gsm_close,
};

/* ---- of the call ---- */

static gsm_link *
find_gsm (mw_link *l)
{
  while (l && l->klass != &mw_gsm_link_class)
    l = l->below;
  return (gsm_link *) l;
}

int
mw_gsm_get_signal (mw_link *link)
{
  gsm_link *l = find_gsm (link);
  return l && l->modem.signal <= 31 ? l->modem.signal : -1;
}

void
mw_gsm_hold (mw_link *link)
{
  gsm_link *l = find_gsm (link);
  if (l)
    l->hold = TRUE;
}

gboolean
mw_gsm_is_lost (mw_link *link)
{
  gsm_link *l = find_gsm (link);
  return l && l->opened && l->modem.state == MW_MODEM_DOWN;
}

gboolean
mw_gsm_was_resumed (mw_link *link)
{
  gsm_link *l = find_gsm (link);
  return l && l->modem.resumed;
}

gboolean
mw_gsm_ask_signal (mw_link *link, GCancellable *cancel, GError **error)
{
  gsm_link *l = find_gsm (link);
  if (!l)
    return TRUE;
  mw_modem_escape (&l->modem, now_ms ());
  if (!converse (l, cancel, error))
    return FALSE;
  mw_modem_ask_signal (&l->modem, now_ms ());
  if (!converse (l, cancel, error))
    return FALSE;
  mw_modem_resume (&l->modem, now_ms ());
  return converse (l, cancel, error) && is_online (l, error);
}
