/* refmeter.h: one reference meter on a host: memory, core, model, scenario and the passing of
 * time; what mw-refmeter and inproc.h have in common.
 *
 * Threads: one; the struct must not move once it is open.
 */
#ifndef MW_HOST_REFMETER_H
#define MW_HOST_REFMETER_H

#include "core/meter.h"
#include "core/scenario.h"
#include "hal/host/nvm-file.h"
#include "models/model.h"

#define MW_REF_SERIAL "REF00001"

typedef struct mw_ref_options {
  const char *model;    /* NULL: mt381 */
  const char *serial;   /* NULL: REF00001 */
  const char *password; /* NULL: 12345678 */
  const char *scenario; /* a name or a file; NULL: household */
  const char *nvm;      /* file; NULL: in memory */
  uint32_t seed;
  uint32_t history_s;
  int64_t clock_utc; /* INT64_MIN: now */
  double speed;      /* 0 or less: 1 */
  uint64_t power_cut_after;
  unsigned index; /* of several meters: serial number, file and seed count up */
} mw_ref_options;

/* What a person has set by hand, over the scenario; bits per phase. */
typedef struct mw_ref_override {
  uint8_t voltage, current, phi;
  mw_load load;
} mw_ref_override;

typedef struct mw_ref {
  mw_nvm_file nvm;
  mw_meter meter;
  mw_model model;
  mw_scenario scenario;
  mw_ref_override override;
  double speed;
  mw_ms start_ms; /* since when `lived` counts */
  uint64_t lived; /* seconds simulated since then */
} mw_ref;

/* False with a sentence in WHY when an option is wrong or memory or file cannot be had. */
bool mw_ref_open (mw_ref *r, const mw_ref_options *options, mw_ms now, char *why, size_t cap);
/* Everything is saved. */
void mw_ref_close (mw_ref *r);
/* Live up to NOW. */
void mw_ref_advance (mw_ref *r, mw_ms now);
/* When the next second of the meter begins. */
mw_ms mw_ref_deadline (const mw_ref *r);
/* A command (commands.c); REPLY is "" when there is nothing to say. */
bool mw_ref_command (mw_ref *r, const char *line, char *reply, size_t cap);

/* "90d", "36h", "15m", "30s" or seconds; "2026-01-01T00:00:00Z", with an offset or without
 * (UTC). False when it is none. */
bool mw_ref_parse_duration (const char *text, uint32_t *seconds);
bool mw_ref_parse_time (const char *text, int64_t *utc);

#endif
