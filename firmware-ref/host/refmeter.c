/* refmeter.c: see refmeter.h. */
#include "host/refmeter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NVM_PAGE 4096u

/* --- texts ----------------------------------------------------------------------------------
 */

bool
mw_ref_parse_duration (const char *text, uint32_t *seconds)
{
  static const struct {
    char unit;
    uint32_t seconds;
  } units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 }, { '\0', 1 } };
  char *end;
  unsigned long n = strtoul (text, &end, 10);
  for (size_t i = 0; end != text && i < sizeof units / sizeof units[0]; i++)
    if (*end == units[i].unit && (*end == '\0' || end[1] == '\0')
        && n <= UINT32_MAX / units[i].seconds) {
      *seconds = (uint32_t) n * units[i].seconds;
      return true;
    }
  return false;
}

bool
mw_ref_parse_time (const char *text, int64_t *utc)
{
  int year, month, day, hour = 0, minute = 0, second = 0, n = 0, oh = 0, om = 0;
  char sign = '+';
  if (sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &n) != 3)
    return false;
  if (text[n] == 'T' || text[n] == ' ') {
    int m = 0;
    if (sscanf (text + n + 1, "%2d:%2d%n", &hour, &minute, &m) != 2)
      return false;
    n += 1 + m;
    m = 0;
    if (text[n] == ':' && sscanf (text + n, ":%2d%n", &second, &m) == 1)
      n += m;
  }
  if (text[n] == 'Z' && text[n + 1] == '\0')
    n++;
  else if (text[n]
           && (sscanf (text + n, "%c%2d:%2d", &sign, &oh, &om) < 3 || !strchr ("+-", sign)))
    return false;
  else if (text[n])
    n += 6;
  mw_civil t = mw_civil_any ();
  t.year = (uint16_t) year;
  t.month = (uint8_t) month;
  t.day = (uint8_t) day;
  t.hour = (uint8_t) hour;
  t.minute = (uint8_t) minute;
  t.second = (uint8_t) second;
  t.deviation = (int16_t) ((sign == '-' ? -1 : 1) * (oh * 60 + om));
  return text[n] == '\0' && mw_civil_to_utc (&t, 0, utc) == MW_OK;
}

/* SERIAL with INDEX added to the number that it ends with. */
static bool
serial_of (const char *serial, unsigned index, unsigned most, char *out)
{
  size_t n = strlen (serial);
  if (n == 0 || n > most)
    return false;
  memcpy (out, serial, n + 1);
  for (size_t i = n; i > 0 && index; i--) {
    if (out[i - 1] < '0' || out[i - 1] > '9')
      return false;
    unsigned digit = (unsigned) (out[i - 1] - '0') + index % 10;
    out[i - 1] = (char) ('0' + digit % 10);
    index = index / 10 + digit / 10;
  }
  return index == 0;
}

/* --- scenario -------------------------------------------------------------------------------
 */

static bool
scenario_file (mw_scenario *s, const char *path, char *why, size_t cap)
{
  char text[32768];
  unsigned line = 0;
  FILE *f = fopen (path, "rb");
  if (!f) {
    snprintf (why, cap, "there is no scenario and no file %s", path);
    return false;
  }
  size_t n = fread (text, 1, sizeof text, f);
  fclose (f);
  if (mw_scenario_parse (s, text, n, &line) == MW_OK)
    return true;
  snprintf (why, cap, "%s, line %u: not understood", path, line);
  return false;
}

static bool
load_scenario (mw_ref *r, const mw_ref_options *o, unsigned phases, char *why, size_t cap)
{
  enum mw_scenario_kind kind = MW_SCENARIO_HOUSEHOLD;
  bool named = !o->scenario || mw_scenario_by_name (o->scenario, &kind);
  mw_scenario_init (&r->scenario, named ? kind : MW_SCENARIO_IDLE, o->seed + o->index, phases);
  return named || scenario_file (&r->scenario, o->scenario, why, cap);
}

/* --- life -----------------------------------------------------------------------------------
 */

static bool
open_memory (mw_ref *r, const mw_ref_options *o, char *why, size_t cap)
{
  char path[4096];
  snprintf (path, sizeof path, o->index ? "%s.%u" : "%s", o->nvm ? o->nvm : "", o->index);
  enum mw_err err = mw_nvm_file_open (&r->nvm, o->nvm ? path : NULL, r->klass->nvm, NVM_PAGE);
  if (err) {
    snprintf (why, cap, "the memory file %s cannot be used (%s)", o->nvm ? path : "",
              err == MW_ERR_STATE ? "another meter is running on it; stop that one first"
                                  : "not writable, or of another size");
    return false;
  }
  r->nvm.power_cut_after = o->power_cut_after;
  return true;
}

/* Has nothing ever been written to the memory? */
static bool
factory_new (const mw_ref *r)
{
  for (uint32_t i = 0; i < r->nvm.nvm.size; i++)
    if (r->nvm.image[i] != 0xff)
      return false;
  return true;
}

