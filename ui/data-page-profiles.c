/* data-page-profiles.c: register profiles by name, kept per meter family. */
#include <glib/gi18n.h>

#include "data-page.h"
#include "dialogs.h"
#include "wrap-box.h"

struct _MwProfileBar {
  AdwBin parent_instance;

  /* made here */
  GtkDropDown *names;
  GtkWidget *load;
  GtkWidget *delete;

  /* owned */
  GtkStringList *list;
  char *name;   /* loaded */
  char *wanted; /* to be shown when the list is there again */

  /* borrowed */
  MwDataPage *page;
};

G_DEFINE_FINAL_TYPE (MwProfileBar, mw_profile_bar, ADW_TYPE_BIN)

typedef enum { LIST, LOAD, SAVE, DELETE } Task;

/* What goes to the store's thread and comes back. */
typedef struct {
  Task task;
  char *family, *name;
  char **registers;
  GPtrArray *profiles; /* of MwRegisterProfile */
} Errand;

static void
errand_free (Errand *e)
{
  g_free (e->family);
  g_free (e->name);
  g_strfreev (e->registers);
  g_clear_pointer (&e->profiles, g_ptr_array_unref);
  g_free (e);
}

static gboolean
run (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Errand *e = data;
  MwRegisterProfile profile = { e->family, e->name, e->registers };
  MwRegisterProfile *loaded;
  switch (e->task) {
  case SAVE:
    if (!mw_store_save_register_profile (store, &profile, error))
      return FALSE;
    break;
  case DELETE:
    if (!mw_store_delete_register_profile (store, e->family, e->name, error))
      return FALSE;
    break;
  case LOAD:
    loaded = mw_store_load_register_profile (store, e->family, e->name, error);
    if (!loaded)
      return FALSE;
    e->registers = g_strdupv (loaded->registers);
    mw_register_profile_free (loaded);
    break;
  default:
    break;
  }
  e->profiles = mw_store_list_register_profiles (store, e->family, error);
  return e->profiles != NULL;
}

static MwWorkspace *
workspace_of (MwProfileBar *self)
{
  return mw_page_get_workspace (MW_PAGE (self->page));
}

static void
show_list (MwProfileBar *self, GPtrArray *profiles)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list)),
        selected = GTK_INVALID_LIST_POSITION;
  gtk_string_list_splice (self->list, 0, n, NULL);
  for (guint i = 0; i < profiles->len; i++) {
    const MwRegisterProfile *profile = profiles->pdata[i];
    gtk_string_list_append (self->list, profile->name);
    if (g_strcmp0 (profile->name, self->wanted) == 0)
      selected = i;
  }
  if (selected != GTK_INVALID_LIST_POSITION)
    gtk_drop_down_set_selected (self->names, selected);
  gtk_widget_set_sensitive (GTK_WIDGET (self->names), profiles->len > 0);
  gtk_widget_set_sensitive (self->load, profiles->len > 0);
  gtk_widget_set_sensitive (self->delete, profiles->len > 0);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwProfileBar) self = data;
  g_autoptr (GError) error = NULL;
  if (!self->page)
    return;
  if (!mw_store_run_finish (result, &error)) {
    mw_workspace_toast (workspace_of (self), error->message);
    return;
  }
  Errand *e = mw_store_run_get_data (result);
  g_autofree char *said = NULL;
  if (e->task == LOAD) {
    mw_data_page_choose (self->page, (const char *const *) e->registers);
    said = g_strdup_printf (_ ("Profile “%s” loaded"), e->name);
  } else if (e->task == SAVE) {
    said = g_strdup_printf (_ ("Profile “%s” saved"), e->name);
  } else if (e->task == DELETE) {
    said = g_strdup_printf (_ ("Profile “%s” deleted"), e->name);
  }
  if (e->task == LOAD || e->task == SAVE) {
    g_free (self->name);
    self->name = g_strdup (e->name);
    g_free (self->wanted);
    self->wanted = g_strdup (e->name);
  }
  show_list (self, e->profiles);
  if (said)
    mw_workspace_toast (workspace_of (self), said);
}

