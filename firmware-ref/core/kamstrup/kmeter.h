/* kmeter.h: a Kamstrup meter (162, 382, 351B, OMNIPOWER) as a meter; its protocols are ports.
 *
 *   mw_meter: loads, phase powers, clock, supply, breaker, NVM store
 *      │ extension (core/meter.h)
 *      ▼
 *   energies ──► period means ──► maxima ──► loggers ──► rings in NVM
 *      ▲            ▲                ▲
 *   tariff ◄── command, inputs, plan; modules (kmodule.h): voltage quality, disconnection …
 *
 * mw_kmeter begins with its mw_meter: the functions of core/meter.h, core/clock.h and
 * core/scenario.h work on &k->m, also mw_meter_run and mw_scenario_run.  N seconds at once are
 * exactly N times one second.  What mw_meter has of its own kind (its registers, demand,
 * profiles, calendar) runs idle and is nobody's business here.
 *
 * Order of life: mw_kmeter_init → mw_kmeter_set for the model's defaults → mw_kmeter_start →
 * mw_kmeter_load / mw_kmeter_run / … → mw_kmeter_stop.  The caller owns the memory; one thread.
 */
#ifndef MW_CORE_KMETER_H
#define MW_CORE_KMETER_H

#include "core/kamstrup/kdemand.h"
#include "core/kamstrup/kdisplay.h"
#include "core/kamstrup/kenergy.h"
#include "core/kamstrup/klog.h"
#include "core/kamstrup/kmodule.h"
#include "core/kamstrup/kplan.h"
#include "core/kamstrup/kqual.h"
#include "core/kamstrup/ktariff.h"
#include "core/kamstrup/kvalue.h"
#include "core/meter.h"

/* The least supply at which a meter lives (OMNIPOWER technical description 4.6.2.12). */
#define MW_KSUPPLY_MIN_MV 160000

/* Status word and event status (4.2.4). */
#define MW_KSTATUS_EEPROM 0x01u  /* memory access failure */
#define MW_KSTATUS_ROM 0x02u     /* check sum of the program */
#define MW_KSTATUS_TAMPER 0x04u  /* cover */
#define MW_KSTATUS_MAGNET 0x08u  /* magnetic field */
#define MW_KSTATUS_RESET 0x10u   /* the meter was reset */
#define MW_KSTATUS_CLOCK 0x20u   /* the clock has lost its time */
#define MW_KSTATUS_ALARM 0x40u   /* module input, function alarm */
#define MW_KSTATUS_NEUTRAL 0x80u /* neutral fault */
#define MW_KSTATUS_OUTAGE 0x100u /* power was off */
#define MW_KSTATUS_QUALITY 0x200u
#define MW_KSTATUS_CUTOFF 0x400u

/* Status of a load profile entry (4.5.1). */
#define MW_KPS_OUTAGE 0x01u       /* power was off within the period */
#define MW_KPS_ADJUSTED 0x02u     /* the clock was set */
#define MW_KPS_CLOCK 0x04u        /* the time is not reliable */
#define MW_KPS_UNDERVOLTAGE 0x08u /* by the quality module */
#define MW_KPS_OVERVOLTAGE 0x10u
#define MW_KPS_INCOMPLETE 0x20u /* the period began late */
#define MW_KPS_CONFIGURED 0x40u /* a setting was changed */

/* What the load-profile event logger says (EVENT, OLD, NEW). */
enum mw_kprofile_event {
  MW_KPE_PERIOD = 1, /* integration period, minutes */
  MW_KPE_COLUMNS,    /* how many there are */
  MW_KPE_CLEARED,    /* entries that were there, 0 */
};

/* What the model is. Constant, living as long as the meter. */
typedef struct mw_kmodel {
  const char *name;
  uint8_t phases;      /* 1, 3 */
  bool aron;           /* two measuring systems: L1 and L3 against L2 */
  bool ct;             /* has current transformers: RATIO counts */
  bool breaker;        /* has one, or controls one */
  uint8_t plan;        /* enum mw_kplan_kind that it executes besides the DST plan; 0: none */
  uint32_t startup_mw; /* of a phase: below it nothing is registered (4.6.2.13) */
  mw_klog_table log[MW_N_KLOGS];
} mw_kmodel;

