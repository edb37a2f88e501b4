/* log.c: which rows of a logger to ask for, and how.
 *
 *   everything          the buffer without selection
 *   a window            selective access by range over the clock; a meter that refuses it is
 *                       asked by entry from then on (remembered with its firmware)
 *   the newest N        selective access by entry
 *   what is new         by entry, back to the newest row that is stored; by range where the
 *                       meter refuses that
 *
 * When the link breaks, the rows that came are kept and the next request begins at the last of
 * them.  Stored is the whole read-out or nothing of it.
 */
#include "meter/dlms/family.h"
#include "meter/dlms/profile.h"

#define CLASS_PROFILE 7
#define BUFFER 2
/* Requests without a single new row before the read-out is given up. */
#define MAX_IDLE_TRIES 6
/* Rows asked again after a break, so that a clock that was set back loses none: an hour of
 * quarters and a little. */
#define OVERLAP_ROWS 5
#define SELECTION_ROOM 128
/* The time left is a guess before so much has passed. */
#define ESTIMATE_AFTER_US 1000000
/* Events are read back from the newest in steps that double. */
#define FIRST_EVENTS 8
/* Remembered beside the scalers: this profile is read by entry. */
#define BY_ENTRY_MARK (-2)

static const mw_capture_object clock_object = { .class_id = 8,
                                                .ln = { { 0, 0, 1, 0, 0, 255 } },
                                                .index = 2 };

typedef struct {
  MwMeter *meter;
  MwLogShape *profile;
  MwRows *rows;
  MwLogWindow window;
  guint expected; /* rows, 0 when not known */
  gint64 started;
} Job;

/* How the next request selects. */
typedef struct {
  guint8 selector; /* enum mw_profile_selector */
  gint64 from, to;
  guint32 first, last; /* entries from 1; LAST 0: the newest */
  guint overlap;
} Selection;

/* ---- by entry for good ---- */

static mw_dlms_attr
entry_mark (const Job *job)
{
  mw_dlms_attr attr = { CLASS_PROFILE, job->profile->ln, BY_ENTRY_MARK };
  return attr;
}

static gboolean
only_by_entry (const Job *job)
{
  mw_dlms_attr mark = entry_mark (job);
  return job->profile->clock < 0 || mw_cache_get (job->meter, &mark) != NULL;
}

static void
remember_by_entry (Job *job)
{
  mw_dlms_attr mark = entry_mark (job);
  g_autoptr (GBytes) yes = g_bytes_new_static ("\1", 1);
  mw_cache_put (job->meter, &mark, yes);
  mw_cache_save (job->meter);
}

/* ---- one request ---- */

static void
on_row (gpointer user)
{
  Job *job = user;
  guint done = mw_rows_count (job->rows);
  gint64 elapsed = g_get_monotonic_time () - job->started;
  int left = -1;
  if (job->expected == 0) {
    mw_monitor_progress (job->meter->monitor, -1, -1);
    return;
  }
  if (done * 50 >= job->expected && done <= job->expected && elapsed > ESTIMATE_AFTER_US)
    left = (int) (elapsed * (job->expected - done) / done / G_USEC_PER_SEC);
  mw_monitor_progress (job->meter->monitor, MIN (1.0, (double) done / job->expected), left);
}

typedef struct {
  MwRows *rows;
  int result;
} Sink;

static gboolean
sink_data (gpointer user, guint item, const guint8 *bytes, gsize len)
{
  return mw_rows_feed (((Sink *) user)->rows, bytes, len);
}

static void
sink_result (gpointer user, guint item, int result)
{
  ((Sink *) user)->result = result;
}

static void
put_selection (Job *job, const Selection *s, mw_wr *w)
{
  if (s->selector == MW_SELECT_RANGE) {
    mw_civil from = mw_civil_from_utc (s->from, job->meter->deviation, 0);
    mw_civil to = mw_civil_from_utc (s->to, job->meter->deviation, 0);
    mw_profile_range_put (w, &clock_object, &from, &to, NULL, 0);
  } else if (s->selector == MW_SELECT_ENTRY) {
    mw_profile_entry_put (w, s->first, s->last, 1, 0);
  }
}

