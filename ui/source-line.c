#include "source-line.h"

#include <glib/gi18n.h>

#include "format.h"

struct _MwSourceLine {
  AdwBin parent_instance;

  /* template */
  GtkImage *icon;
  GtkLabel *label;
  GtkBox *reference;
};

G_DEFINE_FINAL_TYPE (MwSourceLine, mw_source_line, ADW_TYPE_BIN)

static const struct {
  const char *icon, *style;
} looks[] = {
  [MW_SOURCE_NONE] = { "mw-source-none-symbolic", "source-none" },
  [MW_SOURCE_LIVE] = { "mw-source-live-symbolic", "source-live" },
  [MW_SOURCE_STORED] = { "mw-source-stored-symbolic", "source-stored" },
  [MW_SOURCE_FILE] = { "text-x-generic-symbolic", "source-file" },
};

static char *
describe (MwSourceKind kind, gint64 at)
{
  g_autofree char *near = at ? mw_format_time_near (at) : NULL;
  g_autofree char *far = at ? mw_format_time (at) : NULL;
  switch (kind) {
  case MW_SOURCE_LIVE:
    return near ? g_strdup_printf (_ ("Live, %s"), near) : g_strdup (_ ("Live"));
  case MW_SOURCE_STORED:
    return far ? g_strdup_printf (_ ("Stored, %s"), far) : g_strdup (_ ("Stored"));
  case MW_SOURCE_FILE:
    return far ? g_strdup_printf (_ ("File, %s"), far) : g_strdup (_ ("File"));
  default:
    return g_strdup (_ ("Nothing read yet"));
  }
}

void
mw_source_line_set (MwSourceLine *self, MwSourceKind kind, gint64 at, gboolean reference,
                    const char *detail)
{
  g_autofree char *what = describe (kind, at);
  g_autofree char *text = detail ? g_strdup_printf ("%s · %s", what, detail) : g_strdup (what);
  GtkWidget *box = adw_bin_get_child (ADW_BIN (self));
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (box, looks[i].style);
  gtk_widget_add_css_class (box, looks[kind].style);
  gtk_image_set_from_icon_name (self->icon, looks[kind].icon);
  gtk_label_set_label (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), text);
  gtk_widget_set_visible (GTK_WIDGET (self->reference), reference);
}

static void
mw_source_line_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_SOURCE_LINE);
  G_OBJECT_CLASS (mw_source_line_parent_class)->dispose (object);
}

static void
mw_source_line_class_init (MwSourceLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_source_line_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/source-line.ui");
  gtk_widget_class_bind_template_child (widget_class, MwSourceLine, icon);
  gtk_widget_class_bind_template_child (widget_class, MwSourceLine, label);
  gtk_widget_class_bind_template_child (widget_class, MwSourceLine, reference);
}

static void
mw_source_line_init (MwSourceLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_source_line_set (self, MW_SOURCE_NONE, 0, FALSE, NULL);
}
