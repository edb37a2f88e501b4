/* test-kcutoff.c: the breaker of the Kamstrup meters against the OMNIPOWER technical
 * description 4.8 (Tables 18-22, Figures 19 and 20) and the METERTOOL manual 3.4.3, 3.5.4. */
#include <string.h>

#include "check.h"
#include "core/kamstrup/prepayment.h"

static mw_kcutoff c;
static mw_kcutoff_config cfg;
static mw_kmeasured in;
static mw_kprepayment p;
static mw_kprepayment_config pay;
static int64_t now; /* seconds since the test began */
static bool forbidden;

/* Run so that every step is as long as the modules allow; behind an open breaker nothing
 * flows. */
static mw_kmeasured
through (void)
{
  mw_kmeasured m = in;
  if (!mw_kcutoff_is_closed (&c)) {
    memset (m.current_ma, 0, sizeof m.current_ma);
    m.import_mw = 0;
  }
  return m;
}

static void
run (uint32_t seconds)
{
  while (seconds) {
    mw_kmeasured m = through ();
    uint32_t n = seconds, a = mw_kcutoff_horizon (&c, &cfg, &m);
    uint32_t b =
        mw_kprepayment_horizon (&p, &pay, &m, mw_kcutoff_is_closed (&c), forbidden, now);
    enum mw_kprepayment_wish wish;
    n = a < n ? a : n;
    n = b < n ? b : n;
    wish = mw_kprepayment_step (&p, &pay, &m, mw_kcutoff_is_closed (&c), forbidden, now, n);
    mw_kcutoff_step (&c, &cfg, &m, wish, n);
    now += n;
    seconds -= n;
  }
}

/* The first second at whose end the breaker is as wanted, within MOST; 0: never. */
static uint32_t
until (bool closed, uint32_t most)
{
  for (uint32_t i = 1; i <= most; i++) {
    run (1);
    if (mw_kcutoff_is_closed (&c) == closed)
      return i;
  }
  return 0;
}

static enum mw_err
command (enum mw_kcutoff_command what)
{
  mw_kmeasured m = through ();
  return mw_kcutoff_do (&c, &cfg, &m, what);
}

static enum mw_err
push (void)
{
  mw_kmeasured m = through ();
  return mw_kcutoff_button (&c, &cfg, &m);
}

static unsigned
feedback (unsigned present)
{
  mw_kmeasured m = through ();
  return mw_kcutoff_feedback (&c, &m, present);
}

static void
begin (void)
{
  mw_kcutoff_init (&c);
  memset (&p, 0, sizeof p);
  memset (&pay, 0, sizeof pay);
  cfg = (mw_kcutoff_config){ .button = 3,
                             .current_da = 800,
                             .power_w = 80000,
                             .k = { 10, 10, 10 },
                             .t = { 10, 10, 10 },
                             .short_a = 120,
                             .wait_s = 60,
                             .over_v = 285,
                             .over_s = 1,
                             .back_v = 265,
                             .back_s = 60 };
  in = (mw_kmeasured){ .voltage_mv = { 230000, 230000, 230000 }, .phases = 3 };
  now = 0;
  forbidden = false;
}

static void
amps (double l1, double l2, double l3)
{
  const double a[3] = { l1, l2, l3 };
  for (unsigned ph = 0; ph < 3; ph++)
    in.current_ma[ph] = (uint32_t) (a[ph] * 1000 + 0.5);
}

/* Figure 19: I_d = 20 A; k3 = 1.2, k2 = 1.5, k1 = 2; t1 = 2, t2 = 5, t3 = 20.  Table 20 then
 * asks for more than 24 A for longer than 27 s, 30 A for 7 s, 40 A for 2 s. */
static void
figure19 (void)
{
  begin ();
  cfg.basis = MW_KBASIS_LOAD;
  cfg.current_da = 200;
  cfg.k[0] = 20;
  cfg.k[1] = 15;
  cfg.k[2] = 12;
  cfg.t[0] = 2;
  cfg.t[1] = 5;
  cfg.t[2] = 20;
}

