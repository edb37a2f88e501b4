#include "status-bar.h"

#include <glib/gi18n.h>

#include "link/uri.h"
#include "preferences.h"
#include "signal-text.h"

#define SURE_PERCENT 2 /* before it an estimate of the time left is a guess */

struct _MwStatusBar {
  AdwBin parent_instance;

  /* template */
  GtkLabel *port;
  GtkWidget *separator;
  GtkImage *found_icon;
  GtkLabel *found;
  GtkMenuButton *questions;
  GtkWidget *signal_box;
  GtkImage *signal_icon;
  GtkLabel *signal;
  GtkMenuButton *phone;
  GtkWidget *progress_box;
  GtkProgressBar *progress;
  GtkLabel *progress_label;

  /* of the phone's popover, made when it is first wanted; borrowed */
  GtkPopover *phone_popover;
  AdwEntryRow *phone_number;
  AdwEntryRow *phone_port;

  /* owned */
  MwWorkspace *workspace;
  guint pulse;
};

G_DEFINE_FINAL_TYPE (MwStatusBar, mw_status_bar, ADW_TYPE_BIN)

static gboolean
on_pulse (gpointer data)
{
  gtk_progress_bar_pulse (MW_STATUS_BAR (data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
set_pulsing (MwStatusBar *self, gboolean pulsing)
{
  if (pulsing && !self->pulse)
    self->pulse = g_timeout_add (120, on_pulse, self);
  else if (!pulsing)
    g_clear_handle_id (&self->pulse, g_source_remove);
}

static char *
format_progress (int percent, int seconds)
{
  if (percent < 0)
    return NULL;
  if (seconds < 0 || percent < SURE_PERCENT)
    return g_strdup_printf (_ ("%d %%"), percent);
  return g_strdup_printf (_ ("%d %% · %d:%02d left"), percent, seconds / 60, seconds % 60);
}

static void
show_progress (MwStatusBar *self, gboolean busy, int percent, int seconds, const char *step)
{
  gtk_widget_set_visible (self->progress_box, busy);
  set_pulsing (self, busy && percent < 0);
  if (!busy)
    return;
  if (percent >= 0)
    gtk_progress_bar_set_fraction (self->progress, percent / 100.0);
  g_autofree char *text = format_progress (percent, seconds);
  gtk_label_set_label (self->progress_label, text ? text : step ? step : "");
}

static void
set_found (MwStatusBar *self, const char *style, const char *icon, const char *text)
{
  static const char *const styles[] = { "success", "error", "dim-label", "accent" };
  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++) {
    gtk_widget_remove_css_class (GTK_WIDGET (self->found_icon), styles[i]);
    gtk_widget_remove_css_class (GTK_WIDGET (self->found), styles[i]);
  }
  gtk_widget_add_css_class (GTK_WIDGET (self->found_icon), style);
  if (g_strcmp0 (style, "success") != 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->found), style);
  gtk_image_set_from_icon_name (self->found_icon, icon);
  gtk_label_set_label (self->found, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->found), text);
}

static void
show_found (MwStatusBar *self, MwSessionState state, const char *step)
{
  MwMeterInfo *meter = mw_session_get_meter (mw_workspace_get_session (self->workspace));
  gboolean refused = mw_workspace_is_refused (self->workspace);
  gtk_widget_set_visible (GTK_WIDGET (self->questions), state == MW_SESSION_FAILED && !refused);
  if (state == MW_SESSION_CONNECTING) {
    set_found (self, "accent", "content-loading-symbolic", step ? step : _ ("Connecting…"));
  } else if (state == MW_SESSION_FAILED) {
    set_found (self, "error", "dialog-warning-symbolic",
               refused ? mw_workspace_get_failure (self->workspace) : _ ("No meter found"));
  } else if (state == MW_SESSION_CLOSED || !meter) {
    set_found (self, "dim-label", "mw-source-none-symbolic", _ ("Not connected"));
  } else {
    g_autofree char *text =
        g_strdup_printf (_ ("%s found, serial number %s"),
                         meter->type ? meter->type : _ ("Meter"), meter->serial);
    set_found (self, "success", "mw-source-live-symbolic", text);
  }
}

/* ---- a meter behind a modem ---- */

static int
session_number (MwSession *session, const char *property)
{
  int value = -1;
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (session), property))
    g_object_get (session, property, &value, NULL);
  return value;
}

