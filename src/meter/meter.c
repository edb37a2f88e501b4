/* meter.c: opening, recognising and closing; the lists. The rest is in dlms/. */
#include "meter/meter-private.h"

#include "meter/dlms/family.h"

/* Families with code of their own; every other DLMS meter is the generic one. */
static const MwFamily *const families[] = { &mw_family_mx381, &mw_family_dlms };

void
mw_meter_begin (MwMeter *self, MwMonitor *monitor)
{
  self->monitor = monitor;
  self->wire->monitor = monitor;
}

static const MwFamily *
family_by_id (MwMeter *self, const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_strcmp0 (families[i]->id, id) == 0)
      return families[i];
  return &mw_family_dlms;
}

/* Which family, by the words that the meter said before any password was sent. */
static gboolean
recognise (MwMeter *self, MwMeterInfo *draft, const char *type_number, GError **error)
{
  MwRecognition *found;
  if (self->store == NULL) {
    self->family = &mw_family_dlms;
    return TRUE;
  }
  found = mw_store_recognise (self->store, draft->logical_name, self->wire->ident, type_number,
                              error);
  if (found == NULL) {
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
    return FALSE;
  }
  self->family = family_by_id (self, found->family);
  g_free (draft->manufacturer);
  draft->manufacturer = g_strdup (found->manufacturer);
  g_free (draft->type);
  draft->type = g_strdup (found->type);
  g_free (draft->family);
  draft->family = g_strdup (found->family);
  mw_recognition_free (found);
  return TRUE;
}

/* The first three letters of the logical device name are the manufacturer's (Blue
 * Book 4.1.8.2); better than nothing. */
static void
guess_manufacturer (MwMeterInfo *draft, const MwWire *wire)
{
  if (draft->manufacturer)
    return;
  if (draft->logical_name && strlen (draft->logical_name) >= 3)
    draft->manufacturer = g_strndup (draft->logical_name, 3);
  else if (wire->ident && strlen (wire->ident) >= 3)
    draft->manufacturer = g_strndup (wire->ident, 3);
}

/* As the store knows this meter: with its id, label and history. */
static gboolean
meet (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  MwMeterInfo *known = NULL;
  if (self->store && draft->serial && self->save) {
    known = mw_store_save_meter (self->store, draft, error);
    if (known == NULL) {
      mw_error_adopt (error, MW_SESSION_ERROR_STORE);
      return FALSE;
    }
    mw_store_note_link (self->store, self->uri, known->id, draft->last_seen, NULL);
  } else if (self->store && draft->serial) {
    g_autoptr (MwMeterInfo) stored =
        mw_store_find_meter (self->store, draft->serial, draft->family, NULL);
    draft->id = stored ? stored->id : 0;
  }
  self->info = known ? known : mw_meter_info_ref (draft);
  return TRUE;
}

/* The public client has little to say; what manages the meter is client 1 with a password,
 * unless the URI names a client. */
static gboolean
become_manager (MwMeter *self, GError **error)
{
  if (self->wire->uri->client >= 0 || self->wire->client == MW_CLIENT_MANAGEMENT)
    return TRUE;
  mw_monitor_step (self->monitor, "Associating as client %d…", MW_CLIENT_MANAGEMENT);
  return mw_wire_associate (self->wire, MW_CLIENT_MANAGEMENT, error);
}

static gboolean
find_out (MwMeter *self, GError **error)
{
  g_autoptr (MwMeterInfo) draft = mw_meter_info_new ();
  mw_monitor_step (self->monitor, "Asking who the meter is…");
  if (!mw_dlms_read_logical_name (self, &draft->logical_name, error)
      || !recognise (self, draft, NULL, error) || !become_manager (self, error))
    return FALSE;
  if (draft->logical_name == NULL
      && (!mw_dlms_read_logical_name (self, &draft->logical_name, error)
          || !recognise (self, draft, NULL, error)))
    return FALSE;
  if (!self->family->identify (self, draft, error)
      || (draft->firmware && !recognise (self, draft, draft->firmware, error)))
    return FALSE;
  if (draft->logical_name == NULL)
    draft->logical_name = g_strdup (self->wire->ident);
  if (draft->serial == NULL)
    draft->serial = g_strdup (draft->logical_name);
  if (draft->family == NULL)
    draft->family = g_strdup (self->family->id);
  guess_manufacturer (draft, self->wire);
  draft->reference = draft->serial && g_str_has_prefix (draft->serial, "REF");
  draft->last_seen = draft->first_seen = g_get_real_time () / G_USEC_PER_SEC;
  draft->last_link = g_strdup (self->uri);
  return meet (self, draft, error);
}

