/* serial.c: a real serial port through libserialport.
 *
 * Pseudo-terminals are pty.c's (libserialport refuses them).  Waiting is done in slices so that
 * a cancel is seen within 50 ms.  RTS and DTR are raised: optical heads live on them.
 */
#include "link/device.h"

#include <errno.h>
#include <libserialport.h>

enum { SLICE_MS = 50, WRITE_MARGIN_MS = 2000, DRAIN_MS = 5000 };

typedef struct serial_link {
  mw_link link;
  struct sp_port *port;
  char *device;
  int fd;
  gboolean claimed;
} serial_link;

static gboolean
failed (serial_link *l, int result, GError **error)
{
  if (result == SP_ERR_ARG)
    return mw_device_fail (error, l->device, EINVAL);
  if (result == SP_ERR_SUPP) {
    g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_IO,
                 "The port %s cannot be set as the meter needs it.", l->device);
    return FALSE;
  }
  return mw_device_fail (error, l->device, sp_last_error_code ());
}

static gboolean
apply (serial_link *l, const mw_line *line, GError **error)
{
  struct sp_port_config *config;
  int result = sp_new_config (&config);
  if (result != SP_OK)
    return failed (l, result, error);
  enum sp_parity parity = line->parity == 'E'   ? SP_PARITY_EVEN
                          : line->parity == 'O' ? SP_PARITY_ODD
                                                : SP_PARITY_NONE;
  sp_set_config_baudrate (config, (int) line->baud);
  sp_set_config_bits (config, line->data_bits);
  sp_set_config_parity (config, parity);
  sp_set_config_stopbits (config, line->stop_bits);
  sp_set_config_flowcontrol (config, SP_FLOWCONTROL_NONE);
  sp_set_config_rts (config, SP_RTS_ON);
  sp_set_config_dtr (config, SP_DTR_ON);
  result = sp_set_config (l->port, config);
  sp_free_config (config);
  return result == SP_OK || failed (l, result, error);
}

/* As the URI says, or as the mode begins; a session sets it again as the protocol goes on. */
static mw_line
first_line (const MwUri *uri)
{
  gboolean optical = mw_uri_mode (uri) == MW_MODE_OPTICAL;
  mw_line line = optical ? mw_line_7e1 (300) : mw_line_8n1 (9600);
  if (uri->format.data_bits) {
    line = uri->format;
    line.baud = optical ? 300 : 9600;
  }
  if (uri->baud)
    line.baud = uri->baud;
  return line;
}

static gboolean
serial_open (mw_link *link, const MwUri *uri, GCancellable *cancel, GError **error)
{
  serial_link *l = (serial_link *) link;
  l->fd = -1;
  l->device = mw_device_resolve (uri->target, error);
  if (!l->device)
    return FALSE;
  int result = sp_get_port_by_name (l->device, &l->port);
  if (result != SP_OK)
    return failed (l, result, error);
  result = sp_open (l->port, SP_MODE_READ_WRITE);
  if (result != SP_OK)
    return failed (l, result, error);
  sp_get_port_handle (l->port, &l->fd);
  l->claimed = mw_device_claim (l->fd, l->device, error);
  if (!l->claimed)
    return FALSE;
  mw_line line = first_line (uri);
  if (!apply (l, &line, error))
    return FALSE;
  link->line = line;
  sp_flush (l->port, SP_BUF_BOTH);
  return TRUE;
}

static gssize
serial_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
             GError **error)
{
  serial_link *l = (serial_link *) link;
  for (guint left = timeout_ms;;) {
    guint slice = MIN (left, SLICE_MS);
    int n = slice ? sp_blocking_read_next (l->port, buf, cap, slice)
                  : sp_nonblocking_read (l->port, buf, cap);
    if (n > 0)
      return n;
    if (n < 0) {
      failed (l, n, error);
      return -1;
    }
    if (mw_device_gone (l->fd)) {
      mw_device_fail (error, l->device, EIO);
      return -1;
    }
    if (mw_link_cancelled (cancel, error))
      return -1;
    left -= slice;
    if (!left)
      return 0;
  }
}

static gboolean
serial_write (mw_link *link, const void *data, size_t len, GCancellable *cancel, GError **error)
{
  serial_link *l = (serial_link *) link;
  const char *at = data;
  gint64 limit = g_get_monotonic_time ()
                 + 1000 * ((gint64) mw_line_ms (link->line, len) + WRITE_MARGIN_MS);
  while (len) {
    int n = sp_blocking_write (l->port, at, len, SLICE_MS);
    if (n < 0)
      return failed (l, n, error);
    at += n;
    len -= (size_t) n;
    if (mw_link_cancelled (cancel, error))
      return FALSE;
    if (len && g_get_monotonic_time () > limit) {
      g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_TIMEOUT,
                   "The port %s does not take what is to be sent.", l->device);
      return FALSE;
    }
  }
  return TRUE;
}

/* What was written goes out at the old speed.  Waiting for that has no time limit in the
 * system; an adapter that takes nothing any more must not hold the program. */
static gboolean
drain (serial_link *l, GError **error)
{
  gint64 limit = g_get_monotonic_time () + 1000 * (gint64) DRAIN_MS;
  while (sp_output_waiting (l->port) > 0) {
    if (g_get_monotonic_time () > limit) {
      sp_flush (l->port, SP_BUF_OUTPUT);
      g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_TIMEOUT,
                   "The port %s does not send what it took. Pull its plug and put it in again.",
                   l->device);
      return FALSE;
    }
    g_usleep (1000);
  }
  sp_drain (l->port);
  return TRUE;
}

static gboolean
serial_set_line (mw_link *link, const mw_line *line, GError **error)
{
  serial_link *l = (serial_link *) link;
  return drain (l, error) && apply (l, line, error);
}

static void
serial_discard (mw_link *link)
{
  sp_flush (((serial_link *) link)->port, SP_BUF_INPUT);
}

static void
serial_close (mw_link *link)
{
  serial_link *l = (serial_link *) link;
  if (l->claimed)
    mw_device_unclaim (l->fd);
  if (l->fd >= 0)
    sp_close (l->port);
  if (l->port)
    sp_free_port (l->port);
  g_free (l->device);
}

const mw_link_class mw_serial_link_class = {
  .scheme = "serial",
  .size = sizeof (serial_link),
  .open = serial_open,
  .read = serial_read,
  .write = serial_write,
  .set_line = serial_set_line,
  .discard = serial_discard,
  .close = serial_close,
};
