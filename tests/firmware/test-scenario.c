/* test-scenario.c: generated loads and the text format. */
#include "rig.h"

#include "core/scenario.h"

static int64_t
local_of (const char *time)
{
  return utc_of (time) + 3600;
}

/* Wh imported and exported in DAYS from TIME on. */
static void
live (enum mw_scenario_kind kind, uint32_t seed, unsigned phases, const char *time,
      unsigned days, int64_t wh[2])
{
  rig *r = rig_new (phases, time);
  mw_scenario s;
  mw_scenario_init (&s, kind, seed, phases);
  mw_scenario_run (&s, &r->m, (uint64_t) days * 86400);
  wh[0] = mw_energy_wh (&r->m, MW_Q_AP, 0);
  wh[1] = mw_energy_wh (&r->m, MW_Q_AM, 0);
  CHECK_EQ (mw_log_count (&r->m, MW_LOG_QUALITY), 0); /* nothing odd in a generated supply */
  rig_free (r);
}

static void
test_generators (void)
{
  int64_t winter[2], summer[2], again[2], other[2], weekend[2];
  live (MW_SCENARIO_HOUSEHOLD, 1, 3, "2026-01-12T00:00:00", 7, winter);
  live (MW_SCENARIO_HOUSEHOLD, 1, 3, "2026-07-13T00:00:00", 7, summer);
  live (MW_SCENARIO_HOUSEHOLD, 1, 3, "2026-07-13T00:00:00", 7, again);
  live (MW_SCENARIO_HOUSEHOLD, 2, 3, "2026-07-13T00:00:00", 7, other);
  CHECK (winter[0] > summer[0] && summer[0] > 40000 && winter[0] < 250000);
  CHECK_EQ (summer[0], again[0]);
  CHECK (summer[0] != other[0]);
  CHECK_EQ (summer[1], 0);
  live (MW_SCENARIO_PV, 1, 3, "2026-07-13T00:00:00", 7, summer);
  live (MW_SCENARIO_PV, 1, 3, "2026-01-12T00:00:00", 7, winter);
  CHECK (summer[1] > 3 * winter[1] && winter[1] > 0);
  live (MW_SCENARIO_WORKSHOP, 1, 3, "2026-01-12T00:00:00", 1, other); /* a Monday */
  live (MW_SCENARIO_WORKSHOP, 1, 3, "2026-01-17T00:00:00", 1, weekend);
  CHECK (other[0] > 8 * weekend[0]);
  live (MW_SCENARIO_IDLE, 1, 3, "2026-01-12T00:00:00", 1, other);
  CHECK (other[0] > 500 && other[0] < 700);
  live (MW_SCENARIO_HOUSEHOLD, 1, 1, "2026-01-12T00:00:00", 1, other);
  CHECK (other[0] > 5000);
}

static void
test_current (void)
{
  CHECK_EQ (mw_scenario_current (2300, 230000, 0), 10000);
  CHECK_EQ (mw_scenario_current (-1150, 230000, 1800), 5000);
  CHECK_EQ (mw_scenario_current (1150, 230000, 600), 10000);
  CHECK_EQ (mw_scenario_current (1000, 230000, 900), 0);
  CHECK_EQ (mw_scenario_current (1000, 1, 0), 0);
  CHECK_EQ (mw_scenario_current (1000000, 1000, 890), UINT32_MAX);
  CHECK_EQ (mw_scenario_current (INT32_MIN, 230000, 0), 0);
}

static const char text[] = "# a workshop, made by hand\n"
                           "base idle\n"
                           "seed 7   # for the noise\n"
                           "\n"
                           "00:00 L 230V 0A\n"
                           "08:00-12:00 mon-fri L1 5A 0.8ind\n"
                           "13:00-17:00 mon,wed L1 -1.15kW\n"
                           "22:00-06:00 L3 690W\r\n"
                           "at 2026-02-02T10:00 for 90 L2 180.5V 49.5Hz reversed\n"
                           "at 2026-02-02T11:00 cover open\n"
                           "at 2026-02-02T14:00 power off\n"
                           "at 2026-02-02T15:00 power on\n";

static mw_load
at (const mw_scenario *s, const char *time, uint32_t *n)
{
  mw_load l;
  *n = mw_scenario_load (s, local_of (time), &l);
  return l;
}

static void
test_text (void)
{
  mw_scenario s;
  mw_load l;
  unsigned line;
  uint32_t n;
  mw_scenario_init (&s, MW_SCENARIO_HOUSEHOLD, 1, 3);
  CHECK_EQ (mw_scenario_parse (&s, text, sizeof text - 1, &line), MW_OK);
  CHECK_EQ (s.kind, MW_SCENARIO_IDLE);
  CHECK_EQ (s.seed, 7);
  CHECK_EQ (s.lines, 8);
  l = at (&s, "2026-02-02T09:00:00", &n); /* a Monday */
  CHECK_EQ (l.voltage_mv[0], 230000);
  CHECK_EQ (l.current_ma[0], 5000);
  CHECK_EQ (l.phi_ddeg[0], 369); /* arc cos 0.8 */
  CHECK_EQ (n, 60);
  l = at (&s, "2026-02-07T09:00:00", &n); /* a Saturday */
  CHECK_EQ (l.current_ma[0], 0);
  l = at (&s, "2026-02-04T13:00:00", &n); /* a Wednesday */
  CHECK (l.phi_ddeg[0] > 900 || l.phi_ddeg[0] < -900);
  CHECK (l.current_ma[0] >= 4999 && l.current_ma[0] <= 5001);
  l = at (&s, "2026-02-05T13:00:00", &n);
  CHECK_EQ (l.current_ma[0], 0);
  l = at (&s, "2026-02-05T02:00:00", &n); /* over midnight */
  CHECK (l.current_ma[2] >= 2999 && l.current_ma[2] <= 3000);
  l = at (&s, "2026-02-05T06:00:00", &n);
  CHECK_EQ (l.current_ma[2], 0);
  l = at (&s, "2026-02-02T10:01:00", &n);
  CHECK_EQ (l.voltage_mv[1], 180500);
  CHECK_EQ (l.frequency_mhz, 49500);
  CHECK (l.reversed);
  CHECK_EQ (n, 30); /* it ends in the middle of a minute */
  l = at (&s, "2026-02-02T10:01:30", &n);
  CHECK_EQ (l.voltage_mv[1], 230000);
}

