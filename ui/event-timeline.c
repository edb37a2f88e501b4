#include "event-timeline.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "appearance.h"
#include "format.h"

#define LANE 20   /* pixels, with text of the usual size */
#define AXIS 20   /* below the lanes */
#define NAMES 220 /* at the left */
#define LEAST_BAR 3
#define NEAR 4 /* the pointer need not hit exactly */

struct _MwEventTimeline {
  GtkWidget parent_instance;
  GPtrArray *lanes;
  gint64 from, to;
};

G_DEFINE_FINAL_TYPE (MwEventTimeline, mw_event_timeline, GTK_TYPE_WIDGET)

static int
names_width (MwEventTimeline *self)
{
  return MIN (mw_appearance_scale (NAMES), gtk_widget_get_width (GTK_WIDGET (self)) / 2);
}

static double
x_of (MwEventTimeline *self, gint64 t)
{
  double left = names_width (self), width = gtk_widget_get_width (GTK_WIDGET (self)) - left - 8;
  return left + width * (double) (t - self->from) / (double) MAX (1, self->to - self->from);
}

/* ---- drawing ---- */

static void
write_at (MwEventTimeline *self, GtkSnapshot *snapshot, const char *text, double x, double y,
          int width, PangoAlignment align, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, align);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
draw_lane (MwEventTimeline *self, GtkSnapshot *snapshot, guint i, const GdkRGBA *fg,
           const GdkRGBA *bar)
{
  const MwEventLane *lane = self->lanes->pdata[i];
  float h = (float) mw_appearance_scale (LANE), y = h * (float) i;
  float left = (float) names_width (self);
  GdkRGBA faint = *fg;
  faint.alpha *= 0.07f;
  gtk_snapshot_append_color (
      snapshot, &faint,
      &GRAPHENE_RECT_INIT (left, y + 3, gtk_widget_get_width (GTK_WIDGET (self)) - left - 8,
                           h - 6));
  for (guint s = 0; s < lane->spans->len; s++) {
    MwEventSpan span = g_array_index (lane->spans, MwEventSpan, s);
    float x0 = (float) x_of (self, span.from), x1 = (float) x_of (self, span.to);
    gtk_snapshot_append_color (
        snapshot, bar,
        &GRAPHENE_RECT_INIT (x0 - LEAST_BAR / 2, y + 3, MAX (x1 - x0, LEAST_BAR), h - 6));
  }
  write_at (self, snapshot, lane->name, 0, y + 1, (int) left - 8, PANGO_ALIGN_LEFT, fg);
}

static void
draw_axis (MwEventTimeline *self, GtkSnapshot *snapshot, const GdkRGBA *fg)
{
  int left = names_width (self), width = gtk_widget_get_width (GTK_WIDGET (self)) - left - 8;
  double y = mw_appearance_scale (LANE) * (double) self->lanes->len + 2;
  g_autofree char *from = mw_format_time (self->from);
  g_autofree char *to = mw_format_time (self->to);
  GdkRGBA dim = *fg;
  dim.alpha *= 0.75f;
  write_at (self, snapshot, from, left, y, width / 2, PANGO_ALIGN_LEFT, &dim);
  if (self->to > self->from)
    write_at (self, snapshot, to, left + width / 2, y, width / 2, PANGO_ALIGN_RIGHT, &dim);
}

static void
mw_event_timeline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwEventTimeline *self = MW_EVENT_TIMELINE (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA fg, bar = { 0.84f, 0.37f, 0, 1 };
  if (!self->lanes || self->lanes->len == 0)
    return;
  gtk_style_context_get_color (style, &fg);
  gtk_style_context_lookup_color (style, "accent_color", &bar);
  for (guint i = 0; i < self->lanes->len; i++)
    draw_lane (self, snapshot, i, &fg, &bar);
  draw_axis (self, snapshot, &fg);
}

static void
mw_event_timeline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  MwEventTimeline *self = MW_EVENT_TIMELINE (widget);
  guint n = self->lanes ? self->lanes->len : 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = 120, *natural = 480;
  else
    *minimum = *natural = n ? mw_appearance_scale (LANE * (int) n + AXIS) + 4 : 0;
}

/* ---- what is under the pointer ---- */

static gboolean
on_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                  gpointer data)
{
  MwEventTimeline *self = MW_EVENT_TIMELINE (widget);
  guint i = (guint) (y / MAX (1, mw_appearance_scale (LANE)));
  if (keyboard || !self->lanes || i >= self->lanes->len)
    return FALSE;
  const MwEventLane *lane = self->lanes->pdata[i];
  for (guint s = 0; s < lane->spans->len; s++) {
    MwEventSpan span = g_array_index (lane->spans, MwEventSpan, s);
    if (x < x_of (self, span.from) - NEAR || x > x_of (self, span.to) + NEAR)
      continue;
    g_autofree char *from = mw_format_meter_time (span.from, MW_DEVIATION_ANY);
    g_autofree char *to = mw_format_meter_time (span.to, MW_DEVIATION_ANY);
    g_autofree char *text = span.to > span.from
                                ? g_strdup_printf ("%s\n%s – %s", lane->name, from, to)
                                : g_strdup_printf ("%s\n%s", lane->name, from);
    gtk_tooltip_set_text (tooltip, text);
    return TRUE;
  }
  gtk_tooltip_set_text (tooltip, lane->name);
  return TRUE;
}

static void
describe (MwEventTimeline *self)
{
  GString *text = g_string_new (_ ("Timeline"));
  for (guint i = 0; self->lanes && i < self->lanes->len; i++) {
    const MwEventLane *lane = self->lanes->pdata[i];
    g_string_append_printf (text, "%s %s: %u", i ? "," : ":", lane->name, lane->spans->len);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text->str, -1);
  g_string_free (text, TRUE);
}

void
mw_event_timeline_take_lanes (MwEventTimeline *self, GPtrArray *lanes)
{
  g_clear_pointer (&self->lanes, g_ptr_array_unref);
  self->lanes = lanes;
  self->from = G_MAXINT64;
  self->to = G_MININT64;
  for (guint i = 0; lanes && i < lanes->len; i++) {
    const MwEventLane *lane = lanes->pdata[i];
    for (guint s = 0; s < lane->spans->len; s++) {
      MwEventSpan span = g_array_index (lane->spans, MwEventSpan, s);
      self->from = MIN (self->from, span.from);
      self->to = MAX (self->to, span.to);
    }
  }
  describe (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
mw_event_timeline_finalize (GObject *object)
{
  g_clear_pointer (&MW_EVENT_TIMELINE (object)->lanes, g_ptr_array_unref);
  G_OBJECT_CLASS (mw_event_timeline_parent_class)->finalize (object);
}

static void
mw_event_timeline_class_init (MwEventTimelineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = mw_event_timeline_finalize;
  widget_class->snapshot = mw_event_timeline_snapshot;
  widget_class->measure = mw_event_timeline_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mw_event_timeline_init (MwEventTimeline *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}
