/* client.c: the dialogue as a table of steps: command, how long to wait, what its lines mean,
 * where to go on. */
#include "modem/client.h"

#include <string.h>

enum step {
  S_WAKE,
  S_BREAK, /* silence, +++, silence: a call may still be up */
  S_INIT,
  S_PIN_ASK,
  S_PIN_GIVE,
  S_REGISTER,
  S_REGISTER_WAIT,
  S_CALLS,
  S_DROP_OTHER,
  S_SIGNAL,
  S_BEARER,
  S_DIAL,
  S_RESUME,
  S_GUARD, /* silence before +++ */
  S_PLUS,  /* +++ sent */
  S_HANG_UP,
  S_SIGNAL_ALONE,
  N_STEPS
};

enum result {
  R_NONE,
  R_OK,
  R_ERROR,
  R_CONNECT,
  R_BUSY,
  R_NO_ANSWER,
  R_NO_CARRIER,
  R_NO_DIALTONE,
};

/* What the lines of an answer said (mw_modem.answer). */
enum { PIN_READY = 1, PIN_SIM, PIN_PUK, SIM_MISSING, REG_HOME, REG_DENIED, REG_SEARCHING };

#define WAKE_TRIES 2u
#define REGISTER_POLL_MS 2000u
#define LOST_QUIET_MS 400u
static const char lost[] = "\r\nNO CARRIER\r\n";

static const char *const step_texts[N_STEPS] = {
  [S_WAKE] = "waking the modem",
  [S_BREAK] = "looking whether a call is still up",
  [S_INIT] = "setting the modem up",
  [S_PIN_ASK] = "asking for the SIM card",
  [S_PIN_GIVE] = "giving the PIN",
  [S_REGISTER] = "registering in the network",
  [S_REGISTER_WAIT] = "registering in the network",
  [S_CALLS] = "looking whether a call is still up",
  [S_DROP_OTHER] = "ending another call",
  [S_SIGNAL] = "asking for the signal strength",
  [S_BEARER] = "choosing a data call",
  [S_DIAL] = "dialling",
  [S_RESUME] = "taking the call up again",
  [S_GUARD] = "pausing the call",
  [S_PLUS] = "pausing the call",
  [S_HANG_UP] = "hanging up",
  [S_SIGNAL_ALONE] = "asking for the signal strength",
};

static const char *const why_texts[MW_N_MODEM_WHYS] = {
  [MW_MODEM_OK] = "all is well",
  [MW_MODEM_SILENT] = "the modem does not answer",
  [MW_MODEM_REFUSES] = "the modem refuses a command",
  [MW_MODEM_NO_SIM] = "there is no SIM card in the modem",
  [MW_MODEM_PIN_NEEDED] = "the SIM card wants its PIN",
  [MW_MODEM_PIN_WRONG] = "the SIM card refuses the PIN",
  [MW_MODEM_PUK_NEEDED] = "the SIM card is locked and wants its PUK",
  [MW_MODEM_NOT_REGISTERED] = "the modem finds no network",
  [MW_MODEM_DENIED] = "the network refuses the SIM card",
  [MW_MODEM_BUSY] = "the number is busy",
  [MW_MODEM_NO_ANSWER] = "nobody answers the call",
  [MW_MODEM_NO_CARRIER] = "the call was not taken",
  [MW_MODEM_NO_DIALTONE] = "there is no dial tone",
  [MW_MODEM_NOT_IN_TIME] = "no connection came about in time",
};

const char *
mw_modem_why_text (enum mw_modem_why why)
{
  return why < MW_N_MODEM_WHYS ? why_texts[why] : "unknown";
}

const char *
mw_modem_step_text (const mw_modem *m)
{
  return m->state == MW_MODEM_DIALOGUE && m->step < N_STEPS ? step_texts[m->step] : "";
}

static void
raise_event (mw_modem *m, enum mw_modem_event event)
{
  if (m->n_events < sizeof m->event / sizeof m->event[0])
    m->event[m->n_events++] = event;
}

