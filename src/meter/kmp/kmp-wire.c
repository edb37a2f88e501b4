/* kmp-wire.c: see kmp-wire.h. */
#include "meter/kmp/kmp-wire.h"

#include <string.h>

/* Networks add seconds to what a meter takes. */
#define NETWORK_ANSWER_MS 3000

/* KMP is spoken with 8 data bits and two stop bits (Kamstrup document 5512-447 2.1). */
static mw_line
line_of (guint baud)
{
  return (mw_line){ baud, 8, 'N', 2 };
}

/* ---- the engine's verbs for the pump ---- */

static size_t
ops_feed (void *engine, const uint8_t *data, size_t len, mw_ms now)
{
  MwKmpWire *self = engine;
  self->channel->last_answer_us = g_get_monotonic_time ();
  return mw_kmp_client_feed (&self->client, data, len, now);
}

static mw_span
ops_tx (void *engine)
{
  return mw_kmp_client_tx (&((MwKmpWire *) engine)->client);
}

static void
ops_tx_ack (void *engine, size_t n)
{
  mw_kmp_client_tx_ack (&((MwKmpWire *) engine)->client, n, mw_pump_now ());
}

static mw_ms
ops_deadline (void *engine)
{
  return mw_kmp_client_deadline (&((MwKmpWire *) engine)->client);
}

static void
ops_tick (void *engine, mw_ms now)
{
  mw_kmp_client_tick (&((MwKmpWire *) engine)->client, now);
}

static int
ops_take_event (void *engine)
{
  MwKmpWire *self = engine;
  self->event = mw_kmp_client_take_event (&self->client, mw_pump_now ());
  return self->event.kind;
}

static const mw_pump_ops ops = { ops_feed,     ops_tx,   ops_tx_ack,
                                 ops_deadline, ops_tick, ops_take_event };

/* ---- beginning ---- */

MwKmpWire *
mw_kmp_wire_new (MwChannel *channel)
{
  MwKmpWire *self = g_new0 (MwKmpWire, 1);
  self->channel = channel;
  self->address = channel->uri->address >= 0 ? (guint8) channel->uri->address : MW_KMP_METER;
  return self;
}

void
mw_kmp_wire_free (MwKmpWire *self)
{
  g_free (self);
}

static void
start (MwKmpWire *self, guint answer_ms, gboolean repeats)
{
  const MwUri *uri = self->channel->uri;
  mw_kmp_client_config config = {
    .address = self->address,
    .line = self->channel->line,
    .answer_ms = (guint16) MIN (uri->timeout_ms ? uri->timeout_ms : answer_ms, G_MAXUINT16),
    .repeats = (guint8) MAX (uri->retries, 0),
    .no_repeats = uri->retries == 0 || !repeats,
  };
  mw_kmp_client_init (&self->client, &config);
  mw_channel_start (self->channel, &ops, self);
}

gboolean
mw_kmp_wire_ready (MwKmpWire *self, GError **error)
{
  MwChannel *channel = self->channel;
  if (channel->link && channel->pump.engine == self
      && mw_line_equal (channel->line, self->line))
    return TRUE;
  if (channel->link == NULL && !mw_channel_open (channel, error))
    return FALSE;
  if (self->line.baud && !mw_channel_set_line (channel, self->line, error))
    return FALSE;
  mw_link_discard (channel->link);
  start (self, self->patience_ms, TRUE);
  return TRUE;
}

/* ---- words ---- */

static gboolean
failed (MwKmpWire *self, enum mw_err err, GError **error)
{
  if (err == MW_ERR_TIMEOUT)
    return mw_channel_stopped (self->channel, error);
  return mw_fail (error, MW_SESSION_ERROR_LINK,
                  "The answers of the meter arrive damaged. Is the optical head seated, is the "
                  "cable sound, and does nothing else talk on this line?");
}

static gboolean
request_failed (MwKmpWire *self, enum mw_err err, GError **error)
{
  switch (err) {
  case MW_ERR_REFUSED:
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The meter is there and keeps silent on this request: it does not know it, "
                    "or refuses it.");
  case MW_ERR_ACCESS:
    return mw_fail (error, MW_SESSION_ERROR_ACCESS,
                    "The meter did not accept the password. Give the one of this meter, a "
                    "number from 00000 to 65535; meters are delivered with 12345.");
  case MW_ERR_PROTOCOL:
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "An answer does not fit its question: %s. Does another program or another "
                    "meter use this line? The trace shows it.",
                    mw_kmp_violation_text (self->client.violation));
  case MW_ERR_TIMEOUT:
    return mw_fail (error, MW_SESSION_ERROR_LINK,
                    "The meter did not confirm the command. Whether it was carried out only a "
                    "new read-out can tell.");
  case MW_ERR_STATE:
  case MW_ERR_VALUE:
    return mw_fail (error, MW_SESSION_ERROR_USAGE, "The request cannot be sent: %s.",
                    mw_err_text (err));
  default:
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The answer of the meter could not be understood: %s. The trace shows it.",
                    mw_err_text (err));
  }
}

