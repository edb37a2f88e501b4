/* describe_iec.c: telegrams of IEC 62056-21 in words: opening, identification, option select,
 * read-out, programming commands, block check.
 *
 * Bytes may still carry their even parity bit (7E1 seen as 8 bits): that is said, and the
 * characters are read without it. */
#include <string.h>

#include "decode/say.h"

enum {
  SOH = 0x01,
  STX = 0x02,
  ETX = 0x03,
  EOT = 0x04,
  ACK = 0x06,
  LF = 0x0a,
  CR = 0x0d,
  NAK = 0x15
};

static unsigned
plain (uint8_t byte)
{
  return byte & 0x7fu;
}

static bool
is_text (uint8_t byte)
{
  unsigned ch = plain (byte);
  return (ch >= 0x20 && ch < 0x7f) || ch == CR || ch == LF;
}

bool
mw_looks_like_iec (mw_span data)
{
  unsigned first = plain (data.ptr[0]);
  if (first == '/')
    return data.len > 3 && is_text (data.ptr[1]) && is_text (data.ptr[2]);
  if (first == ACK)
    return data.len == 1 || (data.len >= 4 && is_text (data.ptr[1]) && is_text (data.ptr[3]));
  if (first == NAK)
    return data.len == 1;
  if (first == SOH)
    return data.len >= 4 && memchr ("PWREB", (int) plain (data.ptr[1]), 5) != NULL
           && plain (data.ptr[2]) >= '0' && plain (data.ptr[2]) <= '9';
  if (first != STX || data.len < 4)
    return false;
  for (size_t i = 1; i < 4; i++)
    if (!is_text (data.ptr[i]))
      return plain (data.ptr[i]) == ETX;
  return true;
}

/* --- characters --- */

static void
say_parity (mw_say_out *d, const mw_cur *c)
{
  unsigned with_bit = 0, even = 0;
  for (const uint8_t *p = c->at; p < c->end; p++) {
    unsigned ones = 0;
    for (unsigned v = *p; v; v >>= 1)
      ones += v & 1;
    with_bit += *p >> 7;
    even += ones % 2 == 0;
  }
  if (with_bit && even == (size_t) (c->end - c->at))
    mw_say_note (d, c->at, (size_t) (c->end - c->at),
                 "every byte carries its even parity bit; it is left out below");
}

/* The characters up to but not including one of STOP (or the end), without parity, in BUF. */
static size_t
take_until (mw_cur *c, const char *stop, char *buf, size_t cap)
{
  size_t n = 0, kept = 0;
  while (mw_cur_left (c) && !memchr (stop, (int) plain (*c->at), strlen (stop))
         && is_text (*c->at)) {
    char ch = (char) plain (mw_cur_u8 (c));
    if (kept + 1 < cap)
      buf[kept++] = ch;
    n++;
  }
  buf[kept] = 0;
  return n;
}

static int
peek (const mw_cur *c)
{
  int v = mw_cur_peek (c);
  return v < 0 ? v : v & 0x7f;
}

static void
say_line_end (mw_say_out *d, mw_cur *c)
{
  if (peek (c) == CR) {
    mw_cur_u8 (c);
    if (peek (c) == LF)
      mw_cur_u8 (c);
    mw_say (d, c, "end of line");
  } else if (peek (c) == LF) {
    mw_cur_u8 (c);
    mw_say_wrong (d, c, "LF without CR");
  } else {
    mw_cur_fail (c, mw_cur_left (c) ? MW_ERR_VALUE : MW_ERR_SHORT);
  }
}

static bool
say_char (mw_say_out *d, mw_cur *c, int want, const char *what)
{
  if (peek (c) != want) {
    mw_cur_fail (c, mw_cur_left (c) ? MW_ERR_VALUE : MW_ERR_SHORT);
    return false;
  }
  mw_cur_u8 (c);
  mw_say (d, c, "%s", what);
  return true;
}

/* 6.3.14, "Baud rate identification". */
static const char *
baud_name (unsigned z)
{
  static const char *const digits[] = { "300",  "600",   "1200",  "2400",  "4800",
                                        "9600", "19200", "38400", "57600", "115200" };
  static const char *const letters[] = { "600", "1200", "2400", "4800", "9600", "19200" };
  if (z >= '0' && z <= '9')
    return digits[z - '0'];
  if (z >= 'A' && z <= 'F')
    return letters[z - 'A'];
  return NULL;
}

/* --- messages --- */