static void
fail (mw_modem *m, enum mw_modem_why why)
{
  m->state = MW_MODEM_DOWN;
  m->why = why;
  m->due = MW_NEVER;
  raise_event (m, MW_MODEM_FAILED);
}

/* ---- sending ---- */

static void
append (mw_modem *m, const char *text)
{
  for (; *text && m->out_len < sizeof m->out; text++)
    m->out[m->out_len++] = *text;
}

/* Begin STEP by sending COMMAND and, when it is not NULL, ARGUMENT and END. */
static void
command (mw_modem *m, enum step step, const char *text, const char *argument, const char *end,
         uint32_t wait_ms, mw_ms now)
{
  m->state = MW_MODEM_DIALOGUE;
  m->step = (uint8_t) step;
  m->answer = 0;
  m->out_len = m->out_at = 0;
  m->line_len = 0;
  append (m, text);
  if (argument)
    append (m, argument);
  append (m, end);
  m->due = now + wait_ms;
}

static void
ask (mw_modem *m, enum step step, const char *text, mw_ms now)
{
  command (m, step, text, NULL, "\r", m->config.answer_ms, now);
}

static void
wait_in (mw_modem *m, enum step step, mw_ms until)
{
  m->state = MW_MODEM_DIALOGUE;
  m->step = (uint8_t) step;
  m->out_len = m->out_at = 0;
  m->due = until;
}

static void
go_online (mw_modem *m)
{
  m->state = MW_MODEM_ONLINE;
  m->held = true;
  m->due = MW_NEVER;
  m->tail = 0;
  m->lost_at = MW_NEVER;
  raise_event (m, MW_MODEM_CONNECTED);
}

/* ---- where to go on ---- */

static void
after_registered (mw_modem *m, mw_ms now)
{
  m->ours = m->other = false;
  ask (m, S_CALLS, "AT+CLCC", now);
}

/* V.250: no echo, words as result codes; the call outlives DTR. OK to +++: a call is up. */
static void
on_wake (mw_modem *m, enum result r, mw_ms now)
{
  if (r != R_OK)
    return;
  m->held = m->step == S_BREAK;
  ask (m, S_INIT, "ATE0V1&D0", now);
}

static void
on_init (mw_modem *m, enum result r, mw_ms now)
{
  if (r == R_OK)
    ask (m, S_PIN_ASK, "AT+CPIN?", now);
  else if (r == R_ERROR)
    fail (m, MW_MODEM_REFUSES);
}

static void
ask_register (mw_modem *m, mw_ms now)
{
  m->until = now + m->config.register_ms;
  ask (m, S_REGISTER, "AT+CREG?", now);
}

static void
on_pin_ask (mw_modem *m, enum result r, mw_ms now)
{
  if (r == R_ERROR && m->answer == SIM_MISSING)
    fail (m, MW_MODEM_NO_SIM);
  else if (r == R_ERROR) /* not a modem for a mobile network */
    after_registered (m, now);
  else if (r == R_OK && m->answer == PIN_PUK)
    fail (m, MW_MODEM_PUK_NEEDED);
  else if (r == R_OK && m->answer == PIN_SIM && !m->config.pin)
    fail (m, MW_MODEM_PIN_NEEDED);
  else if (r == R_OK && m->answer == PIN_SIM)
    command (m, S_PIN_GIVE, "AT+CPIN=\"", m->config.pin, "\"\r", m->config.answer_ms * 4, now);
  else if (r == R_OK)
    ask_register (m, now);
}

static void
on_pin_give (mw_modem *m, enum result r, mw_ms now)
{
  memset (m->out, 0, sizeof m->out); /* it held the PIN */
  if (r == R_OK)
    ask_register (m, now);
  else if (r == R_ERROR)
    fail (m, MW_MODEM_PIN_WRONG);
}