/* *RESULT is the data-access-result. */
static gboolean
request (Job *job, const Selection *s, int *result, GError **error)
{
  guint8 room[SELECTION_ROOM];
  mw_wr w;
  Sink sink = { job->rows, -1 };
  MwSink to = { sink_data, sink_result, &sink, MW_WIRE_BUFFER_MAX };
  mw_dlms_item item = { .attr = { CLASS_PROFILE, job->profile->ln, BUFFER } };

  mw_wr_init (&w, room, sizeof room);
  put_selection (job, s, &w);
  if (s->selector != MW_SELECT_NONE)
    item.access = (mw_dlms_selection){ s->selector, mw_wr_done (&w) };
  mw_rows_begin (job->rows, s->overlap);
  if (!mw_wire_get (job->meter->wire, &item, 1, &to, error)) {
    if (job->rows->failure) /* it says more than that the answer was given up */
      mw_rows_end (job->rows, error);
    return FALSE;
  }
  *result = sink.result;
  return sink.result != 0 || mw_rows_end (job->rows, error);
}

/* ---- requests until it is whole ---- */

/* Where to go on after a break. By range from the time of the row OVERLAP_ROWS before the end;
 * by entry behind what came. */
static void
go_on_from (Job *job, const Selection *start, Selection *s)
{
  guint n = mw_rows_count (job->rows);
  *s = *start;
  if (n == 0)
    return;
  if (only_by_entry (job)) {
    guint back = MIN (n, OVERLAP_ROWS);
    s->selector = MW_SELECT_ENTRY;
    s->first = (start->selector == MW_SELECT_ENTRY ? start->first : 1) + n - back;
    s->overlap = back;
    return;
  }
  s->selector = MW_SELECT_RANGE;
  s->overlap = MIN (n, OVERLAP_ROWS);
  s->from = G_MAXINT64;
  for (guint i = n - s->overlap; i < n; i++)
    s->from = MIN (s->from, g_array_index (job->rows->time, gint64, i));
  if (start->selector != MW_SELECT_RANGE)
    s->to = g_get_real_time () / G_USEC_PER_SEC + 366 * 86400;
}

/* After a failure: TRUE when another try makes sense, and the connection stands. */
static gboolean
recover (Job *job, guint *idle_tries, guint before, GError *failure, GError **error)
{
  *idle_tries = mw_rows_count (job->rows) > before ? 0 : *idle_tries + 1;
  if (!mw_channel_may_retry (failure) || *idle_tries > MAX_IDLE_TRIES) {
    g_propagate_error (error, g_error_copy (failure));
    return FALSE;
  }
  mw_monitor_step (job->meter->monitor, "The link broke after %u rows. Going on…",
                   mw_rows_count (job->rows));
  return job->meter->wire->associated || mw_wire_reopen (job->meter->wire, TRUE, error);
}

/* All rows of START, over as many connections as it takes. *RESULT: a refusal is a value. */
static gboolean
fetch (Job *job, const Selection *start, int *result, GError **error)
{
  Selection s = *start;
  guint idle_tries = 0;
  for (;;) {
    g_autoptr (GError) failure = NULL;
    guint before = mw_rows_count (job->rows);
    if (request (job, &s, result, &failure))
      return TRUE;
    if (!recover (job, &idle_tries, before, failure, error))
      return FALSE;
    go_on_from (job, start, &s);
  }
}

/* ---- windows ---- */

static gint64
clock_now (const Job *job)
{
  return mw_meter_clock_now (job->meter);
}

/* How many rows lie between FROM and now, by the capture period. */
static guint32
rows_since (const Job *job, gint64 from)
{
  const MwLogShape *p = job->profile;
  gint64 span = clock_now (job) - from;
  if (p->period_s == 0 || from == G_MININT64 || span / p->period_s >= p->in_use)
    return p->in_use;
  return span < 0 ? 0 : (guint32) (span / p->period_s);
}

static gboolean
refused (const Job *job, int result, GError **error)
{
  return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                  "The meter does not give the rows of %s (%s).", job->profile->logger->name,
                  mw_dar_name ((unsigned) result));
}

static gboolean
fetch_whole (Job *job, GError **error)
{
  const Selection all = { .selector = MW_SELECT_NONE };
  int result = 0;
  job->expected = job->profile->in_use;
  if (!fetch (job, &all, &result, error))
    return FALSE;
  return result == 0 || refused (job, result, error);
}

