/* mw_kqual_def.h: settings and values of voltage quality, analysis, neutral fault, disconnection
 * and prepayment; rows as in mw_kvalues_def.h.
 *
 * Ranges and defaults are those of the OMNIPOWER technical description (4.5.4, 4.8, 4.9) and of
 * the METERTOOL manual; the comment names the clause.  "reference": no public source gives it,
 * it is the reference meter's own.
 */
#ifndef MW_KQUAL_DEF_H
#define MW_KQUAL_DEF_H

/* clang-format off */
#define MW_KQUAL_SETTINGS(ROW) \
  /* voltage quality, OMNIPOWER 4.9.4, Table 23: 230 V and percent of it */ \
  ROW (VQ_HIGH_MEAN,     V,      -1,  2530, 2323, 2760, 0)   /* +10 %, +1 … +20 % */ \
  ROW (VQ_LOW_MEAN,      V,      -1,  2070, 1840, 2277, 0)   /* -10 %, -20 … -1 % */ \
  ROW (VQ_PERIOD,        SECOND,  0,   600,   10, 1800, 0)   /* of the mean */ \
  ROW (VQ_HIGH_SINGLE,   V,      -1,  2530, 2323, 2760, 0) \
  ROW (VQ_LOW_SINGLE,    V,      -1,  2070, 1840, 2277, 0) \
  ROW (VQ_OUTAGE_LEVEL,  V,       0,    50,   50,  160, 0)   /* of one or two phases */ \
  ROW (VQ_OUTAGE_TIME,   SECOND,  0,    10,    0, 1800, 0)   /* before it is logged */ \
  ROW (VQ_COUNTER_LOG,   NONE,    0,     0,    0,    2, 0)   /* enum mw_kcounter_log, 4.9.8.2 */ \
  /* voltage events of 162, 382, 351B, METERTOOL 3.4.6; the cut-off level is reference */ \
  ROW (EVENT_UNDER,      PERCENT, 0,    10,    0,   20, 0)   /* 230 V less … */ \
  ROW (EVENT_OVER,       PERCENT, 0,    10,    0,   20, 0)   /* 230 V and … */ \
  ROW (EVENT_DURATION,   SECOND,  0,    10,   10, 2550, 0) \
  ROW (EVENT_CUT_LEVEL,  V,       0,   160,   50,  160, 0) \
  /* neutral fault, OMNIPOWER 4.9.10, METERTOOL 3.5.11; the ranges are reference */ \
  ROW (NEUTRAL_VN,       V,       0,    40,   10,  100, 0)   /* V_NTh */ \
  ROW (NEUTRAL_HIGH,     V,       0,   253,  231,  300, 0)   /* V_LhiTh */ \
  ROW (NEUTRAL_TIME,     SECOND,  0,    60,    1, 3600, 0) \
  ROW (NEUTRAL_CUT,      NONE,    0,     0,    0,    1, 0)   /* 1: disconnect then */ \
  /* disconnection, OMNIPOWER 4.8.5-4.8.10, METERTOOL 3.4.3 */ \
  ROW (DC_BASIS,         NONE,    0,     0,    0,    7, 0)   /* MW_KBASIS_ */ \
  ROW (DC_QUANTITY,      NONE,    0,     0,    0,    1, 0)   /* 0 current, 1 power */ \
  ROW (DC_RECONNECT,     NONE,    0,     0,    0,    2, 0)   /* enum mw_kreconnect */ \
  ROW (DC_BUTTON,        NONE,    0,     3,    0,    3, 0)   /* MW_KBUTTON_ */ \
  ROW (DC_CURRENT,       A,      -1,   800,    0,  800, 0)   /* I_disconnect, Table 18 */ \
  ROW (DC_POWER,         W,       0, 80000,    0, 80000, 0)  /* P_disconnect */ \
  ROW (DC_K1,            NONE,   -1,    10,    0,   99, 0)   /* Table 19; k3 ≤ k2 ≤ k1 */ \
  ROW (DC_K2,            NONE,   -1,    10,    0,   99, 0) \
  ROW (DC_K3,            NONE,   -1,    10,    0,   99, 0) \
  ROW (DC_T1,            SECOND,  0,    10,    0, 65535, 0)  /* t1 ≤ t2 ≤ t3 */ \
  ROW (DC_T2,            SECOND,  0,    10,    0, 65535, 0) \
  ROW (DC_T3,            SECOND,  0,    10,    0, 65535, 0) \
  ROW (DC_SHORT,         A,       0,   120,    1, 6000, 0)   /* I_shortcircuit; reference */ \
  ROW (DC_WAIT,          SECOND,  0,    60,   60, 65535, 0)  /* T_connectwait */ \
  ROW (OV_LEVEL,         V,       0,   285,  260,  320, 0)   /* overvoltage, Table 21 */ \
  ROW (OV_TIME,          SECOND,  0,     1,    1, 3600, 0) \
  ROW (OV_BACK_LEVEL,    V,       0,   265,  250,  270, 0) \
  ROW (OV_BACK_TIME,     SECOND,  0,    60,    1, 3600, 0) \
  /* prepayment, OMNIPOWER 4.8.14, Table 22 */ \
  ROW (PP_CURRENT,       A,      -1,     0,    0,  800, 0)   /* I_exception */ \
  ROW (PP_POWER,         W,       0,     0,    0, 80000, 0)  /* P_exception */ \
  ROW (PP_DAYS,          DAY,     0,     0,    0,  255, 0)   /* t_prepayment */ \
  ROW (PP_WORKING_DAYS,  NONE,    0,     0,    0,    1, 0)   /* 1: disconnects on these alone */ \
  ROW (PP_FROM,          MINUTE,  0,     0,    0, 1439, 0)   /* of the day: no disconnection from … */ \
  ROW (PP_TO,            MINUTE,  0,     0,    0, 1439, 0)   /* … until; equal: no such time */ \
  /* analysis logger, OMNIPOWER 4.5.4: 5, 15, 30 or 60 */ \
  ROW (ANALYSIS_INTERVAL, MINUTE, 0,    15,    5,   60, 0) \
  /* load control, OMNIPOWER 4.10.4: a relay becomes active after a delay of its own of so many \
   * seconds at most (range: Kamstrup 162M/382M technical description 10.4.6) */ \
  ROW (LOAD_DELAY,       SECOND,  0,     0,    0, 10800, 0)

