/* registers.c: which registers and loggers a DLMS meter has, by the association's object list.
 */
#include "meter/dlms/family.h"

/* Groups by the OBIS code (Blue Book 7, electricity). */
static const char *
group_of (mw_obis o)
{
  guint c = o.v[2], d = o.v[3];
  if (o.v[0] == 0 && c == 1)
    return "clock";
  if (o.v[0] == 0 && (c == 42 || (c == 96 && d == 1)))
    return "identity";
  if (o.v[0] != 1)
    return "other";
  if (c >= 21 && c <= 80 && d == 7)
    return "per phase";
  if (d == 8 || d == 9)
    return o.v[4] ? "tariffs" : "energy";
  if (d == 7)
    return "power";
  if (d == 6 || d == 4 || d == 5 || d == 2)
    return "maxima";
  return "other";
}

static gboolean
holds_value (guint16 class_id)
{
  return class_id == 1 || class_id == 3 || class_id == 4 || class_id == 5 || class_id == 8;
}

static void
add_register (MwMeter *self, GPtrArray *list, const MwObject *object, gint8 attribute)
{
  MwRegisterInfo *info = g_new0 (MwRegisterInfo, 1);
  info->obis = mw_names_obis (object->ln);
  info->class_id = object->class_id;
  info->attribute = attribute;
  info->name = mw_names_object (self, object->ln);
  if (info->name == NULL)
    info->name = g_strdup (info->obis);
  info->group = g_strdup (group_of (object->ln));
  info->unit = MW_UNIT_NONE;
  g_ptr_array_add (list, info);
}

GPtrArray *
mw_dlms_family_registers (MwMeter *self, GError **error)
{
  GPtrArray *list;
  if (!mw_cache_objects (self, FALSE, error))
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_register_info_free);
  for (guint i = 0; i < self->objects->len; i++) {
    const MwObject *object = &g_array_index (self->objects, MwObject, i);
    if (holds_value (object->class_id))
      add_register (self, list, object, 2);
    if (object->class_id == 5) /* last_average_value beside current_average_value */
      add_register (self, list, object, 3);
  }
  return list;
}

/* The catalogue's name for the logger at OBIS among KNOWN; NULL when it has none. */
static const MwLoggerInfo *
known_logger (GPtrArray *known, const char *obis)
{
  for (guint i = 0; known && i < known->len; i++) {
    const MwLoggerInfo *info = g_ptr_array_index (known, i);
    if (g_strcmp0 (info->obis, obis) == 0)
      return info;
  }
  return NULL;
}

static MwLoggerInfo *
make_logger (MwMeter *self, GPtrArray *known, mw_obis ln)
{
  g_autofree char *obis = mw_names_obis (ln);
  const MwLoggerInfo *row = known_logger (known, obis);
  MwLoggerInfo *info;
  if (row)
    return mw_logger_info_copy (row);
  info = g_new0 (MwLoggerInfo, 1);
  info->name = mw_names_object (self, ln);
  if (info->name == NULL)
    info->name = g_strdup (obis);
  info->logger = g_strdup (obis);
  info->obis = g_steal_pointer (&obis);
  return info;
}

GPtrArray *
mw_dlms_family_loggers (MwMeter *self, GError **error)
{
  g_autoptr (GPtrArray) known = NULL;
  GPtrArray *list;
  if (!mw_cache_objects (self, FALSE, error))
    return NULL;
  if (self->store)
    known = mw_store_list_family_loggers (
        self->store, self->info ? self->info->family : mw_family_dlms.id, NULL);
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_logger_info_free);
  for (guint i = 0; i < self->objects->len; i++) {
    const MwObject *object = &g_array_index (self->objects, MwObject, i);
    gboolean display = object->ln.v[2] == 21; /* what the display shows is no logger */
    if (object->class_id == 7 && !display)
      g_ptr_array_add (list, make_logger (self, known, object->ln));
  }
  return list;
}
