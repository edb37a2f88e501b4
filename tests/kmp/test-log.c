/* Logs of KMP: the document's examples to the byte, B8 as software for OMNIPOWER reads it,
 * writer against reader, and damage. */
#include "../dlms/vectors.h"
#include "kmp/log.h"

/* The example log of 6.3: ids 10F2h to 1102h, two registers. */
static const uint32_t e1[] = { 0x1d8b83a0, 0xff068662, 0xb50a5c5e, 0xcf065396, 0xa38fb479 };
static const uint32_t v1[] = { 0x9dbad708, 0xe993dc05, 0x93e05047, 0xf2584c96, 0x2e44778e };

static void
example_values (uint32_t record, mw_kmp_value v[2])
{
  v[0] = (mw_kmp_value){ .id = 0x3c };
  v[1] = (mw_kmp_value){ .id = 0x44 };
  mw_kmp_put_raw (&v[0], 8, (mw_kmp_number){ 0, e1[record - 0x10f2], 0 }, 4);
  mw_kmp_put_raw (&v[1], 39, (mw_kmp_number){ 0, v1[record - 0x10f2], 0 }, 4);
}

static void
check_request (const uint8_t *p, size_t n)
{
  mw_kmp_log_request r;
  uint8_t again[64];
  mw_wr w;
  if (!CHECK (mw_kmp_log_request_decode (p[0], (mw_span){ p + 1, n - 1 }, &r) == MW_OK))
    return;
  CHECK_EQ (r.log, 1);
  CHECK_EQ (r.n, 2);
  CHECK_EQ (r.ids[0], 0x3c);
  CHECK_EQ (r.ids[1], 0x44);
  CHECK_EQ (r.records, 3);
  CHECK_EQ (r.max_apdu, 0x80);
  mw_wr_init (&w, again, sizeof again);
  mw_kmp_log_request_encode (&w, &r);
  CHECK_MEM (again, mw_wr_len (&w), p, n);
  for (size_t cut = 0; cut < n - 1; cut++)
    CHECK_EQ (mw_kmp_log_request_decode (p[0], (mw_span){ p + 1, cut }, &r), MW_ERR_SHORT);
}

static void
check_answer (uint8_t cid, const uint8_t *p, size_t n)
{
  mw_kmp_log_answer a;
  mw_kmp_value v, want[2];
  bool starts;
  uint32_t record = cid == MW_KMP_LOG_TIME_PAST ? 0x10f5 : 0x10f3;
  CHECK_EQ (mw_kmp_log_answer_decode (cid, (mw_span){ p + 1, n - 1 }, &a), MW_OK);
  CHECK_EQ (a.records, 3);
  CHECK_EQ (a.first, record);
  CHECK_EQ (a.newest, 0x1102);
  CHECK_EQ (a.info, 0);
  for (unsigned i = 0; i < 6; i++) {
    CHECK (mw_kmp_log_answer_next (&a, &v, &starts));
    CHECK_EQ (starts, i % 2 == 0);
    CHECK_EQ (a.record, record);
    example_values (record, want);
    CHECK (mw_kmp_same_format (&v, &want[i % 2]));
    CHECK_MEM (v.data, v.octets, want[i % 2].data, 4);
    if (i % 2)
      record += cid == MW_KMP_LOG_TIME_PAST ? UINT32_MAX : 1;
  }
  CHECK (!mw_kmp_log_answer_next (&a, &v, &starts));
  CHECK_EQ (a.body.err, MW_OK);
  CHECK_EQ (a.last, cid == MW_KMP_LOG_TIME_PAST ? 0x10f3 : 0x10f5);
}

/* The writer makes the document's answer. */
static void
check_written (uint8_t by, const uint8_t *p, size_t n)
{
  mw_kmp_log_request r = { .by = by, .log = 1, .n = 2, .records = 3 };
  mw_kmp_log_writer l;
  mw_kmp_value v[2];
  uint8_t buf[255];
  bool past = by == MW_KMP_PAST_TIME;
  mw_kmp_log_writer_begin (&l, &r, buf, sizeof buf, 0, 0);
  for (uint32_t i = 0; i < 3; i++) {
    uint32_t record = past ? 0x10f5 - i : 0x10f3 + i;
    example_values (record, v);
    CHECK (mw_kmp_log_writer_add (&l, record, v, 2));
  }
  mw_span apdu = mw_kmp_log_writer_end (&l, 0x1102, 0);
  CHECK_EQ (apdu.ptr[0], past ? 0xa3 : 0xa0);
  CHECK_MEM (apdu.ptr + 1, apdu.len - 1, p + 1, n - 1); /* A3's example is printed with A0 */
}

