/* values.h: every value of the meter under one 16-bit number, for capture objects, displays and
 * monitors.
 *
 * The model maps OBIS code and attribute to such a number and back.  Numbers from MW_V_USER on
 * belong to the model; the core asks its callback for them (struct mw_user in meter.h).
 */
#ifndef MW_CORE_VALUES_H
#define MW_CORE_VALUES_H

#include "core/settings.h"
#include "core/types.h"

#define MW_V_NONE 0x0000u
/* Energy registers: enum mw_quantity, tariff 0 (total) … 8.  Wh, varh, VAh; u32, NET i32. */
#define MW_V_ENERGY(q, t) (0x0100u + 16u * (unsigned) (q) + (unsigned) (t))
/* Demand, enum mw_demand_quantity.  W, var, VA; u32. */
#define MW_V_DEMAND_CURRENT(q) (0x0200u + (unsigned) (q)) /* attribute 2 */
#define MW_V_DEMAND_LAST(q) (0x0210u + (unsigned) (q))    /* attribute 3, and x.5.0 */
#define MW_V_DEMAND_STATUS(q)                                                                  \
  (0x0220u + (unsigned) (q))                              /* attribute 5, u8, bits of Table 42 \
                                                           */
#define MW_V_DEMAND_TIME(q) (0x0230u + (unsigned) (q))    /* attribute 6, capture_time */
#define MW_V_DEMAND_START(q) (0x0240u + (unsigned) (q))   /* attribute 7, start_time_current */
#define MW_V_DEMAND_PERIODS(q) (0x0250u + (unsigned) (q)) /* attribute 9, u16 */
/* Maxima and their time stamps, tariff 0 (total) … 8. */
#define MW_V_MAXIMUM(q, t) (0x0300u + 16u * (unsigned) (q) + (unsigned) (t))
#define MW_V_MAXIMUM_TIME(q, t) (0x0400u + 16u * (unsigned) (q) + (unsigned) (t))
/* Instantaneous; phase 0 … 2. */
#define MW_V_POWER(q) (0x0500u + (unsigned) (q))          /* enum mw_quantity; W, var, VA */
#define MW_V_VOLTAGE(ph) (0x0510u + (unsigned) (ph))      /* 0.1 V, u16 */
#define MW_V_CURRENT(ph) (0x0520u + (unsigned) (ph))      /* 0.01 A, u32; 3: sum */
#define MW_V_POWER_FACTOR(ph) (0x0530u + (unsigned) (ph)) /* 0.001, u16; 3: total */
#define MW_V_POWER_FACTOR_LAST 0x0534u
#define MW_V_POWER_FACTOR_MIN 0x0535u
#define MW_V_FREQUENCY 0x0540u /* 0.01 Hz, u16 */
/* Signed phase powers and angles, for phasor diagrams. */
#define MW_V_PHASE_ACTIVE(ph) (0x0550u + (unsigned) (ph))   /* W, i32 */
#define MW_V_PHASE_REACTIVE(ph) (0x0554u + (unsigned) (ph)) /* var, i32 */
#define MW_V_PHASE_ANGLE(ph) (0x0558u + (unsigned) (ph))    /* 0.1 degree, i16 */
/* Averages over measurement period 3: 0 A+, 1 |A|, 2 net (i32).  W. */
#define MW_V_AVERAGE3(i) (0x0560u + (unsigned) (i))
#define MW_V_RUNNING3(i) (0x0568u + (unsigned) (i)) /* of the period that runs */
/* Sliding average currents (fuse supervision): attributes 2, 3, 6, 7, 9 of 31.4.0 … A. */
#define MW_V_FUSE_CURRENT(ph) (0x0570u + (unsigned) (ph))
#define MW_V_FUSE_LAST(ph) (0x0574u + (unsigned) (ph))
#define MW_V_FUSE_TIME(ph) (0x0578u + (unsigned) (ph))
#define MW_V_FUSE_START(ph) (0x057cu + (unsigned) (ph))
/* Voltage quality. 0.1 V, u16. */
#define MW_V_AVERAGE_VOLTAGE(ph) (0x0600u + (unsigned) (ph))
#define MW_V_PEAK(ph, previous)                                                                \
  (0x0610u + 4u * (unsigned) (ph) + (unsigned) (previous)) /* 3: all */
