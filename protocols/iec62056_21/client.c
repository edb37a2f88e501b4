/* client.c: see client.h.
 *
 * Invariants: TX holds the last message (HELD bytes) for a repetition; while HOLDING it is not
 * yet offered to the owner.  DUE is the one timer: what it means depends on the state,
 * `elapsed` below.  While an event waits nothing is offered for sending and nothing is taken
 * in, so that the line is always set before the next character and `data` stays valid.
 */
#include "iec62056_21/client.h"

#include <string.h>

/* clang-format off */
enum state {
  IDLE,        /* nothing begun, or all over */
  WAKING,      /* annex A: the wake-up is sent, the pause after it runs */
  OPENING,     /* the request is sent, an identification is due */
  IDENTIFIED,  /* the reaction time before the option message runs */
  OPTION_SENT, /* the option message is being sent; then the speed changes */
  READING,     /* the data block of a readout is due */
  CHALLENGED,  /* P0 is due */
  CONFIRMING,  /* mode E: the confirmation is due */
  LISTENING,   /* mode D: an identification may come at any time */
  READY,       /* programming mode, no command under way */
  COMMANDED,   /* the answer to a command is due */
  ENDING,      /* the last message is being sent: a break or an acknowledgement */
  FAILED,
  N_STATES
};
/* clang-format on */

/* Defaults; the FIELD figures are those of heads and meters, the others the standard's. */
enum {
  SWITCH_MS = 300,  /* 300-400 ms suit the meters that were tried */
  CONFIRM_MS = 900, /* a confirmation comes within tr of the option message, if at all */
  ANSWER_MS = 2000, /* tr 1500 ms and what a head adds */
  REPEATS = 2,
  GARBAGE = 8,     /* so many characters that begin nothing: the other side has another speed */
  MIDWAY_MS = 500, /* of silence end a message whose beginning was missed */
  WAKE_CHARACTERS = 66, /* annex A: NUL for 2.1 s to 2.3 s at 300 baud ... */
  WAKE_PAUSE_MS = 1600  /* ... and 1.5 s to 1.7 s of silence */
};

void
mw_iec_client_init (mw_iec_client *c, const mw_iec_client_config *config, void *buf, size_t cap)
{
  memset (c, 0, sizeof *c);
  c->config = *config;
  mw_iec_client_config *k = &c->config;
  bool listen = k->goal == MW_IEC_LISTEN;
  k->start_baud = k->start_baud ? k->start_baud : listen ? 2400 : 300; /* 6.4.4: mode D */
  k->switch_ms = k->switch_ms ? k->switch_ms : SWITCH_MS;
  k->confirm_ms = k->confirm_ms ? k->confirm_ms : CONFIRM_MS;
  k->answer_ms = k->answer_ms ? k->answer_ms : ANSWER_MS;
  k->gap_ms = k->gap_ms ? k->gap_ms : MW_IEC_TA_MAX_MS;
  if (!k->repeats && !k->no_repeats)
    k->repeats = REPEATS;
  mw_iec_framer_init (&c->rx, buf, cap);
  c->due = MW_NEVER;
}

static void
push (mw_iec_client *c, enum mw_iec_event event)
{
  if (c->n_events < sizeof c->events)
    c->events[c->n_events++] = (uint8_t) event;
}

static void
rest (mw_iec_client *c, enum state state)
{
  c->state = (uint8_t) state;
  c->due = MW_NEVER;
  c->holding = false;
}

static void
fail (mw_iec_client *c, enum mw_err err)
{
  c->err = err;
  c->tx_len = c->tx_sent = 0;
  rest (c, FAILED);
  push (c, MW_IEC_EV_FAILED);
}

static void
set_line (mw_iec_client *c, mw_line line)
{
  c->line = line;
  push (c, MW_IEC_EV_LINE);
}

