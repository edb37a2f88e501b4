#include "lcd-view.h"

#include <glib/gi18n.h>

#include "appearance.h"

/* The picture in units of its own; it is scaled to the width that there is. */
#define WIDTH 330.0
#define HEIGHT 118.0
#define PLATE 20.0 /* the printed names of the cursors, below the glass */
#define MIN_WIDTH 240
#define NATURAL_WIDTH 360
#define MAX_WIDTH 480 /* wider it stands in the middle */

struct _MwLcdView {
  GtkWidget parent_instance;
  MwLcd lcd;
  guint seconds;
};

G_DEFINE_FINAL_TYPE (MwLcdView, mw_lcd_view, GTK_TYPE_WIDGET)

static const struct {
  MwLcdCursor cursor;
  const char *name; /* printed on every meter: not translated */
} cursors[] = {
  { MW_LCD_T1, "T1/5" }, { MW_LCD_T2, "T2/6" }, { MW_LCD_T3, "T3/7" }, { MW_LCD_T4, "T4/8" },
  { MW_LCD_MB, "MB" },   { MW_LCD_SD, "SD" },   { MW_LCD_SPARE, "" },  { MW_LCD_DLC, "DLC" },
  { MW_LCD_DRO, "DRO" }, { MW_LCD_FF, "FF" },   { MW_LCD_SET, "SET" },
};

static const double glass[3] = { 0.79, 0.835, 0.735 };
static const double ink[3] = { 0.07, 0.10, 0.08 };
static const double ghost = 0.055; /* a segment that is off, as one sees it on the glass */

typedef struct {
  cairo_t *cr;
  GtkWidget *widget;
} Paper;

static void
set_ink (const Paper *p, gboolean on)
{
  cairo_set_source_rgba (p->cr, ink[0], ink[1], ink[2], on ? 1 : ghost);
}

static void
write_text (const Paper *p, double x, double y, double size, double align, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (p->widget, text);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans Bold");
  int w, h;
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_get_size (layout, &w, &h);
  cairo_move_to (p->cr, x - align * w / PANGO_SCALE, y - h / 2.0 / PANGO_SCALE);
  pango_cairo_show_layout (p->cr, layout);
}

/* ---- digits ---- */

