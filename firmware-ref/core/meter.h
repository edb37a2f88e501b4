/* meter.h: the metering core of the reference meter, one struct without heap.
 *
 *   U, I, φ ──► energy ──► tariffs (register activation ◄── scripts ◄── calendar ◄── clock)
 *                 │  ╲
 *                 ▼   ╲──► demand ──► maxima          profiles, billing, logs ──► rings in NVM
 *            display   ╲─► profiles                    everything else ──► store in NVM
 *
 * Time passes in mw_meter_run alone.  Between two boundaries (the end of a minute, period or
 * timer, a change of tariff …) every register grows linearly, so N seconds cost as much as one
 * and yield exactly what N calls with one second yield; tests/firmware/test-run.c compares
 * both. All calls on a meter come from one thread.  The caller owns the memory; mw_meter holds
 * no pointers into itself that would matter to a copy except the store's areas.
 *
 * Order of life: mw_meter_init (defaults) → the model changes defaults with the setters and
 * attaches its own areas to meter->store → mw_meter_start (loads what the NVM holds, then power
 * up) → mw_meter_load / mw_meter_run … → mw_meter_stop.
 */
#ifndef MW_CORE_METER_H
#define MW_CORE_METER_H

#include "core/billing.h"
#include "core/calendar.h"
#include "core/clock.h"
#include "core/demand.h"
#include "core/disconnect.h"
#include "core/display.h"
#include "core/energy.h"
#include "core/events.h"
#include "core/profile.h"
#include "core/quality.h"
#include "core/settings.h"
#include "core/store.h"
#include "core/supervise.h"
#include "core/values.h"
#include "core/when.h"

/* What the model adds. All functions may be NULL. */
typedef struct mw_user {
  void *ctx;
  enum mw_err (*info) (void *ctx, uint16_t id, mw_value_info *out); /* id ≥ MW_V_USER */
  enum mw_err (*value) (void *ctx, uint16_t id, mw_value *out);
  /* A script of a table that the core does not know was to be executed. */
  enum mw_err (*script) (void *ctx, enum mw_script_table table, uint16_t script);
  /* A string that is longer than a value holds, for the display; returns its length. */
  size_t (*text) (void *ctx, uint16_t id, char *buf, size_t cap);
  /* The clock has reached NEXT, which the model then sets anew; MW_WHEN_NEVER: never. */
  void (*due) (void *ctx);
  int64_t next;
  /* Scroll was held for 2 to 5 s in auto-scroll: something of the model's to select? */
  void (*long_press) (void *ctx);
  uint16_t cursors, blinking; /* MW_CURSOR_ that the model knows of */
} mw_user;

/* A meter of another make around this one (core/kamstrup): called where the meter lives.  All
 * functions may be NULL; the rules of each are those of core/kamstrup/kmodule.h. */
typedef struct mw_extension {
  uint32_t supply_min_mv;              /* in place of the share of the nominal voltage; 0 */
  enum mw_err (*layout) (mw_meter *m); /* its rings */
  enum mw_err (*repair) (mw_meter *m); /* mw_meter_repair_ring for each of them */
  void (*power_up) (mw_meter *m, int64_t dark_s); /* -1: for the first time */
  void (*power_down) (mw_meter *m);
  void (*power) (mw_meter *m); /* the powers were computed anew */
  int64_t (*next) (const mw_meter *m);
  uint32_t (*horizon) (const mw_meter *m);
  void (*energy) (mw_meter *m, uint32_t seconds);  /* before the clock moves on */
  void (*advance) (mw_meter *m, uint32_t seconds); /* after it */
  void (*due) (mw_meter *m);
  void (*time_changed) (mw_meter *m, int64_t old_utc);
  void (*dst_rules) (mw_meter *m); /* before the clock reads its rules */
  void (*sensors) (mw_meter *m);   /* a cover or a magnet came or went */
  void (*transient) (mw_meter *m, uint32_t mv,
                     uint32_t ms); /* of a phase, within this second */
  void (*commit) (mw_meter *m);    /* touch the areas that may have changed */
} mw_extension;

