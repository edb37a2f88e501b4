/* kmeter-run.c: for a Kamstrup meter too N seconds at once are N times one second, in every bit
 * of its state and memory, whatever people and clients do in between. */
#include "krig.h"

#include "core/scenario.h"

static uint32_t
rnd (uint32_t *state, uint32_t below)
{
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 8) % below;
}

static mw_load
random_load (uint32_t *seed)
{
  static const uint32_t volts[] = { 230000, 231500, 228000, 205000, 262000, 90000, 0 };
  mw_load l = { .frequency_mhz = 49900 + rnd (seed, 200) };
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    l.voltage_mv[ph] = volts[rnd (seed, 4) ? rnd (seed, 3) : rnd (seed, 7)];
    l.current_ma[ph] = rnd (seed, 3) ? rnd (seed, 40000) : 0;
    l.phi_ddeg[ph] = (int16_t) ((int) rnd (seed, 3600) - 1800);
    l.thdu_cpct[ph] = (uint16_t) rnd (seed, 900);
    l.thdi_cpct[ph] = (uint16_t) rnd (seed, 2000);
  }
  return l;
}

/* Any value that can be set, to anything. */
static void
set_something (mw_kmeter *k, uint32_t seed)
{
  unsigned id = 1 + seed % (MW_N_KVALUES - 1);
  int64_t least, most;
  if (mw_kmeter_range (id, &least, &most) == MW_OK) {
    if (id != MW_KV_DST_MODE || seed % 3)
      mw_kmeter_set (k, id, least + (int64_t) (seed / 7) % (most - least + 1));
  } else {
    mw_kmeter_set (k, id, seed & 1);
  }
}

static void
disturb (mw_kmeter *k, unsigned what, uint32_t seed)
{
  int64_t now = k->m.st.clock.utc;
  switch (what) {
  case 0:
    mw_kmeter_power (k, false);
    break;
  case 1:
    mw_kmeter_power (k, true);
    break;
  case 2:
    mw_kmeter_set_clock (k, now + (int64_t) (seed % 40000) - 20000);
    break;
  case 3:
    mw_kmeter_set_clock (k, now + (int64_t) (seed % 19) - 9);
    break;
  case 4:
    mw_meter_magnet (&k->m, seed & 1);
    break;
  case 5:
    mw_kmeter_breaker (k, seed & 1);
    break;
  case 6:
    mw_kport_input (k, seed & 1, seed >> 1 & 1);
    break;
  case 7:
    mw_kmeter_debiting_stop (k);
    break;
  case 8:
    mw_ktariff_command (k, 1 + seed % 8);
    break;
  case 9:
    if (seed % 5 == 0)
      mw_kmeter_reset (k, seed & 1);
    break;
  case 10:
    mw_kmeter_cutoff (k, (enum mw_kcutoff_command) (1 + seed % 3));
    break;
  case 11:
    mw_kmeter_hold_button (k, 5 + seed % 3);
    break;
  case 12:
    mw_kmeter_transient (k, seed % 400000, seed % 1200);
    break;
  case 13:
    mw_kmeter_set (k, MW_KV_DC_BASIS, seed % 8);
    mw_kmeter_set (k, MW_KV_PREPAYMENT_ADD, seed % 1000000);
    break;
  default:
    set_something (k, seed);
    break;
  }
}

/* Is B what A is, without what points into them? */
static bool
same (const krig *a, const krig *b)
{
  size_t own = offsetof (mw_kmeter, reg);
  return memcmp (&a->k.m, &b->k.m, offsetof (mw_meter, store)) == 0
         && memcmp ((const char *) &a->k + own, (const char *) &b->k + own, sizeof a->k - own)
                == 0
         && memcmp (a->nvm.image, b->nvm.image, a->nvm.nvm.size) == 0;
}

static void
compare_runs (const mw_kmodel *model, uint32_t seed, unsigned segments)
{
  krig *a = krig_new (model, "2025-03-29T20:00:00"),
       *b = krig_new (model, "2025-03-29T20:00:00");
  for (unsigned i = 0; i < segments; i++) {
    mw_load l = random_load (&seed);
    uint32_t n = 1 + rnd (&seed, rnd (&seed, 4) ? 200 : 9000);
    unsigned what = rnd (&seed, 28);
    uint32_t s = rnd (&seed, 10000000);
    mw_kmeter_load (&a->k, &l);
    mw_kmeter_load (&b->k, &l);
    if (what < 18) {
      disturb (&a->k, what, s);
      disturb (&b->k, what, s);
    }
    mw_kmeter_run (&a->k, n);
    for (uint32_t second = 0; second < n; second++)
      mw_kmeter_run (&b->k, 1);
    if (!CHECK (same (a, b))) {
      printf ("    seed %u, segment %u: %u s\n", seed, i, n);
      break;
    }
  }
  CHECK (a->k.m.st.total_s > 10000);
  krig_free (a);
  krig_free (b);
}

static void
test_runs_are_seconds (void)
{
  const mw_kmodel *models[] = { &krig_direct, &krig_ct, &krig_aron, &krig_tariff };
  for (uint32_t seed = 0; seed < 24; seed++)
    compare_runs (models[seed % 4], seed * 7 + 1, 120);
}

/* The scenarios of mw_meter drive it; the tariffs add up to the total, the phases too. */
static void
test_scenario (void)
{
  krig *r = krig_new (&krig_direct, "2026-07-04T00:00:00");
  mw_scenario s;
  mw_scenario_init (&s, MW_SCENARIO_PV, 5, 3);
  for (unsigned h = 0; h < 72; h++) {
    mw_ktariff_command (&r->k, 1 + h % 3);
    mw_scenario_run (&s, &r->k.m, 3600);
  }
  for (unsigned q = 0; q < MW_N_KTARIFFED; q++) {
    int64_t tariffs = 0, phases = 0, total = r->k.reg.acc[MW_KACC_TOTAL (q)];
    for (unsigned t = 0; t < MW_TARIFFS; t++)
      tariffs += r->k.reg.tariff[q][t];
    for (unsigned ph = 0; ph < MW_PHASES; ph++)
      phases += r->k.reg.acc[MW_KACC_PHASE (q, ph)];
    CHECK_EQ (tariffs, total);
    CHECK_EQ (phases, total); /* individual import and export */
  }
  CHECK (number (r, MW_KV_A14) > 10000000 && number (r, MW_KV_A23) > 10000000);
  CHECK_EQ (mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), 3 * 96);
  krig_free (r);
}

CHECK_MAIN (test_runs_are_seconds, test_scenario)
