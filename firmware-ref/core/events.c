/* events.c: event codes and logs (manual 6.5); alarms and errors (6.6, 6.7).
 *
 * A log record: time 4 octets (s since 2000), clock status 1, code 1, and for power failures
 * the duration 4, for certification data the logical name 6, old value 4, new value 4.
 */
#include "core/meter.h"

#include <string.h>

#define EPOCH_2000 946684800
#define PLAIN_LEN 6u
#define FAILURE_LEN 10u
#define CERTIFICATION_LEN 20u
#define CODE_CLEARED 255u

static const mw_event_info rows[MW_N_EVENTS] = {
#define MW_EVENT_ROW(symbol, code, log, name) { name, code, MW_LOG_##log },
  MW_EVENTS (MW_EVENT_ROW)
#undef MW_EVENT_ROW
};

static const struct {
  const char *name;
  uint16_t capacity;
} logs[MW_N_LOGS] = {
#define MW_LOG_ROW(symbol, capacity, name) { name, capacity },
  MW_LOGS (MW_LOG_ROW)
#undef MW_LOG_ROW
};

const mw_event_info *
mw_event_info_of (unsigned event)
{
  return event < MW_N_EVENTS ? &rows[event] : NULL;
}

const mw_event_info *
mw_event_by_code (unsigned log, unsigned code)
{
  for (unsigned i = 0; i < MW_N_EVENTS; i++)
    if (rows[i].log == log && rows[i].code == code)
      return &rows[i];
  return NULL;
}

const char *
mw_log_name (unsigned log)
{
  return log < MW_N_LOGS ? logs[log].name : "";
}

unsigned
mw_log_capacity (unsigned log)
{
  return log < MW_N_LOGS ? logs[log].capacity : 0;
}

static unsigned
payload_of (unsigned log)
{
  return log == MW_LOG_CERTIFICATION   ? CERTIFICATION_LEN
         : log == MW_LOG_POWER_FAILURE ? FAILURE_LEN
                                       : PLAIN_LEN;
}

enum mw_err
mw_log_layout (mw_meter *m, uint32_t *offset)
{
  mw_nvm *nvm = m->store.nvm;
  for (unsigned log = 0; log < MW_N_LOGS; log++) {
    uint32_t need = logs[log].capacity * (payload_of (log) + 4u);
    uint32_t pages = 2 + need / nvm->page_size;
    enum mw_err err = mw_ring_layout (&m->log_ring[log], nvm, *offset, pages, payload_of (log),
                                      logs[log].capacity);
    if (err)
      return err;
    *offset += pages * nvm->page_size;
    if (m->st.events.head[log].next == 0)
      mw_ring_clear (&m->st.events.head[log]);
  }
  return MW_OK;
}

static void
put32 (uint8_t *p, uint32_t v)
{
  for (unsigned i = 0; i < 4; i++)
    p[i] = (uint8_t) (v >> (8 * i));
}

