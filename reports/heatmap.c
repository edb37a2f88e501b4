/* heatmap.c: which value stands in which cell, and what the colours span. */
#include "heatmap-private.h"

#include <math.h>

#define DAY_S 86400
#define N_BINS 4096
#define RARE 200      /* one value in so many may lie above the scale, … */
#define FAR_ABOVE 1.6 /* … when it lies so much above the others */
#define LEAST_SLOT_S 60

/* ---- days ---- */

/* The instant between A and B at which the zone's offset becomes another. */
static gint64
find_turn (GTimeZone *zone, gint64 a, gint64 b)
{
  gint64 offset = mw_zone_offset (zone, a);

  while (b - a > 1) {
    gint64 middle = a + (b - a) / 2;
    if (mw_zone_offset (zone, middle) == offset)
      a = middle;
    else
      b = middle;
  }
  return b;
}

static MwHeatDay
find_day (const MwHeatmap *map, int day)
{
  GTimeZone *zone = map->chart->zone;
  gint64 local = ((gint64) map->first_day + day) * DAY_S;
  MwHeatDay d = { .start = mw_zone_to_utc (zone, local),
                  .end = mw_zone_to_utc (zone, local + DAY_S) };

  d.turn = d.end;
  d.shift = (gint32) (DAY_S - (d.end - d.start));
  if (d.shift != 0)
    d.turn = find_turn (zone, d.start, d.end);
  return d;
}

MwHeatDay
mw_heat_day (const MwHeatmap *map, int day)
{
  return day >= 0 && day < (int) map->n_days ? map->days[day] : find_day (map, day);
}

gboolean
mw_heat_instant (const MwHeatDay *day, gint64 tod, gboolean second, gint64 *t, gboolean *twice)
{
  gint64 turn = day->turn - day->start; /* on the clock before it is moved */

  *twice = day->shift < 0 && tod >= turn + day->shift && tod < turn;
  *t = day->start + tod;
  if (day->shift > 0 && tod >= turn && tod < turn + day->shift)
    return FALSE;
  if (tod >= turn || (*twice && second))
    *t -= day->shift;
  return TRUE;
}

/* ---- cells ---- */

/* Registers stand for a moment: for the map they fill the period that ends with it. */
static gint64
point_from (const MwHeatmap *map, guint i)
{
  const MwTrack *t = map->line->track;

  return t->from[i] < t->to[i] ? t->from[i] : t->to[i] - map->slot_s;
}

/* The shortest interval there is, as a whole part of the day. */
static gint64
find_slot_s (const MwLine *line)
{
  gint64 least = line->series->period_s ? line->series->period_s : 900;

  for (guint i = 0; i < line->track->n; i++)
    if (line->track->to[i] > line->track->from[i])
      least = MIN (least, line->track->to[i] - line->track->from[i]);
  least = CLAMP (least, LEAST_SLOT_S, DAY_S);
  while (DAY_S % least != 0)
    least--;
  return least;
}

/* The point for the slot FROM … TO: the one that holds its middle, else one that lies within.
 * *AT is where the search goes on: the first point that ends after the middle. */
static guint32
find_point (const MwHeatmap *map, gint64 from, gint64 to, guint *at)
{
  const MwTrack *t = map->line->track;
  gint64 middle = from + (to - from) / 2;

  while (*at < t->n && t->to[*at] <= middle)
    ++*at;
  if (*at < t->n
      && (point_from (map, *at) <= middle || (point_from (map, *at) < to && t->to[*at] <= to)))
    return *at;
  if (*at > 0 && point_from (map, *at - 1) >= from)
    return *at - 1;
  return MW_HEAT_NONE;
}

/* One pass over the slots of DAY into ROW; SECOND: those that come twice alone. */
static void
fill_row (const MwHeatmap *map, const MwHeatDay *day, guint32 *row, gboolean second, guint at)
{
  const MwTrack *track = map->line->track;

  for (guint slot = 0; slot < map->n_slots; slot++) {
    gint64 t;
    gboolean twice, exists = mw_heat_instant (day, slot * map->slot_s, second, &t, &twice);
    row[slot] = MW_HEAT_NONE;
    if (!exists || (second && !twice))
      continue;
    row[slot] = find_point (map, t, t + map->slot_s, &at);
    if (row[slot] != MW_HEAT_NONE && (track->flags[row[slot]] & MW_POINT_NULL))
      row[slot] = MW_HEAT_NONE;
  }
}

static void
fill (MwHeatmap *map)
{
  map->cell = g_new (guint32, (gsize) map->n_days * map->n_slots);
  map->again = g_new0 (guint32 *, MAX (map->n_days, 1));
  map->days = g_new (MwHeatDay, MAX (map->n_days, 1));
  for (guint d = 0; d < map->n_days; d++) {
    MwHeatDay day = map->days[d] = find_day (map, (int) d);
    guint at = mw_line_first_ending_after (map->line, (double) day.start);
    fill_row (map, &day, map->cell + (gsize) d * map->n_slots, FALSE, at);
    if (day.shift < 0) {
      map->again[d] = g_new (guint32, map->n_slots);
      fill_row (map, &day, map->again[d], TRUE, at);
    }
  }
}

/* ---- the scale ---- */

