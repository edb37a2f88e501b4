/* hdlc-line.h: two engines joined by a line in memory, with a clock that the test drives, and
 * with faults: bytes lost, repeated and damaged at given rates by a generator with a seed.
 *
 * The line may take its time (byte_us), and hold back what an end sends (hold_after).
 * Everything happens in the order of time; nothing sleeps. */
#ifndef MW_TEST_HDLC_LINE_H
#define MW_TEST_HDLC_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "dlms/hdlc.h"

#define LINE_CAP (1u << 17)

typedef struct line line;
typedef void line_app (line *l, unsigned end, enum mw_transport_event event);

struct line {
  mw_transport *end[2]; /* 0 the client, 1 the server */
  line_app *app;
  void *data;
  size_t chunk;             /* bytes given at a time */
  uint32_t byte_us;         /* 0: at once */
  uint32_t lose, dup, flip; /* per million bytes */
  uint32_t seed;
  uint64_t now_us;
  uint64_t free_us[2]; /* when the direction has sent what it has */
  size_t head[2], tail[2];
  uint8_t bytes[2][LINE_CAP];
  uint64_t due[2][LINE_CAP];
  uint64_t carried[2]; /* bytes put on the line by each end */
  uint64_t busy_us;    /* the line carried a byte in one of the directions */
  bool deaf[2];        /* what this end sends is lost */
};

static inline void
line_is_wrong (const char *what)
{
  check_report (0, "the line", 0, what);
}

static inline uint32_t
line_random (line *l)
{
  l->seed ^= l->seed << 13;
  l->seed ^= l->seed >> 17;
  l->seed ^= l->seed << 5;
  return l->seed;
}

static inline bool
line_chance (line *l, uint32_t per_million)
{
  return per_million && line_random (l) % 1000000u < per_million;
}

static inline mw_ms
line_now (const line *l)
{
  return l->now_us / 1000;
}

static inline void
line_put (line *l, unsigned from, uint8_t byte)
{
  size_t at = l->tail[from] % LINE_CAP;
  if (l->free_us[from] < l->now_us)
    l->free_us[from] = l->now_us;
  l->free_us[from] += l->byte_us;
  l->busy_us += l->byte_us;
  if (l->tail[from] - l->head[from] >= LINE_CAP) {
    line_is_wrong ("the line is full");
    return;
  }
  l->bytes[from][at] = byte;
  l->due[from][at] = l->free_us[from];
  l->tail[from]++;
}

static inline bool
line_collect (line *l, unsigned from)
{
  mw_span s = mw_transport_tx (l->end[from]);
  for (size_t i = 0; i < s.len; i++) {
    uint8_t byte = s.ptr[i];
    l->carried[from]++;
    if (l->deaf[from] || line_chance (l, l->lose))
      continue;
    if (line_chance (l, l->flip))
      byte ^= (uint8_t) (1u << line_random (l) % 8);
    line_put (l, from, byte);
    if (line_chance (l, l->dup))
      line_put (l, from, byte);
  }
  if (s.len)
    mw_transport_tx_ack (l->end[from], s.len, line_now (l));
  return s.len != 0;
}

static inline bool
line_events (line *l, unsigned end)
{
  enum mw_transport_event event;
  bool any = false;
  while ((event = mw_transport_take_event (l->end[end]))) {
    any = true;
    if (l->app)
      l->app (l, end, event);
  }
  return any;
}

static inline bool
line_deliver (line *l, unsigned from)
{
  uint8_t buf[64];
  size_t n = 0, limit = l->chunk && l->chunk < sizeof buf ? l->chunk : sizeof buf;
  unsigned to = !from;
  for (; n < limit && l->head[from] + n < l->tail[from]; n++) {
    size_t at = (l->head[from] + n) % LINE_CAP;
    if (l->due[from][at] > l->now_us)
      break;
    buf[n] = l->bytes[from][at];
  }
  if (!n)
    return false;
  size_t took = mw_transport_feed (l->end[to], buf, n, line_now (l));
  l->head[from] += took;
  bool any = line_events (l, to);
  if (took != n && !any && !took)
    line_is_wrong ("feed takes nothing and says nothing");
  return true;
}

/* The next moment at which anything happens; UINT64_MAX when nothing ever will. */
static inline uint64_t
line_next (const line *l)
{
  uint64_t at = UINT64_MAX;
  for (unsigned i = 0; i < 2; i++) {
    mw_ms deadline = mw_transport_deadline (l->end[i]);
    if (deadline != MW_NEVER && deadline * 1000 < at)
      at = deadline * 1000;
    if (l->head[i] < l->tail[i] && l->due[i][l->head[i] % LINE_CAP] < at)
      at = l->due[i][l->head[i] % LINE_CAP];
  }
  return at;
}

/* One thing happens. False when nothing is left to happen before UNTIL_MS. */
static inline bool
line_step (line *l, mw_ms until_ms)
{
  bool any = false;
  for (unsigned i = 0; i < 2; i++)
    any = (int) line_events (l, i) + (int) line_collect (l, i) > 0 || any;
  for (unsigned i = 0; i < 2; i++)
    any = line_deliver (l, i) || any;
  if (any)
    return true;
  uint64_t at = line_next (l);
  if (at == UINT64_MAX || at > until_ms * 1000) {
    if (l->now_us < until_ms * 1000)
      l->now_us = until_ms * 1000;
    return false;
  }
  if (at > l->now_us)
    l->now_us = at;
  for (unsigned i = 0; i < 2; i++)
    mw_transport_tick (l->end[i], line_now (l));
  return true;
}

static inline void
line_run (line *l, mw_ms until_ms)
{
  unsigned long steps = 0;
  while (line_step (l, until_ms))
    if (++steps > 20000000) { /* a loop that the clock does not leave */
      line_is_wrong ("the clock stands still");
      return;
    }
}

#endif
