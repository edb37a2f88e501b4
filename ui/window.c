#include "window.h"

#include <glib/gi18n.h>

#include "appearance.h"
#include "data-page.h"
#include "functions.h"
#include "iec-page.h"
#include "library-page.h"
#include "loggers-page.h"
#include "overview-page.h"
#include "plan-page.h"
#include "preferences.h"
#include "profile-page.h"
#include "readings-page.h"
#include "status-bar.h"
#include "trace-panel.h"

#define FOLD_WIDTH                                                                             \
  1000 /* below it the functions give their place to the page; with larger text                \
          sooner */
#define TOAST_S 3

struct _MwWindow {
  AdwApplicationWindow parent_instance;

  /* template */
  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkWidget *menubar;
  AdwSplitButton *connect_button;
  GtkMenuButton *menu_button;
  GMenuModel *connect_menu; /* made into widgets when they are first seen */
  GMenuModel *menubar_model;
  GMenuModel *main_menu;
  GtkWidget *sidebar_button;
  AdwFlap *flap;
  GtkListBox *functions;
  GtkStack *pages;
  AdwBin *trace;
  GtkToggleButton *trace_button;
  MwStatusBar *status;

  /* owned */
  MwWorkspace *workspace;

  /* borrowed, weak */
  AdwToast *toast;
};

G_DEFINE_FINAL_TYPE (MwWindow, mw_window, ADW_TYPE_APPLICATION_WINDOW)

static GType
page_type (const char *function)
{
  static const struct {
    const char *function;
    GType (*type) (void);
  } types[] = {
    { "overview", mw_overview_page_get_type }, { "meter-data", mw_data_page_get_type },
    { "loggers", mw_loggers_page_get_type },   { "load-profile", mw_profile_page_get_type },
    { "readings", mw_readings_page_get_type }, { "library", mw_library_page_get_type },
    { "iec-request", mw_iec_page_get_type },   { "tariff-plan", mw_plan_page_get_type },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].function, function))
      return types[i].type ();
  return G_TYPE_INVALID;
}

MwPage *
mw_window_get_page (MwWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);
  return page ? MW_PAGE (page) : NULL;
}

MwWorkspace *
mw_window_get_workspace (MwWindow *self)
{
  return self->workspace;
}

static void
select_row (MwWindow *self, const char *function)
{
  for (int i = 0;; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->functions, i);
    if (!row)
      return;
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "function"), function) == 0)
      gtk_list_box_select_row (self->functions, row);
  }
}

void
mw_window_go (MwWindow *self, const char *function)
{
  g_autofree char *last =
      mw_preferences_dup_text (mw_preferences_get_default (), "page", "overview");
  const char *id = function ? function : mw_function_find (last) ? last : "overview";
  g_return_if_fail (mw_function_find (id));
  if (!gtk_stack_get_child_by_name (self->pages, id)) /* made when it is first wanted */
    gtk_stack_add_named (self->pages,
                         g_object_new (page_type (id), "workspace", self->workspace, NULL), id);
  gtk_stack_set_visible_child_name (self->pages, id);
  select_row (self, id);
  if (!gtk_window_get_focus (GTK_WINDOW (self))
      && gtk_list_box_get_selected_row (self->functions))
    gtk_window_set_focus (GTK_WINDOW (self),
                          GTK_WIDGET (gtk_list_box_get_selected_row (self->functions)));
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  mw_preferences_set_text (mw_preferences_get_default (), "page", id);
  mw_window_update_actions (self);
}

void
mw_window_toggle_sidebar (MwWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

/* ---- the functions at the side ---- */

static GtkWidget *
make_function_row (const MwFunction *function)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name (function->icon);
  GtkWidget *label = gtk_label_new (_ (function->title));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "function", (gpointer) function->id);
  g_object_set_data (G_OBJECT (row), "group", (gpointer) function->group);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (function->title), -1);
  return row;
}

static void
add_group_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *group = g_object_get_data (G_OBJECT (row), "group");
  const char *above = before ? g_object_get_data (G_OBJECT (before), "group") : NULL;
  if (g_strcmp0 (group, above) == 0) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  GtkWidget *label = gtk_label_new (_ (group));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "sidebar-heading");
  gtk_list_box_row_set_header (row, label);
}

char *
mw_window_dup_missing_reason (MwWindow *self, const char *function)
{
  GPtrArray *loggers = mw_workspace_get_loggers (self->workspace);
  MwMeterInfo *meter = mw_workspace_get_meter (self->workspace);
  const char *reason = mw_workspace_get_missing_reason (self->workspace, function);
  if (reason)
    return g_strdup (reason);
  if (meter && loggers && loggers->len == 0 && g_str_equal (function, "loggers"))
    return g_strdup_printf (_ ("%s keeps no loggers, says the meter catalogue."),
                            meter->type ? meter->type : _ ("This meter"));
  return NULL;
}

