/* chart-line.c: one line of a chart into its plot.
 *
 * Per pixel column the least and the greatest value, as a rectangle without antialiasing that
 * touches the one before it; an interval wider than a column comes out as a step by itself.
 * Registers whose points lie far apart are a polyline.
 */
#include "chart-private.h"

#include <math.h>

/* Points closer than this, in pixels, are drawn column by column. */
#define DENSE_PX 3.0

static double
y_of (const MwLine *line, const MwAxis *axis, const MwPlotting *p, gint64 value)
{
  return p->plot.y
         + p->plot.height
               * (1 - ((double) value * line->factor - axis->low) / (axis->high - axis->low));
}

/* To the grid of device pixels, so that nothing is blurred. */
static double
snap (const MwPlotting *p, double v)
{
  return floor (v / p->pixel + 0.5) * p->pixel;
}

/* ---- column by column ---- */

/* The points that lie in pixel column I. */
static MwRange
column_range (const MwLine *line, const MwPlotting *p, guint i, guint *first)
{
  double dt = (p->plot.view.t1 - p->plot.view.t0) / p->n_marks;
  double t0 = p->plot.view.t0 + i * dt;
  guint end = mw_line_first_beginning_at (line, t0 + dt);

  *first = line->steps ? mw_line_first_ending_after (line, t0)
                       : mw_line_first_beginning_at (line, t0);
  return mw_pyramid_range (&line->pyramid, *first, end);
}

static void
draw_columns (const MwLine *line, const MwAxis *axis, MwPlotting *p)
{
  double thick = MAX (snap (p, p->style->line_width), p->pixel);
  double before_top = NAN, before_bottom = NAN;
  guint before_first = G_MAXUINT;

  for (guint i = 0; i < p->n_marks; i++) {
    guint first;
    MwRange r = column_range (line, p, i, &first);
    double top, bottom;
    if (r.flags & MW_POINT_DOUBTFUL)
      p->marks[i].doubtful = TRUE;
    if (r.least > r.greatest) {
      before_top = NAN;
      continue;
    }
    p->marks[i].any = TRUE;
    top = snap (p, y_of (line, axis, p, r.greatest) - thick / 2);
    bottom = MAX (snap (p, y_of (line, axis, p, r.least) + thick / 2), top + thick);
    if (!isnan (before_top)
        && (first == before_first || !(line->track->flags[first] & MW_POINT_GAP))) {
      double y = top;
      /* Reach the column before it. */
      top = MIN (top, before_bottom - thick);
      bottom = MAX (bottom, before_top + thick);
      before_top = y;
      before_bottom = MAX (snap (p, y_of (line, axis, p, r.least) + thick / 2), y + thick);
    } else {
      before_top = top;
      before_bottom = bottom;
    }
    before_first = first;
    cairo_rectangle (p->cr, p->plot.x + i * p->pixel, top, p->pixel, bottom - top);
  }
  cairo_set_antialias (p->cr, CAIRO_ANTIALIAS_NONE);
  cairo_fill (p->cr);
  cairo_set_antialias (p->cr, CAIRO_ANTIALIAS_DEFAULT);
}

/* ---- polyline ---- */

static void
mark_stretch (MwPlotting *p, double x0, double x1, gboolean doubtful)
{
  int first = (int) floor ((x0 - p->plot.x) / p->pixel);
  int last = (int) ceil ((x1 - p->plot.x) / p->pixel);

  for (int i = MAX (first, 0); i <= MIN (last, (int) p->n_marks - 1); i++) {
    p->marks[i].any = TRUE;
    p->marks[i].doubtful |= (guint8) doubtful;
  }
}

static void
draw_polyline (const MwLine *line, const MwAxis *axis, MwPlotting *p)
{
  const MwTrack *t = line->track;
  guint first = mw_line_first_beginning_at (line, p->plot.view.t0);
  guint end = mw_line_first_ending_after (line, p->plot.view.t1);
  gboolean pen_down = FALSE;
  double before = 0;

  /* One more on either side, so that the line enters and leaves the plot. */
  first = first > 0 ? first - 1 : 0;
  end = MIN (end + 1, t->n);
  for (guint i = first; i < end; i++) {
    double x = mw_chart_geometry_x (&p->plot, (double) t->to[i]), y;
    if (t->flags[i] & MW_POINT_NULL) {
      pen_down = FALSE;
      continue;
    }
    y = y_of (line, axis, p, t->value[i]);
    if (pen_down && !(t->flags[i] & MW_POINT_GAP)) {
      cairo_line_to (p->cr, x, y);
      mark_stretch (p, before, x, (t->flags[i] & MW_POINT_DOUBTFUL) != 0);
    } else {
      cairo_move_to (p->cr, x, y);
      cairo_line_to (p->cr, x, y); /* a dot, when nothing follows */
      mark_stretch (p, x, x, (t->flags[i] & MW_POINT_DOUBTFUL) != 0);
    }
    pen_down = TRUE;
    before = x;
  }
  cairo_set_line_width (p->cr, p->style->line_width);
  cairo_set_line_join (p->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (p->cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (p->cr);
}

void
mw_line_draw (const MwLine *line, const MwAxis *axis, MwPlotting *p)
{
  guint first = mw_line_first_ending_after (line, p->plot.view.t0);
  guint end = mw_line_first_beginning_at (line, p->plot.view.t1);
  double apart = p->plot.width / MAX ((double) end - first, 1.0);

  mw_chart_set_colour (p->cr, &p->style->palette[line->colour], 1);
  if (line->steps || apart < DENSE_PX * p->pixel)
    draw_columns (line, axis, p);
  else
    draw_polyline (line, axis, p);
}
