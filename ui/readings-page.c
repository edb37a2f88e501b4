#include "readings-page.h"

#include <glib/gi18n.h>

#include "appearance.h"
#include "export.h"
#include "format.h"
#include "register-item.h"

struct _MwReadingsPage {
  MwPage parent_instance;

  /* template */
  GtkListBox *dates;
  GtkStack *stack;
  GtkColumnView *values;
  GtkPaned *paned;
  GtkSearchEntry *search;
  GtkLabel *title;

  /* owned */
  GListStore *items; /* of MwRegisterItem */
  GtkCustomFilter *filter;
  MwReadout *readout;
  gint64 wanted; /* read-out to be shown */
};

G_DEFINE_FINAL_TYPE (MwReadingsPage, mw_readings_page, MW_TYPE_PAGE)

/* ---- one reading ---- */

typedef struct {
  gint64 id;
  MwReadout *readout;
} OneReadout;

static void
one_free (OneReadout *one)
{
  g_clear_pointer (&one->readout, mw_readout_unref);
  g_free (one);
}

static gboolean
load_one (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  OneReadout *one = data;
  one->readout = mw_store_load_readout (store, one->id, error);
  return one->readout != NULL;
}

static void
show_readout (MwReadingsPage *self, MwReadout *readout)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_pointer (&self->readout, mw_readout_unref);
  self->readout = mw_readout_ref (readout);
  for (guint i = 0; i < readout->readings->len; i++) {
    MwReading *reading = readout->readings->pdata[i];
    MwRegisterInfo info = { .obis = reading->obis,
                            .name = reading->name,
                            .group = reading->group };
    MwValue value = { reading, NULL, readout->at, FALSE };
    MwRegisterItem *item = mw_register_item_new (&info);
    mw_register_item_set_value (item, &value);
    g_ptr_array_add (items, item);
  }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
  g_autofree char *time = mw_format_time_near (readout->at);
  g_autofree char *detail =
      g_strdup_printf (g_dngettext (NULL, "%u value", "%u values", readout->readings->len),
                       readout->readings->len);
  gtk_label_set_label (self->title, time);
  gtk_stack_set_visible_child_name (self->stack, "values");
  mw_page_set_source (MW_PAGE (self), MW_SOURCE_STORED, readout->at,
                      readout->meter && readout->meter->reference, detail);
}

static void
on_one (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwReadingsPage) self = data;
  g_autoptr (GError) error = NULL;
  gboolean ok = mw_store_run_finish (result, &error);
  OneReadout *one = mw_store_run_get_data (result);
  if (!self->values || one->id != self->wanted)
    return;
  if (ok)
    show_readout (self, one->readout);
  else
    mw_workspace_toast (mw_page_get_workspace (MW_PAGE (self)), error->message);
}

static void
on_date_selected (MwReadingsPage *self, GtkListBoxRow *row)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  if (!row)
    return;
  OneReadout *one = g_new0 (OneReadout, 1);
  one->id = self->wanted = *(gint64 *) g_object_get_data (G_OBJECT (row), "id");
  mw_store_run_async (mw_workspace_get_store (ws), load_one, one, (GDestroyNotify) one_free,
                      NULL, on_one, g_object_ref (self));
}

/* ---- the dates ---- */

typedef struct {
  gint64 meter_id;
  GPtrArray *infos;
} Dates;

static void
dates_free (Dates *dates)
{
  g_clear_pointer (&dates->infos, g_ptr_array_unref);
  g_free (dates);
}

static gboolean
load_dates (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Dates *dates = data;
  dates->infos = mw_store_list_readouts (store, dates->meter_id, error);
  return dates->infos != NULL;
}

static GtkWidget *
make_date_row (const MwReadoutInfo *info)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *time = mw_format_time (info->at);
  g_autofree char *count = g_strdup_printf (
      g_dngettext (NULL, "%u value", "%u values", info->n_readings), info->n_readings);
  g_autofree char *text =
      info->profile ? g_strdup_printf ("%s · %s", count, info->profile) : g_strdup (count);
  GtkWidget *date = gtk_label_new (time);
  GtkWidget *detail = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (date), 0);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (date, "numeric");
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_set_margin_top (box, 4);
  gtk_widget_set_margin_bottom (box, 4);
  gtk_widget_set_tooltip_text (row, info->link);
  gtk_box_append (GTK_BOX (box), date);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "id", g_memdup2 (&info->id, sizeof info->id), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, time,
                                  -1);
  return row;
}

static void
on_dates (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwReadingsPage) self = data;
  GtkWidget *child;
  GtkListBoxRow *first = NULL;
  if (!mw_store_run_finish (result, NULL) || !self->dates)
    return;
  Dates *dates = mw_store_run_get_data (result);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->dates))))
    gtk_list_box_remove (self->dates, child);
  for (guint i = 0; i < dates->infos->len; i++) {
    const MwReadoutInfo *info = dates->infos->pdata[i];
    GtkWidget *row = make_date_row (info);
    gtk_list_box_append (self->dates, row);
    if (!first)
      first = GTK_LIST_BOX_ROW (row);
  }
  mw_page_set_has_content (MW_PAGE (self), dates->infos->len > 0);
  if (first)
    gtk_list_box_select_row (self->dates, first);
}

