/* anchor.c: where the next reading of a logger goes on: the newest row that the store holds. */
#include "meter/meter-private.h"

/* A stored row is from a wrong clock when it is this far ahead. */
#define FUTURE_S 86400

gint64
mw_meter_clock_now (MwMeter *self)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  return self->clock_drift == G_MININT64 ? now : now + self->clock_drift;
}

/* The time of the newest row, but for rows of a time when the meter's clock was ahead: they
 * would hide all that comes until then.  G_MININT64 when there is none. */
static gint64
newest_stored (MwMeter *self, const char *logger)
{
  gint64 limit =
      MAX (mw_meter_clock_now (self), g_get_real_time () / G_USEC_PER_SEC) + FUTURE_S;
  MwNewestRow *newest = g_new0 (MwNewestRow, 1);
  gboolean held = mw_store_get_newest_row (self->store, self->info->id, logger, newest, NULL);
  gint64 time = held ? newest->time : G_MININT64;
  g_free (newest);
  if (time > limit) {
    g_autoptr (GArray) spans = mw_store_list_spans (self->store, self->info->id, logger, NULL);
    time = G_MININT64;
    for (guint i = 0; spans && i < spans->len; i++) {
      const MwLoggerSpan *span = &g_array_index (spans, MwLoggerSpan, i);
      if (span->to <= limit)
        time = MAX (time, span->to);
    }
  }
  return time;
}

MwSeries *
mw_meter_load_anchor (MwMeter *self, const char *logger)
{
  gint64 time;
  g_autoptr (GPtrArray) versions = NULL;
  if (self->store == NULL || self->info->id == 0)
    return NULL;
  time = newest_stored (self, logger);
  if (time == G_MININT64)
    return NULL;
  versions =
      mw_store_load_series_versions (self->store, self->info->id, logger, time, time, NULL);
  if (versions == NULL || versions->len == 0)
    return NULL;
  return mw_series_ref (versions->pdata[versions->len - 1]);
}
