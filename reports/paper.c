/* paper.c: pages of a report; see paper.h. */
#include "paper.h"

#include <cairo-pdf.h>
#include <string.h>

#include "outfile.h"

#define FOOTER_Y (MW_PAPER_HEIGHT - MW_PAPER_MARGIN)
#define BOTTOM (FOOTER_Y - 16)
#define ROW_H 12.0

static const char *const fonts[] = {
  [MW_FACE_TEXT] = "Sans 8",        [MW_FACE_BOLD] = "Sans Bold 8", [MW_FACE_SMALL] = "Sans 7",
  [MW_FACE_TITLE] = "Sans Bold 15", [MW_FACE_HEAD] = "Sans Bold 7",
};

static const MwChartColour black = { 0.08, 0.08, 0.08, 1 };
static const MwChartColour grey = { 0.40, 0.40, 0.40, 1 };
static const MwChartColour rule = { 0.75, 0.75, 0.75, 1 };
static const MwChartColour stripe = { 0.955, 0.955, 0.96, 1 };
static const MwChartColour warning = { 0.75, 0.30, 0.0, 1 };

/* ---- text ---- */

static void
colour (MwPaper *p, const MwChartColour *c)
{
  cairo_set_source_rgba (p->cr, c->red, c->green, c->blue, c->alpha);
}

