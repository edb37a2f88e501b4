/* test-telegram.c: the messages of IEC 62056-21 against texts that nobody of this project made:
 * a real 382 C's readout, real identifications, frames whose block check is published in meter
 * manuals.  Then truncation and bit-flip sweeps. */
#include <stdlib.h>

#include "check.h"
#include "iec62056_21/framer.h"
#include "iec62056_21/telegram.h"

static mw_span
text (const char *s)
{
  mw_span t = { (const uint8_t *) s, strlen (s) };
  return t;
}

static void
test_request (void)
{
  mw_iec_request r;
  CHECK_EQ (mw_iec_request_decode (text ("/?!\r\n"), &r), MW_OK);
  CHECK_EQ (r.address.len, 0);
  CHECK_EQ (mw_iec_request_decode (text ("/?00012345!\r\n"), &r), MW_OK);
  CHECK_MEM (r.address.ptr, r.address.len, "00012345", 8);
  CHECK_EQ (mw_iec_request_decode (text ("/?1234"), &r), MW_ERR_SHORT);
  CHECK_EQ (mw_iec_request_decode (text ("/?!\r\nx"), &r), MW_ERR_TRAILING);
  CHECK_EQ (mw_iec_request_decode (text ("/?12-4!\r\n"), &r), MW_ERR_VALUE);
  CHECK_EQ (mw_iec_request_decode (text ("/?123456789012345678901234567890123!\r\n"), &r),
            MW_ERR_VALUE);
  uint8_t buf[64];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_iec_request_encode (&w, &(mw_iec_request){ text ("00012345") });
  CHECK_MEM (buf, mw_wr_len (&w), "/?00012345!\r\n", 13);
}

static void
test_address (void)
{
  CHECK (mw_iec_address_matches (text ("00012345"), text ("")));
  CHECK (mw_iec_address_matches (text ("00012345"), text ("12345")));
  CHECK (mw_iec_address_matches (text ("12345"), text ("000000012345")));
  CHECK (!mw_iec_address_matches (text ("12345"), text ("1234")));
  CHECK (!mw_iec_address_matches (text (""), text ("1")));
  CHECK (mw_iec_address_matches (text (""), text ("000")));
}

/* Identifications of real meters, and what they say. */
static void
test_ident (void)
{
  const struct {
    const char *message, *maker, *text, *escapes;
    enum mw_iec_mode mode;
    uint32_t baud;
    bool fast;
  } rows[] = {
    { "/ISk5\\2MT382-1008\r\n", "ISk", "MT382-1008", "2", MW_IEC_E, 9600, true },
    { "/ISk5\\2ME381-1007\r\n", "ISk", "ME381-1007", "2", MW_IEC_E, 9600, true },
    { "/ISk5\\2MT382-1000\r\n", "ISk", "MT382-1000", "2", MW_IEC_E, 9600, true },
    { "/ESY5Q3DA1004 V3.02\r\n", "ESY", "Q3DA1004 V3.02", "", MW_IEC_C, 9600, false },
    { "/LGZ4ZMF100AC.M23\r\n", "LGZ", "ZMF100AC.M23", "", MW_IEC_C, 4800, false },
    { "/LGZ5\\2ZMD4054407.B32\r\n", "LGZ", "ZMD4054407.B32", "2", MW_IEC_E, 9600, false },
    { "/KAM0\r\n", "KAM", "", "", MW_IEC_C, 300, false },
    { "/ABCDOLD\r\n", "ABC", "OLD", "", MW_IEC_B, 4800, false },
    { "/ABC METER\r\n", "ABC", "METER", "", MW_IEC_A, 0, false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    mw_iec_ident id;
    CHECK_EQ (mw_iec_ident_decode (text (rows[i].message), &id), MW_OK);
    CHECK_STR (id.manufacturer, rows[i].maker);
    CHECK_STR (id.text, rows[i].text);
    CHECK_STR (id.escapes, rows[i].escapes);
    CHECK_EQ (mw_iec_ident_mode (&id), rows[i].mode);
    CHECK_EQ (mw_iec_baud_of (id.baud_char), rows[i].baud);
    CHECK_EQ (id.fast, rows[i].fast);
    uint8_t buf[64];
    mw_wr w;
    mw_wr_init (&w, buf, sizeof buf);
    mw_iec_ident_encode (&w, &id);
    CHECK_MEM (buf, mw_wr_len (&w), rows[i].message, strlen (rows[i].message));
  }
  mw_iec_ident id;
  CHECK_EQ (mw_iec_ident_decode (text ("/IS15METER\r\n"), &id), MW_ERR_VALUE);
  CHECK_EQ (mw_iec_ident_decode (text ("/?!\r\n"), &id), MW_ERR_VALUE);
  CHECK_EQ (mw_iec_ident_decode (text ("/ISk5\\\r\n"), &id), MW_ERR_VALUE);
  CHECK (mw_iec_ident_decode (text ("/ISk5\\1\\2\\3\\4X\r\n"), &id) != MW_OK);
}

static void
test_speeds (void)
{
  const char *c = "0123456789", *b = "ABCDEF";
  const uint32_t baud[] = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200 };
  for (size_t i = 0; i < 10; i++) {
    CHECK_EQ (mw_iec_baud_of (c[i]), baud[i]);
    CHECK_EQ (mw_iec_char_of (baud[i]), c[i]);
  }
  for (size_t i = 0; i < 6; i++)
    CHECK_EQ (mw_iec_baud_of (b[i]), baud[i + 1]);
  CHECK_EQ (mw_iec_baud_of ('z'), 0);
  CHECK_EQ (mw_iec_baud_of (0), 0);
  CHECK_EQ (mw_iec_char_of (1234), 0);
}

