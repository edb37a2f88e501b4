/* options.c: see options.h. */
#include "host/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "mw-refmeter --model MODEL [--generation LETTER] [--type-number TEXT]\n"
    "             [--serial TEXT] [--password TEXT]\n"
    "  ports      --optical PATH  --module PATH  --tcp PORT [--tcp-framing "
    "wrapper|hdlc|iec|kmp]\n"
    "             --modem PATH [--modem-signal N] [--modem-pin PIN] [--modem-number NUMBER]\n"
    "             [--modem-call answer|busy|no-carrier|no-dialtone|no-answer|nothing]\n"
    "             [--listen ADDRESS]  [--count N]  [--address N]\n"
    "  life       [--clock ISO-TIME] [--speed FACTOR] [--history 90d] [--seed N]\n"
    "             [--scenario FILE|household|pv|workshop|idle] [--nvm FILE]\n"
    "             [--power-cut-after N]\n"
    "  the line   [--line-timing] [--noise BER] [--drop P] [--echo]\n"
    "Prints one JSON line when the ports are open. Reads commands from standard input:\n"
    "  press left|right [SECONDS], voltage L1 260, load L1 5 [DEGREES], power off|on,\n"
    "  cover open|close, terminal open|close, magnet on|off, lcd, echo WORD; and of a\n"
    "  Kamstrup meter input 1|2 on|off, pulses 1|2 N, transient VOLT MS,\n"
    "  dump, log NUMBER\n";

enum {
  OPT_MODEL = 1,
  OPT_GENERATION,
  OPT_TYPE,
  OPT_ADDRESS,
  OPT_SERIAL,
  OPT_PASSWORD,
  OPT_OPTICAL,
  OPT_MODULE,
  OPT_MODEM,
  OPT_MODEM_SIGNAL,
  OPT_MODEM_PIN,
  OPT_MODEM_NUMBER,
  OPT_MODEM_CALL,
  OPT_TCP,
  OPT_FRAMING,
  OPT_LISTEN,
  OPT_COUNT,
  OPT_CLOCK,
  OPT_SPEED,
  OPT_HISTORY,
  OPT_SCENARIO,
  OPT_SEED,
  OPT_NVM,
  OPT_CUT,
  OPT_TIMING,
  OPT_NOISE,
  OPT_DROP,
  OPT_ECHO,
  OPT_HELP,
};

static const struct option table[] = {
  { "model", required_argument, NULL, OPT_MODEL },
  { "generation", required_argument, NULL, OPT_GENERATION },
  { "type-number", required_argument, NULL, OPT_TYPE },
  { "address", required_argument, NULL, OPT_ADDRESS },
  { "serial", required_argument, NULL, OPT_SERIAL },
  { "password", required_argument, NULL, OPT_PASSWORD },
  { "optical", required_argument, NULL, OPT_OPTICAL },
  { "module", required_argument, NULL, OPT_MODULE },
  { "modem", required_argument, NULL, OPT_MODEM },
  { "modem-signal", required_argument, NULL, OPT_MODEM_SIGNAL },
  { "modem-pin", required_argument, NULL, OPT_MODEM_PIN },
  { "modem-number", required_argument, NULL, OPT_MODEM_NUMBER },
  { "modem-call", required_argument, NULL, OPT_MODEM_CALL },
  { "tcp", required_argument, NULL, OPT_TCP },
  { "tcp-framing", required_argument, NULL, OPT_FRAMING },
  { "listen", required_argument, NULL, OPT_LISTEN },
  { "count", required_argument, NULL, OPT_COUNT },
  { "clock", required_argument, NULL, OPT_CLOCK },
  { "speed", required_argument, NULL, OPT_SPEED },
  { "history", required_argument, NULL, OPT_HISTORY },
  { "scenario", required_argument, NULL, OPT_SCENARIO },
  { "seed", required_argument, NULL, OPT_SEED },
  { "nvm", required_argument, NULL, OPT_NVM },
  { "power-cut-after", required_argument, NULL, OPT_CUT },
  { "line-timing", no_argument, NULL, OPT_TIMING },
  { "noise", required_argument, NULL, OPT_NOISE },
  { "drop", required_argument, NULL, OPT_DROP },
  { "echo", no_argument, NULL, OPT_ECHO },
  { "help", no_argument, NULL, OPT_HELP },
  { NULL, 0, NULL, 0 },
};

static bool
real (const char *text, double low, double high, double *out)
{
  char *end;
  *out = strtod (text, &end);
  return end != text && !*end && *out >= low && *out <= high;
}

static bool
whole (const char *text, double high, double *out)
{
  return real (text, 0, high, out) && *out == (double) (uint64_t) *out;
}

/* TEXT of the characters in ALLOWED, when it fits. */
static bool
copy (char *to, size_t cap, const char *text, const char *allowed)
{
  size_t n = strlen (text);
  if (n == 0 || n >= cap || strspn (text, allowed) != n)
    return false;
  memcpy (to, text, n + 1);
  return true;
}

