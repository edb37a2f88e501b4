#include "plan-page.h"

#include <glib/gi18n.h>

#include "check.h"
#include "describe.h"
#include "dialogs.h"
#include "plan-views.h"

struct _MwPlanPage {
  MwPage parent_instance;

  /* template */
  GtkWidget *undo, *redo, *read, *program;
  GtkLabel *problems, *changes;
  AdwBin *editor;

  /* owned */
  MwPlanDoc *doc; /* NULL until the page is first shown */
  MwPlan *wanted; /* what is to be programmed, while the meter's own is read */
  gboolean from_meter;
};

G_DEFINE_FINAL_TYPE (MwPlanPage, mw_plan_page, MW_TYPE_PAGE)

gboolean
mw_plan_page_is_changed (MwPlanPage *self)
{
  return self->doc && mw_plan_doc_is_changed (self->doc);
}

static MwPlanKind
kind_of (MwPlanPage *self)
{
  return mw_plan_doc_get_plan (self->doc)->kind;
}

static void
say (MwPlanPage *self, const char *text)
{
  mw_workspace_toast (mw_page_get_workspace (MW_PAGE (self)), text);
}

/* ---- what is shown beside the editor ---- */

static char *
change_lines (const MwPlan *before, const MwPlan *after)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) changes = mw_plan_compare (before, after);
  for (guint i = 0; i < changes->len; i++) {
    g_autofree char *line = mw_plan_change_text (changes->pdata[i]);
    g_string_append_printf (text, "%s%s", i ? "\n" : "", line);
  }
  return g_string_free (text, FALSE);
}

static void
show_problems (MwPlanPage *self)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) problems = mw_plan_check (mw_plan_doc_get_plan (self->doc), NULL);
  for (guint i = 0; i < problems->len; i++) {
    const MwPlanProblem *p = problems->pdata[i];
    g_string_append_printf (text, "%s%s: %s", i ? "\n" : "", p->field, p->reason);
  }
  gtk_label_set_label (self->problems, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->problems), text->len > 0);
  g_string_free (text, TRUE);
}

static void
show_changes (MwPlanPage *self)
{
  g_autofree char *lines =
      change_lines (mw_plan_doc_get_base (self->doc), mw_plan_doc_get_plan (self->doc));
  GFile *file = mw_plan_doc_get_file (self->doc);
  const char *title = file               ? _ ("Changed since the file:")
                      : self->from_meter ? _ ("Changed since the plan in the meter:")
                                         : _ ("Changed since the new plan:");
  g_autofree char *text = *lines ? g_strdup_printf ("%s\n%s", title, lines) : NULL;
  gtk_label_set_label (self->changes, text ? text : "");
}

static void
show_meter (MwPlanPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  gboolean connected = mw_workspace_is_connected (ws);
  guint kinds = connected ? mw_session_get_plan_kinds (mw_workspace_get_session (ws)) : 0;
  gboolean can = (kinds >> kind_of (self) & 1) && !mw_workspace_is_busy (ws);
  const char *missing =
      mw_workspace_get_missing_reason (ws, mw_page_get_function (MW_PAGE (self)));
  const char *why = can          ? NULL
                    : !connected ? _ ("No meter is connected.")
                    : missing    ? missing
                    : kinds      ? _ ("The meter follows no plan of this kind.")
                                 : _ ("Plans of this meter cannot be programmed.");
  gtk_widget_set_sensitive (self->read, can);
  gtk_widget_set_sensitive (self->program, can);
  gtk_widget_set_tooltip_text (self->read, why);
  gtk_widget_set_tooltip_text (self->program, why);
}

static void
show_source (MwPlanPage *self)
{
  GFile *file = mw_plan_doc_get_file (self->doc);
  g_autofree char *name = file ? g_file_get_basename (file) : g_strdup (_ ("New plan"));
  g_autofree char *detail =
      mw_plan_doc_is_changed (self->doc) ? g_strdup_printf (_ ("%s, changed"), name) : NULL;
  mw_page_set_source (MW_PAGE (self), MW_SOURCE_FILE, 0, FALSE, detail ? detail : name);
}

static void
on_changed (MwPlanPage *self)
{
  gtk_widget_set_sensitive (self->undo, mw_plan_doc_can_undo (self->doc));
  gtk_widget_set_sensitive (self->redo, mw_plan_doc_can_redo (self->doc));
  show_problems (self);
  show_changes (self);
  show_source (self);
}

/* ---- file ---- */

static void
load (GFile *file, gpointer data)
{
  MwPlanPage *self = data;
  g_autoptr (GError) error = NULL;
  if (mw_plan_doc_load (self->doc, file, &error))
    self->from_meter = FALSE;
  else
    say (self, error->message);
}

static void
choose_file (MwPlanPage *self)
{
  mw_dialogs_open_file (GTK_WIDGET (self), _ ("Open a plan"), _ ("Plans"), "*.xml", load,
                        g_object_ref (self), g_object_unref);
}

static void
on_lose_answer (AdwMessageDialog *dialog, const char *response, MwPlanPage *self)
{
  if (g_str_equal (response, "lose"))
    choose_file (self);
}

