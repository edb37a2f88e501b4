/* kbind.h: the values of a Kamstrup meter under one 16-bit number.
 *
 * The catalogue names such a value in the attribute bind of a register ("energy AP 3"); the
 * generator of the register tables (models/generate_kmp.py) reads the lists below, so that a
 * word which is not in them is an error of the build.  The words are the names in lower case
 * with "-" for "_".  The core gives each value with the mantissa, exponent and unit it likes;
 * the ports bring it to the exponent and octets of the register.
 *
 *   15       8 7       4 3       0
 *   what       a         b            a and b, or one number n = a << 4 | b
 */
#ifndef MW_CORE_KAMSTRUP_KBIND_H
#define MW_CORE_KAMSTRUP_KBIND_H

#include <stdint.h>

#define MW_KB(what, a, b)                                                                      \
  ((uint16_t) ((unsigned) (what) << 8 | (unsigned) (a) << 4 | (unsigned) (b)))
#define MW_KB_N(what, n) ((uint16_t) ((unsigned) (what) << 8 | (unsigned) (n)))
#define MW_KB_WHAT(bind) ((enum mw_kb) ((bind) >> 8))
#define MW_KB_A(bind) ((unsigned) ((bind) >> 4 & 15u))
#define MW_KB_B(bind) ((unsigned) ((bind) &15u))
#define MW_KB_NUMBER(bind) ((unsigned) ((bind) &255u))

/* ROW (name, what a is, what b is).  q: enum mw_quantity, d: enum mw_demand_quantity, t: tariff
 * (0: total), p: phase 1-3 (0: total), n: a number of the list named in the comment.
 * In a log entry a mean is that of the entry's interval; asked for now, that of the last one.
 */
/* clang-format off */
#define MW_KBINDS(ROW) \
  ROW (NONE, -, -) \
  ROW (ENERGY, q, t)           /* what the meter stands for: primary of a CT meter */ \
  ROW (ENERGY_SECONDARY, q, t) /* behind the transformers */ \
  ROW (ENERGY_HIGH, q, -)      /* verification: four more decimals, secondary */ \
  ROW (ENERGY_TRIP, q, -)      /* since the consumer's reset */ \
  ROW (ENERGY_PHASE, q, p) \
  ROW (ENERGY_SPAN, q, n)      /* 0 day, 1 week, 2 month, 3 year: since it began */ \
  ROW (POWER, q, p)            /* now; a one of AP AM RP RM SP SM */ \
  ROW (POWER_MEAN, q, p) \
  ROW (VOLTAGE, -, p) \
  ROW (VOLTAGE_MEAN, -, p) \
  ROW (CURRENT, -, p) \
  ROW (CURRENT_MEAN, -, p) \
  ROW (POWER_FACTOR, -, p) \
  ROW (POWER_FACTOR_MEAN, -, p) \
  ROW (THD_U, -, p)            /* per cent, last 10-minute mean */ \
  ROW (THD_I, -, p) \
  ROW (THD_U_MEAN, -, p) \
  ROW (THD_I_MEAN, -, p) \
  ROW (FREQUENCY, -, -) \
  ROW (FREQUENCY_MEAN, -, -) \
  ROW (DEMAND, d, n)           /* mean of 0 the running, 1 the last integration period */ \
  ROW (MAXIMUM, d, t)          /* since the last debiting stop */ \
  ROW (MAXIMUM_RTC, d, t)      /* when: RTC */ \
  ROW (MAXIMUM_TIME, d, t)     /* when: hhmmss */ \
  ROW (MAXIMUM_DATE, d, t)     /* when: yymmdd */ \
  ROW (ACCUMULATED, d, t)      /* sum of the maxima at the debiting stops */ \
  ROW (DAY_MAXIMUM, d, -) \
  ROW (DAY_MAXIMUM_RTC, d, -) \
  ROW (DAY_MINIMUM, d, -) \
  ROW (DAY_MINIMUM_RTC, d, -) \
  ROW (HOURS, -, t)            /* hours with mains */ \
  ROW (COUNTER, n, n)          /* MW_KCOUNTERS */ \
  ROW (CLOCK, n, n)            /* MW_KCLOCKS */ \
  ROW (IDENTITY, n, n)         /* MW_KIDENTITIES */ \
  ROW (STATE, n, n)            /* MW_KSTATES */ \
  ROW (PREPAYMENT, -, n)       /* 0 what is left, 1 credit used */ \
  ROW (SETTING, n, n)          /* MW_KSETTINGS: a whole number that can be programmed */ \
  ROW (BLOCK, n, n)            /* MW_KBLOCKS: octets that can be programmed */ \
  ROW (LOG_SIZE, n, n)         /* MW_KLOGS: entries that the log can hold */ \
  ROW (QUALITY, n, n)          /* MW_KQUALITIES: occurrence counters */ \
  ROW (ENTRY, n, n)            /* MW_KENTRIES: exists in log entries alone; now: 0 */

