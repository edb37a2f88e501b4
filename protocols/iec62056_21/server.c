/* server.c: see server.h.
 *
 * Invariants: TX holds what is being sent; when it is empty and STREAM says so, the next piece
 * is made into it.  AIR is when the last character has left by the line's speed, and no wait
 * begins before.  While an event waits nothing is offered and nothing is taken in.
 */
#include "iec62056_21/server.h"

#include <string.h>

enum state {
  SLEEPING,   /* a request is awaited */
  IDENTIFIED, /* the identification is sent, an option message awaited */
  READOUT,    /* the data block is being sent */
  READ,       /* it is sent; ACK, NAK or silence ends the readout */
  CONFIRMING, /* mode E: the confirmation is being sent */
  BINARY,     /* mode E: the line belongs to HDLC */
  PROGRAM,    /* programming mode: a command is awaited, or its answer being sent */
  PARTIAL,    /* a partial block is sent, ACK awaited */
  LEAVING,    /* a break is being sent */
  N_STATES
};

enum stream { QUIET, LINES, PIECES };

/* SWITCHED_MS: a tool that waits 300 ms after its 6 characters at 300 baud (200 ms) is ready.
 */
enum { SWITCHED_MS = 650, IDLE_MS = 90000, REACTION_MAX_MS = MW_IEC_TR_MAX_MS + 300 };

/* Our own texts for the error message, whose content the standard leaves open. */
static const char unknown_command[] = "ER01";
static const char too_much[] = "ER02";

static void
push (mw_iec_server *s, enum mw_iec_server_event event)
{
  if (s->n_events < sizeof s->events)
    s->events[s->n_events++] = (uint8_t) event;
}

static void
set_line (mw_iec_server *s, mw_line line)
{
  if (mw_line_equal (s->line, line))
    return;
  s->line = line;
  push (s, MW_IEC_SEV_LINE);
}

static void
sleep_again (mw_iec_server *s)
{
  s->state = SLEEPING;
  s->stream = QUIET;
  s->holding = false;
  s->tx_len = s->tx_sent = 0;
  s->level = 0;
  s->due = s->gap = MW_NEVER;
  s->rx.options = false;
  mw_iec_framer_reset (&s->rx);
  set_line (s, mw_line_7e1 (s->config.start_baud));
}

void
mw_iec_server_init (mw_iec_server *s, const mw_iec_server_config *config, const mw_iec_ops *ops,
                    void *ctx)
{
  memset (s, 0, sizeof *s);
  s->config = *config;
  s->ops = ops;
  s->ctx = ctx;
  mw_iec_server_config *k = &s->config;
  k->ident.fast = k->ident.manufacturer[2] >= 'a';
  k->start_baud = k->start_baud ? k->start_baud : 300;
  k->switched_ms = k->switched_ms ? k->switched_ms : SWITCHED_MS;
  k->idle_ms = k->idle_ms ? k->idle_ms : IDLE_MS;
  if (!k->reaction_ms)
    k->reaction_ms = k->ident.fast ? MW_IEC_TR_MIN_FAST_MS : MW_IEC_TR_MIN_MS;
  mw_iec_framer_init (&s->rx, s->in, sizeof s->in);
  sleep_again (s);
}

void
mw_iec_server_reset (mw_iec_server *s, mw_ms now)
{
  (void) now;
  s->n_events = 0;
  sleep_again (s);
}

static void
add_bcc (mw_iec_server *s, const uint8_t *from, size_t len)
{
  for (size_t i = 0; i < len; i++)
    s->bcc ^= from[i];
}

