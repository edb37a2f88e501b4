/* meter.c: opening, recognising and closing a meter; what it has and how it is asked is its
 * family's.
 */
#include "meter/dlms/family.h"
#include "meter/kamstrup/kamstrup.h"

void
mw_meter_begin (MwMeter *self, MwMonitor *monitor)
{
  self->monitor = monitor;
  self->channel->monitor = monitor;
}

gboolean
mw_meter_recognise (MwMeter *self, MwMeterInfo *draft, const char *ident,
                    const char *type_number, GError **error)
{
  MwRecognition *found;
  if (self->store == NULL)
    return TRUE;
  found = mw_store_recognise (self->store, draft->logical_name, ident, type_number, error);
  if (found == NULL) {
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
    return FALSE;
  }
  g_free (draft->manufacturer);
  draft->manufacturer = g_strdup (found->manufacturer);
  g_free (draft->type);
  draft->type = g_strdup (found->type);
  g_free (draft->family);
  draft->family = g_strdup (found->family);
  g_free (draft->model);
  draft->model = g_strdup (found->model);
  g_free (draft->generation);
  draft->generation = g_strdup (found->generation);
  mw_recognition_free (found);
  return TRUE;
}

/* The first three letters of the logical device name are the manufacturer's (Blue
 * Book 4.1.8.2), as are those of an IEC identification; better than nothing. */
static void
guess_manufacturer (MwMeterInfo *draft, const char *ident)
{
  if (draft->manufacturer && *draft->manufacturer)
    return;
  g_clear_pointer (&draft->manufacturer, g_free);
  if (draft->logical_name && strlen (draft->logical_name) >= 3)
    draft->manufacturer = g_strndup (draft->logical_name, 3);
  else if (ident && strlen (ident) >= 3)
    draft->manufacturer = g_strndup (ident, 3);
}

/* As the store knows this meter: with its id, label and history. */
static gboolean
look_up (MwMeter *self, MwMeterInfo *draft, GError **error)
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

static gboolean
find_out (MwMeter *self, GError **error)
{
  g_autoptr (MwMeterInfo) draft = mw_meter_info_new ();
  mw_monitor_step (self->monitor, "Asking who the meter is…");
  if (!self->talk->meet (self, draft, error))
    return FALSE;
  if (draft->family == NULL)
    draft->family = g_strdup (self->family->id);
  guess_manufacturer (draft, self->iec->ident);
  draft->reference =
      draft->reference || (draft->serial && g_str_has_prefix (draft->serial, "REF"))
      || g_str_has_prefix (self->uri, "ref:"); /* whatever its serial number looks like */
  draft->last_seen = draft->first_seen = g_get_real_time () / G_USEC_PER_SEC;
  draft->last_link = g_strdup (self->uri);
  return look_up (self, draft, error);
}

/* The manager of a meter whose identification the catalogue knows; NULL: it does not. */
static const MwManager *
knows_ident (gpointer data, const char *ident)
{
  MwMeter *self = data;
  MwRecognition *found =
      self->store ? mw_store_recognise (self->store, NULL, ident, NULL, NULL) : NULL;
  const MwFamily *family = found ? mw_dlms_family_by_id (found->family) : NULL;
  gboolean known = found && g_strcmp0 (found->family, mw_family_dlms.id) != 0;
  if (found)
    mw_recognition_free (found);
  if (!known)
    return NULL;
  return family->manager ? family->manager : self->wire->manager;
}

/* How this link was opened the last time, so that nothing need be tried again. */
static void
recall_way (MwMeter *self)
{
  g_autofree char *key = g_strconcat ("way:", self->uri, NULL);
  if (self->store)
    self->hint = mw_store_dup_setting (self->store, key, NULL);
}

static void
remember_way (MwMeter *self)
{
  g_autofree char *key = g_strconcat ("way:", self->uri, NULL);
  g_autofree char *way = self->talk->dup_way (self);
  if (self->store && self->save && g_strcmp0 (way, self->hint) != 0)
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
  mw_iec_wire_free (self->iec);
  mw_kmp_wire_free (self->kmp);
  mw_kam_free (self->kamstrup);
  mw_channel_free (self->channel);
  g_clear_pointer (&self->store, mw_store_unref);
  g_clear_pointer (&self->info, mw_meter_info_unref);
  g_clear_pointer (&self->objects, g_array_unref);
  g_clear_pointer (&self->registers, g_ptr_array_unref);
  g_clear_pointer (&self->loggers, g_ptr_array_unref);
  g_hash_table_unref (self->constants);
  g_free (self->uri);
  g_free (self->port_text);
  g_free (self->hint);
  g_free (self);
}

