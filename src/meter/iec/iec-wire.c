/* iec-wire.c: see iec-wire.h. */
#include "meter/iec/iec-wire.h"

/* The longest readout that is expected: some hundred data lines; meters with the profiles of
 * months in it exist. */
#define ROOM (256u << 10)
/* Three openings at 300 baud and their answers; and the longest readout at 300 baud. */
#define OPENING_MS 12000u
#define READOUT_MS 900000u

MwIecWire *
mw_iec_wire_new (MwChannel *channel)
{
  MwIecWire *self = g_new0 (MwIecWire, 1);
  self->channel = channel;
  self->buf = g_malloc (ROOM);
  return self;
}

void
mw_iec_wire_free (MwIecWire *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->telegram, g_bytes_unref);
  g_free (self->ident);
  g_free (self->buf);
  g_free (self);
}

static void
begin (MwIecWire *self, enum mw_iec_goal goal)
{
  const MwUri *uri = self->channel->uri;
  mw_iec_client_config config = {
    .address = uri->address_text,
    .goal = goal,
    .start_baud = uri->baud,
    .max_baud = uri->max_baud,
    .switch_ms = (guint16) uri->switch_ms,
    .answer_ms = (guint16) MIN (uri->timeout_ms, G_MAXUINT16),
    .repeats = (guint8) MAX (uri->retries, 0),
    .no_repeats =
        uri->retries == 0 || (uri->retries < 0 && !mw_link_has_line (self->channel->link)),
  };
  mw_iec_client_init (&self->client, &config, self->buf, ROOM);
  mw_channel_start (self->channel, &mw_pump_iec_client, &self->client);
  mw_iec_client_open (&self->client, mw_pump_now ());
  self->channel->pump.limit = mw_pump_now () + MAX (OPENING_MS, 5u * uri->timeout_ms);
}

static void
note_ident (MwIecWire *self)
{
  const mw_iec_ident *id = &self->client.ident;
  g_free (self->ident);
  self->ident = g_strdup_printf ("%s%c%s%s", id->manufacturer, id->baud_char,
                                 id->hdlc ? "\\2" : "", id->text);
  self->channel->last_answer_us = g_get_monotonic_time ();
}

/* The meter has said who it is: which way from here? */
static void
choose (MwIecWire *self, gboolean hdlc, gboolean readout)
{
  MwMonitor *monitor = self->channel->monitor;
  note_ident (self);
  self->channel->pump.limit = mw_pump_now () + READOUT_MS;
  if (hdlc && self->client.ident.hdlc) {
    mw_monitor_step (monitor, "%s answers. Changing to HDLC…", self->ident);
  } else if (readout) {
    mw_monitor_step (monitor, "%s answers. Reading its data…", self->ident);
    mw_iec_client_choose (&self->client, MW_IEC_READOUT);
  }
}

static gboolean
failed (MwIecWire *self, MwIecOutcome *outcome, GError **error)
{
  g_autofree char *step = NULL;
  const MwUri *uri = self->channel->uri;
  if (self->client.err == MW_ERR_TIMEOUT && self->ident == NULL) {
    *outcome = MW_IEC_OUTCOME_SILENT;
    step = g_strdup_printf ("opening at %u baud", uri->baud ? uri->baud : 300);
    return mw_channel_silent (self->channel, step, error);
  }
  *outcome = self->ident ? MW_IEC_OUTCOME_FAILED : MW_IEC_OUTCOME_SILENT;
  if (self->client.err == MW_ERR_UNSUPPORTED && self->ident)
    return mw_fail (
        error, MW_SESSION_ERROR_PROTOCOL,
        "The meter answers as %s and offers no DLMS here, only IEC 62056-21 in mode "
        "C. Its DLMS may be on another port.",
        self->ident);
  if (self->client.err == MW_ERR_TIMEOUT)
    return mw_fail (error, MW_SESSION_ERROR_LINK,
                    "%s answered the opening and then fell silent. Try again; max-baud=%u in "
                    "the link keeps to the slow speed.",
                    self->ident, 300u);
  return mw_fail (error, self->ident ? MW_SESSION_ERROR_PROTOCOL : MW_SESSION_ERROR_LINK,
                  "%s on this port, but not as IEC 62056-21 asks (%s). The trace shows what "
                  "came.",
                  self->ident ? self->ident : "Something answers",
                  mw_err_text (self->client.err));
}

static void
keep_telegram (MwIecWire *self)
{
  g_clear_pointer (&self->telegram, g_bytes_unref);
  self->telegram = g_bytes_new (self->client.data.ptr, self->client.data.len);
  self->read_us = self->channel->last_answer_us = g_get_monotonic_time ();
}

gboolean
mw_iec_wire_open (MwIecWire *self, gboolean hdlc, gboolean readout, MwIecOutcome *outcome,
                  GError **error)
{
  const MwUri *uri = self->channel->uri;
  guint64 heard = self->channel->pump.rx_bytes;
  int event;
  *outcome = MW_IEC_OUTCOME_FAILED;
  g_clear_pointer (&self->ident, g_free);
  mw_monitor_step (self->channel->monitor, "Opening at %u baud…", uri->baud ? uri->baud : 300);
  begin (self, hdlc ? MW_IEC_HDLC : MW_IEC_READOUT);
  while ((event = mw_channel_run (self->channel, error)) > 0) {
    if (event == MW_IEC_EV_LINE
        && !mw_channel_set_line (self->channel, self->client.line, error))
      return FALSE;
    if (event == MW_IEC_EV_IDENT)
      choose (self, hdlc, readout);
    if (event == MW_IEC_EV_DATA)
      keep_telegram (self);
    if (event == MW_IEC_EV_HANDOVER || event == MW_IEC_EV_DONE) {
      *outcome = event == MW_IEC_EV_DONE ? MW_IEC_OUTCOME_TELEGRAM : MW_IEC_OUTCOME_BINARY;
      return TRUE;
    }
    if (event == MW_IEC_EV_FAILED)
      break;
  }
  if (self->ident == NULL)
    self->channel->strays += self->channel->pump.rx_bytes - heard;
  if (event < 0) {
    if (self->ident == NULL && mw_pump_now () >= self->channel->pump.limit)
      *outcome = MW_IEC_OUTCOME_SILENT;
    return FALSE;
  }
  return failed (self, outcome, error);
}
