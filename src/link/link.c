/* link.c: what all links share: opening by URI, the filters that a URI needs, errors. */
#include "link/link.h"

G_DEFINE_QUARK (mw - link - error - quark, mw_link_error)

static const mw_link_class *classes[] = {
  [MW_SCHEME_SERIAL] = &mw_serial_link_class, [MW_SCHEME_TCP] = &mw_tcp_link_class,
  [MW_SCHEME_GSM] = &mw_gsm_link_class,       [MW_SCHEME_REF] = NULL,
  [MW_SCHEME_REPLAY] = &mw_replay_link_class,
};

int
mw_link_error_exit_status (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return 130;
  if (!error || error->domain != MW_LINK_ERROR)
    return 2;
  switch ((MwLinkError) error->code) {
  case MW_LINK_ERROR_URI:
    return 1;
  case MW_LINK_ERROR_FILE:
    return 6;
  case MW_LINK_ERROR_REPLAY:
    return 3;
  case MW_LINK_ERROR_CANCELLED:
    return 130;
  default:
    return 2;
  }
}

void
mw_link_register (MwScheme scheme, const mw_link_class *klass)
{
  classes[scheme] = klass;
}

/* Has the user cancelled?  Then *ERROR says so and TRUE is returned. */
gboolean
mw_link_cancelled (GCancellable *cancel, GError **error)
{
  if (!cancel || !g_cancellable_is_cancelled (cancel))
    return FALSE;
  g_set_error_literal (error, MW_LINK_ERROR, MW_LINK_ERROR_CANCELLED, "Cancelled.");
  return TRUE;
}

mw_link *
mw_link_new (const mw_link_class *klass, mw_link *below)
{
  mw_link *l = g_malloc0 (klass->size);
  l->klass = klass;
  l->below = below;
  if (below)
    l->line = below->line;
  return l;
}

void
mw_link_free (mw_link *l)
{
  while (l) {
    mw_link *below = l->below;
    if (l->klass->close)
      l->klass->close (l);
    g_free (l);
    l = below;
  }
}

mw_link *
mw_link_open (const MwUri *uri, GCancellable *cancel, GError **error)
{
  return mw_link_open_watched (uri, NULL, NULL, cancel, error);
}

mw_link *
mw_link_open_watched (const MwUri *uri, mw_link_watch watch, gpointer data,
                      GCancellable *cancel, GError **error)
{
  const mw_link_class *klass = classes[uri->scheme];
  if (uri->scheme == MW_SCHEME_SERIAL)
    klass = mw_device_link_class (uri->target);
  if (!klass) {
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI, "This program has no %s links in it.",
                 mw_scheme_name (uri->scheme));
    return NULL;
  }
  mw_link *l = mw_link_new (klass, NULL);
  l->watch = watch;
  l->watch_data = data;
  if (mw_link_cancelled (cancel, error) || !klass->open (l, uri, cancel, error)) {
    mw_link_free (l);
    return NULL;
  }
  if (klass == &mw_pty_link_class)
    l = mw_link_add_parity (l);
  gboolean may_echo = uri->scheme == MW_SCHEME_SERIAL || uri->scheme == MW_SCHEME_TCP;
  gboolean echo_asked =
      uri->echo == MW_ECHO_ON || (uri->echo == MW_ECHO_AUTO && uri->scheme == MW_SCHEME_SERIAL);
  if (may_echo && echo_asked)
    l = mw_link_add_echo (l, uri->echo);
  return l;
}

mw_link *
mw_link_open_uri (const char *text, GCancellable *cancel, GError **error)
{
  g_autoptr (MwUri) uri = mw_uri_parse (text, error);
  return uri ? mw_link_open (uri, cancel, error) : NULL;
}

gssize
mw_link_read (mw_link *l, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
              GError **error)
{
  if (mw_link_cancelled (cancel, error))
    return -1;
  return l->klass->read (l, buf, cap, timeout_ms, cancel, error);
}

gboolean
mw_link_write (mw_link *l, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  if (mw_link_cancelled (cancel, error))
    return FALSE;
  return l->klass->write (l, data, len, cancel, error);
}

gboolean
mw_link_set_line (mw_link *l, const mw_line *line, GError **error)
{
  if (l->klass->set_line && !l->klass->set_line (l, line, error))
    return FALSE;
  l->line = *line;
  return TRUE;
}

void
mw_link_discard (mw_link *l)
{
  if (l->klass->discard)
    l->klass->discard (l);
}

gboolean
mw_link_has_line (const mw_link *l)
{
  while (l->below)
    l = l->below;
  return l->klass->set_line != NULL;
}

gboolean
mw_link_expects (mw_link *l, const void *data, size_t len)
{
  while (l->below)
    l = l->below;
  return l->klass->expects == NULL || l->klass->expects (l, data, len);
}

void
mw_link_note (mw_link *l, const char *text)
{
  for (; l; l = l->below)
    if (l->klass->note)
      l->klass->note (l, text);
}

void
mw_link_hide (mw_link *l, const void *secret, size_t len)
{
  for (; l && len >= 4; l = l->below)
    if (l->klass->hide)
      l->klass->hide (l, secret, len);
}