/* A function that this meter does not have is dimmed, and says why; what is stored of others
 * can be seen all the same. */
static void
update_function_rows (MwWindow *self)
{
  for (int i = 0;; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->functions, i);
    if (!row)
      return;
    const char *function = g_object_get_data (G_OBJECT (row), "function");
    g_autofree char *reason = mw_window_dup_missing_reason (self, function);
    g_autofree char *action = g_strdup_printf ("page.%s", function);
    gtk_widget_set_sensitive (GTK_WIDGET (row), !reason);
    gtk_widget_set_tooltip_text (GTK_WIDGET (row), reason);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), action, !reason);
  }
}

static void
on_function_activated (MwWindow *self, GtkListBoxRow *row)
{
  mw_window_go (self, g_object_get_data (G_OBJECT (row), "function"));
}

/* ---- title, toasts, folding ---- */

static void
on_meter_changed (MwWorkspace *workspace, MwWindow *self)
{
  MwMeterInfo *meter = mw_workspace_get_meter (workspace);
  if (!meter) {
    adw_window_title_set_title (self->title, "Meterwright");
    adw_window_title_set_subtitle (self->title, "");
    update_function_rows (self);
    return;
  }
  g_autofree char *title =
      g_strdup_printf ("%s · %s", meter->type ? meter->type : _ ("Meter"), meter->serial);
  const char *label = meter->label ? meter->label : "";
  g_autofree char *subtitle =
      meter->reference
          ? g_strdup_printf ("%s%s%s", _ ("reference meter"), *label ? " · " : "", label)
          : g_strdup (label);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  update_function_rows (self);
  mw_window_update_actions (self);
}

static void
on_state_changed (MwWorkspace *workspace, MwWindow *self)
{
  update_function_rows (self); /* only a connected meter refuses the IEC1107 request */
  mw_window_update_actions (self);
}

static void
on_toast (MwWorkspace *workspace, const char *text, MwWindow *self)
{
  AdwToast *toast = adw_toast_new (text);
  adw_toast_set_timeout (toast, TOAST_S);
  if (self->toast) /* the newest is what matters */
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_width_changed (MwWindow *self)
{
  int width, height; /* GTK 4.8 wants both */
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gboolean fold = width > 0 && width < FOLD_WIDTH * mw_appearance_get_text_size () / 100;
  AdwFlapFoldPolicy policy = fold ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER;
  if (adw_flap_get_fold_policy (self->flap) == policy)
    return;
  adw_flap_set_fold_policy (self->flap, policy);
  adw_flap_set_reveal_flap (self->flap, !fold);
}

static void
on_trace_visible (MwWindow *self)
{
  if (adw_bin_get_child (self->trace) || !gtk_widget_get_visible (GTK_WIDGET (self->trace)))
    return;
  GtkWidget *panel = g_object_new (MW_TYPE_TRACE_PANEL, NULL);
  mw_trace_panel_set_workspace (MW_TRACE_PANEL (panel), self->workspace);
  adw_bin_set_child (self->trace, panel);
}

static void
make_menu (GtkMenuButton *button, gpointer menu)
{
  if (!gtk_menu_button_get_menu_model (button))
    gtk_menu_button_set_menu_model (button, menu);
}

/* A split button has no such function, nor a name for the button with the arrow in it. */
static void
prepare_connect_menu (MwWindow *self)
{
  GtkWidget *arrow = gtk_widget_get_first_child (GTK_WIDGET (self->connect_button));
  while (arrow && !GTK_IS_MENU_BUTTON (arrow))
    arrow = gtk_widget_get_next_sibling (arrow);
  g_return_if_fail (arrow);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (arrow), make_menu, self->connect_menu,
                                         NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_split_button_get_dropdown_tooltip (self->connect_button),
                                  -1);
}

static void
on_menubar_visible (MwWindow *self)
{
  GtkPopoverMenuBar *bar = GTK_POPOVER_MENU_BAR (self->menubar);
  if (gtk_widget_get_visible (self->menubar) && !gtk_popover_menu_bar_get_menu_model (bar))
    gtk_popover_menu_bar_set_menu_model (bar, self->menubar_model);
  mw_preferences_set_int (mw_preferences_get_default (), "menubar",
                          gtk_widget_get_visible (self->menubar));
}

