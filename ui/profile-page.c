#include "profile-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "chart-area.h"
#include "chart-views.h"
#include "export.h"
#include "format.h"
#include "preferences.h"
#include "profile-sources.h"
#include "wrap-box.h"

struct _MwProfilePage {
  MwPage parent_instance;

  /* template */
  GtkMenuButton *lines_button;
  GtkBox *lines_box;
  GtkDropDown *quantity;
  MwChartArea *area;
  MwChartStrip *strip;
  MwChartViews *views;
  GtkLabel *range;
  GtkLabel *cursor;
  GtkDrawingArea *legend;
  GtkWidget *back;
  GtkStack *chart_stack;

  /* owned */
  GPtrArray *sources; /* of MwProfileSource; the store's thread has another */
  GHashTable *keys;   /* lines that are shown */
  GArray *lines;      /* of MwProfileLine, as the chart's */
  GCancellable *loading;
  gint64 shown_meter;
  gboolean keep_view;
};

G_DEFINE_FINAL_TYPE (MwProfilePage, mw_profile_page, MW_TYPE_PAGE)

static const MwQuantity quantities[] = { MW_QUANTITY_ENERGY, MW_QUANTITY_POWER,
                                         MW_QUANTITY_REGISTER };

static MwQuantity
chosen_quantity (MwProfilePage *self)
{
  guint i = gtk_drop_down_get_selected (self->quantity);
  return quantities[MIN (i, G_N_ELEMENTS (quantities) - 1)];
}

/* ---- the chart ---- */

static gboolean
several_meters (MwProfilePage *self)
{
  gint64 seen = 0;
  for (guint i = 0; self->sources && i < self->sources->len; i++) {
    const MwProfileSource *source = self->sources->pdata[i];
    if (!source->rows)
      continue;
    if (seen && seen != source->meter->id)
      return TRUE;
    seen = source->meter->id;
  }
  return FALSE;
}

/* The column of ROWS that is COLUMN of the source's newest row: versions merge their columns.
 */
static int
find_column (const MwProfileSource *source, guint column)
{
  const MwColumn *wanted = &source->columns->columns[column];
  for (guint c = 0; c < source->rows->n_columns; c++) {
    const MwColumn *have = &source->rows->columns[c];
    if (g_strcmp0 (have->obis, wanted->obis) == 0 && have->attribute == wanted->attribute
        && have->unit == wanted->unit)
      return (int) c;
  }
  return -1;
}

static void
add_line (MwProfilePage *self, const MwProfileSource *source, guint column)
{
  MwChart *chart = mw_chart_area_get_chart (self->area);
  const char *name = source->columns->columns[column].name;
  int c = find_column (source, column);
  if (c < 0)
    return;
  g_autofree char *label =
      several_meters (self)
          ? g_strdup_printf ("%s · %s", mw_profile_meter_name (source->meter), name)
          : g_strdup (name);
  MwProfileLine line = { source, (guint) c };
  if (mw_chart_add (chart, source->rows, line.column, chosen_quantity (self), label,
                    source->doubtful_mask)
      >= 0)
    g_array_append_val (self->lines, line);
}

static void
show_source_line (MwProfilePage *self)
{
  gboolean reference = FALSE;
  gint64 newest = 0;
  guint rows = 0;
  for (guint i = 0; self->sources && i < self->sources->len; i++) {
    const MwProfileSource *source = self->sources->pdata[i];
    if (!source->rows || source->rows->n_rows == 0)
      continue;
    reference = reference || source->meter->reference;
    newest = MAX (newest, source->rows->time[source->rows->n_rows - 1]);
    rows += source->rows->n_rows;
  }
  g_autofree char *detail =
      g_strdup_printf (g_dngettext (NULL, "%u interval", "%u intervals", rows), rows);
  mw_page_set_source (MW_PAGE (self), rows ? MW_SOURCE_STORED : MW_SOURCE_NONE, newest,
                      reference, rows ? detail : NULL);
}