static void
test_delays_by_current (void)
{
  static const struct {
    double ampere;
    uint32_t opens; /* at the end of which second; 0: never */
  } rows[] = { { 24, 0 }, { 24.001, 28 }, { 30, 28 }, { 30.001, 8 },
               { 40, 8 }, { 40.001, 3 },  { 119, 3 }, { 0, 0 } };
  for (unsigned ph = 0; ph < 3; ph++)
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
      figure19 ();
      amps (ph == 0 ? rows[i].ampere : 24, ph == 1 ? rows[i].ampere : 24,
            ph == 2 ? rows[i].ampere : 0);
      CHECK_EQ (until (false, 200), rows[i].opens);
      if (rows[i].opens) {
        CHECK_EQ (c.state, MW_KCS_CUT);
        CHECK_EQ (c.cause, MW_KCC_LOAD);
      }
    }
}

/* The delay must be exceeded without a pause, and by one and the same phase. */
static void
test_delays_begin_anew (void)
{
  figure19 ();
  amps (26, 0, 0);
  run (27);
  CHECK_EQ (mw_kcutoff_shown (&c), MW_KCS_WARNING);
  amps (0, 26, 0);
  run (27);
  CHECK (mw_kcutoff_is_closed (&c));
  amps (0, 20, 0);
  run (1);
  CHECK_EQ (mw_kcutoff_shown (&c), MW_KCS_CONNECTED);
  amps (0, 26, 0);
  CHECK_EQ (until (false, 60), 28);
  figure19 (); /* 3 s above k1 after 5 s above k2: what comes first */
  amps (35, 0, 0);
  run (5);
  amps (45, 0, 0);
  CHECK_EQ (until (false, 60), 3);
  figure19 ();
  cfg.basis = 0; /* no function */
  amps (100, 100, 100);
  run (100000);
  CHECK_EQ (mw_kcutoff_shown (&c), MW_KCS_CONNECTED);
}

static void
test_power (void)
{
  figure19 ();
  cfg.by_power = true;
  cfg.power_w = 10000;
  amps (100, 0, 0); /* the current does not matter now */
  in.import_mw = 12000000;
  CHECK_EQ (until (false, 100), 0);
  in.import_mw = 12000001;
  CHECK_EQ (until (false, 100), 28);
  figure19 ();
  cfg.by_power = true;
  cfg.power_w = 10000;
  in.import_mw = 20000001;
  CHECK_EQ (until (false, 100), 3);
}

/* With all delays 0 the first second decides, and a limit of 0 A forbids any load. */
static void
test_extremes (void)
{
  begin ();
  cfg.basis = MW_KBASIS_LOAD;
  memset (cfg.t, 0, sizeof cfg.t);
  cfg.current_da = 0;
  run (100);
  CHECK (mw_kcutoff_is_closed (&c));
  amps (0, 0, 0.001);
  CHECK_EQ (until (false, 10), 1);
  begin (); /* the longest: 3 × 65535 s */
  cfg.basis = MW_KBASIS_LOAD;
  cfg.t[0] = cfg.t[1] = cfg.t[2] = 65535;
  cfg.current_da = 100;
  cfg.k[0] = cfg.k[1] = 99;
  amps (20, 0, 0);
  run (3 * 65535);
  CHECK (mw_kcutoff_is_closed (&c));
  run (1);
  CHECK (!mw_kcutoff_is_closed (&c));
}

/* Above I_shortcircuit the relays are spared (METERTOOL 3.4.3): delays and commands wait. */
static void
test_short_circuit (void)
{
  figure19 ();
  amps (120.001, 0, 0);
  run (100);
  CHECK (mw_kcutoff_is_closed (&c));
  amps (120, 0, 0);
  CHECK_EQ (until (false, 10), 1);
  figure19 ();
  amps (500, 0, 0);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_OK);
  run (30);
  CHECK (mw_kcutoff_is_closed (&c));
  CHECK (feedback (7) & MW_KFEEDBACK_PENDING);
  amps (10, 0, 0);
  CHECK_EQ (until (false, 10), 1);
  CHECK_EQ (c.state, MW_KCS_COMMAND);
  CHECK (!(feedback (0) & MW_KFEEDBACK_PENDING));
}

