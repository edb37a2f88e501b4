/* derive.c: columns of a logger as energy, power or register; see derive.h for the rules. */
#include "derive.h"

#include <stdio.h>
#include <stdlib.h>

typedef enum {
  HOLDS_OTHER,
  HOLDS_COUNTER,  /* energy that counts up */
  HOLDS_INTERVAL, /* energy of the interval */
  HOLDS_AVERAGE,  /* power, average of the interval */
  HOLDS_SAMPLE,   /* power at the end of the interval */
} Holds;

/* Energy unit -> power unit. */
static const struct {
  guint8 energy, power;
} pairs[] = { { MW_UNIT_WH, MW_UNIT_W },
              { MW_UNIT_VARH, MW_UNIT_VAR },
              { MW_UNIT_VAH, MW_UNIT_VA } };

/* The unit on the other side; 0 when UNIT is no energy (TO_POWER) or no power. */
static guint8
other_unit (guint8 unit, gboolean to_power)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if ((to_power ? pairs[i].energy : pairs[i].power) == unit)
      return to_power ? pairs[i].power : pairs[i].energy;
  return 0;
}

/* Value group D of an OBIS code; -1 when it is none. */
static int
group_d (const char *obis)
{
  unsigned g[4];

  return obis && sscanf (obis, "%u-%u:%u.%u", &g[0], &g[1], &g[2], &g[3]) == 4 ? (int) g[3]
                                                                               : -1;
}

/* Value group D, electricity (Blue Book 7.5.3): 4, 5, 14, 15, 24, 25, 27, 28 averages, 29 time
 * integral since the start of the interval, 7 instantaneous. */
static Holds
what_holds (const MwColumn *column)
{
  int d = group_d (column->obis);

  if (column->kind != MW_COLUMN_DECIMAL)
    return HOLDS_OTHER;
  if (other_unit (column->unit, TRUE))
    return d == 29 ? HOLDS_INTERVAL : HOLDS_COUNTER;
  if (other_unit (column->unit, FALSE))
    return d == 4 || d == 5 || d == 14 || d == 15 || d == 24 || d == 25 || d == 27 || d == 28
               ? HOLDS_AVERAGE
               : HOLDS_SAMPLE;
  return HOLDS_OTHER;
}

gboolean
mw_series_has_quantity (const MwSeries *series, guint column, MwQuantity quantity)
{
  const MwColumn *c = &series->columns[column];
  Holds holds = what_holds (c);

  switch (quantity) {
  case MW_QUANTITY_REGISTER:
    return c->kind == MW_COLUMN_DECIMAL || c->kind == MW_COLUMN_CODE;
  case MW_QUANTITY_ENERGY:
    return holds == HOLDS_COUNTER || holds == HOLDS_INTERVAL
           || (holds == HOLDS_AVERAGE && series->period_s > 0);
  case MW_QUANTITY_POWER:
    return holds == HOLDS_COUNTER || holds == HOLDS_AVERAGE || holds == HOLDS_SAMPLE
           || (holds == HOLDS_INTERVAL && series->period_s > 0);
  }
  return FALSE;
}

/* ---- how long the interval of a row is ---- */

/* So many equal steps in a row are a capture period, not holes. */
#define RUN 8

/* For every row the length of its interval: the series' period, or what it was before somebody
 * changed it (rows of several versions of a logger are one series).  Without a period, the time
 * since the row before. */
static gint64 *
find_widths (const MwSeries *s)
{
  gint64 *width = g_new (gint64, MAX (s->n_rows, 1));

  width[0] = s->period_s;
  for (guint r = 1, end; r < s->n_rows; r = end) {
    gint64 step = s->time[r] - s->time[r - 1];
    for (end = r + 1; end < s->n_rows && s->time[end] - s->time[end - 1] == step;)
      end++;
    for (guint k = r; k < end; k++)
      width[k] = s->period_s && (step <= 0 || end - r < RUN) ? (gint64) s->period_s : step;
  }
  if (s->n_rows > 1)
    width[0] = width[1];
  return width;
}

