/* quality.h: quality of the supply voltage as OMNIPOWER registers it (OMNIPOWER technical
 * description 4.9.1-4.9.8, EN 50160).
 *
 * Every second is one sample of each phase voltage, stamped with the beginning of the second.
 *
 *   - Long-term deviation: the mean over a window of U_PERIOD, the windows following each other
 *     from the epoch on, is outside its limits: one entry with the start of the window, mean,
 *     maximum and minimum (4.9.2.1).
 *   - Short-term deviation: single samples are outside their limits.  The first is entered at
 *     once; when there were several, the extreme and the last one follow when it is over, each
 *     with its own time (4.9.2.2, Table 25).  Deviations that outlast the window are entered
 *     too: a mean over two windows may hide them.
 *   - Outage: a phase below OUTAGE_LEVEL, or all of them below 160 V, when the meter is about
 * to go out itself (4.9.3).  Two entries, loss and return, once it has lasted OUTAGE_TIME; each
 *     outage counts as short (at most 3 minutes) or long, however short.  A phase that stays
 *     away when all had been away is an outage of its own from then on.  Seconds in an outage
 *     are neither deviations nor part of means (IEC 61000-4-30 flags them likewise).
 *   - Occurrence counters (Table 26): frequency as 10-second mean, voltage, unbalance and
 *     distortion as 10-minute means, once in a window whatever the number of phases (so that
 *     1008 windows are a week); rapid changes; interruptions; sags and swells of 100 ms to 1 s.
 *
 * A window counts when the meter lived through all of it.  Time passes in mw_kquality_step; N
 * seconds of constant voltage yield what N calls with one second yield, entries in the same
 * order.  The module holds no pointers and reads no clock; it may be stored as it is.
 */
#ifndef MW_CORE_KAMSTRUP_QUALITY_H
#define MW_CORE_KAMSTRUP_QUALITY_H

#include "core/kamstrup/measured.h"

#define MW_KNOMINAL_MV 230000u
#define MW_KALL_PHASES_MV 160000u /* outage of all phases, 4.9.3 */
#define MW_KRAPID_MV 11500u       /* rapid voltage change, 5 %, 4.9.5 */
#define MW_KSHORT_OUTAGE_S 180    /* EN 50160 */
#define MW_KTHD_LIMIT 800         /* 8 %, 4.9.7 */
#define MW_KUNBALANCE_PPM 20000   /* 2 %, 4.9.6 */

/* Table 23, within the ranges that it gives. */
typedef struct mw_kquality_config {
  uint32_t high_mean_mv, low_mean_mv;
  uint32_t high_single_mv, low_single_mv;
  uint32_t outage_mv; /* one or two phases */
  uint32_t period_s;
  uint32_t outage_s;
} mw_kquality_config;

/* Events 0-3 and 6-9 as in Tables 24 and 25; the numbers of outages are the reference meter's
 * own. */
enum mw_kquality_event {
  MW_KQE_UNDER,
  MW_KQE_OVER,
  MW_KQE_MIN_PEAK,
  MW_KQE_MAX_PEAK,
  MW_KQE_OUTAGE,
  MW_KQE_RETURN,
  MW_KQE_MIN_START,
  MW_KQE_MIN_STOP,
  MW_KQE_MAX_START,
  MW_KQE_MAX_STOP,
};

/* An entry of the voltage quality logger (4.9.8.1). Whole volts; what an event does not have
 * is 0. */
typedef struct mw_kquality_entry {
  int64_t utc;
  uint8_t phase; /* 1 … 3; 0: all (assigned by the reference meter) */
  uint8_t event; /* enum mw_kquality_event */
  uint16_t mean, max, min;
} mw_kquality_entry;

typedef void (*mw_kquality_log) (void *ctx, const mw_kquality_entry *e);

/* In the order of Table 26. */
enum mw_kcounter {
  MW_KC_F1, /* below 50 Hz - 2 % */
  MW_KC_F2, /* above 50 Hz + 2 % */
  MW_KC_LOW1,
  MW_KC_LOW2,
  MW_KC_HIGH,
  MW_KC_RAPID,
  MW_KC_UNBALANCE,
  MW_KC_LONG,
  MW_KC_SHORT,
  MW_KC_THDU, /* L1 … L3 */
  MW_KC_THDI = MW_KC_THDU + MW_PHASES,
  MW_KC_SAGS = MW_KC_THDI + MW_PHASES,
  MW_KC_SWELLS,
  MW_N_KCOUNTERS
};

typedef struct mw_koutage {
  bool out, logged;
  uint8_t reserved[6];
  int64_t since;
} mw_koutage;

typedef struct mw_kquality_phase {
  uint64_t sum_mvs; /* of the window */
  uint32_t seconds, max_mv, min_mv;
  uint32_t seconds10; /* and of ten minutes */
  uint64_t sum10_mvs, thdu10, thdi10;
  int64_t peak_utc, last_utc; /* of the short-term deviation */
  uint32_t peak_mv, last_mv;
  uint32_t sample_mv; /* the last one; 0: none */
  uint8_t deviation;  /* 0, or the event that began it */
  bool several;       /* samples in it */
  uint8_t reserved[2];
} mw_kquality_phase;

typedef struct mw_kquality {
  mw_kquality_phase phase[MW_PHASES];
  mw_koutage outage[MW_PHASES + 1]; /* 0: all, 1 … 3 */
  uint64_t unbalance;               /* ppm·s of ten minutes */
  uint64_t frequency;               /* mHz·s of ten seconds */
  uint32_t unbalance_s, frequency_s;
  uint32_t lived, lived10; /* seconds of the running windows that the meter lived through */
  uint32_t counter[MW_N_KCOUNTERS];
  int64_t sag_utc, swell_utc; /* seconds that had one */
  uint32_t reserved;
} mw_kquality;

void mw_kquality_init (mw_kquality *q);
/* For how many seconds of IN from UTC on nothing is entered, when the step before had the same
 * IN; at least 1. */
uint32_t mw_kquality_horizon (const mw_kquality *q, const mw_kquality_config *c,
                              const mw_kmeasured *in, int64_t utc);
/* From UTC on, for SECONDS, the meter measures IN. */
void mw_kquality_step (mw_kquality *q, const mw_kquality_config *c, const mw_kmeasured *in,
                       int64_t utc, uint32_t seconds, mw_kquality_log log, void *ctx);
/* The meter, measuring PHASES, was without supply from FROM until TO. To be told when it is
 * back. */
void mw_kquality_dark (mw_kquality *q, unsigned phases, int64_t from, int64_t to,
                       mw_kquality_log log, void *ctx);
/* The clock was moved by DELTA seconds. */
void mw_kquality_clock (mw_kquality *q, int64_t delta);
/* The configuration changed: the running mean window is dropped. */
void mw_kquality_configured (mw_kquality *q);
/* During the second that begins at UTC a phase was at MV for MS milliseconds: a sag or swell
 * when that is 100 … 1000 ms and beyond 20 % of 230 V, at most one of each a second (4.9.4.1).
 */
void mw_kquality_transient (mw_kquality *q, int64_t utc, uint32_t mv, uint32_t ms);

/* Unbalance of three voltages 120 degrees apart, negative to positive sequence, in ppm. */
uint32_t mw_kunbalance_ppm (const uint32_t mv[MW_PHASES]);

#endif