/* 6.3.1: "/?" address "!" CR LF. */
static void
describe_request (mw_say_out *d, mw_cur *c)
{
  char text[80];
  say_char (d, c, '/', "start");
  say_char (d, c, '?', "transmission request");
  if (take_until (c, "!\r\n", text, sizeof text))
    mw_say (d, c, "device address %s", text);
  say_char (d, c, '!', "end character");
  say_line_end (d, c);
}

/* 6.3.2: "/" manufacturer Z "\W" identification CR LF. */
static void
describe_identification (mw_say_out *d, mw_cur *c)
{
  char text[80];
  say_char (d, c, '/', "start");
  mw_span maker = mw_cur_bytes (c, 3);
  for (size_t i = 0; i < maker.len; i++)
    text[i] = (char) plain (maker.ptr[i]);
  text[maker.len] = 0;
  mw_say (d, c, "manufacturer %s, reaction time %s", text,
          maker.len == 3 && text[2] >= 'a' && text[2] <= 'z' ? "20 ms" : "200 ms");
  unsigned z = plain (mw_cur_u8 (c));
  if (baud_name (z))
    mw_say (d, c, "baud rate %c: %s (%s)", (char) z, baud_name (z),
            z >= 'A' ? "mode B" : "mode C or E");
  else
    mw_say (d, c, "baud rate %c: none (mode A)", (char) z);
  while (peek (c) == '\\' && c->end - c->at > 1) {
    mw_cur_u8 (c);
    unsigned w = plain (mw_cur_u8 (c));
    mw_say (d, c, "escape \\%c%s", (char) w, w == '2' ? ": mode E, HDLC can be chosen" : "");
  }
  if (take_until (c, "\r\n", text, sizeof text))
    mw_say (d, c, "identification \"%s\"", text);
  say_line_end (d, c);
}

/* 6.3.3: ACK V Z Y CR LF. */
static void
describe_option (mw_say_out *d, mw_cur *c)
{
  mw_cur_u8 (c);
  mw_say (d, c, "ACK");
  if (!mw_cur_left (c))
    return;
  unsigned v = plain (mw_cur_u8 (c));
  mw_say (d, c, "protocol %c: %s", (char) v,
          v == '0'   ? "normal"
          : v == '1' ? "secondary"
          : v == '2' ? "HDLC"
                     : "reserved");
  unsigned z = plain (mw_cur_u8 (c));
  mw_say (d, c, "baud rate %c: %s", (char) z, baud_name (z) ? baud_name (z) : "unknown");
  unsigned y = plain (mw_cur_u8 (c));
  mw_say (d, c, "mode %c: %s", (char) y,
          y == '0'   ? "data readout"
          : y == '1' ? "programming"
          : y == '2' ? "binary (HDLC)"
                     : "the manufacturer's own");
  say_line_end (d, c);
}

/* One data set: address "(" value "*" unit ")" (6.3.14, figure 9). */
static void
say_data_set (mw_say_out *d, mw_cur *c)
{
  char address[40], value[140], unit[40] = "";
  take_until (c, "(\r\n!", address, sizeof address);
  if (peek (c) != '(') {
    if (address[0])
      mw_say (d, c, "%s", address);
    return;
  }
  mw_cur_u8 (c);
  take_until (c, "*)\r\n", value, sizeof value);
  if (peek (c) == '*') {
    mw_cur_u8 (c);
    take_until (c, ")\r\n", unit, sizeof unit);
  }
  if (peek (c) == EOT) {
    mw_say (d, c, "%s = %s, goes on in the next block", address, value);
    return;
  }
  if (peek (c) != ')') {
    mw_cur_fail (c, mw_cur_left (c) ? MW_ERR_VALUE : MW_ERR_SHORT);
    return;
  }
  mw_cur_u8 (c);
  bool error =
      !address[0] && !unit[0] && strncmp (value, "ER", 2) == 0; /* 6.3, error message */
  mw_say (d, c, "%s%s%s%s%s",
          error        ? "error message of the device"
          : address[0] ? address
                       : "(same address)",
          value[0] ? " = " : "", value, unit[0] ? " " : "", unit);
}

/* The data block: lines of data sets, "!" at its end when it is a read-out. */
static void
say_data_block (mw_say_out *d, mw_cur *c)
{
  while (mw_cur_left (c) && peek (c) != ETX && peek (c) != EOT) {
    const uint8_t *before = c->at;
    if (peek (c) == '!')
      say_char (d, c, '!', "end of the data block");
    else if (peek (c) == CR || peek (c) == LF)
      say_line_end (d, c);
    else
      say_data_set (d, c);
    if (c->at == before)
      mw_cur_fail (c, MW_ERR_VALUE);
  }
}

