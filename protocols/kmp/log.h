/* log.h: reading the logs of a KMP meter: requests and answers of A0 to A3 and of B8.
 *
 * A0 to A3 (Kamstrup document 5512-447 6.3; ids of 16 bits):
 *   request  CID log n id… records max-APDU   time (8) | record id (2) | time (8) offset (2)
 *   answer   CID log n   first-id (id unit octets SiEx value)…   id value…   …
 *            last-id newest-id INFO (1)
 * B8 (OMNIPOWER and newer; as software reads it that was written for these meters; ids of 32):
 *   request  B8 sub log n id… records (2)   time or record id (4)
 *   answer   B8 sub log n first-id (id unit octets SiEx value)…
 *            interval register (FFFFh: none) [its usual step]
 *            per further record: half an octet per register (bit 3 sign, bits 2-0 octets; 7:
 * the value itself in its own length) and differences to the record before newest-id INFO (2)
 * The time of B8 is seconds since 2000-01-01 local time: not confirmed but for 0, "the oldest".
 *
 * An answer does not say how many records it has: they go on until only the tail is left.  With
 * an error in INFO it may be shorter: no records at all.  Spans borrow from the answer.
 */
#ifndef MW_KMP_LOG_H
#define MW_KMP_LOG_H

#include "kmp/frame.h"
#include "kmp/value.h"

/* Logs by number (value.h has their names). */
enum {
  MW_KMP_LOG_DEBITING = 1,
  MW_KMP_LOG_STATUS = 2,
  MW_KMP_LOG_CLOCK = 3,
  MW_KMP_LOG_QUALITY = 4,
  MW_KMP_LOG_DISCONNECT = 5,
  MW_KMP_LOG_PROFILE = 6,
  MW_KMP_LOG_DEBITING_351B = 7,
  MW_KMP_LOG_DEBITING_2 = 8,
  MW_KMP_LOG_PROFILE_EVENTS = 10,
  MW_KMP_LOG_ANALYSIS = 11,
  MW_KMP_LOG_NEUTRAL_FAULT = 12
};

/* How a request finds its first record. */
enum mw_kmp_log_by {
  MW_KMP_FROM_TIME, /* the oldest at or after the time, towards the present (A0, B8 00) */
  MW_KMP_FROM_LAST, /* after the last one that was read (A1) */
  MW_KMP_FROM_ID,   /* this one, towards the present (A2, B8 02) */
  MW_KMP_PAST_TIME  /* the newest at or before the time, towards the past (A3, B8 03) */
};

/* INFO: one octet in A0 to A3, two in B8, made one set of flags here. */
enum {
  MW_KMP_INFO_EMPTY = 0x0001,       /* the log has no record */
  MW_KMP_INFO_RANGE = 0x0002,       /* id or time outside the log */
  MW_KMP_INFO_LENGTH = 0x0004,      /* the answer is full: more records follow */
  MW_KMP_INFO_END = 0x0008,         /* the end of the log in this direction was reached */
  MW_KMP_INFO_UNSUPPORTED = 0x0010, /* B8: a register that the log has not */
  MW_KMP_INFO_INTERVAL = 0x0020,    /* B8: the interval has changed */
  MW_KMP_INFO_FORMAT = 0x0040,      /* B8: the format has changed */
  MW_KMP_INFO_OLDEST = 0x0080,      /* B8: the oldest record is among these */
  MW_KMP_INFO_MEMORY = 0x0100,      /* B8: memory error */
  MW_KMP_INFO_REQUEST = 0x0200,     /* B8: invalid request */
  MW_KMP_INFO_INTERNAL = 0x0400     /* B8: internal error */
};

#define MW_KMP_LOG_REGISTERS 16u /* most in one request; A0 to A3 take 8 */
#define MW_KMP_LOG_REGISTERS_A 8u

typedef struct mw_kmp_log_request {
  bool wide;  /* B8 */
  uint8_t by; /* enum mw_kmp_log_by; not MW_KMP_FROM_LAST with B8 */
  uint8_t log;
  uint8_t n;
  uint16_t ids[MW_KMP_LOG_REGISTERS];
  uint16_t records;
  uint8_t max_apdu; /* A0 to A3: of the answer */
  mw_civil time;    /* FROM_TIME and PAST_TIME; only date and time of day count */
  uint32_t record;  /* FROM_ID */
  uint16_t offset;  /* PAST_TIME, A3: so many records further in the past */
} mw_kmp_log_request;

