#include "connect-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "format.h"
#include "link/ports.h"

struct _MwConnectDialog {
  AdwWindow parent_instance;

  /* template */
  AdwPreferencesGroup *ports_group;
  AdwActionRow *no_ports;
  AdwEntryRow *device;
  AdwComboRow *mode;
  AdwComboRow *protocol;
  AdwEntryRow *address;
  AdwEntryRow *number;
  AdwPasswordEntryRow *pin;
  AdwEntryRow *host;
  AdwComboRow *framing;
  AdwComboRow *model;
  AdwPreferencesGroup *recent_group;
  AdwPasswordEntryRow *password;

  /* owned */
  MwWorkspace *workspace;
  GHashTable *rows; /* device -> row */
  MwPortMonitor *monitor;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MwConnectDialog, mw_connect_dialog, ADW_TYPE_WINDOW)

static const char *const modes[] = { "optical", "module", "direct" };
static const char *const framings[] = { "auto", "wrapper", "hdlc", "kmp", "iec" };
static const char *const protocols[] = { "auto", "kmp", "dlms", "iec" };
static const char *const models[] = {
  "mt381", "me381",        "k162?generation=L", "k382?generation=L",
  "k351b", "omnipower-1p", "omnipower-3p",      "omnipower-ct"
};

static void
connect_to (MwConnectDialog *self, const char *uri)
{
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password));
  mw_workspace_set_pin (self->workspace, gtk_editable_get_text (GTK_EDITABLE (self->pin)));
  mw_workspace_connect (self->workspace, uri, *password ? password : NULL);
  gtk_window_close (GTK_WINDOW (self));
}

/* "&protocol=kmp&address=5" of what was chosen. */
static char *
bus_options (MwConnectDialog *self)
{
  guint protocol =
      MIN (adw_combo_row_get_selected (self->protocol), G_N_ELEMENTS (protocols) - 1);
  g_autofree char *address = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address)));
  GString *text = g_string_new (NULL);
  if (protocol > 0)
    g_string_append_printf (text, "&protocol=%s", protocols[protocol]);
  if (*g_strstrip (address))
    g_string_append_printf (text, "&address=%s", address);
  return g_string_free (text, FALSE);
}

static char *
serial_uri (MwConnectDialog *self, const char *device)
{
  guint mode = MIN (adw_combo_row_get_selected (self->mode), G_N_ELEMENTS (modes) - 1);
  g_autofree char *options = bus_options (self);
  return g_strdup_printf ("serial:%s?mode=%s%s", device, modes[mode], options);
}

/* With a telephone number the port is that of a modem. */
static char *
port_uri (MwConnectDialog *self, const char *device)
{
  g_autofree char *number = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->number)));
  if (!*g_strstrip (number))
    return serial_uri (self, device);
  g_autofree char *escaped = g_uri_escape_string (number, NULL, FALSE);
  return g_strdup_printf ("gsm:%s?number=%s", device, escaped);
}

static void
on_port_activated (AdwActionRow *row, MwConnectDialog *self)
{
  g_autofree char *uri = port_uri (self, g_object_get_data (G_OBJECT (row), "device"));
  connect_to (self, uri);
}

static char *
describe_port (const MwPort *port)
{
  if (!port->accessible)
    return g_strdup_printf (_ ("%s · this user may not open it"), port->device);
  if (port->busy)
    return g_strdup_printf (_ ("%s · in use by %s"), port->device,
                            port->busy_with ? port->busy_with : _ ("another program"));
  if (port->likely_head)
    return g_strdup_printf (_ ("%s · looks like an optical head"), port->device);
  return g_strdup (port->device);
}

static void
add_port (MwConnectDialog *self, const MwPort *port)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle = describe_port (port);
  g_autofree char *title = g_markup_escape_text (port->description, -1);
  g_autofree char *escaped = g_markup_escape_text (subtitle, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (port->likely_head
                                                               ? "mw-source-live-symbolic"
                                                               : "mw-source-none-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), port->accessible);
  gtk_widget_set_tooltip_text (row, port->head_reason);
  g_object_set_data_full (G_OBJECT (row), "device", g_strdup (port->device), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (on_port_activated), self);
  adw_preferences_group_add (self->ports_group, row);
  g_hash_table_insert (self->rows, g_strdup (port->device), row);
}

static void
on_port (const MwPort *port, gboolean appeared, gpointer data)
{
  MwConnectDialog *self = data;
  GtkWidget *row = g_hash_table_lookup (self->rows, port->device);
  if (row) {
    adw_preferences_group_remove (self->ports_group, row);
    g_hash_table_remove (self->rows, port->device);
  }
  if (appeared)
    add_port (self, port);
  gtk_widget_set_visible (GTK_WIDGET (self->no_ports), g_hash_table_size (self->rows) == 0);
}

static void
list_ports (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *ports = mw_ports_list (&error);
  if (error)
    g_clear_error (&error); /* no list is an empty list: the entry below takes any device */
  g_task_return_pointer (task, ports, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_ports (GObject *source, GAsyncResult *result, gpointer data)
{
  MwConnectDialog *self = MW_CONNECT_DIALOG (source);
  g_autoptr (GPtrArray) ports = g_task_propagate_pointer (G_TASK (result), NULL);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (guint i = 0; ports && i < ports->len; i++)
    on_port (ports->pdata[i], TRUE, self);
  if (!self->monitor)
    self->monitor = mw_port_monitor_new (on_port, self);
}

static void
on_device_apply (MwConnectDialog *self)
{
  const char *device = gtk_editable_get_text (GTK_EDITABLE (self->device));
  g_autofree char *uri = strchr (device, ':') && !g_str_has_prefix (device, "/")
                             ? g_strdup (device) /* a link URI, for those who know them */
                             : port_uri (self, device);
  if (*device)
    connect_to (self, uri);
}

static void
on_host_apply (MwConnectDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->host));
  guint framing = MIN (adw_combo_row_get_selected (self->framing), G_N_ELEMENTS (framings) - 1);
  g_autofree char *address =
      strrchr (text, ':') ? g_strdup (text) : g_strdup_printf ("%s:4059", text);
  g_autofree char *options = bus_options (self);
  g_autofree char *uri =
      g_strdup_printf ("tcp:%s?framing=%s%s", address, framings[framing], options);
  if (*text)
    connect_to (self, uri);
}

/* Return in the last entry: to the address that was typed. */
static void
on_password_activated (MwConnectDialog *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->host)))
    on_host_apply (self);
  else
    on_device_apply (self);
}