/* ---- which row came before ---- */

/* For every row the row that the meter captured before it, -1 when it is not there.  Rows are
 * in order of time and sequence. */
static gint64 *
find_previous (const MwSeries *s, const gint64 *width)
{
  gint64 *previous = g_new (gint64, MAX (s->n_rows, 1));
  guint start = 0, before = 0, n_before = 0; /* the group of one time, and the one before it */

  for (guint r = 0; r < s->n_rows; r++) {
    gboolean several;
    guint n;
    if (r > start && s->time[r] != s->time[start]) {
      before = start;
      n_before = r - start;
      start = r;
    }
    n = r - start;
    previous[r] = -1;
    if (n_before == 0 || s->time[r] - s->time[before] > MAX (width[r], width[start]))
      continue;
    /* Among several rows of one time each follows its own; a single one follows the last. */
    several = n > 0 || (r + 1 < s->n_rows && s->time[r + 1] == s->time[r]);
    if (!several)
      previous[r] = (gint64) before + n_before - 1;
    else if (n < n_before)
      previous[r] = (gint64) before + n;
  }
  return previous;
}

/* ---- counters ---- */

/* What V stands for after passing the last digit of a counter that was at BEFORE; 0 when it did
 * not pass one: the counter has 10^n or 2^32 values, was in its last hundredth and is in its
 * first. */
static gint64
wrapped (gint64 before, gint64 v, gint64 largest)
{
  gint64 moduli[16] = { G_GINT64_CONSTANT (4294967296) };
  guint n = 1;

  for (gint64 m = 100000; n < G_N_ELEMENTS (moduli) && m < G_GINT64_CONSTANT (1000000000000000);
       m *= 10)
    moduli[n++] = m;
  for (guint i = 0; i < n; i++) {
    gint64 m = moduli[i];
    if (before < m && before >= m - m / 100 && v >= 0 && v < m / 100
        && v + m - before <= 2 * largest)
      return v + m - before;
  }
  return 0;
}

static gboolean
subtract (gint64 a, gint64 b, gint64 *out)
{
  return a != MW_NULL_VALUE && b != MW_NULL_VALUE && !__builtin_sub_overflow (a, b, out);
}

/* Differences of a counting register into TRACK. */
static void
fill_differences (MwTrack *track, const MwSeries *s, guint column, const gint64 *previous)
{
  gint64 largest = 0, difference;

  for (guint r = 0; r < s->n_rows; r++)
    if (previous[r] >= 0
        && subtract (s->values[(gsize) r * s->n_columns + column],
                     s->values[(gsize) previous[r] * s->n_columns + column], &difference))
      largest = MAX (largest, difference);
  for (guint r = 0; r < s->n_rows; r++) {
    gint64 v = s->values[(gsize) r * s->n_columns + column];
    gint64 before = previous[r] >= 0 ? s->values[(gsize) previous[r] * s->n_columns + column]
                                     : MW_NULL_VALUE;
    if (!subtract (v, before, &difference)) {
      track->flags[r] |= MW_POINT_NULL;
      continue;
    }
    if (difference < 0 && (difference = wrapped (before, v, largest)) == 0) {
      track->flags[r] |= MW_POINT_NULL | MW_POINT_DOUBTFUL;
      continue;
    }
    track->value[r] = difference;
    if (s->time[previous[r]] < s->time[r])
      track->from[r] = s->time[previous[r]];
  }
}

static void
fill_values (MwTrack *track, const MwSeries *s, guint column)
{
  for (guint r = 0; r < s->n_rows; r++) {
    gint64 v = s->values[(gsize) r * s->n_columns + column];
    if (v == MW_NULL_VALUE)
      track->flags[r] |= MW_POINT_NULL;
    else
      track->value[r] = v;
  }
}

/* ---- energy <-> power ---- */

/* Multiply by NUM / DEN seconds; the seconds are those of each point. */
static __int128
numerator (const MwTrack *t, guint i, gboolean to_power)
{
  return (__int128) t->value[i] * (to_power ? 3600 : t->to[i] - t->from[i]);
}

