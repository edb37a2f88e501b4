/* channel.c: see channel.h.  The words are short, in the field's terms, and never blame. */
#include "meter/channel.h"

#include "link/gsm.h"

#include <string.h>

/* A line is quiet when nothing came for so long; an HDLC window lasts 15 s at 9600 baud. */
#define QUIET_MS 150
#define QUIET_LIMIT_S 20
/* Fewer stray bytes than this are a spark, more are noise. */
#define NOISE_BYTES 3

MwChannel *
mw_channel_new (const char *uri_text, const char *password, const char *trace_file,
                GError **error)
{
  MwUri *uri = mw_uri_parse (uri_text, error);
  MwChannel *self;
  if (uri == NULL) {
    mw_channel_adopt (error);
    return NULL;
  }
  self = g_new0 (MwChannel, 1);
  self->uri = uri;
  self->uri_text = mw_uri_format (uri);
  self->password = g_strdup (password);
  self->trace_file = g_strdup (trace_file);
  return self;
}

void
mw_channel_free (MwChannel *self)
{
  if (self == NULL)
    return;
  mw_channel_close (self);
  mw_uri_free (self->uri);
  if (self->password)
    memset (self->password, 0, strlen (self->password));
  g_free (self->password);
  g_free (self->uri_text);
  g_free (self->trace_file);
  g_free (self);
}

/* ---- the link ---- */

static void
on_link_bytes (gpointer data, char direction, const void *bytes, size_t len, gint64 time_us)
{
  MwChannel *self = data;
  gboolean note = direction != '>' && direction != '<';
  g_autofree char *text = NULL;
  if (self->monitor == NULL || self->monitor->trace == NULL)
    return;
  if (note)
    text = g_strndup (bytes, len);
  self->monitor->trace (self->monitor->data, g_get_real_time (), direction == '>',
                        note ? NULL : bytes, note ? 0 : len, text);
}

static void
on_link_step (gpointer data, const char *step)
{
  MwChannel *self = data;
  mw_monitor_step (self->monitor, "Modem: %s…", step);
}

void
mw_channel_close (MwChannel *self)
{
  g_clear_pointer (&self->link, mw_link_free);
}

void
mw_channel_close_for_now (MwChannel *self)
{
  if (self->link)
    mw_gsm_hold (self->link);
  mw_channel_close (self);
}

gboolean
mw_channel_open (MwChannel *self, GError **error)
{
  mw_link *traced = NULL;
  mw_channel_close_for_now (self);
  self->line = (mw_line){ 0 };
  self->strays = 0;
  self->link =
      mw_link_open_watched (self->uri, on_link_step, self, self->monitor->cancellable, error);
  if (self->link)
    traced =
        mw_link_add_trace (self->link, self->trace_file, self->traced ? NULL : self->uri_text,
                           on_link_bytes, self, error);
  if (traced == NULL) {
    mw_channel_close (self);
    mw_channel_adopt (error);
    return FALSE;
  }
  self->link = traced;
  self->traced = TRUE;
  if (self->password)
    mw_link_hide (self->link, self->password, strlen (self->password));
  return TRUE;
}

gboolean
mw_channel_set_line (MwChannel *self, mw_line line, GError **error)
{
  gboolean has_line = mw_link_has_line (self->link);
  if (has_line && !mw_link_set_line (self->link, &line, error)) {
    mw_channel_adopt (error);
    return FALSE;
  }
  self->line = has_line ? line : (mw_line){ 0 };
  return TRUE;
}

void
mw_channel_start (MwChannel *self, const mw_pump_ops *ops, void *engine)
{
  guint64 tx = self->pump.tx_bytes, rx = self->pump.rx_bytes;
  memset (&self->pump, 0, sizeof self->pump);
  self->pump.ops = ops;
  self->pump.engine = engine;
  self->pump.link = self->link;
  self->pump.tx_bytes = tx;
  self->pump.rx_bytes = rx;
}

int
mw_channel_run (MwChannel *self, GError **error)
{
  int event;
  self->pump.cancel = self->monitor->cancellable;
  event = mw_pump_run (&self->pump, error);
  if (event < 0)
    mw_channel_adopt (error);
  return event;
}

