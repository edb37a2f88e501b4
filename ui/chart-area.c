#include "chart-area.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MAX_HISTORY 50
#define ZOOM_STEP 0.8
#define DRAG_THRESHOLD 5
#define PAN_PART 0.2

struct _MwChartArea {
  GtkWidget parent_instance;

  /* owned */
  MwChart *chart;
  GArray *history; /* of MwChartView */
  cairo_surface_t *drawn;

  const MwChartPainter *painter; /* borrowed; NULL: the chart draws itself */
  gpointer painter_data;         /* borrowed */

  MwChartView view;
  MwChartGeometry geometry;
  double cursor_x; /* NAN: the pointer is elsewhere */
  double cursor_y;
  double drag_x;  /* where the drag began, NAN: none */
  double mark_to; /* NAN: nothing is being marked */
  double pinch_width;
  gboolean panning;
  MwChartView drag_view;
  gboolean empty;
};

G_DEFINE_FINAL_TYPE (MwChartArea, mw_chart_area, GTK_TYPE_WIDGET)

enum { VIEW_CHANGED, CURSOR_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

MwChartStyle
mw_chart_area_style (GtkWidget *widget, char **font)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (manager);
  MwChartStyle style =
      adw_style_manager_get_high_contrast (manager)
          ? (dark ? mw_chart_style_high_contrast_dark : mw_chart_style_high_contrast)
          : (dark ? mw_chart_style_dark : mw_chart_style_light);
  const PangoFontDescription *description =
      pango_context_get_font_description (gtk_widget_get_pango_context (widget));
  *font = pango_font_description_to_string (description);
  style.font = *font;
  style.background.alpha = 0;
  return style;
}

static void
forget_drawing (MwChartArea *self)
{
  g_clear_pointer (&self->drawn, cairo_surface_destroy);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The chart as it stands, drawn once for each view and size. */
static void
draw_chart (MwChartArea *self, const MwChartStyle *style, int width, int height)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  if (self->drawn && cairo_image_surface_get_width (self->drawn) == width * scale
      && cairo_image_surface_get_height (self->drawn) == height * scale)
    return;
  g_clear_pointer (&self->drawn, cairo_surface_destroy);
  self->drawn = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  cairo_surface_set_device_scale (self->drawn, scale, scale);
  cairo_t *cr = cairo_create (self->drawn);
  if (self->painter)
    self->painter->draw (self->painter_data, cr, style, self->view, width, height,
                         &self->geometry);
  else
    mw_chart_draw (self->chart, cr, style, self->view, width, height, &self->geometry);
  cairo_destroy (cr);
}

static void
draw_pointer (MwChartArea *self, cairo_t *cr, const MwChartStyle *style)
{
  MwChartGeometry g;
  double x, y, t;
  if (self->painter && mw_chart_area_get_pointer (self, &g, &x, &y))
    self->painter->draw_pointer (self->painter_data, cr, style, &g, x, y);
  else if (!self->painter && mw_chart_area_get_cursor (self, &t))
    mw_chart_draw_crosshair (self->chart, cr, style, &self->geometry, t);
}

static void
mw_chart_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwChartArea *self = MW_CHART_AREA (widget);
  int w = gtk_widget_get_width (widget), h = gtk_widget_get_height (widget);
  g_autofree char *font = NULL;
  if (self->empty || w < 10 || h < 10)
    return;
  MwChartStyle style = mw_chart_area_style (widget, &font);
  draw_chart (self, &style, w, h);
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) w, (float) h));
  cairo_set_source_surface (cr, self->drawn, 0, 0);
  cairo_paint (cr);
  if (!isnan (self->mark_to))
    mw_chart_draw_selection (cr, &style, &self->geometry,
                             mw_chart_geometry_time (&self->geometry, self->drag_x),
                             mw_chart_geometry_time (&self->geometry, self->mark_to));
  draw_pointer (self, cr, &style);
  cairo_destroy (cr);
}

static void
mw_chart_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                       int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 320;
}

static void
mw_chart_area_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  forget_drawing (MW_CHART_AREA (widget));
}

