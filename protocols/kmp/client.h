/* client.h: the reading side of KMP as an engine without I/O.
 *
 *   get_type, get_serial, login, set_clock, …  -> DONE                 results in the struct
 *   get_registers (ids)    -> per id: VALUE or ABSENT; then DONE
 *   read_log (query)       -> [ABSENT*] per record: RECORD VALUE*; GAP; then DONE
 *   at any time            -> FAILED
 *
 * One request is under way at a time.  DONE with err: this request failed, the meter is there:
 * MW_ERR_REFUSED (it keeps silent on what it refuses: after the last repetition a GetType that
 * it does answer tells the two apart), MW_ERR_ACCESS (login), MW_ERR_PROTOCOL (it answers, but
 * something else than what was asked: `violation` says what), MW_ERR_TIMEOUT (a command that
 * must not be sent twice was not confirmed: whether it was carried out is not known).  FAILED:
 * nothing came (MW_ERR_TIMEOUT) or nothing whole (MW_ERR_CHECK).  Both leave the engine ready
 * for the next request.
 *
 * A log of any length needs no buffer: values arrive one by one out of the frame that was
 * checked whole before, and the next request asks from the record after the last.  Every record
 * comes once and in order, also when the meter adds records and drops old ones meanwhile; what
 * was dropped before it could be read is a GAP.
 *
 * The head may echo: frames to the meter are not listened to.  Threads: none.  Memory:
 * caller's. The verbs are those of base/engine.h; feed stops at an event.
 */
#ifndef MW_KMP_CLIENT_H
#define MW_KMP_CLIENT_H

#include "base/engine.h"
#include "base/line.h"
#include "kmp/frame.h"
#include "kmp/log.h"
#include "kmp/value.h"

/* Kamstrup document 5512-447 2.1: an answer begins within 1.6 s; as long a pause before trying
 * again. A meter takes 27 ms without a byte for the end of a frame; heads and kernels hold
 * bytes back longer than that, so a client is more patient. */
#define MW_KMP_ANSWER_MS 1600u
/* Register of a base module that holds a modem: its signal strength, 0 to 31, 99 not known.  No
 * public source names it: reference. */
#define MW_KMP_MODULE_SIGNAL 0x2f01u
#define MW_KMP_METER_GAP_MS 27u
#define MW_KMP_CLIENT_GAP_MS 250u
#define MW_KMP_REPEATS 2u
/* Registers in one request. */
#define MW_KMP_REGISTERS_MAX 8u

typedef struct mw_kmp_client_config {
  uint8_t address;    /* MW_KMP_METER, or what the meter has on its bus */
  mw_line line;       /* for the time that bytes take; baud 0: none (TCP) */
  uint16_t answer_ms; /* after the request has left; 0: MW_KMP_ANSWER_MS */
  uint16_t gap_ms;    /* between bytes of an answer; 0: MW_KMP_CLIENT_GAP_MS */
  uint16_t settle_ms; /* after an answer that was damaged or wrong; 0: 100 */
  uint8_t repeats;    /* of a request, after the first; 0: MW_KMP_REPEATS */
  bool no_repeats;
  uint8_t registers;   /* in one GetRegister; 0: MW_KMP_REGISTERS_MAX */
  uint8_t max_apdu;    /* of a log answer, as asked of the meter; 0: 255 */
  uint8_t max_records; /* in one log request; 0: as many as fit */
} mw_kmp_client_config;

enum mw_kmp_event_kind {
  MW_KMP_NOTHING,
  MW_KMP_VALUE,  /* value; in a log also record */
  MW_KMP_ABSENT, /* id: the meter, or this log, has no such register */
  MW_KMP_RECORD, /* record: its values follow */
  MW_KMP_GAP,    /* lost: so many records were overwritten before they could be read; 0: not
                    known, the log goes on with lower ids than asked for */
  MW_KMP_DONE,   /* err */
  MW_KMP_FAILED  /* err */
};