/* A bar between (X0, Y0) and (X1, Y1), pointed at both ends, T thick. */
static void
bar (const Paper *p, double x0, double y0, double x1, double y1, double t)
{
  double gap = t * 0.18, half = t / 2;
  gboolean flat = y0 == y1;
  cairo_t *cr = p->cr;
  if (flat) {
    cairo_move_to (cr, x0 + gap, y0);
    cairo_line_to (cr, x0 + gap + half, y0 - half);
    cairo_line_to (cr, x1 - gap - half, y0 - half);
    cairo_line_to (cr, x1 - gap, y0);
    cairo_line_to (cr, x1 - gap - half, y0 + half);
    cairo_line_to (cr, x0 + gap + half, y0 + half);
  } else {
    double lean = (x1 - x0) / (y1 - y0), a = y0 + gap, b = y1 - gap;
    cairo_move_to (cr, x0 + lean * gap, a);
    cairo_line_to (cr, x0 + half + lean * half, a + half);
    cairo_line_to (cr, x1 + half - lean * half, b - half);
    cairo_line_to (cr, x1 - lean * gap, b);
    cairo_line_to (cr, x1 - half - lean * half, b - half);
    cairo_line_to (cr, x0 - half + lean * half, a + half);
  }
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* A digit W wide and H high with its lower left corner at (X, Y + H), leaning a little. */
static void
draw_digit (const Paper *p, const MwLcdDigit *d, double x, double y, double w, double h)
{
  static const guint8 ends[7][4] = { /* corners: 0 1 top, 2 3 middle, 4 5 bottom */
                                     { 0, 1, 0, 0 }, { 1, 3, 1, 0 }, { 3, 5, 1, 0 },
                                     { 4, 5, 0, 0 }, { 2, 4, 1, 0 }, { 0, 2, 1, 0 },
                                     { 2, 3, 0, 0 }
  };
  double t = w * 0.19, slant = h * 0.07;
  double cx[6] = { x + slant, x + w + slant, x + slant / 2, x + w + slant / 2, x, x + w };
  double cy[6] = { y, y, y + h / 2, y + h / 2, y + h, y + h };
  for (guint s = 0; s < 7; s++) {
    set_ink (p, d->segments >> s & 1);
    bar (p, cx[ends[s][0]], cy[ends[s][0]], cx[ends[s][1]], cy[ends[s][1]], t);
  }
  set_ink (p, d->dot);
  cairo_arc (p->cr, x + w + t * 1.35, y + h, t * 0.62, 0, 2 * G_PI);
  cairo_fill (p->cr);
  if (d->colon) {
    set_ink (p, TRUE);
    cairo_arc (p->cr, x + w + t * 1.75, y + h * 0.3, t * 0.52, 0, 2 * G_PI);
    cairo_arc (p->cr, x + w + t * 1.55, y + h * 0.68, t * 0.52, 0, 2 * G_PI);
    cairo_fill (p->cr);
  }
}

static void
draw_fields (const Paper *p, const MwLcd *lcd, guint seconds)
{
  MwLcdDigit code[MW_LCD_CODE_DIGITS], value[MW_LCD_VALUE_DIGITS];
  mw_lcd_digits (lcd->code, code, MW_LCD_CODE_DIGITS);
  mw_lcd_value_at (lcd, seconds, value);
  for (guint i = 0; i < MW_LCD_CODE_DIGITS; i++)
    draw_digit (p, &code[i], 14 + 17.0 * i, 54, 10, 21);
  for (guint i = 0; i < MW_LCD_VALUE_DIGITS; i++)
    draw_digit (p, &value[i], 104 + 27.2 * i, 34, 17, 41);
}

/* ---- arrows, phases, cursors ---- */

static void
triangle (const Paper *p, double x, double y, double r, double turn, gboolean on,
          gboolean hollow)
{
  cairo_save (p->cr);
  cairo_translate (p->cr, x, y);
  cairo_rotate (p->cr, turn);
  cairo_move_to (p->cr, 0, -r);
  cairo_line_to (p->cr, r * 0.95, r * 0.75);
  cairo_line_to (p->cr, -r * 0.95, r * 0.75);
  cairo_close_path (p->cr);
  cairo_restore (p->cr);
  set_ink (p, on);
  if (hollow) {
    cairo_set_line_width (p->cr, 1.4);
    cairo_stroke (p->cr);
  } else {
    cairo_fill (p->cr);
  }
}

/* A cross: active power along, reactive power upright. */
static void
draw_flow (const Paper *p, guint arrows)
{
  double x = 37, y = 24;
  set_ink (p, TRUE);
  write_text (p, x - 15, y, 9, 1, "−P");
  write_text (p, x + 15, y, 9, 0, "+P");
  triangle (p, x + 9, y, 4.6, G_PI / 2, arrows & MW_LCD_P_PLUS, FALSE);
  triangle (p, x - 9, y, 4.6, -G_PI / 2, arrows & MW_LCD_P_MINUS, FALSE);
  triangle (p, x, y - 9, 4.6, 0, arrows & MW_LCD_Q_PLUS, FALSE);
  triangle (p, x, y + 9, 4.6, G_PI, arrows & MW_LCD_Q_MINUS, FALSE);
  set_ink (p, TRUE);
  write_text (p, x + 8, y - 13, 9, 0, "+Q");
  write_text (p, x + 8, y + 13, 9, 0, "−Q");
}

static void
draw_phases (const Paper *p, const MwLcd *lcd)
{
  static const char *const names[] = { "L1", "L2", "L3" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    double x = 120 + 24.0 * i;
    gboolean on = lcd->phases >> i & 1;
    set_ink (p, on);
    write_text (p, x, 18, 12, 0.5, names[i]);
    if (on && lcd->phases_blink) {
      cairo_set_line_width (p->cr, 1.2);
      cairo_rectangle (p->cr, x - 10.5, 9.5, 21, 17);
      cairo_stroke (p->cr);
    }
  }
}

static void
draw_cursors (const Paper *p, const MwLcd *lcd, const GdkRGBA *fg)
{
  double step = (WIDTH - 20) / G_N_ELEMENTS (cursors);
  for (gsize i = 0; i < G_N_ELEMENTS (cursors); i++) {
    double x = 10 + step * ((double) i + 0.5);
    guint bit = 1u << cursors[i].cursor;
    triangle (p, x, HEIGHT - PLATE - 8, 4.6, G_PI, lcd->cursors & bit, lcd->blinking & bit);
    cairo_set_source_rgba (p->cr, fg->red, fg->green, fg->blue, lcd->cursors & bit ? 1 : 0.7);
    write_text (p, x, HEIGHT - PLATE / 2 + 1, 10.5, 0.5, cursors[i].name);
  }
}

static void
draw_glass (const Paper *p)
{
  double r = 6, h = HEIGHT - PLATE;
  cairo_new_sub_path (p->cr);
  cairo_arc (p->cr, WIDTH - r, r, r, -G_PI / 2, 0);
  cairo_arc (p->cr, WIDTH - r, h - r, r, 0, G_PI / 2);
  cairo_arc (p->cr, r, h - r, r, G_PI / 2, G_PI);
  cairo_arc (p->cr, r, r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (p->cr);
  cairo_set_source_rgb (p->cr, glass[0], glass[1], glass[2]);
  cairo_fill_preserve (p->cr);
  cairo_set_source_rgba (p->cr, 0, 0, 0, 0.35);
  cairo_set_line_width (p->cr, 1);
  cairo_stroke (p->cr);
}

static void
mw_lcd_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MwLcdView *self = MW_LCD_VIEW (widget);
  double w = gtk_widget_get_width (widget), h = gtk_widget_get_height (widget);
  double scale = MIN (w / WIDTH, h / HEIGHT);
  Paper p = { .widget = widget };
  GdkRGBA fg;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &fg);
  p.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) w, (float) h));
  cairo_translate (p.cr, (w - scale * WIDTH) / 2, (h - scale * HEIGHT) / 2);
  cairo_scale (p.cr, scale, scale);
  draw_glass (&p);
  draw_flow (&p, self->lcd.arrows);
  draw_phases (&p, &self->lcd);
  set_ink (&p, TRUE);
  write_text (&p, WIDTH - 14, 18, 15, 1, self->lcd.unit);
  draw_fields (&p, &self->lcd, self->seconds);
  draw_cursors (&p, &self->lcd, &fg);
  cairo_destroy (p.cr);
}

