#include "iec-page.h"

#include <glib/gi18n.h>

#include "appearance.h"
#include "export.h"
#include "register-item.h"

struct _MwIecPage {
  MwPage parent_instance;

  /* template */
  GtkColumnView *lines;
  GtkStack *stack;

  /* owned */
  GListStore *items; /* of MwRegisterItem, its line as data "line" */
  MwReadout *readout;
};

G_DEFINE_FINAL_TYPE (MwIecPage, mw_iec_page, MW_TYPE_PAGE)

#define LINE "line" /* as the meter sent it */

/* ---- table ---- */

static void
on_setup (MwIecPage *self, GtkListItem *item)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 6);
  gtk_widget_add_css_class (cell, "numeric");
  gtk_list_item_set_child (item, cell);
}

static void
set_cell (GtkListItem *item, const char *text, float xalign)
{
  GtkWidget *cell = gtk_list_item_get_child (item);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), xalign);
  gtk_widget_set_tooltip_text (cell, text && g_utf8_strlen (text, -1) > 18 ? text : NULL);
}

static void
on_line_bind (MwIecPage *self, GtkListItem *item)
{
  set_cell (item, g_object_get_data (gtk_list_item_get_item (item), LINE), 0);
  gtk_widget_add_css_class (gtk_list_item_get_child (item), "monospace");
}

static void
on_name_bind (MwIecPage *self, GtkListItem *item)
{
  set_cell (item, mw_register_item_get_name (gtk_list_item_get_item (item)), 0);
}

static void
on_value_bind (MwIecPage *self, GtkListItem *item)
{
  set_cell (item, mw_register_item_get_text (gtk_list_item_get_item (item)), 1);
}

static void
on_unit_bind (MwIecPage *self, GtkListItem *item)
{
  set_cell (item, mw_register_item_get_unit (gtk_list_item_get_item (item)), 0);
}

static char *
dup_line (const MwReading *reading)
{
  gsize len = 0;
  const char *raw = reading->raw ? g_bytes_get_data (reading->raw, &len) : NULL;
  g_autofree char *text = g_strndup (raw ? raw : "", len);
  return g_utf8_make_valid (g_strstrip (text), -1);
}

static MwRegisterItem *
make_item (MwReading *reading, gint64 at)
{
  const MwRegisterInfo info = { .obis = reading->obis, .name = reading->name, .attribute = 2 };
  const MwValue value = { .reading = reading, .at = at };
  MwRegisterItem *item = mw_register_item_new (&info);
  mw_register_item_set_value (item, &value);
  return item;
}

static void
show_readout (MwIecPage *self, MwReadout *readout)
{
  if (self->readout == readout)
    return;
  g_clear_pointer (&self->readout, mw_readout_unref);
  self->readout = readout ? mw_readout_ref (readout) : NULL;
  g_list_store_remove_all (self->items);
  for (guint i = 0; readout && i < readout->readings->len; i++) {
    MwReading *reading = readout->readings->pdata[i];
    g_autoptr (MwRegisterItem) item = make_item (reading, readout->at);
    g_object_set_data_full (G_OBJECT (item), LINE, dup_line (reading), g_free);
    g_list_store_append (self->items, item);
  }
  gtk_stack_set_visible_child_name (self->stack, readout ? "lines" : "none");
}

/* ---- page ---- */

static void
mw_iec_page_update (MwPage *page, MwChange what)
{
  MwIecPage *self = MW_IEC_PAGE (page);
  MwWorkspace *ws = mw_page_get_workspace (page);
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  MwReadout *readout = mw_workspace_get_iec_readout (ws);
  mw_page_set_has_content (page, meter != NULL);
  show_readout (self, readout);
  if (!meter)
    return;
  guint n = readout ? readout->readings->len : 0;
  g_autofree char *detail = g_strdup_printf (g_dngettext (NULL, "%u line", "%u lines", n), n);
  MwSourceKind kind = !readout                         ? MW_SOURCE_NONE
                      : mw_workspace_is_played (ws)    ? MW_SOURCE_FILE
                      : mw_workspace_is_connected (ws) ? MW_SOURCE_LIVE
                                                       : MW_SOURCE_STORED;
  mw_page_set_source (page, kind, readout ? readout->at : 0, meter->reference,
                      readout ? detail : NULL);
}

static void
mw_iec_page_read (MwPage *page)
{
  mw_workspace_request_iec (mw_page_get_workspace (page));
}

static gboolean
mw_iec_page_can_read (MwPage *page)
{
  return !mw_workspace_get_missing_reason (mw_page_get_workspace (page), "iec-request");
}

static void
mw_iec_page_copy (MwPage *page)
{
  MwIecPage *self = MW_IEC_PAGE (page);
  GString *text = g_string_new (NULL);
  for (guint i = 0; self->readout && i < self->readout->readings->len; i++) {
    g_autofree char *line = dup_line (self->readout->readings->pdata[i]);
    g_string_append_printf (text, "%s\n", line);
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)), text->str);
  mw_workspace_toast (mw_page_get_workspace (page), _ ("Readings copied"));
  g_string_free (text, TRUE);
}

static void
export_as (MwPage *page, MwExportFormat format)
{
  MwIecPage *self = MW_IEC_PAGE (page);
  if (self->readout)
    mw_export_readout (GTK_WIDGET (page), mw_page_get_workspace (page), self->readout, format);
  else
    mw_workspace_toast (mw_page_get_workspace (page), _ ("Nothing has been read yet"));
}

static void
mw_iec_page_save (MwPage *page)
{
  export_as (page, MW_EXPORT_CSV);
}

static void
mw_iec_page_print (MwPage *page)
{
  export_as (page, MW_EXPORT_PDF);
}

static void
mw_iec_page_dispose (GObject *object)
{
  MwIecPage *self = MW_IEC_PAGE (object);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_IEC_PAGE);
  g_clear_pointer (&self->readout, mw_readout_unref);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (mw_iec_page_parent_class)->dispose (object);
}

static void
mw_iec_page_class_init (MwIecPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_iec_page_dispose;
  page_class->update = mw_iec_page_update;
  page_class->read = mw_iec_page_read;
  page_class->can_read = mw_iec_page_can_read;
  page_class->copy = mw_iec_page_copy;
  page_class->save = mw_iec_page_save;
  page_class->print = mw_iec_page_print;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/iec-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwIecPage, lines);
  gtk_widget_class_bind_template_child (widget_class, MwIecPage, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_line_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_name_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_value_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unit_bind);
}

static void
mw_iec_page_init (MwIecPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (MW_TYPE_REGISTER_ITEM);
  GtkNoSelection *model = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_column_view_set_model (self->lines, GTK_SELECTION_MODEL (model));
  g_object_unref (model);
  mw_appearance_fit_columns (self->lines);
}
