/* kmp.c: the meter as its KMP server asks for it. */
#include "models/kamstrup/kamstrup.h"

#include <string.h>

/* --- identity and registers -----------------------------------------------------------------
 */

static void
type (void *ctx, uint16_t *type, uint16_t *revision)
{
  mw_kamstrup_link *l = ctx;
  const mw_kpersonality *p = mw_kamstrup_personality (l->meter);
  *type = p->kmp_type;
  *revision = p->kmp_revision;
}

static bool
serial (void *ctx, uint32_t *serial)
{
  mw_kamstrup_link *l = ctx;
  *serial = l->meter->k->id.serial;
  return true;
}

static bool
get_register (void *ctx, uint16_t id, mw_kmp_value *out)
{
  mw_kamstrup_link *l = ctx;
  const mw_kregister *r = mw_kregister_find (l->meter->p, id);
  return r && (r->access & MW_KACCESS_READ) && mw_kamstrup_read (l->meter, r, out) == MW_OK;
}

static bool
put_register (void *ctx, uint16_t password, const mw_kmp_value *v)
{
  mw_kamstrup_link *l = ctx;
  const mw_kregister *r = mw_kregister_find (l->meter->p, v->id);
  return r && mw_kamstrup_password_is (l->meter, password)
         && mw_kamstrup_write (l->meter, r, l->port, v) == MW_OK;
}

static bool
set_clock (void *ctx, const mw_civil *t)
{
  mw_kamstrup_link *l = ctx;
  return mw_kamstrup_set_clock (l->meter, t) && mw_meter_commit (&l->meter->k->m) == MW_OK;
}

static bool
login (void *ctx, uint16_t pin)
{
  mw_kamstrup_link *l = ctx;
  return mw_kamstrup_password_is (l->meter, pin);
}

/* --- commands -------------------------------------------------------------------------------
 */

/* The reading of a register, 2 octets. */
static bool
set_display (mw_kamstrup *m, mw_span data)
{
  mw_cur c = mw_cur_of (data);
  uint16_t id = mw_cur_u16 (&c);
  const mw_kregister *r = c.err ? NULL : mw_kregister_find (m->p, id);
  return r && mw_kdisplay_call (m->k, r->bind) == MW_OK;
}

static bool
command (void *ctx, uint8_t cid, mw_span data, mw_wr *answer)
{
  mw_kamstrup_link *l = ctx;
  mw_kamstrup *m = l->meter;
  (void) answer;
  switch (cid) {
  case MW_KMP_RESET:
    mw_kmeter_reset (m->k, true);
    break;
  case MW_KMP_RESET_NO_BACKUP:
    mw_kmeter_reset (m->k, false);
    break;
  case MW_KMP_DEBITING_STOP:
    mw_kmeter_debiting_stop (m->k);
    break;
  case MW_KMP_SET_DISPLAY:
    return set_display (m, data);
  default:
    return false;
  }
  return mw_meter_commit (&m->k->m) == MW_OK;
}

/* --- event status ---------------------------------------------------------------------------
 */

static bool
event_status (void *ctx, uint8_t status[4])
{
  mw_kamstrup_link *l = ctx;
  uint32_t bits = (uint32_t) mw_kmeter_number (l->meter->k, MW_KV_EVENT_STATUS);
  for (unsigned i = 0; i < 4; i++)
    status[i] = (uint8_t) (bits >> 8 * (3 - i));
  return true;
}

/* Each status is entered in the status log: a conditional mask clears what was read out of it.
 */
static bool
clear_event_status (void *ctx, const uint8_t conditional[4], const uint8_t unconditional[4])
{
  mw_kamstrup_link *l = ctx;
  mw_kamstrup *m = l->meter;
  bool read = m->kept.last_read[MW_KLOG_STATUS] == mw_klog_newest (m->k, MW_KLOG_STATUS);
  uint32_t mask = 0;
  for (unsigned i = 0; i < 4; i++)
    mask = mask << 8 | unconditional[i] | (read ? conditional[i] : 0u);
  mw_kmeter_clear_events (m->k, mask);
  return mw_meter_commit (&m->k->m) == MW_OK;
}

/* --- the breaker ----------------------------------------------------------------------------
 */

static bool
set_cut_off (void *ctx, uint8_t what)
{
  mw_kamstrup_link *l = ctx;
  mw_kmeter *k = l->meter->k;
  return mw_kmeter_cutoff (k, (enum mw_kcutoff_command) what) == MW_OK
         && mw_meter_commit (&k->m) == MW_OK;
}

static bool
get_cut_off (void *ctx, mw_kmp_cut_off *out)
{
  mw_kamstrup_link *l = ctx;
  mw_kvalue state, feedback;
  if (mw_kmeter_value (l->meter->k, MW_KV_CUTOFF_STATE, &state) != MW_OK
      || mw_kmeter_value (l->meter->k, MW_KV_CUTOFF_FEEDBACK, &feedback) != MW_OK)
    return false;
  *out = (mw_kmp_cut_off){ (uint8_t) state.number, (uint8_t) feedback.number };
  return true;
}

/* --- limits of voltage events (METERTOOL manual 3.4.6) --------------------------------------
 */

#define NOMINAL_V 230
#define FURTHEST_PERCENT 20

/* The meter keeps percent of 230 V, the command has volts. */
static uint16_t
volts_of (int64_t percent)
{
  return (uint16_t) ((NOMINAL_V * (100 + percent) + 50) / 100);
}