static void
test_happenings (void)
{
  rig *r = rig_new (3, "2026-02-02T08:00:00");
  mw_scenario s;
  unsigned line;
  char log[80];
  mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
  CHECK_EQ (mw_scenario_parse (&s, text, sizeof text - 1, &line), MW_OK);
  mw_scenario_run (&s, &r->m, 8 * 3600);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 3678); /* four hours of 1150 VA × cos 36.9° */
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, log, sizeof log), "88 1 2");
  CHECK_STR (log_text (r, MW_LOG_FRAUD, 0, log, sizeof log), "44");
  CHECK_STR (log_text (r, MW_LOG_QUALITY, 0, log, sizeof log), "77 86");
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_FAIL_LONG_ALL), 1);
  CHECK_EQ (mw_counter_get (&r->m, MW_CNT_FAIL_DURATION_ALL), 3600);
  rig_free (r);
}

/* Distortion is the root of the squares of orders 2 to 40; later lines win. */
static void
test_harmonics (void)
{
  static const char lines[] = "00:00 L 230V 5A 3%U3 4%U5 20%U41 20%U1 12%I3\n"
                              "10:00-11:00 L2 100%U2 100%U40 0%U7\n"
                              "12:00-13:00 L 0%U1 0%I1\n";
  mw_scenario s;
  mw_load l;
  unsigned line;
  uint32_t n;
  mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
  CHECK_EQ (mw_scenario_parse (&s, lines, sizeof lines - 1, &line), MW_OK);
  l = at (&s, "2026-02-02T09:00:00", &n);
  CHECK_EQ (l.thdu_cpct[0], 500); /* 3, 4, 5 */
  CHECK_EQ (l.thdi_cpct[2], 1200);
  l = at (&s, "2026-02-02T10:00:00", &n);
  CHECK_EQ (l.thdu_cpct[0], 500);
  CHECK_EQ (l.thdu_cpct[1], 14142); /* √2 */
  l = at (&s, "2026-02-02T12:00:00", &n);
  CHECK_EQ (l.thdu_cpct[1], 0);
  CHECK_EQ (l.thdi_cpct[1], 0);
}

static void
test_mistakes (void)
{
  static const char *const bad[] = {
    "08:00 L4 230V",
    "08:60 L 230V",
    "25:00 L 230V",
    "08:00 L 230",
    "08:00 L",
    "08:00-9:00 L 1A",
    "08:00 mon-xyz L 1A",
    "base factory",
    "seed x",
    "phases 2",
    "at 2026-02-30T00:00 L 1A",
    "at 2026-02-01T00:00 cover shut",
    "08:00 L 600V",
    "nonsense",
    "08:00 L 230V extra",
    "at 2026-02-01T00:00 for 0 L 1A",
    "base idle idle",
    "08:00 L 0.5xyz",
    "08:00 L 3%",
    "08:00 L 3%U",
    "08:00 L 3%X5",
    "08:00 L 3%U0",
    "08:00 L 3%U101",
    "08:00 L 3%U2.5",
    "08:00 L 101%U5",
    "08:00 L -1%U5",
    "at 2026-02-01T00:00 transient",
    "at 2026-02-01T00:00 transient 150V",
    "at 2026-02-01T00:00 transient 150V 300",
    "at 2026-02-01T00:00 transient 150V 0ms",
    "at 2026-02-01T00:00 transient 150V 1001ms",
    "at 2026-02-01T00:00 transient 600V 300ms",
    "at 2026-02-01T00:00 transient 150V 300ms L1",
    "at",
    "08:00",
    "seed",
  };
  mw_scenario s;
  unsigned line;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char buf[100];
    int len = snprintf (buf, sizeof buf, "base pv\n%s\n", bad[i]);
    mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
    if (!CHECK (mw_scenario_parse (&s, buf, (size_t) len, &line) == MW_ERR_VALUE && line == 2))
      printf ("    %s\n", bad[i]);
  }
  {
    static char many[200 * 16];
    size_t n = 0;
    for (unsigned i = 0; i < 150; i++)
      n += (size_t) snprintf (many + n, sizeof many - n, "08:00 L 1A\n");
    mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
    CHECK_EQ (mw_scenario_parse (&s, many, n, &line), MW_ERR_SPACE);
    CHECK_EQ (line, MW_SCENARIO_LINES + 1);
  }
  /* every truncation of a good text is read or refused, never more */
  for (size_t n = 0; n < sizeof text; n++) {
    char *copy = malloc (n ? n : 1);
    memcpy (copy, text, n);
    mw_scenario_init (&s, MW_SCENARIO_IDLE, 1, 3);
    CHECK (mw_scenario_parse (&s, copy, n, &line) != MW_ERR_SPACE);
    free (copy);
  }
}

CHECK_MAIN (test_generators, test_current, test_text, test_happenings, test_harmonics,
            test_mistakes)
