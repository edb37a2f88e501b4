/* log.c: which records of a log to ask for, and how; see kamstrup.h.
 *
 *   everything        from the beginning of 2000 towards the present
 *   a window          from its beginning on, until a record is later than its end
 *   the newest N      the id of the newest, then from N - 1 before it on
 *   what is new       from the record that was the newest the last time: its id is kept with
 * its time, and it must still say what is stored
 *
 * A record has an id and ids count up: after a broken link the reading goes on behind the last
 * one that came.  A log with more columns than a request takes is read in passes.  A log that
 * was cleared meanwhile (a meter that was reset) is found out before anything is stored.
 */
#include "meter/kamstrup/kamstrup.h"

#include <stdio.h>

/* Requests without a single new record before the read-out is given up. */
#define MAX_IDLE_TRIES 6
/* The time left is a guess before so much has passed. */
#define ESTIMATE_AFTER_US (2 * G_USEC_PER_SEC)
/* More records than this are no log. */
#define MAX_RECORDS (1u << 20)
/* Remembered beside the scalers of other meters: this meter's logs are read by B8. */
#define WIDE_MARK (-3)

typedef struct {
  MwMeter *meter;
  const MwKmpLog *log;
  MwKmpRecords *records;
  MwLogWindow window;
  gboolean wide;
  guint n_passes, pass;
  guint group_at, group_n; /* the columns of this pass */
  gint64 stop_after;       /* a record later than this ends the reading */
  guint at;                /* the record that is coming */
  gboolean skipping;       /* it belongs to nothing */
  gboolean renewed;        /* ids went back: the log began anew */
  guint lost;              /* records that were overwritten before they could be read */
  guint expected;          /* values in all passes, 0 not known */
  guint done;
  gint64 started;
} Job;

/* ---- B8 or A0 to A3 ---- */

static mw_dlms_attr
wide_mark (void)
{
  mw_dlms_attr attr = { .index = WIDE_MARK };
  return attr;
}

static gboolean
is_wide (MwMeter *self)
{
  mw_dlms_attr mark = wide_mark ();
  return mw_cache_get (self, &mark) != NULL;
}

static void
remember_wide (MwMeter *self)
{
  mw_dlms_attr mark = wide_mark ();
  g_autoptr (GBytes) yes = g_bytes_new_static ("\1", 1);
  mw_cache_put (self, &mark, yes);
  mw_cache_save (self);
}

static void
shape_passes (Job *job)
{
  guint most = job->wide ? MW_KMP_LOG_REGISTERS : MW_KMP_LOG_REGISTERS_A;
  job->n_passes = (job->log->n_ids + most - 1) / most;
}

static void
begin_pass (Job *job, guint pass)
{
  guint most = job->wide ? MW_KMP_LOG_REGISTERS : MW_KMP_LOG_REGISTERS_A;
  job->pass = pass;
  job->group_at = pass * most;
  job->group_n = MIN (most, job->log->n_ids - job->group_at);
  job->at = 0;
  job->done = 0;
}

/* ---- progress ---- */

static void
tell_progress (Job *job)
{
  gint64 elapsed = g_get_monotonic_time () - job->started;
  double fraction;
  int left = -1;
  job->done++;
  if (job->expected == 0) {
    mw_monitor_progress (job->meter->monitor, -1, -1);
    return;
  }
  fraction =
      MIN (1.0, (job->pass + MIN (1.0, (double) job->done / job->expected)) / job->n_passes);
  if (elapsed > ESTIMATE_AFTER_US && fraction > 0.02)
    left = (int) ((double) elapsed * (1 - fraction) / fraction / G_USEC_PER_SEC);
  mw_monitor_progress (job->meter->monitor, fraction, left);
}

/* ---- one request ---- */

static guint32
ids_between (const Job *job, guint32 from, guint32 to)
{
  return job->wide ? to - from : (guint16) (to - from);
}

static void
on_record (Job *job, guint32 id, guint32 count)
{
  if (job->pass) {
    job->skipping = !mw_kmp_records_seek (job->records, id, &job->at);
  } else {
    if (mw_kmp_records_count (job->records) == 0) {
      guint n = ids_between (job, id, job->meter->kmp->client.newest) + 1;
      job->expected = count ? MIN (n, count) : n;
    }
    mw_kmp_records_add (job->records, id);
    job->at = mw_kmp_records_count (job->records) - 1;
    job->skipping = FALSE;
  }
  if (!job->skipping)
    g_array_index (job->records->records, MwKmpRecord, job->at).passes |= 1u << job->pass;
  tell_progress (job);
}