/* ---- running ---- */

gboolean
mw_kmp_wire_begun (MwKmpWire *self, enum mw_err begun, GError **error)
{
  return begun == MW_OK || request_failed (self, begun, error);
}

gboolean
mw_kmp_wire_step (MwKmpWire *self, GError **error)
{
  int kind = mw_channel_run (self->channel, error);
  if (kind < 0)
    return FALSE;
  if (kind == 0)
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The conversation came to a halt without an answer. Connect again.");
  if (kind == MW_KMP_FAILED)
    return failed (self, self->event.err, error);
  if (kind != MW_KMP_DONE)
    return TRUE;
  mw_channel_note_alive (self->channel);
  return self->event.err == MW_OK || request_failed (self, self->event.err, error);
}

gboolean
mw_kmp_wire_finish (MwKmpWire *self, enum mw_err begun, GError **error)
{
  if (!mw_kmp_wire_begun (self, begun, error))
    return FALSE;
  do
    if (!mw_kmp_wire_step (self, error))
      return FALSE;
  while (self->event.kind != MW_KMP_DONE);
  return TRUE;
}

/* ---- finding ---- */

static gboolean
get_type (MwKmpWire *self, GError **error)
{
  if (!mw_kmp_wire_finish (self, mw_kmp_client_get_type (&self->client, mw_pump_now ()), error))
    return FALSE;
  self->type = self->client.type;
  self->revision = self->client.revision;
  return TRUE;
}

gboolean
mw_kmp_wire_probe (MwKmpWire *self, guint baud, guint answer_ms, GError **error)
{
  MwChannel *channel = self->channel;
  guint64 heard = channel->pump.rx_bytes;
  mw_line line = line_of (baud);
  if (baud && !mw_channel_set_line (channel, line, error))
    return FALSE;
  mw_link_discard (channel->link);
  start (self, answer_ms, channel->uri->retries > 0);
  channel->pump.limit = mw_pump_now () + 4u * MAX (answer_ms, MW_KMP_ANSWER_MS);
  if (!get_type (self, error)) {
    channel->strays += channel->pump.rx_bytes - heard;
    return FALSE;
  }
  self->line = channel->line;
  self->found = TRUE;
  self->patience_ms = baud ? 0 : MAX (answer_ms, NETWORK_ANSWER_MS);
  start (self, self->patience_ms, TRUE);
  return TRUE;
}

gboolean
mw_kmp_wire_get_serial (MwKmpWire *self, GError **error)
{
  guint32 before = self->serial;
  if (!mw_kmp_wire_finish (self, mw_kmp_client_get_serial (&self->client, mw_pump_now ()),
                           error))
    return FALSE;
  self->serial = self->client.serial;
  return before == 0 || before == self->serial
         || mw_fail (
             error, MW_SESSION_ERROR_REFUSED,
             "Another meter answers now: serial number %u instead of %u. Connect again.",
             self->serial, before);
}

