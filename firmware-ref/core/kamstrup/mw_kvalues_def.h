/* mw_kvalues_def.h: every value of a Kamstrup meter, by the name that the catalogue binds a
 * register to.
 *
 * MW_KSETTINGS: what is configured and is one number: symbol, unit, exponent, default, least,
 * most, flags (MW_KSET_).  MW_KTEXTS: what is configured and is text: symbol, longest length.
 * MW_KVALUES: everything else: symbol, kind (enum mw_kvalue_kind), unit (enum mw_unit),
 * exponent, octets of it in a log record (0: cannot be logged).
 *
 * Each row makes an enumerator MW_KV_symbol; where a list repeats for tariffs, phases or
 * quantities the numbers follow each other, so that MW_KV_A14_T1 + t is tariff t + 1.  Values
 * are given in the finest resolution that the meter has (energy 0.001 Wh, power 0.001 W,
 * voltage 0.001 V …); a port shortens them to what its register has.
 *
 * Names: A active, R reactive, E apparent energy; P, Q, S the powers; 14 23 12 34 1 2 3 4 the
 * quadrants that they are of (OMNIPOWER technical description Table 4); _T1 … _T8 tariff, _L1 …
 * phase, _S secondary side of the current transformers.
 */
#ifndef MW_KVALUES_DEF_H
#define MW_KVALUES_DEF_H

#define MW_KSET_FIXED 1u /* chosen when the meter is ordered: refused once the meter has started */
#define MW_KSET_QUIET 2u /* its change does not count as a change of the configuration */

/* clang-format off */
#define MW_KSETTINGS(ROW) \
  ROW (METHOD,             NONE,   0, 0, 0, 2, MW_KSET_FIXED)  /* enum mw_kmethod */ \
  ROW (RATIO,              NONE,   0, 1, 1, 10000, 0)          /* primary / secondary current: x/5 A is x/5 */ \
  ROW (PROFILE_PRIMARY,    NONE,   0, 1, 0, 1, MW_KSET_FIXED)  /* CT: load profile of primary (1) or secondary values */ \
  ROW (INTEGRATION_PERIOD, MINUTE, 0, 15, 1, 60, 0)            /* a divisor of 60 */ \
  ROW (DEBITING_INTERVAL,  MONTH,  0, 1, 0, 12, 0)             /* 0 none, 1, 2, 3, 6, 12 */ \
  ROW (DEBITING_MONTH,     NONE,   0, 1, 1, 12, 0)             /* a month in which there is one */ \
  ROW (DEBITING_DAY,       NONE,   0, 1, 1, 31, 0)             /* 29 … 31: the last day of shorter months */ \
  ROW (DEBITING_HOUR,      HOUR,   0, 0, 0, 23, 0) \
  ROW (DEBITING2_INTERVAL, NONE,   0, 1, 0, 3, 0)              /* 0 none, 1 daily, 2 weekly (Monday), 3 monthly */ \
  ROW (POWER_THRESHOLD,    W,      0, 0, 0, 100000000, 0)      /* 0: off */ \
  ROW (PULSE_OUT,          NONE,   0, 1000, 1, 100000, 0)      /* pulses per kWh */ \
  ROW (PULSE_IN_DIVISOR,   NONE,  -3, 1000, 100, 1000000, 0)   /* pulses per unit */ \
  ROW (PULSE_IN_UNIT,      NONE,   0, 0, 0, 3, 0)              /* 0 none, 1 kWh, 2 m3, 3 l */ \
  ROW (PORT1_FUNCTION,     NONE,   0, 0, 0, 3, 0)              /* enum mw_kport_function */ \
  ROW (PORT2_FUNCTION,     NONE,   0, 0, 0, 3, 0) \
  ROW (TARIFF_SOURCE,      NONE,   0, 0, 0, 2, 0)              /* enum mw_ktariff_source */ \
  ROW (TARIFF_INVERTED,    NONE,   0, 0, 0, 1, 0)              /* inputs inverted, Table 10 */ \
  ROW (TARIFF_PLAN,        NONE,   0, 1, 1, 3, 0)              /* which tariff plan of the calendar */ \
  ROW (DST_MODE,           NONE,   0, 1, 0, 2, 0)              /* enum mw_kdst */ \
  ROW (CLOCK_FILTER,       SECOND, 0, 7, 0, 255, 0)            /* smaller adjustments are not logged */ \
  ROW (METER_NUMBER1,      NONE,   0, 0, 0, 99999999, 0) \
  ROW (METER_NUMBER2,      NONE,   0, 0, 0, 99999999, 0) \
  ROW (METER_NUMBER3,      NONE,   0, 0, 0, 99999999, 0) \
  ROW (SPECIAL_DATA1,      NONE,   0, 0, 0, 99999999, 0) \
  ROW (SPECIAL_DATA2,      NONE,   0, 0, 0, 99999999, 0) \
  ROW (CONFIG1,            NONE,   0, 0, 0, 4294967295, 0) \
  ROW (CONFIG2,            NONE,   0, 0, 0, 4294967295, 0) \
  ROW (CONFIG3,            NONE,   0, 0, 0, 4294967295, 0) \
  ROW (CONFIG4,            NONE,   0, 0, 0, 4294967295, 0) \
  ROW (CONFIG5,            NONE,   0, 0, 0, 4294967295, 0) \
  ROW (PASSWORD,           NONE,   0, 12345, 0, 65535, MW_KSET_QUIET) \
  ROW (KMP_ADDRESS,        NONE,   0, 63, 0, 63, 0) \
  ROW (MBUS_ADDRESS,       NONE,   0, 254, 0, 254, 0) \
  ROW (DLMS_ADDRESS,       NONE,   0, 32, 16, 125, 0) \
  ROW (DISPLAY_MODE,       NONE,   0, 0, 0, 2, 0)              /* list that is shown by itself: automatic, manual, battery */ \
  ROW (DISPLAY_ZEROES,     NONE,   0, 1, 0, 1, 0)              /* leading zeroes of energies */ \
  ROW (DISPLAY_OBIS,       NONE,   0, 1, 0, 1, 0) \
  ROW (DISPLAY_DECIMALS,   NONE,   0, 0, 0, 3, MW_KSET_FIXED)  /* of energies in kWh */ \
  ROW (VERIFICATION,       NONE,   0, 0, 0, 15, MW_KSET_QUIET) /* bit: A14 A23 R12 R34; 0 operation mode */