typedef struct mw_kmp_event {
  uint8_t kind; /* enum mw_kmp_event_kind */
  enum mw_err err;
  uint16_t id;
  uint32_t record;
  uint32_t lost;
  const mw_kmp_value *value; /* borrowed until the next call on the client */
} mw_kmp_event;

/* What was wrong with an answer. */
enum mw_kmp_violation {
  MW_KMP_RIGHT,
  MW_KMP_OTHER_COMMAND, /* the answer is to another command */
  MW_KMP_OTHER_REGISTER,
  MW_KMP_OTHER_LOG,
  MW_KMP_OTHER_RECORD, /* records that were not asked for, or not in order */
  MW_KMP_MALFORMED,    /* its length does not fit what it says */
  MW_KMP_LOG_RESET,    /* the log began anew while it was read */
  MW_KMP_NO_DATA,      /* an acknowledgement where data is due, or the other way round */
  MW_KMP_N_VIOLATIONS
};
/* "the meter answered with another register than asked". Static storage. */
const char *mw_kmp_violation_text (unsigned violation);

/* State of the breaker (98h). */
typedef struct mw_kmp_cut_off {
  uint8_t state;
  uint8_t feedback; /* bits 0-2 voltage at L1-L3, 3 valid, 4 no error, 5 cut, 6 pending */
} mw_kmp_cut_off;

enum { MW_KMP_CUT_DISCONNECT = 1, MW_KMP_CUT_RELEASE = 2, MW_KMP_CUT_RECONNECT = 3 };
/* "connected"; NULL for a state that is not known. */
const char *mw_kmp_cut_off_text (unsigned state);

/* Limits of the voltage-quality log (A6h, A7h): U min and max in volt, duration in 10 s. */
typedef struct mw_kmp_quality {
  uint16_t low, high;
  uint8_t tens;
} mw_kmp_quality;

typedef struct mw_kmp_log_query {
  uint8_t by; /* enum mw_kmp_log_by */
  bool wide;  /* with B8 */
  uint8_t log;
  const uint16_t *ids; /* stay the caller's until DONE */
  uint8_t n;           /* 1 to 8, with B8 to 16 */
  mw_civil time;       /* FROM_TIME, PAST_TIME */
  uint32_t record;     /* FROM_ID */
  uint32_t count;      /* records at most; 0: all in this direction */
} mw_kmp_log_query;

typedef struct mw_kmp_client {
  /* to be read by the owner */
  uint16_t type, revision; /* after get_type: revision is letter (1 A) and number */
  uint32_t serial;
  mw_kmp_cut_off cut_off;
  uint8_t event_status[4];
  mw_kmp_quality quality;
  mw_span answer; /* after command: the data of the answer, borrowed until the next request */
  uint8_t violation; /* enum mw_kmp_violation, of the last answer that was refused */
  uint32_t newest;   /* after read_log: id of the newest record */
  uint16_t info;     /* ... and MW_KMP_INFO_ of the last answer */
  bool complete;     /* ... the log was read to its end, or as many records as asked */
  uint32_t repeated; /* requests sent again, for the statistics */
  uint32_t damaged;  /* frames whose check was wrong */
  /* private */
  mw_kmp_client_config config;
  mw_kmp_framer rx;
  uint8_t state;
  uint8_t cid; /* of the request in APDU */
  uint8_t tries;
  bool probing;      /* GetType is asked to see whether the meter is there */
  enum mw_err cause; /* what is said if it is */
  bool broken;       /* something damaged came since the request was sent */
  mw_ms due, gap;    /* the end of the state; the end of a frame that broke off */
  mw_ms quiet;       /* one byte time after the last byte heard: not before is spoken */
  mw_kmp_event event;
  mw_kmp_value value;
  /* registers */
  const uint16_t *ids;
  size_t n_ids, at_id;
  uint8_t batch;  /* ids in the request under way */
  bool four;      /* the answer says a wrong length of clock and date */
  uint8_t seen;   /* bit per id of it: its value came */
  uint8_t absent; /* the next id to be looked at for ABSENT */
  mw_cur list;
  /* log */
  mw_kmp_log_request request;
  mw_kmp_log_answer log;
  uint32_t wanted;   /* records still to come; UINT32_MAX: all */
  uint32_t expected; /* id of the next record */
  bool expecting;    /* EXPECTED is known */
  bool ours;         /* ... from an answer */
  bool told;         /* which registers are absent */
  bool skipping;     /* the record under way was had before */
  uint8_t pending;   /* of a record's beginning: 2 RECORD, 1 its first value */
  size_t apdu_len, tx_len, tx_sent;
  uint8_t apdu[MW_KMP_VALUE_MAX + 16]; /* kept for a repetition */
  uint8_t tx[MW_KMP_FRAME_MAX (MW_KMP_VALUE_MAX + 16)];
  uint8_t in[MW_KMP_INNER_MAX];
} mw_kmp_client;

