/* profile.c: see profile.h.
 *
 * Memory.  Pages are set aside in octets, in the order of enum mw_profile_id, behind the store
 * and one scratch page; the logs follow.  With 4096-octet pages load profile 1 holds 16,150
 * records of clock, status and four registers (168 days of 15 minutes), load profile 2 a third
 * of that.  A billing profile has 704 octets counted as 4 for the record and 4 for each object
 * behind the clock: 35 entries of 5 objects, 88 of 2, 5 of 32 (manual 6.4.4).
 */
#include "core/meter.h"

#include <string.h>

#define EPOCH_2000 946684800
#define HEAD_LEN 5u
#define BILLING_BUDGET 704u

/* clang-format off */
static const uint32_t budget[MW_N_PROFILES] = {
  [MW_PROFILE_LOAD1] = 96 * 4096,    [MW_PROFILE_LOAD2] = 32 * 4096,
  [MW_PROFILE_MBUS1] = 8 * 4096,     [MW_PROFILE_MBUS2] = 8 * 4096,
  [MW_PROFILE_MBUS3] = 8 * 4096,     [MW_PROFILE_MBUS4] = 8 * 4096,
  [MW_PROFILE_BILLING1] = 12 * 1024, [MW_PROFILE_BILLING2] = 12 * 1024,
};
static const uint32_t periods[] = { 0, 300, 600, 900, 1800, 3600, 86400 }; /* manual 6.3.1.1 */
/* clang-format on */

static unsigned
payload_of (const mw_profile_setup *s)
{
  unsigned len = HEAD_LEN;
  for (unsigned i = 0; i < s->n; i++)
    len += mw_value_width (s->kind[i]);
  return len;
}

/* Entries that a billing profile promises: 704 / (4 + 4 for each object behind the first). */
static uint32_t
limit_of (enum mw_profile_id p, const mw_profile_setup *s)
{
  if (p < MW_N_PERIODIC || s->n == 0)
    return 0;
  return BILLING_BUDGET / (4u + 4u * (s->n > 1 ? s->n - 1u : 1u));
}

static uint32_t
offset_of (const mw_meter *m, enum mw_profile_id p)
{
  uint32_t offset = 2 * m->store.half_size + m->store.nvm->page_size;
  for (unsigned i = 0; i < p; i++)
    offset += budget[i];
  return offset;
}

enum mw_err
mw_profile_layout (mw_meter *m, enum mw_profile_id p)
{
  const mw_profile_setup *s = &m->profile[p];
  return mw_ring_layout (&m->profile_ring[p], m->store.nvm, offset_of (m, p),
                         budget[p] / m->store.nvm->page_size, payload_of (s), limit_of (p, s));
}

enum mw_err
mw_profile_layout_all (mw_meter *m)
{
  for (unsigned p = 0; p < MW_N_PROFILES; p++) {
    enum mw_err err = mw_profile_layout (m, p);
    if (err)
      return err;
    if (m->st.profile[p].head.next == 0)
      mw_ring_restart (&m->profile_ring[p], &m->st.profile[p].head);
  }
  m->logs_offset = offset_of (m, MW_N_PROFILES);
  return MW_OK;
}

static void
preset (mw_meter *m, enum mw_profile_id p, uint32_t period_s, const uint16_t *ids, unsigned n)
{
  mw_profile_setup *s = &m->profile[p];
  memset (s, 0, sizeof *s);
  s->period_s = period_s;
  s->n = (uint8_t) n;
  for (unsigned i = 0; i < n; i++) {
    mw_value_info info;
    s->capture[i] = ids[i];
    s->kind[i] = mw_value_info_of (m, ids[i], &info) ? MW_VALUE_U32 : info.kind;
  }
}