static void
test_reconnection (void)
{
  figure19 (); /* automatic: when T_connectwait is over */
  amps (50, 0, 0);
  CHECK_EQ (until (false, 10), 3);
  amps (10, 0, 0);
  CHECK_EQ (until (true, 200), 60);
  cfg.wait_s = 3600;
  amps (50, 0, 0);
  CHECK_EQ (until (false, 10), 3);
  CHECK_EQ (until (true, 4000), 3600);
  figure19 (); /* by push-button, and no sooner */
  cfg.reconnect = MW_KRECONNECT_MANUAL;
  amps (50, 0, 0);
  CHECK_EQ (until (false, 10), 3);
  amps (10, 0, 0);
  run (59);
  CHECK_EQ (push (), MW_ERR_REFUSED);
  run (1);
  CHECK_EQ (push (), MW_OK);
  CHECK (feedback (0) & MW_KFEEDBACK_PENDING);
  CHECK_EQ (until (true, 100), 5); /* the reconnection takes 5 s (4.8.1) */
  run (100000);
  CHECK_EQ (mw_kcutoff_shown (&c), MW_KCS_CONNECTED);
  figure19 (); /* by push-button once it was released */
  cfg.reconnect = MW_KRECONNECT_RELEASED;
  amps (50, 0, 0);
  CHECK_EQ (until (false, 10), 3);
  amps (10, 0, 0);
  run (100);
  CHECK_EQ (push (), MW_ERR_REFUSED);
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_OK);
  CHECK_EQ (c.state, MW_KCS_RELEASED);
  CHECK_EQ (push (), MW_OK);
  CHECK_EQ (until (true, 100), 5);
}

/* METERTOOL 3.5.4, Figures 39-41: enabled, disabled, released; one minute between movements. */
static void
test_commands (void)
{
  begin ();
  CHECK_EQ (feedback (7), 0x1f);
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_ERR_REFUSED); /* there is nothing to release */
  CHECK_EQ (command (MW_KCUT_RECONNECT), MW_OK);
  CHECK_EQ (command ((enum mw_kcutoff_command) 0), MW_ERR_VALUE);
  CHECK_EQ (command ((enum mw_kcutoff_command) 4), MW_ERR_VALUE);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_OK);
  CHECK_EQ (c.state, MW_KCS_COMMAND);
  CHECK_EQ (feedback (0), 0x38);
  CHECK_EQ (feedback (2), 0x2a); /* voltage behind the open breaker: an error */
  run (59);
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_ERR_REFUSED);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_ERR_REFUSED);
  CHECK_EQ (c.lock_s, 1);
  run (1);
  CHECK_EQ (push (), MW_ERR_REFUSED); /* not yet released */
  CHECK_EQ (command (MW_KCUT_RECONNECT), MW_ERR_REFUSED);
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_OK);
  CHECK_EQ (c.state, MW_KCS_RELEASED);
  run (100000);
  CHECK_EQ (c.state, MW_KCS_RELEASED);
  CHECK_EQ (command (MW_KCUT_RECONNECT), MW_OK);
  CHECK_EQ (until (true, 100), 5);
  run (59);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_ERR_REFUSED);
  run (1);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_OK);
  CHECK_EQ (c.count, 2);
  run (60);
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_OK);
  CHECK_EQ (command (MW_KCUT_RECONNECT), MW_OK);
  run (2);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_OK); /* before it has closed */
  run (100);
  CHECK_EQ (c.state, MW_KCS_COMMAND);
}

static void
test_push_button (void)
{
  begin ();
  CHECK_EQ (push (), MW_OK);
  CHECK_EQ (c.state, MW_KCS_BUTTON);
  CHECK_EQ (push (), MW_OK);
  CHECK_EQ (until (true, 100), 5);
  cfg.button = MW_KBUTTON_RECONNECT;
  CHECK_EQ (push (), MW_ERR_REFUSED);
  cfg.button = MW_KBUTTON_DISCONNECT;
  CHECK_EQ (push (), MW_OK);
  CHECK_EQ (push (), MW_ERR_REFUSED);
  run (60);
  CHECK_EQ (command (MW_KCUT_DISCONNECT),
            MW_OK); /* what a person opened, the utility may bar */
  CHECK_EQ (c.state, MW_KCS_COMMAND);
  cfg.button = 3;
  CHECK_EQ (push (), MW_ERR_REFUSED);
}

