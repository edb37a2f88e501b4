/* bench-refmeter.c: simulated meter-seconds per second of one core, over a year of household
 * load that changes every minute, with both load profiles, billing and tariffs, memory
 * included.
 *
 * The asked speed is 2 million; the ratio printed is what is reached over that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/meter.h"
#include "core/scenario.h"
#include "hal/host/nvm-file.h"

#define ASKED 2e6

static double
cpu_s (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

static mw_meter *
make (mw_nvm_file *nvm)
{
  mw_meter *m = calloc (1, sizeof *m);
  mw_meter_config config = { &nvm->nvm, 3, 1 };
  if (!m || mw_nvm_file_open (nvm, NULL, MW_METER_NVM, 4096))
    exit (1);
  mw_meter_init (m, &config);
  if (mw_meter_start (m, 1767222000)) /* 2026-01-01T00:00:00+01:00 */
    exit (1);
  return m;
}

static void
report (const char *what, double seconds, double cpu)
{
  printf ("%-34s %6.2f s for %.0f simulated s: %8.1f million/s, %6.1f times the asked speed\n",
          what, cpu, seconds, seconds / cpu / 1e6, seconds / cpu / ASKED);
}

int
main (void)
{
  mw_nvm_file nvm, nvm2;
  mw_meter *m = make (&nvm), *s = make (&nvm2);
  mw_scenario scenario;
  double begin = cpu_s (), year = 365.0 * 86400, week = 7.0 * 86400;
  mw_scenario_init (&scenario, MW_SCENARIO_HOUSEHOLD, 1, 3);
  mw_scenario_run (&scenario, m, (uint64_t) year);
  report ("a year, from change to change", year, cpu_s () - begin);
  begin = cpu_s ();
  for (int64_t t = 0; t < (int64_t) week;) {
    mw_load load;
    uint32_t n = mw_scenario_load (&scenario, mw_clock_local (s, s->st.clock.utc), &load);
    mw_meter_load (s, &load);
    for (uint32_t i = 0; i < n; i++)
      mw_meter_second (s);
    t += n;
  }
  report ("a week, second by second", week, cpu_s () - begin);
  printf ("A+ %lld Wh, %u records, sizeof (mw_meter) %zu octets\n",
          (long long) mw_energy_wh (m, MW_Q_AP, 0),
          (unsigned) mw_profile_count (m, MW_PROFILE_LOAD1), sizeof *m);
  mw_nvm_file_close (&nvm);
  mw_nvm_file_close (&nvm2);
  free (m);
  free (s);
  return 0;
}
