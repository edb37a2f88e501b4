#include "coverage-bar.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "store.h"

#define HEIGHT 6

struct _MwCoverageBar {
  GtkWidget parent_instance;
  GArray *spans;
  gint64 oldest, newest;
  guint period_s;
};

G_DEFINE_FINAL_TYPE (MwCoverageBar, mw_coverage_bar, GTK_TYPE_WIDGET)

typedef enum { STORED, IN_METER, LOST } Kind;
typedef void (*Visit) (Kind kind, gint64 from, gint64 to, gpointer data);

/* A stretch that is not stored: what the meter still has of it, and what it no longer has. */
static void
visit_missing (MwCoverageBar *self, gint64 from, gint64 to, Visit visit, gpointer data)
{
  gboolean known = self->oldest != G_MININT64;
  gint64 edge = known ? CLAMP (self->oldest, from, to) : to;
  gint64 end = known ? CLAMP (self->newest, edge, to) : to;
  if (edge > from)
    visit (LOST, from, edge, data);
  if (end > edge)
    visit (IN_METER, edge, end, data);
}

static gboolean
get_range (MwCoverageBar *self, gint64 *from, gint64 *to)
{
  guint n = self->spans ? self->spans->len : 0;
  if (n == 0 && self->oldest == G_MININT64)
    return FALSE;
  *from = n ? g_array_index (self->spans, MwLoggerSpan, 0).from : self->oldest;
  *to = n ? g_array_index (self->spans, MwLoggerSpan, n - 1).to : self->newest;
  if (self->oldest != G_MININT64) {
    *from = MIN (*from, self->oldest);
    *to = MAX (*to, self->newest);
  }
  return *to > *from;
}

static void
visit_all (MwCoverageBar *self, Visit visit, gpointer data)
{
  gint64 from, to;
  if (!get_range (self, &from, &to))
    return;
  for (guint i = 0; self->spans && i < self->spans->len; i++) {
    const MwLoggerSpan *span = &g_array_index (self->spans, MwLoggerSpan, i);
    if (span->from - from > (gint64) self->period_s)
      visit_missing (self, from, span->from, visit, data);
    visit (STORED, span->from, span->to, data);
    from = span->to;
  }
  if (to - from >= MAX ((gint64) self->period_s, 1))
    visit_missing (self, from, to, visit, data);
}

typedef struct {
  GtkSnapshot *snapshot;
  double width, scale;
  gint64 from;
  GdkRGBA colours[3];
  double seconds[3];
} Paint;

static void
paint (Kind kind, gint64 from, gint64 to, gpointer data)
{
  Paint *p = data;
  double x0 = (double) (from - p->from) * p->scale, x1 = (double) (to - p->from) * p->scale;
  gtk_snapshot_append_color (
      p->snapshot, &p->colours[kind],
      &GRAPHENE_RECT_INIT ((float) x0, 0, (float) MAX (x1 - x0, 1), HEIGHT));
}

static void
count (Kind kind, gint64 from, gint64 to, gpointer data)
{
  ((double *) data)[kind] += (double) (to - from);
}

static GdkRGBA
look_up (GtkWidget *widget, const char *name, float alpha)
{
  GdkRGBA colour = { 0.2f, 0.5f, 0.9f, 1 };
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  colour.alpha *= alpha;
  return colour;
}

static void
mw_coverage_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwCoverageBar *self = MW_COVERAGE_BAR (widget);
  int w = gtk_widget_get_width (widget);
  gint64 from, to;
  Paint p = { .snapshot = snapshot, .width = w };
  GskRoundedRect clip;
  GdkRGBA trough = look_up (widget, "window_fg_color", 0.1f);
  gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (0, 0, (float) w, HEIGHT),
                                   HEIGHT / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  gtk_snapshot_append_color (snapshot, &trough, &clip.bounds);
  if (get_range (self, &from, &to)) {
    p.from = from;
    p.scale = w / (double) (to - from);
    p.colours[STORED] = look_up (widget, "accent_bg_color", 1);
    p.colours[IN_METER] = look_up (widget, "accent_bg_color", 0.35f);
    p.colours[LOST] = look_up (widget, "error_bg_color", 0.75f);
    visit_all (self, paint, &p);
  }
  gtk_snapshot_pop (snapshot);
}

static void
mw_coverage_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                         int *minimum, int *natural, int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : HEIGHT;
}

void
mw_coverage_bar_get_shares (MwCoverageBar *self, double *stored, double *in_meter, double *lost)
{
  double seconds[3] = { 0 };
  visit_all (self, count, seconds);
  double all = seconds[STORED] + seconds[IN_METER] + seconds[LOST];
  *stored = all > 0 ? seconds[STORED] / all : 0;
  *in_meter = all > 0 ? seconds[IN_METER] / all : 0;
  *lost = all > 0 ? seconds[LOST] / all : 0;
}

void
mw_coverage_bar_set (MwCoverageBar *self, GArray *spans, gint64 oldest, gint64 newest,
                     guint period_s)
{
  double stored, in_meter, lost;
  g_clear_pointer (&self->spans, g_array_unref);
  self->spans = spans ? g_array_ref (spans) : NULL;
  self->oldest = oldest;
  self->newest = newest;
  self->period_s = period_s;
  mw_coverage_bar_get_shares (self, &stored, &in_meter, &lost);
  g_autofree char *text =
      g_strdup_printf (_ ("%.0f %% stored, %.0f %% still in the meter, %.0f %% lost"),
                       stored * 100, in_meter * 100, lost * 100);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
mw_coverage_bar_finalize (GObject *object)
{
  g_clear_pointer (&MW_COVERAGE_BAR (object)->spans, g_array_unref);
  G_OBJECT_CLASS (mw_coverage_bar_parent_class)->finalize (object);
}

static void
mw_coverage_bar_class_init (MwCoverageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = mw_coverage_bar_finalize;
  widget_class->snapshot = mw_coverage_bar_snapshot;
  widget_class->measure = mw_coverage_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mw_coverage_bar_init (MwCoverageBar *self)
{
  self->oldest = self->newest = G_MININT64;
}

GtkWidget *
mw_coverage_bar_new (void)
{
  return g_object_new (MW_TYPE_COVERAGE_BAR, NULL);
}
