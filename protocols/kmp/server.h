/* server.h: the meter's side of KMP as an engine without I/O.
 *
 * It answers frames to its address, one at a time; what the meter is, is behind mw_kmp_ops.  As
 * real meters do it keeps silent on what it does not know, cannot do or refuses.  A NULL op is
 * a command that this meter has not.  A request that breaks off is forgotten after gap_ms.
 *
 * Kamstrup document 5512-447 chapters 2, 3, 6.  Threads: none.  Memory: the caller's.
 */
#ifndef MW_KMP_SERVER_H
#define MW_KMP_SERVER_H

#include "base/engine.h"
#include "kmp/client.h"

/* A log as it is now. Record ids are the meter's own; A0 to A3 carry their low 16 bits. */
typedef struct mw_kmp_log_state {
  uint32_t oldest, newest; /* ids; when not empty */
  bool empty;
  uint32_t last_read; /* for A1; one before the oldest: nothing was read */
  uint16_t interval;  /* B8: register whose usual step is left out; 0: none */
  uint32_t step;      /* ... in seconds */
} mw_kmp_log_state;

typedef struct mw_kmp_ops {
  /* 01h. REVISION: letter (1 A) in the high octet, number in the low one. */
  void (*type) (void *ctx, uint16_t *type, uint16_t *revision);
  /* 02h. */
  bool (*serial) (void *ctx, uint32_t *serial);
  /* 10h. False: there is no such register; it is left out of the answer.  OUT->id is set. */
  bool (*get_register) (void *ctx, uint16_t id, mw_kmp_value *out);
  /* 11h. True: written, and acknowledged. False: wrong password, no such register, not
   * writable, a value that is out of range: silence. */
  bool (*put_register) (void *ctx, uint16_t password, const mw_kmp_value *v);
  /* 09h. T is possible: its fields were checked. */
  bool (*set_clock) (void *ctx, const mw_civil *t);
  /* 07h, 85h, 86h, 88h and commands that are not known here. DATA is what came with it; what is
   * written to ANSWER (at most MW_KMP_LOG_APDU_MAX - 1) is sent, nothing: 06h. False: silence.
   */
  bool (*command) (void *ctx, uint8_t cid, mw_span data, mw_wr *answer);
  /* 92h. */
  bool (*login) (void *ctx, uint16_t pin);
  /* 97h (WHAT is MW_KMP_CUT_…) and 98h. */
  bool (*set_cut_off) (void *ctx, uint8_t what);
  bool (*get_cut_off) (void *ctx, mw_kmp_cut_off *out);
  /* 9Bh, 9Ch. */
  bool (*event_status) (void *ctx, uint8_t status[4]);
  bool (*clear_event_status) (void *ctx, const uint8_t conditional[4],
                              const uint8_t unconditional[4]);
  /* A6h, A7h. */
  bool (*set_quality) (void *ctx, const mw_kmp_quality *q);
  bool (*get_quality) (void *ctx, mw_kmp_quality *out);
  /* A0h to A3h, B8h. WIDE: it came with B8.  False: this meter has no such log (or does not
   * know the command). */
  bool (*log_state) (void *ctx, bool wide, uint8_t log, mw_kmp_log_state *out);
  /* The oldest record at or after T, or with PAST the newest at or before T. T has no
   * deviation: it is the meter's time. False: there is none. */
  bool (*log_find) (void *ctx, uint8_t log, const mw_civil *t, bool past, uint32_t *record);
  /* Register ID of RECORD. False: the log has no such register. */
  bool (*log_value) (void *ctx, uint8_t log, uint32_t record, uint16_t id, mw_kmp_value *out);
  /* Records up to and with NEWEST have been handed out. May be NULL. */
  void (*log_read) (void *ctx, uint8_t log, uint32_t newest);
} mw_kmp_ops;

typedef struct mw_kmp_server_config {
  uint8_t address;      /* MW_KMP_METER, or 0 to 63 on a bus */
  uint8_t also;         /* a second address it answers to (7Fh: a logger); 0: none */
  mw_line line;         /* for the time that bytes take; baud 0: none */
  uint16_t reaction_ms; /* before an answer; 0: at once. Real meters take 240 to 340 */
  uint16_t gap_ms;      /* between bytes of a request; 0: MW_KMP_METER_GAP_MS */
  uint8_t registers;    /* most in one GetRegister; 0: 8 */
  uint8_t max_apdu;     /* of a log answer; 0: 255 */
  uint8_t max_records;  /* of a log answer; 0: no limit of its own */
} mw_kmp_server_config;

typedef struct mw_kmp_server {
  /* may be changed and read by the owner */
  mw_kmp_server_config config;
  uint32_t damaged;  /* frames to the meter whose check was wrong */
  uint32_t requests; /* answered or refused */
  uint32_t refused;  /* kept silent on */
  mw_ms heard;       /* when the last whole request came; 0: none yet */
  /* private */
  const mw_kmp_ops *ops;
  void *ctx;
  mw_kmp_framer rx;
  mw_ms due, gap;
  bool holding; /* an answer waits for the reaction time to pass */
  size_t tx_len, tx_sent;
  uint8_t in[MW_KMP_LOG_APDU_MAX + 16];
  uint8_t apdu[MW_KMP_LOG_APDU_MAX];
  uint8_t tx[MW_KMP_FRAME_MAX (MW_KMP_LOG_APDU_MAX)];
  mw_kmp_log_writer log;
  mw_kmp_value values[MW_KMP_LOG_REGISTERS];
} mw_kmp_server;

/* OPS and CTX are borrowed for the engine's life; CONFIG is copied. */
void mw_kmp_server_init (mw_kmp_server *s, const mw_kmp_server_config *config,
                         const mw_kmp_ops *ops, void *ctx);
/* The line went away: nothing begun is kept. */
void mw_kmp_server_reset (mw_kmp_server *s);

/* Takes all of DATA. A request that comes while an answer is being sent is not listened to. */
size_t mw_kmp_server_feed (mw_kmp_server *s, const void *data, size_t len, mw_ms now);
mw_span mw_kmp_server_tx (const mw_kmp_server *s);
void mw_kmp_server_tx_ack (mw_kmp_server *s, size_t n, mw_ms now);
mw_ms mw_kmp_server_deadline (const mw_kmp_server *s);
void mw_kmp_server_tick (mw_kmp_server *s, mw_ms now);

#endif
