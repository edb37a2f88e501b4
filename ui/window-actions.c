/* window-actions.c: what keys, menus and buttons ask the window for. */
#include <glib/gi18n.h>
#include <string.h>

#include "connect-dialog.h"
#include "dialogs.h"
#include "functions.h"
#include "palette.h"
#include "window.h"

static MwWorkspace *
workspace_of (GtkWidget *widget)
{
  return mw_window_get_workspace (MW_WINDOW (widget));
}

static void
go (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_window_go (MW_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* "page.load-profile": one action for each page, so that each can be dimmed. */
static void
go_to_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_window_go (MW_WINDOW (widget), name + strlen ("page."));
}

static void
connect (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (
      GTK_WINDOW (mw_connect_dialog_new (GTK_WINDOW (widget), workspace_of (widget))));
}

static void
connect_to (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_workspace_connect (workspace_of (widget), g_variant_get_string (parameter, NULL), NULL);
}

static void
on_password (const char *text, gpointer data)
{
  MwWorkspace *workspace = data;
  g_autofree char *uri = g_strdup (mw_workspace_get_last_uri (workspace));
  mw_workspace_connect (workspace, uri, text);
}

static void
password (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwWorkspace *workspace = workspace_of (widget);
  if (mw_workspace_get_last_uri (workspace))
    mw_dialogs_ask_password (widget, _ ("Password of the meter"),
                             mw_workspace_get_last_uri (workspace), _ ("C_onnect"), on_password,
                             g_object_ref (workspace), g_object_unref);
}

static void
reconnect (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_workspace_reconnect (workspace_of (widget));
}

static void
disconnect (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_workspace_disconnect (workspace_of (widget));
}

static void
cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_workspace_cancel (workspace_of (widget));
}

static void
on_trace_file (GFile *file, gpointer window)
{
  mw_window_open_trace (window, file);
}

static void
open_trace (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_dialogs_open_file (widget, _ ("Open a recording"), _ ("Recordings"), "*.trace",
                        on_trace_file, g_object_ref (widget), g_object_unref);
}

void
mw_window_open_trace (MwWindow *self, GFile *file)
{
  mw_workspace_open_trace (mw_window_get_workspace (self), file);
  g_action_group_change_action_state (G_ACTION_GROUP (self), "trace",
                                      g_variant_new_boolean (TRUE));
}

static void
read_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwPage *page = mw_window_get_page (MW_WINDOW (widget));
  MW_PAGE_GET_CLASS (page)->read (page);
}

static void
save_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwPage *page = mw_window_get_page (MW_WINDOW (widget));
  MW_PAGE_GET_CLASS (page)->save (page);
}

static void
print_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwPage *page = mw_window_get_page (MW_WINDOW (widget));
  MW_PAGE_GET_CLASS (page)->print (page);
}

static void
copy_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwPage *page = mw_window_get_page (MW_WINDOW (widget));
  MW_PAGE_GET_CLASS (page)->copy (page);
}

static void
find_on_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwPage *page = mw_window_get_page (MW_WINDOW (widget));
  MW_PAGE_GET_CLASS (page)->find (page);
}

static void
palette (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (GTK_WINDOW (mw_palette_new (GTK_WINDOW (widget))));
}

static void
explain (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MwPage *page = mw_window_get_page (MW_WINDOW (widget));
  const MwFunction *f = page ? mw_function_find (mw_page_get_function (page)) : NULL;
  if (f)
    mw_dialogs_explain (widget, _ (f->title), _ (f->purpose), _ (f->keys));
}

static void
toggle_sidebar (GtkWidget *widget, const char *name, GVariant *parameter)
{
  mw_window_toggle_sidebar (MW_WINDOW (widget));
}

static void
show_trace (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_action_group_change_action_state (G_ACTION_GROUP (widget), "trace",
                                      g_variant_new_boolean (TRUE));
}

void
mw_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.go", "s", go);
  for (const MwFunction *f = mw_functions; f->id; f++) {
    g_autofree char *name = g_strdup_printf ("page.%s", f->id);
    gtk_widget_class_install_action (widget_class, name, NULL, go_to_page);
  }
  gtk_widget_class_install_action (widget_class, "win.connect", NULL, connect);
  gtk_widget_class_install_action (widget_class, "win.connect-to", "s", connect_to);
  gtk_widget_class_install_action (widget_class, "win.password", NULL, password);
  gtk_widget_class_install_action (widget_class, "win.reconnect", NULL, reconnect);
  gtk_widget_class_install_action (widget_class, "win.disconnect", NULL, disconnect);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel);
  gtk_widget_class_install_action (widget_class, "win.open-trace", NULL, open_trace);
  gtk_widget_class_install_action (widget_class, "win.read", NULL, read_page);
  gtk_widget_class_install_action (widget_class, "win.save", NULL, save_page);
  gtk_widget_class_install_action (widget_class, "win.print", NULL, print_page);
  gtk_widget_class_install_action (widget_class, "win.copy", NULL, copy_page);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_on_page);
  gtk_widget_class_install_action (widget_class, "win.palette", NULL, palette);
  gtk_widget_class_install_action (widget_class, "win.explain", NULL, explain);
  gtk_widget_class_install_action (widget_class, "win.show-trace", NULL, show_trace);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL, toggle_sidebar);
}

void
mw_window_update_actions (MwWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  MwPage *page = mw_window_get_page (self);
  MwPageClass *klass = page ? MW_PAGE_GET_CLASS (page) : NULL;
  MwWorkspace *workspace = mw_window_get_workspace (self);
  gboolean connected = mw_workspace_is_connected (workspace);
  gboolean busy = mw_workspace_is_busy (workspace);
  gboolean can_read = klass && klass->read && connected && !busy
                      && (!klass->can_read || klass->can_read (page));
  gtk_widget_action_set_enabled (widget, "win.read", can_read);
  gtk_widget_action_set_enabled (widget, "win.save", klass && klass->save);
  gtk_widget_action_set_enabled (widget, "win.print", klass && klass->print);
  gtk_widget_action_set_enabled (widget, "win.copy", klass && klass->copy);
  gtk_widget_action_set_enabled (widget, "win.find", klass && klass->find);
  gtk_widget_action_set_enabled (widget, "win.open-trace",
                                 mw_workspace_get_session (workspace) != NULL);
  gtk_widget_action_set_enabled (widget, "win.cancel", busy);
  gtk_widget_action_set_enabled (widget, "win.disconnect",
                                 connected || mw_workspace_is_connecting (workspace));
  gtk_widget_action_set_enabled (widget, "win.reconnect",
                                 !busy && mw_workspace_get_last_uri (workspace));
}