#define MW_V_MINIMUM(ph, previous) (0x0620u + 4u * (unsigned) (ph) + (unsigned) (previous))
/* Level counters, PH 3: any; LEVEL 1 … 7.  u32. */
#define MW_V_LEVEL(ph, level) (0x0640u + 8u * (unsigned) (ph) + (unsigned) (level))
/* Time of the last power failure: 0-2 phases, 3 all, 4 any. */
#define MW_V_FAILURE_TIME(i) (0x0660u + (unsigned) (i))
#define MW_V_SETTING(id) (0x0700u + (unsigned) (id))
#define MW_V_COUNTER(id) (0x0800u + (unsigned) (id))

enum mw_misc_value {
  MW_V_CLOCK = 0x0900,  /* the record's time in profiles, else now */
  MW_V_LOCAL_TIME,      /* u32, seconds of the day, local */
  MW_V_LOCAL_DATE,      /* octets of a COSEM date, 5 */
  MW_V_PROFILE_STATUS1, /* u8, Table 42; in a profile the status of the period captured */
  MW_V_PROFILE_STATUS2,
  MW_V_PROFILE_STATUS3, /* M-Bus profile 1 … */
  MW_V_PROFILE_STATUS4,
  MW_V_PROFILE_STATUS5,
  MW_V_PROFILE_STATUS6,
  MW_V_ACTIVE_TARIFF,        /* bytes: active energy mask */
  MW_V_ACTIVE_DEMAND_TARIFF, /* bytes: active demand mask */
  MW_V_ERROR1,               /* u32 */
  MW_V_ERROR2,
  MW_V_ALARM1, /* alarm register, u32 */
  MW_V_ALARM2,
  MW_V_ALARM_ON1,
  MW_V_ALARM_ON2,
  MW_V_ALARM_OFF1,
  MW_V_ALARM_OFF2,
  MW_V_INPUTS,            /* u16, Table 32 */
  MW_V_OUTPUTS,           /* u16, Tables 33 and 34 */
  MW_V_DISCONNECT_OUTPUT, /* bool: closed */
  MW_V_DISCONNECT_STATE,  /* enum 0-2 */
  MW_V_DISCONNECT_MODE,   /* enum 0-6 */
  MW_V_RELAY1_OUTPUT,     /* load relay, attributes 2, 3, 4 */
  MW_V_RELAY1_STATE,
  MW_V_RELAY1_MODE,
  MW_V_RELAY2_OUTPUT, /* service output */
  MW_V_RELAY2_STATE,
  MW_V_RELAY2_MODE,
  MW_V_CONFIG_STAMP, /* time of the last parameter change */
  MW_V_LAST_FAILURE_DURATION,
  MW_V_UPTIME, /* u32, s since power-up */
  MW_V_MISC_END
};
/* The last event of a log (enum mw_log): the event code objects. u8. */
#define MW_V_EVENT(log) (0x0a00u + (unsigned) (log))
/* Columns of the certification log: 0 parameter (bytes, 6), 1 old, 2 new value (u32). */
#define MW_V_CERTIFICATION(i) (0x0a20u + (unsigned) (i))
#define MW_V_USER 0x8000u

/* How a display formats a value (manual 4.4.1.8). */
enum mw_format_class { MW_FORMAT_PLAIN, MW_FORMAT_ENERGY, MW_FORMAT_DEMAND };

typedef struct mw_value_info {
  uint8_t kind;   /* enum mw_value_kind */
  int8_t scaler;  /* power of ten */
  uint8_t unit;   /* enum mw_unit */
  uint8_t format; /* enum mw_format_class */
} mw_value_info;

/* What value ID is. MW_ERR_UNSUPPORTED when there is none of that number. */
enum mw_err mw_value_info_of (const mw_meter *m, uint16_t id, mw_value_info *out);
/* Its value now. */
enum mw_err mw_meter_value (const mw_meter *m, uint16_t id, mw_value *out);
/* The same as a whole number; 0 for those that are none. */
int64_t mw_meter_number (const mw_meter *m, uint16_t id);
/* Octets that a value of KIND takes in a profile record. */
unsigned mw_value_width (uint8_t kind);

#endif
