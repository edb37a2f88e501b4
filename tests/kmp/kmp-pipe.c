/* kmp-pipe.c: the engines of protocols/kmp on standard input and output, for partners that are
 * not ours.
 *
 *   kmp-pipe server [wide]              the meter of kmp-pair.h, log 6 from 65500 to 65599
 *   kmp-pipe client type                the type word and the serial number
 *   kmp-pipe client get ID…             registers
 *   kmp-pipe client put PASSWORD ID N   a number of four octets
 *   kmp-pipe client log|wide|past LOG FROM ID…   FROM: a record id, or a date and time for past
 *
 * The client speaks on descriptor 3 (both ways) and prints one line per event. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kmp-pair.h"

static mw_ms
now_ms (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (mw_ms) t.tv_sec * 1000 + (mw_ms) t.tv_nsec / 1000000;
}

static int
wait_ms (mw_ms deadline)
{
  mw_ms now = now_ms ();
  if (deadline == MW_NEVER)
    return 10000;
  return deadline > now ? (int) (deadline - now) : 0;
}

static int
run_server (bool wide)
{
  pair *p = pair_new (1);
  uint8_t buf[512];
  p->meter.wide = wide;
  p->meter.oldest = 65500;
  p->meter.newest = 65599;
  for (;;) {
    struct pollfd fd = { .fd = 0, .events = POLLIN };
    for (mw_span tx; (tx = mw_kmp_server_tx (&p->server)).len;) {
      ssize_t n = write (1, tx.ptr, tx.len);
      if (n <= 0)
        return 1;
      mw_kmp_server_tx_ack (&p->server, (size_t) n, now_ms ());
    }
    poll (&fd, 1, wait_ms (mw_kmp_server_deadline (&p->server)));
    if (fd.revents) {
      ssize_t n = read (0, buf, sizeof buf);
      if (n <= 0)
        break;
      mw_kmp_server_feed (&p->server, buf, (size_t) n, now_ms ());
    }
    mw_kmp_server_tick (&p->server, now_ms ());
  }
  free (p);
  return 0;
}

/* One request to its end; its events in words. */
static enum mw_err
converse (mw_kmp_client *c)
{
  char text[MW_KMP_TEXT];
  uint8_t buf[512];
  for (;;) {
    mw_kmp_event e;
    while ((e = mw_kmp_client_take_event (c, now_ms ())).kind) {
      if (e.kind == MW_KMP_VALUE) {
        mw_kmp_value_text (e.value, text, sizeof text);
        printf ("%u %04X %s\n", (unsigned) e.record, (unsigned) e.id, text);
      } else if (e.kind == MW_KMP_ABSENT) {
        printf ("absent %04X\n", (unsigned) e.id);
      } else if (e.kind == MW_KMP_GAP) {
        printf ("gap %u\n", (unsigned) e.lost);
      } else if (e.kind == MW_KMP_DONE || e.kind == MW_KMP_FAILED) {
        return e.err;
      }
    }
    mw_span tx = mw_kmp_client_tx (c);
    if (tx.len) {
      ssize_t n = write (3, tx.ptr, tx.len);
      if (n <= 0)
        return MW_ERR_CLOSED;
      mw_kmp_client_tx_ack (c, (size_t) n, now_ms ());
      continue;
    }
    struct pollfd fd = { .fd = 3, .events = POLLIN };
    poll (&fd, 1, wait_ms (mw_kmp_client_deadline (c)));
    if (fd.revents) {
      ssize_t n = read (3, buf, sizeof buf);
      if (n <= 0)
        return MW_ERR_CLOSED;
      for (ssize_t at = 0; at < n;) {
        size_t took = mw_kmp_client_feed (c, buf + at, (size_t) (n - at), now_ms ());
        at += (ssize_t) took;
        if (!took)
          break; /* what comes behind an answer that is still being read out */
      }
    }
    mw_kmp_client_tick (c, now_ms ());
  }
}

static int
report (enum mw_err err)
{
  printf ("%s\n", mw_err_name (err));
  return err != MW_OK;
}

static int
read_log (mw_kmp_client *c, const char *how, char **argv)
{
  uint16_t ids[MW_KMP_LOG_REGISTERS];
  mw_kmp_log_query q = { .wide = strcmp (how, "wide") == 0,
                         .log = (uint8_t) atoi (argv[0]),
                         .ids = ids,
                         .time = mw_civil_any () };
  bool past = strcmp (how, "past") == 0;
  q.by = past ? MW_KMP_PAST_TIME : MW_KMP_FROM_ID;
  if (past)
    mw_civil_parse (argv[1], strlen (argv[1]), &q.time);
  else
    q.record = (uint32_t) strtoul (argv[1], NULL, 10);
  for (char **a = argv + 2; *a && q.n < MW_KMP_LOG_REGISTERS; a++)
    ids[q.n++] = (uint16_t) strtoul (*a, NULL, 16);
  enum mw_err err = mw_kmp_client_read_log (c, &q, now_ms ());
  return report (err ? err : converse (c));
}

static int
run_client (int argc, char **argv)
{
  static mw_kmp_client c;
  mw_kmp_client_config config = { .address = MW_KMP_METER };
  const char *how = argv[0];
  mw_kmp_client_init (&c, &config);
  if (strcmp (how, "type") == 0) {
    mw_kmp_client_get_type (&c, now_ms ());
    enum mw_err err = converse (&c);
    mw_kmp_client_get_serial (&c, now_ms ());
    err = err ? err : converse (&c);
    printf ("%04X %04X %u\n", (unsigned) c.type, (unsigned) c.revision, (unsigned) c.serial);
    return report (err);
  }
  if (strcmp (how, "put") == 0 && argc > 3) {
    mw_kmp_value v = { .id = (uint16_t) strtoul (argv[2], NULL, 16) };
    mw_kmp_put_raw (&v, 51, (mw_kmp_number){ 0, strtoul (argv[3], NULL, 10), 0 }, 4);
    mw_kmp_client_put_register (&c, (uint16_t) atoi (argv[1]), &v, now_ms ());
    return report (converse (&c));
  }
  if (strcmp (how, "get") == 0) {
    uint16_t ids[64];
    size_t n = 0;
    for (; n + 1 < (size_t) argc && n < 64; n++)
      ids[n] = (uint16_t) strtoul (argv[n + 1], NULL, 16);
    enum mw_err err = mw_kmp_client_get_registers (&c, ids, n, now_ms ());
    return report (err ? err : converse (&c));
  }
  return argc > 3 ? read_log (&c, how, argv + 1) : 2;
}

int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "server") == 0)
    return run_server (argc > 2);
  if (argc > 2 && strcmp (argv[1], "client") == 0)
    return run_client (argc - 2, argv + 2);
  CHECK (!"a role is needed");
  return 2;
}
