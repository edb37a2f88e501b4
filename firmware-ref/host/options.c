/* options.c: see options.h. */
#include "host/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "mw-refmeter --model me381|mt381 [--serial TEXT] [--password TEXT]\n"
    "  ports      --optical PATH  --tcp PORT [--tcp-framing wrapper|hdlc|iec]\n"
    "             [--listen ADDRESS]  [--count N]\n"
    "  life       [--clock ISO-TIME] [--speed FACTOR] [--history 90d] [--seed N]\n"
    "             [--scenario FILE|household|pv|workshop|idle] [--nvm FILE]\n"
    "             [--power-cut-after N]\n"
    "  the line   [--line-timing] [--noise BER] [--drop P]\n"
    "Prints one JSON line when the ports are open. Reads commands from standard input:\n"
    "  press left|right [SECONDS], voltage L1 260, load L1 5 [DEGREES], power off|on,\n"
    "  cover open|close, terminal open|close, magnet on|off, lcd\n";

enum {
  OPT_MODEL = 1,
  OPT_SERIAL,
  OPT_PASSWORD,
  OPT_OPTICAL,
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
  OPT_HELP,
};

static const struct option table[] = {
  { "model", required_argument, NULL, OPT_MODEL },
  { "serial", required_argument, NULL, OPT_SERIAL },
  { "password", required_argument, NULL, OPT_PASSWORD },
  { "optical", required_argument, NULL, OPT_OPTICAL },
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

static bool
framing (mw_host_options *o, const char *text)
{
  static const struct {
    const char *name;
    enum mw_port_kind kind;
  } names[] = { { "wrapper", MW_PORT_WRAPPER },
                { "hdlc", MW_PORT_HDLC },
                { "iec", MW_PORT_IEC } };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp (names[i].name, text) == 0) {
      o->framing = names[i].kind;
      o->framing_name = names[i].name;
      return true;
    }
  return false;
}

static bool
take_text (mw_host_options *o, int option, const char *text)
{
  switch (option) {
  case OPT_MODEL:
    o->meter.model = text;
    break;
  case OPT_SERIAL:
    o->meter.serial = text;
    break;
  case OPT_PASSWORD:
    o->meter.password = text;
    return strlen (text) >= 1 && strlen (text) <= MW_PASSWORD_MAX;
  case OPT_OPTICAL:
    o->optical = text;
    break;
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
    return framing (o, text);
  case OPT_COUNT:
    ok = whole (text, 1000, &v) && v >= 1;
    o->count = (unsigned) v;
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
  case OPT_NOISE:
    return real (text, 0, 1, &o->wire.noise);
  case OPT_DROP:
    return real (text, 0, 1, &o->wire.drop);
  default:
    return take_text (o, option, text);
  }
}

int
mw_host_options_parse (mw_host_options *o, int argc, char **argv)
{
  int option;
  *o = (mw_host_options){ .meter = { .clock_utc = INT64_MIN },
                          .tcp = -1,
                          .framing = MW_PORT_WRAPPER,
                          .framing_name = "wrapper",
                          .listen = "127.0.0.1",
                          .count = 1 };
  while ((option = getopt_long (argc, argv, "", table, NULL)) != -1) {
    if (option == OPT_HELP) {
      fputs (help, stdout);
      return -1;
    }
    if (option == '?' || !take (o, option, optarg)) {
      if (option != '?')
        fprintf (stderr, "mw-refmeter: --%s does not take %s\n", table[option - 1].name,
                 optarg);
      fputs (help, stderr);
      return 1;
    }
  }
  if (optind < argc || !o->meter.model || (!o->optical && o->tcp < 0)) {
    fprintf (stderr, "mw-refmeter: --model and a port (--optical or --tcp) are needed\n%s",
             help);
    return 1;
  }
  if (o->optical && o->count > 1) {
    fprintf (stderr, "mw-refmeter: several meters have no optical port in common: --tcp\n");
    return 1;
  }
  return 0;
}