/* ETX or EOT and the block check character: XOR of all after SOH or STX, it included (ISO 1155;
 * 6.3.14, block check character). */
static void
say_block_end (mw_say_out *d, mw_cur *c, const uint8_t *from)
{
  int end = peek (c);
  unsigned bcc = 0;
  if (end != ETX && end != EOT) {
    mw_cur_fail (c, mw_cur_left (c) ? MW_ERR_VALUE : MW_ERR_SHORT);
    return;
  }
  mw_cur_u8 (c);
  mw_say (d, c, end == ETX ? "ETX" : "EOT (more blocks follow)");
  for (const uint8_t *p = from; p < c->at; p++)
    bcc ^= plain (*p);
  unsigned got = plain (mw_cur_u8 (c));
  if (got == bcc)
    mw_say (d, c, "block check: right");
  else
    mw_say_wrong (d, c, "block check: wrong, the characters before give %02X", bcc);
}

static void
describe_readout (mw_say_out *d, mw_cur *c)
{
  mw_cur_u8 (c);
  mw_say (d, c, "STX");
  const uint8_t *from = c->at;
  say_data_block (d, c);
  say_block_end (d, c, from);
}

static const char *
command_name (char letter, char kind)
{
  if (letter == 'P')
    return kind == '0'   ? "operand for the secure algorithm"
           : kind == '1' ? "password, compared"
           : kind == '2' ? "password, result of the secure algorithm"
                         : "password, reserved";
  if (letter == 'W' || letter == 'R')
    return kind == '1'                  ? "ASCII-coded data"
           : kind == '2'                ? "formatted communication coding"
           : kind == '3'                ? "ASCII-coded, partial block"
           : kind == '4'                ? "formatted, partial block"
           : kind == '5' || kind == '6' ? "national use"
                                        : "reserved";
  if (letter == 'E')
    return kind == '2' ? "formatted communication coding" : "reserved";
  return kind == '0' ? "complete sign-off" : kind == '1' ? "sign-off, battery" : "reserved";
}

/* 6.3.4: SOH C D [STX data] ETX BCC. */
static void
describe_command (mw_say_out *d, mw_cur *c)
{
  mw_cur_u8 (c);
  mw_say (d, c, "SOH");
  const uint8_t *from = c->at;
  char letter = (char) plain (mw_cur_u8 (c));
  mw_say (d, c, "command %c: %s", letter,
          letter == 'P'   ? "password"
          : letter == 'W' ? "write"
          : letter == 'R' ? "read"
          : letter == 'E' ? "execute"
                          : "break");
  char kind = (char) plain (mw_cur_u8 (c));
  mw_say (d, c, "type %c: %s", kind, command_name (letter, kind));
  if (peek (c) == STX) {
    mw_cur_u8 (c);
    mw_say (d, c, "STX");
    say_data_block (d, c);
  }
  say_block_end (d, c, from);
}

static void
describe_message (mw_say_out *d, mw_cur *c)
{
  char text[80];
  int first = peek (c);
  mw_say_head (d, c, mw_cur_left (c), "%s",
               first == '/'   ? (c->end - c->at > 1 && plain (c->at[1]) == '?' ? "request"
                                                                               : "identification")
               : first == ACK ? (mw_cur_left (c) > 1 ? "acknowledgement, option select"
                                                     : "acknowledgement")
               : first == NAK ? "repeat request"
               : first == STX ? "data message"
               : first == SOH ? "programming command"
                              : "data sets");
  if (first == '/' && c->end - c->at > 1 && plain (c->at[1]) == '?')
    describe_request (d, c);
  else if (first == '/')
    describe_identification (d, c);
  else if (first == ACK)
    describe_option (d, c);
  else if (first == STX)
    describe_readout (d, c);
  else if (first == SOH)
    describe_command (d, c);
  else if (first == NAK)
    say_char (d, c, NAK, "NAK: please repeat");
  else if (take_until (c, "", text, sizeof text))
    mw_say_wrong (d, c, "%s", text);
  else
    mw_cur_fail (c, MW_ERR_VALUE);
  mw_say_up (d);
}

void
mw_describe_iec (mw_say_out *d, mw_cur *c)
{
  say_parity (d, c);
  while (mw_cur_left (c))
    describe_message (d, c);
}
