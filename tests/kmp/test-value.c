/* Values of KMP registers: numbers exactly, times, text and bits, in and out. */
#include "../dlms/vectors.h"
#include "kmp/frame.h"
#include "kmp/value.h"

static void
check_text (const mw_kmp_value *v, const char *want)
{
  char text[MW_KMP_TEXT];
  CHECK_EQ (mw_kmp_value_text (v, text, sizeof text), strlen (want));
  CHECK_STR (text, want);
}

/* Octets, SiEx, value as the document prints them. */
static mw_kmp_value
value_of (uint8_t unit, const uint8_t *p, size_t n)
{
  mw_kmp_value v = { .id = 1, .unit = unit, .octets = p[0], .siex = p[1] };
  CHECK_EQ (n, 2u + p[0]);
  memcpy (v.data, p + 2, n - 2);
  return v;
}

/* "-123.45", "87654321E3". */
static mw_decimal
decimal_of (const char *text)
{
  mw_decimal d;
  size_t n = strcspn (text, "E");
  CHECK_EQ (mw_decimal_parse (text, n, &d), MW_OK);
  if (text[n])
    d.exponent = (int8_t) (d.exponent + atoi (text + n + 1));
  return d;
}

static void
check_number (const uint8_t *p, size_t n, const char *meaning)
{
  mw_kmp_value v = value_of (MW_KMP_UNIT_NUMBER, p, n), again = { .id = 1 };
  mw_decimal got, want = decimal_of (meaning);
  CHECK_EQ (mw_kmp_value_number (&v, &got), MW_OK);
  CHECK_EQ (got.mantissa, want.mantissa);
  CHECK_EQ (got.exponent, want.exponent);
  CHECK_EQ (mw_kmp_put_number (&again, got, v.unit, got.exponent, v.octets), MW_OK);
  CHECK (mw_kmp_same_format (&again, &v));
  CHECK_MEM (again.data, again.octets, v.data, v.octets);
}

static void
check_time (uint8_t unit, const uint8_t *p, size_t n, const char *meaning)
{
  mw_kmp_value v = { .unit = unit, .octets = (uint8_t) n }, again = { .id = 0 };
  mw_civil t;
  memcpy (v.data, p, n);
  CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_OK);
  check_text (&v, meaning);
  CHECK_EQ (mw_kmp_put_civil (&again, unit, &t), MW_OK);
  CHECK_MEM (again.data, again.octets, p, n);
}

static void
test_document (void)
{
  static row r;
  uint8_t p[300];
  unsigned numbers = 0, times = 0;
  FILE *f = vectors_open ("document_5512-447.tsv");
  while (row_next (f, &r)) {
    size_t n = unhex (r.column[2], p, sizeof p);
    if (strcmp (r.column[1], "value") == 0) {
      check_number (p, n, r.column[3]);
      numbers++;
    } else if (strncmp (r.column[1], "unit ", 5) == 0) {
      check_time ((uint8_t) atoi (r.column[1] + 5), p, n, r.column[3]);
      times++;
    }
  }
  if (f)
    fclose (f);
  CHECK_EQ (numbers, 3);
  CHECK_EQ (times, 6);
}

/* Registers out of real answers: id, unit and the value that the finder read. */
static void
test_captures (void)
{
  static row r;
  uint8_t wire[600], inner[600];
  unsigned n = 0;
  FILE *f = vectors_open ("captures.tsv");
  while (row_next (f, &r)) {
    if (r.columns < 4 || !*r.column[1])
      continue;
    mw_wr w;
    mw_kmp_frame frame;
    mw_kmp_value v;
    mw_kmp_number raw;
    size_t len = unhex (r.column[0], wire, sizeof wire);
    mw_wr_init (&w, inner, sizeof inner);
    CHECK_EQ (mw_kmp_unstuff (&w, (mw_span){ wire + 1, len - 2 }), MW_OK);
    CHECK_EQ (mw_kmp_frame_decode (wire[0], mw_wr_done (&w), &frame), MW_OK);
    mw_cur c = mw_cur_of (frame.data);
    mw_kmp_value_decode (&c, &v);
    CHECK_EQ (mw_cur_end (&c), MW_OK);
    CHECK_EQ (v.id, strtoul (r.column[1], NULL, 16));
    CHECK_EQ (v.unit, strtoul (r.column[2], NULL, 10));
    CHECK_EQ (mw_kmp_value_raw (&v, &raw), MW_OK);
    mw_decimal want = decimal_of (r.column[3]);
    CHECK_EQ (mw_decimal_compare (
                  mw_decimal_of ((int64_t) raw.mantissa, raw.exponent, MW_UNIT_NONE), want),
              0);
    n++;
  }
  if (f)
    fclose (f);
  CHECK_EQ (n, 7);
}