/* The readout, a line at a time: STX first, "!" CR LF ETX BCC last (6.3, data message). */
static void
make_line (mw_iec_server *s, mw_wr *w)
{
  if (s->framed && s->piece == 0) {
    mw_wr_u8 (w, MW_IEC_STX);
    s->bcc = 0;
  }
  size_t from = mw_wr_len (w);
  mw_wr line;
  mw_wr_init (&line, w->at, mw_wr_left (w) - 8);
  if (s->ops->line && s->ops->line (s->ctx, s->piece, &line)) {
    if (!line.err) { /* a line that does not fit is left out rather than cut */
      mw_wr_take (w, mw_wr_len (&line));
      mw_wr_bytes (w, "\r\n", 2);
    }
    s->piece++;
    add_bcc (s, s->tx + from, mw_wr_len (w) - from);
    return;
  }
  mw_wr_bytes (w, "!\r\n", 3);
  s->stream = QUIET;
  if (s->framed) {
    mw_wr_u8 (w, MW_IEC_ETX);
    add_bcc (s, s->tx + from, mw_wr_len (w) - from);
    mw_wr_u8 (w, s->bcc);
  }
}

static void
make_block (mw_wr *w, char command, char type, mw_span data)
{
  mw_iec_block b = { command, type, false, data };
  mw_iec_block_encode (w, &b);
}

static void
make_error (mw_wr *w, mw_span text)
{
  uint8_t bracketed[MW_IEC_SERVER_TX];
  mw_wr e;
  mw_wr_init (&e, bracketed, 34); /* at most 32 characters in an error message (6.3.14) */
  mw_wr_u8 (&e, '(');
  mw_wr_span (&e, text);
  mw_wr_u8 (&e, ')');
  make_block (w, 0, 0, e.err ? (mw_span){ (const uint8_t *) "(ER02)", 6 } : mw_wr_done (&e));
}

/* 6.3.14: types 3 and 4; 6 is left to national use, and there it reads a profile in blocks. */
static bool
partial_blocks (const mw_iec_server *s)
{
  return s->command.type == '3' || s->command.type == '4' || s->command.type == '6';
}

/* A verdict other than ACCEPTED becomes the whole answer. */
static bool
make_refusal (mw_iec_server *s, enum mw_iec_verdict verdict, mw_span text, mw_wr *w)
{
  if (verdict == MW_IEC_ACCEPTED)
    return false;
  uint8_t copy[MW_IEC_SERVER_TX];
  if (text.len)
    memcpy (copy, text.ptr, text.len);
  text.ptr = copy;
  w->at = w->start;
  s->stream = QUIET;
  s->last = true;
  if (verdict == MW_IEC_ERROR)
    make_error (w, text);
  else
    make_block (w, 'B', '0', (mw_span){ NULL, 0 });
  if (verdict == MW_IEC_HANG_UP)
    s->state = LEAVING;
  return true;
}

/* The next piece of the answer to a read: a part of the block, or a partial block. */
static void
make_piece (mw_iec_server *s, mw_wr *w)
{
  bool begins = s->piece == 0 || partial_blocks (s);
  if (begins) {
    mw_wr_u8 (w, MW_IEC_STX);
    s->bcc = 0;
  }
  size_t from = mw_wr_len (w);
  mw_wr data;
  mw_wr_init (&data, w->at, mw_wr_left (w) - 2);
  s->last = true;
  s->command.data.ptr = s->keep;
  enum mw_iec_verdict verdict =
      s->ops->read ? s->ops->read (s->ctx, &s->command, s->piece, &data, &s->last)
                   : MW_IEC_ERROR;
  if (!s->ops->read)
    mw_wr_bytes (&data, unknown_command, 4);
  mw_span text = mw_wr_done (&data);
  if (data.err) { /* OPS wrote more than a piece may hold */
    verdict = MW_IEC_ERROR;
    text = (mw_span){ (const uint8_t *) too_much, 4 };
  }
  if (s->piece == 0 && make_refusal (s, verdict, text, w))
    return;
  if (verdict != MW_IEC_ACCEPTED) { /* too late for an error message: left unfinished */
    w->at = w->start;
    s->stream = QUIET;
    return;
  }
  s->piece++;
  mw_wr_take (w, mw_wr_len (&data));
  if (s->last || partial_blocks (s))
    mw_wr_u8 (w, s->last ? MW_IEC_ETX : MW_IEC_EOT);
  add_bcc (s, s->tx + from, mw_wr_len (w) - from);
  if (s->last || partial_blocks (s)) {
    mw_wr_u8 (w, s->bcc);
    s->stream = QUIET;
  }
  if (!s->last && partial_blocks (s))
    s->state = PARTIAL;
}