static void
send (MwProfileBar *self, Task task, const char *name)
{
  MwStore *store = mw_workspace_get_store (workspace_of (self));
  MwMeterInfo *meter = mw_workspace_get_meter (workspace_of (self));
  if (!store || !meter)
    return;
  Errand *e = g_new0 (Errand, 1);
  e->task = task;
  e->family = g_strdup (meter->family);
  e->name = g_strdup (name);
  if (task == SAVE)
    e->registers = mw_data_page_dup_chosen (self->page);
  mw_store_run_async (store, run, e, (GDestroyNotify) errand_free, NULL, on_done,
                      g_object_ref (self));
}

static const char *
chosen_name (MwProfileBar *self)
{
  guint i = gtk_drop_down_get_selected (self->names);
  return i == GTK_INVALID_LIST_POSITION ? NULL : gtk_string_list_get_string (self->list, i);
}

static void
on_load (MwProfileBar *self)
{
  if (chosen_name (self))
    send (self, LOAD, chosen_name (self));
}

static void
on_delete (MwProfileBar *self)
{
  if (chosen_name (self))
    send (self, DELETE, chosen_name (self));
}

static void
save_as (const char *text, gpointer data)
{
  g_autofree char *name = g_strstrip (g_strdup (text));
  if (*name)
    send (data, SAVE, name);
}

static void
on_save (MwProfileBar *self)
{
  mw_dialogs_ask_text (
      GTK_WIDGET (self), _ ("Save the register profile"),
      _ ("The chosen registers, in this order, for all meters of this family."),
      _ ("Name of the profile"), self->name ? self->name : chosen_name (self), _ ("_Save"),
      save_as, g_object_ref (self), g_object_unref);
}

void
mw_profile_bar_set_page (MwProfileBar *self, MwDataPage *page)
{
  self->page = page;
}

void
mw_profile_bar_refresh (MwProfileBar *self)
{
  g_clear_pointer (&self->name, g_free);
  send (self, LIST, NULL);
}

const char *
mw_profile_bar_get_name (MwProfileBar *self)
{
  return self->name;
}

static void
mw_profile_bar_dispose (GObject *object)
{
  MwProfileBar *self = MW_PROFILE_BAR (object);
  self->page = NULL;
  g_clear_object (&self->list);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (mw_profile_bar_parent_class)->dispose (object);
}

static void
mw_profile_bar_class_init (MwProfileBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_profile_bar_dispose;
}

static GtkWidget *
add_button (GtkWidget *box, MwProfileBar *self, const char *label, const char *icon,
            GCallback callback)
{
  GtkWidget *button =
      icon ? gtk_button_new_from_icon_name (icon) : gtk_button_new_with_label (label);
  if (icon) {
    gtk_widget_set_tooltip_text (button, label);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    label, -1);
  }
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_widget_set_parent (button, box);
  return button;
}

static void
mw_profile_bar_init (MwProfileBar *self)
{
  GtkWidget *box = g_object_new (MW_TYPE_WRAP_BOX, "spacing", 6, NULL);
  self->list = gtk_string_list_new (NULL);
  self->names =
      GTK_DROP_DOWN (gtk_drop_down_new (g_object_ref (G_LIST_MODEL (self->list)), NULL));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->names),
                               _ ("Register profiles kept for this family of meters"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->names), FALSE);
  gtk_widget_set_size_request (GTK_WIDGET (self->names), 150, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->names), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Register profile"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->names), box);
  self->load = add_button (box, self, _ ("Load"), NULL, G_CALLBACK (on_load));
  add_button (box, self, _ ("Save profile…"), NULL, G_CALLBACK (on_save));
  self->delete = add_button (box, self, _ ("Delete the profile"), "user-trash-symbolic",
                             G_CALLBACK (on_delete));
  gtk_widget_set_sensitive (self->load, FALSE);
  gtk_widget_set_sensitive (self->delete, FALSE);
  adw_bin_set_child (ADW_BIN (self), box);
}
