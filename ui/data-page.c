/* data-page.c: the two lists.
 *
 *   all ──► available: filter (not chosen, group, search) ──► multi-selection ──► list view
 *   chosen (a list store, in the person's order)          ──► multi-selection ──► column view
 *
 * An item is in `all` for as long as the meter is shown; `chosen` holds some of them.
 */
#include "data-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "appearance.h"
#include "export.h"
#include "format.h"
#include "preferences.h"
#include "register-item.h"
#include "wrap-box.h"

struct _MwDataPage {
  MwPage parent_instance;

  /* template */
  GtkSearchEntry *search;
  GtkDropDown *group;
  GtkListView *available_view;
  GtkColumnView *chosen_view;
  GtkPaned *paned;
  GtkStack *chosen_stack;
  GtkLabel *available_count;
  GtkLabel *chosen_count;
  GtkToggleButton *raw_button;
  MwProfileBar *profile_bar;

  /* owned */
  GListStore *all;
  GListStore *chosen;
  GtkCustomFilter *filter;
  GtkMultiSelection *available_selection;
  GtkMultiSelection *chosen_selection;
  GtkStringList *groups;
  GtkColumnViewColumn *note_column;
  gint64 shown_meter; /* whose registers the lists hold */
  guint shown_count;
};

G_DEFINE_FINAL_TYPE (MwDataPage, mw_data_page, MW_TYPE_PAGE)

/* ---- choosing ---- */

static void
refilter (MwDataPage *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
remember_choice (MwDataPage *self)
{
  MwMeterInfo *meter = mw_workspace_get_meter (mw_page_get_workspace (MW_PAGE (self)));
  g_auto (GStrv) chosen = mw_data_page_dup_chosen (self);
  g_autofree char *key = meter ? g_strdup_printf ("registers-%s", meter->family) : NULL;
  g_autofree char *joined = g_strjoinv (" ", chosen);
  if (key)
    mw_preferences_set_text (mw_preferences_get_default (), key, joined);
}

static void
show_counts (MwDataPage *self)
{
  guint a = g_list_model_get_n_items (G_LIST_MODEL (self->available_selection));
  guint c = g_list_model_get_n_items (G_LIST_MODEL (self->chosen));
  g_autofree char *available = g_strdup_printf ("%u", a);
  g_autofree char *chosen = g_strdup_printf ("%u", c);
  gtk_label_set_label (self->available_count, available);
  gtk_label_set_label (self->chosen_count, chosen);
  gtk_stack_set_visible_child_name (self->chosen_stack, c ? "list" : "empty");
}

static void
chosen_changed (MwDataPage *self)
{
  refilter (self);
  show_counts (self);
  remember_choice (self);
}

/* Put ITEM at POSITION of the chosen ones, from wherever it is. */
static void
choose_at (MwDataPage *self, MwRegisterItem *item, guint position)
{
  guint at;
  if (g_list_store_find (self->chosen, item, &at)) {
    if (at < position)
      position--;
    g_list_store_remove (self->chosen, at);
  }
  mw_register_item_set_chosen (item, TRUE);
  g_list_store_insert (self->chosen,
                       MIN (position, g_list_model_get_n_items (G_LIST_MODEL (self->chosen))),
                       item);
}

static void
unchoose (MwDataPage *self, MwRegisterItem *item)
{
  guint at;
  if (!g_list_store_find (self->chosen, item, &at))
    return;
  mw_register_item_set_chosen (item, FALSE);
  g_list_store_remove (self->chosen, at);
}

static GPtrArray *
selected_items (GtkMultiSelection *selection)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) set =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (selection));
  for (guint64 i = 0; i < gtk_bitset_get_size (set); i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (selection),
                                                   gtk_bitset_get_nth (set, (guint) i)));
  return items;
}

static void
on_add (MwDataPage *self)
{
  g_autoptr (GPtrArray) items = selected_items (self->available_selection);
  for (guint i = 0; i < items->len; i++)
    choose_at (self, items->pdata[i], G_MAXUINT);
  chosen_changed (self);
}