/* PyKMP's values: octets, SiEx, mantissa. */
static void
test_pykmp (void)
{
  static const struct {
    const char *hex, *text;
  } values[] = { { "04c200003039", "-123.45" },
                 { "040305397fb1", "87654321000" },
                 { "0443000000fb", "0.251" },
                 { "0411012af024", "1959120400000000000000000" },
                 { "0103ff", "255000" } };
  uint8_t p[16];
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    mw_kmp_value v = value_of (MW_KMP_UNIT_NUMBER, p, unhex (values[i].hex, p, sizeof p));
    mw_kmp_number raw;
    CHECK_EQ (mw_kmp_value_raw (&v, &raw), MW_OK);
    CHECK_EQ (raw.negative, values[i].text[0] == '-');
    if (i == 3)
      check_text (&v, "1959120400000000000000000");
    else
      check_text (&v, values[i].text);
  }
}

static void
test_number_limits (void)
{
  mw_kmp_value v = { .id = 1 };
  mw_kmp_number n;
  mw_decimal d;
  /* kWh is Wh and three more */
  CHECK_EQ (mw_kmp_put_number (&v, mw_decimal_of (368861, 2, MW_UNIT_WH), 2, -1, 4), MW_OK);
  CHECK_EQ (v.siex, 0x41);
  check_text (&v, "36886.1 kWh");
  CHECK_EQ (mw_kmp_value_number (&v, &d), MW_OK);
  CHECK_EQ (d.mantissa, 368861);
  CHECK_EQ (d.exponent, 2);
  CHECK_EQ (d.unit, MW_UNIT_WH);
  /* digits are never lost, and what does not fit is refused */
  CHECK_EQ (mw_kmp_put_number (&v, mw_decimal_of (12345, 0, MW_UNIT_WH), 2, 0, 4),
            MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_number (&v, mw_decimal_of (256, 0, MW_UNIT_V), 33, 0, 1), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_number (&v, mw_decimal_of (-255, 0, MW_UNIT_V), 33, 0, 1), MW_OK);
  CHECK_EQ (v.siex, 0x80);
  /* one to eight octets */
  for (unsigned octets = 1; octets <= 8; octets++) {
    n = (mw_kmp_number){ octets % 2, UINT64_MAX >> (64 - 8 * octets), -3 };
    mw_kmp_number back;
    CHECK_EQ (mw_kmp_put_raw (&v, MW_KMP_UNIT_NUMBER, n, octets), MW_OK);
    CHECK_EQ (v.octets, octets);
    CHECK_EQ (mw_kmp_value_raw (&v, &back), MW_OK);
    CHECK (back.mantissa == n.mantissa && back.negative == n.negative && back.exponent == -3);
    CHECK_EQ (mw_kmp_value_number (&v, &d), octets < 8 ? MW_OK : MW_ERR_VALUE);
    if (octets < 8)
      CHECK_EQ (mw_kmp_put_raw (&v, 51, (mw_kmp_number){ 0, n.mantissa + 1, 0 }, octets),
                MW_ERR_VALUE);
  }
  check_text (&v, "18446744073709551615E-3");
  CHECK_EQ (mw_kmp_put_raw (&v, 51, (mw_kmp_number){ 0, 1, 64 }, 1), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_raw (&v, 51, (mw_kmp_number){ 0, 1, -63 }, 1), MW_OK);
  CHECK_EQ (v.siex, 0x7f);
  v.octets = 9;
  CHECK_EQ (mw_kmp_value_raw (&v, &n), MW_ERR_VALUE);
}