gboolean
mw_kmp_wire_reopen (MwKmpWire *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  for (guint attempt = 0; attempt < MW_KMP_RETRIES; attempt++) {
    mw_monitor_step (self->channel->monitor, "Connecting again…");
    g_clear_error (&failure);
    mw_channel_close_for_now (self->channel);
    if (mw_kmp_wire_ready (self, &failure) && mw_kmp_wire_get_serial (self, &failure)
        && mw_kmp_wire_login (self, &failure))
      return TRUE;
    if (!mw_channel_may_retry (failure))
      break;
    g_usleep (200000);
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* ---- the password ---- */

static gboolean
pin_of (const char *password, guint16 *pin, GError **error)
{
  guint64 n;
  if (!g_ascii_string_to_unsigned (password, 10, 0, G_MAXUINT16, &n, NULL))
    return mw_fail (error, MW_SESSION_ERROR_ACCESS,
                    "The password of a Kamstrup meter is a number from 00000 to 65535. Meters "
                    "are delivered with 12345.");
  *pin = (guint16) n;
  return TRUE;
}

/* The trace shows the command and not the number. */
static void
hide_pin (MwKmpWire *self, guint16 pin)
{
  const guint8 apdu[] = { MW_KMP_LOGIN, (guint8) (pin >> 8), (guint8) pin };
  guint8 room[MW_KMP_FRAME_MAX (sizeof apdu)];
  mw_wr w;
  mw_wr_init (&w, room, sizeof room);
  mw_kmp_frame_encode (&w, MW_KMP_TO_METER, self->address, (mw_span){ apdu, sizeof apdu });
  mw_link_hide (self->channel->link, room + 2, mw_wr_len (&w) - 3);
}

gboolean
mw_kmp_wire_login (MwKmpWire *self, GError **error)
{
  guint16 pin = 0;
  if (self->channel->password == NULL)
    return TRUE;
  if (!pin_of (self->channel->password, &pin, error))
    return FALSE;
  hide_pin (self, pin);
  return mw_kmp_wire_finish (self, mw_kmp_client_login (&self->client, pin, mw_pump_now ()),
                             error);
}

/* ---- registers ---- */

typedef struct {
  MwKmpGot got;
  gpointer user;
  GArray *left; /* ids that no answer came for yet */
} Get;

static void
settle (Get *get, guint16 id, const mw_kmp_value *value)
{
  for (guint i = 0; i < get->left->len; i++)
    if (g_array_index (get->left, guint16, i) == id) {
      g_array_remove_index (get->left, i);
      break;
    }
  get->got (get->user, id, value);
}

static gboolean
get_once (MwKmpWire *self, Get *get, GError **error)
{
  g_autofree guint16 *ids =
      g_memdup2 (get->left->data, sizeof (guint16) * (gsize) get->left->len);
  if (!mw_kmp_wire_ready (self, error)
      || !mw_kmp_wire_begun (
          self,
          mw_kmp_client_get_registers (&self->client, ids, get->left->len, mw_pump_now ()),
          error))
    return FALSE;
  for (;;) {
    if (!mw_kmp_wire_step (self, error)) {
      mw_kmp_client_cancel (&self->client);
      return FALSE;
    }
    if (self->event.kind == MW_KMP_DONE)
      return TRUE;
    if (self->event.kind == MW_KMP_VALUE)
      settle (get, self->event.value->id, self->event.value);
    else if (self->event.kind == MW_KMP_ABSENT)
      settle (get, self->event.id, NULL);
  }
}

gboolean
mw_kmp_wire_get (MwKmpWire *self, const guint16 *ids, guint n, MwKmpGot got, gpointer user,
                 GError **error)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint16));
  Get get = { got, user, left };
  guint tries = 0;
  g_array_append_vals (left, ids, n);
  while (left->len) {
    g_autoptr (GError) failure = NULL;
    guint before = left->len;
    if (get_once (self, &get, &failure)) {
      if (left->len == 0)
        break;
      return mw_fail (
          error, MW_SESSION_ERROR_PROTOCOL,
          "The meter left %u of %u registers unanswered. The trace shows what came.", left->len,
          n);
    }
    tries = left->len < before ? 0 : tries + 1;
    if (!mw_channel_may_retry (failure) || tries > MW_KMP_RETRIES) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (!mw_kmp_wire_reopen (self, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
mw_kmp_wire_ask_once (MwKmpWire *self, guint16 id, MwKmpGot got, gpointer user, GError **error)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint16));
  Get get = { got, user, left };
  g_array_append_val (left, id);
  self->line = self->channel->line;
  start (self, 0, FALSE);
  return get_once (self, &get, error);
}

/* ---- writing ---- */

/* Kamstrup document 5512-447: how new meters are delivered. */
#define PIN_OF_NEW_METERS 12345

static void
add_stuffed (GByteArray *out, guint8 octet)
{
  const guint8 two[] = { 0x1b, (guint8) ~octet };
  gboolean stuffed =
      octet == 0x80 || octet == 0x40 || octet == 0x0d || octet == 0x06 || octet == 0x1b;
  if (stuffed)
    g_byte_array_append (out, two, 2);
  else
    g_byte_array_append (out, &octet, 1);
}

/* The trace shows the register and not the password before it. */
static void
hide_password (MwKmpWire *self, guint16 pin, guint16 id)
{
  const guint8 octets[] = { MW_KMP_PUT_REGISTER, (guint8) (pin >> 8), (guint8) pin,
                            (guint8) (id >> 8), (guint8) id };
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  for (guint i = 0; i < sizeof octets; i++)
    add_stuffed (sent, octets[i]);
  mw_link_hide (self->channel->link, sent->data, sent->len);
}

gboolean
mw_kmp_wire_put (MwKmpWire *self, const mw_kmp_value *value, GError **error)
{
  guint16 pin = PIN_OF_NEW_METERS;
  if (self->channel->password && !pin_of (self->channel->password, &pin, error))
    return FALSE;
  if (!mw_kmp_wire_ready (self, error))
    return FALSE;
  hide_password (self, pin, value->id);
  return mw_kmp_wire_finish (
      self, mw_kmp_client_put_register (&self->client, pin, value, mw_pump_now ()), error);
}
