/* disconnect.c: the state machine of disconnector and relays (class 70; manual 5.2, 6.9). */
#include "core/meter.h"

#define BIT(t) (1u << (t))

/* Transitions that a control mode allows (manual Tables 31 and 56). */
/* clang-format off */
#define REMOTE (BIT (MW_REMOTE_RECONNECT) | BIT (MW_REMOTE_DISCONNECT))
#define LOCAL BIT (MW_LOCAL_DISCONNECT)
static const uint8_t allowed[7] = {
  [0] = 0,
  [1] = REMOTE | LOCAL | BIT (MW_MANUAL_RECONNECT) | BIT (MW_MANUAL_DISCONNECT),
  [2] = REMOTE | LOCAL | BIT (MW_MANUAL_RECONNECT) | BIT (MW_MANUAL_DISCONNECT),
  [3] = REMOTE | LOCAL | BIT (MW_MANUAL_RECONNECT),
  [4] = REMOTE | LOCAL | BIT (MW_MANUAL_RECONNECT),
  [5] = REMOTE | LOCAL | BIT (MW_MANUAL_RECONNECT) | BIT (MW_MANUAL_DISCONNECT)
        | BIT (MW_LOCAL_RECONNECT),
  [6] = REMOTE | LOCAL | BIT (MW_MANUAL_RECONNECT) | BIT (MW_LOCAL_RECONNECT),
};

#define NO 0xff
/* The state that a transition leads to, from DISCONNECTED, CONNECTED, READY.  The remote
 * reconnection of modes 2 and 4 (a) is in `direct`. */
static const uint8_t leads_to[MW_N_TRANSITIONS][3] = {
  [MW_REMOTE_RECONNECT]  = { MW_READY, NO, NO },
  [MW_REMOTE_DISCONNECT] = { NO, MW_DISCONNECTED, MW_DISCONNECTED },
  [MW_MANUAL_RECONNECT]  = { NO, NO, MW_CONNECTED },
  [MW_MANUAL_DISCONNECT] = { NO, MW_READY, NO },
  [MW_LOCAL_DISCONNECT]  = { NO, MW_READY, NO },
  [MW_LOCAL_RECONNECT]   = { NO, NO, MW_CONNECTED },
};
static const uint8_t direct[3] = { MW_CONNECTED, NO, MW_CONNECTED };

static const uint8_t events[MW_N_TRANSITIONS] = {
  [MW_REMOTE_RECONNECT] = MW_EVENT_REMOTE_CONNECT,
  [MW_REMOTE_DISCONNECT] = MW_EVENT_REMOTE_DISCONNECT,
  [MW_MANUAL_RECONNECT] = MW_EVENT_MANUAL_CONNECT,
  [MW_MANUAL_DISCONNECT] = MW_EVENT_MANUAL_DISCONNECT,
  [MW_LOCAL_DISCONNECT] = MW_EVENT_LOCAL_DISCONNECT,
  [MW_LOCAL_RECONNECT] = MW_EVENT_LOCAL_CONNECT,
};
/* clang-format on */

void
mw_disconnect_defaults (mw_meter *m)
{
  mw_switch *sw = m->st.disconnect.sw;
  sw[MW_SWITCH_MAIN] = (mw_switch){ .mode = 4, .state = MW_CONNECTED, .output = true };
  sw[MW_SWITCH_LOAD] = (mw_switch){ .mode = 4, .state = MW_DISCONNECTED };
  sw[MW_SWITCH_SERVICE] = (mw_switch){ .mode = 4, .state = MW_DISCONNECTED };
}

static uint8_t
target (const mw_switch *s, enum mw_transition t)
{
  if (t == MW_REMOTE_RECONNECT && (s->mode == 2 || s->mode == 4))
    return direct[s->state];
  return leads_to[t][s->state];
}

bool
mw_switch_may (const mw_meter *m, enum mw_switch_id id, enum mw_transition t)
{
  const mw_switch *s = &m->st.disconnect.sw[id];
  bool manual = t == MW_MANUAL_RECONNECT || t == MW_MANUAL_DISCONNECT;
  if (!(allowed[s->mode] & BIT (t)) || target (s, t) == NO)
    return false;
  if (id != MW_SWITCH_MAIN)
    return !manual; /* there are no manual transitions on relays (manual 5.2.1.4) */
  if (m->setting[MW_SET_DISCONNECT_TYPE] == 0)
    return false;
  return m->st.disconnect.penalty == 0 || (t != MW_MANUAL_RECONNECT && t != MW_LOCAL_RECONNECT);
}

/* xorshift32; for delays that spread the load of many meters. */
static uint32_t
random_below (mw_meter *m, uint32_t limit)
{
  uint32_t x = m->st.disconnect.random;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  m->st.disconnect.random = x;
  return limit ? x % limit : 0;
}

