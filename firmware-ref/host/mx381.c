/* mx381.c: the meters ME381 and MT381 as a class of reference meters.  Commands of their own:
 *
 *   battery low|ok|new   fault program|ram|nvm|measurement on|off   input 1|2 on|off
 *   disconnector jam|free   hold scroll|reset   release scroll|reset
 *   mbus 1|2|3|4 plug|unplug|key, value N, status N     a device at that address of the M-Bus
 *   leds           pulses since the meter was made: "active 1200 reactive 310 output 0"
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/refmeter.h"
#include "models/model.h"

typedef struct mx381 {
  mw_meter meter;
  mw_model model;
} mx381;

static bool
knows (const char *model)
{
  enum mw_model_id id;
  return mw_model_by_name (model, &id);
}

static const char *
name (unsigned i)
{
  return i < MW_N_MODELS ? mw_model_name ((enum mw_model_id) i) : NULL;
}

static enum mw_model_id
id_of (const char *model)
{
  enum mw_model_id id = MW_MT381;
  if (model)
    (void) mw_model_by_name (model, &id);
  return id;
}

static unsigned
phases (const char *model)
{
  return mw_model_phases (id_of (model));
}

static bool
build (mw_ref *r, const mw_ref_options *o, const char *serial, char *why, size_t cap)
{
  enum mw_model_id id = id_of (o->model);
  mw_meter_config meter = { &r->nvm.nvm, (uint8_t) mw_model_phases (id), o->seed + o->index };
  mw_model_config model = { id, serial, o->password };
  mx381 *own = NULL;
  r->model = mw_model_name (id);
  if (o->generation || o->type_number)
    snprintf (why, cap, "the %s comes in one generation and type only", r->model);
  else if (o->address >= 0)
    snprintf (why, cap, "the %s has no address of KMP", r->model);
  else if (o->password && strlen (o->password) > MW_PASSWORD_MAX)
    snprintf (why, cap, "the password must have 1 to %d characters", MW_PASSWORD_MAX);
  else if (!(r->own = own = calloc (1, sizeof *own)))
    snprintf (why, cap, "out of memory");
  if (!own)
    return false;
  mw_meter_init (&own->meter, &meter);
  r->meter = &own->meter;
  if (mw_model_init (&own->model, &own->meter, &model) == MW_OK)
    return true;
  snprintf (why, cap, "the model cannot be made");
  return false;
}

static bool
fits (const mw_ref *r)
{
  const mx381 *own = r->own;
  return own->model.kept.model == own->model.id;
}

static enum mw_err
start (mw_ref *r, int64_t utc)
{
  mx381 *own = r->own;
  enum mw_err err = mw_meter_start (&own->meter, utc);
  if (!err)
    mw_model_started (&own->model);
  return err;
}

static void
stop (mw_ref *r)
{
  mw_meter_stop (r->meter);
}

static void
key (mw_ref *r, enum mw_key which, uint32_t seconds)
{
  mw_display_key (r->meter, which, seconds);
}

static void
lcd (mw_ref *r, char *reply, size_t cap)
{
  mw_lcd shown;
  mw_display_show (r->meter, &shown);
  snprintf (reply, cap, "%s %s%s%s", shown.obis, shown.value, shown.unit[0] ? " " : "",
            shown.unit);
}

/* --- what a person does to it ---------------------------------------------------------------
 */

/* WORD is ON or OFF. */
static bool
either (const char *word, const char *on, const char *off, bool *out)
{
  *out = strcmp (word, on) == 0;
  return *out || strcmp (word, off) == 0;
}

static bool
do_battery (mw_ref *r, char *const *w)
{
  bool low;
  if (strcmp (w[1], "new") == 0)
    mw_meter_battery_renewed (r->meter);
  else if (either (w[1], "low", "ok", &low))
    mw_meter_battery (r->meter, low);
  else
    return false;
  return true;
}

static bool
do_fault (mw_ref *r, char *const *w)
{
  static const char *const names[MW_N_FAULTS] = { "program", "ram", "nvm", "measurement" };
  bool on;
  for (unsigned f = 0; f < MW_N_FAULTS; f++)
    if (strcmp (w[1], names[f]) == 0 && either (w[2], "on", "off", &on)) {
      mw_meter_fault (r->meter, (enum mw_fault) f, on);
      return true;
    }
  return false;
}

