/* dlms-wire: what a load profile of 30 days (2,880 rows of 23 octets) costs on an HDLC line:
 * octets on the wire against octets of the profile, both ways, and what both engines need for
 * it. */
#define PAIR_APDU 65600u
#define PAIR_DATA 70000u
#include <time.h>

#include "../dlms/dlms-pair.h"

static double
now_s (void)
{
  struct timespec t;
  timespec_get (&t, TIME_UTC);
  return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static void
measure (uint16_t info, uint8_t window, uint16_t pdu)
{
  static uint8_t want[PAIR_DATA];
  setup u = { .hdlc = true, .client_pdu = pdu, .limits = { info, info, window, window } };
  pair *p = pair_new (&u);
  size_t n = profile_octets (want, sizeof want, 0, 2880);
  double start;
  p->meter.rows = 2880;
  if (pair_associate (p)) {
    p->carried = 0;
    start = now_s ();
    pair_get (p, &item_profile, 1);
    start = now_s () - start;
    CHECK_MEM (p->note.data[0], p->note.len[0], want, n);
    printf (
        "dlms-wire info %4u window %u PDU %5u: %6u octets for %6u, ratio %.3f, %6.1f MB/s\n",
        info, window, pdu, (unsigned) p->carried, (unsigned) n,
        (double) p->carried / (double) n, (double) n / start / 1e6);
  }
  free (p);
}

int
main (void)
{
  measure (128, 1, 1024);
  measure (128, 7, 1024);
  measure (512, 7, 2048);
  measure (1024, 7, 4096);
  measure (2030, 7, 4096);
  measure (2030, 7, 16384);
  measure (2030, 7, 65535);
  return check_failed != 0;
}