static void
describe (MwChartArea *self)
{
  g_autofree char *from = mw_chart_dup_time_text (self->chart, self->view.t0);
  g_autofree char *to = mw_chart_dup_time_text (self->chart, self->view.t1);
  const char *title =
      self->painter ? _ (self->painter->title) : _ ("Load profile from %s to %s");
  g_auto (GStrv) parts = g_strsplit (title, "%s", 3);
  g_autofree char *text = g_strv_length (parts) == 3
                              ? g_strconcat (parts[0], from, parts[1], to, parts[2], NULL)
                              : g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static gboolean
is_over_time (MwChartArea *self)
{
  return !self->painter || self->painter->over_time;
}

void
mw_chart_area_set_view (MwChartArea *self, MwChartView view, gboolean remember)
{
  if (self->empty || (view.t0 == self->view.t0 && view.t1 == self->view.t1))
    return;
  if (remember) {
    g_array_append_val (self->history, self->view);
    if (self->history->len > MAX_HISTORY)
      g_array_remove_index (self->history, 0);
  }
  self->view = view;
  if (is_over_time (self))
    self->geometry.view = view;
  describe (self);
  forget_drawing (self);
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

MwChartView
mw_chart_area_get_view (MwChartArea *self)
{
  return self->view;
}

MwChart *
mw_chart_area_get_chart (MwChartArea *self)
{
  return self->chart;
}

void
mw_chart_area_refresh (MwChartArea *self, gboolean keep_view)
{
  MwChartView extent;
  gboolean was_empty = self->empty;
  self->empty = !mw_chart_get_extent (self->chart, &extent);
  if (was_empty || !keep_view || self->empty) {
    self->view = extent;
    g_array_set_size (self->history, 0);
  } else {
    self->view = mw_chart_zoom_to (self->chart, self->view.t0, self->view.t1);
  }
  describe (self);
  forget_drawing (self);
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

void
mw_chart_area_zoom_all (MwChartArea *self)
{
  MwChartView extent;
  if (mw_chart_get_extent (self->chart, &extent))
    mw_chart_area_set_view (self, extent, TRUE);
}

gboolean
mw_chart_area_can_go_back (MwChartArea *self)
{
  return self->history->len > 0;
}

void
mw_chart_area_back (MwChartArea *self)
{
  if (self->history->len == 0)
    return;
  MwChartView view = g_array_index (self->history, MwChartView, self->history->len - 1);
  g_array_set_size (self->history, self->history->len - 1);
  mw_chart_area_set_view (self, view, FALSE);
}

gboolean
mw_chart_area_get_cursor (MwChartArea *self, double *t)
{
  const MwChartGeometry *g = &self->geometry;
  if (self->empty || !is_over_time (self) || isnan (self->cursor_x) || self->cursor_x < g->x
      || self->cursor_x > g->x + g->width)
    return FALSE;
  *t = mw_chart_geometry_time (g, self->cursor_x);
  return TRUE;
}

void
mw_chart_area_set_painter (MwChartArea *self, const MwChartPainter *painter, gpointer data)
{
  if (painter != self->painter)
    self->geometry.width = 0; /* the pointer is nowhere until the new picture is drawn */
  self->painter = painter;
  self->painter_data = data;
  self->mark_to = NAN;
  describe (self);
  forget_drawing (self);
}

gboolean
mw_chart_area_get_pointer (MwChartArea *self, MwChartGeometry *geometry, double *x, double *y)
{
  const MwChartGeometry *g = &self->geometry;
  if (self->empty || isnan (self->cursor_x) || self->cursor_x < g->x
      || self->cursor_x >= g->x + g->width || self->cursor_y < g->y
      || self->cursor_y >= g->y + g->height)
    return FALSE;
  *geometry = *g;
  *x = self->cursor_x;
  *y = self->cursor_y;
  return TRUE;
}

/* ---- pointer ---- */

static void
set_cursor_x (MwChartArea *self, double x)
{
  self->cursor_x = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

static void
on_motion (MwChartArea *self, double x, double y)
{
  self->cursor_y = y;
  set_cursor_x (self, x);
}

static void
on_leave (MwChartArea *self)
{
  set_cursor_x (self, NAN);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, MwChartArea *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->panning = button == GDK_BUTTON_MIDDLE || (state & GDK_SHIFT_MASK);
  self->drag_x = x;
  self->drag_view = self->view;
  self->mark_to = NAN;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, MwChartArea *self)
{
  if (self->panning) {
    double seconds =
        -dx * (self->drag_view.t1 - self->drag_view.t0) / MAX (self->geometry.width, 1);
    mw_chart_area_set_view (self, mw_chart_pan (self->chart, self->drag_view, seconds), FALSE);
  } else if (is_over_time (self) && fabs (dx) > DRAG_THRESHOLD) {
    self->mark_to = self->drag_x + dx;
    set_cursor_x (self, self->mark_to);
  }
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, MwChartArea *self)
{
  if (self->panning && self->view.t0 != self->drag_view.t0)
    g_array_append_val (self->history, self->drag_view);
  if (!self->panning && !isnan (self->mark_to)) {
    double from = mw_chart_geometry_time (&self->geometry, self->drag_x);
    double to = mw_chart_geometry_time (&self->geometry, self->mark_to);
    mw_chart_area_set_view (self, mw_chart_zoom_to (self->chart, from, to), TRUE);
  }
  self->mark_to = NAN;
  self->panning = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, MwChartArea *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  double width = self->view.t1 - self->view.t0, t;
  if (state & GDK_SHIFT_MASK || fabs (dx) > fabs (dy)) {
    double step = (fabs (dx) > fabs (dy) ? dx : dy) * width * 0.1;
    mw_chart_area_set_view (self, mw_chart_pan (self->chart, self->view, step), FALSE);
    return TRUE;
  }
  if (!mw_chart_area_get_cursor (self, &t))
    t = (self->view.t0 + self->view.t1) / 2;
  mw_chart_area_set_view (
      self, mw_chart_zoom (self->chart, self->view, t, pow (ZOOM_STEP, -dy)), FALSE);
  return TRUE;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, MwChartArea *self)
{
  self->drag_view = self->view;
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, MwChartArea *self)
{
  double x, y;
  if (scale <= 0 || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  double t = mw_chart_geometry_time (&self->geometry, x);
  mw_chart_area_set_view (self, mw_chart_zoom (self->chart, self->drag_view, t, 1 / scale),
                          FALSE);
}

/* ---- keys ---- */

static void
pan_by (MwChartArea *self, double part)
{
  double width = self->view.t1 - self->view.t0;
  mw_chart_area_set_view (self, mw_chart_pan (self->chart, self->view, part * width), FALSE);
}

static gboolean
on_key (MwChartArea *self, guint key, guint code, GdkModifierType state)
{
  double middle = (self->view.t0 + self->view.t1) / 2;
  if (self->empty || state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add:
  case GDK_KEY_equal:
    mw_chart_area_set_view (self, mw_chart_zoom (self->chart, self->view, middle, 0.5), TRUE);
    break;
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract:
    mw_chart_area_set_view (self, mw_chart_zoom (self->chart, self->view, middle, 2), TRUE);
    break;
  case GDK_KEY_0:
  case GDK_KEY_KP_0:
    mw_chart_area_zoom_all (self);
    break;
  case GDK_KEY_BackSpace:
    mw_chart_area_back (self);
    break;
  case GDK_KEY_Left:
    pan_by (self, -PAN_PART);
    break;
  case GDK_KEY_Right:
    pan_by (self, PAN_PART);
    break;
  case GDK_KEY_Home:
    pan_by (self, -1e6);
    break;
  case GDK_KEY_End:
    pan_by (self, 1e6);
    break;
  default:
    return GDK_EVENT_PROPAGATE;
  }
  return GDK_EVENT_STOP;
}

/* ---- object ---- */

static void
mw_chart_area_finalize (GObject *object)
{
  MwChartArea *self = MW_CHART_AREA (object);
  g_clear_pointer (&self->drawn, cairo_surface_destroy);
  g_clear_pointer (&self->chart, mw_chart_free);
  g_array_unref (self->history);
  G_OBJECT_CLASS (mw_chart_area_parent_class)->finalize (object);
}

static void
mw_chart_area_class_init (MwChartAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = mw_chart_area_finalize;
  widget_class->snapshot = mw_chart_area_snapshot;
  widget_class->measure = mw_chart_area_measure;
  widget_class->size_allocate = mw_chart_area_size_allocate;
  signals[VIEW_CHANGED] = g_signal_new ("view-changed", MW_TYPE_CHART_AREA, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CURSOR_CHANGED] =
      g_signal_new ("cursor-changed", MW_TYPE_CHART_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_controllers (MwChartArea *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}

static void
mw_chart_area_init (MwChartArea *self)
{
  self->chart = mw_chart_new ();
  self->history = g_array_new (FALSE, FALSE, sizeof (MwChartView));
  self->cursor_x = self->drag_x = self->mark_to = NAN;
  self->empty = TRUE;
  self->view = (MwChartView){ 0, 86400 };
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "chart");
  add_controllers (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (forget_drawing), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (forget_drawing), self, G_CONNECT_SWAPPED);
}

GtkWidget *
mw_chart_area_new (void)
{
  return g_object_new (MW_TYPE_CHART_AREA, NULL);
}