static void
mw_lcd_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN_WIDTH;
    *natural = NATURAL_WIDTH;
    return;
  }
  /* asked for no width in particular: as high as it ever gets, so says GTK's contract */
  int most = mw_appearance_scale (MAX_WIDTH);
  double width = for_size > 0 ? CLAMP (for_size, MIN_WIDTH, most) : most;
  *minimum = *natural = (int) (width * HEIGHT / WIDTH + 0.5);
}

static GtkSizeRequestMode
mw_lcd_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

void
mw_lcd_view_show (MwLcdView *self, const MwLcd *lcd, guint seconds)
{
  g_autofree char *text = mw_lcd_dup_text (lcd);
  g_autofree char *flags = mw_lcd_dup_flags_text (lcd);
  g_autofree char *name = g_strdup_printf (_ ("Display: %s; %s"), text, flags);
  self->lcd = *lcd;
  self->seconds = seconds;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
mw_lcd_view_class_init (MwLcdViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  widget_class->snapshot = mw_lcd_view_snapshot;
  widget_class->measure = mw_lcd_view_measure;
  widget_class->get_request_mode = mw_lcd_view_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mw_lcd_view_init (MwLcdView *self)
{
}

GtkWidget *
mw_lcd_view_new (void)
{
  return g_object_new (MW_TYPE_LCD_VIEW, NULL);
}
