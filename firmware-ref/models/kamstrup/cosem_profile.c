/* cosem_profile.c: loggers as profile generic (class 7; Blue Book 4.3.6).
 *
 * A row is the time of the entry, then its registers as far as they have an OBIS code.  Entries
 * are counted from 1, the oldest first.  Times are normal time all year (OMNIPOWER technical
 * description 4.5), with its deviation.
 *
 * The stream: state[COLUMNS] bit per column, [NUMBER] the entry of this row, [FROM] and [TO]
 * the instants of a range; an entry whose time is outside of it (the clock was set back) is
 * passed over.
 */
#include <string.h>

#include "models/kamstrup/cosem.h"

enum { COLUMNS, NUMBER, FROM, TO };

#define COLUMNS_MAX (MW_KLOG_COLUMNS_MAX + 1)

typedef struct profile {
  mw_kmeter *k;
  const mw_klogger *logger;
  enum mw_klog log;
  unsigned n;                              /* columns */
  const mw_kregister *column[COLUMNS_MAX]; /* NULL: the time */
} profile;

static profile
profile_of (const mw_kamstrup_link *l, const mw_kobject *o)
{
  profile p = { l->meter->k, o->logger, (enum mw_klog) o->logger->id, 1, { NULL } };
  unsigned n = mw_klog_n (p.k, p.log);
  for (unsigned i = 0; i < n && p.n < COLUMNS_MAX; i++) {
    const mw_kregister *r = mw_kamstrup_log_register (l->meter, o->logger, i);
    if (r && r->obis[5] && r->bind != MW_KV_RTC)
      p.column[p.n++] = r;
  }
  return p;
}

/* --- captured objects -----------------------------------------------------------------------
 */

static mw_capture_object
capture_of (const mw_kamstrup *m, const mw_kregister *r)
{
  static const mw_obis clock = { { 0, 1, 1, 0, 0, 255 } };
  mw_capture_object c = { 8, clock, 2, 0 };
  mw_kobject o;
  if (!r)
    return c;
  memcpy (c.ln.v, r->obis, 6);
  c.class_id = mw_kobject_find (m, &c.ln, &o) ? o.class_id : 3;
  c.index = o.time == r ? 5 : 2;
  return c;
}

static bool
same_capture (const mw_capture_object *a, const mw_capture_object *b)
{
  return a->class_id == b->class_id && memcmp (a->ln.v, b->ln.v, 6) == 0 && a->index == b->index
         && a->data_index == b->data_index;
}

/* --- which rows -----------------------------------------------------------------------------
 */

static bool
in_range (mw_kmeter *k, enum mw_klog log, uint32_t id, const mw_dlms_stream *s)
{
  mw_kentry e;
  return mw_klog_read (k, log, id, &e) == MW_OK && e.time.utc >= (int64_t) s->state[FROM]
         && e.time.utc <= (int64_t) s->state[TO];
}

/* The first entry from ID on that is in the range; 0: none. */
static uint32_t
next_in_range (const profile *p, uint32_t id, const mw_dlms_stream *s)
{
  uint32_t newest = mw_klog_newest (p->k, p->log);
  for (; newest && id && id <= newest; id++)
    if (in_range (p->k, p->log, id, s))
      return id;
  return 0;
}

static uint8_t
open_range (const mw_kamstrup *m, const profile *p, const mw_profile_select *sel,
            mw_dlms_stream *s)
{
  int16_t zone = m->k->m.st.clock.zone_min;
  mw_civil from, to;
  int64_t low = INT64_MIN, high = INT64_MAX;
  mw_cur list = mw_cur_of (sel->column_list);
  mw_capture_object clock = capture_of (m, NULL);
  if (!same_capture (&sel->sort, &clock))
    return MW_DAR_OTHER_REASON;
  if (mw_axdr_to_civil (&sel->from, &from) == MW_OK
      && mw_civil_to_utc (&from, zone, &low) != MW_OK)
    return MW_DAR_OTHER_REASON;
  if (mw_axdr_to_civil (&sel->to, &to) == MW_OK && mw_civil_to_utc (&to, zone, &high) != MW_OK)
    return MW_DAR_OTHER_REASON;
  s->state[COLUMNS] = sel->columns ? 0 : (UINT64_C (1) << p->n) - 1;
  for (uint32_t i = 0; i < sel->columns; i++) {
    mw_capture_object wanted = mw_capture_object_get (&list), own;
    unsigned at = 0;
    while (at < p->n && (own = capture_of (m, p->column[at]), !same_capture (&wanted, &own)))
      at++;
    if (at == p->n)
      return MW_DAR_OTHER_REASON;
    s->state[COLUMNS] |= UINT64_C (1) << at;
  }
  s->state[FROM] = (uint64_t) low;
  s->state[TO] = (uint64_t) high;
  s->state[NUMBER] = next_in_range (p, mw_klog_oldest (p->k, p->log), s);
  for (uint32_t id = (uint32_t) s->state[NUMBER]; id; id = next_in_range (p, id + 1, s))
    s->end++;
  return MW_DAR_SUCCESS;
}