static void
rebuild_chart (MwProfilePage *self)
{
  MwChart *chart = mw_chart_area_get_chart (self->area);
  mw_chart_remove_all (chart);
  g_array_set_size (self->lines, 0);
  for (guint i = 0; self->sources && i < self->sources->len; i++) {
    const MwProfileSource *source = self->sources->pdata[i];
    for (guint c = 0; source->rows && c < source->columns->n_columns; c++) {
      g_autofree char *key = mw_profile_source_dup_key (source, c);
      if (g_hash_table_contains (self->keys, key))
        add_line (self, source, c);
    }
  }
  mw_chart_views_lines_changed (self->views);
  mw_chart_area_refresh (self->area, self->keep_view);
  self->keep_view = TRUE;
  gtk_stack_set_visible_child_name (self->chart_stack,
                                    mw_chart_get_n_lines (chart) ? "chart" : "none");
  gtk_drawing_area_set_content_height (self->legend, mw_chart_get_n_lines (chart) ? 24 : 0);
  gtk_widget_queue_draw (GTK_WIDGET (self->legend));
  show_source_line (self);
}

static void
draw_legend (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  MwProfilePage *self = data;
  g_autofree char *font = NULL;
  MwChartStyle style = mw_chart_area_style (GTK_WIDGET (area), &font);
  double used = mw_chart_draw_legend (mw_chart_area_get_chart (self->area), cr, &style, width);
  if ((int) (used + 0.5) > height)
    gtk_drawing_area_set_content_height (area, (int) (used + 0.5));
}

static void
on_view_changed (MwProfilePage *self)
{
  MwChart *chart = mw_chart_area_get_chart (self->area);
  MwChartView view = mw_chart_area_get_view (self->area);
  g_autofree char *from = mw_chart_dup_time_text (chart, view.t0);
  g_autofree char *to = mw_chart_dup_time_text (chart, view.t1);
  g_autofree char *text = g_strdup_printf ("%s – %s", from, to);
  gtk_label_set_label (self->range, mw_chart_get_n_lines (chart) ? text : "");
  gtk_widget_set_sensitive (self->back, mw_chart_area_can_go_back (self->area));
}

static void
on_cursor_changed (MwProfilePage *self)
{
  MwChart *chart = mw_chart_area_get_chart (self->area);
  g_autofree char *other = mw_chart_views_dup_text (self->views);
  double t;
  if (other) {
    gtk_label_set_label (self->cursor, other);
    return;
  }
  if (!mw_chart_area_get_cursor (self->area, &t)) {
    gtk_label_set_label (self->cursor,
                         _ ("Mark an area to zoom in; the exact values stand here."));
    return;
  }
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < mw_chart_get_n_lines (chart); i++) {
    MwChartValue value = mw_chart_lookup (chart, i, t);
    if (!value.valid)
      continue;
    if (text->len == 0) {
      g_autofree char *from = mw_chart_dup_time_text (chart, (double) value.from);
      g_autofree char *to =
          value.to != value.from ? mw_format_meter_time (value.to, MW_DEVIATION_ANY) : NULL;
      if (to) /* "… 14:15:00": the clock alone */
        g_string_append_printf (text, "%s – %.5s", from, strrchr (to, ' ') + 1);
      else
        g_string_append (text, from);
    }
    g_autofree char *number = mw_chart_dup_value_text (chart, &value);
    g_string_append_printf (text, "    %s  %s%s", mw_chart_get_label (chart, i), number,
                            value.doubtful ? _ (" (doubtful)") : "");
  }
  if (text->len == 0) {
    g_autofree char *time = mw_chart_dup_time_text (chart, t);
    g_string_append_printf (text, _ ("%s    no value"), time);
  }
  gtk_label_set_label (self->cursor, text->str);
  g_string_free (text, TRUE);
}

