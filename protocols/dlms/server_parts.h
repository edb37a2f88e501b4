/* server_parts.h: what the files of the server engine share; private to them. */
#ifndef MW_SERVER_PARTS_H
#define MW_SERVER_PARTS_H

#include "dlms/server.h"

/* What an answer is made from. */
enum server_source {
  SOURCE_NONE,
  SOURCE_GET,      /* one stream */
  SOURCE_GET_LIST, /* number, then a choice and a stream for each descriptor in store */
  SOURCE_ACTION,   /* replies in piece */
  SOURCE_ACTION_LIST,
};

/* server.c */
void server_send (mw_dlms_server *s, mw_wr *w);
mw_wr server_room (mw_dlms_server *s);
void server_except (mw_dlms_server *s, uint8_t state, uint8_t service);
void server_drop (mw_dlms_server *s);

/* server_acse.c */
void server_on_aarq (mw_dlms_server *s, mw_span octets);
void server_on_rlrq (mw_dlms_server *s, mw_span octets);

/* server_get.c */
void server_on_get (mw_dlms_server *s, const mw_apdu *a);
void server_answer_first (mw_dlms_server *s);
void server_answer_next (mw_dlms_server *s, const mw_apdu *a);
void server_answer_end (mw_dlms_server *s);

/* server_set.c */
void server_on_set (mw_dlms_server *s, const mw_apdu *a);
void server_on_action (mw_dlms_server *s, const mw_apdu *a);
void server_long_end (mw_dlms_server *s);

#endif
