#include "application.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "appearance.h"
#include "dialogs.h"
#include "functions.h"
#include "link/reference.h"
#include "options-window.h"
#include "preferences.h"
#include "window.h"

struct _MwApplication {
  AdwApplication parent_instance;

  /* owned */
  MwWorkspace *workspace;
  char *db;
  char *uri;
  char *page;
};

G_DEFINE_FINAL_TYPE (MwApplication, mw_application, ADW_TYPE_APPLICATION)

static void
open_store (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  MwStore *store = mw_store_open (path, &error);
  if (store)
    g_task_return_pointer (task, store, (GDestroyNotify) mw_store_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
find_last_meter (MwStore *store, gpointer meter_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) meters = mw_store_list_meters (store, error);
  if (meters && meters->len)
    *(gint64 *) meter_id = ((MwMeterInfo *) meters->pdata[0])->id;
  return meters != NULL;
}

/* No meter but stored data: the meter that was seen last is shown, unless one was chosen
 * meanwhile. */
static void
on_last_meter (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwApplication) self = data;
  gint64 meter_id = *(gint64 *) mw_store_run_get_data (result);
  if (mw_store_run_finish (result, NULL) && meter_id
      && !mw_workspace_get_meter (self->workspace)
      && !mw_workspace_is_connecting (self->workspace))
    mw_workspace_open_meter (self->workspace, meter_id);
}

static void
open_last_meter (MwApplication *self, MwStore *store)
{
  mw_store_run_async (store, find_last_meter, g_new0 (gint64, 1), g_free, NULL, on_last_meter,
                      g_object_ref (self));
}

static void
on_store_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  MwApplication *self = MW_APPLICATION (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *problem =
      error ? g_strdup_printf (_ ("%s Readings can be shown but not kept."), error->message)
            : NULL;
  mw_workspace_set_store (self->workspace, store, problem);
  if (store && !self->uri && !mw_workspace_get_meter (self->workspace)
      && !mw_workspace_is_connecting (self->workspace))
    open_last_meter (self, store);
  g_application_release (G_APPLICATION (self));
}

/* When the window stands: the first frame comes before the database. */
static gboolean
begin_opening_store (gpointer data)
{
  MwApplication *self = data;
  g_autoptr (GTask) task = g_task_new (self, NULL, on_store_opened, NULL);
  g_task_set_task_data (task, g_strdup (self->db), g_free);
  g_task_run_in_thread (task, open_store);
  return G_SOURCE_REMOVE;
}

static void
on_style (GSimpleAction *action, GVariant *value, gpointer data)
{
  const char *style = g_variant_get_string (value, NULL);
  g_simple_action_set_state (action, value);
  mw_preferences_set_text (mw_preferences_get_default (), "style", style);
  mw_appearance_set_style (style);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  mw_dialogs_about (gtk_application_get_active_window (GTK_APPLICATION (data)));
}

static void
on_options (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (
      mw_options_window_new (gtk_application_get_active_window (GTK_APPLICATION (data)))));
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows =
      g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));
  for (GList *w = windows; w; w = w->next)
    gtk_window_close (w->data); /* which may ask first */
}

static void
add_actions (MwApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = on_about },
    { .name = "options", .activate = on_options },
    { .name = "quit", .activate = on_quit },
    { .name = "style", .parameter_type = "s", .state = "'system'", .change_state = on_style },
  };
  static const struct {
    const char *action, *accel;
  } accels[] = {
    { "app.options", "<Control>comma" },
    { "app.quit", "<Control>q" },
    { "win.connect", "<Control>o" },
    { "win.read", "<Control>r" },
    { "win.save", "<Control>s" },
    { "win.print", "<Control>p" },
    { "win.palette", "<Control>k" },
    { "win.trace", "<Control>t" },
    { "win.explain", "F1" },
    { "win.cancel", "Escape" },
    { "win.menubar", "F10" },
    { "win.toggle-sidebar", "F9" },
    { "win.find", "<Control>f" },
    { "window.close", "<Control>w" },
  };
  g_autofree char *style =
      mw_preferences_dup_text (mw_preferences_get_default (), "style", "system");
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           (const char *[]){ accels[i].accel, NULL });
  for (const MwFunction *f = mw_functions; f->id; f++) {
    g_autofree char *action = g_strdup_printf ("page.%s", f->id);
    if (f->accel)
      gtk_application_set_accels_for_action (GTK_APPLICATION (self), action,
                                             (const char *[]){ f->accel, NULL });
  }
  g_action_change_state (g_action_map_lookup_action (G_ACTION_MAP (self), "style"),
                         g_variant_new_string (style));
}

static void
mw_application_startup (GApplication *app)
{
  MwApplication *self = MW_APPLICATION (app);
  mw_reference_link_register ();
  self->workspace = mw_workspace_new ();
  G_APPLICATION_CLASS (mw_application_parent_class)->startup (app);
  add_actions (self);
  mw_appearance_set_text_size (
      mw_preferences_get_int (mw_preferences_get_default (), "text-size", 100));
}

static void
mw_application_activate (GApplication *app)
{
  MwApplication *self = MW_APPLICATION (app);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));
  if (!window) {
    window = GTK_WINDOW (mw_window_new (ADW_APPLICATION (app), self->workspace));
    mw_window_go (MW_WINDOW (window), self->page);
    if (self->uri)
      mw_workspace_connect (self->workspace, self->uri, NULL);
    g_application_hold (app); /* until the store is open */
    g_idle_add_full (G_PRIORITY_LOW, begin_opening_store, self, NULL);
  }
  gtk_window_present (window);
}

static int
mw_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  MwApplication *self = MW_APPLICATION (app);
  g_variant_dict_lookup (options, "db", "^ay", &self->db);
  g_variant_dict_lookup (options, "connect", "s", &self->uri);
  g_variant_dict_lookup (options, "page", "s", &self->page);
  if (self->page && !mw_function_find (self->page)) {
    GString *names = g_string_new (NULL);
    for (const MwFunction *f = mw_functions; f->id; f++)
      g_string_append_printf (names, "%s%s", names->len ? ", " : "", f->id);
    g_printerr (_ ("There is no page “%s”. There are: %s.\n"), self->page, names->str);
    g_string_free (names, TRUE);
    return 1;
  }
  return -1; /* go on */
}

static void
mw_application_finalize (GObject *object)
{
  MwApplication *self = MW_APPLICATION (object);
  g_clear_object (&self->workspace);
  g_free (self->db);
  g_free (self->uri);
  g_free (self->page);
  G_OBJECT_CLASS (mw_application_parent_class)->finalize (object);
}

static void
mw_application_class_init (MwApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = mw_application_finalize;
  app_class->startup = mw_application_startup;
  app_class->activate = mw_application_activate;
  app_class->handle_local_options = mw_application_handle_local_options;
}

static void
mw_application_init (MwApplication *self)
{
  static const GOptionEntry options[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("The database to use"), N_ ("FILE") },
    { "connect", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Connect to a meter at once"),
      N_ ("URI") },
    { "page", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Begin with this page"), N_ ("NAME") },
    { NULL },
  };
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

MwApplication *
mw_application_new (void)
{
  return g_object_new (MW_TYPE_APPLICATION, "application-id", "org.meterwright.Meterwright",
                       "resource-base-path", "/org/meterwright/Meterwright", "flags",
                       G_APPLICATION_NON_UNIQUE, NULL);
}
