/* dialogue.h: client and server of IEC 62056-21 joined in memory, on a line with a speed.
 *
 * The line takes the time that each side's speed gives its characters, hands them over in
 * chunks, garbles what is sent at a speed at which the other side does not listen, and calls
 * `damage` for every character, which may change or drop it.  Time is the test's.
 */
#ifndef TEST_IEC_DIALOGUE_H
#define TEST_IEC_DIALOGUE_H

#include <stdlib.h>

#include "check.h"
#include "iec62056_21/client.h"
#include "iec62056_21/server.h"

/* As CHECK_EQ, and says at which step of a sweep. */
static bool
check_at (int64_t a, int64_t b, uint64_t step, const char *file, int line)
{
  if (check_report (a == b, file, line, "step of a sweep"))
    return true;
  printf ("    %" PRId64 " != %" PRId64 " at step %" PRIu64 "\n", a, b, step);
  return false;
}
#define CHECK_EQ_OR_SAY(a, b, step) check_at ((a), (b), (step), __FILE__, __LINE__)

typedef struct dialogue {
  mw_iec_client client;
  mw_iec_server server;
  mw_ms now;
  size_t chunk;
  uint64_t carried; /* characters so far, both ways */
  int (*damage) (struct dialogue *d, int to_server, uint64_t index,
                 uint8_t byte); /* -1: lost */
  uint64_t where;               /* for `damage` */
  uint32_t seed;
  mw_line client_line, server_line;
  bool handed_over[2]; /* client, server */
  bool server_off;
  char got[8192]; /* every DATA, one after the other */
  size_t n_got;
  unsigned n_data, n_lines, n_done;
  enum mw_iec_event last;
  uint8_t buf[4096];
} dialogue;

/* The meter behind the server: readout lines, one writable value, a password, a long answer. */
typedef struct meter {
  const char *const *lines;
  unsigned n_lines;
  char value[33];
  unsigned writes, executed;
  unsigned pieces; /* of the long answer */
} meter;

static bool
meter_line (void *ctx, unsigned index, mw_wr *w)
{
  const meter *m = ctx;
  if (index >= m->n_lines)
    return false;
  mw_wr_bytes (w, m->lines[index], strlen (m->lines[index]));
  return true;
}

static void
meter_operand (void *ctx, mw_wr *w)
{
  (void) ctx;
  mw_wr_bytes (w, "A5C3", 4);
}

static bool
meter_password (void *ctx, char type, mw_span text)
{
  (void) ctx;
  return type == '1' && text.len == 8 && memcmp (text.ptr, "12345678", 8) == 0;
}

static bool
starts (mw_span s, const char *with)
{
  return s.len >= strlen (with) && memcmp (s.ptr, with, strlen (with)) == 0;
}

static enum mw_iec_verdict
meter_read (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w, bool *last)
{
  const meter *m = ctx;
  if (starts (c->data, "0.9.1(")) {
    mw_wr_bytes (w, "0.9.1(", 6);
    mw_wr_bytes (w, m->value, strlen (m->value));
    mw_wr_bytes (w, ")", 1);
    return MW_IEC_ACCEPTED;
  }
  if (starts (c->data, "P.01(")) {
    char row[40];
    snprintf (row, sizeof row, "P.01(%04u)(%05u*kWh)\r\n", piece, piece * 7);
    mw_wr_bytes (w, row, strlen (row));
    *last = piece + 1 >= m->pieces;
    return MW_IEC_ACCEPTED;
  }
  mw_wr_bytes (w, "ER23", 4);
  return MW_IEC_ERROR;
}

static enum mw_iec_verdict
meter_write (void *ctx, const mw_iec_command *c, mw_wr *w)
{
  meter *m = ctx;
  if (c->command == 'E') {
    m->executed++;
    return MW_IEC_ACCEPTED;
  }
  if (c->level == 0 || !starts (c->data, "0.9.1(") || c->data.len > 7 + 32) {
    mw_wr_bytes (w, c->level ? "ER07" : "ER06", 4);
    return MW_IEC_ERROR;
  }
  m->writes++;
  memset (m->value, 0, sizeof m->value);
  memcpy (m->value, c->data.ptr + 6, c->data.len - 7);
  return MW_IEC_ACCEPTED;
}

static const mw_iec_ops meter_ops = { meter_line, meter_operand, meter_password, meter_read,
                                      meter_write };

/* What a real 382 C answers in mode C, values of the capture. */
static const char *const k382_lines[] = {
  "0.0.0(14410000)",    "1.8.0(0036886*kWh)", "1.8.1(0012345*kWh)",
  "1.8.2(0024541*kWh)", "1.8.3(0000000*kWh)", "1.8.4(0000000*kWh)",
  "96.8.0(0119899*h)",  "0.128.1(0000000)",   "1.6.0(1.078*kW)",
};

