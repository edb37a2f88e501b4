/* objects_profile.c: load profiles, billing profiles, event logs and read-out lists (class 7;
 * Mx381 manual 6.2-6.5).
 *
 * A buffer is read row by row from the core's rings.  The rows of one read-out:
 *
 *   piece 0          array, number of rows
 *   piece 1 … n      one structure each; stream->state says which record comes next
 *
 * The profiles are "compressed" (manual 6.3): in a row whose time is that of the row before
 * plus one capture period, with the same clock status, the clock column is null-data, and so is
 * an unchanged profile status.
 */
#include "models/objects.h"

#include <string.h>

/* stream->state of a buffer */
enum { NUMBER, FROM, TO, COLUMNS, BEFORE, FLAGS };
#define HAS_BEFORE 1u
#define CONTIGUOUS 2u /* the rows are consecutive records */

/* A profile or a log as a sequence of records. */
typedef struct source {
  mw_model *model;
  mw_meter *m;
  bool log;
  unsigned id; /* enum mw_profile_id or enum mw_log */
} source;

static source
source_of (mw_model_link *l, const mw_model_attr *a)
{
  return (source){ l->model, l->model->meter, a->fn == MW_FN_LOG, a->arg >> 8 };
}

static uint32_t
source_count (const source *s)
{
  return s->log ? mw_log_count (s->m, (enum mw_log) s->id)
                : mw_profile_count (s->m, (enum mw_profile_id) s->id);
}

static uint32_t
source_first (const source *s)
{
  return s->log ? mw_log_first (s->m, (enum mw_log) s->id)
                : mw_profile_first (s->m, (enum mw_profile_id) s->id);
}

static uint32_t
source_find (const source *s, uint32_t start, int64_t from, int64_t to)
{
  return s->log ? mw_log_find (s->m, (enum mw_log) s->id, start, from, to)
                : mw_profile_find (s->m, (enum mw_profile_id) s->id, start, from, to);
}

static bool
source_monotone (const source *s)
{
  const mw_ring_head *head =
      s->log ? &s->m->st.events.head[s->id] : &s->m->st.profile[s->id].head;
  return head->monotone <= source_first (s);
}

static uint32_t
source_period (const source *s)
{
  return s->log ? 0 : mw_profile_setup_of (s->m, (enum mw_profile_id) s->id)->period_s;
}

/* The attributes that the columns hold; their number. */
static unsigned
source_columns (const source *s, uint16_t out[MW_CAPTURES_MAX])
{
  if (!s->log) {
    unsigned n = mw_profile_setup_of (s->m, (enum mw_profile_id) s->id)->n;
    memcpy (out, s->model->kept.capture[s->id], n * sizeof out[0]);
    return n;
  }
  unsigned n = 0;
  out[n++] = mw_model_attr_of_value (s->model, MW_V_CLOCK);
  if (s->id == MW_LOG_POWER_FAILURE) {
    out[n++] = mw_model_attr_of_value (s->model, MW_V_COUNTER (MW_CNT_FAIL_DURATION_ANY));
  } else if (s->id == MW_LOG_CERTIFICATION) {
    for (unsigned i = 0; i < 3; i++)
      out[n++] = mw_model_attr_of_value (s->model, (uint16_t) MW_V_CERTIFICATION (i));
  } else {
    out[n++] = mw_model_attr_of_value (s->model, (uint16_t) MW_V_EVENT (s->id));
  }
  return n;
}

static bool
source_read (const source *s, uint32_t number, mw_record *r)
{
  mw_log_entry e;
  if (!s->log)
    return mw_profile_read (s->m, (enum mw_profile_id) s->id, number, r) == MW_OK;
  if (mw_log_read (s->m, (enum mw_log) s->id, number, &e) != MW_OK)
    return false;
  *r = (mw_record){ .number = number, .time = e.time, .n = 2 };
  r->value[0] = (mw_value){ .kind = MW_VALUE_CLOCK };
  r->value[1] = (mw_value){ .kind = MW_VALUE_U32, .u.i = e.code };
  if (s->id == MW_LOG_POWER_FAILURE)
    r->value[1].u.i = e.extra;
  if (s->id == MW_LOG_CERTIFICATION) {
    r->n = 4;
    r->value[1] = (mw_value){ .kind = MW_VALUE_BYTES, .len = 6 };
    memcpy (r->value[1].u.bytes, e.secure_id, 6);
    r->value[2] = (mw_value){ .kind = MW_VALUE_U32, .u.i = e.secure_old };
    r->value[3] = (mw_value){ .kind = MW_VALUE_U32, .u.i = e.secure_new };
  }
  return true;
}

