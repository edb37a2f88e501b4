/* paper.h: pages of a report: header, footer with page numbers, tables; for reports/ alone.
 *
 * A report is laid out twice: once onto nothing to count the pages, once onto the PDF, so that
 * each page can say "3 of 12".  Whatever draws goes through here and calls mw_paper_need before
 * it takes room.  Units are points, the origin is the top left corner of the page.
 */
#ifndef MW_PAPER_H
#define MW_PAPER_H

#include <pango/pangocairo.h>

#include "chart.h"
#include "report.h"

G_BEGIN_DECLS

#define MW_PAPER_WIDTH 595.28 /* A4 */
#define MW_PAPER_HEIGHT 841.89
#define MW_PAPER_MARGIN 42.0
#define MW_PAPER_INNER (MW_PAPER_WIDTH - 2 * MW_PAPER_MARGIN)

typedef enum {
  MW_FACE_TEXT,
  MW_FACE_BOLD,
  MW_FACE_SMALL,
  MW_FACE_TITLE,
  MW_FACE_HEAD, /* of a table's columns */
} MwFace;

typedef struct {
  const char *title;
  double width;     /* points */
  double x_share;   /* 0 left, 1 right */
  const char *unit; /* below the title, or NULL */
  gboolean wraps;   /* long texts take more lines */
} MwPaperColumn;

typedef struct {
  cairo_t *cr;
  PangoLayout *layout;
  double y; /* where the next thing goes */
  guint page;
  guint n_pages; /* 0 while they are counted */
  const char *title;
  const MwMeterInfo *meter;
  const char *footer;
  /* The table that is being written: its head is repeated on each page. */
  const MwPaperColumn *columns;
  guint n_columns;
  guint row;
} MwPaper;

typedef void (*MwPaperFunc) (MwPaper *paper, gpointer data);

/* Lay out with FUNC and write the PDF to PATH. */
gboolean mw_paper_save (const char *path, const char *title, const MwMeterInfo *meter,
                        const char *footer, MwPaperFunc func, gpointer data, GError **error);

/* While the pages are counted nothing is drawn; rows without wrapping cells may be NULL then.
 */
static inline gboolean
mw_paper_is_counting (const MwPaper *p)
{
  return p->n_pages == 0;
}

/* Begin a new page unless HEIGHT fits on this one. */
void mw_paper_need (MwPaper *p, double height);
void mw_paper_space (MwPaper *p, double height);
/* A heading that stays with what follows it. */
void mw_paper_heading (MwPaper *p, const char *text);
void mw_paper_line (MwPaper *p, MwFace face, const char *text);
/* "Name   value" */
void mw_paper_fact (MwPaper *p, const char *name, const char *value);

void mw_paper_table_begin (MwPaper *p, const MwPaperColumn *columns, guint n_columns);
/* CELLS of n_columns texts, NULL for an empty one. */
void mw_paper_table_row (MwPaper *p, const char *const *cells);
void mw_paper_table_end (MwPaper *p);
/* A row across the table, in words; and one that names the group of the rows that follow. */
void mw_paper_table_note (MwPaper *p, const char *text);
void mw_paper_table_group (MwPaper *p, const char *text);

G_END_DECLS

#endif
