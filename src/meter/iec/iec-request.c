/* iec-request.c: the data readout of IEC 62056-21 (IEC 1107 as it was), asked for by hand of a
 * meter that is read otherwise (METERTOOL manual 3.5.5).
 */
#include "meter/iec/iec-family.h"

static gboolean
is_possible (MwMeter *self, GError **error)
{
  g_autofree char *reason = mw_meter_dup_iec_refusal (self);
  return reason == NULL || mw_fail (error, MW_SESSION_ERROR_REFUSED, "%s", reason);
}

/* A DLMS server behind the TCP wrapper would take the opening for a broken frame. */
static gboolean
has_way (MwMeter *self, GError **error)
{
  if (self->talk != &mw_talk_dlms
      || (self->channel->link && mw_link_has_line (self->channel->link)))
    return TRUE;
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "This connection carries DLMS alone. The IEC 1107 request goes through the "
                  "meter's optical port.");
}

static gboolean
store_readout (MwMeter *self, MwReadout *readout, GError **error)
{
  if (self->store == NULL || !self->save)
    return TRUE;
  readout->id = mw_store_save_readout (self->store, readout, error);
  if (readout->id)
    return TRUE;
  mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return FALSE;
}

MwReadout *
mw_meter_iec_request (MwMeter *self, MwMonitor *monitor, GError **error)
{
  g_autoptr (MwReadout) readout = NULL;
  g_autoptr (GPtrArray) readings = NULL;
  MwIecOutcome outcome;

  mw_meter_begin (self, monitor);
  if (!is_possible (self, error) || !has_way (self, error))
    return NULL;
  self->talk->shut (self);
  if (self->channel->link == NULL && !mw_channel_open (self->channel, error))
    return NULL;
  if (!mw_channel_wait_quiet (self->channel, error)
      || !mw_iec_wire_open (self->iec, FALSE, TRUE, &outcome, error))
    return NULL;
  mw_channel_note_alive (self->channel);
  readings = mw_iec_readings (self, error);
  if (readings == NULL)
    return NULL;
  readout = mw_readout_new ();
  for (guint i = 0; i < readings->len; i++) {
    g_ptr_array_add (readout->readings, mw_reading_ref (readings->pdata[i]));
    mw_monitor_reading (monitor, readings->pdata[i]);
  }
  mw_meter_finish_readout (self, readout, "IEC1107 request");
  if (!store_readout (self, readout, error))
    return NULL;
  return g_steal_pointer (&readout);
}
