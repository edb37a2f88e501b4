/* hdlc.h: the data link of COSEM: HDLC in normal response mode, two-way alternate (IEC
 * 62056-46; Green Book 8).  The client is the primary station, the server the secondary.
 *
 *   client   DOWN --open--> CALLING --UA--> UP --shut--> SHUTTING --UA, DM--> DOWN
 *   server   DOWN --SNRM--> UP --DISC, inactivity--> DOWN;   UP --FRMR sent--> REFUSING
 * --SNRM--> UP
 *
 * Who may send alternates: a client's frame with the poll bit gives the line to the server, the
 * server's frame with the final bit gives it back.  In its turn a side sends as many I frames
 * as the window allows.  Numbers (modulo 8):
 *
 *   v_ack <= v_send <= v_ack + window_tx     what the other side has, what it was sent
 *   v_recv                                   the next that we take
 *
 * Every I frame under way is a row of `sent` (where it stands in the transmit buffer), so that
 * a repetition costs no second buffer.  A damaged frame is dropped in silence: the next poll,
 * or the client's timer, brings the repetition.
 */
#ifndef MW_HDLC_H
#define MW_HDLC_H

#include "dlms/hdlc_frame.h"
#include "dlms/transport.h"

/* Times and counts of IEC 62056-46 6.4.4.10 and of the class IEC HDLC set-up (Blue Book 4.7.2).
 */
#define MW_HDLC_RESPONSE_MS 2000u /* client: silence after its poll */
#define MW_HDLC_RETRIES 3u        /* client: repetitions into silence before it gives up */
#define MW_HDLC_FRUITLESS 25u     /* client: answers that bring nothing before it gives up */
/* A line that damages frames gets shorter ones: half the length after each repetition, not
 * below this; twice after so many frames without one. */
#define MW_HDLC_PIECE_MIN 64u
#define MW_HDLC_CLEAN 16u
#define MW_HDLC_INTER_OCTET_MS 200u   /* 25 ms in the class; a USB head delivers in lumps */
#define MW_HDLC_INACTIVITY_MS 120000u /* server: 120 s */
#define MW_HDLC_POLL_MS 50u           /* client: between polls of a server that is not ready */
#define MW_HDLC_ANSWER_MS 30000u      /* client: a server that only says RR, in all */
#define MW_HDLC_HOLD_MS 1000u         /* server: it owes the line back after this */
#define MW_HDLC_SERVERS_MAX 4u
/* E6 E6 00 or E6 E7 00 stand before every APDU (IEC 62056-46 5.3.2). */
#define MW_HDLC_LLC 3u

typedef struct mw_hdlc_config {
  enum mw_role role;
  uint8_t client; /* client: its address (1-126); a server answers any client */
  /* Client: servers[0] and physical are the address called, written in address_bytes. Server:
   * its logical devices and its physical device address; it answers in the form it was called
   * in. */
  uint16_t servers[MW_HDLC_SERVERS_MAX];
  uint8_t n_servers;
  uint16_t physical;
  uint8_t address_bytes; /* client: 1, 2 or 4 */
  /* What this side can do; what is used is the smaller of both sides.  0: the defaults 128
   * and 1. */
  mw_hdlc_limits limits;
  /* 0 in any of these: the constant above. */
  uint32_t response_ms;
  uint32_t answer_ms;
  uint32_t inter_octet_ms;
  uint32_t inactivity_ms; /* MW_HDLC_NO_TIMEOUT: never */
  uint32_t poll_ms;
  uint8_t retries;       /* MW_HDLC_NO_RETRIES: none */
  uint32_t keepalive_ms; /* client: poll this often when idle, against inactivity; 0: never */
  /* The least pause between the last byte received and the first sent. */
  uint32_t turn_ms;
  /* What one byte takes on the line (1042 at 9600 baud with 10 bits), for a link that takes
   * bytes faster than the line sends them; 0 when a byte acknowledged is a byte sent. */
  uint32_t byte_us;
  uint8_t *rx_buf; /* one APDU received, with MW_HDLC_LLC bytes before it */
  size_t rx_cap;
  uint8_t *tx_buf; /* one APDU to be sent, with MW_HDLC_LLC bytes before it */
  size_t tx_cap;
} mw_hdlc_config;

#define MW_HDLC_NO_TIMEOUT UINT32_MAX
#define MW_HDLC_NO_RETRIES UINT8_MAX

enum mw_hdlc_state {
  MW_HDLC_DOWN,
  MW_HDLC_CALLING,
  MW_HDLC_UP,
  MW_HDLC_SHUTTING,
  MW_HDLC_REFUSING,
  MW_HDLC_N_STATES
};