/* --- capture objects ------------------------------------------------------------------------
 */

static void
put_capture (uint16_t a, mw_wr *w)
{
  mw_capture_object c = { 0 };
  if (a != MW_MODEL_NO_ATTR) {
    const mw_model_object *o = &mw_model_objects[mw_model_attrs[a].object];
    c.class_id = o->class_id;
    memcpy (c.ln.v, o->ln, 6);
    c.index = (int8_t) mw_model_attrs[a].n;
  }
  mw_capture_object_put (w, &c);
}

static uint16_t
attr_of_capture (const mw_model *model, const mw_capture_object *c)
{
  uint8_t dar;
  mw_dlms_attr attr = { c->class_id, c->ln, c->index };
  if (c->data_index != 0 || c->index == 1)
    return MW_MODEL_NO_ATTR;
  uint16_t a = mw_model_attr_find (model, &attr, &dar);
  return a != MW_MODEL_NO_ATTR && mw_model_attrs[a].access & MW_ACCESS_READ ? a
                                                                            : MW_MODEL_NO_ATTR;
}

/* --- opening a buffer -----------------------------------------------------------------------
 */

static bool
instant (const source *s, const mw_axdr_value *v, int64_t open_end, int64_t *out)
{
  mw_civil t;
  *out = open_end;
  if (v->type == MW_AXDR_NULL_DATA)
    return true;
  if (mw_axdr_to_civil (v, &t) != MW_OK)
    return false;
  if (t.year == MW_YEAR_ANY) /* nothing specified: no limit */
    return true;
  return mw_civil_to_utc (&t, mw_clock_deviation (s->m), out) == MW_OK;
}

static bool
is_clock (const mw_capture_object *c)
{
  static const uint8_t clock[6] = { 0, 0, 1, 0, 0, 255 };
  return c->class_id == 8 && memcmp (c->ln.v, clock, 6) == 0 && c->index == 2;
}

/* Bits of the columns that the selection names; 0 when one of them is no column. */
static uint64_t
columns_by_name (const source *s, const mw_profile_select *sel, const uint16_t *columns,
                 unsigned n)
{
  uint64_t bits = 0;
  mw_cur c = mw_cur_of (sel->column_list);
  if (sel->columns == 0)
    return (UINT64_C (1) << n) - 1;
  for (uint32_t i = 0; i < sel->columns; i++) {
    mw_capture_object o = mw_capture_object_get (&c);
    uint16_t a = attr_of_capture (s->model, &o);
    uint64_t bit = 0;
    for (unsigned k = 0; k < n; k++)
      if (columns[k] == a && a != MW_MODEL_NO_ATTR)
        bit = UINT64_C (1) << k;
    if (!bit)
      return 0;
    bits |= bit;
  }
  return bits;
}

static uint32_t
count_range (const source *s, uint32_t first, int64_t from, int64_t to, bool *contiguous)
{
  uint32_t n = 0, end = source_first (s) + source_count (s);
  *contiguous = source_monotone (s);
  if (first == 0)
    return 0;
  if (!*contiguous) { /* the clock went back: look at every record */
    for (uint32_t i = first; i; i = i + 1 < end ? source_find (s, i + 1, from, to) : 0)
      n++;
    return n;
  }
  uint32_t after = to == INT64_MAX ? 0 : source_find (s, first, to + 1, INT64_MAX);
  return (after ? after : end) - first;
}