static gboolean
knows_ident (gpointer data, const char *ident)
{
  MwMeter *self = data;
  MwRecognition *found =
      self->store ? mw_store_recognise (self->store, NULL, ident, NULL, NULL) : NULL;
  gboolean known = found && g_strcmp0 (found->family, mw_family_dlms.id) != 0;
  if (found)
    mw_recognition_free (found);
  return known;
}

/* How this link was opened the last time, so that nothing need be tried again. */
static void
recall_way (MwMeter *self)
{
  g_autofree char *key = g_strconcat ("way:", self->uri, NULL);
  if (self->store)
    self->wire->hint = mw_store_dup_setting (self->store, key, NULL);
}

static void
remember_way (MwMeter *self)
{
  g_autofree char *key = g_strconcat ("way:", self->uri, NULL);
  g_autofree char *way = mw_wire_dup_way (self->wire);
  if (self->store && self->save && g_strcmp0 (way, self->wire->hint) != 0)
    mw_store_set_setting (self->store, key, way, NULL);
}

static gboolean
make_lists (MwMeter *self, GError **error)
{
  mw_cache_load (self);
  self->registers = self->family->registers (self, error);
  if (self->registers)
    self->loggers = self->family->loggers (self, error);
  return self->loggers != NULL;
}

static void
meter_free (MwMeter *self)
{
  mw_wire_free (self->wire);
  g_clear_pointer (&self->store, mw_store_unref);
  g_clear_pointer (&self->info, mw_meter_info_unref);
  g_clear_pointer (&self->objects, g_array_unref);
  g_clear_pointer (&self->registers, g_ptr_array_unref);
  g_clear_pointer (&self->loggers, g_ptr_array_unref);
  g_hash_table_unref (self->constants);
  g_free (self->uri);
  g_free (self->port_text);
  g_free (self);
}

MwMeter *
mw_meter_open (const MwMeterOptions *options, MwMonitor *monitor, GError **error)
{
  MwWire *wire = mw_wire_new (options->uri, options->password, options->trace_file, error);
  MwMeter *self;
  if (wire == NULL)
    return NULL;
  self = g_new0 (MwMeter, 1);
  self->wire = wire;
  self->store = options->store ? mw_store_ref (options->store) : NULL;
  self->save = options->save;
  self->uri = mw_uri_format (wire->uri);
  self->clock_drift = self->clock_utc = G_MININT64;
  self->deviation = 0;
  self->family = &mw_family_dlms;
  self->constants =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->monitor = monitor;
  wire->knows = knows_ident;
  wire->knows_data = self;
  recall_way (self);
  if (mw_wire_open (wire, monitor, error) && find_out (self, error)
      && make_lists (self, error)) {
    self->port_text = mw_wire_dup_port_text (wire);
    remember_way (self);
    return self;
  }
  if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mw_wire_shut (wire);
  meter_free (self);
  return NULL;
}

void
mw_meter_close (MwMeter *self, MwMonitor *monitor)
{
  mw_meter_begin (self, monitor);
  mw_cache_save (self);
  mw_wire_shut (self->wire);
  meter_free (self);
}

MwMeterInfo *
mw_meter_get_info (MwMeter *self)
{
  return self->info;
}

const char *
mw_meter_get_uri (MwMeter *self)
{
  return self->uri;
}

const char *
mw_meter_get_port_text (MwMeter *self)
{
  return self->port_text;
}

gint64
mw_meter_get_clock_drift (MwMeter *self)
{
  return self->clock_drift;
}

/* ---- the lists ---- */

GPtrArray *
mw_meter_list_registers (MwMeter *self, MwMonitor *monitor, GError **error)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_register_info_free);
  for (guint i = 0; i < self->registers->len; i++)
    g_ptr_array_add (copy, mw_register_info_copy (g_ptr_array_index (self->registers, i)));
  return copy;
}

GPtrArray *
mw_meter_list_loggers (MwMeter *self, MwMonitor *monitor, GError **error)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_logger_info_free);
  for (guint i = 0; i < self->loggers->len; i++)
    g_ptr_array_add (copy, mw_logger_info_copy (g_ptr_array_index (self->loggers, i)));
  return copy;
}

GPtrArray *
mw_meter_list_objects (MwMeter *self, gboolean refresh, MwMonitor *monitor, GError **error)
{
  GPtrArray *list;
  mw_meter_begin (self, monitor);
  if (!mw_cache_objects (self, refresh, error))
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_object_info_free);
  for (guint i = 0; i < self->objects->len; i++) {
    const MwObject *object = &g_array_index (self->objects, MwObject, i);
    MwObjectInfo *info = g_new0 (MwObjectInfo, 1);
    info->class_id = object->class_id;
    info->version = object->version;
    info->obis = mw_names_obis (object->ln);
    info->name = mw_names_object (self, object->ln);
    info->class_name = mw_names_class (self, object->class_id);
    g_ptr_array_add (list, info);
  }
  return list;
}