static void
on_remove (MwDataPage *self)
{
  g_autoptr (GPtrArray) items = selected_items (self->chosen_selection);
  for (guint i = 0; i < items->len; i++)
    unchoose (self, items->pdata[i]);
  chosen_changed (self);
}

static void
on_remove_all (MwDataPage *self)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (self->chosen))) {
    g_autoptr (MwRegisterItem) item = g_list_model_get_item (G_LIST_MODEL (self->chosen), 0);
    unchoose (self, item);
  }
  chosen_changed (self);
}

static void
move_selected (MwDataPage *self, int step)
{
  g_autoptr (GPtrArray) items = selected_items (self->chosen_selection);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chosen)), at;
  if (items->len == 0)
    return;
  guint edge = step < 0 ? 0 : items->len - 1;
  if (!g_list_store_find (self->chosen, items->pdata[edge], &at)
      || (step < 0 ? at == 0 : at + 1 >= n))
    return;
  for (guint i = 0; i < items->len; i++) {
    MwRegisterItem *item = items->pdata[step < 0 ? i : items->len - 1 - i];
    g_list_store_find (self->chosen, item, &at);
    g_list_store_remove (self->chosen, at);
    g_list_store_insert (self->chosen, at + (guint) step, item);
  }
  for (guint i = 0; i < items->len; i++)
    if (g_list_store_find (self->chosen, items->pdata[i], &at))
      gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->chosen_selection), at, FALSE);
  remember_choice (self);
}

static void
on_up (MwDataPage *self)
{
  move_selected (self, -1);
}

static void
on_down (MwDataPage *self)
{
  move_selected (self, 1);
}

static void
on_available_activate (MwDataPage *self, guint position)
{
  g_autoptr (MwRegisterItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->available_selection), position);
  choose_at (self, item, G_MAXUINT);
  chosen_changed (self);
}

static void
on_chosen_activate (MwDataPage *self, guint position)
{
  g_autoptr (MwRegisterItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->chosen), position);
  unchoose (self, item);
  chosen_changed (self);
}

char **
mw_data_page_dup_chosen (MwDataPage *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chosen));
  for (guint i = 0; i < n; i++) {
    g_autoptr (MwRegisterItem) item = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
    g_strv_builder_add (builder, mw_register_item_get_obis (item));
  }
  return g_strv_builder_end (builder);
}

void
mw_data_page_choose (MwDataPage *self, const char *const *registers)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->all));
  g_autoptr (GHashTable) by_obis =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  for (guint i = 0; i < n; i++) {
    MwRegisterItem *item = g_list_model_get_item (G_LIST_MODEL (self->all), i);
    mw_register_item_set_chosen (item, FALSE);
    g_hash_table_insert (by_obis, (gpointer) mw_register_item_get_obis (item), item);
  }
  g_list_store_remove_all (self->chosen);
  for (guint i = 0; registers && registers[i]; i++) {
    MwRegisterItem *item = g_hash_table_lookup (by_obis, registers[i]);
    if (item)
      choose_at (self, item, G_MAXUINT);
  }
  chosen_changed (self);
}

/* ---- drag and drop ---- */

static GdkContentProvider *
on_drag_prepare (GtkDragSource *source, double x, double y, GtkWidget *cell)
{
  MwRegisterItem *item = g_object_get_data (G_OBJECT (cell), "item");
  return item ? gdk_content_provider_new_typed (MW_TYPE_REGISTER_ITEM, item) : NULL;
}

static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, GtkWidget *cell)
{
  MwRegisterItem *item = g_object_get_data (G_OBJECT (cell), "item");
  GtkWidget *label = gtk_label_new (item ? mw_register_item_get_name (item) : "");
  gtk_widget_add_css_class (label, "drag-label");
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), label);
}

static void
make_draggable (GtkWidget *cell)
{
  GtkDragSource *source = gtk_drag_source_new ();
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE | GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (on_drag_prepare), cell);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin), cell);
  gtk_widget_add_controller (cell, GTK_EVENT_CONTROLLER (source));
}

