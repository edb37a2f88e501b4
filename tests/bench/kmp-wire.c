/* kmp-wire: what a load profile of 175 days costs on a line: time by the clock of the line
 * against the time that the bytes themselves take, with both engines and a meter that answers
 * at once; and how fast answers are taken apart. */
#define PAIR_VALUES 90000u
#include <time.h>

#include "../kmp/kmp-pair.h"

static double
now_s (void)
{
  struct timespec t;
  timespec_get (&t, TIME_UTC);
  return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* As pair_run, but bytes take their time: MICROSECONDS for each, one direction at a time. */
static void
run_on_line (pair *p, double microseconds)
{
  double clock = (double) p->now * 1000;
  while (!pair_over (p)) {
    uint64_t before = p->carried;
    if (pair_carry (p)) {
      clock += (double) (p->carried - before) * microseconds;
      p->now = (mw_ms) (clock / 1000);
      continue;
    }
    pair_note (p);
    if (pair_over (p) || mw_kmp_client_tx (&p->client).len)
      continue;
    mw_ms next = pair_deadline (p);
    p->now = next > p->now ? next : p->now;
    clock = clock > (double) p->now * 1000 ? clock : (double) p->now * 1000;
    mw_kmp_server_tick (&p->server, p->now);
    mw_kmp_client_tick (&p->client, p->now);
  }
}

static void
measure (uint32_t baud, uint32_t records, uint8_t n, bool wide)
{
  static const uint16_t ids[] = { 0x417, 1, 2, 3, 4 };
  pair *p = pair_new (1);
  mw_line line = { baud, 8, 'N', 2 };
  mw_kmp_client_config cc = { .address = MW_KMP_METER, .line = line };
  mw_kmp_server_config sc = { .address = MW_KMP_METER, .line = line };
  mw_kmp_log_query q = { .by = MW_KMP_FROM_TIME, .log = 6, .ids = ids, .n = n, .wide = wide };
  mw_kmp_client_init (&p->client, &cc);
  mw_kmp_server_init (&p->server, &sc, &meter_ops, &p->meter);
  p->meter.newest = records;
  p->meter.wide = wide;
  q.time = mw_civil_any ();
  double start = now_s ();
  mw_ms from = p->now;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, p->now), MW_OK);
  run_on_line (p, 11e6 / baud);
  start = now_s () - start;
  CHECK_EQ (p->note.records, records);
  double wire = (double) p->carried * 11 / baud, took = (double) (p->now - from) / 1000;
  printf (
      "kmp-wire %s %5u baud, %u records of %u registers: %u bytes, %.1f s, %.3f of the wire "
      "time, %.1f bytes a record, %.2f Mbyte/s in the engines\n",
      wide ? "B8" : "A2", (unsigned) baud, (unsigned) records, n, (unsigned) p->carried, took,
      took / wire, (double) p->carried / records, (double) p->carried / start / 1e6);
  CHECK (took <= 1.08 * wire);
  free (p);
}

int
main (void)
{
  measure (9600, 16800, 5, false);
  measure (9600, 4200, 5, false);
  measure (1200, 4200, 5, false);
  measure (9600, 16800, 5, true);
  measure (9600, 4200, 2, false);
  return check_failed != 0;
}