static void
test_document (void)
{
  static row r;
  uint8_t p[300];
  unsigned requests = 0, answers = 0;
  FILE *f = vectors_open ("document_5512-447.tsv");
  while (row_next (f, &r)) {
    size_t n = unhex (r.column[2], p, sizeof p);
    bool past = strcmp (r.column[0], "6.3.4") == 0;
    if (strncmp (r.column[1], "GetLog", 6) == 0) {
      check_request (p, n);
      requests++;
    } else if (strcmp (r.column[1], "answer") == 0) {
      check_answer (past ? MW_KMP_LOG_TIME_PAST : MW_KMP_LOG_TIME_PRESENT, p, n);
      check_written (past ? MW_KMP_PAST_TIME : MW_KMP_FROM_TIME, p, n);
      answers++;
    }
  }
  if (f)
    fclose (f);
  CHECK_EQ (requests, 4);
  CHECK_EQ (answers, 2);
}

/* The size of an answer (6.3.1): the frame of m records of n registers of four octets has
 * 13 + 2m + 5n + 4mn octets before stuffing. */
static void
test_size (void)
{
  for (unsigned n = 1; n <= 8; n++)
    for (unsigned m = 1; m <= 6; m++) {
      mw_kmp_log_request r = { .by = MW_KMP_FROM_ID, .log = 6, .n = (uint8_t) n };
      mw_kmp_log_writer l;
      mw_kmp_value v[8];
      uint8_t buf[600];
      mw_kmp_log_writer_begin (&l, &r, buf, sizeof buf, 0, 0);
      for (unsigned i = 0; i < n; i++) {
        v[i].id = (uint16_t) i;
        mw_kmp_put_raw (&v[i], 2, (mw_kmp_number){ 0, i, 0 }, 4);
      }
      for (unsigned i = 0; i < m; i++)
        CHECK (mw_kmp_log_writer_add (&l, 100 + i, v, n));
      CHECK_EQ (mw_kmp_log_writer_end (&l, 200, 0).len + 5, 13 + 2 * m + 5 * n + 4 * m * n);
    }
}

/* What does not fit is not begun, and what is written in another way ends the answer. */
static void
test_writer_limits (void)
{
  mw_kmp_log_request r = { .by = MW_KMP_FROM_ID, .log = 6, .n = 1 };
  mw_kmp_log_writer l;
  mw_kmp_value v = { .id = 1 };
  uint8_t buf[64];
  for (size_t cap = 20; cap < 64; cap++) {
    unsigned fits = 0;
    mw_kmp_log_writer_begin (&l, &r, buf, cap, 0, 0);
    mw_kmp_put_raw (&v, 2, (mw_kmp_number){ 0, 5, 0 }, 4);
    while (mw_kmp_log_writer_add (&l, fits, &v, 1))
      fits++;
    mw_span apdu = mw_kmp_log_writer_end (&l, 9, MW_KMP_INFO_LENGTH);
    CHECK (apdu.len <= cap && apdu.len + 6 > cap);
    CHECK_EQ (fits, (cap - 13) / 6);
  }
  mw_kmp_log_writer_begin (&l, &r, buf, sizeof buf, 0, 0);
  CHECK (mw_kmp_log_writer_add (&l, 1, &v, 1));
  mw_kmp_put_raw (&v, 2, (mw_kmp_number){ 1, 5, 0 }, 4);
  CHECK (!mw_kmp_log_writer_add (&l, 2, &v, 1)); /* the sign is part of the format */
  mw_kmp_put_raw (&v, 2, (mw_kmp_number){ 0, 5, 0 }, 2);
  CHECK (!mw_kmp_log_writer_add (&l, 2, &v, 1));
  CHECK (!mw_kmp_log_writer_add (&l, 2, &v, 0));
}

/* --- B8 --- */

/* A load profile of OMNIPOWER by hand: time with its usual step, energy by differences, a value
 * anew, one that goes back, one that stays. */
static const uint8_t wide[] = {
  0xb8, 0x02, 0x06, 0x02, 0x00, 0x00, 0x01, 0x00,             /* id 256 */
  0x04, 0x17, 72,   5,    0x00, 0x02, 0x17, 0x00, 0x00, 0x00, /* time */
  0x00, 0x01, 2,    4,    0x41, 0x00, 0x00, 0x10, 0x00,       /* 409.6 kWh */
  0x04, 0x17, 0x00, 0x00, 0x00, 0x0e, 0x10,                   /* step 3600 s */
  0x01, 0x05,                                                 /* 257: + 5 */
  0x09, 0x03,                                                 /* 258: - 3 */
  0x10, 0x3c,                                                 /* 259: 60 s on, same */
  0x77, 0x03, 0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x20, 0x00, /* 260: anew */
  0x00, 0x00, 0x01, 0x04, 0x00, 0x40                          /* newest, end */
};