static uint32_t
reaction (const mw_iec_client *c)
{
  if (c->config.reaction_ms)
    return c->config.reaction_ms > 0 ? (uint32_t) c->config.reaction_ms : 0;
  return c->ident.fast ? MW_IEC_TR_MIN_FAST_MS : MW_IEC_TR_MIN_MS;
}

static void
release (mw_iec_client *c, mw_ms now)
{
  c->holding = false;
  c->tx_len = c->held;
  c->tx_sent = 0;
  c->due = now + mw_line_ms (c->line, c->held) + c->wait_ms;
}

/* Offer the message in TX after HOLD_MS, and be patient for WAIT_MS after its last character.
 */
static void
send_after (mw_iec_client *c, mw_ms now, uint32_t hold_ms, uint32_t wait_ms)
{
  c->tx_len = c->tx_sent = 0;
  c->wait_ms = wait_ms;
  c->holding = true;
  c->due = now + hold_ms;
  if (!hold_ms)
    release (c, now);
}

static void
send_byte (mw_iec_client *c, uint8_t byte, mw_ms now)
{
  c->tx[0] = byte;
  c->held = 1;
  send_after (c, now, reaction (c), c->config.answer_ms);
}

static void
start_request (mw_iec_client *c, mw_ms now, uint32_t hold_ms)
{
  mw_wr w;
  mw_wr_init (&w, c->tx, sizeof c->tx);
  const char *address = c->config.address ? c->config.address : "";
  mw_iec_request r = { { (const uint8_t *) address, strlen (address) } };
  mw_iec_request_encode (&w, &r);
  if (w.err) {
    fail (c, MW_ERR_VALUE);
    return;
  }
  c->held = mw_wr_len (&w);
  c->state = OPENING;
  send_after (c, now, hold_ms, c->config.answer_ms);
}

static void
start_wake_up (mw_iec_client *c, mw_ms now, uint32_t hold_ms)
{
  memset (c->tx, 0, WAKE_CHARACTERS);
  c->held = WAKE_CHARACTERS;
  c->state = WAKING;
  send_after (c, now, hold_ms, WAKE_PAUSE_MS);
}

static void
woken (mw_iec_client *c, mw_ms now)
{
  start_request (c, now, 0);
}

static void
begin (mw_iec_client *c, mw_ms now, uint32_t hold_ms)
{
  c->tries = 0;
  c->confirmed = c->stayed = c->midway = false;
  c->garbage = 0;
  c->rx.options = false;
  c->rx.plain = c->config.goal == MW_IEC_LISTEN;
  mw_iec_framer_reset (&c->rx);
  set_line (c, mw_line_7e1 (c->config.start_baud));
  if (c->config.goal == MW_IEC_LISTEN) {
    c->state = LISTENING;
    c->rx.plain = false;
    c->due = now + c->config.answer_ms;
  } else if (c->config.wake_up) {
    start_wake_up (c, now, hold_ms);
  } else {
    start_request (c, now, hold_ms);
  }
}

void
mw_iec_client_open (mw_iec_client *c, mw_ms now)
{
  c->err = MW_OK;
  c->n_events = 0;
  c->opened = 0;
  c->slow = false;
  c->repeated = 0;
  begin (c, now, 0);
}

/* Once more from the start, or give up with ERR. */
static void
reopen (mw_iec_client *c, enum mw_err err, mw_ms now)
{
  if (c->opened++ >= c->config.repeats) {
    fail (c, err);
    return;
  }
  c->repeated++;
  begin (c, now, reaction (c));
}

enum mw_err
mw_iec_client_choose (mw_iec_client *c, enum mw_iec_goal goal)
{
  if (c->state != IDENTIFIED)
    return MW_ERR_STATE;
  c->config.goal = goal;
  return MW_OK;
}