typedef struct mw_meter_config {
  mw_nvm *nvm;     /* at least MW_METER_NVM octets */
  uint8_t phases;  /* 1 (ME381) or 3 (MT381) */
  uint32_t random; /* seed of random delays, e.g. the serial number */
} mw_meter_config;

/* Non-volatile memory for everything. */
#define MW_METER_NVM (1024u * 1024u)

/* Registers that run all the time. */
typedef struct mw_registers {
  mw_energy energy;
  mw_demand demand;
  mw_fuse fuse;
} mw_registers;

/* What else changes by itself. */
typedef struct mw_state {
  mw_clock clock;
  mw_calendar_state calendar;
  mw_profile_state profile[MW_N_PROFILES];
  mw_schedule schedule[MW_N_SCHEDULES];
  mw_events events;
  mw_quality quality;
  mw_disconnect disconnect;
  mw_supervision supervision;
  uint32_t counter[MW_N_COUNTERS];
  mw_stamp config_stamp;
  int64_t down_utc;  /* when power failed; 0: it did not fail, the process was cut off */
  int64_t saved_utc; /* of the last commit */
  uint64_t total_s;  /* seconds lived, dark ones too */
  uint64_t down_s;   /* total_s when power failed */
  mw_ring_repair repair;
  bool cover_open[2]; /* enum mw_cover */
  bool magnet;
  bool test_mode;
} mw_state;

struct mw_meter {
  /* Persistent: the areas of the store. */
  uint32_t setting[MW_N_SETTINGS];
  mw_registers reg;
  mw_state st;
  mw_profile_setup profile[MW_N_PROFILES];
  mw_limits limits;
  mw_calendar calendar, passive;
  mw_special_days days;
  mw_tariffs tariffs;
  mw_list list[MW_N_LISTS];
  /* Volatile. */
  mw_store store;
  mw_user user;
  const mw_extension *extension; /* NULL: none */
  mw_load load;
  mw_power power;
  mw_display display;
  mw_ring profile_ring[MW_N_PROFILES];
  mw_ring log_ring[MW_N_LOGS];
  uint32_t logs_offset;
  uint32_t uptime; /* s since power-up */
  uint8_t phases;
  bool powered;
  bool unplugged; /* mw_meter_power (false) */
  bool started;
  bool changed; /* something that power loss must not lose happened: commit */
};

/* Defaults everywhere; nothing is read or written yet. */
void mw_meter_init (mw_meter *m, const mw_meter_config *config);
/* Load the state, bring the meter up at UTC (what the clock chip says).  MW_ERR_STORAGE when
 * the memory is unusable or too small. A factory-new memory starts a new life with the
 * defaults. */
enum mw_err mw_meter_start (mw_meter *m, int64_t utc);
/* Everything saved, as at a power-down (which it is for the meter). */
void mw_meter_stop (mw_meter *m);
/* The supply fails or returns. */
void mw_meter_power (mw_meter *m, bool on);
/* From now on this is the load. When no phase has voltage enough, the meter goes down. */
void mw_meter_load (mw_meter *m, const mw_load *load);
/* SECONDS pass. */
void mw_meter_run (mw_meter *m, uint32_t seconds);
static inline void
mw_meter_second (mw_meter *m)
{
  mw_meter_run (m, 1);
}
/* Write what changed to the NVM now (the core does so itself at power-down, at captures and at
 * every change of a parameter). */
enum mw_err mw_meter_commit (mw_meter *m);
/* Global meter reset: registers, profiles and logs as new, parameters kept. */
void mw_meter_reset (mw_meter *m);

/* For the core. */
enum mw_err mw_meter_layout (mw_meter *m);
/* Finish or begin the rewriting of a page whose next place is not erased (ring.h). */
enum mw_err mw_meter_repair_ring (mw_meter *m, const mw_ring *r, const mw_ring_head *h);
void mw_meter_time_changed (mw_meter *m, int64_t old_utc);
void mw_settings_defaults (mw_meter *m);

#endif