static const mw_iec_server_config mt382 = {
  .ident = { .manufacturer = "ISk",
             .baud_char = '5',
             .hdlc = true,
             .escapes = "2",
             .text = "MT382-1008" },
  .address = "00012345",
};

static void
dialogue_init (dialogue *d, const mw_iec_client_config *cc, const mw_iec_server_config *sc,
               meter *m, size_t chunk)
{
  memset (d, 0, sizeof *d);
  d->chunk = chunk;
  d->now = 1000;
  mw_iec_client_init (&d->client, cc, d->buf, sizeof d->buf);
  mw_iec_server_init (&d->server, sc, &meter_ops, m);
}

static void
client_events (dialogue *d)
{
  enum mw_iec_event ev;
  while ((ev = mw_iec_client_take_event (&d->client))) {
    d->last = ev;
    if (ev == MW_IEC_EV_LINE) {
      d->client_line = d->client.line;
      d->n_lines++;
    } else if (ev == MW_IEC_EV_DATA) {
      d->n_data++;
      CHECK (d->n_got + d->client.data.len <= sizeof d->got);
      memcpy (d->got + d->n_got, d->client.data.ptr, d->client.data.len);
      d->n_got += d->client.data.len;
    } else if (ev == MW_IEC_EV_DONE) {
      d->n_done++;
    } else if (ev == MW_IEC_EV_HANDOVER) {
      d->handed_over[0] = true;
    }
    if (ev == MW_IEC_EV_UP || ev == MW_IEC_EV_DONE || ev >= MW_IEC_EV_REFUSED)
      return;
  }
}

static void
server_events (dialogue *d)
{
  enum mw_iec_server_event ev;
  while ((ev = mw_iec_server_take_event (&d->server))) {
    if (ev == MW_IEC_SEV_LINE)
      d->server_line = d->server.line;
    else if (ev == MW_IEC_SEV_HANDOVER)
      d->handed_over[1] = true;
  }
}

/* One character on its way: what comes out, -1 when nothing does. */
static int
transmit (dialogue *d, int to_server, uint8_t byte)
{
  int out = byte;
  if (d->client_line.baud != d->server_line.baud) {
    d->seed = d->seed * 1664525u + 1013904223u; /* a character of noise, or none */
    out = d->seed >> 30 ? (int) (d->seed >> 16 & 0xff) : -1;
  }
  if (out >= 0 && d->damage)
    out = d->damage (d, to_server, d->carried, (uint8_t) out);
  d->carried++;
  return out;
}

/* A chunk from one side to the other; time passes as the line says. */
static bool
carry (dialogue *d, int to_server)
{
  mw_span tx = to_server ? mw_iec_client_tx (&d->client) : mw_iec_server_tx (&d->server);
  if (!tx.len)
    return false;
  uint8_t chunk[64];
  size_t n = tx.len < d->chunk ? tx.len : d->chunk, m = 0;
  for (size_t i = 0; i < n; i++) {
    int out = transmit (d, to_server, tx.ptr[i]);
    if (out >= 0)
      chunk[m++] = (uint8_t) out;
  }
  mw_line line = to_server ? d->client_line : d->server_line;
  if (to_server)
    mw_iec_client_tx_ack (&d->client, n);
  else
    mw_iec_server_tx_ack (&d->server, n);
  d->now += mw_line_ms (line, n);
  for (size_t at = 0; at < m;) {
    if (to_server && d->server_off)
      break;
    at += to_server ? mw_iec_server_feed (&d->server, chunk + at, m - at, d->now)
                    : mw_iec_client_feed (&d->client, chunk + at, m - at, d->now);
    if (to_server)
      server_events (d);
    else if (at < m)
      client_events (d);
  }
  return true;
}

/* Run until the client reports something that ends a step (UP, DONE, REFUSED, HANDOVER, CLOSED,
 * FAILED), or LIMIT_MS have passed. */
static enum mw_iec_event
run_for (dialogue *d, mw_ms limit_ms)
{
  mw_ms limit = d->now + limit_ms;
  d->last = MW_IEC_EV_NONE;
  server_events (d);
  for (unsigned turns = 0; d->now < limit && turns < 4000000; turns++) {
    client_events (d);
    if (d->last == MW_IEC_EV_UP || d->last == MW_IEC_EV_DONE || d->last >= MW_IEC_EV_REFUSED)
      return d->last;
    server_events (d);
    if (carry (d, 1) | carry (d, 0))
      continue;
    mw_ms a = mw_iec_client_deadline (&d->client), b = mw_iec_server_deadline (&d->server);
    mw_ms next = a < b || d->server_off ? a : b;
    if (next > limit) {
      d->now = limit;
      return MW_IEC_EV_NONE;
    }
    if (next > d->now)
      d->now = next;
    mw_iec_client_tick (&d->client, d->now);
    if (!d->server_off)
      mw_iec_server_tick (&d->server, d->now);
  }
  return d->last;
}

static enum mw_iec_event
run (dialogue *d)
{
  return run_for (d, 600000);
}

#endif
