/* wire-open.c: finding the way to a meter, and going it again.
 *
 *   serial, optical   IEC 62056-21 at 300 baud 7E1 -> mode E -> HDLC at the agreed speed;
 *                     no answer at 300: HDLC directly at the usual speeds (a meter that was
 * left in HDLC stays there for two minutes) serial, other     HDLC at the given speed tcp the
 * wrapper, then HDLC, unless the URI says which HDLC              server address of 1, 2, 4
 * bytes, unless the URI gives one client            16 (public, no password: a wrong guess of a
 * password is an event in the meter's fraud log), and when that is refused the management
 * client
 */
#include "meter/dlms/wire.h"
#include "meter/dlms/words.h"

#include <stdio.h>

/* While looking for the form of the address nothing but silence is lost. */
#define PROBE_MS 900
#define PROBE_WRAPPER_MS 3000
/* A line is quiet when nothing came for so long; a meter's window lasts 15 s at 9600 baud. */
#define QUIET_MS 150
#define QUIET_LIMIT_S 20
#define APDU_ROOM (MW_APDU_MAX + 16)
#define IEC_ROOM 4096

typedef struct {
  guint bytes;
  guint physical;
} Form;

/* Server addresses that meters have when nobody gave them another: logical device alone, and
 * with the physical addresses that manufacturers deliver. */
static const Form forms[] = { { 1, 0 }, { 2, 17 }, { 2, 1 }, { 4, 17 }, { 4, 1 } };
#define MAX_FORMS (G_N_ELEMENTS (forms) + 1)
/* Speeds at which a meter may have been left in HDLC, the usual first. */
static const guint speeds[] = { 9600, 19200, 38400, 57600, 115200, 4800, 2400 };

/* ---- the link ---- */

