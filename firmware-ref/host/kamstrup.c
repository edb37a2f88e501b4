/* kamstrup.c: the meters of Kamstrup as a class of reference meters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/refmeter.h"
#include "models/kamstrup/kamstrup.h"

typedef struct kamstrup {
  mw_kmeter meter;
  mw_kamstrup model;
} kamstrup;

static bool
knows (const char *model)
{
  return mw_kpersonality_find (model, '\0', 0) >= 0;
}

/* The personalities of a model stand together. */
static const char *
name (unsigned i)
{
  const char *before = "";
  for (unsigned p = 0; p < mw_n_kpersonalities; p++) {
    const char *model = mw_kpersonalities[p].model;
    if (strcmp (model, before) != 0 && i-- == 0)
      return model;
    before = model;
  }
  return NULL;
}

static unsigned
phases (const char *model)
{
  return mw_kpersonalities[mw_kpersonality_find (model, '\0', 0)].phases;
}

/* --- which one ------------------------------------------------------------------------------
 */

/* "J", and of OMNIPOWER the variant: "1", "2", "N2". */
static int
personality_of (const char *model, const char *generation)
{
  const char *text = generation ? generation : "";
  char letter = '\0';
  unsigned variant = 0;
  if (*text >= 'A' && *text <= 'Z')
    letter = *text++;
  else if (*text >= 'a' && *text <= 'z')
    letter = (char) (*text++ - 'a' + 'A');
  if (*text >= '1' && *text <= '9')
    variant = (unsigned) (*text++ - '0');
  return *text ? -1 : mw_kpersonality_find (model, letter, variant);
}

/* "B, C, D" */
static void
generations (const char *model, char *out, size_t cap)
{
  size_t n = 0;
  out[0] = '\0';
  for (unsigned i = 0; i < mw_n_kpersonalities && n < cap; i++) {
    const mw_kpersonality *p = &mw_kpersonalities[i];
    char variant[2] = { p->variant ? (char) ('0' + p->variant) : '\0', '\0' };
    if (strcmp (p->model, model) == 0)
      n +=
          (size_t) snprintf (out + n, cap - n, "%s%c%s", n ? ", " : "", p->generation, variant);
  }
}

static bool
digits (const char *text, unsigned long long most, uint32_t *out)
{
  char *end;
  unsigned long long n = strtoull (text, &end, 10);
  *out = (uint32_t) n;
  return text[0] >= '0' && text[0] <= '9' && !*end && n <= most;
}

/* What is wrong with the options, in WHY; else CONFIG is filled in. */
static bool
check (const mw_ref_options *o, const char *serial, mw_kamstrup_config *config, char *why,
       size_t cap)
{
  char list[200];
  uint32_t password = MW_KMP_PIN;
  const char *wrong = NULL, *other = NULL;
  int personality = personality_of (o->model, o->generation);
  if (personality < 0) {
    generations (o->model, list, sizeof list);
    snprintf (why, cap, "there is no %s of generation %s here; there are %s", o->model,
              o->generation, list);
    return false;
  }
  if (!digits (serial, UINT32_MAX, &config->serial))
    wrong = "the serial number of a Kamstrup meter is a number up to 4294967295";
  else if (o->password && !digits (o->password, 65535, &password))
    wrong = "the password of a Kamstrup meter is a number from 0 to 65535";
  else if (o->type_number)
    personality = mw_kamstrup_of_type ((unsigned) personality, o->type_number, &other);
  if (personality < 0)
    wrong = other;
  config->personality = (unsigned) personality;
  config->type_number = o->type_number;
  config->password = (uint16_t) password;
  config->address = (uint8_t) (o->address < 0 ? MW_KMP_METER : o->address + (int) o->index);
  if (config->address > MW_KMP_BUS_MAX)
    wrong = "addresses of KMP go from 0 to 63, and these go beyond";
  if (wrong)
    snprintf (why, cap, "%s", wrong);
  return !wrong;
}

/* --- life -----------------------------------------------------------------------------------
 */