/* Takes CHANNEL. */
static MwMeter *
meter_new (MwChannel *channel, const MwMeterOptions *options)
{
  MwMeter *self = g_new0 (MwMeter, 1);
  self->channel = channel;
  self->iec = mw_iec_wire_new (channel);
  self->wire = mw_wire_new (channel, self->iec);
  self->kmp = mw_kmp_wire_new (channel);
  self->wire->knows = knows_ident;
  self->wire->knows_data = self;
  self->store = options->store ? mw_store_ref (options->store) : NULL;
  self->save = options->save;
  self->uri = mw_uri_format (channel->uri);
  self->clock_drift = self->clock_utc = G_MININT64;
  self->family = &mw_family_dlms;
  self->constants =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return self;
}

MwMeter *
mw_meter_open (const MwMeterOptions *options, MwMonitor *monitor, GError **error)
{
  MwChannel *channel =
      mw_channel_new (options->uri, options->password, options->trace_file, error);
  MwMeter *self;
  if (channel == NULL)
    return NULL;
  channel->uri->pin = g_strdup (options->pin);
  self = meter_new (channel, options);
  mw_meter_begin (self, monitor);
  recall_way (self);
  if (mw_probe (self, error) && find_out (self, error) && make_lists (self, error)) {
    self->port_text = mw_channel_dup_port_text (channel, self->talk->name);
    remember_way (self);
    return self;
  }
  if (self->talk && !mw_channel_is_cancelled (*error))
    self->talk->shut (self);
  meter_free (self);
  return NULL;
}

void
mw_meter_close (MwMeter *self, MwMonitor *monitor)
{
  mw_meter_begin (self, monitor);
  mw_cache_save (self);
  self->talk->shut (self);
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

const char *
mw_meter_get_protocol (MwMeter *self)
{
  return self->talk->word;
}

gint64
mw_meter_get_clock_drift (MwMeter *self)
{
  return self->clock_drift;
}

char *
mw_meter_dup_iec_refusal (MwMeter *self)
{
  return self->family->iec_refusal ? self->family->iec_refusal (self) : NULL;
}

char *
mw_meter_dup_note (MwMeter *self)
{
  return self->family->note ? self->family->note (self) : NULL;
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

/* What this family cannot do. */
static gboolean
no_objects (MwMeter *self, GError **error)
{
  return mw_fail (
      error, MW_SESSION_ERROR_REFUSED,
      "This meter speaks %s here, which has no COSEM objects. Read its registers by "
      "name, as “mw read” lists them.",
      self->talk->name);
}

GPtrArray *
mw_meter_list_objects (MwMeter *self, gboolean refresh, MwMonitor *monitor, GError **error)
{
  GPtrArray *list;
  mw_meter_begin (self, monitor);
  if (self->family->objects == NULL) {
    no_objects (self, error);
    return NULL;
  }
  if (!self->family->objects (self, refresh, error))
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

/* ---- one attribute or method ---- */

/* CLASS_ID 0: OBIS is the word for a register of this meter, whatever its protocol. */
static MwReading *
get_register (MwMeter *self, const char *word, MwMonitor *monitor, GError **error)
{
  const char *const words[] = { word, NULL };
  g_autoptr (MwReadout) readout = mw_meter_read_words (self, words, monitor, error);
  return readout && readout->readings->len ? mw_reading_ref (readout->readings->pdata[0])
                                           : NULL;
}

MwReading *
mw_meter_get (MwMeter *self, guint16 class_id, const char *obis, int attribute,
              MwMonitor *monitor, GError **error)
{
  mw_meter_begin (self, monitor);
  if (class_id == 0)
    return get_register (self, obis, monitor, error);
  if (self->family->get)
    return self->family->get (self, class_id, obis, attribute, error);
  no_objects (self, error);
  return NULL;
}

gboolean
mw_meter_set (MwMeter *self, guint16 class_id, const char *obis, int attribute,
              const char *value, MwMonitor *monitor, GError **error)
{
  mw_meter_begin (self, monitor);
  if (self->family->set)
    return self->family->set (self, class_id, obis, attribute, value, error);
  return no_objects (self, error);
}

MwReading *
mw_meter_action (MwMeter *self, guint16 class_id, const char *obis, int method,
                 const char *value, MwMonitor *monitor, GError **error)
{
  mw_meter_begin (self, monitor);
  if (self->family->action)
    return self->family->action (self, class_id, obis, method, value, error);
  no_objects (self, error);
  return NULL;
}