static void
on_views_changed (MwProfilePage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->legend),
                          mw_chart_views_get_picture (self->views) != MW_REPORT_HEAT_MAP);
  on_cursor_changed (self);
}

/* ---- loading ---- */

typedef struct {
  GPtrArray *sources;
  GHashTable *keys;
  gint64 meter_id; /* whose lines are chosen when none of KEYS exists */
} Wish;

static void
wish_free (Wish *wish)
{
  g_clear_pointer (&wish->sources, g_ptr_array_unref);
  g_clear_pointer (&wish->keys, g_hash_table_unref);
  g_free (wish);
}

static gboolean
any_key_exists (const Wish *wish)
{
  for (guint i = 0; i < wish->sources->len; i++) {
    const MwProfileSource *source = wish->sources->pdata[i];
    for (guint c = 0; c < source->columns->n_columns; c++) {
      g_autofree char *key = mw_profile_source_dup_key (source, c);
      if (g_hash_table_contains (wish->keys, key))
        return TRUE;
    }
  }
  return FALSE;
}

/* What one sees first: the active energy taken of the shown meter, else of any. */
static void
choose_first (Wish *wish)
{
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < wish->sources->len; i++) {
      const MwProfileSource *source = wish->sources->pdata[i];
      if (pass == 0 && source->meter->id != wish->meter_id)
        continue;
      guint pick = 0;
      for (guint c = 0; c < source->columns->n_columns; c++)
        if (g_str_has_prefix (source->columns->columns[c].obis, "1-0:1.")) {
          pick = c;
          break;
        }
      g_hash_table_add (wish->keys, mw_profile_source_dup_key (source, pick));
      return;
    }
}

static gboolean
load (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Wish *wish = data;
  if (!wish->sources)
    wish->sources = mw_profile_sources_list (store, error);
  if (!wish->sources)
    return FALSE;
  if (!any_key_exists (wish))
    choose_first (wish);
  return mw_profile_sources_load (store, wish->sources, wish->keys, error);
}

static void make_lines_menu (MwProfilePage *self);

static void
on_loaded (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwProfilePage) self = data;
  g_autoptr (GError) error = NULL;
  gboolean ok = mw_store_run_finish (result, &error);
  Wish *wish = mw_store_run_get_data (result);
  if (!self->area || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!ok) {
    mw_workspace_toast (mw_page_get_workspace (MW_PAGE (self)), error->message);
    return;
  }
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  self->sources = g_ptr_array_ref (wish->sources);
  self->keys = g_hash_table_ref (wish->keys);
  gboolean any = self->sources->len > 0;
  mw_page_set_has_content (
      MW_PAGE (self), any || mw_workspace_get_meter (mw_page_get_workspace (MW_PAGE (self))));
  make_lines_menu (self);
  rebuild_chart (self);
}

/* ANEW: what the store has may be another. */
static void
request (MwProfilePage *self, gboolean anew)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  GHashTableIter iter;
  gpointer key;
  if (!mw_workspace_get_store (ws))
    return;
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  Wish *wish = g_new0 (Wish, 1);
  wish->meter_id = mw_workspace_get_meter_id (ws);
  wish->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!anew && self->sources)
    wish->sources = mw_profile_sources_copy (self->sources);
  g_hash_table_iter_init (&iter, self->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (wish->keys, g_strdup (key));
  mw_store_run_async (mw_workspace_get_store (ws), load, wish, (GDestroyNotify) wish_free,
                      self->loading, on_loaded, g_object_ref (self));
}

/* ---- which lines ---- */

/* The lines are there again the next time. */
static void
keep_lines (MwProfilePage *self)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (self->keys, NULL);
  g_autofree char *text = g_strjoinv (" ", (char **) keys);
  mw_preferences_set_text (mw_preferences_get_default (), "profile-lines", text);
}