static void
on_register (mw_modem *m, enum result r, mw_ms now)
{
  if (r == R_ERROR)
    after_registered (m, now);
  else if (r != R_OK)
    return;
  else if (m->answer == REG_HOME)
    after_registered (m, now);
  else if (m->answer == REG_DENIED)
    fail (m, MW_MODEM_DENIED);
  else if (now >= m->until)
    fail (m, MW_MODEM_NOT_REGISTERED);
  else
    wait_in (m, S_REGISTER_WAIT, now + REGISTER_POLL_MS);
}

static void
on_calls (mw_modem *m, enum result r, mw_ms now)
{
  if (r != R_OK && r != R_ERROR)
    return;
  if (m->ours) {
    m->resumed = true;
    command (m, S_RESUME, "ATO", NULL, "\r", m->config.connect_ms, now);
  } else if (m->other || m->held) {
    ask (m, S_DROP_OTHER, "ATH", now);
  } else {
    ask (m, S_SIGNAL, "AT+CSQ", now);
  }
}

static void
on_dropped (mw_modem *m, enum result r, mw_ms now)
{
  (void) r;
  m->held = false;
  ask (m, S_SIGNAL, "AT+CSQ", now);
}

/* 3GPP TS 27.007 6.7: 9600 bit/s, V.32, asynchronous; modems without it say ERROR. */
static void
on_signal (mw_modem *m, enum result r, mw_ms now)
{
  (void) r;
  ask (m, S_BEARER, "AT+CBST=7,0,1", now);
}

static void
on_bearer (mw_modem *m, enum result r, mw_ms now)
{
  (void) r;
  command (m, S_DIAL, "ATD", m->number, "\r", m->config.connect_ms, now);
}

static void
on_dial (mw_modem *m, enum result r, mw_ms now)
{
  (void) now;
  switch (r) {
  case R_CONNECT:
    go_online (m);
    break;
  case R_BUSY:
    fail (m, MW_MODEM_BUSY);
    break;
  case R_NO_ANSWER:
    fail (m, MW_MODEM_NO_ANSWER);
    break;
  case R_NO_DIALTONE:
    fail (m, MW_MODEM_NO_DIALTONE);
    break;
  case R_NO_CARRIER:
    fail (m, MW_MODEM_NO_CARRIER);
    break;
  case R_ERROR:
    fail (m, MW_MODEM_REFUSES);
    break;
  default:
    break;
  }
}

/* The call that was thought to be up is not: dial. */
static void
on_resume (mw_modem *m, enum result r, mw_ms now)
{
  if (r == R_CONNECT)
    go_online (m);
  else if (r == R_NO_CARRIER || r == R_ERROR) {
    m->held = m->resumed = false;
    ask (m, S_SIGNAL, "AT+CSQ", now);
  }
}

static void
call_is_gone (mw_modem *m)
{
  m->held = false;
  m->state = MW_MODEM_DOWN;
  m->due = MW_NEVER;
  raise_event (m, m->hanging_up ? MW_MODEM_HUNG_UP : MW_MODEM_LOST);
}

static void
on_plus (mw_modem *m, enum result r, mw_ms now)
{
  if (r == R_NO_CARRIER)
    call_is_gone (m);
  else if (r == R_OK && m->hanging_up)
    ask (m, S_HANG_UP, "ATH", now);
  else if (r == R_OK) {
    m->state = MW_MODEM_COMMAND;
    m->due = MW_NEVER;
    raise_event (m, MW_MODEM_ESCAPED);
  }
}

static void
on_hang_up (mw_modem *m, enum result r, mw_ms now)
{
  (void) r, (void) now;
  m->hanging_up = true;
  call_is_gone (m);
}

static void
on_signal_alone (mw_modem *m, enum result r, mw_ms now)
{
  (void) r, (void) now;
  m->state = MW_MODEM_COMMAND;
  m->due = MW_NEVER;
}

