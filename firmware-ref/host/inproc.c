/* inproc.c: the reference meter inside a process. */
#include "host/inproc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/refmeter.h"

struct mw_inproc {
  mw_ref ref;
  mw_channel port;
  bool started; /* the first NOW is known */
  bool hears;   /* the other side speaks at the speed at which the port listens */
  bool echo;
  uint8_t back[4096]; /* what an echoing head sends back */
  size_t back_len;
  unsigned far_baud;
  mw_ms now;
};

bool
mw_inproc_knows (const char *model)
{
  return mw_ref_class_of (model) != NULL;
}

enum mw_inproc_framing
mw_inproc_usual (const char *model)
{
  const mw_ref_class *klass = mw_ref_class_of (model);
  return klass && strcmp (klass->framing, "kmp") == 0 ? MW_INPROC_KMP : MW_INPROC_WRAPPER;
}

mw_inproc *
mw_inproc_new (const mw_inproc_options *options, char *why, size_t cap)
{
  static const uint8_t kinds[] = {
    [MW_INPROC_WRAPPER] = MW_REF_WRAPPER, [MW_INPROC_HDLC] = MW_REF_HDLC,
    [MW_INPROC_OPTICAL] = MW_REF_OPTICAL, [MW_INPROC_MODULE] = MW_REF_MODULE,
    [MW_INPROC_IEC] = MW_REF_IEC,         [MW_INPROC_KMP] = MW_REF_KMP
  };
  mw_ref_options o = {
    .model = options->model,
    .generation = options->generation,
    .type_number = options->type_number,
    .serial = options->serial,
    .password = options->password,
    .scenario = options->scenario,
    .nvm = options->nvm,
    .address = -1,
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
  const char *lacks = m->ref.klass->lacks (&m->ref, kinds[options->framing]);
  if (lacks) {
    snprintf (why, cap, "a %s: %s", m->ref.model, lacks);
    mw_inproc_free (m);
    return NULL;
  }
  m->hears = true;
  m->echo = options->echo;
  m->ref.klass->connect (&m->ref, &m->port, kinds[options->framing], 0);
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
    m->port.klass->reset (&m->port, now);
  }
  m->now = now;
  mw_ref_advance (&m->ref, now);
  if (mw_channel_deadline (&m->port) <= now)
    m->port.klass->tick (&m->port, now);
}

void
mw_inproc_feed (mw_inproc *m, const void *data, size_t len, mw_ms now)
{
  live (m, now);
  if (m->echo && len <= sizeof m->back - m->back_len) {
    memcpy (m->back + m->back_len, data, len);
    m->back_len += len;
  }
  if (m->hears)
    m->port.klass->feed (&m->port, data, len, now);
}

size_t
mw_inproc_take (mw_inproc *m, void *buf, size_t cap, mw_ms now)
{
  size_t n = m->back_len < cap ? m->back_len : cap;
  mw_span s;
  live (m, now);
  memcpy (buf, m->back, n);
  memmove (m->back, m->back + n, m->back_len -= n);
  while (n < cap && (s = mw_channel_tx (&m->port)).len > 0) {
    size_t take = s.len < cap - n ? s.len : cap - n;
    memcpy ((uint8_t *) buf + n, s.ptr, take);
    m->port.klass->tx_ack (&m->port, take, now);
    n += take;
  }
  return n;
}

mw_ms
mw_inproc_deadline (const mw_inproc *m)
{
  mw_ms port = mw_channel_deadline (&m->port), second = mw_ref_deadline (&m->ref);
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
  m->port.klass->reset (&m->port, now);
}

unsigned
mw_inproc_baud (const mw_inproc *m)
{
  return mw_channel_line (&m->port).baud;
}

void
mw_inproc_hear (mw_inproc *m, unsigned baud, mw_ms now)
{
  live (m, now);
  mw_channel_hear (&m->port, baud, baud != m->far_baud, now);
  m->far_baud = baud;
  unsigned own = mw_channel_line (&m->port).baud;
  m->hears = !own || !baud || own == baud;
}

bool
mw_inproc_command (mw_inproc *m, const char *line, char *reply, size_t cap)
{
  return mw_ref_command (&m->ref, line, reply, cap);
}

int64_t
mw_inproc_clock (const mw_inproc *m)
{
  return m->ref.meter->st.clock.utc;
}
