/* disconnect.h: disconnector and relays (class 70), limiters (class 71) and supervision
 * monitors (class 21) (Mx381 manual 5.2, 6.9, 6.10). */
#ifndef MW_CORE_DISCONNECT_H
#define MW_CORE_DISCONNECT_H

#include "core/types.h"

enum mw_switch_id {
  MW_SWITCH_MAIN,    /* 0-0:96.3.10, the disconnector */
  MW_SWITCH_LOAD,    /* 0-1:96.3.10, relay output */
  MW_SWITCH_SERVICE, /* 0-2:96.3.10, OptoMOS output */
  MW_N_SWITCHES
};

enum mw_control_state { MW_DISCONNECTED, MW_CONNECTED, MW_READY };

/* Transitions of Figure 98 and Table 55. */
enum mw_transition {
  MW_REMOTE_RECONNECT,  /* a or d, as the mode has it */
  MW_REMOTE_DISCONNECT, /* b, c */
  MW_MANUAL_RECONNECT,  /* e */
  MW_MANUAL_DISCONNECT, /* f */
  MW_LOCAL_DISCONNECT,  /* g */
  MW_LOCAL_RECONNECT,   /* h */
  MW_N_TRANSITIONS
};

typedef struct mw_switch {
  uint8_t mode;   /* control_mode 0 … 6 */
  uint8_t state;  /* enum mw_control_state */
  bool output;    /* output_state: closed */
  uint32_t delay; /* seconds until the output closes; relays only */
} mw_switch;

#define MW_LIMITERS 2
#define MW_MONITORS 3
#define MW_GROUPS_MAX 8

typedef struct mw_limiter {
  uint16_t monitored;                            /* value number; MW_V_NONE: off */
  int64_t threshold_normal, threshold_emergency; /* in units of the value */
  uint32_t min_over_s, min_under_s;
  uint16_t emergency_id;
  mw_civil emergency_start;
  uint32_t emergency_duration_s;
  uint16_t group[MW_GROUPS_MAX];
  uint8_t groups;
  uint16_t script_over, script_under; /* of the disconnect script table; 0: none */
} mw_limiter;

typedef struct mw_limiter_state {
  bool emergency;          /* emergency_profile_active */
  bool over;               /* declared */
  uint32_t timer;          /* seconds on the other side of the threshold */
  int64_t emergency_until; /* UTC */
} mw_limiter_state;

typedef struct mw_monitor {
  int64_t threshold; /* in units of the value; 0: off */
  uint16_t monitored;
  uint16_t script_up, script_down;
} mw_monitor;

typedef struct mw_monitor_state {
  bool over;
  bool acted; /* the disconnector was opened for it */
  uint32_t timer;
} mw_monitor_state;

typedef struct mw_disconnect {
  mw_switch sw[MW_N_SWITCHES];
  mw_limiter_state limiter[MW_LIMITERS];
  mw_monitor_state monitor[MW_MONITORS];
  uint32_t penalty; /* seconds until the disconnector may be closed again */
  uint32_t random;
} mw_disconnect;

typedef struct mw_limits {
  mw_limiter limiter[MW_LIMITERS];
  mw_monitor monitor[MW_MONITORS];
} mw_limits;

/* Perform a transition. MW_ERR_REFUSED when mode, state or penalty time forbid it. */
enum mw_err mw_switch_do (mw_meter *m, enum mw_switch_id s, enum mw_transition t);
enum mw_err mw_switch_set_mode (mw_meter *m, enum mw_switch_id s, unsigned mode);
const mw_switch *mw_switch_of (const mw_meter *m, enum mw_switch_id s);
/* May transition T be done now? */
bool mw_switch_may (const mw_meter *m, enum mw_switch_id s, enum mw_transition t);

const mw_limiter *mw_limiter_of (const mw_meter *m, unsigned i);
const mw_limiter_state *mw_limiter_state_of (const mw_meter *m, unsigned i);
int64_t mw_limiter_threshold_active (const mw_meter *m, unsigned i);
enum mw_err mw_limiter_set (mw_meter *m, unsigned i, const mw_limiter *l); /* event 67 */
const mw_monitor *mw_monitor_of (const mw_meter *m, unsigned i);
enum mw_err mw_monitor_set (mw_meter *m, unsigned i, const mw_monitor *mon);

/* For the core. */
void mw_disconnect_defaults (mw_meter *m);
void mw_disconnect_refresh (mw_meter *m); /* outputs follow states; the load may change */
uint32_t mw_disconnect_horizon (const mw_meter *m);
void mw_disconnect_advance (mw_meter *m, uint32_t seconds);
void mw_disconnect_power_up (mw_meter *m);
uint32_t mw_limits_horizon (const mw_meter *m);
void mw_limits_advance (mw_meter *m, uint32_t seconds);

#endif
