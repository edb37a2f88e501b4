/* loggers-page.c: the list at the left, the chosen logger's rows at the right.
 *
 *   store ── load_index ──► rows of the list with their coverage bars
 *   store ── load_rows ───► MwSeriesList ──► no selection ──► column view (columns as the
 * logger has)
 */
#include "loggers-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "appearance.h"
#include "coverage-bar.h"
#include "event-timeline.h"
#include "export.h"
#include "format.h"
#include "preferences.h"
#include "series-list.h"

struct _MwLoggersPage {
  MwPage parent_instance;

  /* template */
  GtkListBox *loggers;
  GtkLabel *logger_title;
  GtkLabel *logger_text;
  GtkDropDown *order;
  GtkStack *rows_stack;
  GtkColumnView *rows;
  MwEventTimeline *timeline;
  GtkToggleButton *timeline_button;
  GtkPaned *paned;
  AdwStatusPage *no_rows;
  GtkMenuButton *window_button;
  AdwEntryRow *from;
  AdwEntryRow *to;

  /* owned */
  MwSeriesList *list;
  char *logger; /* the chosen one */
  GCancellable *loading;
  gint64 shown_meter;
};

G_DEFINE_FINAL_TYPE (MwLoggersPage, mw_loggers_page, MW_TYPE_PAGE)

/* ---- what the store knows of all loggers ---- */

typedef struct {
  MwLoggerInfo *info;
  MwLoggerState *state; /* or NULL */
  GArray *spans;
} Entry;

typedef struct {
  gint64 meter_id;
  GPtrArray *entries;
} Index;

static void
entry_free (Entry *entry)
{
  mw_logger_info_free (entry->info);
  g_clear_pointer (&entry->state, mw_logger_state_free);
  g_clear_pointer (&entry->spans, g_array_unref);
  g_free (entry);
}

static void
index_free (Index *index)
{
  g_clear_pointer (&index->entries, g_ptr_array_unref);
  g_free (index);
}

static gboolean
load_index (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Index *index = data;
  g_autoptr (GPtrArray) states = mw_store_list_loggers (store, index->meter_id, error);
  if (!states)
    return FALSE;
  for (guint i = 0; i < index->entries->len; i++) {
    Entry *entry = index->entries->pdata[i];
    for (guint k = 0; k < states->len; k++) {
      MwLoggerState *state = states->pdata[k];
      if (!state || g_strcmp0 (state->logger, entry->info->logger) != 0)
        continue;
      entry->state = state;
      states->pdata[k] = NULL;
      entry->spans = mw_store_list_spans (store, index->meter_id, entry->info->logger, NULL);
    }
  }
  g_ptr_array_set_free_func (states, NULL);
  for (guint k = 0; k < states->len; k++)
    if (states->pdata[k])
      mw_logger_state_free (states->pdata[k]);
  return TRUE;
}

static MwLoggerInfo *
copy_info (const MwLoggerInfo *info)
{
  MwLoggerInfo *copy = g_new0 (MwLoggerInfo, 1);
  copy->logger = g_strdup (info->logger);
  copy->name = g_strdup (info->name);
  copy->obis = g_strdup (info->obis);
  copy->events = info->events;
  return copy;
}

static const MwLoggerInfo *
find_info (MwLoggersPage *self, const char *logger)
{
  GPtrArray *loggers = mw_workspace_get_loggers (mw_page_get_workspace (MW_PAGE (self)));
  for (guint i = 0; loggers && i < loggers->len; i++)
    if (g_strcmp0 (((MwLoggerInfo *) loggers->pdata[i])->logger, logger) == 0)
      return loggers->pdata[i];
  return NULL;
}

