/* bench-kmeter.c: simulated meter-seconds per second of one core for a Kamstrup meter, over a
 * year of household load that changes every minute, with load profile, debiting loggers, a
 * tariff plan and the modules, memory included.
 *
 * The asked speed is 2 million; the ratio printed is what is reached over that.
 */
#include <time.h>

#include "core/scenario.h"
#include "krig.h"

#define ASKED 2e6

static double
cpu_s (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
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
  krig *r = krig_new (&krig_direct, "2026-01-01T00:00:00");
  mw_scenario scenario;
  double begin = cpu_s (), year = 365.0 * 86400, day = 86400.0;
  mw_scenario_init (&scenario, MW_SCENARIO_HOUSEHOLD, 1, 3);
  mw_scenario_run (&scenario, &r->k.m, (uint64_t) year);
  report ("a year, from change to change", year, cpu_s () - begin);
  begin = cpu_s ();
  for (uint32_t i = 0; i < 86400; i++)
    mw_kmeter_run (&r->k, 1);
  report ("a day, second by second", day, cpu_s () - begin);
  printf ("A14 %lld Wh, %u records, sizeof (mw_kmeter) %zu octets\n",
          (long long) number (r, MW_KV_A14) / 1000,
          (unsigned) mw_klog_count (&r->k, MW_KLOG_LOAD_PROFILE), sizeof r->k);
  krig_free (r);
  return check_failed != 0;
}