static void
recall_lines (MwProfilePage *self)
{
  g_autofree char *text =
      mw_preferences_dup_text (mw_preferences_get_default (), "profile-lines", "");
  g_auto (GStrv) keys = g_strsplit (text, " ", 0);
  for (guint i = 0; keys[i]; i++)
    if (*keys[i])
      g_hash_table_add (self->keys, g_strdup (keys[i]));
}

/* Is a line of METER among those that are wanted? */
static gboolean
wants_meter (MwProfilePage *self, gint64 meter)
{
  g_autofree char *prefix = g_strdup_printf ("%" G_GINT64_FORMAT "/", meter);
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, self->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, prefix))
      return TRUE;
  return FALSE;
}

static void
on_line_toggled (GtkCheckButton *check, MwProfilePage *self)
{
  const char *key = g_object_get_data (G_OBJECT (check), "key");
  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->keys, g_strdup (key));
  else
    g_hash_table_remove (self->keys, key);
  keep_lines (self);
  if (g_hash_table_size (self->keys) == 0)
    rebuild_chart (self);
  else
    request (self, FALSE);
}

static void
add_source_lines (MwProfilePage *self, const MwProfileSource *source)
{
  g_autofree char *title =
      g_strdup_printf ("%s · %s · %s", source->meter->type ? source->meter->type : _ ("Meter"),
                       mw_profile_meter_name (source->meter), source->logger);
  GtkWidget *heading = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "caption-heading");
  gtk_widget_set_margin_top (heading, 6);
  gtk_box_append (self->lines_box, heading);
  for (guint c = 0; c < source->columns->n_columns; c++) {
    if (source->columns->columns[c].kind != MW_COLUMN_DECIMAL)
      continue;
    g_autofree char *key = mw_profile_source_dup_key (source, c);
    GtkWidget *check = gtk_check_button_new_with_label (source->columns->columns[c].name);
    gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                                 g_hash_table_contains (self->keys, key));
    g_object_set_data_full (G_OBJECT (check), "key", g_strdup (key), g_free);
    g_signal_connect (check, "toggled", G_CALLBACK (on_line_toggled), self);
    gtk_box_append (self->lines_box, check);
  }
}

static char *
menu_shape (GPtrArray *sources)
{
  GString *shape = g_string_new (NULL);
  for (guint i = 0; i < sources->len; i++) {
    const MwProfileSource *source = sources->pdata[i];
    for (guint c = 0; c < source->columns->n_columns; c++) {
      g_autofree char *key = mw_profile_source_dup_key (source, c);
      g_string_append_printf (shape, "%s %s\n", key, mw_profile_meter_name (source->meter));
    }
  }
  return g_string_free (shape, FALSE);
}

/* The menu stays as it is while a person ticks in it: only another list of sources makes it
 * anew. */
static void
make_lines_menu (MwProfilePage *self)
{
  GtkWidget *child;
  g_autofree char *shape = menu_shape (self->sources);
  if (g_strcmp0 (g_object_get_data (G_OBJECT (self->lines_box), "shape"), shape) == 0)
    return;
  g_object_set_data_full (G_OBJECT (self->lines_box), "shape", g_steal_pointer (&shape),
                          g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->lines_box))))
    gtk_box_remove (self->lines_box, child);
  for (guint i = 0; i < self->sources->len; i++)
    add_source_lines (self, self->sources->pdata[i]);
  gtk_widget_set_sensitive (GTK_WIDGET (self->lines_button), self->sources->len > 0);
}

static void
on_quantity (MwProfilePage *self)
{
  mw_preferences_set_int (mw_preferences_get_default (), "quantity",
                          (int) gtk_drop_down_get_selected (self->quantity));
  rebuild_chart (self);
}

/* ---- zoom buttons ---- */

