/* billing.h: end of billing period: scripts and single action schedules (Mx381 manual 6.4). */
#ifndef MW_CORE_BILLING_H
#define MW_CORE_BILLING_H

#include "core/types.h"

#define MW_SCHEDULE_TIMES 4

enum mw_schedule_id {
  MW_SCHEDULE_BILLING1,   /* 0-0:15.0.0 */
  MW_SCHEDULE_DISCONNECT, /* 0-0:15.0.1 */
  MW_SCHEDULE_IMAGE,      /* 0-0:15.0.2 */
  MW_SCHEDULE_BILLING2,   /* 0-0:15.1.0 */
  MW_SCHEDULE_MBUS,       /* 0-1:15.0.1 */
  MW_N_SCHEDULES
};

/* Script tables that schedules, limiters and calendars refer to, by field C, D, E of 0-0:C.D.E.
 */
enum mw_script_table {
  MW_TABLE_BILLING,         /* 10.0.1 */
  MW_TABLE_TARIFF,          /* 10.0.100 */
  MW_TABLE_LOAD,            /* 10.0.103 */
  MW_TABLE_DISCONNECT,      /* 10.0.106 */
  MW_TABLE_METER_RESET,     /* 10.0.0 */
  MW_TABLE_TEST_MODE,       /* 10.0.101 */
  MW_TABLE_NORMAL_MODE,     /* 10.0.102 */
  MW_TABLE_IMAGE,           /* 10.0.107: the model's */
  MW_TABLE_DISPLAY_TEST,    /* 10.1.101 */
  MW_TABLE_MBUS_DISCONNECT, /* 0-1:10.0.106: the model's */
  MW_N_TABLES
};

/* A single action schedule (class 22). */
typedef struct mw_schedule {
  mw_civil time[MW_SCHEDULE_TIMES]; /* execution times; local */
  uint8_t n;
  uint8_t table; /* enum mw_script_table */
  uint16_t script;
  int64_t next; /* UTC; MW_WHEN_NEVER */
} mw_schedule;

/* Write execution_time; N ≤ 4. */
enum mw_err
mw_schedule_set (mw_meter *m, enum mw_schedule_id s, const mw_civil *times, unsigned n);
/* MW_ERR_VALUE when there is no such script. */
enum mw_err mw_schedule_set_script (mw_meter *m, enum mw_schedule_id s,
                                    enum mw_script_table table, uint16_t script);
/* Execute SCRIPT of TABLE now, on behalf of a client (LOCAL false) or of the meter itself.
 * MW_ERR_VALUE when there is no such script. */
enum mw_err
mw_script_execute (mw_meter *m, enum mw_script_table table, uint16_t script, bool local);

bool mw_script_exists (const mw_meter *m, enum mw_script_table table, uint16_t script);

/* For the core. */
void mw_schedule_defaults (mw_meter *m);
void mw_schedule_refresh (mw_meter *m);
void mw_schedule_due (mw_meter *m);
void mw_schedule_time_changed (mw_meter *m, int64_t old_utc);

#endif