/* What was counted since init; for diagnosis and tests. */
typedef struct mw_hdlc_counts {
  uint32_t frames_in; /* good frames for us */
  uint32_t frames_out;
  uint32_t foreign;    /* good frames for another station */
  uint32_t damaged;    /* resynchronisations */
  uint32_t repeated;   /* I frames that we sent again */
  uint32_t duplicates; /* I frames out of sequence that we did not take */
  uint32_t timeouts;
} mw_hdlc_counts;

/* One I frame under way: LEN bytes at OFFSET of the transmit buffer. */
typedef struct mw_hdlc_sent {
  uint32_t offset;
  uint16_t len;
} mw_hdlc_sent;

typedef struct mw_hdlc {
  mw_transport transport; /* first: an mw_hdlc is an mw_transport */
  mw_hdlc_config config;
  mw_hdlc_counts counts;
  /* The connection. */
  enum mw_hdlc_state state;
  mw_hdlc_address local;
  mw_hdlc_address remote;
  mw_hdlc_limits limits; /* in force, seen from here */
  mw_hdlc_sent sent[8];  /* by N(S): v_ack ... v_high - 1 */
  uint16_t piece;     /* information in a new I frame: what the line bears, at most the limit */
  uint8_t clean;      /* frames acknowledged since the last repetition */
  uint8_t v_ack;      /* the other side has all before */
  uint8_t v_send;     /* the next to be sent; goes back for a repetition */
  uint8_t v_high;     /* one more than the highest ever sent */
  uint8_t v_recv;     /* the next that we take */
  bool my_turn;       /* the line is ours */
  bool remote_busy;   /* it said RNR */
  bool busy;          /* we say RNR */
  bool waiting;       /* client: an APDU is owed to us */
  bool enquire;       /* client: after a silence, ask with RR before anything is repeated */
  bool news;          /* client: this turn of the server brought something */
  bool info_seen;     /* client: it had an I frame, wanted or not */
  bool tx_active;     /* an APDU is under way */
  bool rx_started;    /* an APDU is being put together */
  bool rx_ui;         /* ... from UI frames */
  bool ua_limits;     /* server: UA carries the parameters */
  uint8_t command;    /* unnumbered frame to be sent (control field); 0: none */
  uint8_t frmr[3];    /* information of our FRMR */
  uint8_t silences;   /* client: timeouts since the last good frame */
  uint8_t fruitless;  /* client: turns of the server without news, since the last news */
  uint8_t stale;      /* client: finals that may still come for polls asked twice ... */
  uint8_t stale_mark; /* ... but not once this number is acknowledged */
  /* Time. */
  mw_ms now;
  mw_ms response; /* client: repeat; server: give the line back */
  mw_ms answer;   /* client: the server only says RR; give up */
  mw_ms poll;     /* client: the server is not polled before this */
  mw_ms gap;      /* the frame under way is broken off */
  mw_ms quiet;    /* the line has been silent since its last byte */
  mw_ms idle;     /* server: inactivity */
  mw_ms tx_after; /* half-duplex pace */
  mw_ms wire;     /* when the line will have sent what was acknowledged */
  /* Buffers. */
  size_t tx_len;  /* APDU with its LLC bytes in config.tx_buf */
  size_t tx_next; /* first byte of it that the next I frame carries */
  size_t rx_len;
  size_t out_len, out_done;
  size_t rx_size;  /* bytes in rx; the first is a flag */
  size_t rx_noise; /* bytes since the last good frame, or our last poll */
  bool rx_header;  /* the header in rx is good */
  bool rx_blocked; /* rx was left unread because of an event */
  uint8_t events[4];
  uint8_t n_events;
  uint8_t rx[MW_HDLC_FRAME_MAX + 1];
  uint8_t out[MW_HDLC_FRAME_MAX + 1];
} mw_hdlc;

/* CONFIG is copied, its buffers are borrowed until the link is forgotten. */
void mw_hdlc_init (mw_hdlc *h, const mw_hdlc_config *config);

/* Server: there will be no answer to the APDU just taken; give the line back now. */
void mw_hdlc_pass (mw_hdlc *h, mw_ms now);
/* Say RNR instead of RR from now on, or RR again: the other side shall not send I frames. */
void mw_hdlc_set_busy (mw_hdlc *h, bool busy);
/* Send APDU in one UI frame, acknowledged by nobody; TO_ALL: to the all-station address. It is
 * built in the transmit buffer.  MW_ERR_SPACE when it does not fit the default information
 * field of 128 bytes (or the one in force), MW_ERR_STATE while anything is being sent or in the
 * other side's turn. */
enum mw_err mw_hdlc_send_ui (mw_hdlc *h, mw_span apdu, bool to_all, mw_ms now);

#endif
