/* inproc.c: the reference meter inside a process. */
#include "host/inproc.h"

#include <stdio.h>

mw_inproc *
mw_inproc_new (const mw_inproc_options *options, char *why, size_t cap)
{
  (void) options;
  snprintf (why, cap, "this build has no reference meter yet");
  return NULL;
}

void
mw_inproc_free (mw_inproc *m)
{
  (void) m;
}

void
mw_inproc_feed (mw_inproc *m, const void *data, size_t len, mw_ms now)
{
  (void) m, (void) data, (void) len, (void) now;
}

size_t
mw_inproc_take (mw_inproc *m, void *buf, size_t cap, mw_ms now)
{
  (void) m, (void) buf, (void) cap, (void) now;
  return 0;
}

mw_ms
mw_inproc_deadline (const mw_inproc *m)
{
  (void) m;
  return MW_NEVER;
}

void
mw_inproc_tick (mw_inproc *m, mw_ms now)
{
  (void) m, (void) now;
}

void
mw_inproc_reset (mw_inproc *m, mw_ms now)
{
  (void) m, (void) now;
}

unsigned
mw_inproc_baud (const mw_inproc *m)
{
  (void) m;
  return 0;
}

bool
mw_inproc_command (mw_inproc *m, const char *line, char *reply, size_t cap)
{
  (void) m, (void) line;
  snprintf (reply, cap, "%s", "");
  return false;
}

int64_t
mw_inproc_clock (const mw_inproc *m)
{
  (void) m;
  return 0;
}
