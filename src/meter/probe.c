/* probe.c: which protocol answers on a port.
 *
 *   optical   KMP at 9600, then at 1200 baud: a few bytes that mean nothing to others, and an
 *             answer within 0.4 s; the IEC 62056-21 opening at 300 baud: HDLC (mode E) or a
 *             readout (A to D); no answer: HDLC at the usual speeds (a meter that was left in
 *             HDLC stays there for two minutes)
 *   module    KMP at 1200, then at 9600 baud, HDLC
 *   serial    KMP at 9600, then at 1200 baud, HDLC
 *   gsm       KMP, HDLC, the IEC opening, all in one call
 *   tcp, ref  the wrapper briefly, KMP, HDLC, the wrapper with patience, the IEC opening
 *
 * What worked on this port the last time is tried first; protocol=, framing= and baud= of the
 * URI leave out what they exclude.  Nothing that is sent means anything to a meter of another
 * protocol.  What was tried is told step by step, and in the error when nothing answers.
 */
#include "meter/kamstrup/kamstrup.h"

#include "link/gsm.h"

#include <stdio.h>

/* Long enough for a meter behind GPRS (0.7 s is usual), short enough for who has none. */
#define WRAPPER_BRIEF_MS 1200
#define WRAPPER_MS 3000
#define WRAPPER_PATIENT_MS 6000 /* when the URI says that it is one */
/* A meter answers KMP within 0.34 s after the request has left; through a network later. */
#define KMP_MS 600
#define KMP_NETWORK_MS 1600
/* How often a call that ends meanwhile is made again. */
#define CALLS 2
#define KMP_CALL_MS 5000
/* Speeds at which a meter may have been left in HDLC, the usual first. */
static const guint speeds[] = { 9600, 19200, 38400, 57600, 115200, 4800, 2400 };

typedef enum {
  HERE,      /* `talk` is set */
  ELSEWHERE, /* nobody answered to this */
  BAD        /* ERROR: no use to go on */
} Found;

typedef struct {
  MwMeter *meter;
  MwChannel *channel;
  GString *tried; /* for the error */
  guint n_tried;
  GError *nonsense; /* somebody answered, but not as the protocol has it */
} Probe;

static gboolean
speaks (const Probe *p, MwProtocol protocol)
{
  MwProtocol wanted = p->channel->uri->protocol;
  return wanted == MW_PROTOCOL_AUTO || wanted == protocol;
}