#define MW_KCOUNTERS(ROW) \
  ROW (DEBITING_PERIODS) ROW (THRESHOLD) ROW (PULSE_INPUT) ROW (CONFIGURATIONS)

#define MW_KCLOCKS(ROW) \
  ROW (TIME)        /* hhmmss */ \
  ROW (DATE)        /* yymmdd */ \
  ROW (RTC)         /* 8 octets: flags wd ss mm hh DD MM YY */ \
  ROW (RTC_QUALITY) /* the same with its quality */ \
  ROW (STATUS)      /* bit 0 DST, bit 1 valid */

#define MW_KIDENTITIES(ROW) \
  ROW (SERIAL)           /* number */ \
  ROW (TYPE_NUMBER)      /* text, the first 10 characters */ \
  ROW (COMPLETE_TYPE)    /* text, whole */ \
  ROW (SOFTWARE)         /* revision: letter, number */ \
  ROW (SOFTWARE_NUMBER)  /* number of the program, 5098… */ \
  ROW (CHECKSUM) \
  ROW (METER_NUMBER_1) ROW (METER_NUMBER_2) ROW (METER_NUMBER_3) \
  ROW (METER_NUMBER)     /* all of it as text */ \
  ROW (PREFIX) \
  ROW (SPECIAL_1) ROW (SPECIAL_2) \
  ROW (CONFIGURATION_1) ROW (CONFIGURATION_2) ROW (CONFIGURATION_3) ROW (CONFIGURATION_4) \
  ROW (CONFIGURATION_5)

#define MW_KSTATES(ROW) \
  ROW (STATUS)           /* bits: enumeration "status" of the catalogue */ \
  ROW (OPERATION)        /* 0 operation, 1 verification */ \
  ROW (LOGGER)           /* bit per KMP log: has new entries */ \
  ROW (CONNECTION)       /* cut-off state as in KMP's GetCutOffState */ \
  ROW (FEEDBACK)         /* bits 0-2 voltage behind L1-L3, 3 valid, 4 no error, 5 cut, 6 pending */ \
  ROW (TARIFF)           /* 1-8 */ \
  ROW (TARIFF_MODE)      /* what chooses it */ \
  ROW (MODULE_IO) \
  ROW (EVENTS)           /* event status, 4 octets */ \
  ROW (LOAD_PROFILE)     /* quality bits of the load profile's running interval */ \
  ROW (LOAD)             /* the load control outputs */