/* Two lines: what the meter holds, what the store holds. */
static char *
describe_entry (const Entry *entry, const MwLoggerStatus *status)
{
  guint32 period = status ? status->period_s : entry->state ? entry->state->period_s : 0;
  g_autofree char *words = mw_format_period (period);
  gboolean known = entry->info->events || status || entry->state;
  GString *text = g_string_new (known ? entry->info->events ? _ ("by event") : words : NULL);
  if (status)
    g_string_append_printf (text, _ (" · %u of %u in the meter"), status->entries_in_use,
                            status->entries);
  if (text->len)
    g_string_append_c (text, '\n');
  if (entry->state && entry->state->n_rows) {
    g_autofree char *newest = mw_format_time (entry->state->last);
    gulong n = (gulong) entry->state->n_rows;
    g_string_append_printf (
        text, g_dngettext (NULL, "%lu stored, newest %s", "%lu stored, newest %s", n), n,
        newest);
  } else {
    g_string_append (text, _ ("nothing stored"));
  }
  return g_string_free (text, FALSE);
}

/* Since when the meter holds entries: as it says, or counted back from the newest. */
static gint64
oldest_in_meter (const MwLoggerStatus *status)
{
  if (!status || status->newest == G_MININT64 || status->entries_in_use == 0)
    return G_MININT64;
  if (status->oldest != G_MININT64 && status->oldest < status->newest)
    return status->oldest;
  return status->newest - (gint64) (status->entries_in_use - 1) * status->period_s;
}

static GtkWidget *
make_row (MwLoggersPage *self, const Entry *entry)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  const MwLoggerStatus *status = mw_workspace_get_logger_status (ws, entry->info->logger);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name = gtk_label_new (entry->info->name);
  g_autofree char *text = describe_entry (entry, status);
  GtkWidget *detail = gtk_label_new (text);
  GtkWidget *bar = mw_coverage_bar_new ();
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "numeric");
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gint64 oldest = oldest_in_meter (status);
  mw_coverage_bar_set (MW_COVERAGE_BAR (bar), entry->spans, oldest,
                       oldest == G_MININT64 ? G_MININT64 : status->newest,
                       entry->state ? entry->state->period_s : 0);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), detail);
  if (!entry->info->events && (entry->spans || oldest != G_MININT64))
    gtk_box_append (GTK_BOX (box), bar);
  else
    g_object_ref_sink (bar), g_object_unref (bar);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "logger", g_strdup (entry->info->logger), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  entry->info->name, -1);
  return row;
}

static void
on_index (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwLoggersPage) self = data;
  if (!mw_store_run_finish (result, NULL) || !self->loggers)
    return;
  Index *index = mw_store_run_get_data (result);
  GtkWidget *child;
  GtkListBoxRow *chosen = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->loggers))))
    gtk_list_box_remove (self->loggers, child);
  for (guint i = 0; i < index->entries->len; i++) {
    const Entry *entry = index->entries->pdata[i];
    GtkWidget *row = make_row (self, entry);
    gtk_list_box_append (self->loggers, row);
    if (!chosen || g_strcmp0 (entry->info->logger, self->logger) == 0)
      chosen = GTK_LIST_BOX_ROW (row);
  }
  if (chosen)
    gtk_list_box_select_row (self->loggers, chosen);
}

static void
refresh_index (MwLoggersPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  GPtrArray *loggers = mw_workspace_get_loggers (ws);
  if (!mw_workspace_get_store (ws) || !loggers)
    return;
  Index *index = g_new0 (Index, 1);
  index->meter_id = mw_workspace_get_meter_id (ws);
  index->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  for (guint i = 0; i < loggers->len; i++) {
    Entry *entry = g_new0 (Entry, 1);
    entry->info = copy_info (loggers->pdata[i]);
    g_ptr_array_add (index->entries, entry);
  }
  mw_store_run_async (mw_workspace_get_store (ws), load_index, index,
                      (GDestroyNotify) index_free, NULL, on_index, g_object_ref (self));
}

/* ---- the rows of the chosen logger ---- */

typedef struct {
  gint64 meter_id;
  char *family, *logger;
  MwSeries *series;
  MwSeriesWords words;
} Rows;

static void
rows_free (Rows *rows)
{
  g_free (rows->family);
  g_free (rows->logger);
  g_clear_pointer (&rows->series, mw_series_unref);
  g_clear_pointer (&rows->words.codes, g_hash_table_unref);
  g_clear_pointer (&rows->words.status_bits, g_ptr_array_unref);
  g_clear_pointer (&rows->words.rules, g_ptr_array_unref);
  g_free (rows);
}