static void note_tried (Probe *p, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note_tried (Probe *p, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  if (p->tried->len)
    g_string_append (p->tried, ", ");
  g_string_append_vprintf (p->tried, format, args);
  va_end (args);
  p->n_tried++;
}

/* A step ended with FAILURE: is it one that says "not here"?  Else it becomes ERROR. */
static Found
judge (Probe *p, GError *failure, gboolean elsewhere, GError **error)
{
  if (elsewhere && mw_channel_may_retry (failure)) {
    g_clear_error (&p->nonsense);
    if (failure->code == MW_SESSION_ERROR_PROTOCOL)
      p->nonsense = failure;
    else
      g_error_free (failure);
    return ELSEWHERE;
  }
  g_propagate_error (error, failure);
  return BAD;
}

static Found
here (Probe *p, const MwTalk *talk)
{
  p->meter->talk = talk;
  return HERE;
}

static const char *
hint_of (const Probe *p, const char *protocol)
{
  const char *hint = p->meter->hint;
  return hint && g_str_has_prefix (hint, protocol) ? hint : NULL;
}

/* ---- steps ---- */

static Found
try_hdlc (Probe *p, guint max_forms, GError **error)
{
  MwWire *wire = p->meter->wire;
  GError *failure = NULL;
  guint baud = p->channel->line.baud;
  if (mw_wire_probe_hdlc (wire, max_forms, hint_of (p, "hdlc"), &failure))
    return here (p, &mw_talk_dlms);
  if (max_forms == 1)
    p->n_tried++; /* one of many speeds */
  else if (baud)
    note_tried (p, "HDLC at %u baud", baud);
  else
    note_tried (p, "HDLC");
  return judge (p, failure, !wire->found && !mw_wire_heard_hdlc (wire), error);
}

/* A meter that was left in HDLC does not hear the opening. */
static Found
try_left_in_hdlc (Probe *p, GError **error)
{
  Found found = ELSEWHERE;
  for (guint i = 0; found == ELSEWHERE && i < G_N_ELEMENTS (speeds); i++) {
    mw_monitor_step (p->channel->monitor, "No answer at 300 baud. Trying HDLC at %u baud…",
                     speeds[i]);
    if (!mw_channel_set_line (p->channel, mw_line_8n1 (speeds[i]), error))
      return BAD;
    found = try_hdlc (p, i == 0 ? G_MAXUINT : 1, error);
  }
  note_tried (p, "at other speeds");
  return found;
}

static Found
try_direct_hdlc (Probe *p, GError **error)
{
  const MwUri *uri = p->channel->uri;
  mw_line line = uri->format.data_bits ? uri->format : mw_line_8n1 (9600);
  line.baud = uri->baud ? uri->baud : 9600;
  return mw_channel_set_line (p->channel, line, error) ? try_hdlc (p, G_MAXUINT, error) : BAD;
}

/* The opening, and what it leads to: HDLC or a readout. */
static Found
try_iec (Probe *p, GError **error)
{
  MwIecWire *iec = p->meter->iec;
  gboolean hdlc = speaks (p, MW_PROTOCOL_DLMS) && p->channel->uri->framing != MW_FRAMING_IEC;
  guint baud = p->channel->uri->baud ? p->channel->uri->baud : 300;
  MwIecOutcome outcome;
  GError *failure = NULL;
  p->meter->wire->optical = TRUE;
  if (!mw_iec_wire_open (iec, hdlc, speaks (p, MW_PROTOCOL_IEC), &outcome, &failure)) {
    note_tried (p, "opening at %u baud", baud);
    return judge (p, failure, outcome == MW_IEC_OUTCOME_SILENT, error);
  }
  p->meter->wire->ident = iec->ident;
  if (outcome == MW_IEC_OUTCOME_TELEGRAM)
    return here (p, &mw_talk_iec);
  if (try_hdlc (p, G_MAXUINT, error) == HERE)
    return HERE;
  if (*error == NULL)
    mw_fail (error, MW_SESSION_ERROR_LINK, "Nobody answers there.");
  g_prefix_error (error, "%s answered the opening, but not HDLC at %u baud. ", iec->ident,
                  p->channel->line.baud);
  return BAD;
}

/* Is GetType what comes next, as far as the link knows?  A recording of another protocol says
 * no. */
static gboolean
expects_kmp (Probe *p)
{
  static const guint8 get_type = MW_KMP_GET_TYPE;
  guint8 room[MW_KMP_FRAME_MAX (1)];
  mw_wr w;
  mw_wr_init (&w, room, sizeof room);
  mw_kmp_frame_encode (&w, MW_KMP_TO_METER, p->meter->kmp->address, (mw_span){ &get_type, 1 });
  return mw_channel_expects (p->channel, room, mw_wr_len (&w));
}

/* BAUD 0: the link has no line. */
static Found
try_kmp (Probe *p, guint baud, GError **error)
{
  GError *failure = NULL;
  gboolean call = p->channel->uri->scheme == MW_SCHEME_GSM;
  guint wait = baud ? KMP_MS : call ? KMP_CALL_MS : KMP_NETWORK_MS;
  if (!expects_kmp (p))
    return ELSEWHERE;
  if (baud)
    mw_monitor_step (p->channel->monitor, "KMP at %u baud…", baud);
  else
    mw_monitor_step (p->channel->monitor, "KMP…");
  if (mw_kmp_wire_probe (p->meter->kmp, baud, wait, &failure))
    return here (p, &mw_talk_kmp);
  if (baud)
    note_tried (p, "KMP at %u baud", baud);
  else
    note_tried (p, "KMP");
  return judge (p, failure, TRUE, error);
}

/* At the speed of the URI, or at the two that meters have; the one of the last time first. */
static Found
try_kmp_speeds (Probe *p, GError **error)
{
  guint given = p->channel->uri->baud;
  guint first = 9600;
  Found found;
  if (!speaks (p, MW_PROTOCOL_KMP))
    return ELSEWHERE;
  if (!mw_link_has_line (p->channel->link))
    return try_kmp (p, 0, error);
  if (given && given != 300)
    return try_kmp (p, given, error);
  if (p->channel->uri->mode == MW_MODE_MODULE)
    first = 1200;
  if (hint_of (p, "kmp"))
    sscanf (hint_of (p, "kmp"), "kmp %u", &first);
  found = try_kmp (p, first, error);
  if (found != ELSEWHERE)
    return found;
  return try_kmp (p, first == 1200 ? 9600 : 1200, error);
}

/* The URI gave an address, and nobody answered to it: is somebody there at all?  Every meter
 * listens to the general address; on a bus they would all answer at once. */
static Found
look_at_any_address (Probe *p, GError **error)
{
  MwKmpWire *kmp = p->meter->kmp;
  guint8 given = kmp->address;
  Found found;
  if (given == MW_KMP_METER || p->channel->uri->mode == MW_MODE_DIRECT)
    return ELSEWHERE;
  kmp->address = MW_KMP_METER;
  found = try_kmp_speeds (p, error);
  kmp->address = given;
  if (found != HERE)
    return found;
  p->meter->talk = NULL;
  mw_fail (error, MW_SESSION_ERROR_LINK,
           "A meter answers, but not at address %u. Leave address out of the link, or give "
           "the one that the meter has.",
           given);
  return BAD;
}

/* The URI gave a speed, and nobody answered: does somebody at the other one? */
static Found
look_at_other_speed (Probe *p, GError **error)
{
  guint given = p->channel->uri->baud, other = given == 1200 ? 9600 : 1200;
  if (p->channel->uri->protocol != MW_PROTOCOL_KMP || !mw_link_has_line (p->channel->link)
      || given == 0 || try_kmp (p, other, error) != HERE)
    return *error ? BAD : ELSEWHERE;
  mw_fail (error, MW_SESSION_ERROR_LINK,
           "The meter does not answer at %u baud, but at %u: say baud=%u in the link, or leave "
           "it out.",
           given, other, other);
  p->meter->talk = NULL;
  return BAD;
}

static Found
try_wrapper (Probe *p, guint response_ms, GError **error)
{
  gboolean elsewhere;
  GError *failure = NULL;
  if (mw_wire_probe_wrapper (p->meter->wire, response_ms, &elsewhere, &failure))
    return here (p, &mw_talk_dlms);
  if (response_ms != WRAPPER_MS)
    note_tried (p, "TCP wrapper");
  return judge (p, failure, elsewhere, error);
}

/* The same on a fresh connection: what was sent before must not stand before it. */
static Found
try_wrapper_again (Probe *p, GError **error)
{
  if (!mw_channel_open (p->channel, error))
    return BAD;
  return try_wrapper (p, WRAPPER_MS, error);
}

/* KMP passes over what stands before its frame; only a connection that the other side has
 * closed is opened anew. */
static Found
try_kmp_again (Probe *p, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  Found found = try_kmp (p, 0, error);
  if (found != ELSEWHERE || g_get_monotonic_time () - begun > 100000)
    return found;
  return mw_channel_open (p->channel, error) ? try_kmp (p, 0, error) : BAD;
}

static Found
try_hdlc_again (Probe *p, GError **error)
{
  mw_monitor_step (p->channel->monitor, "No answer through the TCP wrapper. Trying HDLC…");
  if (!mw_channel_open (p->channel, error))
    return BAD;
  return try_hdlc (p, G_MAXUINT, error);
}

/* ---- ports ---- */

static Found
probe_optical (Probe *p, GError **error)
{
  gboolean later = hint_of (p, "hdlc") || hint_of (p, "iec");
  gboolean opens = speaks (p, MW_PROTOCOL_DLMS) || speaks (p, MW_PROTOCOL_IEC);
  Found found = later ? ELSEWHERE : try_kmp_speeds (p, error);
  if (found == ELSEWHERE && opens)
    found = try_iec (p, error);
  if (found == ELSEWHERE && later)
    found = try_kmp_speeds (p, error);
  if (found == ELSEWHERE && speaks (p, MW_PROTOCOL_DLMS))
    found = try_left_in_hdlc (p, error);
  return found;
}

static Found
probe_serial (Probe *p, GError **error)
{
  gboolean later = hint_of (p, "hdlc") != NULL;
  Found found = later ? ELSEWHERE : try_kmp_speeds (p, error);
  if (found == ELSEWHERE && speaks (p, MW_PROTOCOL_DLMS))
    found = try_direct_hdlc (p, error);
  if (found == ELSEWHERE && later)
    found = try_kmp_speeds (p, error);
  if (found == ELSEWHERE && p->channel->uri->protocol == MW_PROTOCOL_IEC)
    found = try_iec (p, error);
  return found;
}

/* A link without a line and without a word on what frames its bytes. */
static Found
probe_bare (Probe *p, GError **error)
{
  gboolean dlms = speaks (p, MW_PROTOCOL_DLMS), kmp = speaks (p, MW_PROTOCOL_KMP);
  Found found = ELSEWHERE;
  if (dlms && hint_of (p, "hdlc"))
    found = try_hdlc (p, G_MAXUINT, error);
  if (found == ELSEWHERE && kmp && (hint_of (p, "kmp") || !dlms))
    found = try_kmp (p, 0, error);
  if (found == ELSEWHERE && dlms)
    found = try_wrapper (p, WRAPPER_BRIEF_MS, error);
  if (found == ELSEWHERE && kmp && dlms && !hint_of (p, "kmp"))
    found = try_kmp_again (p, error);
  if (found == ELSEWHERE && dlms && !hint_of (p, "hdlc"))
    found = try_hdlc_again (p, error);
  if (found == ELSEWHERE && dlms)
    found = try_wrapper_again (p, error);
  if (found == ELSEWHERE && speaks (p, MW_PROTOCOL_IEC))
    found = try_iec (p, error);
  return found;
}

/* Behind a modem: a call is dear, and is not ended to make the next attempt. */
static Found
probe_call (Probe *p, GError **error)
{
  gboolean hdlc = hint_of (p, "hdlc") != NULL, dlms = speaks (p, MW_PROTOCOL_DLMS);
  Found found = dlms && hdlc ? try_hdlc (p, G_MAXUINT, error) : ELSEWHERE;
  if (found == ELSEWHERE && speaks (p, MW_PROTOCOL_KMP))
    found = try_kmp (p, 0, error);
  if (found == ELSEWHERE && dlms && !hdlc)
    found = try_hdlc (p, G_MAXUINT, error);
  if (found == ELSEWHERE && speaks (p, MW_PROTOCOL_IEC))
    found = try_iec (p, error);
  return found;
}

static Found
probe_framed (Probe *p, GError **error)
{
  switch (p->channel->uri->framing) {
  case MW_FRAMING_WRAPPER:
    return try_wrapper (
        p, p->channel->uri->timeout_ms ? p->channel->uri->timeout_ms : WRAPPER_PATIENT_MS,
        error);
  case MW_FRAMING_HDLC:
    return try_hdlc (p, G_MAXUINT, error);
  case MW_FRAMING_IEC:
    return try_iec (p, error);
  case MW_FRAMING_KMP:
    return try_kmp (p, 0, error);
  default:
    return p->channel->uri->scheme == MW_SCHEME_GSM ? probe_call (p, error)
                                                    : probe_bare (p, error);
  }
}

static Found
probe_port (Probe *p, GError **error)
{
  const MwUri *uri = p->channel->uri;
  if (mw_channel_is_optical (p->channel))
    return probe_optical (p, error);
  if (uri->scheme == MW_SCHEME_SERIAL || uri->mode == MW_MODE_DIRECT
      || uri->mode == MW_MODE_MODULE)
    return probe_serial (p, error);
  return probe_framed (p, error);
}

/* What this version cannot do is said before the port is opened. */
static gboolean
is_possible (const MwUri *uri, GError **error)
{
  if (uri->protocol == MW_PROTOCOL_MBUS)
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "This version speaks DLMS, KMP and IEC 62056-21: leave protocol out of the "
                    "link, or say protocol=dlms, kmp or iec.");
  return TRUE;
}

