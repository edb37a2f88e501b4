/* parity.c: 7 data bits and parity made in software over an 8-bit channel.
 *
 * Pseudo-terminals, emulated UARTs and some adapters know 8N1 only.  When a line with 7 bits is
 * asked for, this sets 8N1 below, adds the parity bit to what is sent and takes it off what
 * comes.
 *
 * A character whose parity is wrong becomes SUB (ISO 646: stands in for an invalid character),
 * so that the framer drops the message.  But heads and drivers are known to have taken the
 * parity off already, or to have set it wrongly throughout: parity is only believed after a
 * character with the eighth bit set and the parity right has been seen since the line was set.
 */
#include "link/link.h"

enum { SUB = 0x1a };

typedef struct parity_link {
  mw_link link;
  gboolean on;
  guint8 odd;        /* 1 for odd parity */
  gboolean believed; /* the other side does send parity */
} parity_link;

/* 1 when the number of ones is odd. */
static guint8
ones_odd (guint8 c)
{
  c ^= c >> 4;
  c ^= c >> 2;
  c ^= c >> 1;
  return c & 1;
}

static guint8
incoming (parity_link *l, guint8 c)
{
  gboolean right = ones_odd (c) == l->odd;
  if (right && c & 0x80)
    l->believed = TRUE;
  return right || !l->believed ? c & 0x7f : SUB;
}

static gssize
parity_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
             GError **error)
{
  parity_link *l = (parity_link *) link;
  gssize n = mw_link_read (link->below, buf, cap, timeout_ms, cancel, error);
  guint8 *at = buf;
  for (gssize i = 0; l->on && i < n; i++)
    at[i] = incoming (l, at[i]);
  return n;
}

static gboolean
parity_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  parity_link *l = (parity_link *) link;
  const guint8 *at = data;
  guint8 chunk[256];
  if (!l->on)
    return mw_link_write (link->below, data, len, cancel, error);
  while (len) {
    size_t n = MIN (len, sizeof chunk);
    for (size_t i = 0; i < n; i++) {
      guint8 c = at[i] & 0x7f;
      chunk[i] = (guint8) (c | (ones_odd (c) ^ l->odd) << 7);
    }
    if (!mw_link_write (link->below, chunk, n, cancel, error))
      return FALSE;
    at += n;
    len -= n;
  }
  return TRUE;
}

static void
set_format (parity_link *l, const mw_line *line)
{
  l->on = line->data_bits == 7 && line->parity != 'N';
  l->odd = line->parity == 'O';
  l->believed = FALSE;
}

static gboolean
parity_set_line (mw_link *link, const mw_line *line, GError **error)
{
  parity_link *l = (parity_link *) link;
  mw_line below = *line;
  if (line->data_bits == 7)
    below = mw_line_8n1 (line->baud);
  if (!mw_link_set_line (link->below, &below, error))
    return FALSE;
  set_format (l, line);
  return TRUE;
}

static void
parity_discard (mw_link *link)
{
  mw_link_discard (link->below);
}

static const mw_link_class parity_class = {
  .scheme = "parity",
  .size = sizeof (parity_link),
  .read = parity_read,
  .write = parity_write,
  .set_line = parity_set_line,
  .discard = parity_discard,
};

mw_link *
mw_link_add_parity (mw_link *below)
{
  mw_link *l = mw_link_new (&parity_class, below);
  if (below->line.baud)
    set_format ((parity_link *) l, &below->line);
  return l;
}
