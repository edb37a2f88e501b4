/* describe_kmp.h: what describe_kmp.c and describe_kmp_log.c share. */
#ifndef MW_DECODE_DESCRIBE_KMP_H
#define MW_DECODE_DESCRIBE_KMP_H

#include "decode/say.h"
#include "kmp/client.h"

/* A register id; a register with its format and value. */
void mw_kmp_say_id (mw_say_out *d, mw_cur *c);
void mw_kmp_say_value (mw_say_out *d, mw_cur *c);

/* Is it a telegram in hexadecimal digits (kmp/ascii.h)? One of them in words. */
bool mw_kmp_is_ascii (mw_span data);
void mw_kmp_describe_ascii (mw_say_out *d, mw_cur *c);

/* What follows CID in a request for a log, and in an answer. False: nothing was said, it is
 * none that is known here. */
bool mw_kmp_say_log_request (mw_say_out *d, mw_cur *c, unsigned cid);
bool mw_kmp_say_log_answer (mw_say_out *d, mw_cur *c, unsigned cid);

#endif
