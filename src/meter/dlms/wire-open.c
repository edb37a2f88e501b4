/* wire-open.c: how a DLMS server is found on an open channel, and reached again.
 *
 *   client    16 (public, no password: a wrong guess of a password is an event in the meter's
 *             fraud log), and when that is refused the management client
 *   address   HDLC server address of 1, 2, 4 bytes, unless the URI gives one
 *
 * Which protocols a port is tried with, and at which speeds, is probe.c's.
 */
#include "meter/dlms/wire.h"
#include "meter/dlms/words.h"

#include <stdio.h>

/* While looking for the form of the address nothing but silence is lost. */
#define PROBE_MS 900
/* For an answer through the wrapper: slow networks take 5 s now and then. */
#define WRAPPER_MS 6000
/* HDLC waits twice as long after each repetition: 8 s in all through a network, 14 s on a line.
 */
#define NETWORK_HDLC_MS 1200
#define HDLC_RETRIES 2
/* Trying to get through again to a meter that says nothing at all ends after this; one that
 * says something, however damaged, is tried MW_WIRE_RETRIES times. */
#define SILENT_MS 5000
#define SILENT_OPTICAL_MS 10000
#define APDU_ROOM (MW_APDU_MAX + 16)

typedef struct {
  guint bytes;
  guint physical;
} Form;

/* Server addresses that meters have when nobody gave them another: logical device alone, and
 * with the physical addresses that manufacturers deliver. */
static const Form forms[] = { { 1, 0 }, { 2, 17 }, { 2, 1 }, { 4, 17 }, { 4, 1 } };
#define MAX_FORMS (G_N_ELEMENTS (forms) + 1)
/* ---- the engines ---- */

/* A frame may be torn apart by a network: no pause inside it means anything below this. */
#define NETWORK_GAP_MS 2000

static void
init_hdlc (MwWire *self, guint client, guint response_ms, guint retries)
{
  mw_hdlc_config config = {
    .role = MW_CLIENT,
    .client = (guint8) client,
    .servers = { (guint16) self->logical },
    .n_servers = 1,
    .physical = (guint16) self->physical,
    .address_bytes = (guint8) self->address_bytes,
    .limits = { (guint16) self->info, (guint16) self->info, MW_WIRE_WINDOW, MW_WIRE_WINDOW },
    .response_ms = response_ms,
    .answer_ms = self->channel->uri->timeout_ms,
    .retries = retries ? (guint8) retries : MW_HDLC_NO_RETRIES,
    .inter_octet_ms = self->channel->line.baud ? 0 : NETWORK_GAP_MS,
    .byte_us = self->channel->line.baud
                   ? mw_line_bits (self->channel->line) * 1000000u / self->channel->line.baud
                   : 0,
    .rx_buf = self->rx,
    .rx_cap = APDU_ROOM,
    .tx_buf = self->tx,
    .tx_cap = APDU_ROOM,
  };
  mw_hdlc_init (&self->hdlc, &config);
}

static void
init_wrapper (MwWire *self, guint client, guint response_ms)
{
  mw_wrapper_config config = {
    .role = MW_CLIENT,
    .client = (guint16) client,
    .servers = { (guint16) self->logical },
    .n_servers = 1,
    .response_ms = response_ms,
    .rx_buf = self->rx,
    .rx_cap = APDU_ROOM,
    .tx_buf = self->tx,
    .tx_cap = APDU_ROOM,
  };
  mw_wrapper_init (&self->wrapper, &config);
}

static gboolean
mechanism_of (MwWire *self, guint client, guint8 *mechanism, GError **error)
{
  switch (self->channel->uri->auth) {
  case MW_URI_AUTH_NONE:
    *mechanism = MW_AUTH_NONE;
    return TRUE;
  case MW_URI_AUTH_LOW:
    *mechanism = MW_AUTH_LOW;
    return TRUE;
  case MW_URI_AUTH_UNSET:
    *mechanism = client == MW_CLIENT_PUBLIC ? MW_AUTH_NONE : MW_AUTH_LOW;
    return TRUE;
  default:
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "This version authenticates with auth=none or auth=low. Leave auth out of "
                    "the link, or use one of these.");
  }
}

