/* read.c: the register read-out, and one attribute of any object.
 *
 * For each register the scaler_unit (unless it is known from before), the time stamp of a
 * maximum and the value are asked for, in that order, so that a reading is whole the moment its
 * value arrives.
 */
#include "meter/dlms/decode.h"
#include "meter/dlms/family.h"

#define NONE G_MAXUINT
/* The time left is a guess before so much has passed. */
#define ESTIMATE_AFTER_US 1000000

static const mw_obis clock_name = MW_OBIS (0, 0, 1, 0, 0, 255);

/* One register of the read-out: where its answers stand. */
typedef struct {
  const MwRegisterInfo *info;
  mw_dlms_attr value;
  mw_dlms_attr scaler; /* index 0: none */
  guint at_scaler, at_captured, at_value;
} Wish;

typedef struct {
  MwMeter *meter;
  GArray *wishes;
  GArray *answers;
  GArray *owner; /* per answer the wish whose value it is, or NONE */
  MwReadout *readout;
  gint64 started;
} Plan;

static guint
plan_ask (Plan *plan, mw_dlms_attr attr, guint owner)
{
  mw_answers_add (plan->answers, attr.class_id, attr.ln, attr.index);
  g_array_append_val (plan->owner, owner);
  return plan->answers->len - 1;
}

static void
plan_add (Plan *plan, const MwRegisterInfo *info)
{
  Wish w = { .info = info, .at_scaler = NONE, .at_captured = NONE };
  gint8 captured = mw_capture_attribute (info->class_id, info->attribute);

  w.value = (mw_dlms_attr){ .class_id = info->class_id, .index = info->attribute };
  if (mw_obis_parse (info->obis, strlen (info->obis), &w.value.ln) != MW_OK)
    return;
  w.scaler = w.value;
  w.scaler.index = mw_scaler_attribute (info->class_id, info->attribute);
  if (w.scaler.index && mw_cache_get (plan->meter, &w.scaler) == NULL)
    w.at_scaler = plan_ask (plan, w.scaler, NONE);
  if (captured) {
    mw_dlms_attr attr = w.value;
    attr.index = captured;
    w.at_captured = plan_ask (plan, attr, NONE);
  }
  w.at_value = plan_ask (plan, w.value, plan->wishes->len);
  g_array_append_val (plan->wishes, w);
}

static MwScaler
scaler_of (Plan *plan, const Wish *wish)
{
  MwScaler scaler = MW_SCALER_NONE;
  GBytes *raw = wish->scaler.index ? mw_cache_get (plan->meter, &wish->scaler) : NULL;
  if (raw)
    mw_decode_scaler (raw, &scaler);
  return scaler;
}

static void
note_captured (Plan *plan, const Wish *wish, MwReading *reading)
{
  GBytes *raw;
  if (wish->at_captured == NONE)
    return;
  raw = g_array_index (plan->answers, MwAnswer, wish->at_captured).raw;
  reading->has_captured = raw && mw_decode_civil (raw, &reading->captured);
}

static MwReading *
make_reading (Plan *plan, const Wish *wish, const MwAnswer *answer)
{
  MwReading *reading = mw_reading_new ();
  MwScaler scaler = scaler_of (plan, wish);
  reading->obis = g_strdup (wish->info->obis);
  reading->class_id = wish->info->class_id;
  reading->attribute = wish->info->attribute;
  reading->name = g_strdup (wish->info->name);
  reading->group = g_strdup (wish->info->group);
  if (answer->raw)
    mw_decode_reading (reading, answer->raw, &scaler);
  else
    mw_decode_refused (reading, answer->result);
  note_captured (plan, wish, reading);
  return reading;
}

static void
tell_progress (Plan *plan, guint done)
{
  gint64 elapsed = g_get_monotonic_time () - plan->started;
  guint all = plan->answers->len;
  int left = -1;
  if (elapsed > ESTIMATE_AFTER_US && done * 10 >= all) /* before that it is a guess */
    left = (int) (elapsed * (all - done) / done / G_USEC_PER_SEC);
  mw_monitor_progress (plan->meter->monitor, (double) done / all, left);
}

static void
on_answer (gpointer user, guint index, MwAnswer *answer)
{
  Plan *plan = user;
  guint owner = g_array_index (plan->owner, guint, index);
  MwReading *reading;
  tell_progress (plan, index + 1);
  if (owner == NONE) {
    gboolean is_scaler = mw_scaler_attribute (answer->attr.class_id, 2) == answer->attr.index;
    if (answer->raw && is_scaler)
      mw_cache_put (plan->meter, &answer->attr, answer->raw);
    return;
  }
  reading = make_reading (plan, &g_array_index (plan->wishes, Wish, owner), answer);
  g_ptr_array_add (plan->readout->readings, reading);
  mw_monitor_reading (plan->meter->monitor, reading);
}

/* ---- the read-out ---- */

/* "7:0-0:21.0.1.255:3", as mw get takes it: one attribute, asked for as it stands.  NULL: WORD
 * is no such name. */