/* The newest N entries. */
static gboolean
fetch_newest (Job *job, guint32 n, GError **error)
{
  guint32 in_use = job->profile->in_use;
  Selection s = { .selector = MW_SELECT_ENTRY, .first = 1 };
  int result = 0;
  if (n == 0)
    return TRUE;
  if (in_use > n)
    s.first = in_use - n + 1;
  job->expected = MIN (n, in_use);
  if (!fetch (job, &s, &result, error))
    return FALSE;
  return result == 0 || refused (job, result, error);
}

/* Time of the last of the entries FIRST to LAST; G_MININT64 when the meter does not say. */
static gint64
time_of_entry (Job *job, guint32 first, guint32 last)
{
  Selection s = { .selector = MW_SELECT_ENTRY, .first = first, .last = last };
  int result = 0;
  gint64 time;
  mw_rows_clear (job->rows);
  if (!fetch (job, &s, &result, NULL) || result != 0)
    return G_MININT64;
  time = mw_rows_last_time (job->rows);
  mw_rows_clear (job->rows);
  return time;
}

/* IN_USE is the meter's word, up to 4,294,967,295. */
static guint32
twice (guint32 n, guint32 in_use)
{
  return n > in_use / 2 ? in_use : 2 * n;
}

/* A first guess of how many of the newest entries are from FROM on. */
static guint32
guess_entries (Job *job, gint64 from)
{
  const MwLogShape *p = job->profile;
  gint64 newest, span;
  if (p->clock < 0 || from == G_MININT64)
    return p->in_use;
  newest = time_of_entry (job, p->in_use, p->in_use);
  if (newest == G_MININT64)
    return p->in_use;
  if (newest < from)
    return 0;
  span = p->period_s ? (newest - from) / p->period_s + 2 : FIRST_EVENTS;
  return (guint32) MIN (span, p->in_use);
}

/* Rows from FROM on, by entry: as many of the newest as the period makes likely, and twice as
 * many as long as the oldest of them is younger than FROM. */
static gboolean
fetch_by_entry (Job *job, gint64 from, GError **error)
{
  guint32 in_use = job->profile->in_use;
  guint32 n = guess_entries (job, from);
  while (n) {
    n = MIN (n, in_use);
    mw_rows_clear (job->rows);
    if (!fetch_newest (job, n, error))
      return FALSE;
    if (n >= in_use || mw_rows_count (job->rows) == 0
        || g_array_index (job->rows->time, gint64, 0) <= from)
      return TRUE;
    n = twice (n, in_use);
  }
  return TRUE;
}

