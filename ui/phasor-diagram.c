#include "phasor-diagram.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define RADIANS (G_PI / 180.0)
#define MARGIN 30.0
#define HEAD 9.0 /* of an arrow */

struct _MwPhasorDiagram {
  GtkWidget parent_instance;
  mw_wiring wiring;
};

G_DEFINE_FINAL_TYPE (MwPhasorDiagram, mw_phasor_diagram, GTK_TYPE_WIDGET)

GdkRGBA
mw_phase_colour (guint phase, gboolean dark)
{
  /* Okabe-Ito: vermilion, bluish green, blue; lighter on dark. */
  static const GdkRGBA light[3] = { { 0.835f, 0.369f, 0, 1 },
                                    { 0, 0.56f, 0.42f, 1 },
                                    { 0, 0.447f, 0.698f, 1 } };
  static const GdkRGBA darks[3] = { { 0.98f, 0.55f, 0.22f, 1 },
                                    { 0.18f, 0.78f, 0.6f, 1 },
                                    { 0.34f, 0.71f, 0.91f, 1 } };
  return dark ? darks[phase % 3] : light[phase % 3];
}

typedef struct {
  cairo_t *cr;
  double x, y, r;
  GtkWidget *widget;
  GdkRGBA fg;
} Paper;

/* ANGLE clockwise is lagging; 0 is up. */
static void
arrow (const Paper *p, double angle, double length, const GdkRGBA *colour, double width,
       gboolean filled)
{
  double a = (-90.0 - angle) * RADIANS, l = length * p->r;
  double tx = p->x + l * cos (a), ty = p->y + l * sin (a);
  double head = MIN (HEAD, l * 0.5);
  gdk_cairo_set_source_rgba (p->cr, colour);
  cairo_set_line_width (p->cr, width);
  cairo_move_to (p->cr, p->x, p->y);
  cairo_line_to (p->cr, tx - head * 0.8 * cos (a), ty - head * 0.8 * sin (a));
  cairo_stroke (p->cr);
  cairo_move_to (p->cr, tx, ty);
  cairo_line_to (p->cr, tx - head * cos (a - 0.42), ty - head * sin (a - 0.42));
  if (filled) {
    cairo_line_to (p->cr, tx - head * cos (a + 0.42), ty - head * sin (a + 0.42));
    cairo_close_path (p->cr);
    cairo_fill (p->cr);
  } else {
    cairo_move_to (p->cr, tx, ty);
    cairo_line_to (p->cr, tx - head * cos (a + 0.42), ty - head * sin (a + 0.42));
    cairo_stroke (p->cr);
  }
}

static void
write_at (const Paper *p, double angle, double distance, const char *text,
          const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (p->widget, text);
  double a = (-90.0 - angle) * RADIANS;
  int w, h;
  pango_layout_get_pixel_size (layout, &w, &h);
  gdk_cairo_set_source_rgba (p->cr, colour);
  cairo_move_to (p->cr, p->x + distance * cos (a) - w / 2.0,
                 p->y + distance * sin (a) - h / 2.0);
  pango_cairo_show_layout (p->cr, layout);
}

static void
draw_grid (const Paper *p)
{
  static const double dash[] = { 3, 4 };
  GdkRGBA faint = p->fg;
  faint.alpha = 0.18f;
  gdk_cairo_set_source_rgba (p->cr, &faint);
  cairo_set_line_width (p->cr, 1);
  cairo_arc (p->cr, p->x, p->y, p->r, 0, 2 * G_PI);
  cairo_stroke (p->cr);
  cairo_set_dash (p->cr, dash, 2, 0);
  cairo_arc (p->cr, p->x, p->y, p->r / 2, 0, 2 * G_PI);
  cairo_stroke (p->cr);
  cairo_move_to (p->cr, p->x - p->r, p->y);
  cairo_line_to (p->cr, p->x + p->r, p->y);
  cairo_move_to (p->cr, p->x, p->y - p->r);
  cairo_line_to (p->cr, p->x, p->y + p->r);
  cairo_stroke (p->cr);
  cairo_set_dash (p->cr, NULL, 0, 0);
}

