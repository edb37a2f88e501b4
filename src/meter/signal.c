/* signal.c: how well a call is heard: at our modem by its own command, at the meter by asking
 * the module that holds the meter's modem (KMP address of a base module). */
#include "link/gsm.h"
#include "meter/kmp/kmp-wire.h"
#include "meter/meter-private.h"

typedef struct {
  int signal;
} Far;

static void
on_register (gpointer user, guint16 id, const mw_kmp_value *value)
{
  Far *far = user;
  if (id == MW_KMP_MODULE_SIGNAL && value && value->octets == 1 && value->data[0] <= 31)
    far->signal = value->data[0];
}

/* A module that says nothing is no failure: many do not. */
static int
ask_module (MwMeter *self)
{
  static const guint16 id = MW_KMP_MODULE_SIGNAL;
  MwKmpWire *module = mw_kmp_wire_new (self->channel);
  g_autoptr (GError) failure = NULL;
  Far far = { -1 };
  module->address = MW_KMP_BASE;
  mw_kmp_wire_ask_once (module, id, on_register, &far, &failure);
  self->channel->pump.engine = NULL; /* the meter's own conversation begins anew */
  mw_kmp_wire_free (module);
  return far.signal;
}

gboolean
mw_meter_get_signal (MwMeter *self, gboolean ask, MwMonitor *monitor, int *local, int *remote,
                     GError **error)
{
  *local = *remote = -1;
  mw_meter_begin (self, monitor);
  if (self->channel->uri->scheme != MW_SCHEME_GSM || self->channel->link == NULL)
    return TRUE;
  if (ask && !mw_gsm_ask_signal (self->channel->link, monitor->cancellable, error)) {
    mw_channel_adopt (error);
    return FALSE;
  }
  *local = mw_gsm_get_signal (self->channel->link);
  if (self->talk == &mw_talk_kmp)
    *remote = ask_module (self);
  return TRUE;
}
