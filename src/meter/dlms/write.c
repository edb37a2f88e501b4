/* write.c: set and action.
 *
 * A write is a transaction with the meter: the old value is read, the new one checked against
 * its type, written, read back and compared, and one audit record says what became of it.  It
 * is never sent twice: when the link breaks after it was sent, the attribute is read to learn
 * what is now in the meter.
 */
#include "meter/dlms/decode.h"
#include "meter/dlms/refusal.h"
#include "meter/dlms/value.h"
#include "meter/dlms/family.h"

/* A clock that was set has moved on until it is read back. */
#define CLOCK_SLACK_S 10

typedef struct {
  int result; /* data-access-result or action-result, -1 before the answer */
  GByteArray *bytes;
} Reply;

static gboolean
reply_data (gpointer user, guint item, const guint8 *bytes, gsize len)
{
  g_byte_array_append (((Reply *) user)->bytes, bytes, (guint) len);
  return TRUE;
}

static void
reply_result (gpointer user, guint item, int result)
{
  ((Reply *) user)->result = result;
}

static char *
text_of (GBytes *raw)
{
  gsize len;
  const guint8 *octets;
  if (raw == NULL)
    return NULL;
  octets = g_bytes_get_data (raw, &len);
  return mw_value_render (octets, len);
}

/* ---- the audit ---- */

/* FALSE when the record cannot be kept: a write without its record is worth an error. */
static gboolean
audit (MwMeter *self, const char *action, const mw_dlms_attr *attr, GBytes *old,
       const char *value, const char *result, GError **error)
{
  g_autoptr (MwAuditRecord) record = NULL;
  g_autofree char *obis = mw_names_obis (attr->ln);
  if (self->store == NULL || !self->save)
    return TRUE;
  record = mw_audit_record_new ();
  record->at = g_get_real_time () / G_USEC_PER_SEC;
  record->who = g_strdup (g_get_user_name ());
  record->serial = g_strdup (self->info->serial);
  record->type = g_strdup (self->info->type);
  record->reference = self->info->reference;
  record->action = g_strdup (action);
  record->object = g_strdup_printf ("%u:%s:%d", attr->class_id, obis, attr->index);
  record->old_value = text_of (old);
  record->new_value = g_strdup (value);
  record->result = g_strdup (result);
  if (mw_store_append_audit (self->store, record, error))
    return TRUE;
  g_prefix_error (error,
                  "The meter answered “%s”, but the audit record could not be kept: ", result);
  mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return FALSE;
}

/* ---- set ---- */

static int
tag_of (GBytes *raw)
{
  gsize len;
  const guint8 *octets = g_bytes_get_data (raw, &len);
  return len ? octets[0] : -1;
}

/* A value of another type would be refused, or worse, taken. */
static gboolean
check_type (GBytes *old, GBytes *new, GError **error)
{
  int a, b;
  if (old == NULL)
    return TRUE;
  a = tag_of (old);
  b = tag_of (new);
  if (a == b || a == MW_AXDR_NULL_DATA || b == MW_AXDR_NULL_DATA)
    return TRUE;
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "The attribute holds a %s, the new value is a %s. Nothing was written.",
                  mw_axdr_type_name ((unsigned) a), mw_axdr_type_name ((unsigned) b));
}

/* The length of a string or an array, or an integer; FALSE: neither, the catalogue has no range
 * for it. */
static gboolean
measure (GBytes *raw, gboolean text, gint64 *out)
{
  gsize len;
  const guint8 *octets = g_bytes_get_data (raw, &len);
  mw_cur c;
  guint8 tag;
  if (!text)
    return mw_decode_int (raw, out);
  mw_cur_init (&c, octets, len);
  tag = mw_cur_u8 (&c);
  if (tag != MW_AXDR_OCTET_STRING && tag != MW_AXDR_VISIBLE_STRING && tag != MW_AXDR_ARRAY)
    return FALSE;
  *out = mw_axdr_length (&c);
  return c.err == MW_OK;
}

/* What the catalogue knows of the attribute is looked at before anything is sent: may it be
 * written at all, and by this value? */
