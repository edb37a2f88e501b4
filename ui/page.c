#include "page.h"

#include <glib/gi18n.h>

#include "functions.h"
#include "source-line.h"
#include "wrap-box.h"

typedef struct {
  /* template */
  GtkLabel *title;
  MwSourceLine *source;
  GtkBox *actions;
  GtkRevealer *notice;
  GtkLabel *notice_label;
  GtkWidget *notice_password;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *offers;

  /* made when they are first needed; owned by the stack */
  AdwStatusPage *connecting;
  AdwStatusPage *failed;
  GtkWidget *password, *retry; /* of the failed one */
  GtkSpinner *spinner;

  /* owned */
  AdwBin *content; /* of the final type; in the stack from when there is something to show */
  MwWorkspace *workspace;
  char *function;

  MwChange missed;
  gboolean has_content;
} MwPagePrivate;

static void buildable_iface_init (GtkBuildableIface *iface);
static GtkBuildableIface *parent_buildable_iface;

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (MwPage, mw_page, ADW_TYPE_BIN,
                                  G_ADD_PRIVATE (MwPage)
                                      G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                             buildable_iface_init))

enum { PROP_WORKSPACE = 1, PROP_FUNCTION, N_PROPS };
static GParamSpec *props[N_PROPS];

static MwPagePrivate *
priv_of (MwPage *self)
{
  return mw_page_get_instance_private (self);
}

MwWorkspace *
mw_page_get_workspace (MwPage *self)
{
  return priv_of (self)->workspace;
}

const char *
mw_page_get_function (MwPage *self)
{
  return priv_of (self)->function;
}

static void
make_states (MwPagePrivate *priv)
{
  if (priv->failed)
    return;
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/org/meterwright/Meterwright/page-states.ui");
  priv->connecting = ADW_STATUS_PAGE (gtk_builder_get_object (builder, "connecting"));
  priv->failed = ADW_STATUS_PAGE (gtk_builder_get_object (builder, "failed"));
  priv->password = GTK_WIDGET (gtk_builder_get_object (builder, "password"));
  priv->retry = GTK_WIDGET (gtk_builder_get_object (builder, "retry"));
  priv->spinner = GTK_SPINNER (gtk_builder_get_object (builder, "spinner"));
  gtk_stack_add_named (priv->stack, GTK_WIDGET (priv->connecting), "connecting");
  gtk_stack_add_named (priv->stack, GTK_WIDGET (priv->failed), "failed");
}

/* Which of the states stands before the person. */
static void
show_state (MwPage *self)
{
  MwPagePrivate *priv = priv_of (self);
  const char *failure = mw_workspace_get_failure (priv->workspace);
  gboolean connecting = mw_workspace_is_connecting (priv->workspace);
  const char *state = priv->has_content ? "content"
                      : connecting      ? "connecting"
                      : failure         ? "failed"
                                        : "empty";
  if (connecting || failure)
    make_states (priv);
  if (priv->has_content && !gtk_widget_get_parent (GTK_WIDGET (priv->content)))
    gtk_stack_add_named (priv->stack, GTK_WIDGET (priv->content), "content");
  gtk_stack_set_visible_child_name (priv->stack, state);
  if (priv->spinner)
    gtk_spinner_set_spinning (priv->spinner, connecting && !priv->has_content);
  if (failure) {
    gtk_label_set_label (priv->notice_label, priv->has_content ? failure : "");
    g_autofree char *escaped = g_markup_escape_text (failure, -1);
    adw_status_page_set_description (priv->failed, escaped);
    gboolean refused = mw_workspace_is_refused (priv->workspace);
    gtk_widget_set_visible (priv->notice_password, refused && priv->has_content);
    gtk_widget_set_visible (priv->password, refused);
    gtk_widget_set_visible (priv->retry, !refused); /* the same password is refused again */
  }
  if (!failure && priv->failed)
    adw_status_page_set_description (priv->failed, NULL);
  gtk_revealer_set_reveal_child (priv->notice, failure && priv->has_content);
  if (connecting) {
    g_autofree char *step = NULL;
    g_object_get (mw_workspace_get_session (priv->workspace), "step", &step, NULL);
    g_autofree char *escaped = g_markup_escape_text (step ? step : _ ("Opening the port…"), -1);
    adw_status_page_set_description (priv->connecting, escaped);
  }
}

static void
tell (MwPage *self, MwChange what)
{
  MwPagePrivate *priv = priv_of (self);
  if (!priv->workspace)
    return;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self))) {
    priv->missed |= what;
    return;
  }
  if (MW_PAGE_GET_CLASS (self)->update)
    MW_PAGE_GET_CLASS (self)->update (self, what | priv->missed);
  priv->missed = 0;
  show_state (self);
}

static void
on_state_changed (MwWorkspace *workspace, MwPage *self)
{
  tell (self, MW_CHANGE_STATE);
}

static void
on_meter_changed (MwWorkspace *workspace, MwPage *self)
{
  tell (self, MW_CHANGE_METER | MW_CHANGE_VALUES | MW_CHANGE_STORED);
}

static void
on_values_changed (MwWorkspace *workspace, MwPage *self)
{
  tell (self, MW_CHANGE_VALUES);
}