static void (*const on_result[N_STEPS]) (mw_modem *, enum result, mw_ms) = {
  [S_WAKE] = on_wake,
  [S_BREAK] = on_wake, /* OK to +++: command state, the call is held */
  [S_INIT] = on_init,
  [S_PIN_ASK] = on_pin_ask,
  [S_PIN_GIVE] = on_pin_give,
  [S_REGISTER] = on_register,
  [S_CALLS] = on_calls,
  [S_DROP_OTHER] = on_dropped,
  [S_SIGNAL] = on_signal,
  [S_BEARER] = on_bearer,
  [S_DIAL] = on_dial,
  [S_RESUME] = on_resume,
  [S_PLUS] = on_plus,
  [S_HANG_UP] = on_hang_up,
  [S_SIGNAL_ALONE] = on_signal_alone,
};

/* ---- lines ---- */

static bool
starts (const char *line, const char *with)
{
  return strncmp (line, with, strlen (with)) == 0;
}

static unsigned
number_at (const char **text)
{
  unsigned n = 0;
  while (**text == ' ')
    ++*text;
  for (; **text >= '0' && **text <= '9' && n < 1000000; ++*text)
    n = n * 10 + (unsigned) (**text - '0');
  return n;
}

/* The digits of A and B, as many as the shorter has from its end: +45 12 against 0045 12. */
static bool
same_number (const char *a, const char *b)
{
  size_t n = strlen (a), k = strlen (b), same = 0;
  while (n > 0 && k > 0 && a[n - 1] == b[k - 1] && a[n - 1] >= '0' && a[n - 1] <= '9')
    n--, k--, same++;
  return same >= 6 || (n == 0 && k == 0 && same > 0);
}

/* +CLCC: 1,0,0,1,0,"+4512345678",145 (3GPP TS 27.007 7.18). */
static void
read_call (mw_modem *m, const char *line)
{
  char number[MW_MODEM_NUMBER];
  const char *quote = strchr (line, '"');
  size_t n = 0;
  while (quote && quote[n + 1] && quote[n + 1] != '"' && n + 1 < sizeof number) {
    number[n] = quote[n + 1];
    n++;
  }
  number[n] = '\0';
  if (n > 0 && same_number (number, m->number))
    m->ours = true;
  else
    m->other = true;
}

static void
read_register (mw_modem *m, const char *line)
{
  const char *at = line + strlen ("+CREG:");
  unsigned status = number_at (&at);
  if (*at == ',') { /* <n>,<stat>, to the question; <stat> alone comes unasked */
    at++;
    status = number_at (&at);
  }
  m->answer = status == 1 || status == 5 ? REG_HOME : status == 3 ? REG_DENIED : REG_SEARCHING;
}

static void
read_information (mw_modem *m, const char *line)
{
  if (starts (line, "+CPIN: READY"))
    m->answer = PIN_READY;
  else if (starts (line, "+CPIN: SIM PIN"))
    m->answer = PIN_SIM;
  else if (starts (line, "+CPIN: SIM PUK"))
    m->answer = PIN_PUK;
  else if (starts (line, "+CREG:") && m->step == S_REGISTER)
    read_register (m, line);
  else if (starts (line, "+CLCC:"))
    read_call (m, line);
  else if (starts (line, "+CSQ:")) {
    const char *at = line + strlen ("+CSQ:");
    unsigned signal = number_at (&at);
    m->signal = (uint8_t) (signal <= 31 ? signal : MW_MODEM_NO_SIGNAL);
    raise_event (m, MW_MODEM_SIGNAL);
  }
}