/* ---- table ---- */

typedef const char *(*CellText) (MwRegisterItem *item);

static void
setup_cell (GtkListItem *item, CellText text, float xalign, guint min_chars)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), xalign);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), min_chars);
  gtk_widget_add_css_class (cell, "numeric");
  g_object_set_data (G_OBJECT (cell), "text", text);
  gtk_list_item_set_child (item, cell);
}

static void
on_name_setup (MwReadingsPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_name, 0, 22);
}

static void
on_value_setup (MwReadingsPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_text, 1, 3);
}

static void
on_unit_setup (MwReadingsPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_unit, 0, 3);
}

static void
on_obis_setup (MwReadingsPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_obis, 0, 3);
}

static void
on_note_setup (MwReadingsPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_note, 0, 3);
}

static void
on_cell_bind (MwReadingsPage *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  CellText text = g_object_get_data (G_OBJECT (cell), "text");
  const char *shown = text (gtk_list_item_get_item (list_item));
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), shown);
  /* what may be cut off at its end can be read whole */
  gtk_widget_set_tooltip_text (cell, shown && g_utf8_strlen (shown, -1) > 18 ? shown : NULL);
}

static gboolean
match (gpointer item, gpointer data)
{
  MwReadingsPage *self = data;
  return mw_register_item_matches (item, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
on_search (MwReadingsPage *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/* ---- page ---- */

static void
mw_readings_page_update (MwPage *page, MwChange what)
{
  MwReadingsPage *self = MW_READINGS_PAGE (page);
  MwWorkspace *ws = mw_page_get_workspace (page);
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  if (meter)
    mw_page_set_empty_text (page, _ ("Nothing stored of this meter"),
                            _ ("Read it once: what was read is kept and stands here."));
  else
    mw_page_set_empty_text (page, NULL, NULL);
  if (!meter || !mw_workspace_get_store (ws) || !(what & (MW_CHANGE_METER | MW_CHANGE_STORED)))
    return;
  Dates *dates = g_new0 (Dates, 1);
  dates->meter_id = meter->id;
  mw_store_run_async (mw_workspace_get_store (ws), load_dates, dates,
                      (GDestroyNotify) dates_free, NULL, on_dates, g_object_ref (self));
}

static void
mw_readings_page_save (MwPage *page)
{
  MwReadingsPage *self = MW_READINGS_PAGE (page);
  if (self->readout)
    mw_export_readout (GTK_WIDGET (page), mw_page_get_workspace (page), self->readout,
                       MW_EXPORT_CSV);
}

static void
mw_readings_page_print (MwPage *page)
{
  MwReadingsPage *self = MW_READINGS_PAGE (page);
  if (self->readout)
    mw_export_readout (GTK_WIDGET (page), mw_page_get_workspace (page), self->readout,
                       MW_EXPORT_PDF);
}

static void
mw_readings_page_find (MwPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MW_READINGS_PAGE (page)->search));
}

static void
mw_readings_page_dispose (GObject *object)
{
  MwReadingsPage *self = MW_READINGS_PAGE (object);
  if (self->filter)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_READINGS_PAGE);
  g_clear_object (&self->items);
  g_clear_object (&self->filter);
  g_clear_pointer (&self->readout, mw_readout_unref);
  G_OBJECT_CLASS (mw_readings_page_parent_class)->dispose (object);
}

static void
mw_readings_page_class_init (MwReadingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_readings_page_dispose;
  page_class->update = mw_readings_page_update;
  page_class->save = mw_readings_page_save;
  page_class->print = mw_readings_page_print;
  page_class->find = mw_readings_page_find;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/readings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwReadingsPage, dates);
  gtk_widget_class_bind_template_child (widget_class, MwReadingsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MwReadingsPage, values);
  gtk_widget_class_bind_template_child (widget_class, MwReadingsPage, paned);
  gtk_widget_class_bind_template_child (widget_class, MwReadingsPage, search);
  gtk_widget_class_bind_template_child (widget_class, MwReadingsPage, title);
  gtk_widget_class_bind_template_callback (widget_class, on_date_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_name_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_value_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_unit_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_obis_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_note_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_cell_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
}

static void
mw_readings_page_init (MwReadingsPage *self)
{
  self->items = g_list_store_new (MW_TYPE_REGISTER_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_appearance_fit_columns (self->values);
  mw_appearance_fit_paned (self->paned);
  self->filter = gtk_custom_filter_new (match, self, NULL);
  GtkFilterListModel *filtered = gtk_filter_list_model_new (
      g_object_ref (G_LIST_MODEL (self->items)), g_object_ref (GTK_FILTER (self->filter)));
  g_autoptr (GtkSingleSelection) selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  gtk_column_view_set_model (self->values, GTK_SELECTION_MODEL (selection));
}