/* The chosen item whose row is at X, Y; G_MAXUINT: below the last. */
static guint
position_at (MwDataPage *self, double x, double y)
{
  guint position;
  GtkWidget *w = gtk_widget_pick (GTK_WIDGET (self->chosen_view), x, y, GTK_PICK_DEFAULT);
  for (; w && w != GTK_WIDGET (self->chosen_view); w = gtk_widget_get_parent (w)) {
    gpointer item = g_object_get_data (G_OBJECT (w), "item");
    if (!item) { /* between the text and the edge of its cell */
      GtkWidget *inner = gtk_widget_get_first_child (w);
      item = inner ? g_object_get_data (G_OBJECT (inner), "item") : NULL;
    }
    if (item && g_list_store_find (self->chosen, item, &position))
      return position;
  }
  return G_MAXUINT;
}

static gboolean
on_drop_chosen (MwDataPage *self, const GValue *value, double x, double y)
{
  MwRegisterItem *item = g_value_get_object (value);
  choose_at (self, item, position_at (self, x, y));
  chosen_changed (self);
  return TRUE;
}

static gboolean
on_drop_available (MwDataPage *self, const GValue *value, double x, double y)
{
  unchoose (self, g_value_get_object (value));
  chosen_changed (self);
  return TRUE;
}

static void
add_drop_target (MwDataPage *self, GtkWidget *widget, GCallback callback)
{
  GtkDropTarget *target =
      gtk_drop_target_new (MW_TYPE_REGISTER_ITEM, GDK_ACTION_MOVE | GDK_ACTION_COPY);
  g_signal_connect_swapped (target, "drop", callback, self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}

/* ---- rows ---- */

static void
on_available_setup (MwDataPage *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_inscription_new (NULL);
  GtkWidget *obis = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (name),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (name), 14);
  gtk_widget_add_css_class (obis, "caption");
  gtk_widget_add_css_class (obis, "dim-label");
  gtk_widget_add_css_class (obis, "numeric");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), obis);
  make_draggable (box);
  gtk_list_item_set_child (item, box);
}

static void
on_available_bind (MwDataPage *self, GtkListItem *list_item)
{
  GtkWidget *box = gtk_list_item_get_child (list_item);
  GtkWidget *name = gtk_widget_get_first_child (box);
  MwRegisterItem *item = gtk_list_item_get_item (list_item);
  gtk_inscription_set_text (GTK_INSCRIPTION (name), mw_register_item_get_name (item));
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_last_child (box)),
                            mw_register_item_get_obis (item));
  gtk_widget_set_tooltip_text (box, mw_register_item_is_unverified (item) ? _ (
                                        "Not verified on this meter type by a public source")
                                                                          : NULL);
  g_object_set_data (G_OBJECT (box), "item", item);
}

typedef const char *(*CellText) (MwRegisterItem *item);

static void
show_cell (MwRegisterItem *item, GtkWidget *cell)
{
  CellText text = g_object_get_data (G_OBJECT (cell), "text");
  MwReading *reading = mw_register_item_get_reading (item);
  const char *before = mw_register_item_get_before (item);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text (item));
  if (text != mw_register_item_get_text)
    return;
  g_autofree char *was = before ? g_strdup_printf (_ ("before: %s"), before) : NULL;
  gtk_widget_set_tooltip_text (cell, was ? was : mw_register_item_get_note (item));
  if (before)
    gtk_widget_add_css_class (cell, "changed");
  else
    gtk_widget_remove_css_class (cell, "changed");
  if (reading && reading->kind == MW_READING_REFUSED)
    gtk_widget_add_css_class (cell, "refused");
  else
    gtk_widget_remove_css_class (cell, "refused");
}

static void
setup_cell (GtkListItem *item, CellText text, gfloat xalign, int chars)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), xalign);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), (guint) chars);
  gtk_widget_add_css_class (cell, "numeric");
  g_object_set_data (G_OBJECT (cell), "text", text);
  make_draggable (cell);
  gtk_list_item_set_child (item, cell);
}

