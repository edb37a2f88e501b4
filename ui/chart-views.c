#include "chart-views.h"

#include <glib/gi18n.h>
#include <string.h>

#include "duration.h"
#include "heatmap.h"
#include "preferences.h"

#define PREFERENCE "profile-picture"

struct _MwChartViews {
  AdwBin parent_instance;

  /* template */
  GtkToggleButton *chart;
  GtkToggleButton *heat_map;
  GtkToggleButton *duration;
  GtkDropDown *line;
  GtkLabel *only_line;

  MwChartArea *area; /* borrowed */
  MwReportPicture picture;

  /* owned; made when they are drawn, of the lines as they are */
  MwHeatmap *map;
  MwDuration *curves;
  MwChartView curves_view;
  gboolean filling; /* the list of lines is being made */
};

G_DEFINE_FINAL_TYPE (MwChartViews, mw_chart_views, ADW_TYPE_BIN)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static MwChart *
get_chart (MwChartViews *self)
{
  return mw_chart_area_get_chart (self->area);
}

static guint
chosen_line (MwChartViews *self)
{
  guint n = mw_chart_get_n_lines (get_chart (self));
  guint line = gtk_drop_down_get_selected (self->line);
  return line < n ? line : 0;
}

/* ---- pictures ---- */

static MwHeatmap *
get_map (MwChartViews *self)
{
  guint line = chosen_line (self);
  if (mw_chart_get_n_lines (get_chart (self)) == 0)
    return NULL;
  if (self->map && mw_heatmap_get_line (self->map) != line)
    g_clear_pointer (&self->map, mw_heatmap_free);
  if (!self->map)
    self->map = mw_heatmap_new (get_chart (self), line);
  return self->map;
}

static MwDuration *
get_curves (MwChartViews *self)
{
  MwChartView view = mw_chart_area_get_view (self->area);
  if (self->curves && (view.t0 != self->curves_view.t0 || view.t1 != self->curves_view.t1))
    g_clear_pointer (&self->curves, mw_duration_free);
  if (!self->curves) {
    self->curves = mw_duration_new (get_chart (self), view);
    self->curves_view = view;
  }
  return self->curves;
}

static void
draw_map (gpointer data, cairo_t *cr, const MwChartStyle *style, MwChartView view, double width,
          double height, MwChartGeometry *geometry)
{
  MwHeatmap *map = get_map (data);
  if (map)
    mw_heatmap_draw (map, cr, style, view, width, height, geometry);
}

static void
draw_map_pointer (gpointer data, cairo_t *cr, const MwChartStyle *style,
                  const MwChartGeometry *geometry, double x, double y)
{
  MwHeatmap *map = get_map (data);
  if (map)
    mw_heatmap_draw_cursor (map, cr, style, geometry, x, y);
}

static void
draw_curves (gpointer data, cairo_t *cr, const MwChartStyle *style, MwChartView view,
             double width, double height, MwChartGeometry *geometry)
{
  mw_duration_draw (get_curves (data), cr, style, width, height, geometry);
}

static void
draw_curves_pointer (gpointer data, cairo_t *cr, const MwChartStyle *style,
                     const MwChartGeometry *geometry, double x, double y)
{
  mw_duration_draw_cursor (get_curves (data), cr, style, geometry,
                           mw_chart_geometry_time (geometry, x));
}

static const MwChartPainter map_painter = { TRUE, N_ ("Heat map from %s to %s"), draw_map,
                                            draw_map_pointer };
static const MwChartPainter curves_painter = { FALSE, N_ ("Duration curve from %s to %s"),
                                               draw_curves, draw_curves_pointer };

/* ---- words ---- */

/* "Mon 3 Mar 2026, 14:00 – 14:15" */
static char *
dup_interval (MwChartViews *self, gint64 from, gint64 to)
{
  g_autofree char *begin = mw_chart_dup_time_text (get_chart (self), (double) from);
  g_autofree char *end = mw_chart_dup_time_text (get_chart (self), (double) to);
  gsize n = strlen (end);
  return g_strdup_printf ("%s – %s", begin, n > 5 ? end + n - 5 : end);
}