#define MW_KTEXTS(ROW) \
  ROW (COMPLETE_TYPE, 18) \
  ROW (TOTAL_METER_NUMBER, 16) \
  ROW (METER_NUMBER_PREFIX, 16) \
  ROW (REFERENCE, 16) /* "REF": serial numbers of these meters are numbers and cannot say so */ \
  ROW (CALL, 16)

/* T1 … T8 and L1 … L3 of one name. */
#define MW_KROWS_T(ROW, name, kind, unit, exponent, width) \
  ROW (name##_T1, kind, unit, exponent, width) ROW (name##_T2, kind, unit, exponent, width) \
  ROW (name##_T3, kind, unit, exponent, width) ROW (name##_T4, kind, unit, exponent, width) \
  ROW (name##_T5, kind, unit, exponent, width) ROW (name##_T6, kind, unit, exponent, width) \
  ROW (name##_T7, kind, unit, exponent, width) ROW (name##_T8, kind, unit, exponent, width)
#define MW_KROWS_L(ROW, name, kind, unit, exponent, width) \
  ROW (name##_L1, kind, unit, exponent, width) ROW (name##_L2, kind, unit, exponent, width) \
  ROW (name##_L3, kind, unit, exponent, width)
/* Maximum, total and of each tariff; its time; the sum of those of past debiting periods. */
#define MW_KROWS_MAX(ROW, name, unit) \
  ROW (name##_MAX, NUMBER, unit, 0, 4) MW_KROWS_T (ROW, name##_MAX, NUMBER, unit, 0, 4)
#define MW_KROWS_MAX_RTC(ROW, name) \
  ROW (name##_MAX_RTC, RTC, NONE, 0, 5) MW_KROWS_T (ROW, name##_MAX_RTC, RTC, NONE, 0, 5)
#define MW_KROWS_ACC(ROW, name, unit) \
  ROW (name##_ACC, NUMBER, unit, 0, 6) MW_KROWS_T (ROW, name##_ACC, NUMBER, unit, 0, 6)

#define MW_KVALUES(ROW) \
  /* Energies, enum mw_kquantity. */ \
  ROW (A14,   NUMBER, WH,   -3, 6) ROW (A23,  NUMBER, WH,   -3, 6) \
  ROW (R12,   NUMBER, VARH, -3, 6) ROW (R34,  NUMBER, VARH, -3, 6) \
  ROW (E14,   NUMBER, VAH,  -3, 6) ROW (E23,  NUMBER, VAH,  -3, 6) \
  ROW (R1,    NUMBER, VARH, -3, 6) ROW (R2,   NUMBER, VARH, -3, 6) \
  ROW (R3,    NUMBER, VARH, -3, 6) ROW (R4,   NUMBER, VARH, -3, 6) \
  ROW (A1234, NUMBER, WH,   -3, 6) ROW (ANET, NUMBER, WH,   -3, 6) \
  MW_KROWS_T (ROW, A14, NUMBER, WH,   -3, 6) MW_KROWS_T (ROW, A23, NUMBER, WH,   -3, 6) \
  MW_KROWS_T (ROW, R12, NUMBER, VARH, -3, 6) MW_KROWS_T (ROW, R34, NUMBER, VARH, -3, 6) \
  MW_KROWS_T (ROW, E14, NUMBER, VAH,  -3, 6) MW_KROWS_T (ROW, E23, NUMBER, VAH,  -3, 6) \
  /* Resettable (trip). */ \
  ROW (A14_TRIP, NUMBER, WH,   -3, 6) ROW (A23_TRIP, NUMBER, WH,   -3, 6) \
  ROW (R12_TRIP, NUMBER, VARH, -3, 6) ROW (R34_TRIP, NUMBER, VARH, -3, 6) \
  ROW (E14_TRIP, NUMBER, VAH,  -3, 6) ROW (E23_TRIP, NUMBER, VAH,  -3, 6) \
  /* Secondary side of the current transformers. */ \
  ROW (A14_S, NUMBER, WH,   -3, 6) ROW (A23_S, NUMBER, WH,   -3, 6) \
  ROW (R12_S, NUMBER, VARH, -3, 6) ROW (R34_S, NUMBER, VARH, -3, 6) \
  ROW (R1_S,  NUMBER, VARH, -3, 6) ROW (R4_S,  NUMBER, VARH, -3, 6) \
  MW_KROWS_T (ROW, A14_S, NUMBER, WH,   -3, 6) MW_KROWS_T (ROW, A23_S, NUMBER, WH,   -3, 6) \
  MW_KROWS_T (ROW, R12_S, NUMBER, VARH, -3, 6) MW_KROWS_T (ROW, R34_S, NUMBER, VARH, -3, 6) \
  /* Energies of each phase. */ \
  MW_KROWS_L (ROW, A14, NUMBER, WH,   -3, 6) MW_KROWS_L (ROW, A23, NUMBER, WH,   -3, 6) \
  MW_KROWS_L (ROW, R12, NUMBER, VARH, -3, 6) MW_KROWS_L (ROW, R34, NUMBER, VARH, -3, 6) \
  MW_KROWS_L (ROW, E14, NUMBER, VAH,  -3, 6) MW_KROWS_L (ROW, E23, NUMBER, VAH,  -3, 6) \
  /* Powers now, enum mw_kquantity up to E23; of each phase; mean of the last period. */ \
  ROW (P14, NUMBER, W,   -3, 5) ROW (P23, NUMBER, W,   -3, 5) \
  ROW (Q12, NUMBER, VAR, -3, 5) ROW (Q34, NUMBER, VAR, -3, 5) \
  ROW (S14, NUMBER, VA,  -3, 5) ROW (S23, NUMBER, VA,  -3, 5) \
  MW_KROWS_L (ROW, P14, NUMBER, W,   -3, 5) MW_KROWS_L (ROW, P23, NUMBER, W,   -3, 5) \
  MW_KROWS_L (ROW, Q12, NUMBER, VAR, -3, 5) MW_KROWS_L (ROW, Q34, NUMBER, VAR, -3, 5) \
  MW_KROWS_L (ROW, S14, NUMBER, VA,  -3, 5) MW_KROWS_L (ROW, S23, NUMBER, VA,  -3, 5) \
  ROW (P14_MEAN, NUMBER, W,   0, 4) ROW (P23_MEAN, NUMBER, W,   0, 4) \
  ROW (Q12_MEAN, NUMBER, VAR, 0, 4) ROW (Q34_MEAN, NUMBER, VAR, 0, 4) \
  ROW (S14_MEAN, NUMBER, VA,  0, 4) ROW (S23_MEAN, NUMBER, VA,  0, 4) \
  /* Voltage, current, power factor, distortion, frequency; means of the last period. */ \
  MW_KROWS_L (ROW, U, NUMBER, V, -3, 4) MW_KROWS_L (ROW, I, NUMBER, A, -3, 4) \
  MW_KROWS_L (ROW, PF, NUMBER, NONE, -3, 2) ROW (PF, NUMBER, NONE, -3, 2) \
  MW_KROWS_L (ROW, THDU, NUMBER, PERCENT, -2, 2) MW_KROWS_L (ROW, THDI, NUMBER, PERCENT, -2, 2) \
  ROW (FREQUENCY, NUMBER, HZ, -3, 4) \
  MW_KROWS_L (ROW, U_MEAN, NUMBER, V, -3, 4) MW_KROWS_L (ROW, I_MEAN, NUMBER, A, -3, 4) \
  ROW (PF_MEAN, NUMBER, NONE, -3, 2) \
  /* Maxima of the period means since the last debiting stop. */ \
  MW_KROWS_MAX (ROW, P14, W)   MW_KROWS_MAX (ROW, P23, W)   MW_KROWS_MAX (ROW, Q12, VAR) \
  MW_KROWS_MAX (ROW, Q34, VAR) MW_KROWS_MAX (ROW, S14, VA)  MW_KROWS_MAX (ROW, S23, VA) \
  MW_KROWS_MAX_RTC (ROW, P14) MW_KROWS_MAX_RTC (ROW, P23) MW_KROWS_MAX_RTC (ROW, Q12) \
  MW_KROWS_MAX_RTC (ROW, Q34) MW_KROWS_MAX_RTC (ROW, S14) MW_KROWS_MAX_RTC (ROW, S23) \
  MW_KROWS_ACC (ROW, P14, W)   MW_KROWS_ACC (ROW, P23, W)   MW_KROWS_ACC (ROW, Q12, VAR) \
  MW_KROWS_ACC (ROW, Q34, VAR) MW_KROWS_ACC (ROW, S14, VA)  MW_KROWS_ACC (ROW, S23, VA) \
  /* Greatest and least period mean of P14 of this day and month, with times. */ \
  ROW (P14_DAY_MAX,   NUMBER, W, 0, 4) ROW (P14_DAY_MAX_RTC,   RTC, NONE, 0, 5) \
  ROW (P14_DAY_MIN,   NUMBER, W, 0, 4) ROW (P14_DAY_MIN_RTC,   RTC, NONE, 0, 5) \
  ROW (P14_MONTH_MAX, NUMBER, W, 0, 4) ROW (P14_MONTH_MAX_RTC, RTC, NONE, 0, 5) \
  ROW (P14_MONTH_MIN, NUMBER, W, 0, 4) ROW (P14_MONTH_MIN_RTC, RTC, NONE, 0, 5) \
  /* A14 since the beginning of the day, week (Monday), month and year. */ \
  ROW (A14_DAY,   NUMBER, WH, -3, 6) ROW (A14_WEEK, NUMBER, WH, -3, 6) \
  ROW (A14_MONTH, NUMBER, WH, -3, 6) ROW (A14_YEAR, NUMBER, WH, -3, 6) \
  /* Counters. */ \
  ROW (HOURS, NUMBER, HOUR, 0, 4) MW_KROWS_T (ROW, HOURS, NUMBER, HOUR, 0, 4) \
  ROW (DEBITING_COUNT,  NUMBER, NONE, 0, 4) \
  ROW (THRESHOLD_COUNT, NUMBER, NONE, 0, 4) \
  ROW (PULSES_IN1,      NUMBER, NONE, 0, 6) ROW (PULSES_IN2, NUMBER, NONE, 0, 6)  /* raw */ \
  ROW (PULSE_IN1,       NUMBER, NONE, -3, 6) ROW (PULSE_IN2, NUMBER, NONE, -3, 6) /* in its unit */ \
  ROW (PULSES_OUT,      NUMBER, NONE, 0, 6) \
  ROW (CONFIG_COUNT,    NUMBER, NONE, 0, 4) \
  /* Clock. */ \
  ROW (RTC,          RTC,    NONE, 0, 5) /* now; in a log record its time */ \
  ROW (DATE,         DATE,   NONE, 0, 4) /* YYYYMMDD, local */ \
  ROW (TIME,         TIME,   NONE, 0, 4) /* hhmmss, local */ \
  ROW (CLOCK_STATUS, BITS,   NONE, 0, 1) /* MW_CLOCK_ bits */ \
  /* Tariff and load control. */ \
  ROW (TARIFF,     NUMBER, NONE, 0, 1) /* 1 … 8 */ \
  ROW (DAY_KIND,   NUMBER, NONE, 0, 1) /* of the plan: enum mw_kday */ \
  ROW (SEASON,     NUMBER, NONE, 0, 1) /* of the plan, from 1; 0: none */ \
  ROW (LOAD1,      NUMBER, NONE, 0, 1) /* load relay: 1 active */ \
  ROW (LOAD2,      NUMBER, NONE, 0, 1) \
  ROW (PORT_STATE, BITS,   NONE, 0, 1) /* module inputs 1 and 2 */ \
  /* The window on the plans (kplan.h). */ \
  ROW (PLAN_KIND,   NUMBER, NONE, 0, 0) ROW (PLAN_LENGTH, NUMBER, NONE, 0, 0) \
  ROW (PLAN_OFFSET, NUMBER, NONE, 0, 0) ROW (PLAN_BLOCK,  OCTETS, NONE, 0, 0) \
  ROW (PLAN_COMMIT, NUMBER, NONE, 0, 0) \
  /* State and identity. */ \
  ROW (STATUS,            BITS,   NONE, 0, 4) /* MW_KSTATUS_ now */ \
  ROW (EVENT_STATUS,      BITS,   NONE, 0, 4) /* MW_KSTATUS_ since cleared */ \
  ROW (LOGGER_STATUS,     BITS,   NONE, 0, 2) /* MW_KPS_ of the running period; in the load profile of the logged one */ \
  ROW (SERIAL,            NUMBER, NONE, 0, 4) \
  ROW (TYPE_NUMBER,       NUMBER, NONE, 0, 4) \
  ROW (SOFTWARE_REVISION, NUMBER, NONE, 0, 2) /* letter, number */ \
  ROW (ROM_CHECKSUM,      NUMBER, NONE, 0, 4) \
  ROW (DISPLAY_CALL,      NUMBER, NONE, 0, 2) /* enum mw_kvalue_id that the display shows */ \
  /* Columns that only log records have. */ \
  ROW (EVENT,   BITS,   NONE, 0, 4) /* what happened, in the log's own numbers */ \
  ROW (OLD,     NUMBER, NONE, 0, 6) ROW (NEW, NUMBER, NONE, 0, 6) \
  ROW (OLD_RTC, RTC,    NONE, 0, 5) ROW (NEW_RTC, RTC, NONE, 0, 5)
/* clang-format on */

#endif