static void
test_clocks (void)
{
  static const uint8_t rtc[] = { 0x03, 4, 30, 15, 23, 1, 3, 12 };
  static const uint8_t calendar[] = { 0x00, 0x18, 0x0c, 0x1f, 0x00, 0x00, 0x04 };
  static const uint8_t date_time[] = { 0x02, 0x00, 0x01, 0x51, 0x80 };
  mw_kmp_value v = { .unit = MW_KMP_UNIT_RTC, .octets = 8 }, again;
  mw_civil t;
  memcpy (v.data, rtc, sizeof rtc);
  CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_OK);
  CHECK_EQ (t.year, 2012);
  CHECK_EQ (t.status, MW_CLOCK_DST);
  CHECK_EQ (t.weekday, 4);
  check_text (&v, "2012-03-01 23:15:30 summer time");
  CHECK_EQ (mw_kmp_put_civil (&again, MW_KMP_UNIT_RTC, &t), MW_OK);
  CHECK_MEM (again.data, again.octets, rtc, sizeof rtc);
  v.data[6] = 13;
  CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_ERR_VALUE);
  check_text (&v, "no possible time: 03041E0F17010D0C");
  v.octets = 7;
  CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_ERR_VALUE);
  v = (mw_kmp_value){ .unit = MW_KMP_UNIT_CALENDAR, .octets = 7 };
  memcpy (v.data, calendar, 7);
  check_text (&v, "2024-12-31 00:00:04, clock not valid");
  CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_OK);
  CHECK_EQ (mw_kmp_put_civil (&again, MW_KMP_UNIT_CALENDAR, &t), MW_OK);
  CHECK_MEM (again.data, again.octets, calendar, 7);
  v = (mw_kmp_value){ .unit = MW_KMP_UNIT_DATE_TIME, .octets = 5 };
  memcpy (v.data, date_time, 5);
  check_text (&v, "2000-01-02 00:00:00");
  CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_OK);
  CHECK_EQ (t.deviation, MW_DEVIATION_ANY);
  CHECK_EQ (mw_kmp_put_civil (&again, MW_KMP_UNIT_DATE_TIME, &t), MW_OK);
  CHECK_MEM (again.data, again.octets, date_time, 5);
}

/* Every second of some days comes back as it went in, in each of the forms. */
static void
test_clock_sweep (void)
{
  static const uint8_t forms[] = { MW_KMP_UNIT_RTC, MW_KMP_UNIT_RTC_Q, MW_KMP_UNIT_DATE_TIME,
                                   MW_KMP_UNIT_CALENDAR };
  for (int64_t utc = 946684800; utc < 4102444800; utc += 8640007) {
    mw_civil t = mw_civil_from_utc (utc, 0, 0), back;
    for (size_t i = 0; i < sizeof forms; i++) {
      mw_kmp_value v;
      int64_t s;
      CHECK_EQ (mw_kmp_put_civil (&v, forms[i], &t), MW_OK);
      CHECK_EQ (mw_kmp_value_civil (&v, &back), MW_OK);
      CHECK_EQ (mw_civil_to_local_seconds (&back, &s), MW_OK);
      CHECK_EQ (s, utc);
    }
  }
  mw_civil old = mw_civil_from_utc (946684799, 0, 0);
  mw_kmp_value v;
  CHECK_EQ (mw_kmp_put_civil (&v, MW_KMP_UNIT_RTC, &old), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_civil (&v, MW_KMP_UNIT_DATE_TIME, &old), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_civil (&v, MW_KMP_UNIT_DATE, &old), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_civil (&v, MW_KMP_UNIT_LONG_DATE, &old), MW_OK);
  check_text (&v, "1999-12-31");
  CHECK_EQ (mw_kmp_put_civil (&v, 33, &old), MW_ERR_VALUE);
}

static void
test_impossible_times (void)
{
  static const struct {
    uint8_t unit;
    uint32_t digits;
  } bad[] = { { 47, 240000 },  { 47, 126000 },   { 47, 125960 }, { 48, 120230 },
              { 48, 121301 },  { 48, 120100 },   { 50, 230 },    { 50, 10101 },
              { 48, 1000101 }, { 49, 20110229 }, { 47, 1000000 } };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    mw_kmp_value v;
    mw_civil t;
    CHECK_EQ (mw_kmp_put_raw (&v, bad[i].unit, (mw_kmp_number){ 0, bad[i].digits, 0 }, 4),
              MW_OK);
    CHECK_EQ (mw_kmp_value_civil (&v, &t), MW_ERR_VALUE);
  }
}