gboolean
mw_probe (MwMeter *self, GError **error)
{
  g_autoptr (GString) tried = g_string_new (NULL);
  g_autoptr (GError) failure = NULL;
  g_autofree char *where = mw_uri_describe (self->channel->uri);
  Probe p = { self, self->channel, tried, 0, NULL };
  Found found;
  if (!is_possible (self->channel->uri, error))
    return FALSE;
  mw_monitor_step (self->monitor, "Opening %s…", where);
  if (!mw_channel_open (self->channel, error))
    return FALSE;
  found = probe_port (&p, &failure);
  for (guint i = 0; i < CALLS && found != HERE && mw_gsm_is_lost (self->channel->link); i++) {
    g_clear_error (&failure);
    g_clear_error (&p.nonsense);
    mw_monitor_step (self->monitor, "The call has ended. Calling again…");
    if (!mw_channel_open (self->channel, error))
      return FALSE;
    found = probe_port (&p, &failure);
  }
  if (found == ELSEWHERE)
    found = look_at_other_speed (&p, &failure);
  if (found == ELSEWHERE)
    found = look_at_any_address (&p, &failure);
  if (found == HERE)
    return TRUE;
  if (p.nonsense && p.n_tried == 1 && found == ELSEWHERE)
    g_propagate_error (error, g_steal_pointer (&p.nonsense));
  else if (found == ELSEWHERE)
    mw_channel_silent (self->channel, tried->str, error);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  g_clear_error (&p.nonsense);
  return FALSE;
}
