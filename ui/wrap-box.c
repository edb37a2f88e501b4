#include "wrap-box.h"

struct _MwWrapBox {
  GtkWidget parent_instance;
  int spacing;
};

G_DEFINE_FINAL_TYPE (MwWrapBox, mw_wrap_box, GTK_TYPE_WIDGET)

enum { PROP_SPACING = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

/* A row: its children from FIRST up to END (not among them). */
typedef struct {
  GtkWidget *first, *end;
  int width; /* what its children count, with the spaces between them */
  int expanding;
} Row;

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
counted_width (GtkWidget *child)
{
  int minimum, natural;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL) ? minimum : natural;
}

/* The row that begins with FIRST when there is room for WIDTH. */
static Row
take_row (MwWrapBox *self, GtkWidget *first, int width)
{
  Row row = { .first = first };
  GtkWidget *child = first;
  while (child) {
    int more = counted_width (child) + (row.width ? self->spacing : 0);
    if (child != first && row.width + more > width)
      break;
    row.width += more;
    row.expanding += gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
    child = next_shown (gtk_widget_get_next_sibling (child));
  }
  row.end = child;
  return row;
}

static int
child_width (GtkWidget *child, const Row *row, int width)
{
  int counted = counted_width (child);
  if (row->expanding && gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
    return counted + MAX (0, width - row->width) / row->expanding;
  return MIN (counted, MAX (width, 1));
}

static int
at_least_minimum (GtkWidget *child, int width)
{
  int minimum;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return MAX (width, minimum);
}

static int
row_height (const Row *row, int width)
{
  int height = 0;
  for (GtkWidget *c = row->first; c != row->end;
       c = next_shown (gtk_widget_get_next_sibling (c))) {
    int natural, w = at_least_minimum (c, child_width (c, row, width));
    gtk_widget_measure (c, GTK_ORIENTATION_VERTICAL, w, NULL, &natural, NULL, NULL);
    height = MAX (height, natural);
  }
  return height;
}

static int
height_for (MwWrapBox *self, int width)
{
  int height = 0;
  GtkWidget *child = next_shown (gtk_widget_get_first_child (GTK_WIDGET (self)));
  while (child) {
    Row row = take_row (self, child, width);
    height += row_height (&row, width) + (height ? self->spacing : 0);
    child = row.end;
  }
  return height;
}

static void
mw_wrap_box_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  MwWrapBox *self = MW_WRAP_BOX (widget);
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = height_for (self, for_size < 0 ? G_MAXINT / 2 : for_size);
    return;
  }
  int widest = 0, all = 0;
  for (GtkWidget *c = next_shown (gtk_widget_get_first_child (widget)); c;
       c = next_shown (gtk_widget_get_next_sibling (c))) {
    int least, wished;
    gtk_widget_measure (c, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wished, NULL, NULL);
    widest = MAX (widest, least);
    all += wished + (all ? self->spacing : 0);
  }
  *minimum = widest;
  *natural = MAX (all, widest);
}

static void
place_row (MwWrapBox *self, const Row *row, int y, int width, int height)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x = 0;
  for (GtkWidget *c = row->first; c != row->end;
       c = next_shown (gtk_widget_get_next_sibling (c))) {
    int w = at_least_minimum (c, child_width (c, row, width));
    GtkAllocation a = { rtl ? width - x - w : x, y, w, height };
    gtk_widget_size_allocate (c, &a, -1);
    x += w + self->spacing;
  }
}

static void
mw_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MwWrapBox *self = MW_WRAP_BOX (widget);
  GtkWidget *child = next_shown (gtk_widget_get_first_child (widget));
  int y = 0;
  while (child) {
    Row row = take_row (self, child, width);
    int h = row_height (&row, width);
    place_row (self, &row, y, width, h);
    y += h + self->spacing;
    child = row.end;
  }
}

static GtkSizeRequestMode
mw_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
mw_wrap_box_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SPACING) {
    MW_WRAP_BOX (object)->spacing = g_value_get_int (value);
    gtk_widget_queue_resize (GTK_WIDGET (object));
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
mw_wrap_box_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SPACING)
    g_value_set_int (value, MW_WRAP_BOX (object)->spacing);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mw_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (mw_wrap_box_parent_class)->dispose (object);
}

static void
mw_wrap_box_class_init (MwWrapBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  object_class->dispose = mw_wrap_box_dispose;
  object_class->set_property = mw_wrap_box_set_property;
  object_class->get_property = mw_wrap_box_get_property;
  widget_class->measure = mw_wrap_box_measure;
  widget_class->size_allocate = mw_wrap_box_size_allocate;
  widget_class->get_request_mode = mw_wrap_box_get_request_mode;
  props[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT16, 0,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mw_wrap_box_init (MwWrapBox *self)
{
}