static uint8_t
open_range (const source *s, const mw_profile_select *sel, mw_dlms_stream *st,
            const uint16_t *columns, unsigned n)
{
  int64_t from, to;
  bool contiguous;
  if (sel->sort.class_id != 0 && !is_clock (&sel->sort))
    return MW_DAR_OTHER_REASON; /* sorted by time alone */
  if (!instant (s, &sel->from, INT64_MIN, &from) || !instant (s, &sel->to, INT64_MAX, &to))
    return MW_DAR_TYPE_UNMATCHED;
  st->state[COLUMNS] = columns_by_name (s, sel, columns, n);
  if (!st->state[COLUMNS])
    return MW_DAR_OTHER_REASON;
  uint32_t first =
      source_count (s) && from <= to ? source_find (s, source_first (s), from, to) : 0;
  st->end = 1 + count_range (s, first, from, to, &contiguous);
  st->state[NUMBER] = first;
  st->state[FROM] = (uint64_t) from;
  st->state[TO] = (uint64_t) to;
  st->state[FLAGS] = contiguous ? CONTIGUOUS : 0;
  return MW_DAR_SUCCESS;
}

/* Entries are counted from 1, the oldest first (Blue Book, entry_descriptor). */
static uint8_t
open_entries (const source *s, const mw_profile_select *sel, mw_dlms_stream *st, unsigned n)
{
  uint32_t count = source_count (s), from = sel->from_entry, to = sel->to_entry;
  unsigned first = sel->from_column, last = sel->to_column;
  if (to == 0 || to > count)
    to = count;
  if (last == 0 || last > n)
    last = n;
  if (from == 0 || first == 0 || first > last)
    return MW_DAR_OTHER_REASON;
  st->state[COLUMNS] = (((UINT64_C (1) << last) - 1) >> (first - 1)) << (first - 1);
  st->state[NUMBER] = source_first (s) + from - 1;
  st->state[FLAGS] = CONTIGUOUS;
  st->end = 1 + (from <= to ? to - from + 1 : 0);
  return MW_DAR_SUCCESS;
}

static uint8_t
open_buffer (const source *s, const mw_dlms_selection *access, mw_dlms_stream *st)
{
  mw_profile_select sel = { 0 };
  uint16_t columns[MW_CAPTURES_MAX];
  unsigned n = source_columns (s, columns);
  if (access && access->selector && mw_profile_select_decode (access, &sel) != MW_OK)
    return MW_DAR_TYPE_UNMATCHED;
  if (n == 0) { /* captures nothing: no rows */
    st->end = 1;
    return MW_DAR_SUCCESS;
  }
  switch (sel.selector) {
  case MW_SELECT_RANGE:
    return open_range (s, &sel, st, columns, n);
  case MW_SELECT_ENTRY:
    return open_entries (s, &sel, st, n);
  default:
    sel.from_entry = sel.from_column = 1;
    return open_entries (s, &sel, st, n);
  }
}

/* --- rows -----------------------------------------------------------------------------------
 */

static bool
is_status (uint16_t a)
{
  uint16_t id = mw_model_attrs[a].arg;
  return mw_model_attrs[a].bind == MW_BIND_VALUE && id >= MW_V_PROFILE_STATUS1
         && id <= MW_V_PROFILE_STATUS6;
}

static unsigned
bits_set (uint64_t bits)
{
  unsigned n = 0;
  for (; bits; bits &= bits - 1)
    n++;
  return n;
}

static void
put_row (mw_model_link *l, const source *s, const mw_dlms_stream *st, const mw_record *r,
         mw_wr *w)
{
  uint16_t columns[MW_CAPTURES_MAX];
  unsigned n = source_columns (s, columns);
  uint32_t period = source_period (s);
  uint64_t flags = st->state[FLAGS];
  bool follows = period && flags & HAS_BEFORE
                 && r->time.utc == (int64_t) st->state[BEFORE] + period
                 && r->time.status == (uint8_t) (flags >> 16);
  l->row_utc = r->time.utc;
  l->row_clock = r->time.status;
  mw_axdr_put_structure (w, bits_set (st->state[COLUMNS]));
  for (unsigned i = 0; i < n && i < r->n; i++) {
    const mw_value *v = &r->value[i];
    bool status = columns[i] != MW_MODEL_NO_ATTR && is_status (columns[i]);
    bool same = status && flags & HAS_BEFORE && period && v->u.i == (uint8_t) (flags >> 8);
    if (status)
      l->row_status = (uint8_t) v->u.i;
    if (!(st->state[COLUMNS] >> i & 1))
      continue;
    if (columns[i] == MW_MODEL_NO_ATTR || same || (follows && v->kind == MW_VALUE_CLOCK))
      mw_axdr_put_null (w);
    else
      mw_model_put_value (s->model, columns[i], v, r->time, w);
  }
}