static bool
build (mw_ref *r, const mw_ref_options *o, const char *serial, char *why, size_t cap)
{
  mw_kamstrup_config config = { .nvm = &r->nvm.nvm };
  if (!check (o, serial, &config, why, cap))
    return false;
  kamstrup *own = r->own = calloc (1, sizeof *own);
  if (!own) {
    snprintf (why, cap, "out of memory");
    return false;
  }
  r->meter = &own->meter.m;
  r->model = mw_kpersonalities[config.personality].model;
  if (mw_kamstrup_init (&own->model, &own->meter, &config) != MW_OK) {
    snprintf (why, cap, "the model cannot be made");
    return false;
  }
  const mw_kpersonality *p = mw_kamstrup_personality (&own->model);
  char variant[2] = { p->variant ? (char) ('0' + p->variant) : '\0', '\0' };
  snprintf (r->generation, sizeof r->generation, "%c%s", p->generation, variant);
  snprintf (r->type_number, sizeof r->type_number, "%.*s", (int) sizeof own->model.kept.type,
            (const char *) own->model.kept.type);
  return true;
}

static bool
fits (const mw_ref *r)
{
  const kamstrup *own = r->own;
  return mw_kamstrup_fits (&own->model);
}

static enum mw_err
start (mw_ref *r, int64_t utc)
{
  kamstrup *own = r->own;
  return mw_kmeter_start (&own->meter, utc);
}

static void
stop (mw_ref *r)
{
  kamstrup *own = r->own;
  mw_kmeter_stop (&own->meter);
}

/* --- a person -------------------------------------------------------------------------------
 */

/* The left button shows the next reading; held for six seconds it sets the trip register that
 * is shown to zero (OMNIPOWER technical description Table 5), else it is the breaker's (4.8.2).
 */
static void
key (mw_ref *r, enum mw_key which, uint32_t seconds)
{
  kamstrup *own = r->own;
  mw_kmeter *k = &own->meter;
  mw_kview view;
  mw_kdisplay_now (k, &view);
  if (which == MW_KEY_RESET || seconds < MW_KBUTTON_S)
    mw_kdisplay_push (k, which == MW_KEY_RESET);
  else if (view.id >= MW_KV_A14_TRIP && view.id < MW_KV_A14_TRIP + MW_N_KTARIFFED)
    mw_kenergy_reset_trip (k, (enum mw_kquantity) (view.id - MW_KV_A14_TRIP));
  else
    (void) mw_kmeter_hold_button (k, seconds);
}

static void
lcd (mw_ref *r, char *reply, size_t cap)
{
  kamstrup *own = r->own;
  mw_kview view;
  mw_kdisplay_now (&own->meter, &view);
  const mw_kvalue_info *info = mw_kvalue_info_of (view.id);
  snprintf (reply, cap, "%s %s%s%s T%u", info ? info->name : "-", view.value,
            view.unit && view.unit[0] ? " " : "", view.unit ? view.unit : "", view.tariff);
}

/* --- what the core holds --------------------------------------------------------------------
 *
 * So that what a port says can be compared with it, as lines:
 *
 *   dump        REGISTER NAME VALUE          every register's value of the core
 *   log NUMBER  ENTRY UTC STATUS NAME=VALUE… every entry of the log with that number of KMP
 *
 * VALUE: NUMBERe-3 with the core's own exponent and the clock status, or "x" and octets.
 */

typedef struct lines {
  char *at;
  size_t left;
} lines;

#define PUT(l, ...) put (l, snprintf ((l)->at, (l)->left, __VA_ARGS__))

static void
put (lines *l, int n)
{
  size_t took = n < 0 ? 0 : (size_t) n < l->left ? (size_t) n : l->left - 1;
  l->at += took;
  l->left -= took;
}

static void
put_value (lines *l, const mw_kvalue *v)
{
  bool octets = v->kind == MW_KVALUE_TEXT || v->kind == MW_KVALUE_OCTETS;
  if (!octets) {
    PUT (l, "%llde%d/%u", (long long) v->number, v->exponent, v->status);
    return;
  }
  PUT (l, "x");
  for (unsigned i = 0; i < v->len; i++)
    PUT (l, "%02x", v->octets[i]);
}

static void
dump (kamstrup *own, lines *l)
{
  const char *between = "";
  for (unsigned i = 0; i < mw_n_kregister_rows; i++, between = "\n") {
    const mw_kregister *reg = &mw_kregister_rows[i];
    const mw_kvalue_info *info = mw_kvalue_info_of (reg->bind);
    mw_kvalue v;
    if (!mw_khas (reg->in, own->model.p) || mw_kamstrup_value (&own->model, reg, &v) != MW_OK)
      continue;
    PUT (l, "%s%x %s ", between, reg->id, info ? info->name : "-");
    put_value (l, &v);
  }
}

