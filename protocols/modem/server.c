/* server.c: see server.h. */
#include "modem/server.h"

#include <string.h>

#define GUARD_MS 1000u /* V.250: S12, 50 times 20 ms */
#define PIN_TRIES 3u

static void
put (mw_modem_server *s, const char *text)
{
  size_t n = strlen (text);
  if (s->out_len + n <= sizeof s->out) {
    memcpy (s->out + s->out_len, text, n);
    s->out_len = (uint16_t) (s->out_len + n);
  }
}

static void
put_number (mw_modem_server *s, unsigned n)
{
  char text[12];
  size_t at = sizeof text - 1;
  text[at] = '\0';
  do
    text[--at] = (char) ('0' + n % 10);
  while ((n /= 10) > 0 && at > 0);
  put (s, text + at);
}

/* Result codes as words or as digits (V.250 5.7). */
static void
result (mw_modem_server *s, const char *word, const char *digit)
{
  put (s, s->verbose ? "\r\n" : "");
  put (s, s->verbose ? word : digit);
  put (s, s->verbose ? "\r\n" : "\r");
}

static void
information (mw_modem_server *s, const char *text)
{
  put (s, "\r\n");
  put (s, text);
}

/* ---- commands ---- */

enum answer { DONE, WRONG, SILENT };

static enum answer
cme (mw_modem_server *s, unsigned code)
{
  put (s, "\r\n+CME ERROR: ");
  put_number (s, code);
  put (s, "\r\n");
  return SILENT;
}

static enum answer
pin_query (mw_modem_server *s)
{
  if (s->network.no_sim)
    return cme (s, 10); /* 3GPP TS 27.007 9.2.1: SIM not inserted */
  information (s, s->unlocked         ? "+CPIN: READY\r\n"
                  : s->pin_tries == 0 ? "+CPIN: SIM PUK\r\n"
                                      : "+CPIN: SIM PIN\r\n");
  return DONE;
}

static enum answer
pin_set (mw_modem_server *s, const char *text)
{
  size_t n = strlen (s->network.pin);
  if (s->network.no_sim)
    return cme (s, 10);
  if (s->pin_tries == 0)
    return cme (s, 12); /* SIM PUK required */
  bool quoted = *text == '"';
  bool same = strncmp (text + quoted, s->network.pin, n) == 0
              && text[quoted + n] == (quoted ? '"' : '\0');
  if (!same) {
    s->pin_tries--;
    return cme (s, 16); /* incorrect password */
  }
  s->unlocked = true;
  s->pin_tries = PIN_TRIES;
  return DONE;
}

static enum answer
registration (mw_modem_server *s)
{
  information (s, "+CREG: 0,");
  put_number (s, s->unlocked ? s->network.registration : 0);
  put (s, "\r\n");
  return DONE;
}

static enum answer
signal_quality (mw_modem_server *s)
{
  information (s, "+CSQ: ");
  put_number (s, s->network.signal);
  put (s, ",99\r\n");
  return DONE;
}

static enum answer
calls (mw_modem_server *s)
{
  if (s->held) { /* <id>,<dir>,<stat>,<mode>,<mpty>,<number>,<type> */
    information (s, "+CLCC: 1,0,0,1,0,\"");
    put (s, s->called);
    put (s, s->called[0] == '+' ? "\",145\r\n" : "\",129\r\n");
  }
  return DONE;
}

static enum answer
extended (mw_modem_server *s, const char *text)
{
  if (strcmp (text, "+CPIN?") == 0)
    return pin_query (s);
  if (strncmp (text, "+CPIN=", 6) == 0)
    return pin_set (s, text + 6);
  if (strcmp (text, "+CREG?") == 0)
    return registration (s);
  if (strcmp (text, "+CSQ") == 0)
    return signal_quality (s);
  if (strcmp (text, "+CLCC") == 0)
    return calls (s);
  if (strncmp (text, "+CBST=", 6) == 0 || strncmp (text, "+CMEE=", 6) == 0)
    return DONE;
  return WRONG;
}

static enum answer
dial (mw_modem_server *s, const char *text, mw_ms now)
{
  size_t n = 0;
  if (*text == 'T' || *text == 'P')
    text++;
  for (; *text && n + 1 < sizeof s->called; text++)
    if (*text != ' ' && *text != '-' && *text != ';')
      s->called[n++] = *text;
  s->called[n] = '\0';
  if (n == 0)
    return WRONG;
  s->dialling = true;
  s->due = now + s->network.dial_ms;
  return SILENT;
}

static enum answer
back_online (mw_modem_server *s)
{
  if (!s->held) {
    result (s, "NO CARRIER", "3");
    return SILENT;
  }
  result (s, "CONNECT 9600", "1");
  s->online = true;
  s->pluses = 0;
  return SILENT;
}

static void
reset (mw_modem_server *s)
{
  s->echo = s->verbose = true;
}

/* A basic command at *TEXT (V.250 5.3.1), which is moved past it. */
static enum answer
basic (mw_modem_server *s, const char **text, mw_ms now)
{
  char c = *(*text)++;
  bool ampersand = c == '&';
  unsigned value = 0;
  if (ampersand)
    c = *(*text)++;
  if (c == 'D' && !ampersand) {
    enum answer answer = dial (s, *text, now);
    *text += strlen (*text);
    return answer;
  }
  while (**text >= '0' && **text <= '9')
    value = value * 10 + (unsigned) (*(*text)++ - '0');
  if (ampersand) {
    if (c == 'F')
      reset (s);
    return c == 'F' || c == 'D' || c == 'C' || c == 'K' ? DONE : WRONG;
  }
  switch (c) {
  case 'E':
    s->echo = value != 0;
    return value <= 1 ? DONE : WRONG;
  case 'V':
    s->verbose = value != 0;
    return value <= 1 ? DONE : WRONG;
  case 'Z':
    reset (s);
    s->held = false;
    return DONE;
  case 'H':
    s->held = false;
    return DONE;
  case 'I':
    information (s, "Reference modem\r\n");
    return DONE;
  case 'O':
    return back_online (s);
  default:
    return WRONG;
  }
}