static bool
start (mw_ref *r, const mw_ref_options *o, char *why, size_t cap)
{
  int64_t utc = o->clock_utc == INT64_MIN ? (int64_t) time (NULL) : o->clock_utc;
  unsigned most = r->klass->serial_max;
  if (!serial_of (o->serial ? o->serial : r->klass->serial, o->index, most, r->serial)) {
    snprintf (why, cap, "the serial number must have 1 to %u characters and count up", most);
    return false;
  }
  if (!r->klass->build (r, o, r->serial, why, cap))
    return false;
  uint32_t history = factory_new (r) ? o->history_s : 0; /* one that has lived has its own */
  mw_load load;
  (void) mw_store_mount (&r->meter->store); /* whose it is, before a start writes to it */
  if (!r->klass->fits (r)) {
    snprintf (why, cap, "the memory is that of another model");
    return false;
  }
  if (r->klass->start (r, utc - (int64_t) history) != MW_OK) {
    snprintf (why, cap, "the memory cannot be read: it is damaged or too small");
    return false;
  }
  (void) mw_scenario_load (&r->scenario, mw_clock_local (r->meter, r->meter->st.clock.utc),
                           &load);
  mw_meter_load (r->meter, &load);
  mw_scenario_run (&r->scenario, r->meter, history);
  return true;
}

static const mw_ref_class *const classes[] = { &mw_ref_mx381, &mw_ref_kamstrup };

const mw_ref_class *
mw_ref_class_of (const char *model)
{
  for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
    if (classes[i]->knows (model ? model : "mt381"))
      return classes[i];
  return NULL;
}

void
mw_ref_models (char *out, size_t cap)
{
  const char *name;
  size_t n = 0;
  out[0] = '\0';
  for (size_t c = 0; c < sizeof classes / sizeof classes[0]; c++)
    for (unsigned i = 0; (name = classes[c]->name (i)) && n < cap; i++)
      n += (size_t) snprintf (out + n, cap - n, "%s%s", n ? ", " : "", name);
}

bool
mw_ref_open (mw_ref *r, const mw_ref_options *o, mw_ms now, char *why, size_t cap)
{
  memset (r, 0, sizeof *r);
  r->klass = mw_ref_class_of (o->model);
  if (!r->klass) {
    char models[256];
    mw_ref_models (models, sizeof models);
    snprintf (why, cap, "there is no model %s here; there are %s", o->model, models);
    return false;
  }
  if (!load_scenario (r, o, r->klass->phases (o->model ? o->model : "mt381"), why, cap)
      || !open_memory (r, o, why, cap))
    return false;
  if (!start (r, o, why, cap)) {
    mw_nvm_file_close (&r->nvm);
    free (r->own);
    return false;
  }
  r->speed = o->speed > 0 ? o->speed : 1;
  r->start_ms = now;
  return true;
}

void
mw_ref_close (mw_ref *r)
{
  r->klass->stop (r);
  mw_nvm_file_close (&r->nvm);
  free (r->own);
  r->own = NULL;
}

/* --- ways in --------------------------------------------------------------------------------
 */

static const char *const framings[MW_N_REF_PORTS] = { [MW_REF_WRAPPER] = "wrapper",
                                                      [MW_REF_HDLC] = "hdlc",
                                                      [MW_REF_IEC] = "iec",
                                                      [MW_REF_KMP] = "kmp" };

bool
mw_ref_framing (const char *name, enum mw_ref_port *out)
{
  for (unsigned i = 0; i < MW_N_REF_PORTS; i++)
    if (framings[i] && strcmp (framings[i], name) == 0) {
      *out = (enum mw_ref_port) i;
      return true;
    }
  return false;
}

const char *
mw_ref_framing_name (enum mw_ref_port port)
{
  return framings[port];
}

/* --- time -----------------------------------------------------------------------------------
 */

/* With something set by hand: the scenario's load, and what the hand says over it.  Events of a
 * scenario file wait while this lasts. */
static void
run_overridden (mw_ref *r, uint64_t seconds)
{
  const mw_ref_override *o = &r->override;
  while (seconds) {
    mw_load load;
    uint32_t n = mw_scenario_load (&r->scenario,
                                   mw_clock_local (r->meter, r->meter->st.clock.utc), &load);
    n = seconds < n ? (uint32_t) seconds : n;
    for (unsigned ph = 0; ph < MW_PHASES; ph++) {
      if (o->voltage >> ph & 1)
        load.voltage_mv[ph] = o->load.voltage_mv[ph];
      if (o->current >> ph & 1)
        load.current_ma[ph] = o->load.current_ma[ph];
      if (o->phi >> ph & 1)
        load.phi_ddeg[ph] = o->load.phi_ddeg[ph];
    }
    mw_meter_load (r->meter, &load);
    mw_meter_run (r->meter, n);
    seconds -= n;
  }
}

void
mw_ref_advance (mw_ref *r, mw_ms now)
{
  if (now < r->start_ms)
    return;
  uint64_t target = (uint64_t) floor ((double) (now - r->start_ms) * r->speed / 1000.0);
  if (target <= r->lived)
    return;
  uint64_t seconds = target - r->lived;
  r->lived = target;
  if (r->override.voltage | r->override.current | r->override.phi)
    run_overridden (r, seconds);
  else
    mw_scenario_run (&r->scenario, r->meter, seconds);
}

mw_ms
mw_ref_deadline (const mw_ref *r)
{
  mw_ms next = r->start_ms + (mw_ms) ceil ((double) (r->lived + 1) * 1000.0 / r->speed);
  mw_ms soon = r->start_ms + (mw_ms) ceil ((double) r->lived * 1000.0 / r->speed) + 10;
  return next > soon ? next : soon; /* a fast clock is looked at a hundred times a second */
}