/* Block checks that manuals and captures print.  "SOH B 0 ETX q": the break of every IEC 1107
 * manual.  "P0 STX () ETX `": the operand-less challenge that meters send. */
static void
test_block_check (void)
{
  CHECK_EQ (mw_iec_bcc (text ("B0\x03")), 'q');
  CHECK_EQ (mw_iec_bcc (text ("P0\x02()\x03")), '`');
  mw_iec_block b;
  CHECK_EQ (mw_iec_block_decode (text ("\x01"
                                       "B0\x03q"),
                                 &b),
            MW_OK);
  CHECK_EQ (b.command, 'B');
  CHECK_EQ (b.type, '0');
  CHECK_EQ (b.data.len, 0);
  CHECK_EQ (mw_iec_block_decode (text ("\x01P0\x02()\x03`"), &b), MW_OK);
  CHECK_EQ (b.command, 'P');
  CHECK_MEM (b.data.ptr, b.data.len, "()", 2);
  CHECK_EQ (mw_iec_block_decode (text ("\x01P0\x02()\x03\x61"), &b), MW_ERR_CHECK);
  CHECK_EQ (mw_iec_block_decode (text ("\x02\x03"), &b), MW_ERR_SHORT);
  /* right block check, wrong form */
  CHECK_EQ (mw_iec_block_decode (text ("\x01"
                                       "1\x03\x32"),
                                 &b),
            MW_ERR_VALUE);
}

static void
test_error_message (void)
{
  mw_iec_block b = { 0, 0, false, text ("(ER23)") };
  mw_span e;
  CHECK (mw_iec_block_error (&b, &e));
  CHECK_MEM (e.ptr, e.len, "ER23", 4);
  b.data = text ("1.8.0(ER23)");
  CHECK (!mw_iec_block_error (&b, &e));
  b.data = text ("(1234)");
  CHECK (!mw_iec_block_error (&b, &e));
  b.data = text ("(ER1)(ER2)");
  CHECK (!mw_iec_block_error (&b, &e));
}

static void
check_set (mw_iec_sets *it, const char *address, const char *value, const char *unit)
{
  mw_iec_set s;
  CHECK (mw_iec_sets_next (it, &s));
  CHECK_MEM (s.address.ptr, s.address.len, address, strlen (address));
  CHECK_MEM (s.value.ptr, s.value.len, value, strlen (value));
  CHECK_MEM (s.unit.ptr, s.unit.len, unit, strlen (unit));
}

