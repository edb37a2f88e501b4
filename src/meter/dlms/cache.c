/* cache.c: what a meter with one firmware always answers the same, kept in the store: the
 * object list of the association and constants such as scaler_unit.
 *
 * Without a store, or before the meter is known to it, both live as long as the connection.
 */
#include "meter/meter-private.h"

#define LIST_CLASS 15 /* Association LN, attribute 2 object_list */

static const mw_obis current_association = MW_OBIS (0, 0, 40, 0, 0, 255);

/* ---- constants: lines "class:obis:attribute hex" ---- */

static char *
key_of (const mw_dlms_attr *attr)
{
  char obis[MW_OBIS_TEXT];
  mw_obis_format (attr->ln, obis, sizeof obis);
  return g_strdup_printf ("%u:%s:%d", attr->class_id, obis, attr->index);
}

GBytes *
mw_cache_get (MwMeter *self, const mw_dlms_attr *attr)
{
  g_autofree char *key = key_of (attr);
  return g_hash_table_lookup (self->constants, key);
}

void
mw_cache_put (MwMeter *self, const mw_dlms_attr *attr, GBytes *value)
{
  g_hash_table_insert (self->constants, key_of (attr), g_bytes_ref (value));
  self->constants_changed = TRUE;
}

static char *
view_name (MwMeter *self, const char *what)
{
  return g_strdup_printf ("%s of client %u", what, self->wire->client);
}

static GBytes *
load_view (MwMeter *self, const char *what)
{
  g_autofree char *view = view_name (self, what);
  if (self->store == NULL || self->info->id == 0)
    return NULL;
  return mw_store_load_object_list (self->store, self->info->id,
                                    self->info->firmware ? self->info->firmware : "", view,
                                    NULL);
}

/* A cache that cannot be written costs time, no data: the next read-out asks again. */
static void
save_view (MwMeter *self, const char *what, GBytes *data)
{
  g_autofree char *view = view_name (self, what);
  g_autoptr (GError) error = NULL;
  if (self->store == NULL || !self->save || self->info->id == 0)
    return;
  if (!mw_store_save_object_list (self->store, self->info->id,
                                  self->info->firmware ? self->info->firmware : "", view, data,
                                  &error))
    g_debug ("cache of %s: %s", view, error->message);
}

static void
load_line (MwMeter *self, char *line)
{
  char *hex = strchr (line, ' ');
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  if (hex == NULL)
    return;
  *hex++ = 0;
  for (; g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]); hex += 2) {
    guint8 v = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
    g_byte_array_append (bytes, &v, 1);
  }
  g_hash_table_insert (self->constants, g_strdup (line), g_bytes_new (bytes->data, bytes->len));
}

void
mw_cache_load (MwMeter *self)
{
  g_autoptr (GBytes) data = load_view (self, "constants");
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;
  if (data == NULL)
    return;
  text = g_strndup (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    load_line (self, lines[i]);
}

void
mw_cache_save (MwMeter *self)
{
  g_autoptr (GBytes) data = NULL;
  GHashTableIter iter;
  gpointer key, value;
  GString *text;
  if (!self->constants_changed)
    return;
  self->constants_changed = FALSE;
  text = g_string_new (NULL);
  g_hash_table_iter_init (&iter, self->constants);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    gsize len;
    const guint8 *bytes = g_bytes_get_data (value, &len);
    g_string_append_printf (text, "%s ", (const char *) key);
    for (gsize i = 0; i < len; i++)
      g_string_append_printf (text, "%02X", bytes[i]);
    g_string_append_c (text, '\n');
  }
  data = g_string_free_to_bytes (text);
  save_view (self, "constants", data);
}

/* ---- the object list: array of structure {class, version, logical name, access rights} ----
 */

static GArray *
parse_objects (GBytes *raw)
{
  GArray *objects = g_array_new (FALSE, FALSE, sizeof (MwObject));
  mw_cur c;
  gsize len;
  const guint8 *bytes = g_bytes_get_data (raw, &len);
  guint32 n;

  mw_cur_init (&c, bytes, len);
  n = mw_axdr_get_array (&c);
  for (guint32 i = 0; i < n && c.err == MW_OK; i++) {
    MwObject object;
    mw_axdr_get_structure (&c, 4);
    object.class_id = (guint16) mw_axdr_get_int (&c);
    object.version = (guint8) mw_axdr_get_int (&c);
    object.ln = mw_axdr_get_obis (&c);
    mw_axdr_take (&c);
    g_array_append_val (objects, object);
  }
  if (mw_cur_end (&c) == MW_OK)
    return objects;
  g_array_unref (objects);
  return NULL;
}

static GBytes *
fetch_objects (MwMeter *self, GError **error)
{
  int result = 0;
  GBytes *raw;
  mw_monitor_step (self->monitor, "Reading the list of objects…");
  raw = mw_wire_get_one (self->wire, LIST_CLASS, current_association, 2, &result, error);
  if (raw == NULL && result != 0)
    mw_fail (error, MW_SESSION_ERROR_REFUSED,
             "The meter does not give its list of objects to client %u (%s). Read registers by "
             "their OBIS codes instead.",
             self->wire->client, mw_dar_name ((unsigned) result));
  return raw;
}

gboolean
mw_cache_objects (MwMeter *self, gboolean refresh, GError **error)
{
  g_autoptr (GBytes) raw = NULL;
  gboolean fresh = FALSE;
  if (self->objects && !refresh)
    return TRUE;
  if (!refresh)
    raw = load_view (self, "objects");
  if (raw == NULL) {
    raw = fetch_objects (self, error);
    fresh = TRUE;
  }
  if (raw == NULL)
    return FALSE;
  g_clear_pointer (&self->objects, g_array_unref);
  self->objects = parse_objects (raw);
  if (self->objects == NULL)
    return mw_fail (
        error, MW_SESSION_ERROR_PROTOCOL,
        "The meter's list of objects is not what the Blue Book says. The trace shows "
        "what came.");
  if (fresh)
    save_view (self, "objects", raw);
  return TRUE;
}

const MwObject *
mw_cache_find_object (MwMeter *self, mw_obis ln)
{
  for (guint i = 0; self->objects && i < self->objects->len; i++) {
    const MwObject *object = &g_array_index (self->objects, MwObject, i);
    if (mw_obis_equal (object->ln, ln))
      return object;
  }
  return NULL;
}