static char *
dup_cell_text (MwChartViews *self, const MwHeatCell *cell)
{
  MwChart *chart = get_chart (self);
  gboolean is_value = cell->kind == MW_HEAT_VALUE && cell->value.from < cell->value.to;
  g_autofree char *time = dup_interval (self, is_value ? cell->value.from : cell->from,
                                        is_value ? cell->value.to : cell->to);
  const char *pass = !cell->twice   ? ""
                     : cell->second ? _ (" (the second time that day)")
                                    : _ (" (the first time that day)");
  g_autofree char *number = mw_chart_dup_value_text (chart, &cell->value);
  switch (cell->kind) {
  case MW_HEAT_VALUE:
    return g_strdup_printf ("%s%s    %s  %s%s", time, pass,
                            mw_chart_get_label (chart, cell->value.line), number,
                            cell->value.doubtful ? _ (" (doubtful)") : "");
  case MW_HEAT_GAP:
    return g_strdup_printf (_ ("%s%s    no value"), time, pass);
  case MW_HEAT_NO_TIME:
    return g_strdup (_ ("This hour was left out: summer time began."));
  default:
    return g_strdup (_ ("Before the first value or after the last."));
  }
}

static char *
dup_map_text (MwChartViews *self)
{
  MwHeatmap *map = get_map (self);
  MwChartGeometry g;
  MwHeatCell cell;
  double x, y;
  if (map && mw_chart_area_get_pointer (self->area, &g, &x, &y)
      && mw_heatmap_at (map, &g, x, y, &cell))
    return dup_cell_text (self, &cell);
  return g_strdup (_ ("Mark days to zoom in; the exact values stand here."));
}

/* What LINE reaches during SHARE of its time. */
static char *
dup_reached (MwChartViews *self, guint line, double share)
{
  MwChartValue value;
  mw_duration_lookup (get_curves (self), line, share, &value);
  return mw_chart_dup_value_text (get_chart (self), &value);
}

/* Seconds that every line was measured; 0 when they differ. */
static gint64
common_total (MwChartViews *self)
{
  gint64 common = 0;
  for (guint i = 0; i < mw_chart_get_n_lines (get_chart (self)); i++) {
    gint64 total = mw_duration_get_total (get_curves (self), i);
    if (total && common && total != common)
      return 0;
    common = total ? total : common;
  }
  return common;
}

static char *
dup_hours (gint64 total, double share)
{
  double hours = (double) total * share / 3600;
  return total ? g_strdup_printf (_ (" (%.*f h)"), hours < 100 ? 1 : 0, hours) : g_strdup ("");
}

static void
append_share (MwChartViews *self, GString *text, double share)
{
  MwDuration *curves = get_curves (self);
  gint64 common = common_total (self);
  g_autofree char *hours = dup_hours (common, share);
  g_string_append_printf (text, _ ("%.1f %% of the time%s"), share * 100, hours);
  for (guint i = 0; i < mw_chart_get_n_lines (get_chart (self)); i++) {
    gint64 total = mw_duration_get_total (curves, i);
    g_autofree char *number = dup_reached (self, i, share);
    g_autofree char *own = dup_hours (common ? 0 : total, share);
    if (total)
      g_string_append_printf (text, "    %s  ≥\u202f%s%s",
                              mw_chart_get_label (get_chart (self), i), number, own);
  }
}

static void
append_marks (MwChartViews *self, GString *text)
{
  MwDuration *curves = get_curves (self);
  for (guint i = 0; i < mw_chart_get_n_lines (get_chart (self)); i++) {
    g_autofree char *median = dup_reached (self, i, 0.5);
    g_autofree char *base = dup_reached (self, i, 0.95);
    if (mw_duration_get_total (curves, i) == 0)
      continue;
    g_string_append_printf (text, _ ("%s%s  median %s, 95 %% ≥\u202f%s"),
                            text->len ? "    " : "", mw_chart_get_label (get_chart (self), i),
                            median, base);
  }
}

static char *
dup_curves_text (MwChartViews *self)
{
  GString *text = g_string_new (NULL);
  MwChartGeometry g;
  double x, y;
  if (mw_chart_area_get_pointer (self->area, &g, &x, &y))
    append_share (self, text, mw_chart_geometry_time (&g, x));
  else
    append_marks (self, text);
  return g_string_free (text, FALSE);
}

char *
mw_chart_views_dup_text (MwChartViews *self)
{
  if (!self->area)
    return NULL;
  return self->picture == MW_REPORT_HEAT_MAP   ? dup_map_text (self)
         : self->picture == MW_REPORT_DURATION ? dup_curves_text (self)
                                               : NULL;
}