/* The readout of a real 382 C (mode C). */
static void
test_readout_of_a_real_meter (void)
{
  mw_iec_sets it;
  mw_iec_set s;
  mw_decimal d;
  mw_iec_sets_init (&it, text ("0.0.0(14410000)\r\n1.8.0(0036886*kWh)\r\n96.8.0(0119899*h)\r\n"
                               "0.128.1(0000000)\r\n1.6.0(1.078*kW)\r\n!\r\n"));
  check_set (&it, "0.0.0", "14410000", "");
  CHECK (mw_iec_sets_next (&it, &s));
  CHECK_EQ (mw_iec_set_number (&s, &d), MW_OK);
  CHECK_EQ (d.mantissa, 36886);
  CHECK_EQ (d.exponent, 3);
  CHECK_EQ (d.unit, MW_UNIT_WH);
  check_set (&it, "96.8.0", "0119899", "h");
  check_set (&it, "0.128.1", "0000000", "");
  CHECK (mw_iec_sets_next (&it, &s));
  CHECK_EQ (mw_iec_set_number (&s, &d), MW_OK);
  CHECK_EQ (d.mantissa, 1078);
  CHECK_EQ (d.exponent, 0);
  CHECK_EQ (d.unit, MW_UNIT_W);
  CHECK (!mw_iec_sets_next (&it, &s));
  CHECK_EQ (it.cur.err, MW_OK);
}

static void
test_sets_of_several_values (void)
{
  mw_iec_sets it;
  mw_iec_set s;
  mw_iec_sets_init (&it, text ("1.6.1(0.000*kW)(0001010000)\r\nP.01(1200)(00)\r\n!\r\n"));
  check_set (&it, "1.6.1", "0.000", "kW");
  CHECK (mw_iec_sets_next (&it, &s));
  CHECK (s.further);
  CHECK_MEM (s.address.ptr, s.address.len, "1.6.1", 5);
  CHECK_MEM (s.value.ptr, s.value.len, "0001010000", 10);
  check_set (&it, "P.01", "1200", "");
  CHECK_EQ (it.line, 2);
  check_set (&it, "P.01", "00", "");
  CHECK (!mw_iec_sets_next (&it, &s));
  CHECK_EQ (it.cur.err, MW_OK);
  const char *const bad[] = { "1.8.0",      "1.8.0(12", "1.8.0)12(",     "1.8.0(1*kWh",
                              "1.8.0((1))", "!\r",      "!\r\n1.8.0(1)", "1.8.0(\x01)" };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    mw_iec_sets_init (&it, text (bad[i]));
    CHECK (!mw_iec_sets_next (&it, &s));
    CHECK (it.cur.err != MW_OK);
  }
}

static void
test_option (void)
{
  mw_iec_option o;
  CHECK_EQ (mw_iec_option_decode (text ("\x06"
                                        "252\r\n"),
                                  &o),
            MW_OK);
  CHECK (o.protocol == '2' && o.baud == '5' && o.mode == '2');
  CHECK_EQ (mw_iec_option_decode (text ("\x06"
                                        "05\r\n"),
                                  &o),
            MW_ERR_VALUE);
  uint8_t buf[8];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_iec_option_encode (&w, &o);
  mw_wr_init (&w, buf, sizeof buf);
  mw_iec_option_encode (&w, &(mw_iec_option){ '2', '5', '2' });
  CHECK_MEM (buf, mw_wr_len (&w),
             "\x06"
             "252\r\n",
             6);
}

/* A block with every kind of content, cut and with every bit turned: never accepted. */
static void
test_sweeps_of_a_block (void)
{
  uint8_t buf[128];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_iec_block b = { 'W', '1', false, text ("0.9.1(00012345)") };
  mw_iec_block_encode (&w, &b);
  size_t len = mw_wr_len (&w);
  CHECK_EQ (mw_iec_block_decode (mw_wr_done (&w), &b), MW_OK);
  CHECK_MEM (b.data.ptr, b.data.len, "0.9.1(00012345)", 15);
  for (size_t n = 0; n < len; n++)
    CHECK (mw_iec_block_decode ((mw_span){ buf, n }, &b) != MW_OK);
  for (size_t bit = 0; bit < len * 8; bit++) {
    if (bit % 8 == 7)
      continue; /* the parity bit is not part of the message */
    buf[bit / 8] ^= (uint8_t) (1u << (bit % 8));
    CHECK (mw_iec_block_decode ((mw_span){ buf, len }, &b) != MW_OK);
    buf[bit / 8] ^= (uint8_t) (1u << (bit % 8));
  }
}