static void
test_wide (void)
{
  static const uint32_t times[] = { 0x17000000, 0x17000e10, 0x17001c20, 0x17001c5c,
                                    0x18000000 };
  static const uint32_t energies[] = { 0x1000, 0x1005, 0x1002, 0x1002, 0x2000 };
  static const uint8_t flags[] = { 2, 2, 2, 2, 3 };
  mw_kmp_log_answer a;
  mw_kmp_value v;
  bool starts;
  CHECK_EQ (mw_kmp_log_answer_decode (0xb8, (mw_span){ wide + 1, sizeof wide - 1 }, &a), MW_OK);
  CHECK_EQ (a.records, 5);
  CHECK_EQ (a.newest, 260);
  CHECK_EQ (a.info, MW_KMP_INFO_END);
  for (unsigned i = 0; i < 5; i++) {
    uint64_t bits;
    CHECK (mw_kmp_log_answer_next (&a, &v, &starts) && starts);
    CHECK_EQ (a.record, 256 + i);
    CHECK_EQ (v.data[0], flags[i]);
    v.data[0] = 0;
    CHECK_EQ (mw_kmp_value_bits (&v, &bits), MW_OK);
    CHECK_EQ (bits, times[i]);
    CHECK (mw_kmp_log_answer_next (&a, &v, &starts) && !starts);
    CHECK_EQ (mw_kmp_value_bits (&v, &bits), MW_OK);
    CHECK_EQ (bits, energies[i]);
  }
  CHECK (!mw_kmp_log_answer_next (&a, &v, &starts));
}

/* Every cut and every flipped bit of it: an error or another reading, never beyond the end. */
static void
test_wide_damage (void)
{
  uint8_t copy[sizeof wide];
  mw_kmp_log_answer a;
  mw_kmp_value v;
  bool starts;
  unsigned refused = 0;
  for (size_t bit = 0; bit < 8 * sizeof wide; bit++) {
    memcpy (copy, wide, sizeof wide);
    copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
    if (mw_kmp_log_answer_decode (0xb8, (mw_span){ copy + 1, sizeof copy - 1 }, &a)) {
      refused++;
      continue;
    }
    unsigned values = 0;
    while (mw_kmp_log_answer_next (&a, &v, &starts))
      values++;
    CHECK (values <= sizeof wide && a.body.err == MW_OK);
  }
  CHECK (refused > 50);
  for (size_t n = 1; n < sizeof wide; n++)
    if (!mw_kmp_log_answer_decode (0xb8, (mw_span){ wide + 1, n - 1 }, &a))
      while (mw_kmp_log_answer_next (&a, &v, &starts))
        CHECK (v.octets <= 5);
}

/* Two registers and text, differences in all directions, at every size of answer. */
static void
some_values (uint32_t i, mw_kmp_value v[4])
{
  static const int32_t steps[] = { 0, 3, 3, -70000, -70001, 5000000, -1, 12, 12, 13 };
  int32_t n = steps[i % 10];
  mw_civil t = mw_civil_from_utc (946684800 + 1000000 + 900 * (int64_t) i + (i == 7 ? 60 : 0),
                                  0, i > 8 ? MW_CLOCK_DST : 0);
  char text[5] = "AB00";
  text[3] = (char) ('0' + i / 3 % 10);
  v[0] = (mw_kmp_value){ .id = 0x417 };
  v[1] = (mw_kmp_value){ .id = 1 };
  v[2] = (mw_kmp_value){ .id = 0x466 };
  v[3] = (mw_kmp_value){ .id = 0x32 };
  mw_kmp_put_civil (&v[0], MW_KMP_UNIT_DATE_TIME, &t);
  mw_kmp_put_raw (&v[1], 2, (mw_kmp_number){ n < 0, (uint64_t) (n < 0 ? -n : n), -2 }, 4);
  mw_kmp_put_text (&v[2], text, 4);
  mw_kmp_put_bits (&v[3], i % 4, 1);
}