static void
on_stored (MwWorkspace *workspace, const char *logger, MwPage *self)
{
  tell (self, MW_CHANGE_STORED);
}

static void
mw_page_map (GtkWidget *widget)
{
  MwPage *self = MW_PAGE (widget);
  GTK_WIDGET_CLASS (mw_page_parent_class)->map (widget);
  tell (self, MW_CHANGE_STATE);
}

void
mw_page_set_has_content (MwPage *self, gboolean has_content)
{
  MwPagePrivate *priv = priv_of (self);
  if (priv->has_content == has_content)
    return;
  priv->has_content = has_content;
  if (priv->workspace)
    show_state (self);
}

void
mw_page_set_source (MwPage *self, MwSourceKind kind, gint64 at, gboolean reference,
                    const char *detail)
{
  mw_source_line_set (priv_of (self)->source, kind, at, reference, detail);
}

void
mw_page_set_empty_text (MwPage *self, const char *title, const char *text)
{
  MwPagePrivate *priv = priv_of (self);
  const MwFunction *function = mw_function_find (priv->function);
  adw_status_page_set_title (priv->empty, title ? title : _ ("No meter yet"));
  adw_status_page_set_description (priv->empty, text       ? text
                                                : function ? _ (function->purpose)
                                                           : NULL);
  gtk_widget_set_visible (priv->offers, text == NULL);
}

static void
on_dismiss (MwPage *self)
{
  mw_workspace_dismiss_failure (priv_of (self)->workspace);
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  MwPagePrivate *priv = priv_of (MW_PAGE (buildable));
  if (!priv->content) /* the page's own template */
    parent_buildable_iface->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "action") == 0)
    gtk_box_append (priv->actions, GTK_WIDGET (child));
  else
    adw_bin_set_child (priv->content, GTK_WIDGET (child));
}

static void
buildable_iface_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

static void
set_workspace (MwPage *self, MwWorkspace *workspace)
{
  MwPagePrivate *priv = priv_of (self);
  if (!g_set_object (&priv->workspace, workspace))
    return;
  g_signal_connect_object (workspace, "state-changed", G_CALLBACK (on_state_changed), self, 0);
  g_signal_connect_object (workspace, "meter-changed", G_CALLBACK (on_meter_changed), self, 0);
  g_signal_connect_object (workspace, "values-changed", G_CALLBACK (on_values_changed), self,
                           0);
  g_signal_connect_object (workspace, "stored", G_CALLBACK (on_stored), self, 0);
  tell (self, MW_CHANGE_ALL);
}

static void
set_function (MwPage *self, const char *id)
{
  MwPagePrivate *priv = priv_of (self);
  const MwFunction *function = mw_function_find (id);
  g_return_if_fail (function);
  g_free (priv->function);
  priv->function = g_strdup (id);
  gtk_label_set_label (priv->title, _ (function->title));
  adw_status_page_set_icon_name (priv->empty, function->icon);
  mw_page_set_empty_text (self, NULL, NULL);
}

static void
mw_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MwPage *self = MW_PAGE (object);
  switch (id) {
  case PROP_WORKSPACE:
    if (g_value_get_object (value))
      set_workspace (self, g_value_get_object (value));
    break;
  case PROP_FUNCTION:
    if (g_value_get_string (value))
      set_function (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
mw_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MwPagePrivate *priv = priv_of (MW_PAGE (object));
  switch (id) {
  case PROP_WORKSPACE:
    g_value_set_object (value, priv->workspace);
    break;
  case PROP_FUNCTION:
    g_value_set_string (value, priv->function);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
mw_page_dispose (GObject *object)
{
  /* No gtk_widget_dispose_template: in GTK 4.8 it looks for the children of the final type
   * here. AdwBin gives up the only child; the references of the template go with the object. */
  MwPagePrivate *priv = priv_of (MW_PAGE (object));
  g_clear_object (&priv->content);
  g_clear_object (&priv->workspace);
  G_OBJECT_CLASS (mw_page_parent_class)->dispose (object);
}

static void
mw_page_finalize (GObject *object)
{
  MwPagePrivate *priv = priv_of (MW_PAGE (object));
  g_free (priv->function);
  G_OBJECT_CLASS (mw_page_parent_class)->finalize (object);
}

static void
mw_page_class_init (MwPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  object_class->set_property = mw_page_set_property;
  object_class->get_property = mw_page_get_property;
  object_class->dispose = mw_page_dispose;
  object_class->finalize = mw_page_finalize;
  widget_class->map = mw_page_map;
  props[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, MW_TYPE_WORKSPACE,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_FUNCTION] = g_param_spec_string ("function", NULL, NULL, NULL,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (MW_TYPE_SOURCE_LINE);
  g_type_ensure (MW_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, title);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, source);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, actions);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, notice);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, notice_label);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, notice_password);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, stack);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, empty);
  gtk_widget_class_bind_template_child_private (widget_class, MwPage, offers);
  gtk_widget_class_bind_template_callback (widget_class, on_dismiss);
}

static void
mw_page_init (MwPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  priv_of (self)->content = g_object_ref_sink (ADW_BIN (adw_bin_new ()));
}
