/* wire.c: one request at a time over an association; see wire.h. */
#include "meter/dlms/wire.h"

#include "meter/dlms/words.h"

/* ---- the client engine's verbs for the pump ---- */

static size_t
ops_feed (void *engine, const uint8_t *data, size_t len, mw_ms now)
{
  MwWire *self = engine;
  self->channel->last_answer_us = g_get_monotonic_time ();
  return mw_dlms_client_feed (&self->dlms, data, len, now);
}

static mw_span
ops_tx (void *engine)
{
  return mw_dlms_client_tx (&((MwWire *) engine)->dlms);
}

static void
ops_tx_ack (void *engine, size_t n)
{
  mw_dlms_client_tx_ack (&((MwWire *) engine)->dlms, n, mw_pump_now ());
}

static mw_ms
ops_deadline (void *engine)
{
  return mw_dlms_client_deadline (&((MwWire *) engine)->dlms);
}

static void
ops_tick (void *engine, mw_ms now)
{
  mw_dlms_client_tick (&((MwWire *) engine)->dlms, now);
}

static int
ops_take_event (void *engine)
{
  MwWire *self = engine;
  self->event = mw_dlms_client_take_event (&self->dlms);
  return self->event.kind;
}

const mw_pump_ops mw_wire_ops = { ops_feed,     ops_tx,   ops_tx_ack,
                                  ops_deadline, ops_tick, ops_take_event };

/* A piece of an answer counts as this many octets at least: a block has a round trip and dozens
 * of octets around it, so that blocks of one octet each come to an end as well. */
#define PIECE_MIN 256u

/* ---- running a request ---- */

gboolean
mw_wire_step (MwWire *self, GError **error)
{
  int event = mw_channel_run (self->channel, error);
  if (event > 0)
    return TRUE;
  self->associated = FALSE;
  if (event < 0)
    return FALSE;
  return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                  "The conversation came to a halt without an answer. Connect again.");
}

/* A piece of an answer.  Where it leads nowhere the blocks that would follow are not asked for.
 */
static gboolean
on_data (MwWire *self, const MwSink *sink, GError **error)
{
  const mw_dlms_event *e = &self->event;
  gsize max = sink->max ? sink->max : MW_WIRE_ANSWER_MAX;
  self->answer_len += MAX (e->data.len, PIECE_MIN);
  if (self->answer_len <= max
      && (!sink->data || sink->data (sink->user, e->item, e->data.ptr, e->data.len)))
    return TRUE;
  self->associated = FALSE;
  return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                  "The answer of the meter goes on and on, or cannot be understood, and was "
                  "given up. The trace shows what came.");
}

/* FALSE when the request ended with an error; *DONE when it ended at all. */
static gboolean
on_event (MwWire *self, const MwSink *sink, gboolean *done, GError **error)
{
  const mw_dlms_event *e = &self->event;
  switch (e->kind) {
  case MW_DLMS_DATA:
    return on_data (self, sink, error);
  case MW_DLMS_RESULT:
    if (sink->result)
      sink->result (sink->user, e->item, e->result);
    return TRUE;
  case MW_DLMS_DONE:
    *done = TRUE;
    mw_channel_note_alive (self->channel);
    return e->err == MW_OK || mw_words_request_failed (self, e->err, error);
  case MW_DLMS_FAILED:
    self->associated = FALSE;
    return mw_words_connection_failed (self, e->err, error);
  default:
    return TRUE; /* a notification does not concern this request */
  }
}

typedef enum mw_err (*Begin) (mw_dlms_client *c, const mw_dlms_item *items, size_t n,
                              mw_ms now);

static gboolean
run_request (MwWire *self, Begin begin, const mw_dlms_item *items, guint n, const MwSink *sink,
             GError **error)
{
  gboolean done = FALSE;
  enum mw_err err;
  if (g_get_monotonic_time () - self->channel->last_answer_us > MW_WIRE_IDLE_S * G_USEC_PER_SEC)
    self->associated = FALSE;
  if (!self->associated && !mw_wire_reopen (self, FALSE, error))
    return FALSE;
  self->answer_len = 0;
  err = begin (&self->dlms, items, n, mw_pump_now ());
  if (err)
    return mw_words_request_failed (self, err, error);
  while (!done)
    if (!mw_wire_step (self, error) || !on_event (self, sink, &done, error))
      return FALSE;
  return TRUE;
}

gboolean
mw_wire_get (MwWire *self, const mw_dlms_item *items, guint n, const MwSink *sink,
             GError **error)
{
  return run_request (self, mw_dlms_client_get, items, n, sink, error);
}

gboolean
mw_wire_set (MwWire *self, const mw_dlms_item *items, guint n, const MwSink *sink,
             GError **error)
{
  return run_request (self, mw_dlms_client_set, items, n, sink, error);
}

gboolean
mw_wire_action (MwWire *self, const mw_dlms_item *items, guint n, const MwSink *sink,
                GError **error)
{
  return run_request (self, mw_dlms_client_action, items, n, sink, error);
}

/* ---- one attribute ---- */

typedef struct {
  GByteArray *bytes;
  int result;
} One;

static gboolean
one_data (gpointer user, guint item, const guint8 *bytes, gsize len)
{
  g_byte_array_append (((One *) user)->bytes, bytes, (guint) len);
  return TRUE;
}

static void
one_result (gpointer user, guint item, int result)
{
  ((One *) user)->result = result;
}

GBytes *
mw_wire_get_one (MwWire *self, guint16 class_id, mw_obis ln, gint8 attribute, int *result,
                 GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  One one = { bytes, -1 };
  MwSink sink = { one_data, one_result, &one, 0 };
  mw_dlms_item item = { .attr = { class_id, ln, attribute } };

  for (guint attempt = 0;; attempt++) {
    g_autoptr (GError) failure = NULL;
    g_byte_array_set_size (bytes, 0);
    if (mw_wire_get (self, &item, 1, &sink, &failure))
      break;
    if (attempt >= MW_WIRE_RETRIES || !mw_channel_may_retry (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
    if (!mw_wire_reopen (self, TRUE, error))
      return NULL;
  }
  if (result)
    *result = one.result;
  return one.result == 0 ? g_bytes_new (bytes->data, bytes->len) : NULL;
}

/* ---- the end ---- */

void
mw_wire_shut (MwWire *self)
{
  g_autoptr (GError) ignored = NULL;
  if (self->channel->link == NULL || !self->associated)
    return;
  if (mw_dlms_client_release (&self->dlms, mw_pump_now ()) == MW_OK)
    while (mw_wire_step (self, &ignored))
      if (self->event.kind == MW_DLMS_RELEASED || self->event.kind == MW_DLMS_FAILED)
        break;
  self->associated = FALSE;
}

void
mw_wire_free (MwWire *self)
{
  if (self == NULL)
    return;
  g_free (self->rx);
  g_free (self->tx);
  g_free (self);
}

char *
mw_wire_dup_way (MwWire *self)
{
  if (self->framing == MW_WIRE_WRAPPER)
    return g_strdup ("wrapper");
  return g_strdup_printf ("hdlc %u %u", self->address_bytes, self->physical);
}
