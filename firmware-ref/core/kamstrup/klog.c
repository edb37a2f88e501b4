/* klog.c: see klog.h.
 *
 * Memory: the rings lie behind the memory of mw_meter, in the order of enum mw_klog.  One whose
 * columns may change has a fixed room (mw_klog_table.reserve), so that no other ring moves.
 */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define EPOCH_2000 946684800
#define RING_CHECK 2u

static bool
is_movable (enum mw_klog log)
{
  return log >= MW_KLOG_FIRST_MOVABLE && log < MW_N_KLOGS;
}

static const mw_klog_columns *
columns_of (const mw_kmeter *k, enum mw_klog log)
{
  return &k->setup.log[log - MW_KLOG_FIRST_MOVABLE];
}

unsigned
mw_klog_n (const mw_kmeter *k, enum mw_klog log)
{
  if (log >= MW_N_KLOGS)
    return 0;
  return is_movable (log) ? columns_of (k, log)->n : k->model->log[log].columns;
}

unsigned
mw_klog_column (const mw_kmeter *k, enum mw_klog log, unsigned i)
{
  if (i >= mw_klog_n (k, log))
    return MW_KV_NONE;
  return is_movable (log) ? columns_of (k, log)->column[i] : k->model->log[log].column[i];
}

/* Octets of column ID in a record; the record's own time takes none. */
static unsigned
width_of (unsigned id)
{
  return id == MW_KV_RTC ? 0 : mw_kvalue_info_of (id)->width;
}

static unsigned
payload_of (const mw_kmeter *k, enum mw_klog log)
{
  unsigned len = MW_KRECORD_HEAD;
  for (unsigned i = 0; i < mw_klog_n (k, log); i++)
    len += width_of (mw_klog_column (k, log, i));
  return len;
}

static uint32_t
wanted (const mw_kmeter *k, enum mw_klog log)
{
  return is_movable (log) ? columns_of (k, log)->entries : k->model->log[log].entries;
}

/* Pages that keep ENTRIES of PAYLOAD octets while one page is erased. */
static uint32_t
pages_for (const mw_nvm *nvm, unsigned payload, uint32_t entries)
{
  uint32_t per_page = nvm->page_size / (payload + RING_CHECK);
  return per_page ? 1 + (entries + per_page - 1) / per_page : UINT32_MAX;
}

static enum mw_err
layout_one (mw_kmeter *k, enum mw_klog log, uint32_t *offset)
{
  const mw_nvm *nvm = k->m.store.nvm;
  uint32_t reserve = k->model->log[log].reserve, pages;
  unsigned payload = payload_of (k, log);
  enum mw_err err;
  if (k->model->log[log].columns == 0 && reserve == 0)
    return MW_OK;
  pages = reserve ? reserve / nvm->page_size : pages_for (nvm, payload, wanted (k, log));
  if (pages < 2)
    pages = 2;
  if (pages > nvm->size / nvm->page_size)
    return MW_ERR_SPACE;
  err = mw_ring_layout (&k->ring[log], nvm, *offset, pages, payload, wanted (k, log));
  *offset += pages * nvm->page_size;
  if (!err && k->st.log[log].next == 0)
    mw_ring_restart (&k->ring[log], &k->st.log[log]);
  return err;
}

enum mw_err
mw_klog_layout (mw_kmeter *k)
{
  uint32_t offset = MW_METER_NVM;
  enum mw_err err = MW_OK;
  for (unsigned log = 0; log < MW_N_KLOGS && !err; log++)
    err = layout_one (k, (enum mw_klog) log, &offset);
  return err;
}

enum mw_err
mw_klog_repair (mw_kmeter *k)
{
  enum mw_err err = MW_OK;
  for (unsigned log = 0; log < MW_N_KLOGS && !err; log++)
    if (mw_klog_n (k, (enum mw_klog) log))
      err = mw_meter_repair_ring (&k->m, &k->ring[log], &k->st.log[log]);
  return err;
}

uint32_t
mw_klog_depth (const mw_kmeter *k, enum mw_klog log)
{
  return mw_klog_n (k, log) ? k->ring[log].capacity : 0;
}

uint32_t
mw_klog_count (const mw_kmeter *k, enum mw_klog log)
{
  return mw_klog_n (k, log) ? mw_ring_count (&k->ring[log], &k->st.log[log]) : 0;
}