static gboolean
check_rule (MwMeter *self, const mw_dlms_attr *attr, GBytes *new, GError **error)
{
  MwMeterKind kind = mw_meter_kind_of (self->info);
  g_autofree char *obis = mw_names_obis (attr->ln);
  g_autofree char *reason = NULL;
  g_autoptr (MwValueRule) rule = NULL;
  gint64 n;
  if (self->store == NULL)
    return TRUE;
  rule = mw_store_get_value_rule (self->store, &kind, obis, attr->class_id, attr->index, NULL);
  if (rule == NULL)
    return TRUE;
  if (!rule->writable)
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "%s cannot be written in this meter. Nothing was sent.", rule->name);
  if (!measure (new, rule->text, &n) || mw_value_rule_check (rule, n, &reason))
    return TRUE;
  return mw_fail (error, MW_SESSION_ERROR_REFUSED, "%s Nothing was written.", reason);
}

static gboolean
same_value (const mw_dlms_attr *attr, GBytes *wanted, GBytes *found)
{
  mw_civil a, b;
  int64_t x, y;
  if (g_bytes_equal (wanted, found))
    return TRUE;
  if (attr->class_id != 8 || attr->index != 2 || !mw_decode_civil (wanted, &a)
      || !mw_decode_civil (found, &b) || mw_civil_to_utc (&a, b.deviation, &x) != MW_OK
      || mw_civil_to_utc (&b, 0, &y) != MW_OK)
    return FALSE;
  return y - x >= 0 && y - x <= CLOCK_SLACK_S;
}

typedef struct {
  mw_dlms_attr attr;
  const char *text; /* the value as it was given */
  GBytes *old;      /* or NULL: it cannot be read */
  GBytes *new;
} Write;

static gboolean
refuse_write (MwMeter *self, const Write *w, int result, GError **error)
{
  g_autofree char *words = mw_words_refusal (result);
  g_autofree char *note = g_strdup_printf ("refused: %s", mw_dar_name ((unsigned) result));
  if (!audit (self, "set", &w->attr, w->old, w->text, note, error))
    return FALSE;
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "The meter refused the new value: %s. It still holds the old one.", words);
}

static gboolean
read_back (MwMeter *self, const Write *w, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *found_text = NULL;
  g_autofree char *note = NULL;
  g_autoptr (GBytes) found =
      mw_wire_get_one (self->wire, w->attr.class_id, w->attr.ln, w->attr.index, NULL, &failure);
  if (failure) {
    audit (self, "set", &w->attr, w->old, w->text, "written, not read back", NULL);
    g_propagate_prefixed_error (error, g_steal_pointer (&failure),
                                "The value was written, but could not be read back. ");
    return FALSE;
  }
  if (found == NULL)
    return audit (self, "set", &w->attr, w->old, w->text, "written, cannot be read", error);
  if (same_value (&w->attr, w->new, found))
    return audit (self, "set", &w->attr, w->old, w->text, "written and read back", error);
  found_text = text_of (found);
  note = g_strdup_printf ("written, but the meter holds %s", found_text);
  if (!audit (self, "set", &w->attr, w->old, w->text, note, error))
    return FALSE;
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "The meter took the value, but now holds %s instead.", found_text);
}

/* The link broke while the write was under way. */
static gboolean
after_break (MwMeter *self, const Write *w, const GError *cause, GError **error)
{
  g_autoptr (GBytes) found =
      mw_wire_get_one (self->wire, w->attr.class_id, w->attr.ln, w->attr.index, NULL, NULL);
  g_autofree char *text = text_of (found);
  if (found && same_value (&w->attr, w->new, found))
    return audit (self, "set", &w->attr, w->old, w->text, "written and read back", error);
  if (!audit (self, "set", &w->attr, w->old, w->text,
              found ? "not written: the link broke" : "unknown: the link broke", error))
    return FALSE;
  return mw_fail (
      error, cause->code,
      "The link broke while the value was being written. The meter now holds %s. %s",
      text ? text : "what only a new read-out can tell", cause->message);
}

