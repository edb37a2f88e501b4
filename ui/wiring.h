/* wiring.h: is a meter wired as it should be?  What the measured quantities say, as facts.
 *
 * Pure: values in, facts out; no GTK, no text (wiring-text.h makes the sentences).
 * Unknown quantities are NAN.  Angles are degrees; PHI is the angle by which the current lags
 * its voltage: 0 resistive import, +90 inductive, 180 export (IEC 62053-23 quadrants: I 0..90,
 * II 90..180, III -180..-90, IV -90..0).
 */
#ifndef MW_WIRING_H
#define MW_WIRING_H

#include <stdbool.h>
#include <stddef.h>

#define MW_WIRING_PHASES 3

typedef struct mw_wiring_phase {
  double u;       /* volts, RMS */
  double i;       /* amperes, RMS */
  double p;       /* watts, positive is import */
  double q;       /* var, positive is inductive import */
  double pf;      /* power factor; many meters give it without a sign */
  double u_angle; /* of the voltage against that of L1, lagging negative: 0, -120, -240 */
} mw_wiring_phase;

typedef struct mw_wiring {
  unsigned phases; /* 1 or 3 */
  mw_wiring_phase phase[MW_WIRING_PHASES];
  double p;            /* total, signed */
  double q;            /* total, signed */
  bool sequence_known; /* the meter says which way the voltages rotate */
  bool sequence_reversed;
} mw_wiring;

typedef enum mw_wiring_severity {
  MW_WIRING_GOOD,
  MW_WIRING_NOTE,
  MW_WIRING_WARNING,
  MW_WIRING_FAULT,
} mw_wiring_severity;

typedef enum mw_wiring_kind {
  MW_WIRING_OK,
  MW_WIRING_VOLTAGE_MISSING,   /* phase a */
  MW_WIRING_VOLTAGE_LOW,       /* phase a, by value % of nominal */
  MW_WIRING_VOLTAGE_HIGH,      /* phase a */
  MW_WIRING_NEUTRAL_SUSPECT,   /* the voltages have drifted apart, some high and some low */
  MW_WIRING_CURRENT_REVERSED,  /* phase a */
  MW_WIRING_CURRENTS_SWAPPED,  /* phases a and b */
  MW_WIRING_CURRENTS_ROTATED,  /* all three, each one phase on */
  MW_WIRING_VOLTAGES_SWAPPED,  /* phases a and b */
  MW_WIRING_SEQUENCE_REVERSED, /* rotation L1 L3 L2 */
  MW_WIRING_ANGLES_ODD,        /* something is wrong, several explanations fit */
  MW_WIRING_EXPORT,            /* all phases deliver: generation, or every current reversed */
  MW_WIRING_NO_CURRENT,        /* phase a carries nothing while others do */
  MW_WIRING_NO_LOAD,   /* no current anywhere: the wiring of the currents cannot be told */
  MW_WIRING_NO_ANGLES, /* the meter does not say how its currents stand to the voltages */
  MW_WIRING_UNKNOWN,   /* too little was measured */
} mw_wiring_kind;

typedef struct mw_wiring_hint {
  mw_wiring_kind kind;
  mw_wiring_severity severity;
  int a, b;     /* phases 0..2, -1 where there is none */
  double value; /* percent, where the kind has one */
} mw_wiring_hint;

#define MW_WIRING_MAX_HINTS 12

/* A wiring in which nothing is known. */
mw_wiring mw_wiring_unknown (unsigned phases);

/* The nominal phase voltage that the measured ones speak for (57.7, 120, 133, 230, 240), NAN
 * when none was measured. */
double mw_wiring_nominal (const mw_wiring *w);

/* PHI of each phase, NAN where it cannot be known.  From P and Q of the phase; else from its
 * power factor, whose sign is found from the totals when the meter gives none. */
void mw_wiring_angles (const mw_wiring *w, double phi[MW_WIRING_PHASES]);

/* 1..4, or 0 when PHI is NAN. */
int mw_wiring_quadrant (double phi);

/* What is to be said, worst first; always at least one hint.  Returns how many. */
size_t mw_wiring_examine (const mw_wiring *w, mw_wiring_hint hints[MW_WIRING_MAX_HINTS]);

#endif
