/* client.h: who uses a modem: registration, signal strength, dialling, escape, hanging up.
 *
 *   WAKE ─OK─► INIT ─► PIN ─► REGISTER ─► CALLS ─► SIGNAL ─► BEARER ─► DIAL ─CONNECT─► ONLINE
 *     │ silent: a call may still be up                │ our call is up                   │
 *     └─► +++ ─OK─► INIT                              └─► ATO ─CONNECT──────────────────►│
 *                                   COMMAND ◄─ escape: silence, +++, silence, OK ────────┤
 *                                   LOST    ◄─ NO CARRIER ────────────────────────────── ┘
 *
 * Commands and result codes: ITU-T V.250 clauses 5 and 6 (AT, E, V, D, H, O, &D, result codes);
 * 3GPP TS 27.007 clauses 6.7 (+CBST), 7.2 (+CREG), 7.18 (+CLCC), 8.3 (+CPIN), 8.5 (+CSQ).
 *
 * A PIN is sent once: a wrong one is not tried again, for the third would lock the card.
 * Online the engine takes bytes without touching them and looks only for the modem's word that
 * the call is gone.  No heap, no I/O, no clock (base/engine.h).
 */
#ifndef MW_MODEM_CLIENT_H
#define MW_MODEM_CLIENT_H

#include <stdbool.h>

#include "base/engine.h"

#define MW_MODEM_LINE 128u  /* longest line of an answer; more is cut off */
#define MW_MODEM_NUMBER 32u /* with its NUL */
#define MW_MODEM_SIGNAL_LOW                                                                    \
  12 /* below it, communication is doubtful (METERTOOL manual 3.2.2.2) */
#define MW_MODEM_NO_SIGNAL 99 /* +CSQ: not known or not detectable */

enum mw_modem_state {
  MW_MODEM_IDLE,
  MW_MODEM_DIALOGUE, /* commands are being exchanged */
  MW_MODEM_COMMAND,  /* ready for a command; a call may be held */
  MW_MODEM_ONLINE,   /* bytes go through */
  MW_MODEM_DOWN,     /* failed, lost, or hung up */
};

enum mw_modem_event {
  MW_MODEM_NONE,
  MW_MODEM_SIGNAL,    /* signal has a new value */
  MW_MODEM_CONNECTED, /* online; resumed says whether the call was up already */
  MW_MODEM_ESCAPED,   /* in command state, the call is held */
  MW_MODEM_HUNG_UP,   /* by us */
  MW_MODEM_LOST,      /* the call ended by itself */
  MW_MODEM_FAILED,    /* why says it */
};

enum mw_modem_why {
  MW_MODEM_OK,
  MW_MODEM_SILENT,  /* the modem does not answer */
  MW_MODEM_REFUSES, /* ERROR to a command that it must know */
  MW_MODEM_NO_SIM,
  MW_MODEM_PIN_NEEDED,
  MW_MODEM_PIN_WRONG, /* and was not tried again */
  MW_MODEM_PUK_NEEDED,
  MW_MODEM_NOT_REGISTERED,
  MW_MODEM_DENIED, /* the network refuses this card */
  MW_MODEM_BUSY,
  MW_MODEM_NO_ANSWER,
  MW_MODEM_NO_CARRIER,
  MW_MODEM_NO_DIALTONE,
  MW_MODEM_NOT_IN_TIME, /* no CONNECT in time */
  MW_N_MODEM_WHYS
};

/* A sentence fragment without final stop: "the number is busy". */
const char *mw_modem_why_text (enum mw_modem_why why);

typedef struct mw_modem_config {
  const char *number;   /* digits, + first, *, #; other characters are refused */
  const char *pin;      /* NULL: none; borrowed until the PIN was sent */
  uint32_t answer_ms;   /* 0: 3000, to an ordinary command */
  uint32_t register_ms; /* 0: 60000, to find the network */
  uint32_t connect_ms;  /* 0: 90000, from dialling to CONNECT */
  uint32_t guard_ms;    /* 0: 1100, silence around +++ (V.250: S12, 1 s) */
} mw_modem_config;

typedef struct mw_modem {
  mw_modem_config config;
  char number[MW_MODEM_NUMBER];
  enum mw_modem_state state;
  enum mw_modem_why why;
  uint8_t step; /* of the dialogue */
  uint8_t tries;
  bool held; /* in command state a call is up */
  bool resumed;
  bool ours;  /* +CLCC listed a call to our number */
  bool other; /* … to another number */
  bool hanging_up;
  uint8_t answer; /* what the answer's lines said, per step */
  uint8_t signal; /* 0-31, MW_MODEM_NO_SIGNAL */
  uint32_t rate;  /* of CONNECT; 0: not said */
  enum mw_modem_event event[4];
  uint8_t n_events;
  mw_ms due, until; /* of this step; of the whole phase */
  mw_ms last_tx;
  uint8_t tail; /* characters of "\r\nNO CARRIER\r\n" that came last */
  mw_ms lost_at;
  char line[MW_MODEM_LINE];
  uint16_t line_len;
  char out[64];
  uint16_t out_len, out_at;
} mw_modem;

/* False when the number has characters that cannot be dialled, or is too long or empty. */
bool mw_modem_init (mw_modem *m, const mw_modem_config *config);
/* From an unknown state of the modem to ONLINE: CONNECTED or FAILED follows. */
void mw_modem_dial (mw_modem *m, mw_ms now);
/* Ask +CSQ: in COMMAND state at once; ONLINE: escape, ask, and go online again.  SIGNAL
 * follows, then CONNECTED when it was online. */
void mw_modem_ask_signal (mw_modem *m, mw_ms now);
/* From ONLINE to COMMAND: ESCAPED follows. */
void mw_modem_escape (mw_modem *m, mw_ms now);
/* From COMMAND with a call held to ONLINE: CONNECTED or FAILED. */
void mw_modem_resume (mw_modem *m, mw_ms now);
/* End the call: HUNG_UP follows. */
void mw_modem_hang_up (mw_modem *m, mw_ms now);

/* Bytes of the modem.  Returns how many it took: those after CONNECT are the meter's, and
 * ONLINE it takes all of DATA while they are the caller's to use. */
size_t mw_modem_feed (mw_modem *m, const void *data, size_t len, mw_ms now);
mw_span mw_modem_tx (const mw_modem *m);
void mw_modem_tx_ack (mw_modem *m, size_t n, mw_ms now);
/* The caller sent bytes of its own while ONLINE: the guard time begins anew. */
void mw_modem_sent (mw_modem *m, mw_ms now);
mw_ms mw_modem_deadline (const mw_modem *m);
void mw_modem_tick (mw_modem *m, mw_ms now);
enum mw_modem_event mw_modem_take_event (mw_modem *m);
/* What is being done, for people: "registering in the network". */
const char *mw_modem_step_text (const mw_modem *m);

#endif