static void
perform (mw_modem_server *s, mw_ms now)
{
  const char *text = s->line;
  enum answer answer = DONE;
  bool at = (text[0] == 'A' || text[0] == 'a') && (text[1] == 'T' || text[1] == 't');
  if (!at)
    return; /* no command: noise is not answered */
  for (char *c = s->line; *c; c++)
    if (*c >= 'a' && *c <= 'z')
      *c = (char) (*c - 'a' + 'A');
  text += 2;
  while (*text && answer == DONE)
    if (*text == '+') {
      answer = extended (s, text);
      break;
    } else
      answer = basic (s, &text, now);
  if (answer == DONE)
    result (s, "OK", "0");
  else if (answer == WRONG)
    result (s, "ERROR", "4");
}

/* ---- the call ---- */

void
mw_modem_server_drop (mw_modem_server *s)
{
  if (!s->held && !s->dialling)
    return;
  s->held = s->online = s->dialling = false;
  s->line_len = 0;
  s->pluses = 0;
  result (s, "NO CARRIER", "3");
}

static void
outcome (mw_modem_server *s)
{
  static const char *const words[] = { "CONNECT 9600", "BUSY", "NO CARRIER", "NO DIALTONE",
                                       "NO ANSWER" };
  static const char *const digits[] = { "1", "7", "3", "6", "8" };
  enum mw_modem_outcome o = s->network.outcome;
  if (o == MW_OUTCOME_NOTHING)
    return;
  s->dialling = false;
  if (!s->unlocked)
    o = MW_OUTCOME_NO_CARRIER;
  else if (o == MW_OUTCOME_CONNECT && s->network.number[0]
           && strcmp (s->network.number, s->called) != 0)
    o = MW_OUTCOME_NO_CARRIER; /* nobody has that number */
  result (s, words[o], digits[o]);
  s->online = s->held = o == MW_OUTCOME_CONNECT;
  s->pluses = 0;
}

void
mw_modem_server_init (mw_modem_server *s, const mw_modem_network *network)
{
  memset (s, 0, sizeof *s);
  s->network = *network;
  if (!s->network.guard_ms)
    s->network.guard_ms = GUARD_MS;
  s->unlocked = network->pin[0] == '\0' && !network->no_sim;
  s->pin_tries = PIN_TRIES;
  reset (s);
}

/* +++ with silence before and after it; what is between reaches the far end all the same. */
static void
count_pluses (mw_modem_server *s, const uint8_t *data, size_t len, mw_ms now)
{
  bool quiet = now >= s->last + s->network.guard_ms;
  for (size_t i = 0; i < len; i++) {
    bool fresh = i == 0 && quiet;
    if (data[i] == '+' && (fresh || (s->pluses > 0 && s->pluses < 3)))
      s->pluses = (uint8_t) (fresh ? 1 : s->pluses + 1);
    else
      s->pluses = 0;
  }
  s->last = now;
}

size_t
mw_modem_server_feed (mw_modem_server *s, const void *data, size_t len, mw_span *payload,
                      mw_ms now)
{
  const uint8_t *bytes = data;
  *payload = (mw_span){ NULL, 0 };
  if (s->online) {
    count_pluses (s, bytes, len, now);
    *payload = (mw_span){ bytes, len };
    return len;
  }
  for (size_t i = 0; i < len; i++) {
    char c = (char) (bytes[i] & 0x7f);
    s->last = now;
    if (s->dialling) { /* V.250 5.6.1: any character aborts dialling */
      mw_modem_server_drop (s);
      continue;
    }
    if (s->echo && s->out_len < sizeof s->out)
      s->out[s->out_len++] = bytes[i];
    if (c == '\r') {
      s->line[s->line_len] = '\0';
      s->line_len = 0;
      perform (s, now);
    } else if (c == '\b' && s->line_len > 0) {
      s->line_len--;
    } else if (c != '\n' && s->line_len + 1u < sizeof s->line) {
      s->line[s->line_len++] = c;
    }
    if (s->online)
      return i + 1;
  }
  return len;
}

bool
mw_modem_server_online (const mw_modem_server *s)
{
  return s->online;
}

bool
mw_modem_server_call (const mw_modem_server *s)
{
  return s->held;
}

mw_span
mw_modem_server_tx (const mw_modem_server *s)
{
  return (mw_span){ s->out, s->out_len };
}

void
mw_modem_server_tx_ack (mw_modem_server *s, size_t n)
{
  s->out_len = (uint16_t) (s->out_len - n);
  memmove (s->out, s->out + n, s->out_len);
}

mw_ms
mw_modem_server_deadline (const mw_modem_server *s)
{
  if (s->dialling)
    return s->due;
  return s->online && s->pluses == 3 ? s->last + s->network.guard_ms : MW_NEVER;
}

void
mw_modem_server_tick (mw_modem_server *s, mw_ms now)
{
  if (s->dialling && now >= s->due) {
    outcome (s);
    if (s->dialling)
      s->due = MW_NEVER;
  } else if (s->online && s->pluses == 3 && now >= s->last + s->network.guard_ms) {
    s->online = false;
    s->pluses = 0;
    s->line_len = 0;
    result (s, "OK", "0");
  }
}