/* Make the next part of what is being sent; AIR moves with it. */
static void
fill (mw_iec_server *s)
{
  mw_wr w;
  mw_wr_init (&w, s->tx, sizeof s->tx);
  if (s->stream == LINES)
    make_line (s, &w);
  else
    make_piece (s, &w);
  s->in_tx++;
  s->tx_len = mw_wr_len (&w);
  s->tx_sent = 0;
}

/* How long the state lasts after the last character. */
static uint32_t
patience (const mw_iec_server *s)
{
  switch ((enum state) s->state) {
  case IDENTIFIED: /* in modes A and B nothing is awaited (6.4.1, 6.4.2) */
    return mw_iec_ident_mode (&s->config.ident) < MW_IEC_C ? s->config.reaction_ms
                                                           : REACTION_MAX_MS;
  case READ:
    return REACTION_MAX_MS;
  case PROGRAM:
  case PARTIAL:
    return s->config.idle_ms;
  default:
    return 0;
  }
}

static void
account (mw_iec_server *s)
{
  s->air += mw_line_ms (s->line, s->tx_len);
  if (s->stream == QUIET)
    s->due = s->air + patience (s);
}

/* The reaction time is over: the first part goes out. */
static void
release (mw_iec_server *s, mw_ms now)
{
  s->holding = false;
  s->due = MW_NEVER; /* until the last part is made */
  s->air = now;
  s->tx_sent = 0;
  if (s->stream)
    fill (s);
  if (s->state == READOUT && s->stream == QUIET)
    s->state = READ;
  account (s);
}

static void
send_after (mw_iec_server *s, mw_ms now, uint32_t hold_ms)
{
  s->holding = true;
  s->tx_sent = s->tx_len; /* nothing is offered before */
  s->due = now + hold_ms;
}

static void
start_stream (mw_iec_server *s, enum stream stream, mw_ms now, uint32_t hold_ms)
{
  s->stream = (uint8_t) stream;
  s->piece = s->in_tx = 0;
  send_after (s, now, hold_ms);
}

static void
send_message (mw_iec_server *s, const mw_wr *w, mw_ms now, uint32_t hold_ms)
{
  s->stream = QUIET;
  s->tx_len = mw_wr_len (w);
  s->in_tx = 1;
  send_after (s, now, hold_ms);
}

static void
send_byte (mw_iec_server *s, uint8_t byte, mw_ms now)
{
  mw_wr w;
  mw_wr_init (&w, s->tx, sizeof s->tx);
  mw_wr_u8 (&w, byte);
  send_message (s, &w, now, s->config.reaction_ms);
}

static void
on_request (mw_iec_server *s, mw_ms now)
{
  mw_iec_request r;
  const char *address = s->config.address ? s->config.address : "";
  mw_span own = { (const uint8_t *) address, strlen (address) };
  if (mw_iec_request_decode (mw_iec_framer_message (&s->rx), &r)
      || !mw_iec_address_matches (own, r.address))
    return; /* not for us */
  mw_wr w;
  mw_wr_init (&w, s->tx, sizeof s->tx);
  mw_iec_ident_encode (&w, &s->config.ident);
  s->level = 0;
  s->state = IDENTIFIED;
  s->rx.options = true;
  send_message (s, &w, now, s->config.reaction_ms);
}

static void
start_readout (mw_iec_server *s, mw_ms now, uint32_t hold_ms)
{
  s->state = READOUT;
  s->framed = true;
  s->rx.options = false;
  start_stream (s, LINES, now, hold_ms);
}

