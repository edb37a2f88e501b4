/* ktariff.h: which tariff is active and how the load relays stand (OMNIPOWER technical
 * description 4.4.6, 4.10.4; METERTOOL manual 3.5.1).
 *
 * A command changes the tariff at once; with the inputs or a plan as source it holds until they
 * shift next.
 *
 * When a plan makes a load relay active it waits for a delay that is this meter's own, between
 * 0 and LOAD_DELAY, so that not all relays of a grid close at once.  A restart ends the delay
 * and puts the relay where it belongs (OMNIPOWER technical description 4.10.5, footnote).
 */
#ifndef MW_CORE_KTARIFF_H
#define MW_CORE_KTARIFF_H

#include "core/kamstrup/kvalue.h"

enum mw_ktariff_source {
  MW_KTARIFF_BY_PLAN, /* without a plan it stays as commanded */
  MW_KTARIFF_INPUTS,  /* module inputs (Table 10) */
  MW_KTARIFF_COMMAND, /* stays as commanded */
};

enum mw_kport_function { MW_KPORT_NONE, MW_KPORT_TARIFF, MW_KPORT_PULSE, MW_KPORT_ALARM };

#define MW_KLOADS 2

typedef struct mw_kcontrol {
  uint8_t tariff;               /* 1 … 8 */
  uint8_t day_kind;             /* of the plan, enum mw_kday */
  uint8_t season;               /* of the plan, from 1; 0: none */
  bool planned;                 /* the plan says something of the tariff */
  bool load[MW_KLOADS];         /* relay active */
  uint8_t inputs;               /* of the module, bits */
  int64_t since[1 + MW_KLOADS]; /* local time of the plan's change that was carried out last */
  int64_t next;                 /* UTC at which the plan says something new */
  int64_t active_at[MW_KLOADS]; /* UTC at which a delayed relay becomes active */
} mw_kcontrol;

/* Commands. MW_ERR_VALUE for a tariff that is none. */
enum mw_err mw_ktariff_command (mw_kmeter *k, unsigned tariff);
enum mw_err mw_kload_command (mw_kmeter *k, unsigned relay, bool active);
/* Voltage at the module's input PORT (0, 1) comes or goes; N pulses at it. */
void mw_kport_input (mw_kmeter *k, unsigned port, bool on);
void mw_kport_pulses (mw_kmeter *k, unsigned port, uint32_t n);

/* Is there anything but a command that shifts the tariff? */
bool mw_ktariff_is_used (const mw_kmeter *k);

/* For the core. */
void mw_ktariff_defaults (mw_kmeter *k);
void mw_ktariff_power_up (mw_kmeter *k);
void mw_ktariff_due (mw_kmeter *k);
/* Time, plan or source changed: what the plan says now is carried out, also when it was said
 * long ago. */
void mw_ktariff_refresh (mw_kmeter *k);

#endif