static void
check_wide_answer (mw_span apdu, uint32_t records, bool past)
{
  mw_kmp_log_answer a;
  mw_kmp_value v, want[4];
  bool starts;
  CHECK_EQ (mw_kmp_log_answer_decode (0xb8, (mw_span){ apdu.ptr + 1, apdu.len - 1 }, &a),
            MW_OK);
  CHECK_EQ (a.records, records);
  for (uint32_t i = 0; i < 4 * records; i++) {
    uint32_t at = past ? 9 - i / 4 : i / 4;
    some_values (at, want);
    CHECK (mw_kmp_log_answer_next (&a, &v, &starts));
    CHECK_EQ (a.record, 70000 + at);
    CHECK_MEM (v.data, v.octets, want[i % 4].data, want[i % 4].octets);
    CHECK_EQ (v.siex, want[i % 4].siex);
  }
}

static void
test_wide_round (void)
{
  for (unsigned past = 0; past < 2; past++)
    for (size_t cap = 50; cap <= 255; cap++) {
      mw_kmp_log_request r = {
        .wide = true, .by = past ? MW_KMP_PAST_TIME : MW_KMP_FROM_ID, .log = 6, .n = 4
      };
      mw_kmp_log_writer l;
      mw_kmp_value v[4];
      uint8_t buf[255];
      uint32_t fits = 0;
      mw_kmp_log_writer_begin (&l, &r, buf, cap, 0x417, 900);
      for (; fits < 10; fits++) {
        uint32_t at = past ? 9 - fits : fits;
        some_values (at, v);
        if (!mw_kmp_log_writer_add (&l, 70000 + at, v, 4))
          break;
      }
      mw_span apdu = mw_kmp_log_writer_end (&l, 70009, 0);
      CHECK (apdu.len <= cap);
      CHECK (fits == 10 || cap < 150);
      if (fits)
        check_wide_answer (apdu, fits, past);
    }
}

/* --- answers without records --- */

static void
test_no_records (void)
{
  static const uint8_t forms[][9] = {
    /* length, then the answer: empty in full, empty in short, range with leftovers, B8 */
    { 8, 0xa2, 6, 0, 0, 0, 0, 0, 0x01 },
    { 2, 0xa2, 0x01 },
    { 8, 0xa2, 6, 1, 4, 0x17, 0, 9, 0x04 },
    { 4, 0xb8, 0x02, 0x00, 0x01 },
  };
  mw_kmp_log_answer a;
  mw_kmp_value v;
  bool starts;
  for (size_t i = 0; i < 4; i++) {
    CHECK_EQ (
        mw_kmp_log_answer_decode (forms[i][1], (mw_span){ forms[i] + 2, forms[i][0] - 1u }, &a),
        MW_OK);
    CHECK_EQ (a.records, 0);
    CHECK_EQ (a.info, i == 2 ? MW_KMP_INFO_RANGE : MW_KMP_INFO_EMPTY);
    CHECK (!mw_kmp_log_answer_next (&a, &v, &starts));
  }
  /* without an error the same bytes are no answer */
  static const uint8_t broken[] = { 6, 1, 4, 0x17, 0, 9, 0, 9, 0x00 };
  CHECK (mw_kmp_log_answer_decode (0xa2, (mw_span){ broken, sizeof broken }, &a) != MW_OK);
  CHECK_EQ (mw_kmp_log_answer_decode (0xa4, (mw_span){ broken, sizeof broken }, &a),
            MW_ERR_UNSUPPORTED);
  CHECK_EQ (mw_kmp_log_answer_decode (0xa2, (mw_span){ broken, 0 }, &a), MW_ERR_SHORT);
}

/* A log with more registers than a request may have is refused, not read beyond. */
static void
test_too_many (void)
{
  uint8_t p[64] = { 6, 17 };
  mw_kmp_log_answer a;
  mw_kmp_log_request r;
  CHECK_EQ (mw_kmp_log_answer_decode (0xa2, (mw_span){ p, sizeof p }, &a), MW_ERR_VALUE);
  p[1] = 9;
  CHECK_EQ (mw_kmp_log_request_decode (0xa2, (mw_span){ p, 24 }, &r), MW_ERR_VALUE);
  uint8_t sub[] = { 9, 6, 1, 0, 1, 0, 1, 0, 0, 0, 0 };
  CHECK_EQ (mw_kmp_log_request_decode (0xb8, (mw_span){ sub, sizeof sub }, &r),
            MW_ERR_UNSUPPORTED);
  sub[0] = 2;
  CHECK_EQ (mw_kmp_log_request_decode (0xb8, (mw_span){ sub, sizeof sub }, &r), MW_OK);
  CHECK_EQ (mw_kmp_log_request_decode (0x10, (mw_span){ sub, sizeof sub }, &r),
            MW_ERR_UNSUPPORTED);
}

CHECK_MAIN (test_document, test_size, test_writer_limits, test_wide, test_wide_damage,
            test_wide_round, test_no_records, test_too_many)