static void
test_text_and_bits (void)
{
  mw_kmp_value v;
  uint64_t bits;
  char longest[MW_KMP_VALUE_MAX + 1];
  mw_decimal d;
  CHECK_EQ (mw_kmp_put_text (&v, "685382OK10  ", 12), MW_OK);
  check_text (&v, "\"685382OK10\"");
  CHECK_EQ (mw_kmp_value_number (&v, &d), MW_ERR_VALUE);
  memset (longest, 'x', sizeof longest);
  CHECK_EQ (mw_kmp_put_text (&v, longest, sizeof longest), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_text (&v, longest, sizeof longest - 1), MW_OK);
  char text[MW_KMP_TEXT], little[5];
  CHECK_EQ (mw_kmp_value_text (&v, text, sizeof text), sizeof text - 1);
  CHECK_EQ (mw_kmp_value_text (&v, little, sizeof little), 4);
  CHECK_EQ (mw_kmp_put_bits (&v, 0x8101, 2), MW_OK);
  check_text (&v, "8101h: bits 0, 8, 15");
  CHECK_EQ (mw_kmp_value_bits (&v, &bits), MW_OK);
  CHECK_EQ (bits, 0x8101);
  CHECK_EQ (mw_kmp_put_bits (&v, 0x100, 1), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_put_octets (&v, 200, "\x01\x02", 2), MW_OK);
  check_text (&v, "0102");
}

static void
test_wire (void)
{
  mw_kmp_value v = { .id = 0x3ff }, back;
  uint8_t wire[300];
  mw_wr w;
  CHECK_EQ (mw_kmp_put_number (&v, mw_decimal_of (1078, 0, MW_UNIT_W), 22, -3, 4), MW_OK);
  mw_wr_init (&w, wire, sizeof wire);
  mw_kmp_value_encode (&w, &v);
  for (size_t n = 0; n <= mw_wr_len (&w); n++) {
    mw_cur c;
    mw_cur_init (&c, wire, n);
    mw_kmp_value_decode (&c, &back);
    CHECK_EQ (c.err, n < mw_wr_len (&w) ? MW_ERR_SHORT : MW_OK);
  }
  CHECK (mw_kmp_same_format (&v, &back));
  wire[3] = 250; /* octets */
  mw_cur c;
  mw_cur_init (&c, wire, sizeof wire);
  mw_kmp_value_decode (&c, &back);
  CHECK_EQ (c.err, MW_ERR_SPACE);
}

static void
test_names (void)
{
  CHECK_STR (mw_kmp_unit_text (14), "kvarh");
  CHECK (!mw_kmp_unit_text (250));
  CHECK_EQ (mw_kmp_unit_kind (250), MW_KMP_KIND_OCTETS);
  CHECK_EQ (mw_kmp_unit_for (MW_UNIT_WH, 3), 2);
  CHECK_EQ (mw_kmp_unit_for (MW_UNIT_VAR, 6), 27);
  CHECK_EQ (mw_kmp_unit_for (MW_UNIT_WH, 1), 0);
  CHECK_STR (mw_kmp_register_name (0x3ff), "active power P14");
  CHECK_STR (mw_kmp_register_name (0x417), "real-time clock");
  CHECK_STR (mw_kmp_register_name (1), "active energy A14");
  CHECK (!mw_kmp_register_name (0xffff));
  CHECK_STR (mw_kmp_log_name (6), "load profile");
  CHECK (!mw_kmp_log_name (9) && !mw_kmp_log_name (200));
  CHECK_STR (mw_kmp_type_name (0x5501), "382 generation J");
  CHECK (!mw_kmp_type_name (0x0001));
  /* the tables are in order, or the search would miss rows */
  unsigned known = 0;
  for (unsigned id = 0; id <= 0xffff; id++)
    known += mw_kmp_register_name (id) != NULL;
  CHECK_EQ (known, 433);
}

CHECK_MAIN (test_document, test_captures, test_pykmp, test_number_limits, test_clocks,
            test_clock_sweep, test_impossible_times, test_text_and_bits, test_wire, test_names)
