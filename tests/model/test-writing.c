/* test-writing.c: W commands of programming mode at the optical port, octet by octet (IEC
 * 62056-21 6.3; Mx381 manual 5.5.1.1, 5.5.1.3, Table 26). */
#include <stdio.h>

#include "rig.h"

typedef struct line {
  rig *r;
  mw_port port;
  mw_ms now;
  char heard[300];
  size_t n;
} line;

static void
say (line *l, const char *text, size_t len)
{
  mw_port_feed (&l->port, text, len, l->now);
  l->n = 0;
  for (mw_ms end = l->now + 1200; l->now < end; l->now++) {
    mw_span s;
    mw_port_tick (&l->port, l->now);
    while ((s = mw_port_tx (&l->port)).len) {
      for (size_t i = 0; i < s.len && l->n + 1 < sizeof l->heard; i++)
        l->heard[l->n++] = (char) (s.ptr[i] & 0x7f);
      mw_port_tx_ack (&l->port, s.len, l->now);
    }
  }
  l->heard[l->n] = '\0';
}

/* SOH command STX data ETX BCC: the exclusive or of what follows SOH. */
static const char *
command (line *l, const char *name, const char *data)
{
  char text[300] = "\001";
  uint8_t check = 0;
  size_t n = 1;
  n += (size_t) snprintf (text + n, sizeof text - n, "%s\002%s\003", name, data);
  for (size_t i = 1; i < n; i++)
    check ^= (uint8_t) text[i];
  text[n++] = (char) check;
  say (l, text, n);
  return l->heard;
}

/* The error that COMMAND gets, or "ACK". */
static const char *
answer (line *l, const char *name, const char *data)
{
  command (l, name, data);
  if (l->n == 1 && l->heard[0] == 0x06)
    return "ACK";
  if (l->n < 9 || memcmp (l->heard, "\002(", 2) != 0)
    return "?";
  l->heard[6] = '\0';
  return l->heard + 2;
}

static line *
programming (bool password)
{
  line *l = calloc (1, sizeof *l);
  l->r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  mw_port_init (&l->port, &l->r->model, MW_PORT_OPTICAL, 0);
  say (l, "/?!\r\n", 5);
  CHECK (strncmp (l->heard, "/ISk5", 5) == 0);
  say (l, "\006051\r\n", 6);
  CHECK (strncmp (l->heard, "\001P0", 3) == 0);
  if (password)
    CHECK_STR (answer (l, "P1", "(00000000)"), "ACK");
  return l;
}

static void
end (line *l)
{
  rig_free (l->r);
  free (l);
}

/* Numbers in the unit that is read, texts, and the time. */
static void
test_written (void)
{
  line *l = programming (true);
  mw_meter *m = &l->r->meter;
  uint32_t first = mw_log_first (m, MW_LOG_STANDARD) + mw_log_count (m, MW_LOG_STANDARD);
  mw_log_entry e;
  CHECK_STR (answer (l, "W1", "12.31.0(85.0)"), "ACK");
  CHECK_EQ (mw_setting_get (m, MW_SET_SAG_THRESHOLD), 850);
  CHECK_EQ (mw_log_read (m, MW_LOG_STANDARD, first, &e), MW_OK);
  CHECK_EQ (e.code, 47);
  CHECK_STR (answer (l, "W1", "1-0:12.31.0.255(86.5*%)"), "ACK");
  CHECK_EQ (mw_setting_get (m, MW_SET_SAG_THRESHOLD), 865);
  CHECK_STR (answer (l, "W5", "12.43.0(77*s)"), "ACK");
  CHECK_EQ (mw_setting_get (m, MW_SET_SAG_TIME), 77);
  CHECK_STR (answer (l, "W1", "0-0:96.1.1(CUSTOMER 7)"), "ACK");
  CHECK (strncmp (command (l, "R1", "0-0:96.1.1()"), "\002(CUSTOMER 7)\003", 14) == 0);
  CHECK_STR (answer (l, "W1", "0-0:1.0.0(260415143000)"), "ACK");
  CHECK_EQ (m->st.clock.utc, 1776256200); /* 2026-04-15T14:30 of summer time */
  end (l);
}

static void
test_refused (void)
{
  line *l = programming (true);
  mw_meter *m = &l->r->meter;
  CHECK_STR (answer (l, "W1", "12.31.0(200.0)"), "ER31"); /* beyond its range */
  CHECK_STR (answer (l, "W1", "12.31.0(85.05)"), "ER31"); /* finer than it is kept */
  CHECK_STR (answer (l, "W1", "12.31.0(85.0*V)"), "ER31");
  CHECK_STR (answer (l, "W1", "12.31.0(high)"), "ER31");
  CHECK_STR (answer (l, "W1", "12.31.0()"), "ER31");
  CHECK_EQ (mw_setting_get (m, MW_SET_SAG_THRESHOLD), 900);
  CHECK_STR (answer (l, "W1", "0-0:1.0.0(261315143000)"), "ER31");
  CHECK_STR (answer (l, "W1", "0-0:1.0.0(2604)"), "ER31");
  CHECK_STR (answer (l, "W1", "1.8.0(0)"), "ER05");
  CHECK_STR (answer (l, "W1", "99.99.99(0)"), "ER23");
  CHECK_STR (answer (l, "W1", "what(0)"), "ER11");
  CHECK_STR (answer (l, "W1", "12.31.0"), "ER11");
  CHECK_STR (answer (l, "R1", "what()"), "ER11");
  CHECK_STR (answer (l, "W2", "12.31.0(85.0)"), "ER02");
  CHECK_STR (answer (l, "E2", "12.31.0(85.0)"), "ER02");
  end (l);
}

/* Without the password of the port nothing is written. */
static void
test_password (void)
{
  line *l = programming (false);
  CHECK_STR (answer (l, "W1", "12.31.0(85.0)"), "ER04");
  CHECK_EQ (mw_setting_get (&l->r->meter, MW_SET_SAG_THRESHOLD), 900);
  end (l);
}

CHECK_MAIN (test_written, test_refused, test_password)
