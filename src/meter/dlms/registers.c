/* registers.c: which registers and loggers a meter has, and how they are found by a word.
 *
 * The generic family asks the association's object list; a family of the catalogue its rows.
 */
#include "meter/meter-private.h"

#include "meter/dlms/family.h"

MwRegisterInfo *
mw_register_info_copy (const MwRegisterInfo *from)
{
  MwRegisterInfo *to = g_memdup2 (from, sizeof *from);
  to->obis = g_strdup (from->obis);
  to->name = g_strdup (from->name);
  to->group = g_strdup (from->group);
  return to;
}

MwLoggerInfo *
mw_logger_info_copy (const MwLoggerInfo *from)
{
  MwLoggerInfo *to = g_memdup2 (from, sizeof *from);
  to->logger = g_strdup (from->logger);
  to->name = g_strdup (from->name);
  to->obis = g_strdup (from->obis);
  return to;
}

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
    known = mw_store_list_family_loggers (self->store, mw_family_dlms.id, NULL);
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_logger_info_free);
  for (guint i = 0; i < self->objects->len; i++) {
    const MwObject *object = &g_array_index (self->objects, MwObject, i);
    gboolean display = object->ln.v[2] == 21; /* what the display shows is no logger */
    if (object->class_id == 7 && !display)
      g_ptr_array_add (list, make_logger (self, known, object->ln));
  }
  return list;
}

/* ---- finding ---- */

static gboolean
same_obis (const char *text, mw_obis wanted)
{
  mw_obis o;
  return mw_obis_parse (text, strlen (text), &o) == MW_OK && mw_obis_equal (o, wanted);
}

static gboolean
same_word (const char *a, const char *b)
{
  g_autofree char *x = a ? g_utf8_casefold (a, -1) : NULL;
  g_autofree char *y = g_utf8_casefold (b, -1);
  return x && strcmp (x, y) == 0;
}

/* WORD is an OBIS code in any usual form or a name of the catalogue; NULL when this meter has
 * no such register. */
const MwRegisterInfo *
mw_find_register (MwMeter *self, const char *word)
{
  mw_obis o;
  gboolean code = mw_obis_parse (word, strlen (word), &o) == MW_OK;
  for (guint i = 0; i < self->registers->len; i++) {
    const MwRegisterInfo *info = g_ptr_array_index (self->registers, i);
    if (code ? same_obis (info->obis, o) : same_word (info->name, word))
      return info;
  }
  return NULL;
}

const MwLoggerInfo *
mw_find_logger (MwMeter *self, const char *word)
{
  mw_obis o;
  gboolean code = mw_obis_parse (word, strlen (word), &o) == MW_OK;
  for (guint i = 0; i < self->loggers->len; i++) {
    const MwLoggerInfo *info = g_ptr_array_index (self->loggers, i);
    if (code ? same_obis (info->obis, o)
             : same_word (info->logger, word) || same_word (info->name, word))
      return info;
  }
  return NULL;
}
