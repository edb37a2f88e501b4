/* hdlc_priv.h: what the three files of the HDLC link share: hdlc.c (verbs, sending, time),
 * hdlc_rx.c (bytes to frames), hdlc_link.c (the state table). */
#ifndef MW_HDLC_PRIV_H
#define MW_HDLC_PRIV_H

#include "dlms/hdlc.h"

/* hdlc.c */
void mw_hdlc_post (mw_hdlc *h, enum mw_transport_event event);
void mw_hdlc_reset_link (mw_hdlc *h);
/* The connection is over: EVENT is DOWN or FAILED. */
void mw_hdlc_end (mw_hdlc *h, enum mw_transport_event event, enum mw_err err);
/* Answer or command KIND (unnumbered, with P/F) goes out next. */
void mw_hdlc_say (mw_hdlc *h, enum mw_hdlc_kind kind);
/* Client: silence from now on is counted. */
void mw_hdlc_arm_response (mw_hdlc *h);

/* hdlc_rx.c */
size_t mw_hdlc_rx_feed (mw_hdlc *h, const uint8_t *data, size_t len);
/* Frames that an event kept in the buffer. */
void mw_hdlc_rx_resume (mw_hdlc *h);
/* The line was silent inside a frame: it is broken off. */
void mw_hdlc_rx_gap (mw_hdlc *h);

/* hdlc_link.c */
void mw_hdlc_on_frame (mw_hdlc *h, const mw_hdlc_frame *f);

static inline unsigned
mw_hdlc_distance (unsigned from, unsigned to)
{
  return (to - from) & 7u;
}

#endif