static void
set_text (MwPaper *p, MwFace face, const char *text, double width)
{
  PangoFontDescription *font = pango_font_description_from_string (fonts[face]);

  pango_layout_set_font_description (p->layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (p->layout, width > 0 ? (int) (width * PANGO_SCALE) : -1);
  pango_layout_set_ellipsize (p->layout,
                              width > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  pango_layout_set_height (p->layout, width > 0 ? -1 : 0);
  pango_layout_set_text (p->layout, text, -1);
}

/* TEXT in one line on the base line Y, within WIDTH (0: as it comes) from X. */
static void
put (MwPaper *p, MwFace face, const char *text, double x, double y, double width,
     double x_share)
{
  PangoRectangle box;

  if (mw_paper_is_counting (p))
    return;
  set_text (p, face, text, width);
  if (width > 0) {
    pango_layout_set_width (p->layout, -1);
    pango_layout_get_extents (p->layout, NULL, &box);
    if ((double) box.width / PANGO_SCALE > width)
      pango_layout_set_width (p->layout, (int) (width * PANGO_SCALE));
  }
  pango_layout_get_extents (p->layout, NULL, &box);
  cairo_move_to (p->cr,
                 x + x_share * ((width > 0 ? width : 0) - (double) box.width / PANGO_SCALE),
                 y - (double) pango_layout_get_baseline (p->layout) / PANGO_SCALE);
  pango_cairo_show_layout (p->cr, p->layout);
}

static void
horizontal (MwPaper *p, double y, const MwChartColour *c)
{
  colour (p, c);
  cairo_rectangle (p->cr, MW_PAPER_MARGIN, y, MW_PAPER_INNER, 0.5);
  cairo_fill (p->cr);
}

/* ---- pages ---- */

/* Who it is about, on every page: type, serial number, and that it is no real meter if so. */
static void
page_header (MwPaper *p)
{
  const MwMeterInfo *m = p->meter;
  g_autofree char *who = NULL;
  double y = MW_PAPER_MARGIN + 12;

  if (m)
    who = g_strdup_printf ("%s%s%s  ·  %s", m->manufacturer ? m->manufacturer : "",
                           m->manufacturer && *m->manufacturer ? " " : "",
                           m->type ? m->type : "Meter", m->serial ? m->serial : "");
  colour (p, &black);
  put (p, p->page == 1 ? MW_FACE_TITLE : MW_FACE_BOLD, p->title, MW_PAPER_MARGIN, y, 0, 0);
  if (p->page > 1 && who)
    put (p, MW_FACE_TEXT, who, MW_PAPER_MARGIN, y, MW_PAPER_INNER, 1);
  if (m && m->reference) {
    y += p->page == 1 ? 15 : 11;
    colour (p, &warning);
    put (p, MW_FACE_BOLD, "REFERENCE METER: simulated values, not those of a real meter",
         MW_PAPER_MARGIN, y, 0, 0);
  }
  horizontal (p, y + 6, &rule);
  p->y = y + 18;
}

static void
page_footer (MwPaper *p)
{
  g_autofree char *number = p->n_pages ? g_strdup_printf ("%u of %u", p->page, p->n_pages)
                                       : g_strdup_printf ("%u", p->page);

  horizontal (p, FOOTER_Y - 12, &rule);
  colour (p, &grey);
  put (p, MW_FACE_SMALL, p->footer, MW_PAPER_MARGIN, FOOTER_Y, MW_PAPER_INNER - 60, 0);
  put (p, MW_FACE_SMALL, number, MW_PAPER_MARGIN, FOOTER_Y, MW_PAPER_INNER, 1);
}

static void
next_page (MwPaper *p)
{
  if (p->page > 0) {
    page_footer (p);
    cairo_show_page (p->cr);
  }
  p->page++;
  page_header (p);
}

static void table_head (MwPaper *p);

void
mw_paper_need (MwPaper *p, double height)
{
  if (p->y + height <= BOTTOM)
    return;
  next_page (p);
  if (p->columns)
    table_head (p);
}

void
mw_paper_space (MwPaper *p, double height)
{
  p->y += height;
}

void
mw_paper_heading (MwPaper *p, const char *text)
{
  mw_paper_need (p, 6 + ROW_H * 4);
  p->y += 6;
  colour (p, &black);
  put (p, MW_FACE_BOLD, text, MW_PAPER_MARGIN, p->y + 9, MW_PAPER_INNER, 0);
  p->y += ROW_H + 3;
}

void
mw_paper_line (MwPaper *p, MwFace face, const char *text)
{
  mw_paper_need (p, ROW_H);
  colour (p, face == MW_FACE_SMALL ? &grey : &black);
  put (p, face, text, MW_PAPER_MARGIN, p->y + 9, MW_PAPER_INNER, 0);
  p->y += ROW_H;
}

void
mw_paper_fact (MwPaper *p, const char *name, const char *value)
{
  if (!value || !*value)
    return;
  mw_paper_need (p, ROW_H);
  colour (p, &grey);
  put (p, MW_FACE_TEXT, name, MW_PAPER_MARGIN, p->y + 9, 110, 0);
  colour (p, &black);
  put (p, MW_FACE_TEXT, value, MW_PAPER_MARGIN + 116, p->y + 9, MW_PAPER_INNER - 116, 0);
  p->y += ROW_H;
}

/* ---- tables ---- */

/* Words after a column of numbers keep their distance. */
static double
pad_of (const MwPaper *p, guint c)
{
  return c > 0 && p->columns[c].x_share == 0 && p->columns[c - 1].x_share > 0 ? 9 : 3;
}

static void
put_cells (MwPaper *p, MwFace face, const char *const *cells)
{
  double x = MW_PAPER_MARGIN;

  for (guint c = 0; c < p->n_columns; c++) {
    const MwPaperColumn *column = &p->columns[c];
    if (cells[c] && *cells[c] && !column->wraps)
      put (p, face, cells[c], x + pad_of (p, c), p->y + 9, column->width - pad_of (p, c) - 3,
           column->x_share);
    x += column->width;
  }
}

static gboolean
has_units (const MwPaper *p)
{
  for (guint c = 0; c < p->n_columns; c++)
    if (p->columns[c].unit)
      return TRUE;
  return FALSE;
}

static void
table_head (MwPaper *p)
{
  double x = MW_PAPER_MARGIN, second = has_units (p) ? 10 : 0;

  for (guint c = 0; c < p->n_columns; c++) {
    const MwPaperColumn *column = &p->columns[c];
    colour (p, &black);
    put (p, MW_FACE_HEAD, column->title, x + pad_of (p, c), p->y + 9,
         column->width - pad_of (p, c) - 3, column->x_share);
    colour (p, &grey);
    if (column->unit)
      put (p, MW_FACE_SMALL, column->unit, x + 3, p->y + 9 + second, column->width - 6,
           column->x_share);
    x += column->width;
  }
  p->y += ROW_H + 1 + second;
  horizontal (p, p->y, &grey);
  p->y += 1.5;
  p->row = 0;
}

void
mw_paper_table_begin (MwPaper *p, const MwPaperColumn *columns, guint n_columns)
{
  mw_paper_need (p, 3 * ROW_H);
  p->columns = columns;
  p->n_columns = n_columns;
  table_head (p);
}

static void
begin_row (MwPaper *p, double height)
{
  mw_paper_need (p, height);
  if (p->row++ % 2 == 1) {
    colour (p, &stripe);
    cairo_rectangle (p->cr, MW_PAPER_MARGIN, p->y, MW_PAPER_INNER, height);
    cairo_fill (p->cr);
  }
}

/* The layout holds the text of a wrapping cell; its height. */
static double
set_wrapped (MwPaper *p, const MwPaperColumn *column, const char *text)
{
  int height;

  set_text (p, MW_FACE_TEXT, text, column->width - 6);
  pango_layout_set_ellipsize (p->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_wrap (p->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_size (p->layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

void
mw_paper_table_row (MwPaper *p, const char *const *cells)
{
  double height = ROW_H, x = MW_PAPER_MARGIN;

  for (guint c = 0; cells && c < p->n_columns; c++)
    if (p->columns[c].wraps && cells[c])
      height = MAX (height, set_wrapped (p, &p->columns[c], cells[c]) + 3);
  begin_row (p, height);
  if (mw_paper_is_counting (p)) {
    p->y += height;
    return;
  }
  colour (p, &black);
  put_cells (p, MW_FACE_TEXT, cells);
  for (guint c = 0; c < p->n_columns; c++) {
    if (p->columns[c].wraps && cells[c]) {
      set_wrapped (p, &p->columns[c], cells[c]);
      cairo_move_to (p->cr, x + 3,
                     p->y + 9 - (double) pango_layout_get_baseline (p->layout) / PANGO_SCALE);
      pango_cairo_show_layout (p->cr, p->layout);
    }
    x += p->columns[c].width;
  }
  p->y += height;
}

void
mw_paper_table_note (MwPaper *p, const char *text)
{
  begin_row (p, ROW_H);
  colour (p, &grey);
  put (p, MW_FACE_TEXT, text, MW_PAPER_MARGIN + 3, p->y + 9, MW_PAPER_INNER - 6, 0);
  p->y += ROW_H;
}

void
mw_paper_table_group (MwPaper *p, const char *text)
{
  mw_paper_need (p, 3 * ROW_H);
  p->y += 4;
  p->row = 0;
  colour (p, &black);
  put (p, MW_FACE_BOLD, text, MW_PAPER_MARGIN + 3, p->y + 9, MW_PAPER_INNER - 6, 0);
  p->y += ROW_H;
}

void
mw_paper_table_end (MwPaper *p)
{
  p->columns = NULL;
  p->y += 6;
}

/* ---- twice over the pages ---- */

static guint
lay_out (MwPaper *p, cairo_surface_t *surface, MwPaperFunc func, gpointer data)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  p->cr = cairo_create (surface);
  p->layout = pango_cairo_create_layout (p->cr);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (p->layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (p->layout, TRUE);
  /* A point is a point: pango would count in 1/96 inch. */
  pango_cairo_context_set_resolution (pango_layout_get_context (p->layout), 72);
  p->page = 0;
  p->columns = NULL;
  next_page (p);
  func (p, data);
  page_footer (p);
  cairo_show_page (p->cr);
  g_object_unref (p->layout);
  cairo_destroy (p->cr);
  return p->page;
}

/* Where the PDF's octets go; the first error stays. */
typedef struct {
  MwOutfile *file;
  GError *error;
} Sink;

static cairo_status_t
write_octets (void *closure, const unsigned char *data, unsigned int len)
{
  Sink *sink = closure;

  if (!sink->error)
    mw_outfile_write (sink->file, data, len, &sink->error);
  return sink->error ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
drop_octets (void *closure, const unsigned char *data, unsigned int len)
{
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
finish (Sink *sink, cairo_surface_t *surface, GError **error)
{
  cairo_status_t status;

  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (!sink->error && status == CAIRO_STATUS_SUCCESS)
    return mw_outfile_commit (sink->file, error);
  if (sink->error)
    g_propagate_error (error, sink->error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The report could not be drawn: %s.",
                 cairo_status_to_string (status));
  mw_outfile_discard (sink->file);
  return FALSE;
}

gboolean
mw_paper_save (const char *path, const char *title, const MwMeterInfo *meter,
               const char *footer, MwPaperFunc func, gpointer data, GError **error)
{
  MwPaper paper = { .title = title, .meter = meter, .footer = footer };
  Sink sink = { mw_outfile_open (path, error), NULL };
  cairo_surface_t *surface;

  if (!sink.file)
    return FALSE;
  surface =
      cairo_pdf_surface_create_for_stream (drop_octets, NULL, MW_PAPER_WIDTH, MW_PAPER_HEIGHT);
  paper.n_pages = lay_out (&paper, surface, func, data);
  cairo_surface_destroy (surface);

  surface = cairo_pdf_surface_create_for_stream (write_octets, &sink, MW_PAPER_WIDTH,
                                                 MW_PAPER_HEIGHT);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Meterwright");
  lay_out (&paper, surface, func, data);
  return finish (&sink, surface, error);
}