/* The value that only one in RARE exceeds, by counting into bins. */
static double
common_top (const MwTrack *t, gint64 least, gint64 greatest)
{
  g_autofree guint *bins = g_new0 (guint, N_BINS);
  double width = ((double) greatest - (double) least) / N_BINS;
  guint n = 0, above = 0;
  int bin = N_BINS;

  for (guint i = 0; i < t->n; i++)
    if (!(t->flags[i] & MW_POINT_NULL)) {
      bins[CLAMP ((int) (((double) t->value[i] - (double) least) / width), 0, N_BINS - 1)]++;
      n++;
    }
  while (bin > 0 && above + bins[bin - 1] <= n / RARE)
    above += bins[--bin];
  return (double) least + bin * width;
}

static void
find_scale (MwHeatmap *map)
{
  const MwLine *line = map->line;
  MwRange all = mw_pyramid_range (&line->pyramid, 0, line->track->n);
  double top;

  map->low = 0;
  map->high = 1;
  if (all.least > all.greatest)
    return;
  map->low = (double) all.least * line->factor;
  map->high = (double) all.greatest * line->factor;
  if (line->steps)
    map->low = MIN (map->low, 0);
  if (all.least < all.greatest) {
    top = common_top (line->track, all.least, all.greatest) * line->factor;
    map->clipped = map->high - map->low > FAR_ABOVE * (top - map->low) && top > map->low;
    if (map->clipped)
      map->high = top;
  }
  if (map->high <= map->low)
    map->high = map->low + 1;
}

/* ---- the map ---- */

static gint32
local_day (GTimeZone *zone, gint64 t)
{
  return (gint32) floor ((double) (t + mw_zone_offset (zone, t)) / DAY_S);
}

MwHeatmap *
mw_heatmap_new (const MwChart *chart, guint line)
{
  MwHeatmap *map = g_new0 (MwHeatmap, 1);
  const MwTrack *t;
  guint first = 0, n;

  g_return_val_if_fail (line < chart->lines->len, map);
  map->chart = chart;
  map->line = g_ptr_array_index (chart->lines, line);
  map->line_number = line;
  map->slot_s = find_slot_s (map->line);
  map->n_slots = (guint) (DAY_S / map->slot_s);
  t = map->line->track;
  n = t->n;
  while (first < n && (t->flags[first] & MW_POINT_NULL))
    first++;
  while (n > first && (t->flags[n - 1] & MW_POINT_NULL))
    n--;
  if (first < n) {
    map->first = point_from (map, first);
    map->last = t->to[n - 1];
    map->first_day = local_day (chart->zone, map->first);
    map->n_days = (guint) (local_day (chart->zone, map->last - 1) - map->first_day + 1);
  }
  fill (map);
  find_scale (map);
  return map;
}

void
mw_heatmap_free (MwHeatmap *map)
{
  if (!map)
    return;
  for (guint d = 0; d < map->n_days; d++)
    g_free (map->again[d]);
  g_free (map->again);
  g_free (map->days);
  g_free (map->cell);
  g_free (map);
}

guint
mw_heatmap_get_line (const MwHeatmap *map)
{
  return map->line_number;
}

guint
mw_heatmap_get_n_days (const MwHeatmap *map)
{
  return map->n_days;
}

guint
mw_heatmap_get_n_slots (const MwHeatmap *map)
{
  return map->n_slots;
}

void
mw_heatmap_get_scale (const MwHeatmap *map, double *low, double *high, gboolean *clipped)
{
  *low = map->low;
  *high = map->high;
  *clipped = map->clipped;
}

guint32
mw_heat_point (const MwHeatmap *map, int day, guint slot, gboolean second)
{
  if (day < 0 || day >= (int) map->n_days)
    return MW_HEAT_NONE;
  return second ? map->again[day][slot] : map->cell[(gsize) day * map->n_slots + slot];
}

gboolean
mw_heat_is_gap (const MwHeatmap *map, const MwHeatDay *day, guint slot)
{
  gint64 t;
  gboolean twice;

  return mw_heat_instant (day, slot * map->slot_s, FALSE, &t, &twice) && t < map->last
         && t + map->slot_s > map->first;
}

MwHeatCell
mw_heatmap_get_cell (const MwHeatmap *map, int day, guint slot, gboolean second)
{
  MwHeatDay d = mw_heat_day (map, day);
  MwHeatCell cell = { .day = day, .slot = slot, .value = { .line = map->line_number } };
  gboolean exists = mw_heat_instant (&d, slot * map->slot_s, second, &cell.from, &cell.twice);
  guint32 i;

  cell.to = cell.from + map->slot_s;
  cell.second = cell.twice && second;
  i = mw_heat_point (map, day, slot, cell.second);
  if (!exists) {
    cell.kind = MW_HEAT_NO_TIME;
  } else if (i != MW_HEAT_NONE) {
    const MwTrack *t = map->line->track;
    cell.kind = MW_HEAT_VALUE;
    cell.value.valid = TRUE;
    cell.value.from = t->from[i];
    cell.value.to = t->to[i];
    cell.value.status = map->line->series->status[t->row[i]];
    cell.value.doubtful = (t->flags[i] & MW_POINT_DOUBTFUL) != 0;
    cell.value.value = mw_track_value (t, i);
  } else {
    cell.kind = cell.from < map->last && cell.to > map->first ? MW_HEAT_GAP : MW_HEAT_OUTSIDE;
  }
  return cell;
}
