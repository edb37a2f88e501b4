#include "plan-grid.h"

#include <glib/gi18n.h>

#define LABEL_WIDTH 130
#define FOOT 18

struct _MwPlanGrid {
  GtkWidget parent_instance;

  /* owned */
  guint8 *cells;
  char **labels;

  guint rows, columns, key_step;
  int row_height;
  gboolean flows, hours, dragging;
  guint row0, column0; /* where the range began */
  guint row1, column1; /* the cursor */
};

G_DEFINE_FINAL_TYPE (MwPlanGrid, mw_plan_grid, GTK_TYPE_WIDGET)

static guint paint_signal;

GdkRGBA
mw_plan_grid_colour (guint tariff)
{
  static const guint32 colours[8] = { 0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442,
                                      0x0072b2, 0xd55e00, 0xcc79a7, 0x999999 };
  guint32 c = colours[(tariff - 1) % 8];
  return (GdkRGBA){ (float) (c >> 16 & 255) / 255, (float) (c >> 8 & 255) / 255,
                    (float) (c & 255) / 255, 1 };
}

static guint8
cell (MwPlanGrid *self, guint row, guint column)
{
  return self->cells[row * self->columns + column];
}

void
mw_plan_grid_set (MwPlanGrid *self, guint row, guint column, guint8 value)
{
  guint8 *at = &self->cells[row * self->columns + column];
  if (*at == value)
    return;
  *at = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
mw_plan_grid_set_row_label (MwPlanGrid *self, guint row, const char *label)
{
  g_free (self->labels[row]);
  self->labels[row] = g_strdup (label);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
mw_plan_grid_set_hours (MwPlanGrid *self, gboolean hours)
{
  self->hours = hours;
}

void
mw_plan_grid_set_key_step (MwPlanGrid *self, guint step)
{
  self->key_step = step;
}

/* ---- what is marked ---- */

static gboolean
is_marked (MwPlanGrid *self, guint row, guint column)
{
  if (self->flows) {
    guint a = self->row0 * self->columns + self->column0;
    guint b = self->row1 * self->columns + self->column1;
    guint at = row * self->columns + column;
    return at >= MIN (a, b) && at <= MAX (a, b);
  }
  return row >= MIN (self->row0, self->row1) && row <= MAX (self->row0, self->row1)
         && column >= MIN (self->column0, self->column1)
         && column <= MAX (self->column0, self->column1);
}

static void
say_cursor (MwPlanGrid *self)
{
  g_autofree char *place =
      self->hours ? g_strdup_printf ("%s %02u:%02u", self->labels[self->row1],
                                     self->column1 * 24 / self->columns,
                                     self->column1 * 1440 / self->columns % 60)
                  : g_strdup_printf ("%u %s", self->column1 + 1, self->labels[self->row1]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  place, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), place);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
paint (MwPlanGrid *self, guint value)
{
  guint r0 = self->row0, c0 = self->column0, r1 = self->row1, c1 = self->column1;
  if (self->flows && r0 * self->columns + c0 > r1 * self->columns + c1) {
    guint r = r0, c = c0;
    r0 = r1, c0 = c1, r1 = r, c1 = c;
  }
  if (!self->flows) {
    guint r = MIN (r0, r1), c = MIN (c0, c1);
    r1 = MAX (r0, r1), c1 = MAX (c0, c1);
    r0 = r, c0 = c;
  }
  g_signal_emit (self, paint_signal, 0, r0, c0, r1, c1, value);
}

/* ---- mouse and keys ---- */

static gboolean
find_cell (MwPlanGrid *self, double x, double y, guint *row, guint *column)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - LABEL_WIDTH;
  int r = CLAMP ((int) (y / self->row_height), 0, (int) self->rows - 1);
  int c = CLAMP ((int) ((x - LABEL_WIDTH) / width * self->columns), 0, (int) self->columns - 1);
  *row = (guint) r;
  *column = (guint) c / self->key_step * self->key_step;
  return x >= LABEL_WIDTH;
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, MwPlanGrid *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->dragging = find_cell (self, x, y, &self->row0, &self->column0);
  self->row1 = self->row0;
  self->column1 = self->column0;
  if (self->dragging && self->key_step > 1)
    self->column1 += self->key_step - 1;
  say_cursor (self);
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, MwPlanGrid *self)
{
  double x, y;
  gtk_gesture_drag_get_start_point (drag, &x, &y);
  if (!self->dragging)
    return;
  find_cell (self, x + dx, y + dy, &self->row1, &self->column1);
  if (self->column1 >= self->column0)
    self->column1 += self->key_step - 1;
  say_cursor (self);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, MwPlanGrid *self)
{
  if (self->dragging)
    paint (self, 0);
  self->dragging = FALSE;
}

static void
move (MwPlanGrid *self, int rows, int columns, gboolean extend)
{
  self->row1 = (guint) CLAMP ((int) self->row1 + rows, 0, (int) self->rows - 1);
  self->column1 = (guint) CLAMP ((int) self->column1 + columns, 0, (int) self->columns - 1);
  if (!extend) {
    self->row0 = self->row1;
    self->column0 = self->column1;
  }
  say_cursor (self);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
        MwPlanGrid *self)
{
  gboolean extend = (state & GDK_SHIFT_MASK) != 0;
  int step = (int) self->key_step;
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  if (key == GDK_KEY_Left)
    move (self, 0, -step, extend);
  else if (key == GDK_KEY_Right)
    move (self, 0, step, extend);
  else if (key == GDK_KEY_Up)
    move (self, -1, 0, extend);
  else if (key == GDK_KEY_Down)
    move (self, 1, 0, extend);
  else if (key == GDK_KEY_Home)
    move (self, 0, -(int) self->columns, extend);
  else if (key == GDK_KEY_End)
    move (self, 0, (int) self->columns, extend);
  else if (key == GDK_KEY_space || key == GDK_KEY_Return)
    paint (self, 0);
  else if (key >= GDK_KEY_1 && key <= GDK_KEY_8)
    paint (self, key - GDK_KEY_0);
  else
    return FALSE;
  return TRUE;
}

/* ---- drawing ---- */

static void
set_colour (cairo_t *cr, guint8 value)
{
  GdkRGBA c = { 1, 1, 1, 1 };
  guint8 season = value & ~MW_GRID_HOLIDAY;
  if (season >= 1 && season <= 8)
    c = mw_plan_grid_colour (season);
  else if (season == MW_GRID_SUMMER)
    c = (GdkRGBA){ 0.55f, 0.83f, 0.45f, 1 };
  gdk_cairo_set_source_rgba (cr, &c);
}

static void
draw_text (MwPlanGrid *self, cairo_t *cr, const char *text, double x, double y, double width)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int w, h;
  if (width > 0) {
    pango_layout_set_width (layout, (int) width * PANGO_SCALE);
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  }
  pango_layout_get_pixel_size (layout, &w, &h);
  cairo_move_to (cr, width > 0 ? x : x - w / 2.0, y + (self->row_height - h) / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* Cells of the same value side by side are one area with one number. */
static void
draw_run (MwPlanGrid *self, cairo_t *cr, guint row, guint from, guint until, double wide)
{
  guint8 value = cell (self, row, from);
  double x = LABEL_WIDTH + from * wide, w = (until - from) * wide;
  double y = row * self->row_height + 1, h = self->row_height - 2;
  if (value == MW_GRID_ABSENT)
    return;
  if (value == MW_GRID_NOTHING)
    cairo_set_source_rgba (cr, 0.5, 0.5, 0.5, 0.25);
  else
    set_colour (cr, value);
  cairo_rectangle (cr, x, y, self->flows ? w - 1 : w, h);
  cairo_fill (cr);
  char text[8] = "";
  if (value >= 1 && value <= 8)
    g_snprintf (text, sizeof text, "%u", value);
  else if (value != MW_GRID_NOTHING)
    g_snprintf (text, sizeof text, "%s%s",
                (value & ~MW_GRID_HOLIDAY) == MW_GRID_SUMMER ? _ ("S") : "",
                value & MW_GRID_HOLIDAY ? _ ("H") : "");
  cairo_set_source_rgb (cr, 0, 0, 0);
  if (*text && w > 8)
    draw_text (self, cr, text, x + w / 2, row * self->row_height, 0);
}

static void
draw_row (MwPlanGrid *self, cairo_t *cr, guint row, double wide)
{
  gboolean each = self->flows; /* days stand alone */
  for (guint from = 0; from < self->columns;) {
    guint until = from + 1;
    while (!each && until < self->columns && cell (self, row, until) == cell (self, row, from))
      until++;
    draw_run (self, cr, row, from, until, wide);
    from = until;
  }
}

static void
draw_marks (MwPlanGrid *self, cairo_t *cr, double wide)
{
  cairo_set_source_rgba (cr, 0.1, 0.3, 0.8, 0.45);
  for (guint row = 0; row < self->rows; row++)
    for (guint c = 0; c < self->columns; c++)
      if (is_marked (self, row, c))
        cairo_rectangle (cr, LABEL_WIDTH + c * wide, row * self->row_height, MAX (wide, 1),
                         self->row_height);
  cairo_fill (cr);
}

/* Hours of a day, days of a month. */
static void
draw_foot (MwPlanGrid *self, cairo_t *cr, int width)
{
  int n = self->hours ? 24 : (int) self->columns, step = self->hours ? 3 : 1;
  double y = self->rows * self->row_height - (self->row_height - FOOT) / 2.0;
  for (int i = 0; i < n; i += step) {
    char text[8];
    double wide = (double) (width - LABEL_WIDTH) / n;
    g_snprintf (text, sizeof text, self->hours ? "%02d" : "%d", self->hours ? i : i + 1);
    draw_text (self, cr, text, LABEL_WIDTH + i * wide + (self->hours ? 0 : wide / 2), y,
               self->hours ? 30 : 0);
  }
}

static void
mw_plan_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwPlanGrid *self = MW_PLAN_GRID (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double wide = (double) (width - LABEL_WIDTH) / self->columns;
  GdkRGBA ink;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  for (guint row = 0; row < self->rows; row++) {
    gdk_cairo_set_source_rgba (cr, &ink);
    draw_text (self, cr, self->labels[row], 0, row * self->row_height, LABEL_WIDTH - 8);
    draw_row (self, cr, row, wide);
  }
  if (gtk_widget_has_focus (widget) || self->dragging)
    draw_marks (self, cr, wide);
  gdk_cairo_set_source_rgba (cr, &ink);
  draw_foot (self, cr, width);
  cairo_destroy (cr);
}

static void
mw_plan_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  MwPlanGrid *self = MW_PLAN_GRID (widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 420;
    *natural = 720;
  } else {
    *minimum = *natural = (int) self->rows * self->row_height + FOOT;
  }
}

static void
mw_plan_grid_finalize (GObject *object)
{
  MwPlanGrid *self = MW_PLAN_GRID (object);
  g_free (self->cells);
  g_strfreev (self->labels);
  G_OBJECT_CLASS (mw_plan_grid_parent_class)->finalize (object);
}

static void
mw_plan_grid_class_init (MwPlanGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = mw_plan_grid_finalize;
  widget_class->snapshot = mw_plan_grid_snapshot;
  widget_class->measure = mw_plan_grid_measure;
  gtk_widget_class_set_css_name (widget_class, "plangrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  paint_signal = g_signal_new ("paint", MW_TYPE_PLAN_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 5, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT,
                               G_TYPE_UINT, G_TYPE_UINT);
}

static void
mw_plan_grid_init (MwPlanGrid *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "chart");
  self->key_step = 1;
}

GtkWidget *
mw_plan_grid_new (guint rows, guint columns, gboolean flows, int row_height, const char *label)
{
  MwPlanGrid *self = g_object_new (MW_TYPE_PLAN_GRID, NULL);
  self->rows = rows;
  self->columns = columns;
  self->flows = flows;
  self->row_height = row_height;
  self->cells = g_malloc0 (rows * columns);
  self->labels = g_new0 (char *, rows + 1);
  for (guint i = 0; i < rows; i++)
    self->labels[i] = g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return GTK_WIDGET (self);
}
