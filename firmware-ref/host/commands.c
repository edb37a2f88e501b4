/* commands.c: what a person does to a reference meter, a line each:
 *
 *   press left|right|scroll|reset [SECONDS]     left is the Scroll key, right the Reset key
 *   voltage L1|L2|L3|L VOLT     load L1|L2|L3|L AMPERE [DEGREES]     load auto, voltage auto
 *   power off|on   cover open|close   terminal open|close   magnet on|off
 *   lcd            what the display shows: "1.8.0 012345 kWh"
 *   echo WORD      says WORD: all answers before it were given
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/refmeter.h"

#define WORDS 5

/* Bits of "L1" … "L3", or of all phases for "L"; 0 when it is none. */
static unsigned
phases (const char *word)
{
  if (strcmp (word, "L") == 0)
    return 7;
  return word[0] == 'L' && word[1] >= '1' && word[1] <= '3' && !word[2] ? 1u << (word[1] - '1')
                                                                        : 0;
}

static bool
number (const char *word, double low, double high, double *out)
{
  char *end;
  *out = strtod (word, &end);
  return *word && !*end && *out >= low && *out <= high;
}

static bool
on_off (const char *word, const char *on, const char *off, bool *out)
{
  *out = strcmp (word, on) == 0;
  return *out || strcmp (word, off) == 0;
}

static bool
do_press (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  double seconds = 1;
  bool scroll = strcmp (w[1], "left") == 0 || strcmp (w[1], "scroll") == 0;
  bool reset = strcmp (w[1], "right") == 0 || strcmp (w[1], "reset") == 0;
  (void) reply, (void) cap;
  if (!(scroll || reset) || (*w[2] && !number (w[2], 0, 3600, &seconds)))
    return false;
  r->klass->key (r, scroll ? MW_KEY_SCROLL : MW_KEY_RESET, (uint32_t) seconds);
  return true;
}

static bool
do_voltage (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  double volt;
  unsigned which = phases (w[1]);
  (void) reply, (void) cap;
  if (strcmp (w[1], "auto") == 0) {
    r->override.voltage = 0;
    return true;
  }
  if (!which || !number (w[2], 0, 1000, &volt))
    return false;
  r->override.voltage |= (uint8_t) which;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    if (which >> ph & 1)
      r->override.load.voltage_mv[ph] = (uint32_t) (volt * 1000 + 0.5);
  return true;
}

static bool
do_load (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  double ampere, degrees = 0;
  unsigned which = phases (w[1]);
  (void) reply, (void) cap;
  if (strcmp (w[1], "auto") == 0) {
    r->override.current = r->override.phi = 0;
    return true;
  }
  if (!which || !number (w[2], 0, 1000, &ampere)
      || (*w[3] && !number (w[3], -180, 180, &degrees)))
    return false;
  r->override.current |= (uint8_t) which;
  r->override.phi |= (uint8_t) which;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    if (which >> ph & 1) {
      r->override.load.current_ma[ph] = (uint32_t) (ampere * 1000 + 0.5);
      r->override.load.phi_ddeg[ph] = (int16_t) (degrees * 10);
    }
  return true;
}

static bool
do_power (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  bool on;
  (void) reply, (void) cap;
  if (!on_off (w[1], "on", "off", &on))
    return false;
  mw_meter_power (r->meter, on);
  return true;
}

static bool
do_cover (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  bool open;
  (void) reply, (void) cap;
  if (!on_off (w[1], "open", "close", &open))
    return false;
  mw_meter_cover (r->meter, w[0][0] == 't' ? MW_COVER_TERMINAL : MW_COVER_METER, open);
  return true;
}

static bool
do_magnet (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  bool on;
  (void) reply, (void) cap;
  if (!on_off (w[1], "on", "off", &on))
    return false;
  mw_meter_magnet (r->meter, on);
  return true;
}

static bool
do_lcd (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  (void) w;
  r->klass->lcd (r, reply, cap);
  return true;
}

/* So that who reads the answers knows that all before this one were given. */
static bool
do_echo (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  (void) r;
  snprintf (reply, cap, "%s", w[1]);
  return true;
}

bool
mw_ref_command (mw_ref *r, const char *line, char *reply, size_t cap)
{
  static const struct {
    const char *name;
    bool (*perform) (mw_ref *r, char *const *w, char *reply, size_t cap);
  } table[] = {
    { "press", do_press },   { "voltage", do_voltage }, { "load", do_load },
    { "power", do_power },   { "cover", do_cover },     { "terminal", do_cover },
    { "magnet", do_magnet }, { "lcd", do_lcd },         { "echo", do_echo },
  };
  char text[WORDS][32] = { "" };
  char *words[WORDS];
  int n =
      sscanf (line, "%31s %31s %31s %31s %31s", text[0], text[1], text[2], text[3], text[4]);
  for (int i = 0; i < WORDS; i++)
    words[i] = text[i];
  reply[0] = '\0';
  for (size_t i = 0; n > 0 && i < sizeof table / sizeof table[0]; i++)
    if (strcmp (table[i].name, words[0]) == 0)
      return table[i].perform (r, words, reply, cap);
  if (n > 0 && r->klass->command)
    return r->klass->command (r, words, reply, cap);
  return n <= 0; /* an empty line is nothing */
}