static void
on_open (MwPlanPage *self)
{
  if (!mw_plan_doc_is_changed (self->doc)) {
    choose_file (self);
    return;
  }
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("The plan is changed"),
      _ ("Its changes are lost when another plan is opened."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "lose", _ ("_Lose the changes"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "lose",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_lose_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save (GFile *file, gpointer data)
{
  MwPlanPage *self = data;
  g_autoptr (GError) error = NULL;
  say (self, mw_plan_doc_save (self->doc, file, &error) ? _ ("Plan saved") : error->message);
}

static void
mw_plan_page_save (MwPage *page)
{
  MwPlanPage *self = MW_PLAN_PAGE (page);
  if (mw_plan_doc_get_file (self->doc))
    save (mw_plan_doc_get_file (self->doc), self);
  else
    mw_dialogs_save_file (GTK_WIDGET (self), _ ("Save the plan"), "plan.xml", save,
                          g_object_ref (self), g_object_unref);
}

/* ---- meter ---- */

static void
on_plan_read (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwPlanPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = mw_session_plan_read_finish (MW_SESSION (session), result, &error);
  if (!plan) {
    say (self, error->message);
    return;
  }
  self->from_meter = TRUE;
  mw_plan_doc_reset (self->doc, plan, NULL);
}

static void
read_now (MwPlanPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  mw_session_plan_read_async (mw_workspace_get_session (ws), kind_of (self), NULL, on_plan_read,
                              g_object_ref (self));
}

static void
on_read_answer (AdwMessageDialog *dialog, const char *response, MwPlanPage *self)
{
  if (g_str_equal (response, "lose"))
    read_now (self);
}

static void
on_read (MwPlanPage *self)
{
  if (!mw_plan_doc_is_changed (self->doc)) {
    read_now (self);
    return;
  }
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("The plan is changed"),
      _ ("Its changes are lost when the plan of the meter is read."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "lose", _ ("_Lose the changes"), NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_read_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_programmed (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwPlanPage) self = data;
  g_autoptr (GError) error = NULL;
  if (mw_session_plan_program_finish (MW_SESSION (session), result, NULL, &error))
    say (self, _ ("Programmed, read back, equal; saved in the audit"));
  else
    say (self, error->message);
}

static void
on_program_answer (AdwMessageDialog *dialog, const char *response, MwPlanPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  if (g_str_equal (response, "program"))
    mw_session_plan_program_async (mw_workspace_get_session (ws), self->wanted, NULL,
                                   on_programmed, g_object_ref (self));
}

/* What will change, on which meter, what is lost by it. */
static void
ask_program (MwPlanPage *self, const MwPlan *before)
{
  MwMeterInfo *meter = mw_workspace_get_meter (mw_page_get_workspace (MW_PAGE (self)));
  g_autofree char *lines = before ? change_lines (before, self->wanted) : NULL;
  g_autofree char *body = g_strdup_printf (
      "%s\n\n%s\n\n%s", meter && meter->serial ? meter->serial : "",
      !before  ? _ ("The plan in the meter could not be read: it is replaced as a whole.")
      : *lines ? lines
               : _ ("The meter follows this plan already."),
      _ ("The plan that the meter follows now is replaced as a whole."));
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("Program this plan?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "program", _ ("_Program the plan"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "program",
                                              ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_program_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_compared (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwPlanPage) self = data;
  g_autoptr (MwPlan) before = mw_session_plan_read_finish (MW_SESSION (session), result, NULL);
  ask_program (self, before);
}

static void
on_program (MwPlanPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  g_autoptr (GPtrArray) problems = mw_plan_check (mw_plan_doc_get_plan (self->doc), NULL);
  if (mw_plan_first_error (problems)) {
    say (self, mw_plan_first_error (problems)->reason);
    return;
  }
  g_clear_pointer (&self->wanted, mw_plan_free);
  self->wanted = mw_plan_copy (mw_plan_doc_get_plan (self->doc));
  mw_session_plan_read_async (mw_workspace_get_session (ws), kind_of (self), NULL, on_compared,
                              g_object_ref (self));
}

/* ---- page ---- */

static void
on_undo (MwPlanPage *self)
{
  mw_plan_doc_undo (self->doc);
}

static void
on_redo (MwPlanPage *self)
{
  mw_plan_doc_redo (self->doc);
}

static gboolean
undo_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  on_undo (MW_PLAN_PAGE (widget));
  return TRUE;
}

static gboolean
redo_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  on_redo (MW_PLAN_PAGE (widget));
  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, MwPlanPage *self)
{
  if (mw_plan_doc_is_changed (self->doc))
    say (self, _ ("The plan is changed: save it first, then drop the file again."));
  else
    load (g_value_get_object (value), self);
  return TRUE;
}

static void
make_editor (MwPlanPage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  self->doc = mw_plan_doc_new (MW_PLAN_TARIFF, g_date_time_get_year (now));
  adw_bin_set_child (self->editor, mw_plan_view_tariff_new (self->doc));
  g_signal_connect_object (self->doc, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (drop, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  on_changed (self);
}

static void
mw_plan_page_update (MwPage *page, MwChange what)
{
  MwPlanPage *self = MW_PLAN_PAGE (page);
  if (!self->doc)
    make_editor (self);
  mw_page_set_has_content (page, TRUE);
  show_meter (self);
  show_source (self);
}

static void
mw_plan_page_dispose (GObject *object)
{
  MwPlanPage *self = MW_PLAN_PAGE (object);
  g_clear_object (&self->doc);
  g_clear_pointer (&self->wanted, mw_plan_free);
  G_OBJECT_CLASS (mw_plan_page_parent_class)->dispose (object);
}

static void
mw_plan_page_class_init (MwPlanPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_plan_page_dispose;
  page_class->update = mw_plan_page_update;
  page_class->save = mw_plan_page_save;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/plan-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, undo);
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, redo);
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, read);
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, program);
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, problems);
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, changes);
  gtk_widget_class_bind_template_child (widget_class, MwPlanPage, editor);
  gtk_widget_class_bind_template_callback (widget_class, on_undo);
  gtk_widget_class_bind_template_callback (widget_class, on_redo);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_read);
  gtk_widget_class_bind_template_callback (widget_class, on_program);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, undo_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                redo_key, NULL);
}

static void
mw_plan_page_init (MwPlanPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