/* Percent from 230 V on; -1: further than the meter goes. */
static int64_t
percent_of (uint16_t volts, bool high)
{
  for (int64_t p = 0; p <= FURTHEST_PERCENT; p++)
    if (volts_of (high ? p : -p) == volts)
      return p;
  return -1;
}

static bool
has_events (const mw_kamstrup *m)
{
  mw_kvalue v;
  return mw_kmeter_value (m->k, MW_KV_VOLTAGE_EVENT, &v) == MW_OK;
}

static bool
get_quality (void *ctx, mw_kmp_quality *out)
{
  mw_kamstrup_link *l = ctx;
  const mw_kmeter *k = l->meter->k;
  if (!has_events (l->meter))
    return false;
  out->low = volts_of (-mw_kmeter_number (k, MW_KV_EVENT_UNDER));
  out->high = volts_of (mw_kmeter_number (k, MW_KV_EVENT_OVER));
  out->tens = (uint8_t) (mw_kmeter_number (k, MW_KV_EVENT_DURATION) / 10);
  return true;
}

static bool
set_quality (void *ctx, const mw_kmp_quality *q)
{
  mw_kamstrup_link *l = ctx;
  mw_kmeter *k = l->meter->k;
  int64_t under = percent_of (q->low, false), over = percent_of (q->high, true);
  if (!has_events (l->meter) || under < 0 || over < 0 || q->tens == 0)
    return false;
  return mw_kmeter_set (k, MW_KV_EVENT_UNDER, under) == MW_OK
         && mw_kmeter_set (k, MW_KV_EVENT_OVER, over) == MW_OK
         && mw_kmeter_set (k, MW_KV_EVENT_DURATION, q->tens * 10) == MW_OK
         && mw_meter_commit (&k->m) == MW_OK;
}

/* --- logs -----------------------------------------------------------------------------------
 */

static int
log_of (const mw_kamstrup_link *l, uint8_t log)
{
  return mw_kamstrup_log (l->meter, mw_klogger_find (l->meter->p, log));
}

/* B8 came with OMNIPOWER. */
static bool
log_state (void *ctx, bool wide, uint8_t log, mw_kmp_log_state *out)
{
  mw_kamstrup_link *l = ctx;
  mw_kamstrup *m = l->meter;
  int own = log_of (l, log);
  if (own < 0 || (wide && !mw_kamstrup_personality (m)->variant))
    return false;
  l->entry_there = false;
  memset (out, 0, sizeof *out);
  out->newest = mw_klog_newest (m->k, (enum mw_klog) own);
  out->oldest = mw_klog_oldest (m->k, (enum mw_klog) own);
  out->empty = out->newest == 0;
  out->last_read = m->kept.last_read[own];
  if (!out->empty && out->last_read + 1 < out->oldest)
    out->last_read = out->oldest - 1;
  return true;
}

/* The newest entry of LOG at or before UTC; 0: none.  Times that go back end the search at the
 * first entry that is later. */
static uint32_t
newest_until (mw_kmeter *k, enum mw_klog log, int64_t utc)
{
  uint32_t oldest = mw_klog_oldest (k, log);
  uint32_t later = oldest ? mw_klog_from_time (k, log, oldest, utc + 1) : 0;
  if (later == 0)
    return mw_klog_newest (k, log);
  return later > oldest ? later - 1 : 0;
}

static bool
log_find (void *ctx, uint8_t log, const mw_civil *t, bool past, uint32_t *record)
{
  mw_kamstrup_link *l = ctx;
  mw_kmeter *k = l->meter->k;
  int own = log_of (l, log);
  int64_t utc;
  if (own < 0 || mw_civil_to_utc (t, k->m.st.clock.zone_min, &utc) != MW_OK)
    return false;
  uint32_t oldest = mw_klog_oldest (k, (enum mw_klog) own);
  if (past)
    *record = newest_until (k, (enum mw_klog) own, utc);
  else
    *record = oldest ? mw_klog_from_time (k, (enum mw_klog) own, oldest, utc) : 0;
  return *record != 0;
}

static bool
log_value (void *ctx, uint8_t log, uint32_t record, uint16_t id, mw_kmp_value *out)
{
  mw_kamstrup_link *l = ctx;
  int own = log_of (l, log);
  const mw_kregister *r = mw_kregister_find (l->meter->p, id);
  return own >= 0 && r
         && mw_kamstrup_log_value (l, (enum mw_klog) own, record, r, out) == MW_OK;
}

static void
log_read (void *ctx, uint8_t log, uint32_t newest)
{
  mw_kamstrup_link *l = ctx;
  int own = log_of (l, log);
  if (own < 0)
    return;
  l->meter->kept.last_read[own] = newest;
  mw_store_touch (&l->meter->k->m.store, MW_AREA_USER0);
}

const mw_kmp_ops mw_kamstrup_kmp = {
  .type = type,
  .serial = serial,
  .get_register = get_register,
  .put_register = put_register,
  .set_clock = set_clock,
  .command = command,
  .login = login,
  .set_cut_off = set_cut_off,
  .get_cut_off = get_cut_off,
  .event_status = event_status,
  .clear_event_status = clear_event_status,
  .set_quality = set_quality,
  .get_quality = get_quality,
  .log_state = log_state,
  .log_find = log_find,
  .log_value = log_value,
  .log_read = log_read,
};