/* Ranges and presets: min, max, default of the register in the catalogue. */
#define MW_KSETTINGS(ROW) \
  ROW (INTEGRATION_PERIOD)      /* minutes */ \
  ROW (ANALYSIS_INTERVAL)       /* minutes */ \
  ROW (DEBITING_2_INTERVAL)     /* 1 day, 2 week, 3 month */ \
  ROW (QUALITY_INTERVAL)        /* of the occurrence counters: 1 day, 2 week, 3 month */ \
  ROW (POWER_THRESHOLD)         /* W */ \
  ROW (RATIO)                   /* transformer ratio, x / 5 A as x / 5 */ \
  ROW (RATIO_LOCK)              /* 1 unlocked, 2 locked */ \
  ROW (PASSWORD) ROW (MBUS_ADDRESS) ROW (KMP_ADDRESS) ROW (DLMS_ADDRESS) \
  ROW (PULSE_OUT)               /* pulses per kWh */ \
  ROW (PULSE_IN)                /* thousandths */ \
  ROW (PULSE_UNIT) \
  ROW (CUT_BASIS)               /* bits: 0 current, 1 power, 2 voltage, 3 prepayment */ \
  ROW (CUT_CURRENT)             /* A */ \
  ROW (CUT_POWER)               /* W */ \
  ROW (CUT_K1) ROW (CUT_K2) ROW (CUT_K3) /* tenths */ \
  ROW (CUT_T1) ROW (CUT_T2) ROW (CUT_T3) /* s */ \
  ROW (CUT_SHORT_CIRCUIT)       /* A: above it the relays stay closed */ \
  ROW (CUT_RECONNECT_WAIT)      /* s */ \
  ROW (CUT_RECONNECT_MODE)      /* 0 manual, 1 automatic, 2 manual after release */ \
  ROW (CUT_EXCEPTION_CURRENT)   /* A */ \
  ROW (CUT_EXCEPTION_POWER)     /* W */ \
  ROW (CUT_PREPAYMENT_DAYS) \
  ROW (CUT_OVERVOLTAGE)         /* V; with CUT_BASIS bit 2 */ \
  ROW (CUT_OVERVOLTAGE_TIME)    /* s */ \
  ROW (CUT_OVERVOLTAGE_RECONNECT) /* V */ \
  ROW (CUT_OVERVOLTAGE_RECONNECT_TIME) /* s */ \
  ROW (UNDER_VOLTAGE)           /* V, short-term, or the only limit of the older meters */ \
  ROW (OVER_VOLTAGE) \
  ROW (VOLTAGE_DURATION)        /* s, the older meters' shortest duration */ \
  ROW (MEAN_OVER_VOLTAGE)       /* V, long-term */ \
  ROW (MEAN_UNDER_VOLTAGE) \
  ROW (MEAN_PERIOD)             /* s */ \
  ROW (OUTAGE_VOLTAGE)          /* V */ \
  ROW (OUTAGE_TIME)             /* s */ \
  ROW (NEUTRAL_VOLTAGE)         /* V_NTh, V */ \
  ROW (NEUTRAL_HIGH)            /* V_LhiTh, V */ \
  ROW (NEUTRAL_TIME)            /* s */ \
  ROW (NEUTRAL_CUT)             /* 0 no, 1 disconnect */ \
  ROW (DEBITING_DAY)            /* 1-28 */ \
  ROW (DEBITING_SCHEDULE)       /* code of Z7 */ \
  ROW (TIME_ZONE)               /* hours, -11 … 12 */ \
  ROW (DECIMALS)                /* code of Z1 */ \
  ROW (LED)                     /* code of Z2 */ \
  ROW (MODULE_CONFIGURATION)    /* code of Z3 */ \
  ROW (PULSE_LENGTH)            /* code of Z8 */ \
  ROW (IEC_CONFIGURATION)       /* code of Z18 */ \
  ROW (CLOCK_FILTER)            /* s: smaller adjustments are not logged */ \
  ROW (PRIMARY_PROFILE)         /* 1 load profile of primary, 2 of secondary energy */ \
  ROW (TAMPER_PERMANENT)        /* 0 the sign goes with its source, 1 stays until released */

#define MW_KBLOCKS(ROW) \
  ROW (DISPLAY_AUTOMATIC)       /* register ids, 2 octets each */ \
  ROW (DISPLAY_MANUAL) ROW (DISPLAY_BATTERY) ROW (DISPLAY_UTILITY) \
  ROW (DISPLAY_OPTIONS)         /* bit 0 leading zeros, 1 OBIS, 2 quadrants, 3 tariff */ \
  ROW (DISPLAY_VERIFICATION)    /* register ids shown in verification */ \
  ROW (LOAD_PROFILE_REGISTERS)  /* register ids */ \
  ROW (ANALYSIS_REGISTERS)      /* register ids, 16 at most */ \
  ROW (TARIFF_PLAN) ROW (LOAD_PLAN_1) ROW (LOAD_PLAN_2) ROW (EXCEPTION_DAYS) \
  ROW (DAYLIGHT_SAVING)         /* pairs of beginning and end */ \
  ROW (EVENT_MASK)              /* what goes into the event status */ \
  ROW (ALARM_MASK) \
  ROW (PUSH_BUTTON)             /* functions of Table 32, a bit each */ \
  ROW (PREPAYMENT_TIMES) \
  ROW (IEC_READOUT)             /* register ids */