gboolean
mw_channel_wait_quiet (MwChannel *self, GError **error)
{
  guint8 bytes[512];
  gint64 limit = g_get_monotonic_time () + QUIET_LIMIT_S * G_USEC_PER_SEC;
  gssize n = 1;
  while (n > 0 && g_get_monotonic_time () < limit)
    n = mw_link_read (self->link, bytes, sizeof bytes, QUIET_MS, self->monitor->cancellable,
                      error);
  mw_channel_adopt (error);
  return n >= 0;
}

gboolean
mw_channel_expects (MwChannel *self, const void *data, gsize len)
{
  return mw_link_expects (self->link, data, len);
}

void
mw_channel_note_alive (MwChannel *self)
{
  if (self->monitor->alive)
    self->monitor->alive (self->monitor->data);
}

gboolean
mw_channel_is_optical (MwChannel *self)
{
  MwLinkMode mode = self->uri->mode;
  if (self->uri->scheme == MW_SCHEME_SERIAL)
    return mode == MW_MODE_OPTICAL || mode == MW_MODE_UNSET;
  return mode == MW_MODE_OPTICAL
         || (mode == MW_MODE_UNSET && self->uri->framing == MW_FRAMING_UNSET && self->link
             && mw_link_has_line (self->link));
}

/* "ttyUSB0", "10.0.0.5:4059", "reference MT381". */
static char *
port_name (const MwUri *uri)
{
  switch (uri->scheme) {
  case MW_SCHEME_TCP:
    return g_strdup_printf ("%s:%u", uri->target, uri->port);
  case MW_SCHEME_REF:
    return g_strdup_printf ("reference %s", uri->target);
  default:
    return g_path_get_basename (uri->target);
  }
}

char *
mw_channel_dup_port_text (MwChannel *self, const char *protocol)
{
  g_autofree char *name = port_name (self->uri);
  if (self->line.baud)
    return g_strdup_printf ("%s · %u · %s", name, self->line.baud, protocol);
  return g_strdup_printf ("%s · %s", name, protocol);
}

/* ---- words ---- */

/* What to look at when nothing comes; by what the link is. */
static const char *
ask_about_link (MwChannel *self)
{
  switch (self->uri->scheme) {
  case MW_SCHEME_SERIAL:
    if (self->uri->mode == MW_MODE_OPTICAL || self->uri->mode == MW_MODE_UNSET)
      return "Is the meter powered, is the optical head seated with its cable pointing down, "
             "and is this the right port?";
    return "Is the meter powered, is the cable connected, and are port and speed right?";
  case MW_SCHEME_TCP:
    return "Is the meter powered, and are host and port right?";
  default:
    return "Is the meter powered?";
  }
}

gboolean
mw_channel_silent (MwChannel *self, const char *step, GError **error)
{
  g_autofree char *where = mw_uri_describe (self->uri);
  if (self->strays >= NOISE_BYTES)
    return mw_fail (error, MW_SESSION_ERROR_LINK,
                    "No answer from %s (%s), but noise: %" G_GUINT64_FORMAT " bytes came that "
                    "are no message. %s",
                    where, step, self->strays,
                    !mw_link_has_line (self->link)
                        ? "Does something else listen there than a meter?"
                    : !mw_channel_is_optical (self)
                        ? "Is the speed right, and does nothing else talk on this line?"
                        : "Is the speed right, and does the optical head sit where it sees the "
                          "meter alone?");
  return mw_fail (error, MW_SESSION_ERROR_LINK, "No answer from %s (%s). %s", where, step,
                  ask_about_link (self));
}

gboolean
mw_channel_stopped (MwChannel *self, GError **error)
{
  g_autofree char *where = mw_uri_describe (self->uri);
  return mw_fail (error, MW_SESSION_ERROR_LINK, "The meter on %s stopped answering. %s", where,
                  ask_about_link (self));
}

void
mw_channel_adopt (GError **error)
{
  GError *ours;
  if (error == NULL || *error == NULL || (*error)->domain != MW_LINK_ERROR)
    return;
  if ((*error)->code == MW_LINK_ERROR_CANCELLED)
    ours = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled.");
  else
    ours = g_error_new_literal (MW_SESSION_ERROR, mw_link_error_exit_status (*error),
                                (*error)->message);
  g_error_free (*error);
  *error = ours;
}

gboolean
mw_channel_may_retry (const GError *error)
{
  return g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_LINK)
         || g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_PROTOCOL);
}

gboolean
mw_channel_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