/* Figure 20: disconnect at 270 V over 2 s, reconnect at 260 V over 5 s. */
static void
test_figure_20 (void)
{
  static const struct {
    uint32_t seconds, volts;
    bool closed; /* at the end of it */
  } curve[] = {
    { 10, 230, true }, { 2, 269, true },   { 1, 280, true },  { 1, 259, true }, /* mean 269.5 */
    { 2, 271, false }, { 10, 265, false }, { 4, 258, false }, { 1, 268, true }, /* mean 260 */
    { 2, 270, true },  { 2, 290, false },  { 5, 230, true },
  };
  begin ();
  cfg.basis = MW_KBASIS_VOLTAGE;
  cfg.over_v = 270;
  cfg.over_s = 2;
  cfg.back_v = 260;
  cfg.back_s = 5;
  for (size_t i = 0; i < sizeof curve / sizeof *curve; i++) {
    in.voltage_mv[1] = curve[i].volts * 1000; /* one phase is enough */
    run (curve[i].seconds);
    CHECK_EQ (mw_kcutoff_is_closed (&c), curve[i].closed);
  }
  CHECK_EQ (c.count, 2);
  CHECK_EQ (c.cause, MW_KCC_VOLTAGE);
  cfg.basis = 0; /* the default: deactivated */
  in.voltage_mv[1] = 320000;
  run (10000);
  CHECK (mw_kcutoff_is_closed (&c));
}

/* Blocks of the longest sample times; and a reconnection sooner than 5 s there is not. */
static void
test_sample_times (void)
{
  begin ();
  cfg.basis = MW_KBASIS_VOLTAGE;
  cfg.over_s = cfg.back_s = 3600;
  in.voltage_mv[0] = 285001;
  CHECK_EQ (until (false, 10000), 3600);
  in.voltage_mv[0] = 265001;
  CHECK_EQ (until (true, 8000), 0);
  in.voltage_mv[0] = 265000;
  run (800); /* mixed block: its mean is above */
  CHECK_EQ (until (true, 8000), 4 * 3600 - 8000 - 800);
  begin ();
  cfg.basis = MW_KBASIS_VOLTAGE;
  cfg.back_s = 1;
  in.voltage_mv[0] = 300000;
  CHECK_EQ (until (false, 10), 1);
  in.voltage_mv[0] = 230000;
  CHECK_EQ (until (true, 10), 5);
  begin (); /* all phases must be back */
  cfg.basis = MW_KBASIS_VOLTAGE;
  cfg.back_s = 10;
  in.voltage_mv[0] = in.voltage_mv[2] = 300000;
  run (1);
  in.voltage_mv[0] = 230000;
  run (100);
  CHECK (!mw_kcutoff_is_closed (&c));
  CHECK_EQ (push (), MW_ERR_REFUSED); /* not against the voltage */
  in.voltage_mv[2] = 230000;
  CHECK_EQ (until (true, 100), 10);
}

/* 10 kW: a kWh lasts 360 s. */
static void
prepaid (unsigned days, uint32_t exception_w)
{
  begin ();
  cfg.basis = MW_KBASIS_PREPAYMENT;
  pay = (mw_kprepayment_config){
    .enabled = true, .by_power = true, .power_w = exception_w, .days = (uint8_t) days
  };
  in.import_mw = 10000000;
}

