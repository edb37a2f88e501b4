/* wire.h: a channel with the DLMS engines on it, driven to the end of one request at a time.
 *
 *   channel <- pump -> client engine -> transport (HDLC or wrapper)
 *
 * wire.c drives requests, wire-open.c finds a server on the channel and opens it again.  The
 * way that was found (framing, address form, speed, frame length) is kept, so that opening
 * again probes nothing.
 */
#ifndef MW_DLMS_WIRE_H
#define MW_DLMS_WIRE_H

#include "dlms/client.h"
#include "dlms/hdlc.h"
#include "dlms/wrapper.h"
#include "meter/channel.h"
#include "meter/iec/iec-wire.h"

G_BEGIN_DECLS

/* COSEM clients of IDIS and of INTERFACES. */
#define MW_CLIENT_MANAGEMENT 1
#define MW_CLIENT_PUBLIC 16
/* Frames and windows that are proposed; what is used is what the meter grants. */
#define MW_WIRE_INFO_MAX 2030
#define MW_WIRE_INFO_MIN 128
#define MW_WIRE_WINDOW 7
/* Connections made again in a row without any progress before a job gives up. */
#define MW_WIRE_RETRIES 4
/* An association that was idle for longer is opened again before it is used: a server drops it
 * after 120 s (IEC 62056-46 6.4.4.10). */
#define MW_WIRE_IDLE_S 60
/* The password of a meter that was never given another (INTERFACES, reference meter). */
#define MW_WIRE_PASSWORD "12345678"

enum mw_wire_framing { MW_WIRE_HDLC, MW_WIRE_WRAPPER };

/* The client that manages a family's meters, and the password that they are delivered with. */
typedef struct {
  guint client;
  guint logical; /* device */
  const char *password;
} MwManager;

typedef struct MwWire {
  MwChannel *channel; /* borrowed from the meter, */
  MwIecWire *iec;     /* and so is what opens an optical port */

  /* Does the identification of the IEC opening name a meter whose default password is known?
   * NULL: no. */
  const MwManager *(*knows) (gpointer data, const char *ident);
  gpointer knows_data;

  /* the way to the meter */
  enum mw_wire_framing framing;
  gboolean found;      /* the way is known */
  guint address_bytes; /* HDLC: 1, 2 or 4 */
  guint physical;      /* HDLC: with 2 and 4 */
  guint logical;
  guint client;
  const MwManager *manager; /* static */
  guint info;               /* information field that is proposed */
  gboolean optical;         /* opened by IEC 62056-21 */
  const char *ident;        /* IEC identification without "/" and line end, or NULL; borrowed */

  /* the engines; owned */
  mw_hdlc hdlc;
  mw_wrapper wrapper;
  mw_dlms_client dlms;
  mw_dlms_event event; /* the last of dlms */
  guint8 *rx;
  guint8 *tx;
  gboolean associated;
  gsize answer_len; /* octets of the answer that is coming */
} MwWire;

/* Octets that all answers to one request may have: a list of objects has a few hundred
 * thousand. A profile's own limit is its number of rows; this is for blocks that never end. */
#define MW_WIRE_ANSWER_MAX (8u << 20)
#define MW_WIRE_BUFFER_MAX (256u << 20)

/* Where the answers of a request go. */
typedef struct {
  /* FALSE: this cannot be used.  The request is given up, and the connection with it. */
  gboolean (*data) (gpointer user, guint item, const guint8 *bytes, gsize len);
  void (*result) (gpointer user, guint item, int result);
  gpointer user;
  gsize max; /* octets; 0: MW_WIRE_ANSWER_MAX */
} MwSink;

/* As MANAGER is what this meter's is: its client, its logical device unless the URI gives one,
 * and its password unless one was given. */
void mw_wire_set_manager (MwWire *self, const MwManager *manager);
MwWire *mw_wire_new (MwChannel *channel, MwIecWire *iec);
/* Is there a server on the open channel?  Associates: as the client that the URI names; as the
 * management client when a password was given or the meter is known by its identification; else
 * as the public client.  The error says which step failed.  HDLC with at most MAX_FORMS forms
 * of the address; HINT (or NULL) is the way of an earlier time, tried first. */
gboolean mw_wire_probe_hdlc (MwWire *self, guint max_forms, const char *hint, GError **error);
/* Did frames come since the last probe began, whatever became of it? */
gboolean mw_wire_heard_hdlc (MwWire *self);
/* RESPONSE_MS 0: as patient as with a request.  *ELSEWHERE: it may be another protocol's port.
 */
gboolean
mw_wire_probe_wrapper (MwWire *self, guint response_ms, gboolean *elsewhere, GError **error);
/* Associate as CLIENT over the way that is known; the association before is left. */
gboolean mw_wire_associate (MwWire *self, guint client, GError **error);
/* After a failure: the same client again, by the same way; a damaged line gets shorter frames
 * with every call. */
gboolean mw_wire_reopen (MwWire *self, gboolean damaged, GError **error);
void mw_wire_free (MwWire *self);
/* Leaves the association in good order, briefly. */
void mw_wire_shut (MwWire *self);

/* One GET, SET or ACTION over the association, to its end. Connects again when nothing was
 * connected.  FALSE: MW_SESSION_ERROR_LINK or _PROTOCOL (the connection is gone), _REFUSED (the
 * request as a whole was refused, the association is still there), or cancelled. */
gboolean mw_wire_get (MwWire *self, const mw_dlms_item *items, guint n, const MwSink *sink,
                      GError **error);
gboolean mw_wire_set (MwWire *self, const mw_dlms_item *items, guint n, const MwSink *sink,
                      GError **error);
gboolean mw_wire_action (MwWire *self, const mw_dlms_item *items, guint n, const MwSink *sink,
                         GError **error);
/* Reads one attribute, connecting again when the link breaks. *RESULT is its
 * data-access-result; NULL without ERROR when that is not 0. */
GBytes *mw_wire_get_one (MwWire *self, guint16 class_id, mw_obis ln, gint8 attribute,
                         int *result, GError **error);

/* The framing and form of address that were found, as a word to be kept for the next time:
 * "wrapper", "hdlc 4 17". Free with g_free. */
char *mw_wire_dup_way (MwWire *self);
/* For wire-open.c: run the client engine until its next event; FALSE with ERROR when the link
 * failed. */
gboolean mw_wire_step (MwWire *self, GError **error);
extern const mw_pump_ops mw_wire_ops;

G_END_DECLS

#endif
