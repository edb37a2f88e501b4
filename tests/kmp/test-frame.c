/* KMP frames against the vectors: every frame is found, its CRC judged as the vector says, and
 * written again to the same bytes; what a line does to frames is noticed. */
#include "../dlms/vectors.h"
#include "kmp/frame.h"

static enum mw_kmp_msg
feed (mw_kmp_framer *f, const uint8_t *p, size_t n, mw_kmp_frame *out)
{
  enum mw_kmp_msg last = MW_KMP_MSG_NONE;
  for (size_t i = 0; i < n; i++) {
    mw_kmp_frame got;
    enum mw_kmp_msg msg = mw_kmp_framer_byte (f, p[i], &got);
    if (msg) {
      last = msg;
      *out = got;
    }
  }
  return last;
}

/* A whole frame: found, decoded, and the same bytes again. */
static void
check_frame (const uint8_t *wire, size_t n)
{
  uint8_t buf[MW_KMP_INNER_MAX], again[MW_KMP_FRAME_MAX (MW_KMP_APDU_MAX)];
  mw_kmp_framer f;
  mw_kmp_frame frame = { 0 };
  mw_wr w;
  mw_kmp_framer_init (&f, buf, sizeof buf);
  enum mw_kmp_msg want = wire[0] == 0x80 ? MW_KMP_MSG_REQUEST : MW_KMP_MSG_ANSWER;
  if (!CHECK (feed (&f, wire, n, &frame) == want))
    return;
  CHECK_EQ (frame.start, wire[0]);
  mw_wr_init (&w, again, sizeof again);
  mw_kmp_frame_encode (&w, frame.start, frame.address,
                       (mw_span){ frame.data.ptr - 1, frame.data.len + 1 });
  CHECK_MEM (again, mw_wr_len (&w), wire, n);
}

static void
test_captures (void)
{
  static row r;
  uint8_t wire[600];
  unsigned n = 0;
  FILE *f = vectors_open ("captures.tsv");
  for (; row_next (f, &r); n++)
    check_frame (wire, unhex (r.column[0], wire, sizeof wire));
  if (f)
    fclose (f);
  CHECK_EQ (n, 20);
}

static void
test_documented (void)
{
  static row r;
  uint8_t wire[200], inner[200], buf[MW_KMP_INNER_MAX];
  mw_kmp_framer framer;
  mw_kmp_frame frame = { 0 };
  unsigned right = 0, wrong = 0, acks = 0;
  FILE *f = vectors_open ("spec_examples.tsv");
  mw_kmp_framer_init (&framer, buf, sizeof buf);
  while (row_next (f, &r)) {
    size_t n = unhex (r.column[1], wire, sizeof wire);
    if (strcmp (r.column[0], "name") == 0)
      continue;
    enum mw_kmp_msg msg = feed (&framer, wire, n, &frame);
    if (n == 1) {
      CHECK_EQ (msg, MW_KMP_MSG_ACK);
      acks++;
    } else if (strncmp (r.column[3], "True", 4) == 0) {
      check_frame (wire, n);
      size_t m = unhex (r.column[2], inner, sizeof inner);
      CHECK_MEM (framer.buf, framer.len, inner, m);
      right++;
    } else {
      CHECK_EQ (msg, MW_KMP_MSG_DAMAGED);
      wrong++;
    }
  }
  if (f)
    fclose (f);
  CHECK_EQ (right, 9);
  CHECK_EQ (wrong, 1);
  CHECK_EQ (acks, 1);
}

/* The byte strings of PyKMP's tests: what starts and ends as a frame, and the inner ones. */
static void
test_pykmp (void)
{
  static row r;
  uint8_t wire[200];
  mw_kmp_frame frame = { 0 };
  unsigned frames = 0, inner = 0, broken = 0;
  FILE *f = vectors_open ("pykmp.tsv");
  while (row_next (f, &r)) {
    size_t n = unhex (r.column[4], wire, sizeof wire);
    bool codec = strstr (r.column[2], "data_link_decode") != NULL;
    if ((wire[0] == 0x80 || wire[0] == 0x40) && n > 4 && wire[n - 1] == 0x0d
        && strstr (r.column[2], "physical_encode") == NULL) {
      check_frame (wire, n);
      frames++;
    } else if (codec && wire[0] == 0x3f) {
      enum mw_err e = mw_kmp_frame_decode (0x40, (mw_span){ wire, n }, &frame);
      bool bad = strcmp (r.column[3], "broken_data_link_bytes") == 0;
      CHECK_EQ (e, bad ? MW_ERR_CHECK : MW_OK);
      inner += !bad;
      broken += bad;
    }
  }
  if (f)
    fclose (f);
  CHECK_EQ (frames, 7);
  CHECK_EQ (inner, 2);
  CHECK_EQ (broken, 1);
}

