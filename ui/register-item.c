#include "register-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "format.h"

struct _MwRegisterItem {
  GObject parent_instance;

  char *obis;
  char *name;
  char *group;
  gboolean unverified;
  gboolean chosen;

  MwReading *reading;
  gint64 at;
  char *text;
  const char *unit;
  char *note;
  char *before;
};

G_DEFINE_FINAL_TYPE (MwRegisterItem, mw_register_item, G_TYPE_OBJECT)

static guint changed_signal;

static void
mw_register_item_finalize (GObject *object)
{
  MwRegisterItem *self = MW_REGISTER_ITEM (object);
  g_free (self->obis);
  g_free (self->name);
  g_free (self->group);
  g_free (self->text);
  g_free (self->note);
  g_free (self->before);
  g_clear_pointer (&self->reading, mw_reading_unref);
  G_OBJECT_CLASS (mw_register_item_parent_class)->finalize (object);
}

static void
mw_register_item_class_init (MwRegisterItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_register_item_finalize;
  changed_signal = g_signal_new ("changed", MW_TYPE_REGISTER_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_register_item_init (MwRegisterItem *self)
{
  self->unit = "";
}

MwRegisterItem *
mw_register_item_new (const MwRegisterInfo *info)
{
  MwRegisterItem *self = g_object_new (MW_TYPE_REGISTER_ITEM, NULL);
  self->obis = g_strdup (info->obis);
  self->name = g_strdup (info->name ? info->name : info->obis);
  self->group = g_strdup (info->group ? info->group : "");
  self->unverified = info->assigned_reference;
  return self;
}

const char *
mw_register_item_get_obis (MwRegisterItem *self)
{
  return self->obis;
}

const char *
mw_register_item_get_name (MwRegisterItem *self)
{
  return self->name;
}

const char *
mw_register_item_get_group (MwRegisterItem *self)
{
  return self->group;
}

gboolean
mw_register_item_is_unverified (MwRegisterItem *self)
{
  return self->unverified;
}

MwReading *
mw_register_item_get_reading (MwRegisterItem *self)
{
  return self->reading;
}

gint64
mw_register_item_get_time (MwRegisterItem *self)
{
  return self->at;
}

const char *
mw_register_item_get_text (MwRegisterItem *self)
{
  return self->text ? self->text : "";
}

const char *
mw_register_item_get_unit (MwRegisterItem *self)
{
  return self->unit;
}

const char *
mw_register_item_get_note (MwRegisterItem *self)
{
  return self->note ? self->note : "";
}

const char *
mw_register_item_get_before (MwRegisterItem *self)
{
  return self->before;
}

gboolean
mw_register_item_is_chosen (MwRegisterItem *self)
{
  return self->chosen;
}

void
mw_register_item_set_chosen (MwRegisterItem *self, gboolean chosen)
{
  self->chosen = chosen;
}

static char *
note_of (const MwReading *reading)
{
  if (reading->kind == MW_READING_REFUSED)
    return g_strdup (reading->text);
  g_autofree char *raw = mw_format_raw (reading);
  if (!reading->has_captured)
    return g_steal_pointer (&raw);
  char when[MW_CIVIL_TEXT];
  if (!mw_civil_format (&reading->captured, when, sizeof when))
    return g_steal_pointer (&raw);
  g_autofree char *at = g_strdup_printf (_ ("at %s"), when);
  return raw ? g_strdup_printf ("%s · %s", at, raw) : g_steal_pointer (&at);
}

void
mw_register_item_set_value (MwRegisterItem *self, const MwValue *value)
{
  MwReading *reading = value ? value->reading : NULL;
  if (self->reading == reading && (!value || self->at == value->at))
    return;
  const char *unit;
  g_clear_pointer (&self->reading, mw_reading_unref);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->before, g_free);
  self->unit = "";
  self->at = value ? value->at : 0;
  if (value) {
    self->reading = mw_reading_ref (reading);
    self->text = mw_format_reading (reading, &self->unit);
    self->note = note_of (reading);
    self->before = value->before ? mw_format_reading (value->before, &unit) : NULL;
  }
  g_signal_emit (self, changed_signal, 0);
}

gboolean
mw_register_item_matches (MwRegisterItem *self, const char *needle)
{
  g_autofree char *all = g_strdup_printf ("%s %s %s", self->name, self->group, self->obis);
  g_autofree char *folded = g_utf8_casefold (all, -1);
  g_autofree char *n = g_utf8_casefold (needle, -1);
  g_auto (GStrv) words = g_strsplit (n, " ", -1);
  for (guint i = 0; words[i]; i++)
    if (!strstr (folded, words[i]))
      return FALSE;
  return TRUE;
}