static void
start_program (mw_iec_server *s, mw_ms now, uint32_t hold_ms)
{
  uint8_t operand[64];
  mw_wr o, w;
  mw_wr_init (&o, operand, sizeof operand);
  mw_wr_u8 (&o, '(');
  if (s->ops->operand)
    s->ops->operand (s->ctx, &o);
  mw_wr_u8 (&o, ')');
  mw_wr_init (&w, s->tx, sizeof s->tx);
  make_block (&w, 'P', '0', mw_wr_done (&o));
  s->state = PROGRAM;
  s->rx.options = false;
  send_message (s, &w, now, hold_ms);
}

static void
start_binary (mw_iec_server *s, uint32_t baud, mw_ms now)
{
  s->rx.options = false;
  if (s->config.silent_confirm) {
    s->state = BINARY;
    s->due = MW_NEVER;
    set_line (s, mw_line_8n1 (baud));
    push (s, MW_IEC_SEV_HANDOVER);
    return;
  }
  /* 6.4.5: the confirmation comes at the new speed, still with 7 bits and even parity */
  set_line (s, mw_line_7e1 (baud));
  mw_wr w;
  mw_wr_init (&w, s->tx, sizeof s->tx);
  mw_iec_option_encode (&w, &s->option);
  s->state = CONFIRMING;
  send_message (s, &w, now, s->config.switched_ms);
}

/* The speed that the option message chose; the start speed when it is none that we offered. */
static uint32_t
chosen_baud (const mw_iec_server *s)
{
  uint32_t baud = mw_iec_baud_of (s->option.baud);
  bool right = s->option.baud > '0' && s->option.baud <= '9'
               && baud <= mw_iec_baud_of (s->config.ident.baud_char) && !s->config.stays;
  return right ? baud : s->config.start_baud;
}

static void
on_option (mw_iec_server *s, mw_ms now)
{
  mw_iec_option *o = &s->option;
  enum mw_iec_mode mode = mw_iec_ident_mode (&s->config.ident);
  if (mode != MW_IEC_C && mode != MW_IEC_E)
    return;
  if (mw_iec_option_decode (mw_iec_framer_message (&s->rx), o)) {
    s->damaged++;
    return; /* 6.4.3: as none at all, which ends in a readout at the initial speed */
  }
  uint32_t baud = chosen_baud (s);
  if (o->protocol == '2' && o->mode == '2' && s->config.ident.hdlc) {
    start_binary (s, baud, now);
    return;
  }
  uint32_t hold = baud == s->line.baud ? s->config.reaction_ms : s->config.switched_ms;
  set_line (s, mw_line_7e1 (baud));
  if (o->mode == '1')
    start_program (s, now, hold);
  else
    start_readout (s, now, hold);
}

/* No option message came: data readout, at the initial speed (mode C), or at that of mode B. */
static void
no_option (mw_iec_server *s, mw_ms now)
{
  if (mw_iec_ident_mode (&s->config.ident) == MW_IEC_B)
    set_line (s, mw_line_7e1 (mw_iec_baud_of (s->config.ident.baud_char)));
  start_readout (s, now, 0);
}

static void
on_readout_nak (mw_iec_server *s, mw_ms now)
{
  start_readout (s, now, s->config.reaction_ms);
}

static void
finished (mw_iec_server *s, mw_ms now)
{
  (void) now;
  bool asleep = s->state == SLEEPING;
  sleep_again (s);
  if (!asleep)
    push (s, MW_IEC_SEV_IDLE);
}

static void
confirmed (mw_iec_server *s, mw_ms now)
{
  (void) now;
  set_line (s, mw_line_8n1 (s->line.baud));
  s->state = BINARY;
  s->due = MW_NEVER;
  push (s, MW_IEC_SEV_HANDOVER);
}

static void
on_damaged (mw_iec_server *s, mw_ms now)
{
  s->damaged++;
  /* noise while an answer goes out is not a command: the line is half duplex */
  bool sending = s->holding || s->stream || s->tx_sent < s->tx_len;
  if (s->state == PROGRAM && !sending)
    send_byte (s, MW_IEC_NAK, now);
}

/* The last answer once more; what fitted TX whole is still there. */
static void
on_repeat (mw_iec_server *s, mw_ms now)
{
  if (s->in_tx == 1) {
    s->stream = QUIET;
    send_after (s, now, s->config.reaction_ms);
  } else {
    start_stream (s, PIECES, now, s->config.reaction_ms);
  }
}