static void
on_ident (mw_iec_client *c, mw_ms now)
{
  if (mw_iec_ident_decode (mw_iec_framer_message (&c->rx), &c->ident)) {
    /* our own request, echoed by the head, or a damaged identification: the timer decides */
    c->due = now + c->config.answer_ms;
    return;
  }
  bool pushed = c->state == LISTENING;
  c->mode = pushed ? MW_IEC_D : mw_iec_ident_mode (&c->ident);
  bool silent = pushed || c->mode == MW_IEC_A || c->mode == MW_IEC_B;
  c->rx.plain = silent; /* modes A, B and D may send data without STX and block check */
  c->state = pushed ? READING : IDENTIFIED;
  c->due = now + (pushed ? c->config.answer_ms : silent ? 0 : reaction (c));
  push (c, MW_IEC_EV_IDENT);
}

/* The Z that we answer: what is offered, or the fastest below what the owner allows. */
static char
choose_baud (const mw_iec_client *c)
{
  uint32_t offered = mw_iec_baud_of (c->ident.baud_char);
  uint32_t limit = c->config.max_baud ? c->config.max_baud : UINT32_MAX;
  char z = '0';
  if (c->slow)
    return z;
  for (char faster = '1'; faster <= '9'; faster++)
    if (mw_iec_baud_of (faster) <= offered && mw_iec_baud_of (faster) <= limit)
      z = faster;
  return z;
}

static void
send_option (mw_iec_client *c, char protocol, char mode, mw_ms now)
{
  mw_iec_option o = { protocol, choose_baud (c), mode };
  mw_wr w;
  mw_wr_init (&w, c->tx, sizeof c->tx);
  mw_iec_option_encode (&w, &o);
  c->held = mw_wr_len (&w);
  /* Z = '0' is the initial speed, whatever that is (6.3.14) */
  uint32_t baud = o.baud == '0' ? c->config.start_baud : mw_iec_baud_of (o.baud);
  c->agreed = mode == '2' ? mw_line_8n1 (baud) : mw_line_7e1 (baud);
  c->rx.options = mode == '2';
  c->state = OPTION_SENT;
  send_after (c, now, 0, c->config.switch_ms);
}

/* The reaction time after the identification is over. */
static void
act (mw_iec_client *c, mw_ms now)
{
  bool acknowledges = c->mode == MW_IEC_C || c->mode == MW_IEC_E;
  if (c->config.goal == MW_IEC_READOUT && acknowledges) {
    send_option (c, '0', '0', now);
  } else if (c->config.goal == MW_IEC_PROGRAM && acknowledges) {
    send_option (c, '0', '1', now);
  } else if (c->config.goal == MW_IEC_HDLC && c->mode == MW_IEC_E) {
    send_option (c, '2', '2', now);
  } else if (c->config.goal == MW_IEC_READOUT) {
    /* 6.4.1, 6.4.2: no acknowledgement; in mode B the speed changes before the data */
    if (c->mode == MW_IEC_B)
      set_line (c, mw_line_7e1 (mw_iec_baud_of (c->ident.baud_char)));
    c->state = READING;
    c->due = now + c->config.answer_ms;
  } else {
    fail (c, MW_ERR_UNSUPPORTED);
  }
}

static void
expect_by_goal (mw_iec_client *c, mw_ms now)
{
  bool program = c->config.goal == MW_IEC_PROGRAM;
  c->state = program ? CHALLENGED : READING;
  c->tries = 0;
  c->due = now + c->config.answer_ms;
}

/* The wait after the option message is over: change the speed, unless the meter is already
 * sending at the old one. */
static void
change_speed (mw_iec_client *c, mw_ms now)
{
  if (c->config.goal == MW_IEC_HDLC) {
    set_line (c, c->agreed);
    c->state = CONFIRMING;
    c->due = now + (c->confirmed ? 0 : c->config.confirm_ms);
    return;
  }
  if (c->rx.state == MW_IEC_IN_BLOCK || c->rx.state == MW_IEC_IN_BCC)
    c->stayed = true;
  else if (!mw_line_equal (c->line, c->agreed))
    set_line (c, c->agreed);
  expect_by_goal (c, now);
}