/* Is the last whole record behind the window?  Then it goes, and nothing more is wanted. */
static gboolean
is_behind_window (Job *job)
{
  guint n = mw_kmp_records_count (job->records);
  if (job->pass || n == 0 || job->stop_after == G_MAXINT64
      || g_array_index (job->records->records, MwKmpRecord, n - 1).time <= job->stop_after)
    return FALSE;
  mw_kmp_records_keep (job->records, 0, n - 1);
  return TRUE;
}

static void
on_gap (Job *job, const mw_kmp_event *e)
{
  if (e->lost == 0)
    job->renewed = TRUE;
  else if (job->pass == 0)
    job->lost += e->lost;
}

/* To the end of the answer, of the log, or of the window. */
static gboolean
request (Job *job, const mw_kmp_log_query *q, GError **error)
{
  MwKmpWire *kmp = job->meter->kmp;
  if (!mw_kmp_wire_ready (kmp, error)
      || !mw_kmp_wire_begun (kmp, mw_kmp_client_read_log (&kmp->client, q, mw_pump_now ()),
                             error))
    return FALSE;
  for (;;) {
    const mw_kmp_event *e = &kmp->event;
    if (!mw_kmp_wire_step (kmp, error)) {
      mw_kmp_client_cancel (&kmp->client);
      return FALSE;
    }
    if ((e->kind == MW_KMP_RECORD || e->kind == MW_KMP_DONE) && is_behind_window (job)) {
      mw_kmp_client_cancel (&kmp->client);
      kmp->client.info = 0;
      return mw_monitor_is_cancelled (job->meter->monitor, error) ? FALSE : TRUE;
    }
    if (e->kind == MW_KMP_DONE)
      return TRUE;
    if (e->kind == MW_KMP_RECORD && mw_kmp_records_count (job->records) >= MAX_RECORDS)
      return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                      "%s goes on and on, and was given up. The trace shows what came.",
                      job->log->info->name);
    if (e->kind == MW_KMP_RECORD)
      on_record (job, e->record, q->count);
    else if (e->kind == MW_KMP_VALUE && !job->skipping)
      mw_kmp_records_put (job->records, job->at, e->value);
    else if (e->kind == MW_KMP_GAP)
      on_gap (job, e);
  }
}

static mw_kmp_log_query
query_of (const Job *job, enum mw_kmp_log_by by)
{
  mw_kmp_log_query q = { .by = (guint8) by,
                         .wide = job->wide,
                         .log = job->log->log,
                         .ids = job->log->ids + job->group_at,
                         .n = (guint8) job->group_n,
                         .time = mw_civil_any () };
  return q;
}

/* ---- requests until it is whole ---- */

/* How many records this pass has, and the id behind the last of them. */
static guint
records_of_pass (const Job *job, guint32 *next)
{
  guint n = 0;
  for (guint i = 0; i < mw_kmp_records_count (job->records); i++) {
    const MwKmpRecord *r = &g_array_index (job->records->records, MwKmpRecord, i);
    if (r->passes >> job->pass & 1) {
      n++;
      *next = job->wide ? r->id + 1 : (guint16) (r->id + 1);
    }
  }
  return n;
}

static gboolean
recover (Job *job, guint *idle_tries, gboolean progress, GError *failure, GError **error)
{
  *idle_tries = progress ? 0 : *idle_tries + 1;
  if (!mw_channel_may_retry (failure) || *idle_tries > MAX_IDLE_TRIES) {
    g_propagate_error (error, g_error_copy (failure));
    return FALSE;
  }
  mw_monitor_step (job->meter->monitor, "The link broke after %u records. Going on…",
                   mw_kmp_records_count (job->records));
  return mw_kmp_wire_reopen (job->meter->kmp, error);
}

static gboolean
cleared (const Job *job, GError **error)
{
  return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                  "%s began anew while it was being read: the meter was reset, or the log was "
                  "cleared. Nothing of it is stored; read it again.",
                  job->log->info->name);
}

