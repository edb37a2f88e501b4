/* echo.c: takes away the echo of an optical head that hears itself.
 *
 *   UNDECIDED ── all that was sent first came back ──► ECHOING: every echo is taken away
 *       └────── something else came, or a part only ─► SILENT: nothing is touched
 *
 * While undecided, what looks like an echo is held back; it is handed on when it turns out to
 * be an answer that begins alike ("/" of "/?!" and of "/ISk5").  A head that eats bytes of its
 * echo loses a few at most: the echo is found again a little further on.
 */
#include "link/link.h"

#include <string.h>

enum { SEARCH = 8, PATIENCE_US = 500000 };

typedef struct echo_link {
  mw_link link;
  enum { UNDECIDED, ECHOING, SILENT } state;
  GByteArray *due;  /* the echo that is still to come */
  GByteArray *held; /* undecided: matched, and not handed on */
  gint64 held_at;
} echo_link;

static gboolean
same (guint8 a, guint8 b)
{
  return (a & 0x7f) == (b & 0x7f); /* a head may set the parity bit anew */
}

/* C is not the echo that was due. */
static void
mismatch (echo_link *l, guint8 c, GByteArray *out)
{
  if (l->state == UNDECIDED) {
    l->state = SILENT;
    g_byte_array_append (out, l->held->data, l->held->len);
    g_byte_array_set_size (l->held, 0);
    g_byte_array_set_size (l->due, 0);
    g_byte_array_append (out, &c, 1);
    return;
  }
  for (guint i = 1; i < l->due->len && i <= SEARCH; i++)
    if (same (l->due->data[i], c)) {
      g_byte_array_remove_range (l->due, 0, i + 1);
      return;
    }
  g_byte_array_set_size (l->due, 0);
  g_byte_array_append (out, &c, 1);
}

static void
sort_out (echo_link *l, guint8 c, GByteArray *out)
{
  if (l->due->len == 0) {
    g_byte_array_append (out, &c, 1);
    return;
  }
  if (!same (l->due->data[0], c)) {
    mismatch (l, c, out);
    return;
  }
  g_byte_array_remove_index (l->due, 0);
  if (l->state == UNDECIDED) {
    g_byte_array_append (l->held, &c, 1);
    l->held_at = g_get_monotonic_time ();
  }
  if (l->state == UNDECIDED && l->due->len == 0) {
    l->state = ECHOING;
    g_byte_array_set_size (l->held, 0);
  }
}

/* A part of the echo came and no more: then it was an answer. */
static void
give_up_waiting (echo_link *l, GByteArray *out)
{
  gboolean over = l->held->len && g_get_monotonic_time () - l->held_at > PATIENCE_US;
  if (l->state != UNDECIDED || !over)
    return;
  l->state = SILENT;
  g_byte_array_append (out, l->held->data, l->held->len);
  g_byte_array_set_size (l->held, 0);
  g_byte_array_set_size (l->due, 0);
}

static gssize
echo_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
           GError **error)
{
  echo_link *l = (echo_link *) link;
  gint64 until = g_get_monotonic_time () + 1000 * (gint64) timeout_ms;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  for (;;) {
    guint8 chunk[512];
    gint64 left = MAX (0, until - g_get_monotonic_time ());
    /* what was held back must fit as well */
    size_t room = cap > l->held->len ? cap - l->held->len : 1;
    gssize n = mw_link_read (link->below, chunk, MIN (room, sizeof chunk),
                             (guint) ((left + 999) / 1000), cancel, error);
    if (n < 0)
      return n;
    for (gssize i = 0; i < n; i++)
      sort_out (l, chunk[i], out);
    give_up_waiting (l, out);
    if (out->len || !n) {
      size_t len = MIN (out->len, cap);
      if (len)
        memcpy (buf, out->data, len);
      return (gssize) len;
    }
  }
}

static gboolean
echo_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  echo_link *l = (echo_link *) link;
  if (l->state == UNDECIDED) { /* asked again, unanswered: nothing came back so far */
    g_byte_array_set_size (l->due, 0);
    g_byte_array_set_size (l->held, 0);
  }
  if (l->state != SILENT)
    g_byte_array_append (l->due, data, (guint) len);
  return mw_link_write (link->below, data, len, cancel, error);
}

static gboolean
echo_set_line (mw_link *link, const mw_line *line, GError **error)
{
  echo_link *l = (echo_link *) link;
  g_byte_array_set_size (l->due, 0);
  return mw_link_set_line (link->below, line, error);
}

static void
echo_discard (mw_link *link)
{
  echo_link *l = (echo_link *) link;
  g_byte_array_set_size (l->due, 0);
  g_byte_array_set_size (l->held, 0);
  mw_link_discard (link->below);
}

static void
echo_close (mw_link *link)
{
  echo_link *l = (echo_link *) link;
  g_byte_array_unref (l->due);
  g_byte_array_unref (l->held);
}

static const mw_link_class echo_class = {
  .scheme = "echo",
  .size = sizeof (echo_link),
  .read = echo_read,
  .write = echo_write,
  .set_line = echo_set_line,
  .discard = echo_discard,
  .close = echo_close,
};

mw_link *
mw_link_add_echo (mw_link *below, MwEcho echo)
{
  mw_link *l = mw_link_new (&echo_class, below);
  echo_link *e = (echo_link *) l;
  e->state = echo == MW_ECHO_ON ? ECHOING : echo == MW_ECHO_OFF ? SILENT : UNDECIDED;
  e->due = g_byte_array_new ();
  e->held = g_byte_array_new ();
  return l;
}
