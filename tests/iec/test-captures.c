/* test-captures.c FILE...: what real meters push, through the client engine in mode D.
 *
 * In every chunk size all of it is understood; cut anywhere it gives no data; with any bit
 * turned it ends, and what is then given out is the message that came.
 */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "iec62056_21/client.h"

static uint8_t file[8192];
static size_t size;
static uint8_t buf[8192];

/* Feed LEN bytes of DATA; the event that ends it. */
static enum mw_iec_event
listen_to (mw_iec_client *c, const uint8_t *data, size_t len, size_t chunk)
{
  mw_iec_client_config config = { .goal = MW_IEC_LISTEN,
                                  .start_baud = 9600,
                                  .answer_ms = 12000 };
  enum mw_iec_event ev, last = MW_IEC_EV_NONE;
  mw_iec_client_init (c, &config, buf, sizeof buf);
  mw_iec_client_open (c, 0);
  CHECK_EQ (mw_iec_client_take_event (c), MW_IEC_EV_LINE);
  CHECK_EQ (c->line.baud, 9600);
  for (size_t at = 0; at < len;) {
    size_t n = len - at < chunk ? len - at : chunk;
    at += mw_iec_client_feed (c, data + at, n, at);
    while ((ev = mw_iec_client_take_event (c)))
      last = ev;
  }
  return last;
}

static void
test_whole (void)
{
  unsigned brackets = 0;
  for (size_t i = 0; i < size; i++)
    brackets += file[i] == '(';
  for (size_t chunk = 1; chunk <= 40; chunk++) {
    mw_iec_client c;
    CHECK_EQ (listen_to (&c, file, size, chunk), MW_IEC_EV_DONE);
    CHECK_EQ (c.mode, MW_IEC_D);
    CHECK_STR (c.ident.manufacturer, "ISk");
    CHECK (memcmp (c.ident.text, "MT382-100", 9) == 0);
    mw_iec_sets it;
    mw_iec_set s;
    unsigned n = 0, energies = 0;
    mw_iec_sets_init (&it, c.data);
    while (mw_iec_sets_next (&it, &s)) {
      mw_decimal d;
      CHECK (s.address.len > 0);
      n++;
      if (s.unit.len == 3 && memcmp (s.unit.ptr, "kWh", 3) == 0) {
        energies++;
        CHECK_EQ (mw_iec_set_number (&s, &d), MW_OK);
        CHECK_EQ (d.unit, MW_UNIT_WH);
        CHECK_EQ (d.exponent, 0); /* three decimals of kWh */
      }
    }
    CHECK_EQ (it.cur.err, MW_OK);
    CHECK_EQ (n, brackets);
    CHECK_EQ (energies, 4);
  }
}

static void
test_cut (void)
{
  for (size_t len = 0; len < size; len++) {
    mw_iec_client c;
    enum mw_iec_event ev = listen_to (&c, file, len, 64);
    CHECK (ev == MW_IEC_EV_NONE || ev == MW_IEC_EV_IDENT);
    mw_iec_client_tick (&c, 1000000);
    CHECK_EQ (mw_iec_client_take_event (&c), MW_IEC_EV_FAILED);
    CHECK (c.err == MW_ERR_TIMEOUT || c.err == MW_ERR_CHECK);
  }
}

static void
test_bits_turned (void)
{
  for (size_t bit = 0; bit < size * 8; bit++) {
    mw_iec_client c;
    file[bit / 8] ^= (uint8_t) (1u << bit % 8);
    enum mw_iec_event ev = listen_to (&c, file, size, 64);
    if (ev == MW_IEC_EV_DONE) {
      mw_iec_sets it;
      mw_iec_set s;
      unsigned n = 0;
      mw_iec_sets_init (&it, c.data);
      while (mw_iec_sets_next (&it, &s))
        n++;
      CHECK (n <= size);
      CHECK (c.data.len <= size);
    }
    file[bit / 8] ^= (uint8_t) (1u << bit % 8);
  }
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    FILE *f = fopen (argv[i], "rb");
    CHECK (f != NULL);
    if (!f)
      continue;
    size = fread (file, 1, sizeof file, f);
    fclose (f);
    CHECK (size > 100);
    test_whole ();
    test_cut ();
    test_bits_turned ();
  }
  printf ("%u checks, %u failed\n", check_done, check_failed);
  return check_failed || !check_done ? 1 : 0;
}
