#include "options-window.h"

#include <glib/gi18n.h>

#include "appearance.h"
#include "preferences.h"

struct _MwOptionsWindow {
  AdwPreferencesWindow parent_instance;

  /* template */
  AdwComboRow *style;
  AdwComboRow *text_size;
  AdwComboRow *language;
};

G_DEFINE_FINAL_TYPE (MwOptionsWindow, mw_options_window, ADW_TYPE_PREFERENCES_WINDOW)

static const char *const styles[] = { "system", "light", "dark" };
static const int sizes[] = { 100, 125, 150, 175, 200 };

static void
on_style (MwOptionsWindow *self)
{
  guint i = adw_combo_row_get_selected (self->style);
  if (i < G_N_ELEMENTS (styles)) /* the action keeps it too */
    gtk_widget_activate_action (GTK_WIDGET (self), "app.style", "s", styles[i]);
}

static void
on_text_size (MwOptionsWindow *self)
{
  guint i = adw_combo_row_get_selected (self->text_size);
  if (i >= G_N_ELEMENTS (sizes))
    return;
  mw_preferences_set_int (mw_preferences_get_default (), "text-size", sizes[i]);
  mw_appearance_set_text_size (sizes[i]);
}

static void
on_language (MwOptionsWindow *self)
{
  guint i = adw_combo_row_get_selected (self->language);
  mw_preferences_set_text (mw_preferences_get_default (), "language", mw_languages[i].id);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->language),
                               _ ("Meterwright speaks it when it is started the next time."));
}

static void
fill_languages (MwOptionsWindow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *chosen =
      mw_preferences_dup_text (mw_preferences_get_default (), "language", "");
  guint selected = 0;
  for (guint i = 0; mw_languages[i].id; i++) {
    gtk_string_list_append (names, i == 0 ? _ (mw_languages[i].name) : mw_languages[i].name);
    if (g_str_equal (mw_languages[i].id, chosen))
      selected = i;
  }
  adw_combo_row_set_model (self->language, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->language, selected);
  g_signal_connect_swapped (self->language, "notify::selected", G_CALLBACK (on_language), self);
}

static void
show_choices (MwOptionsWindow *self)
{
  MwPreferences *preferences = mw_preferences_get_default ();
  g_autofree char *style = mw_preferences_dup_text (preferences, "style", "system");
  int size = mw_preferences_get_int (preferences, "text-size", 100);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (styles[i], style))
      adw_combo_row_set_selected (self->style, i);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (sizes[i] == size)
      adw_combo_row_set_selected (self->text_size, i);
  g_signal_connect_swapped (self->style, "notify::selected", G_CALLBACK (on_style), self);
  g_signal_connect_swapped (self->text_size, "notify::selected", G_CALLBACK (on_text_size),
                            self);
}

static void
mw_options_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_OPTIONS_WINDOW);
  G_OBJECT_CLASS (mw_options_window_parent_class)->dispose (object);
}

static void
mw_options_window_class_init (MwOptionsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_options_window_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/meterwright/Meterwright/options-window.ui");
  gtk_widget_class_bind_template_child (widget_class, MwOptionsWindow, style);
  gtk_widget_class_bind_template_child (widget_class, MwOptionsWindow, text_size);
  gtk_widget_class_bind_template_child (widget_class, MwOptionsWindow, language);
}

static void
mw_options_window_init (MwOptionsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_choices (self);
  fill_languages (self);
}

GtkWidget *
mw_options_window_new (GtkWindow *parent)
{
  return g_object_new (MW_TYPE_OPTIONS_WINDOW, "transient-for", parent, "modal", TRUE,
                       "application", gtk_window_get_application (parent), NULL);
}