static MwRegisterInfo *
attribute_of (MwMeter *self, const char *word)
{
  const char *first = strchr (word, ':'), *last = strrchr (word, ':');
  g_autofree char *head = first ? g_strndup (word, (gsize) (first - word)) : NULL;
  guint64 class_id;
  gint64 attribute;
  mw_obis o;
  if (first == NULL || last == first
      || !g_ascii_string_to_unsigned (head, 10, 1, G_MAXUINT16, &class_id, NULL)
      || !g_ascii_string_to_signed (last + 1, 10, -127, 127, &attribute, NULL)
      || mw_obis_parse (first + 1, (gsize) (last - first - 1), &o) != MW_OK)
    return NULL;
  MwRegisterInfo *info = g_new0 (MwRegisterInfo, 1);
  info->obis = mw_names_obis (o);
  info->class_id = (guint16) class_id;
  info->attribute = (gint8) attribute;
  info->name = mw_names_object (self, o);
  return info;
}

/* A register that only the object list knows. */
static MwRegisterInfo *
listed_object (MwMeter *self, const char *word, GError **error)
{
  const MwObject *object;
  MwRegisterInfo *info;
  mw_obis o;
  if (mw_obis_parse (word, strlen (word), &o) != MW_OK
      || !mw_cache_objects (self, FALSE, error))
    return NULL;
  object = mw_cache_find_object (self, o);
  if (object == NULL)
    return NULL;
  info = g_new0 (MwRegisterInfo, 1);
  info->obis = mw_names_obis (o);
  info->class_id = object->class_id;
  info->attribute = 2;
  info->name = mw_names_object (self, o);
  return info;
}

MwRegisterInfo *
mw_dlms_find_register (MwMeter *self, const char *word, GError **error)
{
  MwRegisterInfo *info = attribute_of (self, word);
  return info ? info : listed_object (self, word, error);
}

gboolean
mw_dlms_read (MwMeter *self, GPtrArray *wanted, MwReadout *readout, GError **error)
{
  g_autoptr (GArray) wishes = g_array_new (FALSE, TRUE, sizeof (Wish));
  g_autoptr (GArray) answers = mw_answers_new ();
  g_autoptr (GArray) owner = g_array_new (FALSE, FALSE, sizeof (guint));
  Plan plan = {
    .meter = self, .wishes = wishes, .answers = answers, .owner = owner, .readout = readout
  };
  guint at_clock;

  for (guint i = 0; i < wanted->len; i++)
    plan_add (&plan, wanted->pdata[i]);
  at_clock = plan_ask (&plan, (mw_dlms_attr){ 8, clock_name, 2 }, NONE);
  plan.started = g_get_monotonic_time ();
  if (!mw_batch_get (self, answers, on_answer, &plan, error))
    return FALSE;
  mw_dlms_note_clock (self, g_array_index (answers, MwAnswer, at_clock).raw);
  mw_cache_save (self);
  return TRUE;
}

/* ---- one attribute ---- */

gboolean
mw_parse_object (const char *obis, mw_obis *out, GError **error)
{
  if (mw_obis_parse (obis, strlen (obis), out) == MW_OK)
    return TRUE;
  return mw_fail (error, MW_SESSION_ERROR_USAGE,
                  "“%s” is no OBIS code. They look like 1-0:1.8.0.255.", obis);
}

MwReading *
mw_meter_reading_of (MwMeter *self, const mw_dlms_attr *attr, GBytes *raw, int result,
                     GError **error)
{
  mw_dlms_attr scaler_attr = *attr;
  MwScaler scaler = MW_SCALER_NONE;
  g_autoptr (GBytes) scaler_raw = NULL;
  MwReading *reading = mw_reading_new ();

  reading->obis = mw_names_obis (attr->ln);
  reading->class_id = attr->class_id;
  reading->attribute = attr->index;
  reading->name = mw_names_object (self, attr->ln);
  scaler_attr.index = mw_scaler_attribute (attr->class_id, attr->index);
  if (raw == NULL) {
    mw_decode_refused (reading, result);
    return reading;
  }
  if (scaler_attr.index) {
    GBytes *known = mw_cache_get (self, &scaler_attr);
    scaler_raw = known ? g_bytes_ref (known)
                       : mw_wire_get_one (self->wire, attr->class_id, attr->ln,
                                          scaler_attr.index, NULL, NULL);
    if (scaler_raw && known == NULL)
      mw_cache_put (self, &scaler_attr, scaler_raw);
    if (scaler_raw)
      mw_decode_scaler (scaler_raw, &scaler);
  }
  mw_decode_reading (reading, raw, &scaler);
  return reading;
}

MwReading *
mw_dlms_get (MwMeter *self, guint16 class_id, const char *obis, int attribute, GError **error)
{
  mw_dlms_attr attr = { .class_id = class_id, .index = (gint8) attribute };
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GError) failure = NULL;
  int result = 0;

  if (!mw_parse_object (obis, &attr.ln, error))
    return NULL;
  mw_monitor_step (self->monitor, "Reading %u:%s:%d…", class_id, obis, attribute);
  raw = mw_wire_get_one (self->wire, class_id, attr.ln, attr.index, &result, &failure);
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  return mw_meter_reading_of (self, &attr, raw, result, error);
}
