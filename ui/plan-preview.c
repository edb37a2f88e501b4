#include "plan-preview.h"

#include "plan-grid.h"
#include "simulate.h"

#define SLOTS 96
#define SLOT_S 900
#define FOOT 18

struct _MwPlanPreview {
  GtkWidget parent_instance;

  cairo_surface_t *picture; /* owned, or NULL */
  int year;
};

G_DEFINE_FINAL_TYPE (MwPlanPreview, mw_plan_preview, GTK_TYPE_WIDGET)

static guint32
pixel (const MwSimState *state)
{
  guint v = state->tariff;
  if (v == MW_SIM_NOTHING && state->output[0] != MW_SIM_NOTHING)
    v = state->output[0] ? 3 : 6;
  if (v < 1 || v > MW_PLAN_TARIFFS)
    return 0xffc8c8c8;
  GdkRGBA c = mw_plan_grid_colour (v);
  return 0xff000000 | (guint32) (c.red * 255) << 16 | (guint32) (c.green * 255) << 8
         | (guint32) (c.blue * 255);
}

cairo_surface_t *
mw_plan_preview_paint (const MwPlan *plan, int year)
{
  const MwSimClock clock = { 0 };
  int days = mw_days_of_year (year);
  gint64 from = (gint64) mw_day (year, 1, 1) * 86400;
  g_autoptr (MwSim) sim = mw_sim_new (plan, &clock, from, from + (gint64) days * 86400);
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, days, SLOTS);
  guint32 *pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (picture);
  int stride = cairo_image_surface_get_stride (picture) / 4;
  guint at = 0;
  cairo_surface_flush (picture);
  for (int i = 0; i < days * SLOTS; i++) {
    gint64 utc = from + (gint64) i * SLOT_S;
    while (at + 1 < sim->n && sim->stretch[at + 1].from <= utc)
      at++;
    pixels[i % SLOTS * stride + i / SLOTS] = pixel (&sim->stretch[at].state);
  }
  cairo_surface_mark_dirty (picture);
  return picture;
}

void
mw_plan_preview_set (MwPlanPreview *self, const MwPlan *plan, int year)
{
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  self->picture = mw_plan_preview_paint (plan, year);
  self->year = year;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
draw_months (MwPlanPreview *self, cairo_t *cr, int width, int height)
{
  double days = mw_days_of_year (self->year);
  for (int month = 1; month <= 12; month++) {
    char text[8];
    double x = mw_day_of_year (mw_day (self->year, month, 1)) / days * width;
    g_snprintf (text, sizeof text, "%d", month);
    g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
    cairo_move_to (cr, x, height - FOOT);
    pango_cairo_show_layout (cr, layout);
  }
}

static void
mw_plan_preview_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwPlanPreview *self = MW_PLAN_PREVIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA ink;
  if (!self->picture)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  gdk_cairo_set_source_rgba (cr, &ink);
  draw_months (self, cr, width, height);
  cairo_scale (cr, (double) width / cairo_image_surface_get_width (self->picture),
               (double) (height - FOOT) / SLOTS);
  cairo_set_source_surface (cr, self->picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
}

static void
mw_plan_preview_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                         int *minimum, int *natural, int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 366 : SLOTS + FOOT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 732 : 2 * SLOTS + FOOT;
}

static void
mw_plan_preview_finalize (GObject *object)
{
  g_clear_pointer (&MW_PLAN_PREVIEW (object)->picture, cairo_surface_destroy);
  G_OBJECT_CLASS (mw_plan_preview_parent_class)->finalize (object);
}

static void
mw_plan_preview_class_init (MwPlanPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = mw_plan_preview_finalize;
  widget_class->snapshot = mw_plan_preview_snapshot;
  widget_class->measure = mw_plan_preview_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mw_plan_preview_init (MwPlanPreview *self)
{
}

GtkWidget *
mw_plan_preview_new (void)
{
  return g_object_new (MW_TYPE_PLAN_PREVIEW, NULL);
}