static void
on_reference_activated (MwConnectDialog *self)
{
  guint model = MIN (adw_combo_row_get_selected (self->model), G_N_ELEMENTS (models) - 1);
  g_autofree char *uri = g_strdup_printf ("ref:%s%shistory=90d", models[model],
                                          strchr (models[model], '?') ? "&" : "?");
  connect_to (self, uri);
}

/* ---- the last connections ---- */

typedef struct {
  GPtrArray *links;
} Recent;

static void
recent_free (Recent *recent)
{
  g_clear_pointer (&recent->links, g_ptr_array_unref);
  g_free (recent);
}

static gboolean
load_recent (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Recent *recent = data;
  recent->links = mw_store_list_recent_links (store, 6, error);
  return recent->links != NULL;
}

static void
on_recent_activated (AdwActionRow *row, MwConnectDialog *self)
{
  connect_to (self, g_object_get_data (G_OBJECT (row), "uri"));
}

static void
on_recent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwConnectDialog) self = data;
  if (!mw_store_run_finish (result, NULL) || g_cancellable_is_cancelled (self->cancellable))
    return;
  Recent *recent = mw_store_run_get_data (result);
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), recent->links->len > 0);
  for (guint i = 0; i < recent->links->len; i++) {
    MwRecentLink *link = recent->links->pdata[i];
    GtkWidget *row = adw_action_row_new ();
    g_autofree char *age = mw_format_age (link->at);
    g_autofree char *subtitle =
        link->serial ? g_strdup_printf ("%s · %s · %s", link->type ? link->type : _ ("Meter"),
                                        link->serial, age)
                     : g_strdup_printf ("%s · %s", _ ("no meter found"), age);
    g_autofree char *title = g_markup_escape_text (link->uri, -1);
    g_autofree char *escaped = g_markup_escape_text (subtitle, -1);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
    adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    g_object_set_data_full (G_OBJECT (row), "uri", g_strdup (link->uri), g_free);
    g_signal_connect (row, "activated", G_CALLBACK (on_recent_activated), self);
    adw_preferences_group_add (self->recent_group, row);
  }
}

static void
mw_connect_dialog_dispose (GObject *object)
{
  MwConnectDialog *self = MW_CONNECT_DIALOG (object);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->monitor, mw_port_monitor_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_CONNECT_DIALOG);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (mw_connect_dialog_parent_class)->dispose (object);
}

static void
mw_connect_dialog_finalize (GObject *object)
{
  MwConnectDialog *self = MW_CONNECT_DIALOG (object);
  g_hash_table_unref (self->rows);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (mw_connect_dialog_parent_class)->finalize (object);
}

static void
mw_connect_dialog_class_init (MwConnectDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_connect_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_connect_dialog_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/meterwright/Meterwright/connect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, ports_group);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, no_ports);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, device);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, mode);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, protocol);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, address);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, number);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, pin);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, host);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, framing);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, model);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, recent_group);
  gtk_widget_class_bind_template_child (widget_class, MwConnectDialog, password);
  gtk_widget_class_bind_template_callback (widget_class, on_device_apply);
  gtk_widget_class_bind_template_callback (widget_class, on_host_apply);
  gtk_widget_class_bind_template_callback (widget_class, on_password_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_reference_activated);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
mw_connect_dialog_init (MwConnectDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

MwConnectDialog *
mw_connect_dialog_new (GtkWindow *parent, MwWorkspace *workspace)
{
  MwConnectDialog *self = g_object_new (MW_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);
  self->workspace = g_object_ref (workspace);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_ports, NULL);
  g_task_run_in_thread (task, list_ports);
  if (mw_workspace_get_store (workspace))
    mw_store_run_async (mw_workspace_get_store (workspace), load_recent, g_new0 (Recent, 1),
                        (GDestroyNotify) recent_free, NULL, on_recent, g_object_ref (self));
  return self;
}
