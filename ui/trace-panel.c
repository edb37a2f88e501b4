#include "trace-panel.h"

#include <glib/gi18n.h>
#include <string.h>

#include "dialogs.h"
#include "trace-file.h"

struct _MwTracePanel {
  AdwBin parent_instance;

  /* template */
  GtkSearchEntry *search;
  GtkDropDown *direction;
  GtkListView *list;
  GtkCustomFilter *filter;
  GtkFilterListModel *filtered;
  GtkSingleSelection *selection;
  GtkTextView *detail;
  GtkStack *stack;

  /* owned */
  MwWorkspace *workspace;
};

G_DEFINE_FINAL_TYPE (MwTracePanel, mw_trace_panel, ADW_TYPE_BIN)

/* TEXT without blanks, in capitals: "7e a0" finds 7EA0. */
static char *
squeeze (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *c = text; *c; c++)
    if (*c != ' ')
      g_string_append_c (out, g_ascii_toupper (*c));
  return g_string_free (out, FALSE);
}

static gboolean
match (gpointer item, gpointer data)
{
  MwTracePanel *self = data;
  MwTraceRow *row = item;
  guint direction = gtk_drop_down_get_selected (self->direction);
  const char *wanted = gtk_editable_get_text (GTK_EDITABLE (self->search));
  if (direction == 1 && (!mw_trace_row_is_sent (row) || mw_trace_row_is_note (row)))
    return FALSE;
  if (direction == 2 && (mw_trace_row_is_sent (row) || mw_trace_row_is_note (row)))
    return FALSE;
  if (!*wanted)
    return TRUE;
  g_autofree char *text = mw_trace_row_dup_text (row);
  g_autofree char *summary = mw_trace_row_dup_summary (row);
  g_autofree char *all = g_strconcat (text, summary, NULL);
  g_autofree char *a = squeeze (all);
  g_autofree char *w = squeeze (wanted);
  return strstr (a, w) != NULL;
}

static void
on_filter_changed (MwTracePanel *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static GtkWidget *
add_cell (GtkWidget *box, const char *style, int chars, gboolean expand)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), chars);
  gtk_widget_set_hexpand (cell, expand);
  gtk_widget_add_css_class (cell, style);
  gtk_box_append (GTK_BOX (box), cell);
  return cell;
}

static void
on_setup (MwTracePanel *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  add_cell (box, "numeric", 12, FALSE);
  add_cell (box, "trace-direction", 2, FALSE);
  add_cell (box, "monospace", 24, TRUE);
  add_cell (box, "dim-label", 34, FALSE);
  gtk_list_item_set_child (item, box);
}

static void
on_bind (MwTracePanel *self, GtkListItem *item)
{
  MwTraceRow *row = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  gint64 us = mw_trace_row_get_time (row);
  g_autoptr (GDateTime) t = g_date_time_new_from_unix_local (us / G_USEC_PER_SEC);
  g_autofree char *clock = g_date_time_format (t, "%H:%M:%S");
  g_autofree char *stamp = g_strdup_printf ("%s.%03d", clock, (int) (us / 1000 % 1000));
  g_autofree char *text = mw_trace_row_dup_text (row);
  g_autofree char *summary = mw_trace_row_dup_summary (row);
  if (strlen (text) > 300)
    text[300] = '\0'; /* hexadecimal, one byte a character; the rest stands in the detail */
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), stamp);
  cell = gtk_widget_get_next_sibling (cell);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), mw_trace_row_is_note (row)   ? "#"
                                                    : mw_trace_row_is_sent (row) ? "→"
                                                                                 : "←");
  cell = gtk_widget_get_next_sibling (cell);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
  cell = gtk_widget_get_next_sibling (cell);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), summary);
}

static void
on_selected (MwTracePanel *self)
{
  MwTraceRow *row = gtk_single_selection_get_selected_item (self->selection);
  if (!row)
    return;
  g_autofree char *text = mw_trace_row_dup_text (row);
  g_autofree char *words = mw_trace_row_dup_words (row);
  g_autofree char *all =
      words && *words ? g_strdup_printf ("%s\n\n%s", words, text) : g_strdup (text);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->detail), all, -1);
}

static void
on_items_changed (MwTracePanel *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  gtk_stack_set_visible_child_name (self->stack, n ? "list" : "empty");
}

static void
on_copy (MwTracePanel *self)
{
  g_autofree char *text = mw_trace_list_dup_text (mw_workspace_get_trace (self->workspace));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  mw_workspace_toast (self->workspace, _ ("Trace copied"));
}

static void
save_to (GFile *file, gpointer data)
{
  MwTracePanel *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = mw_trace_file_dup_text (mw_workspace_get_trace (self->workspace),
                                                  mw_workspace_get_last_uri (self->workspace));
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *said = NULL;
  if (g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                               NULL, &error))
    said = g_strdup_printf (_ ("Saved as %s"), name);
  else
    said = g_strdup_printf (_ ("The trace cannot be saved: %s"), error->message);
  mw_workspace_toast (self->workspace, said);
}

static void
on_save (MwTracePanel *self)
{
  mw_dialogs_save_file (GTK_WIDGET (self), _ ("Save the trace"), "meterwright.trace", save_to,
                        g_object_ref (self), g_object_unref);
}

static void
on_clear (MwTracePanel *self)
{
  mw_trace_list_clear (mw_workspace_get_trace (self->workspace));
}

void
mw_trace_panel_set_workspace (MwTracePanel *self, MwWorkspace *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;
  gtk_filter_list_model_set_model (self->filtered,
                                   G_LIST_MODEL (mw_workspace_get_trace (workspace)));
  on_items_changed (self);
}

static void
mw_trace_panel_dispose (GObject *object)
{
  MwTracePanel *self = MW_TRACE_PANEL (object);
  if (self->filter)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_TRACE_PANEL);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (mw_trace_panel_parent_class)->dispose (object);
}

static void
mw_trace_panel_class_init (MwTracePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_trace_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/trace-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, search);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, direction);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, list);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, filter);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, filtered);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, selection);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, detail);
  gtk_widget_class_bind_template_child (widget_class, MwTracePanel, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_items_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_bind_template_callback (widget_class, on_clear);
}

static void
mw_trace_panel_init (MwTracePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_custom_filter_set_filter_func (self->filter, match, self, NULL);
}