/* Nothing came at the new speed: some meters stay at the old one. */
static void
listen_at_old_speed (mw_iec_client *c, mw_ms now)
{
  mw_line old = mw_line_7e1 (c->config.start_baud);
  bool may = c->mode == MW_IEC_C || c->mode == MW_IEC_E;
  if (!may || c->stayed || mw_line_equal (c->line, old)) {
    c->slow = true; /* next time without a change of speed */
    reopen (c, MW_ERR_TIMEOUT, now);
    return;
  }
  c->stayed = true;
  set_line (c, old);
  c->due = now + c->config.answer_ms;
}

/* Ask for the last message again (6.3, repeat-request message). */
static void
on_damaged (mw_iec_client *c, mw_ms now)
{
  if (c->rx.too_long) {
    fail (c, MW_ERR_SPACE);
    return;
  }
  mw_iec_framer_reset (&c->rx);
  bool heard = c->mode != MW_IEC_A && c->mode != MW_IEC_D; /* does anybody listen to a NAK? */
  if (heard && c->tries++ < c->config.repeats) {
    c->repeated++;
    send_byte (c, MW_IEC_NAK, now);
  } else if (c->state == COMMANDED || c->mode == MW_IEC_D) {
    fail (c, MW_ERR_CHECK);
  } else {
    reopen (c, MW_ERR_CHECK, now);
  }
}

/* The wait for what the state expects is over. A message that broke off is a damaged one. */
static void
on_silence (mw_iec_client *c, mw_ms now)
{
  if (mw_iec_framer_busy (&c->rx) || c->midway) {
    mw_iec_framer_reset (&c->rx);
    c->rx.too_long = c->midway = false;
    on_damaged (c, now);
  } else if (c->mode == MW_IEC_D) {
    fail (c, MW_ERR_TIMEOUT);
  } else {
    listen_at_old_speed (c, now);
  }
}

static mw_span
in_brackets (mw_span s)
{
  if (s.len >= 2 && s.ptr[0] == '(' && s.ptr[s.len - 1] == ')') {
    s.ptr++;
    s.len -= 2;
  }
  return s;
}

static void
deliver (mw_iec_client *c, mw_span data, bool more)
{
  c->data = data;
  c->more = more;
  push (c, MW_IEC_EV_DATA);
}

static void
on_readout (mw_iec_client *c, mw_ms now)
{
  mw_iec_block b;
  if (mw_iec_block_decode (mw_iec_framer_message (&c->rx), &b) || b.command)
    return; /* a command is nothing that a readout brings */
  bool whole = b.data.len >= 3 && memcmp (b.data.ptr + b.data.len - 3, "!\r\n", 3) == 0;
  if (!b.more && !whole) { /* 6.3: "!" CR LF ends it; an ETX made by noise does not */
    on_damaged (c, now);
    return;
  }
  deliver (c, b.data, b.more);
  c->tries = 0;
  if (c->mode == MW_IEC_C || c->mode == MW_IEC_E) {
    send_byte (c, MW_IEC_ACK, now);
    if (!b.more) {
      c->wait_ms = 0;
      c->state = ENDING; /* DONE when the acknowledgement is sent */
    }
  } else {
    rest (c, IDLE);
    push (c, MW_IEC_EV_DONE);
  }
}

static void
on_plain (mw_iec_client *c, mw_ms now)
{
  (void) now;
  deliver (c, mw_iec_framer_message (&c->rx), false);
  push (c, MW_IEC_EV_DONE);
  rest (c, IDLE);
}

static void
on_operand (mw_iec_client *c, mw_ms now)
{
  (void) now;
  mw_iec_block b;
  if (mw_iec_block_decode (mw_iec_framer_message (&c->rx), &b))
    return;
  if (b.command == 'B') {
    rest (c, IDLE);
    push (c, MW_IEC_EV_CLOSED);
  } else if (b.command == 'P' && b.type == '0') {
    c->data = in_brackets (b.data);
    c->tries = 0;
    rest (c, READY);
    push (c, MW_IEC_EV_UP);
  }
}