static gint64
denominator (const MwTrack *t, guint i, gboolean to_power)
{
  return to_power ? MAX (t->to[i] - t->from[i], 1) : 3600;
}

static gint64
divide_rounded (__int128 a, gint64 b)
{
  __int128 half = a < 0 ? -(b / 2) : b / 2;
  __int128 q = (a + half) / b;

  return q > G_MAXINT64 || q <= G_MININT64 ? G_MAXINT64 : (gint64) q;
}

/* Exact when every point allows it (15 minutes do), else to three digits more. */
static void
convert (MwTrack *t, gboolean to_power)
{
  gint64 finer = 1;

  for (guint i = 0; i < t->n && finer == 1; i++)
    if (!(t->flags[i] & MW_POINT_NULL)
        && numerator (t, i, to_power) % denominator (t, i, to_power) != 0)
      finer = 1000;
  for (guint i = 0; i < t->n; i++)
    if (!(t->flags[i] & MW_POINT_NULL))
      t->value[i] =
          divide_rounded (numerator (t, i, to_power) * finer, denominator (t, i, to_power));
  if (finer > 1)
    t->exponent -= 3;
  t->unit = other_unit (t->unit, to_power);
}

/* ---- tracks ---- */

static MwTrack *
new_track (const MwSeries *s, guint column, const gint64 *width, gboolean instant,
           guint32 doubtful_mask)
{
  const MwColumn *c = &s->columns[column];
  MwTrack *track = g_new0 (MwTrack, 1);

  track->n = s->n_rows;
  track->exponent = c->kind == MW_COLUMN_CODE ? 0 : c->exponent;
  track->unit = c->kind == MW_COLUMN_CODE ? MW_UNIT_NONE : c->unit;
  track->from = g_new (gint64, MAX (s->n_rows, 1));
  track->to = g_new (gint64, MAX (s->n_rows, 1));
  track->value = g_new0 (gint64, MAX (s->n_rows, 1));
  track->flags = g_new0 (guint8, MAX (s->n_rows, 1));
  track->row = g_new (guint32, MAX (s->n_rows, 1));
  for (guint r = 0; r < s->n_rows; r++) {
    gint64 since = r > 0 ? s->time[r] - s->time[r - 1] : 0;
    track->row[r] = r;
    track->to[r] = s->time[r];
    track->from[r] = instant ? s->time[r] : s->time[r] - width[r];
    if (s->status[r] & doubtful_mask)
      track->flags[r] |= MW_POINT_DOUBTFUL;
    if (since > width[r])
      track->flags[r] |= MW_POINT_GAP;
  }
  return track;
}

MwTrack *
mw_track_new (const MwSeries *series, guint column, MwQuantity quantity, guint32 doubtful_mask)
{
  Holds holds = what_holds (&series->columns[column]);
  gboolean instant =
      quantity == MW_QUANTITY_REGISTER && holds != HOLDS_AVERAGE && holds != HOLDS_INTERVAL;
  g_autofree gint64 *previous = NULL;
  g_autofree gint64 *width = NULL;
  MwTrack *track;

  if (!mw_series_has_quantity (series, column, quantity))
    return NULL;
  width = find_widths (series);
  track = new_track (series, column, width, instant, doubtful_mask);
  if (quantity != MW_QUANTITY_REGISTER && holds == HOLDS_COUNTER) {
    previous = find_previous (series, width);
    fill_differences (track, series, column, previous);
  } else {
    fill_values (track, series, column);
  }
  if (quantity == MW_QUANTITY_POWER && (holds == HOLDS_COUNTER || holds == HOLDS_INTERVAL))
    convert (track, TRUE);
  else if (quantity == MW_QUANTITY_ENERGY && holds == HOLDS_AVERAGE)
    convert (track, FALSE);
  return track;
}

void
mw_track_free (MwTrack *track)
{
  if (!track)
    return;
  g_free (track->from);
  g_free (track->to);
  g_free (track->value);
  g_free (track->flags);
  g_free (track->row);
  g_free (track);
}
