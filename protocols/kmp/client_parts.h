/* client_parts.h: what client.c, client_answer.c and client_log.c share. */
#ifndef MW_KMP_CLIENT_PARTS_H
#define MW_KMP_CLIENT_PARTS_H

#include "kmp/client.h"

enum mw_kmp_client_state {
  MW_KMP_IDLE,
  MW_KMP_HOLDING,       /* the request waits for the line to be quiet */
  MW_KMP_WAITING,       /* it is sent, an answer is due */
  MW_KMP_SETTLING,      /* the answer was damaged or wrong; then the request is repeated */
  MW_KMP_REGISTERS_OUT, /* values of the answer become events */
  MW_KMP_LOG_OUT
};

/* What an answer is taken for. */
enum mw_kmp_taken {
  MW_KMP_TAKE,  /* the request has its answer; the handler has set state or event */
  MW_KMP_AWAIT, /* not what is waited for: as if it had not come */
  MW_KMP_WRONG  /* refused; c->violation says why */
};

/* client.c: make the request in c->apdu the one under way. */
void mw_kmp_client_begin (mw_kmp_client *c, mw_wr *apdu, mw_ms now);
/* client.c: the request is over: an event, and idle. */
void mw_kmp_client_done (mw_kmp_client *c, enum mw_err err);

/* client_answer.c: an answer frame, or (F NULL) an acknowledgement. */
enum mw_kmp_taken mw_kmp_client_answer (mw_kmp_client *c, const mw_kmp_frame *f);
/* client_answer.c: the request for the ids from c->at_id on. */
void mw_kmp_client_ask_registers (mw_kmp_client *c, mw_ms now);
/* client_answer.c: the next event of a register answer. */
void mw_kmp_client_next_register (mw_kmp_client *c, mw_ms now);

/* client_log.c: an answer to the log request under way. */
enum mw_kmp_taken mw_kmp_client_log_answer (mw_kmp_client *c, const mw_kmp_frame *f);
/* client_log.c: the next event of a log answer, or the next request. */
void mw_kmp_client_next_value (mw_kmp_client *c, mw_ms now);

static inline enum mw_kmp_taken
mw_kmp_client_wrong (mw_kmp_client *c, enum mw_kmp_violation violation)
{
  c->violation = (uint8_t) violation;
  return MW_KMP_WRONG;
}

#endif