/* The meter knows no record behind the last one that came.  Is that one still what it was? */
static gboolean
check_last (Job *job, GError **error)
{
  guint n = mw_kmp_records_count (job->records);
  const MwKmpRecord *last = &g_array_index (job->records->records, MwKmpRecord, n - 1);
  g_autoptr (MwKmpRecords) again = mw_kmp_records_new (job->meter, job->log);
  Job look = *job;
  mw_kmp_log_query q;
  look.records = again;
  look.stop_after = G_MAXINT64;
  begin_pass (&look, 0);
  q = query_of (&look, MW_KMP_FROM_ID);
  q.record = last->id;
  q.count = 1;
  if (!request (&look, &q, error))
    return FALSE;
  if (mw_kmp_records_count (again) == 1
      && g_array_index (again->records, MwKmpRecord, 0).id == last->id
      && g_array_index (again->records, MwKmpRecord, 0).time == last->time)
    return TRUE;
  return cleared (job, error);
}

/* All records of START in this pass, over as many connections as it takes. */
static gboolean
fetch (Job *job, const mw_kmp_log_query *start, GError **error)
{
  const guint16 nothing = MW_KMP_INFO_EMPTY | MW_KMP_INFO_RANGE;
  mw_kmp_log_query q = *start;
  guint idle_tries = 0;
  guint32 next = 0;
  guint before = records_of_pass (job, &next), had = before;
  for (;;) {
    g_autoptr (GError) failure = NULL;
    if (request (job, &q, &failure))
      break;
    guint has = records_of_pass (job, &next);
    if (!recover (job, &idle_tries, has > had, failure, error))
      return FALSE;
    had = has;
    if (has == before)
      continue;
    q.by = MW_KMP_FROM_ID;
    q.record = next;
    if (start->count && start->count <= has - before)
      break;
    q.count = start->count ? start->count - (has - before) : 0;
  }
  if (job->renewed)
    return cleared (job, error);
  if (job->meter->kmp->client.info & nothing && records_of_pass (job, &next) > before)
    return check_last (job, error);
  return TRUE;
}

