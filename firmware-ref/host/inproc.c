/* inproc.c: the reference meter inside a process. */
#include "host/inproc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/refmeter.h"
#include "ports/port.h"

struct mw_inproc {
  mw_ref ref;
  mw_port port;
  bool started; /* the first NOW is known */
  mw_ms now;
};

mw_inproc *
mw_inproc_new (const mw_inproc_options *options, char *why, size_t cap)
{
  static const uint8_t kinds[] = { [MW_INPROC_WRAPPER] = MW_PORT_WRAPPER,
                                   [MW_INPROC_HDLC] = MW_PORT_HDLC,
                                   [MW_INPROC_OPTICAL] = MW_PORT_OPTICAL };
  mw_ref_options o = {
    .model = options->model,
    .serial = options->serial,
    .password = options->password,
    .scenario = options->scenario,
    .nvm = options->nvm,
    .seed = options->seed,
    .history_s = options->history_s,
    .clock_utc = options->clock_utc ? options->clock_utc : (int64_t) time (NULL),
    .speed = options->speed,
  };
  mw_inproc *m = calloc (1, sizeof *m);
  if (!m || !mw_ref_open (&m->ref, &o, 0, why, cap)) {
    if (!m)
      snprintf (why, cap, "out of memory");
    free (m);
    return NULL;
  }
  mw_port_init (&m->port, &m->ref.model, (enum mw_port_kind) kinds[options->framing], 0);
  return m;
}

void
mw_inproc_free (mw_inproc *m)
{
  if (!m)
    return;
  mw_ref_close (&m->ref);
  free (m);
}

/* The meter lives up to NOW; its time begins with the first one that is told. */
static void
live (mw_inproc *m, mw_ms now)
{
  if (!m->started) {
    m->started = true;
    m->ref.start_ms = now;
    mw_port_reset (&m->port, now);
  }
  m->now = now;
  mw_ref_advance (&m->ref, now);
  if (mw_port_deadline (&m->port) <= now)
    mw_port_tick (&m->port, now);
}

void
mw_inproc_feed (mw_inproc *m, const void *data, size_t len, mw_ms now)
{
  live (m, now);
  mw_port_feed (&m->port, data, len, now);
}

size_t
mw_inproc_take (mw_inproc *m, void *buf, size_t cap, mw_ms now)
{
  size_t n = 0;
  mw_span s;
  live (m, now);
  while (n < cap && (s = mw_port_tx (&m->port)).len > 0) {
    size_t take = s.len < cap - n ? s.len : cap - n;
    memcpy ((uint8_t *) buf + n, s.ptr, take);
    mw_port_tx_ack (&m->port, take, now);
    n += take;
  }
  return n;
}

mw_ms
mw_inproc_deadline (const mw_inproc *m)
{
  mw_ms port = mw_port_deadline (&m->port), second = mw_ref_deadline (&m->ref);
  if (!m->started)
    return 0;
  return port < second ? port : second;
}

void
mw_inproc_tick (mw_inproc *m, mw_ms now)
{
  live (m, now);
}

void
mw_inproc_reset (mw_inproc *m, mw_ms now)
{
  live (m, now);
  mw_port_reset (&m->port, now);
}

unsigned
mw_inproc_baud (const mw_inproc *m)
{
  return mw_port_line (&m->port).baud;
}

bool
mw_inproc_command (mw_inproc *m, const char *line, char *reply, size_t cap)
{
  return mw_ref_command (&m->ref, line, reply, cap);
}

int64_t
mw_inproc_clock (const mw_inproc *m)
{
  return m->ref.meter.st.clock.utc;
}
