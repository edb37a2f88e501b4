/* scenario.h: loads for a meter without a mains connection: generators and a text format.
 *
 * The load is a function of seed and local time alone, so that a simulation can start anywhere
 * and run at any speed with the same result.  It is constant within a minute.
 *
 * Text format, a line each; # begins a comment; a phase is L1, L2, L3 or L (all):
 *
 *   phases 3                         how many there are (default: as the meter)
 *   base household|pv|workshop|idle  what applies where nothing else is said (default idle)
 *   seed 7
 *   HH:MM[-HH:MM] [DAYS] PHASE ITEM…   daily, from … until (default: midnight); the later line
 *                                    wins; DAYS: mon-fri, sat,sun, … (default all)
 *   at YYYY-MM-DDTHH:MM[:SS] [for SECONDS] PHASE ITEM…   once (default 60 s)
 *   at TIME power off|on             and: cover open|close, terminal open|close, magnet on|off
 *   at TIME transient 150V 300ms     a phase, within the second: a sag or a swell (1 … 1000 ms)
 *
 * ITEM: 230.5V  5.2A  30deg (current behind voltage)  0.95ind 0.95cap -1.2kW 800W (sets the
 * current at the power factor in force)  49.98Hz  reversed  3%U5 20%I3 (harmonics of voltage
 * and current: distortion is made of orders 2 … 40, as the meters do; 0%U1 takes it away).
 */
#ifndef MW_CORE_SCENARIO_H
#define MW_CORE_SCENARIO_H

#include "core/types.h"

#define MW_SCENARIO_LINES 128

enum mw_scenario_kind {
  MW_SCENARIO_IDLE,
  MW_SCENARIO_HOUSEHOLD,
  MW_SCENARIO_PV,
  MW_SCENARIO_WORKSHOP,
};

enum mw_scenario_event {
  MW_SCENARIO_LOAD,
  MW_SCENARIO_POWER_OFF,
  MW_SCENARIO_POWER_ON,
  MW_SCENARIO_COVER_OPEN,
  MW_SCENARIO_COVER_CLOSE,
  MW_SCENARIO_TERMINAL_OPEN,
  MW_SCENARIO_TERMINAL_CLOSE,
  MW_SCENARIO_MAGNET_ON,
  MW_SCENARIO_MAGNET_OFF,
  MW_SCENARIO_TRANSIENT,
};

#define MW_LINE_VOLTAGE 1u
#define MW_LINE_CURRENT 2u
#define MW_LINE_ANGLE 4u
#define MW_LINE_POWER 8u
#define MW_LINE_FREQUENCY 16u
#define MW_LINE_REVERSED 32u
#define MW_LINE_THDU 64u
#define MW_LINE_THDI 128u

/* One line. A field that the line does not set has its bit clear in SET. */
typedef struct mw_scenario_line {
  int64_t at; /* local seconds when once, else second of the day */
  int64_t until;
  uint8_t event;  /* enum mw_scenario_event */
  uint8_t days;   /* bit 0 Monday … 6; 0: once */
  uint8_t phases; /* bits */
  uint8_t set;    /* MW_LINE_ */
  uint32_t voltage_mv, current_ma, frequency_mhz;
  uint32_t thdu_square, thdi_square; /* sums of the squares of harmonics, (0.01 %)² */
  int32_t power_w;
  int16_t phi_ddeg;
  uint16_t transient_ms;
} mw_scenario_line;

typedef struct mw_scenario {
  enum mw_scenario_kind kind;
  uint32_t seed;
  uint8_t phases;
  uint16_t lines;
  mw_scenario_line line[MW_SCENARIO_LINES];
} mw_scenario;

void
mw_scenario_init (mw_scenario *s, enum mw_scenario_kind kind, uint32_t seed, unsigned phases);
/* "household", …; false when there is none of that name. */
bool mw_scenario_by_name (const char *name, enum mw_scenario_kind *out);
/* Read TEXT. On MW_ERR_VALUE or MW_ERR_SPACE *LINE is the number of the line. */
enum mw_err mw_scenario_parse (mw_scenario *s, const char *text, size_t len, unsigned *line);
/* The load at LOCAL seconds; returns for how many seconds it holds (1 … 60). */
uint32_t mw_scenario_load (const mw_scenario *s, int64_t local, mw_load *out);
/* The current of power W at a voltage and angle; 0 when the angle lets no power through, below
 * 1 V and above 1 MW. */
uint32_t mw_scenario_current (int32_t w, uint32_t voltage_mv, int phi_ddeg);
/* cos of 0.1 degrees, Q30. */
int32_t mw_scenario_cosine (int phi_ddeg);
/* Run METER for SECONDS under the scenario, performing its events. */
void mw_scenario_run (const mw_scenario *s, mw_meter *m, uint64_t seconds);

#endif