static void
test_prepayment (void)
{
  prepaid (0, 0);
  run (3600); /* it begins with the first kWh */
  CHECK (mw_kcutoff_is_closed (&c));
  CHECK_EQ (mw_kprepayment_state_of (&p, &pay, now), MW_KPP_EMPTY);
  CHECK_EQ (mw_kprepayment_add (&p, 3000000), MW_OK); /* 3 kWh, METERTOOL Figure 53 */
  run (540);
  CHECK_EQ (p.paid_mws / 3600, 1500000);
  CHECK_EQ (until (false, 2000), 540);
  CHECK_EQ (c.state, MW_KCS_PREPAYMENT);
  CHECK_EQ (p.used_mws, 0);
  run (100);
  CHECK_EQ (push (), MW_ERR_REFUSED); /* no exception is configured */
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_OK);
  CHECK_EQ (command (MW_KCUT_RECONNECT), MW_ERR_REFUSED);
  CHECK_EQ (command (MW_KCUT_DISCONNECT), MW_OK);
  run (100);
  CHECK_EQ (c.state, MW_KCS_COMMAND); /* what is cut by command needs a command */
  prepaid (0, 0);
  CHECK_EQ (mw_kprepayment_add (&p, 1000), MW_OK); /* 1 Wh: 0.36 s at 10 kW */
  CHECK_EQ (until (false, 2000), 1);
  CHECK_EQ (p.used_mws, 10000000 - 3600000);
  run (60);
  CHECK_EQ (mw_kprepayment_add (&p, 10000), MW_OK);
  CHECK_EQ (p.paid_mws, 36000000 - 6400000);
  CHECK_EQ (until (true, 100), 1); /* credit is restored: by itself, and waited long enough */
  prepaid (0, 0);
  cfg.reconnect = MW_KRECONNECT_MANUAL;
  mw_kprepayment_add (&p, 1000);
  CHECK_EQ (until (false, 2000), 1);
  mw_kprepayment_add (&p, 1000000);
  run (1000);
  CHECK_EQ (c.state, MW_KCS_PREPAYMENT);
  CHECK_EQ (push (), MW_OK);
  CHECK_EQ (until (true, 100), 5);
}

/* 4.8.14: a small load for some days, counted in the credit register. */
static void
test_exception (void)
{
  prepaid (2, 500);
  mw_kprepayment_add (&p, 1000000);
  CHECK_EQ (until (false, 2000), 360);
  CHECK_EQ (mw_kprepayment_state_of (&p, &pay, now), MW_KPP_LIMITED);
  CHECK_EQ (mw_kprepayment_days_left (&p, &pay, now), 2);
  run (60);
  in.import_mw = 500000;
  CHECK_EQ (push (), MW_OK);
  CHECK_EQ (until (true, 10), 5);
  run (3600);
  CHECK (mw_kcutoff_is_closed (&c));
  CHECK_EQ (p.used_mws / 3600, 500000); /* 0.5 kWh */
  in.import_mw = 500001;                /* above the limit: at once */
  CHECK_EQ (until (false, 10), 1);
  CHECK_EQ (c.state, MW_KCS_PREPAYMENT);
  in.import_mw = 400000;
  run (60);
  CHECK_EQ (push (), MW_OK);
  run (5);
  CHECK (mw_kcutoff_is_closed (&c));
  CHECK (until (false, 200000) > 0);
  CHECK_EQ (now, 360 + 2 * 86400); /* two days after zero */
  CHECK_EQ (c.state, MW_KCS_EXPIRED);
  CHECK_EQ (mw_kprepayment_state_of (&p, &pay, now), MW_KPP_OVER);
  run (100);
  CHECK_EQ (push (), MW_ERR_REFUSED);
  CHECK_EQ (command (MW_KCUT_RELEASE), MW_ERR_REFUSED);
  CHECK_EQ (mw_kprepayment_add (&p, 1000), MW_OK); /* less than what was used */
  run (10);
  CHECK_EQ (c.state, MW_KCS_EXPIRED);
  CHECK_EQ (mw_kprepayment_add (&p, 100000000), MW_OK);
  CHECK_EQ (until (true, 10), 1);
  CHECK_EQ (p.used_mws, 0);
}

/* By current, and as METERTOOL has it for 162 and 382: no cut at zero while the load is small.
 */
static void
test_limited_first (void)
{
  prepaid (1, 0);
  pay.limited_first = true;
  pay.by_power = false;
  pay.current_da = 20;
  mw_kprepayment_add (&p, 1000000);
  amps (2, 2, 2);
  run (360 + 86399);
  CHECK (mw_kcutoff_is_closed (&c));
  run (1);
  CHECK_EQ (c.state, MW_KCS_EXPIRED);
  prepaid (1, 0);
  pay.limited_first = true;
  pay.by_power = false;
  pay.current_da = 20;
  mw_kprepayment_add (&p, 1000000);
  amps (2, 2.001, 2);
  CHECK_EQ (until (false, 1000), 360);
  CHECK_EQ (c.state, MW_KCS_PREPAYMENT);
}

