#include "dialogs.h"

#include <glib/gi18n.h>

typedef struct {
  GtkFileChooserNative *chooser;
  MwDialogFileFunc func;
  gpointer data;
  GDestroyNotify destroy;
} SaveFile;

static GtkWindow *
window_of (GtkWidget *widget)
{
  return GTK_WINDOW (gtk_widget_get_root (widget));
}

static void
on_save_response (GtkNativeDialog *dialog, int response, SaveFile *save)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    save->func (file, save->data);
  }
  if (save->destroy)
    save->destroy (save->data);
  g_object_unref (save->chooser);
  g_free (save);
}

void
mw_dialogs_save_file (GtkWidget *parent, const char *title, const char *name,
                      MwDialogFileFunc func, gpointer data, GDestroyNotify destroy)
{
  SaveFile *save = g_new0 (SaveFile, 1);
  save->chooser = gtk_file_chooser_native_new (
      title, window_of (parent), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  save->func = func;
  save->data = data;
  save->destroy = destroy;
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (save->chooser), name);
  g_signal_connect (save->chooser, "response", G_CALLBACK (on_save_response), save);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (save->chooser));
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
mw_dialogs_open_file (GtkWidget *parent, const char *title, const char *kind,
                      const char *pattern, MwDialogFileFunc func, gpointer data,
                      GDestroyNotify destroy)
{
  SaveFile *open = g_new0 (SaveFile, 1);
  open->chooser = gtk_file_chooser_native_new (
      title, window_of (parent), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  open->func = func;
  open->data = data;
  open->destroy = destroy;
  add_filter (GTK_FILE_CHOOSER (open->chooser), kind, pattern);
  add_filter (GTK_FILE_CHOOSER (open->chooser), _ ("All files"), "*");
  g_signal_connect (open->chooser, "response", G_CALLBACK (on_save_response), open);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (open->chooser));
}

typedef struct {
  GtkWidget *entry;
  MwDialogTextFunc func;
  gpointer data;
  GDestroyNotify destroy;
} AskText;

static void
ask_text_free (gpointer data, GClosure *closure)
{
  AskText *question = data;
  if (question->destroy)
    question->destroy (question->data);
  g_object_unref (question->entry);
  g_free (question);
}

/* Return in the entry presses the default button, and libadwaita 1.2 tells of it more than
 * once. */
static void
on_text_response (AdwMessageDialog *dialog, const char *response, AskText *question)
{
  MwDialogTextFunc func = g_steal_pointer (&question->func);
  if (func && g_strcmp0 (response, "accept") == 0)
    func (gtk_editable_get_text (GTK_EDITABLE (question->entry)), question->data);
}

/* Takes ENTRY. */
static void
ask (GtkWidget *parent, const char *title, const char *body, GtkWidget *entry,
     const char *accept, MwDialogTextFunc func, gpointer data, GDestroyNotify destroy)
{
  GtkWidget *dialog = adw_message_dialog_new (window_of (parent), title, body);
  GtkWidget *group = gtk_list_box_new ();
  AskText *question = g_new0 (AskText, 1);
  question->entry = g_object_ref_sink (entry);
  question->func = func;
  question->data = data;
  question->destroy = destroy;
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (question->entry), TRUE);
  gtk_list_box_append (GTK_LIST_BOX (group), question->entry);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (group), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (group, "boxed-list");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), group);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "accept", accept, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_text_response), question,
                         ask_text_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (question->entry);
}

void
mw_dialogs_ask_text (GtkWidget *parent, const char *title, const char *body, const char *label,
                     const char *text, const char *accept, MwDialogTextFunc func, gpointer data,
                     GDestroyNotify destroy)
{
  GtkWidget *entry = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), label);
  gtk_editable_set_text (GTK_EDITABLE (entry), text ? text : "");
  ask (parent, title, body, entry, accept, func, data, destroy);
}

void
mw_dialogs_ask_password (GtkWidget *parent, const char *title, const char *body,
                         const char *accept, MwDialogTextFunc func, gpointer data,
                         GDestroyNotify destroy)
{
  GtkWidget *entry = adw_password_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("Password"));
  ask (parent, title, body, entry, accept, func, data, destroy);
}

void
mw_dialogs_explain (GtkWidget *parent, const char *title, const char *purpose, const char *keys)
{
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", purpose, keys);
  GtkWidget *dialog = adw_message_dialog_new (window_of (parent), title, body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
mw_dialogs_about (GtkWindow *parent)
{
  adw_show_about_window (parent, "application-name", "Meterwright", "version", MW_VERSION,
                         "application-icon", "mw-phasor-symbolic", "developer-name",
                         _ ("The Meterwright authors"), "license-type", GTK_LICENSE_APACHE_2_0,
                         "comments",
                         _ ("Reads electricity meters through an optical head or over TCP, "
                            "keeps what it read, shows and exports it."),
                         NULL);
}