static void
buffer_piece (mw_model_link *l, const source *s, mw_dlms_stream *st, mw_wr *w)
{
  mw_record r;
  if (st->row == 0)
    mw_axdr_put_array (w, st->end - 1);
  else if (source_read (s, (uint32_t) st->state[NUMBER], &r))
    put_row (l, s, st, &r, w);
  else
    st->result = MW_DAR_LONG_GET_ABORTED; /* overwritten meanwhile */
}

/* A row is with the server: what the next one is compared with, and which record it is. */
static void
buffer_passed (mw_model_link *l, mw_dlms_stream *st)
{
  const mw_model_attr *a = &mw_model_attrs[st->step];
  source s = source_of (l, a);
  if (a->n != 2 || st->row == 0)
    return;
  uint64_t flags = (st->state[FLAGS] & CONTIGUOUS) | HAS_BEFORE;
  st->state[FLAGS] = flags | (uint64_t) l->row_status << 8 | (uint64_t) l->row_clock << 16;
  st->state[BEFORE] = (uint64_t) l->row_utc;
  if (flags & CONTIGUOUS)
    st->state[NUMBER]++;
  else if (st->row + 1 < st->end)
    st->state[NUMBER] = source_find (&s, (uint32_t) st->state[NUMBER] + 1,
                                     (int64_t) st->state[FROM], (int64_t) st->state[TO]);
}

/* --- the attributes -------------------------------------------------------------------------
 */

static uint8_t
profile_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
              mw_dlms_stream *st)
{
  source s = source_of (l, a);
  uint16_t columns[MW_CAPTURES_MAX];
  if (a->n == 2)
    return open_buffer (&s, sel, st);
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  if (a->n == 3)
    st->end = 1 + source_columns (&s, columns);
  return MW_DAR_SUCCESS;
}

static void
profile_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *st, mw_wr *w)
{
  source s = source_of (l, a);
  uint16_t columns[MW_CAPTURES_MAX];
  switch (a->n) {
  case 2:
    buffer_piece (l, &s, st, w);
    break;
  case 3:
    (void) source_columns (&s, columns);
    if (st->row == 0)
      mw_axdr_put_array (w, st->end - 1);
    else
      put_capture (columns[st->row - 1], w);
    break;
  case 4:
    mw_axdr_put_u32 (w, source_period (&s));
    break;
  case 7:
    mw_axdr_put_u32 (w, source_count (&s));
    break;
  default:
    mw_axdr_put_u32 (w, s.log ? mw_log_entries (s.m, (enum mw_log) s.id)
                              : mw_profile_entries (s.m, (enum mw_profile_id) s.id));
  }
}

static uint8_t
write_captures (const source *s, mw_cur *c)
{
  uint16_t attrs[MW_CAPTURES_MAX], ids[MW_CAPTURES_MAX];
  uint32_t n = mw_axdr_get_array (c);
  for (uint32_t i = 0; i < n; i++) {
    mw_capture_object o = mw_capture_object_get (c);
    attrs[i] = attr_of_capture (s->model, &o);
    ids[i] = attrs[i] == MW_MODEL_NO_ATTR ? (uint16_t) MW_V_NONE
                                          : mw_model_value_id (s->model, attrs[i]);
    if (ids[i] == MW_V_NONE)
      return MW_DAR_OTHER_REASON;
  }
  enum mw_err err = mw_profile_set_objects (s->m, (enum mw_profile_id) s->id, ids, n);
  if (err == MW_OK) {
    memcpy (s->model->kept.capture[s->id], attrs, n * sizeof attrs[0]);
    for (uint32_t i = 0; i < n; i++)
      s->model->kept.name[s->id][i] = mw_model_attr_name (attrs[i]);
    mw_model_touch (s->model);
  }
  return mw_model_dar (err);
}