typedef struct mw_kmeter_config {
  mw_nvm *nvm; /* at least MW_KMETER_NVM octets */
  const mw_kmodel *model;
  uint32_t serial;
  uint32_t type_number;
  uint16_t software; /* letter, number */
  uint32_t rom_checksum;
  bool no_breaker; /* of a model that can be had with one: the type number says without */
} mw_kmeter_config;

/* Non-volatile memory for everything: that of mw_meter and the rings of the logs. */
#define MW_KMETER_NVM (3u * 1024u * 1024u)

#define MW_KTEXT_MAX 20

typedef struct mw_ksetup {
  int64_t setting[MW_N_KSETTINGS];
  uint8_t text[MW_N_KTEXTS][MW_KTEXT_MAX]; /* not terminated */
  uint8_t text_len[MW_N_KTEXTS];
  mw_klog_columns log[MW_N_KLOGS_MOVABLE];
  mw_kdisplay_setup display;
  int64_t pulse_offset[2]; /* that a pulse register was set to, 0.001 unit */
} mw_ksetup;

/* What else changes by itself. */
typedef struct mw_kstate {
  mw_kdemand demand;
  mw_kcontrol control;
  mw_ring_head log[MW_N_KLOGS];
  int64_t debiting_next; /* UTC */
  int32_t day;           /* the day (since 1970, normal time) that the day's registers are of */
  uint32_t status, event_status;
  uint32_t debiting_count, threshold_count, config_count;
} mw_kstate;

struct mw_kmeter {
  mw_meter m; /* first: a mw_meter of a Kamstrup meter is one */
  const mw_kmodel *model;
  mw_kmeter_config id;
  /* Persistent. */
  mw_kregisters reg;
  mw_kstate st;
  mw_ksetup setup;
  mw_kplans plan;
  mw_kqual qual;
  mw_kqual_setup qual_setup;
  /* Volatile. */
  mw_kpower power;
  mw_kplan_stage stage;
  mw_kdisplay display;
  mw_ring ring[MW_N_KLOGS];
};

void mw_kmeter_init (mw_kmeter *k, const mw_kmeter_config *config);
enum mw_err mw_kmeter_start (mw_kmeter *k, int64_t utc);
void mw_kmeter_stop (mw_kmeter *k);
void mw_kmeter_power (mw_kmeter *k, bool on);
void mw_kmeter_load (mw_kmeter *k, const mw_load *load);
void mw_kmeter_run (mw_kmeter *k, uint32_t seconds);
/* Set the clock; UTC. Local = normal time + daylight saving. */
void mw_kmeter_set_clock (mw_kmeter *k, int64_t utc);
int64_t mw_kmeter_normal (const mw_kmeter *k, int64_t utc); /* normal time, as seconds */
/* Debiting stop now (on request). */
void mw_kmeter_debiting_stop (mw_kmeter *k);
/* Reset of all registers, maxima, counters and logs but the audit log (KMP ResetNoBackup);
 * BACKUP: the meter restarts with what it has.  Both leave MW_KSTATUS_RESET in the status log.
 */
void mw_kmeter_reset (mw_kmeter *k, bool backup);
/* Bits of the status word come or go. A bit that comes is entered in the status log. */
void mw_kmeter_status (mw_kmeter *k, uint32_t bits, bool on);
void mw_kmeter_clear_events (mw_kmeter *k, uint32_t mask);
/* The breaker: what is behind it draws nothing while it is open. */
void mw_kmeter_breaker (mw_kmeter *k, bool closed);

/* For the core and the modules. */
static inline int64_t
mw_kset (const mw_kmeter *k, unsigned id)
{
  return k->setup.setting[id - MW_KV_FIRST_SETTING];
}
static inline uint32_t
mw_kperiod_s (const mw_kmeter *k)
{
  return (uint32_t) mw_kset (k, MW_KV_INTEGRATION_PERIOD) * 60u;
}
void mw_ksettings_defaults (mw_kmeter *k);
void mw_kmeter_setting_changed (mw_kmeter *k, unsigned id, int64_t old);
void mw_kloggers_setting_changed (mw_kmeter *k, unsigned id, int64_t old);
void mw_kmeter_changed (mw_kmeter *k); /* a setting was changed: counter, commit */
void mw_kloggers_due (mw_kmeter *k);
int64_t mw_kloggers_next (const mw_kmeter *k);
void mw_kloggers_time_changed (mw_kmeter *k, int64_t old_utc);
void mw_kloggers_power_up (mw_kmeter *k, int64_t dark_s);

#endif
