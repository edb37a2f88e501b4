/* test-inproc.c: the meter inside a process: two of them at once, each framing, time, commands.
 * Frames are written out from the standards. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host/inproc.h"

static const uint8_t aarq[] = {
  0,    1,    0,    16,   0,    1,    0,    31,   0x60, 0x1d, 0xa1, 0x09, 0x06,
  0x07, 0x60, 0x85, 0x74, 0x05, 0x08, 0x01, 0x01, 0xbe, 0x10, 0x04, 0x0e, 0x01,
  0x00, 0x00, 0x00, 0x06, 0x5f, 0x1f, 0x04, 0x00, 0x00, 0x1e, 0x1d, 0xff, 0xff,
};

static mw_inproc *
make (enum mw_inproc_framing framing, const char *serial, double speed)
{
  char why[200] = "";
  mw_inproc_options o = { .serial = serial,
                          .framing = framing,
                          .clock_utc = INT64_C (1772323200),
                          .history_s = 86400,
                          .speed = speed };
  mw_inproc *m = mw_inproc_new (&o, why, sizeof why);
  CHECK (m != NULL);
  CHECK_STR (why, "");
  return m;
}

static void
test_two (void)
{
  uint8_t buf[300];
  mw_inproc *a = make (MW_INPROC_WRAPPER, "REF00001", 1);
  mw_inproc *b = make (MW_INPROC_WRAPPER, "REF00002", 60);
  mw_inproc_feed (a, aarq, sizeof aarq, 1000);
  mw_inproc_feed (b, aarq, sizeof aarq, 5000);
  for (int i = 0; i < 2; i++) {
    static const uint8_t get[] = { 0, 1, 0, 16, 0,  1, 0, 13,  0xc0, 1, 0xc1,
                                   0, 1, 0, 0,  42, 0, 0, 255, 2,    0 };
    mw_inproc *m = i ? b : a;
    mw_ms now = i ? 5000 : 1000;
    size_t n = mw_inproc_take (m, buf, sizeof buf, now);
    CHECK (n > 8 && buf[8] == 0x61);
    mw_inproc_feed (m, get, sizeof get, now);
    n = mw_inproc_take (m, buf, sizeof buf, now);
    CHECK_MEM (buf + 12, n > 12 ? n - 12 : 0,
               i ? "\x09\x10ISK10307REF00002" : "\x09\x10ISK10307REF00001", 18);
  }
  /* the clocks run as told: the first as the wall's, the second sixty times as fast */
  mw_inproc_tick (a, 1000 + 10000);
  mw_inproc_tick (b, 5000 + 10000);
  CHECK_EQ (mw_inproc_clock (a), INT64_C (1772323200) + 10);
  CHECK_EQ (mw_inproc_clock (b), INT64_C (1772323200) + 600);
  CHECK (mw_inproc_deadline (a) > 11000 && mw_inproc_deadline (a) <= 12000);
  mw_inproc_free (a);
  mw_inproc_free (b);
}

static void
test_optical (void)
{
  uint8_t buf[300];
  size_t n = 0;
  mw_inproc *m = make (MW_INPROC_OPTICAL, NULL, 1);
  CHECK_EQ (mw_inproc_baud (m), 300);
  mw_inproc_feed (m, "/?!\r\n", 5, 0);
  for (mw_ms now = 0; now < 3000 && n < 19; now += 10) {
    mw_inproc_tick (m, now);
    n += mw_inproc_take (m, buf + n, sizeof buf - n, now);
  }
  CHECK_MEM (buf, n, "/ISk5\\2MT381-1000\r\n", 19);
  mw_inproc_free (m);
}

static void
test_commands (void)
{
  char reply[100];
  mw_inproc *m = make (MW_INPROC_HDLC, NULL, 1);
  CHECK (mw_inproc_command (m, "lcd", reply, sizeof reply));
  CHECK (strlen (reply) > 3);
  CHECK (mw_inproc_command (m, "voltage L1 250", reply, sizeof reply));
  CHECK_STR (reply, "");
  CHECK (!mw_inproc_command (m, "voltage L9 250", reply, sizeof reply));
  CHECK (!mw_inproc_command (m, "explode", reply, sizeof reply));
  CHECK (mw_inproc_command (m, "", reply, sizeof reply));
  mw_inproc_free (m);
}

static void
test_wrong (void)
{
  static const mw_inproc_options wrong[] = {
    { .model = "mt999" },
    { .serial = "REF000000001" },
    { .scenario = "/nowhere/scenario" },
    { .nvm = "/nowhere/memory" },
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    char why[200] = "";
    CHECK (mw_inproc_new (&wrong[i], why, sizeof why) == NULL);
    CHECK (strlen (why) > 10);
  }
  mw_inproc_free (NULL);
}

CHECK_MAIN (test_two, test_optical, test_commands, test_wrong)