void
mw_profile_defaults (mw_meter *m)
{
  static const uint16_t load1[] = { MW_V_CLOCK,
                                    MW_V_PROFILE_STATUS1,
                                    MW_V_ENERGY (MW_Q_AP, 0),
                                    MW_V_ENERGY (MW_Q_AM, 0),
                                    MW_V_ENERGY (MW_Q_RP, 0),
                                    MW_V_ENERGY (MW_Q_RM, 0) };
  static const uint16_t load2[] = { MW_V_CLOCK, MW_V_PROFILE_STATUS2, MW_V_ENERGY (MW_Q_AP, 0),
                                    MW_V_ENERGY (MW_Q_AM, 0) };
  static const uint16_t billing[] = { MW_V_CLOCK, MW_V_ENERGY (MW_Q_AP, 0),
                                      MW_V_ENERGY (MW_Q_AP, 1), MW_V_ENERGY (MW_Q_AP, 2),
                                      MW_V_ENERGY (MW_Q_AM, 0) };
  preset (m, MW_PROFILE_LOAD1, 900, load1, sizeof load1 / 2);
  preset (m, MW_PROFILE_LOAD2, 86400, load2, sizeof load2 / 2);
  for (unsigned p = MW_PROFILE_MBUS1; p <= MW_PROFILE_MBUS4; p++) {
    uint16_t mbus[] = { MW_V_CLOCK, (uint16_t) (MW_V_PROFILE_STATUS3 + p - MW_PROFILE_MBUS1) };
    preset (m, p, 0, mbus, 2);
  }
  for (unsigned p = 0; p < MW_N_PROFILES; p++)
    m->st.profile[p].next = MW_WHEN_NEVER; /* until the meter starts */
  preset (m, MW_PROFILE_BILLING1, 0, billing, sizeof billing / 2);
  preset (m, MW_PROFILE_BILLING2, 0, billing, sizeof billing / 2);
}

const mw_profile_setup *
mw_profile_setup_of (const mw_meter *m, enum mw_profile_id p)
{
  return &m->profile[p];
}

uint32_t
mw_profile_entries (const mw_meter *m, enum mw_profile_id p)
{
  return m->profile_ring[p].capacity;
}

uint32_t
mw_profile_count (const mw_meter *m, enum mw_profile_id p)
{
  return mw_ring_count (&m->profile_ring[p], &m->st.profile[p].head);
}

uint32_t
mw_profile_first (const mw_meter *m, enum mw_profile_id p)
{
  return mw_ring_first (&m->profile_ring[p], &m->st.profile[p].head);
}

/* Write V of KIND to P; returns the octets taken. */
static unsigned
pack (uint8_t *p, const mw_value *v, uint8_t kind)
{
  unsigned width = mw_value_width (kind);
  if (kind == MW_VALUE_TIME) {
    uint32_t t = v->u.time.status == MW_CLOCK_STATUS_ANY
                     ? UINT32_MAX
                     : (uint32_t) (v->u.time.utc - EPOCH_2000);
    for (unsigned i = 0; i < 4; i++)
      p[i] = (uint8_t) (t >> (8 * i));
    p[4] = v->u.time.status;
  } else if (kind == MW_VALUE_BYTES) {
    p[0] = v->len;
    memcpy (p + 1, v->u.bytes, 8);
  } else {
    for (unsigned i = 0; i < width; i++)
      p[i] = (uint8_t) ((uint64_t) v->u.i >> (8 * i));
  }
  return width;
}

static unsigned
unpack (const uint8_t *p, mw_value *v, uint8_t kind)
{
  unsigned width = mw_value_width (kind);
  uint64_t raw = 0;
  *v = (mw_value){ .kind = kind };
  if (kind == MW_VALUE_BYTES) {
    v->len = p[0] > 8 ? 8 : p[0];
    memcpy (v->u.bytes, p + 1, 8);
    return width;
  }
  for (unsigned i = 0; i < width && i < 8; i++)
    raw |= (uint64_t) p[i] << (8 * i);
  if (kind == MW_VALUE_TIME) {
    v->u.time.status = p[4];
    v->u.time.utc = (int64_t) (raw & UINT32_MAX) + EPOCH_2000;
    if (p[4] == MW_CLOCK_STATUS_ANY)
      v->u.time.utc = 0;
  } else if (kind == MW_VALUE_I8 || kind == MW_VALUE_I16 || kind == MW_VALUE_I32) {
    uint64_t sign = 1ull << (8 * width - 1);
    v->u.i = (int64_t) ((raw ^ sign) - sign);
  } else {
    v->u.i = (int64_t) raw;
  }
  return width;
}