static uint8_t
open_entries (const profile *p, const mw_profile_select *sel, mw_dlms_stream *s)
{
  uint32_t count = mw_klog_count (p->k, p->log), from = sel->from_entry, to = sel->to_entry;
  unsigned first = sel->from_column, last = sel->to_column;
  if (to == 0 || to > count)
    to = count;
  if (last == 0 || last > p->n)
    last = p->n;
  if (from == 0 || first == 0 || first > last)
    return MW_DAR_OTHER_REASON;
  s->state[COLUMNS] = (((UINT64_C (1) << last) - 1) >> (first - 1)) << (first - 1);
  s->state[FROM] = (uint64_t) INT64_MIN;
  s->state[TO] = (uint64_t) INT64_MAX;
  s->state[NUMBER] = mw_klog_oldest (p->k, p->log) + from - 1;
  s->end = 1 + (from <= to ? to - from + 1 : 0);
  return MW_DAR_SUCCESS;
}

uint8_t
mw_kprofile_open (mw_kamstrup_link *l, const mw_kobject *o, const mw_dlms_selection *access,
                  mw_dlms_stream *s)
{
  mw_profile_select sel = { 0 };
  profile p = profile_of (l, o);
  if (s->attr.index == 3) {
    s->end = 1 + p.n;
    return access && access->selector ? MW_DAR_SCOPE_OF_ACCESS_VIOLATED : MW_DAR_SUCCESS;
  }
  if (access && access->selector && mw_profile_select_decode (access, &sel) != MW_OK)
    return MW_DAR_TYPE_UNMATCHED;
  l->entry_there = false;
  if (sel.selector == MW_SELECT_RANGE)
    return open_range (l->meter, &p, &sel, s);
  if (sel.selector == MW_SELECT_NONE)
    sel.from_entry = sel.from_column = 1;
  return open_entries (&p, &sel, s);
}

/* --- rows -----------------------------------------------------------------------------------
 */

static unsigned
bits_set (uint64_t bits)
{
  unsigned n = 0;
  for (; bits; bits &= bits - 1)
    n++;
  return n;
}

static void
put_time (const profile *p, mw_stamp time, mw_wr *w)
{
  mw_civil t = mw_civil_from_utc (time.utc, p->k->m.st.clock.zone_min,
                                  (uint8_t) (time.status & ~MW_CLOCK_DST));
  mw_axdr_put_civil (w, &t);
}

static void
put_row (mw_kamstrup_link *l, const profile *p, mw_dlms_stream *s, mw_wr *w)
{
  uint32_t id = (uint32_t) s->state[NUMBER];
  mw_kmp_value v;
  mw_kentry e;
  if (mw_klog_read (p->k, p->log, id, &e) != MW_OK) {
    s->result = MW_DAR_LONG_GET_ABORTED; /* overwritten meanwhile */
    return;
  }
  mw_axdr_put_structure (w, bits_set (s->state[COLUMNS]));
  for (unsigned i = 0; i < p->n; i++) {
    if (!(s->state[COLUMNS] >> i & 1))
      continue;
    if (i == 0)
      put_time (p, e.time, w);
    else if (mw_kamstrup_log_value (l, p->log, id, p->column[i], &v) == MW_OK)
      mw_kobject_put (w, p->column[i], &v);
    else
      mw_axdr_put_null (w);
  }
}

static void
put_capture (const mw_kamstrup *m, const mw_kregister *r, mw_wr *w)
{
  mw_capture_object c = capture_of (m, r);
  mw_capture_object_put (w, &c);
}

/* Of a logger that runs at an interval, in seconds; else 0. */
static uint32_t
period (const profile *p)
{
  return p->log == MW_KLOG_LOAD_PROFILE ? mw_kperiod_s (p->k) : 0;
}

void
mw_kprofile_piece (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s, mw_wr *w)
{
  profile p = profile_of (l, o);
  switch (s->attr.index) {
  case 2:
    if (s->row == 0)
      mw_axdr_put_array (w, s->end - 1);
    else
      put_row (l, &p, s, w);
    break;
  case 3:
    if (s->row == 0)
      mw_axdr_put_array (w, s->end - 1);
    else
      put_capture (l->meter, p.column[s->row - 1], w);
    break;
  case 4:
    mw_axdr_put_u32 (w, period (&p));
    break;
  case 5:
    mw_axdr_put_enum (w, 1); /* fifo, unsorted */
    break;
  case 6:
    put_capture (l->meter, NULL, w);
    break;
  case 7:
    mw_axdr_put_u32 (w, mw_klog_count (p.k, p.log));
    break;
  default:
    mw_axdr_put_u32 (w, mw_klog_depth (p.k, p.log));
  }
}

void
mw_kprofile_passed (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s)
{
  profile p = profile_of (l, o);
  if (s->attr.index == 2 && s->row > 0 && s->row + 1 < s->end)
    s->state[NUMBER] = next_in_range (&p, (uint32_t) s->state[NUMBER] + 1, s);
}
