/* mw_events_def.h: every event of the Mx381 manual 6.5, Tables 44-49: symbol, code, log, name.
 *
 * Codes 254 and 255 exist in several logs and have a row for each.
 */
#ifndef MW_EVENTS_DEF_H
#define MW_EVENTS_DEF_H

/* clang-format off */
/* The logs of Table 43: symbol, capacity, name. */
#define MW_LOGS(ROW) \
  ROW (STANDARD,   100, "Standard event log") \
  ROW (FRAUD,       30, "Fraud detection log") \
  ROW (DISCONNECT,  30, "Disconnect control log") \
  ROW (MBUS,        30, "M-Bus event log") \
  ROW (QUALITY,    100, "Power quality event log") \
  ROW (CONTROL1,    12, "M-Bus control log 1") \
  ROW (CONTROL2,    12, "M-Bus control log 2") \
  ROW (CONTROL3,    12, "M-Bus control log 3") \
  ROW (CONTROL4,    12, "M-Bus control log 4") \
  ROW (POWER_FAILURE, 10, "Power failure event log") \
  ROW (CERTIFICATION, 100, "Certification data log")

#define MW_EVENTS(ROW) \
  ROW (POWER_DOWN,           1, STANDARD, "Power down") \
  ROW (POWER_UP,             2, STANDARD, "Power up") \
  ROW (DST_CHANGED,          3, STANDARD, "DST enabled or disabled") \
  ROW (CLOCK_OLD,            4, STANDARD, "Clock adjusted (old date/time)") \
  ROW (CLOCK_NEW,            5, STANDARD, "Clock adjusted (new date/time)") \
  ROW (CLOCK_INVALID,        6, STANDARD, "Clock invalid") \
  ROW (REPLACE_BATTERY,      7, STANDARD, "Replace battery") \
  ROW (BATTERY_LOW,          8, STANDARD, "Battery voltage low") \
  ROW (TOU_ACTIVATED,        9, STANDARD, "TOU activated") \
  ROW (ERRORS_CLEARED,      10, STANDARD, "Error register cleared") \
  ROW (ALARMS_CLEARED,      11, STANDARD, "Alarm register cleared") \
  ROW (PROGRAM_ERROR,       12, STANDARD, "Program memory error") \
  ROW (RAM_ERROR,           13, STANDARD, "RAM error") \
  ROW (NVM_ERROR,           14, STANDARD, "NV memory error") \
  ROW (WATCHDOG,            15, STANDARD, "Watchdog error") \
  ROW (MEASUREMENT_ERROR,   16, STANDARD, "Measurement system error") \
  ROW (FIRMWARE_READY,      17, STANDARD, "Firmware ready for activation") \
  ROW (FIRMWARE_ACTIVATED,  18, STANDARD, "Firmware activated") \
  ROW (TOU_PROGRAMMED,      19, STANDARD, "Passive TOU programmed") \
  ROW (PARAMETERS_CHANGED,  47, STANDARD, "One or more parameters changed") \
  ROW (KEYS_CHANGED,        48, STANDARD, "Global key(s) changed") \
  ROW (FIRMWARE_REFUSED,    51, STANDARD, "FW verification failed") \
  ROW (PHASE_SEQUENCE,      88, STANDARD, "Phase sequence reversal") \
  ROW (MISSING_NEUTRAL,     89, STANDARD, "Missing neutral") \
  ROW (FATAL_ERROR,        230, STANDARD, "Fatal error") \
  ROW (BILLING_RESET,      231, STANDARD, "Billing reset") \
  ROW (PHASE_DOWN_L1,      232, STANDARD, "Power down phase L1") \
  ROW (PHASE_DOWN_L2,      233, STANDARD, "Power down phase L2") \
  ROW (PHASE_DOWN_L3,      234, STANDARD, "Power down phase L3") \
  ROW (PHASE_UP_L1,        235, STANDARD, "Power restored phase L1") \
  ROW (PHASE_UP_L2,        236, STANDARD, "Power restored phase L2") \
  ROW (PHASE_UP_L3,        237, STANDARD, "Power restored phase L3") \
  ROW (NO_CONNECTION,      238, STANDARD, "No connection timeout") \
  ROW (TOKEN_ACCEPTED,     239, STANDARD, "Prepay token enter success") \
  ROW (TOKEN_REFUSED,      240, STANDARD, "Prepay token enter fail") \
  ROW (CREDIT_EXPIRED,     241, STANDARD, "Prepay credit expired") \
  ROW (EMERGENCY_EXPIRED,  242, STANDARD, "Prepay emergency credit expired") \
  ROW (EMERGENCY_ACTIVATED,243, STANDARD, "Prepay emergency credit activated") \
  ROW (PROFILE_CLEARED,    254, STANDARD, "Load profile cleared") \
  ROW (LOG_CLEARED,        255, STANDARD, "Event log cleared") \
  ROW (TERMINAL_OPEN,       40, FRAUD, "Terminal cover removed") \
  ROW (TERMINAL_CLOSED,     41, FRAUD, "Terminal cover closed") \
  ROW (MAGNET_ON,           42, FRAUD, "Strong DC field detected") \
  ROW (MAGNET_OFF,          43, FRAUD, "No strong DC field anymore") \
  ROW (COVER_OPEN,          44, FRAUD, "Meter cover removed") \
  ROW (COVER_CLOSED,        45, FRAUD, "Meter cover closed") \
  ROW (AUTHENTICATION,      46, FRAUD, "Association authentication failure") \
  ROW (DECRYPTION,          49, FRAUD, "Decryption or authentication failure") \
  ROW (REPLAY,              50, FRAUD, "Replay attack") \
  ROW (FRAUD_CLEARED,      255, FRAUD, "Event log cleared") \
  ROW (UNDERVOLTAGE_L1,     76, QUALITY, "Undervoltage L1") \
  ROW (UNDERVOLTAGE_L2,     77, QUALITY, "Undervoltage L2") \
  ROW (UNDERVOLTAGE_L3,     78, QUALITY, "Undervoltage L3") \
  ROW (OVERVOLTAGE_L1,      79, QUALITY, "Overvoltage L1") \
  ROW (OVERVOLTAGE_L2,      80, QUALITY, "Overvoltage L2") \
  ROW (OVERVOLTAGE_L3,      81, QUALITY, "Overvoltage L3") \
  ROW (MISSING_L1,          82, QUALITY, "Missing voltage L1") \
  ROW (MISSING_L2,          83, QUALITY, "Missing voltage L2") \
  ROW (MISSING_L3,          84, QUALITY, "Missing voltage L3") \
  ROW (NORMAL_L1,           85, QUALITY, "Voltage L1 normal") \
  ROW (NORMAL_L2,           86, QUALITY, "Voltage L2 normal") \
  ROW (NORMAL_L3,           87, QUALITY, "Voltage L3 normal") \
  ROW (QUALITY_CLEARED,    255, QUALITY, "Event log cleared") \
  ROW (READY_RECONNECT,     59, DISCONNECT, "Disconnector ready for manual reconnection") \
  ROW (MANUAL_DISCONNECT,   60, DISCONNECT, "Manual disconnection") \
  ROW (MANUAL_CONNECT,      61, DISCONNECT, "Manual connection") \
  ROW (REMOTE_DISCONNECT,   62, DISCONNECT, "Remote disconnection") \
  ROW (REMOTE_CONNECT,      63, DISCONNECT, "Remote connection") \
  ROW (LOCAL_DISCONNECT,    64, DISCONNECT, "Local disconnection") \
  ROW (LIMITER_EXCEEDED,    65, DISCONNECT, "Limiter threshold exceeded") \
  ROW (LIMITER_OK,          66, DISCONNECT, "Limiter threshold ok") \
  ROW (LIMITER_CHANGED,     67, DISCONNECT, "Limiter threshold changed") \
  ROW (SWITCH_FAILURE,      68, DISCONNECT, "Disconnect/reconnect failure") \
  ROW (LOCAL_CONNECT,       69, DISCONNECT, "Local reconnection") \
  ROW (MONITOR1_EXCEEDED,   70, DISCONNECT, "Supervision monitor 1 threshold exceeded") \
  ROW (MONITOR1_OK,         71, DISCONNECT, "Supervision monitor 1 threshold ok") \
  ROW (MONITOR2_EXCEEDED,   72, DISCONNECT, "Supervision monitor 2 threshold exceeded") \
  ROW (MONITOR2_OK,         73, DISCONNECT, "Supervision monitor 2 threshold ok") \
  ROW (MONITOR3_EXCEEDED,   74, DISCONNECT, "Supervision monitor 3 threshold exceeded") \
  ROW (MONITOR3_OK,         75, DISCONNECT, "Supervision monitor 3 threshold ok") \
  ROW (DISCONNECT_CLEARED, 255, DISCONNECT, "Event log cleared") \
  ROW (MBUS1_ERROR,        100, MBUS, "Comm. error M-Bus Ch. 1") \
  ROW (MBUS1_OK,           101, MBUS, "Comm. ok M-Bus Ch. 1") \
  ROW (MBUS1_BATTERY,      102, MBUS, "Replace battery M-Bus Ch. 1") \
  ROW (MBUS1_FRAUD,        103, MBUS, "Fraud attempt M-Bus Ch. 1") \
  ROW (MBUS1_CLOCK,        104, MBUS, "Clock adjusted M-Bus Ch. 1") \
  ROW (MBUS2_ERROR,        110, MBUS, "Comm. error M-Bus Ch. 2") \
  ROW (MBUS2_OK,           111, MBUS, "Comm. ok M-Bus Ch. 2") \
  ROW (MBUS2_BATTERY,      112, MBUS, "Replace battery M-Bus Ch. 2") \
  ROW (MBUS2_FRAUD,        113, MBUS, "Fraud attempt M-Bus Ch. 2") \
  ROW (MBUS2_CLOCK,        114, MBUS, "Clock adjusted M-Bus Ch. 2") \
  ROW (MBUS3_ERROR,        120, MBUS, "Comm. error M-Bus Ch. 3") \
  ROW (MBUS3_OK,           121, MBUS, "Comm. ok M-Bus Ch. 3") \
  ROW (MBUS3_BATTERY,      122, MBUS, "Replace battery M-Bus Ch. 3") \
  ROW (MBUS3_FRAUD,        123, MBUS, "Fraud attempt M-Bus Ch. 3") \
  ROW (MBUS3_CLOCK,        124, MBUS, "Clock adjusted M-Bus Ch. 3") \
  ROW (MBUS4_ERROR,        130, MBUS, "Comm. error M-Bus Ch. 4") \
  ROW (MBUS4_OK,           131, MBUS, "Comm. ok M-Bus Ch. 4") \
  ROW (MBUS4_BATTERY,      132, MBUS, "Replace battery M-Bus Ch. 4") \
  ROW (MBUS4_FRAUD,        133, MBUS, "Fraud attempt M-Bus Ch. 4") \
  ROW (MBUS4_CLOCK,        134, MBUS, "Clock adjusted M-Bus Ch. 4") \
  ROW (MBUS_PROFILE_CLEARED, 254, MBUS, "Load profile cleared") \
  ROW (MBUS_CLEARED,       255, MBUS, "Event log cleared") \
  ROW (VALVE1_MANUAL_OFF,  160, CONTROL1, "Manual disconnection M-Bus Ch. 1") \
  ROW (VALVE1_MANUAL_ON,   161, CONTROL1, "Manual connection M-Bus Ch. 1") \
  ROW (VALVE1_REMOTE_OFF,  162, CONTROL1, "Remote disconnection M-Bus Ch. 1") \
  ROW (VALVE1_REMOTE_ON,   163, CONTROL1, "Remote connection M-Bus Ch. 1") \
  ROW (VALVE1_ALARM,       164, CONTROL1, "Valve alarm M-Bus Ch. 1") \
  ROW (CONTROL1_CLEARED,   255, CONTROL1, "Event log cleared") \
  ROW (VALVE2_MANUAL_OFF,  170, CONTROL2, "Manual disconnection M-Bus Ch. 2") \
  ROW (VALVE2_MANUAL_ON,   171, CONTROL2, "Manual connection M-Bus Ch. 2") \
  ROW (VALVE2_REMOTE_OFF,  172, CONTROL2, "Remote disconnection M-Bus Ch. 2") \
  ROW (VALVE2_REMOTE_ON,   173, CONTROL2, "Remote connection M-Bus Ch. 2") \
  ROW (VALVE2_ALARM,       174, CONTROL2, "Valve alarm M-Bus Ch. 2") \
  ROW (CONTROL2_CLEARED,   255, CONTROL2, "Event log cleared") \
  ROW (VALVE3_MANUAL_OFF,  180, CONTROL3, "Manual disconnection M-Bus Ch. 3") \
  ROW (VALVE3_MANUAL_ON,   181, CONTROL3, "Manual connection M-Bus Ch. 3") \
  ROW (VALVE3_REMOTE_OFF,  182, CONTROL3, "Remote disconnection M-Bus Ch. 3") \
  ROW (VALVE3_REMOTE_ON,   183, CONTROL3, "Remote connection M-Bus Ch. 3") \
  ROW (VALVE3_ALARM,       184, CONTROL3, "Valve alarm M-Bus Ch. 3") \
  ROW (CONTROL3_CLEARED,   255, CONTROL3, "Event log cleared") \
  ROW (VALVE4_MANUAL_OFF,  190, CONTROL4, "Manual disconnection M-Bus Ch. 4") \
  ROW (VALVE4_MANUAL_ON,   191, CONTROL4, "Manual connection M-Bus Ch. 4") \
  ROW (VALVE4_REMOTE_OFF,  192, CONTROL4, "Remote disconnection M-Bus Ch. 4") \
  ROW (VALVE4_REMOTE_ON,   193, CONTROL4, "Remote connection M-Bus Ch. 4") \
  ROW (VALVE4_ALARM,       194, CONTROL4, "Valve alarm M-Bus Ch. 4") \
  ROW (CONTROL4_CLEARED,   255, CONTROL4, "Event log cleared")
/* clang-format on */

#endif
