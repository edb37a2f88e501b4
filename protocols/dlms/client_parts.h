/* client_parts.h: what the files of the client engine share; private to them. */
#ifndef MW_CLIENT_PARTS_H
#define MW_CLIENT_PARTS_H

#include "dlms/client.h"

enum client_state {
  CLIENT_IDLE,        /* no connection */
  CLIENT_OPENING,     /* the transport connects */
  CLIENT_ASSOCIATING, /* AARQ sent */
  CLIENT_READY,       /* associated, nothing under way */
  CLIENT_WAITING,     /* a request is under way */
  CLIENT_RELEASING,   /* RLRQ sent */
  CLIENT_CLOSING,     /* the transport disconnects */
};

/* What is to be sent as soon as the transport has room. */
enum client_outgoing {
  OUT_NOTHING,
  OUT_AARQ,
  OUT_REQUEST, /* the next items */
  OUT_BLOCK,   /* the next block of a long set or action */
  OUT_NEXT,    /* ask for the next block of an answer */
  OUT_RLRQ,
};

/* What the next octet of an answer is. */
enum client_want {
  WANT_COUNT,       /* number of entries of a list that comes in blocks */
  WANT_CHOICE,      /* Get-Data-Result: data or data-access-result */
  WANT_DATA,        /* a value */
  WANT_DAR,         /* a Data-Access-Result instead of a value */
  WANT_ACTION,      /* an Action-Result */
  WANT_OPTIONAL,    /* are there return parameters? */
  WANT_RETURN,      /* Get-Data-Result of the return parameters */
  WANT_RETURN_DATA, /* their value */
  WANT_RETURN_DAR,
  WANT_SET,      /* a Data-Access-Result of a set */
  WANT_ITEM_END, /* the item is whole: its RESULT is due */
  WANT_END,      /* nothing more */
};

/* client_send.c */
void client_send (mw_dlms_client *c);

/* client_answer.c */
void client_on_response (mw_dlms_client *c, mw_span octets);
mw_dlms_event client_next_event (mw_dlms_client *c);

/* client.c */
void client_done (mw_dlms_client *c, enum mw_err err);
void client_fail (mw_dlms_client *c, enum mw_err err);
static inline void
client_want_send (mw_dlms_client *c, enum client_outgoing what)
{
  c->outgoing = (uint8_t) what;
  c->deadline = c->now + c->config.timeout_ms;
  c->moved = 0;
  c->since = c->now;
  client_send (c);
}

#endif