enum mw_err
mw_profile_capture_at (mw_meter *m, enum mw_profile_id p, int64_t utc, uint8_t status)
{
  const mw_profile_setup *s = &m->profile[p];
  mw_profile_state *st = &m->st.profile[p];
  uint8_t record[MW_RECORD_MAX];
  unsigned len = HEAD_LEN;
  uint32_t t = (uint32_t) (utc - EPOCH_2000);
  mw_value v = { MW_VALUE_TIME, 0, { .time = { utc, mw_clock_now (m).status } } };
  enum mw_err err;

  v.u.time.status = (uint8_t) ((v.u.time.status & ~MW_CLOCK_DST)
                               | (mw_clock_dst_at (m, utc) ? MW_CLOCK_DST : 0));
  pack (record, &v, MW_VALUE_TIME);
  for (unsigned i = 0; i < s->n; i++) {
    v = (mw_value){ 0 };
    if (p < MW_N_PERIODIC && s->capture[i] == MW_V_PROFILE_STATUS1 + (unsigned) p)
      v.u.i = status;
    else if (mw_meter_value (m, s->capture[i], &v))
      v = (mw_value){ 0 };
    len += pack (record + len, &v, s->kind[i]);
  }
  if (t < st->head.last_time)
    st->head.monotone = st->head.next;
  err = mw_ring_append (&m->profile_ring[p], &st->head, m->store.nvm, record);
  if (err)
    m->store.err = MW_ERR_STORAGE;
  st->head.last_time = t;
  st->last_status = status;
  m->changed = true;
  return err;
}

enum mw_err
mw_profile_read (mw_meter *m, enum mw_profile_id p, uint32_t number, mw_record *out)
{
  const mw_profile_setup *s = &m->profile[p];
  uint8_t record[MW_RECORD_MAX];
  mw_value v;
  unsigned at = HEAD_LEN;
  enum mw_err err;
  if (p >= MW_N_PROFILES)
    return MW_ERR_VALUE;
  err =
      mw_ring_read (&m->profile_ring[p], &m->st.profile[p].head, m->store.nvm, number, record);
  if (err)
    return err;
  unpack (record, &v, MW_VALUE_TIME);
  out->number = number;
  out->time = v.u.time;
  out->n = s->n;
  for (unsigned i = 0; i < s->n; i++) {
    at += unpack (record + at, &out->value[i], s->kind[i]);
    if (s->kind[i] == MW_VALUE_CLOCK)
      out->value[i].u.time = out->time;
  }
  return MW_OK;
}

enum mw_err
mw_profile_time (mw_meter *m, enum mw_profile_id p, uint32_t number, mw_stamp *out)
{
  mw_record r;
  enum mw_err err = mw_profile_read (m, p, number, &r);
  if (!err)
    *out = r.time;
  return err;
}

static bool
is_before (mw_meter *m, enum mw_profile_id p, uint32_t number, int64_t utc)
{
  mw_stamp t;
  return !mw_profile_time (m, p, number, &t) && t.utc < utc;
}

uint32_t
mw_profile_find (mw_meter *m, enum mw_profile_id p, uint32_t start, int64_t from, int64_t to)
{
  uint32_t first = mw_profile_first (m, p), end = first + mw_profile_count (m, p);
  uint32_t sorted = m->st.profile[p].head.monotone;
  uint32_t n = start > first ? start : first, high = end;
  mw_stamp t;
  for (; n < end && n < sorted; n++) /* times may go back here */
    if (!mw_profile_time (m, p, n, &t) && t.utc >= from && t.utc <= to)
      return n;
  while (n < high) {
    uint32_t middle = n + (high - n) / 2;
    if (is_before (m, p, middle, from))
      n = middle + 1;
    else
      high = middle;
  }
  return n < end && !mw_profile_time (m, p, n, &t) && t.utc <= to ? n : 0;
}

static void
schedule (mw_meter *m, enum mw_profile_id p)
{
  uint32_t period = m->profile[p].period_s;
  m->st.profile[p].next =
      period ? mw_clock_next_boundary (m, m->st.clock.utc, period) : MW_WHEN_NEVER;
}

/* Event 254, in the log that is P's (manual Tables 44 and 48). */
static void
log_cleared (mw_meter *m, enum mw_profile_id p)
{
  mw_event (m, p >= MW_PROFILE_MBUS1 && p <= MW_PROFILE_MBUS4 ? MW_EVENT_MBUS_PROFILE_CLEARED
                                                              : MW_EVENT_PROFILE_CLEARED);
}

/* The buffer becomes empty because what it holds changes. */
static enum mw_err
start_anew (mw_meter *m, enum mw_profile_id p)
{
  enum mw_err err;
  mw_store_touch (&m->store, MW_AREA_PROFILES);
  if (!m->started)
    return MW_OK;
  err = mw_profile_layout (m, p);
  mw_ring_restart (&m->profile_ring[p], &m->st.profile[p].head);
  m->st.profile[p].status = MW_PS_DNV;
  schedule (m, p);
  log_cleared (m, p);
  mw_parameters_changed (m);
  return err;
}

