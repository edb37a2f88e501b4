/* server_log.c: a server's answers to requests for its logs; see server.h and log.h. */
#include "kmp/server_parts.h"

/* Where the reading begins, in the meter's own ids. False: outside the log. */
static bool
find_first (mw_kmp_server *s, const mw_kmp_log_request *r, const mw_kmp_log_state *log,
            uint32_t *record)
{
  uint32_t held = log->newest - log->oldest;
  switch (r->by) {
  case MW_KMP_FROM_LAST:
    *record = log->last_read + 1;
    if (*record - log->oldest > held + 1)
      *record = log->oldest; /* what was not read is gone in part */
    return true;
  case MW_KMP_FROM_ID: {
    /* of the ids with these low bits the one nearest to the newest, to either side */
    uint32_t back = r->wide ? log->newest - r->record : (uint16_t) (log->newest - r->record);
    bool ahead = r->wide ? (int32_t) back < 0 : back > UINT16_MAX - 256u && back > held;
    if (ahead)
      return false;
    *record = back > held ? log->oldest : log->newest - back; /* 6.3.3: the following one */
    return true;
  }
  default:
    if (!s->ops->log_find
        || !s->ops->log_find (s->ctx, r->log, &r->time, r->by == MW_KMP_PAST_TIME, record))
      return false;
    if (r->by == MW_KMP_PAST_TIME && *record - log->oldest < r->offset)
      return false;
    *record -= r->by == MW_KMP_PAST_TIME ? r->offset : 0;
    return true;
  }
}

/* The values of RECORD that the log has, in the order asked. */
static unsigned
collect (mw_kmp_server *s, const mw_kmp_log_request *r, uint32_t record)
{
  unsigned n = 0;
  for (unsigned i = 0; i < r->n; i++) {
    s->values[n].id = r->ids[i];
    s->values[n].octets = 0;
    n += s->ops->log_value (s->ctx, r->log, record, r->ids[i], &s->values[n]);
  }
  return n;
}

static uint32_t
limit (const mw_kmp_server *s, const mw_kmp_log_request *r)
{
  uint32_t own = s->config.max_records ? s->config.max_records : UINT16_MAX;
  return r->records < own ? r->records : own;
}

/* Records from RECORD on, as many as fit; INFO_ flags of how it ended. */
static uint16_t
fill (mw_kmp_server *s, const mw_kmp_log_request *r, const mw_kmp_log_state *log,
      uint32_t record)
{
  bool past = r->by == MW_KMP_PAST_TIME;
  uint16_t flags = 0;
  uint32_t most = limit (s, r);
  for (uint32_t i = 0; i < most; i++) {
    unsigned n = collect (s, r, record);
    if (!n)
      return (uint16_t) (flags | MW_KMP_INFO_UNSUPPORTED);
    if (n < r->n)
      flags |= MW_KMP_INFO_UNSUPPORTED;
    if (!mw_kmp_log_writer_add (&s->log, record, s->values, n))
      return (uint16_t) (flags | MW_KMP_INFO_LENGTH);
    if (past && record == log->oldest)
      return (uint16_t) (flags | MW_KMP_INFO_OLDEST | MW_KMP_INFO_END);
    if (!past && record == log->newest)
      return (uint16_t) (flags | MW_KMP_INFO_END);
    record += past ? UINT32_MAX : 1;
  }
  return most < r->records ? (uint16_t) (flags | MW_KMP_INFO_LENGTH) : flags;
}

/* The end is told when more was asked for than there is (6.3, INFO). */
static uint16_t
info_of (const mw_kmp_log_request *r, uint16_t flags, uint32_t records)
{
  bool all = records == r->records;
  if (!r->wide && all)
    flags &= (uint16_t) ~MW_KMP_INFO_END;
  return flags;
}

bool
mw_kmp_server_on_log (mw_kmp_server *s, const mw_kmp_frame *f, mw_wr *w)
{
  mw_kmp_log_request r;
  mw_kmp_log_state log = { .empty = true };
  uint32_t record = 0;
  uint16_t info;
  if (mw_kmp_log_request_decode (f->cid, f->data, &r) || r.n < 1 || !s->ops->log_state
      || !s->ops->log_value || !s->ops->log_state (s->ctx, r.wide, r.log, &log))
    return false;
  size_t cap = s->config.max_apdu;
  if (!r.wide && r.max_apdu && r.max_apdu < cap)
    cap = r.max_apdu;
  mw_kmp_log_writer_begin (&s->log, &r, w->start, cap, log.interval, log.step);
  if (log.empty) {
    info = MW_KMP_INFO_EMPTY;
  } else if (!find_first (s, &r, &log, &record)) {
    info = MW_KMP_INFO_RANGE;
  } else if (r.by == MW_KMP_FROM_LAST && record == log.newest + 1) {
    info = MW_KMP_INFO_END; /* nothing new */
  } else {
    info = info_of (&r, fill (s, &r, &log, record), s->log.records);
  }
  uint32_t most = s->log.request.by == MW_KMP_PAST_TIME ? s->log.first : s->log.last;
  if (s->log.records && s->ops->log_read)
    s->ops->log_read (s->ctx, r.log, most);
  mw_span apdu = mw_kmp_log_writer_end (&s->log, log.empty ? 0 : log.newest, info);
  if (!apdu.len)
    return false;
  w->at = w->start + apdu.len;
  return true;
}