static gboolean
send_write (MwMeter *self, Write *w, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) failure = NULL;
  Reply reply = { -1, bytes };
  MwSink sink = { reply_data, reply_result, &reply, 0 };
  mw_dlms_item item = { .attr = w->attr };
  gsize len;
  const guint8 *octets = g_bytes_get_data (w->new, &len);

  item.value = (mw_span){ octets, len };
  mw_monitor_step (self->monitor, "Writing…");
  if (!mw_wire_set (self->wire, &item, 1, &sink, &failure)) {
    if (mw_channel_may_retry (failure))
      return after_break (self, w, failure, error);
    audit (self, "set", &w->attr, w->old, w->text, failure->message, NULL);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (reply.result != 0)
    return refuse_write (self, w, reply.result, error);
  mw_monitor_step (self->monitor, "Reading back…");
  return read_back (self, w, error);
}

gboolean
mw_dlms_set (MwMeter *self, guint16 class_id, const char *obis, int attribute,
             const char *value, GError **error)
{
  Write w = { .attr = { .class_id = class_id, .index = (gint8) attribute }, .text = value };
  g_autoptr (GError) failure = NULL;
  gboolean good;

  if (!mw_parse_object (obis, &w.attr.ln, error))
    return FALSE;
  w.new = mw_value_parse (value, error);
  if (w.new == NULL)
    return FALSE;
  if (!check_rule (self, &w.attr, w.new, &failure)) {
    good = audit (self, "set", &w.attr, NULL, value, "refused before it was sent", error);
    if (good)
      g_propagate_error (error, g_steal_pointer (&failure));
    g_bytes_unref (w.new);
    return FALSE;
  }
  mw_monitor_step (self->monitor, "Reading what the meter holds…");
  w.old = mw_wire_get_one (self->wire, class_id, w.attr.ln, w.attr.index, NULL, &failure);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  good = (w.old || *error == NULL) && check_type (w.old, w.new, error)
         && send_write (self, &w, error);
  g_clear_pointer (&w.old, g_bytes_unref);
  g_bytes_unref (w.new);
  return good;
}

/* ---- action ---- */

static MwReading *
answer_of (MwMeter *self, const mw_dlms_attr *attr, GByteArray *bytes)
{
  MwReading *reading = mw_reading_new ();
  reading->obis = mw_names_obis (attr->ln);
  reading->class_id = attr->class_id;
  reading->attribute = attr->index;
  reading->name = mw_names_object (self, attr->ln);
  if (bytes->len) {
    g_autoptr (GBytes) raw = g_bytes_new (bytes->data, bytes->len);
    mw_decode_reading (reading, raw, NULL);
  } else {
    reading->kind = MW_READING_TEXT;
    reading->text = g_strdup ("");
  }
  return reading;
}

static gboolean
send_action (MwMeter *self, const mw_dlms_item *item, const char *value, Reply *reply,
             GError **error)
{
  MwSink sink = { reply_data, reply_result, reply, 0 };
  g_autoptr (GError) failure = NULL;
  if (!mw_wire_action (self->wire, item, 1, &sink, &failure)) {
    audit (self, "action", &item->attr, NULL, value,
           mw_channel_may_retry (failure) ? "unknown: the link broke" : failure->message, NULL);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (reply->result != 0) {
    g_autofree char *words = mw_words_refusal (reply->result);
    g_autofree char *note =
        g_strdup_printf ("refused: %s", mw_action_result_name ((unsigned) reply->result));
    if (!audit (self, "action", &item->attr, NULL, value, note, error))
      return FALSE;
    return mw_fail (error, MW_SESSION_ERROR_REFUSED, "The meter refused the action: %s.",
                    words);
  }
  return audit (self, "action", &item->attr, NULL, value, "done", error);
}

MwReading *
mw_dlms_action (MwMeter *self, guint16 class_id, const char *obis, int method,
                const char *value, GError **error)
{
  mw_dlms_item item = { .attr = { .class_id = class_id, .index = (gint8) method } };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GBytes) parameter = NULL;
  Reply reply = { -1, bytes };

  if (!mw_parse_object (obis, &item.attr.ln, error))
    return NULL;
  if (value) {
    gsize len;
    const guint8 *octets;
    parameter = mw_value_parse (value, error);
    if (parameter == NULL)
      return NULL;
    octets = g_bytes_get_data (parameter, &len);
    item.value = (mw_span){ octets, len };
  }
  mw_monitor_step (self->monitor, "Calling method %d of %u:%s…", method, class_id, obis);
  if (!send_action (self, &item, value, &reply, error))
    return NULL;
  return answer_of (self, &item.attr, bytes);
}