enum mw_err
mw_profile_set_objects (mw_meter *m, enum mw_profile_id p, const uint16_t *ids, unsigned n)
{
  mw_value_info info;
  if (p >= MW_N_PROFILES || n > MW_CAPTURES_MAX)
    return MW_ERR_VALUE;
  for (unsigned i = 0; i < n; i++)
    if (mw_value_info_of (m, ids[i], &info))
      return MW_ERR_VALUE;
  if (n == m->profile[p].n && memcmp (ids, m->profile[p].capture, n * sizeof *ids) == 0)
    return MW_OK; /* written again as it is: nothing is lost */
  preset (m, p, m->profile[p].period_s, ids, n);
  return start_anew (m, p);
}

void
mw_profile_rename (mw_meter *m, enum mw_profile_id p, unsigned i, uint16_t id)
{
  mw_value_info info;
  mw_profile_setup *s = &m->profile[p];
  bool same = id != MW_V_NONE && !mw_value_info_of (m, id, &info) && info.kind == s->kind[i];
  s->capture[i] = same ? id : MW_V_NONE;
  mw_store_touch (&m->store, MW_AREA_PROFILES);
}

enum mw_err
mw_profile_set_period (mw_meter *m, enum mw_profile_id p, uint32_t period_s)
{
  bool known = false;
  if (p >= MW_N_PROFILES)
    return MW_ERR_VALUE;
  for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
    known |= periods[i] == period_s;
  if (!known || (p >= MW_N_PERIODIC && period_s))
    return MW_ERR_VALUE;
  if (p >= MW_PROFILE_MBUS1 && period_s == 600) /* manual 5.5.3.11 */
    return MW_ERR_VALUE;
  if (period_s == m->profile[p].period_s)
    return MW_OK;
  m->profile[p].period_s = period_s;
  return start_anew (m, p);
}

enum mw_err
mw_profile_reset (mw_meter *m, enum mw_profile_id p)
{
  if (p >= MW_N_PROFILES)
    return MW_ERR_VALUE;
  mw_ring_clear (&m->st.profile[p].head);
  m->changed = true;
  log_cleared (m, p);
  return MW_OK;
}

enum mw_err
mw_profile_capture (mw_meter *m, enum mw_profile_id p)
{
  if (p >= MW_N_PROFILES)
    return MW_ERR_VALUE;
  return mw_profile_capture_at (m, p, m->st.clock.utc,
                                p < MW_N_PERIODIC ? m->st.profile[p].status : 0);
}

/* The running period of P ends at its end. */
static void
end_period (mw_meter *m, enum mw_profile_id p)
{
  mw_profile_state *st = &m->st.profile[p];
  uint8_t status = st->status;
  if (mw_clock_dst_at (m, st->next))
    status |= MW_PS_DST;
  if (m->st.clock.invalid)
    status |= MW_PS_CIV;
  if (m->st.events.error[0] & ~(MW_ERROR_CLOCK_INVALID | MW_ERROR_REPLACE_BATTERY))
    status |= MW_PS_ERR;
  mw_profile_capture_at (m, p, st->next, status);
  st->status = 0;
  schedule (m, p);
}

void
mw_profile_due (mw_meter *m)
{
  for (unsigned p = 0; p < MW_N_PERIODIC; p++)
    if (m->st.clock.utc >= m->st.profile[p].next)
      end_period (m, p);
}

void
mw_profile_mark (mw_meter *m, uint8_t bits)
{
  for (unsigned p = 0; p < MW_N_PERIODIC; p++)
    m->st.profile[p].status |= bits;
}

/* Time went on without us, or was set: forward to the end of the running period or over it, it
 * is closed with what it has, the ones in between get no record; backward it goes on and ends
 * with the first end after the new time. */
void
mw_profile_time_changed (mw_meter *m, int64_t old_utc)
{
  uint8_t bits = old_utc != m->st.clock.utc ? MW_PS_CAD | MW_PS_DNV : 0;
  for (unsigned p = 0; p < MW_N_PERIODIC; p++) {
    m->st.profile[p].status |= bits;
    if (m->st.clock.utc >= m->st.profile[p].next)
      end_period (m, p);
    m->st.profile[p].status |= bits;
    schedule (m, p);
  }
}

void
mw_profile_powered (mw_meter *m)
{
  for (unsigned p = 0; p < MW_N_PERIODIC; p++) {
    m->st.profile[p].status |= MW_PS_PDN;
    if (m->st.clock.utc >= m->st.profile[p].next)
      end_period (m, p);
    else
      continue;
    m->st.profile[p].status |= MW_PS_PDN;
  }
}