static void
on_name_setup (MwDataPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_name, 0, 14);
}

static void
on_value_setup (MwDataPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_text, 1, 10);
}

static void
on_unit_setup (MwDataPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_unit, 0, 5);
}

static void
on_obis_setup (MwDataPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_obis, 0, 14);
}

static void
on_note_setup (MwDataPage *self, GtkListItem *item)
{
  setup_cell (item, mw_register_item_get_note, 0, 18);
}

static void
on_cell_bind (MwDataPage *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  MwRegisterItem *item = gtk_list_item_get_item (list_item);
  g_object_set_data (G_OBJECT (cell), "item", item);
  g_signal_connect (item, "changed", G_CALLBACK (show_cell), cell);
  show_cell (item, cell);
}

static void
on_cell_unbind (MwDataPage *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), show_cell, cell);
  g_object_set_data (G_OBJECT (cell), "item", NULL);
}

/* ---- filter ---- */

static gboolean
match (gpointer object, gpointer data)
{
  MwDataPage *self = data;
  MwRegisterItem *item = object;
  guint group = gtk_drop_down_get_selected (self->group);
  if (mw_register_item_is_chosen (item))
    return FALSE;
  if (group > 0 && group != GTK_INVALID_LIST_POSITION
      && g_strcmp0 (gtk_string_list_get_string (self->groups, group),
                    mw_register_item_get_group (item))
             != 0)
    return FALSE;
  return mw_register_item_matches (item, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
on_filter_changed (MwDataPage *self)
{
  refilter (self);
  show_counts (self);
}

static void
on_raw_toggled (MwDataPage *self)
{
  gboolean raw = gtk_toggle_button_get_active (self->raw_button);
  gboolean shown = gtk_column_view_column_get_column_view (self->note_column) != NULL;
  if (raw && !shown) /* taken out rather than hidden: GTK 4.8 leaves room for hidden columns */
    gtk_column_view_append_column (self->chosen_view, self->note_column);
  else if (!raw && shown)
    gtk_column_view_remove_column (self->chosen_view, self->note_column);
  mw_preferences_set_int (mw_preferences_get_default (), "show-raw", raw);
}

/* ---- the meter and its values ---- */

static void
fill_groups (MwDataPage *self, GPtrArray *registers)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gtk_string_list_splice (self->groups, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (self->groups)),
                          (const char *[]){ _ ("All groups"), NULL });
  for (guint i = 0; i < registers->len; i++) {
    const MwRegisterInfo *info = registers->pdata[i];
    if (info->group && g_hash_table_add (seen, info->group))
      gtk_string_list_append (self->groups, info->group);
  }
  gtk_drop_down_set_selected (self->group, 0);
}

/* What is chosen on a meter that was never seen: energies, then what is measured now. */
static char **
first_choice (MwWorkspace *ws)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) overview = mw_workspace_dup_overview_registers (ws);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; overview[i]; i++)
      if (g_str_has_prefix (overview[i], "1-0:") && !g_str_has_prefix (overview[i], "1-0:0.")
          && (strstr (overview[i], ".8.") != NULL) == (pass == 0))
        g_strv_builder_add (builder, overview[i]);
  return g_strv_builder_end (builder);
}

static void
fill_lists (MwDataPage *self, MwWorkspace *ws)
{
  GPtrArray *registers = mw_workspace_get_registers (ws);
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  g_autofree char *key = g_strdup_printf ("registers-%s", meter->family);
  g_autofree char *remembered =
      mw_preferences_dup_text (mw_preferences_get_default (), key, "");
  g_auto (GStrv) chosen = *remembered ? g_strsplit (remembered, " ", -1) : first_choice (ws);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < registers->len; i++)
    g_ptr_array_add (items, mw_register_item_new (registers->pdata[i]));
  g_list_store_remove_all (self->chosen);
  g_list_store_splice (self->all, 0, g_list_model_get_n_items (G_LIST_MODEL (self->all)),
                       items->pdata, items->len);
  fill_groups (self, registers);
  mw_data_page_choose (self, (const char *const *) chosen);
  mw_profile_bar_refresh (self->profile_bar);
}

