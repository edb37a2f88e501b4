/* kmodule.h: how a part of the Kamstrup meter is plugged into it.
 *
 * A module is a constant table of functions; the list is in kmodules.c.  Its state is a struct
 * in mw_kmeter (kqual.h), stored with the meter's other areas: what changes by itself in
 * MW_AREA_K_QUALITY, what is configured in MW_AREA_K_QUALITY_SETUP (touched by who changes it).
 *
 * Rules that keep N seconds at once equal to N times one second:
 *  - `advance (k, n)` may only do what n calls with 1 do, without an entry, an event or a
 *    change of an output on the way: what is not linear must not happen within n seconds.
 *  - `horizon` returns for how many seconds that holds (timers: what is left of the shortest
 *    one), UINT32_MAX when nothing is running.  After `advance`, what a timer brings is done in
 *    the same call, when it has run out.
 *  - `next` is the next instant of the clock at which something is due (ends of periods);
 *    `due` is called when the clock has reached the least of all of them: each module looks
 *    whether its own has come.  It must then move `next` on, or be called for ever.
 *  - `load` comes after every change of voltages, currents and powers, also at power-up and
 *    -down; nothing passes in it.  The load is constant until the next one.
 *
 * While the meter has power, in this order each step: horizon → energies → clock → advance →
 * due (if something is due): block averages and maxima, load profile, daily and debiting logs,
 * modules, tariff plan.  Without power only the clock goes on, then `power_up` says for how
 * long.  An entry is written with mw_klog_append, and lands in the memory with the state that
 * it belongs to; set k->m.changed for other things that a power failure must not lose.
 * All functions may be NULL.
 */
#ifndef MW_CORE_KMODULE_H
#define MW_CORE_KMODULE_H

#include "core/kamstrup/kvalue.h"

typedef struct mw_kmodule {
  const char *name;
  void (*defaults) (mw_kmeter *k); /* of a new meter; k->model is there */
  /* Power is up: DARK_S seconds after it failed, -1: for the first time. */
  void (*power_up) (mw_kmeter *k, int64_t dark_s);
  void (*power_down) (mw_kmeter *k); /* while there is still energy to write */
  void (*load) (mw_kmeter *k);
  int64_t (*next) (const mw_kmeter *k); /* UTC; MW_WHEN_NEVER */
  uint32_t (*horizon) (const mw_kmeter *k);
  void (*advance) (mw_kmeter *k, uint32_t seconds);
  void (*due) (mw_kmeter *k);
  /* The clock was set from OLD_UTC to k->m.st.clock.utc. */
  void (*time_changed) (mw_kmeter *k, int64_t old_utc);
  void (*period) (
      mw_kmeter *k); /* an integration period ended: before its load profile entry */
  /* Its values; MW_ERR_UNSUPPORTED for those of others. */
  enum mw_err (*value) (const mw_kmeter *k, unsigned id, mw_kvalue *out);
  /* A value of it that is no setting is set. */
  enum mw_err (*set) (mw_kmeter *k, unsigned id, int64_t number);
  /* The same for a value of octets: MW_ERR_SPACE for the wrong length, MW_ERR_VALUE. */
  enum mw_err (*set_octets) (mw_kmeter *k, unsigned id, const uint8_t *octets, size_t len);
  /* Does NUMBER, in its range, go together with the other settings? */
  bool (*allows) (const mw_kmeter *k, unsigned id, int64_t number);
  void (*reset) (mw_kmeter *k); /* mw_kmeter_reset without backup: counters begin anew */
  void (*setting_changed) (mw_kmeter *k, unsigned id, int64_t old); /* any setting */
} mw_kmodule;

extern const mw_kmodule *const mw_kmodules[];
extern const unsigned mw_n_kmodules;

#endif