/* Retries and waiting time as the URI says; a probe has its own. */
typedef struct {
  guint response_ms;
  guint retries;
} Patience;

static Patience
usual_patience (MwWire *self)
{
  const MwUri *uri = self->channel->uri;
  guint hdlc = self->channel->line.baud ? MW_HDLC_RESPONSE_MS : NETWORK_HDLC_MS;
  guint own = self->framing == MW_WIRE_WRAPPER ? WRAPPER_MS : hdlc;
  Patience p = { uri->timeout_ms ? uri->timeout_ms : own,
                 uri->retries >= 0 ? (guint) uri->retries : HDLC_RETRIES };
  return p;
}

/* ASSOCIATED, or FALSE with the error of it. */
static gboolean
try_associate (MwWire *self, guint client, Patience patience, GError **error)
{
  mw_dlms_client_config config = { .max_pdu = MW_APDU_MAX };
  const char *password =
      self->channel->password ? self->channel->password : self->manager->password;
  mw_transport *transport;

  if (!mechanism_of (self, client, &config.mechanism, error))
    return FALSE;
  if (config.mechanism == MW_AUTH_LOW)
    config.password = (mw_span){ (const guint8 *) password, strlen (password) };
  config.timeout_ms = self->framing == MW_WIRE_WRAPPER ? patience.response_ms : 0;
  self->associated = FALSE;
  self->client = client;
  if (self->framing == MW_WIRE_HDLC) {
    init_hdlc (self, client, patience.response_ms, patience.retries);
    transport = &self->hdlc.transport;
  } else {
    init_wrapper (self, client, patience.response_ms);
    transport = &self->wrapper.transport;
  }
  mw_channel_start (self->channel, &mw_wire_ops, self);
  mw_dlms_client_init (&self->dlms, transport, &config);
  if (mw_dlms_client_associate (&self->dlms, mw_pump_now ()) != MW_OK)
    return mw_words_request_failed (self, MW_ERR_STATE, error);
  while (mw_wire_step (self, error)) {
    if (self->event.kind == MW_DLMS_FAILED)
      return mw_words_connection_failed (self, self->event.err, error);
    if (self->event.kind == MW_DLMS_ASSOCIATED) {
      self->associated = TRUE;
      mw_link_note (self->channel->link, "associated");
      return TRUE;
    }
  }
  return FALSE;
}

/* A probe, and a try to get through again, are not as patient as a request. */
static Patience
brief_patience (MwWire *self, guint retries)
{
  const MwUri *uri = self->channel->uri;
  Patience p = { uri->timeout_ms ? uri->timeout_ms : PROBE_MS,
                 uri->retries >= 0 ? (guint) uri->retries : retries };
  return p;
}

/* To get through again: as long for an answer as usual, but not as often. */
static Patience
second_patience (MwWire *self)
{
  Patience p = usual_patience (self);
  if (self->framing == MW_WIRE_WRAPPER && self->channel->uri->timeout_ms == 0)
    p.response_ms = WRAPPER_MS * 2 / 3;
  if (self->channel->uri->retries < 0)
    p.retries = 1;
  return p;
}

/* The association was refused: somebody is there and understands us. */
static gboolean
is_refused (const GError *error)
{
  return g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_ACCESS);
}

/* The client that looks around first: the one that the URI names, the public one, or at once
 * the one that is wanted in the end when no password need be guessed.  Going from one client to
 * another costs a new opening where the meter leaves HDLC with its association. */