static void
load_codes (MwStore *store, Rows *rows)
{
  const MwSeries *series = rows->series;
  rows->words.codes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (guint c = 0; c < series->n_columns; c++) {
    if (series->columns[c].kind != MW_COLUMN_CODE)
      continue;
    for (guint r = 0; r < series->n_rows; r++) {
      gint64 code = series->values[(gsize) r * series->n_columns + c];
      if (code == MW_NULL_VALUE || g_hash_table_contains (rows->words.codes, &code))
        continue;
      g_hash_table_insert (
          rows->words.codes, g_memdup2 (&code, sizeof code),
          mw_store_dup_event_text (store, rows->family, rows->logger, code, NULL));
    }
  }
}

static void
rule_free (gpointer rule)
{
  if (rule)
    mw_value_rule_free (rule);
}

/* What the catalogue calls the values of each column. */
static void
load_rules (MwStore *store, Rows *rows)
{
  const MwSeries *series = rows->series;
  MwMeterKind kind = { .family = rows->family };
  rows->words.rules = g_ptr_array_new_with_free_func (rule_free);
  for (guint c = 0; c < series->n_columns; c++) {
    const MwColumn *column = &series->columns[c];
    g_ptr_array_add (rows->words.rules,
                     column->kind == MW_COLUMN_CODE && column->obis ? mw_store_get_value_rule (
                         store, &kind, column->obis, column->class_id, column->attribute, NULL)
                                                                    : NULL);
  }
}

static gboolean
load_rows (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Rows *rows = data;
  rows->series =
      mw_store_load_series (store, rows->meter_id, rows->logger, G_MININT64, G_MAXINT64, error);
  if (!rows->series)
    return FALSE;
  load_codes (store, rows);
  load_rules (store, rows);
  rows->words.status_bits = mw_store_list_status_bits (store, rows->family, rows->logger, NULL);
  rows->words.doubtful_mask = mw_store_get_doubtful_mask (store, rows->family, rows->logger);
  return TRUE;
}

/* Column numbers in cells: -2 time, -1 status, then the logger's own. */
static void
on_cell_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  int column = GPOINTER_TO_INT (data);
  GtkWidget *cell = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 6);
  gtk_inscription_set_xalign (
      GTK_INSCRIPTION (cell),
      column >= 0 ? g_object_get_data (G_OBJECT (factory), "left") ? 0 : 1 : 0);
  gtk_widget_add_css_class (cell, "numeric");
  gtk_list_item_set_child (item, cell);
}

static void
on_cell_bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  int column = GPOINTER_TO_INT (data);
  GtkWidget *cell = gtk_list_item_get_child (item);
  MwSeriesRow *row = gtk_list_item_get_item (item);
  g_autofree char *text = column == -2   ? mw_series_row_dup_time (row)
                          : column == -1 ? mw_series_row_dup_status (row)
                                         : mw_series_row_dup_cell (row, (guint) column);
  gboolean mark =
      mw_series_row_is_gap (row) || (column == -1 && mw_series_row_is_doubtful (row));
  if (column == -1 && *text) {
    g_autofree char *marked =
        g_strconcat (mw_series_row_is_doubtful (row) ? "⚠ " : "ℹ ", text, NULL);
    gtk_inscription_set_text (GTK_INSCRIPTION (cell), marked);
  } else if (column == -2 && mw_series_row_is_doubtful (row)) {
    g_autofree char *marked = g_strconcat (text, " ⚠", NULL);
    gtk_inscription_set_text (GTK_INSCRIPTION (cell), marked);
  } else {
    gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
  }
  if (column < 0)
    gtk_widget_set_tooltip_text (cell, *text ? text : NULL);
  if (mark)
    gtk_widget_add_css_class (cell, "gap-row");
  else
    gtk_widget_remove_css_class (cell, "gap-row");
}