/* A complete block or confirmation came before the speed was changed: the meter stays. */
static void
on_early_block (mw_iec_client *c, mw_ms now)
{
  if (c->config.goal == MW_IEC_HDLC)
    return;
  c->stayed = true;
  expect_by_goal (c, now);
  if (c->state == CHALLENGED)
    on_operand (c, now);
  else
    on_readout (c, now);
}

static void
on_confirm (mw_iec_client *c, mw_ms now)
{
  c->confirmed = true;
  if (c->state == CONFIRMING)
    c->due = now + reaction (c);
}

static void
hand_over (mw_iec_client *c, mw_ms now)
{
  (void) now;
  c->tx_len = c->tx_sent = 0;
  rest (c, IDLE);
  push (c, MW_IEC_EV_HANDOVER);
}

static void
command_done (mw_iec_client *c, enum mw_iec_event event)
{
  rest (c, READY);
  push (c, event);
}

static void
on_ack (mw_iec_client *c, mw_ms now)
{
  (void) now;
  if (c->command != 'R') /* a read is answered with data */
    command_done (c, MW_IEC_EV_DONE);
}

static void
resend (mw_iec_client *c, mw_ms now)
{
  c->repeated++;
  mw_iec_framer_reset (&c->rx);
  send_after (c, now, reaction (c), c->config.answer_ms);
}

/* The meter did not understand the command; some mean "no" by it. */
static void
on_nak (mw_iec_client *c, mw_ms now)
{
  c->data.len = 0;
  if (c->tries++ < c->config.repeats)
    resend (c, now);
  else if (c->command == 'P')
    fail (c, MW_ERR_ACCESS);
  else
    command_done (c, MW_IEC_EV_REFUSED);
}

static void
on_break (mw_iec_client *c)
{
  if (c->state == COMMANDED && c->command == 'P') {
    fail (c, MW_ERR_ACCESS);
    return;
  }
  rest (c, IDLE);
  push (c, MW_IEC_EV_CLOSED);
}

static void
on_answer (mw_iec_client *c, mw_ms now)
{
  mw_iec_block b;
  mw_span text;
  if (mw_iec_block_decode (mw_iec_framer_message (&c->rx), &b))
    return;
  if (b.command == 'B') {
    on_break (c);
  } else if (b.command) {
    return; /* an echo of a command: not from a meter */
  } else if (mw_iec_block_error (&b, &text)) {
    c->data = text;
    if (c->command == 'P')
      fail (c, MW_ERR_ACCESS);
    else
      command_done (c, MW_IEC_EV_REFUSED);
  } else {
    deliver (c, b.data, b.more);
    c->tries = 0;
    if (b.more)
      send_byte (c, MW_IEC_ACK, now); /* partial blocks are acknowledged one by one (6.3) */
    else
      command_done (c, MW_IEC_EV_DONE);
  }
}

static void
answer_missing (mw_iec_client *c, mw_ms now)
{
  if (mw_iec_framer_busy (&c->rx)) {
    mw_iec_framer_reset (&c->rx);
    c->rx.too_long = false;
    on_damaged (c, now);
  } else if (c->once || c->more || c->tries++ >= c->config.repeats) {
    /* What an execute command did is not known, and partial blocks have no numbers: one sent
     * again might be written twice, and neither an ACK nor a NAK sent again would tell which
     * one comes next. */
    fail (c, MW_ERR_TIMEOUT);
  } else {
    resend (c, now);
  }
}

static void
listening_over (mw_iec_client *c, mw_ms now)
{
  (void) now;
  fail (c, MW_ERR_TIMEOUT);
}

static void
opening_over (mw_iec_client *c, mw_ms now)
{
  reopen (c, MW_ERR_TIMEOUT, now);
}