static uint8_t
profile_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  source s = source_of (l, a);
  if (a->n == 3)
    return write_captures (&s, c);
  return mw_model_dar (
      mw_profile_set_period (s.m, (enum mw_profile_id) s.id, (uint32_t) mw_axdr_get_int (c)));
}

const mw_model_handler mw_handler_profile = { profile_open, profile_piece, profile_write,
                                              buffer_passed };
const mw_model_handler mw_handler_log = { profile_open, profile_piece, NULL, buffer_passed };

/* --- lists of the display and of the read-out (manual 6.2) ----------------------------------
 */

static uint8_t
list_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
           mw_dlms_stream *st)
{
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  if (a->n <= 3)
    st->end = 1u + mw_list_of (l->model->meter, (enum mw_list_id) (a->arg >> 8))->n;
  return MW_DAR_SUCCESS;
}

static void
list_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *st, mw_wr *w)
{
  uint8_t buf[96];
  const uint16_t *columns = l->model->kept.list[a->arg >> 8];
  if (a->n > 3) {
    mw_axdr_put_u32 (w, a->n == 4 ? 0 : 1); /* one row: the values now */
  } else if (st->row == 0) {
    mw_axdr_put_array (w, a->n == 2 ? 1 : st->end - 1);
    if (a->n == 2)
      mw_axdr_put_structure (w, st->end - 1);
  } else if (a->n == 3) {
    put_capture (columns[st->row - 1], w);
  } else {
    uint16_t c = columns[st->row - 1];
    size_t n = c == MW_MODEL_NO_ATTR ? 0 : mw_model_read_small (l->model, c, buf, sizeof buf);
    if (n)
      mw_wr_bytes (w, buf, n);
    else
      mw_axdr_put_null (w);
  }
}

uint16_t
mw_model_list_value (const mw_model *model, uint16_t a)
{
  uint16_t id = a == MW_MODEL_NO_ATTR ? (uint16_t) MW_V_NONE : mw_model_value_id (model, a);
  return id == MW_V_NONE && a != MW_MODEL_NO_ATTR && mw_model_is_text (a)
             ? (uint16_t) (MW_V_USER + a)
             : id;
}

static uint8_t
list_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_model *model = l->model;
  unsigned which = a->arg >> 8;
  uint16_t attrs[MW_LIST_MAX];
  mw_list_item items[MW_LIST_MAX];
  uint32_t n = mw_axdr_get_array (c);
  for (uint32_t i = 0; i < n; i++) {
    mw_capture_object o = mw_capture_object_get (c);
    attrs[i] = attr_of_capture (model, &o);
    if (attrs[i] == MW_MODEL_NO_ATTR)
      return MW_DAR_OTHER_REASON;
    items[i].value = mw_model_list_value (model, attrs[i]);
    memcpy (items[i].obis, o.ln.v, 6);
  }
  enum mw_err err = mw_list_set (model->meter, (enum mw_list_id) which, items, n);
  if (err == MW_OK) {
    memcpy (model->kept.list[which], attrs, n * sizeof attrs[0]);
    mw_model_touch (model);
  }
  return mw_model_dar (err);
}

const mw_model_handler mw_handler_list = { list_open, list_piece, list_write, NULL };

/* --- methods reset (1) and capture (2) ------------------------------------------------------
 */

uint8_t
mw_profile_method (mw_model_link *l, const mw_model_object *o, unsigned method)
{
  const mw_model_attr *buffer = &mw_model_attrs[o->first];
  source s = source_of (l, buffer);
  if (buffer->fn == MW_FN_LIST || (method == 2 && (s.log || s.id < MW_N_PERIODIC)))
    return MW_DAR_OTHER_REASON; /* manual 6.3.1.1: no capture on demand */
  if (s.log)
    return mw_model_dar (mw_log_reset (s.m, (enum mw_log) s.id));
  return mw_model_dar (method == 1 ? mw_profile_reset (s.m, (enum mw_profile_id) s.id)
                                   : mw_profile_capture (s.m, (enum mw_profile_id) s.id));
}