static void
show_signal (MwStatusBar *self, MwSession *session)
{
  gboolean low;
  g_autofree char *text = mw_signal_dup_text (session_number (session, "signal-local"),
                                              session_number (session, "signal-remote"), &low);
  gtk_widget_set_visible (self->signal_box, text != NULL);
  if (!text)
    return;
  gtk_label_set_label (self->signal, text);
  gtk_image_set_from_icon_name (self->signal_icon,
                                low ? "network-cellular-signal-weak-symbolic"
                                    : "network-cellular-signal-good-symbolic");
  (low ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (self->signal_box, "warning");
}

/* The number that reached this meter last time, else what was typed last. */
static void
on_phone_shown (MwStatusBar *self)
{
  MwMeterInfo *meter = mw_workspace_get_meter (self->workspace);
  g_autoptr (MwUri) uri =
      meter && meter->last_link ? mw_uri_parse (meter->last_link, NULL) : NULL;
  gboolean gsm = uri && uri->scheme == MW_SCHEME_GSM;
  g_autofree char *port =
      gsm ? g_strdup (uri->target)
          : mw_preferences_dup_text (mw_preferences_get_default (), "modem-port", "");
  if (gsm || !*gtk_editable_get_text (GTK_EDITABLE (self->phone_number)))
    gtk_editable_set_text (GTK_EDITABLE (self->phone_number),
                           gsm && uri->number ? uri->number : "");
  if (gsm || !*gtk_editable_get_text (GTK_EDITABLE (self->phone_port)))
    gtk_editable_set_text (GTK_EDITABLE (self->phone_port), port);
}

static void
on_dial (MwStatusBar *self)
{
  g_autofree char *number =
      g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->phone_number)));
  g_autofree char *port = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->phone_port)));
  if (!*g_strstrip (number) || !*g_strstrip (port)) {
    mw_workspace_toast (self->workspace,
                        _ ("Enter the number of the meter and the port of the modem."));
    return;
  }
  g_autofree char *escaped = g_uri_escape_string (number, NULL, FALSE);
  g_autofree char *uri = g_strdup_printf ("gsm:%s?number=%s&hold=yes", port, escaped);
  mw_preferences_set_text (mw_preferences_get_default (), "modem-port", port);
  gtk_popover_popdown (self->phone_popover);
  mw_workspace_connect (self->workspace, uri, NULL);
}

static void
on_state_changed (MwWorkspace *workspace, MwStatusBar *self)
{
  MwSession *session = mw_workspace_get_session (workspace);
  g_autofree char *port = NULL;
  g_autofree char *step = NULL;
  g_autofree char *uri = NULL;
  int percent, seconds;
  if (!session)
    return;
  MwSessionState state = mw_session_get_state (session);
  g_object_get (session, "port-text", &port, "step", &step, "percent", &percent, "seconds-left",
                &seconds, "uri", &uri, NULL);
  const char *text = port ? port : state == MW_SESSION_CLOSED ? NULL : uri;
  gtk_label_set_label (self->port, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->port), text != NULL);
  gtk_widget_set_visible (self->separator, text != NULL);
  show_found (self, state, step);
  show_signal (self, session);
  show_progress (self, mw_workspace_is_busy (workspace), percent, seconds, step);
}

void
mw_status_bar_set_workspace (MwStatusBar *self, MwWorkspace *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;
  g_signal_connect_object (workspace, "state-changed", G_CALLBACK (on_state_changed), self, 0);
  on_state_changed (workspace, self);
}

static void
mw_status_bar_dispose (GObject *object)
{
  MwStatusBar *self = MW_STATUS_BAR (object);
  set_pulsing (self, FALSE);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_STATUS_BAR);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (mw_status_bar_parent_class)->dispose (object);
}

static void
mw_status_bar_class_init (MwStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_status_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, port);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, separator);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, found_icon);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, found);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, questions);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, phone);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, signal);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, signal_icon);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, signal_box);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, progress_box);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, progress);
  gtk_widget_class_bind_template_child (widget_class, MwStatusBar, progress_label);
}

static void
make_questions (GtkMenuButton *button, gpointer data)
{
  if (gtk_menu_button_get_popover (button))
    return;
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/org/meterwright/Meterwright/status-questions.ui");
  gtk_menu_button_set_popover (button,
                               GTK_WIDGET (gtk_builder_get_object (builder, "popover")));
}

static void
make_phone (GtkMenuButton *button, gpointer data)
{
  MwStatusBar *self = data;
  if (self->phone_popover)
    return;
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/org/meterwright/Meterwright/status-phone.ui");
  self->phone_popover = GTK_POPOVER (gtk_builder_get_object (builder, "popover"));
  self->phone_number = ADW_ENTRY_ROW (gtk_builder_get_object (builder, "number"));
  self->phone_port = ADW_ENTRY_ROW (gtk_builder_get_object (builder, "port"));
  GObject *dial = gtk_builder_get_object (builder, "dial");
  g_signal_connect_swapped (self->phone_popover, "show", G_CALLBACK (on_phone_shown), self);
  g_signal_connect_swapped (self->phone_number, "entry-activated", G_CALLBACK (on_dial), self);
  g_signal_connect_swapped (self->phone_port, "entry-activated", G_CALLBACK (on_dial), self);
  g_signal_connect_swapped (dial, "clicked", G_CALLBACK (on_dial), self);
  gtk_menu_button_set_popover (button, GTK_WIDGET (self->phone_popover));
}

static void
mw_status_bar_init (MwStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->questions, make_questions, NULL, NULL);
  gtk_menu_button_set_create_popup_func (self->phone, make_phone, self, NULL);
}
