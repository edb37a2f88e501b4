/* telegram.c: see telegram.h. */
#include "iec62056_21/telegram.h"

#include <string.h>

uint8_t
mw_iec_bcc (mw_span s)
{
  uint8_t bcc = 0;
  for (size_t i = 0; i < s.len; i++)
    bcc ^= s.ptr[i] & 0x7fu;
  return bcc;
}

static bool
is_printable (uint8_t c)
{
  return c >= 0x20 && c < 0x7f;
}

static bool
is_letter (uint8_t c)
{
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_digit (uint8_t c)
{
  return c >= '0' && c <= '9';
}

static void
expect (mw_cur *c, uint8_t byte)
{
  if (mw_cur_u8 (c) != byte)
    mw_cur_fail (c, MW_ERR_VALUE);
}

static void
expect_crlf (mw_cur *c)
{
  expect (c, MW_IEC_CR);
  expect (c, MW_IEC_LF);
}

static void
put_crlf (mw_wr *w)
{
  mw_wr_u8 (w, MW_IEC_CR);
  mw_wr_u8 (w, MW_IEC_LF);
}

/* The request message (6.3.1).  Digits, letters and space are what 6.3.14 gives an address. */
enum mw_err
mw_iec_request_decode (mw_span message, mw_iec_request *out)
{
  mw_cur c = mw_cur_of (message);
  expect (&c, '/');
  expect (&c, '?');
  mw_span address = { c.at, 0 };
  while (mw_cur_peek (&c) >= 0 && mw_cur_peek (&c) != '!') {
    uint8_t ch = mw_cur_u8 (&c);
    if (!is_letter (ch) && !is_digit (ch) && ch != ' ')
      mw_cur_fail (&c, MW_ERR_VALUE);
    address.len++;
  }
  expect (&c, '!');
  expect_crlf (&c);
  if (address.len > MW_IEC_ADDRESS_MAX)
    mw_cur_fail (&c, MW_ERR_VALUE);
  out->address = address;
  return mw_cur_end (&c);
}

void
mw_iec_request_encode (mw_wr *w, const mw_iec_request *r)
{
  if (r->address.len > MW_IEC_ADDRESS_MAX)
    mw_wr_fail (w, MW_ERR_VALUE);
  mw_wr_bytes (w, "/?", 2);
  mw_wr_span (w, r->address);
  mw_wr_u8 (w, '!');
  put_crlf (w);
}

static mw_span
without_zeros (mw_span s)
{
  while (s.len && *s.ptr == '0') {
    s.ptr++;
    s.len--;
  }
  return s;
}

bool
mw_iec_address_matches (mw_span own, mw_span wanted)
{
  if (wanted.len == 0)
    return true;
  own = without_zeros (own);
  wanted = without_zeros (wanted);
  return own.len == wanted.len && (own.len == 0 || memcmp (own.ptr, wanted.ptr, own.len) == 0);
}

/* What follows "/XXXZ": escapes "\W" wherever they stand, printable text, CR LF. */
static void
decode_ident_text (mw_cur *c, mw_iec_ident *out)
{
  size_t n_text = 0, n_escapes = 0;
  while (mw_cur_peek (c) >= 0 && mw_cur_peek (c) != MW_IEC_CR) {
    uint8_t ch = mw_cur_u8 (c);
    if (ch == '\\') {
      uint8_t which = mw_cur_u8 (c);
      if (!is_printable (which) || n_escapes + 1 >= sizeof out->escapes)
        mw_cur_fail (c, MW_ERR_VALUE);
      else
        out->escapes[n_escapes++] = (char) which;
      out->hdlc = out->hdlc || which == '2';
    } else if (!is_printable (ch) || ch == '/' || ch == '!' || n_text + 1 >= sizeof out->text) {
      mw_cur_fail (c, MW_ERR_VALUE); /* 6.3.14: printable, but for "/" and "!" */
    } else {
      out->text[n_text++] = (char) ch;
    }
  }
}

enum mw_err
mw_iec_ident_decode (mw_span message, mw_iec_ident *out)
{
  mw_cur c = mw_cur_of (message);
  memset (out, 0, sizeof *out);
  expect (&c, '/');
  for (size_t i = 0; i < 3; i++) {
    uint8_t ch = mw_cur_u8 (&c);
    /* 6.3.14: three letters, capitals but for the third */
    if (!is_letter (ch))
      mw_cur_fail (&c, MW_ERR_VALUE);
    out->manufacturer[i] = (char) ch;
  }
  uint8_t z = mw_cur_u8 (&c);
  if (!is_printable (z) || z == '/' || z == '!' || z == '\\')
    mw_cur_fail (&c, MW_ERR_VALUE);
  out->baud_char = (char) z;
  decode_ident_text (&c, out);
  expect_crlf (&c);
  out->fast = out->manufacturer[2] >= 'a';
  return mw_cur_end (&c);
}

void
mw_iec_ident_encode (mw_wr *w, const mw_iec_ident *id)
{
  mw_wr_u8 (w, '/');
  mw_wr_bytes (w, id->manufacturer, 3);
  mw_wr_u8 (w, (uint8_t) id->baud_char);
  for (size_t i = 0; i < sizeof id->escapes && id->escapes[i]; i++) {
    mw_wr_u8 (w, '\\');
    mw_wr_u8 (w, (uint8_t) id->escapes[i]);
  }
  size_t len = strlen (id->text);
  mw_wr_bytes (w, id->text, len);
  put_crlf (w);
}

enum mw_iec_mode
mw_iec_ident_mode (const mw_iec_ident *id)
{
  if (is_digit ((uint8_t) id->baud_char))
    return id->hdlc ? MW_IEC_E : MW_IEC_C;
  return mw_iec_baud_of (id->baud_char) ? MW_IEC_B : MW_IEC_A;
}

/* clang-format off */
static const struct { char c, b; uint32_t baud; } bauds[] = {
  { '0',  0,     300 }, { '1', 'A',    600 }, { '2', 'B',   1200 }, { '3', 'C',   2400 },
  { '4', 'D',   4800 }, { '5', 'E',   9600 }, { '6', 'F',  19200 }, { '7',  0,   38400 },
  { '8',  0,   57600 }, { '9',  0,  115200 },
};
/* clang-format on */

uint32_t
mw_iec_baud_of (char z)
{
  for (size_t i = 0; i < sizeof bauds / sizeof *bauds; i++)
    if (z && (bauds[i].c == z || bauds[i].b == z))
      return bauds[i].baud;
  return 0;
}

char
mw_iec_char_of (uint32_t baud)
{
  for (size_t i = 0; i < sizeof bauds / sizeof *bauds; i++)
    if (bauds[i].baud == baud)
      return bauds[i].c;
  return 0;
}

enum mw_err
mw_iec_option_decode (mw_span message, mw_iec_option *out)
{
  mw_cur c = mw_cur_of (message);
  expect (&c, MW_IEC_ACK);
  uint8_t v = mw_cur_u8 (&c), z = mw_cur_u8 (&c), y = mw_cur_u8 (&c);
  if (!is_printable (v) || !is_printable (z) || !is_printable (y))
    mw_cur_fail (&c, MW_ERR_VALUE);
  expect_crlf (&c);
  out->protocol = (char) v;
  out->baud = (char) z;
  out->mode = (char) y;
  return mw_cur_end (&c);
}

void
mw_iec_option_encode (mw_wr *w, const mw_iec_option *o)
{
  mw_wr_u8 (w, MW_IEC_ACK);
  mw_wr_u8 (w, (uint8_t) o->protocol);
  mw_wr_u8 (w, (uint8_t) o->baud);
  mw_wr_u8 (w, (uint8_t) o->mode);
  put_crlf (w);
}

static void
decode_command (mw_cur *c, mw_iec_block *out)
{
  uint8_t command = mw_cur_u8 (c), type = mw_cur_u8 (c);
  if (!is_letter (command) || !is_digit (type))
    mw_cur_fail (c, MW_ERR_VALUE);
  out->command = (char) command;
  out->type = (char) type;
  if (mw_cur_peek (c) == MW_IEC_STX)
    mw_cur_skip (c, 1);
  else if (command != 'B') /* the break message has no data (6.3) */
    mw_cur_fail (c, MW_ERR_VALUE);
}

enum mw_err
mw_iec_block_decode (mw_span message, mw_iec_block *out)
{
  memset (out, 0, sizeof *out);
  if (message.len < 3)
    return MW_ERR_SHORT;
  mw_span checked = { message.ptr + 1, message.len - 2 };
  if (mw_iec_bcc (checked) != (message.ptr[message.len - 1] & 0x7fu))
    return MW_ERR_CHECK;
  mw_cur c;
  mw_cur_init (&c, message.ptr, message.len - 1);
  uint8_t start = mw_cur_u8 (&c);
  if (start == MW_IEC_SOH)
    decode_command (&c, out);
  else if (start != MW_IEC_STX)
    mw_cur_fail (&c, MW_ERR_VALUE);
  size_t left = mw_cur_left (&c);
  if (left)
    out->data = mw_cur_bytes (&c, left - 1);
  uint8_t end = mw_cur_u8 (&c);
  if (end != MW_IEC_ETX && end != MW_IEC_EOT)
    mw_cur_fail (&c, MW_ERR_VALUE);
  out->more = end == MW_IEC_EOT;
  return mw_cur_end (&c);
}

void
mw_iec_block_encode (mw_wr *w, const mw_iec_block *b)
{
  size_t from = mw_wr_len (w) + 1;
  if (b->command) {
    mw_wr_u8 (w, MW_IEC_SOH);
    mw_wr_u8 (w, (uint8_t) b->command);
    mw_wr_u8 (w, (uint8_t) b->type);
  }
  if (!b->command || b->command != 'B')
    mw_wr_u8 (w, MW_IEC_STX);
  mw_wr_span (w, b->data);
  mw_wr_u8 (w, b->more ? MW_IEC_EOT : MW_IEC_ETX);
  if (!w->err) {
    mw_span checked = { w->start + from, mw_wr_len (w) - from };
    mw_wr_u8 (w, mw_iec_bcc (checked));
  }
}

bool
mw_iec_block_error (const mw_iec_block *b, mw_span *text)
{
  mw_span d = b->data;
  if (b->command || d.len < 4 || d.ptr[0] != '(' || d.ptr[d.len - 1] != ')')
    return false;
  text->ptr = d.ptr + 1;
  text->len = d.len - 2;
  return memcmp (text->ptr, "ER", 2) == 0 && !memchr (text->ptr, ')', text->len);
}

void
mw_iec_sets_init (mw_iec_sets *it, mw_span data)
{
  it->cur = mw_cur_of (data);
  it->address.ptr = NULL;
  it->address.len = 0;
  it->line = 1;
}

/* Characters up to one of STOPS, which is not taken.  6.5: none of ( ) * / ! and no control
 * character stands inside a field ("/" does in manufacturers' dates, and is let through). */
static mw_span
field (mw_cur *c, const char *stops)
{
  mw_span s = { c->at, 0 };
  for (;;) {
    int ch = mw_cur_peek (c);
    if (ch < 0) {
      mw_cur_fail (c, MW_ERR_SHORT);
      return s;
    }
    if (strchr (stops, ch) && ch)
      return s;
    if (!is_printable ((uint8_t) ch) || ch == '(' || ch == ')' || ch == '!') {
      mw_cur_fail (c, MW_ERR_VALUE);
      return s;
    }
    mw_cur_skip (c, 1);
    s.len++;
  }
}

bool
mw_iec_sets_next (mw_iec_sets *it, mw_iec_set *out)
{
  mw_cur *c = &it->cur;
  memset (out, 0, sizeof *out);
  while (mw_cur_peek (c) == MW_IEC_CR || mw_cur_peek (c) == MW_IEC_LF) {
    it->line += mw_cur_u8 (c) == MW_IEC_LF;
  }
  if (mw_cur_peek (c) < 0)
    return false;
  if (mw_cur_peek (c) == '!') { /* the end of a readout, CR LF after it */
    mw_cur_skip (c, 1);
    expect_crlf (c);
    if (mw_cur_left (c))
      mw_cur_fail (c, MW_ERR_TRAILING);
    return false;
  }
  out->further = mw_cur_peek (c) == '(' && it->address.len > 0;
  if (!out->further)
    it->address = field (c, "(");
  out->address = it->address;
  expect (c, '(');
  out->value = field (c, "*)");
  if (mw_cur_peek (c) == '*') {
    mw_cur_skip (c, 1);
    out->unit = field (c, ")");
  }
  expect (c, ')');
  return !c->err;
}

void
mw_iec_set_encode (mw_wr *w, const mw_iec_set *s)
{
  if (!s->further)
    mw_wr_span (w, s->address);
  mw_wr_u8 (w, '(');
  mw_wr_span (w, s->value);
  if (s->unit.len) {
    mw_wr_u8 (w, '*');
    mw_wr_span (w, s->unit);
  }
  mw_wr_u8 (w, ')');
}

/* clang-format off */
static const struct { const char *text; uint8_t unit; int8_t exponent; } units[] = {
  { "Wh", MW_UNIT_WH, 0 },     { "kWh", MW_UNIT_WH, 3 },     { "MWh", MW_UNIT_WH, 6 },
  { "varh", MW_UNIT_VARH, 0 }, { "kvarh", MW_UNIT_VARH, 3 }, { "Mvarh", MW_UNIT_VARH, 6 },
  { "VAh", MW_UNIT_VAH, 0 },   { "kVAh", MW_UNIT_VAH, 3 },   { "MVAh", MW_UNIT_VAH, 6 },
  { "W", MW_UNIT_W, 0 },       { "kW", MW_UNIT_W, 3 },       { "MW", MW_UNIT_W, 6 },
  { "var", MW_UNIT_VAR, 0 },   { "kvar", MW_UNIT_VAR, 3 },   { "Mvar", MW_UNIT_VAR, 6 },
  { "VA", MW_UNIT_VA, 0 },     { "kVA", MW_UNIT_VA, 3 },     { "MVA", MW_UNIT_VA, 6 },
  { "V", MW_UNIT_V, 0 },       { "kV", MW_UNIT_V, 3 },       { "A", MW_UNIT_A, 0 },
  { "kA", MW_UNIT_A, 3 },      { "Hz", MW_UNIT_HZ, 0 },      { "h", MW_UNIT_HOUR, 0 },
  { "min", MW_UNIT_MINUTE, 0 }, { "s", MW_UNIT_SECOND, 0 },  { "d", MW_UNIT_DAY, 0 },
  { "m3", MW_UNIT_M3, 0 },     { "%", MW_UNIT_PERCENT, 0 },  { "C", MW_UNIT_CELSIUS, 0 },
};
/* clang-format on */

/* 6.5 wants a point; a Kamstrup 685-382 writes "000001,5". */
static enum mw_err
parse_number (mw_span text, mw_decimal *out)
{
  char copy[40];
  const uint8_t *comma = text.len ? memchr (text.ptr, ',', text.len) : NULL;
  if (!comma || text.len > sizeof copy)
    return mw_decimal_parse ((const char *) text.ptr, text.len, out);
  memcpy (copy, text.ptr, text.len);
  copy[comma - text.ptr] = '.';
  return mw_decimal_parse (copy, text.len, out);
}

enum mw_err
mw_iec_set_number (const mw_iec_set *s, mw_decimal *out)
{
  enum mw_err err = parse_number (s->value, out);
  if (err)
    return err;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (strlen (units[i].text) == s->unit.len
        && memcmp (units[i].text, s->unit.ptr, s->unit.len) == 0) {
      out->unit = units[i].unit;
      out->exponent = (int8_t) (out->exponent + units[i].exponent);
      return MW_OK;
    }
  return MW_OK;
}
