/* test-kevents.c: neutral fault (OMNIPOWER technical description 4.9.10, Figures 29 and 30) and
 * the voltage events of 162, 382 and 351B (METERTOOL manual 3.4.6). */
#include <math.h>

#include "check.h"
#include "core/kamstrup/events.h"
#include "core/kamstrup/neutral.h"

static mw_kmeasured in;

static void
volts (double l1, double l2, double l3)
{
  const double u[3] = { l1, l2, l3 };
  in.phases = 3;
  for (unsigned ph = 0; ph < 3; ph++)
    in.voltage_mv[ph] = (uint32_t) lround (u[ph] * 1000);
}

/* Neutral fault. */

static mw_kneutral n;
static mw_kneutral_config nc;

static unsigned
neutral (uint32_t seconds)
{
  unsigned found = 0;
  while (seconds) {
    uint32_t step = mw_kneutral_horizon (&n, &nc, &in);
    step = step < seconds ? step : seconds;
    found += mw_kneutral_step (&n, &nc, &in, step);
    seconds -= step;
  }
  return found;
}

static void
begin_neutral (void)
{
  n = (mw_kneutral){ 0 };
  nc = (mw_kneutral_config){ .high_v = 253, .vn_v = 40, .time_s = 60 };
}

static void
test_neutral_conditions (void)
{
  static const struct {
    double u[3];
    bool fault;
  } rows[] = {
    { { 189.999, 253.001, 253.001 }, true },
    { { 190, 253.001, 253.001 }, false },
    { { 189.999, 253, 253.001 }, false },
    { { 189.999, 253.001, 253 }, false },
    { { 253.001, 189.999, 253.001 }, true },
    { { 253.001, 253.001, 189.999 }, true },
    { { 100, 100, 400 }, false },
    { { 260, 260, 260 }, false },
    { { 180, 180, 180 }, false },
    { { 230, 230, 230 }, false },
    { { 0, 300, 300 }, true },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    begin_neutral ();
    volts (rows[i].u[0], rows[i].u[1], rows[i].u[2]);
    CHECK_EQ (neutral (60), 0); /* a time longer than 60 s */
    CHECK_EQ (neutral (1), rows[i].fault);
    CHECK_EQ (neutral (10000), 0); /* once */
    CHECK_EQ (n.fault, rows[i].fault);
  }
}

/* Figure 30 drawn: all the shifts of the neutral by up to 100 V in every direction, against the
 * three conditions with phase voltages reckoned from the vectors of Figure 29. */
static void
test_figure_30 (void)
{
  unsigned faults = 0;
  for (int x = -100; x <= 100; x += 4)
    for (int y = -100; y <= 100; y += 4) {
      double u[3];
      unsigned high = 0, low = 0;
      for (unsigned ph = 0; ph < 3; ph++) {
        double a = 2 * acos (-1) / 3 * ph;
        u[ph] = hypot (230 * cos (a) - x, 230 * sin (a) - y);
        high += lround (u[ph] * 1000) > 253000;
        low += lround (u[ph] * 1000) < 230000 - 40000;
      }
      begin_neutral ();
      volts (u[0], u[1], u[2]);
      CHECK_EQ (neutral (61), high == 2 && low == 1);
      faults += n.fault;
      if (hypot (x, y) < 23) /* within 23 V no phase can be above 253 V */
        CHECK (!n.fault);
    }
  CHECK (faults > 100);
}

static void
test_neutral_time (void)
{
  begin_neutral ();
  volts (150, 270, 270);
  CHECK_EQ (neutral (60), 0);
  volts (230, 230, 230);
  neutral (1);
  volts (150, 270, 270);
  CHECK_EQ (neutral (60), 0);
  CHECK_EQ (neutral (1), 1);
  volts (230, 230, 230);
  neutral (1);
  CHECK (!n.fault);
  volts (270, 150, 270); /* another one */
  CHECK_EQ (neutral (61), 1);
  begin_neutral ();
  nc.time_s = 3600;
  nc.high_v = 300;
  nc.vn_v = 100;
  volts (129, 301, 301);
  CHECK_EQ (neutral (3600), 0);
  CHECK_EQ (neutral (1), 1);
  begin_neutral ();
  in.phases = 1;
  CHECK_EQ (neutral (1000), 0);
}

/* Voltage events. */

static mw_kvoltage v;
static mw_kvoltage_config vc;
static unsigned changes;

static void
events (uint32_t seconds)
{
  while (seconds) {
    uint32_t step = mw_kvoltage_horizon (&v, &vc, &in);
    step = step < seconds ? step : seconds;
    changes += mw_kvoltage_step (&v, &vc, &in, step);
    seconds -= step;
  }
}

static void
begin_events (void)
{
  v = (mw_kvoltage){ 0 };
  vc = (mw_kvoltage_config){
    .under_percent = 10, .over_percent = 10, .duration_s = 10, .cut_v = 160
  };
  changes = 0;
}

/* 230 V - (0 … 20 %), 230 V + (0 … 20 %). */
static void
test_event_limits (void)
{
  static const struct {
    unsigned percent;
    double low, high;
  } rows[] = { { 0, 230, 230 }, { 1, 227.7, 232.3 }, { 10, 207, 253 }, { 20, 184, 276 } };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    begin_events ();
    vc.under_percent = vc.over_percent = (uint8_t) rows[i].percent;
    volts (rows[i].low, rows[i].high, 230);
    events (1000);
    CHECK_EQ (changes, 0);
    volts (rows[i].low - 0.001, rows[i].high + 0.001, 230);
    events (9);
    CHECK_EQ (v.present, 0);
    events (1);
    CHECK_EQ (v.present, MW_KVE_UNDER | MW_KVE_OVER << 1);
    CHECK_EQ (changes, 1);
    volts (rows[i].low, rows[i].high, 230);
    events (1);
    CHECK_EQ (v.present, 0);
    CHECK_EQ (changes, 2);
  }
}

static void
test_event_duration (void)
{
  begin_events ();
  vc.duration_s = 2550;
  volts (200, 230, 230);
  events (2549);
  volts (230, 230, 230);
  events (1);
  volts (200, 230, 230);
  events (2549);
  CHECK_EQ (changes, 0);
  events (1);
  CHECK_EQ (changes, 1);
}

/* A cut-off is none of the under voltages, takes one second, and the whole meter's is of all
 * phases. */
static void
test_cut_off (void)
{
  begin_events ();
  volts (230, 159.999, 230);
  events (1);
  CHECK_EQ (v.present, MW_KVE_CUT << 1);
  events (1000);
  CHECK_EQ (changes, 1);
  volts (230, 160, 230);
  events (1);
  CHECK_EQ (v.present, 0);
  events (9);
  CHECK_EQ (v.present, MW_KVE_UNDER << 1);
  CHECK (mw_kvoltage_dark (&v, 3));
  CHECK_EQ (v.present, 7);
  CHECK (!mw_kvoltage_dark (&v, 3));
  CHECK (mw_kvoltage_dark (&v, 1));
  CHECK_EQ (v.present, 1);
}

CHECK_MAIN (test_neutral_conditions, test_figure_30, test_neutral_time, test_event_limits,
            test_event_duration, test_cut_off)