static gboolean
fetch_range (Job *job, gint64 from, gint64 to, GError **error)
{
  Selection s = { .selector = MW_SELECT_RANGE, .from = from, .to = to };
  g_autoptr (GError) failure = NULL;
  int result = 0;
  gboolean sent;
  /* Limits that any meter's calendar holds. */
  if (from == G_MININT64)
    s.from = (gint64) mw_days_from_date (2000, 1, 1) * 86400;
  if (to == G_MAXINT64)
    s.to = clock_now (job) + 366 * 86400;
  job->expected = rows_since (job, from);
  if (to < clock_now (job))
    job->expected -= MIN (job->expected, rows_since (job, to));
  sent = fetch (job, &s, &result, &failure);
  if (sent && result == 0)
    return TRUE;
  if (!sent && !g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  mw_monitor_step (job->meter->monitor, "The meter does not select by time. Reading by entry…");
  remember_by_entry (job);
  return fetch_by_entry (job, from, error);
}

static gboolean
fetch_window (Job *job, GError **error)
{
  const MwLogWindow *w = &job->window;
  gboolean whole = w->from == G_MININT64 && w->to == G_MAXINT64;
  if (w->last)
    return fetch_newest (job, w->last, error);
  if (whole)
    return fetch_whole (job, error);
  if (only_by_entry (job))
    return fetch_by_entry (job, w->from, error);
  return fetch_range (job, w->from, w->to, error);
}

/* Where the anchor stands among the rows, -1 when it is not there. */
static int
find_anchor (const Job *job, const MwSeries *anchor)
{
  guint last = anchor->n_rows - 1;
  const gint64 *values = anchor->values + (gsize) last * anchor->n_columns;
  if (anchor->n_columns != job->profile->n_columns)
    return -1;
  for (guint i = mw_rows_count (job->rows); i-- > 0;)
    if (mw_rows_equal (job->rows, i, anchor->time[last], anchor->status[last], values))
      return (int) i;
  return -1;
}

/* How many of the newest entries may be new: by the time that passed, and the anchor itself. */
static guint32
guess_new (const Job *job, const MwSeries *anchor)
{
  guint32 in_use = job->profile->in_use;
  guint32 n = job->profile->period_s ? rows_since (job, anchor->time[0]) + 1 : FIRST_EVENTS;
  return MIN (n, in_use);
}

/* *DONE: the rows behind the anchor are there. FALSE without ERROR: the meter does not select
 * by entry. */
static gboolean
fetch_behind (Job *job, const MwSeries *anchor, gboolean *done, GError **error)
{
  guint32 n = guess_new (job, anchor);
  *done = FALSE;
  for (;;) {
    g_autoptr (GError) failure = NULL;
    int at;
    mw_rows_clear (job->rows);
    if (!fetch_newest (job, n, &failure)) {
      if (g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED))
        return FALSE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    at = find_anchor (job, anchor);
    *done = at >= 0 || n >= job->profile->in_use;
    if (at >= 0)
      mw_rows_drop_first (job->rows, (guint) at + 1);
    if (*done)
      return TRUE;
    n = twice (n, job->profile->in_use);
  }
}

/* What the store lacks.  The meter's own order decides, not its clock, which may have been set:
 * the newest entries are read, as many as the time that passed makes likely and twice as many
 * as long as the newest stored row (the anchor) is not among them; what stands behind it is
 * new. */
static gboolean
fetch_new (Job *job, GError **error)
{
  g_autoptr (MwSeries) anchor = mw_meter_load_anchor (job->meter, job->profile->logger->logger);
  g_autoptr (GError) failure = NULL;
  gboolean done;
  if (anchor == NULL || anchor->n_rows == 0)
    return fetch_window (job, error);
  if (fetch_behind (job, anchor, &done, &failure))
    return TRUE;
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  mw_rows_clear (job->rows);
  job->window.from = MAX (job->window.from, anchor->time[0] + (job->profile->period_s ? 1 : 0));
  return fetch_window (job, error);
}

/* ---- slots of the family ---- */

MwSeries *
mw_dlms_log (MwMeter *self, const MwLoggerInfo *logger, const MwLogWindow *window, GBytes **raw,
             GError **error)
{
  g_autoptr (MwLogShape) profile = NULL;
  g_autoptr (MwRows) rows = NULL;
  Job job = { .meter = self, .window = *window };

  mw_monitor_step (self->monitor, "Asking what %s holds…", logger->name);
  profile = mw_log_shape_open (self, logger, error);
  if (profile == NULL)
    return NULL;
  rows = mw_rows_new (self, profile);
  rows->on_row = on_row;
  rows->user = &job;
  job.profile = profile;
  job.rows = rows;
  job.started = g_get_monotonic_time ();
  mw_monitor_step (self->monitor, "Reading %s…", logger->name);
  if (profile->in_use
      && !(window->only_new ? fetch_new (&job, error) : fetch_window (&job, error)))
    return NULL;
  *raw = g_bytes_new (rows->raw->data, rows->raw->len);
  return mw_rows_to_series (rows, job.window.from, job.window.to);
}

MwLoggerStatus *
mw_dlms_status (MwMeter *self, const MwLoggerInfo *logger, GError **error)
{
  g_autoptr (MwLogShape) profile = mw_log_shape_open (self, logger, error);
  g_autoptr (MwRows) rows = NULL;
  MwLoggerStatus *status;
  Job job = { .meter = self };

  if (profile == NULL)
    return NULL;
  rows = mw_rows_new (self, profile);
  job.profile = profile;
  job.rows = rows;
  status = g_new0 (MwLoggerStatus, 1);
  status->logger = g_strdup (logger->logger);
  status->period_s = profile->period_s;
  status->entries_in_use = profile->in_use;
  status->entries = profile->entries;
  status->oldest = status->newest = G_MININT64;
  if (profile->in_use && profile->clock >= 0) {
    status->oldest = time_of_entry (&job, 1, 1);
    status->newest = time_of_entry (&job, profile->in_use, profile->in_use);
  }
  return status;
}
