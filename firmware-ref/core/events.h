/* events.h: event codes, logs, alarms and errors (Mx381 manual 6.5, 6.6, 6.7). */
#ifndef MW_CORE_EVENTS_H
#define MW_CORE_EVENTS_H

#include "core/mw_events_def.h"
#include "core/ring.h"
#include "core/types.h"

enum mw_log {
#define MW_LOG_ROW(symbol, capacity, name) MW_LOG_##symbol,
  MW_LOGS (MW_LOG_ROW)
#undef MW_LOG_ROW
      MW_N_LOGS
};

enum mw_event {
#define MW_EVENT_ROW(symbol, code, log, name) MW_EVENT_##symbol,
  MW_EVENTS (MW_EVENT_ROW)
#undef MW_EVENT_ROW
      MW_N_EVENTS
};

/* Alarm bits, manual Tables 50 and 51: MW_ALARM1_… in word 0, MW_ALARM2_… in word 1. */
#define MW_ALARM1_CLOCK_INVALID (1u << 0)
#define MW_ALARM1_REPLACE_BATTERY (1u << 1)
#define MW_ALARM1_PROGRAM (1u << 8)
#define MW_ALARM1_RAM (1u << 9)
#define MW_ALARM1_NVM (1u << 10)
#define MW_ALARM1_MEASUREMENT (1u << 11)
#define MW_ALARM1_WATCHDOG (1u << 12)
#define MW_ALARM1_FRAUD (1u << 13)
#define MW_ALARM1_MBUS_ERROR(ch) (1u << (16 + (ch)))
#define MW_ALARM1_MBUS_FRAUD(ch) (1u << (20 + (ch)))
#define MW_ALARM2_POWER_FAILURE (1u << 0)
#define MW_ALARM2_POWER_RESUME (1u << 1)
#define MW_ALARM2_PHASE_FAILURE(ph) (1u << (2 + (ph)))
#define MW_ALARM2_PHASE_RESUME(ph) (1u << (5 + (ph)))
#define MW_ALARM2_MISSING_NEUTRAL (1u << 8)
#define MW_ALARM2_ASYMMETRY (1u << 9)
#define MW_ALARM2_CURRENT_REVERSAL (1u << 10)
#define MW_ALARM2_PHASE_SEQUENCE (1u << 11)
#define MW_ALARM2_UNEXPECTED (1u << 12)
#define MW_ALARM2_KEY_EXCHANGED (1u << 13)
#define MW_ALARM2_BAD_VOLTAGE(ph) (1u << (14 + (ph)))
#define MW_ALARM2_EXTERNAL (1u << 17)
#define MW_ALARM2_LOCAL_ATTEMPT (1u << 18)
#define MW_ALARM2_VALVE(ch) (1u << (27 + (ch)))
#define MW_ALARM2_SWITCH_FAILURE (1u << 31)

/* Error register 1, manual Table 53 (the bits of alarm 1 with the same names). */
#define MW_ERROR_CLOCK_INVALID (1u << 0)
#define MW_ERROR_REPLACE_BATTERY (1u << 1)
#define MW_ERROR_PROGRAM (1u << 8)
#define MW_ERROR_RAM (1u << 9)
#define MW_ERROR_NVM (1u << 10)
#define MW_ERROR_MEASUREMENT (1u << 11)
#define MW_ERROR_WATCHDOG (1u << 12)
#define MW_ERROR_MBUS(ch) (1u << (16 + (ch)))

#define MW_FRAUD_HOLD_OFF_S 900 /* manual 6.5.4 */

typedef struct mw_events {
  mw_ring_head head[MW_N_LOGS];
  uint8_t last_code[MW_N_LOGS]; /* event code objects: 0 after power-up */
  uint32_t fraud_until[9];      /* uptime-independent seconds: s since 2000, per fraud event */
  uint32_t alarm[2];            /* alarm registers */
  uint32_t alarm_on[2], alarm_off[2];
  uint32_t alarm_present[2]; /* conditions that persist now */
  uint32_t error[2];
  uint32_t error_present[2];
  uint8_t secure_id[6]; /* last modified secure parameter */
  uint32_t secure_old, secure_new;
} mw_events;

typedef struct mw_event_info {
  const char *name;
  uint8_t code;
  uint8_t log; /* enum mw_log */
} mw_event_info;

const mw_event_info *mw_event_info_of (unsigned event);
/* The row with CODE in LOG, or NULL. */
const mw_event_info *mw_event_by_code (unsigned log, unsigned code);
const char *mw_log_name (unsigned log);
unsigned mw_log_capacity (unsigned log);

/* Enter EVENT into its log, now, or at a given stamp. */
void mw_event (mw_meter *m, enum mw_event event);
void mw_event_at (mw_meter *m, enum mw_event event, mw_stamp when);

/* An entry of a log. EXTRA: duration (power failures). */
typedef struct mw_log_entry {
  uint32_t number;
  mw_stamp time;
  uint8_t code;
  uint32_t extra;
  uint8_t secure_id[6]; /* certification log */
  uint32_t secure_old, secure_new;
} mw_log_entry;

uint32_t mw_log_entries (const mw_meter *m, enum mw_log log);
uint32_t mw_log_count (const mw_meter *m, enum mw_log log);
uint32_t mw_log_first (const mw_meter *m, enum mw_log log);
enum mw_err mw_log_read (mw_meter *m, enum mw_log log, uint32_t number, mw_log_entry *out);
/* The first entry with a number ≥ START and a time in [FROM, TO]; 0: none. */
uint32_t mw_log_find (mw_meter *m, enum mw_log log, uint32_t start, int64_t from, int64_t to);
/* Class 7 reset: MW_ERR_REFUSED for the certification log unless the meter cover is open. */
enum mw_err mw_log_reset (mw_meter *m, enum mw_log log);

/* Alarms: a condition of word W (0, 1) appears or disappears; pulses do both. */
void mw_alarm_set (mw_meter *m, unsigned w, uint32_t bits, bool present);
void mw_alarm_pulse (mw_meter *m, unsigned w, uint32_t bits);
/* Writing clears what is 0 in KEEP; what persists stays on (manual 6.12.1.6). */
void mw_alarm_clear (mw_meter *m, unsigned w, uint32_t keep);
void mw_alarm_clear_on (mw_meter *m, unsigned w, uint32_t keep);
void mw_alarm_clear_off (mw_meter *m, unsigned w, uint32_t keep);
/* Errors of register 1 (IDIS) and register 2 (IE): set, and the condition persists or not. */
void mw_error_set (mw_meter *m, uint32_t bits, bool present);
void mw_error_clear (mw_meter *m, unsigned w, uint32_t keep);
/* Is the FF flag shown? */
bool mw_error_shown (const mw_meter *m);

/* For the core. */
enum mw_err mw_log_layout (mw_meter *m, uint32_t *offset);
void mw_log_power_failure (mw_meter *m, uint32_t duration);
enum mw_err
mw_certify (mw_meter *m, const uint8_t obis[6], uint32_t old_value, uint32_t new_value);

#endif