static void
on_link_bytes (gpointer data, char direction, const void *bytes, size_t len, gint64 time_us)
{
  MwWire *self = data;
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
start_pump (MwWire *self, const mw_pump_ops *ops, void *engine)
{
  guint64 tx = self->pump.tx_bytes, rx = self->pump.rx_bytes;
  memset (&self->pump, 0, sizeof self->pump);
  self->pump.ops = ops;
  self->pump.engine = engine;
  self->pump.link = self->link;
  self->pump.tx_bytes = tx;
  self->pump.rx_bytes = rx;
}

static gboolean
open_link (MwWire *self, GError **error)
{
  mw_link *traced;
  g_clear_pointer (&self->link, mw_link_free);
  self->line = (mw_line){ 0 };
  self->link = mw_link_open (self->uri, self->monitor->cancellable, error);
  if (self->link)
    traced =
        mw_link_add_trace (self->link, self->trace_file, self->traced ? NULL : self->uri_text,
                           on_link_bytes, self, error);
  if (self->link == NULL || traced == NULL) {
    g_clear_pointer (&self->link, mw_link_free);
    mw_words_adopt_link (error);
    return FALSE;
  }
  self->link = traced;
  self->traced = TRUE;
  if (self->password)
    mw_link_hide (self->link, self->password, strlen (self->password));
  return TRUE;
}

static gboolean
set_line (MwWire *self, mw_line line, GError **error)
{
  if (mw_link_has_line (self->link) && !mw_link_set_line (self->link, &line, error)) {
    mw_words_adopt_link (error);
    return FALSE;
  }
  self->line = mw_link_has_line (self->link) ? line : (mw_line){ 0 };
  return TRUE;
}

/* What is still on its way from a conversation that was given up. */
static gboolean
wait_quiet (MwWire *self, GError **error)
{
  guint8 bytes[512];
  gint64 limit = g_get_monotonic_time () + QUIET_LIMIT_S * G_USEC_PER_SEC;
  gssize n = 1;
  while (n > 0 && g_get_monotonic_time () < limit)
    n = mw_link_read (self->link, bytes, sizeof bytes, QUIET_MS, self->monitor->cancellable,
                      error);
  mw_words_adopt_link (error);
  return n >= 0;
}

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
    .answer_ms = self->uri->timeout_ms,
    .retries = retries ? (guint8) retries : MW_HDLC_NO_RETRIES,
    .inter_octet_ms = self->line.baud ? 0 : NETWORK_GAP_MS,
    .byte_us = self->line.baud ? mw_line_bits (self->line) * 1000000u / self->line.baud : 0,
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
  switch (self->uri->auth) {
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
  Patience p = { self->uri->timeout_ms,
                 self->uri->retries >= 0 ? (guint) self->uri->retries : MW_HDLC_RETRIES };
  return p;
}

/* ASSOCIATED, or FALSE with the error of it. */
static gboolean
try_associate (MwWire *self, guint client, Patience patience, GError **error)
{
  mw_dlms_client_config config = { .max_pdu = MW_APDU_MAX };
  const char *password = self->password ? self->password : MW_WIRE_PASSWORD;
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
  start_pump (self, &mw_wire_ops, self);
  mw_dlms_client_init (&self->dlms, transport, &config);
  if (mw_dlms_client_associate (&self->dlms, mw_pump_now ()) != MW_OK)
    return mw_words_request_failed (self, MW_ERR_STATE, error);
  while (mw_wire_step (self, error)) {
    if (self->event.kind == MW_DLMS_FAILED)
      return mw_words_connection_failed (self, self->event.err, error);
    if (self->event.kind == MW_DLMS_ASSOCIATED) {
      self->associated = TRUE;
      mw_link_note (self->link, "associated");
      return TRUE;
    }
  }
  return FALSE;
}

/* The association was refused: somebody is there and understands us. */
static gboolean
is_refused (const GError *error)
{
  return g_error_matches (error, MW_SESSION_ERROR, MW_SESSION_ERROR_ACCESS);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The client that looks around first: the one that the URI names, the public one, or at once
 * the one that is wanted in the end when no password need be guessed.  Going from one client to
 * another costs a new opening where the meter leaves HDLC with its association. */
static guint
first_client (MwWire *self)
{
  if (self->uri->client >= 0)
    return (guint) self->uri->client;
  if (self->password
      || (self->ident && self->knows && self->knows (self->knows_data, self->ident)))
    return MW_CLIENT_MANAGEMENT;
  return MW_CLIENT_PUBLIC;
}

/* Somebody answered in this form: keep it. A public client that is refused is no failure. */
static gboolean
accept_form (MwWire *self, const GError *refusal, GError **error)
{
  self->found = TRUE;
  if (refusal == NULL)
    return TRUE;
  if (self->client != MW_CLIENT_PUBLIC || self->uri->client >= 0) {
    g_propagate_error (error, g_error_copy (refusal));
    return FALSE;
  }
  mw_monitor_step (self->monitor, "The public client is refused. Trying client %d…",
                   MW_CLIENT_MANAGEMENT);
  return try_associate (self, MW_CLIENT_MANAGEMENT, usual_patience (self), error);
}

/* ---- HDLC ---- */

static void
set_form (MwWire *self, const Form *form)
{
  self->address_bytes = form->bytes;
  self->physical = form->physical;
}

static gboolean
heard_hdlc (MwWire *self)
{
  return self->hdlc.counts.frames_in > 0;
}

/* One form of the address. *HEARD: the meter answered, so that no other form need be tried. */
static gboolean
try_form (MwWire *self, const Form *form, gboolean *heard, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Patience probe = { self->uri->timeout_ms ? self->uri->timeout_ms : PROBE_MS, 1 };
  set_form (self, form);
  if (try_associate (self, first_client (self), probe, &failure)) {
    *heard = TRUE;
    return accept_form (self, NULL, error);
  }
  *heard = heard_hdlc (self) || is_cancelled (failure)
           || g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_USAGE);
  if (is_refused (failure))
    return accept_form (self, failure, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The forms to be tried: the one that worked an earlier time; then the one that the URI gives
 * with each length, or the usual ones. */
static guint
list_forms (MwWire *self, Form list[MAX_FORMS])
{
  guint n = 0, physical;
  if (self->hint && sscanf (self->hint, "hdlc %u %u", &list[0].bytes, &list[0].physical) == 2)
    n = 1;
  if (self->uri->address < 0) {
    memcpy (list + n, forms, sizeof forms);
    return n + (guint) G_N_ELEMENTS (forms);
  }
  physical = (guint) self->uri->address;
  if (physical < 128)
    list[n++] = (Form){ 2, physical };
  list[n++] = (Form){ 4, physical };
  return n;
}

static gboolean
probe_hdlc (MwWire *self, guint max_forms, GError **error)
{
  Form list[MAX_FORMS];
  guint n = MIN (list_forms (self, list), max_forms);
  self->framing = MW_WIRE_HDLC;
  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) failure = NULL;
    gboolean heard = FALSE;
    if (list[i].bytes == 1)
      mw_monitor_step (self->monitor, "HDLC to server %u, address of 1 byte…", self->logical);
    else
      mw_monitor_step (self->monitor, "HDLC to server %u, physical %u, address of %u bytes…",
                       self->logical, list[i].physical, list[i].bytes);
    if (try_form (self, &list[i], &heard, &failure))
      return TRUE;
    if (heard || !mw_wire_may_retry (failure) || i + 1 == n) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return FALSE;
}

/* ---- the optical opening ---- */

static int
iec_step (MwWire *self, GError **error)
{
  int event;
  self->pump.cancel = self->monitor->cancellable;
  event = mw_pump_run (&self->pump, error);
  mw_words_adopt_link (error);
  return event;
}

static void
note_ident (MwWire *self)
{
  g_free (self->ident);
  self->ident =
      g_strdup_printf ("%s%c%s%s", self->iec.ident.manufacturer, self->iec.ident.baud_char,
                       self->iec.ident.hdlc ? "\\2" : "", self->iec.ident.text);
  mw_monitor_step (self->monitor, "%s answers. Changing to HDLC…", self->ident);
}

/* TRUE when the link is HDLC's now. *SILENT: nothing came, something else may be tried. */
static gboolean
open_iec (MwWire *self, gboolean *silent, GError **error)
{
  mw_iec_client_config config = {
    .goal = MW_IEC_HDLC,
    .start_baud = self->uri->baud,
    .max_baud = self->uri->max_baud,
    .switch_ms = (guint16) self->uri->switch_ms,
    .answer_ms = (guint16) self->uri->timeout_ms,
  };
  int event;
  *silent = FALSE;
  mw_monitor_step (self->monitor, "Opening at %u baud…",
                   config.start_baud ? config.start_baud : 300);
  mw_iec_client_init (&self->iec, &config, self->iec_buf, IEC_ROOM);
  start_pump (self, &mw_pump_iec_client, &self->iec);
  mw_iec_client_open (&self->iec, mw_pump_now ());
  while ((event = iec_step (self, error)) > 0) {
    if (event == MW_IEC_EV_LINE && !set_line (self, self->iec.line, error))
      return FALSE;
    if (event == MW_IEC_EV_IDENT)
      note_ident (self);
    if (event == MW_IEC_EV_HANDOVER)
      return TRUE;
    if (event == MW_IEC_EV_FAILED)
      break;
  }
  if (event < 0)
    return FALSE;
  *silent = self->iec.err == MW_ERR_TIMEOUT && self->ident == NULL;
  if (self->iec.err == MW_ERR_UNSUPPORTED)
    return mw_fail (
        error, MW_SESSION_ERROR_PROTOCOL,
        "The meter answers as %s and offers no DLMS here, only IEC 62056-21 in mode "
        "C. Its DLMS may be on another port.",
        self->ident);
  return mw_words_silent (self, "opening at 300 baud", error);
}

/* Where the next try at once would be HDLC at LINE. */
static gboolean
try_direct_speed (MwWire *self, guint baud, guint max_forms, GError **error)
{
  mw_monitor_step (self->monitor, "No answer at 300 baud. Trying HDLC at %u baud…", baud);
  return set_line (self, mw_line_8n1 (baud), error) && probe_hdlc (self, max_forms, error);
}

static gboolean
probe_optical (MwWire *self, GError **error)
{
  g_autoptr (GError) first = NULL;
  gboolean silent;
  self->optical = TRUE;
  if (open_iec (self, &silent, &first)) {
    if (probe_hdlc (self, MAX_FORMS, error))
      return TRUE;
    g_prefix_error (error, "%s answered the opening, but not HDLC at %u baud. ", self->ident,
                    self->line.baud);
    return FALSE;
  }
  for (guint i = 0; silent && i < G_N_ELEMENTS (speeds); i++) {
    g_autoptr (GError) failure = NULL;
    if (try_direct_speed (self, speeds[i], i == 0 ? MAX_FORMS : 1, &failure))
      return TRUE;
    if (!mw_wire_may_retry (failure) || self->found) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
probe_direct (MwWire *self, GError **error)
{
  guint baud = self->uri->baud ? self->uri->baud : 9600;
  mw_line line = mw_line_8n1 (baud);
  g_autoptr (GError) failure = NULL;
  g_autofree char *step = NULL;
  if (self->uri->format.data_bits) {
    line = self->uri->format;
    line.baud = baud;
  }
  if (!set_line (self, line, error))
    return FALSE;
  if (probe_hdlc (self, MAX_FORMS, &failure))
    return TRUE;
  if (self->found || !g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_LINK)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  step = self->line.baud ? g_strdup_printf ("HDLC at %u baud", baud) : g_strdup ("HDLC");
  return mw_words_silent (self, step, error);
}

/* ---- TCP ---- */

/* *ELSEWHERE: this was not the wrapper's port, HDLC may be tried. */
static gboolean
probe_wrapper (MwWire *self, guint response_ms, gboolean *elsewhere, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Patience probe = { response_ms, 0 };
  self->framing = MW_WIRE_WRAPPER;
  *elsewhere = FALSE;
  mw_monitor_step (self->monitor, "TCP wrapper to logical device %u…", self->logical);
  if (try_associate (self, first_client (self), probe, &failure))
    return accept_form (self, NULL, error);
  if (is_refused (failure))
    return accept_form (self, failure, error);
  *elsewhere = mw_wire_may_retry (failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
probe_tcp (MwWire *self, GError **error)
{
  MwFraming framing = self->uri->framing;
  g_autoptr (GError) failure = NULL;
  gboolean elsewhere;
  if (framing == MW_FRAMING_HDLC)
    return probe_direct (self, error);
  if (framing == MW_FRAMING_IEC || framing == MW_FRAMING_KMP)
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "This version speaks DLMS over TCP: framing=wrapper, hdlc or auto.");
  if (framing == MW_FRAMING_WRAPPER)
    return probe_wrapper (self, self->uri->timeout_ms, &elsewhere, error);
  if (self->hint && g_str_has_prefix (self->hint, "hdlc") && probe_direct (self, &failure))
    return TRUE;
  if (is_cancelled (failure) || self->found) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (failure && !open_link (self, error))
    return FALSE;
  g_clear_error (&failure);
  if (probe_wrapper (self, PROBE_WRAPPER_MS, &elsewhere, &failure))
    return TRUE;
  if (!elsewhere) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  mw_monitor_step (self->monitor, "No answer through the TCP wrapper. Trying HDLC…");
  if (!open_link (self, error))
    return FALSE;
  return probe_direct (self, error);
}

/* ---- the whole ---- */

static gboolean
opens_optically (MwWire *self)
{
  MwLinkMode mode = self->uri->mode;
  if (self->uri->scheme == MW_SCHEME_SERIAL)
    return mode == MW_MODE_OPTICAL || mode == MW_MODE_UNSET;
  return mode == MW_MODE_OPTICAL
         || (mode == MW_MODE_UNSET && self->uri->framing == MW_FRAMING_UNSET
             && mw_link_has_line (self->link));
}

static gboolean
probe (MwWire *self, GError **error)
{
  if (opens_optically (self))
    return probe_optical (self, error);
  if (self->uri->scheme == MW_SCHEME_SERIAL || self->uri->mode == MW_MODE_DIRECT)
    return probe_direct (self, error);
  return probe_tcp (self, error);
}

MwWire *
mw_wire_new (const char *uri_text, const char *password, const char *trace_file, GError **error)
{
  MwUri *uri = mw_uri_parse (uri_text, error);
  MwWire *self;
  if (uri == NULL) {
    mw_words_adopt_link (error);
    return NULL;
  }
  self = g_new0 (MwWire, 1);
  self->uri = uri;
  self->uri_text = mw_uri_format (uri);
  self->password = g_strdup (password);
  self->trace_file = g_strdup (trace_file);
  self->logical = uri->logical_device >= 0 ? (guint) uri->logical_device : 1;
  self->info = MW_WIRE_INFO_MAX;
  self->rx = g_malloc (APDU_ROOM);
  self->tx = g_malloc (APDU_ROOM);
  self->iec_buf = g_malloc (IEC_ROOM);
  return self;
}

gboolean
mw_wire_open (MwWire *self, MwMonitor *monitor, GError **error)
{
  g_autofree char *where = mw_uri_describe (self->uri);
  self->monitor = monitor;
  if (self->uri->scheme == MW_SCHEME_GSM)
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "This version reaches meters through serial ports and TCP, not yet through "
                    "GSM modems.");
  if (self->uri->protocol != MW_PROTOCOL_AUTO && self->uri->protocol != MW_PROTOCOL_DLMS)
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "This version speaks DLMS: leave protocol out of the link, or say "
                    "protocol=dlms.");
  mw_monitor_step (monitor, "Opening %s…", where);
  return open_link (self, error) && probe (self, error);
}

/* Go the known way again, from a fresh link. */
static gboolean
go_again (MwWire *self, GError **error)
{
  gboolean silent;
  mw_line line = self->line;
  if (!open_link (self, error))
    return FALSE;
  if (self->optical)
    return open_iec (self, &silent, error)
           && try_associate (self, self->client, usual_patience (self), error);
  return (line.baud == 0 || set_line (self, line, error))
         && try_associate (self, self->client, usual_patience (self), error);
}

/* Over the link as it stands: an SNRM begins the link anew in any state (ISO/IEC 13239). */
static gboolean
begin_anew (MwWire *self, GError **error)
{
  Patience brief = { self->uri->timeout_ms ? self->uri->timeout_ms : PROBE_MS, 2 };
  if (self->link == NULL || self->framing != MW_WIRE_HDLC)
    return mw_fail (error, MW_SESSION_ERROR_LINK, "Closed.");
  return wait_quiet (self, error) && try_associate (self, self->client, brief, error);
}

gboolean
mw_wire_reopen (MwWire *self, gboolean damaged, GError **error)
{
  g_autoptr (GError) failure = NULL;
  if (damaged && self->framing == MW_WIRE_HDLC)
    self->info = MAX (self->info / 2, MW_WIRE_INFO_MIN);
  for (guint attempt = 0; attempt < MW_WIRE_RETRIES; attempt++) {
    mw_monitor_step (self->monitor, "Connecting again…");
    g_clear_error (&failure);
    if (begin_anew (self, &failure))
      return TRUE;
    if (is_cancelled (failure) || is_refused (failure))
      break;
    g_clear_error (&failure);
    if (go_again (self, &failure))
      return TRUE;
    if (!mw_wire_may_retry (failure))
      break;
    g_usleep (200000);
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
mw_wire_associate (MwWire *self, guint client, GError **error)
{
  Patience brief = { self->uri->timeout_ms ? self->uri->timeout_ms : PROBE_MS, 1 };
  g_autoptr (GError) failure = NULL;
  mw_wire_shut (self);
  if (try_associate (self, client, brief, &failure))
    return TRUE;
  if (!mw_wire_may_retry (failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  self->client = client; /* a meter that leaves HDLC with the association */
  return go_again (self, error);
}