static enum result
result_of (mw_modem *m, const char *line)
{
  if (strcmp (line, "OK") == 0)
    return R_OK;
  if (starts (line, "CONNECT")) {
    const char *at = line + strlen ("CONNECT");
    m->rate = number_at (&at);
    return R_CONNECT;
  }
  if (strcmp (line, "BUSY") == 0)
    return R_BUSY;
  if (strcmp (line, "NO ANSWER") == 0)
    return R_NO_ANSWER;
  if (strcmp (line, "NO CARRIER") == 0)
    return R_NO_CARRIER;
  if (strcmp (line, "NO DIALTONE") == 0 || strcmp (line, "NO DIAL TONE") == 0)
    return R_NO_DIALTONE;
  if (starts (line, "+CME ERROR: 10") || starts (line, "+CME ERROR: SIM not inserted")) {
    m->answer = SIM_MISSING; /* 3GPP TS 27.007 9.2.1 */
    return R_ERROR;
  }
  if (strcmp (line, "ERROR") == 0 || starts (line, "+CME ERROR:"))
    return R_ERROR;
  return R_NONE;
}

static void
take_line (mw_modem *m, mw_ms now)
{
  m->line[m->line_len] = '\0';
  m->line_len = 0;
  if (m->line[0] == '\0')
    return;
  enum result r = result_of (m, m->line);
  if (r == R_NONE)
    read_information (m, m->line);
  else if (m->state == MW_MODEM_COMMAND && r == R_NO_CARRIER)
    call_is_gone (m);
  else if (m->state == MW_MODEM_DIALOGUE && on_result[m->step])
    on_result[m->step](m, r, now);
}

/* ---- the engine ---- */

bool
mw_modem_init (mw_modem *m, const mw_modem_config *config)
{
  const char *number = config->number ? config->number : "";
  const char *digits = number + (number[0] == '+');
  size_t n = strlen (number);
  memset (m, 0, sizeof *m);
  m->config = *config;
  m->signal = MW_MODEM_NO_SIGNAL;
  m->due = m->lost_at = MW_NEVER;
  if (!m->config.answer_ms)
    m->config.answer_ms = 3000;
  if (!m->config.register_ms)
    m->config.register_ms = 60000;
  if (!m->config.connect_ms)
    m->config.connect_ms = 90000;
  if (!m->config.guard_ms)
    m->config.guard_ms = 1100;
  if (!*digits || n >= sizeof m->number || digits[strspn (digits, "0123456789*#")] != '\0')
    return false;
  memcpy (m->number, number, n + 1);
  return true;
}

void
mw_modem_dial (mw_modem *m, mw_ms now)
{
  m->tries = 0;
  m->held = m->resumed = m->hanging_up = false;
  m->why = MW_MODEM_OK;
  command (m, S_WAKE, "AT", NULL, "\r", m->config.answer_ms / 2, now);
}

/* Silence first: +++ counts only when nothing was sent for the guard time. */
static void
begin_escape (mw_modem *m, mw_ms now)
{
  mw_ms quiet = m->last_tx + m->config.guard_ms;
  wait_in (m, S_GUARD, quiet > now ? quiet : now);
}

void
mw_modem_escape (mw_modem *m, mw_ms now)
{
  m->answer = 0;
  m->hanging_up = false;
  if (m->state == MW_MODEM_ONLINE)
    begin_escape (m, now);
}

void
mw_modem_ask_signal (mw_modem *m, mw_ms now)
{
  if (m->state == MW_MODEM_COMMAND)
    ask (m, S_SIGNAL_ALONE, "AT+CSQ", now);
}

void
mw_modem_resume (mw_modem *m, mw_ms now)
{
  if (m->state == MW_MODEM_COMMAND && m->held)
    command (m, S_RESUME, "ATO", NULL, "\r", m->config.connect_ms, now);
}

void
mw_modem_hang_up (mw_modem *m, mw_ms now)
{
  m->hanging_up = true;
  m->answer = 0;
  if (m->state == MW_MODEM_ONLINE)
    begin_escape (m, now);
  else if (m->state == MW_MODEM_COMMAND)
    ask (m, S_HANG_UP, "ATH", now);
  else
    call_is_gone (m);
}

/* How much of LOST has come when C follows TAIL characters of it. */
static uint8_t
follow_lost (uint8_t tail, char c)
{
  if (c == lost[tail])
    return (uint8_t) (tail + 1);
  return c == lost[0];
}