static guint
first_client (MwWire *self)
{
  const MwManager *known =
      self->ident && self->knows ? self->knows (self->knows_data, self->ident) : NULL;
  if (known)
    mw_wire_set_manager (self, known);
  if (self->channel->uri->client >= 0)
    return (guint) self->channel->uri->client;
  return self->channel->password || known ? self->manager->client : MW_CLIENT_PUBLIC;
}

/* Somebody answered in this form: keep it. A public client that is refused is no failure. */
static gboolean
accept_form (MwWire *self, const GError *refusal, GError **error)
{
  self->found = TRUE;
  if (refusal == NULL)
    return TRUE;
  if (self->client != MW_CLIENT_PUBLIC || self->channel->uri->client >= 0) {
    g_propagate_error (error, g_error_copy (refusal));
    return FALSE;
  }
  mw_monitor_step (self->channel->monitor, "The public client is refused. Trying client %u…",
                   self->manager->client);
  return try_associate (self, self->manager->client, usual_patience (self), error);
}

/* ---- HDLC ---- */

static void
set_form (MwWire *self, const Form *form)
{
  self->address_bytes = form->bytes;
  self->physical = form->physical;
}

gboolean
mw_wire_heard_hdlc (MwWire *self)
{
  return self->hdlc.counts.frames_in > 0;
}

/* One form of the address. *HEARD: the meter answered, so that no other form need be tried. */
static gboolean
try_form (MwWire *self, const Form *form, guint retries, gboolean *heard, GError **error)
{
  g_autoptr (GError) failure = NULL;
  set_form (self, form);
  if (try_associate (self, first_client (self), brief_patience (self, retries), &failure)) {
    *heard = TRUE;
    return accept_form (self, NULL, error);
  }
  *heard = mw_wire_heard_hdlc (self) || mw_channel_is_cancelled (failure)
           || g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_USAGE);
  if (is_refused (failure))
    return accept_form (self, failure, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The forms to be tried: the one that worked an earlier time; then the one that the URI gives
 * with each length, or the usual ones. */
static guint
list_forms (MwWire *self, const char *hint, Form list[MAX_FORMS])
{
  guint n = 0, physical;
  if (hint && sscanf (hint, "hdlc %u %u", &list[0].bytes, &list[0].physical) == 2)
    n = 1;
  if (self->channel->uri->address < 0) {
    memcpy (list + n, forms, sizeof forms);
    return n + (guint) G_N_ELEMENTS (forms);
  }
  physical = (guint) self->channel->uri->address;
  if (physical < 128)
    list[n++] = (Form){ 2, physical };
  list[n++] = (Form){ 4, physical };
  return n;
}

gboolean
mw_wire_probe_hdlc (MwWire *self, guint max_forms, const char *hint, GError **error)
{
  Form list[MAX_FORMS];
  guint n = MIN (list_forms (self, hint, list), max_forms);
  self->framing = MW_WIRE_HDLC;
  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) failure = NULL;
    gboolean heard = FALSE;
    if (list[i].bytes == 1)
      mw_monitor_step (self->channel->monitor, "HDLC to server %u, address of 1 byte…",
                       self->logical);
    else
      mw_monitor_step (self->channel->monitor,
                       "HDLC to server %u, physical %u, address of %u bytes…", self->logical,
                       list[i].physical, list[i].bytes);
    if (try_form (self, &list[i], i == 0 && max_forms > 1, &heard, &failure))
      return TRUE;
    if (heard || !mw_channel_may_retry (failure) || i + 1 == n) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return FALSE;
}

/* ---- the wrapper ---- */

