/* server_parts.h: what server.c and server_log.c share. */
#ifndef MW_KMP_SERVER_PARTS_H
#define MW_KMP_SERVER_PARTS_H

#include "kmp/server.h"

/* A request for a log; the answer goes to W, which holds its CID.  False: silence. */
bool mw_kmp_server_on_log (mw_kmp_server *s, const mw_kmp_frame *f, mw_wr *w);

#endif