static void
on_next_part (mw_iec_server *s, mw_ms now)
{
  s->state = PROGRAM;
  s->stream = PIECES;
  s->in_tx = 0;
  send_after (s, now, s->config.reaction_ms);
}

static void
reply (mw_iec_server *s, enum mw_iec_verdict verdict, mw_span text, mw_ms now)
{
  mw_wr w;
  mw_wr_init (&w, s->tx, sizeof s->tx);
  if (!make_refusal (s, verdict, text, &w)) {
    if (text.len) /* an execute command may answer with data */
      make_block (&w, 0, 0, text);
    else
      mw_wr_u8 (&w, MW_IEC_ACK);
  }
  send_message (s, &w, now, s->config.reaction_ms);
}

static void
on_password (mw_iec_server *s, mw_span data, mw_ms now)
{
  bool bracketed = data.len >= 2 && data.ptr[0] == '(' && data.ptr[data.len - 1] == ')';
  mw_span text = { data.ptr + 1, bracketed ? data.len - 2 : 0 };
  bool right =
      bracketed && s->ops->password && s->ops->password (s->ctx, s->command.type, text);
  s->level = right ? (uint8_t) (s->command.type - '0') : 0;
  reply (s, right ? MW_IEC_ACCEPTED : MW_IEC_HANG_UP, (mw_span){ NULL, 0 }, now);
}

static void
on_write (mw_iec_server *s, mw_ms now)
{
  uint8_t text[MW_IEC_SERVER_TX - 8];
  mw_wr w;
  mw_wr_init (&w, text, sizeof text);
  enum mw_iec_verdict verdict = MW_IEC_ERROR;
  if (s->ops->write)
    verdict = s->ops->write (s->ctx, &s->command, &w);
  if (w.err)
    mw_wr_init (&w, text, sizeof text); /* an overlong text is left away */
  if (!s->ops->write)
    mw_wr_bytes (&w, unknown_command, 4);
  reply (s, verdict, mw_wr_done (&w), now);
}

/* A programming command (6.3): password, read, write, execute or break. */
static void
on_command (mw_iec_server *s, mw_ms now)
{
  mw_iec_block b;
  if (mw_iec_block_decode (mw_iec_framer_message (&s->rx), &b) || !b.command) {
    on_damaged (s, now);
    return;
  }
  s->state = PROGRAM;
  if (b.data.len)
    memcpy (s->keep, b.data.ptr, b.data.len);
  s->command = (mw_iec_command){ b.command, b.type, s->level, b.more, { s->keep, b.data.len } };
  switch (b.command) {
  case 'B':
    finished (s, now);
    break;
  case 'P':
    on_password (s, s->command.data, now);
    break;
  case 'R':
    start_stream (s, PIECES, now, s->config.reaction_ms);
    break;
  case 'W':
  case 'E':
    on_write (s, now);
    break;
  default:
    reply (s, MW_IEC_ERROR, (mw_span){ (const uint8_t *) unknown_command, 4 }, now);
  }
}

/* clang-format off */
/* What a message means in a state; a hole: it is ignored. A request begins anew anywhere but
 * in binary mode. */
static void (*const table[N_STATES][MW_IEC_N_MSGS]) (mw_iec_server *, mw_ms) = {
  [SLEEPING]   = { [MW_IEC_MSG_LINE]    = on_request },
  [IDENTIFIED] = { [MW_IEC_MSG_LINE]    = on_request,
                   [MW_IEC_MSG_OPTION]  = on_option,
                   [MW_IEC_MSG_DAMAGED] = on_damaged },
  [READOUT]    = { [MW_IEC_MSG_LINE]    = on_request },
  [READ]       = { [MW_IEC_MSG_LINE]    = on_request,
                   [MW_IEC_MSG_ACK]     = finished,
                   [MW_IEC_MSG_NAK]     = on_readout_nak },
  [CONFIRMING] = { [MW_IEC_MSG_LINE]    = on_request },
  [PROGRAM]    = { [MW_IEC_MSG_LINE]    = on_request,
                   [MW_IEC_MSG_NAK]     = on_repeat,
                   [MW_IEC_MSG_BLOCK]   = on_command,
                   [MW_IEC_MSG_DAMAGED] = on_damaged },
  [PARTIAL]    = { [MW_IEC_MSG_LINE]    = on_request,
                   [MW_IEC_MSG_ACK]     = on_next_part,
                   [MW_IEC_MSG_NAK]     = on_repeat,
                   [MW_IEC_MSG_BLOCK]   = on_command,
                   [MW_IEC_MSG_DAMAGED] = on_damaged },
};