/* ---- choosing ---- */

MwReportPicture
mw_chart_views_get_picture (MwChartViews *self)
{
  return self->picture;
}

guint
mw_chart_views_get_line (MwChartViews *self)
{
  return self->picture == MW_REPORT_HEAT_MAP ? chosen_line (self) : G_MAXUINT;
}

/* The area draws what is chosen, and the name of the line stands where there is one. */
static void
show (MwChartViews *self)
{
  guint n = mw_chart_get_n_lines (get_chart (self));
  gboolean one = self->picture == MW_REPORT_HEAT_MAP;
  gtk_widget_set_visible (GTK_WIDGET (self->line), one && n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->only_line), one && n == 1);
  mw_chart_area_set_painter (self->area,
                             one                                   ? &map_painter
                             : self->picture == MW_REPORT_DURATION ? &curves_painter
                                                                   : NULL,
                             self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_toggled (MwChartViews *self, GtkToggleButton *button)
{
  MwReportPicture picture = button == self->heat_map   ? MW_REPORT_HEAT_MAP
                            : button == self->duration ? MW_REPORT_DURATION
                                                       : MW_REPORT_CHART;
  if (!self->area || !gtk_toggle_button_get_active (button) || picture == self->picture)
    return;
  self->picture = picture;
  mw_preferences_set_int (mw_preferences_get_default (), PREFERENCE, (int) picture);
  show (self);
}

static void
on_line (MwChartViews *self)
{
  if (!self->filling && self->area)
    show (self);
}

/* The names as they are now; what was chosen stays chosen. */
static void
fill_lines (MwChartViews *self)
{
  MwChart *chart = get_chart (self);
  guint n = mw_chart_get_n_lines (chart), chosen = 0;
  GtkStringObject *before = gtk_drop_down_get_selected_item (self->line);
  g_autofree char *wanted = before ? g_strdup (gtk_string_object_get_string (before)) : NULL;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < n; i++) {
    gtk_string_list_append (names, mw_chart_get_label (chart, i));
    if (g_strcmp0 (mw_chart_get_label (chart, i), wanted) == 0)
      chosen = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->line, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->line, n ? chosen : GTK_INVALID_LIST_POSITION);
  gtk_label_set_label (self->only_line, n ? mw_chart_get_label (chart, 0) : "");
  self->filling = FALSE;
}

void
mw_chart_views_lines_changed (MwChartViews *self)
{
  g_clear_pointer (&self->map, mw_heatmap_free);
  g_clear_pointer (&self->curves, mw_duration_free);
  fill_lines (self);
  show (self);
}

void
mw_chart_views_set_area (MwChartViews *self, MwChartArea *area)
{
  int picture = mw_preferences_get_int (mw_preferences_get_default (), PREFERENCE, 0);
  self->area = area;
  if (picture == MW_REPORT_HEAT_MAP)
    gtk_toggle_button_set_active (self->heat_map, TRUE);
  else if (picture == MW_REPORT_DURATION)
    gtk_toggle_button_set_active (self->duration, TRUE);
}

/* ---- object ---- */

static void
mw_chart_views_dispose (GObject *object)
{
  MwChartViews *self = MW_CHART_VIEWS (object);
  self->area = NULL;
  g_clear_pointer (&self->map, mw_heatmap_free);
  g_clear_pointer (&self->curves, mw_duration_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_CHART_VIEWS);
  G_OBJECT_CLASS (mw_chart_views_parent_class)->dispose (object);
}

static void
mw_chart_views_class_init (MwChartViewsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_chart_views_dispose;
  signals[CHANGED] = g_signal_new ("changed", MW_TYPE_CHART_VIEWS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/chart-views.ui");
  gtk_widget_class_bind_template_child (widget_class, MwChartViews, chart);
  gtk_widget_class_bind_template_child (widget_class, MwChartViews, heat_map);
  gtk_widget_class_bind_template_child (widget_class, MwChartViews, duration);
  gtk_widget_class_bind_template_child (widget_class, MwChartViews, line);
  gtk_widget_class_bind_template_child (widget_class, MwChartViews, only_line);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_line);
}

static void
mw_chart_views_init (MwChartViews *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