static void
test_stuffing (void)
{
  static const uint8_t plain[] = { 0x04, 0x0d, 0x00, 0x06, 0x80, 0x40, 0x1b };
  static const uint8_t wire[] = { 0x04, 0x1b, 0xf2, 0x00, 0x1b, 0xf9,
                                  0x1b, 0x7f, 0x1b, 0xbf, 0x1b, 0xe4 };
  static const uint8_t bare[] = { 0x04, 0x0d }, pair[] = { 0x1b, 0x00 }, cut[] = { 0x04, 0x1b };
  uint8_t out[40];
  mw_wr w;
  mw_wr_init (&w, out, sizeof out);
  for (size_t i = 0; i < sizeof plain; i++)
    mw_kmp_stuff (&w, plain[i]);
  CHECK_MEM (out, mw_wr_len (&w), wire, sizeof wire);
  mw_wr_init (&w, out, sizeof out);
  CHECK_EQ (mw_kmp_unstuff (&w, (mw_span){ wire, sizeof wire }), MW_OK);
  CHECK_MEM (out, mw_wr_len (&w), plain, sizeof plain);
  CHECK_EQ (mw_kmp_unstuff (&w, (mw_span){ bare, 2 }), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_unstuff (&w, (mw_span){ pair, 2 }), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_unstuff (&w, (mw_span){ cut, 2 }), MW_ERR_SHORT);
}

static const uint8_t answer[] = { 0x40, 0x3f, 0x10, 0x00, 0x1b, 0x7f, 0x16, 0x04,
                                  0x11, 0x01, 0x2a, 0xf0, 0x24, 0x63, 0x03, 0x0d };

/* Garbage, stray zeros and broken frames before it do not hide a frame. */
static void
test_resynchronise (void)
{
  static const uint8_t before[] = {
    0x00, 0x00, 0x40, 0x3f, 0x1b, 0x33, 0x1b, 0x80, 0x3f, 0xff
  };
  uint8_t buf[64];
  mw_kmp_framer f;
  mw_kmp_frame frame = { 0 };
  mw_kmp_framer_init (&f, buf, sizeof buf);
  CHECK_EQ (feed (&f, before, sizeof before, &frame), MW_KMP_MSG_NONE);
  CHECK (mw_kmp_framer_busy (&f));
  CHECK_EQ (feed (&f, answer, sizeof answer, &frame), MW_KMP_MSG_ANSWER);
  CHECK (!mw_kmp_framer_busy (&f));
  CHECK_EQ (frame.cid, MW_KMP_GET_REGISTER);
  CHECK_EQ (frame.data.len, 9);
}

/* No single bit and no missing end of a frame goes by: another frame or none, never this one
 * with other contents. */
static void
test_damage (void)
{
  uint8_t buf[64], copy[sizeof answer];
  mw_kmp_framer f;
  mw_kmp_frame frame = { 0 };
  mw_kmp_framer_init (&f, buf, sizeof buf);
  for (size_t bit = 0; bit < 8 * sizeof answer; bit++) {
    memcpy (copy, answer, sizeof answer);
    copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
    mw_kmp_framer_reset (&f);
    enum mw_kmp_msg msg = feed (&f, copy, sizeof copy, &frame);
    CHECK (msg != MW_KMP_MSG_ANSWER && msg != MW_KMP_MSG_REQUEST);
  }
  for (size_t n = 0; n < sizeof answer; n++) {
    mw_kmp_framer_reset (&f);
    CHECK_EQ (feed (&f, answer, n, &frame), MW_KMP_MSG_NONE);
    CHECK_EQ (mw_kmp_framer_busy (&f), n > 0);
  }
}

static void
test_too_long (void)
{
  uint8_t buf[8];
  mw_kmp_framer f;
  mw_kmp_frame frame = { 0 };
  mw_kmp_framer_init (&f, buf, sizeof buf);
  CHECK_EQ (feed (&f, answer, sizeof answer, &frame), MW_KMP_MSG_DAMAGED);
  CHECK (f.too_long);
  CHECK_EQ (frame.start, 0x40);
}

static void
test_names (void)
{
  CHECK_STR (mw_kmp_cid_name (0xa2), "GetLogIDPresent");
  CHECK (!mw_kmp_cid_name (0x55));
  CHECK (mw_kmp_cid_repeats (MW_KMP_GET_REGISTER));
  CHECK (!mw_kmp_cid_repeats (MW_KMP_DEBITING_STOP));
  CHECK (!mw_kmp_cid_repeats (0x55));
}

CHECK_MAIN (test_captures, test_documented, test_pykmp, test_stuffing, test_resynchronise,
            test_damage, test_too_long, test_names)