static bool
do_input (mw_ref *r, char *const *w)
{
  bool on;
  if ((strcmp (w[1], "1") != 0 && strcmp (w[1], "2") != 0) || !either (w[2], "on", "off", &on))
    return false;
  mw_meter_input (r->meter, w[1][0] == '2', on);
  return true;
}

static bool
do_disconnector (mw_ref *r, char *const *w)
{
  bool jammed;
  if (!either (w[1], "jam", "free", &jammed))
    return false;
  mw_meter_jam (r->meter, jammed);
  return true;
}

static bool
do_hold (mw_ref *r, char *const *w)
{
  bool scroll;
  if (!either (w[1], "scroll", "reset", &scroll))
    return false;
  mw_display_hold (r->meter, scroll ? MW_KEY_SCROLL : MW_KEY_RESET, w[0][0] == 'h');
  return true;
}

/* mbus 1|2|3|4 plug|unplug|key | value N | status N: what is wired at that address. */
static bool
do_mbus (mw_ref *r, char *const *w)
{
  mw_model *model = &((mx381 *) r->own)->model;
  char *end = NULL;
  bool plug;
  if (w[1][0] < '1' || w[1][0] > '0' + MW_WIRED || w[1][1])
    return false;
  mw_wired *device = &model->wired[w[1][0] - '1'];
  if (either (w[2], "plug", "unplug", &plug)) {
    if (plug && device->identification == 0) /* a water meter */
      *device = (mw_wired){ .identification = 0x10000000u + (uint32_t) (w[1][0] - '0'),
                            .manufacturer = 0x2e8b,
                            .version = 1,
                            .type = 7 };
    device->present = plug;
    return true;
  }
  if (strcmp (w[2], "key") == 0) {
    mw_model_valve_key (model, (unsigned) (w[1][0] - '0'));
    return true;
  }
  unsigned long n = strtoul (w[3], &end, 0);
  if (!*w[3] || *end || n > UINT32_MAX)
    return false;
  if (strcmp (w[2], "value") == 0)
    device->value = (uint32_t) n;
  else if (strcmp (w[2], "status") == 0 && n < 256)
    device->status = (uint8_t) n;
  else
    return false;
  return true;
}

static bool
command (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  static const struct {
    const char *name;
    bool (*perform) (mw_ref *r, char *const *w);
  } table[] = {
    { "battery", do_battery }, { "fault", do_fault },
    { "input", do_input },     { "disconnector", do_disconnector },
    { "hold", do_hold },       { "release", do_hold },
    { "mbus", do_mbus },
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp (w[0], table[i].name) == 0)
      return table[i].perform (r, w);
  if (strcmp (w[0], "leds") != 0)
    return false;
  snprintf (reply, cap, "active %llu reactive %llu output %llu%s",
            (unsigned long long) mw_pulse_count (r->meter, MW_PULSE_ACTIVE),
            (unsigned long long) mw_pulse_count (r->meter, MW_PULSE_REACTIVE),
            (unsigned long long) mw_pulse_count (r->meter, MW_PULSE_OUTPUT),
            mw_led_is_steady (r->meter) ? " steady" : "");
  return true;
}

static const char *
lacks (const mw_ref *r, enum mw_ref_port port)
{
  (void) r;
  if (port == MW_REF_MODULE)
    return "it has no module port; its ports are --optical and --tcp";
  if (port == MW_REF_KMP)
    return "it does not speak KMP; over TCP it speaks wrapper, hdlc or iec";
  return NULL;
}

static void
open_port (mw_ref *r, mw_channel *c, enum mw_ref_port port, mw_ms now)
{
  static const enum mw_port_kind kinds[MW_N_REF_PORTS] = { [MW_REF_OPTICAL] = MW_PORT_OPTICAL,
                                                           [MW_REF_WRAPPER] = MW_PORT_WRAPPER,
                                                           [MW_REF_HDLC] = MW_PORT_HDLC,
                                                           [MW_REF_IEC] = MW_PORT_IEC };
  mx381 *own = r->own;
  c->klass = &mw_channel_mx381;
  mw_port_init (&c->port.mx381, &own->model, kinds[port], now);
}

const mw_ref_class mw_ref_mx381 = {
  .serial = "REF00001",
  .serial_max = MW_SERIAL_MAX,
  .nvm = MW_METER_NVM,
  .framing = "wrapper",
  .knows = knows,
  .name = name,
  .phases = phases,
  .build = build,
  .fits = fits,
  .start = start,
  .stop = stop,
  .key = key,
  .lcd = lcd,
  .command = command,
  .lacks = lacks,
  .connect = open_port,
};