static gboolean
has_changed_plan (MwWindow *self)
{
  g_autoptr (GtkSelectionModel) pages = gtk_stack_get_pages (self->pages);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pages)); i++) {
    g_autoptr (GObject) page = g_list_model_get_item (G_LIST_MODEL (pages), i);
    GtkWidget *child = gtk_stack_page_get_child (GTK_STACK_PAGE (page));
    if (MW_IS_PLAN_PAGE (child) && mw_plan_page_is_changed (MW_PLAN_PAGE (child)))
      return TRUE;
  }
  return FALSE;
}

static void
on_close_answer (AdwMessageDialog *dialog, const char *response, MwWindow *self)
{
  if (g_str_equal (response, "lose"))
    gtk_window_destroy (GTK_WINDOW (self));
}

/* A changed plan is not lost without a question. */
static void
ask_close (MwWindow *self)
{
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (self), _ ("The plan is changed"),
                              _ ("Its changes are lost when the window is closed."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "lose", _ ("_Lose the changes"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "lose",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
on_close_request (MwWindow *self)
{
  MwPreferences *preferences = mw_preferences_get_default ();
  int width, height;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  mw_preferences_set_int (preferences, "width", width);
  mw_preferences_set_int (preferences, "height", height);
  mw_preferences_set_int (preferences, "maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  if (!has_changed_plan (self))
    return FALSE;
  ask_close (self);
  return TRUE;
}

static void
mw_window_dispose (GObject *object)
{
  MwWindow *self = MW_WINDOW (object);
  g_clear_weak_pointer (&self->toast);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_WINDOW);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (mw_window_parent_class)->dispose (object);
}

static void
mw_window_class_init (MwWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_window_dispose;
  g_type_ensure (MW_TYPE_STATUS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/window.ui");
  gtk_widget_class_bind_template_child (widget_class, MwWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, title);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, menubar);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, connect_button);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, connect_menu);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, menubar_model);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, functions);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, trace);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, trace_button);
  gtk_widget_class_bind_template_child (widget_class, MwWindow, status);
  gtk_widget_class_bind_template_callback (widget_class, on_function_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_trace_visible);
  gtk_widget_class_bind_template_callback (widget_class, on_menubar_visible);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  mw_window_install_actions (widget_class);
}

static void
mw_window_init (MwWindow *self)
{
  MwPreferences *preferences = mw_preferences_get_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_default_size (GTK_WINDOW (self),
                               mw_preferences_get_int (preferences, "width", 1180),
                               mw_preferences_get_int (preferences, "height", 760));
  if (mw_preferences_get_int (preferences, "maximized", 0))
    gtk_window_maximize (GTK_WINDOW (self));
  gtk_widget_set_visible (self->menubar, mw_preferences_get_int (preferences, "menubar", 0));
  gtk_menu_button_set_create_popup_func (self->menu_button, make_menu, self->main_menu, NULL);
  prepare_connect_menu (self);
  gtk_list_box_set_header_func (self->functions, add_group_header, NULL, NULL);
  for (const MwFunction *f = mw_functions; f->id; f++)
    gtk_list_box_append (self->functions, make_function_row (f));
  g_autoptr (GPropertyAction) trace = g_property_action_new ("trace", self->trace, "visible");
  g_autoptr (GPropertyAction) menubar =
      g_property_action_new ("menubar", self->menubar, "visible");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (trace));
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (menubar));
}

/* A recording that is dropped anywhere on the window is opened. */
static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, MwWindow *self)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (!files || !mw_workspace_get_session (self->workspace))
    return FALSE;
  mw_window_open_trace (self, files->data);
  g_slist_free (files);
  return TRUE;
}

static void
accept_files (MwWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

MwWindow *
mw_window_new (AdwApplication *app, MwWorkspace *workspace)
{
  MwWindow *self = g_object_new (MW_TYPE_WINDOW, "application", app, NULL);
  self->workspace = g_object_ref (workspace);
  g_signal_connect_object (workspace, "meter-changed", G_CALLBACK (on_meter_changed), self, 0);
  g_signal_connect_object (workspace, "state-changed", G_CALLBACK (on_state_changed), self, 0);
  g_signal_connect_object (workspace, "toast", G_CALLBACK (on_toast), self, 0);
  mw_status_bar_set_workspace (self->status, workspace);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (on_width_changed), NULL);
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi",
                           G_CALLBACK (on_width_changed), self, G_CONNECT_SWAPPED);
  accept_files (self);
  on_meter_changed (workspace, self);
  on_width_changed (self);
  return self;
}