static bool
take_text (mw_host_options *o, int option, const char *text)
{
  switch (option) {
  case OPT_MODEL:
    o->meter.model = text;
    break;
  case OPT_GENERATION:
    o->meter.generation = text;
    break;
  case OPT_TYPE:
    o->meter.type_number = text;
    break;
  case OPT_SERIAL:
    o->meter.serial = text;
    break;
  case OPT_PASSWORD:
    o->meter.password = text;
    return text[0] != '\0';
  case OPT_OPTICAL:
    o->terminal[MW_REF_OPTICAL] = text;
    break;
  case OPT_MODULE:
    o->terminal[MW_REF_MODULE] = text;
    break;
  case OPT_MODEM:
    o->modem = text;
    break;
  case OPT_MODEM_PIN:
    return copy (o->network.pin, sizeof o->network.pin, text, "0123456789");
  case OPT_MODEM_NUMBER:
    return copy (o->network.number, sizeof o->network.number, text, "+0123456789*#");
  case OPT_MODEM_CALL:
    return mw_host_modem_outcome (text, &o->network.outcome);
  case OPT_LISTEN:
    o->listen = text;
    break;
  case OPT_SCENARIO:
    o->meter.scenario = text;
    break;
  case OPT_NVM:
    o->meter.nvm = text;
    break;
  default:
    return false;
  }
  return true;
}

static bool
take (mw_host_options *o, int option, const char *text)
{
  double v = 0;
  bool ok = true;
  switch (option) {
  case OPT_TCP:
    ok = whole (text, 65535, &v);
    o->tcp = (int) v;
    return ok;
  case OPT_FRAMING:
    return mw_ref_framing (text, &o->framing);
  case OPT_ADDRESS:
    ok = whole (text, 63, &v);
    o->meter.address = (int) v;
    return ok;
  case OPT_COUNT:
    ok = whole (text, 1000, &v) && v >= 1;
    o->count = (unsigned) v;
    return ok;
  case OPT_MODEM_SIGNAL:
    ok = whole (text, 99, &v);
    o->network.signal = (uint8_t) v;
    return ok;
  case OPT_CLOCK:
    return mw_ref_parse_time (text, &o->meter.clock_utc);
  case OPT_SPEED:
    return real (text, 0.001, 1e6, &o->meter.speed);
  case OPT_HISTORY:
    return mw_ref_parse_duration (text, &o->meter.history_s);
  case OPT_SEED:
    ok = whole (text, 4294967295.0, &v);
    o->meter.seed = (uint32_t) v;
    return ok;
  case OPT_CUT:
    ok = whole (text, 1e15, &v) && v >= 1;
    o->meter.power_cut_after = (uint64_t) v;
    return ok;
  case OPT_TIMING:
    return o->wire.timing = true;
  case OPT_ECHO:
    return o->wire.echo = true;
  case OPT_NOISE:
    return real (text, 0, 1, &o->wire.noise);
  case OPT_DROP:
    return real (text, 0, 1, &o->wire.drop);
  default:
    return take_text (o, option, text);
  }
}

/* What does not go together, as a sentence; NULL: all is well. */
static const char *
wrong (const mw_host_options *o)
{
  if (!o->meter.model)
    return "--model is needed";
  if (!mw_ref_class_of (o->meter.model))
    return NULL; /* said with its name */
  bool terminal = o->terminal[MW_REF_OPTICAL] || o->terminal[MW_REF_MODULE] || o->modem;
  if (!terminal && o->tcp < 0)
    return "a port is needed: --optical, --module, --modem or --tcp";
  if ((o->terminal[MW_REF_OPTICAL] || o->modem) && o->count > 1)
    return "several meters have no optical port or modem in common: --tcp or --module";
  if (o->terminal[MW_REF_MODULE] && o->count > 1 && o->meter.address < 0)
    return "several meters on one --module need addresses: --address of the first, the others "
           "count up";
  if (o->framing != MW_N_REF_PORTS && o->tcp < 0)
    return "--tcp-framing says how --tcp speaks, and there is no --tcp";
  if (o->terminal[MW_REF_OPTICAL] && o->terminal[MW_REF_MODULE]
      && strcmp (o->terminal[MW_REF_OPTICAL], o->terminal[MW_REF_MODULE]) == 0)
    return "--optical and --module need paths of their own";
  if (o->wire.echo && !terminal)
    return "--echo is what an optical head does: --optical";
  return NULL;
}

static int
check (mw_host_options *o, int argc, char **argv)
{
  const mw_ref_class *klass = mw_ref_class_of (o->meter.model);
  const char *why = wrong (o);
  char models[256];
  mw_ref_models (models, sizeof models);
  if (optind < argc)
    fprintf (stderr, "mw-refmeter: %s belongs to no option; --help lists them\n", argv[optind]);
  else if (why)
    fprintf (stderr, "mw-refmeter: %s; --help lists all options\n", why);
  else if (!klass)
    fprintf (stderr, "mw-refmeter: there is no model %s here; there are %s\n", o->meter.model,
             models);
  if (optind < argc || why || !klass)
    return 1;
  if (o->framing == MW_N_REF_PORTS)
    (void) mw_ref_framing (klass->framing, &o->framing);
  o->wire.strict = klass->strict;
  return 0;
}

int
mw_host_options_parse (mw_host_options *o, int argc, char **argv)
{
  int option;
  *o = (mw_host_options){ .meter = { .clock_utc = INT64_MIN, .address = -1 },
                          .tcp = -1,
                          .network = { .signal = 21, .registration = 1, .dial_ms = 300 },
                          .framing = MW_N_REF_PORTS, /* the model's */
                          .listen = "127.0.0.1",
                          .count = 1 };
  while ((option = getopt_long (argc, argv, "", table, NULL)) != -1) {
    if (option == OPT_HELP) {
      char models[256];
      mw_ref_models (models, sizeof models);
      printf ("%sModels: %s\n", help, models);
      return -1;
    }
    if (option == '?') {
      fprintf (stderr, "mw-refmeter: --help lists the options\n");
      return 1;
    }
    if (!take (o, option, optarg)) {
      fprintf (stderr, "mw-refmeter: --%s does not take %s\n", table[option - 1].name, optarg);
      return 1;
    }
  }
  return check (o, argc, argv);
}
