#include "palette.h"

#include <glib/gi18n.h>
#include <string.h>

#include "functions.h"
#include "window.h"

struct _MwPalette {
  AdwWindow parent_instance;

  /* template */
  GtkSearchEntry *entry;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (MwPalette, mw_palette, ADW_TYPE_WINDOW)

/* clang-format off */
static const struct { const char *title, *action, *target, *keys; } commands[] = {
  { N_("Connect to a meter"), "win.connect", NULL, "Ctrl+O" },
  { N_("Disconnect"), "win.disconnect", NULL, NULL },
  { N_("Try again with the last connection"), "win.reconnect", NULL, NULL },
  { N_("Open a recording"), "win.open-trace", NULL, NULL },
  { N_("Read"), "win.read", NULL, "Ctrl+R" },
  { N_("Save as a file"), "win.save", NULL, "Ctrl+S" },
  { N_("Report as PDF"), "win.print", NULL, "Ctrl+P" },
  { N_("Show the trace"), "win.show-trace", NULL, "Ctrl+T" },
  { N_("Use the dark style"), "app.style", "'dark'", NULL },
  { N_("Use the light style"), "app.style", "'light'", NULL },
  { N_("Style as the system has it"), "app.style", "'system'", NULL },
  { N_("Options: language, style, text size"), "app.options", NULL, "Ctrl+," },
  { N_("Explain this page"), "win.explain", NULL, "F1" },
  { N_("About Meterwright"), "app.about", NULL, NULL },
};
/* clang-format on */

int
mw_palette_match (const char *needle, const char *haystack)
{
  g_autofree char *n = g_utf8_casefold (needle, -1);
  g_autofree char *h = g_utf8_casefold (haystack, -1);
  const char *hit = strstr (h, n);
  if (hit) /* as a whole; best at the beginning of a word */
    return hit == h ? 0 : hit[-1] == ' ' ? 1 : 2;
  const char *at = h;
  int gaps = 3;
  for (const char *c = n; *c; c = g_utf8_next_char (c)) {
    const char *found = g_utf8_strchr (at, -1, g_utf8_get_char (c));
    if (!found)
      return -1;
    gaps += (int) (found - at);
    at = g_utf8_next_char (found);
  }
  return gaps;
}

static void
add_row (MwPalette *self, const char *title, const char *context, const char *action,
         const char *target, const char *keys)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), label);
  if (context || keys) {
    GtkWidget *side = gtk_label_new (context ? context : keys);
    gtk_widget_set_hexpand (side, TRUE);
    gtk_widget_set_halign (side, GTK_ALIGN_END);
    gtk_widget_add_css_class (side, "dim-label");
    gtk_box_append (GTK_BOX (box), side);
  }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "title", g_strdup (title), g_free);
  g_object_set_data_full (G_OBJECT (row), "action", g_strdup (action), g_free);
  g_object_set_data_full (G_OBJECT (row), "target", g_strdup (target), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_list_box_append (self->list, row);
}

static int
score (MwPalette *self, GtkListBoxRow *row)
{
  return mw_palette_match (gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                           g_object_get_data (G_OBJECT (row), "title"));
}

static gboolean
filter (GtkListBoxRow *row, gpointer data)
{
  return score (data, row) >= 0;
}

static int
sort (GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  return score (data, a) - score (data, b);
}

static GtkListBoxRow *
first_row (MwPalette *self)
{
  for (int i = 0;; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);
    if (!row || gtk_widget_get_child_visible (GTK_WIDGET (row)))
      return row;
  }
}

static void
on_search_changed (MwPalette *self)
{
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_sort (self->list);
  gtk_list_box_select_row (self->list, first_row (self));
}

static void
on_row_activated (MwPalette *self, GtkListBoxRow *row)
{
  const char *target = g_object_get_data (G_OBJECT (row), "target");
  g_autofree char *action = g_strdup (g_object_get_data (G_OBJECT (row), "action"));
  g_autoptr (GVariant) value = target ? g_variant_parse (NULL, target, NULL, NULL, NULL) : NULL;
  g_autoptr (GtkWindow) parent =
      g_object_ref (gtk_window_get_transient_for (GTK_WINDOW (self)));
  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action_variant (GTK_WIDGET (parent), action, value);
}

static void
on_activate (MwPalette *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  if (row)
    on_row_activated (self, row);
}

static void
on_stop (MwPalette *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
on_key (MwPalette *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int step = key == GDK_KEY_Down ? 1 : -1;
  for (int i = row ? gtk_list_box_row_get_index (row) + step : 0; i >= 0; i += step) {
    GtkListBoxRow *next = gtk_list_box_get_row_at_index (self->list, i);
    if (!next)
      break;
    if (gtk_widget_get_child_visible (GTK_WIDGET (next))) {
      gtk_list_box_select_row (self->list, next);
      break;
    }
  }
  return GDK_EVENT_STOP;
}

static void
mw_palette_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PALETTE);
  G_OBJECT_CLASS (mw_palette_parent_class)->dispose (object);
}

static void
mw_palette_class_init (MwPaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_palette_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/palette.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPalette, entry);
  gtk_widget_class_bind_template_child (widget_class, MwPalette, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
}

static void
mw_palette_init (MwPalette *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (const MwFunction *f = mw_functions; f->id; f++) {
    g_autofree char *action = g_strdup_printf ("page.%s", f->id);
    add_row (self, _ (f->title), _ (f->group), action, NULL, NULL);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    add_row (self, _ (commands[i].title), NULL, commands[i].action, commands[i].target,
             commands[i].keys);
  gtk_list_box_set_filter_func (self->list, filter, self, NULL);
  gtk_list_box_set_sort_func (self->list, sort, self, NULL);
  gtk_list_box_select_row (self->list, first_row (self));
}

/* What this meter does not have cannot be gone to, and says why. */
static void
dim_row (MwPalette *self, const char *title, const char *reason)
{
  for (int i = 0;; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);
    if (!row)
      return;
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "title"), _ (title)) != 0)
      continue;
    gtk_widget_set_sensitive (GTK_WIDGET (row), !reason);
    gtk_widget_set_tooltip_text (GTK_WIDGET (row), reason);
  }
}

MwPalette *
mw_palette_new (GtkWindow *parent)
{
  MwPalette *self = g_object_new (MW_TYPE_PALETTE, "transient-for", parent, NULL);
  for (int i = 0; mw_functions[i].id; i++) {
    g_autofree char *reason =
        MW_IS_WINDOW (parent)
            ? mw_window_dup_missing_reason (MW_WINDOW (parent), mw_functions[i].id)
            : NULL;
    dim_row (self, mw_functions[i].title, reason);
  }
  return self;
}
