/* inproc.h: the reference meter inside a process: bytes in, bytes out, no sockets, no threads.
 *
 * The same meter, ports and protocols as mw-refmeter's; who owns it moves the bytes and the
 * time. NOW is milliseconds of any monotonic clock (base/engine.h); the meter's own clock
 * starts at clock_utc and runs at `speed` times that.  Two meters in one process are
 * independent.
 *
 *   m = mw_inproc_new (&options, why, sizeof why);
 *   mw_inproc_feed (m, request, n, now);
 *   while ((n = mw_inproc_take (m, buf, sizeof buf, now))) deliver (buf, n);
 *   mw_inproc_tick (m, now) at the latest at mw_inproc_deadline (m)
 */
#ifndef MW_INPROC_H
#define MW_INPROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/engine.h"

typedef struct mw_inproc mw_inproc;

enum mw_inproc_framing {
  MW_INPROC_WRAPPER, /* DLMS over the TCP wrapper */
  MW_INPROC_HDLC,    /* DLMS over HDLC at once */
  MW_INPROC_OPTICAL, /* an optical port: what it speaks is the model's */
  MW_INPROC_MODULE,  /* the port of modules of a Kamstrup meter */
  MW_INPROC_IEC,     /* IEC 62056-21 without a line's speed */
  MW_INPROC_KMP,     /* KMP without a line's speed, as through a transparent module */
};

/* All zero: a factory-new MT381 with serial number REF00001, the clock at this machine's. */
typedef struct mw_inproc_options {
  const char *model;       /* as of mw-refmeter; NULL: mt381 */
  const char *generation;  /* of a Kamstrup meter; NULL: its newest */
  const char *type_number; /* of a Kamstrup meter; NULL: its usual one */
  const char *serial;      /* NULL: the model's usual one */
  const char *password;    /* NULL: the model's usual one */
  const char *scenario;    /* household, pv, workshop, idle or a file; NULL: household */
  const char *nvm;         /* file of the non-volatile memory; NULL: in memory */
  uint32_t seed;
  uint32_t history_s; /* so many seconds were lived through before the start */
  int64_t clock_utc;  /* 0: now by this machine's clock */
  double speed;       /* of the meter's clock; 0: 1 */
  enum mw_inproc_framing framing;
  bool echo; /* the head sends back what it is sent */
} mw_inproc_options;

bool mw_inproc_knows (const char *model);
/* The framing of MODEL (NULL: mt381) when nothing is said. */
enum mw_inproc_framing mw_inproc_usual (const char *model);
/* NULL with a sentence in WHY when an option is wrong or memory or file cannot be had. */
mw_inproc *mw_inproc_new (const mw_inproc_options *options, char *why, size_t cap);
/* Saves what the meter holds when it has a file. NULL is allowed. */
void mw_inproc_free (mw_inproc *m);

/* Bytes from the tool to the meter, all taken. */
void mw_inproc_feed (mw_inproc *m, const void *data, size_t len, mw_ms now);
/* Bytes from the meter to the tool: up to CAP into BUF; 0: none now. */
size_t mw_inproc_take (mw_inproc *m, void *buf, size_t cap, mw_ms now);
/* When mw_inproc_tick must be called at the latest: at most a second away. */
mw_ms mw_inproc_deadline (const mw_inproc *m);
void mw_inproc_tick (mw_inproc *m, mw_ms now);
/* The connection was opened anew (a TCP connection, a head put on): ports start over. */
void mw_inproc_reset (mw_inproc *m, mw_ms now);
/* What is fed from now on comes at BAUD (0: not known): a port that knows an opening by its
 * speed goes to it, and at another speed than the port's nothing is understood. */
void mw_inproc_hear (mw_inproc *m, unsigned baud, mw_ms now);
/* The speed at which the meter's port listens now, 0 where there is no line. */
unsigned mw_inproc_baud (const mw_inproc *m);

/* What a person does to the meter: a line of mw-refmeter's standard input ("press left 2",
 * "voltage L1 260", "power off", "lcd"); the answer, if any, goes to REPLY.  False when the
 * command is not understood. */
bool mw_inproc_command (mw_inproc *m, const char *line, char *reply, size_t cap);
/* UTC of the meter's clock. */
int64_t mw_inproc_clock (const mw_inproc *m);

#endif