void mw_kmp_client_init (mw_kmp_client *c, const mw_kmp_client_config *config);

/* All of these: MW_ERR_STATE while a request is under way; MW_ERR_VALUE when what is given
 * cannot be sent. */
enum mw_err mw_kmp_client_get_type (mw_kmp_client *c, mw_ms now);
enum mw_err mw_kmp_client_get_serial (mw_kmp_client *c, mw_ms now);
/* Any number of ids: as many requests as it takes. IDS stay the caller's until DONE. */
enum mw_err
mw_kmp_client_get_registers (mw_kmp_client *c, const uint16_t *ids, size_t n, mw_ms now);
enum mw_err mw_kmp_client_put_register (mw_kmp_client *c, uint16_t password,
                                        const mw_kmp_value *value, mw_ms now);
/* Local time of the meter; its date and time of day must be given, the year 2000 to 2099. */
enum mw_err mw_kmp_client_set_clock (mw_kmp_client *c, const mw_civil *t, mw_ms now);
enum mw_err mw_kmp_client_login (mw_kmp_client *c, uint16_t pin, mw_ms now);
/* Its answer is the state as of get_cut_off. */
enum mw_err mw_kmp_client_set_cut_off (mw_kmp_client *c, uint8_t what, mw_ms now);
enum mw_err mw_kmp_client_get_cut_off (mw_kmp_client *c, mw_ms now);
enum mw_err mw_kmp_client_get_event_status (mw_kmp_client *c, mw_ms now);
/* Masks of flags to be cleared: when the log behind them was read to its newest record, or in
 * any case. */
enum mw_err mw_kmp_client_clear_event_status (mw_kmp_client *c, const uint8_t conditional[4],
                                              const uint8_t unconditional[4], mw_ms now);
enum mw_err mw_kmp_client_get_quality (mw_kmp_client *c, mw_ms now);
enum mw_err mw_kmp_client_set_quality (mw_kmp_client *c, const mw_kmp_quality *q, mw_ms now);
/* Any command with any data: Reset, ResetNoBackup, SetDisplay, DebitingStop, and what is not
 * known here.  DONE with OK when it was acknowledged (answer is empty) or answered. */
enum mw_err mw_kmp_client_command (mw_kmp_client *c, uint8_t cid, mw_span data, mw_ms now);
enum mw_err mw_kmp_client_read_log (mw_kmp_client *c, const mw_kmp_log_query *q, mw_ms now);
/* Give up what is under way; no event comes of it. */
void mw_kmp_client_cancel (mw_kmp_client *c);

size_t mw_kmp_client_feed (mw_kmp_client *c, const void *data, size_t len, mw_ms now);
mw_span mw_kmp_client_tx (const mw_kmp_client *c);
void mw_kmp_client_tx_ack (mw_kmp_client *c, size_t n, mw_ms now);
mw_ms mw_kmp_client_deadline (const mw_kmp_client *c);
void mw_kmp_client_tick (mw_kmp_client *c, mw_ms now);
/* After the last value of an answer this sends the request for the next ones. */
mw_kmp_event mw_kmp_client_take_event (mw_kmp_client *c, mw_ms now);

#endif
