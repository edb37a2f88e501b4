/* calendar.h: activity calendar, special days, tariffication scripts and register activation
 * (classes 20, 11, 9, 6; Mx381 manual 5.4). */
#ifndef MW_CORE_CALENDAR_H
#define MW_CORE_CALENDAR_H

#include "core/energy.h"
#include "core/types.h"

#define MW_SEASONS_MAX 12
#define MW_WEEKS_MAX 12
#define MW_DAYS_MAX 12
#define MW_ACTIONS_MAX 16
#define MW_SPECIAL_DAYS_MAX 64
#define MW_MASKS_MAX 16
#define MW_SCRIPTS_MAX 24
#define MW_SCRIPT_ACTIONS_MAX 4

typedef struct mw_season {
  mw_name name;
  mw_civil start;
  mw_name week;
} mw_season;

typedef struct mw_week {
  mw_name name;
  uint8_t day[7]; /* day id of Monday … Sunday */
} mw_week;

typedef struct mw_action {
  uint8_t hour, minute, second;
  uint8_t table; /* enum mw_script_table */
  uint16_t script;
} mw_action;

typedef struct mw_day {
  uint8_t id;
  uint8_t n;
  mw_action action[MW_ACTIONS_MAX]; /* in rising order of time */
} mw_day;

typedef struct mw_calendar {
  mw_name name;
  uint8_t seasons, weeks, days;
  mw_season season[MW_SEASONS_MAX];
  mw_week week[MW_WEEKS_MAX];
  mw_day day[MW_DAYS_MAX];
} mw_calendar;

typedef struct mw_special_day {
  uint16_t index;
  mw_civil date; /* year, month, day, weekday; the rest unspecified */
  uint8_t day_id;
} mw_special_day;

typedef struct mw_special_days {
  uint8_t n;
  mw_special_day day[MW_SPECIAL_DAYS_MAX];
} mw_special_days;

/* What a tariffication script does. */
enum mw_script_kind {
  MW_DO_NOTHING,
  MW_DO_ENERGY_MASK, /* register activation 0-0:14.0.1: active_mask = name */
  MW_DO_DEMAND_MASK, /* register activation 0-0:14.0.2 */
  MW_DO_RELAY_OFF,   /* disconnect control of the load relay, remote disconnect / reconnect */
  MW_DO_RELAY_ON,
  MW_DO_SERVICE_OFF,
  MW_DO_SERVICE_ON,
};

typedef struct mw_script_action {
  uint8_t kind;
  mw_name name;
} mw_script_action;

typedef struct mw_script {
  uint16_t id;
  uint8_t n;
  mw_script_action action[MW_SCRIPT_ACTIONS_MAX];
} mw_script;

/* Register activation. Register index: energies quantity * 8 + tariff - 1 (88 of them), demands
 * demand quantity * 8 + tariff - 1 (56); as in the manual's register assignment, from 0 here.
 */
typedef struct mw_mask {
  mw_name name;
  uint8_t tariffs[MW_N_TARIFF_QUANTITIES]; /* bit t-1: register of tariff t is active */
} mw_mask;

typedef struct mw_activation {
  uint8_t n;
  mw_mask mask[MW_MASKS_MAX];
  mw_name active; /* active_mask; empty: none */
} mw_activation;

enum mw_activation_id { MW_ACTIVATE_ENERGY, MW_ACTIVATE_DEMAND };

typedef struct mw_tariffs {
  mw_activation activation[2]; /* enum mw_activation_id */
  uint8_t scripts;
  mw_script script[MW_SCRIPTS_MAX];
} mw_tariffs;

typedef struct mw_calendar_state {
  mw_civil activation;     /* activate_passive_calendar_time */
  int64_t activation_next; /* UTC */
  int64_t next;            /* UTC of the next look at the calendar */
  int64_t action_utc;      /* instant of the action executed last */
  int64_t day_until;       /* UTC until which the cached day holds */
  uint8_t day;             /* index of today's day profile, 0xff: none */
  uint8_t tariff[2];       /* number of the active tariff, energy and demand; 0 none */
  bool waiting;            /* the mask applies from the end of the measuring period on */
  uint8_t mask[2][MW_N_TARIFF_QUANTITIES]; /* bits in force */
} mw_calendar_state;

/* The calendars and tables, borrowed.  MW_ERR_VALUE when a count or id is out of range, a week
 * or day that is referred to is missing, or actions are not in order. */
const mw_calendar *mw_calendar_active (const mw_meter *m);
const mw_calendar *mw_calendar_passive (const mw_meter *m);
enum mw_err mw_calendar_check (const mw_calendar *c);
/* Replace the passive calendar; event 19. A model writes it attribute by attribute and so may
 * leave references open until it is activated: those are checked by mw_calendar_activate. */
enum mw_err mw_calendar_set_passive (mw_meter *m, const mw_calendar *c);
/* activate_passive_calendar_time; event 19. */
enum mw_err mw_calendar_set_activation (mw_meter *m, const mw_civil *when);
/* Method activate_passive_calendar: passive becomes active; event 9.  MW_ERR_VALUE and nothing
 * changed when the passive calendar is not sound. */
enum mw_err mw_calendar_activate (mw_meter *m);

const mw_special_days *mw_special_days_of (const mw_meter *m);
enum mw_err mw_special_days_set (mw_meter *m, const mw_special_days *days);
/* Class 11 methods insert (an entry of the same index is replaced) and delete. */
enum mw_err mw_special_day_insert (mw_meter *m, const mw_special_day *day);
enum mw_err mw_special_day_delete (mw_meter *m, uint16_t index);

const mw_tariffs *mw_tariffs_of (const mw_meter *m);
enum mw_err mw_tariff_scripts_set (mw_meter *m, const mw_script *scripts, unsigned n);
enum mw_err mw_activation_set_masks (mw_meter *m, enum mw_activation_id which,
                                     const mw_mask *masks, unsigned n);
/* Write active_mask; a name that no mask has switches all rated registers off. */
enum mw_err
mw_activation_set_active (mw_meter *m, enum mw_activation_id which, const mw_name *name);
/* Tariff 1 … 8 in force (lowest bit of the A+ register's mask), 0: none. */
unsigned mw_tariff_active (const mw_meter *m, enum mw_activation_id which);

/* For the core. */
void mw_calendar_defaults (mw_meter *m);
void mw_calendar_due (mw_meter *m);
/* Look again, and execute the action in force even if it was executed before. */
void mw_calendar_refresh (mw_meter *m, bool force);
enum mw_err mw_tariff_execute (mw_meter *m, uint16_t script);
void mw_tariff_defaults (mw_meter *m);
void mw_activation_apply (mw_meter *m);

#endif
