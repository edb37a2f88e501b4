/* clock-host.c: see clock-host.h. */
#ifndef _WIN32
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#endif
#include "hal/host/clock-host.h"

#include <time.h>

#ifdef _WIN32
#include <windows.h>
static mw_ms
host_ms (void)
{
  return (mw_ms) GetTickCount64 ();
}
#else
static mw_ms
host_ms (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (mw_ms) t.tv_sec * 1000 + (mw_ms) t.tv_nsec / 1000000;
}
#endif

static mw_ms
now_ms (mw_clock_hal *c)
{
  (void) c;
  return host_ms ();
}

static int64_t
utc_s (mw_clock_hal *hal)
{
  const mw_clock_host *c = (const mw_clock_host *) hal;
  return c->start_utc + (int64_t) ((double) (host_ms () - c->start_ms) / 1000 * c->speed);
}

void
mw_clock_host_init (mw_clock_host *c, int64_t start_utc, double speed)
{
  c->hal = (mw_clock_hal){ now_ms, utc_s };
  c->start_utc = start_utc == INT64_MIN ? (int64_t) time (NULL) : start_utc;
  c->start_ms = host_ms ();
  c->speed = speed;
}

void
mw_clock_host_set_speed (mw_clock_host *c, double speed)
{
  c->start_utc = utc_s (&c->hal);
  c->start_ms = host_ms ();
  c->speed = speed;
}