static enum mw_iec_msg
feed_all (mw_iec_framer *f, const char *s, size_t len)
{
  enum mw_iec_msg msg = MW_IEC_MSG_NONE;
  for (size_t i = 0; i < len; i++)
    msg = mw_iec_framer_byte (f, (uint8_t) s[i]);
  return msg;
}

static void
test_framer_skips_garbage (void)
{
  uint8_t buf[64];
  mw_iec_framer f;
  mw_iec_framer_init (&f, buf, sizeof buf);
  CHECK_EQ (feed_all (&f, "\0\0abc/ISk/ISk5X\r\n", 17), MW_IEC_MSG_LINE);
  CHECK_MEM (buf, f.len, "/ISk5X\r\n", 8);
  CHECK_EQ (feed_all (&f, "\xff\xff\x15", 3), MW_IEC_MSG_NAK);
  CHECK_EQ (feed_all (&f, "\x06", 1), MW_IEC_MSG_ACK);
  CHECK_EQ (feed_all (&f, "/ISk\x1a", 5), MW_IEC_MSG_DAMAGED);
  CHECK_EQ (feed_all (&f, "/ISk\x15", 5), MW_IEC_MSG_NAK);
  CHECK (!mw_iec_framer_busy (&f));
  CHECK_EQ (feed_all (&f, "\x01P0\x02()\x03`", 8), MW_IEC_MSG_BLOCK);
  CHECK_EQ (feed_all (&f, "\x01P0\x02()\x03_", 8), MW_IEC_MSG_DAMAGED);
  f.options = true;
  CHECK_EQ (feed_all (&f,
                      "\x06\x06"
                      "051\r\n",
                      7),
            MW_IEC_MSG_OPTION);
  CHECK_MEM (buf, f.len,
             "\x06"
             "051\r\n",
             6);
  CHECK_EQ (feed_all (&f,
                      "\x06"
                      "05111",
                      6),
            MW_IEC_MSG_DAMAGED);
}

/* Parity as the head left it makes no difference. */
static void
test_framer_takes_parity_off (void)
{
  uint8_t buf[64];
  const char plain[] = "/ISk5\\2MT382-1008\r\n";
  for (int kind = 0; kind < 3; kind++) {
    mw_iec_framer f;
    mw_iec_framer_init (&f, buf, sizeof buf);
    enum mw_iec_msg msg = MW_IEC_MSG_NONE;
    for (size_t i = 0; i < sizeof plain - 1; i++) {
      unsigned c = (unsigned char) plain[i], ones = 0;
      for (unsigned b = 0; b < 7; b++)
        ones += c >> b & 1;
      if (kind == 1)
        c |= (ones & 1) << 7; /* even */
      else if (kind == 2)
        c |= 0x80; /* mark */
      msg = mw_iec_framer_byte (&f, (uint8_t) c);
    }
    CHECK_EQ (msg, MW_IEC_MSG_LINE);
    CHECK_MEM (buf, f.len, plain, sizeof plain - 1);
  }
}

static void
test_framer_bounds (void)
{
  uint8_t buf[32];
  mw_iec_framer f;
  mw_iec_framer_init (&f, buf, sizeof buf);
  enum mw_iec_msg msg = MW_IEC_MSG_NONE;
  CHECK_EQ (feed_all (&f, "\x02", 1), MW_IEC_MSG_NONE);
  for (unsigned i = 0; i < 40 && !msg; i++)
    msg = mw_iec_framer_byte (&f, 'a');
  CHECK_EQ (msg, MW_IEC_MSG_DAMAGED);
  CHECK (f.too_long);
  srand (7);
  for (unsigned i = 0; i < 200000; i++) {
    f.options = rand () & 1;
    f.plain = rand () & 1;
    mw_iec_framer_byte (&f, (uint8_t) rand ());
    CHECK (f.len <= sizeof buf);
  }
}

CHECK_MAIN (test_request, test_address, test_ident, test_speeds, test_block_check,
            test_error_message, test_readout_of_a_real_meter, test_sets_of_several_values,
            test_option, test_sweeps_of_a_block, test_framer_skips_garbage,
            test_framer_takes_parity_off, test_framer_bounds)
