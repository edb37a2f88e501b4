/* cutoff.h: the breaker of a Kamstrup meter: by command, by push-button, by load, by voltage
 * and by prepayment (OMNIPOWER technical description 4.8; METERTOOL manual 3.4.3, 3.5.4).
 *
 *             load, voltage, prepayment, neutral fault, button, command
 *   CONNECTED ───────────────────────────────────► CUT PREPAYMENT EXPIRED BUTTON COMMAND
 *     ▲  ▲                                              │      │              │      │
 *     │  └── after a wait, or by push-button ◄──────────┴──────┴──────────────┘      │
 *     └───── reconnect command or push-button ◄── RELEASED ◄── release command ◄─────┘
 *
 * Conditions (Table 20): the load is greater than k_x times the limit for longer than t1 (k1),
 * t1 + t2 (k2), t1 + t2 + t3 (k3).  "Longer than t" is told by whole seconds: the breaker opens
 * at the end of second t + 1.  By current each phase has timers of its own.
 *
 * Voltage (4.8.10, Figure 20): means over blocks of the sample time, which follow each other
 * from the closing of the breaker on; one phase above the level opens; while open, means over
 * blocks of the other sample time, all phases not above the other level: it closes.
 *
 * A breaker does not open above I_shortcircuit: what orders it waits (pending) until the
 * current is lower.  It closes no sooner than 5 s after the order; what was waited before
 * counts.  After each movement commands are refused for one minute.  T_connectwait runs from a
 * disconnection by load or prepayment on and holds back every reconnection after it; voltage
 * has its own times.
 */
#ifndef MW_CORE_KAMSTRUP_CUTOFF_H
#define MW_CORE_KAMSTRUP_CUTOFF_H

#include "core/kamstrup/measured.h"

#define MW_KLOCK_S 60     /* METERTOOL manual 3.5.4 */
#define MW_KRECONNECT_S 5 /* 4.8.1 */
#define MW_KBUTTON_S 6    /* to be held so long, 4.8.2 */

/* As KMP GetCutOffState has them. */
enum mw_kcutoff_state {
  MW_KCS_COMMAND = 1,
  MW_KCS_CONNECTED = 4,
  MW_KCS_WARNING = 5, /* connected, and a delay of the load is running */
  MW_KCS_CUT = 6,     /* by load, voltage or neutral fault: CUTOFF_CAUSE */
  MW_KCS_PREPAYMENT = 7,
  MW_KCS_RELEASED = 8,
  MW_KCS_EXPIRED = 9, /* t_prepayment is over */
  MW_KCS_BUTTON = 11,
};

enum mw_kcutoff_cause {
  MW_KCC_NONE,
  MW_KCC_COMMAND,
  MW_KCC_BUTTON,
  MW_KCC_LOAD,
  MW_KCC_VOLTAGE,
  MW_KCC_PREPAYMENT,
  MW_KCC_EXPIRED,
  MW_KCC_NEUTRAL,
};

enum mw_kcutoff_command { MW_KCUT_DISCONNECT = 1, MW_KCUT_RELEASE = 2, MW_KCUT_RECONNECT = 3 };

/* Feedback of GetCutOffState. */
#define MW_KFEEDBACK_VOLTAGE 0x01u /* << phase: voltage behind the breaker */
#define MW_KFEEDBACK_VALID 0x08u
#define MW_KFEEDBACK_OK                                                                        \
  0x10u /* no error: no voltage behind an open breaker, and none missing */
#define MW_KFEEDBACK_CUT 0x20u /* open */
#define MW_KFEEDBACK_PENDING 0x40u

/* DC_BASIS: any of them together (4.8.5). */
#define MW_KBASIS_LOAD 1u
#define MW_KBASIS_PREPAYMENT 2u
#define MW_KBASIS_VOLTAGE 4u
/* DC_BUTTON */
#define MW_KBUTTON_DISCONNECT 1u
#define MW_KBUTTON_RECONNECT 2u

/* DC_RECONNECT: after a disconnection by load or prepayment (4.8.9). */
enum mw_kreconnect {
  MW_KRECONNECT_AUTOMATIC,
  MW_KRECONNECT_MANUAL,   /* by push-button */
  MW_KRECONNECT_RELEASED, /* by push-button once it was released by command */
};

typedef struct mw_kcutoff_config {
  uint8_t basis;  /* MW_KBASIS_ */
  uint8_t button; /* MW_KBUTTON_ */
  uint8_t reconnect;
  bool by_power;
  uint32_t current_da, power_w; /* limits: 0.1 A, W */
  uint8_t k[3];                 /* k1 k2 k3, 0.1 */
  uint16_t t[3];                /* t1 t2 t3, s */
  uint16_t short_a;
  uint32_t wait_s;
  uint16_t over_v, over_s, back_v, back_s;
} mw_kcutoff_config;

/* What prepayment asks for (prepayment.h). */
enum mw_kprepayment_wish {
  MW_KPW_CONNECT, /* credit, or no prepayment */
  MW_KPW_LIMITED, /* may be connected by push-button, with a small load */
  MW_KPW_CUT,
  MW_KPW_EXPIRED,
};

/* Stored as it is. */
typedef struct mw_kcutoff {
  uint64_t sum_mvs[MW_PHASES]; /* voltages of the running block */
  uint32_t over_s[3][4];       /* beyond k1 k2 k3: L1 L2 L3, power */
  uint32_t block_s;
  uint32_t wait_s; /* T_connectwait left */
  uint32_t count;
  uint16_t lock_s;
  uint8_t state;         /* enum mw_kcutoff_state; never WARNING */
  uint8_t cause;         /* enum mw_kcutoff_cause of the last disconnection */
  uint8_t pending_cause; /* a disconnection that waits for a lower current */
  uint8_t closing_s;
  bool closing;
  uint8_t wish; /* enum mw_kprepayment_wish of the last step */
} mw_kcutoff;

void mw_kcutoff_init (mw_kcutoff *c);
static inline bool
mw_kcutoff_is_closed (const mw_kcutoff *c)
{
  return c->state == MW_KCS_CONNECTED;
}
/* The state with its warning; and the feedback while IN is measured and PRESENT tells the
 * phases that have voltage behind the breaker. */
enum mw_kcutoff_state mw_kcutoff_shown (const mw_kcutoff *c);
uint8_t mw_kcutoff_feedback (const mw_kcutoff *c, const mw_kmeasured *in, unsigned present);

/* MW_ERR_REFUSED while commands are locked, for a release when nothing is to be released or the
 * prepaid time has expired, for a reconnection that was not released or must still wait;
 * MW_ERR_VALUE for no command. */
enum mw_err mw_kcutoff_do (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in,
                           enum mw_kcutoff_command command);
/* The left push-button was held for MW_KBUTTON_S. MW_ERR_REFUSED when it may not. */
enum mw_err
mw_kcutoff_button (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in);
/* A neutral fault was detected, and the breaker shall open for it. */
void mw_kcutoff_neutral (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in);

/* For how many seconds of IN the breaker does not move; at least 1. */
uint32_t
mw_kcutoff_horizon (const mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in);
/* SECONDS (at most the horizon) of IN passed; WISH holds at their end. */
void mw_kcutoff_step (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in,
                      enum mw_kprepayment_wish wish, uint32_t seconds);
/* The meter was dark for so long: waits and locks go on, delays begin anew. */
void mw_kcutoff_dark (mw_kcutoff *c, uint64_t seconds);
/* The configuration changed: delays and blocks begin anew. */
void mw_kcutoff_configured (mw_kcutoff *c);

#endif