static void
show_values (MwDataPage *self, MwWorkspace *ws)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->all));
  for (guint i = 0; i < n; i++) {
    g_autoptr (MwRegisterItem) item = g_list_model_get_item (G_LIST_MODEL (self->all), i);
    mw_register_item_set_value (item,
                                mw_workspace_get_value (ws, mw_register_item_get_obis (item)));
  }
}

static void
mw_data_page_update (MwPage *page, MwChange what)
{
  MwDataPage *self = MW_DATA_PAGE (page);
  MwWorkspace *ws = mw_page_get_workspace (page);
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  GPtrArray *registers = mw_workspace_get_registers (ws);
  gint64 at;
  mw_page_set_has_content (page, meter && registers && registers->len > 0);
  if (!meter || !registers)
    return;
  if (self->shown_meter != meter->id || self->shown_count != registers->len || meter->id == 0) {
    if (what & MW_CHANGE_METER || self->shown_count == 0)
      fill_lists (self, ws);
    self->shown_meter = meter->id;
    self->shown_count = registers->len;
  }
  if (!(what & (MW_CHANGE_VALUES | MW_CHANGE_METER)))
    return;
  show_values (self, ws);
  g_auto (GStrv) chosen = mw_data_page_dup_chosen (self);
  MwSourceKind kind = mw_workspace_get_source (ws, (const char *const *) chosen, &at);
  mw_page_set_source (page, kind, at, meter->reference, NULL);
}

static gboolean
mw_data_page_can_read (MwPage *page)
{
  return g_list_model_get_n_items (G_LIST_MODEL (MW_DATA_PAGE (page)->chosen)) > 0;
}

static void
mw_data_page_read (MwPage *page)
{
  MwDataPage *self = MW_DATA_PAGE (page);
  g_auto (GStrv) chosen = mw_data_page_dup_chosen (self);
  mw_workspace_read (mw_page_get_workspace (page), (const char *const *) chosen,
                     mw_profile_bar_get_name (self->profile_bar));
}

/* What the chosen list shows now, as a read-out. */
static MwReadout *
make_readout (MwDataPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  MwReadout *readout = mw_readout_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chosen));
  readout->meter = mw_meter_info_ref (mw_workspace_get_meter (ws));
  readout->meter_clock = G_MININT64;
  for (guint i = 0; i < n; i++) {
    g_autoptr (MwRegisterItem) item = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
    MwReading *reading = mw_register_item_get_reading (item);
    if (!reading)
      continue;
    readout->at = MAX (readout->at, mw_register_item_get_time (item));
    g_ptr_array_add (readout->readings, mw_reading_ref (reading));
  }
  return readout;
}

static void
export_as (MwPage *page, MwExportFormat format)
{
  g_autoptr (MwReadout) readout = mw_workspace_get_meter (mw_page_get_workspace (page))
                                      ? make_readout (MW_DATA_PAGE (page))
                                      : NULL;
  if (!readout || readout->readings->len == 0)
    mw_workspace_toast (mw_page_get_workspace (page), _ ("Nothing has been read yet"));
  else
    mw_export_readout (GTK_WIDGET (page), mw_page_get_workspace (page), readout, format);
}

static void
mw_data_page_save (MwPage *page)
{
  export_as (page, MW_EXPORT_CSV);
}

static void
mw_data_page_print (MwPage *page)
{
  export_as (page, MW_EXPORT_PDF);
}

