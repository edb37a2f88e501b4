/* kmp-wire.h: a channel with the KMP engine on it, driven to the end of one request at a time.
 *
 *   found ──► request ──► values, records … ──► done
 *                └─ the link broke ──► mw_kmp_wire_reopen ──► the same meter again, or an error
 */
#ifndef MW_KMP_WIRE_H
#define MW_KMP_WIRE_H

#include "kmp/client.h"
#include "meter/channel.h"

G_BEGIN_DECLS

/* Connections made again in a row without any progress before a job gives up. */
#define MW_KMP_RETRIES 3

typedef struct MwKmpWire {
  MwChannel *channel; /* borrowed */
  mw_line line;       /* of the way that was found; baud 0: no line */
  guint8 address;
  gboolean found;
  guint patience_ms;      /* for an answer; 0: the protocol's own */
  guint16 type, revision; /* GetType */
  guint32 serial;         /* GetSerialNo; 0: not asked yet */
  mw_kmp_client client;
  mw_kmp_event event; /* the last; its value lives until the next */
} MwKmpWire;

MwKmpWire *mw_kmp_wire_new (MwChannel *channel);
void mw_kmp_wire_free (MwKmpWire *self);

/* Does a meter answer to GetType at BAUD (0: the link has no line)?  FALSE with
 * MW_SESSION_ERROR_LINK: no.  ANSWER_MS 0: as long as a meter may take. */
gboolean mw_kmp_wire_probe (MwKmpWire *self, guint baud, guint answer_ms, GError **error);
/* The link and its line are as this conversation needs them. */
gboolean mw_kmp_wire_ready (MwKmpWire *self, GError **error);
/* A fresh link by the way that was found, and the same meter at its end. */
gboolean mw_kmp_wire_reopen (MwKmpWire *self, GError **error);

/* The next event of the request that was begun with the engine, into `event`.  BEGUN is what
 * the engine said to it.  FALSE with ERROR; a request that is DONE with an error is one. */
gboolean mw_kmp_wire_begun (MwKmpWire *self, enum mw_err begun, GError **error);
gboolean mw_kmp_wire_step (MwKmpWire *self, GError **error);
/* To the end of a request whose results are in the engine. */
gboolean mw_kmp_wire_finish (MwKmpWire *self, enum mw_err begun, GError **error);

/* GetSerialNo into `serial`. */
gboolean mw_kmp_wire_get_serial (MwKmpWire *self, GError **error);
/* Login with the password of the channel, when there is one: a wrong one is
 * MW_SESSION_ERROR_ACCESS. */
gboolean mw_kmp_wire_login (MwKmpWire *self, GError **error);

/* What becomes of each register: VALUE NULL: the meter has none of this id. */
typedef void (*MwKmpGot) (gpointer user, guint16 id, const mw_kmp_value *value);
/* The registers IDS, up to eight in one request; connects again when the link breaks and asks
 * for what is missing. */
gboolean mw_kmp_wire_get (MwKmpWire *self, const guint16 *ids, guint n, MwKmpGot got,
                          gpointer user, GError **error);

/* PutRegister, once, with the password of the channel or that of new meters.
 * MW_SESSION_ERROR_LINK: whether it was carried out is not known. */
gboolean mw_kmp_wire_put (MwKmpWire *self, const mw_kmp_value *value, GError **error);

/* Register ID once, without repeating or connecting again: of who may not be there. */
gboolean
mw_kmp_wire_ask_once (MwKmpWire *self, guint16 id, MwKmpGot got, gpointer user, GError **error);

G_END_DECLS

#endif