/* The CID that carries R. */
uint8_t mw_kmp_log_cid (const mw_kmp_log_request *r);
/* The APDU from the CID on. A time with unspecified fields is the beginning of 2000. */
void mw_kmp_log_request_encode (mw_wr *w, const mw_kmp_log_request *r);
/* DATA is what follows CID.  MW_ERR_VALUE: a count that is not allowed, or a sub-code that is
 * none of these (MW_ERR_UNSUPPORTED). */
enum mw_err mw_kmp_log_request_decode (uint8_t cid, mw_span data, mw_kmp_log_request *out);

/* How a register is written in an answer, and its value in the record before. */
typedef struct mw_kmp_log_format {
  uint16_t id;
  uint8_t unit, octets, siex;
  uint8_t flags;  /* B8: first octet of a date-time */
  int64_t number; /* B8: what differences are added to */
  mw_span full;   /* B8: the octets of a value that is no number */
} mw_kmp_log_format;

/* Reading an answer: header first, then record by record, value by value. */
typedef struct mw_kmp_log_answer {
  bool wide;
  uint8_t sub; /* B8 */
  uint8_t log;
  uint8_t n;       /* registers of a record */
  uint32_t first;  /* id of the first record */
  uint32_t last;   /* A0 to A3: of the last one */
  uint32_t newest; /* of the newest in the log */
  uint16_t info;   /* MW_KMP_INFO_ */
  uint16_t records;
  bool past;  /* record ids go down */
  bool brief; /* too short to say more than INFO */
  /* where the reading is */
  mw_cur body;
  uint32_t record;   /* id of the present record */
  uint8_t at;        /* the next register of it */
  bool begun;        /* the first record is under way or behind */
  uint16_t interval; /* B8: register that steps by itself; FFFFh none */
  uint32_t step;     /* ... by so many */
  uint8_t nibbles[MW_KMP_LOG_REGISTERS / 2];
  mw_kmp_log_format format[MW_KMP_LOG_REGISTERS];
} mw_kmp_log_answer;

/* DATA is what follows CID.  MW_ERR_SHORT, MW_ERR_VALUE, MW_ERR_UNSUPPORTED. */
enum mw_err mw_kmp_log_answer_decode (uint8_t cid, mw_span data, mw_kmp_log_answer *out);
/* The next value: its record is a->record, *STARTS says whether it is the first of its record.
 * False at the end, or at a mistake: then a->body.err is not MW_OK. */
bool mw_kmp_log_answer_next (mw_kmp_log_answer *a, mw_kmp_value *out, bool *starts);

/* Writing an answer: begin, then per record all its values in the order of the registers, then
 * end.  A record that does not fit, or whose values are written in another way than those of
 * the first record, is not added: false. */
typedef struct mw_kmp_log_writer {
  mw_wr w;
  size_t cap; /* of the APDU, tail included */
  mw_kmp_log_request request;
  uint8_t n;
  uint32_t first, last, records;
  uint8_t *count; /* where the number of registers stands */
  mw_kmp_log_format format[MW_KMP_LOG_REGISTERS];
  uint16_t interval;
  uint32_t step;
} mw_kmp_log_writer;

/* BUF takes the APDU of at most CAP octets.  INTERVAL: B8, the register whose step is left out,
 * FFFFh none, and its usual STEP in seconds. */
void mw_kmp_log_writer_begin (mw_kmp_log_writer *l, const mw_kmp_log_request *r, uint8_t *buf,
                              size_t cap, uint16_t interval, uint32_t step);
bool mw_kmp_log_writer_add (mw_kmp_log_writer *l, uint32_t record, const mw_kmp_value *values,
                            unsigned n);
/* The whole APDU, with the last record's id, NEWEST and INFO. */
mw_span mw_kmp_log_writer_end (mw_kmp_log_writer *l, uint32_t newest, uint16_t info);

#endif