/* What the end of the wait means. */
static void (*const elapsed[N_STATES]) (mw_iec_server *, mw_ms) = {
  [SLEEPING] = finished, [IDENTIFIED] = no_option, [READOUT] = finished, [READ] = finished,
  [CONFIRMING] = confirmed, [BINARY] = finished, [PROGRAM] = finished, [PARTIAL] = finished,
  [LEAVING] = finished,
};
/* clang-format on */

enum mw_err
mw_iec_server_push (mw_iec_server *s, mw_ms now)
{
  if (s->state != SLEEPING)
    return MW_ERR_STATE;
  mw_wr w;
  mw_wr_init (&w, s->tx, sizeof s->tx);
  mw_iec_ident_encode (&w, &s->config.ident);
  mw_wr_bytes (&w, "\r\n", 2); /* 6.4.4: an empty line stands before the data */
  s->state = READOUT;
  s->framed = false;
  s->stream = LINES;
  s->piece = s->in_tx = 0;
  s->tx_len = mw_wr_len (&w);
  s->tx_sent = 0;
  s->air = now;
  s->due = MW_NEVER;
  account (s);
  return MW_OK;
}

size_t
mw_iec_server_feed (mw_iec_server *s, const uint8_t *data, size_t len, mw_ms now)
{
  size_t taken = 0;
  while (taken < len && !s->n_events) {
    if (s->state == BINARY)
      return len;
    enum mw_iec_msg msg = mw_iec_framer_byte (&s->rx, data[taken++]);
    if (msg && table[s->state][msg])
      table[s->state][msg](s, now);
  }
  s->gap = mw_iec_framer_busy (&s->rx) ? now + MW_IEC_TA_MAX_MS : MW_NEVER;
  return taken;
}

mw_span
mw_iec_server_tx (const mw_iec_server *s)
{
  bool ready = !s->n_events && !s->holding;
  mw_span out = { s->tx + s->tx_sent, ready ? s->tx_len - s->tx_sent : 0 };
  return out;
}

void
mw_iec_server_tx_ack (mw_iec_server *s, size_t n)
{
  size_t left = s->tx_len - s->tx_sent;
  s->tx_sent += n < left ? n : left;
  if (s->tx_sent < s->tx_len || !s->stream || s->holding)
    return;
  fill (s);
  if (s->state == READOUT && s->stream == QUIET)
    s->state = s->framed ? READ : READOUT;
  account (s);
}

mw_ms
mw_iec_server_deadline (const mw_iec_server *s)
{
  return s->gap < s->due ? s->gap : s->due;
}

void
mw_iec_server_tick (mw_iec_server *s, mw_ms now)
{
  if (now >= s->gap) { /* ta is over in the middle of a message */
    s->gap = MW_NEVER;
    mw_iec_framer_reset (&s->rx);
    on_damaged (s, now);
  }
  if (now < s->due)
    return;
  if (s->holding)
    release (s, now);
  else
    elapsed[s->state](s, now);
}

enum mw_iec_server_event
mw_iec_server_take_event (mw_iec_server *s)
{
  if (!s->n_events)
    return MW_IEC_SEV_NONE;
  enum mw_iec_server_event event = (enum mw_iec_server_event) s->events[0];
  s->n_events--;
  memmove (s->events, s->events + 1, s->n_events);
  return event;
}