uint32_t
mw_klog_newest (const mw_kmeter *k, enum mw_klog log)
{
  return mw_klog_count (k, log) ? k->st.log[log].next - 1 : 0;
}

uint32_t
mw_klog_oldest (const mw_kmeter *k, enum mw_klog log)
{
  return mw_klog_count (k, log) ? mw_ring_first (&k->ring[log], &k->st.log[log]) : 0;
}

static void
put (uint8_t *p, int64_t number, unsigned width)
{
  for (unsigned i = 0; i < width; i++)
    p[i] = (uint8_t) ((uint64_t) number >> (8 * i));
}

static int64_t
get (const uint8_t *p, unsigned width)
{
  uint64_t x = 0;
  for (unsigned i = 0; i < width; i++)
    x |= (uint64_t) p[i] << (8 * i);
  if (width && width < 8 && p[width - 1] & 0x80)
    x |= ~UINT64_C (0) << (8 * width);
  return (int64_t) x;
}

static void
put_time (uint8_t *p, int64_t utc, uint8_t status)
{
  bool never = utc == 0 && status == MW_CLOCK_STATUS_ANY;
  put (p, never ? -1 : utc - EPOCH_2000, 4);
  p[4] = status;
}

static mw_stamp
get_time (const uint8_t *p)
{
  if (p[4] == MW_CLOCK_STATUS_ANY)
    return (mw_stamp){ 0, MW_CLOCK_STATUS_ANY, { 0 } };
  return (mw_stamp){ (int64_t) (uint32_t) get (p, 4) + EPOCH_2000, p[4], { 0 } };
}

static mw_kvalue
column_value (const mw_kmeter *k, unsigned id, const mw_kfixed *fixed, unsigned n)
{
  mw_kvalue v;
  for (unsigned i = 0; i < n; i++)
    if (fixed[i].id == id)
      return (mw_kvalue){ .number = fixed[i].number, .status = fixed[i].status };
  if (mw_kmeter_value (k, id, &v))
    v = (mw_kvalue){ 0 };
  return v;
}

enum mw_err
mw_klog_append (mw_kmeter *k, enum mw_klog log, mw_stamp time, const mw_kfixed *fixed,
                unsigned n)
{
  uint8_t record[MW_KRECORD_MAX] = { 0 }, *at = record + MW_KRECORD_HEAD;
  mw_ring_head *h = &k->st.log[log];
  uint32_t t = (uint32_t) (time.utc - EPOCH_2000);
  if (mw_klog_n (k, log) == 0)
    return MW_ERR_UNSUPPORTED;
  put_time (record, time.utc, time.status);
  for (unsigned i = 0; i < mw_klog_n (k, log); i++) {
    unsigned id = mw_klog_column (k, log, i), width = width_of (id);
    mw_kvalue v = column_value (k, id, fixed, n);
    if (mw_kvalue_info_of (id)->kind == MW_KVALUE_RTC && width)
      put_time (at, v.number, v.status);
    else
      put (at, v.number, width);
    at += width;
  }
  if (t < h->last_time)
    h->monotone = h->next;
  h->last_time = t;
  k->m.changed = true;
  if (mw_ring_append (&k->ring[log], h, k->m.store.nvm, record)) {
    k->m.store.err = MW_ERR_STORAGE;
    return MW_ERR_STORAGE;
  }
  return MW_OK;
}

enum mw_err
mw_klog_read (mw_kmeter *k, enum mw_klog log, uint32_t id, mw_kentry *out)
{
  enum mw_err err;
  if (mw_klog_n (k, log) == 0)
    return MW_ERR_UNSUPPORTED;
  err = mw_ring_read (&k->ring[log], &k->st.log[log], k->m.store.nvm, id, out->octets);
  out->id = id;
  out->log = (uint8_t) log;
  out->time = get_time (out->octets);
  return err;
}

