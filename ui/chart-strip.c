#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "chart-area.h"

#define HEIGHT 56

struct _MwChartStrip {
  GtkWidget parent_instance;
  MwChartArea *area; /* owned */
  MwChartGeometry geometry;
  MwChartView drag_view;
};

G_DEFINE_FINAL_TYPE (MwChartStrip, mw_chart_strip, GTK_TYPE_WIDGET)

static void
mw_chart_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwChartStrip *self = MW_CHART_STRIP (widget);
  int w = gtk_widget_get_width (widget), h = gtk_widget_get_height (widget);
  g_autofree char *font = NULL;
  if (!self->area || w < 10)
    return;
  MwChartStyle style = mw_chart_area_style (widget, &font);
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) w, (float) h));
  mw_chart_draw_overview (mw_chart_area_get_chart (self->area), cr, &style,
                          mw_chart_area_get_view (self->area), w, h, &self->geometry);
  cairo_destroy (cr);
}

static void
mw_chart_strip_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                        int *minimum, int *natural, int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : HEIGHT;
}

/* Pressed outside the marked view: it comes there first. */
static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, MwChartStrip *self)
{
  MwChartView view = mw_chart_area_get_view (self->area);
  double t = mw_chart_geometry_time (&self->geometry, x);
  if (t < view.t0 || t > view.t1) {
    double middle = (view.t0 + view.t1) / 2;
    mw_chart_area_set_view (
        self->area, mw_chart_pan (mw_chart_area_get_chart (self->area), view, t - middle),
        TRUE);
  }
  self->drag_view = mw_chart_area_get_view (self->area);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, MwChartStrip *self)
{
  const MwChartGeometry *g = &self->geometry;
  double seconds = dx * (g->view.t1 - g->view.t0) / MAX (g->width, 1);
  mw_chart_area_set_view (
      self->area, mw_chart_pan (mw_chart_area_get_chart (self->area), self->drag_view, seconds),
      FALSE);
}

void
mw_chart_strip_set_area (MwChartStrip *self, MwChartArea *area)
{
  if (!g_set_object (&self->area, area))
    return;
  g_signal_connect_object (area, "view-changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

static void
mw_chart_strip_dispose (GObject *object)
{
  g_clear_object (&MW_CHART_STRIP (object)->area);
  G_OBJECT_CLASS (mw_chart_strip_parent_class)->dispose (object);
}

static void
mw_chart_strip_class_init (MwChartStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_chart_strip_dispose;
  widget_class->snapshot = mw_chart_strip_snapshot;
  widget_class->measure = mw_chart_strip_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mw_chart_strip_init (MwChartStrip *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The whole time, with the part that is shown"), -1);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
