#include "preferences.h"

#define GROUP "window"
#define WRITE_AFTER_S 1

struct _MwPreferences {
  GKeyFile *file;
  char *path;
  guint write;
};

static MwPreferences *the_preferences;

MwPreferences *
mw_preferences_open (void)
{
  MwPreferences *self = g_new0 (MwPreferences, 1);
  self->path = g_build_filename (g_get_user_config_dir (), "meterwright", "window.ini", NULL);
  self->file = g_key_file_new ();
  g_key_file_load_from_file (self->file, self->path, G_KEY_FILE_NONE, NULL); /* absent: empty */
  if (!the_preferences)
    the_preferences = self;
  return self;
}

MwPreferences *
mw_preferences_get_default (void)
{
  return the_preferences ? the_preferences : mw_preferences_open ();
}

static gboolean
write_now (gpointer data)
{
  MwPreferences *self = data;
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GError) error = NULL;
  self->write = 0;
  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (self->file, self->path, &error))
    g_debug ("window.ini: %s", error->message);
  return G_SOURCE_REMOVE;
}

static void
write_soon (MwPreferences *self)
{
  if (!self->write)
    self->write = g_timeout_add_seconds (WRITE_AFTER_S, write_now, self);
}

void
mw_preferences_close (MwPreferences *self)
{
  if (self->write) {
    g_source_remove (self->write);
    write_now (self);
  }
  if (the_preferences == self)
    the_preferences = NULL;
  g_key_file_unref (self->file);
  g_free (self->path);
  g_free (self);
}

int
mw_preferences_get_int (MwPreferences *self, const char *key, int fallback)
{
  g_autoptr (GError) error = NULL;
  int value = g_key_file_get_integer (self->file, GROUP, key, &error);
  return error ? fallback : value;
}

void
mw_preferences_set_int (MwPreferences *self, const char *key, int value)
{
  if (g_key_file_has_key (self->file, GROUP, key, NULL)
      && mw_preferences_get_int (self, key, 0) == value)
    return;
  g_key_file_set_integer (self->file, GROUP, key, value);
  write_soon (self);
}

char *
mw_preferences_dup_text (MwPreferences *self, const char *key, const char *fallback)
{
  char *value = g_key_file_get_string (self->file, GROUP, key, NULL);
  return value ? value : g_strdup (fallback);
}

void
mw_preferences_set_text (MwPreferences *self, const char *key, const char *value)
{
  g_autofree char *old = mw_preferences_dup_text (self, key, NULL);
  if (g_strcmp0 (old, value) == 0)
    return;
  if (value)
    g_key_file_set_string (self->file, GROUP, key, value);
  else
    g_key_file_remove_key (self->file, GROUP, key, NULL);
  write_soon (self);
}
