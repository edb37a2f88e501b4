/* The KMP of before 2006 against the telegrams that its finder printed. */
#include "../dlms/vectors.h"
#include "kmp/ascii.h"

static void
test_telegrams (void)
{
  static row r;
  uint8_t buf[200], again[400];
  mw_wr w;
  unsigned n = 0, cut_short = 0;
  FILE *f = vectors_open ("ascii_382.tsv");
  for (; row_next (f, &r); n++) {
    mw_kmp_ascii_frame frame;
    mw_span message = { (const uint8_t *) r.column[0], strlen (r.column[0]) };
    CHECK_EQ (mw_kmp_ascii_decode (message, buf, sizeof buf, &frame), MW_OK);
    CHECK_EQ (frame.address, MW_KMP_ASCII_ADDRESS);
    mw_wr_init (&w, again, sizeof again);
    mw_kmp_ascii_encode (&w, &frame);
    CHECK_EQ (again[mw_wr_len (&w) - 1], '\r');
    CHECK_MEM (again, mw_wr_len (&w) - 1, message.ptr, message.len);
    for (size_t cut = 0; cut < message.len; cut++) /* a sum of 8 bits sees most of it */
      cut_short +=
          !mw_kmp_ascii_decode ((mw_span){ message.ptr, cut }, buf, sizeof buf, &frame);
  }
  if (f)
    fclose (f);
  CHECK_EQ (n, 8);
  CHECK (cut_short <= 3);
}

static void
check_request (const char *want, size_t len, const uint8_t *got)
{
  CHECK_MEM (got, len, want, strlen (want));
}

static void
test_requests (void)
{
  uint8_t out[40];
  mw_wr w;
  mw_wr_init (&w, out, sizeof out);
  mw_kmp_ascii_request (&w, MW_KMP_ASCII_HELLO);
  check_request ("@FE0002\r", mw_wr_len (&w), out);
  mw_wr_init (&w, out, sizeof out);
  mw_kmp_ascii_request (&w, MW_KMP_ASCII_READINGS);
  check_request ("@FE9072\r", mw_wr_len (&w), out);
  mw_wr_init (&w, out, sizeof out);
  mw_kmp_ascii_request (&w, MW_KMP_ASCII_TARIFFS);
  check_request ("@FE95006D\r", mw_wr_len (&w), out);
  mw_wr_init (&w, out, sizeof out);
  mw_kmp_ascii_request_memory (&w, 1, 0x2c);
  check_request ("@FE010001002CD4\r", mw_wr_len (&w), out);
}

static mw_kmp_ascii_frame
frame_of (const char *text, uint8_t *buf, size_t cap)
{
  mw_kmp_ascii_frame f = { 0 };
  CHECK_EQ (
      mw_kmp_ascii_decode ((mw_span){ (const uint8_t *) text, strlen (text) }, buf, cap, &f),
      MW_OK);
  return f;
}

/* The values are those that the finder read on the display of his meter. */
static void
test_answers (void)
{
  uint8_t buf[100];
  mw_kmp_ascii_tariffs t;
  mw_kmp_ascii_readings r;
  char type[11];
  mw_kmp_ascii_frame f = frame_of ("HFE950100002348000023470000000196\r", buf, sizeof buf);
  CHECK_EQ (mw_kmp_ascii_tariffs_decode (&f, &t), MW_OK);
  CHECK_EQ (t.energy, 9032);
  CHECK_EQ (t.tariff[0], 9031);
  CHECK_EQ (t.tariff[1], 1);
  CHECK_EQ (mw_kmp_ascii_readings_decode (&f, &r), MW_ERR_PROTOCOL);
  f = frame_of (
      "HFE9000002348000000000000DECD000DC8410000061700A5CA780000000000000000100010938F", buf,
      sizeof buf);
  CHECK_EQ (mw_kmp_ascii_readings_decode (&f, &r), MW_OK);
  CHECK_EQ (r.energy, 9032);
  CHECK_EQ (r.hours, 57037);
  CHECK_EQ (r.resets, 903233);
  CHECK_EQ (r.peak, 1559);
  CHECK_EQ (r.customer, 10865272);
  f.data.len = 23;
  CHECK_EQ (mw_kmp_ascii_readings_decode (&f, &r), MW_ERR_SHORT);
  f = frame_of ("@FE9072", buf, sizeof buf);
  CHECK_EQ (mw_kmp_ascii_readings_decode (&f, &r), MW_ERR_PROTOCOL);
  f = (mw_kmp_ascii_frame){ 'H', 0xfe, 0x01, { (const uint8_t *) "685382OK10xx", 12 } };
  CHECK_EQ (mw_kmp_ascii_type_decode (&f, type), MW_OK);
  CHECK_STR (type, "685382OK10");
}

static void
test_damage (void)
{
  static const char text[] = "HFE950100002348000023470000000196";
  uint8_t copy[sizeof text], buf[100];
  mw_kmp_ascii_frame f;
  for (size_t bit = 0; bit < 8 * (sizeof text - 1); bit++) {
    memcpy (copy, text, sizeof text);
    copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
    enum mw_err e =
        mw_kmp_ascii_decode ((mw_span){ copy, sizeof text - 1 }, buf, sizeof buf, &f);
    bool turned = copy[0] == '@'; /* one bit between the two directions */
    CHECK (e == MW_ERR_CHECK || e == MW_ERR_VALUE || turned);
  }
  CHECK_EQ (
      mw_kmp_ascii_decode ((mw_span){ (const uint8_t *) text, sizeof text - 1 }, buf, 5, &f),
      MW_ERR_SPACE);
}

/* Octets that are no digits, wherever they stand. */
static void
test_no_digits (void)
{
  static const char text[] = "@FE95006D";
  static const uint8_t others[] = { 0x00, 0x2f, 0x3a, 0x40, 0x47, 0x61, 0x66, 0x80, 0xff };
  uint8_t copy[sizeof text], buf[100];
  mw_kmp_ascii_frame f;
  for (size_t at = 1; at < sizeof text - 1; at++)
    for (size_t i = 0; i < sizeof others; i++) {
      memcpy (copy, text, sizeof text);
      copy[at] = others[i];
      CHECK_EQ (mw_kmp_ascii_decode ((mw_span){ copy, sizeof text - 1 }, buf, sizeof buf, &f),
                MW_ERR_VALUE);
    }
}

CHECK_MAIN (test_no_digits, test_telegrams, test_requests, test_answers, test_damage)