static void
add_column (MwLoggersPage *self, const char *title, int number, int width, gboolean left)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  if (left)
    g_object_set_data (G_OBJECT (factory), "left", factory);
  g_signal_connect (factory, "setup", G_CALLBACK (on_cell_setup), GINT_TO_POINTER (number));
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bind), GINT_TO_POINTER (number));
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (width)
    gtk_column_view_column_set_fixed_width (column, mw_appearance_scale (width));
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (self->rows, column);
}

static void
make_columns (MwLoggersPage *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->rows);
  MwSeries *series = mw_series_list_get_series (self->list);
  while (g_list_model_get_n_items (columns)) {
    g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);
    gtk_column_view_remove_column (self->rows, column);
  }
  add_column (self, _ ("Time"), -2, 172, TRUE);
  for (guint c = 0; c < series->n_columns; c++) {
    MwColumnKind kind = series->columns[c].kind;
    g_autofree char *title = mw_series_list_dup_title (self->list, c);
    gboolean left = kind == MW_COLUMN_TEXT || kind == MW_COLUMN_CODE;
    char *unit = left ? NULL : strrchr (title, '(');
    if (unit && unit > title) /* below the name, so that four columns find room */
      unit[-1] = '\n';
    add_column (self, title, (int) c, left ? 0 : 130, left);
  }
  if (mw_series_list_has_status (self->list))
    add_column (self, _ ("Status"), -1, 0, TRUE);
}

static void
show_source (MwLoggersPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  MwSeries *series = self->list ? mw_series_list_get_series (self->list) : NULL;
  if (!meter)
    return;
  if (!series || series->n_rows == 0) {
    mw_page_set_source (MW_PAGE (self), MW_SOURCE_NONE, 0, meter->reference, NULL);
    return;
  }
  g_autofree char *detail = g_strdup_printf (
      g_dngettext (NULL, "%u entry", "%u entries", series->n_rows), series->n_rows);
  mw_page_set_source (MW_PAGE (self), MW_SOURCE_STORED, series->time[series->n_rows - 1],
                      meter->reference, detail);
}

static void
on_order (MwLoggersPage *self)
{
  guint order = gtk_drop_down_get_selected (self->order);
  if (self->list && order <= MW_SERIES_DOUBTFUL_FIRST)
    mw_series_list_set_order (self->list, (MwSeriesOrder) order);
}

static void
on_timeline (MwLoggersPage *self)
{
  gboolean on = gtk_toggle_button_get_active (self->timeline_button);
  mw_preferences_set_int (mw_preferences_get_default (), "timeline", on);
  gtk_widget_set_visible (GTK_WIDGET (self->timeline),
                          on && gtk_widget_get_visible (GTK_WIDGET (self->timeline_button)));
}

/* Events as a picture above their table. */
static void
show_timeline (MwLoggersPage *self, Rows *rows)
{
  const MwLoggerInfo *info = NULL;
  GPtrArray *loggers = mw_workspace_get_loggers (mw_page_get_workspace (MW_PAGE (self)));
  for (guint i = 0; loggers && i < loggers->len; i++)
    if (g_strcmp0 (((MwLoggerInfo *) loggers->pdata[i])->logger, rows->logger) == 0)
      info = loggers->pdata[i];
  gboolean events = info && info->events && rows->series->n_rows > 0;
  mw_event_timeline_take_lanes (
      self->timeline,
      events ? mw_event_lanes_new (rows->series, &rows->words, info->name) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->timeline_button), events);
  on_timeline (self);
}

static void
show_rows (MwLoggersPage *self, Rows *rows)
{
  const MwSeries *series = rows->series;
  g_clear_object (&self->list);
  show_timeline (self, rows);
  self->list = mw_series_list_new (rows->series, rows->words);
  rows->words = (MwSeriesWords){ NULL };
  guint gaps = mw_series_list_get_n_gaps (self->list);
  g_autofree char *period = mw_format_period (series->period_s);
  g_autofree char *text =
      gaps ? g_strdup_printf (g_dngettext (NULL, "%s · %u gap", "%s · %u gaps", gaps), period,
                              gaps)
           : g_strdup (period);
  gtk_label_set_label (self->logger_text, series->n_rows ? text : "");
  make_columns (self);
  on_order (self);
  GtkNoSelection *model = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  gtk_column_view_set_model (self->rows, GTK_SELECTION_MODEL (model));
  g_object_unref (model);
  gtk_stack_set_visible_child_name (self->rows_stack, series->n_rows ? "rows" : "none");
  show_source (self);
}