static uint32_t
get32 (const uint8_t *p)
{
  return p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

static void
append (mw_meter *m, unsigned log, const mw_log_entry *e)
{
  uint8_t record[CERTIFICATION_LEN] = { 0 };
  mw_ring_head *h = &m->st.events.head[log];
  uint32_t t = (uint32_t) (e->time.utc - EPOCH_2000);
  put32 (record, t);
  record[4] = e->time.status;
  record[5] = e->code;
  put32 (record + 6, e->extra);
  if (log == MW_LOG_CERTIFICATION) {
    memcpy (record + 6, e->secure_id, 6);
    put32 (record + 12, e->secure_old);
    put32 (record + 16, e->secure_new);
  }
  if (t < h->last_time)
    h->monotone = h->next;
  if (mw_ring_append (&m->log_ring[log], h, m->store.nvm, record))
    m->store.err = MW_ERR_STORAGE;
  h->last_time = t;
  m->changed = true;
}

/* Fraud events hold themselves off for 15 minutes (manual 6.5.4). */
static bool
is_held_off (mw_meter *m, unsigned event, int64_t utc)
{
  uint32_t now = (uint32_t) (utc - EPOCH_2000);
  uint32_t *until;
  unsigned n = event - MW_EVENT_TERMINAL_OPEN;
  if (event < MW_EVENT_TERMINAL_OPEN || event > MW_EVENT_REPLAY)
    return false;
  until = &m->st.events.fraud_until[n];
  if (now < *until && *until - now <= MW_FRAUD_HOLD_OFF_S)
    return true;
  *until = now + MW_FRAUD_HOLD_OFF_S;
  return false;
}

/* Events that are alarms too, without a condition that lasts. */
static void
alarm_of_event (mw_meter *m, unsigned event)
{
  if (rows[event].log == MW_LOG_FRAUD && event != MW_EVENT_FRAUD_CLEARED
      && event != MW_EVENT_TERMINAL_CLOSED && event != MW_EVENT_COVER_CLOSED
      && event != MW_EVENT_MAGNET_OFF)
    mw_alarm_pulse (m, 0, MW_ALARM1_FRAUD);
  else if (event == MW_EVENT_KEYS_CHANGED)
    mw_alarm_pulse (m, 1, MW_ALARM2_KEY_EXCHANGED);
  else if (event == MW_EVENT_SWITCH_FAILURE)
    mw_alarm_pulse (m, 1, MW_ALARM2_SWITCH_FAILURE);
}

void
mw_event_at (mw_meter *m, enum mw_event event, mw_stamp when)
{
  mw_log_entry e = { .time = when, .code = rows[event].code };
  if (!m->started || is_held_off (m, event, when.utc))
    return;
  m->st.events.last_code[rows[event].log] = e.code;
  append (m, rows[event].log, &e);
  alarm_of_event (m, event);
}

void
mw_event (mw_meter *m, enum mw_event event)
{
  mw_event_at (m, event, mw_clock_now (m));
}

void
mw_log_power_failure (mw_meter *m, uint32_t duration)
{
  mw_log_entry e = { .time = mw_clock_now (m), .extra = duration };
  append (m, MW_LOG_POWER_FAILURE, &e);
}

enum mw_err
mw_certify (mw_meter *m, const uint8_t obis[6], uint32_t old_value, uint32_t new_value)
{
  mw_events *ev = &m->st.events;
  mw_log_entry e = { .time = mw_clock_now (m),
                     .secure_old = old_value,
                     .secure_new = new_value };
  if (mw_log_count (m, MW_LOG_CERTIFICATION) >= logs[MW_LOG_CERTIFICATION].capacity)
    return MW_ERR_REFUSED;
  memcpy (e.secure_id, obis, 6);
  memcpy (ev->secure_id, obis, 6);
  ev->secure_old = old_value;
  ev->secure_new = new_value;
  append (m, MW_LOG_CERTIFICATION, &e);
  return MW_OK;
}

uint32_t
mw_log_entries (const mw_meter *m, enum mw_log log)
{
  return m->log_ring[log].capacity;
}

uint32_t
mw_log_count (const mw_meter *m, enum mw_log log)
{
  return mw_ring_count (&m->log_ring[log], &m->st.events.head[log]);
}

uint32_t
mw_log_first (const mw_meter *m, enum mw_log log)
{
  return mw_ring_first (&m->log_ring[log], &m->st.events.head[log]);
}

enum mw_err
mw_log_read (mw_meter *m, enum mw_log log, uint32_t number, mw_log_entry *out)
{
  uint8_t record[CERTIFICATION_LEN] = { 0 };
  enum mw_err err;
  if (log >= MW_N_LOGS)
    return MW_ERR_VALUE;
  err = mw_ring_read (&m->log_ring[log], &m->st.events.head[log], m->store.nvm, number, record);
  if (err)
    return err;
  *out = (mw_log_entry){ .number = number };
  out->time.utc = (int64_t) get32 (record) + EPOCH_2000;
  out->time.status = record[4];
  out->code = record[5];
  if (log == MW_LOG_POWER_FAILURE)
    out->extra = get32 (record + 6);
  if (log == MW_LOG_CERTIFICATION) {
    memcpy (out->secure_id, record + 6, 6);
    out->secure_old = get32 (record + 12);
    out->secure_new = get32 (record + 16);
  }
  return MW_OK;
}

uint32_t
mw_log_find (mw_meter *m, enum mw_log log, uint32_t start, int64_t from, int64_t to)
{
  uint32_t first = mw_log_first (m, log), end = first + mw_log_count (m, log);
  mw_log_entry e;
  for (uint32_t n = start > first ? start : first; n < end; n++)
    if (!mw_log_read (m, log, n, &e) && e.time.utc >= from && e.time.utc <= to)
      return n;
  return 0;
}

enum mw_err
mw_log_reset (mw_meter *m, enum mw_log log)
{
  if (log >= MW_N_LOGS)
    return MW_ERR_VALUE;
  if (log == MW_LOG_CERTIFICATION && !m->st.cover_open[MW_COVER_METER])
    return MW_ERR_REFUSED;
  mw_ring_clear (&m->st.events.head[log]);
  m->changed = true;
  for (unsigned i = 0; i < MW_N_EVENTS;
       i++) /* those two logs hold no codes and have no such row */
    if (rows[i].log == log && rows[i].code == CODE_CLEARED)
      mw_event (m, i);
  return MW_OK;
}

void
mw_alarm_set (mw_meter *m, unsigned w, uint32_t bits, bool present)
{
  mw_events *ev = &m->st.events;
  uint32_t before = ev->alarm_present[w];
  if (present) {
    ev->alarm_present[w] |= bits;
    ev->alarm_on[w] |= bits & ~before;
    ev->alarm[w] |=
        bits & ~before & m->setting[w == 0 ? MW_SET_ALARM_FILTER1 : MW_SET_ALARM_FILTER2];
  } else {
    ev->alarm_present[w] &= ~bits;
    ev->alarm_off[w] |= bits & before;
  }
  if (before != ev->alarm_present[w])
    m->changed = true;
}

void
mw_alarm_pulse (mw_meter *m, unsigned w, uint32_t bits)
{
  mw_alarm_set (m, w, bits, true);
  m->st.events.alarm_present[w] &= ~bits;
}

void
mw_alarm_clear (mw_meter *m, unsigned w, uint32_t keep)
{
  m->st.events.alarm[w] &= keep;
  mw_event (m, MW_EVENT_ALARMS_CLEARED);
}

void
mw_alarm_clear_on (mw_meter *m, unsigned w, uint32_t keep)
{
  m->st.events.alarm_on[w] &= keep | m->st.events.alarm_present[w];
  m->changed = true;
}

void
mw_alarm_clear_off (mw_meter *m, unsigned w, uint32_t keep)
{
  m->st.events.alarm_off[w] &= keep;
  m->changed = true;
}

/* The bit of error register 2 (IE, Table 54) that says the same as one of register 1. */
static uint32_t
ie_errors (uint32_t bits)
{
  /* clang-format off */
  static const struct { uint32_t one, two; } pairs[] = {
    { MW_ERROR_CLOCK_INVALID, 1u << 25 }, { MW_ERROR_REPLACE_BATTERY, 1u << 24 },
    { MW_ERROR_PROGRAM, 1u << 8 },        { MW_ERROR_RAM, 1u << 16 },
    { MW_ERROR_NVM, 1u << 17 },           { MW_ERROR_MEASUREMENT, 1u << 18 },
    { MW_ERROR_MBUS (0) | MW_ERROR_MBUS (1) | MW_ERROR_MBUS (2) | MW_ERROR_MBUS (3), 1u << 22 },
  };
  /* clang-format on */
  uint32_t two = 0;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (bits & pairs[i].one)
      two |= pairs[i].two;
  return two;
}

/* A filter bit of 1 masks the error out (manual 6.7.2). */
static void
show_errors (mw_meter *m)
{
  mw_events *ev = &m->st.events;
  ev->error[0] |= ev->error_present[0] & ~m->setting[MW_SET_ERROR_FILTER1];
  ev->error[1] |= ev->error_present[1] & ~m->setting[MW_SET_ERROR_FILTER2];
}

void
mw_error_set (mw_meter *m, uint32_t bits, bool present)
{
  mw_events *ev = &m->st.events;
  uint32_t before = ev->error_present[0];
  if (present)
    ev->error_present[0] |= bits;
  else
    ev->error_present[0] &= ~bits;
  ev->error_present[1] = ie_errors (ev->error_present[0]);
  /* Setting the clock resets the invalid time bit (manual 6.7.4.1); others wait to be cleared.
   */
  if (!present && bits & MW_ERROR_CLOCK_INVALID) {
    ev->error[0] &= ~MW_ERROR_CLOCK_INVALID;
    ev->error[1] &= ~(1u << 25);
  }
  show_errors (m);
  if (before != ev->error_present[0])
    m->changed = true;
}

void
mw_error_clear (mw_meter *m, unsigned w, uint32_t keep)
{
  m->st.events.error[w] &= keep;
  show_errors (m);
  mw_event (m, MW_EVENT_ERRORS_CLEARED);
}

bool
mw_error_shown (const mw_meter *m)
{
  const mw_events *ev = &m->st.events;
  return (ev->error[0] & ~m->setting[MW_SET_ERROR_SHOWN1])
         || (ev->error[1] & ~m->setting[MW_SET_ERROR_SHOWN2]);
}