static bool
dump_log (kamstrup *own, unsigned number, lines *l)
{
  mw_kmeter *k = &own->meter;
  int log = mw_kamstrup_log (&own->model, mw_klogger_find (own->model.p, (uint8_t) number));
  if (log < 0)
    return false;
  uint32_t oldest = mw_klog_oldest (k, (enum mw_klog) log);
  for (uint32_t id = oldest; id && id <= mw_klog_newest (k, (enum mw_klog) log); id++) {
    mw_kentry e;
    mw_kvalue v;
    if (mw_klog_read (k, (enum mw_klog) log, id, &e) != MW_OK)
      continue;
    PUT (l, "%s%u %lld %u", id == oldest ? "" : "\n", id, (long long) e.time.utc,
         e.time.status);
    for (unsigned i = 0; i < mw_klog_n (k, (enum mw_klog) log); i++) {
      PUT (l, " %s=", mw_kvalue_info_of (mw_klog_column (k, (enum mw_klog) log, i))->name);
      if (mw_kentry_value (k, &e, i, &v) == MW_OK)
        put_value (l, &v);
    }
  }
  return true;
}

/* "input 1|2 on|off", "pulses 1|2 N": at the module's inputs. */
static bool
module_input (mw_kmeter *k, char *const *w)
{
  uint32_t n = 0;
  unsigned port = w[1][0] == '1' ? 0 : 1;
  bool on = strcmp (w[2], "on") == 0;
  if (strcmp (w[1], "1") != 0 && strcmp (w[1], "2") != 0)
    return false;
  if (strcmp (w[0], "pulses") == 0) {
    if (!digits (w[2], 1000000, &n))
      return false;
    mw_kport_pulses (k, port, n);
    return true;
  }
  if (!on && strcmp (w[2], "off") != 0)
    return false;
  mw_kport_input (k, port, on);
  return true;
}

/* "transient VOLT MILLISECONDS": one phase, within this second. */
static bool
transient (mw_kmeter *k, char *const *w)
{
  uint32_t volt, ms;
  if (!digits (w[1], 1000, &volt) || !digits (w[2], 1000, &ms))
    return false;
  mw_kmeter_transient (k, volt * 1000, ms);
  return true;
}

static bool
command (mw_ref *r, char *const *w, char *reply, size_t cap)
{
  kamstrup *own = r->own;
  lines l = { reply, cap };
  uint32_t log;
  if (strcmp (w[0], "dump") == 0) {
    dump (own, &l);
    return true;
  }
  if (strcmp (w[0], "log") == 0)
    return digits (w[1], 255, &log) && dump_log (own, log, &l);
  if (strcmp (w[0], "input") == 0 || strcmp (w[0], "pulses") == 0)
    return module_input (&own->meter, w);
  if (strcmp (w[0], "transient") == 0)
    return transient (&own->meter, w);
  return false;
}

/* --- ways in --------------------------------------------------------------------------------
 */

static const char *
lacks (const mw_ref *r, enum mw_ref_port port)
{
  const kamstrup *own = r->own;
  unsigned speaks = mw_kamstrup_personality (&own->model)->protocols;
  if (port == MW_REF_IEC && !(speaks & MW_KPROTOCOL_IEC))
    return "it does not speak IEC 62056-21; over TCP it speaks kmp";
  if ((port == MW_REF_WRAPPER || port == MW_REF_HDLC) && !(speaks & MW_KPROTOCOL_DLMS))
    return "it does not speak DLMS; over TCP it speaks kmp";
  return NULL;
}

static void
open_port (mw_ref *r, mw_channel *c, enum mw_ref_port port, mw_ms now)
{
  static const enum mw_kport_kind kinds[MW_N_REF_PORTS] = {
    [MW_REF_OPTICAL] = MW_KPORT_AT_HEAD, [MW_REF_MODULE] = MW_KPORT_AT_MODULE,
    [MW_REF_WRAPPER] = MW_KPORT_WRAPPER, [MW_REF_HDLC] = MW_KPORT_HDLC,
    [MW_REF_IEC] = MW_KPORT_IEC,         [MW_REF_KMP] = MW_KPORT_TRANSPARENT
  };
  kamstrup *own = r->own;
  c->klass = &mw_channel_kamstrup;
  mw_kport_init (&c->port.kamstrup, &own->model, kinds[port], now);
}

const mw_ref_class mw_ref_kamstrup = {
  .serial = "17000001",
  .serial_max = 10,
  .nvm = MW_KMETER_NVM,
  .strict = true,
  .framing = "kmp",
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