static void
opening_damaged (mw_iec_client *c, mw_ms now)
{
  reopen (c, MW_ERR_CHECK, now);
}

/* The meter leaves by itself, after 60 s to 120 s without a command (6.4.3). */
static void
on_unasked (mw_iec_client *c, mw_ms now)
{
  (void) now;
  mw_iec_block b;
  if (!mw_iec_block_decode (mw_iec_framer_message (&c->rx), &b) && b.command == 'B')
    on_break (c);
}

static void
ended (mw_iec_client *c, mw_ms now)
{
  (void) now;
  rest (c, IDLE);
  push (c, MW_IEC_EV_DONE);
}

static void
settled (mw_iec_client *c, mw_ms now)
{
  (void) now;
  rest (c, (enum state) c->state);
}

/* clang-format off */
/* What a message means in a state; a hole: it is ignored and the timer decides. */
static void (*const table[N_STATES][MW_IEC_N_MSGS]) (mw_iec_client *, mw_ms) = {
  [OPENING]     = { [MW_IEC_MSG_LINE]    = on_ident,
                    [MW_IEC_MSG_DAMAGED] = opening_damaged },
  [OPTION_SENT] = { [MW_IEC_MSG_OPTION]  = on_confirm,
                    [MW_IEC_MSG_BLOCK]   = on_early_block },
  [READING]     = { [MW_IEC_MSG_BLOCK]   = on_readout,
                    [MW_IEC_MSG_PLAIN]   = on_plain,
                    [MW_IEC_MSG_DAMAGED] = on_damaged },
  [CHALLENGED]  = { [MW_IEC_MSG_BLOCK]   = on_operand,
                    [MW_IEC_MSG_DAMAGED] = on_damaged },
  [CONFIRMING]  = { [MW_IEC_MSG_OPTION]  = on_confirm },
  [LISTENING]   = { [MW_IEC_MSG_LINE]    = on_ident },
  [READY]       = { [MW_IEC_MSG_BLOCK]   = on_unasked },
  [COMMANDED]   = { [MW_IEC_MSG_ACK]     = on_ack,
                    [MW_IEC_MSG_NAK]     = on_nak,
                    [MW_IEC_MSG_BLOCK]   = on_answer,
                    [MW_IEC_MSG_DAMAGED] = on_damaged },
};

/* What the end of the wait means. */
static void (*const elapsed[N_STATES]) (mw_iec_client *, mw_ms) = {
  [IDLE] = settled,            [OPENING] = opening_over,     [IDENTIFIED] = act,
  [OPTION_SENT] = change_speed, [READING] = on_silence,      [CHALLENGED] = on_silence,
  [CONFIRMING] = hand_over,    [LISTENING] = listening_over, [READY] = settled,
  [COMMANDED] = answer_missing, [ENDING] = ended,            [FAILED] = settled,
  [WAKING] = woken,
};
/* clang-format on */

/* Types whose data may come in partial blocks (6.3.14, command type identifier). */
static bool
is_partial (char type)
{
  return type == '3' || type == '4';
}

static enum mw_err
send_block (mw_iec_client *c, const mw_iec_block *b, mw_ms now)
{
  if (c->state != READY)
    return MW_ERR_STATE;
  mw_wr w;
  mw_wr_init (&w, c->tx, sizeof c->tx);
  mw_iec_block_encode (&w, b);
  if (w.err)
    return MW_ERR_SPACE;
  c->held = mw_wr_len (&w);
  c->command = b->command;
  c->once = b->command == 'E' || (b->command == 'W' && (b->more || is_partial (b->type)));
  c->state = COMMANDED;
  c->tries = 0;
  c->more = false;
  mw_iec_framer_reset (&c->rx);
  send_after (c, now, reaction (c), c->config.answer_ms);
  return MW_OK;
}