/* On a day or at a time on which it may not: the credit register counts meanwhile. */
static void
test_forbidden_time (void)
{
  prepaid (0, 0);
  mw_kprepayment_add (&p, 1000000);
  forbidden = true;
  run (720);
  CHECK (mw_kcutoff_is_closed (&c));
  CHECK_EQ (mw_kprepayment_state_of (&p, &pay, now), MW_KPP_ZERO);
  CHECK_EQ (p.used_mws / 3600, 1000000);
  forbidden = false;
  CHECK_EQ (until (false, 10), 1);
  CHECK_EQ (c.state, MW_KCS_PREPAYMENT);
  prepaid (0, 0);
  mw_kprepayment_add (&p, 1000000);
  forbidden = true;
  run (360);
  in.import_mw = 0; /* nothing is drawn when the time comes */
  run (100);
  forbidden = false;
  run (3600);
  CHECK_EQ (c.lock_s, 0);
  CHECK_EQ (c.wait_s, 0);
  CHECK_EQ (c.state, MW_KCS_PREPAYMENT);
}

static void
test_prepayment_limits (void)
{
  const int64_t most = INT64_C (9999999) * 1000000; /* 9 999 999 kWh in 0.001 Wh */
  prepaid (0, 0);
  CHECK_EQ (mw_kprepayment_add (&p, 0), MW_ERR_VALUE);
  CHECK_EQ (mw_kprepayment_add (&p, -1), MW_ERR_VALUE);
  CHECK_EQ (mw_kprepayment_add (&p, most + 1), MW_ERR_VALUE);
  CHECK_EQ (mw_kprepayment_add (&p, most), MW_OK);
  CHECK_EQ (mw_kprepayment_add (&p, 1), MW_ERR_VALUE);
  CHECK_EQ (p.paid_mws / 3600, most);
}

/* Whatever the lengths of the steps. */
static void
test_any_split (void)
{
  static const double loads[] = { 0, 10, 25, 31, 45, 130, 22 };
  uint32_t x = 1;
  for (unsigned round = 0; round < 30; round++) {
    mw_kcutoff whole;
    mw_kprepayment paid;
    for (unsigned pass = 0; pass < 2; pass++) {
      x = round + 1;
      figure19 ();
      cfg.basis = 7;
      cfg.over_s = 7;
      cfg.back_s = 11;
      pay = (mw_kprepayment_config){
        .enabled = true, .by_power = true, .power_w = 3000, .days = 1
      };
      mw_kprepayment_add (&p, 200000);
      for (unsigned i = 0; i < 40; i++) {
        uint32_t seconds;
        x = x * 1664525u + 1013904223u;
        seconds = 1 + (x >> 8) % 97;
        amps (loads[(x >> 16) % 7], 0, 0);
        in.import_mw = in.current_ma[0] * 230;
        in.voltage_mv[2] = 230000 + (x >> 20) % 60000;
        for (uint32_t s = 0; pass && s < seconds; s++)
          run (1);
        if (!pass)
          run (seconds);
        if ((x >> 12) % 5 == 0)
          push ();
        if ((x >> 12) % 7 == 0)
          command ((enum mw_kcutoff_command) (1 + (x >> 24) % 3));
      }
      if (!pass) {
        whole = c;
        paid = p;
      }
    }
    CHECK_MEM (&c, sizeof c, &whole, sizeof whole);
    CHECK_MEM (&p, sizeof p, &paid, sizeof paid);
    CHECK (c.count > 0);
  }
}

static void
test_dark (void)
{
  figure19 ();
  amps (26, 0, 0);
  run (20);
  mw_kcutoff_dark (&c, 1); /* the delay begins anew */
  CHECK_EQ (until (false, 100), 28);
  mw_kcutoff_dark (&c, 50); /* the wait goes on */
  CHECK_EQ (until (true, 100), 10);
}

CHECK_MAIN (test_delays_by_current, test_delays_begin_anew, test_power, test_extremes,
            test_short_circuit, test_reconnection, test_commands, test_push_button,
            test_figure_20, test_sample_times, test_prepayment, test_exception,
            test_limited_first, test_forbidden_time, test_prepayment_limits, test_any_split,
            test_dark)