/* *ELSEWHERE: this was not the wrapper's port, HDLC may be tried. */
gboolean
mw_wire_probe_wrapper (MwWire *self, guint response_ms, gboolean *elsewhere, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Patience probe = { response_ms, 0 };
  self->framing = MW_WIRE_WRAPPER;
  *elsewhere = FALSE;
  mw_monitor_step (self->channel->monitor, "TCP wrapper to logical device %u…", self->logical);
  if (try_associate (self, first_client (self), probe, &failure))
    return accept_form (self, NULL, error);
  if (is_refused (failure))
    return accept_form (self, failure, error);
  *elsewhere = mw_channel_may_retry (failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static const MwManager usual_manager = { MW_CLIENT_MANAGEMENT, 1, MW_WIRE_PASSWORD };

void
mw_wire_set_manager (MwWire *self, const MwManager *manager)
{
  self->manager = manager;
  if (self->channel->uri->logical_device < 0)
    self->logical = manager->logical;
}

MwWire *
mw_wire_new (MwChannel *channel, MwIecWire *iec)
{
  const MwUri *uri = channel->uri;
  MwWire *self = g_new0 (MwWire, 1);
  self->channel = channel;
  self->iec = iec;
  self->logical = uri->logical_device >= 0 ? (guint) uri->logical_device : 1;
  self->info = MW_WIRE_INFO_MAX;
  self->manager = &usual_manager;
  self->rx = g_malloc (APDU_ROOM);
  self->tx = g_malloc (APDU_ROOM);
  return self;
}

/* Go the known way again, from a fresh link. */
static gboolean
go_again (MwWire *self, GError **error)
{
  MwIecOutcome outcome;
  mw_line line = self->channel->line;
  if (!mw_channel_open (self->channel, error))
    return FALSE;
  if (self->optical) {
    if (!mw_iec_wire_open (self->iec, TRUE, FALSE, &outcome, error))
      return FALSE;
  } else if (line.baud && !mw_channel_set_line (self->channel, line, error)) {
    return FALSE;
  }
  return try_associate (self, self->client, second_patience (self), error);
}

/* Over the link as it stands: an SNRM begins the link anew in any state (ISO/IEC 13239). */
static gboolean
begin_anew (MwWire *self, GError **error)
{
  if (self->channel->link == NULL || self->framing != MW_WIRE_HDLC)
    return mw_fail (error, MW_SESSION_ERROR_LINK, "Closed.");
  return mw_channel_wait_quiet (self->channel, error)
         && try_associate (self, self->client,
                           brief_patience (self, self->channel->line.baud ? 1 : 0), error);
}

static gboolean
is_hopeless (MwWire *self, gint64 begun, guint64 heard)
{
  gint64 limit = self->optical ? SILENT_OPTICAL_MS : SILENT_MS;
  limit = MAX (limit, 2 * (gint64) self->channel->uri->timeout_ms);
  return self->channel->pump.rx_bytes == heard
         && g_get_monotonic_time () - begun > 1000 * limit;
}

gboolean
mw_wire_reopen (MwWire *self, gboolean damaged, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gint64 begun = g_get_monotonic_time ();
  guint64 heard = self->channel->pump.rx_bytes;
  if (damaged && self->framing == MW_WIRE_HDLC)
    self->info = MAX (self->info / 2, MW_WIRE_INFO_MIN);
  for (guint attempt = 0; attempt < MW_WIRE_RETRIES; attempt++) {
    mw_monitor_step (self->channel->monitor, "Connecting again…");
    g_clear_error (&failure);
    if (begin_anew (self, &failure))
      return TRUE;
    if (mw_channel_is_cancelled (failure) || is_refused (failure))
      break;
    g_clear_error (&failure);
    if (go_again (self, &failure))
      return TRUE;
    if (!mw_channel_may_retry (failure) || is_hopeless (self, begun, heard))
      break;
    g_usleep (200000);
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
mw_wire_associate (MwWire *self, guint client, GError **error)
{
  g_autoptr (GError) failure = NULL;
  mw_wire_shut (self);
  if (try_associate (self, client, brief_patience (self, 1), &failure))
    return TRUE;
  if (!mw_channel_may_retry (failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  self->client = client; /* a meter that leaves HDLC with the association */
  return go_again (self, error);
}