enum mw_err
mw_iec_client_login (mw_iec_client *c, char type, mw_span text, mw_ms now)
{
  uint8_t bracketed[MW_IEC_COMMAND_MAX];
  mw_wr w;
  mw_wr_init (&w, bracketed, sizeof bracketed);
  mw_wr_u8 (&w, '(');
  mw_wr_span (&w, text);
  mw_wr_u8 (&w, ')');
  if (w.err)
    return MW_ERR_SPACE;
  mw_iec_block b = { 'P', type, false, mw_wr_done (&w) };
  return send_block (c, &b, now);
}

enum mw_err
mw_iec_client_command (mw_iec_client *c, char command, char type, mw_span data, bool more,
                       mw_ms now)
{
  mw_iec_block b = { command, type, more, data };
  return send_block (c, &b, now);
}

enum mw_err
mw_iec_client_break (mw_iec_client *c, mw_ms now)
{
  mw_iec_block b = { 'B', '0', false, { NULL, 0 } };
  if (c->state == IDLE || c->state == FAILED)
    return MW_ERR_STATE;
  mw_wr w;
  mw_wr_init (&w, c->tx, sizeof c->tx);
  mw_iec_block_encode (&w, &b);
  c->held = mw_wr_len (&w);
  c->state = ENDING;
  send_after (c, now, reaction (c), 0);
  return MW_OK;
}

/* A character that begins nothing.  Several of them at the new speed are a meter that sends at
 * the old one: turn back, let the message end and ask for it again. */
static void
note_garbage (mw_iec_client *c, mw_ms now)
{
  if (c->midway) {
    c->due = now + MIDWAY_MS;
  } else if (c->mode >= MW_IEC_C && !c->stayed && c->line.baud != c->config.start_baud
             && ++c->garbage >= GARBAGE) {
    listen_at_old_speed (c, now);
    c->midway = c->stayed;
  }
}

/* A character of a message that is coming in starts the wait for the next one. */
static void
note_character (mw_iec_client *c, mw_ms now)
{
  bool awaits_block = c->state == READING || c->state == CHALLENGED;
  bool timed = awaits_block || c->state == COMMANDED || c->state == OPENING;
  if (!timed || c->holding)
    return;
  if (mw_iec_framer_busy (&c->rx))
    c->due = now + c->config.gap_ms;
  else if (awaits_block)
    note_garbage (c, now);
}

size_t
mw_iec_client_feed (mw_iec_client *c, const uint8_t *data, size_t len, mw_ms now)
{
  size_t taken = 0;
  while (taken < len && !c->n_events) {
    /* half duplex: while a message of ours waits or goes out nothing sensible comes in */
    bool deaf = c->state == IDLE || c->state == FAILED;
    if (deaf)
      return len;
    enum mw_iec_msg msg = mw_iec_framer_byte (&c->rx, data[taken++]);
    if (msg && table[c->state][msg] && !c->holding)
      table[c->state][msg](c, now);
    else
      note_character (c, now);
  }
  return taken;
}

mw_span
mw_iec_client_tx (const mw_iec_client *c)
{
  mw_span s = { c->tx + c->tx_sent, c->n_events ? 0 : c->tx_len - c->tx_sent };
  return s;
}

void
mw_iec_client_tx_ack (mw_iec_client *c, size_t n)
{
  size_t left = c->tx_len - c->tx_sent;
  c->tx_sent += n < left ? n : left;
}

mw_ms
mw_iec_client_deadline (const mw_iec_client *c)
{
  return c->due;
}

void
mw_iec_client_tick (mw_iec_client *c, mw_ms now)
{
  if (now < c->due)
    return;
  if (c->holding)
    release (c, now);
  else
    elapsed[c->state](c, now);
}

enum mw_iec_event
mw_iec_client_take_event (mw_iec_client *c)
{
  if (!c->n_events)
    return MW_IEC_EV_NONE;
  enum mw_iec_event event = (enum mw_iec_event) c->events[0];
  c->n_events--;
  memmove (c->events, c->events + 1, c->n_events);
  return event;
}