static void
on_rows (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MwLoggersPage) self = data;
  g_autoptr (GError) error = NULL;
  gboolean ok = mw_store_run_finish (result, &error);
  Rows *rows = mw_store_run_get_data (result);
  if (!self->rows || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!ok)
    mw_workspace_toast (mw_page_get_workspace (MW_PAGE (self)), error->message);
  else if (g_strcmp0 (rows->logger, self->logger) == 0)
    show_rows (self, rows);
}

static void
refresh_rows (MwLoggersPage *self)
{
  MwWorkspace *ws = mw_page_get_workspace (MW_PAGE (self));
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  const MwLoggerInfo *info = find_info (self, self->logger);
  if (!meter || !info || !mw_workspace_get_store (ws))
    return;
  gtk_label_set_label (self->logger_title, info->name);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  Rows *rows = g_new0 (Rows, 1);
  rows->meter_id = meter->id;
  rows->family = g_strdup (meter->family);
  rows->logger = g_strdup (self->logger);
  mw_store_run_async (mw_workspace_get_store (ws), load_rows, rows, (GDestroyNotify) rows_free,
                      self->loading, on_rows, g_object_ref (self));
}

static void
on_row_selected (MwLoggersPage *self, GtkListBoxRow *row)
{
  const char *logger = row ? g_object_get_data (G_OBJECT (row), "logger") : NULL;
  if (!logger || g_strcmp0 (logger, self->logger) == 0)
    return;
  g_free (self->logger);
  self->logger = g_strdup (logger);
  mw_preferences_set_text (mw_preferences_get_default (), "logger", logger);
  refresh_rows (self);
}

/* ---- reading ---- */

static void
mw_loggers_page_read (MwPage *page)
{
  MwLoggersPage *self = MW_LOGGERS_PAGE (page);
  MwLogWindow window = MW_LOG_WINDOW_ALL;
  window.only_new = TRUE;
  mw_workspace_log (mw_page_get_workspace (page), self->logger, &window);
}

static gboolean
mw_loggers_page_can_read (MwPage *page)
{
  return MW_LOGGERS_PAGE (page)->logger != NULL;
}

/* FALLBACK when the entry is empty; G_MININT64 and a mark on the entry when it is no time. */
static gboolean
parse_time (AdwEntryRow *entry, gint64 fallback, gint64 *out)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_autofree char *iso = g_strdup (text);
  mw_civil civil;
  g_strstrip (iso);
  g_strdelimit (iso, " ", 'T');
  gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  *out = fallback;
  if (!*iso)
    return TRUE;
  if (mw_civil_parse (iso, strlen (iso), &civil) == MW_OK && mw_civil_is_complete (&civil)) {
    g_autoptr (GDateTime) local =
        g_date_time_new_local (civil.year, civil.month, civil.day, civil.hour, civil.minute, 0);
    if (civil.deviation != MW_DEVIATION_ANY)
      return mw_civil_to_utc (&civil, 0, out) == MW_OK;
    if (local) {
      *out = g_date_time_to_unix (local);
      return TRUE;
    }
  }
  gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  return FALSE;
}

static void
on_read_window (MwLoggersPage *self)
{
  MwLogWindow window = MW_LOG_WINDOW_ALL;
  if (!parse_time (self->from, G_MININT64, &window.from)
      || !parse_time (self->to, G_MAXINT64, &window.to))
    return;
  gtk_menu_button_popdown (self->window_button);
  mw_workspace_log (mw_page_get_workspace (MW_PAGE (self)), self->logger, &window);
}

static void
set_days (MwLoggersPage *self, int days)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, -days);
  g_autofree char *text = g_date_time_format (then, "%Y-%m-%d 00:00");
  gtk_editable_set_text (GTK_EDITABLE (self->from), text);
  gtk_editable_set_text (GTK_EDITABLE (self->to), "");
}

static void
on_today (MwLoggersPage *self)
{
  set_days (self, 0);
}