enum mw_err
mw_kentry_value (const mw_kmeter *k, const mw_kentry *e, unsigned column, mw_kvalue *out)
{
  enum mw_klog log = (enum mw_klog) e->log;
  const uint8_t *at = e->octets + MW_KRECORD_HEAD;
  unsigned id = mw_klog_column (k, log, column);
  const mw_kvalue_info *info = mw_kvalue_info_of (id);
  mw_stamp time = e->time;
  if (!info)
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < column; i++)
    at += width_of (mw_klog_column (k, log, i));
  memset (out, 0, sizeof *out);
  out->kind = info->kind;
  out->unit = info->unit;
  out->exponent = info->exponent;
  if (info->kind != MW_KVALUE_RTC) {
    out->number = get (at, info->width);
    return MW_OK;
  }
  if (id != MW_KV_RTC)
    time = get_time (at);
  out->number = time.utc;
  out->status = time.status;
  return MW_OK;
}

static bool
is_at_or_after (mw_kmeter *k, enum mw_klog log, uint32_t id, int64_t utc)
{
  mw_kentry e;
  return !mw_klog_read (k, log, id, &e) && e.time.utc >= utc;
}

uint32_t
mw_klog_from_time (mw_kmeter *k, enum mw_klog log, uint32_t from, int64_t utc)
{
  uint32_t first = mw_klog_oldest (k, log), end, monotone;
  if (!first)
    return 0;
  end = mw_klog_newest (k, log) + 1;
  monotone = k->st.log[log].monotone;
  if (from > first)
    first = from;
  for (; first < end && first < monotone; first++)
    if (is_at_or_after (k, log, first, utc))
      return first;
  for (uint32_t low = first, high = end; low < high;) {
    uint32_t middle = low + (high - low) / 2;
    if (is_at_or_after (k, log, middle, utc))
      high = middle;
    else
      low = middle + 1;
    first = low;
  }
  return first < end ? first : 0;
}

/* The load profile's own history: what happened to it. */
static void
log_change (mw_kmeter *k, enum mw_klog log, enum mw_kprofile_event event, int64_t old,
            int64_t new)
{
  mw_kfixed fixed[] = { { MW_KV_EVENT, 0, event },
                        { MW_KV_OLD, 0, old },
                        { MW_KV_NEW, 0, new } };
  if (log == MW_KLOG_LOAD_PROFILE && k->m.started)
    mw_klog_append (k, MW_KLOG_PROFILE_EVENT, mw_clock_now (&k->m), fixed, 3);
}

void
mw_klog_clear (mw_kmeter *k, enum mw_klog log)
{
  log_change (k, log, MW_KPE_CLEARED, mw_klog_count (k, log), 0);
  mw_ring_clear (&k->st.log[log]);
  k->m.changed = true;
}

static enum mw_err
check_columns (const mw_kmeter *k, enum mw_klog log, const uint16_t *column, unsigned n,
               uint32_t entries)
{
  const mw_nvm *nvm = k->m.store.nvm;
  unsigned len = MW_KRECORD_HEAD;
  if (!is_movable (log) || k->model->log[log].reserve == 0)
    return MW_ERR_UNSUPPORTED;
  if (n == 0 || n > MW_KLOG_COLUMNS_MOVABLE)
    return MW_ERR_SPACE;
  for (unsigned i = 0; i < n; i++) {
    const mw_kvalue_info *info = mw_kvalue_info_of (column[i]);
    if (!info || info->width == 0)
      return MW_ERR_VALUE;
    len += width_of (column[i]);
  }
  if (entries && pages_for (nvm, len, entries) > k->model->log[log].reserve / nvm->page_size)
    return MW_ERR_SPACE;
  return MW_OK;
}

enum mw_err
mw_klog_configure (mw_kmeter *k, enum mw_klog log, const uint16_t *column, unsigned n,
                   uint32_t entries)
{
  mw_klog_columns *c;
  uint32_t offset;
  enum mw_err err = check_columns (k, log, column, n, entries);
  if (err)
    return err;
  c = &k->setup.log[log - MW_KLOG_FIRST_MOVABLE];
  log_change (k, log, MW_KPE_COLUMNS, c->n, n);
  memset (c, 0, sizeof *c);
  memcpy (c->column, column, n * sizeof *column);
  c->n = (uint8_t) n;
  c->entries = entries;
  if (!k->m.started)
    return MW_OK;
  offset = k->ring[log].offset;
  err = layout_one (k, log, &offset);
  mw_ring_restart (&k->ring[log], &k->st.log[log]);
  mw_kmeter_changed (k);
  return err;
}