/* The other columns of the records that the first pass brought. */
static gboolean
fetch_other_columns (Job *job, GError **error)
{
  guint n = mw_kmp_records_count (job->records);
  for (guint pass = 1; n && pass < job->n_passes; pass++) {
    mw_kmp_log_query q;
    begin_pass (job, pass);
    q = query_of (job, MW_KMP_FROM_ID);
    q.record = g_array_index (job->records->records, MwKmpRecord, 0).id;
    q.count = n;
    if (!fetch (job, &q, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- windows ---- */

/* The meter keeps normal time, or an hour more in summer: never later than this. */
static mw_civil
civil_of (gint64 utc)
{
  mw_civil t = mw_civil_from_utc (utc, 0, 0);
  gint64 back;
  gint16 deviation;
  if (!mw_kam_to_utc (&t, &back, &deviation))
    return mw_civil_any ();
  return mw_civil_from_utc (utc, deviation, 0);
}

static gboolean
fetch_from (Job *job, gint64 from, GError **error)
{
  mw_kmp_log_query q = query_of (job, MW_KMP_FROM_TIME);
  if (from != G_MININT64)
    q.time = civil_of (from);
  return fetch (job, &q, error);
}

static gboolean
fetch_id (Job *job, guint32 id, guint count, GError **error)
{
  mw_kmp_log_query q = query_of (job, MW_KMP_FROM_ID);
  q.record = job->wide ? id : (guint16) id;
  q.count = count;
  return fetch (job, &q, error);
}

/* The newest record of the log, alone; none when it is empty. */
static gboolean
fetch_newest (Job *job, GError **error)
{
  mw_kmp_log_query q = query_of (job, MW_KMP_PAST_TIME);
  q.time = mw_civil_from_utc ((gint64) mw_days_from_date (2099, 12, 31) * 86400, 0, 0);
  q.count = 1;
  return fetch (job, &q, error);
}

static gboolean
fetch_last (Job *job, guint n, GError **error)
{
  guint32 newest;
  guint came;
  if (!fetch_newest (job, error))
    return FALSE;
  if (mw_kmp_records_count (job->records) == 0 || n == 1)
    return TRUE;
  newest = g_array_index (job->records->records, MwKmpRecord, 0).id;
  mw_kmp_records_keep (job->records, 0, 0);
  if (!fetch_id (job, newest - n + 1, 0, error))
    return FALSE;
  if (mw_kmp_records_count (job->records) == 0 && !fetch_from (job, G_MININT64, error))
    return FALSE; /* fewer than that */
  came = mw_kmp_records_count (job->records);
  if (came > n)
    mw_kmp_records_keep (job->records, came - n, n);
  job->lost = 0;
  return TRUE;
}

/* ---- what is new ---- */

static char *
anchor_key (const Job *job)
{
  return g_strdup_printf ("kmp-newest:%" G_GINT64_FORMAT ":%s", job->meter->info->id,
                          job->log->info->logger);
}

static void
remember_newest (const Job *job)
{
  MwMeter *self = job->meter;
  guint n = mw_kmp_records_count (job->records);
  g_autofree char *key = anchor_key (job);
  g_autofree char *value = NULL;
  const MwKmpRecord *newest;
  if (self->store == NULL || !self->save || self->info->id == 0 || n == 0)
    return;
  newest = &g_array_index (job->records->records, MwKmpRecord, n - 1);
  value = g_strdup_printf ("%u %" G_GINT64_FORMAT, newest->id, newest->time);
  mw_store_set_setting (self->store, key, value, NULL);
}

static gboolean
recall_newest (const Job *job, gint64 time, guint32 *id)
{
  g_autofree char *key = anchor_key (job);
  g_autofree char *value = mw_store_dup_setting (job->meter->store, key, NULL);
  gint64 then;
  return value && sscanf (value, "%u %" G_GINT64_FORMAT, id, &then) == 2 && then == time;
}

/* Where the anchor stands among the records, -1 when it is not there. */
static int
find_anchor (const Job *job, const MwSeries *anchor)
{
  for (guint i = mw_kmp_records_count (job->records); i-- > 0;)
    if (mw_kmp_records_match (job->records, i, anchor, anchor->n_rows - 1))
      return (int) i;
  return -1;
}

/* Behind the anchor, by its id.  *FOUND: it was still where it had been. */
static gboolean
fetch_behind (Job *job, const MwSeries *anchor, gboolean *found, GError **error)
{
  guint32 id;
  *found = FALSE;
  if (!recall_newest (job, anchor->time[anchor->n_rows - 1], &id))
    return TRUE;
  if (!fetch_id (job, id, 0, error))
    return FALSE;
  *found = mw_kmp_records_count (job->records)
           && mw_kmp_records_match (job->records, 0, anchor, anchor->n_rows - 1);
  if (!*found)
    mw_kmp_records_keep (job->records, 0, 0);
  return TRUE;
}

/* By time; and the whole of it when the meter's clock was set back behind what is stored. */
static gboolean
fetch_after (Job *job, gint64 time, GError **error)
{
  gint64 newest;
  if (!fetch_from (job, time, error))
    return FALSE;
  if (mw_kmp_records_count (job->records))
    return TRUE;
  if (!fetch_newest (job, error))
    return FALSE;
  if (mw_kmp_records_count (job->records) == 0)
    return TRUE;
  newest = g_array_index (job->records->records, MwKmpRecord, 0).time;
  mw_kmp_records_keep (job->records, 0, 0);
  return newest >= time || fetch_from (job, G_MININT64, error);
}

static gboolean
fetch_new (Job *job, GError **error)
{
  g_autoptr (MwSeries) anchor = mw_meter_load_anchor (job->meter, job->log->info->logger);
  gboolean found = FALSE;
  int at;
  job->stop_after = G_MAXINT64;
  if (anchor == NULL || anchor->n_rows == 0)
    return fetch_from (job, G_MININT64, error);
  if (!fetch_behind (job, anchor, &found, error))
    return FALSE;
  if (!found && !fetch_after (job, anchor->time[anchor->n_rows - 1], error))
    return FALSE;
  at = found ? 0 : find_anchor (job, anchor);
  remember_newest (job);
  if (at >= 0)
    mw_kmp_records_keep (job->records, (guint) at + 1,
                         mw_kmp_records_count (job->records) - (guint) at - 1);
  return TRUE;
}

static gboolean
fetch_window (Job *job, GError **error)
{
  job->stop_after = job->window.to;
  begin_pass (job, 0);
  if (job->window.only_new)
    return fetch_new (job, error);
  if (job->window.last)
    return fetch_last (job, job->window.last, error);
  return fetch_from (job, job->window.from, error);
}

/* ---- the whole ---- */

/* A meter keeps silent on commands that it does not know: then the newer one is tried, and
 * remembered. */
static gboolean
fetch_either_way (Job *job, GError **error)
{
  g_autoptr (GError) failure = NULL;
  shape_passes (job);
  if (fetch_window (job, &failure))
    return TRUE;
  if (!g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED) || job->wide
      || mw_kmp_records_count (job->records)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  job->wide = TRUE;
  shape_passes (job);
  g_clear_error (&failure);
  if (fetch_window (job, &failure)) {
    remember_wide (job->meter);
    return TRUE;
  }
  if (g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED))
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The meter is there and does not give %s (log %u).", job->log->info->name,
                    job->log->log);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Records that were overwritten between two passes have not all their columns. */
static void
drop_halves (Job *job)
{
  guint n = mw_kmp_records_count (job->records), first = 0;
  guint whole = (1u << job->n_passes) - 1;
  while (first < n && g_array_index (job->records->records, MwKmpRecord, first).passes != whole)
    first++;
  job->lost += first;
  mw_kmp_records_keep (job->records, first, n - first);
}

static gboolean
begin (Job *job, MwMeter *self, const MwLoggerInfo *logger, GError **error)
{
  job->meter = self;
  job->log = mw_kam_find_log (self, logger->logger);
  job->wide = is_wide (self);
  job->stop_after = G_MAXINT64;
  job->started = g_get_monotonic_time ();
  if (job->log)
    job->records = mw_kmp_records_new (self, job->log);
  return job->log
         || mw_fail (error, MW_SESSION_ERROR_USAGE, "This meter has no log “%s”.",
                     logger->name);
}

MwSeries *
mw_kam_log (MwMeter *self, const MwLoggerInfo *logger, const MwLogWindow *window, GBytes **raw,
            GError **error)
{
  g_autoptr (MwKmpRecords) records = NULL;
  g_autoptr (GError) failure = NULL;
  Job job = { .window = *window };

  if (!begin (&job, self, logger, error))
    return NULL;
  records = job.records;
  mw_monitor_step (self->monitor, "Reading %s…", logger->name);
  if (!fetch_either_way (&job, &failure) || !fetch_other_columns (&job, &failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  drop_halves (&job);
  if (!window->only_new && !window->last && window->to == G_MAXINT64)
    remember_newest (&job);
  if (job.lost)
    mw_monitor_step (self->monitor, "%u records were overwritten before they could be read.",
                     job.lost);
  *raw = g_bytes_new (records->raw->data, records->raw->len);
  return mw_kmp_records_to_series (records, window->only_new ? G_MININT64 : window->from,
                                   window->only_new ? G_MAXINT64 : window->to);
}

/* ---- what it holds ---- */

static gint64
only_time (const Job *job, guint32 *id)
{
  const MwKmpRecord *record;
  if (mw_kmp_records_count (job->records) == 0)
    return G_MININT64;
  record = &g_array_index (job->records->records, MwKmpRecord, 0);
  *id = record->id;
  return record->time;
}

static gboolean
fetch_oldest (Job *job, GError **error)
{
  mw_kmp_log_query q;
  job->stop_after = G_MAXINT64;
  job->group_n = 1; /* the clock alone */
  q = query_of (job, MW_KMP_FROM_TIME);
  q.count = 1;
  return fetch (job, &q, error);
}

MwLoggerStatus *
mw_kam_status (MwMeter *self, const MwLoggerInfo *logger, GError **error)
{
  g_autoptr (MwKmpRecords) records = NULL;
  g_autoptr (GError) failure = NULL;
  guint32 first = 0, last = 0;
  MwLoggerStatus *status;
  Job job = { .window = { G_MININT64, G_MAXINT64, 1, FALSE } };

  if (!begin (&job, self, logger, error))
    return NULL;
  records = job.records;
  if (!fetch_either_way (&job, &failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  status = g_new0 (MwLoggerStatus, 1);
  status->logger = g_strdup (logger->logger);
  status->newest = status->oldest = only_time (&job, &last);
  if (status->newest == G_MININT64)
    return status;
  mw_kmp_records_keep (records, 0, 0);
  begin_pass (&job, 0);
  if (fetch_oldest (&job, NULL)) {
    status->oldest = only_time (&job, &first);
    status->entries_in_use = ids_between (&job, first, last) + 1;
  }
  return status;
}