static void
mw_data_page_copy (MwPage *page)
{
  MwDataPage *self = MW_DATA_PAGE (page);
  g_autoptr (GPtrArray) items = selected_items (self->chosen_selection);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chosen));
  for (guint i = 0; items->len == 0 && i < n; i++) /* nothing marked: everything */
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->chosen), i));
  for (guint i = 0; i < items->len; i++) {
    MwRegisterItem *item = items->pdata[i];
    MwReading *reading = mw_register_item_get_reading (item);
    g_autofree char *plain = reading && reading->kind == MW_READING_DECIMAL
                                 ? mw_format_decimal_plain (reading->value, NULL)
                                 : g_strdup (mw_register_item_get_text (item));
    g_string_append_printf (text, "%s\t%s\t%s\t%s\n", mw_register_item_get_obis (item),
                            mw_register_item_get_name (item), plain,
                            mw_register_item_get_unit (item));
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)), text->str);
  mw_workspace_toast (mw_page_get_workspace (page), _ ("Readings copied"));
}

static void
mw_data_page_find (MwPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MW_DATA_PAGE (page)->search));
}

static void
mw_data_page_dispose (GObject *object)
{
  MwDataPage *self = MW_DATA_PAGE (object);
  if (self->filter)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_DATA_PAGE);
  g_clear_object (&self->all);
  g_clear_object (&self->chosen);
  g_clear_object (&self->filter);
  g_clear_object (&self->available_selection);
  g_clear_object (&self->chosen_selection);
  g_clear_object (&self->groups);
  g_clear_object (&self->note_column);
  G_OBJECT_CLASS (mw_data_page_parent_class)->dispose (object);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_add);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_all);
  gtk_widget_class_bind_template_callback (widget_class, on_up);
  gtk_widget_class_bind_template_callback (widget_class, on_down);
  gtk_widget_class_bind_template_callback (widget_class, on_available_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_available_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_available_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_name_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_value_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_unit_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_obis_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_note_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_cell_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_cell_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_raw_toggled);
}

static void
mw_data_page_class_init (MwDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_data_page_dispose;
  page_class->update = mw_data_page_update;
  page_class->read = mw_data_page_read;
  page_class->can_read = mw_data_page_can_read;
  page_class->save = mw_data_page_save;
  page_class->print = mw_data_page_print;
  page_class->copy = mw_data_page_copy;
  page_class->find = mw_data_page_find;
  g_type_ensure (MW_TYPE_PROFILE_BAR);
  g_type_ensure (MW_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/data-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, search);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, group);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, available_view);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, chosen_view);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, paned);
  gtk_widget_class_bind_template_child_full (widget_class, "note_column", FALSE,
                                             G_STRUCT_OFFSET (MwDataPage, note_column));
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, chosen_stack);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, available_count);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, chosen_count);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, raw_button);
  gtk_widget_class_bind_template_child (widget_class, MwDataPage, profile_bar);
  bind_callbacks (widget_class);
}

static void
mw_data_page_init (MwDataPage *self)
{
  self->all = g_list_store_new (MW_TYPE_REGISTER_ITEM);
  self->chosen = g_list_store_new (MW_TYPE_REGISTER_ITEM);
  self->groups = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_appearance_fit_columns (self->chosen_view);
  mw_appearance_fit_paned (self->paned);
  self->filter = gtk_custom_filter_new (match, self, NULL);
  GtkFilterListModel *filtered = gtk_filter_list_model_new (
      g_object_ref (G_LIST_MODEL (self->all)), g_object_ref (GTK_FILTER (self->filter)));
  self->available_selection = gtk_multi_selection_new (G_LIST_MODEL (filtered));
  self->chosen_selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->chosen)));
  gtk_drop_down_set_model (self->group, G_LIST_MODEL (self->groups));
  gtk_list_view_set_model (self->available_view,
                           GTK_SELECTION_MODEL (self->available_selection));
  gtk_column_view_set_model (self->chosen_view, GTK_SELECTION_MODEL (self->chosen_selection));
  add_drop_target (self, GTK_WIDGET (self->chosen_stack), G_CALLBACK (on_drop_chosen));
  add_drop_target (self, GTK_WIDGET (self->available_view), G_CALLBACK (on_drop_available));
  g_object_ref (self->note_column);
  mw_profile_bar_set_page (self->profile_bar, self);
  gtk_toggle_button_set_active (
      self->raw_button, mw_preferences_get_int (mw_preferences_get_default (), "show-raw", 0));
  on_raw_toggled (self);
}