static void
snap (MwProfilePage *self, MwChartSpan span, int steps)
{
  MwChartView view = mw_chart_area_get_view (self->area);
  double t, at = mw_chart_area_get_cursor (self->area, &t) ? t : (view.t0 + view.t1) / 2;
  mw_chart_area_set_view (
      self->area, mw_chart_snap (mw_chart_area_get_chart (self->area), at, span, steps), TRUE);
}

/* The span that the view is nearest to, for the arrows. */
static MwChartSpan
view_span (MwProfilePage *self)
{
  MwChartView view = mw_chart_area_get_view (self->area);
  double days = (view.t1 - view.t0) / 86400;
  return days < 2     ? MW_CHART_SPAN_DAY
         : days < 14  ? MW_CHART_SPAN_WEEK
         : days < 100 ? MW_CHART_SPAN_MONTH
                      : MW_CHART_SPAN_YEAR;
}

static void
on_day (MwProfilePage *self)
{
  snap (self, MW_CHART_SPAN_DAY, 0);
}

static void
on_week (MwProfilePage *self)
{
  snap (self, MW_CHART_SPAN_WEEK, 0);
}

static void
on_month (MwProfilePage *self)
{
  snap (self, MW_CHART_SPAN_MONTH, 0);
}

static void
on_earlier (MwProfilePage *self)
{
  snap (self, view_span (self), -1);
}

static void
on_later (MwProfilePage *self)
{
  snap (self, view_span (self), 1);
}

static void
on_zoom_all (MwProfilePage *self)
{
  mw_chart_area_zoom_all (self->area);
}

static void
on_back (MwProfilePage *self)
{
  mw_chart_area_back (self->area);
}

/* ---- the window's actions ---- */

/* What is seen, as tables: the line of the heat map, else all lines; one table, or one for each
 * meter. */
static GPtrArray *
dup_seen (MwProfilePage *self, gboolean each_meter)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_series_unref);
  const MwProfileLine *lines = (const MwProfileLine *) (gpointer) self->lines->data;
  MwChartView view = mw_chart_area_get_view (self->area);
  guint line = mw_chart_views_get_line (self->views), n = self->lines->len;
  if (line < n) {
    lines += line;
    n = 1;
  }
  for (guint i = 0, end; i < n; i = end) { /* the lines of a meter stand together */
    for (end = i + 1; end < n; end++)
      if (each_meter && lines[end].source->meter->id != lines[i].source->meter->id)
        break;
    g_ptr_array_add (tables, mw_profile_lines_merge (lines + i, end - i, (gint64) view.t0,
                                                     (gint64) view.t1));
  }
  return tables;
}

static void
export_as (MwPage *page, MwExportFormat format)
{
  MwProfilePage *self = MW_PROFILE_PAGE (page);
  g_autoptr (GPtrArray) tables = dup_seen (self, format == MW_EXPORT_PDF);
  if (tables->len)
    mw_export_profile (GTK_WIDGET (page), mw_page_get_workspace (page), tables,
                       chosen_quantity (self), mw_chart_views_get_picture (self->views),
                       format);
  else
    mw_workspace_toast (mw_page_get_workspace (page), _ ("No line is shown"));
}

static void
mw_profile_page_save (MwPage *page)
{
  export_as (page, MW_EXPORT_CSV);
}

static void
mw_profile_page_print (MwPage *page)
{
  export_as (page, MW_EXPORT_PDF);
}

static void
append_rows (GString *text, const MwSeries *series)
{
  g_string_append (text, "time");
  for (guint c = 0; c < series->n_columns; c++)
    g_string_append_printf (text, "\t%s", series->columns[c].name);
  g_string_append_c (text, '\n');
  for (guint r = 0; r < series->n_rows; r++) {
    g_autofree char *time = mw_format_meter_time (series->time[r], series->deviation[r]);
    g_string_append (text, time);
    for (guint c = 0; c < series->n_columns; c++) {
      mw_decimal d;
      g_autofree char *value = mw_series_get_decimal (series, r, c, &d)
                                   ? mw_format_decimal_plain (d, NULL)
                                   : g_strdup ("");
      g_string_append_printf (text, "\t%s", value);
    }
    g_string_append_c (text, '\n');
  }
}

