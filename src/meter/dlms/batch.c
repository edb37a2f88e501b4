/* batch.c: many attributes in few requests.
 *
 * GET-request-with-list carries as many as fit; a meter that does not take lists, or chokes on
 * one, is asked one by one.  When the link breaks, what was answered stays answered.
 */
#include "meter/meter-private.h"

/* Answers are a few dozen octets each: values still appear as they come, and a cancel waits for
 * no more than one such request. */
#define LIST_MAX 24

static void
answer_clear (gpointer data)
{
  g_clear_pointer (&((MwAnswer *) data)->raw, g_bytes_unref);
}

GArray *
mw_answers_new (void)
{
  GArray *answers = g_array_new (FALSE, TRUE, sizeof (MwAnswer));
  g_array_set_clear_func (answers, answer_clear);
  return answers;
}

MwAnswer *
mw_answers_add (GArray *answers, guint16 class_id, mw_obis ln, gint8 attribute)
{
  MwAnswer answer = { .attr = { class_id, ln, attribute }, .result = -1 };
  g_array_append_val (answers, answer);
  return &g_array_index (answers, MwAnswer, answers->len - 1);
}

typedef struct {
  GArray *answers;
  const guint *index; /* item of the request -> answer */
  GByteArray *bytes;  /* of the item that is coming */
  guint n_results;
  void (*answered) (gpointer user, guint index, MwAnswer *answer);
  gpointer user;
} Collector;

static gboolean
collect_data (gpointer user, guint item, const guint8 *bytes, gsize len)
{
  g_byte_array_append (((Collector *) user)->bytes, bytes, (guint) len);
  return TRUE;
}

static void
collect_result (gpointer user, guint item, int result)
{
  Collector *c = user;
  MwAnswer *answer = &g_array_index (c->answers, MwAnswer, c->index[item]);
  answer->result = result;
  if (result == 0)
    answer->raw = g_bytes_new (c->bytes->data, c->bytes->len);
  g_byte_array_set_size (c->bytes, 0);
  c->n_results++;
  if (c->answered)
    c->answered (c->user, c->index[item], answer);
}

/* The next answers without a result, at most MAX of them. */
static guint
choose (GArray *answers, guint max, guint *index, mw_dlms_item *items)
{
  guint n = 0;
  for (guint i = 0; i < answers->len && n < max; i++) {
    const MwAnswer *answer = &g_array_index (answers, MwAnswer, i);
    if (answer->result >= 0)
      continue;
    index[n] = i;
    items[n++] = (mw_dlms_item){ .attr = answer->attr };
  }
  return n;
}

/* After a refusal of a whole request: ask with less; of a single one, it is the answer. */
static gboolean
narrow (Collector *c, guint n, guint *max, const GError *failure)
{
  if (!g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED)
      && !g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_PROTOCOL))
    return FALSE;
  if (n > 1) {
    *max = 1;
    return TRUE;
  }
  if (!g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED))
    return FALSE;
  g_byte_array_set_size (c->bytes, 0);
  collect_result (c, 0, MW_DAR_OTHER_REASON);
  return TRUE;
}

gboolean
mw_batch_get (MwMeter *self, GArray *answers,
              void (*answered) (gpointer user, guint index, MwAnswer *answer), gpointer user,
              GError **error)
{
  mw_dlms_item items[LIST_MAX];
  guint index[LIST_MAX];
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Collector c = { answers, index, bytes, 0, answered, user };
  MwSink sink = { collect_data, collect_result, &c, 0 };
  guint n, max = LIST_MAX, tries = 0;

  while ((n = choose (answers, max, index, items)) > 0) {
    g_autoptr (GError) failure = NULL;
    c.n_results = 0;
    g_byte_array_set_size (bytes, 0);
    if (mw_wire_get (self->wire, items, n, &sink, &failure)) {
      if (c.n_results == n)
        continue;
      mw_fail (&failure, MW_SESSION_ERROR_PROTOCOL, /* or it would be asked for ever */
               "The meter answered %u of %u questions. The trace shows what came.", c.n_results,
               n);
    }
    tries = c.n_results ? 0 : tries + 1;
    if (self->wire->associated && narrow (&c, n, &max, failure))
      continue;
    if (!mw_channel_may_retry (failure) || tries > MW_WIRE_RETRIES) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (!self->wire->associated && !mw_wire_reopen (self->wire, TRUE, error))
      return FALSE;
  }
  return TRUE;
}