#define MW_KQUAL_VALUES(ROW) \
  /* the last entry of the voltage quality logger, Tables 24 and 25; columns of it */ \
  ROW (VQ_PHASE,         NUMBER, NONE,    0, 1) /* 1 … 3; 0: all */ \
  ROW (VQ_EVENT,         NUMBER, NONE,    0, 1) /* enum mw_kquality_event */ \
  ROW (VQ_MEAN,          NUMBER, V,       0, 2) \
  ROW (VQ_MAX,           NUMBER, V,       0, 2) \
  ROW (VQ_MIN,           NUMBER, V,       0, 2) \
  /* of 162, 382, 351B: MW_KVE_, present; the column of their logger */ \
  ROW (VOLTAGE_EVENT,    BITS,   NONE,    0, 2) \
  /* occurrence counters in the order of Table 26, since they were logged last */ \
  ROW (VQC_F1,           NUMBER, NONE,    0, 4) ROW (VQC_F2,        NUMBER, NONE, 0, 4) \
  ROW (VQC_LOW1,         NUMBER, NONE,    0, 4) ROW (VQC_LOW2,      NUMBER, NONE, 0, 4) \
  ROW (VQC_HIGH,         NUMBER, NONE,    0, 4) ROW (VQC_RAPID,     NUMBER, NONE, 0, 4) \
  ROW (VQC_UNBALANCE,    NUMBER, NONE,    0, 4) ROW (VQC_LONG,      NUMBER, NONE, 0, 4) \
  ROW (VQC_SHORT,        NUMBER, NONE,    0, 4) \
  ROW (VQC_THDU_L1,      NUMBER, NONE,    0, 4) ROW (VQC_THDU_L2,   NUMBER, NONE, 0, 4) \
  ROW (VQC_THDU_L3,      NUMBER, NONE,    0, 4) ROW (VQC_THDI_L1,   NUMBER, NONE, 0, 4) \
  ROW (VQC_THDI_L2,      NUMBER, NONE,    0, 4) ROW (VQC_THDI_L3,   NUMBER, NONE, 0, 4) \
  ROW (VQC_SAGS,         NUMBER, NONE,    0, 4) ROW (VQC_SWELLS,    NUMBER, NONE, 0, 4) \
  ROW (UNBALANCE,        NUMBER, PERCENT, -2, 2) /* now */ \
  ROW (NEUTRAL_FAULT,    NUMBER, NONE,    0, 1) /* 1: present */ \
  /* disconnection */ \
  ROW (CUTOFF_STATE,     NUMBER, NONE,    0, 1) /* enum mw_kcutoff_state, as GetCutOffState */ \
  ROW (CUTOFF_FEEDBACK,  BITS,   NONE,    0, 1) /* MW_KFEEDBACK_ */ \
  ROW (CUTOFF_CAUSE,     NUMBER, NONE,    0, 1) /* enum mw_kcutoff_cause of the last disconnection */ \
  ROW (CUTOFF_LOCK,      NUMBER, SECOND,  0, 2) /* until commands are taken again */ \
  ROW (CUTOFF_WAIT,      NUMBER, SECOND,  0, 4) /* until it may be reconnected */ \
  ROW (CUTOFF_COUNT,     NUMBER, NONE,    0, 4) /* disconnections */ \
  ROW (DC_SETUP,         OCTETS, NONE,    0, 0) /* the settings DC_, OV_ and PP_ at once: kqual.h */ \
  /* prepayment: A14prepayment, A14prepayment,credit */ \
  ROW (PREPAYMENT,       NUMBER, WH,     -3, 6) \
  ROW (PREPAYMENT_CREDIT, NUMBER, WH,    -3, 6) /* consumed beyond it */ \
  ROW (PREPAYMENT_ADD,   NUMBER, WH,     -3, 6) /* written: added; read: what was added last */ \
  ROW (PREPAYMENT_STATE, NUMBER, NONE,    0, 1) /* enum mw_kprepayment_state */ \
  ROW (PREPAYMENT_DAYS_LEFT, NUMBER, DAY, 0, 2) /* of t_prepayment */ \
  /* means over the last interval of the analysis logger, Table 14 */ \
  MW_KROWS_L (ROW, AN_P14, NUMBER, W,   0, 4) MW_KROWS_L (ROW, AN_P23, NUMBER, W,   0, 4) \
  MW_KROWS_L (ROW, AN_Q12, NUMBER, VAR, 0, 4) MW_KROWS_L (ROW, AN_Q34, NUMBER, VAR, 0, 4) \
  MW_KROWS_L (ROW, AN_S14, NUMBER, VA,  0, 4) MW_KROWS_L (ROW, AN_S23, NUMBER, VA,  0, 4) \
  MW_KROWS_L (ROW, AN_U, NUMBER, V, -3, 4) MW_KROWS_L (ROW, AN_I, NUMBER, A, -3, 4) \
  MW_KROWS_L (ROW, AN_THDU, NUMBER, PERCENT, -2, 2) MW_KROWS_L (ROW, AN_THDI, NUMBER, PERCENT, -2, 2) \
  MW_KROWS_L (ROW, AN_PF, NUMBER, NONE, -3, 2) ROW (AN_PF, NUMBER, NONE, -3, 2) \
  ROW (AN_FREQUENCY, NUMBER, HZ, -3, 4)
/* clang-format on */

#endif