static void
watch (mw_modem *m, const uint8_t *data, size_t len, mw_ms now)
{
  if (len > 0)
    m->lost_at = MW_NEVER;
  for (size_t i = 0; i < len; i++) {
    m->tail = follow_lost (m->tail, (char) data[i]);
    if (m->tail == sizeof lost - 1) {
      m->tail = 0;
      m->lost_at = i + 1 == len ? now + LOST_QUIET_MS : MW_NEVER;
    }
  }
}

size_t
mw_modem_feed (mw_modem *m, const void *data, size_t len, mw_ms now)
{
  const uint8_t *bytes = data;
  if (m->state == MW_MODEM_ONLINE) {
    watch (m, bytes, len, now);
    return len;
  }
  for (size_t i = 0; i < len; i++) {
    char c = (char) (bytes[i] & 0x7f);
    m->line[m->line_len] = '\0';
    if (c == '\n'
        || (c == '\r' && !starts (m->line, "CONNECT"))) /* its LF is the modem's, too */
      take_line (m, now);
    else if (c != '\r' && m->line_len + 1u < sizeof m->line)
      m->line[m->line_len++] = c;
    if (m->state == MW_MODEM_ONLINE) /* the rest is the meter's */
      return i + 1;
  }
  return len;
}

mw_span
mw_modem_tx (const mw_modem *m)
{
  return (mw_span){ (const uint8_t *) m->out + m->out_at, (size_t) (m->out_len - m->out_at) };
}

void
mw_modem_tx_ack (mw_modem *m, size_t n, mw_ms now)
{
  m->out_at = (uint16_t) (m->out_at + n);
  m->last_tx = now;
  if (m->out_at == m->out_len)
    m->out_at = m->out_len = 0;
}

void
mw_modem_sent (mw_modem *m, mw_ms now)
{
  m->last_tx = now;
}

mw_ms
mw_modem_deadline (const mw_modem *m)
{
  if (m->state == MW_MODEM_ONLINE)
    return m->lost_at;
  return m->state == MW_MODEM_DIALOGUE ? m->due : MW_NEVER;
}

static void
on_silence (mw_modem *m, mw_ms now)
{
  switch (m->step) {
  case S_WAKE:
    if (++m->tries < WAKE_TRIES)
      command (m, S_WAKE, "AT", NULL, "\r", m->config.answer_ms / 2, now);
    else { /* perhaps it is online: then AT went to the meter */
      m->answer = 1;
      begin_escape (m, now);
    }
    break;
  case S_GUARD:
    command (m, m->answer ? S_BREAK : S_PLUS, "+++", NULL, "",
             m->config.guard_ms + m->config.answer_ms, now);
    break;
  case S_REGISTER_WAIT:
    if (now >= m->until)
      fail (m, MW_MODEM_NOT_REGISTERED);
    else
      ask (m, S_REGISTER, "AT+CREG?", now);
    break;
  case S_DIAL:
    fail (m, MW_MODEM_NOT_IN_TIME);
    break;
  case S_HANG_UP:
    call_is_gone (m);
    break;
  case S_PLUS:
    if (m->hanging_up)
      call_is_gone (m);
    else
      fail (m, MW_MODEM_SILENT);
    break;
  default:
    fail (m, MW_MODEM_SILENT);
    break;
  }
}

void
mw_modem_tick (mw_modem *m, mw_ms now)
{
  if (now < mw_modem_deadline (m))
    return;
  if (m->state == MW_MODEM_ONLINE)
    call_is_gone (m);
  else if (m->state == MW_MODEM_DIALOGUE)
    on_silence (m, now);
}

enum mw_modem_event
mw_modem_take_event (mw_modem *m)
{
  enum mw_modem_event event = m->n_events ? m->event[0] : MW_MODEM_NONE;
  if (m->n_events) {
    m->n_events--;
    memmove (m->event, m->event + 1, m->n_events * sizeof m->event[0]);
  }
  return event;
}
