#include "library-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "dialogs.h"
#include "format.h"

struct _MwLibraryPage {
  MwPage parent_instance;

  /* template */
  GtkSearchEntry *search;
  GtkListBox *meters;
};

G_DEFINE_FINAL_TYPE (MwLibraryPage, mw_library_page, MW_TYPE_PAGE)

typedef struct {
  MwMeterInfo *info;
  guint readouts, loggers;
} Meter;

typedef struct {
  GPtrArray *meters; /* of Meter */
  gint64 label_of;   /* write LABEL for this meter first; 0: nothing to write */
  char *label;
} Library;

static void
meter_free (Meter *meter)
{
  mw_meter_info_unref (meter->info);
  g_free (meter);
}

static void
library_free (Library *library)
{
  g_clear_pointer (&library->meters, g_ptr_array_unref);
  g_free (library->label);
  g_free (library);
}

static gboolean
load (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Library *library = data;
  if (library->label_of
      && !mw_store_set_meter_label (store, library->label_of, library->label, error))
    return FALSE;
  g_autoptr (GPtrArray) infos = mw_store_list_meters (store, error);
  if (!infos)
    return FALSE;
  library->meters = g_ptr_array_new_with_free_func ((GDestroyNotify) meter_free);
  for (guint i = 0; i < infos->len; i++) {
    Meter *meter = g_new0 (Meter, 1);
    meter->info = mw_meter_info_ref (infos->pdata[i]);
    g_autoptr (GPtrArray) readouts = mw_store_list_readouts (store, meter->info->id, NULL);
    g_autoptr (GPtrArray) loggers = mw_store_list_loggers (store, meter->info->id, NULL);
    meter->readouts = readouts ? readouts->len : 0;
    meter->loggers = loggers ? loggers->len : 0;
    g_ptr_array_add (library->meters, meter);
  }
  return TRUE;
}

static void refresh (MwLibraryPage *self, gint64 label_of, const char *label);

typedef struct {
  MwLibraryPage *self;
  gint64 id;
} Renaming;

static void
renaming_free (gpointer data)
{
  Renaming *renaming = data;
  g_object_unref (renaming->self);
  g_free (renaming);
}

static void
on_label (const char *text, gpointer data)
{
  Renaming *renaming = data;
  refresh (renaming->self, renaming->id, text);
}

static void
on_rename (GtkWidget *button, MwLibraryPage *self)
{
  MwMeterInfo *info = g_object_get_data (G_OBJECT (button), "meter");
  Renaming *renaming = g_new (Renaming, 1);
  renaming->self = g_object_ref (self);
  renaming->id = info->id;
  mw_dialogs_ask_text (GTK_WIDGET (self), _ ("Name this meter"), info->serial,
                       _ ("Place, customer, what you like"), info->label, _ ("_Save"), on_label,
                       renaming, renaming_free);
}

