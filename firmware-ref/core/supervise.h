/* supervise.h: what the meter watches over: its own parts, its battery, its inputs, and whether
 * anybody still talks to it (Mx381 manual 5.2.3, 5.3.8, 6.5.3, 6.7.4); and the pulses of its
 * LEDs and of the metrological output (3.6.1, 3.6.2). */
#ifndef MW_CORE_SUPERVISE_H
#define MW_CORE_SUPERVISE_H

#include "core/types.h"

#define MW_BUSY_S 5                /* cursor DRO after the last word */
#define MW_SILENCE_S (30u * 3600u) /* event 238: no communication for 30 h (Table 44) */

enum mw_fault {
  MW_FAULT_PROGRAM,     /* program memory: also event 230, for the meter must be replaced */
  MW_FAULT_RAM,         /* data memory */
  MW_FAULT_NVM,         /* non-volatile memory */
  MW_FAULT_MEASUREMENT, /* measuring system */
  MW_N_FAULTS
};

enum mw_pulse {
  MW_PULSE_ACTIVE,   /* the LED of active energy */
  MW_PULSE_REACTIVE, /* the LED of reactive energy, of apparent energy when that constant is 0
                      */
  MW_PULSE_OUTPUT,   /* the OptoMOS output as metrological output */
  MW_N_PULSES
};

typedef struct mw_supervision {
  uint32_t silence_s; /* powered seconds without communication, up to MW_SILENCE_S */
  uint8_t faults;     /* bit per enum mw_fault */
  uint8_t inputs;     /* bit per alarm input with voltage: 0 ALARM IN 1, 1 ALARM IN 2 */
  bool battery_low, battery_spent;
  bool jammed; /* the disconnector does not move */
  uint64_t pulses[MW_N_PULSES];
  uint64_t rest[MW_N_PULSES]; /* mW·s × pulses per kWh, below 3.6e9 */
} mw_supervision;

/* A self-test of FAULT fails, or passes again: event, alarm and error; the error stays until it
 * is cleared (manual 6.7). */
void mw_meter_fault (mw_meter *m, enum mw_fault fault, bool present);
/* The voltage of battery or capacitor is below its threshold, or above it: event 8. */
void mw_meter_battery (mw_meter *m, bool low);
/* A new battery: 20 years to come (manual 5.3.8). */
void mw_meter_battery_renewed (mw_meter *m);
/* The disconnector does not move any more: event 68 when it should. */
void mw_meter_jam (mw_meter *m, bool jammed);
/* Voltage at alarm input 0 or 1; heeded when bit 6 or 7 of IO_CONFIGURATION says so. */
void mw_meter_input (mw_meter *m, unsigned input, bool on);
/* The inputs that are configured as alarm inputs and have voltage: bits 6 and 7 of Table 32. */
uint16_t mw_inputs_heeded (const mw_meter *m);
/* Somebody talks to the meter, LOCAL: at an optical head. */
void mw_meter_contact (mw_meter *m, bool local);
/* Pulses since the meter was made, and whether the LED glows steadily: below the starting
 * current (manual 4.4.2). */
uint64_t mw_pulse_count (const mw_meter *m, enum mw_pulse which);
bool mw_led_is_steady (const mw_meter *m);

/* For the core. */
void mw_supervise_defaults (mw_meter *m);
uint32_t mw_supervise_horizon (const mw_meter *m);
/* The load was what it is for SECONDS, of which the clock counted CLOCK_SECONDS. */
void mw_pulse_advance (mw_meter *m, uint32_t seconds, uint32_t clock_seconds);
void mw_supervise_advance (mw_meter *m, uint32_t seconds);
/* The battery's life is over (manual 5.3.8): event 7. */
void mw_battery_spent (mw_meter *m);

#endif