/* Which way the voltages rotate, as an arc below the circle. */
static void
draw_rotation (const Paper *p, gboolean reversed)
{
  GdkRGBA faint = p->fg;
  double r = p->r + 10, from = 68 * RADIANS, to = 112 * RADIANS;
  double end = reversed ? from : to, turn = reversed ? -1 : 1;
  faint.alpha = reversed ? 0.9f : 0.5f;
  gdk_cairo_set_source_rgba (p->cr, &faint);
  cairo_set_line_width (p->cr, 1.5);
  cairo_new_path (p->cr); /* text leaves a point behind */
  cairo_arc (p->cr, p->x, p->y, r, from, to);
  cairo_stroke (p->cr);
  double tx = p->x + r * cos (end), ty = p->y + r * sin (end), dir = end + turn * G_PI / 2;
  cairo_move_to (p->cr, tx + 6 * cos (dir), ty + 6 * sin (dir));
  cairo_line_to (p->cr, tx + 4 * cos (end), ty + 4 * sin (end));
  cairo_line_to (p->cr, tx - 4 * cos (end), ty - 4 * sin (end));
  cairo_close_path (p->cr);
  cairo_fill (p->cr);
}

static double
voltage_angle (const mw_wiring *w, guint k)
{
  if (!isnan (w->phase[k].u_angle))
    return w->phase[k].u_angle;
  return (w->sequence_known && w->sequence_reversed ? 120.0 : -120.0) * k;
}

static void
draw_phasors (MwPhasorDiagram *self, const Paper *p, gboolean dark)
{
  const mw_wiring *w = &self->wiring;
  double nominal = mw_wiring_nominal (w), top_i = 0, phi[MW_WIRING_PHASES];
  mw_wiring_angles (w, phi);
  for (guint k = 0; k < w->phases; k++)
    top_i = isnan (w->phase[k].i) ? top_i : fmax (top_i, w->phase[k].i);
  for (guint k = 0; k < w->phases; k++) {
    const mw_wiring_phase *f = &w->phase[k];
    GdkRGBA colour = mw_phase_colour (k, dark), pale = colour;
    char name[3] = { 'L', (char) ('1' + k), 0 };
    /* The diagram turns clockwise: lagging is clockwise, so the angle's sign changes. */
    double ua = voltage_angle (w, k);
    pale.alpha = 0.45f;
    if (isnan (f->u))
      continue;
    arrow (p, ua, CLAMP (f->u / nominal, 0.02, 1.12) * 0.86, &pale, 2, FALSE);
    write_at (p, ua, p->r + 14, name, &colour);
    if (!isnan (f->i) && !isnan (phi[k]) && top_i > 0 && f->i > 0)
      arrow (p, ua - phi[k], (0.2 + 0.5 * f->i / top_i), &colour, 3.5, TRUE);
  }
}

static void
mw_phasor_diagram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwPhasorDiagram *self = MW_PHASOR_DIAGRAM (widget);
  int w = gtk_widget_get_width (widget), h = gtk_widget_get_height (widget);
  Paper p = {
    .x = w / 2.0, .y = h / 2.0, .r = MAX (10, MIN (w, h) / 2.0 - MARGIN), .widget = widget
  };
  p.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) w, (float) h));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &p.fg);
  cairo_set_line_cap (p.cr, CAIRO_LINE_CAP_ROUND);
  draw_grid (&p);
  draw_phasors (self, &p, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  if (self->wiring.phases == 3 && !isnan (mw_wiring_nominal (&self->wiring)))
    draw_rotation (&p, self->wiring.sequence_known && self->wiring.sequence_reversed);
  cairo_destroy (p.cr);
}

static void
mw_phasor_diagram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = 200;
  *natural = 264;
}

/* For those who do not see it: what it shows, in words. */
static void
describe (MwPhasorDiagram *self)
{
  double phi[MW_WIRING_PHASES];
  GString *text = g_string_new (_ ("Phasor diagram"));
  mw_wiring_angles (&self->wiring, phi);
  for (guint k = 0; k < self->wiring.phases; k++) {
    const mw_wiring_phase *f = &self->wiring.phase[k];
    if (!isnan (f->u))
      g_string_append_printf (text, ", L%u %.0f V", k + 1, f->u);
    if (!isnan (phi[k]))
      g_string_append_printf (text, _ (" current at %.0f°"), phi[k]);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text->str, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text->str);
  g_string_free (text, TRUE);
}

void
mw_phasor_diagram_set_wiring (MwPhasorDiagram *self, const mw_wiring *wiring)
{
  self->wiring = *wiring;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
mw_phasor_diagram_class_init (MwPhasorDiagramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  widget_class->snapshot = mw_phasor_diagram_snapshot;
  widget_class->measure = mw_phasor_diagram_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mw_phasor_diagram_init (MwPhasorDiagram *self)
{
  self->wiring = mw_wiring_unknown (3);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
mw_phasor_diagram_new (void)
{
  return g_object_new (MW_TYPE_PHASOR_DIAGRAM, NULL);
}
