/* profile.c: what a profile captures. See profile.h.
 *
 * Capture objects are read every time, for a person may have changed them since; the scalers of
 * what they name come from the store when this meter was read before.
 */
#include "meter/dlms/profile.h"

#define CLASS_PROFILE 7
enum { BUFFER = 2, CAPTURE_OBJECTS = 3, CAPTURE_PERIOD = 4, IN_USE = 7, ENTRIES = 8 };

void
mw_log_shape_free (MwLogShape *profile)
{
  if (profile == NULL)
    return;
  g_array_unref (profile->captures);
  g_free (profile);
}

/* Profile and event-log status: 0-b:96.10.e.255 (Blue Book 6.2.34). */
static gboolean
is_status (const mw_capture_object *o)
{
  return o->class_id == 1 && o->index == 2 && o->ln.v[0] == 0 && o->ln.v[2] == 96
         && o->ln.v[3] == 10;
}

static gboolean
is_clock (const mw_capture_object *o)
{
  return o->class_id == 8 && o->index == 2;
}

static MwColumnKind
kind_of (const mw_capture_object *o)
{
  if (mw_scaler_attribute (o->class_id, o->index))
    return MW_COLUMN_DECIMAL;
  if (o->class_id == 8 || (o->class_id == 4 && o->index == 5)
      || (o->class_id == 5 && (o->index == 6 || o->index == 7)))
    return MW_COLUMN_TIME;
  return MW_COLUMN_CODE;
}

static void
add_capture (MwLogShape *profile, const mw_capture_object *o)
{
  MwCapture c = { .object = *o, .role = MW_ROLE_VALUE, .scaler = MW_SCALER_NONE };
  gboolean has_status = FALSE;
  for (guint i = 0; i < profile->captures->len; i++)
    has_status |= g_array_index (profile->captures, MwCapture, i).role == MW_ROLE_STATUS;
  if (is_clock (o) && profile->clock < 0) {
    c.role = MW_ROLE_CLOCK;
    profile->clock = (int) profile->captures->len;
  } else if (is_status (o) && !has_status) {
    c.role = MW_ROLE_STATUS;
  } else {
    c.column = profile->n_columns++;
    c.kind = kind_of (o);
    c.kind_known = c.kind != MW_COLUMN_CODE;
  }
  g_array_append_val (profile->captures, c);
}

static gboolean
parse_captures (MwLogShape *profile, GBytes *raw, GError **error)
{
  gsize len;
  const guint8 *bytes = g_bytes_get_data (raw, &len);
  mw_cur c;
  guint32 n;
  mw_cur_init (&c, bytes, len);
  n = mw_axdr_get_array (&c);
  for (guint32 i = 0; i < n && c.err == MW_OK; i++) {
    mw_capture_object o = mw_capture_object_get (&c);
    if (c.err == MW_OK)
      add_capture (profile, &o);
  }
  if (mw_cur_end (&c) != MW_OK || n == 0 || profile->n_columns > MW_STORE_MAX_COLUMNS)
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The list of what %s captures is not what the Blue Book says.",
                    profile->logger->name);
  return TRUE;
}

static guint32
number_of (const MwAnswer *answer)
{
  gint64 v;
  return answer->raw && mw_decode_int (answer->raw, &v) && v >= 0 && v <= G_MAXUINT32
             ? (guint32) v
             : 0;
}

static gboolean
refused (const MwLogShape *profile, int result, GError **error)
{
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "The meter does not give %s (%s) to this client.", profile->logger->name,
                  mw_dar_name ((unsigned) result));
}

static gboolean
read_shape (MwMeter *self, MwLogShape *profile, GError **error)
{
  static const gint8 attributes[] = { CAPTURE_OBJECTS, CAPTURE_PERIOD, IN_USE, ENTRIES };
  g_autoptr (GArray) answers = mw_answers_new ();
  const MwAnswer *a;
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    mw_answers_add (answers, CLASS_PROFILE, profile->ln, attributes[i]);
  if (!mw_batch_get (self, answers, NULL, NULL, error))
    return FALSE;
  a = (const MwAnswer *) answers->data;
  if (a[0].raw == NULL)
    return refused (profile, a[0].result, error);
  profile->period_s = number_of (&a[1]);
  profile->in_use = number_of (&a[2]);
  profile->entries = number_of (&a[3]);
  return parse_captures (profile, a[0].raw, error);
}

static mw_dlms_attr
scaler_attr (const MwCapture *capture)
{
  const mw_capture_object *o = &capture->object;
  mw_dlms_attr attr = { o->class_id, o->ln, mw_scaler_attribute (o->class_id, o->index) };
  return attr;
}

/* Scalers that are not known yet are fetched together. */
static gboolean
read_scalers (MwMeter *self, MwLogShape *profile, GError **error)
{
  g_autoptr (GArray) answers = mw_answers_new ();
  for (guint i = 0; i < profile->captures->len; i++) {
    mw_dlms_attr attr = scaler_attr (&g_array_index (profile->captures, MwCapture, i));
    if (attr.index && mw_cache_get (self, &attr) == NULL)
      mw_answers_add (answers, attr.class_id, attr.ln, attr.index);
  }
  if (answers->len && !mw_batch_get (self, answers, NULL, NULL, error))
    return FALSE;
  for (guint i = 0; i < answers->len; i++) {
    const MwAnswer *answer = &g_array_index (answers, MwAnswer, i);
    if (answer->raw)
      mw_cache_put (self, &answer->attr, answer->raw);
  }
  for (guint i = 0; i < profile->captures->len; i++) {
    MwCapture *capture = &g_array_index (profile->captures, MwCapture, i);
    mw_dlms_attr attr = scaler_attr (capture);
    GBytes *raw = attr.index ? mw_cache_get (self, &attr) : NULL;
    if (raw)
      mw_decode_scaler (raw, &capture->scaler);
  }
  mw_cache_save (self);
  return TRUE;
}

MwLogShape *
mw_log_shape_open (MwMeter *self, const MwLoggerInfo *logger, GError **error)
{
  g_autoptr (MwLogShape) profile = g_new0 (MwLogShape, 1);
  profile->logger = logger;
  profile->clock = -1;
  profile->captures = g_array_new (FALSE, TRUE, sizeof (MwCapture));
  if (!mw_parse_object (logger->obis, &profile->ln, error) || !read_shape (self, profile, error)
      || !read_scalers (self, profile, error))
    return NULL;
  return g_steal_pointer (&profile);
}