static GtkWidget *
make_row (MwLibraryPage *self, const Meter *meter)
{
  MwMeterInfo *info = meter->info;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *rename = gtk_button_new_from_icon_name ("document-edit-symbolic");
  g_autofree char *age = mw_format_age (info->last_seen);
  g_autofree char *title =
      info->label && *info->label
          ? g_strdup_printf ("%s · %s · %s", info->label, info->type ? info->type : _ ("Meter"),
                             info->serial)
          : g_strdup_printf ("%s · %s", info->type ? info->type : _ ("Meter"), info->serial);
  g_autofree char *readouts = g_strdup_printf (
      g_dngettext (NULL, "%u reading", "%u readings", meter->readouts), meter->readouts);
  g_autofree char *loggers = g_strdup_printf (
      g_dngettext (NULL, "%u logger", "%u loggers", meter->loggers), meter->loggers);
  g_autofree char *subtitle =
      g_strdup_printf (_ ("%s%s · %s · last seen %s"),
                       info->reference ? _ ("reference meter · ") : "", readouts, loggers, age);
  g_autofree char *safe_title = g_markup_escape_text (title, -1);
  g_autofree char *safe_subtitle = g_markup_escape_text (subtitle, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), safe_title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), safe_subtitle);
  GtkWidget *icon = gtk_image_new_from_icon_name (
      info->reference ? "mw-reference-symbolic" : "mw-source-stored-symbolic");
  gtk_widget_add_css_class (icon, info->reference ? "reference-icon" : "dim-label");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_valign (rename, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (rename, "flat");
  gtk_widget_set_tooltip_text (rename, _ ("Name this meter"));
  g_autofree char *name = g_strdup_printf (_ ("Name meter %s"), info->serial);
  gtk_accessible_update_property (GTK_ACCESSIBLE (rename), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_object_set_data_full (G_OBJECT (rename), "meter", mw_meter_info_ref (info),
                          (GDestroyNotify) mw_meter_info_unref);
  g_signal_connect (rename, "clicked", G_CALLBACK (on_rename), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), rename);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "meter", mw_meter_info_ref (info),
                          (GDestroyNotify) mw_meter_info_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  return row;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwLibraryPage) self = data;
  g_autoptr (GError) error = NULL;
  GtkWidget *child;
  gboolean ok = mw_store_run_finish (result, &error);
  if (!self->meters)
    return;
  if (!ok) {
    mw_workspace_toast (mw_page_get_workspace (MW_PAGE (self)), error->message);
    return;
  }
  Library *library = mw_store_run_get_data (result);
  while ((child = GTK_WIDGET (gtk_list_box_get_row_at_index (self->meters, 0))))
    gtk_list_box_remove (self->meters, child);
  for (guint i = 0; i < library->meters->len; i++)
    gtk_list_box_append (self->meters, make_row (self, library->meters->pdata[i]));
  g_autofree char *detail = g_strdup_printf (
      g_dngettext (NULL, "%u meter", "%u meters", library->meters->len), library->meters->len);
  mw_page_set_source (MW_PAGE (self), library->meters->len ? MW_SOURCE_STORED : MW_SOURCE_NONE,
                      0, FALSE, library->meters->len ? detail : NULL);
  mw_page_set_has_content (MW_PAGE (self), library->meters->len > 0);
}

static void
refresh (MwLibraryPage *self, gint64 label_of, const char *label)
{
  MwStore *store = mw_workspace_get_store (mw_page_get_workspace (MW_PAGE (self)));
  if (!store)
    return;
  Library *library = g_new0 (Library, 1);
  library->label_of = label_of;
  library->label = g_strdup (label);
  mw_store_run_async (store, load, library, (GDestroyNotify) library_free, NULL, on_loaded,
                      g_object_ref (self));
}

static gboolean
filter (GtkListBoxRow *row, gpointer data)
{
  MwLibraryPage *self = data;
  MwMeterInfo *info = g_object_get_data (G_OBJECT (row), "meter");
  g_autofree char *all = g_strdup_printf (
      "%s %s %s %s", info->serial, info->type ? info->type : "", info->label ? info->label : "",
      info->manufacturer ? info->manufacturer : "");
  g_autofree char *folded = g_utf8_casefold (all, -1);
  g_autofree char *wanted =
      g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  return strstr (folded, wanted) != NULL;
}

static void
on_search (MwLibraryPage *self)
{
  gtk_list_box_invalidate_filter (self->meters);
}

static void
on_row_activated (MwLibraryPage *self, GtkListBoxRow *row)
{
  MwMeterInfo *info = g_object_get_data (G_OBJECT (row), "meter");
  mw_workspace_open_meter (mw_page_get_workspace (MW_PAGE (self)), info->id);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.go", "s", "overview");
}

static void
mw_library_page_update (MwPage *page, MwChange what)
{
  MwStore *store = mw_workspace_get_store (mw_page_get_workspace (page));
  mw_page_set_empty_text (page, store ? _ ("No meters yet") : NULL, NULL);
  if (what & (MW_CHANGE_METER | MW_CHANGE_STORED)
      || !gtk_list_box_get_row_at_index (MW_LIBRARY_PAGE (page)->meters, 0))
    refresh (MW_LIBRARY_PAGE (page), 0, NULL);
}

static void
mw_library_page_find (MwPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MW_LIBRARY_PAGE (page)->search));
}

static void
mw_library_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_LIBRARY_PAGE);
  G_OBJECT_CLASS (mw_library_page_parent_class)->dispose (object);
}

static void
mw_library_page_class_init (MwLibraryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_library_page_dispose;
  page_class->update = mw_library_page_update;
  page_class->find = mw_library_page_find;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/library-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwLibraryPage, search);
  gtk_widget_class_bind_template_child (widget_class, MwLibraryPage, meters);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
mw_library_page_init (MwLibraryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->meters, filter, self, NULL);
}