static void
mw_profile_page_copy (MwPage *page)
{
  MwProfilePage *self = MW_PROFILE_PAGE (page);
  g_autoptr (GPtrArray) tables = dup_seen (self, FALSE);
  if (tables->len == 0)
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  append_rows (text, tables->pdata[0]);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)), text->str);
  mw_workspace_toast (mw_page_get_workspace (page), _ ("What is seen was copied"));
}

static void
mw_profile_page_read (MwPage *page)
{
  MwLogWindow window = MW_LOG_WINDOW_ALL;
  window.only_new = TRUE;
  mw_workspace_log (mw_page_get_workspace (page), "load-profile", &window);
}

static void
mw_profile_page_update (MwPage *page, MwChange what)
{
  MwProfilePage *self = MW_PROFILE_PAGE (page);
  MwWorkspace *ws = mw_page_get_workspace (page);
  gint64 meter = mw_workspace_get_meter_id (ws);
  if (!(what & (MW_CHANGE_METER | MW_CHANGE_STORED)) && self->sources)
    return;
  if (meter && meter != self->shown_meter) { /* its own lines first */
    if (self->shown_meter || !wants_meter (self, meter))
      g_hash_table_remove_all (self->keys);
    self->shown_meter = meter;
    self->keep_view = FALSE;
  }
  mw_page_set_has_content (page, mw_workspace_get_meter (ws)
                                     || (self->sources && self->sources->len > 0));
  request (self, TRUE);
}

static void
mw_profile_page_dispose (GObject *object)
{
  MwProfilePage *self = MW_PROFILE_PAGE (object);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PROFILE_PAGE);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->lines, g_array_unref);
  G_OBJECT_CLASS (mw_profile_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, lines_button);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, lines_box);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, quantity);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, area);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, strip);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, views);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, range);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, cursor);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, legend);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, back);
  gtk_widget_class_bind_template_child (widget_class, MwProfilePage, chart_stack);
  gtk_widget_class_bind_template_callback (widget_class, on_quantity);
  gtk_widget_class_bind_template_callback (widget_class, on_day);
  gtk_widget_class_bind_template_callback (widget_class, on_week);
  gtk_widget_class_bind_template_callback (widget_class, on_month);
  gtk_widget_class_bind_template_callback (widget_class, on_earlier);
  gtk_widget_class_bind_template_callback (widget_class, on_later);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_all);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_view_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_cursor_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_views_changed);
}

static void
mw_profile_page_class_init (MwProfilePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_profile_page_dispose;
  page_class->update = mw_profile_page_update;
  page_class->read = mw_profile_page_read;
  page_class->save = mw_profile_page_save;
  page_class->print = mw_profile_page_print;
  page_class->copy = mw_profile_page_copy;
  g_type_ensure (MW_TYPE_CHART_AREA);
  g_type_ensure (MW_TYPE_CHART_STRIP);
  g_type_ensure (MW_TYPE_WRAP_BOX);
  g_type_ensure (MW_TYPE_CHART_VIEWS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/profile-page.ui");
  bind_template (widget_class);
}

static void
mw_profile_page_init (MwProfilePage *self)
{
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lines = g_array_new (FALSE, FALSE, sizeof (MwProfileLine));
  gtk_widget_init_template (GTK_WIDGET (self));
  recall_lines (self);
  mw_chart_views_set_area (self->views, self->area);
  mw_chart_strip_set_area (self->strip, self->area);
  gtk_drawing_area_set_draw_func (self->legend, draw_legend, self, NULL);
  gtk_drop_down_set_selected (
      self->quantity,
      (guint) mw_preferences_get_int (mw_preferences_get_default (), "quantity", 0));
  on_cursor_changed (self);
}