static void
on_week (MwLoggersPage *self)
{
  set_days (self, 7);
}

static void
on_month (MwLoggersPage *self)
{
  set_days (self, 31);
}

/* ---- page ---- */

static void
mw_loggers_page_update (MwPage *page, MwChange what)
{
  MwLoggersPage *self = MW_LOGGERS_PAGE (page);
  MwWorkspace *ws = mw_page_get_workspace (page);
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  GPtrArray *loggers = mw_workspace_get_loggers (ws);
  gboolean any = meter && loggers && loggers->len > 0;
  mw_page_set_has_content (page, any);
  gtk_widget_set_sensitive (GTK_WIDGET (self->window_button),
                            mw_workspace_is_connected (ws) && !mw_workspace_is_busy (ws));
  if (!any)
    return;
  if (self->shown_meter != meter->id) {
    g_autofree char *last =
        mw_preferences_dup_text (mw_preferences_get_default (), "logger", NULL);
    g_free (self->logger);
    self->logger = find_info (self, last)
                       ? g_steal_pointer (&last)
                       : g_strdup (((MwLoggerInfo *) loggers->pdata[0])->logger);
    self->shown_meter = meter->id;
  }
  if (what & (MW_CHANGE_METER | MW_CHANGE_STORED)) {
    refresh_index (self);
    refresh_rows (self);
  }
  if (mw_workspace_is_connected (ws) && !mw_workspace_is_busy (ws))
    mw_workspace_ask_loggers (ws); /* once for each connection */
}

static void
export_as (MwPage *page, MwExportFormat format)
{
  MwLoggersPage *self = MW_LOGGERS_PAGE (page);
  const MwLoggerInfo *info = find_info (self, self->logger);
  MwSeries *series = self->list ? mw_series_list_get_series (self->list) : NULL;
  if (!series || series->n_rows == 0)
    mw_workspace_toast (mw_page_get_workspace (page),
                        _ ("Nothing is stored of this logger yet"));
  else
    mw_export_series (GTK_WIDGET (page), mw_page_get_workspace (page), series,
                      info && info->events, MW_QUANTITY_ENERGY, format);
}

static void
mw_loggers_page_save (MwPage *page)
{
  export_as (page, MW_EXPORT_CSV);
}

static void
mw_loggers_page_print (MwPage *page)
{
  export_as (page, MW_EXPORT_PDF);
}

static void
mw_loggers_page_dispose (GObject *object)
{
  MwLoggersPage *self = MW_LOGGERS_PAGE (object);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_LOGGERS_PAGE);
  g_clear_object (&self->list);
  g_clear_pointer (&self->logger, g_free);
  G_OBJECT_CLASS (mw_loggers_page_parent_class)->dispose (object);
}

static void
mw_loggers_page_class_init (MwLoggersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  MwPageClass *page_class = MW_PAGE_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_loggers_page_dispose;
  page_class->update = mw_loggers_page_update;
  page_class->read = mw_loggers_page_read;
  page_class->can_read = mw_loggers_page_can_read;
  page_class->save = mw_loggers_page_save;
  page_class->print = mw_loggers_page_print;
  g_type_ensure (MW_TYPE_EVENT_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/loggers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, loggers);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, logger_title);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, logger_text);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, order);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, rows_stack);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, rows);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, timeline);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, timeline_button);
  gtk_widget_class_bind_template_callback (widget_class, on_timeline);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, paned);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, no_rows);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, window_button);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, from);
  gtk_widget_class_bind_template_child (widget_class, MwLoggersPage, to);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_order);
  gtk_widget_class_bind_template_callback (widget_class, on_read_window);
  gtk_widget_class_bind_template_callback (widget_class, on_today);
  gtk_widget_class_bind_template_callback (widget_class, on_week);
  gtk_widget_class_bind_template_callback (widget_class, on_month);
}

static void
mw_loggers_page_init (MwLoggersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_toggle_button_set_active (
      self->timeline_button,
      mw_preferences_get_int (mw_preferences_get_default (), "timeline", TRUE));
  mw_appearance_fit_paned (self->paned);
}
