/* rig.h: a meter with a memory of its own, at a given local time, for the tests of the core. */
#ifndef MW_RIG_H
#define MW_RIG_H

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "core/meter.h"
#include "hal/host/nvm-file.h"

typedef struct rig {
  mw_meter m;
  mw_nvm_file nvm;
  int64_t born; /* for the test */
} rig;

static inline int64_t
utc_of (const char *text)
{
  mw_civil c;
  int64_t utc = 0;
  CHECK_EQ (mw_civil_parse (text, strlen (text), &c), MW_OK);
  CHECK_EQ (mw_civil_to_utc (&c, 60, &utc), MW_OK); /* without an offset: normal time, CET */
  return utc;
}

static inline mw_civil
pattern (const char *text)
{
  mw_civil c = mw_civil_any ();
  CHECK_EQ (mw_civil_parse (text, strlen (text), &c), MW_OK);
  return c;
}

/* Not started, so that a test can change the defaults. */
static inline rig *
rig_make (unsigned phases)
{
  rig *r = calloc (1, sizeof *r);
  mw_meter_config config = { &r->nvm.nvm, (uint8_t) phases, 7 };
  CHECK_EQ (mw_nvm_file_open (&r->nvm, NULL, MW_METER_NVM, 4096), MW_OK);
  mw_meter_init (&r->m, &config);
  return r;
}

static inline rig *
rig_new (unsigned phases, const char *time)
{
  rig *r = rig_make (phases);
  CHECK_EQ (mw_meter_start (&r->m, utc_of (time)), MW_OK);
  return r;
}

static inline void
rig_free (rig *r)
{
  mw_nvm_file_close (&r->nvm);
  free (r);
}

/* The same load on all phases: volts, milliamperes, angle in 0.1 degrees. */
static inline mw_load
load_of (double volt, uint32_t ma, int phi)
{
  mw_load l = { .frequency_mhz = 50000 };
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    l.voltage_mv[ph] = (uint32_t) (volt * 1000 + 0.5);
    l.current_ma[ph] = ma;
    l.phi_ddeg[ph] = (int16_t) phi;
  }
  return l;
}

static inline void
rig_load (rig *r, double volt, uint32_t ma, int phi)
{
  mw_load l = load_of (volt, ma, phi);
  mw_meter_load (&r->m, &l);
}

/* Run until the clock says TIME. */
static inline void
rig_until (rig *r, const char *time)
{
  int64_t left = utc_of (time) - r->m.st.clock.utc;
  CHECK (left >= 0);
  if (left > 0)
    mw_meter_run (&r->m, (uint32_t) left);
}

/* The codes of LOG from record NUMBER on, as text: "2 5 231". */
static inline const char *
log_text (rig *r, enum mw_log log, uint32_t number, char *buf, size_t cap)
{
  size_t n = 0;
  uint32_t first = mw_log_first (&r->m, log), end = first + mw_log_count (&r->m, log);
  buf[0] = 0;
  for (uint32_t i = number > first ? number : first; i < end && n + 8 < cap; i++) {
    mw_log_entry e;
    if (CHECK (mw_log_read (&r->m, log, i, &e) == MW_OK))
      n += (size_t) snprintf (buf + n, cap - n, n ? " %u" : "%u", e.code);
  }
  return buf;
}

#endif