static uint32_t
delay_of (mw_meter *m, enum mw_switch_id id, bool power_up)
{
  /* By delay mode 0-6: 0 none, 1 fixed, 2 random (manual 5.2.1.1). */
  static const uint8_t switch_on[7] = { 0, 1, 2, 1, 1, 2, 2 };
  static const uint8_t power_on[7] = { 0, 0, 0, 1, 2, 1, 2 };
  bool load = id == MW_SWITCH_LOAD;
  unsigned mode = m->setting[load ? MW_SET_LOAD_MODE : MW_SET_SERVICE_MODE];
  uint32_t delay;
  if (power_up)
    delay = m->setting[load ? MW_SET_LOAD_POWER_ON_DELAY : MW_SET_SERVICE_POWER_ON_DELAY];
  else
    delay = m->setting[load ? MW_SET_LOAD_SWITCH_ON_DELAY : MW_SET_SERVICE_SWITCH_ON_DELAY];
  switch (power_up ? power_on[mode] : switch_on[mode]) {
  case 1:
    return delay;
  case 2:
    return random_below (m, delay + 1);
  default:
    return 0;
  }
}

/* The output follows the state: it opens at once, relays close after their delay. */
static void
follow (mw_meter *m, enum mw_switch_id id, bool power_up)
{
  mw_switch *s = &m->st.disconnect.sw[id];
  bool before = s->output;
  s->delay = 0;
  s->output = s->state == MW_CONNECTED;
  if (id == MW_SWITCH_MAIN && m->st.supervision.jammed && s->output != before) {
    s->output = before; /* what it is, not what it should be (manual 6.9.2) */
    mw_event (m, MW_EVENT_SWITCH_FAILURE);
  }
  if (id == MW_SWITCH_MAIN) {
    if (before && !s->output)
      mw_counter_add (m, MW_CNT_BREAKER_OPENING, 1);
    mw_power_refresh (m);
    mw_quality_load (m);
  } else if (s->output && (!before || power_up)) {
    s->delay = delay_of (m, id, power_up);
    s->output = s->delay == 0;
  }
  m->changed = true;
}

enum mw_err
mw_switch_do (mw_meter *m, enum mw_switch_id id, enum mw_transition t)
{
  mw_switch *s = &m->st.disconnect.sw[id];
  if (id >= MW_N_SWITCHES || t >= MW_N_TRANSITIONS || !mw_switch_may (m, id, t))
    return MW_ERR_REFUSED;
  s->state = target (s, t);
  if (id == MW_SWITCH_MAIN) {
    mw_event (m, t == MW_REMOTE_RECONNECT && s->state == MW_READY
                     ? (enum mw_event) MW_EVENT_READY_RECONNECT
                     : (enum mw_event) events[t]);
    if (t == MW_LOCAL_DISCONNECT)
      m->st.disconnect.penalty = m->setting[MW_SET_PENALTY_TIME];
  }
  follow (m, id, false);
  return MW_OK;
}

enum mw_err
mw_switch_set_mode (mw_meter *m, enum mw_switch_id id, unsigned mode)
{
  mw_switch *s = &m->st.disconnect.sw[id];
  if (id >= MW_N_SWITCHES || mode > 6 || (id != MW_SWITCH_MAIN && (mode == 1 || mode == 3)))
    return MW_ERR_VALUE;
  s->mode = (uint8_t) mode;
  if (mode == 0) { /* always connected */
    s->state = MW_CONNECTED;
    follow (m, id, false);
  }
  mw_parameters_changed (m);
  return MW_OK;
}

const mw_switch *
mw_switch_of (const mw_meter *m, enum mw_switch_id id)
{
  return &m->st.disconnect.sw[id];
}

void
mw_disconnect_power_up (mw_meter *m)
{
  for (unsigned id = MW_SWITCH_LOAD; id < MW_N_SWITCHES; id++)
    follow (m, id, true);
}

uint32_t
mw_disconnect_horizon (const mw_meter *m)
{
  uint32_t n = UINT32_MAX;
  for (unsigned id = MW_SWITCH_LOAD; id < MW_N_SWITCHES; id++) {
    uint32_t delay = m->st.disconnect.sw[id].delay;
    if (delay && delay < n)
      n = delay;
  }
  return m->st.disconnect.penalty && m->st.disconnect.penalty < n ? m->st.disconnect.penalty
                                                                  : n;
}

void
mw_disconnect_advance (mw_meter *m, uint32_t n)
{
  mw_disconnect *d = &m->st.disconnect;
  for (unsigned id = MW_SWITCH_LOAD; id < MW_N_SWITCHES; id++) {
    mw_switch *s = &d->sw[id];
    if (!s->delay)
      continue;
    s->delay -= n < s->delay ? n : s->delay;
    if (s->delay == 0) {
      s->output = s->state == MW_CONNECTED;
      m->changed = true;
    }
  }
  d->penalty -= n < d->penalty ? n : d->penalty;
}