/* Logs; the words are those of the tool. */
#define MW_KLOGS(ROW) \
  ROW (DEBITING) ROW (STATUS) ROW (RTC) ROW (VOLTAGE_QUALITY) ROW (CUTOFF) ROW (LOAD_PROFILE) \
  ROW (DEBITING_2) ROW (TRANSFORMER_RATIO) ROW (LOAD_PROFILE_EVENTS) ROW (ANALYSIS) \
  ROW (NEUTRAL_FAULT) ROW (QUALITY_COUNTERS)

/* OMNIPOWER technical description Table 26, in its order. */
#define MW_KQUALITIES(ROW) \
  ROW (FREQUENCY_LOW) ROW (FREQUENCY_HIGH) ROW (VOLTAGE_LOW_10) ROW (VOLTAGE_LOW_15) \
  ROW (VOLTAGE_HIGH_10) ROW (RAPID_CHANGES) ROW (UNBALANCE) ROW (OUTAGES_LONG) \
  ROW (OUTAGES_SHORT) ROW (THD_U_L1) ROW (THD_U_L2) ROW (THD_U_L3) ROW (THD_I_L1) \
  ROW (THD_I_L2) ROW (THD_I_L3) ROW (SAGS) ROW (SWELLS)

/* What only an entry of an event log has. */
#define MW_KENTRIES(ROW) \
  ROW (EVENT)                   /* code of the event: enumerations of the catalogue */ \
  ROW (PHASE)                   /* 1-3; 0: all */ \
  ROW (MEAN) ROW (HIGH) ROW (LOW) /* V */ \
  ROW (OLD_CLOCK)               /* RTC before it was set */ \
  ROW (OLD_RATIO) \
  ROW (OLD_INTERVAL) ROW (OLD_REGISTERS) \
  ROW (VOLTAGE_L1) ROW (VOLTAGE_L2) ROW (VOLTAGE_L3)
/* clang-format on */

enum mw_kb {
#define MW_KROW(name, a, b) MW_KB_##name,
  MW_KBINDS (MW_KROW)
#undef MW_KROW
      MW_N_KBINDS
};
enum mw_kcounter {
#define MW_KROW(name) MW_KCOUNTER_##name,
  MW_KCOUNTERS (MW_KROW)
#undef MW_KROW
      MW_N_KCOUNTERS
};
enum mw_kclock {
#define MW_KROW(name) MW_KCLOCK_##name,
  MW_KCLOCKS (MW_KROW)
#undef MW_KROW
      MW_N_KCLOCKS
};
enum mw_kidentity {
#define MW_KROW(name) MW_KIDENTITY_##name,
  MW_KIDENTITIES (MW_KROW)
#undef MW_KROW
      MW_N_KIDENTITIES
};
enum mw_kstate {
#define MW_KROW(name) MW_KSTATE_##name,
  MW_KSTATES (MW_KROW)
#undef MW_KROW
      MW_N_KSTATES
};
enum mw_ksetting {
#define MW_KROW(name) MW_KSETTING_##name,
  MW_KSETTINGS (MW_KROW)
#undef MW_KROW
      MW_N_KSETTINGS
};
enum mw_kblock {
#define MW_KROW(name) MW_KBLOCK_##name,
  MW_KBLOCKS (MW_KROW)
#undef MW_KROW
      MW_N_KBLOCKS
};
enum mw_klog {
#define MW_KROW(name) MW_KLOG_##name,
  MW_KLOGS (MW_KROW)
#undef MW_KROW
      MW_N_KLOGS
};
enum mw_kquality {
#define MW_KROW(name) MW_KQUALITY_##name,
  MW_KQUALITIES (MW_KROW)
#undef MW_KROW
      MW_N_KQUALITIES
};
enum mw_kentry {
#define MW_KROW(name) MW_KENTRY_##name,
  MW_KENTRIES (MW_KROW)
#undef MW_KROW
      MW_N_KENTRIES
};

#endif
